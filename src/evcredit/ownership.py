"""Who owns whom: entities, holdings and contracts, and what somebody holds through others.

A graph of ownership is stated like every other fact, and may be unknown in part. `traced` follows
the holdings of some bodies through it, for one metric at a time, in exact ratios. Which bodies
these are, from which share on an owner counts as one with what it owns, and what follows from a
share, is law and decided elsewhere.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, NamedTuple

import attrs

from evcredit.bounds import Bounds
from evcredit.country import as_country
from evcredit.fact import (
    Fault,
    Kind,
    as_choice,
    as_count,
    as_flag,
    as_percent,
    as_text,
    as_tuple,
    check,
    declare,
)

__all__ = [
    "RIGHTS",
    "Contract",
    "Entity",
    "GovernmentRole",
    "HeldThrough",
    "Holding",
    "Metric",
    "OwnershipGraph",
    "Tracing",
    "chains_of",
    "circles",
    "traced",
]


class GovernmentRole(Enum):
    """What an entity is to the government of a foreign country (89 FR 37079)."""

    NONE = "none"
    GOVERNMENT = "government, national or subnational"
    AGENCY = "agency or instrumentality of the government"
    RULING_PARTY = "dominant or ruling political party"
    SENIOR_FIGURE = "senior foreign political figure, current or former"
    FAMILY = "immediate family of a senior foreign political figure"


class Metric(Enum):
    """What shares of an entity are counted by; each counts on its own."""

    EQUITY = "equity"
    VOTES = "voting rights"
    BOARD = "board seats"


def as_government_role(value: GovernmentRole | str | None) -> Any:
    """A role, by itself or by name."""
    return as_choice(GovernmentRole, value)


def as_name(value: str | None) -> Any:
    """The name of an entity, which must be given."""
    return Fault(value, "give the name of an entity") if value is None else as_text(value)


def as_entities(value: Any) -> Any:
    """A tuple of entities, which must be given."""
    remedy = "give the list of entities, empty if there are none"
    return Fault(value, remedy) if value is None else as_tuple(value)


def _flag_down(label: str) -> Any:
    return attrs.field(
        default=None, converter=as_flag, metadata=declare(Kind.FLAG, label, optional=True)
    )


@attrs.frozen(kw_only=True)
class Entity:
    """An organization, a person or a body of a government.

    Args:
        name: What it is called in holdings and contracts, and in `Step.by` and
            `BatteryComponent.by`. Capital letters and spaces matter.
        incorporated_in: The country under whose law it is organized.
        principal_place_of_business: The country it is managed from.
        domiciled_in: Its domicile, if that is neither of the two.
        government_role: What it is to a foreign government; `GovernmentRole.NONE` if nothing.
        government_of: The country of that government.
        designated_terrorist_organization: Whether the Secretary of State designated it as a
            foreign terrorist organization (42 USC 18741(a)(5)(A)).
        specially_designated_national: Whether it is on the list of specially designated
            nationals and blocked persons (42 USC 18741(a)(5)(B)).
        alleged_by_attorney_general: Whether the Attorney General alleged it to have been
            involved in activities for which a conviction was obtained (42 USC
            18741(a)(5)(D)).
        determined_by_secretary: Whether the Secretary of Energy determined it to be of
            concern (42 USC 18741(a)(5)(E)).

    Raises:
        InvalidFactError: A fact cannot be true, for example a role in a government for an
            entity that has none.
        InvalidFactsError: Several faults.

    >>> Entity.company("Refiner", "Hungary").principal_place_of_business
    'HU'
    >>> Entity.government("Sichuan Province", "China").government_role.name
    'GOVERNMENT'
    """

    name: str = attrs.field(converter=as_name, metadata=declare(Kind.TEXT, "name of the entity"))
    incorporated_in: str | None = attrs.field(
        default=None,
        converter=as_country,
        metadata=declare(Kind.COUNTRY, "country of incorporation"),
    )
    principal_place_of_business: str | None = attrs.field(
        default=None,
        converter=as_country,
        metadata=declare(Kind.COUNTRY, "principal place of business"),
    )
    domiciled_in: str | None = attrs.field(
        default=None,
        converter=as_country,
        metadata=declare(Kind.COUNTRY, "country of domicile", optional=True),
    )
    government_role: GovernmentRole | None = attrs.field(
        default=None,
        converter=as_government_role,
        metadata=declare(Kind.CHOICE, "role in a foreign government", of=GovernmentRole),
    )
    government_of: str | None = attrs.field(
        default=None,
        converter=as_country,
        metadata=declare(Kind.COUNTRY, "country of that government"),
    )
    designated_terrorist_organization: bool | None = _flag_down(
        "designated foreign terrorist organization"
    )
    specially_designated_national: bool | None = _flag_down(
        "on the list of specially designated nationals and blocked persons"
    )
    alleged_by_attorney_general: bool | None = _flag_down(
        "alleged by the Attorney General to have been involved in a listed crime"
    )
    determined_by_secretary: bool | None = _flag_down(
        "determined to be of concern by the Secretary of Energy"
    )

    def __attrs_post_init__(self) -> None:
        check(self, _entity_faults)

    @classmethod
    def company(
        cls, name: str, country: str, *, principal_place_of_business: str | None = None
    ) -> Entity:
        """A private company: no body of any government.

        Args:
            name: Its name.
            country: Where it is incorporated.
            principal_place_of_business: Where it is managed from; the same country if left
                out.
        """
        return cls(
            name=name,
            incorporated_in=country,
            principal_place_of_business=principal_place_of_business or country,
            government_role=GovernmentRole.NONE,
        )

    @classmethod
    def government(
        cls, name: str, country: str, role: GovernmentRole = GovernmentRole.GOVERNMENT
    ) -> Entity:
        """A body of the government of a country.

        Args:
            name: Its name.
            country: The country of the government.
            role: What it is to the government.
        """
        return cls(
            name=name,
            incorporated_in=country,
            principal_place_of_business=country,
            government_role=role,
            government_of=country,
        )


def _entity_faults(entity: Entity) -> Iterator[tuple[str, Any, str]]:
    if entity.government_role is GovernmentRole.NONE and entity.government_of is not None:
        yield (
            "government_of",
            entity.government_of,
            "the entity has no role in any government; leave this out or state the role",
        )


Quantity = Decimal | Bounds[Decimal] | None


@attrs.frozen(kw_only=True)
class Holding:
    """What one entity holds of another, directly, by each of three metrics.

    Args:
        owner: The name of the entity that holds.
        of: The name of the entity that is held.
        equity_percent: Percent of the equity interest.
        voting_percent: Percent of the voting rights.
        board_percent: Percent of the board seats, where the seats are not stated.
        board_seats: The number of board seats the owner fills.
        board_seats_in_all: The number of seats on the board.

    Raises:
        InvalidFactError: A fact cannot be true or is not exact.
        InvalidFactsError: Several faults.

    >>> Holding(owner="A", of="M", equity_percent=15, board_seats=1, board_seats_in_all=5).share(
    ...     Metric.BOARD
    ... )
    Bounds(lower=Fraction(1, 5), upper=Fraction(1, 5))
    """

    owner: str = attrs.field(converter=as_name, metadata=declare(Kind.TEXT, "owner"))
    of: str = attrs.field(converter=as_name, metadata=declare(Kind.TEXT, "what is held"))
    equity_percent: Quantity = attrs.field(
        default=None,
        converter=as_percent,
        metadata=declare(Kind.PERCENT, "share of the equity"),
    )
    voting_percent: Quantity = attrs.field(
        default=None,
        converter=as_percent,
        metadata=declare(Kind.PERCENT, "share of the voting rights"),
    )
    board_percent: Quantity = attrs.field(
        default=None,
        converter=as_percent,
        metadata=declare(Kind.PERCENT, "share of the board seats"),
    )
    board_seats: Quantity = attrs.field(
        default=None,
        converter=as_count,
        metadata=declare(Kind.COUNT, "board seats filled by the owner", optional=True),
    )
    board_seats_in_all: Quantity = attrs.field(
        default=None,
        converter=as_count,
        metadata=declare(Kind.COUNT, "board seats in all", optional=True),
    )
    #: The shares in the order of `Metric`, as least and greatest ratio.
    shares: tuple[Ends, ...] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        check(self, _holding_faults)
        percents = (self.equity_percent, self.voting_percent)
        board = (
            _ends_of_percent(self.board_percent)
            if self.board_seats is None
            else _ends_of_seats(self.board_seats, self.board_seats_in_all)
        )
        shares = (*(_ends_of_percent(each) for each in percents), board)
        object.__setattr__(self, "shares", shares)

    @classmethod
    def alike(cls, owner: str, of: str, percent: Decimal | Bounds[Any] | int | str) -> Holding:
        """The same percentage of the equity, of the voting rights and of the board seats.

        >>> Holding.alike("A", "M", "24.9").voting_percent
        Decimal('24.9')
        """
        return cls(
            owner=owner,
            of=of,
            equity_percent=percent,
            voting_percent=percent,
            board_percent=percent,
        )

    def share(self, metric: Metric) -> Bounds[Fraction]:
        """The share by one metric, 1 being the whole."""
        return Bounds(*self.shares[_PLACE[metric]])

    def unknown(self, metric: Metric) -> tuple[str, ...]:
        """The facts that keep the share by a metric from being known, by name."""
        if metric is not Metric.BOARD:
            names: tuple[str, ...] = (_PERCENT_OF[metric],)
        elif self.board_seats is None:
            names = ("board_percent",)
        else:
            names = ("board_seats", "board_seats_in_all")
        lower, upper = self.shares[_PLACE[metric]]
        if lower == upper:
            return ()
        values = ((name, getattr(self, name)) for name in names)
        return tuple(name for name, value in values if value is None or isinstance(value, Bounds))


#: The least and the greatest possible share.
Ends = tuple[Fraction, Fraction]

_PLACE = {metric: place for place, metric in enumerate(Metric)}
_PERCENT_OF = {Metric.EQUITY: "equity_percent", Metric.VOTES: "voting_percent"}
_ZERO, _ONE = Fraction(0), Fraction(1)


def _ends(value: Quantity, most: Fraction) -> Ends:
    """A quantity as least and greatest ratio; anything up to `most` if it is unknown."""
    if value is None:
        return (_ZERO, most)
    ends = (value.lower, value.upper) if isinstance(value, Bounds) else (value, value)
    lower, upper = (Fraction(end) if end.is_finite() else None for end in ends)
    return (lower or _ZERO, most if upper is None else upper)


def _ends_of_percent(value: Quantity) -> Ends:
    lower, upper = _ends(value, Fraction(100))
    return (lower * Fraction(1, 100), upper * Fraction(1, 100))


#: No board has more seats.
_SEATS = Fraction(10**18)


def _ends_of_seats(held: Quantity, in_all: Quantity) -> Ends:
    least, most = _ends(held, _SEATS)
    fewest, all_of_them = _ends(in_all, _SEATS)
    fewest = max(fewest, least, _ONE)
    if in_all is None and least:
        return (_ZERO, _ONE)
    return (Fraction(least, max(all_of_them, _ONE)), min(Fraction(most, fewest), _ONE))


def _holding_faults(holding: Holding) -> Iterator[tuple[str, Any, str]]:
    if holding.owner == holding.of:
        yield ("of", holding.of, "an entity's holding of itself passes nothing on; leave it out")
    held, in_all = (
        _ends(each, _SEATS) for each in (holding.board_seats, holding.board_seats_in_all)
    )
    if holding.board_seats_in_all is not None and not in_all[1]:
        yield ("board_seats_in_all", in_all[1], "a board has at least one seat")
    elif held[0] > in_all[1]:
        yield ("board_seats", holding.board_seats, "an owner cannot fill more seats than there are")
    elif holding.board_seats is not None and holding.board_percent is not None:
        yield (
            "board_percent",
            holding.board_percent,
            "state the board seats or their percentage, not both",
        )


#: The rights that a producer must keep, all of them, for the safe harbor of 89 FR 37079, by the
#: name of the fact [recalled].
RIGHTS: Mapping[str, str] = {
    "keeps_quantity": "right to set the quantity within agreed bounds",
    "keeps_timing": "right to set the timing and to stop",
    "keeps_output": "right to use the output or to sell it at will",
    "keeps_access": "access to the whole site and every stage of production",
    "keeps_operation": "right to run and maintain the critical equipment, with the data it takes",
}


def _right(name: str) -> Any:
    return attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, f"producer keeps the {RIGHTS[name]}"),
    )


@attrs.frozen(kw_only=True)
class Contract:
    """A licence or other contract under which an entity produces something.

    Args:
        holder: The name of the licensor or other party that the contract gives rights to.
        producer: The name of the entity that produces.
        output: What it is for: an applicable critical mineral or a kind of component;
            everything that the producer makes if left out.
        effective_control: Whether it gives the holder effective control over the production.
        keeps_quantity: Whether the producer keeps the right to set the quantity.
        keeps_timing: Whether it keeps the right to set the timing, and to stop.
        keeps_output: Whether it keeps the right to use the output, or to sell it at will.
        keeps_access: Whether it keeps access to the whole site and every stage.
        keeps_operation: Whether it keeps the right to run, maintain and repair all critical
            equipment, and to use the property rights and data that takes.

    Raises:
        InvalidFactError: A fact cannot be true: who keeps all five rights is under nobody's
            effective control.
        InvalidFactsError: Several faults.

    >>> Contract(holder="P", producer="M", effective_control=True).controls
    True
    """

    holder: str = attrs.field(converter=as_name, metadata=declare(Kind.TEXT, "holder"))
    producer: str = attrs.field(converter=as_name, metadata=declare(Kind.TEXT, "producer"))
    output: str | None = attrs.field(
        default=None,
        converter=as_text,
        metadata=declare(Kind.TEXT, "what is produced", optional=True),
    )
    effective_control: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "effective control over the production"),
    )
    keeps_quantity: bool | None = _right("keeps_quantity")
    keeps_timing: bool | None = _right("keeps_timing")
    keeps_output: bool | None = _right("keeps_output")
    keeps_access: bool | None = _right("keeps_access")
    keeps_operation: bool | None = _right("keeps_operation")

    def __attrs_post_init__(self) -> None:
        check(self, _contract_faults)

    @property
    def keeps_all_rights(self) -> bool:
        """Whether the producer is stated to keep all five rights: the safe harbor."""
        return all(getattr(self, name) for name in RIGHTS)

    @property
    def controls(self) -> bool | None:
        """Whether the holder has effective control; no where all five rights are kept."""
        return False if self.keeps_all_rights else self.effective_control


def _contract_faults(contract: Contract) -> Iterator[tuple[str, Any, str]]:
    if contract.effective_control and contract.keeps_all_rights:
        yield (
            "effective_control",
            True,
            "who keeps all five rights is under nobody's effective control; correct one of them",
        )


@attrs.frozen(kw_only=True, cache_hash=True)
class OwnershipGraph:
    """Entities, what they hold of each other, and the contracts between them.

    What is stated is taken to be all there is: an entity without a stated holding is held by
    nobody who matters. Owners who are not known are stated as one more entity, of unknown role,
    with the share that is left. The order of entities, holdings and contracts means nothing.

    Args:
        entities: Every entity that holdings and contracts name.
        holdings: Every direct holding; `None` if the owners are unknown.
        contracts: Every contract under which one entity produces for another or by its
            licence; none unless stated, and unknown if `None`.

    Raises:
        InvalidFactError: A fault, for example an entity that is not stated, two holdings of
            one owner in one entity, or holdings of more than 100 percent of anything.
        InvalidFactsError: Several faults.

    >>> graph = OwnershipGraph(
    ...     entities=[Entity.government("Province", "China"), Entity.company("Mine", "Zambia")],
    ...     holdings=[Holding.alike("Province", "Mine", "24.9")],
    ... )
    >>> [entity.name for entity in graph.entities]
    ['Province', 'Mine']
    """

    entities: tuple[Entity, ...] = attrs.field(
        converter=as_entities, metadata=declare(Kind.PARTS, "entities", of=Entity)
    )
    holdings: tuple[Holding, ...] | None = attrs.field(
        default=None, converter=as_tuple, metadata=declare(Kind.PARTS, "holdings", of=Holding)
    )
    contracts: tuple[Contract, ...] | None = attrs.field(
        default=(), converter=as_tuple, metadata=declare(Kind.PARTS, "contracts", of=Contract)
    )
    #: Where each entity stands in `entities`, by name.
    places: Mapping[str, int] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        check(self, _graph_faults)
        places = {entity.name: place for place, entity in enumerate(self.entities)}
        object.__setattr__(self, "places", places)

    def entity(self, name: str) -> Entity | None:
        """The entity of a name; `None` if the graph has none."""
        place = self.places.get(name)
        return None if place is None else self.entities[place]

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
            yield (f"entities[{place}].name", entity.name, "two entities are called so; rename one")
        seen.add(entity.name)
    yield from _edge_faults(graph, seen)
    yield from _metric_faults(graph.holdings or ())


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
                        "no entity of the graph is called so; add it to the entities",
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
        for metric in Metric:
            least = sum((each.shares[_PLACE[metric]][0] for each in own), _ZERO)
            if least > 1:
                yield (
                    "holdings",
                    f"{_percent_in_words(least)} of the {metric.value} of {name}",
                    "holdings cannot come to more than 100 %; correct or merge them",
                )
        sizes = {
            each.board_seats_in_all for each in own if isinstance(each.board_seats_in_all, Decimal)
        }
        if len(sizes) > 1:
            told = " and ".join(str(size) for size in sorted(sizes))
            yield ("holdings", f"{told} board seats of {name}", "give its board one size")


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


# -- tracing -------------------------------------------------------------------------------


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


#: Whether each entity is one of the bodies whose holdings are traced; `None` if unknown.
Bodies = Mapping[str, bool | None]


def traced(
    graph: OwnershipGraph, bodies: Bodies, metric: Metric, tracing: Tracing
) -> dict[str, Bounds[Fraction]]:
    """What some bodies hold of every entity together, directly and through others.

    A share of an entity is the sum over its owners of what each passes on: all of its holding
    if it is one of the bodies, otherwise the share that the bodies hold of the owner times the
    holding, or the whole of that share if owner and owned are treated as one. It never exceeds
    the whole. Without circles these equations are solved one after the other. Entities that
    hold each other in a circle are solved together, as a system of linear equations, where it
    has one answer. It need not have one if owners are treated as one with what they own all
    around a circle (`circles` names these); then the shares lie between those that plain
    multiplication gives and the whole.

    Args:
        graph: Entities and holdings.
        bodies: Which entities the bodies are, by name.
        metric: By what shares are counted.
        tracing: How holdings pass on what lies behind them.

    Returns:
        By name, the bounds of the share, 1 being the whole; of the bodies themselves the whole,
        of an entity that may be one what others hold of it. Without circles the bounds are
        exact: both ends are reached for some values of the unknown facts, with no more than 100
        percent of any entity held. With circles they are sound.

    >>> graph = OwnershipGraph(
    ...     entities=[Entity.government("G", "China"), *(Entity.company(n, "KR") for n in "AB")],
    ...     holdings=[Holding.alike("G", "A", 60), Holding.alike("A", "B", 30)],
    ... )
    >>> bodies = {"G": True, "A": False, "B": False}
    >>> for tracing in (Tracing(Fraction(1, 2)), Tracing()):
    ...     print(traced(graph, bodies, Metric.EQUITY, tracing)["B"].lower)
    3/10
    9/50
    """
    return _Trace(graph, bodies, metric, tracing).shares


def circles(
    graph: OwnershipGraph, bodies: Bodies, metric: Metric, tracing: Tracing
) -> tuple[tuple[str, ...], ...]:
    """The entities that hold each other so that `traced` has no single answer for them.

    >>> graph = OwnershipGraph(
    ...     entities=[Entity.government("G", "China"), *(Entity.company(n, "KR") for n in "AB")],
    ...     holdings=[
    ...         Holding.alike("G", "A", 10),
    ...         Holding.alike("A", "B", 60),
    ...         Holding.alike("B", "A", 60),
    ...     ],
    ... )
    >>> circles(graph, {"G": True, "A": False, "B": False}, Metric.EQUITY, Tracing(Fraction(1, 2)))
    (('A', 'B'),)
    """
    return tuple(_Trace(graph, bodies, metric, tracing).open_circles)


class HeldThrough(NamedTuple):
    """One chain of holdings from a body to an entity.

    Args:
        holder: The body.
        through: The entities between, from the body on; none for a direct holding.
        share: What the chain alone comes to, if the holder is a body.
        certain: Whether the holder is known to be one.
    """

    holder: str
    through: tuple[str, ...]
    share: Bounds[Fraction]
    certain: bool = True


#: The most chains that `chains_of` follows.
CHAINS = 256


def chains_of(
    graph: OwnershipGraph, bodies: Bodies, name: str, metric: Metric, tracing: Tracing
) -> tuple[HeldThrough, ...]:
    """How the bodies hold their share of an entity: every chain that passes no entity twice.

    Args:
        graph: Entities and holdings.
        bodies: Which entities the bodies are; those that may be one are followed too.
        name: The entity.
        metric: By what shares are counted.
        tracing: How holdings pass on what lies behind them.

    Returns:
        Chains by body and by the entities between. Those of known bodies add up to the share,
        as long as it is not more than the whole, nothing held directly is a majority that
        counts as the whole, and there are no circles. At most `CHAINS` of them.

    >>> graph = OwnershipGraph(
    ...     entities=[Entity.government("G", "China"), *(Entity.company(n, "KR") for n in "AB")],
    ...     holdings=[Holding.alike("G", "A", 60), Holding.alike("A", "B", 30)],
    ... )
    >>> bodies = {"G": True, "A": False, "B": False}
    >>> [chain.through for chain in chains_of(graph, bodies, "B", Metric.EQUITY, Tracing())]
    [('A',)]
    """
    owners = _owners(graph, metric)

    def follow(below: str, between: tuple[str, ...], share: Ends) -> Iterator[HeldThrough]:
        for owner, ends in sorted(owners.get(below, {}).items()):
            if owner == name or owner in between:
                continue
            body, counted = bodies[owner], _passed_on(tracing, ends)
            if body is not False:
                # A direct holding is told as it is, even where it counts in full.
                whole = _times(share, counted if between else ends)
                yield HeldThrough(owner, between, Bounds(*whole), body is True)
            if body is not True:
                yield from follow(owner, (owner, *between), _times(share, counted))

    found = itertools.islice(follow(name, (), (_ONE, _ONE)), CHAINS)
    return tuple(sorted(found, key=lambda chain: (chain.holder, chain.through)))


def owners_behind(graph: OwnershipGraph, bodies: Bodies, name: str, metric: Metric) -> set[str]:
    """Every entity that may hold a part of another, directly or through others.

    What lies behind one of the bodies is not looked at.
    """
    owners = _owners(graph, metric)
    found: set[str] = set()
    ahead = [name]
    while ahead:
        for owner in owners.get(ahead.pop(), {}):
            if owner not in found:
                found.add(owner)
                if bodies[owner] is not True:
                    ahead.append(owner)
    return found


def _passed_on(tracing: Tracing, ends: Ends) -> Ends:
    return (tracing.passed_on(ends[0]), tracing.passed_on(ends[1]))


def _times(one: Ends, other: Ends) -> Ends:
    return (one[0] * other[0], one[1] * other[1])


#: By entity the possible shares of each of its owners.
Owners = Mapping[str, Mapping[str, Ends]]


def _owners(graph: OwnershipGraph, metric: Metric) -> Owners:
    """The owners that may hold anything, with what the others leave for each."""
    place = _PLACE[metric]
    stated: dict[str, dict[str, Ends]] = {}
    for holding in graph.holdings or ():
        stated.setdefault(holding.of, {})[holding.owner] = holding.shares[place]
    found: dict[str, dict[str, Ends]] = {}
    for name, shares in stated.items():
        left = _ONE - sum((lower for lower, _ in shares.values()), _ZERO)
        found[name] = {
            owner: (lower, min(upper, lower + left))
            for owner, (lower, upper) in shares.items()
            if upper and lower + left
        }
    return found


class _Trace:
    """The shares that some bodies hold, by one metric; see `traced`."""

    def __init__(
        self, graph: OwnershipGraph, bodies: Bodies, metric: Metric, tracing: Tracing
    ) -> None:
        self._bodies = bodies
        self._tracing = tracing
        self._owners = _owners(graph, metric)
        self._lower: dict[str, Fraction] = {}
        self._upper: dict[str, Fraction] = {}
        self.open_circles: list[tuple[str, ...]] = []
        for group in self._groups(sorted(name for name in graph.places if not bodies[name])):
            if graph.holdings is None:
                self._lower[group[0]], self._upper[group[0]] = _ZERO, _ONE
            elif len(group) == 1:
                self._alone(group[0])
            else:
                self._together(group)
        self.shares = {
            name: Bounds(_ONE, _ONE)
            if bodies[name]
            else Bounds(self._lower[name], self._upper[name])
            for name in graph.places
        }

    def _groups(self, names: list[str]) -> list[tuple[str, ...]]:
        """The entities that hold each other in circles together, owners before what they own."""
        behind = {name: self._behind(name) for name in names}
        groups = {
            tuple(
                other
                for other in names
                if other == name or (other in behind[name] and name in behind[other])
            )
            for name in names
        }
        # An owner has fewer owners behind it, or is in a circle of which all of them are part.
        return sorted(
            groups, key=lambda each: (len(behind[each[0]]), each[0] not in behind[each[0]], each)
        )

    def _behind(self, name: str) -> set[str]:
        """The owners of an entity and theirs, not past the bodies: those count in full anyway."""
        found: set[str] = set()
        ahead = [name]
        while ahead:
            owners = {
                owner for owner in self._owners.get(ahead.pop(), {}) if not self._bodies[owner]
            }
            ahead += owners - found
            found |= owners
        return found

    def _at_least(self, owner: str) -> Fraction:
        return _ONE if self._bodies[owner] else self._lower[owner]

    def _at_most(self, owner: str) -> Fraction:
        return self._upper[owner] if self._bodies[owner] is False else _ONE

    def _alone(self, name: str) -> None:
        owners = [
            (ends, self._at_least(owner), self._at_most(owner))
            for owner, ends in self._owners.get(name, {}).items()
        ]
        passed_on = self._tracing.passed_on
        least = sum((passed_on(ends[0]) * low for ends, low, _ in owners), _ZERO)
        most = self._greatest([(*ends, high) for ends, _, high in owners])
        self._lower[name], self._upper[name] = min(least, _ONE), min(most, _ONE)

    def _greatest(self, owners: list[tuple[Fraction, Fraction, Fraction]]) -> Fraction:
        """The most that owners can pass on, each within its bounds and all within the whole.

        Given which owners are merged, these need no more than the share from which they are,
        and what is left goes to the others in the order of what lies behind them.
        """
        merged_from = self._tracing.merged_from
        can = [
            place
            for place, (lower, upper, _) in enumerate(owners)
            if merged_from is not None and lower < merged_from <= upper
        ]
        found = _ZERO
        for size in range(len(can) + 1):
            feasible = False
            for merged in itertools.combinations(can, size):
                value = self._filled(owners, merged)
                if value is not None:
                    feasible = True
                    found = max(found, value)
            if not feasible:
                break
        return found

    def _filled(
        self, owners: list[tuple[Fraction, Fraction, Fraction]], merged: tuple[int, ...]
    ) -> Fraction | None:
        shares = [lower for lower, _, _ in owners]
        for place in merged:
            shares[place] = self._tracing.merged_from or _ZERO
        left = _ONE - sum(shares, _ZERO)
        if left < 0:
            return None
        for place in sorted(range(len(owners)), key=lambda each: -owners[each][2]):
            if place not in merged:
                more = min(left, owners[place][1] - shares[place])
                shares[place] += more
                left -= more
        passed_on = self._tracing.passed_on
        return sum(
            (passed_on(share) * high for share, (_, _, high) in zip(shares, owners, strict=True)),
            _ZERO,
        )

    def _together(self, names: tuple[str, ...]) -> None:
        """Entities that hold each other in a circle, by solving their equations."""
        passed_on = self._tracing.passed_on
        least = self._solved(names, 0, passed_on)
        if least is None:
            self.open_circles.append(names)
        if least is None or self._may_be_open(names):
            # Multiplication alone passes on no more, and always has an answer.
            least = self._solved(names, 0, lambda share: share) or [_ZERO] * len(names)
        most = _greatest_solution(*self._equations(names, 1, passed_on))
        self._lower.update(zip(names, least, strict=True))
        self._upper.update(zip(names, most, strict=True))

    def _may_be_open(self, names: tuple[str, ...]) -> bool:
        """Whether the circle has no single answer for some of what is not known of it."""
        equations = self._equations(names, 1, self._tracing.passed_on, apart=False)
        return _least_solution(*equations) is None

    def _equations(
        self,
        names: tuple[str, ...],
        end: int,
        passed_on: Callable[[Fraction], Fraction],
        *,
        apart: bool = True,
    ) -> tuple[list[list[Fraction]], list[Fraction]]:
        """What the entities of a circle pass on to each other, and what comes from outside.

        Args:
            names: The entities of the circle.
            end: 0 for the least of each holding, 1 for the greatest.
            passed_on: How much of a holding is passed on.
            apart: Whether entities that may be bodies are taken for them at the greatest end.
        """
        inside = {name: place for place, name in enumerate(names)}
        matrix = [[_ZERO] * len(names) for _ in names]
        outside = [_ZERO] * len(names)
        for name, row in inside.items():
            for owner, ends in self._owners[name].items():
                weight = passed_on(ends[end])
                # An owner that may be one of the bodies may hold everything it passes on.
                if owner in inside and not (apart and end and self._bodies[owner] is None):
                    matrix[row][inside[owner]] = weight
                else:
                    held = self._at_most(owner) if end else self._at_least(owner)
                    outside[row] += weight * held
        return matrix, outside

    def _solved(
        self, names: tuple[str, ...], end: int, passed_on: Callable[[Fraction], Fraction]
    ) -> list[Fraction] | None:
        return _least_solution(*self._equations(names, end, passed_on))


def _reached(matrix: list[list[Fraction]], outside: list[Fraction]) -> list[bool]:
    """Which unknowns of ``x = matrix x + outside`` anything arrives at."""
    found = [bool(each) for each in outside]
    for _ in outside:
        found = [
            old or any(weight and found[column] for column, weight in enumerate(row))
            for old, row in zip(found, matrix, strict=True)
        ]
    return found


def _least_solution(matrix: list[list[Fraction]], outside: list[Fraction]) -> list[Fraction] | None:
    """The least solution of ``x = min(1, matrix x + outside)``; `None` if others may do as well.

    What nothing arrives at is zero. Of the rest the solution is the only one if the matrix
    passes on less than arrives, which holds exactly if ``x = matrix x + 1`` has a solution
    without negative numbers.
    """
    places = [place for place, some in enumerate(_reached(matrix, outside)) if some]
    inner = [[matrix[row][column] for column in places] for row in places]
    trial = _linear(inner, [_ONE] * len(places))
    if trial is None or any(each < 0 for each in trial):
        return None
    return _greatest_solution(matrix, outside)


def _greatest_solution(matrix: list[list[Fraction]], outside: list[Fraction]) -> list[Fraction]:
    """The greatest solution of ``x = min(1, matrix x + outside)``, zero where nothing arrives.

    Which unknowns stop at the whole is found by trying: all of them at first, then those that
    reach it given the others, until nothing changes.
    """
    places = [place for place, some in enumerate(_reached(matrix, outside)) if some]
    inner = [[matrix[row][column] for column in places] for row in places]
    given = [outside[place] for place in places]
    full = set(range(len(places)))
    while True:
        rows = [[_ZERO] * len(places) if row in full else each for row, each in enumerate(inner)]
        constant = [_ONE if row in full else each for row, each in enumerate(given)]
        # What does not reach the whole passes on less than arrives, so there is one solution.
        shares = _linear(rows, constant) or []
        reaching = {
            row
            for row, each in enumerate(inner)
            if sum((w * x for w, x in zip(each, shares, strict=True)), given[row]) >= 1
        }
        if reaching == full:
            break
        full = reaching
    found = [_ZERO] * len(outside)
    for place, share in zip(places, shares, strict=True):
        found[place] = share
    return found


def _linear(matrix: list[list[Fraction]], outside: list[Fraction]) -> list[Fraction] | None:
    """The solution of ``x = matrix x + outside`` by elimination; `None` if there is not one."""
    size = len(outside)
    rows = [
        [*(Fraction(row == column) - matrix[row][column] for column in range(size)), outside[row]]
        for row in range(size)
    ]
    for column in range(size):
        pivot = next((row for row in range(column, size) if rows[row][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        inverse = Fraction(rows[column][column].denominator, rows[column][column].numerator)
        rows[column] = [each * inverse for each in rows[column]]
        for row in range(size):
            factor = rows[row][column]
            if row != column and factor:
                rows[row] = [
                    each - factor * under
                    for each, under in zip(rows[row], rows[column], strict=True)
                ]
    return [row[size] for row in rows]
