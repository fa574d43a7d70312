"""Where the sums of one option of each item can lie, against every choice of options."""

import itertools
import random
from bisect import bisect_right

import pytest

from evcredit.algebra import item_sums
from evcredit.algebra.item_sums import ItemSums, Option, Region


def point(value, *marks, columns=1):
    """An option that adds the same to every column."""
    return Option((value,) * columns, (value,) * columns, marks)


def by_hand(items, breakpoints, without=None):
    """The regions of every choice, one by one."""
    left = [options for place, options in enumerate(items) if place != without]
    found = set()
    for chosen in itertools.product(*left):
        ends = [
            range(sum(o.low[c] for o in chosen), sum(o.high[c] for o in chosen) + 1)
            for c in range(len(breakpoints))
        ]
        marks = tuple(max(each) for each in zip(*(o.marks for o in chosen), strict=True))
        # Along a stretch every sum is possible; with more columns there are none here.
        for sums in zip(*ends, strict=True):
            cells = tuple(bisect_right(p, s) for p, s in zip(breakpoints, sums, strict=True))
            found.add(Region(marks, cells))
    return found


def some_items(seed, *, count=7, columns=1, marks=1):
    """Items of one to three options; with more columns some add differently to each."""
    draw = random.Random(seed)
    items = []
    for _ in range(count):
        options = []
        for _ in range(draw.randint(1, 3)):
            value = draw.choice((0, 3, 7, 10, 25, 60))
            low = tuple(value - draw.choice((0, 0, 2)) * (value > 2) for _ in range(columns))
            options.append(Option(low, low, tuple(draw.choice((0, 0, 2)) for _ in range(marks))))
        items.append(options)
    return items


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("columns", [1, 2])
def test_regions_are_those_of_some_choice(seed, columns):
    """All of them, and for certain, with all items and without any one."""
    items = some_items(seed, columns=columns)
    sums = ItemSums(items, columns=columns, marks=1)
    breakpoints = [(20 + seed, 21 + seed, 60)] * columns
    for without in (None, *range(len(items))):
        found = sums.regions(breakpoints, without)
        assert set(found) == by_hand(items, breakpoints, without)
        assert all(found.values())


@pytest.mark.parametrize("seed", range(8))
def test_coarse_units_that_cannot_say_are_made_finer(seed, monkeypatch):
    """The same, where the first unit is much too coarse."""
    monkeypatch.setattr(item_sums, "_FEWEST_BITS", 1)
    monkeypatch.setattr(item_sums, "_FINER", 3)
    draw = random.Random(seed)
    items = [[point(0), point(draw.randrange(10_000, 99_999))] for _ in range(6)]
    sums = ItemSums(items, columns=1, marks=0)
    totals = sorted(sum(each) for each in itertools.product(*((0, o[1].low[0]) for o in items)))
    for total in totals[1::7]:
        breakpoints = [(total, total + 1)]
        assert Region((), (1,)) in sums.regions(breakpoints)
        assert (Region((), (1,)) in sums.regions([(total - 1, total)])) is (total - 1 in totals)
    for without in range(6):
        found = sums.regions([(150_000, 150_001)], without)
        assert set(found) == by_hand(items, [(150_000, 150_001)], without)


def test_each_unit_is_made_once_for_many_ranges(monkeypatch):
    """Where several units have to be asked in turn, the finer ones are kept for the next range."""
    monkeypatch.setattr(item_sums, "_FEWEST_BITS", 1)
    monkeypatch.setattr(item_sums, "_FINER", 3)
    made, with_item = [], item_sums._with_item
    monkeypatch.setattr(
        item_sums, "_with_item", lambda layer, *of: made.append(layer.unit) or with_item(layer, *of)
    )
    draw = random.Random(0)
    items = [[point(0), point(draw.randrange(10_000, 99_999))] for _ in range(6)]
    sums = ItemSums(items, columns=1, marks=0)
    for total in range(100_000, 110_000, 997):
        sums.regions([(total, total + 1)])
    assert len(set(made)) > 2
    assert len(made) == len(items) * len(set(made))


def test_sums_too_long_for_bits_are_paired(monkeypatch):
    """Few items with long numbers: two halves, without marks."""
    monkeypatch.setattr(item_sums, "MOST_BITS", 2**14)
    values = [10**12 + 7 * each**3 for each in range(1, 9)]
    items = [[point(0), point(value)] for value in values] + [[point(10**15 + 1)]]
    sums = ItemSums(items, columns=1, marks=0)
    some = 10**15 + 1 + values[1] + values[4] + values[7]
    assert Region((), (1,)) in sums.regions([(some, some + 1)])
    assert Region((), (1,)) not in sums.regions([(some + 1, some + 2)])
    assert sums.regions([(some + 1, some + 2)])[Region((), (2,))] is True


