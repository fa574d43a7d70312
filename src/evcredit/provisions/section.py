"""What the credits have in common: a section is bound to a law and to the days of a claim.

Each section of the law is a package that offers one `Section`; `evcredit.results` works for
all of them alike.

Source: 26 USC 30D, 25E and 45W.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Hashable, Iterator, Mapping
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import attrs

from evcredit.algebra.alike import OneOfEach
from evcredit.algebra.binding import Binding, Truth
from evcredit.algebra.bound import BoundRule, bind
from evcredit.algebra.codes import Codes
from evcredit.algebra.day import Day
from evcredit.algebra.outcome import ABSENT
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.algebra.quantity import BoundRules, Interval, Quantity, interval_of, rules_of
from evcredit.algebra.read_only import ReadOnlyDict
from evcredit.algebra.reads import paths_in_force, paths_read
from evcredit.algebra.reference import by_reference
from evcredit.algebra.rule import Rule
from evcredit.algebra.share import Share
from evcredit.errors import OutsideCoverage
from evcredit.law.law import Law, schedule_names
from evcredit.provisions.transfer import TransferRules

__all__ = [
    "BoundCredit",
    "Credit",
    "CreditRules",
    "Headings",
    "Section",
    "bind_section",
    "turning_days",
]


class Credit(PlainEnum):
    """A credit, by the section of title 26 of the United States Code that allows it.

    >>> Credit("30D").name
    'NEW_VEHICLE'
    """

    NEW_VEHICLE = "30D"
    PREVIOUSLY_OWNED_VEHICLE = "25E"
    COMMERCIAL_VEHICLE = "45W"


@attrs.frozen(eq=False)
class CreditRules:
    """The rules of a credit combined, and what they make.

    Args:
        top: The rule of everything.
        amounts: The amounts beside the tree of rules, in the order in which they are explained.
        credit: The credit in US dollars, from the outcomes of rules in both.
    """

    top: Rule
    amounts: tuple[Rule, ...]
    credit: Quantity

    @cached_property
    def roots(self) -> tuple[Rule, ...]:
        """The rules whose outcomes make the credit."""
        return tuple(dict.fromkeys(rules_of(self.credit)))

    def bind(self, binding: Binding) -> BoundCredit:
        """The same under a law, on the days of a claim."""
        allowed = bind(self.top, binding)
        amounts = tuple(bind(rule, binding) for rule in self.amounts)
        walked = (each for one in (allowed, *amounts) for each in one.walk())
        return BoundCredit(self, binding, allowed, amounts, {id(b.rule): b for b in walked})


@attrs.frozen(eq=False, slots=False)
class BoundCredit:
    """The rules of a credit under a law, on the days of a claim.

    Args:
        composition: The rules.
        binding: The law and the days.
        allowed: The rule of everything.
        amounts: The amounts beside the tree of rules, in the order in which they are explained.
        by_rule: Each bound rule, by the identity of its rule.
    """

    composition: CreditRules
    binding: Binding
    allowed: BoundRule
    amounts: tuple[BoundRule, ...]
    by_rule: Mapping[int, BoundRule]
    _ends: Callable[[Any], Interval] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        rules = BoundRules(self.by_rule)
        object.__setattr__(self, "_ends", self.composition.credit.ends(self.binding, rules))

    def __getitem__(self, rule: Rule) -> BoundRule:
        """What a rule of the composition is bound to."""
        return self.by_rule[id(rule)]

    @property
    def law(self) -> Law:
        """The law."""
        law: Law = self.binding.law
        return law

    @cached_property
    def paths_read(self) -> frozenset[str]:
        """The paths of the facts that rules in force may read, without places in lists."""
        own = paths_read(self.composition.credit, self.law)
        return Codes(frozenset(own).union(*(paths_in_force(each) for each in self.everything)))

    @property
    def everything(self) -> tuple[BoundRule, ...]:
        """The rule of everything and the amounts beside it."""
        return (self.allowed, *self.amounts)

    def of(self, claim: Any) -> tuple[int, int]:
        """The minimum and the maximum credit of a claim in cents."""
        least, most = self._ends(claim)
        return (_in_cents(least), _in_cents(most))

    def of_outcomes(self, *outcomes: Any, claim: Any) -> tuple[int, int]:
        """The same, given what each of the roots of the composition evaluates to.

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
    def _of_case(self) -> Callable[[Any], Interval]:
        return self.composition.credit.ends(self.binding, _Outcomes(self.by_rule))


def _in_cents(number: Any) -> int:
    return number * 100 if isinstance(number, int) else int(number * 100)


class _Case:
    """A claim, and what the rules of interest are assumed to amount to."""

    __slots__ = ("_claim", "outcomes")

    def __init__(self, claim: Any, outcomes: Mapping[int, Any]) -> None:
        self._claim = claim
        self.outcomes = outcomes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._claim, name)


@attrs.frozen
class _Outcomes:
    """What rules amount to in a `_Case`."""

    bound: Mapping[int, BoundRule] = attrs.field(hash=False)

    def in_force(self, rule: Rule) -> Any:
        """Whether the rule takes part."""
        known = self.bound[id(rule)].applies
        return (lambda case: case.outcomes[id(rule)] != ABSENT) if known is None else known

    def holds(self, rule: Rule) -> Callable[[Any], Truth]:
        """What is assumed of the rule; what takes no part does not hold."""

        def holds(case: Any) -> Truth:
            outcome = case.outcomes[id(rule)]
            return None if outcome is None else outcome is True

        return holds

    def amount(self, rule: Rule) -> Callable[[Any], Interval]:
        """What is assumed of the amount; what takes no part is nothing."""

        def amount(case: Any) -> Interval:
            outcome = case.outcomes[id(rule)]
            return interval_of(0 if outcome == ABSENT else outcome)

        return amount


