"""The forms of random returns: sums of lines, a worksheet by plain ratios, and unknown facts."""

from __future__ import annotations

import math
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.returns import at_the_dealer, bearing, new_car, single, used_car, van
from tests.strategies import fewer

from evcredit import (
    Bounds,
    CleanVehicleReturn,
    Credit,
    Verdict,
    current_law,
    fill_forms,
    with_facts,
)
from evcredit.algebra.binding import Binding
from evcredit.facts import TaxReturn
from evcredit.forms import ReturnVehicle
from evcredit.provisions.days import PLACED_IN_SERVICE
from evcredit.section_30d.small_vehicle import small_vehicle_account

LAWS = [current_law().with_readings(used_vehicle_credit_first=way) for way in (True, False, None)]
A = "Schedule A"
RICH = single(200_000, 200_000)

amounts = st.one_of(
    st.sampled_from([0, 1, 387_000, 750_000]).map(lambda cents: Decimal(cents).scaleb(-2)),
    st.integers(0, 2_000_000).map(lambda cents: Decimal(cents).scaleb(-2)),
)
percents = st.one_of(
    st.sampled_from([Decimal(0), Decimal(50), Decimal(100)]),
    st.integers(0, 10**6).map(lambda units: Decimal(units).scaleb(-4)),
)


@cache
def _new(rich: bool) -> Any:
    return new_car(taxpayer=RICH) if rich else new_car()


@st.composite
def vehicles(draw: Any, rich: bool) -> ReturnVehicle:
    """A vehicle of which everything that matters is known."""
    person = RICH if rich else single()
    kind = draw(st.sampled_from(["new", "given", "used", "used by spouse", "commercial"]))
    if kind in ("new", "given"):
        claim = _new(rich)
        transfer = at_the_dealer(claim) if kind == "given" else None
        return ReturnVehicle(claim=claim, business_use_percent=draw(percents), transfer=transfer)
    if kind == "commercial":
        cost = draw(st.integers(0, 60_000))
        claim = van(cost, draw(st.integers(0, cost)), taxpayer=person)
        return ReturnVehicle(claim=claim, credit="45W")
    day = date(2025, 1, 2) + timedelta(days=draw(st.integers(0, 200)))
    price = draw(st.one_of(st.integers(0, 30_000), st.sampled_from([25_000, 25_001])))
    claim = used_car(price, day, person)
    return ReturnVehicle(claim=claim, credit="25E", bought_by_spouse=kind == "used by spouse")


@st.composite
def known_returns(draw: Any) -> CleanVehicleReturn:
    rich = draw(st.booleans()) and draw(st.booleans())
    return CleanVehicleReturn(
        tax_year=2025,
        filer=RICH if rich else single(),
        vehicles=draw(st.lists(vehicles(rich), max_size=4)),
        tax_return=TaxReturn(
            tax_before_credits=draw(amounts), other_personal_credits=draw(amounts)
        ),
        passed_through_new=draw(st.one_of(st.none(), amounts)),
        passed_through_commercial=draw(st.one_of(st.none(), amounts)),
    )


def the(forms: Any, line: str, **where: Any) -> Fraction:
    value = forms.line(line, **where).amount
    assert value.is_exact
    return Fraction(value.lower)


def schedules(forms: Any, credit: Credit, line: str) -> list[Fraction]:
    """What is on a line of each Schedule A of a kind; nothing if it ends before."""
    found = {each.vehicle: each.amount for each in forms.lines if each.line == line}
    return [
        Fraction(found[number].lower) if number in found else Fraction(0)
        for number, vehicle in enumerate(forms.stated.vehicles, 1)
        if vehicle.credit is credit
    ]


@fewer(3)
@given(known_returns(), st.sampled_from(LAWS[:2]))
def test_nothing_is_created_or_lost_between_lines(stated: Any, law: Any) -> None:
    """Each total is the sum of its lines, and every dollar of credit goes to one place."""
    forms = fill_forms(stated, law=law)
    new, used, commercial = Credit
    tentative = schedules(forms, new, "9")
    business, personal = schedules(forms, new, "11"), schedules(forms, new, "12")
    assert [one + other for one, other in zip(business, personal, strict=True)] == tentative
    assert the(forms, "6") == sum(business)
    assert the(forms, "8") == the(forms, "6") + the(forms, "7")
    assert the(forms, "9") == sum(personal)
    assert the(forms, "14") == sum(schedules(forms, used, "17"))
    assert the(forms, "19") == sum(schedules(forms, commercial, "26"))
    assert the(forms, "21") == the(forms, "19") + the(forms, "20")
    assert the(forms, "12") == max(0, the(forms, "10") - the(forms, "11"))
    assert the(forms, "17") == max(0, the(forms, "15") - the(forms, "16"))
    assert the(forms, "13") == min(the(forms, "9"), the(forms, "12"))
    assert the(forms, "18") == min(the(forms, "14"), the(forms, "17"))
    assert the(forms, "6f", form="Schedule 3") == the(forms, "13")
    assert the(forms, "6m", form="Schedule 3") == the(forms, "18")
    assert the(forms, "1y", form="Form 3800") == the(forms, "8")
    assert the(forms, "1aa", form="Form 3800") == the(forms, "21")
    own, carried, allowed, forfeited = (Fraction(line.amount.lower) for line in forms.account[:4])
    assert own == sum(tentative) + the(forms, "14") + the(forms, "19")
    assert own == carried + allowed + forfeited
    assert carried == the(forms, "6") + the(forms, "19")
    assert allowed == the(forms, "13") + the(forms, "18")
    assert bearing(forms) == ()


