"""Amounts as values: written once as Python, read on objects, on tables, and by analysis.

A `Quantity` is to amounts what an `Expression` is to truths: it is written with ``+ - *``,
`least`, `greatest`, `choose`, `percent_of` and `rounded` on symbols. What it comes to is a pair,
the least and the greatest it may be, which are the same where nothing that matters is unknown.
Every operation grows or falls steadily with each of its sides, so the ends decide for all
between. Numbers are whole or fractions, never floats.

The amount of a credit depends on rules: `in_force`, `holds` and `amount_of` ask for what a rule
comes to. Who binds the quantity says where from (`Rules`).
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

import attrs

from evcredit.bounds import Bounds
from evcredit.expression import (
    Binding,
    Day,
    Expression,
    Fact,
    Operand,
    Parameter,
    Pick,
    Reading,
    Truth,
    bearing_on_choice,
)
from evcredit.money import dollars
from evcredit.rule import BoundRule, Rule
from evcredit.schedule import NoProvision

__all__ = [
    "UNLIMITED",
    "AmountOf",
    "BoundRules",
    "Choice",
    "Combined",
    "Ends",
    "Exceeds",
    "Holds",
    "InForce",
    "Leaf",
    "PercentOf",
    "Quantity",
    "Rounded",
    "Rules",
    "Tabulated",
    "YearOf",
    "amount_of",
    "as_bounds",
    "choose",
    "ends_of",
    "greatest",
    "holds",
    "in_force",
    "least",
    "percent_of",
    "quantity",
    "rounded",
    "rules_of",
]

Number = int | Fraction
#: The least and the greatest a quantity may be.
Ends = tuple[Number, Number]
EndsOf = Callable[[Any], Ends]

#: More than any quantity here can be: what is unknown and has no limit goes up to it.
UNLIMITED = 10**12


class Rules(Protocol):
    """What the rules that a quantity asks for come to."""

    def in_force(self, rule: Rule) -> Truth | Callable[[Any], Truth]:
        """Whether a rule is in force: a truth where no claim can change it."""
        raise NotImplementedError

    def holds(self, rule: Rule) -> Callable[[Any], Truth]:
        """A function from a claim to whether a rule is met, supposing that it is in force."""
        raise NotImplementedError

    def amount(self, rule: Rule) -> EndsOf:
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

    def ends(self, binding: Binding, rules: Rules | None = None) -> EndsOf:
        """A function from a claim to the least and the greatest the quantity may be.

        Args:
            binding: The law and the days of the claim.
            rules: Where the outcomes of rules come from, if the quantity asks for any.
        """
        raise NotImplementedError

    def bind(self, binding: Binding) -> Callable[[Any], Bounds[Decimal]]:
        """A function from a claim to the bounds of a quantity that asks for no rules."""
        ends = self.ends(binding)
        return lambda thing: as_bounds(ends(thing))


def as_bounds(ends: Ends) -> Bounds[Decimal]:
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
    return dollars(whole_cents.numerator)


def quantity(value: Any) -> Quantity:
    """A fact, a number of the law or a constant as a quantity."""
    return value if isinstance(value, Quantity) else Leaf(value)


@attrs.frozen(eq=False, repr=False)
class Leaf(Quantity):
    """A fact, a number of the law or a constant."""

    value: Fact | Parameter | Pick | int | Decimal

    def ends(self, binding: Binding, rules: Rules | None = None) -> EndsOf:
        if isinstance(self.value, Fact):
            get = operator.attrgetter(self.value.path)
            return lambda thing: ends_of(get(thing))
        if not isinstance(self.value, Operand):
            known = ends_of(self.value)
            return lambda thing: known
        limit = self.value.resolve(binding)
        if callable(limit):
            return lambda thing: ends_of(limit(thing))
        ends = ends_of(limit)
        return lambda thing: ends

    def operands(self) -> Iterator[Expression | Operand]:
        if isinstance(self.value, Operand):
            yield self.value


def ends_of(value: Any) -> Ends:
    """The ends of a number that is not negative: as far as they are known.

    >>> ends_of(Bounds(1, 2)), ends_of(Decimal("0.5")), ends_of(None)
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


