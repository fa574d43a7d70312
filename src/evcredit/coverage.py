"""Which paragraphs of the law are computed, which are not and why, and the days the law changes.

The file ``data/deferred.toml`` lists the paragraphs of every text that governs a clean
vehicle credit, and for each that no rule or number cites the reason. `coverage` holds the list
against what the rules, schedules and groups of a law cite; `change_days` lists every day on
which one of its numbers changes.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import date, timedelta
from enum import Enum
from functools import cache
from importlib import import_module
from importlib.resources import files
from types import CodeType, ModuleType
from typing import Any, NamedTuple

import attrs

import evcredit
from evcredit.citation import Citation
from evcredit.data import load
from evcredit.expression import Comparison, Expression, Operand, Parameter
from evcredit.law import CountryGroup, Law, Readings, current_law, schedule_names
from evcredit.rule import Rule
from evcredit.schedule import Schedule, Table
from evcredit.section_30d.provision import CLAIM, PLACED_IN_SERVICE

__all__ = [
    "ChangeDay",
    "Coverage",
    "Deferral",
    "Deferred",
    "LawText",
    "OpenPoint",
    "Paragraph",
    "Place",
    "Row",
    "change_days",
    "coverage",
    "deferred_provisions",
    "law_texts",
    "loose_ends",
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
        citation: Where it stands; of a definition without number, where the definitions stand.
        definition: What is defined, if the number is not known.
        struck: Whether it no longer stands; a law "as known on" an earlier day still has it.
        today: Of a paragraph of an earlier edition, where the same rule stands today, so that
            what cites or explains the one cites or explains the other.
    """

    citation: Citation
    definition: str = ""
    struck: bool = False
    today: Citation | None = None

    def citations(self) -> tuple[Citation, ...]:
        """Where it stands, and where the same rule stands today."""
        return (self.citation,) if self.today is None else (self.citation, self.today)

    def __str__(self) -> str:
        return f"{self.citation} ({self.definition})" if self.definition else str(self.citation)


@attrs.frozen(kw_only=True)
class LawText:
    """One text of the law, with its paragraphs down to the smallest a rule could cite.

    Args:
        name: A short name.
        title: What it is.
        paragraphs: Its paragraphs, struck ones and those without a known number among them.
        complete: Whether the paragraphs are all there are, so that nothing else may be cited.
        remark: What is not known of the text.
    """

    name: str
    title: str
    paragraphs: tuple[Paragraph, ...]
    complete: bool = True
    remark: str = ""

    def holds(self, citation: Citation) -> bool:
        """Whether a citation is of the act or section this text is."""
        return any(_section(citation) == _section(each.citation) for each in self.paragraphs)


@attrs.frozen(kw_only=True)
class Deferred:
    """A paragraph, or all below one, that is not computed, or not in full.

    Args:
        citation: Where it stands.
        definition: What is defined there, if the number of the definition is not known.
        title: What it is about.
        kind: How it stands.
        reason: Why.
        part_left: What is left to do, where something cites the paragraph all the same.
        follows: Of `Deferral.LATER`, the paragraph with which it is to come.
        by: Of `Deferral.ELSEWHERE`, the rule, schedule or name that computes it.
    """

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


# -- what the code cites -------------------------------------------------------------------


class Place(NamedTuple):
    """Something that cites the law: a rule, a number, a group of countries.

    Args:
        citation: What it cites.
        kind: ``rule``, ``schedule``, ``group``, ``agreements`` or ``name``.
        name: The reason code, the attribute of `Law`, or the name in the code.
        composed: Whether it says nothing of the paragraphs below the one it cites, as a rule
            that is made of rules with citations of their own.
    """

    citation: Citation
    kind: str
    name: str
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
    found = {*_rule_places(), *_schedules(law), *_groups(law), *_names()}
    return tuple(sorted(found, key=lambda each: (each.citation, each.kind, each.name)))


@cache
def _modules() -> tuple[ModuleType, ...]:
    """The modules of every section."""
    packages = (each for each in pkgutil.iter_modules(evcredit.__path__) if _is_section(each))
    return tuple(
        import_module(f"{evcredit.__name__}.{package.name}.{each.name}")
        for package in packages
        for each in pkgutil.iter_modules(
            import_module(f"{evcredit.__name__}.{package.name}").__path__
        )
    )


def _is_section(module: pkgutil.ModuleInfo) -> bool:
    return module.ispkg and module.name.startswith("section_")


@cache
def _rules() -> tuple[Rule, ...]:
    """Every rule of every section: those that decide, and those that only explain."""
    written = (value for module in _modules() for value in vars(module).values())
    found = (part for each in written for rule in _rules_in(each) for part in rule.walk())
    return tuple(dict.fromkeys(found))


def _rules_in(value: Any) -> Iterator[Rule]:
    """A rule, or those that a value of an attrs class holds."""
    if isinstance(value, Rule):
        yield value
    elif attrs.has(type(value)):
        held = (getattr(value, field.name) for field in attrs.fields(type(value)))
        yield from (each for each in held if isinstance(each, Rule))


