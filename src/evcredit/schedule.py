"""Dated legal parameters: what the law says on a day, and since when that was known."""

from __future__ import annotations

from bisect import bisect_right
from datetime import date
from itertools import pairwise
from typing import Any, Generic, TypeVar

import attrs

from evcredit.citation import Citation
from evcredit.errors import OutsideCoverage

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


@attrs.frozen
class Table:
    """A scheduled value that differs by a category, such as a limit by vehicle class.

    Args:
        rows: Each category with its value and the place where that stands.

    >>> from evcredit.citation import Citation
    >>> Table((("van", 80000, Citation.parse("26 USC 30D(f)(11)(B)(i)")),))["van"]
    80000
    """

    rows: tuple[tuple[Any, Any, Citation], ...]

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

        >>> from evcredit.citation import Citation
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


@attrs.frozen(kw_only=True)
class Entry(Generic[T]):
    """One value of a legal parameter for the days from `start` to the day before `end`.

    Args:
        value: What the law says, or `NoProvision`.
        start: The first day.
        end: The first day after it; `None` for open-ended.
        citation: Where it stands.
        known_from: The day the text was enacted or published.
        known_until: The day it was struck or replaced; `None` while it stands.
        note: A remark for the reader.
    """

    value: T | NoProvision
    start: date
    end: date | None = None
    citation: Citation
    known_from: date
    known_until: date | None = None
    note: str = ""

    def known_on(self, day: date | None) -> bool:
        """Whether this text stood on `day`; `None` asks for the newest state."""
        if day is None:
            return self.known_until is None
        return self.known_from <= day and (self.known_until is None or day < self.known_until)


@attrs.frozen
class Schedule(Generic[T]):
    """One legal parameter over time.

    The entries that stand on `as_known_on` are half-open, in order, and leave neither gap
    nor overlap between the first day and the last. Struck entries are kept beside them, so
    that `known_on` can go back.

    Args:
        name: The parameter, in words.
        entries: Every version of every value.
        as_known_on: The day whose state of the law is meant; `None` for the newest.

    Raises:
        ValueError: Two standing entries overlap or leave a gap.

    >>> from datetime import date
    >>> from evcredit.citation import Citation
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
    evcredit.errors.OutsideCoverage: applicable percentage: no law is held for 2025-01-01; ...
    """

    name: str
    entries: tuple[Entry[T], ...]
    as_known_on: date | None = None
    standing: tuple[Entry[T], ...] = attrs.field(init=False, eq=False, repr=False)
    _starts: tuple[date, ...] = attrs.field(init=False, eq=False, repr=False)

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

    def covers(self, day: date) -> bool:
        """Whether there is an entry for `day`."""
        index = bisect_right(self._starts, day) - 1
        if index < 0:
            return False
        end = self.standing[index].end
        return end is None or day < end

    def entry_on(self, day: date) -> Entry[T]:
        """The entry that governs `day`.

        Raises:
            OutsideCoverage: No entry governs it.
        """
        if not self.covers(day):
            raise OutsideCoverage(self.name, day, self.covered)
        return self.standing[bisect_right(self._starts, day) - 1]

    def on(self, day: date) -> T | NoProvision:
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

    def known_on(self, day: date) -> Schedule[T]:
        """The same parameter as the law stood on `day`."""
        return attrs.evolve(self, as_known_on=day)

    def always(self, value: T, *, why: str) -> Schedule[T]:
        """A hypothetical: the same coverage with one value throughout.

        Args:
            value: The value that replaces every other.
            why: The remark shown in explanations.
        """
        entries = tuple(
            attrs.evolve(entry, value=value, known_until=None, note=why) for entry in self.standing
        )
        return Schedule(self.name, entries)
