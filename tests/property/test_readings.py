"""No completion of unknown facts contradicts a decided verdict, under any combination of readings.

Who is a foreign entity of concern is what readings differ most about: what is stated, places,
holdings and uses are drawn together here, and of claims of every kind the readings alone.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.property.test_soundness import assert_narrower
from tests.strategies import every_choice, hide, hidings, known_claims

from evcredit import (
    BatteryComponent,
    InvalidFactError,
    MineralSource,
    Step,
    assess,
    current_law,
    with_facts,
)
from evcredit.algebra.path import read
from evcredit.examples import demonstration_claim
from evcredit.facts.ownership import Entity, Holding
from evcredit.facts.ownership_graph import OwnershipGraph

LAW = current_law()
BATTERY = "vehicle.battery"
MINERALS = f"{BATTERY}.minerals_from_foreign_entity_of_concern"
COMPONENTS = f"{BATTERY}.components_from_foreign_entity_of_concern"


GRAPH = OwnershipGraph(
    entities=[
        Entity.government("Province", "China"),
        Entity.company("Tainted", "Zambia"),
        Entity.company("Clean", "Chile"),
        Entity.company("Seated", "Hong Kong"),
        Entity.company("Half", "Peru"),
    ],
    holdings=[
        Holding.alike("Province", "Tainted", 30),
        Holding.alike("Tainted", "Half", 60),
        Holding.alike("Clean", "Half", 20),
    ],
    contracts=(),
)

makers = st.sampled_from(["Tainted", "Clean", "Clean", "Seated", "Half", "Nobody", None, None])
places = st.sampled_from(["CL", "CL", "US", "US", "CN", "HK"])
flags = st.sampled_from([None, None, False, False, True])
steps = st.builds(
    lambda by, country, flag: Step(
        activity="processing", by=by, country=country, foreign_entity_of_concern=flag
    ),
    makers,
    places,
    flags,
)
chains = st.builds(
    lambda made, use: MineralSource(mineral="lithium", value=1, steps=made, used_in=use),
    st.lists(steps, min_size=1, max_size=2),
    st.sampled_from([None, None, "electrolyte salt"]),
)
simple = st.builds(
    lambda by, place, flag: BatteryComponent(
        kind="separator", value=1, made_in=place, by=by, foreign_entity_of_concern=flag
    ),
    makers,
    places,
    flags,
)
modules = st.builds(
    lambda by, place, flag, inside: BatteryComponent(
        kind="battery module",
        value=5,
        made_in=place,
        by=by,
        foreign_entity_of_concern=flag,
        contains=inside,
    ),
    makers,
    places,
    flags,
    st.lists(simple, max_size=1),
)


@st.composite
def claims_of_concern(draw: st.DrawFn) -> Any:
    """A claim on which all is stated that affects foreign entities of concern, or nearly all."""
    claim = with_facts(
        demonstration_claim(draw(st.sampled_from([date(2024, 6, 3), date(2025, 6, 3)]))),
        {
            f"{BATTERY}.minerals": tuple(draw(st.lists(chains, min_size=1, max_size=2))),
            f"{BATTERY}.components": tuple(draw(st.lists(modules, min_size=1, max_size=2))),
            f"{BATTERY}.entities": draw(st.sampled_from([GRAPH, GRAPH, None])),
            f"{BATTERY}.certified_critical_mineral_content": 70,
            f"{BATTERY}.certified_battery_component_content": 70,
            f"{BATTERY}.impracticable_to_trace_plan_filed": draw(st.booleans()),
        },
    )
    for path in (MINERALS, COMPONENTS):
        with suppress(InvalidFactError):  # what is stated of the parts may say otherwise
            claim = with_facts(claim, {path: draw(flags)})
    return claim


def _stated_paths(claim: Any, *, follows_first: bool) -> list[str]:
    """The facts to hide: not those that, where they are not stated, are merely not relied on."""
    battery, found = claim.vehicle.battery, ["purchase.placed_in_service"]
    found += [f"{BATTERY}.{name}" for name in ("minerals", "components")]
    found += [f"{BATTERY}.impracticable_to_trace_plan_filed"]
    if follows_first:
        found += [MINERALS, COMPONENTS]
    made: list[tuple[str, str]] = []
    for place, source in enumerate(battery.minerals):
        path = f"{BATTERY}.minerals[{place}].steps"
        found.append(path)
        made += [(f"{path}[{at}]", "country") for at in range(len(source.steps))]
    for place, part in enumerate(battery.components):
        path = f"{BATTERY}.components[{place}]"
        found.append(f"{path}.contains")
        made.append((path, "made_in"))
        made += [(f"{path}.contains[{at}]", "made_in") for at in range(len(part.contains))]
    for path, where in made:
        found.append(f"{path}.{where}")
        if follows_first:
            found.append(f"{path}.foreign_entity_of_concern")
    if battery.entities is not None:
        graph = f"{BATTERY}.entities"
        found += [f"{graph}.holdings", f"{graph}.contracts"]
        found += [f"{graph}.entities[{at}].incorporated_in" for at in (1, 2, 3, 4)]
        found += [f"{graph}.entities[{at}].government_role" for at in (1, 2, 3, 4)]
        found += [f"{graph}.holdings[{at}].equity_percent" for at in (0, 1, 2)]
    return [path for path in found if read(claim, path) is not None]


@given(st.data(), claims_of_concern(), every_choice)
def test_no_completion_contradicts_a_verdict_on_who_made_it(
    data: Any, whole: Any, chosen: Any
) -> None:
    """Hide facts, assess, fill them in again: what was decided stays, and bounds narrow."""
    paths = _stated_paths(whole, follows_first=not chosen["stated_standing_governs"])
    hidden = data.draw(st.lists(st.sampled_from(paths), min_size=1, max_size=4, unique=True))
    law = LAW.with_readings(**chosen)
    before, after = assess(hide(whole, hidden), law=law), assess(whole, law=law)
    assert_narrower(after, before)
    if not before.credit.is_exact:
        assert before.missing() or before.undetermined or before.settling("not met"), hidden


@given(st.data(), known_claims(), every_choice)
def test_no_completion_contradicts_a_verdict(data: Any, whole: Any, chosen: Any) -> None:
    """Like the above, for claims of every kind."""
    law = LAW.with_readings(**chosen)
    before = assess(hide(whole, data.draw(hidings(whole, most=8))), law=law)
    assert_narrower(assess(whole, law=law), before)
