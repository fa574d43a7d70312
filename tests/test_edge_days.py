"""Every dated boundary on the day before and on the day: a literal table to read and review."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from tests.strategies import known_claim

from evcredit import OutsideCoverage, assess, current_law, examples, with_facts
from evcredit.algebra.schedule import NoProvision, Table
from evcredit.law.incremental_cost import ModeledVehicle
from evcredit.law.law import schedule_names

#: Not covered, and covered but without a value.
NOTHING, STRUCK = "nothing", "struck"
A_DAY = timedelta(days=1)

PRICE_LIMITS = {
    "van": 80_000,
    "sport utility vehicle": 80_000,
    "pickup truck": 80_000,
    "other vehicle": 55_000,
}
INCOME_THRESHOLDS = {
    "single": 150_000,
    "married filing separately": 150_000,
    "head of household": 225_000,
    "married filing jointly": 300_000,
    "qualifying surviving spouse": 300_000,
    "estate or trust": 150_000,
}

# By the calendar quarters after that of the 200,000th vehicle.
#: Half of what they are for new vehicles.
USED_VEHICLE_INCOME_THRESHOLDS = {
    "single": 75_000,
    "married filing separately": 75_000,
    "head of household": 112_500,
    "married filing jointly": 150_000,
    "qualifying surviving spouse": 150_000,
    "estate or trust": 75_000,
}

PHASE_OUT = {0: 100, 2: 50, 4: 25, 6: 0}
COVERED = ("CN", "IR", "KP", "RU")
UNTRACEABLE = (
    "graphite in anode material",
    "electrolyte salt",
    "electrode binder",
    "electrolyte additive",
)

LIGHT, COMPACT, *HEAVY = (each.value for each in ModeledVehicle)
REPORTED = "class 8 with a day or sleeper cab, battery electric"
REPORTED_HYBRID = "class 8 with a day or sleeper cab, plug-in hybrid"
NOT_HELD = dict.fromkeys((LIGHT, COMPACT, *HEAVY), STRUCK)
COSTS_2023 = {**NOT_HELD, LIGHT: 7_500, COMPACT: 7_000, REPORTED: 297_000, REPORTED_HYBRID: 164_000}
COSTS_2024 = {**NOT_HELD, LIGHT: 7_500, COMPACT: 7_000}
COSTS_2025 = {**NOT_HELD, LIGHT: 7_500}
RESIDUAL = {
    "passenger car below 14,000 pounds": (
        (70, 60, 55, 50, 40, 40, 35, 30, 25, 25, 20, 20, 15, 15, 10)
    ),
    "van, sport utility vehicle or pickup truck below 14,000 pounds": (
        (75, 70, 60, 55, 45, 40, 35, 35, 30, 25, 25, 20, 20, 15, 15)
    ),
    "class 4 to 5": (95, 85, 80, 75, 70, 65, 60, 55, 50, 45, 45, 40, 40, 35, 35),
    "class 6": (90, 80, 70, 60, 55, 45, 40, 35, 35, 30, 25, 25, 20, 20, 15),
    "class 7 to 8 without a tractor cab": (
        (95, 85, 80, 70, 65, 60, 55, 50, 45, 45, 40, 35, 35, 30, 30)
    ),
    "class 8 with a day or sleeper cab": (
        (85, 75, 60, 55, 45, 40, 35, 30, 25, 25, 20, 20, 15, 15, 15)
    ),
}

# Schedule: for each boundary, the value on the day before and on the day.
# fmt: off
SCHEDULES: dict[str, dict[str, tuple[Any, Any]]] = {
    "gross_vehicle_weight_limit_lb": {"2010-01-01": (NOTHING, 14_000)},
    "minimum_wheels": {"2010-01-01": (NOTHING, 4)},
    "minimum_battery_capacity_kwh": {
        "2010-01-01": (NOTHING, 4),
        "2023-01-01": (4, 7),
    },
    "msrp_limit": {"2023-01-01": (NOTHING, PRICE_LIMITS)},
    "magi_limit": {"2023-01-01": (NOTHING, INCOME_THRESHOLDS)},
    "critical_minerals_percentage": {
        "2023-04-18": (NOTHING, 40),
        "2024-01-01": (40, 50),
        "2025-01-01": (50, 60),
        "2026-01-01": (60, 70),
        "2027-01-01": (70, STRUCK),
    },
    "battery_components_percentage": {
        "2023-04-18": (NOTHING, 50),
        "2024-01-01": (50, 60),
        "2026-01-01": (60, 70),
        "2027-01-01": (70, STRUCK),
    },
    "critical_minerals_amount": {"2023-04-18": (NOTHING, 3_750)},
    "battery_components_amount": {"2023-04-18": (NOTHING, 3_750)},
    "value_added_test_in_force": {
        "2010-01-01": (NOTHING, False),
        "2023-04-18": (False, True),
    },
    "value_added_threshold_percent": {"2023-04-18": (NOTHING, 50)},
    "traced_value_test_in_force": {
        "2010-01-01": (NOTHING, False),
        "2023-04-18": (False, True),
    },
    "components_exclusion_in_force": {
        "2010-01-01": (NOTHING, False),
        "2024-01-01": (False, True),
    },
    "minerals_exclusion_in_force": {
        "2010-01-01": (NOTHING, False),
        "2025-01-01": (False, True),
    },
    "acquisition_deadline_in_force": {"2010-01-01": (NOTHING, True)},
    "acquisition_deadline": {"2010-01-01": (NOTHING, date(2025, 9, 30))},
    "service_deadline_in_force": {"2010-01-01": (NOTHING, False)},
    "service_deadline": {},
    "sourcing_in_force": {
        "2010-01-01": (NOTHING, False),
        "2023-04-18": (False, True),
    },
    "capacity_amount_in_force": {
        "2010-01-01": (NOTHING, True),
        "2023-04-18": (True, False),
    },
    "base_amount": {
        "2010-01-01": (NOTHING, 2_500),
        "2023-04-18": (2_500, NOTHING),
    },
    "capacity_amount_from_kwh": {
        "2010-01-01": (NOTHING, 5),
        "2023-04-18": (5, NOTHING),
    },
    "capacity_amount_per_kwh": {
        "2010-01-01": (NOTHING, 417),
        "2023-04-18": (417, NOTHING),
    },
    "capacity_amount_limit": {
        "2010-01-01": (NOTHING, 5_000),
        "2023-04-18": (5_000, NOTHING),
    },
    "clean_vehicle_rules_in_force": {
        "2010-01-01": (NOTHING, False),
        "2023-01-01": (False, True),
    },
    "seller_report_acceptance_in_force": {
        "2010-01-01": (NOTHING, False),
        "2024-01-01": (False, True),
    },
    "seller_report_filing_days": {
        "2023-01-01": (NOTHING, STRUCK),
        "2024-01-01": (STRUCK, 3),
    },
    "seller_report_last_filing": {
        "2023-01-01": (NOTHING, date(2024, 2, 15)),
        "2024-01-01": (date(2024, 2, 15), STRUCK),
    },
    "seller_report_copy_days": {
        "2023-01-01": (NOTHING, 0),
        "2024-01-01": (0, 3),
    },
    "final_assembly_in_force": {
        "2010-01-01": (NOTHING, False),
        "2022-08-17": (False, True),
    },
    "manufacturer_limit_in_force": {
        "2010-01-01": (NOTHING, True),
        "2023-01-01": (True, False),
    },
    "manufacturer_limit_vehicles": {
        "2010-01-01": (NOTHING, 200_000),
        "2023-01-01": (200_000, NOTHING),
    },
    "phase_out_percentage": {
        "2010-01-01": (NOTHING, PHASE_OUT),
        "2023-01-01": (PHASE_OUT, {0: 100}),
    },
    "election_first_contract": {"2010-01-01": (NOTHING, date(2022, 1, 1))},
    "election_last_contract": {"2010-01-01": (NOTHING, date(2022, 8, 15))},
    "election_treated_as": {"2010-01-01": (NOTHING, date(2022, 8, 15))},
    "election_last_in_service": {"2010-01-01": (NOTHING, date(2022, 12, 31))},
    "three_wheels_in_force": {
        "2010-01-01": (NOTHING, False),
        "2012-01-01": (False, True),
        "2014-01-01": (True, False),
    },
    "two_wheels_in_force": {
        "2010-01-01": (NOTHING, False),
        "2012-01-01": (False, True),
        "2014-01-01": (True, False),
        "2015-01-01": (False, True),
        "2022-01-01": (True, False),
    },
    "small_vehicle_percent": {
        "2010-01-01": (NOTHING, 10),
        "2023-04-18": (10, NOTHING),
    },
    "small_vehicle_limit": {
        "2010-01-01": (NOTHING, 2_500),
        "2023-04-18": (2_500, NOTHING),
    },
    "small_vehicle_capacity_kwh": {"2010-01-01": (NOTHING, Decimal("2.5"))},
    "small_vehicle_speed_mph": {"2010-01-01": (NOTHING, 45)},
    "small_vehicles_in_force": {
        "2010-01-01": (NOTHING, True),
        "2023-01-01": (True, False),
    },
    "tax_exempt_seller_rule_in_force": {
        "2010-01-01": (NOTHING, True),
        "2024-01-01": (True, False),
    },
    "return_or_resale_rule_in_force": {
        "2010-01-01": (NOTHING, False),
        "2023-01-01": (False, True),
    },
    "return_or_resale_days": {"2010-01-01": (NOTHING, 30)},
    "whole_business_credit_percent": {"2010-01-01": (NOTHING, 50)},
    "transfer_in_force": {
        "2010-01-01": (NOTHING, False),
        "2024-01-01": (False, True),
    },
    "transfer_elections_per_year": {"2010-01-01": (NOTHING, 2)},
    "excessive_payment_addition_percent": {"2010-01-01": (NOTHING, 20)},
    "covered_nations": {"2010-01-01": (NOTHING, COVERED)},
    "foreign_entity_threshold_percent": {"2010-01-01": (NOTHING, 25)},
    "majority_holding_percent": {"2010-01-01": (NOTHING, 50)},
    "impracticable_to_trace_materials": {
        "2010-01-01": (NOTHING, UNTRACEABLE),
        "2027-01-01": (UNTRACEABLE, ()),
    },
    "used_vehicle_percent": {"2023-01-01": (NOTHING, 30)},
    "used_vehicle_amount_limit": {"2023-01-01": (NOTHING, 4_000)},
    "used_vehicle_price_limit": {"2023-01-01": (NOTHING, 25_000)},
    "used_vehicle_income_threshold": {"2023-01-01": (NOTHING, USED_VEHICLE_INCOME_THRESHOLDS)},
    "used_vehicle_age_years": {"2023-01-01": (NOTHING, 2)},
    "used_vehicle_first_acquisition": {"2023-01-01": (NOTHING, date(2023, 1, 1))},
    "used_vehicle_last_acquisition": {"2023-01-01": (NOTHING, date(2025, 9, 30))},
    "used_vehicle_transfers_count_from": {"2023-01-01": (NOTHING, date(2022, 8, 16))},
    "used_vehicle_years_between_credits": {"2023-01-01": (NOTHING, 3)},
    "used_transfer_first_acquisition": {"2023-01-01": (NOTHING, date(2024, 1, 1))},
    "commercial_first_acquisition": {"2023-01-01": (NOTHING, date(2023, 1, 1))},
    "commercial_acquisition_deadline": {"2023-01-01": (NOTHING, date(2025, 9, 30))},
    "commercial_weight_division_lb": {"2023-01-01": (NOTHING, 14_000)},
    "commercial_capacity_kwh": {"2023-01-01": (NOTHING, 15)},
    "commercial_light_capacity_kwh": {"2023-01-01": (NOTHING, 7)},
    "commercial_percent": {"2023-01-01": (NOTHING, 30)},
    "commercial_percent_with_engine": {"2023-01-01": (NOTHING, 15)},
    "commercial_light_limit": {"2023-01-01": (NOTHING, 7_500)},
    "commercial_heavy_limit": {"2023-01-01": (NOTHING, 40_000)},
    "modeled_incremental_cost": {
        "2023-01-01": (NOTHING, COSTS_2023),
        "2024-01-01": (COSTS_2023, COSTS_2024),
        "2025-01-01": (COSTS_2024, COSTS_2025),
    },
    "residual_value_percent": {"2023-01-01": (NOTHING, RESIDUAL)},
    "class_5_weight_lb": {"2023-01-01": (NOTHING, 19_500)},
    "class_6_weight_lb": {"2023-01-01": (NOTHING, 26_000)},
    "class_7_weight_lb": {"2023-01-01": (NOTHING, 33_000)},
}

# Day: who comes onto the list of countries that day, and how many are on it then.
AGREEMENTS: dict[str, tuple[str, int]] = {
    "1985-09-01": ("IL", 1),
    "1989-01-01": ("CA", 2),
    "1994-01-01": ("MX", 3),  # NAFTA takes over Canada without a gap
    "2001-12-17": ("JO", 4),
    "2004-01-01": ("CL SG", 6),
    "2005-01-01": ("AU", 7),
    "2006-01-01": ("MA", 8),
    "2006-03-01": ("SV", 9),
    "2006-04-01": ("HN NI", 11),
    "2006-07-01": ("GT", 12),
    "2006-08-01": ("BH", 13),
    "2007-03-01": ("DO", 14),
    "2009-01-01": ("CR OM", 16),
    "2009-02-01": ("PE", 17),
    "2012-03-15": ("KR", 18),
    "2012-05-15": ("CO", 19),
    "2012-10-31": ("PA", 20),
    "2020-07-01": ("", 20),  # USMCA takes over both without a gap
    "2023-03-28": ("JP", 21),
}

# What was known: a day on which texts changed, and by schedule the value for a later day as it
# was known the day before and on the day.
KNOWLEDGE: dict[str, dict[str, tuple[str, Any, Any]]] = {
    "2023-10-06": {
        "return_or_resale_rule_in_force": ("2023-06-01", False, True),
        "return_or_resale_days": ("2023-06-01", NOTHING, 30),
        "transfer_elections_per_year": ("2024-06-03", NOTHING, 2),
        "seller_report_acceptance_in_force": ("2024-06-03", False, True),
        "seller_report_filing_days": ("2024-06-03", NOTHING, 3),
        "seller_report_last_filing": ("2024-06-03", NOTHING, STRUCK),
        "seller_report_copy_days": ("2024-06-03", NOTHING, 3),
    },
    "2023-12-04": {
        "foreign_entity_threshold_percent": ("2024-06-03", STRUCK, 25),
        "majority_holding_percent": ("2024-06-03", STRUCK, 50),
    },
    "2023-12-20": {
        "modeled_incremental_cost": ("2024-06-03", NOT_HELD, COSTS_2024),
    },
    "2024-02-15": {
        "seller_report_last_filing": ("2023-06-03", date(2024, 1, 15), date(2024, 2, 15)),
    },
    "2024-05-06": {
        "traced_value_test_in_force": ("2024-06-03", False, True),
        "whole_business_credit_percent": ("2024-06-03", NOTHING, 50),
        "foreign_entity_threshold_percent": ("2024-06-03", 25, 25),
        "majority_holding_percent": ("2024-06-03", 50, 50),
        "impracticable_to_trace_materials": ("2024-06-03", (), UNTRACEABLE),
    },
    "2024-12-23": {
        "covered_nations": ("2024-06-03", COVERED, COVERED),
    },
    "2025-01-15": {
        "modeled_incremental_cost": ("2025-06-03", NOT_HELD, COSTS_2025),
        "residual_value_percent": ("2025-06-03", dict.fromkeys(RESIDUAL, STRUCK), RESIDUAL),
    },
    "2025-07-04": {
        "critical_minerals_percentage": ("2027-01-01", 80, STRUCK),
        "battery_components_percentage": ("2028-01-01", 90, STRUCK),
        "acquisition_deadline_in_force": ("2025-10-01", False, True),
        "acquisition_deadline": ("2025-10-01", NOTHING, date(2025, 9, 30)),
        "service_deadline_in_force": ("2025-10-01", True, False),
        "service_deadline": ("2025-10-01", date(2032, 12, 31), NOTHING),
        "used_vehicle_last_acquisition": ("2025-10-01", date(2032, 12, 31), date(2025, 9, 30)),
        "commercial_acquisition_deadline": ("2025-10-01", date(2032, 12, 31), date(2025, 9, 30)),
    },
}

# Day placed in service: verdict and credit of the demonstration claim as it is (nothing said of
# foreign entities of concern, but some minerals refined in China); with none; with one component
# by one; with one step by one; and with none, but acquired only on that day.
NO_LAW = "no law held"
FULL, HALF, NONE = "met 7,500", "met 3,750", "not met 0"
OPEN = "unknown 0 to 7,500"
RESULTS: dict[str, tuple[str, str, str, str, str]] = {
    #              as it is   clean   component  mineral step  acquired that day
    "2009-12-31": (NO_LAW, NO_LAW, NO_LAW, NO_LAW, NO_LAW),
    "2010-01-01": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2011-12-31": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2012-01-01": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2012-03-14": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2012-03-15": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2012-05-14": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2012-05-15": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2012-10-30": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2012-10-31": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2013-12-31": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2014-01-01": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2014-12-31": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2015-01-01": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2020-06-30": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2020-07-01": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2021-12-31": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2022-01-01": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2022-08-16": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2022-08-17": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2022-12-31": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2023-01-01": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2023-03-27": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2023-03-28": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2023-04-17": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2023-04-18": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2023-12-31": (FULL,   FULL,   FULL,   FULL,   FULL),
    "2024-01-01": (FULL,   FULL,   NONE,   FULL,   FULL),
    "2024-12-31": (FULL,   FULL,   NONE,   FULL,   FULL),
    "2025-01-01": (NONE,   FULL,   NONE,   NONE,   FULL),
    "2025-09-30": (NONE,   FULL,   NONE,   NONE,   FULL),
    "2025-10-01": (NONE,   FULL,   NONE,   NONE,   NONE),
    "2025-12-31": (NONE,   FULL,   NONE,   NONE,   NONE),
    "2026-01-01": (NONE,   HALF,   NONE,   NONE,   NONE),
    "2026-12-31": (NONE,   HALF,   NONE,   NONE,   NONE),
    "2027-01-01": (NONE,   OPEN,   NONE,   NONE,   NONE),
}
# fmt: on


def plain(schedule: Any, day: date) -> Any:
    """The value of a schedule on a day, as the table writes it."""
    if not schedule.covers(day):
        return NOTHING
    value = schedule.on(day)
    if isinstance(value, NoProvision):
        return STRUCK
    if isinstance(value, Table):
        return {
            getattr(key, "value", key): STRUCK
            if isinstance(value[key], NoProvision)
            else value[key]
            for key in value.categories()
        }
    return value


# -- schedules -----------------------------------------------------------------------------


def test_the_table_has_every_schedule_and_every_boundary() -> None:
    """No schedule and no boundary day of the law is missing in the table, and none is too many."""
    law = current_law()
    boundaries = {
        name: [str(day) for day in getattr(law, name).boundaries()] for name in schedule_names()
    }
    assert boundaries == {name: list(rows) for name, rows in SCHEDULES.items()}


@pytest.mark.parametrize(
    ("name", "day"), [(name, day) for name, rows in SCHEDULES.items() for day in rows]
)
def test_schedule_on_both_sides_of_its_boundary(name: str, day: str) -> None:
    """The value on the day before and on the day are those of the table."""
    schedule = getattr(current_law(), name)
    on = date.fromisoformat(day)
    assert (plain(schedule, on - A_DAY), plain(schedule, on)) == SCHEDULES[name][day]


@pytest.mark.parametrize("name", SCHEDULES)
def test_nothing_changes_between_the_boundaries(name: str) -> None:
    """From one boundary to the next, and long after the last, a schedule keeps its value."""
    schedule = getattr(current_law(), name)
    days = [date.fromisoformat(day) for day in SCHEDULES[name]]
    for start, end in pairwise([*days, date(2060, 1, 1)]):
        middle = start + (end - start) // 2
        assert plain(schedule, start) == plain(schedule, middle) == plain(schedule, end - A_DAY)


# -- agreements ----------------------------------------------------------------------------


def test_the_table_has_every_day_of_the_agreements() -> None:
    """No day on which an agreement begins or ends for a partner is missing in the table."""
    assert [str(day) for day in current_law().agreements.boundaries()] == list(AGREEMENTS)


@pytest.mark.parametrize("day", AGREEMENTS)
def test_list_of_countries_on_both_sides(day: str) -> None:
    """Who joins on the day was not on the list the day before, and no one leaves it."""
    agreements, on = current_law().agreements, date.fromisoformat(day)
    before, after = set(agreements.countries_on(on - A_DAY)), set(agreements.countries_on(on))
    joining, count = AGREEMENTS[day]
    assert after - before == set(joining.split())
    assert before - after == set()
    assert len(after) == count


def test_the_list_when_the_sourcing_rules_began() -> None:
    """Twenty comprehensive agreements' partners and Japan, by name."""
    listed = "AU BH CA CL CO CR DO GT HN IL JO JP KR MA MX NI OM PA PE SG SV"
    for day in (date(2023, 4, 18), date(2027, 6, 30)):
        assert current_law().agreements.countries_on(day) == tuple(listed.split())


