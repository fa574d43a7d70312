"""42 USC 18741(a)(5): who is a foreign entity of concern.

An entity is one if it is on a list, is determined or alleged to be what the statute names, is a
body of the government of a covered nation, is subject to the jurisdiction of one by its seat, or
is controlled by one: by a share of the equity, of the voting rights or of the board seats, each
on its own, held together by that government, directly or through others (89 FR 37079). An entity
that produces under a contract is one for that output if the contract gives a foreign entity of
concern effective control over the production.

Jurisdiction and contracts do not pass down: what a private foreign entity of concern owns is not
one for that reason. Only holdings of governments are traced.
"""

from __future__ import annotations

from datetime import date

from evcredit.algebra.finding import Finding
from evcredit.algebra.verdict import Verdict
from evcredit.errors import InvalidFactError
from evcredit.facts.component import output_called
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.law.law import Law
from evcredit.section_30d.concern.graph import Graph, OpenFact, Stake, graph_of
from evcredit.section_30d.concern.grounds import (
    grounds,
    not_foreign_entity_of_concern,
    open_in_words,
)
from evcredit.section_30d.concern.standards import standards_of

__all__ = ["OpenFact", "Stake", "entity_finding", "government_stakes"]


def _graph_on(graph: OwnershipGraph, law: Law, day: date | None) -> Graph:
    return graph_of(standards_of(law, day), graph)


def government_stakes(
    graph: OwnershipGraph, name: str, law: Law, *, day: date | None = None
) -> tuple[Stake, ...]:
    """What the governments of covered nations hold of an entity, directly and through others.

    Source: 42 USC 18741(a)(5)(C) and 89 FR 37079 (the threshold was seen in reports; how
    holdings are traced is recalled, see `Readings.indirect_holdings`).

    Args:
        graph: Who owns whom.
        name: The entity.
        law: The law.
        day: The day the vehicle is placed in service; unknown if omitted.

    Returns:
        One stake for each government and metric of which anything may be held.

    Raises:
        UnknownNameError: The graph has no entity of that name. It is a `KeyError` too.

    >>> from evcredit.law.current import current_law
    >>> from evcredit.facts.ownership import Entity, Holding
    >>> graph = OwnershipGraph(
    ...     entities=[
    ...         Entity.government("Province", "China"),
    ...         Entity.company("Holding", "China"),
    ...         Entity.company("Joint venture", "South Korea"),
    ...     ],
    ...     holdings=[
    ...         Holding.alike("Province", "Holding", 60),
    ...         Holding.alike("Holding", "Joint venture", 30),
    ...     ],
    ... )
    >>> stake = government_stakes(graph, "Joint venture", current_law())[0]
    >>> stake.metric.value, stake.share.lower, stake.controls
    ('equity', Fraction(3, 10), True)
    """
    return _graph_on(graph, law, day).stakes(graph.known_name(name))


def entity_finding(
    graph: OwnershipGraph, name: str, law: Law, *, day: date | None = None, output: str = ""
) -> Finding:
    """Whether an entity is a foreign entity of concern, and what makes it one.

    Source: 42 USC 18741(a)(5), as 89 FR 37079 interprets it.

    Args:
        graph: Who owns whom.
        name: The entity.
        law: The law.
        day: The day the vehicle is placed in service; unknown if omitted.
        output: A mineral or kind of component; contracts for it are looked at too.

    Returns:
        A finding that is met if the entity is none. Its branches are what makes it one or
        may, each with a note on who does so and how; where that is unknown, the note of the
        finding names the facts that are open.

    Raises:
        UnknownNameError: The graph has no entity of that name. It is a `KeyError` too.
        InvalidFactError: `output` is neither a mineral nor a kind of component.

    >>> from evcredit.law.current import current_law
    >>> from evcredit.facts.ownership import Entity
    >>> graph = OwnershipGraph(entities=[Entity.company("P", "China")], holdings=[])
    >>> print(entity_finding(graph, "P", current_law()).note)
    incorporated in and managed from China, a covered nation
    """
    found = _graph_on(graph, law, day)
    graph.known_name(name)
    called = output and output_called(output)
    if called is None:
        remedy = "give an applicable critical mineral or a kind of component"
        raise InvalidFactError("output", output, remedy)
    known = found.known_for(name, called)
    branches = tuple(
        each for each in grounds(found, name, called, "") if each.verdict is ~Verdict.of(known)
    )
    note = "; ".join(
        [*(str(each.note) for each in branches), *open_in_words(found.open_facts(name, called))]
    )
    return Finding(not_foreign_entity_of_concern, ~Verdict.of(known), branches=branches, note=note)
