"""The parts of a run over files: ranges of the rows of its inputs."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from evcredit.tables.compiler.columns import ColumnKind

__all__ = ["SUFFIXES", "Input", "Part", "Partition", "TypedColumn", "cut"]

SUFFIXES = (".parquet", ".csv")


class TypedColumn(NamedTuple):
    """A column of text in which a fact is read.

    Args:
        kind: What it holds.
        unit: The unit of its numbers.
    """

    kind: ColumnKind
    unit: str = ""


class Partition(NamedTuple):
    """A column of which all rows of a file have one value, which a folder above it states.

    Args:
        name: The name of the column.
        kind: What it holds.
        value: The value; `None` for unknown.
        inside: Whether the file has the column too, which must then say the same.
    """

    name: str
    kind: ColumnKind
    value: Any
    inside: bool = False

    @property
    def text(self) -> str | None:
        """The value as both engines write it."""
        if self.value is None:
            return None
        return str(self.value).lower() if self.kind is ColumnKind.FLAG else str(self.value)


class Input(NamedTuple):
    """One file to read.

    Args:
        path: The file.
        columns: Of a CSV file, its columns; those that no rule reads are `None`, and stay text.
        rows: How many rows it has.
        partition: The columns that the folders above it state.
    """

    path: Path
    columns: tuple[tuple[str, TypedColumn | None], ...] | None = None
    rows: int = 0
    partition: tuple[Partition, ...] = ()

    @property
    def added(self) -> list[Partition]:
        """The columns that only the folders state."""
        return [each for each in self.partition if not each.inside]

    @property
    def repeated(self) -> list[Partition]:
        """The columns that the folders state and the file has too."""
        return [each for each in self.partition if each.inside]

    @property
    def read(self) -> dict[str, TypedColumn]:
        """The columns of text in which a fact is read."""
        return {name: column for name, column in self.columns or () if column is not None}


class Part(NamedTuple):
    """A range of the rows of one input, and the name of what is made of it."""

    name: str
    input: Input
    first: int
    rows: int

    def __str__(self) -> str:
        return f"{self.input.path}, rows {self.first} to {self.first + self.rows - 1} from 0"


def cut(inputs: list[Input], batch_rows: int) -> Iterator[Part]:
    """The parts in order; an input without rows still makes one, so that none goes missing."""
    for number, each in enumerate(inputs):
        for place, first in enumerate(range(0, max(each.rows, 1), batch_rows)):
            rows = min(batch_rows, each.rows - first)
            yield Part(f"part-{number:05d}-{place:05d}.parquet", each, first, rows)
