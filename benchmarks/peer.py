"""Times policyengine-us on the new clean vehicle credit of many tax units, incomes given.

Run by the Python of an environment that has it; prints a line of JSON. It is needed what
`bench_tables.py` asks evcredit for: eligibility and the amount before the limit by the tax. Once
with the building of the simulation, and then the calculation alone, all that it reads computed.
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


ANSWERS = ("new_clean_vehicle_credit_eligible", "new_clean_vehicle_credit_potential")
#: Of the calculation alone, the best of so many runs counts.
TIMES = 5


def answer(one) -> float:
    found = [one.calculate(name, YEAR) for name in ANSWERS]
    return float(found[-1].sum())


class Took:
    """The seconds that something takes, on the clock and of all processors."""

    def __enter__(self):
        self._from = (time.perf_counter(), time.process_time())
        return self

    def __exit__(self, *_):
        self.wall = time.perf_counter() - self._from[0]
        self.cpu = time.process_time() - self._from[1]


def main() -> None:
    units = int(sys.argv[1])
    answer(simulation(1))  # what is loaded once is not counted
    with Took() as whole:
        one = simulation(units)
        answer(one)
    alone = []
    for _ in range(TIMES):
        for name in ANSWERS:
            one.delete_arrays(name)
        with Took() as took:
            answer(one)
        alone.append(took)
    told = {"units": units, "wall": whole.wall, "cpu": whole.cpu}
    told |= {f"alone_{kind}": min(getattr(t, kind) for t in alone) for kind in ("wall", "cpu")}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
