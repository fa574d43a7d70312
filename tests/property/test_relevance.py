"""Which unknown facts matter: `missing` against every completion by brute force."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, note
from tests.property.brute_force import Completions, partial_claims, values_of
from tests.strategies import fewer, hide, known_claim, some_laws

from evcredit import (
    BatteryComponent,
    Citation,
    MineralSource,
    Step,
    Verdict,
    assess,
    current_law,
    with_facts,
)


@given(partial_claims(law=current_law()))
def test_missing_are_the_facts_that_matter(completions: Completions) -> None:
    """A fact is reported if and only if it changes verdict or credit in some completion."""
    result = assess(completions.partial)
    note(f"unknown: {completions.paths}")
    missing = set(result.missing())
    if result.missing_is_exact:
        assert missing == completions.relevant()
    else:
        assert missing >= completions.relevant()


@fewer(2)
@given(partial_claims(law=some_laws()[1], most=4))
def test_missing_under_a_reform(completions: Completions) -> None:
    """The same under a law without the agreement with Japan."""
    result = assess(completions.partial, law=some_laws()[1])
    assert set(result.missing()) >= completions.relevant()
    if result.missing_is_exact:
        assert set(result.missing()) <= completions.relevant()


@fewer(2)
@given(partial_claims(law=current_law(), most=4))
def test_filling_what_is_missing_is_enough(completions: Completions) -> None:
    """With the missing facts filled in, what is left of the unknown changes nothing."""
    missing = set(assess(completions.partial).missing())
    kept = [index for index, path in enumerate(completions.paths) if path in missing]
    groups: dict[tuple[Any, ...], set[Any]] = {}
    for chosen, outcome in completions.outcomes.items():
        groups.setdefault(tuple(chosen[index] for index in kept), set()).add(outcome)
    assert all(len(group) == 1 for group in groups.values())


@fewer(2)
@given(partial_claims(law=current_law()))
def test_bounds_hold_every_completion(completions: Completions) -> None:
    """The credit of every completion lies in the bounds, and decided verdicts are shared."""
    result = assess(completions.partial)
    for verdict, credit in completions.outcomes.values():
        assert credit in result.credit
        if result.verdict is not Verdict.UNKNOWN:
            assert verdict is result.verdict


# -- cases that were requested -------------------------------------------------------------


def test_both_incomes_unknown() -> None:
    """Either income proves it, only both disprove it (26 USC 30D(f)(10))."""
    incomes = {
        f"taxpayer.{year}.modified_adjusted_gross_income" for year in ("current_year", "prior_year")
    }
    result = assess(hide(known_claim(), incomes))
    assert result.verdict is Verdict.UNKNOWN
    assert set(result.missing()) == incomes
    assert set(result.settling(Verdict.MET)) == {frozenset({each}) for each in incomes}
    assert result.settling(Verdict.NOT_MET) == (frozenset(incomes),)


def test_retail_price_unknown() -> None:
    """An unknown price is neither zero nor passed (26 USC 30D(f)(11))."""
    result = assess(hide(known_claim(), ["vehicle.msrp"]))
    assert result.verdict is Verdict.UNKNOWN
    assert result.missing() == ("vehicle.msrp",)
    assert (result.credit.lower, result.credit.upper) == (0, 7500)


def test_an_unknown_that_cannot_help_is_not_missing() -> None:
    """With the price over the limit it does not matter where the vehicle was assembled."""
    claim = with_facts(
        known_claim(), {"vehicle.final_assembly_country": None, "vehicle.msrp": "80000.01"}
    )
    result = assess(claim)
    assert result.verdict is Verdict.NOT_MET
    assert result.missing() == ()
    assert result.settling(Verdict.NOT_MET) == (frozenset(),)
    assert result.settling(Verdict.MET) == ()


def test_a_battery_that_is_too_small() -> None:
    """6.9 kWh in 2023 fail 26 USC 30D(d)(1)(F)(i), and the reasons say so."""
    claim = with_facts(known_claim(date(2023, 6, 1)), {"vehicle.battery.capacity_kwh": "6.9"})
    result = assess(claim)
    assert result.verdict is Verdict.NOT_MET
    assert result.missing() == ()
    cited = {reason.citation for reason in result.reasons}
    assert Citation.parse("26 USC 30D(d)(1)(F)(i)") in cited


def test_forty_five_percent_yes_five_unknown() -> None:
    """Of minerals 45 % qualify, 5 % are unknown and 50 % do not: 40 % is reached."""
    chains = (
        MineralSource.extracted_in("Chile", "lithium", 45, processed_in="Chile"),
        MineralSource(mineral="nickel", value=5),
        MineralSource.extracted_in("China", "graphite", 50, processed_in="China"),
    )
    claim = with_facts(known_claim(date(2023, 6, 1)), {"vehicle.battery.minerals": chains})
    result = assess(claim)
    assert result.find("minerals_requirement").verdict is Verdict.MET
    assert str(result.mineral_content) == "45.0 % to 50.0 %"
    assert result.verdict is Verdict.MET
    assert result.credit.lower == 7500
    assert result.missing() == ()


@pytest.mark.parametrize(
    ("price", "vehicle_class_matters"),
    [("55000", False), ("55000.01", True), ("80000", True), ("80000.01", False)],
)
def test_the_class_matters_between_the_two_limits(price: str, vehicle_class_matters: bool) -> None:
    """An unknown class matters only for a price over the lower limit but not the higher."""
    claim = with_facts(known_claim(), {"vehicle.msrp": price, "vehicle.vehicle_class": None})
    missing = ("vehicle.vehicle_class",) if vehicle_class_matters else ()
    assert assess(claim).missing() == missing


def check(paths: list[str], claim: Any) -> None:
    """Compare with brute force."""
    values = {path: values_of(path, claim) for path in paths}
    completions = Completions.of(hide(claim, paths), values, current_law())
    assert set(assess(completions.partial).missing()) == completions.relevant()


def test_an_unknown_value_added_within_a_known_value() -> None:
    """A value added matters even if it takes more than a round sum to turn the chain over."""
    steps = (
        Step(activity="extraction", country="US", value_added=300, foreign_entity_of_concern=False),
        Step(activity="extraction", country="CN", value_added=100, foreign_entity_of_concern=False),
    )
    chain = MineralSource(mineral="lithium", value=500, steps=steps)
    claim = with_facts(
        known_claim(date(2024, 6, 3)),
        {"vehicle.battery.minerals": (chain,)},
    )
    check(["vehicle.battery.minerals[0].steps[0].value_added"], claim)


def test_an_unknown_value_inside_a_component() -> None:
    """The value of a cell matters even if it takes most of the module to turn the share over."""
    cell = BatteryComponent(
        kind="battery cell",
        value=Decimal("0.9"),
        made_in="CN",
        contains=(),
        foreign_entity_of_concern=False,
    )
    module = BatteryComponent(
        kind="battery module",
        value=Decimal("0.95"),
        made_in="US",
        contains=(cell,),
        foreign_entity_of_concern=False,
    )
    claim = with_facts(known_claim(date(2024, 6, 3)), {"vehicle.battery.components": (module,)})
    check(["vehicle.battery.components[0].contains[0].value"], claim)
