#!/usr/bin/env bash
# pycountry 26.2.16, asked by search_fuzzy for what reporting templates write where no country is
# known, names one. It looks for the text inside the names of subdivisions too, and a match there
# makes a country: "None" is in Frosinone, and "ZZ", the code of the RMI templates for an unknown
# country, in Abruzzo. A country that was renamed becomes another: Zaire, now the Democratic Republic
# of the Congo with its cobalt, is a province of Angola. `lookup` refuses all four.
#
# Seen on 2026-12-01, CPython 3.11:
#   None   Italy
#   ZZ     Italy
#   Other  United Kingdom
#   Zaire  Angola
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pycountry==26.2.16
"$folder/venv/bin/python" - <<'PYTHON'
import pycountry

EXPECTED = {"None": "Italy", "ZZ": "Italy", "Other": "United Kingdom", "Zaire": "Angola"}
for text, expected in EXPECTED.items():
    found = pycountry.countries.search_fuzzy(text)[0].name
    print(f"{text:5}  {found}")
    assert found == expected, f"search_fuzzy({text!r}) was {expected}"
    try:
        known = pycountry.countries.lookup(text)
    except LookupError:
        continue
    raise AssertionError(f"lookup({text!r}) now finds {known.name}")
PYTHON
