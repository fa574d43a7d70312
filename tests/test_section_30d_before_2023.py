"""26 USC 30D(b), (e) and (g) as they stood before P.L. 117-169."""

from datetime import date
from decimal import Decimal

import pytest

from evcredit import Bounds, Verdict, assess, current_law, with_facts
from evcredit.examples import demonstration_claim
from evcredit.law.manufacturers import Manufacturer, Quarter
from evcredit.law.readings import AmountRounding, ManufacturerLimitDay
from evcredit.section_30d.before_2023 import kilowatt_hour_amount, small_vehicle_amount
from evcredit.section_30d.phase_out import phase_out_percent

LAW = current_law()
MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
CAPACITY, MAKER = "vehicle.battery.capacity_kwh", "vehicle.manufacturer"


def early(day="2021-06-03", **facts):
    """The demonstration vehicle in an earlier year; ``__`` represents a point."""
    whole = demonstration_claim(date.fromisoformat(day))
    return with_facts(whole, {path.replace("__", "."): value for path, value in facts.items()})


# -- the amount by capacity ----------------------------------------------------------------


@pytest.mark.parametrize(
    ("capacity", "amount"),
    [
        ("4", 2500),
        ("4.999", 2500),
        ("5", 2917),
        ("5.001", 2917),
        ("5.002", 2918),
        ("7", 3751),
        ("13.8", 6587),
        ("15.989", 7499),
        ("15.99", 7500),
        ("16", 7500),
        ("100", 7500),
    ],
)
def test_amount_by_capacity(capacity, amount):
    """$2,500, and $417 at 5 kWh and for each further one, fractions too, at most $5,000."""
    assert kilowatt_hour_amount(Decimal(capacity)) == amount
    if Decimal(capacity) >= 4:
        assert assess(early(vehicle__battery__capacity_kwh=capacity)).credit.lower == amount


def test_amount_to_the_cent_by_a_reading():
    law = LAW.with_readings(amount_rounding=AmountRounding.CENT)
    assert kilowatt_hour_amount(Decimal("10.8"), law) == Decimal("5335.60")
    assert kilowatt_hour_amount(Decimal("10.8")) == 5336
    result = assess(early(vehicle__battery__capacity_kwh="10.8"), law=law)
    assert str(result.credit) == "5,335.60"


@pytest.mark.parametrize(
    ("capacity", "credit"),
    [
        (None, "0 to 7,500"),
        (Bounds(8, 9), "4,168 to 4,585"),
        (Bounds(3, 9), "0 to 4,585"),
        (Bounds(10, Decimal("Infinity")), "5,002 to 7,500"),
    ],
)
def test_unknown_capacity_leaves_bounds(capacity, credit):
    result = assess(early(vehicle__battery__capacity_kwh=capacity))
    assert str(result.credit) == credit
    assert result.missing() == (CAPACITY,)


def test_bounds_within_one_dollar_matter_to_nobody():
    capacity = Bounds(Decimal("8.0000"), Decimal("8.0001"))
    result = assess(early(vehicle__battery__capacity_kwh=capacity))
    assert (str(result.credit), result.missing()) == ("4,168", ())


def test_the_amount_is_explained():
    text = assess(early(vehicle__battery__capacity_kwh="13.8")).explain()
    for part in (
        "$6,587: amount before any phase-out [26 USC 30D(b) (2021)]",
        "base amount: $2,500 [26 USC 30D(b)(2) (2021)]",
        "battery of 13.8 kWh: $4,086.60;",
    ):
        assert part in text
    unknown = assess(early(vehicle__battery__capacity_kwh=None)).explain()
    assert "$2,500 to $7,500: amount before any phase-out" in unknown


@pytest.mark.parametrize(
    ("day", "capacity", "verdict"),
    [
        ("2022-12-31", "4", MET),
        ("2022-12-31", "3.99", NOT_MET),
        ("2023-01-01", "6.99", NOT_MET),
        ("2023-01-01", "7", MET),
    ],
)
def test_minimum_capacity_rose_with_2023(day, capacity, verdict):
    assert assess(early(day, vehicle__battery__capacity_kwh=capacity)).verdict is verdict


