"""Rule bodies as values: written once as Python, read on objects, on tables, and by analysis.

A rule body is an ordinary function of `(claim, law)` in a restricted style: comparisons,
``& | ~``, look-ups by schedule and membership of country groups. It is called once, on symbols,
and what comes back is an `Expression`. Binding an expression to a law and to the days of a claim
gives a plain closure; a table reading walks the same expression; so does the analysis of which
unknown facts matter. Python's ``if``, ``and``, ``not`` and chained comparisons cannot be seen
by symbols, and fail loudly.
"""

from __future__ import annotations

import operator
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from enum import Enum
from functools import lru_cache, partial
from importlib import import_module
from typing import Any, NamedTuple

import attrs

from evcredit.bounds import Bounds
from evcredit.citation import Citation
from evcredit.fact import FactType, Kind, UnknownFact, fact_type_at, read, unknown_at
from evcredit.schedule import Entry, NoProvision, Schedule
from evcredit.share import Share, share_of_percent

__all__ = [
    "Among",
    "Binding",
    "Both",
    "CertifiedShare",
    "Comparison",
    "Day",
    "DaysAfter",
    "Derived",
    "Earlier",
    "Either",
    "Expression",
    "Fact",
    "Inverse",
    "Limit",
    "LimitFor",
    "Membership",
    "Parameter",
    "Pick",
    "Reading",
    "ShareComparison",
    "Stated",
    "Whichever",
    "bearing_on_choice",
    "by_reference",
    "facts_of",
    "law_of",
    "unknown_of",
]


def by_reference(thing: Any) -> tuple[Any, ...]:
    """How to pickle or copy what is written once in a module: by saying where.

    Raises:
        TypeError: It is not written at the top level of a module.
    """
    for name, module in sorted(sys.modules.items()):
        for attribute, value in tuple(getattr(module, "__dict__", {}).items()):
            if value is thing:
                return _from_module, (name, attribute)
    raise TypeError(f"{thing!r} stands at the top level of no module, so it cannot be pickled")


def _from_module(module: str, attribute: str) -> Any:
    return getattr(import_module(module), attribute)


#: Three-valued truth inside rules: `None` is unknown.
Truth = bool | None
Run = Callable[[Any], Truth]

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Limit(NamedTuple):
    """What a fact was compared with.

    Args:
        label: The legal parameter, in words.
        value: Its value, or `NoProvision`.
        citation: Where the value stands.
        note: A remark of the schedule.
    """

    label: str
    value: Any
    citation: Citation
    note: str = ""


#: From a claim to its limits, where they depend on the category of something in it.
LimitFor = Callable[[Any], Sequence[Limit]]


def _sorted_days(days: Mapping[str, date]) -> tuple[tuple[str, date], ...]:
    return tuple(sorted(days.items()))


@attrs.frozen
class Binding:
    """A law, together with the days of one claim on which its schedules are read.

    Args:
        law: The law; its attributes are schedules and country groups.
        days: The known days, by path; a day that is absent is unknown.
        spans: Unknown days that lie between two, by path: the first day and the day after the
            last, `None` if there is none.
    """

    law: Any = attrs.field(repr=False)
    days: tuple[tuple[str, date], ...] = attrs.field(converter=_sorted_days)
    spans: tuple[tuple[str, tuple[date, date | None]], ...] = ()

    def day(self, fact: Fact | Day) -> date | None:
        """The day a fact states, if it is known."""
        return dict(self.days).get(fact.path)

    def entries(self, parameter: Parameter) -> tuple[Entry[Any], ...]:
        """The entries that may govern: one if the day is known, otherwise all on days it may be.

        Raises:
            OutsideCoverage: The day is known and no entry governs it.
        """
        schedule: Schedule[Any] = getattr(self.law, parameter.name)
        day = None if parameter.day is None else self.day(parameter.day)
        if day is not None:
            return (schedule.entry_on(day),)
        span = None if parameter.day is None else dict(self.spans).get(parameter.day.path)
        if span is None:
            return schedule.standing
        first, after = span
        found = tuple(
            entry
            for entry in schedule.standing
            if (entry.end is None or first < entry.end) and (after is None or entry.start < after)
        )
        return found or schedule.standing


