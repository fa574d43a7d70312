"""Join the parts of a run into one file."""

from __future__ import annotations

from pathlib import Path

from evcredit.errors import InvalidFactError
from evcredit.tables.files.engines import engine_of
from evcredit.tables.files.manifest import put

__all__ = ["join_parts"]


def join_parts(folder: Path, to: Path, *, engine: str | None = None) -> None:
    """Write the parts of a run as one CSV or Parquet file, in order.

    The file is written under a temporary name and gets its own when it is complete.

    Args:
        folder: The folder of the parts.
        to: The file, whose name ends in ``.csv`` or ``.parquet``.
        engine: ``"polars"`` or ``"duckdb"``; whichever is installed, in this order, if omitted.

    Raises:
        InvalidFactError: The folder holds no parts.
        EvcreditError: No engine is installed.
    """
    parts = sorted(folder.glob("part-*.parquet"))
    if not parts:
        raise InvalidFactError("folder", str(folder), "it holds no parts")
    reads = engine_of(engine)
    as_text = to.suffix.lower() == ".csv"
    put(to, lambda path: reads.join(parts, path, as_text=as_text))
