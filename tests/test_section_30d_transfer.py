"""26 USC 30D(g): the transfer of the credit to the dealer."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import attrs
import pytest

from evcredit import (
    Bounds,
    InvalidFactError,
    Taxpayer,
    TaxYear,
    Verdict,
    assess,
    current_law,
    with_facts,
)
from evcredit.algebra.bound import finding_of, verdict_of
from evcredit.examples import demonstration_claim
from evcredit.facts import DealerLicense
from evcredit.facts.tax_return import TaxReturn
from evcredit.facts.taxpayer import TaxpayerKind
from evcredit.facts.transfer import CreditTransfer
from evcredit.provisions.transfer import CreditHolder, settle_transfer
from evcredit.section_30d.transfer import TRANSFER, transfer_allowed

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
DEALER, BUYER, NOBODY = CreditHolder.DEALER, CreditHolder.BUYER, CreditHolder.NOBODY
LAW = current_law()
SOLD = date(2024, 6, 3)
A_DAY = timedelta(days=1)
ENDLESS = Decimal("Infinity")
settle = partial(settle_transfer, rules=TRANSFER)

CLAIM = with_facts(demonstration_claim(), {"purchase.sale_date": SOLD})
GOOD = CreditTransfer.at_the_dealer(
    claim=CLAIM, credit=7500, payment=7500, advance_payment=7500, elected_on=SOLD
)


def changed(**facts):
    """The good transfer with other facts; two underscores represent a dot."""
    return with_facts(GOOD, {name.replace("__", "."): value for name, value in facts.items()})


def amounts(outcome):
    """Credit to dealer and buyer, what the buyer repays, excess and addition, and basis."""
    return tuple(
        str(each)
        for each in (
            outcome.credit_to_dealer,
            outcome.credit_to_buyer,
            outcome.buyer_repays,
            outcome.excessive_payment,
            outcome.addition,
            outcome.basis_reduction,
        )
    )


def test_a_good_transfer():
    """The dealer has the credit, no one owes anything, and the buyer's basis falls."""
    outcome = settle(GOOD)
    assert (outcome.verdict, outcome.holder) == (MET, DEALER)
    assert amounts(outcome) == ("7,500", "0", "0", "0", "0", "7,500")
    assert outcome.missing == ()


def test_nothing_is_assumed():
    """With nothing stated all is unresolved, and no amount is zero for that."""
    outcome = settle(CreditTransfer())
    assert (outcome.verdict, outcome.holder) == (UNKNOWN, None)
    open_amount = "0 or more"
    # By default nothing is repaid because the tax is too low, but income and resale are open.
    assert amounts(outcome) == (open_amount,) * 6
    for name in ("dealer_registered", "elected_on", "credit", "payment", "advance_payment"):
        assert name in outcome.missing
    assert "claim.purchase.placed_in_service" in outcome.missing
    assert "claim.taxpayer.current_year.modified_adjusted_gross_income" in outcome.missing
    assert "reasonable_cause" in outcome.missing
    assert len(set(outcome.missing)) == len(outcome.missing)


# -- the conditions ------------------------------------------------------------------------

FLAGS = {
    "dealer_registered": ("dealer_registered", "26 USC 30D(g)(2)(A)"),
    "price_disclosed": ("price_disclosed", "26 USC 30D(g)(2)(B)(i)"),
    "credit_and_incentives_disclosed": (
        "credit_and_incentives_disclosed",
        "26 USC 30D(g)(2)(B)(ii)",
    ),
    "payment_disclosed": ("payment_disclosed", "26 USC 30D(g)(2)(B)(iii)"),
    "paid_by_sale": ("paid_in_full", "26 USC 30D(g)(2)(C)"),
    "incentives_leave_election_free": ("incentives_apart", "26 USC 30D(g)(2)(D)"),
    "election_leaves_incentives_whole": ("incentives_apart", "26 USC 30D(g)(2)(D)"),
    "mainly_personal_use": ("mainly_personal_use", "26 CFR 1.30D-5"),
}


def reasons(transfer, law=LAW):
    """The codes of what decides about the conditions."""
    finding = finding_of(transfer_allowed, transfer, law)
    return finding.verdict, [reason.code for reason in finding.reasons()]


