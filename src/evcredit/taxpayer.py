"""The taxpayer: filing status and modified adjusted gross income of the two years that count."""

from __future__ import annotations

from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from evcredit.bounds import Bounds
from evcredit.fact import Kind, as_choice, as_signed_price, check, declare

__all__ = ["FilingStatus", "TaxYear", "Taxpayer"]


class FilingStatus(Enum):
    """The filing status of an income tax return."""

    SINGLE = "single"
    MARRIED_FILING_SEPARATELY = "married filing separately"
    HEAD_OF_HOUSEHOLD = "head of household"
    MARRIED_FILING_JOINTLY = "married filing jointly"
    QUALIFYING_SURVIVING_SPOUSE = "qualifying surviving spouse"
    ESTATE_OR_TRUST = "estate or trust"


def as_filing_status(value: FilingStatus | str | None) -> Any:
    """A filing status, by itself or by name."""
    return as_choice(FilingStatus, value)


@attrs.frozen(kw_only=True)
class TaxYear:
    """One year of a taxpayer.

    Args:
        filing_status: The status on that year's return.
        modified_adjusted_gross_income: US dollars: adjusted gross income plus what sections
            911, 931 and 933 exclude (26 USC 30D(f)(10)(C)). It may be negative.

    Raises:
        InvalidFactError: A fact cannot be true or is not exact.

    >>> TaxYear(filing_status="single", modified_adjusted_gross_income=150000).filing_status
    <FilingStatus.SINGLE: 'single'>
    """

    filing_status: FilingStatus | None = attrs.field(
        default=None,
        converter=as_filing_status,
        metadata=declare(Kind.CHOICE, "filing status", of=FilingStatus),
    )
    modified_adjusted_gross_income: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_signed_price,
        metadata=declare(Kind.MONEY, "modified adjusted gross income"),
    )

    def __attrs_post_init__(self) -> None:
        check(self)


@attrs.frozen(kw_only=True)
class Taxpayer:
    """Who claims the credit.

    Args:
        current_year: The taxable year in which the vehicle is placed in service.
        preceding_year: The taxable year before it.

    Raises:
        InvalidFactError: A part is not a `TaxYear`.

    >>> Taxpayer().current_year.filing_status is None
    True
    """

    current_year: TaxYear = attrs.field(
        factory=TaxYear,
        metadata=declare(Kind.PART, "year the vehicle is placed in service", of=TaxYear),
    )
    preceding_year: TaxYear = attrs.field(
        factory=TaxYear, metadata=declare(Kind.PART, "preceding year", of=TaxYear)
    )

    def __attrs_post_init__(self) -> None:
        check(self)
