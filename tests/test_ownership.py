"""Who owns whom: entities, holdings, contracts, and what is held through others."""

import copy
import pickle
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, permutations

import attrs
import pytest

from evcredit import (
    Battery,
    BatteryComponent,
    Bounds,
    Claim,
    InvalidFactError,
    MineralSource,
    Step,
    Vehicle,
    Verdict,
    assess,
    examples,
    with_facts,
)
from evcredit.errors import InvalidFactsError
from evcredit.facts.contract import RIGHTS, Contract
from evcredit.facts.ownership import Entity, GovernmentRole, Holding, Metric
from evcredit.facts.ownership_graph import MOST_IN_A_CIRCLE, OwnershipGraph, in_percent
from evcredit.io import claim_from_json, claim_to_json
from evcredit.section_30d.concern import chains as module
from evcredit.section_30d.concern.chains import HeldThrough, chains_of
from evcredit.section_30d.concern.tracing import Tracing, owners_behind, traced

HALF = Fraction(1, 2)
MERGED, PROPORTIONAL = Tracing(HALF), Tracing()
EQUITY, VOTES, BOARD = Metric


def entity(name):
    """A company; those whose names begin with G are bodies of a government."""
    if name.startswith("G"):
        return Entity.government(name, "China")
    return Entity.company(name, "South Korea")


def graph(*edges, names=""):
    """A graph from (owner, owned, percent); the percent is the same by every metric."""
    holdings = [Holding.alike(owner, of, percent) for owner, of, percent in edges]
    every = sorted({name for edge in edges for name in edge[:2]} | set(names))
    return OwnershipGraph(entities=[entity(name) for name in every], holdings=holdings)


def bodies(of):
    """Who is a body: by the name, and unknown where it begins with X."""
    return {
        each.name: None if each.name.startswith("X") else each.name.startswith("G")
        for each in of.entities
    }


def share(of, name, tracing=MERGED, metric=EQUITY):
    """The share of an entity, as least and greatest ratio."""
    found = trace(of, tracing, metric).share(name)
    return found.lower, found.upper


def trace(of, tracing=MERGED, metric=EQUITY):
    """The holdings of all bodies."""
    return traced(of, bodies(of), metric, tracing)


def circles(of, tracing=MERGED):
    """The circles without a single answer."""
    return trace(of, tracing).circles


def chains(of, name, tracing=MERGED):
    """The strongest chains, where there are no others."""
    strongest, further = chains_of(trace(of, tracing), name)
    assert further == 0
    return strongest


def exactly(numerator, denominator=100):
    return (Fraction(numerator, denominator),) * 2


# -- what is stated ------------------------------------------------------------------------


def test_a_company_is_managed_where_it_is_incorporated_unless_stated():
    """The one-line constructors state what they say, and nothing else."""
    plain = Entity.company("A", "Hungary")
    other = Entity.company("A", "Hungary", principal_place_of_business="China")
    assert (plain.incorporated_in, plain.principal_place_of_business) == ("HU", "HU")
    assert (other.incorporated_in, other.principal_place_of_business) == ("HU", "CN")
    assert plain.government_role is GovernmentRole.NONE
    party = Entity.government("Party", "China", GovernmentRole.RULING_PARTY)
    assert (party.government_role, party.government_of) == (GovernmentRole.RULING_PARTY, "CN")


