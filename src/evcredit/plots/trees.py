"""A picture of findings: the tree that a verdict rests on."""

from __future__ import annotations

from collections.abc import Iterator

from evcredit.algebra.finding import Finding
from evcredit.algebra.money import bounds_in_dollars
from evcredit.algebra.verdict import Verdict
from evcredit.errors import checked
from evcredit.plots.drawn import Picture
from evcredit.plots.picture import Fill, Key, Listing, Row, Tone
from evcredit.results.assessment import AN_ASSESSMENT, Assessment

__all__ = ["findings"]

_LOOKS = {
    Verdict.MET: Tone(1),
    Verdict.NOT_MET: Tone(4, Fill.HATCHED),
    Verdict.UNKNOWN: Tone(0, Fill.DOTTED),
}


def findings(result: Assessment, *, deciding: bool = False) -> Picture:
    """The findings of an assessment as a tree; in a page it folds.

    Rules that are not in force are excluded from the tree, and stay in the page.

    Args:
        result: The assessment.
        deciding: Whether only what decides the verdict is drawn.

    Raises:
        InvalidFactError: It is no assessment.

    >>> from evcredit import assess, examples
    >>> print(findings(assess(examples.demonstration_claim())))
    picture: MET: $7,500 under 26 USC 30D
    """
    checked(result, Assessment, "result", AN_ASSESSMENT)
    kept = list(_walk(result.finding, 0, deciding=deciding))
    rows = tuple(
        Row(
            cells=(f"{each.verdict.value}: {each.note or each.rule.title}", str(each.citation)),
            depth=depth,
            tone=_LOOKS[each.verdict],
            strong=depth == 0,
        )
        for each, depth in kept
    )
    seen = {each.verdict for each, _ in kept}
    amount = bounds_in_dollars(result.credit)
    return Picture(
        title=str(result),
        parts=(Listing(columns=(7, 2), rows=rows),),
        keys=tuple(Key(_LOOKS[verdict], verdict.value) for verdict in _LOOKS if verdict in seen),
        law=result.law.name,
        digests=(result.law.digest,),
        day=f"{result.governing_day or 'not stated'}; amounts in US dollars",
        sources="each line has its citation",
        summary=f"{result.verdict.value}, {amount}. "
        + "; ".join(f"{each.verdict.value}: {each.rule.title}" for each in result.reasons)
        + ".",
        folding="".join(each._repr_html_() for each in (result.finding, *result.amounts)),
    )


def _walk(finding: Finding, depth: int, *, deciding: bool) -> Iterator[tuple[Finding, int]]:
    yield finding, depth
    for part in finding.determining() if deciding else finding.parts:
        if part.in_force:
            yield from _walk(part, depth + 1, deciding=deciding)
