"""Shares held through others, against a sum over paths, and the laws they must keep."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from evcredit import Bounds
from evcredit.facts.ownership import Entity, Holding, Metric
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.section_30d.concern.tracing import Tracing, traced

#: In order: in graphs without circles an entity holds only later ones.
NAMES = ("G1", "G2", "A", "B", "C", "D")
HALF = Fraction(1, 2)
TRACINGS = (Tracing(HALF), Tracing())

_percents = st.one_of(st.integers(1, 100), st.sampled_from([24, 25, 26, 49, 50, 51]))
tracings = st.sampled_from(TRACINGS)


@st.composite
def shares(draw: st.DrawFn, *, circles: bool = False) -> dict[tuple[str, str], int]:
    """Who holds what percent of whom, never more than 100 percent of anybody."""
    found: dict[tuple[str, str], int] = {}
    for place, name in enumerate(NAMES[2:], 2):
        left = 100
        owners = [each for each in NAMES if each != name] if circles else NAMES[:place]
        for owner in draw(st.lists(st.sampled_from(owners), unique=True, max_size=4)):
            percent = min(draw(_percents), left)
            if percent:
                found[owner, name] = percent
                left -= percent
    return found


def graph(percents: dict[tuple[str, str], Any]) -> OwnershipGraph:
    return OwnershipGraph(
        entities=[Entity.company(name, "South Korea") for name in NAMES],
        holdings=[Holding.alike(owner, of, each) for (owner, of), each in percents.items()],
    )


KNOWN: dict[str, bool | None] = {name: name.startswith("G") for name in NAMES}


def found(percents: Any, tracing: Tracing, bodies: Any = KNOWN) -> dict[str, Bounds[Fraction]]:
    trace = traced(graph(percents), bodies, Metric.EQUITY, tracing)
    return {name: trace.share(name) for name in NAMES}


def over_paths(percents: dict[tuple[str, str], int], name: str, merged: bool) -> Fraction:
    """The share of an entity as the sum over all paths from bodies to it.

    Where every majority is merged a path counts with its links below one half alone, and what
    comes together at an entity on the way never exceeds the whole.
    """
    if name.startswith("G"):
        return Fraction(1)
    total = Fraction(0)
    for (owner, of), percent in percents.items():
        if of == name:
            link = Fraction(1) if merged and percent >= 50 else Fraction(percent, 100)
            total += link * over_paths(percents, owner, merged)
    return min(total, Fraction(1))


def plain_paths(percents: dict[tuple[str, str], int], name: str) -> Fraction:
    """Like the above, for plain multiplication, by listing every path."""

    def paths(upward: tuple[str, ...], share: Fraction) -> list[Fraction]:
        if upward[-1].startswith("G"):
            return [share]
        return [
            each
            for (owner, of), percent in percents.items()
            if of == upward[-1]
            for each in paths((*upward, owner), share * Fraction(percent, 100))
        ]

    return sum(paths((name,), Fraction(1)), Fraction(0))


@given(shares())
def test_without_circles_shares_are_sums_over_paths(percents: Any) -> None:
    """Both ways of tracing agree with going up every path, exactly."""
    for tracing in TRACINGS:
        result = found(percents, tracing)
        for name in NAMES:
            expected = over_paths(percents, name, tracing.merged_from is not None)
            assert result[name] == Bounds(expected, expected)
    for name in NAMES[2:]:
        assert found(percents, Tracing())[name].lower == plain_paths(percents, name)


@given(shares(circles=True), tracings, st.randoms(use_true_random=False))
def test_order_means_nothing(percents: Any, tracing: Tracing, random: Any) -> None:
    """However the holdings are listed, circles or not."""
    mixed = list(percents.items())
    random.shuffle(mixed)
    assert found(dict(mixed), tracing) == found(percents, tracing)


@given(shares(circles=True), tracings)
def test_shares_solve_their_equations(percents: Any, tracing: Tracing) -> None:
    """Where there is one answer, what each owner passes on adds up to it, circles or not."""
    result = found(percents, tracing)
    if all(each.is_exact for each in result.values()):
        for name in NAMES[2:]:
            passed = (
                tracing.passed_on(Fraction(percent, 100)) * result[owner].lower
                for (owner, of), percent in percents.items()
                if of == name
            )
            assert result[name].lower == min(sum(passed, Fraction(0)), Fraction(1))


@given(shares(circles=True))
def test_merging_never_lowers_a_share(percents: Any) -> None:
    """Who counts as one with what it owns passes on no less than its share."""
    merged, plain = (found(percents, tracing) for tracing in TRACINGS)
    for name in NAMES:
        assert plain[name].is_exact
        assert merged[name].lower >= plain[name].lower


@given(shares(circles=True), tracings, st.data())
def test_more_held_is_never_less(percents: Any, tracing: Tracing, data: Any) -> None:
    """A further holding of a body raises shares or leaves them."""
    before = found(percents, tracing)
    free = {
        name: 100 - sum(each for (_, of), each in percents.items() if of == name)
        for name in NAMES[2:]
    }
    room = [(owner, name) for owner in ("G1", "G2") for name in free if free[name]]
    room = [edge for edge in room if edge not in percents]
    if room:
        edge = data.draw(st.sampled_from(room))
        more = data.draw(st.integers(1, free[edge[1]]))
        after = found({**percents, edge: more}, tracing)
        for name in NAMES:
            assert after[name].lower >= before[name].lower
            assert after[name].upper >= before[name].upper


@given(st.one_of(shares(), shares(circles=True)), tracings, st.data())
def test_what_turns_out_lies_in_the_bounds(percents: Any, tracing: Tracing, data: Any) -> None:
    """Hide holdings and roles, or blur them: the shares of the truth stay within the bounds."""
    known = found(percents, tracing)
    blurred: dict[tuple[str, str], Any] = dict(percents)
    for edge, percent in percents.items():
        kind = data.draw(st.sampled_from(["known", "known", "unknown", "bounds"]))
        if kind == "unknown":
            blurred[edge] = None
        elif kind == "bounds":
            low = data.draw(st.integers(0, percent))
            blurred[edge] = Bounds(low, data.draw(st.integers(percent, 100)))
    bodies: dict[str, bool | None] = {
        name: None if data.draw(st.sampled_from([False, False, True])) else body
        for name, body in KNOWN.items()
    }
    result = found(blurred, tracing, bodies)
    for name in NAMES:
        # Of an entity that may be a body the result says what others hold of it.
        assert known[name] in result[name] or (KNOWN[name] and bodies[name] is None)


@given(shares(), tracings, st.data())
def test_bounds_are_reached_without_circles(percents: Any, tracing: Tracing, data: Any) -> None:
    """With one unknown holding both ends are reached by a value that leaves no more than all."""
    if not percents:
        return
    edge = data.draw(st.sampled_from(sorted(percents)))
    rest = sum(each for (_, of), each in percents.items() if of == edge[1]) - percents[edge]
    result = found({**percents, edge: None}, tracing)
    ends = [found({**percents, edge: percent}, tracing) for percent in (0, 100 - rest)]
    for name in NAMES:
        assert result[name] == Bounds(ends[0][name].lower, ends[1][name].lower)
