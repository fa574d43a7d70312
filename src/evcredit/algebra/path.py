"""Paths to facts: read a fact, find its declaration, list what is unknown, change facts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import FactType, Kind, declared_facts
from evcredit.algebra.shorthand import shorthands
from evcredit.errors import InvalidFactError, UnknownNameError, nearest

__all__ = [
    "UnknownFact",
    "fact_type_at",
    "filled_in",
    "read",
    "unknown_at",
    "unknown_facts",
    "with_facts",
]


class UnknownFact(NamedTuple):
    """A fact that is not known exactly: where it is and what it is.

    Args:
        path: For example ``vehicle.battery.minerals[2].steps[0].country``.
        declared: Its declaration.
        within: The bounds that are known of it, if any.
    """

    path: str
    declared: FactType
    within: Bounds[Any] | None = None

    def __str__(self) -> str:
        return self.path


_getter = lru_cache(maxsize=4096)(attrgetter)


def read(subject: Any, path: str) -> Any:
    """The value of the fact at a path; `None` where the path runs into something unknown.

    Args:
        subject: An object with facts.
        path: The path from the object, such as ``vehicle.msrp``.

    Raises:
        InvalidFactError: It is no path.
        UnknownNameError: There is no such name or item.

    >>> read(Bounds(1, 2), "upper")
    2
    """
    if "[" not in path:
        try:
            return _getter(path)(subject)
        except AttributeError:
            pass  # it may only run into something unknown
    if re.fullmatch(_PATH, path, re.ASCII) is None:
        raise InvalidFactError("path", path, _WRITTEN)
    for name, index in re.findall(r"(\w+)(?:\[(\d+)\])?", path):
        if subject is None:
            return None
        try:
            subject = getattr(subject, name)
            if index and subject is not None:
                subject = subject[int(index)]
        except (AttributeError, TypeError, IndexError):
            remedy = f"there is no {name}[{index}]" if index else f"there is no {name}"
            raise UnknownNameError(path, name, remedy) from None
    return subject


def fact_type_at(cls: type, path: str) -> FactType:
    """The declaration of the fact at a path that starts at `cls`; of several, of the first.

    Raises:
        UnknownNameError: No such fact is declared.
    """
    return _declared_at(cls, path)


# Explanations ask for the same few over and over.
@lru_cache(maxsize=4096)
def _declared_at(cls: type, path: str) -> FactType:
    declared = FactType(Kind.PART, "", of=cls)
    for name in re.findall(r"(\w+)(?:\[\d+\])?", path):
        if declared.kind not in (Kind.PART, Kind.PARTS):
            remedy = f"{path} goes on below {declared.label!r}, which has no parts"
            raise UnknownNameError(path, name, remedy)
        fields = dict(declared_facts(declared.of))
        for short, several in shorthands(declared.of).items():
            fields.setdefault(short, fields[several[0]])
        if name not in fields:
            near = " or ".join(nearest(name, fields))
            hint = f"did you mean {near}? It has" if near else "it has"
            remedy = f"{declared.of.__name__} states no fact {name!r}; {hint} {', '.join(fields)}"
            raise UnknownNameError(path, name, remedy)
        declared = fields[name]
    return declared


def unknown_facts(subject: Any, path: str = "") -> Iterator[UnknownFact]:
    """Every fact in and below `subject` that is not known exactly, in order.

    Args:
        subject: A domain object.
        path: The path of `subject`, put before the paths of its facts.
    """
    for name, declared in declared_facts(subject.__class__):
        value = getattr(subject, name)
        here = f"{path}.{name}" if path else name
        yield from unknown_at(value, declared, here)


def unknown_at(value: Any, declared: FactType, path: str) -> Iterator[UnknownFact]:
    """What is not known of the value of one fact, parts included."""
    if value is None:
        if not declared.optional:
            yield UnknownFact(path, declared)
    elif value.__class__ is Bounds:
        yield UnknownFact(path, declared, value)
    elif declared.kind is Kind.PART:
        yield from unknown_facts(value, path)
    elif declared.kind is Kind.PARTS:
        for index, item in enumerate(value):
            yield from unknown_facts(item, f"{path}[{index}]")


def by_part(facts: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Facts by path, as those of an object itself and those of each of its parts.

    >>> by_part({"credit": 1, "claim.vehicle.msrp": 2})
    ({'credit': 1}, {'claim': {'vehicle.msrp': 2}})
    """
    here: dict[str, Any] = {}
    below: dict[str, dict[str, Any]] = {}
    for path, value in facts.items():
        head, _, rest = path.partition(".")
        if rest:
            below.setdefault(head, {})[rest] = value
        else:
            here[head] = value
    return here, below


