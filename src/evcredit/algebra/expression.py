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
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import Any

import attrs

from evcredit.algebra.binding import Binding, Limit, LimitFor, Run, Truth
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import FactType
from evcredit.algebra.path import UnknownFact, read, unknown_at
from evcredit.algebra.schedule import NoProvision

__all__ = [
    "And",
    "Comparison",
    "DayInput",
    "Expression",
    "Fact",
    "Input",
    "IsOneOf",
    "Not",
    "Or",
    "Stated",
]

_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Expression:
    """A statement that is true, false or unknown of a claim under a law."""

    __slots__ = ()

    def __and__(self, other: Expression) -> And:
        return And(self, other) if _is_expression(other) else NotImplemented

    def __or__(self, other: Expression) -> Or:
        return Or(self, other) if _is_expression(other) else NotImplemented

    def __invert__(self) -> Not:
        return Not(self)

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

    def bearing(self, subject: Any, binding: Binding) -> Iterator[Expression | Operand]:
        """What of it affects what it amounts to for one claim."""
        return self.operands()

    def limits(self, binding: Binding) -> Iterator[Limit | LimitFor]:
        """What facts are compared with, in order; a function where that depends on the claim."""
        for operand in self.operands():
            yield from operand.limits(binding)

    def facts(self) -> Iterator[Input]:
        """The facts the expression reads, in order."""
        for operand in self.operands():
            yield from operand.facts()


def _is_expression(value: object) -> bool:
    return isinstance(value, Expression)


class Operand:
    """Something a comparison reads."""

    __slots__ = ()

    def operands(self) -> Iterator[Expression | Operand]:
        """What the operand is made of, one level down, in order."""
        raise NotImplementedError

    def bearing(self, subject: Any, binding: Binding) -> Iterator[Expression | Operand]:
        """What of it affects what it amounts to for one claim."""
        return self.operands()

    def limits(self, binding: Binding) -> Iterator[Limit | LimitFor]:
        """The limit this operand represents, if it is one."""
        raise NotImplementedError

    def facts(self) -> Iterator[Input]:
        """The facts the operand reads, in order."""
        for operand in self.operands():
            yield from operand.facts()

    def resolve(self, binding: Binding) -> Any:
        """The limit under a binding, or a function that gives it for a claim."""
        raise NotImplementedError

    def possible(self, law: Any) -> tuple[Any, ...]:
        """Every value that a schedule of the law can give it, on any day."""
        return ()


class Input(Operand):
    """Something that is read of a claim: a fact, or what follows from several."""

    __slots__ = ()

    def limits(self, binding: Binding) -> Iterator[Limit | LimitFor]:
        return iter(())

    def facts(self) -> Iterator[Input]:
        yield self

    def unknown_in(self, subject: Any, binding: Binding) -> Iterator[UnknownFact]:
        """The unknown facts in `subject` that may affect what is read."""
        raise NotImplementedError


class DayInput(Input):
    """An input that can decide which entry of a schedule governs: a fact, or a `Day`."""

    __slots__ = ()

    @property
    def path(self) -> str:
        """The name under which a `Binding` holds the day: the path of a fact."""
        raise NotImplementedError

    def stated(self, subject: Any, law: Any) -> Any:
        """What it is in `subject`; `None` if unknown."""
        raise NotImplementedError


@attrs.frozen(eq=False, repr=False)
class Fact(Input):
    """A fact of the claim at a path; `evcredit.algebra.kinds` has one class for each kind.

    Args:
        path: The path, such as ``vehicle.msrp``.
        declared: The declaration of the fact.
    """

    path: str
    declared: FactType

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self.path}>"

    def stated(self, subject: Any, law: Any) -> Any:
        """What it is in `subject`; `None` if unknown."""
        return read(subject, self.path)

    @property
    def is_stated(self) -> Stated:
        """Whether the fact is stated at all; for one whose absence tells something."""
        return Stated(self)

    def operands(self) -> Iterator[Expression | Operand]:
        return iter(())

    def unknown_in(self, subject: Any, binding: Binding) -> Iterator[UnknownFact]:
        return unknown_at(read(subject, self.path), self.declared, self.path)


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
    right: Operand | Any

    def bind(self, binding: Binding) -> Run:
        symbol, holds = self.symbol, _OPERATORS[self.symbol]
        left = operator.attrgetter(self.left.path)
        limit = self.right.resolve(binding) if isinstance(self.right, Operand) else self.right
        if isinstance(limit, NoProvision | Bounds):
            return lambda subject: _compare(symbol, left(subject), limit)
        limit_for = limit if callable(limit) else None

        # The common case is an exact value against an exact limit; everything else is rare.
        def run(subject: Any) -> Truth:
            value = left(subject)
            other = limit if limit_for is None else limit_for(subject)
            if value is None or value.__class__ is Bounds or other.__class__ in _NOT_EXACT:
                return _compare(symbol, value, other)
            return holds(value, other)

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.left
        if isinstance(self.right, Operand):
            yield self.right

    def breakpoints(self, law: Any) -> tuple[Any, ...]:
        """Every value at which the comparison can change."""
        if not isinstance(self.right, Operand):
            return (self.right,)
        values = self.right.possible(law)
        return tuple(value for value in values if not isinstance(value, NoProvision))


@attrs.frozen(eq=False, repr=False)
class IsOneOf(Expression):
    """Whether a fact states one of some members of its list; an optional one, not stated, none."""

    choice: Fact
    members: tuple[Enum, ...]

    def bind(self, binding: Binding) -> Run:
        get, members = operator.attrgetter(self.choice.path), self.members
        absent: Truth = False if self.choice.declared.optional else None

        def run(subject: Any) -> Truth:
            value = get(subject)
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
        return lambda subject: get(subject) is not None

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.fact


@attrs.frozen(eq=False, repr=False)
class _Pair(Expression):
    """Two statements joined."""

    left: Expression
    right: Expression

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.left
        yield self.right


@attrs.frozen(eq=False, repr=False)
class And(_Pair):
    """Kleene's "and"."""

    def bind(self, binding: Binding) -> Run:
        left, right = self.left.bind(binding), self.right.bind(binding)

        def run(subject: Any) -> Truth:
            first = left(subject)
            if first is False:
                return False
            second = right(subject)
            return second if first or second is False else None

        return run


@attrs.frozen(eq=False, repr=False)
class Or(_Pair):
    """Kleene's "or"."""

    def bind(self, binding: Binding) -> Run:
        left, right = self.left.bind(binding), self.right.bind(binding)

        def run(subject: Any) -> Truth:
            first = left(subject)
            if first:
                return True
            second = right(subject)
            return second if second or first is False else None

        return run


@attrs.frozen(eq=False, repr=False)
class Not(Expression):
    """Kleene's "not"."""

    inner: Expression

    def bind(self, binding: Binding) -> Run:
        if isinstance(self.inner, Fact) and self.inner.declared.optional:
            get = operator.attrgetter(self.inner.path)
            return lambda subject: not get(subject)
        inner = self.inner.bind(binding)

        def run(subject: Any) -> Truth:
            value = inner(subject)
            return None if value is None else not value

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.inner
