"""26 USC 30D(g) (2021): the business and the personal part of a vehicle with few wheels.

Its credit is a percentage of its cost, up to a limit. The form before 2023 divides the cost by
use, takes the deduction under section 179 off the business part, and gives that part the first
claim to the limit. That is not the division of 26 USC 30D(c)(1), by use of the whole credit, as
soon as the limit is reached or anything was deducted. Nothing is rounded.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from evcredit.bounds import Bounds
from evcredit.expression import Binding, Parameter
from evcredit.money import exact_arithmetic, percent_of
from evcredit.section_30d.days import PLACED_IN_SERVICE

__all__ = ["SmallVehicleAccount", "small_vehicle_account"]

_NOTHING = Decimal(0)
_HUNDRED = Decimal(100)
_ENDLESS = Decimal("Infinity")


class SmallVehicleAccount(NamedTuple):
    """How the two parts of the credit for a vehicle with few wheels come about, in US dollars.

    Args:
        business_share: The cost that is attributable to business.
        section_179: The deduction under section 179 that is taken off it.
        business_cost: What is left of it.
        business_percentage: The percentage of that.
        limit: The most there is for a vehicle.
        business_part: The lesser of the two.
        personal_share: The rest of the cost.
        personal_percentage: The percentage of that.
        limit_left: What the business part leaves of the limit.
        personal_part: The lesser of the two.
        credit: Both parts together.
    """

    business_share: Bounds[Decimal]
    section_179: Bounds[Decimal]
    business_cost: Bounds[Decimal]
    business_percentage: Bounds[Decimal]
    limit: Bounds[Decimal]
    business_part: Bounds[Decimal]
    personal_share: Bounds[Decimal]
    personal_percentage: Bounds[Decimal]
    limit_left: Bounds[Decimal]
    personal_part: Bounds[Decimal]
    credit: Bounds[Decimal]


def small_vehicle_account(
    cost: Bounds[Decimal],
    business_use_percent: Bounds[Decimal],
    section_179: Bounds[Decimal],
    binding: Binding,
) -> SmallVehicleAccount:
    """The account of a vehicle with few wheels (Form 8936 of 2012 to 2022, lines 6 to 18).

    Args:
        cost: The cost of the vehicle in US dollars.
        business_use_percent: The percentage of business use, from 0 to 100.
        section_179: The deduction under section 179 in US dollars.
        binding: The law, on the day the vehicle was placed in service.
    """
    percent = _number(binding, "small_vehicle_percent")
    limit = _number(binding, "small_vehicle_limit")
    share = _percentage(business_use_percent, cost)
    left = _rest(share, section_179)
    business_percentage = _percentage(percent, left)
    business_part = _lesser(business_percentage, limit)
    rest = _percentage(_rest(Bounds.exactly(_HUNDRED), business_use_percent), cost)
    personal_percentage = _percentage(percent, rest)
    limit_left = _rest(limit, business_part)
    # Added up, both parts are the percentage of all the cost but what was deducted. That way
    # what is not known of the use does not count twice.
    taken_off = _lesser(section_179, share)
    return SmallVehicleAccount(
        business_share=share,
        section_179=section_179,
        business_cost=left,
        business_percentage=business_percentage,
        limit=limit,
        business_part=business_part,
        personal_share=rest,
        personal_percentage=personal_percentage,
        limit_left=limit_left,
        personal_part=_lesser(personal_percentage, limit_left),
        credit=_lesser(_percentage(percent, _rest(cost, taken_off)), limit),
    )


def _number(binding: Binding, name: str) -> Bounds[Decimal]:
    values: list[Any] = [
        entry.value for entry in binding.entries(Parameter(name, PLACED_IN_SERVICE))
    ]
    return Bounds(Decimal(min(values)), Decimal(max(values)))


def _percentage(percent: Bounds[Decimal], amount: Bounds[Decimal]) -> Bounds[Decimal]:
    return Bounds(percent_of(amount.lower, percent.lower), percent_of(amount.upper, percent.upper))


def _rest(whole: Bounds[Decimal], part: Bounds[Decimal]) -> Bounds[Decimal]:
    """What is left after a part is taken off, never below zero."""

    def least(one: Decimal, other: Decimal) -> Decimal:
        # Of two amounts without an end nothing needs to be left.
        return _NOTHING if other == _ENDLESS else exact_arithmetic().subtract(one, other)

    return Bounds(
        max(_NOTHING, least(whole.lower, part.upper)),
        max(_NOTHING, least(whole.upper, part.lower)),
    )


def _lesser(one: Bounds[Decimal], other: Bounds[Decimal]) -> Bounds[Decimal]:
    return Bounds(min(one.lower, other.lower), min(one.upper, other.upper))
