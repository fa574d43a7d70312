"""Every entity of a graph of owners: whether it is one of concern, what makes it one, a receipt."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Any

import attrs

from evcredit._version import __version__
from evcredit.algebra.citation import Citation
from evcredit.algebra.field import checked_day
from evcredit.algebra.finding import Finding
from evcredit.algebra.share import Share
from evcredit.algebra.verdict import Verdict
from evcredit.errors import checked
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.facts.place import place_name
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.results.words import Format, Line, facts_to_dict, json_value, render
from evcredit.section_30d.concern.entity import Stake, entity_finding, government_stakes

__all__ = ["OwnersAssessment", "assess_owners"]

_SAID = {
    Verdict.MET: "not a foreign entity of concern",
    Verdict.NOT_MET: "a foreign entity of concern",
    Verdict.UNKNOWN: "unknown",
}


@attrs.frozen(kw_only=True, slots=False)
class OwnersAssessment:
    """What the law makes of the entities of a graph. Returned by `assess_owners`.

    Args:
        graph: Who owns whom.
        law: The law.
        day: The day the vehicle is placed in service; `None` if unknown.
    """

    graph: OwnershipGraph
    law: Law
    day: date | None

    def __str__(self) -> str:
        verdicts = [finding.verdict for finding in self.findings.values()]
        concern, unknown = (verdicts.count(each) for each in (Verdict.NOT_MET, Verdict.UNKNOWN))
        return f"{len(verdicts)} entities: {concern} of concern, {unknown} unknown"

    @cached_property
    def findings(self) -> dict[str, Finding]:
        """By name whether each is not one of concern, contracts for single outputs aside."""
        return {
            each.name: entity_finding(self.graph, each.name, self.law, day=self.day)
            for each in self.graph.entities
        }

    def stakes(self, name: str) -> tuple[Stake, ...]:
        """What governments of covered nations hold of an entity.

        Raises:
            UnknownNameError: The graph has no entity of that name. It is a `KeyError` too.
        """
        return government_stakes(self.graph, name, self.law, day=self.day)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Where the findings are in the law."""
        found = (each.citation for top in self.findings.values() for each in top.walk())
        return tuple(dict.fromkeys(found))

    def explain(self, form: Format = "text") -> str:
        """Each entity with what makes it one of concern, or may.

        Args:
            form: ``"text"``, ``"markdown"`` or ``"html"``.

        Raises:
            ValueError: No such form.
        """
        return render(self._lines(), form)

    def _lines(self) -> Iterator[Line]:
        when = "on an unknown day" if self.day is None else f"on {self.day}"
        yield Line(-1, f"{self}, {self.law.name}, {when}")
        for name, finding in self.findings.items():
            yield Line(1, f"{name}: {_SAID[finding.verdict]} [{finding.citation}]")
            for part in finding.parts:
                yield Line(2, f"{part.note or part.rule.title} [{part.citation}]")

    def to_dict(self) -> dict[str, Any]:
        """Each entity with its verdict and stakes, and a receipt, ready for JSON."""
        return {
            "entities": [
                {
                    "name": each.name,
                    "identifiers": list(each.identifiers),
                    "foreign_entity_of_concern": (~self.findings[each.name].verdict).known,
                    "grounds": [part.code for part in self.findings[each.name].parts],
                    "stakes": [_stake(stake) for stake in self.stakes(each.name)],
                }
                for each in self.graph.entities
            ],
            "citations": [str(each) for each in self.citations],
            "receipt": {
                "evcredit": __version__,
                "law": self.law.name,
                "as_known_on": json_value(self.law.as_known_on),
                "law_digest": self.law.digest,
                "day": json_value(self.day),
                "facts": facts_to_dict(self.graph),
            },
        }

    def _repr_html_(self) -> str:
        return self.explain("html")


def _stake(stake: Stake) -> dict[str, Any]:
    low, high = stake.share.lower, stake.share.upper
    return {
        "government": place_name(stake.government) if stake.government else "covered nations",
        "metric": stake.metric.value,
        "share": json_value(Share(*low.as_integer_ratio(), *high.as_integer_ratio())),
        "controls": stake.controls,
    }


def assess_owners(
    graph: OwnershipGraph, law: Law | None = None, *, day: date | str | None = None
) -> OwnersAssessment:
    """Whether each entity of a graph is a foreign entity of concern (42 USC 18741(a)(5)).

    Args:
        graph: Who owns whom.
        law: The law; `current_law` if omitted.
        day: The day the vehicle is placed in service; unknown if omitted.

    >>> from evcredit.facts import Entity, Holding
    >>> graph = OwnershipGraph(
    ...     entities=[Entity.government("Province", "China"), Entity.company("Mine", "Chile")],
    ...     holdings=[Holding.alike("Province", "Mine", "24.9")],
    ... )
    >>> print(assess_owners(graph))
    2 entities: 1 of concern, 0 unknown
    """
    return OwnersAssessment(
        graph=checked(graph, OwnershipGraph, "graph"),
        law=law_applied(law),
        day=None if day is None else checked_day(day),
    )
