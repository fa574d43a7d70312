"""Claims as JSON."""

import json
from decimal import Decimal

import pytest

from evcredit import Bounds, Claim, InvalidFactError, Taxpayer, TaxYear, with_facts
from evcredit.errors import InvalidFactsError
from evcredit.examples import demonstration_claim
from evcredit.facts import Entity, Holding, IncomeParts, OwnershipGraph
from evcredit.facts.component import BatteryComponent
from evcredit.io import claim_from_dict, claim_from_json, claim_to_dict, claim_to_json

FULL = with_facts(
    demonstration_claim(),
    {
        "vehicle.vin": "1M8GDM9AXKP042788",
        "vehicle.model_year": 2019,
        "vehicle.sticker": None,
        "vehicle.battery.capacity_kwh": Bounds(74, 76),
        "vehicle.battery.certified_critical_mineral_content": "55.25",
        "vehicle.battery.minerals[2].steps[1].performed_on": "2024-01-15",
        "vehicle.battery.minerals[2].steps[1].by": "a refinery",
        "vehicle.battery.minerals[2].steps[1].value_added": "0.000001",
        "purchase.sale_date": "2024-05-01",
        "taxpayer.prior_year.modified_adjusted_gross_income": -1,
    },
)


# -- there and back ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "claim", [Claim(), demonstration_claim(), FULL], ids=["empty", "demonstration", "full"]
)
def test_claims_survive_json(claim):
    """Reading back what was written gives an equal claim, as text and as data."""
    assert claim_from_json(claim_to_json(claim)) == claim
    assert claim_from_json(claim_to_json(claim, indent=None)) == claim
    assert claim_from_json(claim_to_json(claim).encode()) == claim
    assert claim_from_dict(claim_to_dict(claim)) == claim


def test_owners_and_parts_of_an_income_survive_json():
    """A graph of ownership and an income by its parts come back as they were."""
    graph = OwnershipGraph(
        entities=[Entity.government("Sichuan", "China"), Entity.company("A", "South Korea")],
        holdings=[Holding(owner="Sichuan", of="A", equity_percent=Bounds(20, 30))],
    )
    year = TaxYear(filing_status="single", income_parts=IncomeParts.domestic(100_000))
    claim = with_facts(
        demonstration_claim(),
        {"vehicle.battery.entities": graph, "taxpayer": Taxpayer(current_year=year)},
    )
    assert claim_from_json(claim_to_json(claim)) == claim
    assert claim_to_dict(claim)["vehicle"]["battery"]["entities"]["holdings"][0]["of"] == "A"


def test_form_of_the_data():
    """Names are those of the facts; fractions are text, days ISO 8601, choices their words."""
    data = claim_to_dict(FULL)
    assert list(data) == ["vehicle", "purchase", "taxpayer"]
    assert data["purchase"]["placed_in_service"] == "2024-06-03"
    assert data["vehicle"]["vehicle_class"] == "sport utility vehicle"
    assert data["vehicle"]["battery"]["capacity_kwh"] == {"lower": 74, "upper": 76}
    assert data["vehicle"]["battery"]["minerals"][2]["steps"][1] == {
        "activity": "processing",
        "country": "JP",
        "value_added": "0.000001",
        "performed_on": "2024-01-15",
        "by": "a refinery",
    }
    assert data["taxpayer"]["prior_year"]["modified_adjusted_gross_income"] == -1


def test_text_in_any_language_is_kept():
    """Written as it is, not escaped."""
    claim = with_facts(Claim(), {"vehicle.make": "Škoda"})
    assert '"Škoda"' in claim_to_json(claim)
    assert claim_from_json(claim_to_json(claim)).vehicle.make == "Škoda"


# -- reading -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("47999.99", Decimal("47999.99")),
        ('"47999.99"', Decimal("47999.99")),
        ("48000", Decimal(48000)),
        ("4.8e4", Decimal(48000)),
        ("0.10", Decimal("0.1")),
        ("null", None),
    ],
)
def test_json_numbers_are_exact(written, value):
    """A number of JSON is taken as it is written, never through a float."""
    assert claim_from_json(f'{{"vehicle": {{"msrp": {written}}}}}').vehicle.msrp == value


def test_bounds_are_an_object_of_two_ends():
    """Ends may be numbers or text, and open."""
    claim = claim_from_dict(
        {
            "vehicle": {
                "msrp": {"lower": 50000, "upper": "Infinity"},
                "wheels": {"lower": 4, "upper": 4},
            }
        }
    )
    assert claim.vehicle.msrp == Bounds(Decimal(50000), Decimal("Infinity"))
    assert claim.vehicle.wheels == Decimal(4)


def test_null_and_absent_are_unknown():
    """Neither is zero, no or empty."""
    claim = claim_from_dict({"vehicle": None, "purchase": {"elected_out": None}})
    assert claim == Claim()


def test_tuples_are_lists():
    """Data need not come from JSON."""
    claim = claim_from_dict({"vehicle": {"battery": {"minerals": ({"mineral": "nickel"},)}}})
    assert claim.vehicle.battery.minerals[0].mineral.identifier == "nickel"


