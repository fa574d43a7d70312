"""Section 45W over the columns of a table: the same dollars as for each claim on its own."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.commercial import DAYS, FACTS, business_claim, business_claims
from tests.tables.rows import every_column, numbered

from evcredit import Claim, Verdict, assess, current_law, with_facts
from evcredit.tables.compiler.columns import ColumnKind
from evcredit.tables.frames import assess_frame

LAW = current_law()
SUPPLIED = LAW.with_incremental_cost(
    "class 6, battery electric", "33333.33", year=2024, why="a test"
)
DTYPES = {
    ColumnKind.FLAG: pl.Boolean,
    ColumnKind.DAY: pl.Date,
    ColumnKind.TEXT: pl.String,
    ColumnKind.NUMBER: pl.Int64,
}
TRUTHS = {Verdict.MET: True, Verdict.NOT_MET: False, Verdict.UNKNOWN: None}
_HIDDEN = [
    *(path for path in FACTS if path not in ("purchase.compares_prices", "taxpayer.kind")),
    *DAYS,
]


def random_claims(number: int) -> list[Claim]:
    """Business claims with some facts unknown."""
    found = []

    @settings(max_examples=number, database=None, suppress_health_check=list(HealthCheck))
    @given(business_claims(), st.lists(st.sampled_from(_HIDDEN), max_size=5, unique=True))
    def gather(claim: Claim, hidden: list[str]) -> None:
        found.append(with_facts(claim, dict.fromkeys(hidden)))

    gather()
    return found


def edge_claims() -> list[Claim]:
    """Claims that reach every number by year and age, known and unknown."""
    used = {"purchase__original_use_begins_with_taxpayer": False}
    days = dict.fromkeys(("purchase__contract_date", "purchase__first_payment_date"), "2025-03-03")
    return [
        Claim(),
        business_claim(),
        business_claim(purchase__placed_in_service=None),
        *(
            business_claim(
                **used,
                **days,
                purchase__placed_in_service=f"{year}-03-03",
                vehicle__model_year=model_year,
            )
            for year in (2025, 2026, 2045)
            for model_year in (None, 2022, 2023, 2025, 2026)
        ),
        business_claim(**used, **days, purchase__placed_in_service=None, vehicle__model_year=2023),
        business_claim(
            purchase__compares_prices=True,
            purchase__cost=52_000,
            purchase__comparable_vehicle_price="48123.45",
        ),
        business_claim(purchase__basis=400_000, vehicle__gross_vehicle_weight_rating_lb=24_000),
    ]


def disagreements(claims: list[Claim], law: Any) -> list[tuple[Any, Any]]:
    """What the table and the object say where it is not the same."""
    rows, columns = numbered(claims, law, "45W"), every_column(law, "45W").columns
    schema = {"row": pl.Int64, **{each.name: DTYPES[each.kind] for each in columns}}
    found = assess_frame(pl.DataFrame(rows, schema=schema), credit="45W", law=law, unknown=True)
    told = found.select("verdict", "credit_lower_cents", "credit_upper_cents").rows()
    expected = []
    for claim in claims:
        result = assess(claim, law=law, credit="45W")
        ends = (int(100 * end) for end in (result.credit.lower, result.credit.upper))
        expected.append((TRUTHS[result.verdict], *ends))
    return [pair for pair in zip(told, expected, strict=True) if pair[0] != pair[1]]


@pytest.mark.parametrize(
    "law", [LAW, SUPPLIED, LAW.known_on(date(2024, 12, 1))], ids=lambda law: law.name
)
def test_rows_come_to_what_claims_do(law: Any) -> None:
    """Verdict and both ends of the credit, unknown facts included."""
    assert disagreements([*edge_claims(), *random_claims(150)], law) == []


def test_what_is_the_same_in_every_row() -> None:
    """Stated once, as constants: known and unknown days."""
    for claim in edge_claims()[1:]:
        frame = pl.DataFrame({"purchase_basis_cents": [1_000_000, 90_000_000]})
        found = assess_frame(frame, credit="45W", assume=claim, unknown=True)
        for row in found.iter_rows(named=True):
            basis = row["purchase_basis_cents"] // 100
            result = assess(with_facts(claim, {"purchase.basis": basis}), credit="45W")
            assert row["verdict"] is TRUTHS[result.verdict]
            assert row["credit_upper_cents"] == int(100 * result.credit.upper)
            assert row["credit_lower_cents"] == int(100 * result.credit.lower)
