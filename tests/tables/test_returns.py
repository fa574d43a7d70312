"""What each return of a table gets is what `allocate_credit` and `personal_credits` say of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import fewer

from evcredit import Bounds, current_law
from evcredit.algebra.money import add_up
from evcredit.facts import TaxReturn
from evcredit.law.readings import Apportionment
from evcredit.provisions import allocate_credit
from evcredit.section_25e import personal_credits
from evcredit.tables import allocate_frame

LAW = current_law()
LAWS = [
    LAW.with_readings(used_vehicle_credit_first=first, apportionment=by)
    for first in (True, False, None)
    for by in Apportionment
]
NAMES = (
    *("left_for_new", "new_allowed", "new_lost"),
    *("left_for_used", "used_allowed", "used_lost", "allowed", "forfeited"),
)
OF_VEHICLE = {
    "credit_section": "text",
    "credit_lower_cents": "int64",
    "credit_upper_cents": "int64",
    "business_use_percent_basis_points": "int64",
    "purchase_placed_in_service": "date",
}
OF_RETURN = {"tax_before_credits_cents": "int64", "other_personal_credits_cents": "int64"}

cents = st.one_of(
    st.sampled_from([0, 1, 375_000, 400_000, 750_000, 1_150_000]), st.integers(0, 1_500_000)
)
uses = st.one_of(
    st.none(), st.sampled_from([0, 4_999, 5_000, 3_333, 10_000]), st.integers(0, 10_000)
)
vehicles = st.builds(
    lambda section, one, other, exact, use, day: {
        "credit_section": section,
        "credit_lower_cents": min(one, other),
        "credit_upper_cents": min(one, other) if exact else max(one, other),
        "business_use_percent_basis_points": use,
        "purchase_placed_in_service": day,
    },
    st.sampled_from(["30D", "30D", "25E", "45W"]),
    cents,
    cents,
    st.booleans(),
    uses,
    st.sampled_from([None, date(2024, 6, 3)]),
)
returns = st.fixed_dictionaries(dict.fromkeys(OF_RETURN, st.one_of(st.none(), cents)))


def dollars(amount: int | None) -> Decimal | None:
    return None if amount is None else Decimal(amount).scaleb(-2)


def expected(row: dict[str, Any], its: list[dict[str, Any]], law: Any) -> dict[str, Any]:
    """What the objects say, in the cells of the result."""
    parts: dict[str, list[Any]] = {"business": [], "new": [], "used": []}
    for vehicle in its:
        credit = Bounds(*(dollars(vehicle[f"credit_{end}_cents"]) for end in ("lower", "upper")))
        if vehicle["credit_section"] == "30D":
            found = allocate_credit(
                credit,
                TaxReturn(
                    business_use_percent=dollars(vehicle["business_use_percent_basis_points"])
                ),
                placed_in_service=vehicle["purchase_placed_in_service"],
                law=law,
            )
            parts["business"].append(found.business_part)
            parts["new"].append(found.personal_part)
        else:
            name = "used" if vehicle["credit_section"] == "25E" else "business"
            parts[name].append(credit)
    personal = personal_credits(
        add_up(parts["new"]),
        add_up(parts["used"]),
        TaxReturn(
            tax_before_credits=dollars(row["tax_before_credits_cents"]),
            other_personal_credits=dollars(row["other_personal_credits_cents"]),
        ),
        law=law,
    )
    amounts = {"business_credit": add_up(parts["business"])}
    amounts |= {name: getattr(personal, name) for name in NAMES}
    return {
        f"{name}_{end}_cents": cell(getattr(amount, end))
        for name, amount in amounts.items()
        for end in ("lower", "upper")
    }


def cell(amount: Decimal) -> int | None:
    return int(100 * amount) if amount.is_finite() else None


def told(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    wanted = [f"{n}_{e}_cents" for n in ("business_credit", *NAMES) for e in ("lower", "upper")]
    return [{name: row[name] for name in wanted} for row in found]


def drawn_for_each_law(strategy: st.SearchStrategy[Any]) -> list[list[Any]]:
    """Random examples for each law: to plan a query takes longer than all its rows."""
    found: list[list[Any]] = [[] for _ in LAWS]

    @fewer(8)
    @given(st.lists(strategy, min_size=30, max_size=30), st.sampled_from(range(len(LAWS))))
    def gather(several: list[Any], place: int) -> None:
        found[place] += several

    gather()
    return found


@cache
def some_returns() -> list[list[Any]]:
    """Returns with any number of vehicles."""
    return drawn_for_each_law(st.tuples(returns, st.lists(vehicles, max_size=3)))


@cache
def some_rows() -> list[list[Any]]:
    """Returns of one vehicle each."""
    return drawn_for_each_law(st.tuples(returns, vehicles))


@pytest.mark.parametrize("place", range(len(LAWS)))
def test_a_table_of_returns_is_what_the_objects_say(engines: Any, place: int) -> None:
    """Returns with any number of vehicles, on every engine that joins tables."""
    law, drawn = LAWS[place], some_returns()[place]
    rows = [{"return": number, **row} for number, (row, _) in enumerate(drawn)]
    cars = [{"return": n, **each} for n, (_, its) in enumerate(drawn) for each in its]
    wanted = [expected(row, its, law) for row, its in drawn]
    for engine in engines:
        if engine.name != "dask":
            found = allocate_frame(
                engine.table(rows, {"return": "int64", **OF_RETURN}),
                vehicles=engine.table(cars, {"return": "int64", **OF_VEHICLE}),
                law=law,
            )
            assert told(engine.rows(found)) == wanted, engine.name


@pytest.mark.parametrize("place", range(len(LAWS)))
def test_a_row_with_its_vehicle_is_what_the_objects_say(engines: Any, place: int) -> None:
    """Returns of one vehicle each, on every engine."""
    law, drawn = LAWS[place], some_rows()[place]
    rows = [{**row, **vehicle} for row, vehicle in drawn]
    wanted = [expected(row, [vehicle], law) for row, vehicle in drawn]
    for engine in engines:
        found = allocate_frame(engine.table(rows, {**OF_RETURN, **OF_VEHICLE}), law=law)
        assert told(engine.rows(found)) == wanted, engine.name


@pytest.mark.parametrize("law", LAWS, ids=lambda law: repr(law.readings.used_vehicle_credit_first))
def test_each_engine_alone(engine: Any, law: Any) -> None:
    """Single cases on the sides of the limit, so that an engine is named that fails."""
    sides = [(tax, other) for tax in (0, 399_999, 1_000_000, None) for other in (0, 500, None)]
    rows = [
        {"tax_before_credits_cents": tax, "other_personal_credits_cents": other}
        for tax, other in sides
    ]
    car = dict.fromkeys(OF_VEHICLE)
    cars = [
        {**car, "credit_section": "30D", "credit_lower_cents": 750_000},
        {**car, "credit_section": "25E", "credit_lower_cents": 400_000},
        {**car, "credit_section": "45W", "credit_lower_cents": 12_345},
    ]
    cars = [{**each, "credit_upper_cents": each["credit_lower_cents"]} for each in cars]
    cars[0]["business_use_percent_basis_points"] = 3_333
    kinds = {**OF_RETURN, **OF_VEHICLE}
    alone = [{**row, **each} for row in rows for each in cars]
    found = told(engine.rows(allocate_frame(engine.table(alone, kinds), law=law)))
    assert found == [expected(row, [each], law) for row in rows for each in cars]
    if engine.name == "dask":
        return
    keyed = [{"return": number, **row} for number, row in enumerate(rows)]
    owned = [{"return": number, **each} for number in range(len(rows)) for each in cars]
    both = allocate_frame(
        engine.table(keyed, {"return": "int64", **OF_RETURN}),
        vehicles=engine.table(owned, {"return": "int64", **OF_VEHICLE}),
        law=law,
    )
    assert told(engine.rows(both)) == [expected(row, cars, law) for row in rows]
