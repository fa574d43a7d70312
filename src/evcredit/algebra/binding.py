"""What a rule is read under: a law, and the days of one claim on which its schedules are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol, runtime_checkable

import attrs

from evcredit.algebra.citation import Citation
from evcredit.algebra.schedule import Entry, Schedule
from evcredit.algebra.tuples import made_of_items

__all__ = ["Binding", "LawLike", "Limit", "LimitFor", "Run", "Scheduled", "Truth"]

#: Three-valued truth inside rules: `None` is unknown.
Truth = bool | None
Run = Callable[[Any], Truth]


@runtime_checkable
class LawLike(Protocol):
    """What the algebra asks of a law, besides its schedules and groups, which rules name."""

    @property
    def readings(self) -> Any:
        """How the law is read where it is unclear."""
        raise NotImplementedError

    def sample_countries(self) -> tuple[str, ...]:
        """One country of each status, to try for an unknown country."""
        raise NotImplementedError


class Dated(Protocol):
    """Something that states a day."""

    @property
    def path(self) -> str:
        """The name under which a `Binding` holds the day."""
        raise NotImplementedError


class Scheduled(Protocol):
    """Something that reads a schedule of the law on a day."""

    @property
    def name(self) -> str:
        """The name of the schedule in the law."""
        raise NotImplementedError

    @property
    def day(self) -> Dated | None:
        """What states the day; `None` if the schedule is read without one."""
        raise NotImplementedError


@made_of_items
class Limit(NamedTuple):
    """What a fact was compared with.

    Args:
        label: The legal parameter, in words.
        value: Its value, or `NoProvision`.
        citation: The provision.
        note: A remark of the schedule.
    """

    label: str
    value: Any
    citation: Citation
    note: str = ""

    def __str__(self) -> str:
        return f"{self.label} [{self.citation}]"


#: From a claim to its limits, where they depend on the category of something in it.
LimitFor = Callable[[Any], Sequence[Limit]]


def _sorted_days(days: Mapping[str, date]) -> tuple[tuple[str, date], ...]:
    return tuple(sorted(days.items()))


@attrs.frozen
class Binding:
    """A law, together with the days of one claim on which its schedules are read.

    Args:
        law: The law; its attributes are schedules and country groups.
        days: The known days, by path; a day that is absent is unknown.
        spans: Unknown days that lie between two, by path: the first day and the day after the
            last, `None` if there is none.
    """

    law: Any = attrs.field(repr=False)
    days: tuple[tuple[str, date], ...] = attrs.field(converter=_sorted_days)
    spans: tuple[tuple[str, tuple[date, date | None]], ...] = ()

    # Bindings are keys of caches. Tuples look first whether two items are one, as the laws of two
    # bindings nearly always are, and do not go through all schedules then.
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Binding):
            return NotImplemented
        return (self.law, self.days, self.spans) == (other.law, other.days, other.spans)

    def __hash__(self) -> int:
        return hash((self.law, self.days, self.spans))

    def day(self, fact: Dated) -> date | None:
        """The day a fact states, if it is known."""
        return dict(self.days).get(fact.path)

    def entries(self, parameter: Scheduled) -> tuple[Entry[Any], ...]:
        """The entries that may govern: one if the day is known, otherwise all on days it may be.

        Raises:
            OutsideCoverage: The day is known and no entry governs it.
        """
        schedule: Schedule[Any] = getattr(self.law, parameter.name)
        day = None if parameter.day is None else self.day(parameter.day)
        if day is not None:
            return (schedule.entry_on(day),)
        span = None if parameter.day is None else dict(self.spans).get(parameter.day.path)
        if span is None:
            return schedule.standing
        first, after = span
        found = tuple(
            entry
            for entry in schedule.standing
            if (entry.end is None or first < entry.end) and (after is None or entry.start < after)
        )
        return found or schedule.standing
