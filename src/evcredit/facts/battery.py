"""Batteries: their procurement chains, their components, and what is stated of both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.brief import brief
from evcredit.algebra.codes import Codes
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import (
    Kind,
    as_flag,
    as_percent,
    as_quantity,
    as_tuple,
    check,
    declare,
    repr_of_facts,
)
from evcredit.algebra.hints import import_for_hints
from evcredit.algebra.verdict import any_known
from evcredit.facts.chain import MineralSource
from evcredit.facts.facility import Facility, located
from evcredit.facts.place import place_name

if TYPE_CHECKING:
    from evcredit.facts.component import BatteryComponent, ValuePart
    from evcredit.facts.ownership_graph import OwnershipGraph

__all__ = ["NO_BATTERY", "Battery", "as_battery"]


def as_minerals(value: list[MineralSource] | tuple[MineralSource, ...] | None) -> Any:
    """A tuple of `MineralSource`, of a tuple or a list."""
    return as_tuple(value)


def as_facilities(value: list[Facility] | tuple[Facility, ...] | None) -> Any:
    """A tuple of `Facility`, of a tuple or a list."""
    return as_tuple(value)


def as_components(value: list[BatteryComponent] | tuple[BatteryComponent, ...] | None) -> Any:
    """A tuple of `BatteryComponent`, of a tuple or a list."""
    return as_tuple(value)


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class Battery:
    """The battery from which the electric motor draws electricity.

    The two contents can be stated in three ways: by procurement chains and components, from
    which they are computed; by the manufacturer's certified percentages, which govern where
    they are given; or not at all, which leaves them unknown.

    Args:
        capacity_kwh: From full to empty (26 USC 30D(d)(4)), so gross rather than usable.
        externally_rechargeable: Whether it can be recharged from outside.
        minerals: The procurement chains of every applicable critical mineral in it.
        components: Its modules, each with the components inside.
        certified_critical_mineral_content: Percent, as certified by the manufacturer.
        certified_battery_component_content: Percent, as certified by the manufacturer.
        minerals_from_foreign_entity_of_concern: Whether any applicable critical mineral was
            extracted, processed or recycled by a foreign entity of concern, those aside that
            are impracticable to trace; needed only where the steps do not say so.
        components_from_foreign_entity_of_concern: Like the above, for manufacture and assembly of
            any component.
        entities: Who owns and controls those that the steps and components name in `by`.
        impracticable_to_trace_plan_filed: Whether the manufacturer filed the plan on which
            minerals impracticable to trace are excluded from the test (26 CFR 1.30D-2(b)(25)).
        facilities: The facilities that steps name in `facility`, and where they are.

    Raises:
        InvalidFactError: A fact is invalid or is not exact.
        InvalidFactsError: Several faults.

    >>> Battery(capacity_kwh=75, externally_rechargeable=True).minerals is None
    True
    """

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        return brief(self, place_name)

    capacity_kwh: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_quantity,
        metadata=declare(Kind.QUANTITY, "battery capacity", unit="kWh"),
    )
    externally_rechargeable: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "rechargeable from an external source"),
    )
    minerals: tuple[MineralSource, ...] | None = attrs.field(
        default=None,
        converter=as_minerals,
        metadata=declare(
            Kind.PARTS, "procurement chains of the critical minerals", of=MineralSource
        ),
    )
    components: tuple[BatteryComponent, ...] | None = attrs.field(
        default=None,
        converter=as_components,
        metadata=declare(
            Kind.PARTS,
            "battery modules and their components",
            of="evcredit.facts.component.BatteryComponent",
        ),
    )
    certified_critical_mineral_content: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_percent,
        metadata=declare(
            Kind.PERCENT, "certified qualifying critical mineral content", optional=True
        ),
    )
    certified_battery_component_content: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_percent,
        metadata=declare(
            Kind.PERCENT, "certified qualifying battery component content", optional=True
        ),
    )
    minerals_from_foreign_entity_of_concern: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "critical minerals from a foreign entity of concern"),
    )
    components_from_foreign_entity_of_concern: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "components from a foreign entity of concern"),
    )
    entities: OwnershipGraph | None = attrs.field(
        default=None,
        metadata=declare(
            Kind.PART,
            "entities and who owns them",
            of="evcredit.facts.ownership_graph.OwnershipGraph",
            optional=True,
        ),
    )
    impracticable_to_trace_plan_filed: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "plan filed for minerals impracticable to trace"),
    )
    facilities: tuple[Facility, ...] | None = attrs.field(
        default=None,
        converter=as_facilities,
        metadata=declare(Kind.PARTS, "facilities that steps share", of=Facility, optional=True),
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _battery_faults, sound=sound)

    @cached_property
    def facility_countries(self) -> Mapping[str, str]:
        """The countries of its facilities that are known, by their names."""
        return MappingProxyType(
            {each.name: each.country for each in self.facilities or () if each.country is not None}
        )

    @cached_property
    def chains(self) -> tuple[MineralSource, ...] | None:
        """The procurement chains, with the countries of their facilities as far as known."""
        countries = self.facility_countries
        if not countries or self.minerals is None:
            return self.minerals
        return tuple(located(each, countries) for each in self.minerals)

    @cached_property
    def plain_chains(self) -> tuple[tuple[int, tuple[str | None, ...]], ...] | None:
        """Value and places of every chain, if they can be judged by these alone."""
        return _plain([(each.value_in_millionths, each.sole_places) for each in self.chains or ()])

    @cached_property
    def value_parts(self) -> tuple[ValuePart, ...]:
        """The value of all components taken apart."""
        return tuple(part for each in self.components or () for part in each.value_parts)

    @cached_property
    def plain_parts(self) -> tuple[tuple[int, tuple[str | None, ...]], ...] | None:
        """The same, if every piece has a known value and one place."""
        return _plain(
            [(value, places if len(places) == 1 else None) for value, places in self.value_parts]
        )

    @cached_property
    def minerals_by_flags(self) -> bool | None:
        """Whether any mineral is stated to come from a foreign entity of concern."""
        return _by_flags(self.chains)

    @cached_property
    def components_by_flags(self) -> bool | None:
        """Whether any component is stated to come from a foreign entity of concern."""
        return _by_flags(self.components)

    @cached_property
    def minerals_places(self) -> Codes | None:
        """The places of the minerals of which nothing is stated; `None` where the law may tell."""
        return None if self.entities is not None else _unstated_places(self.chains)

    @cached_property
    def components_places(self) -> Codes | None:
        """The same, of the components."""
        return None if self.entities is not None else _unstated_places(self.components)


Parts = Sequence["MineralSource"] | Sequence["BatteryComponent"]


def _by_flags(parts: Parts | None) -> bool | None:
    if parts is None:
        return None
    return any_known([each.any_foreign_entity_of_concern for each in parts])


def _unstated_places(parts: Parts | None) -> Codes | None:
    if any(map(_left_out_by_use, parts or ())):
        return None
    return Codes(place for each in parts or () for place in each.unstated_places)


def as_battery(value: Battery | None) -> Any:
    """A battery; `None` is one of which nothing is known."""
    return Battery() if value is None else value


#: What is true where there is no battery.
NO_BATTERY: dict[str, Any] = {
    "capacity_kwh": Decimal(0),
    "externally_rechargeable": False,
    "minerals": (),
    "components": (),
}


def _facility_faults(battery: Battery) -> Iterator[tuple[str, Any, str]]:
    names = [each.name for each in battery.facilities or ()]
    for place, name in enumerate(names):
        if name in names[:place]:
            yield (f"facilities[{place}].name", name, "state each facility once")
    for index, source in enumerate(battery.minerals or ()):
        for place, step in enumerate(source.steps or ()):
            if step.facility is not None and step.facility not in names:
                yield (
                    f"minerals[{index}].steps[{place}].facility",
                    step.facility,
                    "no facility of this name is in Battery.facilities; state it there",
                )


def _plain(
    parts: Sequence[tuple[int | None, tuple[str | None, ...] | None]],
) -> tuple[tuple[int, tuple[str | None, ...]], ...] | None:
    """The parts, if each has a value and places that decide it, and together they are worth any."""
    found = [(value, places) for value, places in parts if value and places]
    return tuple(found) if found and len(found) == len(parts) else None


def _battery_faults(battery: Battery) -> Iterator[tuple[str, Any, str]]:
    yield from _facility_faults(battery)
    for name, parts in (("minerals", battery.minerals), ("components", battery.components)):
        stated = getattr(battery, f"{name}_from_foreign_entity_of_concern")
        if stated is None or parts is None:
            continue
        found = any_known([_stated_concern(part) for part in parts])
        if found is not None and stated is not found:
            yield (
                f"{name}_from_foreign_entity_of_concern",
                stated,
                f"what is stated of each of the {name} says {found}; correct it or leave this out",
            )
    for place, contract in enumerate(battery.entities.contracts or () if battery.entities else ()):
        from evcredit.facts.component import output_called  # noqa: PLC0415  # for contracts only

        if contract.output is not None and output_called(contract.output) is None:
            yield (
                f"entities.contracts[{place}].output",
                contract.output,
                "give an applicable critical mineral or a kind of component, or omit it",
            )


def _stated_concern(part: MineralSource | BatteryComponent) -> bool | None:
    """What is stated of a part; nothing, where a use may disregard it."""
    flag = part.any_foreign_entity_of_concern
    return None if flag and _left_out_by_use(part) else flag


def _left_out_by_use(part: MineralSource | BatteryComponent) -> bool:
    return isinstance(part, MineralSource) and part.used_in is not None


# Modules that few programs need.
import_for_hints(Battery, component="BatteryComponent ValuePart", ownership_graph="OwnershipGraph")
