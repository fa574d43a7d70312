"""Reading a document so that no value of it is passed over.

`Leaves` registers every value of a document under its path. An importer walks the document with
`Node`, and settles each value: mapped, unmapped or unknown. What it did not settle is unmapped.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

from evcredit.algebra.field import Fault
from evcredit.importers.report import Imported, ImportReport, Mapped, Unknown, Unmapped

__all__ = ["ABSENT", "Leaves", "Node", "Record"]


class _Absent:
    """The value of what a document does not have."""

    def __repr__(self) -> str:
        return "absent"


ABSENT = _Absent()

NOT_STATED = "not stated"
UNREAD = "states nothing that evcredit has a fact for"


class Record(dict[str, Any]):
    """A JSON object, or a row by its headings, that keeps values whose name came before.

    Attributes:
        repeated: Names that occur again, each with its value.
    """

    def __init__(self, pairs: list[tuple[str, Any]]) -> None:
        super().__init__()
        self.repeated: list[tuple[str, Any]] = []
        for name, value in pairs:
            if name in self:
                self.repeated.append((name, value))
            else:
                self[name] = value


def below(path: str, step: str | int) -> str:
    """Return the path of what is at a name or an index below a path.

    >>> below("a", "b"), below("a", 0), below("", "x y"), below("a", "b.c")
    ('a.b', 'a[0]', 'x y', 'a["b.c"]')
    """
    if isinstance(step, int):
        return f"{path}[{step}]"
    if not re.fullmatch(r"\w[^\].\[#\"!\r\n]*", step):
        return f"{path}[{json.dumps(step)}]"
    return f"{path}.{step}" if path else step


class Leaves:
    """Every value of one input, and what has become of each.

    Args:
        source: The format and its version.
        digest: SHA-256 of the bytes.
    """

    def __init__(self, source: str, digest: str = "") -> None:
        self.source = source
        self.digest = digest
        self.notes: list[str] = []
        self._values: dict[str, Any] = {}
        self._fates: dict[str, Mapped | Unmapped | Unknown] = {}

    def add(self, value: Any, path: str = "") -> Node:
        """Register a value and everything below it.

        Args:
            value: A scalar, or lists and mappings of scalars.
            path: Where it is.
        """
        for place, leaf in _walk(value, path):
            self._values[place] = leaf
        return Node(self, path, value)

    def within(self, path: str, value: Any) -> Iterator[str]:
        """The paths of the values at and below a path."""
        return (place for place, _ in _walk(value, path))

    def settle(self, fate: Mapped | Unmapped | Unknown) -> None:
        """Record what became of a value.

        A doubt overrides what was said before, and a value may be part of several facts.
        """
        before = self._fates.get(fate.path)
        if isinstance(before, Unknown):
            return
        if isinstance(before, Mapped):
            if isinstance(fate, Unmapped):
                return
            if isinstance(fate, Mapped):
                fate = Mapped(fate.path, fate.value, (*before.to, *fate.to))
        self._fates[fate.path] = fate

    def value(self, path: str) -> Any:
        """The registered value at a path."""
        return self._values[path]

    def imported(self, facts: Any) -> Imported[Any]:
        """Return the facts with the report."""
        fates = [
            self._fates.get(path) or Unmapped(path, value, UNREAD)
            for path, value in self._values.items()
        ]
        report = ImportReport(
            source=self.source,
            digest=self.digest,
            mapped=tuple(each for each in fates if isinstance(each, Mapped)),
            unmapped=tuple(each for each in fates if isinstance(each, Unmapped)),
            unknown=tuple(each for each in fates if isinstance(each, Unknown)),
            notes=tuple(dict.fromkeys(self.notes)),
        )
        return Imported(facts=facts, report=report)


def _walk(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every leaf at and below a value, in order, without recursion: a file may be deep."""
    ahead: list[tuple[str, Any]] = [(path, value)]
    while ahead:
        here, found = ahead.pop()
        if isinstance(found, dict) and found:
            inside = [(below(here, str(name)), each) for name, each in found.items()]
            again: dict[str, int] = {}
            for name, each in getattr(found, "repeated", ()):
                again[name] = again.get(name, 0) + 1
                inside.append((f"{below(here, name)}#{again[name]}", each))
            ahead += reversed(inside)
        elif isinstance(found, list | tuple) and found:
            ahead += reversed([(below(here, index), each) for index, each in enumerate(found)])
        elif found is not ABSENT:
            # What is empty is shown as JSON writes it, so that every value can be hashed.
            empty = "{}" if isinstance(found, dict) else "[]"
            yield here or "$", empty if isinstance(found, dict | list | tuple) else found


