"""How quantities are read over columns: a function for each kind of node.

Each gives the minimum and the maximum that a quantity may be in each row.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from math import lcm
from typing import Any

import narwhals.stable.v2 as nw

from evcredit.algebra.binding import Binding
from evcredit.algebra.expression import Fact
from evcredit.algebra.lookup import PeriodLookup, RowLookup, Tabulated, YearOf
from evcredit.algebra.parameter import Parameter, TableLookup
from evcredit.algebra.quantity import (
    UNLIMITED,
    AmountOf,
    Combined,
    IfElse,
    Leaf,
    PercentOf,
    Rounded,
)
from evcredit.algebra.schedule import Entry, NoProvision, Table
from evcredit.tables.compiler.columns import LARGEST, units_of
from evcredit.tables.compiler.ranges import (
    ColumnRange,
    Number,
    as_wide,
    greater,
    hull_of,
    known_range,
    lesser,
    one_number,
    one_range,
)
from evcredit.tables.compiler.reader import Compiler
from evcredit.tables.compiler.truth import among, both, is_false, is_true, is_unknown

__all__ = ["QUANTITIES"]


def _leaf(reader: Compiler, node: Leaf) -> ColumnRange:
    value = node.value
    if isinstance(value, Fact):
        if value.path in reader.ranges:
            return reader.ranges[value.path]
        parts, found = units_of(value), reader.fact(value)
        if found is None:
            return ColumnRange(0, UNLIMITED, parts, UNLIMITED)
        if isinstance(found, int):
            return known_range(found, parts)
        wide = found.cast(nw.Int64)
        return ColumnRange(wide.fill_null(0), wide.fill_null(UNLIMITED), parts, LARGEST)
    if isinstance(value, Parameter):
        entries = [(entry, _of_value(entry.value)) for entry in reader.entries(value)]
        return _by_entry(reader, value, entries)
    if isinstance(value, TableLookup):
        picked = value
        entries = [(e, _of_table(reader, picked, e.value)) for e in reader.entries(value.parameter)]
        return _by_entry(reader, value.parameter, entries)
    return _of_value(value)


def _of_value(value: Any) -> ColumnRange:
    if isinstance(value, NoProvision):
        return ColumnRange(0, UNLIMITED, 1, UNLIMITED)
    exact = Fraction(value)
    return known_range(exact.numerator, exact.denominator)


def _of_table(reader: Compiler, picked: TableLookup, table: Any) -> ColumnRange:
    """The row of a scheduled table that the category of a row picks; all of them, if unknown."""
    if not isinstance(table, Table):
        return _of_value(table)
    rows = list(as_wide(*(_of_value(value) for value in table.values())))
    key = reader.fact(picked.key)
    found = hull_of(rows)
    for category, ends in zip(table.categories(), rows, strict=True):
        if isinstance(key, nw.Expr):
            found = one_range(is_true(key == category.value), ends, found)
        elif key == category.value:
            return ends
    return found


def _by_entry(
    reader: Compiler, parameter: Parameter[Any], entries: list[tuple[Entry[Any], ColumnRange]]
) -> ColumnRange:
    """The ends under the entry of the day; on an unknown day, those of all entries."""
    if not entries:
        return ColumnRange(0, UNLIMITED, 1, UNLIMITED)
    alike = as_wide(*(ends for _, ends in entries))
    found = hull_of(alike)
    day = None if parameter.day is None else reader.day(parameter.day)
    if len(entries) > 1 and isinstance(day, nw.Expr):
        for (entry, _), ends in zip(entries, alike, strict=True):
            found = one_range(is_true(reader.within(parameter.day, day, [entry])), ends, found)
    return found


def _choice(reader: Compiler, node: IfElse) -> ColumnRange:
    condition = reader.statement(node.condition)
    if isinstance(condition, bool):
        return reader.quantity(node.met if condition else node.otherwise)
    met, otherwise = as_wide(reader.quantity(node.met), reader.quantity(node.otherwise))
    if condition is None:
        return hull_of((met, otherwise))
    lower = _chosen(condition, met.lower, otherwise.lower, met.most, least=True)
    upper = _chosen(condition, met.upper, otherwise.upper, met.most, least=False)
    return met._replace(lower=lower, upper=upper)


def _chosen(
    condition: nw.Expr, met: Number, otherwise: Number, most: int, *, least: bool
) -> Number:
    """One end of a choice: where the condition is unknown, the lesser or the greater of both."""
    # Most often one of the two is nothing, which is the minimum that anything can be.
    met_is_more: bool | None = None
    if isinstance(met, int) and isinstance(otherwise, int):
        met_is_more = met >= otherwise
    elif isinstance(otherwise, int) and otherwise == 0:
        met_is_more = True
    if met_is_more is not None:
        if met_is_more is least:
            return one_number(is_true(condition), met, otherwise, most)
        return one_number(is_false(condition), otherwise, met, most)
    known = one_number(is_true(condition), met, otherwise, most)
    either_way = (lesser if least else greater)(met, otherwise, most)
    return one_number(is_unknown(condition), either_way, known, most)


def _amount_of(reader: Compiler, node: AmountOf) -> ColumnRange:
    applies, body = reader.columns_of(node.rule).applies, node.rule.body
    if applies is False:
        return known_range(0, 1)
    amount: Any = body
    inner = reader.quantity(amount.body)
    if applies is True:
        return inner
    return one_range(is_false(applies), *as_wide(known_range(0, inner.parts), inner))


def _combined(reader: Compiler, node: Combined) -> ColumnRange:
    one, other = reader.quantity(node.one), reader.quantity(node.other)
    if node.symbol == "*":
        most = one.most * other.most
        one, other = one.sized(most), other.sized(most)
        parts = one.parts * other.parts
        return ColumnRange(one.lower * other.lower, one.upper * other.upper, parts, most)
    bounds = [ends.in_parts(lcm(one.parts, other.parts)).most for ends in (one, other)]
    one, other = as_wide(one, other)
    if node.symbol in {"+", "-"}:
        one, other = one.sized(one.most + other.most), other.sized(one.most + other.most)
        if node.symbol == "+":
            lower, upper = one.lower + other.lower, one.upper + other.upper
        else:
            lower, upper = one.lower - other.upper, _less(one, other.lower)
        return one._replace(lower=lower, upper=upper)
    if_else = lesser if node.symbol == "minimum" else greater
    found = one._replace(
        lower=if_else(one.lower, other.lower, one.most),
        upper=if_else(one.upper, other.upper, one.most),
    )
    # What is at most the lesser of two is no greater than either can be.
    limit = min(bounds) if node.symbol == "minimum" else max(bounds)
    return found.sized(limit)


def _less(one: ColumnRange, taken: Number) -> Number:
    """The upper end after something is taken off; what has no end has none after that."""
    endless = UNLIMITED * one.parts
    left = one.upper - taken
    if one.most < endless:
        return left
    return one_number(one.upper >= endless, endless, left, one.most)


def _rounded(reader: Compiler, node: Rounded) -> ColumnRange:
    inner, unit = reader.quantity(node.inner), node.unit
    if inner.parts == unit.denominator and unit.numerator == 1:
        return inner
    # So many parts of the number make so many units; an even number, for the halves.
    units = Fraction(inner.parts * unit.numerator, unit.denominator)
    over, times = units.numerator, units.denominator
    if over % 2:
        over, times = 2 * over, 2 * times
    added = over // 2 - (1 if node.down else 0)
    wide = inner.sized(times * inner.most + over)

    def to_unit(number: Number) -> Number:
        return ((number if times == 1 else number * times) + added) // over * unit.numerator

    most = (inner.most * times // over + 1) * unit.numerator
    return wide.each(to_unit, unit.denominator, wide.most).sized(most)


def _percent_of(reader: Compiler, node: PercentOf) -> ColumnRange:
    rate, base = reader.quantity(node.percent), reader.quantity(node.whole)
    most = rate.most * base.most
    rate, base = rate.sized(most), base.sized(most)
    parts = rate.parts * base.parts * 100
    return ColumnRange(rate.lower * base.lower, rate.upper * base.upper, parts, most)


def _tabulated(reader: Compiler, node: Tabulated) -> ColumnRange:
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
        found = one_range(reader.flag(is_true(among(name, group))), *as_wide(ends, found))
    return found


def _numbers(reader: Compiler, node: Tabulated, name: str | None) -> tuple[tuple[date, Any], ...]:
    """The number for a name from each day on which it changes."""
    day = reader.day(node.day)
    found: list[tuple[date, Any]] = []
    for turn in (day,) if isinstance(day, date) else node.turns(reader.law):
        ends = node.number_for(name, turn, reader.law)
        if not found or found[-1][1] != ends:
            found.append((turn, ends))
    return tuple(found)


def _on_day(reader: Compiler, node: Tabulated, name: str | None) -> ColumnRange:
    """The number for a name on the day; on an unknown one, the minimum and the maximum of all."""
    numbers, day = _numbers(reader, node, name), reader.day(node.day)
    each = as_wide(*(ColumnRange(low, high, 1, max(low, high)) for _, (low, high) in numbers))
    found = hull_of(each)
    if isinstance(day, nw.Expr) and len(numbers) > 1:
        for (since, _), ends in zip(numbers, each, strict=True):
            found = one_range(is_true(reader.since(node.day, day, since)), ends, found)
    return found


def _year_of(reader: Compiler, node: YearOf) -> ColumnRange:
    day = reader.fact(node.day)
    if isinstance(day, date):
        return known_range(day.year, 1)
    first: Number = 0
    for fact in node.never_before:
        first = greater(first, _year(reader.fact(fact)), UNLIMITED)
    if day is None:
        return ColumnRange(first, UNLIMITED, 1, UNLIMITED)
    unknown, year = day.is_null(), _year(day)
    lower = one_number(unknown, first, year, UNLIMITED)
    return ColumnRange(lower, one_number(unknown, UNLIMITED, year, UNLIMITED), 1, UNLIMITED)


def _year(day: Any) -> Number:
    """The year of a day; nothing for an unknown one."""
    if isinstance(day, nw.Expr):
        return day.dt.year().cast(nw.Int64).fill_null(0)
    return day.year if isinstance(day, date) else 0


def _by_period(reader: Compiler, node: PeriodLookup) -> ColumnRange:
    year = reader.quantity(node.year)
    periods = node.periods(Binding(reader.law, {}))
    each = as_wide(*(_of_value(value) for _, _, value, _ in periods))
    return _meant(
        (both(year.upper >= start, year.lower < end), ends)
        for (start, end, _, _), ends in zip(periods, each, strict=True)
    )


def _by_row(reader: Compiler, node: RowLookup) -> ColumnRange:
    rows = node.rows(Binding(reader.law, {}))
    if isinstance(rows, NoProvision):
        return hull_of(as_wide(*map(_of_value, node.without)))
    place, last = reader.quantity(node.place), len(rows) - 1
    first, final = (lesser(end, last, place.most) for end in (place.lower, place.upper))
    each = as_wide(*map(_of_value, rows))
    return _meant((both(first <= row, final >= row), ends) for row, ends in enumerate(each))


def _meant(several: Iterable[tuple[Any, ColumnRange]]) -> ColumnRange:
    """The minimum and the maximum of some constants, by whether each may be meant; one is."""
    found: list[tuple[Any, Any]] = [(is_true(meant), ends) for meant, ends in several]
    some: ColumnRange = found[0][1]
    # The minimum one that is meant is needed last, and so is the maximum.
    falling = sorted(found, key=lambda each: -each[1].lower)
    rising = sorted(found, key=lambda each: each[1].upper)
    lower, upper = falling[0][1].lower, rising[0][1].upper
    for meant, ends in falling:
        lower = one_number(meant, ends.lower, lower, some.most)
    for meant, ends in rising:
        upper = one_number(meant, ends.upper, upper, some.most)
    return some._replace(lower=lower, upper=upper)


#: How each kind of quantity is read.
QUANTITIES: Mapping[type, Callable[[Compiler, Any], ColumnRange]] = {
    Leaf: _leaf,
    Combined: _combined,
    Rounded: _rounded,
    PercentOf: _percent_of,
    Tabulated: _tabulated,
    AmountOf: _amount_of,
    IfElse: _choice,
    YearOf: _year_of,
    PeriodLookup: _by_period,
    RowLookup: _by_row,
}
