"""Choosing: what each offer gives one person, which is best, by when, and what would flip a no.

An offer can be taken in one or two ways: a vehicle that is bought gives a credit on the return, or
one that is handed to the dealer; a lease gives what the lessor passes on of its own. What a way is
worth is the part of the credit that stays with the person. Prices are left to the reader.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import cached_property
from typing import Any, NamedTuple

import attrs

from evcredit.assessment import Assessment, assess, assess_transfer
from evcredit.bounds import Bounds
from evcredit.change import Change, Refusal, change_of_all, refusals, refusals_of
from evcredit.citation import Citation
from evcredit.claim import Claim
from evcredit.errors import InvalidFactError
from evcredit.expression import Comparison, Expression, Operand, Parameter
from evcredit.fact import (
    Fault,
    Kind,
    as_price,
    as_text,
    as_tuple,
    check,
    declare,
    fact_type_at,
    with_facts,
)
from evcredit.law import Law, current_law
from evcredit.money import bounds_in_dollars, exact_arithmetic
from evcredit.plain_words import Audience, checked_audience
from evcredit.purchase import Purchase
from evcredit.receipt import Line, json_value, render
from evcredit.rule import Rule
from evcredit.section import Credit
from evcredit.section_30d.days import SOLD
from evcredit.section_30d.transfer import (
    CreditHolder,
    CreditTransfer,
    TransferOutcome,
    elected_in_time,
    repaid_for_want_of_tax,
)
from evcredit.section_30d.use_of_credit import use_of_credit
from evcredit.tax_return import TaxReturn
from evcredit.taxpayer import Taxpayer, TaxpayerKind
from evcredit.vehicle import Vehicle
from evcredit.verdict import Verdict

__all__ = [
    "BuyNew",
    "BuyUsed",
    "Deadline",
    "Lease",
    "Option",
    "Options",
    "Route",
    "options",
]

_NOTHING = Decimal(0)
_NONE = Bounds.exactly(_NOTHING)
_ANY_AMOUNT = Bounds(_NOTHING, Decimal("Infinity"))


# -- offers --------------------------------------------------------------------------------


def _purchase_faults(offer: BuyNew | BuyUsed) -> Iterator[tuple[str, Any, str]]:
    yield from _name_faults(offer)
    terms = offer.transfer
    if terms is None:
        return
    if terms.claim != Claim():
        yield "transfer.claim", terms.claim, "leave it out: the offer states vehicle and purchase"
    if terms.credit is not None:
        yield "transfer.credit", terms.credit, "leave it out: it is worked out of the offer"
    if offer.purchase.elected_out:
        remedy = "leave it out: who transfers the credit cannot elect not to take it"
        yield "purchase.elected_out", True, remedy


def _name_faults(offer: BuyNew | BuyUsed | Lease) -> Iterator[tuple[str, Any, str]]:
    if not offer.name:
        yield "name", None, "give the offer a name"


@attrs.frozen(kw_only=True)
class _Buy:
    """What the offers of a purchase state."""

    name: str = attrs.field(converter=as_text, metadata=declare(Kind.TEXT, "name of the offer"))
    vehicle: Vehicle = attrs.field(
        factory=Vehicle, metadata=declare(Kind.PART, "vehicle", of=Vehicle)
    )
    purchase: Purchase = attrs.field(
        factory=Purchase, metadata=declare(Kind.PART, "purchase", of=Purchase)
    )
    transfer: CreditTransfer | None = attrs.field(
        default=None,
        metadata=declare(Kind.PART, "terms of a transfer", of=CreditTransfer, optional=True),
    )

    def __attrs_post_init__(self) -> None:
        check(self, _purchase_faults)


@attrs.frozen(kw_only=True)
class BuyNew(_Buy):
    """The offer of a new vehicle, with the credit of 26 USC 30D.

    Args:
        name: What to call the offer.
        vehicle: The vehicle.
        purchase: The purchase as it would be; a day that is still open is left out.
        transfer: On what terms the dealer would take the credit over; none if it would not.
            Leave `claim` and `credit` out. If left out too, the payment is as much as the credit,
            and the election on the day of the sale: so the law asks for it.

    Raises:
        InvalidFactError: A fact cannot be true, or has no name.
        InvalidFactsError: Several faults.

    >>> BuyNew(name="Crossover").vehicle.msrp
    """


@attrs.frozen(kw_only=True)
class BuyUsed(_Buy):
    """The offer of a used vehicle, with the credit of 26 USC 25E.

    Args:
        name: What to call the offer.
        vehicle: The vehicle.
        purchase: As of `BuyNew`.
        transfer: As of `BuyNew`.

    Raises:
        InvalidFactError: A fact cannot be true, or has no name.
        InvalidFactsError: Several faults.

    >>> BuyUsed(name="Hatchback", purchase=Purchase.used_from_dealer(sale_price=14_000)).name
    'Hatchback'
    """


@attrs.frozen(kw_only=True)
class Lease:
    """The offer of a lease, with the lessor's credit of 26 USC 45W.

    The customer of a lease has no credit and no right to a part of the lessor's; what counts is
    what the offer passes on.

    Args:
        name: What to call the offer.
        vehicle: The vehicle.
        lessor_purchase: How the lessor gets the vehicle (`Purchase.by_lessor`).
        lessor: Who the lessor is; a corporation unless stated.
        passed_on: US dollars by which the lease is cheaper because of the credit; unknown if
            left out. Above the credit of the lessor it does not count.

    Raises:
        InvalidFactError: A fact cannot be true, or has no name.
        InvalidFactsError: Several faults.

    >>> Lease(name="three years", passed_on=7_500).lessor.kind.value
    'corporation'
    """

    name: str = attrs.field(converter=as_text, metadata=declare(Kind.TEXT, "name of the offer"))
    vehicle: Vehicle = attrs.field(
        factory=Vehicle, metadata=declare(Kind.PART, "vehicle", of=Vehicle)
    )
    lessor_purchase: Purchase = attrs.field(
        factory=Purchase, metadata=declare(Kind.PART, "purchase by the lessor", of=Purchase)
    )
    lessor: Taxpayer = attrs.field(
        factory=lambda: Taxpayer(kind=TaxpayerKind.CORPORATION),
        metadata=declare(Kind.PART, "lessor", of=Taxpayer),
    )
    passed_on: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "credit passed on to the customer"),
    )

    def __attrs_post_init__(self) -> None:
        check(self, _name_faults)


Offer = BuyNew | BuyUsed | Lease
_CREDITS: dict[type, Credit] = {
    BuyNew: Credit.NEW_VEHICLE,
    BuyUsed: Credit.PREVIOUSLY_OWNED_VEHICLE,
    Lease: Credit.COMMERCIAL_VEHICLE,
}


# -- ways to take them ---------------------------------------------------------------------


class Route(Enum):
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
        """Where the requirement stands."""
        return self.rule.citation

    def __str__(self) -> str:
        return f"by {self.day}: {self.rule.title} [{self.citation}]"


@attrs.frozen(kw_only=True, slots=False)
class Option:
    """One offer taken one way. Made by `options`.

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
        lost: What of the credit is lost for want of tax.
        worth: What stays with the person in the end.
    """

    offer: Offer
    route: Route
    assessment: Assessment
    transfer: TransferOutcome | None = None
    verdict: Verdict
    at_sale: Bounds[Decimal] = _NONE
    on_return: Bounds[Decimal] = _NONE
    repaid: Bounds[Decimal] = _NONE
    lost: Bounds[Decimal] = _NONE
    worth: Bounds[Decimal]
    _terms: CreditTransfer | None = None
    #: Unknown facts besides those of the claim.
    _open: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The offer and the way, in words."""
        return f"{self.offer.name} ({self.route.value})"

    @property
    def refused(self) -> bool:
        """Whether nothing can come of it."""
        return self.verdict is Verdict.NOT_MET or self.worth.upper == 0

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """The unknown facts that bear on it, by path."""
        return tuple(dict.fromkeys((*self.assessment.missing(), *self._open)))

    @cached_property
    def refusals(self) -> tuple[Refusal, ...]:
        """The requirements that refuse, those of the credit first, with what would flip each."""
        return (*refusals(self.assessment), *self._transfer_refusals())

    def _transfer_refusals(self) -> Iterator[Refusal]:
        terms, outcome, result = self._terms, self.transfer, self.assessment
        if terms is None or outcome is None or outcome.verdict is not Verdict.NOT_MET:
            return
        law = result.law

        def credit(changed: CreditTransfer) -> Bounds[Decimal]:
            return assess(changed.claim, law=law, credit=result.credit_kind).credit

        def holds(rule: Rule, changed: CreditTransfer) -> bool:
            return rule.verdict(changed, law) is Verdict.MET

        yield from refusals_of(outcome.finding, terms, law, holds, credit)

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
        amounts = ("at_sale", "on_return", "repaid", "lost", "worth")
        change = self.change
        return {
            "offer": self.offer.name,
            "route": self.route.name.lower(),
            "section": self.assessment.credit_kind.value,
            "verdict": self.verdict.value,
            **{name: json_value(getattr(self, name)) for name in amounts},
            "missing": list(self.missing),
            "deadlines": [
                {"day": each.day.isoformat(), "code": each.rule.code, "facts": list(each.facts)}
                for each in self.deadlines
            ],
            "refusals": [each.to_dict() for each in self.refusals],
            "change": None if change is None else change.to_dict(),
        }


