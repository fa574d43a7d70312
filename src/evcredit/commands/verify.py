"""``python -m evcredit verify``: whether a stored result is what this version says."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import attrs

from evcredit.commands.inputs import as_json, bytes_of, command_parser, law_of
from evcredit.errors import MOST_FAULTS_SHOWN, InvalidFactError
from evcredit.io.verification import Verification, verify

__all__ = ["DIFFERS", "answer"]

#: The exit status where something differs.
DIFFERS = 1


def answer(arguments: Sequence[str]) -> tuple[str, int]:
    """Return what the command prints, and its exit status: 0 if all is the same, 1 if not.

    Args:
        arguments: The arguments after ``verify``.

    Raises:
        EvcreditError: The file holds no receipt, or its law cannot be made.
        OSError: There is no such file.

    >>> answer(["no-such-receipt.json"])
    Traceback (most recent call last):
    FileNotFoundError: [Errno 2] No such file or directory: 'no-such-receipt.json'
    """
    parser = command_parser(
        "verify",
        "Compute a stored result again and say what differs: the version, the law, the facts or "
        "the result. The exit status is 0 if nothing differs, 1 if something does.",
    )
    parser.add_argument(
        "receipt",
        type=Path,
        help="a result as JSON, as --format json gives it, or its receipt alone; - for standard "
        "input",
    )
    parser.add_argument(
        "--law", metavar="NAME", help="the law to apply (default: the one the receipt names)"
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to answer")
    options = parser.parse_args(arguments)
    law = None if options.law is None else law_of(options.law)
    found = verify(_stored(options.receipt), law=law)
    status = 0 if found.is_same else DIFFERS
    if options.format == "json":
        return as_json(
            {
                "same": found.is_same,
                "same_result": found.has_same_result,
                "differences": [attrs.asdict(each) for each in found.differences],
            }
        ), status
    return _in_words(found), status


def _stored(path: Path) -> Any:
    """What a file holds, as JSON."""
    try:
        return json.loads(bytes_of(path))
    except (ValueError, RecursionError) as error:
        raise InvalidFactError("receipt", str(path), f"this is no JSON: {error}") from error


def _in_words(found: Verification) -> str:
    """A line for all, and one for each place that differs."""
    if found.is_same:
        return f"the same to the last word: {found.result}\n"
    kept = found.differences[:MOST_FAULTS_SHOWN]
    count = len(found.differences)
    lines = [f"{count} {'place differs' if count == 1 else 'places differ'}"]
    lines += [f"  {each.part}: {each}" for each in kept]
    if count > len(kept):
        lines.append(f"  and {count - len(kept)} more")
    if found.result is None:
        lines.append("The stored facts cannot be read by this version.")
    return "\n".join(lines) + "\n"
