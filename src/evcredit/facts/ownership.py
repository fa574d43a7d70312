"""Who owns whom: entities, and what they hold of each other.

A graph of ownership is stated like every other fact, and may be unknown in part. What someone
holds through others, and what follows from a share, is decided elsewhere.

Source: 42 USC 18741(a)(5).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.brief import brief
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import (
    Kind,
    as_choice,
    as_count,
    as_flag,
    as_percent,
    check,
    declare,
    repr_of_facts,
)
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.facts.contract import as_name
from evcredit.facts.identifiers import as_bpn, as_lei, as_rmi_id
from evcredit.facts.place import as_country, place_name

__all__ = ["Entity", "GovernmentRole", "Holding", "Metric"]


class GovernmentRole(PlainEnum):
    """What an entity is to the government of a foreign country (89 FR 37079)."""

    NONE = "none"
    GOVERNMENT = "government, national or subnational"
    AGENCY = "agency or instrumentality of the government"
    RULING_PARTY = "dominant or ruling political party"
    SENIOR_FIGURE = "senior foreign political figure, current or former"
    FAMILY = "immediate family of a senior foreign political figure"


class Metric(PlainEnum):
    """What shares of an entity are counted by; each counts on its own."""

    EQUITY = "equity"
    VOTES = "voting rights"
    BOARD = "board seats"

    #: Where its share is in `Holding.shares`; quicker to read than to look up.
    place: int


for _place, _metric in enumerate(Metric):
    _metric.place = _place


def as_government_role(value: GovernmentRole | str | None) -> Any:
    """A role, as itself or by name."""
    return as_choice(GovernmentRole, value)


def _flag_down(label: str) -> Any:
    return attrs.field(
        default=None, converter=as_flag, metadata=declare(Kind.FLAG, label, optional=True)
    )


def _identifier(label: str, converter: Any) -> Any:
    declared = declare(Kind.TEXT, label, optional=True, for_reader=True)
    return attrs.field(default=None, converter=converter, metadata=declared)


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
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
        lei: Its legal entity identifier. A step or component may name it by this too.
        rmi_id: Its identifier as a smelter or refiner, like CID002849; likewise.
        bpn: Its business partner number in Catena-X, like BPNL00000003CRHK; likewise.

    Raises:
        InvalidFactError: A fact is invalid, for example a role in a government for an
            entity that has none.
        InvalidFactsError: Several faults.

    >>> Entity.company("Refiner", "Hungary").principal_place_of_business
    'HU'
    >>> Entity.government("Sichuan Province", "China").government_role.name
    'GOVERNMENT'
    """

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        return brief(self, place_name)

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
    lei: str | None = _identifier("legal entity identifier", as_lei)
    rmi_id: str | None = _identifier("identifier of the Responsible Minerals Initiative", as_rmi_id)
    bpn: str | None = _identifier("business partner number", as_bpn)

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _entity_faults, sound=sound)

    @property
    def identifiers(self) -> tuple[str, ...]:
        """What registers call it, besides its name.

        >>> Entity(name="Refiner", rmi_id="CID002849").identifiers
        ('CID002849',)
        """
        return tuple(each for each in (self.lei, self.rmi_id, self.bpn) if each is not None)

    @classmethod
    def company(
        cls, name: str, country: str, *, principal_place_of_business: str | None = None
    ) -> Entity:
        """A private company: no body of any government.

        Args:
            name: Its name.
            country: Where it is incorporated.
            principal_place_of_business: Where it is managed from; the same country if omitted.
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


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
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
        InvalidFactError: A fact is invalid or is not exact.
        InvalidFactsError: Several faults.

    >>> Holding(owner="A", of="M", equity_percent=15, board_seats=1, board_seats_in_all=5).share(
    ...     Metric.BOARD
    ... )
    Bounds(lower=Fraction(1, 5), upper=Fraction(1, 5))
    """

    __repr__ = repr_of_facts
    __str__ = brief

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

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _holding_faults, sound=sound)
        board = (
            _ends_of_percent(self.board_percent)
            if self.board_seats is None
            else _ends_of_seats(self.board_seats, self.board_seats_in_all)
        )
        percents = (self.equity_percent, self.voting_percent)
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
        return Bounds(*self.ends(metric))

    def ends(self, metric: Metric) -> Ends:
        """The minimum and the maximum share by one metric, 1 being the whole."""
        return self.shares[metric.place]

    def unknown(self, metric: Metric) -> tuple[str, ...]:
        """The facts that keep the share by a metric from being known, by name."""
        lower, upper = self.ends(metric)
        if lower is upper or lower == upper:
            return ()
        if metric is not Metric.BOARD:
            names: tuple[str, ...] = (_PERCENT_OF[metric],)
        elif self.board_seats is None:
            names = ("board_percent",)
        else:
            names = ("board_seats", "board_seats_in_all")
        values = ((name, getattr(self, name)) for name in names)
        return tuple(name for name, value in values if value is None or isinstance(value, Bounds))


#: The minimum and the maximum possible share.
Ends = tuple[Fraction, Fraction]
_PERCENT_OF = {Metric.EQUITY: "equity_percent", Metric.VOTES: "voting_percent"}
_ZERO, _ONE = Fraction(0), Fraction(1)


def _ends(value: Quantity, most: Fraction) -> Ends:
    """A quantity as least and greatest ratio; anything up to `most` if it is unknown."""
    if value is None:
        return (_ZERO, most)
    ends = (value.lower, value.upper) if isinstance(value, Bounds) else (value, value)
    lower, upper = (Fraction(end) if end.is_finite() else None for end in ends)
    return (lower or _ZERO, most if upper is None else upper)


@lru_cache(maxsize=4096)
def _ends_of_percent(value: Quantity) -> Ends:
    # Percentages recur: of a thousand holdings a hundred may have the same.
    lower, upper = _ends(value, Fraction(100))
    least = lower * Fraction(1, 100)
    return (least, least if lower == upper else upper * Fraction(1, 100))


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
        yield ("of", holding.of, "an entity's holding of itself passes nothing on; omit it")
    if holding.board_seats is None and holding.board_seats_in_all is None:
        return
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
