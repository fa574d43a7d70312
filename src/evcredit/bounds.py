"""Closed intervals: what is known of a number or a day when it is not known exactly."""

from __future__ import annotations

from typing import Any, Generic, TypeVar, overload

import attrs

from evcredit.verdict import Verdict

__all__ = ["Bounds"]

T = TypeVar("T")


@attrs.frozen
class Bounds(Generic[T]):
    """Every value from `lower` to `upper`, both ends included.

    Args:
        lower: The least possible value.
        upper: The greatest possible value; the same as `lower` when the value is exact.

    Raises:
        ValueError: `lower` is greater than `upper`.

    >>> credit = Bounds(0, 7500)
    >>> credit.is_exact, credit.at_least(0), credit.at_least(3750), credit.at_least(9000)
    (False, <Verdict.MET: 'met'>, <Verdict.UNKNOWN: 'unknown'>, <Verdict.NOT_MET: 'not met'>)
    """

    lower: T
    upper: T

    def __attrs_post_init__(self) -> None:
        ends: tuple[Any, Any] = (self.lower, self.upper)
        if ends[0] > ends[1]:
            raise ValueError(f"the lower bound {self.lower} is above the upper bound {self.upper}")

    @classmethod
    def exactly(cls, value: T) -> Bounds[T]:
        """The bounds of a value known exactly.

        >>> Bounds.exactly(3750)
        Bounds(lower=3750, upper=3750)
        """
        return cls(value, value)

    @overload
    @classmethod
    def of(cls, value: T | Bounds[T]) -> Bounds[T]: ...

    @overload
    @classmethod
    def of(cls, value: T | Bounds[T] | None, otherwise: Bounds[T]) -> Bounds[T]: ...

    @classmethod
    def of(cls, value: Any, otherwise: Bounds[T] | None = None) -> Bounds[T]:
        """The bounds of a fact, however much of it is stated.

        Args:
            value: The fact: one value, or bounds, or `None` if it is unknown.
            otherwise: The bounds of a fact that is unknown.

        Raises:
            ValueError: The fact is unknown, and nothing is given for that.

        >>> Bounds.of(50), Bounds.of(Bounds(1, 2)), Bounds.of(None, Bounds(0, 100))
        (Bounds(lower=50, upper=50), Bounds(lower=1, upper=2), Bounds(lower=0, upper=100))
        """
        if value is None:
            if otherwise is None:
                raise ValueError("an unknown value has bounds only if `otherwise` gives them")
            return otherwise
        return value if isinstance(value, Bounds) else cls(value, value)

    @property
    def is_exact(self) -> bool:
        """Whether only one value is left."""
        return self.lower == self.upper

    def at_least(self, limit: Any) -> Verdict:
        """Whether the value is equal to or greater than `limit`."""
        return self._decide(self.lower >= limit, self.upper >= limit)

    def more_than(self, limit: Any) -> Verdict:
        """Whether the value exceeds `limit`."""
        return self._decide(self.lower > limit, self.upper > limit)

    def at_most(self, limit: Any) -> Verdict:
        """Whether the value does not exceed `limit`."""
        return ~self.more_than(limit)

    def less_than(self, limit: Any) -> Verdict:
        """Whether the value is below `limit`."""
        return ~self.at_least(limit)

    @staticmethod
    def _decide(at_the_lower_end: bool, at_the_upper_end: bool) -> Verdict:
        # "At least" and "more than" grow with the value, so the two ends decide for all between.
        if at_the_lower_end:
            return Verdict.MET
        return Verdict.UNKNOWN if at_the_upper_end else Verdict.NOT_MET

    def hull(self, other: Bounds[T]) -> Bounds[T]:
        """The smallest bounds that hold both.

        >>> Bounds(1, 2).hull(Bounds(4, 5))
        Bounds(lower=1, upper=5)
        """
        ours: tuple[Any, Any] = (self.lower, self.upper)
        return Bounds(min(ours[0], other.lower), max(ours[1], other.upper))

    def overlap(self, other: Bounds[T]) -> Bounds[T] | None:
        """What both leave possible; `None` if they exclude each other.

        >>> Bounds(1, 4).overlap(Bounds(3, 9)), Bounds(1, 2).overlap(Bounds(3, 9))
        (Bounds(lower=3, upper=4), None)
        """
        ours: tuple[Any, Any] = (self.lower, self.upper)
        lower, upper = max(ours[0], other.lower), min(ours[1], other.upper)
        return None if lower > upper else Bounds(lower, upper)

    def __contains__(self, value: Any) -> bool:
        """Whether `value`, or every value of other bounds, lies within.

        >>> 3 in Bounds(1, 5), Bounds(4, 6) in Bounds(1, 5)
        (True, False)
        """
        if isinstance(value, Bounds):
            return value.lower in self and value.upper in self
        return bool(self.lower <= value <= self.upper)

    def __str__(self) -> str:
        return str(self.lower) if self.is_exact else f"{self.lower} to {self.upper}"
