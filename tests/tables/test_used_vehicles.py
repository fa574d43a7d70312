"""Section 25E over a table."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from tests.commercial import business_claim
from tests.used import USED, used_claim

from evcredit import OutsideCoverage, assess, current_law, examples, with_facts
from evcredit.provisions.registry import section_of
from evcredit.tables import InvalidFrameError, assess_frame, rows_of

#: What is computed without symbols, so that a table brings it as columns.
COMPUTED = {"first_to_qualified_buyer", "no_credit_shortly_before"}
DAYS = (
    "purchase.contract_date",
    "purchase.first_payment_date",
    "purchase.placed_in_service",
)


def test_an_unknown_day_is_one_for_which_the_section_is_held() -> None:
    """So rules of the law before 2023 have no part, in a table as for a claim."""
    claim = used_claim(purchase__placed_in_service=None)
    rows = rows_of([claim], USED)
    assert set(rows[0]) >= COMPUTED
    frame = pl.DataFrame(rows, infer_schema_length=None)
    found = assess_frame(frame, credit=USED, unknown=True, rules=["qualified_manufacturer"])
    assert found["rule_qualified_manufacturer_in_force"].to_list() == [True]
    bound = section_of(USED).of(claim, current_law())
    applies = {each.rule.code: each.applies for each in bound.allowed.walk()}
    assert applies["qualified_manufacturer"] is True


def test_days_before_a_section_begins() -> None:
    """P.L. 117-169 sec. 13402(e), 13403(c): no, as for a claim, and never a day without law."""
    days = [date(2010, 1, 1), date(2022, 12, 31), date(2023, 1, 1), None]
    for credit, reason in (
        (USED, "acquired_since_it_applies"),
        ("45W", "commercial_acquired_late_enough"),
    ):
        claim = used_claim() if credit == USED else business_claim()
        undated = with_facts(claim, dict.fromkeys(DAYS[:2]))
        frame = pl.DataFrame({"placed_in_service": days})
        by_column = assess_frame(frame, credit=credit, assume=undated, unknown=DAYS[:2])
        early = by_column.head(2)
        assert early["verdict"].to_list() == [False, False]
        assert early["credit_upper_cents"].to_list() == [0, 0]
        assert early["reason"].to_list() == [reason, reason]
        for day, told in zip(days, by_column.iter_rows(named=True), strict=True):
            stated = with_facts(undated, {"purchase.placed_in_service": day})
            one = assess(stated, credit=credit)
            assert (told["verdict"], told["reason"]) == (one.verdict.known, one.reason)
            assert told["credit_lower_cents"] == int(100 * one.credit.lower)
            alone = assess_frame(
                pl.DataFrame({"key": [1]}), credit=credit, assume=stated, unknown=DAYS
            )
            assert alone["reason"].to_list() == [one.reason]
        promised = assess_frame(
            frame.head(2),
            credit=credit,
            assume=undated,
            unknown=DAYS[:2],
            placed_in_service=("2010-01-01", "2022-12-31"),
        )
        assert promised["reason"].to_list() == [reason, reason]
        with pytest.raises(InvalidFrameError, match="promised, from 2022-01-01 to None"):
            assess_frame(
                frame,
                credit=credit,
                assume=undated,
                unknown=DAYS[:2],
                placed_in_service=("2022-01-01", None),
            )


def test_an_assumed_day_without_law() -> None:
    """Told as for a claim: before 2010 no section 30D is held."""
    with pytest.raises(
        OutsideCoverage, match="30D for a vehicle placed in service: evcredit has no law"
    ):
        assess_frame(
            pl.DataFrame({"key": [1]}),
            assume=examples.demonstration_claim(date(2009, 12, 31)),
            unknown=True,
        )


def test_a_column_of_prices() -> None:
    """Everything else is the same in every row."""
    prices = [0, 1, 2, 1_200_000, 1_333_332, 1_333_334, 2_500_000, 2_500_001, None]
    frame = pl.DataFrame(
        {
            "purchase_sale_price_cents": prices,
            **dict.fromkeys(COMPUTED, [True] * len(prices)),
        }
    )
    result = assess_frame(frame, credit=USED, assume=used_claim())
    most = [0, 0, 1, 360_000, 400_000, 400_000, 400_000, 0, 400_000]
    assert result["credit_upper_cents"].to_list() == most
    assert result["credit_lower_cents"].to_list() == [*most[:-1], 0]
    one_by_one = [
        None if cents is None else used_claim(purchase__sale_price=Decimal(cents) / 100)
        for cents in prices
    ]
    assert result["credit_lower_cents"].to_list()[:-1] == [
        int(100 * assess(each, credit=USED).credit.lower) for each in one_by_one if each
    ]


def test_a_column_of_model_years() -> None:
    """Early enough for the calendar year of contract and payment, or not, or unknown."""
    days = [date(2024, 12, 31), date(2025, 1, 1), None]
    rows = [(year, day) for year in (2022, 2023, None) for day in days]
    frame = pl.DataFrame(
        {
            "vehicle_model_year": [year for year, _ in rows],
            "purchase_contract_date": [day for _, day in rows],
            "purchase_first_payment_date": [day for _, day in rows],
            "purchase_placed_in_service": [date(2025, 1, 2)] * len(rows),
            **dict.fromkeys(COMPUTED, [True] * len(rows)),
        }
    )
    found = assess_frame(frame, credit=USED, assume=used_claim(), rules=["model_year"])
    expected = [True, True, None, False, True, None, None, None, None]
    assert found["rule_model_year"].to_list() == expected
    for (year, day), known in zip(rows, expected, strict=True):
        claim = used_claim(
            vehicle__model_year=year,
            purchase__contract_date=day,
            purchase__first_payment_date=day,
            purchase__placed_in_service=date(2025, 1, 2),
        )
        assert assess(claim, credit=USED).find("model_year").verdict.known is known
    lacking = frame.drop("vehicle_model_year")
    with pytest.raises(InvalidFrameError, match="vehicle_model_year"):
        assess_frame(lacking, credit=USED, assume=used_claim(vehicle__model_year=None))
