"""Changes of facts, and the denials that they would lift."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.bounds import Bounds, exact_arithmetic
from evcredit.algebra.brief import some_of
from evcredit.algebra.field import FactType, Kind, repr_of_facts
from evcredit.algebra.finding import Finding
from evcredit.algebra.html import preformatted
from evcredit.algebra.money import VAST
from evcredit.algebra.tuples import made_of_items
from evcredit.results.words import in_words, json_value

__all__ = ["STEPS", "Change", "ChangedFact", "Denial", "distance_between", "nearest_end"]

#: The smallest step of a number, by kind.
STEPS = {
    Kind.MONEY: Decimal("0.01"),
    Kind.COUNT: Decimal(1),
    Kind.QUANTITY: Decimal("0.000001"),
    Kind.PERCENT: Decimal("0.000001"),
}


@made_of_items
class ChangedFact(NamedTuple):
    """A fact, what it is, and what would suffice.

    Args:
        path: Where it is.
        declared: How it is declared.
        before: What it is.
        after: What would suffice: of a number or day the nearest value.
        others: Other values that would suffice as well, of a category.
        owner: What it is a fact of, in words, where that is not obvious.
    """

    path: str
    declared: FactType
    before: Any
    after: Any
    others: tuple[Any, ...] = ()
    owner: str = ""

    @property
    def label(self) -> str:
        """The label."""
        return f"{self.declared.label}, {self.owner}" if self.owner else self.declared.label

    def __str__(self) -> str:
        told = [_told(each, self.declared) for each in (self.after, *self.others)]
        after = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} or {told[-1]}"
        if self.declared.kind is Kind.PARTS:
            return f"{self.label}: {after} would suffice"
        return f"{self.label}: {after} would suffice{self._difference()}"

    def _difference(self) -> str:
        if self.before is None:
            return ""
        before = in_words(self.before, self.declared)
        if isinstance(self.after, date):
            days = abs((self.after - self.before).days)
            count = "1 day" if days == 1 else f"{days} days"
            return f", {count} {'before' if self.after < self.before else 'after'} {before}"
        if self.declared.kind in (Kind.MONEY, Kind.COUNT) and not isinstance(self.before, Bounds):
            ends = sorted((self.after, self.before), reverse=True)
            more = in_words(exact_arithmetic().subtract(*ends), self.declared)
            return f", {more} {'less' if self.after < self.before else 'more'} than {before}"
        return f" instead of {before}"

    @property
    def gap(self) -> Fraction:
        """How far the change goes: a part of the value, a part of a year, one for a category."""
        if self.declared.kind is Kind.PARTS or self.before is None:
            return Fraction(2)
        if isinstance(self.after, date):
            return Fraction(abs((self.after - self.before).days), 365)
        if self.declared.kind in STEPS:
            end = nearest_end(self.before, self.after)
            far, scale = Fraction(distance_between(self.after, end)), abs(Fraction(end))
            return Fraction(far, max(Fraction(1), scale))
        return Fraction(1)


def _told(value: Any, declared: FactType) -> str:
    if declared.kind is Kind.PARTS:
        return "none"
    if declared.kind in (Kind.QUANTITY, Kind.PERCENT):
        whole = value.to_integral_value()
        if distance_between(value, whole) == STEPS[declared.kind]:
            side = "just below" if value < whole else "just above"
            return f"{side} {in_words(whole, declared)}"
    return in_words(value, declared)


def nearest_end(before: Any, after: Any) -> Any:
    """Return the end of what was stated that is nearer to a value."""
    ends = (before.lower, before.upper) if isinstance(before, Bounds) else (before,)
    return min(ends, key=lambda end: distance_between(end, after))


@attrs.frozen(repr=False)
class Change:
    """Facts that would need to change, all together.

    Args:
        facts: The facts.
        credit: Bounds of the credit in US dollars if they were, everything else being the same.
        without: Paths of parts that add up to a fact as it was, such as a window label, and would
            be omitted.
    """

    __repr__ = repr_of_facts

    facts: tuple[ChangedFact, ...]
    credit: Bounds[Decimal]
    without: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """The values by path, as `with_facts` takes them."""
        return {**dict.fromkeys(self.without), **{fact.path: fact.after for fact in self.facts}}

    @property
    def size(self) -> tuple[int, Fraction]:
        """How large the change is: how many facts, and how far they go."""
        return (len(self.facts), sum((fact.gap for fact in self.facts), Fraction(0)))

    def __str__(self) -> str:
        return "; and ".join(map(str, self.facts))

    def _repr_html_(self) -> str:
        return preformatted(str(self))

    def to_dict(self) -> dict[str, Any]:
        """The change, ready for JSON."""
        return {
            "facts": [
                {
                    "path": fact.path,
                    "before": json_value(fact.before),
                    "after": json_value(fact.after),
                    "others": [json_value(each) for each in fact.others],
                }
                for fact in self.facts
            ],
            "without": list(self.without),
            "credit": {**json_value(self.credit), "currency": "USD"},
        }


@attrs.frozen
class Denial:
    """A requirement that is not met, and what would flip it.

    Args:
        finding: The requirement.
        changes: Changes of which each alone makes it met, the smallest first; none if no fact
            that is stated can.
    """

    finding: Finding
    changes: tuple[Change, ...]

    def __str__(self) -> str:
        return f"{self.finding}: {some_of([str(each) for each in self.changes], 3, 'changes')}"

    def _repr_html_(self) -> str:
        return preformatted(str(self))

    def to_dict(self) -> dict[str, Any]:
        """The refusal, ready for JSON."""
        return {
            "code": self.finding.code,
            "citation": str(self.finding.citation),
            "in_plain_words": self.finding.in_plain_words(),
            "changes": [change.to_dict() for change in self.changes],
        }


def distance_between(one: Any, other: Any) -> Any:
    """How far two numbers, or two days, are apart."""
    if isinstance(one, date):
        return abs(one - other)
    return abs(Fraction(one) - Fraction(other)) if one.is_finite() and other.is_finite() else VAST
