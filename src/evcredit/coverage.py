"""Which paragraphs of the law are computed, which are not and why, and the days the law changes.

The file ``data/deferred.toml`` lists the paragraphs of every text that governs a new clean
vehicle credit, and for each that no rule or number cites the reason. `coverage` holds the list
against what the rules, schedules and groups of a law cite; `change_days` lists every day on
which one of its numbers changes.
"""

from __future__ import annotations

import inspect
import pkgutil
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, NamedTuple

import attrs

import evcredit
from evcredit import section_30d
from evcredit.citation import Citation
from evcredit.data import load
from evcredit.expression import Comparison, Expression, Operand, Parameter
from evcredit.law import CountryGroup, Law, current_law, schedule_names
from evcredit.rule import Mode, Rule
from evcredit.schedule import Entry, Schedule, Table
from evcredit.section_30d.provision import PLACED_IN_SERVICE

__all__ = [
    "ChangeDay",
    "Coverage",
    "Deferral",
    "Deferred",
    "LawText",
    "OpenPoint",
    "Paragraph",
    "Place",
    "change_days",
    "coverage",
    "deferred_provisions",
    "law_texts",
    "open_points",
    "places_citing",
    "uncovered",
]


# -- what the data file says ---------------------------------------------------------------


class Deferral(Enum):
    """How a paragraph stands that no rule or number cites, or not in full."""

    STATED = "stated as a fact"
    READING = "a reading, not worked out"
    ELSEWHERE = "computed under another citation"
    LATER = "in a later version"
    NONE = "nothing to compute"
    OUTSIDE = "outside this package"


class Paragraph(NamedTuple):
    """A paragraph of a text, or a definition of it whose number is not known.

    Args:
        text: The name of the `LawText`.
        citation: Where it stands; of a definition without number, where the definitions stand.
        definition: What is defined, if the number is not known.
        struck: Whether it no longer stands; a law "as known on" an earlier day still has it.
        carried: Whether another text has it in the same words, see `LawText.carried`.
    """

    text: str
    citation: Citation
    definition: str = ""
    struck: bool = False
    carried: bool = False

    def __str__(self) -> str:
        return f"{self.citation} ({self.definition})" if self.definition else str(self.citation)


@attrs.frozen(kw_only=True)
class LawText:
    """One text of the law, with its paragraphs down to the smallest a rule could cite.

    Args:
        name: A short name.
        title: What it is.
        paragraphs: Its paragraphs, struck ones among them.
        definitions: What it defines in paragraphs whose numbers are not known.
        complete: Whether the paragraphs are all there are, so that nothing else may be cited.
        carried_into: The text that has the carried paragraphs in the same words, so that what
            cites or explains one cites or explains the other.
        modules: Modules of section 30D whose rules are about this text alone.
        starts_before: A rule or number is about this text only if it governs vehicles placed
            in service before this day, where two texts have the same paragraphs.
        lasts_until: And only if it still does on this day.
        remark: What is not known of the text.
    """

    name: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    complete: bool = True
    carried_into: str = ""
    modules: tuple[str, ...] = ()
    starts_before: date | None = None
    lasts_until: date | None = None
    remark: str = ""

    def holds(self, citation: Citation) -> bool:
        """Whether a citation is of the act or section this text is."""
        return any(_section(citation) == _section(each.citation) for each in self.paragraphs)


@attrs.frozen(kw_only=True)
class Deferred:
    """A paragraph, or all below one, that is not computed, or not in full.

    Args:
        citation: Where it stands.
        text: The `LawText`; empty where the citation leaves no choice.
        definition: What is defined there, if the number of the definition is not known.
        title: What it is about.
        kind: How it stands.
        reason: Why.
        part_left: What is left to do, where something cites the paragraph all the same.
        by: Of `Deferral.ELSEWHERE`, the rule, schedule or name that computes it.
    """

    citation: Citation
    text: str = ""
    definition: str = ""
    title: str
    kind: Deferral
    reason: str
    part_left: str = ""
    by: tuple[str, ...] = ()

    def explains(self, paragraph: Paragraph) -> bool:
        """Whether it is about a paragraph, whichever text that belongs to."""
        if self.definition or paragraph.definition:
            return (self.citation, self.definition) == (paragraph.citation, paragraph.definition)
        return paragraph.citation in self.citation

    def __str__(self) -> str:
        return f"{self.citation} ({self.definition or self.title})"