class Expression:
    """A statement that is true, false or unknown of a claim under a law."""

    __slots__ = ()

    def __and__(self, other: Expression) -> Both:
        return Both(self, other)

    def __or__(self, other: Expression) -> Either:
        return Either(self, other)

    def __invert__(self) -> Inverse:
        return Inverse(self)

    def __bool__(self) -> bool:
        raise TypeError(
            "a rule body is read on symbols: use & | ~ and single comparisons, "
            "not 'and', 'or', 'not', 'if' or a < x < b"
        )

    def bind(self, binding: Binding) -> Run:
        """A function that evaluates the expression on a claim."""
        raise NotImplementedError

    def operands(self) -> Iterator[Expression | Operand]:
        """What the expression is made of, one level down, in order."""
        raise NotImplementedError

    def bearing(self, thing: Any, binding: Binding) -> Iterator[Expression | Operand]:
        """What of it bears on what it comes to for one claim."""
        return self.operands()

    def limits(self, binding: Binding) -> Iterator[Limit | LimitFor]:
        """What facts are compared with, in order; a function where that depends on the claim."""
        for operand in self.operands():
            yield from operand.limits(binding)

    def facts(self) -> Iterator[Fact | Derived | Day]:
        """The facts the expression reads, in order."""
        for operand in self.operands():
            yield from operand.facts()


class Operand:
    """Something a comparison reads."""

    __slots__ = ()

    def operands(self) -> Iterator[Expression | Operand]:
        """What the operand is made of, one level down, in order."""
        raise NotImplementedError

    def bearing(self, thing: Any, binding: Binding) -> Iterator[Expression | Operand]:
        """What of it bears on what it comes to for one claim."""
        return self.operands()

    def limits(self, binding: Binding) -> Iterator[Limit | LimitFor]:
        """The limit this operand stands for, if it is one."""
        raise NotImplementedError

    def facts(self) -> Iterator[Fact | Derived | Day]:
        """The facts the operand reads, in order."""
        for operand in self.operands():
            yield from operand.facts()

    def resolve(self, binding: Binding) -> Any:
        """The limit under a binding, or a function that gives it for a claim."""
        raise NotImplementedError


# -- facts ---------------------------------------------------------------------------------


@attrs.frozen(eq=False, repr=False)
class Fact(Expression, Operand):
    """A fact of the claim at a path; a flag is an expression by itself."""

    path: str
    declared: FactType

    def stated(self, thing: Any, law: Any) -> Any:
        """What the fact is in `thing`; `None` if unknown."""
        return read(thing, self.path)

    def __lt__(self, other: Any) -> Comparison:
        return Comparison("<", self, other)

    def __le__(self, other: Any) -> Comparison:
        return Comparison("<=", self, other)

    def __gt__(self, other: Any) -> Comparison:
        return Comparison(">", self, other)

    def __ge__(self, other: Any) -> Comparison:
        return Comparison(">=", self, other)

    def is_one_of(self, *members: Enum) -> Among:
        """Whether the choice a fact states is one of these."""
        return Among(self, members)

    @property
    def is_stated(self) -> Stated:
        """Whether the fact is stated at all; for one whose absence tells something."""
        return Stated(self)

    def bind(self, binding: Binding) -> Run:
        if self.declared.kind is not Kind.FLAG:
            raise TypeError(f"{self.path} is not a flag; compare it with something")
        get = operator.attrgetter(self.path)
        # An optional flag tells of something out of the ordinary, which is down unless stated.
        return (lambda thing: bool(get(thing))) if self.declared.optional else get

    def operands(self) -> Iterator[Expression | Operand]:
        return iter(())

    def limits(self, binding: Binding) -> Iterator[Limit | LimitFor]:
        return iter(())

    def facts(self) -> Iterator[Fact | Derived | Day]:
        yield self

    def unknown_in(self, thing: Any, binding: Binding) -> Iterator[UnknownFact]:
        """What is not known of this fact in `thing`, whatever the binding."""
        return unknown_at(read(thing, self.path), self.declared, self.path)


