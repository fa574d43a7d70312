"""The taxpayers of a return: spouses, transfers of one year, owners, vehicles without business."""

from datetime import date

import attrs
import pytest
from tests.returns import at_the_dealer, bearing, new_car, single, used_car, van

from evcredit import (
    Bounds,
    Claim,
    CleanVehicleReturn,
    Taxpayer,
    Verdict,
    current_law,
    fill_forms,
    with_facts,
)
from evcredit.errors import InvalidFactsError
from evcredit.facts import TaxReturn
from evcredit.facts.taxpayer import PriorCredit, TaxpayerKind
from evcredit.forms import ReturnVehicle
from evcredit.io import return_from_json, return_to_json

A = "Schedule A"
EXACT = TaxReturn(tax_before_credits=30_000, other_personal_credits=0)
RICH = single(180_000, 175_000)


def filled(*vehicles, law=None, year=2025, **facts):
    stated = CleanVehicleReturn(tax_year=year, vehicles=vehicles, tax_return=EXACT, **facts)
    return fill_forms(stated, law=law)


def without_taxpayer(claim):
    return with_facts(claim, {"taxpayer": Taxpayer()})


# -- a commercial vehicle without business use ----------------------------------------------


def test_without_business_use_a_vehicle_is_not_depreciable():
    """26 USC 45W(c)(4) requires property that can be depreciated."""
    forms = filled(ReturnVehicle(claim=van(), credit="45W", business_use_percent=0))
    assert str(forms.line("19").amount) == "0"
    assert forms.assessments[0].find("depreciable").verdict is Verdict.NOT_MET
    assert any("not depreciable" in each for each in forms.warnings)


@pytest.mark.parametrize("percent", [None, 1, 100, Bounds(0, 50)])
def test_with_some_business_use_it_is_as_the_claim_states(percent):
    """Any such use makes it depreciable in part."""
    forms = filled(ReturnVehicle(claim=van(), credit="45W", business_use_percent=percent))
    assert str(forms.line("19").amount) == "6,000"
    assert not any("not depreciable" in each for each in forms.warnings)


def test_a_tax_exempt_user_needs_no_business_use():
    """26 USC 45W(d)(2)."""
    claim = van(
        taxpayer=Taxpayer(kind="tax-exempt or governmental user"),
        purchase__elective_payment_registered=True,
    )
    forms = filled(ReturnVehicle(claim=claim, credit="45W", business_use_percent=0))
    assert str(forms.own_credits) == "6,000"


# -- the history of each spouse -------------------------------------------------------------


def of_spouse(**facts):
    claim = without_taxpayer(used_car(12_900))
    return ReturnVehicle(claim=claim, credit="25E", bought_by_spouse=True, **facts)


def test_what_is_known_of_one_spouse_is_not_supposed_of_the_other():
    """26 USC 25E(c)(3)(D) looks at each buyer."""
    forms = filled(of_spouse(), filer=single())
    assert str(forms.line("14").amount) == "0 to 3,870"
    assert bearing(forms) == ("vehicles[0].claim.taxpayer.prior_credits",)


@pytest.mark.parametrize(
    ("sales", "amount"),
    [
        ((), "3,870"),
        ((PriorCredit(on="2022-05-05"),), "3,870"),
        ((PriorCredit(on="2023-06-01"),), "0"),
    ],
)
def test_the_return_states_the_credits_of_the_other_spouse(sales, amount):
    """They decide for that spouse alone, and the filer's do not."""
    filer = single(prior_credits=(PriorCredit(on="2024-06-01"),))
    forms = filled(of_spouse(), filer=filer, spouse_prior_credits=sales)
    assert str(forms.line("14").amount) == amount
    assert return_from_json(return_to_json(forms.stated)) == forms.stated


def test_the_history_comes_from_the_claims_of_the_same_buyer():
    """In whatever order they stand."""
    first = ReturnVehicle(claim=used_car(10_000, date(2025, 2, 3)), credit="25E")
    of_filer = ReturnVehicle(claim=without_taxpayer(used_car(12_900)), credit="25E")
    spouse = ReturnVehicle(
        claim=used_car(9_000, date(2025, 1, 8)), credit="25E", bought_by_spouse=True
    )
    assert bearing(filled(of_spouse(), spouse)) == ()
    assert str(filled(spouse, of_filer).line("14").amount) == "2,700 to 6,570"
    assert str(filled(first, of_spouse()).line("14").amount) == "3,000 to 6,870"


def test_credits_of_a_spouse_that_nothing_reads_are_named():
    """No vehicle is stated as bought by that spouse."""
    forms = filled(ReturnVehicle(claim=used_car(), credit="25E"), spouse_prior_credits=())
    assert any(each.startswith("spouse_prior_credits is not read") for each in forms.warnings)


# -- the transfers of one year --------------------------------------------------------------


def given(day, *, spouse=None, stated=0, **facts):
    claim = new_car(day, **facts)
    transfer = attrs.evolve(at_the_dealer(claim), earlier_elections=stated)
    return ReturnVehicle(
        claim=claim, business_use_percent=0, transfer=transfer, bought_by_spouse=spouse
    )


THREE = [date(2025, 5, 1), date(2025, 3, 1), date(2025, 2, 1)]


