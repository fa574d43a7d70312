"""How statements are read over columns: a function for each kind of node."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import narwhals.stable.v2 as nw

from evcredit.algebra.calendar import days_later
from evcredit.algebra.day import DaysAfter
from evcredit.algebra.derived import CertifiedShare, Derived, ShareComparison
from evcredit.algebra.expression import And, Comparison, Fact, IsOneOf, Not, Or, Stated
from evcredit.algebra.kinds import Flag
from evcredit.algebra.parameter import InGroup, Parameter, Reading, ScheduledFlag, TableLookup
from evcredit.algebra.quantity import Exceeds, Holds, InForce
from evcredit.algebra.schedule import NoProvision
from evcredit.algebra.share import reaches
from evcredit.tables.compiler.assumed import assumed_flag, assumed_share
from evcredit.tables.compiler.columns import (
    column_of,
    flag_column,
    share_columns,
    units_of,
)
from evcredit.tables.compiler.ranges import as_wide
from evcredit.tables.compiler.reader import FLAGS, LIMITS, Compiler
from evcredit.tables.compiler.truth import (
    Truth,
    among,
    both,
    either,
    inverse,
    is_true,
    of_alternatives,
)

__all__ = ["STATEMENTS"]

_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
}


def _flag(reader: Compiler, node: Flag) -> Truth:
    found: Truth = reader.fact(node)
    # An optional flag reports something out of the ordinary, which is down unless stated.
    if not node.declared.optional:
        return found
    return found.fill_null(value=False) if isinstance(found, nw.Expr) else bool(found)


# What one side decides in every row, the other is not asked about.
def _and(reader: Compiler, node: And) -> Truth:
    left = reader.statement(node.left)
    return False if left is False else both(left, reader.statement(node.right))


def _or(reader: Compiler, node: Or) -> Truth:
    left = reader.statement(node.left)
    return True if left is True else either(left, reader.statement(node.right))


def _not(reader: Compiler, node: Not) -> Truth:
    return inverse(reader.statement(node.inner))


def _scheduled_flag(reader: Compiler, node: ScheduledFlag) -> Truth:
    def flag(value: Any) -> Truth:
        return value if isinstance(value, bool) else None

    found: Truth = reader.once((node.name, id(node.day)), FLAGS, lambda: reader.cases(node, flag))
    return found


def _derived(reader: Compiler, node: Derived) -> Truth:
    if node.body is not None:
        return reader.statement(node.body)
    found: Truth = None if reader.has(node.name) else assumed_flag(reader, node)
    if found is not None:
        return found
    stated = node.stated if node.stated_governs(reader.law) else None
    if reader.columns is not None and node.name not in reader.columns and stated is not None:
        found = reader.fact(stated)
    else:
        found = reader.column(flag_column(node.name, node.label))
    return found


def _reading(reader: Compiler, node: Reading) -> Truth:
    chosen: Any = getattr(reader.law.readings, node.name)
    known: Truth = chosen in node.members if node.members else chosen
    return known


def _stated(reader: Compiler, node: Stated) -> Truth:
    asked = column_of(node.fact).name
    before = asked in reader.lacking
    found = reader.fact(node.fact)
    if found is None and not before:
        # Whether it is stated is known without it; what it is, others ask.
        reader.lacking.pop(asked, None)
    return ~found.is_null() if isinstance(found, nw.Expr) else found is not None


def _among_members(reader: Compiler, node: IsOneOf) -> Truth:
    choice = reader.fact(node.choice)
    members = [member.value for member in node.members]
    if not isinstance(choice, nw.Expr):
        if choice is None:
            return False if node.choice.declared.optional else None
        return choice in members
    found: Truth = among(choice, members)
    if node.choice.declared.optional:
        found = is_true(found)
    return found


def _membership(reader: Compiler, node: InGroup) -> Truth:
    country = reader.fact(node.country)
    rows: tuple[tuple[str, bool | None], ...] = getattr(reader.law, node.group).rows
    if not isinstance(country, nw.Expr):
        return None if country is None else dict(rows).get(country, False)
    inside = among(country, [code for code, member in rows if member])
    undecided = [code for code, member in rows if member is None]
    return either(inside, both(among(country, undecided), None)) if undecided else inside


def _comparison(reader: Compiler, node: Comparison) -> Truth:
    value = reader.fact(node.left)
    if value is None:
        return None
    if isinstance(node.right, DaysAfter):
        return _days_after(reader, value, node.symbol, node.right)

    def compare(limit: Any) -> Truth:
        return _compared(reader, node.left, value, node.symbol, limit)

    return _against(reader, node.right, units_of(node.left), node.symbol, compare)


def _compared(reader: Compiler, fact: Fact, value: Any, symbol: str, limit: Any) -> Truth:
    """A fact against a limit, computed once for all entries and rules that have the same."""
    key = (fact.path, symbol, limit)
    found: Truth = reader.once(key, LIMITS, lambda: _COMPARE[symbol](value, limit))
    return found


def _days_after(reader: Compiler, value: Any, symbol: str, limit: DaysAfter) -> Truth:
    """A comparison of a day with the one so many days after another."""
    day, compare = reader.fact(limit.day), _COMPARE[symbol]
    if day is None:
        return None

    def after(days: Any) -> Truth:
        if isinstance(days, NoProvision):
            return None
        if isinstance(day, date):
            return compare(value, days_later(day, days))  # type: ignore[no-any-return]  # Narwhals
        return compare(value, day.dt.offset_by(f"{days}d"))  # type: ignore[no-any-return]

    return reader.cases(limit.days, after)


def _against(
    reader: Compiler, limit: Any, units: int, symbol: str, compare: Callable[[Any], Truth]
) -> Truth:
    """A comparison with a limit: under the entry of the day and the category of the row.

    Args:
        reader: What reads facts and schedules.
        limit: A number, or a node that represents one.
        units: How many units of the column make one of the limit.
        symbol: How it is compared.
        compare: From a limit in these units to the truth.
    """

    def with_number(value: Any) -> Truth:
        if isinstance(value, NoProvision) or value is None:
            return None
        return compare(value if isinstance(value, date) else _whole(value, units))

    def with_row(table: Any) -> Truth:
        return _picked(reader, limit, table, symbol, with_number)

    if isinstance(limit, Parameter):
        return reader.cases(limit, with_number, symbol)
    if isinstance(limit, TableLookup):
        return reader.cases(limit.parameter, with_row)
    return with_number(limit)


def _picked(
    reader: Compiler, pick_of: TableLookup, table: Any, symbol: str, compare: Callable[[Any], Truth]
) -> Truth:
    """A comparison with the row of a scheduled table that a category picks."""
    if isinstance(table, NoProvision):
        return None
    by_value: dict[Any, list[str]] = {}
    for category, value, _ in table.rows:
        by_value.setdefault(value, []).append(category.value)
    truths = {value: compare(value) for value in by_value}
    if len(truths) == 1:
        return next(iter(truths.values()))
    key = reader.fact(pick_of.key)
    if isinstance(key, str):
        return compare(next(value for each, value, _ in table.rows if each.value == key))
    return of_alternatives(truths, lambda value, weaker: among(key, by_value[value]), symbol)


def _share_comparison(reader: Compiler, node: ShareComparison) -> Truth:
    derived, body = node.left, node.left.body

    def reaches(percent: int) -> Truth:
        return _reaches(reader, derived, percent)

    found = _against(reader, node.right, 1, ">=", reaches)
    if not isinstance(body, CertifiedShare) or not body.governs(reader.law):
        return found
    certified = _certified(reader, body.certified, computed=found is not None)
    if certified is None:
        return found
    units = units_of(body.certified)

    def by_percent(percent: Any) -> Truth:
        return _compared(reader, body.certified, certified, ">=", percent)

    # Several tests have the same percentage, and by a certificate they are one.
    limit, same = node.right, (body.certified.path, node.right.name, id(node.right.day))
    by_certificate: Truth = reader.once(
        same, FLAGS, lambda: _against(reader, limit, units, ">=", by_percent)
    )
    # Where no share is known, a row without a certified percentage is unknown either way.
    if found is None or not isinstance(certified, nw.Expr):
        return by_certificate
    stated = ~certified.is_null()
    return either(both(stated, by_certificate), both(~stated, found))


def _certified(reader: Compiler, fact: Fact, *, computed: bool) -> Any:
    """The certified percentage, which is needed only where no share is computed."""
    asked = column_of(fact)
    found = reader.fact(fact)
    if found is None and computed:
        reader.lacking.pop(asked.name, None)
    return found


def _reaches(reader: Compiler, derived: Derived, percent: int) -> Truth:
    """Whether a computed share reaches a percentage."""
    columns = tuple(share_columns(derived.name, derived.label))
    some = any(reader.has(column.name) for column in columns)
    if not some:
        known = assumed_share(reader, derived, percent)
        if known is not None:
            return known
    # A share is four columns: where one is there, none of the others may be omitted.
    found = [reader.column(c._replace(optional=c.optional and not some)) for c in columns]
    if None in [each if each is None else 0 for each in found]:
        return None
    lower_of, lower_in, upper_of, upper_in = found
    surely = reaches(lower_of, lower_in, percent)
    perhaps = reaches(upper_of, upper_in, percent)
    return either(surely, both(perhaps, None))


def _exceeds(reader: Compiler, node: Exceeds) -> Truth:
    one, other = as_wide(reader.quantity(node.one), reader.quantity(node.other))
    surely = one.lower > other.upper
    perhaps = one.upper > other.lower
    return either(surely, both(perhaps, None))


def _in_force(reader: Compiler, node: InForce) -> Truth:
    return reader.columns_of(node.rule).applies


def _holds(reader: Compiler, node: Holds) -> Truth:
    return reader.columns_of(node.rule).inner


def _whole(value: Any, units: int) -> int:
    """A number of the law in units of a column."""
    exact = Fraction(value) * units
    if exact.denominator != 1:
        raise ValueError(f"{value} is no whole number of units of which {units} make one")
    return exact.numerator


#: How each kind of statement is read.
STATEMENTS: Mapping[type, Callable[[Compiler, Any], Truth]] = {
    And: _and,
    Or: _or,
    Not: _not,
    ScheduledFlag: _scheduled_flag,
    Flag: _flag,
    Derived: _derived,
    Reading: _reading,
    Stated: _stated,
    IsOneOf: _among_members,
    InGroup: _membership,
    Comparison: _comparison,
    ShareComparison: _share_comparison,
    Exceeds: _exceeds,
    InForce: _in_force,
    Holds: _holds,
}
