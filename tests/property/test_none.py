"""What there is none of, in random claims: never requested, never unknown without a reason.

The same claims as JSON and as rows of a table agree with the objects.
"""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from tests.commercial import business_claims
from tests.strategies import claims, fewer, hide, hidings
from tests.used import USED, known_used_claims

from evcredit import Verdict, assess, with_facts
from evcredit.algebra.path import read
from evcredit.errors import EvcreditError
from evcredit.io import claim_from_json, claim_to_json
from evcredit.tables import assess_frame, rows_of

#: What there is none of, and the facts that then may not be stated.
NONE = {
    "purchase.no_contract": ("purchase.contract_date",),
    "purchase.not_in_service": (
        "purchase.placed_in_service",
        "purchase.returned_on",
        "purchase.resold_on",
    ),
    "taxpayer.no_prior_year": ("taxpayer.prior_year",),
    "vehicle.no_battery": ("vehicle.battery", "vehicle.driven_by_battery_motor"),
}
#: Dates that a ready-made purchase leaves to `acquired_shortly_before`.
_DAYS = ("purchase.contract_date", "purchase.first_payment_date")
_OF = {"30D": claims(), USED: known_used_claims(), "45W": business_claims()}


@st.composite
def _claims(draw: st.DrawFn) -> tuple[Any, str, tuple[str, ...]]:
    """A claim, the credit, and what may not be stated."""
    credit = draw(st.sampled_from(sorted(_OF)))
    claim = draw(_OF[credit])
    claim = hide(claim, draw(hidings(claim)))
    if draw(st.booleans()):
        claim = with_facts(claim, dict.fromkeys(_DAYS))
        claim = with_facts(claim, {"purchase.acquired_shortly_before": True})
    flags = draw(st.lists(st.sampled_from(sorted(NONE)), min_size=1, max_size=3, unique=True))
    for flag in flags:
        gone = dict.fromkeys(NONE[flag])
        if flag == "purchase.not_in_service":
            gone |= dict.fromkeys(("purchase.sale_cancelled", "vehicle.listing"))
        try:
            claim = with_facts(with_facts(claim, gone), {flag: True})
        except EvcreditError:
            continue  # an earlier transfer or credit, or a report, says otherwise
    stated = [flag for flag in NONE if read(claim, flag)]
    return claim, credit, tuple(path for flag in stated for path in NONE[flag])


@fewer(4)
@given(_claims())
def test_what_there_is_none_of(drawn: tuple[Any, str, tuple[str, ...]]) -> None:
    claim, credit, gone = drawn
    result = assess(claim, credit=credit)
    asked = result.missing()
    assert not [path for path in asked if path.startswith(gone)]
    assert claim_from_json(claim_to_json(claim)) == claim
    if result.credit.is_exact:
        assert asked == ()
        return
    found = [*result.settling(Verdict.MET), *result.settling(Verdict.NOT_MET)]
    by_itself = result.verdict is Verdict.UNKNOWN and frozenset() in found
    assert asked or result.undetermined or any(found) or by_itself, result.explain()


@fewer(8)
@given(_claims())
def test_rows_agree(drawn: tuple[Any, str, tuple[str, ...]]) -> None:
    claim, credit, _ = drawn
    result = assess(claim, credit=credit)
    try:
        rows = rows_of([claim], credit)
    except EvcreditError:
        return  # a list or bounds, which no column holds
    frame = pl.DataFrame(rows, infer_schema_length=None)
    (row,) = assess_frame(frame, credit=credit, unknown=True).iter_rows(named=True)
    assert (row["verdict"], row["reason"]) == (result.verdict.known, result.reason)
    ends = [int(100 * end) for end in (result.credit.lower, result.credit.upper)]
    assert [row["credit_lower_cents"], row["credit_upper_cents"]] == ends
