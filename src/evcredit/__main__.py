"""The command line: ``python -m evcredit [claim.json]``, or ``--forms return.json``."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import TextIO

from evcredit._version import __version__
from evcredit.algebra.field import checked_day
from evcredit.algebra.money import bounds_in_dollars
from evcredit.commands.inputs import as_json, bytes_of, law_of, read_claim
from evcredit.errors import (
    MOST_FAULTS_SHOWN,
    EvcreditError,
    InvalidFactError,
    InvalidFactsError,
    faults_of,
)
from evcredit.examples import demonstration_claim
from evcredit.law.scenarios import named_laws
from evcredit.provisions.section import Credit
from evcredit.results.assessing import assess
from evcredit.results.assessment import Assessment
from evcredit.results.comparison import Comparison, compare

__all__ = ["main"]

_USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The arguments; those of the process if omitted.

    Returns:
        0 if the question was answered, 2 if the file or the arguments cannot be used; 1 if
        ``verify`` finds a difference.

    >>> main(["--law", "no-such-law"])
    2
    """
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given and given[0] in _COMMANDS:
        return _command(given[0], given[1:])
    if given[:1] == ["schema"]:
        return _schema(given[1:])
    parser = _parser()
    options = parser.parse_args(given)
    if options.forms and (options.claim or options.credit or options.compare_with):
        parser.error("--forms takes a return: no claim, --credit or --compare-with beside it")
    options.credit = options.credit or Credit.NEW_VEHICLE.value
    try:
        _say(_answer(options), sys.stdout)
    except (InvalidFactError, InvalidFactsError) as error:
        _complain(str(options.forms or options.claim), error)
        return _USAGE_ERROR
    except (EvcreditError, OSError) as error:
        _say(f"evcredit: {_told(error)}\n", sys.stderr)
        return _USAGE_ERROR
    return 0


#: The commands, and the modules that answer them, each loaded when it is needed.
_COMMANDS = {
    "claims": "evcredit.commands.claims",
    "import": "evcredit.importers.command",
    "plot": "evcredit.commands.plot",
    "table": "evcredit.commands.table",
    "verify": "evcredit.commands.verify",
    "what-if": "evcredit.commands.what_if",
    "what-would-change": "evcredit.commands.what_would_change",
}


def _command(name: str, arguments: Sequence[str]) -> int:
    """Run ``python -m evcredit NAME ...``."""
    status = 0
    try:
        told = import_module(_COMMANDS[name]).answer(arguments)
        if isinstance(told, tuple):
            told, status = told
        for text in (told,) if isinstance(told, str) else told:
            _say(text, sys.stdout)
    except InvalidFactsError as error:
        _complain(name, error)
        return _USAGE_ERROR
    except (EvcreditError, OSError) as error:
        _say(f"evcredit: {_told(error)}\n", sys.stderr)
        return _USAGE_ERROR
    except ModuleNotFoundError as error:
        _say(f"evcredit: {name} needs {error.name}, which is not installed\n", sys.stderr)
        return _USAGE_ERROR
    return status


def _told(error: EvcreditError | OSError) -> str:
    """What went wrong, in our own words also where the system found it."""
    if not isinstance(error, OSError) or isinstance(error, EvcreditError):
        return str(error)
    why = (error.strerror or type(error).__name__).lower()
    return f"{error.filename}: cannot be read: {why}; give the path of a file, or - for input"


def _day(text: str) -> date:
    """A day of the command line."""
    try:
        return checked_day(text)
    except InvalidFactError:
        raise argparse.ArgumentTypeError(f"found {text!r}; give a day like 2024-06-03") from None


def _schema(arguments: Sequence[str]) -> int:
    """Run ``python -m evcredit schema NAME``: print the JSON Schema of a document."""
    from evcredit.io.schema import DOCUMENTS, json_schema  # noqa: PLC0415  # not for a claim

    names = ", ".join(DOCUMENTS)
    if arguments in (["-h"], ["--help"]):
        usage = "usage: python -m evcredit schema NAME\n\nPrint the JSON Schema of a document: "
        _say(f"{usage}{names}.\n", sys.stdout)
        return 0
    if len(arguments) != 1 or arguments[0] not in DOCUMENTS:
        _say(f"evcredit: schema: give one of {names}\n", sys.stderr)
        return _USAGE_ERROR
    _say(as_json(json_schema(DOCUMENTS[arguments[0]])), sys.stdout)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evcredit",
        description="The clean vehicle credits of 26 USC, with reasons. Without a file: "
        "what the US-Japan critical minerals agreement is worth to one car.",
        epilog=f"Commands: python -m evcredit {', '.join(_COMMANDS)} or schema, each with --help. "
        "This is not tax advice.",
    )
    parser.add_argument(
        "claim", nargs="?", type=Path, help="a claim as a JSON file; - for standard input"
    )
    parser.add_argument(
        "--forms", metavar="RETURN", type=Path, help="fill in the forms of a return, a JSON file"
    )
    parser.add_argument(
        "--credit",
        choices=[each.value for each in Credit],
        help=f"the credit, by its section (default: {Credit.NEW_VEHICLE.value})",
    )
    parser.add_argument(
        "--law", metavar="NAME", help=f"the law to apply: {', '.join(named_laws())}"
    )
    parser.add_argument(
        "--compare-with", metavar="NAME", help="a second law; say what changes under it"
    )
    parser.add_argument(
        "--as-known-on",
        metavar="DATE",
        type=_day,
        help="apply the law as it was known on a day, like 2024-06-03",
    )
    parser.add_argument(
        "--format", choices=("text", "markdown", "json"), default="text", help="how to answer"
    )
    parser.add_argument("--version", action="version", version=f"evcredit {__version__}")
    return parser


