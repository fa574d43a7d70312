"""Worked cases: facts and the percentage, verdict and dollars that the provision leads to."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs
import pytest

from evcredit import (
    Battery,
    BatteryComponent,
    Bounds,
    Claim,
    FilingStatus,
    MineralSource,
    Purchase,
    Step,
    Taxpayer,
    TaxYear,
    Vehicle,
    VehicleClass,
    Verdict,
    assess,
    current_law,
    with_facts,
)
from evcredit.facts import Activity, StickerPrice
from evcredit.facts.tax_return import TaxReturn
from evcredit.facts.transfer import CreditTransfer
from evcredit.law.readings import ManufacturerLimitDay
from evcredit.provisions.tax_limit import allocate_credit
from evcredit.provisions.transfer import settle_transfer
from evcredit.results.transfer import assess_transfer
from evcredit.section_30d.sourcing.minerals import critical_mineral_content
from evcredit.section_30d.transfer import TRANSFER

MET, NOT_MET = Verdict.MET, Verdict.NOT_MET
IN_TIME = date(2023, 4, 18)
YEARS = (2023, 2024, 2025, 2026)

#: A chain and a module that count for nothing.
NO_MINERALS = (MineralSource.extracted_in("China", "graphite", 1, processed_in="China"),)
NO_COMPONENTS = (BatteryComponent(kind="battery module", value=1, made_in="China", contains=()),)


def car(
    day: date,
    *,
    minerals: Any = NO_MINERALS,
    components: Any = NO_COMPONENTS,
    vehicle: dict[str, Any] | None = None,
    purchase: dict[str, Any] | None = None,
    taxpayer: Taxpayer | None = None,
    tainted: bool | None = False,
) -> Claim:
    """A car that meets everything but what the case is about."""
    return Claim(
        vehicle=Vehicle.road_vehicle(
            **{
                "vehicle_class": VehicleClass.OTHER,
                "msrp": 50_000,
                **(vehicle or {}),
            },
            gross_vehicle_weight_rating_lb=5_000,
            made_by_qualified_manufacturer=True,
            final_assembly_country="United States",
            battery=Battery(
                capacity_kwh=60,
                externally_rechargeable=True,
                minerals=minerals,
                components=components,
                minerals_from_foreign_entity_of_concern=tainted,
                components_from_foreign_entity_of_concern=tainted,
            ),
        ),
        purchase=Purchase.new_from_dealer(
            **{
                "placed_in_service": day,
                "contract_date": IN_TIME,
                "first_payment_date": IN_TIME,
                **(purchase or {}),
            }
        ),
        taxpayer=taxpayer or magi(("single", 100_000), ("single", 100_000)),
    )


def magi(now: tuple[Any, Any], before: tuple[Any, Any]) -> Taxpayer:
    years = [
        TaxYear(filing_status=status, modified_adjusted_gross_income=income)
        for status, income in (now, before)
    ]
    return Taxpayer(current_year=years[0], prior_year=years[1])


def spread(mineral: str, value: int, **percents: int) -> MineralSource:
    """A chain whose activities lie in a country that counts to some percent, and in China."""
    steps = []
    for activity, percent in percents.items():
        place = "US" if activity == "recycling" else "KR"
        steps += [
            # Each activity adds a quarter of the value.
            Step(activity=activity, country=where, value_added=Decimal(value * part) / 400)
            for where, part in ((place, percent), ("CN", 100 - percent))
            if part
        ]
    return MineralSource(mineral=mineral, value=value, steps=tuple(steps))


def contents(*chains: MineralSource, day: date = date(2024, 6, 3)) -> tuple[Fraction, Fraction]:
    """The content in percent by the 50 percent value added test, and as traced."""
    claim = car(day, minerals=chains)
    shares = [
        critical_mineral_content(claim, current_law(), traced=traced).bounds
        for traced in (False, True)
    ]
    assert all(share.is_exact for share in shares)
    return shares[0].lower * 100, shares[1].lower * 100


def dollars(claim: Claim) -> int:
    """The exact credit."""
    credit = assess(claim).credit
    assert credit.is_exact
    return int(credit.lower)


# -- 26 USC 30D(e)(1), 26 CFR 1.30D-3(a): critical minerals --------------------------------


def test_case_1_both_tests_on_three_chains() -> None:
    """26 CFR 1.30D-3(a): extraction and processing apart; 90 % by halves, 78 % as traced."""
    chains = (
        spread("nickel", 600, extraction=20, processing=80),
        spread("lithium", 300, extraction=100, processing=0),
        spread("graphite", 100, extraction=0, processing=0),
    )
    assert contents(*chains) == (90, 78)
    for year in YEARS:
        assert dollars(car(date(year, 12, 1), minerals=chains)) == 3750


def test_case_2_shares_below_half_count_when_traced() -> None:
    """26 USC 30D(e)(1)(B)(i), (ii): 45 and 40 percent are 0 by halves and 45 as traced."""
    chain = spread("nickel", 1000, extraction=45, processing=40)
    assert contents(chain) == (0, 45)
    by_year = {year: assess(car(date(year, 12, 1), minerals=(chain,))) for year in (2023, 2024)}
    assert by_year[2023].find("minerals_requirement").verdict is MET
    assert by_year[2024].find("minerals_requirement").verdict is NOT_MET
    assert [str(result.credit) for result in by_year.values()] == ["3,750", "0"]


@pytest.mark.parametrize(
    ("american", "korean", "whole", "traced"), [(60, 40, 100, 60), (40, 60, 0, 40)]
)
def test_case_3_recycling_counts_in_north_america_only(
    american: int, korean: int, whole: int, traced: int
) -> None:
    """26 USC 30D(e)(1)(A)(ii): recycling in the United States counts, in Korea it does not."""
    chain = MineralSource(
        mineral="cobalt",
        value=1000,
        steps=(
            Step(activity="recycling", country="United States", value_added=american),
            Step(activity="recycling", country="South Korea", value_added=korean),
        ),
    )
    assert contents(chain) == (whole, traced)


def test_case_3_what_came_before_the_scrap_is_not_looked_at() -> None:
    """26 USC 30D(e)(1)(A)(ii): processing on the list does not save recycling elsewhere."""
    chain = MineralSource(
        mineral="cobalt",
        value=1000,
        steps=(
            Step(activity=Activity.PROCESSING, country="South Korea"),
            Step(activity=Activity.RECYCLING, country="Japan"),
        ),
    )
    assert contents(chain) == (0, 0)


# -- 26 USC 30D(e)(2), 26 CFR 1.30D-3(b): battery components -------------------------------


def modules(cathode: str, *, tainted: bool = False) -> tuple[BatteryComponent, ...]:
    def part(kind: str, value: int, made_in: str, by_concern: bool = False) -> BatteryComponent:
        return BatteryComponent(
            kind=kind, value=value, made_in=made_in, foreign_entity_of_concern=by_concern
        )

    cell = BatteryComponent(
        kind="battery cell",
        value=80,
        made_in="United States",
        foreign_entity_of_concern=False,
        contains=(
            part("cathode electrode", 30, cathode, tainted),
            part("anode electrode", 12, "Canada"),
            part("separator", 8, "Japan"),
            part("liquid electrolyte", 5, "Mexico"),
        ),
    )
    module = BatteryComponent(
        kind="battery module",
        value=100,
        made_in="United States",
        foreign_entity_of_concern=False,
        contains=(cell,),
    )
    return (module,)


@pytest.mark.parametrize(
    ("year", "verdict", "amount"),
    [(2023, MET, 3750), (2024, MET, 3750), (2025, MET, 3750), (2026, NOT_MET, 0)],
)
def test_case_4_incremental_values(year: int, verdict: Verdict, amount: int) -> None:
    """26 USC 30D(e)(2)(B): 20 + 25 + 12 + 5 of 100 are 62 %, enough until 2025, not in 2026."""
    claim = car(date(year, 12, 1), components=modules("South Korea"))
    result = assess(claim)
    assert result.component_content.bounds.lower == Fraction(62, 100)
    assert result.component_content.bounds.is_exact
    assert result.find("components_requirement").verdict is verdict
    assert dollars(claim) == amount


@pytest.mark.parametrize(
    ("day", "amount"),
    [
        (date(2023, 12, 31), 3750),
        (date(2024, 1, 1), 0),
        (date(2024, 6, 3), 0),
    ],
)
def test_case_5_a_component_by_a_foreign_entity_of_concern(day: date, amount: int) -> None:
    """26 USC 30D(d)(7)(B): from 2024 one component excludes the vehicle, whatever the content."""
    claim = car(day, components=modules("China", tainted=True), tainted=None)
    result = assess(claim)
    assert result.find("components_requirement").verdict is MET
    assert dollars(claim) == amount
    if not amount:
        assert [reason.code for reason in result.reasons] == ["excluded_components"]


# -- 26 USC 30D(b) before and after 18 April 2023 ------------------------------------------


@pytest.mark.parametrize(
    ("kwh", "day", "amount"),
    [
        ("7.0", date(2023, 4, 17), 3751),
        ("7.0", date(2023, 4, 18), 0),
        ("13.8", date(2023, 3, 1), 6587),
    ],
)
def test_case_6_by_capacity_and_by_sourcing(kwh: str, day: date, amount: int) -> None:
    """P.L. 117-169 sec. 13401(k)(3): by capacity to 17 April 2023, then by two requirements."""
    bought = {"contract_date": day, "first_payment_date": day}
    claim = with_facts(car(day, purchase=bought), {"vehicle.battery.capacity_kwh": kwh})
    assert dollars(claim) == amount
    requirements = ("minerals_requirement", "components_requirement")
    standing = [assess(claim).find(code) for code in requirements] if not amount else []
    assert all(finding.verdict is NOT_MET for finding in standing)


# -- 26 USC 30D(f)(11): the suggested retail price -----------------------------------------


@pytest.mark.parametrize(
    ("label", "price", "verdict"),
    [
        ({"base_price": "55000.00", "factory_options": 0}, "55000.00", MET),
        ({"base_price": "55000.01", "factory_options": 0}, "55000.01", NOT_MET),
        ({"base_price": 54_000, "factory_options": 1_500}, "55500.00", NOT_MET),
        ({"base_price": 54_000, "factory_options": 0, "dealer_options": 1_500}, "54000", MET),
        ({"base_price": 55_000, "factory_options": 0, "destination_charge": 1_395}, "55000", MET),
    ],
)
def test_case_7_what_the_window_label_adds_up_to(
    label: dict[str, Any], price: str, verdict: Verdict
) -> None:
    """26 USC 30D(f)(11): base price and factory options count, delivery and dealer's work not."""
    claim = car(
        date(2024, 6, 3),
        components=modules("South Korea"),
        vehicle={"msrp": None, "sticker": StickerPrice(**label)},
    )
    assert claim.vehicle.msrp == Decimal(price)
    result = assess(claim)
    assert result.find("msrp_within_limit").verdict is verdict
    assert dollars(claim) == (3750 if verdict is MET else 0)


