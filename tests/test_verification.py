"""Stored results, computed again."""

import copy
import json

import pytest
from tests.used import used

from evcredit import (
    Claim,
    EvcreditError,
    InvalidFactError,
    OutsideCoverage,
    __version__,
    assess,
    current_law,
    named_law,
    with_facts,
)
from evcredit.errors import LawError
from evcredit.examples import demonstration_claim
from evcredit.io import verify
from evcredit.io.verification import Difference

CLAIM = demonstration_claim()
STORED = json.loads(json.dumps(assess(CLAIM).to_dict()))


def changed(path, value):
    """The stored result with another value at a path of names."""
    data = copy.deepcopy(STORED)
    *outer, last = path.split(".")
    place = data
    for name in outer:
        place = place[name]
    place[last] = value
    return data


@pytest.mark.parametrize(
    "result", [assess(CLAIM), assess(Claim()), used(), assess(CLAIM, credit="45W")]
)
@pytest.mark.parametrize("through", [lambda data: data, lambda data: json.loads(json.dumps(data))])
def test_what_was_stored_a_moment_ago_is_the_same(result, through):
    found = verify(through(result.to_dict()))
    assert found.is_same
    assert found.has_same_result
    assert found.result == result
    assert str(found) == "the same to the last word"


@pytest.mark.parametrize(
    ("path", "value", "part", "said"),
    [
        (
            "receipt.evcredit",
            "0.0.1",
            "version",
            f"receipt.evcredit: '0.0.1' was stored, now '{__version__}'",
        ),
        ("receipt.law_digest", "abc", "law", "receipt.law_digest: 'abc' was stored, now '"),
        (
            "receipt.facts.vehicle.wheels",
            "04",
            "facts",
            "receipt.facts.vehicle.wheels: '04' was stored, now 4",
        ),
        (
            "receipt.unread",
            ["a", "b", "c"],
            "unread",
            "receipt.unread: a list of 3 items was stored, now ",
        ),
        ("verdict", "not met", "result", "verdict: 'not met' was stored, now 'met'"),
        ("credit.lower", 3750, "result", "credit.lower: 3750 was stored, now 7500"),
        ("reasons", [], "result", "reasons: [] was stored, now a list of"),
        ("extra", 1, "result", "extra: 1 was stored, now 'nothing'"),
    ],
)
def test_what_differs_is_named_by_place_and_part(path, value, part, said):
    found = verify(changed(path, value))
    (difference,) = found.differences
    assert difference.path == path
    assert difference.part == part
    assert str(found).startswith(said)
    assert found.of(part) == (difference,)
    assert not found.is_same
    assert found.has_same_result is (part != "result")


def test_other_facts_make_another_result():
    """Facts that were changed after the fact do not fit the result that was stored."""
    found = verify(changed("receipt.facts.vehicle.msrp", 90_000))
    assert found.result == assess(with_facts(CLAIM, {"vehicle.msrp": 90_000}))
    assert not found.of("facts")
    assert {"verdict", "credit.upper"} <= {each.path for each in found.of("result")}
    assert not found.has_same_result


def test_a_place_deep_in_the_tree_is_named():
    data = copy.deepcopy(STORED)
    data["finding"]["parts"][0]["citation"] = "26 USC 30D(z)"
    (difference,) = verify(data).differences
    assert difference.path == "finding.parts[0].citation"


@pytest.mark.parametrize(
    ("facts", "paths"),
    [
        ({"vehicle": {"wheels": -4}}, ["receipt.facts.vehicle.wheels"]),
        (
            {"vehicle": {"wheels": -4, "msrp": "?"}},
            ["receipt.facts.vehicle.msrp", "receipt.facts.vehicle.wheels"],
        ),
    ],
)
def test_facts_that_cannot_be_read_any_more(facts, paths):
    found = verify(changed("receipt.facts", facts))
    assert sorted(each.path for each in found.differences) == paths
    assert {each.part for each in found.differences} == {"facts"}
    assert found.result is None
    assert not found.has_same_result


def test_a_receipt_alone():
    found = verify(STORED["receipt"])
    assert found.is_same
    assert found.result == assess(CLAIM)
    other = {**STORED["receipt"], "law_digest": ""}
    assert [each.path for each in verify(other).differences] == ["receipt.law_digest"]


@pytest.mark.parametrize(
    "law",
    [
        named_law("no-japan"),
        named_law("eu-no-japan"),
        named_law("usmca-lapses-2036"),
        current_law().without_agreement("KORUS"),
        current_law().with_hypothetical("UK-CMA"),
        current_law().known_on("2024-06-03"),
        named_law("no-japan").known_on("2024-06-03"),
    ],
    ids=lambda law: law.name,
)
def test_the_law_is_made_from_its_name(law):
    assert verify(assess(CLAIM, law=law).to_dict()).is_same


def test_a_law_of_ones_own_must_be_given():
    law = current_law().with_readings(agreement_scope="covered_minerals")
    stored = assess(CLAIM, law=law).to_dict()
    with pytest.raises(LawError, match="cannot be made from its name; give it as law="):
        verify(stored)
    assert verify(stored, law=law).is_same
    other = verify(stored, law=current_law())
    assert {"receipt.law", "receipt.law_digest"} == {each.path for each in other.of("law")}


@pytest.mark.parametrize("stored", [None, [], "receipt", {}, {"receipt": None}, {"verdict": "met"}])
def test_what_is_no_receipt(stored):
    with pytest.raises(InvalidFactError, match=r"give what Assessment\.to_dict gave"):
        verify(stored)


@pytest.mark.parametrize("part", list(STORED["receipt"]))
def test_a_receipt_that_lacks_a_part(part):
    receipt = {name: value for name, value in STORED["receipt"].items() if name != part}
    with pytest.raises(InvalidFactError, match=f"a receipt of an assessment has {part} too"):
        verify(receipt)


def test_what_cannot_be_assessed():
    with pytest.raises(EvcreditError):
        verify(changed("receipt.section", "99X"))
    with pytest.raises(OutsideCoverage):
        verify(changed("receipt.facts", {"purchase": {"placed_in_service": "1999-01-01"}}))


def test_a_difference_elsewhere_is_one_of_the_result():
    assert Difference("receiptless.law", 1, 2).part == "result"
