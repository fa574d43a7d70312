"""Bad tables: every fault at once, with counts and examples, before any heavy work."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from evcredit.errors import EvcreditError
from evcredit.tables.columns import LARGEST, ColumnKind, FrameColumn
from evcredit.tables.doors import AnyFrame, Problem
from evcredit.tables.reader import SCRATCH

__all__ = [
    "Check",
    "InvalidFrameError",
    "any_bad",
    "checks_of",
    "count_bad",
    "key_checks",
    "sort_out",
]

#: How many values an error shows of each fault.
_EXAMPLES = 3


class InvalidFrameError(EvcreditError, ValueError):
    """A table that does not hold what it should.

    Attributes:
        problems: What is wrong, all of it.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(*self.problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))


class Check(NamedTuple):
    """What a row must not be.

    Args:
        column: The column it is about.
        what: What is wrong, and what to do.
        bad: Whether a row is; never unknown.
        shown: The columns whose values an error shows; that of `column` if left out.
    """

    column: str
    what: str
    bad: nw.Expr
    shown: tuple[str, ...] = ()


def checks_of(frame: AnyFrame, columns: Iterable[FrameColumn]) -> Iterator[Check]:
    """What the cells of each column must not be."""
    types = frame.collect_schema()
    for column in columns:
        here = nw.col(column.name)
        if column.kind is ColumnKind.NUMBER:
            outside = (here < column.least) | (here > LARGEST)
            what = f"give numbers from {column.least} to {LARGEST}"
            yield Check(column.name, what, outside.fill_null(value=False))
        elif column.categories is not None:
            dtype: Any = types[column.name]
            if isinstance(dtype, nw.Enum) and set(dtype.categories) <= set(column.categories):
                continue
            known = here.cast(nw.String).is_in(list(column.categories))
            some = ", ".join(column.categories[:5])
            more = "" if len(column.categories) <= 5 else " and so on"
            what = f"unknown category; known are {some}{more}"
            yield Check(column.name, what, ~here.is_null() & ~known.fill_null(value=True))


def key_checks(frame: AnyFrame, keys: Sequence[str]) -> tuple[AnyFrame, list[Check]]:
    """What a key of a table must not be: unknown, or the same in several rows.

    Args:
        frame: The frame.
        keys: The columns that are the key together.

    Returns:
        The frame with a column that the checks read, whose name begins with `SCRATCH`, and the
        checks.
    """
    repeated = f"{SCRATCH}repeated"
    null = reduce(or_, [nw.col(key).is_null() for key in keys])
    marked = frame.with_columns(**{repeated: nw.len().over(*keys) > 1})
    name, shown = ", ".join(keys), tuple(keys)
    return marked, [
        Check(name, "the key of a row is unknown; give one", null, shown),
        Check(name, "several rows have the same key", nw.col(repeated) & ~null, shown),
    ]


def any_bad(checks: Iterable[Check]) -> nw.Expr | None:
    """Whether a row fails any check; `None` if there is none."""
    bad = [check.bad for check in checks]
    return reduce(or_, bad) if bad else None


def count_bad(frame: AnyFrame, checks: list[Check]) -> list[Problem]:
    """The faults that occur, each with the number of rows and some values."""
    if not checks:
        return []
    flags = {f"bad_{i}": check.bad for i, check in enumerate(checks)}
    counted = _collected(
        frame.select(**flags).select(nw.col(*flags).cast(nw.Int64).sum()).lazy()
        if isinstance(frame, nw.LazyFrame)
        else frame.select(**flags).select(nw.col(*flags).cast(nw.Int64).sum())
    )
    counts = counted.rows()[0]
    problems = []
    for check, count in zip(checks, counts, strict=True):
        if count:
            shown = check.shown or (check.column,)
            rows = _collected(frame.filter(check.bad).select(*shown).head(_EXAMPLES)).rows()
            values = tuple(row[0] if len(shown) == 1 else row for row in rows)
            problems.append(Problem(check.column, check.what, int(count), values))
    return problems


def _collected(frame: AnyFrame) -> nw.DataFrame[Any]:
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def sort_out(frame: AnyFrame, checks: list[Check], name: str) -> tuple[AnyFrame, AnyFrame]:
    """The rows that pass every check, and the others with what is wrong with them.

    Args:
        frame: The frame.
        checks: The checks.
        name: The name of the column that tells what is wrong.
    """
    bad = any_bad(checks)
    if bad is None:
        told = frame.with_columns(nw.lit("").alias(name))
        return frame, told.head(0)
    parts = [
        nw.when(check.bad).then(nw.lit(f"{check.column}: {check.what}. ")).otherwise(nw.lit(""))
        for check in checks
    ]
    text = parts[0] if len(parts) == 1 else nw.concat_str(parts)
    return frame.filter(~bad), frame.filter(bad).with_columns(text.alias(name))
