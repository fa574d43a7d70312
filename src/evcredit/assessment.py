"""The verbs: assess one claim, and compare what two laws make of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any

import attrs

from evcredit.bounds import Bounds
from evcredit.claim import Claim
from evcredit.country import country_name
from evcredit.fact import with_facts
from evcredit.law import CountryGroup, Law, ManufacturerLimitDay, current_law
from evcredit.money import cents, dollars
from evcredit.rule import Finding
from evcredit.schedule import NoProvision
from evcredit.section_30d.amount import BoundCredit, credit_of, days_of
from evcredit.section_30d.components import battery_component_content
from evcredit.section_30d.days import SOLD, election_stands
from evcredit.section_30d.foreign_entity import standing_disagreements
from evcredit.section_30d.listed import speaks_for
from evcredit.section_30d.minerals import critical_mineral_content
from evcredit.share import Share
from evcredit.verdict import Verdict

if TYPE_CHECKING:
    from evcredit.completion import Completion
    from evcredit.receipt import Format
    from evcredit.section_30d.transfer import CreditTransfer, TransferOutcome
    from evcredit.tax_return import TaxReturn

# The analysis of unknown facts and the texts are imported where they are asked for: a bare
# assessment needs neither, and together they are a good part of the time to import the package.

__all__ = ["Assessment", "Comparison", "Flip", "assess", "assess_transfer", "compare"]


@attrs.frozen(kw_only=True, slots=False)
class Assessment:
    """What the law makes of a claim. Made by `assess`.

    Args:
        claim: The claim.
        law: The law it was assessed under.
        verdict: Whether a credit is allowed: met if some credit is certain, not met if none
            is possible.
        credit: Bounds of the credit in US dollars; exact when nothing that matters is unknown.
    """

    claim: Claim
    law: Law
    verdict: Verdict
    credit: Bounds[Decimal]

    @cached_property
    def finding(self) -> Finding:
        """Everything the verdict rests on, as a tree."""
        return self._bound.allowed.finding(self.claim)

    @cached_property
    def amounts(self) -> tuple[Finding, ...]:
        """How the amount comes about where a list, battery capacity or a phase-out decides it."""
        bound = self._bound
        measured = (bound.listed, bound.capacity, bound.percentage)
        return tuple(
            each.finding(self.claim)
            for each in measured
            if each is not None and each.applies is not False
        )

    @property
    def governed_as_of(self) -> date | None:
        """The day that picks the law: placed in service, or what an election puts in its place."""
        return days_of(self.claim, self.law)[0]

    @property
    def _bound(self) -> BoundCredit:
        return credit_of(self.claim, self.law)

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

    @cached_property
    def _completion(self) -> Completion:
        from evcredit.completion import Completion  # noqa: PLC0415

        def bind(claim: Claim) -> Any:
            return credit_of(claim, self.law).everything

        bound = self._bound
        return Completion(
            claim=self.claim,
            law=self.law,
            top=bound.allowed.rule,
            roots=bound.roots,
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
        row = self.claim.vehicle.listing
        if row is not None and speaks_for(self.claim, self.law) is None:
            reasons.append(f"the list leaves open whether it speaks for that day: {row}")
        return tuple(dict.fromkeys(reasons))

    @cached_property
    def mineral_content(self) -> Share | None:
        """The qualifying critical mineral content by the 50 percent test, from the chains.

        `None` for a vehicle on which the sourcing rules do not bear.
        """
        return (
            None
            if self._bound.minerals.applies is False
            else critical_mineral_content(self.claim, self.law)
        )

    @cached_property
    def component_content(self) -> Share | None:
        """The qualifying battery component content, from the components.

        `None` for a vehicle on which the sourcing rules do not bear.
        """
        return (
            None
            if self._bound.components.applies is False
            else battery_component_content(self.claim, self.law)
        )

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader should look at again.

        An election that is not open; a phase-out on which statute and practice differ; where
        what a certified percentage or a published list says differs from what is stated of the
        supply chain and the vehicle; and where a step or component is stated to be by a foreign
        entity of concern, or not, and it follows otherwise.
        """
        return (
            *self._elections(),
            *self._limit_days(),
            *self._disagreements(),
            *self._listing_disagreements(),
            *standing_disagreements(self.claim, self.law),
        )

    def _elections(self) -> Iterator[str]:
        """The election of 2022, where it is made and not open."""
        elected = self.claim.purchase.elects_binding_contract_rule
        if elected and election_stands(self.claim, self.law) is Verdict.NOT_MET:
            yield (
                "the election of P.L. 117-169 sec. 13401(l) is left aside: it needs a contract or "
                f"purchase from {self.law.election_first_contract.values()[0]} to "
                f"{self.law.election_last_contract.values()[0]} and a vehicle placed in service "
                "after that"
            )

    def _limit_days(self) -> Iterator[str]:
        """Where the statute and the practice differ on whether a phase-out still bears."""
        in_force, percentage = self.law.manufacturer_limit_in_force, self._bound.percentage
        by_sale = self.law.readings.manufacturer_limit_day is ManufacturerLimitDay.SOLD
        sold, in_service = SOLD.of(self.claim, self.law), self.governed_as_of
        if not by_sale or not percentage.applies or in_service is None:
            return
        left: Any = percentage.run(self.claim)
        if not in_force.on(in_service) and left.lower < 100:
            yield (
                f"the phase-out bears because the vehicle was sold on {sold}; the practice goes by "
                "the day placed in service (reading manufacturer_limit_day)"
            )

    def _disagreements(self) -> Iterator[str]:
        battery, bound = self.claim.vehicle.battery, self._bound
        sides = (
            ("critical_mineral", battery.minerals, bound.minerals, self.law.certifications_hold),
            ("battery_component", battery.components, bound.components, True),
        )
        for name, stated, requirement, governs in sides:
            fact = f"certified_{name}_content"
            certified = getattr(battery, fact)
            if certified is None or stated is None or not governs:
                continue
            # The same requirement, of the same claim without the certified percentage.
            alone = requirement.finding(with_facts(self.claim, {f"vehicle.battery.{fact}": None}))
            relied_on = Verdict.of(requirement.run(self.claim))
            if alone.verdict is not Verdict.UNKNOWN and alone.verdict is not relied_on:
                content = next(
                    f.value for f in alone.reasons()[0].facts if isinstance(f.value, Share)
                )
                yield (
                    f"the certified {name.replace('_', ' ')} content of {certified} % governs, but "
                    f"what is stated of the supply chain comes to {content}: the requirement "
                    f"would be {alone.verdict.value}"
                )

    def _listing_disagreements(self) -> Iterator[str]:
        """Where a published list says one thing and what is stated of the vehicle another."""
        row = self.claim.vehicle.listing
        if row is not None and row.section not in (None, "30D"):
            yield f"the list {row.list_id} is about section {row.section} and says nothing here"
        if row is None:
            return
        speaks = speaks_for(self.claim, self.law)
        if speaks is False and row.section in (None, "30D"):
            yield f"the row relied on says nothing of this vehicle: {row}"
        if self.find("published_listing").verdict is not Verdict.MET:
            return
        if row.mark == "R":
            yield f"the row of the list {row.list_id} is recalled, and was not read in a source"
        itself = self.find("vehicle_itself")
        if itself.verdict is Verdict.NOT_MET:
            why = "; ".join(finding.rule.title for finding in itself.reasons())
            yield f"the list {row.list_id} governs, but what is stated of the vehicle fails: {why}"
        own = assess(with_facts(self.claim, {"vehicle.listing": None}), law=self.law).credit
        listed = row.credit is not None and self.credit.is_exact and self.verdict is Verdict.MET
        if listed and itself.verdict is not Verdict.NOT_MET and self.credit.lower not in own:
            yield (
                f"the amount on the list {row.list_id} governs, but what is stated of the "
                f"vehicle comes to {own}"
            )

    def explain(self, form: Format = "text") -> str:
        """The result in words: verdict and amount first, then what decides it.

        Args:
            form: ``"text"``, ``"markdown"`` or ``"mermaid"``.

        Raises:
            ValueError: No such form.
        """
        from evcredit.receipt import explain_assessment  # noqa: PLC0415

        return explain_assessment(self, form)

    def to_dict(self) -> dict[str, Any]:
        """The result with reason codes, facts and a receipt, ready for JSON."""
        from evcredit.receipt import assessment_to_dict  # noqa: PLC0415

        return assessment_to_dict(self)

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")

    def __reduce__(self) -> tuple[Any, ...]:
        # Everything else follows from the claim and the law.
        return _assess_again, (self.claim, self.law)


