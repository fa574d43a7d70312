"""26 USC 30D(e)(1): the critical minerals requirement.

For each procurement chain, extraction and processing are looked at separately: what share of
the value added by that activity arose in the United States or in a country on the list. For a
recycled chain only the recycling counts, and the place is North America. The greatest of the
shares decides: under the 50 percent test the whole value of the chain qualifies if it reaches
half; under the traced qualifying value test that share of its value does. The content is the
qualifying value over the value of all applicable critical minerals in the battery.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import product
from typing import Any, NamedTuple

import attrs

from evcredit.battery import Activity, Battery, MineralSource, Step
from evcredit.bounds import Bounds
from evcredit.citation import Citation
from evcredit.country import country_name
from evcredit.expression import Binding, CertifiedShare, Derived, Fact
from evcredit.fact import Kind, UnknownFact, fact_type_at, read, unknown_facts
from evcredit.law import AgreementDay, AgreementScope, Law, Members
from evcredit.money import VAST, in_dollars, in_millionths, millionths
from evcredit.rule import FactRead, Finding, Mode, Rule, any_of
from evcredit.schedule import Schedule
from evcredit.section_30d.provision import (
    CLAIM,
    PLACED_IN_SERVICE,
    Statement,
    provision,
)
from evcredit.section_30d.samples import IN_AND_OUT, extremes, part_samples
from evcredit.share import Fractions, Share, reaches, share_by_places, share_of
from evcredit.verdict import Verdict

__all__ = [
    "critical_mineral_content",
    "mineral_parts",
    "minerals_requirement",
    "qualifying_shares",
    "traced_mineral_content",
    "whole_mineral_content",
]

_CHAINS: Fact = CLAIM.vehicle.battery.minerals
_CERTIFIED: Fact = CLAIM.vehicle.battery.certified_critical_mineral_content


# -- where an activity counts --------------------------------------------------------------


class _Places:
    """Where extraction, processing and recycling count, under a law and on the days of a claim."""

    __slots__ = ("_alike", "_in_service", "_law", "by_activity_day", "listed")

    def __init__(self, binding: Binding) -> None:
        self._law: Law = binding.law
        self._in_service = binding.day(PLACED_IN_SERVICE)
        readings = self._law.readings
        self.by_activity_day = readings.agreement_day is AgreementDay.ACTIVITY
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

    def counts(self, source: MineralSource, step: Step) -> bool | None:
        """Whether the place of a step counts for its activity; `None` if that is unknown."""
        activity: Any = step.activity
        members = self._alike.get(activity)
        if members is None:
            day = step.performed_on if self.by_activity_day else self._in_service
            members = counting_places(self._law, activity, day, source.mineral.identifier)
        return members.get(step.country, False)


_places = lru_cache(maxsize=1024)(_Places)


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


# -- one chain -----------------------------------------------------------------------------


_FLAG_BOUNDS: Mapping[bool | None, tuple[int, int]] = {True: (1, 1), False: (0, 0), None: (0, 1)}


_NOTHING = Share(0, 1, 0, 1)


def _activity_share(source: MineralSource, steps: Any, places: _Places) -> Fractions:
    """The share of one activity's value added that arose where it counts, as bounds."""
    if len(steps) == 1:
        return _FLAG_BOUNDS[places.counts(source, steps[0][0])]
    share = share_of((added, _FLAG_BOUNDS[places.counts(source, step)]) for step, added in steps)
    bounds = (share or _NOTHING).bounds
    return (bounds.lower, bounds.upper)


def looked_at(recycling: Any, recycled: Any) -> Any:
    """Whether an activity of a chain is looked at: in a recycled chain the recycling alone.

    What was mined or refined before the scrap came about does not matter. Written with an
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


def _best_share(source: MineralSource, places: _Places) -> Fractions:
    """The greatest of the qualifying shares of a chain's activities, as bounds."""
    if source.by_activity is None:
        return _best_of_possible_activities(source, places)
    lower: int | Fraction = 0
    upper: int | Fraction = 0
    for _, steps in _looked_at(source):
        least, most = _activity_share(source, steps, places)
        lower, upper = max(lower, least), max(upper, most)
    return (lower, upper)


