"""A picture of a supply chain: from where minerals are extracted to whether they qualify."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

import attrs

from evcredit.algebra.share import percent
from evcredit.errors import InvalidFactError
from evcredit.facts.chain import Activity, MineralSource
from evcredit.plots.drawn import Picture
from evcredit.plots.picture import Band, Box, Fill, Mark, Panel, Text, Tone
from evcredit.plots.pieces import (
    Piece,
    basis_of,
    day_in_words,
    fill_keys,
    hues_of,
    mineral_content,
    percent_in_words,
    place_in_words,
)
from evcredit.results.assessment import Assessment

__all__ = ["flow"]

_MEANING = {
    Fill.SOLID: "qualifies",
    Fill.DOTTED: "open",
    Fill.HATCHED: "does not qualify",
}
#: How wide a country is, and how much room there is between two, in parts of the panel.
_WIDTH, _GAP = Fraction(1, 40), Fraction(1, 22)
_HEADROOM = Fraction(1, 9)


@attrs.frozen(kw_only=True)
class _Stream:
    """A part of a chain's value, with what it passes through."""

    piece: Piece
    fill: Fill
    share: Fraction
    through: tuple[str, str, str]


def flow(result: Assessment) -> Picture:
    """The flow of critical minerals by country, with what of it qualifies.

    A ribbon is as thick as its part of the value of all minerals.

    Args:
        result: An assessment of a new vehicle.

    Raises:
        InvalidFactError: No content is needed of this vehicle, or no chain has a known value.

    >>> from evcredit import assess, examples
    >>> print(flow(assess(examples.demonstration_claim())))
    picture: The flow of critical minerals: 84.1 % qualify
    """
    content = mineral_content(result)
    total = sum(piece.value for piece in content.pieces if piece.value)
    if not total:
        raise InvalidFactError(
            "assessment", str(result), "no chain has a value that is known; state values"
        )
    sources = result.claim.vehicle.battery.chains or ()
    streams = [
        _Stream(
            piece=piece,
            fill=fill,
            share=Fraction(part * piece.value, total),
            through=(
                _where(source, Activity.EXTRACTION),
                _where(source, Activity.PROCESSING),
                _MEANING[fill],
            ),
        )
        for piece, source in zip(content.pieces, sources, strict=True)
        if piece.value
        for fill, part in (
            (Fill.SOLID, piece.least),
            (Fill.DOTTED, piece.most - piece.least),
            (Fill.HATCHED, 1 - piece.most),
        )
        if part
    ]
    hues = hues_of(content.pieces)
    said = percent_in_words(content.share)
    title = f"The flow of critical minerals: {said} qualify"
    return Picture(
        title=title,
        parts=(Panel(marks=tuple(_marks(streams, hues)), height=440),),
        keys=fill_keys((each.fill for each in streams), hues),
        law=result.law.name,
        digests=(result.law.digest,),
        day=day_in_words(result),
        sources=f"{basis_of([content])}; thickness is percent of the value",
        summary=f"{title}. "
        + "; ".join(
            f"{each.piece.name}: {' to '.join(each.through)}, {percent(each.share)} %"
            for each in streams
        )
        + ".",
    )


def _where(source: MineralSource, activity: Activity) -> str:
    """Where an activity was done; recycling is shown where processing is."""
    steps = source.steps
    if steps is None:
        return "unknown"
    wanted = {activity}
    if activity is Activity.PROCESSING:
        wanted.add(Activity.RECYCLING)
    places = [place_in_words(each.country) for each in steps if each.activity in wanted]
    if not places and any(each.activity is Activity.RECYCLING for each in steps):
        return "scrap"
    return " + ".join(dict.fromkeys(places)) or "not stated"


def _order(streams: list[_Stream], column: int) -> list[str]:
    """The names of a column from top to bottom: what qualifies first, then by value."""
    if column == 2:
        present = {each.through[2] for each in streams}
        return [text for text in _MEANING.values() if text in present]
    worth: dict[str, Fraction] = {}
    for each in streams:
        name = each.through[column]
        worth[name] = worth.get(name, Fraction(0)) + each.share
    good = {each.through[column] for each in streams if each.fill is Fill.SOLID}
    return sorted(worth, key=lambda name: (name not in good, -worth[name], name))


def _marks(streams: list[_Stream], hues: dict[str | None, int]) -> Iterable[Mark]:
    orders = [_order(streams, column) for column in range(3)]
    most = max(map(len, orders))
    scale = 1 - _HEADROOM - _GAP * (most - 1)
    spans: list[dict[int, tuple[Fraction, Fraction]]] = []
    nodes: list[Mark] = []
    texts: list[Mark] = []
    for column, names in enumerate(orders):
        left = Fraction(column, 2) * (1 - _WIDTH)
        top = 1 - _HEADROOM
        of_column: dict[int, tuple[Fraction, Fraction]] = {}
        for name in names:
            inside = [n for n, each in enumerate(streams) if each.through[column] == name]
            if column:  # so that ribbons do not cross at their end
                inside.sort(key=lambda n: -spans[-1][n][1])
            else:
                inside.sort(key=lambda n: orders[1].index(streams[n].through[1]))
            start = top
            for number in inside:
                of_column[number] = (top - streams[number].share * scale, top)
                top = of_column[number][0]
            share = sum((streams[number].share for number in inside), Fraction(0))
            said = f"{name}: {percent(share)} %"
            nodes.append(Box(left=left, right=left + _WIDTH, bottom=top, top=start, says=said))
            at_end = column == 2
            texts.append(
                Text(
                    x=Fraction(1) if at_end else left + _WIDTH + Fraction(1, 80),
                    y=start + Fraction(1, 40) if at_end else Fraction(start + top, 2),
                    text=f"{name} {percent(share)} %",
                    anchor="end" if at_end else "start",
                    strong=at_end,
                    room=None if at_end else Fraction(9, 20),
                )
            )
            top -= _GAP
        spans.append(of_column)
    for column in range(2):
        for number, each in enumerate(streams):
            yield Band(
                left=Fraction(column, 2) * (1 - _WIDTH) + _WIDTH,
                right=Fraction(column + 1, 2) * (1 - _WIDTH),
                begins=spans[column][number],
                ends=spans[column + 1][number],
                tone=Tone(hues[each.piece.place], each.fill),
                says=f"{each.piece.says}: {each.through[2]}, {percent(each.share)} % of the value",
            )
    yield from nodes
    yield from texts
    heads = (("extracted in", "start"), ("processed in", "middle"), ("content", "end"))
    for column, (head, anchor) in enumerate(heads):
        yield Text(x=Fraction(column, 2), y=1 - Fraction(1, 60), text=head, anchor=anchor)
