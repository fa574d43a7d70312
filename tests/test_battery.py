"""Batteries, procurement chains and components."""

from decimal import Decimal

import pytest

from evcredit import (
    Activity,
    Battery,
    BatteryComponent,
    Bounds,
    ComponentKind,
    InvalidFactError,
    MineralSource,
    Step,
)
from evcredit.battery import MaterialUse, ValuePart
from evcredit.ownership import Contract, Entity, OwnershipGraph


def told(chain):
    """The steps of a chain in short."""
    return [(step.activity.value, step.country) for step in chain.steps]


@pytest.mark.parametrize(
    ("chain", "steps"),
    [
        (
            MineralSource.extracted_in("Chile", "lithium", 9, processed_in="China"),
            [("extraction", "CL"), ("processing", "CN")],
        ),
        (
            MineralSource.extracted_in("Chile", "lithium", 9),
            [("extraction", "CL"), ("processing", None)],
        ),
        (
            MineralSource.processed_in("Japan", "lithium", 9, extracted_in="Indonesia"),
            [("extraction", "ID"), ("processing", "JP")],
        ),
        (
            MineralSource.processed_in("Japan", "lithium", 9),
            [("extraction", None), ("processing", "JP")],
        ),
        (MineralSource.recycled_in("Canada", "lithium", 9), [("recycling", "CA")]),
    ],
    ids=["extracted", "extracted only", "processed", "processed only", "recycled"],
)
def test_one_line_chains(chain, steps):
    """What is not told of the common chains is unknown, not absent."""
    assert told(chain) == steps
    assert chain.mineral.identifier == "lithium"
    assert chain.value == Decimal(9)


def test_evidence_is_kept():
    """A chain may say where the statement comes from."""
    for chain in (
        MineralSource.extracted_in("CL", "lithium", evidence="a report"),
        MineralSource.processed_in("CL", "lithium", evidence="a report"),
        MineralSource.recycled_in("US", "lithium", evidence="a report"),
    ):
        assert chain.evidence == "a report"


def test_a_chain_of_which_nothing_is_known():
    """No steps stated is unknown; an empty list of steps is known to be none."""
    assert MineralSource(mineral="nickel").steps is None
    assert MineralSource(mineral="nickel").by_activity is None
    assert MineralSource(mineral="nickel", steps=[]).by_activity == ()


def test_steps_by_activity_are_exact():
    """Steps of one activity stand together, with the value added in millionths."""
    ore = Step(activity="extraction", country="ID", value_added="0.000001")
    more = Step(activity="extraction", country="AU")
    plant = Step(activity="processing", country="JP", value_added=2)
    chain = MineralSource(mineral="nickel", value=3, steps=[ore, plant, more])
    assert chain.by_activity == (
        (Activity.EXTRACTION, ((ore, 1), (more, None))),
        (Activity.PROCESSING, ((plant, 2_000_000),)),
    )
    assert chain.value_in_millionths == 3_000_000


def test_a_step_of_unknown_activity_leaves_the_chain_open():
    """Without its activity a step cannot be judged."""
    assert MineralSource(mineral="nickel", steps=[Step(country="JP")]).by_activity is None


@pytest.mark.parametrize(
    ("flags", "known"), [((False, False), False), ((False, None), None), ((None, True), True)]
)
def test_a_chain_is_tainted_by_any_step(flags, known):
    """One step by a foreign entity of concern is enough."""
    steps = [Step(foreign_entity_of_concern=flag) for flag in flags]
    assert MineralSource(mineral="nickel", steps=steps).any_foreign_entity_of_concern is known
    assert MineralSource(mineral="nickel").any_foreign_entity_of_concern is None


@pytest.mark.parametrize("kind", list(ComponentKind), ids=lambda kind: kind.value)
def test_what_simple_components_contain(kind):
    """Electrodes, separators and electrolytes hold no components; of others it is unknown."""
    assembled = {"battery cell", "battery module", "other battery component"}
    expected = None if kind.value in assembled else ()
    assert BatteryComponent(kind=kind).contains == expected


def module(**cell):
    """A module of 100 in Mexico with a cell of 80 that holds electrodes."""
    inside = {
        "kind": "battery cell",
        "value": 80,
        "made_in": "US",
        "contains": [
            BatteryComponent(kind="cathode electrode", value=30, made_in="KR"),
            BatteryComponent(kind="anode electrode", value=12, made_in="CN"),
        ],
    }
    return BatteryComponent(
        kind="battery module",
        value=100,
        made_in="MX",
        contains=[BatteryComponent(**{**inside, **cell})],
    )


def test_incremental_values_telescope():
    """Each piece is a component's value less what is inside; together they make the module."""
    parts = module().value_parts
    assert {part.places: part.value for part in parts} == {
        ("MX",): 20_000_000,
        ("US",): 38_000_000,
        ("KR",): 30_000_000,
        ("CN",): 12_000_000,
    }
    assert sum(part.value for part in parts) == 100_000_000


def test_component_of_unknown_value_shares_its_places_with_the_whole():
    """Without the cell's value, what is left of the module may have arisen in either place."""
    parts = module(value=None).value_parts
    assert sum(part.value for part in parts) == 100_000_000
    assert ValuePart(58_000_000, ("MX", "US")) in [
        ValuePart(part.value, tuple(sorted(part.places))) for part in parts
    ]


