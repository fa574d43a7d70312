"""Assess one claim.

The law is imported when the first claim is assessed: a program that only states facts, or shows
its usage, does not wait for it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

from evcredit.algebra.verdict import Verdict
from evcredit.errors import checked

if TYPE_CHECKING:
    from evcredit.facts.claim import Claim
    from evcredit.law.law import Law
    from evcredit.provisions.section import Credit, Section
    from evcredit.results.assessment import Assessment

__all__ = ["assess"]


@cache
def _loaded() -> tuple[Any, ...]:
    """What assessing takes, loaded by the first claim and by no later one."""
    from evcredit.algebra.money import bounds_of_cents  # noqa: PLC0415
    from evcredit.facts.claim import Claim  # noqa: PLC0415
    from evcredit.law.current import law_applied  # noqa: PLC0415
    from evcredit.provisions.registry import section_of  # noqa: PLC0415
    from evcredit.results.assessment import Assessment  # noqa: PLC0415

    return bounds_of_cents, Claim, law_applied, section_of, Assessment


def assess(
    claim: Claim, *, law: Law | None = None, credit: Credit | str | Section = "30D"
) -> Assessment:
    """What the law makes of a claim for a clean vehicle credit.

    Args:
        claim: The stated facts; whatever is omitted is unknown, not zero and not yes.
        law: The law to apply; `current_law` if omitted.
        credit: The credit, as itself or by its section: "30D" for a new clean vehicle, "25E"
            for a previously owned one. Also a `Section` of your own.

    Returns:
        The verdict, the bounds of the credit in US dollars, and on request the reasons.

    Raises:
        InvalidFactError: There is no such credit.
        OutsideCoverage: The vehicle was placed in service on a day for which this package
            holds no law.

    >>> from evcredit import examples
    >>> result = assess(examples.demonstration_claim())
    >>> result.verdict, str(result.credit)
    (<Verdict.MET: 'met'>, '7,500')
    """
    bounds_of_cents, claim_class, law_applied, section_of, assessment_of = _loaded()
    law = law_applied(law)
    checked(claim, claim_class, "claim", "give a Claim; claim_from_json reads one")
    section = section_of(credit)
    least, most = section.of(claim, law).of(claim)
    assessment: Assessment = assessment_of(
        claim=claim,
        law=law,
        section=section,
        # A credit is certain, possible or neither.
        verdict=Verdict.of(True if least else None if most else False),
        credit=bounds_of_cents(least, most),
    )
    return assessment
