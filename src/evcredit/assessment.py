"""The verbs: assess one claim, and compare what two laws make of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import attrs

from evcredit.bounds import Bounds
from evcredit.claim import Claim
from evcredit.country import country_name
from evcredit.errors import InvalidFactError
from evcredit.fact import Fault, as_choice
from evcredit.law import CountryGroup, Law, current_law
from evcredit.money import bounds_of_cents, cents
from evcredit.rule import Finding
from evcredit.schedule import NoProvision
from evcredit.section import BoundCredit, Credit, Section
from evcredit.share import Share
from evcredit.verdict import Verdict

if TYPE_CHECKING:
    from evcredit.completion import Completion
    from evcredit.plain_words import Audience
    from evcredit.receipt import Format
    from evcredit.section_30d.transfer import CreditTransfer, TransferOutcome, TransferRules
    from evcredit.tax_return import TaxReturn

# The analysis of unknown facts and the texts are imported where they are asked for: a bare
# assessment needs neither, and together they are a good part of the time to import the package.

__all__ = [
    "Assessment",
    "Comparison",
    "Flip",
    "assess",
    "assess_transfer",
    "compare",
    "section_of",
]


@attrs.frozen(kw_only=True, slots=False)
class Assessment:
    """What the law makes of a claim. Made by `assess`.

    Args:
        claim: The claim.
        law: The law it was assessed under.
        credit_kind: Which credit it was assessed for.
        verdict: Whether a credit is allowed: met if some credit is certain, not met if none
            is possible.
        credit: Bounds of the credit in US dollars; exact when nothing that matters is unknown.
    """

    claim: Claim
    law: Law
    credit_kind: Credit
    verdict: Verdict
    credit: Bounds[Decimal]

    @cached_property
    def finding(self) -> Finding:
        """Everything the verdict rests on, as a tree."""
        return self._bound.allowed.finding(self.claim)

    @cached_property
    def amounts(self) -> tuple[Finding, ...]:
        """How the amount comes about where a list, battery capacity or a phase-out decides it."""
        return tuple(
            each.finding(self.claim) for each in self._bound.measured if each.applies is not False
        )

    @property
    def governed_as_of(self) -> date | None:
        """The day that picks the law: placed in service, or what an election puts in its place."""
        return self.section.days_of(self.claim, self.law)[0]

    @property
    def section(self) -> Section:
        """The section of the law that allows the credit."""
        return section_of(self.credit_kind)

    @property
    def _bound(self) -> BoundCredit:
        return self.section.of(self.claim, self.law)

    def find(self, code: str) -> Finding:
        """The finding of a rule, by its reason code.

        Raises:
            KeyError: No rule of that code was applied.
        """
        for top in (self.finding, *self.amounts):
            for finding in top.walk():
                if finding.code == code:
                    return finding
        raise KeyError(code)

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """The findings that decide the verdict, as things stand, in the order of the law."""
        return self.finding.reasons()

    @property
    def reason(self) -> str:
        """The code of the first finding that decides, ``credit_allowed`` if the verdict is met.

        Tables of claims tell it of each row.
        """
        top = self.finding
        return top.code if top.verdict is Verdict.MET else top.reasons()[0].code

    @cached_property
    def _completion(self) -> Completion:
        from evcredit.completion import Completion  # noqa: PLC0415

        def bind(claim: Claim) -> Any:
            anew = self.section.of(claim, self.law)
            return anew.everything

        bound = self._bound
        return Completion(
            claim=self.claim,
            law=self.law,
            top=bound.allowed.rule,
            roots=bound.composition.roots,
            bind=bind,
            amount=partial(bound.of_outcomes, claim=self.claim),
        )

    def missing(self) -> tuple[str, ...]:
        """The paths of the unknown facts that matter, in the order of the law.

        A fact matters if, for some values of the other unknown facts, its value changes the
        verdict or the amount. Where that is too much to try (`missing_is_exact` is false),
        facts that may matter are included.
        """
        return tuple(fact.path for fact in self._completion.missing())

    def settling(self, verdict: Verdict) -> tuple[frozenset[str], ...]:
        """The smallest sets of unknown facts that could prove a verdict.

        Args:
            verdict: `Verdict.MET` or `Verdict.NOT_MET`.

        Returns:
            Minimal sets of paths: with suitable values of the facts of one set the verdict
            holds, whatever the other unknown facts turn out to be.

        Raises:
            ValueError: `Verdict.UNKNOWN` was asked for.
        """
        return self._completion.settling(verdict)

    @property
    def missing_is_exact(self) -> bool:
        """Whether `missing` stayed within the documented limits of the analysis."""
        self._completion.missing()
        return "missing" not in self._completion.limited

    @property
    def settling_is_exact(self) -> bool:
        """Whether `settling` stayed within the documented limits of the analysis."""
        for verdict in (Verdict.MET, Verdict.NOT_MET):
            self._completion.settling(verdict)
        return "settling" not in self._completion.limited

    @property
    def undetermined(self) -> tuple[str, ...]:
        """Reasons why no fact could settle the matter: where the law itself gives no answer.

        Either a number of the law is missing for the day, or a country's place in a group is
        open and a reading leaves it so, or a published list does not tell whether it speaks for
        the day.
        """
        if self.verdict is not Verdict.UNKNOWN or self.governed_as_of is None:
            return ()
        reasons = [reason for each in self.finding.walk() for reason in _open_law(each)]
        reasons += self.section.undetermined(self)
        return tuple(dict.fromkeys(reasons))

    @cached_property
    def mineral_content(self) -> Share | None:
        """The qualifying critical mineral content by the 50 percent test, from the chains.

        `None` for a credit or a vehicle on which the sourcing rules do not bear.
        """
        return self.section.mineral_content(self.claim, self.law)

    @cached_property
    def component_content(self) -> Share | None:
        """The qualifying battery component content, from the components.

        `None` for a credit or a vehicle on which the sourcing rules do not bear.
        """
        return self.section.component_content(self.claim, self.law)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader should look at again.

        Of a new vehicle: an election that is not open; a phase-out on which statute and practice
        differ; where what a certified percentage or a published list says differs from what is
        stated of the supply chain and the vehicle; and where a step or component is stated to be
        by a foreign entity of concern, or not, and it follows otherwise.
        """
        return tuple(self.section.warnings(self))

    def explain(self, form: Format = "text") -> str:
        """The result in words: verdict and amount first, then what decides it.

        Args:
            form: ``"text"``, ``"markdown"`` or ``"mermaid"``.

        Raises:
            ValueError: No such form.
        """
        from evcredit.receipt import explain_assessment  # noqa: PLC0415

        return explain_assessment(self, form)

    def in_plain_words(self, audience: Audience = "buyer") -> str:
        """The result in plain words: the answer, what decides it, what one would have to know.

        Args:
            audience: ``"buyer"``, who reads calm sentences without terms of the trade, or
                ``"professional"``, who gets citations too.

        Raises:
            ValueError: There is no such audience.

        >>> from evcredit import examples, with_facts
        >>> claim = with_facts(examples.demonstration_claim(), {"vehicle.msrp": 81_000})
        >>> print(assess(claim).in_plain_words())
        You cannot get the new clean vehicle credit.
        - The list price of the car is above the limit.
        """
        from evcredit.receipt import in_plain_words  # noqa: PLC0415

        return in_plain_words(self, audience)

    def to_dict(self) -> dict[str, Any]:
        """The result with reason codes, facts and a receipt, ready for JSON."""
        from evcredit.receipt import assessment_to_dict  # noqa: PLC0415

        return assessment_to_dict(self)

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")

    def __reduce__(self) -> tuple[Any, ...]:
        # Everything else follows from the claim and the law.
        return _assess_again, (self.claim, self.law, self.credit_kind)


