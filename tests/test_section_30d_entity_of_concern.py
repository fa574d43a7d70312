"""42 USC 18741(a)(5): who is a foreign entity of concern."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import attrs
import pytest

from evcredit import Bounds, Verdict, current_law
from evcredit.facts.contract import RIGHTS, Contract
from evcredit.facts.ownership import Entity, GovernmentRole, Holding, Metric
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.law.readings import IndirectHoldings
from evcredit.section_30d.concern.entity import entity_finding, government_stakes

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
LAW = current_law()
PROPORTIONAL = LAW.with_readings(indirect_holdings=IndirectHoldings.PROPORTIONAL)
DAY = date(2025, 6, 3)

AGENCY = GovernmentRole.AGENCY


def province(name="Province", country="China"):
    return Entity.government(name, country)


def company(name, country="Zambia"):
    return Entity.company(name, country)


def graph(entities, *edges, contracts=()):
    """A graph from entities and (owner, owned, percent by every metric)."""
    holdings = [Holding.alike(*edge) for edge in edges]
    return OwnershipGraph(entities=entities, holdings=holdings, contracts=contracts)


def share(of, name, law=LAW):
    """The maximum share of any government by any metric, exact; nothing if none holds any."""
    stakes = government_stakes(of, name, law, day=DAY)
    assert all(each.share.is_exact for each in stakes)
    return max((each.share.lower for each in stakes), default=Fraction(0))


def verdict(of, name, law=LAW, output=""):
    """Met if the entity is not one of concern."""
    return entity_finding(of, name, law, day=DAY, output=output).verdict


def note(of, name, law=LAW, output=""):
    return entity_finding(of, name, law, day=DAY, output=output).note


# -- the fifteen structures ----------------------------------------------------------------

SOE = Entity.government("Enterprise", "China", AGENCY)
G, A, B, C, D = province(), company("A"), company("B", "South Korea"), company("C"), company("D")

#: Number: graph, entity, share by each way of tracing, and the verdict by each.
STRUCTURES = {
    1: (graph([SOE, C], ("Enterprise", "C", "24.9")), "C", "0.249", "0.249", MET, MET),
    2: (
        graph([SOE, G, C], ("Enterprise", "C", 15), ("Province", "C", 12)),
        "C",
        "0.27",
        "0.27",
        NOT_MET,
        NOT_MET,
    ),
    3: (graph([G, A, B], ("Province", "A", 60), ("A", "B", 30)), "B", "0.3", "0.18", NOT_MET, MET),
    4: (graph([G, A, B], ("Province", "A", 40), ("A", "B", 60)), "B", "0.4", "0.24", NOT_MET, MET),
    5: (graph([G, A, B], ("Province", "A", 40), ("A", "B", 40)), "B", "0.16", "0.16", MET, MET),
    6: (
        graph([G, A, B], ("Province", "A", 50), ("A", "B", 25)),
        "B",
        "0.25",
        "0.125",
        NOT_MET,
        MET,
    ),
    7: (
        graph([G, A, B, C], ("Province", "A", 49), ("A", "B", 51), ("B", "C", 51)),
        "C",
        "0.49",
        "0.127449",
        NOT_MET,
        MET,
    ),
    8: (
        graph(
            [G, A, D, B],
            ("Province", "A", 30),
            ("Province", "D", 30),
            ("A", "B", 40),
            ("D", "B", 40),
        ),
        "B",
        "0.24",
        "0.24",
        MET,
        MET,
    ),
    9: (
        OwnershipGraph(
            entities=[G, C],
            holdings=[
                Holding(
                    owner="Province",
                    of="C",
                    equity_percent=20,
                    voting_percent=24,
                    board_seats=1,
                    board_seats_in_all=5,
                )
            ],
        ),
        "C",
        "0.24",
        "0.24",
        MET,
        MET,
    ),
    10: (
        OwnershipGraph(
            entities=[G, C],
            holdings=[
                Holding(
                    owner="Province",
                    of="C",
                    equity_percent=0,
                    voting_percent=0,
                    board_seats=1,
                    board_seats_in_all=4,
                )
            ],
        ),
        "C",
        "0.25",
        "0.25",
        NOT_MET,
        NOT_MET,
    ),
    11: (graph([company("P", "China")]), "P", "0", "0", NOT_MET, NOT_MET),
    12: (
        graph([company("P", "China"), company("S", "Indonesia")], ("P", "S", 100)),
        "S",
        "0",
        "0",
        MET,
        MET,
    ),
    13: (graph([company("H", "Hungary")]), "H", "0", "0", MET, MET),
}


@pytest.mark.parametrize("number", STRUCTURES)
def test_structures(number):
    """Rows 1 to 13 of the table of structures, exactly, under both ways of tracing."""
    of, name, merged, proportional, first, second = STRUCTURES[number]
    assert (share(of, name), share(of, name, PROPORTIONAL)) == (
        Fraction(merged),
        Fraction(proportional),
    )
    assert (verdict(of, name), verdict(of, name, PROPORTIONAL)) == (first, second)


def test_structure_5_the_company_between():
    """The one between, of which the government holds 40 percent, is one of concern itself."""
    assert verdict(STRUCTURES[5][0], "A") is NOT_MET


def test_structure_7_to_the_last_digit():
    """0.49 x 0.51 x 0.51."""
    assert share(STRUCTURES[7][0], "C", PROPORTIONAL) == Fraction(127449, 1000000)


def test_structure_14_a_license():
    """A maker in the United States with a license from a private Chinese firm."""
    maker, licensor = company("Maker", "United States"), company("P", "China")

    def under(**terms):
        contract = Contract(holder="P", producer="Maker", output="battery cell", **terms)
        return graph([maker, licensor], contracts=[contract])

    kept = under(**dict.fromkeys(RIGHTS, True))
    assert verdict(kept, "Maker", output="battery cell") is MET
    controlled = under(effective_control=True, keeps_quantity=False)
    assert verdict(controlled, "Maker", output="battery cell") is NOT_MET
    assert note(controlled, "Maker", output="Battery Cell") == (
        "P (incorporated in and managed from China, a covered nation) has effective control by "
        "contract"
    )
    # Of anything else the same maker is none, and the license makes it none as a firm.
    assert verdict(controlled, "Maker", output="separator") is MET
    assert verdict(controlled, "Maker") is MET
    open_terms = under(**dict.fromkeys(list(RIGHTS)[:4], True))
    assert verdict(open_terms, "Maker", output="battery cell") is UNKNOWN
    assert note(open_terms, "Maker", output="battery cell") == (
        "P (incorporated in and managed from China, a covered nation) may have effective control "
        "by contract; open: effective control over the production (Maker under P; "
        "contracts[0].effective_control) and producer keeps the right to run and maintain the "
        "critical equipment, with the data it takes (Maker under P; contracts[0].keeps_operation)"
    )


def test_structure_15_the_brother_of_a_former_official():
    """Whether he counts is a fact that must be stated; the finding says which."""
    brother = Entity(name="Brother", government_of="China")
    of = graph([brother, C], ("Brother", "C", 26))
    assert verdict(of, "C") is UNKNOWN
    assert note(of, "C") == (
        "Brother, if a body of such a government, holds 26 % of the equity, the voting rights and "
        "the board seats; open: role in a foreign government (Brother; entities[0].government_role)"
    )
    found = entity_finding(of, "C", LAW, day=DAY)
    assert [read.path for read in found.branches[0].facts] == ["entities[0].government_role"]
    for role, expected in ((GovernmentRole.FAMILY, NOT_MET), (GovernmentRole.NONE, MET)):
        settled = attrs.evolve(
            brother,
            government_role=role,
            government_of=None if role is GovernmentRole.NONE else "China",
        )
        assert verdict(graph([settled, C], ("Brother", "C", 26)), "C") is expected


# -- words ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entities", "edges", "words"),
    [
        (
            [G, A, B, C],
            [("Province", "A", 60), ("Province", "B", 51), ("A", "C", 15), ("B", "C", 12)],
            (
                "Province holds 27 % of the equity, the voting rights and the board seats through "
                "A (15 %) and B (12 %)"
            ),
        ),
        (
            [SOE, G, C],
            [("Enterprise", "C", 15), ("Province", "C", 12)],
            (
                "Enterprise (15 %) and Province (12 %) hold 27 % of the equity, the voting rights "
                "and the board seats"
            ),
        ),
        (
            [G, A, C],
            [("Province", "A", 60), ("A", "C", 20), ("Province", "C", 10)],
            (
                "Province holds 30 % of the equity, the voting rights and the board seats through "
                "itself (10 %) and A (20 %)"
            ),
        ),
        (
            [G, A, B, C],
            [("Province", "A", 60), ("A", "B", 60), ("B", "C", 30)],
            (
                "Province holds 30 % of the equity, the voting rights and the board seats through "
                "A → B"
            ),
        ),
        (
            [G, SOE, A, C],
            [("Province", "A", 60), ("A", "C", 20), ("Enterprise", "C", 10)],
            (
                "Enterprise (10 %) and Province (20 % through A) hold 30 % of the equity, the "
                "voting rights and the board seats"
            ),
        ),
        (
            [G, A, C],
            [("Province", "A", 10), ("A", "C", 60), ("C", "A", 60), ("Province", "C", 20)],
            (
                "Province holds at least 40.625 % of the equity, the voting rights and the board "
                "seats through itself (20 %) and A (10 %); A and C hold majorities of each other "
                "in a circle, so that their shares have no single answer"
            ),
        ),
    ],
)
def test_who_holds_what_through_whom(entities, edges, words):
    """The finding says who, along which path, at what percentage and on which metric."""
    assert note(graph(entities, *edges), "C") == words


def test_metrics_are_told_apart_where_they_differ():
    """Only those that control are reported."""
    holding = Holding(
        owner="Province", of="C", equity_percent=26, voting_percent=30, board_percent=10
    )
    of = OwnershipGraph(entities=[G, C], holdings=[holding])
    assert (
        note(of, "C")
        == "Province holds 26 % of the equity; Province holds 30 % of the voting rights"
    )
    found = entity_finding(of, "C", LAW, day=DAY).branches[0]
    assert (found.code, found.verdict) == ("not_controlled_by_covered_government", NOT_MET)
    assert [(each.value, str(each.citation)) for each in found.limits] == [(25, "89 FR 37079")]


def test_a_circle_without_an_answer_stays_unknown_below_the_threshold():
    """From 15.625 percent to the whole: no one can say, and the circle is named."""
    edges = [("Province", "A", 10), ("A", "C", 60), ("C", "A", 60)]
    of = graph([G, A, C, D], *edges)
    assert verdict(of, "C") is UNKNOWN
    assert "A and C hold majorities of each other in a circle" in note(of, "C")
    assert verdict(of, "C", PROPORTIONAL) is MET
    assert verdict(of, "D") is MET
    aside = graph([G, A, C, D], *edges, ("Province", "D", Bounds(20, 30)))
    assert verdict(aside, "D") is UNKNOWN
    assert "circle" not in note(aside, "D")


# -- large graphs in words -----------------------------------------------------------------


def many(count):
    """Companies by number."""
    return [company(f"N{number:02}") for number in range(count)]


def test_of_a_long_chain_both_ends_are_named():
    """Three entities at either end, and how many are between."""
    firms = many(40)
    edges = [("Province", "N00", 30), *((f"N{n:02}", f"N{n + 1:02}", 60) for n in range(39))]
    assert note(graph([G, *firms], *edges), "N39") == (
        "Province holds 30 % of the equity, the voting rights and the board seats through "
        "N00 → N01 → N02 → 33 more → N36 → N37 → N38"
    )
    assert "N00 → N01 → N02 → N03 → N04 → N05 → N06" in note(graph([G, *firms], *edges), "N07")


def test_of_many_chains_the_strongest_are_named():
    """Eight of them; the rest is counted, one by one and by the million."""
    firms = many(9)
    edges = [
        edge
        for number in range(9)
        for edge in (("Province", f"N{number:02}", 60), (f"N{number:02}", "C", 3 + number))
    ]
    of = graph([G, C, *firms], *edges)
    assert note(of, "C") == (
        "Province holds 63 % of the equity, the voting rights and the board seats through "
        "N01 (4 %), N02 (5 %), N03 (6 %), N04 (7 %), N05 (8 %), N06 (9 %), N07 (10 %), N08 (11 %) "
        "and 1 more chain"
    )
    layers = [[f"L{layer:02}.{number}" for number in range(4)] for layer in range(12)]
    wide = [("Province", name, 60) for name in layers[0]]
    wide += [(o, n, 25) for one, two in pairwise(layers) for o in one for n in two]
    named = [company(name) for layer in layers for name in layer]
    assert note(graph([G, *named], *wide), "L11.0").endswith("and 4,194,296 more chains")


def test_of_many_holders_the_strongest_are_named():
    """Ten agencies with a twentieth each."""
    agencies = [province(f"Agency {number}") for number in range(10)]
    of = graph([*agencies, C], *((each.name, "C", 5) for each in agencies))
    assert note(of, "C").startswith("Agency 0 (5 %), Agency 1 (5 %)")
    assert "Agency 7 (5 %) and 2 more chains hold 50 % of the equity" in note(of, "C")


def test_chains_around_circles_are_not_counted():
    """Where owners hold each other there are more ways around than anybody reads."""
    firms = many(6)
    names = [each.name for each in firms]
    edges = [(o, n, 15) for o in names for n in names if o != n]
    of = graph([G, *firms], ("Province", "N00", 25), *edges)
    found = government_stakes(of, "N05", LAW, day=DAY)[0]
    assert (len(found.chains), found.further) == (8, None)
    assert note(graph([G, *firms], *(("Province", n, 25) for n in names), *edges), "N05").endswith(
        "and more chains around circles of owners"
    )


def test_of_a_large_circle_the_first_are_named():
    """Six of them, and how many more."""
    firms = many(30)
    edges = [(f"N{n:02}", f"N{(n + 1) % 30:02}", 60) for n in range(30)]
    assert note(graph([G, *firms], ("Province", "N00", 10), *edges), "N05").endswith(
        "N00, N01, N02, N03, N04, N05 and 24 more hold majorities of each other in a circle, so "
        "that their shares have no single answer"
    )


# -- jurisdiction --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "expected", "words"),
    [
        ({"incorporated_in": "China"}, NOT_MET, "incorporated in China, a covered nation"),
        (
            {"principal_place_of_business": "Russia"},
            NOT_MET,
            "managed from Russia, a covered nation",
        ),
        ({"domiciled_in": "Iran"}, NOT_MET, "domiciled in Iran, a covered nation"),
        (
            {"incorporated_in": "North Korea"},
            NOT_MET,
            "incorporated in North Korea, a covered nation",
        ),
        (
            {"incorporated_in": "Hong Kong"},
            NOT_MET,
            "incorporated in Hong Kong (counted as China), a covered nation",
        ),
        ({"incorporated_in": "Taiwan"}, MET, ""),
        (
            {"incorporated_in": None},
            UNKNOWN,
            (
                "incorporated in an unknown country; open: country of incorporation (X; "
                "entities[0].incorporated_in)"
            ),
        ),
        (
            {"incorporated_in": None, "domiciled_in": "China"},
            NOT_MET,
            "domiciled in China, a covered nation",
        ),
    ],
)
def test_seats(facts, expected, words):
    """Incorporated, managed or domiciled in a covered nation; the domicile only if stated."""
    of = graph([attrs.evolve(company("X", "Hungary"), **facts)])
    assert verdict(of, "X") is expected
    assert note(of, "X") == words


@pytest.mark.parametrize(
    ("reading", "expected"), [(True, NOT_MET), (False, MET), (None, UNKNOWN)], ids=str
)
@pytest.mark.parametrize("place", ["Hong Kong", "Macau"])
def test_hong_kong_and_macau(place, reading, expected):
    """Part of China by default; a reading can omit it, or open."""
    law = LAW.with_readings(hong_kong_and_macau_in_china=reading)
    of = graph([company("X", place)])
    assert verdict(of, "X", law) is expected
    owned = graph([province("City", place), C], ("City", "C", 30))
    assert verdict(owned, "C", law) is expected
    if reading is None:
        assert note(of, "X", law) == (
            f"incorporated in and managed from {place} (open whether a covered nation; choose a "
            "reading)"
        )


def test_governments_of_hong_kong_and_china_are_one():
    """Under the default their holdings add up; read apart, each is looked at on its own."""
    of = graph(
        [province(), province("City", "Hong Kong"), C], ("Province", "C", 15), ("City", "C", 12)
    )
    assert verdict(of, "C") is NOT_MET
    assert verdict(of, "C", LAW.with_readings(hong_kong_and_macau_in_china=False)) is MET


def test_governments_of_two_covered_nations():
    """Each on its own by default; counted together under a reading."""
    of = graph(
        [province(), province("Ministry", "Russia"), C],
        ("Province", "C", 15),
        ("Ministry", "C", 12),
    )
    assert verdict(of, "C") is MET
    assert {each.government for each in government_stakes(of, "C", LAW, day=DAY)} == {"CN", "RU"}
    together = LAW.with_readings(covered_nations_counted_together=True)
    assert verdict(of, "C", together) is NOT_MET
    assert share(of, "C", together) == Fraction(27, 100)


def test_governments_of_other_countries_do_not_count():
    """A fund of Norway holds what it will."""
    of = graph([province("Fund", "Norway"), C], ("Fund", "C", 60))
    assert verdict(of, "C") is MET
    assert government_stakes(of, "C", LAW, day=DAY) == ()


def test_a_body_is_one_itself():
    """An agency is one of concern; one of an unknown country may be."""
    of = graph([SOE])
    assert note(of, "Enterprise") == (
        "agency or instrumentality of the government, of China; incorporated in and managed from "
        "China, a covered nation"
    )
    stray = Entity(
        name="Fund",
        incorporated_in="Norway",
        principal_place_of_business="Norway",
        government_role=AGENCY,
    )
    assert verdict(graph([stray]), "Fund") is UNKNOWN
    assert note(graph([stray]), "Fund") == (
        "agency or instrumentality of the government; open: country of that government (Fund; "
        "entities[0].government_of)"
    )
    unknown = attrs.evolve(stray, government_role=None)
    assert note(graph([unknown]), "Fund").startswith("role in a foreign government unknown; open")


@pytest.mark.parametrize(
    ("flag", "citation", "words"),
    [
        ("designated_terrorist_organization", "(A)", "a designated foreign terrorist organization"),
        (
            "specially_designated_national",
            "(B)",
            "on the list of specially designated nationals and blocked persons",
        ),
        ("alleged_by_attorney_general", "(D)", "alleged to have been involved in a listed crime"),
        (
            "determined_by_secretary",
            "(E)",
            "determined to be of concern by the Secretary of Energy",
        ),
    ],
)
def test_lists_and_determinations(flag, citation, words):
    """Each of the other limbs is enough; what is not stated of them did not happen."""
    of = graph([attrs.evolve(company("X"), **{flag: True})])
    found = entity_finding(of, "X", LAW, day=DAY)
    assert (found.verdict, found.note) == (NOT_MET, words)
    assert str(found.branches[0].citation) == f"42 USC 18741(a)(5){citation}"
    assert verdict(graph([attrs.evolve(company("X"), **{flag: False})]), "X") is MET


# -- what is unknown -----------------------------------------------------------------------


def test_unknown_owners():
    """Of a company whose owners are unknown nothing follows."""
    of = OwnershipGraph(entities=[C])
    assert verdict(of, "C") is UNKNOWN
    assert note(of, "C") == "the owners of C are unknown; open: holdings (C; holdings)"


def test_unknown_holdings_are_named():
    """Only those behind which a government may stand, on the metrics that are open."""
    holdings = [
        Holding(owner="Province", of="A", equity_percent=30, voting_percent=0, board_percent=0),
        Holding(owner="A", of="C", equity_percent=Bounds(20, 90), board_percent=0),
        Holding(owner="D", of="C"),
    ]
    of = OwnershipGraph(entities=[G, A, C, D], holdings=holdings)
    assert verdict(of, "C") is UNKNOWN
    assert note(of, "C") == (
        "Province holds 6 % to 30 % of the equity through A; open: share of the equity (C held by "
        "A; holdings[1].equity_percent)"
    )
    assert (
        verdict(of, "C", LAW.with_readings(indirect_holdings=IndirectHoldings.PROPORTIONAL))
        is UNKNOWN
    )


def test_unknown_roles_behind_known_bodies_do_not_matter():
    """Who stands behind a body is not asked."""
    stranger = Entity(name="Stranger", government_of="China")
    of = graph([stranger, SOE, A, C], ("Stranger", "Enterprise", 50), ("A", "C", 30))
    assert verdict(of, "C") is MET
    behind = graph(
        [stranger, SOE, C], ("Stranger", "Enterprise", 50), ("Enterprise", "C", Bounds(20, 30))
    )
    assert "Stranger" not in note(behind, "C")
    assert "holdings[1].equity_percent" in note(behind, "C")


def test_many_open_facts_are_cut():
    """Six are named, the rest are counted."""
    people = [Entity(name=f"Person {number}") for number in range(5)]
    of = graph([*people, C], *((each.name, "C", 20) for each in people))
    assert note(of, "C").endswith("and 4 more")
    assert "Person 0 (20 % if a body of such a government), Person 1" in note(of, "C")


def test_unknown_contracts():
    """Unknown contracts leave what is asked about an output open, and the firm as it is."""
    of = OwnershipGraph(entities=[C], holdings=[], contracts=None)
    assert verdict(of, "C") is MET
    assert verdict(of, "C", output="nickel") is UNKNOWN
    assert note(of, "C", output="nickel") == (
        "the contracts of C are unknown; open: contracts (C; contracts)"
    )


def test_a_contract_with_a_holder_of_whom_too_little_is_known():
    """The holder's own open facts are named."""
    holder = Entity(name="P", incorporated_in="Japan", government_role="none")
    of = graph([holder, C], contracts=[Contract(holder="P", producer="C", effective_control=True)])
    assert verdict(of, "C", output="lithium") is UNKNOWN
    assert note(of, "C", output="lithium") == (
        "P (managed from an unknown country) has effective control by contract; open: principal "
        "place of business (P; entities[0].principal_place_of_business)"
    )


