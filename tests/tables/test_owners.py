"""Owners traced for tables: the same answers as for one battery with its graph."""

from datetime import date

import attrs
import polars as pl
import pytest
from tests.tables.test_content import BY_COMPONENTS, BY_MINERALS, READINGS, claim_of, tables

from evcredit import Battery, BatteryComponent, MineralSource, Step, current_law
from evcredit.algebra.binding import Binding
from evcredit.errors import InvalidFactError
from evcredit.facts import Contract, Entity, Holding, OwnershipGraph
from evcredit.provisions.days import PLACED_IN_SERVICE
from evcredit.section_30d.concern.foreign_entity import (
    components_from_foreign_entity,
    minerals_from_foreign_entity,
)
from evcredit.tables import makers_not_in, qualifying_content, trace_owners

LAW = current_law()
DAY = date(2025, 2, 3)
GRAPH = OwnershipGraph(
    entities=[
        Entity.government("Province", "China"),
        attrs.evolve(Entity.company("Held", "Japan"), rmi_id="CID002849"),
        attrs.evolve(Entity.company("Free", "Japan"), bpn="BPNL00000003CRHK"),
        Entity(name="Open"),
    ],
    holdings=[Holding.alike("Province", "Held", 40)],
)
MAKERS = ("Held", "cid002849", "Free", "BPNL00000003CRHK", "Open", "Nobody", None)
CASES = [
    (by, country, stated)
    for by in MAKERS
    for country in ("JP", "CN", "HK", None)
    for stated in (True, False, None)
]


def batteries(graph=GRAPH):
    for by, country, stated in CASES:
        step = Step(activity="processing", country=country, by=by, foreign_entity_of_concern=stated)
        part = BatteryComponent(
            kind="separator", value=1, made_in=country, by=by, foreign_entity_of_concern=stated
        )
        chain = MineralSource(mineral="nickel", value=10, steps=[step])
        yield Battery(minerals=[chain], components=[part], entities=graph)


def traced_tables(law, graph=GRAPH):
    frames = tables([(battery, DAY) for battery in batteries(graph)])
    names = pl.Series("by", [by for by, _, _ in CASES], dtype=pl.String)
    for name in ("steps", "components"):
        frames[name] = trace_owners(frames[name].with_columns(names), graph, law=law)
    return frames


@pytest.mark.parametrize("law", READINGS, ids=lambda law: law.name)
def test_a_table_with_owners_says_what_the_batteries_say(law):
    """Stated or not, by name or by identifier, in any place, under every reading."""
    frames = traced_tables(law)
    rows = qualifying_content(frames.pop("vehicles"), **frames, law=law).sort("vehicle").to_dicts()
    binding = Binding(law, {PLACED_IN_SERVICE.path: DAY})
    minerals = minerals_from_foreign_entity.bind_value(binding)
    components = components_from_foreign_entity.bind_value(binding)
    for case, battery, row in zip(CASES, batteries(), rows, strict=True):
        claim = claim_of(battery, DAY)
        assert (row[BY_MINERALS], row[BY_COMPONENTS]) == (minerals(claim), components(claim)), case


def test_contracts_that_may_taint_leave_a_maker_unknown():
    """They bind one output, which a table of makers does not name."""
    holder = Contract(holder="Held", producer="Free", effective_control=True)
    for contracts, expected in (
        ([holder], "unknown"),
        ([attrs.evolve(holder, effective_control=False)], "not of concern"),
        ([attrs.evolve(holder, holder="Other")], "not of concern"),
        (None, "unknown"),
    ):
        graph = attrs.evolve(
            GRAPH, entities=(*GRAPH.entities, Entity.company("Other", "JP")), contracts=contracts
        )
        found = trace_owners(pl.LazyFrame({"maker": ["Free", "Held"]}), graph, by="maker")
        assert found.collect()["maker_standing"].to_list() == [expected, "of concern"]


def test_where_the_law_changes_what_is_not_the_same_on_every_day_is_unknown():
    """Sound, though one could know more for a day."""
    entry = LAW.foreign_entity_threshold_percent.standing[0]
    changed = attrs.evolve(
        LAW,
        foreign_entity_threshold_percent=attrs.evolve(
            LAW.foreign_entity_threshold_percent,
            entries=(
                attrs.evolve(entry, end=date(2025, 1, 1)),
                attrs.evolve(entry, start=date(2025, 1, 1), value=50),
            ),
        ),
    )
    found = trace_owners(pl.DataFrame({"by": ["Held", "Province", "Free"]}), GRAPH, law=changed)
    assert found["maker_standing"].to_list() == ["unknown", "of concern", "not of concern"]


def test_faults_of_the_table_are_named():
    """A column that is not there, with the nearest, and one that is there already."""
    with pytest.raises(InvalidFactError, match="did you mean by_whom"):
        trace_owners(pl.DataFrame({"by_whom": ["Held"]}), GRAPH, by="by_who")
    with pytest.raises(InvalidFactError, match="it has x"):
        trace_owners(pl.DataFrame({"x": ["Held"]}), GRAPH)
    with pytest.raises(InvalidFactError, match="has this column already"):
        trace_owners(pl.DataFrame({"by": ["Held"], "maker_standing": ["unknown"]}), GRAPH)


def test_makers_that_the_graph_does_not_have_are_named():
    """Each once, with what is near; identifiers are known too."""
    asked = ["Hled", "Hled", "CID002849", None, "zzzz"]
    assert makers_not_in(GRAPH, asked) == (("Hled", ("Held",)), ("zzzz", ()))
