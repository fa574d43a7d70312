"""Pools and graphs of owners from rows and JSON, and what a pool amounts to with its receipt."""

import json
from datetime import date

import attrs
import pytest

from evcredit import Battery, Bounds, MineralSource, current_law, examples
from evcredit.algebra.limits import MOST_CHARACTERS
from evcredit.errors import InvalidFactError, InvalidFactsError
from evcredit.facts import Entity, Holding, OwnershipGraph, PeriodDay, Pool, PoolBy, PoolMember
from evcredit.facts.ownership import GovernmentRole
from evcredit.io import (
    graph_from_json,
    graph_from_rows,
    graph_to_json,
    pool_from_dict,
    pool_from_json,
    pool_from_rows,
    pool_to_dict,
    rows_of_csv,
)
from evcredit.pools import assess_owners, assess_pool

ENTITIES = """name,incorporated_in,government_role,government_of,specially_designated_national,lei
Province,China,"government, national or subnational",China,,
Refiner,Japan,none,,No,529900T8BM49AURSDO55
"""
HOLDINGS = "owner,of,equity_percent,voting_percent\nProvince,Refiner,40,12.5\n"
MEMBERS = "member,vehicles,plant,placed_in_service\nA,1000,X,2024-05-06\nB,4000,X,2024-06-03\n"
CHAINS = "member,chain,mineral,value\nA,li,lithium,600\nA,ni,nickel,900\nB,ni,nickel,900\n"
STEPS = (
    "member,chain,activity,country,by\n"
    "A,li,extraction,Chile,\nA,ni,processing,Canada,Refiner\nB,ni,processing,Indonesia,\n"
)
COMPONENTS = "member,kind,value,made_in\nA,battery module,100,Mexico\n"


def pool(**tables):
    given = {"members": MEMBERS, "chains": CHAINS, "steps": STEPS, "components": COMPONENTS}
    rows = {name: rows_of_csv(text) for name, text in {**given, **tables}.items()}
    days = {"first_day": "2024-01-01", "last_day": "2024-12-31"}
    return pool_from_rows(rows.pop("members"), by="plant", **days, **rows)


# -- graphs --------------------------------------------------------------------------------


def test_a_graph_from_tables_is_the_graph_of_its_entities_and_holdings():
    """Empty cells are unknown, and flags are written as people write them."""
    graph = graph_from_rows(rows_of_csv(ENTITIES), rows_of_csv(HOLDINGS))
    assert graph == OwnershipGraph(
        entities=[
            Entity(
                name="Province",
                incorporated_in="CN",
                government_role=GovernmentRole.GOVERNMENT,
                government_of="CN",
            ),
            Entity(
                name="Refiner",
                incorporated_in="JP",
                government_role="none",
                specially_designated_national=False,
                lei="529900T8BM49AURSDO55",
            ),
        ],
        holdings=[
            Holding(owner="Province", of="Refiner", equity_percent=40, voting_percent="12.5")
        ],
    )
    assert graph_from_json(graph_to_json(graph)) == graph
    assert graph_from_rows([{"name": "A"}], None, None).contracts is None


def test_faults_of_tables_are_named():
    """By the row and the fact."""
    with pytest.raises(InvalidFactError, match=r"holdings\[0\]\.of"):
        graph_from_rows([{"name": "A"}], [{"owner": "A", "of": "B"}])
    with pytest.raises(InvalidFactsError) as found:
        graph_from_rows([{"name": "A", "specially_designated_national": "perhaps", "lei": "x"}])
    paths = [each.path for each in found.value.exceptions]
    assert "entities[0].specially_designated_national" in paths
    with pytest.raises(InvalidFactError, match=r"pool\.members\[0\]\.vehicles"):
        pool(members=MEMBERS.replace("1000", "-1"))
    with pytest.raises(InvalidFactError, match="line 3"):
        rows_of_csv("a,b\n1,2\n1,2,3\n")
    with pytest.raises(InvalidFactError, match="give it in parts"):
        rows_of_csv("x" * (MOST_CHARACTERS + 1))
    assert rows_of_csv("a,b\n1\n") == [{"a": "1", "b": ""}]


# -- pools ---------------------------------------------------------------------------------


