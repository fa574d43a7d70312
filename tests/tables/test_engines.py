"""What rules over tables rely on, on every engine.

Each engine has traps of its own. A test here holds the way around one, so that a new version of
an engine cannot change it unseen. Ways that are not the same everywhere, and so are not used:

- ``group_by().agg(when().then().sum())``: some engines leave the condition out, without an error.
  Mask into a column first, and sum that.
- ``is_in`` of a null: unknown on some engines, false on others. Ask for nulls first.
- A null literal, ``lit(None, dtype=Boolean)``, is false on some engines, without an error. Take
  nulls from a column, as `nothing` does here.
- A choice of literals without another way is a float or an object on some engines, and so is one
  of columns that were made of literals alone. Give it a null from a column that was read.
- Integers narrower than 64 bits wrap around silently on some engines. Columns are Int64, and a
  literal that is not combined with a column says that it is.
- Sums of groups are wider than 64 bits on some engines. Cast them back.
- ``replace_strict`` without a default. Nest ``when`` instead.
- Days against times of day. Compare days with `datetime.date`.
"""

from __future__ import annotations

from datetime import date
from itertools import product

import narwhals.stable.v2 as nw
import pytest
from tests.tables.engines import ENGINES

from evcredit import Verdict


def nothing(column):
    """A null in every row, of the type of a column or of an expression of columns."""
    return nw.when(column != column).then(column)


def number(value):
    return nw.lit(value, dtype=nw.Int64)


ROW = nw.col("row")  # every table has it, without nulls
UNKNOWN = nothing(ROW == ROW)
NO_NUMBER = nothing(ROW)
TRUTHS = (True, False, None)
DAY = date(2024, 1, 1)


def computed(engine, rows, kinds, **columns):
    """The rows with columns added, computed by the engine."""
    table = nw.from_native(engine.table(rows, kinds))
    return engine.rows(table.with_columns(**columns).to_native())


def values(engine, kind, column, expression):
    """What an expression of one column `x` amounts to, in the order of the values."""
    rows = computed(engine, [{"x": value} for value in column], {"x": kind}, y=expression)
    return [row["y"] for row in rows]


@pytest.mark.parametrize("kind", ENGINES, ids=lambda kind: kind.name)
def test_engine_starts(kind, started):
    """Or is skipped, with the reason."""
    assert isinstance(started(kind), kind)


# -- there and back ------------------------------------------------------------------------

KINDS = {"flag": "bool", "number": "int64", "day": "date", "text": "text"}
ROWS = [
    {"flag": True, "number": 2**63 - 1, "day": date(2023, 4, 18), "text": "single"},
    {"flag": None, "number": None, "day": None, "text": None},
    {"flag": False, "number": -(2**63), "day": date(9999, 12, 31), "text": ""},
    {"flag": None, "number": 0, "day": date(1970, 1, 1), "text": "Côte d'Ivoire \"\\\n"},
]


def test_rows_come_back_as_they_were(engine):
    """Each value with its type, each null as a null, and the order of the rows."""
    table = engine.table(ROWS, KINDS)
    assert engine.kinds(table) == {"row": "int64", **KINDS}
    assert engine.rows(table) == [{"row": place, **row} for place, row in enumerate(ROWS)]


def test_columns_of_nulls_keep_their_type(engine):
    """Nothing is guessed from the values."""
    table = engine.table([dict.fromkeys(KINDS)] * 3, KINDS)
    assert engine.kinds(table) == {"row": "int64", **KINDS}
    assert engine.rows(table) == [{"row": place, **dict.fromkeys(KINDS)} for place in range(3)]


def test_no_rows(engine):
    """An empty table has its columns."""
    table = engine.table([], KINDS)
    assert engine.kinds(table) == {"row": "int64", **KINDS}
    assert engine.rows(table) == []


