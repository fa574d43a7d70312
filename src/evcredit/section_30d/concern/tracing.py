"""Holdings through others: what some bodies hold of every entity, directly and indirectly.

`traced` follows the holdings of some bodies through a graph of ownership, for one metric at a
time, in exact ratios. Which bodies these are, from which share on an owner counts as one with
what it owns, and what follows from a share, is law and decided elsewhere.

Source: 42 USC 18741(a)(5); 89 FR 37079.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from math import lcm
from typing import NamedTuple

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.circle import strong_components
from evcredit.algebra.tuples import made_of_items
from evcredit.errors import InvalidFactError
from evcredit.facts.ownership import Metric
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.section_30d.concern.circles import capped_shares, converges
from evcredit.section_30d.concern.linear import Equation, weighted_sum
from evcredit.section_30d.concern.merging import Part, most_passed_on

__all__ = ["Bodies", "Held", "Trace", "Tracing", "held_shares", "owners_behind", "traced"]

_ZERO, _ONE = Fraction(0), Fraction(1)

#: Whether each entity is one of the bodies whose holdings are traced; `None` if unknown.
Bodies = Mapping[str, bool | None]


@attrs.frozen
class Tracing:
    """How a holding passes on what its owner's owners hold.

    Args:
        merged_from: The share from which an owner is treated as one with what it owns, so that
            it passes on everything; below it, and if it is `None` always, it passes on its
            share, by multiplication.

    >>> Tracing(Fraction(1, 2)).passed_on(Fraction(3, 5)), Tracing().passed_on(Fraction(3, 5))
    (Fraction(1, 1), Fraction(3, 5))
    """

    merged_from: Fraction | None = None

    def passed_on(self, share: Fraction) -> Fraction:
        """The part of what is held of the owner that counts as held of the owned."""
        return _ONE if self.merged_from is not None and share >= self.merged_from else share

    def parts_passed_on(self, parts: int, whole: int) -> int:
        """Like `passed_on`, for a share in parts of a whole."""
        least = self.merged_from
        merged = least is not None and parts * least.denominator >= least.numerator * whole
        return whole if merged else parts


@made_of_items
class Held(NamedTuple):
    """What is held of one entity, in parts of a whole.

    Args:
        whole: How many parts the whole has.
        owners: The owners that may hold anything, by name, in order, with the minimum and the
            maximum number of parts that each may hold, given the minimum of the others.
    """

    whole: int
    owners: Mapping[str, tuple[int, int]]

    def ends(self, owner: str) -> tuple[Fraction, Fraction]:
        """The minimum and the maximum share of an owner, 1 being the whole."""
        least, most = self.owners[owner]
        return Fraction(least, self.whole), Fraction(most, self.whole)


#: Numerator and denominator.
Ratio = tuple[int, int]
#: What is held of an entity without owners.
_NOTHING = Held(1, {})


def held_shares(graph: OwnershipGraph, metric: Metric) -> dict[str, Held]:
    """Return by name what is held of each entity that has owners.

    Args:
        graph: Entities and holdings.
        metric: By what shares are counted.

    >>> from evcredit.facts.ownership import Entity, Holding
    >>> graph = OwnershipGraph(
    ...     entities=[Entity.company(name, "KR") for name in "ABC"],
    ...     holdings=[Holding.alike("A", "C", 60), Holding(owner="B", of="C")],
    ... )
    >>> held_shares(graph, Metric.EQUITY)["C"]
    Held(whole=5, owners={'A': (3, 3), 'B': (0, 2)})
    """
    stated: dict[str, list[tuple[str, Ratio, Ratio]]] = {}
    for holding in graph.holdings or ():
        least, most = (end.as_integer_ratio() for end in holding.ends(metric))
        stated.setdefault(holding.of, []).append((holding.owner, least, most))
    found: dict[str, Held] = {}
    for name, shares in stated.items():
        whole = lcm(*(end[1] for _, *ends in shares for end in ends))
        left = whole - sum(least[0] * (whole // least[1]) for _, least, _ in shares)
        owners: dict[str, tuple[int, int]] = {}
        for owner, (above, below), most in sorted(shares):
            parts = above * (whole // below)
            if most[0] and parts + left:
                owners[owner] = (parts, min(most[0] * (whole // most[1]), parts + left))
        found[name] = Held(whole, owners)
    return found


@attrs.frozen
class Trace:
    """What some bodies hold of every entity together. Returned by `traced`.

    Args:
        least: By name, the minimum share, 1 being the whole; of the bodies themselves the whole,
            of an entity that may be one what others hold of it.
        most: Like the above, for the maximum share.
        circles: The entities that hold each other in circles so that their shares have no
            single answer.
        held: What is held of each entity directly.
        bodies: Which entities the bodies are.
        tracing: How holdings pass on what lies behind them.
    """

    least: Mapping[str, Fraction]
    most: Mapping[str, Fraction]
    circles: tuple[tuple[str, ...], ...]
    held: Mapping[str, Held]
    bodies: Bodies
    tracing: Tracing

    def share(self, name: str) -> Bounds[Fraction]:
        """The bounds of the share of an entity, 1 being the whole."""
        return Bounds(self.least[name], self.most[name])

    def owners(self, name: str) -> Held:
        """What is held of an entity directly."""
        return self.held.get(name, _NOTHING)


def traced(
    graph: OwnershipGraph,
    bodies: Bodies,
    metric: Metric,
    tracing: Tracing,
    held: Mapping[str, Held] | None = None,
) -> Trace:
    """Trace what some bodies hold of every entity together, directly and through others.

    A share of an entity is the sum over its owners of what each passes on: all of its holding
    if it is one of the bodies, otherwise the share that the bodies hold of the owner times the
    holding, or the whole of that share if owner and owned are treated as one. It never exceeds
    the whole. Without circles these equations are solved in turn. Entities that hold each other
    in a circle are solved together, as a system of linear equations, where it has one answer.
    It need not have one if owners are treated as one with what they own all around a circle
    (`Trace.circles` names these); then the shares lie between those that plain multiplication
    gives and the whole.

    Args:
        graph: Entities and holdings.
        bodies: Which entities the bodies are, by name.
        metric: By what shares are counted.
        tracing: How holdings pass on what lies behind them.
        held: What `held_shares` returns for the graph and the metric, if it is known already.

    Returns:
        The shares. Without circles their bounds are exact: both ends are reached for some
        values of the unknown facts, with no more than 100 percent of any entity held. With
        circles they are sound.

    Raises:
        InvalidFactError: `bodies` omits an entity.

    >>> from evcredit.facts.ownership import Entity, Holding
    >>> graph = OwnershipGraph(
    ...     entities=[Entity.government("G", "China"), *(Entity.company(n, "KR") for n in "AB")],
    ...     holdings=[Holding.alike("G", "A", 60), Holding.alike("A", "B", 30)],
    ... )
    >>> bodies = {"G": True, "A": False, "B": False}
    >>> for tracing in (Tracing(Fraction(1, 2)), Tracing()):
    ...     print(traced(graph, bodies, Metric.EQUITY, tracing).share("B").lower)
    3/10
    9/50
    """
    for name in graph.places:
        if name not in bodies:
            raise InvalidFactError("bodies", name, "say of every entity whether it is one")
    held = held_shares(graph, metric) if held is None else held
    solver = _Solver(held, bodies, tracing)
    names = sorted(graph.places)
    if graph.holdings is None:
        least = {name: _ONE if bodies[name] else _ZERO for name in names}
        return Trace(least, dict.fromkeys(names, _ONE), (), held, bodies, tracing)
    solver.solve(names)
    return Trace(solver.least, solver.most, tuple(solver.circles), held, bodies, tracing)


def owners_behind(trace: Trace, name: str) -> set[str]:
    """Return every entity that may hold a part of another, directly or through others.

    What lies behind one of the bodies is not looked at.

    Args:
        trace: The holdings, traced.
        name: The entity.
    """
    found: set[str] = set()
    ahead = [name]
    while ahead:
        for owner in trace.owners(ahead.pop()).owners:
            if owner not in found:
                found.add(owner)
                if trace.bodies[owner] is not True:
                    ahead.append(owner)
    return found


class _Solver:
    """The shares that some bodies hold, by one metric; see `traced`.

    Args:
        held: What is held of each entity directly.
        bodies: Which entities the bodies are.
        tracing: How holdings pass on what lies behind them.
    """

    __slots__ = ("_bodies", "_held", "_tracing", "circles", "least", "most")

    def __init__(self, held: Mapping[str, Held], bodies: Bodies, tracing: Tracing) -> None:
        self._held = held
        self._bodies = bodies
        self._tracing = tracing
        #: The minimum and the most that is held of each entity, all of a body.
        self.least: dict[str, Fraction] = {}
        self.most: dict[str, Fraction] = {}
        self.circles: list[tuple[str, ...]] = []

    def solve(self, names: list[str]) -> None:
        """Compute the shares of all entities, owners before what they own."""
        for name in names:
            if self._bodies[name]:
                self.least[name] = self.most[name] = _ONE
        ahead = [name for name in names if not self._bodies[name]]
        for group in strong_components(ahead, self._owners_traced):
            if len(group) == 1:
                self._alone(group[0])
            else:
                self._together(sorted(group))

    def _behind(self, owner: str) -> Fraction:
        """The most that may lie behind an owner; all if it may be a body itself."""
        return self.most[owner] if self._bodies[owner] is False else _ONE

    def _owners_traced(self, name: str) -> list[str]:
        """The owners of an entity behind which one looks further."""
        owners = self._held.get(name, _NOTHING).owners
        return [owner for owner in owners if not self._bodies[owner]]

    def _alone(self, name: str) -> None:
        whole, owners = self._held.get(name, _NOTHING)
        passed_on = self._tracing.parts_passed_on
        parts = [(passed_on(least, whole), self.least[o]) for o, (least, _) in owners.items()]
        self.least[name] = min(weighted_sum(parts, whole), _ONE)
        behind = [Part(*ends, self._behind(owner)) for owner, ends in owners.items()]
        if all(
            least == most and high == low
            for (least, most, high), (_, low) in zip(behind, parts, strict=True)
        ):
            self.most[name] = self.least[name]
        else:
            self.most[name] = most_passed_on(behind, whole, self._tracing.merged_from)

    def _together(self, names: list[str]) -> None:
        """Entities that hold each other in a circle, by solving their equations."""
        least, most = self._equations(names, most=False), self._equations(names, most=True)
        lower, loose = least, most
        if any(self._bodies[name] is None for name in names):
            loose = self._equations(names, most=True, apart=False)
        one_answer = converges(least)
        if not one_answer:
            self.circles.append(tuple(names))
        if not one_answer or (loose != least and not converges(loose)):
            # Multiplication alone passes on no more, and always has an answer.
            lower = self._equations(names, most=False, merging=False)
        shares = capped_shares(lower)
        self.least.update(zip(names, shares, strict=True))
        shares = shares if most == lower else capped_shares(most)
        self.most.update(zip(names, shares, strict=True))

    def _equations(
        self, names: list[str], *, most: bool, merging: bool = True, apart: bool = True
    ) -> list[Equation]:
        """What the entities of a circle pass on to each other, and what comes from outside.

        Args:
            names: The entities of the circle.
            most: Whether each holds the most it may, not the minimum.
            merging: Whether owners are merged with what they own.
            apart: Whether entities that may be bodies are taken for them, for the most.
        """
        places = {name: place for place, name in enumerate(names)}
        found = []
        for name in names:
            whole, owners = self._held[name]
            inside: dict[int, int] = {}
            outside: list[tuple[int, Fraction]] = []
            for owner, ends in owners.items():
                parts = self._tracing.parts_passed_on(ends[most], whole) if merging else ends[most]
                # An owner that may be one of the bodies may hold everything it passes on.
                if owner in places and not (most and apart and self._bodies[owner] is None):
                    if parts:
                        inside[places[owner]] = parts
                elif parts:
                    held = self._behind(owner) if most else self.least[owner]
                    outside.append((parts, held))
            found.append(Equation(whole, inside, weighted_sum(outside, whole)))
        return found
