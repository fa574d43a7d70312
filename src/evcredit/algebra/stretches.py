"""Days that a rule cannot tell apart, so that one of them is tried for all.

Many rules read a day of a claim only to pick the law. Where two days pick the same entries of
every schedule that such a rule reads, and the same values of its other facts are possible on
both, the rule evaluates to the same on both.
"""

from __future__ import annotations

import itertools
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
        self._first: dict[Values, Values] = {}
        if not self.paths:
            return
        parameters = [node for node in nodes if isinstance(node, Parameter)]
        others = [(p, value) for p in samples if p in at_run for value in samples[p]]
        fits = {
            (path, day): tuple(bound({path: day, other: v}) is not None for other, v in others)
            for path in self.paths
            for day in samples[path]
        }
        seen: dict[Any, Values] = {}
        for days in itertools.product(*(samples[path] for path in self.paths)):
            chosen = dict(zip(self.paths, days, strict=True))
            here = bound(chosen)
            told = None if here is None else _told(here, parameters)
            key = (told, tuple(fits[item] for item in chosen.items()))
            self._first[days] = seen.setdefault(key, days)

    def alike(self, assignment: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same values, with the first of the days that are alike for the days."""
        if not self.paths or any(path not in assignment for path in self.paths):
            return assignment
        days = self._first[tuple(assignment[path] for path in self.paths)]
        return {**assignment, **dict(zip(self.paths, days, strict=True))}


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