def _assess_again(claim: Claim, law: Law, credit: Credit) -> Assessment:
    return assess(claim, law=law, credit=credit)


def _open_law(finding: Finding) -> Iterator[str]:
    for limit in finding.limits:
        if isinstance(limit.value, NoProvision):
            yield limit.value.reason
        elif isinstance(limit.value, CountryGroup):
            for fact in finding.facts:
                if fact.value is not None and limit.value.members.get(fact.value, False) is None:
                    place = country_name(fact.value)
                    yield f"whether {place} counts as {limit.value} is open; choose a reading"


#: In which package the section of each credit stands. None is loaded before it is asked for.
_HOMES = {
    Credit.NEW_VEHICLE: "section_30d",
    Credit.PREVIOUSLY_OWNED_VEHICLE: "section_25e",
    Credit.COMMERCIAL_VEHICLE: "section_45w",
}


#: The credits that a buyer may transfer to the dealer.
_TRANSFERRED = (Credit.NEW_VEHICLE, Credit.PREVIOUSLY_OWNED_VEHICLE)


@lru_cache(maxsize=len(Credit) * 3)
def section_of(credit: Credit | str) -> Section:
    """The section of the law that allows a credit.

    Args:
        credit: The credit, by itself, its value or its name.

    Raises:
        InvalidFactError: There is no such credit.

    >>> section_of("30D").title
    'new clean vehicle credit'
    """
    kind = as_choice(Credit, credit)
    if isinstance(kind, Fault) or kind is None:
        remedy = kind.remedy if kind else "name a credit, for example '30D'"
        raise InvalidFactError("credit", credit, remedy)
    section: Section = import_module(f"evcredit.{_HOMES[kind]}.credit").SECTION
    return section


