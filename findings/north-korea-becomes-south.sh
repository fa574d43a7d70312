#!/usr/bin/env bash
# Two libraries that find a country in a text take North Korea for the South, a covered nation for a
# partner of a free trade agreement. "N. Korea" is KOR to hdx-python-country 4.2.5, whose second
# answer, False for "not an exact match", it also gives for "South Korea".
# country-named-entity-recognition 1.0.2 knows "North Korea", and reads "Korea (North)" and the name
# in the trade statistics of the United Nations, Dem. People's Rep. of Korea, as the South. The Congo
# of these statistics that mines cobalt, Dem. Rep. of the Congo, is the other Congo to it. No network
# is used.
#
# Seen on 2026-12-01, CPython 3.11:
#   North Korea                  hdx PRK  ner KP
#   N. Korea                     hdx KOR  ner KR
#   Korea (North)                hdx PRK  ner KR
#   Dem. People's Rep. of Korea  hdx PRK  ner KR
#   Dem. Rep. of the Congo       hdx COD  ner CG
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    hdx-python-country==4.2.5 country-named-entity-recognition==1.0.2
"$folder/venv/bin/python" - <<'PYTHON'
from country_named_entity_recognition import find_countries
from hdx.location.country import Country

Country.countriesdata(use_live=False)
EXPECTED = {
    "North Korea": ("PRK", "KP"),
    "N. Korea": ("KOR", "KR"),
    "Korea (North)": ("PRK", "KR"),
    "Dem. People's Rep. of Korea": ("PRK", "KR"),
    "Dem. Rep. of the Congo": ("COD", "CG"),
}
for text, expected in EXPECTED.items():
    first = Country.get_iso3_country_code_fuzzy(text)[0]
    (match,) = find_countries(text)
    found = first, match[0].alpha_2
    print(f"{text:27}  hdx {found[0]}  ner {found[1]}")
    assert found == expected, f"{text} was {expected}"
exact = [Country.get_iso3_country_code_fuzzy(text)[1] for text in ("N. Korea", "South Korea")]
assert exact == [False, False]
PYTHON
