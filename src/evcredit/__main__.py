"""The command line: ``python -m evcredit [claim.json]``, or ``--forms return.json``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path
from types import ModuleType

from evcredit._version import __version__
from evcredit.assessment import Assessment, Comparison, assess, compare
from evcredit.claim import Claim
from evcredit.errors import EvcreditError, InvalidFactError, InvalidFactsError
from evcredit.examples import demonstration_claim
from evcredit.law import Law, named_law, named_laws
from evcredit.money import bounds_in_dollars
from evcredit.section import Credit

__all__ = ["main"]

_USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: The arguments; those of the process if left out.

    Returns:
        0 if the question was answered, 2 if the file or the arguments cannot be used.

    >>> main(["--law", "no-such-law"])
    2
    """
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.forms and (options.claim or options.credit or options.compare_with):
        parser.error("--forms takes a return: no claim, --credit or --compare-with beside it")
    options.credit = options.credit or Credit.NEW_VEHICLE.value
    try:
        print(_answer(options), end="")
    except (InvalidFactError, InvalidFactsError) as error:
        _complain(str(options.forms or options.claim), error)
        return _USAGE_ERROR
    except (EvcreditError, OSError) as error:
        print(f"evcredit: {error}", file=sys.stderr)
        return _USAGE_ERROR
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m evcredit",
        description="The clean vehicle credits of 26 USC, with reasons. Without a file: "
        "what the US-Japan critical minerals agreement is worth to one car.",
        epilog="This is not tax advice.",
    )
    parser.add_argument("claim", nargs="?", type=Path, help="a claim as a JSON file")
    parser.add_argument(
        "--forms", metavar="RETURN", type=Path, help="a return as a JSON file: fill in its forms"
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
        type=date.fromisoformat,
        help="apply the law as it was known on a day, like 2024-06-03",
    )
    parser.add_argument(
        "--format", choices=("text", "markdown", "json"), default="text", help="how to answer"
    )
    parser.add_argument("--version", action="version", version=f"evcredit {__version__}")
    return parser


def _complain(source: str, error: InvalidFactError | InvalidFactsError) -> None:
    faults = error.exceptions if isinstance(error, InvalidFactsError) else (error,)
    noun = "fact" if len(faults) == 1 else "facts"
    print(f"evcredit: {source}: {len(faults)} {noun} cannot be used", file=sys.stderr)
    for fault in faults:
        print(f"  {fault}", file=sys.stderr)


def _answer(options: argparse.Namespace) -> str:
    if options.forms is not None:
        return _forms(options)
    new = options.credit == Credit.NEW_VEHICLE.value
    if new and options.claim is None and options.law is None and options.compare_with is None:
        return _demonstration(options)
    claim = demonstration_claim() if options.claim is None else _read(options.claim)
    law = _law(options.law or "current", options.as_known_on)
    result: Assessment | Comparison = assess(claim, law=law, credit=options.credit)
    if options.compare_with is not None:
        result = compare(
            claim,
            law,
            _law(options.compare_with, options.as_known_on),
            credit=options.credit,
        )
    if options.format == "json":
        return _json(result.to_dict())
    return result.explain(options.format)


def _forms(options: argparse.Namespace) -> str:
    from evcredit.forms.clean_vehicles import fill_forms  # noqa: PLC0415  # not for a claim

    law = _law(options.law or "current", options.as_known_on)
    forms = fill_forms(_reader().return_from_json(options.forms.read_bytes()), law=law)
    return _json(forms.to_dict()) if options.format == "json" else forms.explain(options.format)


def _read(path: Path) -> Claim:
    claim: Claim = _reader().claim_from_json(path.read_bytes())
    return claim


def _reader() -> ModuleType:
    try:
        return import_module("evcredit.io")  # an extra
    except ModuleNotFoundError as error:
        raise EvcreditError(
            f"reading a file needs the package {error.name}; run: pip install 'evcredit[json]'"
        ) from error


def _law(name: str, known_on: date | None) -> Law:
    law = named_law(name)
    return law if known_on is None else law.known_on(known_on)


def _json(data: object) -> str:
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


# -- the demonstration ---------------------------------------------------------------------

_SCENARIOS = (
    ("no-japan", "the 20 comprehensive free trade agreements alone"),
    ("current", "with the US-Japan agreement (current law)"),
    ("eu-no-japan", "with a hypothetical EU agreement instead"),
    ("eu", "with both"),
)


def _demonstration(options: argparse.Namespace) -> str:
    claim = demonstration_claim()
    results = {name: assess(claim, law=_law(name, options.as_known_on)) for name, _ in _SCENARIOS}
    comparison = compare(claim, results["no-japan"].law, results["current"].law)
    if options.format == "json":
        return _json(
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
