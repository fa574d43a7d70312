#!/usr/bin/env bash
# The sum of what counts, by model, as Narwhals 2.29.0 spells it for every engine,
# `group_by("model").agg(nw.when("counts").then("value").sum())`, leaves the condition out on some
# engines and adds up everything: on pandas and PyArrow, without a word. So half of a
# battery's value that qualifies becomes all of it, where the data lie in the wrong engine. The same
# expression over a whole frame is right everywhere. Right by group everywhere: a column with the
# masked value first, then its plain sum.
#
# Seen on 2026-12-01, CPython 3.11, what counts of models a and b (10 of 30, 30 of 70):
#   Polars [10, 30]  Polars lazy [10, 30]  DuckDB [10, 30]
#   pandas [30, 70]  PyArrow [30, 70]
#   the masked column first: [10, 30] on all
# Exits with 0 as long as that is so.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3}" -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check narwhals==2.29.0 \
    polars==2.1.0 pandas==3.1.1 pyarrow==26.0.1 duckdb==2.0.1
"$folder/venv/bin/python" - <<'PYTHON'
import duckdb
import narwhals.stable.v2 as nw
import pandas
import polars
import pyarrow

ROWS = {
    "model": ["a", "a", "b", "b"],
    "value": [10, 20, 30, 40],
    "counts": [True, False, True, False],
}
table = pyarrow.table(ROWS)
FRAMES = {
    "Polars": (polars.DataFrame(ROWS), [10, 30]),
    "Polars lazy": (polars.LazyFrame(ROWS), [10, 30]),
    "DuckDB": (duckdb.from_arrow(table), [10, 30]),
    "pandas": (pandas.DataFrame(ROWS), [30, 70]),
    "PyArrow": (table, [30, 70]),
}
counted = nw.when(nw.col("counts")).then(nw.col("value"))


def by_model(frame, expression):
    found = frame.group_by("model").agg(expression.alias("sum")).sort("model")
    found = found.collect() if isinstance(found, nw.LazyFrame) else found
    return [int(value) for value in found["sum"].to_list()]


for name, (native, expected) in FRAMES.items():
    frame = nw.from_native(native)
    found = by_model(frame, counted.sum())
    masked = by_model(frame.with_columns(masked=counted), nw.col("masked").sum())
    print(f"{name}: {found}, the masked column first {masked}")
    assert found == expected, f"the sum on {name} was {expected}"
    assert masked == [10, 30]
PYTHON
