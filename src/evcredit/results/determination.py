"""What the law makes of a claim: verdict, credit, findings, and the unknown facts that matter."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.codes import Codes
from evcredit.algebra.field import Fault, as_choice
from evcredit.algebra.finding import Finding
from evcredit.algebra.path import fact_type_at, read
from evcredit.algebra.reads import paths_read, pattern_of, unread_facts
from evcredit.algebra.schedule import NoProvision
from evcredit.algebra.share import Share
from evcredit.algebra.verdict import Verdict
from evcredit.errors import InvalidFactError, UnknownNameError, nearest
from evcredit.facts.claim import Claim
from evcredit.facts.country import country_name
from evcredit.facts.plausible import looks_wrong
from evcredit.law.countries import CountryGroup
from evcredit.law.law import Law
from evcredit.provisions.section import BoundCredit, Credit, Section

# The analysis of unknown facts is imported where it is needed: a bare determination needs
# none of it.
if TYPE_CHECKING:
    from evcredit.algebra.alike import OneOfEach
    from evcredit.algebra.certificate import Certificates
    from evcredit.algebra.completion import Completion
    from evcredit.algebra.relevance import Relevance

__all__ = ["Determination"]


@attrs.frozen(kw_only=True, slots=False)
class Determination:
    """What the law makes of a claim: the data that explanations, exports and advice read.

    Args:
        claim: The claim.
        law: The law it was assessed under.
        section: The section of the law that allows the credit.
        verdict: Whether a credit is allowed: met if some credit is certain, not met if none
            is possible.
        credit: Bounds of the credit in US dollars; exact when nothing that matters is unknown.
    """

    claim: Claim
    law: Law
    section: Section
    verdict: Verdict
    credit: Bounds[Decimal]

    @cached_property
    def finding(self) -> Finding:
        """Everything the verdict rests on, as a tree."""
        return self._bound.allowed.finding(self.claim)

    @cached_property
    def amounts(self) -> tuple[Finding, ...]:
        """How the amount is computed where a list, battery capacity or a phase-out decides it."""
        return tuple(
            each.finding(self.claim) for each in self._bound.amounts if each.applies is not False
        )

    @property
    def governing_day(self) -> date | None:
        """The day that picks the law: placed in service, or what an election puts in its place."""
        return self.section.days_of(self.claim, self.law)[0]

    @property
    def kind(self) -> Credit:
        """The credit that was assessed."""
        return self.section.credit

    @property
    def _bound(self) -> BoundCredit:
        return self.section.of(self.claim, self.law)

    def find(self, code: str) -> Finding:
        """The finding of a rule, by its reason code.

        Raises:
            UnknownNameError: No rule of that code was applied. It is a `KeyError` too.
        """
        codes = []
        for top in (self.finding, *self.amounts):
            for finding in top.walk():
                if finding.code == code:
                    return finding
                codes.append(finding.code)
        near = " or ".join(nearest(str(code), codes))
        hint = f"; did you mean {near}?" if near else ""
        raise UnknownNameError("code", code, f"no rule of that code was applied{hint}")

    @property
    def reasons(self) -> tuple[Finding, ...]:
        """The findings that decide the verdict, so far, in the order of the law."""
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
        from evcredit.algebra.completion import Completion  # noqa: PLC0415

        def bind(claim: Claim) -> Any:
            anew = self.section.of(claim, self.law)
            return anew.everything

        bound = self._bound
        return Completion(
            claim=self._one_of_each.claim,
            law=self.law,
            top=bound.allowed.rule,
            roots=bound.composition.roots,
            bind=bind,
            amount=partial(bound.of_outcomes, claim=self.claim),
        )

    @cached_property
    def _one_of_each(self) -> OneOfEach:
        return self.section.one_of_each(self._bound, self.claim)

    @cached_property
    def _relevance(self) -> Relevance:
        from evcredit.algebra.relevance import Relevance  # noqa: PLC0415

        return Relevance(self._completion)

    @cached_property
    def _certificates(self) -> Certificates:
        from evcredit.algebra.certificate import Certificates  # noqa: PLC0415

        return Certificates(self._completion)

    def missing(self) -> tuple[str, ...]:
        """The paths of the unknown facts that matter, in the order of the law.

        A fact matters if, for some values of the other unknown facts, its value changes the
        verdict or the amount. Where that is too much to try (`missing_is_exact` is false),
        facts that may matter are included.
        """
        if self.credit.is_exact:
            return ()
        return self._one_of_each.missing(fact.path for fact in self._relevance.missing())

    def settling(self, verdict: Verdict) -> tuple[frozenset[str], ...]:
        """The smallest sets of unknown facts that could prove a verdict.

        Args:
            verdict: `Verdict.MET` or `Verdict.NOT_MET`.

        Returns:
            Minimal sets of paths: with suitable values of the facts of one set the verdict
            holds, whatever the other unknown facts turn out to be.

        Raises:
            InvalidFactError: `Verdict.UNKNOWN` was requested, or there is no such verdict.
        """
        wanted = as_choice(Verdict, verdict)
        if wanted is None or isinstance(wanted, Fault):
            raise InvalidFactError("verdict", verdict, "give Verdict.MET or Verdict.NOT_MET")
        found = self._one_of_each.settling(self._certificates.settling(wanted), wanted)
        return tuple(map(Codes, found))

    @property
    def missing_is_exact(self) -> bool:
        """Whether `missing` stayed within the documented limits of the analysis."""
        if self.credit.is_exact:
            return True
        self._relevance.missing()
        return "missing" not in self._completion.limited

    @property
    def settling_is_exact(self) -> bool:
        """Whether `settling` stayed within the documented limits of the analysis."""
        listed = [
            self._one_of_each.lists_all(self._certificates.settling(verdict), verdict)
            for verdict in (Verdict.MET, Verdict.NOT_MET)
        ]
        return all(listed) and "settling" not in self._completion.limited

    @property
    def undetermined(self) -> tuple[str, ...]:
        """Reasons why no fact could settle the matter: where the law itself gives no answer.

        Either a number of the law is missing for the day, or a country's place in a group is
        unresolved and a reading leaves it so, or a battery holds nothing to compare, or a published
        list does not tell whether it applies to the day. They are reported where they leave the
        amount open too, of a verdict that is met.
        """
        if self.credit.is_exact:
            return ()
        reasons: list[str] = []
        # Of an unknown day the law has an answer on some, unless it does not matter.
        if self.governing_day is not None or not self.missing():
            findings = (each for top in (self.finding, *self.amounts) for each in top.walk())
            unknown = (each for each in findings if each.verdict is Verdict.UNKNOWN)
            reasons += [reason for each in unknown for reason in _open_law(each)]
        reasons += self.section.undetermined(self._bound, self.claim)
        return tuple(dict.fromkeys(reasons))

    @cached_property
    def mineral_content(self) -> Share | None:
        """The qualifying critical mineral content by the 50 percent test, from the chains.

        `None` for a credit or a vehicle on which the sourcing rules do not bear.
        """
        return self.section.mineral_content(self._bound, self.claim)

    @cached_property
    def component_content(self) -> Share | None:
        """The qualifying battery component content, from the components.

        `None` for a credit or a vehicle on which the sourcing rules do not bear.
        """
        return self.section.component_content(self._bound, self.claim)

    @cached_property
    def unread(self) -> tuple[str, ...]:
        """The paths of the stated facts that no rule in force of this credit reads.

        They change nothing here. Facts declared as for the reader, such as the trim, are omitted;
        a part of which nothing is read is named as a whole.

        >>> from evcredit import assess, examples, with_facts
        >>> claim = with_facts(examples.demonstration_claim(), {"purchase.cost": 51_000})
        >>> "purchase.cost" in assess(claim).unread
        True
        """
        return unread_facts(self.claim, _paths_read(self.section, self._bound))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Warnings.

        Of a new vehicle: an election that is not open; a phase-out on which statute and practice
        differ; where what a certified percentage or a published list says differs from what is
        stated of the supply chain and the vehicle; and where a step or component is stated to be
        by a foreign entity of concern, or not, and it follows otherwise. Of every vehicle: facts
        that look like something else (see `evcredit.facts.plausible.looks_wrong`), and facts
        that no rule reads (see `unread`), unless they say what ready-made constructors say.
        """
        return self.warnings_beside(())

    def warnings_beside(self, read: Collection[str]) -> tuple[str, ...]:
        """The same, where something else reads some of the facts that no rule here reads.

        Args:
            read: The paths of these facts, as `unread` gives them.
        """
        found = (
            *self.section.warnings(self._bound, self.claim),
            *_before_it_begins(self),
            *looks_wrong(self.claim),
            *_not_read(self, read),
        )
        # Two components of one kind and place are warned of in the same words.
        return tuple(dict.fromkeys(found))


