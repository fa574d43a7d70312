"""How time and memory grow with the size of what is stated, and whether they keep their bounds.

Each row of `CASES` is a kind of claim of any size. A row is run in a process of its own: the facts
are built, the claim is assessed, explained, and requested what is missing. The table shows the
seconds of the processor on one core and the memory beyond that of the imported package. The run
fails if a row exceeds one of its bounds::

    make growth
    python benchmarks/growth.py --row "ring of owners" --size 1000

`tests/test_growth.py` runs every row in small sizes and counts the calls of functions instead,
which are the same on every machine.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from itertools import pairwise
from random import Random
from typing import NamedTuple

from evcredit import (
    Battery,
    Bounds,
    Claim,
    Law,
    MineralSource,
    Purchase,
    Step,
    Taxpayer,
    TaxYear,
    Vehicle,
    assess,
    current_law,
    with_facts,
)
from evcredit.examples import demonstration_claim
from evcredit.facts.ownership import Entity, Holding
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.facts.prior_transfer import PriorTransfer
from evcredit.facts.taxpayer import PriorCredit


class Case(NamedTuple):
    """A kind of claim of any size, and what it may cost.

    Args:
        name: What it is.
        build: From a size to the claim.
        size: The size at which the bounds hold.
        small: A size that takes a moment, for the test.
        power: With what power of the size the number of calls may grow.
        credit: For which credit it is assessed.
        seconds: The bound of seconds, building and all.
        megabytes: The bound of memory.
        law: Under which law it is assessed.
    """

    name: str
    build: Callable[[int], Claim]
    size: int
    small: int
    power: int
    credit: str = "30D"
    seconds: float = 2.0
    megabytes: int = 200
    law: Law = current_law()


# -- graphs of owners ----------------------------------------------------------------------

STATE = Entity.government("State", "China")


def firms(count: int) -> list[str]:
    """Names of that many firms, in order."""
    return [f"Firm {number:05}" for number in range(count)]


def made_by(name: str, entities: list[Entity], holdings: list[Holding]) -> Claim:
    """A claim for a vehicle whose lithium was processed by one of the entities."""
    step = Step(activity="processing", country="South Korea", by=name)
    return with_facts(
        demonstration_claim(date(2025, 6, 3)),
        {
            "vehicle.battery.minerals": (MineralSource(mineral="lithium", value=1, steps=[step]),),
            "vehicle.battery.entities": OwnershipGraph(entities=entities, holdings=holdings),
            "vehicle.battery.certified_critical_mineral_content": 70,
            "vehicle.battery.certified_battery_component_content": 70,
        },
    )


def owned(edges: Iterator[tuple[str, str, object]], names: list[str], last: str) -> Claim:
    """A claim with a graph of Korean firms behind which a state may stand."""
    entities = [STATE, *(Entity.company(name, "South Korea") for name in names)]
    return made_by(last, entities, [Holding.alike(*edge) for edge in edges])


def ring(size: int, percent: object = "40.5") -> Claim:
    """Every firm holds a part of the next, and the last of the first."""
    names = firms(size)
    edges = [(name, names[number - size + 1], percent) for number, name in enumerate(names)]
    return owned(iter([("State", names[0], 20), *edges]), names, names[size // 2])


def ring_of_majorities(size: int) -> Claim:
    """The value with majorities, whose shares have no single answer."""
    return ring(size, 60)


def ring_of_unknown_holdings(size: int) -> Claim:
    """The value with parts of which only bounds are known."""
    return ring(size, Bounds(30, 45))


def dense_circle(size: int) -> Claim:
    """Every firm holds a part of every other."""
    names, random = firms(size), Random(1)
    most = 9500 // size
    parts = [
        (owner, of, Decimal(random.randrange(1, most)).scaleb(-2))
        for owner in names
        for of in names
        if owner != of
    ]
    return owned(iter([("State", names[0], 2), *parts]), names, names[size // 2])


def dense_circle_of_unknown_holdings(size: int) -> Claim:
    """The value with one in ten holdings unknown."""
    names, random = firms(size), Random(1)
    parts = [
        (owner, of, None if random.random() < 0.1 else Decimal(3000 // size).scaleb(-2))
        for owner in names
        for of in names
        if owner != of
    ]
    return owned(iter([("State", names[0], 2), *parts]), names, names[size // 2])


def sparse_circle(size: int) -> Claim:
    """Every firm holds a part of three others, whichever they are."""
    names, random = firms(size), Random(1)
    parts = [
        (owner, of, Decimal(random.randrange(1, 2000)).scaleb(-2))
        for of in names
        for owner in random.sample(names, 3)
        if owner != of
    ]
    return owned(iter([("State", names[0], 20), *parts]), names, names[size // 2])


def lattice(size: int, width: int = 4) -> Claim:
    """Layers of firms, each held by all of the layer before."""
    layers = [[f"Firm {layer:03}.{number}" for number in range(width)] for layer in range(size)]
    edges: list[tuple[str, str, object]] = [("State", name, 30) for name in layers[0]]
    for before, layer in pairwise(layers):
        edges += [(owner, of, 25) for owner in before for of in layer]
    return owned(iter(edges), [name for layer in layers for name in layer], layers[-1][0])


def lattice_without_a_state(size: int) -> Claim:
    """The value with no one behind it who matters, and one unknown holding of a state."""
    claim = lattice(size)
    graph = claim.vehicle.battery.entities
    holdings = [each for each in graph.holdings if each.owner != "State"]
    last = f"Firm {size - 1:03}.0"
    return made_by(last, [*graph.entities], [*holdings[4:], Holding(owner="State", of=last)])


def chain(size: int) -> Claim:
    """Every firm holds nearly all of the next."""
    names = firms(size)
    edges = [("State", names[0], 40), *((o, n, "99.5") for o, n in pairwise(names))]
    return owned(iter(edges), names, names[-1])


def unknown_owners(size: int) -> Claim:
    """Owners of whom neither role nor holding is known."""
    people = [Entity(name=name) for name in firms(size)]
    holdings = [Holding(owner=each.name, of="Maker") for each in people]
    return made_by("Maker", [*people, Entity.company("Maker", "South Korea")], holdings)


def unknown_holdings(size: int) -> Claim:
    """A state may hold any part of many firms, and each of these any part of the maker."""
    names = firms(size)
    edges = [("State", name, None) for name in names] + [(name, "Maker", None) for name in names]
    return owned(iter(edges), [*names, "Maker"], "Maker")


# -- histories -----------------------------------------------------------------------------


def used(**facts: object) -> Claim:
    """A used vehicle of 2024 with some history."""
    year = TaxYear(filing_status="single", modified_adjusted_gross_income=60_000)
    claim = Claim(
        vehicle=Vehicle.road_vehicle(
            model_year=2021,
            gross_vehicle_weight_rating_lb=5_200,
            made_by_qualified_manufacturer=True,
            battery=Battery(capacity_kwh=62, externally_rechargeable=True),
            prior_transfers=(),
        ),
        purchase=Purchase.used_from_dealer(
            placed_in_service=date(2024, 6, 3), sale_price=Decimal(19_500)
        ),
        taxpayer=Taxpayer(
            kind="individual",
            current_year=year,
            prior_year=year,
            dependent_of_another=False,
            prior_credits=(),
        ),
    )
    return with_facts(claim, {path.replace("__", "."): value for path, value in facts.items()})


def unknown_transfers(size: int) -> Claim:
    """A vehicle that changed hands again and again, no one knows when or to whom."""
    return used(vehicle__prior_transfers=tuple(PriorTransfer() for _ in range(size)))


def unknown_credits(size: int) -> Claim:
    """A buyer who had the credit before, on unknown days."""
    return used(taxpayer__prior_credits=tuple(PriorCredit() for _ in range(size)))


#: Shares are multiplied along every chain; no majority counts in full.
MULTIPLIED = current_law().with_readings(indirect_holdings="proportional")

CASES = (
    Case("ring of owners", ring, 500, 20, 1),
    Case("ring of majorities", ring_of_majorities, 500, 20, 1),
    Case("ring of unknown holdings", ring_of_unknown_holdings, 500, 20, 1),
    Case("dense circle of owners", dense_circle, 200, 8, 2),
    Case("dense circle, unknown holdings", dense_circle_of_unknown_holdings, 200, 8, 2),
    Case("sparse circle of owners", sparse_circle, 500, 10, 2),
    Case("lattice of owners, layers of 4", lattice, 30, 5, 1),
    Case("lattice of owners, no state", lattice_without_a_state, 30, 5, 1),
    Case("chain of owners", chain, 3000, 50, 1),
    Case("chain of owners, multiplied", chain, 3000, 50, 1, law=MULTIPLIED),
    Case("ring of majorities, multiplied", ring_of_majorities, 500, 20, 1, law=MULTIPLIED),
    Case("unknown owners", unknown_owners, 60, 10, 1),
    Case("unknown holdings of a state", unknown_holdings, 60, 10, 2),
    Case("unknown transfers", unknown_transfers, 1000, 10, 1, credit="25E", seconds=1.0),
    Case("unknown credited sales", unknown_credits, 1000, 10, 1, credit="25E", seconds=1.0),
)


#: How often a case above its bounds is measured: others on the machine may have slowed it.
RUNS = 3

# -- measuring -----------------------------------------------------------------------------


def run(case: Case, claim: Claim) -> str:
    """Assess a claim, explain the result and ask what is missing; return the explanation."""
    result = assess(claim, law=case.law, credit=case.credit)
    result.missing()
    return result.explain()


def megabytes() -> float:
    """The most memory that this process has had."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / (1024**2 if sys.platform == "darwin" else 1024)


