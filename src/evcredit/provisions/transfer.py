"""What follows from a transfer of the credit to the dealer (26 USC 30D(g), 25E(f)).

`settle_transfer` reports whether the transfer is good, who has the credit, and who owes what
after it. The conditions of a transfer are rules of the section: they come in by `TransferRules`.
What becomes of the parties if the transfer goes wrong (`_consequence`) is recalled of 26 CFR
1.30D-5; the statute does not say it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import reduce
from itertools import product
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.binding import Binding
from evcredit.algebra.bound import finding_of, verdict_of
from evcredit.algebra.bounds import Bounds, exact_arithmetic
from evcredit.algebra.citation import Citation
from evcredit.algebra.expression import Expression
from evcredit.algebra.finding import Finding
from evcredit.algebra.html import preformatted
from evcredit.algebra.money import VAST, AmountLine, percent_of
from evcredit.algebra.path import fact_type_at
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.algebra.rule import Rule, rule
from evcredit.algebra.symbol import facts_of
from evcredit.algebra.verdict import Verdict
from evcredit.facts.tax_return import TaxReturn
from evcredit.facts.transfer import CreditTransfer
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.provisions.days import PLACED_IN_SERVICE
from evcredit.provisions.tax_limit import allocate_credit
from evcredit.provisions.views import CreditTransferView, LawView
from evcredit.provisions.words import clauses

__all__ = [
    "ANY_AMOUNT",
    "IN_SERVICE",
    "NO_AMOUNT",
    "TRANSFER_FACTS",
    "CreditHolder",
    "TransferOutcome",
    "TransferRules",
    "condition",
    "repaid_for_want_of_tax",
    "settle_transfer",
]

#: The facts of a transfer, as rule bodies see them.
TRANSFER_FACTS: CreditTransferView = facts_of(CreditTransfer)
IN_SERVICE = TRANSFER_FACTS.claim.purchase.placed_in_service


def condition(
    citation: str, title: str
) -> Callable[[Callable[[CreditTransferView, LawView], Expression]], Rule]:
    """A condition of a transfer: a rule about a `CreditTransfer`."""
    return rule(citation, title, about=CreditTransfer, law=Law, words=clauses)


_NOTHING = Decimal(0)
NO_AMOUNT: Bounds[Decimal] = Bounds.exactly(_NOTHING)
#: The bounds of an amount that is not stated.
ANY_AMOUNT: Bounds[Decimal] = Bounds(_NOTHING, Decimal("Infinity"))


@attrs.frozen(eq=False, kw_only=True)
class TransferRules:
    """What decides a transfer of the credit of one section.

    Args:
        allowed: The conditions of the transfer, a rule about a `CreditTransfer`.
        went_through: That the sale was not cancelled; like the following, a rule about a claim.
        not_returned: That the vehicle was not returned early.
        not_resold: That it was not resold early.
        income: That the buyer's income is within the limit.
        covered: A schedule of the law on whose first day the section begins: vehicles of earlier
            days, which a condition refuses, are read as of that day. `None` if there is none.
    """

    allowed: Rule
    went_through: Rule
    not_returned: Rule
    not_resold: Rule
    income: Rule
    covered: str | None = None

    def days(self, transfer: CreditTransfer, law: Law) -> dict[str, date]:
        """The days on which the conditions and the rules about the claim are read, by path."""
        days = {
            IN_SERVICE.path: transfer.claim.purchase.placed_in_service,
            PLACED_IN_SERVICE.path: PLACED_IN_SERVICE.of(transfer.claim, law),
        }
        known = {path: day for path, day in days.items() if day is not None}
        if self.covered is None:
            return known
        first = getattr(law, self.covered)
        return {path: first.not_before(day) for path, day in known.items()}

    def about_the_claim(self) -> dict[str, Rule]:
        """The rules about the claim, by what happened where they are not met."""
        return {
            "cancelled": self.went_through,
            "returned": self.not_returned,
            "resold": self.not_resold,
            "over": self.income,
        }


class CreditHolder(PlainEnum):
    """Who has the credit in the end."""

    DEALER = "the dealer"
    BUYER = "the buyer, on the buyer's own return"
    NOBODY = "nobody"


class _Consequence(NamedTuple):
    """What follows for the parties, everything being known."""

    holder: CreditHolder
    to_dealer: Bounds[Decimal]
    to_buyer: Bounds[Decimal]
    repaid: Bounds[Decimal]
    basis: Bounds[Decimal]


class _Amounts(NamedTuple):
    """The amounts a consequence is made of: credit, payment, and the forfeited part."""

    credit: Bounds[Decimal]
    payment: Bounds[Decimal]
    beyond_tax: Bounds[Decimal]
    #: The facts of the tax return that affect the last.
    missing: tuple[str, ...] = ()


def _consequence(
    amounts: _Amounts, *, allowed: bool, cancelled: bool, returned: bool, resold: bool, over: bool
) -> _Consequence:
    """What follows, given what happened.

    A cancelled sale voids the election, and an early return takes it back: there is no credit,
    and what the dealer got in advance is excessive. After an early resale, and where the buyer's
    income was too high in both years, the buyer repays the payment and the dealer keeps what it
    got. That the basis is not reduced by what is repaid was not seen; it is assumed here.

    Args:
        amounts: The amounts.
        allowed: Whether the conditions of a transfer are met.
        cancelled: Whether the sale was cancelled.
        returned: Whether the vehicle was returned early.
        resold: Whether it was resold early.
        over: Whether the buyer's income is above the threshold in both years.
    """
    nobody, dealer = CreditHolder.NOBODY, CreditHolder.DEALER
    credit = amounts.credit
    if cancelled or returned:
        return _Consequence(nobody, NO_AMOUNT, NO_AMOUNT, NO_AMOUNT, NO_AMOUNT)
    if not allowed:
        if resold or over:
            return _Consequence(nobody, NO_AMOUNT, NO_AMOUNT, NO_AMOUNT, NO_AMOUNT)
        return _Consequence(CreditHolder.BUYER, NO_AMOUNT, credit, NO_AMOUNT, credit)
    if resold or over:
        return _Consequence(dealer, credit, NO_AMOUNT, amounts.payment, NO_AMOUNT)
    return _Consequence(dealer, credit, NO_AMOUNT, amounts.beyond_tax, credit)


@attrs.frozen(kw_only=True)
class TransferOutcome:
    """Whether a transfer is good, who has the credit, and who owes what.

    Returned by `settle_transfer`.

    All amounts are bounds in US dollars, exact when nothing that matters is unknown.

    Args:
        finding: The conditions of the transfer, as a tree.
        holder: Who has the credit; `None` if that is unresolved.
        credit_to_dealer: The credit allowed to the dealer.
        credit_to_buyer: The credit left to the buyer's own return.
        payment: What the dealer paid the buyer. It is not in the buyer's gross income, and the
            dealer cannot deduct it (26 USC 30D(g)(5)).
        buyer_repays: What is added to the buyer's tax of the year the vehicle was placed in
            service.
        excessive_payment: What the dealer got in advance above the credit allowed to it.
        addition: What is added to the dealer's tax on top of that.
        addition_citation: Where the rate of the addition stands.
        basis_reduction: By how much the basis of the buyer's vehicle falls, and other deductions
            and credits for it.
        missing: The paths of the facts that are not known exactly and may affect these.
    """

    finding: Finding
    holder: CreditHolder | None
    credit_to_dealer: Bounds[Decimal]
    credit_to_buyer: Bounds[Decimal]
    payment: Bounds[Decimal]
    buyer_repays: Bounds[Decimal]
    excessive_payment: Bounds[Decimal]
    addition: Bounds[Decimal]
    addition_citation: Citation
    basis_reduction: Bounds[Decimal]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        holder = "not determined" if self.holder is None else self.holder.value
        return f"{str(self.verdict).upper()}: the credit belongs to: {holder}"

    @property
    def verdict(self) -> Verdict:
        """Whether the conditions of the transfer are met."""
        return self.finding.verdict

    @property
    def dealer_repays(self) -> Bounds[Decimal]:
        """What is added to the dealer's tax: the excessive payment and the addition to it."""
        exact = exact_arithmetic()
        return Bounds(
            exact.add(self.excessive_payment.lower, self.addition.lower),
            exact.add(self.excessive_payment.upper, self.addition.upper),
        )

    @property
    def lines(self) -> tuple[AmountLine, ...]:
        """The account, line by line, each with the provision of law."""
        cite = Citation.parse
        return (
            AmountLine("credit to the dealer", self.credit_to_dealer, cite("26 USC 30D(g)(1)")),
            AmountLine(
                "credit on the buyer's own return", self.credit_to_buyer, cite("26 USC 30D(g)(1)")
            ),
            AmountLine("payment to the buyer", self.payment, cite("26 USC 30D(g)(2)(C)")),
            AmountLine("of it in the buyer's gross income", NO_AMOUNT, cite("26 USC 30D(g)(5)(A)")),
            AmountLine("of it deductible by the dealer", NO_AMOUNT, cite("26 USC 30D(g)(5)(B)")),
            AmountLine("added to the buyer's tax", self.buyer_repays, cite("26 USC 30D(g)(10)")),
            AmountLine(
                "excessive payment, added to the dealer's tax",
                self.excessive_payment,
                cite("26 USC 30D(g)(7)(B)"),
            ),
            AmountLine("addition to it", self.addition, self.addition_citation),
            AmountLine(
                "reduction of the buyer's basis", self.basis_reduction, cite("26 USC 30D(g)(6)(A)")
            ),
        )

    def explain(self) -> str:
        """The outcome in words: conditions that decide, who has the credit, amounts, gaps."""
        holder = "open" if self.holder is None else self.holder.value
        lines = [
            f"{self.verdict.value}: {self.finding.rule.title} [{self.finding.citation}]",
            *(
                f"  {reason.verdict.value}: {reason.rule.title} [{reason.citation}]"
                for reason in self.finding.reasons()
                if self.verdict is not Verdict.MET
            ),
            f"who has the credit: {holder}",
            *map(str, self.lines),
        ]
        if self.missing:
            lines.append("not known exactly:")
            lines += [f"  {_label_of(path)} ({path})" for path in self.missing]
        return "\n".join(lines) + "\n"

    def _repr_html_(self) -> str:
        return preformatted(self.explain())


