"""Readings: named choices where the law is unresolved or its sources conflict.

Source: of 26 USC 30D, 25E and 45W and their regulations.
"""

from __future__ import annotations

from enum import Enum
from typing import Any, TypedDict

import attrs

from evcredit.algebra.brief import some_of
from evcredit.algebra.field import Fault, as_choice, repr_of_facts
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.errors import InvalidFactError, raise_faults

__all__ = [
    "AgreementDay",
    "AgreementScope",
    "AmountRounding",
    "Apportionment",
    "IndirectHoldings",
    "ManufacturerLimitDay",
    "PassThroughIncome",
    "ReadingChoices",
    "Readings",
]


class AgreementScope(PlainEnum):
    """Which minerals an agreement on some minerals makes a country qualify for."""

    LISTED_COUNTRY = "every applicable critical mineral, because the law lists countries"
    COVERED_MINERALS = "only the minerals the agreement is about"


class AgreementDay(PlainEnum):
    """The day on which an agreement must be in effect."""

    PLACED_IN_SERVICE = "the day the vehicle is placed in service"
    ACTIVITY = "the day of the extraction or processing"


class ManufacturerLimitDay(PlainEnum):
    """The day on which the limit on the number of vehicles must have been in force."""

    SOLD = "the day the vehicle was sold, as P.L. 117-169 sec. 13401(k)(5) says"
    PLACED_IN_SERVICE = "the day it was placed in service, as is the practice"


class AmountRounding(PlainEnum):
    """How an amount by battery capacity is rounded."""

    DOLLAR = "to the nearest whole dollar, half up, as the published amounts are"
    CENT = "to the nearest cent, half up"


class Apportionment(PlainEnum):
    """How a credit is divided between business use and personal use."""

    BY_USE = "the business part is the credit times the business use, as on the form"
    WHOLE_FROM_HALF = "the same, but the whole credit from half business use on"


class PassThroughIncome(PlainEnum):
    """Where the income limit is tested if a partnership or S corporation has the vehicle."""

    AT_THE_OWNERS = "on the return of each owner, and not at the entity"
    AT_THE_ENTITY = "at the entity, as for any other taxpayer"


class IndirectHoldings(PlainEnum):
    """How much of what is held of an owner counts as held of what it owns."""

    MAJORITY_MERGED = "all of it behind a majority, the owner's share of it otherwise"
    PROPORTIONAL = "the owner's share of it"


class ReadingChoices(TypedDict, total=False):
    """Keyword arguments of `Readings`."""

    agreement_scope: AgreementScope
    agreement_day: AgreementDay
    puerto_rico_in_north_america: bool | None
    territories_in_north_america: bool | None
    territories_in_united_states: bool | None
    manufacturer_limit_day: ManufacturerLimitDay
    amount_rounding: AmountRounding
    election_ends_with_2022: bool
    apportionment: Apportionment
    pass_through_income: PassThroughIncome
    joint_filers_elect_separately: bool | None
    transferred_credit_beyond_tax_kept: bool | None
    indirect_holdings: IndirectHoldings
    covered_nations_counted_together: bool
    hong_kong_and_macau_in_china: bool | None
    activity_in_covered_nation_counts: bool
    stated_standing_governs: bool
    enactment_day_counts: bool | None
    third_anniversary_is_free: bool | None
    used_vehicle_credit_first: bool | None
    used_credit_bars_commercial: bool
    empty_content_qualifies: bool | None
    absent_prior_year_within_limit: bool


