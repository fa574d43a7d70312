"""How the rules of this section are written: about a claim, under the law."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evcredit.claim import Claim
from evcredit.expression import Expression, Fact, facts_of, law_of
from evcredit.law import Law
from evcredit.rule import Rule, rule, when

__all__ = ["CLAIM", "PLACED_IN_SERVICE", "Statement", "provision"]

#: What a rule body returns: an `Expression`, which symbols without static types lead to.
Statement = Any

#: The facts of a claim, as rule bodies see them.
CLAIM = facts_of(Claim)
#: The day that picks the schedule entries of this section.
PLACED_IN_SERVICE: Fact = CLAIM.purchase.placed_in_service


def provision(
    citation: str, title: str, *, in_force: str | None = None
) -> Callable[[Callable[[Any, Any], Expression]], Rule]:
    """A rule about a claim under the law.

    Args:
        citation: Where the requirement stands.
        title: The requirement, as a statement that is true when it is met.
        in_force: The scheduled flag of the law that must be up on the day placed in service
            for the rule to apply; always if left out.
    """
    make = rule(citation, title, about=Claim, law=Law)
    if in_force is None:
        return make
    flag = getattr(law_of(Law), in_force).on(PLACED_IN_SERVICE)
    return lambda body: when(lambda claim, law: flag, make(body), about=Claim, law=Law)
