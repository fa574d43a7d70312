"""26 USC 30D(b): the amount, and section 30D as a whole."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs

from evcredit.bounds import Bounds
from evcredit.expression import Binding, Truth
from evcredit.money import cents
from evcredit.rule import BoundRule, Rule, all_of, any_of
from evcredit.section_30d.before_2023 import (
    capacity_amount,
    manufacturer_limit,
    manufacturer_percentage,
)
from evcredit.section_30d.components import components_requirement
from evcredit.section_30d.days import PLACED_IN_SERVICE
from evcredit.section_30d.definition import listed_clean_vehicle, new_clean_vehicle
from evcredit.section_30d.limits import listed_special_rules, special_rules
from evcredit.section_30d.listed import listed_amount, listed_sourcing
from evcredit.section_30d.minerals import minerals_requirement
from evcredit.section_30d.termination import not_terminated

__all__ = ["BoundNewVehicle", "bind_new_vehicle", "credit_allowed"]


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


eligible = _eligible(new_clean_vehicle, special_rules)
sourcing = _sourcing()
credit_allowed = _allowed(eligible, sourcing)

# The same with what a published list may stand for, for claims that rely on one.
listed_eligible = _eligible(listed_clean_vehicle, listed_special_rules)
sourcing_or_list = _sourcing(listed_sourcing)
listed_credit_allowed = _allowed(listed_eligible, sourcing_or_list)


@attrs.frozen(eq=False)
class BoundNewVehicle:
    """Section 30D under a law, on the days of a claim.

    Args:
        allowed: The rule of everything.
        gate, minerals, components: The three truths the amount depends on.
        listed: Whether a published list gives the amount; `None` for claims that rely on none.
        capacity: The amount by battery capacity, in force where the other two are not.
        percentage: The percentage of the credit that a phase-out leaves.
        minerals_amounts, components_amounts: Bounds of the two amounts in cents.
    """

    allowed: BoundRule
    gate: BoundRule
    minerals: BoundRule
    components: BoundRule
    listed: BoundRule | None
    capacity: BoundRule
    percentage: BoundRule
    minerals_amounts: Bounds[int]
    components_amounts: Bounds[int]

    @property
    def measured(self) -> tuple[BoundRule, ...]:
        """The amounts beside the tree of rules, in the order in which they are explained."""
        first = () if self.listed is None else (self.listed,)
        return (*first, self.capacity, self.percentage)

    @property
    def roots(self) -> tuple[Rule, ...]:
        """The rules whose outcomes `of_outcomes` takes."""
        bound = (self.gate, self.minerals, self.components, self.capacity, self.percentage)
        last = () if self.listed is None else (self.listed,)
        return tuple(each.rule for each in (*bound, *last))

    def of(self, claim: Any) -> tuple[int, int]:
        """The least and the greatest credit of a claim in cents."""
        gate = self.gate.run(claim)
        if gate is False:
            return (0, 0)
        if self.listed is None and self.minerals.applies and self.percentage.applies is False:
            # The common case: both amounts, each all or nothing.
            least, most = self._sourced(self.minerals.run(claim), self.components.run(claim))
        else:
            least, most = self._by_regime(claim)
        return (least if gate else 0, most)

    def _sourced(self, minerals: Truth, components: Truth) -> tuple[int, int]:
        least = most = 0
        if minerals is not False:
            most += self.minerals_amounts.upper
            least += self.minerals_amounts.lower if minerals else 0
        if components is not False:
            most += self.components_amounts.upper
            least += self.components_amounts.lower if components else 0
        return (least, most)

    def _by_regime(self, claim: Any) -> tuple[int, int]:
        """The amount where it goes by capacity, by a list, is phased out, or could do any of it."""
        listed = False if self.listed is None else self.listed.run(claim)
        found = []
        if listed is not False:
            found.append((_listed_cents(claim), _listed_cents(claim)))
        if not listed and self.minerals.applies is not False:
            found.append(self._sourced(self.minerals.inner(claim), self.components.inner(claim)))
        if not listed and self.capacity.applies is not False:
            amounts: Any = self.capacity.inner(claim)
            found.append((cents(amounts.lower), cents(amounts.upper)))
        least, most = min(low for low, _ in found), max(high for _, high in found)
        if self.percentage.applies is not False:
            left: Any = self.percentage.inner(claim)
            upper = left.upper if self.percentage.applies else 100
            least, most = _part(least, int(left.lower)), _part(most, int(upper))
        return (least, most)

    def of_outcomes(self, *outcomes: Any, claim: Any) -> tuple[int, int]:
        """The least and the greatest credit in cents, given what the roots come to.

        A truth is `None` where the law itself leaves it open; what is not in force is told by
        `ABSENT`, and takes no part.

        Args:
            outcomes: What each of `roots` comes to.
            claim: The claim, for the amount that a published list gives.
        """
        gate, minerals, components, capacity, percentage, *last = outcomes
        listed = last[0] if last else False
        if gate is False:
            return (0, 0)
        truths = [None if each is None else each is True for each in (minerals, components)]
        least, most = self._sourced(*truths)
        if isinstance(capacity, Decimal):
            least, most = least + cents(capacity), most + cents(capacity)
        if listed is True:
            least = most = _listed_cents(claim)
        elif listed is None:
            least, most = min(least, _listed_cents(claim)), max(most, _listed_cents(claim))
        if isinstance(percentage, Decimal):
            least, most = _part(least, int(percentage)), _part(most, int(percentage))
        return (least if gate else 0, most)


def _listed_cents(claim: Any) -> int:
    return cents(claim.vehicle.listing.credit or Decimal(0))


def _part(whole_cents: int, percent: int) -> int:
    """A percentage of an amount, to the nearest cent, half up."""
    return (whole_cents * percent + 50) // 100


def bind_new_vehicle(binding: Binding, listed: bool) -> BoundNewVehicle:
    """Section 30D under a law, on the days of a claim.

    Args:
        binding: The law and the days.
        listed: Whether the claim relies on a published list.
    """
    law = binding.law
    allowed = (listed_credit_allowed if listed else credit_allowed).bind(binding)
    gate, amounts = allowed.parts
    in_service = binding.day(PLACED_IN_SERVICE)
    return BoundNewVehicle(
        allowed=allowed,
        gate=gate,
        minerals=_within(amounts, minerals_requirement),
        components=_within(amounts, components_requirement),
        listed=listed_amount.bind(binding) if listed else None,
        capacity=capacity_amount.bind(binding),
        percentage=manufacturer_percentage.bind(binding),
        minerals_amounts=_amounts(law.critical_minerals_amount, in_service),
        components_amounts=_amounts(law.battery_components_amount, in_service),
    )


def _within(whole: BoundRule, rule: Rule) -> BoundRule:
    return next(part for part in whole.parts if part.rule is rule)


def _amounts(schedule: Any, day: Any) -> Bounds[int]:
    known = day is not None and schedule.covers(day)
    values = (schedule.on(day),) if known else schedule.values()
    return Bounds(100 * min(values), 100 * max(values))
