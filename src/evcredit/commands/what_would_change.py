"""``python -m evcredit what-would-change``: the smallest changes that flip an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

from evcredit.advice.supply_chain import sensitivity, what_would_change
from evcredit.commands.inputs import as_json, bytes_of, command_parser, law_of, read_claim
from evcredit.errors import InvalidFactError
from evcredit.facts.claim import Claim
from evcredit.facts.pool import Pool

__all__ = ["answer"]


def answer(arguments: Sequence[str]) -> str:
    """Return what the command prints.

    Args:
        arguments: The arguments after ``what-would-change``.

    Raises:
        EvcreditError: The claim or pool cannot be read, or the law is unknown.
        OSError: There is no such file.

    >>> print(answer(["--law", "no-japan"]).splitlines()[0])
    Under current law without JPCMA: met.
    """
    parser = command_parser(
        "what-would-change",
        "The smallest changes of a supply chain that win or lose a half of the new clean vehicle "
        "credit: which chains to get from elsewhere, which price, which agreement.",
    )
    parser.add_argument(
        "claim",
        nargs="?",
        type=Path,
        help="a claim as a JSON file; - for standard input (default: the demonstration)",
    )
    parser.add_argument("--pool", type=Path, help="a pool of vehicles as a JSON file instead")
    parser.add_argument(
        "--percent", type=int, help="of a pool: the percentage that its content is to reach"
    )
    parser.add_argument("--law", metavar="NAME", help="the law to apply (default: current)")
    parser.add_argument(
        "--solver",
        action="store_true",
        help="look further with a solver of integer programs (the extra evcredit[solver])",
    )
    parser.add_argument(
        "--sensitivity",
        action="store_true",
        help="instead: what each price does to the content, from 0.8 to 1.2 of it",
    )
    parser.add_argument(
        "--half",
        choices=("minerals", "components"),
        help="for --sensitivity: which content (default: minerals)",
    )
    parser.add_argument(
        "--format", choices=("text", "markdown", "json"), default="text", help="how to answer"
    )
    options = parser.parse_args(arguments)
    if options.pool is not None and options.claim is not None:
        raise InvalidFactError("--pool", str(options.pool), "give a claim or a pool, not both")
    if options.half is not None and not options.sensitivity:
        raise InvalidFactError("--half", options.half, "give it with --sensitivity")
    if options.solver and options.sensitivity:
        raise InvalidFactError("--solver", None, "sensitivity has no search; leave it out")
    subject = read_claim(options.claim) if options.pool is None else _pool(options.pool)
    law = law_of(options.law)
    if options.sensitivity:
        half: Literal["minerals", "components"] = options.half or "minerals"
        bars = sensitivity(subject, law=law, percent=options.percent, half=half)
        if options.format == "json":
            return as_json([each.to_dict() for each in bars])
        rows = [
            (half.removesuffix("s"), "at 0.8", "at 1.2", "flips"),
            *(
                (each.mineral, str(each.low), str(each.high), "yes" if each.flips else "no")
                for each in bars
            ),
        ]
        return "\n".join(_table(rows, markdown=options.format == "markdown")) + "\n"
    found = what_would_change(subject, law=law, percent=options.percent, solver=options.solver)
    return as_json(found.to_dict()) if options.format == "json" else found.explain(options.format)


def _pool(path: Path) -> Claim | Pool:
    from evcredit.io.pools import pool_from_json  # noqa: PLC0415  # only for a pool

    pool: Pool = pool_from_json(bytes_of(path))
    return pool


def _table(rows: Sequence[Sequence[str]], *, markdown: bool) -> Iterator[str]:
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for number, row in enumerate(rows):
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        yield f"| {' | '.join(cells)} |" if markdown else "  ".join(cells).rstrip()
        if markdown and number == 0:
            yield "|" + "---|" * len(cells)
