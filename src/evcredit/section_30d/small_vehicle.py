"""26 USC 30D(g) (2021): the business and the personal part of a vehicle with few wheels.

Its credit is a percentage of its cost, up to a limit. The form before 2023 divides the cost by
use, takes the deduction under section 179 off the business part, and gives that part the first
claim to the limit. That is not the division of 26 USC 30D(c)(1), by use of the whole credit, as
soon as the limit is reached or anything was deducted. Nothing is rounded.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, NamedTuple

from evcredit.algebra.binding import Binding
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.money import lesser_of, part_of, what_is_left
from evcredit.algebra.parameter import Parameter
from evcredit.provisions.days import PLACED_IN_SERVICE

__all__ = ["SmallVehicleAccount", "small_vehicle_account"]

_ALL = Bounds.exactly(Decimal(100))


class SmallVehicleAccount(NamedTuple):
    """How the two parts of the credit for a vehicle with few wheels are computed, in US dollars.

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
    share = part_of(cost, business_use_percent)
    left = what_is_left(share, section_179)
    business_percentage = part_of(left, percent)
    business_part = lesser_of(business_percentage, limit)
    rest = part_of(cost, what_is_left(_ALL, business_use_percent))
    personal_percentage = part_of(rest, percent)
    limit_left = what_is_left(limit, business_part)
    # Added up, both parts are the percentage of all the cost but what was deducted. That way
    # what is not known of the use does not count twice.
    taken_off = lesser_of(section_179, share)
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
        personal_part=lesser_of(personal_percentage, limit_left),
        credit=lesser_of(part_of(what_is_left(cost, taken_off), percent), limit),
    )


def _number(binding: Binding, name: str) -> Bounds[Decimal]:
    values: list[Any] = [
        entry.value for entry in binding.entries(Parameter(name, PLACED_IN_SERVICE))
    ]
    return Bounds(Decimal(min(values)), Decimal(max(values)))