@pytest.mark.parametrize(
    ("make", "path", "remedy"),
    [
        (lambda: Entity(name=None), "entity.name", "give the name of an entity"),
        (lambda: Entity(name=" "), "entity.name", "give text that is not empty"),
        (
            lambda: Entity(name="A", government_role="none", government_of="China"),
            "entity.government_of",
            "no role in any government",
        ),
        (lambda: Entity(name="A", government_role="cousin"), "entity.government_role", "one of"),
        (lambda: Holding(owner=None, of="B"), "holding.owner", "give the name"),
        (lambda: Holding(owner="A", of="A"), "holding.of", "of itself passes nothing on"),
        (
            lambda: Holding(owner="A", of="B", equity_percent=101),
            "holding.equity_percent",
            "from 0 to 100",
        ),
        (
            lambda: Holding(owner="A", of="B", equity_percent=24.9),
            "holding.equity_percent",
            "floats are not exact",
        ),
        (
            lambda: Holding(owner="A", of="B", board_seats=0, board_seats_in_all=0),
            "holding.board_seats_in_all",
            "at least one seat",
        ),
        (
            lambda: Holding(owner="A", of="B", board_seats=6, board_seats_in_all=5),
            "holding.board_seats",
            "more seats than there are",
        ),
        (
            lambda: Holding(owner="A", of="B", board_percent=5, board_seats=1),
            "holding.board_percent",
            "not both",
        ),
        (lambda: Contract(holder="A", producer=None), "contract.producer", "give the name"),
        (
            lambda: Contract(
                holder="A", producer="B", effective_control=True, **dict.fromkeys(RIGHTS, True)
            ),
            "contract.effective_control",
            "under nobody's effective control",
        ),
        (lambda: OwnershipGraph(entities=None), "ownership_graph.entities", "give the list"),
        (
            lambda: OwnershipGraph(entities=[entity("A"), entity("A")]),
            "ownership_graph.entities[1].name",
            "two entities have this name",
        ),
        (
            lambda: OwnershipGraph(entities=[entity("A")], holdings=[Holding.alike("A", "B", 1)]),
            "ownership_graph.holdings[0].of",
            "there is no entity of the graph of this name",
        ),
        (
            lambda: OwnershipGraph(
                entities=[entity("A")], contracts=[Contract(holder="B", producer="A")]
            ),
            "ownership_graph.contracts[0].holder",
            "there is no entity of the graph of this name",
        ),
        (
            lambda: graph(("A", "B", 1), ("A", "B", 2)),
            "ownership_graph.holdings[1]",
            "stated in holdings[0] too",
        ),
        (
            lambda: OwnershipGraph(
                entities=[entity("A"), entity("B")],
                contracts=[Contract(holder="A", producer="B", output="lithium")] * 2,
            ),
            "ownership_graph.contracts[1]",
            "stated in contracts[0] too",
        ),
        (
            lambda: OwnershipGraph(
                entities=[entity(name) for name in "ABC"],
                holdings=[
                    Holding(owner="A", of="C", board_seats=1, board_seats_in_all=4),
                    Holding(owner="B", of="C", board_seats=1, board_seats_in_all=5),
                ],
            ),
            "ownership_graph.holdings",
            "one size",
        ),
    ],
)
def test_faults(make, path, remedy):
    """Each fault names its place and what to do."""
    with pytest.raises(InvalidFactError) as caught:
        make()
    assert caught.value.path == path
    assert remedy in caught.value.remedy


def test_more_than_all_of_something():
    """Each metric is looked at: here two of them amount to 101 percent."""
    entities = [entity(name) for name in "ABC"]
    holdings = [
        Holding(owner="A", of="C", equity_percent=50, voting_percent=60, board_percent=1),
        Holding(owner="B", of="C", equity_percent=51, voting_percent=41, board_percent=99),
    ]
    with pytest.raises(InvalidFactsError) as caught:
        OwnershipGraph(entities=entities, holdings=holdings)
    assert [each.found for each in caught.value.exceptions] == [
        "101 % of the equity of C",
        "101 % of the voting rights of C",
    ]


@pytest.mark.parametrize(
    ("seats", "in_all", "expected"),
    [
        (1, 4, (Fraction(1, 4), Fraction(1, 4))),
        (0, None, (0, 0)),
        (1, None, (0, 1)),
        (Bounds(1, 2), 5, (Fraction(1, 5), Fraction(2, 5))),
        (1, Bounds(4, 5), (Fraction(1, 5), Fraction(1, 4))),
        (2, Bounds(1, 4), (Fraction(1, 2), 1)),
        (1, Bounds(3, Decimal("Infinity")), (0, Fraction(1, 3))),
        (Bounds(1, Decimal("Infinity")), 4, (Fraction(1, 4), 1)),
    ],
    ids=str,
)
def test_board_seats(seats, in_all, expected):
    """Seats held over seats in all; bounds on either, and an unknown size, give bounds."""
    found = Holding(owner="A", of="B", board_seats=seats, board_seats_in_all=in_all).share(BOARD)
    # A board without a known limit is taken to have as many seats as can be counted.
    assert found.lower.limit_denominator(10**9) == expected[0]
    assert found.upper == expected[1]


