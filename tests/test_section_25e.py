"""26 USC 25E: its rules one by one, and how results explain them."""

import copy
import pickle
from datetime import date
from decimal import Decimal

import attrs
import pytest
from tests.used import USED, unknown_paths, used, used_claim

from evcredit import (
    Bounds,
    Claim,
    Credit,
    InvalidFactError,
    Purchase,
    Taxpayer,
    TaxYear,
    Verdict,
    assess,
    compare,
    current_law,
    with_facts,
)
from evcredit.algebra.bound import verdict_of
from evcredit.facts import (
    DealerLicense,
    ListedVehicle,
    PriorCredit,
    PriorTransfer,
    SalePrice,
    TaxpayerKind,
)
from evcredit.io import claim_from_json, claim_to_json
from evcredit.law.law import schedule_names
from evcredit.provisions.acquisition import acquired_between
from evcredit.section_25e.amount import credit_allowed
from evcredit.section_25e.buyer import within_years
from evcredit.section_25e.definition import model_year as model_year_rule

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
LAW = current_law()
RETURN_OF = {
    "purchase__returned_on": "not_returned_early",
    "purchase__resold_on": "not_resold_early",
}


def test_all_as_it_should_be():
    """The whole credit, and nothing is missing."""
    result = used()
    assert (result.verdict, str(result.credit), result.missing()) == (MET, "4,000", ())
    assert result.kind is Credit.PREVIOUSLY_OWNED_VEHICLE
    assert result.finding.verdict is MET
    assert result.governing_day == date(2024, 6, 3)
    assert result.warnings == ()
    assert result.undetermined == ()


def test_the_same_claim_is_not_one_for_a_new_vehicle():
    """Each credit has its own conditions on the same facts."""
    found = assess(used_claim())
    assert found.verdict is NOT_MET
    assert "original_use" in [each.code for each in found.reasons]


@pytest.mark.parametrize(
    ("fact", "value", "code"),
    [
        ("purchase__original_use_begins_with_taxpayer", True, "used_before"),
        ("vehicle__wheels", 3, "motor_vehicle"),
        ("vehicle__made_for_public_roads", False, "motor_vehicle"),
        ("purchase__sale_price", 25_001, "sale_price"),
        ("purchase__seller_license", "nobody", "sold_by_dealer"),
        ("purchase__for_use_or_lease", False, "bought_for_use"),
        ("taxpayer__dependent_of_another", True, "not_a_dependent"),
        ("purchase__vin_on_return", False, "used_vehicle_vin_on_return"),
        ("purchase__credit_already_allowed", True, "one_credit_per_vehicle"),
        ("purchase__elected_out", True, "not_elected_out"),
        ("purchase__used_predominantly_outside_us", True, "used_in_united_states"),
        ("vehicle__meets_air_and_safety_rules", False, "air_and_safety"),
        ("purchase__another_owner_in_seller_report", True, "named_in_seller_report"),
    ],
)
def test_each_condition_alone(fact, value, code):
    """One fact against it takes the credit away; unknown, it is what is missing."""
    against = used(**{fact: value})
    assert (against.verdict, str(against.credit)) == (NOT_MET, "0")
    assert [each.code for each in against.reasons] == [code]
    assert against.find(code).verdict is NOT_MET
    path = fact.replace("__", ".")
    if fact == "purchase__another_owner_in_seller_report":
        return  # not stated, there is none
    open_ = used(**{fact: None})
    assert (open_.verdict, open_.credit.lower, open_.missing()) == (UNKNOWN, 0, (path,))
    assert open_.settling(MET) == open_.settling(NOT_MET) == (frozenset({path}),)


@pytest.mark.parametrize(
    ("license_", "codes"),
    [
        (DealerLicense.STATE, []),
        (DealerLicense.TRIBE, []),
        (DealerLicense.ALASKA_NATIVE_CORPORATION, []),
        (DealerLicense.TERRITORY_ALONE, ["dealer_licensed_in_a_state"]),
        (DealerLicense.NOBODY, ["sold_by_dealer"]),
    ],
)
def test_license_of_the_seller(license_, codes):
    """The statute has territories; the regulation omits who is licensed by one alone."""
    result = used(purchase__seller_license=license_)
    reasons = [each.code for each in result.reasons if each.verdict is NOT_MET]
    assert reasons == codes