# -- faults --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "path", "remedy"),
    [
        ([], "", "give an object in braces"),
        ({"vehicle": 3}, "vehicle", "give an object in braces"),
        ({"vehicle": {"battery": []}}, "vehicle.battery", "give an object in braces"),
        (
            {"vehicle": {"battery": {"minerals": {"nickel": 3}}}},
            "vehicle.battery.minerals",
            "give a list in brackets",
        ),
        (
            {"vehicle": {"battery": {"minerals": ["nickel"]}}},
            "vehicle.battery.minerals[0]",
            "give an object in braces",
        ),
        (
            {"vehicle": {"battery": {"minerals": [{"value": 3}]}}},
            "vehicle.battery.minerals[0].mineral",
            "say which mineral it is",
        ),
        (
            {"vehicle": {"battery": {"components": [{"value": 3}]}}},
            "vehicle.battery.components[0].kind",
            "say which kind of component it is",
        ),
        (
            {"vehicle": {"mrsp": 3}},
            "vehicle.mrsp",
            "there is no fact of this name; did you mean msrp?",
        ),
        (
            {"xxxxxxxx": 3},
            "xxxxxxxx",
            "there is no fact of this name; known here: vehicle, purchase, taxpayer",
        ),
        (
            {"purchase": {"acquired_on": "2024-06-03"}},
            "purchase.acquired_on",
            "there is no fact of this name; did you mean acquired?",
        ),
        (
            {"purchase": {"acquired": "2024-06-31"}},
            "purchase.acquired",
            None,
        ),
        (
            {"vehicle": {"msrp": {"lower": 3}}},
            "vehicle.msrp",
            "give one value, or an object of lower and upper",
        ),
        (
            {"vehicle": {"msrp": {"lower": 3, "upper": 2}}},
            "vehicle.msrp",
            "give two numbers, the lower one not above the upper one, or null for an open end",
        ),
        (
            {"vehicle": {"msrp": {"lower": "x", "upper": 2}}},
            "vehicle.msrp",
            "give two numbers, the lower one not above the upper one, or null for an open end",
        ),
        (
            {"vehicle": {"msrp": [3]}},
            "vehicle.msrp",
            "give a Decimal, an int or a number as text, or None for unknown",
        ),
        ({"vehicle": {"msrp": {"lower": -1, "upper": 2}}}, "vehicle.msrp", "may not be negative"),
    ],
)
def test_faults_have_paths_and_remedies(data, path, remedy):
    """Each fault says where it is and what to give instead."""
    with pytest.raises(InvalidFactError) as caught:
        claim_from_dict(data)
    assert caught.value.path == path
    assert remedy is None or caught.value.remedy == remedy


@pytest.mark.parametrize(
    "text",
    ["", " \n", "{", '{"vehicle": }', b"\xff\xfe{", "[" * 100_000],
    ids=["empty", "blank", "cut off", "no value", "not UTF-8", "far too deep"],
)
def test_what_is_not_json(text):
    """Text that cannot be read is one fault of the file."""
    with pytest.raises(InvalidFactError, match="give JSON text") as caught:
        claim_from_json(text)
    assert caught.value.path == "file"


def test_where_json_breaks_off():
    """The message says the line and the column."""
    with pytest.raises(InvalidFactError, match="line 2, column 14: Expecting value"):
        claim_from_json('{\n  "vehicle": ,}')


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_are_none(number):
    """What some writers put for a missing number is refused where it is."""
    with pytest.raises(InvalidFactError) as caught:
        claim_from_json(f'{{"vehicle": {{"msrp": {number}}}}}')
    assert caught.value.path == "vehicle.msrp"


def test_names_that_stand_twice():
    """Of two values of one name neither is silently dropped."""
    with pytest.raises(InvalidFactError) as caught:
        claim_from_json('{"vehicle": {"msrp": 50000, "msrp": 60000}}')
    assert caught.value.path == "vehicle.msrp"
    assert caught.value.remedy == "the name appears twice; keep one of them"


def test_floats_from_elsewhere_are_refused():
    """Data with Python floats has lost its exact numbers already."""
    with pytest.raises(InvalidFactError, match="floats are not exact"):
        claim_from_dict(json.loads('{"vehicle": {"msrp": 47999.99}}'))


def test_all_faults_at_once():
    """Faults of several objects, of fields and between them, are one group."""
    with pytest.raises(InvalidFactsError) as caught:
        claim_from_json(
            """{
                "vehicle": {"wheels": -4, "battery": {"capacity_kwh": "many"}},
                "purchase": {"placed_in_service": "2024-06-03", "sale_date": "2024-07-01"},
                "taxpayer": {"current_year": {"filing_status": "happy"}},
                "driver": {}
            }"""
        )
    assert {fault.path for fault in caught.value.exceptions} == {
        "vehicle.wheels",
        "vehicle.battery.capacity_kwh",
        "purchase.placed_in_service",
        "taxpayer.current_year.filing_status",
        "driver",
    }


def test_parts_that_are_unknown_are_not_none():
    """A separator with unknown parts is not one without parts, there and back."""
    part = BatteryComponent(kind="separator", contains=None)
    claim = with_facts(demonstration_claim(), {"vehicle.battery.components": (part,)})
    data = claim_to_dict(claim)
    assert data["vehicle"]["battery"]["components"] == [{"kind": "separator", "contains": None}]
    assert claim_from_json(claim_to_json(claim)) == claim


def test_bytes_that_are_no_utf_8():
    with pytest.raises(InvalidFactError, match=r"file: .*byte 13: .*; give JSON text in UTF-8"):
        claim_from_json(b'{"vehicle": "\xff"}')


def test_one_fault_and_several_of_one_document():
    with pytest.raises(InvalidFactError, match=r"^vehicle.vin: "):
        claim_from_json('{"vehicle": {"vin": true}}')
    with pytest.raises(InvalidFactsError) as caught:
        claim_from_json('{"vehicle": {"vin": true, "msrp": "much"}}')
    assert [fault.path for fault in caught.value.exceptions] == ["vehicle.vin", "vehicle.msrp"]