def measured(case: Case, size: int) -> dict[str, float]:
    """Seconds to build and to run a case, and megabytes, in this process."""
    run(case, case.build(1 if case.small > 20 else case.small))  # what is loaded once
    before, start = megabytes(), time.process_time()
    claim = case.build(size)
    built = time.process_time()
    run(case, claim)
    return {
        "build": built - start,
        "run": time.process_time() - built,
        "megabytes": megabytes() - before,
    }


def in_own_process(case: Case, size: int) -> dict[str, float]:
    """The same in a process of its own, whose memory no other case has used."""
    command = [sys.executable, __file__, "--row", case.name, "--size", str(size), "--json"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def seconds(found: dict[str, float]) -> float:
    """The seconds of a measurement, building and all."""
    return found["build"] + found["run"]


def within(case: Case, found: dict[str, float]) -> bool:
    """Whether a measurement keeps the bounds of its case."""
    return seconds(found) <= case.seconds and found["megabytes"] <= case.megabytes


def main() -> int:
    """Print a line for each case; return 1 if one exceeds its bounds."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--row", help="the name of one row")
    parser.add_argument("--size", type=int, help="another size than that of the row")
    parser.add_argument("--json", action="store_true", help="measure in this process")
    asked = parser.parse_args()
    cases = [each for each in CASES if asked.row in (None, each.name)]
    if asked.json:
        print(json.dumps(measured(cases[0], asked.size)))
        return 0
    print(f"{'case':32} {'size':>6} {'build s':>8} {'run s':>7} {'MB':>6}   bounds")
    exceeded = []
    for case in cases:
        size = asked.size or case.size
        found = in_own_process(case, size)
        for _ in range(RUNS - 1):
            if within(case, found):
                break
            again = in_own_process(case, size)
            found = min(found, again, key=seconds)
        bounds = f"{case.seconds:g} s, {case.megabytes} MB"
        if not within(case, found):
            exceeded.append(case.name)
            bounds += "  EXCEEDED"
        print(
            f"{case.name:32} {size:6} {found['build']:8.2f} {found['run']:7.2f} "
            f"{found['megabytes']:6.0f}   {bounds}",
            flush=True,
        )
    if exceeded:
        print(f"above its bounds: {', '.join(exceeded)}")
    return bool(exceeded)


if __name__ == "__main__":
    sys.exit(main())
