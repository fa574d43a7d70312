"""Numbers looked up by a name and a day, by a year, or by the place of a row."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from datetime import date
from enum import Enum
from typing import Any

import attrs

from evcredit.algebra.binding import Binding
from evcredit.algebra.day import Day
from evcredit.algebra.expression import Expression, Fact, Operand
from evcredit.algebra.parameter import Parameter
from evcredit.algebra.quantity import UNLIMITED, Interval, IntervalOf, Quantity, Rules, interval_of
from evcredit.algebra.schedule import NoProvision, Table

__all__ = ["Period", "PeriodLookup", "RowLookup", "Tabulated", "YearOf"]

#: The years from one to the year before another, what is covered for them, and by what source.
Period = tuple[int, int, Any, str]


@attrs.frozen(eq=False, repr=False)
class Tabulated(Quantity):
    """A whole number that a name and a day pick from a table too irregular for symbols.

    Args:
        names: The facts that may state the name; the first that is stated does.
        day: The day.
        keys: From a name, or `None` for an unknown one, and a law to the keys it may represent.
        known_names: From a law to the names that it knows.
        number: From a key, a day and a law to the number.
        turns: From a law to the days on which the number for any key changes, in order; the
            first of them is the first day there is.
    """

    names: tuple[Fact, ...]
    day: Day
    keys: Callable[[str | None, Any], frozenset[Any]]
    known_names: Callable[[Any], tuple[str, ...]]
    number: Callable[[Any, date, Any], int]
    turns: Callable[[Any], tuple[date, ...]]

    def ends(self, binding: Binding, rules: Rules | None = None) -> IntervalOf:
        law, gets = binding.law, [operator.attrgetter(fact.path) for fact in self.names]

        def run(subject: Any) -> Interval:
            name = next((found for found in (get(subject) for get in gets) if found), None)
            return self.number_for(name, self.day.of(subject, law), law)

        return run

    def number_for(self, name: str | None, day: date | None, law: Any) -> Interval:
        """The minimum and the maximum number for a name and a day; `None` for an unknown one."""
        days = self.turns(law) if day is None else (day,)
        found = [self.number(key, each, law) for key in self.keys(name, law) for each in days]
        return (min(found), max(found))

    def operands(self) -> Iterator[Expression | Operand]:
        yield from self.names


@attrs.frozen(eq=False, repr=False)
class YearOf(Quantity):
    """The calendar year of the day that a fact states.

    Args:
        day: The day.
        never_before: Days that are never later; of an unknown day they tell the first year.
    """

    day: Fact
    never_before: tuple[Fact, ...] = ()

    def ends(self, binding: Binding, rules: Rules | None = None) -> IntervalOf:
        get, others = (
            operator.attrgetter(self.day.path),
            [operator.attrgetter(fact.path) for fact in self.never_before],
        )

        def run(subject: Any) -> Interval:
            day = get(subject)
            if day is not None:
                return (day.year, day.year)
            known = [earlier.year for earlier in (get(subject) for get in others) if earlier]
            return (max(known, default=0), UNLIMITED)

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.day


@attrs.frozen(eq=False, repr=False)
class PeriodLookup(Quantity):
    """The number that a schedule of tables gives for a category and a calendar year.

    The year picks the entry, and not a day: a claim may mean the year of the sale or of the model.

    Args:
        tables: The schedule, whose entries cover calendar years.
        key: The category.
        year: The year.
        before: Why there is no number for years before the first entry, up to that year.
    """

    tables: Parameter[Table]
    key: Enum
    year: Quantity
    before: str

    def periods(self, binding: Binding) -> tuple[Period, ...]:
        """The numbers by years, for all years there are."""
        entries = binding.entries(self.tables)
        first = entries[0].start.year
        found: list[Period] = [(0, first, NoProvision(f"{self.before} {first}"), "")]
        for entry in entries:
            table: Any = entry.value
            end = UNLIMITED if entry.end is None else entry.end.year
            found.append((entry.start.year, end, table[self.key], str(entry.citation)))
        return tuple(found)

    def within(self, subject: Any, binding: Binding) -> tuple[Period, ...]:
        """The periods among which the year of a claim lies."""
        first, last = self.year.ends(binding)(subject)
        return tuple(each for each in self.periods(binding) if each[0] <= last and first < each[1])

    def open(self, subject: Any, binding: Binding) -> Iterator[str]:
        """Why there may be no number for a claim."""
        for _, _, value, _ in self.within(subject, binding):
            if isinstance(value, NoProvision):
                yield f"{self.key.value}: {value.reason}"

    def ends(self, binding: Binding, rules: Rules | None = None) -> IntervalOf:
        year = self.year.ends(binding, rules)
        known = [(start, end, interval_of(value)) for start, end, value, _ in self.periods(binding)]

        def run(subject: Any) -> Interval:
            first, last = year(subject)
            found = [ends for start, end, ends in known if start <= last and first < end]
            return (min(low for low, _ in found), max(high for _, high in found))

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.year
        yield self.tables


@attrs.frozen(eq=False, repr=False)
class RowLookup(Quantity):
    """The number in the row of a scheduled table, by the place of the row.

    Args:
        table: The schedule; its table has one column of numbers for each category.
        key: The category.
        place: The place of the row, from 0; the last row represents every greater one.
        without: The minimum and the maximum it may be where the law has no column.
    """

    table: Parameter[Table]
    key: Enum
    place: Quantity
    without: Interval

    def rows(self, binding: Binding) -> Any:
        """The numbers in order, or why there are none."""
        table: Any = binding.entries(self.table)[0].value
        return table[self.key]

    def open(self, subject: Any, binding: Binding) -> Iterator[str]:
        """Why there may be no number for a claim."""
        rows = self.rows(binding)
        if isinstance(rows, NoProvision):
            yield f"{self.key.value}: {rows.reason}"

    def ends(self, binding: Binding, rules: Rules | None = None) -> IntervalOf:
        place, rows = self.place.ends(binding, rules), self.rows(binding)
        if isinstance(rows, NoProvision):
            return lambda subject: self.without
        last = len(rows) - 1

        def run(subject: Any) -> Interval:
            first, final = (min(int(end), last) for end in place(subject))
            found = rows[first : final + 1]
            return (min(found), max(found))

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.place
        yield self.table
