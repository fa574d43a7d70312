"""The amount, against the plain law written down a second time, and the laws of its arithmetic."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st
from tests.property import plain_law
from tests.strategies import (
    FIRST_DAY,
    claims,
    early_days,
    fewer,
    known_claim,
    known_claims,
    late_days,
    laws,
    rows_for,
)

from evcredit import Bounds, Claim, Verdict, assess, current_law, with_facts
from evcredit.law import listings
from evcredit.law.manufacturers import Manufacturer, Quarter
from evcredit.law.readings import AmountRounding
from evcredit.section_30d.before_2023 import kilowatt_hour_amount, small_vehicle_amount
from evcredit.section_30d.listed import speaks_for
from evcredit.section_30d.phase_out import phase_out_percent

A_DAY = timedelta(days=1)
PER_CENT = {0: 0, 1: 0, 2: 50, 3: 50, 4: 25, 5: 25}


def assert_plain(claim: Claim) -> None:
    """The package and the plain law say the same of a claim in which everything is known."""
    expected = plain_law.credit(claim)
    if expected is None:
        event("the law is unresolved")
        return
    result = assess(claim)
    event("a credit" if expected else "none")
    assert result.credit == Bounds.exactly(Decimal(expected.numerator) / expected.denominator)
    assert result.verdict is Verdict.of(expected > 0)


@given(known_claims())
def test_against_the_plain_law(claim: Claim) -> None:
    """Claims of all years."""
    assert_plain(claim)


@given(known_claims(when=early_days))
def test_against_the_plain_law_before_the_sourcing_rules(claim: Claim) -> None:
    """Claims from 2010 to 17 April 2023."""
    assert_plain(claim)


@fewer(2)
@given(known_claims(when=late_days, listed=False))
def test_there_are_three_amounts(claim: Claim) -> None:
    """Of vehicles sold under the sourcing rules the credit is nothing, one half or both."""
    sold = claim.purchase.sale_date or claim.purchase.placed_in_service
    assume(sold is not None and sold >= FIRST_DAY)
    assume(not claim.purchase.elects_transition_rule)
    result = assess(claim)
    assert {result.credit.lower, result.credit.upper} <= {0, 3750, 7500}


# -- the phase-out -------------------------------------------------------------------------

quarters = st.builds(Quarter, st.integers(2010, 2024), st.integers(1, 4))
_sold = st.dates(date(2010, 1, 1), date(2022, 12, 31))


@given(quarters, _sold)
def test_phase_out_by_counting_quarters(quarter: Quarter, sold: date) -> None:
    """In full for two quarters, then two at 50 percent, two at 25, and nothing after."""
    after = 4 * (sold.year - quarter.year) + (sold.month - 1) // 3 + 1 - quarter.number
    expected = 100 if after < 2 else PER_CENT.get(after, 0)
    assert phase_out_percent(quarter, sold) == expected
    assert phase_out_percent(None, sold) == 100


@given(quarters)
def test_phase_out_telescopes(quarter: Quarter) -> None:
    """From the quarter of the 200,000th vehicle on, every quarter has one percentage."""
    days = [(quarter + later).first_day for later in range(8)]
    found = [phase_out_percent(quarter, day) for day in days if day.year < 2023]
    assert found == [100, 100, 50, 50, 25, 25, 0, 0][: len(found)]
    before = [phase_out_percent(quarter, day - A_DAY) for day in days[1 : len(found)]]
    assert before == found[:-1]


@fewer(2)
@given(known_claims(when=early_days), quarters)
def test_a_manufacturer_over_the_limit_has_a_part_of_the_credit(
    claim: Claim, quarter: Quarter
) -> None:
    """The phase-out takes its percentage of whatever the credit would be without it."""
    alone = with_facts(claim, {"vehicle.make": None, "vehicle.manufacturer": "Lightyear"})
    whole_law = current_law().with_manufacturer(
        Manufacturer(name="Lightyear", makes=("Lightyear",))
    )
    law = current_law().with_manufacturer(
        Manufacturer(name="Lightyear", makes=("Lightyear",), quarter=quarter)
    )
    whole, part = assess(alone, law=whole_law).credit, assess(alone, law=law).credit
    sold = plain_law.sold_on(claim) if claim.purchase.placed_in_service else date(2023, 1, 1)
    percent = phase_out_percent(quarter, sold)
    for one, other in ((whole.lower, part.lower), (whole.upper, part.upper)):
        assert other == plain_law.half_up(Fraction(one) * percent / 100, Fraction(1, 100))


@fewer(2)
@given(claims(most=3), laws(), st.sampled_from(["Tesla", "Toyota", "GMC"]))
def test_a_phase_out_never_raises_the_credit(claim: Claim, law: Any, maker: str) -> None:
    """A manufacturer that reached the limit never leads to more than one that did not."""
    other, limited = (
        assess(with_facts(claim, {"vehicle.manufacturer": name}), law=law).credit
        for name in ("Ford", maker)
    )
    assert limited.lower <= other.lower
    assert limited.upper <= other.upper


# -- the amount by capacity ----------------------------------------------------------------

_capacities = st.integers(0, 100_000_000).map(lambda micro: Decimal(micro).scaleb(-6))
_near = st.integers(0, 20_000).map(lambda thousandth: Decimal(thousandth).scaleb(-3))
_kwh = st.one_of(_near, _capacities)


@given(_kwh, _kwh)
def test_amount_by_capacity(one: Decimal, other: Decimal) -> None:
    """It grows with the battery from $2,500 to $7,500, and is the exact sum rounded half up."""
    low, high = sorted((one, other))
    small, large = kilowatt_hour_amount(low), kilowatt_hour_amount(high)
    assert 2500 <= small <= large <= 7500
    exact = 2500 + (min(Fraction(5000), 417 * (Fraction(low) - 4)) if low >= 5 else 0)
    assert small == plain_law.half_up(exact) == plain_law.kilowatt_hour_amount(low)
    law = current_law().with_readings(amount_rounding=AmountRounding.CENT)
    assert kilowatt_hour_amount(low, law) == plain_law.half_up(exact, Fraction(1, 100))


@given(*[st.integers(0, 5_000_000).map(lambda cents: Decimal(cents).scaleb(-2))] * 2)
def test_amount_by_cost(one: Decimal, other: Decimal) -> None:
    """It grows with the cost, to $2,500, and is a tenth of it rounded half up to the cent."""
    low, high = sorted((one, other))
    assert 0 <= small_vehicle_amount(low) <= small_vehicle_amount(high) <= 2500
    assert small_vehicle_amount(low) == plain_law.cost_amount(low)


@fewer(2)
@given(claims(most=3), laws(), _kwh, _kwh)
def test_a_larger_battery_never_lowers_the_credit(
    claim: Claim, law: Any, one: Decimal, other: Decimal
) -> None:
    """Of any year and any number of wheels."""
    low, high = (
        assess(with_facts(claim, {"vehicle.battery.capacity_kwh": kwh}), law=law).credit
        for kwh in sorted((one, other))
    )
    assert low.lower <= high.lower
    assert low.upper <= high.upper


# -- published lists -----------------------------------------------------------------------

_rows = st.sampled_from([row for row in listings() if row.list_id != "L0_30B_fuelcell"])


def whole(day: date, **facts: Any) -> Claim:
    """A claim that nothing bars, whoever makes the vehicle."""
    usual = {"vehicle.make": None, "vehicle.manufacturer": "Ford", "vehicle.msrp": 39_000}
    return with_facts(known_claim(day), {**usual, **facts})


@given(st.dates(date(2010, 1, 1), date(2025, 9, 30)), st.data())
def test_a_listed_amount_is_the_amount(day: date, data: Any) -> None:
    """Relying on a row that applies to the day gives exactly its amount."""
    near = [row for row in rows_for(day) if row.speaks_for_day(day) and row.credit]
    assume(near)
    row = data.draw(st.sampled_from(near))
    result = assess(whole(day, **{"vehicle.listing": row}))
    assert result.credit == Bounds.exactly(row.credit)
    assert result.verdict is Verdict.MET


@fewer(2)
@given(claims(), _rows, laws())
def test_a_row_beside_the_day_changes_nothing(claim: Claim, row: Any, law: Any) -> None:
    """A row that does not apply to the claim leaves it as it would be without any row."""
    claim = with_facts(claim, {"vehicle.listing": row})
    speaks = speaks_for(claim, law)
    event(f"speaks: {speaks}")
    without = assess(with_facts(claim, {"vehicle.listing": None}), law=law)
    result = assess(claim, law=law)
    if speaks is False:
        assert (result.verdict, result.credit) == (without.verdict, without.credit)
    elif speaks is None:
        # Whether the row speaks is unresolved, so what holds without it stays possible.
        assert without.credit in result.credit


@fewer(2)
@given(known_claims(when=early_days), _rows)
def test_a_listed_amount_is_phased_out_as_any_other(claim: Claim, row: Any) -> None:
    """The list gives the amount of the model, and the sales of its maker a part of it."""
    claim = with_facts(claim, {"vehicle.listing": row, "vehicle.model_year": None})
    result = assess(claim)
    assume(row.credit and speaks_for(claim, current_law()) and result.verdict is Verdict.MET)
    left = plain_law.percentage_left(claim)
    assert result.credit == Bounds.exactly(row.credit * left.numerator / left.denominator)
