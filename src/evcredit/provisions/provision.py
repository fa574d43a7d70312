"""How the rules of this section are written: about a claim, under the law."""

from __future__ import annotations

from collections.abc import Callable

from evcredit.algebra.day import Day
from evcredit.algebra.expression import Expression
from evcredit.algebra.rule import Rule, rule, when
from evcredit.algebra.symbol import law_of
from evcredit.facts.claim import Claim
from evcredit.law.law import Law
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE
from evcredit.provisions.views import ClaimView, LawView
from evcredit.provisions.words import clauses

__all__ = ["CLAIM", "PLACED_IN_SERVICE", "flag", "provision"]


def flag(name: str, on: Day = PLACED_IN_SERVICE) -> Expression:
    """A scheduled flag of the law on a day of the claim."""
    scheduled: Expression = getattr(law_of(Law), name).on(on)
    return scheduled


def provision(
    citation: str, title: str, *, in_force: str | None = None, on: Day = PLACED_IN_SERVICE
) -> Callable[[Callable[[ClaimView, LawView], Expression]], Rule]:
    """A rule about a claim under the law.

    Args:
        citation: The provision.
        title: The requirement, as a statement that is true when it is met.
        in_force: The scheduled flag of the law that must be up for the rule to apply; always
            if omitted.
        on: The day on which that flag is read.
    """
    make = rule(citation, title, about=Claim, law=Law, words=clauses)
    if in_force is None:
        return make
    up = flag(in_force, on)
    return lambda body: when(lambda claim, law: up, make(body), about=Claim, law=Law)
