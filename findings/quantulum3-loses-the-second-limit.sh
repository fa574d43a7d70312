#!/usr/bin/env bash
# quantulum3 0.10.0, which finds quantities in a text, loses the second of two amounts in dollars with
# "and" between them, the way a law states its limits. The first is right; of the second what stands
# before the comma is dropped, with its dollar sign, so $80,000 is a plain 0 and $3,750 a plain 750.
# With "or" or "plus" between them both are found, and so are two amounts without dollar signs.
#
# Seen on 2026-12-01, CPython 3.11:
#   $55,000 and $80,000 -> 55000 dollar, 0 dimensionless
#   $3,750 and $3,750   -> 3750 dollar, 750 dimensionless
#   $55,000 or $80,000  -> 55000 dollar, 80000 dollar
#   55,000 and 80,000   -> 55000 dimensionless, 80000 dimensionless
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check quantulum3==0.10.0
"$folder/venv/bin/python" -W ignore::UserWarning - <<'PYTHON'
from quantulum3 import parser

EXPECTED = {
    "$55,000 and $80,000": "55000 dollar, 0 dimensionless",
    "$3,750 and $3,750": "3750 dollar, 750 dimensionless",
    "$55,000 or $80,000": "55000 dollar, 80000 dollar",
    "55,000 and 80,000": "55000 dimensionless, 80000 dimensionless",
}
for text, expected in EXPECTED.items():
    found = ", ".join(f"{each.value:g} {each.unit.name}" for each in parser.parse(text))
    print(f"{text:19} -> {found}")
    assert found == expected, f"{text} was {expected}"
PYTHON
