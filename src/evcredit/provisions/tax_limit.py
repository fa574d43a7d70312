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
from functools import lru_cache
from typing import Any

import attrs

from evcredit.algebra.binding import Binding
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.citation import Citation
from evcredit.algebra.field import repr_of_facts
from evcredit.algebra.html import preformatted
from evcredit.algebra.money import AmountLine, add_up, what_is_left
from evcredit.algebra.path import fact_type_at
from evcredit.algebra.quantity import IntervalOf, as_bounds
from evcredit.errors import InvalidFactError
from evcredit.facts.tax_return import TaxReturn
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.provisions.days import CLAIM
from evcredit.provisions.return_amounts import (
    ALLOWED,
    FORFEITED,
    LEFT,
    CreditedVehicle,
    ReturnAmounts,
    parts_of_credit,
)

__all__ = ["CreditAllocation", "allocate_credit", "business_part", "remaining_tax"]

_NOTHING = Decimal(0)
_HUNDRED = Decimal(100)
_ENDLESS = Decimal("Infinity")
#: The bounds of what is not stated.
_ANY_AMOUNT = Bounds(_NOTHING, _ENDLESS)
_ANY_PERCENT = Bounds(_NOTHING, _HUNDRED)

_NO_LAW = Binding(None, {})
_LEFT, _ALLOWED, _FORFEITED = (each.bind(_NO_LAW) for each in (LEFT, ALLOWED, FORFEITED))
_IN_SERVICE: str = CLAIM.purchase.placed_in_service.path

_CREDIT = Citation.parse("26 USC 30D(a)")
_BUSINESS = Citation.parse("26 USC 30D(c)(1)")
_PERSONAL = Citation.parse("26 USC 30D(c)(2)")
_TAX_LIMIT = Citation.parse("26 USC 26(a)")
_BASIS = Citation.parse("26 USC 30D(f)(1)")
_NO_DOUBLE_BENEFIT = Citation.parse("26 USC 30D(f)(2)")


