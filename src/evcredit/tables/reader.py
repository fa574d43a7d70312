"""Rules and quantities as expressions over the columns of a table.

The reader walks the very nodes that `evcredit.rule`, `evcredit.expression` and
`evcredit.quantity` bind to an object, and knows nothing of any single rule. Facts are columns, or
constants where the caller states one for all rows. Numbers are whole: cents, watt-hours, days.
A schedule that is read on a column of days becomes the alternatives between which the day decides;
alternatives that lie outside the days of the table are left away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

import attrs
import narwhals.stable.v2 as nw

from evcredit.expression import (
    Among,
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
    AmountOf,
    Exceeds,
    Holds,
    InForce,
    Quantity,
)
from evcredit.rule import Mode, Rule
from evcredit.schedule import Entry, NoProvision
from evcredit.share import reaches
from evcredit.tables.columns import (
    FrameColumn,
    Span,
    cell,
    column_name,
    column_of,
    flag_column,
    share_columns,
    units_of,
)
from evcredit.tables.measure import Ends, as_wide, ends_of
from evcredit.tables.truth import (
    Truth,
    all_true,
    among,
    any_true,
    both,
    either,
    inverse,
    is_false,
    is_true,
)

__all__ = ["SCRATCH", "Reader", "Told"]

#: How the columns begin that are worked out on the way and left out of the result.
SCRATCH = "__evcredit_"
#: The stages: whether facts are within limits, days that follow from others, whether days are not
#: before some, what is in force on them, rules, and, after these, what is put together of them.
LIMITS, SINCE, FLAGS, LEAVES = -1, 10, 11, 12

#: A day, `None` for an unknown one, or a column of days.
DayOf = date | None | nw.Expr


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
    #: The columns that hold what was worked out, by their identity.
    _columns: dict[int, nw.Expr] = attrs.field(init=False, factory=dict)
    _told: dict[int, Told] = attrs.field(init=False, factory=dict)

    def keep(self, stage: int, found: Any) -> Any:
        """A column that is worked out in a stage; constants and such columns stay what they are."""
        if not isinstance(found, nw.Expr) or id(found) in self._columns:
            return found
        name = f"{SCRATCH}{len(self._columns)}"
        self.stages.setdefault(stage, {})[name] = found
        column = nw.col(name)
        self._columns[id(column)] = column
        return column

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
        """The days that the days of a node lie in."""
        node = self.folded(node)
        return self.spans.get(node.path, self.always) if isinstance(node, Fact) else self.always

    def folded(self, node: Any) -> Any:
        """A node that stands for a day, without the choices that are the same in every row."""
        if isinstance(node, Day):
            return self.folded(node.body)
        if isinstance(node, Whichever):
            condition = self.statement(node.condition)
            if isinstance(condition, bool):
                return self.folded(node.met if condition else node.otherwise)
        return node

    def day(self, node: Any) -> DayOf:
        """The day that a fact, a parameter or a combination of days comes to."""
        node = self.folded(node)
        day: DayOf
        if isinstance(node, Fact):
            day = self.fact(node)
        elif isinstance(node, Parameter):
            values = {entry.value for entry in self.entries(node)}
            only = values.pop() if len(values) == 1 else None
            day = only if isinstance(only, date) else None
        else:
            day = self.once(id(node), self._depth(node), lambda: self._combined_day(node))
        return day

    def _depth(self, node: Any) -> int:
        """How many days follow from others below a day: all of them come before `SINCE`."""
        node = self.folded(node)
        if isinstance(node, Earlier):
            return 1 + max(self._depth(node.one), self._depth(node.other))
        if isinstance(node, Whichever):
            return 1 + max(self._depth(node.met), self._depth(node.otherwise))
        return 0

    def _combined_day(self, node: Earlier | Whichever) -> DayOf:
        if isinstance(node, Earlier):
            return _earlier(self.day(node.one), self.day(node.other))
        condition = self.statement(node.condition)
        return _whichever(condition, self.day(node.met), self.day(node.otherwise))

    def since(self, node: Any, day: nw.Expr, start: date) -> Truth:
        """Whether the day of a node is not before another; asked of by many schedules."""
        key = (id(self.folded(node)), start)
        found: Truth = self.once(key, SINCE, lambda: day >= nw.lit(start))
        return found

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

    def cases(
        self, parameter: Parameter, of: Callable[[Any], Truth], symbol: str | None = None
    ) -> Truth:
        """What holds under the entry of the day; on an unknown day, what holds under all.

        Args:
            parameter: The schedule and the day.
            of: From the value of an entry to a truth.
            symbol: How a fact is compared with the value, if that is what `of` does.
        """
        entries = self.entries(parameter)
        truths = {entry.value: of(entry.value) for entry in entries}
        if not truths:
            return None
        if len(truths) == 1:
            return next(iter(truths.values()))
        day = None if parameter.day is None else self.day(parameter.day)
        if not isinstance(day, nw.Expr):  # a known day has one entry
            agreed = {True: all_true(truths.values()), False: any_true(truths.values())}
            return either(agreed[True], both(agreed[False], None))

        def under(value: Any, weaker: Sequence[Any]) -> Truth:
            standing = [each for each in entries if each.value == value or each.value in weaker]
            return self.within(parameter.day, day, standing)

        return _of_alternatives(truths, under, symbol)

    def within(self, node: Any, day: nw.Expr, entries: list[Entry[Any]]) -> Truth:
        """Whether the day of a node lies in any of some entries."""
        span = self.span(node)
        stretches: list[list[date | None]] = []
        for entry in entries:
            if stretches and stretches[-1][1] == entry.start:
                stretches[-1][1] = entry.end
            else:
                stretches.append([entry.start, entry.end])
        found: list[Truth] = []
        for start, end in stretches:
            early = start is None or start <= span.first
            since = True if early or start is None else self.since(node, day, start)
            late = end is None or span.ends_before(end)
            until = True if late or end is None else inverse(self.since(node, day, end))
            found.append(both(since, until))
        return any_true(found)

    # -- limits ----------------------------------------------------------------------------

    def against(
        self, limit: Any, units: int, symbol: str, compare: Callable[[Any], Truth]
    ) -> Truth:
        """A comparison with a limit: under the entry of the day and the category of the row.

        Args:
            limit: A number, or a node that stands for one.
            units: How many units of the column make one of the limit.
            symbol: How it is compared.
            compare: From a limit in these units to the truth.
        """

        def with_number(value: Any) -> Truth:
            if isinstance(value, NoProvision) or value is None:
                return None
            return compare(value if isinstance(value, date) else _whole(value, units))

        def with_row(table: Any) -> Truth:
            return self.picked(limit, table, symbol, with_number)

        if isinstance(limit, Parameter):
            return self.cases(limit, with_number, symbol)
        if isinstance(limit, Pick):
            return self.cases(limit.parameter, with_row)
        return with_number(limit)

    def picked(
        self, pick_of: Pick, table: Any, symbol: str, compare: Callable[[Any], Truth]
    ) -> Truth:
        """A comparison with the row of a scheduled table that a category picks."""
        if isinstance(table, NoProvision):
            return None
        by_value: dict[Any, list[str]] = {}
        for category, value, _ in table.rows:
            by_value.setdefault(value, []).append(category.value)
        truths = {value: compare(value) for value in by_value}
        if len(truths) == 1:
            return next(iter(truths.values()))
        key = self.fact(pick_of.key)
        if isinstance(key, str):
            return compare(next(value for each, value, _ in table.rows if each.value == key))
        return _of_alternatives(truths, lambda value, weaker: among(key, by_value[value]), symbol)

    def days_after(self, value: Any, symbol: str, limit: DaysAfter) -> Truth:
        """A comparison of a day with the one so many days after another."""
        day, compare = self.fact(limit.day), _COMPARE[symbol]
        if day is None:
            return None

        def after(days: Any) -> Truth:
            if isinstance(days, NoProvision):
                return None
            if isinstance(day, date):
                return compare(value, day + timedelta(days=days))  # type: ignore[no-any-return]
            return compare(value, day.dt.offset_by(f"{days}d"))  # type: ignore[no-any-return]

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
        chosen: Any = getattr(self.law.readings, node.name)
        known: Truth = chosen in node.members if node.members else chosen
        return known

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
        found: Truth = among(choice, members)
        if node.choice.declared.optional:
            found = is_true(found)
        return found

    def _membership(self, node: Membership) -> Truth:
        country = self.fact(node.country)
        rows: tuple[tuple[str, bool | None], ...] = getattr(self.law, node.group).rows
        if not isinstance(country, nw.Expr):
            return None if country is None else dict(rows).get(country, False)
        inside = among(country, [code for code, member in rows if member])
        undecided = [code for code, member in rows if member is None]
        return either(inside, both(among(country, undecided), None)) if undecided else inside

    def _comparison(self, node: Comparison) -> Truth:
        value = self.fact(node.left)
        if value is None:
            return None
        if isinstance(node.right, DaysAfter):
            return self.days_after(value, node.symbol, node.right)

        def compare(limit: Any) -> Truth:
            return self._compared(node.left, value, node.symbol, limit)

        return self.against(node.right, units_of(node.left), node.symbol, compare)

    def _compared(self, fact: Fact, value: Any, symbol: str, limit: Any) -> Truth:
        """A fact against a limit, worked out once for all entries and rules that have the same."""
        key = (fact.path, symbol, limit)
        found: Truth = self.once(key, LIMITS, lambda: _COMPARE[symbol](value, limit))
        return found

    def _share_comparison(self, node: ShareComparison) -> Truth:
        derived, body = node.left, node.left.body

        def reaches(percent: int) -> Truth:
            return self.reaches(derived, percent)

        found = self.against(node.right, 1, ">=", reaches)
        if not isinstance(body, CertifiedShare) or not body.governs(self.law):
            return found
        certified = self._certified(body.certified, computed=found is not None)
        if certified is None:
            return found
        units = units_of(body.certified)

        def by_percent(percent: Any) -> Truth:
            return self._compared(body.certified, certified, ">=", percent)

        by_certificate = self.against(node.right, units, ">=", by_percent)
        # Where no share is known, a row without a certified percentage is unknown either way.
        if found is None or not isinstance(certified, nw.Expr):
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
        one, other = as_wide(self.quantity(node.one), self.quantity(node.other))
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
            found, stage = ends_of(self, node), self.stage_of(node)
            # Both ends are the same column where nothing can be unknown.
            low = self.keep(stage, found.lower)
            high = low if found.upper is found.lower else self.keep(stage, found.upper)
            self._kept[id(node)] = found._replace(lower=low, upper=high)
        ends: Ends = self._kept[id(node)]
        return ends

    def flag(self, found: Any) -> Any:
        """A statement about facts and days that is worked out before any rule."""
        return self.keep(FLAGS, found)

    def name(self, fact: Fact) -> Any:
        """The column of a name that the law may know."""
        self.named.add(column_name(fact))
        return self.fact(fact)

    def stage_of(self, node: Any) -> int:
        """The stage in which a quantity or a statement can be worked out."""
        if isinstance(node, InForce | Holds):
            return self._stage_of_rule(node.rule) + 1
        if isinstance(node, AmountOf):
            amount: Any = node.rule.body
            return max(self.stage_of(amount.body), LEAVES) + 1
        if isinstance(node, Derived):
            return LEAVES if node.body is None else self.stage_of(node.body)
        below = [self.stage_of(each) for each in node.operands()]
        quantities = isinstance(node, Quantity | Exceeds)
        return max(LEAVES, *below) + (1 if quantities else 0) if below else LEAVES

    def _stage_of_rule(self, rule: Rule) -> int:
        if rule.parts:
            return 1 + max(map(self._stage_of_rule, rule.parts))
        return LEAVES if rule.body is None else self.stage_of(rule.body)

    def _in_force(self, node: InForce) -> Truth:
        return self.told(node.rule).applies

    def _holds(self, node: Holds) -> Truth:
        return self.told(node.rule).inner


# -- columns -------------------------------------------------------------------------------


def _of_alternatives(
    truths: Mapping[Any, Truth],
    where: Callable[[Any, Sequence[Any]], Truth],
    symbol: str | None,
) -> Truth:
    """What holds of the alternative that a row picks; if which is unknown, what holds of all.

    Args:
        truths: By value, whether the row is within it.
        where: Whether a row picks a value; it may as well tell whether it picks that or any of
            some weaker ones.
        symbol: How the values limit a fact, if they do: what is within a limit is then within
            every weaker one, and nobody need ask which one it is that the strictest one allows.
    """
    if all(truth is None for truth in truths.values()):
        return None
    if symbol is None:
        under = (both(where(value, ()), truth) for value, truth in truths.items())
        return either(any_true(under), all_true(truths.values()))
    known = [value for value, truth in truths.items() if truth is not None]
    known.sort(reverse=symbol in {"<", "<="})
    found: Truth = False
    for place, value in enumerate(known):
        everywhere = place + 1 == len(truths)
        picks = True if everywhere else where(value, known[:place])
        found = either(found, both(picks, truths[value]))
    for value, truth in truths.items():
        if truth is None:
            found = either(found, both(where(value, ()), None))
    return found


def _inside(entry: Entry[Any], day: date) -> bool:
    return entry.start <= day and (entry.end is None or day < entry.end)


def _whole(value: Any, units: int) -> int:
    """A number of the law in units of a column."""
    exact = Fraction(value) * units
    if exact.denominator != 1:
        raise ValueError(f"{value} is no whole number of units of which {units} make one")
    return exact.numerator


def _as_day(day: DayOf) -> Any:
    return nw.lit(day) if isinstance(day, date) else day


def _earlier(one: DayOf, other: DayOf) -> DayOf:
    """The earlier of two days; unknown if either is."""
    if one is None or other is None:
        return None
    if isinstance(one, date) and isinstance(other, date):
        return min(one, other)
    first, second = _as_day(one), _as_day(other)
    later = nw.when(first > second).then(second)
    return nw.when(first <= second).then(first).otherwise(later)


def _whichever(condition: Truth, met: DayOf, otherwise: DayOf) -> DayOf:
    """One of two days; where the condition is unknown, the one they both are."""
    if condition is None:
        return met if isinstance(met, date) and met == otherwise else None
    first, second = _as_day(met), _as_day(otherwise)
    # A choice without an alternative is unknown there.
    if first is None or second is None:
        holds = is_false(condition) if first is None else is_true(condition)
        return nw.when(holds).then(second if first is None else first)
    known = is_true(condition) | is_false(condition) | is_true(first == second)
    chosen = nw.when(is_true(condition)).then(first).otherwise(second)
    return nw.when(known).then(chosen)


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
