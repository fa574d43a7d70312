"""Which facts would settle a verdict: `settling` against every completion by brute force."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import event, given, note
from tests.property.brute_force import Completions, partial_claims
from tests.strategies import fewer, hide, known_claim

from evcredit import MineralSource, Step, Verdict, assess, current_law, with_facts

#: Facts that several rules read; with one of them unknown not every certificate is found.
_READ_BY_SEVERAL = ("placed_in_service", "steps", "contains")


def shares_facts(completions: Completions) -> bool:
    """Whether an unknown fact is read by several rules."""
    return any(path.rpartition(".")[2] in _READ_BY_SEVERAL for path in completions.paths)


@pytest.mark.parametrize("verdict", [Verdict.MET, Verdict.NOT_MET])
@fewer(2)
@given(completions=partial_claims(law=current_law()))
def test_certificates_against_brute_force(verdict: Verdict, completions: Completions) -> None:
    """Every set settles, none is larger than it need be, and without shared facts all are there."""
    result = assess(completions.partial)
    found = result.settling(verdict)
    note(f"unknown: {completions.paths}; found: {found}")
    assert len(set(found)) == len(found)
    assert [len(each) for each in found] == sorted(len(each) for each in found)
    for each in found:
        assert completions.settles(each, verdict), each
    assert not any(one < other for one in found for other in found)
    if shares_facts(completions):
        event("a fact is shared")
    else:
        assert set(found) == completions.settling(verdict)
        assert result.settling_is_exact


@fewer(2)
@given(partial_claims(law=current_law()))
def test_every_way_to_a_verdict_passes_all_certificates_against_it(
    completions: Completions,
) -> None:
    """Facts that prove one verdict meet every set that proves the other: they cannot both hold."""
    # A list told completely and the flag that sums it up cannot contradict each other anyway.
    if shares_facts(completions) or any(path.endswith("_of_concern") for path in completions.paths):
        return
    result = assess(completions.partial)
    for proof in result.settling(Verdict.MET):
        for disproof in result.settling(Verdict.NOT_MET):
            assert proof & disproof


# -- cases that were requested -------------------------------------------------------------

MSRP = "vehicle.msrp"
CLASS = "vehicle.vehicle_class"


def sets(claim: Any, verdict: Verdict) -> set[frozenset[str]]:
    return set(assess(claim).settling(verdict))


def test_two_conditions() -> None:
    """Of two open conditions both must be proved, and either disproves."""
    wheels, report = "vehicle.wheels", "purchase.seller_report_furnished"
    claim = hide(known_claim(), [wheels, report])
    assert sets(claim, Verdict.MET) == {frozenset({wheels, report})}
    assert sets(claim, Verdict.NOT_MET) == {frozenset({wheels}), frozenset({report})}


def test_two_alternatives() -> None:
    """Of two open alternatives either proves, and both must be disproved."""
    fuel_cell, capacity = "vehicle.fuel_cell", "vehicle.battery.capacity_kwh"
    claim = hide(known_claim(), [fuel_cell, capacity])
    assert sets(claim, Verdict.MET) == {frozenset({fuel_cell}), frozenset({capacity})}
    assert sets(claim, Verdict.NOT_MET) == {frozenset({fuel_cell, capacity})}


def test_a_price_may_settle_without_the_class() -> None:
    """A price within the lowest limit needs no class, and one over the highest neither."""
    claim = hide(known_claim(), [MSRP, CLASS])
    assert sets(claim, Verdict.MET) == {frozenset({MSRP})}
    assert sets(claim, Verdict.NOT_MET) == {frozenset({MSRP})}


def test_a_class_may_settle_a_price_that_is_known() -> None:
    """Between the two limits it is the class alone that decides."""
    claim = with_facts(known_claim(), {MSRP: 60_000, CLASS: None})
    assert sets(claim, Verdict.MET) == {frozenset({CLASS})}
    assert sets(claim, Verdict.NOT_MET) == {frozenset({CLASS})}


def test_one_tainted_step_disproves_and_all_clean_steps_prove() -> None:
    """In 2025 each unknown step alone can exclude the vehicle, and only all of them clear it."""
    from datetime import date

    flags = [
        f"vehicle.battery.minerals[{index}].steps[0].foreign_entity_of_concern"
        for index in range(3)
    ]
    for size in (1, 2, 3):
        for chosen in combinations(flags, size):
            claim = hide(known_claim(date(2025, 6, 2)), chosen)
            assert sets(claim, Verdict.MET) == {frozenset(chosen)}
            assert sets(claim, Verdict.NOT_MET) == {frozenset({each}) for each in chosen}


def test_unknown_cannot_be_proved() -> None:
    """Asking what would make it unknown is an error."""
    with pytest.raises(ValueError, match="never prove unknown"):
        assess(known_claim()).settling(Verdict.UNKNOWN)


def test_an_amount_that_cannot_matter_need_not_be_known() -> None:
    """What is left of a chain's value cannot outweigh the step that counts: nothing to settle."""
    steps = tuple(
        Step(
            activity="extraction",
            country=place,
            value_added=added,
            foreign_entity_of_concern=False,
        )
        for place, added in (("US", 300), ("CN", None))
    )
    chain = MineralSource(mineral="lithium", value=500, steps=steps)
    facts = {"vehicle.battery.minerals": (chain,), "vehicle.battery.components": ()}
    claim = with_facts(known_claim(), facts)
    assert assess(claim).missing() == ()
    assert sets(claim, Verdict.MET) == {frozenset()}
    assert sets(claim, Verdict.NOT_MET) == set()