def _label_of(path: str) -> str:
    of: type = CreditTransfer
    if path.startswith("tax_return."):
        of, path = TaxReturn, path.removeprefix("tax_return.")
    return fact_type_at(of, path).label


def settle_transfer(
    transfer: CreditTransfer,
    *,
    tax_return: TaxReturn | None = None,
    law: Law | None = None,
    rules: TransferRules,
) -> TransferOutcome:
    """What follows from a transfer for buyer and dealer.

    Args:
        transfer: The election and what came of it.
        tax_return: The buyer's return; it matters only under a reading, because a transferred
            credit above the tax of the year is otherwise kept.
        law: The law; `current_law` if omitted.
        rules: The rules of the section whose credit is transferred: its `Section.transfer`.

    Raises:
        OutsideCoverage: The vehicle was placed in service on a day for which no law is held.

    >>> from datetime import date
    >>> from evcredit import examples, with_facts
    >>> from evcredit.section_30d.transfer import TRANSFER
    >>> bought = with_facts(
    ...     examples.demonstration_claim(),
    ...     {
    ...         "purchase.sale_date": date(2024, 6, 3),
    ...         "taxpayer.current_year.modified_adjusted_gross_income": 400_000,
    ...         "taxpayer.prior_year.modified_adjusted_gross_income": 310_000,
    ...     },
    ... )
    >>> transfer = CreditTransfer.at_the_dealer(
    ...     claim=bought,
    ...     credit=7_500,
    ...     payment=7_500,
    ...     advance_payment=7_500,
    ...     elected_on="2024-06-03",
    ... )
    >>> outcome = settle_transfer(transfer, rules=TRANSFER)
    >>> outcome.holder.value, str(outcome.buyer_repays), str(outcome.dealer_repays)
    ('the dealer', '7,500', '0')
    """
    law = law_applied(law)
    claim = transfer.claim
    days = rules.days(transfer, law)
    finding = finding_of(rules.allowed, transfer, law, days)
    standing = {
        name: verdict_of(rule, claim, law, days) for name, rule in rules.about_the_claim().items()
    }
    truths = {name: _possible(~verdict) for name, verdict in standing.items()}
    truths["allowed"] = _possible(finding.verdict)
    amounts = _amounts(transfer, tax_return or TaxReturn(), law)
    found = [
        _consequence(amounts, **dict(zip(truths, values, strict=True)))
        for values in product(*truths.values())
    ]
    holders = {each.holder for each in found}
    to_dealer = reduce(Bounds.hull, (each.to_dealer for each in found))
    advance = Bounds.of(transfer.advance_payment, ANY_AMOUNT)
    excess = reduce(Bounds.hull, (_excess(advance, each.to_dealer) for each in found))
    addition, citation = _addition(excess, transfer, law)
    outcome = TransferOutcome(
        finding=finding,
        holder=holders.pop() if len(holders) == 1 else None,
        credit_to_dealer=to_dealer,
        credit_to_buyer=reduce(Bounds.hull, (each.to_buyer for each in found)),
        payment=Bounds.of(transfer.payment, ANY_AMOUNT),
        buyer_repays=reduce(Bounds.hull, (each.repaid for each in found)),
        excessive_payment=excess,
        addition=addition,
        addition_citation=citation,
        basis_reduction=reduce(Bounds.hull, (each.basis for each in found)),
        missing=(),
    )
    binding = Binding(law, days)
    missing = dict.fromkeys(_missing(transfer, outcome, standing, binding, rules))
    if not outcome.buyer_repays.is_exact:
        missing.update(dict.fromkeys(f"tax_return.{name}" for name in amounts.missing))
    return attrs.evolve(outcome, missing=tuple(missing))


