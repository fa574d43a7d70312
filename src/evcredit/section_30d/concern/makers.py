"""Who performed a step or made a component, and how that maker is judged (26 USC 30D(d)(7))."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple, TypeVar

from evcredit.algebra.binding import Binding
from evcredit.algebra.citation import Citation
from evcredit.algebra.field import FactType, Kind
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.kinds import Flag
from evcredit.algebra.path import fact_type_at
from evcredit.algebra.schedule import NoProvision
from evcredit.algebra.topic import Topic
from evcredit.algebra.verdict import Verdict, any_known
from evcredit.facts.battery import Battery
from evcredit.facts.chain import MineralSource, Step
from evcredit.facts.component import BatteryComponent
from evcredit.facts.component import walk_components as walk
from evcredit.law.countries import Members
from evcredit.law.law import Law
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE
from evcredit.provisions.views import BatteryView
from evcredit.provisions.words import clauses
from evcredit.section_30d.concern.graph import Graph, graph_of
from evcredit.section_30d.concern.grounds import grounds, open_in_words
from evcredit.section_30d.concern.standards import Standards, standards_of

__all__ = [
    "BATTERY",
    "PLAN_FILED",
    "Judge",
    "Maker",
    "component_findings",
    "concern_finding",
    "disagreeing",
    "judge_under",
    "of_component",
    "of_step",
    "step_findings",
]

T = TypeVar("T")
BATTERY: BatteryView = CLAIM.vehicle.battery
PLAN_FILED: Flag = BATTERY.impracticable_to_trace_plan_filed
_GRAPH = "vehicle.battery.entities."
not_by_one: Topic = Topic(
    code="not_by_foreign_entity",
    title="not by a foreign entity of concern",
    citation=Citation.parse("26 USC 30D(d)(7)"),
    words=clauses,
)
activity_elsewhere: Topic = Topic(
    code="activity_outside_covered_nations",
    title="done outside the covered nations",
    citation=Citation.parse("42 USC 18741(a)(5)(C)"),
    words=clauses,
)
left_out_as_untraceable: Topic = Topic(
    code="impracticable_to_trace",
    title="excluded from the test, because tracing it is impracticable",
    citation=Citation.parse("26 CFR 1.30D-2(b)(25)"),
    words=clauses,
)
_FLAG = FactType(Kind.FLAG, "by a foreign entity of concern")


def concern_finding(read: FactRead, known: bool | None, note: str, *below: Finding) -> Finding:
    """The finding on one part: met if it is not by a foreign entity of concern."""
    return Finding(not_by_one, ~Verdict.of(known), facts=(read,), branches=below, note=note)


class Maker(NamedTuple):
    """Who made or did something, where, and what is stated of that.

    Args:
        path: Where the step or component is.
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


def of_step(source: MineralSource, step: Step, path: str) -> Maker:
    """Who performed a step."""
    activity = "unknown activity" if step.activity is None else step.activity.value
    return Maker(
        path,
        f"{source.mineral.name}, {activity}",
        source.mineral.identifier,
        "country",
        step.country,
        step.by,
        step.foreign_entity_of_concern,
    )


def of_component(part: BatteryComponent, path: str) -> Maker:
    """Who made a component."""
    return Maker(
        path,
        part.kind.value,
        part.kind.value,
        "made_in",
        part.made_in,
        part.by,
        part.foreign_entity_of_concern,
    )


def _by_name(maker: Maker, graph: Graph | None) -> Maker:
    """The same, called by its name in the graph where an identifier is stated."""
    if graph is None or maker.by is None or maker.by in graph.graph.places:
        return maker
    name = graph.graph.name_of(maker.by)
    return maker if name is None else maker._replace(by=name)


