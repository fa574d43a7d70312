"""The smallest choices that make sums large enough, against every set of facts."""

import itertools
import random

import pytest

from evcredit.algebra.covers import Covers, Way


def by_hand(items, needs):
    """The minimal sets of facts, by trying every set."""
    facts = sorted({fact for item in items for way in item for fact in way.facts})
    found = []
    for size in range(len(facts) + 1):
        for chosen in map(frozenset, itertools.combinations(facts, size)):
            if any(each <= chosen for each in found):
                continue
            ways = [
                [(0,) * len(needs), *(w.gains for w in item if set(w.facts) <= chosen)]
                for item in items
            ]
            if any(
                all(sum(gains[place] for gains in each) >= need for place, need in enumerate(needs))
                for each in itertools.product(*ways)
            ):
                found.append(chosen)
    return set(found)


@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize("sums", [1, 2])
def test_covers_are_the_minimal_sets(seed, sums):
    """Of items with one fact or two, of which the second may add something alone or not."""
    draw = random.Random(seed)
    items = []
    for place in range(draw.randint(1, 5)):
        first = tuple(draw.choice((0, 1, 3)) for _ in range(sums))
        both = tuple(gain + draw.choice((0, 2, 4)) for gain in first)
        item = [Way((f"a{place}",), first)]
        if draw.random() < 0.6:
            item.append(Way((f"a{place}", f"b{place}"), both))
        items.append(item)
    needs = tuple(draw.randint(0, 9) for _ in range(sums))
    covers = Covers(items, needs)
    found = [frozenset(f for way in each for f in way.facts) for each in covers.each()]
    assert [len(each) for each in found] == sorted(len(each) for each in found)
    assert {each for each in found if not any(other < each for other in found)} == by_hand(
        items, needs
    )
    assert covers.complete


def test_nothing_is_needed_or_not_to_be_had():
    """The empty choice, and none."""
    assert list(Covers([[Way(("a",), (1,))]], (0,)).each()) == [()]
    assert list(Covers([[Way(("a",), (1,))]], (2,)).each()) == []
    assert list(Covers([[Way(("a",), (0,))]], (1,)).each()) == []
