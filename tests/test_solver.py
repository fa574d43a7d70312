"""What a solver proposes is believed only as far as integers show it."""

import random
import sys
from fractions import Fraction

import pytest
from tests.test_cover import every_cover, worth

from evcredit import Claim, MineralSource, Step, examples, with_facts
from evcredit.advice import solver, what_would_change
from evcredit.advice.cover import Choice, Need, Part, covers, fewest, least_value
from evcredit.advice.solver import improved
from evcredit.errors import EvcreditError

HIDDEN = [Part(10, (5,)), Part(8, (4,)), Part(6, (3,)), Part(4, (4,))]


def test_a_smaller_choice_is_taken():
    """Of the two that were tried none is the least."""
    found = Choice((1, 3), exact=False, at_least=8)
    better = improved(found, HIDDEN, [Need(6)], by="value")
    assert better == Choice((2, 3), exact=False, at_least=8)
    best = improved(Choice((0, 1), exact=False, at_least=10), HIDDEN, [Need(7)], by="value")
    assert best == Choice((2, 3), exact=True, at_least=10)
    fewer = improved(Choice((1, 2, 3), False, 8), HIDDEN, [Need(6)], by="count")
    assert len(fewer.places) == 2


@pytest.mark.parametrize("seed", range(40))
def test_against_every_choice(seed):
    """Of one need and of two, in parts of any fraction, by count and by value."""
    chance = random.Random(seed)
    count = chance.choice([1, 2])
    parts = [
        Part(value, tuple(value * Fraction(chance.randint(0, 6), 6) for _ in range(count)))
        for value in (chance.randint(1, 10**9) for _ in range(8))
    ]
    needs = [
        Need(sum(part.gains[index] for part in parts) * Fraction(chance.randint(1, 9), 10))
        for index in range(count)
    ]
    everything = Choice(tuple(range(8)), exact=False, at_least=0)
    choices = list(every_cover(parts, needs))
    by_value = improved(everything, parts, needs, by="value").places
    assert worth(parts, by_value) == min(worth(parts, places) for places in choices)
    by_count = improved(everything, parts, needs, by="count").places
    assert len(by_count) == min(map(len, choices))


def test_a_near_miss_is_asked_for_again(monkeypatch):
    """The solver may fall short by less than its tolerance."""
    answers = iter([(0, 2), (0, 1)])
    asked = []

    def ask(rows, weights):
        asked.append(rows[0][1])
        return next(answers)

    monkeypatch.setattr(solver, "_ask", ask)
    parts = [Part(10**12, (10**12,)), Part(7, (7,)), Part(6, (6,))]
    found = improved(Choice((0, 1, 2), False, 0), parts, [Need(10**12 + 7)], by="value")
    assert found.places == (0, 1)
    assert asked == [10**12 + 7, 10**12 + 8]


def test_what_covers_nothing_is_not_taken(monkeypatch):
    """Neither what always misses, nor no answer, nor one that is no better."""
    parts, needs, found = HIDDEN, [Need(6)], Choice((1, 3), exact=False, at_least=8)
    for answer in ((), None, (0, 1, 2, 3)):
        monkeypatch.setattr(solver, "_ask", lambda rows, weights, answer=answer: answer)
        assert improved(found, parts, needs, by="value") is found


def test_no_solution_is_no_answer():
    """Nothing is proposed where the parts do not suffice."""
    assert solver._ask([([5, 4], 10)], [1, 1]) is None


def split(value, part):
    """Of which part is processed where it counts."""
    steps = (
        Step(activity="processing", country="JP", value_added=value * part // 100),
        Step(activity="processing", country="CN", value_added=value - value * part // 100),
        Step(activity="extraction", country="CN"),
    )
    return MineralSource(mineral="nickel", value=value, steps=steps)


@pytest.fixture
def divided() -> Claim:
    """Thirty chains that count in part under one test, more than are tried in every combination."""
    chance = random.Random(3)
    chains = [split(chance.randint(10, 900), chance.randint(1, 45)) for _ in range(30)]
    return with_facts(examples.demonstration_claim(), {"vehicle.battery.minerals": chains})


def test_many_divided_chains(divided):
    """With the solver nothing is worse, all is verified, and it is the same every time."""
    without = what_would_change(divided).minerals.resourcings
    found = what_would_change(divided, solver=True).minerals.resourcings
    assert not without[1].exact
    for before, after in zip(without, found, strict=True):
        assert after.by == before.by
        assert after.at_least <= after.value
        assert after.at_least == before.at_least
    assert found[1].value < without[1].value
    assert len(found[0].moves) <= len(without[0].moves)
    assert str(what_would_change(found[1].applied()).minerals.verdict) == "met"
    assert what_would_change(divided, solver=True).minerals.resourcings == found


def test_without_the_extra(divided, monkeypatch):
    """The error names it; what needs no solver does not ask for it."""
    monkeypatch.setitem(sys.modules, "scipy.optimize", None)
    with pytest.raises(EvcreditError, match=r"evcredit\[solver\]"):
        what_would_change(divided, solver=True)
    assert what_would_change(examples.demonstration_claim(), solver=True).flips


def test_the_covers_it_starts_from_are_covers():
    """Of parts and needs as above."""
    for search in (fewest, least_value):
        assert covers(HIDDEN, [Need(6)], search(HIDDEN, [Need(6)]).places)
