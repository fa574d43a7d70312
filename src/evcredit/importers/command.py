"""The command line of importers: ``python -m evcredit import FILE``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import declared_facts
from evcredit.errors import InvalidFactError
from evcredit.facts.mineral import ApplicableMineral
from evcredit.importers.files import FORMATS, import_file
from evcredit.results.words import facts_to_dict, json_value

__all__ = ["answer", "facts_as_data"]


def answer(arguments: Sequence[str]) -> str:
    """Return what the command prints.

    Args:
        arguments: The arguments after ``import``.

    Raises:
        EvcreditError: The file cannot be read.
        OSError: There is no such file.
    """
    stated = _parser().parse_args(arguments)
    options = dict(map(_option, stated.option))
    source = str(stated.file)
    data = sys.stdin.buffer.read() if source == "-" else stated.file.read_bytes()
    imported = import_file(data, name=stated.format, options=options)
    if stated.output == "text":
        return imported.report.explain()
    found = {"facts": facts_as_data(imported.facts), "report": imported.report.to_dict()}
    return json.dumps(found, indent=2, ensure_ascii=False) + "\n"


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evcredit import",
        description="Read facts from a file of another system, and report on every value of it.",
    )
    parser.add_argument("file", type=Path, help="the file; - reads standard input")
    parser.add_argument(
        "--as",
        dest="format",
        choices=tuple(FORMATS),
        help="the format (default: found by what is in the file)",
    )
    parser.add_argument(
        "--option",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="an option of the importer, such as template='EMRT 2.1' or on=2024-06-03; the value "
        "may be JSON, and @FILE is the content of a file",
    )
    parser.add_argument(
        "--output",
        choices=("text", "json"),
        default="text",
        help="the report in words, or facts and report as JSON (default: text)",
    )
    return parser


def _option(text: str) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals:
        raise InvalidFactError("--option", text, "give a name and a value, as in on=2024-06-03")
    if value.startswith("@"):
        return name, Path(value[1:]).read_bytes()
    try:
        return name, json.loads(value, parse_float=Decimal)
    except ValueError:
        return name, value


def facts_as_data(facts: Any) -> Any:
    """Return imported facts as JSON-ready data; what is unknown is omitted.

    >>> facts_as_data((Bounds(Decimal(1), Decimal("Infinity")),))
    [{'lower': '1', 'upper': None}]
    """
    if isinstance(facts, tuple):
        return [facts_as_data(each) for each in facts]
    if isinstance(facts, Bounds):
        return {name: _end(getattr(facts, name)) for name in ("lower", "upper")}
    if isinstance(facts, ApplicableMineral):
        return facts.identifier
    if not attrs.has(facts.__class__) or isinstance(facts, Enum):
        return json_value(facts)
    if declared_facts(facts.__class__):
        return facts_to_dict(facts)
    return dict(_stated(facts))


def _stated(facts: Any) -> Iterator[tuple[str, Any]]:
    for field in attrs.fields(facts.__class__):
        value = getattr(facts, field.name)
        if value is not None:
            yield field.name, facts_as_data(value)


def _end(value: Any) -> str | None:
    endless = isinstance(value, Decimal) and not value.is_finite()
    return None if endless else str(value)
