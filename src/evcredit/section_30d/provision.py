"""How the rules of this section are written: about a claim, under the law."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evcredit.claim import Claim
from evcredit.expression import Expression, Fact, facts_of, law_of
from evcredit.law import Law
from evcredit.rule import Rule, rule, when

__all__ = ["CLAIM", "PLACED_IN_SERVICE", "Statement", "provision", "while_in_force"]

#: What a rule body returns: an `Expression`, which symbols without static types lead to.
Statement = Any

#: The facts of a claim, as rule bodies see them.
CLAIM = facts_of(Claim)
#: The day that picks the schedule entries of this section.
PLACED_IN_SERVICE: Fact = CLAIM.purchase.placed_in_service


def provision(citation: str, title: str) -> Callable[[Callable[[Any, Any], Expression]], Rule]:
    """A rule about a claim under the law."""
    return rule(citation, title, about=Claim, law=Law)


def while_in_force(schedule: str, inner: Rule) -> Rule:
    """A rule that applies while a scheduled flag is up on the day placed in service."""
    in_force = getattr(law_of(Law), schedule).on(PLACED_IN_SERVICE)
    return when(lambda claim, law: in_force, inner, about=Claim, law=Law)
