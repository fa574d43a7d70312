"""Numbers that were published by class and year, as quantities.

An incremental cost was published for each calendar year, and which one governs is a matter of the
year placed in service or of the model year; the residual value goes by age. So these look up a
number by a quantity, and not by a day.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from evcredit.expression import Binding, Expression, Operand, Parameter
from evcredit.incremental_cost import ModeledVehicle, ResidualClass
from evcredit.quantity import UNLIMITED, Ends, EndsOf, Quantity, Rules, ends_of
from evcredit.schedule import NoProvision

__all__ = ["PublishedCost", "ResidualPercent", "published_numbers"]

_COSTS = Parameter("modeled_incremental_cost", None)
_RESIDUALS = Parameter("residual_value_percent", None)

#: The years from one to the year before another, what was published for them, and by what.
Period = tuple[int, int, Any, str]


def _hull(found: list[Ends]) -> Ends:
    return (min(low for low, _ in found), max(high for _, high in found))


@attrs.frozen(eq=False, repr=False)
class PublishedCost(Quantity):
    """The incremental cost that was published for a kind of vehicle and a year, in US dollars.

    Args:
        vehicle: The kind of vehicle.
        year: The year.
    """

    vehicle: ModeledVehicle
    year: Quantity

    def periods(self, binding: Binding) -> tuple[Period, ...]:
        """What was published, by years, for all years there are."""
        entries = binding.entries(_COSTS)
        first = entries[0].start.year
        none = NoProvision(f"no incremental cost was published for years before {first}")
        found: list[Period] = [(0, first, none, "")]
        for entry in entries:
            table: Any = entry.value
            end = UNLIMITED if entry.end is None else entry.end.year
            found.append((entry.start.year, end, table[self.vehicle], str(entry.citation)))
        return tuple(found)

    def within(self, thing: Any, binding: Binding) -> tuple[Period, ...]:
        """The periods among which the year of a claim lies."""
        first, last = self.year.ends(binding)(thing)
        return tuple(each for each in self.periods(binding) if each[0] <= last and first < each[1])

    def open(self, thing: Any, binding: Binding) -> Iterator[str]:
        """Why there may be no number for a claim."""
        for _, _, value, _ in self.within(thing, binding):
            if isinstance(value, NoProvision):
                yield f"{self.vehicle.value}: {value.reason}"

    def ends(self, binding: Binding, rules: Rules | None = None) -> EndsOf:
        year = self.year.ends(binding, rules)
        known = [(start, end, ends_of(value)) for start, end, value, _ in self.periods(binding)]

        def run(thing: Any) -> Ends:
            first, last = year(thing)
            return _hull([ends for start, end, ends in known if start <= last and first < end])

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.year
        yield _COSTS


@attrs.frozen(eq=False, repr=False)
class ResidualPercent(Quantity):
    """What is left of the incremental cost of a vehicle of an age, in percent.

    Args:
        of: The class of the vehicle.
        age: Its age in years; the last row stands for every greater age.
    """

    of: ResidualClass
    age: Quantity

    def rows(self, binding: Binding) -> Any:
        """The percentages by age, or why there are none."""
        table: Any = binding.entries(_RESIDUALS)[0].value
        return table[self.of]

    def open(self, thing: Any, binding: Binding) -> Iterator[str]:
        """Why there may be no number for a claim."""
        rows = self.rows(binding)
        if isinstance(rows, NoProvision):
            yield f"{self.of.value}: {rows.reason}"

    def ends(self, binding: Binding, rules: Rules | None = None) -> EndsOf:
        age, rows = self.age.ends(binding, rules), self.rows(binding)
        if isinstance(rows, NoProvision):
            # Whatever it may be, it is a part.
            return lambda thing: (0, 100)
        last = len(rows) - 1

        def run(thing: Any) -> Ends:
            youngest, oldest = (min(int(end), last) for end in age(thing))
            found = rows[youngest : oldest + 1]
            return (min(found), max(found))

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.age
        yield _RESIDUALS


def published_numbers(
    node: Expression | Operand, thing: Any, binding: Binding
) -> Iterator[PublishedCost | ResidualPercent]:
    """The published numbers that bear on what a quantity comes to for one claim."""
    if isinstance(node, PublishedCost | ResidualPercent):
        yield node
    if isinstance(node, Quantity):
        for operand in node.bearing(thing, binding):
            yield from published_numbers(operand, thing, binding)
