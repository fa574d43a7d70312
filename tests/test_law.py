"""The law as a value: its numbers, its states of knowledge, its reforms and readings."""

import os
import subprocess
import sys
from datetime import date, timedelta
from decimal import Decimal

import attrs
import pytest

from evcredit import (
    Bounds,
    Claim,
    FilingStatus,
    InvalidFactError,
    OutsideCoverage,
    Readings,
    TradeAgreement,
    Vehicle,
    VehicleClass,
    assess,
    current_law,
    named_law,
)
from evcredit.algebra.schedule import NoProvision
from evcredit.audit import change_days, coverage
from evcredit.errors import InvalidFactsError, LawError, UnknownAgreement, UnknownNameError
from evcredit.examples import demonstration_claim
from evcredit.facts import TaxReturn
from evcredit.law import AgreementDay, AgreementScope, ModeledVehicle, Partner, named_laws
from evcredit.law.countries import CountryGroup
from evcredit.law.law import schedule_names
from evcredit.plots import scenarios
from evcredit.provisions.tax_limit import allocate_credit
from evcredit.section_30d import report_deadlines

LAW = current_law()
FIRST = date(2023, 4, 18)


# -- the numbers ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "last", "minerals", "components"),
    [
        (date(2023, 4, 18), date(2023, 12, 31), 40, 50),
        (date(2024, 1, 1), date(2024, 12, 31), 50, 60),
        (date(2025, 1, 1), date(2025, 12, 31), 60, 60),
        (date(2026, 1, 1), date(2026, 12, 31), 70, 70),
    ],
    ids=["2023", "2024", "2025", "2026"],
)
def test_applicable_percentages(first, last, minerals, components):
    """The percentages of 26 USC 30D(e)(1)(B) and (e)(2)(B), from the first day to the last."""
    for day in (first, last):
        assert LAW.critical_minerals_percentage.on(day) == minerals
        assert LAW.battery_components_percentage.on(day) == components


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2029, 6, 1)], ids=str)
def test_no_percentage_after_2026(day):
    """P.L. 119-21 struck them and put nothing in their place; 80 is not guessed."""
    for schedule in (LAW.critical_minerals_percentage, LAW.battery_components_percentage):
        assert isinstance(schedule.on(day), NoProvision)
        assert "struck" in schedule.on(day).reason
        assert str(schedule.entry_on(day).citation).startswith("P.L. 119-21 sec. 70502(b)")


@pytest.mark.parametrize(
    ("vehicle_class", "limit", "citation"),
    [
        (VehicleClass.VAN, 80000, "26 USC 30D(f)(11)(B)(i)"),
        (VehicleClass.SPORT_UTILITY_VEHICLE, 80000, "26 USC 30D(f)(11)(B)(ii)"),
        (VehicleClass.PICKUP_TRUCK, 80000, "26 USC 30D(f)(11)(B)(iii)"),
        (VehicleClass.OTHER, 55000, "26 USC 30D(f)(11)(B)(iv)"),
    ],
)
def test_price_limits(vehicle_class, limit, citation):
    """One limit for each class, at its place in the statute."""
    table = LAW.msrp_limit.on(FIRST)
    assert table[vehicle_class] == limit
    assert [str(place) for key, _, place in table.rows if key is vehicle_class] == [citation]


@pytest.mark.parametrize(
    ("status", "threshold"),
    [
        (FilingStatus.SINGLE, 150000),
        (FilingStatus.MARRIED_FILING_SEPARATELY, 150000),
        (FilingStatus.HEAD_OF_HOUSEHOLD, 225000),
        (FilingStatus.MARRIED_FILING_JOINTLY, 300000),
        (FilingStatus.QUALIFYING_SURVIVING_SPOUSE, 300000),
        (FilingStatus.ESTATE_OR_TRUST, 150000),
    ],
)
def test_income_thresholds(status, threshold):
    """The thresholds of 26 USC 30D(f)(10)(B)."""
    assert LAW.magi_limit.on(FIRST)[status] == threshold


def test_tables_have_a_row_for_every_category():
    """No class and no status without its limit."""
    assert set(LAW.msrp_limit.on(FIRST).categories()) == set(VehicleClass)
    assert set(LAW.magi_limit.on(FIRST).categories()) == set(FilingStatus)


