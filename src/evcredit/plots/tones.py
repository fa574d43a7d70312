"""Colors: a palette that the color-blind can tell apart, on a light and on a dark ground.

The hues are those that Okabe and Ito proposed. What a mark says never rests on the hue alone:
the way it is filled and its words say it too.
"""

from __future__ import annotations

import attrs

from evcredit.plots.picture import Fill, Tone

__all__ = ["DARK", "HUES", "LIGHT", "Ground", "filling", "mixed", "words_on"]

#: Gray, and seven hues.
HUES = ("#7d848c", "#0072b2", "#e69f00", "#009e73", "#d55e00", "#56b4e9", "#cc79a7", "#f0e442")

#: How much of the hue is in the ground of what is hatched or dotted.
_TINT = 22


@attrs.frozen(kw_only=True)
class Ground:
    """What a picture is drawn on.

    Args:
        paper: The color behind everything.
        ink: That of words and limits.
        faint: That of lesser words.
        grid: That of lines that help to read.
    """

    paper: str
    ink: str
    faint: str
    grid: str


LIGHT = Ground(paper="#ffffff", ink="#1b1f24", faint="#535b65", grid="#d5dae0")
DARK = Ground(paper="#161b22", ink="#e8edf2", faint="#a3adb8", grid="#3a424c")


def _parts(color: str) -> tuple[int, int, int]:
    return (int(color[1:3], 16), int(color[3:5], 16), int(color[5:7], 16))


def mixed(color: str, other: str, percent: int) -> str:
    """Return a percentage of a color in another.

    >>> mixed("#ffffff", "#000000", 50)
    '#808080'
    """
    parts = zip(_parts(color), _parts(other), strict=True)
    mixture = ((one * percent + two * (100 - percent) + 50) // 100 for one, two in parts)
    return "#" + "".join(f"{each:02x}" for each in mixture)


def filling(tone: Tone, ground: Ground) -> str:
    """Return the color that a mark is filled with, under its hatching or dots."""
    hue = HUES[tone.hue]
    if tone.fill is Fill.SOLID:
        return hue
    return ground.paper if tone.fill is Fill.EMPTY else mixed(hue, ground.paper, _TINT)


def words_on(tone: Tone, ground: Ground) -> str:
    """Return the color of words on a mark: what can be read best.

    >>> words_on(Tone(1), LIGHT), words_on(Tone(7), LIGHT)
    ('#ffffff', '#0b0e12')
    """
    if tone.fill is not Fill.SOLID:
        return ground.ink
    red, green, blue = _parts(HUES[tone.hue])
    return "#ffffff" if 299 * red + 587 * green + 114 * blue < 100_000 else "#0b0e12"
