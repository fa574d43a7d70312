"""The published lists as they were published: counts, figures, events and conflicts."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest

from evcredit.data import load, load_rows
from evcredit.facts.listing import ListedVehicle
from evcredit.facts.published_list import DayCounted, Publisher, published_lists
from evcredit.law.lists import listings

ROWS = listings()
SOURCED = {"L2_2023-04-18", "L2b_2023-06-06"} | {
    each.identifier for each in published_lists() if each.identifier > "L3"
}


def rows(list_id: str, make: str = "", model: str = "") -> list[ListedVehicle]:
    """The rows of a list, of a make, whose model begins as given."""
    return [
        each
        for each in ROWS
        if each.list_id == list_id
        and make in ("", each.make)
        and each.model.lower().startswith(model.lower())
    ]


# -- the file ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("list_id", "count"),
    [
        ("L0_pre2023", 85),
        ("L0_30B_fuelcell", 3),
        ("L1a_2022-12-29_CAFE", 22),
        ("L1b_2023-02-03_label", 37),
        ("L2_2023-04-18", 21),
        ("L2b_2023-06-06", 2),
        ("L3_2024-01-01", 19),
        ("L3b_2024_additions", 9),
        ("L4_2024_snapshot", 48),
        ("L5_2024_late", 11),
        ("L6_2025-01-01", 21),
        ("L7_2025_mid", 16),
        ("L7b_2025_Hyundai", 10),
    ],
)
def test_rows_of_each_list(list_id, count):
    """As many as were read."""
    assert len(rows(list_id)) == count


def test_the_rows_keep_the_order_of_the_lists():
    """The lists come in turn, each in one piece."""
    order = [each.list_id for each in ROWS]
    assert list(dict.fromkeys(order)) == [each.identifier for each in published_lists()]
    assert sum(now != then for now, then in pairwise(order)) == len(set(order)) - 1


def test_no_vehicle_twice_on_a_list():
    """List, make, model and years name a row."""
    keys = Counter((each.list_id, each.make, each.model, each.model_years) for each in ROWS)
    assert [key for key, count in keys.items() if count > 1] == []


def test_every_row_has_its_provenance():
    """A source, a time, a mark that the header explains, and the days' basis."""
    for each in ROWS:
        assert each.source and each.as_of and each.date_basis and each.make and each.model
        assert each.mark in {"V", "V2", "R"}
    cells = {name for row in load_rows("listings.csv") for name in row}
    assert len(cells) == 19


def test_figures():
    """Price limits, and the credits that the law of the day could give."""
    assert {each.msrp_limit for each in ROWS} == {None, Decimal(55000), Decimal(80000)}
    assert {each.credit for each in ROWS if each.list_id in SOURCED} == {
        None,
        Decimal(3750),
        Decimal(7500),
    }
    for each in ROWS:
        before_limits = each.list_id.startswith("L0")
        assert (each.msrp_limit is None) == before_limits
        if before_limits:
            assert each.credit is not None
    for each in rows("L0_pre2023"):
        assert Decimal(2500) <= each.credit <= Decimal(7500)


def test_credits_that_are_left_out():
    """On the two lists before the sourcing rules none has an amount; later, two rows lack one."""
    without = [each for each in ROWS if each.credit is None]
    later = [each for each in without if not each.list_id.startswith("L1")]
    assert len(without) == 22 + 37 + 2
    assert [(each.make, each.model, each.model_years) for each in later] == [
        ("Volkswagen", "ID.4", None),
        ("Tesla", "Model 3 Long Range All-Wheel Drive", "2025"),
    ]


def test_every_row_has_bounds_of_its_days():
    """First and last days are known, or known to lie between two days; a day is inside them."""
    for each in ROWS:
        earliest_start, latest_start = each.first_day
        earliest_end, latest_end = each.last_day
        assert None not in (*each.first_day, *each.last_day), str(each)
        assert earliest_start <= latest_start <= latest_end
        assert earliest_start <= earliest_end <= latest_end
        assert each.speaks_for_day(earliest_start - timedelta(days=1)) is False
        assert each.speaks_for_day(latest_end + timedelta(days=1)) is False
        assert each.speaks_for_day(earliest_start) is not False
        assert each.speaks_for_day(latest_end) is not False


def test_days_count_service_except_under_the_former_law():
    """Before 2023 the amounts went by the day of acquisition."""
    acquired = {each.list_id for each in ROWS if each.counted_on is DayCounted.ACQUIRED}
    assert acquired == {"L0_pre2023"}


