"""A picture: panels with a title, what the looks mean, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any

import attrs

from evcredit.plots.layout import placed
from evcredit.plots.picture import Key, Listing, Panel
from evcredit.plots.shapes import Drawing
from evcredit.plots.svg import as_svg

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["Picture"]

#: Widths of a picture for a desk and for a phone, and the maximum width of a phone, in pixels.
WIDE, NARROW, PHONE = 860, 390, 600


@attrs.frozen(kw_only=True, repr=False)
class Picture:
    """A picture, described by what it shows. It is drawn as SVG, or by matplotlib.

    It shows itself in a notebook. Values are exact; drawing rounds them to pixels.

    Args:
        title: What it shows, as a sentence.
        parts: Panels and listings, from top to bottom.
        keys: What the looks mean.
        law: The law it was computed under, by its name.
        digests: The fingerprints of that law, or of those laws, as in a receipt; not drawn.
        day: The day, or the days, that it speaks of.
        sources: Where what it shows is from.
        summary: What one sees, in words, for those who do not see it.
        folding: HTML that a page shows in its place, such as a tree that folds; empty for none.

    >>> from evcredit import assess, examples
    >>> from evcredit.plots import content
    >>> picture = content(assess(examples.demonstration_claim()))
    >>> picture.title
    'Critical minerals: 84.1 % qualify, and 50 % are needed'
    >>> picture.to_svg()[:4]
    '<svg'
    """

    title: str
    parts: tuple[Panel | Listing, ...]
    keys: tuple[Key, ...] = ()
    law: str
    digests: tuple[str, ...] = ()
    day: str
    sources: str
    summary: str
    folding: str = attrs.field(default="", eq=False)

    def __str__(self) -> str:
        return f"picture: {self.title}"

    def __repr__(self) -> str:
        return f"<{self}>"

    @property
    def notes(self) -> tuple[str, ...]:
        """What is below it: the day, the law and the sources."""
        return (f"Day: {self.day}. Law: {self.law}.", f"Sources: {self.sources}.")

    def placed(self, width: int = WIDE) -> Drawing:
        """The picture placed on a width: what every way of drawing draws.

        Args:
            width: The width in pixels, at least 280.

        Raises:
            ValueError: It is too narrow for words.
        """
        return placed(self.title, self.parts, keys=self.keys, notes=self.notes, width=width)

    def to_svg(self, width: int = WIDE) -> str:
        """The picture as SVG, which follows the light or dark setting of its reader.

        Args:
            width: The width in pixels, at least 280; words keep their size.

        Raises:
            ValueError: It is too narrow for words.
        """
        return as_svg(self.placed(width), self.title, self.summary)

    def to_html(self) -> str:
        """The picture as HTML for desks and phones alike; no script, and nothing is loaded."""
        if self.folding:
            return self.folding + "".join(
                f"<p><small>{escape(note)}</small></p>" for note in self.notes
            )
        return (
            "<style>.evcredit-phone{display:none}"
            f"@media(max-width:{PHONE}px){{.evcredit-phone{{display:block}}"
            ".evcredit-desk{display:none}}</style>"
            f'<div class="evcredit-desk">{self.to_svg(WIDE)}</div>'
            f'<div class="evcredit-phone">{self.to_svg(NARROW)}</div>'
        )

    def figure(self, width: int = WIDE, *, dark: bool = False) -> Figure:
        """The picture as a figure of matplotlib: the same shapes and words.

        Args:
            width: The width in pixels, at least 280, at 96 pixels an inch.
            dark: Whether it is drawn on a dark ground.

        Raises:
            MissingExtraError: The extra ``plots`` is not installed.
            ValueError: It is too narrow for words.
        """
        from evcredit.plots.figure import as_figure  # noqa: PLC0415

        return as_figure(self.placed(width), dark=dark)

    def to_dict(self) -> dict[str, Any]:
        """The description of the picture, ready for JSON; numbers are exact, as text."""
        return {
            "title": self.title,
            "parts": [_data(each) for each in self.parts],
            "keys": [_data(each) for each in self.keys],
            "law": self.law,
            "law_digests": list(self.digests),
            "day": self.day,
            "sources": self.sources,
            "summary": self.summary,
        }

    def words(self) -> Iterator[str]:
        """Every text that is drawn on a desk, in order."""
        for shape in self.placed().shapes:
            if text := getattr(shape, "text", ""):
                yield text

    def _repr_html_(self) -> str:
        return self.to_html()


def _data(value: Any) -> Any:
    """A part of the description as JSON holds it."""
    if attrs.has(value.__class__):
        kind = {"kind": value.__class__.__name__.lower()}
        return kind | {
            each.name: _data(getattr(value, each.name)) for each in attrs.fields(value.__class__)
        }
    if isinstance(value, tuple):
        return [_data(each) for each in value]
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(getattr(value, "value", value))
