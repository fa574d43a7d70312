"""What may be stated of holdings and contracts that are unknown, to see whether they matter."""

from __future__ import annotations

from typing import Any

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.path import read
from evcredit.facts.contract import Contract
from evcredit.facts.ownership import Holding
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.law.law import Law
from evcredit.section_30d.concern.graph import graph_of
from evcredit.section_30d.concern.standards import standards_of

__all__ = ["ends_of_holding", "relations"]

_NOTHING = Bounds(0, 0)
#: On a board with this many times the seats that an owner fills, the owner's share is almost zero.
_MANY = 1000


def relations(name: str, graph: OwnershipGraph, law: Law) -> tuple[Any, ...]:
    """No holdings or contracts at all, and such as make everybody one who is not by himself."""
    known = graph_of(standards_of(law, None), graph)
    if name == "holdings":
        behind = [each.name for each in graph.entities if known.standards.body(each, "")]
        more: Any = [
            Holding.alike(behind[0], each.name, 100)
            for each in graph.entities
            if behind and each.name not in behind
        ]
    else:
        holders = [each.name for each in graph.entities if known.known(each.name)]
        more = [
            Contract(holder=holders[0], producer=each.name, effective_control=True)
            for each in graph.entities
            if holders and each.name not in holders
        ]
    return ((), tuple(more))


def ends_of_holding(path: str, claim: Any) -> tuple[Any, ...]:
    """The least and the most that a holding may be, given what others hold of the same entity.

    A larger holding never gives less control, so these two are enough.

    Args:
        path: The number that is unknown or known in bounds, such as
            ``vehicle.battery.entities.holdings[0].equity_percent``.
        claim: A claim.
    """
    above, _, name = path.rpartition(".")
    holding = read(claim, above)
    stated = getattr(holding, name)
    if stated is not None:
        return (stated.lower, stated.upper)
    if name == "board_seats_in_all":
        least = max(1, Bounds.of(holding.board_seats).upper)
        return (least, _MANY * least)
    others = sum(
        Bounds.of(getattr(each, name), _NOTHING).lower
        for each in claim.vehicle.battery.entities.holdings
        if each.of == holding.of and each is not holding
    )
    return (0, 100 - others)
