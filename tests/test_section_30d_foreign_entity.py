"""26 USC 30D(d)(7): no inputs from a foreign entity of concern."""

from datetime import date

import attrs
import pytest

from evcredit import (
    BatteryComponent,
    Bounds,
    MineralSource,
    Step,
    Verdict,
    assess,
    current_law,
    with_facts,
)
from evcredit.examples import demonstration_claim
from evcredit.facts.contract import Contract
from evcredit.facts.ownership import Entity, Holding
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.section_30d.concern.foreign_entity import feoc_conflicts

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN

MINERALS = "vehicle.battery.minerals_from_foreign_entity_of_concern"
COMPONENTS = "vehicle.battery.components_from_foreign_entity_of_concern"
STEP = "vehicle.battery.minerals[6].steps[1].foreign_entity_of_concern"
SEPARATOR = "vehicle.battery.components[0].contains[0].contains[2].foreign_entity_of_concern"


def result(day, **facts):
    """The demonstration placed in service on a day, with other facts."""
    return assess(with_facts(demonstration_claim(day), facts))


@pytest.mark.parametrize(
    ("day", "credit"),
    [
        (date(2023, 12, 31), "7,500"),
        (date(2024, 1, 1), "0"),
        (date(2024, 12, 31), "0"),
    ],
    ids=str,
)
def test_one_component_excludes_the_vehicle_from_2024(day, credit):
    """Any one component, however deep; all of the credit is lost, not half."""
    assert str(result(day, **{SEPARATOR: True}).credit) == credit


@pytest.mark.parametrize(
    ("day", "credit"),
    [(date(2024, 12, 31), "7,500"), (date(2025, 1, 1), "0"), (date(2025, 9, 30), "0")],
    ids=str,
)
def test_one_step_excludes_the_vehicle_from_2025(day, credit):
    """Any one step of any chain, even of one that does not count anyway."""
    assert str(result(day, **{STEP: True}).credit) == credit


@pytest.mark.parametrize(
    ("day", "minerals", "components", "credit"),
    [
        (date(2024, 6, 3), None, False, "7,500"),
        (date(2024, 6, 3), True, False, "7,500"),
        (date(2025, 6, 3), False, False, "7,500"),
        (date(2025, 6, 3), True, False, "0"),
        (date(2025, 6, 3), None, False, "0"),
    ],
)
def test_flags_of_the_battery(day, minerals, components, credit):
    """Where the steps say nothing, the battery as a whole may; else their places tell."""
    facts = {MINERALS: minerals, COMPONENTS: components}
    assert str(result(day, **facts).credit) == credit


@pytest.mark.parametrize(
    ("flag", "expected", "note"),
    [
        (True, NOT_MET, "components from a foreign entity of concern"),
        (False, MET, "components from a foreign entity of concern"),
        (None, UNKNOWN, "components from a foreign entity of concern"),
    ],
    ids=str,
)
def test_components_that_are_unknown(flag, expected, note):
    """Without components the flag of the battery is the one fact."""
    found = result(date(2024, 6, 3), **{"vehicle.battery.components": None, COMPONENTS: flag}).find(
        "excluded_components"
    )
    assert found.verdict is expected
    assert [str(each.note) for each in found.parts] == [note]
    assert found.parts[0].facts[0].path == COMPONENTS


@pytest.mark.parametrize("flag", [True, False, None], ids=str)
def test_chains_that_are_unknown(flag):
    """Like the above, for minerals."""
    found = result(date(2025, 6, 3), **{"vehicle.battery.minerals": None, MINERALS: flag})
    excluded = found.find("excluded_minerals")
    assert excluded.verdict is ~Verdict.of(flag)
    assert str(excluded.parts[0].note) == "critical minerals from a foreign entity of concern"


def test_findings_name_the_steps():
    """Mineral, activity and who did it; a chain that is unknown is reported too."""
    chains = (
        MineralSource(
            mineral="nickel",
            value=1,
            steps=[
                Step(activity="extraction", by="Mine Ltd", foreign_entity_of_concern=False),
                Step(foreign_entity_of_concern=True),
            ],
        ),
        MineralSource(mineral="cobalt", value=1),
    )
    found = result(date(2025, 6, 3), **{"vehicle.battery.minerals": chains})
    parts = found.find("excluded_minerals").parts
    assert [(each.verdict, str(each.note)) for each in parts] == [
        (MET, "Nickel, extraction by Mine Ltd"),
        (NOT_MET, "Nickel, unknown activity"),
        (UNKNOWN, "Cobalt: the chain is unknown"),
    ]
    assert parts[2].facts[0].path == "vehicle.battery.minerals[1].steps"


def test_findings_name_the_components():
    """Kind and maker of each; what an unopened component holds is unknown."""
    cell = BatteryComponent(
        kind="battery cell",
        value=1,
        made_in="US",
        by="Cells Inc",
        foreign_entity_of_concern=False,
    )
    separator = BatteryComponent(kind="separator", value=1, foreign_entity_of_concern=False)
    module = BatteryComponent(
        kind="battery module",
        value=3,
        made_in="US",
        foreign_entity_of_concern=False,
        contains=[cell, separator],
    )
    found = result(date(2024, 6, 3), **{"vehicle.battery.components": (module,)})
    parts = found.find("excluded_components").parts
    assert [(each.verdict, str(each.note)) for each in parts] == [
        (MET, "battery module"),
        (MET, "battery cell by Cells Inc"),
        (UNKNOWN, "what the battery cell contains is unknown"),
        (MET, "separator"),
    ]
    assert parts[2].facts[0].path == "vehicle.battery.components[0].contains[0].contains"


