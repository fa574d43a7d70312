#!/usr/bin/env bash
# A spreadsheet moves a day by months with EDATE, and where the month has no such day it takes the
# last one: three years after 29 February 2024 are over on 28 February 2027. pycel 1.0b30, which
# computes workbooks without a spreadsheet program, counts the missing days on into the next month, so
# a month after 31 August is 1 October, another quarter of the year. formulas 1.3.4 on the same
# workbook gives the last day, and so does EOMONTH in both.
#
# Seen on 2026-12-01, CPython 3.11:
#   =EDATE(DATE(2024,2,29),36)   pycel 2027-03-01  formulas 2027-02-28
#   =EDATE(DATE(2023,8,31),1)    pycel 2023-10-01  formulas 2023-09-30
#   =EDATE(DATE(2023,1,31),1)    pycel 2023-03-03  formulas 2023-02-28
#   =EOMONTH(DATE(2023,1,31),1)  pycel 2023-02-28  formulas 2023-02-28
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pycel==1.0b30 formulas==1.3.4 openpyxl==3.1.5
"$folder/venv/bin/python" - "$folder" 2>"$folder/log" <<'PYTHON' || { cat "$folder/log"; exit 1; }
import sys
from datetime import date, timedelta

import formulas
import openpyxl
import pycel

EXPECTED = {
    "=EDATE(DATE(2024,2,29),36)": ("2027-03-01", "2027-02-28"),
    "=EDATE(DATE(2023,8,31),1)": ("2023-10-01", "2023-09-30"),
    "=EDATE(DATE(2023,1,31),1)": ("2023-03-03", "2023-02-28"),
    "=EOMONTH(DATE(2023,1,31),1)": ("2023-02-28", "2023-02-28"),
}
path = f"{sys.argv[1]}/book.xlsx"
book = openpyxl.Workbook()
book.active.title = "S"
for formula in EXPECTED:
    book.active.append([formula])
book.save(path)


def day(number):
    return str(date(1899, 12, 30) + timedelta(int(number)))


solution = formulas.ExcelModel().loads(path).finish().calculate()
compiler = pycel.ExcelCompiler(path)
for row, (formula, expected) in enumerate(EXPECTED.items(), 1):
    other = solution[f"'[book.xlsx]S'!A{row}"].value[0, 0]
    found = day(compiler.evaluate(f"S!A{row}")), day(other)
    print(f"{formula:27}  pycel {found[0]}  formulas {found[1]}")
    assert found == expected, f"{formula} was {expected}"
PYTHON
