"""Where a content reaches its percentage as prices and shares move, in closed form; and tornados.

A content is qualifying value over total value, and both are linear in the price of a mineral, or
in what a kind of component adds itself. So the price at which it reaches a percentage is one
division of integers.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor
from typing import Any

import attrs

from evcredit.advice.sides import Lot, Side
from evcredit.algebra.money import in_millionths
from evcredit.algebra.share import Share, percent, share_of
from evcredit.results.words import json_value

__all__ = ["PriceChange", "ShareShift", "Swing", "price_changes", "share_shifts", "swings"]


def _in_percent(part: Fraction) -> str:
    return f"{percent(part)} %"


@attrs.frozen(kw_only=True)
class PriceChange:
    """The price of a mineral at which a half flips, all other values being the same.

    Of components it is the incremental value of a kind: what these add themselves, without what
    is inside them. What they are in is then worth as much more or less.

    Args:
        mineral: The mineral, by its identifier; of components, their kind.
        wins: Whether the change wins the half.
        factor: The new price over the old one, exactly: at it the content is just the percentage.
        value: US dollars of the mineral now.
        share_before: The part of the total value that the mineral has now.
        share_after: The same at the new price.
        content: The content after the change as it is applied, to a millionth of a dollar.
    """

    mineral: str
    wins: bool
    factor: Fraction
    value: Decimal
    share_before: Fraction
    share_after: Fraction
    content: Share | None
    _side: Side = attrs.field(eq=False, repr=False)
    _test: int = attrs.field(eq=False, repr=False)

    def __str__(self) -> str:
        change = self.factor - 1
        way = "more" if change > 0 else "less"
        return (
            f"{self.mineral} at {self._side.priced} {_in_percent(abs(change))} {way}, "
            f"{_in_percent(self.share_after)} of the value instead of "
            f"{_in_percent(self.share_before)}; content {self.content}"
        )

    def applied(self) -> Any:
        """The claim or pool with the change: values to a millionth of a dollar."""
        return _repriced(self._side, self.mineral, self.factor, self._test, wins=self.wins)

    def to_dict(self) -> dict[str, Any]:
        """The change, ready for JSON; ratios are fractions."""
        return {
            "mineral": self.mineral,
            "wins": self.wins,
            "factor": str(self.factor),
            "value": json_value(self.value),
            "share_before": str(self.share_before),
            "share_after": str(self.share_after),
            "content": json_value(self.content),
        }


def price_changes(side: Side, *, wins: bool) -> Iterator[PriceChange]:
    """The break-even price of each mineral, by the test that it takes the minimum change for.

    Args:
        side: The half.
        wins: Whether to win it.
    """
    if any(lot.value is None for lot in side.lots):
        return
    for name in dict.fromkeys(lot.mineral for lot in side.lots):
        factors = [
            (factor, test)
            for test in range(side.tests)
            if (factor := _factor(side, name, test, wins=wins)) is not None
        ]
        for factor, test in sorted(factors, key=lambda each: abs(each[0] - 1)):
            after = _repriced(side, name, factor, test, wins=wins)
            if side.holds(after) is wins:
                own = sum(lot.value or 0 for lot in side.lots if lot.mineral == name)
                others = sum(lot.value or 0 for lot in side.lots) - own
                yield PriceChange(
                    mineral=name,
                    wins=wins,
                    factor=factor,
                    value=in_millionths(own),
                    share_before=Fraction(own, own + others),
                    share_after=Fraction(own * factor, own * factor + others),
                    content=side.content(after),
                    side=side,
                    test=test,
                )
                break


def _factor(side: Side, name: str, test: int, *, wins: bool) -> Fraction | None:
    """By what to multiply the price of a mineral so that the content is just the percentage."""
    gain, need = _line(side, [lot.mineral == name for lot in side.lots], test, wins=wins)
    if not gain:
        return None
    factor = Fraction(need, gain)
    return factor if factor > 0 and factor != 1 else None


def _line(side: Side, moved: list[bool], test: int, *, wins: bool) -> tuple[Fraction, Fraction]:
    """Gain and need: the content is just the percentage where factor times gain is need."""
    gain = need = Fraction(0)
    for lot, is_moved in zip(side.lots, moved, strict=True):
        counting = (lot.value or 0) * (100 * lot.counts[test][not wins] - side.percent)
        if is_moved:
            gain += counting
        else:
            need -= counting
    return gain, need


def _repriced(side: Side, name: str, factor: Fraction, test: int, *, wins: bool) -> Any:
    """The subject at another price: each value rounded by less than a millionth, to the flip.

    A price just at the percentage wins the half. To lose it, the values are a millionth beyond.
    """
    values = {}
    for place, lot in enumerate(side.lots):
        if lot.mineral == name and lot.value:
            least = lot.counts[test][not wins]
            # What counts is rounded up to win and down to lose, and what does not the other way.
            up = (100 * least > side.percent) is wins
            exact = lot.of_one * factor
            rounded = ceil(exact) if up else floor(exact)
            if not wins and rounded == exact:
                rounded += 1 if up else -1
            values[place] = in_millionths(max(0, rounded))
    return side.revalue(side.subject, values)


@attrs.frozen(kw_only=True)
class ShareShift:
    """How much of a mineral would have to come by another of its chains, so that a half flips.

    Of components, how much would have to be of another of the same kind in the same place, as
    where two plants make cells for one battery.

    Args:
        wins: Whether the shift wins the half.
        source: The path of the chain or component that would give less.
        target: The path of the chain of the same mineral, or of the component of the same kind,
            that would give more.
        value: US dollars that shift, in each vehicle and to a millionth: no less suffices.
        part: The part of the value of the first one that this is.
        content: The content afterwards.
    """

    wins: bool
    source: str
    target: str
    value: Decimal
    part: Fraction
    content: Share | None
    _side: Side = attrs.field(eq=False, repr=False)
    _places: tuple[int, int] = attrs.field(eq=False, repr=False)

    def __str__(self) -> str:
        return (
            f"{_in_percent(self.part)} of {self.source} by way of {self.target}; "
            f"content {self.content}"
        )

    def applied(self) -> Any:
        """The claim or pool with the change."""
        return _shifted(self._side, *self._places, self.value)

    def to_dict(self) -> dict[str, Any]:
        """The change, ready for JSON; ratios are fractions."""
        return {
            "wins": self.wins,
            "source": self.source,
            "target": self.target,
            "value": json_value(self.value),
            "part": str(self.part),
            "content": json_value(self.content),
        }


def share_shifts(side: Side, *, wins: bool) -> Iterator[ShareShift]:
    """The smallest shift of value between each two chains of one mineral in one battery.

    Args:
        side: The half. In a pool, the batteries of one member all shift.
        wins: Whether to win it.
    """
    lots = side.lots
    if any(lot.value is None for lot in lots):
        return
    # What is needed is the same whichever two chains shift.
    nothing_moved = [False] * len(lots)
    needs = [_line(side, nothing_moved, test, wins=wins)[1] for test in range(side.tests)]
    for source, target in _of_one_mineral_and_battery(lots):
        amounts = [
            amount
            for test, need in enumerate(needs)
            if (amount := _shift(side, source, target, test, need, wins=wins)) is not None
        ]
        # To lose the half, it must be lost under both tests.
        if not amounts or (not wins and len(amounts) < side.tests):
            continue
        amount = min(amounts) if wins else max(amounts)
        own = lots[source].of_one
        if 0 < amount <= own:
            value = in_millionths(amount)
            after = _shifted(side, source, target, value)
            if side.holds(after) is wins:
                yield ShareShift(
                    wins=wins,
                    source=lots[source].path,
                    target=lots[target].path,
                    value=value,
                    part=Fraction(amount, own),
                    content=side.content(after),
                    side=side,
                    places=(source, target),
                )


def _of_one_mineral_and_battery(lots: tuple[Lot, ...]) -> Iterator[tuple[int, int]]:
    # Chains of one battery have the same path but for its end, and so have components
    # in one place.
    kinds = [(lot.path.rpartition(".")[0], lot.mineral) for lot in lots]
    for source, one in enumerate(kinds):
        for target, other in enumerate(kinds):
            if source != target and one == other:
                yield source, target


def _shift(
    side: Side, source: int, target: int, test: int, need: Fraction, *, wins: bool
) -> int | None:
    """Millionths to shift in one vehicle; `None` if a shift goes the wrong way."""
    here, there = (side.lots[place].counts[test][not wins] for place in (source, target))
    each = Fraction(100 * (there - here) * side.lots[source].vehicles)
    if not (each > 0 if wins else each < 0):
        return None
    exact = Fraction(need, each)
    return ceil(exact) if wins else floor(exact) + 1


def _shifted(side: Side, source: int, target: int, value: Decimal) -> Any:
    one, other = (side.lots[place].of_one for place in (source, target))
    moved = int(value.scaleb(6))
    return side.revalue(
        side.subject,
        {source: in_millionths(one - moved), target: in_millionths(other + moved)},
    )


@attrs.frozen(kw_only=True)
class Swing:
    """What one price does to a content: a bar of a tornado.

    Args:
        mineral: The mineral, by its identifier; of components, their kind.
        low: The content at the lower price.
        high: The content at the higher price.
        width: How far the two are apart, as a share (1 is all of it), at the ends that decide.
        break_even: The factor of the price at which the content is just the percentage; `None`
            if no price of it does that.
        flips: Whether the half flips within the swing.
    """

    mineral: str
    low: Share
    high: Share
    width: Fraction
    break_even: Fraction | None
    flips: bool

    def __str__(self) -> str:
        return f"{self.mineral}: {self.low} to {self.high}"

    def to_dict(self) -> dict[str, Any]:
        """The bar, ready for JSON; ratios are fractions."""
        even = self.break_even
        return {
            "mineral": self.mineral,
            "low": json_value(self.low),
            "high": json_value(self.high),
            "width": str(self.width),
            "break_even": None if even is None else str(even),
            "flips": self.flips,
        }


def swings(side: Side, low: Fraction, high: Fraction) -> tuple[Swing, ...]:
    """What each price does to the content alone, the widest first.

    Args:
        side: The half.
        low: The lower price over the one now.
        high: The higher price over the one now.
    """
    if not side.lots or any(lot.value is None for lot in side.lots):
        return ()
    now = side.content(side.subject)
    found = []
    for name in dict.fromkeys(lot.mineral for lot in side.lots):
        ends = [_at(side, name, factor) for factor in (low, high)]
        # A mineral that counts raises the content with its price, and others lower it.
        verdicts = {each.at_least_percent(side.percent) for each in (*ends, now) if each}
        found.append(
            Swing(
                mineral=name,
                low=ends[0],
                high=ends[1],
                width=abs(ends[1].bounds.lower - ends[0].bounds.lower),
                break_even=_break_even(side, name),
                flips=len(verdicts) > 1,
            )
        )
    return tuple(sorted(found, key=lambda each: (-each.width, each.mineral)))


def _break_even(side: Side, name: str) -> Fraction | None:
    """The factor nearest to 1 at which the content, by the better test, is just the percentage."""
    factors = [_factor(side, name, test, wins=True) for test in range(side.tests)]
    limit = Fraction(side.percent, 100)
    found = [each for each in factors if each and _at(side, name, each).bounds.lower == limit]
    return min(found, key=lambda each: abs(each - 1), default=None)


def _at(side: Side, name: str, factor: Fraction) -> Share:
    """The content at another price, by the test that is the better one."""
    shares = []
    for test in range(side.tests):
        parts = (
            (
                (lot.value or 0)
                * (factor.numerator if lot.mineral == name else factor.denominator),
                lot.counts[test],
            )
            for lot in side.lots
        )
        shares.append(share_of(parts))
    found = [share for share in shares if share is not None]
    return max(found, key=lambda share: share.bounds.lower)
