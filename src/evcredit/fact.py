"""How facts are declared, taken in and checked.

A fact is an attribute of one of the domain classes. `None` always means unknown. Each field
carries a `FactType` in its metadata: what kind of value it is and what to call it in a sentence.
Converters never raise: they hand back a `Fault`, and `check` reports all faults of an object
together, so that a caller mends everything at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar

import attrs

from evcredit.bounds import Bounds
from evcredit.errors import InvalidFactError, raise_faults

__all__ = [
    "FactType",
    "Fault",
    "Kind",
    "UnknownFact",
    "as_choice",
    "as_count",
    "as_day",
    "as_flag",
    "as_money",
    "as_percent",
    "as_price",
    "as_quantity",
    "as_signed_price",
    "as_text",
    "as_tuple",
    "check",
    "declare",
    "declared_facts",
    "fact_type_at",
    "read",
    "unknown_at",
    "unknown_facts",
    "with_facts",
]

E = TypeVar("E", bound=Enum)


class Kind(Enum):
    """What sort of value a fact is."""

    FLAG = "true or false"
    MONEY = "US dollars"
    QUANTITY = "number"
    PERCENT = "percent"
    COUNT = "whole number"
    DAY = "date"
    CHOICE = "one of a list"
    COUNTRY = "country"
    TEXT = "text"
    PART = "object"
    PARTS = "list of objects"


class FactType(NamedTuple):
    """The declaration of one fact.

    Args:
        kind: What sort of value it is.
        label: What to call it in a sentence.
        unit: The unit of a quantity, for example ``kWh``.
        of: The enumeration of a choice, or the class of a part.
        optional: Whether absence means "not relied on" rather than "unknown".
    """

    kind: Kind
    label: str
    unit: str = ""
    of: Any = None
    optional: bool = False


_KEY = "evcredit"


def declare(
    kind: Kind, label: str, *, unit: str = "", of: Any = None, optional: bool = False
) -> dict[str, FactType]:
    """The metadata of an attrs field that holds a fact.

    >>> declare(Kind.DAY, "day of sale")["evcredit"].label
    'day of sale'
    """
    return {_KEY: FactType(kind, label, unit, of, optional)}


class Fault(NamedTuple):
    """A value that could not be taken in, and what to give instead."""

    found: Any
    remedy: str


# -- converters: value in, value or Fault out ---------------------------------------------


def _given(value: Any) -> Any:
    """The value as it really came: callers without a type checker pass anything."""
    return value


def as_flag(value: bool | None) -> Any:
    """True, false or unknown."""
    value = _given(value)
    if value is None or isinstance(value, bool):
        return value
    return Fault(value, "give True, False or None for unknown")


def as_text(value: str | None) -> Any:
    """Text or unknown."""
    value = _given(value)
    if value is None or (isinstance(value, str) and value.strip()):
        return value
    return Fault(value, "give text that is not empty, or None for unknown")


def as_day(value: date | str | None) -> Any:
    """A calendar day: a `date`, or text like ``2024-06-03``."""
    value = _given(value)
    if isinstance(value, datetime):
        return Fault(value, "give a date without a time: the law counts days")
    if value is None or isinstance(value, date):
        return value
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return Fault(value, "no such day in the calendar; give a date like 2024-06-03")
    return Fault(value, "give a date, or text like 2024-06-03")


def as_choice(choices: type[E], value: E | str | None) -> Any:
    """A member of an enumeration, by itself, its value or its name."""
    if value is None or isinstance(value, choices):
        return value
    for member in choices:
        names = (member.value.lower(), member.name.lower())
        if isinstance(value, str) and value.strip().lower() in names:
            return member
    allowed = ", ".join(repr(member.value) for member in choices)
    return Fault(value, f"give one of {allowed}")


def as_tuple(value: Any) -> Any:
    """A tuple; a list is taken in as one, `None` stays unknown."""
    if value is None or isinstance(value, tuple):
        return value
    if isinstance(value, list):
        return tuple(value)
    return Fault(value, "give a list or tuple, empty if there are none, or None for unknown")


def _number(value: Any, refuse: Callable[[Decimal], str | None], *, end: bool = False) -> Any:
    """An exact number or bounds of exact numbers, unless `refuse` gives a reason."""
    if value is None or (end and value in (Decimal("Infinity"), Decimal("-Infinity"))):
        return value
    if isinstance(value, Bounds):
        lower = _number(value.lower, refuse, end=True)
        upper = _number(value.upper, refuse, end=True)
        for limit in (lower, upper):
            if limit is None or isinstance(limit, Fault):
                return limit or Fault(value, "give both ends of the bounds, or None for unknown")
        return lower if lower == upper else Bounds(lower, upper)
    if isinstance(value, float):
        return Fault(value, f"floats are not exact; write Decimal('{value}') or '{value}'")
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        return Fault(value, "give a Decimal, an int or a number as text, or None for unknown")
    try:
        number = Decimal(value)
    except InvalidOperation:
        return Fault(value, "this is not a number; write it without signs or separators")
    if not number.is_finite():
        return Fault(value, "the number must be finite; leave it out if it is unknown")
    reason = _refuse_size(number) or refuse(number)
    return Fault(value, reason) if reason else number


# Decimal arithmetic rounds to the caller's context; integer ratios do not. The limits keep the
# integers small: nothing in this field is dearer than 10^18 dollars or finer than 10^-18 kWh.
_DIGITS = 18


def _refuse_size(number: Decimal) -> str | None:
    exponent = number.as_tuple().exponent
    if number and (number.adjusted() >= _DIGITS or int(exponent) < -_DIGITS):
        return f"give fewer than {_DIGITS} digits on either side of the point"
    return None


def _is_multiple(number: Decimal, places: int) -> bool:
    return bool(10**places % number.as_integer_ratio()[1] == 0)


def _refuse_signed_price(number: Decimal) -> str | None:
    return None if _is_multiple(number, 2) else "give whole cents"


def _refuse_price(number: Decimal) -> str | None:
    return "must not be negative" if number < 0 else _refuse_signed_price(number)


def _refuse_money(number: Decimal) -> str | None:
    if number < 0:
        return "must not be negative"
    return None if _is_multiple(number, 6) else "give at most six decimal places"


def _refuse_quantity(number: Decimal) -> str | None:
    return "must not be negative" if number < 0 else None


def _refuse_percent(number: Decimal) -> str | None:
    return None if 0 <= number <= 100 else "give a percentage from 0 to 100"


def _refuse_count(number: Decimal) -> str | None:
    if number < 0:
        return "must not be negative"
    return None if _is_multiple(number, 0) else "give a whole number"


Number = Decimal | int | str | Bounds[Any]


def as_price(value: Number | None) -> Any:
    """Dollars and whole cents, not negative."""
    return _number(value, _refuse_price)


def as_signed_price(value: Number | None) -> Any:
    """Dollars and whole cents, negative allowed (an income can be)."""
    return _number(value, _refuse_signed_price)


def as_money(value: Number | None) -> Any:
    """Dollars with up to six decimal places, not negative (a share of a battery's value)."""
    if isinstance(value, Bounds):
        return Fault(value, "give one amount, or None for unknown")
    return _number(value, _refuse_money)


def as_quantity(value: Number | None) -> Any:
    """A quantity that is not negative."""
    return _number(value, _refuse_quantity)


def as_percent(value: Number | None) -> Any:
    """A percentage from 0 to 100."""
    return _number(value, _refuse_percent)


def as_count(value: Number | None) -> Any:
    """A whole number that is not negative."""
    return _number(value, _refuse_count)


# -- checking ------------------------------------------------------------------------------


@cache
def declared_facts(cls: type) -> tuple[tuple[str, FactType], ...]:
    """The facts a domain class declares, by name, in order.

    >>> from evcredit.taxpayer import TaxYear
    >>> [name for name, declared in declared_facts(TaxYear)]
    ['filing_status', 'modified_adjusted_gross_income', 'income_parts']
    """
    declared = {
        field.name: field.metadata[_KEY] for field in attrs.fields(cls) if _KEY in field.metadata
    }
    # Parts of no stated class are parts of the same class: a component contains components.
    own = (Kind.PART, Kind.PARTS)
    return tuple(
        (name, each._replace(of=cls) if each.kind in own and each.of is None else each)
        for name, each in declared.items()
    )


def check(
    thing: Any, further: Callable[[Any], Iterator[tuple[str, Any, str]]] | None = None
) -> None:
    """Raise every fault of a freshly built object together.

    Args:
        thing: The object.
        further: Checks between fields, run only when each field alone is sound; it yields
            (field or path, found, remedy).

    Raises:
        InvalidFactError: One fault.
        InvalidFactsError: Several.
    """
    faults = []
    for name, declared in declared_facts(thing.__class__):
        value = getattr(thing, name)
        if value.__class__ is Fault:
            faults.append(InvalidFactError(name, value.found, value.remedy))
        elif (
            declared.kind is Kind.PART
            and value.__class__ is not declared.of
            and not (value is None and declared.optional)
        ):
            faults.append(InvalidFactError(name, value, f"give a {declared.of.__name__}"))
        elif declared.kind is Kind.PARTS and value is not None:
            faults += [
                InvalidFactError(f"{name}[{index}]", item, f"give a {declared.of.__name__}")
                for index, item in enumerate(value)
                if item.__class__ is not declared.of
            ]
    if further is not None and not faults:
        faults = [InvalidFactError(*fault) for fault in further(thing)]
    if faults:
        subject = _subject(thing.__class__)
        raise_faults(fault.below(subject) for fault in faults)


def _subject(cls: type) -> str:
    """The name of a class as it starts a path: ``MineralSource`` is ``mineral_source``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", cls.__name__).lower()


# -- paths ---------------------------------------------------------------------------------


class UnknownFact(NamedTuple):
    """A fact that is not known exactly: where it stands and what it is.

    Args:
        path: For example ``vehicle.battery.minerals[2].steps[0].country``.
        declared: Its declaration.
        within: The bounds that are known of it, if any.
    """

    path: str
    declared: FactType
    within: Bounds[Any] | None = None

    def __str__(self) -> str:
        return self.path


_getter = lru_cache(maxsize=None)(attrgetter)


def read(thing: Any, path: str) -> Any:
    """The value of the fact at a path; `None` where the path runs into something unknown.

    >>> read(Bounds(1, 2), "upper")
    2
    """
    if "[" not in path:
        return _getter(path)(thing)
    for name, index in re.findall(r"(\w+)(?:\[(\d+)\])?", path):
        thing = getattr(thing, name)
        if thing is None:
            return None
        thing = thing[int(index)] if index else thing
    return thing


def fact_type_at(cls: type, path: str) -> FactType:
    """The declaration of the fact at a path that starts at `cls`.

    Raises:
        AttributeError: No such fact is declared.
    """
    declared = FactType(Kind.PART, "", of=cls)
    for name in re.findall(r"(\w+)(?:\[\d+\])?", path):
        if declared.kind not in (Kind.PART, Kind.PARTS):
            raise AttributeError(f"{path} goes on below {declared.label!r}, which has no parts")
        fields = dict(declared_facts(declared.of))
        if name not in fields:
            raise AttributeError(
                f"{declared.of.__name__} states no fact {name!r}; it has {', '.join(fields)}"
            )
        declared = fields[name]
    return declared


def unknown_facts(thing: Any, path: str = "") -> Iterator[UnknownFact]:
    """Every fact in and below `thing` that is not known exactly, in order.

    Args:
        thing: A domain object.
        path: The path of `thing`, put before the paths of its facts.
    """
    for name, declared in declared_facts(thing.__class__):
        value = getattr(thing, name)
        here = f"{path}.{name}" if path else name
        yield from unknown_at(value, declared, here)


def unknown_at(value: Any, declared: FactType, path: str) -> Iterator[UnknownFact]:
    """What is not known of the value of one fact, parts included."""
    if value is None:
        if not declared.optional:
            yield UnknownFact(path, declared)
    elif value.__class__ is Bounds:
        yield UnknownFact(path, declared, value)
    elif declared.kind is Kind.PART:
        yield from unknown_facts(value, path)
    elif declared.kind is Kind.PARTS:
        for index, item in enumerate(value):
            yield from unknown_facts(item, f"{path}[{index}]")


def by_part(facts: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Facts by path, as those of an object itself and those of each of its parts.

    >>> by_part({"credit": 1, "claim.vehicle.msrp": 2})
    ({'credit': 1}, {'claim': {'vehicle.msrp': 2}})
    """
    here: dict[str, Any] = {}
    below: dict[str, dict[str, Any]] = {}
    for path, value in facts.items():
        head, _, rest = path.partition(".")
        if rest:
            below.setdefault(head, {})[rest] = value
        else:
            here[head] = value
    return here, below


def with_facts(thing: Any, facts: dict[str, Any]) -> Any:
    """A copy of `thing` in which the facts at the given paths have the given values.

    Args:
        thing: A domain object, for example a `Claim`.
        facts: Values by path.

    Raises:
        InvalidFactError: A value cannot be true of the object.
        AttributeError: A path names no fact.
    """
    declared = dict(declared_facts(thing.__class__))
    for path in facts:
        if path.partition(".")[0].partition("[")[0] not in declared:
            fact_type_at(thing.__class__, path)
    here, below = by_part(facts)
    for head, inner in below.items():
        name, _, index = head.partition("[")
        if index:
            items = list(here.get(name, getattr(thing, name)) or ())
            position = int(index.rstrip("]"))
            if position >= len(items):
                raise AttributeError(f"{name} has {len(items)} items; there is no {head}")
            items[position] = with_facts(items[position], inner)
            here[name] = tuple(items)
        else:
            part = here.get(name, getattr(thing, name))
            if part is None:
                raise AttributeError(f"{name} is not stated, so it has no {', '.join(inner)}")
            here[name] = with_facts(part, inner)
    return attrs.evolve(thing, **here)
