"""Graphs of ownership from sources whose silence says nothing.

`OwnershipGraph` takes what is stated for all there is. Registers state what they know. So
every entity whose stated owners do not hold all of it gets one more owner, of whom nothing is
known, with what is left by each metric.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from evcredit.algebra.bounds import Bounds, exact_arithmetic
from evcredit.facts.contract import Contract
from evcredit.facts.ownership import Entity, Holding
from evcredit.facts.ownership_graph import OwnershipGraph

__all__ = ["FINEST", "METRICS", "OpenGraph", "Share", "ends_of"]

METRICS = ("equity_percent", "voting_percent", "board_percent")

#: What is known of a percentage: itself, its bounds, or nothing.
Share = Decimal | Bounds[Decimal] | None

#: The finest difference between two percentages that a fact can state.
FINEST = Decimal("1e-18")

_NONE, _ALL = Decimal(0), Decimal(100)


def ends_of(share: Share) -> tuple[Decimal, Decimal]:
    """Return the lowest and the highest percentage.

    >>> [str(end) for end in ends_of(None)]
    ['0', '100']
    """
    if share is None:
        return _NONE, _ALL
    return (share.lower, share.upper) if isinstance(share, Bounds) else (share, share)


class OpenGraph:
    """A graph under construction; entities and holdings keep their places."""

    def __init__(self) -> None:
        self._entities: dict[str, dict[str, Any]] = {}
        self._holdings: dict[tuple[str, str], dict[str, Share]] = {}
        self._without_owners: set[str] = set()
        self._places: dict[Any, int] = {}
        self._by_held: dict[str, list[dict[str, Share]]] = {}

    def entity(self, name: str, *, has_owners: bool = True, **facts: Any) -> int:
        """Add an entity, or facts to it, and return its place.

        Args:
            name: What it is called in the graph.
            has_owners: Whether it can have owners: a person or a government has none.
            facts: Facts of `Entity`.
        """
        place = self._places.setdefault(name, len(self._entities))
        self._entities.setdefault(name, {}).update(facts)
        if not has_owners:
            self._without_owners.add(name)
        return place

    def holding(self, owner: str, of: str) -> int:
        """Add a holding of which nothing is known, and return its place."""
        place = self._places.setdefault((owner, of), len(self._holdings))
        if (owner, of) not in self._holdings:
            shares: dict[str, Share] = dict.fromkeys(METRICS)
            self._holdings[owner, of] = shares
            self._by_held.setdefault(of, []).append(shares)
        return place

    def share(self, owner: str, of: str, metric: str, share: Share) -> None:
        """State one share of a holding."""
        self._holdings[owner, of][metric] = share

    def exceeds_all(self, of: str, metric: str) -> bool:
        """Return whether more than all of an entity is held by one metric."""
        return self._sum(of, metric)[0] > _ALL

    def _sum(self, of: str, metric: str) -> tuple[Decimal, Decimal]:
        exact = exact_arithmetic()
        lower, upper = _NONE, _NONE
        for shares in self._by_held.get(of, ()):
            low, high = ends_of(shares[metric])
            lower, upper = exact.add(lower, low), exact.add(upper, high)
        return lower, upper

    def closed(self, contracts: Iterable[Contract] | None) -> OwnershipGraph:
        """Return the graph, with an unknown owner for all that is left.

        Args:
            contracts: The contracts; `None` if they are unknown.
        """
        left: dict[str, dict[str, Share]] = {}
        for name in self._entities:
            rest = {metric: self._left(name, metric) for metric in METRICS}
            if name not in self._without_owners and any(share != 0 for share in rest.values()):
                left[name] = rest
        names = set(self._entities)
        for name, rest in left.items():
            owner = f"unknown owners of {name}"
            while owner in names:
                owner += "'"
            names.add(owner)
            self._entities[owner] = {}
            self._holdings[owner, name] = rest
        return OwnershipGraph(
            entities=[Entity(name=name, **facts) for name, facts in self._entities.items()],
            holdings=[
                Holding(owner=owner, of=of, **shares)
                for (owner, of), shares in self._holdings.items()
            ],
            contracts=None if contracts is None else tuple(contracts),
        )

    def _left(self, name: str, metric: str) -> Share:
        """What no stated owner holds: nothing, or bounds of it."""
        exact = exact_arithmetic()
        lower, upper = self._sum(name, metric)
        least = max(_NONE, exact.subtract(_ALL, upper))
        most = exact.subtract(_ALL, lower)
        return Bounds(least, most) if least != most else most
