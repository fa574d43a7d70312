"""Quantities as expressions over the columns of a table.

Each end of a quantity is a whole number, the same in every row, or a column of whole numbers that
is only as wide as the greatest of them needs: narrow columns are read faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any, NamedTuple

import narwhals.stable.v2 as nw

from evcredit.expression import Binding, Fact, Parameter, Pick
from evcredit.quantity import (
    UNLIMITED,
    AmountOf,
    Choice,
    Combined,
    Leaf,
    PercentOf,
    Quantity,
    Rounded,
    Tabulated,
    YearOf,
)
from evcredit.schedule import Entry, NoProvision, Table
from evcredit.section_45w.published import PublishedCost, ResidualPercent
from evcredit.tables.columns import LARGEST, units_of
from evcredit.tables.truth import among, both, is_false, is_true, is_unknown

if TYPE_CHECKING:
    from evcredit.tables.reader import Reader

__all__ = ["Ends", "as_wide", "ends_of", "in_cents"]

#: A whole number, or a column of whole numbers without unknowns.
Number = int | nw.Expr

_WIDTHS: tuple[tuple[int, Any], ...] = ((2**15, nw.Int16), (2**31, nw.Int32))


def _dtype(most: int) -> Any:
    """The narrowest type that holds whole numbers up to a size."""
    return next((dtype for end, dtype in _WIDTHS if most < end), nw.Int64)


def typed(number: Number, most: int) -> nw.Expr:
    """A number as a column that is wide enough for numbers up to a size."""
    return nw.lit(number, dtype=_dtype(most)) if isinstance(number, int) else number


class Ends(NamedTuple):
    """The least and the greatest a quantity may be, in so many parts of its unit.

    Args:
        lower: The least.
        upper: The greatest.
        parts: How many parts make one of the unit.
        most: What neither end exceeds in any row, without regard to its sign.
    """

    lower: Number
    upper: Number
    parts: int
    most: int

    def sized(self, most: int) -> Ends:
        """The same in columns that are just wide enough for numbers up to a size."""
        if _dtype(most) is _dtype(self.most):
            return self._replace(most=most)
        return self.each(
            lambda n: n if isinstance(n, int) else n.cast(_dtype(most)), self.parts, most
        )

    def times(self, number: int, parts: int) -> Ends:
        """The same, multiplied."""
        if number == 1:
            return self._replace(parts=parts)
        wide = self.sized(self.most * number)
        lower, upper = wide.lower * number, wide.upper * number
        return Ends(lower, lower if wide.upper is wide.lower else upper, parts, wide.most)

    def in_parts(self, parts: int) -> Ends:
        """The same in finer parts."""
        return self.times(parts // self.parts, parts)

    def each(self, of: Callable[[Number], Number], parts: int, most: int) -> Ends:
        """The same with something done to each end, which is done once if they are one."""
        lower = of(self.lower)
        return Ends(lower, lower if self.upper is self.lower else of(self.upper), parts, most)


def _known(number: int, parts: int) -> Ends:
    return Ends(number, number, parts, abs(number))


def as_wide(*several: Ends) -> tuple[Ends, ...]:
    """Quantities in the same parts and in columns of the same width."""
    parts = lcm(*(ends.parts for ends in several))
    alike = [ends.in_parts(parts) for ends in several]
    most = max(ends.most for ends in alike)
    return tuple(ends.sized(most) for ends in alike)


def in_cents(credit: Ends) -> tuple[nw.Expr, nw.Expr]:
    """The ends of an amount in US dollars as columns of whole cents, 64 bits wide."""
    lower, upper = (
        nw.lit(n, dtype=nw.Int64) if isinstance(n, int) else n.cast(nw.Int64)
        for n in (credit.lower, credit.upper)
    )
    times = 100 // credit.parts
    return (lower, upper) if times == 1 else (lower * times, upper * times)


def ends_of(reader: Reader, node: Quantity) -> Ends:
    """The ends of a quantity in each row.

    Args:
        reader: What reads facts, schedules and statements.
        node: The quantity.
    """
    return _MEASURE[type(node)](reader, node)


# -- leaves --------------------------------------------------------------------------------


def _leaf(reader: Reader, node: Leaf) -> Ends:
    value = node.value
    if isinstance(value, Fact):
        parts, found = units_of(value), reader.fact(value)
        if found is None:
            return Ends(0, UNLIMITED, parts, UNLIMITED)
        if isinstance(found, int):
            return _known(found, parts)
        wide = found.cast(nw.Int64)
        return Ends(wide.fill_null(0), wide.fill_null(UNLIMITED), parts, LARGEST)
    if isinstance(value, Parameter):
        entries = [(entry, _of_value(entry.value)) for entry in reader.entries(value)]
        return _by_entry(reader, value, entries)
    if isinstance(value, Pick):
        picked = value
        entries = [(e, _of_table(reader, picked, e.value)) for e in reader.entries(value.parameter)]
        return _by_entry(reader, value.parameter, entries)
    return _of_value(value)


def _of_value(value: Any) -> Ends:
    if isinstance(value, NoProvision):
        return Ends(0, UNLIMITED, 1, UNLIMITED)
    exact = Fraction(value)
    return _known(exact.numerator, exact.denominator)


def _of_table(reader: Reader, picked: Pick, table: Any) -> Ends:
    """The row of a scheduled table that the category of a row picks; all of them, if unknown."""
    if not isinstance(table, Table):
        return _of_value(table)
    rows = list(as_wide(*(_of_value(value) for value in table.values())))
    key = reader.fact(picked.key)
    found = _hull(rows)
    for category, ends in zip(table.categories(), rows, strict=True):
        if isinstance(key, nw.Expr):
            found = _pick(is_true(key == category.value), ends, found)
        elif key == category.value:
            return ends
    return found


def _by_entry(reader: Reader, parameter: Parameter, entries: list[tuple[Entry[Any], Ends]]) -> Ends:
    """The ends under the entry of the day; on an unknown day, those of all entries."""
    if not entries:
        return Ends(0, UNLIMITED, 1, UNLIMITED)
    alike = as_wide(*(ends for _, ends in entries))
    found = _hull(alike)
    day = None if parameter.day is None else reader.day(parameter.day)
    if len(entries) > 1 and isinstance(day, nw.Expr):
        for (entry, _), ends in zip(entries, alike, strict=True):
            found = _pick(is_true(reader.within(parameter.day, day, [entry])), ends, found)
    return found


# -- choices -------------------------------------------------------------------------------


def _lesser(one: Number, other: Number, most: int) -> Number:
    if isinstance(one, int) and isinstance(other, int):
        return min(one, other)
    first, second = typed(one, most), typed(other, most)
    return nw.when(first <= second).then(first).otherwise(second)


def _greater(one: Number, other: Number, most: int) -> Number:
    if isinstance(one, int) and isinstance(other, int):
        return max(one, other)
    first, second = typed(one, most), typed(other, most)
    return nw.when(first >= second).then(first).otherwise(second)


def _hull(several: Iterable[Ends]) -> Ends:
    """The least of some lower ends and the greatest of the upper ones, all of one width."""
    found, *rest = several
    for ends in rest:
        lower = _lesser(found.lower, ends.lower, ends.most)
        found = found._replace(lower=lower, upper=_greater(found.upper, ends.upper, ends.most))
    return found


def _number(condition: Any, met: Number, otherwise: Number, most: int) -> Number:
    if isinstance(condition, bool):
        return met if condition else otherwise
    if isinstance(met, int) and isinstance(otherwise, int) and met == otherwise:
        return met
    return nw.when(condition).then(typed(met, most)).otherwise(typed(otherwise, most))


def _pick(condition: Any, met: Ends, otherwise: Ends) -> Ends:
    """One of two quantities of one width; the condition is never unknown."""
    lower = _number(condition, met.lower, otherwise.lower, met.most)
    if met.lower is met.upper and otherwise.lower is otherwise.upper:
        return met._replace(lower=lower, upper=lower)
    return met._replace(lower=lower, upper=_number(condition, met.upper, otherwise.upper, met.most))


def _choice(reader: Reader, node: Choice) -> Ends:
    condition = reader.statement(node.condition)
    if isinstance(condition, bool):
        return reader.quantity(node.met if condition else node.otherwise)
    met, otherwise = as_wide(reader.quantity(node.met), reader.quantity(node.otherwise))
    if condition is None:
        return _hull((met, otherwise))
    lower = _chosen(condition, met.lower, otherwise.lower, met.most, least=True)
    upper = _chosen(condition, met.upper, otherwise.upper, met.most, least=False)
    return met._replace(lower=lower, upper=upper)


def _chosen(
    condition: nw.Expr, met: Number, otherwise: Number, most: int, *, least: bool
) -> Number:
    """One end of a choice: where the condition is unknown, the lesser or the greater of both."""
    # Most often one of the two is nothing, which is the least that anything can be.
    met_is_more: bool | None = None
    if isinstance(met, int) and isinstance(otherwise, int):
        met_is_more = met >= otherwise
    elif isinstance(otherwise, int) and otherwise == 0:
        met_is_more = True
    if met_is_more is not None:
        if met_is_more is least:
            return _number(is_true(condition), met, otherwise, most)
        return _number(is_false(condition), otherwise, met, most)
    known = _number(is_true(condition), met, otherwise, most)
    either_way = (_lesser if least else _greater)(met, otherwise, most)
    return _number(is_unknown(condition), either_way, known, most)


def _amount_of(reader: Reader, node: AmountOf) -> Ends:
    applies, body = reader.told(node.rule).applies, node.rule.body
    if applies is False:
        return _known(0, 1)
    amount: Any = body
    inner = reader.quantity(amount.body)
    if applies is True:
        return inner
    return _pick(is_false(applies), *as_wide(_known(0, inner.parts), inner))


# -- arithmetic ----------------------------------------------------------------------------


def _combined(reader: Reader, node: Combined) -> Ends:
    one, other = reader.quantity(node.one), reader.quantity(node.other)
    if node.symbol == "*":
        most = one.most * other.most
        one, other = one.sized(most), other.sized(most)
        parts = one.parts * other.parts
        return Ends(one.lower * other.lower, one.upper * other.upper, parts, most)
    bounds = [ends.in_parts(lcm(one.parts, other.parts)).most for ends in (one, other)]
    one, other = as_wide(one, other)
    if node.symbol in {"+", "-"}:
        one, other = one.sized(one.most + other.most), other.sized(one.most + other.most)
        if node.symbol == "+":
            lower, upper = one.lower + other.lower, one.upper + other.upper
        else:
            lower, upper = one.lower - other.upper, one.upper - other.lower
        return one._replace(lower=lower, upper=upper)
    choose = _lesser if node.symbol == "least" else _greater
    found = one._replace(
        lower=choose(one.lower, other.lower, one.most),
        upper=choose(one.upper, other.upper, one.most),
    )
    # What is at most the lesser of two is no greater than either can be.
    limit = min(bounds) if node.symbol == "least" else max(bounds)
    return found.sized(limit)


def _rounded(reader: Reader, node: Rounded) -> Ends:
    inner, unit = reader.quantity(node.inner), node.unit
    if inner.parts == unit.denominator and unit.numerator == 1:
        return inner
    over = inner.parts * unit.numerator
    wide = inner.sized(2 * unit.denominator * inner.most + over)

    def to_unit(number: Number) -> Number:
        return (number * (2 * unit.denominator) + over) // (2 * over) * unit.numerator

    most = (inner.most * unit.denominator // over + 1) * unit.numerator
    return wide.each(to_unit, unit.denominator, wide.most).sized(most)


def _percent_of(reader: Reader, node: PercentOf) -> Ends:
    rate, base = reader.quantity(node.percent), reader.quantity(node.whole)
    most = rate.most * base.most
    rate, base = rate.sized(most), base.sized(most)
    parts = rate.parts * base.parts * 100
    return Ends(rate.lower * base.lower, rate.upper * base.upper, parts, most)


# -- tables by name and day ----------------------------------------------------------------


def _tabulated(reader: Reader, node: Tabulated) -> Ends:
    names = [reader.name(fact) for fact in node.names]
    name: Any = None
    for each in reversed([each for each in names if each is not None]):
        both_vary = isinstance(each, nw.Expr) and isinstance(name, nw.Expr | str)
        if both_vary:
            other = nw.lit(name) if isinstance(name, str) else name
            name = nw.when(~each.is_null()).then(each).otherwise(other)
        else:
            name = each
    if not isinstance(name, nw.Expr):
        return _on_day(reader, node, name)
    by_numbers: dict[Any, list[str]] = {}
    for each in dict.fromkeys((*node.known_names(reader.law), *reader.names)):
        by_numbers.setdefault(_numbers(reader, node, each), []).append(each)
    found = _on_day(reader, node, None)
    for group in by_numbers.values():
        ends = _on_day(reader, node, group[0])
        found = _pick(reader.flag(is_true(among(name, group))), *as_wide(ends, found))
    return found


def _numbers(reader: Reader, node: Tabulated, name: str | None) -> tuple[tuple[date, Any], ...]:
    """The number for a name from each day on which it changes."""
    day = reader.day(node.day)
    found: list[tuple[date, Any]] = []
    for turn in (day,) if isinstance(day, date) else node.turns(reader.law):
        ends = node.number_for(name, turn, reader.law)
        if not found or found[-1][1] != ends:
            found.append((turn, ends))
    return tuple(found)


def _on_day(reader: Reader, node: Tabulated, name: str | None) -> Ends:
    """The number for a name on the day; on an unknown one, the least and the greatest of all."""
    numbers, day = _numbers(reader, node, name), reader.day(node.day)
    each = as_wide(*(Ends(low, high, 1, max(low, high)) for _, (low, high) in numbers))
    found = _hull(each)
    if isinstance(day, nw.Expr) and len(numbers) > 1:
        for (since, _), ends in zip(numbers, each, strict=True):
            found = _pick(is_true(reader.since(node.day, day, since)), ends, found)
    return found


# -- numbers by year and age ---------------------------------------------------------------


def _year_of(reader: Reader, node: YearOf) -> Ends:
    day = reader.fact(node.day)
    if isinstance(day, date):
        return _known(day.year, 1)
    first: Number = 0
    for fact in node.never_before:
        first = _greater(first, _year(reader.fact(fact)), UNLIMITED)
    if day is None:
        return Ends(first, UNLIMITED, 1, UNLIMITED)
    unknown, year = day.is_null(), _year(day)
    lower = _number(unknown, first, year, UNLIMITED)
    return Ends(lower, _number(unknown, UNLIMITED, year, UNLIMITED), 1, UNLIMITED)


def _year(day: Any) -> Number:
    """The year of a day; nothing for an unknown one."""
    if isinstance(day, nw.Expr):
        return day.dt.year().cast(nw.Int64).fill_null(0)
    return day.year if isinstance(day, date) else 0


def _published_cost(reader: Reader, node: PublishedCost) -> Ends:
    year = reader.quantity(node.year)
    periods = node.periods(Binding(reader.law, {}))
    each = as_wide(*(_of_value(value) for _, _, value, _ in periods))
    return _meant(
        (both(year.upper >= start, year.lower < end), ends)
        for (start, end, _, _), ends in zip(periods, each, strict=True)
    )


def _residual_percent(reader: Reader, node: ResidualPercent) -> Ends:
    rows = node.rows(Binding(reader.law, {}))
    if isinstance(rows, NoProvision):
        return Ends(0, 100, 1, 100)
    age, last = reader.quantity(node.age), len(rows) - 1
    youngest, oldest = (_lesser(end, last, age.most) for end in (age.lower, age.upper))
    each = as_wide(*(_known(percent, 1) for percent in rows))
    return _meant(
        (both(youngest <= years, oldest >= years), ends) for years, ends in enumerate(each)
    )


def _meant(several: Iterable[tuple[Any, Ends]]) -> Ends:
    """The least and the greatest of some constants, by whether each may be meant; one is."""
    found: list[tuple[Any, Any]] = [(is_true(meant), ends) for meant, ends in several]
    some: Ends = found[0][1]
    # The least one that is meant is asked for last, and so is the greatest.
    falling = sorted(found, key=lambda each: -each[1].lower)
    rising = sorted(found, key=lambda each: each[1].upper)
    lower, upper = falling[0][1].lower, rising[0][1].upper
    for meant, ends in falling:
        lower = _number(meant, ends.lower, lower, some.most)
    for meant, ends in rising:
        upper = _number(meant, ends.upper, upper, some.most)
    return some._replace(lower=lower, upper=upper)


_MEASURE: Mapping[type, Callable[[Reader, Any], Ends]] = {
    Leaf: _leaf,
    Combined: _combined,
    Rounded: _rounded,
    PercentOf: _percent_of,
    Tabulated: _tabulated,
    AmountOf: _amount_of,
    Choice: _choice,
    YearOf: _year_of,
    PublishedCost: _published_cost,
    ResidualPercent: _residual_percent,
}
