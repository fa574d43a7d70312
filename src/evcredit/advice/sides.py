"""The two halves of the credit as lots: what each chain or component is worth, and if it counts.

A side knows how to move some of its lots elsewhere and how to ask the law again. The search for
the smallest change works on its numbers and then tries each answer here.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import count
from math import gcd
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.bound import BoundRule
from evcredit.algebra.money import in_millionths, millionths
from evcredit.algebra.path import with_facts
from evcredit.algebra.schedule import Schedule
from evcredit.algebra.share import Fractions, Share
from evcredit.algebra.tuples import made_of_items
from evcredit.facts.battery import Battery
from evcredit.facts.chain import Activity, MineralSource, Step
from evcredit.facts.claim import Claim
from evcredit.facts.component import BatteryComponent, walk_components
from evcredit.facts.country import country_name
from evcredit.law.law import Law
from evcredit.provisions.days import PLACED_IN_SERVICE
from evcredit.provisions.section import BoundCredit
from evcredit.section_30d.concern.makers import Judge, judge_under, of_component
from evcredit.section_30d.sourcing.components import (
    battery_component_content,
    component_parts,
    components_requirement,
)
from evcredit.section_30d.sourcing.minerals import (
    critical_mineral_content,
    mineral_parts,
    minerals_requirement,
)
from evcredit.section_30d.sourcing.unknown_minerals import governing_certificate

__all__ = [
    "HOME",
    "OWN_VALUE",
    "Lot",
    "Side",
    "best_share_of",
    "chain_lot",
    "chains_moved",
    "chains_valued",
    "component_lot",
    "component_side",
    "components_moved",
    "components_valued",
    "inside_first",
    "mineral_side",
    "tests_in_force",
    "unknown_inside",
]

#: A place that counts for everything.
HOME = "US"
#: What a component adds itself, without what is inside it.
OWN_VALUE = "an incremental value"


@made_of_items
class Lot(NamedTuple):
    """One chain or one component, with all it is worth.

    Args:
        path: Where it is, in the claim or in the pool.
        subject: What it is, in words.
        mineral: The mineral, by its identifier; the kind of component.
        places: The countries of it.
        value: Millionths of a dollar, of every vehicle together; `None` if unknown.
        counts: The minimum and the maximum part of it that counts, by each test.
        barred: Whether it is known to come from a foreign entity of concern, where that bars the
            credit.
        vehicles: How many vehicles there are, whose lots are worth `value` together.
    """

    path: str
    subject: str
    mineral: str
    places: tuple[str | None, ...]
    value: int | None
    counts: tuple[Fractions, ...]
    barred: bool = False
    vehicles: int = 1

    @property
    def of_one(self) -> int:
        """What it is worth in one vehicle, in millionths of a dollar; 0 if unknown."""
        return (self.value or 0) // (self.vehicles or 1)


@attrs.frozen(kw_only=True)
class Side:
    """One half: its lots, and what the law asks of them.

    Args:
        code: The reason code of the requirement.
        title: The label.
        percent: The applicable percentage.
        lots: The lots.
        subject: The claim or pool.
        law: The law.
        relocate: From the subject, places of lots and a country to the subject with those lots
            coming from there, by no foreign entity of concern.
        holds: Whether a subject reaches the percentage; `None` if that is unknown.
        content: The content of a subject, by the test that is the better for it.
        revalue: From the subject and values by place of lot to the subject with those values, in
            US dollars in one vehicle.
        priced: What a price of a lot is, in words.
        problem: Why nothing can be found, if so.
    """

    code: str
    title: str
    percent: int
    lots: tuple[Lot, ...]
    subject: Any
    law: Law
    relocate: Callable[[Any, Collection[int], str], Any]
    holds: Callable[[Any], bool | None]
    content: Callable[[Any], Share | None]
    revalue: Callable[[Any, dict[int, Decimal]], Any]
    priced: str = "a price"
    problem: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the subject itself reaches the percentage."""
        return self.holds(self.subject)

    @property
    def tests(self) -> int:
        """How many tests there are, of which one is enough."""
        return len(self.lots[0].counts) if self.lots else 0


# -- claims --------------------------------------------------------------------------------------


def _governing(
    bound: BoundCredit, requirement: BoundRule, percentages: Schedule[Any]
) -> tuple[date, int] | str:
    """The day placed in service and its percentage; or in words why there is none."""
    day = bound.binding.day(PLACED_IN_SERVICE)
    if day is None or requirement.applies is not True:
        return "the requirement does not apply on that day, or the day is unknown"
    percent = percentages.on(day)
    return (day, percent) if isinstance(percent, int) else f"the law gives no percentage: {percent}"


