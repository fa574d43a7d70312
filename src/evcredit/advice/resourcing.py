"""Which chains or components would have to come from elsewhere: the fewest, or the least value."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import attrs

from evcredit.advice.cover import Choice, Need, Part, fewest, least_value
from evcredit.advice.sides import HOME, Lot, Side
from evcredit.advice.solver import improved
from evcredit.algebra.brief import some_of
from evcredit.algebra.money import in_dollars, in_millionths
from evcredit.algebra.share import Share
from evcredit.algebra.tuples import made_of_items
from evcredit.law.countries import ELSEWHERE
from evcredit.results.words import json_value

__all__ = ["Move", "Resourcing", "of_needed", "resourcings"]


@made_of_items
class Move(NamedTuple):
    """A chain or component that would come from elsewhere.

    Args:
        path: Where it is.
        subject: What it is, in words.
        value: US dollars of all of it; `None` if unknown.
        places: The countries it comes from now.
        needed: Whether it has to move however little of value does, because a foreign entity of
            concern is in it or its value is unknown.
    """

    path: str
    subject: str
    value: Decimal | None
    places: tuple[str | None, ...]
    needed: bool = False

    def __str__(self) -> str:
        value = "value unknown" if self.value is None else in_dollars(self.value)
        return f"{self.subject} ({value})"


@attrs.frozen(kw_only=True)
class Resourcing:
    """The smallest set of chains or components to get from elsewhere, so that a half flips.

    Args:
        wins: Whether it wins the half; otherwise it loses it.
        by: What is smallest: ``"count"`` or ``"value"``.
        moves: What to move, in order.
        into: A country that suffices: where it counts, or where it does not.
        value: US dollars that are moved, values that are unknown aside.
        exact: Whether nothing smaller exists. Where values have so many digits that their sums
            cannot be stored, or more than twelve chains count in part, there may be, but nothing
            below `at_least`.
        at_least: US dollars that have to move in any case.
        content: The content afterwards.
    """

    wins: bool
    by: str
    moves: tuple[Move, ...]
    into: str
    value: Decimal
    exact: bool
    at_least: Decimal
    content: Share | None
    _side: Side = attrs.field(eq=False, repr=False)
    _places: tuple[int, ...] = attrs.field(eq=False, repr=False)

    def __str__(self) -> str:
        where = "where it counts" if self.wins else "where it does not count"
        smallest = "fewest" if self.by == "count" else "least value"
        return (
            f"{smallest}: {len(self.moves)} to come from {where}, {in_dollars(self.value)}: "
            f"{some_of([str(each) for each in self.moves], 3, 'moves')}; content {self.content}"
        )

    def applied(self, to: Any = None, *, into: str | None = None) -> Any:
        """The claim or pool with the change.

        Args:
            to: Another claim or pool with the same chains, which may have other changes already.
            into: Another country to move everything to. Whether it counts is for the law to say.
        """
        subject = self._side.subject if to is None else to
        return self._side.relocate(subject, self._places, into or self.into)

    def to_dict(self) -> dict[str, Any]:
        """The change, ready for JSON."""
        return {
            "wins": self.wins,
            "by": self.by,
            "moves": [
                {
                    "path": each.path,
                    "subject": each.subject,
                    "value": json_value(each.value),
                    "places": list(each.places),
                    "needed": each.needed,
                }
                for each in self.moves
            ],
            "into": self.into,
            "value": json_value(self.value),
            "exact": self.exact,
            "at_least": json_value(self.at_least),
            "content": json_value(self.content),
        }


def resourcings(side: Side, *, wins: bool, solver: bool = False) -> Iterator[Resourcing]:
    """The smallest changes by count and by value, each applied and found to flip the half.

    Args:
        side: The half.
        wins: Whether to win it.
        solver: Whether to ask a solver where nothing shows that a change is the smallest.

    Raises:
        MissingExtraError: The solver is asked and not installed.
    """
    searches: tuple[tuple[str, Callable[..., Choice | None]], ...] = (
        ("count", fewest),
        ("value", least_value),
    )
    for by, search in searches:
        found = [
            each
            for tests in _asked(side, wins=wins)
            if (each := _search(side, tests, search, by, wins=wins, solver=solver)) is not None
        ]
        if not found:
            continue
        size = (
            (lambda each: len(each[0])) if by == "count" else (lambda each: _worth(side, each[0]))
        )
        places, needed, choice = min(found, key=size)
        result = _resourcing(side, places, needed, choice, by=by, wins=wins)
        if result.moves and side.holds(result.applied()) is wins:
            yield result


def of_needed(side: Side, by: str) -> Resourcing:
    """What has to move to win a half in any case, and nothing else.

    Args:
        side: The half.
        by: What is smallest.
    """
    places = tuple(place for place, lot in enumerate(side.lots) if lot.barred)
    choice = Choice((), exact=True, at_least=0)
    return _resourcing(side, places, frozenset(places), choice, by=by, wins=True)


def _asked(side: Side, *, wins: bool) -> Iterator[tuple[int, ...]]:
    """The tests to meet together: to win one is enough, to lose both have to fail."""
    if wins:
        yield from ((test,) for test in range(side.tests))
    else:
        yield tuple(range(side.tests))


_Found = tuple[tuple[int, ...], frozenset[int], Choice]


def _search(
    side: Side,
    tests: Sequence[int],
    search: Callable[..., Choice | None],
    by: str,
    *,
    wins: bool,
    solver: bool,
) -> _Found | None:
    needed = frozenset(_needed(side, tests, wins=wins))
    parts = [_part(lot, tests, wins=wins) for lot in side.lots]
    rest = [place for place in range(len(parts)) if place not in needed and parts[place].value]
    needs = [
        need._replace(amount=need.amount - sum(parts[place].gains[at] for place in needed))
        for at, need in enumerate(_needs(side, tests, wins=wins))
    ]
    movable = [parts[place] for place in rest]
    choice = search(movable, needs)
    if choice is None:
        return None
    if solver and not choice.exact:
        choice = improved(choice, movable, needs, by=by)
    chosen = (rest[place] for place in choice.places)
    return tuple(sorted((*needed, *chosen))), needed, choice


def _part(lot: Lot, tests: Sequence[int], *, wins: bool) -> Part:
    """What moving a lot gains: the part that does not count yet, or all that may count."""
    value = lot.value or 0
    counts = [lot.counts[test] for test in tests]
    return Part(
        value, tuple(value * (1 - least) if wins else value * most for least, most in counts)
    )


def _needs(side: Side, tests: Sequence[int], *, wins: bool) -> Iterator[Need]:
    total = sum(lot.value or 0 for lot in side.lots)
    limit = Fraction(side.percent * total, 100)
    for test in tests:
        if all(lot.value is None for lot in side.lots):
            yield Need(0)  # whatever they turn out to be worth, those that are needed decide
            continue
        counting = sum((lot.value or 0) * lot.counts[test][not wins] for lot in side.lots)
        yield Need(limit - counting) if wins else Need(counting - limit, strict=True)


def _needed(side: Side, tests: Sequence[int], *, wins: bool) -> Iterator[int]:
    """Lots that have to move in any case.

    A lot of unknown value may be worth any amount, so the content can come as near to its own as
    one likes. One from a foreign entity of concern bars the credit, whatever it is worth.
    """
    limit = Fraction(side.percent, 100)
    for place, lot in enumerate(side.lots):
        counts = [lot.counts[test] for test in tests]
        if wins:
            open_value = lot.value is None and any(least < limit for least, _ in counts)
            if open_value or lot.barred:
                yield place
        elif lot.value is None and any(most >= limit for _, most in counts):
            yield place


def _worth(side: Side, places: Sequence[int]) -> int:
    return sum(side.lots[place].value or 0 for place in places)


def _resourcing(
    side: Side,
    places: tuple[int, ...],
    needed: frozenset[int],
    choice: Choice,
    *,
    by: str,
    wins: bool,
) -> Resourcing:
    into = HOME if wins else ELSEWHERE
    moves = tuple(
        Move(
            lot.path,
            lot.subject,
            None if lot.value is None else in_millionths(lot.value),
            lot.places,
            place in needed,
        )
        for place in places
        for lot in (side.lots[place],)
    )
    least = choice.at_least + _worth(side, sorted(needed))
    return Resourcing(
        wins=wins,
        by=by,
        moves=moves,
        into=into,
        value=in_millionths(_worth(side, places)),
        exact=choice.exact,
        at_least=in_millionths(least),
        content=side.content(side.relocate(side.subject, places, into)),
        side=side,
        places=places,
    )