@pytest.mark.parametrize("fact", FLAGS)
def test_conditions_that_turn_on_one_fact(fact):
    """Each alone makes the transfer fail, and is missing while unknown."""
    code, citation = FLAGS[fact]
    assert reasons(changed(**{fact: False})) == (NOT_MET, [code])
    assert reasons(changed(**{fact: None})) == (UNKNOWN, [code])
    outcome = settle(changed(**{fact: False}))
    assert (outcome.holder, outcome.missing) == (BUYER, ("reasonable_cause",))
    assert amounts(outcome) == ("0", "7,500", "0", "7,500", "0 to 1,500", "7,500")
    assert settle(changed(**{fact: None})).missing == (fact, "reasonable_cause")
    found = outcome.finding.reasons()[0]
    assert str(found.citation) == citation


@pytest.mark.parametrize(
    ("licensed_by", "expected", "codes"),
    [
        ("state or District of Columbia", MET, None),
        ("Indian tribal government", MET, None),
        ("Alaska Native Corporation", MET, None),
        ("territory alone", NOT_MET, ["not_licensed_by_territory_alone"]),
        ("nobody", NOT_MET, ["dealer_licensed"]),
        (None, UNKNOWN, ["dealer_licensed", "not_licensed_by_territory_alone"]),
    ],
)
def test_license_of_the_dealer(licensed_by, expected, codes):
    """The regulation omits those whom a territory alone licenses."""
    verdict, found = reasons(changed(dealer_license=licensed_by))
    assert verdict is expected
    assert codes is None or found == codes


@pytest.mark.parametrize(
    ("day", "expected"), [(date(2023, 12, 31), NOT_MET), (date(2024, 1, 1), MET), (None, UNKNOWN)]
)
def test_transfers_begin_with_2024(day, expected):
    """By the day placed in service (P.L. 117-169 sec. 13401(k)(4))."""
    bought = with_facts(
        demonstration_claim(date(2023, 12, 31)),
        {"purchase.placed_in_service": day, "purchase.sale_date": date(2023, 12, 31)},
    )
    transfer = attrs.evolve(GOOD, claim=bought, elected_on=date(2023, 12, 31))
    assert verdict_of(transfer_allowed, transfer, LAW) is expected
    if day is None:
        assert settle(transfer).missing == (
            "claim.purchase.placed_in_service",
            "reasonable_cause",
        )


@pytest.mark.parametrize(
    ("payment", "credit", "expected"),
    [
        (7500, 7500, MET),
        ("7499.99", 7500, NOT_MET),
        ("7500.01", 7500, NOT_MET),
        (None, 7500, UNKNOWN),
        (7500, None, UNKNOWN),
        (7500, Bounds(0, 7500), UNKNOWN),
        (7500, Bounds(0, 3750), NOT_MET),
        (Bounds(7000, 8000), 7500, UNKNOWN),
    ],
)
def test_payment_equals_the_credit(payment, credit, expected):
    """Neither less nor more (26 USC 30D(g)(2)(C))."""
    transfer = changed(payment=payment, credit=credit)
    assert verdict_of(transfer_allowed, transfer, LAW) is expected


@pytest.mark.parametrize(
    ("elected", "sold", "expected"),
    [
        (SOLD, SOLD, MET),
        (SOLD - A_DAY, SOLD, MET),
        (SOLD + A_DAY, SOLD, NOT_MET),
        (None, SOLD, UNKNOWN),
        (SOLD, None, MET),  # a sale that is not stated is the day of possession
        (SOLD + A_DAY, None, NOT_MET),
    ],
)
def test_election_not_later_than_the_purchase(elected, sold, expected):
    """The day itself is in time (26 USC 30D(g)(3)); both days are needed."""
    transfer = changed(elected_on=elected, claim__purchase__sale_date=sold)
    assert verdict_of(transfer_allowed, transfer, LAW) is expected
    if expected is UNKNOWN:
        assert settle(transfer).missing[0] == "elected_on"


def test_an_unknown_day_of_possession_leaves_the_election_open():
    """Where no day of sale is stated."""
    open_days = {"claim__purchase__sale_date": None, "claim__purchase__placed_in_service": None}
    outcome = settle(changed(elected_on=SOLD, **open_days))
    assert outcome.finding.rule.code == "transfer_allowed"
    assert "claim.purchase.placed_in_service" in outcome.missing


