"""26 USC 30D(d)(7): no inputs from a foreign entity of concern.

Any one step of any chain, and any one component, excludes the vehicle altogether: not half
of the credit but all of it. Whether an entity is one of concern is a stated fact here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any

from evcredit.battery import BatteryComponent, MineralSource, any_known, walk_components
from evcredit.citation import Citation
from evcredit.expression import Binding, Derived, Fact
from evcredit.fact import FactType, Kind, UnknownFact, fact_type_at
from evcredit.rule import FactRead, Finding, Mode, Rule
from evcredit.section_30d.provision import CLAIM, Statement, provision
from evcredit.section_30d.samples import part_samples
from evcredit.verdict import Verdict

__all__ = ["excluded_components", "excluded_minerals"]

_BATTERY = CLAIM.vehicle.battery

_not_by_one = Rule(
    code="not_by_foreign_entity",
    title="not by a foreign entity of concern",
    citation=Citation.parse("26 USC 30D(d)(7)"),
    mode=Mode.BODY,
)
_FLAG = FactType(Kind.FLAG, "by a foreign entity of concern")


def _finding(read: FactRead, note: str) -> Finding:
    return Finding(_not_by_one, ~Verdict.of(read.value), facts=(read,), note=note)


# -- what is told of each step and each component ------------------------------------------


def _step_findings(sources: Any, root: str) -> Iterator[Finding]:
    for index, source in enumerate(sources):
        path = f"{root}[{index}].steps"
        if source.steps is None:
            read = FactRead(path, None, fact_type_at(MineralSource, "steps"))
            yield _finding(read, f"{source.mineral.name}: the chain is unknown")
        for place, step in enumerate(source.steps or ()):
            here = f"{path}[{place}].foreign_entity_of_concern"
            what = "unknown activity" if step.activity is None else step.activity.value
            by = f" by {step.by}" if step.by else ""
            read = FactRead(here, step.foreign_entity_of_concern, _FLAG)
            yield _finding(read, f"{source.mineral.name}, {what}{by}")


def _component_findings(components: Any, root: str) -> Iterator[Finding]:
    for path, part in walk_components(components, root):
        by = f" by {part.by}" if part.by else ""
        here = f"{path}.foreign_entity_of_concern"
        read = FactRead(here, part.foreign_entity_of_concern, _FLAG)
        yield _finding(read, f"{part.kind.value}{by}")
        if part.contains is None:
            inside = fact_type_at(BatteryComponent, "contains")
            read = FactRead(f"{path}.contains", None, inside)
            yield _finding(read, f"what the {part.kind.value} contains is unknown")


# -- whether anything comes from one -------------------------------------------------------


def _from_one(
    parts: Fact, stated: Fact, details: Callable[[Any, str], Iterator[Finding]]
) -> Derived:
    """Whether any of the parts of a battery comes from a foreign entity of concern.

    Args:
        parts: The list of parts, each of which knows whether anything in it does.
        stated: The flag that says so of the battery as a whole, and goes first.
        details: The findings on the parts and what is in them.
    """
    of_parts, of_flag = attrgetter(parts.path), attrgetter(stated.path)

    def tainted(claim: Any) -> bool | None:
        flag: bool | None = of_flag(claim)
        found = of_parts(claim)
        if flag is not None or found is None:
            return flag
        return any_known([part.any_foreign_entity_of_concern for part in found])

    def unknown(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
        # Where nothing is stated of the parts, the flag is what can be asked for.
        if of_flag(claim) is None and of_parts(claim) is not None:
            for each in parts.unknown_in(claim, binding):
                if each.path.rpartition(".")[2] in _NAMES:
                    yield each
        else:
            yield from stated.unknown_in(claim, binding)

    def findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
        flag, found = of_flag(claim), of_parts(claim)
        if flag is not None or found is None:
            read = FactRead(stated.path, flag, stated.declared)
            return (_finding(read, stated.declared.label),)
        # Where nothing does, there is nothing to tell of any single part.
        return () if tainted(claim) is False else tuple(details(found, parts.path))

    return Derived(
        name=stated.path.rpartition(".")[2],
        label=stated.declared.label,
        kind=Kind.FLAG,
        unknown=unknown,
        bind_value=lambda binding: tainted,
        findings=findings,
        samples=lambda unknown, claim, law: part_samples(unknown, claim),
        any_flag=True,
    )


_NAMES = ("foreign_entity_of_concern", "steps", "contains")

minerals_from_foreign_entity = _from_one(
    _BATTERY.minerals, _BATTERY.minerals_from_foreign_entity_of_concern, _step_findings
)
components_from_foreign_entity = _from_one(
    _BATTERY.components, _BATTERY.components_from_foreign_entity_of_concern, _component_findings
)


@provision(
    "26 USC 30D(d)(7)(A)",
    "no critical mineral from a foreign entity of concern",
    in_force="minerals_exclusion_in_force",
)
def excluded_minerals(claim: Any, law: Any) -> Statement:
    """No step of any chain is performed by one."""
    return ~minerals_from_foreign_entity


@provision(
    "26 USC 30D(d)(7)(B)",
    "no battery component from a foreign entity of concern",
    in_force="components_exclusion_in_force",
)
def excluded_components(claim: Any, law: Any) -> Statement:
    """No component at any depth is made by one."""
    return ~components_from_foreign_entity
