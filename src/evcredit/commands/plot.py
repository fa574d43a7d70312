"""``python -m evcredit plot``: a picture of an answer, as SVG, HTML, PNG or PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evcredit.commands.inputs import as_json, command_parser, law_of, no_input, read_claim
from evcredit.errors import InvalidFactError
from evcredit.facts.claim import Claim
from evcredit.law.law import Law
from evcredit.law.scenarios import named_law
from evcredit.results.assessing import assess

__all__ = ["answer"]

#: The laws that the picture of scenarios shows side by side.
_SCENARIOS = ("no-japan", "current", "eu-no-japan", "eu")


def answer(arguments: Sequence[str]) -> str:
    """Return what the command prints: the picture, or where it is.

    Args:
        arguments: The arguments after ``plot``.

    Raises:
        EvcreditError: The claim cannot be read, or the law is unknown.
        OSError: There is no such file, or it cannot be written.

    >>> print(answer(["content"])[:4])
    <svg
    """
    parser = command_parser("plot", "Draw a picture of what the law makes of a claim.")
    parser.add_argument("picture", choices=tuple(_pictures()), help="what to draw")
    parser.add_argument(
        "claim",
        nargs="?",
        type=Path,
        help="a claim as a JSON file; - for standard input (default: the demonstration)",
    )
    parser.add_argument("--law", metavar="NAME", help="the law to apply (default: current)")
    parser.add_argument(
        "--out",
        type=Path,
        metavar="FILE",
        help="where to write it: .svg, .html, .json for its description, or .png or .pdf by "
        "matplotlib (default: SVG on standard output)",
    )
    parser.add_argument("--width", type=int, default=860, help="pixels, at least 280")
    parser.add_argument("--dark", action="store_true", help="of .png and .pdf: on a dark ground")
    options = parser.parse_args(arguments)
    law = law_of(options.law)
    if options.width < 280:
        raise InvalidFactError("--width", options.width, "give at least 280 pixels")
    if options.out is not None and options.claim is not None:
        no_input(options.out, options.claim)
    picture = _pictures()[options.picture](read_claim(options.claim), law)
    if options.out is None:
        return str(picture.to_svg(options.width)) + "\n"
    suffix = options.out.suffix.lower()
    if suffix in (".png", ".pdf"):
        try:
            figure = picture.figure(options.width, dark=options.dark)
        except ImportError as error:
            raise InvalidFactError("--out", str(options.out), str(error)) from error
        with _written(options.out):
            figure.savefig(options.out)
    elif suffix in _TEXTS:
        text = _TEXTS[suffix](picture, options.width)
        with _written(options.out):
            options.out.write_text(text, encoding="utf-8")
    else:
        known = ", ".join((*_TEXTS, ".png", ".pdf"))
        raise InvalidFactError("--out", str(options.out), f"give a name that ends in {known}")
    return f"{options.out}: {picture.title}\n"


@contextmanager
def _written(out: Path) -> Iterator[None]:
    """Say of a file that cannot be written that it cannot."""
    try:
        yield
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        remedy = f"cannot be written: {why}; give a file in a folder that there is"
        raise InvalidFactError("--out", str(out), remedy) from error


_TEXTS: Mapping[str, Callable[[Any, int], str]] = {
    ".svg": lambda picture, width: str(picture.to_svg(width)),
    ".html": lambda picture, width: str(picture.to_html()),
    ".json": lambda picture, width: as_json(picture.to_dict()),
}


def _pictures() -> Mapping[str, Callable[[Claim, Law], Any]]:
    from evcredit import plots  # noqa: PLC0415  # only for a picture

    return {
        "content": lambda claim, law: plots.content(assess(claim, law=law)),
        "scenarios": lambda claim, law: plots.scenarios(
            claim, {name: named_law(name) for name in _SCENARIOS}
        ),
        "flow": lambda claim, law: plots.flow(assess(claim, law=law)),
        "findings": lambda claim, law: plots.findings(assess(claim, law=law)),
        "timeline": lambda claim, law: plots.timeline(law),
        "credit": lambda claim, law: plots.credit_over(claim, law=law),
    }
