"""What there is none of: a battery, a prior year, a contract, possession; not what is unknown."""

from datetime import date

import pytest
from tests.commercial import business_claim
from tests.used import USED, used_claim

from evcredit import (
    Battery,
    BuyNew,
    BuyUsed,
    Claim,
    CleanVehicleReturn,
    CreditTransfer,
    InvalidFactError,
    Lease,
    Purchase,
    Taxpayer,
    TaxYear,
    Vehicle,
    Verdict,
    assess,
    assess_transfer,
    current_law,
    fill_forms,
    with_facts,
)
from evcredit.examples import demonstration_claim
from evcredit.facts import TaxReturn
from evcredit.facts.pool import PoolMember
from evcredit.forms import ReturnVehicle
from evcredit.io import claim_from_dict, claim_from_json, claim_to_json

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
LAW = current_law()


# -- nothing about it is known ------------------------------------------------------------------


def test_none_of_a_part_says_that_nothing_is_known_of_it():
    """In every class with parts, by `with_facts` and as null in JSON."""
    assert Vehicle(battery=None) == Vehicle()
    assert Taxpayer(current_year=None, prior_year=None) == Taxpayer()
    assert Claim(vehicle=None, purchase=None, taxpayer=None) == Claim()
    assert CreditTransfer(claim=None) == CreditTransfer()
    assert ReturnVehicle(claim=None) == ReturnVehicle()
    assert PoolMember(battery=None) == PoolMember()
    assert CleanVehicleReturn(tax_year=2024, tax_return=None).tax_return == TaxReturn()
    assert BuyNew(name="a car", vehicle=None, purchase=None) == BuyNew(name="a car")
    assert BuyUsed(name="a car", vehicle=None) == BuyUsed(name="a car")
    assert Lease(name="a lease", lessor_purchase=None, lessor=None) == Lease(name="a lease")
    claim = demonstration_claim()
    paths = ("vehicle.battery", "taxpayer.prior_year", "taxpayer", "purchase")
    for path in paths:
        forgotten = with_facts(claim, {path: None})
        assert forgotten == with_facts(claim, {path: type(_at(claim, path))()})
    read = claim_from_dict({"vehicle": {"battery": None}, "taxpayer": {"prior_year": None}})
    assert read == Claim()


def _at(claim, path):
    found = claim
    for name in path.split("."):
        found = getattr(found, name)
    return found


def test_none_given_to_a_ready_made_constructor_leaves_its_word_alone():
    """As null does in JSON."""
    assert Vehicle.road_vehicle(wheels=None, battery=None) == Vehicle.road_vehicle()
    assert TaxReturn.personal(business_use_percent=None) == TaxReturn.personal()
    claim = demonstration_claim()
    terms = CreditTransfer.at_the_dealer(claim=claim, dealer_registered=None, credit=None)
    assert terms == CreditTransfer.at_the_dealer(claim=claim)
    data = {"as": "new from a dealer", "vin_on_return": None, "placed_in_service": "2024-06-03"}
    read = claim_from_dict({"purchase": data}).purchase
    assert read == Purchase.new_from_dealer(placed_in_service="2024-06-03")


# -- no battery ------------------------------------------------------------------------------


def test_a_vehicle_without_a_battery():
    """Known to have none: no capacity, nothing to recharge, no mineral and no component."""
    bare = Vehicle(no_battery=True)
    nothing = Battery(capacity_kwh=0, externally_rechargeable=False, minerals=(), components=())
    assert (bare.battery, bare.driven_by_battery_motor) == (nothing, False)
    assert str(bare) == "vehicle, no battery"
    assert Vehicle.road_vehicle(no_battery=True).driven_by_battery_motor is False
    assert Vehicle(no_battery=False).battery == Battery()
    gasoline = with_facts(demonstration_claim(), {"vehicle": Vehicle.road_vehicle(no_battery=True)})
    result = assess(gasoline)
    assert (result.verdict, result.missing()) == (NOT_MET, ())
    assert {each.code for each in result.reasons} >= {"battery_motor", "battery_capacity"}


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"driven_by_battery_motor": True}, "driven_by_battery_motor"),
        ({"battery": Battery(capacity_kwh=1)}, "battery.capacity_kwh"),
        ({"battery": Battery(externally_rechargeable=True)}, "battery.externally_rechargeable"),
        (
            {"battery": Battery(certified_critical_mineral_content=50)},
            "battery.certified_critical_mineral_content",
        ),
    ],
)
def test_what_only_a_battery_has(facts, path):
    """It contradicts that there is none."""
    with pytest.raises(InvalidFactError, match=rf"vehicle\.{path}: .*\(no_battery\)"):
        Vehicle(no_battery=True, **facts)


