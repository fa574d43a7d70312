"""Days in other formats, which may come with a time."""

from __future__ import annotations

from datetime import date
from typing import Any

from evcredit.algebra.field import as_day
from evcredit.errors import InvalidFactError
from evcredit.importers.leaves import Node

__all__ = ["day_at", "holds_on", "on_day"]


def on_day(on: Any) -> date:
    """Return the day that a caller asks about.

    Raises:
        InvalidFactError: It is none.

    >>> on_day("2024-06-03")
    datetime.date(2024, 6, 3)
    """
    found = as_day(on)
    if isinstance(found, date):
        return found
    raise InvalidFactError("on", on, "give the day asked about, like 2024-06-03")


def day_at(node: Node) -> date | None:
    """Return the day of a date, with or without a time; its reason is settled if it is none."""
    found: date | None = node.peek(_as_day)
    return found


def _as_day(value: Any) -> Any:
    timed = isinstance(value, str) and len(value) > 10 and value[10] in "T "
    return as_day(value[:10] if timed else value)


def holds_on(on: date, start: Node, end: Node) -> bool | None:
    """Return whether a period holds on a day; `None` if its days leave that open.

    A period without a beginning has begun, and one without an end goes on. One that ends on the
    day may have ended already.

    Args:
        on: The day.
        start: Where its first day is.
        end: Where its last day is.
    """
    began, ended = day_at(start), day_at(end)
    if (began is not None and began > on) or (ended is not None and ended < on):
        return False
    has_begun = began is not None or not start.stated
    goes_on = ended > on if ended is not None else not end.stated
    return True if has_begun and goes_on else None
