"""Amounts as values: written once as Python, read on objects, on tables, and by analysis.

A `Quantity` is to amounts what an `Expression` is to truths: it is written with ``+ - *``,
`minimum`, `maximum`, `if_else`, `percent_of` and `rounded` on symbols. What it evaluates to is a
pair, the minimum and the maximum it may be, which are the same where nothing that matters is
unknown. Every operation grows or falls steadily with each of its sides, so the ends decide for all
between. Numbers are whole or fractions, never floats.

The amount of a credit depends on rules: `in_force`, `holds` and `amount_of` require what a rule
evaluates to. Who binds the quantity says where from (`Rules`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

import attrs

from evcredit.algebra.binding import Binding, Truth
from evcredit.algebra.bound import BoundRule
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.day import bearing_on_choice
from evcredit.algebra.expression import Expression, Fact, Operand
from evcredit.algebra.money import dollars
from evcredit.algebra.parameter import Parameter, Reading, TableLookup
from evcredit.algebra.rule import Rule
from evcredit.algebra.schedule import NoProvision

__all__ = [
    "UNLIMITED",
    "AmountOf",
    "BoundRules",
    "Combined",
    "Exceeds",
    "Holds",
    "IfElse",
    "InForce",
    "Interval",
    "Leaf",
    "PercentOf",
    "Quantity",
    "Rounded",
    "Rules",
    "amount_of",
    "as_bounds",
    "holds",
    "if_else",
    "in_force",
    "interval_of",
    "maximum",
    "minimum",
    "percent_of",
    "quantity",
    "rounded",
    "rules_of",
]

Number = int | Fraction
#: The minimum and the maximum a quantity may be.
Interval = tuple[Number, Number]
IntervalOf = Callable[[Any], Interval]
#: More than any quantity here can be: what is unknown and has no limit goes up to it.
UNLIMITED = 10**12


class Rules(Protocol):
    """What the rules that a quantity requires amount to."""

    def in_force(self, rule: Rule) -> Truth | Callable[[Any], Truth]:
        """Whether a rule is in force: a truth where no claim can change it."""
        raise NotImplementedError

    def holds(self, rule: Rule) -> Callable[[Any], Truth]:
        """A function from a claim to whether a rule is met, assuming that it is in force."""
        raise NotImplementedError

    def amount(self, rule: Rule) -> IntervalOf:
        """A function from a claim to the ends of an amount."""
        raise NotImplementedError


class Quantity(Operand):
    """A number that follows from facts and the law."""

    __slots__ = ()

    def __add__(self, other: Any) -> Combined:
        return Combined("+", self, quantity(other))

    def __sub__(self, other: Any) -> Combined:
        return Combined("-", self, quantity(other))

    def __mul__(self, other: Any) -> Combined:
        """A product; neither side may be negative."""
        return Combined("*", self, quantity(other))

    def __gt__(self, other: Any) -> Exceeds:
        return Exceeds(self, quantity(other))

    def ends(self, binding: Binding, rules: Rules | None = None) -> IntervalOf:
        """A function from a claim to the minimum and the maximum the quantity may be.

        Args:
            binding: The law and the days of the claim.
            rules: Where the outcomes of rules come from, if the quantity requires any.
        """
        raise NotImplementedError

    def bind(self, binding: Binding) -> Callable[[Any], Bounds[Decimal]]:
        """A function from a claim to the bounds of a quantity that requires no rules."""
        ends = self.ends(binding)
        return lambda subject: as_bounds(ends(subject))


def as_bounds(ends: Interval) -> Bounds[Decimal]:
    """The ends as bounds; what goes up to `UNLIMITED` has no end.

    Raises:
        ValueError: An end is finer than a cent; round it first.

    >>> as_bounds((0, Fraction(7, 2)))
    Bounds(lower=Decimal('0'), upper=Decimal('3.50'))
    """
    lower, upper = (_as_decimal(end) for end in ends)
    return Bounds(lower, upper)


def _as_decimal(number: Number) -> Decimal:
    if number >= UNLIMITED:
        return Decimal("Infinity")
    if isinstance(number, int):
        return Decimal(number)
    whole_cents = 100 * number
    if whole_cents.denominator != 1:
        raise ValueError(f"{number} is no number of whole cents; round it first")
    if whole_cents.numerator % 100 == 0:
        return Decimal(whole_cents.numerator // 100)
    return dollars(whole_cents.numerator)


def quantity(value: Any) -> Quantity:
    """A fact, a number of the law or a constant as a quantity."""
    return value if isinstance(value, Quantity) else Leaf(value)


@attrs.frozen(eq=False, repr=False)
class Leaf(Quantity):
    """A fact, a number of the law or a constant."""

    value: Fact | Parameter[Any] | TableLookup | int | Decimal

    def ends(self, binding: Binding, rules: Rules | None = None) -> IntervalOf:
        if isinstance(self.value, Fact):
            get = operator.attrgetter(self.value.path)
            return lambda subject: interval_of(get(subject))
        if not isinstance(self.value, Operand):
            known = interval_of(self.value)
            return lambda subject: known
        limit = self.value.resolve(binding)
        if callable(limit):
            return lambda subject: interval_of(limit(subject))
        ends = interval_of(limit)
        return lambda subject: ends

    def operands(self) -> Iterator[Expression | Operand]:
        if isinstance(self.value, Operand):
            yield self.value


def interval_of(value: Any) -> Interval:
    """The ends of a number that is not negative: as far as they are known.

    >>> interval_of(Bounds(1, 2)), interval_of(Decimal("0.5")), interval_of(None)
    ((1, 2), (Fraction(1, 2), Fraction(1, 2)), (0, 1000000000000))
    """
    if value is None or isinstance(value, NoProvision):
        return (0, UNLIMITED)
    if isinstance(value, Bounds):
        return (_number(value.lower), _number(value.upper))
    number = _number(value)
    return (number, number)


def _number(value: Any) -> Number:
    if isinstance(value, int):
        return value
    if isinstance(value, Decimal) and not value.is_finite():
        return UNLIMITED
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else exact


_COMBINE: dict[str, Callable[[Interval, Interval], Interval]] = {
    "+": lambda one, other: (one[0] + other[0], one[1] + other[1]),
    # What has no end has none after something is taken off it.
    "-": lambda one, other: (
        one[0] - other[1],
        UNLIMITED if one[1] >= UNLIMITED else one[1] - other[0],
    ),
    "*": lambda one, other: (one[0] * other[0], one[1] * other[1]),
    "minimum": lambda one, other: (min(one[0], other[0]), min(one[1], other[1])),
    "maximum": lambda one, other: (max(one[0], other[0]), max(one[1], other[1])),
}


@attrs.frozen(eq=False, repr=False)
class Combined(Quantity):
    """Two quantities joined by an operation."""

    symbol: str
    one: Quantity
    other: Quantity

    def ends(self, binding: Binding, rules: Rules | None = None) -> IntervalOf:
        combine = _COMBINE[self.symbol]
        one, other = self.one.ends(binding, rules), self.other.ends(binding, rules)
        return lambda subject: combine(one(subject), other(subject))

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.one
        yield self.other


def minimum(one: Any, other: Any) -> Quantity:
    """The lesser of two quantities."""
    return Combined("minimum", quantity(one), quantity(other))


def maximum(one: Any, other: Any) -> Quantity:
    """The greater of two quantities."""
    return Combined("maximum", quantity(one), quantity(other))


@attrs.frozen(eq=False, repr=False)
class Rounded(Quantity):
    """A quantity to the nearest multiple of a unit, half up or half down."""

    inner: Quantity
    unit: Fraction
    down: bool = False

    def ends(self, binding: Binding, rules: Rules | None = None) -> IntervalOf:
        inner, unit = self.inner.ends(binding, rules), self.unit
        nearest = half_down if self.down else half_up

        def run(subject: Any) -> Interval:
            lower, upper = inner(subject)
            low = nearest(lower, unit)
            return (low, low if upper == lower else nearest(upper, unit))

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.inner


def half_up(number: Number, unit: Fraction) -> Number:
    """A number to the nearest multiple of a unit, half up.

    >>> half_up(Fraction(5, 2), Fraction(1)), half_up(Fraction(1, 3), Fraction(1, 100))
    (3, Fraction(33, 100))
    """
    if number >= UNLIMITED:
        return number
    times, over = number.numerator * unit.denominator, number.denominator * unit.numerator
    multiple = (2 * times + over) // (2 * over) * unit
    return multiple.numerator if multiple.denominator == 1 else multiple


def half_down(number: Number, unit: Fraction) -> Number:
    """A number to the nearest multiple of a unit, half down.

    It is what rounding the rest of a multiple of the unit half up leaves.

    >>> half_down(Fraction(5, 2), Fraction(1)), half_down(Fraction(8, 3), Fraction(1))
    (2, 3)
    """
    if number >= UNLIMITED:
        return number
    times, over = number.numerator * unit.denominator, number.denominator * unit.numerator
    multiple = (2 * times + over - 1) // (2 * over) * unit
    return multiple.numerator if multiple.denominator == 1 else multiple


def rounded(value: Any, to: str = "0.01", *, down: bool = False) -> Quantity:
    """A quantity to the nearest cent, or to another unit, half up; or half `down`."""
    return Rounded(quantity(value), Fraction(to), down)


@attrs.frozen(eq=False, repr=False)
class PercentOf(Quantity):
    """So many percent of a quantity, unrounded."""

    percent: Quantity
    whole: Quantity

    def ends(self, binding: Binding, rules: Rules | None = None) -> IntervalOf:
        percent, whole = self.percent.ends(binding, rules), self.whole.ends(binding, rules)

        def run(subject: Any) -> Interval:
            rates, amounts = percent(subject), whole(subject)
            low, high = (Fraction(rate * of, 100) for rate, of in zip(rates, amounts, strict=True))
            # A part of what has no end has none.
            endless = rates[1] and amounts[1] >= UNLIMITED
            return (low, Fraction(UNLIMITED) if endless else min(high, Fraction(UNLIMITED)))

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.percent
        yield self.whole


def percent_of(percent: Any, whole: Any) -> Quantity:
    """So many percent of a quantity, unrounded."""
    return PercentOf(quantity(percent), quantity(whole))


@attrs.frozen(eq=False, repr=False)
class Exceeds(Expression):
    """Whether one quantity is greater than another."""

    one: Quantity
    other: Quantity

    def bind(self, binding: Binding) -> Callable[[Any], Truth]:
        one, other = self.one.ends(binding), self.other.ends(binding)

        def run(subject: Any) -> Truth:
            (low, high), (least_other, most_other) = one(subject), other(subject)
            return True if low > most_other else (None if high > least_other else False)

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.one
        yield self.other


@attrs.frozen(eq=False, repr=False)
class InForce(Expression):
    """Whether a rule is in force."""

    rule: Rule

    def operands(self) -> Iterator[Expression | Operand]:
        return iter(())


@attrs.frozen(eq=False, repr=False)
class Holds(Expression):
    """Whether a rule is met, assuming that it is in force."""

    rule: Rule

    def operands(self) -> Iterator[Expression | Operand]:
        return iter(())


@attrs.frozen(eq=False, repr=False)
class AmountOf(Quantity):
    """The amount a rule evaluates to; nothing if it is not in force."""

    rule: Rule

    def ends(self, binding: Binding, rules: Rules | None = None) -> IntervalOf:
        return _of(rules, self.rule).amount(self.rule)

    def operands(self) -> Iterator[Expression | Operand]:
        return iter(())


def in_force(rule: Rule) -> InForce:
    """Whether a rule is in force, as a condition of `if_else`."""
    return InForce(rule)


def holds(rule: Rule) -> Holds:
    """Whether a rule is met, assuming that it is in force, as a condition of `if_else`."""
    return Holds(rule)


def amount_of(rule: Rule) -> AmountOf:
    """The amount that a rule made with `evcredit.algebra.rule.amount` evaluates to."""
    return AmountOf(rule)


def rules_of(node: Expression | Operand) -> Iterator[Rule]:
    """Every rule a quantity requires, in order."""
    if isinstance(node, InForce | Holds | AmountOf):
        yield node.rule
    for operand in node.operands():
        yield from rules_of(operand)


@attrs.frozen(eq=False, repr=False)
class IfElse(Quantity):
    """One of two quantities, as a condition tells; where that is unresolved, anything from both."""

    condition: Expression
    met: Quantity
    otherwise: Quantity

    def ends(self, binding: Binding, rules: Rules | None = None) -> IntervalOf:
        condition = _condition(self.condition, binding, rules)
        # Of a choice that no claim can change, only one side need exist under the law.
        if not callable(condition) and condition is not None:
            return (self.met if condition else self.otherwise).ends(binding, rules)
        met, otherwise = self.met.ends(binding, rules), self.otherwise.ends(binding, rules)
        truth = condition if callable(condition) else lambda subject: None

        def run(subject: Any) -> Interval:
            found = truth(subject)
            if found is not None:
                return met(subject) if found else otherwise(subject)
            one, other = met(subject), otherwise(subject)
            return (min(one[0], other[0]), max(one[1], other[1]))

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.condition
        yield self.met
        yield self.otherwise

    def bearing(self, subject: Any, binding: Binding) -> Iterator[Expression | Operand]:
        return bearing_on_choice(self, self.condition.bind(binding)(subject))


def _condition(
    node: Expression, binding: Binding, rules: Rules | None
) -> Truth | Callable[[Any], Truth]:
    """A condition as a function of a claim, or as a truth where no claim can change it."""
    if isinstance(node, InForce):
        return _of(rules, node.rule).in_force(node.rule)
    if isinstance(node, Holds):
        return _of(rules, node.rule).holds(node.rule)
    run = node.bind(binding)
    return run(None) if isinstance(node, Parameter | Reading) else run


def _of(rules: Rules | None, rule: Rule) -> Rules:
    if rules is None:
        raise TypeError(f"a quantity that requires the rule {rule.code} needs outcomes of rules")
    return rules


def if_else(condition: Expression, met: Any, otherwise: Any) -> Quantity:
    """The first quantity where the condition is met, the second where it is not."""
    return IfElse(condition, quantity(met), quantity(otherwise))


@attrs.frozen
class BoundRules:
    """The outcomes of rules that are bound to the days of a claim.

    Args:
        bound: The bound rules, by the identity of the rule.
    """

    bound: Mapping[int, BoundRule] = attrs.field(hash=False)

    def in_force(self, rule: Rule) -> Truth | Callable[[Any], Truth]:
        """Whether the days of the claim put the rule in force."""
        return self.bound[id(rule)].applies

    def holds(self, rule: Rule) -> Callable[[Any], Truth]:
        """What the rule evaluates to on a claim."""
        return self.bound[id(rule)].inner

    def amount(self, rule: Rule) -> IntervalOf:
        """What the amount amounts to on a claim."""
        bound = self.bound[id(rule)]
        if bound.applies is False:
            return lambda subject: (0, 0)
        inner: Callable[[Any], Any] = bound.inner
        return lambda subject: interval_of(inner(subject))
