"""The verb over files: assess what does not fit into memory, part by part, and go on after a halt.

Each input is read in ranges of rows, and each range becomes one part of the output. A part is
written under a temporary name, flushed to the disk, and only then given its own name, so that a
part that is there is whole. A manifest beside the parts fixes what the run is: the law, the options
and the inputs. Starting it again goes on with the parts that are not there yet.
"""

from __future__ import annotations

import csv
import json
import os
import sys
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from glob import glob
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar, Literal, NamedTuple

import attrs

from evcredit._version import __version__
from evcredit.assessment import section_of
from evcredit.claim import Claim
from evcredit.errors import EvcreditError, InvalidFactError, raise_faults
from evcredit.law import Law, current_law
from evcredit.receipt import facts_to_dict
from evcredit.section import Credit
from evcredit.tables.checks import InvalidFrameError
from evcredit.tables.columns import ColumnKind
from evcredit.tables.doors import Problem
from evcredit.tables.frames import Days, assess_frame, plan_for

__all__ = ["FilesAssessed", "OtherRunError", "assess_files"]

_MANIFEST = "manifest.json"
#: The folder of the rows that are no claims, inside that of the output.
_BAD = "bad"
_TEMPORARY = ".unfinished"
_SUFFIXES = (".parquet", ".csv")
#: How many seconds pass between two lines of progress where they cannot be overwritten.
_QUIET = 30
_BAR = 24


class OtherRunError(EvcreditError, ValueError):
    """The folder of the output holds a run that is not the one asked for.

    Attributes:
        differences: What differs, each as one sentence.
    """

    def __init__(self, folder: Path, differences: Iterable[str]) -> None:
        self.folder = folder
        self.differences = tuple(differences)
        super().__init__(folder, self.differences)

    def __str__(self) -> str:
        told = "\n".join(f"  {each}" for each in self.differences)
        return (
            f"{self.folder} holds the parts of another run; give another folder, or what that "
            f"run was given:\n{told}"
        )


@attrs.frozen
class FilesAssessed:
    """How far `assess_files` got: what it returns, and what it tells on the way.

    Args:
        folder: The folder of the output.
        parts: How many parts are there.
        all_parts: How many there will be.
        found: How many of them were there before, from a run that was halted.
        rows: How many rows they hold, bad ones included.
        all_rows: How many rows there are in all inputs.
        bad_rows: How many of `rows` are no claims, and stand in the folder ``bad``.
        seconds: How long it has taken, without what was found.
    """

    folder: Path
    parts: int
    all_parts: int
    found: int
    rows: int
    all_rows: int
    bad_rows: int
    seconds: float


class _Input(NamedTuple):
    """One file to read; the types of its columns are given if it is a CSV file."""

    path: Path
    types: tuple[tuple[str, ColumnKind], ...] | None = None
    rows: int = 0


class _Part(NamedTuple):
    """A range of the rows of one input, and the name of what is made of it."""

    name: str
    input: _Input
    first: int
    rows: int

    def __str__(self) -> str:
        return f"{self.input.path}, rows {self.first} to {self.first + self.rows - 1} from 0"


# -- engines -------------------------------------------------------------------------------


class _Engine(ABC):
    """A library that reads and writes files."""

    name: ClassVar[str]
    #: What it raises for a file that it cannot read.
    errors: type[Exception]

    @abstractmethod
    def schema(self, file: _Input) -> dict[str, str]:
        """The columns of a file with their types."""

    @abstractmethod
    def rows(self, file: _Input) -> int:
        """How many rows a file has."""

    @abstractmethod
    def frame(self, file: _Input, first: int, rows: int) -> Any:
        """A range of the rows of a file, in memory."""

    @abstractmethod
    def names(self, frame: Any, columns: list[str]) -> list[str]:
        """What stands in columns of names, unless `assess_frame` looks at that itself."""

    @abstractmethod
    def count(self, frame: Any) -> int:
        """How many rows a frame has."""

    @abstractmethod
    def write(self, frame: Any, path: Path) -> None:
        """Write a frame as one Parquet file."""


