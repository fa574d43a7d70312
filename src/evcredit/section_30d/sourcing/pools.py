"""26 CFR 1.30D-3: a content averaged over many vehicles and a period.

A manufacturer may determine the two qualifying contents for a pool of vehicles instead of one by
one: over a limited period, such as a year, a quarter or a month, and over vehicles of the same
model line, plant or class, or a combination of these. The content of the pool is the qualifying
value of all its batteries over the total value of all of them; it is weighted by value and not
the mean of percentages.

The words of the regulation on averaging were not read for this; they are reported by others.
What rests on that is a choice here, and not decided: by what vehicles are pooled (`Pool.by`), the
period (`Pool.first_day`, `Pool.last_day`), and which day of a vehicle must lie in it
(`Pool.period_of`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.html import preformatted
from evcredit.algebra.share import Fractions, Share, share_of
from evcredit.algebra.tuples import made_of_items
from evcredit.algebra.verdict import Verdict
from evcredit.facts.pool import Pool, PoolMember
from evcredit.law.law import Law
from evcredit.section_30d.sourcing.components import component_parts
from evcredit.section_30d.sourcing.minerals import mineral_parts

__all__ = ["Contribution", "PoolContent", "pool_component_content", "pool_mineral_content"]


@made_of_items
class Contribution(NamedTuple):
    """What one member brings to the content of a pool.

    Args:
        member: The member.
        content: Its own content; `None` if it has nothing to count.
        total: The value of all its batteries that is counted, in US dollars; `None` if a value
            or the number of vehicles is not known exactly.
        qualifying: How much of that qualifies, in US dollars; `None` likewise.
    """

    member: PoolMember
    content: Share | None
    total: Fraction | None
    qualifying: Bounds[Fraction] | None


@attrs.frozen(kw_only=True)
class PoolContent:
    """The content of a pool.

    Attributes:
        share: The qualifying value over the total value, with bounds.
        contributions: What each member brings, in order.
    """

    share: Share
    contributions: tuple[Contribution, ...]

    @property
    def bounds(self) -> Bounds[Fraction]:
        """The content as bounds of exact fractions, 1 being the whole."""
        return self.share.bounds

    def reaches(self, percent: int) -> Verdict:
        """Whether the content is equal to or greater than a percentage, exactly."""
        return Verdict.of(self.share.at_least_percent(percent))

    @property
    def certified_percentage(self) -> Decimal | Bounds[Decimal]:
        """The percentage to state as certified on each claim for a vehicle of the pool.

        A share such as one third has no exact decimal form, so it is rounded down at the
        eighteenth decimal place, at both ends. Rounding down changes no comparison with a
        percentage that has no finer places, as those of the law: a share reaches it exactly if
        the rounded one does. Rounding up could lift a content over it.
        """
        ends = self.bounds
        lower, upper = _percent_rounded_down(ends.lower), _percent_rounded_down(ends.upper)
        return lower if ends.is_exact else Bounds(lower, upper)

    def __str__(self) -> str:
        return str(self.share)

    def _repr_html_(self) -> str:
        return preformatted(str(self))


#: The finest decimal place that a stated percentage may have.
_PLACES = 18


def _percent_rounded_down(share: Fraction) -> Decimal:
    """A share in percent, rounded down.

    >>> _percent_rounded_down(Fraction(2, 3)), _percent_rounded_down(Fraction(1, 2))
    (Decimal('66.666666666666666666'), Decimal('50'))
    """
    units = share.numerator * 100 * 10**_PLACES // share.denominator
    whole, rest = divmod(units, 10**_PLACES)
    decimals = f"{rest:0{_PLACES}d}".rstrip("0")
    return Decimal(f"{whole}.{decimals}" if decimals else whole)


def pool_mineral_content(pool: Pool, law: Law, *, traced: bool = False) -> PoolContent | None:
    """The qualifying critical mineral content of a pool (26 USC 30D(e)(1), 26 CFR 1.30D-3).

    Each battery is looked at under the agreements in effect on the day its vehicle is placed in
    service, which is the day that picks the law for that vehicle.

    Args:
        pool: The pool; certified percentages of its batteries are ignored.
        law: The law.
        traced: Whether to apply the traced qualifying value test instead of the 50 percent
            value added test.

    Returns:
        The content; `None` if no battery of the pool holds an applicable critical mineral.

    >>> from evcredit.examples import demonstration_battery
    >>> from evcredit.law.current import current_law
    >>> member = PoolMember(
    ...     battery=demonstration_battery(),
    ...     vehicles=1200,
    ...     placed_in_service="2024-06-03",
    ...     plant="Springfield",
    ... )
    >>> pool = Pool.of_month(2024, 6, by="plant", members=[member])
    >>> print(pool_mineral_content(pool, current_law()))
    84.1 %
    """
    return _content(
        pool,
        lambda member: mineral_parts(member.battery, law, member.placed_in_service, traced=traced),
    )


def pool_component_content(pool: Pool, law: Law) -> PoolContent | None:
    """The qualifying battery component content of a pool (26 USC 30D(e)(2), 26 CFR 1.30D-3).

    Args:
        pool: The pool; certified percentages of its batteries are ignored.
        law: The law.

    Returns:
        The content; `None` if no battery of the pool has components.
    """
    america = law.north_america.members
    return _content(pool, lambda member: component_parts(member.battery, america))


Parts = tuple[tuple[int | None, Fractions], ...]


class _Batteries(NamedTuple):
    """The batteries of one member: the parts of one, and between how many there are."""

    parts: Parts
    fewest: int
    most: int | None

    @property
    def has_value(self) -> bool:
        """Whether a battery has any known value, so that their number matters."""
        return any(value for value, _ in self.parts)

    @property
    def is_open(self) -> bool:
        """Whether their number is not known exactly."""
        return self.most != self.fewest

    def ratio(self, end: int) -> Fraction:
        """The minimum or the maximum part of the known value that qualifies; 0 without any."""
        known = [(value, fractions[end]) for value, fractions in self.parts if value]
        total = sum(value for value, _ in known)
        qualifying = sum((Fraction(value * each) for value, each in known), Fraction(0))
        return Fraction(qualifying, total or 1)

    def times(self, count: int) -> Iterator[tuple[int | None, Fractions]]:
        """The parts of so many batteries.

        A number without a limit adds value without a limit, in the proportion of one battery.
        A value that is unknown is so for any number, and where nothing has a known value the
        number makes no difference.
        """
        for value, fractions in self.parts:
            if value is None or count or not self.has_value:
                yield (value and value * count), fractions
        if self.most is None and self.has_value:
            yield None, (self.ratio(0), self.ratio(1))


def _batteries(parts: Parts, vehicles: Decimal | Bounds[Decimal] | None) -> _Batteries:
    if vehicles is None:
        return _Batteries(parts, 0, None)
    if isinstance(vehicles, Bounds):
        most = vehicles.upper
        return _Batteries(parts, int(vehicles.lower), int(most) if most.is_finite() else None)
    return _Batteries(parts, int(vehicles), int(vehicles))


def _content(pool: Pool, parts_of: Callable[[PoolMember], Parts]) -> PoolContent | None:
    each = [_batteries(parts_of(member), member.vehicles) for member in pool.members]
    share = _joint_share([one for one in each if one.most != 0])
    if share is None:
        return None
    contributions = (
        _contribution(member, one) for member, one in zip(pool.members, each, strict=True)
    )
    return PoolContent(share=share, contributions=tuple(contributions))


def _joint_share(each: Sequence[_Batteries]) -> Share | None:
    """The share over all batteries, whatever their numbers turn out to be.

    The share is a ratio of linear functions of each number, so its extremes lie where every
    number is as small or as great as it can be. The maximum share has the most of the
    batteries with the highest content and the fewest of the others, so it is found by going
    from the one to the other in order of content; the minimum likewise from below.
    """
    shares = [share_of(part for one in each for part in one.times(one.fewest))]
    finite = [index for index, one in enumerate(each) if one.is_open and one.most is not None]
    for end in (0, 1):
        order = sorted(finite, key=lambda index: each[index].ratio(end), reverse=end == 1)
        shares += [_share_with(each, order[: at + 1]) for at in range(len(order))]
    worthless = [one for one in each if not one.has_value]
    if any(one.is_open for one in worthless) and not any(
        one.fewest and one.has_value for one in each
    ):
        # Any of the batteries without value may be the only ones there are.
        shares += [share_of(one.parts) for one in worthless]
    found = [share for share in shares if share is not None]
    if len(found) < 2:
        return found[0] if found else None
    low = min(share.bounds.lower for share in found)
    high = max(share.bounds.upper for share in found)
    return Share(low.numerator, low.denominator, high.numerator, high.denominator)


def _share_with(each: Sequence[_Batteries], most_of: Sequence[int]) -> Share | None:
    """The share with as many as possible of some batteries, and as few of the others."""
    raised = frozenset(most_of)
    return share_of(
        part
        for index, one in enumerate(each)
        for part in one.times((index in raised and one.most) or one.fewest)
    )


def _contribution(member: PoolMember, batteries: _Batteries) -> Contribution:
    content = share_of(batteries.parts)
    count = batteries.fewest
    values = [value for value, _ in batteries.parts]
    if batteries.is_open or None in values:
        return Contribution(member, content, None, None)
    total = Fraction(sum(value or 0 for value in values) * count, _MILLION)
    lower, upper = (
        sum((Fraction(value or 0) * each[end] for value, each in batteries.parts), Fraction(0))
        for end in (0, 1)
    )
    per_dollar = Fraction(count, _MILLION)
    return Contribution(member, content, total, Bounds(lower * per_dollar, upper * per_dollar))


_MILLION = 1_000_000