@pytest.mark.parametrize("fact", RETURN_OF)
@pytest.mark.parametrize(("days", "verdict"), [(0, NOT_MET), (30, NOT_MET), (31, MET)])
def test_given_up_soon_after(fact, days, verdict):
    """As of a new vehicle: a return or resale within thirty days."""
    day = date.fromordinal(date(2024, 6, 3).toordinal() + days)
    result = used(**{fact: day})
    assert result.verdict is verdict
    finding = result.find(RETURN_OF[fact])
    assert (finding.verdict, str(finding.citation)) == (verdict, "26 CFR 1.25E-2(c)(1)")


def test_a_cancelled_sale():
    """There is no credit."""
    claim = Claim(purchase=Purchase(sale_cancelled=True))
    found = assess(claim, credit=USED)
    assert (found.verdict, found.missing()) == (NOT_MET, ())


# -- the buyer -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "status", "verdict"),
    [
        ("individual", "single", MET),
        (None, "single", MET),
        (None, None, UNKNOWN),
        (None, "estate or trust", NOT_MET),
        ("estate or trust", "estate or trust", NOT_MET),
        *((kind.value, None, NOT_MET) for kind in list(TaxpayerKind)[2:]),
    ],
)
def test_individual(kind, status, verdict):
    """26 USC 25E(c)(3)(A)."""
    taxpayer = Taxpayer(kind=kind, current_year=TaxYear(filing_status=status))
    found = assess(attrs.evolve(used_claim(), taxpayer=taxpayer), credit=USED)
    assert found.find("individual").verdict is verdict


@pytest.mark.parametrize(
    ("earlier", "sale", "within"),
    [
        (date(2024, 2, 29), date(2027, 2, 28), True),
        (date(2024, 2, 29), date(2027, 3, 1), False),
        (date(2024, 2, 28), date(2027, 2, 28), False),
        (date(2025, 3, 1), date(2028, 2, 29), True),
        (date(2025, 2, 28), date(2028, 2, 29), False),
        (date(2024, 6, 3), date(2024, 6, 3), True),
    ],
)
def test_three_years_and_leap_days(earlier, sale, within):
    """Of 29 February the years end with February."""
    assert within_years(earlier, sale, 3) is within
    free = {within_years(earlier, sale, 3, anniversary_is_free=each) for each in (False, None)}
    on_the_day = (sale.year, sale.month, sale.day) == (earlier.year + 3, earlier.month, earlier.day)
    assert free == ({True, None} if on_the_day else {within})


def test_credited_sales_are_looked_at_each():
    """One within the years is enough; the day of sale overrides that of possession."""
    sales = (PriorCredit(on="2023-02-01"), PriorCredit(on="2023-03-01"))
    facts = {
        "placed_in_service": date(2026, 2, 15),
        "vehicle__model_year": 2020,
        "purchase__contract_date": "2025-09-01",
        "purchase__first_payment_date": "2025-09-01",
        "taxpayer__prior_credits": sales,
    }
    result = used(**facts)
    assert result.verdict is NOT_MET
    finding = result.find("no_recent_credit")
    assert [each.verdict for each in finding.parts] == [MET, NOT_MET]
    assert "2023-03-01" in str(finding.parts[1].note)
    later = used(**{**facts, "placed_in_service": date(2026, 3, 2)})
    assert later.verdict is MET
    sold = used(
        **{**facts, "placed_in_service": date(2026, 3, 2)}, purchase__sale_date="2026-02-28"
    )
    assert sold.verdict is NOT_MET


def test_what_is_missing_of_credited_sales():
    """The list, the day of one, or the day of this sale."""
    assert used(taxpayer__prior_credits=None).missing() == ("taxpayer.prior_credits",)
    earlier = (PriorCredit(on="2023-02-01"),)
    facts = {
        "vehicle__model_year": 2019,
        "purchase__contract_date": "2025-09-01",
        "purchase__first_payment_date": "2025-09-01",
        "taxpayer__prior_credits": earlier,
    }
    open_ = assess(used_claim(**facts, placed_in_service=date(2025, 9, 1)), credit=USED)
    assert open_.verdict is NOT_MET
    unknown_day = used(
        **facts, purchase__placed_in_service=None, placed_in_service=date(2025, 9, 1)
    )
    assert unknown_day.verdict is UNKNOWN
    assert unknown_day.missing() == ("purchase.placed_in_service",)
    assert "on an unknown day" in str(unknown_day.find("no_recent_credit").parts[0].note)
    of_earlier = used(taxpayer__prior_credits=(PriorCredit(),))
    assert "a sale on an unknown day" in str(of_earlier.find("no_recent_credit").parts[0].note)
    nobody_knows = assess(Claim(), credit=USED)
    assert "taxpayer.prior_credits" in nobody_knows.missing()
    leap = used(placed_in_service=date(2024, 2, 29), taxpayer__prior_credits=(PriorCredit(),))
    assert leap.missing() == ("taxpayer.prior_credits[0].on",)