# -- knowledge -----------------------------------------------------------------------------


def test_the_table_has_every_day_on_which_texts_changed() -> None:
    """No day since the guidance of April 2023 on which an entry was made or struck is missing."""
    law = current_law()
    days = {
        day
        for name in schedule_names()
        for entry in getattr(law, name).entries
        for day in (entry.known_from, entry.known_until)
        if day is not None and day > date(2023, 4, 17)
    }
    assert sorted(map(str, days)) == list(KNOWLEDGE)


@pytest.mark.parametrize(
    ("day", "name"), [(day, name) for day, rows in KNOWLEDGE.items() for name in schedule_names()]
)
def test_schedule_as_known_on_both_sides(day: str, name: str) -> None:
    """A text stands from the day it was enacted, and what it replaced until the day before."""
    on = date.fromisoformat(day)
    earlier = getattr(current_law().known_on(on - A_DAY), name)
    later = getattr(current_law().known_on(on), name)
    if name in KNOWLEDGE[day]:
        about, before, after = KNOWLEDGE[day][name]
        asked = date.fromisoformat(about)
        assert (plain(earlier, asked), plain(later, asked)) == (before, after)
    else:
        assert earlier.standing == later.standing


# -- claims --------------------------------------------------------------------------------

STEP = "vehicle.battery.minerals[2].steps[0].foreign_entity_of_concern"
PART = "vehicle.battery.components[0].contains[0].contains[0].foreign_entity_of_concern"


