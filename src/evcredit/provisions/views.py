"""The facts and the law as rule bodies see them, for editors and type checkers.

Written by tools/make_views.py from the declared facts, `Law` and `Readings`; a test compares. A
rule body is called with symbols (`evcredit.algebra.symbol`), of which these classes list the
attributes: nothing is ever an instance of them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

from evcredit.algebra.expression import DayInput
from evcredit.algebra.kinds import ChoiceFact, CountryFact, DayFact, Flag, Number, Parts, Text
from evcredit.algebra.parameter import ChoiceReading, InGroup, Parameter, Reading, ScheduledFlag
from evcredit.algebra.schedule import Table
from evcredit.facts.listing import Powertrain
from evcredit.facts.published_list import DayCounted, Publisher
from evcredit.facts.purchase import DealerLicense
from evcredit.facts.seller_report import ReportStatus
from evcredit.facts.taxpayer import FilingStatus, TaxpayerKind
from evcredit.facts.vehicle import VehicleClass
from evcredit.law.readings import (
    AgreementDay,
    AgreementScope,
    AmountRounding,
    Apportionment,
    IndirectHoldings,
    ManufacturerLimitDay,
    PassThroughIncome,
)

__all__ = [
    "BatteryView",
    "ClaimView",
    "CreditTransferView",
    "FlagSchedule",
    "Group",
    "IncomePartsView",
    "LawView",
    "ListedVehicleView",
    "OwnershipGraphView",
    "PurchaseView",
    "ReadingsView",
    "SalePriceView",
    "Scheduled",
    "SellerReportView",
    "StickerPriceView",
    "TaxYearView",
    "TaxpayerView",
    "VehicleBasisView",
    "VehicleView",
]

V_co = TypeVar("V_co", covariant=True)


class Scheduled(Protocol[V_co]):
    """A schedule of the law."""

    def on(self, day: DayInput) -> Parameter[V_co]:
        """The value on the day that a fact states, or that follows from some."""
        ...

    @property
    def ever(self) -> Parameter[V_co]:
        """The value of a schedule that has one; the bounds of all of them if it has more."""
        ...


class FlagSchedule(Protocol):
    """A schedule that is true or false."""

    def on(self, day: DayInput) -> ScheduledFlag:
        """Whether it is up on the day that a fact states, or that follows from some."""
        ...

    @property
    def ever(self) -> ScheduledFlag:
        """Whether it is up, where that never changes."""
        ...


class Group(Protocol):
    """A group of countries."""

    def contains(self, country: CountryFact) -> InGroup:
        """Whether the country that a fact states is in the group."""
        ...


class StickerPriceView:
    """The facts of `StickerPrice`."""

    base_price: Number
    factory_options: Number
    destination_charge: Number
    dealer_options: Number


class OwnershipGraphView:
    """The facts of `OwnershipGraph`."""

    entities: Parts
    holdings: Parts
    contracts: Parts


class BatteryView:
    """The facts of `Battery`."""

    capacity_kwh: Number
    externally_rechargeable: Flag
    minerals: Parts
    components: Parts
    certified_critical_mineral_content: Number
    certified_battery_component_content: Number
    minerals_from_foreign_entity_of_concern: Flag
    components_from_foreign_entity_of_concern: Flag
    entities: OwnershipGraphView
    impracticable_to_trace_plan_filed: Flag
    facilities: Parts


class ListedVehicleView:
    """The facts of `ListedVehicle`."""

    list_id: Text
    list_name: Text
    section: Text
    published_by: ChoiceFact[Publisher]
    as_of: Text
    make: Text
    model: Text
    model_years: Text
    powertrain: ChoiceFact[Powertrain]
    msrp_limit: Number
    credit: Number
    only_certain_vehicles: Flag
    valid_from: DayFact
    valid_to: DayFact
    earliest_start: DayFact
    latest_start: DayFact
    earliest_end: DayFact
    latest_end: DayFact
    counted_on: ChoiceFact[DayCounted]
    date_basis: Text
    mark: Text
    source: Text
    note: Text
    asked_for: Text


class VehicleView:
    """The facts of `Vehicle`."""

    manufacturer: Text
    make: Text
    model: Text
    trim: Text
    model_year: Number
    vin: Text
    vehicle_class: ChoiceFact[VehicleClass]
    msrp: Number
    sticker: StickerPriceView
    gross_vehicle_weight_rating_lb: Number
    wheels: Number
    top_speed_mph: Number
    made_for_public_roads: Flag
    clean_air_act_motor_vehicle: Flag
    meets_air_and_safety_rules: Flag
    made_by_qualified_manufacturer: Flag
    driven_by_battery_motor: Flag
    fuel_cell: Flag
    gasoline_or_diesel_engine: Flag
    mobile_machinery: Flag
    compact_car: Flag
    tractor_cab: Flag
    final_assembly_country: CountryFact
    battery: BatteryView
    no_battery: Flag
    listing: ListedVehicleView
    prior_transfers: Parts


class SalePriceView:
    """The facts of `SalePrice`."""

    vehicle: Number
    delivery: Number
    dealer_fees: Number
    incentives: Number
    required_taxes_and_fees: Number
    financing: Number
    extended_warranty: Number
    insurance: Number
    trade_in: Number
    down_payment: Number


class SellerReportView:
    """The facts of `SellerReport`."""

    status: ChoiceFact[ReportStatus]
    buyer_identified: Flag
    seller_identified: Flag
    vin: Text
    model_year: Number
    without_number: Flag
    battery_capacity_kwh: Number
    original_use_verified: Flag
    maximum_credit: Number
    transfer_elected: Flag
    transferred_amount: Number
    sold_on: DayFact
    sale_price: Number
    signed: Flag
    filed_on: DayFact
    accepted_on: DayFact
    given_to_buyer_on: DayFact


class VehicleBasisView:
    """The facts of `VehicleBasis`."""

    cost: Number
    capitalized_costs: Number
    section_179_deduction: Number
    other_reductions: Number


class PurchaseView:
    """The facts of `Purchase`."""

    contract_date: DayFact
    no_contract: Flag
    first_payment_date: DayFact
    acquired_shortly_before: Flag
    sale_date: DayFact
    title_date: DayFact
    placed_in_service: DayFact
    not_in_service: Flag
    elects_transition_rule: Flag
    cost: Number
    sale_price: Number
    sale_price_parts: SalePriceView
    seller_license: ChoiceFact[DealerLicense]
    original_use_begins_with_taxpayer: Flag
    for_use_or_lease: Flag
    seller_report_furnished: Flag
    seller_report_not_accepted: Flag
    seller_report: SellerReportView
    vin_on_return: Flag
    credit_already_allowed: Flag
    elected_out: Flag
    used_predominantly_outside_us: Flag
    another_owner_in_seller_report: Flag
    sold_to_tax_exempt_user: Flag
    credit_disclosed_to_user: Flag
    sale_cancelled: Flag
    returned_on: DayFact
    resold_on: DayFact
    basis: Number
    basis_parts: VehicleBasisView
    depreciable: Flag
    subject_to_lease: Flag
    true_lease: Flag
    leased_from_another: Flag
    comparable_vehicle_price: Number
    compares_prices: Flag
    incremental_cost: Number
    elective_payment_registered: Flag
    new_vehicle_credit_allowed: Flag
    used_vehicle_credit_allowed: Flag


class IncomePartsView:
    """The facts of `IncomeParts`."""

    adjusted_gross_income: Number
    foreign_income_exclusion: Number
    foreign_housing_deduction: Number
    american_samoa_exclusion: Number
    puerto_rico_exclusion: Number


class TaxYearView:
    """The facts of `TaxYear`."""

    filing_status: ChoiceFact[FilingStatus]
    modified_adjusted_gross_income: Number
    income_parts: IncomePartsView


class TaxpayerView:
    """The facts of `Taxpayer`."""

    current_year: TaxYearView
    prior_year: TaxYearView
    no_prior_year: Flag
    kind: ChoiceFact[TaxpayerKind]
    dependent_of_another: Flag
    prior_credits: Parts


class ClaimView:
    """The facts of `Claim`."""

    vehicle: VehicleView
    purchase: PurchaseView
    taxpayer: TaxpayerView


class CreditTransferView:
    """The facts of `CreditTransfer`."""

    claim: ClaimView
    credit: Number
    elected_on: DayFact
    dealer_registered: Flag
    dealer_license: ChoiceFact[DealerLicense]
    price_disclosed: Flag
    credit_and_incentives_disclosed: Flag
    payment_disclosed: Flag
    payment: Number
    paid_by_sale: Flag
    incentives_leave_election_free: Flag
    election_leaves_incentives_whole: Flag
    mainly_personal_use: Flag
    earlier_elections: Number
    earlier_elections_of_spouse: Number
    vin_given_by_dealer: Flag
    advance_payment: Number
    reasonable_cause: Flag


class ReadingsView:
    """How the law is read where it is unresolved."""

    agreement_scope: ChoiceReading[AgreementScope]
    agreement_day: ChoiceReading[AgreementDay]
    puerto_rico_in_north_america: Reading
    territories_in_north_america: Reading
    territories_in_united_states: Reading
    manufacturer_limit_day: ChoiceReading[ManufacturerLimitDay]
    amount_rounding: ChoiceReading[AmountRounding]
    election_ends_with_2022: Reading
    apportionment: ChoiceReading[Apportionment]
    pass_through_income: ChoiceReading[PassThroughIncome]
    joint_filers_elect_separately: Reading
    transferred_credit_beyond_tax_kept: Reading
    indirect_holdings: ChoiceReading[IndirectHoldings]
    covered_nations_counted_together: Reading
    hong_kong_and_macau_in_china: Reading
    activity_in_covered_nation_counts: Reading
    stated_standing_governs: Reading
    enactment_day_counts: Reading
    third_anniversary_is_free: Reading
    used_vehicle_credit_first: Reading
    used_credit_bars_commercial: Reading
    empty_content_qualifies: Reading
    absent_prior_year_within_limit: Reading


class LawView:
    """The law: its readings, schedules and groups."""

    readings: ReadingsView
    gross_vehicle_weight_limit_lb: Scheduled[int]
    minimum_wheels: Scheduled[int]
    minimum_battery_capacity_kwh: Scheduled[int]
    msrp_limit: Scheduled[Table]
    magi_limit: Scheduled[Table]
    critical_minerals_percentage: Scheduled[int]
    battery_components_percentage: Scheduled[int]
    critical_minerals_amount: Scheduled[int]
    battery_components_amount: Scheduled[int]
    value_added_test_in_force: FlagSchedule
    value_added_threshold_percent: Scheduled[int]
    traced_value_test_in_force: FlagSchedule
    components_exclusion_in_force: FlagSchedule
    minerals_exclusion_in_force: FlagSchedule
    acquisition_deadline_in_force: FlagSchedule
    acquisition_deadline: Scheduled[date]
    service_deadline_in_force: FlagSchedule
    service_deadline: Scheduled[date]
    sourcing_in_force: FlagSchedule
    capacity_amount_in_force: FlagSchedule
    base_amount: Scheduled[int]
    capacity_amount_from_kwh: Scheduled[int]
    capacity_amount_per_kwh: Scheduled[int]
    capacity_amount_limit: Scheduled[int]
    clean_vehicle_rules_in_force: FlagSchedule
    seller_report_acceptance_in_force: FlagSchedule
    seller_report_filing_days: Scheduled[int]
    seller_report_last_filing: Scheduled[date]
    seller_report_copy_days: Scheduled[int]
    final_assembly_in_force: FlagSchedule
    manufacturer_limit_in_force: FlagSchedule
    manufacturer_limit_vehicles: Scheduled[int]
    phase_out_percentage: Scheduled[Table]
    election_first_contract: Scheduled[date]
    election_last_contract: Scheduled[date]
    election_treated_as: Scheduled[date]
    election_last_in_service: Scheduled[date]
    three_wheels_in_force: FlagSchedule
    two_wheels_in_force: FlagSchedule
    small_vehicle_percent: Scheduled[int]
    small_vehicle_limit: Scheduled[int]
    small_vehicle_capacity_kwh: Scheduled[Decimal]
    small_vehicle_speed_mph: Scheduled[int]
    small_vehicles_in_force: FlagSchedule
    tax_exempt_seller_rule_in_force: FlagSchedule
    return_or_resale_rule_in_force: FlagSchedule
    return_or_resale_days: Scheduled[int]
    whole_business_credit_percent: Scheduled[int]
    transfer_in_force: FlagSchedule
    transfer_elections_per_year: Scheduled[int]
    excessive_payment_addition_percent: Scheduled[int]
    covered_nations: Scheduled[tuple[str, ...]]
    foreign_entity_threshold_percent: Scheduled[int]
    majority_holding_percent: Scheduled[int]
    impracticable_to_trace_materials: Scheduled[tuple[str, ...]]
    used_vehicle_percent: Scheduled[int]
    used_vehicle_amount_limit: Scheduled[int]
    used_vehicle_price_limit: Scheduled[int]
    used_vehicle_income_threshold: Scheduled[Table]
    used_vehicle_age_years: Scheduled[int]
    used_vehicle_first_acquisition: Scheduled[date]
    used_vehicle_last_acquisition: Scheduled[date]
    used_vehicle_transfers_count_from: Scheduled[date]
    used_vehicle_years_between_credits: Scheduled[int]
    used_transfer_first_acquisition: Scheduled[date]
    commercial_first_acquisition: Scheduled[date]
    commercial_acquisition_deadline: Scheduled[date]
    commercial_weight_division_lb: Scheduled[int]
    commercial_capacity_kwh: Scheduled[int]
    commercial_light_capacity_kwh: Scheduled[int]
    commercial_percent: Scheduled[int]
    commercial_percent_with_engine: Scheduled[int]
    commercial_light_limit: Scheduled[int]
    commercial_heavy_limit: Scheduled[int]
    modeled_incremental_cost: Scheduled[Table]
    residual_value_percent: Scheduled[Table]
    class_5_weight_lb: Scheduled[int]
    class_6_weight_lb: Scheduled[int]
    class_7_weight_lb: Scheduled[int]
    north_america: Group