def test_the_first_quarter_of_2023_has_the_old_amount_and_the_new_conditions():
    sedan = {"vehicle__vehicle_class": "other vehicle"}
    assert assess(early("2022-12-31", **sedan)).credit.lower == 7500
    result = assess(early("2023-01-01", **sedan))
    assert [reason.code for reason in result.reasons] == ["msrp_within_limit"]
    none = {
        "vehicle__battery__capacity_kwh": 7,
        "vehicle__battery__certified_critical_mineral_content": 0,
        "vehicle__battery__certified_battery_component_content": 0,
    }
    assert str(assess(early("2023-04-17", **none)).credit) == "3,751"
    assert str(assess(early("2023-04-18", **none)).credit) == "0"


def test_a_fuel_cell_vehicle_of_early_2023_has_the_base_amount():
    facts = {"vehicle__fuel_cell": True, "vehicle__battery__capacity_kwh": "1.2"}
    assert str(assess(early("2023-03-01", **facts)).credit) == "2,500"
    assert assess(early("2022-12-31", **facts)).verdict is NOT_MET


# -- the limit on the number of vehicles -----------------------------------------------------


@pytest.mark.parametrize(
    ("maker", "sold", "credit", "verdict"),
    [
        ("Tesla", "2018-12-31", "7,500", MET),
        ("Tesla", "2019-01-01", "3,750", MET),
        ("Tesla", "2019-08-01", "1,875", MET),
        ("Tesla", "2020-01-01", "0", NOT_MET),
        ("Tesla", "2022-12-31", "0", NOT_MET),
        ("Tesla", "2023-02-01", "7,500", MET),
        ("Ford", "2021-06-03", "7,500", MET),
        ("Lightyear", "2021-06-03", "0 to 7,500", UNKNOWN),
        ("a manufacturer that never sold so many", "2021-06-03", "7,500", MET),
        ("Ford Motor Company", "2021-06-03", "7,500", MET),
        ("FCA US LLC", "2021-06-03", "7,500", MET),
        ("American Honda Motor Co., Inc.", "2021-06-03", "7,500", MET),
        ("GM", "2020-04-01", "0", NOT_MET),
        ("General Motors Company", "2020-04-01", "0", NOT_MET),
        ("Tesla Motors, Inc.", "2020-01-01", "0", NOT_MET),
        ("Toyota Motor Sales, U.S.A., Inc.", "2022-10-01", "3,750", MET),
        ("Lexus", "2022-10-01", "3,750", MET),
        (None, "2021-06-03", "0 to 7,500", UNKNOWN),
        (None, "2012-06-03", "7,500", MET),
        ("Tesal", "2021-06-03", "0 to 7,500", UNKNOWN),
    ],
)
def test_phase_out(maker, sold, credit, verdict):
    """By the manufacturer and the day of sale; a name that may be a misspelling is unknown."""
    result = assess(early(sold, vehicle__manufacturer=maker, vehicle__make=None))
    assert (str(result.credit), result.verdict) == (credit, verdict)
    assert result.missing() == ((MAKER,) if "to" in credit else ())


def test_the_make_stands_for_its_manufacturer():
    assert str(assess(early("2019-05-02", vehicle__make="Chevrolet")).credit) == "3,750"
    both = {"vehicle__make": "Chevrolet", "vehicle__manufacturer": "Ford"}
    assert str(assess(early("2019-05-02", **both)).credit) == "7,500"


def test_a_misspelt_name_is_pointed_out():
    text = assess(early(vehicle__make="Toyata")).explain()
    assert "no manufacturer 'Toyata' is on record; did you mean Toyota?" in text
    strange = " ".join(assess(early(vehicle__make="Lightyear")).explain().split())
    assert "no manufacturer 'Lightyear' is on record, so its history is unknown" in strange
    assert "('a manufacturer that never sold so many' for one that never sold so many)" in strange
    nobody = assess(early(vehicle__make=None)).explain()
    assert "the manufacturer is unknown" in nobody


