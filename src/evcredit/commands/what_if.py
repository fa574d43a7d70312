"""``python -m evcredit what-if``: what a reform of the law makes of a claim."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from pathlib import Path

from evcredit.commands.inputs import as_json, bytes_of, command_parser, law_of, read_claim
from evcredit.io.reforms import reform_from_json
from evcredit.law.reform import Reform
from evcredit.law.scenarios import named_reform, named_reforms
from evcredit.provisions.section import Credit
from evcredit.results.comparison import compare

__all__ = ["answer"]


def answer(arguments: Sequence[str]) -> str:
    """Return what the command prints.

    Args:
        arguments: The arguments after ``what-if``.

    Raises:
        EvcreditError: The claim or a reform cannot be read or applied.
        OSError: There is no such file.

    >>> print(answer(["--reform", "no Japan"]).splitlines()[0])
    without JPCMA: what the agreement is worth [hypothetical]
    """
    parser = command_parser(
        "what-if",
        "What a reform of the law makes of a claim: the entries of the law that it changes, the "
        "findings that flip, and what that is worth.",
    )
    parser.add_argument(
        "claim",
        nargs="?",
        type=Path,
        help="a claim as a JSON file; - for standard input (default: the demonstration)",
    )
    parser.add_argument(
        "--reform",
        action="append",
        required=True,
        metavar="NAME|FILE",
        help="a reform by its name, several joined by +, or a JSON file of one; repeat it to apply "
        f"several in turn. Names: {', '.join(named_reforms())}",
    )
    parser.add_argument("--law", metavar="NAME", help="the law before (default: current)")
    parser.add_argument(
        "--credit", choices=[each.value for each in Credit], default=Credit.NEW_VEHICLE.value
    )
    parser.add_argument(
        "--format", choices=("text", "markdown", "json"), default="text", help="how to answer"
    )
    options = parser.parse_args(arguments)
    reform = reduce(Reform.then, map(_reform, options.reform))
    before = law_of(options.law)
    result = compare(read_claim(options.claim), before, reform.apply(before), credit=options.credit)
    difference = reform.difference(before)
    if options.format == "json":
        return as_json(
            {
                "reform": reform.to_dict(),
                "law": difference.to_dict(),
                "comparison": result.to_dict(),
            }
        )
    changes = str(difference)
    if options.format == "markdown":
        changes = f"```diff\n{changes}\n```"
    return f"{reform}\n\n{changes}\n\n{result.explain(options.format)}"


def _reform(stated: str) -> Reform:
    """A reform by its name, or from a file."""
    if stated != "-" and not stated.endswith(".json"):
        return named_reform(stated)
    return reform_from_json(bytes_of(Path(stated)))
