"""Catena-X tariff information: value by country, and nothing that the file does not say."""

import json
from decimal import Decimal

import pytest
from tests.importing import check, fate, leaf_paths, sample

from evcredit.errors import InvalidFactError
from evcredit.importers.report import Unknown, Unmapped
from evcredit.importers.us_tariff import import_us_tariff

NEW, OLD = (f"catena-x-us-tariff-information-{version}.json" for version in ("2.0.0", "1.0.0"))
MINERALS = {"2833.24": "nickel", "2836 91 0050": "lithium"}


def steps(chain):
    return [(step.activity and step.activity.name, step.country) for step in chain.steps]


def read(name, **options):
    data = sample(name)
    return check(import_us_tariff(data, **options), leaf_paths(json.loads(data)))


def material(version="2.0.0", **changes):
    """Import a document of one nickel material."""
    options = {
        "minerals": MINERALS,
        "origin_is_extraction": True,
        "steps_are_complete": True,
        **changes.pop("options", {}),
    }
    document = json.loads(sample(NEW if version == "2.0.0" else OLD))
    document["materialList"] = [{**document["materialList"][0], **changes}]
    return check(import_us_tariff(json.dumps(document), **options), leaf_paths(document))


def origin(country, percent):
    return {"materialOriginCountry": country, "valuePercentage": percent}


def test_sample_of_version_2_becomes_chains_with_values():
    imported = read(NEW, minerals=MINERALS, origin_is_extraction=True, steps_are_complete=True)

    assert [
        (chain.mineral.identifier, chain.value, steps(chain)) for chain in imported.facts.minerals
    ] == [
        (
            "nickel",
            Decimal("663.125"),
            [("EXTRACTION", "ID"), ("PROCESSING", "ID"), ("PROCESSING", "JP")],
        ),
        (
            "nickel",
            Decimal("397.875"),
            [("EXTRACTION", "AU"), ("PROCESSING", "ID"), ("PROCESSING", "JP")],
        ),
        ("lithium", None, [("EXTRACTION", "CL")]),
        ("lithium", None, [("EXTRACTION", "AR")]),
        ("lithium", None, [(None, None)]),
    ]
    first = imported.facts.minerals[0]
    assert first.evidence.startswith("Catena-X us_tariff_information 2.0.0, part urn:uuid:5b0f6c1e")
    assert first.evidence.endswith(
        "materialList[0], customs value, certificate https://example.com/certificates/4417"
    )
    assert "in EUR" in fate(imported, "materialList[1].materialValue.amount").why


def test_sample_of_version_1_keeps_the_order_of_steps():
    imported = read(OLD, minerals=MINERALS)

    assert [steps(chain) for chain in imported.facts.minerals] == [
        [(None, None), ("PROCESSING", "ID"), ("PROCESSING", "JP"), ("PROCESSING", None)]
    ] * 2
    assert fate(imported, "materialList[0].origin[0].originCountry").readings == (
        "where it was extracted",
        "where it was produced",
    )


def test_without_a_table_no_mineral_is_known():
    imported = read(NEW)

    assert imported.facts.minerals == ()
    assert all(
        isinstance(entry, Unknown)
        for entry in imported.report
        if entry.path.startswith("materialList")
    )


def test_the_part_is_a_component_if_the_caller_says_which():
    imported = read(NEW, kind="battery module")
    (part,) = imported.facts.components

    assert (part.value, part.made_in) == (Decimal(9120), None)
    assert fate(imported, "globalAssetId").to == ("components[0].evidence",)
    assert len(fate(imported, "partOriginCountry").readings) == 2

    (part,) = read(NEW, kind="battery module", origin_is_manufacture=True).facts.components
    assert part.made_in == "US"
    assert "pass kind=" in fate(read(NEW), "partValue.amount").why


def test_a_material_named_as_an_element_needs_no_table():
    imported = material("1.0.0", material={"materialName": "Nickel"}, options={"minerals": None})

    assert {chain.mineral.identifier for chain in imported.facts.minerals} == {"nickel"}


def test_a_table_serves_by_name_too():
    names = {"nickel and  nickel alloys": "nickel"}
    imported = material("1.0.0", options={"minerals": names})

    assert len(imported.facts.minerals) == 2


def test_code_and_name_of_different_minerals_are_both_unknown():
    imported = material("1.0.0", material={"materialName": "Cobalt"})

    assert imported.facts.minerals == ()
    assert fate(imported, "materialList[0].htsCode").readings == ("2833.24.0000", "Cobalt")


def test_what_the_caller_calls_no_mineral_is_unmapped():
    imported = material(options={"minerals": {"28": None}})

    assert imported.facts.minerals == ()
    code = "materialList[0].customsClassification.customClassificationCode"
    assert isinstance(fate(imported, code), Unmapped)


def test_values_add_up_exactly_whatever_the_percentages():
    thirds = [origin("CHL", 33.333333), origin("AUS", 33.333333)]
    imported = material(materialOrigin=thirds, materialValue={"amount": 1061.07, "currency": "usd"})

    values = [chain.value for chain in imported.facts.minerals]
    assert len(values) == 3
    assert sum(values) == Decimal("1061.07")
    assert steps(imported.facts.minerals[2])[0] == (None, None)