def test_the_phase_out_is_explained():
    text = assess(early("2019-08-01", vehicle__make="Tesla")).explain()
    assert "25 %: percentage of the credit" in text
    words = " ".join(text.split())
    assert "Tesla sold its 200,000th vehicle in 2018 Q3 (Notice 2018-96); 25 percent of" in words
    ended = assess(early("2020-01-01", vehicle__make="Tesla"))
    assert [reason.code for reason in ended.reasons] == ["manufacturer_limit"]
    assert "0 percent of the credit is left for a vehicle sold on 2020-01-01" in " ".join(
        ended.explain().split()
    )
    other = assess(early("2019-08-01", vehicle__make="Ford")).explain()
    assert "Ford is not on record as having sold 200,000 vehicles before 2023" in other


def beside(result):
    """The warnings, without the one on facts that no rule reads."""
    return tuple(each for each in result.warnings if not each.startswith("stated, but no rule"))


def test_sold_in_2022_and_placed_in_service_in_2023():
    """P.L. 117-169 sec. 13401(k)(5) goes by the sale; the practice by the day in service."""
    late = early("2023-01-03", vehicle__make="Tesla", purchase__sale_date="2022-12-20")
    by_service = LAW.with_readings(manufacturer_limit_day=ManufacturerLimitDay.PLACED_IN_SERVICE)
    assert str(assess(late).credit) == "0"
    assert str(assess(late, law=by_service).credit) == "7,500"
    (warning,) = beside(assess(late))
    assert "sold on 2022-12-20; the practice goes by the day placed in service" in warning
    assert beside(assess(late, law=by_service)) == ()
    assert beside(assess(with_facts(late, {"vehicle.make": "Ford"}))) == ()
    assert beside(assess(early("2020-01-03", vehicle__make="Tesla"))) == ()
    undated = {"purchase.placed_in_service": None, "purchase.sale_date": "2021-12-20"}
    assert beside(assess(with_facts(late, undated))) == ()


def test_an_unknown_day_leaves_every_percentage_open():
    whole = early(vehicle__make="Tesla", purchase__placed_in_service=None)
    result = assess(with_facts(whole, {"purchase.sale_date": "2019-08-01"}))
    assert str(result.credit) == "0 to 1,875"
    assert "purchase.placed_in_service" in result.missing()
    undated = assess(whole)
    assert str(undated.credit) == "0 to 7,500"
    history = next(each for each in undated.finding.walk() if each.code == "manufacturer_history")
    assert history.verdict is UNKNOWN


def test_a_manufacturer_that_never_was_so_large():
    nissan = Manufacturer(name="Nissan", makes=("Nissan",), quarter=Quarter(2020, 4))
    law = LAW.with_manufacturer(nissan)
    leaf = early("2021-06-03", vehicle__make="Nissan")
    assert (str(assess(leaf).credit), str(assess(leaf, law=law).credit)) == ("7,500", "3,750")
    assert "200,000th vehicle of Nissan in 2020 Q4" in law.name
    never = law.with_manufacturer(Manufacturer(name="Tesla", makes=("Tesla",)))
    assert never.name.endswith("200,000th vehicle of Tesla never sold")
    assert str(assess(early(vehicle__make="Tesla"), law=never).credit) == "7,500"


@pytest.mark.parametrize(
    ("quarter", "sold", "percent"),
    [
        (None, "2021-01-01", 100),
        ((2018, 3), "2018-12-31", 100),
        ((2018, 3), "2019-01-01", 50),
        ((2018, 3), "2019-07-01", 25),
        ((2018, 3), "2020-01-01", 0),
        ((2018, 3), "2023-01-01", 100),
    ],
)
def test_phase_out_percent(quarter, sold, percent):
    assert phase_out_percent(quarter, date.fromisoformat(sold)) == percent


# -- vehicles with two or three wheels -------------------------------------------------------


def small(day, wheels=2, **facts):
    """An electric motorcycle or three-wheeler of 3 kWh that cost $14,000."""
    usual = {
        "vehicle__wheels": wheels,
        "vehicle__top_speed_mph": 60,
        "vehicle__battery__capacity_kwh": 3,
        "purchase__cost": 14000,
    }
    return early(day, **{**usual, **facts})


