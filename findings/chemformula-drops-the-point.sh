#!/usr/bin/env bash
# Cathodes are written with parts of an atom, LiNi0.8Mn0.1Co0.1O2. chemformula 1.5.1 drops each point and
# reads 8 atoms of nickel, 1 of manganese and 1 of cobalt beside 2 of oxygen, without a word: nickel is
# three quarters of the mass, where it is less than half, and lithium a hundredth, where it is seven.
# What comes out has whole atoms only and looks like a formula. Brackets do not help. With all
# numbers times ten it is read right.
#
# Seen on 2026-12-01, CPython 3.11, percent of the mass:
#   LiNi0.8Mn0.1Co0.1O2    CoLiMnNi8O2      nickel 75.4, lithium 1.1
#   Li(Ni0.8Mn0.1Co0.1)O2  CoLiMnNi8O2      nickel 75.4, lithium 1.1
#   Li10Ni8Mn1Co1O20       CoLi10MnNi8O20   nickel 48.3, lithium 7.1
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check chemformula==1.5.1
"$folder/venv/bin/python" - <<'PYTHON'
from chemformula import ChemFormula

EXPECTED = {
    "LiNi0.8Mn0.1Co0.1O2": ("CoLiMnNi8O2", "75.4", "1.1"),
    "Li(Ni0.8Mn0.1Co0.1)O2": ("CoLiMnNi8O2", "75.4", "1.1"),
    "Li10Ni8Mn1Co1O20": ("CoLi10MnNi8O20", "48.3", "7.1"),
}
for text, expected in EXPECTED.items():
    formula = ChemFormula(text)
    shares = [f"{100 * formula.mass_fraction[element]:.1f}" for element in ("Ni", "Li")]
    found = (str(formula.hill_formula), *shares)
    print("{:21}  {:15}  nickel {}, lithium {}".format(text, *found))
    assert found == expected, f"{text} was {expected}"
PYTHON
