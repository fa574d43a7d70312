"""How the outcomes of rules follow from sums over items, and from marks beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from evcredit.algebra.binding import Truth
from evcredit.algebra.bound import BoundRule
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.derived import Derived, ShareComparison
from evcredit.algebra.expression import Expression, Not
from evcredit.algebra.item import Item
from evcredit.algebra.outcome import ABSENT, Outcome
from evcredit.algebra.rule import Rule
from evcredit.algebra.schedule import NoProvision
from evcredit.algebra.topic import Mode

__all__ = ["Choice", "Choices", "End", "Side", "Table", "Vector", "items_of_leaf", "shares_of"]

#: What each rule of a cluster evaluates to.
Vector = tuple[Outcome, ...]
_MARK: Mapping[Truth, int] = {False: 0, None: 1, True: 2}
_TRUTH: tuple[Truth, ...] = (False, None, True)


def _derived_of(leaf: Rule) -> Iterator[Derived | None]:
    """What the bodies of a rule read, if that is nothing but sums over items; `None` otherwise."""
    for each in leaf.walk():
        if each.body is not None:
            yield _derived_in(each.body)


def _derived_in(body: Expression) -> Derived | None:
    if isinstance(body, Not):
        return _derived_in(body.inner)
    if isinstance(body, ShareComparison):
        return body.left
    return body if isinstance(body, Derived) else None


def shares_of(leaf: Rule) -> Iterator[Derived]:
    """The shares that a rule compares."""
    for each in leaf.walk():
        if isinstance(each.body, ShareComparison):
            yield each.body.left


def items_of_leaf(leaf: Rule, claim: Any, bound: BoundRule) -> Mapping[str, Item]:
    """Return the items by path that alone decide a rule; none if something else may.

    Args:
        leaf: The rule.
        claim: The claim.
        bound: The rule, bound.
    """
    found: Mapping[str, Item] = {}
    for derived in _derived_of(leaf):
        items = None if derived is None else derived.items(claim, bound.binding)
        if not items or (found and found.keys() != items.keys()):
            return {}
        found = items
    return found


class Choice(NamedTuple):
    """What an item may be: values of its unknown facts, and the object that has them."""

    values: tuple[Any, ...]
    subject: Any


#: For each item, what it may be.
Choices = Mapping[str, tuple[Choice, ...]]
#: For each item, what each of its choices adds.
Table = tuple[tuple[Any, ...], ...]


class End(NamedTuple):
    """A sum that must not be negative: a column of the sums, and what is added to it."""

    column: int
    offset: int


class Side:
    """How the outcomes of rules follow from sums and marks, under one assignment.

    Args:
        bound: The rules.
        claim: The claim.
        choices: What the items may be.
    """

    def __init__(self, bound: tuple[BoundRule, ...], claim: Any, choices: Choices) -> None:
        self.bound = bound
        self._claim = claim
        self._choices = choices
        #: By share that is compared, for each percentage what adds to its lower and upper end.
        self.tables: dict[int, tuple[tuple[Table, Table], ...]] = {}
        #: By flag the marks.
        self.marks: dict[int, Table] = {}
        #: For each share what counts of each choice, apart from its value.
        self.counting: list[Table] = []
        walked = [each for top in bound for each in top.walk()]
        for each in walked:
            if each.rule.body is not None and each.applies is not False:
                self._read(each.rule.body, each)
        #: Equal for sides under which the same sums mean the same.
        self.signature: tuple[Any, ...] = (
            tuple(each.applies for each in walked),
            tuple(self.tables.values()),
            tuple(self.marks.values()),
        )

    def _read(self, body: Any, bound: BoundRule) -> None:
        if isinstance(body, Not):
            self._read(body.inner, bound)
        elif isinstance(body, ShareComparison):
            percent = body.right.resolve(bound.binding)
            ends = () if isinstance(percent, NoProvision) else _ends(percent)
            pieces = self._each(body.left, bound)
            self.counting.append(
                tuple(tuple(tuple(c for _, c in one) for one in row) for row in pieces)
            )
            self.tables[id(body)] = tuple(
                (_table(pieces, end, 0), _table(pieces, end, 1)) for end in ends
            )
        else:
            found = self._each(body, bound)
            self.marks[id(body)] = tuple(tuple(_MARK[one] for one in row) for row in found)

    def _each(self, derived: Derived, bound: BoundRule) -> Table:
        """What each choice of each item contributes."""
        items: Any = derived.items(self._claim, bound.binding)
        return tuple(
            tuple(items[item].contribution(one.subject) for one in each)
            for item, each in self._choices.items()
        )

    def outcomes(
        self,
        ends: Mapping[int, Sequence[tuple[End, End]]],
        reached: Callable[[End], bool],
        marks: Mapping[int, int],
    ) -> Vector:
        """What each rule evaluates to, given which ends are not negative, and the marks."""

        def of_body(body: Any) -> Truth:
            if isinstance(body, Not):
                return _not(of_body(body.inner))
            if isinstance(body, ShareComparison):
                found = {
                    True if reached(low) else (None if reached(high) else False)
                    for low, high in ends[id(body)]
                }
                return found.pop() if len(found) == 1 else None
            return _TRUTH[marks[id(body)]]

        def of_rule(bound: BoundRule) -> Truth:
            if bound.rule.body is not None:
                return of_body(bound.rule.body)
            parts = [of_rule(each) for each in bound.parts if each.applies is not False]
            if bound.rule.mode is Mode.NOT:
                return _not(parts[0])
            decisive = bound.rule.mode is Mode.ANY
            if decisive in parts:
                return decisive
            return None if None in parts else not decisive

        return tuple(
            of_rule(each) if each.applies else (ABSENT if each.applies is False else None)
            for each in self.bound
        )


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _ends(percent: Any) -> tuple[int, ...]:
    both = Bounds.of(percent)
    return tuple(dict.fromkeys((both.lower, both.upper)))


def _table(pieces: Table, percent: int, end: int) -> Table:
    """What each choice adds to how far a share is above a percentage, times a hundred."""
    return tuple(
        tuple(sum(value * (100 * counts[end] - percent) for value, counts in one) for one in row)
        for row in pieces
    )