def _rule_places() -> Iterator[Place]:
    for rule in _rules():
        yield Place(rule.citation, "rule", rule.code, composed=bool(rule.parts))


def _schedules(law: Law) -> Iterator[Place]:
    for name in schedule_names():
        for entry in getattr(law, name).entries:
            yield Place(entry.citation, "schedule", name)
            if isinstance(entry.value, Table):
                for _, _, citation in entry.value.rows:
                    yield Place(citation, "schedule", name)


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
    """Citations that stand at the top level of a module, in a table of it, or in a function."""
    others = (
        import_module(f"{evcredit.__name__}.{each.name}")
        for each in pkgutil.iter_modules(evcredit.__path__)
        if not each.ispkg and not each.name.startswith("_")
    )
    for module in (*others, *_modules()):
        if module.__name__ == __name__:
            continue
        name = module.__name__.partition(".")[2]
        for attribute, value in vars(module).items():
            found = [*_citations_in(value)]
            if getattr(value, "__module__", None) == module.__name__:
                found += _citations_written_in(value)
            for citation in found:
                yield Place(citation, "name", f"{name}.{attribute}", composed=True)


def _citations_in(value: Any) -> Iterator[Citation]:
    if isinstance(value, Citation):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _citations_in(inner)
    elif isinstance(value, tuple):
        for inner in value:
            yield from _citations_in(inner)


def _citations_written_in(value: Any) -> Iterator[Citation]:
    """Citations written as text in a function, or in the methods of a class."""
    members = vars(value).values() if isinstance(value, type) else (value,)
    for member in members:
        inner = member
        for name in ("fget", "func", "__func__", "__wrapped__"):
            inner = getattr(inner, name, None) or inner
        code = getattr(inner, "__code__", None)
        if isinstance(code, CodeType):
            for text in _texts_in(code.co_consts):
                with suppress(ValueError):
                    yield Citation.parse(text)


def _texts_in(constants: tuple[Any, ...]) -> Iterator[str]:
    for each in constants:
        if isinstance(each, str):
            yield each
        elif isinstance(each, tuple):
            yield from _texts_in(each)
        elif isinstance(each, CodeType):
            yield from _texts_in(each.co_consts)


# -- the one held against the other --------------------------------------------------------


class Row(NamedTuple):
    """A paragraph with what cites it and what explains why nothing does."""

    text: LawText
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
        which clause the rule leaves out. But it cannot say that the clause is still to come.
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

    def strangers(self) -> tuple[Place, ...]:
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


def _cites(place: Place, paragraph: Paragraph) -> bool:
    return not paragraph.definition and any(map(place.reaches, paragraph.citations()))


def _within(place: Place, entry: Deferred) -> bool:
    if entry.definition:
        return False
    whole = entry.kind is Deferral.LATER and place.reaches(entry.citation)
    return whole or place.citation in entry.citation


def coverage(law: Law | None = None) -> Coverage:
    """The listed paragraphs held against what the rules and numbers of a law cite.

    Args:
        law: The law; `current_law` if left out.

    >>> coverage().uncovered()
    ()
    """
    return Coverage(texts=law_texts(), deferred=deferred_provisions(), places=places_citing(law))


def uncovered(law: Law | None = None) -> tuple[Paragraph, ...]:
    """The paragraphs that nothing cites and nothing explains; there should be none."""
    return coverage(law).uncovered()


# -- where open points are kept ------------------------------------------------------------


def loose_ends(points: Iterable[OpenPoint], deferred: Iterable[Deferred]) -> tuple[str, ...]:
    """What the two lists name that does not exist, and readings that stand in neither.

    Args:
        points: The open points, see `open_points`.
        deferred: The paragraphs not computed, see `deferred_provisions`.

    >>> loose_ends((), ())[0]
    'reading agreement_scope: in no open point'
    """
    points, deferred = tuple(points), tuple(deferred)
    listed = {place for each in points for place in each.kept_in}
    readings = (f"reading {field.name}" for field in attrs.fields(Readings))
    codes = {rule.code for rule in _rules()}
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
        return _stated(name)
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
        if module in _module_names():
            found: Any = import_module(module)
            for attribute in parts[length:]:
                found = getattr(found, attribute, None)
            return found is not None
    return False


@cache
def _module_names() -> frozenset[str]:
    path, prefix = evcredit.__path__, f"{evcredit.__name__}."
    return frozenset(each.name for each in pkgutil.walk_packages(path, prefix))


def _stated(path: str) -> bool:
    try:
        _declared(path)
    except AttributeError:
        return False
    return True


# -- the days on which the law changes -----------------------------------------------------


class ChangeDay(NamedTuple):
    """A day on which a number of the law changes.

    Args:
        day: The first day of the new state.
        schedule: The attribute of `Law`, or the computed fact.
        label: The number, in words.
        citation: Where the new state stands.
        before: Where the state before stood; `None` on the first day.
        rules: Where the rules stand that read it.
        read_on: Which days of a claim are meant, in words.
    """

    day: date
    schedule: str
    label: str
    citation: Citation
    before: Citation | None
    rules: tuple[Citation, ...]
    read_on: tuple[str, ...]


