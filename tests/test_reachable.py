"""Subset sums, compared with every choice of parts."""

from itertools import combinations

import pytest

from evcredit.algebra.reachable import PairedSums, ReachableSums, common_unit

PARTS = [(), (4,), (3, 5, 9), (0, 0, 7), (2, 2, 2), (10, 1, 6, 6, 31), (100, 7, 50, 3, 3, 1)]
KINDS = [ReachableSums, PairedSums]


def every_sum(parts):
    return {sum(chosen) for count in range(len(parts) + 1) for chosen in combinations(parts, count)}


@pytest.mark.parametrize("parts", PARTS)
def test_every_total_is_held_and_no_other(parts):
    """Up to beyond the sum of all, and below nothing."""
    sums, expected = ReachableSums(parts), every_sum(parts)
    assert {total for total in range(-3, sum(parts) + 3) if total in sums} == expected


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("parts", PARTS)
def test_the_nearest_totals(kind, parts):
    """From any number up, and down."""
    sums, expected = kind(parts), every_sum(parts)
    for number in range(-2, sum(parts) + 3):
        above = [total for total in expected if total >= number]
        assert sums.least_from(number) == min(above, default=None)
        if kind is ReachableSums:
            below = [total for total in expected if total <= number]
            assert sums.most_to(number) == max(below, default=None)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("parts", PARTS)
def test_parts_of_a_total_add_up_to_it(kind, parts):
    """Each part once."""
    sums = kind(parts)
    for total in every_sum(parts):
        places = sums.parts_of(total)
        assert sum(parts[place] for place in places) == total
        assert list(places) == sorted(set(places))


@pytest.mark.parametrize("kind", KINDS)
def test_what_cannot_be(kind):
    """No parts of a total that is none, and no negative part."""
    for total in (4, 100):
        with pytest.raises(ValueError, match="adds up to"):
            kind((3, 5)).parts_of(total)
    with pytest.raises(ValueError, match="negative"):
        kind((3, -1))


def test_few_large_parts_are_preferred():
    """Of the choices that add up to a total."""
    assert ReachableSums((1, 2, 3, 6)).parts_of(6) == (3,)


def test_units():
    """The greatest common divisor, unless sums would take too many bits."""
    assert common_unit([]) == (1, True)
    assert common_unit([0, 0]) == (1, True)
    assert common_unit([10**12, 3 * 10**12]) == (10**12, True)
    unit, exact = common_unit([10**12, 10**12 + 1])
    assert not exact
    assert 2 * (2 * 10**12 + 1) // unit < 2**28


def test_sixty_parts_in_cents_are_fast_enough_to_hold():
    """Ten thousand dollars, sixty chains: every total, and its parts."""
    parts = [10_000 + 137 * place for place in range(60)]
    sums = ReachableSums(parts)
    total = sums.least_from(333_333)
    assert sum(parts[place] for place in sums.parts_of(total)) == total
