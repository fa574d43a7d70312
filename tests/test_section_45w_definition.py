"""26 USC 45W(c) and (d)(2): what a qualified commercial clean vehicle is."""

import pytest
from tests.commercial import business_claim

from evcredit import Verdict, current_law
from evcredit.algebra.bound import verdict_of
from evcredit.section_45w.definition import (
    commercial_battery_capacity,
    commercial_clean_vehicle,
    commercial_propulsion,
    depreciable_or_exempt,
    street_vehicle_or_machinery,
)

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
LAW = current_law()


def ruling(rule, **facts):
    return verdict_of(rule, business_claim(**facts), LAW)


def test_an_ordinary_van_of_a_business():
    """All of (c) is met."""
    assert ruling(commercial_clean_vehicle) is MET


@pytest.mark.parametrize(
    "fact",
    [
        "vehicle__made_by_qualified_manufacturer",
        "purchase__for_use_or_lease",
        "vehicle__clean_air_act_motor_vehicle",
        "vehicle__made_for_public_roads",
        "vehicle__driven_by_battery_motor",
        "vehicle__battery__externally_rechargeable",
        "purchase__depreciable",
    ],
)
def test_each_requirement_decides_alone(fact):
    """Not met if it is not so, unknown if it is unknown."""
    assert ruling(commercial_clean_vehicle, **{fact: False}) is NOT_MET
    assert ruling(commercial_clean_vehicle, **{fact: None}) is UNKNOWN


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("purchase__original_use_begins_with_taxpayer", False),
        ("purchase__seller_report_furnished", False),
        ("vehicle__final_assembly_country", "CN"),
        ("vehicle__wheels", 3),
        ("vehicle__msrp", 200_000),
        ("vehicle__battery__minerals_from_foreign_entity_of_concern", True),
        ("vehicle__battery__components_from_foreign_entity_of_concern", True),
    ],
)
def test_what_matters_for_30d_alone(fact, value):
    """No original use, seller report, assembly, wheels, price or sourcing in 45W."""
    assert ruling(commercial_clean_vehicle, **{fact: value}) is MET


@pytest.mark.parametrize(
    ("weight", "capacity", "expected"),
    [
        (13_999, "6.999999", NOT_MET),
        (13_999, 7, MET),
        (13_999, "14.9", MET),
        (13_999, 15, MET),
        (14_000, 7, NOT_MET),
        (14_000, "14.9", NOT_MET),
        (14_000, 15, MET),
        (None, "6.9", NOT_MET),
        (None, 7, UNKNOWN),
        (None, "14.9", UNKNOWN),
        (None, 15, MET),
        (13_999, None, UNKNOWN),
    ],
)
def test_battery_capacity_by_weight(weight, capacity, expected):
    """7 kWh below 14,000 pounds, 15 kWh from there on; equal is enough."""
    facts = {
        "vehicle__gross_vehicle_weight_rating_lb": weight,
        "vehicle__battery__capacity_kwh": capacity,
    }
    assert ruling(commercial_battery_capacity, **facts) is expected


@pytest.mark.parametrize(
    ("clean_air_act", "roads", "machinery", "expected"),
    [
        (True, True, False, MET),
        (True, True, None, MET),
        (True, False, False, NOT_MET),  # on rails alone
        (False, True, False, NOT_MET),
        (False, False, True, MET),
        (False, False, None, UNKNOWN),
        (None, True, True, MET),
    ],
)
def test_road_vehicle_or_mobile_machinery(clean_air_act, roads, machinery, expected):
    """Either will do."""
    facts = {
        "vehicle__clean_air_act_motor_vehicle": clean_air_act,
        "vehicle__made_for_public_roads": roads,
        "vehicle__mobile_machinery": machinery,
    }
    assert ruling(street_vehicle_or_machinery, **facts) is expected


def test_a_fuel_cell_vehicle_needs_no_battery():
    """26 USC 45W(c)(3)(B): neither capacity nor recharging."""
    facts = {
        "vehicle__driven_by_battery_motor": None,
        "vehicle__battery__capacity_kwh": 1,
        "vehicle__battery__externally_rechargeable": False,
    }
    assert ruling(commercial_propulsion, **facts, vehicle__fuel_cell=True) is MET
    assert ruling(commercial_propulsion, **facts, vehicle__fuel_cell=False) is NOT_MET
    assert ruling(commercial_propulsion, **facts, vehicle__fuel_cell=None) is UNKNOWN


@pytest.mark.parametrize(
    ("kind", "leased", "expected"),
    [
        ("tax-exempt or governmental user", False, MET),
        ("tax-exempt or governmental user", True, NOT_MET),
        ("tax-exempt or governmental user", None, UNKNOWN),
        ("corporation", False, NOT_MET),
        ("individual", False, NOT_MET),
        (None, False, NOT_MET),
    ],
)
def test_a_tax_exempt_user_depreciates_nothing(kind, leased, expected):
    """26 USC 45W(d)(2): (c)(4) does not apply to what it has and does not lease out."""
    facts = {"taxpayer__kind": kind, "purchase__subject_to_lease": leased}
    assert ruling(depreciable_or_exempt, purchase__depreciable=False, **facts) is expected
    assert ruling(depreciable_or_exempt, **facts) is MET
