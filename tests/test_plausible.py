"""Facts that look like something else: warnings, and nothing rescaled."""

from decimal import Decimal

import pytest

from evcredit import Battery, Bounds, Claim, MineralSource, Step, Vehicle, assess, with_facts
from evcredit.algebra.path import fact_type_at
from evcredit.examples import demonstration_claim
from evcredit.facts.ownership import Entity, Holding
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.facts.place import Place
from evcredit.facts.plausible import USUAL, looks_wrong
from evcredit.io import claim_from_json


def said(facts):
    """The warnings of a claim with these facts of a vehicle, a battery and a purchase."""
    return list(looks_wrong(with_facts(Claim(), facts)))


@pytest.mark.parametrize("usual", USUAL, ids=lambda usual: usual.path)
def test_every_usual_range_is_one_of_a_fact(usual):
    """Each path is declared, and the range is not empty."""
    assert fact_type_at(Claim, usual.path).label
    assert usual.least is None or usual.most is None or usual.least < usual.most


CONTENT = "vehicle.battery.certified_critical_mineral_content"


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        (
            {CONTENT: "0.5"},
            (
                f"{CONTENT}: 0.5 is read as 0.5 percent; a fraction looks like this, and as a "
                "percentage it is 50"
            ),
        ),
        ({"vehicle.msrp": 5_799_000}, "vehicle.msrp: 5799000 looks like cents; it is read as doll"),
        ({"vehicle.msrp": "57.99"}, "vehicle.msrp: 57.99 looks like thousands of dollars; it is r"),
        ({"purchase.sale_price": 2_499_900}, "purchase.sale_price: 2499900 looks like cents; it i"),
        (
            {"vehicle.battery.capacity_kwh": 75_000},
            "vehicle.battery.capacity_kwh: 75000 looks like watt-hours; it is read as kWh",
        ),
        (
            {"vehicle.battery.capacity_kwh": "300.1"},
            "vehicle.battery.capacity_kwh: 300.1 looks like watt-hours; it is read as kWh",
        ),
        (
            {"vehicle.gross_vehicle_weight_rating_lb": "3.1"},
            "vehicle.gross_vehicle_weight_rating_lb: 3.1 looks like tons; it is read as lb",
        ),
        ({"vehicle.final_assembly_country": "NA"}, "NA is read as Namibia; it may also mark a mi"),
    ],
)
def test_what_looks_like_something_else(facts, message):
    """Each names the path, the value and what it looks like, and the value stays what it is."""
    (warning,) = said(facts)
    assert message in warning
    ((path, value),) = facts.items()
    assert path in warning
    claim = with_facts(demonstration_claim(), facts)
    assert warning in assess(claim).warnings
    stated = with_facts(Claim(), facts)
    part = stated.vehicle if path.startswith("vehicle") else stated.purchase
    for name in path.split(".")[1:]:
        part = getattr(part, name)
    assert part == (Decimal(value) if path != "vehicle.final_assembly_country" else "NA")


@pytest.mark.parametrize(
    "facts",
    [
        {CONTENT: 0},
        {CONTENT: 1},
        {CONTENT: 50},
        {CONTENT: Bounds(Decimal("0.1"), Decimal("0.2"))},
        {"vehicle.msrp": 500_000},
        {"vehicle.msrp": 1000},
        {"vehicle.msrp": 0},
        {"vehicle.msrp": Bounds(Decimal(1), Decimal(9_000_000))},
        {"vehicle.msrp": 800_000, "vehicle.gross_vehicle_weight_rating_lb": 14_000},
        {"vehicle.msrp": 900, "vehicle.wheels": 2},
        {"vehicle.battery.capacity_kwh": 300},
        {"vehicle.battery.capacity_kwh": "1.2"},
        {"vehicle.battery.capacity_kwh": 700, "vehicle.gross_vehicle_weight_rating_lb": 80_000},
        {"vehicle.gross_vehicle_weight_rating_lb": 500},
        {"vehicle.gross_vehicle_weight_rating_lb": 450, "vehicle.wheels": 2},
        {"vehicle.final_assembly_country": "Namibia"},
        {"vehicle.final_assembly_country": "Canada"},
        {"vehicle.final_assembly_country": Place("US", "GA")},
    ],
)
def test_what_is_likely_enough(facts):
    """At the bounds, of heavy and of small vehicles, and of countries without a second reading."""
    assert said(facts) == []


def test_two_readings_of_a_code_are_said_once():
    """Letters that are a country and a state, with the facts that state them."""
    chains = [
        MineralSource(
            mineral="nickel",
            steps=[Step(activity=activity, country="ID") for activity in ("mining", "refining")],
        ),
        MineralSource.processed_in("Indonesia", "cobalt", extracted_in="GA"),
    ]
    claim = Claim(vehicle=Vehicle(battery=Battery(minerals=chains)))
    assert list(looks_wrong(claim)) == [
        (
            "vehicle.battery.minerals[0].steps[0].country and 1 more: ID is read as Indonesia; it "
            'is also short for Idaho, a state of the United States: give "Indonesia" or '
            'Place("US", "ID")'
        ),
        (
            "vehicle.battery.minerals[1].steps[0].country: GA is read as Gabon; it is also short "
            'for Georgia, a state of the United States: give "Gabon" or Place("US", "GA")'
        ),
    ]


def test_fractions_of_a_list_are_said_once():
    """Of many small holdings the first is named and the others are counted."""
    graph = OwnershipGraph(
        entities=[Entity.company(name, "South Korea") for name in ("A", "B", "C")],
        holdings=[Holding(owner=name, of="C", equity_percent="0.5") for name in ("A", "B")],
    )
    claim = Claim(vehicle=Vehicle(battery=Battery(entities=graph)))
    assert list(looks_wrong(claim)) == [
        (
            "vehicle.battery.entities.holdings[0].equity_percent and 1 more: 0.5 is read as 0.5 "
            "percent; a fraction looks like this, and as a percentage it is 50"
        )
    ]


def test_json_and_every_credit_warn():
    """The same warnings of a claim in JSON, under each credit, and in the explanation."""
    claim = claim_from_json('{"vehicle": {"msrp": 5799000, "battery": {"capacity_kwh": 75000}}}')
    for credit in ("30D", "25E", "45W"):
        said = " ".join(assess(claim, credit=credit).warnings)
        assert "vehicle.msrp: 5799000 looks like cents; it is read as dollars" in said
        assert "vehicle.battery.capacity_kwh: 75000 looks like watt-hours" in said
    dear = with_facts(demonstration_claim(), {"vehicle.msrp": 5_799_000})
    text = " ".join(assess(dear).explain().split())
    assert "vehicle.msrp: 5799000 looks like cents; it is read as dollars" in text


def test_the_demonstration_looks_right():
    """The bundled example has nothing to look at again."""
    assert list(looks_wrong(demonstration_claim())) == []
