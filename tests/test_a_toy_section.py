"""One more section fits in as one more folder: a toy one goes through everything that is shared.

It represents a section that the package does not have: a percentage of the cost of a new vehicle,
up to a limit. Its numbers are borrowed from schedules of other sections, its words are made up.
Nothing in results, tables or the machinery of forms knows of it.
"""

import pickle
from decimal import Decimal
from enum import Enum

import attrs
import pytest

from evcredit import (
    Bounds,
    Citation,
    Claim,
    CreditTransfer,
    InvalidFactError,
    Purchase,
    Vehicle,
    Verdict,
    assess,
    assess_transfer,
    change_of_all,
    compare,
    current_law,
    denials,
    with_facts,
)
from evcredit.algebra.derived import Derived
from evcredit.algebra.field import Kind
from evcredit.algebra.quantity import amount_of, holds, if_else, minimum, percent_of, rounded
from evcredit.algebra.rule import all_of, amount
from evcredit.algebra.symbol import law_of
from evcredit.forms.lines import FormLine, by_form, in_markdown
from evcredit.law.law import Law
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE
from evcredit.provisions.provision import provision
from evcredit.provisions.registry import section_of
from evcredit.provisions.section import CreditRules, Headings, Section
from evcredit.tables import assess_frame, compare_frames, result_schema, rows_of, schema

pl = pytest.importorskip("polars")

LAW = law_of(Law)


class Deduction(Enum):
    """What the toy section allows."""

    CAR_LOAN = "163"


@provision("26 USC 163(h)(4)(D)(i)", "original use begins with the taxpayer")
def toy_original_use(claim, law):
    """The vehicle is new."""
    return claim.purchase.original_use_begins_with_taxpayer


@provision("26 USC 163(h)(4)(D)(v)", "gross vehicle weight rating below the limit")
def toy_weight(claim, law):
    """The vehicle is not too heavy."""
    limit = law.gross_vehicle_weight_limit_lb.on(PLACED_IN_SERVICE)
    return claim.vehicle.gross_vehicle_weight_rating_lb < limit


toy_gate = all_of(
    "toy_gate", "the vehicle qualifies", "26 USC 163(h)(4)(D)", toy_original_use, toy_weight
)
toy_allowed = all_of("toy_allowed", "a deduction is allowed", "26 USC 163(h)(4)", toy_gate)
_SUM = minimum(
    rounded(percent_of(LAW.used_vehicle_percent.on(PLACED_IN_SERVICE), CLAIM.purchase.cost)),
    LAW.used_vehicle_amount_limit.on(PLACED_IN_SERVICE),
)
toy_sum = amount(
    "26 USC 163(h)(4)(B)",
    "amount by the cost",
    Derived(
        name="toy_sum",
        label="amount by the cost",
        kind=Kind.MONEY,
        body=_SUM,
        findings=lambda binding, claim: (),
        breakpoints=lambda law: {"purchase.cost": (0, 13_333, 13_334)},
    ),
)


def _warn(bound, claim):
    if bound.law.name != "current law":
        yield f"deducted under {bound.law.name}"


def _open(bound, claim):
    if claim.purchase.cost is None and not bound[toy_gate].run(claim):
        yield "the toy does not know"


SECTION = Section(
    credit=Deduction.CAR_LOAN,
    title="car loan deduction",
    days=(PLACED_IN_SERVICE,),
    covered="used_vehicle_amount_limit",
    days_of=lambda claim, law: (claim.purchase.placed_in_service,),
    rules={
        None: CreditRules(toy_allowed, (toy_sum,), if_else(holds(toy_gate), amount_of(toy_sum), 0))
    },
    headings=Headings(gate="toy_gate"),
    warnings=_warn,
    undetermined=_open,
)

CLAIM_OF_IT = Claim(
    vehicle=Vehicle(gross_vehicle_weight_rating_lb=5_000),
    purchase=Purchase(
        placed_in_service="2024-06-03", original_use_begins_with_taxpayer=True, cost=10_000
    ),
)
HEAVIER = attrs.evolve(
    current_law(),
    name="a law for light vehicles",
    gross_vehicle_weight_limit_lb=current_law().gross_vehicle_weight_limit_lb.always(
        4_000, why="a hypothetical"
    ),
)


def test_a_section_may_be_named_by_itself():
    assert section_of(SECTION) is SECTION
    assert repr(SECTION) == "<section 163>"


def test_assess():
    result = assess(CLAIM_OF_IT, credit=SECTION)
    assert (result.verdict, result.credit) == (Verdict.MET, Bounds.exactly(Decimal(3_000)))
    assert (result.kind, result.section) == (Deduction.CAR_LOAN, SECTION)
    assert result.find("toy_weight").verdict is Verdict.MET
    assert (result.mineral_content, result.component_content) == (None, None)
    assert result.warnings == ()
    heavy = assess(
        with_facts(CLAIM_OF_IT, {"vehicle.gross_vehicle_weight_rating_lb": 15_000}), credit=SECTION
    )
    assert (heavy.verdict, heavy.reason) == (Verdict.NOT_MET, "toy_weight")


