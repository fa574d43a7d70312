"""Decoded vehicle identification numbers: hints, never facts."""

import json
from decimal import Decimal

import pytest
from tests.importing import check, fate, leaf_paths, sample

from evcredit.algebra.bounds import Bounds
from evcredit.errors import InvalidFactError
from evcredit.facts.vehicle import Vehicle
from evcredit.importers.report import Unknown, Unmapped
from evcredit.importers.vpic import VehicleHints, import_vpic

INFINITE = Decimal("Infinity")
FROM, TO = "Gross Vehicle Weight Rating From", "Gross Vehicle Weight Rating To"
LEVEL, FUEL = "Electrification Level", "Fuel Type - Primary"


def read(**values):
    return check(import_vpic(values), leaf_paths(values))


def hints(**values):
    return read(**values).facts[0]


def test_sample_becomes_hints():
    data = sample("vpic-decoded.json")
    imported = check(import_vpic(data), leaf_paths(json.loads(data)))
    ford, tesla, van, other = imported.facts

    assert (ford.make, ford.model_year, ford.final_assembly_country) == ("FORD", 2023, "MX")
    assert ford.gasoline_or_diesel_engine is False
    assert (tesla.plant_city, tesla.final_assembly_country) == ("FREMONT", "US")
    assert tesla.plant_state == "CALIFORNIA"
    assert tesla.gross_vehicle_weight_rating_lb == Bounds(Decimal(4001), Decimal(5000))
    assert van.gasoline_or_diesel_engine is True
    assert van.vin is None
    assert other == VehicleHints(vin="LRW3E1EK5PC000001", model_year=Decimal(2023))
    assert "check digit" in fate(imported, "[2].VIN").why
    assert fate(imported, "[0].Body Class").why == "not the class of the fuel economy label"
    assert len(fate(imported, "[0].Battery Energy (KWh) From").readings) == 2
    assert imported.report.notes == (
        "[2].Error Code is 1: the number was not decoded cleanly",
        "[3].Error Code is 7: the number was not decoded cleanly",
    )


def test_a_range_without_an_end_has_none():
    assert hints(**{FROM: "Class 1D: 5,001 - 6,000 lb (2,268 - 2,722 kg)"}) == VehicleHints(
        gross_vehicle_weight_rating_lb=Bounds(Decimal(5001), INFINITE)
    )


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("Class 1: 6,000 lb or less (2,722 kg or less)", "", (0, INFINITE)),
        ("", "Class 1: 6,000 lb or less (2,722 kg or less)", (0, 6000)),
        ("Class 8: 33,001 lb and above (14,969 kg and above)", "", (33001, INFINITE)),
        ("Class 1C: 4,001 - 5,000 lb", "Class 2E: 6,001 - 7,000 lb", (4001, 7000)),
        ("4,001 - 5,000 LB", "4,001 - 5,000 LB", (4001, 5000)),
    ],
)
def test_classes_of_weight(first, last, expected):
    bounds = hints(**{FROM: first, TO: last}).gross_vehicle_weight_rating_lb

    assert (bounds.lower, bounds.upper) == expected


@pytest.mark.parametrize("text", ["heavy", "5,000 - 4,000 lb", ", - , lb", "3 t"])
def test_what_is_no_class_of_weight(text):
    imported = read(**{FROM: text})

    assert imported.facts[0].gross_vehicle_weight_rating_lb is None
    assert isinstance(fate(imported, FROM), Unknown)


def test_a_range_that_ends_before_it_begins():
    imported = read(**{FROM: "Class 3: 10,001 - 14,000 lb", TO: "Class 1C: 4,001 - 5,000 lb"})

    assert imported.facts[0].gross_vehicle_weight_rating_lb is None
    assert fate(imported, TO).why == "the range of weights ends before it begins"


@pytest.mark.parametrize(
    ("level", "fuel", "expected"),
    [
        ("BEV (Battery Electric Vehicle)", "Electric", False),
        ("BEV (Battery Electric Vehicle)", "", False),
        ("PHEV (Plug-in Hybrid Electric Vehicle)", "Gasoline", True),
        ("PHEV (Plug-in Hybrid Electric Vehicle)", "Electric", True),
        ("BEV (Battery Electric Vehicle)", "Gasoline", None),
        ("Strong HEV (Hybrid Electric Vehicle)", "Gasoline", None),
        ("Not Applicable", "Gasoline", None),
    ],
)
def test_engines(level, fuel, expected):
    assert hints(**{LEVEL: level, FUEL: fuel}).gasoline_or_diesel_engine is expected