_COMBINE: dict[str, Callable[[Ends, Ends], Ends]] = {
    "+": lambda one, other: (one[0] + other[0], one[1] + other[1]),
    "-": lambda one, other: (one[0] - other[1], one[1] - other[0]),
    "*": lambda one, other: (one[0] * other[0], one[1] * other[1]),
    "least": lambda one, other: (min(one[0], other[0]), min(one[1], other[1])),
    "greatest": lambda one, other: (max(one[0], other[0]), max(one[1], other[1])),
}


@attrs.frozen(eq=False, repr=False)
class Combined(Quantity):
    """Two quantities joined by an operation."""

    symbol: str
    one: Quantity
    other: Quantity

    def ends(self, binding: Binding, rules: Rules | None = None) -> EndsOf:
        combine = _COMBINE[self.symbol]
        one, other = self.one.ends(binding, rules), self.other.ends(binding, rules)
        return lambda thing: combine(one(thing), other(thing))

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.one
        yield self.other


def least(one: Any, other: Any) -> Quantity:
    """The lesser of two quantities."""
    return Combined("least", quantity(one), quantity(other))


def greatest(one: Any, other: Any) -> Quantity:
    """The greater of two quantities."""
    return Combined("greatest", quantity(one), quantity(other))


@attrs.frozen(eq=False, repr=False)
class Rounded(Quantity):
    """A quantity to the nearest multiple of a unit, half up."""

    inner: Quantity
    unit: Fraction

    def ends(self, binding: Binding, rules: Rules | None = None) -> EndsOf:
        inner, unit = self.inner.ends(binding, rules), self.unit

        def run(thing: Any) -> Ends:
            lower, upper = inner(thing)
            low = half_up(lower, unit)
            return (low, low if upper == lower else half_up(upper, unit))

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


def rounded(value: Any, to: str = "0.01") -> Quantity:
    """A quantity to the nearest cent, or to another unit, half up."""
    return Rounded(quantity(value), Fraction(to))


@attrs.frozen(eq=False, repr=False)
class PercentOf(Quantity):
    """So many percent of a quantity, unrounded."""

    percent: Quantity
    whole: Quantity

    def ends(self, binding: Binding, rules: Rules | None = None) -> EndsOf:
        percent, whole = self.percent.ends(binding, rules), self.whole.ends(binding, rules)

        def run(thing: Any) -> Ends:
            rates, amounts = percent(thing), whole(thing)
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

        def run(thing: Any) -> Truth:
            (low, high), (least_other, most_other) = one(thing), other(thing)
            return True if low > most_other else (None if high > least_other else False)

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.one
        yield self.other


@attrs.frozen(eq=False, repr=False)
class Tabulated(Quantity):
    """A whole number that a name and a day pick from a table too irregular for symbols.

    Args:
        names: The facts that may state the name; the first that is stated does.
        day: The day.
        keys: From a name, or `None` for an unknown one, and a law to the keys it may stand for.
        known_names: From a law to the names that it knows.
        number: From a key, a day and a law to the number.
        turns: From a law to the days on which the number for any key changes, in order; the
            first of them is the first day there is.
    """

    names: tuple[Fact, ...]
    day: Day
    keys: Callable[[str | None, Any], frozenset[Any]]
    known_names: Callable[[Any], tuple[str, ...]]
    number: Callable[[Any, date, Any], int]
    turns: Callable[[Any], tuple[date, ...]]

    def ends(self, binding: Binding, rules: Rules | None = None) -> EndsOf:
        law, gets = binding.law, [operator.attrgetter(fact.path) for fact in self.names]

        def run(thing: Any) -> Ends:
            name = next((found for found in (get(thing) for get in gets) if found), None)
            return self.number_for(name, self.day.of(thing, law), law)

        return run

    def number_for(self, name: str | None, day: date | None, law: Any) -> Ends:
        """The least and the greatest number for a name and a day; `None` for an unknown one."""
        days = self.turns(law) if day is None else (day,)
        found = [self.number(key, each, law) for key in self.keys(name, law) for each in days]
        return (min(found), max(found))

    def operands(self) -> Iterator[Expression | Operand]:
        yield from self.names