def test_order_is_restored(engine):
    """By the column requested, nulls first."""
    rows = [{"x": 3}, {"x": None}, {"x": 1}]
    table = engine.table(rows, {"x": "int64"})
    assert [row["row"] for row in engine.rows(table, by="x")] == [1, 2, 0]
    upside_down = nw.from_native(table).with_columns(row=2 - nw.col("row")).to_native()
    assert [row["x"] for row in engine.rows(upside_down)] == [1, None, 3]


@pytest.mark.parametrize(
    ("value", "kind"), [(1, "bool"), (True, "int64"), (1.0, "int64"), ("2024-01-01", "date")]
)
def test_values_of_another_type_are_refused(engine, value, kind):
    """A table holds what the test says it holds."""
    with pytest.raises(TypeError, match=f"^x: .* is a .*, and not of kind {kind}$"):
        engine.table([{"x": value}], {"x": kind})


def test_other_columns_are_refused(engine):
    """A misspelt column is not a null."""
    with pytest.raises(ValueError, match=r"row 1 has the columns \['y'\], not \['x'\]"):
        engine.table([{"x": 1}, {"y": 2}], {"x": "int64"})


@pytest.mark.parametrize("kind", [nw.Float64, nw.Int32])
def test_results_of_another_type_are_refused(engine, kind):
    """A float, or a narrower integer, shows."""
    table = nw.from_native(engine.table([{"x": 1}], {"x": "int64"}))
    other = table.with_columns(nw.col("x").cast(kind)).to_native()
    with pytest.raises(TypeError, match="columns of other types"):
        engine.rows(other)


# -- three values --------------------------------------------------------------------------


def test_connectives_are_those_of_verdicts(engine):
    """Kleene's tables, as `Verdict` has them."""
    pairs = list(product(TRUTHS, TRUTHS))
    a, b = nw.col("a"), nw.col("b")
    rows = computed(
        engine,
        [{"a": one, "b": other} for one, other in pairs],
        {"a": "bool", "b": "bool"},
        both=a & b,
        either=a | b,
        inverse=~a,
    )
    for (one, other), row in zip(pairs, rows, strict=True):
        left, right = Verdict.of(one), Verdict.of(other)
        found = (row["both"], row["either"], row["inverse"])
        assert found == ((left & right).known, (left | right).known, (~left).known)


@pytest.mark.parametrize("literal", TRUTHS)
def test_connectives_with_a_literal(engine, literal):
    """What the law says once for all rows is separate from columns; null is a literal too."""
    truth = UNKNOWN if literal is None else nw.lit(literal)
    rows = [{"x": value} for value in TRUTHS]
    x = nw.col("x")
    found = computed(engine, rows, {"x": "bool"}, both=x & truth, either=x | truth)
    given = Verdict.of(literal)
    assert [row["both"] for row in found] == [(Verdict.of(v) & given).known for v in TRUTHS]
    assert [row["either"] for row in found] == [(Verdict.of(v) | given).known for v in TRUTHS]


def test_connectives_with_what_is_never_unknown(engine):
    """Whether a fact is stated, and choices among literals, are separate from facts."""
    rows = [{"x": one, "y": other} for one, other in product(TRUTHS, (1, None))]
    x, stated = nw.col("x"), ~nw.col("y").is_null()
    chosen = nw.when(stated).then(nw.lit(True)).otherwise(nw.lit(False))
    found = computed(
        engine,
        rows,
        {"x": "bool", "y": "int64"},
        both=x & stated,
        either=x | stated,
        chosen_both=chosen & x,
        chosen_either=chosen | x,
    )
    for row in found:
        fact, known = Verdict.of(row["x"]), Verdict.of(row["y"] is not None)
        assert row["both"] == row["chosen_both"] == (fact & known).known
        assert row["either"] == row["chosen_either"] == (fact | known).known


