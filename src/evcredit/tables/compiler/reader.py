"""Rules and quantities as expressions over the columns of a table.

The reader walks the very nodes that `evcredit.algebra` binds to an object, and knows nothing of
any single rule. Facts are columns, or constants where the caller states one for all rows. Numbers
are whole: cents, watt-hours, days. A schedule that is read on a column of days becomes
the alternatives between which the day decides; alternatives outside the days of the table are
dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

import attrs
import narwhals.stable.v2 as nw

from evcredit.algebra.day import Day, Earlier, IfElseDay
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression, Fact
from evcredit.algebra.parameter import Parameter
from evcredit.algebra.path import read
from evcredit.algebra.quantity import AmountOf, Exceeds, Holds, InForce, Quantity
from evcredit.algebra.rule import Rule
from evcredit.algebra.schedule import Entry
from evcredit.algebra.topic import Mode
from evcredit.tables.compiler.columns import (
    FrameColumn,
    Span,
    cell,
    column_name,
    column_of,
)
from evcredit.tables.compiler.days import DayOf, earlier, one_day
from evcredit.tables.compiler.ranges import ColumnRange
from evcredit.tables.compiler.truth import (
    Truth,
    all_true,
    any_true,
    both,
    either,
    inverse,
    of_alternatives,
)

__all__ = ["SCRATCH", "Compiler", "RuleColumns"]

#: How the columns begin that are computed on the way and excluded from the result.
SCRATCH = "__evcredit_"
#: The stages: whether facts are within limits, days that follow from others, whether days are not
#: before some, what is in force on them, rules, and, after these, what is combined of them.
LIMITS, SINCE, FLAGS, LEAVES = -1, 10, 11, 12


class RuleColumns(NamedTuple):
    """What a rule evaluates to in a table.

    Args:
        rule: The rule.
        applies: Whether it is in force.
        inner: Its verdict, assuming that it is.
        parts: Like the above, for its parts.
    """

    rule: Rule
    applies: Truth
    inner: Truth
    parts: tuple[RuleColumns, ...]

    @property
    def verdict(self) -> Truth:
        """The verdict; what is not in force is met."""
        return either(inverse(self.applies), self.inner)

    def walk(self) -> Iterator[RuleColumns]:
        """This and what is below it, depth first."""
        yield self
        for part in self.parts:
            yield from part.walk()


def _by_name(columns: Mapping[str, str] | Iterable[str] | None) -> Mapping[str, str] | None:
    """Names alone say that the table calls its columns as the rules do."""
    if columns is None or isinstance(columns, Mapping):
        return columns
    return {name: name for name in columns}


@attrs.frozen(eq=False)
class Compiler:
    """Reads rules about a claim, under one law, over the columns of one table.

    Args:
        law: The law.
        assumed: A claim that states the facts which are the same in every row.
        columns: The columns that the table has: by the name of the column that a rule requires,
            the name that the table gives it. `None` for every one there may be.
        spans: The days that a column of days lies in, by the path of the fact.
        always: The days that any other day lies in.
        statements: How each kind of statement is read.
        quantities: How each kind of quantity is read.
        names: Names that occur in the table, beside those that the law knows.
        governing: The day that picks the law for what follows from parts of the assumed claim.
        turns: Every day on which the law changes.
        ranges: By their path, facts that the table holds as two columns.
    """

    law: Any
    assumed: Any
    columns: Mapping[str, str] | None = attrs.field(converter=_by_name)
    spans: Mapping[str, Span]
    always: Span
    statements: Mapping[type, Callable[[Compiler, Any], Truth]]
    quantities: Mapping[type, Callable[[Compiler, Any], ColumnRange]]
    names: tuple[str, ...] = ()
    governing: Day | None = None
    turns: tuple[date, ...] = ()
    ranges: Mapping[str, ColumnRange] = attrs.field(factory=dict)
    #: The columns of names that a law may know.
    named: set[str] = attrs.field(init=False, factory=set)
    #: The columns that rules read, by name, in the order of the rules.
    used: dict[str, FrameColumn] = attrs.field(init=False, factory=dict)
    #: The columns that rules requested in vain.
    lacking: dict[str, FrameColumn] = attrs.field(init=False, factory=dict)
    #: What is assumed and cannot be used, by its path, with the reason.
    refused: dict[str, str] = attrs.field(init=False, factory=dict)
    #: What is computed once for all, in stages that build on those before them.
    stages: dict[int, dict[str, nw.Expr]] = attrs.field(init=False, factory=dict)
    _kept: dict[Any, Any] = attrs.field(init=False, factory=dict)
    #: The columns that hold what was computed, by their identity.
    _columns: dict[int, nw.Expr] = attrs.field(init=False, factory=dict)
    _of_rules: dict[int, RuleColumns] = attrs.field(init=False, factory=dict)

    def keep(self, stage: int, found: Any) -> Any:
        """A column that is computed in a stage; constants and such columns stay what they are."""
        if not isinstance(found, nw.Expr) or id(found) in self._columns:
            return found
        name = f"{SCRATCH}{len(self._columns)}"
        self.stages.setdefault(stage, {})[name] = found
        column = nw.col(name)
        self._columns[id(column)] = column
        return column

    def once(self, key: Any, stage: int, make: Callable[[], Any]) -> Any:
        """Like the above, for what several rules require."""
        if key not in self._kept:
            self._kept[key] = self.keep(stage, make())
        return self._kept[key]

    # -- facts -----------------------------------------------------------------------------

    def fact(self, fact: Fact) -> Any:
        """The column of a fact, or what it is in every row; `None` for unknown."""
        column = column_of(fact)
        if not self.has(column.name):
            value = read(self.assumed, fact.path)
            if value is not None:
                return cell(fact, value)
        return self.column(column)

    def has(self, name: str) -> bool:
        """Whether the table is known to have the column that a rule requires."""
        return self.columns is not None and name in self.columns

    def called(self, name: str) -> str:
        """What the table calls a column."""
        return name if self.columns is None else self.columns.get(name, name)

    def column(self, column: FrameColumn) -> Any:
        """A column, if the table has it, by the name that it has there."""
        if self.columns is None or column.name in self.columns:
            name = self.called(column.name)
            self.used[name] = column._replace(name=name)
            return nw.col(name)
        # What is out of the ordinary need not have a column.
        if not column.optional:
            self.lacking[column.name] = column
        return None

    def span(self, node: Any) -> Span:
        """The days that the days of a node lie in."""
        node = self.folded(node)
        return self.spans.get(node.path, self.always) if isinstance(node, Fact) else self.always

    def folded(self, node: Any) -> Any:
        """A node that represents a day, without the choices that are the same in every row."""
        if isinstance(node, Day):
            return self.folded(node.body)
        if isinstance(node, IfElseDay):
            condition = self.statement(node.condition)
            if isinstance(condition, bool):
                return self.folded(node.met if condition else node.otherwise)
        return node

    def day(self, node: Any) -> DayOf:
        """The day that a fact, a parameter or a combination of days evaluates to."""
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
        if isinstance(node, IfElseDay):
            return 1 + max(self._depth(node.met), self._depth(node.otherwise))
        return 0

    def _combined_day(self, node: Earlier | IfElseDay) -> DayOf:
        if isinstance(node, Earlier):
            return earlier(self.day(node.one), self.day(node.other))
        condition = self.statement(node.condition)
        return one_day(condition, self.day(node.met), self.day(node.otherwise))

    def since(self, node: Any, day: nw.Expr, start: date) -> Truth:
        """Whether the day of a node is not before another; required by many schedules."""
        key = (id(self.folded(node)), start)
        found: Truth = self.once(key, SINCE, lambda: day >= nw.lit(start))
        return found

    # -- schedules -------------------------------------------------------------------------

    def entries(self, parameter: Parameter[Any]) -> tuple[Entry[Any], ...]:
        """The entries that may govern within the days of the table."""
        standing: tuple[Entry[Any], ...] = getattr(self.law, parameter.name).standing
        if parameter.day is None:
            return standing
        day = self.day(parameter.day)
        if isinstance(day, date):
            # The law of what comes before a section is read as of its first day.
            here = max(day, self.always.first)
            return tuple(each for each in standing if _inside(each, here))
        span = self.span(parameter.day)
        return tuple(each for each in standing if span.meets(each.start, each.end))

    def cases(
        self, parameter: Parameter[Any], of: Callable[[Any], Truth], symbol: str | None = None
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

        return of_alternatives(truths, under, symbol)

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

    def statement(self, node: Expression) -> Truth:
        """Whether a statement is true in each row, or in all of them."""
        found: Truth = self.statements[type(node)](self, node)
        return found

    # -- rules -----------------------------------------------------------------------------

    def columns_of(self, rule: Rule) -> RuleColumns:
        """What a rule evaluates to, and its parts."""
        if id(rule) not in self._of_rules:
            self._of_rules[id(rule)] = self._tell(rule)
        return self._of_rules[id(rule)]

    def _tell(self, rule: Rule) -> RuleColumns:
        in_force = True if rule.in_force is None else self.statement(rule.in_force)
        if not isinstance(rule.in_force, Parameter):
            in_force = self.keep(FLAGS, in_force)
        if in_force is False:
            parts = tuple(self._idle(part) for part in rule.parts)
            return RuleColumns(rule, False, True, parts)
        if rule.mode is Mode.AMOUNT:
            return RuleColumns(rule, in_force, None, ())
        if rule.body is not None:
            body = self.keep(self._stage_of_rule(rule), self.statement(rule.body))
            return RuleColumns(rule, in_force, body, ())
        parts = tuple(self.columns_of(part) for part in rule.parts)
        live = any_true(part.applies for part in parts)
        if rule.mode is Mode.ALL:
            verdict = all_true(part.verdict for part in parts)
        elif rule.mode is Mode.ANY:
            verdict = any_true(both(part.applies, part.inner) for part in parts)
        else:
            verdict = inverse(parts[0].verdict)
        stage = self._stage_of_rule(rule)
        return RuleColumns(
            rule, self.keep(stage, both(in_force, live)), self.keep(stage, verdict), parts
        )

    def _idle(self, rule: Rule) -> RuleColumns:
        """A part of what is not in force."""
        told = RuleColumns(rule, False, True, tuple(self._idle(part) for part in rule.parts))
        self._of_rules[id(rule)] = told
        return told

    def quantity(self, node: Quantity) -> ColumnRange:
        """The ends of a quantity in each row."""
        if id(node) not in self._kept:
            found, stage = self.quantities[type(node)](self, node), self.stage_of(node)
            # Both ends are the same column where nothing can be unknown.
            low = self.keep(stage, found.lower)
            high = low if found.upper is found.lower else self.keep(stage, found.upper)
            self._kept[id(node)] = found._replace(lower=low, upper=high)
        ends: ColumnRange = self._kept[id(node)]
        return ends

    def flag(self, found: Any) -> Any:
        """A statement about facts and days that is computed before any rule."""
        return self.keep(FLAGS, found)

    def name(self, fact: Fact) -> Any:
        """The column of a name that the law may know."""
        self.named.add(self.called(column_name(fact)))
        return self.fact(fact)

    def stage_of(self, node: Any) -> int:
        """The stage in which a quantity or a statement can be computed."""
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


def _inside(entry: Entry[Any], day: date) -> bool:
    return entry.start <= day and (entry.end is None or day < entry.end)