@pytest.mark.parametrize(
    ("entity", "status", "expected"),
    [
        (None, "single", MET),
        (None, "estate or trust", NOT_MET),
        (None, None, UNKNOWN),
        ("individual", None, MET),
        ("estate or trust", None, NOT_MET),
        ("partnership", None, NOT_MET),
        ("S corporation", None, NOT_MET),
        ("corporation", None, NOT_MET),
        ("tax-exempt or governmental user", None, NOT_MET),
    ],
)
def test_an_individual_elects(entity, status, expected):
    """No one else, as recalled of 26 CFR 1.30D-5."""
    buyer = Taxpayer(kind=entity, current_year=TaxYear(filing_status=status))
    transfer = changed(claim__taxpayer=buyer)
    assert verdict_of(transfer_allowed, transfer, LAW) is expected


EACH = LAW
TOGETHER = LAW.with_readings(joint_filers_elect_separately=False)
OPEN = LAW.with_readings(joint_filers_elect_separately=None)


@pytest.mark.parametrize(
    ("own", "spouse", "law", "expected"),
    [
        (0, None, EACH, MET),
        (1, None, EACH, MET),
        (2, None, EACH, NOT_MET),
        (None, None, EACH, UNKNOWN),
        (Bounds(0, 1), None, EACH, MET),
        (Bounds(1, 2), None, EACH, UNKNOWN),
        (1, 1, EACH, MET),
        (1, 1, TOGETHER, NOT_MET),
        (1, 0, TOGETHER, MET),
        (1, 1, OPEN, UNKNOWN),
        (0, 1, OPEN, MET),
        (2, 0, OPEN, NOT_MET),
        (1, None, OPEN, MET),
    ],
)
def test_two_transfers_a_year(own, spouse, law, expected):
    """The third of a taxpayer is one too many; whether spouses count apart is a reading."""
    transfer = changed(earlier_elections=own, earlier_elections_of_spouse=spouse)
    assert verdict_of(transfer_allowed, transfer, law) is expected
    unknown_day = with_facts(transfer, {"claim.purchase.placed_in_service": None})
    found = finding_of(transfer_allowed, unknown_day, law)
    verdicts = {each.code: each.verdict for each in found.walk()}
    assert verdicts["elections_left"] is expected


def test_the_limit_before_it_was_announced():
    """As the law was known before October 2023 there is none."""
    known = LAW.known_on(date(2023, 10, 5))
    assert verdict_of(transfer_allowed, changed(earlier_elections=9), known) is MET
    assert verdict_of(transfer_allowed, changed(earlier_elections=9), LAW) is NOT_MET


def test_who_transfers_cannot_elect_out():
    """26 USC 30D(g)(6)(B): the two elections exclude each other."""
    with pytest.raises(InvalidFactError) as caught:
        changed(claim__purchase__elected_out=True)
    assert caught.value.path == "credit_transfer.claim.purchase.elected_out"


@pytest.mark.parametrize("licensed_by", list(DealerLicense), ids=lambda each: each.value)
def test_license_by_value_and_name(licensed_by):
    """In words or as the enumeration does."""
    for given in (licensed_by.value, licensed_by.name, licensed_by):
        assert CreditTransfer(dealer_license=given).dealer_license is licensed_by


# -- what follows --------------------------------------------------------------------------

OVER = {
    "claim__taxpayer__current_year__modified_adjusted_gross_income": "300000.01",
    "claim__taxpayer__prior_year__modified_adjusted_gross_income": "300000.01",
}


def test_income_too_high_in_both_years():
    """The buyer repays what was paid, and the dealer keeps what it got (26 USC 30D(g)(10))."""
    outcome = settle(changed(**OVER))
    assert (outcome.verdict, outcome.holder) == (MET, DEALER)
    assert amounts(outcome) == ("7,500", "0", "7,500", "0", "0", "0")


@pytest.mark.parametrize("year", ["current_year", "prior_year"])
def test_one_year_within_the_threshold_is_enough(year):
    """Nothing is repaid if either year passes, and it is unresolved while one is unknown."""
    name = f"claim__taxpayer__{year}__modified_adjusted_gross_income"
    assert str(settle(changed(**{**OVER, name: 300_000})).buyer_repays) == "0"
    outcome = settle(changed(**{**OVER, name: None}))
    assert str(outcome.buyer_repays) == "0 to 7,500"
    assert outcome.missing == (name.replace("__", "."),)


