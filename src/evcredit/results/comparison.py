"""What two laws make of one claim: the comparison, in words and as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.finding import Finding
from evcredit.algebra.money import bounds_in_dollars, bounds_of_cents, cents
from evcredit.algebra.share import Share
from evcredit.algebra.verdict import Verdict
from evcredit.facts.claim import Claim
from evcredit.law.law import Law
from evcredit.provisions.section import Credit, Section
from evcredit.results.assessing import assess
from evcredit.results.assessment import Assessment
from evcredit.results.words import Format, Line, in_words, json_value, limit_in_words, render

__all__ = ["Comparison", "Flipped", "compare"]


@attrs.frozen
class Flipped:
    """A rule that two laws answer differently.

    Args:
        before: The finding under the first law.
        after: The finding under the second.
    """

    before: Finding
    after: Finding

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"


@attrs.frozen(kw_only=True, slots=False)
class Comparison:
    """What two laws make of one claim. Returned by `compare`.

    Args:
        before: The assessment under the first law.
        after: The assessment under the second.
    """

    before: Assessment
    after: Assessment

    def __str__(self) -> str:
        return (
            f"{self.before.law.name}: {self.before}\n{self.after.law.name}: {self.after}\n"
            f"difference: {bounds_in_dollars(self.difference)}"
        )

    @property
    def difference(self) -> Bounds[Decimal]:
        """Bounds of the difference in US dollars, second law less first."""
        one, other = self.before.credit, self.after.credit
        return bounds_of_cents(
            cents(other.lower) - cents(one.upper), cents(other.upper) - cents(one.lower)
        )

    @cached_property
    def flipped(self) -> tuple[Flipped, ...]:
        """Every rule, procurement chain and component that the two laws answer differently."""
        return tuple(_flips(self.before.finding, self.after.finding))

    def explain(self, form: Format = "text") -> str:
        """What changes, what that is worth, and which findings flipped.

        Args:
            form: ``"text"``, ``"markdown"`` or ``"html"``.

        Raises:
            ValueError: No such form.
        """
        return render(_lines(self), form)

    def to_dict(self) -> dict[str, Any]:
        """The comparison, ready for JSON."""
        return {
            "difference": {**json_value(self.difference), "currency": "USD"},
            "flipped": [
                {
                    "code": flip.after.code,
                    "citation": str(flip.after.citation),
                    "before": _state(flip.before),
                    "after": _state(flip.after),
                    **({"note": str(flip.after.note)} if flip.after.note else {}),
                }
                for flip in self.flipped
            ],
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
        }

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")

    def _repr_html_(self) -> str:
        return self.explain("html")

    def __reduce__(self) -> tuple[Any, ...]:
        before = self.before
        return _compare_again, (before.claim, before.law, self.after.law, before.section)


def _compare_again(claim: Claim, before: Law, after: Law, section: Section) -> Comparison:
    return compare(claim, before, after, credit=section)


def _flips(before: Finding, after: Finding) -> Iterator[Flipped]:
    if (before.verdict, before.in_force) != (after.verdict, after.in_force):
        yield Flipped(before, after)
    others = _by_subject(after)
    for subject, one in _by_subject(before).items():
        if subject in others:
            yield from _flips(one, others[subject])


def _by_subject(finding: Finding) -> dict[tuple[Any, ...], Finding]:
    """The parts of a finding by what each is about, which is the same under any law.

    Not every law shows every chain under a test, so their places in the list tell nothing. What
    shows how a fact is computed is about the fact it reads first; a rule is about itself.
    """
    found: dict[tuple[Any, ...], Finding] = {}
    times: Counter[tuple[str, str]] = Counter()
    for part in finding.parts:
        path = part.facts[0].path if finding.details and part.facts else ""
        found[part.code, path, times[part.code, path]] = part
        times[part.code, path] += 1
    return found


def compare(
    claim: Claim, before: Law, after: Law, *, credit: Credit | str | Section = Credit.NEW_VEHICLE
) -> Comparison:
    """What two laws make of one claim, which findings flip, and what that is worth.

    Args:
        claim: The stated facts.
        before: The first law.
        after: The second law.
        credit: The credit, as for `assess`.

    Raises:
        InvalidFactError: There is no such credit.
        OutsideCoverage: The vehicle was placed in service on a day for which no law is held.

    >>> from evcredit import current_law, examples
    >>> without = current_law().without_agreement("JPCMA")
    >>> print(compare(examples.demonstration_claim(), without, current_law()).difference)
    3,750
    """
    return Comparison(
        before=assess(claim, law=before, credit=credit),
        after=assess(claim, law=after, credit=credit),
    )


def _lines(comparison: Comparison) -> Iterator[Line]:
    before, after = comparison.before, comparison.after
    difference = comparison.difference
    if difference.is_exact and not difference.lower:
        yield Line(-1, "The change is worth nothing to this claim.")
    else:
        yield Line(-1, f"The change is worth {bounds_in_dollars(difference)} to this claim.")
    for result in (before, after):
        yield Line(
            1, f"{result.law.name}: {result.verdict.value}, {bounds_in_dollars(result.credit)}"
        )
    for change in _agreement_changes(comparison):
        yield Line(1, change)
    if comparison.flipped:
        yield Line(-1, "What flips")
        below = 0
        for flip in comparison.flipped:
            # A chain is under the rule it changes, if it turns one over.
            level = below + 1 if flip.after.note else 1
            yield from _flip_lines(flip, level)
            below = below if flip.after.note else 1
    else:
        yield Line(-1, "No finding flips.")


def _agreement_changes(comparison: Comparison) -> Iterator[str]:
    before = {each.identifier: each for each in comparison.before.law.agreements}
    after = {each.identifier: each for each in comparison.after.law.agreements}
    for identifier in sorted(before.keys() ^ after.keys()):
        agreement = before.get(identifier) or after[identifier]
        which = "only under the first" if identifier in before else "only under the second"
        since = min(partner.in_force for partner in agreement.partners)
        yield f"{which}: {agreement.name} ({identifier}), in force since {since}"


def _flip_lines(flip: Flipped, level: int) -> Iterator[Line]:
    one, other = flip.before, flip.after
    change = f"{_state(one)} -> {_state(other)}"
    if other.note:
        # The side on which the chain counts tells by which agreement it does.
        telling = one if one.verdict is Verdict.MET else other
        yield Line(level, f"{change}: {telling.note}")
        return
    yield Line(level, f"{change}: {other.rule.title} [{other.citation}]")
    shares = [
        f"{in_words(fact.value, fact.declared)}"
        for finding in (one, other)
        for fact in finding.facts
        if isinstance(fact.value, Share)
    ]
    if shares:
        limits = [limit_in_words(limit, other.facts) for limit in other.limits]
        yield Line(level + 1, f"content {' -> '.join(shares)}; {'; '.join(limits)}")


def _state(finding: Finding) -> str:
    return finding.verdict.value if finding.in_force else "not in force"
