"""Assessments and comparisons."""

import pickle
from datetime import date

import pytest

from evcredit import (
    Claim,
    Credit,
    CreditTransfer,
    InvalidFactError,
    MineralSource,
    Step,
    Verdict,
    assess,
    assess_transfer,
    compare,
    current_law,
    named_law,
    with_facts,
)
from evcredit.algebra.rule import Rule
from evcredit.examples import demonstration_claim
from evcredit.law import listings
from evcredit.results.determination import Determination

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
LAW = current_law()
CLAIM = demonstration_claim()
CERTIFIED_MINERALS = "vehicle.battery.certified_critical_mineral_content"
CERTIFIED_COMPONENTS = "vehicle.battery.certified_battery_component_content"


# -- the demonstration ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("law", "content", "minerals", "credit"),
    [
        ("no-japan", "47.7 %", NOT_MET, "3,750"),
        ("current", "84.1 %", MET, "7,500"),
        ("eu-no-japan", "54.2 %", MET, "7,500"),
        ("eu", "90.6 %", MET, "7,500"),
    ],
)
def test_what_japan_is_worth_to_the_demonstration(law, content, minerals, credit):
    """The four rows of the demonstration."""
    result = assess(CLAIM, law=named_law(law))
    assert str(result.mineral_content) == content
    assert str(result.component_content) == "62.0 %"
    assert result.find("minerals_requirement").verdict is minerals
    assert result.find("components_requirement").verdict is MET
    assert (result.verdict, str(result.credit)) == (MET, credit)


def test_current_law_is_the_default():
    """Omitted, the law is the current one."""
    assert assess(CLAIM) == assess(CLAIM, law=LAW)
    assert assess(CLAIM).law == LAW


@pytest.mark.parametrize("credit", [Credit.NEW_VEHICLE, "30D", "30d", "new_vehicle"])
def test_the_credit_is_named_by_its_section(credit):
    """By itself, its value or its name; the new vehicle credit is the default."""
    named = assess(CLAIM, credit=credit)
    assert named == assess(CLAIM)
    assert named.kind is Credit.NEW_VEHICLE
    assert named.to_dict()["receipt"]["section"] == "30D"
    assert compare(CLAIM, LAW, LAW, credit=credit).after == named


@pytest.mark.parametrize("credit", ["30B", "", None, 30])
def test_there_is_no_such_credit(credit):
    """Another section is an error that names those there are."""
    with pytest.raises(InvalidFactError, match=r"credit: .*'30D'"):
        assess(CLAIM, credit=credit)


def test_results_say_where_they_come_from_when_they_travel():
    """A copy by pickle is assessed again, for the same credit under the same laws."""
    assert pickle.loads(pickle.dumps(assess(CLAIM))) == assess(CLAIM)
    comparison = compare(CLAIM, named_law("no-japan"), LAW)
    assert pickle.loads(pickle.dumps(comparison)) == comparison


# -- findings ------------------------------------------------------------------------------


def test_finding_agrees_with_verdict_and_amount():
    """The tree says the same as the quick answer."""
    for facts in ({}, {"vehicle.msrp": None}, {"vehicle.msrp": 90000}):
        result = assess(with_facts(CLAIM, facts))
        assert result.finding.verdict is result.verdict
        assert result.finding.code == "credit_allowed"


def test_find_by_reason_code():
    """Every rule can be found by its code; others are not there."""
    result = assess(CLAIM)
    assert result.find("income_within_limit").citation in result.find("special_rules").citation
    with pytest.raises(KeyError, match="incme"):
        result.find("incme")


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"vehicle.msrp": 80001}, ["msrp_within_limit"]),
        (
            {"vehicle.msrp": 80001, "vehicle.final_assembly_country": "Japan"},
            ["final_assembly", "msrp_within_limit"],
        ),
        ({"vehicle.msrp": None}, ["msrp_within_limit"]),
        (
            {CERTIFIED_MINERALS: 10, CERTIFIED_COMPONENTS: 10},
            ["value_added_test", "traced_value_test", "components_requirement"],
        ),
    ],
)
def test_reasons(facts, codes):
    """What decides, in the order of the law, and nothing else."""
    result = assess(with_facts(CLAIM, facts))
    assert [finding.code for finding in result.reasons] == codes


