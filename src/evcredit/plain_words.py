"""What a reason code says in plain words, to a buyer and to a professional.

The clauses stand in ``data/sentences.toml``; here they become sentences, worded for what is met,
not met, unknown, or not in force.
"""

from __future__ import annotations

from functools import cache
from typing import Literal, get_args

from evcredit.verdict import Verdict

__all__ = ["Audience", "checked_audience", "clauses", "sentence"]

#: Who is spoken to.
Audience = Literal["buyer", "professional"]


def checked_audience(audience: str) -> str:
    """The audience, if there is one of that name.

    Raises:
        ValueError: There is none.
    """
    known = get_args(Audience)
    if audience not in known:
        raise ValueError(
            f"nobody is called {audience!r} here; give {' or '.join(map(repr, known))}"
        )
    return audience


@cache
def clauses() -> dict[str, dict[str, tuple[str, ...]]]:
    """The clauses of each reason code, by audience.

    Two clauses say what holds if the rule is met, and if it is not; one alone is a question, of
    an amount that is known or not.

    >>> clauses()["final_assembly"]["buyer"][1]
    'the car was put together outside North America'
    """
    # Read when first asked for: a bare assessment says nothing in plain words.
    from evcredit.data import load  # noqa: PLC0415

    return {
        code: {audience: tuple(said) for audience, said in by_audience.items()}
        for code, by_audience in load("sentences.toml").items()
    }


#: How a sentence begins: what cannot be told, and what does not matter on the day.
_UNKNOWN = {"buyer": "we cannot tell yet", "professional": "it is not determined"}
_IDLE = {"buyer": "for that day it does not matter", "professional": "not in force:"}
_KNOWN = {"buyer": "we know", "professional": "it is determined"}


def sentence(
    code: str, verdict: Verdict, audience: Audience = "buyer", *, in_force: bool = True
) -> str:
    """What a reason code says, as a sentence.

    Args:
        code: The reason code.
        verdict: What the rule came to.
        audience: Who is spoken to.
        in_force: Whether the rule applies on the day.

    Raises:
        KeyError: No sentence is held for that code.
        ValueError: There is no such audience.

    >>> sentence("final_assembly", Verdict.NOT_MET)
    'The car was put together outside North America.'
    >>> sentence("final_assembly", Verdict.UNKNOWN)
    'We cannot tell yet whether the car was put together in North America.'
    >>> sentence("amount_by_sale_price", Verdict.MET, "professional")
    'It is determined what the amount by the sale price is.'
    """
    said = clauses()[code][checked_audience(audience)]
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