@attrs.frozen(kw_only=True)
class Readings:
    """Choices where authorities conflict or are silent; the defaults are ours.

    Args:
        agreement_scope: Whether Japan counts for all minerals or for the five of its agreement.
        agreement_day: Whether an agreement must be in effect when the vehicle is placed in
            service, or when the mineral was extracted or processed.
        puerto_rico_in_north_america: Whether Puerto Rico lies in North America, which 26 CFR
            1.30D-2(b)(34) ties to the territory of the USMCA; `None` leaves it open.
        territories_in_north_america: Like the above, for the other territories of the United
            States, which lie outside the territory of the USMCA (19 CFR part 182, appendix A);
            `None` leaves it open.
        territories_in_united_states: Whether they are "the United States" of 26 USC
            30D(e)(1)(A)(i)(I); open by default.
        manufacturer_limit_day: On which day the limit on the number of a manufacturer's
            vehicles, repealed for those sold after 2022, must have been in force.
        amount_rounding: How an amount by battery capacity is rounded.
        election_ends_with_2022: Whether the election of P.L. 117-169 sec. 13401(l) needs the
            vehicle to be placed in service by the end of 2022, as a later version of the
            Internal Revenue Service's page said; the statute sets no end.
        apportionment: How the credit is divided between business and personal use (26 CFR
            1.30D-1(b)(2), recalled, against the form).
        pass_through_income: Where the income limit is tested for a partnership or S corporation
            (26 CFR 1.30D-4, recalled).
        joint_filers_elect_separately: Whether each spouse of a joint return may transfer as many
            credits a year as anybody (26 CFR 1.30D-5, recalled); `None` leaves it open.
        transferred_credit_beyond_tax_kept: Whether a buyer who transferred the credit repays
            nothing because the tax is too low (26 CFR 1.30D-5, recalled); `None` leaves it open.
        indirect_holdings: How holdings are traced through several entities (89 FR 37079
            [recalled]).
        covered_nations_counted_together: Whether holdings of the governments of different
            covered nations add up. By default each government is looked at on its own, as 42
            USC 18741(a)(5)(C) speaks of one.
        hong_kong_and_macau_in_china: Whether Hong Kong and Macau belong to the People's
            Republic of China as a covered nation; `None` leaves it open.
        activity_in_covered_nation_counts: Whether what is done in a covered nation is done by
            a foreign entity of concern, no matter who does it (89 FR 37079 [recalled]).
        enactment_day_counts: Whether a transfer to a qualified buyer on 16 August 2022 itself is
            one since that day (26 USC 25E(c)(2)(C)), and leaves no credit for the next buyer;
            `None` leaves it open.
        third_anniversary_is_free: Whether a sale on the third anniversary of another with a
            credit lies outside the three years that end with it (26 USC 25E(c)(3)(D)); `None`
            leaves it open.
        used_credit_bars_commercial: Whether a credit under section 25E for the vehicle bars the
            commercial one, as a summary of REG-123525-23 says; 26 USC 45W(d)(3) names section
            30D alone.
        used_vehicle_credit_first: Whether the credit for used vehicles is set against the tax
            before the personal part of the one for new vehicles, as the instructions for Form
            8936 of 2025 have it; the statute sets no order. `None` leaves it open.
        empty_content_qualifies: Whether a battery that holds no applicable critical mineral, or
            no component, reaches the percentage of it (26 USC 30D(e)), as does a fuel cell
            vehicle without a battery; the law divides by nothing, and `None` leaves it open.
        absent_prior_year_within_limit: Whether a taxpayer that had no prior year, such as a new
            estate, counts as one whose income of that year was within the limit (26 USC
            30D(f)(10)(A)(ii), 25E(b)(1)(A)(ii), which say nothing of it). By default the
            income of the current year decides alone.
        stated_standing_governs: Whether a stated flag on a foreign entity of concern overrides
             what follows from place, seat, ownership and contracts.

    >>> Readings().territories_in_united_states is None
    True
    """

    agreement_scope: AgreementScope = AgreementScope.LISTED_COUNTRY
    agreement_day: AgreementDay = AgreementDay.PLACED_IN_SERVICE
    puerto_rico_in_north_america: bool | None = True
    territories_in_north_america: bool | None = False
    territories_in_united_states: bool | None = None
    manufacturer_limit_day: ManufacturerLimitDay = ManufacturerLimitDay.SOLD
    amount_rounding: AmountRounding = AmountRounding.DOLLAR
    election_ends_with_2022: bool = False
    apportionment: Apportionment = Apportionment.BY_USE
    pass_through_income: PassThroughIncome = PassThroughIncome.AT_THE_OWNERS
    joint_filers_elect_separately: bool | None = True
    transferred_credit_beyond_tax_kept: bool | None = True
    indirect_holdings: IndirectHoldings = IndirectHoldings.MAJORITY_MERGED
    covered_nations_counted_together: bool = False
    hong_kong_and_macau_in_china: bool | None = True
    activity_in_covered_nation_counts: bool = True
    stated_standing_governs: bool = True
    enactment_day_counts: bool | None = False
    third_anniversary_is_free: bool | None = True
    used_vehicle_credit_first: bool | None = True
    used_credit_bars_commercial: bool = False
    empty_content_qualifies: bool | None = None
    absent_prior_year_within_limit: bool = False

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        chosen = [
            f"{each.name} {getattr(value, 'name', value)}"
            for each in attrs.fields(Readings)
            if (value := getattr(self, each.name)) != each.default
        ]
        return f"readings: {some_of(chosen, 10, 'readings') or 'the default of each'}"

    def __attrs_post_init__(self) -> None:
        faults = []
        for field in attrs.fields(Readings):
            chosen = _as_reading(getattr(self, field.name), field)
            if isinstance(chosen, Fault):
                path = f"readings.{field.name}"
                faults.append(InvalidFactError(path, chosen.found, chosen.remedy))
            else:
                object.__setattr__(self, field.name, chosen)
        raise_faults(faults)


def _as_reading(value: Any, field: Any) -> Any:
    """One choice: a member of its list, by its name or its value too, or a truth."""
    if isinstance(field.default, Enum):
        members = type(field.default)
        names = ", ".join(repr(member.name) for member in members)
        chosen = None if value is None else as_choice(members, value)
        unfit = chosen is None or isinstance(chosen, Fault)
        return Fault(value, f"give one of {names}") if unfit else chosen
    may_be_open = "None" in field.type
    if value is True or value is False or (value is None and may_be_open):
        return value
    return Fault(
        value, "give True, False, or None to leave it open" if may_be_open else "give True or False"
    )