@attrs.frozen(eq=False, repr=False)
class Day(Operand):
    """A day on which schedules are read and that follows from several facts.

    Args:
        path: Under what name a `Binding` holds it: the path of the fact it mostly is.
        label: What to call it in a sentence.
        body: How it follows.
        reads: The facts that, unknown, leave open which entry of a schedule governs.
    """

    path: str
    label: str
    body: Fact | Whichever | Earlier
    reads: tuple[Fact, ...]

    def of(self, thing: Any, law: Any) -> date | None:
        """The day of `thing`; `None` if unknown."""
        return _bound_day(self, law)(thing)

    def stated(self, thing: Any, law: Any) -> date | None:
        """The same, by the name under which a fact tells it."""
        return self.of(thing, law)

    def operands(self) -> Iterator[Expression | Operand]:
        return iter(())

    def facts(self) -> Iterator[Fact | Derived | Day]:
        yield self

    def unknown_in(self, thing: Any, binding: Binding) -> Iterator[UnknownFact]:
        """The unknown facts among those that decide the day of `thing`."""
        yield from unknown_of(self.body, thing, binding)


@lru_cache(maxsize=1024)
def _bound_day(day: Day, law: Any) -> Callable[[Any], date | None]:
    return _day_run(day.body, Binding(law, {}))


def _day_run(node: Any, binding: Binding) -> Callable[[Any], date | None]:
    """A function from a claim to the day that a fact, a parameter or a combination comes to."""
    if isinstance(node, Fact):
        return operator.attrgetter(node.path)
    if isinstance(node, Parameter):
        only = node.resolve(binding)
        return lambda thing: None if isinstance(only, _NOT_EXACT) else only
    run: Callable[[Any], date | None] = node.day_run(binding)
    return run


@attrs.frozen(eq=False, repr=False)
class Whichever(Operand):
    """One of two days, as a condition tells; where that is open, the one they both are."""

    condition: Expression
    met: Fact | Parameter | Whichever | Earlier
    otherwise: Fact | Parameter | Whichever | Earlier

    def day_run(self, binding: Binding) -> Callable[[Any], date | None]:
        """A function from a claim to the day."""
        condition = self.condition.bind(binding)
        met, otherwise = _day_run(self.met, binding), _day_run(self.otherwise, binding)

        def run(thing: Any) -> date | None:
            holds = condition(thing)
            if holds is not None:
                return met(thing) if holds else otherwise(thing)
            day = met(thing)
            return day if day == otherwise(thing) else None

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.condition
        yield self.met
        yield self.otherwise

    def bearing(self, thing: Any, binding: Binding) -> Iterator[Expression | Operand]:
        return bearing_on_choice(self, self.condition.bind(binding)(thing))


def bearing_on_choice(choice: Any, holds: Truth) -> Iterator[Expression | Operand]:
    """What bears on a choice, given its condition."""
    if holds is None:
        yield choice.condition
    if holds is not False:
        yield choice.met
    if not holds:
        yield choice.otherwise


@attrs.frozen(eq=False, repr=False)
class Earlier(Operand):
    """The earlier of two days; unknown if either is."""

    one: Fact | Parameter | Whichever | Earlier
    other: Fact | Parameter | Whichever | Earlier

    def day_run(self, binding: Binding) -> Callable[[Any], date | None]:
        """A function from a claim to the day."""
        one, other = _day_run(self.one, binding), _day_run(self.other, binding)

        def run(thing: Any) -> date | None:
            days = one(thing), other(thing)
            return None if None in days else min(days)  # type: ignore[type-var]  # none is None

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.one
        yield self.other


@attrs.frozen(eq=False, repr=False)
class DaysAfter(Operand):
    """The day so many days after another, to compare a day with."""

    day: Fact
    days: Parameter

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.day
        yield self.days

    def resolve(self, binding: Binding) -> Callable[[Any], Any]:
        """A function from a claim to the day, or to the bounds of it."""
        day, days = operator.attrgetter(self.day.path), self.days.resolve(binding)
        ends = (days.lower, days.upper) if isinstance(days, Bounds) else (days, days)
        after = [timedelta(days=end) for end in dict.fromkeys(ends)]

        def run(thing: Any) -> Any:
            first = day(thing)
            if first is None:
                return None
            return (
                first + after[0] if len(after) == 1 else Bounds(first + after[0], first + after[1])
            )

        return run


