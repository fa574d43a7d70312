"""Keys that no two rows may have alike, on every engine."""

import narwhals.stable.v2 as nw
import pytest

from evcredit import examples
from evcredit.tables import InvalidFrameError, assess_frame

OPTIONS = {"assume": examples.demonstration_claim(), "unknown": True}
KINDS = {"vin": "text", "year": "int64", "vehicle_msrp_cents": "int64"}
ROWS = [
    {"vin": vin, "year": year, "vehicle_msrp_cents": 54_000_00}
    for vin, year in (("A", 2023), ("A", 2024), ("B", 2024), ("A", 2023), (None, 2024))
]
REPEATED, UNKNOWN = "several rows have the same key", "the key of a row is unknown; give one"


def faults(frame, **options):
    with pytest.raises(InvalidFrameError) as caught:
        assess_frame(frame, check=True, **OPTIONS, **options)
    return [(each.column, each.what, each.rows) for each in caught.value.problems]


def told(engine, frame):
    """The rows; in Polars a reason is of an enumeration."""
    wrapped = nw.from_native(frame)
    if "reason" in wrapped.collect_schema().names():
        wrapped = wrapped.with_columns(nw.col("reason").cast(nw.String))
    return engine.rows(wrapped.to_native())


def test_rows_that_have_a_key_in_common(engine):
    """They are reported with their number, sorted out, or marked."""
    table = engine.table(ROWS, KINDS)
    if engine.name != "dask":  # which looks when it computes, at one partition at a time
        assert faults(table, key="vin") == [("vin", UNKNOWN, 1), ("vin", REPEATED, 3)]
        both = faults(table, key=["vin", "year"])
        assert both == [("vin, year", UNKNOWN, 1), ("vin, year", REPEATED, 2)]
    good, bad = assess_frame(table, key=("vin", "year"), strict=False, **OPTIONS)
    assert [row["row"] for row in told(engine, good)] == [1, 2]
    problems = {row["row"]: row["problems"] for row in told(engine, bad)}
    assert problems == {
        0: f"vin, year: {REPEATED}. ",
        3: f"vin, year: {REPEATED}. ",
        4: f"vin, year: {UNKNOWN}. ",
    }


def test_marked_rows(engine):
    """Of a frame that is not looked through beforehand."""
    table = engine.table(ROWS, KINDS)
    if engine.name not in ("polars-lazy", "duckdb", "pyspark", "dask"):
        return
    rows = told(engine, assess_frame(table, key="vin", **OPTIONS))
    assert [row["row"] for row in rows if row["reason"] == "invalid_row"] == [0, 1, 3, 4]


def test_a_key_that_is_not_there(engine):
    table = engine.table(ROWS, KINDS)
    assert faults(table, key=["vin", "plate"]) == [("plate", "missing column (key)", None)]
