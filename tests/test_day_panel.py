"""Two fixed claims on every day from the end of 2009 to the end of 2027.

All that changes from one day to the next is the law. The panel in ``tests/golden/day_panel.txt``
is read by people: to write it again after a wanted change, run ``EVCREDIT_UPDATE_GOLDEN=1 python -m
pytest tests/test_day_panel.py`` and read the difference.
"""

import os
import textwrap
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import pytest

from evcredit import (
    Battery,
    Claim,
    OutsideCoverage,
    Purchase,
    Taxpayer,
    TaxYear,
    Vehicle,
    VehicleClass,
    assess,
    current_law,
)
from evcredit.algebra.money import bounds_in_dollars
from evcredit.audit.days import change_days

GOLDEN = Path(__file__).parent / "golden" / "day_panel.txt"
A_DAY = timedelta(days=1)
FIRST, LAST = date(2009, 12, 31), date(2027, 12, 31)
#: The last day to acquire a vehicle (26 USC 30D(h)).
DEADLINE = date(2025, 9, 30)


def claim(make: str, content: int, in_service: date, acquired: date) -> Claim:
    """A car of which everything is stated: North American, contents certified, modest income."""
    year = TaxYear(filing_status="single", modified_adjusted_gross_income=60_000)
    return Claim(
        vehicle=Vehicle.road_vehicle(
            make=make,
            vehicle_class=VehicleClass.OTHER,
            msrp=40_000,
            gross_vehicle_weight_rating_lb=5_000,
            made_by_qualified_manufacturer=True,
            final_assembly_country="United States",
            battery=Battery(
                capacity_kwh=60,
                externally_rechargeable=True,
                certified_critical_mineral_content=content,
                certified_battery_component_content=content,
                minerals_from_foreign_entity_of_concern=False,
                components_from_foreign_entity_of_concern=False,
            ),
        ),
        purchase=Purchase.new_from_dealer(
            contract_date=acquired, first_payment_date=acquired, placed_in_service=in_service
        ),
        taxpayer=Taxpayer(current_year=year, prior_year=year),
    )


class Track(NamedTuple):
    """One claim through the days.

    Args:
        title: What it shows.
        make: The make of the vehicle.
        first: The first day placed in service.
        acquired: The day of contract and payment; the day placed in service if `None`.
        content: Both qualifying contents, in percent.
    """

    title: str
    make: str
    first: date
    acquired: date | None
    content: int = 100

    def on(self, day: date) -> Claim:
        return claim(self.make, self.content, day, self.acquired or day)


TRACKS = {
    "other": Track("an ordinary maker's, acquired on the day", "Ford", FIRST, None),
    "GM": Track("General Motors', acquired on the day", "Chevrolet", FIRST, None),
    "other, in time": Track(
        "an ordinary maker's, acquired on 2025-09-30", "Ford", DEADLINE + A_DAY, DEADLINE
    ),
    "GM, in time": Track(
        "General Motors', acquired on 2025-09-30", "Chevrolet", DEADLINE + A_DAY, DEADLINE
    ),
    "half, in time": Track(
        "an ordinary maker's with contents of 60 percent, acquired in time",
        "Ford",
        date(2023, 4, 18),
        date(2023, 4, 1),
        60,
    ),
}


class Result(NamedTuple):
    """What is said of one day: the verdict and the credit, and why."""

    outcome: str
    reasons: tuple[str, ...]


class Range(NamedTuple):
    """Days in a row of which the same is said."""

    first: date
    last: date
    result: Result


def result(stated: Claim) -> Result:
    try:
        found = assess(stated)
    except OutsideCoverage as error:
        return Result("no law held", (error.subject, f"covered: {error.covered}"))
    why = dict.fromkeys(reason.code for reason in found.reasons)
    return Result(f"{found.verdict.value}, {bounds_in_dollars(found.credit)}", tuple(why))


@cache
def all_ranges() -> dict[str, tuple[Range, ...]]:
    """The days of each track, those of which the same is said taken together."""
    found: dict[str, list[Range]] = {name: [] for name in TRACKS}
    day = FIRST
    while day <= LAST:
        for name, track in TRACKS.items():
            if day < track.first:
                continue
            said, before = result(track.on(day)), found[name]
            if before and before[-1].result == said:
                before[-1] = before[-1]._replace(last=day)
            else:
                before.append(Range(day, day, said))
        day += A_DAY
    return {name: tuple(of_track) for name, of_track in found.items()}


