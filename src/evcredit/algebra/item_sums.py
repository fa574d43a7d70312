"""Where the sums of one option of each item can lie, each with marks that go beside it.

Every item takes one of its options. An option adds a number to each of a few columns, and sets
marks, of which the highest counts. The question is in which cells, cut out of the columns by
breakpoints, the sums can lie, with which marks, for all items or for all but one.

Most items add the same to every column; their sums are bits of a long integer, at first in a
coarse unit, which mostly decides, and in finer ones where it does not. The sums of the others
are listed. Where that is too much, cells that were not reached are reported as open.
"""

from __future__ import annotations

import itertools
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from math import gcd
from typing import NamedTuple

from evcredit.algebra.reachable import PairedSums

__all__ = ["ItemSums", "Option", "Region"]

#: The most sums that are listed one by one.
LISTED = 4096
#: The most ranges that are looked at beside sums that are listed, for all questions together.
TRIES = 50_000
#: The most bits of the sums of one rest in their exact unit: 8 MB.
MOST_BITS = 2**26
#: The most items of two options whose sums are paired where the bits would be too many.
PAIRED = 26
#: The most bits of the sums of small items that complete those of large ones.
SMALL_BITS = 2**22
_FEWEST_BITS = 2**13
#: How much finer the unit becomes from one attempt to the next.
_FINER = 64

Marks = tuple[int, ...]
#: For each column how many of its breakpoints a sum reaches.
Cells = tuple[int, ...]


class Option(NamedTuple):
    """What an item adds: to each column a whole number from `low` to `high`, and its marks."""

    low: tuple[int, ...]
    high: tuple[int, ...]
    marks: Marks


class Region(NamedTuple):
    """The marks of a sum, and its cell in each column."""

    marks: Marks
    cells: Cells


class _Bits(NamedTuple):
    """Sums with the same marks: bits by unit, and the exact minimum and maximum."""

    bits: int
    least: int
    most: int


class _Layer(NamedTuple):
    """All sums of some items in a unit; each may really be greater, by at most the slack."""

    by_marks: dict[Marks, _Bits]
    unit: int
    slack: int


def _higher(one: Marks, other: Marks) -> Marks:
    return tuple(map(max, one, other))