def mineral_side(claim: Claim, bound: BoundCredit) -> Side | str:
    """The critical minerals of a claim; or in words why there is nothing to change.

    Args:
        claim: The claim.
        bound: Section 30D under the law, on the days of the claim.
    """
    law, requirement = bound.law, bound[minerals_requirement]
    governing = _governing(bound, requirement, law.critical_minerals_percentage)
    if isinstance(governing, str):
        return governing
    day, percent = governing
    battery = claim.vehicle.battery
    if governing_certificate(battery, bound.binding) is not None:
        return "the percentage that the manufacturer certified governs, and not the chains"
    if not battery.chains:
        return "no procurement chains are stated"
    judge = judge_under(bound.binding) if law.minerals_exclusion_in_force.on(day) is True else None
    tests = tests_in_force(law, day)
    counts = [
        tuple(each for _, each in mineral_parts(battery, law, day, traced=traced))
        for traced in tests
    ]
    lots = tuple(
        chain_lot(
            f"vehicle.battery.minerals[{place}]",
            chain,
            1,
            tuple(each[place] for each in counts),
            barred=judge is not None and judge.chain(chain, battery) is True,
        )
        for place, chain in enumerate(battery.chains or ())
    )
    return Side(
        code=minerals_requirement.code,
        title="critical minerals",
        percent=percent,
        lots=lots,
        subject=claim,
        law=law,
        relocate=lambda claim, places, to: _in_battery(
            claim, chains_moved(claim.vehicle.battery, places, to)
        ),
        revalue=lambda claim, values: _in_battery(
            claim, chains_valued(claim.vehicle.battery, values)
        ),
        holds=lambda claim: _truth(requirement.run(claim)),
        content=lambda claim: best_share_of(
            critical_mineral_content(claim, law, traced=traced) for traced in tests
        ),
    )


def component_side(claim: Claim, bound: BoundCredit) -> Side | str:
    """The battery components of a claim; or in words why there is nothing to change.

    Args:
        claim: The claim.
        bound: Section 30D under the law, on the days of the claim.
    """
    law, requirement = bound.law, bound[components_requirement]
    governing = _governing(bound, requirement, law.battery_components_percentage)
    if isinstance(governing, str):
        return governing
    day, percent = governing
    battery = claim.vehicle.battery
    if battery.certified_battery_component_content is not None:
        return "the percentage that the manufacturer certified governs, and not the components"
    if not battery.components:
        return "no components are stated"
    if unknown_inside(battery):
        return "a value of a component is unknown, or what is inside it"
    parts = component_parts(battery, law.north_america.members)
    barring = law.components_exclusion_in_force.on(day) is True
    judge = judge_under(bound.binding) if barring else None
    # The pieces of value come in the order of their components, those inside each before it.
    owners = tuple(inside_first(battery.components, "vehicle.battery.components"))
    lots = tuple(
        component_lot(
            path,
            component,
            value,
            fractions,
            barred=judge is not None and _component_barred(judge, component, battery),
        )
        for (path, component), (value, fractions) in zip(owners, parts, strict=True)
    )
    return Side(
        code=components_requirement.code,
        title="battery components",
        percent=percent,
        lots=lots,
        subject=claim,
        law=law,
        relocate=lambda claim, places, to: with_facts(
            claim, components_moved([lots[place].path for place in places], to)
        ),
        revalue=lambda claim, values: _in_battery(
            claim, components_valued(claim.vehicle.battery, values)
        ),
        priced=OWN_VALUE,
        holds=lambda claim: _truth(requirement.run(claim)),
        content=lambda claim: battery_component_content(claim, law),
    )


# -- lots and their changes ----------------------------------------------------------------------


def tests_in_force(law: Law, day: Any) -> tuple[bool, ...]:
    """Which of the two tests are in force: whether each is the one of traced value."""
    either = ((False, law.value_added_test_in_force), (True, law.traced_value_test_in_force))
    return tuple(traced for traced, in_force in either if in_force.on(day) is True)


def chain_lot(
    path: str,
    chain: MineralSource,
    vehicles: int,
    counts: tuple[Fractions, ...],
    *,
    barred: bool = False,
) -> Lot:
    """One chain, of as many vehicles."""
    steps = chain.steps or ()
    described = "; ".join(f"{_activity(step)} in {_place(step.country)}" for step in steps)
    return Lot(
        path,
        f"{chain.mineral}, {described or 'chain unknown'}",
        chain.mineral.identifier,
        tuple(step.country for step in steps),
        None if chain.value_in_millionths is None else chain.value_in_millionths * vehicles,
        counts,
        barred,
        vehicles,
    )


def component_lot(
    path: str,
    component: BatteryComponent,
    value: int | None,
    fractions: Fractions,
    *,
    barred: bool = False,
    vehicles: int = 1,
) -> Lot:
    """One component, of as many vehicles."""
    return Lot(
        path,
        f"{component.kind.value}, made in {_place(component.made_in)}",
        component.kind.value,
        (component.made_in,),
        (value or 0) * vehicles,
        (fractions,),
        barred,
        vehicles,
    )