@lru_cache(maxsize=64)
def _paths_read(section: Section, bound: BoundCredit) -> frozenset[str]:
    """What the rules in force and the days that pick the law read."""
    by_days = {path for day in section.days for path in paths_read(day, bound.law)}
    return bound.paths_read | by_days


def _before_it_begins(result: Determination) -> Iterator[str]:
    """That a section did not apply yet, and as of which day the rest of it is read."""
    section, day = result.section, result.governing_day
    if section.begins is not None and day is not None:
        first = getattr(result.law, section.covered).not_before(day)
        if day < first:
            yield (
                f"section {result.kind.value} applies from {first} on "
                f"({section.begins.citation}); its other requirements are read as on that day"
            )


#: The most facts that one warning names; the receipt names them all.
_MOST_NAMED = 20


def _not_read(result: Determination, elsewhere: Collection[str]) -> Iterator[str]:
    """One sentence that names the stated facts that nothing reads; those alike once."""
    alike: dict[str, list[str]] = {}
    for path in (each for each in result.unread if each not in elsewhere):
        value, declared = read(result.claim, path), fact_type_at(Claim, path)
        if declared.usual is None or value != declared.usual:
            alike.setdefault(pattern_of(path), []).append(path)
    named = [paths[0] + _and_more(len(paths) - 1) for paths in alike.values()]
    if named:
        text = ", ".join(named[:_MOST_NAMED]) + _and_more(len(named) - _MOST_NAMED)
        yield f"stated, but no rule in force of section {result.kind.value} reads it: {text}"


def _and_more(count: int) -> str:
    return f" and {count} more" if count > 0 else ""


def _open_law(finding: Finding) -> Iterator[str]:
    for limit in finding.limits:
        if isinstance(limit.value, NoProvision):
            yield limit.value.reason
        elif isinstance(limit.value, CountryGroup):
            for fact in finding.facts:
                if fact.value is not None and limit.value.members.get(fact.value, False) is None:
                    place = country_name(fact.value)
                    yield f"whether {place} counts as {limit.value} is unresolved; choose a reading"
