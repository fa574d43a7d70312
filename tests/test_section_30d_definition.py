"""26 USC 30D(d)(1)-(6): what a new clean vehicle is."""

import pytest

from evcredit import Vehicle, Verdict, assess, current_law, with_facts
from evcredit.examples import demonstration_claim

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
CLAIM = demonstration_claim()


def result(law=None, **facts):
    """The assessment of the demonstration with other facts; "__" represents the dot."""
    paths = {name.replace("__", "."): value for name, value in facts.items()}
    return assess(with_facts(CLAIM, paths), law=law)


def verdict(code, **facts):
    """The verdict of one rule."""
    return result(**facts).find(code).verdict


@pytest.mark.parametrize(
    ("code", "path", "citation"),
    [
        (
            "original_use",
            "purchase.original_use_begins_with_taxpayer",
            "26 USC 30D(d)(1)(A)",
        ),
        ("use_or_lease", "purchase.for_use_or_lease", "26 USC 30D(d)(1)(B)"),
        (
            "qualified_manufacturer",
            "vehicle.made_by_qualified_manufacturer",
            "26 USC 30D(d)(1)(C)",
        ),
        ("clean_air_act", "vehicle.clean_air_act_motor_vehicle", "26 USC 30D(d)(1)(D)"),
        ("battery_motor", "vehicle.driven_by_battery_motor", "26 USC 30D(d)(1)(F)"),
        (
            "external_recharging",
            "vehicle.battery.externally_rechargeable",
            "26 USC 30D(d)(1)(F)(ii)",
        ),
        ("seller_report", "purchase.seller_report_furnished", "26 USC 30D(d)(1)(H)"),
        ("motor_vehicle", "vehicle.made_for_public_roads", "26 USC 30D(d)(2)"),
    ],
)
@pytest.mark.parametrize("known", [True, False, None], ids=str)
def test_conditions_that_are_stated(code, path, citation, known):
    """Each is as it is stated, at its place; without it there is no credit at all."""
    found = assess(with_facts(CLAIM, {path: known}))
    assert found.find(code).verdict is Verdict.of(known)
    assert str(found.find(code).citation) == citation
    credit = {True: "7,500", False: "0", None: "0 to 7,500"}[known]
    assert str(found.credit) == credit


@pytest.mark.parametrize(
    ("pounds", "expected"),
    [("13999.999", MET), (14000, NOT_MET), (14001, NOT_MET), (None, UNKNOWN)],
    ids=str,
)
def test_weight_must_be_below_14000_pounds(pounds, expected):
    """Less than 14,000 pounds: equality fails."""
    facts = {"vehicle__gross_vehicle_weight_rating_lb": pounds}
    assert verdict("gross_vehicle_weight", **facts) is expected


@pytest.mark.parametrize(
    ("kwh", "expected"),
    [("6.999", NOT_MET), (7, MET), ("7.001", MET), (None, UNKNOWN)],
    ids=str,
)
def test_capacity_must_not_be_below_7_kwh(kwh, expected):
    """Not less than 7 kilowatt hours: equality passes."""
    assert verdict("battery_capacity", vehicle__battery__capacity_kwh=kwh) is expected


@pytest.mark.parametrize(
    ("wheels", "roads", "expected"),
    [
        (4, True, MET),
        (6, True, MET),
        (3, True, NOT_MET),
        (4, False, NOT_MET),
        (3, None, NOT_MET),
        (None, True, UNKNOWN),
        (None, False, NOT_MET),
    ],
)
def test_motor_vehicle_has_at_least_four_wheels(wheels, roads, expected):
    """Made for public roads, on four wheels or more."""
    facts = {"vehicle__wheels": wheels, "vehicle__made_for_public_roads": roads}
    assert verdict("motor_vehicle", **facts) is expected


@pytest.mark.parametrize(
    ("country", "expected"),
    [
        ("United States", MET),
        ("Canada", MET),
        ("Mexico", MET),
        ("Puerto Rico", MET),
        ("Japan", NOT_MET),
        ("South Korea", NOT_MET),
        ("Germany", NOT_MET),
        ("Guam", NOT_MET),
        (None, UNKNOWN),
    ],
    ids=str,
)
def test_final_assembly_is_in_north_america(country, expected):
    """A free trade agreement does not help here."""
    found = result(vehicle__final_assembly_country=country)
    assert found.find("final_assembly").verdict is expected
    assert str(found.credit) == {MET: "7,500", NOT_MET: "0", UNKNOWN: "0 to 7,500"}[expected]


