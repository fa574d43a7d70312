"""A placed picture as SVG: text alone, with a light and a dark look, and no script."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from xml.sax.saxutils import escape

from evcredit.plots.picture import Fill, Tone
from evcredit.plots.shapes import Drawing, Path, Rectangle, Shape, Word
from evcredit.plots.tones import DARK, HUES, LIGHT, Ground, filling, words_on

__all__ = ["as_svg"]

_FONT = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"


def as_svg(drawing: Drawing, title: str, summary: str) -> str:
    """Return a placed picture as SVG.

    Args:
        drawing: The picture, placed.
        title: What it shows.
        summary: What one sees, in words.
    """
    body = list(_body(drawing))
    # Pictures on one page must not share names of patterns: one of them may be hidden.
    digest = hashlib.sha256("".join([title, *(str(each) for each in body)]).encode())
    name = f"ev{digest.hexdigest()[:8]}"
    width, height = drawing.width, drawing.height
    return "\n".join(
        (
            (
                f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
                f'width="{width}" role="img" aria-labelledby="{name}-t {name}-d" class="{name}" '
                'style="max-width:100%;height:auto">'
            ),
            f'<title id="{name}-t">{escape(title)}</title>',
            f'<desc id="{name}-d">{escape(summary)}</desc>',
            f"<style>{_styles(name, drawing)}</style>",
            f"<defs>{''.join(_patterns(name, drawing))}</defs>",
            f'<rect width="{width}" height="{height}" class="paper"/>',
            *(line.replace("#ev-", f"#{name}-") for line in body),
            "</svg>\n",
        )
    )


def _number(tenths: int) -> str:
    whole, rest = divmod(abs(tenths), 10)
    return ("-" if tenths < 0 else "") + f"{whole}" + (f".{rest}" if rest else "")


def _tones(drawing: Drawing) -> list[Tone]:
    found = {
        tone
        for shape in drawing.shapes
        for tone in (getattr(shape, "tone", None), getattr(shape, "on", None))
        if tone is not None
    }
    return sorted(found, key=lambda tone: (tone.hue, tone.fill.value))


def _name(tone: Tone) -> str:
    return f"{tone.fill.value[0]}{tone.hue}"


def _styles(name: str, drawing: Drawing) -> str:
    both = [
        f".{name} text{{font-family:{_FONT}}}",
        f".{name} .halo{{paint-order:stroke;stroke-width:3px;stroke-linejoin:round}}",
        f".{name} .line{{fill:none}}",
        f".{name} .strong{{stroke-width:2.4px}}.{name} .casing{{stroke-width:5px}}",
        f".{name} .pale{{opacity:.55}}",
    ]
    light = "".join(_ground_styles(name, drawing, LIGHT))
    dark = "".join(_ground_styles(name, drawing, DARK))
    return "".join(both) + light + f"@media(prefers-color-scheme:dark){{{dark}}}"


def _ground_styles(name: str, drawing: Drawing, ground: Ground) -> Iterator[str]:
    yield f".{name} .paper{{fill:{ground.paper}}}"
    yield f".{name} .halo{{stroke:{ground.paper}}}"
    yield f".{name} .ink{{fill:{ground.ink}}}.{name} .faint{{fill:{ground.faint}}}"
    yield f".{name} .line.ink{{fill:none;stroke:{ground.ink}}}"
    yield f".{name} .line.grid{{stroke:{ground.grid}}}"
    yield f".{name} .edge,.{name} .line.casing{{stroke:{ground.paper}}}"
    for tone in _tones(drawing):
        own = _name(tone)
        yield f".{name} .fill-{own}{{fill:{filling(tone, ground)}}}"
        yield f".{name} .on-{own}{{fill:{words_on(tone, ground)}}}"
        yield f".{name} .halo.on-{own}{{stroke:{filling(tone, ground)}}}"
    for hue in sorted({tone.hue for tone in _tones(drawing)}):
        color = ground.faint if hue == 0 else HUES[hue]
        yield f".{name} .hue-{hue}{{stroke:{color}}}.{name} .dot-{hue}{{fill:{color}}}"


def _patterns(name: str, drawing: Drawing) -> Iterator[str]:
    for tone in _tones(drawing):
        own = _name(tone)
        size = 8
        ground = f'<rect width="{size}" height="{size}" class="fill-{own}"/>'
        if tone.fill is Fill.HATCHED:
            mark = f'<path d="M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4" class="hue-{tone.hue}"/>'
        elif tone.fill is Fill.DOTTED:
            mark = (
                f'<circle cx="2" cy="2" r="1" class="dot-{tone.hue}"/>'
                f'<circle cx="6" cy="6" r="1" class="dot-{tone.hue}"/>'
            )
        else:
            continue
        yield (
            f'<pattern id="{name}-{own}" width="{size}" height="{size}" '
            f'patternUnits="userSpaceOnUse">{ground}{mark}</pattern>'
        )
    yield (
        f'<marker id="{name}-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto-start-reverse"><path d="M0,0 L8,4 L0,8 z" class="ink"/>'
        "</marker>"
    )


def _body(drawing: Drawing) -> Iterator[str]:
    for shape in drawing.shapes:
        drawn = _drawn(shape)
        says = getattr(shape, "says", "")
        yield f"<g>{drawn}<title>{escape(says)}</title></g>" if says else drawn


def _drawn(shape: Shape) -> str:
    if isinstance(shape, Rectangle):
        return _rectangle(shape)
    return _path(shape) if isinstance(shape, Path) else _word(shape)


def _look(tone: Tone) -> str:
    own = _name(tone)
    if tone.fill in (Fill.HATCHED, Fill.DOTTED):
        return f'style="fill:url(#ev-{own})"'
    return f'class="fill-{own}"'


def _rectangle(shape: Rectangle) -> str:
    at = " ".join(
        f'{name}="{_number(value)}"'
        for name, value in (
            ("x", shape.x),
            ("y", shape.y),
            ("width", shape.width),
            ("height", shape.height),
        )
    )
    edge = "edge" if shape.tone.fill is Fill.SOLID else f"hue-{shape.tone.hue}"
    dashes = ' stroke-dasharray="3 2"' if shape.tone.fill is Fill.DOTTED else ""
    return f'<g class="{edge}"><rect {at} {_look(shape.tone)}{dashes}/></g>'


def _path(shape: Path) -> str:
    points = " L".join(f"{_number(x)},{_number(y)}" for x, y in shape.points)
    if shape.area:
        return f'<g class="pale"><path d="M{points} z" {_look(shape.tone)}/></g>'
    role = f"hue-{shape.tone.hue}" if shape.role == "hue" else shape.role
    strong = " strong" if shape.strong else ""
    dashes = ' stroke-dasharray="5 3"' if shape.dashed else ""
    arrow = ' marker-end="url(#ev-arrow)"' if shape.arrow else ""
    return f'<path d="M{points}" class="line {role}{strong}"{dashes}{arrow}/>'


def _word(shape: Word) -> str:
    role = "faint" if shape.faint else "ink"
    if shape.on is not None:
        role = f"on-{_name(shape.on)}"
    halo = "halo " if shape.haloed else ""
    anchor = "" if shape.anchor == "start" else f' text-anchor="{shape.anchor}"'
    weight = ' font-weight="600"' if shape.strong else ""
    return (
        f'<text x="{_number(shape.x)}" y="{_number(shape.y)}" font-size="{shape.size}"'
        f'{anchor}{weight} class="{halo}{role}">{escape(shape.text)}</text>'
    )