# -- 26 USC 30D(f)(10): income of two years ------------------------------------------------


@pytest.mark.parametrize(
    ("now", "before"),
    [
        (("single", 400_000), ("single", 150_000)),
        (("married filing separately", 290_000), ("single", 150_000)),
        (("married filing jointly", 290_000), ("single", 160_000)),
        (("married filing separately", 149_000), ("married filing jointly", 310_000)),
    ],
)
def test_case_8_either_year_is_enough(now: tuple[str, int], before: tuple[str, int]) -> None:
    """26 USC 30D(f)(10): each year against the threshold of its own filing status."""
    claim = car(date(2025, 6, 2), components=modules("South Korea"), taxpayer=magi(now, before))
    assert assess(claim).find("income_within_limit").verdict is MET
    assert dollars(claim) == 3750


def test_case_8_separate_return_over_its_own_threshold() -> None:
    """26 USC 30D(f)(10)(B)(iii): 290,000 on a separate return and 160,000 before are too much."""
    now, before = (FilingStatus.MARRIED_FILING_SEPARATELY, 290_000), ("single", 160_000)
    claim = car(date(2025, 6, 2), components=modules("South Korea"), taxpayer=magi(now, before))
    assert assess(claim).find("income_within_limit").verdict is NOT_MET
    assert dollars(claim) == 0


