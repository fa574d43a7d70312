"""Place a panel: its axes, and its marks in their numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import Any

import attrs

from evcredit.plots.picture import (
    Arrow,
    Band,
    Bands,
    Box,
    Curve,
    Level,
    Panel,
    Scale,
    Text,
    Tone,
)
from evcredit.plots.shapes import Path, Rectangle, Shape, Word, width_of, wrapped

__all__ = ["panel_shapes"]

#: Sizes of letters in pixels; all else is in tenths of a pixel.
_SMALL, _LABEL, _LINE = 12, 13, 150
#: From which width on the names of bands are beside them, and how high they are above them.
_BESIDE, _NAME = 5600, 160


@attrs.frozen
class _Frame:
    """Where a panel lies, and what its numbers are in pixels."""

    panel: Panel
    left: int
    right: int
    top: int
    bottom: int
    #: How high the names of bands are above their marks; nothing where they are beside.
    above: int

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the axis upward, if it has names."""
        return self.panel.y.names if isinstance(self.panel.y, Bands) else ()

    def x(self, value: Fraction) -> int:
        axis = self.panel.x
        lower, upper = (axis.lower, axis.upper) if axis else (Fraction(0), Fraction(1))
        return self.left + int((value - lower) * (self.right - self.left) // (upper - lower))

    def y(self, value: Fraction) -> int:
        axis = self.panel.y
        lower, upper = (axis.lower, axis.upper) if axis else (Fraction(0), Fraction(1))
        if not self.names:
            return self.bottom - int((value - lower) * (self.bottom - self.top) // (upper - lower))
        # The name of a band is above its marks, where there is no room beside them.
        band = value.numerator // value.denominator
        edge = self.edge(band)
        return edge + self.above + int((value - band) * (self.edge(band + 1) - edge - self.above))

    def edge(self, band: int) -> int:
        """The upper edge of a band."""
        return self.top + (self.bottom - self.top) * band // len(self.names)


def panel_shapes(panel: Panel, left: int, top: int, width: int) -> tuple[list[Shape], int]:
    """Place a panel.

    Args:
        panel: The panel.
        left: The left edge.
        top: The upper edge.
        width: How wide it is.

    Returns:
        What is drawn, and how high it is.
    """
    shapes: list[Shape] = []
    y = top
    for line in wrapped(panel.title, 14, width, strong=True):
        y += _LINE + 30
        shapes.append(Word(x=left, y=y, text=line, size=14, strong=True))
    if panel.title:
        y += 80
    if panel.y is not None and panel.y.label:
        for line in wrapped(panel.y.label, _SMALL, width):
            y += _LINE
            shapes.append(Word(x=left, y=y, text=line, size=_SMALL, faint=True))
        y += 140
    frame = _frame(panel, left, y, width)
    shapes += _grid(frame)
    for mark in panel.marks:
        shapes += _DRAWN[mark.__class__](frame, mark)
    below = list(_below(frame))
    shapes += below
    lowest = max([frame.bottom, *(each.y + 40 for each in below)])
    return shapes, lowest - top


def _frame(panel: Panel, left: int, top: int, width: int) -> _Frame:
    beside = width >= _BESIDE
    margin = above = 0
    height = 10 * panel.height
    if isinstance(panel.y, Bands):
        if not beside:
            above = _NAME * max(len(wrapped(name, _SMALL, width)) for name in panel.y.names)
        height = len(panel.y.names) * (10 * panel.height + above)
        if beside:
            names = [width_of(name, _LABEL) for name in panel.y.names]
            margin = min(max(names) + 120, width * 36 // 100)
    elif panel.y is not None:
        margin = max(width_of(tick.text, _SMALL) for tick in panel.y.ticks) + 80
    right = left + width - (80 if panel.x is not None else 0)
    return _Frame(panel, left + margin, right, top, top + height, above)


def _grid(frame: _Frame) -> Iterator[Shape]:
    """Lines and words of the axis upward, and lines of the axis across."""
    panel = frame.panel
    if isinstance(panel.x, Scale):
        for tick in panel.x.ticks:
            x = frame.x(tick.at)
            yield Path(points=((x, frame.top), (x, frame.bottom)), role="grid")
    if isinstance(panel.y, Scale):
        for tick in panel.y.ticks:
            y = frame.y(tick.at)
            yield Path(points=((frame.left, y), (frame.right, y)), role="grid")
            yield Word(
                x=frame.left - 60, y=y + 40, text=tick.text, size=_SMALL, anchor="end", faint=True
            )
    for number, name in enumerate(frame.names):
        yield from _band_name(frame, number, name)


def _band_name(frame: _Frame, number: int, name: str) -> Iterator[Shape]:
    high, low = frame.edge(number), frame.edge(number + 1)
    yield Path(points=((frame.left, low), (frame.right, low)), role="grid")
    if frame.above:
        lines = wrapped(name, _SMALL, frame.right - frame.left)
        first = high + frame.above - len(lines) * _NAME + 140
        for place, line in enumerate(lines):
            yield Word(x=frame.left, y=first + place * _NAME, text=line, size=_SMALL)
        return
    room = frame.left - 80
    lines = wrapped(name, _LABEL, room)[:2]
    for place, line in enumerate(lines):
        y = (high + low + (2 * place - len(lines) + 1) * (_LINE - 10)) // 2 + 50
        yield Word(x=frame.left - 80, y=y, text=line, size=_LABEL, anchor="end")


def _below(frame: _Frame) -> Iterator[Word]:
    """The words of the axis across."""
    axis = frame.panel.x
    y = frame.bottom
    if isinstance(axis, Scale):
        y += _LINE + 20
        end = -10
        for tick in axis.ticks:
            x, half = frame.x(tick.at), width_of(tick.text, _SMALL) // 2
            x = min(max(x, frame.left - 140 + half), frame.right + 80 - half)
            if x - half > end:  # where ticks are close, some are not written
                yield Word(x=x, y=y, text=tick.text, size=_SMALL, anchor="middle", faint=True)
                end = x + half + 40
    elif isinstance(axis, Bands):
        room = (frame.right - frame.left) // len(axis.names) - 60
        most = 0
        for number, name in enumerate(axis.names):
            lines = wrapped(name, _SMALL, room)
            most = max(most, len(lines))
            for place, line in enumerate(lines):
                yield Word(
                    x=frame.x(Fraction(2 * number + 1, 2)),
                    y=y + 30 + (place + 1) * _LINE,
                    text=line,
                    size=_SMALL,
                    anchor="middle",
                )
        y += 30 + most * _LINE
    if axis is not None and axis.label:
        width = frame.right - frame.left
        for line in wrapped(axis.label, _SMALL, width):
            y += _LINE + 10
            yield Word(
                x=(frame.left + frame.right) // 2,
                y=y,
                text=line,
                size=_SMALL,
                anchor="middle",
                faint=True,
            )


# -- marks ---------------------------------------------------------------------------------


def _box(frame: _Frame, mark: Box) -> Iterator[Shape]:
    left, right = frame.x(mark.left), frame.x(mark.right)
    high, low = sorted((frame.y(mark.bottom), frame.y(mark.top)))
    width, height = right - left, low - high
    yield Rectangle(x=left, y=high, width=width, height=height, tone=mark.tone, says=mark.says)
    lines = _fitting(mark.label, width - 60, height)
    for number, line in enumerate(lines):
        y = high + (height + (2 * number - len(lines) + 1) * (_LINE - 10)) // 2 + 45
        yield Word(
            x=left + width // 2,
            y=y,
            text=line,
            size=_SMALL,
            anchor="middle",
            on=mark.tone,
            haloed=True,
        )


def _fitting(label: str, width: int, height: int) -> list[str]:
    """The lines of a label, or what comes before its colon, or nothing if there is no room."""
    for text in (label, label.split(":", maxsplit=1)[0]):
        lines = wrapped(text, _SMALL, width)
        if len(lines) * (_LINE - 10) <= height and all(
            width_of(line, _SMALL) <= width for line in lines
        ):
            return lines
    return []


def _ribbon(frame: _Frame, mark: Band) -> Iterator[Shape]:
    left, right = frame.x(mark.left), frame.x(mark.right)
    low, high = (frame.y(each) for each in mark.begins)
    low_end, high_end = (frame.y(each) for each in mark.ends)
    upper, lower = [], []
    for step in range(13):
        # Even at both ends: 3 s² - 2 s³, with s in twelfths.
        eased = 36 * step * step - 2 * step * step * step
        x = left + step * (right - left) // 12
        upper.append((x, high + eased * (high_end - high) // 1728))
        lower.append((x, low + eased * (low_end - low) // 1728))
    yield Path(
        points=(*upper, *reversed(lower)), area=True, role="hue", tone=mark.tone, says=mark.says
    )


def _curve(frame: _Frame, mark: Curve) -> Iterator[Shape]:
    points = tuple((frame.x(x), frame.y(y)) for x, y in mark.points)
    yield Path(
        points=points,
        role="hue",
        tone=Tone(mark.hue),
        dashed=mark.dashed,
        strong=True,
        says=mark.says,
    )
    if mark.label:
        x, y = points[-1]
        anchor = "end" if 2 * x > frame.left + frame.right else "start"
        yield Word(
            x=x, y=y - 60, text=mark.label, size=_SMALL, anchor=anchor, strong=True, haloed=True
        )


def _level(frame: _Frame, mark: Level) -> Iterator[Shape]:
    at = frame.x(mark.at) if mark.upright else frame.y(mark.at)
    if mark.upright:
        edges = (frame.top, frame.bottom)
        ends = [
            edge if end is None else frame.y(end)
            for edge, end in zip(edges, (mark.start, mark.end), strict=True)
        ]
        points = ((at, ends[0]), (at, ends[1]))
    else:
        edges = (frame.left, frame.right)
        ends = [
            edge if end is None else frame.x(end)
            for edge, end in zip(edges, (mark.start, mark.end), strict=True)
        ]
        points = ((ends[0], at), (ends[1], at))
    yield Path(points=points, role="casing", strong=True)
    yield Path(points=points, dashed=True, strong=True, says=mark.says)
    if not mark.label:
        return
    half = width_of(mark.label, _SMALL, strong=True) // 2
    if mark.upright:
        x = min(max(at, frame.left + half), frame.right - half)
        yield Word(
            x=x,
            y=ends[0] - 40,
            text=mark.label,
            size=_SMALL,
            anchor="middle",
            strong=True,
            haloed=True,
        )
    else:
        yield Word(
            x=ends[0] + 40, y=at - 50, text=mark.label, size=_SMALL, strong=True, haloed=True
        )


def _text(frame: _Frame, mark: Text) -> Iterator[Shape]:
    size = _LABEL if mark.strong else _SMALL
    lines = [mark.text]
    if mark.room is not None:
        room = frame.x(mark.room) - frame.x(Fraction(0))
        lines = wrapped(mark.text, size, room, strong=mark.strong)
    for number, line in enumerate(lines):
        yield Word(
            x=frame.x(mark.x),
            y=frame.y(mark.y) + 40 + (2 * number - len(lines) + 1) * (_LINE - 10) // 2,
            text=line,
            size=size,
            anchor=mark.anchor,
            strong=mark.strong,
            haloed=True,
        )


def _arrow(frame: _Frame, mark: Arrow) -> Iterator[Shape]:
    start, end = ((frame.x(x), frame.y(y)) for x, y in (mark.start, mark.end))
    yield Path(points=(start, end), dashed=mark.dashed, arrow=True, says=mark.says)
    if mark.label:
        yield Word(
            x=(start[0] + end[0]) // 2,
            y=(start[1] + end[1]) // 2 + 40,
            text=mark.label,
            size=_SMALL,
            anchor="middle",
            haloed=True,
        )


_DRAWN: Mapping[type, Callable[[_Frame, Any], Iterator[Shape]]] = {
    Box: _box,
    Band: _ribbon,
    Curve: _curve,
    Level: _level,
    Text: _text,
    Arrow: _arrow,
}
