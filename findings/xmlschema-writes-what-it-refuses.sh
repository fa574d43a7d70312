#!/usr/bin/env bash
# xmlschema 4.3.2 validates while it encodes, and yet writes XML that it refuses to read. It checks the
# value, then writes a Decimal as Python spells it, and Python spells 7,500 as 7.5E+3 once its zeros
# are dropped (Decimal.normalize), and a tenth of a millionth as 1E-7. An amount of type xs:decimal
# has no exponent, so a return goes out that the receiver rejects. The same value as an int is fine.
#
# Seen on 2026-12-01, CPython 3.11:
#   Decimal('7.5E+3') is written <amount>7.5E+3</amount>; valid: False
#   Decimal('1E-7') is written <amount>1E-7</amount>; valid: False
#   Decimal('7500') is written <amount>7500</amount>; valid: True
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check xmlschema==4.3.2
"$folder/venv/bin/python" - <<'PYTHON'
from decimal import Decimal
from xml.etree import ElementTree

import xmlschema

SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="amount" type="xs:decimal"/>
</xs:schema>"""
schema = xmlschema.XMLSchema(SCHEMA)
found = []
for amount in (Decimal("7500").normalize(), Decimal("0.0000001"), Decimal("7500")):
    text = ElementTree.tostring(schema.encode(amount, validation="strict"), encoding="unicode")
    valid = schema.is_valid(text)
    print(f"{amount!r} is written {text}; valid: {valid}")
    found.append((text, valid))
assert found == [
    ("<amount>7.5E+3</amount>", False),
    ("<amount>1E-7</amount>", False),
    ("<amount>7500</amount>", True),
]
PYTHON