def test_the_third_transfer_of_a_year_is_one_too_many():
    """The return counts its own, by the day of the election."""
    forms = filled(*map(given, THREE))
    assert [each.verdict for each in forms.transfers] == [
        Verdict.NOT_MET,
        Verdict.MET,
        Verdict.MET,
    ]
    assert forms.transfers[0].finding.reasons()[0].code == "elections_left"
    assert str(forms.own_credits) == "7,500"


def test_new_and_used_vehicles_count_together():
    """26 USC 25E(f) takes over the rules of 30D(g)."""
    claim = used_car(12_900, date(2025, 8, 1), purchase__sale_date=date(2025, 8, 1))
    used = ReturnVehicle(claim=claim, credit="25E", transfer=at_the_dealer(claim, 3_870))
    forms = filled(used, given(THREE[1]), given(THREE[2]))
    assert [each.verdict.known for each in forms.transfers] == [False, True, True]


def test_each_spouse_has_two_transfers():
    """Under the reading joint_filers_elect_separately, and not under the other."""
    vehicles = [given(THREE[0], spouse=True), *map(given, THREE[1:])]
    together = current_law().with_readings(joint_filers_elect_separately=False)
    assert [each.verdict.known for each in filled(*vehicles).transfers] == [True, True, True]
    assert [each.verdict.known for each in filled(*vehicles, law=together).transfers] == [
        False,
        True,
        True,
    ]


def test_transfers_stated_elsewhere_are_not_lost():
    """One of another return beside the two of this one; unknown ones leave it open."""
    more = filled(*(given(day, stated=1) for day in THREE[1:]))
    assert [each.verdict.known for each in more.transfers] == [True, True]
    assert filled(given(THREE[0], stated=2)).transfers[0].verdict is Verdict.NOT_MET
    unknown = filled(given(THREE[0], stated=None), given(THREE[1]))
    assert unknown.transfers[0].verdict is Verdict.UNKNOWN
    assert "vehicles[0].transfer.earlier_elections" in unknown.missing()
    sure = filled(given(THREE[0], stated=None), *map(given, THREE[1:]))
    assert sure.transfers[0].verdict is Verdict.NOT_MET


def test_a_cancelled_sale_takes_no_transfer():
    """The election is void."""
    cancelled = given(THREE[2], purchase__placed_in_service=None, purchase__sale_cancelled=True)
    forms = filled(cancelled, given(THREE[1]), given(THREE[0]))
    assert [each.verdict.known for each in forms.transfers[1:]] == [True, True]


def test_an_unknown_day_leaves_the_order_open():
    """It, or the one of March, may be the third; that of February is not."""
    unknown = given(None)
    forms = filled(unknown, given(THREE[1]), given(THREE[2]))
    assert [each.verdict.known for each in forms.transfers] == [None, None, True]


# -- credits passed through -----------------------------------------------------------------


def passed(taxpayer, law=None, year=2025):
    return filled(law=law, year=year, filer=taxpayer, passed_through_new=250)


def test_the_income_of_the_owner_is_tested_on_the_return():
    """26 USC 30D(f)(10), under the reading AT_THE_OWNERS."""
    for taxpayer, amount in ((single(), "250"), (RICH, "0"), (Taxpayer(), "0 to 250")):
        forms = passed(taxpayer)
        assert str(forms.line("7").amount) == str(forms.line("8").amount) == amount
        assert str(forms.account[-1].amount) == amount
        assert str(forms.account[-2].amount) == "250"
    assert forms.line("7").rests_on.code == "owner_income_within_limit"
    assert "filer.current_year.modified_adjusted_gross_income" in forms.missing()
    assert any("above the limit in both years" in each for each in passed(RICH).warnings)


def test_at_the_entity_the_owner_is_not_tested():
    """The other reading; and no limit at corporations, or before 2023."""
    law = current_law().with_readings(pass_through_income="AT_THE_ENTITY")
    assert str(passed(RICH, law).line("7").amount) == "250"
    assert str(passed(Taxpayer(kind=TaxpayerKind.CORPORATION)).line("7").amount) == "250"
    forms = passed(RICH, year=2021)
    assert [str(each.amount) for each in forms.account[-2:]] == ["250", "250"]


def test_a_commercial_credit_that_is_passed_through_has_no_income_limit():
    """26 USC 45W has none."""
    forms = filled(filer=RICH, passed_through_commercial=900)
    assert str(forms.line("21").amount) == "900"
    assert [str(each.amount) for each in forms.account[-2:]] == ["900", "900"]


def test_missing_incomes_stand_where_the_taxpayer_is_stated():
    """In the first claim that states one, or at the return."""
    person = single(None, None)
    claim = new_car(taxpayer=person)
    forms = filled(ReturnVehicle(claim=Claim()), ReturnVehicle(claim=claim), passed_through_new=9)
    assert forms.stated.taxpayer_path == "vehicles[1].claim.taxpayer"
    path = "vehicles[1].claim.taxpayer.prior_year.modified_adjusted_gross_income"
    assert path in forms.missing()


def test_the_filer_of_the_return():
    """It is the taxpayer of every claim that states none, and may not contradict another."""
    claim = without_taxpayer(new_car())
    forms = filled(ReturnVehicle(claim=claim, business_use_percent=0), filer=RICH)
    assert str(forms.line("9").amount) == "0"
    with pytest.raises(InvalidFactsError) as caught:
        filled(ReturnVehicle(claim=new_car()), filer=RICH)
    assert {each.path.rpartition(".")[2] for each in caught.value.exceptions} == {
        "current_year",
        "prior_year",
    }
