"""Every error this package raises on purpose.

Each subclasses both `EvcreditError` and the builtin a caller would expect, so that
``except ValueError`` and ``except EvcreditError`` both do what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self, TypeVar

__all__ = [
    "MOST_FAULTS_SHOWN",
    "ClaimWarning",
    "ConflictingReforms",
    "EvcreditError",
    "InvalidCallError",
    "InvalidFactError",
    "InvalidFactsError",
    "LawError",
    "MissingExtraError",
    "OutsideCoverage",
    "UndeterminedError",
    "UnknownAgreement",
    "UnknownListing",
    "UnknownNameError",
    "UnlikelyValueWarning",
    "checked",
    "nearest",
    "raise_faults",
    "shown",
]

#: The most faults that the text of an error lists; the rest are counted.
MOST_FAULTS_SHOWN = 50
#: The most agreements that the text of an error names.
_MOST_AGREEMENTS = 8
#: The most characters of a value, a path and a remedy that the text of an error shows.
_MOST_OF_VALUE, _MOST_OF_PATH, _MOST_OF_REMEDY = 80, 100, 200
#: The most characters of the text of an error that names lists.
_MOST_OF_LISTS = 800


def shown(value: object, most: int = _MOST_OF_VALUE) -> str:
    """Return a value as the text of an error shows it: on one line, cut, and never in full.

    A message may not repeat a taxpayer's whole record, so objects and long lists are named by
    what they are.

    Args:
        value: Any value, even one whose own text cannot be made.
        most: The most characters.

    >>> shown("x" * 200, 12)
    "'xxxxxxxx..."
    >>> shown({"vin": 1, "name": 2})
    'an object with vin, name'
    >>> shown([1] * 100)
    'a list of 100 items'
    """
    try:
        # The text of an object that is none of ours may fail in any way.
        text = _text_of(value)
    except Exception:  # noqa: BLE001
        text = f"a {type(value).__name__} without a text"
    return _cut(text, most)


def _text_of(value: object) -> str:
    if isinstance(value, Mapping):
        names = ", ".join(str(name) for name in list(value)[:4])
        return f"an object with {names}{', ...' if len(value) > 4 else ''}" if value else "{}"
    if isinstance(value, list | tuple | set | frozenset) and value and not _is_named(value):
        return "a list of 1 item" if len(value) == 1 else f"a list of {len(value)} items"
    if isinstance(value, type):
        return f"the class {value.__name__}"
    if type(value) is str:
        return repr(value[:_MOST_OF_LISTS])  # a text of megabytes is cut before it is quoted
    return f"a {type(value).__name__}" if hasattr(value, "__attrs_attrs__") else repr(value)


def _is_named(value: object) -> bool:
    """Whether a value is a named tuple, which shows itself."""
    return isinstance(value, tuple) and hasattr(value, "_fields")


def _cut(text: str, most: int) -> str:
    """Text that can be printed and encoded anywhere, on one line, cut at `most` characters."""
    text = text if len(text) <= most else f"{text[: most - 3]}..."
    plain = text.encode("utf-8", "backslashreplace").decode("utf-8")
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in plain)


#: Of texts so many times longer than each other `get_close_matches` takes none, however long it
#: looks: at most 2 of 1 + 3 characters could agree, and it asks for 60 percent.
_LONGER = 3


def nearest(name: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """The known names most like one that is not known, nearest first, for a message.

    Capital letters do not matter.

    >>> nearest("NO-JAPN", ["current", "no-japan"])
    ('no-japan',)
    """
    from difflib import get_close_matches  # noqa: PLC0415  # slow to load, and rarely needed

    spelled: dict[str, list[str]] = {}
    for each in dict.fromkeys(known):
        spelled.setdefault(each.casefold(), []).append(each)
    if len(name) > _LONGER * max(map(len, spelled), default=0):
        return ()
    near = get_close_matches(name.casefold(), list(spelled), n=most)
    return tuple(each for key in near for each in spelled[key])[:most]


class EvcreditError(Exception):
    """The base of every error raised on purpose by evcredit."""


class MissingExtraError(EvcreditError, ImportError):
    """A package is not installed that an extra of this one brings.

    Attributes:
        what: What needs it, in words.
        package: The package that was not found.
        extra: The extra that brings it.

    >>> raise MissingExtraError("figures", "matplotlib", "plots")
    Traceback (most recent call last):
    evcredit.errors.MissingExtraError: figures: the package matplotlib is not installed; run: \
pip install 'evcredit[plots]'
    """

    def __init__(self, what: str, package: str | None, extra: str) -> None:
        super().__init__(what, package, extra)
        self.what = what
        self.package = package
        self.extra = extra

    def __str__(self) -> str:
        return (
            f"{self.what}: the package {self.package} is not installed; run: "
            f"pip install 'evcredit[{self.extra}]'"
        )


class InvalidFactError(EvcreditError, ValueError):
    """One stated fact that is invalid, or is stated in a form that is not exact.

    Attributes:
        path: Where the fact is, for example ``vehicle.msrp``.
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
        path, remedy = _cut(self.path, _MOST_OF_PATH), _cut(self.remedy, _MOST_OF_REMEDY)
        return f"{path or 'document'}: found {shown(self.found)}; {remedy}"

    def below(self, prefix: str) -> Self:
        """Return the fault with its path from one level further out.

        >>> InvalidFactError("msrp", -1, "may not be negative").below("vehicle").path
        'vehicle.msrp'
        """
        joint = "" if self.path.startswith("[") or not self.path else "."
        return type(self)(f"{prefix}{joint}{self.path}", self.found, self.remedy)


