"""Names of companies, as they are compared: with and without what follows the name proper."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["company_names", "plain_company"]

#: Legal forms, trades and places that follow the name of a maker of vehicles.
_ENDINGS = frozenset(
    (
        *("inc", "incorporated", "corp", "corporation", "co", "company", "companies", "llc", "ltd"),
        *("limited", "lp", "llp", "plc", "ag", "gmbh", "kg", "se", "sa", "spa", "nv", "bv", "ab"),
        *("motor", "motors", "auto", "automobile", "automobiles", "automotive", "car", "cars"),
        *("electric", "ev", "group", "holding", "holdings", "manufacturing", "sales", "vehicles"),
        *("of", "north", "america", "american", "usa", "us", "united", "states", "the", "and"),
    )
)
_WORD = re.compile(r"[^\W_]+")


def plain_company(name: str) -> str:
    """Return a name without case and punctuation.

    >>> plain_company("Mercedes-Benz")
    'mercedesbenz'
    """
    return "".join(_WORD.findall(name)).casefold()


def company_names(name: str) -> Iterator[str]:
    """Give a name as it is compared, and then without one ending after another.

    Args:
        name: The name of a company, a brand or a make.

    >>> list(company_names("Ford Motor Company"))
    ['fordmotorcompany', 'fordmotor', 'ford']
    >>> list(company_names("BMW of North America, L.L.C."))[-1]
    'bmw'
    """
    words = [word.casefold() for word in _WORD.findall(name.replace(".", ""))]
    yield "".join(words)
    while len(words) > 1 and words[-1] in _ENDINGS:
        words.pop()
        yield "".join(words)
