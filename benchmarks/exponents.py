"""With what power of its size the time of each public call grows; above 1.3 the run fails.

Each row is a call on something of any size. It is measured at 1, 10 and 100 times a small size, in
seconds of the processor, the minimum of a few runs. The exponent is that of the last step,
from 10 to 100 times, where what every call costs weighs least::

    make growth
    python benchmarks/exponents.py --row "missing, unknown chains"
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from typing import Any, NamedTuple

import polars as pl

from evcredit import (
    BatteryComponent,
    BuyNew,
    MineralSource,
    Step,
    Verdict,
    assess,
    compare,
    current_law,
    options,
    with_facts,
)
from evcredit.examples import demonstration_battery, demonstration_claim
from evcredit.facts import Pool, PoolMember
from evcredit.facts.ownership import Entity, Holding
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.facts.place import as_country
from evcredit.io.claims import claim_from_json, claim_to_json
from evcredit.section_30d.sourcing.pools import pool_mineral_content
from evcredit.tables import assess_frame

#: The most by which time may grow: a little above in proportion.
POWER = 1.3
#: Up to so many seconds a measurement is repeated.
SECONDS = 0.4
_DAY = date(2024, 6, 3)


class Row(NamedTuple):
    """A public call on something of any size.

    Args:
        name: What is called, on what.
        build: From a size to what it is called with.
        call: The call.
        size: The smallest size; ten and a hundred times as much are measured too.
    """

    name: str
    build: Callable[[int], Any]
    call: Callable[[Any], Any]
    size: int = 3


def chains(size: int, *, known: bool = False) -> Any:
    """A claim with so many chains, of unknown place or not, all of different values."""
    sources = tuple(
        MineralSource(
            mineral="nickel",
            value=100 + number,
            steps=[
                Step(
                    activity="processing",
                    country=("US", "ID")[number % 2] if known else None,
                    foreign_entity_of_concern=False,
                )
            ],
        )
        for number in range(size)
    )
    return with_facts(demonstration_claim(_DAY), {"vehicle.battery.minerals": sources})


def known_chains(size: int) -> Any:
    """The same, all known."""
    return chains(size, known=True)


def components(size: int) -> Any:
    """A claim with a module of so many cells of unknown place."""
    cells = tuple(
        BatteryComponent(
            kind="battery cell",
            value=10 + number,
            contains=(),
            foreign_entity_of_concern=False,
        )
        for number in range(size)
    )
    module = BatteryComponent(
        kind="battery module",
        value=sum(10 + number for number in range(size)) + 5,
        made_in="US",
        contains=cells,
        foreign_entity_of_concern=False,
    )
    return with_facts(demonstration_claim(_DAY), {"vehicle.battery.components": (module,)})


def owners(size: int) -> Any:
    """A claim with a maker behind whom there are so many owners, one behind the other."""
    names = [f"Firm {number:05}" for number in range(size)]
    entities = [Entity.government("State", "China")]
    entities += [Entity.company(name, "South Korea") for name in names]
    holdings = [Holding.alike("State", names[0], 40)]
    holdings += [Holding.alike(owner, of, "99.5") for owner, of in pairwise(names)]
    step = Step(activity="processing", country="Japan", by=names[-1])
    source = MineralSource(mineral="nickel", value=100, steps=[step])
    return with_facts(
        demonstration_claim(date(2025, 3, 1)),
        {
            "vehicle.battery.minerals": (source,),
            "vehicle.battery.entities": OwnershipGraph(entities=entities, holdings=holdings),
        },
    )


def members(size: int) -> Any:
    """A pool of so many members."""
    each = PoolMember(
        battery=demonstration_battery(), vehicles=12, placed_in_service="2024-06-03", plant="One"
    )
    return Pool.of_month(2024, 6, by="plant", members=[each] * size)


def names(size: int) -> list[str]:
    """So many names of places, with blanks about them that differ."""
    places = ("Japan", "United States", "Korea, South", "Chile", "CN")
    return [f"{places[number % 5]}{' ' * (number // 5 % 3)}" for number in range(size)]


def table(size: int) -> Any:
    """So many rows of vehicles."""
    return pl.DataFrame(
        {
            "purchase_placed_in_service": [_DAY] * size,
            "vehicle_msrp_cents": [100 * (40_000 + number % 50_000) for number in range(size)],
        }
    )


def offers(size: int) -> Any:
    """A person, and so many offers."""
    claim = demonstration_claim(_DAY)
    each = [
        BuyNew(name=f"offer {number}", vehicle=claim.vehicle, purchase=claim.purchase)
        for number in range(size)
    ]
    return claim.taxpayer, each


def _walk(claim: Any) -> None:
    for finding in assess(claim).finding.walk():
        str(finding.note)


def _settle(claim: Any) -> None:
    result = assess(claim)
    result.settling(Verdict.MET)
    result.settling(Verdict.NOT_MET)


def _compare(claim: Any) -> str:
    found = compare(claim, current_law(), current_law().without_agreement("JPCMA"))
    return found.explain()


def _content_of_pool(pool: Pool) -> Any:
    return pool_mineral_content(pool, current_law())


def _assess_frame(frame: Any) -> Any:
    return assess_frame(frame, assume=demonstration_claim(_DAY), unknown=True)


ROWS = (
    Row("build, chains", lambda size: size, chains),
    Row("assess, chains", known_chains, _walk),
    Row("missing, unknown chains", chains, lambda claim: assess(claim).missing()),
    Row("explain, chains", known_chains, lambda claim: assess(claim).explain()),
    Row("explain, unknown chains", chains, lambda claim: assess(claim).explain()),
    Row("to_dict, chains", known_chains, lambda claim: assess(claim).to_dict()),
    Row("compare, chains", known_chains, _compare),
    Row("write JSON, chains", known_chains, claim_to_json),
    Row("read JSON, chains", lambda size: claim_to_json(known_chains(size)), claim_from_json),
    Row("build, components", lambda size: size, components),
    Row("assess, components", components, _walk),
    Row("missing, unknown components", components, lambda claim: assess(claim).missing()),
    Row("explain, unknown components", components, lambda claim: assess(claim).explain()),
    Row("assess, owners", owners, _walk),
    Row("explain, owners", owners, lambda claim: assess(claim).explain()),
    Row(
        "content of a pool, members",
        members,
        lambda pool: pool_mineral_content(pool, current_law()),
    ),
    Row("names of places", names, lambda each: [as_country(name) for name in each], 100),
    Row("assess_frame, rows", table, _assess_frame, 20_000),
    Row("options, offers", offers, lambda each: options(*each), 1),
    Row("settling, unknown chains", chains, _settle),
)


def seconds(row: Row, size: int) -> float:
    """The minimum seconds of the processor that a call took, in a few runs."""
    built = row.build(size)
    least, spent = math.inf, 0.0
    for _ in range(7):
        start = time.process_time()
        row.call(built)
        took = time.process_time() - start
        least, spent = min(least, took), spent + took
        if spent > SECONDS:
            break
    return least


class Measured(NamedTuple):
    """Seconds at 1, 10 and 100 times the size."""

    seconds: tuple[float, float, float]

    @property
    def exponent(self) -> float:
        """The power of the size with which the last step grew."""
        return math.log10(self.seconds[2] / self.seconds[1])


def measured(row: Row, times: tuple[int, int, int] = (1, 10, 100)) -> Measured:
    """A row at its three sizes; once before, so that what is loaded once does not count."""
    seconds(row, row.size)
    first, second, third = (seconds(row, row.size * each) for each in times)
    return Measured((first, second, third))


def main() -> int:
    """Print a line for each row; return 1 if one grows faster than it may."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--row", help="the name of one row")
    asked = parser.parse_args()
    print(f"{'call':34} {'size':>6} {'ms at 1':>9} {'10':>9} {'100 times':>10} {'power':>6}")
    exceeded = []
    for row in ROWS:
        if asked.row not in (None, row.name):
            continue
        found = measured(row)
        for _ in range(2):  # others on the machine may have slowed it
            if found.exponent <= POWER:
                break
            found = min(found, measured(row), key=lambda each: each.exponent)
        note = ""
        if found.exponent > POWER:
            exceeded.append(row.name)
            note = f"  EXCEEDS {POWER}"
        one, ten, hundred = (1000 * each for each in found.seconds)
        print(
            f"{row.name:34} {row.size:6} {one:9.2f} {ten:9.2f} {hundred:10.2f} "
            f"{found.exponent:6.2f}{note}",
            flush=True,
        )
    if exceeded:
        print(f"grow faster than they may: {', '.join(exceeded)}")
    return bool(exceeded)


if __name__ == "__main__":
    sys.exit(main())
