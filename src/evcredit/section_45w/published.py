"""Numbers that were published by class and year, as quantities.

An incremental cost was published for each calendar year, and which one governs is a matter of the
year placed in service or of the model year; the residual value goes by age. So these look up a
number by a quantity, and not by a day.

Source: 26 USC 45W(b)(2); Notice 2023-9.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evcredit.algebra.binding import Binding
from evcredit.algebra.expression import Expression, Operand
from evcredit.algebra.lookup import PeriodLookup, RowLookup
from evcredit.algebra.parameter import Parameter
from evcredit.algebra.quantity import Quantity
from evcredit.algebra.schedule import Table
from evcredit.law.incremental_cost import ModeledVehicle, ResidualClass

__all__ = ["published_cost", "published_numbers", "residual_percent"]

_COSTS: Parameter[Table] = Parameter("modeled_incremental_cost", None)
_RESIDUALS: Parameter[Table] = Parameter("residual_value_percent", None)


def published_cost(vehicle: ModeledVehicle, year: Quantity) -> PeriodLookup:
    """Return the incremental cost that was published for a vehicle and a year, in US dollars.

    Args:
        vehicle: The kind of vehicle.
        year: The year.
    """
    return PeriodLookup(
        _COSTS, vehicle, year, before="no incremental cost was published for years before"
    )


def residual_percent(of: ResidualClass, age: Quantity) -> RowLookup:
    """Return what is left of the incremental cost of a vehicle of an age, in percent.

    Args:
        of: The class of the vehicle.
        age: Its age in years; the last row represents every greater age.
    """
    # Whatever it may be, it is a part.
    return RowLookup(_RESIDUALS, of, age, without=(0, 100))


def published_numbers(
    node: Expression | Operand, subject: Any, binding: Binding
) -> Iterator[PeriodLookup | RowLookup]:
    """The published numbers that affect what a quantity evaluates to for one claim.

    Args:
        node: The quantity, or a part of it.
        subject: The claim.
        binding: The law on the days of the claim.
    """
    if isinstance(node, PeriodLookup | RowLookup):
        yield node
    if isinstance(node, Quantity):
        for operand in node.bearing(subject, binding):
            yield from published_numbers(operand, subject, binding)
