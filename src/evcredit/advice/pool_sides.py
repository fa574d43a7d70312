"""The two halves over a pool of vehicles: each lot counts for every vehicle that has it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import partial
from itertools import accumulate

import attrs

from evcredit.advice.sides import (
    OWN_VALUE,
    Lot,
    Side,
    best_share_of,
    chain_lot,
    chains_moved,
    chains_valued,
    component_lot,
    components_moved,
    components_valued,
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
    in_pool = partial(_in_pool, [len(member.battery.minerals or ()) for member in pool.members])

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
            pool, lambda battery, of: chains_valued(battery, _within(of, values))
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
    counts: list[int] = []
    for index, member in enumerate(pool.members):
        battery = member.battery
        if battery.components is None or unknown_inside(battery):
            return f"a component of members[{index}], its value, or what is inside it is unknown"
        owners = inside_first(battery.components, f"members[{index}].battery.components")
        vehicles = _vehicles(member.vehicles)
        counts.append(len(battery.value_parts))
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
        revalue=lambda pool, values: _in_pool(
            counts, pool, lambda battery, of: components_valued(battery, _within(of, values))
        ),
        priced=OWN_VALUE,
        holds=lambda pool: _reaches(content(pool), percent),
        content=content,
    )


def _in_pool(
    counts: Sequence[int], pool: Pool, change: Callable[[Battery, dict[int, int]], Battery]
) -> Pool:
    """Change the battery of each member, given the place of each of its lots among all.

    Args:
        counts: How many lots each member has.
        pool: The pool.
        change: From a battery and, by place in it, the place of the lot.
    """
    starts = accumulate(counts, initial=0)
    members = tuple(
        attrs.evolve(
            member,
            battery=change(member.battery, {place: start + place for place in range(count)}),
        )
        for member, start, count in zip(pool.members, starts, counts, strict=False)
    )
    return attrs.evolve(pool, members=members)


def _within(of: dict[int, int], values: dict[int, Decimal]) -> dict[int, Decimal]:
    """The values of the lots of one battery, by place in it."""
    return {place: values[lot] for place, lot in of.items() if lot in values}


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
