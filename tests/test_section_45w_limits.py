"""26 USC 45W(a), (d) and (e): who claims, and the special rules."""

import attrs
import pytest
from tests.commercial import business_claim

from evcredit import InvalidFactError, Purchase, Verdict, current_law
from evcredit.algebra.bound import verdict_of
from evcredit.section_45w.limits import commercial_claimant, commercial_special_rules

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
LAW = current_law()
EXEMPT = "tax-exempt or governmental user"


def ruling(rule, law=LAW, **facts):
    return verdict_of(rule, business_claim(**facts), law)


def test_nothing_stands_in_the_way_of_an_ordinary_business():
    """A corporation, a partnership, an individual with a trade."""
    for kind in ("corporation", "partnership", "individual", None):
        assert ruling(commercial_claimant, taxpayer__kind=kind) is MET
        assert ruling(commercial_special_rules, taxpayer__kind=kind) is MET


@pytest.mark.parametrize(
    ("leased", "true_lease", "expected"),
    [
        (True, True, MET),
        (True, False, NOT_MET),
        (True, None, UNKNOWN),
        (False, None, MET),
        (None, True, MET),
        (None, False, UNKNOWN),
        (None, None, UNKNOWN),
    ],
)
def test_the_lessor_claims_if_the_lease_is_one(leased, true_lease, expected):
    """A conditional sale makes the customer the owner."""
    facts = {"purchase__subject_to_lease": leased, "purchase__true_lease": true_lease}
    assert ruling(commercial_claimant, **facts) is expected


def test_the_lessee_claims_nothing():
    """Not stated, the taxpayer is no lessee."""
    assert ruling(commercial_claimant, purchase__leased_from_another=True) is NOT_MET
    assert ruling(commercial_claimant, purchase__leased_from_another=False) is MET


@pytest.mark.parametrize(
    ("registered", "expected"), [(True, MET), (False, NOT_MET), (None, UNKNOWN)]
)
def test_a_tax_exempt_user_is_paid_after_registration(registered, expected):
    """26 USC 6417(d)(5); no one else needs a number."""
    facts = {"purchase__elective_payment_registered": registered}
    assert ruling(commercial_claimant, taxpayer__kind=EXEMPT, **facts) is expected
    assert ruling(commercial_claimant, taxpayer__kind="corporation", **facts) is MET


@pytest.mark.parametrize("fact", ["new_vehicle_credit_allowed", "credit_already_allowed"])
@pytest.mark.parametrize(("allowed", "expected"), [(False, MET), (True, NOT_MET), (None, UNKNOWN)])
def test_one_credit_for_one_vehicle(fact, allowed, expected):
    """A credit under section 30D or 45W for the vehicle, to whomever it was allowed."""
    assert ruling(commercial_special_rules, **{f"purchase__{fact}": allowed}) is expected


@pytest.mark.parametrize(("allowed", "barred"), [(False, MET), (True, NOT_MET), (None, UNKNOWN)])
def test_an_earlier_used_credit_bars_under_a_reading(allowed, barred):
    """The statute names section 30D alone, so by default it is no bar, and no one asks."""
    facts = {"purchase__used_vehicle_credit_allowed": allowed}
    as_proposed = LAW.with_readings(used_credit_bars_commercial=True)
    assert ruling(commercial_special_rules, **facts) is MET
    assert ruling(commercial_special_rules, as_proposed, **facts) is barred


@pytest.mark.parametrize(
    ("fact", "wanted"),
    [
        ("purchase__vin_on_return", True),
        ("purchase__elected_out", False),
        ("purchase__used_predominantly_outside_us", False),
        ("vehicle__meets_air_and_safety_rules", True),
    ],
)
def test_rules_similar_to_those_of_30d(fact, wanted):
    """Each decides alone."""
    assert ruling(commercial_special_rules, **{fact: wanted}) is MET
    assert ruling(commercial_special_rules, **{fact: not wanted}) is NOT_MET
    assert ruling(commercial_special_rules, **{fact: None}) is UNKNOWN


def test_a_cancelled_sale():
    """What was never placed in service has no credit."""
    claim = {"purchase__placed_in_service": None, "purchase__sale_cancelled": True}
    assert ruling(commercial_special_rules, **claim) is NOT_MET


def test_nobody_leases_out_what_is_leased_from_another():
    """Told with the path of the fact and what to do."""
    with pytest.raises(InvalidFactError, match="the taxpayer is stated to be the lessee") as caught:
        Purchase(leased_from_another=True, subject_to_lease=True)
    assert caught.value.path == "purchase.subject_to_lease"


def test_ready_made_purchases():
    """A business for its own use, and a lessor; what is given takes precedence."""
    own, leased = Purchase.for_business(basis=30_000), Purchase.by_lessor(basis=30_000)
    assert (own.subject_to_lease, own.true_lease) == (False, None)
    assert leased == attrs.evolve(own, subject_to_lease=True, true_lease=True)
    assert Purchase.by_lessor(true_lease=None).true_lease is True
    assert Purchase.for_business(depreciable=False).depreciable is False
