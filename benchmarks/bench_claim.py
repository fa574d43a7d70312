"""What one claim costs, as ratios to a yardstick measured in the same run.

The yardstick is building one frozen attrs object with ten fields and reading them back: a task
of the same kind that no change of ours can make faster. Run with ``make bench``; each group of
the report shows the yardstick first, and the last column of ``--benchmark-columns`` is the ratio.
"""

from __future__ import annotations

import timeit
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from evcredit import assess, compare, current_law, named_law
from evcredit.examples import demonstration_claim

CLAIM = demonstration_claim()
LAW = current_law()


@attrs.frozen
class Ten:
    """Ten fields, to be built and read."""

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


def yardstick() -> int:
    """Build one object and read its fields."""
    ten = Ten()
    return ten.a + ten.b + ten.c + ten.d + ten.e + ten.f + ten.g + ten.h + ten.i + ten.j


TASKS: dict[str, Callable[[], Any]] = {
    "yardstick": yardstick,
    "build the claim": demonstration_claim,
    "assess without tree": lambda: assess(CLAIM, law=LAW),
    "assess with tree": lambda: assess(CLAIM, law=LAW).finding,
    "assess, walk all details": lambda: list(assess(CLAIM, law=LAW).finding.walk()),
    "explain": lambda: assess(CLAIM, law=LAW).explain(),
    "compare two laws": lambda: compare(CLAIM, named_law("no-japan"), LAW).flipped,
    "what is missing": lambda: assess(CLAIM, law=LAW).missing(),
}
#: Targets in microseconds on the machine the project was planned on.
TARGETS = {"assess without tree": 10, "assess with tree": 60}


@pytest.mark.parametrize("task", TASKS)
def test_cost(task: str, benchmark: Any) -> None:
    """Each task, with its ratio to the yardstick beside it."""
    run = TASKS[task]
    run()
    benchmark.extra_info["target_us"] = TARGETS.get(task)
    benchmark.pedantic(run, rounds=300, iterations=20 if task != "explain" else 2, warmup_rounds=20)
    own = min(timeit.repeat(yardstick, number=200, repeat=50)) / 200
    ratio = benchmark.stats.stats.min / own
    benchmark.extra_info["ratio_to_yardstick"] = round(ratio, 1)
    target = TARGETS.get(task)
    goal = f", target {target} us" if target else ""
    print(f"\n{task}: {benchmark.stats.stats.min * 1e6:.1f} us, {ratio:.1f} x yardstick{goal}")
