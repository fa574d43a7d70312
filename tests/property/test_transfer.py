"""Transfers: what is found with fewer facts holds what is found with all of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evcredit import TaxYear, Verdict, current_law, examples, with_facts
from evcredit.facts.purchase import DealerLicense
from evcredit.facts.transfer import CreditTransfer
from evcredit.provisions.transfer import settle_transfer
from evcredit.section_30d.transfer import TRANSFER

DAY = date(2024, 6, 3)
FLAGS = (
    "dealer_registered",
    "price_disclosed",
    "credit_and_incentives_disclosed",
    "payment_disclosed",
    "paid_by_sale",
    "incentives_leave_election_free",
    "election_leaves_incentives_whole",
    "mainly_personal_use",
)
HIDDEN = (
    *FLAGS,
    "credit",
    "payment",
    "advance_payment",
    "reasonable_cause",
    "elected_on",
    "dealer_license",
    "earlier_elections",
    "claim.purchase.placed_in_service",
    "claim.purchase.sale_date",
    "claim.taxpayer.current_year.filing_status",
    "claim.taxpayer.current_year.modified_adjusted_gross_income",
    "claim.taxpayer.prior_year.modified_adjusted_gross_income",
)
AMOUNTS = (
    "credit_to_dealer",
    "credit_to_buyer",
    "payment",
    "buyer_repays",
    "excessive_payment",
    "addition",
    "dealer_repays",
    "basis_reduction",
)
LAWS = tuple(
    current_law().with_readings(
        joint_filers_elect_separately=apart, transferred_credit_beyond_tax_kept=kept
    )
    for apart in (True, False, None)
    for kept in (True, False, None)
)
BOUGHT = with_facts(examples.demonstration_claim(), {"purchase.sale_date": DAY})
_most_often = st.sampled_from([True] * 15 + [False])
_dollars = st.sampled_from([0, 3_750, 7_500, 7_500, 7_500])
_incomes = st.sampled_from([100_000, 300_000, 300_001])


@st.composite
def known_transfers(draw: st.DrawFn) -> CreditTransfer:
    """A transfer in which everything is known, near to a good one."""
    event = draw(st.sampled_from([None, None, None, "returned_on", "resold_on"]))
    after = timedelta(days=draw(st.sampled_from([0, 30, 31])))
    status = draw(st.sampled_from(["single", "married filing jointly"]))
    facts: dict[str, Any] = {
        f"taxpayer.{year}": TaxYear(
            filing_status=status, modified_adjusted_gross_income=draw(_incomes)
        )
        for year in ("current_year", "prior_year")
    }
    if event:
        facts[f"purchase.{event}"] = DAY + after
    return CreditTransfer(
        claim=with_facts(BOUGHT, facts),
        credit=draw(_dollars),
        payment=draw(_dollars),
        advance_payment=draw(_dollars),
        elected_on=draw(st.sampled_from([DAY, DAY, DAY, DAY + timedelta(days=1)])),
        dealer_license=draw(st.sampled_from([DealerLicense.STATE] * 4 + list(DealerLicense))),
        earlier_elections=draw(st.sampled_from([0, 0, 1, 2])),
        earlier_elections_of_spouse=draw(st.sampled_from([None, 0, 1, 2])),
        reasonable_cause=draw(st.booleans()),
        **{name: draw(_most_often) for name in FLAGS},
    )


@given(st.data(), known_transfers(), st.sampled_from(LAWS))
def test_hiding_facts_holds_the_truth(data: Any, whole: CreditTransfer, law: Any) -> None:
    """Decided verdicts and holders stand, amounts lie in their bounds, and gaps are named."""
    hidden = data.draw(st.sets(st.sampled_from(HIDDEN), max_size=5))
    exact = settle_transfer(whole, law=law, rules=TRANSFER)
    rough = settle_transfer(with_facts(whole, dict.fromkeys(hidden)), law=law, rules=TRANSFER)
    if rough.verdict is not Verdict.UNKNOWN:
        assert exact.verdict is rough.verdict
    if rough.holder is not None:
        assert exact.holder is rough.holder
    for name in AMOUNTS:
        assert getattr(exact, name) in getattr(rough, name), name
    # Under one reading the tax return matters, and nothing about it is known here.
    of_return = {f"tax_return.{name}" for name in ("tax_before_credits", "other_personal_credits")}
    assert set(rough.missing) <= hidden | of_return
    certain = law.readings.transferred_credit_beyond_tax_kept is True
    if certain and law.readings.joint_filers_elect_separately is not None:
        assert not set(rough.missing) & of_return
        results = [getattr(rough, name) for name in AMOUNTS if name != "payment"]
        if not all(amount.is_exact for amount in results):
            assert rough.missing


@given(known_transfers())
def test_what_was_paid_out_is_accounted_for(transfer: CreditTransfer) -> None:
    """Of an advance payment above zero, each dollar is allowed to the dealer or owed by it."""
    outcome = settle_transfer(transfer, rules=TRANSFER)
    advance = int(transfer.advance_payment)
    allowed, excess = outcome.credit_to_dealer.lower, outcome.excessive_payment.lower
    assert excess == max(0, advance - allowed)
    assert outcome.addition.lower * 5 == (0 if transfer.reasonable_cause else excess)
    # No one but one has the credit, and who repays was paid.
    assert not (outcome.credit_to_dealer.upper and outcome.credit_to_buyer.upper)
    assert outcome.buyer_repays.upper <= outcome.payment.upper
