"""The purchase and its days."""

from datetime import date
from decimal import Decimal

import attrs
import pytest

from evcredit import Bounds, InvalidFactError, Purchase, with_facts
from evcredit.errors import InvalidFactsError
from evcredit.facts import DealerLicense, SalePrice, SellerReport, VehicleBasis
from evcredit.results.words import facts_to_dict


@pytest.mark.parametrize(
    ("contract", "payment", "acquired"),
    [
        ("2025-09-30", "2025-09-30", date(2025, 9, 30)),
        ("2025-09-30", "2025-10-01", date(2025, 10, 1)),
        ("2025-10-01", "2025-09-30", date(2025, 10, 1)),
        ("2025-09-30", None, None),
        (None, "2025-09-30", None),
        (None, None, None),
    ],
)
def test_acquired_is_the_first_day_with_contract_and_payment(contract, payment, acquired):
    """Both are needed, so the later one decides; one alone leaves it unknown."""
    assert Purchase(contract_date=contract, first_payment_date=payment).acquired == acquired


def test_new_from_dealer_states_what_is_usual():
    """All as it should be, and no days."""
    purchase = Purchase.new_from_dealer()
    assert purchase.original_use_begins_with_taxpayer is True
    assert purchase.for_use_or_lease is True
    assert purchase.seller_report_furnished is True
    assert purchase.vin_on_return is True
    assert purchase.credit_already_allowed is False
    assert purchase.elected_out is False
    assert purchase.used_predominantly_outside_us is False
    assert purchase.placed_in_service is None


def test_what_is_given_goes_before_the_usual():
    """A stated fact is kept; None states nothing, so that the constructor's word stands."""
    purchase = Purchase.new_from_dealer(elected_out=True, vin_on_return=None)
    assert (purchase.elected_out, purchase.vin_on_return) == (True, True)
    assert with_facts(purchase, {"vin_on_return": None}).vin_on_return is None


def test_order_is_asked_only_of_known_days():
    """Without a day in service there is no order to be wrong."""
    assert Purchase(contract_date="2030-01-01", sale_date="2020-01-01").placed_in_service is None


# -- after the sale ------------------------------------------------------------------------


@pytest.mark.parametrize(("name", "what"), [("returned_on", "returned"), ("resold_on", "resold")])
def test_given_up_before_it_was_had(name, what):
    """A vehicle in service is returned or resold on the day itself at the earliest."""
    same_day = Purchase(placed_in_service="2024-06-03", **{name: "2024-06-03"})
    assert getattr(same_day, name) == date(2024, 6, 3)
    assert Purchase(**{name: "2020-01-01"}).placed_in_service is None
    with pytest.raises(InvalidFactError, match=f"never {what} before .*state sale_cancelled"):
        Purchase(placed_in_service="2024-06-03", **{name: "2024-06-02"})


def test_a_cancelled_sale_has_no_later_days():
    """It was cancelled before the vehicle was placed in service, so nothing came after."""
    with pytest.raises(InvalidFactsError) as caught:
        Purchase(
            sale_cancelled=True,
            placed_in_service="2024-06-03",
            returned_on="2024-06-04",
            resold_on="2024-06-05",
        )
    assert [fault.path for fault in caught.value.exceptions] == [
        "purchase.placed_in_service",
        "purchase.returned_on",
        "purchase.resold_on",
    ]
    assert Purchase(sale_cancelled=True, sale_date="2024-06-01").placed_in_service is None
    assert Purchase(sale_cancelled=False, placed_in_service="2024-06-03").sale_cancelled is False


# -- the sale price of a used vehicle --------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "lower", "upper"),
    [
        ({}, 0, "Infinity"),
        ({"vehicle": 20_000}, 0, "Infinity"),
        ({"vehicle": 20_000, "incentives": 500}, 19_500, "Infinity"),
        ({"vehicle": 20_000, "delivery": 0, "dealer_fees": 0}, 0, 20_000),
        ({"vehicle": 20_000, "delivery": 0, "dealer_fees": 0, "incentives": 0}, 20_000, 20_000),
        ({"delivery": 400, "dealer_fees": 300, "incentives": 0}, 700, "Infinity"),
        ({"delivery": 400, "dealer_fees": 300, "incentives": 900}, 0, "Infinity"),
        (
            {
                "vehicle": Bounds(20_000, 21_000),
                "delivery": 400,
                "dealer_fees": 0,
                "incentives": Bounds(0, 500),
            },
            19_900,
            21_400,
        ),
    ],
)
def test_sale_price_of_parts(parts, lower, upper):
    """What is unknown is anything from nothing up, and an incentive at most the price."""
    price = Bounds.of(SalePrice(**parts).price)
    assert (price.lower, price.upper) == (Decimal(lower), Decimal(upper))


@pytest.mark.parametrize(
    "name", ["required_taxes_and_fees", "financing", "extended_warranty", "insurance", "trade_in"]
)
def test_what_the_sale_price_does_not_look_at(name):
    """It is kept, and changes nothing."""
    parts = SalePrice.agreed(20_000, **{name: 3_000})
    assert parts.price == 20_000
    assert getattr(parts, name) == 3_000


def test_incentives_above_the_price():
    """A fault, unless the price before them is unresolved."""
    with pytest.raises(InvalidFactError, match=r"incentives: .* above the price of 20000"):
        SalePrice.agreed(20_000, incentives=20_001)
    assert SalePrice.agreed(20_000, incentives=20_000).price == 0
    assert SalePrice(incentives=20_001).price == Bounds(Decimal(0), Decimal("Infinity"))


@pytest.mark.parametrize("amount", [-1, 1.5, "0.001", "dear"])
def test_parts_of_the_sale_price_are_exact(amount):
    """As every price."""
    with pytest.raises(InvalidFactError, match=r"sale_price\.vehicle|vehicle"):
        SalePrice(vehicle=amount)


def test_the_parts_give_the_sale_price():
    """Or agree with one that is stated."""
    parts = SalePrice.agreed(20_000)
    assert Purchase(sale_price_parts=parts).sale_price == 20_000
    assert Purchase(sale_price=20_000, sale_price_parts=parts).sale_price == 20_000
    open_parts = SalePrice(vehicle=20_000, incentives=0)
    bounded = Purchase(sale_price=Bounds(0, 21_000), sale_price_parts=open_parts).sale_price
    assert bounded == Bounds(Decimal(20_000), Decimal(21_000))
    with pytest.raises(InvalidFactError, match=r"sale_price: .*its parts add up to 20000"):
        Purchase(sale_price=19_000, sale_price_parts=parts)
    with pytest.raises(InvalidFactError, match="sale_price_parts"):
        Purchase(sale_price_parts=20_000)


def test_used_from_dealer_states_what_is_usual():
    """A used vehicle and a licensed dealer; nothing of the day of the acquisition."""
    purchase = Purchase.used_from_dealer(placed_in_service="2024-06-03", sale_price=19_000)
    assert purchase.original_use_begins_with_taxpayer is False
    assert purchase.seller_license is DealerLicense.STATE
    assert (purchase.acquired, purchase.acquired_shortly_before) == (None, True)
    assert purchase.seller_report_furnished is True
    ordered = Purchase.used_from_dealer(placed_in_service="2024-06-03", contract_date="2024-05-01")
    assert ordered.contract_date == date(2024, 5, 1)
    assert Purchase.used_from_dealer().acquired is None
    assert Purchase.used_from_dealer(seller_license="tribe").seller_license is DealerLicense.TRIBE


# -- the basis -----------------------------------------------------------------------------

ENDLESS = Decimal("Infinity")


