"""Taxpayers."""

from decimal import Decimal

import pytest

from evcredit import Bounds, FilingStatus, Taxpayer, TaxYear


@pytest.mark.parametrize("status", list(FilingStatus), ids=lambda status: status.value)
def test_filing_status_by_value_and_name(status):
    """As a return writes it, or as the enumeration does."""
    assert TaxYear(filing_status=status.value).filing_status is status
    assert TaxYear(filing_status=status.name).filing_status is status


def test_income_may_be_negative():
    """A loss is an income below zero, whole cents all the same."""
    year = TaxYear(modified_adjusted_gross_income="-12000.50")
    assert year.modified_adjusted_gross_income == Decimal("-12000.50")


def test_income_may_be_known_within_bounds():
    """One end may be open."""
    year = TaxYear(modified_adjusted_gross_income=Bounds(Decimal("-Infinity"), 150000))
    assert year.modified_adjusted_gross_income.upper == Decimal(150000)


def test_nothing_is_assumed():
    """Both years are unknown until stated."""
    taxpayer = Taxpayer()
    assert taxpayer.current_year == taxpayer.preceding_year == TaxYear()
