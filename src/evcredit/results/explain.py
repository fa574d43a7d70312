"""A determination in words."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import TYPE_CHECKING

from evcredit.algebra.field import Kind
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.html import folded
from evcredit.algebra.money import bounds_in_dollars
from evcredit.algebra.path import fact_type_at
from evcredit.algebra.rule import Rule, as_rule
from evcredit.algebra.topic import Mode
from evcredit.algebra.verdict import Verdict
from evcredit.algebra.wording import Audience, checked_audience
from evcredit.facts.claim import Claim
from evcredit.results.words import Format, Line, in_words, limit_in_words, render

if TYPE_CHECKING:
    from evcredit.results.determination import Determination

__all__ = ["explain_determination", "in_plain_words"]


def explain_determination(result: Determination, form: Format = "text") -> str:
    """A determination in words: verdict and amount first, then what decides it."""
    if form == "mermaid":
        return _mermaid(result.finding)
    if form == "html":
        tree = "".join(each._repr_html_() for each in (result.finding, *result.amounts))
        whole = folded("All findings", [tree], is_open=False)
        return render(_lines(result), form) + whole + "\n"
    return render(_lines(result), form)


def _lines(result: Determination) -> Iterator[Line]:
    yield Line(-1, _headline(result))
    yield from _law_lines(result)
    gate = result.find(result.section.headings.gate)
    if gate.verdict is not Verdict.MET:
        yield Line(-1, "What decides")
        for finding in result.reasons:
            if finding.code not in result.section.headings.amount:
                yield from _finding_lines(finding)
    if gate.verdict is not Verdict.NOT_MET:
        yield Line(-1, "The amount")
        yield from _sourcing_lines(result)
    if result.verdict is Verdict.UNKNOWN:
        yield from _settling_lines(result)
    yield from _missing_lines(result)
    yield from _met_lines(result, gate)
    idle = [each for each in gate.walk() if _has_body(each) and not each.in_force]
    yield from _titled("Not in force for this vehicle", idle)


def _sourcing_lines(result: Determination) -> Iterator[Line]:
    """How the amount is computed: by a published list, by sourcing, or by capacity."""
    headings = result.section.headings
    listed = [each for each in result.amounts if each.code == headings.listed_amount]
    for finding in listed:
        yield Line(1, f"{finding.verdict.value}: {_title(finding)}")
        for part in finding.parts:
            yield Line(2, str(part.note))
    # An amount on a list that holds leaves nothing to compute but a phase-out.
    by_list = any(each.verdict is Verdict.MET for each in listed)
    sourcing = (each for each in result.finding.branches if each.code == headings.sourcing)
    for requirement in (each for whole in sourcing for each in whole.branches):
        if requirement.code != headings.listed_sourcing and not by_list:
            yield from _requirement_lines(requirement)
    for finding in result.amounts:
        if finding not in listed and not (by_list and finding.code in headings.replaced):
            yield from _amount_lines(finding)


def _law_lines(result: Determination) -> Iterator[Line]:
    """Which law, on which day, and what the reader should know about that."""
    day = result.claim.purchase.placed_in_service
    when = "on an unknown day" if day is None else f"on {day}"
    yield Line(
        0,
        f"26 USC {result.kind.value}, {result.law.name}; vehicle placed in service {when}.",
    )
    treated_as = result.governing_day
    if treated_as not in (day, None):
        election = f"by the election of [{result.section.headings.election}]"
        yield Line(0, f"It is treated as placed in service on {treated_as}, {election}.")
    for reason in result.undetermined:
        yield Line(0, f"The law gives no answer here: {reason}.")
    for warning in result.warnings:
        yield Line(0, f"Warning: {warning}.")


def _met_lines(result: Determination, gate: Finding) -> Iterator[Line]:
    # A rule that is in two places is told of once.
    met = list({finding.rule: finding for finding in _met_bodies(gate)}.values())
    if met:
        # What is met decides only where everything must be.
        decides = result.verdict is Verdict.MET
        yield Line(-1, "What else decides, all of it met" if decides else "Met")
        for finding in met:
            yield Line(1, _one_line(finding) if decides else _title(finding))


def _has_body(finding: Finding) -> bool:
    return isinstance(finding.rule, Rule) and finding.rule.body is not None


def _met_bodies(finding: Finding) -> Iterator[Finding]:
    """The requirements that are met; of an alternative that is met, those it is met by."""
    if _has_body(finding):
        if finding.in_force and finding.verdict is Verdict.MET:
            yield finding
        return
    chosen = finding.rule.mode is Mode.ANY and finding.verdict is Verdict.MET
    for part in finding.determining() if chosen else finding.branches:
        yield from _met_bodies(part)


def _titled(heading: str, findings: list[Finding]) -> Iterator[Line]:
    if findings:
        yield Line(-1, heading)
        for finding in findings:
            yield Line(1, _title(finding))


def _missing_lines(result: Determination) -> Iterator[Line]:
    missing = result.missing()
    if missing:
        yield Line(-1, "Unknown facts that matter")
        for path in missing:
            yield Line(1, _named(path))
    if not result.missing_is_exact:
        yield Line(0, "So much is unknown that facts which may not matter are listed too.")


def _named(path: str) -> str:
    return f"{fact_type_at(Claim, path).label} ({path})"


def _headline(result: Determination) -> str:
    amount, title = bounds_in_dollars(result.credit), result.section.title
    if result.verdict is Verdict.MET:
        if not result.credit.is_exact:
            return f"MET: a {title} is allowed; it is {amount}."
        return f"MET: a {title} of {amount} is allowed."
    if result.verdict is Verdict.NOT_MET:
        return f"NOT MET: no {title} is allowed."
    return f"UNKNOWN: the {title} is {amount}."


def _title(finding: Finding) -> str:
    return f"{finding.rule.title} [{finding.citation}]"


def _one_line(finding: Finding) -> str:
    met = finding.verdict is Verdict.MET
    notes = [str(part.note) for part in finding.parts if part.verdict is Verdict.MET and part.note]
    if met and notes:
        return f"{_title(finding)}: {'; '.join(notes)}"
    # Of what is met, a flag that is as it must be says nothing that the title does not, and what
    # is unknown did not matter. An optional fact that is omitted says nothing.
    told = [
        f"{_label(fact, finding)}: {in_words(fact.value, fact.declared)}"
        for fact in finding.facts
        if not (met and (fact.declared.kind is Kind.FLAG or fact.value is None))
        and not (fact.declared.optional and fact.value is None)
    ]
    limits = [
        limit_in_words(limit, finding.facts)
        for limit in finding.limits
        if not (met and isinstance(limit.value, bool))
    ]
    details = "; ".join(dict.fromkeys([*told, *limits]))
    return f"{_title(finding)}: {details}" if details else _title(finding)


def _label(fact: FactRead, finding: Finding) -> str:
    """The name of a fact, with that of its owner where two facts of a rule share a name."""
    if [each.declared.label for each in finding.facts].count(fact.declared.label) < 2:
        return fact.declared.label
    owner = fact_type_at(Claim, fact.path.rpartition(".")[0])
    return f"{fact.declared.label}, {owner.label}"


def _finding_lines(finding: Finding) -> Iterator[Line]:
    yield Line(1, f"{finding.verdict.value}: {_one_line(finding)}")
    for part in finding.parts:
        if part.verdict is finding.verdict:
            yield Line(2, f"{part.verdict.value}: {part.note}")


def _requirement_lines(finding: Finding) -> Iterator[Line]:
    yield Line(1, f"{finding.verdict.value}: {_title(finding)}")
    for test in finding.parts if as_rule(finding.rule).as_one else (finding,):
        if not test.in_force:
            continue
        share = next(fact for fact in test.facts if fact.declared.kind is Kind.PERCENT)
        limits = "; ".join(limit_in_words(limit, test.facts) for limit in test.limits)
        yield Line(2, f"{in_words(share.value, share.declared)} {share.declared.label}; {limits}")
        for part in test.parts:
            if part.note:
                yield Line(3, f"{_COUNTS[part.verdict]}: {part.note}")
            else:
                yield Line(3, _one_line(part))


def _amount_lines(finding: Finding) -> Iterator[Line]:
    """How an amount by capacity, or a percentage of it, is computed."""
    value = finding.facts[-1]
    yield Line(1, f"{in_words(value.value, value.declared)}: {_title(finding)}")
    for part in finding.parts:
        yield Line(2, f"{part.note} [{part.citation}]")


_COUNTS = {
    Verdict.MET: "counts",
    Verdict.NOT_MET: "does not count",
    Verdict.UNKNOWN: "unknown",
}


def _settling_lines(result: Determination) -> Iterator[Line]:
    for verdict, words in (
        (Verdict.MET, "A credit is certain with suitable values of"),
        (Verdict.NOT_MET, "No credit is possible with suitable values of"),
    ):
        sets = result.settling(verdict)
        if sets:
            yield Line(-1, words)
        for paths in sets[:_SHOWN]:
            named = [_named(path) for path in sorted(paths)]
            more = f" and {len(named) - _SHOWN} more" if len(named) > _SHOWN else ""
            yield Line(1, " and ".join(named[:_SHOWN]) + more)
        if len(sets) > _SHOWN:
            rest = len(sets) - _SHOWN
            others = "one other set of facts" if rest == 1 else f"one of {rest} other sets of facts"
            yield Line(1, f"or of {others}")


_SHOWN = 6


def _mermaid(finding: Finding) -> str:
    lines = ["flowchart TD"]
    names = itertools.count()

    def visit(node: Finding) -> str:
        name = f"n{next(names)}"
        state = node.verdict.value if node.in_force else "not in force"
        title = str(node.note or node.rule.title).replace('"', "'")
        lines.append(f'    {name}["{title}<br/>{state} [{node.citation}]"]')
        for part in node.parts:
            below = visit(part)
            lines.append(f"    {name} --> {below}")
        return name

    visit(finding)
    return "\n".join(lines) + "\n"


def in_plain_words(result: Determination, audience: Audience = "buyer") -> str:
    """A determination in plain words for an audience.

    Raises:
        ValueError: There is no such audience.
    """
    checked_audience(audience)
    lines = [_plain_headline(result) if audience == "buyer" else _headline(result)]
    if result.verdict is Verdict.MET:
        # Everything that is needed decides; to name it all tells a buyer nothing.
        told = () if audience == "buyer" else result.reasons
    else:
        told = result.reasons
    lines += [f"- {said}" for said in dict.fromkeys(f.in_plain_words(audience) for f in told)]
    lines += [f"- The law gives no answer here: {reason}." for reason in result.undetermined]
    missing = result.missing()
    if missing:
        labels = dict.fromkeys(
            fact_type_at(Claim, path).label if audience == "buyer" else _named(path)
            for path in missing
        )
        lines.append(f"What it would help to know: {', '.join(labels)}.")
    return "\n".join(lines)


def _plain_headline(result: Determination) -> str:
    amount, title = bounds_in_dollars(result.credit), result.section.title
    if result.verdict is Verdict.NOT_MET:
        return f"You cannot get the {title}."
    if result.verdict is Verdict.UNKNOWN:
        return f"You may get the {title}. We cannot tell yet; it would be {amount}."
    if result.credit.is_exact:
        return f"You can get the {title} of {amount}."
    return f"You can get the {title}. How much is not certain yet; it is {amount}."
