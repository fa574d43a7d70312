"""Options: what an offer gives one person, which is best, by when, and what would lift a denial.

An offer can be taken in one or two ways: a vehicle that is bought gives a credit on the return, or
one that is handed to the dealer; a lease gives what the lessor passes on of its own. What a way is
worth is the part of the credit that stays with the person. Prices are left to the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

import attrs

from evcredit.advice.change import Change, Denial
from evcredit.advice.failing import change_of_all, denials, denials_of
from evcredit.advice.offers import Lease, Offer
from evcredit.algebra.bound import verdict_of
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.citation import Citation
from evcredit.algebra.expression import Comparison, Expression, Operand
from evcredit.algebra.field import Kind, repr_of_facts
from evcredit.algebra.html import preformatted
from evcredit.algebra.money import bounds_in_dollars
from evcredit.algebra.parameter import Parameter
from evcredit.algebra.path import fact_type_at
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.algebra.rule import Rule
from evcredit.algebra.verdict import Verdict
from evcredit.algebra.wording import Audience, checked_audience
from evcredit.facts.claim import Claim
from evcredit.facts.tax_return import TaxReturn
from evcredit.facts.taxpayer import Taxpayer
from evcredit.facts.transfer import CreditTransfer
from evcredit.law.law import Law
from evcredit.provisions.days import SOLD
from evcredit.provisions.transfer import TransferOutcome
from evcredit.results.assessing import assess
from evcredit.results.assessment import Assessment
from evcredit.results.words import Line, json_value, render
from evcredit.section_30d.transfer import elected_in_time

__all__ = ["Deadline", "Option", "Options", "Route"]

_NONE = Bounds.exactly(Decimal(0))


class Route(PlainEnum):
    """How a person gets at the credit."""

    TRANSFERRED = "hand the credit to the dealer"
    ON_RETURN = "claim the credit on the tax return"
    LEASED = "lease, with what the lessor passes on"


class Deadline(NamedTuple):
    """A day by which something must have happened.

    Args:
        day: The last day.
        rule: The requirement.
        facts: What must have happened, by the labels of the facts.
    """

    day: date
    rule: Rule
    facts: tuple[str, ...]

    @property
    def citation(self) -> Citation:
        """Where the requirement is."""
        return self.rule.citation

    def __str__(self) -> str:
        return f"by {self.day}: {self.rule.title} [{self.citation}]"


#: The options that are printed.
_PRINTED = 8


@attrs.frozen(kw_only=True, slots=False, repr=False)
class Option:
    """One offer taken one way. Returned by `options`.

    All amounts are bounds in US dollars, exact when nothing that matters is unknown.

    Args:
        offer: The offer.
        route: The way.
        assessment: What the law makes of the claim: the person's, or of a lease the lessor's.
        transfer: What follows from the transfer to the dealer, if that is the way.
        verdict: Whether the way gives something: not met if it is refused.
        at_sale: What the person gets at the sale.
        on_return: What the person gets on the return.
        repaid: What of it is paid back.
        forfeited: The part of the credit lost because tax liability is too low.
        net_benefit: What stays with the person in the end.
    """

    __repr__ = repr_of_facts

    offer: Offer
    route: Route
    assessment: Assessment
    transfer: TransferOutcome | None = None
    verdict: Verdict
    at_sale: Bounds[Decimal] = _NONE
    on_return: Bounds[Decimal] = _NONE
    repaid: Bounds[Decimal] = _NONE
    forfeited: Bounds[Decimal] = _NONE
    net_benefit: Bounds[Decimal]
    _terms: CreditTransfer | None = None
    #: Unknown facts besides those of the claim.
    _open: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.name}: {bounds_in_dollars(self.net_benefit)}"

    def _repr_html_(self) -> str:
        return preformatted(str(self))

    @property
    def name(self) -> str:
        """The offer and the way, in words."""
        return f"{self.offer.name} ({self.route.value})"

    @property
    def is_denied(self) -> bool:
        """Whether nothing can come of it."""
        return self.verdict is Verdict.NOT_MET or self.net_benefit.upper == 0

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The unknown facts that affect it, by path."""
        return tuple(dict.fromkeys((*self.assessment.missing(), *self._open)))

    @cached_property
    def denials(self) -> tuple[Denial, ...]:
        """The requirements that refuse, those of the credit first, with what would flip each."""
        return (*denials(self.assessment), *self._transfer_refusals())

    def _transfer_refusals(self) -> Iterator[Denial]:
        terms, outcome, result = self._terms, self.transfer, self.assessment
        if terms is None or outcome is None or outcome.verdict is not Verdict.NOT_MET:
            return
        law = result.law

        def credit(changed: CreditTransfer) -> Bounds[Decimal]:
            return assess(changed.claim, law=law, credit=result.section).credit

        def holds(rule: Rule, changed: CreditTransfer) -> bool:
            return verdict_of(rule, changed, law) is Verdict.MET

        yield from denials_of(outcome.finding, terms, law, holds, credit)

    @cached_property
    def change(self) -> Change | None:
        """Facts of the claim that together would turn a refused credit into one."""
        return change_of_all(self.assessment)

    @cached_property
    def deadlines(self) -> tuple[Deadline, ...]:
        """The days by which something must have happened, the earliest first."""
        result = self.assessment
        bound = result.section.of(result.claim, result.law)
        found: dict[tuple[int, date], Deadline] = {}
        for each in bound.allowed.walk():
            if each.applies is False or each.rule.body is None:
                continue
            for label, day in _last_days(each.rule.body, each.binding):
                key = (id(each.rule), day)
                facts = found[key].facts if key in found else ()
                found[key] = Deadline(day, each.rule, tuple(dict.fromkeys((*facts, label))))
        sold = SOLD.of(result.claim, result.law)
        if self.transfer is not None and sold is not None:
            label = fact_type_at(CreditTransfer, "elected_on").label
            found[id(elected_in_time), sold] = Deadline(sold, elected_in_time, (label,))
        return tuple(sorted(found.values(), key=lambda each: (each.day, each.citation)))

    def to_dict(self) -> dict[str, Any]:
        """The option, ready for JSON."""
        amounts = ("at_sale", "on_return", "repaid", "forfeited", "net_benefit")
        change = self.change
        return {
            "offer": self.offer.name,
            "route": self.route.name.lower(),
            "section": self.assessment.kind.value,
            "verdict": self.verdict.value,
            **{name: json_value(getattr(self, name)) for name in amounts},
            "missing": list(self.missing),
            "deadlines": [
                {"day": each.day.isoformat(), "code": each.rule.code, "facts": list(each.facts)}
                for each in self.deadlines
            ],
            "denials": [each.to_dict() for each in self.denials],
            "change": None if change is None else change.to_dict(),
        }


