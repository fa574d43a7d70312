"""Statements of beneficial ownership: direct shares, and an unknown owner for all that is left."""

import json
from datetime import date
from decimal import Decimal

import pytest
from tests.importing import check, fate, leaf_paths, sample

from evcredit import current_law
from evcredit.algebra.bounds import Bounds
from evcredit.errors import InvalidFactError
from evcredit.facts.ownership import GovernmentRole, Metric
from evcredit.facts.place import Place
from evcredit.importers.bods import import_bods
from evcredit.importers.report import Unknown, Unmapped
from evcredit.section_30d.concern.entity import government_stakes

DAY = date(2024, 6, 3)
TINY = Decimal("1e-18")


def entity(record, kind="registeredEntity", country="HU", **details):
    return {
        "recordId": record,
        "recordType": "entity",
        "recordDetails": {
            "entityType": {"type": kind, **details.pop("more", {})},
            "jurisdiction": {"code": country},
            **details,
        },
    }


def share(percent, kind="shareholding", direct="direct", **interest):
    stated = percent if isinstance(percent, dict) else {"exact": percent}
    return {"type": kind, "directOrIndirect": direct, "share": stated, **interest}


def relation(record, owner, subject, *interests, **statement):
    return {
        "recordId": record,
        "recordType": "relationship",
        "recordDetails": {
            "subject": subject,
            "interestedParty": owner,
            "interests": list(interests),
        },
        **statement,
    }


def read(*statements, on=DAY, **options):
    return check(
        import_bods(json.dumps(statements), on=on, **options), leaf_paths(list(statements))
    )


def holdings(imported):
    return {(each.owner, each.of): each for each in imported.facts.holdings}


def equity(imported, owner="A", of="B"):
    return holdings(imported)[owner, of].equity_percent


A, B, STATE = entity("A"), entity("B"), entity("S", "stateBody", "CN")


# -- the sample ---------------------------------------------------------------------------------


def test_sample_becomes_a_graph_closed_by_unknown_owners():
    data = sample("bods-0.4.json")
    imported = check(import_bods(data, on=DAY), leaf_paths(json.loads(data)))

    found = holdings(imported)
    assert found["ent-holding", "ent-refiner"].equity_percent == 60
    assert found["ent-holding", "ent-refiner"].voting_percent == Bounds(50, 75)
    assert found["ent-holding", "ent-refiner"].board_percent is None
    assert found["ent-province", "ent-holding"].equity_percent == Bounds(25 + TINY, Decimal(50))
    rest = found["unknown owners of ent-refiner", "ent-refiner"]
    assert (rest.equity_percent, rest.voting_percent) == (40, Bounds(25, 50))
    assert rest.board_percent == Bounds(0, 100)
    rest = found["unknown owners of ent-holding", "ent-holding"]
    assert rest.equity_percent == Bounds(Decimal(50), 75 - TINY)
    assert len(found) == 4

    province = imported.facts.entity("ent-province")
    assert province.government_role is GovernmentRole.AGENCY
    assert (province.government_of, province.incorporated_in) == ("CN", "CN")
    assert imported.facts.entity("ent-refiner").government_role is None
    assert imported.facts.entity("ent-holding").incorporated_in == Place("US", "DE")
    assert imported.facts.contracts is None
    assert fate(imported, "[5].recordDetails.interests[0].type").why == "not said to be direct"
    assert fate(imported, "[4].recordDetails.interests[1].type").why == "the share is not stated"


# -- open ends at the thresholds of the law -----------------------------------------------------


