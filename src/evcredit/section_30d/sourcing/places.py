"""Where extraction, processing and recycling count, and from which day (26 CFR 1.30D-2(b))."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Any

from evcredit.algebra.binding import Binding
from evcredit.facts.chain import Activity, MineralSource, Step
from evcredit.law.countries import Members
from evcredit.law.law import Law
from evcredit.law.readings import AgreementDay, AgreementScope
from evcredit.provisions.days import PLACED_IN_SERVICE

__all__ = ["Places", "places_under"]


class Places:
    """Where extraction, processing and recycling count, under a law and on the days of a claim."""

    __slots__ = ("_alike", "_in_service", "_law", "by_activity_day", "listed")

    def __init__(self, binding: Binding) -> None:
        self._law: Law = binding.law
        self._in_service = binding.day(PLACED_IN_SERVICE)
        readings = self._law.readings
        self.by_activity_day: bool = readings.agreement_day is AgreementDay.ACTIVITY
        same = (
            not self.by_activity_day and readings.agreement_scope is AgreementScope.LISTED_COUNTRY
        )
        #: Where an activity counts, as far as that is the same for every chain.
        self._alike = {
            activity: counting_places(self._law, activity, self._in_service, "")
            for activity in Activity
            if same or activity is Activity.RECYCLING
        }
        #: The countries for extraction and processing, if they are the same for every chain.
        self.listed: Members | None = self._alike.get(Activity.PROCESSING)

    def day_of(self, step: Step) -> date | None:
        """The day on which the place of a step is looked at, if it is known."""
        return step.performed_on if self.by_activity_day else self._in_service

    def counts(self, source: MineralSource, step: Step) -> bool | None:
        """Whether the place of a step counts for its activity; `None` if that is unknown."""
        activity: Any = step.activity
        members = self._alike.get(activity)
        if members is None:
            day = self.day_of(step)
            members = counting_places(self._law, activity, day, source.mineral.identifier)
        return members.get(step.country, False)


places_under: Callable[[Binding], Places] = lru_cache(maxsize=1024)(Places)


def counting_places(law: Law, activity: Activity, day: date | None, mineral: str) -> Members:
    """Where an activity counts: recycling in North America, the others on the list.

    Args:
        law: The law.
        activity: The activity.
        day: The day on which an agreement must be in effect, if known: of the activity or
            placed in service, as the law is read.
        mineral: The mineral, by its identifier; it matters only under a reading.

    >>> from evcredit import current_law
    >>> extracted = counting_places(current_law(), Activity.EXTRACTION, date(2024, 6, 3), "nickel")
    >>> extracted["JP"], extracted.get("CN", False)
    (True, False)
    """
    if activity is Activity.RECYCLING:
        return law.north_america.members
    return _countries(law, day, mineral)


def listing_days(law: Law) -> tuple[date, ...]:
    """The first day looked at, and every later one on which an agreement begins or ends.

    A vehicle is placed in service while the sourcing rules apply; an activity may lie before.
    """
    by_activity = law.readings.agreement_day is AgreementDay.ACTIVITY
    first = date.min if by_activity else first_sourcing_day(law)
    return (first, *(each for each in law.agreements.boundaries() if each > first))


def first_sourcing_day(law: Law) -> date:
    """The first day on which a vehicle placed in service needs qualifying minerals."""
    return law.critical_minerals_percentage.boundaries()[0]


def value_added_threshold(law: Law, day: date | None) -> Any:
    """Which percentage of the value added carries a whole chain, on the day placed in service.

    For an earlier vehicle the content is only of interest: it is taken as the rule began.
    """
    schedule = law.value_added_threshold_percent
    covered = day is not None and schedule.covers(day)
    return schedule.on(day) if covered and day is not None else schedule.values()[0]


@lru_cache(maxsize=1024)
def _countries(law: Law, day: date | None, mineral: str) -> Members:
    """The countries on the list on a day; on an unknown day, those that are on every day."""
    if day is not None:
        return law.mineral_countries(day, mineral).members
    lists = [law.mineral_countries(each, mineral).members for each in listing_days(law)]
    every = {code for members in lists for code in members}
    return {code: True if all(members.get(code) for members in lists) else None for code in every}
