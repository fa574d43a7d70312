"""The content of a pool: laws of arithmetic, and every number of vehicles tried."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import (
    amounts,
    components,
    countries,
    fewer,
    known_claim,
    known_paths,
    mineral_sources,
    outermost,
    places,
)

from evcredit import Battery, Bounds, MineralSource, current_law, with_facts
from evcredit.facts.pool import Pool, PoolMember
from evcredit.section_30d.sourcing.components import battery_component_content
from evcredit.section_30d.sourcing.minerals import critical_mineral_content
from evcredit.section_30d.sourcing.pools import (
    PoolContent,
    pool_component_content,
    pool_mineral_content,
)

LAW = current_law()
DAY = date(2024, 6, 3)

whole_batteries = st.builds(
    Battery,
    minerals=st.lists(mineral_sources(), min_size=1, max_size=3),
    components=st.lists(components(depth=1), min_size=1, max_size=2),
)
counts = st.integers(1, 9)
members = st.builds(
    PoolMember,
    battery=whole_batteries,
    vehicles=counts,
    placed_in_service=st.dates(date(2024, 1, 1), date(2024, 12, 31)),
    model_line=st.just("A"),
)
several = st.lists(members, min_size=1, max_size=4)


def pool(*vehicles: PoolMember) -> Pool:
    return Pool.of_year(2024, by="model line", members=vehicles)


def contents(of: Pool) -> tuple[PoolContent, ...]:
    """By both mineral tests, and of the components."""
    found = (
        pool_mineral_content(of, LAW),
        pool_mineral_content(of, LAW, traced=True),
        pool_component_content(of, LAW),
    )
    assert None not in found
    return found


def bounds_of(of: Pool) -> list[Bounds[Fraction]]:
    return [each.bounds for each in contents(of)]


@given(whole_batteries, counts)
def test_a_pool_of_one_is_the_battery_itself(battery: Battery, count: int) -> None:
    """However many vehicles have it."""
    claim = with_facts(known_claim(DAY), {"vehicle.battery": battery})
    own = [
        critical_mineral_content(claim, LAW).bounds,
        critical_mineral_content(claim, LAW, traced=True).bounds,
        battery_component_content(claim, LAW).bounds,
    ]
    for vehicles in (count, Bounds(0, count), None):
        one = PoolMember(battery=battery, vehicles=vehicles, placed_in_service=DAY, model_line="A")
        assert bounds_of(pool(one)) == own


@given(st.data(), several)
def test_the_order_of_the_members_changes_nothing(data: Any, vehicles: list[PoolMember]) -> None:
    """A sum has no order."""
    hidden = [attrs.evolve(each, vehicles=data.draw(numbers)) for each in vehicles]
    mixed = data.draw(st.permutations(hidden))
    assert bounds_of(pool(*mixed)) == bounds_of(pool(*hidden))


@given(st.data(), several)
def test_splitting_a_member_changes_nothing(data: Any, vehicles: list[PoolMember]) -> None:
    """So many vehicles are as good as some of them and the others."""
    first = vehicles[0]
    some = data.draw(st.integers(0, int(first.vehicles)))
    parts = [attrs.evolve(first, vehicles=each) for each in (some, int(first.vehicles) - some)]
    assert bounds_of(pool(*parts, *vehicles[1:])) == bounds_of(pool(*vehicles))


@given(several)
def test_the_content_lies_between_those_of_the_members(vehicles: list[PoolMember]) -> None:
    """As a mean does, and the contributions add up to it."""
    for found in contents(pool(*vehicles)):
        own = [each.content.bounds for each in found.contributions]
        assert min(each.lower for each in own) <= found.bounds.lower
        assert found.bounds.upper <= max(each.upper for each in own)
        total = sum((each.total for each in found.contributions), Fraction(0))
        for end in ("lower", "upper"):
            ends = [getattr(each.qualifying, end) for each in found.contributions]
            assert Fraction(sum(ends, Fraction(0)), total) == getattr(found.bounds, end)


_NAMES = (
    "country",
    "value",
    "value_added",
    "activity",
    "steps",
    "minerals",
    "made_in",
    "contains",
    "components",
    "vehicles",
    "placed_in_service",
)


@given(st.data(), several)
@fewer(2)
def test_filling_in_stays_within_the_bounds(data: Any, vehicles: list[PoolMember]) -> None:
    """Whatever is unknown, of chains, components, days and numbers."""
    whole = pool(*vehicles)
    paths = [
        path
        for path in known_paths(whole)
        if path.startswith("members[") and path.rpartition(".")[2] in _NAMES
    ]
    hidden = data.draw(st.lists(st.sampled_from(paths), max_size=8, unique=True))
    partial = with_facts(whole, dict.fromkeys(outermost(hidden)))
    for known, unknown in zip(bounds_of(whole), bounds_of(partial), strict=True):
        assert known in unknown
        assert 0 <= unknown.lower <= unknown.upper <= 1


# -- numbers of vehicles -------------------------------------------------------------------

numbers = st.one_of(
    st.integers(1, 3),
    st.tuples(st.integers(0, 2), st.integers(1, 2)).map(lambda e: Bounds(e[0], e[0] + e[1])),
)
_chains = st.builds(
    lambda where, value: MineralSource.extracted_in(where, "nickel", value, processed_in=where),
    countries,
    st.one_of(amounts, st.just(0)),
)
_few = st.lists(_chains, min_size=1, max_size=2)


def possible(vehicles: Any) -> range:
    """Every number that bounds leave unresolved."""
    if isinstance(vehicles, Bounds):
        return range(int(vehicles.lower), int(vehicles.upper) + 1)
    return range(int(vehicles), int(vehicles) + 1)


@given(st.lists(st.tuples(_few, numbers), min_size=1, max_size=4))
def test_bounds_are_exact_in_numbers_of_vehicles(drawn: list[Any]) -> None:
    """The ends are the minimum and the most over all numbers, where some battery has a value."""
    vehicles = [
        PoolMember(
            battery=Battery(minerals=chains),
            vehicles=number,
            placed_in_service=DAY,
            model_line="A",
        )
        for chains, number in drawn
    ]
    found = pool_mineral_content(pool(*vehicles), LAW).bounds
    every = []
    for filled in product(*(possible(each.vehicles) for each in vehicles)):
        exactly = [
            attrs.evolve(each, vehicles=number)
            for each, number in zip(vehicles, filled, strict=True)
        ]
        content = pool_mineral_content(pool(*exactly), LAW)
        if content is not None:
            assert content.bounds in found
            every.append(content.bounds)
    # Where all of them may be worth nothing the bounds hold, but need not be the closest.
    surely = [each for each in vehicles if min(possible(each.vehicles)) > 0]
    if any(chain.value for each in surely for chain in each.battery.minerals):
        low, high = min(each.lower for each in every), max(each.upper for each in every)
        assert found == Bounds(low, high)


@given(several, st.integers(0, 100))
def test_stating_the_percentage_decides_alike(vehicles: list[PoolMember], percent: int) -> None:
    """Rounded down, a content reaches a whole percentage if and only if it did before."""
    for found in contents(pool(*vehicles)):
        stated = found.certified_percentage
        ends = stated if isinstance(stated, Bounds) else Bounds.exactly(stated)
        assert ends.at_least(percent) is found.reaches(percent)
        assert Fraction(ends.lower) <= found.bounds.lower * 100


@given(st.lists(st.tuples(places, amounts), min_size=1, max_size=4))
def test_one_battery_of_all_chains_is_a_pool_of_their_batteries(drawn: list[Any]) -> None:
    """Pooling adds up values and nothing else."""
    sources = [
        MineralSource.extracted_in(where, "lithium", value, processed_in=where)
        for where, value in drawn
    ]

    def having(*chains: MineralSource) -> PoolMember:
        battery = Battery(minerals=chains)
        return PoolMember(battery=battery, vehicles=1, placed_in_service=DAY, model_line="A")

    joint = pool_mineral_content(pool(having(*sources)), LAW)
    apart = pool_mineral_content(pool(*(having(each) for each in sources)), LAW)
    assert joint.bounds == apart.bounds
