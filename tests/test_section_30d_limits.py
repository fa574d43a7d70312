"""26 USC 30D(f): the special rules."""

import pytest

from evcredit import Bounds, Verdict, assess, with_facts
from evcredit.examples import demonstration_claim

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
    assert found.find("suggested_retail_price").verdict is expected
    assert str(found.credit) == {MET: "7500", NOT_MET: "0", UNKNOWN: "0 to 7500"}[expected]


def income(now, before):
    """The verdict on two years, each a filing status and an income."""
    facts = {}
    for year, (status, amount) in {"current_year": now, "preceding_year": before}.items():
        facts[f"taxpayer.{year}.filing_status"] = status
        facts[f"taxpayer.{year}.modified_adjusted_gross_income"] = amount
    return assess(with_facts(CLAIM, facts)).find("income").verdict


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
            "purchase.used_mainly_outside_united_states",
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
        assert str(found.credit) == {MET: "7500", NOT_MET: "0", UNKNOWN: "0 to 7500"}[verdict]