def test_reason_codes_are_unique_and_stable():
    """One code, one rule."""
    codes = [
        finding.code
        for finding in assess(CLAIM).finding.walk()
        if finding.branches or (isinstance(finding.rule, Rule) and finding.rule.body is not None)
    ]
    assert len(set(codes)) == len(codes)
    assert set(codes) == {
        "credit_allowed",
        "eligible",
        "not_terminated",
        "acquired_in_time",
        "placed_in_service_in_time",
        "new_clean_vehicle",
        "original_use",
        "use_or_lease",
        "kind_of_vehicle",
        "size_of_vehicle",
        "full_vehicle",
        "battery_vehicle",
        "qualified_manufacturer",
        "clean_air_act",
        "gross_vehicle_weight",
        "battery_motor",
        "battery_capacity",
        "external_recharging",
        "motor_vehicle",
        "fuel_cell_vehicle",
        "final_assembly",
        "seller_report",
        "seller_report_accepted",
        "excluded_minerals",
        "excluded_components",
        "special_rules",
        "msrp_within_limit",
        "income_within_limit",
        "one_credit_per_vehicle",
        "vin_on_return",
        "not_elected_out",
        "used_in_united_states",
        "air_and_safety",
        "manufacturer_limit",
        "who_may_claim",
        "not_tax_exempt",
        "seller_to_tax_exempt_user",
        "named_in_seller_report",
        "sale_final",
        "in_service",
        "sale_not_cancelled",
        "not_returned_early",
        "not_resold_early",
        "sourcing",
        "minerals_requirement",
        "value_added_test",
        "traced_value_test",
        "components_requirement",
    }


def test_every_finding_is_cited():
    """No line without its place in the law."""
    for finding in assess(CLAIM).finding.walk():
        assert str(finding.citation)
        assert finding.citation.url.startswith("https://")


# -- certified and computed ----------------------------------------------------------------


def warnings(day=date(2024, 6, 3), law=None, **facts):
    """The warnings for the demonstration with other facts."""
    paths = {name.replace("__", "."): value for name, value in facts.items()}
    result = assess(with_facts(demonstration_claim(day), paths), law=law)
    return result.warnings_beside(result.unread)


def test_no_warning_where_nothing_is_certified():
    """Nothing can disagree."""
    assert warnings() == ()


def test_no_warning_where_certificate_and_chains_agree():
    """Another percentage with the same verdict is no disagreement."""
    assert warnings(**{CERTIFIED_MINERALS: 55, CERTIFIED_COMPONENTS: 99}) == ()


def test_warning_where_they_disagree():
    """Certified and computed, each with its percentage, on both sides."""
    assert warnings(**{CERTIFIED_MINERALS: 45, CERTIFIED_COMPONENTS: "59.5"}) == (
        (
            "the certified critical mineral content of 45 % governs, but what is stated of the "
            "supply chain amounts to 84.1 %: the requirement would be met"
        ),
        (
            "the certified battery component content of 59.5 % governs, but what is stated of the "
            "supply chain amounts to 62.0 %: the requirement would be met"
        ),
    )


@pytest.mark.parametrize(
    "facts",
    [
        {"vehicle.battery.minerals": None},
        {
            "vehicle.battery.minerals[0].steps": None,
            "vehicle.battery.minerals[1].steps": None,
            "vehicle.battery.minerals[2].steps": None,
        },
        {"purchase.placed_in_service": None},
        {"vehicle.battery.minerals": ()},
    ],
    ids=["no chains stated", "chains too open", "no day", "no chains"],
)
def test_no_warning_where_the_chains_do_not_decide(facts):
    """Only what is decided can disagree."""
    assert warnings(**{CERTIFIED_MINERALS: 45, **facts}) == ()


def test_no_warning_under_a_law_on_which_the_certificate_is_silent():
    """Under another list of countries the chains govern."""
    assert warnings(law=LAW.without_agreement("JPCMA"), **{CERTIFIED_MINERALS: 80}) == ()


MIXED = MineralSource(
    mineral="nickel",
    value=1000,
    steps=[
        Step(activity="extraction", country="AU", value_added=45),
        Step(activity="extraction", country="CN", value_added=55),
    ],
)