def test_not_in_force_before_its_day():
    """Before 2025 no one asks who made the minerals."""
    found = result(date(2024, 6, 3))
    assert found.find("excluded_minerals").in_force is False
    assert found.find("excluded_components").in_force is True
    assert [
        str(found.find(code).citation) for code in ("excluded_minerals", "excluded_components")
    ] == [
        "26 USC 30D(d)(7)(A)",
        "26 USC 30D(d)(7)(B)",
    ]


def test_unknown_chain_of_a_known_battery_may_be_tainted():
    """A chain without steps leaves the maker open, and requires the steps."""
    chains = (MineralSource(mineral="cobalt", value=1),)
    found = result(date(2025, 6, 3), **{"vehicle.battery.minerals": chains})
    assert "vehicle.battery.minerals[0].steps" in found.missing()


def test_the_flag_of_the_battery_can_rule_the_credit_out():
    """Of a battery of which nothing is stated, one component by such an entity is enough."""
    found = result(
        date(2024, 6, 3),
        **{"vehicle.battery.components": None, "vehicle.battery.minerals": None},
    )
    flag = "vehicle.battery.components_from_foreign_entity_of_concern"
    assert frozenset({flag}) in found.settling(NOT_MET)


# -- what follows from places, entities and contracts --------------------------------------

LAW = current_law()
IN_2025 = date(2025, 6, 3)
PLAN = "vehicle.battery.impracticable_to_trace_plan_filed"
CERTIFIED = {
    "vehicle.battery.certified_critical_mineral_content": 70,
    "vehicle.battery.certified_battery_component_content": 70,
}

GRAPH = OwnershipGraph(
    entities=[
        Entity.government("Sichuan Province", "China"),
        Entity.company("A", "Singapore"),
        Entity.company("B", "Singapore"),
        Entity.company("Miner", "Zambia"),
        Entity.company("Clean", "Chile"),
        Entity.company("Licensor", "China"),
        Entity.company("Refiner", "Hungary"),
        Entity(name="Brother", government_of="China"),
        Entity.company("Doubtful", "Peru"),
    ],
    holdings=[
        Holding.alike("Sichuan Province", "A", 60),
        Holding.alike("Sichuan Province", "B", 51),
        Holding.alike("A", "Miner", 15),
        Holding.alike("B", "Miner", 12),
        Holding.alike("Brother", "Doubtful", 26),
    ],
    contracts=[
        Contract(holder="Licensor", producer="Refiner", output="Li", effective_control=True)
    ],
)
HELD = (
    "Sichuan Province holds 27 % of the equity, the voting rights and the board seats through A "
    "(15 %) and B (12 %)"
)


def with_chains(*steps, law=LAW, day=IN_2025, graph=GRAPH, source=None, **facts):
    """The demonstration with one chain of lithium, made by entities of a graph."""
    chain = MineralSource(mineral="lithium", value=100, steps=steps, **(source or {}))
    changes = {
        "vehicle.battery.minerals": (chain,),
        "vehicle.battery.entities": graph,
        **CERTIFIED,
        **facts,
    }
    return assess(with_facts(demonstration_claim(day), changes), law=law)


def step(by=None, country="Zambia", flag=None, activity="processing"):
    return Step(activity=activity, country=country, by=by, foreign_entity_of_concern=flag)


def minerals(found):
    return found.find("excluded_minerals")


def notes(found):
    return [str(each.note) for each in minerals(found).parts]


def test_a_maker_under_control_excludes_the_vehicle_and_is_named():
    """Who taints what, along which path, at what percentage and on which metric."""
    found = with_chains(step("Clean", "Chile", activity="extraction"), step("Miner"))
    assert (found.verdict, str(found.credit)) == (NOT_MET, "0")
    assert notes(found) == ["Lithium, extraction by Clean", f"Lithium, processing by Miner: {HELD}"]
    assert HELD in " ".join(found.explain().split())
    assert [each.code for each in found.reasons] == ["excluded_minerals"]
    control = minerals(found).parts[1].branches[0]
    assert control.code == "not_controlled_by_covered_government"
    assert found.missing() == ()


def test_makers_that_are_clean_leave_the_credit():
    """Everybody in the graph and none of concern: no flag is needed."""
    found = with_chains(step("Clean", "Chile", activity="extraction"), step("Clean", "Chile"))
    assert (found.verdict, str(found.credit)) == (MET, "7,500")
    assert minerals(found).parts == ()


