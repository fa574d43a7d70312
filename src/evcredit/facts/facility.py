"""Facilities: a place that several steps of procurement chains share, known or not.

A chain is a common sequence of steps in a common set of places (26 CFR 1.30D-2(b)(38)); several
chains may have one of the places in common.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import attrs

from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import Fault, Kind, as_text, check, declare, repr_of_facts
from evcredit.facts.place import as_country, place_name

if TYPE_CHECKING:
    from evcredit.algebra.path import UnknownFact
    from evcredit.facts.chain import MineralSource, Step

__all__ = ["Facility", "at_facility", "located"]


def as_facility_name(value: str | None) -> Any:
    """Text that must be given."""
    return Fault(value, "give the name that its steps use") if value is None else as_text(value)


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class Facility:
    """A mine, refinery or recycling plant in which several steps of procurement chains are done.

    It is one of the places of each chain that passes through it (26 CFR 1.30D-2(b)(38)). Steps name
    it in `Step.facility`, and its country is stated here for all of them. Where no one knows the
    country, it is one unknown fact and not one for each step.

    Args:
        name: The name that steps use.
        country: Where it is; any unambiguous name or code, stored as ISO alpha-2.

    Raises:
        InvalidFactError: A fact is invalid.

    >>> print(Facility(name="refinery A"), "and", Facility(name="refinery B", country="Japan"))
    refinery A in an unknown country and refinery B in Japan
    """

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        where = "an unknown country" if self.country is None else place_name(self.country)
        return f"{self.name} in {where}"

    name: str = attrs.field(
        converter=as_facility_name,
        metadata=declare(Kind.TEXT, "name of the facility", for_reader=True),
    )
    country: str | None = attrs.field(
        default=None,
        converter=as_country,
        metadata=declare(Kind.COUNTRY, "country of the facility"),
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, sound=sound)


def located(source: MineralSource, countries: Mapping[str, str]) -> MineralSource:
    """Return a chain with the countries of its facilities, as far as they are known.

    Args:
        source: The chain.
        countries: Countries by the name of the facility.

    >>> from evcredit.facts.chain import MineralSource, Step
    >>> chain = MineralSource(mineral="nickel", steps=[Step(facility="refinery A")])
    >>> located(chain, {"refinery A": "JP"}).steps[0].country
    'JP'
    """
    if not any(step.facility in countries for step in source.steps or ()):
        return source
    steps = []
    for step in source.steps or ():
        country = None if step.facility is None else countries.get(step.facility)
        there = step if country is None else attrs.evolve(step, country=country, facility=None)
        steps.append(there)
    return attrs.evolve(source, steps=tuple(steps))


def at_facility(
    unknown: UnknownFact, step: Step, facilities: tuple[Facility, ...] | None
) -> UnknownFact:
    """Return an unknown fact of a step; of an unknown country, the one of its facility.

    Args:
        unknown: The fact.
        step: The step.
        facilities: The facilities of the battery of the claim.
    """
    from evcredit.algebra.path import UnknownFact, fact_type_at  # noqa: PLC0415  # for few

    if unknown.path.endswith(".country"):
        for index, each in enumerate(facilities or ()):
            if each.name == step.facility:
                path = f"vehicle.battery.facilities[{index}].country"
                return UnknownFact(path, fact_type_at(Facility, "country"))
    return unknown
