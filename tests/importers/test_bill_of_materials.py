"""Bills of materials: a tree of components, as far as the caller's table says what they are."""

import itertools
import json

import pytest
from tests.importing import check, fate, leaf_paths, sample

from evcredit.algebra.limits import MOST_LEVELS
from evcredit.errors import InvalidFactError
from evcredit.importers import bill_of_materials as module
from evcredit.importers.bill_of_materials import import_bill_of_materials
from evcredit.importers.report import Mapped, Unknown, Unmapped

FILE = "catena-x-single-level-bom-as-planned-4.0.0.json"
DAY = "2024-06-03"
PACK, MODULE, CELL, ANODE, OTHER = (f"{n}0000000-0000-0000-0000-00000000000a" for n in "12345")
KINDS = {MODULE: "battery module", CELL: "battery cell", ANODE: "anode electrode"}


def item(key, partner="BPNL00000007CELL", **more):
    return {"globalAssetId": f"urn:uuid:{key}", "businessPartner": partner, **more}


def document(key, *items):
    return {"globalAssetId": key, "childItems": list(items)}


def read(*documents, kinds=KINDS, on=DAY):
    texts = [json.dumps(each) for each in documents]
    whole = documents[0] if len(documents) == 1 else list(documents)
    return check(import_bill_of_materials(texts, on=on, kinds=kinds), leaf_paths(whole))


def tree(components):
    return [
        (each.kind.name, each.by, None if each.contains is None else tree(each.contains))
        for each in components
    ]


def names(imported):
    return tree(imported.facts.components)


def test_sample_becomes_components():
    data = sample(FILE)
    kinds = {
        "1f0c9a77-6d3e-4a5b-8c2d-9e8f7a6b5c41": "battery module",
        "URN:UUID:2B7E4D10-93AC-4F6E-A1B2-C3D4E5F60718": None,
        "3c8f5e21-04bd-4a7f-b2c3-d4e5f6071829": "liquid electrolyte",
    }
    imported = import_bill_of_materials(data, on=DAY, kinds=kinds)

    check(imported, leaf_paths(json.loads(data)))
    assert names(imported) == [
        ("BATTERY_MODULE", "BPNL00000007MOD1", None),
        ("LIQUID_ELECTROLYTE", "BPNL00000007ELY3", []),
    ]
    assert {each.value for each in imported.facts.components} == {None}
    assert isinstance(fate(imported, "childItems[2].quantity.value"), Unmapped)
    assert fate(imported, "childItems[1].globalAssetId").why == "no component, as the caller says"


def test_an_item_that_is_not_valid_on_the_day_is_not_inside():
    imported = import_bill_of_materials(sample(FILE), on="2025-06-03", kinds={})

    assert fate(imported, "childItems[0].globalAssetId").why == "not valid on 2025-06-03"


def test_documents_are_joined_whatever_the_form_of_the_identifier():
    imported = read(
        document(PACK, item(MODULE)),
        document(f"urn:uuid:{MODULE}".upper(), item(CELL)),
        document(CELL, item(ANODE, None)),
    )

    assert names(imported) == [
        (
            "BATTERY_MODULE",
            "BPNL00000007CELL",
            [("BATTERY_CELL", "BPNL00000007CELL", [("ANODE_ELECTRODE", None, [])])],
        )
    ]
    assert fate(imported, "[1].globalAssetId").to == (
        "components[0].kind",
        "components[0].evidence",
    )
    assert fate(imported, "[0].globalAssetId").why.startswith("the part that the items are in")


def test_older_documents_have_another_name():
    old = {"catenaXId": PACK, "childItems": [{"catenaXId": MODULE, "businessPartner": "BPNL1"}]}
    imported = read(old)

    assert imported.report.source == "Catena-X single_level_bom_as_planned 3.0.0"
    assert names(imported) == [("BATTERY_MODULE", "BPNL1", None)]


def test_the_part_at_the_top_may_be_a_component():
    imported = read(document(MODULE, item(CELL)))

    assert names(imported) == [
        ("BATTERY_MODULE", None, [("BATTERY_CELL", "BPNL00000007CELL", None)])
    ]


def test_a_part_of_no_known_kind_leaves_open_what_is_inside():
    imported = read(document(MODULE, item(CELL), item(OTHER)), document(CELL, item(ANODE)))

    assert names(imported) == [("BATTERY_MODULE", None, None)]
    assert "add it to kinds=" in fate(imported, "[0].childItems[1].globalAssetId").why
    assert isinstance(fate(imported, "[0].childItems[0].globalAssetId"), Unknown)
    assert isinstance(fate(imported, "[1].childItems[0].businessPartner"), Unknown)


def test_an_unclear_day_leaves_open_what_is_inside():
    period = {"validFrom": "soon"}
    imported = read(document(MODULE, item(CELL, validityPeriod=period)))

    assert names(imported) == [("BATTERY_MODULE", None, None)]
    assert "not clear" in fate(imported, "childItems[0].globalAssetId").why


@pytest.mark.parametrize("key", ["", "7", None, 3, "urn:uuid:zzz"])
def test_an_item_without_an_identifier_leaves_open_what_is_inside(key):
    imported = read(document(MODULE, {"globalAssetId": key, "businessPartner": "BPNL1"}))

    assert names(imported) == [("BATTERY_MODULE", None, None)]