def test_components_by_a_maker_under_control():
    """Like the above, for components, however deep, from 2024 on."""
    claim = with_facts(
        demonstration_claim(date(2024, 6, 3)),
        {
            "vehicle.battery.entities": GRAPH,
            SEPARATOR: None,
            SEPARATOR.replace("foreign_entity_of_concern", "by"): "Miner",
        },
    )
    found = assess(claim)
    assert found.verdict is NOT_MET
    told = [str(each.note) for each in found.find("excluded_components").determining()]
    assert told == [f"separator by Miner: {HELD}"]
    clean = with_facts(claim, {SEPARATOR.replace("foreign_entity_of_concern", "by"): "Clean"})
    assert assess(clean).verdict is MET
    stranger = with_facts(claim, {SEPARATOR.replace("foreign_entity_of_concern", "by"): "Nobody"})
    assert assess(stranger).verdict is UNKNOWN
    assert assess(stranger).missing() == (SEPARATOR,)


@pytest.mark.parametrize(
    ("mineral", "credit"), [("lithium", "0"), ("nickel", "7,500")], ids=["covered", "not covered"]
)
def test_a_contract_taints_what_it_is_for(mineral, credit):
    """A license for lithium says nothing about nickel."""
    chain = MineralSource(mineral=mineral, value=1, steps=[step("Refiner", "Hungary")])
    claim = with_facts(
        demonstration_claim(IN_2025),
        {
            "vehicle.battery.minerals": (chain,),
            "vehicle.battery.entities": GRAPH,
            **CERTIFIED,
        },
    )
    assert str(assess(claim).credit) == credit


@pytest.mark.parametrize(
    ("country", "expected", "told"),
    [
        ("China", NOT_MET, "Lithium, processing: in China, a covered nation"),
        ("Russia", NOT_MET, "Lithium, processing: in Russia, a covered nation"),
        (
            "Hong Kong",
            NOT_MET,
            "Lithium, processing: in Hong Kong (counted as China), a covered nation",
        ),
        ("Taiwan", UNKNOWN, "Lithium, processing"),
        (None, UNKNOWN, "Lithium, processing"),
    ],
)
def test_the_place_tells_without_a_graph(country, expected, told):
    """What is done in a covered nation is done under its jurisdiction, no matter who does it."""
    found = with_chains(step(country=country), graph=None)
    assert found.verdict is expected
    assert notes(found) == [told]
    path = "vehicle.battery.minerals[0].steps[0].foreign_entity_of_concern"
    assert found.missing() == ((path,) if expected is UNKNOWN else ())


def test_the_place_tells_of_the_material_not_of_the_firm():
    """A Hungarian firm refines one chain in Sichuan and another at home."""
    in_sichuan = with_chains(step("Clean", "China"))
    assert notes(in_sichuan) == ["Lithium, processing by Clean: in China, a covered nation"]
    assert with_chains(step("Clean", "Hungary")).verdict is MET


def test_places_do_not_tell_under_a_reading():
    """Then only seat, ownership and contracts do."""
    law = LAW.with_readings(activity_in_covered_nation_counts=False)
    assert with_chains(step(country="China"), graph=None, law=law).verdict is UNKNOWN
    assert with_chains(step("Clean", "China"), law=law).verdict is MET
    assert with_chains(step("Licensor", "China"), law=law).verdict is NOT_MET


def test_hong_kong_left_open():
    """A reading can leave it open; then the flag is needed."""
    law = LAW.with_readings(hong_kong_and_macau_in_china=None)
    found = with_chains(step(country="Hong Kong"), graph=None, law=law)
    assert found.verdict is UNKNOWN
    assert len(found.missing()) == 1
    with_entity = with_chains(step("Clean", "Hong Kong"), law=law)
    assert notes(with_entity) == [
        (
            "Lithium, processing by Clean: in Hong Kong (open whether a covered nation; choose a "
            "reading)"
        )
    ]


def test_a_maker_of_whom_too_little_is_known():
    """The flag is needed; the finding names the facts of the graph that would settle it."""
    found = with_chains(step("Doubtful", "Peru"))
    flag = "vehicle.battery.minerals[0].steps[0].foreign_entity_of_concern"
    assert (found.verdict, found.missing()) == (UNKNOWN, (flag,))
    assert found.settling(MET) == found.settling(NOT_MET) == (frozenset({flag}),)
    (note,) = notes(found)
    assert "Brother, if a body of such a government, holds 26 %" in note
    role = "vehicle.battery.entities.entities[7].government_role"
    assert role in note
    for value, verdict in (("none", MET), ("agency", NOT_MET)):
        facts = {role: value}
        if value == "none":
            facts["vehicle.battery.entities.entities[7].government_of"] = None
        else:
            facts[role] = "agency or instrumentality of the government"
        assert with_chains(step("Doubtful", "Peru"), **facts).verdict is verdict


def test_what_is_open_beside_what_is_known():
    """A maker that is one anyway is reported with what makes it one, not with what else may."""
    private = Entity(name="P", incorporated_in="China", government_role="none")
    graph = OwnershipGraph(
        entities=[private, *GRAPH.entities],
        holdings=[Holding.alike("Brother", "P", 30)],
    )
    found = with_chains(step("P", "Chile"), graph=graph)
    assert notes(found) == ["Lithium, processing by P: incorporated in China, a covered nation"]
    branches = minerals(found).parts[0].branches
    assert [each.code for each in branches] == ["not_under_covered_jurisdiction"]


