"""What `assess_frame` does: the plan of the rules, put on the columns of a frame.

The front, `evcredit.tables.frames`, imports this when the first frame is assessed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from evcredit.errors import InvalidFactError, nearest
from evcredit.facts.claim import Claim
from evcredit.law.law import Law
from evcredit.provisions.section import Credit, Section
from evcredit.tables.again import done_again
from evcredit.tables.checks import (
    PROBLEMS,
    Check,
    any_bad,
    checks_of,
    collected,
    count_bad,
    key_checks,
    sort_out,
)
from evcredit.tables.claim_warnings import warn_of_assumed
from evcredit.tables.column_types import (
    as_given,
    fixed_rows,
    legible,
    prepared,
    wrong_types,
)
from evcredit.tables.compiler.columns import AnyFrame
from evcredit.tables.compiler.reader import SCRATCH, SINCE
from evcredit.tables.compiler.reason import reason_codes, with_reason
from evcredit.tables.compiler.truth import UNKNOWN, unknown_truth
from evcredit.tables.engines import to_arrow, with_arrow
from evcredit.tables.names import called
from evcredit.tables.plan import (
    Days,
    Plan,
    day_checks,
    lacking_columns,
    misnamed,
    names_of,
    plan_for,
)
from evcredit.tables.problems import InvalidFrameError, Problem
from evcredit.tables.unlikely import warn_of_unlikely

__all__ = ["INVALID", "RESULTS", "Given", "of_frame", "of_pandas"]

#: The columns of a result, in order.
RESULTS = ("verdict", "credit_lower_cents", "credit_upper_cents", "reason")
#: The reason of a row that is no claim: a cell in it is invalid, or a day is not covered.
INVALID = "invalid_row"
#: Whether a row is.
BAD = f"{SCRATCH}bad"


class Given(NamedTuple):
    """What the caller of `assess_frame` requires."""

    credit: Credit | str | Section
    law: Law | None
    assume: Claim | None
    unknown: Iterable[str] | bool
    placed_in_service: Days | None
    names: tuple[str, ...]
    rules: bool | Iterable[str]
    keys: tuple[str, ...]
    check: bool | None
    strict: bool
    strict_columns: bool

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


def of_pandas(frame: Any, *, given: Given, mark: bool) -> Any:
    """A pandas frame by way of PyArrow, whose columns can all hold nulls.

    Args:
        frame: The frame.
        given: What is needed.
        mark: Whether bad rows are marked and not an error, as in a lazy frame.
    """
    have = [str(name) for name in frame.columns]
    plan = given.plan(have)
    keys = [key for key in given.keys if key in have and key not in plan.reader.used]
    read = [*plan.reader.used, *keys]
    table, problems = to_arrow(frame, plan.columns, keys)
    good, bad = of_frame(nw.from_native(table), given, have, problems, mark=mark)
    if bad is None:
        return with_arrow(frame, good.to_native(), read)
    return (
        with_arrow(frame, good.to_native(), read),
        with_arrow(frame, bad.to_native(), read),
    )


def of_frame(
    frame: Any,
    given: Given,
    have: list[str] | None = None,
    unfit: Iterable[Problem] = (),
    *,
    mark: bool = False,
) -> tuple[AnyFrame, AnyFrame | None]:
    """The result, and the rows that are sorted out.

    Args:
        frame: The frame.
        given: What is needed.
        have: The columns that the caller has; those of the frame if omitted.
        unfit: What is wrong with those that the frame has not.
        mark: Whether bad rows of an eager frame are marked and not an error.
    """
    own = frame.collect_schema().names()
    have = own if have is None else have
    if not own:
        raise InvalidFrameError([Problem("columns", "there are none; give one at least")])
    plan = given.plan(have)
    problems = [*lacking_columns(plan, given.unknown, have), *_taken(have), *unfit]
    problems += [Problem(key, "missing column (key)") for key in given.keys if key not in have]
    problems += misnamed(plan, given.unknown, have, given.keys, given.strict_columns)
    there = [column for column in plan.columns if column.name in own]
    frame = legible(frame, there)
    problems += wrong_types(frame, there)
    if not given.strict:
        problems += fixed_rows(frame)
    if problems:
        raise InvalidFrameError(problems)
    if given.assume is not None and given.check is not False:
        names = names_of(plan.section, plan.law)
        there = [each for each in names.columns if each.name in called(have, names.short)]
        warn_of_assumed(given.assume, there, plan.law, plan.section)
    if given.strict and not given.check and isinstance(frame, nw.LazyFrame):
        return done_again(frame, given, _unread), None
    ready = prepared(frame, plan.columns)
    eager = isinstance(ready, nw.DataFrame)
    named = sorted(plan.reader.named & set(plan.reader.used))
    if named and eager:
        # A name that is nearly one that the law knows may be meant for it: each is looked at.
        told = {name for each in named for name in ready[each].drop_nulls().unique().to_list()}
        given = given._replace(names=tuple(sorted({*given.names, *told})))
        plan = given.plan(have)
    # Polars fuses what it is told at once, and so passes over the rows once.
    at_once = eager and frame.implementation.is_polars()
    ready, checks = _checked(ready.lazy() if at_once else ready, plan, given.keys)
    if not given.strict:
        ready, bad_rows = sort_out(ready, checks, PROBLEMS)
        found = _assessed(ready, plan, None, given.rules), as_given(bad_rows)
        return (collected(found[0]), collected(found[1])) if at_once else found
    if given.check or (given.check is None and eager and not mark):
        faults = count_bad(ready, checks)
        if faults:
            raise InvalidFrameError(faults)
        warn_of_unlikely(ready, plan.columns)
    if at_once:
        found_at_once = done_again(frame.lazy(), given._replace(check=False), _unread)
        return collected(found_at_once), None
    marked = given.check is None and mark
    return _assessed(ready, plan, any_bad(checks) if marked else None, given.rules), None


def _unread(frame: AnyFrame, given: Given) -> AnyFrame:
    """The result of a lazy frame in which no row is looked at."""
    plan = given.plan(frame.collect_schema().names())
    ready, checks = _checked(prepared(frame, plan.columns), plan, given.keys)
    return _assessed(ready, plan, any_bad(checks) if given.check is None else None, given.rules)


def _checked(frame: AnyFrame, plan: Plan, keys: tuple[str, ...]) -> tuple[AnyFrame, list[Check]]:
    """The frame with what the checks of its rows read, and the checks."""
    some = next(iter(plan.reader.used), frame.collect_schema().names()[0])
    frame = frame.with_columns(unknown_truth(some).alias(UNKNOWN))
    for stage in sorted(plan.reader.stages):
        if stage < SINCE:
            frame = frame.with_columns(**plan.reader.stages[stage])
    checks = [*checks_of(frame, plan.columns), *day_checks(plan)]
    if keys:
        frame, of_keys = key_checks(frame, keys)
        checks += of_keys
    return frame, checks


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
        # Of what occurs twice in a stage Spark makes a method of its own; the one method for all
        # would be larger than Java compiles.
        reason = nw.when(bad).then(literal(INVALID)).otherwise(nw.col("reason"))
        frame = frame.with_columns(**{BAD: bad}, reason=reason)
        good = ~nw.col(BAD)
        frame = frame.with_columns(
            **{name: nw.when(good).then(nw.col(name)) for name in (*results, *ends)}
        )
    frame = as_given(frame)
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