def test_shares_that_are_not_known():
    """An unknown percentage may be anything, and says by which facts it is unresolved."""
    holding = Holding(owner="A", of="B", voting_percent=Bounds(10, 20), board_percent=25)
    assert holding.share(EQUITY) == Bounds(0, 1)
    assert holding.share(VOTES) == Bounds(Fraction(1, 10), Fraction(1, 5))
    assert [holding.unknown(metric) for metric in Metric] == [
        ("equity_percent",),
        ("voting_percent",),
        (),
    ]
    seats = Holding(owner="A", of="B", board_seats=1)
    assert seats.unknown(BOARD) == ("board_seats_in_all",)
    assert Holding(owner="A", of="B", board_seats=0).unknown(BOARD) == ()


@pytest.mark.parametrize(
    ("control", "rights", "expected"),
    [
        (None, dict.fromkeys(RIGHTS, True), False),
        (True, {}, True),
        (False, {}, False),
        (None, {}, None),
        (None, dict.fromkeys(list(RIGHTS)[:4], True), None),
        (True, {"keeps_output": False}, True),
        (None, {"keeps_output": False}, None),
    ],
)
def test_effective_control(control, rights, expected):
    """All five rights kept: no. Effective control: yes. Otherwise unknown."""
    contract = Contract(holder="A", producer="B", effective_control=control, **rights)
    assert contract.controls is expected


def test_looking_things_up():
    """By name; what is not there is nothing."""
    contract = Contract(holder="A", producer="B")
    found = OwnershipGraph(entities=[entity("A"), entity("B")], contracts=[contract])
    assert found.entity("A") == entity("A")
    assert found.entity("C") is None
    assert found.contracts_of("B") == ((0, contract),)
    assert found.contracts_of("A") == ()


# -- tracing without circles ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("edges", "name", "merged", "proportional"),
    [
        ([("G", "M", "24.9")], "M", (249, 1000), (249, 1000)),
        ([("G1", "M", 15), ("G2", "M", 12)], "M", (27, 100), (27, 100)),
        ([("G", "A", 60), ("A", "B", 30)], "B", (30, 100), (18, 100)),
        ([("G", "A", 40), ("A", "B", 60)], "B", (40, 100), (24, 100)),
        ([("G", "A", 40), ("A", "B", 40)], "B", (16, 100), (16, 100)),
        ([("G", "A", 50), ("A", "B", 25)], "B", (25, 100), (125, 1000)),
        (
            [("G", "A", 49), ("A", "B", 51), ("B", "C", 51)],
            "C",
            (49, 100),
            (127449, 1000000),
        ),
        (
            [("G", "A", 30), ("G", "D", 30), ("A", "B", 40), ("D", "B", 40)],
            "B",
            (24, 100),
            (24, 100),
        ),
        # A body that another body owns is one anyway.
        ([("G1", "G2", 30), ("G2", "M", 20)], "M", (20, 100), (20, 100)),
        # Two halves: owner and owned are one, twice.
        ([("G", "A", 30), ("A", "C", 50), ("B", "C", 50)], "C", (30, 100), (15, 100)),
        # What comes together never exceeds the whole.
        ([("G", "A", 60), ("A", "C", 50), ("G", "C", 50)], "C", (1, 1), (80, 100)),
    ],
)
def test_tracing(edges, name, merged, proportional):
    """Structures of the dossier and a few more, exactly, under both ways of tracing."""
    found = graph(*edges)
    assert share(found, name) == exactly(*merged)
    assert share(found, name, PROPORTIONAL) == exactly(*proportional)


def test_bodies_hold_all_of_themselves():
    """The share of a body is the whole; of who has no owner at all, nothing."""
    found = graph(("G", "A", 10), names="B")
    assert share(found, "G") == (1, 1)
    assert share(found, "B") == (0, 0)


def test_metrics_are_traced_each_on_its_own():
    """20 % of the equity, 24 % of the votes, one of five seats: never added."""
    holding = Holding(
        owner="G",
        of="M",
        equity_percent=20,
        voting_percent=24,
        board_seats=1,
        board_seats_in_all=5,
    )
    found = OwnershipGraph(entities=[entity("G"), entity("M")], holdings=[holding])
    shares = [share(found, "M", metric=metric)[0] for metric in Metric]
    assert shares == [Fraction(20, 100), Fraction(24, 100), Fraction(1, 5)]


