"""Cells that look like something else: a warning for a table that is read, and nothing rescaled."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import narwhals.stable.v2 as nw

from evcredit.algebra.field import Kind
from evcredit.algebra.path import fact_type_at
from evcredit.errors import UnlikelyValueWarning
from evcredit.facts.claim import Claim
from evcredit.facts.country import alpha_2_codes
from evcredit.facts.place import doubt_about, is_doubtful
from evcredit.facts.plausible import CAR_WHEELS, HEAVY_LB, USUAL, UsualRange
from evcredit.tables.checks import Check, count_bad
from evcredit.tables.compiler.columns import AnyFrame, FrameColumn, units_of_type
from evcredit.tables.problems import Problem

__all__ = ["unlikely", "warn_of_unlikely"]

_WEIGHT = "vehicle.gross_vehicle_weight_rating_lb"
_WHEELS = "vehicle.wheels"
_USUAL = {usual.path: usual for usual in USUAL}
#: Countries that build vehicles for the United States: their codes alone say nothing.
_BUILDERS = frozenset({"CA", "DE"})
_TWO_READINGS, _NAMIBIA, _NULL = "two readings", "Namibia", "null"


def warn_of_unlikely(frame: AnyFrame, columns: Iterable[FrameColumn]) -> None:
    """Warn of the cells of a table that look like something else, a column at a time.

    Args:
        frame: The frame; it is read once.
        columns: The columns that hold facts.
    """
    for problem in unlikely(frame, columns):
        warnings.warn(f"unlikely cells in {problem}", UnlikelyValueWarning, stacklevel=5)


def unlikely(frame: AnyFrame, columns: Iterable[FrameColumn]) -> list[Problem]:
    """Count the cells of a table that look like something else.

    Args:
        frame: The frame; it is read once.
        columns: The columns that hold facts.

    Returns:
        One problem for each column and look, with the number of rows and some values.
    """
    found = count_bad(frame, list(_checks(columns)))
    with_nulls = {each.column for each in found if each.what == _NULL}
    problems = []
    for each in found:
        if each.what == _TWO_READINGS or (each.what == _NAMIBIA and each.column in with_nulls):
            problems.append(each._replace(what=doubt_about(str(each.examples[0]))))
        elif each.what not in (_NAMIBIA, _NULL):
            problems.append(each)
    return problems


@cache
def _doubtful() -> tuple[str, ...]:
    """The codes that are short for a state too, and say so alone."""
    codes = {code for code in alpha_2_codes() if is_doubtful(code)}
    return tuple(sorted(codes - _BUILDERS - {"NA"}))


def _checks(columns: Iterable[FrameColumn]) -> Iterator[Check]:
    """What the cells of each column are not likely to be."""
    columns = [column for column in columns if column.path]
    names = {column.path: column.name for column in columns}
    for column in columns:
        here, kind = nw.col(column.name), fact_type_at(Claim, column.path).kind
        if column.path in _USUAL:
            yield from _outside_the_usual(column, _USUAL[column.path], names)
        elif kind is Kind.PERCENT:
            what = "less than one percent; 50 percent is 5000 in a column of basis points"
            yield Check(column.name, what, ((here > 0) & (here < 100)).fill_null(value=False))
        elif kind is Kind.COUNTRY:
            text = here.cast(nw.String)
            either = text.is_in(_doubtful()).fill_null(value=False)
            yield Check(column.name, _TWO_READINGS, either)
            yield Check(column.name, _NAMIBIA, (text == "NA").fill_null(value=False))
            yield Check(column.name, _NULL, here.is_null())


def _outside_the_usual(
    column: FrameColumn, usual: UsualRange, names: Mapping[str, str]
) -> Iterator[Check]:
    here, units = nw.col(column.name), units_of_type(fact_type_at(Claim, usual.path))
    if usual.least is not None:
        low: Any = (here > 0) & (here < int(usual.least * units))
        if _WHEELS in names:
            low = low & ~(nw.col(names[_WHEELS]) < CAR_WHEELS).fill_null(value=False)
        yield _looks(column, usual.below if units == 1 else usual.instead, low)
    if usual.most is not None:
        high: Any = here > int(usual.most * units)
        if _WEIGHT in names:
            high = high & ~(nw.col(names[_WEIGHT]) >= HEAVY_LB).fill_null(value=False)
        yield _looks(column, "a number of smaller units", high)


def _looks(column: FrameColumn, looks: str, bad: nw.Expr) -> Check:
    what = f"looks like {looks}; it is read as {column.unit}"
    return Check(column.name, what, bad.fill_null(value=False))
