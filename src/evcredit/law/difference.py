"""What two laws say differently: their entries side by side, each with its citation.

Source: each difference carries the citation of its entry, such as 26 USC 30D(h).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.html import preformatted
from evcredit.algebra.schedule import Entry, Schedule, Table
from evcredit.algebra.tuples import made_of_items
from evcredit.errors import checked
from evcredit.facts.country import country_name
from evcredit.law.agreements import TradeAgreement
from evcredit.law.law import HOW_TO_NAME, Law, schedule_names
from evcredit.law.manufacturers import Manufacturer

__all__ = ["EntryDifference", "LawDifference", "law_difference"]


@made_of_items
class EntryDifference(NamedTuple):
    """What two laws say on one subject.

    Args:
        subject: A schedule, an agreement or a reading, in words.
        before: The entries that the first law alone has, each with its citation.
        after: The entries that the second law alone has.
    """

    subject: str
    before: tuple[str, ...]
    after: tuple[str, ...]

    def __str__(self) -> str:
        lines = [self.subject, *(f"- {line}" for line in self.before)]
        return "\n".join([*lines, *(f"+ {line}" for line in self.after)])


@attrs.frozen
class LawDifference:
    """What two laws say differently. Returned by `law_difference`; it prints like a patch.

    Args:
        entries: The differences, by subject; none if the laws say the same.
    """

    entries: tuple[EntryDifference, ...]

    def __str__(self) -> str:
        return "\n".join(map(str, self.entries)) or "no difference"

    def _repr_html_(self) -> str:
        return preformatted(str(self))

    def to_dict(self) -> dict[str, Any]:
        """The differences, ready for JSON."""
        return {
            each.subject: {"before": list(each.before), "after": list(each.after)}
            for each in self.entries
        }


def law_difference(before: Law, after: Law) -> LawDifference:
    """What two laws say differently, entry by entry.

    Args:
        before: The first law.
        after: The second law.

    Raises:
        InvalidFactError: One of them is no law.

    >>> from evcredit.law.current import current_law
    >>> print(law_difference(current_law(), current_law().without_agreement("Japan")))
    agreement JPCMA
    - Japan from 2023-03-28, cobalt, graphite, lithium, manganese, nickel [critical minerals
    agreement; none (executive agreement; no implementing act)]
    """
    checked(before, Law, "before", HOW_TO_NAME)
    checked(after, Law, "after", HOW_TO_NAME)
    found = []
    for subject, one, other in _subjects(before, after):
        said = [{line.partition(_NOTED)[0] for line in lines} for lines in (one, other)]
        gone, new = (
            tuple(
                line.replace(_NOTED, " ")
                for line in lines
                if line.partition(_NOTED)[0] not in others
            )
            for lines, others in ((one, said[1]), (other, said[0]))
        )
        if gone or new:
            found.append(EntryDifference(subject, gone, new))
    return LawDifference(tuple(found))


#: Parts a row of a table from the note on all of the table, which makes no difference.
_NOTED = "\n"


def _subjects(before: Law, after: Law) -> Iterator[tuple[str, list[str], list[str]]]:
    known = [[] if law.as_known_on is None else [str(law.as_known_on)] for law in (before, after)]
    yield "state of knowledge", known[0], known[1]
    agreements = [{each.identifier: each for each in law.agreements} for law in (before, after)]
    for identifier in dict.fromkeys((*agreements[0], *agreements[1])):
        one, other = (list(_of_agreement(each.get(identifier))) for each in agreements)
        yield f"agreement {identifier}", one, other
    for name in schedule_names():
        schedules: list[Schedule[Any]] = [getattr(law, name) for law in (before, after)]
        if schedules[0] != schedules[1]:
            one, other = (list(_of_schedule(each)) for each in schedules)
            yield f"{schedules[0].name} ({name})", one, other
    for field in attrs.fields(before.readings.__class__):
        one, other = ([_chosen(getattr(law.readings, field.name))] for law in (before, after))
        yield f"reading {field.name}", one, other
    if before.manufacturers != after.manufacturers:
        one, other = (
            [_of_manufacturer(each) for each in law.manufacturers.manufacturers]
            for law in (before, after)
        )
        yield "manufacturers", one, other


def _of_agreement(agreement: TradeAgreement | None) -> Iterator[str]:
    if agreement is None:
        return
    minerals = agreement.covered_minerals
    covered = "every mineral" if minerals is None else ", ".join(minerals)
    where = "; ".join(each for each in (agreement.kind.value, agreement.authority) if each)
    note = f" ({agreement.note})" if agreement.note else ""
    for part in agreement.partners:
        ended = f" to the day before {part.ended}" if part.ended else ""
        yield f"{country_name(part.country)} from {part.in_force}{ended}, {covered} [{where}]{note}"


def _of_manufacturer(manufacturer: Manufacturer) -> str:
    limit = f"in {manufacturer.quarter}" if manufacturer.quarter else "not sold before 2023"
    makes = ", ".join(manufacturer.makes)
    return f"{manufacturer.name} ({makes}): 200,000th vehicle {limit} [26 USC 30D(e) (2021)]"


def _of_schedule(schedule: Schedule[Any]) -> Iterator[str]:
    """A line for each value and stretch of days, neighbors that say the same drawn together."""
    if schedule.standing and isinstance(schedule.standing[0].value, Table):
        keys = dict.fromkeys(
            key
            for entry in schedule.standing
            if isinstance(entry.value, Table)
            for key in entry.value.categories()
        )
        for key in keys:
            yield from _stretches([(_row(entry, key), entry) for entry in schedule.standing])
    else:
        yield from _stretches([(_said(entry), entry) for entry in schedule.standing])


def _stretches(said: list[tuple[str, Entry[Any]]]) -> Iterator[str]:
    for _, group in groupby(said, key=lambda each: each[0].partition(_NOTED)[0]):
        stretch = list(group)
        text, last = stretch[-1]
        yield f"{_days(stretch[0][1].start, last.end)}: {text}"


def _days(start: date, end: date | None) -> str:
    return f"from {start}" if end is None else f"from {start} to the day before {end}"


def _said(entry: Entry[Any]) -> str:
    return f"{entry.value} [{entry.citation}]" + (f" ({entry.note})" if entry.note else "")


def _row(entry: Entry[Any], key: Any) -> str:
    rows: Any = entry.value.rows if isinstance(entry.value, Table) else ()
    found = [f"{value} [{citation}]" for each, value, citation in rows if each == key]
    note = f"{_NOTED}({entry.note})" if entry.note else ""
    return f"{_chosen(key)} {''.join(found) or entry.value}{note}"


def _chosen(value: Any) -> str:
    return str(getattr(value, "value", value))