def test_other_numbers():
    """Weight, wheels, capacity, amounts and threshold of value added."""
    day = date(2024, 6, 3)
    assert LAW.gross_vehicle_weight_limit_lb.on(day) == 14000
    assert LAW.minimum_wheels.on(day) == 4
    assert LAW.minimum_battery_capacity_kwh.on(day) == 7
    assert LAW.critical_minerals_amount.on(day) == 3750
    assert LAW.battery_components_amount.on(day) == 3750
    assert LAW.value_added_threshold_percent.on(day) == 50
    assert LAW.acquisition_deadline.on(day) == date(2025, 9, 30)


@pytest.mark.parametrize(
    ("schedule", "first_day"),
    [
        ("components_exclusion_in_force", date(2024, 1, 1)),
        ("minerals_exclusion_in_force", date(2025, 1, 1)),
    ],
)
def test_exclusions_begin_on_their_day(schedule, first_day):
    """Components from 2024, minerals from 2025 (26 USC 30D(d)(7))."""
    days = getattr(LAW, schedule)
    assert days.on(first_day - timedelta(days=1)) is False
    assert days.on(first_day) is True


@pytest.mark.parametrize("name", schedule_names())
def test_every_schedule_begins_with_a_regime(name):
    """In 2010, with the clean vehicle rules, or with the sourcing rules; before that, an error."""
    schedule = getattr(LAW, name)
    first = min(entry.start for entry in schedule.entries)
    assert first in (date(2010, 1, 1), date(2023, 1, 1), FIRST)
    before = first - timedelta(days=1)
    with pytest.raises(OutsideCoverage, match=f"evcredit has no law for {before}"):
        schedule.on(before)


# -- as known on a day ---------------------------------------------------------------------


def test_known_on_a_day_of_2024():
    """Percentages to 2029, an end by the day in service, and no deadline to acquire."""
    known = LAW.known_on(date(2024, 6, 1))
    assert known.critical_minerals_percentage.on(date(2027, 1, 1)) == 80
    assert known.battery_components_percentage.on(date(2027, 1, 1)) == 80
    assert known.battery_components_percentage.on(date(2028, 1, 1)) == 90
    assert known.battery_components_percentage.on(date(2029, 1, 1)) == 100
    assert known.service_deadline_in_force.on(FIRST) is True
    assert known.service_deadline.on(FIRST) == date(2032, 12, 31)
    assert known.acquisition_deadline_in_force.on(FIRST) is False
    with pytest.raises(OutsideCoverage, match="nothing as known on 2024-06-01"):
        known.acquisition_deadline.on(FIRST)
    assert known.name == "current law as known on 2024-06-01"
    assert known.as_known_on == date(2024, 6, 1)


@pytest.mark.parametrize(
    ("day", "traced"),
    [
        (date(2023, 6, 1), False),
        (date(2024, 5, 5), False),
        (date(2024, 5, 6), True),
        (date(2026, 1, 1), True),
    ],
    ids=str,
)
def test_traced_value_test_came_with_the_final_regulations(day, traced):
    """Before 6 May 2024 there was the 50 percent test alone."""
    known = LAW.known_on(day)
    assert known.traced_value_test_in_force.on(FIRST) is traced
    assert known.value_added_test_in_force.on(FIRST) is True


@pytest.mark.parametrize("day", [date(2023, 4, 16), date(2022, 8, 16), date(2000, 1, 1)], ids=str)
def test_nothing_is_known_before_the_guidance(day):
    """Before 17 April 2023 the sourcing rules had no starting day."""
    with pytest.raises(LawError, match="proposed guidance that sets it was issued on 2023-04-17"):
        LAW.known_on(day)
    assert LAW.known_on(date(2023, 4, 17)).critical_minerals_percentage.on(FIRST) == 40


def test_known_on_the_day_of_the_last_enactment_is_current():
    """On 4 July 2025 and later every number is the current one."""
    known = LAW.known_on(date(2025, 7, 4))
    for name in schedule_names():
        now, then = getattr(LAW, name), getattr(known, name)
        assert [(e.start, e.end, e.value) for e in then.standing] == [
            (e.start, e.end, e.value) for e in now.standing
        ]
    assert known.agreements == LAW.agreements
    before = LAW.known_on(date(2025, 7, 3))
    assert before.acquisition_deadline_in_force.on(FIRST) is False


def test_late_car_under_the_law_of_2024():
    """Acquired in 2026: nothing under the current law, a credit as the law was known in 2024."""
    claim = demonstration_claim(date(2026, 2, 10))
    late = attrs.evolve(
        claim,
        purchase=attrs.evolve(
            claim.purchase, contract_date="2026-01-05", first_payment_date="2026-01-05"
        ),
        vehicle=attrs.evolve(
            claim.vehicle,
            battery=attrs.evolve(
                claim.vehicle.battery,
                minerals_from_foreign_entity_of_concern=False,
                certified_battery_component_content=70,
            ),
        ),
    )
    assert str(assess(late).credit) == "0"
    assert str(assess(late, law=LAW.known_on(date(2024, 6, 1))).credit) == "7,500"