def unknown_of(node: Expression | Operand, thing: Any, binding: Binding) -> Iterator[UnknownFact]:
    """The unknown facts that bear on what a node comes to for one claim, each once."""
    found = {unknown.path: unknown for unknown in _unknown_of(node, thing, binding)}
    return iter(found.values())


def _unknown_of(node: Expression | Operand, thing: Any, binding: Binding) -> Iterator[UnknownFact]:
    if isinstance(node, Fact | Derived | Day):
        yield from node.unknown_in(thing, binding)
    elif isinstance(node, Parameter):
        if node.day is not None and len(binding.entries(node)) > 1:
            yield from node.day.unknown_in(thing, binding)
    # What is decided stays so, whatever is unknown in it.
    elif not isinstance(node, Expression) or node.bind(binding)(thing) is None:
        for operand in node.bearing(thing, binding):
            yield from _unknown_of(operand, thing, binding)


class _PartSymbol:
    """The facts of one domain class, as a rule body sees them."""

    __slots__ = ("_cls", "_path")

    def __init__(self, cls: type, path: str) -> None:
        self._cls = cls
        self._path = path

    def __getattr__(self, name: str) -> Any:
        declared = fact_type_at(self._cls, name)
        path = f"{self._path}.{name}" if self._path else name
        return (
            _PartSymbol(declared.of, path) if declared.kind is Kind.PART else Fact(path, declared)
        )


def facts_of(cls: type) -> Any:
    """The symbol on which a rule body about `cls` is read."""
    return _PartSymbol(cls, "")


# -- law -----------------------------------------------------------------------------------


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
        return _LawField(name)


class _ReadingsSymbol:
    """The readings of a law, as a rule body sees them."""

    __slots__ = ("_default",)

    def __init__(self, default: Any) -> None:
        self._default = default

    def __getattr__(self, name: str) -> Reading:
        if not hasattr(self._default, name):
            raise AttributeError(f"there is no reading {name!r}")
        return Reading(name)


class _LawField(NamedTuple):
    name: str

    def on(self, day: Fact | Day) -> Parameter:
        """The value of the schedule on the day that a fact states, or that follows from some."""
        return Parameter(self.name, day)

    @property
    def ever(self) -> Parameter:
        """The value of a schedule that has one; the bounds of all of them if it has more."""
        return Parameter(self.name, None)

    def contains(self, country: Fact) -> Membership:
        """Whether the country that a fact states is in the group."""
        return Membership(self.name, country)


def law_of(cls: type) -> Any:
    """The symbol of a law on which a rule body is read."""
    return _LawSymbol(cls)


@attrs.frozen(eq=False, repr=False)
class Parameter(Expression, Operand):
    """A scheduled value on the day a fact states; a scheduled flag is an expression by itself."""

    name: str
    day: Fact | Day | None

    def __getitem__(self, key: Fact) -> Pick:
        return Pick(self, key)

    def bind(self, binding: Binding) -> Run:
        values = {entry.value for entry in binding.entries(self)}
        known: Truth = values.pop() if len(values) == 1 else None  # type: ignore[assignment]  # a flag
        return lambda thing: known

    def operands(self) -> Iterator[Expression | Operand]:
        if self.day is not None:
            yield self.day

    def limits(self, binding: Binding) -> Iterator[Limit | LimitFor]:
        label = getattr(binding.law, self.name).name
        for entry in binding.entries(self):
            yield Limit(label, entry.value, entry.citation, entry.note)

    def resolve(self, binding: Binding) -> Any:
        """The value, or the hull of all values that the unknown day leaves open."""
        return _hull(entry.value for entry in binding.entries(self))

    def possible(self, law: Any) -> tuple[Any, ...]:
        """Every value the schedule takes on any day."""
        schedule: Schedule[Any] = getattr(law, self.name)
        return schedule.values()


