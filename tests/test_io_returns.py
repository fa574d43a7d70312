"""Returns as JSON."""

import json
from datetime import date
from pathlib import Path

import pytest
from tests.returns import motorcycle, whole_return

from evcredit import CleanVehicleReturn, InvalidFactError, OutsideCoverage, fill_forms
from evcredit.errors import InvalidFactsError
from evcredit.facts import TaxReturn
from evcredit.forms import ReturnVehicle
from evcredit.io import return_from_dict, return_from_json, return_to_dict, return_to_json

OLD = CleanVehicleReturn(
    tax_year=2018,
    vehicles=[ReturnVehicle(claim=motorcycle(20_000, date(2018, 5, 3)), business_use_percent=40)],
    tax_return=TaxReturn(tax_before_credits=7_000),
    year_begins="2018-03-01",
    passed_through_new="12.50",
)


@pytest.mark.parametrize(
    "stated",
    [CleanVehicleReturn(tax_year=2024), OLD, whole_return()],
    ids=["empty", "old", "everything"],
)
def test_returns_survive_json(stated):
    """Reading back what was written gives an equal return, and the same forms."""
    assert return_from_json(return_to_json(stated)) == stated
    assert return_from_json(return_to_json(stated, indent=None).encode()) == stated
    assert return_from_dict(return_to_dict(stated)) == stated
    assert fill_forms(return_from_json(return_to_json(stated))).lines == fill_forms(stated).lines


def test_the_receipt_of_forms_can_be_read_back():
    """What forms tell of themselves is enough to fill them in again."""
    told = json.loads(json.dumps(fill_forms(OLD).to_dict()))
    assert return_from_dict(told["receipt"]["facts"]) == OLD


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ({}, "tax_year"),
        ({"tax_year": 2024, "vehicles": [{"business_use_percent": 101}]}, None),
        ({"tax_year": 2024, "vehicles": {}}, "vehicles"),
        (
            {"tax_year": 2024, "vehicles": [{"transfer": {"paymnt": 1}}]},
            "vehicles[0].transfer.paymnt",
        ),
        ({"tax_year": 2022, "vehicles": [{"credit": "25E"}]}, "vehicles[0].credit"),
    ],
)
def test_faults_have_paths(data, path):
    """From the return down."""
    with pytest.raises(InvalidFactError) as caught:
        return_from_dict(data)
    assert caught.value.path == (path or "vehicles[0].business_use_percent")


def test_faults_of_several_vehicles_at_once():
    """And a year whose forms are not covered."""
    bad = {"business_use_percent": -1}
    with pytest.raises(InvalidFactsError) as caught:
        return_from_dict({"tax_year": 2024, "vehicles": [bad, bad]})
    assert [fault.path for fault in caught.value.exceptions] == [
        f"vehicles[{index}].business_use_percent" for index in range(2)
    ]
    with pytest.raises(OutsideCoverage):
        return_from_dict({"tax_year": 2027})


def test_the_return_of_the_how_to_is_short_enough_to_write_by_hand():
    """At most 60 lines; that it is the return of the page is an example there."""
    file = Path(__file__).parents[1] / "docs" / "how-to" / "return.json"
    assert len(file.read_text(encoding="utf-8").splitlines()) <= 60
    stated = return_from_json(file.read_bytes())
    assert len(stated.vehicles) == 2
    assert return_from_json(return_to_json(stated)) == stated
