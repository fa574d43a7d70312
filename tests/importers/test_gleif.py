"""Level 2 of GLEIF: who is above whom, and no share."""

import csv
import io

import pytest
from tests.importing import check, fate, sample

from evcredit.errors import InvalidFactError
from evcredit.facts.ownership import GovernmentRole
from evcredit.facts.place import Place
from evcredit.importers.gleif import import_gleif
from evcredit.importers.report import Unknown, Unmapped

DAY = "2024-06-03"
START, END = "Relationship.StartNode.NodeID", "Relationship.EndNode.NodeID"
KIND, STATUS = "Relationship.RelationshipType", "Relationship.RelationshipStatus"
DIRECT = "IS_DIRECTLY_CONSOLIDATED_BY"


def table(*rows):
    headings = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, headings, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def row(child, parent, kind=DIRECT, status="ACTIVE", **more):
    return {START: child, END: parent, KIND: kind, STATUS: status, **more}


def read(*rows, **options):
    return check(import_gleif(table(*rows), on=DAY, **options))


def pairs(imported):
    return [
        (each.owner, each.of)
        for each in imported.facts.holdings
        if not each.owner.startswith("unknown owners of")
    ]


def period(start, end, number=1, kind="RELATIONSHIP_PERIOD"):
    names = ("startDate", "endDate", "periodType")
    values = zip(names, (start, end, kind), strict=True)
    return {f"Relationship.Period.{number}.{name}": value for name, value in values}


def test_sample_becomes_holdings_of_unknown_shares():
    imported = check(
        import_gleif(sample("gleif-rr.csv"), exceptions=sample("gleif-repex.csv"), on=DAY)
    )

    assert pairs(imported) == [
        ("ZZZZ00HOLDING0000107", "ZZZZ00REFINER0000151"),
        ("ZZZZ00GROUP000000108", "ZZZZ00HOLDING0000107"),
    ]
    assert {each.equity_percent for each in imported.facts.holdings[:2]} == {None}
    assert len(imported.facts.holdings) == 6
    assert imported.facts.contracts is None
    assert imported.facts.entities[0].government_role is None
    null = f'relationships[2]["{STATUS}"]'
    assert "not stated" in fate(imported, null).why
    assert "no holding" in fate(imported, f'relationships[1]["{KIND}"]').why
    assert isinstance(fate(imported, 'exceptions[0]["Exception.Reason.1"]'), Unknown)


def test_every_cell_of_the_sample_is_in_one_list():
    imported = import_gleif(sample("gleif-rr.csv"), exceptions=sample("gleif-repex.csv"), on=DAY)
    cells = [
        cell
        for name in ("gleif-rr.csv", "gleif-repex.csv")
        for line in csv.reader(io.StringIO(sample(name).decode()))
        for cell in line
        if cell
    ]
    headings = 13 + 5
    assert len(list(imported.report)) == len(cells) - headings


@pytest.mark.parametrize(
    "relation",
    [
        row("A", "B", "IS_ULTIMATELY_CONSOLIDATED_BY"),
        row("A", "B", "IS_FUND-MANAGED_BY"),
        row("A", "B", status="INACTIVE"),
        row("A", "B", **{"Registration.RegistrationStatus": "ANNULLED"}),
        row("A", "B", **period("2020-01-01", "2023-12-31T00:00:00Z")),
        row("A", "A"),
    ],
)
def test_what_is_no_holding_on_the_day(relation):
    imported = read(relation)

    assert pairs(imported) == []
    assert isinstance(fate(imported, f'relationships[0]["{START}"]'), Unmapped)


@pytest.mark.parametrize(
    "more",
    [
        {"Registration.RegistrationStatus": "LAPSED"},
        period("2023-01-01", "2023-12-31", kind="ACCOUNTING_PERIOD"),
        period("2021-05-01T00:00:00+02:00", ""),
        period("2020-01-01", "2020-12-31") | period("2022-01-01", "", 2),
        period("once", ""),
    ],
)
def test_what_still_holds_on_the_day(more):
    assert pairs(read(row("A", "B", **more))) == [("B", "A")]


@pytest.mark.parametrize(
    "relation",
    [
        row("", "B"),
        row("A", ""),
        row("A", "B", **{"Relationship.EndNode.NodeIDType": "ISIN"}),
    ],
)
def test_ends_that_are_no_legal_entities_are_unknown(relation):
    imported = read(relation)

    assert pairs(imported) == []
    assert isinstance(fate(imported, f'relationships[0]["{KIND}"]'), Unknown)


