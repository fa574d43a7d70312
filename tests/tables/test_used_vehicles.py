"""Section 25E over a table: row by row what it makes of each claim."""

from __future__ import annotations

from decimal import Decimal

import polars as pl
from hypothesis import strategies as st
from tests.strategies import hide, hidings
from tests.tables.rows import fits, rows_of
from tests.tables.test_rules_over_columns import gathered
from tests.used import USED, known_used_claims, used_claim

from evcredit import Claim, assess, current_law
from evcredit.tables import assess_frame

#: What is computed without symbols, so that a table brings it as columns.
COMPUTED = {"model_year_early_enough", "first_to_qualified_buyer", "no_credit_shortly_before"}


@st.composite
def partial_claims(draw: st.DrawFn) -> Claim:
    whole = draw(known_used_claims())
    return hide(whole, draw(hidings(whole)))


def test_a_table_of_claims_says_what_each_claim_says() -> None:
    """Verdict and bounds of random claims, unknown facts included."""
    claims = [*gathered(partial_claims()), *gathered(known_used_claims()), Claim(), used_claim()]
    rows, plan = rows_of(claims, current_law(), USED)
    assert {column.name for column in plan.columns} >= COMPUTED
    assert all(map(fits, rows))
    frame = pl.DataFrame(rows, infer_schema_length=None)
    result = assess_frame(frame, credit=USED, unknown=True)
    expected = [assess(claim, credit=USED) for claim in claims]
    found = result.select("verdict", "credit_lower_cents", "credit_upper_cents").rows()
    for claim, each, (verdict, lower, upper) in zip(claims, expected, found, strict=True):
        known = (each.verdict.known, int(100 * each.credit.lower), int(100 * each.credit.upper))
        if claim.purchase.placed_in_service is not None:
            assert (verdict, lower, upper) == known, claim
            continue
        # Of an unknown day a table leaves out those before the section, which a claim does not.
        assert known[1] <= lower <= upper <= known[2], claim
        assert known[0] in (verdict, None), claim
    assert len({each.verdict for each in expected}) == 3


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