@pytest.mark.parametrize("free", [True, False])
def test_possession_after_the_anniversary_settles_the_matter(free):
    """Where the day of this sale is unknown, days on both sides of the anniversary are tried."""
    claim = used_claim(
        vehicle__model_year=2019,
        purchase__placed_in_service=None,
        purchase__contract_date="2025-09-01",
        purchase__first_payment_date="2025-09-01",
        taxpayer__prior_credits=(PriorCredit(on="2023-06-01"),),
    )
    law = LAW.with_readings(third_anniversary_is_free=free)
    result = assess(claim, law=law, credit=USED)
    day = "purchase.placed_in_service"
    assert (result.verdict, result.missing()) == (UNKNOWN, (day,))
    assert result.settling(MET) == result.settling(NOT_MET) == (frozenset({day}),)


def test_only_the_latest_of_known_sales_decides():
    """On whatever day this sale is, if the years since the latest are over, all are."""
    days = ("2021-03-01", "2023-06-01", "2022-06-01")
    claim = used_claim(
        vehicle__model_year=2019,
        purchase__placed_in_service=None,
        purchase__contract_date="2025-09-01",
        purchase__first_payment_date="2025-09-01",
        taxpayer__prior_credits=tuple(PriorCredit(on=day) for day in days),
    )
    one = with_facts(claim, {"taxpayer.prior_credits": (PriorCredit(on=days[1]),)})
    results = [assess(each, credit=USED) for each in (claim, one)]
    assert [each.verdict for each in results] == [UNKNOWN, UNKNOWN]
    for result in results:
        assert result.missing() == ("purchase.placed_in_service",)
        assert result.settling(MET) == (frozenset({"purchase.placed_in_service"}),)
        assert result.settling_is_exact


def test_unknown_sales_that_are_alike():
    """The credit needs the day of each; one of them is enough to lose it."""
    result = used(
        taxpayer__prior_credits=(PriorCredit(), PriorCredit(on="2019-01-01"), PriorCredit())
    )
    days = [f"taxpayer.prior_credits[{place}].on" for place in (0, 2)]
    assert result.missing() == tuple(days)
    assert result.settling(MET) == (frozenset(days),)
    assert result.settling(NOT_MET) == tuple(frozenset({day}) for day in days)
    assert result.settling_is_exact


def test_unknown_transfers_that_are_alike():
    """Known ones that decide nothing are omitted; alike ones are settled in the same way."""
    path = "vehicle.prior_transfers"
    result = used(
        vehicle__prior_transfers=(
            PriorTransfer.to_dealer("2024-01-02"),
            attrs.evolve(PriorTransfer.to_individual("2024-01-03"), for_use=None),
            attrs.evolve(PriorTransfer.to_individual("2024-01-04"), for_use=None),
            attrs.evolve(PriorTransfer.to_individual("2024-01-05"), dependent_of_another=None),
        )
    )
    uses = [f"{path}[{place}].for_use" for place in (1, 2)]
    dependent = f"{path}[3].dependent_of_another"
    assert result.missing() == (*uses, dependent)
    assert result.settling(MET) == (frozenset({*uses, dependent}),)
    assert set(result.settling(NOT_MET)) == {frozenset({each}) for each in (*uses, dependent)}
    assert result.settling_is_exact
    open_ = used(vehicle__prior_transfers=(PriorTransfer(), PriorTransfer()))
    assert len(open_.missing()) == 10
    assert open_.missing_is_exact
    # Each could be settled by another fact; only the sets with the same of both are listed.
    assert not open_.settling_is_exact
    assert frozenset({f"{path}[0].to", f"{path}[1].to"}) in open_.settling(MET)
    assert {len(each) for each in open_.settling(NOT_MET)} == {5}