def _best_of_possible_activities(source: MineralSource, places: _Places) -> Fractions:
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
        found.append(_best_share(attrs.evolve(source, steps=tuple(supposed)), places))
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

    >>> from evcredit.law import current_law
    >>> chain = MineralSource.processed_in("Japan", "nickel", extracted_in="Indonesia")
    >>> shares = qualifying_shares(chain, current_law(), date(2024, 6, 3))
    >>> {activity.value: str(share) for activity, share in shares.items()}
    {'extraction': '0', 'processing': '1'}
    """
    places = _places(Binding(law, {PLACED_IN_SERVICE.path: day}))
    return {
        activity: Bounds(*map(Fraction, _activity_share(source, steps, places)))
        for activity, steps in _looked_at(source)
    }


def _whole_if_half(best: Fractions, threshold_percent: int) -> Fractions:
    """All of a chain's value if its best share reaches the threshold, otherwise nothing."""
    lower, upper = best
    return (
        1 if reaches(lower, 1, threshold_percent) else 0,
        1 if reaches(upper, 1, threshold_percent) else 0,
    )


# -- the content ---------------------------------------------------------------------------


def _governing_certificate(battery: Any, binding: Binding) -> Decimal | Bounds[Decimal] | None:
    """The certified percentage, if there is one and it speaks about this law."""
    found: Decimal | Bounds[Decimal] | None = battery.certified_critical_mineral_content
    return found if binding.law.certifications_hold else None


Count = Callable[[Fractions], Fractions]


@lru_cache(maxsize=1024)
def _counting(binding: Binding, *, whole: bool) -> Count:
    """How much of a chain's value counts, given its best share, under one of the two tests."""
    if not whole:
        return lambda best: best
    threshold = value_added_threshold(binding.law, binding.day(PLACED_IN_SERVICE))
    return lambda best: _whole_if_half(best, threshold)


def _content(*, whole: bool) -> CertifiedShare:
    """The content as certified, or from the chains by one of the two tests."""

    def computed(binding: Binding) -> Callable[[Any], Share | None]:
        places, counted = _places(binding), _counting(binding, whole=whole)
        return lambda claim: _computed_content(claim.vehicle.battery, places, counted)

    return CertifiedShare(_CERTIFIED, lambda law: law.certifications_hold, computed)


def _computed_content(battery: Any, places: _Places, counted: Count) -> Share | None:
    """The content from the procurement chains; `None` if there are none."""
    if places.listed is not None and battery.plain_chains is not None:
        return share_by_places(battery.plain_chains, places.listed)
    return share_of(_parts(battery, places, counted))


def _parts(battery: Any, places: _Places, counted: Count) -> Iterator[tuple[int | None, Fractions]]:
    """Each chain's value, and the least and the greatest part of it that qualifies."""
    if battery.minerals is None:
        yield None, (0, 1)
    for source in battery.minerals or ():
        yield source.value_in_millionths, counted(_best_share(source, places))


def mineral_parts(
    battery: Battery, law: Law, day: date | None, *, traced: bool = False
) -> tuple[tuple[int | None, Fractions], ...]:
    """The values that make up the content of a battery, for sums over several of them.

    Args:
        battery: The battery; certified percentages are left aside.
        law: The law.
        day: The day its vehicle is placed in service; `None` if unknown.
        traced: Whether to apply the traced qualifying value test instead of the 50 percent
            value added test.

    Returns:
        For each chain its value in millionths of a dollar, `None` if unknown, and the least and
        the greatest part of it that qualifies.

    >>> from evcredit.examples import demonstration_battery
    >>> from evcredit.law import current_law
    >>> mineral_parts(demonstration_battery(), current_law(), date(2024, 6, 3))[0]
    (932400000, (1, 1))
    """
    binding = Binding(law, {} if day is None else {PLACED_IN_SERVICE.path: day})
    return tuple(_parts(battery, _places(binding), _counting(binding, whole=not traced)))


