"""What claims cost beside the build of an earlier commit: ratio, target, whether reached.

    python benchmarks/baseline.py [--runs 5] [--only explain] [--megabytes 20]

The baseline is commit cdbd8a0 of this repository. The script takes it out of git and installs it,
with the same attrs and pycountry, into an environment of its own under ``build/baseline``; that
takes a network the first time. Every task is run in both builds in turn, each time in a process of
its own, and measured in processor time; the ratio is the median of the ratios of these pairs. Where
a name was changed between the two, the task looks for both. Imports are measured in bare starts of
the interpreter, in turn with these.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import statistics
import subprocess
import sys
import tarfile
import tempfile
import venv
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from read_json import KINDS, measure, run, write_claims

COMMIT = "cdbd8a0"
ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "baseline"


class Task(NamedTuple):
    """One call on one claim.

    Args:
        name: What is measured.
        source: Python that defines `run`; `assess`, `claim`, `law` and `Claim` are there.
        target: At most this part of the baseline's time.
        yardstick: Python that defines `run` for this build in place of the baseline.
    """

    name: str
    source: str
    target: float
    yardstick: str = ""


PRELUDE = """
import random, time
from datetime import date
import attrs, evcredit
from evcredit import Claim, assess, current_law, with_facts
from evcredit.examples import demonstration_battery, demonstration_claim
law, claim = current_law(), demonstration_claim()
"""
#: A claim whose values all differ, from lists drawn before, so that drawing costs next to nothing.
ALL_DIFFERENT = """
from itertools import cycle
from evcredit import Battery, BatteryComponent, MineralSource, Purchase, TaxYear, Taxpayer, Vehicle
rng = random.Random(1)
prior = "prior_year" if "prior_year" in attrs.fields_dict(Taxpayer) else "preceding_year"
cents = lambda most: "%d.%02d" % (rng.randrange(most), rng.randrange(100))
dollars = lambda most: cycle(cents(most) for _ in range(997))
places = ["Chile", "Australia", "China", "Japan", "Finland", "United States", "Canada"]
place = cycle(places).__next__
mineral = cycle(["lithium", "nickel", "cobalt", "manganese", "graphite"]).__next__
kinds = ["cathode electrode", "anode electrode", "separator", "liquid electrolyte"]
value, part_value, price = dollars(1_000).__next__, dollars(500).__next__, dollars(80_000).__next__
income, capacity = dollars(200_000).__next__, dollars(90).__next__
paper = cycle("invoice %d" % rng.randrange(10**6) for _ in range(991)).__next__
first = date(2024, 2, 1).toordinal()
day = cycle(date.fromordinal(first + rng.randrange(60)) for _ in range(991)).__next__
year = lambda: TaxYear(filing_status="single", modified_adjusted_gross_income=income())
def part(kind):
    return BatteryComponent(kind=kind, value=part_value(), made_in=place(),
        foreign_entity_of_concern=False)
def chain():
    return MineralSource.extracted_in(place(), mineral(), value(), processed_in=place(),
        evidence=paper())
def run():
    cell = BatteryComponent(kind="battery cell", value="8000", made_in=place(),
        foreign_entity_of_concern=False, contains=[part(each) for each in kinds])
    ordered = day()
    return Claim(
        vehicle=Vehicle.road_vehicle(
            make=paper(), model="Model", msrp=price(), gross_vehicle_weight_rating_lb=6_000,
            final_assembly_country="Canada",
            battery=Battery(capacity_kwh=capacity(), externally_rechargeable=True,
                minerals=[chain() for _ in range(7)], components=[cell]),
        ),
        purchase=Purchase.new_from_dealer(contract_date=ordered, first_payment_date=ordered,
            placed_in_service=date(2024, 6, 3)),
        taxpayer=Taxpayer(current_year=year(), **{prior: year()}),
    )
"""
_EXPLAIN = "run = lambda: assess(claim, law=law).explain()"
_UNKNOWN = "claim = with_facts(claim, {'vehicle.msrp': None})\n"
TASKS = (
    Task("build the demonstration's claim", "run = demonstration_claim", 1 / 4),
    Task("build claims that differ in every value", ALL_DIFFERENT, 1 / 4),
    Task("assess", "run = lambda: assess(claim, law=law)", 1),
    Task("explain, all known", _EXPLAIN, 1 / 3),
    Task(
        "explain, one unknown", _UNKNOWN + "run = lambda: assess(claim, law=law).explain()", 1 / 3
    ),
    Task(
        "with_facts, a price",
        "prices = iter(range(1, 10**9))\n"
        "run = lambda: with_facts(claim, {'vehicle.msrp': next(prices)})",
        1 / 2,
    ),
    Task(
        "with_facts, a country of a step",
        "path = 'vehicle.battery.minerals[1].steps[0].country'\n"
        "run = lambda: with_facts(claim, {path: 'Chile'})",
        1 / 2,
    ),
    Task("missing, nothing known", "run = lambda: assess(Claim(), law=law).missing()", 1 / 10),
    Task(
        "missing of an exact credit, beside assess",
        "run = lambda: assess(claim, law=law).missing()",
        1.1,
        yardstick="run = lambda: assess(claim, law=law)",
    ),
)
#: Calls that take so many seconds together are one measurement.
SECONDS = 0.2
CLOCK = f"""
run()
calls, spent = 0, 0.0
while spent < {SECONDS}:
    started = time.process_time()
    run()
    spent += time.process_time() - started
    calls += 1
