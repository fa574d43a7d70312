"""What would flip a refusal: found in the findings, and tried."""

from datetime import date, timedelta
from decimal import Decimal, localcontext

import attrs
import pytest
from tests.commercial import business
from tests.used import used_claim

from evcredit import (
    Bounds,
    Claim,
    Purchase,
    TaxYear,
    Verdict,
    assess,
    change_of_all,
    current_law,
    denials,
    examples,
    with_facts,
)
from evcredit.advice.change import ChangedFact
from evcredit.advice.failing import denials_of
from evcredit.advice.search import Search, _after
from evcredit.algebra.bound import finding_of, verdict_of
from evcredit.algebra.field import FactType, Kind
from evcredit.algebra.finding import Finding
from evcredit.algebra.rule import Rule, all_of, any_of
from evcredit.algebra.topic import Mode
from evcredit.facts import IncomeParts, PriorTransfer, StickerPrice
from evcredit.facts.purchase import DealerLicense
from evcredit.section_30d.limits import not_elected_out, vin_on_return

CLAIM = examples.demonstration_claim()


def result_of(credit="30D", law=None, **facts):
    changed = with_facts(CLAIM, {path.replace("__", "."): fact for path, fact in facts.items()})
    return assess(changed, credit=credit, law=law)


def the_refusal(result, code):
    (found,) = [each for each in denials(result) if each.finding.code == code]
    return found


def in_words(refusal):
    return [str(change) for change in refusal.changes]


USED = {
    "purchase": Purchase.used_from_dealer(placed_in_service="2024-06-03", sale_price=19_000),
    "vehicle.model_year": 2022,
    "vehicle.prior_transfers": (),
    "taxpayer.dependent_of_another": False,
    "taxpayer.prior_credits": (),
    "taxpayer.prior_year.modified_adjusted_gross_income": 90_000,
}


def used(**facts):
    changed = {path.replace("__", "."): fact for path, fact in facts.items()}
    return assess(with_facts(with_facts(CLAIM, USED), changed), credit="25E")


def test_only_refusals_have_changes():
    for claim in (CLAIM, Claim()):
        assert denials(assess(claim)) == ()
        assert change_of_all(assess(claim)) is None
    assert used().verdict is Verdict.MET


def test_a_price_above_the_limit_of_its_class():
    """The nearest cent, or the classes with a higher limit."""
    result = result_of(vehicle__msrp="55300.05", vehicle__vehicle_class="other vehicle")
    refusal = the_refusal(result, "msrp_within_limit")
    assert in_words(refusal) == [
        (
            "manufacturer's suggested retail price: $55,000 would suffice, $300.05 "
            "less than $55,300.05"
        ),
        (
            "vehicle class: van, sport utility vehicle or pickup truck would "
            "suffice instead of other "
            "vehicle"
        ),
    ]
    assert [change.credit.lower for change in refusal.changes] == [7500, 7500]
    assert [str(c.value) for c in refusal.changes[1].facts[0].others] == [
        "sport utility vehicle",
        "pickup truck",
    ]


def test_the_nearest_value_is_the_nearest():
    """One cent beyond it the requirement fails."""
    refusal = the_refusal(result_of(vehicle__msrp=81_234), "msrp_within_limit")
    (price,) = refusal.changes[0].facts
    assert price.after == 80_000
    assert result_of(vehicle__msrp=price.after + Decimal("0.01")).verdict is Verdict.NOT_MET


def test_a_price_of_which_only_bounds_are_known():
    """From its nearest end."""
    result = result_of(vehicle__msrp=Bounds(Decimal(81_000), Decimal("Infinity")))
    (change,) = the_refusal(result, "msrp_within_limit").changes
    assert str(change) == (
        "manufacturer's suggested retail price: $80,000 would suffice instead of at least $81,000"
    )
    assert change.size[1] == (81_000 - 80_000) * change.size[1].__class__(1, 81_000)


def test_a_price_that_a_window_label_adds_up_to():
    """The label is omitted, because it says otherwise."""
    label = StickerPrice(base_price=80_000, factory_options=300)
    result = result_of(vehicle__msrp=None, vehicle__sticker=label)
    (change,) = the_refusal(result, "msrp_within_limit").changes
    assert change.values == {"vehicle.sticker": None, "vehicle.msrp": Decimal(80_000)}
    assert change.without == ("vehicle.sticker",)
    assert assess(with_facts(result.claim, change.values)).verdict is Verdict.MET


