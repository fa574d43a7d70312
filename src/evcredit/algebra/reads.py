"""Which stated facts the rules in force read, and which nothing reads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

from evcredit.algebra.bound import BoundRule
from evcredit.algebra.day import Day
from evcredit.algebra.derived import CertifiedShare, Derived
from evcredit.algebra.expression import Expression, Fact, Operand
from evcredit.algebra.field import FactType, Kind, declared_facts

__all__ = ["paths_in_force", "paths_read", "pattern_of", "unread_facts"]


def pattern_of(path: str) -> str:
    """A path without the places of items in lists.

    >>> pattern_of("vehicle.battery.minerals[2].steps[0].country")
    'vehicle.battery.minerals.steps.country'
    """
    return re.sub(r"\[\d+\]", "", path)


def paths_read(node: Expression | Operand, law: Any) -> Iterator[str]:
    """Yield the paths of the facts that a node may read, without places of items in lists.

    Args:
        node: An expression or an operand.
        law: The law; a reading may say that a fact is not read.
    """
    if isinstance(node, Fact):
        yield node.path
    elif isinstance(node, Day):
        yield from paths_read(node.body, law)
    elif isinstance(node, CertifiedShare) and not node.governs(law):
        return
    else:
        if isinstance(node, Derived):
            yield from node.reads(law)
            yield from (fact.path for fact in node.beside)
        for operand in node.operands():
            yield from paths_read(operand, law)


def paths_in_force(bound: BoundRule) -> Iterator[str]:
    """Yield what a bound rule and its parts may read, where they are in force."""
    law = bound.binding.law
    if bound.rule.in_force is not None:
        yield from paths_read(bound.rule.in_force, law)
    if bound.applies is False:
        return
    if bound.rule.body is not None:
        yield from paths_read(bound.rule.body, law)
    for part in bound.parts:
        yield from paths_in_force(part)


def unread_facts(subject: Any, read: Iterable[str]) -> tuple[str, ...]:
    """The paths of the stated facts that nothing reads, in the order of their declaration.

    Facts declared as for the reader are omitted, and so are parts that give another fact, for
    which that fact stands. A part of which nothing is read is named as a whole.

    Args:
        subject: A domain object.
        read: The paths that are read, as `paths_read` gives them; a path covers everything below
            it.
    """
    return tuple(_unread(subject, "", "", frozenset(read)))


@lru_cache(maxsize=64)
def _above(whole: frozenset[str]) -> frozenset[str]:
    """The paths above some paths."""
    return frozenset(
        path[:end] for path in whole for end, letter in enumerate(path) if letter == "."
    )


class _Looked(NamedTuple):
    """A fact of a class that may be unread, or a part in which one may be.

    Args:
        name: The name of the fact.
        pattern: Its path without places of items in lists.
        declared: Its declaration.
        flags: The flags that give it; what they give is not stated on its own.
        is_named: Whether it is named as a whole.
    """

    name: str
    pattern: str
    declared: FactType
    flags: tuple[str, ...]
    is_named: bool


@lru_cache(maxsize=1024)
def _looked_at(cls: type, pattern: str, whole: frozenset[str]) -> tuple[_Looked, ...]:
    """What may be unread of a class whose objects are at a path, given the paths read."""
    facts = declared_facts(cls)
    above, found = _above(whole), []
    for name, declared in facts:
        bare = f"{pattern}.{name}" if pattern else name
        if declared.of is cls:
            bare = pattern  # components inside a component are read like it
        if declared.for_reader or declared.gives or bare in whole:
            continue
        flags = tuple(each for each, d in facts if d.kind is Kind.FLAG and d.gives == name)
        is_part = declared.kind in (Kind.PART, Kind.PARTS)
        is_named = not is_part or (bare not in above and _is_named_whole(declared))
        if is_named or declared.of is cls or _looked_at(declared.of, bare, whole):
            found.append(_Looked(name, bare, declared, flags, is_named))
    return tuple(found)


def _unread(subject: Any, path: str, pattern: str, whole: frozenset[str]) -> Iterator[str]:
    """The same below a subject."""
    for name, bare, declared, flags, is_named in _looked_at(subject.__class__, pattern, whole):
        value = getattr(subject, name)
        if value is None or any(getattr(subject, flag) for flag in flags):
            continue
        here = f"{path}.{name}" if path else name
        if is_named:
            if declared.kind not in (Kind.PART, Kind.PARTS) or _states(value, declared):
                yield here
        elif declared.kind is Kind.PART:
            yield from _unread(value, here, bare, whole)
        else:
            for index, item in enumerate(value):
                yield from _unread(item, f"{here}[{index}]", bare, whole)


def _is_named_whole(declared: FactType) -> bool:
    """Whether a part of which nothing is read is named as a whole: none of it gives a fact."""
    return not any(below.gives for _, below in declared_facts(declared.of))


def _states(value: Any, declared: FactType) -> bool:
    """Whether a part states anything that is not for the reader alone; a list always does."""
    if declared.kind is Kind.PARTS:
        return True
    return any(
        below.kind is not Kind.PART or _states(getattr(value, name), below)
        for name, below in declared_facts(value.__class__)
        if getattr(value, name) is not None and not below.for_reader
    )