def test_contracts_that_are_settled_are_not_asked_about():
    """Of two contracts one is within the safe harbor: only the other is unresolved."""
    contracts = [
        Contract(holder="P", producer="C", **dict.fromkeys(RIGHTS, True)),
        Contract(holder="P", producer="C", output="Li", **dict.fromkeys(list(RIGHTS)[1:], True)),
    ]
    of = graph([company("P", "China"), C], contracts=contracts)
    assert verdict(of, "C", output="nickel") is MET
    assert verdict(of, "C", output="lithium") is UNKNOWN
    assert "contracts[0]" not in note(of, "C", output="lithium")
    assert "contracts[1].keeps_quantity" in note(of, "C", output="lithium")


def test_asking_for_what_is_not_there():
    """No such entity, no such output."""
    with pytest.raises(KeyError):
        entity_finding(graph([C]), "X", LAW)
    with pytest.raises(KeyError):
        government_stakes(graph([C]), "X", LAW)
    with pytest.raises(ValueError, match="output: found 'gold'"):
        entity_finding(graph([C]), "C", LAW, output="gold")


# -- the law -------------------------------------------------------------------------------


def test_the_threshold_is_a_schedule():
    """Another threshold, another answer, on the limit too."""
    of = graph([G, C], ("Province", "C", 20))
    law = attrs.evolve(
        LAW,
        foreign_entity_threshold_percent=LAW.foreign_entity_threshold_percent.always(20, why="if"),
    )
    assert (verdict(of, "C"), verdict(of, "C", law)) == (MET, NOT_MET)


