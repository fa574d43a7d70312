"""Bad tables: every fault at once, with counts and examples, before any heavy work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from enum import Enum
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from evcredit.algebra.field import Fault
from evcredit.errors import shown
from evcredit.facts.mineral import ApplicableMineral
from evcredit.tables.column_types import AS_GIVEN
from evcredit.tables.compiler.columns import LARGEST, AnyFrame, ColumnKind, FrameColumn
from evcredit.tables.compiler.reader import SCRATCH
from evcredit.tables.problems import EXAMPLES, Problem

__all__ = [
    "Check",
    "any_bad",
    "beyond",
    "checks_of",
    "collected",
    "count_bad",
    "key_checks",
    "sort_out",
]

#: Whether a row fails the check in question.
_HERE = f"{SCRATCH}here"
#: The column that shows what is wrong with a row.
PROBLEMS = "problems"


class Check(NamedTuple):
    """What a row may not be.

    Args:
        column: The column it is about.
        what: What is wrong, and what to do.
        bad: Whether a row is; where that is unknown, it is not.
        shown: The columns whose values an error shows; that of `column` if omitted.
        reads: What takes in the text of a fact, to say what a value found may mean.
        silent: Whether no value is shown: Python has none for it, or an engine ends the process.
    """

    column: str
    what: str
    bad: nw.Expr
    shown: tuple[str, ...] = ()
    reads: Callable[[Any], Any] | None = None
    silent: bool = False

    @property
    def fails(self) -> nw.Expr:
        """Whether a row fails it; never unknown."""
        return self.bad.fill_null(value=False)


def checks_of(frame: AnyFrame, columns: Iterable[FrameColumn]) -> Iterator[Check]:
    """What the cells of each column may not be."""
    types = frame.collect_schema()
    for column in columns:
        here = nw.col(column.name)
        if column.kind is ColumnKind.NUMBER:
            outside = (here < column.least) | (here > LARGEST)
            what = f"give numbers from {column.least} to {LARGEST}"
            kept = f"{AS_GIVEN}{column.name}"
            given = (kept,) if kept in types else ()
            yield Check(column.name, what, outside, given)
        elif column.kind is ColumnKind.DAY:
            what = f"give days from {date.min} to {date.max}, or null for unknown"
            yield Check(column.name, what, beyond(here), silent=True)
        elif column.categories is not None:
            dtype: Any = types[column.name]
            if isinstance(dtype, nw.Enum) and set(dtype.categories) <= set(column.categories):
                continue
            known = here.cast(nw.String).is_in(list(column.categories))
            some = ", ".join(column.categories[:5])
            more = "" if len(column.categories) <= 5 else " and so on"
            what = f"unknown category; known are {some}{more}"
            # Whether nothing is among others, engines answer differently.
            bad = ~(here.is_null() | known)
            yield Check(column.name, what, bad, reads=column.reads)


class _FourDigits(date):
    """A day that PySpark can hand on: it writes the year by `strftime`, with no zeros before it."""

    def strftime(self, format: str) -> str:  # noqa: A002  # as the base names it
        return super().strftime(format.replace("%Y", f"{self.year:04}"))


_FIRST = _FourDigits(1, 1, 1)


def beyond(day: nw.Expr) -> nw.Expr:
    """Whether a day lies in no year from 1 to 9999, or is infinite as DuckDB has it.

    DuckDB hands out its infinite days as the first and last day that Python knows, so these are
    beyond too.
    """
    return (day <= nw.lit(_FIRST)) | (day >= nw.lit(date.max))


def key_checks(frame: AnyFrame, keys: Sequence[str]) -> tuple[AnyFrame, list[Check]]:
    """What a key of a table may not be: unknown, or the same in several rows.

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
    """Whether a row fails any check, never unknown; `None` if there is none."""
    bad = [check.bad for check in checks]
    # Of Kleene's "or" one fill is as good as one for each.
    return reduce(or_, bad).fill_null(value=False) if bad else None


def count_bad(frame: AnyFrame, checks: list[Check]) -> list[Problem]:
    """The faults that occur, each with the number of rows and some values."""
    if not checks:
        return []
    flags = {f"bad_{i}": check.fails for i, check in enumerate(checks)}
    counted = collected(frame.select(**flags).select(nw.col(*flags).cast(nw.Int64).sum()))
    counts = counted.rows()[0]
    problems = []
    for check, count in zip(checks, counts, strict=True):
        if count:
            if check.silent:
                problems.append(Problem(check.column, check.what, int(count)))
                continue
            columns = check.shown or (check.column,)
            # Rows of some types of other columns cannot be picked out.
            few = frame.select(*columns, **{_HERE: check.fails}).filter(nw.col(_HERE))
            rows = collected(few.select(*columns).head(EXAMPLES)).rows()
            values = tuple(row[0] if len(columns) == 1 else row for row in rows)
            what = check.what + _meaning(check, values)
            problems.append(Problem(check.column, what, int(count), values))
    return problems


def _meaning(check: Check, values: Sequence[Any]) -> str:
    """What the first of the values that a column may not hold means, in words."""
    if check.reads is None:
        return ""
    taken = check.reads(values[0])
    if isinstance(taken, Fault):
        return f"; {shown(values[0])}: {taken.remedy}"
    if isinstance(taken, Enum):
        written = str(taken.value)
    else:
        written = taken.identifier if isinstance(taken, ApplicableMineral) else str(taken)
    return f"; write {written!r} for {shown(values[0])}"


def collected(frame: AnyFrame) -> nw.DataFrame[Any]:
    """The rows of a frame, at hand."""
    return frame.collect() if isinstance(frame, nw.LazyFrame) else frame


def sort_out(frame: AnyFrame, checks: list[Check], name: str) -> tuple[AnyFrame, AnyFrame]:
    """The rows that pass every check, and the others with what is wrong with them.

    Args:
        frame: The frame.
        checks: The checks.
        name: The name of the column that shows what is wrong.
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