def test_origins_of_more_than_the_whole_have_no_values():
    imported = material(materialOrigin=[origin("CHL", 60), origin("AUS", 60)])

    assert [chain.value for chain in imported.facts.minerals] == [None] * 3
    assert (
        "more than 100" in fate(imported, "materialList[0].materialOrigin[0].valuePercentage").why
    )


def test_a_percentage_that_is_missing_leaves_the_rest_unknown():
    imported = material(materialOrigin=[origin("CHL", 60), {"materialOriginCountry": "AUS"}])

    assert [chain.value for chain in imported.facts.minerals] == [Decimal("636.6"), None, None]


def test_a_percentage_that_looks_like_a_ratio_is_noted_and_not_rescaled():
    imported = material(materialOrigin=[origin("CHL", 0.6)])

    assert imported.facts.minerals[0].value == Decimal("6.366")
    assert "0.6 percent" in imported.report.notes[0]


def test_no_origin_is_one_chain_of_unknown_places():
    imported = material(materialOrigin=[])

    assert [chain.value for chain in imported.facts.minerals] == [Decimal(1061)]


@pytest.mark.parametrize("amount", [-1, "much", None, True, 1e30, [1], "1.0000001"])
def test_amounts_that_cannot_be_are_unknown(amount):
    imported = material(materialValue={"amount": amount, "currency": "USD"})

    assert {chain.value for chain in imported.facts.minerals} == {None}
    assert isinstance(fate(imported, "materialList[0].materialValue.currency"), Unknown)


def test_an_amount_without_a_currency_is_unknown():
    imported = material(materialValue={"amount": 1061})

    assert "currency is not stated" in fate(imported, "materialList[0].materialValue.amount").why


@pytest.mark.parametrize("kind", ["Casting", "Pouring", "Pourring"])
def test_shaping_may_be_of_the_part(kind):
    imported = material(processing=[{"processingType": kind, "processingCountry": "JPN"}])

    assert steps(imported.facts.minerals[0])[1] == (None, "JP")
    assert len(fate(imported, "materialList[0].processing[0].processingType").readings) == 2


def test_a_kind_and_a_place_that_are_none():
    imported = material(processing=[{"processingType": "Boiling", "processingCountry": "XXX"}])

    assert steps(imported.facts.minerals[0])[1] == (None, None)
    assert isinstance(fate(imported, "materialList[0].processing[0].processingCountry"), Unknown)


def processing(*links):
    return [
        {
            "processingId": number,
            "processingType": "Smelting",
            "processingCountry": country,
            "successor": [{"successorId": each} for each in successors],
        }
        for number, country, successors in links
    ]


def test_steps_are_put_in_order():
    links = processing((2, "JP", []), (1, "ID", [2]))
    imported = material("1.0.0", processing=links)

    assert steps(imported.facts.minerals[0])[1:] == [("PROCESSING", "ID"), ("PROCESSING", "JP")]
    assert isinstance(fate(imported, "materialList[0].processing[0].processingId"), Unmapped)


@pytest.mark.parametrize(
    "links",
    [
        [(1, "ID", [2]), (2, "JP", [1])],
        [(1, "ID", [1]), (2, "JP", [])],
        [(1, "ID", [9]), (2, "JP", [])],
        [(1, "ID", [1]), (1, "JP", [])],
    ],
    ids=["circle", "itself", "nobody", "twice"],
)
def test_successors_that_form_no_order_are_unknown(links):
    imported = material("1.0.0", processing=processing(*links))

    assert [country for _, country in steps(imported.facts.minerals[0])[1:]] == ["ID", "JP"]
    assert isinstance(fate(imported, "materialList[0].processing[0].processingId"), Unknown)


@pytest.mark.parametrize(
    "document",
    ["[]", "3", "{}", '{"partId": "a"}', '{"partId": 1, "globalAssetId": 2, "materialList": []}'],
)
def test_other_documents_are_refused(document):
    with pytest.raises(InvalidFactError, match=r"2\.0\.0 has globalAssetId"):
        import_us_tariff(document)


def test_wrong_types_are_unknown_and_raise_nothing():
    text = '{"partId": [], "materialList": {"a": 1}, "partValue": 3}'
    imported = check(import_us_tariff(text, kind="battery cell"))

    assert imported.facts.minerals == ()
    assert {entry.path for entry in imported.report.unknown} == {
        "partId",
        "materialList.a",
        "partValue",
    }


def test_tables_and_kinds_that_are_none_are_refused():
    with pytest.raises(InvalidFactError, match="mapping from text"):
        import_us_tariff(sample(NEW), minerals=["nickel"])
    with pytest.raises(InvalidFactError, match="give text"):
        import_us_tariff(sample(NEW), minerals={2833: "nickel"})
    with pytest.raises(InvalidFactError, match=r"minerals\['28'\]: found 'gold'"):
        import_us_tariff(sample(NEW), minerals={"28": "gold"})
    with pytest.raises(InvalidFactError, match="battery module"):
        import_us_tariff(sample(NEW), kind="gadget")


@pytest.mark.parametrize("keep", range(0, 1700, 41))
def test_truncated_files_are_refused(keep):
    with pytest.raises(InvalidFactError):
        import_us_tariff(sample(NEW)[:keep])