@attrs.frozen(eq=False, repr=False)
class YearOf(Quantity):
    """The calendar year of the day that a fact states.

    Args:
        day: The day.
        never_before: Days that are never later; of an unknown day they tell the first year.
    """

    day: Fact
    never_before: tuple[Fact, ...] = ()

    def ends(self, binding: Binding, rules: Rules | None = None) -> EndsOf:
        get, others = (
            operator.attrgetter(self.day.path),
            [operator.attrgetter(fact.path) for fact in self.never_before],
        )

        def run(thing: Any) -> Ends:
            day = get(thing)
            if day is not None:
                return (day.year, day.year)
            known = [earlier.year for earlier in (get(thing) for get in others) if earlier]
            return (max(known, default=0), UNLIMITED)

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.day


# -- what depends on conditions and rules ----------------------------------------------------


@attrs.frozen(eq=False, repr=False)
class InForce(Expression):
    """Whether a rule is in force."""

    rule: Rule

    def operands(self) -> Iterator[Expression | Operand]:
        return iter(())


@attrs.frozen(eq=False, repr=False)
class Holds(Expression):
    """Whether a rule is met, supposing that it is in force."""

    rule: Rule

    def operands(self) -> Iterator[Expression | Operand]:
        return iter(())


@attrs.frozen(eq=False, repr=False)
class AmountOf(Quantity):
    """The amount a rule comes to; nothing if it is not in force."""

    rule: Rule

    def ends(self, binding: Binding, rules: Rules | None = None) -> EndsOf:
        return _of(rules, self.rule).amount(self.rule)

    def operands(self) -> Iterator[Expression | Operand]:
        return iter(())


def in_force(rule: Rule) -> InForce:
    """Whether a rule is in force, as a condition of `choose`."""
    return InForce(rule)


def holds(rule: Rule) -> Holds:
    """Whether a rule is met, supposing that it is in force, as a condition of `choose`."""
    return Holds(rule)


def amount_of(rule: Rule) -> AmountOf:
    """The amount that a rule made with `evcredit.rule.amount` comes to."""
    return AmountOf(rule)


def rules_of(node: Expression | Operand) -> Iterator[Rule]:
    """Every rule a quantity asks for, in order."""
    if isinstance(node, InForce | Holds | AmountOf):
        yield node.rule
    for operand in node.operands():
        yield from rules_of(operand)


@attrs.frozen(eq=False, repr=False)
class Choice(Quantity):
    """One of two quantities, as a condition tells; where that is open, anything from both."""

    condition: Expression
    met: Quantity
    otherwise: Quantity

    def ends(self, binding: Binding, rules: Rules | None = None) -> EndsOf:
        condition = _condition(self.condition, binding, rules)
        # Of a choice that no claim can change, only one side need exist under the law.
        if not callable(condition) and condition is not None:
            return (self.met if condition else self.otherwise).ends(binding, rules)
        met, otherwise = self.met.ends(binding, rules), self.otherwise.ends(binding, rules)
        truth = condition if callable(condition) else lambda thing: None

        def run(thing: Any) -> Ends:
            found = truth(thing)
            if found is not None:
                return met(thing) if found else otherwise(thing)
            one, other = met(thing), otherwise(thing)
            return (min(one[0], other[0]), max(one[1], other[1]))

        return run

    def operands(self) -> Iterator[Expression | Operand]:
        yield self.condition
        yield self.met
        yield self.otherwise

    def bearing(self, thing: Any, binding: Binding) -> Iterator[Expression | Operand]:
        return bearing_on_choice(self, self.condition.bind(binding)(thing))


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
        raise TypeError(f"a quantity that asks for the rule {rule.code} needs outcomes of rules")
    return rules


def choose(condition: Expression, met: Any, otherwise: Any) -> Quantity:
    """The first quantity where the condition is met, the second where it is not."""
    return Choice(condition, quantity(met), quantity(otherwise))


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
        """What the rule comes to on a claim."""
        return self.bound[id(rule)].inner

    def amount(self, rule: Rule) -> EndsOf:
        """What the amount comes to on a claim."""
        bound = self.bound[id(rule)]
        if bound.applies is False:
            return lambda thing: (0, 0)
        inner: Callable[[Any], Any] = bound.inner
        return lambda thing: ends_of(inner(thing))
