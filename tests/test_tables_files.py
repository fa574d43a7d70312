"""Many files assessed part by part: the rows, the folder, and going on after a halt."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from evcredit import Claim, EvcreditError, InvalidFactError, current_law, with_facts
from evcredit.errors import InvalidFactsError, LawError
from evcredit.examples import demonstration_claim
from evcredit.tables import (
    FilesAssessed,
    InvalidFrameError,
    OtherRunError,
    assess_files,
    assess_frame,
)
from evcredit.tables.files import engines
from evcredit.tables.plan import plan_for

CLAIM = demonstration_claim()
OPTIONS = {"assume": CLAIM, "unknown": True}
ENGINES = ["polars", "duckdb"]
DAY = date(2024, 1, 1)
SCHEMA = {
    "key": pl.Int64,
    "vehicle_msrp_cents": pl.Int64,
    "purchase_placed_in_service": pl.Date,
    "vehicle_class": pl.String,
}


def cars(rows: int, seed: int = 1) -> pl.DataFrame:
    chance = random.Random(seed)
    return pl.DataFrame(
        {
            "key": range(rows),
            "vehicle_msrp_cents": [chance.randrange(50_000_00, 90_000_00) for _ in range(rows)],
            "purchase_placed_in_service": [DAY + timedelta(i % 300) for i in range(rows)],
            "vehicle_class": [
                chance.choice(["sport utility vehicle", "other vehicle", None]) for _ in range(rows)
            ],
        },
        schema=SCHEMA,
    )


def expected(frame: pl.DataFrame) -> pl.DataFrame:
    return assess_frame(frame, **OPTIONS).with_columns(pl.col("reason").cast(pl.String))


def result(out: Path) -> pl.DataFrame:
    found = pl.concat(pl.read_parquet(path) for path in sorted(out.glob("*.parquet")))
    return found.with_columns(pl.col("reason").cast(pl.String))


def run(inputs, out, **options):
    return assess_files(inputs, out, **{**OPTIONS, "progress": False, **options})


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.fixture
def inputs(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    for number, rows in enumerate((25, 0, 10)):
        cars(rows, number).write_parquet(folder / f"cars[{number}].parquet")
    return folder


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


# -- the rows ------------------------------------------------------------------------------


@pytest.mark.parametrize("engine", ENGINES)
def test_the_rows_are_those_of_assess_frame(inputs, out, engine):
    done = run(inputs, out, batch_rows=10, engine=engine)

    whole = pl.concat(pl.read_parquet(path, glob=False) for path in sorted(inputs.iterdir()))
    assert_frame_equal(result(out), expected(whole))
    assert attributes(done) == (out, 5, 5, 0, 35, 35, 0)
    assert [path.name for path in sorted(out.glob("part*"))] == [
        "part-00000-00000.parquet",
        "part-00000-00001.parquet",
        "part-00000-00002.parquet",
        "part-00001-00000.parquet",
        "part-00002-00000.parquet",
    ]


def attributes(done: FilesAssessed) -> tuple:
    return (
        done.folder,
        done.parts,
        done.all_parts,
        done.found,
        done.rows,
        done.all_rows,
        done.bad_rows,
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_names_of_manufacturers_are_looked_at_on_every_engine(tmp_path, out, engine):
    """Before 2023 only a name on record settles the phase-out; every other name leaves bounds."""
    names = ["Tesla", "Telsa", "A company of nobody's", "Example", None]
    frame = cars(5).with_columns(
        purchase_placed_in_service=pl.lit(date(2020, 6, 3)), vehicle_manufacturer=pl.Series(names)
    )
    (tmp_path / "in").mkdir()
    frame.write_parquet(tmp_path / "in" / "cars.parquet")

    same = with_facts(CLAIM, {"vehicle.make": None})
    run(tmp_path / "in", out, engine=engine, batch_rows=3, assume=same)

    ends = result(out).select("credit_lower_cents", "credit_upper_cents").rows()
    assert ends == [(0, 0), (0, 7500_00), (0, 7500_00), (7500_00, 7500_00), (0, 7500_00)]


def test_the_manifest_tells_what_each_part_is_of(inputs, out):
    run(
        inputs,
        out,
        batch_rows=10,
        placed_in_service=("2024-01-01", None),
        rules=["income_within_limit"],
    )

    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["parts"][1] == {
        "name": "part-00000-00001.parquet",
        "input": str(inputs / "cars[0].parquet"),
        "first_row": 10,
        "rows": 10,
    }
    assert manifest["inputs"][0]["rows"] == 25
    assert manifest["inputs"][0]["bytes"] == (inputs / "cars[0].parquet").stat().st_size
    assert manifest["options"]["law_digest"] == current_law().digest
    assert manifest["options"]["placed_in_service"] == ["2024-01-01", None]
    assert manifest["options"]["rules"] == ["income_within_limit"]
    assert "rule_income_within_limit" in result(out).columns


@pytest.mark.parametrize("engine", ENGINES)
def test_bad_rows_are_sorted_out_and_none_is_lost(inputs, out, engine):
    path = inputs / "cars[0].parquet"
    frame = pl.read_parquet(path, glob=False).with_columns(
        vehicle_msrp_cents=pl.when(pl.col("key").is_in([3, 14, 15]))
        .then(-1)
        .otherwise("vehicle_msrp_cents")
    )
    frame.write_parquet(path)

    done = run(inputs, out, batch_rows=10, strict=False, engine=engine)

    assert done.bad_rows == 3
    bad = sorted(out.glob("bad/*"))
    assert [each.name for each in bad] == ["part-00000-00000.parquet", "part-00000-00001.parquet"]
    rows = pl.concat(pl.read_parquet(each) for each in bad)
    assert rows["key"].to_list() == [3, 14, 15]
    assert all("vehicle_msrp_cents" in each for each in rows["problems"])
    assert result(out)["key"].len() + 3 == 35
    again = run(inputs, out, batch_rows=10, strict=False, engine=engine)
    assert (again.found, again.bad_rows) == (5, 3)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_bad_row_is_an_error_that_names_file_and_rows(inputs, out, engine):
    path = inputs / "cars[2].parquet"
    pl.read_parquet(path, glob=False).with_columns(
        vehicle_msrp_cents=pl.lit(-5, pl.Int64)
    ).write_parquet(path)

    with pytest.raises(InvalidFrameError) as caught:
        run(inputs, out, batch_rows=8, engine=engine)

    (problem,) = caught.value.problems
    assert (problem.column, problem.rows, problem.examples) == ("vehicle_msrp_cents", 8, (-5,) * 3)
    assert f"[{path}, rows 0 to 7 from 0]" in problem.what
    # What came before is kept, and the run can go on without strictness, but not back to it.
    done = run(inputs, out, batch_rows=8, engine=engine, strict=False)
    assert (done.found, done.bad_rows) == (5, 10)
    with pytest.raises(OtherRunError, match="strict: was false, is true"):
        run(inputs, out, batch_rows=8, engine=engine)


@pytest.mark.parametrize("engine", ENGINES)
def test_csv_gives_what_parquet_gives(tmp_path, out, engine):
    frame = cars(23).with_columns(
        key=pl.format("0{}", "key"),
        vehicle_clean_air_act_motor_vehicle=pl.Series([True, False, None] * 7 + [True, None]),
    )
    path = tmp_path / "cars.CSV"
    frame.write_csv(path)

    run(str(path), out, batch_rows=10, engine=engine)

    assert_frame_equal(result(out), expected(frame))


@pytest.mark.parametrize("engine", ENGINES)
def test_a_cell_of_a_csv_file_that_cannot_be_read_is_an_error_with_the_place(tmp_path, out, engine):
    path = tmp_path / "cars.csv"
    path.write_text("key,vehicle_msrp_cents\n1,5400000\n2,much\n")

    with pytest.raises(InvalidFrameError, match=r"cars.csv(.|\n)*much"):
        run(path, out, engine=engine, strict=False)


@pytest.mark.parametrize("engine", ENGINES)
def test_a_damaged_file_is_an_error_with_its_name(inputs, out, engine):
    (inputs / "damaged.parquet").write_bytes(b"PAR1 and no more")

    with pytest.raises(InvalidFrameError, match=r"damaged.parquet: cannot be read: "):
        run(inputs, out, engine=engine)


def test_an_empty_csv_file_has_no_columns(tmp_path, out):
    path = tmp_path / "cars.csv"
    path.write_text("")

    with pytest.raises(InvalidFrameError, match="no heading"):
        run(path, out)


# -- what can be wrong ---------------------------------------------------------------------


def test_columns_are_checked_before_anything_is_written(inputs, out):
    with pytest.raises(InvalidFrameError, match="missing column"):
        run(inputs, out, unknown=False)

    assert not out.exists()


def test_every_file_must_have_the_same_columns(inputs, out):
    first = cars(2)
    first.with_columns(pl.col("key").cast(pl.Int32)).write_parquet(inputs / "d.parquet")
    first.drop("key").with_columns(more=1).write_parquet(inputs / "e.parquet")
    first.select(reversed(first.columns)).write_parquet(inputs / "f.parquet")

    with pytest.raises(InvalidFactsError) as caught:
        run(inputs, out)

    told = list(map(str, caught.value.exceptions))
    assert "has key as Int32 and not Int64" in told[0]
    assert "lacks key; has more" in told[1]
    assert "has the columns in another order" in told[2]
    assert not out.exists()


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("none.parquet", "there is no such file"),
        ("*.txt", "there is no such file"),
        ([], "give at least one file"),
        ("other.txt", "files that end in"),
    ],
)
def test_inputs_must_be_files_that_can_be_read(tmp_path, out, given, told, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("other.txt").touch()
    if given == "*.txt":
        Path("other.txt").unlink()

    with pytest.raises(InvalidFactError, match=told):
        run(given, out)


def test_inputs_are_given_as_pattern_folder_or_files_each_once(inputs, out, monkeypatch):
    monkeypatch.chdir(inputs)

    done = run(["cars*2?.parquet", inputs, Path("cars[0].parquet")], out)

    assert done.rows == 35
    manifest = json.loads((out / "manifest.json").read_text())
    assert [Path(each["path"]).name[5] for each in manifest["inputs"]] == ["2", "0", "1"]


def test_the_output_must_not_be_among_the_inputs(inputs):
    with pytest.raises(InvalidFactError, match="a folder that holds no input"):
        run(inputs, inputs)


def test_a_folder_with_other_things_is_left_alone(inputs, out):
    out.mkdir()
    (out / "mine.txt").touch()

    with pytest.raises(InvalidFactError, match="new or empty"):
        run(inputs, out)

    assert list(contents(out)) == ["mine.txt"]


@pytest.mark.parametrize("rows", [0, -1, 1.5, True])
def test_batch_rows_is_a_positive_whole_number(inputs, out, rows):
    with pytest.raises(InvalidFactError, match="batch_rows"):
        run(inputs, out, batch_rows=rows)


def test_an_engine_must_be_known_and_installed(inputs, out, monkeypatch):
    with pytest.raises(InvalidFactError, match="polars, duckdb"):
        run(inputs, out, engine="excel")
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(EvcreditError, match=r"by duckdb, which is not installed.*install duckdb"):
        run(inputs, out, engine="duckdb")
    with pytest.raises(EvcreditError, match=r"by polars or duckdb, .*install polars"):
        run(inputs, out)


def test_the_first_engine_that_is_installed_is_taken(inputs, out, monkeypatch):
    found = engines.find_spec
    monkeypatch.setattr(
        engines, "find_spec", lambda name: None if name == "polars" else found(name)
    )

    run(inputs, out)

    assert json.loads((out / "manifest.json").read_text())["options"]["engine"] == "duckdb"


def test_errors_of_the_law_come_through(inputs, out):
    with pytest.raises((LawError, ValueError)):
        run(inputs, out, credit="99Z")


# -- going on ------------------------------------------------------------------------------


@pytest.fixture
def halted(inputs, out):
    """A run of which two parts were made."""
    with pytest.raises(KeyboardInterrupt):
        run(inputs, out, batch_rows=10, progress=after(2, KeyboardInterrupt))
    return out


def after(parts: int, error: type[BaseException]):
    def tell(now: FilesAssessed) -> None:
        if now.parts == parts:
            raise error

    return tell


def test_a_halted_run_goes_on_where_it_stopped(inputs, halted, tmp_path):
    before = {path.name: path.stat().st_mtime_ns for path in halted.glob("part*")}
    assert len(before) == 2

    done = run(inputs, halted, batch_rows=10)

    assert (done.found, done.parts, done.rows) == (2, 5, 35)
    assert all((halted / name).stat().st_mtime_ns == when for name, when in before.items())
    run(inputs, tmp_path / "clean", batch_rows=10)
    assert contents(halted) == contents(tmp_path / "clean")


def test_what_a_kill_left_is_removed_and_damaged_parts_are_made_anew(inputs, halted, tmp_path):
    part = halted / "part-00000-00000.parquet"
    whole = part.read_bytes()
    part.write_bytes(whole[: len(whole) // 2])
    other = halted / "part-00000-00001.parquet"
    pl.read_parquet(other).head(3).write_parquet(other)
    (halted / "part-00002-00000.parquet.unfinished").touch()
    (halted / "bad" / "part-00002-00000.parquet.unfinished").touch()
    (halted / "manifest.json.unfinished").touch()

    done = run(inputs, halted, batch_rows=10)

    assert done.found == 0
    run(inputs, tmp_path / "clean", batch_rows=10)
    assert contents(halted) == contents(tmp_path / "clean")


def test_an_error_while_writing_leaves_nothing_behind(inputs, out, monkeypatch):
    def fail(self, frame, path):
        path.write_bytes(b"half")
        raise OSError("no space left")

    monkeypatch.setattr(engines._Polars, "write", fail)
    with pytest.raises(OSError, match="no space left"):
        run(inputs, out)

    assert list(contents(out)) == ["manifest.json"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"law": current_law().without_agreement("JPCMA")}, "law_digest: was .*, is "),
        ({"assume": Claim()}, "assume: was .*, is "),
        ({"assume": None}, "is null"),
        ({"unknown": ["vehicle_msrp_cents"]}, "unknown: was true, is "),
        ({"rules": True}, "rules: was false, is true"),
        ({"batch_rows": 11}, "batch_rows: was 10, is 11"),
        ({"placed_in_service": (DAY, None)}, "placed_in_service: was null"),
        ({"engine": "duckdb"}, 'engine: was "polars", is "duckdb"'),
    ],
)
def test_a_run_of_other_options_is_refused(inputs, halted, options, told):
    if "unknown" in options:
        plan = [*plan_for(cars(1).columns, assume=CLAIM).reader.lacking]
        options = {"unknown": plan}
    before = contents(halted)

    with pytest.raises(OtherRunError, match=told) as caught:
        run(inputs, halted, **{"batch_rows": 10, "unknown": True, **options})

    assert all(": was " in each for each in caught.value.differences)
    assert contents(halted) == before


def test_a_run_of_changed_inputs_is_refused(inputs, halted):
    cars(11, 5).write_parquet(inputs / "cars[2].parquet")
    (inputs / "cars[1].parquet").rename(inputs / "new.parquet")

    with pytest.raises(OtherRunError) as caught:
        run(inputs, halted, batch_rows=10)

    assert f"input {inputs / 'cars[1].parquet'}: was there, is not" in str(caught.value)
    assert f"input {inputs / 'new.parquet'}: was not there, is" in str(caught.value)
    assert any(str(inputs / "cars[2].parquet") in each for each in caught.value.differences)


def test_an_input_that_was_only_touched_counts_as_changed(inputs, halted):
    os.utime(inputs / "cars[0].parquet", ns=(0, 0))

    with pytest.raises(OtherRunError, match=r"modified_ns was \d+, is 0"):
        run(inputs, halted, batch_rows=10)


def test_inputs_in_another_order_are_another_run(inputs, halted):
    with pytest.raises(OtherRunError, match="another order"):
        run(sorted(inputs.iterdir(), reverse=True), halted, batch_rows=10)


def test_two_runs_at_once_are_refused(inputs, out):
    fcntl = pytest.importorskip("fcntl")
    out.mkdir()
    opened = os.open(out, os.O_RDONLY)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        with pytest.raises(EvcreditError, match="another process"):
            run(inputs, out)
    finally:
        os.close(opened)
    assert run(inputs, out).parts == 3


def test_systems_without_locks_go_without(inputs, tmp_path, monkeypatch):
    fcntl = pytest.importorskip("fcntl")

    def fail(*_):
        raise OSError("no locks available")

    monkeypatch.setattr(fcntl, "flock", fail)
    assert run(inputs, tmp_path / "one").parts == 3
    monkeypatch.setitem(sys.modules, "fcntl", None)
    assert run(inputs, tmp_path / "other").parts == 3


def test_systems_that_open_no_folders_flush_files_alone(inputs, out, monkeypatch):
    opened = os.open

    def like_windows(path, flags, *more, **most):
        if Path(path).is_dir():
            raise PermissionError(path)
        return opened(path, flags, *more, **most)

    monkeypatch.setitem(sys.modules, "fcntl", None)
    monkeypatch.setattr(os, "open", like_windows)
    assert run(inputs, out).parts == 3


# -- progress ------------------------------------------------------------------------------


def test_progress_is_told_on_standard_error(inputs, out, capsys):
    run(inputs, out, batch_rows=10, progress=True)

    told = capsys.readouterr().err.splitlines()
    assert len(told) == 2
    assert told[0].startswith("[........................] 0 of 5 parts, 0 of 35 rows, 0 bad, ")
    assert told[1].startswith("[########################] 5 of 5 parts, 35 of 35 rows, 0 bad, ")


def test_a_terminal_has_one_line(inputs, out, capsys, monkeypatch):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    run(inputs, out, batch_rows=10, progress=True)

    told = capsys.readouterr().err
    assert told.count("\r") == 6 and told.count("\n") == 1 and told.endswith("\n")


def test_progress_can_be_a_function(inputs, out):
    seen = []

    done = run(inputs, out, batch_rows=10, progress=seen.append)

    assert [each.parts for each in seen] == [0, 1, 2, 3, 4, 5]
    assert [each.rows for each in seen] == [0, 10, 20, 25, 25, 35]
    assert seen[-1] == done


# -- killed --------------------------------------------------------------------------------

KILLS = 20
#: Loads everything once. For each line that comes, a child makes a run and tells its number of
#: process, then the parts it has; when it is gone, so says its parent.
SERVER = """
import os, sys
from tests.test_tables_files import CLAIM, SCHEMA, plan_for, run

