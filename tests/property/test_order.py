"""What may not change a result, and which way a change can only push it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from tests.property.test_ownership import shares
from tests.strategies import (
    COUNTRIES,
    FIRST_DAY,
    claims,
    components,
    fewer,
    known_claims,
    known_paths,
    late_days,
    laws,
    mineral_sources,
)

from evcredit import (
    BatteryComponent,
    Claim,
    MineralSource,
    TradeAgreement,
    assess,
    current_law,
    with_facts,
)
from evcredit.facts.ownership import Entity, Holding
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.facts.taxpayer import TaxpayerKind
from evcredit.law import AgreementKind, Partner

BATTERY = "vehicle.battery"
AMOUNTS = {Decimal(0), Decimal(3750), Decimal(7500)}
WITHOUT_INCOME = (TaxpayerKind.CORPORATION, TaxpayerKind.TAX_EXEMPT_USER)


def answer(claim: Claim, **how: Any) -> Any:
    """What is said of a claim, without paths."""
    result = assess(claim, **how)
    contents = [
        None if content is None else content.bounds
        for content in (result.mineral_content, result.component_content)
    ]
    return result.verdict, result.credit, *contents


def assert_no_more(later: Claim, earlier: Claim, **how: Any) -> None:
    """The credit of one claim does not exceed that of the other, at either end."""
    after, before = assess(later, **how).credit, assess(earlier, **how).credit
    assert after.lower <= before.lower
    assert after.upper <= before.upper


# -- order ---------------------------------------------------------------------------------


def shuffled(draw: Any, items: Any) -> Any:
    return None if items is None else tuple(draw(st.permutations(items)))


def shuffled_component(draw: Any, component: BatteryComponent) -> BatteryComponent:
    inside = component.contains
    if inside is not None:
        inside = shuffled(draw, [shuffled_component(draw, each) for each in inside])
    return attrs.evolve(component, contains=inside)


@fewer(2)
@given(st.data(), claims(), laws())
def test_order_of_chains_and_steps(data: Any, claim: Claim, law: Any) -> None:
    """Neither the order of the chains nor that of their steps changes anything."""
    sources = claim.vehicle.battery.minerals
    assume(sources)
    moved = [attrs.evolve(source, steps=shuffled(data.draw, source.steps)) for source in sources]
    other = with_facts(claim, {f"{BATTERY}.minerals": shuffled(data.draw, moved)})
    assert answer(other, law=law) == answer(claim, law=law)


@fewer(2)
@given(st.data(), claims(), laws())
def test_order_of_components(data: Any, claim: Claim, law: Any) -> None:
    """Nor does the order of components, at any depth."""
    modules = claim.vehicle.battery.components
    assume(modules)
    moved = [shuffled_component(data.draw, each) for each in modules]
    other = with_facts(claim, {f"{BATTERY}.components": shuffled(data.draw, moved)})
    assert answer(other, law=law) == answer(claim, law=law)


@fewer(2)
@given(known_claims(when=late_days), shares(circles=True), st.randoms(use_true_random=False))
def test_order_of_owners(claim: Claim, percents: Any, random: Any) -> None:
    """Nor the order of the makers and of who owns them."""
    names = ("A", "B", "C", "D", "G1")
    entities = [
        Entity.government("G1", "China"),
        *(Entity.company(name, "South Korea") for name in "ABCD"),
    ]
    holdings = [
        Holding.alike(owner, of, each)
        for (owner, of), each in percents.items()
        if {owner, of} <= {*names}
    ]

    def made_by(entities: Any, holdings: Any) -> Claim:
        battery = claim.vehicle.battery
        steps = [
            attrs.evolve(step, by=name, foreign_entity_of_concern=None)
            for source, name in zip(battery.minerals, names, strict=False)
            for step in source.steps[:1]
        ]
        minerals = tuple(
            attrs.evolve(source, steps=(step, *source.steps[1:]))
            for source, step in zip(battery.minerals, steps, strict=False)
        )
        graph = OwnershipGraph(entities=entities, holdings=holdings)
        changed = attrs.evolve(battery, minerals=minerals, entities=graph)
        return with_facts(claim, {BATTERY: changed})

    one = answer(made_by(entities, holdings))
    random.shuffle(entities)
    random.shuffle(holdings)
    assert answer(made_by(entities, holdings)) == one


@given(claims())
def test_a_chain_told_in_two_parts(claim: Claim) -> None:
    """A chain split into two of the same steps counts as before."""
    sources = claim.vehicle.battery.minerals
    assume(sources)
    first, *rest = sources
    assume(first.value and not any(step.value_added for step in first.steps or ()))
    halves = [attrs.evolve(first, value=value) for value in (1, first.value - 1) if value >= 0]
    assume(len(halves) == 2)
    other = with_facts(claim, {f"{BATTERY}.minerals": (*halves, *rest)})
    assert answer(other) == answer(claim)


# -- one way only --------------------------------------------------------------------------

LIMITED = {
    "vehicle.msrp": st.integers(0, 10_000_000).map(lambda cents: Decimal(cents).scaleb(-2)),
    "vehicle.gross_vehicle_weight_rating_lb": st.integers(13_000, 15_000).map(Decimal),
    "taxpayer.current_year.modified_adjusted_gross_income": st.integers(-1000, 400_000).map(
        Decimal
    ),
    "taxpayer.prior_year.modified_adjusted_gross_income": st.integers(-1000, 400_000).map(Decimal),
}


@pytest.mark.parametrize("path", LIMITED)
@fewer(2)
@given(data=st.data(), claim=claims(most=3))
def test_raising_what_is_limited_never_raises_the_credit(
    path: str, data: Any, claim: Claim
) -> None:
    """A higher price, weight or income never leads to more credit."""
    assume(not path.startswith("taxpayer") or claim.taxpayer.kind not in WITHOUT_INCOME)
    low, high = sorted([data.draw(LIMITED[path]), data.draw(LIMITED[path])])
    assert_no_more(with_facts(claim, {path: high}), with_facts(claim, {path: low}))


@fewer(2)
@given(claims(most=4), st.integers(0, 5000), st.integers(0, 5000), laws())
def test_raising_a_qualifying_chain_never_lowers_the_credit(
    claim: Claim, value: int, more: int, law: Any
) -> None:
    """More value in a chain that counts in full never leads to less credit."""
    sources = claim.vehicle.battery.minerals
    assume(sources is not None)

    def with_chain(worth: int) -> Claim:
        chain = MineralSource.extracted_in("US", "lithium", worth, processed_in="US")
        return with_facts(claim, {f"{BATTERY}.minerals": (*sources, chain)})

    assert_no_more(with_chain(value), with_chain(value + more), law=law)


@fewer(2)
@given(claims(most=4), st.integers(0, 5000), st.integers(0, 5000), laws())
def test_raising_a_north_american_component_never_lowers_the_credit(
    claim: Claim, value: int, more: int, law: Any
) -> None:
    """More value in a component that counts never leads to less credit."""
    modules = claim.vehicle.battery.components
    assume(modules is not None)

    def with_module(worth: int) -> Claim:
        module = BatteryComponent(
            kind="battery module",
            value=worth,
            made_in="MX",
            contains=(),
            foreign_entity_of_concern=False,
        )
        return with_facts(claim, {f"{BATTERY}.components": (*modules, module)})

    assert_no_more(with_module(value), with_module(value + more), law=law)


@fewer(2)
@given(claims(most=4), mineral_sources(), components())
def test_one_more_part_by_a_foreign_entity_never_raises_the_credit(
    claim: Claim, source: MineralSource, module: BatteryComponent
) -> None:
    """A chain or a module by a foreign entity of concern, whatever it is worth, never helps.

    It is compared with the same chain or module by someone else, as its value may help.
    """
    battery = claim.vehicle.battery
    assume(battery.minerals is not None and battery.components is not None)

    def with_parts(tainted: bool) -> Claim:
        steps = [attrs.evolve(s, foreign_entity_of_concern=tainted) for s in source.steps]
        chain = attrs.evolve(source, steps=tuple(steps))
        part = attrs.evolve(module, foreign_entity_of_concern=tainted)
        return with_facts(
            claim,
            {
                f"{BATTERY}.minerals": (*battery.minerals, chain),
                f"{BATTERY}.components": (*battery.components, part),
            },
        )

    # What sums a list up may contradict what is added to it.
    assume(battery.minerals_from_foreign_entity_of_concern is None)
    assume(battery.components_from_foreign_entity_of_concern is None)
    assert_no_more(with_parts(tainted=True), with_parts(tainted=False))


agreements = st.builds(
    lambda name, partners, since: TradeAgreement(
        identifier=name,
        name=name,
        kind=AgreementKind.HYPOTHETICAL,
        partners=[Partner(country=each, in_force=since) for each in partners],
    ),
    st.sampled_from(["ONE", "TWO"]),
    st.lists(st.sampled_from(COUNTRIES), min_size=1, max_size=3, unique=True),
    st.dates(date(2022, 1, 1), date(2027, 6, 30)),
)


@fewer(2)
@given(claims(), agreements)
def test_adding_an_agreement_never_lowers_the_credit(claim: Claim, deal: Any) -> None:
    """One agreement more never leads to less credit."""
    # Under any law with other agreements than the real one a certified content says nothing.
    before = current_law().without_agreement("JPCMA")
    one = assess(claim, law=before).credit
    other = assess(claim, law=before.with_agreement(deal)).credit
    assert other.lower >= one.lower
    assert other.upper >= one.upper


@given(st.data(), claims())
def test_a_foreign_entity_never_raises_the_credit(data: Any, claim: Claim) -> None:
    """Calling one more step or component one by a foreign entity of concern never helps."""
    flags = [
        path
        for path in known_paths(claim)
        if path.endswith(".foreign_entity_of_concern") and "[" in path
    ]
    assume(flags)
    path = data.draw(st.sampled_from(flags))
    tainted, clean = with_facts(claim, {path: True}), with_facts(claim, {path: False})
    assert_no_more(tainted, clean)


@given(st.data(), claims())
def test_moving_a_step_onto_the_list_never_lowers_the_credit(data: Any, claim: Claim) -> None:
    """A step in the United States counts wherever any place counts."""
    paths = [path for path in known_paths(claim) if path.endswith((".country", ".made_in"))]
    assume(paths)
    path = data.draw(st.sampled_from(paths))
    assert_no_more(claim, with_facts(claim, {path: "US"}))


# -- amounts -------------------------------------------------------------------------------


@given(claims(), laws())
def test_the_ends_of_the_credit_are_amounts_of_the_law(claim: Claim, law: Any) -> None:
    """The bounds lie where amounts can, since 2023 on one of three, and the verdict fits them."""
    result = assess(claim, law=law)
    assert 0 <= result.credit.lower <= result.credit.upper <= 7500
    day, sold = claim.purchase.placed_in_service, claim.purchase.sale_date
    if day is not None and min(day, sold or day) >= FIRST_DAY and not elects(claim):
        assert {result.credit.lower, result.credit.upper} <= AMOUNTS
    assert result.verdict.known is (
        True if result.credit.lower else None if result.credit.upper else False
    )


def elects(claim: Claim) -> bool:
    return bool(claim.purchase.elects_transition_rule)


@given(known_claims(when=late_days, listed=False), laws())
def test_a_credit_needs_every_condition(claim: Claim, law: Any) -> None:
    """What is certain to be paid is the sum of the requirements that are certainly met."""
    assume(not elects(claim) and (claim.purchase.sale_date or FIRST_DAY) >= FIRST_DAY)
    result = assess(claim, law=law)
    halves = sum(
        result.find(code).verdict.known is True
        for code in ("minerals_requirement", "components_requirement")
    )
    eligible = result.find("eligible").verdict.known
    assert result.credit.lower == (3750 * halves if eligible else 0)
