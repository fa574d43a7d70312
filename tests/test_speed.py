"""What people wait for does not grow unnoticed: ratios to a yardstick of the same process.

`benchmarks/baseline.py` measures how fast it is. Here each limit is about twice what was measured,
and below what it was before: noise does not reach it, and a loss of what was gained does.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from evcredit import assess, current_law, with_facts
from evcredit.examples import demonstration_claim
from evcredit.io import claim_from_json, claim_to_json


def traced() -> bool:
    """Whether each line is recorded, which is most of the time then."""
    coverage = sys.modules.get("coverage")
    return coverage is not None and coverage.Coverage.current() is not None


pytestmark = pytest.mark.skipif(traced(), reason="measured without coverage")
CLAIM = demonstration_claim()
OPEN = with_facts(CLAIM, {"vehicle.msrp": None})
LAW = current_law()
JSON = claim_to_json(CLAIM)


@attrs.frozen(kw_only=True)
class Ten:
    """Ten fields, to be built: a task of the same kind that no change of ours makes faster."""

    a: int = 0
    b: int = 1
    c: int = 2
    d: int = 3
    e: int = 4
    f: int = 5
    g: int = 6
    h: int = 7
    i: int = 8
    j: int = 9


def time_of(run: Callable[[], Any], calls: int) -> float:
    """Seconds of the processor that a call takes, at best."""
    found = []
    for _ in range(7):
        start = time.process_time()
        for _ in range(calls):
            run()
        found.append((time.process_time() - start) / calls)
    return min(found)


#: What is measured, and at most so many yardsticks.
TASKS: dict[str, tuple[Callable[[], Any], int, int]] = {
    "build": (demonstration_claim, 60, 200),
    "read": (lambda: claim_from_json(JSON), 20, 500),
    "change": (lambda: with_facts(CLAIM, {"vehicle.msrp": 50_000}), 200, 35),
    "explain": (lambda: assess(CLAIM, law=LAW).explain(), 4, 3_400),
    "explain, one unknown": (lambda: assess(OPEN, law=LAW).explain(), 4, 6_000),
    "missing": (lambda: assess(CLAIM, law=LAW).missing(), 100, 45),
}


@pytest.mark.parametrize("task", TASKS)
def test_a_call_takes_no_more_than_so_many_yardsticks(task):
    run, calls, most = TASKS[task]
    run()
    # On a noisy machine a measurement can be off; a later one then decides.
    for _ in range(4):
        ratio = time_of(run, calls) / time_of(Ten, 4_000)
        print(f"{task}: {ratio:.0f} yardsticks, at most {most}")
        if ratio <= most:
            return
    pytest.fail(f"{task}: {ratio:.0f} yardsticks, at most {most}")