def test_a_fuel_cell_car_without_a_battery():
    """Never unknown without a reason: the reading on empty contents decides (26 USC 30D(d)(6))."""
    car = Vehicle.road_vehicle(
        no_battery=True,
        fuel_cell=True,
        vehicle_class="other vehicle",
        msrp=49_000,
        final_assembly_country="US",
    )
    claim = with_facts(demonstration_claim(), {"vehicle": car})
    result = assess(claim)
    assert (result.verdict, result.missing()) == (UNKNOWN, ())
    assert all("empty_content_qualifies" in reason for reason in result.undetermined)
    assert result.undetermined
    for reading, verdict in ((True, MET), (False, NOT_MET)):
        law = LAW.with_readings(empty_content_qualifies=reading)
        assert assess(claim, law=law).verdict is verdict


def test_what_the_flag_gives_is_not_reported_as_unread():
    """Section 25E reads no minerals; that there is no battery is read all the same."""
    claim = used_claim(vehicle__battery=None, vehicle__no_battery=True)
    unread = assess(claim, credit=USED).unread
    assert not [path for path in unread if "battery" in path]
    listed = with_facts(claim, {"vehicle.no_battery": None})
    assert "vehicle.battery.minerals" in assess(listed, credit=USED).unread


# -- no prior year ---------------------------------------------------------------------------

RICH = {"taxpayer.current_year.modified_adjusted_gross_income": 400_000}
NEW_ESTATE = {"taxpayer.prior_year": None, "taxpayer.no_prior_year": True}


@pytest.mark.parametrize(
    ("claim", "credit", "code"),
    [
        (demonstration_claim(), "30D", "income_within_limit"),
        (used_claim(), USED, "income_of_used_vehicle_buyer"),
    ],
)
def test_a_taxpayer_without_a_prior_year(claim, credit, code):
    """The income of the current year decides, unless a reading lets no income pass."""
    claim = with_facts(claim, NEW_ESTATE)
    assert assess(claim, credit=credit).verdict is MET
    rich = with_facts(claim, RICH)
    result = assess(rich, credit=credit)
    assert (result.verdict, result.missing(), result.reason) == (NOT_MET, (), code)
    lenient = LAW.with_readings(absent_prior_year_within_limit=True)
    assert assess(rich, credit=credit, law=lenient).verdict is MET
    unknown = with_facts(claim, {"taxpayer.current_year": None})
    result = assess(unknown, credit=credit)
    assert result.verdict is UNKNOWN
    assert not [path for path in result.missing() if "prior_year" in path]
    assert result.missing_is_exact


def test_a_year_that_was_not_and_its_income():
    """One of the two."""
    with pytest.raises(InvalidFactError, match=r"prior_year\.filing_status: .*no_prior_year"):
        Taxpayer(no_prior_year=True, prior_year=TaxYear(filing_status="single"))


def test_the_transfer_of_a_taxpayer_without_a_prior_year():
    """The election looks away from the income of both years."""
    claim = with_facts(demonstration_claim(), {**NEW_ESTATE, **RICH})
    transfer = CreditTransfer.at_the_dealer(
        claim=claim, payment=7_500, advance_payment=7_500, elected_on="2024-06-03"
    )
    outcome = assess_transfer(transfer)
    assert str(outcome.credit_to_dealer) == str(outcome.buyer_repays) == "7,500"