@attrs.frozen(eq=False, repr=False)
class Pick(Operand):
    """The entry of a scheduled table under the key that a fact states."""

    parameter: Parameter
    key: Fact

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.key
        yield self.parameter

    def limits(self, binding: Binding) -> Iterator[Limit | LimitFor]:
        by_key: dict[Any, list[Limit]] = {None: []}
        for entry in binding.entries(self.parameter):
            table: Any = entry.value
            for key, value, citation in table.rows:
                label = f"{getattr(binding.law, self.parameter.name).name} ({key.value})"
                limit = Limit(label, value, citation, entry.note)
                by_key.setdefault(key, []).append(limit)
                by_key[None].append(limit)
        key = operator.attrgetter(self.key.path)
        yield lambda thing: by_key[key(thing)]

    def facts(self) -> Iterator[Fact | Derived | Day]:
        yield self.key
        yield from self.parameter.facts()

    def resolve(self, binding: Binding) -> Callable[[Any], Any]:
        """A function that looks the value up by the key of a claim."""
        tables: list[Any] = [entry.value for entry in binding.entries(self.parameter)]
        # Where the law has no table on some of the days, it gives no value under any key.
        silent = [table for table in tables if isinstance(table, NoProvision)]
        if silent:
            return lambda thing: silent[0]
        by_key: dict[Any, Any] = {
            key: _hull(table[key] for table in tables) for key in tables[0].categories()
        }
        by_key[None] = _hull(value for table in tables for value in table.values())
        key = operator.attrgetter(self.key.path)
        return lambda thing: by_key[key(thing)]

    def possible(self, law: Any) -> tuple[Any, ...]:
        """Every value the table takes on any day under any key."""
        tables = self.parameter.possible(law)
        return tuple(value for table in tables for value in table.values())


def _hull(values: Iterator[Any]) -> Any:
    """One value if all are equal; `NoProvision` if one of them is; otherwise their bounds."""
    distinct = list(dict.fromkeys(values))
    silent = [value for value in distinct if isinstance(value, NoProvision)]
    if silent:
        return silent[0]
    lowest, highest = min(distinct), max(distinct)
    return lowest if lowest == highest else Bounds(lowest, highest)


# -- statements ----------------------------------------------------------------------------


_NOT_EXACT = (Bounds, NoProvision, type(None))


def _compare(symbol: str, left: Any, right: Any) -> Truth:
    """Compare values that may be unknown, bounds, or left without provision."""
    if left is None or right is None or isinstance(right, NoProvision):
        return None
    holds = _OPERATORS[symbol]
    lefts = (left.lower, left.upper) if left.__class__ is Bounds else (left,)
    rights = (right.lower, right.upper) if right.__class__ is Bounds else (right,)
    # Each comparison is monotone in both sides, so the ends decide for everything between.
    outcomes = {holds(one, other) for one in lefts for other in rights}
    return outcomes.pop() if len(outcomes) == 1 else None


@attrs.frozen(eq=False, repr=False)
class Comparison(Expression):
    """A fact compared with a limit."""

    symbol: str
    left: Fact
    right: Parameter | Pick | DaysAfter | Any

    def bind(self, binding: Binding) -> Run:
        symbol, holds = self.symbol, _OPERATORS[self.symbol]
        left = operator.attrgetter(self.left.path)
        limit = self.right.resolve(binding) if isinstance(self.right, Operand) else self.right
        if isinstance(limit, NoProvision | Bounds):
            return lambda thing: _compare(symbol, left(thing), limit)
        limit_for = limit if callable(limit) else None

        # The common case is an exact value against an exact limit; everything else is rare.
        def run(thing: Any) -> Truth:
            value = left(thing)
            other = limit if limit_for is None else limit_for(thing)
            if value is None or value.__class__ is Bounds or other.__class__ in _NOT_EXACT:
                return _compare(symbol, value, other)
            return holds(value, other)

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.left
        if isinstance(self.right, Operand):
            yield self.right

    def breakpoints(self, law: Any) -> tuple[Any, ...]:
        """Every value at which the comparison can turn over."""
        if isinstance(self.right, Parameter | Pick):
            values = self.right.possible(law)
            return tuple(value for value in values if not isinstance(value, NoProvision))
        return () if isinstance(self.right, Operand) else (self.right,)