@attrs.frozen(kw_only=True)
class Headings:
    """The reason codes by which an explanation sorts the findings of a section.

    Args:
        gate: The rule of every requirement that decides whether there is a credit at all.
        amount: The requirements that decide how much it is; they are explained as the amount.
        sourcing: The rule whose parts each add to the amount; `None` if there is none.
        listed_amount: The amount that a published list states; `None` if no list states one.
        listed_sourcing: The part of `sourcing` that such a list meets.
        replaced: The amounts that need no explanation where a list states the amount.
        election: The citation of the election that can move the day that governs, as text;
            `None` if there is none.
    """

    gate: str = "eligible"
    amount: frozenset[str] = Codes()
    sourcing: str | None = None
    listed_amount: str | None = None
    listed_sourcing: str | None = None
    replaced: frozenset[str] = Codes()
    election: str | None = None


def _nothing(bound: BoundCredit, claim: Any) -> Iterator[str]:
    return iter(())


def _no_content(bound: BoundCredit, claim: Any) -> Share | None:
    return None


_BY_GATE_ALONE = Headings()


def _as_stated(bound: BoundCredit, claim: Any) -> OneOfEach:
    return OneOfEach(claim, {})


def _read_only(rules: Mapping[Hashable, CreditRules]) -> Mapping[Hashable, CreditRules]:
    return ReadOnlyDict(rules)


# Compared by identity: there is one of each.
@attrs.frozen(eq=False, kw_only=True, repr=False)
class Section:
    """One credit: how its rules are bound, and what only it adds to a determination.

    Everything else works for any section: `assess`, `compare`, explanations, exports, tables.
    A hook gets the rules under the law, on the days of the claim, and the claim itself.

    Args:
        credit: Which credit it is.
        title: What to call the credit in a sentence.
        days: The days that pick the law; the first is the one that governs, and the rest
            default to it.
        covered: The schedule of the law that says for which days the section is held.
        begins: The rule that refuses every vehicle of a day before the first of these, by the
            effective date of the section: the other rules are then read as on that first day.
            `None` if earlier days had other law, which is not covered.
        days_of: From a claim and a law to those days, or to the first alone if they are all
            the same; `None` for a day that is unknown.
        rules: The rules by variant.
        variant: From a claim to the variant: what else decides which rules are bound.
        headings: How an explanation sorts the findings.
        transfer: The rules of a transfer to the dealer; `None` if the credit cannot be
            transferred.
        warnings: A hook: warnings for the reader.
        undetermined: A hook for a claim whose credit is not exact: reasons why no fact could
            settle it, in addition to numbers that the law does not give.
        mineral_content: A hook: the qualifying critical mineral content.
        component_content: A hook: the qualifying battery component content.
        one_of_each: A hook: the claim in which items of lists that are alike are stated once,
            for the analysis of unknown facts.
    """

    credit: Credit
    title: str
    days: tuple[Day, ...]
    covered: str
    begins: Rule | None = None
    days_of: Callable[[Any, Law], tuple[date | None, ...]]
    rules: Mapping[Hashable, CreditRules] = attrs.field(converter=_read_only)
    variant: Callable[[Any], Hashable] = lambda claim: None
    headings: Headings = _BY_GATE_ALONE
    transfer: TransferRules | None = None
    warnings: Callable[[BoundCredit, Any], Iterator[str]] = _nothing
    undetermined: Callable[[BoundCredit, Any], Iterator[str]] = _nothing
    mineral_content: Callable[[BoundCredit, Any], Share | None] = _no_content
    component_content: Callable[[BoundCredit, Any], Share | None] = _no_content
    one_of_each: Callable[[BoundCredit, Any], OneOfEach] = _as_stated

    def __repr__(self) -> str:
        return f"<section {self.credit.value}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return by_reference(self)

    @property
    def of_own_facts(self) -> CreditRules:
        """The rules for claims that rely on no published list."""
        return self.rules[False] if False in self.rules else self.rules[None]

    def read_as_of(self, stated: date, day: Day, law: Law) -> date:
        """The day as of which the law is read for one of the days of a claim.

        Args:
            stated: The day.
            day: Which of `days` it is.
            law: The law.

        Raises:
            OutsideCoverage: There is no law for it.
        """
        covered = getattr(law, self.covered)
        here: date = stated if self.begins is None else covered.not_before(stated)
        if not covered.covers(here):
            what = f"section {self.credit.value} for a vehicle {day.label}"
            raise OutsideCoverage(what, stated, covered.covered)
        return here

    def of(self, claim: Any, law: Law) -> BoundCredit:
        """The section under a law for a claim.

        Raises:
            OutsideCoverage: There is no law for one of the days of the claim.
        """
        return bind_section(self, law, self.days_of(claim, law), self.variant(claim))


@lru_cache(maxsize=64)
def turning_days(law: Law) -> tuple[date, ...]:
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
        OutsideCoverage: There is no law for one of the days.
    """
    stated = days if len(days) > 1 else days * len(section.days)
    known = [
        None if each is None else section.read_as_of(each, day, law)
        for day, each in zip(section.days, stated, strict=True)
    ]
    turns = turning_days(law)
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
    # The law is covered for some days only, and an unknown day is one of these.
    covered = getattr(law, section.covered).standing
    held = (covered[0].start, covered[-1].end) if covered else None
    spans = tuple(
        (day.path, held) for day in section.days if held is not None and day.path not in by_path
    )
    return section.rules[variant].bind(Binding(law, by_path, spans))
