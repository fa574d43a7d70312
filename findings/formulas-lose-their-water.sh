#!/usr/bin/env bash
# Nickel and cobalt for batteries are traded as sulfates with crystal water, written NiSO4.6H2O with a
# full stop in data sheets and file exports. Two libraries of chemical formulas read the stop as a
# decimal point: 4.6 atoms of oxygen and one H2O. So nickel is 32 percent of the mass, where it is 22,
# and the content of a shipment comes out half as much again. No warning. molmass 2026.1.8 reads
# the formula as chemists do, and refuses LiNi0.8Mn0.1Co0.1O2, which the two take. chemparse drops
# all that follows a sign it does not know: NiSO4 of NiSO4·6H2O, with the raised point.
#
# Seen on 2026-12-01, CPython 3.11, oxygen atoms in NiSO4.6H2O (right: 10):
#   chemparse 0.3.2      5.6, and 4 in NiSO4·6H2O
#   periodictable 2.1.0  5.6, 32.2 percent nickel
#   molmass 2026.1.8     10, 22.3 percent nickel
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    chemparse==0.3.2 periodictable==2.1.0 molmass==2026.1.8
"$folder/venv/bin/python" - <<'PYTHON'
import chemparse
import molmass
import periodictable

SALT, NICKEL = "NiSO4.6H2O", 58.6934

oxygen = chemparse.parse_formula(SALT)["O"], chemparse.parse_formula("NiSO4·6H2O")["O"]
print(f"chemparse      {oxygen[0]}, and {oxygen[1]:g} in NiSO4·6H2O")
assert oxygen == (5.6, 4)

salt = periodictable.formula(SALT)
percent = round(100 * NICKEL / salt.mass, 1)
print(f"periodictable  {salt.atoms[periodictable.O]}, {percent} percent nickel")
assert (salt.atoms[periodictable.O], percent) == (5.6, 32.2)

salt = molmass.Formula(SALT)
percent = round(100 * NICKEL / salt.mass, 1)
print(f"molmass        {salt.composition()['O'].count}, {percent} percent nickel")
assert (salt.composition()["O"].count, percent) == (10, 22.3)
try:
    molmass.Formula("LiNi0.8Mn0.1Co0.1O2").mass
except molmass.FormulaError:
    pass
else:
    raise AssertionError("molmass now takes parts of an atom")
PYTHON