#: The last line of a schedule that no answer ends.
LAST = {Credit.NEW_VEHICLE: ("11", "12"), Credit.PREVIOUSLY_OWNED_VEHICLE: ("17",)}


@fewer(3)
@given(known_returns())
def test_a_schedule_ends_early_only_where_there_is_no_credit(stated: Any) -> None:
    """The answers by which the form ends a schedule agree with the law: nothing was left to claim.

    And what its boxes send to Schedule 2 is what the law has the buyer repay.
    """
    forms = fill_forms(stated)
    sent = Fraction(0)
    for number, vehicle in enumerate(stated.vehicles, 1):
        lines = [each for each in forms.lines if each.vehicle == number]
        result, outcome = forms.assessments[number - 1], forms.transfers[number - 1]
        own = result.credit if outcome is None else outcome.credit_to_buyer
        if lines[-1].line not in LAST.get(vehicle.credit, ("26",)):
            assert own == Bounds.exactly(Decimal(0))
        # Lines 8a and 8d, and 13a and 13c, send the amount of line 4a to Schedule 2.
        last = lines[-1]
        if last.key in ("resold", "income_before_over") and last.value is Verdict.MET:
            answers = {each.key: each for each in lines}
            if answers["transferred"].value is Verdict.MET:
                sent += Fraction(answers["transferred_amount"].amount.lower)
                assert answers["to_be_repaid"].value is Verdict.MET
    assert sent == the(forms, "1b", form="Schedule 2") + the(forms, "1c", form="Schedule 2")


def _to_the_cent(amount: Fraction) -> Fraction:
    """Rounded to a cent, a half up."""
    return Fraction(math.floor(amount * 100 + Fraction(1, 2)), 100)


def by_hand(stated: CleanVehicleReturn, *, used_first: bool) -> tuple[Fraction, ...]:
    """Lines 8, 13, 18 and 21 and Schedule 2, line 1b, by plain ratios, apart from the package."""
    rich = stated.filer == RICH
    business = personal = repaid = commercial = used = Fraction(0)
    barred: set[bool] = set()
    given = 0
    for vehicle in sorted(
        stated.vehicles, key=lambda each: each.claim.purchase.placed_in_service or date.max
    ):
        if vehicle.credit is Credit.NEW_VEHICLE:
            if vehicle.transfer is not None and given < 2:
                given += 1  # all of one day and one buyer: the first two of the return are good
                repaid += 7_500 if rich else 0
            elif not rich:
                part = _to_the_cent(Fraction(7_500) * Fraction(vehicle.business_use_percent) / 100)
                business, personal = business + part, personal + 7_500 - part
        elif vehicle.credit is Credit.COMMERCIAL_VEHICLE:
            parts = vehicle.claim.purchase.basis_parts
            basis = Fraction(parts.cost) - Fraction(parts.section_179_deduction)
            commercial += min(basis * 30 / 100, Fraction(7_500))
        else:
            price, spouse = Fraction(vehicle.claim.purchase.sale_price), vehicle.bought_by_spouse
            if not rich and 0 < price <= 25_000 and spouse not in barred:
                used += min(price * 30 / 100, Fraction(4_000))
                barred.add(spouse)
    facts = stated.tax_return
    left = max(0, Fraction(facts.tax_before_credits) - Fraction(facts.other_personal_credits))
    first, second = (used, personal) if used_first else (personal, used)
    one = min(first, left)
    other = min(second, left - one)
    used_allowed, allowed = (one, other) if used_first else (other, one)
    passed = Fraction(0 if rich else stated.passed_through_new or 0)
    passed_commercial = Fraction(stated.passed_through_commercial or 0)
    return business + passed, allowed, used_allowed, commercial + passed_commercial, repaid


