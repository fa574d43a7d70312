"""Columns, templates, comparisons, summaries and checks of tables: their errors, and the door."""

import os
import re
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace

import attrs
import narwhals.stable.v2 as nw
import polars as pl
import pytest

from evcredit import InvalidFactError, current_law, examples, find_listed, with_facts
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.symbol import facts_of
from evcredit.errors import EvcreditError
from evcredit.facts.claim import Claim
from evcredit.facts.seller_report import SellerReport
from evcredit.tables import (
    InvalidFrameError,
    assess_frame,
    check_content,
    compare_content,
    compare_frames,
    qualifying_content,
    rows_of,
    schema,
    schema_text,
    summarise,
    template,
)
from evcredit.tables import templates as module
from evcredit.tables.checks import any_bad, count_bad, key_checks, sort_out
from evcredit.tables.column_types import prepared, wrong_types
from evcredit.tables.compiler.columns import ColumnKind, FrameColumn, cell
from evcredit.tables.content.qualifying import _written, content_law
from evcredit.tables.engines import enter

LAW = current_law()
WITHOUT = LAW.without_agreement("JPCMA")
CLAIM = examples.demonstration_claim()
OPTIONS = {"assume": CLAIM, "unknown": True}
CARS = pl.DataFrame({"vehicle_msrp_cents": [54_000_00, 81_000_00]})
SHARE = "qualifying_critical_mineral_content_lower_of"


def problems_of(function, *args, **options):
    with pytest.raises(InvalidFrameError) as caught:
        function(*args, **options)
    return {(each.column, each.what.split(";")[0]) for each in caught.value.problems}


# -- columns and templates -----------------------------------------------------------------


def test_what_is_assumed_needs_no_column():
    """And what matters beside optional columns only is not needed without them."""
    everything = {column.name for column in schema()}
    assumed = {column.name for column in schema(assume=CLAIM)}
    assert "vehicle_msrp_cents" in everything
    assert "vehicle_msrp_cents" not in assumed
    needed = {column.name for column in schema() if not column.optional}
    columns = {name: [None] for name in needed}
    assess_frame(template("polars").select(sorted(needed)))
    assert columns.keys() < everything
    assert schema_text([]) == ""


def test_templates_that_cannot_be_made(monkeypatch):
    """The engines there are, and what is not installed."""
    with pytest.raises(InvalidFactError, match=r"give one of polars, .*; did you mean pandas[?]"):
        template("panda")
    with pytest.raises(InvalidFactError, match=r"dask$"):
        template("a spreadsheet")
    monkeypatch.setattr(module, "find_spec", lambda name: None if name == "dask" else True)
    with pytest.raises(ModuleNotFoundError, match="not installed: dask") as caught:
        template("dask")
    assert caught.value.name == "dask"
    with pytest.raises(InvalidFactError, match="SparkSession"):
        template("pyspark")


def test_a_session_makes_the_frame(monkeypatch):
    """Of the columns, whatever they become."""
    pytest.importorskip("pyarrow")
    monkeypatch.setattr(module, "find_spec", lambda name: True)
    session = SimpleNamespace(createDataFrame=lambda table: table.column_names)
    assert template("pyspark", session=session) == [each.name for each in schema()]


def test_cells():
    """A whole number of the units of the column, or an error."""
    price = facts_of(Claim).vehicle.msrp
    assert cell(price, Decimal("0.01")) == 1
    with pytest.raises(EvcreditError, match="a whole number of cents"):
        cell(price, Decimal("0.001"))
    with pytest.raises(EvcreditError, match="holds no bounds"):
        cell(price, Bounds(1, 2))


# -- comparison ----------------------------------------------------------------------------


def test_names_of_a_comparison():
    """What the result needs, and halves of pairs."""
    frame = CARS.with_columns(
        changed=1,
        verdict_after=2,
        rule_eligible_before=3,
        vehicle_wheels=4,
        vehicle_wheels_after=4,
        vehicle_final_assembly_country_before=pl.lit("US"),
    )
    told = problems_of(compare_frames, frame, LAW, WITHOUT, rules=True, **OPTIONS)
    taken = "the result has a column of that name"
    assert told == {
        ("changed", taken),
        ("verdict_after", taken),
        ("rule_eligible_before", taken),
        ("vehicle_wheels", "is separate from vehicle_wheels_after"),
        (
            "vehicle_final_assembly_country_after",
            "missing column: vehicle_final_assembly_country_before is there",
        ),
    }


