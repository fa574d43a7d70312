"""Choosing among offers: what each way is worth, the best, by when, and why not."""

import json
from datetime import date
from decimal import Decimal

import pytest
from tests.choosing import BUYER, LEASE, NEW, OFFERS, ON_RETURN, USED, changed

from evcredit import (
    Bounds,
    BuyNew,
    BuyUsed,
    CreditTransfer,
    InvalidFactError,
    Lease,
    Purchase,
    Verdict,
    assess,
    current_law,
    options,
    with_facts,
)
from evcredit.advice.option import Route, _last_days
from evcredit.algebra.binding import Binding
from evcredit.algebra.symbol import law_of
from evcredit.errors import InvalidFactsError
from evcredit.facts import TaxReturn
from evcredit.law.law import Law
from evcredit.provisions.days import CLAIM as CLAIM_FACTS
from evcredit.provisions.section import Credit

RICH = changed(
    BUYER,
    current_year__modified_adjusted_gross_income=310_000,
    prior_year__modified_adjusted_gross_income=305_000,
)


def ways(*offers, buyer=BUYER, tax_return=ON_RETURN, law=None):
    return options(buyer, offers, tax_return=tax_return, law=law)


def way(offer, route, **context):
    (found,) = [each for each in ways(offer, **context).options if each.route is route]
    return found


def exactly(amount):
    return Bounds.exactly(Decimal(amount))


# -- what a way is worth -------------------------------------------------------------------


def test_every_offer_in_every_way():
    """Transfer and return, used before new on neither, and a lease."""
    found = [
        (each.offer.name, each.route.name, str(each.net_benefit)) for each in ways(*OFFERS).options
    ]
    assert found == [
        ("crossover", "TRANSFERRED", "7,500"),
        ("crossover", "ON_RETURN", "5,000"),
        ("hatchback", "TRANSFERRED", "4,000"),
        ("hatchback", "ON_RETURN", "4,000"),
        ("lease", "LEASED", "6,000"),
    ]


def test_a_credit_above_the_tax_is_lost_on_the_return_alone():
    on_return = way(NEW, Route.ON_RETURN)
    assert (on_return.on_return, on_return.forfeited) == (exactly(5000), exactly(2500))
    assert on_return.at_sale == on_return.repaid == exactly(0)
    handed_over = way(NEW, Route.TRANSFERRED)
    assert (handed_over.at_sale, handed_over.net_benefit) == (exactly(7500), exactly(7500))
    assert handed_over.forfeited == handed_over.on_return == handed_over.repaid == exactly(0)


def test_business_use_is_not_limited_by_the_tax():
    """Of the new vehicle alone: the credit for a used one has no business part."""
    poor = TaxReturn(business_use_percent=40, tax_before_credits=1_000, other_personal_credits=0)
    assert way(NEW, Route.ON_RETURN, tax_return=poor).net_benefit == exactly(4000)
    assert way(USED, Route.ON_RETURN, tax_return=poor).net_benefit == exactly(1000)


def test_a_tax_that_is_unknown_leaves_bounds():
    found = way(NEW, Route.ON_RETURN, tax_return=None)
    assert found.net_benefit == Bounds(Decimal(0), Decimal(7500))
    assert found.missing == (
        "tax_return.business_use_percent",
        "tax_return.tax_before_credits",
        "tax_return.other_personal_credits",
    )
    enough = TaxReturn(tax_before_credits=9_000, other_personal_credits=1_000)
    found = way(NEW, Route.ON_RETURN, tax_return=enough)
    assert (found.net_benefit, found.missing) == (exactly(7500), ())


def test_an_income_above_the_limit_takes_a_transfer_back():
    """The election does not look at the income; the return does."""
    found = way(NEW, Route.TRANSFERRED, buyer=RICH)
    assert (found.at_sale, found.repaid, found.net_benefit) == (
        exactly(7500),
        exactly(7500),
        exactly(0),
    )
    assert found.verdict is Verdict.NOT_MET
    assert found.is_denied
    assert [each.finding.code for each in found.denials] == ["income_within_limit"]


