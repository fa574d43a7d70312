"""Chains and components that stand for everything an unknown one could be.

The analysis of what is missing tries values of unknown facts. Where a whole chain, or everything
inside a component, is unknown, these values between them lead to every outcome of the sourcing
rules: what counts and what does not, with and without a foreign entity of concern.
"""

from __future__ import annotations

from itertools import product
from typing import Any

from evcredit.battery import Activity, BatteryComponent, MineralSource, Step
from evcredit.fact import UnknownFact, read

__all__ = ["IN_AND_OUT", "part_samples"]

#: A place that counts for everything and one that counts for nothing.
IN_AND_OUT = ("US", "AQ")


def part_samples(unknown: UnknownFact, claim: Any) -> tuple[Any, ...]:
    """Values of an unknown list of chains, steps or components; none for other facts."""
    name = unknown.path.rpartition(".")[2]
    if name == "minerals":
        return tuple(
            (MineralSource.extracted_in(place, "lithium", value=1, processed_in=place),)
            for place in IN_AND_OUT
        )
    if name == "steps":
        return tuple(
            (Step(activity=Activity.EXTRACTION, country=place, foreign_entity_of_concern=flag),)
            for place, flag in product(IN_AND_OUT, (False, True))
        )
    if name == "components":
        return tuple(
            (BatteryComponent(kind="other", value=1, made_in=place, contains=()),)
            for place in IN_AND_OUT
        )
    if name == "contains":
        whole = read(claim, unknown.path.removesuffix(".contains"))
        filled = tuple(
            (
                BatteryComponent(
                    kind="other",
                    value=1 if whole.value is None else whole.value,
                    made_in=place,
                    contains=(),
                    foreign_entity_of_concern=flag,
                ),
            )
            for place, flag in product(IN_AND_OUT, (False, True))
        )
        return ((), *filled)
    return ()
