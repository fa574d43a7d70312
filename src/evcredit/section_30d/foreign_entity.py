"""26 USC 30D(d)(7): no inputs from a foreign entity of concern.

Any one step of any chain, and any one component, excludes the vehicle altogether: not half
of the credit but all of it. What is stated of a step or component goes first. Where nothing is
stated, it follows from the place, because what is done in a covered nation is done under its
jurisdiction, and from whom `Battery.entities` says the maker to be (see `entity_of_concern`).
Where what is stated and what follows disagree, the findings say so.

A flag that is left out is unknown only as long as nothing follows. Otherwise it is merely not
relied on, like a certified percentage that is not stated: giving it later can overrule what
followed, and `Assessment.missing` does not ask for it. Of an entity that is not fully known
`missing` names the flag of the step or component, which settles the matter by itself; the
finding of the step names the facts of the graph that would settle it too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

from evcredit.battery import Battery, BatteryComponent, MineralSource, Step
from evcredit.battery import walk_components as walk
from evcredit.citation import Citation
from evcredit.expression import Binding, Derived, Fact
from evcredit.fact import FactType, Kind, UnknownFact, fact_type_at
from evcredit.law import Law, Members
from evcredit.rule import FactRead, Finding, Mode, Rule
from evcredit.schedule import NoProvision
from evcredit.section_30d.entity_of_concern import Graph, graph_of, open_in_words, standards_of
from evcredit.section_30d.provision import CLAIM, PLACED_IN_SERVICE, Statement, provision
from evcredit.section_30d.samples import part_samples
from evcredit.verdict import Verdict, any_known

__all__ = ["excluded_components", "excluded_minerals", "standing_disagreements"]

T = TypeVar("T")

_BATTERY = CLAIM.vehicle.battery
_PLAN: Fact = _BATTERY.impracticable_to_trace_plan_filed
_GRAPH = "vehicle.battery.entities."

not_by_one = Rule(
    code="not_by_foreign_entity",
    title="not by a foreign entity of concern",
    citation=Citation.parse("26 USC 30D(d)(7)"),
    mode=Mode.BODY,
)
activity_elsewhere = Rule(
    code="activity_outside_covered_nations",
    title="done outside the covered nations",
    citation=Citation.parse("42 USC 18741(a)(5)(C)"),
    mode=Mode.BODY,
)
left_out_as_untraceable = Rule(
    code="impracticable_to_trace",
    title="left out of the test, because tracing it is impracticable",
    citation=Citation.parse("26 CFR 1.30D-2(b)(25)"),
    mode=Mode.BODY,
)
_FLAG = FactType(Kind.FLAG, "by a foreign entity of concern")


def _finding(read: FactRead, known: bool | None, note: str, *below: Finding) -> Finding:
    return Finding(not_by_one, ~Verdict.of(known), facts=(read,), branches=below, note=note)


# -- one step or component -----------------------------------------------------------------


class _Maker(NamedTuple):
    """Who made or did something, where, and what is stated of that.

    Args:
        path: Where the step or component stands.
        what: What was made or done, in words.
        output: The mineral, by its identifier, or the kind of component.
        place: The fact that states the place, by name.
        country: Where it was made or done.
        by: By whom.
        stated: Whether that is stated to be a foreign entity of concern.
    """

    path: str
    what: str
    output: str
    place: str
    country: str | None
    by: str | None
    stated: bool | None


def _of_step(source: MineralSource, step: Step, path: str) -> _Maker:
    activity = "unknown activity" if step.activity is None else step.activity.value
    return _Maker(
        path,
        f"{source.mineral.name}, {activity}",
        source.mineral.identifier,
        "country",
        step.country,
        step.by,
        step.foreign_entity_of_concern,
    )


def _of_component(part: BatteryComponent, path: str) -> _Maker:
    return _Maker(
        path,
        part.kind.value,
        part.kind.value,
        "made_in",
        part.made_in,
        part.by,
        part.foreign_entity_of_concern,
    )


def telling_places(law: Law, day: date | None) -> Members:
    """The places that tell by themselves that a foreign entity of concern was in charge.

    Args:
        law: The law.
        day: The day the vehicle is placed in service, if known.

    >>> from evcredit import current_law
    >>> telling_places(current_law(), None)["CN"]
    True
    """
    if not law.readings.activity_in_covered_nation_counts:
        return {}
    return law.covered_nations_on(day).members


def in_order(law: Law, stated: T, follows: T) -> tuple[T, T]:
    """What is stated of a standing and what follows, the one first that goes before the other.

    The first of them that is known governs. A table is read in the same order.
    """
    return (stated, follows) if law.readings.stated_standing_governs else (follows, stated)


class _Judge:
    """Who is a foreign entity of concern, and what is left out, under a law and on its days."""

    __slots__ = (
        "_law",
        "_left_out",
        "_places",
        "_sure",
        "open_places",
        "places_count",
        "standards",
        "stated_first",
        "telling_places",
    )

    def __init__(self, binding: Binding) -> None:
        law: Law = binding.law
        self.standards = standards_of(binding)
        self.places_count = law.readings.activity_in_covered_nation_counts
        self.stated_first = law.readings.stated_standing_governs
        self._law = law
        covered = self._places = telling_places(law, binding.day(PLACED_IN_SERVICE))
        #: The places from which it follows that a foreign entity of concern was in charge, and
        #: those of which that is open.
        self.telling_places = frozenset(code for code, known in covered.items() if known)
        self.open_places = frozenset(code for code, known in covered.items() if known is None)
        schedule, day = law.impracticable_to_trace_materials, binding.day(PLACED_IN_SERVICE)
        values = schedule.values() if day is None else (schedule.on(day),)
        lists = [set(() if isinstance(each, NoProvision) else each) for each in values]
        self._left_out = set().union(*lists)
        self._sure = set.intersection(*lists)

    def graph(self, battery: Battery) -> Graph | None:
        """The graph of a battery under the law, if it has one."""
        return None if battery.entities is None else graph_of(self.standards, battery.entities)

    def by_place(self, country: str | None) -> bool | None:
        """Whether the place of an activity tells by itself who was in charge of it."""
        return self._places.get(country, False)

    def computed(self, maker: _Maker, graph: Graph | None) -> bool | None:
        """What follows from place, ownership and contracts; `None` if nothing does."""
        place = self.by_place(maker.country)
        if place or graph is None or maker.by is None or maker.by not in graph.graph.places:
            return place or None
        return any_known([place, graph.known_for(maker.by, maker.output)])

    def known(self, maker: _Maker, graph: Graph | None) -> bool | None:
        """Whether something is by a foreign entity of concern, as stated or as follows."""
        if self.stated_first and maker.stated is not None:
            return maker.stated  # most often, and then nothing needs to be computed
        first, second = in_order(self._law, maker.stated, self.computed(maker, graph))
        return second if first is None else first

    # -- minerals impracticable to trace ---------------------------------------------------

    def listed(self, source: MineralSource) -> bool | None:
        """Whether a use is on the list; `None` if it is on some of the possible days."""
        use = None if source.used_in is None else source.used_in.value
        return True if use in self._sure else (None if use in self._left_out else False)

    def left_out(self, source: MineralSource, battery: Battery) -> bool | None:
        """Whether a chain is left out of the test."""
        listed, plan = self.listed(source), battery.impracticable_to_trace_plan_filed
        if listed is False or plan is False:
            return False
        return True if listed and plan else None

    # -- whole chains and components -------------------------------------------------------

    def chain(self, source: MineralSource, battery: Battery) -> bool | None:
        """Whether a chain that is not left out comes from a foreign entity of concern."""
        left_out = self.left_out(source, battery)
        if left_out or source.steps is None:
            return False if left_out else None
        graph = self.graph(battery)
        makers = (_of_step(source, step, "") for step in source.steps)
        found = any_known([self.known(maker, graph) for maker in makers])
        return None if found and left_out is None else found

    def component(self, part: BatteryComponent, battery: Battery) -> bool | None:
        """Whether a component, or anything in it, comes from a foreign entity of concern."""
        found = self.known(_of_component(part, ""), self.graph(battery))
        if found or part.contains is None:
            return found or None
        return any_known([found, *(self.component(each, battery) for each in part.contains)])


_judge = lru_cache(maxsize=1024)(_Judge)


# -- what is told of each step and each component ------------------------------------------


def _told(judge: _Judge, maker: _Maker, graph: Graph | None) -> Finding:
    """The finding of one step or component: what it is, and why."""
    known, computed = judge.known(maker, graph), judge.computed(maker, graph)
    by = f" by {maker.by}" if maker.by else ""
    read = FactRead(f"{maker.path}.foreign_entity_of_concern", maker.stated, _FLAG)
    # What nothing follows from is told only where it leaves an entity of the graph open.
    named = graph is not None and maker.by in graph.graph.places
    below = tuple(_reasons(judge, maker, graph, computed)) if computed is not None or named else ()
    why = "; ".join(str(each.note) for each in below)
    if None in (maker.stated, computed) or maker.stated is computed:
        more = [why] if why and known is not False else []
        if known is None and named and graph is not None and maker.by is not None:
            facts = graph.open_facts(maker.by, maker.output)
            more += open_in_words(facts, _GRAPH)
            if maker.country is None and judge.places_count:
                more.append("the place is unknown")
    else:
        is_one = "is" if maker.stated else "is not"
        goes = "goes" if judge.stated_first else "does not go"
        although = why or f"nothing stated of {maker.by} makes it one"
        more = [f"stated that it {is_one} one, although {although}; the statement {goes} first"]
    note = ": ".join([f"{maker.what}{by}", *(["; ".join(more)] if more else [])])
    return _finding(read, known, note, *below)


def _reasons(
    judge: _Judge, maker: _Maker, graph: Graph | None, computed: bool | None
) -> Iterator[Finding]:
    """What makes a step or component one by a foreign entity of concern, or may."""
    place = judge.by_place(maker.country)
    if place is not False and place is computed and maker.country is not None:
        declared = fact_type_at(Step if maker.place == "country" else BatteryComponent, maker.place)
        read = FactRead(f"{maker.path}.{maker.place}", maker.country, declared)
        yield Finding(
            activity_elsewhere,
            ~Verdict.of(place),
            facts=(read,),
            limits=judge.standards.group(),
            note=f"in {judge.standards.place_in_words(maker.country)}",
        )
    if graph is not None and maker.by is not None and maker.by in graph.graph.places:
        for each in graph.grounds(maker.by, maker.output, _GRAPH):
            if each.verdict is ~Verdict.of(computed):
                yield each


def _step_findings(judge: _Judge, battery: Battery, root: str) -> Iterator[Finding]:
    graph = judge.graph(battery)
    for index, source in enumerate(battery.minerals or ()):
        path = f"{root}[{index}].steps"
        found: list[Finding] = []
        if source.steps is None:
            read = FactRead(path, None, fact_type_at(MineralSource, "steps"))
            found.append(_finding(read, None, f"{source.mineral.name}: the chain is unknown"))
        for place, step in enumerate(source.steps or ()):
            found.append(_told(judge, _of_step(source, step, f"{path}[{place}]"), graph))
        if judge.listed(source) is False:
            yield from found
        else:
            yield _of_untraceable(judge, source, battery, tuple(found))


def _of_untraceable(
    judge: _Judge, source: MineralSource, battery: Battery, steps: tuple[Finding, ...]
) -> Finding:
    """The finding of a chain whose use is on the list: left out, or not, or open."""
    left_out = judge.left_out(source, battery)
    plan = FactRead(_PLAN.path, battery.impracticable_to_trace_plan_filed, _PLAN.declared)
    how: dict[bool | None, str] = {
        True: "left out of the test",
        False: "not left out, as no plan was filed",
        None: "left out if the manufacturer filed its plan in time",
    }
    use = source.used_in.value if source.used_in else ""
    told = how[left_out]
    note = f"{source.mineral.name}, {use}: {told}"
    known = judge.chain(source, battery)
    if left_out is False:
        deciding = (each for each in steps if each.verdict is ~Verdict.of(known))
        note = "; ".join([note, *(str(each.note) for each in deciding)])
    branch = Finding(left_out_as_untraceable, Verdict.of(left_out), facts=(plan,), note=told)
    return _finding(plan, known, note, branch, *steps)


def _component_findings(judge: _Judge, battery: Battery, root: str) -> Iterator[Finding]:
    graph = judge.graph(battery)
    for path, part in walk(battery.components or (), root):
        yield _told(judge, _of_component(part, path), graph)
        if part.contains is None:
            inside = fact_type_at(BatteryComponent, "contains")
            read = FactRead(f"{path}.contains", None, inside)
            yield _finding(read, None, f"what the {part.kind.value} contains is unknown")


def _disagreeing(judge: _Judge, battery: Battery, makers: Iterator[_Maker]) -> Iterator[Finding]:
    """The findings of steps or components of which it is stated otherwise than follows."""
    graph = judge.graph(battery)
    for maker in makers:
        if maker.stated is not None:
            computed = judge.computed(maker, graph)
            if computed is not None and computed is not maker.stated:
                yield _told(judge, maker, graph)


# -- whether anything comes from one -------------------------------------------------------


def _makers_of_minerals(battery: Battery, root: str) -> Iterator[_Maker]:
    for index, source in enumerate(battery.minerals or ()):
        for place, step in enumerate(source.steps or ()):
            yield _of_step(source, step, f"{root}[{index}].steps[{place}]")


def _makers_of_components(battery: Battery, root: str) -> Iterator[_Maker]:
    return (_of_component(part, path) for path, part in walk(battery.components or (), root))


class _Side(NamedTuple):
    """Minerals or components: how what comes from foreign entities of concern is found.

    Args:
        name: The parts, by the name of their fact.
        parts: The list of parts.
        stated: The flag that says it of the battery as a whole.
        judged: Whether one part does.
        makers: Every maker, with its path.
        findings: What is told of each part and what is in it.
    """

    name: str
    parts: Fact
    stated: Fact
    judged: Callable[[_Judge, Any, Battery], bool | None]
    makers: Callable[[Battery, str], Iterator[_Maker]]
    findings: Callable[[_Judge, Battery, str], Iterator[Finding]]

    def of_parts(self, judge: _Judge, battery: Battery) -> bool | None:
        """Whether any of the parts does, the flag of the battery aside."""
        parts = getattr(battery, self.name)
        if parts is None:
            return None
        return any_known([self.judged(judge, part, battery) for part in parts])


_MINERALS = _Side(
    "minerals",
    _BATTERY.minerals,
    _BATTERY.minerals_from_foreign_entity_of_concern,
    _Judge.chain,
    _makers_of_minerals,
    _step_findings,
)
_COMPONENTS = _Side(
    "components",
    _BATTERY.components,
    _BATTERY.components_from_foreign_entity_of_concern,
    _Judge.component,
    _makers_of_components,
    _component_findings,
)


def _tainted(side: _Side, binding: Binding) -> Callable[[Any], bool | None]:
    """From a claim to whether any of the parts of its battery comes from one."""
    judge = _judge(binding)
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
        found = side.of_parts(judge, of_battery(claim))
        flag: bool | None = of_flag(claim)
        return flag if found is None else found

    return stated_first if judge.stated_first else computed_first


def _apart(path: str, declared: FactType) -> UnknownFact:
    """A flag that the analysis tries by itself: up, it need not decide like the others."""
    return UnknownFact(path, declared._replace(kind=Kind.CHOICE, of=(True, False)))


def _unknown(side: _Side, claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    """The flags, chains and parts that are unknown, where nothing else decides."""
    judge, battery = _judge(binding), claim.vehicle.battery
    flag, parts = attrgetter(side.stated.path)(claim), getattr(battery, side.name)
    if flag is not None or parts is None:
        yield from side.stated.unknown_in(claim, binding)
    elif side is _MINERALS:
        yield from _unknown_of_minerals(judge, battery)
    else:
        graph = judge.graph(battery)
        for path, part in walk(parts, side.parts.path):
            if judge.known(_of_component(part, path), graph) is None:
                yield UnknownFact(f"{path}.{_OWN}", fact_type_at(BatteryComponent, _OWN))
            if part.contains is None:
                yield UnknownFact(f"{path}.contains", fact_type_at(BatteryComponent, "contains"))


_OWN = "foreign_entity_of_concern"


def _unknown_of_minerals(judge: _Judge, battery: Battery) -> Iterator[UnknownFact]:
    graph, plan_matters = judge.graph(battery), False
    for index, source in enumerate(battery.minerals or ()):
        path = f"{_MINERALS.parts.path}[{index}].steps"
        left_out = judge.left_out(source, battery)
        if left_out:
            continue
        plan_matters |= left_out is None
        if source.steps is None:
            yield UnknownFact(path, fact_type_at(MineralSource, "steps"))
        for place, step in enumerate(source.steps or ()):
            maker = _of_step(source, step, f"{path}[{place}]")
            if judge.known(maker, graph) is None:
                declared, here = fact_type_at(Step, _OWN), f"{maker.path}.{_OWN}"
                yield UnknownFact(here, declared) if left_out is False else _apart(here, declared)
    if plan_matters and battery.impracticable_to_trace_plan_filed is None:
        yield _apart(_PLAN.path, _PLAN.declared)


def _findings(side: _Side, binding: Binding, claim: Any) -> tuple[Finding, ...]:
    """How it came about; where nothing comes from one, only what is stated otherwise."""
    judge, battery = _judge(binding), claim.vehicle.battery
    flag, parts = attrgetter(side.stated.path)(claim), getattr(battery, side.name)
    known = _tainted(side, binding)(claim)
    if parts is None or (flag is not None and judge.stated_first):
        read = FactRead(side.stated.path, flag, side.stated.declared)
        below = _against(side, judge, battery, flag)
        note = side.stated.declared.label
        if below:
            told = "; ".join(str(each.note) for each in below[:_MOST_TOLD])
            note += f": stated otherwise than follows, and the statement goes first ({told})"
        return (_finding(read, known, note, *below),)
    if known is False:
        return tuple(_disagreeing(judge, battery, side.makers(battery, side.parts.path)))
    return tuple(side.findings(judge, battery, side.parts.path))


#: The most findings that a note repeats.
_MOST_TOLD = 3


def _against(
    side: _Side, judge: _Judge, battery: Battery, flag: bool | None
) -> tuple[Finding, ...]:
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
        samples=lambda unknown, claim, law: part_samples(unknown, claim),
        breakpoints=breakpoints,
        any_flag=True,
        stated=side.stated,
    )


minerals_from_foreign_entity = _from_one(_MINERALS)
components_from_foreign_entity = _from_one(_COMPONENTS)


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


def standing_disagreements(claim: Any, law: Law) -> tuple[str, ...]:
    """Where it is stated otherwise than follows that something is by a foreign entity of concern.

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
    >>> standing_disagreements(claim, current_law())
    ('battery module: stated that it is not one, although in China, a covered nation; the \
statement goes first',)
    """
    day = PLACED_IN_SERVICE.stated(claim, law)
    binding = Binding(law, {} if day is None else {PLACED_IN_SERVICE.path: day})
    judge, battery = _judge(binding), claim.vehicle.battery
    found: list[Finding] = []
    for side, rule in ((_MINERALS, excluded_minerals), (_COMPONENTS, excluded_components)):
        if rule.bind(binding).applies is not False:
            found += _disagreeing(judge, battery, side.makers(battery, side.parts.path))
            flag = attrgetter(side.stated.path)(claim)
            if _against(side, judge, battery, flag) and judge.stated_first:
                found += _findings(side, binding, claim)
    return tuple(str(each.note) for each in found)
