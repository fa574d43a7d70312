"""A placed picture as a figure of matplotlib: the same shapes and words as the SVG."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

from evcredit.errors import MissingExtraError
from evcredit.plots.picture import Fill, Tone
from evcredit.plots.shapes import Drawing, Path, Rectangle, Word
from evcredit.plots.tones import DARK, HUES, LIGHT, Ground, filling, words_on

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["as_figure"]

#: Pixels an inch of the picture, and points an inch of matplotlib.
_PIXELS, _POINTS = 96, 72

#: How wide a thin line is, in points.
_THIN = Fraction(3, 4)
_HATCHES = {Fill.HATCHED: "////", Fill.DOTTED: "...."}
_ANCHORS = {"start": "left", "middle": "center", "end": "right"}


def as_figure(drawing: Drawing, *, dark: bool = False) -> Figure:
    """Return a placed picture as a figure.

    Args:
        drawing: The picture, placed.
        dark: Whether it is drawn on a dark ground.

    Raises:
        MissingExtraError: matplotlib is not installed.
    """
    try:
        from matplotlib.figure import Figure  # noqa: PLC0415
    except ImportError as error:
        raise MissingExtraError("figures", "matplotlib", "plots") from error
    ground = DARK if dark else LIGHT
    figure = Figure(
        figsize=(_size(drawing.width, _PIXELS), _size(drawing.height, _PIXELS)),
        dpi=_PIXELS,
        facecolor=ground.paper,
    )
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_axis_off()
    axes.set_xlim(0, 10 * drawing.width)
    axes.set_ylim(10 * drawing.height, 0)
    for order, shape in enumerate(drawing.shapes):
        if isinstance(shape, Rectangle):
            _rectangle(axes, shape, ground, order)
        elif isinstance(shape, Path):
            _path(axes, shape, ground, order)
        else:
            _word(axes, shape, ground, order)
    return figure


def _size(number: int, of: int) -> float:
    """A size as matplotlib takes it."""
    return float(Fraction(number, of))


def _edge(tone: Tone, ground: Ground) -> str:
    if tone.fill is Fill.SOLID:
        return ground.paper
    return HUES[tone.hue] if tone.hue else ground.faint


def _rectangle(axes: Any, shape: Rectangle, ground: Ground, order: int) -> None:
    from matplotlib.patches import Rectangle as Patch  # noqa: PLC0415

    axes.add_patch(
        Patch(
            (shape.x, shape.y),
            shape.width,
            shape.height,
            facecolor=filling(shape.tone, ground),
            edgecolor=_edge(shape.tone, ground),
            hatch=_HATCHES.get(shape.tone.fill),
            linestyle="--" if shape.tone.fill is Fill.DOTTED else "-",
            linewidth=_THIN,
            zorder=order,
        )
    )


def _path(axes: Any, shape: Path, ground: Ground, order: int) -> None:
    from matplotlib.patches import FancyArrowPatch, Polygon  # noqa: PLC0415

    if shape.area:
        axes.add_patch(
            Polygon(
                shape.points,
                facecolor=filling(shape.tone, ground),
                edgecolor=_edge(shape.tone, ground),
                hatch=_HATCHES.get(shape.tone.fill),
                linewidth=0,
                alpha=Fraction(11, 20),
                zorder=order,
            )
        )
        return
    color = {
        "ink": ground.ink,
        "grid": ground.grid,
        "casing": ground.paper,
        "hue": HUES[shape.tone.hue] if shape.tone.hue else ground.faint,
    }[shape.role]
    width = 4 if shape.role == "casing" else 2 if shape.strong else _THIN
    style = "--" if shape.dashed else "-"
    if shape.arrow:
        axes.add_patch(
            FancyArrowPatch(
                *shape.points,
                arrowstyle="-|>",
                mutation_scale=9,
                shrinkA=0,
                shrinkB=0,
                color=color,
                linewidth=width,
                linestyle=style,
                zorder=order,
            )
        )
        return
    across, down = zip(*shape.points, strict=True)
    axes.plot(across, down, color=color, linewidth=width, linestyle=style, zorder=order)


def _word(axes: Any, shape: Word, ground: Ground, order: int) -> None:
    from matplotlib.patheffects import withStroke  # noqa: PLC0415

    color = ground.faint if shape.faint else ground.ink
    behind = ground.paper
    if shape.on is not None:
        color, behind = words_on(shape.on, ground), filling(shape.on, ground)
    axes.text(
        shape.x,
        shape.y,
        shape.text,
        fontsize=_size(shape.size * _POINTS, _PIXELS),
        color=color,
        ha=_ANCHORS[shape.anchor],
        va="baseline",
        weight="bold" if shape.strong else "normal",
        path_effects=[withStroke(linewidth=2, foreground=behind)] if shape.haloed else [],
        parse_math=False,
        zorder=order,
    )
