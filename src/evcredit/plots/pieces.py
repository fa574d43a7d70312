"""What a content is made of: the pieces that the findings of an assessment show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

import attrs

from evcredit.algebra.finding import Finding
from evcredit.algebra.money import in_dollars, in_millionths
from evcredit.algebra.share import Share
from evcredit.errors import InvalidFactError, checked
from evcredit.facts.place import place_name
from evcredit.plots.picture import Fill, Key, Tone
from evcredit.results.assessment import AN_ASSESSMENT, Assessment
from evcredit.section_30d.sourcing.components import component_parts
from evcredit.section_30d.sourcing.minerals import ChainNote
from evcredit.section_30d.sourcing.qualifying import qualifying_shares

__all__ = [
    "Content",
    "Piece",
    "Segment",
    "basis_of",
    "fill_keys",
    "hues_of",
    "mineral_content",
    "part_content",
    "percent_in_words",
    "place_in_words",
    "segments",
]


@attrs.frozen(kw_only=True)
class Piece:
    """A part of a battery's value.

    Args:
        name: What it is.
        place: Where what decides it was done; `None` if unknown.
        where: The same in words; the places that it may be, where several are possible.
        value: Its value in millionths of a US dollar; `None` if unknown.
        least: The minimum part of it that qualifies.
        most: The maximum.
        says: All that is known of it, in words.
        evidence: Where its facts are from.
    """

    name: str
    place: str | None
    where: str
    value: int | None
    least: Fraction
    most: Fraction
    says: str
    evidence: str = ""

    @property
    def worth(self) -> str:
        """Its value in words."""
        return "value unknown" if self.value is None else in_dollars(in_millionths(self.value))


@attrs.frozen(kw_only=True)
class Content:
    """A content, what it is compared with, and its pieces.

    Args:
        finding: The finding that compares it.
        share: The content; `None` if there is none.
        percents: What is needed: one number, or each that may be where the day is unknown;
            empty where the law has none.
        pieces: What it is made of; empty if it was certified.
    """

    finding: Finding
    share: Share | None
    percents: tuple[int, ...]
    pieces: tuple[Piece, ...]

    @property
    def asked_for(self) -> str:
        """What is needed, in words."""
        if not self.percents:
            return "no percentage is in the law"
        return f"{self.percent_in_words} required{self._by_the_day}"

    @property
    def percent_in_words(self) -> str:
        """The percentage, or the minimum and the most that it may be."""
        least, most = min(self.percents), max(self.percents)
        return f"{least} %" if least == most else f"{least} % to {most} %"

    @property
    def _by_the_day(self) -> str:
        return ", by the unknown day" if len(self.percents) > 1 else ""

    @property
    def says_what_is_asked_for(self) -> str:
        """The percentage in the words of a title."""
        if not self.percents:
            return "the law has no percentage for that day"
        return f"{self.percent_in_words} are needed{self._by_the_day}"


def mineral_content(result: Assessment, code: str = "value_added_test") -> Content:
    """The content of critical minerals as the findings of an assessment have it.

    Args:
        result: The assessment.
        code: The reason code of the test.

    Raises:
        InvalidFactError: No content of minerals is needed of this vehicle.
    """
    found = _compared(result, code)
    chains = [note for each in found.parts if isinstance(note := each.note, ChainNote)]
    return _content(found, tuple(map(_chain, chains)))


def part_content(result: Assessment) -> Content:
    """The content of battery components as the findings of an assessment have it.

    Raises:
        InvalidFactError: No content of components is needed of this vehicle.
    """
    found = _compared(result, "components_requirement")
    battery = result.claim.vehicle.battery
    if battery.certified_battery_component_content is not None or battery.components is None:
        return _content(found, ())
    america = result.law.north_america.members
    parts = component_parts(battery, america)
    merged: dict[tuple[str, str | None, Fraction, Fraction], int | None] = {}
    for (value, places), (_, (least, most)) in zip(battery.value_parts, parts, strict=True):
        among = sorted({place_in_words(place) for place in places})
        place = places[0] if len(among) == 1 else None
        key = (" or ".join(among), place, Fraction(least), Fraction(most))
        before = merged.get(key, 0)
        merged[key] = None if value is None or before is None else before + value
    return _content(
        found,
        tuple(
            Piece(
                name="components",
                place=place,
                where=where,
                value=value,
                least=least,
                most=most,
                says=f"components made in {where}",
            )
            for (where, place, least, most), value in merged.items()
        ),
    )


def _compared(result: Assessment, code: str) -> Finding:
    checked(result, Assessment, "result", AN_ASSESSMENT)
    try:
        found = result.find(code)
    except KeyError:
        found = None
    if found is None or not found.in_force:
        raise InvalidFactError(
            "assessment",
            str(result),
            "no content is needed of this vehicle under this credit and law; give another",
        )
    return found


def _content(found: Finding, pieces: tuple[Piece, ...]) -> Content:
    shares = [fact.value for fact in found.facts if isinstance(fact.value, Share)]
    percents = [limit.value for limit in found.limits if isinstance(limit.value, int)]
    return Content(
        finding=found,
        share=shares[0] if shares else None,
        percents=tuple(dict.fromkeys(percents)),
        pieces=pieces,
    )


def day_in_words(result: Assessment) -> str:
    """The day under a picture."""
    day = result.governing_day
    return f"placed in service {'on an unknown day' if day is None else day}"


def _chain(note: ChainNote) -> Piece:
    source, (least, most) = note.source, note.share
    place = _place(note)
    return Piece(
        name=source.mineral.described,
        place=place,
        where=place_in_words(place),
        value=source.value_in_millionths,
        least=Fraction(least),
        most=Fraction(most),
        says=str(note),
        evidence=source.evidence or "",
    )


def _place(note: ChainNote) -> str | None:
    """Where what decides a chain was done: the activity that counts most, or else the last."""
    steps = note.source.steps or ()
    if note.share[1] and note.day is not None:
        shares = qualifying_shares(note.source, note.law, note.day)
        best = max(shares, key=lambda each: shares[each].upper, default=None)
        steps = tuple(step for step in steps if step.activity is best) or steps
    return steps[-1].country if steps else None


def place_in_words(place: str | None) -> str:
    """A place by its name, also if it is unknown."""
    return "an unknown country" if place is None else place_name(place)


def hues_of(pieces: Iterable[Piece]) -> dict[str | None, int]:
    """A hue for each place, those of the most value first; what is left over is gray.

    A place keeps its hue however its pieces qualify.
    """
    worth: dict[str | None, int] = {}
    for piece in pieces:
        worth[piece.place] = worth.get(piece.place, 0) + (piece.value or 0)
    known = sorted((place for place in worth if place is not None), key=lambda p: (-worth[p], p))
    hues: dict[str | None, int] = {place: number for number, place in enumerate(known[:7], 1)}
    return hues | dict.fromkeys([*known[7:], None], 0)


@attrs.frozen(kw_only=True)
class Segment:
    """A stretch of a stack.

    Args:
        piece: The piece it is a part of.
        start: Where it begins, in percent of the value.
        end: Where it ends.
        fill: Whether it qualifies.
    """

    piece: Piece
    start: Fraction
    end: Fraction
    fill: Fill


def segments(content: Content) -> Iterator[Segment]:
    """The pieces of known value as a stack of 100 percent: what qualifies first, then what may."""
    total = sum(piece.value for piece in content.pieces if piece.value)
    start = Fraction(0)
    for fill in (Fill.SOLID, Fill.DOTTED, Fill.HATCHED):
        for piece in content.pieces:
            parts = {
                Fill.SOLID: piece.least,
                Fill.DOTTED: piece.most - piece.least,
                Fill.HATCHED: 1 - piece.most,
            }
            if piece.value and parts[fill]:
                end = start + Fraction(parts[fill] * piece.value * 100, total)
                yield Segment(piece=piece, start=start, end=end, fill=fill)
                start = end


_MEANING = {
    Fill.SOLID: "qualifies",
    Fill.DOTTED: "open: a fact is unknown",
    Fill.HATCHED: "does not qualify",
}


def fill_keys(fills: Iterable[Fill], hues: dict[str | None, int]) -> tuple[Key, ...]:
    """What the hues and the fillings mean."""
    seen = set(fills)
    places = [Key(Tone(hue), place_in_words(place)) for place, hue in hues.items() if hue]
    if any(not hue and place is not None for place, hue in hues.items()):
        places.append(Key(Tone(0), "other countries"))
    return (
        *places,
        *(Key(Tone(0, fill), text) for fill, text in _MEANING.items() if fill in seen),
    )


def percent_in_words(share: Share | None) -> str:
    """A content in words."""
    return "unknown" if share is None else str(share)


def basis_of(contents: Iterable[Content]) -> str:
    """Where a content is from: the provisions, and what is stated of the facts."""
    kept = list(contents)
    found = [str(each.finding.citation) for each in kept]
    found += [piece.evidence for each in kept for piece in each.pieces if piece.evidence]
    return "; ".join(dict.fromkeys(found))
