"""26 USC 30D(d)(7): no inputs from a foreign entity of concern.

Any one step of any chain, and any one component, excludes the vehicle altogether: not half
of the credit but all of it. Whether an entity is one of concern is a stated fact here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from evcredit.battery import any_known
from evcredit.citation import Citation
from evcredit.expression import Binding, Derived, Fact
from evcredit.fact import FactType, Kind, UnknownFact, fact_type_at
from evcredit.rule import FactRead, Finding, Mode, Rule
from evcredit.section_30d.provision import CLAIM, Statement, provision, while_in_force
from evcredit.section_30d.samples import part_samples
from evcredit.verdict import Verdict

__all__ = ["no_excluded_components", "no_excluded_minerals"]

_CHAINS: Fact = CLAIM.vehicle.battery.minerals
_COMPONENTS: Fact = CLAIM.vehicle.battery.components
_MINERALS_FLAG: Fact = CLAIM.vehicle.battery.minerals_from_foreign_entity_of_concern
_COMPONENTS_FLAG: Fact = CLAIM.vehicle.battery.components_from_foreign_entity_of_concern


def minerals_tainted(claim: Any) -> bool | None:
    """Whether any applicable critical mineral comes from a foreign entity of concern."""
    battery = claim.vehicle.battery
    if battery.minerals_from_foreign_entity_of_concern is not None:
        return bool(battery.minerals_from_foreign_entity_of_concern)
    if battery.minerals is None:
        return None
    return any_known([source.any_foreign_entity_of_concern for source in battery.minerals])


def components_tainted(claim: Any) -> bool | None:
    """Whether any battery component comes from a foreign entity of concern."""
    battery = claim.vehicle.battery
    if battery.components_from_foreign_entity_of_concern is not None:
        return bool(battery.components_from_foreign_entity_of_concern)
    if battery.components is None:
        return None
    return any_known([part.any_foreign_entity_of_concern for part in battery.components])


def _mineral_root(claim: Any) -> Fact:
    battery = claim.vehicle.battery
    if battery.minerals_from_foreign_entity_of_concern is None and battery.minerals is not None:
        return _CHAINS
    return _MINERALS_FLAG


def _component_root(claim: Any) -> Fact:
    battery = claim.vehicle.battery
    if battery.components_from_foreign_entity_of_concern is None and battery.components is not None:
        return _COMPONENTS
    return _COMPONENTS_FLAG


_NAMES = ("foreign_entity_of_concern", "steps", "contains")


def _unknown(root: Callable[[Any], Fact]) -> Callable[[Any, Binding], Iterator[UnknownFact]]:
    def unknown(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
        fact = root(claim)
        for each in fact.unknown_in(claim, binding):
            if each.path == fact.path or each.path.rpartition(".")[2] in _NAMES:
                yield each

    return unknown


def _samples(unknown: UnknownFact, claim: Any, law: Any) -> tuple[Any, ...]:
    return part_samples(unknown, claim)


_not_by_one = Rule(
    code="not_by_foreign_entity",
    title="not by a foreign entity of concern",
    citation=Citation.parse("26 USC 30D(d)(7)"),
    mode=Mode.BODY,
)
_FLAG = FactType(Kind.FLAG, "by a foreign entity of concern")


def _stated(claim: Any, fact: Fact) -> Finding:
    value = getattr(claim.vehicle.battery, fact.path.rpartition(".")[2])
    return _finding(FactRead(fact.path, value, fact.declared), fact.declared.label)


def _finding(read: FactRead, note: str) -> Finding:
    verdict = ~Verdict.of(read.value)
    return Finding(_not_by_one, verdict, facts=(read,), note=note)


def _step_findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    root = _mineral_root(claim)
    if root.declared.kind is Kind.FLAG:
        return (_stated(claim, root),)
    if minerals_tainted(claim) is False:
        return ()  # nothing to tell of any single step
    found = []
    for index, source in enumerate(claim.vehicle.battery.minerals):
        path = f"{root.path}[{index}].steps"
        if source.steps is None:
            read = FactRead(path, None, fact_type_at(type(claim), path))
            found.append(_finding(read, f"{source.mineral.name}: the chain is unknown"))
        for place, step in enumerate(source.steps or ()):
            read = FactRead(
                f"{path}[{place}].foreign_entity_of_concern", step.foreign_entity_of_concern, _FLAG
            )
            what = "unknown activity" if step.activity is None else step.activity.value
            by = f" by {step.by}" if step.by else ""
            found.append(_finding(read, f"{source.mineral.name}, {what}{by}"))
    return tuple(found)


def _component_findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    root = _component_root(claim)
    if root.declared.kind is Kind.FLAG:
        return (_stated(claim, root),)
    if components_tainted(claim) is False:
        return ()  # nothing to tell of any single component
    found: list[Finding] = []
    waiting = [
        (f"{root.path}[{index}]", part)
        for index, part in enumerate(claim.vehicle.battery.components)
    ]
    while waiting:
        path, part = waiting.pop(0)
        by = f" by {part.by}" if part.by else ""
        read = FactRead(f"{path}.foreign_entity_of_concern", part.foreign_entity_of_concern, _FLAG)
        found.append(_finding(read, f"{part.kind.value}{by}"))
        if part.contains is None:
            inside = FactRead(
                f"{path}.contains", None, fact_type_at(type(claim), f"{path}.contains")
            )
            found.append(_finding(inside, f"what the {part.kind.value} contains is unknown"))
        waiting += [
            (f"{path}.contains[{index}]", inner) for index, inner in enumerate(part.contains or ())
        ]
    return tuple(found)


minerals_from_foreign_entity = Derived(
    name="minerals_from_foreign_entity_of_concern",
    label="critical minerals from a foreign entity of concern",
    kind=Kind.FLAG,
    unknown=_unknown(_mineral_root),
    bind_value=lambda binding: minerals_tainted,
    findings=_step_findings,
    samples=_samples,
    any_flag=True,
)

components_from_foreign_entity = Derived(
    name="components_from_foreign_entity_of_concern",
    label="battery components from a foreign entity of concern",
    kind=Kind.FLAG,
    unknown=_unknown(_component_root),
    bind_value=lambda binding: components_tainted,
    findings=_component_findings,
    samples=_samples,
    any_flag=True,
)


@provision("26 USC 30D(d)(7)(A)", "no critical mineral from a foreign entity of concern")
def excluded_minerals(claim: Any, law: Any) -> Statement:
    return ~minerals_from_foreign_entity


@provision("26 USC 30D(d)(7)(B)", "no battery component from a foreign entity of concern")
def excluded_components(claim: Any, law: Any) -> Statement:
    return ~components_from_foreign_entity


no_excluded_minerals = while_in_force("minerals_exclusion_in_force", excluded_minerals)
no_excluded_components = while_in_force("components_exclusion_in_force", excluded_components)
