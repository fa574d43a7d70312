#!/usr/bin/env bash
# python-calamine 0.9.1 returns an error in a cell (#N/A) and a formula without a stored result as
# empty text, so that a reader cannot tell either from an empty cell. Both are common in reporting
# templates of suppliers: thousands of prepared rows hold #N/A, and a file that a program filled in
# has formulas nobody computed. openpyxl 3.1.5 distinguishes all three.
#
# Seen on 2026-11-30, CPython 3.11:
#   calamine  ['Nickel', '', '', '']
#   openpyxl  ['Nickel', '#N/A', None, None], formulas ['Nickel', '#N/A', '=B1', None]
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
sheet = book.active
sheet["A1"] = "Nickel"
sheet["B1"].data_type, sheet["B1"]._value = "e", "#N/A"  # an error, as Excel stores one
sheet["C1"] = "=B1"  # a formula without a stored result
sheet["E1"] = "end"  # D1 stays empty
book.save(path)

calamine = python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
values = [cell.value for cell in openpyxl.load_workbook(path, data_only=True).active[1]]
formulas = [cell.value for cell in openpyxl.load_workbook(path).active[1]]
print("calamine ", calamine[0][:4])
print("openpyxl ", values[:4], "formulas", formulas[:4])
assert calamine[0][:4] == ["Nickel", "", "", ""]
assert values[:4] == ["Nickel", "#N/A", None, None]
assert formulas[:4] == ["Nickel", "#N/A", "=B1", None]
PYTHON
