"""26 USC 30D(f): the special rules."""

from datetime import date

import pytest
from tests.strategies import known_claim
from tests.used import used_claim

from evcredit import Bounds, Taxpayer, Verdict, assess, current_law, with_facts
from evcredit.examples import demonstration_claim
from evcredit.facts.taxpayer import TaxpayerKind
from evcredit.law.readings import PassThroughIncome

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
CLAIM = demonstration_claim()

VAN, SUV, PICKUP, OTHER = "van", "sport utility vehicle", "pickup truck", "other vehicle"


@pytest.mark.parametrize(
    ("vehicle_class", "price", "expected"),
    [
        (VAN, "80000.00", MET),
        (VAN, "80000.01", NOT_MET),
        (SUV, "80000.00", MET),
        (SUV, "80000.01", NOT_MET),
        (PICKUP, "80000.00", MET),
        (PICKUP, "80000.01", NOT_MET),
        (OTHER, "55000.00", MET),
        (OTHER, "55000.01", NOT_MET),
        (None, "55000.00", MET),
        (None, "55000.01", UNKNOWN),
        (None, "80000.01", NOT_MET),
        (OTHER, None, UNKNOWN),
        (OTHER, Bounds(50000, 55000), MET),
        (OTHER, Bounds(55000, 56000), UNKNOWN),
        (OTHER, Bounds(55001, 56000), NOT_MET),
    ],
)
def test_price_in_excess_of_the_limit(vehicle_class, price, expected):
    """Equality passes, and a cent more does not."""
    found = assess(
        with_facts(CLAIM, {"vehicle.vehicle_class": vehicle_class, "vehicle.msrp": price})
    )
    assert found.find("msrp_within_limit").verdict is expected
    assert str(found.credit) == {MET: "7,500", NOT_MET: "0", UNKNOWN: "0 to 7,500"}[expected]


def income(now, before):
    """The verdict on two years, each a filing status and an income."""
    facts = {}
    for year, (status, amount) in {"current_year": now, "prior_year": before}.items():
        facts[f"taxpayer.{year}.filing_status"] = status
        facts[f"taxpayer.{year}.modified_adjusted_gross_income"] = amount
    return assess(with_facts(CLAIM, facts)).find("income_within_limit").verdict


SINGLE, SEPARATE, HEAD = "single", "married filing separately", "head of household"
JOINT, SPOUSE, TRUST = "married filing jointly", "qualifying surviving spouse", "estate or trust"
FAR = (SINGLE, 10_000_000)


@pytest.mark.parametrize(
    ("status", "threshold"),
    [
        (SINGLE, 150000),
        (SEPARATE, 150000),
        (HEAD, 225000),
        (JOINT, 300000),
        (SPOUSE, 300000),
        (TRUST, 150000),
    ],
)
def test_income_exceeds_the_threshold(status, threshold):
    """Equality passes, in either year; a cent more fails if the other year fails too."""
    assert income((status, threshold), FAR) is MET
    assert income(FAR, (status, threshold)) is MET
    assert income((status, f"{threshold}.01"), FAR) is NOT_MET
    assert income(FAR, (status, f"{threshold}.01")) is NOT_MET


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ((SINGLE, 400000), (SINGLE, 150000), MET),
        ((JOINT, 290000), (SINGLE, 160000), MET),
        ((SEPARATE, 149000), (JOINT, 310000), MET),
        ((SINGLE, 160000), (JOINT, 310000), NOT_MET),
        ((SINGLE, 160000), (JOINT, 300000), MET),
        ((None, 150000), FAR, MET),
        ((None, 200000), FAR, UNKNOWN),
        ((None, 300001), FAR, NOT_MET),
        ((SINGLE, None), FAR, UNKNOWN),
        ((SINGLE, None), (SINGLE, 1), MET),
        ((None, None), (None, None), UNKNOWN),
        ((SINGLE, -5000), FAR, MET),
    ],
)
def test_each_year_goes_by_its_own_status(now, before, expected):
    """Either year within the threshold of its own status is enough."""
    assert income(now, before) is expected


@pytest.mark.parametrize(
    ("code", "path", "wanted", "citation"),
    [
        (
            "used_in_united_states",
            "purchase.used_predominantly_outside_us",
            False,
            "26 USC 30D(f)(4)",
        ),
        ("not_elected_out", "purchase.elected_out", False, "26 USC 30D(f)(6)"),
        ("air_and_safety", "vehicle.meets_air_and_safety_rules", True, "26 USC 30D(f)(7)"),
        ("one_credit_per_vehicle", "purchase.credit_already_allowed", False, "26 USC 30D(f)(8)"),
        ("vin_on_return", "purchase.vin_on_return", True, "26 USC 30D(f)(9)"),
    ],
)
def test_rules_that_turn_on_one_fact(code, path, wanted, citation):
    """Each is met as wanted, fails otherwise, and is unknown while its fact is."""
    for value, verdict in ((wanted, MET), (not wanted, NOT_MET), (None, UNKNOWN)):
        found = assess(with_facts(CLAIM, {path: value}))
        assert found.find(code).verdict is verdict
        assert str(found.find(code).citation) == citation
        assert str(found.credit) == {MET: "7,500", NOT_MET: "0", UNKNOWN: "0 to 7,500"}[verdict]