def _complain(source: str, error: InvalidFactError | InvalidFactsError) -> None:
    faults = faults_of(error)
    noun = "fact" if len(faults) == 1 else "facts"
    lines = [f"evcredit: {source}: {len(faults)} {noun} cannot be used"]
    lines += [f"  {fault}" for fault in faults[:MOST_FAULTS_SHOWN]]
    if len(faults) > MOST_FAULTS_SHOWN:
        lines.append(f"  and {len(faults) - MOST_FAULTS_SHOWN} more")
    _say("\n".join(lines) + "\n", sys.stderr)


def _answer(options: argparse.Namespace) -> str:
    if options.forms is not None:
        return _forms(options)
    new = options.credit == Credit.NEW_VEHICLE.value
    if new and options.claim is None and options.law is None and options.compare_with is None:
        return _demonstration(options)
    claim = read_claim(options.claim)
    law = law_of(options.law, options.as_known_on)
    result: Assessment | Comparison = assess(claim, law=law, credit=options.credit)
    if options.compare_with is not None:
        result = compare(
            claim,
            law,
            law_of(options.compare_with, options.as_known_on),
            credit=options.credit,
        )
    if options.format == "json":
        return as_json(result.to_dict())
    return result.explain(options.format)


def _forms(options: argparse.Namespace) -> str:
    from evcredit.forms.form_8936 import fill_forms  # noqa: PLC0415  # not for a claim

    law = law_of(options.law, options.as_known_on)
    forms = fill_forms(
        import_module("evcredit.io").return_from_json(bytes_of(options.forms)), law=law
    )
    return as_json(forms.to_dict()) if options.format == "json" else forms.explain(options.format)


def _say(text: str, stream: TextIO) -> None:
    """Print text on any terminal: what its encoding has no character for is escaped.

    A reader that has seen enough, such as ``head``, may close the pipe; that is no error.
    """
    encoding = stream.encoding or "utf-8"
    try:
        print(text.encode(encoding, "backslashreplace").decode(encoding), file=stream, end="")
        stream.flush()
    except BrokenPipeError:
        # What is still buffered would fail again when the process ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


# -- the demonstration ---------------------------------------------------------------------

_SCENARIOS = (
    ("no-japan", "the 20 comprehensive free trade agreements alone"),
    ("current", "with the US-Japan agreement (current law)"),
    ("eu-no-japan", "with a hypothetical EU agreement instead"),
    ("eu", "with both"),
)


def _demonstration(options: argparse.Namespace) -> str:
    claim = demonstration_claim()
    results = {name: assess(claim, law=law_of(name, options.as_known_on)) for name, _ in _SCENARIOS}
    comparison = compare(claim, results["no-japan"].law, results["current"].law)
    if options.format == "json":
        return as_json(
            {
                "scenarios": {name: result.to_dict() for name, result in results.items()},
                "japan": comparison.to_dict(),
            }
        )
    day = claim.purchase.placed_in_service
    table = _markdown_table if options.format == "markdown" else _text_table
    parts = (
        "What is the US-Japan critical minerals agreement of 28 March 2023 worth to one car?\n",
        f"A sport utility vehicle with a 75 kWh NMC 811 battery, placed in service on {day}.\n",
        "\n".join(table(results)) + "\n",
        comparison.explain(options.format),
        results["current"].explain(options.format),
    )
    return "\n".join(parts)


def _rows(results: dict[str, Assessment]) -> Iterator[tuple[str, ...]]:
    yield "countries that count", "content", "minerals", "components", "credit"
    for name, words in _SCENARIOS:
        result = results[name]
        yield (
            words,
            str(result.mineral_content),
            result.find("minerals_requirement").verdict.value,
            result.find("components_requirement").verdict.value,
            bounds_in_dollars(result.credit),
        )


def _text_table(results: dict[str, Assessment]) -> Iterator[str]:
    rows = list(_rows(results))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join([first.strip().ljust(widths[0]), *others])


def _markdown_table(results: dict[str, Assessment]) -> Iterator[str]:
    for number, row in enumerate(_rows(results)):
        yield "| " + " | ".join(cell.replace("$", "\\$") for cell in row) + " |"
        if number == 0:
            yield "|---|--:|--:|--:|--:|"


if __name__ == "__main__":
    sys.exit(main())
