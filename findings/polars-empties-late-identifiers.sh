#!/usr/bin/env bash
# Polars 2.1.0 takes the type of a column of a workbook from its first 1,000 rows (fastexcel 0.21.0
# below it) and makes null of every later cell of another type, without a warning. Smelter lists have
# room for 2,493 rows and identifiers in two spellings, 2001 and CID002001: where the numbers come
# first, the others are gone, and a source without an identifier looks like one never stated. Polars
# refuses such a column in a CSV file. Told to look at all rows (infer_schema_length=None), it reads
# text; so does python-calamine, which keeps each cell's own type.
#
# Seen on 2026-12-01, CPython 3.11, 1,200 numbers and then 300 texts:
#   read_excel: Int64, 300 of 1500 null
#   read_excel, infer_schema_length=None: String, 0 of 1500 null
#   read_csv: ComputeError
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    polars==2.1.0 fastexcel==0.21.0 openpyxl==3.1.5
"$folder/venv/bin/python" -W error - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import openpyxl
import polars

folder = Path(sys.argv[1])
cells = [*range(2001, 3201), *(f"CID00{number}" for number in range(3201, 3501))]
book = openpyxl.Workbook()
for cell in ("Smelter", *cells):
    book.active.append([cell, "Metal" if cell == "Smelter" else "Nickel"])
book.save(folder / "list.xlsx")
(folder / "list.csv").write_text("\n".join(map(str, ("Smelter", *cells))))

found = []
for options in ({}, {"infer_schema_length": None}):
    column = polars.read_excel(folder / "list.xlsx", **options)["Smelter"]
    found.append(f"{column.dtype}, {column.null_count()} of {len(column)} null")
try:
    polars.read_csv(folder / "list.csv")
    found.append("taken")
except polars.exceptions.ComputeError as error:
    found.append(type(error).__name__)
for name, what in zip(("read_excel", "read_excel, infer_schema_length=None", "read_csv"), found):
    print(f"{name}: {what}")
assert found == ["Int64, 300 of 1500 null", "String, 0 of 1500 null", "ComputeError"]
PYTHON
