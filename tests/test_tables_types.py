"""Columns of the types that tables really have: read, or refused by name, and never by chance."""

import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from uuid import uuid4

import duckdb
import narwhals.stable.v2 as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from evcredit import EvcreditError, current_law, examples
from evcredit.tables import (
    InvalidFrameError,
    NotAFrameError,
    assess_frame,
    check_content,
    columns_read,
    compare_frames,
    summarise,
)
from evcredit.tables.column_types import _own_types, legible_partitions
from evcredit.tables.compiler.columns import ColumnKind, FrameColumn

CLAIM = examples.demonstration_claim()
OPTIONS = {"assume": CLAIM, "unknown": True}
PRICE, DAY = "vehicle_msrp_cents", "purchase_placed_in_service"
FLAG, CLASS = "purchase_vin_on_return", "vehicle_class"
OF = {ColumnKind.NUMBER: PRICE, ColumnKind.DAY: DAY, ColumnKind.FLAG: FLAG, ColumnKind.TEXT: CLASS}
SUV = "sport utility vehicle"
MET, REFUSED, OPEN = (
    (True, 7500_00, "credit_allowed"),
    (False, 0, "msrp_within_limit"),
    (None, 7500_00, "msrp_within_limit"),
)
INVALID = (None, None, "invalid_row")
CON = duckdb.connect()


def results(frame, **options):
    """Verdict, greatest credit and reason of each row, the same for every engine."""
    found = nw.from_native(assess_frame(frame, **OPTIONS, **options))
    found = found.select("verdict", "credit_upper_cents", nw.col("reason").cast(nw.String))
    table = (found.collect() if isinstance(found, nw.LazyFrame) else found).to_native()
    if hasattr(table, "convert_dtypes"):
        table = pa.Table.from_pandas(table)
    rows = nw.from_native(table).rows()
    return [tuple(row) for row in rows]


def problems(frame, **options):
    with pytest.raises(InvalidFrameError) as caught:
        results(frame, **options)
    return caught.value.problems


def refused(frame, what, **options):
    """The one thing that is wrong, in a message that no engine wrote."""
    (problem,) = problems(frame, **options)
    assert what in str(problem)
    assert len(str(problem)) < 400


def arrow(values, kind=None, name=PRICE):
    return pa.table({name: values if kind is None else pa.array(values, kind)})


def encoded(value, kind=None):
    return pa.RunEndEncodedArray.from_arrays([2], pa.array([value], kind))


UUIDS = pa.ExtensionArray.from_storage(pa.uuid(), pa.array([b"0" * 16, None], pa.binary(16)))
BOOL8 = pa.ExtensionArray.from_storage(pa.bool8(), pa.array([1, None], pa.int8()))


@pytest.mark.parametrize(
    ("values", "name", "found"),
    [
        (encoded(SUV), CLASS, "found run_end_encoded"),
        (encoded(5_400_000), PRICE, "found run_end_encoded"),
        (encoded(date(2024, 6, 3)), DAY, "found run_end_encoded"),
        (pa.array([5, None], pa.decimal32(9)), PRICE, "found decimal32(9, 0)"),
        (pa.array([5, None], pa.decimal64(18)), PRICE, "found decimal64(18, 0)"),
        (pa.array([5, None], pa.decimal256(40)), PRICE, "found decimal256(40, 0)"),
        (pa.array([5.5, None], pa.float16()), PRICE, "found Float16, which is not exact"),
        (pa.array([(1, 2, 3), None], pa.month_day_nano_interval()), PRICE, "found month_day_nano"),
        (pa.array([date(2024, 6, 3), None], pa.date64()), DAY, "found date64[ms]; give date"),
        (pa.array([b"van", None], pa.binary_view()), CLASS, "found binary_view"),
        (UUIDS, CLASS, "found extension<arrow.uuid>"),
        (BOOL8, FLAG, "found extension<arrow.bool8>"),
    ],
)
def test_types_of_arrow_that_are_not_known_never_pass(values, name, found):
    """They came in as numbers and texts, or failed in the middle of the engine's work."""
    refused(arrow(values, name=name), found)


def test_types_of_duckdb_that_are_not_known_never_pass():
    """Among them one that the engine takes for text until it compares it."""
    for value, name, found in (
        ("5400000::bignum", PRICE, "found BIGNUM"),
        ("'101'::bit", PRICE, "found BIT"),
        ("'1'::bit", FLAG, "found BIT"),
        ("interval 1 day", PRICE, "found Duration"),
        ("uuid()", CLASS, "found UUID"),
        ("'\"van\"'::json", CLASS, "found JSON"),
        ("5::variant", PRICE, "found VARIANT"),
        ("union_value(a := 1)", PRICE, "found UNION(a INTEGER)"),
        ("5400000::hugeint", PRICE, "found Int128"),
    ):
        refused(CON.sql(f"SELECT {value} AS {name}"), found)


