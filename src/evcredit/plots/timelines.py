"""A picture of the law over time: its numbers, and the agreements with their partners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any

from evcredit.algebra.brief import number_in_words
from evcredit.algebra.field import checked_day
from evcredit.algebra.money import in_dollars
from evcredit.algebra.schedule import Entry, NoProvision, Schedule
from evcredit.errors import InvalidFactError, checked, nearest
from evcredit.law.agreements import TradeAgreement
from evcredit.law.law import HOW_TO_NAME, Law, schedule_names
from evcredit.plots.drawn import Picture
from evcredit.plots.picture import Bands, Box, Fill, Key, Mark, Panel, Scale, Tick, Tone

__all__ = ["timeline"]

#: What is shown if nothing is needed: what decides the first question.
_SHOWN = (
    "critical_minerals_percentage",
    "battery_components_percentage",
    "components_exclusion_in_force",
    "minerals_exclusion_in_force",
)
_FIRST, _LAST = date(2022, 7, 1), date(2028, 1, 1)
#: How many citations are drawn.
_CITED = 10
_BOTTOM, _TOP = Fraction(1, 8), Fraction(7, 8)


def timeline(
    law: Law,
    names: Iterable[str] = _SHOWN,
    *,
    first: date | str = _FIRST,
    last: date | str = _LAST,
    agreements: bool = True,
) -> Picture:
    """Numbers of the law and the trade agreements over time.

    Args:
        law: The law.
        names: The schedules to show, by the names that `Law` has for them.
        first: The first day of the numbers.
        last: The day before which they end.
        agreements: Whether the agreements are shown too, from the first of them on.

    Raises:
        InvalidFactError: There is no such schedule, or the days are in the wrong order.

    >>> from evcredit.law.current import current_law
    >>> print(timeline(current_law()))
    picture: The law from 2022-07-01 to 2028-01-01: current law
    """
    checked(law, Law, "law", HOW_TO_NAME)
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise InvalidFactError("names", names, "give a list of names of schedules")
    start, end = checked_day(first), checked_day(last)
    if start >= end:
        raise InvalidFactError("last", end, f"give a day after {start}")
    schedules = {name: _schedule(law, name) for name in names}
    parts = [_numbers(schedules, start, end)] if schedules else []
    if agreements and law.agreements:
        parts.append(_agreements(law, end))
    cited = [str(entry.citation) for each in schedules.values() for entry in each.standing]
    cited += [each.published for each in law.agreements if agreements and each.published]
    title = f"The law from {start} to {end}: {law.name}"
    said = [
        f"{each.name} from {entry.start}: {_value(name, entry)}"
        for name, each in schedules.items()
        for entry in each.standing
    ]
    return Picture(
        title=title,
        parts=tuple(parts),
        keys=(
            Key(Tone(1), "a number, or in force"),
            Key(Tone(0, Fill.HATCHED), "not in force"),
            Key(Tone(0, Fill.DOTTED), "no provision"),
            *((Key(Tone(3), "agreement in effect"),) if agreements else ()),
        ),
        law=law.name,
        digests=(law.digest,),
        day=f"{start} to the day before {end}"
        + (f", as known on {law.as_known_on}" if law.as_known_on else ""),
        sources=_some(list(dict.fromkeys(cited))),
        summary=f"{title}. " + "; ".join(said) + ".",
    )


def _some(cited: list[str]) -> str:
    """The first citations, and how many more the law map has."""
    more = f"; and {len(cited) - _CITED} more, in the law map" if len(cited) > _CITED else ""
    return "; ".join(cited[:_CITED]) + more


def _schedule(law: Law, name: str) -> Schedule[Any]:
    if name not in schedule_names():
        near = nearest(str(name), schedule_names())
        hint = f"did you mean {' or '.join(near)}?" if near else "see evcredit.law.Law"
        raise InvalidFactError("names", name, f"the law has no such schedule; {hint}")
    found: Schedule[Any] = getattr(law, name)
    return found


def _at(day: date) -> Fraction:
    return Fraction(day.toordinal())


def _years(start: date, end: date, step: int) -> Scale:
    """An axis of days with a tick for each year, or for each of several."""
    return Scale(
        label="",
        lower=_at(start),
        upper=_at(end),
        ticks=tuple(
            Tick(_at(date(year, 1, 1)), str(year))
            for year in range(start.year, end.year + 1)
            if date(year, 1, 1) >= start and year % step == 0
        ),
    )


def _numbers(schedules: Mapping[str, Schedule[Any]], start: date, end: date) -> Panel:
    marks: list[Mark] = []
    for row, (name, schedule) in enumerate(schedules.items()):
        for entry in schedule.standing:
            left = max(entry.start, start)
            right = end if entry.end is None else min(entry.end, end)
            if left < right:
                marks.append(
                    Box(
                        left=_at(left),
                        right=_at(right),
                        bottom=row + _BOTTOM,
                        top=row + _TOP,
                        tone=_tone(entry.value),
                        label=_value(name, entry),
                        says=f"{schedule.name} from {entry.start}: {_value(name, entry)} "
                        f"[{entry.citation}]",
                    )
                )
    return Panel(
        title="Numbers",
        x=_years(start, end, 1),
        y=Bands(
            label="", names=tuple(each.name.removeprefix("whether ") for each in schedules.values())
        ),
        marks=tuple(marks),
        height=36,
    )


def _tone(value: Any) -> Tone:
    if isinstance(value, NoProvision):
        return Tone(0, Fill.DOTTED)
    return Tone(0, Fill.HATCHED) if value is False else Tone(1)


#: The units of schedules, by the first of these that their names contain.
_UNITS = (
    ("percent", "%"),
    ("per_kwh", "$"),
    ("per_year", "a year"),
    ("years", "years"),
    ("kwh", "kWh"),
    ("_lb", "lb"),
    ("mph", "mph"),
    ("days", "days"),
    ("vehicles", "vehicles"),
    ("wheels", "wheels"),
    ("amount", "$"),
    ("limit", "$"),
)


def _value(name: str, entry: Entry[Any]) -> str:
    """A value of a schedule in words, with its unit."""
    value = entry.value
    if isinstance(value, NoProvision):
        return "none"
    if isinstance(value, bool):
        return "in force" if value else "not in force"
    if not isinstance(value, int | Decimal):
        return str(value)
    unit = next((unit for part, unit in _UNITS if part in name), "")
    if unit == "$":
        return in_dollars(Decimal(value))
    return f"{number_in_words(value)} {unit}".rstrip()


def _agreements(law: Law, end: date) -> Panel:
    kept = [each for each in law.agreements if each.partners]
    start = min(partner.in_force for each in kept for partner in each.partners)
    start = date(start.year, 1, 1)
    return Panel(
        title="Agreements",
        x=_years(start, end, 5),
        y=Bands(label="", names=tuple(each.identifier for each in kept)),
        marks=tuple(mark for row, each in enumerate(kept) for mark in _stretches(each, row, end)),
        height=24,
    )


def _stretches(agreement: TradeAgreement, row: int, end: date) -> Iterator[Mark]:
    """An agreement by the stretches in which it is in effect with the same partners."""
    days = {partner.in_force for partner in agreement.partners} | {end}
    days |= {partner.ended for partner in agreement.partners if partner.ended}
    for left, right in pairwise(sorted(day for day in days if day <= end)):
        codes = sorted(each.country for each in agreement.partners if each.covers(left))
        if codes:
            yield Box(
                left=_at(left),
                right=_at(right),
                bottom=row + Fraction(1, 12),
                top=row + Fraction(11, 12),
                tone=Tone(3),
                label=", ".join(codes),
                says=f"{agreement.name}: {', '.join(codes)} from {left}",
            )
