"""Batteries: where their minerals come from and what they are built of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

import attrs

from evcredit.bounds import Bounds
from evcredit.country import as_country
from evcredit.fact import (
    Fault,
    Kind,
    as_choice,
    as_day,
    as_flag,
    as_money,
    as_percent,
    as_quantity,
    as_text,
    as_tuple,
    check,
    declare,
)
from evcredit.mineral import ApplicableMineral, as_mineral
from evcredit.money import in_dollars, millionths
from evcredit.ownership import OwnershipGraph
from evcredit.verdict import any_known

__all__ = [
    "Activity",
    "Battery",
    "BatteryComponent",
    "ComponentKind",
    "MaterialUse",
    "MineralSource",
    "Step",
]


class Activity(Enum):
    """What happens to a mineral in one step of its procurement chain."""

    EXTRACTION = "extraction"
    PROCESSING = "processing"
    RECYCLING = "recycling"


class ComponentKind(Enum):
    """The battery components the regulation names; its list is open."""

    CATHODE_ELECTRODE = "cathode electrode"
    ANODE_ELECTRODE = "anode electrode"
    SOLID_METAL_ELECTRODE = "solid metal electrode"
    SEPARATOR = "separator"
    LIQUID_ELECTROLYTE = "liquid electrolyte"
    SOLID_STATE_ELECTROLYTE = "solid state electrolyte"
    BATTERY_CELL = "battery cell"
    BATTERY_MODULE = "battery module"
    OTHER = "other battery component"


class MaterialUse(Enum):
    """The materials whose minerals are impracticable to trace (26 CFR 1.30D-2(b)(25))."""

    GRAPHITE_IN_ANODE = "graphite in anode material"
    ELECTROLYTE_SALT = "electrolyte salt"
    ELECTRODE_BINDER = "electrode binder"
    ELECTROLYTE_ADDITIVE = "electrolyte additive"


#: The kinds that may hold components; the others hold none unless some are stated.
ASSEMBLED = (ComponentKind.BATTERY_CELL, ComponentKind.BATTERY_MODULE, ComponentKind.OTHER)


def as_activity(value: Activity | str | None) -> Any:
    """An activity, by itself or by name."""
    return as_choice(Activity, value)


def as_component_kind(value: ComponentKind | str | None) -> Any:
    """A kind of component, by itself or by name."""
    return as_choice(ComponentKind, value)


def as_material_use(value: MaterialUse | str | None) -> Any:
    """A use, by itself or by name."""
    return as_choice(MaterialUse, value)


def output_called(name: str) -> str | None:
    """What a contract is for: the identifier of a mineral or the kind of a component.

    >>> output_called("Li"), output_called("Battery Cell"), output_called("gold")
    ('lithium', 'battery cell', None)
    """
    kind, mineral = as_component_kind(name), as_mineral(name)
    if not isinstance(kind, Fault):
        return str(kind.value)
    return None if isinstance(mineral, Fault) else str(mineral.identifier)


@attrs.frozen(kw_only=True)
class Step:
    """One step of a procurement chain: what was done, where and by whom.

    Args:
        activity: Extraction, processing or recycling.
        country: Where it was done; any unambiguous name or code, stored as ISO alpha-2.
        value_added: US dollars by which the step raised the mineral's value. Needed only
            when an activity is spread over several steps.
        performed_on: The day of the activity, for analyses that test agreements on it.
        by: Who did it; the name of an entity of `Battery.entities`, or for the reader alone.
        foreign_entity_of_concern: Whether that was a foreign entity of concern (26 USC
            30D(d)(7), 42 USC 18741(a)(5)). Left out, it follows from the country and from
            `Battery.entities` as far as these tell; stated, it goes before them.

    Raises:
        InvalidFactError: A fact cannot be true or is not exact.

    >>> Step(activity="processing", country="Japan").country
    'JP'
    """

    activity: Activity | None = attrs.field(
        default=None,
        converter=as_activity,
        metadata=declare(Kind.CHOICE, "activity", of=Activity),
    )
    country: str | None = attrs.field(
        default=None, converter=as_country, metadata=declare(Kind.COUNTRY, "country of the step")
    )
    value_added: Decimal | None = attrs.field(
        default=None, converter=as_money, metadata=declare(Kind.MONEY, "value added by the step")
    )
    performed_on: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "day of the activity", optional=True),
    )
    by: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "performed by", optional=True)
    )
    foreign_entity_of_concern: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "performed by a foreign entity of concern"),
    )

    def __attrs_post_init__(self) -> None:
        check(self)


@attrs.frozen(kw_only=True)
class MineralSource:
    """One procurement chain of one applicable critical mineral in a battery.

    A chain is a common sequence of steps in a common set of places (26 CFR
    1.30D-2(b)(38)); one mineral may have several. A chain with a recycling step is judged by
    its recycling alone.

    Args:
        mineral: An applicable critical mineral (26 USC 45X(c)(6)), by name or symbol.
        value: US dollars of the mineral from this chain in the battery, to a millionth.
        steps: Every step of the chain; `None` if the chain is unknown.
        evidence: Where the statement comes from, for the reader.
        used_in: The material it is used in, if that is one of those whose minerals are
            impracticable to trace (26 CFR 1.30D-2(b)(25)).

    Raises:
        InvalidFactError: A fact cannot be true or is not exact, for example steps that add
            more value than the mineral has.
        InvalidFactsError: Several faults.

    >>> nickel = MineralSource.processed_in("Japan", "nickel", value=1061, extracted_in="Indonesia")
    >>> [f"{step.activity.value} in {step.country}" for step in nickel.steps]
    ['extraction in ID', 'processing in JP']
    """

    mineral: ApplicableMineral = attrs.field(
        converter=as_mineral,
        repr=lambda mineral: repr(mineral.identifier),
        metadata=declare(Kind.CHOICE, "mineral", of=ApplicableMineral),
    )
    value: Decimal | None = attrs.field(
        default=None, converter=as_money, metadata=declare(Kind.MONEY, "value in the battery")
    )
    steps: tuple[Step, ...] | None = attrs.field(
        default=None, converter=as_tuple, metadata=declare(Kind.PARTS, "steps", of=Step)
    )
    evidence: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "evidence", optional=True)
    )
    used_in: MaterialUse | None = attrs.field(
        default=None,
        converter=as_material_use,
        metadata=declare(
            Kind.CHOICE, "use in a material impracticable to trace", of=MaterialUse, optional=True
        ),
    )
    #: The value in millionths of a dollar, for exact sums.
    value_in_millionths: int | None = attrs.field(init=False, repr=False, eq=False)
    #: Whether any step is stated to have been performed by a foreign entity of concern.
    any_foreign_entity_of_concern: bool | None = attrs.field(init=False, repr=False, eq=False)
    #: The places of the steps of which nothing is stated: these may tell, under the law.
    unstated_places: frozenset[str] = attrs.field(init=False, repr=False, eq=False)
    #: The countries of a chain in which every activity is one step and none is recycling; most
    #: chains are so, and are judged faster.
    sole_places: tuple[str | None, ...] | None = attrs.field(init=False, repr=False, eq=False)
    #: The steps by activity, each with its value added in millionths of a dollar.
    by_activity: tuple[tuple[Activity, tuple[tuple[Step, int | None], ...]], ...] | None = (
        attrs.field(init=False, repr=False, eq=False)
    )

    def __attrs_post_init__(self) -> None:
        check(self, _chain_faults)
        units = None if self.value is None else millionths(self.value)
        object.__setattr__(self, "value_in_millionths", units)
        groups = _by_activity(self.steps)
        object.__setattr__(self, "by_activity", groups)
        object.__setattr__(self, "sole_places", _sole_places(groups))
        flags: list[bool | None] = [None]
        if self.steps is not None:
            flags = [step.foreign_entity_of_concern for step in self.steps]
        object.__setattr__(self, "any_foreign_entity_of_concern", any_known(flags))
        places = frozenset(
            step.country
            for step in self.steps or ()
            if step.foreign_entity_of_concern is None and step.country is not None
        )
        object.__setattr__(self, "unstated_places", places)

    @classmethod
    def extracted_in(
        cls,
        country: str,
        mineral: ApplicableMineral | str,
        value: Decimal | int | str | None = None,
        *,
        processed_in: str | None = None,
        evidence: str | None = None,
    ) -> MineralSource:
        """A chain whose extraction lies in one country and whose processing lies in another.

        Args:
            country: Where all of the extraction took place.
            mineral: The mineral.
            value: US dollars in the battery.
            processed_in: Where all of the processing took place; unknown if left out.
            evidence: Where the statement comes from.
        """
        return cls._of(mineral, value, _mined_and_refined(country, processed_in), evidence)

    @classmethod
    def processed_in(
        cls,
        country: str,
        mineral: ApplicableMineral | str,
        value: Decimal | int | str | None = None,
        *,
        extracted_in: str | None = None,
        evidence: str | None = None,
    ) -> MineralSource:
        """The same, told from the processing: the extraction is unknown if left out."""
        return cls._of(mineral, value, _mined_and_refined(extracted_in, country), evidence)

    @classmethod
    def recycled_in(
        cls,
        country: str,
        mineral: ApplicableMineral | str,
        value: Decimal | int | str | None = None,
        *,
        evidence: str | None = None,
    ) -> MineralSource:
        """A chain that starts from recyclable material, all of it recycled in one country."""
        recycling = Step(activity=Activity.RECYCLING, country=country)
        return cls._of(mineral, value, (recycling,), evidence)

    @classmethod
    def _of(
        cls,
        mineral: ApplicableMineral | str,
        value: Decimal | int | str | None,
        steps: tuple[Step, ...],
        evidence: str | None,
    ) -> MineralSource:
        return cls(mineral=mineral, value=value, steps=steps, evidence=evidence)


def _mined_and_refined(extracted: str | None, processed: str | None) -> tuple[Step, ...]:
    return (
        Step(activity=Activity.EXTRACTION, country=extracted),
        Step(activity=Activity.PROCESSING, country=processed),
    )


def _chain_faults(source: MineralSource) -> Iterator[tuple[str, Any, str]]:
    added = [step.value_added for step in source.steps or () if step.value_added is not None]
    if source.value is not None and sum(map(millionths, added)) > millionths(source.value):
        yield (
            "steps",
            ", ".join(in_dollars(value) for value in added),
            f"the steps cannot add more value than the mineral has, {in_dollars(source.value)}",
        )
    if source.used_in is MaterialUse.GRAPHITE_IN_ANODE and source.mineral.identifier != "graphite":
        yield ("used_in", source.used_in.value, "give this use for graphite alone, or leave it out")


StepsByActivity = tuple[tuple[Activity, tuple[tuple[Step, int | None], ...]], ...]


def _sole_places(groups: StepsByActivity | None) -> tuple[str | None, ...] | None:
    if groups is None or any(
        activity is Activity.RECYCLING or len(steps) > 1 for activity, steps in groups
    ):
        return None
    return tuple(step.country for _, ((step, _),) in groups)


def _by_activity(steps: tuple[Step, ...] | None) -> StepsByActivity | None:
    """Steps grouped by activity; `None` if the chain, or what a step did, is unknown."""
    if steps is None or any(step.activity is None for step in steps):
        return None
    groups: dict[Activity, list[tuple[Step, int | None]]] = {}
    for step in steps:
        added = None if step.value_added is None else millionths(step.value_added)
        groups.setdefault(step.activity, []).append((step, added))  # type: ignore[arg-type]  # known here
    return tuple((activity, tuple(group)) for activity, group in groups.items())


class ValuePart(NamedTuple):
    """A piece of a component's value and the places where it may have arisen.

    Where every value is known there is one piece for each component: its incremental value,
    which is its value less that of the components inside it, with the one place where it was
    made. Where a component inside has no known value, what is left over is one piece with
    several possible places. Pieces of a component of known value always add up to it.
    """

    value: int | None
    places: tuple[str | None, ...]


@attrs.frozen(kw_only=True)
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
        foreign_entity_of_concern: Whether that was a foreign entity of concern. Left out, it
            follows from the country and from `Battery.entities` as far as these tell; stated,
            it goes before them.
        evidence: Where the statement comes from, for the reader.

    Raises:
        InvalidFactError: A fact cannot be true or is not exact, for example parts that are
            worth more than the whole.
        InvalidFactsError: Several faults.

    >>> BatteryComponent(kind="separator", value=8, made_in="Japan").contains
    ()
    """

    kind: ComponentKind = attrs.field(
        converter=as_component_kind,
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
        converter=as_tuple, metadata=declare(Kind.PARTS, "components inside")
    )
    by: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "made by", optional=True)
    )
    foreign_entity_of_concern: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "made by a foreign entity of concern"),
    )
    evidence: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "evidence", optional=True)
    )
    #: The value in millionths of a dollar, for exact sums.
    value_in_millionths: int | None = attrs.field(init=False, repr=False, eq=False)
    #: Whether it or anything inside is stated to have been made by a foreign entity of concern.
    any_foreign_entity_of_concern: bool | None = attrs.field(init=False, repr=False, eq=False)
    #: The places of the components of which nothing is stated: these may tell, under the law.
    unstated_places: frozenset[str] = attrs.field(init=False, repr=False, eq=False)
    #: Its value taken apart: see `ValuePart`.
    value_parts: tuple[ValuePart, ...] = attrs.field(init=False, repr=False, eq=False)

    @contains.default
    def _nothing_inside_a_simple_component(self) -> tuple[BatteryComponent, ...] | None:
        return None if self.kind in ASSEMBLED else ()

    def __attrs_post_init__(self) -> None:
        check(self, _component_faults)
        units = None if self.value is None else millionths(self.value)
        object.__setattr__(self, "value_in_millionths", units)
        inside: list[bool | None] = [None]
        if self.contains is not None:
            inside = [part.any_foreign_entity_of_concern for part in self.contains]
        tainted = any_known([self.foreign_entity_of_concern, *inside])
        object.__setattr__(self, "any_foreign_entity_of_concern", tainted)
        places: frozenset[str] = frozenset().union(
            *(part.unstated_places for part in self.contains or ())
        )
        if self.foreign_entity_of_concern is None and self.made_in is not None:
            places |= {self.made_in}
        object.__setattr__(self, "unstated_places", places)
        object.__setattr__(self, "value_parts", _value_parts(self, units))


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