def test_what_is_missing_and_what_would_settle_it():
    unknown = assess(Claim(purchase=Purchase(placed_in_service="2024-06-03")), credit=SECTION)
    assert unknown.verdict is Verdict.UNKNOWN
    assert set(unknown.missing()) == {
        "vehicle.gross_vehicle_weight_rating_lb",
        "purchase.original_use_begins_with_taxpayer",
        "purchase.cost",
    }
    assert frozenset({"vehicle.gross_vehicle_weight_rating_lb"}) in unknown.settling(
        Verdict.NOT_MET
    )
    assert unknown.undetermined == ("the toy does not know",)


def test_explain_and_plain_words():
    text = assess(CLAIM_OF_IT, credit=SECTION).explain()
    assert text.startswith("MET: a car loan deduction of $3,000 is allowed.")
    assert "26 USC 163, current law" in text
    assert "amount by the cost [26 USC 163(h)(4)(B)]" in text
    used = with_facts(CLAIM_OF_IT, {"purchase.original_use_begins_with_taxpayer": False})
    result = assess(used, credit=SECTION, law=HEAVIER)
    assert "NOT MET: no car loan deduction is allowed." in result.explain("markdown")
    assert "Warning: deducted under a law for light vehicles." in result.explain()
    assert result.in_plain_words().startswith("You cannot get the car loan deduction.")


def test_to_dict():
    data = assess(CLAIM_OF_IT, credit=SECTION).to_dict()
    assert data["receipt"]["section"] == "163"
    assert data["finding"]["code"] == "toy_allowed"
    assert [each["code"] for each in data["amounts"]] == ["toy_sum"]


def test_compare():
    found = compare(CLAIM_OF_IT, current_law(), HEAVIER, credit=SECTION)
    assert found.difference == Bounds.exactly(Decimal(-3_000))
    assert "toy_weight" in {flip.after.code for flip in found.flipped}
    assert "163" in found.to_dict()["after"]["receipt"]["section"]
    assert pickle.loads(pickle.dumps(found)) == found


def test_a_result_is_pickled_with_its_section():
    result = assess(CLAIM_OF_IT, credit=SECTION)
    again = pickle.loads(pickle.dumps(result))
    assert again == result
    assert again.section is SECTION


def test_denials_and_changes():
    used = with_facts(CLAIM_OF_IT, {"purchase.original_use_begins_with_taxpayer": False})
    result = assess(used, credit=SECTION)
    assert [each.finding.code for each in denials(result)] == ["toy_original_use"]
    assert [each.path for each in change_of_all(result).facts] == [
        "purchase.original_use_begins_with_taxpayer"
    ]


def test_it_cannot_be_transferred():
    with pytest.raises(InvalidFactError, match="no dealer can take it over; give '30D' or '25E'"):
        assess_transfer(CreditTransfer.at_the_dealer(claim=CLAIM_OF_IT), credit=SECTION)


def test_tables():
    claims = [
        CLAIM_OF_IT,
        with_facts(CLAIM_OF_IT, {"vehicle.gross_vehicle_weight_rating_lb": 15_000}),
        with_facts(CLAIM_OF_IT, {"purchase.cost": None}),
    ]
    rows = pl.DataFrame(rows_of(claims, SECTION))
    assert set(rows.columns) == {column.name for column in schema(SECTION)}
    found = assess_frame(rows, credit=SECTION)
    alone = [assess(claim, credit=SECTION) for claim in claims]
    assert found["verdict"].to_list() == [each.verdict.known for each in alone]
    assert found["credit_upper_cents"].to_list() == [int(each.credit.upper * 100) for each in alone]
    assert found["reason"].to_list() == [each.reason for each in alone]
    assert "toy_weight" in result_schema(SECTION)[-1].categories
    other = compare_frames(rows, current_law(), HEAVIER, credit=SECTION)
    assert other["changed"].to_list() == [True, False, True]


def test_a_line_of_a_form():
    amounts = assess(CLAIM_OF_IT, credit=SECTION).credit
    line = FormLine(
        form="Schedule 1-A",
        line="9",
        key="car_loan_deduction",
        caption="car loan deduction",
        verified=False,
        kind=Kind.MONEY,
        value=amounts,
        citation=Citation.parse("26 USC 163(h)(4)"),
    )
    assert [form for form, _ in by_form([line])] == ["Schedule 1-A"]
    assert "3,000" in in_markdown(line)


def test_hooks_are_optional():
    bare = Section(
        credit=Deduction.CAR_LOAN,
        title=SECTION.title,
        days=SECTION.days,
        covered=SECTION.covered,
        days_of=SECTION.days_of,
        rules=SECTION.rules,
    )
    unknown = assess(with_facts(CLAIM_OF_IT, {"purchase.cost": None}), credit=bare)
    assert (unknown.warnings, unknown.undetermined) == ((), ())
    assert bare.headings.gate == "eligible"
    with pytest.raises(TypeError, match="top level of no module"):
        pickle.dumps(unknown)
