"""What a return gets of a credit: nothing is created or gets lost, and bounds hold the truth."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evcredit import Bounds, TaxYear, assess, current_law, examples, with_facts
from evcredit.facts.tax_return import TaxReturn
from evcredit.law.readings import Apportionment
from evcredit.provisions.tax_limit import allocate_credit
from evcredit.section_25e import personal_credits

FACTS = (
    "business_use_percent",
    "tax_before_credits",
    "other_personal_credits",
    "previously_owned_vehicle_credit",
)
LAWS = (
    current_law(),
    current_law().with_readings(apportionment=Apportionment.WHOLE_FROM_HALF),
)
PARTS = ("business_part", "personal_credit", "forfeited")

amounts = st.one_of(
    st.sampled_from([0, 1, 750_000, 375_000]).map(lambda cents: Decimal(cents).scaleb(-2)),
    st.integers(0, 1_200_000).map(lambda cents: Decimal(cents).scaleb(-2)),
)
percents = st.one_of(
    st.sampled_from([Decimal(0), Decimal("49.999"), Decimal(50), Decimal(100)]),
    st.integers(0, 10**8).map(lambda units: Decimal(units).scaleb(-6)),
)
laws = st.sampled_from(LAWS)


@st.composite
def bounded(draw: Any, values: Any) -> Bounds[Decimal]:
    one, other = draw(values), draw(values)
    return Bounds(min(one, other), max(one, other))


def known_returns() -> Any:
    return st.tuples(percents, amounts, amounts, amounts)


def the_return(values: Any) -> TaxReturn:
    return TaxReturn(**dict(zip(FACTS, values, strict=True)))


def exact_parts(credit: Decimal, values: Any, law: Any) -> tuple[Fraction, Fraction, Fraction]:
    """The three parts by ratios of integers, written apart from the package.

    A line of the form holds whole cents: the business part is rounded half up, the rest is
    personal, so nothing gets lost.
    """
    percent, tax, other, used = (Fraction(value) for value in values)
    if law is LAWS[1] and percent >= 50:
        percent = Fraction(100)
    business = Fraction(floor(Fraction(credit) * percent + Fraction(1, 2)), 100)
    personal = Fraction(credit) - business
    allowed = min(personal, max(Fraction(0), tax - other - used))
    return business, allowed, personal - allowed


@given(amounts, known_returns(), laws)
def test_parts_add_up_to_the_credit(credit: Decimal, values: Any, law: Any) -> None:
    """Business part, personal credit and lost part are those of plain ratios, and all there is."""
    result = allocate_credit(credit, the_return(values), law=law)
    found = [getattr(result, name) for name in PARTS]
    assert all(each.is_exact for each in found)
    assert tuple(Fraction(each.lower) for each in found) == exact_parts(credit, values, law)
    assert sum(Fraction(each.lower) for each in found) == Fraction(credit)
    assert result.missing == ()


@given(bounded(amounts), st.tuples(*map(bounded, (percents, amounts, amounts, amounts))), laws)
def test_bounds_are_the_least_and_the_greatest(credit: Any, values: Any, law: Any) -> None:
    """The ends are those over all corners of what is known: none omitted, none too many."""
    result = allocate_credit(credit, the_return(values), law=law)
    ends = [(each.lower, each.upper) for each in values]
    corners = [
        exact_parts(one, corner, law)
        for one in (credit.lower, credit.upper)
        for corner in itertools.product(*ends)
    ]
    for index, name in enumerate(PARTS):
        part = getattr(result, name)
        column = [corner[index] for corner in corners]
        assert (Fraction(part.lower), Fraction(part.upper)) == (min(column), max(column)), name
    lowers = sum(Fraction(getattr(result, name).lower) for name in PARTS)
    uppers = sum(Fraction(getattr(result, name).upper) for name in PARTS)
    assert lowers <= Fraction(credit.lower) <= Fraction(credit.upper) <= uppers


@given(st.data(), amounts, known_returns(), laws)
def test_hiding_facts_holds_the_truth(data: Any, credit: Decimal, values: Any, law: Any) -> None:
    """With some facts unknown every part still lies in its bounds."""
    whole = the_return(values)
    hidden = data.draw(st.sets(st.sampled_from(FACTS[:3])))
    partial = the_return(
        [None if name in hidden else value for name, value in zip(FACTS, values, strict=True)]
    )
    exact, rough = (
        allocate_credit(credit, whole, law=law),
        allocate_credit(credit, partial, law=law),
    )
    for name in (*PARTS, "personal_part", "remaining_tax"):
        assert getattr(exact, name) in getattr(rough, name), name
    assert set(rough.missing) <= hidden


@given(st.data(), amounts, known_returns(), laws)
def test_missing_names_what_moves_a_part(data: Any, credit: Decimal, values: Any, law: Any) -> None:
    """A fact that is not named can take any of its values without moving a part."""
    hidden = data.draw(st.sets(st.sampled_from(FACTS[:3]), min_size=1))
    stated = dict(zip(FACTS, values, strict=True))
    partial = TaxReturn(**{name: v for name, v in stated.items() if name not in hidden})
    missing = allocate_credit(credit, partial, law=law).missing
    for name in hidden - set(missing):
        other = data.draw(percents if name == "business_use_percent" else amounts)
        moved = the_return({**stated, name: other}.values())
        before = allocate_credit(credit, the_return(values), law=law)
        after = allocate_credit(credit, moved, law=law)
        assert [getattr(before, part) for part in PARTS] == [getattr(after, part) for part in PARTS]


@given(
    st.tuples(*map(bounded, (amounts, amounts, amounts, amounts))),
    st.sampled_from([True, False, None]),
)
def test_two_credits_against_one_tax(values: Any, first: bool | None) -> None:
    """Bounds are those over all corners; of each credit what is allowed and lost is all of it."""
    law = current_law().with_readings(used_vehicle_credit_first=first)
    new, used, tax, other = values
    found = personal_credits(
        new, used, TaxReturn(tax_before_credits=tax, other_personal_credits=other), law=law
    )
    corners = [
        _shared(corner, used_first=way)
        for corner in itertools.product(*((each.lower, each.upper) for each in values))
        for way in ((True, False) if first is None else (first,))
    ]
    for index, name in enumerate(("new_allowed", "new_lost", "used_allowed", "used_lost")):
        part = getattr(found, name)
        column = [corner[index] for corner in corners]
        assert (Fraction(part.lower), Fraction(part.upper)) == (min(column), max(column)), name
    for name, pick in (("allowed", (0, 2)), ("forfeited", (1, 3))):
        part = getattr(found, name)
        column = [sum(corner[index] for index in pick) for corner in corners]
        assert (Fraction(part.lower), Fraction(part.upper)) == (min(column), max(column)), name


def _shared(corner: Any, *, used_first: bool) -> tuple[Fraction, ...]:
    new, used, tax, other = map(Fraction, corner)
    left = max(Fraction(0), tax - other)
    if used_first:
        used_allowed = min(used, left)
        new_allowed = min(new, left - used_allowed)
    else:
        new_allowed = min(new, left)
        used_allowed = min(used, left - new_allowed)
    return new_allowed, new - new_allowed, used_allowed, used - used_allowed


incomes = st.integers(-1_000_000, 50_000_000).map(lambda cents: Decimal(cents).scaleb(-2))
statuses = st.sampled_from(
    ["single", "head of household", "married filing jointly", "married filing separately", None]
)


@given(statuses, statuses, st.tuples(incomes, incomes), st.integers(0, 20_000_000))
def test_more_income_never_raises_the_credit(
    now: Any, before: Any, amounts_of_years: Any, more: int
) -> None:
    """Raising the income of either year or of both leaves the credit as it is or takes it away."""
    claim = examples.demonstration_claim()

    def credit(one: Decimal, other: Decimal) -> Any:
        years = {
            "taxpayer.current_year": TaxYear(filing_status=now, modified_adjusted_gross_income=one),
            "taxpayer.prior_year": TaxYear(
                filing_status=before, modified_adjusted_gross_income=other
            ),
        }
        return assess(with_facts(claim, years)).credit

    one, other = amounts_of_years
    raised = Decimal(more).scaleb(-2)
    poorer = credit(one, other)
    for richer in (
        credit(one + raised, other),
        credit(one, other + raised),
        credit(one + raised, other + raised),
    ):
        assert richer.lower <= poorer.lower
        assert richer.upper <= poorer.upper
