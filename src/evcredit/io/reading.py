"""Domain objects from JSON: every fact under its own name, every fault reported with its path.

The form follows the domain classes: a claim is an object with ``vehicle``, ``purchase`` and
``taxpayer``, and so on down. A fact that is omitted, or null, is unknown. Numbers may be JSON
numbers or text and are taken exactly as they are written; bounds are an object with ``lower``
and ``upper``, where null is an end that is not known; days are text like ``2024-06-03``. An
object may name a ready-made constructor under ``as`` (`evcredit.io.ready_made`).

One document has limits (`evcredit.algebra.limits`), so that no input uses up time or memory.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import FactType, Fault, Kind, declared_facts
from evcredit.algebra.limits import (
    MOST_CHARACTERS,
    MOST_FAULTS,
    MOST_LEVELS,
    fewer_items,
    most_items,
)
from evcredit.algebra.shorthand import shorthands
from evcredit.errors import (
    EvcreditError,
    InvalidFactError,
    InvalidFactsError,
    as_one,
    faults_of,
    nearest,
    raise_faults,
)
from evcredit.io.ready_made import AS, names_of, ready_made
from evcredit.results.words import facts_to_dict

__all__ = ["WRONG", "Other", "Parts", "as_text_of", "from_data", "from_json", "sound", "to_json"]

#: How deep objects lie inside each other where components do not: a claim, its vehicle, its
#: battery, a chain or component, a step.
_OTHER_LEVELS = 10
#: How far a level of what is written may be indented.
_MOST_SPACES = 40
#: For so many names that are none of the class, a similar name is looked for.
_HINTS = 20


#: Names that show that a document is of another kind, and what to do with it.
Other = tuple[frozenset[str], str]


def from_json(text: str | bytes, cls: type, other: Other | None = None) -> Any:
    """Read an object of a class from JSON text in UTF-8.

    Args:
        text: At most `MOST_CHARACTERS` long.
        cls: A domain class.
        other: Names of a document of another kind, for which this one may be taken.

    Raises:
        InvalidFactError: One fault; its path says where.
        InvalidFactsError: Several faults, all of them at once.
    """
    data = parsed(text)
    try:
        return from_data(data, cls, other)
    except (InvalidFactError, InvalidFactsError) as error:
        raise as_one([_in_words_of_json(fault) for fault in faults_of(error)]) from error.__cause__


def parsed(text: str | bytes) -> Any:
    """Parse JSON text, with exact numbers and names that come twice remembered.

    Raises:
        InvalidFactError: It is not JSON, or longer or deeper than one document may be.
    """
    if not isinstance(text, str | bytes | bytearray):
        raise InvalidFactError("file", text, "give JSON text, or its bytes in UTF-8")
    if len(text) > MOST_CHARACTERS:
        remedy = f"one document holds at most {MOST_CHARACTERS:,} characters; give it in parts"
        raise InvalidFactError("file", _Written(f"{len(text):,} characters"), remedy)
    if not text.strip():
        raise InvalidFactError("file", _Written("nothing"), "the file is empty; give JSON text")
    try:
        return json.loads(
            text, parse_float=Decimal, parse_constant=Decimal, object_pairs_hook=_object
        )
    except json.JSONDecodeError as error:
        where = _Written(f"line {error.lineno}, column {error.colno}: {error.msg}")
        raise InvalidFactError("file", where, "give JSON text in UTF-8") from error
    except UnicodeDecodeError as error:
        where = _Written(f"byte {error.start}: {error.reason}")
        raise InvalidFactError("file", where, "give JSON text in UTF-8") from error
    except RecursionError as error:
        remedy = f"give JSON text in UTF-8 with at most {MOST_LEVELS} levels of components"
        raise InvalidFactError("file", _Written("too many levels"), remedy) from error
    except (ValueError, InvalidOperation) as error:
        raise InvalidFactError("file", _Written(str(error)), "give JSON text in UTF-8") from error


def from_data(data: Any, cls: type, other: Other | None = None) -> Any:
    """Read an object of a class from JSON-ready data; faults as of `from_json`."""
    if other is not None and isinstance(data, Mapping):
        names, remedy = other
        found = sorted(names.intersection(data))
        if found and not any(name in data for name, _ in declared_facts(cls)):
            raise InvalidFactError("file", _Written(f"the name {found[0]}"), remedy)
    try:
        return sound(data, cls, 0, Parts())
    except WRONG:
        return _structure(data, cls, 0)  # slower, and finds every fault


def to_json(subject: Any, indent: int | None) -> str:
    """Write the stated facts of an object as JSON text; faults as of `as_text_of`."""
    return as_text_of(facts_to_dict(subject), indent)


def as_text_of(data: Any, indent: int | None) -> str:
    """Write JSON-ready data as text.

    Raises:
        InvalidFactError: The indent is no number of spaces.
    """
    if indent is not None and (type(indent) is not int or not 0 <= indent <= _MOST_SPACES):
        remedy = f"give a number of spaces, at most {_MOST_SPACES}, or None for one line"
        raise InvalidFactError("indent", indent, remedy)
    return json.dumps(data, indent=indent, ensure_ascii=False)


def _object(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; one that names something twice remembers it."""
    data = dict(pairs)
    return data if len(data) == len(pairs) else _Object(pairs)


