"""26 USC 30D(f)(5): what takes the credit away after the sale.

That is a sale cancelled before the vehicle was placed in service, and a return or a resale soon
after it was.
"""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import Any

from evcredit.algebra.binding import Binding
from evcredit.algebra.calendar import days_later
from evcredit.algebra.citation import Citation
from evcredit.algebra.day import DaysAfter
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression
from evcredit.algebra.field import Kind
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.kinds import DayFact
from evcredit.algebra.rule import Rule, all_of
from evcredit.algebra.symbol import law_of
from evcredit.algebra.topic import Topic
from evcredit.algebra.verdict import Verdict
from evcredit.law.law import Law
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.provisions.words import clauses

__all__ = ["sale_final", "still_new_for_a_later_buyer"]


_LAW: LawView = law_of(Law)
_IN_SERVICE: DayFact = CLAIM.purchase.placed_in_service


def _within_days(event: DayFact) -> Any:
    """Whether an event falls within the days, of which the last is within."""
    last = DaysAfter(_IN_SERVICE, _LAW.return_or_resale_days.on(PLACED_IN_SERVICE))
    return event.is_stated & (event <= last)


def _early(event: DayFact, label: str) -> Derived:
    """Whether the vehicle was given up within the days that take the credit away."""
    day_of, body = attrgetter(event.path), _within_days(event)

    def findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
        day, service = day_of(claim), claim.purchase.placed_in_service
        if day is None:
            return ()
        facts = (
            FactRead(event.path, day, event.declared),
            FactRead(_IN_SERVICE.path, service, _IN_SERVICE.declared),
        )
        kept = ~Verdict.of(body.bind(binding)(claim))
        happened = f"{event.declared.label} {day}"
        if service is None:
            text = f"{happened}; the day placed in service is unknown"
        else:
            limit = binding.law.return_or_resale_days.on(service)
            after = (day - service).days
            text = f"{happened}, {after} days after placed in service; the limit is {limit} days"
        return (Finding(_days_rule, kept, facts=facts, note=text),)

    return Derived(
        name=label.replace(" ", "_"),
        label=label,
        kind=Kind.FLAG,
        body=body,
        findings=findings,
        samples=lambda unknown, claim, law: _days_in_service(day_of(claim), law),
    )


_days_rule = Topic(
    code="kept_beyond_the_days",
    title="not within the days that take the credit away",
    citation=Citation.parse("26 CFR 1.30D-4"),
    words=clauses,
)


def _days_in_service(event: date, law: Law) -> tuple[date, ...]:
    """Days placed in service to try: the last ones within and beyond the days."""
    limits = law.return_or_resale_days.values()
    return tuple(days_later(event, -days) for days in limits)


returned_early: Derived = _early(CLAIM.purchase.returned_on, "returned within the days")
resold_early: Derived = _early(CLAIM.purchase.resold_on, "resold within the days")


# A vehicle whose sale falls through is never placed in service by the taxpayer.
@provision("26 CFR 1.30D-4", "the sale was not cancelled before the vehicle was placed in service")
def sale_not_cancelled(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.purchase.sale_cancelled


@provision(
    "26 CFR 1.30D-4",
    "the vehicle was not returned soon after it was placed in service",
    in_force="return_or_resale_rule_in_force",
)
def not_returned_early(claim: ClaimView, law: LawView) -> Expression:
    return ~returned_early


# Who sells so soon is taken to have bought for resale.
@provision(
    "26 CFR 1.30D-4",
    "the vehicle was not resold soon after it was placed in service",
    in_force="return_or_resale_rule_in_force",
)
def not_resold_early(claim: ClaimView, law: LawView) -> Expression:
    return ~resold_early


sale_final: Rule = all_of(
    "sale_final",
    "the sale stands",
    "26 USC 30D(f)(5)",
    sale_not_cancelled,
    not_returned_early,
    not_resold_early,
)


# After a return or a resale original use has begun, with the first buyer.
@provision("FS-2023-22", "the vehicle is still new for a later buyer")
def still_new_for_a_later_buyer(claim: ClaimView, law: LawView) -> Expression:
    """What is left for the next buyer: only a sale cancelled in time leaves the vehicle new.

    It decides nothing about this claim, so it is no part of `sale_final`.
    """
    return claim.purchase.sale_cancelled