def _last_days(node: Expression | Operand, binding: Any) -> Iterator[tuple[str, date]]:
    """The days of schedules that a day of the claim must not be after."""
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


# -- the choice ----------------------------------------------------------------------------


@attrs.frozen(kw_only=True, slots=False)
class Options:
    """What offers give a person. Made by `options`.

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

    @cached_property
    def amount(self) -> Bounds[Decimal]:
        """Bounds of what the best choice is worth, whichever it turns out to be."""
        worths = [each.worth for each in self.options] or [_NONE]
        return Bounds(max(each.lower for each in worths), max(each.upper for each in worths))

    @cached_property
    def best(self) -> Option | None:
        """What to choose as things stand; `None` if every offer is refused.

        It is the way that is worth most for certain. Between equals it is the one that may be
        worth more, then the one that pays at the sale, then the one that was named first.
        """
        possible = [each for each in self.options if not each.refused]
        return max(
            possible,
            key=lambda each: (each.worth.lower, each.worth.upper, each.at_sale.lower),
            default=None,
        )

    @property
    def contenders(self) -> tuple[Option, ...]:
        """The other ways that may turn out to be worth more than the best as things stand."""
        best = self.best
        return tuple(
            each
            for each in self.options
            if best is not None and each is not best and each.worth.upper > best.worth.lower
        )

    @property
    def is_certain(self) -> bool:
        """Whether nothing that is unknown can make another way worth more than the best."""
        return not self.contenders

    @property
    def depends_on(self) -> tuple[tuple[str, str], ...]:
        """What a choice under unknowns depends on: names of offers and paths of facts."""
        if self.best is None or (self.is_certain and self.best.worth.is_exact):
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
            form: ``"text"`` or ``"markdown"``.
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


def options(
    taxpayer: Taxpayer,
    offers: Any,
    *,
    tax_return: TaxReturn | None = None,
    law: Law | None = None,
) -> Options:
    """What offers give one person, which is best, by when, and what would flip each refusal.

    Args:
        taxpayer: The person, with income and filing status as far as they are known.
        offers: Offers to buy or lease: `BuyNew`, `BuyUsed`, `Lease`.
        tax_return: The person's return; what is left out is unknown, not nothing.
        law: The law; `current_law` if left out.

    Raises:
        InvalidFactError: An offer is none of these, or a fact of one cannot be true.
        OutsideCoverage: A vehicle is placed in service on a day for which no law is held.

    >>> from evcredit import examples
    >>> claim = examples.demonstration_claim()
    >>> found = options(
    ...     claim.taxpayer,
    ...     [BuyNew(name="crossover", vehicle=claim.vehicle, purchase=claim.purchase)],
    ...     tax_return=TaxReturn.personal(tax_before_credits=5_000, other_personal_credits=0),
    ... )
    >>> print(found.best.worth, found.best.lost)
    5000 2500
    """
    law = current_law() if law is None else law
    own = tax_return or TaxReturn()
    listed = as_tuple(offers)
    if listed is None or isinstance(listed, Fault):
        raise InvalidFactError("offers", offers, "give a list of BuyNew, BuyUsed and Lease")
    found: list[Option] = []
    for index, offer in enumerate(listed):
        if isinstance(offer, Lease):
            found.append(_leased(offer, law))
        elif isinstance(offer, BuyNew | BuyUsed):
            if offer.transfer is not None:
                found.append(_transferred(offer, offer.transfer, taxpayer, own, law))
            found.append(_on_return(offer, taxpayer, own, law))
        else:
            raise InvalidFactError(f"offers[{index}]", offer, "give a BuyNew, BuyUsed or Lease")
    return Options(taxpayer=taxpayer, tax_return=own, law=law, options=tuple(found))


def _claim(offer: BuyNew | BuyUsed, taxpayer: Taxpayer) -> Claim:
    return Claim(vehicle=offer.vehicle, purchase=offer.purchase, taxpayer=taxpayer)


def _on_return(
    offer: BuyNew | BuyUsed, taxpayer: Taxpayer, tax_return: TaxReturn, law: Law
) -> Option:
    """The credit claimed on the return: the personal part up to the tax, and the business part."""
    result = assess(_claim(offer, taxpayer), law=law, credit=_CREDITS[type(offer)])
    if isinstance(offer, BuyUsed):
        # Of this credit there is no business part (Schedule A of Form 8936, part IV).
        tax_return = attrs.evolve(tax_return, business_use_percent=0)
    used = use_of_credit(
        result.credit,
        tax_return,
        placed_in_service=result.governed_as_of,
        law=law,
    )
    add = exact_arithmetic().add
    # Each end is reached: what is allowed rises with credit, business use and tax alike.
    worth = Bounds(
        min(used.credit.lower, add(used.business_part.lower, used.tax_left.lower)),
        min(used.credit.upper, add(used.business_part.upper, used.tax_left.upper)),
    )
    unknown = () if worth.is_exact else tuple(f"tax_return.{name}" for name in used.missing)
    return Option(
        offer=offer,
        route=Route.ON_RETURN,
        assessment=result,
        verdict=result.verdict,
        on_return=worth,
        lost=used.lost,
        worth=worth,
        open=unknown,
    )


#: What of a transfer is the dealer's concern alone, or follows.
_NOT_THE_BUYERS = ("advance_payment", "reasonable_cause", "payment", "credit")


def _transferred(
    offer: BuyNew | BuyUsed,
    transfer: CreditTransfer,
    taxpayer: Taxpayer,
    tax_return: TaxReturn,
    law: Law,
) -> Option:
    """The credit handed to the dealer, for a payment of the same amount."""
    kind, claim = _CREDITS[type(offer)], _claim(offer, taxpayer)
    terms = attrs.evolve(transfer, claim=claim)
    if terms.elected_on is None:
        terms = attrs.evolve(terms, elected_on=SOLD.of(claim, law))
    allowable = assess(terms.claim_at_the_sale(), law=law, credit=kind).credit
    # The payment is as much as the credit, so if that is open, so is the payment.
    settled = [
        assess_transfer(
            attrs.evolve(terms, credit=credit, payment=payment),
            tax_return=tax_return,
            law=law,
            credit=kind,
        )
        for credit, payment in (
            [(allowable, terms.payment)]
            if terms.payment is not None
            else [(end, end) for end in dict.fromkeys((allowable.lower, allowable.upper))]
        )
    ]
    outcome = settled[-1]
    # A transfer is good only if both are equal, so what is known of one is known of the other.
    at_sale = allowable.overlap(Bounds.of(terms.payment, allowable)) or _NONE
    # With the buyer's income and what came after the sale, which the election did not look at.
    facts: dict[str, Any] = {"purchase.elected_out": False}
    if terms.vin_given_by_dealer:
        facts["purchase.vin_on_return"] = True
    result = assess(with_facts(claim, facts), law=law, credit=kind)
    least = _kept(min(result.credit.lower, at_sale.upper), tax_return, law).lower
    most = _kept(min(result.credit.upper, at_sale.upper), tax_return, law).upper
    allowed = outcome.verdict
    worth = {
        Verdict.MET: Bounds(least, most),
        Verdict.UNKNOWN: Bounds(_NOTHING, most),
        Verdict.NOT_MET: _NONE,
    }[allowed]
    holders = {each.holder for each in settled}
    if CreditHolder.DEALER not in holders and None not in holders:
        at_sale = _NONE
    elif holders != {CreditHolder.DEALER}:
        at_sale = at_sale.hull(_NONE)
    repaid = settled[0].buyer_repays.hull(outcome.buyer_repays)
    unknown = () if worth.is_exact else (p for p in outcome.missing if p not in _NOT_THE_BUYERS)
    return Option(
        offer=offer,
        route=Route.TRANSFERRED,
        assessment=result,
        transfer=outcome,
        verdict=allowed & result.verdict,
        at_sale=at_sale,
        repaid=repaid,
        worth=worth,
        open=tuple(map(_path_of_transfer, unknown)),
        terms=attrs.evolve(
            terms,
            credit=allowable,
            payment=allowable if terms.payment is None else terms.payment,
        ),
    )


def _kept(credit: Decimal, tax_return: TaxReturn, law: Law) -> Bounds[Decimal]:
    """What stays of a credit handed over: all of it, but under a reading what is above the tax."""
    repaid, _ = repaid_for_want_of_tax(Bounds.exactly(credit), tax_return, law)
    less = exact_arithmetic().subtract
    return Bounds(less(credit, repaid.upper), less(credit, repaid.lower))


def _path_of_transfer(path: str) -> str:
    if path.startswith("tax_return."):
        return path
    return path.removeprefix("claim.") if path.startswith("claim.") else f"transfer.{path}"


def _leased(offer: Lease, law: Law) -> Option:
    """What the lessor passes on of its credit."""
    claim = Claim(vehicle=offer.vehicle, purchase=offer.lessor_purchase, taxpayer=offer.lessor)
    result = assess(claim, law=law, credit=Credit.COMMERCIAL_VEHICLE)
    passed = Bounds.of(offer.passed_on, _ANY_AMOUNT)
    worth = Bounds(min(passed.lower, result.credit.lower), min(passed.upper, result.credit.upper))
    bears = not passed.is_exact and passed.lower < result.credit.upper
    return Option(
        offer=offer,
        route=Route.LEASED,
        assessment=result,
        verdict=result.verdict,
        at_sale=worth,
        worth=worth,
        open=("passed_on",) if bears else (),
    )


# -- in words ------------------------------------------------------------------------------


def _reasons(found: Options) -> Iterator[str]:
    best = found.best
    if best is None:
        return
    yield f"It leaves you {bounds_in_dollars(best.worth)}."
    for other in found.options:
        if other is best or other.refused:
            continue
        said = f"{other.name}: {bounds_in_dollars(other.worth)}"
        if other.worth == best.worth and best.at_sale.lower > other.at_sale.lower:
            said += "; it is as much, but comes later"
        elif other.lost.lower > 0:
            said += f", because {bounds_in_dollars(other.lost)} is lost for want of tax"
        yield f"{said}."


_WORDS = {Verdict.MET: "", Verdict.UNKNOWN: "; not certain", Verdict.NOT_MET: "; refused"}


def _lines(found: Options, audience: Audience) -> Iterator[Line]:
    best = found.best
    if best is None:
        yield Line(-1, "None of the offers gives a credit.")
    else:
        head = "Best" if found.is_certain else "Best as far as is known"
        yield Line(-1, f"{head}: {best.name}, {bounds_in_dollars(best.worth)}.")
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
        yield Line(1, f"{each.name}: {bounds_in_dollars(each.worth)}{_WORDS[each.verdict]}")
        for label, amount in (
            ("at the sale", each.at_sale),
            ("on the return", each.on_return),
            ("paid back", each.repaid),
            ("lost for want of tax", each.lost),
        ):
            if amount.upper > 0:
                yield Line(2, f"{label}: {bounds_in_dollars(amount)}")
        yield from _refusal_lines(each, audience)


#: So many changes of one refusal are shown.
_SHOWN = 3


def _refusal_lines(option: Option, audience: Audience) -> Iterator[Line]:
    for refusal in option.refusals:
        yield Line(2, refusal.finding.in_plain_words(audience))
        for change in refusal.changes[:_SHOWN]:
            yield Line(3, str(change))
        rest = len(refusal.changes) - _SHOWN
        if rest > 0:
            yield Line(3, f"and {rest} other {'change' if rest == 1 else 'changes'}")
    if len(option.refusals) > 1 and option.change is not None:
        yield Line(2, "All of this together would do:")
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
