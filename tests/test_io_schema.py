"""JSON Schema of the documents: what is written fits it, and what does not fit is refused."""

import json
import os
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft202012Validator
from tests.returns import whole_return
from tests.strategies import hide, hidings, known_claims

from evcredit import Claim
from evcredit.__main__ import main
from evcredit.examples import demonstration_claim
from evcredit.io import claim_from_dict, claim_to_dict, return_to_dict
from evcredit.io.schema import DOCUMENTS, json_schema

VALIDATORS = {name: Draft202012Validator(json_schema(cls)) for name, cls in DOCUMENTS.items()}
FOLDER = files("evcredit").joinpath("data")


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_published_schema_is_the_one_of_the_types(name: str) -> None:
    """With EVCREDIT_UPDATE_GOLDEN=1 the file is written again."""
    file = FOLDER.joinpath(f"{name}.schema.json")
    text = json.dumps(json_schema(DOCUMENTS[name]), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("EVCREDIT_UPDATE_GOLDEN") == "1":
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_the_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(json_schema(DOCUMENTS[name]))


@given(known_claims().flatmap(lambda claim: hidings(claim).map(lambda paths: hide(claim, paths))))
def test_what_is_written_fits(claim: Claim) -> None:
    """Random claims, with facts unknown."""
    data = json.loads(json.dumps(claim_to_dict(claim)))
    VALIDATORS["claim"].validate(data)
    assert claim_from_dict(data) == claim


def test_a_whole_return_fits() -> None:
    VALIDATORS["return"].validate(json.loads(json.dumps(return_to_dict(whole_return()))))


@pytest.mark.parametrize(
    ("data", "fits"),
    [
        ({}, True),
        ({"vehicle": None}, True),
        ({"vehicle": {"msrp": 48995}}, True),
        ({"vehicle": {"msrp": "48995.50"}}, True),
        ({"vehicle": {"msrp": {"lower": 1, "upper": None}}}, True),
        ({"purchase": {"as": "new from a dealer", "placed_in_service": "2024-06-03"}}, True),
        ({"vehicle": {"mrsp": 48995}}, False),
        ({"vehicle": {"msrp": "many"}}, False),
        ({"vehicle": {"msrp": True}}, False),
        ({"vehicle": []}, False),
        ({"purchase": {"as": "new"}}, False),
        ({"purchase": {"elected_out": "no"}}, False),
        ({"vehicle": {"battery": {"components": [{"value": 3}]}}}, False),
    ],
)
def test_what_fits_is_what_is_taken_in(data: Any, fits: bool) -> None:
    assert VALIDATORS["claim"].is_valid(data) is fits
    if fits:
        claim_from_dict(data)
    else:
        with pytest.raises(ValueError, match="found"):
            claim_from_dict(data)


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "claim"]) == 0
    assert json.loads(capsys.readouterr().out) == json_schema(Claim)
    assert main(["schema", "car"]) == 2
    assert "give one of claim, return, transfer" in capsys.readouterr().err


def test_the_demonstration_fits() -> None:
    VALIDATORS["claim"].validate(claim_to_dict(demonstration_claim()))
