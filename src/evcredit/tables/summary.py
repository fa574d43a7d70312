"""How many claims of a table are met, not met, unknown or invalid, and what they amount to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import narwhals.stable.v2 as nw

from evcredit.tables.assessed import RESULTS
from evcredit.tables.checks import Check, count_bad
from evcredit.tables.column_types import prepared, wrong_types
from evcredit.tables.compiler.columns import AnyFrame, ColumnKind, FrameColumn
from evcredit.tables.compiler.reader import SCRATCH
from evcredit.tables.engines import enter
from evcredit.tables.plan import texts
from evcredit.tables.problems import InvalidFrameError, Problem

__all__ = ["MOST_CLAIMS", "MOST_WEIGHT", "summarise", "summarise_reasons"]

#: The maximum weight of a row.
MOST_WEIGHT = 10**9
#: The most claims of a group whose credits are added: with `_MOST_CENTS` each they fit 64 bits.
MOST_CLAIMS = 10**12
_MOST_CENTS = 9_000_000

_VERDICT, _LOWER, _UPPER, _REASON = RESULTS
_CLAIMS = "claims"
_COUNTS = ("met", "not_met", "unknown", "invalid")
#: Whether a row is a claim.
_VALID = f"{SCRATCH}valid"
#: How many rows have a weight that cannot be, or a credit above any of the law.
_BAD, _LARGE = f"{SCRATCH}bad", f"{SCRATCH}large"


def summarise(frame: Any, by: Iterable[str] = (), weight: str | None = None) -> Any:
    """How many claims are met, not met, unknown or invalid, and what they amount to.

    Args:
        frame: A result of `assess_frame`, of any engine.
        by: The columns to group by; a null is a group of its own.
        weight: The column that says how many claims a row represents: whole numbers from 0 to
            `MOST_WEIGHT`. Each row represents one if omitted.

    Returns:
        A frame of the same engine, lazy if it was lazy. One row for each group, in no particular
        order, or a single row if there is nothing to group by: the columns of `by` and, all
        64-bit,

        - ``claims``: how many claims there are, of which ``met``, ``not_met``, ``unknown`` and
          ``invalid`` are so,
        - ``credit_lower_cents`` and ``credit_upper_cents``: the sums of their least and greatest
          credits, in cents. Invalid claims add nothing.

        Of a lazy frame that cannot be looked at, what is not certain is null: everything in a
        group with a weight that is null, negative or too large, and the sums of a group of more
        than `MOST_CLAIMS` claims, which might not fit 64 bits.

    Raises:
        InvalidFrameError: Columns are missing or of a wrong type, or have names that the summary
            needs; or, in a frame that is not lazy, weights or groups are too large.
        TypeError: It is no frame of a known engine.

    >>> import polars
    >>> from evcredit import examples
    >>> from evcredit.tables import assess_frame
    >>> cars = polars.DataFrame({"vehicle_msrp_cents": [54_000_00, 81_000_00], "sold": [10, 3]})
    >>> found = assess_frame(cars, assume=examples.demonstration_claim(), unknown=True)
    >>> summarise(found, weight="sold").to_dicts()[0]
    {'claims': 13, 'met': 10, 'not_met': 3, 'unknown': 0, 'invalid': 0,
     'credit_lower_cents': 7500000, 'credit_upper_cents': 7500000}
    """
    rows, keys = _weighed(frame, by, weight, (_CLAIMS, *_COUNTS, _LOWER, _UPPER))
    met, valid = nw.col(_VERDICT), nw.col(_VALID)
    states = (
        met.fill_null(value=False),
        ~met.fill_null(value=True),
        met.is_null() & valid,
        ~valid,
    )
    counts = {
        name: _masked(state, nw.col(_CLAIMS)) for name, state in zip(_COUNTS, states, strict=True)
    }
    return _summed(rows.with_columns(**counts), keys, (_CLAIMS, *_COUNTS), weight)


def summarise_reasons(frame: Any, by: Iterable[str] = (), weight: str | None = None) -> Any:
    """How many claims there are for each verdict and reason, and what they amount to.

    Args:
        frame: As for `summarise`.
        by: As for `summarise`.
        weight: As for `summarise`.

    Returns:
        As `summarise`, with one row for each verdict and reason of a group, in the columns
        ``verdict`` and ``reason``, and with ``claims`` alone for the counts.

    Raises:
        InvalidFrameError: As for `summarise`.
        TypeError: It is no frame of a known engine.

    >>> import polars
    >>> from evcredit import examples
    >>> from evcredit.tables import assess_frame
    >>> cars = polars.DataFrame({"vehicle_msrp_cents": [54_000_00, 81_000_00, 90_000_00]})
    >>> found = assess_frame(cars, assume=examples.demonstration_claim(), unknown=True)
    >>> summarise_reasons(found).filter(verdict=False).select("reason", "claims").rows()
    [('msrp_within_limit', 2)]
    """
    made = (_VERDICT, _REASON, _CLAIMS, _LOWER, _UPPER)
    rows, keys = _weighed(frame, by, weight, made)
    return _summed(rows, [*keys, _VERDICT, _REASON], (_CLAIMS,), weight)


def _masked(condition: nw.Expr, value: nw.Expr) -> nw.Expr:
    return nw.when(condition).then(value).otherwise(nw.lit(0, nw.Int64)).cast(nw.Int64)


def _columns(weight: str | None) -> tuple[FrameColumn, ...]:
    columns = (
        FrameColumn(_VERDICT, ColumnKind.FLAG, "verdict"),
        FrameColumn(_LOWER, ColumnKind.NUMBER, "least credit", unit="cents"),
        FrameColumn(_UPPER, ColumnKind.NUMBER, "greatest credit", unit="cents"),
        FrameColumn(_REASON, ColumnKind.TEXT, "reason"),
    )
    if weight is None:
        return columns
    return (*columns, FrameColumn(weight, ColumnKind.NUMBER, "weight", unit="claims"))


def _weighed(
    frame: Any, by: Iterable[str], weight: str | None, made: Sequence[str]
) -> tuple[AnyFrame, list[str]]:
    """The rows with how many claims each represents, and what their credits amount to."""
    keys = [by] if isinstance(by, str) else list(texts("by", by))
    columns = _columns(weight)
    entered = enter(frame, columns)
    names = entered.collect_schema().names()
    problems = [
        Problem(column.name, "missing column; give a result of assess_frame")
        for column in columns
        if column.name not in names
    ]
    problems += [Problem(key, "missing column to group by") for key in keys if key not in names]
    problems += [
        Problem(key, "the summary has a column of that name; group by another")
        for key in keys
        if key in made
    ]
    problems += wrong_types(entered, [each for each in columns if each.name in names])
    if problems:
        raise InvalidFrameError(problems)
    # A reason stays what it is: it is grouped by, and not read.
    ready = prepared(entered, [each for each in columns if each.name != _REASON])
    claims: dict[str, nw.Expr] = {_CLAIMS: nw.lit(1, nw.Int64), _BAD: nw.lit(0, nw.Int64)}
    if weight is not None:
        here = nw.col(weight)
        bad = ((here < 0) | (here > MOST_WEIGHT)).fill_null(value=True)
        check = Check(weight, f"give weights from 0 to {MOST_WEIGHT}, and none unknown", bad)
        if isinstance(ready, nw.DataFrame) and (found := count_bad(ready, [check])):
            raise InvalidFrameError(found)
        claims = {_CLAIMS: _masked(~bad, here), _BAD: bad.cast(nw.Int64)}
    # Nothing overflows on the way: what is too large is omitted here, and tells below.
    large = (nw.col(_UPPER) > _MOST_CENTS).fill_null(value=False)
    valid = ~nw.col(_LOWER).is_null()
    rows = ready.with_columns(**claims, **{_LARGE: large.cast(nw.Int64), _VALID: valid})
    safe = ~large & nw.col(_VALID)
    sums = {name: _masked(safe, nw.col(name)) for name in (_LOWER, _UPPER)}
    rows = rows.with_columns(**sums)
    return rows.with_columns(*(nw.col(name) * nw.col(_CLAIMS) for name in sums)), keys


def _summed(rows: AnyFrame, keys: Sequence[str], counts: Sequence[str], weight: str | None) -> Any:
    """The sums of each group, as the caller's own frame."""
    names = (*counts, _LOWER, _UPPER, _BAD, _LARGE)
    sums = [nw.col(name).sum() for name in names]
    # A sum of no rows is null on some engines, and one of groups is wider than 64 bits on others.
    whole = [nw.col(name).cast(nw.Int64).fill_null(0) for name in names]
    added: Any
    if keys:
        added = rows.select(*keys, *names).group_by(*keys).agg(*sums)
    else:
        added = rows.select(*names).select(*sums)
    found = added.with_columns(*whole)
    if found.implementation.is_dask():
        # Its sums are NumPy's, which hold no nulls.
        found = nw.from_native(found.to_native().astype(dict.fromkeys(names, "int64[pyarrow]")))
    good = nw.col(_BAD) == 0
    fits = good & (nw.col(_CLAIMS) <= MOST_CLAIMS) & (nw.col(_LARGE) == 0)
    if isinstance(found, nw.DataFrame):
        what = f"a group has more than {MOST_CLAIMS} claims, or a credit is above any of the law"
        told = count_bad(found, [Check(_CLAIMS, what, ~fits)])
        if told:
            raise InvalidFrameError([each._replace(column=weight or _UPPER) for each in told])
    certain = [nw.when(good).then(nw.col(name)).alias(name) for name in counts]
    certain += [nw.when(fits).then(nw.col(name)).alias(name) for name in (_LOWER, _UPPER)]
    # Each is masked by what is read, so that none is masked by another.
    return found.with_columns(*certain).drop(_BAD, _LARGE).to_native()
