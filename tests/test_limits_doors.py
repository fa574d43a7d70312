"""The documented limits at the doors of files: at the limit, and one beyond.

Lists of importers are tried with a small limit, set where all doors find it.
"""

import io
import json
from typing import Any

import pytest
from tests.workbooks import workbook

from evcredit import InvalidFactError, assess, examples
from evcredit.algebra import limits
from evcredit.algebra.limits import (
    MOST_CHARACTERS,
    MOST_FAULTS,
    MOST_IN_A_CIRCLE,
    MOST_ITEMS,
    MOST_LEVELS,
)
from evcredit.errors import InvalidFactsError, faults_of
from evcredit.importers import (
    decode,
    import_battery_passport,
    import_bill_of_materials,
    import_bods,
    import_fuel_economy,
    import_gleif,
    import_rmi,
    import_us_tariff,
    import_vpic,
)
from evcredit.io import (
    claim_from_json,
    claims_from_json,
    graph_from_json,
    graph_from_rows,
    pool_from_json,
    pool_from_rows,
    reform_from_json,
    return_from_json,
    rows_of_csv,
    verify,
)

DAY = "2024-06-03"
STORED = json.dumps(assess(examples.demonstration_claim()).to_dict())
MONTH = {"by": ["plant"], "first_day": "2024-06-01", "last_day": "2024-06-30"}
REFORM = {"changes": [{"change": "remove agreement", "agreement": "Japan", "why": "a test"}]}


def told(answer: Any) -> str:
    """What a door says of what it does not take; nothing if it takes it."""
    try:
        found = answer()
    except (InvalidFactError, InvalidFactsError) as error:
        return "\n".join(map(str, faults_of(error)))
    return "\n".join(map(str, getattr(getattr(found, "report", None), "unknown", ())))


# -- doors ---------------------------------------------------------------------------------


def as_pool(battery: Any) -> Any:
    return pool_from_json(
        json.dumps({**MONTH, "members": [{"vehicles": 1, "plant": "A", "battery": battery}]})
    )


def as_return(claim: Any) -> Any:
    return return_from_json(json.dumps({"tax_year": 2024, "vehicles": [{"claim": claim}]}))


def lines(text: str) -> Any:
    return list(claims_from_json(io.BytesIO(text.encode())))


def as_line(claim: Any) -> Any:
    return lines(json.dumps(claim))


def as_receipt(facts: Any) -> Any:
    stored = json.loads(STORED)
    stored["receipt"]["facts"] = facts
    faults = [each for each in verify(stored).differences if each.part == "facts"]
    if not any("at most" in str(each.now) for each in faults):
        return None
    raise InvalidFactError(faults[0].path, faults[0].stored, faults[0].now)


def with_battery(facts: dict[str, Any]) -> Any:
    """A claim for which no credit is taken, so that nothing is looked for."""
    data = json.loads(STORED)["receipt"]["facts"]
    data["purchase"]["elected_out"] = True
    data["vehicle"]["battery"] = {**data["vehicle"]["battery"], **facts}
    return data


CLAIMS = {
    "JSON": lambda claim: claim_from_json(json.dumps(claim)),
    "lines": as_line,
    "pool": lambda claim: as_pool(claim["vehicle"]["battery"]),
    "return": as_return,
    "receipt": as_receipt,
}


# -- levels --------------------------------------------------------------------------------


def nested(levels: int) -> Any:
    inside = {"kind": "battery module", "contains": []}
    for _ in range(levels - 1):
        inside = {"kind": "battery module", "contains": [inside]}
    return with_battery({"components": [inside]})


def bills_of_materials(levels: int, *, pack: bool) -> Any:
    """A part in a part and so on, in a pack that is no component or in none."""
    names = [f"{number:08}-0000-0000-0000-000000000000" for number in range(levels + pack)]
    kinds = dict.fromkeys(names[pack:], "battery module")
    inside = [*names[1:], None]
    documents = [
        json.dumps({"globalAssetId": one, "childItems": [{"globalAssetId": other}] * bool(other)})
        for one, other in zip(names, inside, strict=True)
    ]
    return import_bill_of_materials(documents, on=DAY, kinds=kinds)


