"""Every place in the package that cites the law."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from importlib import import_module
from types import CodeType, ModuleType
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.citation import Citation
from evcredit.algebra.rule import Rule
from evcredit.algebra.schedule import Table
from evcredit.algebra.topic import Topic
from evcredit.algebra.tuples import made_of_items
from evcredit.law.countries import CountryGroup
from evcredit.law.current import law_applied
from evcredit.law.law import Law, schedule_names

__all__ = [
    "LIST_OF_AGREEMENTS",
    "CitingPlace",
    "all_rules",
    "all_topics",
    "module_names",
    "places_citing",
]


@made_of_items
class CitingPlace(NamedTuple):
    """Something that cites the law: a rule, a number, a group of countries.

    Args:
        citation: What it cites.
        kind: ``rule``, ``schedule``, ``group``, ``agreements`` or ``name``.
        name: The reason code, the attribute of `Law`, or the name in the code.
        composed: Whether it says nothing about the paragraphs below the one it cites, as a rule
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


def places_citing(law: Law | None = None) -> tuple[CitingPlace, ...]:
    """Everything in the package that cites the law, sorted by citation.

    Args:
        law: The law whose numbers and groups are meant; `current_law` if omitted.

    >>> [place.name for place in places_citing() if str(place.citation) == "26 USC 30D(f)(4)"]
    ['used_in_united_states']
    """
    law = law_applied(law)
    found = {*_rule_places(), *_schedules(law), *_groups(law), *_names()}
    return tuple(sorted(found, key=lambda each: (each.citation, each.kind, each.name)))


@cache
def _modules() -> tuple[ModuleType, ...]:
    """The modules of every section, and of what sections share."""
    return tuple(
        import_module(name) for name in sorted(module_names()) if name.split(".")[1] in _of_law()
    )


@cache
def _of_law() -> frozenset[str]:
    """The rooms in which rules are written: one for each section, and one for what they share."""
    rooms = {name.split(".")[1] for name in module_names()}
    return frozenset(room for room in rooms if room.startswith("section_")) | {"provisions"}


@cache
def all_topics() -> tuple[Topic, ...]:
    """Every point of the law that a finding can be about: rules, and what only explains."""
    written = (value for module in _modules() for value in vars(module).values())
    found = (part for each in written for topic in _topics_in(each) for part in _below(topic))
    return tuple(dict.fromkeys(found))


def all_rules() -> tuple[Rule, ...]:
    """Every rule of every section."""
    return tuple(each for each in all_topics() if isinstance(each, Rule))


def _below(topic: Topic) -> Iterator[Topic]:
    """A topic, and the rules it is composed of."""
    return topic.walk() if isinstance(topic, Rule) else iter((topic,))


def _topics_in(value: Any) -> Iterator[Topic]:
    """A topic, or those that a value of an attrs class holds."""
    if isinstance(value, Topic):
        yield value
    elif attrs.has(type(value)):
        held = (getattr(value, field.name) for field in attrs.fields(type(value)))
        yield from (each for each in held if isinstance(each, Topic))


def _rule_places() -> Iterator[CitingPlace]:
    for each in all_topics():
        composed = isinstance(each, Rule) and bool(each.parts)
        yield CitingPlace(each.citation, "rule", each.code, composed=composed)


def _schedules(law: Law) -> Iterator[CitingPlace]:
    for name in schedule_names():
        for entry in getattr(law, name).entries:
            yield CitingPlace(entry.citation, "schedule", name)
            if isinstance(entry.value, Table):
                for _, _, citation in entry.value.rows:
                    yield CitingPlace(citation, "schedule", name)


def _groups(law: Law) -> Iterator[CitingPlace]:
    first = law.critical_minerals_percentage.boundaries()[0]
    groups: list[CountryGroup] = [
        getattr(law, name)
        for name, value in vars(Law).items()
        if isinstance(value, property) and isinstance(getattr(law, name), CountryGroup)
    ]
    groups.append(law.mineral_countries(first, "lithium"))
    for group in groups:
        yield CitingPlace(group.citation, "group", str(group))
    yield CitingPlace(LIST_OF_AGREEMENTS, "agreements", "agreements")


#: The rooms beside those of the sections whose modules may cite the law.
_OF_FACTS_AND_RESULTS = frozenset(
    {"advice", "algebra", "errors", "examples", "facts", "law", "results"}
)
#: Where the list of countries that the agreements make stands.
LIST_OF_AGREEMENTS = Citation.parse("26 CFR 1.30D-2(b)(13)(ii)")


def _names() -> Iterator[CitingPlace]:
    """Citations that stand at the top level of a module, in a table of it, or in a function."""
    others = (
        import_module(name)
        for name in sorted(module_names())
        if name.split(".")[1] in _OF_FACTS_AND_RESULTS
    )
    for module in (*others, *_modules()):
        name = module.__name__.partition(".")[2]
        for attribute, value in vars(module).items():
            found = [*_citations_in(value)]
            if getattr(value, "__module__", None) == module.__name__:
                found += _citations_written_in(value)
            for citation in found:
                yield CitingPlace(citation, "name", f"{name}.{attribute}", composed=True)


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


@cache
def module_names() -> frozenset[str]:
    """Return the full name of every module of the package."""
    root = __name__.partition(".")[0]
    path = import_module(root).__path__
    return frozenset(each.name for each in pkgutil.walk_packages(path, f"{root}."))
