"""26 USC 30D(c): what becomes of the credit on a return.

The part for business use is a general business credit, the rest a personal credit. The personal
part is limited by the tax of the year (26 USC 26(a)), and what is above that is lost: nothing is
carried to another year. The limit of the business part (26 USC 38(c)), and its carry back and
forward, depend on all business credits of a taxpayer and are outside this package.

The form divides the credit for a vehicle with few wheels in its own way: `small_vehicle`.

Nothing is rounded. Whole dollars on the form are the filer's choice, for a whole return at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import attrs

from evcredit.bounds import Bounds
from evcredit.citation import Citation
from evcredit.errors import InvalidFactError
from evcredit.fact import fact_type_at
from evcredit.law import Apportionment, Law, current_law
from evcredit.money import AmountLine, add_up, lesser_of, part_of, what_is_left
from evcredit.tax_return import TaxReturn

__all__ = ["UseOfCredit", "business_part", "tax_left", "use_of_credit"]

_NOTHING = Decimal(0)
_HUNDRED = Decimal(100)
_ENDLESS = Decimal("Infinity")
#: The bounds of what is not stated.
_ANY_AMOUNT = Bounds(_NOTHING, _ENDLESS)
_ANY_PERCENT = Bounds(_NOTHING, _HUNDRED)

_CREDIT = Citation.parse("26 USC 30D(a)")
_BUSINESS = Citation.parse("26 USC 30D(c)(1)")
_PERSONAL = Citation.parse("26 USC 30D(c)(2)")
_TAX_LIMIT = Citation.parse("26 USC 26(a)")
_BASIS = Citation.parse("26 USC 30D(f)(1)")
_NO_DOUBLE_BENEFIT = Citation.parse("26 USC 30D(f)(2)")


@attrs.frozen(kw_only=True)
class UseOfCredit:
    """What becomes of one credit on a return. Made by `use_of_credit`.

    All amounts are bounds in US dollars, exact when nothing that matters is unknown. Whatever
    the unknown facts turn out to be, business part, personal credit allowed and lost part add
    up to the credit.

    Args:
        credit: The credit determined for the vehicle.
        business_part: The part that is a general business credit, before the limit of 26 USC
            38(c), which is not worked out here.
        personal_part: The rest, before its limit.
        tax_left: The tax that the personal part can be set against.
        personal_credit: The personal part that is allowed.
        lost: The personal part above the tax left; it is not carried to any other year.
        missing: The facts of the `TaxReturn` that are not known exactly and bear on how much is
            business part, allowed or lost.
    """

    credit: Bounds[Decimal]
    business_part: Bounds[Decimal]
    personal_part: Bounds[Decimal]
    tax_left: Bounds[Decimal]
    personal_credit: Bounds[Decimal]
    lost: Bounds[Decimal]
    missing: tuple[str, ...] = ()

    @property
    def basis_reduction(self) -> Bounds[Decimal]:
        """By how much the basis of the vehicle falls: by the whole credit.

        The credit is taken without regard to 26 USC 30D(c), so the business part and what is lost
        for want of tax count too (26 USC 30D(f)(1)).
        """
        return self.credit

    @property
    def other_benefits_reduction(self) -> Bounds[Decimal]:
        """By how much other deductions and credits for the vehicle fall (26 USC 30D(f)(2))."""
        return self.credit

    @property
    def lines(self) -> tuple[AmountLine, ...]:
        """The account, line by line, each with where it stands in the law."""
        return (
            AmountLine("credit", self.credit, _CREDIT),
            AmountLine("business part, a general business credit", self.business_part, _BUSINESS),
            AmountLine("personal part", self.personal_part, _PERSONAL),
            AmountLine("tax left for it", self.tax_left, _TAX_LIMIT),
            AmountLine("personal credit allowed", self.personal_credit, _TAX_LIMIT),
            AmountLine("lost, not carried to another year", self.lost, _TAX_LIMIT),
            AmountLine("reduction of basis", self.basis_reduction, _BASIS),
            AmountLine(
                "reduction of other deductions and credits for the vehicle",
                self.other_benefits_reduction,
                _NO_DOUBLE_BENEFIT,
            ),
        )

    def explain(self) -> str:
        """The account in words, with what is missing."""
        lines = [str(line) for line in self.lines]
        if self.missing:
            labels = [fact_type_at(TaxReturn, name).label for name in self.missing]
            lines.append(f"not known exactly: {', '.join(labels)}")
        return "\n".join(lines) + "\n"


def use_of_credit(
    credit: Decimal | int | Bounds[Decimal],
    tax_return: TaxReturn,
    *,
    placed_in_service: date | None = None,
    law: Law | None = None,
) -> UseOfCredit:
    """What becomes of a credit on a return.

    The form adds the personal parts of all new vehicles of a year before it limits them. For
    several vehicles, add up their personal parts and set the sum against `tax_left`.

    Args:
        credit: The credit determined for the vehicle in US dollars, such as
            `Assessment.credit`, not transferred to a dealer.
        tax_return: The return.
        placed_in_service: The day the vehicle was placed in service; it matters under a reading.
        law: The law; `current_law` if left out.

    Raises:
        InvalidFactError: The credit is negative, infinite or a float.
        OutsideCoverage: A reading asks for a threshold on a day for which no law is held.

    >>> result = use_of_credit(
    ...     7_500,
    ...     TaxReturn(business_use_percent=40, tax_before_credits=3_000, other_personal_credits=0),
    ... )
    >>> print(result.business_part, result.personal_credit, result.lost)
    3000 3000 1500
    >>> use_of_credit(7_500, TaxReturn.personal(tax_before_credits=9_000)).missing
    ('other_personal_credits',)
    """
    whole = _credit_bounds(credit)
    percent = Bounds.of(tax_return.business_use_percent, _ANY_PERCENT)
    shares = _business_shares(percent, placed_in_service, law or current_law())
    personal = part_of(whole, what_is_left(Bounds.exactly(_HUNDRED), shares))
    left = tax_left(tax_return)
    return UseOfCredit(
        credit=whole,
        business_part=part_of(whole, shares),
        personal_part=personal,
        tax_left=left,
        # Each end is reached: the parts rise and fall with the facts, none of which they share.
        personal_credit=lesser_of(personal, left),
        lost=what_is_left(personal, left),
        missing=tuple(_missing(tax_return, whole, shares, personal)),
    )


def business_part(
    credit: Decimal | int | Bounds[Decimal],
    business_use_percent: Decimal | int | Bounds[Decimal] | None,
    *,
    placed_in_service: date | None = None,
    law: Law | None = None,
) -> Bounds[Decimal]:
    """The part of a credit that is attributable to business use, as a general business credit.

    Args:
        credit: US dollars.
        business_use_percent: From 0 to 100; `None` if unknown.
        placed_in_service: The day the vehicle was placed in service; it matters under a reading.
        law: The law, with the reading `Apportionment`; `current_law` if left out.

    Raises:
        InvalidFactError: An argument is not exact or cannot be true.
        OutsideCoverage: A reading asks for a threshold on a day for which no law is held.

    >>> print(business_part(7_500, 50))
    3750
    >>> from evcredit.law import Apportionment, current_law
    >>> whole = current_law().with_readings(apportionment=Apportionment.WHOLE_FROM_HALF)
    >>> print(business_part(7_500, 50, law=whole), business_part(7_500, 49, law=whole))
    7500 3675
    """
    whole = _credit_bounds(credit)
    stated = TaxReturn(business_use_percent=business_use_percent).business_use_percent
    percent = Bounds.of(stated, _ANY_PERCENT)
    return part_of(whole, _business_shares(percent, placed_in_service, law or current_law()))


def tax_left(tax_return: TaxReturn) -> Bounds[Decimal]:
    """The tax that personal credits for new vehicles can be set against, in US dollars.

    Tax before credits less the credits that come first, never below zero (26 USC 26(a)).

    >>> print(tax_left(TaxReturn(tax_before_credits=3_000, other_personal_credits=500)))
    2500
    """
    tax = Bounds.of(tax_return.tax_before_credits, _ANY_AMOUNT)
    other = Bounds.of(tax_return.other_personal_credits, _ANY_AMOUNT)
    used = Bounds.of(tax_return.previously_owned_vehicle_credit, Bounds.exactly(_NOTHING))
    return what_is_left(tax, add_up((other, used)))


def _credit_bounds(credit: Any) -> Bounds[Decimal]:
    """A credit as bounds of exact dollars."""
    ends = (credit.lower, credit.upper) if isinstance(credit, Bounds) else (credit, credit)
    for end in ends:
        exact = isinstance(end, int | Decimal) and not isinstance(end, bool)
        if not exact or not Decimal(end).is_finite() or end < 0:
            raise InvalidFactError(
                "credit", credit, "give US dollars as Decimal or int, not negative, or bounds"
            )
    return Bounds(Decimal(ends[0]), Decimal(ends[1]))


def _business_shares(
    percent: Bounds[Decimal], placed_in_service: date | None, law: Law
) -> Bounds[Decimal]:
    """The percentage of the credit that is a business credit, for a percentage of business use.

    The reading `Apportionment` decides between the plain multiplication of the form and the rule
    recalled of 26 CFR 1.30D-1(b)(2).
    """
    if law.readings.apportionment is Apportionment.BY_USE:
        return percent
    schedule = law.whole_business_credit_percent
    entries = schedule.standing
    if placed_in_service is not None:
        entries = (schedule.entry_on(placed_in_service),) if entries else ()
    # As the law was known before the rule was made there is no such threshold.
    thresholds: list[Any] = [entry.value for entry in entries] or [_ENDLESS]
    return Bounds(
        min(_share_from(percent.lower, threshold) for threshold in thresholds),
        max(_share_from(percent.upper, threshold) for threshold in thresholds),
    )


def _share_from(percent: Decimal, threshold: Any) -> Decimal:
    return _HUNDRED if percent >= threshold else percent


def _missing(
    tax_return: TaxReturn,
    credit: Bounds[Decimal],
    shares: Bounds[Decimal],
    personal: Bounds[Decimal],
) -> Iterator[str]:
    """The facts whose value changes an amount, for some values of the others."""
    if credit.upper > 0 and not shares.is_exact:
        yield "business_use_percent"
    tax = Bounds.of(tax_return.tax_before_credits, _ANY_AMOUNT)
    other = Bounds.of(tax_return.other_personal_credits, _ANY_AMOUNT)
    used = Bounds.of(tax_return.previously_owned_vehicle_credit, Bounds.exactly(_NOTHING))
    most = personal.upper
    if _bears(tax, add_up((other, used)), most):
        yield "tax_before_credits"
    for name, taken, rest in (
        ("other_personal_credits", other, used),
        ("previously_owned_vehicle_credit", used, other),
    ):
        if _bears(taken, what_is_left(tax, rest), most, falling=True):
            yield name


def _bears(
    fact: Bounds[Decimal], rest: Bounds[Decimal], most: Decimal, *, falling: bool = False
) -> bool:
    """Whether a fact moves the personal credit, which is what is left of the tax, up to `most`.

    Args:
        fact: What is known of it.
        rest: What is known of the amount it stands against: the credits that come first if the
            fact is the tax, and the tax less other credits if the fact is (`falling`) one.
        most: The greatest personal part.
        falling: Whether the personal credit falls as the fact rises.
    """
    if fact.is_exact or not most:
        return False
    # What is left is fact - rest, or rest - fact. It moves while it is above zero and below most.
    left = what_is_left(rest, fact) if falling else what_is_left(fact, rest)
    return bool(left.upper > 0 and left.lower < most)
