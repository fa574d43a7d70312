"""The reason of a row: the first finding that decides it, in the order of the law."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import narwhals.stable.v2 as nw

from evcredit.rule import Mode
from evcredit.tables.reader import Told
from evcredit.tables.truth import Truth, both, inverse, is_false, is_true, is_unknown

__all__ = ["reason_codes", "reason_of"]

#: A condition that is never unknown, and the code of the finding it speaks for.
Case = tuple[Any, str]


def _is(truth: Truth, wanted: bool | None) -> Any:
    if wanted is None:
        return is_unknown(truth)
    return is_true(truth) if wanted else is_false(truth)


def _cases(told: Told, wanted: bool | None, reached: Any, *, alone: bool) -> Iterator[Case]:
    """The findings below one that may decide it, in order, and it itself at the end.

    Args:
        told: A rule on the way.
        wanted: The verdict it has.
        reached: Whether a row comes this way; never unknown.
        alone: Whether the verdict of a part tells by itself that a row comes this way: it does
            where one part that is not met is enough, all the way from the top.
    """
    mode = told.rule.mode
    below = (None if wanted is None else not wanted) if mode is Mode.INVERSE else wanted
    alone = alone and mode is Mode.ALL and wanted is not True
    for part in told.parts:
        here = _is(part.verdict, below)
        if not alone:
            # What may not be in force is there to be seen, and unknown at best.
            here = both(both(reached, inverse(is_false(part.applies))), here)
        if here is not False:
            yield from _cases(part, below, here, alone=alone)
    yield reached, told.rule.code


def cases_of(top: Told) -> list[Case]:
    """Every reason there may be, in order: the first whose condition holds is the one."""
    found: list[Case] = []
    for wanted in (False, None):
        reached = _is(top.inner, wanted)
        if reached is not False:
            found += _cases(top, wanted, reached, alone=True)
    found.append((True, top.rule.code))
    return found


def reason_codes(top: Told) -> tuple[str, ...]:
    """Every reason that a row may have, each once."""
    return tuple(dict.fromkeys(code for _, code in cases_of(top)))


def reason_of(top: Told, literal: Callable[[str], nw.Expr]) -> nw.Expr:
    """The reason of each row.

    Args:
        top: The rule of everything.
        literal: From a code to a column that holds it.
    """
    found: Any = None
    for condition, code in reversed(cases_of(top)):
        if condition is True:
            found = literal(code)
        else:
            found = nw.when(condition).then(literal(code)).otherwise(found)
    reason: nw.Expr = found
    return reason
