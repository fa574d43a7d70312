"""What the law makes of a claim, in words and as data."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.money import bounds_in_dollars
from evcredit.algebra.verdict import Verdict
from evcredit.facts.claim import Claim
from evcredit.law.law import Law
from evcredit.provisions.section import Section
from evcredit.results.determination import Determination

if TYPE_CHECKING:
    from evcredit.algebra.wording import Audience
    from evcredit.results.words import Format

# The texts are imported where they are needed: a bare assessment needs none.

__all__ = ["AN_ASSESSMENT", "Assessment"]

#: What to give where an assessment is needed and something else was given.
AN_ASSESSMENT = "give an Assessment, which assess makes of a claim"


@attrs.frozen(kw_only=True, slots=False)
class Assessment(Determination):
    """What the law makes of a claim, in words and as data. Returned by `assess`.

    Args:
        claim: The claim.
        law: The law it was assessed under.
        section: The section of the law that allows the credit.
        verdict: Whether a credit is allowed: met if some credit is certain, not met if none
            is possible.
        credit: Bounds of the credit in US dollars; exact when nothing that matters is unknown.
    """

    def __str__(self) -> str:
        amount = bounds_in_dollars(self.credit)
        return f"{str(self.verdict).upper()}: {amount} under 26 USC {self.kind.value}"

    def explain(self, form: Format = "text") -> str:
        """The result in words: verdict and amount first, then what decides it.

        Args:
            form: ``"text"``, ``"markdown"``, ``"html"`` with a tree of all findings that folds, or
                ``"mermaid"``.

        Raises:
            ValueError: No such form.
        """
        from evcredit.results.explain import explain_determination  # noqa: PLC0415

        return explain_determination(self, form)

    def in_plain_words(self, audience: Audience = "buyer") -> str:
        """The result in plain words: the answer, what decides it, what one would have to know.

        Args:
            audience: ``"buyer"``, who reads calm sentences without terms of the trade, or
                ``"professional"``, who gets citations too.

        Raises:
            ValueError: There is no such audience.

        >>> from evcredit import assess, examples, with_facts
        >>> claim = with_facts(examples.demonstration_claim(), {"vehicle.msrp": 81_000})
        >>> print(assess(claim).in_plain_words())
        You cannot get the new clean vehicle credit.
        - The list price of the car is above the limit.
        """
        from evcredit.results.explain import in_plain_words  # noqa: PLC0415

        return in_plain_words(self, audience)

    def to_dict(self) -> dict[str, Any]:
        """The result with reason codes, facts and a receipt, ready for JSON."""
        from evcredit.results.export import determination_to_dict  # noqa: PLC0415

        return determination_to_dict(self)

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")

    def _repr_html_(self) -> str:
        return self.explain("html")

    def __reduce__(self) -> tuple[Any, ...]:
        # The findings follow from the claim and the law.
        return _restored, (self.claim, self.law, self.section, self.verdict, self.credit)


def _restored(
    claim: Claim, law: Law, section: Section, verdict: Verdict, credit: Bounds[Decimal]
) -> Assessment:
    return Assessment(claim=claim, law=law, section=section, verdict=verdict, credit=credit)
