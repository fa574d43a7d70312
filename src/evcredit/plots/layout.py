"""Place a picture on a width: from the numbers of its subject to pixels.

Words keep their size on a phone. What is beside a mark on a wide picture goes above it on a narrow
one, and words that have no room are left to the text of the mark.
"""

from __future__ import annotations

from collections.abc import Iterable

from evcredit.errors import InvalidFactError
from evcredit.plots.listing import listing_shapes
from evcredit.plots.panel import panel_shapes
from evcredit.plots.picture import Key, Listing, Panel
from evcredit.plots.shapes import Drawing, Rectangle, Shape, Word, width_of, wrapped

__all__ = ["placed"]

#: In tenths of a pixel, but for sizes of letters and the minimum width, which are in pixels.
_MARGIN, _LINE = 140, 170
_TITLE, _SMALL = 17, 12
#: The least and the greatest width of a picture, in pixels.
_LEAST, _MOST = 280, 20_000


def placed(
    title: str,
    parts: Iterable[Panel | Listing],
    *,
    keys: Iterable[Key],
    notes: Iterable[str],
    width: int,
) -> Drawing:
    """Place a picture.

    Args:
        title: What it shows.
        parts: Its panels and listings.
        keys: What the looks mean.
        notes: What is below.
        width: The width in pixels.

    Raises:
        InvalidFactError: It is no whole number, or too narrow for words, or too wide to draw.
    """
    if type(width) is not int or not _LEAST <= width <= _MOST:
        raise InvalidFactError("width", width, f"give {_LEAST} to {_MOST:,} pixels")
    inner = 10 * width - 2 * _MARGIN
    shapes: list[Shape] = []
    y = _MARGIN
    for line in wrapped(title, _TITLE, inner, strong=True):
        y += 210
        shapes.append(Word(x=_MARGIN, y=y, text=line, size=_TITLE, strong=True))
    y += 120
    drawn, y = _keys(keys, inner, y)
    shapes += drawn
    for part in parts:
        y += 80
        if isinstance(part, Panel):
            more, height = panel_shapes(part, _MARGIN, y, inner)
        else:
            more, height = listing_shapes(part, _MARGIN, y, inner)
        shapes += more
        y += height
    y += 100
    for note in notes:
        for line in wrapped(note, _SMALL, inner):
            y += _LINE
            shapes.append(Word(x=_MARGIN, y=y, text=line, size=_SMALL, faint=True))
    return Drawing(width=width, height=(y + _MARGIN) // 10, shapes=tuple(shapes))


def _keys(keys: Iterable[Key], width: int, y: int) -> tuple[list[Shape], int]:
    """What the looks mean, in lines."""
    shapes: list[Shape] = []
    x = 0
    any_drawn = False
    for key in keys:
        needed = 220 + width_of(key.text, _SMALL) + 140
        if x and x + needed > width:
            x, y = 0, y + 200
        shapes.append(Rectangle(x=_MARGIN + x, y=y, width=160, height=120, tone=key.tone))
        shapes.append(Word(x=_MARGIN + x + 220, y=y + 105, text=key.text, size=_SMALL))
        x += needed
        any_drawn = True
    return shapes, y + 200 if any_drawn else y
