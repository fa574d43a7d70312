"""Claims for a previously owned vehicle that several test modules share."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from evcredit import (
    Battery,
    Bounds,
    Claim,
    FilingStatus,
    Purchase,
    Taxpayer,
    TaxYear,
    Vehicle,
    assess,
    with_facts,
)
from evcredit.algebra.path import unknown_facts
from evcredit.facts import DealerLicense, PriorCredit, PriorTransfer, TaxpayerKind
from evcredit.facts.prior_transfer import Recipient

USED = "25E"
A_DAY = timedelta(days=1)


def used_claim(placed_in_service: date = date(2024, 6, 3), **facts: Any) -> Claim:
    """A claim in which all is as it should be, for a credit of $4,000.

    Args:
        placed_in_service: The day of the contract, the payment and possession.
        facts: Facts to change, with two underscores for the points of their paths.
    """
    status = TaxYear(filing_status="single", modified_adjusted_gross_income=60_000)
    claim = Claim(
        vehicle=Vehicle.road_vehicle(
            model_year=placed_in_service.year - 3,
            gross_vehicle_weight_rating_lb=5_200,
            made_by_qualified_manufacturer=True,
            battery=Battery(capacity_kwh=62, externally_rechargeable=True),
            prior_transfers=(),
        ),
        purchase=Purchase.used_from_dealer(
            acquired=placed_in_service,
            placed_in_service=placed_in_service,
            sale_price=Decimal(19_500),
        ),
        taxpayer=Taxpayer(
            kind="individual",
            current_year=status,
            prior_year=status,
            dependent_of_another=False,
            prior_credits=(),
        ),
    )
    return with_facts(claim, {path.replace("__", "."): value for path, value in facts.items()})


def used(**facts: Any) -> Any:
    """The assessment of `used_claim` for the credit of section 25E."""
    return assess(used_claim(**facts), credit=USED)


def unknown_paths(claim: Claim) -> set[str]:
    """The paths of what a claim leaves unknown."""
    return {each.path for each in unknown_facts(claim)}


# -- random claims -------------------------------------------------------------------------

_CENT = Decimal("0.01")
_PRICES = (0, "0.01", "0.02", 4_000, "13333.33", "13333.34", 25_000, "25000.01", 40_000)
_INCOMES = (-5_000, 75_000, 112_500, 150_000)
VALUES: dict[str, tuple[Any, ...]] = {
    "purchase.sale_price": tuple(map(Decimal, _PRICES)),
    "purchase.seller_license": tuple(DealerLicense),
    "purchase.original_use_begins_with_taxpayer": (True, False),
    "purchase.for_use_or_lease": (True, False),
    "purchase.seller_report_furnished": (True, False),
    "purchase.vin_on_return": (True, False),
    "purchase.credit_already_allowed": (True, False),
    "purchase.elected_out": (True, False),
    "purchase.used_predominantly_outside_us": (True, False),
    "purchase.another_owner_in_seller_report": (True, False),
    "purchase.seller_report_not_accepted": (True, False),
    "vehicle.model_year": tuple(map(Decimal, range(2019, 2026))),
    "vehicle.wheels": (Decimal(3), Decimal(4)),
    "vehicle.gross_vehicle_weight_rating_lb": (Decimal(13_999), Decimal(14_000)),
    "vehicle.made_for_public_roads": (True, False),
    "vehicle.clean_air_act_motor_vehicle": (True, False),
    "vehicle.meets_air_and_safety_rules": (True, False),
    "vehicle.made_by_qualified_manufacturer": (True, False),
    "vehicle.driven_by_battery_motor": (True, False),
    "vehicle.fuel_cell": (True, False),
    "vehicle.battery.capacity_kwh": (Decimal("6.9"), Decimal(7)),
    "vehicle.battery.externally_rechargeable": (True, False),
    "taxpayer.dependent_of_another": (True, False),
    **{
        f"taxpayer.{year}.filing_status": tuple(
            each for each in FilingStatus if each is not FilingStatus.ESTATE_OR_TRUST
        )
        for year in ("current_year", "prior_year")
    },
    **{
        f"taxpayer.{year}.modified_adjusted_gross_income": tuple(
            Decimal(each) + more for each in _INCOMES for more in (0, _CENT)
        )
        for year in ("current_year", "prior_year")
    },
}
_CHANGES = st.lists(
    st.sampled_from([(path, value) for path, values in VALUES.items() for value in values]),
    max_size=3,
)
_DAYS = st.one_of(
    st.dates(date(2023, 1, 1), date(2026, 3, 31)),
    st.sampled_from([date(2023, 1, 1), date(2025, 9, 30), date(2025, 10, 1), date(2026, 1, 1)]),
)
transfers = st.builds(
    PriorTransfer,
    on=st.one_of(
        st.sampled_from([date(2022, 8, 15) + k * A_DAY for k in range(4)]),
        st.dates(date(2021, 1, 1), date(2022, 12, 31)),
    ),
    to=st.sampled_from(Recipient),
    for_use=st.booleans(),
    dependent_of_another=st.booleans(),
    credited_shortly_before=st.booleans(),
)
_HISTORIES = st.lists(transfers, max_size=3).map(tuple)


@st.composite
def known_used_claims(draw: st.DrawFn) -> Claim:
    """A claim in which everything is known: near to qualifying, with a few facts changed."""
    day = draw(_DAYS)
    changes: dict[str, Any] = dict(draw(_CHANGES))
    for name in ("contract_date", "first_payment_date"):
        if draw(st.booleans()):
            earlier = draw(st.sampled_from([0, 1, 2, 3, 40, 200, 400]))
            changes[f"purchase.{name}"] = day - earlier * A_DAY
    changes["vehicle.prior_transfers"] = draw(_HISTORIES) if draw(st.booleans()) else ()
    if draw(st.booleans()):
        back = draw(st.sampled_from([0, 300, 1094, 1095, 1096, 1097, 1200]))
        changes["taxpayer.prior_credits"] = (PriorCredit(on=day - back * A_DAY),)
    later = draw(st.sampled_from([None, None, "returned_on", "resold_on"]))
    if later:
        changes[f"purchase.{later}"] = day + draw(st.sampled_from([0, 30, 31])) * A_DAY
    if draw(st.integers(0, 9)) == 0:
        changes = {path: v for path, v in changes.items() if ".current_year" not in path}
        changes["taxpayer.kind"] = TaxpayerKind.PARTNERSHIP
    return with_facts(used_claim(day), changes)


def with_bounds(claim: Claim, path: str, less: int, more: int) -> Claim:
    """The claim with a number of it known from `less` below it to `more` above."""
    value: Any = claim
    for name in path.split("."):
        value = getattr(value, name)
    return with_facts(
        claim, {path: Bounds(max(value - less, min(value, Decimal(0))), value + more)}
    )