@pytest.mark.parametrize(
    ("reading", "country", "expected"),
    [
        ({"puerto_rico_in_north_america": False}, "Puerto Rico", NOT_MET),
        ({"puerto_rico_in_north_america": None}, "Puerto Rico", UNKNOWN),
        ({"territories_in_north_america": True}, "Guam", MET),
        ({"territories_in_north_america": None}, "Guam", UNKNOWN),
        ({"territories_in_united_states": True}, "Guam", NOT_MET),
    ],
)
def test_territories_under_other_readings(reading, country, expected):
    """What the default leaves unresolved, a reading decides."""
    law = current_law().with_readings(**reading)
    found = result(law, vehicle__final_assembly_country=country)
    assert found.find("final_assembly").verdict is expected


# -- fuel cell vehicles --------------------------------------------------------------------

#: What a fuel cell vehicle need not be: a heavy one by an unqualified maker, with a battery
#: that is small and cannot be recharged from outside.
FUEL_CELL = {
    "vehicle.fuel_cell": True,
    "vehicle.made_by_qualified_manufacturer": False,
    "vehicle.clean_air_act_motor_vehicle": False,
    "vehicle.gross_vehicle_weight_rating_lb": 16000,
    "vehicle.driven_by_battery_motor": False,
    "vehicle.battery.capacity_kwh": "1.4",
    "vehicle.battery.externally_rechargeable": False,
    "vehicle.made_for_public_roads": None,
    "vehicle.wheels": None,
}


def test_fuel_cell_vehicle_needs_no_large_battery():
    """26 USC 30D(d)(6): of (d)(1), only assembly and report are asked of it."""
    found = assess(with_facts(CLAIM, FUEL_CELL))
    assert found.find("battery_vehicle").verdict is NOT_MET
    assert found.find("kind_of_vehicle").verdict is MET
    assert str(found.find("fuel_cell_vehicle").citation) == "26 USC 30D(d)(6)"
    assert "fuel_cell_vehicle" in [finding.code for finding in found.reasons]
    assert str(found.credit) == "7,500"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("vehicle.final_assembly_country", "Japan"),
        ("purchase.seller_report_furnished", False),
        ("purchase.original_use_begins_with_taxpayer", False),
        ("purchase.for_use_or_lease", False),
        ("vehicle.msrp", 80001),
    ],
)
def test_fuel_cell_vehicle_needs_the_rest(path, value):
    """Assembly, report, first use, own use and price limit hold for it too."""
    assert str(assess(with_facts(CLAIM, {**FUEL_CELL, path: value})).credit) == "0"


def test_the_same_without_a_fuel_cell():
    """What the fuel cell excuses, it alone excuses."""
    assert str(assess(with_facts(CLAIM, {**FUEL_CELL, "vehicle.fuel_cell": False})).credit) == "0"
    unknown = assess(with_facts(CLAIM, {**FUEL_CELL, "vehicle.fuel_cell": None}))
    assert (str(unknown.credit), unknown.missing()) == ("0 to 7,500", ("vehicle.fuel_cell",))


def test_battery_vehicle_need_not_say_that_it_has_no_fuel_cell():
    """One kind that qualifies is enough."""
    assert result(vehicle__fuel_cell=None).missing() == ()


def test_of_a_bare_vehicle_every_condition_is_missing():
    """Nothing is assumed."""
    claim = with_facts(CLAIM, {"vehicle": Vehicle(battery=CLAIM.vehicle.battery)})
    found = assess(claim)
    assert str(found.credit) == "0 to 7,500"
    assert {
        "vehicle.made_by_qualified_manufacturer",
        "vehicle.clean_air_act_motor_vehicle",
        "vehicle.gross_vehicle_weight_rating_lb",
        "vehicle.driven_by_battery_motor",
        "vehicle.made_for_public_roads",
        "vehicle.wheels",
        "vehicle.fuel_cell",
        "vehicle.final_assembly_country",
        "vehicle.msrp",
        "vehicle.vehicle_class",
        "vehicle.meets_air_and_safety_rules",
    } == set(found.missing())
