"""What is drawn: shapes and words at places counted from the top left corner.

Places are whole numbers of tenths of a pixel. Even here no number is inexact, so that the same
picture is the same text on every machine.
"""

from __future__ import annotations

import attrs

from evcredit.plots.picture import GRAY, Tone

__all__ = ["Drawing", "Path", "Rectangle", "Shape", "Word", "width_of", "wrapped"]


@attrs.frozen(kw_only=True)
class Rectangle:
    """A filled rectangle.

    Args:
        x: Its left edge.
        y: Its upper edge.
        width: How wide it is.
        height: How high it is.
        tone: Its look.
        says: What it says.
    """

    x: int
    y: int
    width: int
    height: int
    tone: Tone
    says: str = ""


@attrs.frozen(kw_only=True)
class Path:
    """A line through points, or the area between two of them.

    Args:
        points: The points.
        role: "ink", "grid", "casing" for the rim of a limit, or "hue" for the color of its tone.
        tone: Its look.
        area: Whether what it encloses is filled.
        dashed: Whether it is broken.
        arrow: Whether it ends in an arrow.
        strong: Whether it is thick.
        says: What it says.
    """

    points: tuple[tuple[int, int], ...]
    role: str = "ink"
    tone: Tone = GRAY
    area: bool = False
    dashed: bool = False
    arrow: bool = False
    strong: bool = False
    says: str = ""


@attrs.frozen(kw_only=True)
class Word:
    """A line of words.

    Args:
        x: Where it is anchored across.
        y: The line it is written on.
        text: What is written.
        size: The size of its letters, in pixels.
        anchor: "start", "middle" or "end".
        strong: Whether it is bold.
        faint: Whether it is of lesser weight to the reader.
        on: The look of what it is written on, if that is not the ground.
        haloed: Whether a rim keeps it apart from what lies behind.
    """

    x: int
    y: int
    text: str
    size: int = 13
    anchor: str = "start"
    strong: bool = False
    faint: bool = False
    on: Tone | None = None
    haloed: bool = False


Shape = Rectangle | Path | Word


@attrs.frozen(kw_only=True)
class Drawing:
    """A picture placed on a width.

    Args:
        width: How wide it is, in pixels.
        height: How high it is, in pixels.
        shapes: What is drawn, in order.
    """

    width: int
    height: int
    shapes: tuple[Shape, ...]


_NARROW, _WIDE = frozenset("fijlrt.,;:|!'()[] /"), frozenset("mwMW%@—→")


def width_of(text: str, size: int, *, strong: bool = False) -> int:
    """Return about how wide a text is, rather too much than too little, in tenths of a pixel.

    Args:
        text: The text.
        size: The size of its letters, in pixels.
        strong: Whether it is bold.

    >>> width_of("iii", 10) < width_of("MMM", 10)
    True
    """
    parts = sum(
        38 if each in _NARROW else 97 if each in _WIDE else 72 if each.isupper() else 62
        for each in text
    )
    return parts * size * (107 if strong else 100) // 1000


def wrapped(text: str, size: int, width: int, *, strong: bool = False) -> list[str]:
    """Return a text in lines that fit a width; a word that does not has a line of its own.

    Args:
        text: The text.
        size: The size of its letters, in pixels.
        width: The width, in tenths of a pixel.
        strong: Whether it is bold.

    >>> wrapped("a long way", 10, 400)
    ['a long', 'way']
    """
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, size, strong=strong) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines
