"""Items that add up: what each part of a claim contributes to a share, or to a flag, on its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["Item", "item_of"]


class Item(NamedTuple):
    """One item of a share or of a flag, which no fact outside it affects.

    Args:
        subject: The object that states the facts of the item.
        contribution: From the object, possibly with more of its facts filled in, to what it
            contributes: of a share its pieces, each a value in whole units (`None` if unknown) and
            the minimum and the maximum fraction of it that counts; of a flag its truth value.
    """

    subject: Any
    contribution: Callable[[Any], Any]


def item_of(path: str, items: Any) -> str | None:
    """The path of the innermost item that states a fact; `None` if no item does.

    Args:
        path: The path of the fact.
        items: Paths of items.

    >>> item_of("chains[1].steps[0].country", {"chains[1]": 1, "chains[10]": 2})
    'chains[1]'
    >>> item_of("chains", {"chains[1]": 1}) is None
    True
    """
    while path:
        path = path.rpartition(".")[0]
        if path in items:
            return path
    return None
