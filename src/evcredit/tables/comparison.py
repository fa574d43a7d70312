"""What two laws make of every row of a table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Literal, overload

import narwhals.stable.v2 as nw

from evcredit.errors import checked
from evcredit.facts.claim import Claim
from evcredit.law.law import HOW_TO_NAME, Law
from evcredit.provisions.registry import section_of
from evcredit.provisions.section import Credit, Section
from evcredit.tables.assessed import RESULTS
from evcredit.tables.checks import PROBLEMS
from evcredit.tables.compiler.columns import AnyFrame
from evcredit.tables.content.qualifying import AFTER, BEFORE, differing_content
from evcredit.tables.engines import enter
from evcredit.tables.frames import assess_frame
from evcredit.tables.names import unread_facts
from evcredit.tables.plan import UNREAD, Days, names_of, plan_for
from evcredit.tables.problems import InvalidFrameError, Problem

__all__ = ["compare_frames"]

#: What is added beside the results under both laws.
CHANGES = ("credit_lower_change_cents", "credit_upper_change_cents", "changed")


@overload
def compare_frames(
    frame: Any,
    before: Law,
    after: Law,
    *,
    credit: Credit | str | Section = ...,
    assume: Claim | None = ...,
    unknown: Iterable[str] | bool = ...,
    placed_in_service: Days | None = ...,
    rules: bool | Iterable[str] = ...,
    check: bool | None = ...,
    strict_columns: bool = ...,
    strict: Literal[True] = ...,
) -> Any: ...


@overload
def compare_frames(
    frame: Any,
    before: Law,
    after: Law,
    *,
    credit: Credit | str | Section = ...,
    assume: Claim | None = ...,
    unknown: Iterable[str] | bool = ...,
    placed_in_service: Days | None = ...,
    rules: bool | Iterable[str] = ...,
    check: bool | None = ...,
    strict_columns: bool = ...,
    strict: Literal[False],
) -> tuple[Any, Any]: ...


def compare_frames(
    frame: Any,
    before: Law,
    after: Law,
    *,
    credit: Credit | str | Section = Credit.NEW_VEHICLE,
    assume: Claim | None = None,
    unknown: Iterable[str] | bool = False,
    placed_in_service: Days | None = None,
    rules: bool | Iterable[str] = False,
    check: bool | None = None,
    strict_columns: bool = False,
    strict: bool = True,
) -> Any:
    """What two laws make of every row of a table, and what that changes.

    A column that is not the same under both laws appears twice, with ``_before`` and ``_after`` at
    the end of its name. Contents are such columns where the laws differ in what counts, as they do
    in their agreements: see `compare_content`. Those of an assumed battery are computed under
    each law.

    Args:
        frame: As for `assess_frame`, with the columns that either law requires.
        before: The first law.
        after: The second law.
        credit: As for `assess_frame`.
        assume: As for `assess_frame`.
        unknown: As for `assess_frame`.
        placed_in_service: As for `assess_frame`.
        rules: As for `assess_frame`.
        check: As for `assess_frame`.
        strict_columns: As for `assess_frame`; a column is read if it is under either law.
        strict: As for `assess_frame`. A row is bad if it is under either law.

    Returns:
        A frame of the same engine, lazy if it was lazy: the columns of the frame, every column
        that `assess_frame` adds twice, with ``_before`` and ``_after``, and

        - ``credit_lower_change_cents`` and ``credit_upper_change_cents``: by how much the minimum
          and the maximum credit rise, in cents, 64-bit,
        - ``changed``: whether verdict, least or greatest credit differ; a reason may differ
          without. Null where the row is no claim under one of the laws.

        If not `strict`, a pair: that frame of the good rows, and a frame of the others with the
        column ``problems``.

    Raises:
        InvalidFrameError: As for `assess_frame`, the faults under both laws together; or contents
            stand once that the laws compute differently.
        InvalidFactError: There is no such credit, or no such rule.
        TypeError: It is no frame of a known engine.

    >>> import attrs
    >>> import polars
    >>> from evcredit import current_law, examples
    >>> fleet = polars.DataFrame({"vehicle_msrp_cents": [54_000_00, 81_000_00]})
    >>> law = current_law()
    >>> amount = law.battery_components_amount.always(5_000, why="a hypothetical")
    >>> higher = attrs.evolve(law, battery_components_amount=amount)
    >>> claim = examples.demonstration_claim()
    >>> found = compare_frames(fleet, law, higher, assume=claim, unknown=True)
    >>> found["credit_upper_change_cents"].to_list(), found["changed"].to_list()
    ([125000, 0], [True, False])
    """
    options: dict[str, Any] = {
        "credit": credit,
        "assume": assume,
        "unknown": unknown,
        "placed_in_service": placed_in_service,
        "rules": rules,
    }
    for path, law in (("before", before), ("after", after)):
        checked(law, Law, path, HOW_TO_NAME)
    entered = enter(frame)
    own = _names(entered)
    # Also what is assumed may have a column, which takes precedence.
    inputs: dict[str, None] = {}
    for law in (before, after):
        names = names_of(section_of(credit), law)
        inputs.update(dict.fromkeys((*(column.name for column in names.columns), *names.short)))
    ends = {name: [end for end in (BEFORE, AFTER) if name + end in own] for name in inputs}
    twice = [name for name in inputs if len(ends[name]) == 2 and name not in own]
    content = differing_content(before, after)
    problems = {_key(each): each for each in _of_names(own, ends, content, rules)}
    _raise(problems)
    reads = {"credit": credit, "assume": assume, "placed_in_service": placed_in_service}
    found_read = _read(own, twice, (before, after), reads)
    _raise({_key(each): each for each in _unread(own, found_read, before, credit)})
    if strict_columns:
        _raise({(each, UNREAD): Problem(each, UNREAD) for each in own if each not in found_read})

    def assessed(table: AnyFrame, law: Law, end: str, check: bool | None) -> AnyFrame | None:
        """The result; `None` if there are problems, which are kept."""
        read = table.rename({name + end: name for name in twice})
        try:
            result = assess_frame(read.to_native(), law=law, check=check, **options)
        except InvalidFrameError as error:
            for each in error.problems:
                told = each._replace(column=each.column + end) if each.column in twice else each
                problems.setdefault(_key(told), told)
            return None
        return _renamed(enter(result), read, twice, end)

    # Without rows, the columns that both laws require are known before any work.
    empty = entered.head(0)
    for law, end in ((before, BEFORE), (after, AFTER)):
        assessed(empty, law, end, check=False)
    _raise(problems)
    if not strict:
        good, bad = entered, []
        for law, end in ((before, BEFORE), (after, AFTER)):
            read = good.rename({name + end: name for name in twice})
            found, others = assess_frame(read.to_native(), law=law, strict=False, **options)
            good = _renamed(enter(found), read, twice, end)
            back = {name: name + end for name in twice}
            bad.append(enter(others).rename(back).select(*own, PROBLEMS))
        every: Any = bad
        return _changes(good), nw.concat(every, how="vertical").to_native()
    first = assessed(entered, before, BEFORE, check)
    second = assessed(entered if first is None else first, after, AFTER, check)
    _raise(problems)
    assert second is not None  # noqa: S101  # or there were problems
    return _changes(second)


def _read(
    own: list[str], twice: Iterable[str], laws: tuple[Law, Law], options: dict[str, Any]
) -> set[str]:
    """The columns that are read under either law."""
    found = set()
    for law, end in zip(laws, (BEFORE, AFTER), strict=True):
        given = {name + end: name for name in twice}
        have = [given.get(name, name) for name in own]
        used = plan_for(have, law=law, **options).reader.used
        found |= {name for name, plain in zip(own, have, strict=True) if plain in used}
    return found


def _unread(
    own: list[str], read: set[str], law: Law, credit: Credit | str | Section
) -> Iterator[Problem]:
    """The columns with an ending that look like a fact without it."""
    names = names_of(section_of(credit), law)
    for name in own:
        plain = name.removesuffix(BEFORE).removesuffix(AFTER)
        if plain != name and name not in read:
            for problem in unread_facts((plain,), (), names.known, names.columns):
                yield problem._replace(column=name)


def _key(problem: Problem) -> tuple[str, str]:
    return problem.column, problem.what


def _raise(problems: dict[tuple[str, str], Problem]) -> None:
    if problems:
        raise InvalidFrameError(problems.values())


def _names(frame: AnyFrame) -> list[str]:
    return frame.collect_schema().names()


def _renamed(result: AnyFrame, read: AnyFrame, twice: Iterable[str], end: str) -> AnyFrame:
    """A result with the ending of its law at what was added, and at what appears twice."""
    kept = set(_names(read)).difference(twice)
    return result.rename({name: name + end for name in _names(result) if name not in kept})


def _of_names(
    own: list[str], ends: dict[str, list[str]], content: Iterable[str], rules: bool | Iterable[str]
) -> Iterator[Problem]:
    """What is wrong with the names of the columns.

    Args:
        own: The columns of the frame.
        ends: For each column that may be read, with which endings it is there.
        content: The contents that the laws compute differently.
        rules: Whether there will be columns of rules.
    """
    for name in own:
        plain = name.removesuffix(BEFORE).removesuffix(AFTER)
        made = plain in RESULTS or (rules and plain.startswith("rule_"))
        if name in CHANGES or (made and plain != name):
            yield Problem(name, "the result has a column of that name; give yours another")
    for name, found in ends.items():
        if found and name in own:
            yield Problem(
                name, f"is separate from {name}{found[0]}; give it once, or twice with endings"
            )
        elif len(found) == 1:
            other = AFTER if found == [BEFORE] else BEFORE
            yield Problem(name + other, f"missing column: {name}{found[0]} is there")
    for name in content:
        if name in ends and name in own:
            yield Problem(
                name,
                "the laws differ in what it rests on; give it under each, as "
                f"{name}{BEFORE} and {name}{AFTER} (see compare_content)",
            )


def _changes(frame: AnyFrame) -> Any:
    """The frame with what changes, as the caller's own."""
    verdict, lower, upper, _ = RESULTS
    was, now = nw.col(verdict + BEFORE), nw.col(verdict + AFTER)
    flipped = (was != now).fill_null(value=False) | (was.is_null() != now.is_null())
    least, most = (nw.col(name + AFTER) - nw.col(name + BEFORE) for name in (lower, upper))
    # A row that is no claim has no bounds, so that no change is known in it.
    changed = nw.when(~least.is_null()).then(flipped | (least != 0) | (most != 0))
    return frame.with_columns(**dict(zip(CHANGES, (least, most, changed), strict=True))).to_native()
