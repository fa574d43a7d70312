"""The documented limits: the page says what the code has, and each holds at every entry point."""

import io
import json
import pickle
import re
import sys
import time
from datetime import date
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from evcredit import (
    Battery,
    BatteryComponent,
    InvalidFactError,
    MineralSource,
    Step,
    Taxpayer,
    Vehicle,
    assess,
    examples,
    with_facts,
)
from evcredit.__main__ import main
from evcredit.algebra import limits
from evcredit.algebra.limits import MOST_HOLDINGS, MOST_ITEMS, MOST_LEVELS, most_items
from evcredit.facts import PriorCredit
from evcredit.facts.ownership import Entity, Holding
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.io import claim_from_dict, claim_from_json, claim_to_dict, claim_to_json
from evcredit.tables.content.qualifying import qualifying_content

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "limits.md"
ROWS = re.findall(r"^\| (.+?) \| ([\d,]+) \| `(.+?)` \|$", PAGE.read_text("utf-8"), re.MULTILINE)
CLAIM = examples.demonstration_claim()
CLAIM_OF_2025 = examples.demonstration_claim(date(2025, 6, 3))


# -- the page ------------------------------------------------------------------------------


@pytest.mark.parametrize(("what", "value", "name"), ROWS, ids=[name for *_, name in ROWS])
def test_the_page_says_what_the_code_has(what, value, name):
    """Each row names a constant and its value."""
    module, _, constant = name.rpartition(".")
    assert getattr(import_module(module), constant) == int(value.replace(",", "")), what


def test_the_page_lists_every_limit_of_inputs():
    """None is omitted."""
    listed = {name for *_, name in ROWS}
    assert listed >= {f"{limits.__name__}.{each}" for each in limits.__all__ if each.isupper()}
    assert len(ROWS) == len(listed)


# -- levels --------------------------------------------------------------------------------


def nested(levels):
    """A component with others inside, so many levels in all."""
    part = BatteryComponent(kind="battery module", contains=())
    for _ in range(levels - 1):
        part = BatteryComponent(kind="battery module", contains=[part])
    return part


def nested_data(levels):
    """The same as data."""
    inside = {"kind": "battery module", "contains": []}
    for _ in range(levels - 1):
        inside = {"kind": "battery module", "contains": [inside]}
    return {"vehicle": {"battery": {"components": [inside]}}}


DEEPEST = nested(MOST_LEVELS)


def by_facts(levels):
    """The outermost of the parts is put around by changing a fact."""
    claim = with_facts(CLAIM, {"vehicle.battery.components": (nested(2),)})
    inside = nested(levels - 1)
    return with_facts(claim, {"vehicle.battery.components[0].contains": (inside,)})


def by_command(data, monkeypatch, tmp_path):
    """What the command prints of a file and of standard input, and how it ends."""
    text = json.dumps(data)
    (tmp_path / "claim.json").write_text(text, "utf-8")
    found = []
    for name in (str(tmp_path / "claim.json"), "-"):
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text.encode())))
        try:
            code = main([name])
        except SystemExit as ended:
            code = ended.code
        monkeypatch.undo()
        found.append((code, out.getvalue() + err.getvalue()))
    assert found[0][0] == found[1][0]
    return found[0]


def uses(claim):
    """Everything that is done with a claim below the limits."""
    assert claim_from_json(claim_to_json(claim)) == claim
    assert claim_from_dict(claim_to_dict(claim)) == claim
    again = pickle.loads(pickle.dumps(claim))
    assert (again, hash(again)) == (claim, hash(claim))
    result = assess(claim)
    assert result.explain()
    assert result.missing() is not None
    assert result.to_dict()


def test_levels_at_the_limit(monkeypatch, tmp_path):
    """Objects, facts, JSON, the command, pickle, hash and explanation."""
    claim = with_facts(CLAIM, {"vehicle.battery.components": (DEEPEST,)})
    assert claim == by_facts(MOST_LEVELS)
    uses(claim)
    code, told = by_command(nested_data(MOST_LEVELS), monkeypatch, tmp_path)
    assert code != 2
    assert "levels of components" not in told


def test_levels_beyond_the_limit(monkeypatch, tmp_path):
    """One more is refused by name at each of them."""
    wanted = f"at most {MOST_LEVELS} levels of components"
    for refused in (
        lambda: nested(MOST_LEVELS + 1),
        lambda: by_facts(MOST_LEVELS + 1),
        lambda: claim_from_dict(nested_data(MOST_LEVELS + 1)),
        lambda: claim_from_json(json.dumps(nested_data(MOST_LEVELS + 1))),
    ):
        with pytest.raises(InvalidFactError, match=wanted):
            refused()
    code, told = by_command(nested_data(MOST_LEVELS + 1), monkeypatch, tmp_path)
    assert code == 2
    assert wanted in told
    assert "Traceback" not in told


