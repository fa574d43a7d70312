"""The days that pick the law, and the election of 2022."""

from datetime import date

import pytest

from evcredit import Claim, Purchase, Verdict, assess, current_law, with_facts
from evcredit.algebra.binding import Binding
from evcredit.examples import demonstration_claim
from evcredit.law.readings import ManufacturerLimitDay
from evcredit.provisions.days import (
    LIMIT_DAY,
    PLACED_IN_SERVICE,
    SOLD,
    TITLE_PASSED,
    election_stands,
)

LAW = current_law()
MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


def claim(**facts):
    return Claim(purchase=Purchase(**facts))


def days(law=LAW, **facts):
    """The four days of a purchase, as text."""
    found = (day.stated(claim(**facts), law) for day in (PLACED_IN_SERVICE, SOLD, TITLE_PASSED))
    return " ".join(str(day) for day in found)


# -- the usual days ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({}, "None None None"),
        ({"placed_in_service": "2021-05-03"}, "2021-05-03 2021-05-03 2021-05-03"),
        (
            {"placed_in_service": "2021-05-03", "sale_date": "2021-05-01"},
            "2021-05-03 2021-05-01 2021-05-01",
        ),
        (
            {
                "placed_in_service": "2021-05-03",
                "sale_date": "2021-05-01",
                "title_date": "2021-04-30",
            },
            "2021-05-03 2021-05-01 2021-04-30",
        ),
        ({"title_date": "2021-04-30"}, "None None 2021-04-30"),
    ],
)
def test_what_is_not_stated_follows_from_possession(facts, expected):
    assert days(**facts) == expected


def test_day_of_the_limit_by_either_reading():
    facts = {"placed_in_service": "2023-01-03", "sale_date": "2022-12-20"}
    by_service = LAW.with_readings(manufacturer_limit_day=ManufacturerLimitDay.PLACED_IN_SERVICE)
    assert LIMIT_DAY.stated(claim(**facts), LAW) == date(2022, 12, 20)
    assert LIMIT_DAY.stated(claim(**facts), by_service) == date(2023, 1, 3)


# -- the election --------------------------------------------------------------------------

BOUND = {
    "contract_date": "2022-03-01",
    "placed_in_service": "2022-11-05",
    "elects_transition_rule": True,
}


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        ({}, MET),
        ({"elects_transition_rule": None}, NOT_MET),
        ({"elects_transition_rule": False}, NOT_MET),
        ({"contract_date": "2021-12-31"}, NOT_MET),
        ({"contract_date": "2022-01-01"}, MET),
        ({"contract_date": "2022-08-15"}, MET),
        ({"contract_date": "2022-08-16"}, NOT_MET),
        ({"contract_date": None}, UNKNOWN),
        ({"contract_date": None, "sale_date": "2022-08-15"}, MET),
        ({"contract_date": None, "sale_date": "2022-08-16"}, UNKNOWN),
        ({"contract_date": "2021-12-31", "sale_date": "2022-08-15"}, MET),
        ({"placed_in_service": "2022-08-15"}, NOT_MET),
        ({"placed_in_service": "2022-08-16"}, MET),
        ({"placed_in_service": "2023-02-01"}, MET),
        ({"placed_in_service": None}, UNKNOWN),
    ],
)
def test_who_may_elect(facts, verdict):
    """P.L. 117-169 sec. 13401(l): bound in 2022 before the law, delivered after it."""
    assert election_stands(claim(**{**BOUND, **facts}), LAW) is verdict


@pytest.mark.parametrize(("in_service", "verdict"), [("2022-12-31", MET), ("2023-01-01", NOT_MET)])
def test_the_election_may_end_with_2022(in_service, verdict):
    """A later version of the Internal Revenue Service's page said so; the statute does not."""
    strict = LAW.with_readings(election_ends_with_2022=True)
    assert election_stands(claim(**{**BOUND, "placed_in_service": in_service}), strict) is verdict


def test_the_election_moves_every_day():
    assert days(**BOUND) == "2022-08-15 2022-08-15 2022-08-15"
    assert days(**BOUND, sale_date="2022-11-04") == "2022-08-15 2022-08-15 2022-08-15"
    assert days(**BOUND, sale_date="2022-03-02") == "2022-08-15 2022-03-02 2022-03-02"
    assert days(**{**BOUND, "contract_date": None}) == "None None None"


def paths(day, **facts):
    return [each.path for each in day.unknown_in(claim(**facts), Binding(LAW, {}))]


