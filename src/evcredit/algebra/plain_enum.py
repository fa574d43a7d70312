"""Enumerations that print as a person would write them."""

from __future__ import annotations

from enum import Enum

__all__ = ["PlainEnum"]


class PlainEnum(Enum):
    """An enumeration whose members print as their value.

    >>> class Color(PlainEnum):
    ...     DARK_BLUE = "dark blue"
    >>> print(Color.DARK_BLUE)
    dark blue
    >>> Color.DARK_BLUE
    <Color.DARK_BLUE: 'dark blue'>
    """

    def __str__(self) -> str:
        return str(self.value)