def test_a_transfer_that_uses_it_up_decides_alone():
    """Whatever is unknown of others."""
    result = used(
        vehicle__prior_transfers=(PriorTransfer(), PriorTransfer.to_individual("2024-01-02"))
    )
    assert result.verdict is NOT_MET
    assert result.missing() == ()
    assert result.settling(NOT_MET) == (frozenset(),)


def test_years_without_an_anniversary():
    """Absurd days and years do no harm."""
    first, last = date(1, 2, 3), date(9999, 12, 31)
    early = used(purchase__sale_date=first, taxpayer__prior_credits=(PriorCredit(),))
    assert (early.verdict, set(early.missing()) <= unknown_paths(early.claim)) == (UNKNOWN, True)
    late = used_claim(
        purchase__placed_in_service=None, taxpayer__prior_credits=(PriorCredit(on=last),)
    )
    assert assess(late, credit=USED).verdict is UNKNOWN
    assert set(assess(late, credit=USED).missing()) <= unknown_paths(late)
    for model_year, verdict in ((0, MET), (10**6, NOT_MET)):
        open_days = used(vehicle__model_year=model_year, purchase__contract_date=None)
        assert open_days.verdict is verdict
        assert open_days.missing() == ()


def test_a_credited_sale_after_this_one_is_a_fault():
    """With its path; on the day itself it may be."""
    claim = used_claim(taxpayer__prior_credits=(PriorCredit(on="2024-06-03"),))
    assert assess(claim, credit=USED).verdict is NOT_MET
    with pytest.raises(InvalidFactError, match=r"taxpayer\.prior_credits\[0\]\.on"):
        used_claim(taxpayer__prior_credits=(PriorCredit(on="2024-06-04"),))
    with pytest.raises(InvalidFactError, match=r"prior_credits\[0\]\.on"):
        used_claim(
            purchase__sale_date="2024-06-01",
            taxpayer__prior_credits=(PriorCredit(on="2024-06-02"),),
        )


# -- acquisition and model year --------------------------------------------------------------


@pytest.mark.parametrize(
    ("contract", "payment", "service", "between"),
    [
        ("2024-01-02", "2024-01-03", "2024-02-01", (date(2024, 1, 3), date(2024, 1, 3))),
        ("2024-01-02", None, "2024-02-01", (date(2024, 1, 2), date(2024, 2, 1))),
        (None, "2024-01-02", None, (date(2024, 1, 2), None)),
        (None, None, "2024-02-01", (None, date(2024, 2, 1))),
        (None, None, None, (None, None)),
    ],
)
def test_acquired_between(contract, payment, service, between):
    """Contract and payment, and never after possession."""
    purchase = Purchase(
        contract_date=contract, first_payment_date=payment, placed_in_service=service
    )
    assert acquired_between(Claim(purchase=purchase)) == between


@pytest.mark.parametrize(
    ("model_year", "first", "last", "expected"),
    [
        (2021, 2023, 2023, True),
        (2021, 2022, 2023, None),
        (2022, None, 2023, False),
        (2021, 2023, None, True),
        (2021, None, None, None),
        (2021, None, 2023, None),
        (Bounds(2020, 2021), 2023, 2024, True),
        (Bounds(2020, 2022), 2023, 2023, None),
        (Bounds(2022, 2024), 2020, 2023, False),
        (None, 2023, 2023, None),
    ],
)
@pytest.mark.parametrize("by", ["contract_date", "first_payment_date"])
def test_old_enough_with_what_is_known(by, model_year, first, last, expected):
    """Decided as soon as every day and year left open says the same."""
    known, possession = (None if year is None else date(year, 7, 1) for year in (first, last))
    days = {"purchase__contract_date": None, "purchase__first_payment_date": None}
    claim = used_claim(
        vehicle__model_year=model_year,
        purchase__placed_in_service=possession,
        **{**days, f"purchase__{by}": known},
    )
    assert verdict_of(model_year_rule, claim, LAW).known is expected


@pytest.mark.parametrize(
    ("model_year", "acquired", "expected"), [(2023, 2025, True), (2024, 2025, False)]
)
def test_calendar_years_are_counted(model_year, acquired, expected):
    """Not months: the last day of the first year is as good as the first, and the other way."""
    for day in (date(acquired, 1, 1), date(acquired, 9, 30)):
        claim = used_claim(day, vehicle__model_year=model_year)
        assert verdict_of(model_year_rule, claim, LAW).known is expected


