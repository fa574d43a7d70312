"""Sentences: what a point of the law says, worded for met, not met, unknown, or not in force."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal, get_args

from evcredit.algebra.verdict import Verdict
from evcredit.errors import InvalidFactError

__all__ = ["Audience", "Clauses", "Words", "checked_audience", "sentence"]

#: Who is spoken to.
Audience = Literal["buyer", "professional"]
#: The clauses of one reason code, by audience. Two clauses say what is true if the rule is met and
#: if it is not; one alone is a question, of an amount that is known or not.
Clauses = Mapping[str, tuple[str, ...]]
#: Gives the clauses of every reason code that has some; called when a sentence is needed.
Words = Callable[[], Mapping[str, Clauses]]


def checked_audience(audience: str) -> str:
    """Return the audience, if there is one of that name.

    Raises:
        InvalidFactError: There is none.
    """
    known = get_args(Audience)
    if audience not in known:
        remedy = f"no one is called {audience!r} here; give {' or '.join(map(repr, known))}"
        raise InvalidFactError("audience", audience, remedy)
    return audience


#: How a sentence begins: what cannot be reported, and what does not matter on the day.
_UNKNOWN = {"buyer": "we cannot tell yet", "professional": "it is not determined"}
_IDLE = {"buyer": "for that day it does not matter", "professional": "not in force:"}
_KNOWN = {"buyer": "we know", "professional": "it is determined"}


def sentence(
    clauses: Clauses, verdict: Verdict, audience: Audience = "buyer", *, in_force: bool = True
) -> str:
    """Return what a rule says, as a sentence.

    Args:
        clauses: What it says, by audience.
        verdict: The verdict of the rule.
        audience: Who is spoken to.
        in_force: Whether the rule applies on the day.

    Raises:
        ValueError: There is no such audience.

    >>> paid = {"buyer": ("the toll is paid", "the toll is not paid")}
    >>> sentence(paid, Verdict.NOT_MET)
    'The toll is not paid.'
    >>> sentence(paid, Verdict.UNKNOWN)
    'We cannot tell yet whether the toll is paid.'
    >>> sentence({"professional": ("what the toll is",)}, Verdict.MET, "professional")
    'It is determined what the toll is.'
    """
    said = clauses[checked_audience(audience)]
    first = said[0] if len(said) == 1 else f"whether {said[0]}"
    if not in_force:
        text = f"{_IDLE[audience]} {first}"
    elif verdict is Verdict.UNKNOWN:
        text = f"{_UNKNOWN[audience]} {first}"
    elif len(said) == 1:
        text = f"{_KNOWN[audience]} {first}"
    else:
        text = said[0] if verdict is Verdict.MET else said[1]
    return f"{text[0].upper()}{text[1:]}."
