"""26 USC 25E(c)(1): what a previously owned clean vehicle is.

It is a motor vehicle of an earlier model year that someone else used first, bought in a
qualified sale. It meets some of the conditions on a new clean vehicle, or drives by a fuel cell.
Where it was assembled, and where its battery came from, does not matter.
"""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date
from typing import Any

import attrs

from evcredit.algebra.binding import Binding
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.citation import Citation
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression, Fact
from evcredit.algebra.field import Kind
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.lookup import YearOf
from evcredit.algebra.path import UnknownFact
from evcredit.algebra.quantity import quantity
from evcredit.algebra.rule import Rule, all_of, any_of
from evcredit.algebra.symbol import law_of
from evcredit.algebra.topic import Topic
from evcredit.algebra.verdict import Verdict
from evcredit.law.law import Law
from evcredit.provisions.acquisition import acquired_between, acquired_late_enough
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.provisions.words import clauses
from evcredit.section_25e.sale import qualified_sale
from evcredit.section_30d.definition import (
    battery_capacity,
    battery_motor,
    clean_air_act,
    external_recharging,
    gross_vehicle_weight,
    motor_vehicle,
    qualified_manufacturer,
    seller_report,
    seller_report_accepted,
)

__all__ = ["previously_owned_clean_vehicle", "used_fuel_cell_vehicle"]

# For new vehicles the model year is optional; here it is needed.
_MODEL_YEAR = attrs.evolve(
    CLAIM.vehicle.model_year, declared=CLAIM.vehicle.model_year.declared._replace(optional=False)
)
_YEARS = law_of(Law).used_vehicle_age_years.on(PLACED_IN_SERVICE)


def _late_enough(day: Fact) -> Expression:
    """Whether a day lies in a late enough calendar year; months are not counted."""
    first_year = quantity(_MODEL_YEAR) + quantity(_YEARS)
    return ~(first_year > YearOf(day))


_ENOUGH = acquired_late_enough(CLAIM.purchase, _late_enough)


def _years(law: Law) -> int:
    years: int = law.used_vehicle_age_years.values()[0]
    return years


def _samples(unknown: UnknownFact, claim: Any, law: Law) -> tuple[Any, ...]:
    """Model years just early enough and not, and the first day that is late enough for one."""
    year, years = claim.vehicle.model_year, _years(law)
    if unknown.path == _MODEL_YEAR.path:
        ends = [day for day in acquired_between(claim) if day is not None]
        ends = ends or [
            law.used_vehicle_first_acquisition.values()[0],
            law.used_vehicle_last_acquisition.values()[0],
        ]
        newest = {end.year - years + more for end in ends for more in (0, 1)}
        within = unknown.within
        around = {each for each in newest if within is None or each in within}
        around |= set() if within is None else {within.lower, within.upper}
        return tuple(sorted(around))
    if year is None:
        return ()
    models = (year.lower, year.upper) if isinstance(year, Bounds) else (year,)
    return tuple(
        date(int(each) + years, 1, 1) for each in models if MINYEAR <= each + years <= MAXYEAR
    )


_age_rule = Topic(
    code="years_from_the_model_year",
    title="years from the model year to the year of acquisition",
    citation=Citation.parse("26 USC 25E(c)(1)(A)"),
    words=clauses,
)


def _findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    year, (first, last) = claim.vehicle.model_year, acquired_between(claim)
    read = FactRead(_MODEL_YEAR.path, year, _MODEL_YEAR.declared)
    when = f"acquired in {first.year}" if first and first == last else "the day is not known"
    model = "model year unknown" if year is None else f"model year {year}"
    text = f"{model}, {when}; at least {_years(binding.law)} calendar years must lie between"
    known = Verdict.of(_ENOUGH.bind(binding)(claim))
    return (Finding(_age_rule, known, facts=(read,), note=text),)


model_year_early_enough: Derived = Derived(
    name="model_year_early_enough",
    label="model year early enough",
    kind=Kind.FLAG,
    body=_ENOUGH,
    findings=_findings,
    samples=_samples,
)


@provision("26 USC 25E(c)(1)(A)", "of a model year early enough for the year of acquisition")
def model_year(claim: ClaimView, law: LawView) -> Expression:
    return model_year_early_enough


@provision("26 USC 25E(c)(1)(B)", "original use began with someone else")
def used_before(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.purchase.original_use_begins_with_taxpayer


used_battery_vehicle: Rule = all_of(
    "used_battery_vehicle",
    "a rechargeable vehicle that meets the conditions taken over from new ones",
    "26 USC 25E(c)(1)(D)(i)",
    qualified_manufacturer,
    clean_air_act,
    battery_motor,
    battery_capacity,
    external_recharging,
    seller_report,
    seller_report_accepted,
)


# Neither a qualified manufacturer nor a seller report is needed here.
@provision("26 USC 25E(c)(1)(D)(ii)", "a fuel cell vehicle of 26 USC 30B(b)(3)(A) and (B)")
def used_fuel_cell_vehicle(claim: ClaimView, law: LawView) -> Expression:
    """The limit on the weight, which (D)(ii)(II) requires too, is separate from both kinds."""
    return claim.vehicle.fuel_cell


kind_of_used_vehicle: Rule = any_of(
    "kind_of_used_vehicle",
    "a used vehicle of a kind that qualifies",
    "26 USC 25E(c)(1)(D)",
    used_battery_vehicle,
    used_fuel_cell_vehicle,
)

# Both kinds have the same limit on the weight, (D)(i) by 30D(d)(1)(E) and (D)(ii)(II) on its own.
previously_owned_clean_vehicle: Rule = all_of(
    "previously_owned_clean_vehicle",
    "the vehicle is a previously owned clean vehicle",
    "26 USC 25E(c)(1)",
    model_year,
    used_before,
    motor_vehicle,
    gross_vehicle_weight,
    kind_of_used_vehicle,
    qualified_sale,
)
