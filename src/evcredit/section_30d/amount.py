"""26 USC 30D(b): the amount, and section 30D as a whole."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.kinds import Number
from evcredit.algebra.quantity import (
    BoundRules,
    Quantity,
    amount_of,
    as_bounds,
    holds,
    if_else,
    in_force,
    percent_of,
    rounded,
)
from evcredit.algebra.rule import Rule, all_of, any_of
from evcredit.algebra.symbol import law_of
from evcredit.facts.claim import Claim
from evcredit.law.law import Law
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE
from evcredit.provisions.section import BoundCredit, CreditRules
from evcredit.section_30d.before_2023 import by_cost, capacity_amount
from evcredit.section_30d.definition import listed_clean_vehicle, new_clean_vehicle
from evcredit.section_30d.limits import listed_special_rules, special_rules
from evcredit.section_30d.listed import listed_amount, listed_sourcing
from evcredit.section_30d.phase_out import manufacturer_limit, manufacturer_percentage
from evcredit.section_30d.sourcing.components import components_requirement
from evcredit.section_30d.sourcing.minerals import minerals_requirement
from evcredit.section_30d.termination import not_terminated

__all__ = [
    "PhaseOutAccount",
    "credit_allowed",
    "own_facts",
    "phase_out_account",
    "with_list",
    "with_report",
]


def _eligible(clean_vehicle: Rule, special: Rule) -> Rule:
    return all_of(
        "eligible",
        "the vehicle and the taxpayer qualify",
        "26 USC 30D(a)",
        not_terminated,
        clean_vehicle,
        special,
        manufacturer_limit,
    )


def _sourcing(*listed: Rule) -> Rule:
    return any_of(
        "sourcing",
        "at least one of the two sourcing requirements is met",
        "26 USC 30D(b)(1)",
        minerals_requirement,
        components_requirement,
        *listed,
    )


def _allowed(gate: Rule, sourcing: Rule) -> Rule:
    return all_of(
        "credit_allowed",
        "a new clean vehicle credit is allowed",
        "26 USC 30D(a)",
        gate,
        sourcing,
    )


eligible: Rule = _eligible(new_clean_vehicle, special_rules)
sourcing: Rule = _sourcing()
credit_allowed: Rule = _allowed(eligible, sourcing)

# The value with what a published list may represent, for claims that rely on one.
listed_eligible: Rule = _eligible(listed_clean_vehicle, listed_special_rules)
sourcing_or_list: Rule = _sourcing(listed_sourcing)
listed_credit_allowed: Rule = _allowed(listed_eligible, sourcing_or_list)


_ON_LIST = CLAIM.vehicle.listing.credit
_IN_REPORT = CLAIM.purchase.seller_report.maximum_credit


def _before_phase_out(known: Number | None) -> Quantity:
    """The two amounts, before them the one by capacity; or a known amount, as of a list."""
    law = law_of(Law)
    minerals, components = (
        if_else(holds(requirement), amount.on(PLACED_IN_SERVICE), 0)
        for requirement, amount in (
            (minerals_requirement, law.critical_minerals_amount),
            (components_requirement, law.battery_components_amount),
        )
    )
    whole = if_else(
        in_force(minerals_requirement), minerals + components, amount_of(capacity_amount)
    )
    if known is not None:
        whole = if_else(holds(listed_amount), if_else(known.is_stated, known, 0), whole)
    return whole


def _credit(gate: Rule, known: Number | None = None) -> Quantity:
    """What a phase-out leaves of the amount."""
    whole = _before_phase_out(known)
    left = rounded(percent_of(amount_of(manufacturer_percentage), whole))
    return if_else(holds(gate), if_else(in_force(manufacturer_percentage), left, whole), 0)


own_facts: CreditRules = CreditRules(
    credit_allowed,
    (capacity_amount, manufacturer_percentage),
    _credit(eligible),
)
with_list: CreditRules = CreditRules(
    listed_credit_allowed,
    (listed_amount, capacity_amount, manufacturer_percentage),
    _credit(listed_eligible, _ON_LIST),
)
# An accepted report of the seller represents the same of its one vehicle.
with_report: CreditRules = CreditRules(
    listed_credit_allowed,
    (listed_amount, capacity_amount, manufacturer_percentage),
    _credit(listed_eligible, _IN_REPORT),
)


#: Where the amount is stated that the rules take as known, by their identity.
_KNOWN = {id(with_list): _ON_LIST, id(with_report): _IN_REPORT}


class PhaseOutAccount(NamedTuple):
    """How an amount before 2023 is computed, in US dollars and percent.

    Args:
        amount: The amount by capacity, or on a list; of a small vehicle its cost.
        percent: The percentage of it that a phase-out leaves, 100 where there is none.
        left: So much of the amount, to the cent.
    """

    amount: Bounds[Decimal]
    percent: Bounds[Decimal]
    left: Bounds[Decimal]


def phase_out_account(claim: Claim, bound: BoundCredit) -> PhaseOutAccount:
    """The account of an amount before 2023, as the form of 2022 requires it.

    Args:
        claim: The claim.
        bound: Section 30D under the law, on the days of the claim.
    """
    whole = _before_phase_out(_KNOWN.get(id(bound.composition)))
    amount = if_else(by_cost, CLAIM.purchase.cost, whole)
    percent = if_else(in_force(manufacturer_percentage), amount_of(manufacturer_percentage), 100)
    rules = BoundRules(bound.by_rule)
    steps = (rounded(amount), percent, rounded(percent_of(percent, amount)))
    return PhaseOutAccount(*(as_bounds(step.ends(bound.binding, rules)(claim)) for step in steps))
