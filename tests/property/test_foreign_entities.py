"""Makers, places, uses and flags together, against every completion by brute force."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.property.brute_force import Completions

from evcredit import MineralSource, Step, Verdict, assess, current_law, with_facts
from evcredit.examples import demonstration_claim
from evcredit.facts.ownership import Entity, Holding
from evcredit.facts.ownership_graph import OwnershipGraph

LAW = current_law()
ROLE = "vehicle.battery.entities.entities[3].government_role"
PLAN = "vehicle.battery.impracticable_to_trace_plan_filed"

GRAPH = OwnershipGraph(
    entities=[
        Entity.government("Province", "China"),
        Entity.company("Tainted", "Zambia"),
        Entity.company("Clean", "Chile"),
        Entity(name="Person", government_of="China"),
        Entity.company("Doubtful", "Peru"),
    ],
    holdings=[Holding.alike("Province", "Tainted", 25), Holding.alike("Person", "Doubtful", 25)],
)
#: What follows from who made it, apart from the place.
OF_MAKER = {"Tainted": True, "Clean": False, "Doubtful": None, "Nobody": None, None: None}

makers = st.sampled_from([*OF_MAKER, "Clean", "Clean"])
places = st.sampled_from(["CL", "CL", "ID", "CN", None])
flags = st.sampled_from([None, None, None, False, False, True])
uses = st.sampled_from([None, None, "electrolyte salt"])
steps = st.builds(
    lambda by, country, flag: Step(
        activity="processing", by=by, country=country, foreign_entity_of_concern=flag
    ),
    makers,
    places,
    flags,
)
chains = st.builds(
    lambda steps, use: MineralSource(mineral="lithium", value=1, steps=steps, used_in=use),
    st.lists(steps, min_size=1, max_size=2),
    uses,
)


def follows(step: Step) -> bool | None:
    """Whether a step is by a foreign entity of concern, as stated or as follows."""
    if step.foreign_entity_of_concern is not None:
        return step.foreign_entity_of_concern
    if step.country == "CN" or OF_MAKER[step.by]:
        return True
    # Of a clean maker the place must be known too.
    return None if step.country is None else OF_MAKER[step.by]


@st.composite
def claims(draw: st.DrawFn) -> Any:
    """A claim that turns on who made its minerals."""
    return with_facts(
        demonstration_claim(date(2025, 6, 3)),
        {
            "vehicle.battery.minerals": tuple(draw(st.lists(chains, min_size=1, max_size=2))),
            "vehicle.battery.entities": GRAPH,
            "vehicle.battery.certified_critical_mineral_content": 70,
            "vehicle.battery.certified_battery_component_content": 70,
            PLAN: draw(st.sampled_from([None, True, False])),
        },
    )


def completed(claim: Any) -> Completions:
    """Every completion of the flags from which nothing follows, and of the plan."""
    values: dict[str, tuple[Any, ...]] = {}
    for index, source in enumerate(claim.vehicle.battery.minerals):
        for place, step in enumerate(source.steps):
            if follows(step) is None:
                path = f"vehicle.battery.minerals[{index}].steps[{place}]"
                values[f"{path}.foreign_entity_of_concern"] = (True, False)
    if claim.vehicle.battery.impracticable_to_trace_plan_filed is None:
        values[PLAN] = (True, False)
    return Completions.of(claim, values, LAW)


def expected(claim: Any) -> bool | None:
    """Whether the exclusion holds, computed again from the steps."""
    found: list[bool | None] = []
    plan = claim.vehicle.battery.impracticable_to_trace_plan_filed
    for source in claim.vehicle.battery.minerals:
        known = [follows(step) for step in source.steps]
        chain = True if True in known else (None if None in known else False)
        if source.used_in is not None and plan is not False:
            chain = False if plan or chain is False else None
        found.append(chain)
    return True if True in found else (None if None in found else False)


@given(claims())
def test_the_verdict(claim: Any) -> None:
    """Any one step decides, unless its chain is omitted."""
    assert assess(claim).find("excluded_minerals").verdict is ~Verdict.of(expected(claim))


@given(claims())
def test_missing_and_settling(claim: Any) -> None:
    """What is missing and what would settle the matter, against every completion."""
    completions, result = completed(claim), assess(claim)
    assert set(result.missing()) == completions.relevant()
    for verdict in (Verdict.MET, Verdict.NOT_MET):
        assert set(result.settling(verdict)) == completions.settling(verdict)


@given(claims())
def test_bounds_hold_every_completion(claim: Any) -> None:
    """Decided verdicts hold in every completion, of the graph too."""
    result = assess(claim)
    for verdict, credit in completed(claim).outcomes.values():
        assert credit in result.credit
        assert result.verdict in (Verdict.UNKNOWN, verdict)
    for role in ("agency or instrumentality of the government", "none"):
        facts: dict[str, Any] = {ROLE: role}
        if role == "none":
            facts["vehicle.battery.entities.entities[3].government_of"] = None
        settled = assess(with_facts(claim, facts))
        assert settled.credit in result.credit
        assert result.verdict in (Verdict.UNKNOWN, settled.verdict)


@given(claims(), st.sampled_from(["Tainted", "Doubtful", "Clean"]))
def test_a_further_step_never_raises_a_credit(claim: Any, by: str) -> None:
    """One more step leaves or lowers it, whoever performs it."""
    (first, *rest) = claim.vehicle.battery.minerals
    further = Step(activity="extraction", by=by, country="ID")
    longer = MineralSource(
        mineral="lithium", value=1, steps=(*first.steps, further), used_in=first.used_in
    )
    before = assess(claim)
    after = assess(with_facts(claim, {"vehicle.battery.minerals": (longer, *rest)}))
    assert after.credit.lower <= before.credit.lower
    assert after.credit.upper <= before.credit.upper