def ranges(name: str) -> tuple[Range, ...]:
    return all_ranges()[name]


def panel() -> str:
    """All tracks in words."""
    lines = []
    for name, track in TRACKS.items():
        lines += [track.title, ""]
        for first, last, said in ranges(name):
            lines.append(f"{first} - {last}: {said.outcome}")
            lines += textwrap.wrap(
                ", ".join(said.reasons), 96, initial_indent="    ", subsequent_indent="    "
            )
        lines.append("")
    return "\n".join(lines)


def test_the_panel_is_the_one_that_was_read():
    """Range by range: verdict, credit and reasons."""
    if os.environ.get("EVCREDIT_UPDATE_GOLDEN") == "1":
        GOLDEN.write_text(panel(), encoding="utf-8")
    assert panel() == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", TRACKS)
def test_ranges_leave_no_day_out(name):
    """From the first day to the last, without gap or overlap, and neighbours differ."""
    found = ranges(name)
    assert (found[0].first, found[-1].last) == (TRACKS[name].first, LAST)
    for earlier, later in pairwise(found):
        assert earlier.last + A_DAY == later.first
        assert earlier.result != later.result


# What an explanation must cite on the first day of each range, by hand: one provision that begins
# or ends to apply on that day.
MUST_CITE = {
    "2010-01-01": "26 USC 30D(d)(1)(F)(i) (2021)",
    "2019-04-01": "26 USC 30D(e)(1) (2021)",
    "2019-10-01": "26 USC 30D(e)(1) (2021)",
    "2020-04-01": "26 USC 30D(e) (2021)",
    "2022-08-17": "26 USC 30D(d)(1)(G)",
    "2023-01-01": "26 USC 30D(d)(1)(F)(i)",
    "2023-04-18": "26 USC 30D(e)(1)(B)(i)",
    "2024-01-01": "26 USC 30D(d)(7)(B)",
    "2025-01-01": "26 USC 30D(d)(7)(A)",
    "2025-10-01": "26 USC 30D(h)",
    "2026-01-01": "26 USC 30D(e)(1)(B)(iv)",
    "2027-01-01": "P.L. 119-21 sec. 70502(b)(1)",
}


@pytest.mark.parametrize("name", TRACKS)
def test_results_change_only_where_the_law_map_lists_a_change(name):
    """On such a day, and the explanation cites what changes."""
    by_day = {}
    for each in change_days(current_law()):
        where = {each.citation, each.before, *each.rules} - {None}
        by_day.setdefault(each.day, set()).update(map(str, where))
    changes = [later.first for _, later in pairwise(ranges(name))]
    assert changes
    for day in changes:
        assert day in by_day, f"the law map lists no change on {day}"
        explained = " ".join(assess(TRACKS[name].on(day)).explain().split())
        must = MUST_CITE[str(day)]
        assert must in by_day[day], day
        assert f"[{must}]" in explained, day


def test_every_day_that_must_cite_something_is_a_change():
    """The table has no day too many."""
    days = {str(later.first) for name in TRACKS for _, later in pairwise(ranges(name))}
    assert days == set(MUST_CITE)


def test_days_on_which_amounts_change():
    """By hand: what the credit amounts to in each period, whatever the reasons."""

    def amounts(name):
        found = []
        for first, _, said in ranges(name):
            if not found or found[-1][1] != said.outcome:
                found.append((str(first), said.outcome))
        return found

    full, none, open_ = "met, $7,500", "not met, $0", "unknown, between $0 and $7,500"
    start = [("2009-12-31", "no law held"), ("2010-01-01", full)]
    assert amounts("other") == [*start, ("2025-10-01", none)]
    assert amounts("GM") == [
        *start,
        ("2019-04-01", "met, $3,750"),
        ("2019-10-01", "met, $1,875"),
        ("2020-04-01", none),
        ("2023-01-01", full),
        ("2025-10-01", none),
    ]
    in_time = [("2025-10-01", full), ("2027-01-01", open_)]
    assert amounts("other, in time") == amounts("GM, in time") == in_time