def test_every_make_has_a_manufacturer():
    """The limit on vehicles before 2023 goes by manufacturer."""
    makes = {make for row in load("manufacturers.toml")["manufacturers"] for make in row["makes"]}
    assert {each.make for each in ROWS} <= makes


def test_only_one_list_was_made_by_a_manufacturer():
    """No one had to report anything for it."""
    (page,) = [each for each in published_lists() if each.published_by is Publisher.MANUFACTURER]
    assert page.report is None
    assert all(each.report for each in published_lists() if each is not page)


# -- what moved ----------------------------------------------------------------------------

#: Those said to have moved from 55,000 to 80,000 dollars with Notice 2023-16.
MOVED = {
    ("Cadillac", "Lyriq"),
    ("Ford", "Mustang Mach-E"),
    ("Ford", "Escape Plug-In Hybrid"),
    ("Tesla", "Model Y"),  # with five seats
    ("Volkswagen", "ID.4"),  # with rear-wheel drive
}


def joined() -> list[tuple[ListedVehicle, ListedVehicle]]:
    """Rows of the list by fuel economy standards with those of the list by labels.

    The later list has no variants by seats, so it is enough that a name begins with the other.
    """
    return [
        (old, new)
        for old in rows("L1a_2022-12-29_CAFE")
        for new in rows("L1b_2023-02-03_label", old.make)
        if re.match(rf"{re.escape(new.model)}( - |$)", old.model)
    ]


def test_what_moved_to_the_higher_limit():
    """Every vehicle of the first list is on the second; those that moved are those named."""
    pairs = joined()
    assert {old for old, _ in pairs} == set(rows("L1a_2022-12-29_CAFE"))
    moved = {
        (old.make, re.sub(r" (All|Long|Perf).*", "", old.model))
        for old, new in pairs
        if old.msrp_limit < new.msrp_limit
    }
    on_the_first = {
        (make, model) for make, model in MOVED if rows("L1a_2022-12-29_CAFE", make, model)
    }
    assert (
        moved
        == on_the_first
        == MOVED
        - {
            ("Ford", "Escape Plug-In Hybrid"),
            ("Volkswagen", "ID.4"),
        }
    )
    assert all(old.msrp_limit <= new.msrp_limit for old, new in pairs)


def test_only_the_five_seat_model_y_moved():
    """With seven seats it was a sport utility vehicle under both."""
    before = {old.model: old.msrp_limit for old, _ in joined() if old.model.startswith("Model Y")}
    assert {limit for name, limit in before.items() if "5 seat" in name} == {Decimal(55000)}
    assert {limit for name, limit in before.items() if "7 seat" in name} == {Decimal(80000)}
    assert len(before) == 6


@pytest.mark.parametrize(("make", "model"), sorted(MOVED))
def test_all_that_moved_are_at_80_000_dollars(make, model):
    """On the list by labels, also those that the first list as read does not have."""
    after = rows("L1b_2023-02-03_label", make, model)
    assert after
    assert {each.msrp_limit for each in after} == {Decimal(80000)}


# -- events --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "model", "last_day"),
    [
        ("BMW", "330e", date(2023, 4, 17)),
        ("BMW", "X5 xDrive45e", date(2023, 4, 17)),
        ("Nissan", "Leaf", date(2023, 4, 17)),
        ("Audi", "Q5", date(2023, 4, 17)),
        ("Volvo", "S60", date(2023, 4, 17)),
        ("Tesla", "Model 3 Rear-Wheel Drive", date(2023, 12, 31)),
        ("Ford", "Mustang Mach-E", date(2023, 12, 31)),
        ("Ford", "E-Transit", date(2023, 12, 31)),
        ("Lincoln", "Aviator", date(2023, 12, 31)),
        ("Rivian", "R1", date(2024, 12, 31)),
        ("Volkswagen", "ID.4", date(2024, 12, 31)),
        ("Nissan", "Leaf", date(2024, 12, 31)),
        ("Audi", "Q5", date(2024, 12, 31)),
        ("Jeep", "Wrangler", date(2024, 12, 31)),
        ("Jeep", "Grand Cherokee", date(2024, 12, 31)),
        ("Ford", "Escape", date(2024, 12, 31)),
        ("Lincoln", "Corsair", date(2024, 12, 31)),
    ],
    ids=str,
)
def test_what_lost_the_credit(make, model, last_day):
    """Some row applies to the last day with it, none for the days after."""

    def speaking(day):
        return [
            each.speaks_for_day(day)
            for each in ROWS
            if each.make == make and each.model.lower().startswith(model.lower())
        ]

    assert True in speaking(last_day)
    assert set(speaking(last_day + timedelta(days=1))) == {False}