def test_below_the_threshold_is_not_at_it():
    def of(state, private):
        """Whether the government controls B by its equity; what it may not hold is private."""
        imported = read(
            STATE,
            A,
            B,
            relation("r", "S", "B", share(state)),
            relation("s", "A", "B", share(private)),
            relation("t", "P", "A", share(100)),
            {"recordId": "P", "recordType": "person", "recordDetails": {}},
            role_unless_stated="none",
        )
        stakes = government_stakes(imported.facts, "B", current_law(), day=DAY)
        return next(each.controls for each in stakes if each.metric is Metric.EQUITY)

    assert of({"maximum": 25}, {"minimum": 75}) is None
    assert of({"exclusiveMaximum": 25}, {"exclusiveMinimum": 75}) is False
    assert of({"exclusiveMinimum": 25, "maximum": 50}, {"minimum": 50}) is True
    assert of(25, 75) is True
    assert of({"exclusiveMinimum": 24.9, "maximum": 25}, 75) is None


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        ({"exact": 25}, Decimal(25)),
        ({"minimum": 25, "maximum": 25}, Decimal(25)),
        ({"minimum": 25, "maximum": 50}, Bounds(25, 50)),
        ({"maximum": 25}, Bounds(0, 25)),
        ({"exclusiveMaximum": 25}, Bounds(Decimal(0), 25 - TINY)),
        ({"exclusiveMinimum": 75}, Bounds(75 + TINY, Decimal(100))),
        ({"exact": 30, "minimum": 25, "maximum": 50}, Decimal(30)),
        ({"exact": 30, "minimum": 40}, None),
        ({"exclusiveMinimum": 100}, None),
        ({"exclusiveMaximum": 0}, None),
        ({"minimum": 50, "maximum": 25}, None),
        ({"exact": 101}, None),
        ({"exact": "lots"}, None),
        ({"exclusiveMinimum": True, "minimum": 25}, Bounds(25, 100)),
        ({}, None),
    ],
)
def test_shares(stated, expected):
    assert equity(read(A, B, relation("r", "A", "B", share(stated)))) == expected


def test_two_open_halves_of_the_threshold_stay_below_it():
    half = share({"exclusiveMaximum": 12.5})
    imported = read(
        entity("S", "state", "CN"),
        entity("T", "state", "CN"),
        A,
        B,
        relation("r", "S", "B", half),
        relation("s", "T", "B", half),
        relation("t", "A", "B", share({"minimum": 75})),
        relation("u", {"reason": "unknown"}, "A", share(0)),
        role_unless_stated="none",
    )

    total = holdings(imported)
    assert total["S", "B"].equity_percent.upper + total["T", "B"].equity_percent.upper < 25


# -- which statements hold ----------------------------------------------------------------------


def dated(percent, day, **more):
    return relation("r", "A", "B", share(percent), statementDate=day, **more)


def test_the_latest_statement_up_to_the_day_holds():
    statements = (A, B, dated(50, "2020-01-01"), dated(100, "2022-01-01"), dated(1, "2025-01-01"))

    imported = read(*statements)
    assert equity(imported) == 100
    assert fate(imported, "[2].recordId").why.startswith("superseded")
    assert fate(imported, "[4].recordId").why == "stated after 2024-06-03"
    assert equity(read(*statements, on="2021-06-03")) == 50


def test_a_closed_record_is_gone():
    imported = read(A, B, dated(50, "2020-01-01"), dated(50, "2021-01-01", recordStatus="closed"))

    assert ("A", "B") not in holdings(imported)
    assert fate(imported, "[3].recordId").why == "the record is closed"


@pytest.mark.parametrize("days", [("2020-01-01", "2020-01-01"), ("2020-01-01", None), (None, "x")])
def test_two_statements_of_no_clear_order_are_both_unknown(days):
    imported = read(A, B, dated(50, days[0]), dated(60, days[1]))

    assert ("A", "B") not in holdings(imported)
    assert fate(imported, "[2].recordId").readings == ("this one", "another one")


def test_other_versions_are_unknown():
    imported = read({**A, "publicationDetails": {"bodsVersion": "0.3"}}, B)

    assert imported.facts.entity("A") is None
    assert "version 0.3" in fate(imported, "[0].recordId").why


@pytest.mark.parametrize(
    ("interest", "expected"),
    [
        ({"startDate": "2021-05-01"}, Decimal(60)),
        ({"startDate": "2021-05-01T10:00:00Z", "endDate": "2030-01-01"}, Decimal(60)),
        ({"endDate": "2024-06-03"}, Bounds(0, 60)),
        ({"startDate": "once"}, Bounds(0, 60)),
        ({"endDate": "2024-13-01"}, Bounds(0, 60)),
    ],
)
def test_days_of_an_interest(interest, expected):
    assert equity(read(A, B, relation("r", "A", "B", share(60, **interest)))) == expected


@pytest.mark.parametrize("interest", [{"endDate": "2024-06-02"}, {"startDate": "2024-06-04"}])
def test_interests_of_other_days_do_not_count(interest):
    imported = read(A, B, relation("r", "A", "B", share(60, **interest)))

    assert ("A", "B") not in holdings(imported)
    why = fate(imported, "[2].recordDetails.interests[0].type").why
    assert why == "it had ended by 2024-06-03, or begins later"


