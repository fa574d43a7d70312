"""Reading many claims from JSON beside a baseline: processor time and peak of memory, in pairs.

    python benchmarks/read_json.py BASELINE_PYTHON [--megabytes 20] [--pairs 5]

BASELINE_PYTHON is the interpreter of an environment that has an earlier evcredit, such as that of
commit cdbd8a0. Each build writes its own claims, as names have changed since, and reads them in a
process of its own: the baseline as there was no other way, by `claim_from_json` of each line, and
this one by `claims_from_json`. Start-up and imports are in the figures of the processes, and not
in those of reading.

Two files: a fleet of twelve models with few batteries and everything else at random; and claims
whose batteries differ in every value and country, which nothing repeats but steps.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

WRITE = """
import datetime, json, random, sys
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
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(time.process_time() - start, peak, count)
"""


def run(python: str, source: str, *arguments: str) -> list[str]:
    """What a script prints in a process of its own."""
    command = [python, "-c", source, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("baseline")
    parser.add_argument("--megabytes", type=int, default=20)
    parser.add_argument("--pairs", type=int, default=5)
    options = parser.parse_args()
    builds = {"baseline": options.baseline, "now": sys.executable}
    with tempfile.TemporaryDirectory() as folder:
        for kind in ("fleet", "distinct"):
            for name, python in builds.items():
                size = str(options.megabytes * 1_000_000)
                run(python, WRITE, kind, size, str(Path(folder, name)))
            for keep in ("dropped", "kept"):
                found: dict[str, list[tuple[float, float]]] = {name: [] for name in builds}
                for _ in range(options.pairs):
                    for name, python in builds.items():
                        seconds, peak, count = run(python, READ, str(Path(folder, name)), keep)
                        found[name].append((float(seconds) / int(count), float(peak)))
                pairs = list(zip(found["baseline"], found["now"], strict=True))
                faster = statistics.median(old[0] / new[0] for old, new in pairs)
                smaller = statistics.median(old[1] / new[1] for old, new in pairs)
                old, new = (
                    [statistics.median(each[i] for each in found[name]) for i in (0, 1)]
                    for name in builds
                )
                print(
                    f"{kind}, claims {keep}: {old[0] * 1e6:.0f} -> {new[0] * 1e6:.0f} us a claim, "
                    f"1/{faster:.1f}; {old[1]:.0f} -> {new[1]:.0f} MB, 1/{smaller:.1f}",
                    flush=True,
                )


if __name__ == "__main__":
    main()