def _component_faults(component: BatteryComponent) -> Iterator[tuple[str, Any, str]]:
    inside = [part.value for part in component.contains or () if part.value is not None]
    if component.value is not None and sum(map(millionths, inside)) > millionths(component.value):
        yield (
            "contains",
            ", ".join(in_dollars(value) for value in inside),
            f"what is inside cannot be worth more than the whole, {in_dollars(component.value)}",
        )


@attrs.frozen(kw_only=True)
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
        components_from_foreign_entity_of_concern: The same for manufacture and assembly of
            any component.
        entities: Who owns and controls those that the steps and components name in `by`.
        impracticable_to_trace_plan_filed: Whether the manufacturer filed the plan on which
            minerals impracticable to trace are left out of the test (26 CFR 1.30D-2(b)(25)).

    Raises:
        InvalidFactError: A fact cannot be true or is not exact.
        InvalidFactsError: Several faults.

    >>> Battery(capacity_kwh=75, externally_rechargeable=True).minerals is None
    True
    """

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
        converter=as_tuple,
        metadata=declare(
            Kind.PARTS, "procurement chains of the critical minerals", of=MineralSource
        ),
    )
    components: tuple[BatteryComponent, ...] | None = attrs.field(
        default=None,
        converter=as_tuple,
        metadata=declare(Kind.PARTS, "battery modules and their components", of=BatteryComponent),
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
        metadata=declare(Kind.PART, "entities and who owns them", of=OwnershipGraph, optional=True),
    )
    impracticable_to_trace_plan_filed: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "plan filed for minerals impracticable to trace"),
    )

    #: Value and places of every chain, if they can be judged by these alone.
    plain_chains: tuple[tuple[int, tuple[str | None, ...]], ...] | None = attrs.field(
        init=False, repr=False, eq=False
    )
    #: The value of all components taken apart.
    value_parts: tuple[ValuePart, ...] = attrs.field(init=False, repr=False, eq=False)
    #: The same, if every piece has a known value and one place.
    plain_parts: tuple[tuple[int, tuple[str | None, ...]], ...] | None = attrs.field(
        init=False, repr=False, eq=False
    )

    #: Whether any mineral, or any component, is stated to come from a foreign entity of concern.
    minerals_by_flags: bool | None = attrs.field(init=False, repr=False, eq=False)
    components_by_flags: bool | None = attrs.field(init=False, repr=False, eq=False)
    #: The places of what nothing is stated of; `None` where the law may tell more otherwise.
    minerals_places: frozenset[str] | None = attrs.field(init=False, repr=False, eq=False)
    components_places: frozenset[str] | None = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        check(self, _battery_faults)
        for name in ("minerals", "components"):
            items: Sequence[Any] | None = getattr(self, name)
            known = None
            if items is not None:
                known = any_known([each.any_foreign_entity_of_concern for each in items])
            places: frozenset[str] | None = frozenset().union(
                *(each.unstated_places for each in items or ())
            )
            if self.entities is not None or any(map(_left_out_by_use, items or ())):
                places = None
            object.__setattr__(self, f"{name}_by_flags", known)
            object.__setattr__(self, f"{name}_places", places)
        parts = tuple(part for each in self.components or () for part in each.value_parts)
        chains = [(each.value_in_millionths, each.sole_places) for each in self.minerals or ()]
        alone = [(value, places if len(places) == 1 else None) for value, places in parts]
        object.__setattr__(self, "plain_chains", _plain(chains))
        object.__setattr__(self, "value_parts", parts)
        object.__setattr__(self, "plain_parts", _plain(alone))


def _plain(
    parts: Sequence[tuple[int | None, tuple[str | None, ...] | None]],
) -> tuple[tuple[int, tuple[str | None, ...]], ...] | None:
    """The parts, if each has a value and places that decide it, and together they are worth any."""
    found = [(value, places) for value, places in parts if value and places]
    return tuple(found) if found and len(found) == len(parts) else None


def _battery_faults(battery: Battery) -> Iterator[tuple[str, Any, str]]:
    for name, parts in (("minerals", battery.minerals), ("components", battery.components)):
        stated = getattr(battery, f"{name}_from_foreign_entity_of_concern")
        found = None
        if parts is not None:
            found = any_known([_stated_concern(part) for part in parts])
        if None not in (stated, found) and stated is not found:
            yield (
                f"{name}_from_foreign_entity_of_concern",
                stated,
                f"what is stated of each of the {name} says {found}; correct it or leave this out",
            )
    for place, contract in enumerate(battery.entities.contracts or () if battery.entities else ()):
        if contract.output is not None and output_called(contract.output) is None:
            yield (
                f"entities.contracts[{place}].output",
                contract.output,
                "give an applicable critical mineral or a kind of component, or leave it out",
            )


def _stated_concern(part: MineralSource | BatteryComponent) -> bool | None:
    """What is stated of a part; nothing, where a use may leave it out of account."""
    flag = part.any_foreign_entity_of_concern
    return None if flag and _left_out_by_use(part) else flag


def _left_out_by_use(part: MineralSource | BatteryComponent) -> bool:
    return isinstance(part, MineralSource) and part.used_in is not None
