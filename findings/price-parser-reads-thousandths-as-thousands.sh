#!/usr/bin/env bash
# price-parser 0.5.1 takes three digits after the last mark for thousands, whatever stands before:
# the $416.667 a kilowatt hour of the old amount is 416,667 dollars, 30 percent of a price with a
# thousandth of a dollar is thirteen million, and $0.416 is 416. Its readme shows that a lone mark can
# be read in two ways; here a full stop behind a comma, or behind a zero, can only be one. Told that
# decimal_separator is ".", it reads them right. A letter for thousands is dropped all the same, and so
# are the brackets of a negative amount.
#
# Seen on 2026-12-01, CPython 3.11:
#   $416.667 per kWh  416667
#   $13,333.333       13333333
#   $0.416            416
#   $25k              25
#   ($500)            500
#   $13,333.333       13333.333 when told that the full stop is the decimal mark
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check price-parser==0.5.1
"$folder/venv/bin/python" - <<'PYTHON'
from price_parser import Price

EXPECTED = {
    "$416.667 per kWh": 416667,
    "$13,333.333": 13333333,
    "$0.416": 416,
    "$25k": 25,
    "($500)": 500,
}
for text, expected in EXPECTED.items():
    found = Price.fromstring(text).amount
    print(f"{text:16}  {found}")
    assert found == expected, f"{text} was {expected}"
for text, right in (("$416.667 per kWh", "416.667"), ("$13,333.333", "13333.333")):
    found = Price.fromstring(text, decimal_separator=".").amount
    print(f"{text:16}  {found} when told that the full stop is the decimal mark")
    assert str(found) == right
PYTHON
