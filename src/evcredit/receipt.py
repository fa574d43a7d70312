"""Results in words and as data: what a caller can show to someone else."""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from evcredit._version import __version__
from evcredit.bounds import Bounds
from evcredit.claim import Claim
from evcredit.country import country_name
from evcredit.fact import FactType, Kind, declared_facts, fact_type_at
from evcredit.mineral import ApplicableMineral
from evcredit.money import bounds_in_dollars, in_dollars
from evcredit.plain_words import Audience, checked_audience
from evcredit.rule import FactRead, Finding, Mode
from evcredit.schedule import NoProvision
from evcredit.share import Share
from evcredit.verdict import Verdict

if TYPE_CHECKING:
    from evcredit.assessment import Assessment, Comparison, Flip
    from evcredit.expression import Limit

__all__ = [
    "Format",
    "Line",
    "assessment_to_dict",
    "comparison_to_dict",
    "explain_assessment",
    "explain_comparison",
    "facts_to_dict",
    "in_plain_words",
    "in_words",
    "json_value",
    "render",
]

Format = Literal["text", "markdown", "mermaid"]


# -- values in words -----------------------------------------------------------------------


def in_words(value: Any, declared: FactType) -> str:
    """A fact as a reader expects it.

    >>> in_words(Decimal(55000), FactType(Kind.MONEY, "price"))
    '$55,000'
    >>> in_words(None, FactType(Kind.FLAG, "elected out"))
    'unknown'
    """
    if value is None:
        return "unknown"
    if isinstance(value, Bounds):
        if value.is_exact:
            return in_words(value.lower, declared)
        return _bounds_in_words(value, declared)
    return _WORDS.get(declared.kind, str)(value) + (f" {declared.unit}" if declared.unit else "")


def _bounds_in_words(value: Bounds[Any], declared: FactType) -> str:
    lower, upper = in_words(value.lower, declared), in_words(value.upper, declared)
    if value.upper == Decimal("Infinity"):
        return f"at least {lower}"
    return f"at most {upper}" if value.lower == Decimal("-Infinity") else f"{lower} to {upper}"


