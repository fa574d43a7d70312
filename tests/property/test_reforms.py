"""What two reforms make of a claim is the difference of two assessments, for every finding."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import claims, fewer

from evcredit import assess, compare, current_law
from evcredit.errors import ConflictingReforms
from evcredit.law import Reform, named_reforms

LAW = current_law()
MORE = (
    Reform(),
    Reform.set_value("critical_minerals_percentage", 45, since="2024-01-01", why="a test"),
    Reform.cap_value("msrp_limit", 60_000, why="a test"),
    Reform.end("components_exclusion_in_force", "2024-06-01", why="a test"),
    Reform.delay_agreement("Chile", "2024-07-01", why="a test"),
    Reform.narrow_agreement("USMCA", partners=["CA"], why="a test"),
    Reform.choose_reading("agreement_scope", "COVERED_MINERALS", why="a test"),
    Reform.set_value("magi_limit", 100_000, category="single", why="a test"),
)
reforms = st.sampled_from([*named_reforms().values(), *MORE])


def states(finding: Any, path: tuple[Any, ...] = ()) -> dict[tuple[Any, ...], Any]:
    """Every finding by where it is: codes from the top, and of chains and steps the fact."""
    here = {path: (finding.verdict, finding.in_force)}
    seen: Counter[Any] = Counter()
    for part in finding.parts:
        about = part.code, part.facts[0].path if finding.details and part.facts else ""
        here |= states(part, (*path, (*about, seen[about])))
        seen[about] += 1
    return here


@fewer(2)
@given(claims(), reforms, reforms)
def test_comparing_is_assessing_twice(claim: Any, one: Reform, other: Reform) -> None:
    """Every finding that both laws make, and no other; and the difference of the credits."""
    before, after = one.apply(LAW), other.apply(LAW)
    comparison = compare(claim, before, after)
    first, second = assess(claim, law=before), assess(claim, law=after)
    states_before, states_after = states(first.finding), states(second.finding)
    flipped = [
        (states_before[where], states_after[where])
        for where in states_before
        if where in states_after and states_before[where] != states_after[where]
    ]
    assert flipped == [
        ((flip.before.verdict, flip.before.in_force), (flip.after.verdict, flip.after.in_force))
        for flip in comparison.flipped
    ]
    assert comparison.difference.lower == second.credit.lower - first.credit.upper
    assert comparison.difference.upper == second.credit.upper - first.credit.lower


@given(reforms, reforms, reforms)
def test_composition_is_associative(one: Reform, two: Reform, three: Reform) -> None:
    """In order always; otherwise where none touches what another does, or else it raises."""
    assert one.then(two).then(three) == one.then(two.then(three))
    found = []
    for both in (lambda: (one + two) + three, lambda: one + (two + three)):
        try:
            found.append(both())
        except ConflictingReforms:
            found.append(None)
    assert found[0] == found[1]


@given(reforms, reforms)
def test_what_is_done_is_undone(one: Reform, two: Reform) -> None:
    """After two reforms in order, the law is the equal law again, fingerprint included."""
    after = one.apply(LAW)
    try:
        both = two.apply(after)
    except LookupError:
        return  # the second removes what the first has removed
    back = two.inverse(after).apply(both)
    assert back == after
    assert one.inverse(LAW).apply(back).digest == LAW.digest