# -- reforms -------------------------------------------------------------------------------


def test_reforms_leave_the_law_as_it_was():
    """Every reform is a new value with a name of its own."""
    without = LAW.without_agreement("JPCMA")
    assert without.name == "current law without JPCMA"
    assert len(without.agreements) == len(LAW.agreements) - 1
    assert len(current_law().agreements) == len(LAW.agreements)
    assert without.certifications_apply is False
    assert LAW.certifications_apply is True


def test_reforms_can_be_joined():
    """The name shows them all, in order."""
    law = LAW.without_agreement("JPCMA").with_hypothetical("EU-CMA", FIRST)
    assert law.name == "current law without JPCMA and with EU-CMA"
    assert "FI" in law.agreements.countries_on(FIRST)
    assert "JP" not in law.agreements.countries_on(FIRST)


def test_an_agreement_of_ones_own():
    """Any agreement can be assumed."""
    deal = TradeAgreement(
        identifier="CH-CMA",
        name="A Swiss agreement",
        kind="hypothetical",
        partners=[Partner(country="CH", in_force=date(2024, 6, 3))],
    )
    law = LAW.with_agreement(deal)
    assert law.name == "current law with CH-CMA"
    assert law.mineral_countries(date(2024, 6, 3), "nickel").members["CH"] is True
    assert law.mineral_countries(date(2024, 6, 2), "nickel").members.get("CH") is None
    assert law.partners_joining_later() == ("CH",)
    assert LAW.partners_joining_later() == ()


@pytest.mark.parametrize(
    ("reform", "hint"),
    [
        (lambda: LAW.without_agreement("JPCAM"), "did you mean JPCMA"),
        (lambda: LAW.with_hypothetical("EU-CAM", FIRST), "did you mean EU-CMA"),
    ],
)
def test_reforms_of_agreements_that_do_not_exist(reform, hint):
    """A misspelt identifier gets a suggestion."""
    with pytest.raises(UnknownAgreement, match=hint):
        reform()


@pytest.mark.parametrize(
    ("name", "country", "day", "listed"),
    [
        ("current", "JP", FIRST, True),
        ("no-japan", "JP", FIRST, False),
        ("no-japan", "CL", FIRST, True),
        ("eu", "DE", FIRST, True),
        ("eu", "JP", FIRST, True),
        ("eu-no-japan", "DE", FIRST, True),
        ("eu-no-japan", "JP", FIRST, False),
        ("eu-uk", "GB", FIRST, True),
        ("eu", "GB", FIRST, False),
        ("indonesia-philippines", "ID", FIRST, True),
        ("indonesia-philippines", "PH", FIRST, True),
        ("malaysia", "MY", FIRST, True),
        ("usmca-lapses-2036", "CA", date(2036, 6, 30), True),
        ("usmca-lapses-2036", "CA", date(2036, 7, 1), False),
        ("current", "CA", date(2036, 7, 1), True),
    ],
)
def test_named_laws(name, country, day, listed):
    """The ready-made scenarios do what their names say."""
    law = named_law(name)
    assert (country in law.agreements.countries_on(day)) is listed
    assert (law == LAW) is (name == "current")


def test_every_named_law_has_its_own_name():
    """No two scenarios can be mistaken for each other in an explanation."""
    names = [make().name for make in named_laws().values()]
    assert len(set(names)) == len(names) == 8


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("no-japn", "no law is called 'no-japn'; did you mean no-japan"),
        ("xxxxxxxx", "no law is called 'xxxxxxxx'; known: current, no-japan, eu"),
    ],
)
def test_unknown_law(name, message):
    """A near name is suggested, otherwise all are listed."""
    with pytest.raises(LawError, match=message):
        named_law(name)


# -- readings and groups -------------------------------------------------------------------


def test_north_america_by_default():
    """The three countries and Puerto Rico, and no other territory."""
    members = LAW.north_america.members
    assert {code for code, inside in members.items() if inside} == {"CA", "MX", "US", "PR"}
    assert members.get("GU", False) is False
    assert members.get("JP", False) is False
    assert str(LAW.north_america) == "North America"
    assert str(LAW.north_america.citation) == "26 CFR 1.30D-2(b)(34)"


