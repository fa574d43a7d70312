"""26 USC 30D(b): the amount."""

from datetime import date

import attrs
import pytest

from evcredit import Claim, OutsideCoverage, Verdict, assess, current_law, with_facts
from evcredit.examples import demonstration_claim
from evcredit.section_30d.amount import credit_allowed

CLAIM = demonstration_claim()
MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


def credit(minerals, components, **facts):
    """The credit for certified contents, as text."""
    return assess(
        with_facts(
            CLAIM,
            {
                "vehicle.battery.minerals": None,
                "vehicle.battery.components": None,
                "vehicle.battery.components_from_foreign_entity_of_concern": False,
                "vehicle.battery.certified_critical_mineral_content": minerals,
                "vehicle.battery.certified_battery_component_content": components,
                **facts,
            },
        )
    )


@pytest.mark.parametrize(
    ("minerals", "components", "amount", "verdict"),
    [
        (50, 60, "7,500", MET),
        (50, "59.99", "3,750", MET),
        ("49.99", 60, "3,750", MET),
        ("49.99", "59.99", "0", NOT_MET),
        (None, 60, "3,750 to 7,500", MET),
        (50, None, "3,750 to 7,500", MET),
        (None, "59.99", "0 to 3,750", UNKNOWN),
        (None, None, "0 to 7,500", UNKNOWN),
    ],
)
def test_two_halves_of_3750_dollars(minerals, components, amount, verdict):
    """Each requirement is all or nothing; one of them is enough for a credit."""
    result = credit(minerals, components)
    assert (str(result.credit), result.verdict) == (amount, verdict)


@pytest.mark.parametrize(
    ("price", "amount"), [(80000, "3,750 to 7,500"), (None, "0 to 7,500"), (80001, "0")], ids=str
)
def test_amount_under_an_open_condition(price, amount):
    """An unknown condition leaves nothing certain, a failed one leaves nothing."""
    assert str(credit(None, 60, **{"vehicle.msrp": price}).credit) == amount


def test_earlier_vehicles_are_an_error_never_a_zero():
    """Vehicles acquired before 2010 fall under a text that is not covered."""
    with pytest.raises(OutsideCoverage) as caught:
        assess(demonstration_claim(date(2009, 12, 31)))
    assert str(caught.value) == (
        "section 30D for a vehicle placed in service: evcredit has no law for 2009-12-31; "
        "covered: 2010-01-01 on"
    )


@pytest.mark.parametrize(("fact", "word"), [("sale_date", "sold"), ("title_date", "title passed")])
def test_each_day_that_picks_the_law_must_be_covered(fact, word):
    """A vehicle bought in 2009 and first driven in 2010 is one of 2009."""
    claim = with_facts(demonstration_claim(date(2010, 1, 4)), {f"purchase.{fact}": "2009-12-30"})
    with pytest.raises(
        OutsideCoverage, match=f"a vehicle {word}: evcredit has no law for 2009-12-30"
    ):
        assess(claim)


def test_first_day_is_covered():
    """18 April 2023 has the percentages of 2023."""
    result = assess(demonstration_claim(date(2023, 4, 18)))
    assert [limit.value for limit in result.find("components_requirement").limits] == [50]


def test_later_than_2026_is_undetermined_not_zero():
    """Acquired in time, placed in service in 2027: the statute has no percentage left."""
    late = with_facts(
        demonstration_claim(date(2027, 1, 1)),
        {"vehicle.battery.minerals_from_foreign_entity_of_concern": False},
    )
    result = assess(late)
    assert (result.verdict, str(result.credit)) == (UNKNOWN, "0 to 7,500")
    assert result.missing() == ()
    assert result.settling(MET) == result.settling(NOT_MET) == ()
    assert [reason.partition(" for ")[0] for reason in result.undetermined] == [
        "the percentage",
        "the percentages",
    ]


def test_a_claim_of_which_nothing_is_known():
    """All is unknown, and nothing is invented."""
    result = assess(Claim())
    assert (result.verdict, str(result.credit)) == (UNKNOWN, "0 to 7,500")
    assert "purchase.placed_in_service" in result.missing()
    assert "vehicle.battery.capacity_kwh" in result.missing()


def test_amounts_that_a_reform_changes_over_time():
    """On an unknown day every amount of the law is possible."""
    law = current_law()
    schedule = law.critical_minerals_amount
    changed = schedule.__class__(
        schedule.name,
        (
            _entry(schedule, 3750, date(2023, 4, 18), date(2025, 1, 1)),
            _entry(schedule, 4000, date(2025, 1, 1), None),
        ),
    )
    reform = attrs.evolve(law, critical_minerals_amount=changed)
    result = assess(Claim(), law=reform)
    assert str(result.credit) == "0 to 7,750"
    assert str(assess(demonstration_claim(), law=reform).credit) == "7,500"


def _entry(schedule, value, start, end):
    """An entry like the first of a schedule, with another value and other days."""
    return attrs.evolve(schedule.entries[0], value=value, start=start, end=end)


def test_facts_that_the_section_reads():
    """Everything that affects the credit, and nothing else: the facts to ask a person for."""
    read = {getattr(fact, "path", None) or fact.name for fact in credit_allowed.facts()}
    assert read == {
        "purchase.another_owner_in_seller_report",
        "purchase.leased_from_another",
        "purchase.no_contract",
        "purchase.not_in_service",
        "taxpayer.no_prior_year",
        "purchase.contract_date",
        "purchase.cost",
        "purchase.credit_already_allowed",
        "purchase.credit_disclosed_to_user",
        "purchase.elected_out",
        "purchase.first_payment_date",
        "purchase.for_use_or_lease",
        "purchase.original_use_begins_with_taxpayer",
        "purchase.placed_in_service",
        "purchase.sale_cancelled",
        "purchase.sale_date",
        "purchase.seller_report_furnished",
        "purchase.seller_report_not_accepted",
        "purchase.sold_to_tax_exempt_user",
        "purchase.title_date",
        "purchase.used_predominantly_outside_us",
        "purchase.vin_on_return",
        "taxpayer.current_year.filing_status",
        "taxpayer.current_year.modified_adjusted_gross_income",
        "taxpayer.kind",
        "taxpayer.prior_year.filing_status",
        "taxpayer.prior_year.modified_adjusted_gross_income",
        "vehicle.battery.capacity_kwh",
        "vehicle.battery.externally_rechargeable",
        "vehicle.clean_air_act_motor_vehicle",
        "vehicle.driven_by_battery_motor",
        "vehicle.final_assembly_country",
        "vehicle.fuel_cell",
        "vehicle.gross_vehicle_weight_rating_lb",
        "vehicle.made_by_qualified_manufacturer",
        "vehicle.made_for_public_roads",
        "vehicle.meets_air_and_safety_rules",
        "vehicle.msrp",
        "vehicle.top_speed_mph",
        "vehicle.vehicle_class",
        "vehicle.wheels",
        "components_from_foreign_entity_of_concern",
        "income_not_tested_here",
        "limit_day",
        "manufacturer_not_phased_out",
        "minerals_from_foreign_entity_of_concern",
        "qualifying_battery_component_content",
        "qualifying_critical_mineral_content",
        "resold_within_the_days",
        "returned_within_the_days",
        "traced_critical_mineral_content",
    }