@pytest.mark.parametrize(
    ("kind", "least", "limit", "most"),
    [
        ("int64", 5_499_999, 5_500_000, 5_500_001),
        ("date", date(2023, 12, 31), DAY, date(2024, 1, 2)),
    ],
)
def test_comparisons_with_a_limit(engine, kind, least, limit, most):
    """Equality decides as it should, and a comparison with a null is unknown."""
    rows = [{"x": value} for value in (least, limit, most, None)]
    x = nw.col("x")
    found = computed(
        engine, rows, {"x": kind}, ge=x >= limit, gt=x > limit, le=x <= limit, lt=x < limit
    )
    assert [row["ge"] for row in found] == [False, True, True, None]
    assert [row["gt"] for row in found] == [False, False, True, None]
    assert [row["le"] for row in found] == [True, True, False, None]
    assert [row["lt"] for row in found] == [True, False, False, None]


def test_comparisons_of_columns(engine):
    """A null on either side leaves them unknown."""
    rows = [{"x": 1, "y": 1}, {"x": None, "y": 1}, {"x": 1, "y": None}, {"x": None, "y": None}]
    found = computed(engine, rows, {"x": "int64", "y": "int64"}, same=nw.col("x") == nw.col("y"))
    assert [row["same"] for row in found] == [True, None, None, None]


def test_equality_of_texts(engine):
    """Letter for letter."""
    found = values(engine, "text", ["single", "Single", "", None], nw.col("x") == "single")
    assert found == [True, False, False, None]


@pytest.mark.parametrize(
    ("kind", "inside", "outside", "group"),
    [
        ("text", "CA", "CN", ["CA", "MX", "US"]),
        ("int64", 7, 8, [5, 6, 7]),
    ],
)
def test_membership_with_nulls_asked_for(engine, kind, inside, outside, group):
    """A null is unknown, on every engine, if it is needed first."""
    x = nw.col("x")
    among = nw.when(x.is_null()).then(UNKNOWN).otherwise(x.is_in(group))
    column = [inside, outside, None]
    assert values(engine, kind, column, among) == [True, False, None]
    assert values(engine, kind, column, ~among) == [False, True, None]


def test_a_choice_by_an_unknown_condition_takes_the_other_way(engine):
    """So an unknown must be requested by name, or it would be zero dollars."""
    plain = nw.when(nw.col("x")).then(number(750_000)).otherwise(number(0))
    assert values(engine, "bool", TRUTHS, plain) == [750_000, 0, 0]
    asked = nw.when(nw.col("x").is_null()).then(NO_NUMBER).otherwise(plain)
    assert values(engine, "bool", TRUTHS, asked) == [750_000, 0, None]


def test_a_choice_without_another_way(engine):
    """What no condition chooses is unknown, with the type of the column to choose."""
    assert values(engine, "bool", TRUTHS, nw.when(nw.col("x")).then(ROW)) == [0, None, None]
    assert values(engine, "bool", TRUTHS, nw.when(~nw.col("x")).then(nw.col("x"))) == [
        None,
        False,
        None,
    ]


def test_nulls_from_a_column(engine):
    """In every row, with the type of the column."""
    rows = [{"day": DAY, "text": "a"}, {"day": None, "text": None}]
    found = computed(
        engine,
        rows,
        {"day": "date", "text": "text"},
        flag=UNKNOWN,
        number=NO_NUMBER,
        day=nothing(nw.col("day")),
        text=nothing(nw.col("text")),
    )
    nulls = dict.fromkeys(("day", "text", "flag", "number"))
    assert found == [{"row": 0, **nulls}, {"row": 1, **nulls}]


def test_nested_choices_look_up(engine):
    """As in a table of limits by vehicle class; another class, and none, have no limit."""
    x = nw.col("x")
    limit = (
        nw.when(x == "van")
        .then(number(8_000_000))
        .otherwise(nw.when(x == "other").then(number(5_500_000)).otherwise(NO_NUMBER))
    )
    found = values(engine, "text", ["van", "other", "tram", None], limit)
    assert found == [8_000_000, 5_500_000, None, None]


