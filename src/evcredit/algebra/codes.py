"""Sets of codes and paths that are gone through in one order, in every process."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["Codes"]


class Codes(frozenset[str]):
    """A set of texts in alphabetical order.

    The order of Python's own sets of texts differs from process to process, and with it what is
    printed or written of one.

    >>> Codes({"US", "CA", "MX"}), list(Codes({"b", "a"}))
    (Codes('CA', 'MX', 'US'), ['a', 'b'])
    >>> Codes({"CA"}) == frozenset({"CA"}), "CA" in Codes({"CA"})
    (True, True)
    """

    __slots__ = ()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(super().__iter__()))

    def __repr__(self) -> str:
        return f"Codes({', '.join(map(repr, self))})"

    def __reduce__(self) -> tuple[type[Codes], tuple[tuple[str, ...]]]:
        return Codes, (tuple(self),)