@pytest.mark.parametrize("items", [None, 3, {"a": 1}])
def test_what_is_no_list_of_items_leaves_open_what_is_inside(items):
    imported = read({"globalAssetId": MODULE, "childItems": items})

    assert names(imported) == [("BATTERY_MODULE", None, None)]


def test_a_part_named_twice_is_one_and_two_suppliers_are_none():
    same = read(document(PACK, item(MODULE), item(MODULE)))
    assert names(same) == [("BATTERY_MODULE", "BPNL00000007CELL", None)]
    assert isinstance(fate(same, "childItems[1].businessPartner"), Mapped)

    other = read(document(PACK, item(MODULE), item(MODULE, "BPNL2")))
    assert names(other) == [("BATTERY_MODULE", None, None)]
    assert fate(other, "childItems[0].businessPartner").readings == ("BPNL00000007CELL", "BPNL2")


def test_a_partner_that_is_an_object_is_unknown():
    imported = read(document(PACK, item(MODULE, {"name": "x"})))

    assert names(imported) == [("BATTERY_MODULE", None, None)]
    assert isinstance(fate(imported, "childItems[0].businessPartner.name"), Unknown)


def test_a_part_that_contains_itself_leaves_open_what_is_inside():
    imported = read(document(MODULE, item(MODULE)), document(PACK, item(MODULE)))

    assert names(imported) == [("BATTERY_MODULE", "BPNL00000007CELL", None)]
    assert fate(imported, "[0].childItems[0].globalAssetId").why == "the part contains itself"


def test_a_circle_without_a_top_is_unknown():
    imported = read(document(MODULE, item(CELL)), document(CELL, item(MODULE)))

    assert names(imported) == []
    assert len(imported.report.unknown) == len(list(imported.report))


def test_the_same_document_again_says_nothing_new():
    imported = read(document(MODULE, item(CELL)), document(MODULE, item(CELL)))

    assert len(names(imported)) == 1
    assert fate(imported, "[1].globalAssetId").why == "the same document again"


def test_two_documents_of_one_part_are_both_unknown():
    imported = read(document(MODULE, item(CELL)), document(MODULE, item(ANODE)))

    assert names(imported) == [("BATTERY_MODULE", None, None)]
    assert fate(imported, "[1].globalAssetId").readings == ("this one", "the other one")


def test_a_document_of_no_part_is_unknown():
    imported = read(document("me", item(CELL)))

    assert names(imported) == []
    assert isinstance(fate(imported, "childItems[0].globalAssetId"), Unknown)


def test_entries_of_the_table_that_name_no_part_are_noted():
    imported = read(document(PACK, item(MODULE)), kinds={**KINDS, "bolt": None})

    assert imported.report.notes == (
        f"kinds= has {CELL}, and no part has this identifier",
        f"kinds= has {ANODE}, and no part has this identifier",
        "kinds= has bolt, and no part has this identifier",
    )


def test_depth_and_size_are_limited(monkeypatch):
    keys = [f"{n:08}-0000-0000-0000-000000000000" for n in range(70)]
    chain = [document(a, item(b)) for a, b in itertools.pairwise(keys)]
    kinds = dict.fromkeys(keys, "other battery component")
    imported = read(*chain, kinds=kinds)

    depth, inside = 0, imported.facts.components
    while inside:
        depth, inside = depth + 1, inside[0].contains
    assert depth == MOST_LEVELS
    assert inside is None
    assert any("at most 60 levels of components" in each.why for each in imported.report.unknown)

    # Two of each inside the one above: as many as two to the power of the levels.
    doubled = [
        document(keys[n], item(keys[n + 1]), item(keys[n + 20], None)) for n in range(18)
    ] + [document(keys[n + 20], item(keys[n + 1])) for n in range(18)]
    monkeypatch.setattr(module, "PARTS", 50)
    wide = read(*doubled, kinds=kinds)
    assert any("at most 50 parts" in entry.why for entry in wide.report.unknown)


@pytest.mark.parametrize(
    "data",
    [
        "3",
        "[]",
        "{}",
        '{"globalAssetId": "a"}',
        '{"catenaXId": 1, "globalAssetId": 2, "childItems": []}',
    ],
)
def test_other_documents_are_refused(data):
    with pytest.raises(InvalidFactError, match=r"4\.0\.0 has globalAssetId"):
        import_bill_of_materials(data, on=DAY)


def test_options_that_are_none_are_refused():
    with pytest.raises(InvalidFactError, match="give the day"):
        import_bill_of_materials(sample(FILE), on=None)
    with pytest.raises(InvalidFactError, match="kinds"):
        import_bill_of_materials(sample(FILE), on=DAY, kinds={"a": "gadget"})
    with pytest.raises(InvalidFactError, match=r"data\[1\]"):
        import_bill_of_materials([sample(FILE), 3], on=DAY)


def test_no_document_is_no_part():
    assert import_bill_of_materials([], on=DAY).facts.components == ()


@pytest.mark.parametrize("keep", range(0, 870, 37))
def test_truncated_files_are_refused(keep):
    with pytest.raises(InvalidFactError):
        import_bill_of_materials(sample(FILE)[:keep], on=DAY)
