"""Dated legal parameters: what the law says on a day, and since when that was known."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Any, Generic, TypeVar

import attrs

from evcredit.algebra.citation import Citation
from evcredit.algebra.field import checked_day, repr_of_facts
from evcredit.errors import InvalidFactError, OutsideCoverage

__all__ = ["Entry", "NoProvision", "Schedule", "Table"]

T = TypeVar("T")


@attrs.frozen
class NoProvision:
    """A day inside the coverage on which the law leaves the parameter without a value.

    A comparison with it is undetermined, and no fact can settle it; `reason` says why.

    >>> NoProvision("struck in 2025").reason
    'struck in 2025'
    """

    reason: str

    def __str__(self) -> str:
        return f"none, because {self.reason}"


@attrs.frozen
class Table:
    """A scheduled value that differs by a category, such as a limit by vehicle class.

    Args:
        rows: Each category with its value and the place its citation.

    >>> from evcredit.algebra.citation import Citation
    >>> Table((("van", 80000, Citation.parse("26 USC 30D(f)(11)(B)(i)")),))["van"]
    80000
    """

    rows: tuple[tuple[Any, Any, Citation], ...]

    def __str__(self) -> str:
        return f"table of {len(self.rows)} rows"

    def __getitem__(self, category: Any) -> Any:
        """The value of a category.

        Raises:
            KeyError: The table has no such category.
        """
        for key, value, _ in self.rows:
            if key == category:
                return value
        raise KeyError(category)

    def reached(self, number: int) -> Any:
        """The value of the last row whose category is a number that `number` reaches.

        >>> from evcredit.algebra.citation import Citation
        >>> where = Citation.parse("26 USC 30D(e)(3) (2021)")
        >>> Table(((0, 100, where), (2, 50, where))).reached(3)
        50

        Raises:
            KeyError: It reaches none.
        """
        values = [value for least, value, _ in self.rows if least <= number]
        if not values:
            raise KeyError(number)
        return values[-1]

    def categories(self) -> tuple[Any, ...]:
        """Every category, in order."""
        return tuple(key for key, _, _ in self.rows)

    def values(self) -> tuple[Any, ...]:
        """Every value, in order."""
        return tuple(value for _, value, _ in self.rows)


@attrs.frozen(kw_only=True, repr=False)
class Entry(Generic[T]):
    """One value of a legal parameter for the days from `start` to the day before `end`.

    Args:
        value: What the law says, or `NoProvision`.
        start: The first day.
        end: The first day after it; `None` for open-ended.
        citation: The provision.
        known_from: The day the text was enacted or published.
        known_until: The day it was struck or replaced; `None` while it stands.
        note: A remark for the reader.
    """

    __repr__ = repr_of_facts

    value: T | NoProvision
    start: date
    end: date | None = None
    citation: Citation
    known_from: date
    known_until: date | None = None
    note: str = ""

    def __str__(self) -> str:
        return f"from {self.start}: {self.value} [{self.citation}]"

    def known_on(self, day: date | None) -> bool:
        """Whether this text stood on `day`; `None` requires the newest state."""
        if day is None:
            return self.known_until is None
        return self.known_from <= day and (self.known_until is None or day < self.known_until)


@attrs.frozen
class Schedule(Generic[T]):
    """One legal parameter over time.

    The entries valid on `as_known_on` are half-open, in order, and leave neither gap
    nor overlap between the first day and the last. Struck entries are kept beside them, so
    that `known_on` can go back.

    Args:
        name: The parameter, in words.
        entries: Every version of every value.
        as_known_on: The day whose state of the law is meant; `None` for the newest.

    Raises:
        ValueError: Two standing entries overlap or leave a gap.

    >>> from datetime import date
    >>> from evcredit.algebra.citation import Citation
    >>> share = Schedule(
    ...     "applicable percentage",
    ...     (
    ...         Entry(
    ...             value=40,
    ...             start=date(2023, 4, 18),
    ...             end=date(2024, 1, 1),
    ...             citation=Citation.parse("26 USC 30D(e)(1)(B)(i)"),
    ...             known_from=date(2023, 4, 17),
    ...         ),
    ...         Entry(
    ...             value=50,
    ...             start=date(2024, 1, 1),
    ...             end=date(2025, 1, 1),
    ...             citation=Citation.parse("26 USC 30D(e)(1)(B)(ii)"),
    ...             known_from=date(2022, 8, 16),
    ...         ),
    ...     ),
    ... )
    >>> share.on(date(2023, 12, 31)), share.on(date(2024, 1, 1))
    (40, 50)
    >>> share.on(date(2025, 1, 1))
    Traceback (most recent call last):
    evcredit.errors.OutsideCoverage: applicable percentage: evcredit has no law for 2025-01-01; ...
    """

    name: str
    entries: tuple[Entry[T], ...]
    as_known_on: date | None = None
    standing: tuple[Entry[T], ...] = attrs.field(init=False, eq=False, repr=False)
    _starts: tuple[date, ...] = attrs.field(init=False, eq=False, repr=False)

    def __str__(self) -> str:
        return f"{self.name}: {self.covered}"

    def __attrs_post_init__(self) -> None:
        standing = sorted(
            (entry for entry in self.entries if entry.known_on(self.as_known_on)),
            key=lambda entry: entry.start,
        )
        for earlier, later in pairwise(standing):
            if earlier.end is None or earlier.end > later.start:
                raise ValueError(f"{self.name}: two values for {later.start}")
            if earlier.end < later.start:
                raise ValueError(f"{self.name}: no value for {earlier.end}")
        object.__setattr__(self, "standing", tuple(standing))
        object.__setattr__(self, "_starts", tuple(entry.start for entry in standing))

    @property
    def covered(self) -> str:
        """The covered days, in words."""
        if not self.standing:
            return f"nothing as known on {self.as_known_on}"
        last = self.standing[-1].end
        until = "on" if last is None else f"to the day before {last}"
        return f"{self.standing[0].start} {until}"

    def covers(self, day: date | str) -> bool:
        """Whether there is an entry for `day`."""
        day = checked_day(day)
        index = bisect_right(self._starts, day) - 1
        if index < 0:
            return False
        end = self.standing[index].end
        return end is None or day < end

    def not_before(self, day: date) -> date:
        """The day itself, or the first covered day if that is later."""
        return max(day, self._starts[0]) if self._starts else day

    def entry_on(self, day: date | str) -> Entry[T]:
        """The entry that governs `day`.

        Raises:
            OutsideCoverage: No entry governs it.
        """
        day = checked_day(day)
        if not self.covers(day):
            raise OutsideCoverage(self.name, day, self.covered)
        return self.standing[bisect_right(self._starts, day) - 1]

    def on(self, day: date | str) -> T | NoProvision:
        """The value on `day`.

        Raises:
            OutsideCoverage: No entry governs it.
        """
        return self.entry_on(day).value

    def boundaries(self) -> tuple[date, ...]:
        """Every day on which an entry starts or the coverage ends, in order."""
        ends = tuple(entry.end for entry in self.standing if entry.end is not None)
        return tuple(sorted({*self._starts, *ends}))

    def values(self) -> tuple[Any, ...]:
        """Every standing value, in the order of the days."""
        return tuple(entry.value for entry in self.standing)

    def known_on(self, day: date | str) -> Schedule[T]:
        """The same parameter as the law stood on `day`."""
        return attrs.evolve(self, as_known_on=checked_day(day))

    def always(self, value: T, *, why: str) -> Schedule[T]:
        """A hypothetical: the same coverage with one value throughout.

        Args:
            value: The value that replaces every other, of the kind of those.
            why: The remark shown in explanations.

        Raises:
            InvalidFactError: It is a value of another kind, such as text for a number.
        """
        self._refuse_other_kind(None, value)
        entries = tuple(
            attrs.evolve(entry, value=value, known_until=None, note=why) for entry in self.standing
        )
        return Schedule(self.name, entries)

    def changed(
        self,
        change: Callable[[T | NoProvision], T | NoProvision],
        *,
        since: date | None = None,
        until: date | None = None,
        why: str,
        citation: Citation | None = None,
    ) -> Schedule[T]:
        """A hypothetical: other values on some days, in every state of the law that is recorded.

        Entries that were struck are changed too, so that `known_on` gives the hypothetical of an
        earlier day. Each keeps the days from which and until which it was known.

        Args:
            change: From a value, or `NoProvision`, to another one or the same.
            since: The first day; from the beginning if omitted.
            until: The first day after; without end if omitted.
            why: The remark shown in explanations.
            citation: Where the new values are proposed; each keeps its own citation if omitted.

        Raises:
            InvalidFactError: No entry governs any of those days, or a new value is of another
                kind than those of the schedule.
        """
        first, after = since or date.min, until or date.max
        entries: list[Entry[T]] = []
        touched = False
        for entry in self.entries:
            start, end = max(entry.start, first), min(entry.end or date.max, after)
            if start >= end:
                entries.append(entry)
                continue
            touched = True
            value = change(entry.value)
            self._refuse_other_kind(entry.value, value)
            if value == entry.value:
                entries.append(entry)
                continue
            if entry.start < start:
                entries.append(attrs.evolve(entry, end=start))
            entries.append(
                attrs.evolve(
                    entry,
                    start=start,
                    end=None if end == date.max else end,
                    value=value,
                    citation=citation or entry.citation,
                    note=why,
                )
            )
            if end not in (date.max, entry.end):
                entries.append(attrs.evolve(entry, start=end))
        if not touched:
            days = f"{first} to {after}"
            raise InvalidFactError(self.name, days, f"it has values for {self.covered}")
        return attrs.evolve(self, entries=tuple(entries))

    def _refuse_other_kind(self, before: Any, value: Any) -> None:
        if isinstance(before, Table) and isinstance(value, Table):
            for (_, was, _), (_, now, _) in zip(before.rows, value.rows, strict=True):
                if _kinds_within(now) != _kinds_within(was) and not isinstance(was, NoProvision):
                    words = " of ".join(_kinds_within(was))
                    raise InvalidFactError(self.name, now, f"give {words}, as the schedule has")
            return
        kinds = {_kind_of(each) for each in self.values() if not isinstance(each, NoProvision)}
        if kinds and not isinstance(value, NoProvision) and _kind_of(value) not in kinds:
            words = " or ".join(sorted(kinds))
            raise InvalidFactError(self.name, value, f"give {words}, as the schedule has")


def _kinds_within(value: Any) -> tuple[str, ...]:
    """The kind of a value; of a list also what is in it."""
    if not isinstance(value, tuple):
        return (_kind_of(value),)
    return (_kind_of(value), *sorted({_kind_of(each) for each in value}))


def _kind_of(value: Any) -> str:
    """What kind of value a schedule holds, in words."""
    if isinstance(value, bool):
        return "True or False"
    if isinstance(value, int | Fraction) or (isinstance(value, Decimal) and value.is_finite()):
        return "an exact number"
    return "a date" if isinstance(value, date) else f"a {type(value).__name__}"