def with_facts(subject: Any, facts: Mapping[str, Any]) -> Any:
    """A copy of `subject` in which the facts at the given paths have the given values.

    What a ready-made constructor assumed gives way to facts that say it better
    (`FactType.gives_way_to`).

    Args:
        subject: A domain object, for example a `Claim`.
        facts: Values by path; `None` of a part says that nothing about it is known. A path may end
            with an item of a list, as ``vehicle.battery.minerals[0]``, to replace it.

    Raises:
        InvalidFactError: A value is invalid for the object.
        UnknownNameError: A path names no fact.
    """
    if not isinstance(facts, Mapping):
        raise InvalidFactError("facts", facts, "give a dict of values by path")
    if not _states_facts(subject.__class__):
        raise InvalidFactError("subject", subject, "give a domain object, such as a Claim")
    for path in facts:
        _check_path(subject.__class__, path)
    return _with(subject, facts, gives_way=True)


@lru_cache(maxsize=4096)
def _check_path(cls: type, path: object) -> None:
    """Look whether a path names a fact of a class, whatever is stated.

    Raises:
        InvalidFactError: It is no path.
        UnknownNameError: It names no fact.
    """
    if not isinstance(path, str) or re.fullmatch(_PATH, path, re.ASCII) is None:
        raise InvalidFactError("facts", path, _WRITTEN)
    fact_type_at(cls, path)
    declared = FactType(Kind.PART, "", of=cls)
    *above, last = path.split(".")
    for part in (*above, *([last] if "[" in last else [])):
        name, _, index = part.partition("[")
        declared = dict(declared_facts(declared.of)).get(name, declared)
        if bool(index) != (declared.kind is Kind.PARTS):
            how = f"give the place of one, like {name}[0]" if not index else f"write {name}"
            kind = "a list" if not index else "no list"
            raise UnknownNameError(path, part, f"{name} is {kind}; {how}")


#: Names joined by dots, with places in lists.
_PATH = r"\w+(\[\d{1,9}\])?(\.\w+(\[\d{1,9}\])?)*"
_WRITTEN = (
    "write the path of a fact as text, like vehicle.msrp or vehicle.battery.minerals[0].value"
)


@cache
def _giving_way(cls: type) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple(
        (name, frozenset(each.gives_way_to))
        for name, each in declared_facts(cls)
        if each.gives_way_to
    )


def _says_it(subject: Any, here: Mapping[str, Any], name: str) -> bool:
    """Whether a new fact says better what was assumed.

    A flag that there is none does so only where it says yes, and a day where it is one. So they
    do where that was stated before.
    """
    return name in here and any(
        each is not None and each is not False for each in (here[name], getattr(subject, name))
    )


def filled_in(subject: Any, facts: Mapping[str, Any]) -> Any:
    """The same, where the facts complete what is stated: nothing that is stated gives way."""
    return _with(subject, facts, gives_way=False)


def _with(subject: Any, facts: Mapping[str, Any], *, gives_way: bool) -> Any:
    if not _states_facts(subject.__class__):
        raise InvalidFactError("facts", subject, f"it has no {', '.join(facts)}; state it first")
    short = shorthands(subject.__class__)
    for name in short.keys() & facts.keys() if short else ():
        facts = {**dict.fromkeys(short[name], facts[name]), **facts}
    here, below = by_part(facts)
    if gives_way:
        for name, better in _giving_way(subject.__class__):
            if name not in here and any(_says_it(subject, here, each) for each in better):
                here[name] = None
    for head in [each for each in here if each.endswith("]")]:
        items, position = _item(subject, here, head)
        items[position] = here.pop(head)
        here[head.partition("[")[0]] = tuple(items)
    for head, inner in below.items():
        name = head.partition("[")[0]
        if head.endswith("]"):
            items, position = _item(subject, here, head)
            items[position] = _with(items[position], inner, gives_way=gives_way)
            here[name] = tuple(items)
        else:
            part = here.get(name, getattr(subject, name))
            if part is None:
                remedy = f"{name} is not stated, so it has no {', '.join(inner)}; state it first"
                raise UnknownNameError(name, None, remedy)
            here[name] = _with(part, inner, gives_way=gives_way)
    return subject.__class__(**_stated(subject) | here)


_states_facts = cache(attrs.has)


def _stated(subject: Any) -> dict[str, Any]:
    """The arguments of which an object can be made again, but for those that are the default."""
    return {
        alias: value
        for alias, name, default in _arguments(subject.__class__)
        if (value := getattr(subject, name)) is not default
    }


@cache
def _arguments(cls: type) -> tuple[tuple[str, str, Any], ...]:
    return tuple((each.alias, each.name, each.default) for each in attrs.fields(cls) if each.init)


def _item(subject: Any, here: Mapping[str, Any], head: str) -> tuple[list[Any], int]:
    """The items of a list, stated or given, and which of them is meant."""
    name, _, index = head.partition("[")
    stated = here.get(name, getattr(subject, name))
    items, position = list(stated) if isinstance(stated, list | tuple) else [], int(index[:-1])
    if position >= len(items):
        remedy = f"{name} has {len(items)} items, counted from [0]; there is no {head}"
        raise UnknownNameError(head, position, remedy)
    return items, position
