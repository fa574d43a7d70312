"""What a picture is made of: panels with axes, marks and labels, in the numbers of the subject.

A picture is a value. It knows neither pixels nor colors: `evcredit.plots.layout` places it on a
width, and SVG and matplotlib draw what was placed. Numbers are exact until then.
"""

from __future__ import annotations

from enum import Enum
from fractions import Fraction

import attrs

__all__ = [
    "GRAY",
    "Arrow",
    "Band",
    "Bands",
    "Box",
    "Curve",
    "Fill",
    "Key",
    "Level",
    "Listing",
    "Mark",
    "Panel",
    "Row",
    "Scale",
    "Text",
    "Tick",
    "Tone",
]


class Fill(Enum):
    """How a mark is filled. The difference is there without color too."""

    SOLID = "solid"
    HATCHED = "hatched"
    DOTTED = "dotted"
    EMPTY = "empty"


@attrs.frozen
class Tone:
    """The look of a mark: a hue, and how it is filled.

    Args:
        hue: A number of the palette; 0 is gray.
        fill: How it is filled.
    """

    hue: int = 0
    fill: Fill = Fill.SOLID


GRAY = Tone()


@attrs.frozen
class Tick:
    """A place on an axis.

    Args:
        at: Where.
        text: What is written there.
    """

    at: Fraction
    text: str


@attrs.frozen(kw_only=True)
class Scale:
    """An axis of numbers.

    Args:
        label: What is measured, with its unit.
        lower: The minimum number shown.
        upper: The maximum.
        ticks: What is written beside it.
    """

    label: str
    lower: Fraction
    upper: Fraction
    ticks: tuple[Tick, ...] = ()


@attrs.frozen(kw_only=True)
class Bands:
    """An axis of names: marks of the first lie between 0 and 1, of the second between 1 and 2.

    Args:
        label: What the names are.
        names: The names.
    """

    label: str
    names: tuple[str, ...]

    @property
    def lower(self) -> Fraction:
        """The beginning of the first band."""
        return Fraction(0)

    @property
    def upper(self) -> Fraction:
        """The end of the last band."""
        return Fraction(len(self.names))


@attrs.frozen(kw_only=True)
class Box:
    """A rectangle.

    Args:
        left: Where it begins on the axis across.
        right: Where it ends.
        bottom: Where it begins on the axis upward; downward on an axis of names.
        top: Where it ends.
        tone: Its look.
        label: What is written in it, if there is room.
        says: All that it says, for those who point at it or read the text of the picture.
    """

    left: Fraction
    right: Fraction
    bottom: Fraction
    top: Fraction
    tone: Tone = GRAY
    label: str = ""
    says: str = ""


@attrs.frozen(kw_only=True)
class Band:
    """A ribbon from one side to another.

    Args:
        left: Where it begins across.
        right: Where it ends across.
        begins: From where to where it reaches upward at its beginning.
        ends: The same at its end.
        tone: Its look.
        says: All that it says.
    """

    left: Fraction
    right: Fraction
    begins: tuple[Fraction, Fraction]
    ends: tuple[Fraction, Fraction]
    tone: Tone = GRAY
    says: str = ""


@attrs.frozen(kw_only=True)
class Curve:
    """A line through points.

    Args:
        points: The points, across and upward.
        hue: Its color.
        label: What is written at its end.
        dashed: Whether it is broken.
        says: All that it says.
    """

    points: tuple[tuple[Fraction, Fraction], ...]
    hue: int = 0
    label: str = ""
    dashed: bool = False
    says: str = ""


@attrs.frozen(kw_only=True)
class Level:
    """A limit: a line across at a height, or upward at a place.

    Args:
        at: Where.
        label: What is written at it.
        upright: Whether it goes upward.
        start: Where it begins; at the edge if omitted.
        end: Where it ends; at the edge if omitted.
        says: All that it says.
    """

    at: Fraction
    label: str = ""
    upright: bool = False
    start: Fraction | None = None
    end: Fraction | None = None
    says: str = ""


@attrs.frozen(kw_only=True)
class Text:
    """Words at a place.

    Args:
        x: Where across.
        y: Where upward.
        text: What is written.
        anchor: Whether the place is the "start", "middle" or "end" of the words.
        strong: Whether they are bold.
        room: How wide a line may be, on the axis across; one line if omitted.
    """

    x: Fraction
    y: Fraction
    text: str
    anchor: str = "middle"
    strong: bool = False
    room: Fraction | None = None


@attrs.frozen(kw_only=True)
class Arrow:
    """An arrow from one place to another.

    Args:
        start: Where it begins, across and upward.
        end: Where it points.
        label: What is written at it.
        dashed: Whether it is broken: for what is not known.
        says: All that it says.
    """

    start: tuple[Fraction, Fraction]
    end: tuple[Fraction, Fraction]
    label: str = ""
    dashed: bool = False
    says: str = ""


Mark = Box | Band | Curve | Level | Text | Arrow


@attrs.frozen(kw_only=True)
class Panel:
    """A part of a picture with axes.

    Args:
        title: What it shows; empty if the picture says it.
        x: The axis across; `None` for places between 0 and 1 without an axis.
        y: The axis upward; an axis of names goes downward.
        marks: What is drawn, in order.
        height: How high it is, in pixels; with names upward, how high each of them is.
    """

    title: str = ""
    x: Scale | Bands | None = None
    y: Scale | Bands | None = None
    marks: tuple[Mark, ...] = ()
    height: int = 320


@attrs.frozen(kw_only=True)
class Row:
    """A line of a listing.

    Args:
        cells: What is written, by columns.
        depth: How far it is set in.
        tone: The look of the mark before it; `None` for none.
        strong: Whether it is bold.
    """

    cells: tuple[str, ...]
    depth: int = 0
    tone: Tone | None = None
    strong: bool = False


@attrs.frozen(kw_only=True)
class Listing:
    """A part of a picture that is made of lines of words, such as the page of a form.

    Args:
        title: What it shows.
        columns: How wide the columns are, in parts of all of it.
        rows: The lines.
        last_at_end: Whether what the last column says ends at the edge, as amounts do.
        boxed: Whether the last column is in boxes, as on a form.
    """

    title: str = ""
    columns: tuple[int, ...]
    rows: tuple[Row, ...]
    last_at_end: bool = False
    boxed: bool = False


@attrs.frozen
class Key:
    """What a look means.

    Args:
        tone: The look.
        text: What it means.
    """

    tone: Tone
    text: str