def test_an_income_that_parts_add_up_to():
    parts = IncomeParts.domestic(320_000)
    year = TaxYear(filing_status="married filing jointly", income_parts=parts)
    result = result_of(taxpayer__current_year=year, taxpayer__prior_year=year)
    together = change_of_all(result)
    assert together.without == ("taxpayer.current_year.income_parts",)
    assert assess(with_facts(result.claim, together.values)).verdict is Verdict.MET


def test_incomes_of_two_years_are_told_apart():
    result = result_of(
        taxpayer__current_year__modified_adjusted_gross_income=310_000,
        taxpayer__prior_year__modified_adjusted_gross_income=305_000,
    )
    assert in_words(the_refusal(result, "income_within_limit")) == [
        (
            "modified adjusted gross income, prior year: $300,000 would suffice, $5,000 less than "
            "$305,000"
        ),
        (
            "modified adjusted gross income, year the vehicle is placed in service: $300,000 would "
            "suffice, $10,000 less than $310,000"
        ),
    ]


def test_a_filing_status_with_a_higher_threshold():
    single = TaxYear(filing_status="single", modified_adjusted_gross_income=200_000)
    result = result_of(taxpayer__current_year=single, taxpayer__prior_year=single)
    words = in_words(the_refusal(result, "income_within_limit"))
    assert (
        "filing status, prior year: head of household, married filing jointly or qualifying "
        "surviving spouse would suffice instead of single"
    ) in words


def test_a_flag():
    result = result_of(purchase__vin_on_return=False)
    assert in_words(the_refusal(result, "vin_on_return")) == [
        "vehicle identification number on the return: yes would suffice instead of no"
    ]


def test_a_country():
    """Every member of the group, and no other country."""
    result = result_of(vehicle__final_assembly_country="Germany")
    (change,) = the_refusal(result, "final_assembly").changes
    (fact,) = change.facts
    group = current_law().north_america.members
    assert {fact.after, *fact.others} == {code for code, held in group.items() if held}


def test_a_weight_that_must_be_below():
    result = result_of(vehicle__gross_vehicle_weight_rating_lb=15_000)
    assert in_words(the_refusal(result, "gross_vehicle_weight")) == [
        "gross vehicle weight rating: just below 14000 lb would suffice instead of 15000 lb"
    ]


def test_a_number_that_must_be_reached():
    result = result_of(vehicle__battery__capacity_kwh="6.9")
    (change,) = the_refusal(result, "battery_capacity").changes
    assert change.facts[0].after == 7
    assert str(change) == "battery capacity: 7 kWh would suffice instead of 6.9 kWh"


def test_a_count():
    result = result_of(vehicle__wheels=3)
    words = in_words(the_refusal(result, "motor_vehicle"))
    assert words == ["number of wheels: 4 would suffice, 1 more than 3"]


def test_days_that_must_move_together():
    """Contract and payment are both too late; possession cannot come before them."""
    late = {
        "purchase__contract_date": date(2025, 10, 3),
        "purchase__first_payment_date": date(2025, 10, 1),
        "purchase__placed_in_service": date(2025, 11, 3),
        "vehicle__battery__minerals_from_foreign_entity_of_concern": False,
    }
    result = result_of(**late)
    (change,) = the_refusal(result, "acquired_in_time").changes
    assert str(change) == (
        "day of the written binding contract: 2025-09-30 would suffice, 3 days "
        "before 2025-10-03; and "
        "day of the first payment: 2025-09-30 would suffice, 1 day before 2025-10-01"
    )
    assert change.size[0] == 2
    assert change_of_all(result).values == change.values


def test_a_day_after_which_a_return_does_no_harm():
    result = result_of(purchase__returned_on=date(2024, 6, 10))
    assert in_words(the_refusal(result, "not_returned_early")) == [
        "day placed in service: 2024-05-10 would suffice, 24 days before 2024-06-03",
        "day of return to the seller: 2024-07-04 would suffice, 24 days after 2024-06-10",
    ]


def test_a_model_year():
    assert in_words(the_refusal(used(vehicle__model_year=2023), "model_year"))[0] == (
        "model year: 2022 would suffice, 1 less than 2023"
    )


def test_an_earlier_transfer():
    """None at all would suffice, or another recipient, or an earlier day."""
    before = (PriorTransfer.to_individual("2023-05-02"),)
    words = in_words(the_refusal(used(vehicle__prior_transfers=before), "first_transfer"))
    assert "earlier transfers: none would suffice" in words
    assert any(each.startswith("recipient, prior_transfers[0]: the original") for each in words)
    assert any("day of the transfer, prior_transfers[0]: 2022-08-1" in each for each in words)