def test_nothing_known_of_the_owners():
    """Holdings that are unknown leave everything open, but bodies are bodies."""
    found = OwnershipGraph(entities=[entity("G"), entity("M")])
    assert share(found, "M") == (0, 1)
    assert share(found, "G") == (1, 1)
    assert circles(found) == ()
    assert chains(found, "M") == ()


@pytest.mark.parametrize(
    ("edges", "merged", "proportional"),
    [
        # An unknown holding leaves what the others leave.
        ([("G", "M", None), ("P", "M", 80)], (0, 20), (0, 20)),
        ([("G", "M", None), ("P", "M", 40)], (0, 100), (0, 60)),
        ([("G", "M", Bounds(10, 30)), ("P", "M", 80)], (10, 20), (10, 20)),
        # A possible body counts in full at most and not at all at least.
        ([("X", "M", 26)], (0, 26), (0, 26)),
        ([("G", "X", 10), ("X", "M", 30)], (3, 30), (3, 30)),
        # Two unknown holdings share the whole: the better one gets all of it,
        ([("G", "A", 20), ("G", "B", 30), ("A", "M", None), ("B", "M", None)], (0, 50), (0, 30)),
        # and where neither owner can be merged, what the bounds allow.
        (
            [
                ("G", "A", 20),
                ("G", "B", 30),
                ("A", "M", Bounds(0, 40)),
                ("B", "M", Bounds(0, 40)),
            ],
            (0, 20),
            (0, 20),
        ),
        # A majority that is not certain passes on its share at least, everything at most.
        ([("G", "A", 40), ("A", "M", Bounds(40, 60))], (16, 40), (16, 24)),
        # Not both of these can be majorities.
        (
            [
                ("G", "A", 20),
                ("G", "B", 30),
                ("A", "M", Bounds(30, 60)),
                ("B", "M", Bounds(45, 60)),
                ("P", "M", 10),
            ],
            ("19.5", 38),
            ("19.5", 24),
        ),
        (
            [
                ("G", "A", 20),
                ("G", "B", 30),
                ("A", "M", Bounds(0, 60)),
                ("B", "M", Bounds(0, 60)),
                ("P", "M", 10),
            ],
            (0, 38),
            (0, 24),
        ),
    ],
)
def test_bounds_are_reached(edges, merged, proportional):
    """What is unknown gives bounds, whose ends are reached with no more than all held."""
    found = graph(*edges)
    for tracing, (least, most) in ((MERGED, merged), (PROPORTIONAL, proportional)):
        ends = (Fraction(least) / 100, Fraction(most) / 100)
        assert share(found, "M", tracing) == ends


@pytest.mark.parametrize("tracing", [MERGED, PROPORTIONAL])
def test_order_means_nothing(tracing):
    """However entities and holdings are ordered, the shares are the same."""
    edges = [("G", "A", 60), ("A", "B", 30), ("B", "C", 55), ("C", "A", 20), ("G", "C", 5)]
    first = None
    for order in permutations(edges):
        found = graph(*order)
        mixed = OwnershipGraph(
            entities=tuple(reversed(found.entities)), holdings=tuple(found.holdings)
        )
        shares = {name: share(mixed, name, tracing) for name in "ABC"}
        first = first or shares
        assert shares == first


# -- circles -------------------------------------------------------------------------------


def test_cross_holdings_multiply_without_end():
    """A holds 20 % of B and B 30 % of A: the sum over all rounds, as a linear system."""
    found = graph(("G", "A", 40), ("A", "B", 20), ("B", "A", 30))
    a = Fraction(40, 100) / (1 - Fraction(6, 100))
    assert share(found, "A", PROPORTIONAL) == (a, a)
    assert share(found, "B", PROPORTIONAL) == (a / 5, a / 5)
    assert share(found, "A") == (a, a)


def test_a_subsidiary_that_holds_a_part_of_its_parent():
    """A majority in a circle: still one answer, as less comes back than goes out."""
    found = graph(("G", "A", 20), ("A", "B", 60), ("B", "A", 10))
    a = Fraction(20, 100) / (1 - Fraction(10, 100))
    assert share(found, "A") == share(found, "B") == (a, a)
    assert circles(found) == ()
    assert share(found, "B", PROPORTIONAL)[0] == Fraction(60, 100) * Fraction(20, 94)


