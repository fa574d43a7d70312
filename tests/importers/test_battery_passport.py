"""Battery passports of Catena-X: recycled shares and the maker, no country and no value."""

import json
from decimal import Decimal

import pytest
from tests.importing import check, fate, leaf_paths, sample

from evcredit.algebra.bounds import Bounds
from evcredit.errors import InvalidFactError
from evcredit.importers.battery_passport import import_battery_passport
from evcredit.importers.report import Unknown, Unmapped

FILE = "catena-x-battery-pass-6.1.0.json"


def passport(active=None, composition=(), **sections):
    document = {
        "specVersion": "urn:io.catenax.battery.battery_pass:6.1.0",
        "materials": {"active": active or {}, "composition": list(composition)},
        **sections,
    }
    return {name: value for name, value in document.items() if value is not None}


def read(document, **options):
    return check(import_battery_passport(json.dumps(document), **options), leaf_paths(document))


def chains(imported):
    return [
        (chain.mineral.identifier, chain.steps and [step.activity.value for step in chain.steps])
        for chain in imported.facts.minerals
    ]


def material(name, recycled, **more):
    return {"recycled": recycled, "materialIdentification": [{"name": name, **more}]}


ANEW, AGAIN = ["extraction", "processing"], ["recycling"]


def test_sample_becomes_chains_without_places():
    data = sample(FILE)
    imported = check(
        import_battery_passport(data, kind="battery module"), leaf_paths(json.loads(data))
    )

    assert chains(imported) == [
        ("nickel", AGAIN),
        ("nickel", ANEW),
        ("cobalt", AGAIN),
        ("cobalt", ANEW),
        ("graphite", ANEW),
        ("manganese", AGAIN),
        ("manganese", ANEW),
    ]
    assert {step.country for chain in imported.facts.minerals for step in chain.steps} == {None}
    assert "16.0 percent of it recovered" in imported.facts.minerals[0].evidence
    assert imported.facts.capacity_kwh == Bounds(Decimal("78.1"), Decimal("Infinity"))
    (part,) = imported.facts.components
    assert (part.by, part.made_in) == ("BPNL00000099CELL", None)
    assert len(fate(imported, "materials.active.lithium.recycled").readings) == 2
    assert fate(imported, "materials.active.lead.recycled").why.startswith("lead is not")
    assert (
        "EC number" in fate(imported, "materials.active.other[1].materialIdentification[0].id").why
    )
    assert fate(imported, "performance.rated.capacity.value").why.startswith("in ampere hours")
    assert fate(imported, "materials.composition[1].recycled").why.startswith("copper is not")
    assert imported.report.notes == ()


@pytest.mark.parametrize(
    ("recycled", "expected"),
    [
        (100, [("nickel", AGAIN)]),
        (0.5, [("nickel", AGAIN), ("nickel", ANEW)]),
        (0, []),
        (101, []),
        ("much", []),
        (None, []),
    ],
)
def test_shares(recycled, expected):
    assert chains(read(passport({"nickel": {"recycled": recycled}}))) == expected


@pytest.mark.parametrize(
    ("recycled", "expected"), [(0, ANEW), ("much", None), (None, None), (100, AGAIN)]
)
def test_a_material_that_the_composition_names_is_there(recycled, expected):
    composition = [{"id": [{"type": "CAS", "id": "7440-02-0"}], "recycled": 5}]
    imported = read(passport({"nickel": {"recycled": recycled}}, composition))

    assert chains(imported) == [("nickel", expected)]
    assert isinstance(fate(imported, "materials.composition[0].recycled"), Unmapped)


def test_a_share_that_looks_like_a_ratio_is_noted():
    imported = read(passport({"nickel": {"recycled": 0.16}}))

    assert "read as 0.16 percent" in imported.report.notes[0]


def test_a_material_of_the_composition_alone_is_a_chain():
    composition = [{"id": [{"name": "Lithium"}], "recycled": 10}, {"id": [{"name": "Li"}]}]
    imported = read(passport(composition=composition))

    assert chains(imported) == [("lithium", AGAIN), ("lithium", ANEW)]


def test_names_of_two_minerals_are_unknown():
    other = [material("Graphite", 1, id="7440-02-0"), material("Copper", 1, id="7440-02-0")]
    imported = read(passport({"other": other}))

    assert chains(imported) == []
    name = "materials.active.other[0].materialIdentification[0].name"
    assert fate(imported, name).readings == ("Graphite", "7440-02-0")


@pytest.mark.parametrize("name", [None, "stuff", ""])
def test_a_material_without_a_name_is_unknown(name):
    imported = read(passport({"other": [material(name, 1)]}))

    assert chains(imported) == []
    assert isinstance(fate(imported, "materials.active.other[0].recycled"), Unknown)


def test_a_mineral_named_twice_counts_once():
    imported = read(passport({"nickel": {"recycled": 1}, "other": [material("Nickel", 2)]}))

    assert chains(imported) == [("nickel", AGAIN), ("nickel", ANEW)]
    assert "named twice" in fate(imported, "materials.active.other[0].recycled").why


def facility(*names):
    return {
        "manufacturer": {
            "manufacturer": "BPNL1",
            "facility": [{"facility": each} for each in names],
        }
    }


@pytest.mark.parametrize(
    ("facilities", "made_in"),
    [(["A"], "JP"), (["A", "B"], "JP"), (["A", "C"], None), (["A", "D"], None), ([], None)],
)
def test_facilities_with_a_table(facilities, made_in):
    places = {"A": "Japan", "B": "JP", "C": "Korea, Republic of"}
    imported = read(passport(operation=facility(*facilities)), kind="battery cell", places=places)

    assert imported.facts.components[0].made_in == made_in


def test_without_a_kind_nobody_made_anything():
    imported = read(passport(operation=facility("A")))

    assert imported.facts.components == ()
    assert isinstance(fate(imported, "operation.manufacturer.manufacturer"), Unknown)


def test_notes_on_version_and_category():
    imported = read(passport(specVersion=None, identification={"category": "LMT"}))

    assert imported.report.notes == (
        "the passport does not state its version; it is read as 6.1.0",
        "the category of the battery is LMT, not EV",
    )


def test_other_versions_are_refused():
    with pytest.raises(InvalidFactError, match=r"the version that is read is 6\.1\.0"):
        import_battery_passport(json.dumps(passport(specVersion="battery_pass:5.0.0")))


@pytest.mark.parametrize("document", ["3", "[]", "{}", '"x"'])
def test_other_documents_are_refused(document):
    with pytest.raises(InvalidFactError, match="give a passport"):
        import_battery_passport(document)


def test_options_that_are_none_are_refused():
    with pytest.raises(InvalidFactError, match="places"):
        import_battery_passport(json.dumps(passport()), places={"A": "Nowhere"})


def test_wrong_types_raise_nothing():
    text = '{"materials": 3, "operation": [], "performance": "x", "identification": 7}'
    assert check(import_battery_passport(text)).facts.minerals == ()


@pytest.mark.parametrize("keep", range(0, 10400, 499))
def test_truncated_files_are_refused(keep):
    with pytest.raises(InvalidFactError):
        import_battery_passport(sample(FILE)[:keep])
