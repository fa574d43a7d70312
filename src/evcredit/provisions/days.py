"""The days of a claim that pick the law: placed in service, sold, title passed.

Most of section 30D is read on the day the vehicle is placed in service, which is the day the
taxpayer takes possession. Final assembly and the limit on the number of vehicles go by the day
of sale, the old rules for small vehicles by the day title passed. A taxpayer who was bound by a
contract before P.L. 117-169 may elect to be treated as if the vehicle had been placed in service
on the day before that law (sec. 13401(l)).
"""

from __future__ import annotations

from functools import partial

from evcredit.algebra.binding import Binding
from evcredit.algebra.day import Day, Earlier, IfElseDay
from evcredit.algebra.expression import Expression
from evcredit.algebra.symbol import facts_of, law_of
from evcredit.algebra.verdict import Verdict
from evcredit.facts.claim import Claim
from evcredit.law.law import Law
from evcredit.law.readings import ManufacturerLimitDay
from evcredit.provisions.views import ClaimView, LawView, PurchaseView

__all__ = [
    "CLAIM",
    "ELECTION_STANDS",
    "LIMIT_DAY",
    "PLACED_IN_SERVICE",
    "SOLD",
    "TITLE_PASSED",
    "election_stands",
]

#: The facts of a claim, as rule bodies see them.
CLAIM: ClaimView = facts_of(Claim)
_PURCHASE = CLAIM.purchase
_LAW: LawView = law_of(Law)


def _election(purchase: PurchaseView, law: LawView) -> Expression:
    """A contract or purchase within the days that allow it, and in service after them."""
    first, last = law.election_first_contract.ever, law.election_last_contract.ever
    contract, sale = purchase.contract_date, purchase.sale_date
    contracted = ~purchase.no_contract & (contract >= first) & (contract <= last)
    bought = sale.is_stated & (sale >= first) & (sale <= last)
    in_service = purchase.placed_in_service
    late = law.readings.election_ends_with_2022 & (in_service > law.election_last_in_service.ever)
    in_time = (in_service > law.election_treated_as.ever) & ~late
    return purchase.elects_transition_rule & in_time & (contracted | bought)


#: Whether the election of P.L. 117-169 sec. 13401(l) is made, and may be.
ELECTION_STANDS = _election(_PURCHASE, _LAW)


def election_stands(claim: Claim, law: Law) -> Verdict:
    """Whether the taxpayer elects the rule of P.L. 117-169 sec. 13401(l), and may.

    Args:
        claim: A claim.
        law: The law.

    Returns:
        Not met where there is no election, or where contract and purchase lie outside the
        days that allow it; unknown where a day that decides it is not known.

    >>> from evcredit import Claim, Purchase, current_law
    >>> purchase = Purchase(
    ...     contract_date="2022-08-15",
    ...     placed_in_service="2022-11-05",
    ...     elects_transition_rule=True,
    ... )
    >>> election_stands(Claim(purchase=purchase), current_law())
    <Verdict.MET: 'met'>
    """
    return Verdict.of(ELECTION_STANDS.bind(Binding(law, {}))(claim))


# The day placed in service, or the one the election puts in its place.
_governing = IfElseDay(ELECTION_STANDS, _LAW.election_treated_as.ever, _PURCHASE.placed_in_service)
# Possession where no sale is stated, and never after the elected day.
_sold = IfElseDay(
    _PURCHASE.sale_date.is_stated,
    IfElseDay(
        _PURCHASE.elects_transition_rule,
        Earlier(_PURCHASE.sale_date, _governing),
        _PURCHASE.sale_date,
    ),
    _governing,
)
_title_passed = IfElseDay(_PURCHASE.title_date.is_stated, _PURCHASE.title_date, _sold)
_by_sale = _LAW.readings.manufacturer_limit_day.is_one_of(ManufacturerLimitDay.SOLD)

# Of an unknown day it is possession that is needed: the other days are taken to be the same.
_day = partial(Day, reads=(_PURCHASE.placed_in_service,))

#: The day that picks most entries of this section.
PLACED_IN_SERVICE = _day(_PURCHASE.placed_in_service.path, "placed in service", _governing)
#: The day that decides whether the vehicle must be assembled in North America.
SOLD = _day(_PURCHASE.sale_date.path, "sold", _sold)
#: The day that decides which vehicles with two or three wheels qualify.
TITLE_PASSED = _day(_PURCHASE.title_date.path, "title passed", _title_passed)
#: The day that decides whether, and how far, the manufacturer's number of vehicles matters.
LIMIT_DAY = _day("limit_day", "sold", IfElseDay(_by_sale, _sold, _governing))