def test_days_and_model_year_that_matter():
    """Only those on which the calendar year of acquisition can turn."""
    turn = used(
        placed_in_service=date(2025, 1, 4),
        vehicle__model_year=2023,
        purchase__contract_date="2024-12-30",
        purchase__first_payment_date=None,
    )
    assert (turn.verdict, turn.missing()) == (UNKNOWN, ("purchase.first_payment_date",))
    assert turn.settling(MET) == (frozenset({"purchase.first_payment_date"}),)
    early = used(
        placed_in_service=date(2025, 1, 4),
        vehicle__model_year=2022,
        purchase__contract_date="2024-12-30",
        purchase__first_payment_date=None,
    )
    assert early.verdict is MET
    both = used(
        placed_in_service=date(2025, 1, 4),
        vehicle__model_year=Bounds(2022, 2024),
        purchase__contract_date=None,
        purchase__first_payment_date="2024-12-30",
    )
    assert both.missing() == ("vehicle.model_year", "purchase.contract_date")
    assert "the day is not known" in str(both.find("model_year").parts[0].note)
    neither = used(vehicle__model_year=None, purchase__contract_date=None)
    assert "model year unknown" in str(neither.find("model_year").parts[0].note)
    assert neither.missing() == ("vehicle.model_year",)


# -- readings, reforms and other laws --------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "credit"),
    [
        ("used_vehicle_percent", 10, "1,950"),
        ("used_vehicle_amount_limit", 2_500, "2,500"),
        ("used_vehicle_price_limit", 19_000, "0"),
        ("used_vehicle_age_years", 4, "0"),
        ("used_vehicle_first_acquisition", date(2024, 6, 4), "0"),
        ("used_vehicle_last_acquisition", date(2024, 6, 2), "0"),
    ],
)
def test_every_number_is_the_law_s(name, value, credit):
    """A reform of a schedule changes the result: no number is in a rule."""
    schedule = getattr(LAW, name).always(value, why="a reform")
    reform = attrs.evolve(LAW, name="a reform", **{name: schedule})
    assert str(assess(used_claim(), law=reform, credit=USED).credit) == credit
    comparison = compare(used_claim(), LAW, reform, credit=USED)
    assert comparison.difference == Bounds.exactly(Decimal(credit.replace(",", "")) - 4_000)
    assert pickle.loads(pickle.dumps(comparison)) == comparison


def test_reforms_of_the_years_and_the_day_of_enactment():
    """The two numbers that computed facts read."""
    claim = used_claim(
        taxpayer__prior_credits=(PriorCredit(on="2023-06-01"),),
        vehicle__prior_transfers=[PriorTransfer.to_individual("2022-12-01")],
    )
    reform = attrs.evolve(
        LAW,
        name="a reform",
        used_vehicle_years_between_credits=LAW.used_vehicle_years_between_credits.always(
            1, why="a reform"
        ),
        used_vehicle_transfers_count_from=LAW.used_vehicle_transfers_count_from.always(
            date(2023, 1, 1), why="a reform"
        ),
    )
    assert assess(claim, law=LAW, credit=USED).verdict is NOT_MET
    assert assess(claim, law=reform, credit=USED).verdict is MET


def changing(name, earlier, later):
    """The law with a number that changes on the first of 2025."""
    schedule = getattr(LAW, name)
    (entry,) = schedule.standing
    turn = date(2025, 1, 1)
    entries = (
        attrs.evolve(entry, value=earlier, end=turn),
        attrs.evolve(entry, value=later, start=turn),
    )
    return attrs.evolve(
        LAW, name="a law that changes", **{name: type(schedule)(schedule.name, entries)}
    )


def test_numbers_that_change_on_an_unknown_day():
    """Where the day placed in service leaves several, what they all say is said."""
    facts = {
        "purchase__placed_in_service": None,
        "purchase__sale_date": "2024-12-01",
        "purchase__contract_date": "2024-12-01",
        "purchase__first_payment_date": "2024-12-01",
    }
    older = changing("used_vehicle_age_years", 2, 4)
    for model_year, verdict in ((2020, MET), (2021, UNKNOWN), (2023, NOT_MET)):
        claim = used_claim(**facts, vehicle__model_year=model_year)
        assert assess(claim, law=older, credit=USED).find("model_year").verdict is verdict
    shorter = changing("used_vehicle_years_between_credits", 3, 1)
    for day, verdict in (("2021-11-01", MET), ("2023-02-01", UNKNOWN), ("2024-11-01", NOT_MET)):
        claim = used_claim(**facts, taxpayer__prior_credits=(PriorCredit(on=day),))
        assert assess(claim, law=shorter, credit=USED).find("no_recent_credit").verdict is verdict


