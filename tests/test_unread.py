"""Stated facts that no rule in force of the asked credit reads are named, by path."""

from __future__ import annotations

from datetime import date

import pytest
from tests.used import used_claim

from evcredit import (
    BatteryComponent,
    Claim,
    MineralSource,
    Purchase,
    Step,
    Taxpayer,
    TaxYear,
    Vehicle,
    assess,
    current_law,
    examples,
    with_facts,
)
from evcredit.facts import PriorTransfer, SalePrice, SellerReport, StickerPrice
from evcredit.facts.battery import Battery
from evcredit.law.readings import AgreementDay

CLAIM = examples.demonstration_claim()


def test_a_fact_of_another_credit_is_named_in_warnings_and_receipt() -> None:
    claim = with_facts(CLAIM, {"purchase.cost": 51_000, "vehicle.prior_transfers": ()})
    result = assess(claim)
    assert result.unread == (
        "vehicle.mobile_machinery",
        "vehicle.prior_transfers",
        "purchase.cost",
    )
    (warning,) = result.warnings
    assert warning.startswith("stated, but no rule in force of section 30D reads it: ")
    assert warning.endswith("vehicle.prior_transfers, purchase.cost")
    assert result.to_dict()["receipt"]["unread"] == list(result.unread)
    assert result.verdict is assess(CLAIM).verdict


def test_what_ready_made_constructors_say_is_no_warning_unless_it_is_unusual() -> None:
    assert assess(CLAIM).warnings == ()
    machine = with_facts(CLAIM, {"vehicle.mobile_machinery": True})
    assert "vehicle.mobile_machinery" in assess(machine).warnings[0]


def test_facts_for_the_reader_are_exempt_by_declaration() -> None:
    told = {
        "vehicle.make": "Tesla",
        "vehicle.model": "Model 3",
        "vehicle.trim": "Long Range",
        "vehicle.model_year": 2024,
        "vehicle.manufacturer": "Tesla",
    }
    assert assess(with_facts(CLAIM, told)).warnings == ()


@pytest.mark.parametrize("credit", ["30D", "25E", "45W"])
def test_every_credit_says_what_it_does_not_read(credit: str) -> None:
    claim = with_facts(used_claim(), {"purchase.credit_disclosed_to_user": True})
    unread = {credit: assess(claim, credit=credit).unread for credit in ("30D", "25E", "45W")}
    assert "purchase.sale_price" not in unread["25E"]
    assert "purchase.sale_price" in unread["30D"]
    assert "purchase.sale_price" in unread["45W"]
    warnings = assess(claim, credit=credit).warnings
    assert any(f"section {credit} reads it" in each for each in warnings)


def test_a_part_of_which_nothing_is_read_is_named_as_a_whole() -> None:
    claim = with_facts(
        used_claim(),
        {
            "vehicle.battery.minerals": (MineralSource(mineral="nickel", value=1),),
            "vehicle.battery.components": (),
        },
    )
    unread = assess(claim, credit="25E").unread
    assert "vehicle.battery.minerals" in unread
    assert "vehicle.battery.components" in unread
    evidence_alone = Claim(vehicle=Vehicle(), taxpayer=Taxpayer(prior_year=TaxYear()))
    assert assess(evidence_alone, credit="45W").unread == ()


def test_what_is_stated_of_many_parts_is_named_once_in_words_and_in_full_as_data() -> None:
    step = Step(activity="processing", country="Japan", performed_on="2023-11-05")
    chains = tuple(
        MineralSource(mineral=each, value=10, steps=(step,)) for each in ("nickel", "cobalt")
    )
    claim = with_facts(CLAIM, {"vehicle.battery.minerals": chains})
    result = assess(claim)
    assert result.unread[1:] == tuple(
        f"vehicle.battery.minerals[{place}].steps[0].performed_on" for place in (0, 1)
    )
    assert result.warnings[-1].endswith(
        ": vehicle.battery.minerals[0].steps[0].performed_on and 1 more"
    )
    by_day = current_law().with_readings(agreement_day=AgreementDay.ACTIVITY)
    assert assess(claim, law=by_day).unread == ("vehicle.mobile_machinery",)


def test_components_inside_components_are_read_like_them() -> None:
    cell = BatteryComponent(kind="battery cell", value=5, made_in="Japan", contains=())
    module = BatteryComponent(
        kind="battery module",
        value=9,
        made_in="United States",
        contains=(cell,),
        foreign_entity_of_concern=False,
    )
    claim = with_facts(CLAIM, {"vehicle.battery.components": (module,)})
    assert assess(claim).unread == ("vehicle.mobile_machinery",)
    early = with_facts(
        examples.demonstration_claim(date(2023, 6, 3)), {"vehicle.battery.components": (module,)}
    )
    assert "vehicle.battery.components[0].foreign_entity_of_concern" in assess(early).unread


def test_parts_that_give_a_price_stand_behind_the_price() -> None:
    claim = with_facts(CLAIM, {"vehicle.msrp": None})
    sticker = StickerPrice(base_price=50_000, factory_options=0, destination_charge=1_200)
    assert "vehicle.sticker" not in str(
        assess(with_facts(claim, {"vehicle.sticker": sticker})).unread
    )
    parts = SalePrice.agreed(20_000)
    used = with_facts(used_claim(), {"purchase.sale_price": None})
    used = with_facts(used, {"purchase.sale_price_parts": parts})
    assert "purchase.sale_price" in assess(used).unread
    assert "purchase.sale_price_parts" not in str(assess(used).unread)


def test_of_a_seller_report_what_rules_do_not_read_is_named() -> None:
    report = SellerReport.accepted(maximum_credit=7_500)
    claim = with_facts(
        CLAIM, {"purchase.seller_report_furnished": None, "purchase.seller_report": report}
    )
    assert "purchase.seller_report.maximum_credit" not in assess(claim).unread
    assert "purchase.seller_report.maximum_credit" in assess(claim, credit="45W").unread


def test_a_certificate_about_the_real_law_is_not_read_under_a_hypothetical_one() -> None:
    claim = with_facts(CLAIM, {"vehicle.battery.certified_critical_mineral_content": 60})
    path = "vehicle.battery.certified_critical_mineral_content"
    assert path not in assess(claim).unread
    hypothetical = current_law().without_agreement("JPCMA")
    assert path in assess(claim, law=hypothetical).unread


def test_many_facts_are_counted_rather_than_named() -> None:
    claim = Claim(
        vehicle=Vehicle(
            battery=Battery(
                minerals=(), components=(), capacity_kwh=60, externally_rechargeable=True,
                minerals_from_foreign_entity_of_concern=False,
                components_from_foreign_entity_of_concern=False,
                impracticable_to_trace_plan_filed=True,
            ),
            prior_transfers=(PriorTransfer.to_dealer(),),
            msrp=40_000, compact_car=True, tractor_cab=False, top_speed_mph=90,
            gasoline_or_diesel_engine=False, vehicle_class="other vehicle",
            final_assembly_country="US", mobile_machinery=True,
        ),
        purchase=Purchase(
            placed_in_service="2024-06-03", depreciable=True, true_lease=True, basis=1, cost=2,
            subject_to_lease=False, comparable_vehicle_price=4, compares_prices=True,
            elective_payment_registered=False, new_vehicle_credit_allowed=False,
            used_vehicle_credit_allowed=False, seller_report_furnished=False,
        ),
    )  # fmt: skip
    assert assess(claim, credit="25E").warnings[-1].endswith(" more")