def test_the_whole_is_reached_in_a_circle():
    """What comes together in a circle never exceeds the whole either."""
    found = graph(
        ("G", "A", 60),
        ("B", "A", 30),
        ("G", "B", 55),
        ("A", "B", 40),
        ("B", "C", 40),
        ("C", "B", 5),
    )
    assert share(found, "A") == share(found, "B") == (1, 1)
    assert share(found, "C") == (Fraction(2, 5), Fraction(2, 5))


def test_majorities_all_around_a_circle():
    """No single answer: from what multiplication gives to the whole, and the circle is named."""
    found = graph(("G", "A", 10), ("A", "B", 60), ("B", "A", 60), ("B", "C", 30))
    least = Fraction(10, 100) / (1 - Fraction(36, 100))
    assert share(found, "A") == (least, 1)
    assert share(found, "C") == (least * Fraction(60, 100) * Fraction(30, 100), Fraction(3, 10))
    assert circles(found) == (("A", "B"),)
    assert circles(found, PROPORTIONAL) == ()
    assert share(found, "A", PROPORTIONAL) == (least, least)


def test_a_circle_that_no_body_reaches():
    """Who holds each other to the whole, without any body, is held by none."""
    found = graph(("A", "B", 100), ("B", "A", 100), ("G", "C", 5))
    assert share(found, "A") == share(found, "B", PROPORTIONAL) == (0, 0)
    assert circles(found) == ()


def test_a_circle_of_which_only_a_part_is_reached():
    """With least holdings of zero nothing may come around; with greatest ones it does."""
    found = graph(("G", "A", 30), ("A", "B", Bounds(0, 20)), ("B", "A", Bounds(0, 20)))
    assert share(found, "B")[0] == 0
    assert share(found, "A") == (Fraction(3, 10), Fraction(30, 100) / (1 - Fraction(4, 100)))


def test_more_coming_back_than_went_out():
    """Majority and minority together can have more come back than went out: no answer."""
    found = graph(
        ("G", "A", 1),
        ("A", "B", 50),
        ("C", "B", 49),
        ("B", "A", 49),
        ("C", "A", 49),
        ("A", "C", 49),
        ("B", "C", 49),
    )
    assert circles(found) == (("A", "B", "C"),)
    assert share(found, "B")[1] == 1


def test_a_possible_body_in_a_circle():
    """If it is one, it counts in full; if not, what it holds comes around."""
    found = graph(("G", "A", 10), ("A", "X", 20), ("X", "A", 30))
    least = Fraction(10, 100) / (1 - Fraction(6, 100))
    assert share(found, "A") == (least, Fraction(40, 100))
    assert share(found, "X")[0] == least / 5


def test_an_unknown_holding_from_outside_a_circle():
    """At least nothing comes of it, at most what the others leave."""
    found = graph(("G", "A", None), ("A", "B", 20), ("B", "A", 30), ("G", "B", 10))
    a = (
        Fraction(3, 100) / (1 - Fraction(6, 100)),
        (Fraction(70, 100) + Fraction(3, 100)) / Fraction(94, 100),
    )
    assert share(found, "A", PROPORTIONAL) == a


def test_a_majority_with_an_unknown_end_leaves_the_rest_to_others():
    """It counts in full as it is; what is left can make a tenth more of the other."""
    found = graph(
        ("G", "A", 40), ("G", "B", 30), ("A", "M", Bounds(50, 80)), ("B", "M", Bounds(0, 40))
    )
    assert share(found, "M") == (Fraction(40, 100), Fraction(52, 100))


def test_unknown_holdings_in_a_circle():
    """Bounds stay sound; where they leave a circle without an answer, the whole is possible."""
    found = graph(("G", "A", 10), ("A", "B", None), ("B", "A", None))
    assert share(found, "A") == (Fraction(1, 10), 1)
    assert share(found, "B", PROPORTIONAL)[0] == 0


# -- how it is held ------------------------------------------------------------------------