class _Polars(_Engine):
    name = "polars"

    def __init__(self) -> None:
        import polars  # noqa: PLC0415  # the caller's

        self._polars = polars
        self.errors = polars.exceptions.PolarsError
        self._types = {
            ColumnKind.FLAG: polars.Boolean,
            ColumnKind.DAY: polars.Date,
            ColumnKind.TEXT: polars.String,
            ColumnKind.NUMBER: polars.Int64,
        }

    def _scan(self, file: _Input) -> Any:
        if file.types is None:
            return self._polars.scan_parquet(file.path, glob=False, hive_partitioning=False)
        schema = {name: self._types[kind] for name, kind in file.types}
        return self._polars.scan_csv(file.path, glob=False, schema=schema)

    def schema(self, file: _Input) -> dict[str, str]:
        return {name: str(dtype) for name, dtype in self._scan(file).collect_schema().items()}

    def rows(self, file: _Input) -> int:
        found: int = self._scan(file).select(self._polars.len()).collect().item()
        return found

    def frame(self, file: _Input, first: int, rows: int) -> Any:
        return self._scan(file).slice(first, rows).collect(engine="streaming")

    def names(self, frame: Any, columns: list[str]) -> list[str]:
        return []

    def count(self, frame: Any) -> int:
        return len(frame)

    def write(self, frame: Any, path: Path) -> None:
        frame.write_parquet(path)


class _DuckDB(_Engine):
    name = "duckdb"
    _TYPES: ClassVar = {
        ColumnKind.FLAG: "BOOLEAN",
        ColumnKind.DAY: "DATE",
        ColumnKind.TEXT: "VARCHAR",
        ColumnKind.NUMBER: "BIGINT",
    }
    _BATCH = "evcredit_batch"

    def __init__(self) -> None:
        import duckdb  # noqa: PLC0415  # the caller's

        self._connection = duckdb.connect()
        self.errors = duckdb.Error

    def _scan(self, file: _Input) -> Any:
        # A name with the signs of a pattern is still one file.
        name = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(file.path))
        if file.types is None:
            return self._connection.read_parquet(name, hive_partitioning=False)
        columns = {column: self._TYPES[kind] for column, kind in file.types}
        return self._connection.read_csv(name, header=True, columns=columns)

    def schema(self, file: _Input) -> dict[str, str]:
        found = self._scan(file)
        return dict(zip(found.columns, map(str, found.types), strict=True))

    def rows(self, file: _Input) -> int:
        return self.count(self._scan(file))

    def frame(self, file: _Input, first: int, rows: int) -> Any:
        self._connection.execute(f"DROP TABLE IF EXISTS {self._BATCH}")
        self._scan(file).limit(rows, first).create(self._BATCH)
        return self._connection.table(self._BATCH)

    def names(self, frame: Any, columns: list[str]) -> list[str]:
        found = (frame.select(each).distinct().fetchall() for each in columns)
        return sorted({name for rows in found for (name,) in rows if name is not None})

    def count(self, frame: Any) -> int:
        found: int = frame.aggregate("count(*)").fetchall()[0][0]
        return found

    def write(self, frame: Any, path: Path) -> None:
        frame.write_parquet(str(path), compression="zstd")


#: In the order in which they are looked for.
_ENGINES: Mapping[str, type[_Engine]] = {"polars": _Polars, "duckdb": _DuckDB}


def _engine(name: str | None) -> _Engine:
    if name is not None and name not in _ENGINES:
        raise InvalidFactError("engine", name, f"give one of {', '.join(_ENGINES)}")
    for each in _ENGINES if name is None else (name,):
        if find_spec(each) is not None:
            return _ENGINES[each]()
    needed = name or " or ".join(_ENGINES)
    raise EvcreditError(
        f"assess_files reads and writes by {needed}, which is not installed; "
        f"run: pip install {name or next(iter(_ENGINES))}"
    )


# -- inputs --------------------------------------------------------------------------------


