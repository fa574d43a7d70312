#!/usr/bin/env bash
# followthemoney 4.11.2, the model in which ownership data of the OpenSanctions kind are published,
# drops what it cannot clean, without an error, a warning or a mark in the entity. A day in the
# American or the written form is such a thing, so a stake that ended on 04/18/2023 becomes one that
# never ended. A country as the United Nations' trade statistics spell it is dropped too. A percentage
# is text and never cleaned: "more than 25" and "0.6" stand as they came.
#
# Seen on 2026-12-01, CPython 3.11:
#   endDate 2023-04-18 -> ['2023-04-18']
#   endDate 04/18/2023 -> []
#   endDate April 18, 2023 -> []
#   jurisdiction Rep. of Korea -> []
#   percentage more than 25 -> ['more than 25']
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check followthemoney==4.11.2
"$folder/venv/bin/python" -W error - <<'PYTHON'
from followthemoney import model

ROWS = [
    ("Ownership", "endDate", "2023-04-18", ["2023-04-18"]),
    ("Ownership", "endDate", "04/18/2023", []),
    ("Ownership", "endDate", "April 18, 2023", []),
    ("Company", "jurisdiction", "Rep. of Korea", []),
    ("Ownership", "percentage", "more than 25", ["more than 25"]),
]
for schema, name, text, expected in ROWS:
    entity = model.make_entity(schema)
    entity.id = "one"
    entity.add(name, text)
    found = entity.to_dict()["properties"].get(name, [])
    print(f"{name} {text} -> {found}")
    assert found == expected, f"{name} {text} was {expected}"
PYTHON