def test_an_identifier_of_the_right_kind_is_read():
    assert pairs(read(row("A", "B", **{"Relationship.EndNode.NodeIDType": "LEI"})))


def test_the_same_row_twice_and_circles():
    imported = read(row("A", "B"), row("A", "B"), row("B", "A"))

    assert pairs(imported) == [("B", "A"), ("A", "B")]
    assert fate(imported, f'relationships[1]["{END}"]').to == ("holdings[0].owner",)


def test_only_what_is_above_the_entities_asked_about():
    imported = read(
        row("A", "B"),
        row("B", "C"),
        row("X", "B"),
        row("C", "A"),
        about=["A"],
        exceptions=table(
            {"LEI": "X", "Exception.Category": "c"}, {"LEI": "C", "Exception.Category": "c"}
        ),
    )

    assert pairs(imported) == [("B", "A"), ("C", "B"), ("A", "C")]
    assert imported.report.notes == (
        "1 other rows of relationships were not requested",
        "1 other rows of exceptions were not requested",
    )


def level_1(lei, name="", jurisdiction="", country=""):
    return {
        "LEI": lei,
        "Entity.LegalName": name,
        "Entity.LegalJurisdiction": jurisdiction,
        "Entity.HeadquartersAddress.Country": country,
    }


def test_places_and_names_of_level_1():
    entities = table(
        level_1("A", "Bay Inc", "US-DE", "CN"),
        level_1("B", "Cape", "QQ"),
        level_1("C", "Cape"),
        level_1("", "Nobody"),
    )
    imported = read(row("A", "B"), entities=entities, by_name=True, role_unless_stated="none")

    bay, cape, other = imported.facts.entities[:3]
    assert (bay.name, bay.incorporated_in) == ("Bay Inc", Place("US", "DE"))
    assert bay.principal_place_of_business == "CN"
    assert bay.government_role is GovernmentRole.NONE
    assert (cape.name, other.name) == ("B", "C")
    assert pairs(imported) == [("B", "Bay Inc")]
    assert fate(imported, 'entities[0]["Entity.LegalName"]').to == ("entities[0].name",)
    assert isinstance(fate(imported, 'entities[3]["Entity.LegalName"]'), Unknown)


def test_exceptions_without_an_entity_are_unknown():
    imported = read(row("A", "B"), exceptions=table({"LEI": "", "Exception.Category": "x"}))

    assert isinstance(fate(imported, 'exceptions[0]["Exception.Category"]'), Unknown)


def test_headings_of_another_language_are_refused():
    with pytest.raises(InvalidFactError, match=r"relationships: .*lacks the headings"):
        import_gleif("Kind,Eltern\nA,B", on=DAY)
    with pytest.raises(InvalidFactError, match=r"exceptions: .*lacks the headings"):
        read(row("A", "B"), exceptions="x")


@pytest.mark.parametrize(
    "options", [{"on": None}, {"role_unless_stated": "king"}, {"about": "A"}, {"about": [1]}]
)
def test_options_that_are_none_are_refused(options):
    with pytest.raises(InvalidFactError):
        import_gleif(table(row("A", "B")), **{"on": DAY, **options})


@pytest.mark.parametrize("keep", range(0, 1000, 53))
def test_truncated_files_raise_only_our_errors(keep):
    try:
        imported = import_gleif(sample("gleif-rr.csv")[:keep], on=DAY)
    except InvalidFactError:
        return
    check(imported)


def test_a_valid_identifier_is_a_fact_of_the_entity():
    """An LEI whose check digits fit, also where the entity goes by its name."""
    lei = "529900T8BM49AURSDO55"
    columns = ("StartNode.NodeID", "EndNode.NodeID", "RelationshipType")
    head = ",".join(f"Relationship.{each}" for each in columns)
    relations = f"{head}\n{lei},PARENT,IS_DIRECTLY_CONSOLIDATED_BY"
    level_1 = "LEI,Entity.LegalName\n" + lei + ",Example AG\n"
    for names in (True, False):
        found = import_gleif(relations, entities=level_1, on="2024-06-03", by_name=names)
        entity = next(each for each in found.facts.entities if each.lei)
        assert (entity.lei, entity.name) == (lei, "Example AG" if names else lei)
        place = found.facts.entities.index(entity)
        paths = {to for each in found.report.mapped for to in each.to}
        assert {f"entities[{place}].name", f"entities[{place}].lei"} <= paths
