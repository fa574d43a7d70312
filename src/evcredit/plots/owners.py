"""A picture of who owns whom, with what governments hold traced through it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from evcredit.algebra.share import Share
from evcredit.algebra.verdict import Verdict
from evcredit.errors import InvalidFactError, checked
from evcredit.facts.ownership import Entity, Metric
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.facts.place import place_name
from evcredit.law.law import HOW_TO_NAME, Law
from evcredit.plots.drawn import Picture
from evcredit.plots.picture import (
    Arrow,
    Box,
    Fill,
    Key,
    Listing,
    Mark,
    Panel,
    Row,
    Text,
    Tone,
)
from evcredit.section_30d.concern.entity import entity_finding, government_stakes

__all__ = ["ownership"]

_LOOKS = {
    Verdict.MET: (Tone(1), "not of concern"),
    Verdict.NOT_MET: (Tone(4, Fill.HATCHED), "foreign entity of concern"),
    Verdict.UNKNOWN: (Tone(0, Fill.DOTTED), "open: a fact is unknown"),
}
#: The most entities in a row, and how high a row is, in pixels.
_ACROSS, _ROW = 4, 112


def ownership(
    graph: OwnershipGraph, law: Law, *, day: date | None = None, metric: Metric = Metric.EQUITY
) -> Picture:
    """Who owns whom by one metric, with what governments of covered nations hold of each.

    Owners are above what they own. Under the picture is every traced share, by every metric.

    Args:
        graph: Who owns whom.
        law: The law.
        day: The day the vehicle is placed in service; unknown if omitted.
        metric: By what shares the arrows are labeled.

    Raises:
        InvalidFactError: The graph has no entity.

    >>> from evcredit.law.current import current_law
    >>> from evcredit.facts import Holding
    >>> graph = OwnershipGraph(
    ...     entities=[Entity.government("Province", "China"), Entity.company("Mine", "Chile")],
    ...     holdings=[Holding.alike("Province", "Mine", 40)],
    ... )
    >>> print(ownership(graph, current_law()))
    picture: Who owns whom: 2 of 2 entities are foreign entities of concern
    """
    checked(graph, OwnershipGraph, "graph")
    checked(law, Law, "law", HOW_TO_NAME)
    if not graph.entities:
        raise InvalidFactError("graph", "no entities", "give a graph with at least one entity")
    verdicts = {
        each.name: entity_finding(graph, each.name, law, day=day).verdict for each in graph.entities
    }
    rows = _rows(graph)
    places = {
        name: (Fraction(2 * number + 1, 2 * len(row)), Fraction(len(rows) - depth) - Fraction(1, 2))
        for depth, row in enumerate(rows)
        for number, name in enumerate(row)
    }
    height = Fraction(len(rows))
    marks = [
        *_arrows(graph, places, height, metric),
        *_entities(graph, places, height, max(map(len, rows)), verdicts),
    ]
    concern = sum(each is Verdict.NOT_MET for each in verdicts.values())
    title = f"Who owns whom: {concern} of {len(verdicts)} entities are foreign entities of concern"
    stakes = list(_stakes(graph, law, day))
    seen = {verdicts[each.name] for each in graph.entities}
    return Picture(
        title=title,
        parts=(
            Panel(marks=tuple(marks), height=_ROW * len(rows)),
            Listing(
                title="Shares of governments of covered nations, traced",
                columns=(4, 5, 3),
                rows=tuple(stakes) or (Row(cells=("none", "", "")),),
                last_at_end=True,
            ),
        ),
        keys=tuple(Key(*look) for verdict, look in _LOOKS.items() if verdict in seen),
        law=law.name,
        digests=(law.digest,),
        day="not stated" if day is None else f"placed in service {day}",
        sources=f"42 USC 18741(a)(5); arrows are percent of {metric.value} as stated",
        summary=f"{title}. " + "; ".join(f"{n}: {_LOOKS[v][1]}" for n, v in verdicts.items()) + ".",
    )


def _rows(graph: OwnershipGraph) -> list[list[str]]:
    """Entities in rows, owners above what they own; circles are cut where they are entered."""
    owners: dict[str, list[str]] = {each.name: [] for each in graph.entities}
    for holding in graph.holdings or ():
        owners[holding.of].append(holding.owner)
    depth: dict[str, int] = {}

    def visit(name: str, above: frozenset[str]) -> int:
        if name not in depth:
            behind = [each for each in owners[name] if each not in above]
            depth[name] = 1 + max((visit(o, above | {name}) for o in behind), default=-1)
        return depth[name]

    for each in graph.entities:
        visit(each.name, frozenset())
    owned: dict[str, list[str]] = {each.name: [] for each in graph.entities}
    for holding in graph.holdings or ():
        owned[holding.owner].append(holding.of)
    # As near to what it owns as it can be, so that arrows pass by no other entity.
    for name in sorted(depth, key=lambda each: -depth[each]):
        below = [depth[each] for each in owned[name]]
        depth[name] = max(depth[name], min(below, default=depth[name] + 1) - 1)
    rows: list[list[str]] = []
    for level in range(max(depth.values()) + 1):
        names = [each.name for each in graph.entities if depth[each.name] == level]
        rows += [names[at : at + _ACROSS] for at in range(0, len(names), _ACROSS)]
    return rows


def _entities(
    graph: OwnershipGraph,
    places: dict[str, tuple[Fraction, Fraction]],
    height: Fraction,
    across: int,
    verdicts: dict[str, Verdict],
) -> Iterator[Mark]:
    half = Fraction(9, 20 * across)
    for each in graph.entities:
        x, y = places[each.name]
        tone, meaning = _LOOKS[verdicts[each.name]]
        yield Box(
            left=x - half,
            right=x + half,
            bottom=Fraction(y - Fraction(1, 4), height),
            top=Fraction(y + Fraction(1, 4), height),
            tone=tone,
            label=f"{each.name}{_seat(each)}",
            says=f"{each.name}{_seat(each)}, {meaning}",
        )


def _seat(entity: Entity) -> str:
    if entity.government_of is not None:
        return f": government of {place_name(entity.government_of)}"
    return "" if entity.incorporated_in is None else f": {place_name(entity.incorporated_in)}"


def _arrows(
    graph: OwnershipGraph,
    places: dict[str, tuple[Fraction, Fraction]],
    height: Fraction,
    metric: Metric,
) -> Iterator[Mark]:
    labels: list[Mark] = []
    for holding in graph.holdings or ():
        (x, y), (to_x, to_y) = places[holding.owner], places[holding.of]
        down = y > to_y
        start = (x, Fraction(y + (-1 if down else 1) * Fraction(1, 4), height))
        end = (to_x, Fraction(to_y + (1 if down else -1) * Fraction(1, 4), height))
        least, most = holding.ends(metric)
        share = Share(*least.as_integer_ratio(), *most.as_integer_ratio())
        said = "unknown" if most - least == 1 else str(share)
        yield Arrow(
            start=start,
            end=end,
            dashed=least != most,
            says=f"{holding.owner} holds of {holding.of}: {said} of {metric.value}",
        )
        # A label is nearer to its owner, so that those into one entity do not meet.
        labels.append(
            Text(
                x=start[0] + Fraction(2, 5) * (end[0] - start[0]),
                y=start[1] + Fraction(2, 5) * (end[1] - start[1]),
                text=said,
            )
        )
    yield from labels


def _stakes(graph: OwnershipGraph, law: Law, day: date | None) -> Iterator[Row]:
    """A row for each share of an entity, with the nations and the metrics that have it."""
    for entity in graph.entities:
        alike: dict[tuple[str, bool | None], dict[str, list[str]]] = {}
        for stake in government_stakes(graph, entity.name, law, day=day):
            low, high = stake.share.lower, stake.share.upper
            share = Share(*low.as_integer_ratio(), *high.as_integer_ratio())
            nation = place_name(stake.government) if stake.government else "covered nations"
            by_nation = alike.setdefault((str(share), stake.controls), {})
            by_nation.setdefault(nation, []).append(stake.metric.value)
        for (said, controls), by_nation in alike.items():
            nations: dict[str, list[str]] = {}
            for nation, metrics in by_nation.items():
                nations.setdefault(", ".join(metrics), []).append(nation)
            for metrics_said, names in nations.items():
                yield Row(
                    cells=(entity.name, f"{' or '.join(names)}: {metrics_said}", said),
                    tone=_LOOKS[~Verdict.of(controls)][0],
                )
