"""Items that are alike: one is analyzed for all."""

import pytest

from evcredit import Verdict
from evcredit.algebra import alike as module
from evcredit.algebra.alike import OneOfEach

MET, NOT_MET = Verdict.MET, Verdict.NOT_MET
BOTH = OneOfEach(
    None,
    {"sales[0]": ("sales[1]", "sales[10]"), "sales[1]": ("sales[2]",), "uses[0]": ("uses[4]",)},
)


def sets(*paths):
    return [frozenset(each.split()) for each in paths]


def test_facts_come_item_by_item():
    """Where the first of the list came; other facts stay where they are."""
    found = BOTH.missing(
        ["price", "sales[0].on", "sales[0].to", "sales[1].on", "day", "uses[0].by"]
    )
    assert found == (
        "price",
        "sales[1].on",
        "sales[1].to",
        "sales[2].on",
        "sales[10].on",
        "sales[10].to",
        "day",
        "uses[4].by",
    )


def test_items_of_other_lists_stay():
    """Only the lists of which items are represented are touched."""
    assert BOTH.missing(["steps[1].by", "steps[0].by"]) == ("steps[1].by", "steps[0].by")
    assert OneOfEach(None, {}).missing(["sales[1].on"]) == ("sales[1].on",)


def test_all_of_them_bring_it_about_and_one_rules_it_out():
    """Shorter sets come first."""
    stated = sets("sales[0].on sales[1].on price", "day")
    assert BOTH.settling(stated, MET) == tuple(
        sets("day", "sales[1].on sales[10].on sales[2].on price")
    )
    assert BOTH.settling(stated, NOT_MET) == tuple(
        sets("day", "price sales[10].on sales[2].on", "price sales[1].on sales[2].on")
    )


@pytest.mark.parametrize(
    ("stated", "verdict", "expected"),
    [
        (["sales[0].on", "day"], MET, True),
        # Two items could be settled in two ways, each in another one.
        (["sales[0].on", "sales[0].to"], MET, False),
        (["sales[1].on", "sales[1].to"], MET, True),
        (["sales[0].on", "sales[0].to"], NOT_MET, True),
    ],
)
def test_whether_all_are_listed(stated, verdict, expected):
    """One item alone, or one way for all, leaves nothing out."""
    assert BOTH.lists_all(sets(*stated), verdict) is expected


def test_too_many_sets(monkeypatch):
    """They are cut, and that is said."""
    monkeypatch.setattr(module, "MOST_SETS", 1)
    assert BOTH.settling(sets("sales[0].on"), NOT_MET) == tuple(sets("sales[1].on"))
    assert not BOTH.lists_all(sets("sales[0].on"), NOT_MET)