def test_half_a_price_limit_is_told():
    """What an explanation says of the amount, with and without a price."""
    text = used(purchase__sale_price=12_000).explain()
    assert text.startswith("MET: a previously owned clean vehicle credit of $3,600 is allowed.\n")
    assert "26 USC 25E, current law; vehicle placed in service on 2024-06-03." in text
    assert "sale price $12,000: 30 percent of the sale price, at most $4,000" in text
    open_ = used(purchase__sale_price=Bounds(0, 12_000)).explain()
    assert "between $0 and $3,600" in open_
    assert "  - 30 percent" in open_.replace("    - 30", "  - 30")
    assert used().explain("mermaid").startswith("flowchart TD")


def test_a_history_is_told_transfer_by_transfer():
    """Who got the vehicle when, and what that makes of it."""
    result = used(
        vehicle__prior_transfers=[
            PriorTransfer.to_individual("2022-08-01"),
            PriorTransfer.to_dealer("2023-02-01"),
            PriorTransfer(on="2023-02-02"),
            PriorTransfer.to_individual(),
            PriorTransfer.to_individual("2023-02-03"),
        ]
    )
    assert [str(each.note) for each in result.find("first_transfer").parts] == [
        "to another individual on 2022-08-01: not since the day of enactment",
        "to a dealer on 2023-02-01: not a qualified buyer",
        "to someone on 2023-02-02: perhaps a qualified buyer",
        "to another individual on an unknown day: a qualified buyer",
        "to another individual on 2023-02-03: a qualified buyer",
    ]
    verdicts = [each.verdict for each in result.find("first_transfer").parts]
    assert verdicts == [MET, MET, UNKNOWN, UNKNOWN, NOT_MET]


def test_what_is_about_new_vehicles_is_left_aside_with_a_warning():
    """A row of a published list, and the election of 2022."""
    row = ListedVehicle(make="Tesla", model="Model 3", credit=7_500)
    result = used(vehicle__listing=row, purchase__elects_transition_rule=True)
    assert (result.verdict, str(result.credit)) == (MET, "4,000")
    assert len(result.warnings) == 3
    assert "previously owned" in result.warnings[0]
    assert "13401(l)" in result.warnings[1]
    assert "vehicle.listing" in result.warnings[2]


def test_the_election_of_2022_moves_no_day_here():
    """Even where it would represent a new vehicle."""
    facts = {
        "purchase__contract_date": "2022-08-01",
        "purchase__elects_transition_rule": True,
        "vehicle__model_year": 2020,
    }
    result = used(placed_in_service=date(2023, 3, 1), **facts)
    assert result.governing_day == date(2023, 3, 1)
    assert result.verdict is MET


def test_results_travel():
    """Pickled results, findings of rules that are taken over, and claims as JSON."""
    result = used()
    assert pickle.loads(pickle.dumps(result)) == result
    again = pickle.loads(pickle.dumps(result.finding))
    assert again == result.finding
    assert copy.copy(credit_allowed) is credit_allowed
    claim = used_claim(
        purchase__sale_price=None,
        purchase__sale_price_parts=SalePrice.agreed(12_000, incentives=500),
        taxpayer__prior_credits=(PriorCredit(on="2020-06-03"),),
    )
    assert claim_from_json(claim_to_json(claim)) == claim
    facts = assess(claim, credit=USED).to_dict()["receipt"]
    assert facts["section"] == "25E"
    assert "sale_price" not in facts["facts"]["purchase"]  # its parts say it
    assert facts["facts"]["purchase"]["sale_price_parts"]["vehicle"] == 12000
    bounded = used_claim(
        purchase__sale_price=Bounds(0, 13_000),
        purchase__sale_price_parts=SalePrice(vehicle=12_000, delivery=0, dealer_fees=0),
    )
    assert claim_from_json(claim_to_json(bounded)) == bounded


def test_reason_codes_are_unique():
    """Within the tree of the section."""
    codes = [rule.code for rule in credit_allowed.walk()]
    assert len(codes) == len(set(codes))


def test_all_schedules_of_the_section_are_read():
    """None is left over."""
    names = {name for name in schedule_names() if name.startswith("used_")}
    assert len(names) == 10
