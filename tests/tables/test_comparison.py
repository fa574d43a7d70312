"""What two laws make of a table, and templates of tables, on every engine."""

from datetime import date

import attrs
import narwhals.stable.v2 as nw
import pytest

from evcredit import compare, current_law, examples, with_facts
from evcredit.tables import (
    InvalidFrameError,
    assess_frame,
    compare_frames,
    result_schema,
    schema,
    template,
)

LAW = current_law()
WITHOUT = LAW.without_agreement("JPCMA")
CLAIM = examples.demonstration_claim()
SHARE = "qualifying_critical_mineral_content"
ENDS = ("lower_of", "lower_in", "upper_of", "upper_in")
#: The contents of the demonstration under both laws, as `compare` has them for the object.
BEFORE, AFTER = (
    assessed.mineral_content.bounds
    for assessed in (compare(CLAIM, WITHOUT, LAW).before, compare(CLAIM, WITHOUT, LAW).after)
)


def cells(bounds):
    return (
        bounds.lower.numerator,
        bounds.lower.denominator,
        bounds.upper.numerator,
        bounds.upper.denominator,
    )


KINDS = {
    "vehicle_msrp_cents": "int64",
    "minerals_from_foreign_entity_of_concern": "bool",
    "components_from_foreign_entity_of_concern": "bool",
    **{f"{SHARE}_{end}_before": "int64" for end in ENDS},
    **{f"{SHARE}_{end}_after": "int64" for end in ENDS},
    **{f"traced_critical_mineral_content_{end}_before": "int64" for end in ENDS},
    **{f"traced_critical_mineral_content_{end}_after": "int64" for end in ENDS},
    **{f"qualifying_battery_component_content_{end}": "int64" for end in ENDS},
}
CONTENT = (*cells(BEFORE), *cells(AFTER)) * 2 + (62, 100, 62, 100)
PRICES = (54_000_00, 81_000_00, None)
ROWS = [(price, False, False, *CONTENT) for price in PRICES]
BAD = (-1, False, False, *CONTENT)
OPTIONS = {"assume": CLAIM, "unknown": True}


def rows_of(engine, frame):
    """The rows, with reasons as texts; in Polars they are of an enumeration."""
    wrapped = nw.from_native(frame)
    names = [name for name in wrapped.collect_schema().names() if name.startswith("reason")]
    return engine.rows(wrapped.with_columns(nw.col(*names).cast(nw.String)).to_native())


def table(engine, rows=ROWS, kinds=KINDS):
    return engine.table([dict(zip(kinds, row, strict=True)) for row in rows], kinds)


def test_what_japan_is_worth_row_by_row(engine):
    """As `compare` has it for each claim on its own."""
    found = rows_of(engine, compare_frames(table(engine), WITHOUT, LAW, **OPTIONS))
    assert [name for name in found[0] if name not in KINDS] == [
        "row",
        *(f"{name}_before" for name in ("verdict", "credit_lower_cents", "credit_upper_cents")),
        "reason_before",
        *(f"{name}_after" for name in ("verdict", "credit_lower_cents", "credit_upper_cents")),
        "reason_after",
        "credit_lower_change_cents",
        "credit_upper_change_cents",
        "changed",
    ]
    for row, price in zip(found, PRICES, strict=True):
        msrp = None if price is None else price // 100
        one = compare(with_facts(CLAIM, {"vehicle.msrp": msrp}), WITHOUT, LAW)
        for side, assessed in (("before", one.before), ("after", one.after)):
            credit = assessed.credit
            assert row[f"verdict_{side}"] is assessed.verdict.known
            assert row[f"credit_lower_cents_{side}"] == credit.lower * 100
            assert row[f"credit_upper_cents_{side}"] == credit.upper * 100
    assert [row["credit_upper_change_cents"] for row in found] == [3_750_00, 0, 3_750_00]
    assert [row["credit_lower_change_cents"] for row in found] == [3_750_00, 0, 0]
    assert [row["changed"] for row in found] == [True, False, True]
    assert [{name: row[name] for name in KINDS} for row in found] == [
        dict(zip(KINDS, row, strict=True)) for row in ROWS
    ]


def test_bad_rows(engine):
    """An error, sorted out, or told as no claim."""
    given = table(engine, [*ROWS, BAD])
    with pytest.raises(InvalidFrameError, match=r"^vehicle_msrp_cents: .* \(1 rows\)"):
        # Dask looks when it computes.
        rows_of(engine, compare_frames(given, WITHOUT, LAW, check=True, **OPTIONS))
    good, bad = compare_frames(given, WITHOUT, LAW, strict=False, **OPTIONS)
    assert [row["row"] for row in rows_of(engine, good)] == [0, 1, 2]
    (row,) = engine.rows(bad)
    assert row["vehicle_msrp_cents"] == -1
    assert set(row) == {"row", *KINDS, "problems"}
    if isinstance(nw.from_native(given), nw.LazyFrame):
        told = rows_of(engine, compare_frames(given, WITHOUT, LAW, **OPTIONS))[3]
        assert told["reason_before"] == told["reason_after"] == "invalid_row"
        assert told["changed"] is None
        assert told["credit_upper_change_cents"] is None


def test_templates_can_be_assessed(engine, request):
    """An empty frame has the columns that are needed, with types that are taken."""
    name = {"pandas-arrow": "pandas"}.get(engine.name, engine.name)
    session = request.getfixturevalue("spark").session if name == "pyspark" else None
    empty = template(name, session=session)
    columns = schema()
    assert nw.from_native(empty).collect_schema().names() == [each.name for each in columns]
    assert type(empty) is type(table(engine))
    found = nw.from_native(assess_frame(empty)).collect_schema().names()
    assert found == [each.name for each in (*columns, *result_schema())]


def test_a_day_that_one_law_does_not_hold(engine):
    """A row that is no claim under one of the laws is none to compare."""
    early = LAW.clean_vehicle_rules_in_force.boundaries()[0]
    rows = [{"purchase_placed_in_service": day} for day in (date(2024, 6, 3), date(1999, 1, 1))]
    given = engine.table(rows, {"purchase_placed_in_service": "date"})
    assert early > date(1999, 1, 1)
    higher = attrs.evolve(
        LAW, battery_components_amount=LAW.battery_components_amount.always(5_000, why="a trial")
    )
    good, bad = compare_frames(given, LAW, higher, strict=False, **OPTIONS)
    assert [row["credit_upper_change_cents"] for row in rows_of(engine, good)] == [1_250_00]
    assert "evcredit has no law" in engine.rows(bad)[0]["problems"]