# -- who claims ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entity", "expected"),
    [
        (None, UNKNOWN),
        (TaxpayerKind.INDIVIDUAL, UNKNOWN),
        (TaxpayerKind.ESTATE_OR_TRUST, UNKNOWN),
        (TaxpayerKind.CORPORATION, MET),
        (TaxpayerKind.PARTNERSHIP, MET),
        (TaxpayerKind.S_CORPORATION, MET),
        (TaxpayerKind.TAX_EXEMPT_USER, MET),
    ],
)
def test_whose_income_is_tested(entity, expected):
    """Not that of corporations, and of pass-through entities that of the owners elsewhere."""
    claim = with_facts(CLAIM, {"taxpayer": Taxpayer(kind=entity)})
    found = assess(claim).find("income_within_limit")
    assert found.verdict is expected
    told = [part.note for part in found.parts]
    assert bool(told) is (expected is MET)
    if entity in (TaxpayerKind.PARTNERSHIP, TaxpayerKind.S_CORPORATION):
        assert told == ["the income of each owner is tested on that owner's own return"]
        assert str(found.parts[0].citation) == "26 CFR 1.30D-4"


def test_income_of_a_partnership_under_the_other_reading():
    """Tested at the entity, as for anybody."""
    law = current_law().with_readings(pass_through_income=PassThroughIncome.AT_THE_ENTITY)
    claim = with_facts(CLAIM, {"taxpayer": Taxpayer(kind="partnership")})
    assert assess(claim, law=law).find("income_within_limit").verdict is UNKNOWN
    assert assess(claim, law=law).find("income_within_limit").parts == ()
    corporation = with_facts(CLAIM, {"taxpayer": Taxpayer(kind="corporation")})
    assert assess(corporation, law=law).find("income_within_limit").verdict is MET


def test_a_corporation_is_asked_for_no_income():
    """What it cannot have is not missing."""
    claim = with_facts(CLAIM, {"taxpayer": Taxpayer(kind="corporation"), "vehicle.msrp": None})
    assert assess(claim).missing() == ("vehicle.msrp",)


def test_a_tax_exempt_user_gets_nothing():
    """The credit is against a tax it does not owe."""
    claim = with_facts(CLAIM, {"taxpayer": Taxpayer(kind="tax-exempt or governmental user")})
    result = assess(claim)
    assert [reason.code for reason in result.reasons] == ["not_tax_exempt"]
    assert str(result.credit) == "0"
    assert result.missing() == ()


LAST_OF_2023, FIRST_OF_2024 = date(2023, 12, 31), date(2024, 1, 1)


@pytest.mark.parametrize(
    ("day", "sold", "disclosed", "expected"),
    [
        (LAST_OF_2023, None, None, MET),
        (LAST_OF_2023, False, False, MET),
        (LAST_OF_2023, True, True, MET),
        (LAST_OF_2023, True, False, NOT_MET),
        (LAST_OF_2023, True, None, UNKNOWN),
        (FIRST_OF_2024, True, True, NOT_MET),
        (FIRST_OF_2024, True, None, NOT_MET),
        (FIRST_OF_2024, False, None, MET),
    ],
)
def test_seller_to_a_tax_exempt_user(day, sold, disclosed, expected):
    """26 USC 30D(f)(3): for vehicles placed in service through 2023, if clearly disclosed."""
    claim = with_facts(
        known_claim(day),
        {
            "purchase.sold_to_tax_exempt_user": sold,
            "purchase.credit_disclosed_to_user": disclosed,
            "taxpayer": Taxpayer(kind="corporation"),
        },
    )
    found = assess(claim)
    assert found.find("seller_to_tax_exempt_user").verdict is expected
    missing = ("purchase.credit_disclosed_to_user",) if expected is UNKNOWN else ()
    assert found.missing() == missing


@pytest.mark.parametrize(("another", "expected"), [(None, MET), (False, MET), (True, NOT_MET)])
def test_only_the_owner_in_the_seller_report_claims(another, expected):
    """The whole credit or nothing; it is not shared out between owners."""
    found = assess(with_facts(CLAIM, {"purchase.another_owner_in_seller_report": another}))
    assert found.find("named_in_seller_report").verdict is expected
    assert str(found.credit) == {MET: "7,500", NOT_MET: "0"}[expected]


@pytest.mark.parametrize(("credit", "code"), [("30D", "use_or_lease"), ("25E", "bought_for_use")])
def test_a_lessee_acquires_nothing(credit, code):
    """26 USC 30D(d)(1)(B), 25E(c)(3)(B): the lessor is the one who may claim."""
    claim = CLAIM if credit == "30D" else used_claim(date(2024, 6, 3))
    assert assess(claim, credit=credit).verdict is MET
    leased = with_facts(claim, {"purchase.leased_from_another": True})
    found = assess(leased, credit=credit)
    assert found.verdict is NOT_MET
    assert code in {each.code for each in found.reasons}
