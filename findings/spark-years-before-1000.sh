#!/usr/bin/env bash
# PySpark 4.3.0 takes no day before the year 1000 as a literal: `lit(date(999, 12, 31))` raises
# IllegalArgumentException without a word. It hands the day to Java as the text of strftime, whose
# %Y has no leading zeros on Linux, and Java reads no year of fewer than four digits. The same day in
# a frame made from rows is taken. So a check "not before the first day of the calendar", with
# date.min as that day, works on other engines and fails on this one. Needs Java 17 or newer.
#
# Seen on 2026-11-30, CPython 3.11, Linux:
#   literal 0001-01-01: IllegalArgumentException ''
#   literal 0999-12-31: IllegalArgumentException ''
#   literal 1000-01-01: taken
#   row     0001-01-01: taken
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyspark==4.3.0
"$folder/venv/bin/python" - 2>"$folder/log" <<'PYTHON'
from datetime import date

from pyspark.sql import SparkSession
from pyspark.sql import functions as F

spark = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()


def literal(day: date) -> str:
    try:
        taken = spark.range(1).select(F.lit(day)).collect()[0][0]
    except Exception as error:
        return f"{type(error).__name__} {str(error)!r}"
    assert taken == day
    return "taken"


found = [literal(day) for day in (date(1, 1, 1), date(999, 12, 31), date(1000, 1, 1))]
rows = spark.createDataFrame([(date(1, 1, 1),)], "day date").collect()
for day, what in zip(("0001-01-01", "0999-12-31", "1000-01-01"), found):
    print(f"literal {day}: {what}")
print("row     0001-01-01:", "taken" if rows[0][0] == date(1, 1, 1) else rows)
assert found == ["IllegalArgumentException ''"] * 2 + ["taken"]
assert rows[0][0] == date(1, 1, 1)
PYTHON
