"""Circles, merging and chains of owners, against brute force over small graphs in fractions."""

from __future__ import annotations

from fractions import Fraction
from itertools import chain, combinations
from typing import Any
from unittest.mock import patch

from hypothesis import event, given
from hypothesis import strategies as st

from evcredit.facts.ownership import Entity, Holding, Metric
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.section_30d.concern import chains as chains_module
from evcredit.section_30d.concern import circles, linear
from evcredit.section_30d.concern.chains import chains_of
from evcredit.section_30d.concern.circles import capped_shares, converges
from evcredit.section_30d.concern.linear import Equation, solution
from evcredit.section_30d.concern.merging import Part, most_passed_on
from evcredit.section_30d.concern.tracing import Trace, Tracing, traced

ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)


@st.composite
def systems(draw: st.DrawFn, most: int = 5) -> list[Equation]:
    """Equations between the shares of a few entities; a weight may be the whole."""
    size = draw(st.integers(1, most))
    found = []
    for place in range(size):
        whole = draw(st.sampled_from([2, 3, 4, 10, 100]))
        others = [each for each in range(size) if each != place]
        weights = st.one_of(st.integers(1, whole), st.integers(1, max(whole // size, 1)))
        inside = draw(st.dictionaries(st.sampled_from(others), weights)) if others else {}
        outside = draw(st.sampled_from([0, 0, Fraction(1, 60), Fraction(1, 7), HALF, 1]))
        found.append(Equation(whole, inside, Fraction(outside)))
    return found


def weight(equation: Equation, owner: int) -> Fraction:
    return Fraction(equation.inside.get(owner, 0), equation.whole)


def eliminated(matrix: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """The solution of a system by elimination; `None` if it is singular."""
    rows = [[*row, last] for row, last in zip(matrix, right, strict=True)]
    for column in range(len(rows)):
        pivot = next((row for row in range(column, len(rows)) if rows[row][column]), None)
        if pivot is None:
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        rows[column] = [each / rows[column][column] for each in rows[column]]
        for row in range(len(rows)):
            if row != column:
                factor = rows[row][column]
                rows[row] = [a - factor * b for a, b in zip(rows[row], rows[column], strict=True)]
    return [row[-1] for row in rows]


def linear_solution(equations: list[Equation], right: list[Fraction]) -> list[Fraction] | None:
    size = range(len(equations))
    matrix = [[(row == column) - weight(equations[row], column) for column in size] for row in size]
    return eliminated(matrix, right)


def reached(equations: list[Equation]) -> set[int]:
    found: set[int] = set()
    for _ in equations:
        found |= {n for n, e in enumerate(equations) if e.outside or found & set(e.inside)}
    return found


def subsets(items: Any) -> Any:
    items = list(items)
    return chain.from_iterable(combinations(items, size) for size in range(len(items) + 1))


def by_brute_force(equations: list[Equation]) -> list[Fraction]:
    """The shares that fulfil the equations, by trying which of them stop at the whole."""
    some = sorted(reached(equations))
    fitting = set()
    for full in map(set, subsets(some)):
        free = [each for each in some if each not in full]
        right = [
            equations[each].outside + sum((weight(equations[each], o) for o in full), ZERO)
            for each in free
        ]
        matrix = [
            [(one == other) - weight(equations[one], other) for other in free] for one in free
        ]
        solved = eliminated(matrix, right)
        if solved is None:
            continue
        shares = dict.fromkeys(range(len(equations)), ZERO)
        shares |= dict.fromkeys(full, ONE) | dict(zip(free, solved, strict=True))
        arrives = {
            n: e.outside + sum((weight(e, o) * shares[o] for o in e.inside), ZERO)
            for n, e in enumerate(equations)
        }
        if all(0 <= shares[n] == min(arrives[n], ONE) for n in some):
            fitting.add(tuple(shares.values()))
    [only] = fitting
    return list(only)


@given(systems(), st.sampled_from([1, 3, 40]))
def test_shares_are_the_only_ones_that_fit(equations: list[Equation], sweeps: int) -> None:
    """Of all sets of shares that might stop at the whole one fits, whatever is tried first."""
    with patch.object(circles, "_SWEEPS", sweeps):
        assert capped_shares(equations) == by_brute_force(equations)


@given(systems(), st.sampled_from([1, 40]), st.sampled_from([-1, 16]))
def test_whether_sums_are_finite(equations: list[Equation], sweeps: int, pairs: int) -> None:
    """They are exactly if the equations with one from outside have no negative solution."""
    some = sorted(reached(equations))
    place = {each: number for number, each in enumerate(some)}
    inner = [
        Equation(e.whole, {place[o]: w for o, w in e.inside.items() if o in place}, ONE)
        for e in (equations[each] for each in some)
    ]
    solved = linear_solution(inner, [ONE] * len(inner))
    finite = solved is not None and all(each >= 0 for each in solved)
    event(f"finite: {finite}")
    with patch.object(circles, "_SWEEPS", sweeps), patch.object(linear, "_PAIRS", pairs):
        assert converges(equations) is finite


@given(systems(most=6), st.sampled_from([-1, 1, 16]), st.sampled_from([2**30 - 35, 45_045]))
def test_solutions(equations: list[Equation], pairs: int, modulus: int) -> None:
    """Where sums are finite, the solution is that of elimination; else there may be none."""
    expected = linear_solution(equations, [each.outside for each in equations])
    certain = linear_solution(equations, [ONE] * len(equations))
    with patch.object(linear, "_PAIRS", pairs), patch.object(linear, "_MODULUS", modulus):
        found = solution(equations)
    if certain is not None and min(certain) >= 0:
        assert found == expected
    else:
        assert found is None or found == expected


# -- merging -------------------------------------------------------------------------------


@st.composite
def parts(draw: st.DrawFn) -> list[Part]:
    """Owners of whom the minimum amounts to no more than ten parts."""
    left, found = 10, []
    for _ in range(draw(st.integers(0, 5))):
        least = draw(st.integers(0, left)) if draw(st.booleans()) else 0
        left -= least
        behind = Fraction(draw(st.integers(0, 9)), 9)
        found.append(Part(least, draw(st.integers(least, 10)), behind))
    return found


def best(owners: list[Part], merged_from: Fraction | None) -> Fraction:
    """The most that is passed on, by trying which owners are merged."""
    found = ZERO
    for merged in map(set, subsets(range(len(owners)))):
        shares = [Fraction(each.least, 10) for each in owners]
        for place in merged:
            least, most = shares[place], Fraction(owners[place].most, 10)
            if merged_from is None or not least <= merged_from <= most:
                break
            shares[place] = merged_from
        else:
            left = 1 - sum(shares, ZERO)
            full = merged | {
                n for n, s in enumerate(shares) if merged_from is not None and s >= merged_from
            }
            if left >= 0:
                for place in sorted(range(len(owners)), key=lambda n: -owners[n].behind):
                    if place not in full:
                        more = min(left, Fraction(owners[place].most, 10) - shares[place])
                        shares[place] += more
                        left -= more
                passed = (
                    Tracing(merged_from).passed_on(s) * o.behind
                    for s, o in zip(shares, owners, strict=True)
                )
                found = max(found, sum(passed, ZERO))
    return min(found, ONE)


@given(parts(), st.sampled_from([None, HALF, Fraction(1, 3), Fraction(2, 3), Fraction(1, 10), ONE]))
def test_the_most_that_is_passed_on(owners: list[Part], merged_from: Fraction | None) -> None:
    """The same as the best of all choices."""
    assert most_passed_on(owners, 10, merged_from) == best(owners, merged_from)


# -- chains --------------------------------------------------------------------------------

NAMES = ("G1", "G2", "X", "A", "B", "C")


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """Who owns whom among six, two of them bodies and one perhaps."""
    holdings = []
    for name in NAMES[2:]:
        left = 100
        owners = st.sampled_from([each for each in NAMES if each != name])
        for owner in draw(st.lists(owners, unique=True, max_size=3)):
            percent = draw(st.sampled_from([min(left, each) for each in (10, 20, 33, 50, 60)]))
            left -= percent
            holdings.append(Holding.alike(owner, name, percent))
    graph = OwnershipGraph(
        entities=[Entity.company(name, "South Korea") for name in NAMES], holdings=holdings
    )
    bodies = {name: None if name == "X" else name.startswith("G") for name in NAMES}
    return traced(graph, bodies, Metric.EQUITY, Tracing(draw(st.sampled_from([None, HALF]))))


def every_chain(trace: Trace, name: str) -> dict[tuple[str, ...], Fraction]:
    """Every chain that passes no entity twice, with what it passes on, by walking all."""
    found: dict[tuple[str, ...], Fraction] = {}

    def follow(path: tuple[str, ...], share: Fraction) -> None:
        for owner in trace.owners(path[0]).owners:
            if owner not in path:
                here = share * trace.tracing.passed_on(trace.owners(path[0]).ends(owner)[1])
                if trace.bodies[owner] is not False:
                    found[owner, *path] = here
                if trace.bodies[owner] is not True:
                    follow((owner, *path), here)

    follow((name,), ONE)
    return found


@given(traces(), st.sampled_from(NAMES[2:]), st.integers(1, 6))
def test_the_strongest_chains(trace: Trace, name: str, most: int) -> None:
    """They are as strong as the first of all, and the rest is counted where there is no circle."""
    every = every_chain(trace, name)
    with patch.object(chains_module, "CHAINS", most):
        strongest, further = chains_of(trace, name)
    told = [every[each.holder, *each.through, name] for each in strongest]
    assert sorted(told, reverse=True) == sorted(every.values(), reverse=True)[:most]
    event(f"further: {'circles' if further is None else bool(further)}")
    if further is None:
        assert len(told) == most
    else:
        assert len(told) + further == len(every)
