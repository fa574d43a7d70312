"""What a rule body reads of the law: schedules, tables, groups of countries, and readings."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from enum import Enum
from typing import Any, Generic, TypeVar

import attrs

from evcredit.algebra.binding import Binding, Limit, LimitFor, Run, Truth
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.expression import DayInput, Expression, Fact, Input, Operand
from evcredit.algebra.schedule import NoProvision, Schedule, Table

__all__ = ["ChoiceReading", "InGroup", "Parameter", "Reading", "ScheduledFlag", "TableLookup"]

E = TypeVar("E", bound=Enum)
V_co = TypeVar("V_co", covariant=True)


@attrs.frozen(eq=False, repr=False)
class Parameter(Operand, Generic[V_co]):
    """A scheduled value on the day a fact states.

    Args:
        name: The attribute of the law that is the schedule.
        day: The day; `None` for a schedule that has one entry at a time.
    """

    name: str
    day: DayInput | None

    def __getitem__(self: Parameter[Table], key: Fact) -> TableLookup:
        return TableLookup(self, key)

    def operands(self) -> Iterator[Expression | Operand]:
        if self.day is not None:
            yield self.day

    def limits(self, binding: Binding) -> Iterator[Limit | LimitFor]:
        label = getattr(binding.law, self.name).name
        for entry in binding.entries(self):
            yield Limit(label, entry.value, entry.citation, entry.note)

    def resolve(self, binding: Binding) -> Any:
        """The value, or the hull of all values that the unknown day leaves unresolved."""
        return _hull(entry.value for entry in binding.entries(self))

    def possible(self, law: Any) -> tuple[Any, ...]:
        schedule: Schedule[Any] = getattr(law, self.name)
        return schedule.values()


@attrs.frozen(eq=False, repr=False)
class ScheduledFlag(Parameter[bool], Expression):
    """A flag of the law on the day a fact states: a statement on its own."""

    def bind(self, binding: Binding) -> Run:
        values = {entry.value for entry in binding.entries(self)}
        known: Truth = values.pop() if len(values) == 1 else None  # type: ignore[assignment]  # a flag
        return lambda subject: known


@attrs.frozen(eq=False, repr=False)
class TableLookup(Operand):
    """The entry of a scheduled table under the key that a fact states.

    Args:
        parameter: The table.
        key: The fact.
    """

    parameter: Parameter[Table]
    key: Fact

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.key
        yield self.parameter

    def limits(self, binding: Binding) -> Iterator[Limit | LimitFor]:
        by_key: dict[Any, list[Limit]] = {None: []}
        for entry in binding.entries(self.parameter):
            table: Any = entry.value
            for key, value, citation in table.rows:
                label = f"{getattr(binding.law, self.parameter.name).name} ({key.value})"
                limit = Limit(label, value, citation, entry.note)
                by_key.setdefault(key, []).append(limit)
                by_key[None].append(limit)
        key = operator.attrgetter(self.key.path)
        yield lambda subject: by_key[key(subject)]

    def facts(self) -> Iterator[Input]:
        yield self.key
        yield from self.parameter.facts()

    def resolve(self, binding: Binding) -> Callable[[Any], Any]:
        """A function that looks the value up by the key of a claim."""
        tables: list[Any] = [entry.value for entry in binding.entries(self.parameter)]
        # Where the law has no table on some of the days, it gives no value under any key.
        silent = [table for table in tables if isinstance(table, NoProvision)]
        if silent:
            return lambda subject: silent[0]
        by_key: dict[Any, Any] = {
            key: _hull(table[key] for table in tables) for key in tables[0].categories()
        }
        by_key[None] = _hull(value for table in tables for value in table.values())
        key = operator.attrgetter(self.key.path)
        return lambda subject: by_key[key(subject)]

    def possible(self, law: Any) -> tuple[Any, ...]:
        tables = self.parameter.possible(law)
        return tuple(value for table in tables for value in table.values())


def _hull(values: Iterator[Any]) -> Any:
    """One value if all are equal; `NoProvision` if one of them is; otherwise their bounds."""
    distinct = list(dict.fromkeys(values))
    silent = [value for value in distinct if isinstance(value, NoProvision)]
    if silent:
        return silent[0]
    lowest, highest = min(distinct), max(distinct)
    return lowest if lowest == highest else Bounds(lowest, highest)


@attrs.frozen(eq=False, repr=False)
class InGroup(Expression):
    """Whether a country belongs to a group of the law."""

    group: str
    country: Fact

    def bind(self, binding: Binding) -> Run:
        members = getattr(binding.law, self.group).members
        country = operator.attrgetter(self.country.path)

        return lambda subject: members.get(country(subject), False)

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.country

    def limits(self, binding: Binding) -> Iterator[Limit | LimitFor]:
        group = getattr(binding.law, self.group)
        yield Limit(group.name, group, group.citation)


@attrs.frozen(eq=False, repr=False)
class Reading(Expression):
    """How the law is read where it is unresolved: a flag, or one of some members."""

    name: str
    members: tuple[Enum, ...] = ()

    def bind(self, binding: Binding) -> Run:
        chosen = getattr(binding.law.readings, self.name)
        known: Truth = chosen in self.members if self.members else chosen
        return lambda subject: known

    def operands(self) -> Iterator[Expression | Operand]:
        return iter(())


@attrs.frozen(eq=False, repr=False)
class ChoiceReading(Generic[E]):
    """A reading that is one of some members: a statement once it is said of which."""

    name: str

    def is_one_of(self, *members: E) -> Reading:
        """Whether the reading chosen is one of these."""
        return Reading(self.name, members)