class Node:
    """A place in a document, to be read and settled.

    Args:
        leaves: The document.
        path: Where the place is.
        value: What is there; `ABSENT` if nothing is.
    """

    __slots__ = ("leaves", "path", "value")

    def __init__(self, leaves: Leaves, path: str, value: Any) -> None:
        self.leaves: Leaves = leaves
        self.path: str = path
        self.value: Any = value

    @property
    def stated(self) -> bool:
        """Whether anything is there: no null, no blank text."""
        return not (
            self.value is ABSENT
            or self.value is None
            or (isinstance(self.value, str) and not self.value.strip())
        )

    @property
    def text(self) -> str:
        """The text there, without blanks around it; empty if there is none."""
        return self.value.strip() if isinstance(self.value, str) else ""

    def child(self, name: str) -> Node:
        """The place of a name in an object; nothing is there if the name is repeated."""
        path = below(self.path, name)
        if isinstance(self.value, dict):
            found = Node(self.leaves, path, self.value.get(name, ABSENT))
            again = [value for other, value in getattr(self.value, "repeated", ()) if other == name]
            if not again:
                return found
            readings = ("the first value", *("a later value" for _ in again[:1]))
            found.doubt("the name is stated more than once", *readings)
            for count, value in enumerate(again, 1):
                twin = Node(self.leaves, f"{path}#{count}", value)
                twin.doubt("the name is stated more than once", *readings)
        elif self.stated:
            self.doubt("give an object here")
        return Node(self.leaves, path, ABSENT)

    def items(self) -> tuple[Node, ...]:
        """The places in a list."""
        if isinstance(self.value, list | tuple):
            return tuple(
                Node(self.leaves, below(self.path, index), each)
                for index, each in enumerate(self.value)
            )
        if self.stated:
            self.doubt("give a list here")
        return ()

    def map(self, *to: str) -> None:
        """Settle everything here as part of facts."""
        for path in self.leaves.within(self.path, self.value):
            self.leaves.settle(Mapped(path, self.leaves.value(path), to))

    def skip(self, why: str) -> None:
        """Settle everything here as stating nothing there is a fact for."""
        for path in self.leaves.within(self.path, self.value):
            self.leaves.settle(Unmapped(path, self.leaves.value(path), why))

    def doubt(self, why: str, *readings: str) -> None:
        """Settle everything here as unknown."""
        for path in self.leaves.within(self.path, self.value):
            self.leaves.settle(Unknown(path, self.leaves.value(path), why, readings))

    def take(self, convert: Callable[[Any], Any], *to: str) -> Any:
        """Return the value as a fact, or `None` with the reason settled.

        Args:
            convert: A converter of facts: it returns the fact, or a `Fault`.
            to: The facts it becomes part of.
        """
        found = self.peek(convert)
        if found is not None and to:
            self.map(*to)
        return found

    def peek(self, convert: Callable[[Any], Any]) -> Any:
        """Return the value as a fact without settling it, or `None` with the reason settled."""
        if self.value is ABSENT:
            return None
        if not self.stated:
            self.doubt(NOT_STATED)
            return None
        if isinstance(self.value, list | dict | tuple):
            self.doubt("give one value here")
            return None
        value = self.value
        if isinstance(value, str):
            if not _can_be_written(value):
                self.doubt("this is not text: it has half of a character")
                return None
            value = value.strip()
        found = convert(value)
        if isinstance(found, Fault):
            self.doubt(found.remedy)
            return None
        return found


def _can_be_written(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
