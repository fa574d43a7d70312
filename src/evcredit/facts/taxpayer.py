"""The taxpayer: who claims, and filing status and income of the two years that count.

Source: 26 USC 30D(f)(10).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.brief import brief
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import (
    Kind,
    Number,
    as_choice,
    as_day,
    as_flag,
    as_price,
    as_signed_price,
    as_tuple,
    check,
    declare,
    declared_facts,
    repr_of_facts,
)
from evcredit.algebra.money import sum_of
from evcredit.algebra.plain_enum import PlainEnum

__all__ = [
    "FilingStatus",
    "IncomeParts",
    "PriorCredit",
    "TaxYear",
    "Taxpayer",
    "TaxpayerKind",
    "as_taxpayer",
]


class FilingStatus(PlainEnum):
    """The filing status of an income tax return."""

    SINGLE = "single"
    MARRIED_FILING_SEPARATELY = "married filing separately"
    HEAD_OF_HOUSEHOLD = "head of household"
    MARRIED_FILING_JOINTLY = "married filing jointly"
    QUALIFYING_SURVIVING_SPOUSE = "qualifying surviving spouse"
    ESTATE_OR_TRUST = "estate or trust"


class TaxpayerKind(PlainEnum):
    """What kind of taxpayer claims.

    Of a grantor trust the taxpayer is the grantor, so state the grantor.
    """

    INDIVIDUAL = "individual"
    ESTATE_OR_TRUST = "estate or trust"
    PARTNERSHIP = "partnership"
    S_CORPORATION = "S corporation"
    CORPORATION = "corporation"
    TAX_EXEMPT_USER = "tax-exempt or governmental user"


#: Those that have no filing status and no adjusted gross income.
_WITHOUT_INCOME = (TaxpayerKind.CORPORATION, TaxpayerKind.TAX_EXEMPT_USER)


def as_filing_status(value: FilingStatus | str | None) -> Any:
    """A filing status, as itself or by name."""
    return as_choice(FilingStatus, value)


def as_taxpayer_kind(value: TaxpayerKind | str | None) -> Any:
    """A kind of taxpayer, as itself or by name."""
    return as_choice(TaxpayerKind, value)


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class IncomeParts:
    """What the modified adjusted gross income of an individual is made of.

    It is the adjusted gross income plus what sections 911, 931 and 933 leave out of it (26 USC
    30D(f)(10)(C)), line by line as on Form 8936. What is excluded from income is never negative,
    so the sum is at least the known part.

    Args:
        adjusted_gross_income: US dollars, from Form 1040; it may be negative.
        foreign_income_exclusion: US dollars of foreign earned income and housing excluded under
            section 911 (Form 2555, line 45).
        foreign_housing_deduction: US dollars deducted for foreign housing under section 911
            (Form 2555, line 50).
        american_samoa_exclusion: US dollars excluded under section 931 (Form 4563, line 15).
        puerto_rico_exclusion: US dollars excluded under section 933.

    Raises:
        InvalidFactError: An amount is a float or finer than a cent, or an excluded one is
            negative.

    >>> IncomeParts.domestic(148_000).modified_adjusted_gross_income
    Decimal('148000.00')
    >>> print(IncomeParts(adjusted_gross_income=148_000).modified_adjusted_gross_income)
    148,000.00 or more
    """

    __repr__ = repr_of_facts
    __str__ = brief

    adjusted_gross_income: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_signed_price,
        metadata=declare(Kind.MONEY, "adjusted gross income"),
    )
    foreign_income_exclusion: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "foreign earned income and housing exclusion"),
    )
    foreign_housing_deduction: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "foreign housing deduction"),
    )
    american_samoa_exclusion: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "exclusion of income from American Samoa"),
    )
    puerto_rico_exclusion: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "exclusion of income from Puerto Rico"),
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, sound=sound)

    @classmethod
    def domestic(cls, adjusted_gross_income: Number | None) -> IncomeParts:
        """The income of someone who excludes nothing.

        Args:
            adjusted_gross_income: US dollars.

        Raises:
            InvalidFactError: It is not exact.
        """
        return cls(
            adjusted_gross_income=adjusted_gross_income,
            foreign_income_exclusion=0,
            foreign_housing_deduction=0,
            american_samoa_exclusion=0,
            puerto_rico_exclusion=0,
        )

    @property
    def modified_adjusted_gross_income(self) -> Decimal | Bounds[Decimal] | None:
        """The sum in US dollars; at least the known part if an exclusion is unknown.

        `None` if the adjusted gross income is unknown, which may be as negative as it likes.
        """
        if self.adjusted_gross_income is None:
            return None
        excluded = (
            self.foreign_income_exclusion,
            self.foreign_housing_deduction,
            self.american_samoa_exclusion,
            self.puerto_rico_exclusion,
        )
        known = [Bounds.of(each, _ANY_EXCLUSION) for each in excluded]
        known.append(Bounds.of(self.adjusted_gross_income))
        least = sum_of(each.lower for each in known)
        most = sum_of(each.upper for each in known)
        return least if least == most else Bounds(least, most)


_ANY_EXCLUSION = Bounds(Decimal(0), Decimal("Infinity"))


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class TaxYear:
    """One year of a taxpayer.

    Args:
        filing_status: The status on that year's return.
        modified_adjusted_gross_income: US dollars: adjusted gross income plus what sections
            911, 931 and 933 exclude (26 USC 30D(f)(10)(C)). It may be negative.
        income_parts: What that income adds up from; gives it if omitted. For an estate
            or trust state the income itself: how it is made up there was not seen.

    Raises:
        InvalidFactError: A fact is invalid or is not exact, for example an income that is
            not the sum of its parts.

    >>> TaxYear(filing_status="single", modified_adjusted_gross_income=150000).filing_status
    <FilingStatus.SINGLE: 'single'>
    >>> TaxYear(income_parts=IncomeParts.domestic("61200.50")).modified_adjusted_gross_income
    Decimal('61200.50')
    """

    __repr__ = repr_of_facts
    __str__ = brief

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
    income_parts: IncomeParts | None = attrs.field(
        default=None,
        metadata=declare(
            Kind.PART,
            "parts of the income",
            of=IncomeParts,
            optional=True,
            gives="modified_adjusted_gross_income",
        ),
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _year_faults, sound=sound)
        if self.income_parts is not None:
            # The check refused totals that are not the sum of their parts.
            total: Any = _joint_income(self.modified_adjusted_gross_income, self.income_parts)
            if total is not None:
                known = total.lower if total.is_exact else total
                object.__setattr__(self, "modified_adjusted_gross_income", known)


def as_tax_year(value: TaxYear | None) -> Any:
    """A year; `None` is one of which nothing is known."""
    return TaxYear() if value is None else value


_CONTRADICTION = object()
#: How the income of an estate or trust is made up was not seen, so it is not added up here.
_WHOLE_INCOME = "of an estate or trust give modified_adjusted_gross_income itself"


def _joint_income(stated: Decimal | Bounds[Decimal] | None, parts: IncomeParts) -> Any:
    """What the stated income and its parts leave possible; `None` if nothing about it is known."""
    added = parts.modified_adjusted_gross_income
    if stated is None or added is None:
        known = added if stated is None else stated
        return None if known is None else Bounds.of(known)
    joint = Bounds.of(added).overlap(Bounds.of(stated))
    return _CONTRADICTION if joint is None else joint


def _year_faults(year: TaxYear) -> Iterator[tuple[str, Any, str]]:
    if year.income_parts is None:
        return
    if year.filing_status is FilingStatus.ESTATE_OR_TRUST:
        yield "income_parts", year.income_parts, _WHOLE_INCOME
    if _joint_income(year.modified_adjusted_gross_income, year.income_parts) is _CONTRADICTION:
        added = year.income_parts.modified_adjusted_gross_income
        yield (
            "modified_adjusted_gross_income",
            year.modified_adjusted_gross_income,
            f"its parts add up to {added}; these conflict; give only one",
        )


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class PriorCredit:
    """A sale for which a credit for a previously owned vehicle was allowed (26 USC 25E).

    Args:
        on: The day of the sale; unknown if omitted.

    Raises:
        InvalidFactError: It is no day.

    >>> PriorCredit(on="2023-05-02").on
    datetime.date(2023, 5, 2)
    """

    __repr__ = repr_of_facts
    __str__ = brief

    on: date | None = attrs.field(
        default=None, converter=as_day, metadata=declare(Kind.DAY, "day of the sale")
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, sound=sound)


def as_prior_credits(value: list[PriorCredit] | tuple[PriorCredit, ...] | None) -> Any:
    """A tuple of `PriorCredit`, of a tuple or a list."""
    return as_tuple(value)


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class Taxpayer:
    """Who claims the credit.

    Args:
        current_year: The taxable year in which the vehicle is placed in service.
        prior_year: The taxable year before it.
        no_prior_year: Whether there is none, as of a new estate. Defaults to one.
        kind: What kind of taxpayer it is; an individual, estate or trust unless stated.
        dependent_of_another: Whether another taxpayer may claim the taxpayer as a dependent
            (26 USC 151).
        prior_credits: The earlier sales for which the taxpayer was allowed a credit for
            a previously owned vehicle; empty if there was none.

    Raises:
        InvalidFactError: A fact is invalid, for example a corporation with a filing status.

    >>> Taxpayer().current_year.filing_status is None
    True
    >>> Taxpayer(kind="S corporation").kind
    <TaxpayerKind.S_CORPORATION: 'S corporation'>
    """

    __repr__ = repr_of_facts
    __str__ = brief

    current_year: TaxYear = attrs.field(
        factory=TaxYear,
        converter=as_tax_year,
        metadata=declare(Kind.PART, "year the vehicle is placed in service", of=TaxYear),
    )
    prior_year: TaxYear = attrs.field(
        factory=TaxYear,
        converter=as_tax_year,
        metadata=declare(Kind.PART, "prior year", of=TaxYear),
    )
    no_prior_year: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "no taxable year before", optional=True),
    )
    kind: TaxpayerKind | None = attrs.field(
        default=None,
        converter=as_taxpayer_kind,
        metadata=declare(Kind.CHOICE, "kind of taxpayer", of=TaxpayerKind, optional=True),
    )

    dependent_of_another: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "dependent of another taxpayer"),
    )
    prior_credits: tuple[PriorCredit, ...] | None = attrs.field(
        default=None,
        converter=as_prior_credits,
        metadata=declare(Kind.PARTS, "earlier sales with such a credit", of=PriorCredit),
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _kind_faults, sound=sound)


def _kind_faults(taxpayer: Taxpayer) -> Iterator[tuple[str, Any, str]]:
    kind = taxpayer.kind
    if taxpayer.no_prior_year:
        for name, _ in declared_facts(TaxYear):
            value = getattr(taxpayer.prior_year, name)
            if value is not None:
                remedy = "no prior year is stated (no_prior_year); these conflict; give only one"
                yield f"prior_year.{name}", value, remedy
    for name in ("current_year", "prior_year"):
        year: TaxYear = getattr(taxpayer, name)
        status = year.filing_status
        if kind in _WITHOUT_INCOME:
            for fact in ("filing_status", "modified_adjusted_gross_income", "income_parts"):
                value = getattr(year, fact)
                if value is not None:
                    label = "filing status" if fact == "filing_status" else "adjusted gross income"
                    yield f"{name}.{fact}", value, f"a {kind.value} has no {label}; omit it"
        elif status is not None and kind in (TaxpayerKind.INDIVIDUAL, TaxpayerKind.ESTATE_OR_TRUST):
            of_estate = status is FilingStatus.ESTATE_OR_TRUST
            if of_estate is not (kind is TaxpayerKind.ESTATE_OR_TRUST):
                remedy = (
                    f"the taxpayer is stated to be an {kind.value}; these conflict; give only one"
                )
                yield f"{name}.filing_status", status, remedy
        if (
            kind is TaxpayerKind.ESTATE_OR_TRUST
            and status is None
            and year.income_parts is not None
        ):
            yield f"{name}.income_parts", year.income_parts, _WHOLE_INCOME


def as_taxpayer(value: Taxpayer | None) -> Any:
    """A taxpayer; `None` is one of which nothing is known."""
    return Taxpayer() if value is None else value