def assess(
    claim: Claim, *, law: Law | None = None, credit: Credit | str = Credit.NEW_VEHICLE
) -> Assessment:
    """What the law makes of a claim for a clean vehicle credit.

    Args:
        claim: The stated facts; whatever is left out is unknown, not zero and not yes.
        law: The law to apply; `current_law` if left out.
        credit: The credit, by itself or by its section: "30D" for a new clean vehicle, "25E"
            for a previously owned one.

    Returns:
        The verdict, the bounds of the credit in US dollars, and on request the reasons.

    Raises:
        InvalidFactError: There is no such credit.
        OutsideCoverage: The vehicle was placed in service on a day for which this package
            holds no law.

    >>> from evcredit import examples
    >>> result = assess(examples.demonstration_claim())
    >>> result.verdict, str(result.credit)
    (<Verdict.MET: 'met'>, '7500')
    """
    law = current_law() if law is None else law
    section = section_of(credit)
    least, most = section.of(claim, law).of(claim)
    return Assessment(
        claim=claim,
        law=law,
        credit_kind=section.credit,
        verdict=_verdict(least, most),
        credit=bounds_of_cents(least, most),
    )


def _verdict(least: int, most: int) -> Verdict:
    if least:
        return Verdict.MET
    return Verdict.UNKNOWN if most else Verdict.NOT_MET