def test_an_unknown_place_of_a_clean_maker():
    """A clean firm may still have refined in a covered nation."""
    found = with_chains(step("Clean", None))
    assert found.verdict is UNKNOWN
    assert notes(found) == ["Lithium, processing by Clean: the place is unknown"]
    law = LAW.with_readings(activity_in_covered_nation_counts=False)
    assert with_chains(step("Clean", None), law=law).verdict is MET
    doubtful = with_chains(step("Doubtful", None), law=law)
    assert "the place is unknown" not in notes(doubtful)[0]


@pytest.mark.parametrize(
    ("by", "country", "flag", "credit", "told"),
    [
        (
            "Miner",
            "Zambia",
            False,
            "7,500",
            f"stated that it is not one, although {HELD}; the statement takes precedence",
        ),
        (
            None,
            "China",
            False,
            "7,500",
            (
                "stated that it is not one, although in China, a covered nation; the statement "
                "takes precedence"
            ),
        ),
        (
            "Clean",
            "Chile",
            True,
            "0",
            (
                "stated that it is one, although nothing stated of Clean makes it one; the "
                "statement takes precedence"
            ),
        ),
    ],
)
def test_what_is_stated_goes_first(by, country, flag, credit, told):
    """And where it is not what follows, the findings say so."""
    found = with_chains(step(by, country, flag))
    assert str(found.credit) == credit
    (note,) = notes(found)
    assert note.endswith(f": {told}")
    assert feoc_conflicts(found.claim, LAW) == (note,)


@pytest.mark.parametrize(
    ("by", "country", "flag", "credit"),
    [
        ("Miner", "Zambia", False, "0"),
        (None, "China", False, "0"),
        ("Clean", "Chile", True, "7,500"),
        (None, "Chile", True, "0"),
        (None, "Chile", False, "7,500"),
        (None, "Chile", None, "0 to 7,500"),
    ],
)
def test_what_follows_goes_first_under_a_reading(by, country, flag, credit):
    """Then a flag fills in only where nothing follows."""
    law = LAW.with_readings(stated_standing_governs=False)
    found = with_chains(step(by, country, flag), law=law)
    assert str(found.credit) == credit
    told = feoc_conflicts(found.claim, law)
    assert len(told) == ((by or country) in ("Miner", "China", "Clean"))
    assert all("the statement does not take precedence" in each for each in told)


@pytest.mark.parametrize(
    ("flag", "first", "second"), [(False, "7,500", "0"), (True, "0", "0"), (None, "0", "0")]
)
def test_the_flag_of_the_battery_and_what_follows(flag, first, second):
    """The flag of the whole battery takes precedence too, and says so where it disagrees."""
    law = LAW.with_readings(stated_standing_governs=False)
    assert str(with_chains(step(country="China"), **{MINERALS: flag}).credit) == first
    assert str(with_chains(step(country="China"), law=law, **{MINERALS: flag}).credit) == second
    open_chain = with_chains(step(country="Chile"), law=law, **{MINERALS: flag})
    assert str(open_chain.credit) == {False: "7,500", True: "0", None: "0 to 7,500"}[flag]


def test_a_flag_of_the_battery_that_disagrees():
    """One finding with the flag, with those it disagrees with below."""
    found = with_chains(step(country="China"), step("Clean", "Chile"), **{MINERALS: False})
    (part,) = minerals(found).parts
    assert part.verdict is MET
    assert str(part.note) == (
        "critical minerals from a foreign entity of concern: the statement takes precedence "
        "over what follows (Lithium, processing: in China, a covered nation)"
    )
    assert [each.verdict for each in part.branches] == [NOT_MET]
    assert feoc_conflicts(found.claim, LAW) == (str(part.note),)
    agreeing = with_chains(step(country="China"), **{MINERALS: True})
    assert feoc_conflicts(agreeing.claim, LAW) == ()
    open_flag = with_chains(step(country="China"))
    assert feoc_conflicts(open_flag.claim, LAW) == ()
    reading = LAW.with_readings(stated_standing_governs=False)
    assert feoc_conflicts(found.claim, reading) == ()


def test_disagreements_matter_only_while_the_exclusion_is_in_force():
    """In 2024 no one asks who refined the minerals; on an unknown day someone may."""
    early = with_chains(step(country="China", flag=False), day=date(2024, 6, 3))
    assert feoc_conflicts(early.claim, LAW) == ()
    undated = with_facts(early.claim, {"purchase.placed_in_service": None})
    assert len(feoc_conflicts(undated, LAW)) == 1


def test_unknown_chains_beside_tainted_ones():
    """A chain that is unknown changes nothing where another is tainted."""
    chains = (
        MineralSource(mineral="cobalt", value=1),
        MineralSource(mineral="lithium", value=1, steps=[step(country="China")]),
    )
    found = result(IN_2025, **{"vehicle.battery.minerals": chains})
    assert (found.verdict, found.missing()) == (NOT_MET, ())
    with_graph = result(
        IN_2025, **{"vehicle.battery.minerals": chains, "vehicle.battery.entities": GRAPH}
    )
    assert with_graph.verdict is NOT_MET