@attrs.frozen(eq=False, repr=False)
class Membership(Expression):
    """Whether a country belongs to a group of the law."""

    group: str
    country: Fact

    def bind(self, binding: Binding) -> Run:
        members = getattr(binding.law, self.group).members
        country = operator.attrgetter(self.country.path)

        return lambda thing: members.get(country(thing), False)

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.country

    def limits(self, binding: Binding) -> Iterator[Limit | LimitFor]:
        group = getattr(binding.law, self.group)
        yield Limit(group.name, group, group.citation)


@attrs.frozen(eq=False, repr=False)
class Among(Expression):
    """Whether a fact states one of some members of its list; an optional one, not stated, none."""

    choice: Fact
    members: tuple[Enum, ...]

    def bind(self, binding: Binding) -> Run:
        get, members = operator.attrgetter(self.choice.path), self.members
        absent: Truth = False if self.choice.declared.optional else None

        def run(thing: Any) -> Truth:
            value = get(thing)
            return absent if value is None else value in members

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.choice


@attrs.frozen(eq=False, repr=False)
class Stated(Expression):
    """Whether a fact is stated; never unknown."""

    fact: Fact

    def bind(self, binding: Binding) -> Run:
        get = operator.attrgetter(self.fact.path)
        return lambda thing: get(thing) is not None

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.fact


@attrs.frozen(eq=False, repr=False)
class Reading(Expression):
    """How the law is read where it is open: a choice that is a flag, or one of some members."""

    name: str
    members: tuple[Enum, ...] = ()

    def is_one_of(self, *members: Enum) -> Reading:
        """Whether the reading chosen is one of these."""
        return Reading(self.name, members)

    def bind(self, binding: Binding) -> Run:
        chosen = getattr(binding.law.readings, self.name)
        known: Truth = chosen in self.members if self.members else chosen
        return lambda thing: known

    def operands(self) -> Iterator[Expression | Operand]:
        return iter(())


@attrs.frozen(eq=False, repr=False)
class _Pair(Expression):
    """Two statements joined."""

    left: Expression
    right: Expression

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.left
        yield self.right


@attrs.frozen(eq=False, repr=False)
class Both(_Pair):
    """Kleene's "and"."""

    def bind(self, binding: Binding) -> Run:
        left, right = self.left.bind(binding), self.right.bind(binding)

        def run(thing: Any) -> Truth:
            first = left(thing)
            if first is False:
                return False
            second = right(thing)
            return second if first or second is False else None

        return run


@attrs.frozen(eq=False, repr=False)
class Either(_Pair):
    """Kleene's "or"."""

    def bind(self, binding: Binding) -> Run:
        left, right = self.left.bind(binding), self.right.bind(binding)

        def run(thing: Any) -> Truth:
            first = left(thing)
            if first:
                return True
            second = right(thing)
            return second if second or first is False else None

        return run


@attrs.frozen(eq=False, repr=False)
class Inverse(Expression):
    """Kleene's "not"."""

    inner: Expression

    def bind(self, binding: Binding) -> Run:
        if isinstance(self.inner, Fact) and self.inner.declared.optional:
            get = operator.attrgetter(self.inner.path)
            return lambda thing: not get(thing)
        inner = self.inner.bind(binding)

        def run(thing: Any) -> Truth:
            value = inner(thing)
            return None if value is None else not value

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.inner


# -- computed facts ------------------------------------------------------------------------