class UnknownNameError(InvalidFactError, AttributeError, KeyError):
    """A name of which there is none: of a fact, a rule, a reading or a line of a form.

    >>> raise UnknownNameError("vehicle.mrsp", "mrsp", "did you mean msrp?")
    Traceback (most recent call last):
    evcredit.errors.UnknownNameError: vehicle.mrsp: found 'mrsp'; did you mean msrp?
    """


class InvalidCallError(InvalidFactError, TypeError):
    """An argument that there is not, or one that is missing, as Python's `TypeError` would say.

    >>> raise InvalidCallError("mspr", 57990, "Vehicle has no such argument; did you mean msrp?")
    Traceback (most recent call last):
    evcredit.errors.InvalidCallError: mspr: found 57990; Vehicle has no such argument; did you \
mean msrp?
    """


Checked = TypeVar("Checked")


def checked(value: object, kind: type[Checked], path: str, remedy: str = "") -> Checked:
    """Return an argument that is of the class it must be of.

    Args:
        value: The argument.
        kind: The class.
        path: The name of the argument.
        remedy: What to give instead; an object of the class if omitted.

    Raises:
        InvalidFactError: It is of another class.

    >>> checked("a claim", dict, "claim")
    Traceback (most recent call last):
    evcredit.errors.InvalidFactError: claim: found 'a claim'; give a dict
    """
    if not isinstance(value, kind):
        raise InvalidFactError(path, value, remedy or f"give a {kind.__name__}")
    return value


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
        lines += [f"  {fault}" for fault in self.exceptions[:MOST_FAULTS_SHOWN]]
        more = len(self.exceptions) - MOST_FAULTS_SHOWN
        if more > 0:
            lines.append(f"  and {more} more")
        return "\n".join(lines)


def place_of(name: str) -> str:
    """The name of a class as it starts a path: ``MineralSource`` is ``mineral_source``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def raise_faults(faults: Iterable[InvalidFactError]) -> None:
    """Raise nothing for no fault, the fault itself for one, a group for several."""
    found = tuple(faults)
    if found:
        raise as_one(found)


def as_one(faults: Sequence[InvalidFactError]) -> InvalidFactError | InvalidFactsError:
    """Return one fault as it is, and several as a group."""
    if len(faults) == 1:
        return faults[0]
    return InvalidFactsError(f"{len(faults)} facts cannot be used", tuple(faults))


def faults_of(error: InvalidFactError | InvalidFactsError) -> tuple[InvalidFactError, ...]:
    """Return the faults that an error holds, one or several."""
    return error.exceptions if isinstance(error, InvalidFactsError) else (error,)  # type: ignore[return-value]  # a group of faults only


class UndeterminedError(EvcreditError, ValueError):
    """An unknown verdict was used where only yes or no will do.

    Attributes:
        missing: The paths of the unknown facts, where they are known to the raiser.
    """

    def __init__(self, message: str, missing: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.missing = missing


class UnlikelyValueWarning(EvcreditError, UserWarning):
    """Cells of a table are possible and unlikely: they look like another unit or another thing.

    It is issued as a warning. Where warnings are errors it is caught like any of them.
    """


class ClaimWarning(EvcreditError, UserWarning):
    """What an assessment warns of, where a table takes a claim and its result has no warnings.

    It is issued as a warning. Where warnings are errors it is caught like any of them.
    """


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
        return f"{self.subject}: evcredit has no law for {self.day}; covered: {self.covered}"


class ConflictingReforms(EvcreditError, ValueError):
    """Two reforms change the same entry of the law, and nothing says which comes first.

    Attributes:
        subjects: What both change, in words.
    """

    def __init__(self, subjects: tuple[str, ...]) -> None:
        super().__init__(subjects)
        self.subjects = subjects

    def __str__(self) -> str:
        both = ", ".join(self.subjects)
        return f"both reforms change {both}; say which comes first: one.then(other)"


class UnknownAgreement(LawError):
    """No agreement of that name; `suggestions` holds the nearest ones."""

    def __init__(
        self,
        name: str,
        suggestions: tuple[str, ...],
        known: tuple[str, ...],
        countries: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(name, suggestions, known, countries)
        self.name = name
        self.suggestions = suggestions
        self.known = known
        self._countries = countries or {}

    def __str__(self) -> str:
        if self.suggestions:
            hint = f"did you mean {' or '.join(map(self._with_countries, self.suggestions))}?"
        else:
            some = self.known[:_MOST_AGREEMENTS]
            more = len(self.known) - len(some)
            rest = f" and {more} more" if more else ""
            hint = f"known: {', '.join(map(self._with_countries, some))}{rest}"
        return f"no agreement is called {shown(self.name)}; {hint}"

    def _with_countries(self, identifier: str) -> str:
        countries = self._countries.get(identifier)
        return f"{identifier} ({countries})" if countries else identifier


class UnknownListing(EvcreditError, LookupError):
    """No published list has the vehicle requested; the message says how far the search got.

    Attributes:
        asked: What was requested, by name: make, model, and so on.
        why: What was not found, or when it is listed instead.
        suggestions: The nearest makes, models or lists.
    """

    def __init__(self, asked: dict[str, object], why: str, suggestions: tuple[str, ...]) -> None:
        super().__init__(asked, why, suggestions)
        self.asked = asked
        self.why = why
        self.suggestions = suggestions

    def __str__(self) -> str:
        why = _cut(self.why, _MOST_OF_LISTS)
        if not self.suggestions:
            return why
        return f"{why}; did you mean {' or '.join(self.suggestions)}?"
