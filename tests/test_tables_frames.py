"""Every row amounts to what its claim amounts to: as columns, as constants, and with facts
unknown.
"""

from datetime import date

import polars as pl
import pytest
from tests.commercial import business_claim
from tests.strategies import VALUES, hide, known_claim, rows_for
from tests.tables.rows import every_column, fitting
from tests.used import used_claim

from evcredit import (
    Claim,
    InvalidFactError,
    MineralSource,
    assess,
    current_law,
    examples,
    with_facts,
)
from evcredit.facts import PriorCredit
from evcredit.tables import InvalidFrameError, assess_frame, compare_frames
from evcredit.tables.compiler.columns import ColumnKind

LAW = current_law()
TYPES = {
    ColumnKind.FLAG: pl.Boolean,
    ColumnKind.DAY: pl.Date,
    ColumnKind.TEXT: pl.String,
    ColumnKind.NUMBER: pl.Int64,
}


def new_claims():
    """Claims for a new vehicle on all sides of the rules, each with one thing out of the way."""
    for day in (date(2012, 6, 3), date(2021, 6, 3), date(2022, 12, 31), date(2023, 4, 17)):
        yield known_claim(day)
    for day in (date(2023, 12, 31), date(2024, 6, 3), date(2025, 10, 2)):
        whole = known_claim(day)
        yield whole
        for path, values in VALUES.items():
            yield from (with_facts(whole, {path: value}) for value in values)
    early = known_claim(date(2021, 6, 3))
    for maker in ("Tesla", "Ford", "Tesler", None):
        yield with_facts(early, {"vehicle.make": None, "vehicle.manufacturer": maker})
        yield with_facts(early, {"vehicle.make": maker, "vehicle.manufacturer": "Toyota"})
    small = {"vehicle.wheels": 2, "vehicle.top_speed_mph": 45, "purchase.cost": 9_000}
    yield with_facts(known_claim(date(2013, 6, 3)), small)
    late = known_claim(date(2024, 6, 3))
    certified = {
        "vehicle.battery.certified_critical_mineral_content": 49,
        "vehicle.battery.certified_battery_component_content": 60,
    }
    yield with_facts(late, certified)
    yield with_facts(late, {"purchase.returned_on": date(2024, 6, 20)})
    yield with_facts(late, {"purchase.returned_on": date(2024, 8, 20)})


CLAIMS = {
    "30D": [*new_claims(), Claim()],
    "25E": [used_claim(), used_claim(purchase__sale_price=25_001), used_claim(date(2025, 9, 30))],
    "45W": [
        business_claim(),
        business_claim(vehicle__gasoline_or_diesel_engine=None),
        business_claim(vehicle__model_year=None, purchase__placed_in_service=None),
        business_claim(vehicle__fuel_cell=True, purchase__basis=None),
    ],
}
CLAIMS["25E"] += [
    hide(claim, [path])
    for claim in CLAIMS["25E"][:1]
    for path in (
        "purchase.sale_price",
        "vehicle.model_year",
        "purchase.placed_in_service",
        "taxpayer.current_year.filing_status",
        "vehicle.battery.capacity_kwh",
    )
]


def told(claim, credit, law=LAW):
    """What the object says, as the columns of a result."""
    result = assess(claim, credit=credit, law=law)
    verdict = {"met": True, "not met": False, "unknown": None}[result.verdict.value]
    ends = (int(100 * result.credit.lower), int(100 * result.credit.upper))
    return (verdict, *ends, result.reason)


def tables(credit):
    """The claims whose numbers a column holds, their rows, and the types of the columns."""
    claims, rows = fitting(CLAIMS[credit], LAW, credit)
    assert len(claims) > 0.9 * len(CLAIMS[credit])
    columns = every_column(LAW, credit).columns
    schema = {column.name: TYPES[column.kind] for column in columns}
    computed = [column.name for column in columns if not column.path]
    return claims, pl.DataFrame(rows, schema={"row": pl.Int64, **schema}), computed


