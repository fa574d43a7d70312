#!/usr/bin/env bash
# "500 mt of cobalt" in a statistic or a contract is 500 metric tons. Three libraries of units have an
# answer each: to pint 0.25.3 "mt" is a thousandth of a ton, 500 kilograms; to quantulum3 0.10.0 it is
# the energy of 500 million tons of explosive; unyt 3.2.0 refuses it. "500 kt", a thousand times as
# much, is a speed to all three, 500 knots. Only "t" is one and the same everywhere, and pint's "ton"
# is the short one. So masses of a bill of materials or a list of mines want a table of spellings of
# their own.
#
# Seen on 2026-12-01, CPython 3.11:
#   500 mt   pint 500 kilogram        quantulum3 megaton, energy  unyt UnitParseError
#   500 kt   pint 257 meter / second  quantulum3 knot, speed      unyt 257 m/s
#   500 t    pint 500000 kilogram     quantulum3 tonne, mass      unyt 500000 kg
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    pint==0.25.3 quantulum3==0.10.0 unyt==3.2.0
"$folder/venv/bin/python" -W ignore::UserWarning - <<'PYTHON'
import pint
import unyt
from quantulum3 import parser

units = pint.UnitRegistry()


def by_pint(text):
    found = units(text).to_base_units()
    return f"{found.magnitude:.0f} {found.units}"


def by_quantulum3(text):
    (found,) = parser.parse(text)
    return f"{found.unit.name}, {found.unit.entity.name}"


def by_unyt(text):
    try:
        found = unyt.unyt_quantity.from_string(text).in_base("mks")
    except unyt.exceptions.UnitParseError as error:
        return type(error).__name__
    return f"{float(found.value):.0f} {found.units}"


EXPECTED = {
    "500 mt": ("500 kilogram", "megaton, energy", "UnitParseError"),
    "500 kt": ("257 meter / second", "knot, speed", "257 m/s"),
    "500 t": ("500000 kilogram", "tonne, mass", "500000 kg"),
}
for text, expected in EXPECTED.items():
    found = by_pint(text), by_quantulum3(text), by_unyt(text)
    print(f"{text:7}  pint {found[0]:18}  quantulum3 {found[1]:15}  unyt {found[2]}")
    assert found == expected, f"{text} was {expected}"
assert units("1 ton").to("pound").magnitude == 2000
PYTHON
