"""How facts are given in fewer words: several at once, and over what goes without saying."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

import attrs

__all__ = ["given", "short_for", "shorthands"]

F = TypeVar("F", bound=Mapping[str, object])
_SHORT = "evcredit.short_for"


def short_for(*names: str) -> dict[str, tuple[str, ...]]:
    """The metadata of an attrs field that states several facts at once and keeps no value.

    Args:
        names: The facts, each of which then has the value that is given.
    """
    return {_SHORT: names}


@cache
def shorthands(cls: type) -> dict[str, tuple[str, ...]]:
    """The names under which a class takes several facts at once, each with these facts.

    >>> from evcredit.facts.purchase import Purchase
    >>> shorthands(Purchase)
    {'acquired': ('contract_date', 'first_payment_date')}
    """
    fields = attrs.fields(cls)
    return {each.alias: each.metadata[_SHORT] for each in fields if _SHORT in each.metadata}


def given(facts: F) -> F:
    """The facts of a ready-made constructor that state anything.

    What is `None` there is as good as omitted, so that the constructor's own default remains.

    >>> given({"msrp": 48_000, "wheels": None})
    {'msrp': 48000}
    """
    stated: Any = {name: value for name, value in facts.items() if value is not None}
    return stated  # type: ignore[no-any-return]  # the same names, fewer of them