def test_open_components_in_a_graph():
    """What a cell holds is needed even if its maker is clean."""
    cell = BatteryComponent(kind="battery cell", value=1, made_in="Chile", by="Clean")
    found = result(
        date(2024, 6, 3),
        **{"vehicle.battery.components": (cell,), "vehicle.battery.entities": GRAPH, **CERTIFIED},
    )
    assert found.missing() == ("vehicle.battery.components[0].contains",)
    tainted = with_facts(
        found.claim, {"vehicle.battery.components[0].by": "Miner", COMPONENTS: None}
    )
    assert assess(tainted).verdict is NOT_MET


# -- impracticable to trace ----------------------------------------------------------------

USE = {"used_in": "electrolyte salt"}


@pytest.mark.parametrize(
    ("day", "plan", "credit"),
    [
        (date(2025, 6, 3), True, "7,500"),
        (date(2025, 6, 3), False, "0"),
        (date(2025, 6, 3), None, "0 to 7,500"),
        (date(2024, 12, 31), None, "7,500"),
        (date(2026, 12, 31), True, "7,500"),
        (date(2027, 1, 1), True, "0"),
        (date(2027, 1, 1), None, "0"),
    ],
    ids=str,
)
def test_minerals_impracticable_to_trace(day, plan, credit):
    """Omitted through 2026 if the manufacturer filed its plan."""
    found = with_chains(step("Miner"), day=day, source=USE, **{PLAN: plan})
    assert str(found.credit) == credit
    assert found.missing() == ((PLAN,) if credit == "0 to 7,500" else ())


@pytest.mark.parametrize(
    ("plan", "expected", "told"),
    [
        (
            False,
            NOT_MET,
            f"not omitted, as no plan was filed; Lithium, processing by Miner: {HELD}",
        ),
        (None, UNKNOWN, "omitted if the manufacturer filed its plan in time"),
    ],
)
def test_words_on_minerals_impracticable_to_trace(plan, expected, told):
    """The finding tells whether the chain is omitted, and what its steps amount to."""
    found = with_chains(step("Miner"), source=USE, **{PLAN: plan})
    (part,) = minerals(found).parts
    assert (part.verdict, str(part.note)) == (expected, f"Lithium, electrolyte salt: {told}")
    assert part.branches[0].code == "impracticable_to_trace"
    assert str(part.branches[0].citation) == "26 CFR 1.30D-2(b)(25)"


def test_a_chain_left_out_beside_one_that_is_not():
    """What is omitted does not help the rest."""
    salt = MineralSource(mineral="lithium", value=1, steps=[step(country="China")], **USE)
    rest = MineralSource(mineral="lithium", value=1, steps=[step(country="China")])
    facts = {"vehicle.battery.minerals": (salt, rest), PLAN: True}
    found = result(IN_2025, **facts)
    assert found.verdict is NOT_MET
    assert [str(each.note) for each in minerals(found).parts] == [
        "Lithium, electrolyte salt: excluded from the test",
        "Lithium, processing: in China, a covered nation",
    ]
    unknown_plan = with_facts(found.claim, {PLAN: None})
    assert assess(unknown_plan).missing() == ()


def test_unknown_steps_of_a_chain_that_may_be_left_out():
    """Plan and flags decide together: each matters, and the plan settles it on its own."""
    found = with_chains(step(country="Chile"), step(country="Chile"), graph=None, source=USE)
    flags = {f"vehicle.battery.minerals[0].steps[{place}].{FLAG}" for place in (0, 1)}
    assert set(found.missing()) == {*flags, PLAN}
    assert set(found.settling(MET)) == {frozenset({PLAN}), frozenset(flags)}
    assert set(found.settling(NOT_MET)) == {frozenset({PLAN, flag}) for flag in flags}
    filed = with_chains(step(country="Chile"), graph=None, source=USE, **{PLAN: True})
    assert (filed.verdict, filed.missing()) == (MET, ())
    not_filed = with_chains(step(country="Chile"), graph=None, source=USE, **{PLAN: False})
    assert len(not_filed.missing()) == 1


FLAG = "foreign_entity_of_concern"


def test_an_unknown_chain_that_may_be_left_out():
    """Its steps are needed unless the plan was filed."""
    chain = MineralSource(mineral="lithium", value=1, **USE)
    for plan, missing in ((None, True), (False, True), (True, False)):
        found = result(IN_2025, **{"vehicle.battery.minerals": (chain,), PLAN: plan, **CERTIFIED})
        assert ("vehicle.battery.minerals[0].steps" in found.missing()) is missing
        assert found.verdict is (UNKNOWN if missing else MET)
    assert str(
        minerals(result(IN_2025, **{"vehicle.battery.minerals": (chain,)})).parts[0].note
    ) == ("Lithium, electrolyte salt: omitted if the manufacturer filed its plan in time")


def test_on_an_unknown_day_a_chain_may_be_left_out():
    """The day decides, and is needed."""
    found = with_chains(step("Miner"), source=USE, **{PLAN: True})
    undated = assess(with_facts(found.claim, {"purchase.placed_in_service": None}))
    assert minerals(undated).verdict is UNKNOWN
    assert "purchase.placed_in_service" in undated.missing()


