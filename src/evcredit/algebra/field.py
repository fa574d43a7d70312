"""How facts are declared, taken in and checked.

A fact is an attribute of one of the domain classes. `None` always means unknown. Each field
carries a `FactType` in its metadata: what kind of value it is and its label in a sentence.
Converters never raise: they hand back a `Fault`, and `check` reports all faults of an object
together, so that a caller mends everything at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any, NamedTuple, TypeVar

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.limits import fewer_items, most_items
from evcredit.algebra.tuples import made_of_items
from evcredit.data import load
from evcredit.errors import InvalidFactError, nearest, place_of, raise_faults

__all__ = [
    "FactType",
    "Fault",
    "Kind",
    "as_choice",
    "as_count",
    "as_day",
    "as_exact_quantity",
    "as_flag",
    "as_money",
    "as_percent",
    "as_price",
    "as_quantity",
    "as_signed_price",
    "as_text",
    "as_tuple",
    "check",
    "checked_day",
    "class_of",
    "declare",
    "declared_facts",
    "written_facts",
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


@made_of_items
class FactType(NamedTuple):
    """The declaration of one fact.

    Args:
        kind: What sort of value it is.
        label: The label in a sentence.
        unit: The unit of a quantity, for example ``kWh``.
        of: The enumeration of a choice, or the class of a part.
        optional: Whether absence means "not relied on" rather than "unknown".
        for_reader: Whether it is for readers, records and checks: no rule need read it.
        gives: The fact that it gives, which rules read in its place: a price of its parts.
        usual: The value in the ordinary case, which ready-made constructors state: stated so, it
            is not worth a warning where no rule reads it.
        gives_way_to: Facts of the same object that say it better: `with_facts` drops what a
            ready-made constructor said where it changes one of them.
    """

    kind: Kind
    label: str
    unit: str = ""
    of: Any = None
    optional: bool = False
    for_reader: bool = False
    gives: str = ""
    usual: Any = None
    gives_way_to: tuple[str, ...] = ()


_KEY = "evcredit"


def declare(
    kind: Kind,
    label: str,
    *,
    unit: str = "",
    of: Any = None,
    optional: bool = False,
    for_reader: bool = False,
    gives: str = "",
    usual: Any = None,
    gives_way_to: tuple[str, ...] = (),
) -> dict[str, FactType]:
    """The metadata of an attrs field that holds a fact.

    The class of a part that most claims leave out may be stated by its full name, as text. Its
    module is then imported only when such a part is stated or asked about.

    Args:
        kind: What sort of value it is.
        label: The label in a sentence.
        unit: The unit of a quantity, for example ``kWh``.
        of: The enumeration of a choice, or the class of a part.
        optional: Whether absence means "not relied on" rather than "unknown".
        for_reader: Whether it is for readers and records: no rule need read it.
        gives: The fact that it gives, which rules read in its place.
        usual: The value in the ordinary case.
        gives_way_to: Facts of the same object that say it better.

    >>> declare(Kind.DAY, "day of sale")["evcredit"].label
    'day of sale'
    """
    return {_KEY: FactType(kind, label, unit, of, optional, for_reader, gives, usual, gives_way_to)}


def repr_of_facts(subject: Any) -> str:
    """Return the text of an object in Python, without what is unknown or the default.

    One function for all classes of facts: attrs would compile one for each, which is a good part
    of the time it takes to import them.

    >>> from evcredit.facts.taxpayer import TaxYear
    >>> repr_of_facts(TaxYear(modified_adjusted_gross_income=1))
    "TaxYear(modified_adjusted_gross_income=Decimal('1'))"
    """
    said = (
        f"{each.name}={(each.repr if callable(each.repr) else repr)(getattr(subject, each.name))}"
        for each in attrs.fields(subject.__class__)
        if each.repr and getattr(subject, each.name) != _default(each, subject)
    )
    return f"{subject.__class__.__name__}({', '.join(said)})"


def _default(field: Any, subject: Any) -> Any:
    default = field.default
    if not isinstance(default, attrs.Factory):  # type: ignore[arg-type]  # it is a class
        return default
    return default.factory(subject) if default.takes_self else default.factory()


class Fault(NamedTuple):
    """A value that could not be taken in, and what to give instead."""

    found: Any
    remedy: str


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
    """Text or unknown. Half of a character is no text: no file or picture could hold it."""
    value = _given(value)
    if isinstance(value, str) and not value.isascii() and re.search("[\ud800-\udfff]", value):
        return Fault(value, "this is not text: it has half of a character")
    sound = value is None or (isinstance(value, str) and value.strip())
    return value if sound else Fault(value, "give text that is not empty, or None for unknown")


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


def checked_day(value: date | str, path: str = "day") -> date:
    """Return a calendar day from a `date`, or from text like ``2024-06-03``.

    Raises:
        InvalidFactError: It is neither, or a date with a time.

    >>> checked_day("2024-06-03")
    datetime.date(2024, 6, 3)
    """
    if value.__class__ is date:  # the common case
        return value
    day = as_day(value)
    if day is None or isinstance(day, Fault):
        remedy = day.remedy if day else "give a date, or text like 2024-06-03"
        raise InvalidFactError(path, value, remedy)
    taken: date = day
    return taken


def as_choice(choices: type[E], value: E | str | None) -> Any:
    """A member of an enumeration: itself, its value, its name, or a word of the trade for it.

    Capital letters, spaces and punctuation do not matter. The words are data
    (``data/trade_words.toml``), and so are those that leave it open which member is meant.
    """
    if value is None or isinstance(value, choices):
        return value
    written: Any = choices._value2member_map_  # members by what is written
    if not isinstance(value, str):
        return Fault(value, f"give one of {', '.join(map(repr, written))}")
    if value in written:  # most often, and quick
        return written[value]
    key, names = _word(value), _own_words(choices)
    if key in names:
        return names[key]
    names, refused = _trade_words(choices)
    if key in names:
        return names[key]
    if key in refused:
        return Fault(value, refused[key])
    near = dict.fromkeys(names[each].value for each in nearest(key, names))
    hint = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    return Fault(value, f"give one of {', '.join(map(repr, written))}{hint}")


def _word(text: str) -> str:
    """A word as it is compared: without case, spaces and punctuation."""
    return "".join(filter(str.isalnum, text)).casefold()


@cache
def _own_words(choices: type[E]) -> dict[str, E]:
    """The members of an enumeration by their values and names."""
    return {_word(name): member for member in choices for name in (member.value, member.name)}


@cache
def _trade_words(choices: type[E]) -> tuple[dict[str, E], dict[str, str]]:
    """The members by words of the trade too, and why some words represent none of them."""
    words = load("trade_words.toml").get(place_of(choices.__name__), {})
    names = dict(_own_words(choices))
    for value, also_called in words.get("also_called", {}).items():
        names |= {_word(name): choices(value) for name in also_called}
    refused = words.get("refused", {}).items()
    return names, {_word(name): why for why, several in refused for name in several}


def as_tuple(value: Any) -> Any:
    """A tuple; a list is taken in as one, `None` stays unknown."""
    if value is None or isinstance(value, tuple):
        return value
    if isinstance(value, list):
        return tuple(value)
    return Fault(value, "give a list or tuple, empty if there are none, or None for unknown")


Refuse = Callable[[Decimal], str | None]
#: What an exact number comes as; a tuple, because hundreds of thousands may be checked.
_EXACT = (Decimal, int, str)
#: Numbers as they are written most often: all of them are sound.
_WHOLE = re.compile("[0-9]{1,15}").fullmatch
_PERCENT = re.compile(r"[0-9]{1,2}(?:\.[0-9]{1,15})?").fullmatch
_WITH_CENTS = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,2})?").fullmatch


def _number(value: Any, refuse: Refuse, plain: Any = _WITH_CENTS, *, end: bool = False) -> Any:
    """An exact number or bounds of them, unless `refuse` gives a reason; `plain` ones have none."""
    vast = value.__class__ is int and value.bit_length() > 64
    if value.__class__ in _EXACT and not vast and plain(str(value)):
        return value if value.__class__ is Decimal else Decimal(value)
    if value is None or (end and value in (Decimal("Infinity"), Decimal("-Infinity"))):
        return value
    if isinstance(value, Bounds):
        lower = _number(value.lower, refuse, plain, end=True)
        upper = _number(value.upper, refuse, plain, end=True)
        for limit in (lower, upper):
            if limit is None or isinstance(limit, Fault):
                return limit or Fault(value, "give both ends of the bounds, or None for unknown")
        return lower if lower == upper else Bounds(lower, upper)
    if isinstance(value, float):
        return Fault(value, f"floats are not exact; write Decimal('{value}') or '{value}'")
    if isinstance(value, bool) or not isinstance(value, _EXACT):
        return Fault(value, "give a Decimal, an int or a number as text, or None for unknown")
    try:
        number = value if value.__class__ is Decimal else Decimal(value)
    except InvalidOperation:
        return Fault(value, "this is not a number; write it without signs or separators")
    if not number.is_finite():
        return Fault(value, "the number must be finite; omit it if it is unknown")
    reason = _refuse_size(number) or refuse(number)
    return Fault(value, reason) if reason else number


# Decimal arithmetic rounds to the caller's context; integer ratios do not. The limits keep the
# integers small: nothing in this field is dearer than 10^18 dollars or finer than 10^-18 kWh.
_DIGITS = 18


def _refuse_size(number: Decimal) -> str | None:
    text = str(number)
    if len(text) < _DIGITS and "E" not in text:
        return None  # most often, and quicker than to take the number apart
    exponent = number.as_tuple().exponent
    if number and (number.adjusted() >= _DIGITS or int(exponent) < -_DIGITS):
        return f"give fewer than {_DIGITS} digits on either side of the point"
    return None


def _is_multiple(number: Decimal, places: int) -> bool:
    return bool(10**places % number.as_integer_ratio()[1] == 0)


def _refuse_signed_price(number: Decimal) -> str | None:
    return None if _is_multiple(number, 2) else "give whole cents"


def _refuse_price(number: Decimal) -> str | None:
    return "may not be negative" if number < 0 else _refuse_signed_price(number)


def _refuse_money(number: Decimal) -> str | None:
    if number < 0:
        return "may not be negative"
    return None if _is_multiple(number, 6) else "give at most six decimal places"


def _refuse_quantity(number: Decimal) -> str | None:
    return "may not be negative" if number < 0 else None


def _refuse_percent(number: Decimal) -> str | None:
    return None if 0 <= number <= 100 else "give a percentage from 0 to 100"


def _refuse_count(number: Decimal) -> str | None:
    if number < 0:
        return "may not be negative"
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
    if value.__class__ is Bounds:
        return Fault(value, "give one amount, or None for unknown")
    return _number(value, _refuse_money)


def as_quantity(value: Number | None) -> Any:
    """A quantity that is not negative."""
    return _number(value, _refuse_quantity)


def as_exact_quantity(value: Number | None) -> Any:
    """A quantity that is not negative and known exactly."""
    if isinstance(value, Bounds):
        return Fault(value, "give one number, or None for unknown")
    return as_quantity(value)


def as_percent(value: Number | None) -> Any:
    """A percentage from 0 to 100."""
    return _number(value, _refuse_percent, _PERCENT)


def as_count(value: Number | None) -> Any:
    """A whole number that is not negative."""
    return _number(value, _refuse_count, _WHOLE)


@cache
def _class_named(name: str) -> Any:
    module, _, cls = name.rpartition(".")
    return getattr(import_module(module), cls)


def class_of(of: Any) -> Any:
    """The class of a part, which may be stated by its full name.

    >>> class_of("evcredit.facts.price.SalePrice").__name__
    'SalePrice'
    """
    return _class_named(of) if isinstance(of, str) else of


@cache
def declared_facts(cls: type) -> tuple[tuple[str, FactType], ...]:
    """The facts a domain class declares, by name, in order.

    Args:
        cls: A domain class.

    >>> from evcredit.facts.taxpayer import TaxYear
    >>> [name for name, declared in declared_facts(TaxYear)]
    ['filing_status', 'modified_adjusted_gross_income', 'income_parts']
    """
    return tuple((name, each._replace(of=class_of(each.of))) for name, each in written_facts(cls))


@cache
def written_facts(cls: type) -> tuple[tuple[str, FactType], ...]:
    """The declarations of a class as written: classes of parts may still be names."""
    if not attrs.has(cls):
        raise InvalidFactError("subject", cls, "give an object of a class that declares facts")
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
    subject: Any,
    further: Callable[[Any], Iterator[tuple[str, Any, str]]] | None = None,
    *,
    sound: bool = False,
) -> None:
    """Raise every fault of a freshly built object together.

    Args:
        subject: The object.
        further: Checks between fields, run only when each field alone is sound; it yields
            (field or path, found, remedy).
        sound: Whether each field alone is known to be sound (see `quickly_built`).

    Raises:
        InvalidFactError: One fault.
        InvalidFactsError: Several.
    """
    faults = [] if sound else list(_faults_of_each(subject))
    if further is not None and not faults:
        for fault in further(subject):  # most often there is none
            faults.append(InvalidFactError(*fault))
    if faults:
        place = place_of(subject.__class__.__name__)
        raise_faults(fault.below(place) for fault in faults)


def _faults_of_each(subject: Any) -> Iterator[InvalidFactError]:
    """The faults of the fields of an object, each field for itself."""
    for name, declared in written_facts(subject.__class__):
        value = getattr(subject, name)
        if value.__class__ is Fault:
            yield InvalidFactError(name, value.found, value.remedy)
        elif declared.kind is Kind.PART and not (value is None and declared.optional):
            of = class_of(declared.of)
            if value.__class__ is not of:
                yield InvalidFactError(name, value, f"give a {of.__name__}")
        elif declared.kind is Kind.PARTS and value and len(value) > most_items(name):
            yield InvalidFactError(name, value, fewer_items(most_items(name)))
        elif declared.kind is Kind.PARTS:
            of = class_of(declared.of)
            for index, item in enumerate(value or ()):
                if item.__class__ is not of:
                    yield InvalidFactError(f"{name}[{index}]", item, f"give a {of.__name__}")