class _Object(dict[str, Any]):
    """A JSON object that remembers which names came twice."""

    __slots__ = ("doubled",)

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        seen: set[str] = set()
        twice = {name for name, _ in pairs if name in seen or seen.add(name)}  # type: ignore[func-returns-value]  # remembers it
        self.doubled: tuple[str, ...] = tuple(name for name in self if name in twice)


class _Written(str):
    """A value as JSON writes it, for a message: without quotes around it."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


# -- sound objects, quickly ----------------------------------------------------------------


class _DoubtfulError(Exception):
    """Data that may have a fault, or that name a constructor."""


#: What is raised for data that have a fault, or may have one.
WRONG = (
    ArithmeticError,
    EvcreditError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    _DoubtfulError,
)


class _Plan(NamedTuple):
    """How an object of a class is read, if all is well with it.

    Args:
        kinds: By name, the kind of a fact, the class of its parts and the most of them; `None` for
            plain facts.
        says_as: Whether an object may name a constructor.
    """

    kinds: Mapping[str, tuple[Kind, Any, int] | None]
    says_as: bool


_APART = (Kind.PART, Kind.PARTS, Kind.COUNTRY)


@cache
def _plan(cls: Any) -> _Plan:
    kinds = {
        name: (declared.kind, declared.of, most_items(name)) if declared.kind in _APART else None
        for name, declared in declared_facts(cls)
    }
    return _Plan(kinds, bool(ready_made(cls)))


class Parts:
    """How the parts of an object are built: each for itself. It counts the names below them."""

    __slots__ = ("names",)

    def __init__(self) -> None:
        self.names: int = 0

    def part(self, data: Any, cls: Any, level: int) -> Any:
        """The object of a class that some data are, as deep in a document as they are."""
        return sound(data, cls, level, self)


def sound(data: Any, cls: Any, level: int, parts: Parts) -> Any:
    """Build one object of sound data, quickly.

    Args:
        data: The data, of which those of JSON objects are of the class `dict`.
        cls: A domain class.
        level: How deep in the document they are.
        parts: How parts are built.

    Raises:
        Exception: One of `WRONG`: there is a fault, or there may be. It is not for callers to see.
    """
    if data.__class__ is not dict or level > MOST_LEVELS + _OTHER_LEVELS:
        raise _DoubtfulError
    kinds, says_as = _plan(cls)
    if says_as and AS in data:
        raise _DoubtfulError
    parts.names += len(data)
    values: dict[str, Any] = {}
    for name, value in data.items():
        kind = kinds[name]
        if kind is not None:
            if value is not None or kind[0] is Kind.PARTS:
                values[name] = _below(value, kind, level + 1, parts)
        elif value.__class__ is dict:
            parts.names += len(value)
            values[name] = _bounds(value)
        elif value is not None:
            values[name] = value
    return cls(**values)


def _below(value: Any, fact: tuple[Kind, Any, int], level: int, parts: Parts) -> Any:
    """What lies below an object: a part of it, several, or a place."""
    kind, of, most = fact
    if kind is Kind.PART:
        return parts.part(value, of, level)
    if kind is Kind.PARTS:
        if value is None:
            return None
        if value.__class__ is not list or len(value) > most:
            raise _DoubtfulError
        return tuple([parts.part(item, of, level) for item in value])
    if value.__class__ is dict:
        parts.names += len(value)
    return value


# -- building objects ----------------------------------------------------------------------


def _structure(data: Any, cls: Any, level: int) -> Any:
    """Build one object, or raise all faults found in and below it, with paths from here."""
    if not isinstance(data, Mapping):
        raise InvalidFactError("", data, "give an object in braces")
    if level > MOST_LEVELS + _OTHER_LEVELS:
        raise InvalidFactError("", data, f"give at most {MOST_LEVELS} levels of components")
    fields = dict(declared_facts(cls))
    faults: list[InvalidFactError] = []
    build, names, required = _constructor(data, cls, fields, faults)
    faults += _strange_names(data, names, says_as=bool(ready_made(cls)))
    values: dict[str, Any] = {}
    for name in names:
        value = data.get(name)
        if value is None:
            # Null is unknown, also where omitting it would mean that there are none.
            if name in data and name in fields and fields[name].kind is Kind.PARTS:
                values[name] = None
            continue
        try:
            values[name] = _value(value, fields.get(name), level, most_items(name))
        except (InvalidFactError, InvalidFactsError) as error:
            faults += [fault.below(name) for fault in faults_of(error)]
    absent = [name for name in required if _is_open(name, values, faults)]
    for name in absent:
        label = fields[name].label if name in fields else name
        faults.append(InvalidFactError(name, None, f"say which {label} it is"))
    built = None
    if any(name not in values for name in required):
        faults += _faults_of_fields(cls, values)
    else:
        try:
            built = build(**values)
        except (InvalidFactError, InvalidFactsError) as error:
            # The class names itself first in a path; here the path says it already.
            faults += [
                InvalidFactError(fault.path.partition(".")[2], fault.found, fault.remedy)
                for fault in faults_of(error)
            ]
    raise_faults(faults[:MOST_FAULTS])
    return built


def _constructor(
    data: Mapping[str, Any],
    cls: Any,
    fields: Mapping[str, FactType],
    faults: list[InvalidFactError],
) -> tuple[Callable[..., Any], Sequence[str], Sequence[str]]:
    """The constructor that an object names, the names it takes, and those it needs."""
    made = ready_made(cls)
    words = data.get(AS)
    if words is not None and made:
        if isinstance(words, str) and words in made:
            names, required = names_of(cls, made[words])
            return getattr(cls, made[words]), names, required
        near = nearest(words, made, 1) if isinstance(words, str) else ()
        hint = f"did you mean {near[0]!r}?" if near else f"give one of {', '.join(map(repr, made))}"
        faults.append(InvalidFactError(AS, words, hint))
    given = attrs.fields_dict(cls)
    required = tuple(name for name in fields if given[name].default is attrs.NOTHING)
    return cls, (*fields, *shorthands(cls)), required


def _value(value: Any, declared: FactType | None, level: int, most: int) -> Any:
    """One fact: an object or a list of objects is built, anything else the class takes in."""
    if declared is not None:
        if declared.kind is Kind.PART:
            return _structure(value, declared.of, level + 1)
        if declared.kind is Kind.PARTS:
            return _items(value, declared, level + 1, most)
        if declared.kind is Kind.COUNTRY:
            return value  # an object is a place
    return _bounds(value)


def _items(value: Any, declared: FactType, level: int, most: int) -> tuple[Any, ...]:
    if not isinstance(value, list | tuple):
        raise InvalidFactError("", value, "give a list in brackets")
    if len(value) > most:
        raise InvalidFactError("", value, fewer_items(most))
    items: list[Any] = []
    faults: list[InvalidFactError] = []
    for index, item in enumerate(value):
        try:
            items.append(_structure(item, declared.of, level))
        except (InvalidFactError, InvalidFactsError) as error:
            faults += [fault.below(f"[{index}]") for fault in faults_of(error)]
        if len(faults) >= MOST_FAULTS:
            break
    raise_faults(faults[:MOST_FAULTS])
    return tuple(items)


def _bounds(value: Any) -> Any:
    """Bounds from an object with both ends; anything else as it is."""
    if not isinstance(value, Mapping):
        return value
    if set(value) != {"lower", "upper"}:
        raise InvalidFactError("", value, "give one value, or an object of lower and upper")
    lower, upper = (
        open_end if value[end] is None else value[end]
        for end, open_end in (("lower", "-Infinity"), ("upper", "Infinity"))
    )
    try:
        return Bounds(Decimal(lower), Decimal(upper))
    except (InvalidOperation, TypeError, ValueError) as error:
        remedy = "give two numbers, the lower one not above the upper one, or null for an open end"
        raise InvalidFactError("", dict(value), remedy) from error


# -- faults --------------------------------------------------------------------------------


def _faults_of_fields(cls: Any, values: Mapping[str, Any]) -> Iterator[InvalidFactError]:
    """The faults of single facts, where the object cannot be built to find them."""
    fields = attrs.fields_dict(cls)
    for name, value in values.items():
        convert: Any = fields[name].converter if name in fields else None
        taken = value if convert is None else convert(value)
        if isinstance(taken, Fault):
            yield InvalidFactError(name, taken.found, taken.remedy)


def _is_open(name: str, values: Mapping[str, Any], faults: list[InvalidFactError]) -> bool:
    """Whether a required fact was given neither well nor badly."""
    return name not in values and all(fault.path.partition(".")[0] != name for fault in faults)


def _strange_names(
    data: Mapping[str, Any], names: Sequence[str], *, says_as: bool
) -> Iterator[InvalidFactError]:
    """Names that come twice, and names that the constructor does not take."""
    for name in getattr(data, "doubled", ()):
        yield InvalidFactError(str(name), data[name], "the name appears twice; keep one of them")
    known = frozenset((*names, AS) if says_as else names)
    strange = [name for name in data if name not in known]
    if len(strange) > MOST_FAULTS:
        found = f"{len(strange):,} names"
        yield InvalidFactError("", found, "there are no such facts; the first follow")
    for number, name in enumerate(strange[:MOST_FAULTS]):
        near = nearest(str(name)[:80], names, 1) if number < _HINTS else ()
        hint = f"did you mean {near[0]}?" if near else f"known here: {', '.join(names)}"
        yield InvalidFactError(str(name), data[name], f"there is no fact of this name; {hint}")


#: What messages say of Python, and what they say of JSON.
_WORDS = (
    ("True, False or None for unknown", "true, false or null for unknown"),
    ("None for unknown", "null for unknown"),
    ("a Decimal, an int or a number as text", "a number, or a number as text"),
    ("a list or tuple", "a list in brackets"),
    ("give a date, or text", "give text"),
)


def _in_words_of_json(fault: InvalidFactError) -> InvalidFactError:
    """The fault in the words of JSON: true and null, not True and None."""
    remedy, found = fault.remedy, fault.found
    for python, plain in _WORDS:
        remedy = remedy.replace(python, plain)
    if found is None or isinstance(found, bool):
        found = _Written(json.dumps(found))
    elif isinstance(found, Decimal | int):
        found = _Written(str(found))
    return InvalidFactError(fault.path, found, remedy)