# -- who holds what -----------------------------------------------------------------------------


def test_all_three_metrics_are_read():
    imported = read(
        A,
        B,
        relation(
            "r",
            "A",
            "B",
            share(60),
            share(50, "votingRights"),
            share(40, "appointmentOfBoard"),
        ),
    )

    held = holdings(imported)["A", "B"]
    assert (held.equity_percent, held.voting_percent, held.board_percent) == (60, 50, 40)


def test_nothing_is_left_where_all_is_stated():
    every = [share(100, kind) for kind in ("shareholding", "votingRights", "appointmentOfBoard")]
    imported = read(A, B, relation("r", "A", "B", *every))

    assert set(holdings(imported)) == {("A", "B"), ("unknown owners of A", "A")}


def test_unknown_owners_have_a_name_of_their_own():
    imported = read(A, entity("unknown owners of A"))

    assert imported.facts.entity("unknown owners of A'") is not None


def test_an_interest_that_is_no_share_leaves_the_shares_unknown():
    imported = read(
        A, B, relation("r", "A", "B", {"type": "nominee", "directOrIndirect": "direct"})
    )

    assert equity(imported) is None
    assert isinstance(fate(imported, "[2].recordDetails.interests[0].type"), Unmapped)


def test_the_same_share_twice_is_unknown():
    for relations in (
        [relation("r", "A", "B", share(30), share(20))],
        [relation("r", "A", "B", share(30)), relation("s", "A", "B", share(30))],
    ):
        imported = read(A, B, *relations)

        assert equity(imported) is None
        path = "[2].recordDetails.interests[0].share.exact"
        assert fate(imported, path).readings == ("parts that add up", "the same share again")


def test_two_relationships_of_one_pair_are_one_holding():
    imported = read(
        A,
        B,
        relation("r", "A", "B", share(30)),
        relation("s", "A", "B", share(20, "votingRights")),
    )

    held = holdings(imported)["A", "B"]
    assert (held.equity_percent, held.voting_percent) == (30, 20)


def test_owners_of_more_than_all_are_unknown():
    imported = read(
        A,
        B,
        entity("C"),
        relation("r", "A", "C", share(60), share(10, "votingRights")),
        relation("s", "B", "C", share(60)),
        relation("t", "B", "A", share(1)),
    )

    assert equity(imported, "A", "C") is None
    assert equity(imported, "B", "C") is None
    assert holdings(imported)["A", "C"].voting_percent == 10
    assert "more than 100" in fate(imported, "[3].recordDetails.interests[0].share.exact").why


def test_a_single_indirect_interest_is_a_lower_end():
    imported = read(STATE, B, relation("r", "S", "B", share(30, direct="indirect")))

    assert equity(imported, "S") == Bounds(30, 100)


@pytest.mark.parametrize("direct", ["indirect", "unknown", None])
def test_indirect_interests_beside_others_are_unknown(direct):
    beside = relation("s", "A", "B", share(10))
    for statements in (
        [relation("r", "S", "B", share(30, direct=direct)), beside],
        [
            relation("r", "S", "B", share(30, direct=direct)),
            relation("s", "A", "B", share(10, direct="indirect")),
        ],
    ):
        imported = read(STATE, A, B, *statements)

        assert ("S", "B") not in holdings(imported)
        assert isinstance(fate(imported, "[3].recordDetails.interests[0].share.exact"), Unknown)


def test_an_indirect_interest_in_a_direct_relationship_is_unknown():
    both = share(30), share(20, "votingRights", "indirect")
    imported = read(A, B, relation("r", "A", "B", *both))

    assert holdings(imported)["A", "B"].voting_percent is None
    assert isinstance(fate(imported, "[2].recordDetails.interests[1].share.exact"), Unknown)


def test_circles_are_kept_and_holdings_of_oneself_are_not():
    imported = read(
        A,
        B,
        relation("r", "A", "B", share(60)),
        relation("s", "B", "A", share(60)),
        relation("t", "A", "A", share(5)),
    )

    assert {("A", "B"), ("B", "A")} < set(holdings(imported))
    assert ("A", "A") not in holdings(imported)
    assert "itself" in fate(imported, "[4].recordDetails.interests[0].share.exact").why