def test_the_majority_is_a_schedule():
    """Merged from two thirds on instead of one half."""
    law = attrs.evolve(
        LAW, majority_holding_percent=LAW.majority_holding_percent.always(67, why="if")
    )
    assert share(STRUCTURES[3][0], "B", law) == Fraction(18, 100)


def test_before_there_was_an_interpretation():
    """As known in November 2023 nothing says what control is; seats could be reported."""
    law = LAW.known_on(date(2023, 11, 1))
    of = graph([G, A, C, D], ("Province", "C", 60))
    assert verdict(of, "C", law) is UNKNOWN
    assert note(of, "C", law) == "the law as known says nothing about ownership and control"
    assert verdict(graph([D]), "D", law) is MET
    assert verdict(graph([company("P", "China")]), "P", law) is NOT_MET
    proportional = law.with_readings(indirect_holdings=IndirectHoldings.PROPORTIONAL)
    assert verdict(of, "C", proportional) is UNKNOWN
    assert "Province holds 60 %" in note(of, "C", proportional)


def test_on_an_unknown_day():
    """What is the same on every day needs no day; what differs leaves the matter open."""
    of = STRUCTURES[2][0]
    found = entity_finding(of, "C", LAW)
    assert found.verdict is NOT_MET
    assert [each.value for each in found.branches[0].limits] == [25]
    entry = LAW.foreign_entity_threshold_percent.standing[0]
    later = date(2026, 1, 1)
    dated = attrs.evolve(
        LAW.foreign_entity_threshold_percent,
        entries=(
            attrs.evolve(entry, end=later),
            attrs.evolve(entry, start=later, value=30),
        ),
    )
    law = attrs.evolve(LAW, foreign_entity_threshold_percent=dated)
    assert entity_finding(of, "C", law).verdict is UNKNOWN
    assert entity_finding(of, "C", law, day=date(2025, 12, 31)).verdict is NOT_MET
    assert entity_finding(of, "C", law, day=later).verdict is MET


