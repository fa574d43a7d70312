"""Changes of the law as JSON: in and out again, their schema, and what is refused."""

import json
from datetime import date

import pytest
from jsonschema import Draft202012Validator

from evcredit import current_law
from evcredit.errors import EvcreditError, InvalidFactError
from evcredit.facts.vehicle import VehicleClass
from evcredit.io import json_schema, reform_from_json, reform_to_json
from evcredit.law import TradeAgreement
from evcredit.law.agreements import Partner
from evcredit.law.law import schedule_names
from evcredit.law.reform import CHANGES, Reform
from evcredit.law.scenarios import named_reforms

SCHEMA = json_schema(Reform)
VALIDATOR = Draft202012Validator(SCHEMA)
WHY = {"why": "a test"}
CHILE = TradeAgreement(
    identifier="CL-CMA",
    name="a test",
    kind="hypothetical",
    partners=(Partner(country="CL", in_force=date(2024, 1, 1)),),
    covered_minerals=("lithium",),
)
#: One of each kind.
REFORMS = {
    "add agreement": Reform.add_agreement(CHILE, **WHY),
    "suppose agreement": Reform.suppose_agreement("Indonesia", "2024-01-01", **WHY),
    "remove agreement": Reform.remove_agreement("Japan", source="26 USC 30D(e)(1)", **WHY),
    "delay agreement": Reform.delay_agreement("Japan", "2024-07-01", **WHY),
    "end agreement": Reform.end_agreement("Japan", "2024-07-01", **WHY),
    "narrow agreement": Reform.narrow_agreement("Japan", minerals=["nickel"], **WHY),
    "set value": Reform.set_value("msrp_limit", 70_000, category="van", since="2024-01-01", **WHY),
    "cap value": Reform.cap_value("battery_components_percentage", 60, **WHY),
    "choose reading": Reform.choose_reading("agreement_day", "ACTIVITY", **WHY),
    "known on": Reform.known_on("2024-06-01", **WHY),
}
ALL = {**REFORMS, **named_reforms(), "nothing": Reform(), "two": REFORMS["known on"].then(Reform())}


@pytest.mark.parametrize("name", ALL)
def test_out_and_in_again(name):
    """An equal reform, which fits the schema and makes the same law."""
    reform = ALL[name]
    text = reform_to_json(reform)
    VALIDATOR.validate(json.loads(text))
    read = reform_from_json(text)
    assert read == reform
    assert read.apply(current_law()) == reform.apply(current_law())
    assert reform_to_json(reform, indent=None).count("\n") == 0


def test_every_kind_of_change_is_in_the_schema():
    """With the names that it takes."""
    assert set(CHANGES) == set(REFORMS)
    Draft202012Validator.check_schema(SCHEMA)
    definitions = SCHEMA["$defs"]
    named = [each["properties"].get("change") for each in definitions.values()]
    assert {each["const"] for each in named if each} == set(CHANGES)
    assert definitions["SetValue"]["properties"]["schedule"]["enum"] == list(schedule_names())
    assert definitions["TradeAgreement"]["properties"]["partners"]["items"] == {
        "$ref": "#/$defs/Partner"
    }


def test_numbers_are_exact():
    """As they are written."""
    text = """{"changes": [{"change": "set value", "schedule": "msrp_limit", "category": "van",
        "value": 70000.10, "why": "a test"}]}"""
    law = reform_from_json(text).apply(current_law())
    assert str(law.msrp_limit.on(date(2024, 6, 3))[VehicleClass.VAN]) == "70000.10"


OTHER = {"identifier": "X", "name": "x", "kind": "hypothetical"}
CHANGE = {"change": "remove agreement", "agreement": "Japan", **WHY}


@pytest.mark.parametrize(
    ("data", "path"),
    [
        ([], "reform"),
        ({}, "reform"),
        ({"changes": 3}, "reform"),
        ({"changes": [3]}, "reform.changes[0].change"),
        ({"changes": [{**CHANGE, "change": []}]}, "reform.changes[0].change"),
        ({"changes": [{**CHANGE, "agreement": 3}]}, "reform.changes[0].agreement"),
        ({"changes": [{**CHANGE, "why": " "}]}, "reform.changes[0].why"),
        ({"changes": [{**CHANGE, "source": 7}]}, "reform.changes[0].source"),
        ({"changes": [{**CHANGE, "day": "2024-01-01"}]}, "reform.changes[0].day"),
        ({"changes": [CHANGE, {"change": "known on", "day": 5, **WHY}]}, "reform.changes[1].day"),
        ({"changes": [{"change": "known on", **WHY}]}, "reform.changes[0].day"),
        (
            {"changes": [{**CHANGE, "change": "narrow agreement", "partners": "JP"}]},
            "reform.changes[0].partners",
        ),
        (
            {"changes": [{**CHANGE, "change": "narrow agreement", "minerals": 3}]},
            "reform.changes[0].minerals",
        ),
        (
            {"changes": [{"change": "suppose agreement", "agreement": {}, **WHY}]},
            "reform.changes[0].agreement",
        ),
        (
            {"changes": [{**CHANGE, "change": "add agreement"}]},
            "reform.changes[0].agreement",
        ),
        (
            {"changes": [{**CHANGE, "change": "add agreement", "agreement": {"bla": 1}}]},
            "reform.changes[0].agreement.bla",
        ),
        (
            {"changes": [{**CHANGE, "change": "add agreement", "agreement": {"name": "x"}}]},
            "reform.changes[0].agreement.identifier",
        ),
        (
            {
                "changes": [
                    {
                        **CHANGE,
                        "change": "add agreement",
                        "agreement": {**OTHER, "partners": {}},
                    }
                ]
            },
            "reform.changes[0].agreement.partners",
        ),
        (
            {
                "changes": [
                    {
                        **CHANGE,
                        "change": "add agreement",
                        "agreement": {**OTHER, "partners": [3]},
                    }
                ]
            },
            "reform.changes[0].agreement.partners[0]",
        ),
        (
            {"changes": [{"change": "choose reading", "reading": "agreement", "value": 1, **WHY}]},
            "reform.changes[0].reading",
        ),
    ],
)
def test_what_is_refused(data, path):
    """By the schema as by the reader, which names the path."""
    assert not VALIDATOR.is_valid(data) or path.endswith("why")
    with pytest.raises(InvalidFactError) as caught:
        reform_from_json(json.dumps(data))
    assert caught.value.path == path
    assert caught.value.remedy


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the file is empty"),
        ('{"changes": [', "line 1, column 14"),
        ('{"changes": [], "changes": []}', r"reform\.changes: .*the name appears twice"),
        (
            '{"changes": [{"change": "known on", "day": "2024-01-01", "day": "2025-01-01"}]}',
            r"reform\.changes\[0\]\.day: .*the name appears twice",
        ),
        (
            '{"changes":[{"change":"set value","schedule": "mrsp_limit", "value":1, "why":"-"}]}',
            "did you mean msrp_limit",
        ),
    ],
)
def test_text_that_is_refused(text, message):
    """In our own words."""
    with pytest.raises(EvcreditError, match=message):
        reform_from_json(text)