@pytest.mark.parametrize(
    ("parts", "basis"),
    [
        ({"cost": 45_000, "section_179_deduction": 0}, Decimal("45000.00")),
        ({"cost": 40_000, "section_179_deduction": 20_000}, Decimal("20000.00")),
        ({"cost": 40_000, "section_179_deduction": 40_000}, Decimal("0.00")),
        (
            {"cost": 40_000, "capitalized_costs": "2400.10", "section_179_deduction": "0.20"},
            Decimal("42399.90"),
        ),
        (
            {"cost": 40_000, "section_179_deduction": 10_000, "other_reductions": 1_000},
            Decimal("29000.00"),
        ),
        ({"cost": 40_000}, Bounds(Decimal(0), Decimal("40000.00"))),
        ({"cost": 40_000, "other_reductions": 500}, Bounds(Decimal(0), Decimal("39500.00"))),
        ({"section_179_deduction": 20_000}, Bounds(Decimal(0), ENDLESS)),
        (
            {"cost": Bounds(40_000, 45_000), "section_179_deduction": Bounds(0, 42_000)},
            Bounds(Decimal(0), Decimal("45000.00")),
        ),
        (
            {"cost": 40_000, "section_179_deduction": 0, "other_reductions": Bounds(0, 500)},
            Bounds(Decimal("39500.00"), Decimal("40000.00")),
        ),
        ({}, Bounds(Decimal(0), ENDLESS)),
    ],
)
def test_basis_adds_up(parts, basis):
    """Cost and what belongs to it, less section 179 and other reductions; bounds if unknown."""
    assert VehicleBasis(**parts).basis == basis
    assert Purchase(basis_parts=VehicleBasis(**parts)).basis == basis


def test_basis_that_agrees_with_its_parts():
    """Both may be stated if they say the same, or the parts leave room for the basis."""
    parts = VehicleBasis(cost=40_000)
    assert Purchase(basis=15_000, basis_parts=parts).basis == Decimal(15_000)
    completed = with_facts(
        Purchase(basis_parts=parts), {"basis_parts.section_179_deduction": 25_000}
    )
    assert completed.basis == Decimal("15000.00")
    exact = VehicleBasis(cost=40_000, section_179_deduction=0)
    assert Purchase(basis=40_000, basis_parts=exact).basis == Decimal(40_000)


def test_basis_that_contradicts_its_parts():
    """One of the two is wrong."""
    with pytest.raises(InvalidFactError, match="its parts amount to") as caught:
        Purchase(basis=41_000, basis_parts=VehicleBasis(cost=40_000))
    assert caught.value.path == "purchase.basis"


@pytest.mark.parametrize(
    ("parts", "path", "remedy"),
    [
        (
            {"cost": 40_000, "section_179_deduction": "40000.01"},
            "vehicle_basis.section_179_deduction",
            "it is more than the 40000.00 that it is taken from",
        ),
        (
            {"cost": 40_000, "other_reductions": 30_000, "section_179_deduction": 20_000},
            "vehicle_basis.section_179_deduction",
            "it is more than the 10000.00 that it is taken from",
        ),
        (
            {"cost": Bounds(0, 40_000), "other_reductions": Bounds(50_000, 60_000)},
            "vehicle_basis.other_reductions",
            "it is more than the 40000.00 that it is taken from",
        ),
        ({"cost": -1}, "vehicle_basis.cost", "may not be negative"),
    ],
)
def test_parts_of_a_basis_that_cannot_be(parts, path, remedy):
    """Told with the path and what to give instead."""
    with pytest.raises(InvalidFactError, match=remedy) as caught:
        VehicleBasis(**parts)
    assert caught.value.path == path


def test_a_basis_that_follows_is_not_written_out():
    """In JSON the parts are enough; a basis that says more than they do is kept."""
    parts = VehicleBasis(cost=40_000)
    follows, more = Purchase(basis_parts=parts), Purchase(basis=15_000, basis_parts=parts)
    assert facts_to_dict(follows) == {"basis_parts": {"cost": 40000}}
    assert facts_to_dict(more) == {"basis": 15000, "basis_parts": {"cost": 40000}}


# -- when it was acquired --------------------------------------------------------------------

READY_MADE = (
    Purchase.new_from_dealer,
    Purchase.used_from_dealer,
    Purchase.for_business,
    Purchase.by_lessor,
)