def results(frame, **options):
    found = assess_frame(frame, check=False, **options)
    return found.select("verdict", "credit_lower_cents", "credit_upper_cents", "reason").rows()


@pytest.mark.parametrize("credit", CLAIMS)
def test_facts_as_columns(credit):
    """All facts of all claims, whatever the order of the rules."""
    claims, frame, _ = tables(credit)
    wanted = [told(claim, credit) for claim in claims]
    assert results(frame, credit=credit) == wanted
    lazy = assess_frame(frame.lazy(), credit=credit, rules=True).collect()
    findings = {each.code: each.verdict for each in assess(claims[0], credit=credit).finding.walk()}
    rules = {name.removeprefix("rule_") for name in lazy.columns if name.startswith("rule_")}
    assert len(rules.intersection(findings)) > 10
    for code in rules.intersection(findings):
        assert lazy[f"rule_{code}"][0] is findings[code].known, code
    assert len({row[0] for row in wanted}) > 1


@pytest.mark.long
@pytest.mark.parametrize("credit", CLAIMS)
def test_facts_as_constants(credit):
    """What is assumed of every row says what a column would."""
    claims, frame, computed = tables(credit)
    rows = list(frame.iter_slices(1))
    for place in {*range(0, len(claims), 15), *range(len(claims))[-4:]}:
        claim, row = claims[place], rows[place]
        days = [name for name in row.columns if name.startswith("purchase_") and place % 2]
        for few in (row.select("row", *computed, *days), row.select("row", *days)):
            found = results(few, credit=credit, assume=claim, unknown=True)
            assert found == [told(claim, credit)]


def test_what_follows_from_an_assumed_claim():
    """Its chains and components say in a table what they say of an object, under each law."""
    one, row = examples.demonstration_claim(), pl.DataFrame({"row": [1]})
    assert results(row, assume=one) == [(True, 750000, 750000, "credit_allowed")]
    without = LAW.without_agreement("JPCMA")
    change = compare_frames(row, without, LAW, assume=one)
    assert change["credit_lower_change_cents"].to_list() == [375000]
    assert change["verdict_before"].to_list() == change["verdict_after"].to_list() == [True]
    days = [date(2019, 6, 3), date(2023, 5, 1), date(2024, 6, 3), date(2025, 2, 3), None]
    many = pl.DataFrame({"purchase_placed_in_service": days})
    free = with_facts(one, {"purchase.contract_date": None, "purchase.first_payment_date": None})
    for law in (LAW, without):
        found = results(many, assume=free, unknown=True, law=law)
        each = [with_facts(free, {"purchase.placed_in_service": day}) for day in days]
        assert found == [told(claim, "30D", law) for claim in each]
    assert "excluded_minerals" in [row[3] for row in found]


def test_a_flag_of_the_battery_beside_an_assumed_battery():
    """The column takes precedence where the law has it so, and what follows where it is null."""
    one = examples.demonstration_claim(date(2025, 6, 3))
    name = "vehicle.battery.minerals_from_foreign_entity_of_concern"
    column = name.replace(".", "_")
    flags = pl.DataFrame({column: [True, False, None]})
    follows = current_law().with_readings(stated_standing_governs=False)
    for law in (LAW, follows):
        found = results(flags, assume=one, law=law)
        claims = [with_facts(one, {name: flag}) for flag in flags[column]]
        assert found == [told(claim, "30D", law) for claim in claims]
    nothing = with_facts(one, {"vehicle.battery.minerals": None})
    chile = MineralSource.processed_in("Chile", "lithium", value=1, extracted_in="Chile")
    placed = with_facts(one, {"vehicle.battery.minerals": (chile,)})
    for law, claim in ((current_law(), nothing), (follows, nothing), (follows, placed)):
        found = results(flags, assume=claim, unknown=True, law=law)
        claims = [with_facts(claim, {name: flag}) for flag in flags[column]]
        assert found == [told(each, "30D", law) for each in claims]


