#!/usr/bin/env bash
# A price is a number of dollars and a multiple of a cent, as a schema says with "multipleOf": 0.01.
# jsonschema 4.26.0 divides floats and asks whether the result is whole. Of all prices from $79,900.00
# to $79,999.99 it refuses 36 percent, and of those below $100 one in seven; $79,999.99 passes and
# $80,000.01, the first price beyond the limit of a van, is called no multiple of a cent.
# fastjsonschema 2.22.3 and jsonschema-rs 0.61.2 accept all of them. So does jsonschema where the
# claim and the schema itself are both read with parse_float=Decimal. With the claim alone read so, it
# raises a TypeError.
#
# Seen on 2026-12-01, CPython 3.11, refused of 10,000 prices each:
#   from $0.00: jsonschema 1363, fastjsonschema 0, jsonschema-rs 0, jsonschema with Decimal 0
#   from $79,900.00: jsonschema 3600, fastjsonschema 0, jsonschema-rs 0, jsonschema with Decimal 0
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    jsonschema==4.26.0 fastjsonschema==2.22.3 jsonschema-rs==0.61.2
"$folder/venv/bin/python" - <<'PYTHON'
import json
from decimal import Decimal

import fastjsonschema
import jsonschema
import jsonschema_rs

TEXT = """{
  "$schema": "http://json-schema.org/draft-07/schema#", "type": "number", "multipleOf": 0.01
}"""
SCHEMA = json.loads(TEXT)
compiled = fastjsonschema.compile(SCHEMA)


def taken(price):
    try:
        compiled(price)
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True


inexact = jsonschema.Draft7Validator(SCHEMA)
exact = jsonschema.Draft7Validator(json.loads(TEXT, parse_float=Decimal))
CHECKS = {
    "jsonschema": (inexact.is_valid, float),
    "fastjsonschema": (taken, float),
    "jsonschema-rs": (jsonschema_rs.Draft7Validator(SCHEMA).is_valid, float),
    "jsonschema with Decimal": (exact.is_valid, Decimal),
}
for start, expected in ((0, [1363, 0, 0, 0]), (7_990_000, [3600, 0, 0, 0])):
    prices = [f"{cents // 100}.{cents % 100:02}" for cents in range(start, start + 10_000)]
    found = [
        sum(not valid(json.loads(price, parse_float=number)) for price in prices)
        for valid, number in CHECKS.values()
    ]
    print(f"from ${start / 100:,.2f}:", ", ".join(map("{} {}".format, CHECKS, found)))
    assert found == expected, f"from {start} was {expected}"

assert (inexact.is_valid(79999.99), inexact.is_valid(80000.01)) == (True, False)
try:
    inexact.is_valid(Decimal("80000.01"))
except TypeError:
    pass
else:
    raise AssertionError("a Decimal beside a float is taken now")
PYTHON