@pytest.mark.parametrize(
    ("readings", "puerto_rico", "guam"),
    [
        ({}, True, False),
        ({"territories_in_north_america": None}, True, None),
        ({"territories_in_north_america": True}, True, True),
        ({"territories_in_north_america": False}, True, False),
        ({"puerto_rico_in_north_america": None}, None, False),
        ({"puerto_rico_in_north_america": False}, False, False),
    ],
)
def test_territories_in_north_america(readings, puerto_rico, guam):
    """Final assembly in a territory, under each reading."""
    members = LAW.with_readings(**readings).north_america.members
    assert members.get("PR", False) is puerto_rico
    assert members.get("GU", False) is guam


@pytest.mark.parametrize("inside", [True, False, None], ids=str)
def test_territories_in_the_united_states(inside):
    """Extraction or processing in a territory, under each reading."""
    law = LAW.with_readings(territories_in_united_states=inside)
    members = law.mineral_countries(FIRST, "nickel").members
    assert members.get("PR", False) is inside
    assert members["US"] is True


def test_readings_are_named_in_the_law():
    """A result can tell under which reading it stands."""
    law = LAW.with_readings(agreement_scope=AgreementScope.COVERED_MINERALS)
    assert law.name == "current law, reading agreement_scope COVERED_MINERALS"
    assert law.readings == Readings(agreement_scope=AgreementScope.COVERED_MINERALS)
    both = law.with_readings(territories_in_united_states=True)
    assert both.name.endswith("COVERED_MINERALS, reading territories_in_united_states True")
    assert LAW.readings.agreement_day is AgreementDay.PLACED_IN_SERVICE


def test_unknown_reading():
    """A misspelt reading is an error."""
    with pytest.raises(UnknownNameError, match="did you mean agreement_scope"):
        LAW.with_readings(agreement_scop=AgreementScope.COVERED_MINERALS)


def test_mineral_countries_under_the_strict_reading():
    """Japan for its five minerals only; the others for all."""
    strict = LAW.with_readings(agreement_scope=AgreementScope.COVERED_MINERALS)
    assert strict.mineral_countries(FIRST, "nickel").members.get("JP") is True
    assert strict.mineral_countries(FIRST, "aluminum").members.get("JP") is None
    assert strict.mineral_countries(FIRST, "aluminum").members.get("CL") is True
    assert LAW.mineral_countries(FIRST, "aluminum").members.get("JP") is True


def test_an_unknown_country_is_unknown_in_every_group():
    """Groups answer for `None` too."""
    group = CountryGroup("x", (("US", True),), LAW.north_america.citation)
    assert group.members[None] is None


@pytest.mark.parametrize(
    "law",
    [
        LAW,
        LAW.with_readings(agreement_scope=AgreementScope.COVERED_MINERALS),
        named_law("eu"),
        LAW.with_hypothetical("EU-CMA", date(2025, 1, 1)),
    ],
    ids=lambda law: law.name,
)
def test_sample_countries_have_one_of_each_standing(law):
    """A country in and out of each group, and no two alike by default."""
    samples = law.sample_countries()
    assert "US" in samples
    assert "AQ" in samples
    assert len(set(samples)) == len(samples)
    assembly = {law.north_america.members.get(code, False) for code in samples}
    listed = {code in law.agreements.countries_on(date(2026, 1, 1)) for code in samples}
    assert {True, False} <= assembly
    assert listed == {True, False}


# -- the digest ----------------------------------------------------------------------------


def test_digest_tells_laws_apart_and_not_their_names():
    """What the law says counts, not what it is called."""
    laws = [make() for make in named_laws().values()]
    laws += [
        LAW.known_on(date(2024, 6, 1)),
        LAW.with_readings(agreement_scope=AgreementScope.COVERED_MINERALS),
        attrs.evolve(LAW, minimum_wheels=LAW.minimum_wheels.always(3, why="a hypothetical")),
    ]
    digests = {law.digest for law in laws}
    assert len(digests) == len(laws)
    assert attrs.evolve(LAW, name="another name").digest == LAW.digest
    assert len(LAW.digest) == 64


def test_digest_is_the_same_in_every_process():
    """Neither the seed of string hashing nor anything else of a process is in it."""
    script = "import evcredit; print(evcredit.current_law().digest)"
    digests = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("0", "1", "12345")
    }
    assert digests == {LAW.digest}


