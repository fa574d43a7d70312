"""What one person ends up with for one vehicle, and what would give the half that is refused."""

from datetime import date

import pytest
from tests.commercial import business_claim
from tests.used import USED, used_claim

from evcredit import (
    CreditTransfer,
    InvalidFactError,
    Verdict,
    assess,
    change_of_all,
    current_law,
    denials,
    options,
    with_facts,
)
from evcredit.advice import BuyNew, ways
from evcredit.advice.option import Route
from evcredit.examples import demonstration_claim
from evcredit.facts import TaxReturn

LAW = current_law()
NO_JAPAN = LAW.without_agreement("JPCMA")
CLAIM = demonstration_claim()
TAX = TaxReturn.personal(tax_before_credits=5_000, other_personal_credits=0)
YEARS = ("current_year", "prior_year")
RICH = {f"taxpayer.{year}.modified_adjusted_gross_income": 400_000 for year in YEARS}
INDIVIDUAL = {"taxpayer.kind": "individual"}


def worth(found):
    """What each way leaves."""
    return {each.route: str(each.net_benefit) for each in found.options}


def test_both_ways_of_a_new_vehicle():
    """Tax limits the return, and not the transfer."""
    found = ways(CLAIM, tax_return=TAX)
    assert worth(found) == {Route.TRANSFERRED: "7,500", Route.ON_RETURN: "5,000"}
    assert (found.best.route, str(found.amount)) == (Route.TRANSFERRED, "7,500")
    assert str(found.options[1].forfeited) == "2,500"
    offer = BuyNew(
        name="this vehicle",
        vehicle=CLAIM.vehicle,
        purchase=CLAIM.purchase,
        transfer=CreditTransfer.at_the_dealer(),
    )
    same = options(CLAIM.taxpayer, [offer], tax_return=TAX)
    assert found.to_dict() == same.to_dict()


def test_income_is_in_it():
    """Above the limit in both years, what was got at the sale is paid back."""
    found = ways(with_facts(CLAIM, RICH), tax_return=TAX)
    assert worth(found) == {Route.TRANSFERRED: "0", Route.ON_RETURN: "0"}
    assert [str(found.options[0].at_sale), str(found.options[0].repaid)] == ["7,500", "7,500"]
    assert found.best is None


def test_what_is_omitted_is_unknown():
    """The tax of the return is needed where it matters."""
    found = ways(CLAIM, transfer=None)
    assert worth(found) == {Route.ON_RETURN: "0 to 7,500"}
    assert "tax_return.tax_before_credits" in found.options[0].missing


def test_a_used_vehicle():
    """With the days of its own; a transfer before 2024 is refused."""
    found = ways(used_claim(), credit=USED, tax_return=TAX)
    assert worth(found) == {Route.TRANSFERRED: "4,000", Route.ON_RETURN: "4,000"}
    early = used_claim(date(2023, 6, 3))
    found = ways(early, credit=USED, tax_return=TAX)
    assert found.options[0].is_denied
    assert found.best.route is Route.ON_RETURN


def test_the_terms_of_a_transfer():
    """Usual ones by default, with the seller's license; none where the buyer elects out."""
    tribe = with_facts(CLAIM, {"purchase.seller_license": "Indian tribal government"})
    assert worth(ways(tribe, tax_return=TAX))[Route.TRANSFERRED] == "7,500"
    out = with_facts(CLAIM, {"purchase.elected_out": True})
    assert worth(ways(out, tax_return=TAX)) == {Route.ON_RETURN: "0"}
    poor_terms = CreditTransfer.at_the_dealer(dealer_registered=False)
    assert ways(CLAIM, tax_return=TAX, transfer=poor_terms).options[0].is_denied
    with pytest.raises(InvalidFactError, match=r"transfer: .*give the terms"):
        ways(CLAIM, transfer="none")
    with pytest.raises(InvalidFactError, match=r"transfer\.claim"):
        ways(CLAIM, transfer=CreditTransfer(claim=CLAIM))