def test_an_income_that_is_unknown():
    buyer = changed(RICH, current_year__modified_adjusted_gross_income=None)
    found = way(NEW, Route.TRANSFERRED, buyer=buyer)
    assert (found.at_sale, found.net_benefit) == (exactly(7500), Bounds(Decimal(0), Decimal(7500)))
    assert found.repaid == Bounds(Decimal(0), Decimal(7500))
    assert "taxpayer.current_year.modified_adjusted_gross_income" in found.missing
    assert not [path for path in found.missing if path.startswith("transfer.")]


def test_a_transfer_beyond_the_tax_under_the_other_reading():
    law = current_law().with_readings(transferred_credit_beyond_tax_kept=False)
    found = way(NEW, Route.TRANSFERRED, law=law)
    assert (found.at_sale, found.repaid, found.net_benefit) == (
        exactly(7500),
        exactly(2500),
        exactly(5000),
    )
    unread = current_law().with_readings(transferred_credit_beyond_tax_kept=None)
    assert way(NEW, Route.TRANSFERRED, law=unread).net_benefit == Bounds(
        Decimal(5000), Decimal(7500)
    )


def test_a_transfer_that_may_not_be_good():
    found = way(changed(NEW, transfer__dealer_registered=None), Route.TRANSFERRED)
    assert found.verdict is Verdict.UNKNOWN
    assert found.net_benefit == found.at_sale == Bounds(Decimal(0), Decimal(7500))
    assert found.missing == ("transfer.dealer_registered",)


def test_a_transfer_that_is_not_good():
    """The credit is left for the return, which is a way of its own."""
    offer = changed(NEW, transfer__dealer_registered=False, transfer__elected_on=date(2024, 6, 9))
    found = way(offer, Route.TRANSFERRED)
    assert (found.at_sale, found.net_benefit) == (exactly(0), exactly(0))
    assert [(each.finding.code, str(each.changes[0])) for each in found.denials] == [
        ("dealer_registered", "dealer registered: yes would suffice instead of no"),
        (
            "elected_in_time",
            "day placed in service: 2024-06-09 would suffice, 6 days after 2024-06-03",
        ),
    ]
    assert found.denials[0].changes[0].credit == exactly(7500)
    assert found.assessment.verdict is Verdict.MET
    assert ways(offer).best.route is Route.ON_RETURN


def test_a_payment_that_is_stated():
    """It must be as much as the credit."""
    assert way(changed(NEW, transfer__payment=7_500), Route.TRANSFERRED).net_benefit == exactly(
        7500
    )
    less = way(changed(NEW, transfer__payment=7_000), Route.TRANSFERRED)
    assert (less.verdict, less.net_benefit) == (Verdict.NOT_MET, exactly(0))
    assert [each.finding.code for each in less.denials] == ["paid_in_full"]


def test_a_payment_that_is_stated_of_a_credit_that_is_open():
    offer = changed(NEW, transfer__payment=3_750, vehicle__battery__minerals=None)
    found = way(offer, Route.TRANSFERRED)
    assert (found.at_sale, found.net_benefit) == (
        Bounds(Decimal(0), Decimal(3750)),
        Bounds(Decimal(0), Decimal(3750)),
    )


def test_a_credit_that_is_open_leaves_the_payment_open():
    found = way(changed(NEW, vehicle__battery__minerals=None), Route.TRANSFERRED)
    assert found.verdict is Verdict.MET
    assert found.at_sale == found.net_benefit == Bounds(Decimal(3750), Decimal(7500))


def test_a_vehicle_returned_soon_leaves_nothing():
    found = way(changed(NEW, purchase__returned_on=date(2024, 6, 10)), Route.TRANSFERRED)
    assert (found.at_sale, found.repaid, found.net_benefit) == (exactly(0), exactly(0), exactly(0))
    assert found.verdict is Verdict.NOT_MET


def test_the_number_that_the_dealer_gives_does_for_the_return():
    offer = changed(NEW, purchase__vin_on_return=None)
    assert way(offer, Route.TRANSFERRED).net_benefit == exactly(7500)
    assert way(offer, Route.ON_RETURN).verdict is Verdict.UNKNOWN
    silent = changed(offer, transfer__vin_given_by_dealer=None)
    assert way(silent, Route.TRANSFERRED).net_benefit == Bounds(Decimal(0), Decimal(7500))