LEVELS = {
    **{name: lambda levels, door=door: door(nested(levels)) for name, door in CLAIMS.items()},
    "bills of materials": lambda levels: bills_of_materials(levels, pack=False),
    "bills of materials in a pack": lambda levels: bills_of_materials(levels, pack=True),
}


@pytest.mark.parametrize("door", LEVELS)
def test_levels_of_components(door: str) -> None:
    """Sixty are taken, and of one more the limit is named."""
    wanted = f"at most {MOST_LEVELS} levels of components"
    assert wanted not in told(lambda: LEVELS[door](MOST_LEVELS))
    assert wanted in told(lambda: LEVELS[door](MOST_LEVELS + 1))


def test_levels_are_all_there() -> None:
    """What a bill of materials holds at the limit is known to the last part."""
    for pack in (False, True):
        (part,) = bills_of_materials(MOST_LEVELS, pack=pack).facts.components
        assert part.levels == MOST_LEVELS


DEEP = "[" * 100_000 + "]" * 100_000
TOO_DEEP = {
    "JSON": claim_from_json,
    "lines": lines,
    "pool": pool_from_json,
    "graph": graph_from_json,
    "return": return_from_json,
    "reform": reform_from_json,
    "bill of materials": lambda text: import_bill_of_materials(text, on=DAY),
    "beneficial owners": lambda text: import_bods(text, on=DAY),
    "battery passport": import_battery_passport,
    "tariff": import_us_tariff,
    "vehicle": import_vpic,
}


@pytest.mark.parametrize("door", TOO_DEEP)
def test_what_is_nested_without_end(door: str) -> None:
    """It is refused in our words, at every door of JSON."""
    assert "too" in told(lambda: TOO_DEEP[door](DEEP))


def test_a_receipt_nested_without_end() -> None:
    """Stored data come as objects, which may be as deep as they like."""
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    wanted = f"at most {MOST_LEVELS} levels of components"
    with pytest.raises(InvalidFactError, match=wanted):
        verify({**json.loads(STORED), "reasons": deep})
    inside: Any = {}
    for _ in range(100_000):
        inside = {"kind": "battery module", "contains": [inside]}
    assert wanted in told(lambda: as_receipt(with_battery({"components": [inside]})))


# -- lists ---------------------------------------------------------------------------------

MOST, MOST_OWNED = 12, 15


def chains(count: int) -> Any:
    return with_battery({"minerals": [{"mineral": "nickel", "value": 1}] * count})


def rows(count: int) -> str:
    """A smelter list."""
    smelter = "CID900101,Nickel,Blue Bay Refinery,Blue Bay Refinery,JAPAN\n"
    return "Number,Metal,Look-up,Name,Country\n" + smelter * count


def smelters(count: int) -> bytes:
    """A workbook with a smelter list below its headings."""
    cells = ["CID900101", "Nickel", "Blue Bay Refinery", "Blue Bay Refinery", "JAPAN"]
    list_of_smelters = {(4, column): f"heading {column}" for column in range(17)}
    for row in range(count):
        list_of_smelters |= {(5 + row, column): cell for column, cell in enumerate(cells)}
    return workbook({"Revision": {(1, 0): "x"}, "Smelter List": list_of_smelters})


def people(count: int) -> str:
    person = {"recordType": "person", "recordDetails": {"personType": "knownPerson"}}
    return json.dumps([{"recordId": f"P{number}", **person} for number in range(count)])


def consolidated(pairs: Any) -> str:
    """Relationship records."""
    names = ("StartNode.NodeID", "EndNode.NodeID", "RelationshipType", "RelationshipStatus")
    lines = [",".join(f"Relationship.{each}" for each in names)]
    lines += [f"{one},{other},IS_DIRECTLY_CONSOLIDATED_BY,ACTIVE" for one, other in pairs]
    return "\n".join(lines)