@pytest.mark.parametrize("year", [2023, 2024])
def test_the_form_of_a_taxpayer_without_a_prior_year(year):
    """Its lines stay blank, and the lesser income is that of this year."""
    claim = with_facts(demonstration_claim(date(year, 12, 3)), NEW_ESTATE)
    vehicle = ReturnVehicle(claim=claim, business_use_percent=0)
    forms = fill_forms(CleanVehicleReturn(tax_year=year, vehicles=[vehicle]))
    lines = {line.key: line for line in forms.lines}
    assert not [key for key in lines if key.startswith(("prior_year", "preceding"))]
    income = claim.taxpayer.current_year.modified_adjusted_gross_income
    if year == 2023:
        assert lines["lesser_income"].amount.lower == income
    if year == 2024:
        assert lines["income_over"].value is NOT_MET
    assert not [path for path in forms.missing() if "prior_year" in path]


# -- no contract, not in service -------------------------------------------------------------

CONTRACT = ("contract_date", "first_payment_date", "no_contract", "placed_in_service")


@pytest.mark.parametrize(
    ("in_service", "verdict"),
    [("2025-09-30", MET), ("2025-10-01", NOT_MET), ("2023-01-01", MET), ("2022-12-31", NOT_MET)],
)
@pytest.mark.parametrize("credit", ["30D", USED, "45W"])
def test_without_a_contract_possession_decides(in_service, verdict, credit):
    """Nothing is missing of what there is not; before 2023 other law of 30D requires no day."""
    if credit == "30D":
        claim, code = demonstration_claim(date(2025, 6, 3)), "not_terminated"
        verdict = MET if in_service < "2025" else verdict
    elif credit == USED:
        claim, code = used_claim(vehicle__model_year=2020), "acquired_before_end"
    else:
        claim, code = business_claim(), "commercial_acquisition"
    days = (None, None, True, in_service)
    facts = {f"purchase.{name}": day for name, day in zip(CONTRACT, days, strict=True)}
    claim = with_facts(claim, facts)
    result = assess(claim, credit=credit)
    assert result.find(code).verdict is verdict
    assert not [path for path in result.missing() if path.startswith("purchase.")]
    undated = with_facts(claim, {"purchase.placed_in_service": None})
    result = assess(undated, credit=credit)
    assert "purchase.contract_date" not in result.missing()
    assert result.missing_is_exact


def test_no_contract_and_the_election_of_2022():
    """P.L. 117-169 sec. 13401(l) requires one."""
    facts = {
        "purchase.contract_date": None,
        "purchase.first_payment_date": None,
        "purchase.placed_in_service": date(2022, 11, 5),
        "purchase.elects_transition_rule": True,
    }
    claim = with_facts(demonstration_claim(), facts)
    assert assess(claim).governing_day is None
    assert assess(with_facts(claim, {"purchase.no_contract": True})).governing_day == date(
        2022, 11, 5
    )


@pytest.mark.parametrize(
    ("claim", "credit", "law"),
    [
        (demonstration_claim(), "30D", "26 USC 30D(a)"),
        (used_claim(), USED, "26 USC 25E(a)"),
        (business_claim(), "45W", "26 USC 45W(a)"),
    ],
)
def test_not_yet_in_service(claim, credit, law):
    """No credit yet, and no day is needed; it is not the same as an unknown day."""
    unknown = with_facts(claim, {"purchase.placed_in_service": None})
    assert assess(unknown, credit=credit).find("in_service").verdict is MET
    waiting = with_facts(unknown, {"purchase.not_in_service": True})
    result = assess(waiting, credit=credit)
    assert (result.verdict, result.missing(), result.reason) == (NOT_MET, (), "in_service")
    assert str(result.find("in_service").citation) == law
    assert result.settling(NOT_MET) == (frozenset(),)


def test_the_election_at_the_sale_of_what_is_not_in_service():
    """It looks at the claim as it will be."""
    claim = with_facts(
        demonstration_claim(),
        {"purchase.placed_in_service": None, "purchase.not_in_service": True},
    )
    at_the_sale = CreditTransfer.at_the_dealer(claim=claim).claim_at_the_sale()
    assert at_the_sale.purchase.not_in_service is None