def _assess_again(claim: Claim, law: Law) -> Assessment:
    return assess(claim, law=law)


def _open_law(finding: Finding) -> Iterator[str]:
    for limit in finding.limits:
        if isinstance(limit.value, NoProvision):
            yield limit.value.reason
        elif isinstance(limit.value, CountryGroup):
            for fact in finding.facts:
                if fact.value is not None and limit.value.members.get(fact.value, False) is None:
                    place = country_name(fact.value)
                    yield f"whether {place} counts as {limit.value} is open; choose a reading"


def assess(claim: Claim, *, law: Law | None = None) -> Assessment:
    """What the law makes of a claim for the new clean vehicle credit, 26 USC 30D.

    Args:
        claim: The stated facts; whatever is left out is unknown, not zero and not yes.
        law: The law to apply; `current_law` if left out.

    Returns:
        The verdict, the bounds of the credit in US dollars, and on request the reasons.

    Raises:
        OutsideCoverage: The vehicle was placed in service on a day for which this package
            holds no law.

    >>> from evcredit import examples
    >>> result = assess(examples.demonstration_claim())
    >>> result.verdict, str(result.credit)
    (<Verdict.MET: 'met'>, '7500')
    """
    law = current_law() if law is None else law
    least, most = credit_of(claim, law).of(claim)
    return Assessment(
        claim=claim, law=law, verdict=_verdict(least, most), credit=_dollars(least, most)
    )


