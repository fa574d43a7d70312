"""Where a credit is not exact, the result says what is missing, or what the law leaves
unresolved.
"""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import claims, every_choice

from evcredit import Verdict, assess, current_law, with_facts
from evcredit.errors import EvcreditError

_LAW = current_law()
_EMPTY = st.sampled_from(
    [
        {},
        {"vehicle.battery.minerals": ()},
        {"vehicle.battery.components": ()},
        {"vehicle.battery.minerals": (), "vehicle.battery.components": ()},
    ]
)


@given(claims(), every_choice, _EMPTY)
def test_no_unknown_without_a_reason(claim: Any, chosen: Any, empty: Any) -> None:
    try:
        result = assess(with_facts(claim, empty), law=_LAW.with_readings(**chosen))
    except EvcreditError:
        return
    if result.credit.is_exact:
        assert result.missing() == ()
        assert result.undetermined == ()
        return
    found = [*result.settling(Verdict.MET), *result.settling(Verdict.NOT_MET)]
    # An empty set of facts settles what is not met either way an election turns out.
    by_itself = result.verdict is Verdict.UNKNOWN and frozenset() in found
    assert result.missing() or result.undetermined or any(found) or by_itself, result.explain()