@pytest.mark.parametrize(
    ("values", "name", "found"),
    [
        (pd.period_range("2024-06-03", periods=2), DAY, "found extension<pandas.period"),
        (pd.period_range("2024-06-03", periods=2), PRICE, "found extension<pandas.period"),
        (pd.interval_range(0, 2), PRICE, "found extension<pandas.interval"),
        (pd.arrays.SparseArray([5, 6]), PRICE, "found Sparse[int64, 0]; give 64-bit"),
        ([1j, 2j], PRICE, "found complex128; give 64-bit"),
        (pd.Series([5_400_000, True], dtype=object), PRICE, "found bool and int; give 64-bit"),
        (pd.Series([np.int64(5), np.bool_(True)], dtype=object), PRICE, "found bool and int64"),
        (pd.Series([False, 1], dtype=object), FLAG, "found bool and int; give boolean in every"),
        (pd.Series([5, "x"], dtype=object), PRICE, "found int and str"),
        (pd.Series([Decimal(5), None], dtype=object), PRICE, "found Decimal"),
        (pd.Series([uuid4(), None], dtype=object), CLASS, "found UUID"),
        (pd.Series([[1], None], dtype=object), CLASS, "found list"),
        (pd.Series([2**70, 1], dtype=object), PRICE, "give numbers from 0 to 10000000000000"),
        (pd.Series([date(2024, 6, 3), datetime(2024, 6, 3)], dtype=object), DAY, "date and dateti"),
        (pd.Series([datetime(2024, 6, 3, 13)], dtype=object), DAY, "found datetime; give date"),
        (pd.Series([datetime(2024, 6, 3, tzinfo=UTC)], dtype=object), DAY, "found datetime"),
    ],
)
def test_columns_of_pandas_that_are_not_of_one_known_type(values, name, found):
    refused(pd.DataFrame({name: values}), found)


@pytest.mark.parametrize(
    "values",
    [
        pd.Series([5_400_000, np.nan], dtype=object),
        pd.Series([np.int64(5_400_000), None], dtype=object),
        pd.Series([5_400_000, None], dtype="category"),
    ],
)
def test_objects_of_pandas_that_are_numbers(values):
    assert results(pd.DataFrame({PRICE: values})) == [MET, OPEN]


def test_a_time_of_day_is_no_day_on_any_engine():
    """A midnight in a time zone is a moment too, and another day elsewhere."""
    moment = [datetime(2024, 6, 3, tzinfo=UTC)]
    for frame in (
        pl.DataFrame({DAY: moment}),
        pl.LazyFrame({DAY: moment}),
        pa.table({DAY: moment}),
        pd.DataFrame({DAY: pd.to_datetime(moment, utc=True)}),
        pd.DataFrame({DAY: pd.to_datetime(["2024-06-03"]).tz_localize("America/New_York")}),
        CON.sql(f"SELECT '2024-06-03 00:00:00+00'::timestamptz AS {DAY}"),
        pl.DataFrame({DAY: [datetime(2024, 6, 3)]}),
        pd.DataFrame({DAY: pd.to_datetime(["2024-06-03 13:00"])}),
    ):
        refused(frame, "give dates without a time")
    # Pandas has no other days of its own.
    for days in (pd.to_datetime(["2024-06-03"]), pd.Series([datetime(2024, 6, 3)], dtype=object)):
        assert results(pd.DataFrame({DAY: days})) == [MET]


def test_texts_in_views_are_texts():
    views = pa.array([SUV, None], pa.string_view())
    words = pa.DictionaryArray.from_arrays(pa.array([0, None], pa.int32()), views[:1])
    wanted = [MET, OPEN]
    assert results(arrow(views, name=CLASS)) == wanted
    assert results(arrow(words, name=CLASS)) == wanted
    assert results(arrow([SUV, None], pa.large_string(), CLASS)) == wanted
    held = pd.array([SUV, None], dtype=pd.ArrowDtype(pa.string_view()))
    assert results(pd.DataFrame({CLASS: held})) == wanted


NOTHING = {
    PRICE: [(None, 7500_00, "msrp_within_limit")] * 2,
    DAY: [(None, 7500_00, "excluded_minerals")] * 2,
    CLASS: [(None, 7500_00, "msrp_within_limit")] * 2,
    FLAG: [(None, 7500_00, "vin_on_return")] * 2,
}


