"""Which unknown facts affect what an expression evaluates to for one claim."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evcredit.algebra.binding import Binding
from evcredit.algebra.expression import Expression, Input, Operand
from evcredit.algebra.parameter import Parameter
from evcredit.algebra.path import UnknownFact

__all__ = ["unknown_of"]


def unknown_of(node: Expression | Operand, subject: Any, binding: Binding) -> Iterator[UnknownFact]:
    """The unknown facts that affect what a node evaluates to for one claim, each once."""
    found = {unknown.path: unknown for unknown in _unknown_of(node, subject, binding, set())}
    return iter(found.values())


def _unknown_of(
    node: Expression | Operand, subject: Any, binding: Binding, seen: set[int]
) -> Iterator[UnknownFact]:
    if id(node) in seen:  # one part of an expression may stand in many places
        return
    seen.add(id(node))
    if isinstance(node, Input):
        yield from node.unknown_in(subject, binding)
    elif isinstance(node, Parameter):
        if node.day is not None and len(binding.entries(node)) > 1:
            yield from node.day.unknown_in(subject, binding)
    # What is decided stays so, whatever is unknown in it.
    elif not isinstance(node, Expression) or node.bind(binding)(subject) is None:
        for operand in node.bearing(subject, binding):
            yield from _unknown_of(operand, subject, binding, seen)
