"""Bytes of files as documents: JSON and comma-separated values, in the encodings they come in."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from evcredit.errors import InvalidFactError
from evcredit.importers.leaves import Record

__all__ = ["LARGEST", "cell_name", "digest", "json_document", "records", "rows", "text_of"]

#: The most bytes of one file, and of what a workbook unpacks to: 512 MiB.
LARGEST = 536_870_912

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def digest(data: bytes) -> str:
    """Return the SHA-256 of the bytes of a file, in hexadecimal.

    >>> digest(b"")[:8]
    'e3b0c442'
    """
    return hashlib.sha256(data).hexdigest()


def as_bytes(data: Any, what: str = "file") -> bytes:
    """Return the bytes of a file; text is taken as UTF-8.

    Raises:
        InvalidFactError: Neither bytes nor text, or more than `LARGEST` bytes.
    """
    if isinstance(data, str):
        try:
            data = data.encode("utf-8")
        except UnicodeEncodeError:
            raise InvalidFactError(
                what, data[:20], "this is not text: it has half of a character"
            ) from None
    if not isinstance(data, bytes | bytearray | memoryview):
        raise InvalidFactError(what, data, "give the bytes of the file, as path.read_bytes() does")
    content = bytes(data)
    if len(content) > LARGEST:
        found = f"{len(content):,} bytes"
        raise InvalidFactError(what, found, f"give a file of at most {LARGEST:,} bytes")
    return content


def text_of(data: bytes, *, otherwise: str = "", what: str = "file") -> str:
    """Return the text of a file: by its byte order mark, else UTF-8.

    Args:
        data: The bytes.
        otherwise: The encoding of files that are not UTF-8.
        what: What to call the file in an error.

    Raises:
        InvalidFactError: The bytes are no text in these encodings.

    >>> text_of("Côte".encode("utf-16")), text_of("Côte".encode("cp1252"), otherwise="cp1252")
    ('Côte', 'Côte')
    """
    marked = [encoding for mark, encoding in _MARKS if data.startswith(mark)]
    encodings = marked[:1] or ["utf-8", *filter(None, [otherwise])]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    tried = " or ".join(encodings)
    raise InvalidFactError(what, data[:20], f"the bytes are not text in {tried}")


def json_document(data: bytes, what: str = "file") -> Any:
    """Return what a JSON file holds, numbers exactly as they are written.

    Objects are `Record`, so that a name that occurs twice is not lost.

    Raises:
        InvalidFactError: The bytes are not JSON, or are nested too deeply to read.

    >>> json_document('{"a": 0.10}'.encode("utf-16"))
    {'a': Decimal('0.10')}
    """
    try:
        return json.loads(
            data,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=Decimal,
            object_pairs_hook=Record,
        )
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InvalidFactError(what, data[:20], f"give a JSON file; {why}") from None


def rows(text: str, what: str = "file") -> list[list[str]]:
    """Return the rows of a file of values separated by commas.

    Spreadsheets of some countries separate by semicolons; these, and tabs, are read where the
    first line has no comma.

    Raises:
        InvalidFactError: A quote is not closed, or a cell is longer than the reader takes.

    >>> rows('a,"b, c"'), rows("a;b")
    ([['a', 'b, c']], [['a', 'b']])
    """
    first = text.lstrip("\r\n").partition("\n")[0]
    delimiter = next((mark for mark in ",;\t" if mark in first), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        return list(reader)
    except csv.Error as error:
        raise InvalidFactError(
            what, f"line {reader.line_num}", f"give comma-separated values; {error}"
        ) from None


def records(table: Sequence[Sequence[str]], what: str, needed: Sequence[str]) -> list[Record]:
    """Return the rows below the first one, each by the headings of the first.

    Empty cells are omitted. A cell without a heading is under the number of its column.

    Args:
        table: The rows.
        what: What to call the file in an error.
        needed: The headings that must be there.

    Raises:
        InvalidFactError: A heading is missing.

    >>> records([["a", "b"], ["1", ""], []], "file", ["a"])
    [{'a': '1'}]
    """
    headings = [heading.strip() for heading in table[0]] if table else []
    absent = [name for name in needed if name not in headings]
    if absent:
        raise InvalidFactError(
            what, ", ".join(headings), f"the first row lacks the headings {', '.join(absent)}"
        )
    found = []
    for row in table[1:]:
        pairs = [
            (_heading(headings, column), cell) for column, cell in enumerate(row) if cell.strip()
        ]
        if pairs:
            found.append(Record(pairs))
    return found


def _heading(headings: Sequence[str], column: int) -> str:
    named = column < len(headings) and headings[column]
    return named or f"column {column + 1}"


def cell_name(column: int, row: int) -> str:
    """Return the name of a cell as spreadsheets have it.

    Args:
        column: From 0.
        row: From 1.

    >>> cell_name(0, 5), cell_name(27, 1)
    ('A5', 'AB1')
    """
    letters = ""
    column += 1
    while column:
        column, place = divmod(column - 1, 26)
        letters = chr(ord("A") + place) + letters
    return f"{letters}{row}"
