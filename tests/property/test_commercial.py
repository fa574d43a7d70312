"""Section 45W against the plain law written down a second time, and what must hold of it always."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st
from tests.commercial import DAYS, FACTS, business_claims, cents
from tests.strategies import fewer

from evcredit import Bounds, Claim, VehicleClass, Verdict, assess, current_law, with_facts
from evcredit.facts.taxpayer import TaxpayerKind

LAW = current_law()
SUPPLIED = LAW
for _kind, _amount in (
    ("class 4 to 5", 21_000),
    ("class 6", "33333.33"),
    ("class 7 to 8 without a tractor cab", 60_000),
):
    for _motor in ("battery electric", "plug-in hybrid", "fuel cell"):
        for _year in (2023, 2024, 2025):
            SUPPLIED = SUPPLIED.with_incremental_cost(
                f"{_kind}, {_motor}", _amount, year=_year, why="made up"
            )

# -- the plain law ---------------------------------------------------------------------------

RESIDUAL = {
    "car": (70, 60, 55, 50, 40, 40, 35, 30, 25, 25, 20, 20, 15, 15, 10),
    "truck": (75, 70, 60, 55, 45, 40, 35, 35, 30, 25, 25, 20, 20, 15, 15),
    "4-5": (95, 85, 80, 75, 70, 65, 60, 55, 50, 45, 45, 40, 40, 35, 35),
    "6": (90, 80, 70, 60, 55, 45, 40, 35, 35, 30, 25, 25, 20, 20, 15),
    "7-8": (95, 85, 80, 70, 65, 60, 55, 50, 45, 45, 40, 35, 35, 30, 30),
    "8": (85, 75, 60, 55, 45, 40, 35, 30, 25, 25, 20, 20, 15, 15, 15),
}
HEAVY = {"4-5": Fraction(21_000), "6": Fraction(3_333_333, 100), "7-8": Fraction(60_000)}


def size(claim: Claim) -> str:
    vehicle = claim.vehicle
    weight = vehicle.gross_vehicle_weight_rating_lb
    if weight < 14_000:
        return "car" if vehicle.vehicle_class is VehicleClass.OTHER else "truck"
    if weight <= 19_500:
        return "4-5"
    if weight <= 26_000:
        return "6"
    return "8" if vehicle.tractor_cab and weight > 33_000 else "7-8"


def published(claim: Claim, year: int) -> Fraction | None:
    """The amount for a year, under `SUPPLIED`; `None` where none is held."""
    vehicle, of = claim.vehicle, size(claim)
    if year < 2023:
        return None
    if of in ("car", "truck"):
        compact = of == "car" and vehicle.compact_car and vehicle.gasoline_or_diesel_engine
        if compact:
            return Fraction(7_000) if year < 2025 else None
        return Fraction(7_500)
    if of != "8":
        return HEAVY[of]
    if vehicle.fuel_cell or year > 2023:
        return None
    return Fraction(164_000 if vehicle.gasoline_or_diesel_engine else 297_000)


def incremental(claim: Claim) -> Fraction | None:
    vehicle, purchase = claim.vehicle, claim.purchase
    street = vehicle.clean_air_act_motor_vehicle and vehicle.made_for_public_roads
    if purchase.compares_prices or not street:
        return max(
            Fraction(purchase.cost) - Fraction(purchase.comparable_vehicle_price), Fraction(0)
        )
    year = purchase.placed_in_service.year
    if purchase.original_use_begins_with_taxpayer:
        return published(claim, year)
    amount = published(claim, int(vehicle.model_year))
    age = min(max(year - int(vehicle.model_year), 0), 14)
    return None if amount is None else amount * RESIDUAL[size(claim)][age] / 100


def allowed(claim: Claim) -> bool:
    vehicle, purchase, battery = claim.vehicle, claim.purchase, claim.vehicle.battery
    exempt = claim.taxpayer.kind is TaxpayerKind.TAX_EXEMPT_USER
    light = vehicle.gross_vehicle_weight_rating_lb < 14_000
    acquired = max(purchase.contract_date, purchase.first_payment_date)
    charged = (
        vehicle.driven_by_battery_motor
        and battery.externally_rechargeable
        and battery.capacity_kwh >= (7 if light else 15)
    )
    on_roads = vehicle.clean_air_act_motor_vehicle and vehicle.made_for_public_roads
    return all(
        (
            date(2023, 1, 1) <= acquired <= date(2025, 9, 30),
            vehicle.made_by_qualified_manufacturer,
            purchase.for_use_or_lease,
            on_roads or vehicle.mobile_machinery,
            charged or vehicle.fuel_cell,
            purchase.depreciable or (exempt and not purchase.subject_to_lease),
            not purchase.new_vehicle_credit_allowed,
            # A used-vehicle credit does not bar this one: the statute names section 30D alone.
            not purchase.credit_already_allowed,
            purchase.vin_on_return,
            not purchase.elected_out,
            not purchase.used_predominantly_outside_us,
            vehicle.meets_air_and_safety_rules,
            purchase.true_lease or not purchase.subject_to_lease,
            not exempt or purchase.elective_payment_registered,
        )
    )


def cent(amount: Fraction) -> Fraction:
    return Fraction((amount * 100 + Fraction(1, 2)).__floor__(), 100)


def plain_credit(claim: Claim) -> Fraction | None:
    """The credit of a claim in which everything is known; `None` where the law is unresolved."""
    if not allowed(claim):
        return Fraction(0)
    rate = 15 if claim.vehicle.gasoline_or_diesel_engine else 30
    of_basis = cent(Fraction(claim.purchase.basis) * rate / 100)
    limit = 7_500 if claim.vehicle.gross_vehicle_weight_rating_lb < 14_000 else 40_000
    cost = incremental(claim)
    return None if cost is None else min(of_basis, cent(cost), Fraction(limit))


#: The facts that may be hidden; the optional ones tell something by their absence.
_HIDDEN = [
    *(path for path in FACTS if path not in ("purchase.compares_prices", "taxpayer.kind")),
    *DAYS,
]


def hidden(draw: Any, whole: Claim, most: int) -> tuple[list[str], Claim]:
    """The paths of some facts, and the claim without them."""
    paths = draw(st.lists(st.sampled_from(_HIDDEN), max_size=most, unique=True))
    return paths, with_facts(whole, dict.fromkeys(paths))


def credit(claim: Claim, law: Any = SUPPLIED) -> Any:
    return assess(claim, law=law, credit="45W")


# -- what must hold --------------------------------------------------------------------------


@given(business_claims())
def test_against_the_plain_law(claim: Claim) -> None:
    """The same dollars, and the same open law, without rules, schedules and quantities."""
    expected = plain_credit(claim)
    result = credit(claim)
    if expected is None:
        event("the law is unresolved")
        assert result.credit.lower == 0
        assert not result.credit.is_exact or result.credit.upper == 0
        assert bool(result.undetermined) is (result.verdict is Verdict.UNKNOWN)
        return
    event("a credit" if expected else "none")
    assert result.credit == Bounds.exactly(Decimal(expected.numerator) / expected.denominator)
    assert result.verdict is result.finding.verdict is Verdict.of(expected > 0)


@given(st.data(), business_claims())
def test_the_truth_lies_within_what_was_said_with_less(data: Any, whole: Claim) -> None:
    """Filling in facts contradicts no verdict and leaves no bounds."""
    paths, partial = hidden(data.draw, whole, 8)
    before = credit(partial)
    while True:
        after = credit(whole if not paths else with_facts(whole, dict.fromkeys(paths[1:])))
        if before.verdict is not Verdict.UNKNOWN:
            assert after.verdict is before.verdict
        assert after.credit in before.credit
        if not paths:
            return
        paths, before = paths[1:], after


@given(st.data(), business_claims())
def test_bounds_of_amounts_hold_the_truth(data: Any, whole: Claim) -> None:
    """An amount that is known to lie between two others."""
    path = data.draw(
        st.sampled_from(["purchase.basis", "purchase.cost", "purchase.comparable_vehicle_price"])
    )
    amount = {"basis": whole.purchase.basis, "cost": whole.purchase.cost}.get(
        path.split(".")[1], whole.purchase.comparable_vehicle_price
    )
    below, above = data.draw(cents), data.draw(cents)
    roughly = Bounds(max(amount - below, Decimal(0)), amount + above)
    assert credit(whole).credit in credit(with_facts(whole, {path: roughly})).credit


@given(business_claims(), cents)
def test_more_basis_is_never_less_credit(claim: Claim, more: Decimal) -> None:
    """Monotone in the basis."""
    before = credit(claim).credit
    after = credit(with_facts(claim, {"purchase.basis": claim.purchase.basis + more})).credit
    assert after.lower >= before.lower
    assert after.upper >= before.upper


@given(business_claims(), cents)
def test_more_incremental_cost_is_never_less_credit(claim: Claim, more: Decimal) -> None:
    """A dearer vehicle, or a cheaper comparable one; and a higher published amount."""
    compared = with_facts(claim, {"purchase.compares_prices": True})
    before = credit(compared).credit
    cheaper = max(claim.purchase.comparable_vehicle_price - more, Decimal(0))
    for path, price in (
        ("purchase.cost", claim.purchase.cost + more),
        ("purchase.comparable_vehicle_price", cheaper),
    ):
        after = credit(with_facts(compared, {path: price})).credit
        assert after.lower >= before.lower


@given(st.data(), business_claims())
def test_never_above_the_limit(data: Any, whole: Claim) -> None:
    """7,500 dollars below 14,000 pounds, 40,000 from there on, whatever is unknown."""
    _, partial = hidden(data.draw, whole, 12)
    weight = partial.vehicle.gross_vehicle_weight_rating_lb
    limit = 7_500 if weight is not None and weight < 14_000 else 40_000
    assert 0 <= credit(partial).credit.lower <= credit(partial).credit.upper <= limit


@fewer(4)
@given(st.data(), business_claims(), st.sampled_from([LAW, SUPPLIED]))
def test_what_is_not_missing_does_not_matter(data: Any, whole: Claim, law: Any) -> None:
    """Of a fact that is not reported any value gives the same credit."""
    paths, partial = hidden(data.draw, whole, 3)
    assume(paths)
    other = data.draw(business_claims())
    result = credit(partial, law)
    assert result.missing_is_exact or len(paths) > 1
    for path in paths:
        if path in result.missing() or path in DAYS:
            continue
        value: Any = other
        for name in path.split("."):
            value = getattr(value, name)
        changed = with_facts(whole, {path: value})
        assert credit(changed, law).credit == credit(whole, law).credit, path
        event("a fact that does not matter")


@fewer(4)
@given(st.data(), business_claims())
def test_settling_sets_settle(data: Any, whole: Claim) -> None:
    """Where everything else is known, the facts of a set and no fewer are unknown facts."""
    paths, partial = hidden(data.draw, whole, 2)
    result = credit(partial)
    for verdict in (Verdict.MET, Verdict.NOT_MET):
        for found in result.settling(verdict):
            assert found <= set(paths)
            if result.verdict is Verdict.UNKNOWN:
                assert found
    truth = credit(whole)
    if truth.verdict is not Verdict.UNKNOWN:
        # Filling in everything is one way to settle it, so there is a set.
        assert result.settling(truth.verdict)
