"""Named tuples that `attrs.asdict` can copy inside lists."""

from __future__ import annotations

from functools import wraps
from typing import Any, TypeVar

__all__ = ["made_of_items"]

T = TypeVar("T", bound=type)


def made_of_items(cls: T) -> T:
    """Let a named tuple also be made of one list of its items, as `attrs.asdict` makes it.

    Args:
        cls: The class of the named tuple, with more than one item.

    >>> from typing import NamedTuple
    >>> @made_of_items
    ... class Pair(NamedTuple):
    ...     one: int
    ...     other: int
    >>> Pair([1, 2]), Pair(1, other=2)
    (Pair(one=1, other=2), Pair(one=1, other=2))
    """
    original: Any = cls.__new__

    @wraps(original)  # with the parameters of the named tuple
    def made(kind: Any, *items: Any, **named: Any) -> Any:
        if len(items) == 1 and not named and items[0].__class__ is list:
            return original(kind, *items[0])
        return original(kind, *items, **named)

    of: Any = cls
    of.__new__ = made
    return cls