def critical_mineral_content(claim: Any, law: Law, *, traced: bool = False) -> Share | None:
    """The qualifying critical mineral content of a claim's battery from its chains alone.

    Args:
        claim: A claim with a day placed in service; certified percentages are left aside.
        law: The law.
        traced: Whether to apply the traced qualifying value test instead of the 50 percent
            value added test.

    Returns:
        The share of the value of all applicable critical minerals that qualifies, with exact
        bounds; `None` if the battery is stated to hold
        no applicable critical mineral.

    >>> from evcredit import examples
    >>> from evcredit.law import current_law
    >>> print(critical_mineral_content(examples.demonstration_claim(), current_law()))
    84.1 %
    """
    day = PLACED_IN_SERVICE.stated(claim, law)
    days = {} if day is None else {PLACED_IN_SERVICE.path: day}
    binding = Binding(law, days)
    return _computed_content(
        claim.vehicle.battery, _places(binding), _counting(binding, whole=not traced)
    )


# -- findings ------------------------------------------------------------------------------

_chain_rule = Rule(
    code="procurement_chain",
    title="the procurement chain qualifies",
    citation=Citation.parse("26 CFR 1.30D-3(a)"),
    mode=Mode.BODY,
)
_certified_rule = Rule(
    code="certified_critical_mineral_content",
    title="the manufacturer certified the content",
    citation=Citation.parse("26 USC 30D(e)(1)(A)"),
    mode=Mode.BODY,
)


class ChainNote(NamedTuple):
    """What a reader should know of one chain; put in words only when asked.

    Args:
        source: The chain.
        share: The least and the greatest part of its value that counts.
        law: The law.
        day: The day placed in service, if known.
    """

    source: MineralSource
    share: Fractions
    law: Law
    day: date | None

    def __str__(self) -> str:
        source = self.source
        value = "value unknown" if source.value is None else in_dollars(source.value)
        steps = "; ".join(self._step(step) for step in source.steps or ()) or "chain unknown"
        return f"{source.mineral.name}, {value}: {steps}"

    def _step(self, step: Step) -> str:
        activity = "unknown activity" if step.activity is None else step.activity.value
        if step.country is None:
            return f"{activity} in an unknown country"
        text = f"{activity} in {country_name(step.country)}"
        if step.activity is Activity.RECYCLING:
            return text
        by_activity = self.law.readings.agreement_day is AgreementDay.ACTIVITY
        day = step.performed_on if by_activity else self.day
        if day is None:
            return text
        for identifier, since in self.law.agreements.listings_on(step.country, day):
            text += f" (on the list by {identifier} since {since})"
        counting = self.law.mineral_countries(day, self.source.mineral.identifier).members
        if counting.get(step.country, False) is None:
            text += " (whether that counts as the United States is open; choose a reading)"
        return text


def _findings(*, whole: bool) -> Callable[[Binding, Any], tuple[Finding, ...]]:
    def findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
        battery = claim.vehicle.battery
        certified = _governing_certificate(battery, binding)
        if certified is not None:
            read = FactRead(_CERTIFIED.path, certified, _CERTIFIED.declared)
            return (Finding(_certified_rule, Verdict.MET, facts=(read,)),)
        places, counted = _places(binding), _counting(binding, whole=whole)
        if not whole and places.listed is not None and battery.plain_chains is not None:
            return ()  # both tests count every chain alike: shown under the other one
        day = binding.day(PLACED_IN_SERVICE)
        found = []
        for index, source in enumerate(battery.minerals or ()):
            best = _best_share(source, places)
            if not whole and best in ((1, 1), (0, 0), (0, 1)):
                continue  # shown under the other test, which counts it alike
            least, most = counted(best)
            # A chain is shown as met if any of its value counts, as traced shares can be small.
            known = True if least > 0 else (None if most > 0 else False)
            value = FactRead(f"{_CHAINS.path}[{index}].value", source.value, _VALUE)
            note = ChainNote(source, (least, most), binding.law, day)
            verdict = Verdict.of(known)
            found.append(Finding(_chain_rule, verdict, facts=(value,), note=note))
        return tuple(found)

    return findings