def _verdict(least: int, most: int) -> Verdict:
    if least:
        return Verdict.MET
    return Verdict.UNKNOWN if most else Verdict.NOT_MET


# There are only a few amounts, and building bounds is a good part of a fast assessment.
@lru_cache(maxsize=256)
def _dollars(least: int, most: int) -> Bounds[Decimal]:
    return Bounds(_in_dollars(least), _in_dollars(most))


def _in_dollars(whole_cents: int) -> Decimal:
    whole, rest = divmod(whole_cents, 100)
    return dollars(whole_cents) if rest else Decimal(whole)


def assess_transfer(
    transfer: CreditTransfer, *, tax_return: TaxReturn | None = None, law: Law | None = None
) -> TransferOutcome:
    """What follows from a transfer to the dealer, with the credit worked out where left out.

    Args:
        transfer: The election and what came of it. A credit it states is taken as it is, for
            example the one of the seller report.
        tax_return: The buyer's return; it matters only under a reading.
        law: The law; `current_law` if left out.

    Raises:
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
    if transfer.credit is None:
        credit = assess(transfer.claim_at_the_sale(), law=law).credit
        transfer = attrs.evolve(transfer, credit=credit)
    return settle_transfer(transfer, tax_return=tax_return, law=law)


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
        return Bounds(
            _in_dollars(cents(other.lower) - cents(one.upper)),
            _in_dollars(cents(other.upper) - cents(one.lower)),
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
        return compare, (self.before.claim, self.before.law, self.after.law)


def _flips(before: Finding, after: Finding) -> Iterator[Flip]:
    if (before.verdict, before.in_force) != (after.verdict, after.in_force):
        yield Flip(before, after)
    if len(before.parts) == len(after.parts):
        for one, other in zip(before.parts, after.parts, strict=True):
            yield from _flips(one, other)


def compare(claim: Claim, before: Law, after: Law) -> Comparison:
    """What two laws make of one claim, which findings flip, and what that is worth.

    Args:
        claim: The stated facts.
        before: The first law.
        after: The second law.

    Raises:
        OutsideCoverage: The vehicle was placed in service on a day for which no law is held.

    >>> from evcredit import current_law, examples
    >>> without = current_law().without_agreement("JPCMA")
    >>> print(compare(examples.demonstration_claim(), without, current_law()).worth)
    3750
    """
    return Comparison(before=assess(claim, law=before), after=assess(claim, law=after))