def test_contents_of_one_law_are_refused_where_the_other_differs():
    """So that a forgotten one does not look like no change."""
    frame = CARS.with_columns(pl.lit(1).alias(SHARE))
    told = problems_of(compare_frames, frame, WITHOUT, LAW, **OPTIONS)
    assert told == {(SHARE, "the laws differ in what it rests on")}
    with pytest.raises(InvalidFrameError, match=f"{SHARE}_before and {SHARE}_after"):
        compare_frames(frame, WITHOUT, LAW, **OPTIONS)
    amount = LAW.battery_components_amount.always(5_000, why="a trial")
    other = attrs.evolve(LAW, battery_components_amount=amount)
    assert compare_frames(frame, LAW, other, **OPTIONS).height == 2


def test_columns_that_stand_twice():
    """Faults of theirs are reported under their own names."""
    frame = CARS.with_columns(vehicle_wheels_before=4, vehicle_wheels_after=pl.lit(4.0))
    told = problems_of(compare_frames, frame, LAW, LAW, **OPTIONS)
    assert told == {("vehicle_wheels_after", "found Float64, which is not exact")}
    frame = frame.with_columns(vehicle_wheels_after=-4)
    told = problems_of(compare_frames, frame, LAW, LAW, **OPTIONS)
    assert told == {("vehicle_wheels_after", "give numbers from 0 to 10000000000000")}
    frame = frame.with_columns(vehicle_wheels_after=3)
    found = compare_frames(frame, LAW, LAW, **OPTIONS)
    assert found["changed"].to_list() == [True, False]
    assert found.columns[: frame.width] == frame.columns


def test_faults_under_either_law_are_told_together():
    """Both columns that lack and cells that cannot be."""
    claim = with_facts(CLAIM, {"vehicle.battery.components": None})
    told = problems_of(compare_frames, CARS, LAW, WITHOUT, assume=claim)
    assert {what.split(":")[0] for _, what in told} == {
        "missing column (components from a foreign entity of concern)"
    }
    bad = CARS.with_columns(vehicle_msrp_cents=-1)
    told = problems_of(compare_frames, bad, LAW, WITHOUT, **OPTIONS)
    assert told == {("vehicle_msrp_cents", "give numbers from 0 to 10000000000000")}


CONTENT = {
    "chains": pl.DataFrame(
        {"vehicle": [1], "chain": [1], "mineral": ["nickel"], "value_cents": [500]}
    ),
    "steps": pl.DataFrame(
        {
            "vehicle": [1],
            "chain": [1],
            "activity": ["processing"],
            "country": ["JP"],
            "value_added_cents": [300],
        }
    ),
}


@pytest.mark.parametrize("cell", [None, 100])
def test_what_is_inside_is_worth_no_more(cell):
    """Directly, or through a component of unknown value; the content stays within its bounds."""
    vehicles = pl.DataFrame({"vehicle": [1], "purchase_placed_in_service": [date(2024, 6, 3)]})
    components = pl.DataFrame(
        {
            "vehicle": [1, 1, 1],
            "component": ["module", "cell", "separator"],
            "inside": [None, "module", "cell"],
            "value_cents": [100, cell, 1_000],
            "made_in": ["US", "US", "JP"],
            "nothing_inside": [False, False, True],
        }
    )
    told = problems_of(check_content, vehicles, components=components)
    assert told == {
        ("components.value_cents", "what is in a component is worth more than the component")
    }
    _, bad = check_content(vehicles, components=components, strict=False)
    assert bad.components.height == 3
    content = qualifying_content(vehicles, components=components)
    ends = content.select(pl.col("^qualifying_battery_component.*$")).row(0)
    assert ends == (0, 1, 1, 1)
    fitting = components.with_columns(value_cents=pl.Series([1_000, cell and 1_000, 1_000]))
    assert check_content(vehicles, components=fitting).components is fitting


