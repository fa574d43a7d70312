"""How the rules of this section are written: about a claim, under the law."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evcredit.claim import Claim
from evcredit.expression import Day, Expression, law_of
from evcredit.law import Law
from evcredit.rule import Rule, rule, when
from evcredit.section_30d.days import CLAIM, PLACED_IN_SERVICE

__all__ = ["CLAIM", "PLACED_IN_SERVICE", "Statement", "flag", "provision"]

#: What a rule body returns: an `Expression`, which symbols without static types lead to.
Statement = Any


def flag(name: str, on: Day = PLACED_IN_SERVICE) -> Expression:
    """A scheduled flag of the law on a day of the claim."""
    scheduled: Expression = getattr(law_of(Law), name).on(on)
    return scheduled


def provision(
    citation: str, title: str, *, in_force: str | None = None, on: Day = PLACED_IN_SERVICE
) -> Callable[[Callable[[Any, Any], Expression]], Rule]:
    """A rule about a claim under the law.

    Args:
        citation: Where the requirement stands.
        title: The requirement, as a statement that is true when it is met.
        in_force: The scheduled flag of the law that must be up for the rule to apply; always
            if left out.
        on: The day on which that flag is read.
    """
    make = rule(citation, title, about=Claim, law=Law)
    if in_force is None:
        return make
    up = flag(in_force, on)
    return lambda body: when(lambda claim, law: up, make(body), about=Claim, law=Law)