def _plain(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _percent(value: Any) -> str:
    return str(value) if isinstance(value, Share) else f"{_plain(value)} %"


_WORDS: Mapping[Kind, Callable[[Any], str]] = {
    Kind.FLAG: lambda value: "yes" if value else "no",
    Kind.MONEY: lambda value: in_dollars(Decimal(value)),
    Kind.QUANTITY: _plain,
    Kind.COUNT: _plain,
    Kind.PERCENT: _percent,
    Kind.CHOICE: lambda value: str(value.value if isinstance(value, Enum) else value.name),
    Kind.COUNTRY: country_name,
}


_MEASURED = (Kind.MONEY, Kind.PERCENT, Kind.QUANTITY, Kind.COUNT)


def _limit_in_words(limit: Limit, facts: tuple[FactRead, ...]) -> str:
    value = limit.value
    if isinstance(value, bool):
        return f"{limit.label}: {'yes' if value else 'no'} [{limit.citation}]"
    if isinstance(value, NoProvision):
        return f"{limit.label}: none, because {value.reason} [{limit.citation}]"
    measured = next((f.declared for f in facts if f.declared.kind in _MEASURED), None)
    if measured is not None and isinstance(value, int | Decimal):
        return f"{limit.label}: {in_words(value, measured)} [{limit.citation}]"
    if str(value) == limit.label:
        return f"{limit.label} [{limit.citation}]"
    return f"{limit.label}: {value} [{limit.citation}]"


# -- documents: headings and nested items, rendered as text or Markdown ---------------------


class Line(NamedTuple):
    """One line of a document.

    Args:
        level: 0 is a paragraph, -1 a heading, and more is an item at that depth.
        text: What it says.
    """

    level: int
    text: str


def render(lines: Iterator[Line], form: str) -> str:
    """A document as text or Markdown.

    Args:
        lines: Its lines.
        form: ``"text"`` or ``"markdown"``.

    Raises:
        ValueError: No such form.
    """
    if form == "markdown":
        return "\n".join(_markdown(lines)) + "\n"
    if form == "text":
        return "\n".join(_text(lines)) + "\n"
    raise ValueError(f"no form is called {form!r}; give 'text', 'markdown' or 'mermaid'")


_WIDTH = 96
_NO_BREAK = "\u00a0"
_CITATION = re.compile(r"\[[^]]+\]")


def _text(lines: Iterator[Line]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if line.level == -1 and number:
            yield ""
        indent = "  " * line.level
        first = f"{indent}- " if line.level > 0 else ""
        # A citation stays on one line, so that it can be searched for.
        yield textwrap.fill(
            _CITATION.sub(lambda found: found[0].replace(" ", _NO_BREAK), line.text),
            _WIDTH,
            initial_indent=first,
            subsequent_indent=" " * len(first),
            break_long_words=False,
            break_on_hyphens=False,
        ).replace(_NO_BREAK, " ")


def _markdown(lines: Iterator[Line]) -> Iterator[str]:
    before = 0
    for number, line in enumerate(lines):
        if number and (line.level <= 0 or before <= 0):
            yield ""
        text = line.text.replace("$", "\\$")
        if line.level == -1:
            yield f"### {text}"
        elif line.level == 0:
            yield text
        else:
            yield f"{'    ' * (line.level - 1)}- {text}"
        before = line.level


# -- explaining an assessment --------------------------------------------------------------


def explain_assessment(result: Assessment, form: Format = "text") -> str:
    """An assessment in words: verdict and amount first, then what decides it."""
    if form == "mermaid":
        return _mermaid(result.finding)
    return render(_assessment_lines(result), form)


def _assessment_lines(result: Assessment) -> Iterator[Line]:
    yield Line(-1, _headline(result))
    yield from _law_lines(result)
    gate = result.find("eligible")
    if gate.verdict is not Verdict.MET:
        yield Line(-1, "What decides")
        for finding in result.reasons:
            if finding.code not in _AMOUNT_CODES:
                yield from _finding_lines(finding)
    if gate.verdict is not Verdict.NOT_MET:
        yield Line(-1, "The amount")
        yield from _sourcing_lines(result)
    if result.verdict is Verdict.UNKNOWN:
        yield from _settling_lines(result)
    yield from _missing_lines(result)
    yield from _met_lines(result, gate)
    idle = [each for each in gate.walk() if each.rule.body is not None and not each.in_force]
    yield from _titled("Not in force for this vehicle", idle)


def _sourcing_lines(result: Assessment) -> Iterator[Line]:
    """How the amount comes about: by a published list, by sourcing, or by capacity."""
    listed = [each for each in result.amounts if each.code == "listed_amount"]
    for finding in listed:
        yield Line(1, f"{finding.verdict.value}: {_title(finding)}")
        for part in finding.parts:
            yield Line(2, str(part.note))
    # An amount on a list that holds leaves nothing to work out but a phase-out.
    by_list = any(each.verdict is Verdict.MET for each in listed)
    sourcing = (each for each in result.finding.branches if each.code == "sourcing")
    for requirement in (each for whole in sourcing for each in whole.branches):
        if requirement.code != "listed_sourcing" and not by_list:
            yield from _requirement_lines(requirement)
    for finding in result.amounts:
        if finding not in listed and not (by_list and finding.code == "amount_by_capacity"):
            yield from _amount_lines(finding)


def _law_lines(result: Assessment) -> Iterator[Line]:
    """Which law, on which day, and what the reader should know about that."""
    day = result.claim.purchase.placed_in_service
    when = "on an unknown day" if day is None else f"on {day}"
    yield Line(
        0,
        f"26 USC {result.credit_kind.value}, {result.law.name}; vehicle placed in service {when}.",
    )
    treated_as = result.governed_as_of
    if treated_as not in (day, None):
        election = "by the election of [P.L. 117-169 sec. 13401(l)]"
        yield Line(0, f"It is treated as placed in service on {treated_as}, {election}.")
    for reason in result.undetermined:
        yield Line(0, f"The law gives no answer here: {reason}.")
    for warning in result.warnings:
        yield Line(0, f"Warning: {warning}.")


def _met_lines(result: Assessment, gate: Finding) -> Iterator[Line]:
    met = list(dict.fromkeys(_met_bodies(gate)))
    if met:
        # What is met decides only where everything must be.
        decides = result.verdict is Verdict.MET
        yield Line(-1, "What else decides, all of it met" if decides else "Met")
        for finding in met:
            yield Line(1, _one_line(finding) if decides else _title(finding))


def _met_bodies(finding: Finding) -> Iterator[Finding]:
    """The requirements that are met; of an alternative that is met, those it is met by."""
    if finding.rule.body is not None:
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


def _missing_lines(result: Assessment) -> Iterator[Line]:
    missing = result.missing()
    if missing:
        yield Line(-1, "Unknown facts that matter")
        for path in missing:
            yield Line(1, _named(path))
    if not result.missing_is_exact:
        yield Line(0, "So much is unknown that facts which may not matter are listed too.")


def _named(path: str) -> str:
    return f"{fact_type_at(Claim, path).label} ({path})"


_AMOUNT_CODES = frozenset(
    {
        "value_added_test",
        "traced_value_test",
        "minerals_requirement",
        "components_requirement",
        "listed_sourcing",
    }
)


def _headline(result: Assessment) -> str:
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
    # is unknown did not matter. An optional fact that is left out tells of nothing.
    told = [
        f"{_label(fact, finding)}: {in_words(fact.value, fact.declared)}"
        for fact in finding.facts
        if not (met and (fact.declared.kind is Kind.FLAG or fact.value is None))
        and not (fact.declared.optional and fact.value is None)
    ]
    limits = [
        _limit_in_words(limit, finding.facts)
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
    for test in finding.parts if finding.rule.as_one else (finding,):
        if not test.in_force:
            continue
        share = next(fact for fact in test.facts if fact.declared.kind is Kind.PERCENT)
        limits = "; ".join(_limit_in_words(limit, test.facts) for limit in test.limits)
        yield Line(2, f"{in_words(share.value, share.declared)} {share.declared.label}; {limits}")
        for part in test.parts:
            if part.note:
                yield Line(3, f"{_COUNTS[part.verdict]}: {part.note}")
            else:
                yield Line(3, _one_line(part))


def _amount_lines(finding: Finding) -> Iterator[Line]:
    """How an amount by capacity, or a percentage of it, comes about."""
    value = finding.facts[-1]
    yield Line(1, f"{in_words(value.value, value.declared)}: {_title(finding)}")
    for part in finding.parts:
        yield Line(2, f"{part.note} [{part.citation}]")


_COUNTS = {
    Verdict.MET: "counts",
    Verdict.NOT_MET: "does not count",
    Verdict.UNKNOWN: "unknown",
}


def _settling_lines(result: Assessment) -> Iterator[Line]:
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


# -- in plain words ------------------------------------------------------------------------


def in_plain_words(result: Assessment, audience: Audience = "buyer") -> str:
    """An assessment in plain words for an audience.

    Raises:
        ValueError: There is no such audience.
    """
    checked_audience(audience)
    lines = [_plain_headline(result) if audience == "buyer" else _headline(result)]
    if result.verdict is Verdict.MET:
        # Everything that is asked for decides; to name it all tells a buyer nothing.
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


def _plain_headline(result: Assessment) -> str:
    amount, title = bounds_in_dollars(result.credit), result.section.title
    if result.verdict is Verdict.NOT_MET:
        return f"You cannot get the {title}."
    if result.verdict is Verdict.UNKNOWN:
        return f"You may get the {title}. We cannot tell yet; it would be {amount}."
    if result.credit.is_exact:
        return f"You can get the {title} of {amount}."
    return f"You can get the {title}. How much is not certain yet; it is {amount}."


# -- explaining a comparison ---------------------------------------------------------------


def explain_comparison(comparison: Comparison, form: Format = "text") -> str:
    """A comparison in words: what changes, what it is worth, which findings flip."""
    return render(_comparison_lines(comparison), form)


def _comparison_lines(comparison: Comparison) -> Iterator[Line]:
    before, after = comparison.before, comparison.after
    worth = comparison.worth
    if worth.is_exact and not worth.lower:
        yield Line(-1, "The change is worth nothing to this claim.")
    else:
        yield Line(-1, f"The change is worth {bounds_in_dollars(worth)} to this claim.")
    for result in (before, after):
        yield Line(
            1, f"{result.law.name}: {result.verdict.value}, {bounds_in_dollars(result.credit)}"
        )
    for change in _agreement_changes(comparison):
        yield Line(1, change)
    if comparison.flips:
        yield Line(-1, "What flips")
        below = 0
        for flip in comparison.flips:
            # A chain stands under the rule it turns over, if it turns one over.
            level = below + 1 if flip.after.note else 1
            yield from _flip_lines(flip, level)
            below = below if flip.after.note else 1
    else:
        yield Line(-1, "No finding flips.")


def _agreement_changes(comparison: Comparison) -> Iterator[str]:
    before = {each.identifier: each for each in comparison.before.law.agreements}
    after = {each.identifier: each for each in comparison.after.law.agreements}
    for identifier in sorted(before.keys() ^ after.keys()):
        agreement = before.get(identifier) or after[identifier]
        which = "only under the first" if identifier in before else "only under the second"
        since = min(partner.in_force for partner in agreement.partners)
        yield f"{which}: {agreement.name} ({identifier}), in force since {since}"


def _flip_lines(flip: Flip, level: int) -> Iterator[Line]:
    one, other = flip.before, flip.after
    change = f"{_state(one)} -> {_state(other)}"
    if other.note:
        # The side on which the chain counts tells by which agreement it does.
        telling = one if one.verdict is Verdict.MET else other
        yield Line(level, f"{change}: {telling.note}")
        return
    yield Line(level, f"{change}: {other.rule.title} [{other.citation}]")
    shares = [
        f"{in_words(fact.value, fact.declared)}"
        for finding in (one, other)
        for fact in finding.facts
        if isinstance(fact.value, Share)
    ]
    if shares:
        limits = [_limit_in_words(limit, other.facts) for limit in other.limits]
        yield Line(level + 1, f"content {' -> '.join(shares)}; {'; '.join(limits)}")


def _state(finding: Finding) -> str:
    return finding.verdict.value if finding.in_force else "not in force"


# -- as data -------------------------------------------------------------------------------


def facts_to_dict(thing: Any) -> dict[str, Any]:
    """The stated facts of a domain object as JSON-ready data; unknown facts are left out.

    >>> facts_to_dict(Claim())["vehicle"]
    {'battery': {}}
    """
    found: dict[str, Any] = {}
    for name, declared in declared_facts(thing.__class__):
        value = getattr(thing, name)
        if value is None or _follows(thing, name):
            continue
        if declared.kind is Kind.PART:
            found[name] = facts_to_dict(value)
        elif declared.kind is Kind.PARTS:
            found[name] = [facts_to_dict(item) for item in value]
        else:
            found[name] = json_value(value)
    return found


def _follows(thing: Any, name: str) -> bool:
    """Whether a fact only repeats what another says: a price that its parts add up to."""
    if name == "msrp":
        return thing.sticker is not None and bool(thing.msrp == thing.sticker.msrp)
    if name == "sale_price":
        parts = thing.sale_price_parts
        return parts is not None and bool(thing.sale_price == parts.price)
    if name == "basis":
        parts = thing.basis_parts
        return parts is not None and bool(thing.basis == parts.basis)
    return False


def json_value(value: Any) -> Any:
    """One value as JSON can hold it; numbers are text, so that nothing is rounded."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Bounds):
        return {"lower": json_value(value.lower), "upper": json_value(value.upper)}
    if isinstance(value, ApplicableMineral):
        return value.identifier
    if isinstance(value, Share):
        bounds = value.bounds
        return {"lower": str(bounds.lower), "upper": str(bounds.upper)}
    if isinstance(value, tuple):
        return [facts_to_dict(item) for item in value]
    return _plain(value)


def _finding_to_dict(finding: Finding) -> dict[str, Any]:
    data: dict[str, Any] = {
        "code": finding.code,
        "title": finding.rule.title,
        "verdict": finding.verdict.value,
        "citation": str(finding.citation),
        "url": finding.citation.url,
    }
    if not finding.in_force:
        data["in_force"] = False
    if finding.facts:
        data["facts"] = {fact.path: json_value(fact.value) for fact in finding.facts}
    if finding.limits:
        data["limits"] = [
            {
                "label": limit.label,
                "value": None if isinstance(limit.value, NoProvision) else _limit_value(limit),
                "citation": str(limit.citation),
                **(
                    {"no_provision": limit.value.reason}
                    if isinstance(limit.value, NoProvision)
                    else {}
                ),
                **({"note": limit.note} if limit.note else {}),
            }
            for limit in finding.limits
        ]
    if finding.note:
        data["note"] = str(finding.note)
    if finding.parts:
        data["parts"] = [_finding_to_dict(part) for part in finding.parts]
    return data


def _limit_value(limit: Limit) -> Any:
    return (
        json_value(limit.value) if isinstance(limit.value, date | int | bool) else str(limit.value)
    )


def assessment_to_dict(result: Assessment) -> dict[str, Any]:
    """An assessment as JSON-ready data with stable reason codes and a receipt."""
    return {
        "verdict": result.verdict.value,
        "credit": {**json_value(result.credit), "currency": "USD"},
        "reasons": [finding.code for finding in result.reasons],
        "missing": list(result.missing()),
        "missing_is_exact": result.missing_is_exact,
        "undetermined": list(result.undetermined),
        "warnings": list(result.warnings),
        "finding": _finding_to_dict(result.finding),
        "amounts": [_finding_to_dict(finding) for finding in result.amounts],
        "receipt": {
            "evcredit": __version__,
            "section": result.credit_kind.value,
            "law": result.law.name,
            "as_known_on": json_value(result.law.as_known_on),
            "law_digest": result.law.digest,
            "facts": facts_to_dict(result.claim),
        },
    }


def comparison_to_dict(comparison: Comparison) -> dict[str, Any]:
    """A comparison as JSON-ready data."""
    return {
        "worth": {**json_value(comparison.worth), "currency": "USD"},
        "flips": [
            {
                "code": flip.after.code,
                "citation": str(flip.after.citation),
                "before": _state(flip.before),
                "after": _state(flip.after),
                **({"note": str(flip.after.note)} if flip.after.note else {}),
            }
            for flip in comparison.flips
        ],
        "before": assessment_to_dict(comparison.before),
        "after": assessment_to_dict(comparison.after),
    }
