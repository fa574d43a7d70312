"""How much of one procurement chain qualifies (26 CFR 1.30D-3(a)).

Extraction and processing are looked at separately: what share of the value added by that activity
arose where it counts. For a recycled chain only the recycling is. The maximum share decides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any

import attrs

from evcredit.algebra.binding import Binding
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.share import Fractions, Share, reaches, share_of
from evcredit.facts.chain import Activity, MineralSource
from evcredit.law.law import Law
from evcredit.provisions.days import PLACED_IN_SERVICE
from evcredit.section_30d.sourcing.places import Places, places_under, value_added_threshold

__all__ = ["activity_share", "best_share", "count_under", "qualifying_shares"]

_FLAG_BOUNDS: Mapping[bool | None, tuple[int, int]] = {True: (1, 1), False: (0, 0), None: (0, 1)}
_NOTHING = Share(0, 1, 0, 1)


def activity_share(source: MineralSource, steps: Any, places: Places) -> Fractions:
    """The share of one activity's value added that arose where it counts, as bounds."""
    if len(steps) == 1:
        return _FLAG_BOUNDS[places.counts(source, steps[0][0])]
    share = share_of((added, _FLAG_BOUNDS[places.counts(source, step)]) for step, added in steps)
    bounds = (share or _NOTHING).bounds
    return (bounds.lower, bounds.upper)


def looked_at(recycling: Any, recycled: Any) -> Any:
    """Whether an activity of a chain is looked at: in a recycled chain the recycling alone.

    What was mined or refined before the scrap arose does not matter. Written with an
    operator, so that a table is read by the same words.

    Args:
        recycling: Whether the activity is recycling.
        recycled: Whether any activity of the chain is.

    >>> looked_at(True, True), looked_at(False, True), looked_at(False, False)
    (True, False, True)
    """
    return recycling == recycled


def _looked_at(source: MineralSource) -> Iterator[tuple[Activity, Any]]:
    """The activities of a chain that are looked at, with their steps."""
    groups = source.by_activity or ()
    recycled = any(activity is Activity.RECYCLING for activity, _ in groups)
    for activity, steps in groups:
        if looked_at(activity is Activity.RECYCLING, recycled):
            yield activity, steps


def best_share(source: MineralSource, places: Places) -> Fractions:
    """The maximum of the qualifying shares of a chain's activities, as bounds."""
    if source.by_activity is None:
        return _best_of_possible_activities(source, places)
    lower: int | Fraction = 0
    upper: int | Fraction = 0
    for _, steps in _looked_at(source):
        least, most = activity_share(source, steps, places)
        lower, upper = max(lower, least), max(upper, most)
    return (lower, upper)


def _best_of_possible_activities(source: MineralSource, places: Places) -> Fractions:
    """The hull over everything that steps of unknown activity may have been."""
    steps = source.steps or ()
    unknown = [index for index, step in enumerate(steps) if step.activity is None]
    if not steps or len(unknown) > MOST_UNKNOWN_ACTIVITIES:
        return (0, 1)
    found = []
    for activities in product(Activity, repeat=len(unknown)):
        supposed = list(steps)
        for index, activity in zip(unknown, activities, strict=True):
            supposed[index] = attrs.evolve(steps[index], activity=activity)
        found.append(best_share(attrs.evolve(source, steps=tuple(supposed)), places))
    return (min(least for least, _ in found), max(most for _, most in found))


#: With more steps of unknown activity than this a chain is taken as unknown.
MOST_UNKNOWN_ACTIVITIES = 4


def qualifying_shares(
    source: MineralSource, law: Law, day: date
) -> Mapping[Activity, Bounds[Fraction]]:
    """The share of each activity's value added that arose where it counts.

    Args:
        source: A procurement chain.
        law: The law.
        day: The day the vehicle is placed in service.

    Returns:
        Bounds of the share, 1 being the whole, for each activity of the chain; empty if the
        chain is unknown. In a recycled chain only recycling is looked at.

    >>> from evcredit.law.current import current_law
    >>> chain = MineralSource.processed_in("Japan", "nickel", extracted_in="Indonesia")
    >>> shares = qualifying_shares(chain, current_law(), date(2024, 6, 3))
    >>> {activity.value: str(share) for activity, share in shares.items()}
    {'extraction': '0', 'processing': '1'}
    """
    places = places_under(Binding(law, {PLACED_IN_SERVICE.path: day}))
    return {
        activity: Bounds(*map(Fraction, activity_share(source, steps, places)))
        for activity, steps in _looked_at(source)
    }


def _whole_if_half(best: Fractions, threshold_percent: int) -> Fractions:
    """All of a chain's value if its best share reaches the threshold, otherwise nothing."""
    lower, upper = best
    return (
        1 if reaches(lower, 1, threshold_percent) else 0,
        1 if reaches(upper, 1, threshold_percent) else 0,
    )


Count = Callable[[Fractions], Fractions]


@lru_cache(maxsize=1024)
def count_under(binding: Binding, *, whole: bool) -> Count:
    """How much of a chain's value counts, given its best share, under one of the two tests."""
    if not whole:
        return lambda best: best
    threshold = value_added_threshold(binding.law, binding.day(PLACED_IN_SERVICE))
    return lambda best: _whole_if_half(best, threshold)