def steps_of_a_pool(count: int) -> Any:
    return pool_from_rows(
        [{"member": "A", "vehicles": "1", "plant": "A"}],
        **MONTH,
        chains=[{"member": "A", "chain": "1", "mineral": "nickel", "value": "1"}],
        steps=[{"member": "A", "chain": "1", "activity": "processing"}] * count,
    )


def chains_of_a_pool(count: int) -> Any:
    chain = {"member": "A", "mineral": "nickel", "value": "1"}
    members = [{"member": "A", "vehicles": "1", "plant": "A"}]
    return pool_from_rows(
        members, **MONTH, chains=[{**chain, "chain": str(number)} for number in range(count)]
    )


def members_of_a_pool(count: int) -> Any:
    members = [{"member": str(number), "vehicles": "1", "plant": "A"} for number in range(count)]
    return pool_from_rows(members, **MONTH)


def entities(count: int) -> Any:
    return [{"name": f"E{number}"} for number in range(count)]


ITEMS = {
    **{f"{name}, chains": lambda n, door=door: door(chains(n)) for name, door in CLAIMS.items()},
    "return, vehicles": lambda n: return_from_json(
        json.dumps({"tax_year": 2024, "vehicles": [{}] * n})
    ),
    "pool, members": lambda n: pool_from_json(
        json.dumps({**MONTH, "members": [{"vehicles": 1, "plant": "A"}] * n})
    ),
    "rows, members": members_of_a_pool,
    "rows, chains": chains_of_a_pool,
    "rows, steps": steps_of_a_pool,
    "graph, entities": lambda n: graph_from_json(json.dumps({"entities": entities(n)})),
    "rows, entities": lambda n: graph_from_rows(entities(n), []),
}
#: Importers take longer, and read the limit each time.
IMPORTED = {
    "smelter list, rows": lambda n: import_rmi(rows(n), template="EMRT 2.1"),
    "smelter list, workbook": lambda n: import_rmi(smelters(n), template="EMRT 2.1"),
    "beneficial owners, people": lambda n: import_bods(people(n), on=DAY),
    # Each entity has an unknown owner as well.
    "level 2, entities": lambda n: import_gleif(
        consolidated((f"E{at}", f"E{at + 1}") for at in range((n + 1) // 2 - 1)), on=DAY
    ),
}


def tried(door: Any, most: int) -> None:
    """As many as the limit are taken, and of one more the limit is named."""
    assert "items in one list" not in told(lambda: door(most))
    assert f"at most {most:,} items in one list" in told(lambda: door(most + 1))


@pytest.mark.parametrize("door", ITEMS)
def test_items_of_one_list(door: str) -> None:
    """Of claims, returns, pools, graphs and receipts."""
    tried(ITEMS[door], MOST_ITEMS)


@pytest.mark.parametrize("door", IMPORTED)
def test_items_of_one_list_from_a_file(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of what importers read."""
    monkeypatch.setattr(limits, "MOST_ITEMS", MOST)
    tried(IMPORTED[door], MOST)


def held(count: int) -> Any:
    """Holdings of so many firms by one owner."""
    return [{"owner": "E0", "of": f"E{number + 1}"} for number in range(count)]


HOLDINGS = {
    "graph": lambda n: graph_from_json(
        json.dumps({"entities": entities(n + 1), "holdings": held(n)})
    ),
    "rows": lambda n: graph_from_rows(entities(n + 1), held(n)),
    # Each of the firms, and their owner, is held by unknown owners too.
    "level 2": lambda n: import_gleif(
        consolidated((f"E{at}", "E") for at in range(n // 2)), on=DAY
    ),
}


@pytest.mark.parametrize("door", HOLDINGS)
def test_holdings_of_a_graph(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_HOLDINGS", MOST_OWNED)
    assert not told(lambda: HOLDINGS[door](MOST_OWNED))
    assert f"at most {MOST_OWNED} items" in told(lambda: HOLDINGS[door](MOST_OWNED + 1))


def ring(count: int) -> Any:
    return [{"owner": f"E{at}", "of": f"E{(at + 1) % count}"} for at in range(count)]


CIRCLES = {
    "graph": lambda n: graph_from_json(
        json.dumps({"entities": entities(n), "holdings": ring(n), "contracts": []})
    ),
    "rows": lambda n: graph_from_rows(entities(n), ring(n)),
    "level 2": lambda n: import_gleif(
        consolidated((each["of"], each["owner"]) for each in ring(n)), on=DAY
    ),
}


@pytest.mark.parametrize("door", CIRCLES)
def test_entities_in_a_circle(door: str) -> None:
    assert not told(lambda: CIRCLES[door](MOST_IN_A_CIRCLE))
    wanted = f"at most {MOST_IN_A_CIRCLE:,} entities may hold each other in a circle"
    assert wanted in told(lambda: CIRCLES[door](MOST_IN_A_CIRCLE + 1))


# -- sizes ---------------------------------------------------------------------------------

DOCUMENTS = {
    "claim": (claim_from_json, "{}"),
    "lines": (lines, "{}"),
    "return": (return_from_json, '{"tax_year": 2024}'),
    "pool": (pool_from_json, json.dumps({**MONTH, "members": [{"vehicles": 1, "plant": "A"}]})),
    "graph": (graph_from_json, '{"entities": []}'),
    "reform": (reform_from_json, json.dumps(REFORM)),
    "table": (rows_of_csv, "name\n" + ("x" * 100_000 + "\n") * 40),
}


@pytest.mark.parametrize("door", DOCUMENTS)
def test_characters_of_one_document(door: str) -> None:
    read, text = DOCUMENTS[door]
    end = "\n" if door == "table" else " "
    assert not told(lambda: read(text.ljust(MOST_CHARACTERS, end)))
    wanted = f"at most {MOST_CHARACTERS:,} characters"
    assert wanted in told(lambda: read(text.ljust(MOST_CHARACTERS + 1, end)))


FILES = {
    "smelter list": (lambda data: import_rmi(data, template="EMRT 2.1"), rows(1)),
    "beneficial owners": (lambda data: import_bods(data, on=DAY), people(1)),
    "level 2": (lambda data: import_gleif(data, on=DAY), consolidated([("A", "B")])),
    "vehicle": (import_vpic, '{"Plant Country": "MEXICO"}'),
    "model": (import_fuel_economy, "VClass,make,model,year\nSUV,A,B,2024\n"),
}


@pytest.mark.parametrize("door", FILES)
def test_bytes_of_a_file_of_another_system(door: str, monkeypatch: pytest.MonkeyPatch) -> None:
    read, text = FILES[door]
    most = len(text.encode())
    monkeypatch.setattr(decode, "LARGEST", most)
    assert f"at most {most} bytes" not in told(lambda: read(text))
    monkeypatch.setattr(decode, "LARGEST", most - 1)
    assert f"at most {most - 1} bytes" in told(lambda: read(text))


# -- messages ------------------------------------------------------------------------------

WRONG = {
    "claim": (claim_from_json, lambda n: {"vehicle": {"prior_transfers": [{"x": 1}] * n}}),
    "return": (return_from_json, lambda n: {"tax_year": 2024, "vehicles": [{"x": 1}] * n}),
    "graph": (graph_from_json, lambda n: {"entities": [{"name": "A", "x": 1}] * n}),
}


@pytest.mark.parametrize("door", WRONG)
def test_errors_that_are_collected(door: str) -> None:
    """As many as the limit, and not one more."""
    read, data = WRONG[door]
    for count in (MOST_FAULTS, MOST_FAULTS + 1):
        with pytest.raises(InvalidFactsError) as caught:
            read(json.dumps(data(count)))
        assert len(caught.value.exceptions) == MOST_FAULTS