def test_earlier_sales_that_are_assumed():
    """They count where the day of the sale is the same in all rows; otherwise they are refused."""
    day = date(2025, 5, 5)
    recent = used_claim(day, taxpayer__prior_credits=[PriorCredit(on=date(2024, 1, 1))])
    row = pl.DataFrame({"row": [1]})
    assert results(row, credit="25E", assume=recent) == [told(recent, "25E")]
    assert told(recent, "25E")[3] == "no_recent_credit"
    for name in ("purchase_placed_in_service", "purchase_sale_date"):
        frame = pl.DataFrame({name: [day]})
        with pytest.raises(InvalidFrameError, match="assume states what it follows from"):
            assess_frame(frame, credit="25E", assume=recent, unknown=True)
    none = with_facts(recent, {"taxpayer.prior_credits": ()})
    assert results(frame, credit="25E", assume=none) == [told(none, "25E")]
    sold = with_facts(recent, {"taxpayer.prior_credits": None})
    assert results(frame, credit="25E", assume=sold, unknown=True)[0][0] is None


def test_a_listing_that_is_assumed():
    """Is refused: it is not passed over."""
    listed = with_facts(CLAIM, {"vehicle.listing": rows_for(date(2024, 6, 3))[0]})
    with pytest.raises(InvalidFactError, match=r"assume.vehicle.listing: .*reads no published"):
        assess_frame(CARS, assume=listed, unknown=True)


def test_part_of_a_share_is_none():
    """Where one of the four columns of a share is there, the others may not be omitted."""
    frame = pl.DataFrame({"qualifying_critical_mineral_content_lower_of": [1]})
    told = problems(frame, assume=CLAIM)
    assert {column for column, _, _ in told} == {
        "qualifying_critical_mineral_content_lower_in",
        "qualifying_critical_mineral_content_upper_of",
        "qualifying_critical_mineral_content_upper_in",
    }


# -- faults --------------------------------------------------------------------------------

CLAIM = examples.demonstration_claim()
CARS = pl.DataFrame({"vehicle_msrp_cents": [54_000_00, -5, 81_000_00]})
OPTIONS = {"assume": CLAIM, "unknown": True}


def problems(frame, **options):
    with pytest.raises(InvalidFrameError) as caught:
        assess_frame(frame, **options)
    return {
        (each.column, each.what.split(";")[0].split(":")[0], each.rows)
        for each in caught.value.problems
    }


def test_columns_that_are_missing_are_told_together():
    """With a hint at what is nearly of that name; what is named as unknown is not told."""
    frame = pl.DataFrame({"vehicle_msrp_cent": [1.5], "vehicle_final_assembly_country": [3]})
    claim = with_facts(CLAIM, {"vehicle.msrp": None})
    assert problems(frame, assume=claim) >= {
        ("vehicle_msrp_cents", "missing column (manufacturer's suggested retail price)", None),
        ("vehicle_final_assembly_country", "found Int64", None),
    }
    with pytest.raises(InvalidFrameError, match=r"did you mean vehicle_msrp_cent[?]"):
        assess_frame(frame, assume=claim)
    for name in ("vehicle_msrp_cents", "vehicle.msrp"):
        told = problems(frame, assume=claim, unknown=[name])
        assert "vehicle_msrp_cents" not in {column for column, _, _ in told}


def test_names_that_the_result_needs():
    """Nothing of the caller's is overwritten."""
    frame = CARS.with_columns(verdict=1, problems=2, __evcredit_0=3)
    what = "the result has a column of that name"
    assert problems(frame, **OPTIONS) == {
        ("verdict", what, None),
        ("problems", what, None),
        ("__evcredit_0", what, None),
    }