def assess_transfer(
    transfer: CreditTransfer,
    *,
    tax_return: TaxReturn | None = None,
    law: Law | None = None,
    credit: Credit | str = Credit.NEW_VEHICLE,
) -> TransferOutcome:
    """What follows from a transfer to the dealer, with the credit worked out where left out.

    Args:
        transfer: The election and what came of it. A credit it states is taken as it is, for
            example the one of the seller report.
        tax_return: The buyer's return; it matters only under a reading.
        law: The law; `current_law` if left out.
        credit: Which credit is transferred, by itself or by its section.

    Raises:
        InvalidFactError: There is no such credit, or it cannot be transferred to a dealer.
        OutsideCoverage: The vehicle was placed in service on a day for which no law is held.

    >>> from evcredit import examples
    >>> from evcredit.section_30d.transfer import CreditTransfer
    >>> transfer = CreditTransfer.at_the_dealer(
    ...     claim=examples.demonstration_claim(), payment=7500, elected_on="2024-06-03"
    ... )
    >>> outcome = assess_transfer(transfer)
    >>> outcome.holder.value, str(outcome.credit_to_dealer)
    ('the dealer', '7500')
    """
    from evcredit.section_30d.transfer import settle_transfer  # noqa: PLC0415

    law = current_law() if law is None else law
    kind = section_of(credit).credit
    if kind not in _TRANSFERRED:
        allowed = " or ".join(repr(each.value) for each in _TRANSFERRED)
        raise InvalidFactError("credit", kind.value, f"no dealer can take it over; give {allowed}")
    if transfer.credit is None:
        found = assess(transfer.claim_at_the_sale(), law=law, credit=kind).credit
        transfer = attrs.evolve(transfer, credit=found)
    rules: TransferRules = import_module(f"evcredit.{_HOMES[kind]}.transfer").TRANSFER
    return settle_transfer(transfer, tax_return=tax_return, law=law, rules=rules)


# -- comparison ----------------------------------------------------------------------------


@attrs.frozen
class Flip:
    """A rule that two laws answer differently.

    Args:
        before: The finding under the first law.
        after: The finding under the second.
    """

    before: Finding
    after: Finding


@attrs.frozen(kw_only=True, slots=False)
class Comparison:
    """What two laws make of one claim. Made by `compare`.

    Args:
        before: The assessment under the first law.
        after: The assessment under the second.
    """

    before: Assessment
    after: Assessment

    @property
    def worth(self) -> Bounds[Decimal]:
        """Bounds of the difference in US dollars, second law less first."""
        one, other = self.before.credit, self.after.credit
        return bounds_of_cents(
            cents(other.lower) - cents(one.upper), cents(other.upper) - cents(one.lower)
        )

    @cached_property
    def flips(self) -> tuple[Flip, ...]:
        """Every rule, procurement chain and component that the two laws answer differently."""
        return tuple(_flips(self.before.finding, self.after.finding))

    def explain(self, form: Format = "text") -> str:
        """What changes, what that is worth, and which findings flipped.

        Args:
            form: ``"text"`` or ``"markdown"``.

        Raises:
            ValueError: No such form.
        """
        from evcredit.receipt import explain_comparison  # noqa: PLC0415

        return explain_comparison(self, form)

    def to_dict(self) -> dict[str, Any]:
        """The comparison, ready for JSON."""
        from evcredit.receipt import comparison_to_dict  # noqa: PLC0415

        return comparison_to_dict(self)

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")

    def __reduce__(self) -> tuple[Any, ...]:
        before = self.before
        return _compare_again, (before.claim, before.law, self.after.law, before.credit_kind)


def _compare_again(claim: Claim, before: Law, after: Law, credit: Credit) -> Comparison:
    return compare(claim, before, after, credit=credit)


def _flips(before: Finding, after: Finding) -> Iterator[Flip]:
    if (before.verdict, before.in_force) != (after.verdict, after.in_force):
        yield Flip(before, after)
    if len(before.parts) == len(after.parts):
        for one, other in zip(before.parts, after.parts, strict=True):
            yield from _flips(one, other)


def compare(
    claim: Claim, before: Law, after: Law, *, credit: Credit | str = Credit.NEW_VEHICLE
) -> Comparison:
    """What two laws make of one claim, which findings flip, and what that is worth.

    Args:
        claim: The stated facts.
        before: The first law.
        after: The second law.
        credit: The credit, by itself or by its section.

    Raises:
        InvalidFactError: There is no such credit.
        OutsideCoverage: The vehicle was placed in service on a day for which no law is held.

    >>> from evcredit import current_law, examples
    >>> without = current_law().without_agreement("JPCMA")
    >>> print(compare(examples.demonstration_claim(), without, current_law()).worth)
    3750
    """
    return Comparison(
        before=assess(claim, law=before, credit=credit),
        after=assess(claim, law=after, credit=credit),
    )