@attrs.frozen(kw_only=True, repr=False)
class CreditAllocation:
    """What becomes of one credit on a return. Returned by `allocate_credit`.

    All amounts are bounds in US dollars, exact when nothing that matters is unknown. Whatever
    the unknown facts turn out to be, business part, personal credit allowed and lost part add
    up to the credit.

    Args:
        credit: The credit determined for the vehicle.
        business_part: The part that is a general business credit, before the limit of 26 USC
            38(c), which is not computed here.
        personal_part: The rest, before its limit.
        remaining_tax: The tax that the personal part can be set against.
        personal_credit: The personal part that is allowed.
        forfeited: The personal part above the tax left; it is not carried to any other year.
        missing: The facts of the `TaxReturn` that are not known exactly and affect how much is
            business part, allowed or lost.
    """

    __repr__ = repr_of_facts

    credit: Bounds[Decimal]
    business_part: Bounds[Decimal]
    personal_part: Bounds[Decimal]
    remaining_tax: Bounds[Decimal]
    personal_credit: Bounds[Decimal]
    forfeited: Bounds[Decimal]
    missing: tuple[str, ...] = ()

    def __str__(self) -> str:
        return "\n".join(str(line) for line in self.lines)

    @property
    def basis_reduction(self) -> Bounds[Decimal]:
        """By how much the basis of the vehicle falls: by the whole credit.

        The credit is taken without regard to 26 USC 30D(c), so the business part and what is lost
        because the tax is too low count too (26 USC 30D(f)(1)).
        """
        return self.credit

    @property
    def other_benefits_reduction(self) -> Bounds[Decimal]:
        """By how much other deductions and credits for the vehicle fall (26 USC 30D(f)(2))."""
        return self.credit

    @property
    def lines(self) -> tuple[AmountLine, ...]:
        """The account, line by line, each with the provision of law."""
        return (
            AmountLine("credit", self.credit, _CREDIT),
            AmountLine("business part, a general business credit", self.business_part, _BUSINESS),
            AmountLine("personal part", self.personal_part, _PERSONAL),
            AmountLine("tax left for it", self.remaining_tax, _TAX_LIMIT),
            AmountLine("personal credit allowed", self.personal_credit, _TAX_LIMIT),
            AmountLine("forfeited, not carried to another year", self.forfeited, _TAX_LIMIT),
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

    def _repr_html_(self) -> str:
        return preformatted(self.explain())


def allocate_credit(
    credit: Decimal | int | Bounds[Decimal],
    tax_return: TaxReturn,
    *,
    placed_in_service: date | None = None,
    law: Law | None = None,
) -> CreditAllocation:
    """What becomes of a credit on a return.

    The form adds the personal parts of all new vehicles of a year before it limits them. For
    several vehicles, add up their personal parts and set the sum against `remaining_tax`.

    Args:
        credit: The credit determined for the vehicle in US dollars, such as
            `Assessment.credit`, not transferred to a dealer.
        tax_return: The return.
        placed_in_service: The day the vehicle was placed in service; it matters under a reading.
        law: The law; `current_law` if omitted.

    Raises:
        InvalidFactError: The credit is negative, infinite or a float.
        OutsideCoverage: A reading requires a threshold on a day for which no law is held.

    >>> result = allocate_credit(
    ...     7_500,
    ...     TaxReturn(business_use_percent=40, tax_before_credits=3_000, other_personal_credits=0),
    ... )
    >>> print(result.business_part, result.personal_credit, result.forfeited)
    3,000 3,000 1,500
    >>> allocate_credit(7_500, TaxReturn.personal(tax_before_credits=9_000)).missing
    ('other_personal_credits',)
    """
    whole = _credit_bounds(credit)
    percent = Bounds.of(tax_return.business_use_percent, _ANY_PERCENT)
    vehicle = CreditedVehicle(credit=whole, business_use_percent=percent)
    share, business, personal = (
        ends(vehicle) for ends in _parts(law_applied(law), placed_in_service)
    )
    personal_part = as_bounds(personal)
    amounts = attrs.evolve(_amounts_of(tax_return), new_vehicle_credit=personal_part)
    return CreditAllocation(
        credit=whole,
        business_part=as_bounds(business),
        personal_part=personal_part,
        remaining_tax=_LEFT(amounts),
        # Each end is reached: the parts rise and fall with the facts, none of which they share.
        personal_credit=_ALLOWED(amounts),
        forfeited=_FORFEITED(amounts),
        missing=tuple(_missing(tax_return, whole, share[0] == share[1], personal_part)),
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
        law: The law, with the reading `Apportionment`; `current_law` if omitted.

    Raises:
        InvalidFactError: An argument is not exact or is invalid.
        OutsideCoverage: A reading requires a threshold on a day for which no law is held.

    >>> print(business_part(7_500, 50))
    3,750
    >>> from evcredit.law.current import current_law
    >>> from evcredit.law.readings import Apportionment
    >>> whole = current_law().with_readings(apportionment=Apportionment.WHOLE_FROM_HALF)
    >>> print(business_part(7_500, 50, law=whole), business_part(7_500, 49, law=whole))
    7,500 3,675
    """
    whole = _credit_bounds(credit)
    stated = TaxReturn(business_use_percent=business_use_percent).business_use_percent
    percent = Bounds.of(stated, _ANY_PERCENT)
    _, business, _ = _parts(law_applied(law), placed_in_service)
    return as_bounds(business(CreditedVehicle(credit=whole, business_use_percent=percent)))


@lru_cache(maxsize=64)
def _parts(law: Law, placed_in_service: date | None) -> tuple[IntervalOf, ...]:
    """What takes in a credit and gives the business share, the business and the personal part."""
    days = {} if placed_in_service is None else {_IN_SERVICE: placed_in_service}
    binding = Binding(law, days)
    return tuple(part.ends(binding) for part in parts_of_credit(law))


def remaining_tax(tax_return: TaxReturn) -> Bounds[Decimal]:
    """The tax that personal credits for new vehicles can be set against, in US dollars.

    Tax before credits less the credits that come first, never below zero (26 USC 26(a)).

    Args:
        tax_return: The facts of the return.

    >>> print(remaining_tax(TaxReturn(tax_before_credits=3_000, other_personal_credits=500)))
    2,500
    """
    return _LEFT(_amounts_of(tax_return))


def _amounts_of(tax_return: TaxReturn) -> ReturnAmounts:
    """The tax of a return, and the credits that come first."""
    other = Bounds.of(tax_return.other_personal_credits, _ANY_AMOUNT)
    used = Bounds.of(tax_return.previously_owned_vehicle_credit, Bounds.exactly(_NOTHING))
    return ReturnAmounts(
        tax_before_credits=tax_return.tax_before_credits,
        other_personal_credits=add_up((other, used)),
    )


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


def _missing(
    tax_return: TaxReturn,
    credit: Bounds[Decimal],
    share_is_exact: bool,
    personal: Bounds[Decimal],
) -> Iterator[str]:
    """The facts whose value changes an amount, for some values of the others."""
    if credit.upper > 0 and not share_is_exact:
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
        fact: The known values.
        rest: What is known of the amount it is compared with: the credits that come first if the
            fact is the tax, and the tax less other credits if the fact is (`falling`) one.
        most: The maximum personal part.
        falling: Whether the personal credit falls as the fact rises.
    """
    if fact.is_exact or not most:
        return False
    # What is left is fact - rest, or rest - fact. It moves while it is above zero and below most.
    left = what_is_left(rest, fact) if falling else what_is_left(fact, rest)
    return bool(left.upper > 0 and left.lower < most)
