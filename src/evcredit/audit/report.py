"""Which paragraphs of the law are computed, which are not and why, and the days the law changes.

The file ``data/deferred.toml`` lists the paragraphs of every text that governs a clean
vehicle credit, and for each that no rule or number cites the reason. `coverage` holds the list
against what the rules, schedules and groups of a law cite; `change_days` lists every day on
which one of its numbers changes.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from importlib import import_module
from importlib.resources import files
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.citation import Citation
from evcredit.algebra.html import preformatted
from evcredit.audit.citing import CitingPlace, all_topics, module_names, places_citing
from evcredit.audit.days import is_declared
from evcredit.audit.texts import (
    Deferral,
    Deferred,
    LawText,
    OpenPoint,
    Paragraph,
    deferred_provisions,
    law_texts,
)
from evcredit.law.law import Law, schedule_names
from evcredit.law.readings import Readings

__all__ = ["Coverage", "Row", "coverage", "loose_ends", "uncovered"]


class Row(NamedTuple):
    """A paragraph with what cites it and what explains why nothing does."""

    text: LawText
    paragraph: Paragraph
    places: tuple[CitingPlace, ...]
    deferred: tuple[Deferred, ...]

    def __str__(self) -> str:
        return f"{self.paragraph}: cited in {len(self.places)} places"


@attrs.frozen(kw_only=True)
class Coverage:
    """The paragraphs of the law compared with what cites them. Returned by `coverage`.

    Args:
        texts: The texts and their paragraphs.
        deferred: What is not computed, and why.
        places: What cites the law.
    """

    texts: tuple[LawText, ...]
    deferred: tuple[Deferred, ...]
    places: tuple[CitingPlace, ...]

    def __str__(self) -> str:
        return (
            f"coverage of {len(self.texts)} texts; not covered: {len(self.uncovered())} paragraphs"
        )

    def _repr_html_(self) -> str:
        return preformatted(str(self))

    def rows(self) -> tuple[Row, ...]:
        """Every paragraph, in the order of the texts, with what is said about it."""
        return self._rows

    @cached_property
    def _rows(self) -> tuple[Row, ...]:
        return tuple(
            Row(
                text,
                paragraph,
                tuple(each for each in self.places if _cites(each, paragraph)),
                tuple(each for each in self.deferred if each.explains(paragraph)),
            )
            for text in self.texts
            for paragraph in text.paragraphs
        )

    def uncovered(self) -> tuple[Paragraph, ...]:
        """The paragraphs that nothing cites and nothing explains."""
        return tuple(row.paragraph for row in self.rows() if not row.places and not row.deferred)

    def stale(self) -> tuple[Deferred, ...]:
        """The entries without a part left to do, of which a rule or number now cites something.

        A rule on a whole paragraph does not make an entry on a clause of it stale: that says
        which clause the rule omits. But it cannot say that the clause is still to come.
        """
        return tuple(
            entry
            for entry in self.deferred
            if not entry.part_left and any(_within(place, entry) for place in self.places)
        )

    def idle(self) -> tuple[Deferred, ...]:
        """The entries that say which part is left of something that nothing cites."""
        cited = {
            entry for row in self.rows() for entry in row.deferred if row.places and entry.part_left
        }
        return tuple(each for each in self.deferred if each.part_left and each not in cited)

    def left_behind(self) -> tuple[Deferred, ...]:
        """The entries that are to come with a paragraph that is no longer to come."""
        coming = [each.citation for each in self.deferred if each.kind is Deferral.LATER]
        return tuple(
            entry
            for entry in self.deferred
            if entry.follows
            and not any(each in entry.follows or entry.follows in each for each in coming)
        )

    def unlisted(self) -> tuple[Deferred, ...]:
        """The entries whose citation is no paragraph of any text, nor holds one."""
        paragraphs = [each for text in self.texts for each in text.paragraphs]
        return tuple(
            entry
            for entry in self.deferred
            if not any(entry.explains(paragraph) for paragraph in paragraphs)
        )

    def strangers(self) -> tuple[CitingPlace, ...]:
        """What cites a paragraph that a complete text does not have."""
        found = []
        for place in self.places:
            texts = [text for text in self.texts if text.complete and text.holds(place.citation)]
            near = [
                each
                for text in texts
                for each in text.paragraphs
                if not each.definition
                and (each.citation in place.citation or place.citation in each.citation)
            ]
            if texts and not near:
                found.append(place)
        return tuple(found)

    def faults(self) -> tuple[str, ...]:
        """Everything that is wrong with the list, each with what to do about it."""
        return (
            *(f"{each}: neither cited nor explained" for each in self.uncovered()),
            *(
                f"{each}: cited by {', '.join(self._citing(each))}; take the entry out, or say in "
                "part_left what is left"
                for each in self.stale()
            ),
            *(f"{each}: nothing cites it; take part_left out" for each in self.idle()),
            *(
                f"{each}: was to come with {each.follows}, which is there; say how it stands now"
                for each in self.left_behind()
            ),
            *(f"{each}: not among the paragraphs of any text" for each in self.unlisted()),
            *(
                f"{each.citation}: cited by {each.kind} {each.name}, but not among the paragraphs"
                for each in self.strangers()
            ),
        )

    def _citing(self, entry: Deferred) -> list[str]:
        found = (f"{each.kind} {each.name}" for each in self.places if _within(each, entry))
        return list(dict.fromkeys(found))


def _cites(place: CitingPlace, paragraph: Paragraph) -> bool:
    return not paragraph.definition and any(map(place.reaches, paragraph.citations()))


def _within(place: CitingPlace, entry: Deferred) -> bool:
    if entry.definition:
        return False
    whole = entry.kind is Deferral.LATER and place.reaches(entry.citation)
    return whole or place.citation in entry.citation


def coverage(law: Law | None = None) -> Coverage:
    """The listed paragraphs compared with what the rules and numbers of a law cite.

    Args:
        law: The law; `current_law` if omitted.

    >>> coverage().uncovered()
    ()
    """
    return Coverage(texts=law_texts(), deferred=deferred_provisions(), places=places_citing(law))


def uncovered(law: Law | None = None) -> tuple[Paragraph, ...]:
    """The paragraphs that nothing cites and nothing explains; there should be none.

    Args:
        law: The law; `current_law` if omitted.
    """
    return coverage(law).uncovered()


def loose_ends(points: Iterable[OpenPoint], deferred: Iterable[Deferred]) -> tuple[str, ...]:
    """What the two lists name that does not exist, and readings that are in neither.

    Args:
        points: The open points, see `open_points`.
        deferred: The paragraphs not computed, see `deferred_provisions`.

    >>> loose_ends((), ())[0]
    'reading agreement_scope: in no open point'
    """
    points, deferred = tuple(points), tuple(deferred)
    listed = {place for each in points for place in each.kept_in}
    readings = (f"reading {field.name}" for field in attrs.fields(Readings))
    codes = {rule.code for rule in all_topics()}
    return (
        *(f"{each}: in no open point" for each in readings if each not in listed),
        *(
            f"{place}: not found, for {each.point!r}"
            for each in points
            for place in each.kept_in
            if not _exists(place, deferred)
        ),
        *(
            f"{name}: not found, for {each}"
            for each in deferred
            for name in each.by
            if not (name in codes or name in schedule_names() or _found(name))
        ),
    )


def _exists(place: str, deferred: Iterable[Deferred]) -> bool:
    """Whether the code or the data has what an open point says it is kept in."""
    kind, _, name = place.partition(" ")
    if kind == "reading":
        return name in attrs.fields_dict(Readings)
    if kind == "schedule":
        return name in schedule_names()
    if kind == "function":
        return _found(name)
    if kind == "data":
        return any(each.name == name for each in files("evcredit.data").iterdir())
    if kind == "fact":
        return is_declared(name)
    citation, _, definition = name.partition(" | ")
    return kind == "deferred" and any(
        (each.citation, each.definition) == (Citation.parse(citation), definition)
        for each in deferred
    )


def _found(name: str) -> bool:
    """Whether a dotted name leads to something in a module of the package."""
    parts = name.split(".")
    for length in range(len(parts), 1, -1):
        module = ".".join(parts[:length])
        if module in module_names():
            found: Any = import_module(module)
            for attribute in parts[length:]:
                found = getattr(found, attribute, None)
            return found is not None
    return False