# -- 26 USC 30D(h): the end by the day of acquisition --------------------------------------


def test_case_9_a_deposit_a_day_late() -> None:
    """26 USC 30D(h): contract on 2025-09-30, deposit the day after: acquired too late."""
    claim = car(
        date(2025, 10, 15),
        components=modules("South Korea"),
        purchase={"contract_date": date(2025, 9, 30), "first_payment_date": date(2025, 10, 1)},
    )
    assert claim.purchase.acquired == date(2025, 10, 1)
    assert dollars(claim) == 0
    assert [reason.code for reason in assess(claim).reasons] == ["acquired_in_time"]


def test_case_9_delivered_in_2026() -> None:
    """26 USC 30D(e)(1)(B)(iv), (2)(B)(iii): acquired in time, delivered in 2026: 70 and 70."""
    acquired = {"contract_date": date(2025, 9, 30), "first_payment_date": date(2025, 9, 30)}
    day = date(2026, 2, 10)

    def american(percent: int) -> Claim:
        chains = (spread("lithium", percent, extraction=100), *_rest(percent))
        inner = BatteryComponent(kind="separator", value=100 - percent, made_in="Japan")
        module = BatteryComponent(
            kind="battery module", value=100, made_in="Mexico", contains=(inner,)
        )
        return car(day, minerals=chains, components=(module,), purchase=acquired)

    assert dollars(american(70)) == 7500
    assert dollars(american(69)) == 0