def test_rows_carry_the_law_of_their_contents():
    """Of chains as of claims: under another law they are refused, and sorted out."""
    vehicles = pl.DataFrame({"vehicle": [1], "purchase_placed_in_service": [date(2024, 6, 3)]})
    content = qualifying_content(vehicles, **CONTENT, law=LAW)
    claims = pl.DataFrame(rows_of([CLAIM], law=LAW), infer_schema_length=None)
    amount = LAW.battery_components_amount.always(5_000, why="a trial")
    alike = attrs.evolve(LAW, name="as for contents", battery_components_amount=amount)
    for frame in (content, claims):
        for law in (LAW, alike):
            assert assess_frame(frame, law=law, **OPTIONS).height == 1
        told = problems_of(assess_frame, frame, law=WITHOUT, **OPTIONS)
        other = f"contents of another law than {WITHOUT.name}"
        assert told == {("content_law", other)}
        good, bad = assess_frame(frame, law=WITHOUT, strict=False, **OPTIONS)
        assert (good.height, bad.height) == (0, 1)
        lazy = assess_frame(frame.lazy(), law=WITHOUT, **OPTIONS).collect()
        assert lazy["reason"].to_list() == ["invalid_row"]
        told = problems_of(compare_frames, frame, WITHOUT, LAW, **OPTIONS)
        assert ("content_law", "the laws differ in what it rests on") in told
    both = compare_content(vehicles, WITHOUT, LAW, **CONTENT)
    assert compare_frames(both, WITHOUT, LAW, **OPTIONS).height == 1
    told = problems_of(compare_frames, both, LAW, WITHOUT, **OPTIONS)
    assert {column for column, _ in told} == {"content_law_before", "content_law_after"}
    assert "content_law" not in rows_of([], "45W")
    assert assess_frame(content, credit="45W", unknown=True).height == 1