@attrs.frozen(eq=False, repr=False)
class Derived(Expression, Operand):
    """A fact that is computed from parts of the claim, such as a share of a battery's value.

    Args:
        name: What to call the result, also as a column of a table.
        label: The same in words.
        kind: What sort of value it is: a percentage, a flag or an amount.
        findings: From a binding and a claim, the findings that show how it comes about.
        body: How it follows from facts, where symbols can say it: tables read it too. What
            has none is a column of a table.
        unknown: From a claim and a binding, the unknown facts that may bear on the result;
            with a body it tells them.
        bind_value: From a binding, a function from the claim to the result: a `Share`, a
            truth value, bounds of an amount, or `None` for unknown; with a body it is the body's.
        samples: From an unknown fact that bears on the result, a claim and a law, values of
            it that between them can lead to every outcome; an empty tuple leaves the choice
            to its kind.
        breakpoints: From a law to the values, by the path of a fact, at which the result
            can turn over.
        any_flag: Whether the result is true if any of the unknown facts, all flags, is.
        stated: The fact that can state the result as a whole, if there is one.
    """

    name: str
    label: str
    kind: Kind
    findings: Callable[[Binding, Any], tuple[Any, ...]]
    body: Any = None
    unknown: Callable[[Any, Binding], Iterator[UnknownFact]] = attrs.field()
    bind_value: Callable[[Binding], Callable[[Any], Any]] = attrs.field()
    samples: Callable[[UnknownFact, Any, Any], tuple[Any, ...]] = lambda unknown, thing, law: ()
    breakpoints: Callable[[Any], Mapping[str, Iterable[Any]]] = lambda law: {}
    any_flag: bool = False
    stated: Fact | None = None

    @unknown.default
    def _unknown_of_body(self) -> Callable[[Any, Binding], Iterator[UnknownFact]]:
        return partial(unknown_of, self.body)

    @bind_value.default
    def _value_of_body(self) -> Callable[[Binding], Callable[[Any], Any]]:
        bound: Callable[[Binding], Callable[[Any], Any]] = self.body.bind
        return bound

    def __ge__(self, limit: Parameter) -> ShareComparison:
        return ShareComparison(self, limit)

    def bind(self, binding: Binding) -> Run:
        return self.bind_value(binding)

    def operands(self) -> Iterator[Expression | Operand]:
        if self.body is not None:
            yield self.body

    def limits(self, binding: Binding) -> Iterator[Limit | LimitFor]:
        return iter(())

    def facts(self) -> Iterator[Fact | Derived | Day]:
        yield self

    def __reduce__(self) -> tuple[Any, ...]:
        return by_reference(self)

    @property
    def declared(self) -> FactType:
        """How the result is declared: a share or a flag."""
        return FactType(self.kind, self.label)

    def unknown_in(self, thing: Any, binding: Binding) -> Iterator[UnknownFact]:
        """The unknown facts that may bear on the result."""
        return self.unknown(thing, binding)


@attrs.frozen(eq=False, repr=False)
class CertifiedShare(Operand):
    """A share that somebody certified; where nobody did, the one that follows from the parts.

    Args:
        certified: The fact that states the certified percentage.
        governs: From a law to whether what was certified speaks about it.
        computed: From a binding, a function from a claim to the share that follows.
    """

    certified: Fact
    governs: Callable[[Any], bool]
    computed: Callable[[Binding], Callable[[Any], Share | None]]

    def bind(self, binding: Binding) -> Callable[[Any], Share | None]:
        """A function from a claim to the share."""
        computed = self.computed(binding)
        if not self.governs(binding.law):
            return computed
        get = operator.attrgetter(self.certified.path)

        def share(thing: Any) -> Share | None:
            certified = get(thing)
            return computed(thing) if certified is None else share_of_percent(certified)

        return share

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.certified


@attrs.frozen(eq=False, repr=False)
class ShareComparison(Expression):
    """Whether a computed share is equal to or greater than a percentage of the law."""

    left: Derived
    right: Parameter

    def bind(self, binding: Binding) -> Run:
        share, decide = self.left.bind_value(binding), self.decide(binding)
        return lambda thing: decide(share(thing))

    def decide(self, binding: Binding) -> Callable[[Share | None], Truth]:
        """From the share to whether it reaches the percentage."""
        percent = self.right.resolve(binding)
        return lambda share: compare_share(share, percent)

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.left
        yield self.right


def compare_share(share: Share | None, percent: int | Bounds[int] | NoProvision) -> Truth:
    """Whether a share is at least a percentage, each possibly unknown or without provision."""
    if share is None or isinstance(percent, NoProvision):
        return None
    if isinstance(percent, Bounds):
        outcomes = {share.at_least_percent(percent.lower), share.at_least_percent(percent.upper)}
        return outcomes.pop() if len(outcomes) == 1 else None
    return share.at_least_percent(percent)