def test_a_pool_from_tables_is_the_pool_of_its_members():
    """Joined by the names of members and chains; what has no row is unknown."""
    found = pool()
    first, second = found.members
    assert found.by == (PoolBy.PLANT,)
    assert first.vehicles == 1000
    assert [str(each) for each in first.battery.minerals] == [
        "lithium, $600: extraction in Chile",
        "nickel, $900: processing in Canada",
    ]
    assert first.battery.minerals[1].steps[0].by == "Refiner"
    assert first.battery.components[0].made_in == "MX"
    assert second.battery.components is None
    unknown = pool(chains="member,chain,mineral,value\n", steps="member,chain\n")
    assert unknown.members[0].battery.minerals is None
    assert pool(steps="member,chain\n").members[0].battery.minerals[0].steps is None
    several = pool_from_rows(
        rows_of_csv(MEMBERS), by=["plant"], first_day="2024-01-01", last_day="2024-12-31"
    )
    assert several.by == (PoolBy.PLANT,)


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"members": MEMBERS + "A,1,X,\n"}, r"members\[2\].member.*one of this name"),
        ({"members": "member,plant\n,X\n"}, r"members\[0\].member.*name it"),
        ({"chains": CHAINS + "C,ni,nickel,9\n"}, r"chains\[3\].member.*no such member"),
        ({"chains": CHAINS + "A,ni,nickel,9\n"}, r"chains\[3\].chain.*one of this name"),
        ({"steps": STEPS + "A,co,extraction,Chile,\n"}, r"steps\[3\].chain.*no such chain"),
        ({"components": "member,kind\nA,modul\n"}, r"pool\.members\[0\]\.battery\.components"),
    ],
)
def test_rows_that_lead_nowhere_are_refused(tables, said):
    """Nothing that is stated is omitted in silence."""
    with pytest.raises(InvalidFactError, match=said):
        pool(**tables)


def test_a_pool_as_json_reads_back():
    """With bounds, days and another day for the period."""
    stated = attrs.evolve(
        pool(),
        period_of=PeriodDay.FINAL_ASSEMBLY,
        members=(PoolMember(vehicles=Bounds(1, 5), plant="X", assembled="2024-03-03"),),
    )
    assert pool_from_json(json.dumps(pool_to_dict(stated))) == stated
    assert pool_from_json(json.dumps(pool_to_dict(pool()))) == pool()
    for wrong, said in (
        ([], "give an object"),
        ({"members": 3}, "list of members"),
        ({"by": ["plant"], "members": [], "x": 1}, "no such fact"),
    ):
        with pytest.raises(InvalidFactError, match=said):
            pool_from_dict(wrong)


# -- what a pool amounts to ------------------------------------------------------------------


def test_a_pool_is_told_with_its_percentages_and_what_each_member_brings():
    """By both tests, against the percentage of every day of its members, with citations."""
    found = assess_pool(pool())
    text = found.explain()
    assert str(found.minerals) == "29.4 %"
    assert "not met: 50 percent from 2024-01-01 [26 USC 30D(e)(1)(B)(ii)]" in text
    assert "A: 100.0 %; $1,500,000 of $1,500,000 qualify" in text
    assert "B: 0.0 %; $0 of $3,600,000 qualify" in text
    assert "battery components: 0.0 % to 100.0 %" in text
    assert found._repr_html_() == found.explain("html")
    assert str(found).startswith("critical minerals, 50 percent value added test: 29.4 %;")
    assert [str(each) for each in found.citations] == [
        "26 CFR 1.30D-3",
        "26 USC 30D(e)(1)(B)(ii)",
        "26 USC 30D(e)(2)(B)(ii)",
    ]


def test_a_pool_is_data_with_a_receipt():
    """Enough to compute it again: the facts, the law and its fingerprint."""
    law = current_law().without_agreement("USMCA")
    found = assess_pool(pool(), law)
    data = json.loads(json.dumps(found.to_dict()))
    assert data["receipt"]["law_digest"] == law.digest
    assert pool_from_dict(data["receipt"]["facts"]) == pool()
    first, _, components = data["contents"]
    assert first["share"] == {"lower": "2/17", "upper": "2/17"}
    assert first["asked_for"][0]["percent"] == 50
    assert first["contributions"][0]["qualifying"] == ["600000", "600000"]
    assert components["contributions"][1]["total"] is None
    assert data["citations"][0] == "26 CFR 1.30D-3"