_VALUE = fact_type_at(MineralSource, "value")


# -- what could still be -------------------------------------------------------------------


def _unknown(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    """The unknown facts that may bear on the content: nothing of a chain that is decided."""
    if _governing_certificate(claim.vehicle.battery, binding) is not None:
        yield from _CERTIFIED.unknown_in(claim, binding)
        return
    chains = claim.vehicle.battery.minerals
    if chains is None:
        yield UnknownFact(_CHAINS.path, _CHAINS.declared)
        return
    places = _places(binding)
    for index, source in enumerate(chains):
        least, most = _best_share(source, places)
        path = f"{_CHAINS.path}[{index}]"
        if least != most and places.by_activity_day:
            yield from _unknown_days(source, path)
        for each in unknown_facts(source, path):
            name = each.path.rpartition(".")[2]
            if name == "value" or (least != most and name in _READ and _bears(source, each)):
                yield each


def _unknown_days(source: MineralSource, path: str) -> Iterator[UnknownFact]:
    """The unknown days of activities, where a reading makes them matter."""
    for index, step in enumerate(source.steps or ()):
        if step.performed_on is None and step.activity is not Activity.RECYCLING:
            yield UnknownFact(f"{path}.steps[{index}].performed_on", _PERFORMED_ON)


_PERFORMED_ON = fact_type_at(Step, "performed_on")
_READ = ("steps", "activity", "country", "value_added")


def _bears(source: MineralSource, unknown: UnknownFact) -> bool:
    """Whether an unknown fact of a step can bear on the share of its activity."""
    if source.by_activity is None or source.steps is None:
        return True
    step = source.steps[int(unknown.path.rpartition("[")[2].partition("]")[0])]
    activities = dict(source.by_activity)
    if Activity.RECYCLING in activities and step.activity is not Activity.RECYCLING:
        return False
    # The value added matters only where an activity is spread over several steps.
    alone = step.activity is not None and len(activities[step.activity]) == 1
    return not (alone and unknown.path.endswith("value_added"))


def _samples(unknown: UnknownFact, claim: Any, law: Law) -> tuple[Any, ...]:
    """Chains and places that qualify and that do not."""
    name = unknown.path.rpartition(".")[2]
    if name == "country":
        # Where recycling counts is not where processing does: an open activity tells them apart.
        step = read(claim, unknown.path.rpartition(".")[0])
        others = law.sample_countries() if step.activity is None else ()
        return tuple(dict.fromkeys((*IN_AND_OUT, *law.partners_joining_later(), *others)))
    if name == "performed_on":
        days = law.agreements.boundaries()
        return tuple(dict.fromkeys((days[0] - timedelta(days=1), *days)))
    if name in ("value", "value_added"):
        return _amounts(unknown.path, claim, law)
    if unknown.path == _CERTIFIED.path:
        return percent_samples(unknown, law.critical_minerals_percentage)
    return part_samples(unknown, claim)


def _amounts(path: str, claim: Any, law: Law) -> tuple[Decimal, ...]:
    """The least and the greatest possible value of a chain, or value added by a step.

    A content is a ratio of linear functions of any one amount, so its extremes lie there. The
    value of a chain can raise the content under one test and lower it under the other, so the
    values where either turns over are tried too.
    """
    source = read(claim, path[: path.index("]") + 1])
    added = sum(millionths(s.value_added) for s in source.steps or () if s.value_added is not None)
    if path.endswith(".value"):
        turns = (each for each in _turning_points(source, claim, law) if each > added)
        return (*extremes(added, None), *(in_millionths(each) for each in sorted(set(turns))))
    if source.value_in_millionths is None:
        # Well below the greatest value, so that several steps fit into it together.
        return extremes(0, millionths(VAST) // 1000)
    return extremes(0, source.value_in_millionths - added)


def _turning_points(source: MineralSource, claim: Any, law: Law) -> Iterator[int]:
    """The values of a chain, in millionths, around which a content reaches a percentage."""
    day = PLACED_IN_SERVICE.stated(claim, law)
    binding = Binding(law, {} if day is None else {PLACED_IN_SERVICE.path: day})
    places = _places(binding)
    schedule = law.critical_minerals_percentage
    if day is not None and schedule.covers(day):
        values: tuple[Any, ...] = (schedule.on(day),)
    else:
        values = schedule.values()
    percentages = [value for value in values if isinstance(value, int)]
    for whole, end in product((True, False), (0, 1)):
        counted = _counting(binding, whole=whole)
        total, qualifying = 0, Fraction(0)
        for other in claim.vehicle.battery.minerals:
            if other is not source and other.value_in_millionths is not None:
                total += other.value_in_millionths
                qualifying += other.value_in_millionths * counted(_best_share(other, places))[end]
        own = counted(_best_share(source, places))[end]
        for percent in percentages:
            if own * 100 != percent:
                # Where qualifying + own * value is this percentage of total + value.
                at = Fraction(percent * total - 100 * qualifying, 100 * own - percent)
                around = at.numerator // at.denominator
                yield from (around, around + 1)


def percent_samples(unknown: UnknownFact, schedule: Schedule[int]) -> tuple[Any, ...]:
    """Percentages within the known bounds, on both sides of every applicable percentage."""
    within = unknown.within or Bounds(Decimal(0), Decimal(100))
    percentages = [value for value in schedule.values() if isinstance(value, int)]
    near = {Decimal(value) for value in percentages}
    near |= {Decimal(value) - Decimal("0.000001") for value in percentages}
    return tuple(sorted({within.lower, within.upper} | {each for each in near if each in within}))


whole_mineral_content = Derived(
    name="qualifying_critical_mineral_content",
    label="qualifying critical mineral content, 50 percent value added test",
    kind=Kind.PERCENT,
    unknown=_unknown,
    body=_content(whole=True),
    findings=_findings(whole=True),
    samples=_samples,
)

traced_mineral_content = Derived(
    name="traced_critical_mineral_content",
    label="qualifying critical mineral content, traced qualifying value test",
    kind=Kind.PERCENT,
    unknown=_unknown,
    body=_content(whole=False),
    findings=_findings(whole=False),
    samples=_samples,
)


@provision(
    "26 CFR 1.30D-3(a)",
    "qualifying content by the 50 percent value added test",
    in_force="value_added_test_in_force",
)
def value_added_test(claim: Any, law: Any) -> Statement:
    return whole_mineral_content >= law.critical_minerals_percentage.on(PLACED_IN_SERVICE)


@provision(
    "26 CFR 1.30D-3(a)",
    "qualifying content by the traced qualifying value test",
    in_force="traced_value_test_in_force",
)
def traced_value_test(claim: Any, law: Any) -> Statement:
    return traced_mineral_content >= law.critical_minerals_percentage.on(PLACED_IN_SERVICE)


# During the transition a manufacturer may use either test, and neither is always the better.
minerals_requirement = any_of(
    "minerals_requirement",
    "qualifying critical mineral content reaches the applicable percentage",
    "26 USC 30D(e)(1)",
    value_added_test,
    traced_value_test,
    as_one=True,
)
