"""Hostile and broken JSON: every answer is one of ours, within time and memory."""

import json
import pickle
import sys
import time
import tracemalloc
from decimal import Decimal
from typing import Any

import pytest

from evcredit import Bounds, Claim, EvcreditError, InvalidFactError, assess, with_facts
from evcredit.algebra.field import Kind, declared_facts
from evcredit.algebra.limits import MOST_CHARACTERS, MOST_FAULTS, MOST_ITEMS, MOST_LEVELS
from evcredit.examples import demonstration_claim
from evcredit.forms.return_facts import CleanVehicleReturn
from evcredit.io import (
    claim_from_dict,
    claim_from_json,
    claim_to_dict,
    claim_to_json,
    return_from_dict,
)

SECONDS, MEGABYTES = 5, 100
if sys.gettrace() is not None:
    SECONDS *= 3  # measuring coverage takes time of its own


def refused(text: str) -> InvalidFactError:
    """The first fault of a text, found within the time and the memory that are promised."""
    tracemalloc.start()
    start = time.process_time()
    try:
        with pytest.raises((EvcreditError, ExceptionGroup)) as caught:
            claim_from_json(text)
        message = str(caught.value)
        taken = time.process_time() - start
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    if taken >= SECONDS:  # to trace memory takes time of its own
        start = time.process_time()
        with pytest.raises((EvcreditError, ExceptionGroup)):
            claim_from_json(text)
        taken = time.process_time() - start
    assert taken < SECONDS
    assert peak < 2 * len(text) + MEGABYTES * 2**20
    assert len(message) < 51 * 420
    fault = caught.value
    return fault.exceptions[0] if isinstance(fault, ExceptionGroup) else fault


# -- what is not a value ---------------------------------------------------------------------


def places(cls: type, path: tuple[Any, ...] = (), deep: int = 0) -> Any:
    """Every fact below a class: its path as names and 0 for the first item of a list."""
    for name, declared in declared_facts(cls):
        here = (*path, name)
        yield here
        if declared.kind is Kind.PART and deep < 6:
            yield from places(declared.of, here, deep + 1)
        elif declared.kind is Kind.PARTS and deep < 6 and declared.of is not cls:
            yield from places(declared.of, (*here, 0), deep + 1)


def document(path: tuple[Any, ...], value: Any) -> Any:
    for name in reversed(path):
        value = [value] if name == 0 else {name: value}
    return value


STRANGE = [{}, [], {"a": 1}, [[]], [None], True, "\ud800", "", "x" * 1_000_000, Decimal("1e400"), 0]


@pytest.mark.long
@pytest.mark.parametrize(
    ("cls", "read"),
    [(Claim, claim_from_dict), (CleanVehicleReturn, return_from_dict)],
    ids=["claim", "return"],
)
def test_strange_values_in_every_place(cls: type, read: Any) -> None:
    """An object, a list or a lone surrogate where text belongs, and so on: ours or taken in."""
    for path in places(cls):
        for value in STRANGE:
            try:
                read(document(path, value))
            except (EvcreditError, ExceptionGroup) as error:
                message = str(error)
                message.encode("utf-8")
                assert len(message) < 10_000, path


# -- sizes -----------------------------------------------------------------------------------


def nested(levels: int) -> str:
    inside = '{"kind": "battery module"}'
    for _ in range(levels - 1):
        inside = f'{{"kind": "battery module", "contains": [{inside}]}}'
    return f'{{"vehicle": {{"battery": {{"components": [{inside}]}}}}}}'


def test_components_down_to_the_limit() -> None:
    """Explaining, hashing, JSON, pickling and changing all work."""
    claim = claim_from_json(nested(MOST_LEVELS))
    claim = with_facts(demonstration_claim(), {"vehicle.battery": claim.vehicle.battery})
    assert claim_from_json(claim_to_json(claim)) == claim
    assert pickle.loads(pickle.dumps(claim)) == claim  # our own
    assert hash(claim) == hash(claim_from_dict(claim_to_dict(claim)))
    assert assess(claim).explain()


@pytest.mark.parametrize("levels", [MOST_LEVELS + 1, 250, 5_000])
def test_components_beyond_the_limit(levels: int) -> None:
    assert f"{MOST_LEVELS} levels of components" in refused(nested(levels)).remedy


def test_a_list_beyond_the_limit() -> None:
    text = json.dumps({"vehicle": {"battery": {"minerals": [None] * (MOST_ITEMS + 1)}}})
    assert f"at most {MOST_ITEMS:,} items" in refused(text).remedy
    full = json.dumps({"vehicle": {"battery": {"minerals": [None] * MOST_ITEMS}}})
    assert refused(full).remedy == "give an object in braces"


