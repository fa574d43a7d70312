"""Chains and components that represent everything an unknown one could be.

The analysis of what is missing tries values of unknown facts. Where a whole chain, or everything
inside a component, is unknown, these values between them lead to every outcome of the sourcing
rules: what counts and what does not, with and without a foreign entity of concern.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.money import VAST, in_millionths
from evcredit.algebra.path import UnknownFact, read
from evcredit.algebra.schedule import Schedule
from evcredit.facts.chain import Activity, MineralSource, Step
from evcredit.facts.component import BatteryComponent

__all__ = ["IN_AND_OUT", "extremes", "part_samples", "parts_made_in", "percent_samples"]

#: A place that counts for everything and one that counts for nothing.
IN_AND_OUT = ("US", "AQ")
Kinds = tuple[tuple[str, bool | None], ...]


def extremes(least: int, most: int | None) -> tuple[Decimal, ...]:
    """The minimum amount, the minimum that is more than nothing, and the maximum.

    Args:
        least: Millionths of a dollar.
        most: Millionths of a dollar; `None` if nothing limits it.

    >>> extremes(0, 5_000_000)
    (Decimal('0.000000'), Decimal('0.000001'), Decimal('5.000000'))
    """
    greatest = VAST if most is None else in_millionths(most)
    return tuple(dict.fromkeys((in_millionths(least), in_millionths(max(least, 1)), greatest)))


def part_samples(unknown: UnknownFact, claim: Any) -> tuple[Any, ...]:
    """Values of an unknown list of chains, steps or components; none for other facts."""
    of_lists = unknown.path.endswith(("minerals", "components"))
    found = _parts_of(unknown, claim, _OPEN_KINDS if of_lists else _KINDS)
    return ((), *found) if unknown.path.endswith(".contains") else found


def parts_made_in(place: str, unknown: UnknownFact, claim: Any) -> tuple[Any, ...]:
    """The value with parts that are made in a place, and of which nothing else is stated.

    Args:
        place: The place.
        unknown: The unknown list.
        claim: The claim.
    """
    return _parts_of(unknown, claim, ((place, None),))


def _parts_of(unknown: UnknownFact, claim: Any, kinds: Kinds) -> tuple[Any, ...]:
    """Lists of one part for each place and flag; none for other facts."""
    name = unknown.path.rpartition(".")[2]
    if name == "minerals":
        return tuple(
            (MineralSource(mineral="lithium", value=1, steps=steps),) for steps in _steps(kinds)
        )
    if name == "steps":
        return _steps(kinds)
    if name == "components":
        return _components(None, kinds)
    if name == "contains":
        return _components(read(claim, unknown.path.removesuffix(".contains")).value, kinds)
    return ()


def _steps(kinds: Kinds) -> tuple[tuple[Step, ...], ...]:
    return tuple(
        (Step(activity=Activity.EXTRACTION, country=place, foreign_entity_of_concern=flag),)
        for place, flag in kinds
    )


_KINDS = tuple(product(IN_AND_OUT, (False, True)))
# Of whole lists the flag of the battery says who made what, so the parts leave it open.
_OPEN_KINDS = tuple(product(IN_AND_OUT, (None,)))


def _components(value: Decimal | None, kinds: Kinds) -> tuple[tuple[BatteryComponent, ...], ...]:
    """Single components worth as much as they can be."""
    return tuple(
        (
            BatteryComponent(
                kind="other",
                value=1 if value is None else value,
                made_in=place,
                contains=(),
                foreign_entity_of_concern=flag,
            ),
        )
        for place, flag in kinds
    )


def percent_samples(unknown: UnknownFact, schedule: Schedule[int]) -> tuple[Any, ...]:
    """Percentages within the known bounds, on both sides of every applicable percentage."""
    within = unknown.within or Bounds(Decimal(0), Decimal(100))
    percentages = [value for value in schedule.values() if isinstance(value, int)]
    near = {Decimal(value) for value in percentages}
    near |= {Decimal(value) - Decimal("0.000001") for value in percentages}
    return tuple(sorted({within.lower, within.upper} | {each for each in near if each in within}))