def test_warning_names_the_content_that_decides():
    """Where the traced value test is the one that is met, its content is reported."""
    facts = {"vehicle.battery.minerals": (MIXED,), CERTIFIED_MINERALS: 30}
    (warning,) = warnings(date(2023, 6, 1), **facts)
    assert "45.0 %" in warning
    assert warning.endswith("the requirement would be met")


def test_warning_goes_by_the_tests_in_force():
    """As the law was known in 2023 the traced value test was none, so nothing disagrees."""
    facts = {"vehicle.battery.minerals": (MIXED,), CERTIFIED_MINERALS: 30}
    early = LAW.known_on(date(2023, 6, 1))
    assert warnings(date(2023, 6, 1), law=early, **facts) == ()


# -- where the law is silent ---------------------------------------------------------------


def test_undetermined_only_where_no_fact_could_settle():
    """A car of 2027 is undetermined; one of an unknown day only lacks the day."""
    clean = {"vehicle.battery.minerals_from_foreign_entity_of_concern": False}
    late = assess(with_facts(demonstration_claim(date(2027, 1, 1)), clean))
    assert len(late.undetermined) == 2
    undated = assess(with_facts(CLAIM, {"purchase.placed_in_service": None}))
    assert "purchase.placed_in_service" in undated.missing()
    assert undated.undetermined == ()
    assert assess(CLAIM).undetermined == ()


def test_decided_claims_are_not_undetermined():
    """Over the price limit in 2027: no credit, whatever the percentage would have been."""
    late = with_facts(demonstration_claim(date(2027, 1, 1)), {"vehicle.msrp": 90000})
    assert (assess(late).verdict, assess(late).undetermined) == (NOT_MET, ())


# -- comparisons ---------------------------------------------------------------------------

NO_JAPAN = LAW.without_agreement("JPCMA")


def test_comparison_with_and_without_japan():
    """Worth 3,750 dollars, by the minerals requirement and two chains."""
    comparison = compare(CLAIM, NO_JAPAN, LAW)
    assert str(comparison.difference) == "3,750"
    assert (str(comparison.before.credit), str(comparison.after.credit)) == ("3,750", "7,500")
    flipped = [
        (flip.after.code, flip.before.verdict, flip.after.verdict) for flip in comparison.flipped
    ]
    assert flipped == [
        ("minerals_requirement", NOT_MET, MET),
        ("value_added_test", NOT_MET, MET),
        ("procurement_chain", NOT_MET, MET),
        ("procurement_chain", NOT_MET, MET),
        ("traced_value_test", NOT_MET, MET),
    ]
    chains = [flip.after for flip in comparison.flipped if flip.after.code == "procurement_chain"]
    assert [str(chain.note).partition(",")[0] for chain in chains] == ["Nickel", "Graphite"]


def test_the_other_way_round_it_is_a_loss():
    """Worth is second less first."""
    comparison = compare(CLAIM, LAW, NO_JAPAN)
    assert str(comparison.difference) == "-3,750"
    assert "worth -$3,750 to this claim" in comparison.explain()


def test_comparison_of_a_law_with_itself():
    """Nothing flips, and it is worth nothing."""
    comparison = compare(CLAIM, LAW, LAW)
    assert (str(comparison.difference), comparison.flipped) == ("0", ())


def test_worth_of_an_uncertain_claim_is_bounded():
    """Each amount may lie anywhere within its bounds."""
    open_claim = with_facts(CLAIM, {"vehicle.msrp": None})
    assert str(compare(open_claim, NO_JAPAN, LAW).difference) == "-3,750 to 7,500"


def test_rules_that_come_into_force_flip():
    """A rule that applies under one law only is a flip, even if it is met."""
    comparison = compare(CLAIM, LAW.known_on(date(2024, 6, 1)), LAW)
    flipped = {
        flip.after.code: (flip.before.in_force, flip.after.in_force) for flip in comparison.flipped
    }
    assert flipped["acquired_in_time"] == (False, True)
    assert flipped["placed_in_service_in_time"] == (True, False)


def test_findings_with_different_parts_are_not_paired():
    """Where one law goes by the certificate and the other by the chains, chains are not paired."""
    certified = with_facts(CLAIM, {CERTIFIED_MINERALS: 80})
    comparison = compare(certified, LAW, NO_JAPAN)
    assert [flip.after.code for flip in comparison.flipped] == [
        "minerals_requirement",
        "value_added_test",
        "traced_value_test",
    ]


