"""Nothing reachable from a random claim, law or result can be changed.

`tests/test_nothing_can_be_changed.py` walks over one value of each kind. What these share with
random values, such as rules and the schedules of a law, is not walked again.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from functools import cache
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import claims, every_choice, some_laws
from tests.test_nothing_can_be_changed import is_changed, values, walk

from evcredit import Law, assess
from evcredit.errors import EvcreditError

_days = st.one_of(st.none(), st.dates(date(2010, 1, 1), date(2026, 12, 31)))
_credits = st.sampled_from(["30D", "30D", "25E", "45W"])


@cache
def walked() -> dict[int, Any]:
    """What every law and result is made of, kept so that nothing else takes its identity."""
    shared = (values(), some_laws())
    return {id(each): each for _, each in walk(shared) if each is not shared}


def changed(value: Any) -> list[str]:
    """What can be changed of what is reachable from a value."""
    return [
        f"{path} ({type(each).__name__})"
        for path, each in walk(value, walked())
        if is_changed(each)
    ]


@given(st.sampled_from(some_laws()), every_choice, _days)
def test_no_law_can_be_changed(law: Law, chosen: Any, day: date | None) -> None:
    """Not with any readings, and not as it was known on any day."""
    read = law.with_readings(**chosen)
    if day is not None:
        with suppress(EvcreditError):  # an agreement may have been hypothetical then
            read = read.known_on(day)
    assert changed((read,)) == []


@given(claims(), st.sampled_from(some_laws()), _credits)
def test_no_result_can_be_changed(claim: Any, law: Law, credit: str) -> None:
    """Neither claim nor result, with what is computed on demand."""
    try:
        result = assess(claim, law=law, credit=credit)
    except EvcreditError:
        return
    data = (result.missing(), result.warnings, result.reasons, result.undetermined)
    assert changed((claim, result, data)) == []


def test_a_value_that_can_be_changed_is_found() -> None:
    """What is compared with is not empty, and what was walked is known by itself alone."""
    assert changed(({"key": [1]},)) == ["[0] (dict)", "[0]['key'] (list)"]
    assert len(walked()) > 1000
