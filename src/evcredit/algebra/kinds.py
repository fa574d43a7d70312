"""Facts by kind: what a rule body can ask of a flag, a number, a day, a choice or a country.

Each kind has the comparisons that make sense for it and no others, so that a type checker finds a
number compared with a day, or a day used as a statement, before the rule is read.
"""

from __future__ import annotations

import operator
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, Generic, TypeAlias, TypeVar

import attrs

from evcredit.algebra.binding import Binding, Run
from evcredit.algebra.day import DaysAfter
from evcredit.algebra.expression import Comparison, DayInput, Expression, Fact, IsOneOf
from evcredit.algebra.field import FactType, Kind
from evcredit.algebra.parameter import Parameter, TableLookup

__all__ = [
    "ChoiceFact",
    "CountryFact",
    "DayFact",
    "Flag",
    "Number",
    "Parts",
    "Text",
    "fact_of_kind",
]

E = TypeVar("E", bound=Enum)

#: What a number is compared with.
NumberLimit: TypeAlias = "Parameter[int] | Parameter[Decimal] | TableLookup | int | Decimal"
#: What a day is compared with.
DayLimit: TypeAlias = "Parameter[date] | DaysAfter | date"


@attrs.frozen(eq=False, repr=False)
class Flag(Fact, Expression):
    """A fact that is true or false: a statement on its own."""

    def bind(self, binding: Binding) -> Run:
        """A function that reads the flag of a claim."""
        get = operator.attrgetter(self.path)
        # An optional flag reports something out of the ordinary, which is down unless stated.
        return (lambda subject: bool(get(subject))) if self.declared.optional else get


@attrs.frozen(eq=False, repr=False)
class Number(Fact):
    """An amount, a quantity, a percentage or a count."""

    def __lt__(self, other: NumberLimit) -> Comparison:
        return Comparison("<", self, other)

    def __le__(self, other: NumberLimit) -> Comparison:
        return Comparison("<=", self, other)

    def __gt__(self, other: NumberLimit) -> Comparison:
        return Comparison(">", self, other)

    def __ge__(self, other: NumberLimit) -> Comparison:
        return Comparison(">=", self, other)


@attrs.frozen(eq=False, repr=False)
class DayFact(Fact, DayInput):
    """A day of the calendar; schedules of the law can be read on it."""

    def __lt__(self, other: DayLimit) -> Comparison:
        return Comparison("<", self, other)

    def __le__(self, other: DayLimit) -> Comparison:
        return Comparison("<=", self, other)

    def __gt__(self, other: DayLimit) -> Comparison:
        return Comparison(">", self, other)

    def __ge__(self, other: DayLimit) -> Comparison:
        return Comparison(">=", self, other)


@attrs.frozen(eq=False, repr=False)
class ChoiceFact(Fact, Generic[E]):
    """A member of a list; it can be the key of a scheduled table."""

    def is_one_of(self, *members: E) -> IsOneOf:
        """Whether it is one of these."""
        return IsOneOf(self, members)


class CountryFact(Fact):
    """A country; groups of the law may contain it."""

    __slots__ = ()


class Text(Fact):
    """Text, which a rule body can only ask whether it is stated."""

    __slots__ = ()


class Parts(Fact):
    """A list of objects, which only computed facts look into."""

    __slots__ = ()


_KINDS: dict[Kind, type[Fact]] = {
    Kind.FLAG: Flag,
    Kind.DAY: DayFact,
    Kind.CHOICE: ChoiceFact,
    Kind.COUNTRY: CountryFact,
    Kind.TEXT: Text,
    Kind.PARTS: Parts,
}


def fact_of_kind(path: str, declared: FactType) -> Any:
    """Return the fact at a path, as its kind.

    >>> type(fact_of_kind("contract_date", FactType(Kind.DAY, "day of the contract"))).__name__
    'DayFact'
    """
    return _KINDS.get(declared.kind, Number)(path, declared)
