"""What is missing of three hundred chains, against a solver of integer programs.

Whether a chain can turn the verdict is put to HiGHS as a program: some of the other chains, whose
values add up to a number in a range. All coefficients are whole and divided by what they have in
common, so that no tolerance decides; what the solver finds is added up again in integers.
"""

import random
from datetime import date
from decimal import Decimal
from math import gcd

import highspy
import pytest

from evcredit import MineralSource, Step, assess, with_facts
from evcredit.examples import demonstration_claim

#: On the day of these claims half of the value must qualify.
DAY = date(2024, 6, 3)


def chosen_between(values, least, most):
    """Whether some of the values add up to a number from `least` to `most`."""
    common = gcd(*values) or 1
    values = [value // common for value in values]
    least, most = max(0, -(-least // common)), min(sum(values), most // common)
    if least > most:
        return False
    solver = highspy.Highs()
    solver.silent()
    solver.setOptionValue("mip_feasibility_tolerance", 1e-9)
    chosen = [solver.addBinary() for _ in values]
    total = solver.qsum(value * each for value, each in zip(values, chosen, strict=True))
    solver.addConstr(total >= least)
    solver.addConstr(total <= most)
    solver.solve()
    status = solver.getModelStatus()
    if status == highspy.HighsModelStatus.kInfeasible:
        return False
    assert status == highspy.HighsModelStatus.kOptimal
    found = sum(
        value
        for value, each in zip(values, solver.getSolution().col_value, strict=True)
        if round(each)
    )
    assert least <= found <= most, "the solver took a near miss for a hit"
    return True


def by_solver(values, known, place):
    """Whether a chain of unknown place matters beside others, and known ones that do not count."""
    total = sum(values) + known
    need = -(-total // 2)
    rest = [value for index, value in enumerate(values) if index != place]
    return chosen_between(rest, need - values[place], need - 1)


@pytest.mark.parametrize(
    ("count", "cents", "asked"),
    [
        (300, (10_000, 5_000_000), 4),
        (300, (200, 202), 6),
        (40, (1_000, 1_000_000), 6),
        (12, (100_000, 1_000_000), 12),
    ],
)
@pytest.mark.parametrize("seed", [1])
def test_what_matters_is_what_the_solver_says(count, cents, asked, seed):
    """Chains of a few cents among large ones, in whole cents; some of them matter and some not."""
    draw = random.Random(seed)
    values = [draw.randrange(*cents) // 2 * 2 for _ in range(count - 2)] + [2, 1]
    known = draw.randrange(*cents)
    chains = [
        MineralSource(
            mineral="nickel",
            value=Decimal(value).scaleb(-2),
            steps=[Step(activity="processing", country=country)],
        )
        for value, country in (*((value, None) for value in values), (known, "Indonesia"))
    ]
    result = assess(
        with_facts(
            demonstration_claim(DAY),
            {
                "vehicle.battery.minerals": chains,
                "vehicle.battery.certified_battery_component_content": 100,
                "vehicle.battery.components_from_foreign_entity_of_concern": False,
            },
        )
    )
    missing = set(result.missing())
    assert result.missing_is_exact
    places = sorted({*draw.sample(range(count), asked - 2), count - 2, count - 1})
    for place in places:
        path = f"vehicle.battery.minerals[{place}].steps[0].country"
        assert (path in missing) is by_solver(values, known, place), place