def test_a_lease_passes_on_what_it_states():
    """Never more than the lessor has; without a credit there is nothing to pass on."""
    assert way(LEASE, Route.LEASED).at_sale == exactly(6000)
    assert way(changed(LEASE, passed_on=9_000), Route.LEASED).net_benefit == exactly(7500)
    silent = way(changed(LEASE, passed_on=None), Route.LEASED)
    assert (silent.net_benefit, silent.missing) == (
        Bounds(Decimal(0), Decimal(7500)),
        ("passed_on",),
    )
    none = way(changed(LEASE, lessor_purchase__true_lease=False), Route.LEASED)
    assert (none.net_benefit, none.verdict, none.missing) == (exactly(0), Verdict.NOT_MET, ())
    assert [each.finding.code for each in none.denials] == ["owned_for_tax"]


def test_the_person_does_not_matter_to_a_lease():
    assert way(LEASE, Route.LEASED, buyer=RICH, tax_return=None).net_benefit == exactly(6000)


# -- the best ------------------------------------------------------------------------------


def test_the_best_and_why():
    found = ways(*OFFERS)
    assert (found.best.offer.name, found.best.route) == ("crossover", Route.TRANSFERRED)
    assert found.amount == exactly(7500)
    assert found.is_certain
    assert found.contenders == found.depends_on == ()
    assert found.reasons == (
        "It leaves you $7,500.",
        (
            "crossover (claim the credit on the tax return): $5,000, because $2,500 is "
            "lost because tax liability is too low."
        ),
        "hatchback (hand the credit to the dealer): $4,000.",
        "hatchback (claim the credit on the tax return): $4,000.",
        "lease (lease, with what the lessor passes on): $6,000.",
    )


def test_between_equals_the_one_that_pays_first():
    found = ways(USED)
    assert found.best.route is Route.TRANSFERRED
    assert found.reasons[1] == (
        "hatchback (claim the credit on the tax return): $4,000; it is as much, but comes later."
    )


def test_nothing_to_recommend():
    found = ways(NEW, USED, buyer=RICH)
    assert found.best is None
    assert found.amount == exactly(0)
    assert found.reasons == found.depends_on == found.contenders == ()
    assert found.is_certain
    assert found.explain().startswith("None of the offers gives a credit.\n")
    assert ways().amount == exactly(0)
    assert ways().best is None


def test_a_way_that_gives_nothing_for_want_of_tax_is_not_recommended():
    nothing = TaxReturn.personal(tax_before_credits=0, other_personal_credits=0)
    found = ways(changed(NEW, transfer=None), tax_return=nothing)
    assert found.options[0].verdict is Verdict.MET
    assert found.options[0].is_denied
    assert found.best is None


def test_a_choice_under_unknowns_says_what_it_depends_on():
    """The lease is sure of 6,000; the crossover may give 7,500."""
    found = ways(changed(NEW, vehicle__msrp=None), LEASE)
    assert found.best.offer.name == "lease"
    assert not found.is_certain
    assert [each.route for each in found.contenders] == [Route.TRANSFERRED]
    assert found.amount == Bounds(Decimal(6000), Decimal(7500))
    assert found.depends_on == (("crossover", "vehicle.msrp"),)
    text = found.explain()
    assert text.startswith("Best so far: lease (")
    assert "crossover: manufacturer's suggested retail price (vehicle.msrp)" in text


def test_what_an_unknown_depends_on_is_named_for_every_kind_of_fact():
    text = ways(
        changed(NEW, transfer__dealer_registered=None),
        changed(LEASE, passed_on=None),
        tax_return=TaxReturn(other_personal_credits=0),
    ).explain()
    for said in (
        "crossover: dealer registered (transfer.dealer_registered)",
        "crossover: tax before credits (tax_return.tax_before_credits)",
        "lease: credit passed on to the customer (passed_on)",
    ):
        assert said in text


def test_a_certain_choice_of_an_uncertain_amount():
    found = ways(changed(LEASE, passed_on=Bounds(Decimal(5000), Decimal(6000))), USED)
    assert found.is_certain
    assert found.depends_on == (("lease", "passed_on"),)