def test_rich_display():
    """Notebooks show Markdown."""
    result, comparison = assess(CLAIM), compare(CLAIM, NO_JAPAN, LAW)
    assert result._repr_markdown_() == result.explain("markdown")
    assert comparison._repr_markdown_() == comparison.explain("markdown")


def test_assessment_of_nothing():
    """Of an empty claim everything is unresolved, and it can be explained."""
    result = assess(Claim())
    assert result.verdict is UNKNOWN
    assert "on an unknown day" in result.explain()
    assert result.mineral_content.bounds.lower == 0


def test_an_open_place_is_told_as_open_law():
    """Assembly in Guam is undecided by a reading, not by a fact, and the result says so."""
    in_guam = with_facts(demonstration_claim(), {"vehicle.final_assembly_country": "Guam"})
    found = assess(in_guam, law=current_law().with_readings(territories_in_north_america=None))
    assert found.verdict is Verdict.UNKNOWN
    assert found.missing() == ()
    assert found.undetermined == (
        "whether Guam counts as North America is unresolved; choose a reading",
    )


def test_an_open_place_of_a_chain_is_told_in_its_note():
    """Refining in Puerto Rico is shown with the reading that leaves it open."""
    changed = with_facts(
        demonstration_claim(), {"vehicle.battery.minerals[0].steps[1].country": "Puerto Rico"}
    )
    note = str(assess(changed).find("procurement_chain").note)
    assert (
        "processing in Puerto Rico (whether that counts as the United States is unresolved" in note
    )


def test_a_transfer_with_the_credit_worked_out():
    """The credit at the sale, whatever the buyer's income turns out to be; a stated one governs."""
    rich = {f"taxpayer.{year}.modified_adjusted_gross_income": 400_000 for year in YEARS}
    transfer = CreditTransfer.at_the_dealer(
        claim=with_facts(CLAIM, rich), payment=7500, advance_payment=7500, elected_on="2024-06-03"
    )
    outcome = assess_transfer(transfer)
    assert (outcome.holder.value, str(outcome.buyer_repays)) == ("the dealer", "7,500")
    half = assess_transfer(with_facts(transfer, {"credit": 3750}))
    assert half.verdict is Verdict.NOT_MET
    japan = assess_transfer(transfer, law=current_law().without_agreement("JPCMA"))
    assert japan.verdict is Verdict.NOT_MET  # the payment was more than the credit


YEARS = ("current_year", "prior_year")


def test_a_list_of_another_section_says_nothing():
    """The amounts of the fuel cell list are those of 26 USC 30B."""
    row = next(row for row in listings() if row.list_id == "L0_30B_fuelcell")
    claim = with_facts(demonstration_claim(date(2012, 6, 1)), {"vehicle.listing": row})
    result = assess(claim)
    assert str(result.credit) == "7,500"
    assert result.find("published_listing").verdict is NOT_MET
    assert result.warnings_beside(result.unread) == (
        "the list L0_30B_fuelcell is about section 30B and says nothing here",
        (
            "the list has a Honda (vehicle.listing.make), and a Example is stated (vehicle.make): "
            "check that the row means this vehicle"
        ),
    )


def test_what_is_missing_of_an_exact_credit_costs_nothing(monkeypatch):
    """Nothing can change it, so nothing is analyzed."""
    monkeypatch.setattr(
        Determination, "_completion", property(lambda result: pytest.fail("analyzed"))
    )
    for facts in ({}, {"vehicle.msrp": 90_000, "vehicle.vin": None}):
        result = assess(with_facts(demonstration_claim(), facts))
        assert result.credit.is_exact
        assert result.missing() == ()
        assert result.missing_is_exact


def test_what_shows_how_a_share_is_computed_is_worked_out_once():
    """An explanation goes through the findings many times, and pickles of them stay small."""
    walked = assess(CLAIM).finding.walk()
    finding = next(each for each in walked if each.details and each.parts)
    assert all(one is other for one, other in zip(finding.parts, finding.parts, strict=True))
    detail = finding.details[0]
    kind, given = detail.__reduce__()
    again = kind(*given)
    assert again == detail
    assert again.findings == detail.findings
    assert not vars(kind(*given))
