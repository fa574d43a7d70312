"""26 USC 30D(d)(7): no inputs from a foreign entity of concern.

Any one step of any chain, and any one component, excludes the vehicle altogether: not half
of the credit but all of it. What is stated of a step or component takes precedence. Where nothing
is stated, it follows from the place, because what is done in a covered nation is done under its
jurisdiction, and from whom `Battery.entities` says the maker to be (see `entity_of_concern`).
Where what is stated and what follows disagree, the findings say so.

A flag that is omitted is unknown only as long as nothing follows. Otherwise it is merely not
relied on, like a certified percentage that is not stated: giving it later can overrule what
followed, and `Assessment.missing` does not require it. Of an entity that is not fully known
`missing` names the flag of the step or component, which settles the matter on its own; the
finding of the step names the facts of the graph that would settle it too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

from evcredit.algebra.binding import Binding
from evcredit.algebra.bound import bind
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression, Fact
from evcredit.algebra.field import FactType, Kind
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.item import Item
from evcredit.algebra.path import UnknownFact, fact_type_at
from evcredit.algebra.verdict import Verdict, any_known
from evcredit.facts.battery import Battery
from evcredit.facts.chain import MineralSource, Step
from evcredit.facts.component import BatteryComponent
from evcredit.facts.component import walk_components as walk
from evcredit.facts.country import country_name
from evcredit.facts.facility import at_facility, located
from evcredit.law.countries import Members
from evcredit.law.law import Law
from evcredit.provisions.days import PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.section_30d.concern.graph import Graph
from evcredit.section_30d.concern.makers import (
    BATTERY,
    PLAN_FILED,
    Judge,
    Maker,
    component_findings,
    concern_finding,
    disagreeing,
    judge_under,
    of_component,
    of_step,
    step_findings,
    telling_places,
)
from evcredit.section_30d.concern.relations import ends_of_holding, relations
from evcredit.section_30d.sourcing.components import separate_components
from evcredit.section_30d.sourcing.samples import IN_AND_OUT, part_samples, parts_made_in

__all__ = [
    "excluded_components",
    "excluded_minerals",
    "feoc_conflicts",
    "untraced_statements",
]


def _makers_of_minerals(battery: Battery, root: str) -> Iterator[Maker]:
    for index, source in enumerate(battery.chains or ()):
        for place, step in enumerate(source.steps or ()):
            yield of_step(source, step, f"{root}[{index}].steps[{place}]")


def _makers_of_components(battery: Battery, root: str) -> Iterator[Maker]:
    return (of_component(part, path) for path, part in walk(battery.components or (), root))


#: The flag of one step or component, and who owns whom.
_OWN = "foreign_entity_of_concern"
_ENTITIES = "vehicle.battery.entities"


class _Side(NamedTuple):
    """Minerals or components: how what comes from foreign entities of concern is found.

    Args:
        name: The parts, by the name of their fact.
        parts: The list of parts.
        stated: The flag that says it of the battery as a whole.
        judged: Whether one part does.
        makers: Every maker, with its path.
        findings: What is reported of each part and what is in it.
        read: The paths of what is read of the parts.
    """

    name: str
    parts: Fact
    stated: Fact
    judged: Callable[[Judge, Any, Battery], bool | None]
    makers: Callable[[Battery, str], Iterator[Maker]]
    findings: Callable[[Judge, Battery, str], Iterator[Finding]]
    read: tuple[str, ...]

    def of_parts(self, judge: Judge, battery: Battery) -> bool | None:
        """Whether any of the parts does, the flag of the battery aside."""
        parts = battery.chains if self.name == "minerals" else battery.components
        if parts is None:
            return None
        return any_known([self.judged(judge, part, battery) for part in parts])


_MINERALS = _Side(
    "minerals",
    BATTERY.minerals,
    BATTERY.minerals_from_foreign_entity_of_concern,
    Judge.chain,
    _makers_of_minerals,
    step_findings,
    (
        *(f"{BATTERY.minerals.path}.{name}" for name in ("mineral", "used_in")),
        *(f"{BATTERY.minerals.path}.steps.{name}" for name in ("country", _OWN)),
        f"{BATTERY.facilities.path}.country",
        PLAN_FILED.path,
    ),
)
_COMPONENTS = _Side(
    "components",
    BATTERY.components,
    BATTERY.components_from_foreign_entity_of_concern,
    Judge.component,
    _makers_of_components,
    component_findings,
    tuple(f"{BATTERY.components.path}.{name}" for name in ("kind", "made_in", _OWN)),
)


def _tainted(side: _Side, binding: Binding) -> Callable[[Any], bool | None]:
    """From a claim to whether any of the parts of its battery comes from one."""
    judge = judge_under(binding)
    of_battery, of_flag = attrgetter("vehicle.battery"), attrgetter(side.stated.path)
    by_flags, places = attrgetter(f"{side.name}_by_flags"), attrgetter(f"{side.name}_places")
    telling, perhaps = judge.telling_places, judge.open_places

    def stated_first(claim: Any) -> bool | None:
        flag: bool | None = of_flag(claim)
        if flag is not None:
            return flag
        battery = of_battery(claim)
        unstated = places(battery)
        if unstated is None or not perhaps.isdisjoint(unstated):
            return side.of_parts(judge, battery)
        # The common case: places and flags tell, and nothing else can.
        known: bool | None = by_flags(battery)
        return known if telling.isdisjoint(unstated) else True

    def computed_first(claim: Any) -> bool | None:
        battery = of_battery(claim)
        found = side.of_parts(judge, battery)
        flag: bool | None = of_flag(claim)
        if found is not None or flag is None or _may_overturn(side, judge, battery, flag):
            return found
        return flag

    return stated_first if judge.stated_first else computed_first


def _may_overturn(side: _Side, judge: Judge, battery: Battery, flag: bool) -> bool:
    """Whether tracing may overturn what is stated of the battery, where no part tells yet."""
    if getattr(battery, side.name) is None or _is_open(side, judge, battery, flag):
        return True
    graph = judge.graph(battery)
    makers = list(side.makers(battery, ""))
    if any(judge.is_untraced(maker, graph) for maker in makers):
        return True
    # A maker that is traced and none leaves the others to be one. That they are none can still
    # be stated, unless it is stated of all.
    return flag and any(
        judge.computed(maker, graph) is False and maker.stated is not False for maker in makers
    )


def _is_open(side: _Side, judge: Judge, battery: Battery, flag: bool) -> bool:
    """Whether what was done, or what is inside, is unknown, or a use may leave a chain out."""
    if side is _COMPONENTS:
        return any(part.contains is None for _, part in walk(battery.components or (), ""))
    for source in battery.chains or ():
        used = source.used_in is not None
        doubtful = judge.chain(source, battery) is not False and (used or source.steps is None)
        if doubtful or (used and flag):
            return True
    return False


def _unknown_of_maker(
    judge: Judge, maker: Maker, graph: Graph | None, *, apart: bool = False
) -> Iterator[UnknownFact]:
    """What is unknown of a maker of which nothing else decides whether it is one."""
    if judge.known(maker, graph) is not None:
        return
    part = Step if maker.place == "country" else BatteryComponent
    untraced = judge.is_untraced(maker, graph)
    if untraced and maker.country is None and judge.places_count:
        yield UnknownFact(f"{maker.path}.{maker.place}", fact_type_at(part, maker.place))
    if untraced and graph is not None and maker.by is not None and maker.by in graph.graph.places:
        for each in graph.open_facts(maker.by, maker.output):
            path, flag = f"{_ENTITIES}.{each.path}", each.declared.kind is Kind.FLAG
            yield _apart(path, each.declared) if flag else UnknownFact(path, each.declared)
    elif maker.stated is None:
        declared, here = fact_type_at(part, _OWN), f"{maker.path}.{_OWN}"
        yield _apart(here, declared) if apart else UnknownFact(here, declared)


def _samples(unknown: UnknownFact, claim: Any, law: Any) -> tuple[Any, ...]:
    """Places that tell and that do not, and parts by foreign entities of concern and by others."""
    if unknown.declared.kind is Kind.COUNTRY:
        return (*IN_AND_OUT, *_first_of(law.covered_nations_on(None).members))
    if unknown.path.startswith(_ENTITIES) and unknown.declared.kind is Kind.PARTS:
        return relations(unknown.path.rpartition(".")[2], claim.vehicle.battery.entities, law)
    if unknown.path.startswith(f"{_ENTITIES}.holdings["):
        return ends_of_holding(unknown.path, claim)
    found = part_samples(unknown, claim)
    if law.readings.stated_standing_governs:
        return found
    # What is stated does not decide, so parts from which it follows are tried too.
    told = telling_places(law, None)
    return (
        *found,
        *(part for place in _first_of(told) for part in parts_made_in(place, unknown, claim)),
    )


def _first_of(members: Members) -> list[str]:
    """A place that is one of a group, if there is any."""
    return sorted(code for code, known in members.items() if known and code)[:1]


def _apart(path: str, declared: FactType) -> UnknownFact:
    """A flag that the analysis tries on its own: up, it need not decide like the others."""
    return UnknownFact(path, declared._replace(kind=Kind.CHOICE, of=(True, False)))


def _unknown(side: _Side, claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    """The flags, chains and parts that are unknown, where nothing else decides."""
    judge, battery = judge_under(binding), claim.vehicle.battery
    parts = getattr(battery, side.name)
    if parts is None or (judge.stated_first and attrgetter(side.stated.path)(claim) is not None):
        if not judge.stated_first:
            yield from side.parts.unknown_in(claim, binding)
        yield from side.stated.unknown_in(claim, binding)
    elif side is _MINERALS:
        yield from _unknown_of_minerals(judge, battery)
    else:
        graph = judge.graph(battery)
        for path, part in walk(parts, side.parts.path):
            yield from _unknown_of_maker(judge, of_component(part, path), graph)
            if part.contains is None:
                yield UnknownFact(f"{path}.contains", fact_type_at(BatteryComponent, "contains"))


def _unknown_of_minerals(judge: Judge, battery: Battery) -> Iterator[UnknownFact]:
    graph, plan_matters = judge.graph(battery), False
    for index, source in enumerate(battery.chains or ()):
        path = f"{_MINERALS.parts.path}[{index}].steps"
        left_out = judge.left_out(source, battery)
        if left_out:
            continue
        plan_matters |= left_out is None
        if source.steps is None:
            yield UnknownFact(path, fact_type_at(MineralSource, "steps"))
        for place, step in enumerate(source.steps or ()):
            maker = of_step(source, step, f"{path}[{place}]")
            for each in _unknown_of_maker(judge, maker, graph, apart=left_out is None):
                yield at_facility(each, step, battery.facilities)
    if plan_matters and battery.impracticable_to_trace_plan_filed is None:
        yield _apart(PLAN_FILED.path, PLAN_FILED.declared)


def _items(side: _Side, claim: Any, binding: Binding) -> Mapping[str, Item] | None:
    """Each chain or component by its path, with whether it alone is by one."""
    judge, battery = judge_under(binding), claim.vehicle.battery
    if attrgetter(side.stated.path)(claim) is not None:
        return None  # what is stated of the battery may decide about all of them

    countries = battery.facility_countries

    def judged(part: Any) -> bool | None:
        return side.judged(judge, part, battery)

    def judged_there(source: MineralSource) -> bool | None:
        return judge.chain(located(source, countries), battery)

    if side is _MINERALS:
        return {
            f"{side.parts.path}[{index}]": Item(source, judged_there)
            for index, source in enumerate(battery.chains or ())
        }

    def alone(part: BatteryComponent) -> bool | None:
        return judge.known(of_component(part, ""), judge.graph(battery))

    return {
        path: Item(part, alone if by_itself else judged)
        for path, part, by_itself in separate_components(battery)
    }


def untraced_statements(claim: Any, binding: Binding) -> Iterator[str]:
    """Yield what is stated of the battery and decides nothing until its makers are traced.

    Args:
        claim: A claim.
        binding: The law and the days.
    """
    judge, battery = judge_under(binding), claim.vehicle.battery
    for side, rule in ((_MINERALS, excluded_minerals), (_COMPONENTS, excluded_components)):
        flag = attrgetter(side.stated.path)(claim)
        if judge.stated_first or bind(rule, binding).applies is False:
            continue
        is_open = side.of_parts(judge, battery) is None
        if is_open and flag is not None and _may_overturn(side, judge, battery, flag):
            yield _UNTRACED.format(side.stated.declared.label)
        if is_open:
            yield from _open_places(judge, battery, side.makers(battery, side.parts.path))


def _open_places(judge: Judge, battery: Battery, makers: Iterator[Maker]) -> Iterator[str]:
    """Say where a statement is set aside for a place of which the law leaves it unresolved.

    A place that is not stated is a missing fact, and no question of law.
    """
    graph = judge.graph(battery)
    for each in makers:
        overturned = each.stated is False and judge.is_untraced(each, graph)
        if overturned and each.country is not None and each.country in judge.open_places:
            (group,) = (limit.value for limit in judge.standards.group())
            yield _OPEN_PLACE.format(country_name(each.country), group)


_UNTRACED = (
    "{}: tracing may overturn what is stated of the battery; state its parts, or choose a reading "
    "(stated_standing_governs)"
)

_OPEN_PLACE = "whether {} counts as {} is unresolved; choose a reading"


def _findings(side: _Side, binding: Binding, claim: Any) -> tuple[Finding, ...]:
    """How it was computed; where nothing comes from one, only what is stated otherwise."""
    judge, battery = judge_under(binding), claim.vehicle.battery
    flag, parts = attrgetter(side.stated.path)(claim), getattr(battery, side.name)
    known = _tainted(side, binding)(claim)
    if parts is None or (flag is not None and judge.stated_first):
        read = FactRead(side.stated.path, flag, side.stated.declared)
        below = _against(side, judge, battery, flag)
        note = side.stated.declared.label
        if below:
            told = "; ".join(str(each.note) for each in below[:_MOST_TOLD])
            note += f": the statement takes precedence over what follows ({told})"
        return (concern_finding(read, known, note, *below),)
    if known is False:
        return tuple(disagreeing(judge, battery, side.makers(battery, side.parts.path)))
    return tuple(side.findings(judge, battery, side.parts.path))


#: The most findings that a note repeats.
_MOST_TOLD = 3


def _against(side: _Side, judge: Judge, battery: Battery, flag: bool | None) -> tuple[Finding, ...]:
    """The findings on parts from which another flag of the battery would follow."""
    computed = side.of_parts(judge, battery)
    if flag is None or computed is None or flag is computed:
        return ()
    found = side.findings(judge, battery, side.parts.path)
    return tuple(each for each in found if each.verdict is ~Verdict.of(computed))


def _from_one(side: _Side) -> Derived:
    """Whether any of the parts of a battery comes from a foreign entity of concern."""

    def breakpoints(law: Any) -> dict[str, tuple[Any, ...]]:
        boundaries = law.impracticable_to_trace_materials.boundaries()
        return {day.path: boundaries for day in PLACED_IN_SERVICE.reads}

    return Derived(
        name=side.stated.path.rpartition(".")[2],
        label=side.stated.declared.label,
        kind=Kind.FLAG,
        unknown=lambda claim, binding: _unknown(side, claim, binding),
        bind_value=lambda binding: _tainted(side, binding),
        findings=lambda binding, claim: _findings(side, binding, claim),
        samples=_samples,
        breakpoints=breakpoints,
        reads=lambda law: (*side.read, side.stated.path, _ENTITIES),
        any_flag=True,
        stated=side.stated,
        stated_governs=lambda law: law.readings.stated_standing_governs,
        items=lambda claim, binding: _items(side, claim, binding),
    )


minerals_from_foreign_entity: Derived = _from_one(_MINERALS)
components_from_foreign_entity: Derived = _from_one(_COMPONENTS)


@provision(
    "26 USC 30D(d)(7)(A)",
    "no critical mineral from a foreign entity of concern",
    in_force="minerals_exclusion_in_force",
)
def excluded_minerals(claim: ClaimView, law: LawView) -> Expression:
    """No step of any chain is performed by one."""
    return ~minerals_from_foreign_entity


@provision(
    "26 USC 30D(d)(7)(B)",
    "no battery component from a foreign entity of concern",
    in_force="components_exclusion_in_force",
)
def excluded_components(claim: ClaimView, law: LawView) -> Expression:
    """No component at any depth is made by one."""
    return ~components_from_foreign_entity


def feoc_conflicts(claim: Any, law: Law) -> tuple[str, ...]:
    """Where a statement contradicts what follows: that something is by a foreign entity of concern.

    Args:
        claim: A claim.
        law: The law.

    Returns:
        One sentence for each flag of a step, of a component or of the battery with which what
        follows from places, seats, ownership and contracts disagrees, where the day placed in
        service makes it matter.

    >>> from evcredit import Battery, BatteryComponent, Claim, Purchase, Vehicle, current_law
    >>> module = BatteryComponent(
    ...     kind="battery module", made_in="China", contains=[], foreign_entity_of_concern=False
    ... )
    >>> claim = Claim(
    ...     vehicle=Vehicle(battery=Battery(components=[module])),
    ...     purchase=Purchase(placed_in_service="2024-06-03"),
    ... )
    >>> feoc_conflicts(claim, current_law())
    ('battery module: stated that it is not one, although in China, a covered nation; the \
statement takes precedence',)
    """
    day = PLACED_IN_SERVICE.stated(claim, law)
    binding = Binding(law, {} if day is None else {PLACED_IN_SERVICE.path: day})
    judge, battery = judge_under(binding), claim.vehicle.battery
    found: list[Finding] = []
    for side in _sides_in_force(binding):
        found += disagreeing(judge, battery, side.makers(battery, side.parts.path))
        flag = attrgetter(side.stated.path)(claim)
        if _against(side, judge, battery, flag) and judge.stated_first:
            found += _findings(side, binding, claim)
    return tuple(str(each.note) for each in found)


@lru_cache(maxsize=256)
def _sides_in_force(binding: Binding) -> tuple[_Side, ...]:
    """The sides that are excluded on the day, or may be."""
    rules = ((_MINERALS, excluded_minerals), (_COMPONENTS, excluded_components))
    return tuple(side for side, rule in rules if bind(rule, binding).applies is not False)