def _possible(verdict: Verdict) -> tuple[bool, ...]:
    return (True, False) if verdict.known is None else (verdict.known,)


def _amounts(transfer: CreditTransfer, tax_return: TaxReturn, law: Law) -> _Amounts:
    credit = Bounds.of(transfer.credit, ANY_AMOUNT)
    payment = Bounds.of(transfer.payment, ANY_AMOUNT)
    # A transfer is good only if both are equal, so what is known of one is known of the other.
    paid = payment.overlap(credit) or payment
    return _Amounts(credit, paid, *repaid_for_want_of_tax(paid, tax_return, law))


def repaid_for_want_of_tax(
    payment: Bounds[Decimal], tax_return: TaxReturn, law: Law
) -> tuple[Bounds[Decimal], tuple[str, ...]]:
    """What a buyer repays because the payment is above the tax of the year: nothing, by default.

    The reading `transferred_credit_beyond_tax_kept` decides.

    Args:
        payment: Bounds of the payment in US dollars.
        tax_return: The buyer's return.
        law: The law.

    Returns:
        Bounds of the amount, and the facts of the return that affect it.

    >>> from evcredit.law import current_law
    >>> amount, _ = repaid_for_want_of_tax(
    ...     Bounds.exactly(Decimal(7_500)), TaxReturn(), current_law()
    ... )
    >>> print(amount)
    0
    """
    kept = law.readings.transferred_credit_beyond_tax_kept
    if kept:
        return NO_AMOUNT, ()
    # Of an endless payment any tax may be too little.
    finite = Bounds(payment.lower, min(payment.upper, VAST))
    used = allocate_credit(finite, attrs.evolve(tax_return, business_use_percent=0))
    above = used.forfeited if finite == payment else Bounds(used.forfeited.lower, payment.upper)
    return above if kept is False else above.hull(NO_AMOUNT), used.missing