plan_for(SCHEMA, assume=CLAIM)
for _ in sys.stdin:
    child = os.fork()
    if not child:
        print(os.getpid(), flush=True)
        tell = lambda now: print(now.parts, flush=True)
        run(sys.argv[1], sys.argv[2], batch_rows=10, strict=False, progress=tell)
        os._exit(0)
    print("ended", os.waitpid(child, 0)[1], flush=True)
"""


@pytest.mark.long
@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_twenty_kills_leave_what_one_clean_run_leaves(tmp_path):
    """Each run is killed after a few more parts, at a random time within a part."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    for number in range(8):
        frame = cars(100, number)
        bad = pl.when(pl.col("key") % 7 == 0).then(-1).otherwise("vehicle_msrp_cents")
        frame.with_columns(vehicle_msrp_cents=bad).write_parquet(folder / f"{number}.parquet")
    chance, seen = random.Random(), []

    with serving(folder, out) as server:
        for _ in range(KILLS):
            process = ask(server)
            seen += [int(server.stdout.readline()) for _ in range(chance.randint(1, 4))]
            time.sleep(chance.uniform(0, 0.02))
            os.kill(process, signal.SIGKILL)
            told = rest(server)
            assert told.pop() == "ended 9"
            seen += map(int, told)
        ask(server)
        *told, last = rest(server)
        server.stdin.close()

    # No part was lost on the way, and the last run made those that were still to be made.
    assert seen == sorted(seen) and 0 < seen[-1] <= int(told[0]) < 80
    assert (told[-1], last) == ("80", "ended 0")
    run(folder, tmp_path / "clean", batch_rows=10, strict=False)
    assert contents(out) == contents(tmp_path / "clean")


