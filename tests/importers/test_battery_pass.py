"""The Battery Pass data model: masses in grams, nothing of where and what it is worth."""

import json
from decimal import Decimal

import pytest
from tests.importing import check, fate, leaf_paths, sample

from evcredit.algebra.bounds import Bounds
from evcredit.errors import InvalidFactError
from evcredit.importers.battery_pass import import_battery_pass
from evcredit.importers.report import Unknown, Unmapped

FILE = "battery-pass-material-composition-1.2.0.json"


def read(document, **options):
    return check(import_battery_pass(json.dumps(document), **options), leaf_paths(document))


def material(number="7440-02-0", name="Nickel", mass=1000, place="Cathode"):
    return {
        "batteryMaterialLocation": {"componentName": place},
        "batteryMaterialIdentifier": number,
        "batteryMaterialName": name,
        "batteryMaterialMass": mass,
    }


def masses(*materials, **options):
    return read({"batteryMaterials": list(materials)}, **options)


def test_sample_becomes_masses_of_elements():
    data = sample(FILE)
    imported = check(import_battery_pass(data), leaf_paths(json.loads(data)))

    assert [
        (chain.mineral.identifier, chain.mass_kg, chain.value, chain.steps)
        for chain in imported.facts.minerals
    ] == [
        ("nickel", Decimal("49.2105"), None, None),
        ("cobalt", Decimal("6.172"), None, None),
        ("manganese", Decimal("5.75525"), None, None),
        ("lithium", Decimal("7.27"), None, None),
        ("graphite", Decimal("71.18"), None, None),
    ]
    assert imported.facts.minerals[0].evidence == (
        "Battery Pass MaterialComposition 1.2.0, batteryMaterials[0], in Cathode"
    )
    assert imported.report.notes == (
        "minerals[4] is graphite in Anode: state used_in if it is in anode material",
    )
    salt = fate(imported, "batteryMaterials[4].batteryMaterialMass")
    assert salt.why.startswith("lithium hexafluorophosphate holds lithium but is none of the forms")
    assert isinstance(fate(imported, "batteryMaterials[6].batteryMaterialMass"), Unmapped)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig", "utf-8"])
def test_the_encodings_of_the_model_are_read(encoding):
    text = sample(FILE).decode()

    assert len(import_battery_pass(text.encode(encoding)).facts.minerals) == 5


def test_a_price_gives_a_value():
    imported = masses(material(mass=49210.5), prices_per_kg={"Ni": "21.50"})

    assert imported.facts.minerals[0].value == Decimal("1058.02575")


@pytest.mark.parametrize("mass", [1.6e38, -1, "heavy", None, [1]])
def test_masses_that_cannot_be_are_unknown(mass):
    imported = masses(material(mass=mass))

    assert imported.facts.minerals[0].mass_kg is None
    path = "batteryMaterials[0].batteryMaterialMass"
    assert isinstance(fate(imported, path + ("[0]" if mass == [1] else "")), Unknown)


def test_a_number_with_a_trailing_blank_is_read():
    assert len(masses(material("7439-93-2 ", "Lithium")).facts.minerals) == 1


@pytest.mark.parametrize("number", ["7440-02-1", "201-004-7", "x"])
def test_a_wrong_number_is_unknown_and_the_name_is_read(number):
    imported = masses(material(number))

    assert len(imported.facts.minerals) == 1
    assert isinstance(fate(imported, "batteryMaterials[0].batteryMaterialIdentifier"), Unknown)


def test_number_and_name_of_different_minerals_are_unknown():
    assert masses(material("7440-48-4")).facts.minerals == ()


def test_a_compound_beside_its_element_may_count_twice():
    element, salt = material("7439-93-2", "Lithium"), material("554-13-2", "Lithium carbonate")
    imported = masses(element, salt)
    assert [chain.mass_kg for chain in imported.facts.minerals] == [None, None]
    assert len(fate(imported, "batteryMaterials[0].batteryMaterialMass").readings) == 2

    elsewhere = masses(element, material("554-13-2", "Lithium carbonate", place="Electrolyte"))
    assert [chain.mass_kg for chain in elsewhere.facts.minerals] == [1, 1]


def test_the_same_number_in_two_components_is_two_masses():
    imported = masses(material(), material(place=None), material(place="Anode"))

    assert [chain.mass_kg for chain in imported.facts.minerals] == [1, 1, 1]
    assert imported.facts.minerals[1].evidence.endswith("batteryMaterials[1]")


def circularity(pre, post, name="Cobalt"):
    content = {"preConsumerShare": pre, "postConsumerShare": post, "recycledMaterial": name}
    return read({"recycledContent": [content]})


@pytest.mark.parametrize(
    ("pre", "post", "ways"),
    [
        (10, 20, [1, 2]),
        (60, 40, [1]),
        (0, 0, []),
        (60, 60, [None]),
        (10, None, [None]),
        (10, "x", [None]),
    ],
)
def test_recycled_shares(pre, post, ways):
    imported = circularity(pre, post)

    assert [
        None if chain.steps is None else len(chain.steps) for chain in imported.facts.minerals
    ] == ways


def test_recycled_shares_are_told():
    imported = circularity(10, 20)

    assert imported.facts.minerals[0].evidence.endswith(
        "[0], 10 percent from pre-consumer waste, 20 percent from post-consumer waste"
    )
    assert circularity(10, 20, "Lead").facts.minerals == ()
    assert len(fate(circularity(0, 0), "recycledContent[0].preConsumerShare").readings) == 2


def test_rated_energy_is_a_lower_end():
    imported = read({"batteryTechicalProperties": {"ratedEnergy": 78.1, "ratedCapacity": 217}})

    assert imported.facts.capacity_kwh == Bounds(Decimal("78.1"), Decimal("Infinity"))
    assert read({"batteryTechicalProperties": 3}).facts.capacity_kwh is None


def test_the_place_is_that_of_the_component_the_caller_names():
    document = {
        "batteryCategory": "lmt",
        "manufacturingPlace": {"addressCountry": "DE", "postalCode": "10719"},
    }
    imported = read(document, kind="battery module")
    assert imported.facts.components[0].made_in == "DE"
    assert imported.report.notes == ("the category of the battery is lmt, not ev",)

    assert read(document).facts.components == ()
    del document["batteryCategory"]
    assert read({**document, "batteryCategory": "ev"}).report.notes == ()
    assert read(document).report.notes == ()


@pytest.mark.parametrize(
    "document", ["3", "[]", "{}", '{"batteryMaterials": [], "recycledContent": []}']
)
def test_other_documents_are_refused(document):
    with pytest.raises(InvalidFactError, match=r"MaterialComposition 1\.2\.0"):
        import_battery_pass(document)


@pytest.mark.parametrize("prices", [{"gold": 1}, {"nickel": 1.5}, {"nickel": "x"}, 3])
def test_prices_that_are_none_are_refused(prices):
    with pytest.raises(InvalidFactError, match="prices_per_kg"):
        import_battery_pass(sample(FILE), prices_per_kg=prices)


def test_wrong_types_raise_nothing():
    for text in ('{"batteryMaterials": 3}', '{"batteryMaterials": [3, null, {}]}'):
        assert check(import_battery_pass(text)).facts.minerals == ()


@pytest.mark.parametrize("keep", range(0, 1780, 79))
def test_truncated_files_are_refused(keep):
    with pytest.raises(InvalidFactError):
        import_battery_pass(sample(FILE)[:keep])
