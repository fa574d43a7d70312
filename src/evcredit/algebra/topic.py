"""Topics: what a finding is about. A rule is a topic with a body or parts."""

from __future__ import annotations

from enum import Enum
from typing import Any

import attrs

from evcredit.algebra.citation import Citation
from evcredit.algebra.reference import by_reference
from evcredit.algebra.wording import Words

__all__ = ["Mode", "Topic"]


class Mode(Enum):
    """How a rule evaluates to its verdict."""

    BODY = "by its own body"
    ALL = "met if all parts are"
    ANY = "met if any part is"
    NOT = "met if its part is not"
    AMOUNT = "an amount rather than a requirement: met if it is known exactly"


@attrs.frozen(eq=False, repr=False)
class Topic:
    """What a finding is about: a point of the law, with a code and a citation.

    Topics are compared by identity: each is written once.

    Args:
        code: A stable reason code.
        title: The point, as a statement that is true when it is met.
        citation: Where the law says so.
        words: Gives what each reason code says in plain words; `None` if no one wrote that down.
    """

    code: str
    title: str
    citation: Citation
    words: Words | None = attrs.field(default=None, kw_only=True)

    def __str__(self) -> str:
        return f"{self.title} [{self.citation}]"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.code}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return by_reference(self)

    @property
    def mode(self) -> Mode:
        """How the verdict is reached; a topic that is no rule has no parts that decide it."""
        return Mode.BODY