def test_pools_without_contents_or_percentages_say_so():
    """No mineral at all; a year for which the law has no percentage; bounds of members."""
    empty = Battery(minerals=(), components=())
    members = (PoolMember(plant="X", battery=empty, placed_in_service="2024-02-01", vehicles=1),)
    none = assess_pool(attrs.evolve(pool(), members=members))
    assert "nothing to compare" in none.explain()
    assert none.to_dict()["contents"][0]["share"] is None
    assert "none" in str(none)
    later = Pool.of_year(
        2027,
        by="plant",
        members=[
            PoolMember(plant="X", battery=pool().members[0].battery, placed_in_service=day)
            for day in ("2027-03-01", None)
        ],
    )
    found = assess_pool(later)
    assert "percent from" not in found.explain()
    assert "of a value that is not known" in found.explain()
    assert found.to_dict()["contents"][0]["asked_for"][0]["percent"].startswith("none, because")
    unknown = MineralSource(mineral="nickel", value=100)
    member = attrs.evolve(members[0], battery=Battery(minerals=[unknown], components=()))
    nothing = attrs.evolve(members[0], vehicles=2)
    both = assess_pool(attrs.evolve(pool(), members=(member, nothing)))
    assert "a member without a name: 0.0 % to 100.0 %; $0 to $100 of $100 qualify" in both.explain()
    assert "a member without a name: no content" in both.explain()
    early = PoolMember(
        plant="X", battery=examples.demonstration_battery(), placed_in_service=date(2022, 1, 3)
    )
    assert assess_pool(Pool.of_year(2022, by="plant", members=[early])).citations == (
        assess_pool(pool()).citations[0],
    )


# -- what a graph of owners amounts to -------------------------------------------------------


def test_a_graph_of_owners_is_told_entity_by_entity_with_a_receipt():
    """Who is one of concern, why, with citations and what it takes to obtain it again."""
    graph = graph_from_rows(rows_of_csv(ENTITIES), rows_of_csv(HOLDINGS))
    found = assess_owners(graph, day="2025-03-03")
    assert str(found) == "2 entities: 2 of concern, 0 unknown"
    text = found.explain()
    assert "Refiner: a foreign entity of concern [42 USC 18741(a)(5)]" in text
    assert "Province holds 40 %" in text
    assert found._repr_html_() == found.explain("html")
    data = json.loads(json.dumps(found.to_dict()))
    refiner = data["entities"][1]
    assert refiner["identifiers"] == ["529900T8BM49AURSDO55"]
    assert refiner["foreign_entity_of_concern"] is True
    equity = next(each for each in refiner["stakes"] if each["metric"] == "equity")
    assert equity == {
        "government": "China",
        "metric": "equity",
        "share": {"lower": "2/5", "upper": "2/5"},
        "controls": True,
    }
    assert "42 USC 18741(a)(5)(C)" in data["citations"]
    receipt = data["receipt"]
    assert (receipt["law_digest"], receipt["day"]) == (current_law().digest, "2025-03-03")
    assert graph_from_json(json.dumps(receipt["facts"])) == graph


def test_owners_that_are_clean_or_unknown_are_told_too():
    """On an unknown day, and where all nations are counted together."""
    graph = OwnershipGraph(
        entities=[Entity.company("A", "JP"), Entity(name="B"), Entity.government("G", "Iran")],
        holdings=[Holding.alike("G", "A", 5)],
    )
    found = assess_owners(graph)
    assert str(found) == "3 entities: 1 of concern, 1 unknown"
    assert "on an unknown day" in found.explain()
    assert "A: not a foreign entity of concern" in found.explain()
    assert found.to_dict()["entities"][1]["foreign_entity_of_concern"] is None
    together = current_law().with_readings(covered_nations_counted_together=True)
    stakes = assess_owners(graph, together).to_dict()["entities"][0]["stakes"]
    assert {each["government"] for each in stakes} == {"covered nations"}
    with pytest.raises(KeyError):
        found.stakes("Nobody")