def _rest(percent: int) -> tuple[MineralSource, ...]:
    return (MineralSource.extracted_in("Indonesia", "nickel", 100 - percent, processed_in="China"),)


# -- 26 USC 30D(e) (2021): the limit on the number of vehicles -----------------------------


@pytest.mark.parametrize(
    ("sold", "in_service", "by_sale", "by_service"),
    [
        (date(2019, 8, 1), date(2019, 8, 1), 1875, 1875),
        (date(2021, 6, 1), date(2021, 6, 1), 0, 0),
        (date(2023, 2, 1), date(2023, 2, 1), 7500, 7500),
        (date(2022, 12, 20), date(2023, 1, 3), 0, 7500),
    ],
)
def test_case_10_a_tesla_model_3(
    sold: date, in_service: date, by_sale: int, by_service: int
) -> None:
    """P.L. 117-169 sec. 13401(k)(5) goes by the sale; the practice is said to go by service."""
    claim = with_facts(
        car(
            in_service,
            vehicle={"make": "Tesla", "model": "Model 3"},
            purchase={"sale_date": sold, "contract_date": sold, "first_payment_date": sold},
        ),
        {"vehicle.battery.capacity_kwh": 75},
    )
    assert dollars(claim) == by_sale
    reading = ManufacturerLimitDay.PLACED_IN_SERVICE
    practice = current_law().with_readings(manufacturer_limit_day=reading)
    assert assess(claim, law=practice).credit == Bounds.exactly(by_service)


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"vehicle.msrp": "55000.01"}, "msrp_within_limit"),
        ({"taxpayer": magi(("single", 150_001), ("single", 150_001))}, "income_within_limit"),
    ],
    ids=["price", "income_within_limit"],
)
def test_case_10_only_with_price_and_income(facts: dict[str, Any], code: str) -> None:
    """26 USC 30D(f)(10), (11): both limits came with 2023."""
    for day, amount in ((date(2019, 8, 1), 1875), (date(2023, 2, 1), 0)):
        bought = {"contract_date": day, "first_payment_date": day}
        claim = car(day, vehicle={"make": "Tesla"}, purchase=bought)
        result = assess(with_facts(claim, facts))
        assert result.credit == Bounds.exactly(amount)
    assert [reason.code for reason in result.reasons] == [code]


# -- the taxpayer --------------------------------------------------------------------------


def full(day: date, **facts: Any) -> Claim:
    """A claim to both halves."""
    chains = (spread("lithium", 100, extraction=100),)
    return car(day, minerals=chains, components=modules("South Korea"), **facts)


def test_case_11_business_part_personal_part_and_what_is_lost() -> None:
    """$7,500, 40 percent business use, $3,000 of tax and no other credits."""
    on_return = TaxReturn(
        business_use_percent=40, tax_before_credits=3_000, other_personal_credits=0
    )
    used = allocate_credit(assess(full(date(2024, 6, 3))).credit, on_return)
    assert used.business_part == Bounds.exactly(3_000)
    assert used.personal_part == Bounds.exactly(4_500)
    assert used.personal_credit == Bounds.exactly(3_000)
    assert used.forfeited == Bounds.exactly(1_500)
    assert used.basis_reduction == Bounds.exactly(7_500)


@pytest.mark.parametrize(
    ("incomes", "tax", "repaid"),
    [((180_000, 175_000), 9_000, 7_500), ((100_000, 100_000), 1_000, 0)],
)
def test_case_12_what_a_buyer_repays(incomes: tuple[int, int], tax: int, repaid: int) -> None:
    """$7,500 transferred: repaid if the income is too high in both years, not because the tax is
    too low.
    """
    day = date(2024, 6, 3)
    now, before = incomes
    taxpayer = magi(("single", now), ("single", before))
    transfer = CreditTransfer.at_the_dealer(
        claim=full(day, taxpayer=taxpayer),
        payment=7_500,
        advance_payment=7_500,
        elected_on=day,
    )
    # On the return the credit itself is denied for the income, and none of it is the buyer's.
    assert dollars(transfer.claim) == 7_500 - repaid
    tax_return = TaxReturn(tax_before_credits=tax, other_personal_credits=0)
    stated = attrs.evolve(transfer, credit=7_500)
    for outcome in (
        assess_transfer(transfer, tax_return=tax_return),
        settle_transfer(stated, tax_return=tax_return, rules=TRANSFER),
    ):
        assert outcome.verdict is MET
        assert outcome.credit_to_dealer == Bounds.exactly(7_500)
        assert outcome.credit_to_buyer == Bounds.exactly(0)
        assert outcome.buyer_repays == Bounds.exactly(repaid)
        assert outcome.dealer_repays == Bounds.exactly(0)
