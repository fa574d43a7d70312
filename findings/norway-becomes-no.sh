#!/usr/bin/env bash
# DuckDB 2.0.1 reads a column of a CSV file as true and false where every cell is a word for yes or no,
# in any case. The code of Norway, where nickel and cobalt are refined, is such a word: the list of a
# supplier whose places are all there has a column of countries that is false throughout, and one
# with Finland in it is read right. An empty cell changes nothing. T alone is true as well, as in the
# column tCharger of the government's list of fuel economy, but Y and N are text. Polars 2.1.0 and
# PyArrow 26.0.1 read all of it as text.
#
# Seen on 2026-12-01, CPython 3.11:
#   NO, NO     DuckDB BOOLEAN false  Polars String  PyArrow string
#   NO, empty  DuckDB BOOLEAN false  Polars String  PyArrow string
#   NO, FI     DuckDB VARCHAR NO     Polars String  PyArrow string
#   T, empty   DuckDB BOOLEAN true   Polars String  PyArrow string
#   Y, N       DuckDB VARCHAR Y      Polars String  PyArrow string
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

EXPECTED = {
    ("NO", "NO"): ("BOOLEAN false", "String", "string"),
    ("NO", ""): ("BOOLEAN false", "String", "string"),
    ("NO", "FI"): ("VARCHAR NO", "String", "string"),
    ("T", ""): ("BOOLEAN true", "String", "string"),
    ("Y", "N"): ("VARCHAR Y", "String", "string"),
}
path = Path(sys.argv[1]) / "rows.csv"
for cells, expected in EXPECTED.items():
    path.write_text("value,kg\n" + "".join(f"{cell},12\n" for cell in cells))
    query = f"select typeof(value), value::varchar from '{path}' limit 1"
    kind, text = duckdb.sql(query).fetchall()[0]
    found = (
        f"{kind} {text}",
        str(polars.read_csv(path, try_parse_dates=True)["value"].dtype),
        str(pyarrow.csv.read_csv(path)["value"].type),
    )
    name = ", ".join(cell or "empty" for cell in cells)
    print("{:9}  DuckDB {:13}  Polars {}  PyArrow {}".format(name, *found))
    assert found == expected, f"{cells} was {expected}"
PYTHON
