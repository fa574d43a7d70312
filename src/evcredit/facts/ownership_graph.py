"""Entities, holdings and contracts together, and what is invalid about them.

Source: 42 USC 18741(a)(5).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.brief import brief
from evcredit.algebra.circle import strong_components
from evcredit.algebra.field import Fault, Kind, as_tuple, check, declare, repr_of_facts
from evcredit.algebra.limits import MOST_IN_A_CIRCLE
from evcredit.errors import UnknownNameError, nearest
from evcredit.facts.contract import Contract
from evcredit.facts.ownership import Entity, Holding, Metric

__all__ = ["MOST_IN_A_CIRCLE", "OwnershipGraph"]


def as_entities(value: list[Entity] | tuple[Entity, ...]) -> Any:
    """A tuple of entities, which must be given."""
    remedy = "give the list of entities, empty if there are none"
    stated = as_tuple(value)
    return Fault(value, remedy) if stated is None else stated


def as_holdings(value: list[Holding] | tuple[Holding, ...] | None) -> Any:
    """A tuple of `Holding`, of a tuple or a list."""
    return as_tuple(value)


def as_contracts(value: list[Contract] | tuple[Contract, ...] | None) -> Any:
    """A tuple of `Contract`, of a tuple or a list."""
    return as_tuple(value)


@attrs.frozen(kw_only=True, repr=False, cache_hash=True)
class OwnershipGraph:
    """Entities, what they hold of each other, and the contracts between them.

    What is stated is taken to be all there is: an entity without a stated holding is held by
    no one who matters. Owners who are not known are stated as one more entity, of unknown role,
    with the share that is left. The order of entities, holdings and contracts means nothing.

    Args:
        entities: Every entity that holdings and contracts name.
        holdings: Every direct holding; `None` if the owners are unknown.
        contracts: Every contract under which one entity produces for another or by its
            license; none unless stated, and unknown if `None`.

    Raises:
        InvalidFactError: A fault, for example an entity that is not stated, two holdings of
            one owner in one entity, holdings of more than 100 percent of anything, or more than
            `MOST_IN_A_CIRCLE` entities that hold each other in a circle.
        InvalidFactsError: Several faults.

    >>> graph = OwnershipGraph(
    ...     entities=[Entity.government("Province", "China"), Entity.company("Mine", "Zambia")],
    ...     holdings=[Holding.alike("Province", "Mine", "24.9")],
    ... )
    >>> [entity.name for entity in graph.entities]
    ['Province', 'Mine']
    """

    __repr__ = repr_of_facts
    __str__ = brief

    entities: tuple[Entity, ...] = attrs.field(
        converter=as_entities, metadata=declare(Kind.PARTS, "entities", of=Entity)
    )
    holdings: tuple[Holding, ...] | None = attrs.field(
        default=None, converter=as_holdings, metadata=declare(Kind.PARTS, "holdings", of=Holding)
    )
    contracts: tuple[Contract, ...] | None = attrs.field(
        default=(), converter=as_contracts, metadata=declare(Kind.PARTS, "contracts", of=Contract)
    )
    #: Where each entity is in `entities`, by name.
    places: Mapping[str, int] = attrs.field(init=False, repr=False, eq=False)
    #: The name of each entity that has an identifier, by the identifier.
    identified: Mapping[str, str] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        check(self, _graph_faults)
        places = {entity.name: place for place, entity in enumerate(self.entities)}
        identified = {each: entity.name for entity in self.entities for each in entity.identifiers}
        object.__setattr__(self, "places", places)
        object.__setattr__(self, "identified", identified)

    def name_of(self, called: str) -> str | None:
        """The name of the entity that has a name, or else an identifier; `None` if none has.

        >>> graph = OwnershipGraph(entities=[Entity(name="Refiner", rmi_id="CID002849")])
        >>> graph.name_of("CID002849"), graph.name_of("Refinr")
        ('Refiner', None)
        """
        stated: object = called
        if not isinstance(stated, str):
            return None
        return called if called in self.places else self.identified.get(called.strip().upper())

    def entity(self, name: str) -> Entity | None:
        """The entity of a name; `None` if the graph has none."""
        stated: object = name
        place = self.places.get(stated) if isinstance(stated, str) else None
        return None if place is None else self.entities[place]

    def known_name(self, name: str) -> str:
        """Return a name that an entity of the graph has.

        Raises:
            UnknownNameError: None has it. It is a `KeyError` too.

        >>> OwnershipGraph(entities=[Entity(name="Refiner")]).known_name("Refinr")
        Traceback (most recent call last):
        evcredit.errors.UnknownNameError: name: found 'Refinr'; no entity of the graph has this \