print(spent / calls)
"""


class Line(NamedTuple):
    """A line of the report.

    Args:
        name: What was measured.
        before: What it costs in the baseline, in words.
        now: What it costs in this build.
        ratio: The second as a part, or a multiple, of the first.
        target: The most that the ratio is to be.
    """

    name: str
    before: str
    now: str
    ratio: float
    target: float

    def __str__(self) -> str:
        reached = "reached" if self.ratio <= self.target else "NOT reached"
        return (
            f"| {self.name} | {self.before} | {self.now} | {_part(self.ratio)} | "
            f"{_part(self.target)} | {reached} |"
        )


def _part(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio >= 1 else f"1/{1 / ratio:.1f}"


def baseline_python() -> str:
    """The interpreter of an environment with the baseline; made if it is not there."""
    python = FOLDER / "env" / "bin" / "python"
    stamp = FOLDER / f"{COMMIT}.stamp"
    if not stamp.exists():
        archive = subprocess.run(
            ["git", "archive", COMMIT], cwd=ROOT, capture_output=True, check=True
        ).stdout
        with tarfile.open(fileobj=BytesIO(archive)) as files:
            files.extractall(FOLDER / "source", filter="data")
        venv.create(FOLDER / "env", with_pip=True, clear=True)
        same = [f"{name}=={version(name)}" for name in ("attrs", "pycountry")]
        install = [str(python), "-m", "pip", "--disable-pip-version-check", "-q", "install"]
        subprocess.run([*install, *same, f"{FOLDER / 'source'}[json]"], check=True)
        stamp.touch()
    return str(python)


def seconds(python: str, source: str) -> float:
    """Processor time of a call, in a process of its own."""
    return float(run(python, PRELUDE + source + CLOCK)[0])


def calls(runs: int, only: str) -> Iterator[Line]:
    """The tasks, each in both builds in turn."""
    before = baseline_python()
    for task in TASKS:
        if only not in task.name:
            continue
        other = (sys.executable, task.yardstick) if task.yardstick else (before, task.source)
        pairs = [(seconds(*other), seconds(sys.executable, task.source)) for _ in range(runs)]
        old, new = (statistics.median(pair[i] for pair in pairs) for i in (0, 1))
        ratio = statistics.median(new / old for old, new in pairs)
        yield Line(task.name, _time(old), _time(new), ratio, task.target)


def _time(spent: float) -> str:
    return f"{spent * 1e6:,.0f} us"


_NAMES = "Battery, Claim, MineralSource, Purchase, Taxpayer, TaxYear, Vehicle, assess"
#: Statements, beside which others, and how many bare starts more they may take than these.
IMPORTS = (
    (
        "README's import line",
        f"from evcredit import {_NAMES}",
        "",
        6.0,
    ),
    (
        "evcredit.tables, beside Narwhals alone",
        "from evcredit.tables import assess_frame",
        "import narwhals",
        8.0,
    ),
)


def imports(runs: int, only: str) -> Iterator[Line]:
    """What imports cost, in bare starts."""
    for name, statement, beside, target in IMPORTS:
        if only not in name:
            continue
        found = [
            [_of_process(each) for each in ("pass", statement, beside or "pass")]
            for _ in range(2 * runs)
        ]
        bare, whole, other = (statistics.median(each[i] for each in found) for i in range(3))
        if beside:
            ratio = statistics.median((with_it - alone) / start for start, with_it, alone in found)
        else:
            ratio = statistics.median(with_it / start for start, with_it, _ in found)
        alone = _milliseconds(bare) + (f", {_milliseconds(other)}" if beside else "")
        yield Line(name, alone, _milliseconds(whole), ratio, target)


def _milliseconds(spent: float) -> str:
    return f"{spent * 1e3:.1f} ms"


def _of_process(statement: str) -> float:
    """Processor time of a process that runs a statement, its start included."""
    # Compiled files are written by the first of all runs, and its time is not the median. Where
    # they are not to be written, every run would compile the package anew.
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", statement], check=True, env=kept)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def many(runs: int, only: str, megabytes: int) -> Iterator[Line]:
    """Reading many claims from JSON: time a claim, and peak of memory in all and of reading."""
    if only not in "many claims from JSON":
        return
    before = baseline_python()
    with tempfile.TemporaryDirectory() as folder:
        for kind in KINDS:
            files = write_claims(Path(folder), kind, megabytes, before, sys.executable)
            for keep in ("dropped", "kept"):
                pairs = measure(files, keep, runs, before, sys.executable)
                name = f"many claims from JSON, {kind}, {keep}"
                lines = (
                    ("", 0, 1 / 8),
                    (": memory", 1, 1 / 4),
                    (": memory beyond that of one claim", 2, 1 / 4),
                )
                for what, i, target in lines:
                    old, new = (
                        statistics.median(pair[side][i] for pair in pairs) for side in (0, 1)
                    )
                    ratio = statistics.median(new[i] / old[i] for old, new in pairs)
                    words = _time if not i else _megabytes
                    yield Line(name + what, words(old), words(new), ratio, target)


def _megabytes(size: float) -> str:
    return f"{size:.1f} MB"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--only", default="", help="a part of the names of tasks")
    parser.add_argument("--megabytes", type=int, default=20)
    options = parser.parse_args()
    commit = subprocess.run(
        ["git", "describe", "--always", "--dirty"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    now, load = datetime.now(UTC), os.getloadavg()[0]
    print(
        f"baseline {COMMIT} and {commit}, {now:%Y-%m-%d %H:%M} UTC, Python "
        f"{platform.python_version()}, {os.cpu_count()} cores, load {load:.0f}, "
        f"medians of {options.runs} pairs, processor time\n\n"
        "| what | baseline | now | ratio | target | |\n|---|--:|--:|--:|--:|---|",
        flush=True,
    )
    for line in calls(options.runs, options.only):
        print(line, flush=True)
    for line in imports(options.runs, options.only):
        print(line, flush=True)
    for line in many(options.runs, options.only, options.megabytes):
        print(line, flush=True)


if __name__ == "__main__":
    main()
