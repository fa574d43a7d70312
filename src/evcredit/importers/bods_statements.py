"""Which statements of a file of beneficial ownership hold on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import attrs

from evcredit.algebra.field import as_text
from evcredit.errors import InvalidFactError
from evcredit.importers.days import day_at
from evcredit.importers.decode import json_document
from evcredit.importers.leaves import Node

__all__ = ["Statement", "document_of", "statements_on"]

VERSION = "0.4"


@attrs.frozen
class Statement:
    """The statement of a record that holds on a day.

    Attributes:
        record: The identifier of the record.
        kind: ``entity``, ``person`` or ``relationship``.
        node: Where the statement is.
        details: Where the details of the record are.
    """

    record: str
    kind: str
    node: Node
    details: Node


def document_of(data: bytes) -> Any:
    """Return the statements of a file: a JSON list, or one statement a line.

    Raises:
        InvalidFactError: The file is neither.

    >>> document_of(b'{"recordId": "a"}')
    [{'recordId': 'a'}]
    """
    lines = [line for line in data.splitlines() if line.strip()]
    if lines and lines[0].lstrip().startswith(b"{"):
        try:
            return [json_document(line) for line in lines]
        except InvalidFactError:
            return [json_document(data)]  # one object over several lines
    document = json_document(data)
    if not isinstance(document, list):
        raise InvalidFactError("file", document, "give a list of statements")
    return document


def statements_on(root: Node, on: date) -> list[Statement]:
    """Return the latest statement of each record up to a day; all others are settled.

    Args:
        root: The list of statements.
        on: The day.
    """
    by_record: dict[str, list[tuple[Statement, date | None]]] = {}
    for node in root.items():
        statement = _statement(node)
        if statement is None:
            continue
        stated = node.child("statementDate")
        day = day_at(stated)
        if day is not None and day > on:
            node.skip(f"stated after {on}")
        else:
            by_record.setdefault(statement.record, []).append((statement, day))
    found = []
    for dated in by_record.values():
        latest = _latest(dated)
        if latest is None:
            continue
        if latest.node.child("recordStatus").text == "closed":
            latest.node.skip("the record is closed")
        else:
            found.append(latest)
    return found


def _statement(node: Node) -> Statement | None:
    """A statement of this version; anything else is unknown."""
    version = node.child("publicationDetails").child("bodsVersion")
    kind, record = node.child("recordType").text, node.child("recordId").peek(as_text)
    if version.stated and version.text != VERSION:
        node.doubt(f"a statement of version {version.value}; {VERSION} is read")
    elif kind not in {"entity", "person", "relationship"} or record is None:
        node.doubt(f"not a statement of version {VERSION}: an entity, a person or a relationship")
    else:
        return Statement(record, kind, node, node.child("recordDetails"))
    return None


def _latest(dated: Sequence[tuple[Statement, date | None]]) -> Statement | None:
    """The latest statement of a record, if it is clear which one is."""
    if len(dated) == 1:
        return dated[0][0]
    days = [day for _, day in dated]
    last = max((day for day in days if day is not None), default=None)
    if None in days or days.count(last) > 1:
        for statement, _ in dated:
            statement.node.doubt(
                "which of the statements of the record is the latest is not clear",
                "this one",
                "another one",
            )
        return None
    for statement, day in dated:
        if day != last:
            statement.node.skip("superseded by a later statement of the record")
    return next(statement for statement, day in dated if day == last)