@pytest.mark.parametrize("day", [PLACED_IN_SERVICE, SOLD, TITLE_PASSED, LIMIT_DAY])
def test_facts_that_decide_a_day(day):
    assert paths(day) == ["purchase.placed_in_service"]
    assert paths(day, placed_in_service="2021-05-03") == []
    elected = {"elects_transition_rule": True}
    assert paths(day, **elected) == ["purchase.placed_in_service", "purchase.contract_date"]


def test_a_day_of_its_own_leaves_nothing_open():
    assert paths(SOLD, sale_date="2021-05-03") == []
    assert paths(TITLE_PASSED, sale_date="2021-05-03") == []
    assert paths(TITLE_PASSED, title_date="2021-05-03") == []
    elected = {"elects_transition_rule": True, "sale_date": "2021-05-03"}
    assert paths(SOLD, **elected) == ["purchase.placed_in_service", "purchase.contract_date"]


def test_the_day_of_the_limit_asks_for_what_its_reading_goes_by():
    """Where the practice decides, a stated sale does not make up for an unknown possession."""
    practice = LAW.with_readings(manufacturer_limit_day=ManufacturerLimitDay.PLACED_IN_SERVICE)
    stated = claim(sale_date="2021-05-03")
    for law, asked in ((LAW, []), (practice, ["purchase.placed_in_service"])):
        found = LIMIT_DAY.unknown_in(stated, Binding(law, {}))
        assert [each.path for each in found] == asked


def test_a_day_is_a_fact_of_its_own():
    """As a rule that reads it sees it, whatever facts of the claim it follows from."""
    for day in (PLACED_IN_SERVICE, SOLD, TITLE_PASSED, LIMIT_DAY):
        assert list(day.facts()) == [day]
        assert list(day.operands()) == []


# -- in an assessment ----------------------------------------------------------------------


def german(**facts):
    """The demonstration vehicle, assembled in Germany and delivered in November 2022."""
    purchase = {f"purchase.{name}": value for name, value in {**BOUND, **facts}.items()}
    whole = with_facts(demonstration_claim(date(2022, 11, 5)), purchase)
    return with_facts(whole, {"vehicle.final_assembly_country": "Germany"})


def test_the_election_saves_a_vehicle_assembled_elsewhere():
    result = assess(german())
    assert (result.verdict, result.credit.lower) == (MET, 7500)
    assert "treated as placed in service on 2022-08-15, by the election" in result.explain()
    assert not result.warnings_beside(result.unread)


def test_without_it_assembly_decides():
    result = assess(german(elects_transition_rule=None))
    assert [reason.code for reason in result.reasons] == ["final_assembly"]
    assert result.verdict is NOT_MET
    assert not result.warnings_beside(result.unread)


def test_an_election_that_is_not_open_is_said_to_be_left_aside():
    result = assess(german(contract_date="2022-08-16"))
    assert result.verdict is NOT_MET
    (warning,) = result.warnings_beside(result.unread)
    assert "sec. 13401(l) is ignored: it needs a contract or purchase from 2022-01-01" in warning
    assert f"Warning: {warning[:40]}" in result.explain()


def test_an_open_contract_date_is_asked_for():
    result = assess(german(contract_date=None))
    assert (result.verdict, str(result.credit)) == (UNKNOWN, "0 to 7,500")
    assert result.missing() == ("purchase.contract_date",)
    assert result.governing_day is None


@pytest.mark.parametrize(
    ("sold", "verdict"), [("2022-08-16", MET), ("2022-08-17", NOT_MET), (None, NOT_MET)]
)
def test_assembly_goes_by_the_day_of_sale(sold, verdict):
    """P.L. 117-169 sec. 13401(k)(2): vehicles sold after 2022-08-16."""
    result = assess(german(elects_transition_rule=None, sale_date=sold))
    assert result.verdict is verdict


def test_an_unknown_day_where_the_election_may_end():
    """Delivered on an unknown day, the election made: by this reading it ends with 2022."""
    law = LAW.with_readings(election_ends_with_2022=True)
    result = assess(german(placed_in_service=None), law=law)
    assert (result.verdict, str(result.credit)) == (UNKNOWN, "0 to 7,500")
    assert result.missing() == ("purchase.placed_in_service",)
    for day, credit in (("2022-12-31", 7500), ("2023-01-01", 0)):
        assert str(assess(german(placed_in_service=day), law=law).credit) == f"{credit:,}"


def test_a_value_that_is_unknown_where_the_election_leaves_the_day_open():
    """The percentages of the stated day, which may lie before there were any, are not requested."""
    open_value = with_facts(german(contract_date=None), {"vehicle.battery.minerals[0].value": None})
    assert assess(open_value).missing() == ("purchase.contract_date",)
