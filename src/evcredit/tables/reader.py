"""Rules and quantities as expressions over the columns of a table.

The reader walks the very nodes that `evcredit.rule`, `evcredit.expression` and
`evcredit.quantity` bind to an object, and knows nothing of any single rule. Facts are columns, or
constants where the caller states one for all rows. Numbers are whole: cents, watt-hours, days.
A schedule that is read on a column of days becomes the alternatives between which the day decides;
alternatives that lie outside the days of the table are left away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import Enum
from fractions import Fraction
from math import lcm
from typing import Any, NamedTuple

import attrs
import narwhals.stable.v2 as nw

from evcredit.expression import (
    Among,
    Binding,
    Both,
    CertifiedShare,
    Comparison,
    Day,
    DaysAfter,
    Derived,
    Earlier,
    Either,
    Expression,
    Fact,
    Inverse,
    Membership,
    Parameter,
    Pick,
    Reading,
    ShareComparison,
    Stated,
    Whichever,
)
from evcredit.fact import read
from evcredit.quantity import (
    UNLIMITED,
    AmountOf,
    Choice,
    Combined,
    Exceeds,
    Holds,
    InForce,
    Leaf,
    PercentOf,
    Quantity,
    Rounded,
    Tabulated,
)
from evcredit.rule import Mode, Rule
from evcredit.schedule import Entry, NoProvision, Table
from evcredit.section_45w.published import PublishedCost, ResidualPercent, YearOf
from evcredit.share import reaches
from evcredit.tables.schema import (
    FrameColumn,
    Span,
    cell,
    column_name,
    column_of,
    flag_column,
    share_columns,
    units_of,
)
from evcredit.tables.truth import (
    Truth,
    all_true,
    any_true,
    both,
    either,
    inverse,
    is_false,
    is_true,
    is_unknown,
    pick,
    whole,
)

__all__ = ["SCRATCH", "Ends", "Reader", "Told"]

#: How the columns begin that are worked out on the way and left out of the result.
SCRATCH = "__evcredit_"
#: The stages: days that follow from several, what is in force on them, rules, and their wholes.
DAYS, FLAGS, LEAVES = range(3)

#: A whole number, or a column of whole numbers without unknowns.
Number = int | nw.Expr
#: A day, `None` for an unknown one, or a column of days.
DayOf = date | None | nw.Expr


class Ends(NamedTuple):
    """The least and the greatest a quantity may be, in so many parts of its unit."""

    lower: Number
    upper: Number
    parts: int

    def in_parts(self, parts: int) -> Ends:
        """The same in finer parts."""
        if parts == self.parts:
            return self
        times = parts // self.parts
        return Ends(self.lower * times, self.upper * times, parts)


class Told(NamedTuple):
    """What a rule comes to in a table.

    Args:
        rule: The rule.
        applies: Whether it is in force.
        inner: Its verdict, supposing that it is.
        parts: The same of its parts.
    """

    rule: Rule
    applies: Truth
    inner: Truth
    parts: tuple[Told, ...]

    @property
    def verdict(self) -> Truth:
        """The verdict; what is not in force is met."""
        return either(inverse(self.applies), self.inner)

    def walk(self) -> Iterator[Told]:
        """This and what is below it, depth first."""
        yield self
        for part in self.parts:
            yield from part.walk()


@attrs.frozen(eq=False)
class Reader:
    """Reads rules about a claim, under one law, over the columns of one table.

    Args:
        law: The law.
        assumed: A claim that states the facts which are the same in every row.
        columns: The names of the columns that the table has; `None` for every one there may be.
        spans: The days that a column of days lies in, by the path of the fact.
        always: The days that any other day lies in.
        names: Names that occur in the table, beside those that the law knows.
    """

    law: Any
    assumed: Any
    columns: frozenset[str] | None
    spans: Mapping[str, Span]
    always: Span
    names: tuple[str, ...] = ()
    #: The columns of names that a law may know.
    named: set[str] = attrs.field(init=False, factory=set)
    #: The columns that rules read, by name, in the order of the rules.
    used: dict[str, FrameColumn] = attrs.field(init=False, factory=dict)
    #: The columns that rules asked for in vain.
    lacking: dict[str, FrameColumn] = attrs.field(init=False, factory=dict)
    #: What is worked out once for all, in stages that build on those before them.
    stages: dict[int, dict[str, nw.Expr]] = attrs.field(init=False, factory=dict)
    _kept: dict[Any, Any] = attrs.field(init=False, factory=dict)
    _told: dict[int, Told] = attrs.field(init=False, factory=dict)

    def keep(self, stage: int, found: Any) -> Any:
        """A column that is worked out in a stage; constants stay what they are."""
        if not isinstance(found, nw.Expr):
            return found
        name = f"{SCRATCH}{sum(map(len, self.stages.values()))}"
        self.stages.setdefault(stage, {})[name] = found
        return nw.col(name)

    def once(self, key: Any, stage: int, make: Callable[[], Any]) -> Any:
        """The same for what several rules ask for."""
        if key not in self._kept:
            self._kept[key] = self.keep(stage, make())
        return self._kept[key]

    # -- facts -----------------------------------------------------------------------------

    def fact(self, fact: Fact) -> Any:
        """The column of a fact, or what it is in every row; `None` for unknown."""
        column = column_of(fact)
        if self.columns is None or column.name not in self.columns:
            value = read(self.assumed, fact.path)
            if value is not None:
                return cell(fact, value)
        return self.column(column)

    def column(self, column: FrameColumn) -> Any:
        """A column, if the table has it."""
        if self.columns is None or column.name in self.columns:
            self.used[column.name] = column
            return nw.col(column.name)
        # What is out of the ordinary need not have a column.
        if not column.optional:
            self.lacking[column.name] = column
        return None

    def span(self, node: Any) -> Span:
        """The days that the days of `day` lie in."""
        if isinstance(node, Day):
            return self.span(node.body)
        if isinstance(node, Fact):
            return self.spans.get(node.path, self.always)
        if isinstance(node, Whichever):
            condition = self.statement(node.condition)
            if isinstance(condition, bool):
                return self.span(node.met if condition else node.otherwise)
        return self.always

    def day(self, node: Any) -> DayOf:
        """The day that a fact, a parameter or a combination of days comes to."""
        if isinstance(node, Day):
            day: DayOf = self.once(id(node), DAYS, lambda: self.day(node.body))
            return day
        if isinstance(node, Fact):
            found: DayOf = self.fact(node)
            return found
        if isinstance(node, Parameter):
            values = {entry.value for entry in self.entries(node)}
            only = values.pop() if len(values) == 1 else None
            return only if isinstance(only, date) else None
        if isinstance(node, Earlier):
            return _earlier(self.day(node.one), self.day(node.other))
        assert isinstance(node, Whichever)  # noqa: S101  # there are no others
        condition = self.statement(node.condition)
        if isinstance(condition, bool):
            return self.day(node.met if condition else node.otherwise)
        return _whichever(condition, self.day(node.met), self.day(node.otherwise))

    # -- schedules -------------------------------------------------------------------------

    def entries(self, parameter: Parameter) -> tuple[Entry[Any], ...]:
        """The entries that may govern within the days of the table."""
        standing: tuple[Entry[Any], ...] = getattr(self.law, parameter.name).standing
        if parameter.day is None:
            return standing
        day = self.day(parameter.day)
        if isinstance(day, date):
            return tuple(each for each in standing if _inside(each, day))
        span = self.span(parameter.day)
        return tuple(each for each in standing if span.meets(each.start, each.end))

    def cases(self, parameter: Parameter, of: Callable[[Any], Truth]) -> Truth:
        """What holds under the entry of the day; on an unknown day, what holds under all.

        Args:
            parameter: The schedule and the day.
            of: From the value of an entry to a truth.
        """
        by_value: dict[Any, list[Entry[Any]]] = {}
        for entry in self.entries(parameter):
            by_value.setdefault(entry.value, []).append(entry)
        truths = {value: of(value) for value in by_value}
        if not truths:
            return None
        if len(truths) == 1:
            return next(iter(truths.values()))
        day = None if parameter.day is None else self.day(parameter.day)
        if not isinstance(day, nw.Expr):  # a known day has one entry
            agreed = {True: all_true(truths.values()), False: any_true(truths.values())}
            return either(agreed[True], both(agreed[False], None))
        span = self.span(parameter.day)
        under = (
            both(self.within(day, span, by_value[value]), truth) for value, truth in truths.items()
        )
        return either(any_true(under), all_true(truths.values()))

    def within(self, day: nw.Expr, span: Span, entries: list[Entry[Any]]) -> Truth:
        """Whether a day lies in any of some entries."""
        stretches: list[list[date | None]] = []
        for entry in entries:
            if stretches and stretches[-1][1] == entry.start:
                stretches[-1][1] = entry.end
            else:
                stretches.append([entry.start, entry.end])
        found: list[Truth] = []
        for start, end in stretches:
            since = True if start is None or start <= span.first else day >= nw.lit(start)
            until = True if end is None or span.ends_before(end) else day < nw.lit(end)
            found.append(both(since, until))
        return any_true(found)

    # -- limits ----------------------------------------------------------------------------

    def against(self, limit: Any, units: int, compare: Callable[[Any], Truth]) -> Truth:
        """A comparison with a limit: under the entry of the day and the category of the row.

        Args:
            limit: A number, or a node that stands for one.
            units: How many units of the column make one of the limit.
            compare: From a limit in these units to the truth.
        """

        def with_number(value: Any) -> Truth:
            if isinstance(value, NoProvision) or value is None:
                return None
            return compare(value if isinstance(value, date) else _whole(value, units))

        if isinstance(limit, Parameter):
            return self.cases(limit, with_number)
        if isinstance(limit, Pick):
            return self.cases(limit.parameter, lambda table: self.picked(limit, table, with_number))
        if isinstance(limit, DaysAfter):
            return self.days_after(limit, compare)
        return with_number(limit)

    def picked(self, pick_of: Pick, table: Any, compare: Callable[[Any], Truth]) -> Truth:
        """A comparison with the row of a scheduled table that a category picks."""
        if isinstance(table, NoProvision):
            return None
        by_value: dict[Any, list[Enum]] = {}
        for category, value, _ in table.rows:
            by_value.setdefault(value, []).append(category)
        truths = {value: compare(value) for value in by_value}
        if len(truths) == 1:
            return next(iter(truths.values()))
        key = self.fact(pick_of.key)
        if isinstance(key, str):
            return compare(next(value for each, value, _ in table.rows if each.value == key))
        under = (
            both(_among(key, [each.value for each in by_value[value]]), truth)
            for value, truth in truths.items()
        )
        return either(any_true(under), all_true(truths.values()))

    def days_after(self, limit: DaysAfter, compare: Callable[[Any], Truth]) -> Truth:
        """A comparison with the day so many days after another."""
        day = self.fact(limit.day)
        if day is None:
            return None

        def after(days: Any) -> Truth:
            if isinstance(days, NoProvision):
                return None
            if isinstance(day, date):
                return compare(day + timedelta(days=days))
            return compare(day.dt.offset_by(f"{days}d"))

        return self.cases(limit.days, after)

    # -- statements ------------------------------------------------------------------------

    def statement(self, node: Expression) -> Truth:
        """Whether a statement is true in each row, or in all of them."""
        found: Truth = getattr(self, _READ[type(node)])(node)
        return found

    def _flag(self, node: Fact) -> Truth:
        found: Truth = self.fact(node)
        # An optional flag tells of something out of the ordinary, which is down unless stated.
        if not node.declared.optional:
            return found
        return found.fill_null(value=False) if isinstance(found, nw.Expr) else bool(found)

    # What one side decides in every row, the other is not asked about.
    def _both(self, node: Both) -> Truth:
        left = self.statement(node.left)
        return False if left is False else both(left, self.statement(node.right))

    def _either(self, node: Either) -> Truth:
        left = self.statement(node.left)
        return True if left is True else either(left, self.statement(node.right))

    def _inverse(self, node: Inverse) -> Truth:
        return inverse(self.statement(node.inner))

    def _scheduled_flag(self, node: Parameter) -> Truth:
        def flag(value: Any) -> Truth:
            return value if isinstance(value, bool) else None

        found: Truth = self.once((node.name, id(node.day)), FLAGS, lambda: self.cases(node, flag))
        return found

    def _derived(self, node: Derived) -> Truth:
        if node.body is not None:
            return self.statement(node.body)
        column = flag_column(node.name, node.label)
        found: Truth
        if self.columns is not None and node.name not in self.columns and node.stated is not None:
            found = self.fact(node.stated)
        else:
            found = self.column(column)
        return found

    def _reading(self, node: Reading) -> Truth:
        chosen = getattr(self.law.readings, node.name)
        return chosen in node.members if node.members else chosen

    def _stated(self, node: Stated) -> Truth:
        found = self.fact(node.fact)
        return ~found.is_null() if isinstance(found, nw.Expr) else found is not None

    def _among_members(self, node: Among) -> Truth:
        choice = self.fact(node.choice)
        members = [member.value for member in node.members]
        if not isinstance(choice, nw.Expr):
            if choice is None:
                return False if node.choice.declared.optional else None
            return choice in members
        found = _among(choice, members)
        return found.fill_null(value=False) if node.choice.declared.optional else found

    def _membership(self, node: Membership) -> Truth:
        country = self.fact(node.country)
        rows: tuple[tuple[str, bool | None], ...] = getattr(self.law, node.group).rows
        if not isinstance(country, nw.Expr):
            return None if country is None else dict(rows).get(country, False)
        inside = _among(country, [code for code, member in rows if member])
        undecided = [code for code, member in rows if member is None]
        return either(inside, both(_among(country, undecided), None)) if undecided else inside

    def _comparison(self, node: Comparison) -> Truth:
        value = self.fact(node.left)
        if value is None:
            return None
        compare = _COMPARE[node.symbol]
        return self.against(node.right, units_of(node.left), lambda limit: compare(value, limit))

    def _share_comparison(self, node: ShareComparison) -> Truth:
        derived, body = node.left, node.left.body

        def reaches(percent: int) -> Truth:
            return self.reaches(derived, percent)

        found = self.against(node.right, 1, reaches)
        if not isinstance(body, CertifiedShare) or not body.governs(self.law):
            return found
        certified = self._certified(body.certified, computed=found is not None)
        if certified is None:
            return found
        units = units_of(body.certified)
        by_certificate = self.against(node.right, units, lambda percent: certified >= percent)
        if not isinstance(certified, nw.Expr):
            return by_certificate
        stated = ~certified.is_null()
        return either(both(stated, by_certificate), both(~stated, found))

    def _certified(self, fact: Fact, *, computed: bool) -> Any:
        """The certified percentage, which is asked for only where no share is computed."""
        asked = column_of(fact)
        found = self.fact(fact)
        if found is None and computed:
            self.lacking.pop(asked.name, None)
        return found

    def reaches(self, derived: Derived, percent: int) -> Truth:
        """Whether a computed share reaches a percentage."""
        found = [self.column(column) for column in share_columns(derived.name, derived.label)]
        if None in [each if each is None else 0 for each in found]:
            return None
        lower_of, lower_in, upper_of, upper_in = found
        surely = reaches(lower_of, lower_in, percent)
        perhaps = reaches(upper_of, upper_in, percent)
        return either(surely, both(perhaps, None))

    def _exceeds(self, node: Exceeds) -> Truth:
        one, other = self.quantity(node.one), self.quantity(node.other)
        parts = lcm(one.parts, other.parts)
        one, other = one.in_parts(parts), other.in_parts(parts)
        surely = one.lower > other.upper
        perhaps = one.upper > other.lower
        return either(surely, both(perhaps, None))

    # -- rules -----------------------------------------------------------------------------

    def told(self, rule: Rule) -> Told:
        """What a rule comes to, and its parts."""
        if id(rule) not in self._told:
            self._told[id(rule)] = self._tell(rule)
        return self._told[id(rule)]

    def _tell(self, rule: Rule) -> Told:
        in_force = True if rule.in_force is None else self.statement(rule.in_force)
        if not isinstance(rule.in_force, Parameter):
            in_force = self.keep(FLAGS, in_force)
        if in_force is False:
            parts = tuple(self._idle(part) for part in rule.parts)
            return Told(rule, False, True, parts)
        if rule.mode is Mode.AMOUNT:
            return Told(rule, in_force, None, ())
        if rule.body is not None:
            body = self.keep(self._stage_of_rule(rule), self.statement(rule.body))
            return Told(rule, in_force, body, ())
        parts = tuple(self.told(part) for part in rule.parts)
        live = any_true(part.applies for part in parts)
        if rule.mode is Mode.ALL:
            verdict = all_true(part.verdict for part in parts)
        elif rule.mode is Mode.ANY:
            verdict = any_true(both(part.applies, part.inner) for part in parts)
        else:
            verdict = inverse(parts[0].verdict)
        stage = self._stage_of_rule(rule)
        return Told(rule, self.keep(stage, both(in_force, live)), self.keep(stage, verdict), parts)

    def _idle(self, rule: Rule) -> Told:
        """A part of what is not in force."""
        told = Told(rule, False, True, tuple(self._idle(part) for part in rule.parts))
        self._told[id(rule)] = told
        return told

    # -- quantities ------------------------------------------------------------------------

    def quantity(self, node: Quantity) -> Ends:
        """The ends of a quantity in each row."""
        if id(node) not in self._kept:
            lower, upper, parts = getattr(self, _MEASURE[type(node)])(node)
            stage = self.stage_of(node)
            # Both ends are the same column where nothing can be unknown.
            low = self.keep(stage, lower)
            high = low if upper is lower else self.keep(stage, upper)
            self._kept[id(node)] = Ends(low, high, parts)
        ends: Ends = self._kept[id(node)]
        return ends

    def stage_of(self, node: Any) -> int:
        """The stage in which a quantity or a statement can be worked out."""
        if isinstance(node, InForce | Holds):
            return self._stage_of_rule(node.rule) + 1
        if isinstance(node, AmountOf):
            return max(self.stage_of(node.rule.body.body), LEAVES) + 1  # type: ignore[union-attr]
        if isinstance(node, Derived):
            return LEAVES if node.body is None else self.stage_of(node.body)
        below = [self.stage_of(each) for each in node.operands()]
        quantities = isinstance(node, Quantity | Exceeds)
        return max(LEAVES, *below) + (1 if quantities else 0) if below else LEAVES

    def _stage_of_rule(self, rule: Rule) -> int:
        if rule.parts:
            return 1 + max(map(self._stage_of_rule, rule.parts))
        return LEAVES if rule.body is None else self.stage_of(rule.body)

    def _leaf(self, node: Leaf) -> Ends:
        value = node.value
        if isinstance(value, Fact):
            return self._fact_ends(value)
        if isinstance(value, Parameter):
            return self._parameter_ends(value)
        if isinstance(value, Pick):
            return self._pick_ends(value)
        exact = Fraction(value)
        return Ends(exact.numerator, exact.numerator, exact.denominator)

    def _fact_ends(self, fact: Fact) -> Ends:
        parts, found = units_of(fact), self.fact(fact)
        if isinstance(found, nw.Expr):
            return Ends(found.fill_null(0), found.fill_null(UNLIMITED), parts)
        return Ends(0, UNLIMITED, parts) if found is None else Ends(found, found, parts)

    def _parameter_ends(self, parameter: Parameter) -> Ends:
        entries = [(entry, _value_ends(entry.value)) for entry in self.entries(parameter)]
        parts = lcm(*(ends.parts for _, ends in entries)) if entries else 1
        each = [(entry, ends.in_parts(parts)) for entry, ends in entries]
        return self._by_entry(parameter, each, parts)

    def _pick_ends(self, picked: Pick) -> Ends:
        entries = self.entries(picked.parameter)
        tables = [entry.value for entry in entries if isinstance(entry.value, Table)]
        parts = lcm(*(_value_ends(v).parts for table in tables for v in table.values()), 1)
        key = self.fact(picked.key)

        def of(table: Any) -> Ends:
            if not isinstance(table, Table):
                return Ends(0, UNLIMITED, parts)
            rows = [(each, _value_ends(v).in_parts(parts)) for each, v, _ in table.rows]
            lower = min(ends.lower for _, ends in rows)
            upper = max(ends.upper for _, ends in rows)
            for category, ends in rows if key is not None else ():
                here = is_true(key == category.value)
                lower, upper = pick(here, ends.lower, lower), pick(here, ends.upper, upper)
            return Ends(lower, upper, parts)

        return self._by_entry(picked.parameter, [(e, of(e.value)) for e in entries], parts)

    def _by_entry(
        self, parameter: Parameter, each: list[tuple[Entry[Any], Ends]], parts: int
    ) -> Ends:
        """The ends under the entry of the day; on an unknown day, those of all entries."""
        if not each:
            return Ends(0, UNLIMITED, parts)
        lower, upper = each[0][1].lower, each[0][1].upper
        for _, ends in each[1:]:
            lower, upper = _lesser(lower, ends.lower), _greater(upper, ends.upper)
        day = None if parameter.day is None else self.day(parameter.day)
        if len(each) > 1 and isinstance(day, nw.Expr):
            span = self.span(parameter.day)
            for entry, ends in each:
                here = is_true(self.within(day, span, [entry]))
                lower, upper = pick(here, ends.lower, lower), pick(here, ends.upper, upper)
        return Ends(lower, upper, parts)

    def _combined(self, node: Combined) -> Ends:
        one, other = self.quantity(node.one), self.quantity(node.other)
        if node.symbol == "*":
            return Ends(one.lower * other.lower, one.upper * other.upper, one.parts * other.parts)
        parts = lcm(one.parts, other.parts)
        one, other = one.in_parts(parts), other.in_parts(parts)
        if node.symbol == "+":
            return Ends(one.lower + other.lower, one.upper + other.upper, parts)
        if node.symbol == "-":
            return Ends(one.lower - other.upper, one.upper - other.lower, parts)
        choose = _lesser if node.symbol == "least" else _greater
        return Ends(choose(one.lower, other.lower), choose(one.upper, other.upper), parts)

    def _rounded(self, node: Rounded) -> Ends:
        inner, unit = self.quantity(node.inner), node.unit

        def to_unit(number: Number) -> Number:
            over = inner.parts * unit.numerator
            return (number * (2 * unit.denominator) + over) // (2 * over) * unit.numerator

        return Ends(to_unit(inner.lower), to_unit(inner.upper), unit.denominator)

    def _percent_of(self, node: PercentOf) -> Ends:
        rate, base = self.quantity(node.percent), self.quantity(node.whole)
        parts = rate.parts * base.parts * 100
        return Ends(rate.lower * base.lower, rate.upper * base.upper, parts)

    def _tabulated(self, node: Tabulated) -> Ends:
        self.named.update(column_name(fact) for fact in node.names)
        names = [self.fact(fact) for fact in node.names]
        day, turns = self.day(node.day), node.turns(self.law)
        stated = [name for name in names if name is not None]
        by_numbers: dict[tuple[tuple[date, Any], ...], list[str | None]] = {}
        name_of: Any = None
        for name in reversed(stated):
            if name_of is None or not isinstance(name, nw.Expr):
                name_of = name
            else:
                name_of = nw.when(~name.is_null()).then(name).otherwise(name_of)
        known = (
            [name_of]
            if not isinstance(name_of, nw.Expr)
            else [*dict.fromkeys((*node.known_names(self.law), *self.names))]
        )
        for name in known:
            by_numbers.setdefault(self._numbers(node, name, day, turns), []).append(name)
        unknown = self._numbers(node, None, day, turns)
        lower, upper = self._on_day(day, unknown, self._spread(unknown))
        for numbers, group in by_numbers.items():
            low, high = self._on_day(day, numbers, self._spread(numbers))
            if not isinstance(name_of, nw.Expr):
                return Ends(low, high, 1)
            among = is_true(_among(name_of, [each for each in group if each is not None]))
            here = self.keep(FLAGS, among)
            lower, upper = pick(here, low, lower), pick(here, high, upper)
        return Ends(lower, upper, 1)

    def _numbers(
        self, node: Tabulated, name: str | None, day: DayOf, turns: tuple[date, ...]
    ) -> tuple[tuple[date, tuple[int, int]], ...]:
        """The number for a name from each day on which it changes."""
        found: list[tuple[date, Any]] = []
        for turn in (day,) if isinstance(day, date) else turns:
            ends = node.number_for(name, turn, self.law)
            if not found or found[-1][1] != ends:
                found.append((turn, ends))
        return tuple(found)

    def _spread(self, numbers: Iterable[tuple[date, Any]]) -> tuple[int, int]:
        lows, highs = zip(*(ends for _, ends in numbers), strict=True)
        return min(lows), max(highs)

    def _on_day(self, day: DayOf, numbers: Any, spread: tuple[int, int]) -> tuple[Any, Any]:
        """The number on the day; on an unknown one, the least and the greatest of all."""
        if not isinstance(day, nw.Expr) or len(numbers) == 1:
            return spread
        lower: Any
        upper: Any
        lower, upper = spread
        for since, (low, high) in numbers:
            here = is_true(day >= nw.lit(since))
            lower, upper = pick(here, low, lower), pick(here, high, upper)
        return lower, upper

    # numbers by year and age

    def _year_of(self, node: YearOf) -> Ends:
        day = self.fact(node.day)
        if isinstance(day, date):
            return Ends(day.year, day.year, 1)
        first: Number = 0
        for fact in node.never_before:
            first = _greater(first, _year(self.fact(fact)))
        if day is None:
            return Ends(first, UNLIMITED, 1)
        unknown, year = day.is_null(), _year(day)
        return Ends(pick(unknown, first, year), pick(unknown, UNLIMITED, year), 1)

    def _published_cost(self, node: PublishedCost) -> Ends:
        year = self.quantity(node.year)
        periods = node.periods(Binding(self.law, {}))
        parts = lcm(*(_value_ends(value).parts for _, _, value, _ in periods))
        found: list[tuple[Truth, int, int]] = []
        for start, end, value, _ in periods:
            meant = both(year.upper >= start, year.lower < end)
            if isinstance(value, NoProvision):
                found.append((meant, 0, UNLIMITED))
            else:
                found.append((meant, _whole(value, parts), _whole(value, parts)))
        return _hull_of(found, parts)

    def _residual_percent(self, node: ResidualPercent) -> Ends:
        rows = node.rows(Binding(self.law, {}))
        if isinstance(rows, NoProvision):
            return Ends(0, 100, 1)
        age, last = self.quantity(node.age), len(rows) - 1
        youngest, oldest = _lesser(age.lower, last), _lesser(age.upper, last)
        found = [
            (both(youngest <= of, oldest >= of), percent, percent)
            for of, percent in enumerate(rows)
        ]
        return _hull_of(found, 1)

    def _amount_of(self, node: AmountOf) -> Ends:
        applies = self.told(node.rule).applies
        if applies is False:
            return Ends(0, 0, 1)
        body: Any = node.rule.body
        inner = self.quantity(body.body)
        if applies is True:
            return inner
        out = is_false(applies)
        return Ends(pick(out, 0, inner.lower), pick(out, 0, inner.upper), inner.parts)

    def _choice(self, node: Choice) -> Ends:
        condition = self.statement(node.condition)
        if isinstance(condition, bool):
            return self.quantity(node.met if condition else node.otherwise)
        met, otherwise = self.quantity(node.met), self.quantity(node.otherwise)
        parts = lcm(met.parts, otherwise.parts)
        met, otherwise = met.in_parts(parts), otherwise.in_parts(parts)
        if condition is None:
            lower, upper = _lesser(met.lower, otherwise.lower), _greater(met.upper, otherwise.upper)
            return Ends(lower, upper, parts)
        return Ends(
            _least_of(condition, met.lower, otherwise.lower),
            _most_of(condition, met.upper, otherwise.upper),
            parts,
        )

    def _in_force(self, node: InForce) -> Truth:
        return self.told(node.rule).applies

    def _holds(self, node: Holds) -> Truth:
        return self.told(node.rule).inner


# -- columns -------------------------------------------------------------------------------


def _inside(entry: Entry[Any], day: date) -> bool:
    return entry.start <= day and (entry.end is None or day < entry.end)


def _among(value: nw.Expr | None, members: list[str]) -> Any:
    """Whether a column states one of some texts; unknown where it states nothing."""
    if value is None:
        return None
    if len(members) <= _FEW:
        return any_true(value == member for member in members)
    # Whether nothing is among others, engines answer differently.
    known = ~value.is_null()
    return either(both(known, value.is_in(members)), both(~known, None))


#: Up to so many texts, one comparison each is faster than a search.
_FEW = 8


def _whole(value: Any, units: int) -> int:
    """A number of the law in units of a column."""
    exact = Fraction(value) * units
    if exact.denominator != 1:
        raise ValueError(f"{value} is no whole number of units of which {units} make one")
    return exact.numerator


def _value_ends(value: Any) -> Ends:
    if isinstance(value, NoProvision):
        return Ends(0, UNLIMITED, 1)
    exact = Fraction(value)
    return Ends(exact.numerator, exact.numerator, exact.denominator)


def _lesser(one: Number, other: Number) -> Number:
    if isinstance(one, int) and isinstance(other, int):
        return min(one, other)
    first, second = whole(one), whole(other)
    return nw.when(first <= second).then(first).otherwise(second)


def _greater(one: Number, other: Number) -> Number:
    if isinstance(one, int) and isinstance(other, int):
        return max(one, other)
    first, second = whole(one), whole(other)
    return nw.when(first >= second).then(first).otherwise(second)


def _least_of(condition: nw.Expr, met: Number, otherwise: Number) -> Number:
    """The lower end of a choice: where the condition is unknown, the lesser of the two."""
    if isinstance(met, int) and isinstance(otherwise, int):
        if met >= otherwise:
            return pick(is_true(condition), met, otherwise)
        return pick(is_false(condition), otherwise, met)
    known = pick(is_true(condition), met, otherwise)
    return pick(is_unknown(condition), _lesser(met, otherwise), known)


def _most_of(condition: nw.Expr, met: Number, otherwise: Number) -> Number:
    """The upper end of a choice: where the condition is unknown, the greater of the two."""
    if isinstance(met, int) and isinstance(otherwise, int):
        if met >= otherwise:
            return pick(is_false(condition), otherwise, met)
        return pick(is_true(condition), met, otherwise)
    known = pick(is_true(condition), met, otherwise)
    return pick(is_unknown(condition), _greater(met, otherwise), known)


def _hull_of(found: list[tuple[Truth, int, int]], parts: int) -> Ends:
    """The least and the greatest of some constants, by whether each may be meant; one is."""
    lower: Number = UNLIMITED
    upper: Number = 0
    # The least one that is meant is asked for last, and so is the greatest.
    for meant, low, _ in sorted(found, key=lambda each: -each[1]):
        lower = pick(is_true(meant), low, lower)
    for meant, _, high in sorted(found, key=lambda each: each[2]):
        upper = pick(is_true(meant), high, upper)
    return Ends(lower, upper, parts)


def _year(day: DayOf) -> Number:
    """The year of a day; nothing for an unknown one."""
    if isinstance(day, nw.Expr):
        return day.dt.year().cast(nw.Int64).fill_null(0)
    return 0 if day is None else day.year


_NO_DAY = nw.lit(None, dtype=nw.Date)


def _as_day(day: DayOf) -> nw.Expr:
    return _NO_DAY if day is None else nw.lit(day) if isinstance(day, date) else day


def _earlier(one: DayOf, other: DayOf) -> DayOf:
    if one is None or other is None:
        return None
    if isinstance(one, date) and isinstance(other, date):
        return min(one, other)
    first, second = _as_day(one), _as_day(other)
    return nw.when(first <= second).then(first).otherwise(nw.when(first > second).then(second))


def _whichever(condition: Truth, met: DayOf, otherwise: DayOf) -> DayOf:
    if condition is None:
        return met if isinstance(met, date) and met == otherwise else None
    first, second = _as_day(met), _as_day(otherwise)
    same = pick(is_true(first == second), first, _NO_DAY)
    known = nw.when(is_true(condition)).then(first).otherwise(second)
    return nw.when(is_unknown(condition)).then(same).otherwise(known)


_COMPARE: Mapping[str, Callable[[Any, Any], Any]] = {
    "<": lambda value, limit: value < limit,
    "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit,
    ">=": lambda value, limit: value >= limit,
}

#: The methods that read each kind of node.
_READ: Mapping[type, str] = {
    Both: "_both",
    Either: "_either",
    Inverse: "_inverse",
    Parameter: "_scheduled_flag",
    Fact: "_flag",
    Derived: "_derived",
    Reading: "_reading",
    Stated: "_stated",
    Among: "_among_members",
    Membership: "_membership",
    Comparison: "_comparison",
    ShareComparison: "_share_comparison",
    Exceeds: "_exceeds",
    InForce: "_in_force",
    Holds: "_holds",
}

_MEASURE: Mapping[type, str] = {
    Leaf: "_leaf",
    Combined: "_combined",
    Rounded: "_rounded",
    PercentOf: "_percent_of",
    Tabulated: "_tabulated",
    AmountOf: "_amount_of",
    Choice: "_choice",
    YearOf: "_year_of",
    PublishedCost: "_published_cost",
    ResidualPercent: "_residual_percent",
}
