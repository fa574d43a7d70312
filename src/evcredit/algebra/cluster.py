"""Rules that are decided by sums over the same items, taken together.

Whether a share reaches a percentage is a question about a sum: of every item's value, so much for
what counts and so much less for what does not. A flag that any item can raise is a mark beside
the sum. The items vary independently, each by its own unknown facts, so which outcomes the rules
can have together follows from the sums, exactly, without trying the combinations.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain
from math import lcm
from typing import Any, NamedTuple

from evcredit.algebra.bound import BoundRule
from evcredit.algebra.covers import Covers
from evcredit.algebra.item import Item, item_of
from evcredit.algebra.item_sums import ItemSums, Option
from evcredit.algebra.path import filled_in
from evcredit.algebra.proofs import covers_of, needs_of
from evcredit.algebra.rule import Rule
from evcredit.algebra.summed import Choice, Choices, End, Side, Table, Vector, shares_of
from evcredit.errors import EvcreditError

__all__ = ["Cluster"]

Assignment = Mapping[str, Any]
#: Outcomes under two assignments: true if some values of the items lead there, false if that is
#: not known.
Pairs = Mapping[tuple[Vector, Vector], bool]


class _Problem(NamedTuple):
    """The sums under one or two assignments of what the items do not state.

    Args:
        sums: The sums.
        own: For each item, what each of its choices adds.
        sides: For each assignment, how the outcomes follow, the ends of its shares, and for its
            flags which of the marks are theirs.
        nothing: What adds nothing.
        single: Whether all shares are sums of the same numbers.
    """

    sums: ItemSums
    own: Sequence[Sequence[Option]]
    sides: tuple[tuple[Side, Mapping[int, list[tuple[End, End]]], Mapping[int, int]], ...]
    nothing: Option
    single: bool


class Cluster:
    """Rules that are decided by sums over the same items.

    Args:
        leaves: The rules.
        items: The items, by path.
        facts: The paths of the unknown facts of the items.
        others: The paths of other unknown facts that the rules read.
        samples: The values to try for each unknown fact.
        claim_with: From values of facts that are no item's to the claim that has them.
        rules_of: From a claim to its bound rules, by the identity of the rule.
        down: Facts of items that are false beside the facts that represent them.
        measured: The facts of items that may have values between those that are tried.
    """

    def __init__(
        self,
        *,
        leaves: tuple[Rule, ...],
        items: Mapping[str, Item],
        facts: Iterable[str],
        others: Iterable[str],
        samples: Mapping[str, tuple[Any, ...]],
        claim_with: Callable[[Assignment], Any],
        rules_of: Callable[[Any], Mapping[int, BoundRule]],
        down: Iterable[str],
        measured: Iterable[str],
    ) -> None:
        self.leaves = leaves
        self.facts: tuple[str, ...] = tuple(facts)
        self.others: frozenset[str] = frozenset(others)
        self._claim_with = claim_with
        self._rules_of = rules_of
        self._item_of = {path: item_of(path, items) or "" for path in (*self.facts, *down)}
        self._own_facts: dict[str, list[str]] = {item: [] for item in items}
        for path in self.facts:
            self._own_facts[self._item_of[path]].append(path)
        lowered: dict[str, dict[str, bool]] = {item: {} for item in items}
        for path in down:
            item = self._item_of[path]
            lowered[item][path.removeprefix(f"{item}.")] = False
        self._order = {item: place for place, item in enumerate(items)}
        self._open = frozenset(self._order[i] for i, facts in self._own_facts.items() if facts)
        self._measured = frozenset(self._order[self._item_of[path]] for path in measured)
        choices: Choices = {
            item: tuple(
                _choices_of(each.subject, item, self._own_facts[item], samples, lowered[item])
            )
            for item, each in items.items()
        }
        #: Whether the sums say it all: something is worth more than nothing, whatever is filled
        #: in. Of nothing there is no share.
        worth, choices = self._worth_something(choices)
        self.is_summed: bool = worth and all(choices.values())
        self._choices: Choices = choices
        self._by_key: dict[frozenset[tuple[str, Any]], Side] = {}
        self._canonical: dict[Any, Side] = {}
        self._problems: dict[tuple[Side, ...], _Problem] = {}
        self._answers: dict[Any, Pairs] = {}

    def _worth_something(self, choices: Choices) -> tuple[bool, Choices]:
        """The choices, without those worth nothing where all items might be worth nothing.

        What is worth next to nothing decides as much as what is worth nothing.
        """
        claim = self._claim_with({})
        bound = self._rules_of(claim)
        share: Any = next((d for leaf in self.leaves for d in shares_of(leaf)), None)
        if share is None:
            return True, choices
        items = share.items(claim, bound[id(self.leaves[0])].binding)

        def worth(item: str, choice: Choice) -> Any:
            return sum(value for value, _ in items[item].contribution(choice.subject))

        if any(all(worth(item, one) for one in each) for item, each in choices.items()):
            return True, choices
        left = {
            item: tuple(one for one in each if worth(item, one)) for item, each in choices.items()
        }
        return any(left.values()), {item: left[item] or each for item, each in choices.items()}

    # -- questions -----------------------------------------------------------------------------

    def outcomes(self, fixed: Assignment) -> Mapping[Vector, bool]:
        """Return what the rules can evaluate to, where other facts have the given values."""
        return {one: known for (one, _), known in self.pairs(fixed, fixed).items()}

    def pairs(self, one: Assignment, other: Assignment) -> Pairs:
        """Return what the rules can evaluate to under two assignments, the items being the same.

        Args:
            one: Values of facts that are no item's.
            other: Other values of the same facts.
        """
        try:
            problem = self._problem(one, other)
        except EvcreditError:  # values that cannot all be true
            return {}
        return self._asked(problem, None, problem.nothing, problem.nothing)

    def turned_by(self, path: str, fixed: Assignment) -> Pairs:
        """Return the outcomes between which a fact of an item can decide, all others being equal.

        Args:
            path: The path of the fact.
            fixed: Values of facts that are no item's.
        """
        try:
            problem = self._problem(fixed, fixed)
        except EvcreditError:  # values that cannot all be true
            return {}
        item = self._item_of[path]
        place = self._own_facts[item].index(path)
        beside: dict[tuple[Any, ...], list[Option]] = {}
        own = problem.own[self._order[item]]
        for choice, option in zip(self._choices[item], own, strict=True):
            values = choice.values
            beside.setdefault(values[:place] + values[place + 1 :], []).append(option)
        asked = {
            (min(pair), max(pair))
            for group in beside.values()
            for pair in itertools.combinations(dict.fromkeys(group), 2)
        }
        found: dict[tuple[Vector, Vector], bool] = {}
        for first, second in sorted(asked):
            for pair, known in self._asked(problem, self._order[item], first, second).items():
                if pair[0] != pair[1]:
                    found[pair] = known or found.get(pair, False)
        return found

    def proofs(self, leaf: Rule, *, holds: bool) -> list[Covers] | None:
        """Return the sets of facts of items that prove what a rule evaluates to.

        Args:
            leaf: The rule.
            holds: Whether it shall hold, whatever the other items are.

        Returns:
            The sets, some beside others; `None` where that takes more than sums.
        """
        problem = self._problem({}, {})
        side, ends, marks = problem.sides[0]
        bound = side.bound[self.leaves.index(leaf)]
        if self.others or any(each.applies is None for each in bound.walk()):
            return None
        facts = list(self._own_facts.values())
        choices = list(self._choices.values())
        found: list[Covers] = []
        for needs in needs_of(bound, ends, marks, holds=holds):
            covers = covers_of(needs, facts, choices, problem.own)
            if covers is None:
                return None
            found.append(covers)
        return found

    def _asked(
        self, problem: _Problem, without: int | None, first: Option, second: Option
    ) -> Pairs:
        # What the others can add up to is the same without any of the items that are alike.
        alike = None if without is None else frozenset(problem.own[without])
        measured = without in self._measured
        key = (problem.sides[0][0], problem.sides[-1][0], alike, measured, first, second)
        if key not in self._answers:
            gaps = not problem.single and self._has_gaps(without)
            self._answers[key] = _answer(problem, without, first, second, gaps=gaps)
        return self._answers[key]

    def _has_gaps(self, without: int | None) -> bool:
        """Whether more may be possible than the values that are tried say.

        Of one sum all that lies between two values is looked at; of several it is not. What one
        item alone may be is tried to the point where it decides, given all others.
        """
        others = self._measured - {without}
        return bool(others) or (without in self._measured and bool(self._open - {without}))

    # -- the sums ------------------------------------------------------------------------------

    def _side(self, fixed: Assignment) -> Side:
        key = frozenset(each for each in fixed.items() if each[0] in self.others)
        if key not in self._by_key:
            claim = self._claim_with(dict(key))
            bound = self._rules_of(claim)
            side = Side(tuple(bound[id(leaf)] for leaf in self.leaves), claim, self._choices)
            self._by_key[key] = self._canonical.setdefault(side.signature, side)
        return self._by_key[key]

    def _problem(self, one: Assignment, other: Assignment) -> _Problem:
        key = tuple(dict.fromkeys((self._side(one), self._side(other))))
        if key not in self._problems:
            self._problems[key] = self._problem_of(key)
        return self._problems[key]

    def _problem_of(self, sides: tuple[Side, ...]) -> _Problem:
        tables = [t for side in sides for both in side.tables.values() for t in chain(*both)]
        scale = lcm(*(Fraction(one).denominator for t in tables for row in t for one in row))
        columns: dict[Table, int] = {}
        flags: list[Table] = []
        described = []
        for side in sides:
            ends = {
                key: [(_end(low, scale, columns), _end(high, scale, columns)) for low, high in both]
                for key, both in side.tables.items()
            }
            places = {key: len(flags) + place for place, key in enumerate(side.marks)}
            flags += side.marks.values()
            described.append((side, ends, places))
        own: list[list[Option]] = []
        items: list[list[Option]] = []
        for place, each in enumerate(self._choices.values()):
            added = [tuple(column[place][at] for column in columns) for at in range(len(each))]
            marks = [tuple(flag[place][at] for flag in flags) for at in range(len(each))]
            own.append([Option(a, a, m) for a, m in zip(added, marks, strict=True)])
            counting = [
                tuple(c[place][at] for side in sides for c in side.counting)
                for at in range(len(each))
            ]
            items.append(_stretched(own[-1], counting))
        single = len(columns) == 1
        zero = (0,) * len(columns)
        return _Problem(
            ItemSums(items if single else own, columns=len(columns), marks=len(flags)),
            own,
            tuple(described),
            Option(zero, zero, (0,) * len(flags)),
            single,
        )


def _choices_of(
    subject: Any,
    item: str,
    facts: Sequence[str],
    samples: Mapping[str, tuple[Any, ...]],
    lowered: Mapping[str, bool],
) -> Iterator[Choice]:
    """What an item may be; values that is invalid together are omitted."""
    names = [path.removeprefix(f"{item}.") for path in facts]
    for values in itertools.product(*(samples[path] for path in facts)):
        filled = {**lowered, **dict(zip(names, values, strict=True))}
        try:
            yield Choice(values, filled_in(subject, filled) if filled else subject)
        except EvcreditError:
            continue


def _end(table: Table, scale: int, columns: dict[Table, int]) -> End:
    """A sum as a column of whole numbers from nothing on, and what is added to it."""
    scaled = [[int(each * scale) for each in row] for row in table]
    least = [min(row) for row in scaled]
    column = tuple(
        tuple(each - low for each in row) for row, low in zip(scaled, least, strict=True)
    )
    return End(columns.setdefault(column, len(columns)), sum(least))


def _stretched(options: Sequence[Option], counting: Sequence[Any]) -> list[Option]:
    """The options; those between which only an unknown value decides as one.

    Where values differ, and not what counts of them, every sum between is possible too.
    """
    alike: dict[Any, list[Option]] = {}
    for option, counts in zip(options, counting, strict=True):
        alike.setdefault((counts, option.marks), []).append(option)
    return [
        Option(min(o.low for o in group), max(o.high for o in group), group[0].marks)
        for group in alike.values()
    ]


def _answer(
    problem: _Problem, without: int | None, first: Option, second: Option, *, gaps: bool
) -> Pairs:
    """The outcomes on both sides, where one item adds this here and that there."""
    asked = ((problem.sides[0], first), (problem.sides[-1], second))
    points: list[set[int]] = [set() for _ in problem.nothing.low]
    for (_, ends, _), option in asked:
        for end in chain(*(both for each in ends.values() for both in each)):
            points[end.column].add(_point(end, option))
    breakpoints = [sorted(each) for each in points]
    found: dict[tuple[Vector, Vector], bool] = {}
    for region, known in problem.sums.regions(breakpoints, without, gaps=gaps).items():
        one, other = (
            side.outcomes(
                ends,
                lambda end, option=option: (  # type: ignore[misc]  # a default binds it
                    region.cells[end.column]  # noqa: B023  # called at once
                    > breakpoints[end.column].index(_point(end, option))
                ),
                {
                    key: max(region.marks[place], option.marks[place])
                    for key, place in places.items()
                },
            )
            for (side, ends, places), option in asked
        )
        found[one, other] = known or found.get((one, other), False)
    return found


def _point(end: End, option: Option) -> int:
    """The sum of the other items from which on an end is not negative."""
    return -end.offset - option.low[end.column]
