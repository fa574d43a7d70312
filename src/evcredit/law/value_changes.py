"""Changes of dated values, as values: a threshold from a day, a start or an end, a cap."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from evcredit.algebra.field import Fault, as_choice, checked_day
from evcredit.algebra.schedule import NoProvision, Schedule, Table
from evcredit.errors import InvalidFactError, LawError, nearest, shown
from evcredit.law.law import Law, schedule_names
from evcredit.law.law_changes import ChangeOfLaw, Touched, as_day_or_none

__all__ = ["CapValue", "SetValue"]


#: The most digits of a value on either side of the point.
_DIGITS = 18


def as_schedule(name: str) -> str:
    """The name of a schedule of the law.

    Raises:
        LawError: There is none of that name.
    """
    if name not in schedule_names():
        near = nearest(str(name), schedule_names())
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        raise LawError(f"the law has no schedule {name!r}{hint}")
    return name


@attrs.frozen(kw_only=True)
class _OfSchedule(ChangeOfLaw):
    """A change of values on some days.

    Args:
        schedule: The schedule, by its name in `Law`.
        value: The value.
        category: The category of a table, as itself or in words; every one if omitted.
        since: The first day; from the beginning if omitted.
        until: The first day after; without end if omitted.
    """

    schedule: str = attrs.field(converter=as_schedule)
    value: Any
    category: Any = None
    since: date | None = attrs.field(default=None, converter=as_day_or_none)
    until: date | None = attrs.field(default=None, converter=as_day_or_none)

    def __attrs_post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise InvalidFactError("until", str(self.until), f"give a day after {self.since}")
        object.__setattr__(self, "value", _as_value(self.schedule, self.value))

    @property
    def _days(self) -> str:
        category = f" for {_words(self.category)}" if self.category is not None else ""
        since = f" from {self.since}" if self.since else ""
        return category + since + (f" to the day before {self.until}" if self.until else "")

    def touched(self) -> tuple[Touched, ...]:
        category = None if self.category is None else _words(self.category).casefold()
        since, until = self.since or date.min, self.until or date.max
        return (Touched("schedule", self.schedule, category, since, until),)

    def changed(self, law: Law) -> Law:
        schedule: Schedule[Any] = getattr(law, self.schedule)
        key = None if self.category is None else _key(schedule, self.category)

        def change(before: Any) -> Any:
            if not isinstance(before, Table):
                return before if key is not None else self.of_value(before, self.value)
            rows = tuple(
                (each, self.of_value(was, self.value), self.citation or place)
                if key in (None, each)
                else (each, was, place)
                for each, was, place in before.rows
            )
            return Table(rows)

        changed = schedule.changed(
            change, since=self.since, until=self.until, why=self.remark, citation=self.citation
        )
        fields: dict[str, Any] = {self.schedule: changed}
        return attrs.evolve(law, **fields)

    def of_value(self, before: Any, value: Any) -> Any:
        """What becomes of one value."""
        raise NotImplementedError


@attrs.frozen(kw_only=True)
class SetValue(_OfSchedule):
    """Another value from a day, or between two days: a threshold, a start, an end."""

    kind = "set value"

    @property
    def label(self) -> str:
        return f"with {self.schedule} {_words(self.value)}{self._days}"

    def of_value(self, before: Any, value: Any) -> Any:
        return value


@attrs.frozen(kw_only=True)
class CapValue(_OfSchedule):
    """No value above a cap."""

    kind = "cap value"

    @property
    def label(self) -> str:
        return f"with {self.schedule} at most {_words(self.value)}{self._days}"

    def of_value(self, before: Any, value: Any) -> Any:
        if isinstance(before, NoProvision):
            return before
        try:
            return min(before, value)
        except (TypeError, ArithmeticError) as error:
            remedy = f"give what can be less than {shown(before)}, as the schedule has"
            raise InvalidFactError(self.schedule, value, remedy) from error


def _words(value: Any) -> str:
    return str(value.value if isinstance(value, Enum) else value)


def _key(schedule: Schedule[Any], category: Any) -> Any:
    """The category of the tables of a schedule that is meant."""
    tables = [entry.value for entry in schedule.entries if isinstance(entry.value, Table)]
    keys = dict.fromkeys(key for table in tables for key in table.categories())
    if category in keys:
        return category
    for kind in {type(key) for key in keys if isinstance(key, Enum)}:
        found = as_choice(kind, category)
        if not isinstance(found, Fault):
            return found
        raise InvalidFactError("category", category, found.remedy)
    known = f"give one of {', '.join(map(str, keys))}" if keys else "this schedule has no table"
    raise InvalidFactError("category", category, known)


def _as_value(schedule: str, value: Any) -> Any:
    """A value as the schedule holds it, where it comes as text or as a list.

    Raises:
        InvalidFactError: It is text that is no exact number and no day, or a number below 0.
    """
    # The kind is declared on `Law`, so that a reform needs no law to be read.
    if "date" in str(attrs.fields_dict(Law)[schedule].type):
        return checked_day(value, schedule)
    if isinstance(value, list):
        return tuple(value)
    number = _number(schedule, value) if isinstance(value, str) else value
    if isinstance(number, Decimal):
        _refuse_vast(schedule, number, value)
    if isinstance(number, int | Decimal) and number < 0:
        raise InvalidFactError(schedule, value, "may not be negative")
    return number


def _number(schedule: str, text: str) -> int | Decimal:
    try:
        number = Decimal(text)
    except ArithmeticError as error:
        raise InvalidFactError(schedule, text, "give an exact number") from error
    _refuse_vast(schedule, number, text)
    return int(number) if number == number.to_integral_value() else number


def _refuse_vast(schedule: str, number: Decimal, stated: Any) -> None:
    """Refuse what is no number, or takes long to write out.

    Raises:
        InvalidFactError: It is one of them.
    """
    if not number.is_finite():
        raise InvalidFactError(schedule, stated, "give an exact number")
    exponent: Any = number.as_tuple().exponent
    if number.adjusted() >= _DIGITS or exponent <= -_DIGITS:
        remedy = f"give fewer than {_DIGITS} digits on either side of the point"
        raise InvalidFactError(schedule, stated, remedy)
