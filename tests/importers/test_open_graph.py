"""Graphs from sources whose silence says nothing."""

from decimal import Decimal

from evcredit.algebra.bounds import Bounds
from evcredit.facts.contract import Contract
from evcredit.importers.open_graph import OpenGraph


def test_places_stay_and_what_is_left_has_an_owner():
    graph = OpenGraph()
    assert [graph.entity(name) for name in "ABA"] == [0, 1, 0]
    assert [graph.holding("A", "B"), graph.holding("A", "B")] == [0, 0]
    graph.share("A", "B", "equity_percent", Bounds(Decimal(30), Decimal(40)))
    graph.share("A", "B", "voting_percent", Decimal(100))
    graph.entity("A", has_owners=False, incorporated_in="JP")

    closed = graph.closed([Contract(holder="A", producer="B")])
    assert closed.entities[0].incorporated_in == "JP"
    (_, rest) = closed.holdings
    assert (rest.owner, rest.of) == ("unknown owners of B", "B")
    assert rest.equity_percent == Bounds(Decimal(60), Decimal(70))
    assert rest.voting_percent == 0
    assert rest.board_percent == Bounds(Decimal(0), Decimal(100))
    assert len(closed.contracts) == 1


def test_a_graph_of_a_source_without_contracts_does_not_know_them():
    assert OpenGraph().closed(None).contracts is None


def test_more_than_all_is_noticed():
    graph = OpenGraph()
    for owner in "AB":
        graph.holding(owner, "C")
        graph.share(owner, "C", "equity_percent", Decimal("50.000000000000000001"))

    assert graph.exceeds_all("C", "equity_percent")
    assert not graph.exceeds_all("C", "voting_percent")
    assert not graph.exceeds_all("D", "equity_percent")