def change_days(law: Law | None = None) -> tuple[ChangeDay, ...]:
    """Every day on which the law changes, in order.

    These are the days on which an entry of a schedule starts or the last one ends; those on
    either side of a deadline, where the law itself names a day; those on which a computed fact
    turns over; and those on which agreements enter into force or end.

    Args:
        law: The law; `current_law` if left out.

    >>> [each.schedule for each in change_days() if str(each.day) == "2025-10-01"]
    ['acquisition_deadline', 'commercial_acquisition_deadline', 'used_vehicle_last_acquisition']
    """
    law = current_law() if law is None else law
    found = {*_boundaries(law), *_deadlines(law), *_turns(law), *_agreement_days(law)}
    return tuple(sorted(found, key=lambda each: (each.day, each.schedule, each.citation)))


#: Where no rule reads a schedule by itself, the day that picks nearly all of them is meant.
_USUAL = (PLACED_IN_SERVICE,)


def _words(facts: Iterable[Any]) -> tuple[str, ...]:
    """Days of a claim in words, each once."""
    labels = (getattr(fact, "label", "") or fact.declared.label for fact in facts)
    return tuple(sorted(dict.fromkeys(labels)))


def _boundaries(law: Law) -> Iterator[ChangeDay]:
    read_on: dict[str, list[Any]] = {}
    rules: dict[str, list[Rule]] = {}
    for rule, node in _nodes_of_rules():
        if isinstance(node, Parameter):
            if node.day is not None:
                read_on.setdefault(node.name, []).append(node.day)
            rules.setdefault(node.name, []).append(rule)
    for name in schedule_names():
        schedule: Schedule[Any] = getattr(law, name)
        readers, days = _cited_by(rules.get(name, ())), _words(read_on.get(name, _USUAL))
        before = None
        for entry in schedule.standing:
            where = entry.citation
            yield ChangeDay(entry.start, name, schedule.name, where, before, readers, days)
            before = where
        end = schedule.standing[-1].end if schedule.standing else None
        if end is not None and before is not None:
            yield ChangeDay(end, name, schedule.name, before, before, readers, days)


def _cited_by(rules: Iterable[Rule]) -> tuple[Citation, ...]:
    return tuple(sorted({rule.citation for rule in rules}))


def _deadlines(law: Law) -> Iterator[ChangeDay]:
    """The first day on the far side of each day that the law itself names."""
    compared: dict[str, list[tuple[Rule, Comparison]]] = {}
    for rule, node in _nodes_of_rules():
        if isinstance(node, Comparison) and isinstance(node.right, Parameter):
            compared.setdefault(node.right.name, []).append((rule, node))
    for name, found in compared.items():
        schedule: Schedule[Any] = getattr(law, name)
        readers = _cited_by(rule for rule, _ in found)
        days = _words(comparison.left for _, comparison in found)
        # "Not after" and "after" turn over on the next day, "before" and "from" on the day.
        later = _A_DAY if found[0][1].symbol in {"<=", ">"} else timedelta(0)
        for entry in schedule.standing:
            if isinstance(entry.value, date):
                day, where = entry.value + later, entry.citation
                yield ChangeDay(day, name, schedule.name, where, where, readers, days)


_A_DAY = timedelta(days=1)


def _turns(law: Law) -> Iterator[ChangeDay]:
    """The days at which what is computed from a claim turns over."""
    named: dict[date, list[tuple[str, str, Citation]]] = {}
    for name in schedule_names():
        for entry in getattr(law, name).standing:
            if isinstance(entry.value, date):
                own = (name, getattr(law, name).name, entry.citation)
                named.setdefault(entry.value, []).append(own)
    for rule, node in _nodes_of_rules():
        turns: Any = getattr(node, "breakpoints", None)
        if turns is None or isinstance(node, Comparison):
            continue
        for path, values in turns(law).items():
            for day in values:
                if not isinstance(day, date):
                    continue
                own = (getattr(node, "name", rule.code), rule.title, rule.citation)
                words = _words((_declared(path),)) if _stated(path) else (path,)
                # A day that the law names, or the one after it, stands where that is named.
                near = named.get(day) or named.get(day - _A_DAY) or [own]
                same = [each for each in near if _section(each[2]) == _section(rule.citation)]
                for name, label, where in same or near:
                    yield ChangeDay(day, name, label, where, where, (rule.citation,), words)


def _declared(path: str) -> Any:
    fact = CLAIM
    for name in path.split("."):
        fact = getattr(fact, name)
    return fact


def _agreement_days(law: Law) -> Iterator[ChangeDay]:
    for day in law.agreements.boundaries():
        label = "countries with a free trade agreement in effect"
        yield ChangeDay(day, "agreements", label, _LIST, _LIST, (), _words(_USUAL))


def _nodes_of_rules() -> Iterator[tuple[Rule, Expression | Operand]]:
    for rule in _rules():
        for expression in rule.expressions():
            for node in _nodes(expression):
                yield rule, node


def _nodes(node: Expression | Operand) -> Iterator[Expression | Operand]:
    yield node
    for operand in node.operands():
        yield from _nodes(operand)
