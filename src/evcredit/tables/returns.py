"""The verb over tables of returns: what each return gets of its credits.

The rules are those that one return is read by: `evcredit.provisions.return_amounts` and
`evcredit.section_25e.tax_limit`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from evcredit.algebra.symbol import facts_of
from evcredit.errors import InvalidFactError, checked, nearest
from evcredit.facts.claim import Claim
from evcredit.facts.tax_return import TaxReturn
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.provisions.credit_parts import CreditParts, credit_parts
from evcredit.provisions.days import CLAIM
from evcredit.provisions.section import Credit
from evcredit.section_25e.tax_limit import SHARES_OF_TAX
from evcredit.tables.assessed import RESULTS
from evcredit.tables.checks import Check, any_bad, beyond, checks_of, count_bad
from evcredit.tables.column_types import as_given, legible, prepared, wrong_types
from evcredit.tables.compiler.columns import (
    LARGEST,
    AnyFrame,
    ColumnKind,
    FrameColumn,
    Span,
    column_of,
)
from evcredit.tables.compiler.quantities import QUANTITIES
from evcredit.tables.compiler.ranges import ColumnRange, in_cents
from evcredit.tables.compiler.reader import SCRATCH, Compiler
from evcredit.tables.compiler.statements import STATEMENTS
from evcredit.tables.compiler.truth import UNKNOWN, unknown_truth
from evcredit.tables.engines import by_partition, numbered, to_arrow, with_arrow, wrapped
from evcredit.tables.names import unread_facts
from evcredit.tables.plan import texts
from evcredit.tables.problems import InvalidFrameError, Problem

__all__ = ["allocate_frame"]

_RETURN: Any = facts_of(TaxReturn)
_LOWER = FrameColumn(
    RESULTS[1], ColumnKind.NUMBER, "the minimum credit left to the return", unit="cents"
)
_UPPER = _LOWER._replace(name=RESULTS[2], label="the maximum credit left to the return")
_SECTION = FrameColumn(
    "credit_section",
    ColumnKind.TEXT,
    "section that allows the credit",
    categories=tuple(each.value for each in Credit),
    optional=True,
)
_USE = column_of(_RETURN.business_use_percent)
_DAY = column_of(CLAIM.purchase.placed_in_service)._replace(optional=True)
_TAX = column_of(_RETURN.tax_before_credits)
_OTHER = column_of(_RETURN.other_personal_credits)
_COMPUTED = column_of(_RETURN.previously_owned_vehicle_credit)

_OF_VEHICLES = (_LOWER, _UPPER, _SECTION, _USE, _DAY)
_OF_RETURNS = (_TAX, _OTHER)
#: The cents from which an amount has no known end.
_ENDLESS = LARGEST * 10
#: All of a vehicle, in the unit of the column of its use.
_ALL = 100 * 100
#: What the vehicles of a return add up to, by the names of `CreditParts`.
_SUMS = tuple(
    f"{SCRATCH}{part}_{end}" for part in CreditParts._fields for end in ("lower", "upper")
)
_BAD, _HERE, _BARE = f"{SCRATCH}bad", f"{SCRATCH}here", f"{SCRATCH}bare"
#: The columns of a result, in order.
_NAMES = ("business_credit", *SHARES_OF_TAX)
_RESULTS = tuple(f"{name}_{end}_cents" for name in _NAMES for end in ("lower", "upper"))


class _Given(NamedTuple):
    """What the caller of `allocate_frame` requires."""

    credit: Credit
    law: Law
    unknown: tuple[str, ...] | bool
    check: bool | None


def allocate_frame(
    returns: Any,
    *,
    vehicles: Any = None,
    key: str = "return",
    credit: Credit | str = Credit.NEW_VEHICLE,
    law: Law | None = None,
    unknown: Iterable[str] | bool = False,
    check: bool | None = None,
) -> Any:
    """What each return of a table gets of its credits, what it forfeits, and what is carried.

    By the rules of `evcredit.section_25e.personal_credits` and
    `evcredit.provisions.allocate_credit`. Personal credits share the tax before credits that is
    left after those that come first (26 USC 26(a)); what is above it is forfeited. The business
    part (26 USC 30D(c)(1)) and credits for commercial vehicles are general business credits,
    whose limit (26 USC 38(c)) is not computed here and whose unused part is carried (39(a)).

    Args:
        returns: A frame of Polars (eager or lazy), pandas, PyArrow, DuckDB, PySpark or Dask, one
            row a return: ``tax_before_credits_cents`` and ``other_personal_credits_cents``, as
            of `TaxReturn`. Without `vehicles` each return has one vehicle, and its row has the
            columns of the vehicle too, such as those that `assess_frame` has added.
        vehicles: A frame of the same engine, one row a vehicle: ``credit_lower_cents`` and
            ``credit_upper_cents``, the credit that is left to the return;
            ``business_use_percent_basis_points`` for a new vehicle, of 10,000;
            ``credit_section`` if not all are for `credit`; and `key`. A return without a row
            here has no credit. Not for Dask.
        key: The column of both frames that says whose vehicle it is.
        credit: The credit of vehicles without a column ``credit_section``.
        law: The law, with its readings; `current_law` if omitted.
        unknown: The columns that are missing because no one knows, or true for all that are. A
            null is unknown too, except in a key or a credit.
        check: Whether to look for bad cells first, which reads the tables once. By default an
            eager frame is checked and a lazy one is not: the amounts of its bad rows are null.
            False says that there are none, which no one looks at.

    Returns:
        A frame of the same engine, lazy if it was lazy: the columns of `returns` and, for
        ``business_credit`` and each amount of `PersonalCredits`, cents from
        ``<name>_lower_cents`` to ``<name>_upper_cents``, 64-bit. An upper end that is null has
        no limit; a lower end is null in bad rows only. With `vehicles`, rows are in any order,
        and a key that `returns` has not is a bad row too.

    Raises:
        InvalidFrameError: Columns are missing or of a wrong type, or cells are invalid; all
            faults together.
        InvalidFactError: An argument is not what it should be, such as `vehicles` for Dask.
        TypeError: It is no frame of a known engine.

    >>> import polars
    >>> cars = {"return": [1, 1], "credit_section": ["30D", "25E"]}
    >>> cars |= {"credit_lower_cents": [750_000, 400_000], "credit_upper_cents": [750_000, 400_000]}
    >>> cars |= {"business_use_percent_basis_points": [0, None]}
    >>> tax = {"tax_before_credits_cents": [1_000_000], "other_personal_credits_cents": [0]}
    >>> found = allocate_frame(
    ...     polars.DataFrame({"return": [1], **tax}), vehicles=polars.DataFrame(cars)
    ... )
    >>> found.select("used_allowed_upper_cents", "new_allowed_upper_cents").row(0)
    (400000, 600000)
    >>> found["forfeited_lower_cents"].to_list()
    [150000]
    """
    given = _given(credit, law, unknown, check)
    checked(key, str, "key", "give the name of a column")
    one: Any = wrapped(returns)
    engine = one.implementation
    if vehicles is None:
        if engine.is_dask():
            return by_partition(returns, True, partial(_of_pandas, given=given, mark=check is None))
        if engine.is_pandas():
            return _of_pandas(returns, given=given, mark=False)
        return _allocated(_apart(one, given, (), mark=False), given, mark=False).to_native()
    other: Any = wrapped(vehicles)
    if engine.is_dask() or other.implementation is not engine or type(one) is not type(other):
        remedy = "give both tables in one engine that joins them, not Dask"
        raise InvalidFactError(
            "vehicles", f"{engine.value} and {other.implementation.value}", remedy
        )
    if engine.is_pandas():
        one, other = nw.from_native(numbered(returns)), nw.from_native(numbered(vehicles))
        return _as_pandas(_joined(one, other, key, given).to_native())
    return _joined(one, other, key, given).to_native()


def _given(credit: Any, law: Any, unknown: Any, check: bool | None) -> _Given:
    law = law_applied(law)
    try:
        credit = Credit(credit)
    except ValueError:
        known = ", ".join(each.value for each in Credit)
        raise InvalidFactError("credit", credit, f"give one of {known}") from None
    named = unknown
    if not isinstance(unknown, bool):
        named = (unknown,) if isinstance(unknown, str) else texts("unknown", unknown)
        known_names = [each.name for each in (*_OF_VEHICLES[2:], *_OF_RETURNS)]
        for name in named:
            if name not in known_names:
                near = nearest(name, known_names, 1)
                hint = f"did you mean {near[0]}?" if near else f"give some of {known_names}"
                raise InvalidFactError("unknown", name, hint)
    return _Given(credit, law, named, check)


# -- frames --------------------------------------------------------------------------------


def _of_pandas(frame: Any, *, given: _Given, mark: bool) -> Any:
    """Returns of one vehicle each in a pandas frame, by way of PyArrow, which holds nulls."""
    there = [each for each in (*_OF_VEHICLES, *_OF_RETURNS) if each.name in frame.columns]
    table, problems = to_arrow(frame, there)
    have = [str(name) for name in frame.columns]
    entered: AnyFrame = nw.from_native(table)
    ready = _apart(entered, given, problems, have=have, mark=mark)
    found = _allocated(ready, given, mark=mark)
    return with_arrow(frame, found.to_native(), [each.name for each in there])


def _as_pandas(table: Any) -> Any:
    import pandas  # noqa: PLC0415  # it is there, as the frame is

    rows = table.sort_by("evcredit_row").drop_columns(["evcredit_row"])
    return rows.to_pandas(types_mapper=pandas.ArrowDtype)


def _apart(
    frame: AnyFrame,
    given: _Given,
    unfit: Iterable[Problem],
    *,
    have: list[str] | None = None,
    mark: bool,
) -> AnyFrame:
    """Returns of one vehicle each, with what the vehicle adds to their amounts."""
    frame = _legible(frame, (*_OF_VEHICLES, *_OF_RETURNS), given, unfit, have=have)
    checks = [*_checks_of_vehicles(frame, given.law), *_checks_of_returns(frame)]
    return _parts(_settled(frame, checks, given, mark=mark), given)


def _joined(returns: AnyFrame, vehicles: AnyFrame, key: str, given: _Given) -> AnyFrame:
    """The returns with what their vehicles add up to, and then with what they get of it."""
    returns = _legible(returns, _OF_RETURNS, given, (), keys=(key,))
    vehicles = _legible(vehicles, _OF_VEHICLES, given, (), keys=(key,), results=False)
    kinds = [frame.collect_schema()[key] for frame in (returns, vehicles)]
    if kinds[0] != kinds[1]:
        what = f"found {kinds[0]} in one table and {kinds[1]} in the other; give one type"
        raise InvalidFrameError([Problem(key, what)])
    null = nw.col(key).is_null()
    unnamed = Check(key, "the return of a vehicle is unknown; give its key", null)
    checks = [*_checks_of_vehicles(vehicles, given.law), unnamed]
    parts = _parts(_settled(vehicles, checks, given, mark=False), given)
    summed = parts.group_by(key).agg(
        *(nw.col(name).sum() for name in _SUMS), nw.col(_BAD).max().alias(f"{_BAD}_vehicle")
    )
    # Some engines widen a sum.
    summed = summed.with_columns(nw.col(name).cast(nw.Int64) for name in _SUMS)
    returns = returns.with_columns(nw.lit(1, nw.Int64).alias(_HERE))
    other = f"{_BARE}{key}"
    left: Any = returns
    both: AnyFrame = left.join(summed.rename({key: other}), left_on=key, right_on=other, how="full")
    both = both.with_columns(
        nw.coalesce(nw.col(key), nw.col(other)).alias(key),
        *(nw.col(name).fill_null(0) for name in _SUMS),
        nw.col(f"{_BAD}_vehicle").fill_null(0),
    ).drop(other)
    checks = [*_checks_of_returns(both), *_checks_of_keys(key)]
    both = both.with_columns(**{f"{_BARE}_rows": nw.len().over(key)})
    both = _settled(both, checks, given, mark=False)
    either = (nw.col(_BAD) + nw.col(f"{_BAD}_vehicle")).alias(_BAD)
    return _allocated(both.with_columns(either), given, mark=False)


def _legible(
    frame: AnyFrame,
    columns: Iterable[FrameColumn],
    given: _Given,
    unfit: Iterable[Problem],
    *,
    have: list[str] | None = None,
    keys: tuple[str, ...] = (),
    results: bool = True,
) -> AnyFrame:
    """The frame with columns that can be computed with, all of those that are read.

    Raises:
        InvalidFrameError: Columns are missing, of a wrong type or in the way.
    """
    own = frame.collect_schema().names()
    have = own if have is None else have
    columns = tuple(columns)
    there = [column for column in columns if column.name in own]
    problems = [*_lacking(columns, have, given), *unfit, *_in_the_way(have, results=results)]
    problems += [Problem(key, "missing column (key)") for key in keys if key not in have]
    read = [column.name for column in there]
    problems += unread_facts(have, (*read, *keys), (), (*_OF_VEHICLES, *_OF_RETURNS))
    frame = legible(frame, there)
    problems += wrong_types(frame, there)
    if problems:
        raise InvalidFrameError(problems)
    return prepared(frame, there)


def _lacking(
    columns: Iterable[FrameColumn], have: Iterable[str], given: _Given
) -> Iterator[Problem]:
    """The columns that are needed and not there."""
    have = set(have)
    new = _SECTION.name in have or given.credit is Credit.NEW_VEHICLE
    for column in columns:
        left = given.unknown is True or (given.unknown and column.name in given.unknown)
        spare = column.optional or (column is _USE and not new)
        known = column in (_LOWER, _UPPER)
        if column.name not in have and not spare and (known or not left):
            remedy = "give it" if known else "give it, or name it in unknown if it is"
            yield Problem(column.name, f"missing column ({column.label}): {remedy}")


def _in_the_way(have: Iterable[str], *, results: bool) -> Iterator[Problem]:
    for name in have:
        if (results and name in _RESULTS) or name.startswith(SCRATCH):
            yield Problem(name, "the result has a column of that name; give yours another")
        elif name == _COMPUTED.name:
            yield Problem(name, "omit it: it is computed from the credits for used vehicles")


# -- what a cell may not be -----------------------------------------------------------------


def _there(frame: AnyFrame, columns: Iterable[FrameColumn]) -> list[FrameColumn]:
    names = frame.collect_schema().names()
    return [column for column in columns if column.name in names]


def _checks_of_vehicles(frame: AnyFrame, law: Law) -> Iterator[Check]:
    there = _there(frame, _OF_VEHICLES)
    yield from checks_of(frame, there)
    lower, upper = nw.col(_LOWER.name), nw.col(_UPPER.name)
    null = lower.is_null() | upper.is_null()
    ends = (_LOWER.name, _UPPER.name)
    yield Check(_LOWER.name, "give both ends of a credit; assess_frame gives them", null, ends)
    disordered = (lower > upper).fill_null(value=False)
    yield Check(_LOWER.name, "the lower end is above the upper end", disordered, ends)
    if _SECTION in there:
        unknown = nw.col(_SECTION.name).is_null()
        yield Check(_SECTION.name, "give the section that allows the credit", unknown)
    if _USE in there:
        over = (nw.col(_USE.name) > _ALL).fill_null(value=False)
        yield Check(_USE.name, f"give basis points from 0 to {_ALL}", over)
    if _DAY in there and law.whole_business_credit_percent.standing:
        day, first = nw.col(_DAY.name), law.whole_business_credit_percent.boundaries()[0]
        early = ((day < nw.lit(first)) & ~beyond(day)).fill_null(value=False)
        yield Check(_DAY.name, f"evcredit has no law before {first}", early)


def _checks_of_returns(frame: AnyFrame) -> Iterator[Check]:
    return checks_of(frame, _there(frame, _OF_RETURNS))


def _checks_of_keys(key: str) -> Iterator[Check]:
    null, here = nw.col(key).is_null(), ~nw.col(_HERE).is_null()
    repeated = (nw.col(f"{_BARE}_rows") > 1) & ~null
    yield Check(key, "the key of a row is unknown; give one", null & here)
    yield Check(key, "several rows have the same key", repeated)
    yield Check(key, "vehicles are of a return that has no row; give it", ~here)


def _settled(frame: AnyFrame, checks: list[Check], given: _Given, *, mark: bool) -> AnyFrame:
    """The frame, whose bad rows are an error or marked.

    Raises:
        InvalidFrameError: It is checked, and has bad rows.
    """
    eager = isinstance(frame, nw.DataFrame)
    if given.check or (given.check is None and eager and not mark):
        found = count_bad(frame, checks)
        if found:
            raise InvalidFrameError(found)
    bad = any_bad(checks) if given.check is None and (mark or not eager) else None
    flag = nw.lit(0, nw.Int64) if bad is None else bad.cast(nw.Int64)
    return frame.with_columns(**{_BAD: flag})


# -- rules ---------------------------------------------------------------------------------


def _compiler(frame: AnyFrame, law: Law, ranges: dict[str, ColumnRange]) -> Compiler:
    schedule = law.whole_business_credit_percent
    first = schedule.boundaries()[0] if schedule.standing else date.min
    return Compiler(
        law=law,
        assumed=Claim(),
        columns=frame.collect_schema().names(),
        spans={},
        always=Span(first),
        statements=STATEMENTS,
        quantities=QUANTITIES,
        ranges=ranges,
    )


def _known(column: FrameColumn, names: Iterable[str], most: int) -> ColumnRange:
    """A column of cents or basis points; from nothing to the most where it is unknown."""
    if column.name not in names:
        return ColumnRange(0, most, 100, most)
    here = nw.col(column.name)
    return ColumnRange(here.fill_null(0), here.fill_null(most), 100, most)


def _parts(frame: AnyFrame, given: _Given) -> AnyFrame:
    """The frame of vehicles with what each adds to the amounts of its return."""
    names = frame.collect_schema().names()
    ranges = {
        "credit": ColumnRange(nw.col(_LOWER.name), nw.col(_UPPER.name), 100, LARGEST),
        "business_use_percent": _known(_USE, names, _ALL),
    }
    reader = _compiler(frame, given.law, ranges)
    ends: dict[Credit, list[nw.Expr]] = {
        credit: [end for part in parts for end in in_cents(reader.quantity(part))]
        for credit, parts in credit_parts(given.law).items()
    }
    frame = _staged(frame, reader, _LOWER.name)
    found = dict(zip(_SUMS, ends[given.credit], strict=True))
    if _SECTION.name in names:
        section = nw.col(_SECTION.name).cast(nw.String)
        for credit, amounts in ends.items():
            of = (section == credit.value).fill_null(value=False)
            for name, amount in zip(_SUMS, amounts, strict=True):
                found[name] = nw.when(of).then(amount).otherwise(found[name])
    return frame.with_columns(**found)


def _staged(frame: AnyFrame, reader: Compiler, column: str) -> AnyFrame:
    """The frame with what rules need that is computed once for all."""
    frame = frame.with_columns(unknown_truth(column).alias(UNKNOWN))
    for stage in sorted(reader.stages):
        frame = frame.with_columns(**reader.stages[stage])
    return frame


def _allocated(frame: AnyFrame, given: _Given, *, mark: bool) -> AnyFrame:
    """The frame with what each return gets, forfeits and carries."""
    names = frame.collect_schema().names()
    business, new, used = (
        ColumnRange(nw.col(lower), nw.col(upper), 100, LARGEST)
        for lower, upper in zip(_SUMS[::2], _SUMS[1::2], strict=True)
    )
    ranges = {
        "new_vehicle_credit": new,
        "used_vehicle_credit": used,
        "tax_before_credits": _known(_TAX, names, _ENDLESS),
        "other_personal_credits": _known(_OTHER, names, _ENDLESS),
    }
    reader = _compiler(frame, given.law, ranges)
    amounts = [business, *(reader.quantity(each) for each in SHARES_OF_TAX.values())]
    frame = _staged(frame, reader, _BAD)
    good, found = nw.col(_BAD) == 0, {}
    for (lower_name, upper_name), amount in zip(_pairs(), amounts, strict=True):
        lower, upper = in_cents(amount)
        found[lower_name] = nw.when(good).then(lower)
        found[upper_name] = nw.when(good & (upper < _ENDLESS)).then(upper)
    frame = as_given(frame.with_columns(**found))
    own = [name for name in frame.collect_schema().names() if name not in _RESULTS]
    return frame.select(*own, *_RESULTS)


def _pairs() -> Iterator[tuple[str, str]]:
    yield from zip(_RESULTS[::2], _RESULTS[1::2], strict=True)
