"""What became of every value of an imported file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any, Generic, TypeVar

import attrs

from evcredit.algebra.field import repr_of_facts
from evcredit.algebra.html import preformatted

__all__ = ["ImportReport", "Imported", "Mapped", "Unknown", "Unmapped"]

T_co = TypeVar("T_co", covariant=True)

#: The most characters of a value that a message shows.
_SHOWN = 80


def shown(value: Any) -> str:
    """Return a value as it is shown in a message, cut where it is long.

    >>> shown("x" * 90) == repr("x" * 77)[:-1] + "..."
    True
    """
    text = str(value) if isinstance(value, Decimal) else writable(repr(value))
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 2]}..."


def writable(text: str) -> str:
    """Return text that every encoding of Unicode can write: lone surrogates are escaped."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


@attrs.frozen
class Mapped:
    """A value that became part of a fact.

    Attributes:
        path: Where the value is in the file.
        value: The value as read.
        to: The facts it became part of, as paths from `Imported.facts`.

    >>> print(Mapped("Smelter List!E5", "JAPAN", ("minerals[0].steps[1].country",)))
    Smelter List!E5 'JAPAN' -> minerals[0].steps[1].country
    """

    path: str
    value: Any
    to: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.path} {shown(self.value)} -> {', '.join(self.to)}"


@attrs.frozen
class Unmapped:
    """A value that states nothing evcredit has a fact for.

    Attributes:
        path: Where the value is in the file.
        value: The value as read.
        why: Why it is not used.
    """

    path: str
    value: Any
    why: str

    def __str__(self) -> str:
        return f"{self.path} {shown(self.value)}: {self.why}"


@attrs.frozen(repr=False)
class Unknown:
    """A value that would be a fact if it were clear, and is not.

    Attributes:
        path: Where the value is in the file.
        value: The value as read.
        why: What is not clear.
        readings: How it can be read, if there is more than one reading.

    >>> print(Unknown("[0].origin", "ID", "two readings", ("extracted there", "produced there")))
    [0].origin 'ID': two readings: extracted there, or produced there
    """

    __repr__ = repr_of_facts

    path: str
    value: Any
    why: str
    readings: tuple[str, ...] = ()

    def __str__(self) -> str:
        choices = f": {', or '.join(self.readings)}" if self.readings else ""
        return f"{self.path} {shown(self.value)}: {self.why}{choices}"


Entry = Mapped | Unmapped | Unknown


@attrs.frozen(kw_only=True, repr=False)
class ImportReport:
    """Where every value of a file went.

    The three lists together hold each value of the file exactly once, by its path: names and
    indices as in ``materialList[0].materialValue.amount`` for JSON and for tables with headings,
    sheet and cell as in ``Smelter List!E5`` for sheets. Empty cells are not values; ``null`` and
    empty lists of JSON are.

    Attributes:
        source: The format and its version.
        digest: SHA-256 of the bytes read, in hexadecimal; empty if no bytes were given.
        mapped: The values that became facts.
        unmapped: The values that state nothing evcredit has a fact for.
        unknown: The values that would be facts if they were clear.
        notes: What else a reader should know, in sentences.
    """

    __repr__ = repr_of_facts

    source: str
    digest: str = ""
    mapped: tuple[Mapped, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    notes: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Entry]:
        yield from self.mapped
        yield from self.unmapped
        yield from self.unknown

    def explain(self) -> str:
        """Return the report as text: counts, notes, what is unknown, and the rest by reason.

        >>> entry = Unmapped("Smelter List!L5", "a@example.com", "contact")
        >>> print(ImportReport(source="EMRT 2.1", unmapped=(entry,)).explain(), end="")
        EMRT 2.1: 1 value, 0 mapped, 1 unmapped, 0 unknown
        Unmapped:
          contact: 1 (Smelter List!L5)
        """
        counts = [len(self.mapped), len(self.unmapped), len(self.unknown)]
        total = sum(counts)
        values = "1 value" if total == 1 else f"{total} values"
        told = f"{counts[0]} mapped, {counts[1]} unmapped, {counts[2]} unknown"
        lines = [f"{self.source}: {values}, {told}"]
        lines += [f"Note: {note}" for note in self.notes]
        if self.mapped:
            lines += ["Mapped:", *(f"  {entry}" for entry in self.mapped)]
        if self.unknown:
            lines += ["Unknown:", *(f"  {entry}" for entry in self.unknown)]
        if self.unmapped:
            lines += ["Unmapped:", *_by_reason(self.unmapped)]
        return "\n".join(lines) + "\n"

    def _repr_html_(self) -> str:
        return preformatted(self.explain())

    def to_dict(self) -> dict[str, Any]:
        """Return the report as JSON-ready data.

        >>> ImportReport(source="EMRT 2.1").to_dict()["unknown"]
        []
        """
        return {
            "source": self.source,
            "digest": self.digest,
            "notes": list(self.notes),
            "mapped": [{**_cell(entry), "to": list(entry.to)} for entry in self.mapped],
            "unmapped": [{**_cell(entry), "why": entry.why} for entry in self.unmapped],
            "unknown": [
                {**_cell(entry), "why": entry.why, "readings": list(entry.readings)}
                for entry in self.unknown
            ],
        }


def _cell(entry: Entry) -> dict[str, Any]:
    value = entry.value
    plain = value if value is None or isinstance(value, bool) else writable(str(value))
    return {"path": writable(entry.path), "value": plain}


def _by_reason(entries: Iterable[Unmapped]) -> Iterator[str]:
    """One line for each reason: how many values, and the first and last of them."""
    found: dict[str, list[str]] = {}
    for entry in entries:
        found.setdefault(entry.why, []).append(entry.path)
    for why, paths in found.items():
        where = paths[0] if len(paths) == 1 else f"{paths[0]} to {paths[-1]}"
        yield f"  {why}: {len(paths)} ({where})"


@attrs.frozen(kw_only=True)
class Imported(Generic[T_co]):
    """Facts read from a file, with the report on every value of it.

    Attributes:
        facts: What the file states, in evcredit's own objects.
        report: What became of every value.
    """

    facts: T_co
    report: ImportReport

    def _repr_html_(self) -> str:
        return self.report._repr_html_()
