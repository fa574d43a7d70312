"""26 USC 30D(d)(7): no inputs from a foreign entity of concern."""

from datetime import date

import pytest

from evcredit import BatteryComponent, MineralSource, Step, Verdict, assess, with_facts
from evcredit.examples import demonstration_claim

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
        (date(2023, 12, 31), "7500"),
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
    [(date(2024, 12, 31), "7500"), (date(2025, 1, 1), "0"), (date(2025, 9, 30), "0")],
    ids=str,
)
def test_one_step_excludes_the_vehicle_from_2025(day, credit):
    """Any one step of any chain, even of one that does not count anyway."""
    assert str(result(day, **{STEP: True}).credit) == credit


@pytest.mark.parametrize(
    ("day", "minerals", "components", "credit"),
    [
        (date(2024, 6, 3), None, False, "7500"),
        (date(2024, 6, 3), True, False, "7500"),
        (date(2025, 6, 3), False, False, "7500"),
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
    """The same of minerals."""
    found = result(date(2025, 6, 3), **{"vehicle.battery.minerals": None, MINERALS: flag})
    excluded = found.find("excluded_minerals")
    assert excluded.verdict is ~Verdict.of(flag)
    assert str(excluded.parts[0].note) == "critical minerals from a foreign entity of concern"


def test_findings_name_the_steps():
    """Mineral, activity and who did it; a chain that is unknown is told too."""
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
    """Before 2025 nobody asks who made the minerals."""
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
    """A chain without steps leaves the maker open, and asks for the steps."""
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
