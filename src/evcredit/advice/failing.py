"""The requirements that deny a credit, and the smallest changes that would lift them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from evcredit.advice.change import Change, ChangedFact, Denial
from evcredit.advice.search import Holds, Search
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.finding import Finding
from evcredit.algebra.path import with_facts
from evcredit.algebra.rule import Rule
from evcredit.algebra.topic import Mode
from evcredit.algebra.verdict import Verdict
from evcredit.errors import checked
from evcredit.law.law import Law
from evcredit.results.assessing import assess
from evcredit.results.assessment import AN_ASSESSMENT, Assessment

__all__ = ["change_of_all", "denials", "denials_of"]

#: The most requirements that `change_of_all` mends in turn.
_MENDED = 12


def denials(result: Assessment) -> tuple[Denial, ...]:
    """The requirements that refuse a credit or a part of it, each with changes that flip it.

    Args:
        result: An assessment.

    Returns:
        Nothing unless the assessment is not met, or met without a part that its section adds:
        half of the credit for a new vehicle. Where several requirements fail, a change flips its
        own alone; see `change_of_all`.

    >>> from evcredit import examples
    >>> claim = with_facts(examples.demonstration_claim(), {"vehicle.msrp": 80_300})
    >>> (refusal,) = denials(assess(claim))
    >>> refusal.finding.code, str(refusal.changes[0])
    ('msrp_within_limit', "manufacturer's suggested retail price: $80,000 would suffice, $300
    less than $80,300")
    >>> print(refusal.changes[0].credit)
    7,500

    >>> from evcredit import current_law
    >>> half = assess(examples.demonstration_claim(), law=current_law().without_agreement("JPCMA"))
    >>> [each.finding.code for each in denials(half)]
    ['value_added_test', 'traced_value_test']
    """
    checked(result, Assessment, "result", AN_ASSESSMENT)
    search = _search_of(result)
    return tuple(
        search.refusal(finding) for refused in _refused(result) for finding in _failing(refused)
    )


def _refused(result: Assessment) -> Iterator[Finding]:
    """What refuses: everything, or of a credit that is met the parts that are not in it."""
    sourcing = result.section.headings.sourcing
    if result.verdict is Verdict.NOT_MET:
        yield result.finding
    elif result.verdict is Verdict.MET and sourcing is not None:
        for part in result.find(sourcing).parts:
            if part.in_force and part.verdict is Verdict.NOT_MET:
                yield part


def denials_of(
    finding: Finding, subject: Any, law: Law, holds: Holds, credit: Callable[[Any], Bounds[Decimal]]
) -> tuple[Denial, ...]:
    """Like the above, for any tree of findings.

    Args:
        finding: The top of the tree.
        subject: What the rules are about, for example a `CreditTransfer`.
        law: The law.
        holds: Whether a rule is met of such a thing.
        credit: What a changed thing gives.
    """
    search = Search(subject, law, holds, credit)
    return tuple(search.refusal(each) for each in _failing(finding))


def change_of_all(result: Assessment) -> Change | None:
    """Changes that together turn a refusal into a credit, or half of one into the rest of it.

    They may leave it open, but refuse nothing more.

    One requirement is mended after the other, each by its smallest change, and of alternatives
    the one that takes the fewest. That is the smallest change where one requirement fails; where
    several do, there may be a smaller one.

    Args:
        result: An assessment that is not met, or met without a part of the credit.

    Returns:
        `None` if nothing is refused, or if no change was found.

    >>> from evcredit import examples
    >>> claim = with_facts(
    ...     examples.demonstration_claim(),
    ...     {"vehicle.msrp": 80_300, "vehicle.final_assembly_country": "Germany"},
    ... )
    >>> change_of_all(assess(claim)).values
    {'vehicle.final_assembly_country': Place('CA'), 'vehicle.msrp': Decimal('80000')}
    """
    checked(result, Assessment, "result", AN_ASSESSMENT)
    changed: dict[str, ChangedFact] = {}
    without: dict[str, None] = {}
    current = result
    for _ in range(_MENDED):
        refused = next(_refused(current), None)
        plan = () if refused is None else _search_of(current).plan(refused)
        refusal = next(iter(plan or ()), None)
        if refusal is None:
            return None
        for fact in refusal.changes[0].facts:
            first = changed.get(fact.path)
            # Changed twice, it is still one fact, and before was what was stated.
            changed[fact.path] = fact if first is None else fact._replace(before=first.before)
        without.update(dict.fromkeys(refusal.changes[0].without))
        claim = with_facts(current.claim, refusal.changes[0].values)
        current = assess(claim, law=result.law, credit=result.section)
        lifted = current.verdict is not Verdict.NOT_MET
        if lifted and (result.verdict is Verdict.NOT_MET or not any(_refused(current))):
            return Change(tuple(changed.values()), current.credit, tuple(without))
    return None


def _failing(finding: Finding) -> Iterator[Finding]:
    """The ends of the tree that refuse, each once."""
    seen = set()
    for each in finding.reasons():
        if each.verdict is Verdict.NOT_MET and each.in_force and id(each.rule) not in seen:
            seen.add(id(each.rule))
            yield each


def _required(finding: Finding) -> Iterator[Finding]:
    """The requirements that must all be met: the ends of the tree, apart from alternatives."""
    if finding.rule.mode is Mode.ALL:
        for branch in finding.branches:
            yield from _required(branch)
    else:
        yield finding


def _search_of(result: Assessment) -> Search:
    """The search for changes of a claim."""
    law, section = result.law, result.section

    met = {id(each.rule) for each in _required(result.finding) if each.verdict is Verdict.MET}

    def holds(rule: Rule, claim: Any) -> bool:
        # Another variant of the section may do without the rule.
        by_rule = section.of(claim, law).by_rule
        bound = by_rule.get(id(rule))
        if bound is None or bound.run(claim) is not True:
            return False
        # A change that makes another requirement fail is no help.
        others = (by_rule[each] for each in met if each in by_rule)
        return all(each.applies is False or each.run(claim) is not False for each in others)

    return Search(
        result.claim, law, holds, lambda claim: assess(claim, law=law, credit=section).credit
    )
