"""Section 25E: against the plain law, and what more facts, a price and an income can change."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import assume, event, given
from hypothesis import strategies as st
from tests.property import plain_used_law
from tests.strategies import fewer, hide, hidings
from tests.used import USED, known_used_claims, with_bounds

from evcredit import Bounds, Verdict, assess, with_facts

DECIDED = (Verdict.MET, Verdict.NOT_MET)
INCOMES = tuple(
    f"taxpayer.{year}.modified_adjusted_gross_income" for year in ("current_year", "prior_year")
)


def assert_narrower(after: Any, before: Any) -> None:
    if before.verdict in DECIDED:
        assert after.verdict is before.verdict
    assert after.credit in before.credit


@given(known_used_claims())
def test_against_the_plain_law(claim: Any) -> None:
    """With everything known the result is exact, and what the plain law says."""
    result = assess(claim, credit=USED)
    expected = plain_used_law.credit(claim)
    event("a credit" if expected else "none")
    assert result.credit == Bounds.exactly(expected)
    assert result.verdict is result.finding.verdict is Verdict.of(expected > 0)
    assert result.missing() == ()
    assert result.settling(result.verdict) == (frozenset(),)
    assert result.settling(~result.verdict) == ()


@given(st.data(), known_used_claims())
def test_filling_in_never_contradicts(data: Any, whole: Any) -> None:
    """Along a chain of fillings each result lies within the one before."""
    hidden = data.draw(hidings(whole, most=7))
    if data.draw(st.booleans()) and "purchase.sale_price" not in hidden:
        partial = with_bounds(hide(whole, hidden), "purchase.sale_price", 1_000, 2_000)
        assert_narrower(assess(whole, credit=USED), assess(partial, credit=USED))
    before = assess(hide(whole, hidden), credit=USED)
    while hidden:
        hidden = hidden[1:]
        after = assess(hide(whole, hidden), credit=USED)
        assert_narrower(after, before)
        before = after


@fewer(4)
@given(st.data(), known_used_claims())
def test_what_is_missing_can_change_the_result(data: Any, whole: Any) -> None:
    """Where the analysis is exact, filling in what is not missing changes nothing."""
    hidden = data.draw(hidings(whole, most=4))
    given_up = whole.purchase.returned_on or whole.purchase.resold_on
    # Between the day of acquisition and that of a return the rules look at possession apart.
    assume(given_up is None or "purchase.placed_in_service" not in hidden)
    partial = assess(hide(whole, hidden), credit=USED)
    missing = partial.missing()
    if partial.credit.is_exact:
        assert missing == ()
        return
    assume(partial.missing_is_exact)
    assert missing
    kept = [path for path in hidden if any(each.startswith(path) for each in missing)]
    assert assess(hide(whole, kept), credit=USED).credit == partial.credit


@given(known_used_claims(), st.integers(0, 3_000_000), st.integers(0, 3_000_000))
def test_the_credit_grows_with_the_price_to_the_limit(claim: Any, one: int, other: int) -> None:
    """Up to $25,000 a higher price never gives less, above it there is nothing."""
    low, high = sorted((Decimal(one) / 100, Decimal(other) / 100))
    less, more = (
        assess(with_facts(claim, {"purchase.sale_price": price}), credit=USED).credit.lower
        for price in (low, high)
    )
    assert more == 0 if high > 25_000 else less <= more


@given(known_used_claims(), st.sampled_from(INCOMES), st.integers(1, 10_000_000))
def test_a_higher_income_never_gives_more(claim: Any, path: str, cents: int) -> None:
    """Of either year, all else being the same."""
    assume(claim.taxpayer.kind is None or claim.taxpayer.kind.value == "individual")
    before = assess(claim, credit=USED).credit
    year = path.split(".")[1]
    now = getattr(claim.taxpayer, year).modified_adjusted_gross_income
    richer = with_facts(claim, {path: now + Decimal(cents) / 100})
    assert assess(richer, credit=USED).credit.upper <= before.upper
