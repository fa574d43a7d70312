"""26 USC 30D(f)(5): what takes the credit away after the sale.

That is a sale cancelled before the vehicle was placed in service, and a return or a resale soon
after it was.
"""

from __future__ import annotations

from datetime import date, timedelta
from operator import attrgetter
from typing import Any

from evcredit.citation import Citation
from evcredit.expression import Binding, DaysAfter, Derived, Fact, law_of
from evcredit.fact import Kind
from evcredit.law import Law
from evcredit.rule import FactRead, Finding, Mode, Rule, all_of
from evcredit.section_30d.provision import CLAIM, PLACED_IN_SERVICE, Statement, provision
from evcredit.verdict import Verdict

__all__ = ["sale_stands", "still_new_for_a_later_buyer"]


_LAW = law_of(Law)
_IN_SERVICE: Fact = CLAIM.purchase.placed_in_service


def _within_days(event: Fact) -> Any:
    """Whether an event falls within the days, of which the last is within."""
    last = DaysAfter(_IN_SERVICE, _LAW.return_or_resale_days.on(PLACED_IN_SERVICE))
    return event.is_stated & (event <= last)


def _early(event: Fact, label: str) -> Derived:
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


_days_rule = Rule(
    code="kept_beyond_the_days",
    title="not within the days that take the credit away",
    citation=Citation.parse("26 CFR 1.30D-4"),
    mode=Mode.BODY,
)


def _days_in_service(event: date, law: Law) -> tuple[date, ...]:
    """Days placed in service to try: the last ones within and beyond the days."""
    limits = law.return_or_resale_days.values()
    return tuple(event - timedelta(days=days) for days in limits)


returned_early = _early(CLAIM.purchase.returned_on, "returned within the days")
resold_early = _early(CLAIM.purchase.resold_on, "resold within the days")


# A vehicle whose sale falls through is never placed in service by the taxpayer.
@provision("26 CFR 1.30D-4", "the sale was not cancelled before the vehicle was placed in service")
def sale_not_cancelled(claim: Any, law: Any) -> Statement:
    return ~claim.purchase.sale_cancelled


@provision(
    "26 CFR 1.30D-4",
    "the vehicle was not returned soon after it was placed in service",
    in_force="return_or_resale_rule_in_force",
)
def not_returned_early(claim: Any, law: Any) -> Statement:
    return ~returned_early


# Who sells so soon is taken to have bought for resale.
@provision(
    "26 CFR 1.30D-4",
    "the vehicle was not resold soon after it was placed in service",
    in_force="return_or_resale_rule_in_force",
)
def not_resold_early(claim: Any, law: Any) -> Statement:
    return ~resold_early


sale_stands = all_of(
    "sale_stands",
    "the sale stands",
    "26 USC 30D(f)(5)",
    sale_not_cancelled,
    not_returned_early,
    not_resold_early,
)


# After a return or a resale original use has begun, with the first buyer.
@provision("FS-2023-22", "the vehicle is still new for a later buyer")
def still_new_for_a_later_buyer(claim: Any, law: Any) -> Statement:
    """What is left for the next buyer: only a sale cancelled in time leaves the vehicle new.

    It decides nothing about this claim, so it is no part of `sale_stands`.
    """
    return claim.purchase.sale_cancelled