def test_flags_of_a_chain_left_out_and_the_flag_of_the_battery():
    """The flag speaks of what is not omitted, so the two need not agree."""
    found = with_chains(step(flag=True), source=USE, **{PLAN: True, MINERALS: False})
    assert found.verdict is MET
    assert feoc_conflicts(found.claim, LAW) == ()


def test_before_the_final_regulations_nothing_was_left_out():
    """As known in April 2024 there was no list."""
    law = LAW.known_on(date(2024, 4, 1))
    assert with_chains(step("Miner"), source=USE, law=law, **{PLAN: True}).verdict is NOT_MET


# -- order ---------------------------------------------------------------------------------


def test_one_more_tainted_step_never_helps():
    """Whatever the claim, a step by a maker under control added to a chain raises nothing."""
    for steps in ([step("Clean", "Chile")], [step("Doubtful", "Peru")], [step(None, "Chile")]):
        for plan in (True, False, None):
            before = with_chains(*steps, source=USE, **{PLAN: plan})
            after = with_chains(*steps, step("Miner"), source=USE, **{PLAN: plan})
            assert after.credit.lower <= before.credit.lower
            assert after.credit.upper <= before.credit.upper


def test_nothing_is_asked_of_a_chain_that_is_left_out():
    """Graphite in anodes with a plan on file is not looked at; the other chain is."""
    chains = [
        attrs.evolve(
            MineralSource.processed_in("Mozambique", "graphite", 10, extracted_in="Mozambique"),
            used_in="graphite in anode material",
        ),
        MineralSource.extracted_in("Chile", "lithium", 10),
    ]
    claim = with_facts(
        demonstration_claim(date(2025, 3, 3)),
        {
            "vehicle.battery.minerals": chains,
            "vehicle.battery.impracticable_to_trace_plan_filed": True,
        },
    )
    asked = [path for path in assess(claim).missing() if path.endswith("of_concern")]
    assert asked
    assert all(path.startswith("vehicle.battery.minerals[1]") for path in asked)


FOLLOWS_FIRST = LAW.with_readings(stated_standing_governs=False)
SEAT = "vehicle.battery.entities.entities[0].incorporated_in"
OPEN = OwnershipGraph(
    entities=[Entity(name="Open", principal_place_of_business="Peru", government_role="none")],
    holdings=(),
)


@pytest.mark.parametrize(
    ("stated", "of_battery"),
    [(True, True), (True, None), (False, False), (False, None), (None, True), (None, False)],
)
def test_a_statement_decides_nothing_that_tracing_may_overturn(stated, of_battery):
    """Where the seat of a maker is unresolved, the result stays open until it is traced."""
    made = step("Open", "Peru", stated)
    found = with_chains(made, law=FOLLOWS_FIRST, graph=OPEN, **{MINERALS: of_battery})
    assert (found.verdict, str(found.credit)) == (UNKNOWN, "0 to 7,500")
    assert found.missing() == (SEAT,)
    for seat, credit in (("China", "0"), ("Peru", "7,500")):
        traced = assess(with_facts(found.claim, {SEAT: seat}), law=FOLLOWS_FIRST)
        assert str(traced.credit) == credit
    assert with_chains(made, graph=OPEN, **{MINERALS: of_battery}).credit.is_exact


def test_a_contract_that_is_open_is_to_be_traced():
    """What a producer keeps is a flag that is tried on its own."""
    graph = attrs.evolve(
        GRAPH, contracts=[Contract(holder="Licensor", producer="Clean", output="Li")]
    )
    found = with_chains(step("Clean", "Chile", flag=False), law=FOLLOWS_FIRST, graph=graph)
    assert found.verdict is UNKNOWN
    assert "vehicle.battery.entities.contracts[0].effective_control" in found.missing()


def test_a_traced_maker_in_an_unknown_place_may_be_in_a_covered_nation():
    """Under either reading; where places do not count, tracing is enough."""
    for law in (LAW, FOLLOWS_FIRST):
        found = with_chains(step("Clean", None), law=law)
        assert (found.verdict, str(found.credit)) == (UNKNOWN, "0 to 7,500")
        there = {"vehicle.battery.minerals[0].steps[0].country": "China"}
        assert str(assess(with_facts(found.claim, there), law=law).credit) == "0"
    elsewhere = FOLLOWS_FIRST.with_readings(activity_in_covered_nation_counts=False)
    assert str(with_chains(step("Clean", None), law=elsewhere).credit) == "7,500"
    seats = with_chains(step("Open", "Peru", False), law=elsewhere, graph=OPEN)
    assert seats.missing() == (SEAT,)
    asked = with_chains(step("Clean", None, False), law=FOLLOWS_FIRST)
    assert asked.missing() == ("vehicle.battery.minerals[0].steps[0].country",)


