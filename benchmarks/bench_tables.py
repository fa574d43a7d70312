"""What tables cost, each figure beside a yardstick that is measured in the same run.

    python benchmarks/bench_tables.py [name ...]

Names: read, objects, peer, sql, files, engines, contents; all of them if none is given. Small
sizes by default; EVCREDIT_BENCH=large in the environment for those of the targets, which need 8
gigabytes of memory, 6 of disk and some minutes. Of each time the best of several runs counts.
Processor time is separate from it: on a machine that others use, its ratios are the steadier ones.

EVCREDIT_PEER names a Python that has policyengine-us (docs/explanation/performance.md says how to
make one); without it a recorded figure is the yardstick, and the line says so.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import numpy as np
import polars as pl

# Beside this file, however it is started.
sys.path.insert(0, str(Path(__file__).parent))

from evcredit import Battery, Claim, Purchase, Vehicle, assess
from evcredit.tables import assess_files, assess_frame, qualifying_content
from workload import ASSUMED, BATTERY, OPTIONS, PAID, batteries, cars, claim_of, write_cars

LARGE = os.environ.get("EVCREDIT_BENCH") == "large"
RESULTS = ["verdict", "credit_lower_cents", "credit_upper_cents", "reason"]
#: Tax units a second of policyengine-us 2.68.0 for a million units with incomes given, building
#: included, on 2026-11-22, on two cores of an AMD EPYC.
RECORDED_PEER = 210_000


class Took(NamedTuple):
    """Seconds on the clock, and of all processors."""

    wall: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.wall * 1e3:,.1f} ms (cpu {self.cpu * 1e3:,.1f})"

    def over(self, other: Took) -> str:
        return f"{self.wall / other.wall:.1f} x (cpu {self.cpu / other.cpu:.1f} x)"


def took(run: Callable[[], object], times: int = 5) -> Took:
    """The best of several runs, after one that does not count."""
    run()
    found = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.process_time()
        run()
        found.append(Took(time.perf_counter() - wall, time.process_time() - cpu))
    return Took(min(each.wall for each in found), min(each.cpu for each in found))


def line(what: str, figure: str, target: str = "") -> None:
    print(f"  {what:<52} {figure}{f'   [target: {target}]' if target else ''}", flush=True)


# -- the benchmarks ------------------------------------------------------------------------


def bench_read() -> None:
    """Polars against one thread that reads as many bytes."""
    rows = 10_000_000 if LARGE else 1_000_000
    few = cars(10).lazy()
    planned = took(lambda: assess_frame(few, check=False, **OPTIONS))
    line("assess_frame, making the plan, however many rows", str(planned))
    for text, target in ((False, "at most 5 x"), (True, "at most 20 x")):
        frame = cars(rows, text=text)
        columns = [np.ones(s.estimated_size() // 8 + 1, np.int64) for s in frame]
        read = took(lambda columns=columns: [np.add.reduce(each) for each in columns])
        size = sum(each.nbytes for each in columns)
        kind = "text" if text else "enumerations"
        print(f" {kind}, {rows:,} rows, {size / rows:.0f} bytes a row")
        line("yardstick: NumPy, one thread, one read", f"{read}, {size / read.wall / 1e9:.0f} GB/s")
        plan = assess_frame(frame.lazy(), check=False, **OPTIONS)
        # The first is what `collect` does on its own.
        for engine, wanted in (("streaming", target), ("in-memory", "")):
            found = took(lambda plan=plan, engine=engine: plan.collect(engine=engine), times=10)
            line(
                f"assess_frame, Polars, {engine}",
                f"{found}, {rows / found.wall / 1e6:,.1f} million rows/s, {found.over(read)}",
                wanted,
            )


def bench_objects() -> None:
    """Polars against a loop over objects, with and without making them."""
    rows, few = 1_000_000, 2_000
    frame = cars(rows)
    dicts = frame.head(few).to_dicts()
    claims = [claim_of(row) for row in dicts]
    plan = assess_frame(frame.lazy(), check=False, **OPTIONS)
    table = plan.collect()
    for claim, row in zip(claims, table.head(few).to_dicts(), strict=True):
        result = assess(claim)
        credit = (int(result.credit.lower * 100), int(result.credit.upper * 100))
        assert credit == (row["credit_lower_cents"], row["credit_upper_cents"]), row
        assert result.reason == row["reason"], row
    loop = took(lambda: [assess(claim) for claim in claims])
    both = took(lambda: [assess(claim_of(row)) for row in dicts])
    found = took(plan.collect)
    speed = found.wall / rows
    print(f" {rows:,} rows, and {few:,} objects of them, with the same results")
    line("yardstick: assess, objects at hand", f"{few / loop.wall:,.0f} /s")
    line("yardstick: assess, objects made from dicts", f"{few / both.wall:,.0f} /s")
    line("assess_frame, Polars", f"{found}, {1 / speed:,.0f} rows/s")
    for name, other in (("objects at hand", loop), ("objects made", both)):
        ratio, cpu = other.wall / few / speed, other.cpu / few / (found.cpu / rows)
        line(f"times as fast as with {name}", f"{ratio:,.0f} (cpu {cpu:,.0f})", "at least 100")


def bench_peer() -> None:
    """The question that policyengine-us answers too: prices, incomes, percentages of one day."""
    rows = 10_000_000 if LARGE else 1_000_000
    day = date(2024, 6, 3)
    varying = [
        "vehicle_class",
        "vehicle_msrp_cents",
        "vehicle_battery_capacity_watt_hours",
        "vehicle_battery_certified_critical_mineral_content_basis_points",
        "vehicle_battery_certified_battery_component_content_basis_points",
    ]
    frame = cars(rows).select(*varying, pl.col("^taxpayer_.*$"))
    vehicle = Vehicle(
        **ASSUMED,
        gross_vehicle_weight_rating_lb=5_000,
        final_assembly_country="US",
        battery=Battery(**BATTERY, components_from_foreign_entity_of_concern=False),
    )
    bought = Purchase.new_from_dealer(
        placed_in_service=day, contract_date=day, first_payment_date=PAID
    )
    same = Claim(vehicle=vehicle, purchase=bought)
    plan = assess_frame(
        frame.lazy(), assume=same, placed_in_service=(day, day), check=False
    ).select(RESULTS)
    found = took(lambda: plan.collect(engine="streaming"))
    ours = rows / found.wall
    line(f"assess_frame, Polars, {rows:,} rows", f"{found}, {ours:,.0f} rows/s")
    told = _peer()
    if told is None:
        line("yardstick: policyengine-us 2.68.0", f"{RECORDED_PEER:,} units/s, on 2026-11-22")
        line("times as fast", f"{ours / RECORDED_PEER:,.0f}", "at least 300")
        return
    own = rows / found.cpu
    for what, kind, target in (("built and calculated", "", "300"), ("calculated", "alone_", "3")):
        wall, cpu = told["units"] / told[f"{kind}wall"], told["units"] / told[f"{kind}cpu"]
        line(f"yardstick: policyengine-us 2.68.0, {what}", f"{wall:,.0f} units/s")
        line("times as fast", f"{ours / wall:,.1f} (cpu {own / cpu:,.1f})", f"at least {target}")


def _peer() -> dict[str, float] | None:
    """What the peer takes in this run; `None` if it is not there."""
    python = os.environ.get("EVCREDIT_PEER")
    if not python:
        return None
    script = Path(__file__).with_name("peer.py")
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    told = subprocess.run(
        [python, script, "1000000"], capture_output=True, text=True, check=True, env=clean
    ).stdout
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return found


def bench_sql() -> None:
    """DuckDB through `assess_frame` against the same rules written by hand."""
    rows = 10_000_000 if LARGE else 1_000_000
    sql = Path(__file__).with_name("by_hand.sql").read_text()
    with scratch() as folder, duckdb.connect() as connection:
        _same_by_hand(connection, sql, folder)
        load(connection, cars(rows), folder)
        table = connection.table("cars")
        plan = assess_frame(table, check=False, **OPTIONS)
        wanted = (
            "sum(length(reason)), count(verdict), sum(credit_lower_cents), sum(credit_upper_cents)"
        )
        hand = took(lambda: connection.sql(sql).aggregate(wanted).fetchall())
        found = took(lambda: plan.aggregate(wanted).fetchall())
        assert plan.aggregate(wanted).fetchall() == connection.sql(sql).aggregate(wanted).fetchall()
        marked = took(lambda: assess_frame(table, **OPTIONS).aggregate(wanted).fetchall())
    print(f" {rows:,} rows, the results summed up")
    line("yardstick: SQL by hand", f"{hand}, {rows / hand.wall / 1e6:,.1f} million rows/s")
    line(
        "assess_frame, DuckDB",
        f"{found}, {rows / found.wall / 1e6:,.1f} million rows/s, {found.over(hand)}",
        "at most 1.5 x",
    )
    line("the same with the plan made, and bad rows marked", f"{marked}, {marked.over(hand)}")


def _same_by_hand(connection: Any, sql: str, folder: Path) -> None:
    """That both say the same of every row, with unknowns in every column."""
    load(connection, cars(100_000, nulls=True), folder)
    columns = ", ".join(RESULTS)
    counted = f"{columns}, count(*) AS times GROUP BY {columns}"
    by_hand = f"SELECT {counted.replace(' GROUP', ' FROM (' + sql + ') GROUP')}"
    rows = assess_frame(connection.table("cars"), **OPTIONS)
    ours = rows.aggregate(f"{columns}, count(*) AS times", columns)
    differing = connection.sql(by_hand).except_(ours).fetchall()
    assert not differing, f"the SQL by hand differs: {differing[:3]}"


def load(connection: Any, frame: pl.DataFrame, folder: Path) -> None:
    """A frame as the table `cars` of DuckDB."""
    frame.write_parquet(folder / "cars.parquet")
    name = folder / "cars.parquet"
    connection.execute(f"CREATE OR REPLACE TABLE cars AS FROM read_parquet('{name}')")


def bench_files() -> None:
    """Files of a million rows to files, more and more of them."""
    sizes = (1, 10, 50) if LARGE else (1, 4)
    print(" files of a million rows, each run in a process of its own, start-up not counted")
    first: dict[str, float] | None = None
    for millions in sizes:
        with scratch() as folder:
            write_cars(folder / "in", millions * 1_000_000)
            script = [sys.executable, __file__, "--one-run-of-files", str(folder)]
            told = subprocess.run(script, capture_output=True, text=True, check=True).stdout
        found = json.loads(told.splitlines()[-1])
        first = first or found
        rows = millions * 1_000_000
        per_row = {name: found[name] / rows * 1e9 for name in ("wall", "cpu")}
        ratio = found["wall"] / rows / (first["wall"] / (sizes[0] * 1_000_000))
        cpu = found["cpu"] / rows / (first["cpu"] / (sizes[0] * 1_000_000))
        line(
            f"assess_files, Polars, {millions} million rows",
            f"{found['wall']:.1f} s, {per_row['wall']:,.0f} ns a row "
            f"(cpu {per_row['cpu']:,.0f}), {ratio:.2f} x the first (cpu {cpu:.2f} x), "
            f"peak {found['peak_mb']:,} MB",
            "0.75 to 1.25 x, below 2,000 MB",
        )


def one_run_of_files(folder: Path) -> None:
    """In a process of its own, so that its peak of memory is that of this run."""
    (folder / "warm").mkdir()
    cars(1_000).write_parquet(folder / "warm" / "in.parquet")
    assess_files(folder / "warm", folder / "warmed", progress=False, **OPTIONS)
    wall, cpu = time.perf_counter(), time.process_time()
    done = assess_files(folder / "in", folder / "out", progress=False, **OPTIONS)
    told = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "rows": done.rows}
    print(json.dumps({**told, "peak_mb": peak_of_memory()}))


def peak_of_memory(process: str = "self") -> int:
    """The most megabytes that a process ever had."""
    about = Path("/proc", process, "status")
    if about.exists():
        # Linux hands the peak of getrusage on from the process that started this one.
        found = next(each for each in about.read_text().splitlines() if each.startswith("VmHWM"))
        return int(found.split()[1]) // 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024**2  # bytes on macOS


def bench_engines() -> None:
    """The script of the how-to guide on each engine, Parquet files to Parquet files."""
    millions = 10 if LARGE else 2
    print(" files of a million rows; start-up is not counted, memory is of all processes")
    with scratch() as folder:
        write_cars(folder / "in", millions * 1_000_000)
        for name in ENGINES:
            script = [sys.executable, __file__, "--one-run-of-an-engine", str(folder), name]
            run = subprocess.run(script, capture_output=True, text=True, check=False)
            if run.returncode:
                line(name, f"not run: {run.stderr.strip().splitlines()[-1]}")
                continue
            found = json.loads(run.stdout.splitlines()[-1])
            rows = millions * 1_000_000
            speed, peak = rows / found["wall"], found["peak_mb"]
            line(name, f"{found['wall']:.1f} s, {speed:,.0f} rows/s, peak {peak:,} MB")


def by_polars(folder: Path, out: Path) -> None:
    rows = pl.scan_parquet(folder / "*.parquet")
    assess_frame(rows, **OPTIONS).sink_parquet(out / "all.parquet")


def by_duckdb(folder: Path, out: Path) -> None:
    rows = duckdb.read_parquet(str(folder / "*.parquet"))
    assess_frame(rows, **OPTIONS).write_parquet(str(out / "all.parquet"))


def by_spark(folder: Path, out: Path, session: Any) -> None:
    rows = session.read.parquet(str(folder))
    assess_frame(rows, **OPTIONS).write.mode("overwrite").parquet(str(out / "all.parquet"))


ENGINES = {"polars": by_polars, "duckdb": by_duckdb, "pyspark": by_spark}


def one_run_of_an_engine(folder: Path, name: str) -> None:
    """In a process of its own; Spark has a driver and two executors, of a core and 1 GB each."""
    run = ENGINES[name]
    for each in ("warm", "warmed", name):
        (folder / each).mkdir(exist_ok=True)
    cars(1_000).write_parquet(folder / "warm" / "in.parquet")
    with ExitStack() as stack:
        more = []
        if name == "pyspark":
            sys.path.insert(0, str(Path(__file__).parents[1]))
            from tests.tables.engines import PySpark

            more = [stack.enter_context(PySpark()).session]
        run(folder / "warm", folder / "warmed", *more)
        wall = time.perf_counter()
        run(folder / "in", folder / name, *more)
        took_wall = time.perf_counter() - wall
        print(json.dumps({"wall": took_wall, "peak_mb": sum(map(peak_of_memory, family()))}))


def family() -> list[str]:
    """This process and all that it started, as far as they are still there (Linux)."""
    parents = {}
    for about in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parents[about.parent.name] = about.read_text().rpartition(")")[2].split()[1]
    found = [str(os.getpid())]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def bench_contents() -> None:
    """Contents of batteries from procurement chains, in the long form."""
    vehicles = 1_000_000 if LARGE else 100_000
    tables = {name: each.lazy() for name, each in batteries(vehicles).items()}
    steps = tables["steps"].select(pl.len()).collect().item()
    frame = tables["steps"].collect()
    columns = [np.ones(s.estimated_size() // 8 + 1, np.int64) for s in frame]
    read = took(lambda: [np.add.reduce(each) for each in columns])
    plan = qualifying_content(**tables)
    found = took(lambda: plan.collect(engine="streaming"), times=3)
    print(f" {vehicles:,} vehicles, {steps:,} steps of procurement")
    line("yardstick: NumPy, one thread, reads the steps", str(read))
    line(
        "qualifying_content, Polars",
        f"{found}, {vehicles / found.wall * 60 / 1e6:,.1f} million vehicles a minute, "
        f"{found.over(read)}",
        "at least 10 million a minute",
    )


# -- running -------------------------------------------------------------------------------


class scratch:  # noqa: N801  # a context manager, named as one
    """A folder that is gone afterwards."""

    def __enter__(self) -> Path:
        self._folder = tempfile.mkdtemp(prefix="evcredit-bench-")
        return Path(self._folder)

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder)


BENCHMARKS = {
    name.removeprefix("bench_"): run for name, run in globals().items() if name[:6] == "bench_"
}


def main(arguments: list[str]) -> None:
    if arguments[:1] == ["--one-run-of-files"]:
        one_run_of_files(Path(arguments[1]))
        return
    if arguments[:1] == ["--one-run-of-an-engine"]:
        one_run_of_an_engine(Path(arguments[1]), arguments[2])
        return
    versions = f"Polars {pl.__version__}, DuckDB {duckdb.__version__}, NumPy {np.__version__}"
    print(f"{time.strftime('%Y-%m-%d')}, Python {platform.python_version()}, {versions}")
    for name in arguments or BENCHMARKS:
        load_now = f", load {os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else ""
        print(f"\n{name}: {BENCHMARKS[name].__doc__} {os.cpu_count()} processors{load_now}")
        BENCHMARKS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
