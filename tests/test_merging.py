"""The most that owners can pass on within their bounds and the whole."""

from fractions import Fraction

import pytest

from evcredit.section_30d.concern import merging as module
from evcredit.section_30d.concern.merging import Part, most_passed_on

HALF = Fraction(1, 2)


def parts(*stated):
    """Least and most in percent, and what lies behind in percent."""
    return [Part(least, most, Fraction(behind, 100)) for least, most, behind in stated]


@pytest.mark.parametrize(
    ("stated", "plain", "merged"),
    [
        ([], 0, 0),
        ([(30, 30, 40)], 12, 12),
        ([(60, 60, 40)], 24, 40),
        ([(0, 100, 40)], 40, 40),
        # The better of two gets all that is left, or as much as makes it a majority.
        ([(0, 80, 30), (0, 80, 50)], 46, 80),
        ([(0, 80, 30), (0, 80, 50), (10, 10, 0)], 43, 62),
        # A majority needs no more than it has: the rest goes to the other.
        ([(50, 80, 40), (0, 40, 30)], 38, 52),
        # The one behind which most lies may not find enough left, and the next does.
        ([(0, 60, 50), (49, 60, 45), (5, 5, 0)], "45.05", "67.5"),
        # Three may be merged if two of them are already.
        ([(50, 50, 90), (50, 50, 80)], 85, 100),
    ],
)
def test_the_most(stated, plain, merged):
    """Without merging and with every half merged, never more than the whole."""
    assert most_passed_on(parts(*stated), 100) == Fraction(plain) / 100
    assert most_passed_on(parts(*stated), 100, HALF) == Fraction(merged) / 100


def test_merging_from_a_tenth():
    """Nine of ten can be merged, the ones behind which most lies."""
    stated = parts(*((0, 20, number) for number in range(1, 31)), (10, 10, 0))
    expected = sum(range(22, 31))
    assert most_passed_on(stated, 100, Fraction(1, 10)) == min(Fraction(expected, 100), 1)
    few = [Part(least, most, behind / 10) for least, most, behind in stated]
    assert most_passed_on(few, 100, Fraction(1, 10)) == Fraction(expected, 1000)


def test_merging_from_an_odd_share():
    """No one holds a third exactly in parts of ten."""
    stated = [Part(3, 4, HALF), Part(0, 10, Fraction(1, 4))]
    third = Fraction(1, 3)
    # Of ten parts a third goes to the first, the rest to the second.
    assert most_passed_on(stated, 10, third) == HALF + Fraction(1, 4)


def test_merging_from_more_than_the_whole_or_from_nothing():
    """Then no one is merged, or everybody."""
    stated = parts((10, 30, 50))
    assert most_passed_on(stated, 100, Fraction(3, 2)) == Fraction(15, 100)
    assert most_passed_on(stated, 100, Fraction(0)) == HALF


def test_too_many_cases(monkeypatch):
    """After so many cases the bound may be too large, but not too small."""
    stated = parts(*((number % 7, 40, 30 + 7 * number % 11) for number in range(8)))
    third = Fraction(1, 3)
    exact = most_passed_on([Part(p.least, p.most, p.behind / 9) for p in stated], 100, third)
    monkeypatch.setattr(module, "CASES", 1)
    bound = most_passed_on([Part(p.least, p.most, p.behind / 9) for p in stated], 100, third)
    assert exact < bound < 1
