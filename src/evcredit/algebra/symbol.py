"""Symbols: what a rule body is called with, so that it becomes an expression."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.expression import DayInput
from evcredit.algebra.field import Kind
from evcredit.algebra.kinds import CountryFact, fact_of_kind
from evcredit.algebra.parameter import (
    ChoiceReading,
    InGroup,
    Parameter,
    Reading,
    ScheduledFlag,
)
from evcredit.algebra.path import fact_type_at
from evcredit.algebra.schedule import Schedule

__all__ = ["facts_of", "law_of"]


class _PartSymbol:
    """The facts of one domain class, as a rule body sees them."""

    __slots__ = ("_cls", "_path")

    def __init__(self, cls: type, path: str) -> None:
        self._cls = cls
        self._path = path

    def __getattr__(self, name: str) -> Any:
        declared = fact_type_at(self._cls, name)
        path = f"{self._path}.{name}" if self._path else name
        if declared.kind is Kind.PART:
            return _PartSymbol(declared.of, path)
        return fact_of_kind(path, declared)


def facts_of(cls: type) -> Any:
    """The symbol on which a rule body about `cls` is read."""
    return _PartSymbol(cls, "")


class _LawSymbol:
    """The schedules and groups of a law class, as a rule body sees them."""

    __slots__ = ("_cls",)

    def __init__(self, cls: type) -> None:
        self._cls = cls

    def __getattr__(self, name: str) -> Any:
        if not hasattr(self._cls, name):
            raise AttributeError(f"{self._cls.__name__} has no {name!r}")
        if name == "readings":
            return _ReadingsSymbol(attrs.fields_dict(self._cls)[name].default)
        return _LawField(name, ScheduledFlag if name in _flags(self._cls) else Parameter)


@cache
def _flags(law: type) -> frozenset[str]:
    """The schedules of a law class that are true or false."""
    # Resolving every annotation of the law would cost more than all else that importing it does.
    flag = ("Schedule[bool]", Schedule[bool])
    return frozenset(field.name for field in attrs.fields(law) if field.type in flag)


class _ReadingsSymbol:
    """The readings of a law, as a rule body sees them."""

    __slots__ = ("_default",)

    def __init__(self, default: Any) -> None:
        self._default = default

    def __getattr__(self, name: str) -> Reading | ChoiceReading[Any]:
        if not hasattr(self._default, name):
            raise AttributeError(f"there is no reading {name!r}")
        choice = isinstance(getattr(self._default, name), Enum)
        return ChoiceReading(name) if choice else Reading(name)


class _LawField(NamedTuple):
    name: str
    parameter: type[Parameter[Any]]

    def on(self, day: DayInput) -> Parameter[Any]:
        """The value of the schedule on the day that a fact states, or that follows from some."""
        return self.parameter(self.name, day)

    @property
    def ever(self) -> Parameter[Any]:
        """The value of a schedule that has one; the bounds of all of them if it has more."""
        return self.parameter(self.name, None)

    def contains(self, country: CountryFact) -> InGroup:
        """Whether the country that a fact states is in the group."""
        return InGroup(self.name, country)


def law_of(cls: type) -> Any:
    """The symbol of a law on which a rule body is read.

    Args:
        cls: The class of the law.
    """
    return _LawSymbol(cls)
