"""Battery components, and how their values add up.

Source: 26 USC 30D(e)(2)(A); 26 CFR 1.30D-3(b).
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.codes import Codes
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import (
    Fault,
    Kind,
    as_choice,
    as_flag,
    as_money,
    as_text,
    as_tuple,
    check,
    declare,
    repr_of_facts,
)
from evcredit.algebra.limits import MOST_LEVELS
from evcredit.algebra.money import in_dollars, millionths
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.algebra.tuples import made_of_items
from evcredit.algebra.verdict import any_known
from evcredit.facts.mineral import as_mineral
from evcredit.facts.place import as_country, place_name

__all__ = ["BatteryComponent", "ComponentKind"]


class ComponentKind(PlainEnum):
    """The battery components the regulation names; its list is unresolved."""

    CATHODE_ELECTRODE = "cathode electrode"
    ANODE_ELECTRODE = "anode electrode"
    SOLID_METAL_ELECTRODE = "solid metal electrode"
    SEPARATOR = "separator"
    LIQUID_ELECTROLYTE = "liquid electrolyte"
    SOLID_STATE_ELECTROLYTE = "solid state electrolyte"
    BATTERY_CELL = "battery cell"
    BATTERY_MODULE = "battery module"
    OTHER = "other battery component"


#: The kinds that may hold components; the others hold none unless some are stated.
ASSEMBLED = (ComponentKind.BATTERY_CELL, ComponentKind.BATTERY_MODULE, ComponentKind.OTHER)


def as_component_kind(value: ComponentKind | str | None) -> Any:
    """A kind of component, as itself or by name."""
    return as_choice(ComponentKind, value)


def as_own_kind(value: ComponentKind | str) -> Any:
    """The kind of a component, as itself or by name. Without one it would not be a component."""
    found = as_component_kind(value)
    return Fault(None, _ITS_KIND) if found is None else found


_ITS_KIND = 'say which kind of component it is, for example "battery cell"'


def output_called(name: str) -> str | None:
    """What a contract is for: the identifier of a mineral or the kind of a component.

    >>> output_called("Li"), output_called("Battery Cell"), output_called("gold")
    ('lithium', 'battery cell', None)
    """
    kind, mineral = as_component_kind(name), as_mineral(name)
    if not isinstance(kind, Fault):
        return str(kind.value)
    return None if isinstance(mineral, Fault) else str(mineral.identifier)


@made_of_items
class ValuePart(NamedTuple):
    """A piece of a component's value and the places where it may have arisen.

    Where every value is known there is one piece for each component: its incremental value,
    which is its value less that of the components inside it, with the one place where it was
    made. Where a component inside has no known value, what is left over is one piece with
    several possible places. Pieces of a component of known value always add up to it.
    """

    value: int | None
    places: tuple[str | None, ...]


def as_parts(value: list[BatteryComponent] | tuple[BatteryComponent, ...] | None) -> Any:
    """A tuple of `BatteryComponent`, of a tuple or a list."""
    return as_tuple(value)


def _nothing_inside_a_simple_component(component: BatteryComponent) -> tuple[()] | None:
    return None if component.kind in ASSEMBLED else ()


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class BatteryComponent:
    """A component of a battery and the components inside it.

    Constituent materials, such as powders of active material, are not components: their value
    stays in the component made of them (26 CFR 1.30D-2(b)(8), (12)).

    Args:
        kind: What it is.
        value: US dollars, for all pieces of the kind in the battery together.
        made_in: The country where substantially all of its own manufacturing or assembly
            takes place, its parts aside.
        contains: The components inside it. Electrodes, separators and electrolytes hold
            none unless stated; for cells, modules and others `None` is unknown.
        by: Who made it; the name of an entity of `Battery.entities`, or for the reader alone.
        foreign_entity_of_concern: Whether that was a foreign entity of concern. Omitted, it
            follows from the country and from `Battery.entities` where these decide; stated,
            it overrides them.
        evidence: Where the statement comes from, for the reader.

    Raises:
        InvalidFactError: A fact is invalid or is not exact, for example parts that are
            worth more than the whole.
        InvalidFactsError: Several faults.

    >>> BatteryComponent(kind="separator", value=8, made_in="Japan").contains
    ()
    """

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        value = "" if self.value is None else f", {in_dollars(self.value)}"
        made = "" if self.made_in is None else f", made in {place_name(self.made_in)}"
        inside = f", components inside: {len(self.contains)}" if self.contains else ""
        return f"{self.kind.value}{value}{made}{inside}"

    kind: ComponentKind = attrs.field(
        converter=as_own_kind,
        metadata=declare(Kind.CHOICE, "kind of component", of=ComponentKind),
    )
    value: Decimal | None = attrs.field(
        default=None, converter=as_money, metadata=declare(Kind.MONEY, "value of the component")
    )
    made_in: str | None = attrs.field(
        default=None,
        converter=as_country,
        metadata=declare(Kind.COUNTRY, "country of manufacture or assembly"),
    )
    contains: tuple[BatteryComponent, ...] | None = attrs.field(
        default=attrs.Factory(_nothing_inside_a_simple_component, takes_self=True),
        converter=as_parts,
        metadata=declare(Kind.PARTS, "components inside"),
    )
    by: str | None = attrs.field(
        default=None,
        converter=as_text,
        metadata=declare(Kind.TEXT, "made by", optional=True, for_reader=True),
    )
    foreign_entity_of_concern: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "made by a foreign entity of concern"),
    )
    evidence: str | None = attrs.field(
        default=None,
        converter=as_text,
        metadata=declare(Kind.TEXT, "evidence", optional=True, for_reader=True),
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _component_faults, sound=sound)

    @cached_property
    def value_in_millionths(self) -> int | None:
        """The value in millionths of a dollar, for exact sums."""
        return None if self.value is None else millionths(self.value)

    @cached_property
    def any_foreign_entity_of_concern(self) -> bool | None:
        """Whether it or anything inside is stated to have been made by an entity of concern."""
        inside: list[bool | None] = [None]
        if self.contains is not None:
            inside = [part.any_foreign_entity_of_concern for part in self.contains]
        return any_known([self.foreign_entity_of_concern, *inside])

    @cached_property
    def unstated_places(self) -> Codes:
        """The places of the components of which nothing is stated: these may tell."""
        places = {place for part in self.contains or () for place in part.unstated_places}
        if self.foreign_entity_of_concern is None and self.made_in is not None:
            places.add(self.made_in)
        return Codes(places)

    @cached_property
    def levels(self) -> int:
        """How many levels of components there are, its own among them."""
        inside = self.contains or ()
        return 1 + max([part.levels if part.contains else 1 for part in inside], default=0)

    @cached_property
    def value_parts(self) -> tuple[ValuePart, ...]:
        """Its value taken apart: see `ValuePart`."""
        return _value_parts(self, self.value_in_millionths)


def walk_components(
    components: tuple[BatteryComponent, ...], path: str
) -> Iterator[tuple[str, BatteryComponent]]:
    """Every component with its path, each before the ones inside it.

    >>> cell = BatteryComponent(kind="battery cell", contains=[BatteryComponent(kind="separator")])
    >>> [path for path, part in walk_components((cell,), "components")]
    ['components[0]', 'components[0].contains[0]']
    """
    for index, component in enumerate(components):
        here = f"{path}[{index}]"
        yield here, component
        yield from walk_components(component.contains or (), f"{here}.contains")


def incremental(value: Any, inside: Any) -> Any:
    """The incremental value of a component: its own less that of the components inside it.

    A table of components is read by the same words.

    >>> incremental(100, 40)
    60
    """
    return value - inside


def _value_parts(component: BatteryComponent, value: int | None) -> tuple[ValuePart, ...]:
    inside = component.contains
    below = [part for child in inside or () for part in child.value_parts]
    known = [part for part in below if part.value is not None]
    # Countries among which whatever is not assigned yet is spread, this component's own first.
    spread = [
        component.made_in,
        *(place for part in below if part.value is None for place in part.places),
    ]
    if inside is None:
        spread.append(None)
    if value is None:
        return (*known, ValuePart(None, tuple(spread)))
    rest = incremental(value, sum(part.value for part in known if part.value is not None))
    return (*known, ValuePart(rest, tuple(spread)))


def _known_inside(component: BatteryComponent) -> int:
    """What is inside is worth that much at least, in millionths of a dollar.

    Where a component inside has no known value, what is inside that one counts.
    """
    return sum(
        [
            _known_inside(part) if part.value is None else millionths(part.value)
            for part in component.contains or ()
        ]
    )


def _component_faults(component: BatteryComponent) -> Iterator[tuple[str, Any, str]]:
    if not component.contains:
        return
    if component.levels > MOST_LEVELS:
        yield "contains", component.levels, f"give at most {MOST_LEVELS} levels of components"
    if component.value is None:
        return
    inside = _known_inside(component)
    if inside > millionths(component.value):
        yield (
            "contains",
            in_dollars(Decimal(inside).scaleb(-6)),
            f"what is inside cannot be worth more than the whole, {in_dollars(component.value)}",
        )
