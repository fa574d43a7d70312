"""Days that follow from facts: which day picks the law, and how it follows."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any

import attrs

from evcredit.algebra.binding import Binding, Truth
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.calendar import days_later
from evcredit.algebra.expression import DayInput, Expression, Fact, Operand
from evcredit.algebra.parameter import Parameter
from evcredit.algebra.path import UnknownFact
from evcredit.algebra.unknown import unknown_of

__all__ = ["Day", "DaysAfter", "Earlier", "IfElseDay", "bearing_on_choice"]


@attrs.frozen(eq=False, repr=False)
class Day(DayInput):
    """A day on which schedules are read and that follows from several facts.

    Args:
        path: Under what name a `Binding` holds it: the path of the fact it mostly is.
        label: The label in a sentence.
        body: How it follows.
        reads: The facts that, unknown, leave unresolved which entry of a schedule governs.
    """

    path: str
    label: str
    body: Fact | IfElseDay | Earlier
    reads: tuple[Fact, ...]

    def of(self, subject: Any, law: Any) -> date | None:
        """The day of `subject`; `None` if unknown."""
        return _bound_day(self, law)(subject)

    def stated(self, subject: Any, law: Any) -> date | None:
        return self.of(subject, law)

    def operands(self) -> Iterator[Expression | Operand]:
        return iter(())

    def unknown_in(self, subject: Any, binding: Binding) -> Iterator[UnknownFact]:
        yield from unknown_of(self.body, subject, binding)


@lru_cache(maxsize=1024)
def _bound_day(day: Day, law: Any) -> Callable[[Any], date | None]:
    return _day_run(day.body, Binding(law, {}))


def _day_run(node: Any, binding: Binding) -> Callable[[Any], date | None]:
    """A function from a claim to the day that a fact, a parameter or a combination evaluates to."""
    if isinstance(node, Fact):
        return operator.attrgetter(node.path)
    if isinstance(node, Parameter):
        only = node.resolve(binding)
        return lambda subject: only if isinstance(only, date) else None
    run: Callable[[Any], date | None] = node.day_run(binding)
    return run


@attrs.frozen(eq=False, repr=False)
class IfElseDay(Operand):
    """One of two days, as a condition tells; where that is unresolved, the one they both are."""

    condition: Expression
    met: Fact | Parameter[Any] | IfElseDay | Earlier
    otherwise: Fact | Parameter[Any] | IfElseDay | Earlier

    def day_run(self, binding: Binding) -> Callable[[Any], date | None]:
        """A function from a claim to the day."""
        condition = self.condition.bind(binding)
        met, otherwise = _day_run(self.met, binding), _day_run(self.otherwise, binding)

        def run(subject: Any) -> date | None:
            holds = condition(subject)
            if holds is not None:
                return met(subject) if holds else otherwise(subject)
            day = met(subject)
            return day if day == otherwise(subject) else None

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.condition
        yield self.met
        yield self.otherwise

    def bearing(self, subject: Any, binding: Binding) -> Iterator[Expression | Operand]:
        return bearing_on_choice(self, self.condition.bind(binding)(subject))


def bearing_on_choice(choice: Any, holds: Truth) -> Iterator[Expression | Operand]:
    """What affects a choice, given its condition."""
    if holds is None:
        yield choice.condition
    if holds is not False:
        yield choice.met
    if not holds:
        yield choice.otherwise


@attrs.frozen(eq=False, repr=False)
class Earlier(Operand):
    """The earlier of two days; unknown if either is."""

    one: Fact | Parameter[Any] | IfElseDay | Earlier
    other: Fact | Parameter[Any] | IfElseDay | Earlier

    def day_run(self, binding: Binding) -> Callable[[Any], date | None]:
        """A function from a claim to the day."""
        one, other = _day_run(self.one, binding), _day_run(self.other, binding)

        def run(subject: Any) -> date | None:
            days = one(subject), other(subject)
            return None if None in days else min(days)  # type: ignore[type-var]  # none is None

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.one
        yield self.other


@attrs.frozen(eq=False, repr=False)
class DaysAfter(Operand):
    """The day so many days after another, to compare a day with."""

    day: Fact
    days: Parameter[int]

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.day
        yield self.days

    def resolve(self, binding: Binding) -> Callable[[Any], Any]:
        """A function from a claim to the day, or to the bounds of it."""
        day, days = operator.attrgetter(self.day.path), self.days.resolve(binding)
        ends = (days.lower, days.upper) if isinstance(days, Bounds) else (days, days)
        after = tuple(dict.fromkeys(ends))

        def run(subject: Any) -> Any:
            first = day(subject)
            if first is None:
                return None
            turns = [days_later(first, each) for each in after]
            return turns[0] if len(turns) == 1 else Bounds(*turns)

        return run
