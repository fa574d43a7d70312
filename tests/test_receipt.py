"""Results in words and as data.

The golden texts in ``tests/golden`` are read by people: to write them again after a wanted change,
run ``EVCREDIT_UPDATE_GOLDEN=1 python -m pytest tests/test_receipt.py`` and read the difference.
"""

import json
import os
import re
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import attrs
import pytest
from tests.commercial import business
from tests.used import used

from evcredit import (
    Bounds,
    Claim,
    MineralSource,
    Purchase,
    Step,
    Vehicle,
    Verdict,
    __version__,
    assess,
    compare,
    current_law,
    named_law,
    with_facts,
)
from evcredit.algebra.field import FactType, Kind
from evcredit.algebra.share import Share
from evcredit.examples import demonstration_claim
from evcredit.facts import PriorCredit, PriorTransfer, SalePrice, StickerPrice
from evcredit.facts.taxpayer import FilingStatus
from evcredit.io import claim_from_dict
from evcredit.results.words import facts_to_dict, in_words, json_value

GOLDEN = Path(__file__).parent / "golden"
LAW = current_law()
CLAIM = demonstration_claim()
NO_JAPAN = LAW.without_agreement("JPCMA")


def changed(day=date(2024, 6, 3), **facts):
    """The demonstration with other facts; "__" represents the dot."""
    paths = {name.replace("__", "."): value for name, value in facts.items()}
    return with_facts(demonstration_claim(day), paths)


RESULTS = {
    "met": lambda: assess(CLAIM),
    "not-met-price": lambda: assess(changed(vehicle__msrp="80000.01")),
    "not-met-foreign-entity": lambda: assess(
        changed(
            date(2025, 3, 1),
            **{"vehicle.battery.minerals[6].steps[1].foreign_entity_of_concern": True},
        )
    ),
    "unknown-price": lambda: assess(changed(vehicle__msrp=None)),
    "unknown-nearly-everything": lambda: assess(Claim()),
    "undetermined-2027": lambda: assess(
        changed(
            date(2027, 2, 1),
            vehicle__battery__minerals_from_foreign_entity_of_concern=False,
        )
    ),
    "half": lambda: assess(CLAIM, law=NO_JAPAN),
    "certified-disagrees": lambda: assess(
        changed(
            vehicle__battery__certified_critical_mineral_content=45,
            vehicle__battery__certified_battery_component_content=Bounds(Decimal(50), Decimal(55)),
        )
    ),
    "used-met": lambda: used(purchase__sale_price=12_000),
    "used-not-met": lambda: used(
        vehicle__prior_transfers=[
            PriorTransfer.to_dealer("2023-01-20"),
            PriorTransfer.to_individual("2023-02-11"),
            PriorTransfer.to_dealer("2024-05-02"),
        ],
        taxpayer__prior_credits=[PriorCredit(on="2023-05-02")],
    ),
    "used-unknown": lambda: used(
        purchase__sale_price=None,
        purchase__sale_price_parts=attrs.evolve(SalePrice.agreed(24_500), dealer_fees=None),
        vehicle__prior_transfers=[PriorTransfer(on="2023-02-11", to="another individual")],
        vehicle__model_year=None,
    ),
    "business-lessor": lambda: business(
        vehicle__vehicle_class="other vehicle",
        vehicle__gasoline_or_diesel_engine=True,
        vehicle__compact_car=True,
        purchase__subject_to_lease=True,
        purchase__true_lease=True,
        purchase__basis=49_000,
    ),
    "business-not-held": lambda: business(
        vehicle__gross_vehicle_weight_rating_lb=24_000,
        purchase__basis=150_000,
        purchase__true_lease=None,
        purchase__subject_to_lease=None,
    ),
    "business-lessee": lambda: business(
        purchase__subject_to_lease=None,
        purchase__leased_from_another=True,
        purchase__original_use_begins_with_taxpayer=False,
    ),
    "comparison-japan": lambda: compare(CLAIM, NO_JAPAN, LAW),
    "comparison-nothing": lambda: compare(CLAIM, LAW, LAW),
    "comparison-eu": lambda: compare(CLAIM, LAW, named_law("eu")),
}
#: Each is made once, and what was looked for is kept in it: no result can be changed.
RESULTS = {name: cache(made) for name, made in RESULTS.items()}
GOLDENS = [
    *((name, "text", "txt") for name in RESULTS if name != "unknown-nearly-everything"),
    ("met", "markdown", "md"),
    ("unknown-price", "markdown", "md"),
    ("comparison-japan", "markdown", "md"),
    ("met", "mermaid", "mmd"),
]