def test_all_of_it_in_json():
    """In and out again."""
    text = """
    {
      "vehicle": {"no_battery": true},
      "purchase": {"no_contract": true, "not_in_service": true},
      "taxpayer": {"no_prior_year": true}
    }
    """
    claim = claim_from_json(text)
    assert claim == Claim(
        vehicle=Vehicle(no_battery=True),
        purchase=Purchase(no_contract=True, not_in_service=True),
        taxpayer=Taxpayer(no_prior_year=True),
    )
    assert claim_from_json(claim_to_json(claim)) == claim
    together = claim_from_json('{"purchase": {"acquired": "2025-09-30"}}')
    assert together == Claim(purchase=Purchase(acquired="2025-09-30"))
    assert claim_from_json(claim_to_json(together)) == together


# -- when a ready-made purchase was acquired -------------------------------------------------


@pytest.mark.parametrize(
    ("credit", "make"),
    [
        ("30D", Purchase.new_from_dealer),
        (USED, Purchase.used_from_dealer),
        ("45W", Purchase.for_business),
        ("45W", Purchase.by_lessor),
    ],
)
def test_a_delivery_after_the_last_day_is_open(credit, make):
    """Unknown and not a certain zero, requires the two days, and is settled by `acquired`."""
    claim = {"30D": demonstration_claim(), USED: used_claim(), "45W": business_claim()}[credit]
    more = {"sale_price": 19_500} if credit == USED else {"basis": 52_000}
    for delivered in ("2025-10-15", "2026-03-01"):
        supposed = with_facts(claim, {"purchase": make(placed_in_service=delivered, **more)})
        supposed = with_facts(supposed, {"vehicle.model_year": 2021 if credit == USED else 2025})
        supposed = (
            with_facts(supposed, {"vehicle.battery.minerals_from_foreign_entity_of_concern": 0})
            if credit == ""
            else supposed
        )
        rule = {
            "30D": "acquired_in_time",
            USED: "acquired_before_the_end",
            "45W": "commercial_acquired_in_time",
        }[credit]
        result = assess(supposed, credit=credit)
        assert result.find(rule).verdict is UNKNOWN
        if credit != "30D":  # the demonstration car is not met from 2025 on
            assert result.verdict is UNKNOWN
            assert set(result.missing()) == {
                "purchase.contract_date",
                "purchase.first_payment_date",
            }
        for acquired, verdict in (("2025-09-30", MET), ("2025-10-01", NOT_MET)):
            known = with_facts(supposed, {"purchase.acquired": acquired})
            assert assess(known, credit=credit).find(rule).verdict is verdict
    early = with_facts(claim, {"purchase": make(placed_in_service="2024-06-03", **more)})
    early = with_facts(early, {"vehicle.model_year": 2021 if credit == USED else 2024})
    assert assess(early, credit=credit).verdict is MET


# -- what is assumed gives way to "there is none", and not to "there is one" ---------------------


@pytest.mark.parametrize("stated", [False, None])
def test_a_flag_that_there_is_one_takes_nothing_away(stated):
    """An electric car that does not lack a battery is still driven by one."""
    car = demonstration_claim()
    changed = with_facts(car, {"vehicle.no_battery": stated})
    assert changed.vehicle.driven_by_battery_motor is True
    assert assess(changed).credit == assess(car).credit
    bought = with_facts(
        Claim(purchase=Purchase.new_from_dealer(placed_in_service="2024-06-03")),
        {"purchase.no_contract": stated},
    )
    assert bought.purchase.acquired_shortly_before is True


@pytest.mark.parametrize("name", ["contract_date", "first_payment_date", "acquired"])
def test_a_day_that_stays_unknown_takes_nothing_away(name):
    """Nothing changes."""
    bought = Claim(purchase=Purchase.new_from_dealer(placed_in_service="2024-06-03"))
    assert with_facts(bought, {f"purchase.{name}": None}) == bought


def test_a_flag_that_there_is_none_takes_its_assumption_along_and_back():
    """What followed from the flag goes with it."""
    none = with_facts(Claim(vehicle=Vehicle.road_vehicle()), {"vehicle.no_battery": True})
    assert none.vehicle.driven_by_battery_motor is False
    for stated in (False, None):
        back = with_facts(none, {"vehicle.no_battery": stated, "vehicle.battery": None})
        assert back.vehicle.driven_by_battery_motor is None
    bought = with_facts(
        Claim(purchase=Purchase.new_from_dealer(placed_in_service="2024-06-03")),
        {"purchase.no_contract": True},
    )
    assert bought.purchase.acquired_shortly_before is None
