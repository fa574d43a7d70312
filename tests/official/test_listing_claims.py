"""Every listed full or half credit, on the first and the last day of its row, and one day beyond.

The published lists and the law agree: a claim that relies on a row of $3,750 or $7,500 amounts to
that amount on each of the row's boundary days, times what a phase-out leaves before 2023. The day
before the earliest start and the day after the latest end the row represents nothing, so the
vehicle's own facts decide.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from evcredit import (
    Battery,
    Bounds,
    Claim,
    OutsideCoverage,
    Purchase,
    Taxpayer,
    TaxYear,
    Vehicle,
    Verdict,
    assess,
    with_facts,
)
from evcredit.facts.listing import ListedVehicle
from evcredit.facts.published_list import DayCounted
from evcredit.law.lists import listings

A_DAY = timedelta(days=1)
#: 26 USC 30D(h): acquired after this day, nothing is left.
LAST_ACQUIRED = date(2025, 9, 30)
#: The amounts of 26 USC 30D(b) by capacity stood to the day before.
SOURCING = date(2023, 4, 18)

ROWS = [row for row in listings() if row.credit in (3750, 7500)]
OLD = [row for row in ROWS if row.counted_on is DayCounted.ACQUIRED]
#: The former law: for vehicles acquired from 2010 to 2022, and assembled anywhere if sold before
#: the day after P.L. 117-169.
FIRST_DAY_OF_LAW, LAST_MADE_ANYWHERE = date(2010, 1, 1), date(2022, 8, 16)
LAST_OF_FORMER_LAW = date(2022, 12, 31)

#: Rows of which the record does not hold any day for certain: a day on which it may have begun is
#: later than one on which it may have ended.
NEVER_CERTAIN = ["L6_2025-01-01 Genesis Electrified GV70 2025"]

# What was left, in percent, of the credit for a vehicle acquired on the last day of the former
# law, where that is not all: 26 USC 30D(e) (2021) with Notice 2018-96, Notice 2019-22 and the
# instructions for Form 8936 of January 2023.
LEFT_AT_THE_END = {"Tesla": 0, "Chevrolet": 0, "Cadillac": 0, "Toyota": 50}


def name(row: ListedVehicle) -> str:
    """A row by its list and vehicle."""
    return f"{row.list_id} {row.make} {row.model} {row.model_years}"


every_row = pytest.mark.parametrize("row", ROWS, ids=name)


def relying(row: ListedVehicle, day: date, *, fails: bool = False) -> Claim:
    """A claim of that day which relies on a row for all that the manufacturer reports.

    The buyer is well under the limits, and the price is at the limit of the row. A vehicle placed
    in service after September 2025 is stated to be acquired in time. Where the vehicle is said to
    fail by its own facts, neither certified content is enough; before the sourcing requirements
    it is not driven by a battery motor.
    """
    facts: dict[str, Any] = {**row.vehicle_facts(), "msrp": row.msrp_limit}
    battery: dict[str, Any] = row.battery_facts()
    if row.counted_on is DayCounted.ACQUIRED:
        # A row of the former law is silent on final assembly; a later one states about it.
        facts["final_assembly_country"] = "Mexico"
    if fails and day >= SOURCING:
        battery["certified_critical_mineral_content"] = 0
        battery["certified_battery_component_content"] = 0
    elif fails:
        facts |= {"driven_by_battery_motor": False, "fuel_cell": False}
    acquired = min(day, LAST_ACQUIRED)
    year = TaxYear(filing_status="single", modified_adjusted_gross_income=60_000)
    return Claim(
        vehicle=Vehicle(
            **facts, meets_air_and_safety_rules=True, battery=Battery(**battery), listing=row
        ),
        purchase=Purchase.new_from_dealer(
            contract_date=acquired, first_payment_date=acquired, placed_in_service=day
        ),
        taxpayer=Taxpayer(current_year=year, prior_year=year),
    )


def ends(row: ListedVehicle) -> tuple[date, date, date, date]:
    """Earliest and latest possible first day, earliest and latest possible last day."""
    earliest, latest_start, earliest_end, latest = *row.first_day, *row.last_day
    assert earliest and latest_start and earliest_end and latest, "every row has bounds of its days"
    return earliest, latest_start, earliest_end, latest


def in_full(row: ListedVehicle, day: date) -> int:
    """What the row amounts to on one of its boundary days."""
    assert row.credit is not None
    if day == LAST_OF_FORMER_LAW:
        return int(row.credit) * LEFT_AT_THE_END.get(str(row.make), 100) // 100
    return int(row.credit)


def test_there_are_rows_of_every_list_that_has_amounts() -> None:
    """So many rows; the first two lists of 2023 name no amounts, and 26 USC 30B has others."""
    assert (len(ROWS), len(OLD)) == (192, 37)
    silent = {"L0_30B_fuelcell", "L1a_2022-12-29_CAFE", "L1b_2023-02-03_label"}
    assert {row.list_id for row in ROWS} == {row.list_id for row in listings()} - silent


def test_rows_that_never_speak_for_certain() -> None:
    """Of one vehicle even the days are in doubt: a press list of 2025 had it, others had not."""
    doubtful = [row for row in ROWS if ends(row)[1] > ends(row)[2]]
    assert [name(row) for row in doubtful] == NEVER_CERTAIN


@every_row
def test_on_its_boundary_days_a_row_gives_its_amount(row: ListedVehicle) -> None:
    """The first day at the latest and the last at the earliest: exactly the amount of the row."""
    _, first, last, _ = ends(row)
    for day in {first, last}:
        result = assess(relying(row, day))
        if name(row) in NEVER_CERTAIN:
            assert result.credit == Bounds(0, row.credit)
            continue
        amount = in_full(row, day)
        assert result.credit == Bounds.exactly(amount), day
        assert result.verdict is (Verdict.MET if amount else Verdict.NOT_MET)
        # And the row needs nothing of the supply chain: it holds against what is stated of it.
        assert assess(relying(row, day, fails=True)).credit == result.credit


@every_row
def test_beyond_its_days_a_row_gives_nothing(row: ListedVehicle) -> None:
    """The day before the earliest start and the day after the latest end.

    Nothing, if what is known of the vehicle itself fails; and nothing certain if nothing is known.
    """
    earliest, _, _, latest = ends(row)
    for day in (earliest - A_DAY, latest + A_DAY):
        if day < FIRST_DAY_OF_LAW:
            with pytest.raises(OutsideCoverage):
                assess(relying(row, day))
            continue
        result = assess(relying(row, day, fails=True))
        assert (result.verdict, result.credit) == (Verdict.NOT_MET, Bounds.exactly(0)), day
        unknown = assess(relying(row, day))
        assert (unknown.verdict, unknown.credit.lower) == (Verdict.UNKNOWN, 0), day


@pytest.mark.parametrize("row", [row for row in ROWS if ends(row)[0] < ends(row)[1]], ids=name)
def test_on_a_day_of_which_the_record_is_unsure_the_amount_is_open(row: ListedVehicle) -> None:
    """Nothing or the amount of the row, where the row may have begun or may not."""
    result = assess(relying(row, ends(row)[0], fails=True))
    assert (result.verdict, result.credit) == (Verdict.UNKNOWN, Bounds(0, row.credit))


@pytest.mark.parametrize("row", [row for row in ROWS if ends(row)[3] > LAST_ACQUIRED], ids=name)
def test_a_row_that_ends_later_needs_an_acquisition_in_time(row: ListedVehicle) -> None:
    """26 USC 30D(h): a day too late, and a list that runs to the end of 2025 helps no one."""
    first = max(ends(row)[1], LAST_ACQUIRED + A_DAY)
    late = with_facts(relying(row, first), {"purchase.first_payment_date": LAST_ACQUIRED + A_DAY})
    result = assess(late)
    assert result.credit == Bounds.exactly(0)
    assert [reason.code for reason in result.reasons] == ["acquired_in_time"]


# -- what the lists before 2023 are silent on ----------------------------------------------


@pytest.mark.parametrize("row", OLD, ids=name)
def test_a_row_of_the_former_law_is_silent_on_final_assembly(row: ListedVehicle) -> None:
    """P.L. 117-169 sec. 13401(k)(2): to 16 August 2022 anywhere, from 17 August 2022 not."""
    amounts = []
    for day in (LAST_MADE_ANYWHERE, LAST_MADE_ANYWHERE + A_DAY):
        made_abroad = with_facts(
            relying(row, day, fails=True), {"vehicle.final_assembly_country": "Japan"}
        )
        amounts.append(assess(made_abroad).credit)
    gone = row.make in ("Chevrolet", "Cadillac")
    assert amounts == [Bounds.exactly(0 if gone else row.credit), Bounds.exactly(0)]


@pytest.mark.parametrize(
    ("make", "day", "credit"),
    [
        ("Tesla", date(2018, 12, 31), 7500),
        ("Tesla", date(2019, 1, 1), 3750),
        ("Tesla", date(2019, 6, 30), 3750),
        ("Tesla", date(2019, 7, 1), 1875),
        ("Tesla", date(2019, 12, 31), 1875),
        ("Tesla", date(2020, 1, 1), 0),
        ("Chevrolet", date(2019, 3, 31), 7500),
        ("Chevrolet", date(2019, 4, 1), 3750),
        ("Chevrolet", date(2019, 10, 1), 1875),
        ("Chevrolet", date(2020, 3, 31), 1875),
        ("Cadillac", date(2020, 4, 1), 0),
        ("Toyota", date(2022, 9, 30), 7500),
        ("Toyota", date(2022, 10, 1), 3750),
        ("Ford", date(2022, 12, 31), 7500),
    ],
    ids=str,
)
def test_a_phase_out_is_taken_off_a_listed_amount(make: str, day: date, credit: int) -> None:
    """26 USC 30D(e) (2021): Notice 2018-96 and Notice 2019-22 name these days and percentages."""
    # No row of a Tesla was read, so one like the others represents them.
    like = attrs.evolve(OLD[0], make="Tesla", model="Model S", model_years=None)
    rows = [row for row in (*OLD, like) if row.make == make]
    assert rows
    for row in rows:
        assert assess(relying(row, day)).credit == Bounds.exactly(credit)
