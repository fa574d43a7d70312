"""What the credits have in common: a section is bound to a law and to the days of a claim.

Each section of the law is a package that offers one `Section`; `evcredit.assessment` works for
all of them alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import attrs

from evcredit.errors import OutsideCoverage
from evcredit.expression import Binding, Day
from evcredit.law import Law, schedule_names
from evcredit.rule import BoundRule, Rule
from evcredit.share import Share

if TYPE_CHECKING:
    from evcredit.assessment import Assessment

__all__ = ["BoundCredit", "Credit", "Section", "bind_section"]


class Credit(Enum):
    """A credit, by the section of title 26 of the United States Code that allows it.

    >>> Credit("30D").name
    'NEW_VEHICLE'
    """

    NEW_VEHICLE = "30D"


class BoundCredit(Protocol):
    """A section under a law, on the days of a claim."""

    @property
    def allowed(self) -> BoundRule:
        """The rule of everything."""
        ...

    @property
    def measured(self) -> tuple[BoundRule, ...]:
        """The amounts beside the tree of rules, in the order in which they are explained."""
        ...

    @property
    def roots(self) -> tuple[Rule, ...]:
        """The rules whose outcomes make the amount: some in `allowed`, and the amounts beside."""
        ...

    def of(self, claim: Any) -> tuple[int, int]:
        """The least and the greatest credit of a claim in cents."""
        ...

    def of_outcomes(self, *outcomes: Any, claim: Any) -> tuple[int, int]:
        """The same, given what each of `roots` comes to.

        Args:
            outcomes: A truth, a number for an amount, `None` where the law leaves it open, or
                `evcredit.completion.ABSENT` for a rule that is not in force.
            claim: The claim.
        """
        ...


def _nothing(result: Any) -> Iterator[str]:
    return iter(())


def _no_content(claim: Any, law: Law) -> Share | None:
    return None


# Compared by identity: there is one of each.
@attrs.frozen(eq=False, kw_only=True)
class Section:
    """One credit: how its rules are bound, and what only it adds to an assessment.

    Args:
        credit: Which credit it is.
        title: What to call the credit in a sentence.
        days: The days that pick the law; the first is the one that governs, and the rest
            default to it.
        covered: The schedule of the law that says for which days the section is held.
        days_of: From a claim and a law to those days, or to the first alone if they are all
            the same; `None` for a day that is unknown.
        bind: From a law with its days, and a variant, to the bound credit.
        variant: From a claim to what else decides which rules are bound; two claims of one
            variant share what is bound.
        warnings: From an assessment to what a reader should look at again.
        undetermined: From an assessment whose verdict is unknown to reasons, beside numbers that
            the law does not give, why no fact could settle it.
        mineral_content: From a claim and a law to the qualifying critical mineral content.
        component_content: The same for battery components.
    """

    credit: Credit
    title: str
    days: tuple[Day, ...]
    covered: str
    days_of: Callable[[Any, Law], tuple[date | None, ...]]
    bind: Callable[[Binding, Any], BoundCredit]
    variant: Callable[[Any], Hashable] = lambda claim: None
    warnings: Callable[[Assessment], Iterator[str]] = _nothing
    undetermined: Callable[[Assessment], Iterator[str]] = _nothing
    mineral_content: Callable[[Any, Law], Share | None] = _no_content
    component_content: Callable[[Any, Law], Share | None] = _no_content

    def of(self, claim: Any, law: Law) -> BoundCredit:
        """The section under a law for a claim.

        Raises:
            OutsideCoverage: No law is held for one of the days of the claim.
        """
        return bind_section(self, law, self.days_of(claim, law), self.variant(claim))


@lru_cache(maxsize=64)
def _turns(law: Law) -> tuple[date, ...]:
    """Every day on which anything of the law changes."""
    schedules = (getattr(law, name) for name in schedule_names())
    days = {day for schedule in schedules for day in schedule.boundaries()}
    return tuple(sorted(days.union(law.agreements.boundaries())))


# Few days differ: claims of thousands of days share what is bound for some dozens of stretches.
@lru_cache(maxsize=4096)
def bind_section(
    section: Section, law: Law, days: tuple[date | None, ...], variant: Hashable
) -> BoundCredit:
    """A section under `law` on the days of `Section.days_of`.

    Args:
        section: The section.
        law: The law.
        days: The days; the first alone if they are all the same.
        variant: What `Section.variant` gives.

    Raises:
        OutsideCoverage: No law is held for one of the days.
    """
    known = days if len(days) > 1 else days * len(section.days)
    covered = getattr(law, section.covered)
    for day, stated in zip(section.days, known, strict=True):
        if stated is not None and not covered.covers(stated):
            what = f"section {section.credit.value} for a vehicle {day.label}"
            raise OutsideCoverage(what, stated, covered.covered)
    turns = _turns(law)
    # The first day on which the law was as it is on the day, so that all such days are one.
    firsts = (d if d is None else turns[bisect_right(turns, d) - 1] for d in known)
    return _bind(section, law, tuple(firsts), variant)


@lru_cache(maxsize=1024)
def _bind(
    section: Section, law: Law, days: tuple[date | None, ...], variant: Hashable
) -> BoundCredit:
    by_path = {
        day.path: stated
        for day, stated in zip(section.days, days, strict=True)
        if stated is not None
    }
    return section.bind(Binding(law, by_path), variant)
