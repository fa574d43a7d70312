"""The smallest covers, compared with every choice of parts."""

import random
from fractions import Fraction
from itertools import combinations

import pytest

from evcredit.advice import cover
from evcredit.advice.cover import Choice, Need, Part, fewest, least_value


def every_cover(parts, needs):
    for count in range(len(parts) + 1):
        for places in combinations(range(len(parts)), count):
            gained = [
                sum(parts[place].gains[index] for place in places) for index in range(len(needs))
            ]
            if all(
                gain > need.amount if need.strict else gain >= need.amount
                for gain, need in zip(gained, needs, strict=True)
            ):
                yield places


def worth(parts, places):
    return sum(parts[place].value for place in places)


def some_parts(chance, needs):
    parts = []
    for _ in range(chance.randint(0, 8)):
        value = chance.randint(0, 30)
        gains = [
            value * chance.choice([0, 1, 1, 1, Fraction(1, 3), Fraction(1, 2)])
            for _ in range(needs)
        ]
        parts.append(Part(value, tuple(gains if chance.random() < 0.5 else [value] * needs)))
    return parts


@pytest.mark.parametrize("seed", range(150))
def test_no_cover_is_smaller(seed):
    """By count and by value, of one need and of two, each met or exceeded."""
    chance = random.Random(seed)
    count = chance.choice([1, 2])
    parts = some_parts(chance, count)
    needs = [
        Need(Fraction(chance.randint(-10, 240), 3), strict=chance.random() < 0.5)
        for _ in range(count)
    ]
    covers = list(every_cover(parts, needs))
    few, least = fewest(parts, needs), least_value(parts, needs)
    if not covers:
        assert few is least is None
        return
    assert few.places in covers
    assert least.places in covers
    assert few.exact
    assert least.exact
    assert len(few.places) == min(map(len, covers))
    assert worth(parts, least.places) == min(worth(parts, places) for places in covers)
    assert least.at_least <= worth(parts, least.places)


def test_nothing_is_needed():
    """Then nothing is chosen."""
    assert fewest([Part(1, (1,))], [Need(0)]) == Choice((), exact=True, at_least=0)
    assert least_value([Part(1, (1,))], [Need(-3, strict=True)]).places == ()


def long_parts(count):
    """Values whose sums take too many bits."""
    return [Part(value, (value,)) for value in (10**11 + 7**place for place in range(count))]


def test_long_numbers_of_few_parts_are_exact():
    """Their sums are paired."""
    parts = long_parts(8)
    need = [Need(3 * 10**11 + 10)]
    covers = list(every_cover(parts, need))
    least = least_value(parts, need)
    assert least.exact
    assert worth(parts, least.places) == min(worth(parts, places) for places in covers)


def test_long_numbers_of_many_parts_are_covered_and_said_to_be_inexact():
    """What is found covers the need all the same."""
    parts = long_parts(30)
    least = least_value(parts, [Need(5 * 10**11)])
    assert not least.exact
    assert worth(parts, least.places) >= 5 * 10**11 == least.at_least


def test_a_narrow_way_through_long_numbers_is_found():
    """All of the parts are needed, which approximate sums do not show."""
    parts = long_parts(30)
    everything = sum(part.value for part in parts)
    least = least_value(parts, [Need(everything)])
    assert (least.places, least.exact) == (tuple(range(30)), True)
    assert least_value(parts, [Need(everything + 1)]) is None


def test_more_partial_gains_than_can_be_tried(monkeypatch):
    """The most valuable are tried, and it says so where a bound does not show the least."""
    monkeypatch.setattr(cover, "_MOST_TRIED", 2)
    parts = [Part(10, (5,)), Part(8, (4,)), Part(6, (3,)), Part(4, (4,))]
    assert least_value(parts, [Need(9)]) == Choice((0, 3), exact=True, at_least=14)
    assert least_value(parts, [Need(6)]) == Choice((1, 3), exact=False, at_least=8)
    few = fewest(parts, [Need(6)])
    assert len(few.places) == 2
    assert few.exact


def test_what_is_not_tried_is_not_taken_for_impossible(monkeypatch):
    """All four are needed, and two are tried."""
    monkeypatch.setattr(cover, "_MOST_TRIED", 2)
    parts = [Part(10, (5,)), Part(8, (4,)), Part(6, (3,)), Part(4, (4,))]
    assert least_value(parts, [Need(16)]) == Choice((0, 1, 2, 3), exact=True, at_least=28)
    assert least_value(parts, [Need(17)]) is None


def test_the_fewest_for_two_needs_come_down_to_those_for_one(monkeypatch):
    """Then they are the fewest, however many were tried."""
    parts = [Part(9, (9, 1)), Part(9, (1, 9)), Part(5, (4, 4)), Part(5, (4, 4))]
    needs = [Need(8), Need(8)]
    assert len(fewest(parts, needs).places) == 2
    assert fewest(parts, needs).exact
    monkeypatch.setattr(cover, "_MOST_TRIED", 1)
    for search in (fewest, least_value):
        found = search(parts, needs)
        assert found is not None
        assert all(
            sum(parts[place].gains[index] for place in found.places) >= 8 for index in (0, 1)
        )
        assert search(parts, [Need(8), Need(20)]) is None