def variants(day: date) -> tuple[Any, ...]:
    clean = known_claim(day)
    return (
        examples.demonstration_claim(day),
        clean,
        with_facts(clean, {PART: True}),
        with_facts(clean, {STEP: True}),
        with_facts(clean, {"purchase.contract_date": day, "purchase.first_payment_date": day}),
    )


def test_the_table_of_results_has_both_sides_of_every_boundary() -> None:
    """The day before and the day of every boundary the section has, the last day to acquire too."""
    law = current_law()
    days = {day for name in schedule_names() for day in getattr(law, name).boundaries()}
    days.add(law.acquisition_deadline.on(date(2025, 9, 30)) + A_DAY)
    days |= {day for day in law.agreements.boundaries() if day > min(days)}
    assert sorted(str(day) for edge in days for day in (edge - A_DAY, edge)) == list(RESULTS)


@pytest.mark.parametrize("day", RESULTS)
def test_results_on_both_sides(day: str) -> None:
    """Verdict and credit of each variant are those of the table."""
    found = []
    for claim in variants(date.fromisoformat(day)):
        try:
            result = assess(claim)
        except OutsideCoverage:
            found.append(NO_LAW)
        else:
            found.append(f"{result.verdict.value} {result.credit}")
    assert tuple(found) == RESULTS[day]