name; did you mean Refiner?
        """
        if name not in self.places:
            near = " or ".join(nearest(str(name), self.places))
            hint = f"; did you mean {near}?" if near else ""
            raise UnknownNameError("name", name, f"no entity of the graph has this name{hint}")
        return name

    def contracts_of(self, producer: str) -> tuple[tuple[int, Contract], ...]:
        """The stated contracts under which an entity produces, each with its place."""
        return tuple(
            (place, each)
            for place, each in enumerate(self.contracts or ())
            if each.producer == producer
        )


def _graph_faults(graph: OwnershipGraph) -> Iterator[tuple[str, Any, str]]:
    seen: set[str] = set()
    for place, entity in enumerate(graph.entities):
        if entity.name in seen:
            yield (
                f"entities[{place}].name",
                entity.name,
                "two entities have this name; rename one",
            )
        seen.add(entity.name)
    yield from _identifier_faults(graph.entities)
    yield from _edge_faults(graph, seen)
    yield from _metric_faults(graph.holdings or ())
    yield from _circle_faults(graph.holdings or ())


def _identifier_faults(entities: Iterable[Entity]) -> Iterator[tuple[str, Any, str]]:
    """One identifier of two entities."""
    owner: dict[str, str] = {}
    for place, entity in enumerate(entities):
        for name in ("lei", "rmi_id", "bpn"):
            value = getattr(entity, name)
            if value is not None and owner.setdefault(value, entity.name) != entity.name:
                yield (
                    f"entities[{place}].{name}",
                    value,
                    f"{owner[value]} has this identifier too; put them together or correct one",
                )


def _edge_faults(graph: OwnershipGraph, names: set[str]) -> Iterator[tuple[str, Any, str]]:
    """Edges that lead nowhere, and edges stated twice."""
    edges: dict[tuple[Any, ...], str] = {}
    kinds: tuple[tuple[str, Sequence[Any], tuple[str, ...], tuple[str, ...]], ...] = (
        ("holdings", graph.holdings or (), ("owner", "of"), ()),
        ("contracts", graph.contracts or (), ("holder", "producer"), ("output",)),
    )
    for kind, items, ends, further in kinds:
        for place, item in enumerate(items):
            here = f"{kind}[{place}]"
            for end in ends:
                if getattr(item, end) not in names:
                    yield (
                        f"{here}.{end}",
                        getattr(item, end),
                        "there is no entity of the graph of this name; add it to the entities",
                    )
            key = (kind, *(getattr(item, each) for each in (*ends, *further)))
            if key in edges:
                told = " and ".join(str(each) for each in key[1:3])
                yield (here, told, f"stated in {edges[key]} too; put them together")
            edges.setdefault(key, here)


def _metric_faults(holdings: Iterable[Holding]) -> Iterator[tuple[str, Any, str]]:
    """Entities of which more than all is held, and boards of two sizes."""
    by_entity: dict[str, list[Holding]] = {}
    for holding in holdings:
        by_entity.setdefault(holding.of, []).append(holding)
    for name, own in by_entity.items():
        added: list[Fraction] = []
        least = Fraction(0)
        for metric in Metric:
            shares = [each.ends(metric)[0] for each in own]
            if shares != added:
                added, least = shares, _sum(shares)
            if least > 1:
                yield (
                    "holdings",
                    f"{_percent_in_words(least)} of the {metric.value} of {name}",
                    "holdings cannot amount to more than 100 %; correct or merge them",
                )
        sizes = {
            each.board_seats_in_all for each in own if isinstance(each.board_seats_in_all, Decimal)
        }
        if len(sizes) > 1:
            told = " and ".join(str(size) for size in sorted(sizes))
            yield ("holdings", f"{told} board seats of {name}", "give its board one size")


def _circle_faults(holdings: Iterable[Holding]) -> Iterator[tuple[str, Any, str]]:
    """Circles of more entities than equations are solved for."""
    owners: dict[str, list[str]] = {}
    for each in holdings:
        owners.setdefault(each.of, []).append(each.owner)
    if len(owners) <= MOST_IN_A_CIRCLE:
        return
    for circle in strong_components(sorted(owners), lambda name: owners.get(name, ())):
        if len(circle) > MOST_IN_A_CIRCLE:
            yield (
                "holdings",
                f"a circle of {len(circle):,} entities, among them {min(circle)}",
                f"at most {MOST_IN_A_CIRCLE:,} entities may hold each other in a circle",
            )


def _sum(shares: list[Fraction]) -> Fraction:
    """The sum over a common denominator, which is quicker than one fraction at a time."""
    ratios = [each.as_integer_ratio() for each in shares]
    whole = lcm(*(below for _, below in ratios))
    return Fraction(sum(above * (whole // below) for above, below in ratios), whole)


def _percent_in_words(share: Fraction) -> str:
    """A share in percent: exactly if six decimal places are enough, otherwise about.

    >>> _percent_in_words(Fraction(1, 4)), _percent_in_words(Fraction(1, 3))
    ('25 %', 'about 33.33 %')
    """
    scaled, rest = divmod(share.numerator * 10**8, share.denominator)
    if rest:
        scaled = (scaled + 5000) // 10000 * 10000
    whole, decimals = divmod(scaled, 10**6)
    text = f"{whole}.{decimals:06}".rstrip("0").rstrip(".")
    return f"about {text} %" if rest else f"{text} %"


def in_percent(share: Bounds[Fraction]) -> str:
    """Bounds of a share in percent, in words.

    >>> in_percent(Bounds(Fraction(27, 100), Fraction(27, 100)))
    '27 %'
    >>> (
    ...     in_percent(Bounds(Fraction(0), Fraction(1, 4))),
    ...     in_percent(Bounds(Fraction(1, 4), Fraction(1))),
    ... )
    ('at most 25 %', 'at least 25 %')
    """
    lower, upper = _percent_in_words(share.lower), _percent_in_words(share.upper)
    if share.is_exact:
        return lower
    if share.upper == 1:
        return f"at least {lower}" if share.lower else "an unknown part"
    return f"{lower} to {upper}" if share.lower else f"at most {upper}"
