#!/usr/bin/env bash
# cattrs 26.2.1 fills a field of a plain type by calling the type, for JSON too. A null, which in a
# claim says that nobody knows, becomes False in a bool and the word "None" in a str, and the word "no"
# becomes True. So a battery of which it is unknown whether an entity of concern took part is read as
# one without, and one that says "no" as one with. forbid_extra_keys, detailed_validation and
# the converters for JSON change nothing. A field declared `bool | None` takes the null, and
# "no" is true there as well.
#
# Seen on 2026-12-01, CPython 3.11:
#   null: Battery(of_concern=False, maker='None')
#   "no": Battery(of_concern=True, maker='Acme')
#   null, optional: Stated(of_concern=None)
#   "no", optional: Stated(of_concern=True)
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cattrs==26.2.1 attrs==26.1.0
"$folder/venv/bin/python" - <<'PYTHON'
import attrs
from cattrs.preconf.json import make_converter


@attrs.frozen
class Battery:
    of_concern: bool
    maker: str


@attrs.frozen
class Stated:
    of_concern: bool | None


converter = make_converter(forbid_extra_keys=True, detailed_validation=True)
CASES = [
    ("null", '{"of_concern": null, "maker": null}', Battery(False, "None")),
    ('"no"', '{"of_concern": "no", "maker": "Acme"}', Battery(True, "Acme")),
    ("null, optional", '{"of_concern": null}', Stated(None)),
    ('"no", optional', '{"of_concern": "no"}', Stated(True)),
]
for what, text, expected in CASES:
    found = converter.loads(text, type(expected))
    print(f"{what}: {found}")
    assert found == expected, f"{what} was {expected}"
PYTHON