def test_the_model_year_is_held_against_the_number():
    vin = "5YJ3E1EA9PF000001"
    assert hints(VIN=vin, **{"Model Year": "2023"}).model_year == 2023

    imported = read(VIN=vin, **{"Model Year": "2019"})
    assert imported.facts[0].model_year is None
    assert fate(imported, "Model Year").readings == ("2019", "1993", "2023")


def test_the_flat_form_is_read_by_its_own_names():
    text = """{"Count": 1, "Results": [{"PlantCountry": "MEXICO", "ModelYear": "2023",
        "GVWR": "Class 1D: 5,001 - 6,000 lb (2,268 - 2,722 kg)", "GVWR_to": null,
        "ElectrificationLevel": "BEV (Battery Electric Vehicle)", "BatteryKWh": "91",
        "ErrorCode": "0", "BodyClass": "Pickup"}]}"""
    imported = check(import_vpic(text), leaf_paths(json.loads(text)))

    assert imported.facts[0].final_assembly_country == "MX"
    assert imported.facts[0].gross_vehicle_weight_rating_lb.lower == 5001
    assert imported.report.notes == ()
    assert fate(imported, "Results[0].ErrorCode").why == "decoded cleanly"


def test_the_form_of_names_and_values_is_read():
    document = {
        "Results": [
            {"Variable": "Error Code", "Value": "0 - VIN decoded clean", "VariableId": 143},
            {"Variable": "Plant Country", "Value": "CANADA", "VariableId": 75},
            {"Variable": "Plant Country", "Value": None, "VariableId": 75},
            {"Variable": "Model", "Value": "Bolt", "VariableId": 28},
        ]
    }
    imported = check(import_vpic(json.dumps(document)), leaf_paths(document))

    (found,) = imported.facts
    assert (found.model, found.final_assembly_country) == ("Bolt", None)
    assert fate(imported, "Results[1].Value").why == "stated under two names"
    assert isinstance(fate(imported, "Results[1].Variable"), Unmapped)


def test_mappings_of_any_decoder_serve():
    imported = check(import_vpic(({"Plant Country": "Japan"}, {"Plant Country": 3.5})))

    assert [each.final_assembly_country for each in imported.facts] == ["JP", None]
    assert imported.report.digest == ""


@pytest.mark.parametrize("document", ["3", '"x"', "null"])
def test_what_is_no_vehicle_is_refused(document):
    with pytest.raises(InvalidFactError, match="give an object for a vehicle"):
        import_vpic(document)


def test_names_that_are_no_text_are_refused():
    with pytest.raises(InvalidFactError, match="give text for each name"):
        import_vpic({1: 2})


@pytest.mark.parametrize(
    "document", ["[]", "{}", "[1, [], null]", '{"Results": 3}', '{"Results": []}']
)
def test_wrong_types_raise_nothing(document):
    check(import_vpic(document))


def test_an_object_where_a_fuel_belongs_is_no_fuel():
    values = {LEVEL: "PHEV (Plug-in Hybrid Electric Vehicle)", FUEL: {"x": "Electric"}}
    imported = check(import_vpic(json.dumps(values)))

    assert imported.facts[0].gasoline_or_diesel_engine is True
    assert isinstance(fate(imported, f"{FUEL}.x"), Unmapped)


@pytest.mark.parametrize("keep", range(0, 2200, 101))
def test_truncated_files_are_refused(keep):
    with pytest.raises(InvalidFactError):
        import_vpic(sample("vpic-decoded.json")[:keep])


def test_disagreements_with_stated_facts():
    found = VehicleHints(
        vin="5YJ3E1EA9PF000001",
        model_year=Decimal(2023),
        final_assembly_country="US",
        gross_vehicle_weight_rating_lb=Bounds(Decimal(4001), Decimal(5000)),
        gasoline_or_diesel_engine=False,
    )
    agreeing = Vehicle(
        vin="5YJ3E1EA9PF000001",
        model_year=2023,
        final_assembly_country="US",
        gross_vehicle_weight_rating_lb=Bounds(Decimal(4500), Decimal(6000)),
    )
    assert found.disagreements(agreeing) == ()
    assert found.disagreements(Vehicle()) == ()

    differing = Vehicle(
        model_year=2022,
        gross_vehicle_weight_rating_lb=6000,
        gasoline_or_diesel_engine=True,
    )
    assert found.disagreements(differing) == (
        "model_year: stated 2022, the decoded number suggests 2023",
        "gross_vehicle_weight_rating_lb: stated 6000, the decoded number suggests 4,001 to 5,000",
        "gasoline_or_diesel_engine: stated True, the decoded number suggests False",
    )
