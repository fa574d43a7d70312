"""Taxpayers."""

from decimal import Decimal

import attrs
import pytest

from evcredit import Bounds, FilingStatus, InvalidFactError, Taxpayer, TaxYear
from evcredit.errors import InvalidFactsError
from evcredit.facts.taxpayer import IncomeParts, TaxpayerKind


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
    assert taxpayer.current_year == taxpayer.prior_year == TaxYear()


# -- income from its parts -----------------------------------------------------------------

ENDLESS = Decimal("Infinity")
PARTS = {
    "adjusted_gross_income": "100000.10",
    "foreign_income_exclusion": "20000.20",
    "foreign_housing_deduction": "3000.30",
    "american_samoa_exclusion": "400.40",
    "puerto_rico_exclusion": "50.50",
}
EXCLUSIONS = [name for name in PARTS if name != "adjusted_gross_income"]


def test_income_adds_up_as_on_form_8936():
    """Lines 1a to 1e of the form make line 2."""
    assert IncomeParts(**PARTS).modified_adjusted_gross_income == Decimal("123451.50")
    year = TaxYear(income_parts=IncomeParts(**PARTS))
    assert year.modified_adjusted_gross_income == Decimal("123451.50")


@pytest.mark.parametrize("name", EXCLUSIONS)
def test_each_exclusion_counts(name):
    """A dollar more excluded is a dollar more income; and one omitted leaves it open upward."""
    more = IncomeParts(**{**PARTS, name: Decimal(PARTS[name]) + 1})
    assert more.modified_adjusted_gross_income == Decimal("123452.50")
    less = IncomeParts(**{**PARTS, name: None}).modified_adjusted_gross_income
    assert less == Bounds(Decimal("123451.50") - Decimal(PARTS[name]), ENDLESS)


@pytest.mark.parametrize("name", EXCLUSIONS)
def test_exclusions_are_never_negative(name):
    """What is excluded from income cannot be less than nothing."""
    with pytest.raises(InvalidFactError, match=f"income_parts.{name}: .*may not be negative"):
        IncomeParts(**{**PARTS, name: -1})


def test_income_parts_within_bounds():
    """Bounds add up end by end, an endless end too; a loss may outweigh what is excluded."""
    parts = IncomeParts(
        adjusted_gross_income=Bounds(-5000, 10),
        foreign_income_exclusion=Bounds(Decimal(1), Decimal(2)),
        foreign_housing_deduction=0,
        american_samoa_exclusion=0,
        puerto_rico_exclusion=0,
    )
    assert parts.modified_adjusted_gross_income == Bounds(Decimal(-4999), Decimal(12))
    open_below = Bounds(Decimal("-Infinity"), Decimal(10))
    total = IncomeParts.domestic(open_below).modified_adjusted_gross_income
    assert total == Bounds(Decimal("-Infinity"), Decimal(10))


def test_unknown_adjusted_gross_income_leaves_the_income_unknown():
    """It can be as negative as it likes, so nothing is known of the sum."""
    assert IncomeParts(foreign_income_exclusion=5).modified_adjusted_gross_income is None
    assert TaxYear(income_parts=IncomeParts()).modified_adjusted_gross_income is None
    stated = TaxYear(income_parts=IncomeParts(), modified_adjusted_gross_income=7)
    assert stated.modified_adjusted_gross_income == 7


def test_stated_income_and_its_parts_go_together():
    """Each narrows the other; the result can be taken in again."""
    year = TaxYear(
        modified_adjusted_gross_income=Bounds(0, 90_000),
        income_parts=IncomeParts(adjusted_gross_income=80_000),
    )
    assert year.modified_adjusted_gross_income == Bounds(Decimal(80_000), Decimal(90_000))
    assert attrs.evolve(year) == year


def test_income_that_is_not_the_sum_of_its_parts():
    """A contradiction is reported with both numbers."""
    with pytest.raises(InvalidFactError) as caught:
        TaxYear(modified_adjusted_gross_income=1, income_parts=IncomeParts.domestic(2))
    assert caught.value.path == "tax_year.modified_adjusted_gross_income"
    assert caught.value.remedy == "its parts add up to 2.00; these conflict; give only one"