def telling_places(law: Law, day: date | None) -> Members:
    """The places that tell on their own that a foreign entity of concern was in charge.

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
    """What is stated of a standing and what follows, the one first that overrides the other.

    The first of them that is known governs. A table is read in the same order.
    """
    return (stated, follows) if law.readings.stated_standing_governs else (follows, stated)


class Judge:
    """Who is a foreign entity of concern, and what is omitted, under a law and on its days."""

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
        self.standards: Standards = standards_of(law, binding.day(PLACED_IN_SERVICE))
        self.places_count: bool = law.readings.activity_in_covered_nation_counts
        self.stated_first: bool = law.readings.stated_standing_governs
        self._law = law
        covered = self._places = telling_places(law, binding.day(PLACED_IN_SERVICE))
        #: The places from which it follows that a foreign entity of concern was in charge, and
        #: those of which that is unresolved.
        self.telling_places: frozenset[str | None] = frozenset(
            code for code, known in covered.items() if known
        )
        self.open_places: frozenset[str | None] = frozenset(
            code for code, known in covered.items() if known is None
        )
        schedule, day = law.impracticable_to_trace_materials, binding.day(PLACED_IN_SERVICE)
        values = schedule.values() if day is None else (schedule.on(day),)
        lists = [set(() if isinstance(each, NoProvision) else each) for each in values]
        self._left_out = set().union(*lists)
        self._sure = set.intersection(*lists)

    def graph(self, battery: Battery) -> Graph | None:
        """The graph of a battery under the law, if it has one."""
        return None if battery.entities is None else graph_of(self.standards, battery.entities)

    def by_place(self, country: str | None) -> bool | None:
        """Whether the place of an activity tells on its own who was in charge of it."""
        return self._places.get(country, False)

    def computed(self, maker: Maker, graph: Graph | None) -> bool | None:
        """What follows from place, ownership and contracts; `None` if nothing does."""
        maker = _by_name(maker, graph)
        place = self.by_place(maker.country)
        if place or graph is None or maker.by is None or maker.by not in graph.graph.places:
            return place or None
        if maker.country is None and self.places_count:
            place = None  # an unknown place may be one that shows
        return any_known([place, graph.known_for(maker.by, maker.output)])

    def is_untraced(self, maker: Maker, graph: Graph | None) -> bool:
        """Whether tracing may overturn what is stated, where what follows takes precedence."""
        maker = _by_name(maker, graph)
        if self.stated_first or self.computed(maker, graph) is not None:
            return False
        if graph is not None and maker.by in graph.graph.places:
            return True
        # From a place it may follow that the maker is one, and never that it is none.
        return self.by_place(maker.country) is None and not maker.stated

    def known(self, maker: Maker, graph: Graph | None) -> bool | None:
        """Whether something is by a foreign entity of concern, as stated or as follows."""
        if self.stated_first and maker.stated is not None:
            return maker.stated  # most often, and then nothing needs to be computed
        if self.is_untraced(maker, graph):
            return None
        first, second = in_order(self._law, maker.stated, self.computed(maker, graph))
        return second if first is None else first

    # -- minerals impracticable to trace ---------------------------------------------------

    def listed(self, source: MineralSource) -> bool | None:
        """Whether a use is on the list; `None` if it is on some of the possible days."""
        use = None if source.used_in is None else source.used_in.value
        return True if use in self._sure else (None if use in self._left_out else False)

    def left_out(self, source: MineralSource, battery: Battery) -> bool | None:
        """Whether a chain is excluded from the test."""
        listed, plan = self.listed(source), battery.impracticable_to_trace_plan_filed
        if listed is False or plan is False:
            return False
        return True if listed and plan else None

    # -- whole chains and components -------------------------------------------------------

    def chain(self, source: MineralSource, battery: Battery) -> bool | None:
        """Whether a chain that is not omitted comes from a foreign entity of concern."""
        left_out = self.left_out(source, battery)
        if left_out or source.steps is None:
            return False if left_out else None
        graph = self.graph(battery)
        makers = (of_step(source, step, "") for step in source.steps)
        found = any_known([self.known(maker, graph) for maker in makers])
        return None if found and left_out is None else found

    def component(self, part: BatteryComponent, battery: Battery) -> bool | None:
        """Whether a component, or anything in it, comes from a foreign entity of concern."""
        found = self.known(of_component(part, ""), self.graph(battery))
        if found or part.contains is None:
            return found or None
        return any_known([found, *(self.component(each, battery) for each in part.contains)])


judge_under: Callable[[Binding], Judge] = lru_cache(maxsize=1024)(Judge)


def _told(judge: Judge, maker: Maker, graph: Graph | None) -> Finding:
    """The finding of one step or component: what it is, and why."""
    maker = _by_name(maker, graph)
    known, computed = judge.known(maker, graph), judge.computed(maker, graph)
    by = f" by {maker.by}" if maker.by else ""
    read = FactRead(f"{maker.path}.foreign_entity_of_concern", maker.stated, _FLAG)
    # What nothing follows from is reported only where it leaves an entity of the graph open.
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
        goes = "takes" if judge.stated_first else "does not take"
        although = why or f"nothing stated of {maker.by} makes it one"
        more = [
            f"stated that it {is_one} one, although {although}; the statement {goes} precedence"
        ]
    note = ": ".join([f"{maker.what}{by}", *(["; ".join(more)] if more else [])])
    return concern_finding(read, known, note, *below)


def _reasons(
    judge: Judge, maker: Maker, graph: Graph | None, computed: bool | None
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
        for each in grounds(graph, maker.by, maker.output, _GRAPH):
            if each.verdict is ~Verdict.of(computed):
                yield each


def step_findings(judge: Judge, battery: Battery, root: str) -> Iterator[Finding]:
    """The findings on every step of every chain."""
    graph = judge.graph(battery)
    for index, source in enumerate(battery.chains or ()):
        path = f"{root}[{index}].steps"
        found: list[Finding] = []
        if source.steps is None:
            read = FactRead(path, None, fact_type_at(MineralSource, "steps"))
            found.append(
                concern_finding(read, None, f"{source.mineral.name}: the chain is unknown")
            )
        for place, step in enumerate(source.steps or ()):
            found.append(_told(judge, of_step(source, step, f"{path}[{place}]"), graph))
        if judge.listed(source) is False:
            yield from found
        else:
            yield _of_untraceable(judge, source, battery, tuple(found))


def _of_untraceable(
    judge: Judge, source: MineralSource, battery: Battery, steps: tuple[Finding, ...]
) -> Finding:
    """The finding of a chain whose use is on the list: omitted, or not, or open."""
    left_out = judge.left_out(source, battery)
    plan = FactRead(PLAN_FILED.path, battery.impracticable_to_trace_plan_filed, PLAN_FILED.declared)
    how: dict[bool | None, str] = {
        True: "excluded from the test",
        False: "not omitted, as no plan was filed",
        None: "omitted if the manufacturer filed its plan in time",
    }
    use = source.used_in.value if source.used_in else ""
    told = how[left_out]
    note = f"{source.mineral.name}, {use}: {told}"
    known = judge.chain(source, battery)
    if left_out is False:
        deciding = (each for each in steps if each.verdict is ~Verdict.of(known))
        note = "; ".join([note, *(str(each.note) for each in deciding)])
    branch = Finding(left_out_as_untraceable, Verdict.of(left_out), facts=(plan,), note=told)
    return concern_finding(plan, known, note, branch, *steps)


def component_findings(judge: Judge, battery: Battery, root: str) -> Iterator[Finding]:
    """The findings on every component, at any depth."""
    graph = judge.graph(battery)
    for path, part in walk(battery.components or (), root):
        yield _told(judge, of_component(part, path), graph)
        if part.contains is None:
            inside = fact_type_at(BatteryComponent, "contains")
            read = FactRead(f"{path}.contains", None, inside)
            yield concern_finding(read, None, f"what the {part.kind.value} contains is unknown")


def disagreeing(judge: Judge, battery: Battery, makers: Iterator[Maker]) -> Iterator[Finding]:
    """The findings of steps or components whose statement contradicts what follows."""
    graph = judge.graph(battery)
    for maker in makers:
        if maker.stated is not None:
            computed = judge.computed(maker, graph)
            if computed is not None and computed is not maker.stated:
                yield _told(judge, maker, graph)
