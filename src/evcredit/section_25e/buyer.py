"""26 USC 25E(c)(3): who a qualified buyer is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Any

from evcredit.algebra.binding import Binding
from evcredit.algebra.citation import Citation
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression
from evcredit.algebra.field import Kind
from evcredit.algebra.finding import Finding
from evcredit.algebra.path import UnknownFact, unknown_facts
from evcredit.algebra.rule import Rule, all_of
from evcredit.algebra.topic import Topic
from evcredit.algebra.verdict import Verdict, all_known
from evcredit.facts.taxpayer import PriorCredit
from evcredit.law.law import Law
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.provisions.words import clauses
from evcredit.section_30d.limits import is_individual

__all__ = ["credits_that_differ", "qualified_buyer", "turns_on_anniversary", "within_years"]

_EARLIER = CLAIM.taxpayer.prior_credits
_IN_SERVICE = CLAIM.purchase.placed_in_service


@provision("26 USC 25E(c)(3)(A)", "the buyer is an individual")
def individual(claim: ClaimView, law: LawView) -> Expression:
    return is_individual(claim.taxpayer)


# A lessee purchases nothing.
@provision("26 USC 25E(c)(3)(B)", "bought for use, not for resale")
def bought_for_use(claim: ClaimView, law: LawView) -> Expression:
    return claim.purchase.for_use_or_lease & ~claim.purchase.leased_from_another


@provision("26 USC 25E(c)(3)(C)", "no one else may claim the buyer as a dependent")
def not_a_dependent(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.taxpayer.dependent_of_another


# -- three years without such a credit -------------------------------------------------------


def within_years(
    earlier: date, sale: date, years: int, *, anniversary_is_free: bool | None = True
) -> bool | None:
    """Whether an earlier sale lies in the period of years that ends with a sale.

    Args:
        earlier: The day of the earlier sale.
        sale: The day of the sale, on which the period ends.
        years: How many years.
        anniversary_is_free: Whether the anniversary of the earlier sale itself lies outside.

    Returns:
        `None` on the anniversary if it is not known whether that lies outside.

    >>> earlier = date(2023, 5, 2)
    >>> [within_years(earlier, date(2026, 5, day), 3) for day in (1, 2, 3)]
    [True, False, False]
    """
    # Of 29 February there need be no anniversary; then the day after it is the first one out.
    anniversary = (earlier.year + years, earlier.month, earlier.day)
    day = (sale.year, sale.month, sale.day)
    if day == anniversary:
        return None if anniversary_is_free is None else not anniversary_is_free
    return day < anniversary


def _sale(claim: Any) -> date | None:
    """The day of the sale, possession where none is stated."""
    day: date | None = claim.purchase.sale_date or claim.purchase.placed_in_service
    return day


def _lies_before(earlier: PriorCredit, claim: Any, binding: Binding) -> Verdict:
    """Whether an earlier sale lies in the years before the sale of the claim."""
    law, sale = binding.law, _sale(claim)
    if earlier.on is None or sale is None:
        return Verdict.UNKNOWN
    day, schedule = binding.day(PLACED_IN_SERVICE), law.used_vehicle_years_between_credits
    free = law.readings.third_anniversary_is_free
    found = {
        within_years(earlier.on, sale, years, anniversary_is_free=free)
        for years in (schedule.values() if day is None else (schedule.on(day),))
    }
    return Verdict.of(found.pop() if len(found) == 1 else None)


def credits_that_differ(claim: Any, law: Law) -> dict[int, tuple[int, ...]]:
    """Return earlier sales that together decide like all of them, and which others each is like.

    Of sales on known days only the latest decides: if the years since it are over, they are over
    since the others too. Sales on unknown days are all alike.

    Args:
        claim: The claim.
        law: The law.

    Returns:
        By the place of a sale in the list, the places of those like it, its own first.
    """
    earlier = claim.taxpayer.prior_credits or ()
    unknown = tuple(place for place, each in enumerate(earlier) if each.on is None)
    known = (place for place, each in enumerate(earlier) if each.on is not None)
    latest = max(known, key=lambda place: earlier[place].on, default=None)
    found = {} if latest is None else {latest: (latest,)}
    return {**found, **({unknown[0]: unknown} if unknown else {})}


def turns_on_anniversary(claim: Any, law: Law) -> bool:
    """Whether this sale is on the anniversary of another, on which the law is unresolved."""
    sale, free = _sale(claim), law.readings.third_anniversary_is_free
    years = law.used_vehicle_years_between_credits.values()[0]
    known = (each.on for each in claim.taxpayer.prior_credits or ())
    return sale is not None and any(
        day is not None and within_years(day, sale, years, anniversary_is_free=free) is None
        for day in known
    )


def _none_shortly_before(claim: Any, binding: Binding) -> bool | None:
    earlier = claim.taxpayer.prior_credits
    if earlier is None:
        return None
    return all_known((~_lies_before(each, claim, binding)).known for each in earlier)


def _unknown(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    earlier = claim.taxpayer.prior_credits
    if earlier is None:
        yield UnknownFact(_EARLIER.path, _EARLIER.declared)
    for index, each in enumerate(earlier or ()):
        yield from unknown_facts(each, f"{_EARLIER.path}[{index}]")
    if claim.purchase.sale_date is None:
        yield from _IN_SERVICE.unknown_in(claim, binding)


def _samples(unknown: UnknownFact, claim: Any, law: Law) -> tuple[Any, ...]:
    """Days on both sides of each anniversary; each represents the day before it too."""
    years = law.used_vehicle_years_between_credits.values()[0]
    sale = _sale(claim)
    if unknown.declared.kind is Kind.PARTS:
        first: date = law.used_vehicle_first_acquisition.values()[0]
        return ((), (PriorCredit(on=first if sale is None else sale),))
    if unknown.path == _IN_SERVICE.path:
        known = (each.on for each in claim.taxpayer.prior_credits or ())
        return tuple(turn for day in known if day is not None for turn in _around(day, years))
    return () if sale is None else _around(sale, -years)


def _around(day: date, years: int) -> tuple[date, ...]:
    """The anniversary of a day and the day after; of 29 February perhaps the first of March."""
    if not MINYEAR <= day.year + years < MAXYEAR:
        return ()  # there is no such day
    month, of_month = (3, 1) if (day.month, day.day) == (2, 29) else (day.month, day.day)
    anniversary = date(day.year + years, month, of_month)
    return (anniversary, anniversary + timedelta(days=1))


_earlier_rule = Topic(
    code="earlier_credited_sale",
    title="an earlier sale with such a credit lies far enough back",
    citation=Citation.parse("26 USC 25E(c)(3)(D)"),
    words=clauses,
)


def _on(day: date | None) -> str:
    return "on an unknown day" if day is None else f"on {day}"


def _findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    sale, years = _sale(claim), binding.law.used_vehicle_years_between_credits.values()[0]
    return tuple(
        Finding(
            _earlier_rule,
            ~_lies_before(each, claim, binding),
            note=f"a credit for a sale {_on(each.on)}, and this sale {_on(sale)}; the period is "
            f"{years} years",
        )
        for each in claim.taxpayer.prior_credits or ()
    )


no_credit_shortly_before: Derived = Derived(
    name="no_credit_shortly_before",
    label="years without such a credit",
    kind=Kind.FLAG,
    unknown=_unknown,
    bind_value=lambda binding: lambda claim: _none_shortly_before(claim, binding),
    findings=_findings,
    samples=_samples,
    beside=(CLAIM.purchase.sale_date, _IN_SERVICE),
    reads=lambda law: (_EARLIER.path,),
)


@provision("26 USC 25E(c)(3)(D)", "the buyer had no such credit in the three years before")
def no_recent_credit(claim: ClaimView, law: LawView) -> Expression:
    return no_credit_shortly_before


qualified_buyer: Rule = all_of(
    "qualified_buyer",
    "the taxpayer is a qualified buyer",
    "26 USC 25E(c)(3)",
    individual,
    bought_for_use,
    not_a_dependent,
    no_recent_credit,
)
