"""``python -m evcredit table``: assess every row of tables, in CSV or Parquet, in and out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from evcredit.commands.inputs import bytes_of, command_parser, law_of, no_input, read_claim
from evcredit.errors import InvalidFactError
from evcredit.provisions.section import Credit
from evcredit.tables.files.assess import assess_files
from evcredit.tables.files.joined import join_parts
from evcredit.tables.files.paths import files_of

__all__ = ["answer"]

_FORMATS = (".csv", ".parquet")


def answer(arguments: Sequence[str]) -> str:
    """Return what the command prints: how many rows there are, or the table itself.

    Args:
        arguments: The arguments after ``table``.

    Raises:
        EvcreditError: A table cannot be read, or no engine is installed.
        OSError: A file cannot be read or written.
    """
    parser = command_parser(
        "table",
        "Assess every row of tables in CSV or Parquet, in bounded memory. Columns are named as "
        "facts, such as vehicle_msrp_cents; see the page on tables.",
    )
    parser.add_argument(
        "inputs", nargs="+", help="files, folders or patterns; - reads CSV or Parquet from a pipe"
    )
    parser.add_argument(
        "--out",
        required=True,
        help="a .csv or .parquet file; - writes CSV to standard output; any other name is a folder "
        "of parts, with which a run that was halted goes on",
    )
    parser.add_argument(
        "--assume", type=Path, metavar="CLAIM", help="a claim as a JSON file: facts of every row"
    )
    parser.add_argument("--law", metavar="NAME", help="the law to apply (default: current)")
    parser.add_argument(
        "--credit", choices=[each.value for each in Credit], default=Credit.NEW_VEHICLE.value
    )
    parser.add_argument(
        "--unknown",
        action="store_true",
        help="take what no column and no assumption states as unknown",
    )
    parser.add_argument("--rules", action="store_true", help="a column for every rule")
    parser.add_argument(
        "--sort-out",
        action="store_true",
        help="put rows with invalid cells aside instead of stopping: into the folder bad, or into "
        "a file next to the output whose name ends in .bad.csv or .bad.parquet",
    )
    parser.add_argument("--engine", choices=("polars", "duckdb"), help="what reads and writes")
    parser.add_argument("--quiet", action="store_true", help="no progress on standard error")
    options = parser.parse_args(arguments)
    if options.out == "-" and options.sort_out:
        raise InvalidFactError("--sort-out", "-", "give a file or folder: bad rows need a place")
    stated: dict[str, Any] = {
        "credit": options.credit,
        "law": law_of(options.law),
        "assume": None if options.assume is None else read_claim(options.assume),
        "unknown": options.unknown,
        "rules": options.rules,
        "strict": not options.sort_out,
        "engine": options.engine,
        "progress": not options.quiet,
    }
    with _inputs(options.inputs) as inputs:
        if options.out != "-" and Path(options.out).suffix.lower() not in _FORMATS:
            done = assess_files(inputs, options.out, **stated)
            return f"{options.out}: {done.rows:,} rows, {done.bad_rows:,} bad\n"
        return _one_file(inputs, options.out, stated)


def _one_file(inputs: list[str], out: str, stated: dict[str, Any]) -> str:
    """Assess into a scratch folder, and join its parts into one file, or print them."""
    to = Path(out)
    of_bad_rows = to.with_suffix(f".bad{to.suffix}")
    if out != "-":
        for each in files_of(inputs):
            no_input(to, each)
            if not stated["strict"]:
                no_input(of_bad_rows, each)
    with TemporaryDirectory() as scratch:
        parts = Path(scratch, "parts")
        done = assess_files(inputs, parts, **stated)
        if out == "-":
            joined = Path(scratch, "all.csv")
            join_parts(parts, joined, engine=stated["engine"])
            return joined.read_text(encoding="utf-8")
        join_parts(parts, to, engine=stated["engine"])
        if done.bad_rows:
            join_parts(Path(parts, "bad"), of_bad_rows, engine=stated["engine"])
        elif not stated["strict"]:
            of_bad_rows.unlink(missing_ok=True)  # of an earlier run: there are none now
        return f"{out}: {done.rows - done.bad_rows:,} rows, {done.bad_rows:,} bad\n"


@contextmanager
def _inputs(stated: Sequence[str]) -> Iterator[list[str]]:
    """The inputs as files: what comes through a pipe is kept in a scratch file meanwhile."""
    if "-" not in stated:
        yield list(stated)
        return
    with TemporaryDirectory() as scratch:
        data = bytes_of(Path("-"))
        # A Parquet file begins with these four letters.
        name = "pipe.parquet" if data[:4] == b"PAR1" else "pipe.csv"
        kept = Path(scratch, name)
        kept.write_bytes(data)
        yield [str(kept) if each == "-" else each for each in stated]