def test_bad_cells():
    """An error by default where that can be seen, sorted out, or told as no claim."""
    assert problems(CARS, **OPTIONS) == {
        ("vehicle_msrp_cents", "give numbers from 0 to 10000000000000", 1)
    }
    good, bad = assess_frame(CARS, strict=False, **OPTIONS)
    assert good["verdict"].to_list() == [True, False]
    assert bad.rows() == [(-5, "vehicle_msrp_cents: give numbers from 0 to 10000000000000. ")]
    lazy = assess_frame(CARS.lazy(), **OPTIONS).collect()
    assert lazy["reason"].to_list()[1] == "invalid_row"
    assert lazy.row(1)[1:4] == (None, None, None)
    country = pl.DataFrame({"vehicle_final_assembly_country": ["MX", "Mexico", None]})
    assert problems(country, **OPTIONS) == {
        ("vehicle_final_assembly_country", "unknown category", 1)
    }


def test_days_that_are_promised():
    """They leave rules away, and a row outside them is bad."""
    days = pl.DataFrame({"purchase_placed_in_service": [date(2024, 6, 3), date(2022, 6, 3)]})
    told = problems(days, placed_in_service=("2024-01-01", "2024-12-31"), **OPTIONS)
    assert told == {
        (
            "purchase_placed_in_service",
            "outside the days that were promised, from 2024-01-01 to 2024-12-31",
            1,
        )
    }
    found = assess_frame(days, placed_in_service=(None, date(2030, 1, 1)), **OPTIONS)
    assert found["verdict"].to_list() == [row[0] for row in results(days, **OPTIONS)]
    found = assess_frame(days, placed_in_service=("2020-01-01", None), **OPTIONS)
    assert found["verdict"].to_list() == [row[0] for row in results(days, **OPTIONS)]
    with pytest.raises(InvalidFactError, match="give the first day first"):
        assess_frame(days, placed_in_service=("2025-01-01", "2024-01-01"), **OPTIONS)
    with pytest.raises(InvalidFactError, match="placed_in_service"):
        assess_frame(days, placed_in_service=("soon", None), **OPTIONS)


def test_columns_of_some_rules():
    """By their codes."""
    found = assess_frame(CARS[:1], rules=["msrp_within_limit"], **OPTIONS)
    assert found.columns[-2:] == [
        "rule_msrp_within_limit",
        "rule_msrp_within_limit_in_force",
    ]
    with pytest.raises(InvalidFactError, match="did you mean msrp_within_limit"):
        assess_frame(CARS[:1], rules=["msrp_within_limt"], **OPTIONS)


def test_an_eager_frame_of_polars_is_passed_over_at_once(monkeypatch):
    """Step by step each column would be written and read again; bad rows are sorted out so too."""
    passes = []
    collect = pl.LazyFrame.collect
    monkeypatch.setattr(
        pl.LazyFrame,
        "collect",
        lambda *given, **named: passes.append(1) or collect(*given, **named),
    )
    frame = pl.DataFrame({"vehicle_msrp_cents": [54_000_00, 81_000_00, None, -1]})
    found = assess_frame(frame, assume=known_claim(), check=False)
    assert isinstance(found, pl.DataFrame)
    assert len(passes) == 1
    passes.clear()
    good, bad = assess_frame(frame, assume=known_claim(), strict=False)
    assert len(passes) == 2
    assert good["verdict"].to_list() == [True, False, None]
    assert bad["vehicle_msrp_cents"].to_list() == [-1]


def test_no_frame_at_all():
    """Of an engine that is not known."""
    with pytest.raises(TypeError):
        assess_frame([1, 2], **OPTIONS)


def test_the_first_day_is_written_with_four_digits():
    """PySpark hands a day on by `strftime`, where the C library writes the year 1 as it likes."""
    from evcredit.tables import checks

    assert date.min == checks._FIRST
    assert checks._FIRST.strftime("%Y-%m-%d") == "0001-01-01"