def test_a_number_that_the_dealer_may_have_given():
    """26 USC 30D(g)(6)(C): unknown leaves it open, though the return has none."""
    without = with_facts(CLAIM, {"purchase.vin_on_return": False})
    found = {}
    for given in (True, None, False):
        terms = with_facts(CreditTransfer.at_the_dealer(), {"vin_given_by_dealer": given})
        found[given] = ways(without, tax_return=TAX, transfer=terms).options[0]
    assert [str(each.net_benefit) for each in found.values()] == ["7,500", "0 to 7,500", "0"]
    assert "purchase.vin_on_return" in found[None].missing


def test_a_business_credit_has_one_way():
    """All of it, as its unused part is carried."""
    found = ways(business_claim(), credit="45W")
    assert worth(found) == {Route.ON_RETURN: "7,500"}
    assert "this vehicle (claim the credit on the tax return): $7,500" in found.explain()
    with pytest.raises(InvalidFactError, match="credit"):
        ways(CLAIM, credit="30C")
    with pytest.raises(InvalidFactError, match="give a Claim"):
        ways(CLAIM.vehicle)


# -- half a credit lost is a refusal too -----------------------------------------------------


def test_the_half_that_is_refused_and_what_would_give_it():
    """Of a credit that is met; each change was tried."""
    result = assess(CLAIM, law=NO_JAPAN)
    assert (result.verdict, str(result.credit)) == (Verdict.MET, "3,750")
    found = denials(result)
    assert [each.finding.code for each in found] == ["value_added_test", "traced_value_test"]
    for refusal in found:
        assert refusal.changes
        for change in refusal.changes:
            changed = with_facts(CLAIM, change.values)
            assert str(assess(changed, law=NO_JAPAN).credit) == str(change.credit) == "7,500"
    change = change_of_all(result)
    assert str(change.credit) == "7,500"
    assert str(assess(with_facts(CLAIM, change.values), law=NO_JAPAN).credit) == "7,500"


def test_a_certified_half():
    """A percentage that would suffice."""
    short = {
        "vehicle.battery.certified_battery_component_content": 59,
        "vehicle.battery.components": None,
        "vehicle.battery.components_from_foreign_entity_of_concern": False,
    }
    result = assess(with_facts(CLAIM, short))
    assert str(result.credit) == "3,750"
    (refusal,) = denials(result)
    assert refusal.finding.code == "components_requirement"
    assert [change.values for change in refusal.changes] == [
        {"vehicle.battery.certified_battery_component_content": 60}
    ]
    assert change_of_all(result).values == refusal.changes[0].values


def test_both_halves_refused_are_mended_until_there_is_a_credit():
    """The smallest change of a refusal gives one half, and what then refuses the other is next."""
    short = {
        "vehicle.battery.certified_battery_component_content": 59,
        "vehicle.battery.certified_critical_mineral_content": 49,
        "vehicle.battery.components_from_foreign_entity_of_concern": False,
        "vehicle.battery.components": None,
    }
    result = assess(with_facts(CLAIM, short))
    assert result.verdict is Verdict.NOT_MET
    first = change_of_all(result)
    half = assess(with_facts(result.claim, first.values))
    assert (half.verdict, str(half.credit)) == (Verdict.MET, "3,750")
    whole = with_facts(half.claim, change_of_all(half).values)
    assert str(assess(whole).credit) == "7,500"


def test_nothing_is_refused_of_a_whole_credit_or_an_open_one():
    for claim in (CLAIM, with_facts(CLAIM, {"vehicle.msrp": None})):
        assert denials(assess(claim)) == ()
        assert change_of_all(assess(claim)) is None


def test_a_half_that_no_fact_can_give():
    """The refusal is named, though there is nothing to get from elsewhere."""
    empty = with_facts(CLAIM, {"vehicle.battery.minerals": ()})
    law = LAW.with_readings(empty_content_qualifies=False)
    result = assess(empty, law=law)
    assert str(result.credit) == "3,750"
    assert {each.finding.code for each in denials(result)} == {
        "value_added_test",
        "traced_value_test",
    }


def test_options_show_the_half_that_is_refused():
    """With what would give it, in words and as data."""
    found = ways(CLAIM, law=NO_JAPAN, tax_return=TAX)
    assert found.best.denials
    assert str(found.best.change.credit) == "7,500"
    assert "value in the battery, minerals[2]: $911 would suffice" in found.explain()
    assert found.to_dict()["options"][0]["denials"]
