"""The texts of the law, paragraph by paragraph, what is deferred, and the points that are open."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.citation import Citation
from evcredit.algebra.field import repr_of_facts
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.data import load

__all__ = [
    "Deferral",
    "Deferred",
    "LawText",
    "OpenPoint",
    "Paragraph",
    "deferred_provisions",
    "law_texts",
    "open_points",
    "section_cited",
]


class Deferral(PlainEnum):
    """How a paragraph stands that no rule or number cites, or not in full."""

    STATED = "stated as a fact"
    READING = "a reading, not computed"
    ELSEWHERE = "computed under another citation"
    LATER = "in a later version"
    NONE = "nothing to compute"
    OUTSIDE = "outside this package"


class Paragraph(NamedTuple):
    """A paragraph of a text, or a definition of it whose number is not known.

    Args:
        citation: The provision; of a definition without number, where the definitions stand.
        definition: What is defined, if the number is not known.
        struck: Whether it no longer stands; a law "as known on" an earlier day still has it.
        today: Of a paragraph of an earlier edition, where the same rule is today, so that
            what cites or explains the one cites or explains the other.
    """

    citation: Citation
    definition: str = ""
    struck: bool = False
    today: Citation | None = None

    def citations(self) -> tuple[Citation, ...]:
        """Where it is, and where the same rule is today."""
        return (self.citation,) if self.today is None else (self.citation, self.today)

    def __str__(self) -> str:
        return f"{self.citation} ({self.definition})" if self.definition else str(self.citation)


@attrs.frozen(kw_only=True, repr=False)
class LawText:
    """One text of the law, with its paragraphs down to the smallest a rule could cite.

    Args:
        name: A short name.
        title: What it is.
        paragraphs: Its paragraphs, struck ones and those without a known number among them.
        complete: Whether the paragraphs are all there are, so that nothing else may be cited.
        remark: What is not known of the text.
    """

    __repr__ = repr_of_facts

    name: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    complete: bool = True
    remark: str = ""

    def __str__(self) -> str:
        return f"{self.title}: {len(self.paragraphs)} paragraphs"

    def holds(self, citation: Citation) -> bool:
        """Whether a citation is of the act or section this text is."""
        return any(
            section_cited(citation) == section_cited(each.citation) for each in self.paragraphs
        )


@attrs.frozen(kw_only=True, repr=False)
class Deferred:
    """A paragraph, or all below one, that is not computed, or not in full.

    Args:
        citation: The provision.
        definition: What is defined there, if the number of the definition is not known.
        title: What it is about.
        kind: How it stands.
        reason: Why.
        part_left: What is left to do, where something cites the paragraph all the same.
        follows: Of `Deferral.LATER`, the paragraph with which it is to come.
        by: Of `Deferral.ELSEWHERE`, the rule, schedule or name that computes it.
    """

    __repr__ = repr_of_facts

    citation: Citation
    definition: str = ""
    title: str
    kind: Deferral
    reason: str
    part_left: str = ""
    follows: Citation | None = None
    by: tuple[str, ...] = ()

    def explains(self, paragraph: Paragraph) -> bool:
        """Whether it is about a paragraph."""
        if self.definition or paragraph.definition:
            return (self.citation, self.definition) == (paragraph.citation, paragraph.definition)
        return any(each in self.citation for each in paragraph.citations())

    def __str__(self) -> str:
        return f"{self.citation} ({self.definition or self.title})"


@attrs.frozen(kw_only=True, repr=False)
class OpenPoint:
    """A point that was not read in a source, or on which sources conflict, and where it is kept.

    Args:
        point: What is unresolved.
        citation: Where it would stand.
        mark: How far it is known: recalled (R), computed (C), seen in a weak source, a conflict
            of sources, or unknown.
        kept_in: Where the choice can be replaced: ``reading NAME``, ``schedule NAME``,
            ``function NAME``, ``data FILE``, ``fact PATH`` or ``deferred CITATION``.
        default: What is chosen.
        alternative: What else could be.
    """

    __repr__ = repr_of_facts

    point: str
    citation: Citation | None
    mark: str
    kept_in: tuple[str, ...]
    default: str
    alternative: str = ""

    def __str__(self) -> str:
        return f"{self.point} [{self.citation}]"


def section_cited(citation: Citation) -> tuple[Any, ...]:
    """Return what names the section, or the section of an act, that a citation lies in."""
    # Of an act the section is the first step of the path.
    act = citation.path[:1] if citation.source == "PL" else ()
    return (citation.source, citation.title, citation.section, citation.edition, act)


_EDITION = re.compile(r" \(\d{4}\)$")


@cache
def law_texts() -> tuple[LawText, ...]:
    """Every text of the law and its paragraphs, from the data file.

    >>> [text.name for text in law_texts()][:2]
    ['since 2023', 'before 2023']
    """
    return tuple(_text(row) for row in load("deferred.toml")["texts"])


def _text(row: dict[str, Any]) -> LawText:
    paragraphs = [Paragraph(Citation.parse(text)) for text in row["paragraphs"]]
    paragraphs += [Paragraph(Citation.parse(text), struck=True) for text in row.get("struck", ())]
    paragraphs += [
        Paragraph(Citation.parse(text), today=Citation.parse(_EDITION.sub("", text)))
        for text in row.get("carried", ())
    ]
    paragraphs += [
        Paragraph(Citation.parse(place), definition)
        for place, definitions in row.get("definitions", {}).items()
        for definition in definitions
    ]
    return LawText(
        name=row["name"],
        title=row["title"],
        paragraphs=tuple(sorted(paragraphs, key=lambda each: (each.citation, each.definition))),
        complete=row.get("complete", True),
        remark=row.get("remark", ""),
    )


@cache
def deferred_provisions() -> tuple[Deferred, ...]:
    """Every paragraph that is not computed, or not in full, with the reason.

    >>> entry = next(each for each in deferred_provisions() if "(f)(5)" in each.citation.text)
    >>> entry.title
    'Recapture'
    """
    rows = load("deferred.toml")["deferred"]
    return tuple(
        Deferred(
            citation=Citation.parse(row["citation"]),
            definition=row.get("definition", ""),
            title=row["title"],
            kind=Deferral[row["kind"].upper()],
            reason=row["reason"],
            part_left=row.get("part_left", ""),
            follows=Citation.parse(row["follows"]) if "follows" in row else None,
            by=tuple(row.get("by", ())),
        )
        for row in rows
    )


@cache
def open_points() -> tuple[OpenPoint, ...]:
    """Every point of the law that is recalled, open or in conflict, and where it is kept.

    >>> any("agreement_scope" in place for each in open_points() for place in each.kept_in)
    True
    """
    return tuple(
        OpenPoint(
            point=row["point"],
            citation=Citation.parse(row["citation"]) if "citation" in row else None,
            mark=row["mark"],
            kept_in=tuple(row["kept_in"]),
            default=row["default"],
            alternative=row.get("alternative", ""),
        )
        for row in load("open_points.toml")["points"]
    )
