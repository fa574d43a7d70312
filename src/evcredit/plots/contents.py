"""Pictures of contents: one claim against the percentage of the year, and under several laws."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import attrs

from evcredit.errors import InvalidFactError, checked
from evcredit.facts.claim import Claim
from evcredit.law.law import HOW_TO_NAME, Law
from evcredit.plots.drawn import Picture
from evcredit.plots.picture import (
    Bands,
    Box,
    Fill,
    Level,
    Listing,
    Mark,
    Panel,
    Row,
    Scale,
    Text,
    Tick,
    Tone,
)
from evcredit.plots.pieces import (
    Content,
    Segment,
    basis_of,
    day_in_words,
    fill_keys,
    hues_of,
    mineral_content,
    part_content,
    percent_in_words,
    segments,
)
from evcredit.results.assessing import assess
from evcredit.results.assessment import Assessment

__all__ = ["content", "scenarios"]

_TICKS = tuple(Tick(Fraction(at), f"{at} %") for at in range(0, 101, 20))
_PERCENT = Scale(label="percent of the value", lower=Fraction(0), upper=Fraction(100), ticks=_TICKS)


def content(result: Assessment) -> Picture:
    """The contents of a battery against the percentages requested, chain by chain.

    Each chain has the color of the country that decides it, and is filled if it qualifies.

    Args:
        result: An assessment of a new vehicle.

    Raises:
        InvalidFactError: No content is needed of this vehicle.

    >>> from evcredit import examples
    >>> print(content(assess(examples.demonstration_claim())))
    picture: Critical minerals: 84.1 % qualify, and 50 % are needed
    """
    minerals = mineral_content(result)
    kept = {"critical minerals": minerals}
    traced = mineral_content(result, "traced_value_test") if _both(result) else minerals
    if traced.share != minerals.share:
        kept = {
            "critical minerals, 50 percent value added test": minerals,
            "critical minerals, traced qualifying value test": traced,
        }
    kept["battery components"] = part_content(result)
    hues = hues_of(piece for each in kept.values() for piece in each.pieces)
    stacks = [list(segments(each)) for each in kept.values()]
    marks = [
        mark
        for number, (each, stack) in enumerate(zip(kept.values(), stacks, strict=True))
        for mark in _row(number, each, stack, hues)
    ]
    said = percent_in_words(minerals.share)
    title = f"Critical minerals: {said} qualify, and {minerals.says_what_is_asked_for}"
    return Picture(
        title=title,
        parts=(
            Panel(
                x=_PERCENT,
                y=Bands(label="", names=tuple(kept)),
                marks=tuple(marks),
                height=64,
            ),
            _listing(kept, hues),
        ),
        keys=fill_keys((each.fill for stack in stacks for each in stack), hues),
        law=result.law.name,
        digests=(result.law.digest,),
        day=day_in_words(result),
        sources=basis_of(kept.values()),
        summary=_summary(title, kept),
    )


def _both(result: Assessment) -> bool:
    """Whether the second test is in force too."""
    return any(each.code == "traced_value_test" for each in result.finding.walk() if each.in_force)


def _row(
    number: int, each: Content, stack: list[Segment], hues: Mapping[str | None, int]
) -> Iterator[Mark]:
    start = Fraction(number)
    bottom, top = start + Fraction(9, 20), start + Fraction(19, 20)
    for part in stack:
        yield Box(
            left=part.start,
            right=part.end,
            bottom=bottom,
            top=top,
            tone=Tone(hues[part.piece.place], part.fill),
            label=f"{part.piece.name}: {part.piece.where}",
            says=part.piece.says,
        )
    if not stack and each.share is not None:  # certified, or without values
        ends = each.share.bounds
        yield Box(
            left=Fraction(0),
            right=ends.lower * 100,
            bottom=bottom,
            top=top,
            label=f"{each.share}: no chains",
            says=f"{each.share}, without pieces of known value",
        )
    yield Text(
        x=Fraction(0),
        y=start + Fraction(1, 4),
        text=f"{percent_in_words(each.share)} qualify",
        anchor="start",
        strong=True,
    )
    for place, percent in enumerate(each.percents):
        yield Level(
            at=Fraction(percent),
            label="" if place else each.asked_for,
            upright=True,
            start=start + Fraction(7, 20),
            end=start + Fraction(39, 40),
            says=str(each.finding.limits[0].label),
        )


def _listing(kept: Mapping[str, Content], hues: Mapping[str | None, int]) -> Listing:
    """Every piece, those too small to name in the bars too."""
    rows = [Row(cells=("piece", "where it counts or was last", "value"), strong=True)]
    seen = set()
    for each in kept.values():
        for piece in each.pieces:
            if piece.says in seen:
                continue
            seen.add(piece.says)
            fill = next((part.fill for part in segments(each) if part.piece is piece), Fill.DOTTED)
            rows.append(
                Row(
                    cells=(
                        piece.name,
                        piece.where,
                        piece.worth,
                    ),
                    tone=Tone(hues[piece.place], fill),
                )
            )
    return Listing(title="The pieces", columns=(4, 5, 2), rows=tuple(rows), last_at_end=True)


def _summary(title: str, kept: Mapping[str, Content]) -> str:
    said = [title]
    for name, each in kept.items():
        said.append(f"{name}: {percent_in_words(each.share)}, {each.asked_for}")
        said += [
            f"{piece.name} from {piece.where}, "
            + ("qualifies" if piece.least == 1 else "open" if piece.most else "does not qualify")
            for piece in each.pieces
        ]
    return "; ".join(said) + "."


def scenarios(claim: Claim, laws: Mapping[str, Law], *, title: str | None = None) -> Picture:
    """The critical mineral content of one claim under several laws, side by side.

    Args:
        claim: The claim.
        laws: Laws by the names under which they are drawn.
        title: What the picture shows; made from the first and the last law if omitted.

    Raises:
        InvalidFactError: No law is given, or something else; or no content is needed of this
            vehicle.

    >>> from evcredit import current_law, examples
    >>> laws = {"without Japan": current_law().without_agreement("JP"), "with": current_law()}
    >>> print(scenarios(examples.demonstration_claim(), laws))
    picture: 47.7 % qualify without Japan, 84.1 % with
    """
    stated: object = laws
    if not isinstance(stated, Mapping) or not stated:
        raise InvalidFactError("laws", laws, "give at least one law by its name")
    for name, law in laws.items():
        checked(law, Law, f"laws.{name}", HOW_TO_NAME)
    results = {name: assess(claim, law=law) for name, law in laws.items()}
    contents = {name: mineral_content(result) for name, result in results.items()}
    hues = hues_of(next(iter(contents.values())).pieces)
    for each in contents.values():
        hues |= {place: 0 for place in hues_of(each.pieces) if place not in hues}
    stacks = [list(segments(each)) for each in contents.values()]
    boxes = [mark for number, stack in enumerate(stacks) for mark in _column(number, stack, hues)]
    limits = [
        mark for number, each in enumerate(contents.values()) for mark in _above(number, each)
    ]
    shares = {name: percent_in_words(each.share) for name, each in contents.items()}
    (first, one), (last, other) = next(iter(shares.items())), [*shares.items()][-1]
    result = next(iter(results.values()))
    return Picture(
        title=title or f"{one} qualify {first}, {other} {last}",
        parts=(
            Panel(
                x=Bands(label="", names=tuple(laws)),
                y=attrs.evolve(
                    _PERCENT,
                    label=f"{_PERCENT.label} of the critical minerals",
                    upper=Fraction(115),
                ),
                marks=(*boxes, *limits),
                height=400,
            ),
        ),
        keys=fill_keys((each.fill for stack in stacks for each in stack), hues),
        law="; ".join(f"{name}: {law.name}" for name, law in laws.items()),
        digests=tuple(law.digest for law in laws.values()),
        day=day_in_words(result),
        sources=basis_of(contents.values()),
        summary="Qualifying critical mineral content: "
        + "; ".join(
            f"{name}: {share}, {contents[name].asked_for}, {contents[name].finding.verdict.value}"
            for name, share in shares.items()
        )
        + ".",
    )


def _column(
    number: int, stack: Iterable[Segment], hues: Mapping[str | None, int]
) -> Iterator[Mark]:
    start = Fraction(number)
    left, right = start + Fraction(1, 20), start + Fraction(19, 20)
    for part in stack:
        yield Box(
            left=left,
            right=right,
            bottom=part.start,
            top=part.end,
            tone=Tone(hues[part.piece.place], part.fill),
            label=f"{part.piece.name}: {part.piece.where}",
            says=part.piece.says,
        )


def _above(number: int, each: Content) -> Iterator[Mark]:
    """What is needed, and what is reached: drawn last, above all columns."""
    start = Fraction(number)
    for place, percent in enumerate(each.percents):
        yield Level(
            at=Fraction(percent),
            label="" if number or place else each.asked_for,
            start=start,
            end=start + 1,
            says=f"{each.finding.limits[0].label}: {percent} %",
        )
    middle = start + Fraction(1, 2)
    yield Text(x=middle, y=Fraction(110), text=percent_in_words(each.share), strong=True)
    yield Text(x=middle, y=Fraction(104), text=each.finding.verdict.value)
