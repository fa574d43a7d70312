"""The report of the seller: what it says of the claim, what it must hold, when it is due."""

from datetime import date

import pytest
from tests.used import used_claim

from evcredit import (
    Claim,
    InvalidFactError,
    OutsideCoverage,
    Purchase,
    Vehicle,
    Verdict,
    assess,
    current_law,
    examples,
    with_facts,
)
from evcredit.algebra.binding import Binding
from evcredit.algebra.field import declared_facts
from evcredit.facts.seller_report import ReportStatus, SellerReport
from evcredit.section_30d.seller_report import (
    check_seller_report,
    new_report_in_order,
    report_deadlines,
)

LAW = current_law()
FURNISHED = "purchase.seller_report_furnished"
REPORT = "purchase.seller_report"


def with_report(claim, **facts):
    """The claim with a report in the place of what was stated of one."""
    return with_facts(claim, {FURNISHED: None, REPORT: SellerReport(**facts)})


# -- what it says of the claim -------------------------------------------------------------

# Since 2024 a report must be accepted; before, one that was furnished was good.
OUTCOMES = [
    (ReportStatus.ACCEPTED, "met", "met"),
    (ReportStatus.RETURNED, "met", "met"),
    (ReportStatus.FILED, "met", "not met"),
    (ReportStatus.REJECTED, "not met", "not met"),
    (ReportStatus.VOIDED, "not met", "not met"),
    (ReportStatus.CANCELLED, "not met", "not met"),
    (ReportStatus.NOT_FILED, "not met", "not met"),
    (None, "unknown", "unknown"),
]


def test_every_status_is_listed_above():
    """None is forgotten."""
    assert {status for status, *_ in OUTCOMES} == {None, *ReportStatus}


@pytest.mark.parametrize(("status", "in_2023", "since"), OUTCOMES)
@pytest.mark.parametrize(
    ("day", "column"),
    [(date(2023, 12, 31), 0), (date(2024, 1, 1), 1), (date(2024, 6, 3), 1)],
    ids=str,
)
def test_status_decides(status, in_2023, since, day, column):
    """Of new and of used vehicles alike, to the day."""
    expected = (in_2023, since)[column]
    new = with_report(examples.demonstration_claim(day), status=status)
    used = with_report(used_claim(day), status=status)
    assert assess(new).verdict.value == expected
    assert assess(used, credit="25E").verdict.value == expected
    reason = assess(new).reason
    if expected == "not met":
        pending = status is ReportStatus.FILED
        assert reason == ("seller_report_accepted" if pending else "seller_report")
    if expected == "unknown":
        assert assess(new).missing() == (FURNISHED,)


def test_on_an_unknown_day_a_pending_report_is_open():
    """It was good until 2023."""
    claim = with_report(examples.demonstration_claim(), status="filed, not accepted so far")
    claim = with_facts(claim, {"purchase.placed_in_service": None})
    assert assess(claim).find("seller_report_accepted").verdict is Verdict.UNKNOWN


def test_acceptance_as_known_before_it_was_announced():
    """Under the law as known in September 2023 a report of 2024 need only be furnished."""
    claim = with_report(examples.demonstration_claim(), status="filed, not accepted so far")
    assert assess(claim, law=LAW.known_on(date(2023, 10, 5))).verdict is Verdict.MET
    assert assess(claim, law=LAW.known_on(date(2023, 10, 6))).verdict is Verdict.NOT_MET


def test_the_flag_without_a_report_is_what_it_was():
    """Stated as furnished it is taken to be accepted, unless that is denied."""
    claim = examples.demonstration_claim()
    assert assess(claim).verdict is Verdict.MET
    denied = with_facts(claim, {"purchase.seller_report_not_accepted": True})
    assert assess(denied).reason == "seller_report_accepted"


def test_a_report_in_place_of_the_usual_flag():
    """`new_from_dealer` states no flag beside a report."""
    report = SellerReport(status="rejected")
    assert Purchase.new_from_dealer(seller_report=report).seller_report_furnished is False
    assert Purchase.new_from_dealer(seller_report=None).seller_report_furnished is True
    assert Purchase.used_from_dealer(seller_report=SellerReport()).seller_report_furnished is None


