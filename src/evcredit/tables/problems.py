"""What is wrong with a table, as values and as errors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from evcredit.errors import EvcreditError, shown

__all__ = ["EXAMPLES", "InvalidFrameError", "NotAFrameError", "Problem"]

#: How many values an error shows of each fault.
EXAMPLES = 3
#: How many faults an error lists; the rest are counted.
_MOST = 50


class Problem(NamedTuple):
    """Something wrong with a column, or with some of its rows.

    Args:
        column: The column.
        what: What is wrong, and what to do.
        rows: In how many rows; `None` if it is the column as such.
        examples: Some of the values found.
    """

    column: str
    what: str
    rows: int | None = None
    examples: tuple[Any, ...] = ()

    def __str__(self) -> str:
        where = "" if self.rows is None else f" ({self.rows} rows)"
        found = ", ".join(map(_example, self.examples))
        return f"{self.column}: {self.what}{where}{f'; for example {found}' if found else ''}"


def _example(value: Any) -> str:
    """A value, or the values of a key, cut where they are long."""
    return f"({', '.join(map(shown, value))})" if type(value) is tuple else shown(value)


class InvalidFrameError(EvcreditError, ValueError):
    """A table that does not hold what it should.

    Attributes:
        problems: What is wrong, all of it.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        super().__init__(*self.problems)

    def __str__(self) -> str:
        lines = [*map(str, self.problems[:_MOST])]
        more = len(self.problems) - _MOST
        return "\n".join([*lines, f"and {more} more"] if more > 0 else lines)


class NotAFrameError(EvcreditError, TypeError):
    """Something that is no table, or none of an engine that can be used here."""

    def __init__(self, found: object, remedy: str) -> None:
        super().__init__(found, remedy)
        self.found = found
        self.remedy = remedy

    def __str__(self) -> str:
        return f"frame: found {shown(self.found)}; {self.remedy}"
