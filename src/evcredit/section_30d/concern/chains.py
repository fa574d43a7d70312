"""How something is held: the strongest chains of holdings from bodies to an entity.

A graph of ownership can have more chains than atoms in the world, so they are not listed but
searched from the strongest on. How many more there are is counted without walking them.

Source: 42 USC 18741(a)(5); 89 FR 37079.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal
from fractions import Fraction
from itertools import count, pairwise
from typing import NamedTuple

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.circle import strong_components
from evcredit.errors import UnknownNameError
from evcredit.section_30d.concern.tracing import Trace

__all__ = ["Chains", "HeldThrough", "chains_of"]

#: The most chains that are reported.
CHAINS = 8
#: The most entries that the search makes.
SEARCHED = 50_000

#: How strong chains are is rounded, never to zero: it only puts them in order. What differs by
#: rounding alone is the same when it is rounded once more.
_ROUGHLY = Context(prec=36, Emin=MIN_EMIN, Emax=MAX_EMAX)
_ROUGHER = Context(prec=24, Emin=MIN_EMIN, Emax=MAX_EMAX)
_ONE = Decimal(1)


class HeldThrough(NamedTuple):
    """One chain of holdings from a body to an entity.

    Args:
        holder: The body.
        through: The entities between, from the body on; none for a direct holding.
        share: What the chain alone amounts to, if the holder is a body.
        certain: Whether the holder is known to be one.
    """

    holder: str
    through: tuple[str, ...]
    share: Bounds[Fraction]
    certain: bool = True


class Chains(NamedTuple):
    """The chains through which an entity is held. Returned by `chains_of`.

    Args:
        strongest: The strongest of them, by body and by the entities between.
        further: How many more there are; `None` if owners hold each other in circles, which
            leave too many ways around to count.
    """

    strongest: tuple[HeldThrough, ...]
    further: int | None


def chains_of(trace: Trace, name: str) -> Chains:
    """Find how the bodies hold their share of an entity.

    Args:
        trace: The holdings, traced. Entities that may be bodies are followed too.
        name: The entity.

    Returns:
        The strongest chains that pass no entity twice, at most `CHAINS` of them, and how many
        more there are. The shares of all chains of known bodies add up to the share of the
        entity, as long as it is not more than the whole, nothing held directly is a majority
        that counts as the whole, and there are no circles.

    Raises:
        UnknownNameError: No traced entity has this name. It is a `KeyError` too.

    >>> from evcredit.facts.ownership import Entity, Holding, Metric
    >>> from evcredit.facts.ownership_graph import OwnershipGraph
    >>> from evcredit.section_30d.concern.tracing import Tracing, traced
    >>> graph = OwnershipGraph(
    ...     entities=[Entity.government("G", "China"), *(Entity.company(n, "KR") for n in "AB")],
    ...     holdings=[Holding.alike("G", "A", 60), Holding.alike("A", "B", 30)],
    ... )
    >>> trace = traced(graph, {"G": True, "A": False, "B": False}, Metric.EQUITY, Tracing())
    >>> chains_of(trace, "B").strongest[0].through
    ('A',)
    """
    if name not in trace.most:
        raise UnknownNameError("name", name, "no traced entity has this name")
    search = _Search(trace, name)
    found = [_chain(trace, [*owners, name]) for owners in search.strongest(CHAINS)]
    found.sort(key=lambda chain: (chain.holder, chain.through))
    if search.number is not None:
        return Chains(tuple(found), search.number - len(found))
    return Chains(tuple(found), 0 if search.ended else None)


def _chain(trace: Trace, names: list[str]) -> HeldThrough:
    """The chain from a body through some entities to the last of them."""
    least = most = Fraction(1)
    for owner, owned in pairwise(names):
        ends = trace.owners(owned).ends(owner)
        # A direct holding is reported as it is, even where it counts in full.
        if len(names) > 2:
            ends = (trace.tracing.passed_on(ends[0]), trace.tracing.passed_on(ends[1]))
        least, most = least * ends[0], most * ends[1]
    holder, *through, _ = names
    certain = trace.bodies[holder] is True
    return HeldThrough(holder, tuple(through), Bounds(least, most), certain)


class _Link(NamedTuple):
    """An owner, and the owners on the way from it to the entity."""

    owner: str
    below: _Link | None

    def owners(self) -> list[str]:
        """The owners, from this one down to the one that holds the entity itself."""
        found: list[str] = []
        link: _Link | None = self
        while link is not None:
            found.append(link.owner)
            link = link.below
        return found


class _Ahead(NamedTuple):
    """Something to look at next: a chain, or an owner behind which chains may come.

    Args:
        order: The strength of the strongest chain that may come of it, negative.
        length: How many owners the shortest such chain has.
        ahead: How many of these are still to be looked at.
        turn: The number of this entry.
        strength: What the owners on the way pass on.
        link: The last owner, with the others.
        whole: Whether it is a chain.
    """

    order: Decimal
    length: int
    ahead: int
    turn: int
    strength: Decimal
    link: _Link
    whole: bool


class _Search:
    """The search for the chains from bodies to one entity.

    Args:
        trace: The holdings, traced.
        name: The entity.
    """

    __slots__ = ("_behind", "_bodies", "_name", "_owners", "ended", "number")

    def __init__(self, trace: Trace, name: str) -> None:
        self._name = name
        self._bodies = trace.bodies
        #: By entity, what part of what is behind it each owner passes on.
        self._owners = _owners_behind(trace, name)
        best = self._strongest_to_each()
        for each, owners in self._owners.items():
            self._owners[each] = {o: part for o, part in owners.items() if o in best}
        #: By entity, the strength of the strongest chain behind it, and how many owners it has.
        self._behind: dict[str, tuple[Decimal, int]] = {}
        for each, owners in self._owners.items():
            behind = [
                (-_ROUGHLY.multiply(part, best[owner][0]), best[owner][1] + 1)
                for owner, part in owners.items()
            ]
            if behind:
                order, length = min(behind, key=_rounded)
                self._behind[each] = (-order, length)
        #: How many chains there are; `None` if owners hold each other in circles.
        self.number = self._count()
        #: Whether every chain was found.
        self.ended = False

    def _strongest_to_each(self) -> dict[str, tuple[Decimal, int]]:
        """The strongest chain to each entity to which one leads, by Dijkstra's method.

        Returns:
            Its strength, and how many owners it has; to a body 1 and none.
        """
        holdings: dict[str, list[tuple[str, Decimal]]] = {}
        for each, owners in self._owners.items():
            for owner, part in owners.items():
                holdings.setdefault(owner, []).append((each, part))
        best: dict[str, tuple[Decimal, int]] = {}
        bodies = (each for each in self._owners if self._bodies[each] is not False)
        ahead = [(-_ONE, 0, -_ONE, each) for each in bodies]
        heapq.heapify(ahead)
        #: The best that is found so far of those that are still ahead.
        so_far = {each: (-_ONE, 0) for *_, each in ahead}
        while ahead:
            _, length, order, each = heapq.heappop(ahead)
            if each not in best:
                best[each] = (-order, length)
                for owned, part in holdings.get(each, ()):
                    passed = _ROUGHLY.multiply(order, part)
                    found = _rounded((passed, length + 1))
                    if owned not in so_far or found < so_far[owned]:
                        so_far[owned] = found
                        heapq.heappush(ahead, (*found, passed, owned))
        return best

    def _count(self) -> int | None:
        number: dict[str, int] = {}
        for component in strong_components([self._name], self._owners.__getitem__):
            if len(component) > 1:
                return None
            [each] = component
            number[each] = sum(
                (self._bodies[owner] is not False) + number[owner] for owner in self._owners[each]
            )
        return number[self._name]

    def strongest(self, most: int) -> Iterator[list[str]]:
        """Find the strongest chains, the strongest first: the owners on each, from the body on.

        Owners on the way are looked at in the order of the strongest chain that may lie behind
        them, and of chains that are as strong in the order of the shortest.
        """
        turns = count()
        ahead = list(self._further(None, _ONE, 0, turns))
        heapq.heapify(ahead)
        while ahead and next(turns) < SEARCHED:
            entry = heapq.heappop(ahead)
            if entry.whole:
                yield entry.link.owners()
                most -= 1
                if not most:
                    return
                continue
            depth = entry.length - entry.ahead
            for each in self._further(entry.link, entry.strength, depth, turns):
                heapq.heappush(ahead, each)
        self.ended = not ahead

    def _further(
        self, link: _Link | None, strength: Decimal, depth: int, turns: Iterator[int]
    ) -> Iterator[_Ahead]:
        """What can be looked at behind an owner, or behind the entity itself."""
        owners = self._owners[self._name if link is None else link.owner]
        passed = set(link.owners()) if link and self.number is None else frozenset()
        for owner, part in owners.items():
            if owner in passed:
                continue
            here, below = _ROUGHLY.multiply(strength, part), _Link(owner, link)
            if self._bodies[owner] is not False:
                order, length = _rounded((-here, depth + 1))
                yield _Ahead(order, length, 0, next(turns), here, below, True)
            if owner in self._behind:
                behind, more = self._behind[owner]
                order, length = _rounded((-_ROUGHLY.multiply(here, behind), depth + 1 + more))
                yield _Ahead(order, length, more, next(turns), here, below, False)


def _rounded(order: tuple[Decimal, int]) -> tuple[Decimal, int]:
    """A strength and a length, without the digits that depend on the order of rounding."""
    return _ROUGHER.plus(order[0]), order[1]


def _owners_behind(trace: Trace, name: str) -> dict[str, dict[str, Decimal]]:
    """The owners of an entity and theirs, not past a known body or the entity itself."""
    found: dict[str, dict[str, Decimal]] = {}
    ahead = [name]
    while ahead:
        each = ahead.pop()
        whole, owners = trace.owners(each)
        if trace.bodies[each] is True and each != name:
            owners = {}
        found[each] = {
            owner: _ROUGHLY.divide(trace.tracing.parts_passed_on(most, whole), whole)
            for owner, (_, most) in owners.items()
            if owner != name
        }
        for owner in found[each]:
            if owner not in found:
                found[owner] = {}
                ahead.append(owner)
    return found
