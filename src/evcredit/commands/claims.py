"""``python -m evcredit claims``: what the law makes of many claims, one line of answer each."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from evcredit.algebra.money import bounds_in_dollars
from evcredit.commands.inputs import command_parser, law_of
from evcredit.errors import InvalidFactError, InvalidFactsError, faults_of
from evcredit.io.many import numbered_claims
from evcredit.provisions.section import Credit
from evcredit.results.assessing import assess
from evcredit.results.assessment import Assessment
from evcredit.results.words import json_value

__all__ = ["answer"]

#: So many lines are written at once.
_AT_A_TIME = 100


def answer(arguments: Sequence[str]) -> Iterator[str]:
    """Give what the command prints, a few lines at a time.

    Args:
        arguments: The arguments after ``claims``.

    Raises:
        EvcreditError: Some of the claims cannot be used; each is on standard error.
        OSError: The file cannot be read.
    """
    parser = command_parser(
        "claims",
        "Assess many claims, in JSON lines or one JSON array, and print one line for each as it "
        "is read. Claims that cannot be used are reported with their line on standard error.",
    )
    parser.add_argument("file", help="a file of claims; - for standard input")
    parser.add_argument("--law", metavar="NAME", help="the law to apply (default: current)")
    parser.add_argument(
        "--credit", choices=[each.value for each in Credit], default=Credit.NEW_VEHICLE.value
    )
    parser.add_argument("--format", choices=("text", "json"), default="text", help="how to answer")
    options = parser.parse_args(list(arguments))
    return _lines(options, law_of(options.law))


def _lines(options: Any, law: Any) -> Iterator[str]:
    source = sys.stdin.buffer if options.file == "-" else Path(options.file)
    bad, held = 0, []

    def tell(faults: InvalidFactError | InvalidFactsError) -> None:
        nonlocal bad
        bad += 1
        for each in faults_of(faults):
            sys.stderr.write(f"evcredit: {options.file}: {each}\n")

    shown = _as_json if options.format == "json" else _as_text
    for line, claim in numbered_claims(source, report=tell):
        held.append(shown(line, assess(claim, law=law, credit=options.credit)))
        if len(held) >= _AT_A_TIME:
            yield "".join(held)
            held.clear()
    yield "".join(held)
    if bad:
        raise InvalidFactError(options.file, bad, "so many claims cannot be used; see above")


def _as_json(line: int, result: Assessment) -> str:
    answer = {
        "line": line,
        "verdict": result.verdict.value,
        "credit": {**json_value(result.credit), "currency": "USD"},
        "reason": result.reason,
    }
    return json.dumps(answer) + "\n"


def _as_text(line: int, result: Assessment) -> str:
    credit = bounds_in_dollars(result.credit)
    return f"line {line}: {result.verdict.value}, {credit}, {result.reason}\n"
