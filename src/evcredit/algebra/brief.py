"""Objects and values in a few words, for `print`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import FactType, Kind, declared_facts
from evcredit.algebra.money import in_dollars

__all__ = ["brief", "clipped", "in_words", "number_in_words", "some_of"]

#: The facts that `brief` prints of one object, and the letters of one text.
_FACTS, _LETTERS = 8, 60


def in_words(value: Any, declared: FactType, place: Callable[[str], str] = str) -> str:
    """Return a fact as a reader expects it.

    Args:
        value: The fact.
        declared: Its declaration.
        place: What to call a place; by default its code.

    >>> in_words(Decimal(55000), FactType(Kind.MONEY, "price"))
    '$55,000'
    >>> in_words(None, FactType(Kind.FLAG, "elected out"))
    'unknown'
    """
    if value is None:
        return "unknown"
    if isinstance(value, Bounds):
        if value.is_exact:
            return in_words(value.lower, declared)
        lower, upper = in_words(value.lower, declared), in_words(value.upper, declared)
        if value.upper == Decimal("Infinity"):
            return f"at least {lower}"
        return f"at most {upper}" if value.lower == Decimal("-Infinity") else f"{lower} to {upper}"
    if declared.kind is Kind.COUNTRY:
        return place(value)
    return _WORDS.get(declared.kind, str)(value) + (f" {declared.unit}" if declared.unit else "")


def number_in_words(value: Any) -> str:
    """Return a number without an exponent, and anything else as its text."""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _percent(value: Any) -> str:
    # A share says itself that it is one; to ask for its class would load exact fractions.
    return f"{number_in_words(value)} %" if isinstance(value, Decimal | int) else str(value)


_WORDS: Mapping[Kind, Callable[[Any], str]] = {
    Kind.FLAG: lambda value: "yes" if value else "no",
    Kind.MONEY: lambda value: in_dollars(Decimal(value)),
    Kind.QUANTITY: number_in_words,
    Kind.COUNT: number_in_words,
    Kind.PERCENT: _percent,
    Kind.CHOICE: lambda value: str(value.value if isinstance(value, Enum) else value.described),
}


def brief(subject: Any, place: Callable[[str], str] = str) -> str:
    """Return what is stated of an object, in a line: the first facts, and how many more there are.

    Args:
        subject: An object of a class of facts.
        place: What to call a place; by default its code.

    >>> from evcredit.facts.tax_return import TaxReturn
    >>> print(TaxReturn(tax_before_credits=5_000, business_use_percent=40))
    tax return: business use of the vehicle 40 %; tax before credits $5,000
    """
    words = re.sub(r"(?<!^)(?=[A-Z])", " ", subject.__class__.__name__).lower()
    said = list(_stated(subject, place))
    return f"{words}: {some_of(said, _FACTS, 'facts')}" if said else f"{words}: nothing stated"


def some_of(texts: list[str], most: int, what: str) -> str:
    """Return the first of some texts, and how many more there are.

    >>> some_of(["a", "b", "c"], 2, "letters")
    'a; b; and 1 more of the letters'
    """
    if len(texts) > most:
        texts = [*texts[:most], f"and {len(texts) - most} more of the {what}"]
    return "; ".join(texts)


def clipped(text: str) -> str:
    """Return a text cut to the length of a line.

    >>> clipped("x" * 99)[-4:]
    'xxx…'
    """
    return text if len(text) <= _LETTERS else f"{text[:_LETTERS]}…"


def _stated(subject: Any, place: Callable[[str], str]) -> Iterator[str]:
    """What is stated and is no default, each with its label."""
    defaults = {field.name: field.default for field in attrs.fields(subject.__class__)}
    for name, declared in declared_facts(subject.__class__):
        value = getattr(subject, name)
        if value is None or value == defaults[name]:
            continue
        if declared.kind is Kind.PARTS:
            yield f"{declared.label} ({len(value)})"
        elif declared.kind is Kind.PART:
            if within := list(_stated(value, place)):
                yield f"{declared.label} ({some_of(within, 2, 'facts')})"
        elif declared.kind is Kind.FLAG:
            yield declared.label if value else f"not: {declared.label}"
        else:
            yield f"{declared.label} {clipped(in_words(value, declared, place))}"