def test_nulls_asked_for_and_filled(engine):
    """Is it unknown, and take it for something."""
    rows = [{"x": 1}, {"x": None}]
    x = nw.col("x")
    found = computed(engine, rows, {"x": "int64"}, unknown=x.is_null(), filled=x.fill_null(-1))
    assert [(row["unknown"], row["filled"]) for row in found] == [(False, 1), (True, -1)]
    flags = values(engine, "bool", TRUTHS, nw.col("x").fill_null(value=False))
    assert flags == [True, False, False]


# -- whole numbers -------------------------------------------------------------------------


def test_products_beyond_32_bits(engine):
    """Whole numbers stay exact up to 64 bits, by a literal and by a column."""
    x = nw.col("x")
    column = [0, -1, 3_000_000_000, 2**53 + 1, None]
    assert values(engine, "int64", column, x * 417) == [
        None if value is None else value * 417 for value in column
    ]
    column = [3_000_000_000, -3_000_000_000, None]
    square = 9_000_000_000_000_000_000
    assert values(engine, "int64", column, x * x) == [square, square, None]


def test_sums_and_differences(engine):
    """Exact, and unknown if a part is."""
    rows = [{"x": 2**62, "y": 2**62 - 1}, {"x": 1, "y": None}]
    x, y = nw.col("x"), nw.col("y")
    found = computed(engine, rows, {"x": "int64", "y": "int64"}, sum=x + y, difference=x - y)
    assert [(row["sum"], row["difference"]) for row in found] == [(2**63 - 1, 1), (None, None)]


