"""26 USC 30D(b): the amount, and section 30D as a whole."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import attrs

from evcredit.bounds import Bounds
from evcredit.errors import OutsideCoverage
from evcredit.expression import Binding, Truth
from evcredit.law import Law
from evcredit.rule import BoundRule, Rule, all_of, any_of
from evcredit.section_30d.components import components_requirement
from evcredit.section_30d.definition import new_clean_vehicle
from evcredit.section_30d.limits import special_rules
from evcredit.section_30d.minerals import minerals_requirement
from evcredit.section_30d.provision import PLACED_IN_SERVICE
from evcredit.section_30d.termination import not_terminated

__all__ = ["BoundCredit", "bind_credit", "credit_allowed"]

sourcing = any_of(
    "sourcing",
    "at least one of the two sourcing requirements is met",
    "26 USC 30D(b)(1)",
    minerals_requirement,
    components_requirement,
)

eligible = all_of(
    "eligible",
    "the vehicle and the taxpayer qualify",
    "26 USC 30D(a)",
    not_terminated,
    new_clean_vehicle,
    special_rules,
)

credit_allowed = all_of(
    "credit_allowed",
    "a new clean vehicle credit is allowed",
    "26 USC 30D(a)",
    eligible,
    sourcing,
)


@attrs.frozen(eq=False)
class BoundCredit:
    """Section 30D under a law, on the days of a claim.

    Args:
        allowed: The rule of everything.
        gate, minerals, components: The three truths the amount depends on.
        minerals_amounts, components_amounts: Bounds of the two amounts in whole dollars.
    """

    allowed: BoundRule
    gate: BoundRule
    minerals: BoundRule
    components: BoundRule
    minerals_amounts: Bounds[int]
    components_amounts: Bounds[int]

    def amount(self, gate: Truth, minerals: Truth, components: Truth) -> tuple[int, int]:
        """The least and the greatest credit in whole dollars, given what is known."""
        if gate is False:
            return (0, 0)
        least = most = 0
        if minerals is not False:
            most += self.minerals_amounts.upper
            least += self.minerals_amounts.lower if minerals else 0
        if components is not False:
            most += self.components_amounts.upper
            least += self.components_amounts.lower if components else 0
        return (least if gate else 0, most)


@lru_cache(maxsize=512)
def bind_credit(law: Law, placed_in_service: Any) -> BoundCredit:
    """Section 30D under `law` for vehicles placed in service on a day; `None` if unknown.

    Raises:
        OutsideCoverage: No law is held for that day.
    """
    days = {}
    if placed_in_service is not None:
        covered = law.critical_minerals_amount
        if not covered.covers(placed_in_service):
            raise OutsideCoverage(
                "section 30D for a vehicle placed in service", placed_in_service, covered.covered
            )
        days[PLACED_IN_SERVICE.path] = placed_in_service
    binding = Binding(law, days)
    allowed = credit_allowed.bind(binding)
    return BoundCredit(
        allowed=allowed,
        gate=_part(allowed, eligible),
        minerals=_part(_part(allowed, sourcing), minerals_requirement),
        components=_part(_part(allowed, sourcing), components_requirement),
        minerals_amounts=_amounts(law.critical_minerals_amount, placed_in_service),
        components_amounts=_amounts(law.battery_components_amount, placed_in_service),
    )


def _part(whole: BoundRule, rule: Rule) -> BoundRule:
    return next(part for part in whole.parts if part.rule is rule)


def _amounts(schedule: Any, day: Any) -> Bounds[int]:
    values = schedule.values() if day is None else (schedule.on(day),)
    return Bounds(min(values), max(values))
