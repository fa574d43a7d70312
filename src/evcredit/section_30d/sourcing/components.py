"""26 USC 30D(e)(2): the battery components requirement.

A component is North American if substantially all of its own manufacturing or assembly takes
place there, its parts aside. What counts is its incremental value: its value less that of the
components inside it. The incremental values of all components add up to the value of the
modules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from evcredit.algebra.binding import Binding
from evcredit.algebra.citation import Citation
from evcredit.algebra.derived import CertifiedShare, Derived
from evcredit.algebra.expression import Expression
from evcredit.algebra.field import Kind
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.item import Item
from evcredit.algebra.path import UnknownFact, fact_type_at, read
from evcredit.algebra.share import Fractions, Share, share_by_places, share_of
from evcredit.algebra.topic import Topic
from evcredit.algebra.verdict import Verdict
from evcredit.facts.battery import Battery
from evcredit.facts.claim import Claim
from evcredit.facts.component import BatteryComponent, incremental, walk_components
from evcredit.facts.place import place_name
from evcredit.law.countries import Members
from evcredit.law.law import Law
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.provisions.words import clauses
from evcredit.section_30d.sourcing.open_law import content_of_nothing
from evcredit.section_30d.sourcing.samples import (
    IN_AND_OUT,
    extremes,
    part_samples,
    percent_samples,
)

__all__ = [
    "battery_component_content",
    "component_content",
    "component_parts",
    "components_requirement",
    "separate_components",
]

_COMPONENTS = CLAIM.vehicle.battery.components
_CERTIFIED = CLAIM.vehicle.battery.certified_battery_component_content


def _computed(binding: Binding) -> Callable[[Any], Share | None]:
    america = binding.law.north_america.members
    return lambda claim: computed_content(claim.vehicle.battery, america)


def computed_content(battery: Any, america: Members) -> Share | None:
    """The content from the components; `None` if there are none."""
    if battery.plain_parts is not None:
        return share_by_places(battery.plain_parts, america)
    return share_of(component_parts(battery, america))


def component_parts(battery: Battery, america: Members) -> tuple[tuple[int | None, Fractions], ...]:
    """The values that make up the content of a battery, for sums over several of them.

    Args:
        battery: The battery; a certified percentage is ignored.
        america: The countries of North America.

    Returns:
        For each piece of its value the millionths of a dollar, `None` if unknown, and the minimum
        and the maximum part of it that is North American.

    >>> from evcredit.examples import demonstration_battery
    >>> from evcredit.law.current import current_law
    >>> parts = component_parts(demonstration_battery(), current_law().north_america.members)
    >>> sum(value for value, _ in parts)
    10000000000
    """
    if battery.components is None:
        return ((None, (0, 1)),)
    return tuple((value, _bounds_of(places, america)) for value, places in battery.value_parts)


def separate_components(battery: Battery) -> Iterator[tuple[str, BatteryComponent, bool]]:
    """Yield the components that contribute to a content, or to a flag, independently.

    Args:
        battery: The battery.

    Yields:
        Path, component, and whether it contributes alone. Where all values and contents of a
        module are known, each component of it does, at any depth; otherwise the module does as
        a whole, because the value of one component in it affects that of another.

    >>> from evcredit.examples import demonstration_battery
    >>> len(list(separate_components(demonstration_battery())))
    6
    """
    for index, module in enumerate(battery.components or ()):
        path = f"{_COMPONENTS.path}[{index}]"
        parts = [(path, module), *walk_components(module.contains or (), f"{path}.contains")]
        if all(None not in (part.value, part.contains) for _, part in parts):
            yield from ((here, part, True) for here, part in parts)
        else:
            yield path, module, False


def _items(claim: Any, binding: Binding) -> Mapping[str, Item] | None:
    """Each component by its path, with what it alone contributes to the content."""
    battery, america = claim.vehicle.battery, binding.law.north_america.members
    if not battery.components or battery.certified_battery_component_content is not None:
        return None

    def alone(part: BatteryComponent) -> tuple[tuple[int | None, Fractions], ...]:
        inside = sum(each.value_in_millionths or 0 for each in part.contains or ())
        own = incremental(part.value_in_millionths, inside)
        return ((own, _bounds_of((part.made_in,), america)),)

    def together(part: BatteryComponent) -> tuple[tuple[int | None, Fractions], ...]:
        return tuple((value, _bounds_of(places, america)) for value, places in part.value_parts)

    return {
        path: Item(part, alone if by_itself else together)
        for path, part, by_itself in separate_components(battery)
    }


_BOUNDS = {True: (1, 1), False: (0, 0), None: (0, 1)}


def _bounds_of(places: tuple[str | None, ...], america: Members) -> tuple[int, int]:
    """The minimum and the maximum part of a value that is North American, given its places."""
    if len(places) == 1:
        return _BOUNDS[america.get(places[0], False)]
    inside = [america.get(place, False) for place in places]
    return int(all(inside)), int(any(each is not False for each in inside))


def battery_component_content(claim: Claim, law: Law) -> Share | None:
    """The qualifying battery component content of a claim's battery from its components alone.

    Args:
        claim: A claim; certified percentages are ignored.
        law: The law.

    Returns:
        The North American share of the total incremental value, with exact bounds; `None` if
        the battery is stated to have no components.

    >>> from evcredit import examples
    >>> from evcredit.law.current import current_law
    >>> print(battery_component_content(examples.demonstration_claim(), current_law()))
    62.0 %
    """
    return computed_content(claim.vehicle.battery, law.north_america.members)


_component_rule = Topic(
    code="north_american_component",
    title="the component is North American",
    citation=Citation.parse("26 CFR 1.30D-2(b)(35)"),
    words=clauses,
)
_certified_rule = Topic(
    code="certified_battery_component_content",
    title="the manufacturer certified the content",
    citation=Citation.parse("26 USC 30D(e)(2)(A)"),
    words=clauses,
)
_MADE_IN = fact_type_at(BatteryComponent, "made_in")
_VALUE = fact_type_at(BatteryComponent, "value")


def _findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    battery = claim.vehicle.battery
    certified = battery.certified_battery_component_content
    if certified is not None:
        read = FactRead(_CERTIFIED.path, certified, _CERTIFIED.declared)
        return (Finding(_certified_rule, Verdict.MET, facts=(read,)),)
    america = binding.law.north_america.members
    return tuple(
        Finding(
            _component_rule,
            Verdict.of(america.get(part.made_in, False)),
            facts=(
                FactRead(f"{path}.made_in", part.made_in, _MADE_IN),
                FactRead(f"{path}.value", part.value, _VALUE),
            ),
            note=ComponentNote(part),
        )
        for path, part in walk_components(battery.components or (), _COMPONENTS.path)
    )


class ComponentNote(NamedTuple):
    """What a reader should know of one component; put in words only when asked.

    Args:
        part: The component.
    """

    part: BatteryComponent

    def __str__(self) -> str:
        made_in = self.part.made_in
        place = "an unknown country" if made_in is None else place_name(made_in)
        return f"{self.part.kind.value}, made in {place}"


def _samples(unknown: UnknownFact, claim: Any, law: Any) -> tuple[Any, ...]:
    """Components made in North America and elsewhere, where nothing is known of them."""
    name = unknown.path.rpartition(".")[2]
    if name == "value":
        return _values(unknown.path, claim)
    if unknown.path == _CERTIFIED.path:
        return percent_samples(unknown, law.battery_components_percentage)
    return IN_AND_OUT if name == "made_in" else part_samples(unknown, claim)


def _values(path: str, claim: Any) -> tuple[Decimal, ...]:
    """The minimum and the maximum possible value of a component, given what it is in and holds."""
    whole_path, _, name = path.removesuffix(".value").rpartition(".")
    component = read(claim, path.removesuffix(".value"))
    least = _worth(component.contains or ())
    whole = read(claim, whole_path)
    if not name.startswith("contains") or whole.value_in_millionths is None:
        return extremes(least, None)
    return extremes(least, whole.value_in_millionths - _worth(whole.contains))


def _worth(components: tuple[BatteryComponent, ...]) -> int:
    return sum(each.value_in_millionths or 0 for each in components)


def _unknown(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    if claim.vehicle.battery.certified_battery_component_content is not None:
        yield from _CERTIFIED.unknown_in(claim, binding)
        return
    for each in _COMPONENTS.unknown_in(claim, binding):
        if each.path.rpartition(".")[2] in ("components", "value", "made_in", "contains"):
            yield each


component_content: Derived = Derived(
    name="qualifying_battery_component_content",
    label="qualifying battery component content",
    kind=Kind.PERCENT,
    unknown=_unknown,
    body=CertifiedShare(_CERTIFIED, lambda law: True, _computed, content_of_nothing),
    findings=_findings,
    samples=_samples,
    reads=lambda law: tuple(f"{_COMPONENTS.path}.{name}" for name in ("kind", "value", "made_in")),
    items=_items,
)


@provision(
    "26 USC 30D(e)(2)",
    "qualifying battery component content reaches the applicable percentage",
    in_force="sourcing_in_force",
)
def components_requirement(claim: ClaimView, law: LawView) -> Expression:
    """The content against the applicable percentage of the day placed in service."""
    return component_content >= law.battery_components_percentage.on(PLACED_IN_SERVICE)
