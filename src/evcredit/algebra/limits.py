"""Limits of what one object may hold, the same wherever it comes from.

They are far above anything real, and keep a hostile or broken input from using up time and
memory. An error that one of them causes names it. The page "Limits" of the documentation lists
them.
"""

from __future__ import annotations

__all__ = [
    "MOST_CHARACTERS",
    "MOST_FAULTS",
    "MOST_HOLDINGS",
    "MOST_IN_A_CIRCLE",
    "MOST_ITEMS",
    "MOST_LEVELS",
    "fewer_items",
    "most_items",
]

#: The most levels of components inside each other.
MOST_LEVELS = 60
#: The most items of one list: chains, components, entities, transfers, vehicles.
MOST_ITEMS = 10_000
#: The most holdings of one graph of owners, which two hundred owners of each other come near.
MOST_HOLDINGS = 50_000
#: The most entities that may hold each other in a circle.
MOST_IN_A_CIRCLE = 1_000
#: The most characters, or bytes, of one JSON document: 4 MiB.
MOST_CHARACTERS = 4_194_304
#: The most faults of one input that are collected; reading stops there.
MOST_FAULTS = 1_000


def most_items(name: str) -> int:
    """Return the most items of a list, by the name of its fact.

    >>> most_items("minerals"), most_items("holdings")
    (10000, 50000)
    """
    return MOST_HOLDINGS if name == "holdings" else MOST_ITEMS


def fewer_items(most: int) -> str:
    """Return what to do about a list of more items than there may be.

    >>> fewer_items(10_000)
    'give at most 10,000 items in one list'
    """
    return f"give at most {most:,} items in one list"