def test_chains():
    """Every chain on its own; what is held directly is reported as it is."""
    found = graph(
        ("G", "A", 60), ("G", "B", 30), ("A", "M", 15), ("B", "M", 40), ("G", "M", 5), ("P", "M", 1)
    )
    told = chains(found, "M")
    assert [(each.holder, each.through, each.share.lower) for each in told] == [
        ("G", (), Fraction(5, 100)),
        ("G", ("A",), Fraction(15, 100)),
        ("G", ("B",), Fraction(12, 100)),
    ]
    assert sum(each.share.lower for each in told) == share(found, "M")[0]
    majority = chains(found, "A")
    assert majority == (HeldThrough("G", (), Bounds(*exactly(60))),)


def test_chains_through_several_entities_and_possible_bodies():
    """From the body on; behind a possible body one looks further, and says it is not certain."""
    found = graph(("G", "X", 50), ("X", "B", 20), ("B", "M", 50))
    told = chains(found, "M", PROPORTIONAL)
    assert [(each.holder, each.through, each.certain) for each in told] == [
        ("G", ("X", "B"), True),
        ("X", ("B",), False),
    ]
    assert [each.share.lower for each in told] == [Fraction(5, 100), Fraction(10, 100)]
    assert owners_behind(trace(found), "M") == {"B", "X", "G"}


def test_chains_pass_no_entity_twice():
    """Around a circle one goes once."""
    found = graph(("G", "A", 40), ("A", "B", 20), ("B", "A", 30))
    told = chains(found, "A")
    assert [each.through for each in told] == [()]
    assert owners_behind(trace(found), "A") == {"G", "A", "B"}


def test_no_more_chains_than_are_told(monkeypatch):
    """Where there are more chains than anybody reads, the strongest are reported, others
    counted.
    """
    monkeypatch.setattr(module, "CHAINS", 1)
    found = graph(("G1", "M", 10), ("G2", "M", 11), ("G1", "A", 50), ("A", "M", 10))
    strongest, further = chains_of(trace(found), "M")
    assert [each.holder for each in strongest] == ["G2"]
    assert further == 2


@pytest.mark.parametrize(
    ("lower", "upper", "words"),
    [
        (Fraction(249, 1000), Fraction(249, 1000), "24.9 %"),
        (Fraction(127449, 1000000), Fraction(127449, 1000000), "12.7449 %"),
        (Fraction(1, 3), Fraction(1, 3), "about 33.33 %"),
        (Fraction(2, 3), Fraction(2, 3), "about 66.67 %"),
        (0, Fraction(1, 5), "at most 20 %"),
        (Fraction(1, 5), 1, "at least 20 %"),
        (0, 1, "an unknown part"),
        (Fraction(1, 5), Fraction(1, 2), "20 % to 50 %"),
    ],
)
def test_shares_in_words(lower, upper, words):
    """Exactly where that is short, otherwise about."""
    assert in_percent(Bounds(Fraction(lower), Fraction(upper))) == words


def test_what_hangs_on_an_open_circle_is_not_open_itself():
    """A and B count as one with each other; D can hold no more than its two owners pass on."""
    edges = [
        ("C", "A", 1),
        ("D", "A", 1),
        ("B", "A", 98),
        ("A", "B", 50),
        ("G", "D", 1),
        ("A", "D", 1),
    ]
    names = sorted({name for owner, of, _ in edges for name in (owner, of)})
    graph = OwnershipGraph(
        entities=[Entity.company(name, "South Korea") for name in names],
        holdings=[Holding.alike(*edge) for edge in edges],
    )
    bodies = {name: name == "G" for name in names}
    found = traced(graph, bodies, Metric.EQUITY, MERGED)
    assert found.share("B").upper == 1
    assert found.share("D").upper == Fraction(1, 50)


# -- large graphs --------------------------------------------------------------------------


def long_chain(size=3_000, percent="99.5"):
    """Each of many entities holds nearly all of the next."""
    names = [f"N{number:04}" for number in range(size)]
    edges = [
        ("G", names[0], 40),
        *((o, n, percent) for o, n in pairwise(names)),
    ]
    return graph(*edges), names[-1]


