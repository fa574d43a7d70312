"""The law before 18 April 2023: published amounts, phase-outs, and days on which it changed.

Amounts that the Internal Revenue Service acknowledged for models, as printed on its lists and on
fueleconomy.gov (26 USC 30D(b) (2021), Notice 2009-89); phase-outs after Notice 2018-96 (Tesla),
Notice 2019-22 (General Motors) and the instructions for Form 8936 of January 2023 (Toyota).
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_FLOOR, Decimal
from typing import Any

import pytest

from evcredit import (
    Battery,
    Bounds,
    Claim,
    Purchase,
    Taxpayer,
    TaxYear,
    Vehicle,
    VehicleClass,
    Verdict,
    assess,
    current_law,
)
from evcredit.law.lists import listings
from evcredit.law.readings import AmountRounding, ManufacturerLimitDay
from evcredit.section_30d.before_2023 import kilowatt_hour_amount
from evcredit.section_30d.phase_out import phase_out_percent

A_DAY = timedelta(days=1)
MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
TO_THE_CENT = current_law().with_readings(amount_rounding=AmountRounding.CENT)


def claim(
    in_service: date,
    kwh: str | int = 75,
    *,
    vehicle: dict[str, Any] | None = None,
    battery: dict[str, Any] | None = None,
    taxpayer: Taxpayer | None = None,
    **purchase: Any,
) -> Claim:
    """A car with what the law before 2023 requires, and nothing of what came later."""
    return Claim(
        vehicle=Vehicle.road_vehicle(
            **{
                "make": "Example",
                "gross_vehicle_weight_rating_lb": 5_000,
                "final_assembly_country": "United States",
                **(vehicle or {}),
            },
            battery=Battery(capacity_kwh=kwh, externally_rechargeable=True, **(battery or {})),
        ),
        purchase=Purchase(
            placed_in_service=in_service,
            original_use_begins_with_taxpayer=True,
            for_use_or_lease=True,
            elected_out=False,
            used_predominantly_outside_us=False,
            **purchase,
        ),
        taxpayer=taxpayer or Taxpayer(),
    )


def clean(in_service: date, kwh: str | int = 75, **facts: Any) -> Claim:
    """The value with everything that 2023 added."""
    year = TaxYear(filing_status="single", modified_adjusted_gross_income=100_000)
    added = {
        "vehicle_class": VehicleClass.OTHER,
        "msrp": 50_000,
        "made_by_qualified_manufacturer": True,
    }
    facts["vehicle"] = {**added, **facts.pop("vehicle", {})}
    return claim(
        in_service,
        kwh,
        taxpayer=Taxpayer(current_year=year, prior_year=year),
        seller_report_furnished=True,
        vin_on_return=True,
        credit_already_allowed=False,
        **facts,
    )


def dollars(stated: Claim, law: Any = None) -> Decimal:
    """The exact credit."""
    credit = assess(stated, law=law).credit
    assert credit.is_exact, credit
    return Decimal(credit.lower)


# -- published amounts ---------------------------------------------------------------------

# Model, published amount, capacity usually given, what whole kilowatt hours would amount to.
PRORATED = [
    ("BMW 330e 2016-2018", "4001", "7.6", 3751),
    ("BMW i8 2014-2017", "3793", "7.1", 3751),
    ("Audi A3 e-tron 2016-2017, Toyota Prius Prime", "4502", "8.8", 4168),
    ("BMW X5 xDrive40e, 740e, 530e", "4668", "9.2", 4585),
    ("Hyundai Tucson Plug-in Hybrid 2022", "6587", "13.8", 6253),
    ("smallest battery of 2023", "3751", "7.0", 3751),
    ("Honda Accord Plug-in Hybrid 2014", "3626", "6.7", 3334),
    ("BMW i8 Coupe and Roadster 2019-2020", "5669", "11.6", 5419),
    ("BMW 330e, 530e, X3 xDrive30e, 745e 2020-2022", "5836", "12.0", 5836),
    ("Audi Q5 and A8L PHEV 2020", "6712", "14.1", 6670),
    ("MINI Countryman ALL4 2020-2021", "5002", "10.0", 5002),
    ("Kia Niro Plug-in Hybrid 2021", "4543", "8.9", 4168),
    ("Kia Optima Plug-in Hybrid", "4919", "9.8", 4585),
    ("Toyota Prius Plug-in Hybrid 2012-2015", "2500", "4.4", 2500),
    ("16 kWh and more: Chrysler Pacifica", "7500", "16", 7500),
    ("16 kWh and more: Nissan Leaf", "7500", "24", 7500),
]
# Porsche's were printed with cents.
WITH_CENTS = [
    ("Porsche Cayenne S E-Hybrid 2015", "5335.60", "10.8", 5336),
    ("Porsche Panamera S E-Hybrid 2014-2015", "4751.80", "9.4", 4752),
]
# One was cut off instead of rounded.
CUT_OFF = [("Porsche 918 Spyder 2015", "3667", "6.8", 3668)]
# Ford certified capacities in finer steps than the tenths that are usually given.
FINER = [
    ("Ford C-MAX Energi and Fusion Energi to 2017", "4007", "7.6", "7.614"),
    ("Ford Fusion Energi 2019-2020", "4609", "9.0", "9.058"),
    ("Ford Escape and Lincoln Corsair", "6843", "14.4", "14.415"),
    ("Lincoln Aviator", "6534", "13.6", "13.674"),
]
# Volvo's look as if whole kilowatt hours alone had been certified.
WHOLE = [
    ("Volvo XC90 T8 2016", "4585", "9.2"),
    ("Volvo XC60, XC90, S60 later", "5419", "11.6"),
]


def whole(kwh: str) -> Decimal:
    return Decimal(kwh).to_integral_value(ROUND_FLOOR)


@pytest.mark.parametrize(("model", "published", "kwh", "floored"), PRORATED)
def test_published_amount_follows_from_the_capacity(
    model: str, published: str, kwh: str, floored: int
) -> None:
    """In proportion and to the nearest dollar; whole kilowatt hours miss every fractional one."""
    assert kilowatt_hour_amount(Decimal(kwh)) == Decimal(published)
    assert kilowatt_hour_amount(whole(kwh)) == floored
    fractional = Decimal(kwh) > 5 and Decimal(kwh) != whole(kwh)
    assert (Decimal(published) != floored) is fractional


@pytest.mark.parametrize(("model", "published", "kwh", "rounded"), WITH_CENTS)
def test_amounts_published_with_cents(model: str, published: str, kwh: str, rounded: int) -> None:
    """The formula to the cent; to the dollar by default, as all the others."""
    assert kilowatt_hour_amount(Decimal(kwh), TO_THE_CENT) == Decimal(published)
    assert kilowatt_hour_amount(Decimal(kwh)) == rounded


@pytest.mark.parametrize(("model", "published", "kwh", "rounded"), CUT_OFF)
def test_an_amount_cut_off_to_the_dollar(
    model: str, published: str, kwh: str, rounded: int
) -> None:
    """An exception: the cents of the exact amount were dropped."""
    exact = kilowatt_hour_amount(Decimal(kwh), TO_THE_CENT)
    assert exact.to_integral_value(ROUND_FLOOR) == Decimal(published)
    assert kilowatt_hour_amount(Decimal(kwh)) == rounded != Decimal(published)


@pytest.mark.parametrize(("model", "published", "kwh", "certified"), FINER)
def test_amounts_of_finer_certified_capacities(
    model: str, published: str, kwh: str, certified: str
) -> None:
    """An exception: the capacity that was certified is a little above the one usually given."""
    assert kilowatt_hour_amount(Decimal(certified)) == Decimal(published)
    assert kilowatt_hour_amount(Decimal(kwh)) != Decimal(published)
    assert 0 < Decimal(certified) - Decimal(kwh) < Decimal("0.1")


@pytest.mark.parametrize(("model", "published", "kwh"), WHOLE)
def test_amounts_of_whole_kilowatt_hours(model: str, published: str, kwh: str) -> None:
    """An exception: the amount is that of the whole kilowatt hours below."""
    assert kilowatt_hour_amount(whole(kwh)) == Decimal(published)
    assert kilowatt_hour_amount(Decimal(kwh)) != Decimal(published)


@pytest.mark.parametrize(
    ("kwh", "amount"),
    [
        ("4", 2500),
        ("4.999", 2500),
        ("5", 2917),
        ("5.999", 3334),  # 3,333.58
        ("6", 3334),
        ("15.99", 7500),  # 7,499.83
        ("15.9903", 7500),  # 7,499.96
        ("16", 7500),
        ("100", 7500),
    ],
)
def test_where_the_amount_starts_and_stops_to_grow(kwh: str, amount: int) -> None:
    """26 USC 30D(b)(2), (3) (2021): from 5 kWh on, at most $5,000 on top of $2,500."""
    assert kilowatt_hour_amount(Decimal(kwh)) == amount


# -- the published lists, row by row -------------------------------------------------------

#: The published amounts that no capacity in tenths of a kilowatt hour leads to.
NOT_BY_TENTHS = {Decimal(published) for _, published, *_ in (*FINER, *CUT_OFF)}

ROWS = [row for row in listings() if row.list_id == "L0_pre2023"]


def capacity_for(amount: Decimal, steps: str) -> Decimal | None:
    """A capacity in such steps, 4 kWh or more, that leads to an amount."""
    step = Decimal(steps)
    if amount == 2500:
        return Decimal("4.4")
    near = ((amount - 2917) / 417 + 5).quantize(step)
    law = current_law() if amount == int(amount) else TO_THE_CENT
    found = (near + step * offset for offset in (-1, 0, 1))
    return next((kwh for kwh in found if kilowatt_hour_amount(kwh, law) == amount), None)


def test_the_list_before_2023_is_there() -> None:
    """85 rows, each with an amount; seven in ten or so are the full one."""
    assert len(ROWS) == 85
    assert all(row.credit is not None for row in ROWS)
    assert {Decimal(2500), Decimal(7500)} <= {row.credit for row in ROWS}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.make} {row.model} {row.model_years}")
def test_row_of_the_published_list(row: Any) -> None:
    """Each amount is that of a capacity to a thousandth of a kilowatt hour, mostly to a tenth."""
    by_thousandths = capacity_for(row.credit, "0.001")
    assert by_thousandths is not None
    assert (capacity_for(row.credit, "0.1") is None) is (row.credit in NOT_BY_TENTHS)
    # And what a buyer of it was allowed, before any phase-out.
    stated = claim(date(2016, 6, 30), str(by_thousandths), vehicle={"make": row.make})
    law = None if row.credit == int(row.credit) else TO_THE_CENT
    assert dollars(stated, law) == row.credit


# -- the phase-out -------------------------------------------------------------------------

# Percent by quarter, 2018 to 2022; the quarter of the 200,000th vehicle; a make and the maker.
PHASE_OUTS = {
    "Tesla": ((2018, 3), "Tesla", "100 100 100 100  50 50 25 25  0 0 0 0  0 0 0 0  0 0 0 0"),
    "General Motors": (
        (2018, 4),
        "Chevrolet",
        "100 100 100 100  100 50 50 25  25 0 0 0  0 0 0 0  0 0 0 0",
    ),
    "Toyota": (
        (2022, 2),
        "Lexus",
        "100 100 100 100  100 100 100 100  100 100 100 100  100 100 100 100  100 100 100 50",
    ),
}
QUARTERS = [(year, number) for year in range(2018, 2023) for number in (1, 2, 3, 4)]


def ends(year: int, number: int) -> tuple[date, date]:
    """The first and the last day of a quarter."""
    following = date(year + number // 4, number % 4 * 3 + 1, 1)
    return date(year, 3 * number - 2, 1), following - A_DAY


CASES = [
    (maker, year, number, int(percent))
    for maker, (_, _, percents) in PHASE_OUTS.items()
    for (year, number), percent in zip(QUARTERS, percents.split(), strict=True)
]


@pytest.mark.parametrize(("maker", "year", "number", "percent"), CASES)
def test_phase_out_by_quarter(maker: str, year: int, number: int, percent: int) -> None:
    """26 USC 30D(e) (2021): on the first and the last day of each quarter."""
    reached, make, _ = PHASE_OUTS[maker]
    for day in ends(year, number):
        assert phase_out_percent(reached, day) == percent
        for name in ({"manufacturer": maker}, {"make": make}):
            stated = claim(day, vehicle={"make": None, **name})
            assert dollars(stated) == 75 * percent
            assert assess(stated).verdict is (MET if percent else NOT_MET)


def test_published_amounts_of_the_phase_outs() -> None:
    """$3,750 and $1,875 for a Tesla of 2019; half of $4,502 for a Prius Prime of late 2022."""
    tesla = {"manufacturer": "Tesla"}
    assert dollars(claim(date(2019, 6, 30), vehicle=tesla)) == 3750
    assert dollars(claim(date(2019, 7, 1), vehicle=tesla)) == 1875
    prime = {"make": "Toyota", "model": "Prius Prime"}
    assert dollars(claim(date(2022, 10, 1), "8.8", vehicle=prime)) == 2251


def test_other_manufacturers_are_not_phased_out() -> None:
    """No one else reached 200,000 before 2023, as is recalled."""
    for make in ("Ford", "Nissan", "Hyundai", "Example"):
        assert dollars(claim(date(2022, 12, 31), vehicle={"make": make})) == 7500


def test_the_day_of_sale_picks_the_quarter() -> None:
    """26 USC 30D(e)(1) (2021): "sold during the phaseout period", whenever possession was."""
    tesla = {"manufacturer": "Tesla"}
    late = claim(date(2019, 1, 5), vehicle=tesla, sale_date=date(2018, 12, 31))
    assert dollars(late) == 7500
    assert dollars(claim(date(2019, 1, 5), vehicle=tesla)) == 3750


# -- the days on which the law changed -----------------------------------------------------


def test_nothing_that_came_in_2023_is_asked_before() -> None:
    """No price, income, report, number on the return, minerals, components or qualified maker."""
    result = assess(claim(date(2022, 12, 31)))
    assert (result.verdict, result.credit) == (MET, Bounds.exactly(7500))
    assert result.missing() == ()
    in_2023 = assess(claim(date(2023, 1, 1)))
    assert in_2023.verdict is UNKNOWN
    assert {
        "vehicle.msrp",
        "vehicle.made_by_qualified_manufacturer",
        "purchase.seller_report_furnished",
        "purchase.vin_on_return",
        "taxpayer.current_year.modified_adjusted_gross_income",
    } <= set(in_2023.missing())


@pytest.mark.parametrize(
    ("kwh", "before", "after"),
    [
        ("3.99", 0, 0),
        ("4", 2500, 0),
        ("4.99", 2500, 0),
        ("5", 2917, 0),
        ("6.99", 3747, 0),
        ("7", 3751, 3751),
    ],
)
def test_smallest_battery(kwh: str, before: int, after: int) -> None:
    """26 USC 30D(d)(1)(F)(i): 4 kWh for vehicles placed in service to 2022, then 7."""
    assert dollars(clean(date(2022, 12, 31), kwh)) == before
    assert dollars(clean(date(2023, 1, 1), kwh)) == after


def test_the_first_day_of_the_text() -> None:
    """The text of 2009 is about vehicles acquired after 2009 (P.L. 111-5 sec. 1141(c))."""
    assert dollars(claim(date(2010, 1, 1))) == 7500


@pytest.mark.parametrize(
    ("sold", "credit"), [(date(2022, 8, 16), 7500), (date(2022, 8, 17), 0), (None, 0)]
)
def test_final_assembly_matters_for_vehicles_sold_after_16_august_2022(
    sold: date | None, credit: int
) -> None:
    """P.L. 117-169 sec. 13401(k)(2); without a day of sale, possession in November decides."""
    made_abroad = {"final_assembly_country": "Germany"}
    stated = claim(date(2022, 11, 5), vehicle=made_abroad, sale_date=sold)
    assert dollars(stated) == credit


@pytest.mark.parametrize(
    ("contract", "in_service", "credit"),
    [
        (date(2021, 12, 31), date(2022, 11, 5), 0),
        (date(2022, 1, 1), date(2022, 11, 5), 7500),
        (date(2022, 8, 15), date(2022, 11, 5), 7500),
        (date(2022, 8, 15), date(2023, 6, 1), 7500),  # the act sets no last day
        (date(2022, 8, 16), date(2022, 11, 5), 0),
    ],
)
def test_contracts_of_2022(contract: date, in_service: date, credit: int) -> None:
    """P.L. 117-169 sec. 13401(l): bound after 2021 and before 16 August 2022, and elected."""
    made_abroad = {"final_assembly_country": "Germany"}
    stated = claim(
        in_service,
        vehicle=made_abroad,
        contract_date=contract,
        elects_transition_rule=True,
    )
    assert assess(stated).credit.upper == credit
    if credit:
        assert dollars(stated) == credit


def test_the_election_must_be_made() -> None:
    """Without it the day of sale decides, and the contract changes nothing."""
    made_abroad = {"final_assembly_country": "Germany"}
    bound = claim(date(2022, 11, 5), vehicle=made_abroad, contract_date=date(2022, 8, 1))
    assert dollars(bound) == 0


# -- regression cases ----------------------------------------------------------------------

NEITHER = {
    "certified_critical_mineral_content": 0,
    "certified_battery_component_content": 0,
}
BOTH = {
    "certified_critical_mineral_content": 100,
    "certified_battery_component_content": 100,
}


def test_seven_kilowatt_hours_on_either_side_of_18_april_2023() -> None:
    """P.L. 117-169 sec. 13401(k)(3): the amount by capacity ends with 17 April 2023."""
    assert dollars(clean(date(2023, 4, 17), "7.0", battery=NEITHER)) == 3751
    assert dollars(clean(date(2023, 4, 18), "7.0", battery=NEITHER)) == 0
    assert dollars(clean(date(2023, 4, 18), "7.0", battery=BOTH)) == 7500
    assert dollars(clean(date(2023, 3, 1), "13.8", battery=NEITHER)) == 6587


def test_an_order_before_18_april_2023_saves_nothing() -> None:
    """IR-2023-64: the day placed in service decides, not that of the order."""
    ordered = {"contract_date": date(2023, 2, 1), "first_payment_date": date(2023, 2, 1)}
    assert dollars(clean(date(2023, 4, 18), battery=NEITHER, **ordered)) == 0


@pytest.mark.parametrize(
    ("sold", "in_service", "credit"),
    [
        (date(2019, 8, 1), date(2019, 8, 1), 1875),
        (date(2021, 6, 1), date(2021, 6, 1), 0),
        (date(2023, 2, 1), date(2023, 2, 1), 7500),
        (date(2022, 12, 20), date(2023, 1, 3), 0),  # (k)(5) speaks of vehicles sold
    ],
)
def test_a_tesla_over_the_years(sold: date, in_service: date, credit: int) -> None:
    """P.L. 117-169 sec. 13401(k)(5): the limit ends for vehicles sold after 2022."""
    stated = clean(in_service, vehicle={"manufacturer": "Tesla"}, sale_date=sold)
    assert dollars(stated) == credit


def test_sold_in_2022_and_placed_in_service_in_2023_by_the_practice() -> None:
    """The other reading: the limit ends for vehicles placed in service after 2022."""
    law = current_law().with_readings(manufacturer_limit_day=ManufacturerLimitDay.PLACED_IN_SERVICE)
    stated = clean(
        date(2023, 1, 3), vehicle={"manufacturer": "Tesla"}, sale_date=date(2022, 12, 20)
    )
    assert dollars(stated, law) == 7500


@pytest.mark.parametrize(
    ("contract", "payment", "in_service", "content", "credit"),
    [
        (date(2025, 9, 30), date(2025, 10, 1), date(2025, 10, 1), 100, 0),
        (date(2025, 9, 30), date(2025, 9, 30), date(2026, 2, 10), 70, 7500),
        (date(2025, 9, 30), date(2025, 9, 30), date(2026, 2, 10), 69, 0),
    ],
)
def test_acquired_in_time_and_delivered_later(
    contract: date, payment: date, in_service: date, content: int, credit: int
) -> None:
    """26 USC 30D(h): contract and payment in time; the percentages are those of possession."""
    certified = dict.fromkeys(BOTH, content)
    untainted = {
        "minerals_from_foreign_entity_of_concern": False,
        "components_from_foreign_entity_of_concern": False,
    }
    stated = clean(
        in_service,
        battery={**certified, **untainted},
        contract_date=contract,
        first_payment_date=payment,
    )
    assert dollars(stated) == credit


def test_acquired_in_time_and_delivered_in_2027() -> None:
    """P.L. 119-21 sec. 70502(b): no percentage is left, so nothing can be said."""
    stated = clean(
        date(2027, 1, 1),
        battery={
            **BOTH,
            "minerals_from_foreign_entity_of_concern": False,
            "components_from_foreign_entity_of_concern": False,
        },
        contract_date=date(2025, 9, 30),
        first_payment_date=date(2025, 9, 30),
    )
    result = assess(stated)
    assert (result.verdict, result.missing()) == (UNKNOWN, ())