# -- by when -------------------------------------------------------------------------------


def days(option):
    return {each.rule.code: str(each.day) for each in option.deadlines}


def test_by_when():
    assert days(way(NEW, Route.TRANSFERRED)) == {
        "acquired_in_time": "2025-09-30",
        "elected_in_time": "2024-06-03",
    }
    assert days(way(NEW, Route.ON_RETURN)) == {"acquired_in_time": "2025-09-30"}
    assert days(way(USED, Route.ON_RETURN)) == {"acquired_before_the_end": "2025-09-30"}
    assert days(way(LEASE, Route.LEASED)) == {"commercial_acquired_in_time": "2025-09-30"}


def test_by_when_under_an_earlier_law():
    """Before P.L. 119-21 the last day was one of possession."""
    known = current_law().known_on(date(2024, 6, 3))
    assert days(way(NEW, Route.ON_RETURN, law=known)) == {"placed_in_service_in_time": "2032-12-31"}


def test_a_deadline_says_what_must_have_happened():
    (deadline,) = way(NEW, Route.ON_RETURN).deadlines
    assert deadline.facts == (
        "day placed in service",
        "day of the written binding contract",
        "day of the first payment",
    )
    assert str(deadline) == (
        "by 2025-09-30: acquired, by contract and payment, not after the deadline [26 USC 30D(h)]"
    )


def test_without_a_day_of_sale_there_is_no_day_of_election():
    found = way(changed(NEW, purchase__placed_in_service=None), Route.TRANSFERRED)
    assert "elected_in_time" not in days(found)
    assert "transfer.elected_on" in found.missing


# -- why not -------------------------------------------------------------------------------


def test_refusals_and_what_would_flip_them_are_told():
    found = ways(changed(NEW, vehicle__msrp=80_300), LEASE, buyer=RICH)
    text = found.explain()
    assert "The list price of the car is above the limit." in text
    assert "manufacturer's suggested retail price: $80,000 would suffice, $300 less than" in text
    assert "All of this together would suffice:" in text
    assert "[26 USC 30D(f)(11)]" in found.explain(audience="professional")


def test_of_many_changes_some_are_told():
    offer = changed(USED, purchase__sale_price=14_000, vehicle__model_year=2023)
    text = ways(offer).explain()
    assert "The car is too new." in text
    single = {
        f"{year}__modified_adjusted_gross_income": 200_000
        for year in ("current_year", "prior_year")
    }
    assert "and 1 other change\n" in ways(NEW, buyer=changed(BUYER, **single)).explain()


def test_a_change_of_the_option_is_of_its_claim():
    found = way(changed(NEW, vehicle__msrp=80_300), Route.ON_RETURN)
    assert found.change.values == {"vehicle.msrp": Decimal(80_000)}
    assert way(NEW, Route.ON_RETURN).change is None


# -- forms ---------------------------------------------------------------------------------


def test_in_words():
    text = ways(*OFFERS).explain()
    assert text.startswith("Best: crossover (hand the credit to the dealer), $7,500.\n")
    assert "By when" in text
    assert "  - crossover (claim the credit on the tax return): $5,000\n" in text
    assert "    - lost because tax liability is too low: $2,500\n" in text
    markdown = ways(*OFFERS)._repr_markdown_()
    assert markdown.startswith("### Best: crossover (")
    with pytest.raises(ValueError, match="no form is called 'pdf'"):
        ways(NEW).explain("pdf")
    with pytest.raises(ValueError, match="no one is called 'dealer'"):
        ways(NEW).explain(audience="dealer")


def test_as_data():
    """JSON can hold it, and integers are numbers."""
    found = ways(changed(NEW, vehicle__msrp=80_300), LEASE).to_dict()
    assert json.loads(json.dumps(found)) == found
    assert found["best"] == 2
    assert found["amount"] == {"lower": 6000, "upper": 6000, "currency": "USD"}
    is_denied, _, lease = found["options"]
    assert (is_denied["route"], is_denied["verdict"], is_denied["section"]) == (
        "transferred",
        "not met",
        "30D",
    )
    assert is_denied["denials"][0]["code"] == "msrp_within_limit"
    assert is_denied["change"]["facts"][0]["path"] == "vehicle.msrp"
    assert (lease["at_sale"], lease["change"]) == ({"lower": 6000, "upper": 6000}, None)
    assert lease["deadlines"][0]["day"] == "2025-09-30"
    assert ways().to_dict()["best"] is None
    doubtful = ways(changed(NEW, vehicle__msrp=None, transfer=None)).to_dict()
    assert {"offer": "crossover", "path": "vehicle.msrp"} in doubtful["depends_on"]


