"""Every error this package raises on purpose.

Each subclasses both `EvcreditError` and the builtin a caller would expect, so that
``except ValueError`` and ``except EvcreditError`` both do what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

__all__ = [
    "EvcreditError",
    "InvalidFactError",
    "InvalidFactsError",
    "LawError",
    "OutsideCoverage",
    "UndeterminedError",
    "UnknownAgreement",
    "UnknownListing",
    "nearest",
    "raise_faults",
]


def nearest(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The known names most like one that is not known, nearest first, for a message.

    >>> nearest("no-japn", ["current", "no-japan"])
    ('no-japan',)
    """
    from difflib import get_close_matches  # noqa: PLC0415  # slow to load, and rarely needed

    return tuple(get_close_matches(name, list(known), n=most))


class EvcreditError(Exception):
    """The base of every error raised on purpose by evcredit."""


class InvalidFactError(EvcreditError, ValueError):
    """One stated fact that cannot be true, or is stated in a form that is not exact.

    Attributes:
        path: Where the fact stands, for example ``vehicle.msrp``.
        found: The value that was given.
        remedy: What is allowed instead, as one sentence without a capital.

    >>> raise InvalidFactError("vehicle.msrp", 55000.0, "give a Decimal, an int or text")
    Traceback (most recent call last):
    evcredit.errors.InvalidFactError: vehicle.msrp: found 55000.0; give a Decimal, an int or text
    """

    def __init__(self, path: str, found: object, remedy: str) -> None:
        super().__init__(path, found, remedy)
        self.path = path
        self.found = found
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.path}: found {self.found!r}; {self.remedy}"

    def below(self, prefix: str) -> InvalidFactError:
        """The same fault, told from one level further out.

        >>> InvalidFactError("msrp", -1, "must not be negative").below("vehicle").path
        'vehicle.msrp'
        """
        joint = "" if self.path.startswith("[") or not self.path else "."
        return InvalidFactError(f"{prefix}{joint}{self.path}", self.found, self.remedy)


class InvalidFactsError(ExceptionGroup[InvalidFactError], EvcreditError, ValueError):
    """Several faults of one input, reported together.

    `exceptions` holds one `InvalidFactError` for each fault; ``except* InvalidFactError``
    handles one fault and several alike.
    """

    def derive(self, excs: Sequence[Any], /) -> InvalidFactsError:  # type: ignore[override]  # a group of faults only
        """Keep the type when ``except*`` splits the group."""
        return InvalidFactsError(self.message, excs)

    def __str__(self) -> str:
        lines = [f"{len(self.exceptions)} facts cannot be used:"]
        lines += [f"  {fault}" for fault in self.exceptions]
        return "\n".join(lines)


def raise_faults(faults: Iterable[InvalidFactError]) -> None:
    """Raise nothing for no fault, the fault itself for one, a group for several."""
    found = tuple(faults)
    if len(found) == 1:
        raise found[0]
    if found:
        raise InvalidFactsError(f"{len(found)} facts cannot be used", found)


class UndeterminedError(EvcreditError, ValueError):
    """An unknown verdict was used where only yes or no will do.

    Attributes:
        missing: The paths of the unknown facts, where they are known to the raiser.
    """

    def __init__(self, message: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.missing = missing


class LawError(EvcreditError, LookupError):
    """The law, as this package holds it, gives no answer to what was asked."""


class OutsideCoverage(LawError):
    """A day on which this package holds no law for the question.

    Attributes:
        day: The day asked about.
        covered: The days that are covered, in words.
    """

    def __init__(self, subject: str, day: object, covered: str) -> None:
        super().__init__(subject, day, covered)
        self.subject = subject
        self.day = day
        self.covered = covered

    def __str__(self) -> str:
        return f"{self.subject}: no law is held for {self.day}; covered: {self.covered}"


class UnknownAgreement(LawError):
    """No agreement of that name; `suggestions` holds the nearest ones."""

    def __init__(self, name: str, suggestions: tuple[str, ...], known: tuple[str, ...]) -> None:
        super().__init__(name, suggestions, known)
        self.name = name
        self.suggestions = suggestions
        self.known = known

    def __str__(self) -> str:
        if self.suggestions:
            hint = f"did you mean {' or '.join(self.suggestions)}?"
        else:
            hint = f"known: {', '.join(self.known)}"
        return f"no agreement is called {self.name!r}; {hint}"


class UnknownListing(EvcreditError, LookupError):
    """No published list has the vehicle asked for; the message says how far the search got.

    Attributes:
        asked: What was asked for, by name: make, model, and so on.
        why: What was not found, or when it is listed instead.
        suggestions: The nearest makes, models or lists.
    """

    def __init__(self, asked: dict[str, object], why: str, suggestions: tuple[str, ...]) -> None:
        super().__init__(asked, why, suggestions)
        self.asked = asked
        self.why = why
        self.suggestions = suggestions

    def __str__(self) -> str:
        if not self.suggestions:
            return self.why
        return f"{self.why}; did you mean {' or '.join(self.suggestions)}?"
