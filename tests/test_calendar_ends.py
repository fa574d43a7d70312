"""Days at both ends of the calendar: analysed, explained and exported like any other."""

from datetime import date

import pytest

from evcredit import assess, examples, with_facts
from evcredit.algebra.calendar import days_later
from evcredit.errors import OutsideCoverage
from evcredit.facts import PriorCredit, PriorTransfer, SellerReport
from evcredit.section_30d.seller_report import report_deadlines

CLAIM = with_facts(
    examples.demonstration_claim(),
    {
        "vehicle.prior_transfers": (PriorTransfer(),),
        "taxpayer.prior_credits": (PriorCredit(),),
        "purchase.seller_report": SellerReport(),
        "purchase.contract_date": None,
        "purchase.first_payment_date": None,
        "purchase.placed_in_service": None,
    },
)
DAYS = (
    "purchase.contract_date",
    "purchase.first_payment_date",
    "purchase.sale_date",
    "purchase.title_date",
    "purchase.seller_report.sold_on",
    "purchase.returned_on",
    "purchase.resold_on",
    "vehicle.prior_transfers[0].on",
    "taxpayer.prior_credits[0].on",
)


@pytest.mark.parametrize("day", [date.min, date.max])
@pytest.mark.parametrize("path", DAYS)
def test_a_day_at_the_end_of_the_calendar(path, day):
    """What is missing, what would settle it, the explanation and the export hold there too."""
    claim = with_facts(CLAIM, {path: day})
    for credit in ("30D", "25E"):
        try:
            result = assess(claim, credit=credit)
        except OutsideCoverage:
            continue
        assert isinstance(result.missing(), tuple)
        for verdict in ("met", "not met"):
            assert isinstance(result.settling(verdict), tuple)
        assert result.explain()
        assert result.to_dict()["verdict"] == result.verdict.value


def test_days_later_end_with_the_calendar():
    """At both ends; within them they are counted."""
    assert days_later(date(2024, 2, 28), 2) == date(2024, 3, 1)
    assert days_later(date.max, 1) == days_later(date.max, 0) == date.max
    assert days_later(date.min, -3) == date.min
    assert report_deadlines(date.max, accepted_on=date.max).copy_by == date.max
