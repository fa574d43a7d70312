"""Days of a table: constants where they are the same in every row, else columns."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from evcredit.tables.compiler.truth import Truth, is_false, is_true

__all__ = ["DayOf", "earlier", "one_day"]

#: A day, `None` for an unknown one, or a column of days.
DayOf = date | None | nw.Expr


def _as_day(day: DayOf) -> Any:
    return nw.lit(day) if isinstance(day, date) else day


def earlier(one: DayOf, other: DayOf) -> DayOf:
    """The earlier of two days; unknown if either is."""
    if one is None or other is None:
        return None
    if isinstance(one, date) and isinstance(other, date):
        return min(one, other)
    first, second = _as_day(one), _as_day(other)
    later = nw.when(first > second).then(second)
    return nw.when(first <= second).then(first).otherwise(later)


def one_day(condition: Truth, met: DayOf, otherwise: DayOf) -> DayOf:
    """One of two days; where the condition is unknown, the one they both are."""
    if condition is None:
        return met if isinstance(met, date) and met == otherwise else None
    first, second = _as_day(met), _as_day(otherwise)
    # A choice without an alternative is unknown there.
    if first is None or second is None:
        holds = is_false(condition) if first is None else is_true(condition)
        return nw.when(holds).then(second if first is None else first)
    known = is_true(condition) | is_false(condition) | is_true(first == second)
    chosen = nw.when(is_true(condition)).then(first).otherwise(second)
    return nw.when(known).then(chosen)