def test_division_rounds_down(engine):
    """Towards the lower number, below zero too."""
    column = [7, -7, 6, -6, None]
    assert values(engine, "int64", column, nw.col("x") // 2) == [3, -4, 3, -3, None]


def test_shares_by_cross_multiplication(engine):
    """A share of exactly 40 percent passes "at least", and a cent less does not."""
    whole = 1_234_567_890_123_45
    rows = [
        {"part": whole * 2 // 5, "whole": whole},
        {"part": whole * 2 // 5 - 1, "whole": whole},
        {"part": None, "whole": whole},
    ]
    enough = nw.col("part") * 100 >= nw.col("whole") * 40
    found = computed(engine, rows, {"part": "int64", "whole": "int64"}, enough=enough)
    assert [row["enough"] for row in found] == [True, False, None]


def test_the_lesser_of_two(engine):
    """Unknown if either is, if both are needed; `min_horizontal` would take the known one."""
    x, y = nw.col("x"), nw.col("y")
    lesser = nw.when(x <= y).then(x).otherwise(nw.when(y < x).then(y))
    rows = [{"x": 1, "y": 2}, {"x": 2, "y": 1}, {"x": 1, "y": None}, {"x": None, "y": None}]
    found = computed(
        engine,
        rows,
        {"x": "int64", "y": "int64"},
        lesser=lesser,
        known=nw.min_horizontal("x", "y"),
        most=nw.max_horizontal("x", "y"),
    )
    assert [row["lesser"] for row in found] == [1, 1, None, None]
    assert [row["known"] for row in found] == [1, 1, 1, None]
    assert [row["most"] for row in found] == [2, 2, 1, None]


# -- many tables ---------------------------------------------------------------------------


def test_sums_by_group_after_masking(engine):
    """The mask is a column of its own; what it omits counts nothing."""
    rows = [
        {"key": 1, "value": 10, "counts": True},
        {"key": 1, "value": 20, "counts": False},
        {"key": 1, "value": 40, "counts": None},
        {"key": 2, "value": 2**40, "counts": True},
        {"key": 2, "value": 2**40, "counts": True},
        {"key": 3, "value": None, "counts": True},
    ]
    table = nw.from_native(engine.table(rows, {"key": "int64", "value": "int64", "counts": "bool"}))
    counted = (
        nw.when(nw.col("counts").fill_null(value=False)).then(nw.col("value")).otherwise(number(0))
    )
    result = (
        table.with_columns(counted=counted)
        .group_by("key")
        .agg(nw.col("counted").sum())
        .with_columns(nw.col("counted").cast(nw.Int64))
        .to_native()
    )
    assert engine.rows(result, by="key") == [
        {"key": 1, "counted": 10},
        {"key": 2, "counted": 2**41},
        {"key": 3, "counted": 0},
    ]


def test_is_any_row_of_a_group_unknown(engine):
    """Kleene's "or" of a group, from the maximum of numbers: no rule sums verdicts."""
    rows = [
        {"key": 1, "flag": True},
        {"key": 1, "flag": None},
        {"key": 2, "flag": False},
        {"key": 2, "flag": None},
        {"key": 3, "flag": False},
    ]
    flag = nw.col("flag")
    rank = (
        nw.when(flag.is_null())
        .then(number(1))
        .otherwise(nw.when(flag).then(number(2)).otherwise(number(0)))
    )
    table = nw.from_native(engine.table(rows, {"key": "int64", "flag": "bool"}))
    # The ranks are made of literals, so the null is taken from the keys.
    unknown = nothing(nw.col("key") == nw.col("key"))
    any_flag = nw.when(nw.col("rank") == 1).then(unknown).otherwise(nw.col("rank") == 2)
    result = (
        table.with_columns(rank=rank)
        .group_by("key")
        .agg(nw.col("rank").max())
        .with_columns(any=any_flag)
        .select("key", "any")
        .to_native()
    )
    assert engine.rows(result, by="key") == [
        {"key": 1, "any": True},
        {"key": 2, "any": None},
        {"key": 3, "any": False},
    ]


def test_a_table_looked_up_in_another(engine):
    """Where there is nothing to find, and where the key is unknown, the columns are null."""
    left = nw.from_native(
        engine.table([{"key": "JP"}, {"key": "CN"}, {"key": None}], {"key": "text"})
    )
    right = nw.from_native(
        engine.table(
            [{"key": "JP", "since": date(2023, 3, 28)}, {"key": "AU", "since": DAY}],
            {"key": "text", "since": "date"},
        )
    ).drop("row")
    result = left.join(right, on="key", how="left")
    late = result.with_columns(counts=(nw.col("since") <= DAY).fill_null(value=False))
    assert engine.rows(late.to_native()) == [
        {"row": 0, "key": "JP", "since": date(2023, 3, 28), "counts": True},
        {"row": 1, "key": "CN", "since": None, "counts": False},
        {"row": 2, "key": None, "since": None, "counts": False},
    ]


# -- the cluster ---------------------------------------------------------------------------

MACHINE = "reflect('java.lang.ProcessHandle', 'current')"  # the number of the process


def test_spark_runs_on_two_executors(spark):
    """Both are processes of their own, apart from the driver, and share the rows of one table."""
    driver = spark.session.sparkContext._jvm.java.lang.ProcessHandle.current().pid()
    table = spark.table([{"x": number} for number in range(100)], {"x": "int64"})
    doubled = nw.from_native(table).with_columns(twice=nw.col("x") * 2).to_native()
    rows = doubled.selectExpr("x", "twice", f"{MACHINE} AS machine").collect()
    assert sorted((row.x, row.twice) for row in rows) == [(x, 2 * x) for x in range(100)]
    machines = {row.machine for row in rows}
    assert len(machines) == 2
    assert str(driver) not in machines


def test_spark_has_no_python_on_its_executors(spark):
    """So whatever else is computed here needs none."""
    numbers = spark.session.sparkContext.parallelize([1])
    with pytest.raises(Exception, match='Cannot run program "there-is-no-python'):
        numbers.map(lambda number: number + 1).collect()
