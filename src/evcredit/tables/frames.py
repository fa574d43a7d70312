"""The verb over tables: assess every row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import partial
from typing import Any, Literal, NamedTuple, overload

import narwhals.stable.v2 as nw

from evcredit.assessment import section_of
from evcredit.claim import Claim
from evcredit.errors import InvalidFactError, nearest
from evcredit.fact import as_day
from evcredit.law import Law, current_law
from evcredit.section import Credit, Section
from evcredit.tables.checks import (
    Check,
    InvalidFrameError,
    any_bad,
    checks_of,
    count_bad,
    key_checks,
    sort_out,
)
from evcredit.tables.columns import ColumnKind, FrameColumn, Span
from evcredit.tables.doors import (
    AnyFrame,
    Problem,
    by_partition,
    prepared,
    to_arrow,
    with_arrow,
    wrong_types,
)
from evcredit.tables.measure import in_cents
from evcredit.tables.reader import SCRATCH, SINCE, Reader, Told
from evcredit.tables.reason import reason_codes, with_reason
from evcredit.tables.truth import UNKNOWN, Truth, both, either, unknown_truth

__all__ = ["RESULTS", "Plan", "assess_frame", "plan_for"]

#: The columns of a result, in order.
RESULTS = ("verdict", "credit_lower_cents", "credit_upper_cents", "reason")
#: The reason of a row that is no claim: a cell in it cannot be true, or a day is not covered.
INVALID = "invalid_row"
#: Whether a row is.
BAD = f"{SCRATCH}bad"
#: The column that tells what is wrong with a row.
PROBLEMS = "problems"

Days = tuple[date | str | None, date | str | None]


class Plan(NamedTuple):
    """What is to be done with a table of some columns under a law.

    Args:
        section: The section of the law.
        law: The law.
        reader: What was read.
        top: The rule of everything, over the columns.
        verdict: Whether there is some credit.
        lower: The least credit of each row in cents.
        upper: The greatest credit of each row in cents.
        days: The days that the law must cover, with what they are called.
    """

    section: Section
    law: Law
    reader: Reader
    top: Told
    verdict: Truth
    lower: nw.Expr
    upper: nw.Expr
    days: tuple[tuple[Any, str], ...]

    @property
    def columns(self) -> tuple[FrameColumn, ...]:
        """The columns that are read, in the order of the rules."""
        return tuple(self.reader.used.values())


def plan_for(
    columns: Iterable[str] | None,
    *,
    credit: Credit | str = Credit.NEW_VEHICLE,
    law: Law | None = None,
    assume: Claim | None = None,
    placed_in_service: Days | None = None,
    names: tuple[str, ...] = (),
) -> Plan:
    """What is to be done with a table of some columns; `None` for every column there may be."""
    law = current_law() if law is None else law
    section = section_of(credit)
    schedule = getattr(law, section.covered)
    always = Span(schedule.boundaries()[0], _last(schedule))
    reader = Reader(
        law=law,
        assumed=Claim() if assume is None else assume,
        columns=None if columns is None else frozenset(columns),
        spans=_spans(placed_in_service, always),
        always=always,
        names=names,
    )
    composition = section.of_own_facts
    days = tuple((reader.day(day), day.label) for day in section.days)
    top = reader.told(composition.top)
    amount = reader.quantity(composition.credit)
    verdict = either(amount.lower > 0, both(amount.upper > 0, None))
    return Plan(section, law, reader, top, verdict, *in_cents(amount), days)


def _last(schedule: Any) -> date | None:
    end: date | None = schedule.standing[-1].end
    return end


def _spans(placed_in_service: Days | None, always: Span) -> dict[str, Span]:
    if placed_in_service is None:
        return {}
    ends = [as_day(day) for day in placed_in_service]
    for found, given in zip(ends, placed_in_service, strict=True):
        if found is not None and not isinstance(found, date):
            raise InvalidFactError("placed_in_service", given, found.remedy)
    first, last = ends
    if first is not None and last is not None and first > last:
        raise InvalidFactError("placed_in_service", placed_in_service, "give the first day first")
    first = always.first if first is None else max(first, always.first)
    return {"purchase.placed_in_service": Span(first, always.last if last is None else last)}


def _lacking(plan: Plan, unknown: Iterable[str] | bool, have: Iterable[str]) -> list[Problem]:
    """The columns that rules ask for and the table has not."""
    if unknown is True:
        return []
    left = set() if unknown is False else set(unknown)
    have = tuple(have)
    problems = []
    for name, column in plan.reader.lacking.items():
        if name in left or column.path in left:
            continue
        near = nearest(name, have, most=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        remedy = f"give it, state it in assume, or name it in unknown if it is{hint}"
        problems.append(Problem(name, f"missing column ({column.label}): {remedy}"))
    return problems


def _covered(plan: Plan) -> Iterator[Check]:
    """What the days of a row must not be: outside what is held of the law."""
    schedule = getattr(plan.law, plan.section.covered)
    first, last = schedule.boundaries()[0], _last(schedule)
    for day, label in plan.days:
        if isinstance(day, nw.Expr):
            outside = day < nw.lit(first)
            if last is not None:
                outside = outside | (day >= nw.lit(last))
            what = f"no law is held for a vehicle {label} on that day; held is {schedule.covered}"
            yield Check("purchase_placed_in_service", what, outside.fill_null(value=False))
    for path, span in plan.reader.spans.items():
        name = path.replace(".", "_")
        here = nw.col(name)
        outside = here < nw.lit(span.first)
        if span.last is not None:
            outside = outside | (here > nw.lit(span.last))
        what = f"outside the days that were promised, from {span.first} to {span.last}"
        if name in plan.reader.used:
            yield Check(name, what, outside.fill_null(value=False))


@overload
def assess_frame(
    frame: Any,
    *,
    credit: Credit | str = ...,
    law: Law | None = ...,
    assume: Claim | None = ...,
    unknown: Iterable[str] | bool = ...,
    placed_in_service: Days | None = ...,
    names: Iterable[str] = ...,
    rules: bool | Iterable[str] = ...,
    key: str | Iterable[str] = ...,
    check: bool | None = ...,
    strict: Literal[True] = ...,
) -> Any: ...


@overload
def assess_frame(
    frame: Any,
    *,
    credit: Credit | str = ...,
    law: Law | None = ...,
    assume: Claim | None = ...,
    unknown: Iterable[str] | bool = ...,
    placed_in_service: Days | None = ...,
    names: Iterable[str] = ...,
    rules: bool | Iterable[str] = ...,
    key: str | Iterable[str] = ...,
    check: bool | None = ...,
    strict: Literal[False],
) -> tuple[Any, Any]: ...


def assess_frame(
    frame: Any,
    *,
    credit: Credit | str = Credit.NEW_VEHICLE,
    law: Law | None = None,
    assume: Claim | None = None,
    unknown: Iterable[str] | bool = False,
    placed_in_service: Days | None = None,
    names: Iterable[str] = (),
    rules: bool | Iterable[str] = False,
    key: str | Iterable[str] = (),
    check: bool | None = None,
    strict: bool = True,
) -> Any:
    """What the law makes of every row of a table: the same rules as `evcredit.assess`.

    Args:
        frame: A frame of Polars (eager or lazy), pandas, PyArrow, DuckDB, PySpark or Dask. One row
            is one claim; `schema` lists the columns with types and units. Other columns
            stay as they are.
        credit: The credit, for example ``"30D"``.
        law: The law; `current_law` if left out.
        assume: A claim that states the facts which are the same in every row. A column goes
            before what is assumed.
        unknown: The columns that are missing because nobody knows, or true for all that are.
        placed_in_service: The first and the last day of that column, if you know them: rules and
            numbers of the law for other days are then left away, and so are their columns. A row
            outside these days is invalid.
        names: Names in the columns of manufacturers and makes, if the frame is lazy: the names of
            an eager one are read from it. In a lazy frame a name that neither the law knows nor
            you give here is unknown, as it may be misspelled; it matters only before 2023.
        rules: True for two columns for each rule, or the codes of some: ``rule_<code>``, true,
            false or null for unknown, and ``rule_<code>_in_force``. A rule that is not in force
            is true, which is to say passed over.
        key: The column, or the columns together, that no two rows may have alike. A row whose key
            is unknown or not its own is a bad one.
        check: Whether to look for bad cells first, which reads the table once. By default an
            eager frame is checked and a lazy one is not: its bad rows have a null verdict and
            the reason ``invalid_row``. False says that there are none, which nobody looks at.
        strict: Whether a bad cell is an error. Otherwise bad rows are sorted out.

    Returns:
        A frame of the same engine, lazy if it was lazy: the columns of the frame and

        - ``verdict``: boolean; null for unknown,
        - ``credit_lower_cents`` and ``credit_upper_cents``: the least and the greatest credit,
          64-bit,
        - ``reason``: text; the code of the first finding that decides, in the order of the law,
          ``credit_allowed`` where the verdict is met.

        If not `strict`, a pair: that frame of the good rows, and a frame of the others with the
        column ``problems``.

    Raises:
        InvalidFrameError: Columns are missing or of a wrong type, or cells cannot be true; all
            faults together.
        InvalidFactError: An argument is not what it should be, such as a key for a Dask frame,
            whose partitions know nothing of one another.
        TypeError: It is no frame of a known engine.

    >>> import polars
    >>> from evcredit import examples
    >>> from evcredit.tables import assess_frame
    >>> cars = polars.DataFrame({"vehicle_msrp_cents": [54_000_00, 81_000_00, None]})
    >>> result = assess_frame(cars, assume=examples.demonstration_claim(), unknown=True)
    >>> result["verdict"].to_list(), result["reason"].to_list()
    ([None, False, None], ['excluded_components', 'suggested_retail_price', 'excluded_components'])
    """
    keys = (key,) if isinstance(key, str) else tuple(key)
    given = _Given(
        credit, law, assume, unknown, placed_in_service, tuple(names), rules, keys, check, strict
    )
    wrapped: Any = nw.from_native(frame)
    if wrapped.implementation.is_dask():
        if keys:
            raise InvalidFactError("key", key, "look for repeated keys in Dask itself, and give ()")
        return by_partition(frame, strict, partial(_of_pandas, given=given, mark=check is None))
    if wrapped.implementation.is_pandas():
        return _of_pandas(frame, given=given, mark=False)
    good, bad = _of_frame(wrapped, given)
    return good.to_native() if bad is None else (good.to_native(), bad.to_native())


class _Given(NamedTuple):
    """What the caller of `assess_frame` asks for."""

    credit: Credit | str
    law: Law | None
    assume: Claim | None
    unknown: Iterable[str] | bool
    placed_in_service: Days | None
    names: tuple[str, ...]
    rules: bool | Iterable[str]
    keys: tuple[str, ...]
    check: bool | None
    strict: bool

    def plan(self, have: Iterable[str], names: Iterable[str] = ()) -> Plan:
        """The plan for a table of some columns, in which some names occur."""
        return plan_for(
            have,
            credit=self.credit,
            law=self.law,
            assume=self.assume,
            placed_in_service=self.placed_in_service,
            names=tuple(sorted({*self.names, *names})),
        )


def _of_pandas(frame: Any, *, given: _Given, mark: bool) -> Any:
    """A pandas frame by way of PyArrow, whose columns can all hold nulls.

    Args:
        frame: The frame.
        given: What is asked for.
        mark: Whether bad rows are marked and not an error, as in a lazy frame.
    """
    have = [str(name) for name in frame.columns]
    plan = given.plan(have)
    read = dict(plan.reader.used)
    for key in given.keys:
        if key in have:
            read.setdefault(key, FrameColumn(key, ColumnKind.TEXT, "key"))
    table = to_arrow(frame, read.values())
    good, bad = _of_frame(nw.from_native(table), given, have, mark=mark)
    if bad is None:
        return with_arrow(frame, good.to_native(), read)
    return (
        with_arrow(frame, good.to_native(), read),
        with_arrow(frame, bad.to_native(), read),
    )


def _of_frame(
    frame: Any, given: _Given, have: list[str] | None = None, *, mark: bool = False
) -> tuple[AnyFrame, AnyFrame | None]:
    """The result, and the rows that are sorted out.

    Args:
        frame: The frame.
        given: What is asked for.
        have: The columns that the caller has; those of the frame if left out.
        mark: Whether bad rows of an eager frame are marked and not an error.
    """
    own = frame.collect_schema().names()
    have = own if have is None else have
    plan = given.plan(have)
    problems = [*_lacking(plan, given.unknown, have), *_taken(have)]
    problems += [Problem(key, "missing column (key)") for key in given.keys if key not in have]
    problems += wrong_types(frame, plan.columns)
    if problems:
        raise InvalidFrameError(problems)
    ready = prepared(frame, plan.columns)
    eager = isinstance(ready, nw.DataFrame)
    named = sorted(plan.reader.named & set(plan.reader.used))
    if named and eager:
        # A name that is nearly one that the law knows may be meant for it: each is looked at.
        told = {name for each in named for name in ready[each].drop_nulls().unique().to_list()}
        plan = given.plan(have, told)
    ready = ready.with_columns(unknown_truth(next(iter(plan.reader.used), own[0])).alias(UNKNOWN))
    for stage in sorted(plan.reader.stages):
        if stage < SINCE:
            ready = ready.with_columns(**plan.reader.stages[stage])
    checks = [*checks_of(ready, plan.columns), *_covered(plan)]
    if given.keys:
        ready, of_keys = key_checks(ready, given.keys)
        checks += of_keys
    if not given.strict:
        ready, bad_rows = sort_out(ready, checks, PROBLEMS)
        return _assessed(ready, plan, None, given.rules), bad_rows.drop(*_scratch(bad_rows))
    if given.check or (given.check is None and eager and not mark):
        found = count_bad(ready, checks)
        if found:
            raise InvalidFrameError(found)
    marked = given.check is None and (mark or not eager)
    return _assessed(ready, plan, any_bad(checks) if marked else None, given.rules), None


def _scratch(frame: AnyFrame) -> list[str]:
    return [name for name in frame.collect_schema().names() if name.startswith(SCRATCH)]


def _taken(have: Iterable[str]) -> Iterator[Problem]:
    """The names that the result needs and the table has."""
    for name in have:
        if name in (*RESULTS, PROBLEMS) or name.startswith(SCRATCH):
            yield Problem(name, "the result has a column of that name; give yours another")


def _assessed(
    frame: AnyFrame, plan: Plan, bad: nw.Expr | None, rules: bool | Iterable[str]
) -> AnyFrame:
    """The frame with the columns of the result."""
    for stage in sorted(plan.reader.stages):
        if stage >= SINCE:
            frame = frame.with_columns(**plan.reader.stages[stage])
    ends = {RESULTS[1]: plan.lower, RESULTS[2]: plan.upper}
    literal = _literal(frame, plan)
    results: dict[str, Any] = {"verdict": _column(plan.verdict)}
    results.update(_rule_columns(plan, rules))
    frame = with_reason(frame.with_columns(**ends, **results), plan.top, literal)
    if bad is not None:
        good = ~nw.col(BAD)
        marked = {name: nw.when(good).then(nw.col(name)) for name in (*results, *ends)}
        reason = nw.when(good).then(nw.col("reason")).otherwise(literal(INVALID))
        frame = frame.with_columns(**{BAD: bad}).with_columns(**marked, reason=reason)
    frame = frame.drop(*_scratch(frame))
    names = frame.collect_schema().names()
    added = [name for name in names if name not in RESULTS]
    own = [name for name in added if not name.startswith("rule_")]
    return frame.select(*own, *RESULTS, *[name for name in added if name not in own])


def _literal(frame: AnyFrame, plan: Plan) -> Callable[[str], nw.Expr]:
    """How a reason is written: one of an enumeration where the engine has such a type."""
    if not frame.implementation.is_polars():
        return nw.lit
    codes = nw.Enum([*reason_codes(plan.top), INVALID])
    return lambda code: nw.lit(code, dtype=codes)


def _rule_columns(plan: Plan, rules: bool | Iterable[str]) -> dict[str, Any]:
    told = {each.rule.code: each for each in plan.top.walk()}
    wanted = list(told) if rules is True else [] if rules is False else list(rules)
    columns: dict[str, Any] = {}
    for code in wanted:
        if code not in told:
            near = " or ".join(nearest(code, told)) or ", ".join(told)
            raise InvalidFactError("rules", code, f"no rule has that code; did you mean {near}?")
        columns[f"rule_{code}"] = _column(told[code].verdict)
        columns[f"rule_{code}_in_force"] = _column(told[code].applies)
    return columns


def _column(truth: Any) -> Any:
    if truth is None:
        return nw.col(UNKNOWN)
    return truth if isinstance(truth, nw.Expr) else nw.lit(truth)
