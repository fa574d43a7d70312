"""The smallest choices that make sums large enough, from the smallest on.

Each item offers ways: some of its facts, and how much they add for certain. The question is which
facts, taken together, add enough, when none of them could be spared. There can be more such sets
than anyone could read, so they are found one by one, those of fewer facts first.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

__all__ = ["Covers", "Way"]

#: The most choices that are looked at.
STEPS = 200_000

Needs = tuple[int, ...]


class Way(NamedTuple):
    """Facts of one item, and how much they add to each sum for certain.

    Args:
        facts: The paths of the facts, at least one.
        gains: What they add, nothing or more.
        values: The values that do it, in the order of the facts.
    """

    facts: tuple[str, ...]
    gains: Needs
    values: tuple[Any, ...] = ()


class Covers:
    """The minimal choices of ways, one at most of each item, that add enough to every sum.

    Args:
        items: The ways of each item; more facts of an item never add less.
        needs: How much is needed in each sum.

    >>> covers = Covers([[Way(("a",), (5,))], [Way(("b",), (3,))], [Way(("c",), (2,))]], (5,))
    >>> [[way.facts[0] for way in chosen] for chosen in covers.each()]
    [['a'], ['b', 'c']]
    """

    def __init__(self, items: Sequence[Sequence[Way]], needs: Needs) -> None:
        self._items = sorted(
            ([way for way in item if any(way.gains)] for item in items),
            key=lambda item: max((way.gains for way in item), default=()),
            reverse=True,
        )
        self._items = [item for item in self._items if item]
        self._needs = needs
        #: Whether every choice was looked at.
        self.complete: bool = True
        self._steps = 0
        nothing = (0,) * len(needs)
        # What the item of a way adds with fewer facts; by identity, as ways may be alike.
        self._fewer = {
            id(way): [nothing, *(o.gains for o in item if set(o.facts) < set(way.facts))]
            for item in self._items
            for way in item
        }
        # For each item, the most that so many items from there on add to each sum.
        self._most = [self._most_from(first) for first in range(len(self._items) + 1)]

    def _most_from(self, first: int) -> list[list[int]]:
        found = []
        for place in range(len(self._needs)):
            gains = sorted(
                (max(way.gains[place] for way in item) for item in self._items[first:]),
                reverse=True,
            )
            sums = [0]
            for gain in gains:
                sums.append(sums[-1] + gain)
            found.append(sums)
        return found

    def each(self) -> Iterator[tuple[Way, ...]]:
        """Yield the minimal choices, those of fewer facts first."""
        if all(need <= 0 for need in self._needs):
            yield ()
            return
        facts = sum(max(len(way.facts) for way in item) for item in self._items)
        for size in range(1, facts + 1):
            yield from self._of(0, size, self._needs, ())
            if self._steps > STEPS:
                self.complete = False
                return

    def _of(
        self, first: int, left: int, needs: Needs, chosen: tuple[Way, ...]
    ) -> Iterator[tuple[Way, ...]]:
        """The minimal choices with so many more facts, from an item on."""
        self._steps += 1
        if self._steps > STEPS:
            return
        if left == 0:
            if all(need <= 0 for need in needs) and self._is_minimal(chosen, needs):
                yield chosen
            return
        if all(need <= 0 for need in needs):
            return  # one of them could be spared
        for index in range(first, len(self._items)):
            most = self._most[index]
            if any(
                need > sums[min(left, len(sums) - 1)]
                for need, sums in zip(needs, most, strict=True)
            ):
                return
            for way in self._items[index]:
                if len(way.facts) <= left:
                    rest = tuple(n - g for n, g in zip(needs, way.gains, strict=True))
                    more = left - len(way.facts)
                    yield from self._of(index + 1, more, rest, (*chosen, way))

    def _is_minimal(self, chosen: tuple[Way, ...], needs: Needs) -> bool:
        """Whether no fact can be spared: each item with fewer of its facts would add too little."""
        for way in chosen:
            for gains in self._fewer[id(way)]:
                spared = (n + g - f for n, g, f in zip(needs, way.gains, gains, strict=True))
                if all(each <= 0 for each in spared):
                    return False
        return True
