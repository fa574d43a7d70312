"""The two ways to build an object of facts give the same, whatever is given."""

from typing import Any

import attrs
from hypothesis import given
from hypothesis import strategies as st
from tests.test_construction import VALUES, both, classes

from evcredit.algebra.field import declared_facts
from evcredit.testing import values_of


@st.composite
def arguments(draw: st.DrawFn) -> tuple[type, dict[str, Any]]:
    """A class of facts and arguments for it: sound ones, odd ones, and both together."""
    cls = draw(st.sampled_from(classes()))
    declared = dict(declared_facts(cls))
    given = {}
    for each in attrs.fields(cls):
        if each.init and (each.default is attrs.NOTHING or draw(st.integers(0, 3)) == 0):
            sound = each.name in declared and draw(st.integers(0, 9)) > 0
            kind = (
                values_of(each.name, declared[each.name], 2) if sound else st.sampled_from(VALUES)
            )
            given[each.alias] = draw(kind)
    return cls, given


@given(arguments())
def test_values_and_faults_are_the_same_either_way(drawn):
    cls, given = drawn
    both(cls, **given)