def unknown_inside(battery: Battery) -> bool:
    """Whether a value of a component is unknown, or what is inside it."""
    return any(part.value is None for part in battery.value_parts) or any(
        part.contains is None for _, part in walk_components(battery.components or (), "")
    )


def _activity(step: Step) -> str:
    return "unknown activity" if step.activity is None else step.activity.value


def _place(country: str | None) -> str:
    return "an unknown country" if country is None else country_name(country)


def _component_barred(judge: Judge, part: BatteryComponent, battery: Battery) -> bool:
    return judge.known(of_component(part, ""), judge.graph(battery)) is True


def inside_first(
    components: Sequence[BatteryComponent], path: str
) -> Iterator[tuple[str, BatteryComponent]]:
    """Every component with its path, after those inside it, as `Battery.value_parts` has them."""
    for place, each in enumerate(components):
        here = f"{path}[{place}]"
        yield from inside_first(each.contains or (), f"{here}.contains")
        yield here, each


def chains_moved(battery: Battery, places: Collection[int], to: str) -> Battery:
    """The battery with some chains extracted and processed in another country."""
    steps = tuple(
        Step(activity=activity, country=to, foreign_entity_of_concern=False)
        for activity in (Activity.EXTRACTION, Activity.PROCESSING)
    )
    chains = tuple(
        attrs.evolve(chain, steps=steps) if place in places else chain
        for place, chain in enumerate(battery.minerals or ())
    )
    # What is stated of all chains together says nothing once every one is another.
    flag = battery.minerals_from_foreign_entity_of_concern
    stated = None if len(places) == len(chains) else flag
    return attrs.evolve(battery, minerals=chains, minerals_from_foreign_entity_of_concern=stated)


def components_moved(paths: Collection[str], to: str) -> dict[str, Any]:
    """The facts by path with which some components are made in another country."""
    changes: dict[str, Any] = {}
    for path in paths:
        changes |= {
            f"{path}.made_in": to,
            f"{path}.foreign_entity_of_concern": False,
            f"{path}.by": None,
        }
    return changes


def chains_valued(battery: Battery, values: dict[int, Decimal]) -> Battery:
    """The battery with other values; a price that was stated no longer is."""
    chains = tuple(
        attrs.evolve(
            chain,
            value=values[place],
            price_per_kg=None,
            steps=_steps_worth(chain, millionths(values[place])),
        )
        if place in values
        else chain
        for place, chain in enumerate(battery.minerals or ())
    )
    return attrs.evolve(battery, minerals=chains)


def components_valued(battery: Battery, values: dict[int, Decimal]) -> Battery:
    """The battery with other incremental values of components; what they are in is worth as much.

    Args:
        battery: The battery, of which every value is known.
        values: By place, those inside a component before it, what it adds itself.
    """
    places = count()

    def revalued(component: BatteryComponent) -> BatteryComponent:
        inside = tuple(map(revalued, component.contains or ()))
        place, own = next(places), component.value_parts[-1].value or 0
        if place in values:
            own = millionths(values[place])
        worth = in_millionths(own + sum(part.value_in_millionths or 0 for part in inside))
        # A shift inside leaves the worth as it was.
        if worth == component.value and inside == (component.contains or ()):
            return component
        return attrs.evolve(component, value=worth, contains=inside)

    return attrs.evolve(battery, components=tuple(map(revalued, battery.components or ())))


def _steps_worth(chain: MineralSource, value: int) -> tuple[Step, ...] | None:
    """The steps of a chain of another value: what they add keeps its proportions exactly."""
    stated = [each.value_added for each in chain.steps or () if each.value_added is not None]
    unit = gcd(*map(millionths, stated))
    if not unit or not chain.value_in_millionths or chain.steps is None:
        return chain.steps
    units = max(1, unit * value // chain.value_in_millionths)
    return tuple(
        step
        if step.value_added is None
        else attrs.evolve(
            step, value_added=in_millionths(millionths(step.value_added) // unit * units)
        )
        for step in chain.steps
    )


def _in_battery(claim: Claim, battery: Battery) -> Claim:
    return attrs.evolve(claim, vehicle=attrs.evolve(claim.vehicle, battery=battery))


def _truth(known: Any) -> bool | None:
    return known if isinstance(known, bool) else None


def best_share_of(shares: Iterator[Share | None]) -> Share:
    """The share under the test that is the better one, end by end; chains always have one."""
    found = [share for share in shares if share is not None]
    low = max(share.bounds.lower for share in found)
    high = max(share.bounds.upper for share in found)
    return Share(low.numerator, low.denominator, high.numerator, high.denominator)