def test_laws_are_compared_by_what_they_say():
    """Equal laws hash alike; a reform undone is the old law but for its name."""
    assert current_law() == LAW
    assert hash(LAW) == hash(current_law())
    again = LAW.with_readings(agreement_day=AgreementDay.PLACED_IN_SERVICE)
    assert attrs.evolve(again, name=LAW.name) == LAW
    assert Vehicle() != LAW


# -- incremental costs that a caller supplies ----------------------------------------------


def test_an_amount_that_was_published_and_not_held_can_be_supplied():
    """It goes into the table of the notice that governs the year, and nowhere else."""
    kind = ModeledVehicle.CLASS_6_BATTERY
    law = LAW.with_incremental_cost(kind, "81250.50", year=2026, why="report of 2025, table 9")
    costs = law.modeled_incremental_cost
    assert (
        costs.on(date(2025, 1, 1))[kind] == costs.on(date(2027, 1, 1))[kind] == Decimal("81250.5")
    )
    assert isinstance(costs.on(date(2024, 1, 1))[kind], NoProvision)
    assert costs.on(date(2025, 1, 1))[ModeledVehicle.LIGHT] == 7500
    note = costs.entry_on(date(2025, 1, 1)).note
    assert note.startswith("holds until other guidance takes its place")
    assert note.endswith("; class 6, battery electric: report of 2025, table 9")
    assert law.name == "current law with an incremental cost for class 6, battery electric of 2026"
    assert law.digest != LAW.digest


def test_supplied_amounts_for_a_state_of_knowledge():
    """As known before a notice, the table that stood then gets the amount, and needs no remark."""
    known = LAW.known_on(date(2023, 6, 1))
    law = known.with_incremental_cost("class 6, fuel cell", 90_000, year=2024, why="a guess")
    entry = law.modeled_incremental_cost.entry_on(date(2024, 6, 3))
    assert entry.value[ModeledVehicle.CLASS_6_FUEL_CELL] == 90_000
    assert (entry.note, str(entry.citation)) == ("class 6, fuel cell: a guess", "26 USC 45W(f)")


@pytest.mark.parametrize(
    ("vehicle", "amount", "path", "remedy"),
    [
        ("class 9", 1, "incremental_cost.vehicle", "give one of 'street vehicle below"),
        (None, 1, "incremental_cost.vehicle", "give exactly one"),
        ("class 6, fuel cell", -1, "incremental_cost.amount", "may not be negative"),
        ("class 6, fuel cell", 0.5, "incremental_cost.amount", "floats are not exact"),
        ("class 6, fuel cell", None, "incremental_cost.amount", "give exactly one"),
        (
            "class 6, fuel cell",
            Bounds(Decimal(1), Decimal(2)),
            "incremental_cost.amount",
            "give exactly one",
        ),
    ],
)
def test_supplied_amounts_that_cannot_be(vehicle, amount, path, remedy):
    """Told with what was found and what to give instead."""
    with pytest.raises(InvalidFactError, match=remedy) as caught:
        LAW.with_incremental_cost(vehicle, amount, year=2024, why="a test")
    assert caught.value.path == path


def test_supplied_amounts_for_a_year_without_notice():
    """Before 2023 there was no commercial credit."""
    with pytest.raises(OutsideCoverage, match="2022-01-01"):
        LAW.with_incremental_cost("class 6, fuel cell", 1, year=2022, why="a test")
    with pytest.raises(InvalidFactsError):
        LAW.with_incremental_cost("class 9", -1, year=2024, why="a test")


def test_a_law_is_shown_by_its_name():
    """All of it would fill many pages, in an assessment too."""
    law = current_law().without_agreement("JPCMA")
    assert repr(law) == "<Law: current law without JPCMA>"
    assert "<Law: current law>" in repr(assess(Claim()))
    assert len(repr(assess(Claim()))) < 6_000


@pytest.mark.parametrize(
    "asked",
    [
        coverage,
        change_days,
        lambda law: allocate_credit(7_500, TaxReturn(), law=law),
        lambda law: report_deadlines("2024-06-03", law=law),
        lambda law: scenarios(demonstration_claim(), {"ours": law}),
    ],
)
def test_what_is_no_law_is_refused_by_name(asked):
    """Everywhere by the same check, whether assessments ask for the law or a helper does."""
    with pytest.raises(InvalidFactError, match=r"^laws?(\.ours)?: found 'eu'; give a Law; named_"):
        asked("eu")


def test_a_scenario_needs_its_law():
    with pytest.raises(InvalidFactError, match=r"^laws.ours: found None; give a Law"):
        scenarios(demonstration_claim(), {"ours": None})