@pytest.mark.parametrize(
    ("day", "wheels", "credit"),
    [
        ("2011-12-31", 2, "0"),
        ("2012-01-01", 2, "1,400"),
        ("2012-01-01", 3, "1,400"),
        ("2013-12-31", 3, "1,400"),
        ("2014-01-01", 2, "0"),
        ("2014-01-01", 3, "0"),
        ("2014-12-31", 2, "0"),
        ("2015-01-01", 2, "1,400"),
        ("2015-01-01", 3, "0"),
        ("2021-12-31", 2, "1,400"),
        ("2022-01-01", 2, "0"),
        ("2013-06-03", 1, "0"),
        ("2013-06-03", 4, "0"),
    ],
)
def test_when_small_vehicles_qualified(day, wheels, credit):
    """26 USC 30D(g)(3)(E) (2021): by the day title passed and the number of wheels."""
    assert str(assess(small(day, wheels)).credit) == credit


def test_title_decides_for_small_vehicles():
    late = small("2022-01-05")
    assert str(assess(late).credit) == "0"
    acquired = with_facts(late, {"purchase.title_date": "2021-12-30"})
    assert str(assess(acquired).credit) == "1,400"


@pytest.mark.parametrize(
    ("facts", "credit"),
    [
        ({"purchase__cost": 25000}, "2,500"),
        ({"purchase__cost": "24999.99"}, "2,500.00"),
        ({"purchase__cost": "13995.55"}, "1,399.56"),
        ({"purchase__cost": None}, "0 to 2,500"),
        ({"purchase__cost": Bounds(10000, 20000)}, "1,000 to 2,000"),
        ({"vehicle__top_speed_mph": 45}, "1,400"),
        ({"vehicle__top_speed_mph": 44}, "0"),
        ({"vehicle__battery__capacity_kwh": "2.5"}, "1,400"),
        ({"vehicle__battery__capacity_kwh": "2.49"}, "0"),
        ({"vehicle__made_for_public_roads": False}, "0"),
        ({"vehicle__clean_air_act_motor_vehicle": False}, "1,400"),
        ({"vehicle__wheels": Bounds(2, 3)}, "1,400"),
        # Four wheels would need 4 kWh; the bounds of the amount do not see that.
        ({"vehicle__wheels": Bounds(3, 4)}, "0 to 2,500"),
    ],
)
def test_small_vehicles(facts, credit):
    result = assess(small("2013-06-03", **facts))
    lower, _, upper = credit.replace(",", "").partition(" to ")
    assert Decimal(str(result.credit.lower)) == Decimal(lower)
    assert Decimal(str(result.credit.upper)) == Decimal(upper or lower)


def test_unknown_wheels_leave_both_amounts_open():
    whole = small("2013-06-03", None, vehicle__battery__capacity_kwh=10)
    result = assess(whole)
    assert str(result.credit) == "0 to 5,002"
    assert result.missing() == ("vehicle.wheels",)
    assert "10 percent of the cost, at most $2,500" in result.explain()


def test_the_paragraph_on_small_vehicles_ended_with_2022():
    """A fuel cell vehicle of 2023 has its amount by capacity, however few its wheels."""
    facts = {"vehicle__fuel_cell": True, "vehicle__wheels": 3, "purchase__cost": 20000}
    claim = early("2023-03-01", purchase__title_date="2021-12-31", **facts)
    assert str(assess(claim).credit) == "7,500"


def test_an_unknown_cost_is_asked_for():
    assert assess(small("2013-06-03", purchase__cost=None)).missing() == ("purchase.cost",)


def test_the_cost_of_a_small_vehicle_is_what_is_missing():
    """Its capacity is known to be enough, or may be; it never affects the amount."""
    result = assess(small("2013-06-03", purchase__cost=None))
    assert result.missing() == ("purchase.cost",)
    whole = small("2013-06-03", purchase__cost=None, vehicle__battery__capacity_kwh=None)
    assert set(assess(whole).missing()) == {"purchase.cost", CAPACITY}
    known = with_facts(whole, {"purchase.cost": 14000})
    assert assess(known).missing() == (CAPACITY,)
    assert str(assess(known).credit) == "0 to 1,400"


def test_small_vehicle_amount():
    assert small_vehicle_amount(Decimal(13995)) == Decimal("1399.50")
    assert small_vehicle_amount(Decimal("0.05")) == Decimal("0.01")
    assert small_vehicle_amount(Decimal("25000.01")) == 2500