def test_parties_without_a_statement_are_entities_of_which_nothing_is_known():
    imported = read(relation("r", "X", "Y", share(60)))

    assert [each.name for each in imported.facts.entities] == [
        "X",
        "Y",
        "unknown owners of X",
        "unknown owners of Y",
    ]


def test_an_owner_that_is_not_declared_has_its_share_and_nothing_else():
    reason = {"reason": "subjectUnableToConfirmOrIdentifyInterestedParty"}
    imported = read(A, relation("r", reason, "A", share(30)))

    (owner, _), held = next(iter(holdings(imported).items()))
    assert owner == f"owner of A by r: {reason['reason']}"
    assert held.equity_percent == 30
    assert imported.facts.entity(owner).government_role is None


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"subject": {"reason": "x"}}, "interests[0].share.exact"),
        ({"subject": None}, "interests[0].share.exact"),
        ({"interestedParty": {"x": 1}}, "interestedParty.x"),
        ({"interests": [3]}, "interests[0]"),
        ({"interests": 3}, "interests"),
        ({"interestedParty": None}, "interestedParty"),
    ],
)
def test_wrong_types_in_a_relationship_are_unknown(changes, path):
    statement = relation("r", "A", "B", share(60))
    statement["recordDetails"] |= changes
    imported = read(A, B, statement)

    assert ("A", "B") not in holdings(imported)
    assert isinstance(fate(imported, f"[2].recordDetails.{path}"), Unknown)


# -- parties ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "more", "role"),
    [
        ("state", {}, GovernmentRole.GOVERNMENT),
        ("stateBody", {"subtype": "governmentDepartment"}, GovernmentRole.GOVERNMENT),
        ("stateBody", {"subtype": "stateAgency"}, GovernmentRole.AGENCY),
        ("stateBody", {}, GovernmentRole.AGENCY),
        ("registeredEntity", {}, None),
        ("unknownEntity", {}, None),
    ],
)
def test_roles_by_type(kind, more, role):
    assert read(entity("A", kind, more=more)).facts.entities[0].government_role is role


def test_nobody_owns_a_state_or_a_person():
    person = {"recordId": "P", "recordType": "person", "recordDetails": {}}

    assert read(entity("A", "state"), person).facts.holdings == ()


def test_the_caller_can_state_roles():
    unknown = entity("U", "anonymousEntity")
    stated = {"roles": {"A": "government"}, "role_unless_stated": "none"}
    imported = read(A, B, STATE, unknown, **stated)

    roles = [each.government_role for each in imported.facts.entities[:4]]
    assert roles == [
        GovernmentRole.GOVERNMENT,
        GovernmentRole.NONE,
        GovernmentRole.AGENCY,
        None,
    ]
    assert imported.facts.entities[0].government_of == "HU"
    assert imported.facts.entities[1].government_of is None


def test_a_role_by_the_callers_table_replaces_that_of_the_file():
    imported = read(STATE, roles={"S": None})

    assert imported.facts.entities[0].government_role is None
    assert fate(imported, "[0].recordDetails.entityType.type").why.startswith("the caller")


def test_a_government_without_a_country():
    imported = read(entity("A", "state", None))

    assert imported.facts.entities[0].government_of is None


def test_political_exposure_is_not_the_role_of_the_law():
    person = {
        "recordId": "P",
        "recordType": "person",
        "recordDetails": {
            "personType": "knownPerson",
            "names": [{"fullName": "Jo Doe"}],
            "politicalExposure": {"status": "isPep"},
        },
    }
    imported = read(person, role_unless_stated="none")

    assert imported.facts.entities[0].government_role is None
    assert len(fate(imported, "[0].recordDetails.politicalExposure.status").readings) == 2


def test_names_that_occur_once_can_be_those_of_the_graph():
    details = {"names": [{"fullName": "Jo"}]}
    person = {"recordId": "P", "recordType": "person", "recordDetails": details}
    imported = read(
        entity("A", name="Bay"),
        entity("B", name="Cape"),
        entity("C", name="Cape"),
        entity("D"),
        person,
        relation("r", "P", "A", share(60)),
        by_name=True,
    )

    assert [each.name for each in imported.facts.entities[:5]] == ["Bay", "B", "C", "D", "Jo"]
    assert ("Jo", "Bay") in holdings(imported)
    assert fate(imported, "[0].recordDetails.name").to == ("entities[0].name",)