@pytest.mark.parametrize(("name", "form", "suffix"), GOLDENS)
def test_golden_explanations(name, form, suffix):
    """The explanation is word for word the one that was read and found good."""
    file = GOLDEN / f"{name}.{suffix}"
    text = RESULTS[name]().explain(form)
    if os.environ.get("EVCREDIT_UPDATE_GOLDEN") == "1":
        GOLDEN.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_no_golden_text_is_left_over():
    """Every file belongs to a test, here or in test_day_panel.py."""
    assert {file.name for file in GOLDEN.iterdir()} == {
        "day_panel.txt",
        *(f"{name}.{suffix}" for name, _, suffix in GOLDENS),
    }


# -- what explanations must say ------------------------------------------------------------


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_comparison_names_agreement_date_and_chain(form):
    """Japan's agreement, the day it came into force, and the nickel that flips."""
    text = compare(CLAIM, NO_JAPAN, LAW).explain(form)
    plain = " ".join(text.split()).replace("\\$", "$")
    assert "worth $3,750 to this claim" in plain
    assert (
        "Strengthening Critical Minerals Supply Chains (JPCMA), in force since 2023-03-28" in plain
    )
    assert (
        "not met -> met: Nickel, $1,061: extraction in Indonesia; processing in Japan (on the "
        "list by JPCMA since 2023-03-28)"
    ) in plain
    assert "content 47.7 % -> 84.1 %" in plain


def test_comparison_the_other_way_round_names_the_agreement_too():
    """What is lost is reported by the law under which it counted."""
    plain = " ".join(compare(CLAIM, LAW, NO_JAPAN).explain().split())
    assert "only under the first: Agreement between the Government of Japan" in plain
    assert "met -> not met: Nickel, $1,061" in plain
    assert "processing in Japan (on the list by JPCMA since 2023-03-28)" in plain


def test_a_claim_of_which_nothing_is_met():
    """Without the rules of 2023 and later, with all that may be stated against it."""
    law = LAW.known_on(date(2023, 6, 1))
    rules = law.clean_vehicle_rules_in_force
    never = attrs.evolve(rules.entries[0], value=False, end=None)
    law = attrs.evolve(law, clean_vehicle_rules_in_force=rules.__class__(rules.name, (never,)))
    claim = with_facts(
        Claim(),
        {
            "taxpayer.kind": "tax-exempt or governmental user",
            "purchase.sold_to_tax_exempt_user": True,
            "purchase.credit_disclosed_to_user": False,
            "purchase.another_owner_in_seller_report": True,
            "purchase.sale_cancelled": True,
            "purchase.not_in_service": True,
        },
    )
    result = assess(claim, law=law)
    assert result.verdict is Verdict.NOT_MET
    lines = result.explain().splitlines()
    assert "What decides" in lines
    assert "Met" not in lines


@pytest.mark.parametrize("name", list(RESULTS))
def test_explanations_are_text_for_a_terminal(name):
    """No line is wider than 96 characters, and none ends in a blank."""
    for line in RESULTS[name]().explain().splitlines():
        assert len(line) <= 96
        assert line == line.rstrip()


@pytest.mark.parametrize("name", list(RESULTS))
def test_items_are_never_deeper_than_their_list(name):
    """In Markdown an item without the one it belongs to would be shown as code."""
    depth = -1
    for line in RESULTS[name]().explain("markdown").splitlines():
        item = re.match(r"( *)- ", line)
        if item is not None:
            now = len(item[1]) // 4
            assert now <= depth + 1, line
            depth = now
        elif line:
            depth = -1


