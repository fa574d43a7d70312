"""CSV files as text: one strict grammar for every engine, and what the cells of a column may be.

The engines read CSV each in its own way: one fills up a record that is too short, another skips
an empty line, one takes ``1.0`` for a whole number, another ``05/02/2023`` for a day. So they are
needed text alone, of files that were found to be plain before, and the cells are read here.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from evcredit.tables.compiler.columns import ColumnKind
from evcredit.tables.problems import InvalidFrameError, Problem

__all__ = ["FLAGS", "PATTERNS", "TRUE", "cell_of", "counted", "heading", "remedy"]

#: The longest record in bytes, so that no engine meets a limit of its own.
_LONGEST = 1_000_000
_QUOTED = rb'"(?:[^"]|"")*"'
_FIELD = rb"(?:" + _QUOTED + rb'|[^",\r\n]*)'
_RECORD = re.compile(_FIELD + rb"(?:," + _FIELD + rb")*")
_IN_QUOTES = re.compile(_QUOTED)
#: What separates fields where it is not a comma.
_OTHERS = (";", "\t", "|")

TRUE = ("true", "True", "TRUE")
FLAGS = (*TRUE, "false", "False", "FALSE")
#: What the text of a cell matches as a whole, in a notation that every engine knows.
PATTERNS = {
    ColumnKind.NUMBER: r"-?[0-9]{1,18}",
    ColumnKind.DAY: r"[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}",
}
_WHAT = {
    ColumnKind.FLAG: "give true or false",
    ColumnKind.DAY: "give days as 2023-02-05, year before month before day, without a time",
    ColumnKind.TEXT: "an empty text in quotes is no value",
    ColumnKind.NUMBER: "give whole numbers{unit} in digits alone: no fraction, exponent, separator",
}


def remedy(kind: ColumnKind, unit: str = "") -> str:
    """What to do about a cell that does not hold what its column does.

    Args:
        kind: What the column holds.
        unit: The unit of its numbers.
    """
    what = _WHAT[kind].format(unit=f" of {unit}" if unit else "")
    return f"{what}; leave the cell empty for unknown"


def cell_of(text: str, kind: ColumnKind) -> Any:
    """What the text of one cell says; `None` if it does not hold what its column does.

    >>> cell_of("2024-06-03", ColumnKind.DAY), cell_of("2024-06-03T00:00:00Z", ColumnKind.DAY)
    (datetime.date(2024, 6, 3), None)
    >>> cell_of("5400000", ColumnKind.NUMBER), cell_of("5.4e6", ColumnKind.NUMBER)
    (5400000, None)
    """
    if kind is ColumnKind.FLAG:
        return (text in TRUE) if text in FLAGS else None
    if kind is ColumnKind.TEXT:
        return text or None
    if re.fullmatch(PATTERNS[kind], text, re.ASCII) is None:
        return None
    if kind is ColumnKind.NUMBER:
        return int(text)
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


# -- the grammar -----------------------------------------------------------------------------


def heading(path: Path) -> list[str]:
    """The names of the columns of a CSV file.

    Raises:
        InvalidFrameError: There are none, a column has none, two have the same, they are not
            separated by commas, or the file is no text in UTF-8.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            names = next(csv.reader(file, strict=True), [])
    except (UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(path, f"{error}; write CSV in UTF-8, with commas and quotes") from None
    if not any(names):
        raise _unreadable(path, "this file has no heading: write the names of the columns there")
    other = next((sign for sign in _OTHERS if len(names) == 1 and sign in names[0]), None)
    if other is not None:
        raise _unreadable(path, f"fields are separated by {other!r}; write commas")
    if "" in names:
        where = f"column {names.index('') + 1} has no name"
        raise _unreadable(path, f"{where}; give it one (of pandas, to_csv(index=False))")
    repeated = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if repeated:
        what = f"several columns have this name in {path.name}; give each its own"
        raise InvalidFrameError(Problem(name, what) for name in repeated)
    return names


def counted(path: Path, fields: int) -> int:
    """How many rows a CSV file has below its heading.

    Args:
        path: The file.
        fields: How many columns its heading has.

    Raises:
        InvalidFrameError: A record has more or fewer fields, is empty, has a quote where none may
            be, or ends in another way than the heading.
    """
    rows, ending = -1, None
    for number, record, end in _records(path):
        if ending is None:
            ending = end
        if end not in (ending, b""):
            raise _unreadable(path, f"line {number} ends in {end!r} and the heading in {ending!r}")
        if b'"' in record:
            if _RECORD.fullmatch(record) is None:
                what = "has a quote inside a field; put the field in quotes and double the quote"
                raise _unreadable(path, f"line {number} {what}")
        elif b"\r" in record:
            raise _unreadable(path, f"line {number} has a carriage return; end lines in \\n")
        found = _IN_QUOTES.sub(b"", record).count(b",") + 1
        if found != fields:
            what = "is empty" if not record else f"has {found} fields and the heading {fields}"
            raise _unreadable(path, f"line {number} {what}; write each row with all its fields")
        rows += 1
    return rows


def _records(path: Path) -> Iterator[tuple[int, bytes, bytes]]:
    """The records of a file with the number of their first line and their line endings."""
    with path.open("rb") as file:
        parts: list[bytes] = []
        size, quotes, first = 0, 0, 1
        for number, line in enumerate(file, 1):
            parts.append(line)
            size, quotes = size + len(line), quotes + line.count(b'"')
            if size > _LONGEST:
                what = f"the record on line {first} is longer than {_LONGEST:,} bytes"
                raise _unreadable(path, f"{what}; a quote may be open there")
            if quotes % 2 == 0:
                yield first, *_split(b"".join(parts))
                parts, size, quotes, first = [], 0, 0, number + 1
        if parts:
            raise _unreadable(path, f"a quote that begins on line {first} has no end")


def _split(record: bytes) -> tuple[bytes, bytes]:
    """A record and how it ends."""
    for ending in (b"\r\n", b"\n"):
        if record.endswith(ending):
            return record[: -len(ending)], ending
    return record, b""


def _unreadable(path: Path, why: str) -> InvalidFrameError:
    return InvalidFrameError([Problem(str(path), f"cannot be read: {why}")])