def test_component_whose_inside_is_unknown():
    """A cell of unknown contents may hold parts from anywhere."""
    parts = module(contains=None).value_parts
    assert sum(part.value for part in parts) == 100_000_000
    (open_part,) = [part for part in parts if None in part.places]
    assert open_part.value == 80_000_000


@pytest.mark.parametrize(
    ("flags", "known"),
    [
        ((False, False), False),
        ((None, False), None),
        ((False, None), None),
        ((None, True), True),
        ((True, None), True),
    ],
)
def test_a_component_is_tainted_by_anything_inside(flags, known):
    """The component itself or any part, however deep."""
    own, inner = flags
    cell = BatteryComponent(
        kind="battery cell",
        foreign_entity_of_concern=own,
        contains=[BatteryComponent(kind="separator", foreign_entity_of_concern=inner)],
    )
    assert cell.any_foreign_entity_of_concern is known


def test_contents_that_are_unknown_may_be_tainted():
    """A clean maker says nothing of what is inside."""
    cell = BatteryComponent(kind="battery cell", foreign_entity_of_concern=False)
    assert cell.any_foreign_entity_of_concern is None


def test_bounds_that_meet_are_one_value():
    """Exact bounds are taken in as the value itself."""
    battery = Battery(capacity_kwh=Bounds(Decimal(75), Decimal("75.0")))
    assert battery.capacity_kwh == Decimal(75)
    assert Battery(capacity_kwh=Bounds(60, 75)).capacity_kwh == Bounds(Decimal(60), Decimal(75))


def test_mineral_must_be_applicable():
    """Copper is no applicable critical mineral."""
    with pytest.raises(InvalidFactError) as caught:
        MineralSource(mineral="copper")
    assert caught.value.path == "mineral_source.mineral"


@pytest.mark.parametrize(
    ("written", "activity"),
    [
        ("extraction", Activity.EXTRACTION),
        ("Processing", Activity.PROCESSING),
        ("RECYCLING", Activity.RECYCLING),
        (Activity.RECYCLING, Activity.RECYCLING),
        (None, None),
    ],
)
def test_choices_by_value_or_name(written, activity):
    """Capital letters do not matter."""
    assert Step(activity=written).activity is activity


# -- entities and materials impracticable to trace -----------------------------------------


def test_uses_of_minerals():
    """A use by name; graphite in anode material is graphite."""
    salt = MineralSource(mineral="lithium", used_in="Electrolyte salt")
    assert salt.used_in is MaterialUse.ELECTROLYTE_SALT
    anode = MineralSource(mineral="graphite", used_in=MaterialUse.GRAPHITE_IN_ANODE)
    assert anode.used_in is MaterialUse.GRAPHITE_IN_ANODE
    with pytest.raises(InvalidFactError) as caught:
        MineralSource(mineral="lithium", used_in="graphite in anode material")
    assert caught.value.path == "mineral_source.used_in"


def test_contracts_must_be_for_something_in_a_battery():
    """A misspelt output would silently match nothing."""
    entities = [Entity.company(name, "Japan") for name in "AB"]

    def battery(output):
        contract = Contract(holder="A", producer="B", output=output)
        return Battery(entities=OwnershipGraph(entities=entities, contracts=[contract]))

    assert battery("Li").entities.contracts[0].output == "Li"
    assert battery(None).entities.contracts[0].output is None
    with pytest.raises(InvalidFactError) as caught:
        battery("lithum")
    assert caught.value.path == "battery.entities.contracts[0].output"
    assert Battery(entities=OwnershipGraph(entities=entities, contracts=None)).minerals is None


def test_places_of_what_nothing_is_stated():
    """These alone may tell more than the flags, unless a graph or a use does."""
    stated = Step(country="China", foreign_entity_of_concern=False)
    chain = MineralSource(mineral="nickel", steps=[stated, Step(country="Chile"), Step()])
    cell = BatteryComponent(kind="battery cell", made_in="Japan", contains=[])
    module = BatteryComponent(
        kind="battery module", made_in="Mexico", contains=[cell], foreign_entity_of_concern=False
    )
    battery = Battery(minerals=[chain], components=[module])
    assert (battery.minerals_places, battery.components_places) == ({"CL"}, {"JP"})
    assert (battery.minerals_by_flags, battery.components_by_flags) == (None, None)
    with_graph = Battery(minerals=[chain], entities=OwnershipGraph(entities=[]))
    assert (with_graph.minerals_places, with_graph.components_places) == (None, None)
    salt = MineralSource(mineral="lithium", used_in="electrolyte salt")
    assert Battery(minerals=[salt]).minerals_places is None


def test_a_use_leaves_the_flag_of_the_battery_free():
    """Of a chain that may be left out the flag of the battery need not speak."""
    steps = [Step(foreign_entity_of_concern=True)]
    salt = MineralSource(mineral="lithium", used_in="electrolyte salt", steps=steps)
    battery = Battery(minerals=[salt], minerals_from_foreign_entity_of_concern=False)
    assert battery.minerals_from_foreign_entity_of_concern is False