def test_acquired_states_contract_and_payment_together():
    """In every constructor; whichever of the two is stated on its own is kept."""
    day, earlier = date(2025, 9, 30), date(2025, 9, 1)
    for make in (Purchase, *READY_MADE):
        purchase = make(acquired="2025-09-30")
        assert purchase.contract_date == purchase.first_payment_date == purchase.acquired == day
        assert purchase.acquired_shortly_before is None
        ordered = make(acquired=day, contract_date=earlier)
        assert (ordered.contract_date, ordered.first_payment_date) == (earlier, day)
    assert Purchase(acquired=day, contract_date=earlier, first_payment_date=day).acquired == day
    assert attrs.evolve(Purchase(acquired=day), contract_date="2025-10-02").acquired == date(
        2025, 10, 2
    )
    assert Purchase(acquired=day) == Purchase(contract_date=day, first_payment_date=day)


@pytest.mark.parametrize(
    ("facts", "path", "remedy"),
    [
        ({"acquired": "soon"}, "acquired", "give a date, or text like 2024-06-03"),
        (
            {"acquired": "2025-01-02", "contract_date": "2025-02-01"},
            "acquired",
            "contract and first payment are both there on 2025-02-01",
        ),
        (
            {
                "acquired": "2025-01-02",
                "contract_date": "2025-01-01",
                "first_payment_date": "2025-01-01",
            },
            "acquired",
            "contract and first payment are both there on 2025-01-01",
        ),
        ({"acquired": "2025-01-02", "no_contract": True}, "acquired", "no contract is stated"),
        (
            {"contract_date": "2025-01-02", "no_contract": True},
            "contract_date",
            "no contract is stated",
        ),
        (
            {"acquired": "2025-01-02", "placed_in_service": "2025-01-01"},
            "placed_in_service",
            "never placed in service before",
        ),
    ],
)
def test_days_of_acquisition_that_contradict(facts, path, remedy):
    """One of them is invalid."""
    with pytest.raises((InvalidFactError, InvalidFactsError)) as caught:
        Purchase(**facts)
    faults = getattr(caught.value, "exceptions", [caught.value])
    assert {fault.path for fault in faults} == {f"purchase.{path}"}
    assert all(remedy in fault.remedy for fault in faults)


def test_without_a_contract_it_is_acquired_with_possession():
    """Whenever it was paid for."""
    purchase = Purchase(no_contract=True, placed_in_service="2025-09-30")
    assert purchase.acquired == date(2025, 9, 30)
    assert Purchase(no_contract=True).acquired is None


def test_ready_made_purchases_agree_on_the_acquisition():
    """Shortly before possession, and nothing where anything is stated of it."""
    for make in READY_MADE:
        assert make(placed_in_service="2025-10-15").acquired_shortly_before is True
        for stated in ("contract_date", "first_payment_date", "acquired"):
            assert make(**{stated: "2025-10-14"}).acquired_shortly_before is None
        assert make(no_contract=True).acquired_shortly_before is None
        assert make(acquired_shortly_before=False).acquired_shortly_before is False


def test_what_is_supposed_gives_way_to_what_is_stated_later():
    """So a claim of a ready-made purchase takes the days of another one."""
    supposed = Purchase.used_from_dealer(placed_in_service="2026-10-15")
    stated = with_facts(supposed, {"acquired": "2025-09-30"})
    assert (stated.acquired, stated.acquired_shortly_before) == (date(2025, 9, 30), None)
    assert with_facts(supposed, {"sale_price": 1}).acquired_shortly_before is True
    kept = with_facts(supposed, {"contract_date": "2026-01-02", "acquired_shortly_before": True})
    assert kept.acquired_shortly_before is True


# -- not in service yet ----------------------------------------------------------------------


@pytest.mark.parametrize("name", ["placed_in_service", "returned_on", "resold_on"])
def test_what_is_not_in_service_has_no_days_in_service(name):
    """Nor does the day of a seller report become one."""
    with pytest.raises(InvalidFactError, match=rf"{name}: .*not_in_service"):
        Purchase(not_in_service=True, **{name: "2025-01-02"})
    report = SellerReport.accepted(sold_on="2025-01-02")
    assert Purchase(not_in_service=True, seller_report=report).placed_in_service is None
    assert Purchase(seller_report=report).placed_in_service == date(2025, 1, 2)
