"""Rows of fuel economy data: the class of the label and nothing else."""

import csv
import io

import pytest
from tests.importing import check, fate, sample

from evcredit.errors import InvalidFactError
from evcredit.facts.vehicle import Vehicle, VehicleClass
from evcredit.importers.fuel_economy import LabeledVehicle, import_fuel_economy
from evcredit.importers.report import Unknown, Unmapped

FILE = "epa-vehicles.csv"


def row(year="2024", vehicle_class="Compact Cars"):
    return import_fuel_economy(f"id,make,model,year,VClass\n1,E,M,{year},{vehicle_class}")


def test_sample_becomes_classes():
    imported = check(import_fuel_economy(sample(FILE)))

    assert [(each.model, each.vehicle_class, each.compact_car) for each in imported.facts] == [
        ("Crossfield AWD", VehicleClass.SPORT_UTILITY_VEHICLE, None),
        ("Township Electric", VehicleClass.OTHER, None),
        ("Hauler Pro 4WD", VehicleClass.PICKUP_TRUCK, None),
        ("Family PHEV", VehicleClass.VAN, None),
        ("Parcel Van EV", VehicleClass.VAN, None),
        ("Odd Job", None, None),
    ]
    assert imported.facts[0].evidence == "fuel economy data (EPA), row 900001"
    assert imported.facts[0].model_year == 2024
    assert isinstance(fate(imported, "[5].VClass"), Unknown)
    assert isinstance(fate(imported, "[3].rangeA"), Unmapped)
    assert Vehicle(**imported.facts[2].vehicle_facts()).vehicle_class is VehicleClass.PICKUP_TRUCK


def test_every_cell_of_the_sample_is_in_one_list():
    table = list(csv.reader(io.StringIO(sample(FILE).decode())))
    paths = [
        f"[{index}].{heading}"
        for index, cells in enumerate(table[1:])
        for heading, cell in zip(table[0], cells, strict=True)
        if cell
    ]

    check(import_fuel_economy(sample(FILE)), paths)


@pytest.mark.parametrize(
    ("asked", "models"),
    [
        ({"model_year": 2022}, ["Odd Job"]),
        ({"make": "example", "model": "HAULER"}, ["Hauler Pro 4WD"]),
        ({"model": "Odd Job", "model_year": 2024}, []),
    ],
)
def test_rows_that_are_not_asked_for_are_counted(asked, models):
    imported = import_fuel_economy(sample(FILE), **asked)

    assert [each.model for each in imported.facts] == models
    assert imported.report.notes == (f"{6 - len(models)} other rows were not requested",)


@pytest.mark.parametrize("name", ["Flying Cars", ""])
def test_a_class_that_is_none_is_unknown(name):
    imported = check(row(vehicle_class=name))

    assert imported.facts[0].vehicle_class is None
    assert {entry.path for entry in imported.report.unknown} == ({"[0].VClass"} if name else set())


def test_a_heading_that_occurs_twice_is_unknown():
    text = "id,make,model,year,VClass,make\n1,E,M,2024,Compact Cars,F"
    imported = check(import_fuel_economy(text))

    assert imported.facts[0].make is None
    assert imported.facts[0].compact_car is True
    assert isinstance(fate(imported, "[0].make#1"), Unknown)


def test_wrong_types_are_unknown():
    imported = check(row(year="soon"))

    assert imported.facts[0].model_year is None
    assert isinstance(fate(imported, "[0].year"), Unknown)
    assert LabeledVehicle().vehicle_facts() == {}


def test_a_row_without_a_number_has_no_evidence():
    imported = check(import_fuel_economy("make,model,year,VClass\n,,,Two Seaters"))

    assert imported.facts[0].evidence is None


def test_headings_of_another_language_are_refused():
    with pytest.raises(InvalidFactError, match="lacks the headings make, model, year, VClass"):
        import_fuel_economy("Marke,Modell\nE,M")


@pytest.mark.parametrize("keep", range(0, 1180, 53))
def test_truncated_files_raise_only_our_errors(keep):
    try:
        imported = import_fuel_economy(sample(FILE)[:keep])
    except InvalidFactError:
        return
    check(imported)


def test_blank_rows_are_none():
    assert import_fuel_economy("make,model,year,VClass\n,,,\n\n,,,").facts == ()


@pytest.mark.parametrize("asked", [{"make": 5}, {"model": ""}, {"model_year": "soon"}])
def test_what_cannot_be_asked_for_is_refused(asked):
    with pytest.raises(InvalidFactError):
        import_fuel_economy(sample(FILE), **asked)