@pytest.mark.parametrize("name", NOTHING)
@pytest.mark.parametrize("absent", [None, float("nan")])
def test_a_column_of_nothing_states_nothing(name, absent):
    """Whatever type a library guessed for it, on every engine, lazy or not."""
    values = [absent, None]
    floats = {name: pa.array(values, pa.float64())}
    CON.register("floats", pa.table(floats))
    frames = [
        pa.table(floats),
        pa.table({name: pa.nulls(2)}),
        pl.DataFrame(floats),
        pl.LazyFrame(floats),
        pl.LazyFrame({name: [None, None]}),
        pl.LazyFrame({name: pl.Series([None, None], dtype=pl.String)}),
        pl.LazyFrame({name: pl.Series([None, None], dtype=pl.Int64)}),
        pl.DataFrame({name: pl.Series([None, None], dtype=pl.Datetime)}),
        pd.DataFrame({name: values}, dtype="float64"),
        pd.DataFrame({name: values}, dtype=object),
        pd.DataFrame({name: [pd.NaT, pd.NaT]}),
        CON.sql("SELECT * FROM floats"),
        CON.sql(f"SELECT null AS {name} FROM range(2)"),
    ]
    for frame in frames:
        assert results(frame) == NOTHING[name], frame


def test_a_column_without_rows_is_judged_by_its_type():
    for frame in (pl.DataFrame({PRICE: []}, schema={PRICE: pl.Float64}), arrow([], pa.float64())):
        refused(frame, "which is not exact")
    assert results(pl.DataFrame({PRICE: []}, schema={PRICE: pl.Null})) == []


def test_partitions_of_dask_that_state_nothing():
    dask = pytest.importorskip("dask.dataframe")
    missing = {PRICE: [float("nan"), None], "key": [1, 2]}
    for whole in (pd.DataFrame(missing), pd.DataFrame(missing).astype({PRICE: "string"})):
        frame = dask.from_pandas(whole, npartitions=2)
        assert results(frame.compute()) == results(frame) == NOTHING[PRICE]
    some = dask.from_pandas(pd.DataFrame({PRICE: [5.0, None]}), npartitions=2)
    refused(some, "which is not exact")
    fine = dask.from_pandas(pd.DataFrame({PRICE: [5_400_000, 8_100_000]}), npartitions=2)
    assert results(fine) == [MET, REFUSED]
    columns = [FrameColumn(name, kind, "label") for kind, name in OF.items()]
    absent = pd.DataFrame({column.name: [float("nan")] * 2 for column in columns})
    found = legible_partitions(dask.from_pandas(absent, npartitions=1), columns).compute()
    assert [str(kind) for kind in found.dtypes] == [
        "Int64",
        "date32[day][pyarrow]",
        "boolean",
        "string",
    ]
    with pytest.raises(InvalidFrameError, match=r"a: several columns have this name"):
        assess_frame(dask.from_pandas(pd.DataFrame([[1, 2]], columns=["a", "a"]), npartitions=1))


def test_integers_beyond_64_bits():
    """An unsigned number is reported as it is, marked, or sorted out; the caller's cells stay."""
    numbers = [5_400_000, 2**63 + 5, None]
    unsigned = pl.DataFrame({PRICE: numbers}, schema={PRICE: pl.UInt64})
    for frame in (
        unsigned,
        unsigned.to_arrow(),
        pd.DataFrame({PRICE: [2**63 + 5]}, dtype="uint64"),
    ):
        refused(frame, f"give numbers from 0 to 10000000000000 (1 rows); for example {2**63 + 5}")
    CON.register("unsigned", unsigned.to_arrow())
    for lazy in (unsigned.lazy(), CON.sql("SELECT * FROM unsigned")):
        assert results(lazy) == [MET, INVALID, OPEN]
    good, bad = assess_frame(unsigned, strict=False, **OPTIONS)
    assert good[PRICE].to_list() == [5_400_000, None]
    assert bad[PRICE].to_list() == [2**63 + 5]
    assert good.schema[PRICE] == bad.schema[PRICE] == pl.UInt64
    refused(pl.DataFrame({PRICE: [2**100]}, schema={PRICE: pl.Int128}), "found Int128")


def test_days_without_an_end():
    """Infinite days of DuckDB, and days in years that Python has not; no engine panics."""
    for day in ("infinity", "-infinity", "12024-01-01", "0044-03-15 (BC)"):
        frame = CON.sql(f"SELECT '{day}'::date AS {DAY}")
        refused(frame, f"{DAY}: give days from 0001-01-01 to 9999-12-31", check=True)
        assert results(frame) == [INVALID]
    far = pl.Series([2**31 - 1, 19_877], dtype=pl.Int32).cast(pl.Date)
    for frame in (pl.DataFrame({DAY: far}), arrow([2**31 - 1, 19_877], pa.date32(), DAY)):
        refused(frame, f"{DAY}: give days from 0001-01-01 to 9999-12-31, or null for unknown (1 ro")
    found = problems(pl.DataFrame({DAY: far}), placed_in_service=("2024-01-01", "2024-12-31"))
    assert [(each.rows, each.examples) for each in found] == [(1, ())]