@pytest.mark.parametrize(
    ("jurisdiction", "country"),
    [
        ({"code": "HU"}, "HU"),
        ({"name": "Hungary"}, "HU"),
        ({"code": "HU", "name": "Hungary"}, "HU"),
        ({"code": "HU", "name": "Austria"}, None),
        ({"code": "QQ", "name": "Hungary"}, "HU"),
        ({"code": "US-DE", "name": "Delaware"}, "US"),
        ({"name": "British"}, None),
        ({"code": 3}, None),
        ("Hungary", None),
        (None, None),
    ],
)
def test_jurisdictions(jurisdiction, country):
    imported = read(entity("A") | {"recordDetails": {"jurisdiction": jurisdiction}})

    assert imported.facts.entities[0].incorporated_in == country


def test_a_name_beside_a_code_is_a_label():
    imported = read(entity("A") | {"recordDetails": {"jurisdiction": {"code": "GB", "name": "X"}}})

    assert fate(imported, "[0].recordDetails.jurisdiction.name").why == "the code is read"


# -- contracts ----------------------------------------------------------------------------------


def test_contracts_are_unknown_unless_they_are_all():
    contract = {"type": "rightsGrantedByContract", "directOrIndirect": "direct"}
    statements = (A, B, relation("r", "A", "B", contract, contract))

    assert read(*statements).facts.contracts is None
    imported = read(*statements, contracts_are_complete=True)
    (found,) = imported.facts.contracts
    assert (found.holder, found.producer, found.effective_control) == ("A", "B", None)
    assert fate(imported, "[2].recordDetails.interests[1].type").to == ("contracts[0].holder",)


# -- files --------------------------------------------------------------------------------------


def test_a_statement_a_line_is_read_too():
    statements = [A, B, relation("r", "A", "B", share(60))]
    text = "\n".join(map(json.dumps, statements))

    assert equity(check(import_bods(text, on=DAY), leaf_paths(statements))) == 60
    one = json.dumps(A, indent=1)
    assert len(import_bods(one, on=DAY).facts.entities) == 2


@pytest.mark.parametrize("text", ["3", "null", "", "[", '{"a": 1}\n{'])
def test_other_files_are_refused(text):
    with pytest.raises(InvalidFactError):
        import_bods(text, on=DAY)


@pytest.mark.parametrize("text", ["[]", "[3]", "[[]]", "[{}]", '[{"recordType": "entity"}]'])
def test_statements_that_are_none_raise_nothing(text):
    assert check(import_bods(text, on=DAY)).facts.entities == ()


@pytest.mark.parametrize("keep", range(0, 4600, 211))
def test_truncated_files_are_refused(keep):
    with pytest.raises(InvalidFactError):
        import_bods(sample("bods-0.4.json")[:keep], on=DAY)


@pytest.mark.parametrize(
    "options",
    [{"on": None}, {"on": "June"}, {"role_unless_stated": "king"}, {"roles": {"A": "king"}}],
)
def test_options_that_are_none_are_refused(options):
    with pytest.raises(InvalidFactError):
        import_bods("[]", **{"on": DAY, **options})


def test_the_identifier_of_a_legal_entity_is_a_fact():
    """By its scheme; one of another scheme is not read, and a wrong one is in doubt."""
    lei = "529900T8BM49AURSDO55"
    statement = {
        "recordId": "R",
        "recordType": "entity",
        "recordDetails": {
            "entityType": {"type": "registeredEntity"},
            "identifiers": [
                {"scheme": "HU-REG", "id": "1"},
                {"scheme": "XI-LEI", "id": lei},
            ],
        },
    }
    found = import_bods(json.dumps([statement]), on="2024-06-03")
    assert found.facts.entities[0].lei == lei
    assert "[0].recordDetails.identifiers[1].id" in {each.path for each in found.report.mapped}
    statement["recordDetails"]["identifiers"][1]["id"] = lei.replace("T", "U")
    doubtful = import_bods(json.dumps([statement]), on="2024-06-03")
    assert doubtful.facts.entities[0].lei is None
    (entry,) = (each for each in doubtful.report.unknown if each.path.endswith("[1].id"))
    assert "check digits" in entry.why
