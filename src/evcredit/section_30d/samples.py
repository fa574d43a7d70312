"""Chains and components that stand for everything an unknown one could be.

The analysis of what is missing tries values of unknown facts. Where a whole chain, or everything
inside a component, is unknown, these values between them lead to every outcome of the sourcing
rules: what counts and what does not, with and without a foreign entity of concern.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import product
from typing import Any

from evcredit.battery import Activity, BatteryComponent, MineralSource, Step
from evcredit.fact import UnknownFact, read
from evcredit.money import VAST, in_millionths

__all__ = ["IN_AND_OUT", "extremes", "part_samples"]

#: A place that counts for everything and one that counts for nothing.
IN_AND_OUT = ("US", "AQ")
Kinds = tuple[tuple[str, bool | None], ...]


def extremes(least: int, most: int | None) -> tuple[Decimal, ...]:
    """The least amount, the least that is more than nothing, and the greatest.

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
    name = unknown.path.rpartition(".")[2]
    if name == "minerals":
        return tuple(
            (MineralSource(mineral="lithium", value=1, steps=steps),)
            for steps in _steps(_OPEN_KINDS)
        )
    if name == "steps":
        return _steps(_KINDS)
    if name == "components":
        return _components(None, _OPEN_KINDS)
    if name == "contains":
        whole = read(claim, unknown.path.removesuffix(".contains"))
        return ((), *_components(whole.value, _KINDS))
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