def test_verdict_comes_first():
    """The headline has verdict and amount."""
    headlines = {name: RESULTS[name]().explain().splitlines()[0] for name in ("met", "half")}
    headlines["unknown"] = RESULTS["unknown-price"]().explain().splitlines()[0]
    headlines["not met"] = RESULTS["not-met-price"]().explain().splitlines()[0]
    assert headlines == {
        "met": "MET: a new clean vehicle credit of $7,500 is allowed.",
        "half": "MET: a new clean vehicle credit of $3,750 is allowed.",
        "unknown": "UNKNOWN: the new clean vehicle credit is between $0 and $7,500.",
        "not met": "NOT MET: no new clean vehicle credit is allowed.",
    }


def test_allowed_credit_of_uncertain_amount():
    """A credit is certain, its amount is not."""
    claim = changed(vehicle__battery__minerals=None)
    first = assess(claim).explain().splitlines()[0]
    assert first.startswith("MET: ")
    assert "between $3,750 and $7,500" in first


def test_price_limit_is_told_with_both_numbers():
    """What was found, what is allowed, and its citation."""
    plain = " ".join(RESULTS["not-met-price"]().explain().split())
    assert (
        "not met: suggested retail price not in excess of the limit [26 USC 30D(f)(11)]: "
        "manufacturer's suggested retail price: $80,000.01; vehicle class: sport utility vehicle; "
        "suggested retail price limit (sport utility vehicle): $80,000 "
        "[26 USC 30D(f)(11)(B)(ii)]"
    ) in plain


def test_missing_facts_are_told_with_name_and_path():
    """A reader learns what to find out and where to put it."""
    text = RESULTS["unknown-price"]().explain()
    assert (
        "Unknown facts that matter\n  - manufacturer's suggested retail price (vehicle.msrp)"
        in text
    )


def test_long_lists_of_facts_are_cut():
    """Fourteen flags are not all repeated in the settling sets."""
    claim = demonstration_claim(date(2025, 3, 1))
    # What is done in China would tell on its own who did it.
    elsewhere = {
        f"vehicle.battery.minerals[{chain}].steps[{step}].country": "Taiwan"
        for chain, source in enumerate(claim.vehicle.battery.minerals)
        for step, each in enumerate(source.steps)
        if each.country == "CN"
    }
    text = " ".join(assess(with_facts(claim, elsewhere)).explain().split())
    assert "and 8 more No credit is possible" in text
    assert "or of one of 8 other sets of facts" in text


def test_more_than_the_analysis_can_try_is_said():
    """With dozens of chains of which nothing is known the limit is reached, and told."""
    steps = [Step(activity=activity) for activity in ("extraction", "processing") * 2]
    chains = tuple(MineralSource(mineral="nickel", steps=steps) for _ in range(12))
    result = assess(changed(vehicle__battery__minerals=chains))
    assert result.missing_is_exact is False
    assert "So much is unknown that facts which may not matter are listed too." in result.explain()


def test_tests_that_are_not_in_force_are_not_told():
    """As known in 2023 there is one mineral test alone."""
    text = assess(CLAIM, law=LAW.known_on(date(2023, 6, 1))).explain()
    assert "50 percent value added test" in text
    assert "traced qualifying value test" not in text


def test_headings_without_items_are_left_out():
    """Where every rule is in force, nothing is said of rules that are not."""
    earlier = LAW.known_on(date(2024, 6, 1))
    law = attrs.evolve(
        LAW,
        service_deadline_in_force=earlier.service_deadline_in_force,
        service_deadline=earlier.service_deadline,
        manufacturer_limit_in_force=LAW.manufacturer_limit_in_force.always(True, why="a test"),
    )
    clean = changed(
        date(2025, 3, 1), vehicle__battery__minerals_from_foreign_entity_of_concern=False
    )
    assert "Not in force for this vehicle" in assess(clean).explain()
    assert "Not in force for this vehicle" not in assess(clean, law=law).explain()