@pytest.mark.parametrize(
    ("make", "model", "first_day"),
    [
        ("Volkswagen", "ID.4", date(2024, 1, 24)),
        ("Nissan", "Leaf", date(2024, 3, 6)),
        ("Cadillac", "Lyriq", date(2024, 3, 6)),
        ("Honda", "Prologue", date(2024, 3, 6)),
        ("Audi", "Q5", date(2024, 3, 6)),
        ("Chevrolet", "Blazer EV", date(2024, 3, 12)),
        ("Acura", "ZDX", date(2024, 4, 2)),
        ("Chevrolet", "Equinox EV", date(2024, 4, 2)),
    ],
    ids=str,
)
def test_what_came_back_in_2024(make, model, first_day):
    """On no list of the year before the day, and on one from the day on."""
    of_2024 = [
        each
        for each in ROWS
        if each.list_id.startswith(("L3", "L4", "L5"))
        and each.make == make
        and each.model.lower().startswith(model.lower())
    ]
    assert {each.speaks_for_day(first_day - timedelta(days=1)) for each in of_2024} == {False}
    assert True in {each.speaks_for_day(first_day) for each in of_2024}


def test_rivian_and_volkswagen_in_april_2023():
    """Not on the first release; restored within two days, and open for these."""
    for make in ("Rivian", "Volkswagen"):
        for each in rows("L2_2023-04-18", make):
            days = [each.speaks_for_day(date(2023, 4, day)) for day in (17, 18, 19, 20)]
            assert days == [False, None, None, True]


def test_the_model_3_was_raised_on_6_june_2023():
    """From half to all of the credit."""
    (before,) = rows("L2_2023-04-18", "Tesla", "Model 3 Standard Range")
    (after,) = rows("L2b_2023-06-06", "Tesla", "Model 3 Rear-Wheel Drive")
    assert (before.credit, after.credit) == (3750, 7500)
    assert before.last_day == (date(2023, 6, 5), date(2023, 6, 5))
    assert after.first_day == (date(2023, 6, 6), date(2023, 6, 6))


def test_thirteen_models_on_1_january_2024():
    """Nineteen variants of thirteen models."""
    first_words = {
        (each.make, " ".join(each.model.split()[: 2 if each.make in ("Tesla", "Jeep") else 1]))
        for each in rows("L3_2024-01-01")
    }
    bolts = {("Chevrolet", "Bolt")}  # Bolt EV and Bolt EUV are two models
    assert len(first_words) + len(bolts) == 13


def test_everything_on_1_january_2025_was_at_7_500_dollars():
    """Rows where only the make was named are marked as such."""
    assert {each.credit for each in rows("L6_2025-01-01")} == {Decimal(7500)}
    inferred = [each for each in rows("L6_2025-01-01") if each.mark == "R"]
    assert len(inferred) == 7
    assert all("model inferred from the make" in each.note for each in inferred)


# -- conflicts -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("list_id", "make", "model"),
    [
        ("L2_2023-04-18", "Ford", "E-Transit"),
        ("L6_2025-01-01", "Kia", "EV6"),
        ("L6_2025-01-01", "Hyundai", "Ioniq 9"),
        ("L6_2025-01-01", "Hyundai", "Ioniq 5 (US-built)"),
        ("L6_2025-01-01", "Genesis", "Electrified GV70"),
        ("L0_pre2023", "Volvo", "XC90 T8 Twin Engine"),
        ("L0_pre2023", "Volvo", "XC60 Recharge"),
        ("L0_pre2023", "Volvo", "XC90 Recharge"),
        ("L0_pre2023", "Volvo", "S60 Recharge"),
    ],
)
def test_conflicts_of_rows_are_told(list_id, make, model):
    """Where sources differ, the note says so."""
    (found,) = rows(list_id, make, model)
    assert "conflict" in found.note


def test_no_other_row_has_a_conflict():
    """So the list above is all of them."""
    assert sum("conflict" in (each.note or "") for each in ROWS) == 9


@pytest.mark.parametrize(
    ("list_id", "words"),
    [
        ("L0_pre2023", "Volvo"),
        ("L1a_2022-12-29_CAFE", "Escape"),
        ("L2_2023-04-18", "E-Transit"),
        ("L6_2025-01-01", "18 models"),
        ("L7_2025_mid", "Ioniq 9"),
    ],
)
def test_conflicts_of_lists_are_told(list_id, words):
    """On the list as a whole."""
    (found,) = [each for each in published_lists() if each.identifier == list_id]
    assert any(words in each for each in found.conflicts)