def test_names_given_twice():
    for frame in (
        pa.table([pa.array([1]), pa.array([2])], names=[PRICE, PRICE]),
        pd.DataFrame([[1, 2]], columns=[PRICE, PRICE]),
        CON.sql(f"SELECT 1 AS {PRICE}, 2 AS {PRICE}"),
    ):
        for function in (assess_frame, columns_read, summarise, check_content):
            with pytest.raises(InvalidFrameError, match=f"{PRICE}: several columns have this name"):
                function(frame)
    refused(pd.DataFrame([[1, 2, 5]], columns=[0, "0", PRICE]), "0: several columns")


@pytest.mark.parametrize(
    "columns",
    [
        {"key": [None, None]},
        {"key": [["a"], None]},
        {"key": [{"a": 1}, None]},
        {"key": pl.Series([5, None], dtype=pl.Object), PRICE: [5_400_000, 5_400_000]},
        {"key": [b"a", None]},
        {FLAG: [True, True]},
        {"key": [1.5, None]},
    ],
)
def test_lazy_frames_answer_as_eager_ones(columns):
    """Whatever columns they have, also none that a rule reads."""
    eager = pl.DataFrame(columns)
    assert results(eager.lazy()) == results(eager) == [MET, MET]
    if "Object" not in str(eager.schema):
        CON.register("eager", eager.to_arrow())
        assert results(CON.sql("SELECT * FROM eager")) == [MET, MET]


def test_other_columns_of_any_type_pass_through():
    """Rows of some types cannot be picked out, which no error needs."""
    for key in (encoded("a"), UUIDS, pa.array(["a", None], pa.string_view())):
        table = pa.table({"key": key, PRICE: [5_400_000, 5_400_000]})
        assert assess_frame(table, **OPTIONS)["key"].type == key.type
        refused(table.set_column(1, PRICE, pa.array([1, -1])), "(1 rows); for example -1")

        if not str(key.type).startswith("ext"):
            refused(table, "of which no rows can be sorted out", strict=False)


def test_keys_of_pandas_are_of_any_one_type():
    prices = [5_400_000, 5_400_000]
    keys = [uuid4().bytes, uuid4().bytes]
    assert results(pd.DataFrame({PRICE: prices, "key": keys}), key="key") == [MET, MET]
    assert results(pd.DataFrame({PRICE: prices}), key=()) == [MET, MET]
    mixed = pd.DataFrame({PRICE: prices, "key": [1, "a"]})
    refused(mixed, "key: found object; give values of one type", key="key")
    with pytest.raises(InvalidFrameError, match="key: found object; give values of one type"):
        check_content(mixed)


def test_content_tables_refuse_texts_in_views():
    views = pa.array(["lithium"], pa.string_view())
    words = pa.DictionaryArray.from_arrays(pa.array([0], pa.int32()), views)
    vehicles = pa.table({"vehicle": [1], DAY: [date(2024, 6, 3)]})
    for minerals in (views, words):
        chains = pa.table(
            {"vehicle": [1], "chain": [1], "mineral": minerals, "value_cents": [1]},
        )
        with pytest.raises(InvalidFrameError, match=r"chains.mineral: found .*string_view"):
            check_content(vehicles, chains=chains)


def test_types_as_spark_calls_them():
    """Spark itself is tried in `tests/tables`."""
    fields = [SimpleNamespace(name="a", dataType="NullType()")]
    native = SimpleNamespace(schema=SimpleNamespace(fields=fields))
    frame = SimpleNamespace(to_native=lambda: native, implementation=nw.Implementation.PYSPARK)
    assert _own_types(frame) == {"a": "NullType()"}


def test_a_table_without_columns():
    for frame in (pl.DataFrame(), pl.LazyFrame(), pa.table({})):
        refused(frame, "columns: there are none; give one at least")


@pytest.mark.parametrize("found", [[1, 2], "cars.csv", None, {"a": [1]}])
def test_what_is_no_frame(found):
    """Is told as such, and how files are read."""
    for function in (assess_frame, columns_read, summarise, check_content):
        with pytest.raises(
            NotAFrameError, match=r"frame: found .*; give a frame of Polars"
        ) as told:
            function(found)
        assert isinstance(told.value, EvcreditError) and isinstance(told.value, TypeError)
    with pytest.raises(NotAFrameError):
        compare_frames(found, current_law(), current_law())


def test_pandas_without_arrow_is_told_what_to_do(monkeypatch):
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(NotAFrameError, match="frames of pandas need pyarrow"):
        assess_frame(pd.DataFrame({PRICE: [1]}), **OPTIONS)
