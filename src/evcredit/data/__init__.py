"""The data files of the package, each row with its source.

They are TOML: dates are dates, and numbers that must stay exact are whole or text. Long tables
of like rows are CSV, text all through.

May import: nothing of the package.
May be imported by: every other room.
"""

from __future__ import annotations

from typing import Any

__all__ = ["load", "load_rows"]


def load(file: str) -> dict[str, Any]:
    """Read one data file of the package.

    >>> sorted(load("agreements.toml"))
    ['agreements']
    """
    # Not needed to import the package, and it costs half as much as attrs.
    import tomllib  # noqa: PLC0415

    return tomllib.loads(_text(file))


def load_rows(file: str) -> tuple[dict[str, str], ...]:
    """Read one table of the package: a row for each line, a cell that is empty omitted.

    >>> load_rows("listings.csv")[0]["model"]
    'Focus Electric'
    """
    import csv  # noqa: PLC0415

    lines = [line for line in _text(file).splitlines() if not line.startswith("#")]
    return tuple(
        {name: cell for name, cell in row.items() if cell}
        for row in csv.DictReader(lines, strict=True)
    )


def _text(file: str) -> str:
    # The other half.
    from importlib.resources import files  # noqa: PLC0415

    return files(__name__).joinpath(file).read_text("utf-8")