# -- contradictions ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("purchase", "fault"),
    [
        (
            {"seller_report_furnished": True, "seller_report": SellerReport(status="voided")},
            "purchase.seller_report_furnished: found True; the seller report is voided",
        ),
        (
            {"seller_report_not_accepted": True, "seller_report": SellerReport.accepted()},
            "purchase.seller_report_not_accepted: found True; the seller report is accepted",
        ),
        (
            {"sale_date": "2024-06-03", "seller_report": SellerReport(sold_on="2024-06-04")},
            "purchase.seller_report.sold_on: .* the purchase states a sale on 2024-06-03",
        ),
    ],
)
def test_a_report_against_the_purchase(purchase, fault):
    """Both is invalid."""
    with pytest.raises(InvalidFactError, match=fault):
        Purchase(**purchase)


def test_what_agrees_with_the_report_may_be_stated_too():
    """For example in a receipt that is read back."""
    report = SellerReport(status="accepted", sold_on="2024-06-03")
    purchase = Purchase(
        seller_report_furnished=True,
        seller_report_not_accepted=False,
        seller_report=report,
        sale_date="2024-06-03",
    )
    assert purchase.seller_report_furnished is True
    assert Purchase(seller_report=report, sale_date=None).seller_report_not_accepted is False


def test_a_report_of_another_vehicle():
    """The numbers must agree where both are given."""
    one, other = "1G4AH59H45G118341", "1FADP5CU6EL502693"
    purchase = Purchase(seller_report=SellerReport(vin=one))
    assert Claim(purchase=purchase, vehicle=Vehicle(vin=one)).vehicle.vin == one
    assert Claim(purchase=purchase).vehicle.vin == one
    with pytest.raises(InvalidFactError, match=r"purchase.seller_report.vin: .*another's report"):
        Claim(purchase=purchase, vehicle=Vehicle(vin=other))


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"status": "forfeited"}, "status: .*give one of 'not filed'"),
        ({"vin": "1G4AH59H55G118341"}, "vin: .*check digit"),
        ({"without_number": True, "vin": "1G4AH59H45G118341"}, "without_number: .*leave one out"),
        ({"transfer_elected": False, "transferred_amount": 1}, "transferred_amount: .*no transfer"),
        ({"status": "not filed", "filed_on": "2024-06-03"}, "filed_on: .*was not filed"),
        ({"filed_on": "2024-06-03", "accepted_on": "2024-06-02"}, "accepted_on: .*never accepted"),
        ({"status": "rejected", "accepted_on": "2024-06-02"}, "accepted_on: .*not accepted"),
    ],
)
def test_what_cannot_be(facts, fault):
    """Each fault names its field and what to do."""
    with pytest.raises(InvalidFactError, match=f"^seller_report.{fault}"):
        SellerReport(**facts)


# -- what it must hold ---------------------------------------------------------------------

WHOLE = {
    "vin": "1G4AH59H45G118341",
    "battery_capacity_kwh": 75,
    "maximum_credit": 7_500,
    "transfer_elected": True,
    "transferred_amount": 7_500,
    "sold_on": "2024-06-03",
    "sale_price": 57_990,
    "filed_on": "2024-06-04",
    "accepted_on": "2024-06-04",
    "given_to_buyer_on": "2024-06-05",
}


def test_a_report_in_order():
    """Complete and in time."""
    found = check_seller_report(SellerReport.accepted(**WHOLE))
    assert found.verdict is Verdict.MET
    assert str(found.citation) == "26 USC 30D(d)(1)(H)"


