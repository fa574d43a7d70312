"""Bad tables of chains, steps and components, on every engine that contents are computed on."""

from datetime import date

import narwhals.stable.v2 as nw
import pytest

from evcredit import InvalidFactError
from evcredit.tables import ContentTables, InvalidFrameError, check_content, qualifying_content

DAY = date(2024, 6, 3)
KINDS = {
    "vehicles": {"vehicle": "int64", "purchase_placed_in_service": "date"},
    "chains": {"vehicle": "int64", "chain": "int64", "mineral": "text", "value_cents": "int64"},
    "steps": {
        "vehicle": "int64",
        "chain": "int64",
        "activity": "text",
        "country": "text",
        "value_added_cents": "int64",
    },
    "components": {
        "vehicle": "int64",
        "component": "text",
        "inside": "text",
        "value_cents": "int64",
        "made_in": "text",
        "kind": "text",
    },
}
GOOD = {
    "vehicles": [(1, DAY), (2, None), (3, DAY)],
    "chains": [(1, 1, "nickel", 500), (1, 2, None, None), (2, 1, "lithium", 300)],
    "steps": [(1, 1, "processing", "JP", 200), (1, 1, None, None, None), (2, 1, None, "CL", 0)],
    "components": [
        (1, "pack", None, 900, "US", "battery module"),
        (1, "cell", "pack", None, None, None),
    ],
}
#: Rows that make one vehicle bad each, from the fourth on, and what is reported of them.
BAD = {
    "vehicles": [(4, DAY), (5, DAY), (5, DAY), (None, DAY), (6, DAY), (7, DAY), (8, DAY)],
    "chains": [(4, 1, "unobtainium", 500), (6, 1, "nickel", -1), (6, None, "nickel", 1)],
    "steps": [(9, 1, "processing", "XX", 10**9 + 1), (None, None, "mining", "JP", 1)],
    "components": [
        (7, "a", "a", 1, "US", "battery module"),
        (7, "a", None, 1, "UK", "engine"),
        (8, "b", "nothing", 1, "US", "battery module"),
        (8, "c", None, 1, "US", "battery module"),
        (10, "d", None, 1, "US", "battery module"),
    ],
}
TOLD = {
    ("vehicles.vehicle", 1, "the key of a row is unknown"),
    ("vehicles.vehicle", 2, "several rows have the same key"),
    ("chains.mineral", 1, "unknown category"),
    ("chains.value_cents", 1, "give cents from 0 to 1000000000"),
    ("chains.vehicle, chain", 1, "the key of a row is unknown"),
    ("steps.activity", 1, "unknown category"),
    ("steps.country", 1, "unknown category"),
    ("steps.value_added_cents", 1, "give cents from 0 to 1000000000"),
    ("steps.vehicle, chain", 1, "no row of chains has this key"),
    ("steps.vehicle", 1, "the key of a row is unknown"),
    ("steps.chain", 1, "the key of a row is unknown"),
    ("components.made_in", 1, "unknown category"),
    ("components.kind", 1, "unknown category"),
    ("components.vehicle, component", 2, "several rows have the same key"),
    ("components.vehicle", 1, "no row of vehicles has this key"),
    ("components.vehicle, inside", 1, "no row of components has this key"),
    ("components.inside", 1, "a component is inside itself"),
}


def tables(engine, *rows):
    return {
        name: engine.table(
            [dict(zip(kinds, row, strict=True)) for each in rows for row in each[name]], kinds
        )
        for name, kinds in KINDS.items()
    }


@pytest.fixture(name="holder")
def _holder(engine):
    """An engine that contents are computed on."""
    if engine.name == "dask":
        with pytest.raises(InvalidFactError, match="convert it first"):
            check_content(**tables(engine, GOOD))
        pytest.skip("contents are not computed on it")
    return engine


def test_good_tables_are_as_they_were(holder):
    """Unknown facts are no faults."""
    given = tables(holder, GOOD)
    found = check_content(**given)
    assert all(getattr(found, name) is table for name, table in given.items())
    good, bad = check_content(**given, strict=False)
    for name, table in given.items():
        assert holder.rows(getattr(good, name)) == holder.rows(table)
        assert holder.rows(getattr(bad, name)) == []


def test_all_faults_are_told_together(holder):
    """Of every table, with the number of rows and examples."""
    with pytest.raises(InvalidFrameError) as caught:
        check_content(**tables(holder, GOOD, BAD))
    problems = caught.value.problems
    assert {(each.column, each.rows, each.what.split(";")[0]) for each in problems} == TOLD
    assert len(problems) == len(TOLD)
    assert all(len(each.examples) == each.rows for each in problems)
    examples = {each.column: each.examples for each in problems}
    assert examples["steps.vehicle, chain"] == ((9, 1),)
    assert examples["steps.country"] == ("XX",)


def test_bad_vehicles_are_sorted_out_whole(holder):
    """What is left of a battery would have another content."""
    good, bad = check_content(**tables(holder, GOOD, BAD), strict=False)
    assert isinstance(good, ContentTables)
    for name in KINDS:
        left = holder.rows(getattr(good, name))
        assert [tuple(row.values())[1:] for row in left] == GOOD[name]
        out = holder.rows(getattr(bad, name))
        assert [tuple(row.values())[1:-1] for row in out] == BAD[name]
        assert all(row["problems"] for row in out)
    reasons = {row["component"]: row["problems"] for row in holder.rows(bad.components)}
    assert reasons["c"] == "vehicle: another row of this vehicle is bad. "
    assert reasons["b"] == "vehicle, inside: no row of components has this key. "
    assert [row["problems"] for row in holder.rows(bad.vehicles) if row["vehicle"] == 4] == [
        "vehicle: another row of this vehicle is bad. "
    ]


def test_what_is_good_can_be_computed(holder):
    """The names are those of the arguments."""
    good, _ = check_content(**tables(holder, GOOD, BAD), strict=False)
    given = good._asdict()
    if holder.name == "duckdb":
        # Each step of a query of DuckDB plans all steps before it again, so one stores what is
        # good.
        given = {name: stored(holder, table) for name, table in given.items()}
    vehicles = given.pop("vehicles")
    given = {name: drop_row(table) for name, table in given.items()}
    found = holder.rows(qualifying_content(vehicles, **given))
    assert [row["qualifying_critical_mineral_content_upper_of"] for row in found] == [1, 300, 1]


def stored(holder, table):
    """The rows of a query in a table of their own."""
    kinds = {name: kind for name, kind in holder.kinds(table).items() if name != "row"}
    rows = [{name: row[name] for name in kinds} for row in holder.rows(table)]
    return holder.table(rows, kinds)


def drop_row(table):
    return nw.from_native(table).drop("row").to_native()