def test_income_of_an_estate_is_not_added_up():
    """How it is made up was not seen; the income itself may be stated."""
    for build in (
        lambda: TaxYear(filing_status="estate or trust", income_parts=IncomeParts.domestic(1)),
        lambda: Taxpayer(
            kind="estate or trust",
            prior_year=TaxYear(income_parts=IncomeParts.domestic(1)),
        ),
    ):
        with pytest.raises(InvalidFactError, match="give modified_adjusted_gross_income itself"):
            build()
    year = TaxYear(filing_status="estate or trust", modified_adjusted_gross_income=1)
    assert Taxpayer(kind="estate or trust", current_year=year).current_year == year


# -- who claims ----------------------------------------------------------------------------


@pytest.mark.parametrize("entity", list(TaxpayerKind), ids=lambda entity: entity.value)
def test_entity_by_value_and_name(entity):
    """In words or as the enumeration does, whatever the case of letters."""
    assert Taxpayer(kind=entity.value).kind is entity
    assert Taxpayer(kind=entity.value.upper()).kind is entity
    assert Taxpayer(kind=entity.name).kind is entity


@pytest.mark.parametrize("entity", ["corporation", "tax-exempt or governmental user"])
@pytest.mark.parametrize("name", ["current_year", "prior_year"])
def test_no_income_and_status_of_what_has_none(entity, name):
    """Every fact that cannot be is reported at once."""
    year = TaxYear(filing_status="single", income_parts=IncomeParts.domestic(1))
    with pytest.raises(InvalidFactsError) as caught:
        Taxpayer(kind=entity, **{name: year})
    assert [fault.path for fault in caught.value.exceptions] == [
        f"taxpayer.{name}.{fact}"
        for fact in ("filing_status", "modified_adjusted_gross_income", "income_parts")
    ]
    assert f"a {entity} has no filing status; omit it" in str(caught.value)
    assert f"a {entity} has no adjusted gross income; omit it" in str(caught.value)


@pytest.mark.parametrize(
    ("entity", "status"),
    [("individual", "estate or trust"), ("estate or trust", "single")],
)
def test_status_of_another_kind_of_taxpayer(entity, status):
    """An individual files as one."""
    with pytest.raises(
        InvalidFactError, match=f"stated to be an {entity}; these conflict; give only one"
    ):
        Taxpayer(kind=entity, current_year=TaxYear(filing_status=status))


def test_partners_and_individuals_may_have_any_income():
    """Only where a status or income cannot be is it refused."""
    year = TaxYear(filing_status="single", modified_adjusted_gross_income=1)
    for entity in (None, "individual", "partnership", "S corporation"):
        assert Taxpayer(kind=entity, current_year=year).current_year == year


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("MFJ", FilingStatus.MARRIED_FILING_JOINTLY),
        ("mfj", FilingStatus.MARRIED_FILING_JOINTLY),
        ("Married Filing Joint", FilingStatus.MARRIED_FILING_JOINTLY),
        ("MFS", FilingStatus.MARRIED_FILING_SEPARATELY),
        ("HOH", FilingStatus.HEAD_OF_HOUSEHOLD),
        ("Single", FilingStatus.SINGLE),
        ("qualifying widow(er)", FilingStatus.QUALIFYING_SURVIVING_SPOUSE),
        ("QSS", FilingStatus.QUALIFYING_SURVIVING_SPOUSE),
        ("trust", FilingStatus.ESTATE_OR_TRUST),
    ],
)
def test_filing_status_in_the_words_of_preparers(word, status):
    """Abbreviations and older names of the return."""
    assert TaxYear(filing_status=word).filing_status is status


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("married", "say how the couple files"),
        ("HEAD OF HOUSEHOL", "did you mean 'head of household'[?]"),
    ],
)
def test_filing_status_that_is_open_or_misspelt(word, why):
    """What leaves it open says so, and a slip is answered whatever its case."""
    with pytest.raises(InvalidFactError, match=why):
        TaxYear(filing_status=word)


def test_kind_of_taxpayer_in_the_words_of_preparers():
    """An S corp is known; an LLC may be taxed in three ways."""
    assert Taxpayer(kind="S corp").kind is TaxpayerKind.S_CORPORATION
    assert Taxpayer(kind="nonprofit").kind is TaxpayerKind.TAX_EXEMPT_USER
    with pytest.raises(InvalidFactError, match="an LLC is taxed as its owner"):
        Taxpayer(kind="LLC")