class ItemSums:
    """The sums of one option of each item.

    Args:
        items: The options of each item.
        columns: How many columns there are.
        marks: How many marks there are.

    >>> dear, cheap = Option((5,), (5,), ()), Option((0,), (0,), ())
    >>> sums = ItemSums([[cheap, dear], [cheap, dear]], columns=1, marks=0)
    >>> sorted(region.cells for region in sums.regions([(5, 6, 10)]))
    [(0,), (1,), (3,)]
    >>> sorted(region.cells for region in sums.regions([(5, 6, 10)], without=0))
    [(0,), (1,)]
    """

    def __init__(self, items: Sequence[Sequence[Option]], *, columns: int, marks: int) -> None:
        self._columns = columns
        self._none: Marks = (0,) * marks
        self._items = [tuple(dict.fromkeys(options)) for options in items]
        self._plain = [i for i, options in enumerate(self._items) if _is_plain(options)]
        self._plain_set = plain = set(self._plain)
        self._listed = [i for i in range(len(self._items)) if i not in plain]
        values = [option.low[0] for i in self._plain for option in self._items[i]]
        self._unit = gcd(*values) or 1
        self._total = sum(max(option.low[0] for option in self._items[i]) for i in self._plain)
        self._least = [
            sum(min(o.low[c] for o in each) for each in self._items) for c in range(columns)
        ]
        self._most = [
            sum(max(o.high[c] for o in each) for each in self._items) for c in range(columns)
        ]
        self._marks = _MarksWithout(dict(enumerate(self._items)), self._none)
        self._plain_marks = _MarksWithout({i: self._items[i] for i in self._plain}, self._none)
        #: Of the options without marks of every plain item the minimum, and what more is possible.
        self._unmarked = self._without_marks()
        self._plain_ends = (
            sum(min(o.low[0] for o in self._items[i]) for i in self._plain),
            sum(max(o.low[0] for o in self._items[i]) for i in self._plain),
        )
        #: How many ranges were looked at beside sums that are listed.
        self._tries = 0
        self._layers: dict[tuple[int | None, int], _Layer] = {}
        self._lists: dict[int | None, tuple[dict[Marks, tuple[Option, ...]], bool]] = {}

    # -- the question ------------------------------------------------------------------------

    def regions(
        self,
        breakpoints: Sequence[Sequence[int]],
        without: int | None = None,
        *,
        gaps: bool = False,
    ) -> Mapping[Region, bool]:
        """Return the regions in which sums lie.

        Args:
            breakpoints: For each column increasing numbers; a sum is in the cell that says how
                many of them it reaches.
            without: An item that is omitted from the sums.
            gaps: Whether more sums may be possible than the options say.

        Returns:
            True for the regions that some sum is in; False for those of which that is not known.
        """
        found: dict[Region, bool] = {}
        left = set(self._conceivable(breakpoints, without))
        for region, certain in self._tried(breakpoints, without, left):
            if certain:
                found[region] = True
                left.discard(region)
                if not left:
                    return found
            else:
                found.setdefault(region, False)
        if gaps or not self._list_of(without)[1] or self._tries > TRIES:
            for region in left:
                found.setdefault(region, False)
        return found

    def _conceivable(
        self, breakpoints: Sequence[Sequence[int]], without: int | None
    ) -> Iterator[Region]:
        """The regions between the minimum and the maximum of each column."""
        marks, least, most = self._ends_of(without)
        cells = [
            range(bisect_right(points, low), bisect_right(points, high) + 1)
            for points, low, high in zip(breakpoints, least, most, strict=True)
        ]
        for one in marks:
            for chosen in itertools.product(*cells):
                yield Region(one, chosen)

    def _ends_of(self, without: int | None) -> tuple[frozenset[Marks], list[int], list[int]]:
        """All marks, and for each column the minimum and the maximum."""
        least, most = list(self._least), list(self._most)
        if without is not None:
            options = self._items[without]
            for column in range(self._columns):
                least[column] -= min(each.low[column] for each in options)
                most[column] -= max(each.high[column] for each in options)
        return self._marks.without(without), least, most

    def _tried(
        self, breakpoints: Sequence[Sequence[int]], without: int | None, left: set[Region]
    ) -> Iterator[tuple[Region, bool]]:
        lists, _ = self._list_of(without)
        plain_marks = sorted(self._plain_marks.without(without))
        for listed, options in lists.items():
            for plain in plain_marks:
                marks = _higher(listed, plain)
                for option in options:
                    for cells, first, after in _ranges(breakpoints, option):
                        if Region(marks, cells) not in left:
                            continue
                        self._tries += len(options) > 1
                        if self._tries > TRIES:
                            return
                        known = self._any(without, plain, first, after)
                        if known is not False:
                            yield Region(marks, cells), bool(known)

    # -- sums that are listed ----------------------------------------------------------------

    def _list_of(self, without: int | None) -> tuple[dict[Marks, tuple[Option, ...]], bool]:
        """The sums of the items that are listed, by marks, and whether these are all."""
        key = without if without in self._listed else None
        if key not in self._lists:
            zero = (0,) * self._columns
            sums = {Option(zero, zero, self._none)}
            complete = True
            for index in self._listed:
                if index != key:
                    sums = {_added(one, each) for one in sums for each in self._items[index]}
                    sums = _merged(sums) if self._columns == 1 else sums
                    if len(sums) > LISTED:
                        # Some from everywhere: what they reach is reached.
                        ordered = sorted(sums)
                        sums = {*ordered[:: len(ordered) * 2 // LISTED], ordered[-1]}
                        complete = False
            by_marks: dict[Marks, list[Option]] = {}
            for each in sorted(sums):
                by_marks.setdefault(each.marks, []).append(each)
            self._lists[key] = {m: tuple(group) for m, group in by_marks.items()}, complete
        return self._lists[key]

    # -- sums that are bits ------------------------------------------------------------------

    def _any(
        self, without: int | None, marks: Marks, first: int | None, after: int | None
    ) -> bool | None:
        """Whether a sum lies from `first` to before `after`; `None` if that is too much to say."""
        least, most = self._plain_ends
        own = [each.low[0] for each in self._items[without]] if without in self._plain_set else [0]
        first = least - min(own) if first is None else first
        after = most - max(own) + 1 if after is None else after
        if marks == self._none and self._filled(without, first, after):
            return True
        level = 0
        while True:
            layer = self._layer(without, level)
            known = _any_in(layer, marks, first, after)
            if known is not None:
                return known
            if level == 0 and not self._divides(without, first, after):
                return False
            if level == 0 and marks == self._none and self._completed(without, first, after):
                return True
            if self._total // self._next_unit(layer.unit) > MOST_BITS:
                return self._any_paired(without, first, after)
            level += 1

    def _without_marks(self) -> tuple[int, tuple[tuple[int, int, int], ...]]:
        """What every plain item adds at least without a mark; and how much more, the most first.

        Where an item always sets one, nothing is asked without.
        """
        base, more = 0, []
        for index in self._plain:
            values = [e.low[0] for e in self._items[index] if e.marks == self._none] or [0]
            base += min(values)
            more.append((max(values) - min(values), index, min(values)))
        return base, tuple(sorted(more, reverse=True))

    def _filled(self, without: int | None, first: int, after: int) -> bool:
        """Whether a range is reached by adding what still fits, the most first: often it is."""
        total, more = self._unmarked
        total -= sum(least for _, index, least in more if index == without)
        for gain, index, _ in more:
            if index != without and total + gain < after:
                total += gain
        return first <= total < after

    def _divides(self, without: int | None, first: int, after: int) -> bool:
        """Whether a range holds a number that what the options differ by leaves possible at all."""
        base, steps = 0, [0]
        for index in self._plain:
            if index != without:
                values = [each.low[0] for each in self._items[index]]
                base += min(values)
                steps += [value - min(values) for value in values]
        step = gcd(*steps)
        return bool(step) and (after - 1 - base) // step >= -(-(first - base) // step)

    def _completed(self, without: int | None, first: int, after: int) -> bool:
        """Whether a range is reached by some large gains, completed exactly by the small ones."""
        base, more = self._unmarked
        base -= sum(least for _, index, least in more if index == without)
        large = [gain for gain, index, _ in more if index != without]
        small, bits = 0, 1
        while large and (small + large[-1]) // self._unit <= SMALL_BITS:
            gain = large.pop()
            small += gain
            bits |= bits << gain // self._unit
        for part in (2, 3, 4):
            # The small ones reach most of what lies well within their sum.
            total = base
            for gain in large:
                if total + gain < after - small // part:
                    total += gain
            low, high = -(-(first - total) // self._unit), (after - 1 - total) // self._unit
            if _bit_within(bits, low, high):
                return True
        return False

    def _next_unit(self, unit: int) -> int:
        return max(self._unit, unit // _FINER)

    def _layer(self, without: int | None, level: int) -> _Layer:
        key = without if without in self._plain else None
        if (key, level) not in self._layers:
            count = len(self._plain)
            unit = max(self._unit, self._total // max(_FEWEST_BITS, 8 * count * count))
            for _ in range(level):
                unit = self._next_unit(unit)
            start = _Layer({self._none: _Bits(1, 0, 0)}, unit, 0)
            if level == 0 and key is not None:
                self._spread(start, self._plain)
            else:
                for index in self._plain:
                    if index != key:
                        start = _with_item(start, self._items[index])
                if level:  # fine ones are long: only those of one rest are kept
                    self._layers = {
                        k: v for k, v in self._layers.items() if not k[1] or k[0] == key
                    }
                self._layers[key, level] = start
        return self._layers[key, level]

    def _spread(self, layer: _Layer, items: list[int]) -> None:
        """The sums of all plain items but one, for each of them; those halves share work."""
        if len(items) == 1:
            self._layers[items[0], 0] = layer
            return
        half = len(items) // 2
        for these, others in ((items[:half], items[half:]), (items[half:], items[:half])):
            joined = layer
            for index in others:
                joined = _with_item(joined, self._items[index])
            self._spread(joined, these)

    def _any_paired(self, without: int | None, first: int, after: int) -> bool | None:
        """Like the above, for few items with two options and no marks: the sums of two halves."""
        rest = [self._items[index] for index in self._plain if index != without]
        alike = all(len(each) <= 2 and len({o.marks for o in each}) == 1 for each in rest)
        if not alike or len(rest) > PAIRED:
            return None
        base = sum(min(o.low[0] for o in each) for each in rest)
        parts = [max(o.low[0] for o in each) - min(o.low[0] for o in each) for each in rest]
        found = PairedSums(parts).least_from(first - base)
        return found is not None and found + base < after


class _MarksWithout:
    """The marks that items can set together, all of them or all but one."""

    def __init__(self, items: Mapping[int, Sequence[Option]], none: Marks) -> None:
        self._place = {index: place for place, index in enumerate(items)}
        own = [frozenset(each.marks for each in options) for options in items.values()]
        self._before = [frozenset({none})]
        for each in own:
            self._before.append(_together(self._before[-1], each))
        self._after = [frozenset({none})]
        for each in reversed(own):
            self._after.append(_together(self._after[-1], each))
        self._after.reverse()

    def without(self, index: int | None) -> frozenset[Marks]:
        place = None if index is None else self._place.get(index)
        if place is None:
            return self._before[-1]
        return _together(self._before[place], self._after[place + 1])


def _together(one: frozenset[Marks], other: frozenset[Marks]) -> frozenset[Marks]:
    return frozenset(_higher(a, b) for a in one for b in other)


def _is_plain(options: tuple[Option, ...]) -> bool:
    return all(each.low == each.high and len(set(each.low)) == 1 for each in options)


def _added(one: Option, other: Option) -> Option:
    return Option(
        tuple(a + b for a, b in zip(one.low, other.low, strict=True)),
        tuple(a + b for a, b in zip(one.high, other.high, strict=True)),
        _higher(one.marks, other.marks),
    )


def _merged(sums: set[Option]) -> set[Option]:
    """Of a single column: stretches with the same marks that meet, as one."""
    merged: list[Option] = []
    for each in sorted(sums, key=lambda option: (option.marks, option.low, option.high)):
        last = merged[-1] if merged else None
        if last and last.marks == each.marks and each.low[0] <= last.high[0] + 1:
            merged[-1] = last._replace(high=max(last.high, each.high))
        else:
            merged.append(each)
    return set(merged)


def _ranges(
    breakpoints: Sequence[Sequence[int]], option: Option
) -> Iterator[tuple[Cells, int | None, int | None]]:
    """The cells a sum can be in beside an option, and from where to before where it must lie."""
    if option.low != option.high:  # a single column, along which the option slides
        points = breakpoints[0]
        for cell in range(len(points) + 1):
            first = points[cell - 1] - option.high[0] if cell else None
            after = points[cell] - option.low[0] if cell < len(points) else None
            yield (cell,), first, after
        return
    shifted = [
        [each - low for each in points] for points, low in zip(breakpoints, option.low, strict=True)
    ]
    edges = sorted({each for points in shifted for each in points})
    for first, after in itertools.pairwise([None, *edges, None]):
        cells = tuple(0 if first is None else bisect_right(points, first) for points in shifted)
        yield cells, first, after


def _with_item(layer: _Layer, options: tuple[Option, ...]) -> _Layer:
    """The sums with one of the options of another item added."""
    found: dict[Marks, _Bits] = {}
    slack = 0
    for each in options:
        value = each.low[0]
        places, rest = divmod(value, layer.unit)
        slack = max(slack, rest)
        for marks, sums in layer.by_marks.items():
            key = _higher(marks, each.marks)
            moved = _Bits(sums.bits << places, sums.least + value, sums.most + value)
            here = found.get(key)
            found[key] = (
                moved
                if here is None
                else _Bits(
                    here.bits | moved.bits, min(here.least, moved.least), max(here.most, moved.most)
                )
            )
    return _Layer(found, layer.unit, layer.slack + slack)


def _any_in(layer: _Layer, marks: Marks, first: int, after: int) -> bool | None:
    """Whether a sum lies in a range; `None` if the unit is too coarse to say."""
    sums, unit, slack = layer.by_marks[marks], layer.unit, layer.slack
    low, high = max(first, sums.least), min(after - 1, sums.most)
    if low > high:
        return False
    if low == sums.least or high == sums.most:
        return True
    if _bit_within(sums.bits, -(-low // unit), (high - slack) // unit):
        return True
    return None if _bit_within(sums.bits, -(-(low - slack) // unit), high // unit) else False


def _bit_within(bits: int, first: int, last: int) -> bool:
    first = max(first, 0)
    if last + 1 >= bits.bit_length():  # the highest bit is in, and no mask is as long as the range
        return bits.bit_length() > first
    return last >= first and bool(bits >> first & ((1 << (last - first + 1)) - 1))
