"""The reason of a row: the first finding that decides it, in the order of the law."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import narwhals.stable.v2 as nw

from evcredit.algebra.topic import Mode
from evcredit.tables.compiler.columns import AnyFrame
from evcredit.tables.compiler.reader import SCRATCH, RuleColumns
from evcredit.tables.compiler.truth import Truth, both, inverse, is_false, is_true, is_unknown

__all__ = ["reason_codes", "with_reason"]

#: A condition that is never unknown, and the code of the finding it applies to.
Case = tuple[Any, str]


def _is(truth: Truth, wanted: bool | None) -> Any:
    if wanted is None:
        return is_unknown(truth)
    return is_true(truth) if wanted else is_false(truth)


def _cases(told: RuleColumns, wanted: bool | None, reached: Any, *, alone: bool) -> Iterator[Case]:
    """The findings below one that may decide it, in order, and it itself at the end.

    Args:
        told: A rule on the way.
        wanted: The verdict it has.
        reached: Whether a row comes this way; never unknown.
        alone: Whether the verdict of a part tells on its own that a row comes this way: it does
            where one part that is not met is enough, all the way from the top.
    """
    mode = told.rule.mode
    below = (None if wanted is None else not wanted) if mode is Mode.NOT else wanted
    alone = alone and mode is Mode.ALL and wanted is not True
    for part in told.parts:
        here = _is(part.verdict, below)
        if not alone:
            # What may not be in force is there to be seen, and unknown at best.
            here = both(both(reached, inverse(is_false(part.applies))), here)
        if here is not False:
            yield from _cases(part, below, here, alone=alone)
        if _every_part_has_it(mode, wanted) and part.applies is True:
            return
    if not told.parts or not _some_part_has_it(told, wanted):
        yield reached, told.rule.code


def _every_part_has_it(mode: Mode, wanted: bool | None) -> bool:
    """Whether a rule has a verdict only if each of its parts in force has the same one."""
    return (mode, wanted) in {(Mode.ANY, False), (Mode.ALL, True)}


def _some_part_has_it(told: RuleColumns, wanted: bool | None) -> bool:
    """Whether a rule has a verdict only if some part has it, so that it is never the reason."""
    if told.rule.mode is Mode.ALL and wanted is not True:
        return True
    # In an alternative, what may not be in force and is not met is unknown, which the whole is not.
    return all(isinstance(part.applies, bool) for part in told.parts)


def cases_of(top: RuleColumns) -> list[Case]:
    """Every reason there may be, in order: the first whose condition holds is the one.

    The last condition always holds.
    """
    found: list[Case] = []
    for wanted in (False, None):
        reached = _is(top.inner, wanted)
        if reached is not False:
            found += _cases(top, wanted, reached, alone=True)
    found.append((True, top.rule.code))
    always = next(place for place, (condition, _) in enumerate(found) if condition is True)
    return found[: always + 1]


def reason_codes(top: RuleColumns) -> tuple[str, ...]:
    """Every reason that a row may have, each once."""
    return tuple(dict.fromkeys(code for _, code in cases_of(top)))


def with_reason(frame: AnyFrame, top: RuleColumns, literal: Callable[[str], nw.Expr]) -> AnyFrame:
    """The frame with the reason of each row.

    Args:
        frame: The frame.
        top: The rule of everything.
        literal: From a code to a column that holds it.
    """
    *open_cases, (_, last) = cases_of(top)
    conditions = {f"{SCRATCH}case_{n}": holds for n, (holds, _) in enumerate(open_cases)}
    codes = [*(code for _, code in open_cases), last]
    columns = [nw.col(name) for name in conditions]
    if conditions:
        frame = frame.with_columns(**conditions)
    return frame.with_columns(reason=_first(columns, codes, literal))


def _first(
    conditions: Sequence[nw.Expr], codes: Sequence[str], literal: Callable[[str], nw.Expr]
) -> nw.Expr:
    """The code of the first condition that holds, the last code if none does.

    By halves, which is twice as fast as in turn: most choices are between constants.
    """
    if not conditions:
        return literal(codes[0])
    half = (len(conditions) + 1) // 2
    early = nw.any_horizontal(*conditions[:half], ignore_nulls=False)
    first = _first(conditions[: half - 1], codes[:half], literal)
    rest = _first(conditions[half:], codes[half:], literal)
    return nw.when(early).then(first).otherwise(rest)