def test_a_chain_of_three_thousand():
    """Deeper than Python's recursion: the share, the one chain, and all that values can do."""
    found, last = long_chain()
    assert share(found, last) == exactly(40)
    assert share(found, last, PROPORTIONAL)[0] == Fraction(40, 100) * Fraction(995, 1000) ** 2999
    [only] = chains(found, last, PROPORTIONAL)
    assert (only.holder, len(only.through)) == ("G", 2_999)
    assert only.share == Bounds(*share(found, last, PROPORTIONAL))
    again = pickle.loads(pickle.dumps(found))
    assert again == found and hash(again) == hash(found) and again is not found
    assert copy.deepcopy(found) == found
    assert repr(found).count("Holding(") == 3_000
    battery = Battery(entities=found)
    claim = Claim(vehicle=Vehicle(battery=battery))
    assert claim_from_json(claim_to_json(claim)) == claim


def test_a_dense_circle_is_exact():
    """Forty entities that hold each other: what arrives at each is its share, to the last digit."""
    names = [f"N{number:02}" for number in range(40)]
    parts = {
        (owner, of): Fraction(1 + (7 * one + 11 * other) % 13, 1000)
        for one, owner in enumerate(names)
        for other, of in enumerate(names)
        if one != other
    }
    edges = [(owner, of, str(float(part * 100))) for (owner, of), part in parts.items()]
    found = trace(graph(("G", "N00", 20), *edges), PROPORTIONAL)
    for name in names:
        assert found.share(name).is_exact
        arrives = sum(
            (part * found.share(owner).lower for (owner, of), part in parts.items() if of == name),
            Fraction(20, 100) if name == "N00" else Fraction(0),
        )
        assert found.share(name).lower == arrives


def test_chains_of_a_lattice_are_counted_not_walked():
    """Three owners in each of thirty layers: 3 to the 30th chains, of which the first are
    reported.
    """
    edges = [("G", f"0.{one}", 30) for one in range(3)]
    for layer in range(29):
        edges += [
            (f"{layer}.{one}", f"{layer + 1}.{other}", 20 + one)
            for one in range(3)
            for other in range(3)
        ]
    found = trace(graph(*edges), PROPORTIONAL)
    strongest, further = chains_of(found, "29.0")
    assert len(strongest) + further == 3**29
    assert len(strongest) == module.CHAINS
    best = Fraction(30, 100) * Fraction(22, 100) ** 29
    assert max(each.share.lower for each in strongest) == best
    assert {each.share.lower for each in strongest} == {best, best * Fraction(21, 22)}
    assert {each.holder for each in strongest} == {"G"}


def test_a_search_that_takes_too_long_ends(monkeypatch):
    """What it found is reported; around circles no one counts the rest."""
    monkeypatch.setattr(module, "SEARCHED", 8)
    names = "ABCDEF"
    edges = [(o, n, 15) for o in names for n in names if o != n]
    strongest, further = chains_of(trace(graph(("G", "A", 10), *edges)), "F")
    assert len(strongest) < module.CHAINS
    assert further is None


def test_the_shortest_of_chains_that_are_as_strong_comes_first(monkeypatch):
    """Majorities count in full, so that ways around through more of them are as strong."""
    monkeypatch.setattr(module, "CHAINS", 1)
    found = graph(("G", "C", 20), ("C", "B", 60), ("B", "A", 60), ("C", "D", 51), ("D", "A", 40))
    assert chains_of(trace(found), "A").strongest[0].through == ("C", "B")
    edges = [("G", "E", 10), ("E", "D", 60), ("D", "C", 60), ("C", "M", 50), ("E", "M", 50)]
    assert chains_of(trace(graph(*edges)), "M").strongest[0].through == ("E",)


def ring(size):
    """Each of many entities holds a part of the next, and the last of the first."""
    names = [f"N{number:04}" for number in range(size)]
    return [(name, names[number - size + 1], 40) for number, name in enumerate(names)]


def test_the_most_entities_in_a_circle():
    """A thousand may hold each other; one more is refused, with the limit."""
    found = graph(("G", "N0000", 20), *ring(MOST_IN_A_CIRCLE))
    assert share(found, "N0999")[0] > 0
    with pytest.raises(InvalidFactError) as caught:
        graph(("G", "N0000", 20), *ring(MOST_IN_A_CIRCLE + 1))
    assert caught.value.path == "ownership_graph.holdings"
    assert caught.value.found == "a circle of 1,001 entities, among them N0000"
    assert caught.value.remedy == "at most 1,000 entities may hold each other in a circle"


