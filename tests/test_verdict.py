"""Three-valued verdicts."""

import pytest

from evcredit import EvcreditError, Verdict
from evcredit.algebra.verdict import all_known, any_known
from evcredit.errors import UndeterminedError

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("left", "right", "both", "either"),
    [
        (MET, MET, MET, MET),
        (MET, NOT_MET, NOT_MET, MET),
        (MET, UNKNOWN, UNKNOWN, MET),
        (NOT_MET, MET, NOT_MET, MET),
        (NOT_MET, NOT_MET, NOT_MET, NOT_MET),
        (NOT_MET, UNKNOWN, NOT_MET, UNKNOWN),
        (UNKNOWN, MET, UNKNOWN, MET),
        (UNKNOWN, NOT_MET, NOT_MET, UNKNOWN),
        (UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN),
    ],
)
def test_kleene_and_or(left, right, both, either):
    """Kleene's strong tables for "and" and "or"."""
    assert (left & right, left | right) == (both, either)


def test_kleene_not():
    """Kleene's strong table for "not"."""
    assert (~MET, ~NOT_MET, ~UNKNOWN) == (NOT_MET, MET, UNKNOWN)


@pytest.mark.parametrize(
    ("known", "verdict"), [(True, MET), (False, NOT_MET), (None, UNKNOWN)], ids=str
)
def test_truth_values_and_verdicts_are_one_to_one(known, verdict):
    """`of` and `known` are each other's inverse."""
    assert Verdict.of(known) is verdict
    assert verdict.known is known


def test_decided_verdicts_are_true_or_false():
    """A decided verdict may stand where yes or no is needed."""
    assert (bool(MET), bool(NOT_MET)) == (True, False)


def test_unknown_is_neither_true_nor_false():
    """An unknown verdict in an `if` is an error, which says what to do."""
    with pytest.raises(UndeterminedError, match="ask the result which facts are missing") as caught:
        bool(UNKNOWN)
    assert caught.value.missing == ()
    assert isinstance(caught.value, EvcreditError)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize(
    ("flags", "either", "both"),
    [
        ([], False, True),
        ([False, False], False, False),
        ([True, True], True, True),
        ([True, False], True, False),
        ([False, None], None, False),
        ([None, False], None, False),
        ([None, True], True, None),
        ([True, None], True, None),
        ([None, None], None, None),
    ],
)
def test_flags_combine_as_verdicts_do(flags, either, both):
    """One that is up decides "any", one that is down "all"; otherwise an unknown one is
    unresolved.
    """
    assert any_known(iter(flags)) is either
    assert all_known(iter(flags)) is both


@pytest.mark.parametrize("other", [True, None, "met"], ids=repr)
def test_verdicts_combine_with_verdicts_only(other):
    """Nothing else is taken for a verdict."""
    with pytest.raises(TypeError):
        MET & other
    with pytest.raises(TypeError):
        MET | other


def test_words():
    """The values are the words that results show."""
    assert [verdict.value for verdict in Verdict] == ["met", "not met", "unknown"]