def test_levels_in_a_table():
    """A table of components holds more levels than an object, and is no less exact."""
    deep = 2 * MOST_LEVELS
    rows = [(1, at, at - 1 or None, 1000 - at, "US", at == deep) for at in range(1, deep + 1)]
    names = ["vehicle", "component", "inside", "value_cents", "made_in", "nothing_inside"]
    vehicles = pl.DataFrame({"vehicle": [1], "purchase_placed_in_service": ["2024-06-03"]})
    found = qualifying_content(
        vehicles.with_columns(pl.col("purchase_placed_in_service").str.to_date()),
        components=pl.DataFrame(rows, schema=names, orient="row"),
    )
    share = found.select(pl.col("^qualifying_battery.*$")).row(0)
    assert share == (999, 999, 999, 999)


# -- lists ---------------------------------------------------------------------------------

CHAIN = MineralSource(mineral="nickel", value=1)
STEP = Step(activity="processing", country="Chile")
LISTS = {
    "minerals": lambda count: Battery(minerals=(CHAIN,) * count),
    "steps": lambda count: MineralSource(mineral="nickel", value=1, steps=(STEP,) * count),
    "contains": lambda count: BatteryComponent(
        kind="battery module", contains=(BatteryComponent(kind="separator"),) * count
    ),
    "prior_credits": lambda count: Taxpayer(prior_credits=(PriorCredit(),) * count),
    "holdings": lambda count: _graph(count=count),
}


def _graph(count):
    """So many firms of one owner."""
    owned = [Entity(name=f"F{number}") for number in range(min(count, MOST_ITEMS - 1))]
    firms = [each.name for each in owned]
    owners = [f"O{number}" for number in range(6)]
    entities = [*owned[: MOST_ITEMS - 6], *(Entity(name=each) for each in owners)]
    pairs = ((owner, firm) for owner in owners for firm in firms[: MOST_ITEMS - 6])
    holdings = [Holding(owner=o, of=f) for _, (o, f) in zip(range(count), pairs, strict=False)]
    assert len(holdings) == count
    return OwnershipGraph(entities=entities, holdings=holdings, contracts=())


@pytest.mark.parametrize("name", LISTS)
def test_a_list_at_the_limit_and_beyond(name):
    """As many items are taken, and one more is refused by name."""
    assert len(getattr(LISTS[name](most_items(name)), name)) == most_items(name)
    with pytest.raises(InvalidFactError, match=f"at most {most_items(name):,} items") as caught:
        LISTS[name](most_items(name) + 1)
    assert caught.value.path.endswith(name)


def test_a_list_at_the_limit_can_be_used(monkeypatch, tmp_path):
    """Ten thousand chains are explained, hashed, pickled, written and read."""
    start = time.process_time()
    known = MineralSource.processed_in("Chile", "nickel", value=1, extracted_in="Chile")
    claim = with_facts(CLAIM, {"vehicle.battery.minerals": (known,) * MOST_ITEMS})
    uses(claim)
    # Measuring coverage takes time of its own.
    assert time.process_time() - start < (30 if sys.gettrace() is None else 90)
    with pytest.raises(InvalidFactError, match=f"at most {MOST_ITEMS:,} items"):
        with_facts(CLAIM, {"vehicle.battery.minerals": (CHAIN,) * (MOST_ITEMS + 1)})
    for count, ended in ((MOST_ITEMS, False), (MOST_ITEMS + 1, True)):
        data = claim_to_dict(claim)
        chains = data["vehicle"]["battery"]["minerals"]
        data["vehicle"]["battery"]["minerals"] = chains[:1] * count
        code, told = by_command(data, monkeypatch, tmp_path)
        assert (code == 2) is ended
        assert (f"at most {MOST_ITEMS:,} items" in told) is ended


def test_holdings_in_data():
    """Data may hold as many holdings of a graph as objects, more than items of other lists."""
    entities = [{"name": name} for name in ("A", "B")]
    for count in (MOST_HOLDINGS, MOST_HOLDINGS + 1):
        holdings = [{"owner": "A", "of": "B"}] * count
        battery = {"entities": {"entities": entities, "holdings": holdings}}
        with pytest.raises((InvalidFactError, ExceptionGroup)) as caught:
            claim_from_dict({"vehicle": {"battery": battery}})
        told = str(caught.value)
        assert (f"at most {MOST_HOLDINGS:,} items" in told) is (count > MOST_HOLDINGS)


def test_vehicles_and_other_lists_are_the_same_in_python():
    """A vehicle takes as many earlier transfers as any list, and refuses one more."""
    from evcredit.facts import PriorTransfer

    assert Vehicle(prior_transfers=(PriorTransfer(),) * MOST_ITEMS)
    with pytest.raises(InvalidFactError, match=r"vehicle.prior_transfers: .*at most 10,000 items"):
        Vehicle(prior_transfers=(PriorTransfer(),) * (MOST_ITEMS + 1))


def test_hundreds_of_unknown_chains_are_all_asked_for():
    """Of two and of five hundred, each is missing, and together they settle the matter."""
    for count in (2, 500):
        facts = {
            "vehicle.battery.minerals": (CHAIN,) * count,
            "vehicle.battery.certified_critical_mineral_content": 70,
        }
        result = assess(with_facts(CLAIM_OF_2025, facts))
        steps = {f"vehicle.battery.minerals[{at}].steps" for at in range(count)}
        assert steps <= set(result.missing())
        (paths,) = result.settling("met")
        assert paths >= steps
