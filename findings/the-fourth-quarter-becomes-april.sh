#!/usr/bin/env bash
# The former credit was phased out by quarters, and no vehicle acquired in the fourth quarter of 2025
# has the new one. "Q4 2025" as a date is April 2025 to python-dateutil 4.0.0 with fuzzy=True, the 4
# being a month like any other, before the end of the credit instead of after it; without fuzzy it is
# refused. dateparser 1.5.0 knows quarters, and takes the last month of one and, as the day, that of
# the day on which it is asked. It also reads "after September 30, 2025" as that very day, the last
# one that is not after it.
#
# Seen on 2026-12-01, CPython 3.11, asked as of 2026-03-15:
#   Q4 2025                   dateutil 2025-04-15  dateparser 2025-12-15
#   Q2 2023                   dateutil 2023-02-15  dateparser 2023-06-15
#   after September 30, 2025  dateutil 2025-09-30  dateparser 2025-09-30
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    python-dateutil==4.0.0 dateparser==1.5.0
"$folder/venv/bin/python" - <<'PYTHON'
from datetime import datetime

import dateparser
import dateutil.parser

ASKED = datetime(2026, 3, 15)
EXPECTED = {
    "Q4 2025": ("2025-04-15", "2025-12-15"),
    "Q2 2023": ("2023-02-15", "2023-06-15"),
    "after September 30, 2025": ("2025-09-30", "2025-09-30"),
}
for text, expected in EXPECTED.items():
    one = dateutil.parser.parse(text, default=ASKED, fuzzy=True)
    other = dateparser.parse(text, settings={"RELATIVE_BASE": ASKED})
    found = str(one.date()), str(other.date())
    print(f"{text:24}  dateutil {found[0]}  dateparser {found[1]}")
    assert found == expected, f"{text} was {expected}"
    try:
        dateutil.parser.parse(text, default=ASKED)
    except dateutil.parser.ParserError:
        continue
    raise AssertionError(f"{text} is taken without fuzzy")
PYTHON