# -- what cannot be ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: BuyNew(name=None), "name"),
        (lambda: Lease(name=None), "name"),
        (lambda: BuyUsed(name=" "), "name"),
        (lambda: BuyNew(name="x", vehicle="Leaf"), "give a Vehicle"),
        (lambda: BuyNew(name="x", transfer=True), "give a CreditTransfer"),
        (lambda: Lease(name="x", passed_on=Decimal(-1)), "passed_on"),
        (lambda: changed(NEW, transfer__credit=7_500), r"transfer.credit"),
        (
            lambda: changed(NEW, transfer__claim__vehicle__wheels=4),
            r"transfer.claim.*the offer states vehicle and purchase",
        ),
        (lambda: changed(NEW, purchase__elected_out=True), "purchase.elected_out"),
        (lambda: options(BUYER, [NEW, "lease"]), r"offers\[1\]"),
        (lambda: options(BUYER, NEW), "offers"),
        (lambda: options(BUYER, None), "offers"),
    ],
)
def test_faults_are_named(make, message):
    with pytest.raises((InvalidFactError, InvalidFactsError), match=message):
        make()


def test_who_does_not_transfer_may_elect_out():
    offer = changed(changed(NEW, transfer=None), purchase__elected_out=True)
    assert way(offer, Route.ON_RETURN).verdict is Verdict.NOT_MET


def test_each_way_rests_on_the_assessment_of_its_section():
    """What anybody can look up."""
    found = ways(*OFFERS).options
    assert [each.assessment.kind for each in found] == [
        Credit.NEW_VEHICLE,
        Credit.NEW_VEHICLE,
        Credit.PREVIOUSLY_OWNED_VEHICLE,
        Credit.PREVIOUSLY_OWNED_VEHICLE,
        Credit.COMMERCIAL_VEHICLE,
    ]
    for each in found:
        again = assess(each.assessment.claim, credit=each.assessment.kind)
        assert again == each.assessment


def test_terms_with_everything_left_out_leave_everything_open():
    offer = with_facts(NEW, {"transfer": CreditTransfer()})
    found = way(offer, Route.TRANSFERRED)
    assert found.verdict is Verdict.UNKNOWN
    assert "transfer.earlier_elections" in found.missing


def test_a_purchase_that_is_still_open():
    offer = BuyNew(name="plan", vehicle=NEW.vehicle, purchase=Purchase.new_from_dealer())
    assert way(offer, Route.ON_RETURN).net_benefit == Bounds(Decimal(0), Decimal(5000))


def test_without_a_last_day_there_is_no_heading_for_it():
    found = ways(LEASE)
    vars(found.best)["deadlines"] = ()
    assert "By when" not in found.explain()
    assert "By when" in ways(LEASE).explain()


def test_a_day_that_is_compared_with_something_else_has_no_last_day():
    """Or with several days, because the day that picks one of them is unknown."""
    law, day = current_law(), CLAIM_FACTS.purchase.placed_in_service
    binding = Binding(law, {})
    assert list(_last_days(day <= law_of(Law).acquisition_deadline.ever, binding)) == [
        ("day placed in service", date(2025, 9, 30))
    ]
    assert list(_last_days(day <= law_of(Law).minimum_wheels.ever, binding)) == []


def test_a_transfer_that_depends_on_the_tax_under_the_other_reading():
    law = current_law().with_readings(transferred_credit_beyond_tax_kept=False)
    found = way(NEW, Route.TRANSFERRED, law=law, tax_return=TaxReturn())
    assert found.net_benefit == Bounds(Decimal(0), Decimal(7500))
    assert "tax_return.tax_before_credits" in found.missing
