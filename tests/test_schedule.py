"""Dated parameters of the law."""

from datetime import date

import pytest

from evcredit import Citation, OutsideCoverage
from evcredit.algebra.schedule import Entry, NoProvision, Schedule, Table
from evcredit.errors import LawError

PLACE = Citation.parse("26 USC 30D(e)(1)(B)")
ENACTED, STRUCK = date(2022, 8, 16), date(2025, 7, 4)
FIRST, SECOND, END = date(2023, 4, 18), date(2024, 1, 1), date(2025, 1, 1)


def entry(value, start, end=None, known_from=ENACTED, known_until=None, note=""):
    """One entry at the usual place."""
    return Entry(
        value=value,
        start=start,
        end=end,
        citation=PLACE,
        known_from=known_from,
        known_until=known_until,
        note=note,
    )


CLOSED = Schedule("percentage", (entry(40, FIRST, SECOND), entry(50, SECOND, END)))
OPEN = Schedule(
    "percentage",
    (
        entry(40, FIRST, SECOND),
        entry(80, SECOND, known_until=STRUCK),
        entry(NoProvision("struck"), SECOND, known_from=STRUCK),
    ),
)


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2023, 4, 18), 40),
        (date(2023, 12, 31), 40),
        (date(2024, 1, 1), 50),
        (date(2024, 12, 31), 50),
    ],
    ids=str,
)
def test_each_day_has_one_value(day, value):
    """Entries begin on their first day and stop the day before the next."""
    assert CLOSED.on(day) == value
    assert CLOSED.entry_on(day).value == value
    assert CLOSED.covers(day) is True


@pytest.mark.parametrize("day", [date(2023, 4, 17), date(2025, 1, 1)], ids=str)
def test_days_outside_are_an_error_not_a_zero(day):
    """Before the first and after the last day there is no law, and the error says so."""
    assert CLOSED.covers(day) is False
    with pytest.raises(OutsideCoverage) as caught:
        CLOSED.on(day)
    assert str(caught.value) == (
        f"percentage: evcredit has no law for {day}; covered: 2023-04-18 to the "
        "day before 2025-01-01"
    )
    assert caught.value.day == day
    assert isinstance(caught.value, LawError)
    assert isinstance(caught.value, LookupError)


def test_open_ended_coverage():
    """A schedule without an end covers every later day, and says "on"."""
    assert OPEN.covered == "2023-04-18 on"
    assert OPEN.covers(date(2100, 1, 1)) is True
    assert OPEN.on(date(2100, 1, 1)) == NoProvision("struck")


def test_overlap_is_refused():
    """Two values for one day are a fault of the data."""
    with pytest.raises(ValueError, match="percentage: two values for 2024-01-01"):
        Schedule("percentage", (entry(40, FIRST, END), entry(50, SECOND)))
    with pytest.raises(ValueError, match="percentage: two values for 2024-01-01"):
        Schedule("percentage", (entry(40, FIRST), entry(50, SECOND)))


def test_gap_is_refused():
    """A day without a value within the coverage is a fault of the data."""
    with pytest.raises(ValueError, match="percentage: no value for 2024-01-01"):
        Schedule("percentage", (entry(40, FIRST, SECOND), entry(50, END)))


def test_order_of_entries_does_not_matter():
    """Entries are put in the order of their days."""
    backwards = Schedule("percentage", tuple(reversed(CLOSED.entries)))
    assert backwards.values() == (40, 50)


def test_boundaries_are_starts_and_the_end_of_coverage():
    """Every day on which something changes."""
    assert CLOSED.boundaries() == (FIRST, SECOND, END)
    assert OPEN.boundaries() == (FIRST, SECOND)


@pytest.mark.parametrize(
    ("known_on", "values"),
    [
        (date(2022, 8, 15), ()),
        (date(2022, 8, 16), (40, 80)),
        (date(2025, 7, 3), (40, 80)),
        (date(2025, 7, 4), (40, NoProvision("struck"))),
    ],
    ids=str,
)
def test_state_of_knowledge(known_on, values):
    """A text stands from the day it is enacted to the day before it is struck."""
    assert OPEN.known_on(known_on).values() == values


def test_newest_state_leaves_out_what_was_struck():
    """Without a day the newest text is meant."""
    assert OPEN.values() == (40, NoProvision("struck"))


def test_nothing_known_yet_covers_nothing():
    """Before enactment every day is outside, and the error names the state of knowledge."""
    early = OPEN.known_on(date(2020, 1, 1))
    assert early.covered == "nothing as known on 2020-01-01"
    assert early.boundaries() == ()
    with pytest.raises(OutsideCoverage, match="nothing as known on 2020-01-01"):
        early.on(FIRST)


def test_one_value_throughout():
    """A hypothetical keeps the coverage, the citations and says why."""
    supposed = OPEN.always(30, why="what if")
    assert supposed.values() == (30, 30)
    assert supposed.boundaries() == OPEN.boundaries()
    assert supposed.entry_on(SECOND).note == "what if"
    assert OPEN.values() == (40, NoProvision("struck"))


def test_tables_are_read_by_category():
    """A table gives the value of its category, and refuses others."""
    table = Table((("van", 80000, PLACE), ("car", 55000, PLACE)))
    assert (table["van"], table["car"]) == (80000, 55000)
    assert table.categories() == ("van", "car")
    assert table.values() == (80000, 55000)
    with pytest.raises(KeyError, match="bus"):
        table["bus"]
