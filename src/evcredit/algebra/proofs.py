"""Which unknown facts of items would prove what a rule evaluates to that sums decide."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from evcredit.algebra.bound import BoundRule
from evcredit.algebra.covers import Covers, Way
from evcredit.algebra.derived import ShareComparison
from evcredit.algebra.expression import Not
from evcredit.algebra.item_sums import Option
from evcredit.algebra.summed import Choice, End
from evcredit.algebra.topic import Mode

__all__ = ["Need", "covers_of", "needs_of"]

#: The most facts of one item that are taken apart.
MOST_FACTS = 6
#: The marks of what is certainly not so, and of what certainly is.
_NONE, _CERTAIN = 0, 2


class Need(NamedTuple):
    """One thing that must be certain: an end that is not negative, or is, or a mark.

    Args:
        end: The end of a share; `None` for a mark.
        mark: Which mark.
        holds: Whether the end is not negative, or some item sets the mark; otherwise the end is
            negative, or no item may set the mark.
    """

    end: End | None
    mark: int
    holds: bool

    def certain(self, options: Sequence[Option]) -> int:
        """How much an item adds for certain, if it is one of some options."""
        if self.end is None:
            marks = [each.marks[self.mark] for each in options]
            return int(min(marks) == _CERTAIN if self.holds else max(marks) == _NONE)
        column = self.end.column
        if self.holds:
            return min(each.low[column] for each in options)
        return -max(each.high[column] for each in options)

    def least(self, items: int) -> int:
        """How much all of that many items must add together."""
        if self.end is None:
            return 1 if self.holds else items
        return -self.end.offset if self.holds else self.end.offset + 1


#: Needs of which all must be met, in one of several manners.
Alternatives = list[tuple[Need, ...]]


def needs_of(
    bound: BoundRule,
    ends: Mapping[int, Sequence[tuple[End, End]]],
    marks: Mapping[int, int],
    *,
    holds: bool,
) -> Alternatives:
    """Return in which manners a rule can be certain to hold, or not to.

    Args:
        bound: The rule, bound.
        ends: The ends of each share, lower and upper.
        marks: Which mark each flag is.
        holds: Whether it shall hold.
    """

    def of_body(body: Any, holds: bool) -> Alternatives:
        if isinstance(body, Not):
            return of_body(body.inner, not holds)
        if isinstance(body, ShareComparison):
            sums = [low if holds else high for low, high in ends[id(body)]]
            return [tuple(Need(end, 0, holds) for end in sums)] if sums else []
        return [(Need(None, marks[id(body)], holds),)]

    def of_rule(bound: BoundRule, holds: bool) -> Alternatives:
        if bound.rule.body is not None:
            return of_body(bound.rule.body, holds)
        parts = [each for each in bound.parts if each.applies is not False]
        if bound.rule.mode is Mode.NOT:
            return of_rule(parts[0], not holds)
        found = [of_rule(each, holds) for each in parts]
        if holds is (bound.rule.mode is Mode.ANY):
            return [each for alternatives in found for each in alternatives]
        return [tuple(itertools.chain(*chosen)) for chosen in itertools.product(*found)]

    return of_rule(bound, holds)


def covers_of(
    needs: tuple[Need, ...],
    facts: Sequence[Sequence[str]],
    choices: Sequence[Sequence[Choice]],
    own: Sequence[Sequence[Option]],
) -> Covers | None:
    """Return the sets of facts that meet needs for certain; `None` where that is too much.

    Args:
        needs: The needs.
        facts: For each item its unknown facts.
        choices: For each item what it may be.
        own: For each item what its choices add.
    """
    if any(len(each) > MOST_FACTS for each in facts):
        return None
    base = [tuple(need.certain(options) for need in needs) for options in own]
    left = tuple(
        need.least(len(own)) - sum(each[place] for each in base) for place, need in enumerate(needs)
    )
    ways = [list(_ways(needs, *item)) for item in zip(base, facts, choices, own, strict=True)]
    return Covers(ways, left)


def _ways(
    needs: tuple[Need, ...],
    base: tuple[int, ...],
    facts: Sequence[str],
    choices: Sequence[Choice],
    own: Sequence[Option],
) -> Iterator[Way]:
    """The facts of an item that add something for certain, and their best values."""
    found: list[Way] = []
    for size in range(1, len(facts) + 1):
        for places in itertools.combinations(range(len(facts)), size):
            groups: dict[tuple[Any, ...], list[Option]] = {}
            for choice, option in zip(choices, own, strict=True):
                values = tuple(choice.values[place] for place in places)
                groups.setdefault(values, []).append(option)
            chosen = tuple(facts[place] for place in places)
            tried = []
            for values, options in groups.items():
                certain = (need.certain(options) for need in needs)
                gains = tuple(sure - low for sure, low in zip(certain, base, strict=True))
                tried.append((options, Way(chosen, gains, values)))
            # Of values that add the same, those that other rules need as well: without marks.
            tried.sort(key=lambda each: (_marks(each[0]), [-low for low in _low(each[0])]))
            for _, way in tried:
                if not any(_covers(other, way) for other in found):
                    found.append(way)
    yield from found


def _marks(options: Sequence[Option]) -> tuple[int, ...]:
    return max(each.marks for each in options)


def _low(options: Sequence[Option]) -> tuple[int, ...]:
    return min(each.low for each in options)


def _covers(one: Way, other: Way) -> bool:
    """Whether a way adds no less, with no other facts."""
    return set(one.facts) <= set(other.facts) and all(
        more >= less for more, less in zip(one.gains, other.gains, strict=True)
    )
