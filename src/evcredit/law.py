"""The law as a value: schedules, agreements, country groups and readings.

`current_law` is the law as it stands in this version of the package. Everything else is made
from it: `Law.known_on` goes back to an earlier state, and the other methods are reforms, each
returning a new law and leaving the old one as it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any

import attrs

from evcredit.agreement import (
    Agreements,
    TradeAgreement,
    hypothetical_agreement,
    listed_agreements,
)
from evcredit.citation import Citation
from evcredit.country import TERRITORY_OF
from evcredit.data import load
from evcredit.errors import InvalidFactError, LawError, nearest, raise_faults
from evcredit.fact import Fault, as_choice, as_price
from evcredit.incremental_cost import ModeledVehicle, ResidualClass
from evcredit.manufacturer import Manufacturer, Manufacturers, known_manufacturers
from evcredit.schedule import Entry, NoProvision, Schedule, Table
from evcredit.taxpayer import FilingStatus
from evcredit.vehicle import VehicleClass

#: Whether a country is in a group; an unknown country is there too, and is unknown.
Members = Mapping[str | None, bool | None]

__all__ = [
    "AgreementDay",
    "AgreementScope",
    "AmountRounding",
    "Apportionment",
    "CountryGroup",
    "IndirectHoldings",
    "Law",
    "ManufacturerLimitDay",
    "Members",
    "PassThroughIncome",
    "Readings",
    "current_law",
    "named_law",
    "named_laws",
]


class AgreementScope(Enum):
    """Which minerals an agreement on some minerals makes a country qualify for."""

    LISTED_COUNTRY = "every applicable critical mineral, because the law lists countries"
    COVERED_MINERALS = "only the minerals the agreement is about"


class AgreementDay(Enum):
    """The day on which an agreement must be in effect."""

    PLACED_IN_SERVICE = "the day the vehicle is placed in service"
    ACTIVITY = "the day of the extraction or processing"


class ManufacturerLimitDay(Enum):
    """The day on which the limit on the number of vehicles must have been in force."""

    SOLD = "the day the vehicle was sold, as P.L. 117-169 sec. 13401(k)(5) says"
    PLACED_IN_SERVICE = "the day it was placed in service, as is the practice"


class AmountRounding(Enum):
    """How an amount by battery capacity is rounded."""

    DOLLAR = "to the nearest whole dollar, half up, as the published amounts are"
    CENT = "to the nearest cent, half up"


class Apportionment(Enum):
    """How a credit is divided between business use and personal use."""

    BY_USE = "the business part is the credit times the business use, as on the form"
    WHOLE_FROM_HALF = "the same, but the whole credit from half business use on"


class PassThroughIncome(Enum):
    """Where the income limit is tested if a partnership or S corporation has the vehicle."""

    AT_THE_OWNERS = "on the return of each owner, and not at the entity"
    AT_THE_ENTITY = "at the entity, as for any other taxpayer"


class IndirectHoldings(Enum):
    """How much of what is held of an owner counts as held of what it owns."""

    MAJORITY_MERGED = "all of it behind a majority, the owner's share of it otherwise"
    PROPORTIONAL = "the owner's share of it"


@attrs.frozen(kw_only=True)
class Readings:
    """Choices where authorities conflict or are silent; the defaults are ours.

    Args:
        agreement_scope: Whether Japan counts for all minerals or for the five of its agreement.
        agreement_day: Whether an agreement must be in effect when the vehicle is placed in
            service, or when the mineral was extracted or processed.
        puerto_rico_in_north_america: Whether Puerto Rico lies in North America, which 26 CFR
            1.30D-2(b)(34) ties to the territory of the USMCA; `None` leaves it open.
        territories_in_north_america: The same for the other territories of the United States.
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
            nothing for want of tax (26 CFR 1.30D-5, recalled); `None` leaves it open.
        indirect_holdings: How holdings are traced through several entities (89 FR 37079
            [recalled]).
        covered_nations_counted_together: Whether holdings of the governments of different
            covered nations add up. By default each government is looked at by itself, as 42
            USC 18741(a)(5)(C) speaks of one.
        hong_kong_and_macau_in_china: Whether Hong Kong and Macau belong to the People's
            Republic of China as a covered nation; `None` leaves it open.
        activity_in_covered_nation_counts: Whether what is done in a covered nation is done by
            a foreign entity of concern, whoever does it (89 FR 37079 [recalled]).
        enactment_day_counts: Whether a transfer to a qualified buyer on 16 August 2022 itself is
            one since that day (26 USC 25E(c)(2)(C)), and leaves no credit for the next buyer;
            `None` leaves it open.
        third_anniversary_is_free: Whether a sale on the third anniversary of another with a
            credit lies outside the three years that end with it (26 USC 25E(c)(3)(D)); `None`
            leaves it open.
        used_vehicle_credit_first: Whether the credit for used vehicles is set against the tax
            before the personal part of the one for new vehicles, as the instructions for Form
            8936 of 2025 have it; the statute sets no order. `None` leaves it open.
        stated_standing_governs: Whether a stated flag on a foreign entity of concern goes
            before what follows from place, seat, ownership and contracts.

    >>> Readings().territories_in_united_states is None
    True
    """

    agreement_scope: AgreementScope = AgreementScope.LISTED_COUNTRY
    agreement_day: AgreementDay = AgreementDay.PLACED_IN_SERVICE
    puerto_rico_in_north_america: bool | None = True
    territories_in_north_america: bool | None = None
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


@attrs.frozen
class CountryGroup:
    """A group of countries in the sense of a provision.

    Args:
        name: The group, in words.
        rows: Each country with `True`, or `None` where its membership is open.
        citation: Where the group stands.

    >>> group = CountryGroup("Iberia", (("ES", True), ("PT", True)), Citation.parse("15 USC 1"))
    >>> group.members["PT"], str(group)
    (True, 'Iberia')
    """

    name: str
    rows: tuple[tuple[str, bool | None], ...]
    citation: Citation
    members: Members = attrs.field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        # An unknown country is unknown in every group.
        object.__setattr__(self, "members", {**dict(self.rows), None: None})

    def __str__(self) -> str:
        return self.name


#: Antarctica: a code that stands for a country in no group.
_ELSEWHERE = "AQ"
_US_TERRITORIES = tuple(sorted(code for code, state in TERRITORY_OF.items() if state == "US"))
_CHINESE_TERRITORIES = tuple(sorted(code for code, state in TERRITORY_OF.items() if state == "CN"))


@lru_cache(maxsize=9)
def _north_america(puerto_rico: bool | None, others: bool | None) -> CountryGroup:
    rows: tuple[tuple[str, bool | None], ...] = (("CA", True), ("MX", True), ("US", True))
    for code in _US_TERRITORIES:
        inside = puerto_rico if code == "PR" else others
        if inside is not False:
            rows += ((code, inside),)
    return CountryGroup("North America", rows, Citation.parse("26 CFR 1.30D-2(b)(34)"))


@lru_cache(maxsize=64)
def _covered_nations(
    schedule: Schedule[Any], day: date | None, territories_of_china: bool | None
) -> CountryGroup:
    entries: tuple[Entry[Any], ...] = schedule.standing
    if day is not None:
        entries = (schedule.entry_on(day),)
    lists: list[Any] = [entry.value for entry in entries]
    members: dict[str, bool | None] = {}
    for code in sorted({code for each in lists for code in each}):
        members[code] = True if all(code in each for each in lists) else None
    if "CN" in members and territories_of_china is not False:
        here = territories_of_china and members["CN"]
        members.update((code, here) for code in _CHINESE_TERRITORIES)
    return CountryGroup("the covered nations", tuple(members.items()), entries[0].citation)


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
        readings: Choices where the law is open.
        certifications_hold: Whether a manufacturer's certified mineral content speaks about
            this law. It does not about a law with other agreements than the real one.
        manufacturers: Who had sold how many vehicles, for the limit before 2023.

    >>> from datetime import date
    >>> law = current_law()
    >>> law.critical_minerals_percentage.on(date(2024, 6, 3))
    50
    >>> law.without_agreement("JPCMA").name
    'current law without JPCMA'
    """

    name: str
    as_known_on: date | None = None
    agreements: Agreements
    readings: Readings = Readings()
    certifications_hold: bool = True
    manufacturers: Manufacturers = attrs.field(factory=known_manufacturers)
    gross_vehicle_weight_limit_lb: Schedule[int]
    minimum_wheels: Schedule[int]
    minimum_battery_capacity_kwh: Schedule[int]
    suggested_retail_price_limit: Schedule[Table]
    income_threshold: Schedule[Table]
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
    earlier_used_credit_bars: Schedule[bool]
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
        return _north_america(
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
        listed = self.agreements.countries_on(day, mineral if strict else None)
        rows: tuple[tuple[str, bool | None], ...] = (("US", True), *((c, True) for c in listed))
        if self.readings.territories_in_united_states is not False:
            here = self.readings.territories_in_united_states
            rows += tuple((code, here) for code in _US_TERRITORIES)
        return CountryGroup(
            "the United States or a country with a free trade agreement in effect",
            rows,
            Citation.parse("26 USC 30D(e)(1)(A)(i)"),
        )

    def covered_nations_on(self, day: date | None) -> CountryGroup:
        """The covered nations (10 USC 4872(f)(2)), with Hong Kong and Macau as they are read.

        Args:
            day: The day the vehicle is placed in service; on an unknown day a country that is
                covered on some days only is open.

        >>> from datetime import date
        >>> current_law().covered_nations_on(date(2025, 1, 1)).members.get("TW", False)
        False
        """
        return _covered_nations(
            self.covered_nations, day, self.readings.hong_kong_and_macau_in_china
        )

    def sample_countries(self) -> tuple[str, ...]:
        """One country of each standing that the groups of this law tell apart, and one of none."""
        america = self.north_america.members
        first = self.critical_minerals_percentage.boundaries()[0]
        days = (first, *(day for day in self.agreements.boundaries() if day > first))
        partners = {part.country for each in self.agreements for part in each.partners}
        by_standing: dict[object, str] = {}
        for code in ("US", *sorted(partners), _ELSEWHERE):
            listed = tuple(
                tuple(each.identifier for each in self.agreements.instruments_on(code, day))
                if self.readings.agreement_scope is AgreementScope.COVERED_MINERALS
                else bool(self.agreements.instruments_on(code, day))
                for day in days
            )
            by_standing.setdefault((code == "US", america.get(code, False), listed), code)
        return tuple(by_standing.values())

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

    def known_on(self, day: date) -> Law:
        """The law as it was known on a day: later enactments and agreements left out.

        Raises:
            LawError: The day lies before the guidance that set section 30D's sourcing rules
                going, so there is nothing to answer from.
        """
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
            UnknownAgreement: No agreement of the law has that identifier.
        """
        return self._with_agreements(
            self.agreements.without(identifier), f"without {self.agreements[identifier].identifier}"
        )

    def with_agreement(self, agreement: TradeAgreement) -> Law:
        """The law as if one more agreement put its partners on the list."""
        return self._with_agreements(
            self.agreements.with_agreement(agreement), f"with {agreement.identifier}"
        )

    def with_hypothetical(self, identifier: str, since: date) -> Law:
        """The law as if an agreement that was never concluded were in force since a day.

        Raises:
            UnknownAgreement: No hypothetical has that identifier.
        """
        return self.with_agreement(hypothetical_agreement(identifier).in_force(since))

    def _with_agreements(self, agreements: Agreements, change: str) -> Law:
        joint = "and " if self.name != _CURRENT else ""
        return attrs.evolve(
            self,
            name=f"{self.name} {joint}{change}",
            agreements=agreements,
            certifications_hold=False,
        )

    def with_manufacturer(self, manufacturer: Manufacturer) -> Law:
        """A reform: the same law if a manufacturer had other makes or another sales history.

        >>> from evcredit.manufacturer import Manufacturer, Quarter
        >>> nissan = Manufacturer(name="Nissan", makes=("Nissan",), quarter=Quarter(2021, 4))
        >>> current_law().with_manufacturer(nissan).name
        'current law with the 200,000th vehicle of Nissan in 2021 Q4'
        """
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

    def with_readings(self, **readings: Any) -> Law:
        """The same law under other readings, by the names of `Readings`."""
        chosen = attrs.evolve(self.readings, **readings)
        change = ", ".join(
            f"{name} {getattr(value, 'name', value)}" for name, value in readings.items()
        )
        return attrs.evolve(self, name=f"{self.name}, reading {change}", readings=chosen)

    @property
    def digest(self) -> str:
        """A fingerprint of everything this law says, for receipts."""
        import hashlib  # noqa: PLC0415  # few ask for it, and it is slow to load

        says = {each.name: getattr(self, each.name) for each in attrs.fields(Law)}
        return hashlib.sha256(repr({**says, "name": ""}).encode()).hexdigest()


_CURRENT = "current law"


@lru_cache(maxsize=1)
def schedule_names() -> tuple[str, ...]:
    """The attributes of `Law` that are schedules, in order."""
    others = {
        "name",
        "as_known_on",
        "agreements",
        "readings",
        "certifications_hold",
        "manufacturers",
    }
    return tuple(field.name for field in attrs.fields(Law) if field.name not in others)


_KEYS: Mapping[str, Callable[[str], Any]] = {
    "VehicleClass": VehicleClass,
    "FilingStatus": FilingStatus,
    "quarters": int,
    "ModeledVehicle": ModeledVehicle,
    "ResidualClass": ResidualClass,
}


def _entry(row: dict[str, Any], key: str | None) -> Entry[Any]:
    value: Any
    if "no_provision" in row:
        value = NoProvision(row["no_provision"])
    elif key is not None:
        value = _table(row, _KEYS[key])
    else:
        # What is not a whole number stands as text, which keeps it exact.
        value = Decimal(row["value"]) if isinstance(row["value"], str) else row["value"]
        if isinstance(value, list):
            value = tuple(value)
    return Entry(
        value=value,
        start=row["start"],
        end=row.get("end"),
        citation=Citation.parse(row["citation"]),
        known_from=row["known_from"],
        known_until=row.get("known_until"),
        note=row.get("note", ""),
    )


def _table(row: dict[str, Any], key: Any) -> Table:
    """A table; the categories it leaves out are without provision for the reason in `rest`."""
    given = {key(name): cells for name, cells in row.get("table", {}).items()}
    members = tuple(key) if "rest" in row else tuple(given)
    rest = (NoProvision(row.get("rest", "")), row["citation"])
    cells = ((member, *given.get(member, rest)) for member in members)
    return Table(
        tuple(
            (member, tuple(value) if isinstance(value, list) else value, Citation.parse(citation))
            for member, value, citation in cells
        )
    )


@lru_cache(maxsize=1)
def current_law() -> Law:
    """The law as it stands in this version of the package.

    >>> current_law().name
    'current law'
    """
    data = load("schedules.toml")
    schedules: dict[str, Any] = {
        name: Schedule(
            parameter["name"],
            tuple(_entry(row, parameter.get("key")) for row in parameter["entries"]),
        )
        for name, parameter in data.items()
    }
    return Law(name=_CURRENT, agreements=listed_agreements(), **schedules)


def named_laws() -> dict[str, Callable[[], Law]]:
    """Ready-made laws by name: the current one and the scenarios people ask about.

    >>> sorted(named_laws())[:3]
    ['current', 'eu', 'eu-no-japan']
    """

    def with_hypotheticals(law: Law, *identifiers: str) -> Law:
        # As if they had been in force from the first day of the mineral test.
        first_day = law.critical_minerals_percentage.boundaries()[0]
        for identifier in identifiers:
            law = law.with_hypothetical(identifier, first_day)
        return law

    def without_usmca_from_2036() -> Law:
        # Its article 34.7 sets a term of sixteen years unless the parties extend it.
        law = current_law()
        agreement = law.agreements["USMCA"]
        ended = tuple(attrs.evolve(each, ended=date(2036, 7, 1)) for each in agreement.partners)
        return attrs.evolve(
            law.with_agreement(attrs.evolve(agreement, partners=ended)),
            name=f"{law.name} with the USMCA lapsing on 2036-07-01",
        )

    return {
        "current": current_law,
        "no-japan": lambda: current_law().without_agreement("JPCMA"),
        "eu": lambda: with_hypotheticals(current_law(), "EU-CMA"),
        "eu-no-japan": lambda: with_hypotheticals(
            current_law().without_agreement("JPCMA"), "EU-CMA"
        ),
        "eu-uk": lambda: with_hypotheticals(current_law(), "EU-CMA", "UK-CMA"),
        "indonesia-philippines": lambda: with_hypotheticals(current_law(), "ID-CMA", "PH-CMA"),
        "malaysia": lambda: with_hypotheticals(current_law(), "MY-ART"),
        "usmca-lapses-2036": without_usmca_from_2036,
    }


def named_law(name: str) -> Law:
    """A ready-made law by its name.

    Raises:
        LawError: There is none of that name.

    >>> named_law("no-japan").name
    'current law without JPCMA'
    """
    laws = named_laws()
    if name not in laws:
        near = nearest(name, laws)
        hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(laws)}"
        raise LawError(f"no law is called {name!r}; {hint}")
    return laws[name]()