def test_little_tax_is_no_ground_to_repay():
    """A tax of $1,000 and an income within the threshold: nothing is repaid, by default."""
    poor = TaxReturn(tax_before_credits=1000, other_personal_credits=0)
    assert str(settle(GOOD, tax_return=poor).buyer_repays) == "0"


@pytest.mark.parametrize(
    ("kept", "tax", "repaid"),
    [
        (False, TaxReturn(tax_before_credits=1000, other_personal_credits=0), "6,500"),
        (False, TaxReturn(tax_before_credits=9000, other_personal_credits=0), "0"),
        (False, None, "0 to 7,500"),
        (None, TaxReturn(tax_before_credits=1000, other_personal_credits=0), "0 to 6,500"),
    ],
)
def test_little_tax_under_the_other_readings(kept, tax, repaid):
    """What is above the tax of the year is repaid, or that is unresolved."""
    law = LAW.with_readings(transferred_credit_beyond_tax_kept=kept)
    outcome = settle(GOOD, tax_return=tax, law=law)
    assert str(outcome.buyer_repays) == repaid
    asked = ("tax_return.tax_before_credits", "tax_return.other_personal_credits")
    assert outcome.missing == (asked if tax is None else ())
    unknown = changed(payment=None, credit=None)
    assert settle(unknown, law=law).buyer_repays.upper == ENDLESS


def test_resold_early():
    """The buyer repays, as for a vehicle bought for resale; the dealer is left alone."""
    outcome = settle(changed(claim__purchase__resold_on=SOLD + 30 * A_DAY))
    assert outcome.holder is DEALER
    assert amounts(outcome) == ("7,500", "0", "7,500", "0", "0", "0")


@pytest.mark.parametrize("cause", [True, False, None])
def test_returned_early(cause):
    """The transfer is taken back: what the dealer got is excessive, and a fifth is added."""
    outcome = settle(
        changed(claim__purchase__returned_on=SOLD + 30 * A_DAY, reasonable_cause=cause)
    )
    addition = {True: "0", False: "1,500", None: "0 to 1,500"}[cause]
    assert outcome.holder is NOBODY
    assert amounts(outcome) == ("0", "0", "0", "7,500", addition, "0")
    repays = {True: "7,500", False: "9,000", None: "7,500 to 9,000"}[cause]
    assert str(outcome.dealer_repays) == repays
    assert outcome.missing == (("reasonable_cause",) if cause is None else ())


@pytest.mark.parametrize("name", ["returned_on", "resold_on"])
def test_given_up_later(name):
    """After thirty days the transfer is left as it was."""
    later = changed(**{f"claim__purchase__{name}": SOLD + 31 * A_DAY})
    assert amounts(settle(later)) == amounts(settle(GOOD))


def test_returned_early_with_too_high_an_income():
    """A transfer that is taken back leaves the buyer nothing to repay."""
    transfer = changed(**OVER, claim__purchase__returned_on=SOLD, reasonable_cause=True)
    assert amounts(settle(transfer)) == ("0", "0", "0", "7,500", "0", "0")


def test_cancelled_sale():
    """The election is void; an advance payment, if there was one, is excessive."""
    purchase = attrs.evolve(CLAIM.purchase, placed_in_service=None, sale_cancelled=True)
    cancelled = changed(claim__purchase=purchase, reasonable_cause=True)
    outcome = settle(cancelled)
    assert outcome.holder is NOBODY
    assert amounts(outcome) == ("0", "0", "0", "7,500", "0", "0")
    none_paid = settle(attrs.evolve(cancelled, advance_payment=0))
    assert amounts(none_paid) == ("0",) * 6


@pytest.mark.parametrize("facts", [OVER, {"claim__purchase__resold_on": SOLD}])
def test_no_transfer_and_no_credit(facts):
    """Where the conditions fail, and the buyer has no credit either, no one has it."""
    transfer = changed(**facts, dealer_registered=False, reasonable_cause=False)
    outcome = settle(transfer)
    assert (outcome.verdict, outcome.holder) == (NOT_MET, NOBODY)
    assert amounts(outcome) == ("0", "0", "0", "7,500", "1,500", "0")