def _paths(inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The files that are meant, in order, each once."""
    several = [inputs] if isinstance(inputs, str | os.PathLike) else list(inputs)
    found: dict[Path, None] = {}
    for each in several:
        path = Path(each)
        if path.is_dir():
            below = sorted(p for p in path.iterdir() if p.suffix.lower() in _SUFFIXES)
        else:
            matching = glob(str(each), recursive=True)  # noqa: PTH207  # wherever it begins
            below = [path] if path.exists() else sorted(map(Path, matching))
        if not below:
            raise InvalidFactError("inputs", str(each), "there is no such file")
        found.update(dict.fromkeys(each.absolute() for each in below if each.is_file()))
    raise_faults(
        InvalidFactError("inputs", str(path), f"give files that end in {' or '.join(_SUFFIXES)}")
        for path in found
        if path.suffix.lower() not in _SUFFIXES
    )
    return list(found)


def _inputs(
    inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    engine: _Engine,
    plan: Callable[[list[str]], Any],
) -> list[_Input]:
    """The files with their types and numbers of rows."""
    files = [_Input(path, _types_of(path, plan)) for path in _paths(inputs)]
    if not files:
        raise InvalidFactError("inputs", inputs, "give at least one file")
    schemas = {}
    for place, file in enumerate(files):
        with _told(engine, file.path):
            schemas[file.path] = engine.schema(file)
            files[place] = file._replace(rows=engine.rows(file))
    _same_columns(schemas)
    return files


@contextmanager
def _told(engine: _Engine, of: object) -> Iterator[None]:
    """Tell which file cannot be read."""
    try:
        yield
    except engine.errors as error:
        raise InvalidFrameError([Problem(str(of), f"cannot be read: {error}")]) from error


def _types_of(
    path: Path, plan: Callable[[list[str]], Any]
) -> tuple[tuple[str, ColumnKind], ...] | None:
    """The types of the columns of a CSV file: what the rules do not read stays text."""
    if path.suffix.lower() != ".csv":
        return None
    with path.open(encoding="utf-8-sig", newline="") as file:
        header = next(csv.reader(file), None)
    if header is None:
        raise InvalidFactError("inputs", str(path), "this file has no heading")
    kinds = {column.name: column.kind for column in plan(header).columns}
    return tuple((name, kinds.get(name, ColumnKind.TEXT)) for name in header)


def _same_columns(schemas: Mapping[Path, dict[str, str]]) -> None:
    """Every file must have the columns of the first, so that the parts make one table."""
    first, *others = schemas
    wanted = schemas[first]
    faults = []
    for path in others:
        found = schemas[path]
        told = [
            *(f"lacks {name}" for name in wanted if name not in found),
            *(f"has {name}" for name in found if name not in wanted),
            *(
                f"has {name} as {found[name]} and not {wanted[name]}"
                for name in wanted
                if name in found and found[name] != wanted[name]
            ),
        ]
        if not told and list(found) != list(wanted):
            told = ["has the columns in another order"]
        if told:
            remedy = f"give files with the columns of {first}: this one {'; '.join(told)}"
            faults.append(InvalidFactError("inputs", str(path), remedy))
    raise_faults(faults)


def _cut(inputs: list[_Input], batch_rows: int) -> Iterator[_Part]:
    """The parts in order; an input without rows still makes one, so that none goes missing."""
    for number, each in enumerate(inputs):
        for place, first in enumerate(range(0, max(each.rows, 1), batch_rows)):
            rows = min(batch_rows, each.rows - first)
            yield _Part(f"part-{number:05d}-{place:05d}.parquet", each, first, rows)


# -- the folder ----------------------------------------------------------------------------


@contextmanager
def _held(folder: Path) -> Iterator[None]:
    """Keep other processes from working on the same folder; a kill lets go of it."""
    try:
        import fcntl  # noqa: PLC0415  # not on Windows, where two runs at once are not noticed
    except ImportError:
        yield
        return
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise EvcreditError(f"{folder}: another process is working on it") from None
        except OSError:
            pass  # a file system without locks
        yield
    finally:
        os.close(held)


def _put(path: Path, write: Callable[[Path], object]) -> None:
    """Make a file that is there as a whole or not at all, whenever the process ends."""
    unfinished = path.with_name(path.name + _TEMPORARY)
    try:
        write(unfinished)
        _flush(unfinished, os.O_RDWR)
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    _flush(path.parent, os.O_RDONLY)


def _flush(path: Path, how: int) -> None:
    try:
        opened = os.open(path, how)
    except PermissionError:  # Windows opens no folders
        return
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _begin(folder: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest, or compare it with the one that is there."""
    path = Path(folder, _MANIFEST)
    manifest = json.loads(json.dumps(manifest))
    for each in (*folder.glob(f"*{_TEMPORARY}"), *folder.glob(f"{_BAD}/*{_TEMPORARY}")):
        each.unlink()
    if path.exists():
        recorded = json.loads(path.read_text(encoding="utf-8"))
        differences = list(_differences(recorded, manifest))
        if differences:
            raise OtherRunError(folder, differences)
        if recorded["options"]["strict"] == manifest["options"]["strict"]:
            return
    elif any(folder.iterdir()):
        raise InvalidFactError("out", str(folder), "give a folder that is new or empty")
    text = json.dumps(manifest, indent=1, ensure_ascii=False) + "\n"
    _put(path, lambda to: to.write_text(text, encoding="utf-8"))


def _as_data(files: list[_Input], parts: list[_Part]) -> dict[str, Any]:
    """What the inputs are, by what tells that one was changed, and what each part is of."""
    found = []
    for file in files:
        about = file.path.stat()
        identity = {"bytes": about.st_size, "modified_ns": about.st_mtime_ns, "rows": file.rows}
        found.append({"path": str(file.path), **identity})
    told = [
        {
            "name": each.name,
            "input": str(each.input.path),
            "first_row": each.first,
            "rows": each.rows,
        }
        for each in parts
    ]
    return {"inputs": found, "parts": told}


def _differences(recorded: dict[str, Any], asked: dict[str, Any]) -> Iterator[str]:
    before, now = recorded["options"], asked["options"]
    for name in dict.fromkeys((*before, *now)):
        one, other = before.get(name), now.get(name)
        # Parts in which every row was a claim are the same if other parts may have others.
        if one != other and not (name == "strict" and one is True):
            yield f"{name}: was {_short(one)}, is {_short(other)}"
    files = {each["path"]: each for each in recorded["inputs"]}
    others = {each["path"]: each for each in asked["inputs"]}
    yield from (f"input {path}: was there, is not" for path in files if path not in others)
    yield from (f"input {path}: was not there, is" for path in others if path not in files)
    for path in files.keys() & others.keys():
        for name, one in files[path].items():
            if one != others[path][name]:
                yield f"input {path}: {name} was {one}, is {others[path][name]}"
                break
    if files.keys() == others.keys() and list(files) != list(others):
        yield "inputs: were in another order"


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 300 else f"{text[:300]}..."


def _bad_rows_if_finished(engine: _Engine, folder: Path, part: _Part) -> int | None:
    """How many bad rows a part has; `None` if it is still to be made."""
    good, bad = Path(folder, part.name), Path(folder, _BAD, part.name)
    if not good.exists():
        return None
    try:
        bad_rows = engine.rows(_Input(bad)) if bad.exists() else 0
        whole = engine.rows(_Input(good)) + bad_rows == part.rows
    except engine.errors:
        whole = False
    return bad_rows if whole else None


# -- progress ------------------------------------------------------------------------------


class _Meter:
    """A line on standard error, which is overwritten if that is a terminal."""

    def __init__(self) -> None:
        self._last: float | None = None

    def __call__(self, now: FilesAssessed) -> None:
        terminal, last = sys.stderr.isatty(), now.parts == now.all_parts
        recent = self._last is not None and now.seconds < self._last + _QUIET
        if recent and not (terminal or last):
            return
        self._last = now.seconds
        start, end = ("\r", "\n" if last else "") if terminal else ("", "\n")
        sys.stderr.write(f"{start}{_line(now)}{end}")
        sys.stderr.flush()


def _line(now: FilesAssessed) -> str:
    done = _BAR * now.parts // now.all_parts
    text = (
        f"[{'#' * done}{'.' * (_BAR - done)}] {now.parts:,} of {now.all_parts:,} parts, "
        f"{now.rows:,} of {now.all_rows:,} rows, {now.bad_rows:,} bad"
    )
    return f"{text}, {int(now.seconds):,} s"


# -- the verb ------------------------------------------------------------------------------


def assess_files(
    inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    credit: Credit | str = Credit.NEW_VEHICLE,
    law: Law | None = None,
    assume: Claim | None = None,
    unknown: Iterable[str] | bool = False,
    placed_in_service: Days | None = None,
    rules: bool | Iterable[str] = False,
    strict: bool = True,
    batch_rows: int = 500_000,
    engine: Literal["polars", "duckdb"] | None = None,
    progress: bool | Callable[[FilesAssessed], None] = True,
) -> FilesAssessed:
    """What the law makes of every row of many files, in bounded memory.

    The rows are those of `assess_frame`, a range of rows at a time. If the process ends before
    its time, call this again with the same arguments: parts that are there are kept, and the
    others made. A call with another law, other options or other inputs is refused; only `strict`
    may be loosened on the way, because it changes no part that is there.

    Args:
        inputs: Parquet or CSV files with the same columns: a file, a folder, a pattern such as
            ``"in/*.parquet"``, or several of these. Of a CSV file with a heading the columns that
            rules read are read as what they hold, days as ``2024-06-03``, and all others as text.
        out: The folder of the output: new, empty, or of a run that was halted. It gets
            ``part-<number of the input>-<number of the range>.parquet``, for bad rows the same
            names in the folder ``bad``, and ``manifest.json``, which tells what each part is of.
        credit: As for `assess_frame`.
        law: As for `assess_frame`.
        assume: As for `assess_frame`.
        unknown: As for `assess_frame`.
        placed_in_service: As for `assess_frame`.
        rules: As for `assess_frame`.
        strict: Whether a bad cell is an error, which ends the run at its part. Otherwise bad rows
            are sorted out into the folder ``bad``, with the column ``problems``.
        batch_rows: The most rows in a part, which is what is held in memory at one time. Columns
            and all that is worked out on the way take about 200 bytes for each row.
        engine: What reads and writes: ``"polars"`` or ``"duckdb"``; whichever is installed, in
            this order, if left out.
        progress: Whether to tell on standard error how far it is; or a function that is called
            with that after each part.

    Returns:
        How many parts and rows there are, and how long it took.

    Raises:
        InvalidFrameError: Columns are missing or of a wrong type, before anything is written; a
            file, or a cell of a CSV file, cannot be read; or cells cannot be true, with the file
            and the rows of the part.
        OtherRunError: The folder holds the parts of another run.
        InvalidFactError: There is no such input, inputs differ in their columns, or the folder
            is not empty and holds no run.
        EvcreditError: No engine is installed, or another process works on the folder.

    >>> import polars
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> from evcredit import examples
    >>> from evcredit.tables import assess_files
    >>> scratch = TemporaryDirectory()
    >>> folder = Path(scratch.name)
    >>> cars = polars.DataFrame({"vehicle_msrp_cents": [54_000_00, 81_000_00, None]})
    >>> cars.write_parquet(folder / "cars.parquet")
    >>> done = assess_files(
    ...     folder / "cars.parquet",
    ...     folder / "assessed",
    ...     assume=examples.demonstration_claim(),
    ...     unknown=True,
    ...     progress=False,
    ... )
    >>> done.parts, done.rows, done.bad_rows
    (1, 3, 0)
    >>> polars.read_parquet(folder / "assessed" / "*.parquet")["credit_upper_cents"].to_list()
    [750000, 0, 750000]
    >>> scratch.cleanup()
    """
    start = time.monotonic()
    if type(batch_rows) is not int or batch_rows < 1:
        raise InvalidFactError("batch_rows", batch_rows, "give a whole number of at least 1")
    law = current_law() if law is None else law
    stated: dict[str, Any] = {
        "credit": credit,
        "law": law,
        "assume": assume,
        "placed_in_service": placed_in_service,
    }
    unknown = unknown if isinstance(unknown, bool) else sorted(set(unknown))
    rules = rules if isinstance(rules, bool) else list(rules)
    options: dict[str, Any] = {**stated, "unknown": unknown, "rules": rules}
    reads = _engine(engine)
    files = _inputs(inputs, reads, lambda header: plan_for(header, **stated))
    folder = Path(out).absolute()
    if any(each.path.parent in (folder, Path(folder, _BAD)) for each in files):
        raise InvalidFactError("out", str(folder), "give a folder that holds no input")
    # What is wrong with the columns is told before anything is written.
    with _told(reads, files[0].path):
        sample = reads.frame(files[0], 0, 0)
    assess_frame(sample, check=True, **options)
    plan = plan_for(reads.schema(files[0]), **stated)
    named = sorted(plan.reader.named & set(plan.reader.used))
    parts = list(_cut(files, batch_rows))
    recorded = {
        "evcredit": __version__,
        "credit": section_of(credit).credit.value,
        "law": law.name,
        "law_digest": law.digest,
        "assume": None if assume is None else facts_to_dict(assume),
        "unknown": unknown,
        "placed_in_service": placed_in_service and [day and str(day) for day in placed_in_service],
        "rules": rules,
        "strict": strict,
        "batch_rows": batch_rows,
        "engine": reads.name,
    }
    tell = (lambda now: None) if progress is False else _Meter() if progress is True else progress
    folder.mkdir(parents=True, exist_ok=True)
    with _held(folder):
        _begin(folder, {"options": recorded, **_as_data(files, parts)})
        Path(folder, _BAD).mkdir(exist_ok=True)
        finished = {p: _bad_rows_if_finished(reads, folder, p) for p in parts}
        there = {part: bad_rows for part, bad_rows in finished.items() if bad_rows is not None}
        now = FilesAssessed(
            folder=folder,
            parts=len(there),
            all_parts=len(parts),
            found=len(there),
            rows=sum(part.rows for part in there),
            all_rows=sum(part.rows for part in parts),
            bad_rows=sum(there.values()),
            seconds=time.monotonic() - start,
        )
        tell(now)
        for part in parts:
            if part in there:
                continue
            bad_rows = _make(reads, folder, part, named, options, strict=strict)
            now = attrs.evolve(
                now,
                parts=now.parts + 1,
                rows=now.rows + part.rows,
                bad_rows=now.bad_rows + bad_rows,
                seconds=time.monotonic() - start,
            )
            tell(now)
    return now


def _make(
    engine: _Engine,
    folder: Path,
    part: _Part,
    named: list[str],
    options: Mapping[str, Any],
    *,
    strict: bool,
) -> int:
    """Make one part; how many bad rows it has. The bad rows go first: the part says it is done."""
    with _told(engine, part):
        frame = engine.frame(part.input, part.first, part.rows)
    options = {**options, "names": engine.names(frame, named)}
    try:
        if strict:
            good, bad = assess_frame(frame, check=True, strict=True, **options), None
        else:
            good, bad = assess_frame(frame, strict=False, **options)
    except InvalidFrameError as error:
        told = [each._replace(what=f"{each.what} [{part}]") for each in error.problems]
        raise InvalidFrameError(told) from None
    bad_rows = 0
    if bad is not None:
        bad_rows = engine.count(bad)
        if bad_rows:
            _put(Path(folder, _BAD, part.name), lambda to: engine.write(bad, to))
    _put(Path(folder, part.name), lambda to: engine.write(good, to))
    return bad_rows
