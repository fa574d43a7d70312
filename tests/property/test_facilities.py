"""Facilities: what is missing of chains that share an unknown country, against every completion.

The same chains with a country of their own for each step are looked at too: sharing never makes
more possible than there was.
"""

from __future__ import annotations

from datetime import date
from itertools import combinations, product
from typing import Any, NamedTuple

from hypothesis import given, note
from hypothesis import strategies as st
from tests.strategies import fewer

from evcredit import Claim, MineralSource, Step, Verdict, assess, with_facts
from evcredit.examples import demonstration_claim
from evcredit.facts import Facility

B = "vehicle.battery"
#: In the United States; on the list alone; in neither; telling of a foreign entity of concern.
PLACES = ("US", "CL", "ID", "CN")
_SHAPES = (
    ("processing",),
    ("extraction", "processing"),
    ("recycling",),
    ("processing", "processing"),
)


class Shared(NamedTuple):
    """A claim with facilities, the same with countries apart, and the unknown countries of both."""

    claim: Claim
    apart: Claim
    free: tuple[str, ...]
    free_apart: tuple[str, ...]

    def outcomes(self, paths: tuple[str, ...], claim: Claim) -> dict[tuple[str, ...], Any]:
        """Verdict and credit for all countries of the paths."""
        found = {}
        for chosen in product(PLACES, repeat=len(paths)):
            whole = assess(with_facts(claim, dict(zip(paths, chosen, strict=True))))
            found[chosen] = (whole.verdict, whole.credit)
        return found


@st.composite
def shared_claims(draw: st.DrawFn) -> Shared:
    """Up to four chains whose steps are at one of two facilities, elsewhere, or anywhere."""
    chains, apart, free, free_apart = [], [], set(), set()
    for index in range(draw(st.integers(1, 4))):
        shape = draw(st.sampled_from(_SHAPES))
        steps, lone = [], []
        for place, activity in enumerate(shape):
            where = draw(st.sampled_from(("a", "a", "b", None, *PLACES[1:3])))
            if where is None and len(free) > 3:
                where = "ID"
            own = f"{B}.minerals[{index}].steps[{place}].country"
            facts: dict[str, Any] = {
                "activity": activity,
                "value_added": draw(st.integers(1, 5)),
                "foreign_entity_of_concern": False,
            }
            at = {"facility" if where in ("a", "b") else "country": where}
            steps.append(Step(**facts, **at))
            lone.append(Step(**facts, **({} if where in ("a", "b") else at)))
            if where in ("a", "b"):
                free.add(f"{B}.facilities[{'ab'.index(where)}].country")
                free_apart.add(own)
            elif where is None:
                free.add(own)
                free_apart.add(own)
        value = draw(st.sampled_from((20, 30, 50, 51)))
        chains.append(MineralSource(mineral="nickel", value=value, steps=steps))
        apart.append(MineralSource(mineral="nickel", value=value, steps=lone))
    facts = {
        f"{B}.facilities": [Facility(name="a"), Facility(name="b")],
        f"{B}.certified_battery_component_content": draw(st.sampled_from((0, 100))),
        f"{B}.components_from_foreign_entity_of_concern": False,
    }
    known = demonstration_claim(draw(st.sampled_from((date(2024, 6, 3), date(2025, 3, 1)))))
    return Shared(
        with_facts(known, {**facts, f"{B}.minerals": chains}),
        with_facts(known, {**facts, f"{B}.minerals": apart}),
        tuple(sorted(free)),
        tuple(sorted(free_apart)),
    )


@fewer(4)
@given(shared_claims())
def test_shared_countries_against_every_completion(shared: Shared) -> None:
    """What is missing, both ends of the credit, and the settling sets."""
    result = assess(shared.claim)
    outcomes = shared.outcomes(shared.free, shared.claim)
    amounts = [credit.lower for _, credit in outcomes.values()]
    assert (result.credit.lower, result.credit.upper) == (min(amounts), max(amounts))
    relevant = set()
    for place, path in enumerate(shared.free):
        groups: dict[Any, set[Any]] = {}
        for chosen, outcome in outcomes.items():
            groups.setdefault(chosen[:place] + chosen[place + 1 :], set()).add(outcome)
        relevant |= {path for group in groups.values() if len(group) > 1}
    note(f"missing: {result.missing()}")
    assert set(result.missing()) == relevant
    assert result.missing_is_exact
    for verdict in (Verdict.MET, Verdict.NOT_MET):
        smallest: list[frozenset[str]] = []
        for size in range(len(shared.free) + 1):
            for names in combinations(range(len(shared.free)), size):
                chosen_paths = frozenset(shared.free[place] for place in names)
                left: dict[Any, set[Verdict]] = {}
                for values, (found, _) in outcomes.items():
                    left.setdefault(tuple(values[place] for place in names), set()).add(found)
                if {verdict} in left.values() and not any(e <= chosen_paths for e in smallest):
                    smallest.append(chosen_paths)
        assert set(result.settling(verdict)) == set(smallest)
        assert result.settling_is_exact


@fewer(4)
@given(shared_claims())
def test_sharing_makes_no_more_possible(shared: Shared) -> None:
    """Credit and content lie within those of the same chains with countries of their own."""
    together, apart = assess(shared.claim), assess(shared.apart)
    assert together.credit.lower in apart.credit
    assert together.credit.upper in apart.credit
    inner, outer = together.mineral_content, apart.mineral_content
    if inner is not None and outer is not None:
        assert outer.bounds.lower <= inner.bounds.lower
        assert inner.bounds.upper <= outer.bounds.upper
