"""Reading many claims from JSON beside a baseline: processor time and peak of memory, in pairs.

`benchmarks/baseline.py` installs the baseline and reports what is measured here. Each build
writes its own claims, as names have changed since, and reads them in a process of its own: the
baseline as there was no other way, by `claim_from_json` of each line, and this one by
`claims_from_json`. Start-up and imports are in the figures of the processes, and not in those of
reading; of memory there are both figures.

Two files: a fleet of twelve models with few batteries and everything else at random; and claims
whose batteries differ in every value and country, which nothing repeats but steps.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WRITE = """
import datetime, json, random, sys
from decimal import Decimal
from evcredit import examples
from evcredit.io import claim_to_dict
kind, size, path = sys.argv[1], int(sys.argv[2]), sys.argv[3]
one, rng = claim_to_dict(examples.demonstration_claim()), random.Random(1)
copy = lambda data: json.loads(json.dumps(data))
places = ["CL", "AU", "CN", "JP", "CD", "FI", "ZA", "US", "CA", "KR", "DE", "BR"]
def battery():
    made = copy(one["vehicle"]["battery"])
    made["capacity_kwh"] = rng.randrange(40, 100)
    for chain in made["minerals"]:
        chain["value"] = "%.2f" % (rng.random() * 1000)
        for step in chain["steps"]:
            step["country"] = rng.choice(places)
    for component in made["components"]:
        if "value" in component:
            component["value"] = str(Decimal(component["value"]) + rng.randrange(99))
    return made
models = [battery() for _ in range(12)]
year = "prior_year" if "prior_year" in one["taxpayer"] else "preceding_year"
with open(path, "w") as file:
    while file.tell() < size:
        claim = copy(one)
        claim["vehicle"]["battery"] = rng.choice(models) if kind == "fleet" else battery()
        claim["vehicle"]["msrp"] = "%d.%02d" % (40000 + rng.randrange(19000), rng.randrange(100))
        day = datetime.date(2024, 7, 1) + datetime.timedelta(rng.randrange(150))
        claim["purchase"]["placed_in_service"] = str(day)
        for each in ("current_year", year):
            claim["taxpayer"][each]["modified_adjusted_gross_income"] = rng.randrange(50000, 400000)
        file.write(json.dumps(claim) + "\\n")
"""
READ = """
import resource, sys, time
import evcredit.io as door
keep = sys.argv[2] == "kept"
peak = lambda: resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
with open(sys.argv[1], "rb") as file:
    door.claim_from_json(file.readline())
floor = peak()
start, count, held = time.process_time(), 0, []
if hasattr(door, "claims_from_json"):
    claims = door.claims_from_json(sys.argv[1])
else:
    text = open(sys.argv[1], "rb").read()
    claims = (door.claim_from_json(line) for line in text.splitlines())
for claim in claims:
    count += 1
    if keep:
        held.append(claim)
print(time.process_time() - start, peak(), peak() - floor, count)
"""


def run(python: str, source: str, *arguments: str) -> list[str]:
    """What a script prints in a process of its own."""
    command = [python, "-c", source, *arguments]
    # A path to this build is not for the baseline.
    hidden = () if python == sys.executable else ("PYTHONPATH",)
    surroundings = {name: value for name, value in os.environ.items() if name not in hidden}
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env=surroundings
    ).stdout.split()


#: The files: a fleet of twelve models, and claims of which nothing repeats but steps.
KINDS = ("fleet", "distinct")
#: Seconds a claim, and megabytes of memory at most: of all, and beyond what one claim takes.
Cost = tuple[float, float, float]


def write_claims(
    folder: Path, kind: str, megabytes: int, before: str, now: str
) -> tuple[Path, Path]:
    """A file of claims by each build, for itself."""
    files = (folder / f"{kind}-before", folder / f"{kind}-now")
    for python, file in zip((before, now), files, strict=True):
        run(python, WRITE, kind, str(megabytes * 1_000_000), str(file))
    return files


def measure(
    files: tuple[Path, Path], keep: str, pairs: int, before: str, now: str
) -> list[tuple[Cost, Cost]]:
    """What reading costs in each build, in turn."""
    return [(_cost(before, files[0], keep), _cost(now, files[1], keep)) for _ in range(pairs)]


def _cost(python: str, file: Path, keep: str) -> Cost:
    spent, peak, above, count = run(python, READ, str(file), keep)
    # A process that grew by less than is measured grew by that at most.
    return float(spent) / int(count), float(peak), max(float(above), 0.1)
