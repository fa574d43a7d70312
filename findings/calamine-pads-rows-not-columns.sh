#!/usr/bin/env bash
# python-calamine 0.9.1 returns a sheet whose first column and first rows are empty in three ways.
# `to_python()` drops both, `to_python(skip_empty_area=False)` keeps both, and `iter_rows()`, the one
# for large sheets, keeps the empty rows and drops the empty columns. So a cell of column B comes
# under index 1 or 0, and what is found by column letter, as it must be in templates with headings in
# many languages, is read from the wrong column as soon as somebody leaves column A empty, which the
# smelter lists allow. The rows of `iter_rows` count right, which hides it.
#
# Seen on 2026-12-01, CPython 3.11, a sheet with Metal in B4 and Nickel in B5:
#   to_python                        row 1 is ['Metal', 'Country']
#   to_python(skip_empty_area=False) row 4 is ['', 'Metal', 'Country']
#   iter_rows                        row 4 is ['Metal', 'Country']
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    python-calamine==0.9.1 openpyxl==3.1.5
"$folder/venv/bin/python" - "$folder/book.xlsx" <<'PYTHON'
import sys

import openpyxl
import python_calamine

path = sys.argv[1]
book = openpyxl.Workbook()
for place, text in {"B4": "Metal", "C4": "Country", "B5": "Nickel", "C5": "Canada"}.items():
    book.active[place] = text
book.save(path)

sheet = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0)
found = {
    "to_python": sheet.to_python(),
    "to_python(skip_empty_area=False)": sheet.to_python(skip_empty_area=False),
    "iter_rows": list(sheet.iter_rows()),
}
headings = {}
for name, rows in found.items():
    number = next(n for n, row in enumerate(rows, 1) if "Metal" in row)
    headings[name] = (number, rows[number - 1])
    print(f"{name:32} row {number} is {rows[number - 1]}")
assert headings == {
    "to_python": (1, ["Metal", "Country"]),
    "to_python(skip_empty_area=False)": (4, ["", "Metal", "Country"]),
    "iter_rows": (4, ["Metal", "Country"]),
}
PYTHON