def test_forms():
    """Text, Markdown and Mermaid; a comparison has no diagram."""
    result, comparison = assess(CLAIM), compare(CLAIM, LAW, LAW)
    assert result.explain() == result.explain("text")
    assert result.explain("markdown").startswith("### MET: ")
    assert "\\$7,500" in result.explain("markdown")
    assert result.explain("mermaid").startswith("flowchart TD\n")
    for each, form in ((result, "pdf"), (comparison, "pdf"), (comparison, "mermaid")):
        with pytest.raises(ValueError, match=f"no form is called '{form}'"):
            each.explain(form)


@pytest.mark.parametrize("name", ["met", "not-met-foreign-entity", "unknown-nearly-everything"])
def test_mermaid_is_a_tree(name):
    """Every node has a name of its own, and every one but the first has one arrow to it."""
    text = RESULTS[name]().explain("mermaid")
    nodes = re.findall(r"^    (n\d+)\[", text, re.MULTILINE)
    arrows = re.findall(r"^    (n\d+) --> (n\d+)$", text, re.MULTILINE)
    assert len(nodes) > 30
    assert len(set(nodes)) == len(nodes)
    assert sorted(target for _, target in arrows) == sorted(nodes[1:])
    assert len(text.splitlines()) == 1 + len(nodes) + len(arrows)


# -- values in words -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        (None, Kind.MONEY, "unknown"),
        (True, Kind.FLAG, "yes"),
        (False, Kind.FLAG, "no"),
        (Decimal("54999.99"), Kind.MONEY, "$54,999.99"),
        (55000, Kind.MONEY, "$55,000"),
        (Decimal("1E+2"), Kind.COUNT, "100"),
        (Decimal("59.5"), Kind.PERCENT, "59.5 %"),
        (Share(1, 2, 1, 2), Kind.PERCENT, "50.0 %"),
        (FilingStatus.SINGLE, Kind.CHOICE, "single"),
        (MineralSource(mineral="nickel").mineral, Kind.CHOICE, "Nickel"),
        ("KR", Kind.COUNTRY, "South Korea"),
        (date(2024, 6, 3), Kind.DAY, "2024-06-03"),
        ("Example", Kind.TEXT, "Example"),
        (Bounds(Decimal(1), Decimal(2)), Kind.MONEY, "$1 to $2"),
        (Bounds(Decimal(1), Decimal("Infinity")), Kind.MONEY, "at least $1"),
        (Bounds(Decimal("-Infinity"), Decimal(2)), Kind.MONEY, "at most $2"),
        (Bounds(Decimal(1), Decimal("Infinity")), Kind.COUNT, "at least 1"),
    ],
)
def test_facts_in_words(value, kind, words):
    """As a reader expects it."""
    assert in_words(value, FactType(kind, "a fact")) == words


def test_quantities_have_their_unit():
    """Once after the number, and at both ends of bounds."""
    declared = FactType(Kind.QUANTITY, "capacity", "kWh")
    assert in_words(Decimal("75.0"), declared) == "75.0 kWh"
    assert in_words(Bounds(Decimal(60), Decimal(75)), declared) == "60 kWh to 75 kWh"


# -- as data -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", list(RESULTS))
def test_results_are_ready_for_json(name):
    """What `to_dict` gives survives JSON unchanged."""
    data = RESULTS[name]().to_dict()
    assert json.loads(json.dumps(data)) == data


def test_assessment_as_data():
    """Verdict, amount, reasons and what is missing, under stable names."""
    data = RESULTS["unknown-price"]().to_dict()
    assert list(data) == [
        "verdict",
        "credit",
        "reasons",
        "missing",
        "missing_is_exact",
        "undetermined",
        "warnings",
        "finding",
        "amounts",
        "receipt",
    ]
    assert data["verdict"] == "unknown"
    assert data["credit"] == {"lower": 0, "upper": 7500, "currency": "USD"}
    assert data["reasons"] == ["msrp_within_limit"]
    assert data["missing"] == ["vehicle.msrp"]
    assert data["missing_is_exact"] is True
    assert data["finding"]["code"] == "credit_allowed"


