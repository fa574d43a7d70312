"""No unknown without a reason: what the law leaves unresolved is reported, of a verdict that is
met too.
"""

from __future__ import annotations

from typing import Any

import pytest

from evcredit import (
    Battery,
    BatteryComponent,
    Claim,
    MineralSource,
    Step,
    Verdict,
    assess,
    current_law,
    examples,
    with_facts,
)
from evcredit.facts.ownership import Entity
from evcredit.facts.ownership_graph import OwnershipGraph

CLAIM = examples.demonstration_claim()
LAW = current_law()
NO_MINERALS = {"vehicle.battery.minerals": ()}
NO_COMPONENTS = {"vehicle.battery.components": ()}
PUERTO_RICO = MineralSource.extracted_in("Puerto Rico", "nickel", 10, processed_in="China")


def changed(**facts: Any) -> Claim:
    return with_facts(CLAIM, {path.replace("__", "."): value for path, value in facts.items()})


@pytest.mark.parametrize(
    ("facts", "verdict", "count"),
    [
        (NO_MINERALS, Verdict.MET, 1),
        (NO_COMPONENTS, Verdict.MET, 1),
        (NO_MINERALS | NO_COMPONENTS, Verdict.UNKNOWN, 2),
        ({"vehicle.battery.minerals": (PUERTO_RICO,)}, Verdict.MET, 1),
        ({"vehicle.battery.minerals": (PUERTO_RICO,)} | NO_COMPONENTS, Verdict.UNKNOWN, 2),
    ],
)
def test_an_open_content_is_told(facts: Any, verdict: Verdict, count: int) -> None:
    result = assess(with_facts(CLAIM, facts))
    assert result.verdict is verdict
    assert not result.credit.is_exact
    assert result.missing() == ()
    assert len(result.undetermined) == count
    assert all("choose a reading" in each for each in result.undetermined)


@pytest.mark.parametrize(("chosen", "credit"), [(True, "7,500"), (False, "0"), (None, None)])
def test_a_fuel_cell_vehicle_without_a_battery_needs_a_reading(
    chosen: bool | None, credit: str | None
) -> None:
    battery = Battery(
        minerals=(),
        components=(),
        capacity_kwh=0,
        externally_rechargeable=False,
    )
    claim = changed(
        vehicle__fuel_cell=True, vehicle__driven_by_battery_motor=False, vehicle__battery=battery
    )
    result = assess(claim, law=LAW.with_readings(empty_content_qualifies=chosen))
    if credit is None:
        assert result.verdict is Verdict.UNKNOWN
        assert any("empty_content_qualifies" in each for each in result.undetermined)
    else:
        assert str(result.credit) == credit
        assert result.undetermined == ()


def test_a_certified_percentage_leaves_nothing_open() -> None:
    certified = {
        "vehicle.battery.certified_critical_mineral_content": 60,
        "vehicle.battery.certified_battery_component_content": 70,
    }
    assert assess(with_facts(CLAIM, NO_MINERALS | NO_COMPONENTS | certified)).undetermined == ()


def test_where_north_america_is_open_it_is_told_of_recycling_and_components() -> None:
    law = LAW.with_readings(territories_in_north_america=None)
    recycled = MineralSource.recycled_in("Guam", "nickel", 10)
    module = BatteryComponent(kind="battery module", value=9, made_in="Guam", contains=())
    claim = changed(vehicle__battery__minerals=(recycled,), vehicle__battery__components=(module,))
    result = assess(claim, law=law)
    assert result.undetermined == (
        "whether Guam counts as North America is unresolved; choose a reading",
    )
    certified = with_facts(
        claim,
        {
            "vehicle.battery.certified_critical_mineral_content": 10,
            "vehicle.battery.certified_battery_component_content": 70,
        },
    )
    assert assess(certified, law=law).undetermined == ()


def test_a_certificate_of_one_content_leaves_the_other_open() -> None:
    claim = with_facts(
        CLAIM,
        NO_MINERALS | NO_COMPONENTS | {"vehicle.battery.certified_critical_mineral_content": None},
    )
    one = with_facts(
        claim,
        {
            "vehicle.battery.certified_battery_component_content": 10,
            "vehicle.battery.minerals": (),
        },
    )
    (reason,) = assess(one).undetermined
    assert "critical mineral" in reason


def test_an_exact_credit_has_no_reasons() -> None:
    assert assess(CLAIM).undetermined == ()
    none = with_facts(CLAIM, NO_MINERALS | {"purchase.elected_out": True})
    assert assess(none).undetermined == ()


def test_a_cancelled_sale_has_no_day_in_service_to_ask_for() -> None:
    cancelled = with_facts(
        CLAIM, {"purchase.sale_cancelled": True, "purchase.placed_in_service": None}
    )
    for credit in ("30D", "25E", "45W"):
        result = assess(cancelled, credit=credit)
        assert (result.verdict, result.missing()) == (Verdict.NOT_MET, ())


@pytest.mark.parametrize("day", ["2024-06-03", None])
def test_an_open_place_is_told_of_a_day_that_does_not_matter(day: str | None) -> None:
    """On every day there may be, the law leaves a maker in Hong Kong open as on a known one."""
    seated = Entity.company("Seated", "Hong Kong")
    module = BatteryComponent(
        kind="battery module", value=5, made_in="Chile", by="Seated", contains=()
    )
    clean = Step(activity="processing", country="Chile", foreign_entity_of_concern=False)
    claim = with_facts(
        CLAIM,
        {
            "vehicle.battery.minerals": (MineralSource(mineral="lithium", value=1, steps=[clean]),),
            "vehicle.battery.components": (module,),
            "vehicle.battery.entities": OwnershipGraph(entities=[seated], holdings=()),
            "vehicle.battery.certified_critical_mineral_content": 70,
            "vehicle.battery.certified_battery_component_content": 70,
            "purchase.placed_in_service": day,
        },
    )
    law = LAW.with_readings(hong_kong_and_macau_in_china=None, stated_standing_governs=False)
    result = assess(claim, law=law)
    assert not result.credit.is_exact
    assert result.missing() == ()
    assert any("Hong Kong counts as" in each for each in result.undetermined)
