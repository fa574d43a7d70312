#!/usr/bin/env bash
# Most makers of battery materials in China, Korea and Japan are a "Co., Ltd." to their customers.
# cleanco 2.3, which takes the legal form off a name and says where that form is used, takes off the
# second half only, so the bare names of one maker differ by a "Co.", and what it says of the place
# hangs on the last full stop: with it India and Singapore are among the places, without it Hong Kong
# and Israel. None of China, Korea and Taiwan is in its tables, so the true seat of such a company is
# never among the answers, and the United States always is.
#
# Seen on 2026-12-01, CPython 3.11:
#   Example Lithium Co., Ltd. -> Example Lithium Co.; India, Nigeria, Pakistan, Philippines, Singapore,
#       United Kingdom, United States of America
#   Example Lithium Co., Ltd -> Example Lithium Co.; Hong Kong, Israel, New Zealand, Pakistan,
#       United Kingdom, United States of America
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cleanco==2.3
"$folder/venv/bin/python" - <<'PYTHON'
from cleanco import basename, countrysources, matches

SOURCES = countrysources()
BOTH = ["Pakistan", "United Kingdom", "United States of America"]
EXPECTED = {
    "Example Lithium Co., Ltd.": ["India", "Nigeria", "Philippines", "Singapore", *BOTH],
    "Example Lithium Co., Ltd": ["Hong Kong", "Israel", "New Zealand", *BOTH],
}
for name, expected in EXPECTED.items():
    places = sorted(set(matches(name, SOURCES)))
    print(f"{name} -> {basename(name)}; {', '.join(places)}")
    assert basename(name) == "Example Lithium Co."
    assert places == sorted(expected), f"{name} was {expected}"
known = {country for country, _ in SOURCES}
assert not [name for name in known if any(each in name for each in ("China", "Korea", "Taiwan"))]
PYTHON
