"""Days before and after a day; the first and the last day of the calendar end it."""

from __future__ import annotations

from datetime import date, timedelta

__all__ = ["days_later"]


def days_later(day: date, days: int) -> date:
    """Return the day so many days after another; the last or the first there is, beyond these.

    Args:
        day: A day.
        days: How many days after it; less than zero for days before it.

    >>> str(days_later(date(2024, 2, 28), 2)), str(days_later(date.max, 1))
    ('2024-03-01', '9999-12-31')
    """
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min
