#!/usr/bin/env bash
# Suppliers write Yes, yes and YES into declarations, and the templates count with COUNTIF, to which
# they are one. formulas 1.3.4, which computes workbooks without a spreadsheet program, does not mind
# the case when it counts "Yes" and minds it when it counts "<>Yes": of five answers three are yes and
# four are not. SUMIF takes masses to both sides in the same way, so that a share and its rest add up
# to more than the whole. pycel 1.0b30 on the same workbook finds three and two.
#
# Seen on 2026-12-01, CPython 3.11, the answers Yes, yes, YES, No, Unknown, 10 kg each:
#   =COUNTIF(A1:A5,"Yes")         formulas 3   pycel 3
#   =COUNTIF(A1:A5,"<>Yes")       formulas 4   pycel 2
#   =SUMIF(A1:A5,"Yes",B1:B5)     formulas 30  pycel 30
#   =SUMIF(A1:A5,"<>Yes",B1:B5)   formulas 40  pycel 20
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    formulas==1.3.4 pycel==1.0b30 openpyxl==3.1.5
"$folder/venv/bin/python" - "$folder" 2>"$folder/log" <<'PYTHON' || { cat "$folder/log"; exit 1; }
import sys

import formulas
import openpyxl
import pycel

EXPECTED = {
    '=COUNTIF(A1:A5,"Yes")': (3, 3),
    '=COUNTIF(A1:A5,"<>Yes")': (4, 2),
    '=SUMIF(A1:A5,"Yes",B1:B5)': (30, 30),
    '=SUMIF(A1:A5,"<>Yes",B1:B5)': (40, 20),
}
path = f"{sys.argv[1]}/book.xlsx"
book = openpyxl.Workbook()
sheet = book.active
sheet.title = "S"
for answer in ("Yes", "yes", "YES", "No", "Unknown"):
    sheet.append([answer, 10])
for row, formula in enumerate(EXPECTED, 1):
    sheet.cell(row, 3).value = formula
book.save(path)

solution = formulas.ExcelModel().loads(path).finish().calculate()
compiler = pycel.ExcelCompiler(path)
for row, (formula, expected) in enumerate(EXPECTED.items(), 1):
    found = int(solution[f"'[book.xlsx]S'!C{row}"].value[0, 0]), compiler.evaluate(f"S!C{row}")
    print(f"{formula:28}  formulas {found[0]:<2}  pycel {found[1]}")
    assert found == expected, f"{formula} was {expected}"
PYTHON
