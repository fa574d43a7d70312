"""A mapping that is part of a value, and so cannot be changed."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

__all__ = ["ReadOnlyDict"]

K = TypeVar("K")
V = TypeVar("V")


class ReadOnlyDict(dict[K, V]):
    """A dictionary that refuses every change; as fast to read as any.

    A law is a value: if one of its mappings could be changed, every later result would change
    under the same digest.

    >>> ReadOnlyDict({"US": True})["CN"] = True
    Traceback (most recent call last):
    TypeError: this mapping is part of a value and cannot be changed; make another value
    """

    __slots__ = ()

    def __hash__(self) -> int:  # type: ignore[override]  # it never changes
        return hash(frozenset(self.items()))

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)


def _refuse(mapping: ReadOnlyDict[Any, Any], *args: Any, **kwargs: Any) -> NoReturn:
    raise TypeError("this mapping is part of a value and cannot be changed; make another value")


# Set from outside, as no type checker lets a class override these by what never returns.
for _name in (
    "__setitem__",
    "__delitem__",
    "__ior__",
    "clear",
    "pop",
    "popitem",
    "setdefault",
    "update",
):
    setattr(ReadOnlyDict, _name, _refuse)
