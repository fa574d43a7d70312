"""Batteries, procurement chains and components."""

from decimal import Decimal

import pytest

from evcredit import (
    Battery,
    BatteryComponent,
    Bounds,
    Claim,
    InvalidFactError,
    MineralSource,
    Purchase,
    Step,
    Vehicle,
    assess,
    current_law,
    with_facts,
)
from evcredit.facts import Activity, ComponentKind
from evcredit.facts.chain import MaterialUse
from evcredit.facts.component import ValuePart
from evcredit.facts.contract import Contract
from evcredit.facts.ownership import Entity
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.facts.place import Place
from evcredit.io import claim_from_json, claim_to_json
from evcredit.section_30d.sourcing.components import battery_component_content


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
    """What is not reported about the common chains is unknown, not absent."""
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
    """A clean maker says nothing about what is inside."""
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
    """Of a chain that may be omitted the flag of the battery need not speak."""
    steps = [Step(foreign_entity_of_concern=True)]
    salt = MineralSource(mineral="lithium", used_in="electrolyte salt", steps=steps)
    battery = Battery(minerals=[salt], minerals_from_foreign_entity_of_concern=False)
    assert battery.minerals_from_foreign_entity_of_concern is False


# -- value by mass and price ---------------------------------------------------------------------


def test_mass_times_price_is_the_value():
    """Exact, to a millionth of a dollar, halves up; both are kept."""
    source = MineralSource(mineral="nickel", mass_kg="41.5", price_per_kg="16.20")
    assert (source.value, source.mass_kg, source.price_per_kg) == (
        Decimal("672.30"),
        Decimal("41.5"),
        Decimal("16.20"),
    )
    fine = MineralSource(mineral="nickel", mass_kg="0.0000005", price_per_kg=1)
    assert fine.value == Decimal("0.000001")
    assert MineralSource(mineral="nickel", mass_kg=1).value is None
    assert MineralSource(mineral="nickel", price_per_kg=1).value is None


def test_mass_and_price_against_a_stated_value():
    """The same value may be stated too; another one is a conflict."""
    assert MineralSource(mineral="Ni", value=10, mass_kg=2, price_per_kg=5).value == 10
    with pytest.raises(InvalidFactError, match=r"value: found .*11.*; mass_kg times price_per_kg"):
        MineralSource(mineral="Ni", value=11, mass_kg=2, price_per_kg=5)


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"mass_kg": Bounds(Decimal(1), Decimal(2))}, "mass_kg: .*give one number"),
        ({"mass_kg": -1, "price_per_kg": 1}, "mass_kg: .*may not be negative"),
        ({"mass_kg": 1, "price_per_kg": 1.5}, "price_per_kg: .*floats are not exact"),
    ],
)
def test_a_mass_or_price_that_is_none(facts, message):
    """Both are exact and not negative."""
    with pytest.raises(InvalidFactError, match=message):
        MineralSource(mineral="nickel", **facts)


def test_explanation_and_json_keep_mass_price_and_material():
    """The chain is explained by both factors and by what was stated, and JSON gives them back."""
    source = MineralSource(
        mineral="nickel sulphate",
        mass_kg="41.5",
        price_per_kg="16.20",
        steps=[Step(activity="processing", country=Place("US", "TN", "Memphis"))],
    )
    claim = Claim(
        vehicle=Vehicle(battery=Battery(minerals=[source])),
        purchase=Purchase(placed_in_service="2024-06-03"),
    )
    assert (
        "Nickel (as nickel sulfate), $672.30 (41.5 kg at $16.20 a kilogram): processing in "
        "Memphis, Tennessee, United States"
    ) in " ".join(assess(claim).explain().split())
    again = claim_from_json(claim_to_json(claim))
    assert again == claim
    (read,) = again.vehicle.battery.minerals
    assert (read.mineral.stated_as, read.mass_kg) == ("nickel sulfate", Decimal("41.5"))
    assert '"value"' not in claim_to_json(claim)


@pytest.mark.parametrize("unknown", [1, 2])
def test_what_is_inside_is_never_worth_more_through_unknown_levels(unknown):
    """A module of 100 cannot hold a cell of unknown value that holds a separator of 1,000."""
    inside = BatteryComponent(kind="separator", value=1_000, made_in="US")
    for _ in range(unknown):
        inside = BatteryComponent(kind="battery cell", contains=[inside])
    with pytest.raises(InvalidFactError, match=r"\$1,000'; what is inside cannot be worth"):
        BatteryComponent(kind="battery module", value=100, contains=[inside])
    whole = BatteryComponent(kind="battery module", value=1_000, contains=[inside])
    claim = with_facts(Claim(), {"vehicle.battery": Battery(components=[whole])})
    content = battery_component_content(claim, current_law())
    assert 0 <= content.bounds.lower <= content.bounds.upper <= 1