def test_content_that_falls_short():
    """By chains as they are, and by what the manufacturer could certify; each was tried."""
    without = current_law().without_agreement("JPCMA")
    (module,) = CLAIM.vehicle.battery.components
    (cell,) = module.contains
    abroad = {
        "vehicle.battery.components": (
            with_facts(
                module,
                {
                    "made_in": "South Korea",
                    "contains": (with_facts(cell, {"made_in": "South Korea"}),),
                },
            ),
        )
    }
    result = assess(with_facts(CLAIM, abroad), law=without)
    assert result.verdict is Verdict.NOT_MET
    refusal = the_refusal(result, "components_requirement")
    assert any(
        fact.path == "vehicle.battery.certified_battery_component_content" and fact.after == 60
        for change in refusal.changes
        for fact in change.facts
    )
    for each in denials(result):
        assert each.changes
        for change in each.changes:
            changed = assess(with_facts(result.claim, change.values), law=without)
            assert changed.credit == change.credit
            assert changed.find(each.finding.code).verdict is Verdict.MET
    together = change_of_all(result)
    assert len(together.facts) == 1  # one of the two requirements is enough
    assert together.credit.lower > 0


def test_a_certified_percentage_is_not_said_to_be_instead_of_anything():
    declared = FactType(Kind.PERCENT, "content")
    assert str(ChangedFact("x", declared, None, Decimal(50))) == "content: 50 % would suffice"


def test_of_alternatives_the_one_that_takes_least():
    result = business(
        vehicle__gross_vehicle_weight_rating_lb=14_000,
        vehicle__battery__capacity_kwh="14.9",
    )
    codes = [each.finding.code for each in denials(result)]
    assert codes == ["large_battery", "light_vehicle", "commercial_fuel_cell"]
    together = change_of_all(result)
    assert [fact.path for fact in together.facts] == ["vehicle.gross_vehicle_weight_rating_lb"]
    changed = assess(with_facts(result.claim, together.values), credit="45W")
    assert changed.verdict is not Verdict.NOT_MET
    assert changed.credit == together.credit


def test_changes_for_several_requirements():
    result = result_of(
        vehicle__msrp=80_300, vehicle__wheels=3, purchase__elected_out=True, vehicle__fuel_cell=None
    )
    together = change_of_all(result)
    assert set(together.values) >= {"vehicle.msrp", "purchase.elected_out"}
    assert assess(with_facts(result.claim, together.values)).credit == together.credit


def test_nothing_that_is_stated_can_help():
    """A requirement that no value meets has no change."""
    result = result_of(purchase__elected_out=True)
    finding = result.find("not_elected_out")
    rule = Rule("never", "never", finding.citation, Mode.BODY)
    never = Finding(rule, Verdict.NOT_MET, facts=finding.facts)
    (refusal,) = denials_of(
        never,
        result.claim,
        current_law(),
        lambda rule, subject: False,
        lambda subject: result.credit,
    )
    assert refusal.changes == ()


@pytest.mark.parametrize("compose", [all_of, any_of])
def test_a_plan_needs_a_change(compose):
    """Where one of the parts that fail cannot be mended, an alternative may still do."""
    claim = with_facts(CLAIM, {"purchase.elected_out": True, "purchase.vin_on_return": False})
    law = current_law()
    whole = compose("whole", "the whole", "26 USC 30D(f)", not_elected_out, vin_on_return)

    def holds(rule, subject):
        return rule is not_elected_out and verdict_of(rule, subject, law) is Verdict.MET

    search = Search(claim, law, holds, lambda subject: Bounds.exactly(Decimal(0)))
    plan = search.plan(finding_of(whole, claim, law))
    if compose is all_of:
        assert plan is None
    else:
        assert [each.finding.rule for each in plan] == [not_elected_out]


def test_as_data():
    refusal = the_refusal(result_of(vehicle__msrp=80_300), "msrp_within_limit")
    assert refusal.to_dict() == {
        "code": "msrp_within_limit",
        "citation": "26 USC 30D(f)(11)",
        "in_plain_words": "The list price of the car is above the limit.",
        "changes": [
            {
                "facts": [
                    {
                        "path": "vehicle.msrp",
                        "before": 80300,
                        "after": 80000,
                        "others": [],
                    }
                ],
                "without": [],
                "credit": {"lower": 7500, "upper": 7500, "currency": "USD"},
            }
        ],
    }


# -- the edges of the search ---------------------------------------------------------------


def test_a_flag_and_a_number_together():
    result = result_of(vehicle__wheels=3, vehicle__made_for_public_roads=False)
    assert in_words(the_refusal(result, "motor_vehicle")) == [
        (
            "number of wheels: 4 would suffice, 1 more than 3; "
            "and manufactured primarily for public roads: yes would suffice instead of no"
        )
    ]