def test_a_statement_on_a_component_waits_for_tracing_too():
    """The place of the component and the seat of its maker are needed."""
    module = BatteryComponent(
        kind="battery module", value=1, by="Open", contains=(), foreign_entity_of_concern=False
    )
    facts = {
        "vehicle.battery.components": (module,),
        "vehicle.battery.entities": OPEN,
        "vehicle.battery.minerals": (
            MineralSource(mineral="lithium", value=1, steps=[step(None, "Chile")]),
        ),
        MINERALS: False,
        **CERTIFIED,
    }
    found = assess(with_facts(demonstration_claim(IN_2025), facts), law=FOLLOWS_FIRST)
    assert found.verdict is UNKNOWN
    assert found.missing() == ("vehicle.battery.components[0].made_in", SEAT)


def battery_as(law=FOLLOWS_FIRST, **facts):
    """The demonstration of 2025 with certified contents and other facts of its battery."""
    clean = {"minerals": (chain(step(None, "Chile", flag=False)),)}
    changes = {f"vehicle.battery.{name}": value for name, value in {**clean, **facts}.items()}
    return result_under(law, {**CERTIFIED, **changes})


def result_under(law, facts):
    return assess(with_facts(demonstration_claim(IN_2025), facts), law=law)


BY_STEPS, BY_PARTS = (name.rpartition(".")[2] for name in (MINERALS, COMPONENTS))
LITHIUM = {"mineral": "lithium", "value": 1}


def chain(*steps, **facts):
    return MineralSource(**LITHIUM, steps=steps, **facts)


@pytest.mark.parametrize("flag", [True, False])
@pytest.mark.parametrize(
    ("unknown", "completed"),
    [
        ({"minerals": None}, "minerals"),
        ({"components": None}, "components"),
        ({"minerals": (MineralSource(**LITHIUM),)}, "minerals[0].steps"),
        ({"minerals": (chain(step(None, None)),)}, "minerals[0].steps[0].country"),
        (
            {"components": (BatteryComponent(kind="battery module", value=1, made_in="Peru"),)},
            "components[0].contains",
        ),
        (
            {"components": (BatteryComponent(kind="separator", value=1),)},
            "components[0].made_in",
        ),
    ],
)
def test_a_statement_on_the_battery_decides_nothing_that_tracing_may_overturn(
    unknown, completed, flag
):
    """Under the reading the result stays open, and says what to state; by default it is decided."""
    (name,) = unknown
    stated = {BY_STEPS if name == "minerals" else BY_PARTS: flag}
    found = battery_as(**unknown, **stated)
    assert (found.verdict, str(found.credit)) == (UNKNOWN, "0 to 7,500")
    assert any("tracing may overturn" in reason for reason in found.undetermined)
    if not flag:
        assert found.missing() == (f"vehicle.battery.{completed}",)
    decided = battery_as(LAW, **unknown, **stated)
    assert str(decided.credit) == ("0" if flag else "7,500")
    assert decided.undetermined == ()


def test_a_statement_on_the_battery_decides_what_nothing_can_overturn():
    """The place is known, and no owner is stated."""
    made = {"minerals": (chain(step(None, "Chile")),)}
    for flag, credit in ((True, "0"), (False, "7,500")):
        found = battery_as(**made, **{BY_STEPS: flag})
        assert str(found.credit) == credit
    without_price = assess(with_facts(found.claim, {"vehicle.msrp": None}), law=FOLLOWS_FIRST)
    assert (without_price.missing(), without_price.undetermined) == (("vehicle.msrp",), ())


def test_a_traced_maker_leaves_a_statement_on_the_others_open():
    """Once one of two makers is traced, that the battery holds such minerals is about the other."""
    two = (chain(step("Clean", "Chile"), step("Nobody", "Chile")),)
    found = battery_as(minerals=two, entities=GRAPH, **{BY_STEPS: True})
    other = "vehicle.battery.minerals[0].steps[1].foreign_entity_of_concern"
    assert found.missing() == (other,)
    assert str(assess(with_facts(found.claim, {other: False}), law=FOLLOWS_FIRST).credit) == "7,500"
    assert str(battery_as(minerals=two, entities=GRAPH, **{BY_STEPS: False}).credit) == "7,500"


@pytest.mark.parametrize("flag", [True, False])
def test_a_use_that_may_leave_a_chain_out_leaves_a_statement_open(flag):
    """Whether the manufacturer filed its plan decides, and not the statement."""
    (tainted,) = chains = (chain(step(None, "China"), used_in="electrolyte salt"),)
    found = battery_as(minerals=chains, **{BY_STEPS: flag})
    assert found.missing() == ("vehicle.battery.impracticable_to_trace_plan_filed",)
    for filed, credit in ((True, "7,500"), (False, "0")):
        plan = {"impracticable_to_trace_plan_filed": filed}
        assert str(battery_as(minerals=chains, **plan, **{BY_STEPS: flag}).credit) == credit
    filed = {"impracticable_to_trace_plan_filed": True, BY_STEPS: flag}
    beside = battery_as(minerals=(tainted, chain(step(None, "Chile"))), **filed)
    assert str(beside.credit) == ("0 to 7,500" if flag else "7,500")


