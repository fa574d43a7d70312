#!/usr/bin/env bash
# The number of a substance at the Chemical Abstracts Service ends in a group of two digits and a
# check digit, and Co3O4, the cobalt oxide of cathodes, has one that is also a day: 1308-06-1.
# DuckDB 2.0.1 reads a column of it as dates without being asked, in a CSV file and in the folder
# names of a partitioned data set, and writes back 1308-06-01, which is no such number. One row of
# another substance in the file and the column is text, so the files of a supplier of several are read
# right and those of a supplier of cobalt oxide alone are not. Polars 2.1.0 does so when asked for
# dates; PyArrow 26.0.1 does not.
#
# Seen on 2026-12-01, CPython 3.11:
#   DuckDB, CSV: DATE 1308-06-01
#   DuckDB, CSV with nickel sulfate beside it: VARCHAR 1308-06-1
#   DuckDB, folder cas=1308-06-1: DATE 1308-06-01
#   Polars, try_parse_dates: Date 1308-06-01
#   PyArrow: string 1308-06-1
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
    duckdb==2.0.1 polars==2.1.0 pyarrow==26.0.1
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import sys
from pathlib import Path

import duckdb
import polars
import pyarrow.csv

folder = Path(sys.argv[1])
alone, mixed = folder / "alone.csv", folder / "mixed.csv"
alone.write_text("cas,kg\n1308-06-1,12\n")
mixed.write_text("cas,kg\n1308-06-1,12\n7786-81-4,3\n")
(folder / "set" / "cas=1308-06-1").mkdir(parents=True)
duckdb.sql(f"copy (select 12 as kg) to '{folder}/set/cas=1308-06-1/rows.parquet'")

partitioned = f"read_parquet('{folder}/set/*/*.parquet', hive_partitioning = true)"
found = []
for source in (f"'{alone}'", f"'{mixed}'", partitioned):
    kind, text = duckdb.sql(f"select typeof(cas), cas::varchar from {source} limit 1").fetchall()[0]
    found.append(f"{kind} {text}")
column = polars.read_csv(alone, try_parse_dates=True)["cas"]
found.append(f"{column.dtype} {column[0]}")
column = pyarrow.csv.read_csv(alone)["cas"]
found.append(f"{column.type} {column[0]}")

NAMES = (
    "DuckDB, CSV",
    "DuckDB, CSV with nickel sulfate beside it",
    "DuckDB, folder cas=1308-06-1",
    "Polars, try_parse_dates",
    "PyArrow",
)
for name, what in zip(NAMES, found):
    print(f"{name}: {what}")
assert found == [
    "DATE 1308-06-01",
    "VARCHAR 1308-06-1",
    "DATE 1308-06-01",
    "Date 1308-06-01",
    "string 1308-06-1",
]
PYTHON
