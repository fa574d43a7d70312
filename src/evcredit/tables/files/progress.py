"""How far a run over files is."""

from __future__ import annotations

import sys
from pathlib import Path

import attrs

__all__ = ["FilesAssessed", "Meter"]

#: How many seconds pass between two lines of progress where they cannot be overwritten.
_QUIET = 30
_BAR = 24


@attrs.frozen
class FilesAssessed:
    """How far `assess_files` got: what it returns, and what it shows on the way.

    Args:
        folder: The folder of the output.
        parts: How many parts are there.
        all_parts: How many there will be.
        found: How many of them were there before, from a run that was halted.
        rows: How many rows they hold, bad ones included.
        all_rows: How many rows there are in all inputs.
        bad_rows: How many of `rows` are no claims, and are in the folder ``bad``.
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


class Meter:
    """A line on standard error, which is overwritten if that is a terminal."""

    def __init__(self) -> None:
        self._last: float | None = None

    def __call__(self, now: FilesAssessed) -> None:
        """Show how far the run is."""
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