# -- identifiers ---------------------------------------------------------------------------

LEI = "529900T8BM49AURSDO55"


def test_an_entity_carries_identifiers_that_are_checked():
    """They are written in one way; a wrong letter of an LEI shows in its check digits."""
    entity = Entity(name="A", lei=LEI.lower(), rmi_id="cid002849", bpn="bpnl00000003crhk")
    assert entity.identifiers == (LEI, "CID002849", "BPNL00000003CRHK")
    assert Entity(name="A").identifiers == ()
    for name, wrong, said in (
        ("lei", LEI.replace("T", "U"), "check digits"),
        ("lei", "529900", "18 letters or digits and 2 digits"),
        ("lei", 5, "18 letters or digits"),
        ("rmi_id", "CID2849", "CID and 6 digits"),
        ("rmi_id", 2849, "CID and 6 digits"),
        ("bpn", "BPNS00000003CRHK", "12 letters or digits"),
        ("bpn", 3, "12 letters or digits"),
    ):
        with pytest.raises(InvalidFactError, match=said):
            Entity(name="A", **{name: wrong})


def test_two_entities_do_not_share_an_identifier():
    """One record would be joined to either."""
    with pytest.raises(InvalidFactError, match="A has this identifier too"):
        OwnershipGraph(entities=[Entity(name="A", lei=LEI), Entity(name="B", lei=LEI)])


def _claim_by(*makers):
    graph = OwnershipGraph(
        entities=[
            Entity.government("Province", "China"),
            attrs.evolve(Entity.company("Refiner", "Japan"), rmi_id="CID002849"),
        ],
        holdings=[Holding.alike("Province", "Refiner", 60)],
    )
    steps = [Step(activity="processing", country="Japan", by=by) for by in makers]
    mine = Step(activity="extraction", country="Australia", foreign_entity_of_concern=False)
    chain = MineralSource(mineral="nickel", value=1000, steps=[*steps, mine])
    part = BatteryComponent(kind="separator", value=9, made_in="Japan", by=makers[-1])
    unsigned = attrs.evolve(part, kind="liquid electrolyte", by=None)
    claim = examples.demonstration_claim(date(2025, 2, 3))
    return with_facts(
        claim,
        {
            "vehicle.battery.minerals": (chain,),
            "vehicle.battery.components": (part, unsigned),
            "vehicle.battery.entities": graph,
        },
    )


def test_a_maker_may_be_named_by_an_identifier():
    """A smelter list has numbers, a register of owners has names; both lead to the same owner."""
    by_name, by_number = (assess(_claim_by(by)) for by in ("Refiner", " cid002849"))
    for result in (by_name, by_number):
        finding = result.find("excluded_minerals")
        assert finding.verdict is Verdict.NOT_MET
        assert "Nickel, processing by Refiner" in " ".join(str(f.note) for f in finding.walk())
        assert not any("not in the graph" in each for each in result.warnings)


def test_a_maker_that_the_graph_does_not_have_is_told_once_with_the_nearest_name():
    """Nothing of its owners is traced, which silence would hide."""
    warnings = assess(_claim_by("Refinr", "Refinr")).warnings
    told = [each for each in warnings if "not in the graph" in each]
    path = "vehicle.battery.minerals[0].steps[0].by"
    said = "is not in the graph of owners, so nothing of who owns it is traced"
    assert told == [f"{path}: Refinr {said}; did you mean Refiner?"]
    far = assess(_claim_by("Refiner", "zzzz")).warnings
    others = "not in the graph of owners, so nothing of who owns them is traced: zzzz"
    (told,) = (each for each in far if "zzzz" in each)
    assert told == f"vehicle.battery.minerals[0].steps[1].by: {others}"
    many = OwnershipGraph(entities=[Entity(name=f"Refiner {number}") for number in range(2_001)])
    large = with_facts(_claim_by("Refinr"), {"vehicle.battery.entities": many})
    assert not any("did you mean" in each for each in assess(large).warnings)
    no_graph = with_facts(_claim_by("Refinr"), {"vehicle.battery.entities": None})
    assert not any("not in the graph" in each for each in assess(no_graph).warnings)