def find(node, code):
    """The node of a finding as data, by its code."""
    if node["code"] == code:
        return node
    return next(
        (found for part in node.get("parts", ()) if (found := find(part, code))),
        None,
    )


def test_findings_as_data():
    """Code, title, verdict, citation with address, facts and limits."""
    top = RESULTS["not-met-price"]().to_dict()["finding"]
    price = find(top, "msrp_within_limit")
    assert price == {
        "code": "msrp_within_limit",
        "title": "suggested retail price not in excess of the limit",
        "verdict": "not met",
        "citation": "26 USC 30D(f)(11)",
        "url": "https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title26-section30D",
        "facts": {"vehicle.msrp": "80000.01", "vehicle.vehicle_class": "sport utility vehicle"},
        "limits": [
            {
                "label": "suggested retail price limit (sport utility vehicle)",
                "value": 80000,
                "citation": "26 USC 30D(f)(11)(B)(ii)",
            }
        ],
    }
    assert find(top, "excluded_minerals")["in_force"] is False
    deadline = find(top, "acquired_in_time")["limits"][0]
    assert deadline["value"] == "2025-09-30"
    assert find(top, "final_assembly")["limits"][0]["value"] == "North America"
    chain = find(top, "procurement_chain")
    assert chain["note"].startswith("Lithium, $932.40: extraction in Chile")
    share = find(top, "value_added_test")["facts"]["qualifying_critical_mineral_content"]
    assert share == {"lower": "13699/16290", "upper": "13699/16290"}


def test_limits_that_are_not_there_as_data():
    """Where the law has no value, the reason is reported; remarks of schedules are kept."""
    top = RESULTS["undetermined-2027"]().to_dict()["finding"]
    (limit,) = find(top, "components_requirement")["limits"]
    assert limit["value"] is None
    assert "struck" in limit["no_provision"]
    hypothetical = LAW.critical_minerals_percentage.always(30, why="what if")
    reform = attrs.evolve(LAW, critical_minerals_percentage=hypothetical)
    top = assess(CLAIM, law=reform).to_dict()["finding"]
    assert find(top, "value_added_test")["limits"][0]["note"] == "what if"


def test_certified_content_as_data():
    """Bounds are an object of two numbers."""
    top = RESULTS["certified-disagrees"]().to_dict()["finding"]
    path = "vehicle.battery.certified_battery_component_content"
    assert find(top, "certified_battery_component_content")["facts"] == {
        path: {"lower": 50, "upper": 55}
    }


def test_receipt_has_version_law_and_facts():
    """Enough to compute the result again."""
    receipt = assess(CLAIM, law=NO_JAPAN).to_dict()["receipt"]
    assert receipt["evcredit"] == __version__
    assert receipt["law"] == "current law without JPCMA"
    assert receipt["as_known_on"] is None
    assert receipt["law_digest"] == NO_JAPAN.digest
    assert receipt["facts"]["vehicle"]["msrp"] == 57990
    known = assess(CLAIM, law=LAW.known_on(date(2024, 6, 1))).to_dict()["receipt"]
    assert known["as_known_on"] == "2024-06-01"


@pytest.mark.parametrize("name", [name for name in RESULTS if "comparison" not in name])
def test_claim_can_be_read_back_from_the_receipt(name):
    """The facts of the receipt are the claim."""
    result = RESULTS[name]()
    facts = json.loads(json.dumps(result.to_dict()))["receipt"]["facts"]
    assert claim_from_dict(facts) == result.claim


def test_comparison_as_data():
    """Worth, flips, and both assessments with their receipts."""
    data = RESULTS["comparison-japan"]().to_dict()
    assert data["difference"] == {"lower": 3750, "upper": 3750, "currency": "USD"}
    assert [flip["code"] for flip in data["flipped"]] == [
        "minerals_requirement",
        "value_added_test",
        "procurement_chain",
        "procurement_chain",
        "traced_value_test",
    ]
    assert (data["flipped"][2]["before"], data["flipped"][2]["after"]) == ("not met", "met")
    assert data["flipped"][2]["note"].startswith("Nickel, $1,061")
    assert data["before"]["receipt"]["law"] == "current law without JPCMA"
    assert data["after"]["receipt"]["law_digest"] == LAW.digest
    in_force = compare(CLAIM, LAW.known_on(date(2024, 6, 1)), LAW).to_dict()["flipped"]
    assert {"before": "not in force", "after": "met"}.items() <= in_force[0].items()