def test_what_is_too_much_is_open(monkeypatch):
    """Long numbers with marks, or too many of them, are reported as not known."""
    monkeypatch.setattr(item_sums, "MOST_BITS", 2**14)
    values = [10**12 + 7 * each**3 for each in range(1, 9)]
    items = [[point(0, 0), point(value, 0), point(value + 1, 2)] for value in values]
    sums = ItemSums(items, columns=1, marks=1)
    some = values[1] + values[4] + values[7]
    found = sums.regions([(some + 5, some + 6)])
    assert found[Region((0,), (1,))] is False
    assert found[Region((0,), (0,))] is True


def test_too_many_sums_to_list_are_open(monkeypatch):
    """Some of them are kept, so that what these reach is still reached."""
    monkeypatch.setattr(item_sums, "LISTED", 8)
    items = [
        [point(0, columns=2), Option((3**each, 2**each), (3**each, 2**each), ())]
        for each in range(9)
    ]
    sums = ItemSums(items, columns=2, marks=0)
    found = sums.regions([(5000,), (200,)])
    assert found[Region((), (0, 0))] is True
    assert set(found) >= by_hand(items, [(5000,), (200,)])
    assert False in found.values()


def test_stretches_reach_everything_between(monkeypatch):
    """An item may add anything from one number to another; those that meet are one."""
    slides = Option((2,), (5,), (0,))
    items = [[slides], [point(0, 0), point(4, 0)], [point(0, 0), point(20, 2)]]
    sums = ItemSums(items, columns=1, marks=1)
    for breakpoints in ([(3, 4)], [(10, 21)], [(7, 9, 22)]):
        assert set(sums.regions(breakpoints)) == by_hand(items, breakpoints)
    assert sums.regions([(10, 15)], 2) == {Region((0,), (0,)): True}
    apart = ItemSums([[Option((0,), (1,), ()), Option((9,), (9,), ())]], columns=1, marks=0)
    assert set(apart.regions([(2, 9)])) == {Region((), (0,)), Region((), (2,))}


def test_gaps_leave_open_what_is_not_reached():
    """Where more sums may be possible, what lies between minimum and maximum may be reached."""
    sums = ItemSums([[point(0), point(9)]], columns=1, marks=0)
    found = sums.regions([(1, 9)], gaps=True)
    assert found == {Region((), (0,)): True, Region((), (1,)): False, Region((), (2,)): True}


def test_every_option_marked():
    """Where an item always sets a mark, no sum is without it."""
    items = [[point(1, 2), point(5, 2)], [point(0, 0), point(3, 1)]]
    sums = ItemSums(items, columns=1, marks=1)
    assert set(sums.regions([(4, 8)])) == by_hand(items, [(4, 8)])
    assert set(sums.regions([(4, 8)], 0)) == by_hand(items, [(4, 8)], 0)


def test_large_ones_completed_by_small_ones(monkeypatch):
    """Where the bits of all would be too many: some of the large ones, and exactly what is left."""
    monkeypatch.setattr(item_sums, "MOST_BITS", 0)
    monkeypatch.setattr(item_sums, "SMALL_BITS", 2**12)
    monkeypatch.setattr(item_sums, "PAIRED", 0)
    monkeypatch.setattr(item_sums, "_FEWEST_BITS", 2**8)
    values = [2**each for each in range(11)] + [1_000_003 + 5 * each for each in range(40)]
    sums = ItemSums([[point(0), point(value)] for value in values], columns=1, marks=0)
    assert sums.regions([(20_003_900, 20_003_901)])[Region((), (1,))] is True
    assert sums.regions([(20_003_900, 20_003_901)], without=0)[Region((), (1,))] is True
    # Between the large ones there is more than the small ones can fill; too coarse to be sure.
    assert sums.regions([(20_000_900, 20_000_901)])[Region((), (1,))] is False


def test_numbers_that_no_difference_leads_to():
    """Of even numbers beside one that is always there no sum is even."""
    items = [[point(2 * each), point(0)] for each in range(1, 40)] + [[point(7)]]
    sums = ItemSums(items, columns=1, marks=0)
    assert Region((), (1,)) not in sums.regions([(100, 101)])
    assert sums.regions([(101, 102)])[Region((), (1,))] is True


def test_too_many_ranges_beside_listed_sums_are_open(monkeypatch):
    """Beyond the limit what was not reached is reported as not known."""
    monkeypatch.setattr(item_sums, "TRIES", 3)
    items = some_items(1, columns=2)
    found = ItemSums(items, columns=2, marks=1).regions([(20, 21, 60), (20, 21, 60)])
    assert set(found) >= by_hand(items, [(20, 21, 60)] * 2)
    assert False in found.values()
