"""Circles in a graph: the nodes that lead back to themselves."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TypeVar

__all__ = ["strong_components"]

Node = TypeVar("Node", bound=Hashable)


def strong_components(
    nodes: Iterable[Node], owners: Callable[[Node], Iterable[Node]]
) -> list[list[Node]]:
    """Return the strongly connected components of a graph, by Tarjan's method.

    Args:
        nodes: Where to start; nodes reached from there are included.
        owners: From a node to the nodes behind it.

    Returns:
        The components; each comes after those behind it. Within one, too, nodes come after
        those behind them, as far as a circle allows.

    >>> strong_components("ab", {"a": "b", "b": "c", "c": "b"}.__getitem__)
    [['c', 'b'], ['a']]
    """
    found: list[list[Node]] = []
    number: dict[Node, int] = {}
    finished: dict[Node, int] = {}
    #: By node that has no component yet, the first node that it leads back to.
    first: dict[Node, int] = {}
    for start in nodes:
        if start in number:
            continue
        path: list[tuple[Node, Iterator[Node]]] = []
        ahead: list[Node] = [start]
        while ahead or path:
            if ahead:
                node = ahead.pop()
                number[node] = first[node] = len(number)
                path.append((node, iter(owners(node))))
            node, rest = path[-1]
            for owner in rest:
                if owner not in number:
                    ahead.append(owner)
                    break
                if owner in first:
                    first[node] = min(first[node], number[owner])
            if ahead:
                continue
            path.pop()
            finished[node] = len(finished)
            if path:
                below = path[-1][0]
                first[below] = min(first[below], first[node])
            if first[node] == number[node]:
                component: list[Node] = []
                while node in first:
                    # Dictionaries keep the order in which nodes were reached.
                    each, _ = first.popitem()
                    component.append(each)
                found.append(sorted(component, key=finished.__getitem__))
    return found
