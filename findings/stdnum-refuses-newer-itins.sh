#!/usr/bin/env bash
# Who has no social security number files with an ITIN, and a dealer reports the sale of a clean
# vehicle under it. python-stdnum 2.2 knows the numbers by their fourth and fifth digits, as they were
# given out until the range grew: Publication 1915 of the Internal Revenue Service names 50 to 65, 70
# to 88, 90 to 92 and 94 to 99, and the library refuses all of 50 to 65. Its guess of the kind of such
# a number is worse than none: "atin", the number of a child that is being adopted, whose own fourth
# and fifth digits, 93, it does not ask for. The numbers are invented.
#
# Seen on 2026-12-01, CPython 3.11:
#   refused by itin: 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65
#   900-50-0001 is guessed to be ['atin']
#   900-70-0001 is guessed to be ['itin', 'atin']
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-stdnum==2.2
"$folder/venv/bin/python" - <<'PYTHON'
from stdnum.us import itin, tin

GIVEN_OUT = [*range(50, 66), *range(70, 89), *range(90, 93), *range(94, 100)]
refused = [group for group in GIVEN_OUT if not itin.is_valid(f"900-{group}-0001")]
print("refused by itin:", *refused)
assert refused == list(range(50, 66))
for number, expected in {"900-50-0001": ["atin"], "900-70-0001": ["itin", "atin"]}.items():
    found = tin.guess_type(number)
    print(f"{number} is guessed to be {found}")
    assert found == expected, f"{number} was {expected}"
PYTHON