def _excess(advance: Bounds[Decimal], allowed: Bounds[Decimal]) -> Bounds[Decimal]:
    """What was paid in advance above what is allowed, never below zero."""
    exact = exact_arithmetic()

    def above(paid: Decimal, credit: Decimal) -> Decimal:
        # Nothing is above an endless amount, an endless one included.
        return max(_NOTHING, exact.subtract(paid, credit)) if credit.is_finite() else _NOTHING

    return Bounds(above(advance.lower, allowed.upper), above(advance.upper, allowed.lower))


def _addition(
    excess: Bounds[Decimal], transfer: CreditTransfer, law: Law
) -> tuple[Bounds[Decimal], Citation]:
    """The addition to an excessive payment, waived for reasonable cause, and where it is."""
    schedule = law.excessive_payment_addition_percent
    day = transfer.claim.purchase.placed_in_service
    entries = schedule.standing if day is None else (schedule.entry_on(day),)
    rates = [Decimal(str(entry.value)) for entry in entries]
    waived = transfer.reasonable_cause
    least = percent_of(excess.lower, min(rates)) if waived is False else _NOTHING
    most = _NOTHING if waived else percent_of(excess.upper, max(rates))
    return Bounds(least, most), entries[0].citation


def _missing(
    transfer: CreditTransfer,
    outcome: TransferOutcome,
    standing: dict[str, Verdict],
    binding: Binding,
    rules: TransferRules,
) -> Iterator[str]:
    """The paths of what is not known and may affect the outcome, in the order of the rules."""
    if outcome.verdict is Verdict.UNKNOWN:
        for found in outcome.finding.walk():
            rule = found.rule
            if found.verdict is Verdict.UNKNOWN and isinstance(rule, Rule) and not rule.parts:
                yield from _unknown_facts(rule, transfer, binding)
    about = rules.about_the_claim()
    for name, verdict in standing.items():
        if verdict is Verdict.UNKNOWN:
            for path in _unknown_facts(about[name], transfer.claim, binding):
                yield f"claim.{path}"
    if not (outcome.credit_to_dealer.is_exact and outcome.credit_to_buyer.is_exact):
        yield from _inexact(transfer, "credit")
    if not outcome.buyer_repays.is_exact:
        yield from _inexact(transfer, "payment")
    if not outcome.excessive_payment.is_exact:
        yield from _inexact(transfer, "advance_payment")
    if outcome.excessive_payment.upper and transfer.reasonable_cause is None:
        yield "reasonable_cause"


def _inexact(transfer: CreditTransfer, name: str) -> Iterator[str]:
    value = getattr(transfer, name)
    if value is None or isinstance(value, Bounds):
        yield name


def _unknown_facts(rule: Rule, subject: Any, binding: Binding) -> Iterator[str]:
    for fact in rule.facts():
        for unknown in fact.unknown_in(subject, binding):
            yield unknown.path
