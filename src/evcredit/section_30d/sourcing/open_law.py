"""Where the law leaves a content open whatever the facts: an open place, and nothing at all.

A place whose standing a reading leaves unresolved counts or does not, and no fact shows. A battery
that holds no applicable critical mineral, or no component, has no percentage: the law divides the
qualifying value by the whole one, and says nothing about a whole of nothing (26 USC 30D(e)).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evcredit.algebra.binding import Binding
from evcredit.algebra.share import Share
from evcredit.facts.chain import Activity
from evcredit.facts.component import walk_components
from evcredit.facts.country import country_name
from evcredit.law.law import Law
from evcredit.section_30d.sourcing.places import places_under
from evcredit.section_30d.sourcing.qualifying import best_share
from evcredit.section_30d.sourcing.unknown_minerals import governing_certificate

__all__ = ["content_of_nothing", "open_components", "open_minerals"]

_SHARES = {True: Share(1, 1, 1, 1), False: Share(0, 1, 0, 1), None: None}


def content_of_nothing(law: Law) -> Share | None:
    """Return the content of a battery that holds nothing, as the law is read.

    >>> from evcredit import current_law
    >>> content_of_nothing(current_law()) is None
    True
    >>> print(content_of_nothing(current_law().with_readings(empty_content_qualifies=True)))
    100.0 %
    """
    return _SHARES[law.readings.empty_content_qualifies]


def open_minerals(claim: Any, binding: Binding) -> Iterator[str]:
    """Yield why no fact could settle the content of critical minerals.

    Args:
        claim: A claim.
        binding: The law and the days.
    """
    battery, law = claim.vehicle.battery, binding.law
    if governing_certificate(battery, binding) is not None:
        return
    if battery.minerals == () and law.readings.empty_content_qualifies is None:
        yield _NOTHING.format("applicable critical mineral")
    places = places_under(binding)
    for source in battery.chains or ():
        least, most = best_share(source, places)
        for step in source.steps or ():
            known = None not in (step.country, step.activity, places.day_of(step))
            if known and least != most and places.counts(source, step) is None:
                of = "North America" if step.activity is Activity.RECYCLING else "the United States"
                yield _PLACE.format(country_name(step.country), of)


def open_components(claim: Any, binding: Binding) -> Iterator[str]:
    """Yield why no fact could settle the content of battery components.

    Args:
        claim: A claim.
        binding: The law and the days.
    """
    battery, law = claim.vehicle.battery, binding.law
    if battery.certified_battery_component_content is not None:
        return
    if battery.components == () and law.readings.empty_content_qualifies is None:
        yield _NOTHING.format("component")
    america = law.north_america.members
    for _, part in walk_components(battery.components or (), ""):
        if part.made_in is not None and america.get(part.made_in, False) is None:
            yield _PLACE.format(country_name(part.made_in), "North America")


_NOTHING = (
    "the battery is stated to hold no {}, so it has no percentage of them; choose a reading "
    "(empty_content_qualifies)"
)
_PLACE = "whether {} counts as {} is unresolved; choose a reading"
