"""The law as a value: schedules, agreements, country groups and readings.

`Law.known_on` goes back to an earlier state, and the other methods are reforms, each returning a
new law and leaving the old one as it was. `evcredit.law.current` builds the law in force.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import (
    Any,
    Unpack,
)

import attrs

from evcredit.algebra.citation import Citation
from evcredit.algebra.field import Fault, as_choice, as_price, checked_day
from evcredit.algebra.schedule import Schedule, Table
from evcredit.errors import (
    InvalidFactError,
    LawError,
    UnknownNameError,
    checked,
    nearest,
    raise_faults,
)
from evcredit.facts.place import certain
from evcredit.law.agreements import Agreements, TradeAgreement, hypothetical_agreement
from evcredit.law.countries import (
    ELSEWHERE,
    US_TERRITORIES,
    CountryGroup,
    covered_nations_group,
    north_america_group,
)
from evcredit.law.incremental_cost import ModeledVehicle
from evcredit.law.manufacturers import Manufacturer, Manufacturers, known_manufacturers
from evcredit.law.readings import (
    AgreementScope,
    ReadingChoices,
    Readings,
)

__all__ = ["CURRENT", "Law"]


_DEFAULT_READINGS = Readings()


# All of it would fill many pages, in every place that shows a result.
@attrs.frozen(kw_only=True, cache_hash=True, repr=False)
class Law:
    """The law of sections 30D, 25E and 45W, complete enough to answer from.

    Most schedules are read on the day the vehicle is placed in service, some on the day it was
    sold or title passed: the rule that reads a schedule says on which. Use `attrs.evolve` for a
    reform that no method offers, for example
    ``attrs.evolve(law, minimum_wheels=law.minimum_wheels.always(3, why="a hypothetical"))``.

    Args:
        name: What to call this law in an explanation.
        as_known_on: The day whose state of knowledge it holds; `None` for the newest.
        agreements: The agreements that make the list of countries.
        readings: Choices where the law is unresolved.
        certifications_apply: Whether a manufacturer's certified mineral content speaks about
            this law. It does not about a law with other agreements than the real one.
        manufacturers: Who had sold how many vehicles, for the limit before 2023.

    >>> from datetime import date
    >>> from evcredit.law.current import current_law
    >>> law = current_law()
    >>> law.critical_minerals_percentage.on(date(2024, 6, 3))
    50
    >>> law.without_agreement("JPCMA").name
    'current law without JPCMA'
    """

    name: str
    as_known_on: date | None = None
    agreements: Agreements
    readings: Readings = _DEFAULT_READINGS
    certifications_apply: bool = True
    manufacturers: Manufacturers = attrs.field(factory=known_manufacturers)
    gross_vehicle_weight_limit_lb: Schedule[int]
    minimum_wheels: Schedule[int]
    minimum_battery_capacity_kwh: Schedule[int]
    msrp_limit: Schedule[Table]
    magi_limit: Schedule[Table]
    critical_minerals_percentage: Schedule[int]
    battery_components_percentage: Schedule[int]
    critical_minerals_amount: Schedule[int]
    battery_components_amount: Schedule[int]
    value_added_test_in_force: Schedule[bool]
    value_added_threshold_percent: Schedule[int]
    traced_value_test_in_force: Schedule[bool]
    components_exclusion_in_force: Schedule[bool]
    minerals_exclusion_in_force: Schedule[bool]
    acquisition_deadline_in_force: Schedule[bool]
    acquisition_deadline: Schedule[date]
    service_deadline_in_force: Schedule[bool]
    service_deadline: Schedule[date]
    sourcing_in_force: Schedule[bool]
    capacity_amount_in_force: Schedule[bool]
    base_amount: Schedule[int]
    capacity_amount_from_kwh: Schedule[int]
    capacity_amount_per_kwh: Schedule[int]
    capacity_amount_limit: Schedule[int]
    clean_vehicle_rules_in_force: Schedule[bool]
    seller_report_acceptance_in_force: Schedule[bool]
    seller_report_filing_days: Schedule[int]
    seller_report_last_filing: Schedule[date]
    seller_report_copy_days: Schedule[int]
    final_assembly_in_force: Schedule[bool]
    manufacturer_limit_in_force: Schedule[bool]
    manufacturer_limit_vehicles: Schedule[int]
    phase_out_percentage: Schedule[Table]
    election_first_contract: Schedule[date]
    election_last_contract: Schedule[date]
    election_treated_as: Schedule[date]
    election_last_in_service: Schedule[date]
    three_wheels_in_force: Schedule[bool]
    two_wheels_in_force: Schedule[bool]
    small_vehicle_percent: Schedule[int]
    small_vehicle_limit: Schedule[int]
    small_vehicle_capacity_kwh: Schedule[Decimal]
    small_vehicle_speed_mph: Schedule[int]
    small_vehicles_in_force: Schedule[bool]
    tax_exempt_seller_rule_in_force: Schedule[bool]
    return_or_resale_rule_in_force: Schedule[bool]
    return_or_resale_days: Schedule[int]
    whole_business_credit_percent: Schedule[int]
    transfer_in_force: Schedule[bool]
    transfer_elections_per_year: Schedule[int]
    excessive_payment_addition_percent: Schedule[int]
    covered_nations: Schedule[tuple[str, ...]]
    foreign_entity_threshold_percent: Schedule[int]
    majority_holding_percent: Schedule[int]
    impracticable_to_trace_materials: Schedule[tuple[str, ...]]
    used_vehicle_percent: Schedule[int]
    used_vehicle_amount_limit: Schedule[int]
    used_vehicle_price_limit: Schedule[int]
    used_vehicle_income_threshold: Schedule[Table]
    used_vehicle_age_years: Schedule[int]
    used_vehicle_first_acquisition: Schedule[date]
    used_vehicle_last_acquisition: Schedule[date]
    used_vehicle_transfers_count_from: Schedule[date]
    used_vehicle_years_between_credits: Schedule[int]
    used_transfer_first_acquisition: Schedule[date]
    commercial_first_acquisition: Schedule[date]
    commercial_acquisition_deadline: Schedule[date]
    commercial_weight_division_lb: Schedule[int]
    commercial_capacity_kwh: Schedule[int]
    commercial_light_capacity_kwh: Schedule[int]
    commercial_percent: Schedule[int]
    commercial_percent_with_engine: Schedule[int]
    commercial_light_limit: Schedule[int]
    commercial_heavy_limit: Schedule[int]
    modeled_incremental_cost: Schedule[Table]
    residual_value_percent: Schedule[Table]
    class_5_weight_lb: Schedule[int]
    class_6_weight_lb: Schedule[int]
    class_7_weight_lb: Schedule[int]

    def __repr__(self) -> str:
        return f"<Law: {self.name}>"

    # -- country groups --------------------------------------------------------------------

    @property
    def north_america(self) -> CountryGroup:
        """The United States, Canada and Mexico (26 CFR 1.30D-2(b)(34))."""
        return north_america_group(
            self.readings.puerto_rico_in_north_america,
            self.readings.territories_in_north_america,
        )

    def mineral_countries(self, day: date, mineral: str) -> CountryGroup:
        """Where extraction or processing of a mineral counts: the United States and the list.

        Args:
            day: The day on which an agreement must be in effect.
            mineral: The mineral, by its identifier; it matters only under a reading.
        """
        strict = self.readings.agreement_scope is AgreementScope.COVERED_MINERALS
        return _mineral_countries(self, day, mineral if strict else None)

    def covered_nations_on(self, day: date | None) -> CountryGroup:
        """The covered nations (10 USC 4872(f)(2)), with Hong Kong and Macau as they are read.

        Args:
            day: The day the vehicle is placed in service; on an unknown day a country that is
                covered on some days only is unresolved.

        >>> from datetime import date
        >>> from evcredit.law.current import current_law
        >>> current_law().covered_nations_on(date(2025, 1, 1)).members.get("TW", False)
        False
        """
        known = None if day is None else checked_day(day)
        return covered_nations_group(
            self.covered_nations, known, self.readings.hong_kong_and_macau_in_china
        )

    def sample_countries(self) -> tuple[str, ...]:
        """One country of each standing that the groups of this law tell apart, and one of none."""
        america = self.north_america.members
        first = self.critical_minerals_percentage.boundaries()[0]
        days = (first, *(day for day in self.agreements.boundaries() if day > first))
        partners = {part.country for each in self.agreements for part in each.partners}
        by_standing: dict[object, str] = {}
        for code in ("US", *sorted(partners), ELSEWHERE):
            listed = tuple(
                tuple(each.identifier for each in self.agreements.instruments_on(code, day))
                if self.readings.agreement_scope is AgreementScope.COVERED_MINERALS
                else bool(self.agreements.instruments_on(code, day))
                for day in days
            )
            by_standing.setdefault((code == "US", america.get(code, False), listed), code)
        return tuple(map(certain, by_standing.values()))

    def partners_joining_later(self) -> tuple[str, ...]:
        """The partners that come onto or leave the list after the sourcing rules began."""
        first = self.critical_minerals_percentage.boundaries()[0]
        return tuple(
            sorted(
                {
                    partner.country
                    for each in self.agreements
                    for partner in each.partners
                    if partner.in_force > first or (partner.ended and partner.ended > first)
                }
            )
        )

    # -- states of knowledge and reforms ---------------------------------------------------

    def known_on(self, day: date | str) -> Law:
        """The law as it was known on a day: later enactments and agreements omitted.

        Raises:
            LawError: The day lies before the guidance that set section 30D's sourcing rules
                going, so there is nothing to answer from.
        """
        day = checked_day(day)
        # The guidance that set the sourcing rules going is the oldest text on how to apply them.
        first = min(
            entry.known_from for entry in self.value_added_test_in_force.entries if entry.value
        )
        if day < first:
            raise LawError(
                f"as known on {day} the sourcing rules of section 30D had no starting day: the "
                f"proposed guidance that sets it was issued on {first}"
            )
        known = {name: getattr(self, name).known_on(day) for name in schedule_names()}
        return attrs.evolve(
            self,
            name=f"{self.name} as known on {day}",
            as_known_on=day,
            agreements=self.agreements.known_on(day),
            **known,
        )

    def without_agreement(self, identifier: str) -> Law:
        """The law as if an agreement did not exist.

        Raises:
            UnknownAgreement: No agreement of the law has that identifier, or is with that country
                alone.
        """
        return self._with_agreements(
            self.agreements.without(identifier), f"without {self.agreements[identifier].identifier}"
        )

    def with_agreement(self, agreement: TradeAgreement) -> Law:
        """The law as if one more agreement put its partners on the list."""
        checked(agreement, TradeAgreement, "agreement")
        return self._with_agreements(
            self.agreements.with_agreement(agreement), f"with {agreement.identifier}"
        )

    def with_hypothetical(self, identifier: str, since: date | str | None = None) -> Law:
        """The law as if an agreement that was never concluded were in force since a day.

        Args:
            identifier: Its identifier, or the one country it is with.
            since: The day; the first day of the critical mineral test if omitted.

        Raises:
            UnknownAgreement: No hypothetical has that identifier.

        >>> from evcredit.law.current import current_law
        >>> current_law().with_hypothetical("Indonesia").name
        'current law with ID-CMA'
        """
        first = self.critical_minerals_percentage.boundaries()[0]
        day = first if since is None else checked_day(since, "since")
        return self.with_agreement(hypothetical_agreement(identifier).in_force(day))

    def _with_agreements(self, agreements: Agreements, change: str) -> Law:
        joint = "and " if self.name != CURRENT else ""
        return attrs.evolve(
            self,
            name=f"{self.name} {joint}{change}",
            agreements=agreements,
            certifications_apply=False,
        )

    def with_manufacturer(self, manufacturer: Manufacturer) -> Law:
        """A reform: the same law if a manufacturer had other makes or another sales history.

        >>> from evcredit.law.manufacturers import Manufacturer, Quarter
        >>> nissan = Manufacturer(name="Nissan", makes=("Nissan",), quarter=Quarter(2021, 4))
        >>> from evcredit.law.current import current_law
        >>> current_law().with_manufacturer(nissan).name
        'current law with the 200,000th vehicle of Nissan in 2021 Q4'
        """
        checked(manufacturer, Manufacturer, "manufacturer")
        when = "never sold" if manufacturer.quarter is None else f"in {manufacturer.quarter}"
        return attrs.evolve(
            self,
            name=f"{self.name} with the 200,000th vehicle of {manufacturer.name} {when}",
            manufacturers=self.manufacturers.with_one(manufacturer),
        )

    def with_incremental_cost(
        self, vehicle: ModeledVehicle | str, amount: Decimal | int | str, *, year: int, why: str
    ) -> Law:
        """The same law with an amount that was published and that this package does not hold.

        Args:
            vehicle: Which kind of vehicle it was published for.
            amount: US dollars.
            year: The calendar year placed in service, or of a vehicle that another placed in
                service before, the model year. The amount goes into the table of the notice that
                governs that year, so it holds for every year that the notice does.
            why: Where the amount comes from, shown in explanations.

        Raises:
            InvalidFactError: There is no such kind of vehicle, or the amount is not exact.
            OutsideCoverage: No notice governs that year.

        >>> from evcredit.law.current import current_law
        >>> law = current_law().with_incremental_cost(
        ...     "class 6, battery electric", 80_000, year=2024, why="a made-up report, table 3"
        ... )
        >>> law.modeled_incremental_cost.on(date(2024, 6, 3))[ModeledVehicle.CLASS_6_BATTERY]
        Decimal('80000')
        """
        kind, exact = as_choice(ModeledVehicle, vehicle), as_price(amount)
        expected = {"vehicle": (kind, ModeledVehicle), "amount": (exact, Decimal)}
        raise_faults(
            InvalidFactError(
                f"incremental_cost.{name}",
                taken.found if isinstance(taken, Fault) else taken,
                taken.remedy if isinstance(taken, Fault) else "give exactly one",
            )
            for name, (taken, of) in expected.items()
            if not isinstance(taken, of)
        )
        schedule = self.modeled_incremental_cost
        governing = schedule.entry_on(date(year, 1, 1))
        table: Any = governing.value
        rows = tuple(
            (key, exact if key is kind else value, citation) for key, value, citation in table.rows
        )
        remarks = (governing.note, f"{kind.value}: {why}")
        note = "; ".join(each for each in remarks if each)
        changed = attrs.evolve(governing, value=Table(rows), note=note)
        entries = tuple(changed if each is governing else each for each in schedule.entries)
        return attrs.evolve(
            self,
            name=f"{self.name} with an incremental cost for {kind.value} of {year}",
            modeled_incremental_cost=attrs.evolve(schedule, entries=entries),
        )

    def with_readings(self, **readings: Unpack[ReadingChoices]) -> Law:
        """The same law under other readings, by the names of `Readings`.

        Raises:
            UnknownNameError: There is no reading of that name.
            InvalidFactError: A reading has no such choice.
        """
        known = [each.name for each in attrs.fields(Readings)]
        for name, value in readings.items():
            if name not in known:
                near = " or ".join(nearest(name, known)) or ", ".join(known)
                remedy = f"there is no such reading; did you mean {near}?"
                raise UnknownNameError(f"readings.{name}", value, remedy)
        chosen = attrs.evolve(self.readings, **readings)
        change = ", ".join(
            f"{name} {getattr(value, 'name', value)}" for name, value in readings.items()
        )
        return attrs.evolve(self, name=f"{self.name}, reading {change}", readings=chosen)

    @property
    def digest(self) -> str:
        """A fingerprint of everything this law says, for receipts."""
        import hashlib  # noqa: PLC0415  # few require it, and it is slow to load

        says = {each.name: getattr(self, each.name) for each in attrs.fields(Law)}
        # With the readings that are the default, which their own text omits.
        says |= {"name": "", "readings": attrs.asdict(self.readings)}
        return hashlib.sha256(repr(says).encode()).hexdigest()


CURRENT = "current law"
#: What to give where a law is needed and something else was given.
HOW_TO_NAME = "give a Law; named_law finds one by its name"


@lru_cache(maxsize=1024)
def _mineral_countries(law: Law, day: date, mineral: str | None) -> CountryGroup:
    """`Law.mineral_countries`; the mineral, where the reading makes it matter."""
    listed = law.agreements.countries_on(day, mineral)
    rows: tuple[tuple[str, bool | None], ...] = (("US", True), *((c, True) for c in listed))
    if law.readings.territories_in_united_states is not False:
        here = law.readings.territories_in_united_states
        rows += tuple((code, here) for code in US_TERRITORIES)
    return CountryGroup(
        "the United States or a country with a free trade agreement in effect",
        rows,
        Citation.parse("26 USC 30D(e)(1)(A)(i)"),
    )


@lru_cache(maxsize=1)
def schedule_names() -> tuple[str, ...]:
    """The attributes of `Law` that are schedules, in order."""
    others = {
        "name",
        "as_known_on",
        "agreements",
        "readings",
        "certifications_apply",
        "manufacturers",
    }
    return tuple(field.name for field in attrs.fields(Law) if field.name not in others)