@pytest.mark.parametrize(
    ("advance", "excess", "missing"),
    [
        (7500, "0", ()),
        (8000, "500", ("reasonable_cause",)),
        (0, "0", ()),
        (Bounds(7000, 8000), "0 to 500", ("advance_payment", "reasonable_cause")),
        (None, "0 or more", ("advance_payment", "reasonable_cause")),
    ],
)
def test_advance_payment_above_the_credit(advance, excess, missing):
    """Only what is above the credit is excessive (26 USC 30D(g)(7)(B))."""
    outcome = settle(changed(advance_payment=advance))
    assert str(outcome.excessive_payment) == excess
    assert outcome.missing == missing


def test_another_rate_of_the_addition():
    """The rate is a datum of the law, and its citation is in the line."""
    schedule = LAW.excessive_payment_addition_percent.always(0, why="a hypothetical")
    law = attrs.evolve(LAW, excessive_payment_addition_percent=schedule)
    unknown = changed(advance_payment=None, reasonable_cause=False)
    assert settle(unknown, law=law).addition == Bounds(0, 0)
    assert settle(unknown).addition == Bounds(Decimal(0), ENDLESS)
    no_day = with_facts(GOOD, {"claim.purchase.placed_in_service": None})
    assert str(settle(no_day).addition_citation) == "26 USC 6417(d)(6)"


def test_lines_and_words():
    """The account in the order of the statute, and what decides where conditions are not met."""
    good = settle(GOOD)
    assert good.explain().splitlines() == [
        "met: the conditions of a transfer to the dealer are met [26 USC 30D(g)(1)]",
        "who has the credit: the dealer",
        "credit to the dealer: $7,500 [26 USC 30D(g)(1)]",
        "credit on the buyer's own return: $0 [26 USC 30D(g)(1)]",
        "payment to the buyer: $7,500 [26 USC 30D(g)(2)(C)]",
        "of it in the buyer's gross income: $0 [26 USC 30D(g)(5)(A)]",
        "of it deductible by the dealer: $0 [26 USC 30D(g)(5)(B)]",
        "added to the buyer's tax: $0 [26 USC 30D(g)(10)]",
        "excessive payment, added to the dealer's tax: $0 [26 USC 30D(g)(7)(B)]",
        "addition to it: $0 [26 USC 6417(d)(6)]",
        "reduction of the buyer's basis: $7,500 [26 USC 30D(g)(6)(A)]",
    ]
    unknown = settle(changed(dealer_registered=None, reasonable_cause=True))
    lines = unknown.explain().splitlines()
    assert lines[1:3] == [
        "  unknown: the dealer is registered [26 USC 30D(g)(2)(A)]",
        "who has the credit: open",
    ]
    assert lines[-2:] == ["not known exactly:", "  dealer registered (dealer_registered)"]


# -- the claim the election looks at -------------------------------------------------------


def test_claim_at_the_sale():
    """Income, resale and the number on the return aside, the credit is what it was."""
    later = changed(
        **OVER,
        claim__purchase__resold_on=SOLD,
        claim__purchase__vin_on_return=None,
        claim__purchase__elected_out=None,
    )
    assert assess(later.claim).verdict is NOT_MET
    assert str(assess(later.claim_at_the_sale()).credit) == "7,500"
    unreported = attrs.evolve(later, vin_given_by_dealer=False)
    assert str(assess(unreported.claim_at_the_sale()).credit) == "0 to 7,500"
    too_dear = with_facts(later, {"claim.vehicle.msrp": 90_000})
    assert str(assess(too_dear.claim_at_the_sale()).credit) == "0"


@pytest.mark.parametrize("entity", [TaxpayerKind.CORPORATION, TaxpayerKind.TAX_EXEMPT_USER])
def test_claim_at_the_sale_of_what_has_no_income(entity):
    """It gets none."""
    transfer = changed(claim__taxpayer=Taxpayer(kind=entity))
    assert transfer.claim_at_the_sale().taxpayer == Taxpayer(kind=entity)


def test_a_fact_of_the_return_is_named_in_words():
    """Where a reading makes the tax matter, what is missing of it is reported like the rest."""
    open_tax = LAW.with_readings(transferred_credit_beyond_tax_kept=False)
    text = settle(GOOD, law=open_tax).explain()
    assert "  tax before credits (tax_return.tax_before_credits)" in text.splitlines()