def serving(folder: Path, out: Path) -> subprocess.Popen:
    root = Path(__file__).parents[1]
    paths = os.pathsep.join([str(root), str(Path(engines.__file__).parents[3])])
    return subprocess.Popen(
        [sys.executable, "-c", SERVER, folder, out],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )


def ask(server: subprocess.Popen) -> int:
    server.stdin.write("go\n")
    server.stdin.flush()
    return int(server.stdout.readline())


def rest(server: subprocess.Popen) -> list[str]:
    told = [server.stdout.readline().strip()]
    while not told[-1].startswith("ended"):
        told.append(server.stdout.readline().strip())
    return told


@pytest.mark.parametrize(
    "text", [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"inputs": 3, "options": {"strict": true}}']
)
def test_a_damaged_manifest_is_an_error_with_its_name(inputs, halted, text):
    """Nothing of the folder is touched."""
    Path(halted, "manifest.json").write_bytes(text)
    before = contents(halted)
    with pytest.raises(InvalidFactError, match=r"its manifest\.json is damaged"):
        run(inputs, halted)
    assert contents(halted) == before


@pytest.mark.parametrize("how", ["replaced", "changed", "removed"])
def test_an_input_that_changes_while_it_is_read_leaves_no_part(inputs, out, how):
    """It is noticed at the end of the run, or when that is halted; parts of the others stay."""
    first, *_ = sorted(Path(inputs).iterdir()) if Path(inputs).is_dir() else sorted(inputs)
    whole = first.read_bytes()

    def meddle(now):
        if now.parts == 1:
            if how != "changed":
                first.unlink()
            if how == "replaced":
                first.write_bytes(whole)
            if how == "changed":
                os.utime(first, ns=(1, 1))

    with pytest.raises(EvcreditError, match="changed while it was read") as caught:
        run(inputs, out, progress=meddle)
    assert first.name in str(caught.value)
    names = {each["name"] for each in json.loads(Path(out, "manifest.json").read_text())["parts"]}
    of_first = {
        each["name"]
        for each in json.loads(Path(out, "manifest.json").read_text())["parts"]
        if each["input"] == str(first)
    }
    there = {path.name for path in Path(out).glob("part-*.parquet")}
    assert not of_first & there
    assert there <= names


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_full_disk_is_ours_and_what_is_finished_stays(inputs, out, engine, monkeypatch):
    """The error names the part; a later run makes the rest."""
    kind = {"polars": engines._Polars, "duckdb": engines._DuckDB}[engine]
    write, written = kind.write, []

    def full(self, frame, path):
        written.append(path)
        if len(written) > 1:
            raise (
                OSError(28, "No space left on device")
                if engine == "polars"
                else self.errors("full")
            )
        write(self, frame, path)

    monkeypatch.setattr(kind, "write", full)
    with pytest.raises(EvcreditError, match=r"part-.*cannot be written: .*what is finished stays"):
        run(inputs, out, engine=engine)
    (kept,) = Path(out).glob("part-*.parquet")
    monkeypatch.undo()
    before = kept.read_bytes()
    run(inputs, out, engine=engine)
    assert kept.read_bytes() == before