def found(forms: Any) -> list[Bounds[Decimal]]:
    lines = [forms.line(line).amount for line in ("8", "13", "18", "21")]
    return [*lines, forms.line("1b", form="Schedule 2").amount]


@fewer(3)
@given(known_returns(), st.booleans())
def test_against_plain_arithmetic(stated: Any, used_first: bool) -> None:
    """The lines that leave the form, from the facts alone."""
    law = current_law().with_readings(used_vehicle_credit_first=used_first)
    forms = fill_forms(stated, law=law)
    expected = by_hand(stated, used_first=used_first)
    assert tuple(Fraction(each.lower) for each in found(forms)) == expected
    assert all(each.is_exact for each in found(forms))


@fewer(5)
@given(st.data(), known_returns())
def test_hiding_facts_holds_the_truth(data: Any, stated: CleanVehicleReturn) -> None:
    """With facts unknown every amount lies in its bounds, and only hidden ones are missing."""
    hidden = {"tax_return.tax_before_credits", "tax_return.other_personal_credits"}
    for index, vehicle in enumerate(stated.vehicles):
        hidden.add(f"vehicles[{index}].claim.purchase.for_use_or_lease")
        if vehicle.credit is Credit.NEW_VEHICLE:
            hidden.add(f"vehicles[{index}].business_use_percent")
            hidden.add(f"vehicles[{index}].claim.vehicle.msrp")
        elif vehicle.credit is Credit.PREVIOUSLY_OWNED_VEHICLE:
            hidden.add(f"vehicles[{index}].claim.purchase.sale_price")
    chosen = data.draw(st.sets(st.sampled_from(sorted(hidden))))
    partial = with_facts(stated, dict.fromkeys(chosen))
    for law in LAWS:
        exact, rough = fill_forms(stated, law=law), fill_forms(partial, law=law)
        if law is not LAWS[2]:
            for line in exact.lines:
                if isinstance(line.value, Bounds):
                    other = rough.line(line.line, form=line.form, vehicle=line.vehicle)
                    assert line.value in other.amount, line
        for one, other in zip(exact.account, rough.account, strict=True):
            assert one.amount in other.amount, one.label
        assert set(bearing(rough)) <= chosen


@given(known_returns())
def test_the_order_of_vehicles_does_not_matter(stated: CleanVehicleReturn) -> None:
    """Save for used vehicles of one day, of which the first stated comes first."""
    # Of more than two transfers on one day the order of the return says which come first.
    assume(sum(each.transfer is not None for each in stated.vehicles) <= 2)
    days = [
        each.claim.purchase.placed_in_service
        for each in stated.vehicles
        if each.credit is Credit.PREVIOUSLY_OWNED_VEHICLE
    ]
    if len(days) == len(set(days)):
        turned = attrs.evolve(stated, vehicles=stated.vehicles[::-1])
        assert found(fill_forms(turned)) == found(fill_forms(stated))


def two_or_three_wheels(cost: Any, percent: Any, deducted: Any) -> Any:
    binding = Binding(current_law(), {PLACED_IN_SERVICE.path: date(2018, 5, 3)})
    return small_vehicle_account(
        *(each if isinstance(each, Bounds) else Bounds.of(each) for each in (cost, percent)),
        deducted if isinstance(deducted, Bounds) else Bounds.of(deducted),
        binding,
    )


@given(amounts, percents, amounts)
def test_a_vehicle_with_few_wheels_by_plain_ratios(
    cost: Decimal, percent: Decimal, deducted: Decimal
) -> None:
    """The columns of the form, and that both parts are the credit."""
    account = two_or_three_wheels(cost, percent, deducted)
    share = Fraction(cost) * Fraction(percent) / 100
    left = max(Fraction(0), share - Fraction(deducted))
    business = min(left / 10, Fraction(2_500))
    rest = Fraction(cost) - share
    personal = min(rest / 10, 2_500 - business)
    expected = (
        *(share, deducted, left, left / 10, 2_500, business),
        *(rest, rest / 10, 2_500 - business, personal, business + personal),
    )
    assert tuple(Fraction(each.lower) for each in account) == expected
    assert all(each.is_exact for each in account)


@given(st.data())
def test_a_vehicle_with_few_wheels_in_bounds(data: Any) -> None:
    """Whatever the facts turn out to be, each amount lies in its bounds."""
    known, rough = [], []
    for facts in (amounts, percents, amounts):
        ends = sorted(data.draw(st.tuples(facts, facts, facts)))
        known.append(ends[1])
        rough.append(Bounds(ends[0], ends[2]))
    if data.draw(st.booleans()):
        rough[2] = Bounds(Decimal(0), Decimal("Infinity"))
    for one, other in zip(two_or_three_wheels(*known), two_or_three_wheels(*rough), strict=True):
        assert one in other
