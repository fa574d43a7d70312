#!/usr/bin/env bash
# Two libraries that find a country in a free text find the wrong one for the names that matter most
# in lists of mines and smelters. Both search for the name of a country inside the text: Inner
# Mongolia, a region of China with graphite and rare earths, is Mongolia to country_converter 1.3.2
# and to countryguess 0.4.9, so that a covered nation turns into another country. And "Outside of
# China" is China. Neither says how much of the text it used. (country_converter 1.3.2 does not start
# beside pandas 3.1.1, hence the older one.)
#
# Seen on 2026-12-01, CPython 3.11:
#   Inner Mongolia    country_converter MNG  countryguess MNG
#   Outside of China  country_converter CHN  countryguess CHN
#   not China         country_converter CHN  countryguess CHN
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    country_converter==1.3.2 pandas==3.0.0 countryguess==0.4.9
"$folder/venv/bin/python" - <<'PYTHON'
import country_converter
import countryguess

EXPECTED = {"Inner Mongolia": "MNG", "Outside of China": "CHN", "not China": "CHN"}
converter = country_converter.CountryConverter()
for text, expected in EXPECTED.items():
    converted = converter.convert(text, to="ISO3")
    guessed = countryguess.guess_country(text)["iso3"]
    print(f"{text:16}  country_converter {converted}  countryguess {guessed}")
    assert (converted, guessed) == (expected, expected), "the answer has changed"
PYTHON