def _last_days(node: Expression | Operand, binding: Any) -> Iterator[tuple[str, date]]:
    """The days of schedules that a day of the claim may not be after."""
    if (
        isinstance(node, Comparison)
        and node.left.declared.kind is Kind.DAY
        and node.symbol == "<="
        and isinstance(node.right, Parameter)
    ):
        day = node.right.resolve(binding)
        if isinstance(day, date):
            yield node.left.declared.label, day
        return
    for operand in node.operands():
        yield from _last_days(operand, binding)


@attrs.frozen(kw_only=True, slots=False)
class Options:
    """What offers give a person. Returned by `options`.

    Args:
        taxpayer: The person.
        tax_return: The return, as far as it is known.
        law: The law.
        options: Every offer, taken in every way it can be.
    """

    taxpayer: Taxpayer
    tax_return: TaxReturn
    law: Law
    options: tuple[Option, ...]

    def __str__(self) -> str:
        said = [str(option) for option in self.options[:_PRINTED]]
        more = len(self.options) - len(said)
        return "\n".join([*said, f"and {more} more options"] if more else said or ["no options"])

    @cached_property
    def amount(self) -> Bounds[Decimal]:
        """Bounds of what the best choice is worth, whichever it turns out to be."""
        worths = [each.net_benefit for each in self.options] or [_NONE]
        return Bounds(max(each.lower for each in worths), max(each.upper for each in worths))

    @cached_property
    def best(self) -> Option | None:
        """What to choose so far; `None` if every offer is refused.

        It is the way that is worth most for certain. Between equals it is the one that may be
        worth more, then the one that pays at the sale, then the one that was named first.
        """
        possible = [each for each in self.options if not each.is_denied]
        return max(
            possible,
            key=lambda each: (each.net_benefit.lower, each.net_benefit.upper, each.at_sale.lower),
            default=None,
        )

    @property
    def contenders(self) -> tuple[Option, ...]:
        """The other ways that may turn out to be worth more than the best so far."""
        best = self.best
        return tuple(
            each
            for each in self.options
            if best is not None
            and each is not best
            and each.net_benefit.upper > best.net_benefit.lower
        )

    @property
    def is_certain(self) -> bool:
        """Whether nothing that is unknown can make another way worth more than the best."""
        return not self.contenders

    @property
    def depends_on(self) -> tuple[tuple[str, str], ...]:
        """What a choice under unknowns depends on: names of offers and paths of facts."""
        if self.best is None or (self.is_certain and self.best.net_benefit.is_exact):
            return ()
        found = [
            (each.offer.name, path)
            for each in (self.best, *self.contenders)
            for path in each.missing
        ]
        return tuple(dict.fromkeys(found))

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the best is the best, in sentences."""
        return tuple(_reasons(self))

    def explain(self, form: str = "text", *, audience: Audience = "buyer") -> str:
        """The choice in words: the best and why, by when, every way, and what would flip a no.

        Args:
            form: ``"text"``, ``"markdown"`` or ``"html"``.
            audience: ``"buyer"``, or ``"professional"`` to have the refusals with citations.

        Raises:
            ValueError: No such form or audience.
        """
        checked_audience(audience)
        return render(_lines(self, audience), form)

    def to_dict(self) -> dict[str, Any]:
        """The choice, ready for JSON."""
        best = self.best
        return {
            "law": self.law.name,
            "law_digest": self.law.digest,
            "amount": {**json_value(self.amount), "currency": "USD"},
            "best": None if best is None else self.options.index(best),
            "is_certain": self.is_certain,
            "depends_on": [{"offer": name, "path": path} for name, path in self.depends_on],
            "reasons": list(self.reasons),
            "options": [each.to_dict() for each in self.options],
        }

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")

    def _repr_html_(self) -> str:
        return self.explain("html")


def _reasons(found: Options) -> Iterator[str]:
    best = found.best
    if best is None:
        return
    yield f"It leaves you {bounds_in_dollars(best.net_benefit)}."
    for other in found.options:
        if other is best or other.is_denied:
            continue
        said = f"{other.name}: {bounds_in_dollars(other.net_benefit)}"
        if other.net_benefit == best.net_benefit and best.at_sale.lower > other.at_sale.lower:
            said += "; it is as much, but comes later"
        elif other.forfeited.lower > 0:
            lost = bounds_in_dollars(other.forfeited)
            said += f", because {lost} is lost because tax liability is too low"
        yield f"{said}."


_WORDS = {Verdict.MET: "", Verdict.UNKNOWN: "; not certain", Verdict.NOT_MET: "; refused"}


def _lines(found: Options, audience: Audience) -> Iterator[Line]:
    best = found.best
    if best is None:
        yield Line(-1, "None of the offers gives a credit.")
    else:
        head = "Best" if found.is_certain else "Best so far"
        yield Line(-1, f"{head}: {best.name}, {bounds_in_dollars(best.net_benefit)}.")
        for reason in found.reasons:
            yield Line(1, reason)
        if best.deadlines:
            yield Line(-1, "By when")
            for deadline in best.deadlines:
                yield Line(1, str(deadline))
    if found.depends_on:
        yield Line(-1, "What this depends on")
        for name, path in found.depends_on:
            yield Line(1, f"{name}: {_label_of(path)} ({path})")
    yield Line(-1, "Every way")
    for each in found.options:
        yield Line(1, f"{each.name}: {bounds_in_dollars(each.net_benefit)}{_WORDS[each.verdict]}")
        for label, amount in (
            ("at the sale", each.at_sale),
            ("on the return", each.on_return),
            ("paid back", each.repaid),
            ("lost because tax liability is too low", each.forfeited),
        ):
            if amount.upper > 0:
                yield Line(2, f"{label}: {bounds_in_dollars(amount)}")
        yield from _refusal_lines(each, audience)


#: So many changes of one refusal are shown.
_SHOWN = 3


def _refusal_lines(option: Option, audience: Audience) -> Iterator[Line]:
    for refusal in option.denials:
        yield Line(2, refusal.finding.in_plain_words(audience))
        for change in refusal.changes[:_SHOWN]:
            yield Line(3, str(change))
        rest = len(refusal.changes) - _SHOWN
        if rest > 0:
            yield Line(3, f"and {rest} other {'change' if rest == 1 else 'changes'}")
    if len(option.denials) > 1 and option.change is not None:
        yield Line(2, "All of this together would suffice:")
        for fact in option.change.facts:
            yield Line(3, str(fact))


def _label_of(path: str) -> str:
    head, _, rest = path.partition(".")
    classes: dict[str, type] = {"tax_return": TaxReturn, "transfer": CreditTransfer}
    if path == "passed_on":
        return fact_type_at(Lease, path).label
    if head in classes:
        return fact_type_at(classes[head], rest).label
    return fact_type_at(Claim, path).label
