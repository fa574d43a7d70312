"""Days that a rule cannot tell apart, so that one of them is tried for all.

Many rules read a day of a claim only to pick the law. Where two days pick the same entries of
every schedule that such a rule reads, and the same values of its other facts are possible on
both, the rule evaluates to the same on both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from evcredit.algebra.bound import BoundRule
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import (
    And,
    Comparison,
    Expression,
    Fact,
    IsOneOf,
    Not,
    Operand,
    Or,
    Stated,
)
from evcredit.algebra.parameter import InGroup, Parameter, Reading, TableLookup
from evcredit.algebra.quantity import Combined, Exceeds, IfElse, Leaf, PercentOf, Rounded
from evcredit.algebra.rule import Rule

__all__ = ["Stretches"]

Values = tuple[Any, ...]
#: What reads nothing of the law and of the claim but through the facts and schedules below it.
_PLAIN = (
    And,
    Combined,
    Comparison,
    Exceeds,
    Fact,
    IfElse,
    InGroup,
    IsOneOf,
    Leaf,
    Not,
    Or,
    Parameter,
    PercentOf,
    Reading,
    Rounded,
    Stated,
    TableLookup,
)


class Stretches:
    """For one rule, the days that are alike.

    Args:
        rule: The rule.
        samples: The values of each of its unknown facts that are tried, by path.
        bound: From values of facts to the rule, bound; `None` where they cannot all be true.
    """

    def __init__(
        self,
        rule: Rule,
        samples: Mapping[str, Values],
        bound: Callable[[Mapping[str, Any]], BoundRule | None],
    ) -> None:
        nodes = [
            node for each in rule.walk() for root in each.expressions() for node in _walk(root)
        ]
        at_run = {node.path for node in nodes if isinstance(node, Fact)}
        plain = all(map(_is_plain, nodes))
        #: The facts that only pick the law.
        self.paths: tuple[str, ...] = tuple(p for p in samples if plain and p not in at_run)
        self._bound = bound
        self._parameters = tuple(node for node in nodes if isinstance(node, Parameter))
        self._others = tuple((p, value) for p in samples if p in at_run for value in samples[p])
        self._fits: dict[tuple[str, Any], tuple[bool, ...]] = {}
        self._first: dict[Values, Values] = {}
        self._seen: dict[Any, Values] = {}

    def alike(self, assignment: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same values, with the first of the days that are alike for the days."""
        if not self.paths or any(path not in assignment for path in self.paths):
            return assignment
        days = tuple(assignment[path] for path in self.paths)
        if days not in self._first:
            self._first[days] = self._seen.setdefault(self._told(days), days)
        return {**assignment, **dict(zip(self.paths, self._first[days], strict=True))}

    def _told(self, days: Values) -> Any:
        """All that days tell the rule: what the law shows it, and what may be true on them."""
        chosen = dict(zip(self.paths, days, strict=True))
        here = self._bound(chosen)
        told = None if here is None else _told(here, self._parameters)
        return told, tuple(map(self._fitting, chosen.items()))

    def _fitting(self, day: tuple[str, Any]) -> tuple[bool, ...]:
        """Which values of the other facts are possible with a day."""
        if day not in self._fits:
            path, value = day
            self._fits[day] = tuple(
                self._bound({path: value, other: v}) is not None for other, v in self._others
            )
        return self._fits[day]


def _walk(node: Expression | Operand) -> Iterator[Expression | Operand]:
    """A node and those below it, but for the days on which schedules are read."""
    yield node
    if not isinstance(node, Parameter | Fact):
        for each in node.operands():
            yield from _walk(each)


def _is_plain(node: Expression | Operand) -> bool:
    if isinstance(node, Derived):
        return node.body is not None and node.bind_value == node.body.bind
    return isinstance(node, _PLAIN)


def _told(bound: BoundRule, parameters: Sequence[Parameter[Any]]) -> Any:
    """All that the law shows a rule: what is in force, and the entries of its schedules."""
    applies = tuple(each.applies for each in bound.walk())
    if bound.applies is False:
        return applies
    return applies, tuple(map(bound.binding.entries, parameters))