def test_the_digest_is_the_same_in_every_process():
    """It rests on no order of sets."""
    code = (
        "from evcredit import current_law as law; import evcredit.tables.content.qualifying as q;"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", f"{code} print(q.content_law(law()))"],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert told == {content_law(LAW)}
    assert _written(frozenset({2, 1})) == "{1,2}"


# -- summary and keys ----------------------------------------------------------------------


def test_columns_of_a_summary():
    """Those of a result, and none that is made."""
    told = problems_of(
        summarise, CARS.with_columns(claims=1, verdict=2), ["claims", "maker"], "sold"
    )
    missing = "missing column"
    assert told == {
        *(
            (name, missing)
            for name in ("credit_lower_cents", "credit_upper_cents", "reason", "sold")
        ),
        ("maker", "missing column to group by"),
        ("claims", "the summary has a column of that name"),
        ("verdict", "found Int32"),
    }


def test_keys():
    """None unknown and none twice."""
    rows = pl.DataFrame({"a": [1, 1, 1, None, None], "b": ["x", "x", "y", "z", "z"]})
    for frame in (rows, rows.lazy()):
        marked, checks = key_checks(nw.from_native(frame), ["a", "b"])
        told = count_bad(marked, checks)
        assert [(each.column, each.rows, each.examples) for each in told] == [
            ("a, b", 2, ((None, "z"), (None, "z"))),
            ("a, b", 2, ((1, "x"), (1, "x"))),
        ]
    marked, checks = key_checks(nw.from_native(rows), ["b"])
    assert count_bad(marked, checks)[0].examples == ("x", "x", "z")


def test_nothing_to_check():
    """Without checks every row is good."""
    frame = nw.from_native(CARS)
    assert any_bad([]) is None
    assert count_bad(frame, []) == []
    good, bad = sort_out(frame, [], "problems")
    assert good.to_native().equals(CARS)
    assert bad.to_native().rows() == []
    assert bad.columns == ["vehicle_msrp_cents", "problems"]


# -- contents ------------------------------------------------------------------------------


def test_columns_of_contents():
    """All tables together."""
    vehicles = pl.DataFrame({"vehicle": [1.0], SHARE: [1], "problems": [1]})
    steps = pl.DataFrame({"vehicle": [1], "chain": [1], "value_added_cents": [1.5]})
    told = problems_of(check_content, vehicles, steps=steps)
    assert told == {
        ("vehicles.vehicle", "found Float64"),
        ("vehicles.purchase_placed_in_service", "missing column"),
        (f"vehicles.{SHARE}", "the result has a column of that name"),
        ("vehicles.problems", "the result has a column of that name"),
        ("steps.activity", "missing column"),
        ("steps.country", "missing column"),
        ("steps.value_added_cents", "found Float64, which is not exact"),
        ("chains", "steps belong to chains"),
    }
    vehicles = pl.DataFrame({"vehicle": ["1"], "purchase_placed_in_service": [date(2024, 6, 3)]})
    chains = pl.DataFrame({"vehicle": [1], "chain": [1], "mineral": ["nickel"], "value_cents": [1]})
    told = problems_of(check_content, vehicles, chains=chains)
    assert told == {("chains.vehicle", "found Int64")}
    assert check_content(vehicles).vehicles is vehicles
    assert check_content(vehicles, strict=False)[0].chains is None
    assert qualifying_content(**check_content(vehicles)._asdict()).height == 1


# -- the door ------------------------------------------------------------------------------

COLUMNS = (
    FrameColumn("number", ColumnKind.NUMBER, "a number", unit="cents"),
    FrameColumn("flag", ColumnKind.FLAG, "a flag"),
    FrameColumn("day", ColumnKind.DAY, "a day"),
    FrameColumn("text", ColumnKind.TEXT, "a text", categories=("a", "b")),
)


@pytest.mark.parametrize(
    ("column", "values", "what"),
    [
        ("number", pl.Series([1.0]), "which is not exact; give whole numbers of cents"),
        ("number", pl.Series([Decimal("1.5")]), "found Decimal.*; give whole numbers of cents"),
        ("number", pl.Series(["1"]), "found String; give 64-bit whole number"),
        ("day", pl.Series([datetime(2024, 6, 3)]), "give dates without a time"),
        ("flag", pl.Series([1]), "found Int64; give boolean"),
    ],
)
def test_wrong_types(column, values, what):
    """What was found, and what to give."""
    frame = nw.from_native(pl.DataFrame({column: values}))
    columns = [each for each in COLUMNS if each.name == column]
    (problem,) = wrong_types(frame, columns)
    assert problem.column == column
    assert re.search(what, problem.what)


def test_texts_of_each_type():
    """They can be compared with any text of the law afterwards."""
    text = [COLUMNS[3]]
    for dtype in (pl.Enum(["a"]), pl.Enum(["b", "a"]), pl.Enum(["a", "c"]), pl.Categorical):
        frame = nw.from_native(pl.DataFrame({"text": ["a"]}, schema={"text": dtype}))
        assert wrong_types(frame, text) == []
        ready = prepared(frame, text).with_columns(b=nw.col("text") == "b")
        assert ready.to_native()["b"].to_list() == [False]
    narrow = nw.from_native(pl.DataFrame({"number": [1]}, schema={"number": pl.UInt8}))
    assert prepared(narrow, COLUMNS[:1]).schema == {"number": nw.Int64}


def test_classic_columns_of_pandas_become_such_as_hold_nulls():
    """NumPy's hold none, and days as times of midnight are days."""
    pandas = pytest.importorskip("pandas")
    pytest.importorskip("pyarrow")
    frame = pandas.DataFrame(
        {
            "number": [1, 2],
            "flag": [True, None],
            "day": pandas.to_datetime(["2024-06-03", None]),
            "text": pandas.Categorical(["a", None]),
            "other": [1.5, 2.5],
        }
    )
    entered = enter(frame, COLUMNS)
    assert wrong_types(entered, COLUMNS) == []
    assert next(tuple(row)[:4] for row in prepared(entered, COLUMNS).rows()) == (
        1,
        True,
        date(2024, 6, 3),
        "a",
    )
    assert entered.to_native()["other"].dtype == frame["other"].dtype
    late = frame.assign(day=pandas.to_datetime(["2024-06-03 10:00", None]))
    assert [each.column for each in wrong_types(enter(late, COLUMNS), COLUMNS)] == ["day"]
    modern = entered.to_native()[["number", "flag"]]
    assert enter(modern, COLUMNS).to_native().equals(modern)
    assert enter(frame).to_native() is frame


def test_pandas_without_arrow(monkeypatch):
    """Is told what to do."""
    pandas = pytest.importorskip("pandas")
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(TypeError, match="frames of pandas need pyarrow"):
        enter(pandas.DataFrame({"number": [1]}), COLUMNS)


def test_wrapped_frames_come_in_too():
    """Of Narwhals, lazy or not."""
    for frame in (nw.from_native(CARS), nw.from_native(CARS.lazy())):
        assert enter(frame).collect_schema().names() == CARS.columns


def test_an_assumed_row_of_a_list_is_refused_by_name():
    claim = examples.demonstration_claim()
    (row,) = find_listed(make="Chevrolet", model="Bolt EV", day=date(2023, 5, 1))
    listed = with_facts(claim, {"vehicle.listing": row})
    with pytest.raises(
        InvalidFactError, match=r"^assume.vehicle.listing: .*omit it, or use assess"
    ):
        assess_frame(pl.DataFrame({"vehicle_msrp_cents": [54_000_00]}), assume=listed)


def test_an_assumed_report_of_a_seller_is_refused_by_name():
    report = SellerReport(status="accepted", maximum_credit=7_500)
    facts = {"purchase.seller_report": report, "purchase.seller_report_furnished": None}
    reported = with_facts(examples.demonstration_claim(), facts)
    with pytest.raises(InvalidFactError, match=r"^assume.purchase.seller_report: .*omit it, or"):
        assess_frame(pl.DataFrame({"vehicle_msrp_cents": [54_000_00]}), assume=reported)
