"""Truths and numbers of a table: constants where the law or the caller fixes them, else columns.

A truth is true, false, `None` for unknown, or an expression over columns that comes to one of
these in each row, null being unknown. Constants are folded away before the engine sees them, so a
plan holds only what differs from row to row. Only comparisons and ``& | ~`` carry truths,
because those are Kleene's on every engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import narwhals.stable.v2 as nw

__all__ = [
    "UNKNOWN",
    "Truth",
    "all_true",
    "among",
    "any_true",
    "both",
    "either",
    "inverse",
    "is_false",
    "is_true",
    "is_unknown",
    "unknown_truth",
]

#: A constant truth, or a column of truths.
Truth = bool | None | nw.Expr


#: The name of a column in which nothing is known.
UNKNOWN = "__evcredit_unknown"


def unknown_truth(column: str) -> nw.Expr:
    """A column of truths in which nothing is known, made of any column that can hold nulls.

    Some engines take an unknown literal for false.
    """
    same = nw.col(column) == nw.col(column)
    return nw.when(same != same).then(same)  # noqa: PLR0124  # never


def _column(truth: Truth) -> nw.Expr:
    if truth is None:
        return nw.col(UNKNOWN)
    return nw.lit(truth) if isinstance(truth, bool) else truth


def both(one: Truth, other: Truth) -> Truth:
    """Kleene's "and"."""
    if one is False or other is False:
        return False
    if one is True:
        return other
    if other is True:
        return one
    if one is None and other is None:
        return None
    return _column(one) & _column(other)


def either(one: Truth, other: Truth) -> Truth:
    """Kleene's "or"."""
    if one is True or other is True:
        return True
    if one is False:
        return other
    if other is False:
        return one
    if one is None and other is None:
        return None
    return _column(one) | _column(other)


def inverse(truth: Truth) -> Truth:
    """Kleene's "not"."""
    if isinstance(truth, nw.Expr):
        return ~truth
    return None if truth is None else not truth


def all_true(truths: Iterable[Truth]) -> Truth:
    """Kleene's "and" of several."""
    found: Truth = True
    for truth in truths:
        found = both(found, truth)
    return found


def any_true(truths: Iterable[Truth]) -> Truth:
    """Kleene's "or" of several."""
    found: Truth = False
    for truth in truths:
        found = either(found, truth)
    return found


def is_true(truth: Truth) -> Any:
    """Whether a truth is known to be true; never unknown."""
    return truth.fill_null(value=False) if isinstance(truth, nw.Expr) else truth is True


def is_false(truth: Truth) -> Any:
    """Whether a truth is known to be false; never unknown."""
    return ~truth.fill_null(value=True) if isinstance(truth, nw.Expr) else truth is False


def is_unknown(truth: Truth) -> Any:
    """Whether a truth is unknown; never unknown itself."""
    return truth.is_null() if isinstance(truth, nw.Expr) else truth is None


#: Up to so many texts, one comparison each is faster than a search.
_FEW = 8


def among(value: nw.Expr | None, members: Sequence[str]) -> Any:
    """Whether a column states one of some texts; unknown where it states nothing."""
    if value is None:
        return None
    if len(members) <= _FEW:
        return any_true(value == member for member in members)
    # Whether nothing is among others, engines answer differently.
    known = ~value.is_null()
    return either(both(known, value.is_in(list(members))), both(~known, None))
