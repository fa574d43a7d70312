"""Owners traced for a table: each maker that it names is looked up in a graph of ownership.

The graph is judged once for each entity; the table is then compared with the answers, so that
one of millions of steps costs no more than one expression.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import narwhals.stable.v2 as nw

from evcredit.errors import InvalidFactError, checked, nearest
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.section_30d.concern.graph import graph_of
from evcredit.section_30d.concern.standards import standards_of
from evcredit.tables.content.shares import OF_CONCERN, OF_NONE, OF_UNKNOWN, STANDING
from evcredit.tables.engines import wrapped

__all__ = ["makers_not_in", "trace_owners"]

_WORDS = {True: OF_CONCERN, False: OF_NONE, None: OF_UNKNOWN}


def trace_owners(
    table: Any, graph: OwnershipGraph, *, law: Law | None = None, by: str = "by"
) -> Any:
    """A table of steps or components with what its owners make of each maker.

    42 USC 18741(a)(5): the maker that a row names, by its name or an identifier (LEI,
    identifier of the Responsible Minerals Initiative, business partner number), is looked up in
    the graph and judged by the law, by the rules that `assess` applies.

    Args:
        table: A frame of any engine with a column of makers.
        graph: Who owns whom.
        law: The law; `current_law` if omitted.
        by: The column that names the maker.

    Returns:
        The table of the same engine, lazy if it was, with the column ``maker_standing``, which
        `qualifying_content` reads beside the place of the step and what the row states: "of
        concern", "not of concern", "unknown", or null where the graph does not have the maker
        (`makers_not_in` names those). Where a contract may make a maker one of concern for an
        output, or the law changes from day to day, it is "unknown" if both are possible.

    Raises:
        InvalidFactError: There is no such column, or the column of the result is there already.
        NotAFrameError: It is no frame of an engine that is known.

    >>> import polars as pl
    >>> from evcredit.facts.ownership import Entity, Holding
    >>> graph = OwnershipGraph(
    ...     entities=[Entity.government("Province", "China"), Entity.company("Refiner", "Japan")],
    ...     holdings=[Holding.alike("Province", "Refiner", 40)],
    ... )
    >>> steps = pl.DataFrame({"by": ["Refiner", "Refinr", None]})
    >>> trace_owners(steps, graph)["maker_standing"].to_list()
    ['of concern', None, None]
    """
    law = law_applied(law)
    frame = wrapped(table)
    checked(graph, OwnershipGraph, "graph")
    names = frame.collect_schema().names()
    if checked(by, str, "by") not in names:
        near = nearest(by, names)
        hint = f"did you mean {' or '.join(near)}?" if near else f"it has {', '.join(names)}"
        raise InvalidFactError("by", by, f"the table has no such column; {hint}")
    if STANDING in names:
        raise InvalidFactError("table", STANDING, "the table has this column already; drop it")
    called = nw.col(by).cast(nw.String)
    upper = called.str.strip_chars().str.to_uppercase()
    found: dict[str, tuple[list[str], list[str]]] = {}
    for entity in graph.entities:
        of = found.setdefault(_WORDS[_known(graph, entity.name, law)], ([], []))
        of[0].append(entity.name)
        of[1].extend(each for each in entity.identifiers if each not in graph.places)
    standing: Any = nw.lit(None, nw.String)
    for word, (by_name, by_identifier) in sorted(found.items()):
        is_one = called.is_in(by_name)
        if by_identifier:
            is_one = is_one | upper.is_in(by_identifier)
        standing = nw.when(is_one).then(nw.lit(word)).otherwise(standing)
    return frame.with_columns(**{STANDING: standing}).to_native()


def _known(graph: OwnershipGraph, name: str, law: Law) -> bool | None:
    """Whether an entity is one of concern on every day and for every output."""
    schedules = (
        law.covered_nations,
        law.foreign_entity_threshold_percent,
        law.majority_holding_percent,
    )
    days = {entry.start for schedule in schedules for entry in schedule.standing}
    answers = set()
    for day in days:
        judged = graph_of(standards_of(law, day), graph)
        known = judged.known(name)
        if known is False and graph.contracts is None:
            known = None
        for _, contract in graph.contracts_of(name) if known is False else ():
            if contract.controls is not False and judged.known(contract.holder) is not False:
                known = None  # for the output of that contract, and not for others
        answers.add(known)
    return answers.pop() if len(answers) == 1 else None


def makers_not_in(
    graph: OwnershipGraph, names: Iterable[Any]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """The makers that a graph does not have, each with the nearest names that it has.

    Args:
        graph: Who owns whom.
        names: Names or identifiers of makers, such as a column; what is not text is omitted.

    >>> from evcredit.facts.ownership import Entity
    >>> graph = OwnershipGraph(entities=[Entity(name="Refiner")])
    >>> makers_not_in(graph, ["Refiner", "Refinr", None])
    (('Refinr', ('Refiner',)),)
    """
    checked(graph, OwnershipGraph, "graph")
    texts = dict.fromkeys(each for each in names if isinstance(each, str))
    known = [*graph.places, *graph.identified]
    return tuple((each, nearest(each, known)) for each in texts if graph.name_of(each) is None)
