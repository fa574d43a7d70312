"""Values worth trying for an unknown fact: those around which the result of a rule can change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from evcredit.algebra.binding import LawLike
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.calendar import days_later
from evcredit.algebra.day import Day
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Comparison, Expression, Operand
from evcredit.algebra.field import Kind, declared_facts
from evcredit.algebra.parameter import Parameter, TableLookup
from evcredit.algebra.path import UnknownFact
from evcredit.algebra.rule import Rule

__all__ = ["breakpoints_of_rule", "known_days", "samples_of", "values_where_rules_turn"]

_STEP = {Kind.MONEY: Decimal("0.01"), Kind.COUNT: Decimal(1)}
_FINE = Decimal("0.000001")
_VAST = Decimal(10) ** 12


def values_where_rules_turn(rule: Rule, law: Any) -> dict[str, set[Any]]:
    """The values of facts, by path, at which what a rule evaluates to can change."""
    found: dict[str, set[Any]] = {}
    for path, values in breakpoints_of_rule(rule, law):
        found.setdefault(path, set()).update(values)
    return found


@lru_cache(maxsize=4096)
def breakpoints_of_rule(rule: Rule, law: Any) -> tuple[tuple[str, tuple[Any, ...]], ...]:
    """For each fact a rule compares or looks up by, the values where the outcome can change."""
    return tuple(
        (path, tuple(values))
        for each in rule.walk()
        for expression in each.expressions()
        for path, values in _breakpoints_of(expression, law)
    )


def _breakpoints_of(
    node: Expression | Operand, law: LawLike
) -> Iterator[tuple[str, Iterable[Any]]]:
    if isinstance(node, Comparison):
        turns = node.breakpoints(law)
        if node.left.declared.kind is Kind.DAY:
            turns = (*turns, *(days_later(day, 1) for day in turns))
        yield node.left.path, turns
    if isinstance(node, TableLookup):
        yield from _breakpoints_of(node.parameter, law)
    elif isinstance(node, Parameter):
        boundaries = getattr(law, node.name).boundaries()
        if isinstance(node.day, Day):
            for fact in node.day.reads:
                yield fact.path, boundaries
            yield from _breakpoints_of(node.day.body, law)
        elif node.day is not None:
            yield node.day.path, boundaries
    elif isinstance(node, Derived):
        yield from node.breakpoints(law).items()
        if node.body is not None:
            yield from _breakpoints_of(node.body, law)
    else:
        for operand in node.operands():
            yield from _breakpoints_of(operand, law)


def known_days(subject: Any) -> Iterator[date]:
    """The days that a claim states, and the ones after them."""
    for name, declared in declared_facts(subject.__class__):
        value = getattr(subject, name)
        if declared.kind is Kind.DAY and value is not None:
            yield from (value, days_later(value, 1))
        elif declared.kind is Kind.PART and value is not None:
            yield from known_days(value)


def samples_of(unknown: UnknownFact, breakpoints: set[Any], law: LawLike) -> tuple[Any, ...]:
    """Values to try for an unknown fact, given those at which rules turn."""
    kind = unknown.declared.kind
    if kind is Kind.FLAG:
        return (True, False)
    if kind is Kind.CHOICE:
        return tuple(unknown.declared.of)
    if kind is Kind.COUNTRY:
        return tuple(law.sample_countries())
    if kind is Kind.DAY:
        # A breakpoint is the first of its days. The last one before it is tried too: what is
        # known of other days can rule out the rest. The latest come first: they require most.
        days = {*breakpoints, *(days_later(day, -1) for day in breakpoints)}
        return tuple(sorted(days, reverse=True))
    if not breakpoints:
        breakpoints = {Decimal(0), Decimal(1), Decimal(1000), _VAST}
    within = unknown.within or Bounds(-_VAST if kind is Kind.MONEY else Decimal(0), _VAST)
    around = (
        value
        for value in _around({Decimal(each) for each in breakpoints}, _STEP.get(kind, _FINE))
        if value in within
    )
    ends = () if unknown.within is None else (within.lower, within.upper)
    return tuple(dict.fromkeys((*around, *(end for end in ends if end.is_finite()))))


def _around(breakpoints: set[Any], step: Any) -> tuple[Any, ...]:
    """Each breakpoint, a value just above it, and one below them all.

    Between two breakpoints all values are alike, so the value above one represents them.
    """
    points = sorted(breakpoints)
    near = [points[0] - step, *(value for point in points for value in (point, point + step))]
    return tuple(dict.fromkeys(near))