def test_an_open_place_leaves_a_statement_open():
    """Where a reading leaves unresolved whether a place is in a covered nation."""
    law = FOLLOWS_FIRST.with_readings(hong_kong_and_macau_in_china=None)
    found = battery_as(law, minerals=(chain(step(None, "Hong Kong", flag=False)),))
    assert (found.verdict, str(found.credit)) == (UNKNOWN, "0 to 7,500")
    told = ("whether Hong Kong counts as the covered nations is unresolved; choose a reading",)
    assert found.undetermined == told
    named = battery_as(
        law, minerals=(chain(step("Clean", "Hong Kong", flag=False)),), entities=GRAPH
    )
    assert named.undetermined == told
    of_any_day = with_facts(found.claim, {"purchase.placed_in_service": None})
    assert assess(of_any_day, law=law).undetermined == told
    unplaced = battery_as(minerals=(chain(step(None, None, flag=False)),))
    assert unplaced.missing() == ("vehicle.battery.minerals[0].steps[0].country",)
    assert unplaced.undetermined == ()
    sure = battery_as(law, minerals=(chain(step(None, "Hong Kong", flag=True)),))
    assert str(sure.credit) == "0"
    nowhere = FOLLOWS_FIRST.with_readings(activity_in_covered_nation_counts=False)
    unplaced = battery_as(nowhere, minerals=(chain(step(None, None, flag=False)),))
    assert str(unplaced.credit) == "7,500"


def test_unknown_holdings_and_contracts_are_to_be_traced():
    """They are needed where they decide, and tried with a government that is in the graph."""
    for unknown in ("holdings", "contracts"):
        graph = attrs.evolve(GRAPH, **{unknown: None})
        found = with_chains(step("Clean", "Chile", flag=False), law=FOLLOWS_FIRST, graph=graph)
        assert found.missing() == (f"vehicle.battery.entities.{unknown}",)
    alone = OwnershipGraph(
        entities=[Entity.company("Clean", "Chile")], holdings=None, contracts=None
    )
    bare = with_chains(step("Clean", "Chile", flag=False), law=FOLLOWS_FIRST, graph=alone)
    assert bare.verdict is UNKNOWN


def test_roles_and_countries_that_cannot_both_be_true_are_tried_apart():
    """An entity without a role is of no government; with components of two makers as well."""
    made = [
        BatteryComponent(kind="battery module", value=5, made_in="Chile", by=by, contains=inside)
        for by, inside in (("Half", ()), ("Clean", [BatteryComponent(kind="separator", value=1)]))
    ]
    half = Entity(name="Half", incorporated_in="Peru", principal_place_of_business="Peru")
    clean = Entity.company("Clean", "Chile")
    graph = OwnershipGraph(entities=[half, clean], holdings=[], contracts=())
    facts = {"components": made, "entities": graph}
    found = battery_as(**facts)
    role = "vehicle.battery.entities.entities[0].government_role"
    assert role in found.missing() or f"{role[:-4]}of" in found.missing()
    day = with_facts(found.claim, {"purchase.placed_in_service": None})
    assert assess(day, law=FOLLOWS_FIRST).missing()


NO_VOTE = {"voting_percent": 0, "board_percent": 0}


@pytest.mark.parametrize(
    ("beyond", "facts", "fact", "matters"),
    [
        # 60 % of a holding that may be all, beside 0, of which 25 % is enough.
        (0, NO_VOTE, "equity_percent", True),
        (58, NO_VOTE, "equity_percent", True),
        # What others hold leaves 41 % at most, of which 60 % are less than 25.
        (59, NO_VOTE, "equity_percent", False),
        (
            0,
            {"equity_percent": 0, "voting_percent": 0, "board_seats_in_all": 5},
            "board_percent",
            True,
        ),
        # What is known in bounds is no more than their end.
        (0, {"equity_percent": Bounds(1, 41), **NO_VOTE}, "equity_percent", False),
        (0, {"equity_percent": Bounds(1, 42), **NO_VOTE}, "equity_percent", True),
        (
            0,
            {"equity_percent": 0, "voting_percent": 0, "board_seats": 1},
            "board_seats_in_all",
            True,
        ),
    ],
)
def test_a_holding_that_is_unknown_is_missing_where_it_may_be_large(beyond, facts, fact, matters):
    """It was tried with a percent at most, and the credit was unknown without a reason."""
    half = [Holding.alike("Between", "Maker", 60)]
    rest = [Holding.alike("Nobody", "Between", beyond)] if beyond else []
    graph = OwnershipGraph(
        entities=[
            Entity.government("State", "China"),
            Entity.company("Between", "Chile"),
            Entity.company("Nobody", "Chile"),
            Entity.company("Maker", "Chile"),
        ],
        holdings=[Holding(owner="State", of="Between", **facts), *half, *rest],
        contracts=(),
    )
    module = BatteryComponent(kind="battery module", value=5, made_in="US", by="Maker", contains=())
    claim = with_facts(
        demonstration_claim(date(2024, 6, 3)),
        {
            "vehicle.battery.components": (module,),
            "vehicle.battery.entities": graph,
            "vehicle.battery.components_from_foreign_entity_of_concern": None,
        },
    )
    law = current_law().with_readings(
        indirect_holdings="proportional", stated_standing_governs=False
    )
    result = assess(claim, law=law)
    path = f"vehicle.battery.entities.holdings[0].{fact}"
    assert result.missing() == ((path,) if matters else ())
    assert result.credit.is_exact is not matters
