"""How often what is missing is exact, where up to sixty facts are unknown.

Random claims of which every fact is known have some of them hidden, whole chains and components
among them. For each is noted whether `missing_is_exact`, and the seconds of the processor::

    python benchmarks/exactness.py --claims 300

The same number and seed give the same claims. Each that is not exact has a line of its own.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent))

from hypothesis import HealthCheck, Phase, given, seed, settings
from tests.strategies import hide, known_claims, known_paths
from tests.used import known_used_claims

from evcredit import Claim, assess

#: The most facts that are hidden.
MOST = 60
#: How many claims there are to hide facts of.
WHOLE = 60
CREDITS: dict[str, Any] = {"30D": known_claims, "25E": known_used_claims}


class Looked(NamedTuple):
    """One claim: how many facts were hidden and are missing, if that is exact, and the seconds."""

    hidden: int
    missing: int
    exact: bool
    seconds: float


def whole_claims(credit: str, chosen: int) -> list[Claim]:
    """Claims of which every fact is known."""
    found: list[Claim] = []

    @seed(chosen)
    @settings(
        max_examples=WHOLE,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(CREDITS[credit]())
    def gather(claim: Claim) -> None:
        found.append(claim)

    gather()
    return found


def survey(credit: str, count: int, chosen: int) -> list[Looked]:
    """So many claims, each with 1 to `MOST` facts hidden; those not exact are printed."""
    chance, whole, found = Random(chosen), whole_claims(credit, chosen), []
    for _ in range(count):
        claim = chance.choice(whole)
        paths = list(known_paths(claim))
        hidden = chance.sample(paths, chance.randint(1, min(MOST, len(paths))))
        result = assess(hide(claim, hidden), credit=credit)
        start = time.process_time()
        missing, exact = result.missing(), result.missing_is_exact
        each = Looked(len(hidden), len(missing), exact, time.process_time() - start)
        found.append(each)
        if not exact:
            print(
                f"  not exact: {each.hidden} hidden, {each.missing} missing, {each.seconds:.1f} s",
                flush=True,
            )
    return found


def main() -> int:
    """Print a line for each credit."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--claims", type=int, default=300, help="claims of each credit")
    parser.add_argument("--seed", type=int, default=5, help="another seed, other claims")
    asked = parser.parse_args()
    for credit in CREDITS:
        found = survey(credit, asked.claims, asked.seed)
        exact = sum(each.exact for each in found)
        open_ones = sum(each.missing > 0 for each in found)
        print(
            f"{credit}: {exact} of {len(found)} exact ({100 * exact / len(found):.1f} %), "
            f"{open_ones} with something missing; {sum(each.seconds for each in found):.0f} s, "
            f"the slowest {max(each.seconds for each in found):.1f} s",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
