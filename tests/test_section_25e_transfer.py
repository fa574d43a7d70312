"""26 USC 25E(f): the transfer of the credit to the dealer."""

from datetime import date

import pytest
from tests.used import USED, used_claim

from evcredit import (
    Bounds,
    CreditTransfer,
    InvalidFactError,
    TaxYear,
    Verdict,
    assess_transfer,
    with_facts,
)
from evcredit.facts import DealerLicense
from evcredit.provisions.transfer import CreditHolder
from evcredit.section_25e.transfer import TRANSFER, used_transfer_allowed
from evcredit.section_30d.transfer import transfer_allowed

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
RICH = TaxYear(filing_status="single", modified_adjusted_gross_income=76_000)


def transfer(claim=None, **facts):
    """A transfer as it should be of a credit of $4,000, with facts changed."""
    claim = used_claim() if claim is None else claim
    whole = CreditTransfer.at_the_dealer(
        claim=claim, payment=4_000, advance_payment=4_000, elected_on="2024-06-03"
    )
    return with_facts(whole, facts)


def settle(claim=None, **facts):
    return assess_transfer(transfer(claim, **facts), credit=USED)


def test_a_good_transfer():
    """The dealer has the credit that is computed, and no one owes anything."""
    outcome = settle()
    assert (outcome.verdict, outcome.holder) == (MET, CreditHolder.DEALER)
    assert outcome.credit_to_dealer == outcome.payment == Bounds.exactly(4_000)
    assert outcome.buyer_repays == outcome.dealer_repays == Bounds.exactly(0)
    assert outcome.missing == ()
    assert str(outcome.finding.citation) == "26 USC 25E(f)"


@pytest.mark.parametrize(
    ("day", "verdict"),
    [(date(2022, 12, 31), NOT_MET), (date(2023, 12, 31), NOT_MET), (date(2024, 1, 1), MET)],
)
def test_the_first_day(day, verdict):
    """P.L. 117-169 sec. 13402(e)(2): vehicles acquired after 2023."""
    claim = used_claim(day, vehicle__model_year=2020)
    assert settle(claim, elected_on=day).verdict is verdict
    ordered = with_facts(
        used_claim(date(2024, 1, 9)),
        {"purchase.contract_date": day, "purchase.first_payment_date": day},
    )
    assert settle(ordered, elected_on=day).verdict is verdict


def test_income_over_the_limit_in_both_years():
    """26 USC 30D(g)(10), with the thresholds of 25E(b): the buyer repays, the dealer keeps."""
    claim = used_claim(taxpayer__current_year=RICH, taxpayer__prior_year=RICH)
    outcome = settle(claim)
    assert (outcome.holder, outcome.verdict) == (CreditHolder.DEALER, MET)
    assert outcome.buyer_repays == Bounds.exactly(4_000)
    assert outcome.dealer_repays == Bounds.exactly(0)
    one = settle(used_claim(taxpayer__current_year=RICH))
    assert one.buyer_repays == Bounds.exactly(0)
    open_ = settle(used_claim(taxpayer__current_year=RICH, taxpayer__prior_year=TaxYear()))
    assert open_.buyer_repays == Bounds(0, 4_000)
    assert "claim.taxpayer.prior_year.modified_adjusted_gross_income" in open_.missing


@pytest.mark.parametrize(
    ("event", "days", "holder", "buyer", "dealer"),
    [
        ("returned_on", 30, CreditHolder.NOBODY, 0, 4_800),
        ("returned_on", 31, CreditHolder.DEALER, 0, 0),
        ("resold_on", 30, CreditHolder.DEALER, 4_000, 0),
        ("resold_on", 31, CreditHolder.DEALER, 0, 0),
    ],
)
def test_given_up_after_a_transfer(event, days, holder, buyer, dealer):
    """26 CFR 1.25E-2(c): an early return undoes the election, an early resale does not."""
    day = date.fromordinal(date(2024, 6, 3).toordinal() + days)
    outcome = settle(used_claim(**{f"purchase__{event}": day}), reasonable_cause=False)
    assert outcome.holder is holder
    assert outcome.buyer_repays == Bounds.exactly(buyer)
    assert outcome.dealer_repays == Bounds.exactly(dealer)


@pytest.mark.parametrize(
    ("fact", "value"),
    [
        ("dealer_registered", False),
        ("price_disclosed", False),
        ("payment", 3_999),
        ("paid_by_sale", False),
        ("elected_on", date(2024, 6, 4)),
        ("mainly_personal_use", False),
        ("earlier_elections", 2),
    ],
)
def test_each_condition(fact, value):
    """Without it the credit stays with the buyer."""
    outcome = settle(**{fact: value})
    assert (outcome.verdict, outcome.holder) == (NOT_MET, CreditHolder.BUYER)
    assert outcome.credit_to_buyer == Bounds.exactly(4_000)


def test_the_dealer_is_the_seller():
    """The license of the purchase is taken over, and another one is a fault."""
    claim = used_claim(purchase__seller_license="Indian tribal government")
    assert CreditTransfer.at_the_dealer(claim=claim).dealer_license is DealerLicense.TRIBE
    assert CreditTransfer.at_the_dealer().dealer_license is DealerLicense.STATE
    with pytest.raises(InvalidFactError, match=r"dealer_license: .*these conflict; give only one"):
        CreditTransfer(claim=claim, dealer_license="nobody")
    with pytest.raises(InvalidFactError, match="claim"):
        CreditTransfer.at_the_dealer(claim="none")
    assert CreditTransfer(claim=claim).dealer_license is None


def test_the_rules_are_those_of_new_vehicles_under_their_own_citations():
    """Same reason codes but for the first day."""
    theirs = [rule.code for rule in transfer_allowed.walk()]
    ours = [rule.code for rule in used_transfer_allowed.walk()]
    assert ours[2:] == theirs[2:]
    assert (ours[1], theirs[1]) == ("used_transfers_have_begun", "transfers_have_begun")
    assert set(TRANSFER.about_the_claim()) == {"cancelled", "returned", "resold", "over"}
    titles = {rule.code: rule.title for rule in used_transfer_allowed.walk()}
    assert titles["price_disclosed"] == "the dealer disclosed the price"