@attrs.frozen(kw_only=True)
class OpenPoint:
    """A point that was not read in a source, or on which sources conflict, and where it is kept.

    Args:
        point: What is open.
        citation: Where it would stand.
        mark: How far it is known: recalled (R), computed (C), seen in a weak source, a conflict
            of sources, or unknown.
        kept_in: Where the choice can be replaced: ``reading NAME``, ``schedule NAME``,
            ``function NAME``, ``data FILE``, ``fact PATH`` or ``deferred CITATION``.
        default: What is chosen.
        alternative: What else could be.
    """

    point: str
    citation: Citation | None
    mark: str
    kept_in: tuple[str, ...]
    default: str
    alternative: str = ""


def _section(citation: Citation) -> tuple[Any, ...]:
    # Of an act the section is the first step of the path.
    act = citation.path[:1] if citation.source == "PL" else ()
    return (citation.source, citation.title, citation.section, act)


@cache
def law_texts() -> tuple[LawText, ...]:
    """Every text of the law and its paragraphs, from the data file.

    >>> [text.name for text in law_texts()][:2]
    ['since 2023', 'before 2023']
    """
    return tuple(_text(row) for row in load("deferred.toml")["texts"])


def _text(row: dict[str, Any]) -> LawText:
    name = row["name"]
    listed = (("paragraphs", False, False), ("carried", False, True), ("struck", True, False))
    paragraphs = [
        Paragraph(name, Citation.parse(text), struck=struck, carried=carried)
        for key, struck, carried in listed
        for text in row.get(key, ())
    ]
    paragraphs += [
        Paragraph(name, Citation.parse(place), definition)
        for place, definitions in row.get("definitions", {}).items()
        for definition in definitions
    ]
    return LawText(
        name=name,
        title=row["title"],
        paragraphs=tuple(sorted(paragraphs, key=lambda each: (each.citation, each.definition))),
        complete=row.get("complete", True),
        carried_into=row.get("carried_into", ""),
        modules=tuple(row.get("modules", ())),
        starts_before=row.get("starts_before"),
        lasts_until=row.get("lasts_until"),
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
            text=row.get("text", ""),
            definition=row.get("definition", ""),
            title=row["title"],
            kind=Deferral[row["kind"].upper()],
            reason=row["reason"],
            part_left=row.get("part_left", ""),
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


# -- what the code cites -------------------------------------------------------------------


class Place(NamedTuple):
    """Something that cites the law: a rule, a number, a group of countries.

    Args:
        citation: What it cites.
        kind: ``rule``, ``schedule``, ``group``, ``agreements`` or ``name``.
        name: The reason code, the attribute of `Law`, or the name in the code.
        days: The first day on which it governs and the first day after; `None` for open ends.
        module: The module of section 30D it is written in, if it is a rule.
        composed: Whether it is made of rules with citations of their own, so that it says
            nothing of the paragraphs below the one it cites.
    """

    citation: Citation
    kind: str
    name: str
    days: tuple[date | None, date | None] = (None, None)
    module: str = ""
    composed: bool = False

    def reaches(self, citation: Citation) -> bool:
        """Whether it is about a paragraph: it cites it, something in it, or the whole of it."""
        if self.citation in citation:
            return True
        # A rule on (f)(10) is about all clauses of it; one on (g) as a whole proves nothing.
        return not self.composed and len(self.citation.path) > 1 and citation in self.citation


def places_citing(law: Law | None = None) -> tuple[Place, ...]:
    """Everything in the package that cites the law, sorted by citation.

    Args:
        law: The law whose numbers and groups are meant; `current_law` if left out.

    >>> [place.name for place in places_citing() if str(place.citation) == "26 USC 30D(f)(4)"]
    ['used_in_united_states']
    """
    law = current_law() if law is None else law
    found = {*_rules(law), *_schedules(law), *_groups(law), *_names()}
    return tuple(sorted(found, key=lambda each: (each.citation, each.kind, each.name)))


@cache
def _modules() -> Mapping[str, ModuleType]:
    """The modules of section 30D by name."""
    return {
        each.name: import_module(f"{section_30d.__name__}.{each.name}")
        for each in pkgutil.iter_modules(section_30d.__path__)
    }


@cache
def _homes() -> Mapping[Rule, str]:
    """Every rule of section 30D with the module it is written in."""
    homes: dict[Rule, str] = {}
    inside: dict[Rule, str] = {}
    for name, module in _modules().items():
        source = inspect.getsource(module)
        for attribute, value in vars(module).items():
            if not isinstance(value, Rule):
                continue
            if f"\n{attribute} = " in source or f"\ndef {attribute}(" in source:
                homes[value] = name
            # A part may be written within the whole, without a name of its own.
            for part in value.walk():
                inside.setdefault(part, name)
    return {**inside, **homes}


def _rules(law: Law) -> Iterator[Place]:
    for rule, module in _homes().items():
        composed = rule.mode is not Mode.BODY
        flag = rule.in_force
        days = [(None, None)] if flag is None else _days_up(flag, law)
        for start, end in days:
            yield Place(rule.citation, "rule", rule.code, (start, end), module, composed)


def _days_up(flag: Expression, law: Law) -> list[tuple[Any, Any]]:
    """The first and the last of the days on which a scheduled flag is up."""
    assert isinstance(flag, Parameter)
    schedule: Schedule[Any] = getattr(law, flag.name)
    up = [entry for entry in schedule.standing if entry.value is True]
    # A flag that is never up today was, in a text since struck.
    up = up or [entry for entry in schedule.entries if entry.value is True]
    return [(up[0].start, up[-1].end)] if up else []


def _schedules(law: Law) -> Iterator[Place]:
    for name in schedule_names():
        for entry in getattr(law, name).entries:
            days = (entry.start, entry.end)
            yield Place(entry.citation, "schedule", name, days)
            if isinstance(entry.value, Table):
                for _, _, citation in entry.value.rows:
                    yield Place(citation, "schedule", name, days)


def _groups(law: Law) -> Iterator[Place]:
    first = law.critical_minerals_percentage.boundaries()[0]
    groups: list[CountryGroup] = [
        getattr(law, name)
        for name, value in vars(Law).items()
        if isinstance(value, property) and isinstance(getattr(law, name), CountryGroup)
    ]
    groups.append(law.mineral_countries(first, "lithium"))
    for group in groups:
        yield Place(group.citation, "group", str(group))
    yield Place(_LIST, "agreements", "agreements")


#: Where the list of countries that the agreements make stands.
_LIST = Citation.parse("26 CFR 1.30D-2(b)(13)(ii)")


def _names() -> Iterator[Place]:
    """Citations that stand at the top level of a module, by themselves or in a table."""
    others = {
        each.name: import_module(f"{evcredit.__name__}.{each.name}")
        for each in pkgutil.iter_modules(evcredit.__path__)
        if not each.ispkg and not each.name.startswith("_") and each.name != _HERE
    }
    for name, module in {**others, **_modules()}.items():
        for attribute, value in vars(module).items():
            for citation in _citations_in(value):
                yield Place(citation, "name", f"{name}.{attribute}", module=name)


_HERE = __name__.rpartition(".")[2]


def _citations_in(value: Any) -> Iterator[Citation]:
    if isinstance(value, Citation):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _citations_in(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _citations_in(inner)


# -- the one held against the other --------------------------------------------------------


class Row(NamedTuple):
    """A paragraph with what cites it and what explains why nothing does."""

    paragraph: Paragraph
    places: tuple[Place, ...]
    deferred: tuple[Deferred, ...]


@attrs.frozen(kw_only=True)
class Coverage:
    """The paragraphs of the law held against what cites them. Made by `coverage`.

    Args:
        texts: The texts and their paragraphs.
        deferred: What is not computed, and why.
        places: What cites the law.
    """

    texts: tuple[LawText, ...]
    deferred: tuple[Deferred, ...]
    places: tuple[Place, ...]

    def rows(self) -> tuple[Row, ...]:
        """Every paragraph, in the order of the texts, with what is said about it."""
        return tuple(
            Row(
                paragraph,
                tuple(each for each in self.places if self._cites(each, paragraph)),
                tuple(each for each in self.deferred if self._explains(each, paragraph)),
            )
            for text in self.texts
            for paragraph in text.paragraphs
        )

    def _text(self, name: str) -> LawText:
        return next(text for text in self.texts if text.name == name)

    def _read_as(self, paragraph: Paragraph) -> tuple[LawText, ...]:
        """The texts in which a paragraph stands in the same words."""
        own = self._text(paragraph.text)
        return (own, self._text(own.carried_into)) if paragraph.carried else (own,)

    def _cites(self, place: Place, paragraph: Paragraph) -> bool:
        if paragraph.definition or not place.reaches(paragraph.citation):
            return False
        return any(self._about(place, text) for text in self._read_as(paragraph))

    def _about(self, place: Place, text: LawText) -> bool:
        """Whether a place that cites a paragraph means that paragraph of this text."""
        claimed = [each.name for each in self.texts if place.module in each.modules]
        if claimed:
            return text.name in claimed
        start, end = place.days
        if text.starts_before and (start is None or start >= text.starts_before):
            return False
        return not (text.lasts_until and end is not None and end <= text.lasts_until)

    def _explains(self, entry: Deferred, paragraph: Paragraph) -> bool:
        names = {text.name for text in self._read_as(paragraph)}
        return entry.explains(paragraph) and (not entry.text or entry.text in names)

    def uncovered(self) -> tuple[Paragraph, ...]:
        """The paragraphs that nothing cites and nothing explains."""
        return tuple(row.paragraph for row in self.rows() if not row.places and not row.deferred)

    def stale(self) -> tuple[Deferred, ...]:
        """The entries without a part left to do, of which a rule or number now cites something.

        A rule on a whole paragraph does not make an entry on a clause of it stale: that says
        which clause the rule leaves out.
        """
        return tuple(
            entry
            for entry in self.deferred
            if not entry.part_left and any(self._within(place, entry) for place in self.places)
        )

    def idle(self) -> tuple[Deferred, ...]:
        """The entries that say which part is left of something that nothing cites."""
        cited = {
            entry for row in self.rows() for entry in row.deferred if row.places and entry.part_left
        }
        return tuple(each for each in self.deferred if each.part_left and each not in cited)

    def _within(self, place: Place, entry: Deferred) -> bool:
        if entry.definition or place.citation not in entry.citation:
            return False
        texts = [text for text in self.texts if text.name == entry.text]
        return not texts or any(self._about(place, text) for text in texts)

    def unlisted(self) -> tuple[Deferred, ...]:
        """The entries whose citation is no paragraph of any text, nor holds one."""
        paragraphs = [each for text in self.texts for each in text.paragraphs]
        return tuple(
            entry
            for entry in self.deferred
            if not any(self._explains(entry, paragraph) for paragraph in paragraphs)
        )

    def strangers(self) -> tuple[Place, ...]:
        """What cites a paragraph that a complete text does not have."""
        found = []
        for place in self.places:
            texts = [text for text in self.texts if text.complete and text.holds(place.citation)]
            near = [
                each
                for text in texts
                for each in text.paragraphs
                if each.citation in place.citation or place.citation in each.citation
            ]
            if texts and not near:
                found.append(place)
        return tuple(found)

    def faults(self) -> tuple[str, ...]:
        """Everything that is wrong with the list, each with what to do about it."""
        return (
            *(f"{each} [{each.text}]: neither cited nor explained" for each in self.uncovered()),
            *(
                f"{each}: cited by {', '.join(self._citing(each))}; take the entry out, or say in "
                "part_left what is left"
                for each in self.stale()
            ),
            *(f"{each}: nothing cites it; take part_left out" for each in self.idle()),
            *(f"{each}: not among the paragraphs of any text" for each in self.unlisted()),
            *(
                f"{each.citation}: cited by {each.kind} {each.name}, but no such paragraph is listed"
                for each in self.strangers()
            ),
        )

    def _citing(self, entry: Deferred) -> list[str]:
        found = (f"{each.kind} {each.name}" for each in self.places if self._within(each, entry))
        return list(dict.fromkeys(found))


def coverage(law: Law | None = None) -> Coverage:
    """The listed paragraphs held against what the rules and numbers of a law cite.

    Args:
        law: The law; `current_law` if left out.

    >>> coverage().uncovered()
    ()
    """
    return Coverage(
        texts=law_texts(), deferred=deferred_provisions(), places=places_citing(law)
    )


def uncovered(law: Law | None = None) -> tuple[Paragraph, ...]:
    """The paragraphs that nothing cites and nothing explains; there should be none."""
    return coverage(law).uncovered()


# -- the days on which the law changes -----------------------------------------------------


class ChangeDay(NamedTuple):
    """A day on which a number of the law changes.

    Args:
        day: The first day of the new state.
        schedule: The attribute of `Law`.
        label: The number, in words.
        citation: Where the new state stands.
        read_on: The paths of the facts of a claim whose day is meant.
    """

    day: date
    schedule: str
    label: str
    citation: Citation
    read_on: tuple[str, ...]


def change_days(law: Law | None = None) -> tuple[ChangeDay, ...]:
    """Every day on which the law changes, in order.

    These are the days on which an entry of a schedule starts or the last one ends; the day
    after a deadline that is itself a day; the days on which agreements enter into force or end;
    and what a module of section 30D adds by a function ``change_days(law)`` of its own, for
    days that are computed rather than listed.

    Args:
        law: The law; `current_law` if left out.

    >>> [each.schedule for each in change_days() if str(each.day) == "2025-10-01"]
    ['acquisition_deadline']
    """
    law = current_law() if law is None else law
    rules = tuple(_homes())
    found = {*_boundaries(law, rules), *_deadlines(law, rules), *_agreement_days(law)}
    for module in _modules().values():
        found.update(ChangeDay(*each) for each in getattr(module, "change_days", _none)(law))
    return tuple(sorted(found, key=lambda each: (each.day, each.schedule, each.citation)))


def _none(law: Law) -> tuple[()]:
    return ()


def _boundaries(law: Law, rules: Iterable[Rule]) -> Iterator[ChangeDay]:
    read_on = _days_by_schedule(rules)
    for name in schedule_names():
        schedule: Schedule[Any] = getattr(law, name)
        entries: tuple[Entry[Any], ...] = schedule.standing
        days = read_on.get(name, (PLACED_IN_SERVICE.path,))
        for entry in entries:
            yield ChangeDay(entry.start, name, schedule.name, entry.citation, days)
        if entries and entries[-1].end is not None:
            last = entries[-1]
            yield ChangeDay(last.end, name, schedule.name, last.citation, days)  # type: ignore[arg-type]  # not None


def _days_by_schedule(rules: Iterable[Rule]) -> dict[str, tuple[str, ...]]:
    """For each schedule the facts on whose day rules read it."""
    found: dict[str, dict[str, None]] = {}
    for node in _nodes_of(rules):
        if isinstance(node, Parameter):
            found.setdefault(node.name, {})[node.day.path] = None
    return {name: tuple(sorted(paths)) for name, paths in found.items()}


def _deadlines(law: Law, rules: Iterable[Rule]) -> Iterator[ChangeDay]:
    """The first day on the far side of each day that the law itself names."""
    compared: dict[str, tuple[Comparison, dict[str, None]]] = {}
    for node in _nodes_of(rules):
        if isinstance(node, Comparison) and isinstance(node.right, Parameter):
            compared.setdefault(node.right.name, (node, {}))[1][node.left.path] = None
    for name, (comparison, paths) in compared.items():
        schedule: Schedule[Any] = getattr(law, name)
        # "Not after" and "after" turn over on the next day, "before" and "from" on the day.
        later = timedelta(days=1 if comparison.symbol in {"<=", ">"} else 0)
        for entry in schedule.standing:
            if isinstance(entry.value, date):
                day = entry.value + later
                yield ChangeDay(day, name, schedule.name, entry.citation, tuple(sorted(paths)))


def _agreement_days(law: Law) -> Iterator[ChangeDay]:
    for day in law.agreements.boundaries():
        label = "countries with a free trade agreement in effect"
        yield ChangeDay(day, "agreements", label, _LIST, (PLACED_IN_SERVICE.path,))


def _nodes_of(rules: Iterable[Rule]) -> Iterator[Expression | Operand]:
    for rule in rules:
        for expression in rule.expressions():
            yield from _nodes(expression)


def _nodes(node: Expression | Operand) -> Iterator[Expression | Operand]:
    yield node
    for operand in node.operands():
        yield from _nodes(operand)