@pytest.mark.parametrize(
    ("change", "citation"),
    [
        ({"buyer_identified": False}, "26 USC 30D(d)(1)(H)(i)"),
        ({"vin": None}, "26 USC 30D(d)(1)(H)(ii)"),
        ({"battery_capacity_kwh": None}, "26 USC 30D(d)(1)(H)(iii)"),
        ({"original_use_verified": False}, "26 USC 30D(d)(1)(H)(iv)"),
        ({"maximum_credit": None}, "26 USC 30D(d)(1)(H)(v)"),
        ({"transferred_amount": None}, "26 USC 30D(d)(1)(H)(vi)"),
        ({"seller_identified": False}, "Rev. Proc. 2022-42"),
        ({"sale_price": None}, "Rev. Proc. 2022-42"),
        ({"signed": False}, "Rev. Proc. 2022-42"),
        ({"filed_on": "2024-06-07", "accepted_on": None}, "Rev. Proc. 2023-33 sec. 7"),
        ({"given_to_buyer_on": "2024-06-08"}, "Rev. Proc. 2023-33 sec. 7"),
        ({"accepted_on": None}, "Rev. Proc. 2023-33 sec. 7"),
    ],
)
def test_what_a_report_lacks(change, citation):
    """What is denied fails; what is not stated here is unknown. Each is named."""
    facts = {**WHOLE, **change}
    found = check_seller_report(SellerReport.accepted(**facts))
    denied = any(value is not None for value in change.values())
    assert found.verdict is (Verdict.NOT_MET if denied else Verdict.UNKNOWN)
    assert citation in [str(reason.citation) for reason in found.reasons()]


def test_what_is_asked_of_some_reports_only():
    """Original use of new vehicles, a number of those that have one, an amount of transfers."""
    used = SellerReport.accepted(**{**WHOLE, "original_use_verified": False})
    assert check_seller_report(used, credit="25E").verdict is Verdict.MET
    bare = SellerReport.accepted(
        **{**WHOLE, "vin": None, "without_number": True, "transferred_amount": None},
        status="accepted",
    )
    assert check_seller_report(bare).verdict is Verdict.UNKNOWN
    kept = with_facts(bare, {"transfer_elected": False})
    assert check_seller_report(kept).verdict is Verdict.MET


# -- when it is due ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sold", "accepted", "filed_by", "copy_by"),
    [
        ("2023-01-01", None, "2024-02-15", "2023-01-01"),
        ("2023-12-31", "2024-01-10", "2024-02-15", "2023-12-31"),
        ("2024-01-01", None, "2024-01-04", "None"),
        ("2024-02-27", "2024-03-04", "2024-03-01", "2024-03-07"),
        ("2025-09-30", "2025-10-01", "2025-10-03", "2025-10-04"),
    ],
)
def test_deadlines(sold, accepted, filed_by, copy_by):
    """One day for all sales of 2023, three calendar days after each from 2024 on."""
    day = None if accepted is None else date.fromisoformat(accepted)
    due = report_deadlines(date.fromisoformat(sold), accepted_on=day)
    assert (str(due.filed_by), str(due.copy_by)) == (filed_by, copy_by)


def test_the_copy_from_possession():
    """Both counts are named: from acceptance, and from possession (FS-2025-05)."""
    due = report_deadlines("2025-09-30", accepted_on="2025-10-01", possession_on="2025-10-06")
    assert (str(due.copy_by), str(due.copy_by_possession)) == ("2025-10-04", "2025-10-09")
    of_2023 = report_deadlines("2023-06-03", possession_on="2023-06-03")
    assert of_2023.copy_by_possession is None


def test_the_last_day_is_in_time():
    """Filed on the third day."""
    facts = {**WHOLE, "filed_on": "2024-06-06", "accepted_on": "2024-06-06"}
    in_time = SellerReport.accepted(**{**facts, "given_to_buyer_on": "2024-06-09"})
    assert check_seller_report(in_time).verdict is Verdict.MET


def test_no_reports_before_2023():
    """There was nothing to file."""
    with pytest.raises(OutsideCoverage):
        report_deadlines(date(2022, 12, 31))


def test_without_a_day_of_sale_nothing_is_late():
    """Whether a report was in time is then unknown, and so it is without the day it was filed."""
    for change in ({"sold_on": None}, {"filed_on": None, "accepted_on": None}):
        found = check_seller_report(SellerReport.accepted(**{**WHOLE, **change}))
        in_time = next(each for each in found.walk() if each.code == "filed_in_time")
        assert in_time.verdict is Verdict.UNKNOWN


def test_what_is_unknown_of_a_report_is_named():
    """The facts that each rule reads, by their paths."""
    empty, binding = SellerReport(), Binding(LAW, {})
    named = {
        each.path
        for rule in new_report_in_order.walk()
        for fact in rule.facts()
        for each in fact.unknown_in(empty, binding)
    }
    optional = {"status", "without_number", "model_year"}
    assert named == {name for name, _ in declared_facts(SellerReport)} - optional
