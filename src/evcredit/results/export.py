"""A determination as data, with its receipt."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from evcredit._version import __version__
from evcredit.algebra.finding import Finding
from evcredit.algebra.schedule import NoProvision
from evcredit.results.words import facts_to_dict, json_value

if TYPE_CHECKING:
    from evcredit.algebra.binding import Limit
    from evcredit.results.determination import Determination

__all__ = ["determination_to_dict"]


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


def determination_to_dict(result: Determination) -> dict[str, Any]:
    """A determination as JSON-ready data with stable reason codes and a receipt."""
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
            "section": result.kind.value,
            "law": result.law.name,
            "as_known_on": json_value(result.law.as_known_on),
            "law_digest": result.law.digest,
            "facts": facts_to_dict(result.claim),
            "unread": list(result.unread),
        },
    }
