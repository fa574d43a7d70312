"""A picture of the credit over income and over price, with its cliffs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from fractions import Fraction
from itertools import pairwise
from typing import Any

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.money import bounds_in_dollars
from evcredit.algebra.path import with_facts
from evcredit.errors import InvalidFactError
from evcredit.facts.claim import Claim
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.plots.drawn import Picture
from evcredit.plots.picture import Curve, Key, Level, Mark, Panel, Scale, Tick, Tone
from evcredit.results.assessing import assess

__all__ = ["credit_over"]

_INCOME = (
    "taxpayer.current_year.modified_adjusted_gross_income",
    "taxpayer.prior_year.modified_adjusted_gross_income",
)
#: The price of a vehicle by the credit, and what its parts are called.
_PRICES: Mapping[str, tuple[str, str]] = {
    "30D": ("vehicle.msrp", "vehicle.sticker"),
    "25E": ("purchase.sale_price", "purchase.sale_price_parts"),
}
_PIECES = 24

Point = tuple[int, Bounds[Any]]


def credit_over(
    claim: Claim,
    *,
    credit: str = "30D",
    law: Law | None = None,
    income: int = 400_000,
    price: int = 100_000,
) -> Picture:
    """The credit of a claim over income, and over price, all else as stated.

    Every kink and every cliff is found to the dollar: a stretch between two prices is taken as
    straight only if the credit in its middle lies on the line.

    Args:
        claim: The claim.
        credit: "30D" over the suggested retail price, or "25E" over the sale price.
        law: The law; `current_law` if omitted.
        income: The maximum income shown, in US dollars, the same in both years.
        price: The maximum price shown, in US dollars.

    Raises:
        InvalidFactError: No price of that credit is known, or a greatest value is not positive.

    >>> from evcredit import examples
    >>> print(credit_over(examples.demonstration_claim()))
    picture: The credit falls at an income of $300,001 and at a price of $80,001
    """
    law = law_applied(law)
    if credit not in tuple(_PRICES):  # which may be of any type
        raise InvalidFactError("credit", credit, "give '30D' or '25E', which have a price")
    for name, most in (("income", income), ("price", price)):
        if most.__class__ is not int or most <= 0:
            raise InvalidFactError(name, most, "give a whole number of dollars above zero")
    path, parts = _PRICES[credit]

    def by_income(dollars: int) -> Bounds[Any]:
        stated = with_facts(claim, dict.fromkeys(_INCOME, dollars))
        return assess(stated, law=law, credit=credit).credit

    def by_price(dollars: int) -> Bounds[Any]:
        return assess(
            with_facts(claim, {parts: None, path: dollars}), law=law, credit=credit
        ).credit

    over_income, over_price = _points(by_income, income), _points(by_price, price)
    day = claim.purchase.placed_in_service
    price_name = "suggested retail price" if credit == "30D" else "sale price"
    kept = {
        "modified adjusted gross income of each year, US dollars": (over_income, income),
        f"{price_name}, US dollars": (over_price, price),
    }
    title = _title(over_income, over_price)
    return Picture(
        title=title,
        parts=tuple(_panel(label, points, most) for label, (points, most) in kept.items()),
        keys=(Key(Tone(1), "credit; where it is unresolved, the minimum and the most"),),
        law=law.name,
        digests=(law.digest,),
        day=f"placed in service {'on an unknown day' if day is None else day}",
        sources=f"26 USC {credit}; all other facts of the claim as stated",
        summary=f"{title}. "
        + "; ".join(
            f"{label}: "
            + ", ".join(f"{in_dollars_of(at)}: {bounds_in_dollars(value)}" for at, value in points)
            for label, (points, _) in kept.items()
        )
        + ".",
    )


def in_dollars_of(amount: int) -> str:
    """A whole number of dollars in words."""
    return f"${amount:,}"


def _points(value: Callable[[int], Bounds[Any]], most: int) -> list[Point]:
    """The corners of the credit over whole dollars, each cliff as two dollars side by side."""
    known: dict[int, Bounds[Any]] = {}

    def at(dollars: int) -> Bounds[Any]:
        if dollars not in known:
            known[dollars] = value(dollars)
        return known[dollars]

    def straight(low: int, middle: int, high: int) -> bool:
        ends = [(at(each).lower, at(each).upper) for each in (low, middle, high)]
        return all(
            (between - first) * (high - low) == (last - first) * (middle - low)
            for first, between, last in zip(*ends, strict=True)
        )

    corners = {0, most}
    ahead = [*pairwise(sorted({most * step // _PIECES for step in range(_PIECES + 1)}))]
    while ahead:
        low, high = ahead.pop()
        middle = (low + high) // 2
        corners |= {low, high}
        if high - low > 1 and not straight(low, middle, high):
            ahead += [(low, middle), (middle, high)]
    found = sorted(corners)
    kept = found[:1]
    for here, after in pairwise(found[1:]):
        if not straight(kept[-1], here, after):
            kept.append(here)
    return [(each, at(each)) for each in [*kept, most]]


def _cliffs(points: Iterable[Point]) -> Iterator[tuple[int, Bounds[Any], Bounds[Any]]]:
    """Where a dollar more costs more than a dollar of credit, or may."""
    for (low, before), (high, after) in pairwise(points):
        falls = max(before.lower - after.lower, before.upper - after.upper)
        if high - low == 1 and falls > 1:
            yield high, before, after


_NO_CLIFF = "The credit has no cliff here"


def _title(income: list[Point], price: list[Point]) -> str:
    # An open credit may have cliffs that its bounds do not show.
    is_open = any(not value.is_exact for _, value in (*income, *price))
    said = []
    for name, points in (("an income", income), ("a price", price)):
        falls = [in_dollars_of(at) for at, *_ in _cliffs(points)]
        if falls:
            said.append(f"at {name} of {' and '.join(falls)}")
    if said:
        return f"The credit {'may fall' if is_open else 'falls'} {' and '.join(said)}"
    return "The credit is unresolved, and has no certain cliff here" if is_open else _NO_CLIFF


def _step(most: int) -> int:
    """A round step with which a number is reached in no more than five."""
    size = int("1" + "0" * max(len(str(most)) - 2, 0))
    return next(
        each for each in (size, 2 * size, 5 * size, 10 * size, 20 * size) if 5 * each >= most
    )


def _panel(label: str, points: list[Point], most: int) -> Panel:
    top = max([1000, *(int(value.upper) for _, value in points)])
    step, wide = _step(top), _step(most)
    marks: list[Mark] = []
    for end in ("lower", "upper"):
        line = tuple((Fraction(at), Fraction(getattr(value, end))) for at, value in points)
        if end == "lower" or any(not value.is_exact for _, value in points):
            marks.append(Curve(points=line, hue=1, dashed=end == "upper", says=f"the {end} end"))
    for at, before, after in _cliffs(points):
        marks.append(
            Level(
                at=Fraction(at),
                upright=True,
                label=f"from {in_dollars_of(at)}: {bounds_in_dollars(after)}",
                start=Fraction(before.upper),
                end=Fraction(after.lower),
                says=f"from {in_dollars_of(at)} on {bounds_in_dollars(after)}, "
                f"before {bounds_in_dollars(before)}",
            )
        )
    return Panel(
        x=Scale(
            label=label,
            lower=Fraction(0),
            upper=Fraction(most),
            ticks=tuple(Tick(Fraction(at), in_dollars_of(at)) for at in range(0, most + 1, wide)),
        ),
        y=Scale(
            label="credit, US dollars",
            lower=Fraction(0),
            upper=Fraction(top + step),
            ticks=tuple(
                Tick(Fraction(at), in_dollars_of(at)) for at in range(0, top + step + 1, step)
            ),
        ),
        marks=tuple(marks),
        height=230,
    )