def test_a_manufacturer_has_no_other_values():
    """Of a phase-out only the days can be otherwise."""
    before = with_facts(
        examples.demonstration_claim(date(2021, 6, 3)),
        {
            "vehicle.manufacturer": "Tesla",
            "purchase.contract_date": date(2018, 3, 1),
            "purchase.first_payment_date": date(2018, 3, 1),
        },
    )
    result = assess(before)
    assert result.verdict is Verdict.NOT_MET
    paths = {
        fact.path
        for change in the_refusal(result, "manufacturer_limit").changes
        for fact in change.facts
    }
    assert "purchase.placed_in_service" in paths
    assert "vehicle.manufacturer" not in paths


def test_a_step_by_a_foreign_entity():
    """The one flag; that there be no minerals is no advice."""
    flag = "vehicle.battery.minerals[6].steps[1].foreign_entity_of_concern"
    claim = with_facts(
        examples.demonstration_claim(date(2025, 3, 1)),
        {
            **{
                f"vehicle.battery.minerals[{index}].steps[{step}].foreign_entity_of_concern": False
                for index, chain in enumerate(CLAIM.vehicle.battery.minerals)
                for step in range(len(chain.steps))
            },
            flag: True,
        },
    )
    refusal = the_refusal(assess(claim), "excluded_minerals")
    paths = [fact.path for change in refusal.changes for fact in change.facts]
    assert flag in paths
    assert "vehicle.battery.minerals" not in paths


def test_no_change_does():
    """No price is below nothing."""
    law = current_law()
    limit = law.used_vehicle_price_limit.always(-1, why="an example")
    law = attrs.evolve(law, used_vehicle_price_limit=limit)
    result = assess(used().claim, credit="25E", law=law)
    assert the_refusal(result, "sale_price").changes == ()
    assert change_of_all(result) is None


def test_changes_one_after_the_other_have_an_end(monkeypatch):
    result = result_of(purchase__elected_out=True, purchase__vin_on_return=False)
    assert len(change_of_all(result).facts) == 2
    monkeypatch.setattr("evcredit.advice.failing._MENDED", 1)
    assert change_of_all(result) is None


def test_a_rule_that_stands_twice_refuses_once():
    law, claim = current_law(), with_facts(CLAIM, {"purchase.vin_on_return": False})
    twice = all_of("twice", "twice", "26 USC 30D(f)", vin_on_return, vin_on_return)

    def holds(rule, subject):
        return verdict_of(rule, subject, law) is Verdict.MET

    found = denials_of(finding_of(twice, claim, law), claim, law, holds, lambda subject: None)
    assert [each.finding.code for each in found] == ["vin_on_return"]


def test_what_fails_because_something_holds_has_no_plan():
    """The inverse of a rule: what would have to fail is not looked for."""
    law = current_law()
    inverse = finding_of(~vin_on_return, CLAIM, law)
    assert inverse.verdict is Verdict.NOT_MET
    search = Search(CLAIM, law, lambda rule, subject: True, lambda subject: None)
    assert search.plan(inverse) is None
    assert denials_of(inverse, CLAIM, law, lambda rule, subject: True, lambda subject: None) == ()


def test_the_ends_of_the_calendar():
    """No day after the last one is tried."""
    assert _after(date(9999, 12, 30), timedelta(days=1), 1) == date(9999, 12, 31)
    assert _after(date(9999, 12, 30), timedelta(days=1), 2) is None


def test_numbers_stay_exact_in_any_context():
    with localcontext(prec=3):
        (change,) = the_refusal(result_of(vehicle__msrp="80300.05"), "msrp_within_limit").changes
    assert change.facts[0].after == 80_000
    assert str(change).endswith("$80,000 would suffice, $300.05 less than $80,300.05")


def test_what_cannot_be_unknown_is_not_left_out():
    """A chain is of some mineral."""
    law, path = current_law(), "vehicle.battery.minerals[0].mineral"
    search = Search(CLAIM, law, lambda rule, subject: False, lambda subject: None)
    assert not search._open_without(vin_on_return, path)


def test_a_change_that_makes_another_requirement_fail_is_not_offered():
    """A dealer licensed by a territory alone never helps (26 CFR 1.25E-1(b)(3))."""
    claim = used_claim(date(2025, 5, 5), purchase__seller_license="nobody")
    (refusal,) = denials(assess(claim, credit="25E"))
    offered = {fact.after for change in refusal.changes for fact in change.facts} | {
        other for change in refusal.changes for fact in change.facts for other in fact.others
    }
    assert offered
    assert DealerLicense.TERRITORY_ALONE not in offered
    assert all(change.credit.upper for change in refusal.changes)
