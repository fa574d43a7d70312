"""What the credits have in common: a section is bound to a law and to the days of a claim.

Each section of the law is a package that offers one `Section`; `evcredit.assessment` works for
all of them alike.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date
from enum import Enum
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any

import attrs

from evcredit.errors import OutsideCoverage
from evcredit.expression import Binding, Day, Truth
from evcredit.law import Law, schedule_names
from evcredit.quantity import BoundRules, Ends, Quantity, ends_of, rules_of
from evcredit.rule import ABSENT, BoundRule, Rule
from evcredit.share import Share

if TYPE_CHECKING:
    from evcredit.assessment import Assessment

__all__ = ["BoundCredit", "Composition", "Credit", "Section", "bind_section"]


class Credit(Enum):
    """A credit, by the section of title 26 of the United States Code that allows it.

    >>> Credit("30D").name
    'NEW_VEHICLE'
    """

    NEW_VEHICLE = "30D"
    PREVIOUSLY_OWNED_VEHICLE = "25E"
    COMMERCIAL_VEHICLE = "45W"


@attrs.frozen(eq=False)
class Composition:
    """The rules of a credit put together, and what they make.

    Args:
        top: The rule of everything.
        beside: The amounts beside the tree of rules, in the order in which they are explained.
        credit: The credit in US dollars, from the outcomes of rules in both.
    """

    top: Rule
    beside: tuple[Rule, ...]
    credit: Quantity

    @property
    def roots(self) -> tuple[Rule, ...]:
        """The rules whose outcomes make the credit."""
        return tuple(dict.fromkeys(rules_of(self.credit)))

    def bind(self, binding: Binding) -> BoundCredit:
        """The same under a law, on the days of a claim."""
        allowed = self.top.bind(binding)
        measured = tuple(rule.bind(binding) for rule in self.beside)
        walked = (each for one in (allowed, *measured) for each in one.walk())
        return BoundCredit(self, binding, allowed, measured, {id(b.rule): b for b in walked})


@attrs.frozen(eq=False, slots=False)
class BoundCredit:
    """The rules of a credit under a law, on the days of a claim.

    Args:
        composition: The rules.
        binding: The law and the days.
        allowed: The rule of everything.
        measured: The amounts beside the tree of rules, in the order in which they are explained.
        by_rule: Each bound rule, by the identity of its rule.
    """

    composition: Composition
    binding: Binding
    allowed: BoundRule
    measured: tuple[BoundRule, ...]
    by_rule: Mapping[int, BoundRule]
    _ends: Callable[[Any], Ends] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        rules = BoundRules(self.by_rule)
        object.__setattr__(self, "_ends", self.composition.credit.ends(self.binding, rules))

    def __getitem__(self, rule: Rule) -> BoundRule:
        """What a rule of the composition is bound to."""
        return self.by_rule[id(rule)]

    @property
    def everything(self) -> tuple[BoundRule, ...]:
        """The rule of everything and the amounts beside it."""
        return (self.allowed, *self.measured)

    def of(self, claim: Any) -> tuple[int, int]:
        """The least and the greatest credit of a claim in cents."""
        least, most = self._ends(claim)
        return (_in_cents(least), _in_cents(most))

    def of_outcomes(self, *outcomes: Any, claim: Any) -> tuple[int, int]:
        """The same, given what each of the roots of the composition comes to.

        Args:
            outcomes: A truth, a number for an amount, `None` where the law leaves it open, or
                `ABSENT` for a rule that is not in force, which takes no part.
            claim: The claim.
        """
        least, most = self._of_case(_Case(claim, dict(zip(self._root_ids, outcomes, strict=True))))
        return (_in_cents(least), _in_cents(most))

    @cached_property
    def _root_ids(self) -> tuple[int, ...]:
        return tuple(id(rule) for rule in self.composition.roots)

    @cached_property
    def _of_case(self) -> Callable[[Any], Ends]:
        return self.composition.credit.ends(self.binding, _Outcomes(self.by_rule))


def _in_cents(number: Any) -> int:
    return number * 100 if isinstance(number, int) else int(number * 100)


class _Case:
    """A claim, and what the rules of interest are supposed to come to."""

    __slots__ = ("_claim", "outcomes")

    def __init__(self, claim: Any, outcomes: Mapping[int, Any]) -> None:
        self._claim = claim
        self.outcomes = outcomes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._claim, name)


@attrs.frozen
class _Outcomes:
    """What rules come to in a `_Case`."""

    bound: Mapping[int, BoundRule] = attrs.field(hash=False)

    def in_force(self, rule: Rule) -> Any:
        """Whether the rule takes part."""
        known = self.bound[id(rule)].applies
        return (lambda case: case.outcomes[id(rule)] != ABSENT) if known is None else known

    def holds(self, rule: Rule) -> Callable[[Any], Truth]:
        """What is supposed of the rule; what takes no part does not hold."""

        def holds(case: Any) -> Truth:
            outcome = case.outcomes[id(rule)]
            return None if outcome is None else outcome is True

        return holds

    def amount(self, rule: Rule) -> Callable[[Any], Ends]:
        """What is supposed of the amount; what takes no part is nothing."""

        def amount(case: Any) -> Ends:
            outcome = case.outcomes[id(rule)]
            return ends_of(0 if outcome == ABSENT else outcome)

        return amount


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
        rules: The rules by variant.
        variant: From a claim to the variant: what else decides which rules are bound.
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
    rules: Mapping[Hashable, Composition]
    variant: Callable[[Any], Hashable] = lambda claim: None
    warnings: Callable[[Assessment], Iterator[str]] = _nothing
    undetermined: Callable[[Assessment], Iterator[str]] = _nothing
    mineral_content: Callable[[Any, Law], Share | None] = _no_content
    component_content: Callable[[Any, Law], Share | None] = _no_content

    @property
    def of_own_facts(self) -> Composition:
        """The rules for claims that rely on no published list."""
        return self.rules[False] if False in self.rules else self.rules[None]

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
    # The law is held for some days only, and an unknown day is one of these.
    covered = getattr(law, section.covered).standing
    held = (covered[0].start, covered[-1].end) if covered else None
    spans = tuple(
        (day.path, held) for day in section.days if held is not None and day.path not in by_path
    )
    return section.rules[variant].bind(Binding(law, by_path, spans))
