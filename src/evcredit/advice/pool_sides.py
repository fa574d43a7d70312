"""The two halves over a pool of vehicles: each lot counts for every vehicle that has it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import attrs

from evcredit.advice.sides import (
    Lot,
    Side,
    best_share_of,
    chain_lot,
    chains_moved,
    chains_valued,
    component_lot,
    components_moved,
    inside_first,
    tests_in_force,
    unknown_inside,
)
from evcredit.algebra.path import with_facts
from evcredit.algebra.share import Share
from evcredit.facts.battery import Battery
from evcredit.facts.pool import Pool
from evcredit.law.law import Law
from evcredit.section_30d.sourcing.components import component_parts
from evcredit.section_30d.sourcing.minerals import mineral_parts
from evcredit.section_30d.sourcing.pools import pool_component_content, pool_mineral_content

__all__ = ["pool_component_side", "pool_mineral_side"]


def pool_mineral_side(pool: Pool, law: Law, percent: int) -> Side:
    """The critical minerals of a pool, by the tests in force on its first day.

    Args:
        pool: The pool.
        law: The law.
        percent: The percentage that its content is to reach.
    """
    tests = tests_in_force(law, pool.first_day)
    lots, problem = [], _uncounted(pool)
    for index, member in enumerate(pool.members):
        battery, day = member.battery, member.placed_in_service
        if battery.minerals is None:
            problem = f"no procurement chains of members[{index}] are stated"
        counts = [
            [each for _, each in mineral_parts(battery, law, day, traced=traced)]
            for traced in tests
        ]
        lots += [
            chain_lot(
                f"members[{index}].battery.minerals[{place}]",
                chain,
                _vehicles(member.vehicles),
                tuple(each[place] for each in counts),
            )
            for place, chain in enumerate(battery.minerals or ())
        ]
    places = [
        (index, place)
        for index, member in enumerate(pool.members)
        for place in range(len(member.battery.minerals or ()))
    ]

    def in_pool(pool: Pool, change: Callable[[Battery, dict[int, int]], Battery]) -> Pool:
        """Change the battery of each member, given the places of lots by place of chain."""
        members = tuple(
            attrs.evolve(
                member,
                battery=change(
                    member.battery,
                    {place: lot for lot, (of, place) in enumerate(places) if of == index},
                ),
            )
            for index, member in enumerate(pool.members)
        )
        return attrs.evolve(pool, members=members)

    def content(pool: Pool) -> Share | None:
        found = [pool_mineral_content(pool, law, traced=traced) for traced in tests]
        shares = [each.share for each in found if each is not None]
        return best_share_of(iter(shares)) if shares else None

    return Side(
        code="pool_mineral_content",
        title="critical minerals of the pool",
        percent=percent,
        lots=tuple(lots),
        subject=pool,
        law=law,
        relocate=lambda pool, chosen, to: in_pool(
            pool,
            lambda battery, of: chains_moved(
                battery, [place for place, lot in of.items() if lot in chosen], to
            ),
        ),
        revalue=lambda pool, values: in_pool(
            pool,
            lambda battery, of: chains_valued(
                battery, {place: values[lot] for place, lot in of.items() if lot in values}
            ),
        ),
        holds=lambda pool: _reaches(content(pool), percent),
        content=content,
        problem=problem,
    )


def pool_component_side(pool: Pool, law: Law, percent: int) -> Side | str:
    """The battery components of a pool; or in words why there is nothing to change.

    Args:
        pool: The pool.
        law: The law.
        percent: The percentage that its content is to reach.
    """
    if problem := _uncounted(pool):
        return problem
    america = law.north_america.members
    lots: list[Lot] = []
    for index, member in enumerate(pool.members):
        battery = member.battery
        if battery.components is None or unknown_inside(battery):
            return f"a component of members[{index}], its value, or what is inside it is unknown"
        owners = inside_first(battery.components, f"members[{index}].battery.components")
        vehicles = _vehicles(member.vehicles)
        lots += [
            component_lot(path, component, value, fractions, vehicles=vehicles)
            for (path, component), (value, fractions) in zip(
                owners, component_parts(battery, america), strict=True
            )
        ]

    def content(pool: Pool) -> Share | None:
        found = pool_component_content(pool, law)
        return None if found is None else found.share

    return Side(
        code="pool_component_content",
        title="battery components of the pool",
        percent=percent,
        lots=tuple(lots),
        subject=pool,
        law=law,
        relocate=lambda pool, chosen, to: with_facts(
            pool, components_moved([lots[place].path for place in chosen], to)
        ),
        holds=lambda pool: _reaches(content(pool), percent),
        content=content,
    )


def _uncounted(pool: Pool) -> str:
    """Of which member the number of vehicles is not known; empty if of none."""
    for index, member in enumerate(pool.members):
        if not isinstance(member.vehicles, Decimal):
            return f"the number of vehicles of members[{index}] is not known exactly"
    return ""


def _vehicles(stated: object) -> int:
    return int(stated) if isinstance(stated, Decimal) else 0


def _reaches(share: Share | None, percent: int) -> bool | None:
    return None if share is None else share.at_least_percent(percent)
