"""Truths and numbers of a table: constants where the law or the caller fixes them, else columns.

A truth is true, false, `None` for unknown, or an expression over columns that amounts to one of
these in each row, null being unknown. Constants are folded away before the engine sees them, so a
plan holds only what differs from row to row. Only comparisons and ``& | ~`` carry truths,
because those are Kleene's on every engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
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
    "of_alternatives",
    "unknown_truth",
]

#: A constant truth, or a column of truths.
Truth = bool | None | nw.Expr


#: The name of a column in which nothing is known.
UNKNOWN = "__evcredit_unknown"


def unknown_truth(column: str) -> nw.Expr:
    """A column of truths in which nothing is known, made of any column.

    Some engines take an unknown literal for false. Every type can be unknown, and not every one
    can be compared.
    """
    absent = nw.col(column).is_null()
    # Never true, which Spark sees for itself and then keeps a plain null.
    return nw.when(absent & ~absent).then(absent)


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
    # The same column twice is that column; so is the unknown.
    return one if one is other else _column(one) & _column(other)


def either(one: Truth, other: Truth) -> Truth:
    """Kleene's "or"."""
    if one is True or other is True:
        return True
    if one is False:
        return other
    if other is False:
        return one
    return one if one is other else _column(one) | _column(other)


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


def of_alternatives(
    truths: Mapping[Any, Truth],
    where: Callable[[Any, Sequence[Any]], Truth],
    symbol: str | None,
) -> Truth:
    """What holds of the alternative that a row picks; if which is unknown, what holds of all.

    Args:
        truths: By value, whether the row is within it.
        where: Whether a row picks a value; it may as well tell whether it picks that or any of
            some weaker ones.
        symbol: How the values limit a fact, if they do: what is within a limit is then within
            every weaker one, and no one need ask which one it is that the strictest one allows.
    """
    if all(truth is None for truth in truths.values()):
        return None
    if symbol is None:
        under = (both(where(value, ()), truth) for value, truth in truths.items())
        return either(any_true(under), all_true(truths.values()))
    known = [value for value, truth in truths.items() if truth is not None]
    known.sort(reverse=symbol in {"<", "<="})
    found: Truth = False
    for place, value in enumerate(known):
        everywhere = place + 1 == len(truths)
        picks = True if everywhere else where(value, known[:place])
        found = either(found, both(picks, truths[value]))
    for value, truth in truths.items():
        if truth is None:
            found = either(found, both(where(value, ()), None))
    return found
