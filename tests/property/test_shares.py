"""The two contents against oracles of fractions, written from 26 CFR 1.30D-3."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import (
    AMERICA,
    LISTED,
    components,
    countries,
    known_claim,
    known_paths,
    mineral_sources,
    outermost,
)

from evcredit import (
    BatteryComponent,
    MineralSource,
    Step,
    Verdict,
    assess,
    current_law,
    with_facts,
)
from evcredit.algebra.share import share_of
from evcredit.facts import Activity
from evcredit.section_30d.sourcing.components import battery_component_content
from evcredit.section_30d.sourcing.minerals import critical_mineral_content
from evcredit.section_30d.sourcing.qualifying import qualifying_shares

DAY = date(2024, 6, 3)
MINERALS = "vehicle.battery.minerals"
COMPONENTS = "vehicle.battery.components"


# -- oracles -------------------------------------------------------------------------------


def activity_share(steps: list[Step], counting: Iterable[str]) -> Fraction:
    """The share of the value added by one activity that arose where it counts."""
    if len(steps) == 1:
        return Fraction(steps[0].country in counting)
    added = [(Fraction(step.value_added), step.country in counting) for step in steps]
    return sum(value for value, counts in added if counts) / sum(value for value, _ in added)


def best_share(source: MineralSource) -> Fraction:
    """The highest of the shares of extraction and processing, or the share of recycling."""
    by = {
        activity: [step for step in source.steps if step.activity is activity]
        for activity in Activity
    }
    if by[Activity.RECYCLING]:
        return activity_share(by[Activity.RECYCLING], AMERICA)
    shares = [
        activity_share(steps, AMERICA + LISTED)
        for activity, steps in by.items()
        if steps and activity is not Activity.RECYCLING
    ]
    return max(shares, default=Fraction(0))


def mineral_oracle(sources: Iterable[MineralSource], *, traced: bool) -> Fraction:
    """Qualifying value over total value, all places known."""
    total = qualifying = Fraction(0)
    for source in sources:
        best = best_share(source)
        total += Fraction(source.value)
        qualifying += Fraction(source.value) * (best if traced else best >= Fraction(1, 2))
    return qualifying / total


def flat(parts: Iterable[BatteryComponent]) -> Iterator[BatteryComponent]:
    """Every component, the ones inside others too."""
    for part in parts:
        yield part
        yield from flat(part.contains)


def component_oracle(modules: Iterable[BatteryComponent]) -> Fraction:
    """North American incremental value over the total, all places known."""
    modules = tuple(modules)
    total = qualifying = Fraction(0)
    for part in flat(modules):
        incremental = Fraction(part.value) - sum(Fraction(inner.value) for inner in part.contains)
        total += incremental
        qualifying += incremental * (part.made_in in AMERICA)
    assert total == sum(Fraction(module.value) for module in modules)
    return qualifying / total


# -- claims --------------------------------------------------------------------------------


def with_minerals(sources: Iterable[MineralSource]) -> Any:
    return with_facts(known_claim(DAY), {MINERALS: tuple(sources)})


def with_components(modules: Iterable[BatteryComponent]) -> Any:
    return with_facts(known_claim(DAY), {COMPONENTS: tuple(modules)})


chains = st.lists(mineral_sources(where=countries), min_size=1, max_size=4)
modules = st.lists(components(where=countries), min_size=1, max_size=3)


def named(claim: Any, root: str, *names: str) -> list[str]:
    """The paths below a root whose last name is one of these."""
    return [
        path
        for path in known_paths(claim)
        if path.startswith(f"{root}[") and path.rpartition(".")[2] in names
    ]


# -- exact where values are known ----------------------------------------------------------


@given(chains)
def test_mineral_content_is_the_oracle(sources: list[MineralSource]) -> None:
    """With everything known both tests give exactly what the regulation says."""
    claim = with_minerals(sources)
    for traced in (False, True):
        content = critical_mineral_content(claim, current_law(), traced=traced)
        expected = mineral_oracle(sources, traced=traced)
        assert (content.bounds.lower, content.bounds.upper) == (expected, expected)


@given(st.data(), chains)
def test_mineral_bounds_are_exact_in_unknown_places(data: Any, sources: Any) -> None:
    """With up to seven places unknown the ends are the minimum and the most of all completions."""
    claim = with_minerals(sources)
    paths = named(claim, MINERALS, "country")
    hidden = data.draw(st.lists(st.sampled_from(paths), max_size=7, unique=True))
    partial = with_facts(claim, dict.fromkeys(hidden))
    contents = [
        critical_mineral_content(partial, current_law(), traced=traced).bounds
        for traced in (False, True)
    ]
    positions = [tuple(int(part.partition("]")[0]) for part in p.split("[")[1:]) for p in hidden]
    found: list[list[Fraction]] = [[], []]
    for places in product(("US", "CN"), repeat=len(hidden)):
        filled = [list(source.steps) for source in sources]
        for (chain, step), place in zip(positions, places, strict=True):
            filled[chain][step] = attrs.evolve(filled[chain][step], country=place)
        whole = [
            _Chain(source.value, tuple(steps))
            for source, steps in zip(sources, filled, strict=True)
        ]
        for each, traced in zip(found, (False, True), strict=True):
            each.append(mineral_oracle(whole, traced=traced))
    for bounds, values in zip(contents, found, strict=True):
        assert (bounds.lower, bounds.upper) == (min(values), max(values))


@attrs.frozen
class _Chain:
    """What the oracle reads of a chain; much cheaper to make than one that is checked."""

    value: Decimal
    steps: tuple[Step, ...]


@given(modules)
def test_component_content_is_the_oracle(parts: list[BatteryComponent]) -> None:
    """With everything known the content is the share of the North American incremental value."""
    bounds = battery_component_content(with_components(parts), current_law()).bounds
    expected = component_oracle(parts)
    assert (bounds.lower, bounds.upper) == (expected, expected)


@given(st.data(), modules)
def test_component_bounds_are_exact_in_unknown_places(data: Any, parts: Any) -> None:
    """With up to seven places unknown the ends are the minimum and the most of all completions."""
    claim = with_components(parts)
    paths = named(claim, COMPONENTS, "made_in")
    hidden = data.draw(st.lists(st.sampled_from(paths), max_size=7, unique=True))
    partial = with_facts(claim, dict.fromkeys(hidden))
    bounds = battery_component_content(partial, current_law()).bounds
    # One place more or less moves the content by that component's incremental value alone.
    every = list(flat(partial.vehicle.battery.components))
    total = sum(Fraction(part.value) for part in parts)
    shares = [
        (
            part.made_in,
            (Fraction(part.value) - sum(Fraction(inner.value) for inner in part.contains)) / total,
        )
        for part in every
    ]
    known = sum((share for place, share in shares if place in AMERICA), Fraction(0))
    free = [share for place, share in shares if place is None]
    values = [
        known
        + sum((share for share, inside in zip(free, chosen, strict=True) if inside), Fraction(0))
        for chosen in product((True, False), repeat=len(free))
    ]
    assert len(free) == len(hidden)
    assert (bounds.lower, bounds.upper) == (min(values), max(values))


# -- sound where values are unknown --------------------------------------------------------


@given(st.data(), chains)
def test_mineral_bounds_are_sound(data: Any, sources: list[MineralSource]) -> None:
    """Whatever is unknown of the chains, the true content lies within the bounds."""
    claim = with_minerals(sources)
    names = ("country", "value", "value_added", "activity", "steps")
    hidden = data.draw(st.lists(st.sampled_from(named(claim, MINERALS, *names)), max_size=8))
    partial = with_facts(claim, dict.fromkeys(outermost(hidden)))
    for traced in (False, True):
        content = critical_mineral_content(partial, current_law(), traced=traced)
        assert mineral_oracle(sources, traced=traced) in content.bounds
        assert 0 <= content.bounds.lower <= content.bounds.upper <= 1


@given(st.data(), modules)
def test_component_bounds_are_sound(data: Any, parts: list[BatteryComponent]) -> None:
    """Whatever is unknown of the components, the true content lies within the bounds."""
    claim = with_components(parts)
    names = ("made_in", "value", "contains")
    hidden = data.draw(st.lists(st.sampled_from(named(claim, COMPONENTS, *names)), max_size=8))
    partial = with_facts(claim, dict.fromkeys(outermost(hidden)))
    content = battery_component_content(partial, current_law())
    assert component_oracle(parts) in content.bounds
    assert 0 <= content.bounds.lower <= content.bounds.upper <= 1


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from([(0, 0), (0, 1), (1, 1)])), min_size=1),
    st.lists(st.sampled_from([(0, 0), (0, 1), (1, 1)]), max_size=2),
    st.lists(st.integers(0, 10**6), min_size=2, max_size=2),
)
def test_shares_of_anything_are_sound(parts: Any, more: Any, values: list[int]) -> None:
    """Parts of unknown value leave room for every value they may turn out to have."""
    partial = share_of([*parts, *((None, fractions) for fractions in more)])
    filled = share_of([*parts, *zip(values, more, strict=False)])
    assert filled.bounds in partial.bounds


@given(chains)
def test_shares_by_activity(sources: list[MineralSource]) -> None:
    """The maximum of the shares told for a chain is the one the tests go by."""
    for source in sources:
        shares = qualifying_shares(source, current_law(), DAY)
        assert max(share.upper for share in shares.values()) == best_share(source)
        assert all(share.is_exact for share in shares.values())


# -- telescoping ---------------------------------------------------------------------------


@given(modules)
def test_incremental_values_telescope(parts: list[BatteryComponent]) -> None:
    """The incremental values of all components add up to the value of the modules."""
    pieces = [piece for part in parts for piece in part.value_parts]
    assert len(pieces) == len(list(flat(parts)))
    assert sum(piece.value for piece in pieces) == sum(part.value * 10**6 for part in parts)
    for part in flat(parts):
        assert sum(piece.value for piece in part.value_parts) == part.value * 10**6


@given(st.data(), modules)
def test_pieces_of_a_known_whole_add_up_to_it(data: Any, parts: list[BatteryComponent]) -> None:
    """Values that are unknown inside a component take nothing away from its own."""
    claim = with_components(parts)
    inner = [path for path in named(claim, COMPONENTS, "value") if "contains" in path]
    hidden = data.draw(st.lists(st.sampled_from(inner), max_size=5)) if inner else []
    partial = with_facts(claim, dict.fromkeys(hidden))
    for part, whole in zip(partial.vehicle.battery.components, parts, strict=True):
        known = [piece.value for piece in part.value_parts if piece.value is not None]
        assert sum(known) == whole.value * 10**6


# -- thresholds ----------------------------------------------------------------------------

MINERAL_YEARS = {40: 2023, 50: 2024, 60: 2025, 70: 2026}
COMPONENT_YEARS = {50: 2023, 60: 2024, 70: 2026}


def _micro(units: int) -> Decimal:
    return Decimal(units).scaleb(-6)


def _claim_in(year: int) -> Any:
    return known_claim(date(year, 12, 1))


@st.composite
def splits(draw: st.DrawFn, percent: int) -> tuple[int, int, int]:
    """Two amounts that together are a percentage of the whole, and the rest, in millionths."""
    unit = draw(st.integers(1, 10**9))
    first = draw(st.integers(1, percent * unit - 1))
    return first, percent * unit - first, (100 - percent) * unit


@pytest.mark.parametrize("percent", MINERAL_YEARS)
@given(st.data())
def test_exactly_the_percentage_of_minerals_is_enough(percent: int, data: Any) -> None:
    """The applicable percentage itself is met, and a millionth of a dollar less is not."""
    one, other, rest = data.draw(splits(percent))

    def verdict(*micros: int) -> Verdict:
        sources = [
            MineralSource.extracted_in(place, "lithium", _micro(value), processed_in=place)
            for place, value in zip(("CL", "AU", "CN"), micros, strict=True)
        ]
        claim = with_facts(_claim_in(MINERAL_YEARS[percent]), {MINERALS: tuple(sources)})
        return assess(claim).find("minerals_requirement").verdict

    assert verdict(one, other, rest) is Verdict.MET
    assert verdict(one - 1, other, rest) is Verdict.NOT_MET
    assert verdict(one, other, rest + 1) is Verdict.NOT_MET
    assert verdict(one + 1, other, rest) is Verdict.MET


@pytest.mark.parametrize("percent", MINERAL_YEARS)
@given(st.data())
def test_what_may_just_reach_the_percentage_is_open(percent: int, data: Any) -> None:
    """Where the unknown rest would make up exactly the percentage, it may still be met."""
    one, other, rest = data.draw(splits(percent))

    def verdict(*micros: int) -> Verdict:
        sources = [
            MineralSource(
                mineral="lithium",
                value=_micro(value),
                steps=(Step(activity="processing", country=place),),
            )
            for place, value in zip(("CL", None, "CN"), micros, strict=True)
        ]
        claim = with_facts(_claim_in(MINERAL_YEARS[percent]), {MINERALS: tuple(sources)})
        return assess(claim).find("minerals_requirement").verdict

    assert verdict(one, other, rest) is Verdict.UNKNOWN
    assert verdict(one, other, rest + 1) is Verdict.NOT_MET
    assert verdict(one + other, 0, rest) is Verdict.MET


@pytest.mark.parametrize("percent", COMPONENT_YEARS)
@given(st.data())
def test_exactly_the_percentage_of_components_is_enough(percent: int, data: Any) -> None:
    """Like the above, for components inside a module."""
    one, other, rest = data.draw(splits(percent))

    def verdict(*micros: int) -> Verdict:
        inner = tuple(
            BatteryComponent(kind="separator", value=_micro(value), made_in=place)
            for place, value in zip(("MX", "CN"), micros[1:], strict=True)
        )
        module = BatteryComponent(
            kind="battery module",
            value=sum((part.value for part in inner), _micro(micros[0])),
            made_in="US",
            contains=inner,
        )
        claim = with_facts(_claim_in(COMPONENT_YEARS[percent]), {COMPONENTS: (module,)})
        return assess(claim).find("components_requirement").verdict

    assert verdict(one, other, rest) is Verdict.MET
    assert verdict(one - 1, other, rest) is Verdict.NOT_MET
    assert verdict(one, other, rest + 1) is Verdict.NOT_MET


@given(splits(50))
def test_exactly_half_of_the_value_added_is_enough(split: tuple[int, int, int]) -> None:
    """Half of the value added by extraction carries the whole chain; a millionth less does not."""
    one, other, rest = split

    def content(*micros: int) -> Fraction:
        steps = tuple(
            Step(activity="extraction", country=place, value_added=_micro(value))
            for place, value in zip(("US", "AU", "CN"), micros, strict=True)
        )
        chain = MineralSource(mineral="nickel", value=10**10, steps=steps)
        return critical_mineral_content(with_minerals([chain]), current_law()).bounds.lower

    assert content(one, other, rest) == 1
    assert content(one - 1, other, rest) == 0


@given(splits(40))
def test_traced_value_reaches_the_percentage_exactly(split: tuple[int, int, int]) -> None:
    """40 % of the value added in 2023 is enough when traced, though too little to carry a chain."""
    one, other, rest = split

    def verdict(*micros: int) -> Verdict:
        steps = tuple(
            Step(activity="processing", country=place, value_added=_micro(value))
            for place, value in zip(("US", "KR", "CN"), micros, strict=True)
        )
        chain = MineralSource(mineral="cobalt", value=10**10, steps=steps)
        claim = with_facts(_claim_in(2023), {MINERALS: (chain,)})
        return assess(claim).find("minerals_requirement").verdict

    assert verdict(one, other, rest) is Verdict.MET
    assert verdict(one - 1, other, rest) is Verdict.NOT_MET
