"""The days of a claim that pick the law: placed in service, sold, title passed.

Most of section 30D is read on the day the vehicle is placed in service, which is the day the
taxpayer takes possession. Final assembly and the limit on the number of vehicles go by the day
of sale, the old rules for small vehicles by the day title passed. A taxpayer who was bound by a
contract before P.L. 117-169 may elect to be treated as if the vehicle had been placed in service
on the day before that law (sec. 13401(l)).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from evcredit.claim import Claim
from evcredit.expression import Day, Fact, facts_of
from evcredit.law import Law, ManufacturerLimitDay
from evcredit.verdict import Verdict

__all__ = ["CLAIM", "LIMIT_DAY", "PLACED_IN_SERVICE", "SOLD", "TITLE_PASSED", "election_stands"]

#: The facts of a claim, as rule bodies see them.
CLAIM = facts_of(Claim)
_PURCHASE = CLAIM.purchase
_A_DAY = timedelta(days=1)


def _only(law: Law, name: str) -> date:
    """The value of a schedule with one entry."""
    value: date = getattr(law, name).values()[0]
    return value


def election_stands(claim: Any, law: Law) -> Verdict:
    """Whether the taxpayer elects the rule of P.L. 117-169 sec. 13401(l), and may.

    Args:
        claim: A claim.
        law: The law.

    Returns:
        Not met where there is no election, or where contract and purchase lie outside the
        days that allow it; unknown where the day of the contract is not known.

    >>> from evcredit import Claim, Purchase, current_law
    >>> purchase = Purchase(
    ...     contract_date="2022-08-15",
    ...     placed_in_service="2022-11-05",
    ...     elects_binding_contract_rule=True,
    ... )
    >>> election_stands(Claim(purchase=purchase), current_law())
    <Verdict.MET: 'met'>
    """
    purchase = claim.purchase
    in_service = purchase.placed_in_service
    if not purchase.elects_binding_contract_rule:
        return Verdict.NOT_MET
    if in_service is None:
        return Verdict.UNKNOWN
    ends = law.readings.election_ends_with_2022
    late = ends and in_service > _only(law, "election_last_in_service")
    if late or in_service <= _only(law, "election_treated_as"):
        return Verdict.NOT_MET
    first, last = _only(law, "election_first_contract"), _only(law, "election_last_contract")
    bound = (purchase.contract_date, purchase.sale_date)
    if any(day is not None and first <= day <= last for day in bound):
        return Verdict.MET
    return Verdict.UNKNOWN if purchase.contract_date is None else Verdict.NOT_MET


def _governing(claim: Any, law: Law) -> date | None:
    """The day placed in service, or the one the election puts in its place."""
    in_service: date | None = claim.purchase.placed_in_service
    if not claim.purchase.elects_binding_contract_rule:
        return in_service
    stands = election_stands(claim, law)
    if stands is Verdict.UNKNOWN:
        return None
    return _only(law, "election_treated_as") if stands is Verdict.MET else in_service


def _sold(claim: Any, law: Law) -> date | None:
    """The day of sale; possession where it is not stated, and never after the elected day."""
    governing = _governing(claim, law)
    sale: date | None = claim.purchase.sale_date
    if sale is None:
        return governing
    if not claim.purchase.elects_binding_contract_rule:
        return sale
    return None if governing is None else min(sale, governing)


def _title_passed(claim: Any, law: Law) -> date | None:
    day: date | None = claim.purchase.title_date
    return _sold(claim, law) if day is None else day


def _limit_day(claim: Any, law: Law) -> date | None:
    if law.readings.manufacturer_limit_day is ManufacturerLimitDay.SOLD:
        return _sold(claim, law)
    return _governing(claim, law)


def _governing_facts(claim: Any) -> tuple[Fact, ...]:
    if claim.purchase.elects_binding_contract_rule:
        return (_PURCHASE.placed_in_service, _PURCHASE.contract_date)
    return (_PURCHASE.placed_in_service,)


def _sold_facts(claim: Any) -> tuple[Fact, ...]:
    sold = claim.purchase.sale_date is not None
    if sold and not claim.purchase.elects_binding_contract_rule:
        return ()
    return _governing_facts(claim)


def _title_facts(claim: Any) -> tuple[Fact, ...]:
    return _sold_facts(claim) if claim.purchase.title_date is None else ()


def _election_turns(law: Law) -> Mapping[str, Iterable[date]]:
    first, last = _only(law, "election_first_contract"), _only(law, "election_last_contract")
    starts = {_only(law, "election_treated_as") + _A_DAY}
    if law.readings.election_ends_with_2022:
        starts.add(_only(law, "election_last_in_service") + _A_DAY)
    return {
        _PURCHASE.contract_date.path: (first, last + _A_DAY),
        _PURCHASE.placed_in_service.path: tuple(sorted(starts)),
    }


#: The day that picks most entries of this section.
PLACED_IN_SERVICE = Day(
    path=_PURCHASE.placed_in_service.path,
    label="placed in service",
    of=_governing,
    decided_by=_governing_facts,
    reads=(_PURCHASE.placed_in_service,),
    breakpoints=_election_turns,
)
#: The day that decides whether the vehicle must be assembled in North America.
SOLD = Day(
    path=_PURCHASE.sale_date.path,
    label="sold",
    of=_sold,
    decided_by=_sold_facts,
    reads=(_PURCHASE.placed_in_service,),
    breakpoints=_election_turns,
)
#: The day that decides which vehicles with two or three wheels qualify.
TITLE_PASSED = Day(
    path=_PURCHASE.title_date.path,
    label="title passed",
    of=_title_passed,
    decided_by=_title_facts,
    reads=(_PURCHASE.placed_in_service,),
    breakpoints=_election_turns,
)
#: The day that decides whether, and how far, the manufacturer's number of vehicles matters.
LIMIT_DAY = Day(
    path="limit_day",
    label="sold",
    of=_limit_day,
    decided_by=_sold_facts,
    reads=(_PURCHASE.placed_in_service,),
    breakpoints=_election_turns,
)
