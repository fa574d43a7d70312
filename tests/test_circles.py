"""Circles of owners: which shares stop at the whole, and whether sums are finite."""

from fractions import Fraction

import pytest

from evcredit.algebra.circle import strong_components
from evcredit.section_30d.concern import circles as module
from evcredit.section_30d.concern.circles import capped_shares, converges
from evcredit.section_30d.concern.linear import Equation

ZERO, ONE = Fraction(0), Fraction(1)


def equation(whole, inside, outside="0"):
    return Equation(whole, inside, Fraction(outside))


def ring(size, parts, whole, outside):
    """Everybody is held by the one before; the first by a state too."""
    return [
        equation(whole, {(place - 1) % size: parts}, outside if place == 0 else 0)
        for place in range(size)
    ]


@pytest.fixture(params=[1, 2, 40], ids=lambda sweeps: f"sweeps={sweeps}")
def sweeps(request, monkeypatch):
    """With bounds that decide, and with bounds that leave it to the exact solution."""
    monkeypatch.setattr(module, "_SWEEPS", request.param)


# -- components ----------------------------------------------------------------------------


def components(**owners):
    return strong_components(sorted(owners), owners.__getitem__)


def test_components_come_after_those_behind_them():
    """A chain, from the farthest on."""
    assert components(a="b", b="c", c="") == [["c"], ["b"], ["a"]]


def test_components_of_several_circles():
    """Two circles, one behind the other, and one entity that stands alone."""
    found = components(a="bc", b="a", c="d", d="ec", e="", f="")
    assert [sorted(each) for each in found] == [["e"], ["c", "d"], ["a", "b"], ["f"]]


def test_an_edge_to_a_component_that_is_done():
    """What is done already is not joined again."""
    found = components(a="bc", b="c", c="")
    assert found == [["c"], ["b"], ["a"]]


def test_a_circle_of_ten_thousand():
    """Deeper than Python's recursion, and in the order of the owners."""
    size = 10_000
    [found] = strong_components([0], lambda place: [(place + 1) % size])
    assert found == list(reversed(range(size)))


# -- shares --------------------------------------------------------------------------------


def test_nothing_arrives(sweeps):
    """Who hold each other to the whole, and no one else holds, are held by none."""
    assert capped_shares(ring(3, 1, 1, 0)) == [0, 0, 0]
    assert converges(ring(3, 1, 1, 0))


def test_the_whole_is_reached(sweeps):
    """At two of three; the third has two fifths of that."""
    equations = [
        equation(10, {1: 3}, "4/5"),
        equation(20, {0: 8, 2: 1}, "3/4"),
        equation(5, {1: 2}),
    ]
    assert capped_shares(equations) == [1, 1, Fraction(2, 5)]
    assert converges(equations)


def test_the_whole_is_reached_only_without_end(sweeps):
    """A tenth from outside and nine tenths of one another: one, but never after any round."""
    equations = [equation(10, {1: 9}, "1/10"), equation(10, {0: 10})]
    assert capped_shares(equations) == [1, 1]
    assert converges(equations)


def test_who_nearly_reaches_the_whole(sweeps):
    """One part in a billion is missing, which bounds of few digits cannot tell."""
    small = Fraction(1, 10**30)
    equations = [
        equation(10, {1: 9}, Fraction(1, 10) - small),
        equation(10, {0: 10}),
        equation(10, {0: 5, 1: 5}, small),
    ]
    shares = capped_shares(equations)
    assert shares[0] == shares[1] == 1 - 10 * small
    assert shares[2] == 1 - 9 * small


def test_one_after_the_other_turns_out_not_to_reach_it(sweeps):
    """Who does not reach the whole passes on less, so that the next does not reach it either."""
    equations = [equation(2, {size: 2}) for size in range(1, 6)]
    equations.append(equation(2, {0: 1}, "1/4"))
    shares = capped_shares(equations)
    assert shares == [Fraction(1, 2)] * 6
    assert converges(equations)


def test_majorities_all_around(sweeps):
    """All that arrives goes around for ever: the whole, and no finite sum."""
    assert capped_shares(ring(5, 1, 1, "1/100")) == [1] * 5
    assert not converges(ring(5, 1, 1, "1/100"))


def test_a_long_ring_of_majorities_and_one_minority(sweeps):
    """The one part of less than all makes the sum finite."""
    equations = ring(50, 1, 1, "1/100")
    equations[7] = equation(5, {6: 4})
    assert converges(equations)
    assert capped_shares(equations)[0] == Fraction(1, 20)


@pytest.mark.parametrize(("parts", "finite"), [(4, True), (5, False), (6, False)])
def test_more_comes_back_than_went_out(sweeps, parts, finite):
    """A holds half of B and C, and these together hold of A what decides: just as much or more."""
    equations = [
        equation(5, {1: parts, 2: parts}, "1/10"),
        equation(2, {0: 1}),
        equation(2, {0: 1}),
    ]
    assert converges(equations) is finite


def test_a_circle_behind_another(sweeps):
    """What arrives at one circle comes from another; a third is not reached."""
    equations = [
        *ring(2, 1, 2, "1/10"),
        equation(2, {1: 1, 3: 1}),
        equation(2, {2: 1}),
        equation(1, {5: 1}),
        equation(1, {4: 1}),
    ]
    shares = capped_shares(equations)
    assert shares[:2] == [Fraction(2, 15), Fraction(1, 15)]
    assert shares[2:] == [Fraction(2, 45), Fraction(1, 45), 0, 0]
    assert converges(equations)


def test_just_as_much_comes_back_by_uneven_ways(monkeypatch):
    """Two thirds and three halves: bounds do not decide, the exact solution does."""
    equations = [equation(3, {1: 2}, "1/9"), equation(2, {0: 3})]
    assert not converges(equations)
    assert converges([equation(3, {1: 2}, "1/9"), equation(1000, {0: 1499})])
