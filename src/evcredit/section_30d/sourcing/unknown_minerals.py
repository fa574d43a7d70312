"""The unknown facts of procurement chains that affect a content, and values to try for them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any

from evcredit.algebra.binding import Binding
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.kinds import Number, Parts
from evcredit.algebra.money import VAST, in_millionths, millionths
from evcredit.algebra.path import UnknownFact, fact_type_at, unknown_facts
from evcredit.facts.chain import Activity, MineralSource, Step
from evcredit.facts.facility import at_facility
from evcredit.law.law import Law
from evcredit.law.readings import AgreementDay
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE
from evcredit.section_30d.sourcing.places import places_under
from evcredit.section_30d.sourcing.qualifying import best_share, count_under
from evcredit.section_30d.sourcing.samples import (
    IN_AND_OUT,
    extremes,
    part_samples,
    percent_samples,
)

__all__ = [
    "CERTIFIED",
    "CHAINS",
    "governing_certificate",
    "mineral_samples",
    "read_of_minerals",
    "unknown_of_minerals",
]

CHAINS: Parts = CLAIM.vehicle.battery.minerals
_FACILITIES = CLAIM.vehicle.battery.facilities.path
CERTIFIED: Number = CLAIM.vehicle.battery.certified_critical_mineral_content


def governing_certificate(battery: Any, binding: Binding) -> Decimal | Bounds[Decimal] | None:
    """The certified percentage, if there is one and it speaks about this law."""
    found: Decimal | Bounds[Decimal] | None = battery.certified_critical_mineral_content
    return found if binding.law.certifications_apply else None


def unknown_of_minerals(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    """The unknown facts that may affect the content: nothing of a chain that is decided."""
    if governing_certificate(claim.vehicle.battery, binding) is not None:
        yield from CERTIFIED.unknown_in(claim, binding)
        return
    battery = claim.vehicle.battery
    chains = battery.chains
    if chains is None:
        yield UnknownFact(CHAINS.path, CHAINS.declared)
        return
    places = places_under(binding)
    for index, source in enumerate(chains):
        least, most = best_share(source, places)
        path = f"{CHAINS.path}[{index}]"
        if least != most and places.by_activity_day:
            yield from _unknown_days(source, path)
        for each in unknown_facts(source, path):
            name = each.path.rpartition(".")[2]
            if name == "value" or (least != most and name in _READ and _bears(source, each)):
                step = (source.steps or ())[_place_in(each.path)] if name == "country" else None
                yield each if step is None else at_facility(each, step, battery.facilities)


def _place_in(path: str) -> int:
    """The last place in a list of a path."""
    return int(path.rpartition("[")[2].partition("]")[0])


def read_of_minerals(law: Law) -> tuple[str, ...]:
    """The paths of what is read of chains; the day of an activity where a reading requires it."""
    by_activity_day = law.readings.agreement_day is AgreementDay.ACTIVITY
    of_steps = ("activity", "country", "value_added", *(("performed_on",) * by_activity_day))
    return (
        f"{CHAINS.path}.mineral",
        f"{CHAINS.path}.value",
        f"{_FACILITIES}.country",
        *(f"{CHAINS.path}.steps.{name}" for name in of_steps),
    )


def _unknown_days(source: MineralSource, path: str) -> Iterator[UnknownFact]:
    """The unknown days of activities, where a reading makes them matter."""
    for index, step in enumerate(source.steps or ()):
        if step.performed_on is None and step.activity is not Activity.RECYCLING:
            yield UnknownFact(f"{path}.steps[{index}].performed_on", _PERFORMED_ON)


_PERFORMED_ON = fact_type_at(Step, "performed_on")
_READ = ("steps", "activity", "country", "value_added")


def _bears(source: MineralSource, unknown: UnknownFact) -> bool:
    """Whether an unknown fact of a step can affect the share of its activity."""
    if source.by_activity is None or source.steps is None:
        return True
    step = source.steps[_place_in(unknown.path)]
    activities = dict(source.by_activity)
    if Activity.RECYCLING in activities and step.activity is not Activity.RECYCLING:
        return False
    # The value added matters only where an activity is spread over several steps.
    alone = step.activity is not None and len(activities[step.activity]) == 1
    return not (alone and unknown.path.endswith("value_added"))


def mineral_samples(unknown: UnknownFact, claim: Any, law: Law) -> tuple[Any, ...]:
    """Chains and places that qualify and that do not."""
    name = unknown.path.rpartition(".")[2]
    if name == "country":
        # Where recycling counts is not where processing does: an open activity distinguishes them.
        activities = _activities_at(unknown.path.rpartition(".")[0], claim.vehicle.battery)
        several = {Activity.RECYCLING} < activities or None in activities
        others = law.sample_countries() if several else ()
        return tuple(dict.fromkeys((*IN_AND_OUT, *law.partners_joining_later(), *others)))
    if name == "performed_on":
        days = law.agreements.boundaries()
        return tuple(dict.fromkeys((days[0] - timedelta(days=1), *days)))
    if name in ("value", "value_added"):
        return _amounts(unknown.path, claim, law)
    if unknown.path == CERTIFIED.path:
        return percent_samples(unknown, law.critical_minerals_percentage)
    return part_samples(unknown, claim)


def _activities_at(path: str, battery: Any) -> set[Activity | None]:
    """What is done at the place of a step, or at a facility."""
    steps = [step for source in battery.minerals for step in source.steps or ()]
    if path.startswith(_FACILITIES):
        name = battery.facilities[_place_in(path)].name
        return {step.activity for step in steps if step.facility == name}
    chain, _, last = path.partition("].")
    return {battery.minerals[_place_in(chain + "]")].steps[_place_in(last)].activity}


def _amounts(path: str, claim: Any, law: Law) -> tuple[Decimal, ...]:
    """The minimum and the maximum possible value of a chain, or value added by a step.

    A content is a ratio of linear functions of any one amount, so its extremes lie there. The
    value of a chain can raise the content under one test and lower it under the other, so the
    values where either changes are tried too.
    """
    source = claim.vehicle.battery.chains[_place_in(path[: path.index("]") + 1])]
    added = sum(millionths(s.value_added) for s in source.steps or () if s.value_added is not None)
    if path.endswith(".value"):
        turns = (each for each in _turning_points(source, claim, law) if each > added)
        return (*extremes(added, None), *(in_millionths(each) for each in sorted(set(turns))))
    if source.value_in_millionths is None:
        # Well below the maximum value, so that several steps fit into it together.
        return extremes(0, millionths(VAST) // 1000)
    room = source.value_in_millionths - added
    unknown = sum(step.value_added is None for step in source.steps or ())
    # So much that all fit into it together, too.
    return tuple(dict.fromkeys((*extremes(0, room), in_millionths(room // max(unknown, 1)))))


def _turning_points(source: MineralSource, claim: Any, law: Law) -> Iterator[int]:
    """The values of a chain, in millionths, around which a content reaches a percentage."""
    day = PLACED_IN_SERVICE.stated(claim, law)
    binding = Binding(law, {} if day is None else {PLACED_IN_SERVICE.path: day})
    places = places_under(binding)
    schedule = law.critical_minerals_percentage
    if day is not None and schedule.covers(day):
        values: tuple[Any, ...] = (schedule.on(day),)
    else:
        values = schedule.values()
    percentages = [value for value in values if isinstance(value, int)]
    for whole, end in product((True, False), (0, 1)):
        counted = count_under(binding, whole=whole)
        total, qualifying = 0, Fraction(0)
        for other in claim.vehicle.battery.chains:
            if other is not source and other.value_in_millionths is not None:
                total += other.value_in_millionths
                qualifying += other.value_in_millionths * counted(best_share(other, places))[end]
        own = counted(best_share(source, places))[end]
        for percent in percentages:
            if own * 100 != percent:
                # Where qualifying + own * value is this percentage of total + value.
                at = Fraction(percent * total - 100 * qualifying, 100 * own - percent)
                around = at.numerator // at.denominator
                yield from (around, around + 1)
