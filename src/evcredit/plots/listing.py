"""Place a listing: lines of words in columns."""

from __future__ import annotations

from itertools import zip_longest

from evcredit.plots.picture import Fill, Listing, Row, Tone
from evcredit.plots.shapes import Path, Rectangle, Shape, Word, wrapped

__all__ = ["listing_shapes"]

#: The size of letters in pixels, and the rest in tenths of a pixel.
_SIZE, _LINE, _STEP, _MARK, _GAP = 13, 170, 140, 180, 100


def listing_shapes(listing: Listing, left: int, top: int, width: int) -> tuple[list[Shape], int]:
    """Place a listing.

    Args:
        listing: The listing.
        left: The left edge.
        top: The upper edge.
        width: How wide it is.

    Returns:
        What is drawn, and how high it is.
    """
    shapes: list[Shape] = []
    y = top
    if listing.title:
        for line in wrapped(listing.title, 14, width, strong=True):
            y += _LINE + 20
            shapes.append(Word(x=left, y=y, text=line, size=14, strong=True))
        y += 80
    for row in listing.rows:
        drawn, y = _row(listing, row, left, y, width)
        shapes += drawn
    return shapes, y - top


def _row(listing: Listing, row: Row, left: int, top: int, width: int) -> tuple[list[Shape], int]:
    shapes: list[Shape] = [
        Path(points=((left, top), (left + width, top)), role="grid"),
    ]
    # A narrow page leaves less room for setting in.
    step = _STEP if width > 5000 else _STEP // 2
    indent = row.depth * step
    x = left + indent
    if row.tone is not None:
        shapes.append(Rectangle(x=x, y=top + 60, width=110, height=110, tone=row.tone))
        indent += _MARK
        x += _MARK
    whole = sum(listing.columns)
    spans = [width * each // whole for each in listing.columns]
    spans[0] -= indent
    columns = [
        wrapped(cell, _SIZE, span - _GAP, strong=row.strong)
        for cell, span in zip(row.cells, spans, strict=True)
    ]
    starts = [x]
    for span in spans[:-1]:
        starts.append(starts[-1] + span)
    last = len(columns) - 1
    lines_high = max(map(len, columns))
    if listing.boxed:
        wide = spans[-1]
        shapes.append(
            Rectangle(
                x=left + width - wide,
                y=top,
                width=wide,
                height=lines_high * _LINE + 80,
                tone=Tone(0, Fill.EMPTY),
            )
        )
    edge = left + width - (60 if listing.boxed else 0)
    y = top
    for lines in zip_longest(*columns, fillvalue=""):
        y += _LINE
        for number, text in enumerate(lines):
            if text:
                at_end = listing.last_at_end and number == last
                shapes.append(
                    Word(
                        x=edge if at_end else starts[number],
                        y=y,
                        text=text,
                        size=_SIZE,
                        anchor="end" if at_end else "start",
                        strong=row.strong,
                        faint=number > 0 and number == last and not at_end and not row.strong,
                    )
                )
    return shapes, y + 80
