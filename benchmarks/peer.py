"""Times policyengine-us on the new clean vehicle credit of many tax units, incomes given.

Run by the Python of an environment that has it; prints a line of JSON. It is needed what
`bench_tables.py` asks evcredit for: eligibility and the amount before the limit by the tax.
"""

import json
import sys
import time

YEAR = "2024"


def simulation(units: int):
    from policyengine_us import Simulation

    incomes = {"name": "adjusted_gross_income", "min": 20_000, "max": 400_000, "period": YEAR}
    unit = {
        "members": ["person"],
        "adjusted_gross_income": {YEAR: 100_000},
        "agi_plus_section_911_931_933_exclusions": {YEAR: 100_000},
        "clean_vehicle_credit_prior_year_magi": {YEAR: 100_000},
        "purchased_qualifying_new_clean_vehicle": {YEAR: True},
        "new_clean_vehicle_msrp": {YEAR: 50_000},
        "new_clean_vehicle_battery_capacity": {YEAR: 75},
        "new_clean_vehicle_classification": {YEAR: "SUV"},
        "new_clean_vehicle_battery_components_made_in_north_america": {YEAR: 0.65},
        "new_clean_vehicle_battery_critical_minerals_extracted_in_trading_partner_country": {
            YEAR: 0.55
        },
    }
    situation = {
        "people": {"person": {"age": {YEAR: 40}}},
        "tax_units": {"unit": unit},
        "households": {"household": {"members": ["person"], "state_name": {YEAR: "TX"}}},
    }
    if units > 1:
        incomes["name"] = "agi_plus_section_911_931_933_exclusions"
        situation["axes"] = [[{**incomes, "count": units}]]
    return Simulation(situation=situation)


def answer(units: int) -> float:
    one = simulation(units)
    one.calculate("new_clean_vehicle_credit_eligible", YEAR)
    return float(one.calculate("new_clean_vehicle_credit_potential", YEAR).sum())


def main() -> None:
    units = int(sys.argv[1])
    answer(1)  # what is loaded once is not counted
    wall, cpu = time.perf_counter(), time.process_time()
    answer(units)
    told = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps({"units": units, **told}))


if __name__ == "__main__":
    main()