@pytest.mark.parametrize(
    ("value", "data"),
    [
        (None, None),
        (True, True),
        (3, 3),
        ("JP", "JP"),
        (date(2024, 6, 3), "2024-06-03"),
        (Decimal("1E+3"), 1000),
        (Decimal("0.10"), "0.1"),
        (FilingStatus.SINGLE, "single"),
        (MineralSource(mineral="nickel").mineral, "nickel"),
        (Bounds(Decimal(1), Decimal("Infinity")), {"lower": 1, "upper": None}),
        (Share(1, 3, 2, 3), {"lower": "1/3", "upper": "2/3"}),
        (
            (Step(activity="processing", country="JP"),),
            [{"activity": "processing", "country": "JP"}],
        ),
    ],
)
def test_values_as_data(value, data):
    """Integers are numbers; other exact numbers are text."""
    assert json_value(value) == data


def test_facts_as_data_leave_out_what_is_unknown():
    """Known to be none is an empty list; unknown is not there."""
    claim = changed(vehicle__battery__minerals=())
    battery = facts_to_dict(claim)["vehicle"]["battery"]
    assert battery["minerals"] == []
    assert "certified_critical_mineral_content" not in battery
    assert facts_to_dict(Purchase()) == {}


@pytest.mark.parametrize(
    "vehicle",
    [
        Vehicle(sticker=StickerPrice(base_price=54000, factory_options=1500)),
        Vehicle(sticker=StickerPrice(base_price=54000)),
        Vehicle(msrp=55500, sticker=StickerPrice(base_price=54000)),
        Vehicle(msrp=55500, sticker=StickerPrice(base_price=54000, factory_options=1500)),
        Vehicle(msrp=55500),
        Vehicle(msrp=Bounds(54000, 56000)),
    ],
)
def test_prices_and_window_labels_survive(vehicle):
    """A price that only repeats the window label is not written twice; all read back the same."""
    claim = Claim(vehicle=vehicle)
    assert claim_from_dict(json.loads(json.dumps(facts_to_dict(claim)))) == claim


def test_verdicts_of_results():
    """The golden results are what their names say."""
    verdicts = {name: RESULTS[name]().verdict for name in RESULTS if "comparison" not in name}
    assert verdicts == {
        "met": Verdict.MET,
        "not-met-price": Verdict.NOT_MET,
        "not-met-foreign-entity": Verdict.NOT_MET,
        "unknown-price": Verdict.UNKNOWN,
        "unknown-nearly-everything": Verdict.UNKNOWN,
        "undetermined-2027": Verdict.UNKNOWN,
        "half": Verdict.MET,
        "used-met": Verdict.MET,
        "used-not-met": Verdict.NOT_MET,
        "used-unknown": Verdict.UNKNOWN,
        "business-lessor": Verdict.MET,
        "business-not-held": Verdict.UNKNOWN,
        "business-lessee": Verdict.NOT_MET,
        "certified-disagrees": Verdict.NOT_MET,
    }


def test_a_fraction_is_exact_text_in_json():
    assert json_value(Fraction(1, 3)) == "1/3"


class Places(HTMLParser):
    """Where each element of HTML is: pairs of the one around it and its own name."""

    def __init__(self, text):
        super().__init__()
        self.open, self.pairs = ["body"], set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.pairs.add((self.open[-1], tag))
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("name", RESULTS)
def test_lists_in_html_are_inside_the_items_they_belong_to(name):
    """A reader of screens takes what lies between items for no part of the list."""
    found = Places(RESULTS[name]().explain("html"))
    assert found.open == ["body"]
    assert {inner for outer, inner in found.pairs if outer == "ul"} == {"li"}
    assert {outer for outer, inner in found.pairs if inner == "li"} == {"ul"}
