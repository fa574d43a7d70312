"""The verb over files: assess what does not fit into memory, part by part, and go on after a halt.

Each input is read in ranges of rows, and each range becomes one part of the output. A part is
written under a temporary name, flushed to the disk, and only then given its own name, so that a
part that is there is whole. A manifest beside the parts fixes what the run is: the law, the options
and the inputs. Starting it again goes on with the parts that are not there yet.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

import attrs

from evcredit._version import __version__
from evcredit.errors import InvalidFactError
from evcredit.facts.claim import Claim
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.provisions.registry import section_of
from evcredit.provisions.section import Credit, Section
from evcredit.results.words import facts_to_dict
from evcredit.tables.files.engines import Engine, engine_of
from evcredit.tables.files.inputs import inputs_of, naming
from evcredit.tables.files.manifest import (
    BAD,
    as_data,
    bad_rows_if_finished,
    begin,
    held,
    put,
    watched,
)
from evcredit.tables.files.parts import Part, cut
from evcredit.tables.files.progress import FilesAssessed, Meter
from evcredit.tables.frames import assess_frame
from evcredit.tables.plan import Days, plan_for, texts
from evcredit.tables.problems import InvalidFrameError

__all__ = ["assess_files"]


def assess_files(
    inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    credit: Credit | str | Section = Credit.NEW_VEHICLE,
    law: Law | None = None,
    assume: Claim | None = None,
    unknown: Iterable[str] | bool = False,
    placed_in_service: Days | None = None,
    rules: bool | Iterable[str] = False,
    strict_columns: bool = False,
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
            ``"in/*.parquet"``, or several of these. Folders ``column=value`` right above a file
            are columns, as Spark and DuckDB write them. Of a CSV file with a heading the columns
            that rules read are read as what they hold, alike on both engines: days as
            ``2024-06-03``, whole numbers in digits, ``true`` and ``false``, an empty cell for
            unknown. All others are text.
        out: The folder of the output: new, empty, or of a run that was halted. It gets
            ``part-<number of the input>-<number of the range>.parquet``, for bad rows the same
            names in the folder ``bad``, and ``manifest.json``, which shows what
            each part is of and which columns were read.
        credit: As for `assess_frame`.
        law: As for `assess_frame`.
        assume: As for `assess_frame`.
        unknown: As for `assess_frame`.
        placed_in_service: As for `assess_frame`.
        rules: As for `assess_frame`.
        strict_columns: As for `assess_frame`.
        strict: Whether a bad cell is an error, which ends the run at its part. Otherwise bad rows
            are sorted out into the folder ``bad``, with the column ``problems``.
        batch_rows: The most rows in a part, which is what is held in memory at one time. Columns
            and all that is computed on the way take about 200 bytes for each row.
        engine: What reads and writes: ``"polars"`` or ``"duckdb"``; whichever is installed, in
            this order, if omitted.
        progress: Whether to tell on standard error how far it is; or a function that is called
            with that after each part.

    Returns:
        How many parts and rows there are, and how long it took.

    Raises:
        InvalidFrameError: Columns are missing or of a wrong type, before anything is written; a
            file, or a cell of a CSV file, cannot be read; or cells are invalid, with the file
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
    law = law_applied(law)
    stated: dict[str, Any] = {
        "credit": credit,
        "law": law,
        "assume": assume,
        "placed_in_service": placed_in_service,
    }
    if not isinstance(unknown, bool):
        unknown = sorted({unknown} if isinstance(unknown, str) else {*texts("unknown", unknown)})
    rules = rules if isinstance(rules, bool) else list(texts("rules", rules))
    _check_options(out, progress)
    options: dict[str, Any] = {
        **stated,
        "unknown": unknown,
        "rules": rules,
        "strict_columns": strict_columns,
    }
    reads = engine_of(engine)
    files = inputs_of(inputs, reads, lambda header: plan_for(header, **stated))
    folder = Path(out).absolute()
    if any(each.path.parent in (folder, Path(folder, BAD)) for each in files):
        raise InvalidFactError("out", str(folder), "give a folder that holds no input")
    # What is wrong with the columns is reported before anything is written.
    with naming(reads, files[0].path):
        sample = reads.cells(reads.frame(files[0], 0, 0), files[0])
    assess_frame(sample, check=True, **options)
    plan = plan_for(reads.schema(files[0]), **stated)
    named = sorted(plan.reader.named & set(plan.reader.used))
    parts = list(cut(files, batch_rows))
    recorded = {
        "evcredit": __version__,
        "credit": section_of(credit).credit.value,
        "law": law.name,
        "law_digest": law.digest,
        "assume": None if assume is None else facts_to_dict(assume),
        "unknown": unknown,
        "placed_in_service": placed_in_service and [day and str(day) for day in placed_in_service],
        "rules": rules,
        "strict_columns": strict_columns,
        "columns_read": list(plan.reader.used),
        "strict": strict,
        "batch_rows": batch_rows,
        "engine": reads.name,
    }
    tell = (lambda now: None) if progress is False else Meter() if progress is True else progress
    folder.mkdir(parents=True, exist_ok=True)
    with held(folder):
        begin(folder, {"options": recorded, **as_data(files, parts)})
        Path(folder, BAD).mkdir(exist_ok=True)
        finished = {p: bad_rows_if_finished(reads, folder, p) for p in parts}
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
        to_make = [part for part in parts if part not in there]
        with watched(folder, to_make):
            for part in to_make:
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


def _check_options(out: Any, progress: Any) -> None:
    """Look at where the parts go, and at who wants to know of them."""
    if not isinstance(out, str | os.PathLike) or Path(out).is_file():
        raise InvalidFactError("out", out, "give the path of a folder, which may be new")
    if not isinstance(progress, bool) and not callable(progress):
        raise InvalidFactError("progress", progress, "give True, False or a function")


def _make(
    engine: Engine,
    folder: Path,
    part: Part,
    named: list[str],
    options: Mapping[str, Any],
    *,
    strict: bool,
) -> int:
    """Make one part; how many bad rows it has. They are written first: the part says "done"."""
    with naming(engine, part):
        frame = engine.frame(part.input, part.first, part.rows)
    try:
        frame = engine.cells(frame, part.input)
        options = {**options, "names": engine.names(frame, named)}
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
            put(Path(folder, BAD, part.name), lambda to: _write(engine, bad, to))
    put(Path(folder, part.name), lambda to: _write(engine, good, to))
    return bad_rows


def _write(engine: Engine, frame: Any, to: Path) -> None:
    """Write a part; what the engine reports of the file system is an `OSError`."""
    try:
        engine.write(frame, to)
    except engine.errors as error:
        raise OSError(str(error)) from error