def test_a_list_at_the_limit() -> None:
    """Ten thousand chains are read in time."""
    chains = [{"mineral": "nickel", "value": 1}] * MOST_ITEMS
    start = time.process_time()
    claim = claim_from_dict({"vehicle": {"battery": {"minerals": chains}}})
    assert len(claim.vehicle.battery.minerals) == MOST_ITEMS
    assert time.process_time() - start < 2 * SECONDS


def test_a_document_beyond_the_limit() -> None:
    assert "at most 4,194,304 characters" in refused(" " * (MOST_CHARACTERS + 1)).remedy
    assert refused(" " * MOST_CHARACTERS).remedy == "the file is empty; give JSON text"


def test_a_million_nulls() -> None:
    refused('{"vehicle": {"battery": {"minerals": [' + "null," * 1_000_000 + "null]}}}")
    refused('{"vehicle": {"battery": {"minerals": [' + "null," * 800_000 + "null]}}}")


def test_forty_thousand_unknown_names() -> None:
    """Names are looked up once each, and faults are collected up to a limit."""
    text = json.dumps({"vehicle": {f"name {number}": number for number in range(40_000)}})
    refused(text)
    with pytest.raises(ExceptionGroup) as caught:
        claim_from_json(text)
    first, *kept = caught.value.exceptions
    assert str(first) == "vehicle: found '40,000 names'; there are no such facts; the first follow"
    assert len(kept) == MOST_FAULTS - 1


def test_forty_thousand_names_twice() -> None:
    names = ",".join(f'"n{number}": 1, "n{number}": 2' for number in range(40_000))
    refused(f'{{"vehicle": {{{names}}}}}')


# -- JSON's own words ------------------------------------------------------------------------


def test_messages_speak_of_true_and_null() -> None:
    fault = refused('{"purchase": {"elected_out": "no"}}')
    assert fault.remedy == "give true, false or null for unknown"
    assert "found true; give a number, or a number as text" in str(
        refused('{"vehicle": {"msrp": true}}')
    )


def test_open_ends_are_null() -> None:
    """Written and read."""
    claim = with_facts(Claim(), {"vehicle.msrp": Bounds(50_000, Decimal("Infinity"))})
    data = claim_to_dict(claim)
    assert data["vehicle"]["msrp"] == {"lower": 50_000, "upper": None}
    assert claim_from_dict(data) == claim


def test_equal_claims_give_equal_data() -> None:
    """A price of 57990 is one of 57990.00, and nothing is minus nothing."""
    for one, other in (("57990", "57990.00"), ("0", "-0"), ("0.5", "0.50")):
        left = with_facts(Claim(), {"vehicle.battery.capacity_kwh": one})
        right = with_facts(Claim(), {"vehicle.battery.capacity_kwh": other})
        assert left == right
        assert json.dumps(claim_to_dict(left)) == json.dumps(claim_to_dict(right))


# -- ready-made constructors -----------------------------------------------------------------


def test_ready_made_objects() -> None:
    """As in Python."""
    from evcredit import MineralSource, Purchase, Vehicle

    claim = claim_from_dict(
        {
            "vehicle": {
                "as": "road vehicle",
                "msrp": 48_995,
                "battery": {
                    "minerals": [
                        {
                            "as": "extracted in",
                            "country": "Chile",
                            "mineral": "lithium",
                            "value": 900,
                            "processed_in": "China",
                        }
                    ]
                },
            },
            "purchase": {"as": "new from a dealer", "placed_in_service": "2024-08-15"},
        }
    )
    chain = MineralSource.extracted_in("Chile", "lithium", 900, processed_in="China")
    assert claim.purchase == Purchase.new_from_dealer(placed_in_service="2024-08-15")
    assert claim.vehicle.battery.minerals == (chain,)
    plain = with_facts(claim.vehicle, {"battery.minerals": None})
    assert plain == Vehicle.road_vehicle(msrp=48_995)


@pytest.mark.parametrize(
    ("data", "path", "remedy"),
    [
        (
            {"purchase": {"as": "new from dealer"}},
            "purchase.as",
            "did you mean 'new from a dealer'",
        ),
        ({"purchase": {"as": 3}}, "purchase.as", "give one of 'new from a dealer', "),
        ({"purchase": {"as": ["x"]}}, "purchase.as", "give one of 'new from a dealer', "),
        ({"taxpayer": {"as": "single"}}, "taxpayer.as", "there is no fact of this name"),
        (
            {"vehicle": {"battery": {"minerals": [{"as": "extracted in", "country": "Chile"}]}}},
            "vehicle.battery.minerals[0].mineral",
            "say which mineral it is",
        ),
        (
            {"purchase": {"as": "new from a dealer", "sale_dat": "2024-01-01"}},
            "purchase.sale_dat",
            "did you mean sale_date",
        ),
    ],
)
def test_ready_made_objects_that_are_not_right(data: Any, path: str, remedy: str) -> None:
    with pytest.raises(InvalidFactError) as caught:
        claim_from_dict(data)
    assert caught.value.path == path
    assert remedy in caught.value.remedy
