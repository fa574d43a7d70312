"""Outcomes of rules when facts are filled in: three values, amounts, and absence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from evcredit.algebra.binding import Truth
from evcredit.algebra.topic import Mode

__all__ = ["ABSENT", "IMPOSSIBLE", "JOIN", "MET", "NOT_MET", "Outcome", "inverse_of"]

#: The outcome of a rule that is not in force: it takes no part.
ABSENT = "not in force"
#: The outcome where facts are filled in that contradict each other.
IMPOSSIBLE = "impossible"
#: What a rule evaluates to: a truth, a number if it is an amount, `ABSENT` or `IMPOSSIBLE`; `None`
#: if unknown.
Outcome = Truth | Decimal | int | str
MET: frozenset[Any] = frozenset({True, ABSENT})
NOT_MET: frozenset[Any] = frozenset({False})


def inverse_of(outcome: Outcome) -> Outcome:
    """The outcome of a rule that is met if one with this outcome is not."""
    return outcome if outcome is None or isinstance(outcome, str) else not outcome


def _both(one: Outcome, other: Outcome) -> Outcome:
    if ABSENT in (one, other):
        return other if one == ABSENT else one
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _either(one: Outcome, other: Outcome) -> Outcome:
    return inverse_of(_both(inverse_of(one), inverse_of(other)))


#: How two parts of a rule combine.
JOIN: Mapping[Mode, Callable[[Outcome, Outcome], Outcome]] = {
    Mode.ALL: _both,
    Mode.ANY: _either,
}
