"""What follows from the parts of an assumed claim: the contents of its battery, its history.

A claim that is assumed for every row may state parts that no column holds: chains, components,
owners, earlier transfers. What follows from them is computed once, by the very rules that an
object is read by, for each stretch of days on which the law is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from evcredit.algebra.binding import Binding
from evcredit.algebra.day import Day
from evcredit.algebra.derived import CertifiedShare, Derived, compare_share
from evcredit.algebra.field import Kind
from evcredit.algebra.path import read, with_facts
from evcredit.tables.compiler.columns import column_of
from evcredit.tables.compiler.reader import Compiler
from evcredit.tables.compiler.truth import Truth, any_true, both, inverse, is_false, is_true

__all__ = ["assumed_flag", "assumed_share"]

_Value = Callable[[Binding], Callable[[Any], Any]]


def assumed_share(reader: Compiler, node: Derived, percent: int) -> Truth:
    """Whether the share that follows from the assumed claim reaches a percentage."""
    body = node.body
    value = body.computed if isinstance(body, CertifiedShare) else node.bind_value

    def of(day: date | None) -> Truth:
        share = _value(reader, node, day, value=value, claim=reader.assumed, how="")
        return compare_share(share, percent)

    return _by_day(reader, of)


def assumed_flag(reader: Compiler, node: Derived) -> Truth:
    """A flag that follows from the assumed claim; `None` if that shows nothing of it."""
    hidden = reader.assumed
    if any(reader.has(column_of(fact).name) for fact in node.beside):
        hidden = _without(hidden, node.beside)
        _refuse_what_depends(reader, node, hidden)
    if node.stated is None or not reader.has(column_of(node.stated).name):
        return _flag(reader, node, hidden, "")
    # The battery's own flag is a column: what follows with it up, down and unknown.
    plain = _flag(reader, node, _without(hidden, (node.stated,)), "unknown")
    if plain is None and node.stated_governs(reader.law):
        return None
    flag = reader.fact(node.stated)
    up, down = (
        _flag(reader, node, with_facts(hidden, {node.stated.path: known}), f"{known}")
        for known in (True, False)
    )
    if up is down is plain is None:
        return None
    return any_true(
        (both(is_true(flag), up), both(is_false(flag), down), both(flag.is_null(), plain))
    )


def _flag(reader: Compiler, node: Derived, claim: Any, how: str) -> Truth:
    def of(day: date | None) -> Truth:
        found: Truth = _value(reader, node, day, value=node.bind_value, claim=claim, how=how)
        return found

    return _by_day(reader, of)


def _value(
    reader: Compiler, node: Derived, day: date | None, *, value: _Value, claim: Any, how: str
) -> Any:
    """What follows from a claim under the law of a day; computed once."""

    def worked_out() -> Any:
        named = {} if day is None or reader.governing is None else {reader.governing.path: day}
        return value(Binding(reader.law, named))(claim)

    return reader.once(("assumed", id(node), how, day), 0, worked_out)


def _without(claim: Any, facts: tuple[Any, ...]) -> Any:
    """The claim without what columns of the table tell, or may tell."""
    stated = [fact.path for fact in facts if read(claim, fact.path) is not None]
    return with_facts(claim, dict.fromkeys(stated)) if stated else claim


def _refuse_what_depends(reader: Compiler, node: Derived, claim: Any) -> None:
    """Refuse parts that are stated, and tell nothing without a column that differs by row."""
    if _flag(reader, node, claim, "") is not None:
        return
    unknown = list(node.unknown(claim, Binding(reader.law, {})))
    if not any(each.declared.kind is Kind.PARTS for each in unknown):
        reader.refused[node.name] = (
            f"missing column ({node.label}): assume states what it follows from, but it also "
            "depends on days that are columns; work it out for each row and give it"
        )


def _by_day(reader: Compiler, of: Callable[[date | None], Truth]) -> Truth:
    """What holds under the law of the day of each row; on an unknown day, what then holds."""
    governing = reader.governing
    day: Any = None if governing is None else reader.day(governing)
    if governing is None or not isinstance(day, nw.Expr):
        return of(day)
    stretches = _stretches(reader, governing, of)
    unknown = of(None)
    if all(truth is unknown for _, _, truth in stretches):
        return unknown
    found = [both(day.is_null(), unknown)]
    for start, end, truth in stretches:
        since = True if start is None else reader.since(governing, day, start)
        until = True if end is None else inverse(reader.since(governing, day, end))
        found.append(both(both(~day.is_null(), both(since, until)), truth))
    return any_true(found)


def _stretches(
    reader: Compiler, governing: Day, of: Callable[[date | None], Truth]
) -> list[tuple[date | None, date | None, Truth]]:
    """The stretches of days on which it is the same, each with the day after its last."""
    span = reader.span(governing)
    later = [turn for turn in reader.turns if turn > span.first and span.meets(turn, None)]
    found: list[tuple[date | None, date | None, Truth]] = [(None, None, of(span.first))]
    for turn in later:
        truth = of(turn)
        start, _, before = found[-1]
        if truth is not before:
            found[-1] = (start, turn, before)
            found.append((turn, None, truth))
    return found