def test_covered_nations_by_day():
    """A nation added later is unresolved on an unknown day."""
    entry = LAW.covered_nations.standing[0]
    later = date(2026, 1, 1)
    entries = (
        attrs.evolve(entry, end=later),
        attrs.evolve(entry, start=later, value=(*entry.value, "BY")),
    )
    law = attrs.evolve(LAW, covered_nations=attrs.evolve(LAW.covered_nations, entries=entries))
    assert law.covered_nations_on(None).members["BY"] is None
    assert law.covered_nations_on(later).members["BY"] is True
    assert "BY" not in law.covered_nations_on(date(2025, 1, 1)).members
    without_china = attrs.evolve(
        LAW, covered_nations=LAW.covered_nations.always(("RU",), why="a hypothetical")
    )
    assert "HK" not in without_china.covered_nations_on(later).members


def test_stakes_tell_each_metric():
    """One stake for each metric, with its chains."""
    stakes = government_stakes(STRUCTURES[3][0], "B", LAW, day=DAY)
    assert [each.metric for each in stakes] == list(Metric)
    assert {each.controls for each in stakes} == {True}
    assert stakes[0].chains[0].through == ("A",)


def test_findings_are_values():
    """They can be pickled, rules included."""
    import pickle

    found = entity_finding(STRUCTURES[2][0], "C", LAW, day=DAY)
    again = pickle.loads(pickle.dumps(found))
    assert [each.code for each in again.walk()] == [each.code for each in found.walk()]
    assert again.note == found.note
