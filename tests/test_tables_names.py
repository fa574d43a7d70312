"""What the columns of a table may be called, and names that look like a fact and are none."""

from datetime import date

import polars as pl
import pytest
from tests.used import USED, used_claim

from evcredit import assess, current_law, examples, with_facts
from evcredit.provisions.registry import section_of
from evcredit.tables import InvalidFrameError, assess_frame, columns_read, compare_frames
from evcredit.tables.names import meant_by, short_names
from evcredit.tables.plan import names_of

LAW = current_law()
CLAIM = examples.demonstration_claim()
COLUMNS = names_of(section_of("30D"), LAW).columns


def told(columns, **options):
    """The faults of a table of these columns, by column."""
    with pytest.raises(InvalidFrameError) as caught:
        assess_frame(pl.DataFrame(columns), **{"assume": CLAIM, **options})
    return {each.column: each.what for each in caught.value.problems}


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("msrp", "vehicle_msrp_cents"),
        ("vehicle.msrp", "vehicle_msrp_cents"),
        ("MSRP_Cents", "vehicle_msrp_cents"),
        ("msrp_dollars", "vehicle_msrp_cents"),
        ("price_cents", "vehicle_msrp_cents"),
        ("list price", "vehicle_msrp_cents"),
        ("vehicle_msrp_cent", "vehicle_msrp_cents"),
        ("vehicle_mrsp_cents", "vehicle_msrp_cents"),
        ("vehicle_msrpp_cents", "vehicle_msrp_cents"),
        ("vehicle_mstp_cents", "vehicle_msrp_cents"),
        ("gvwr", "vehicle_gross_vehicle_weight_rating_lb"),
        ("GVWR_lbs", "vehicle_gross_vehicle_weight_rating_lb"),
        ("vehicle_vehicle_class", "vehicle_class"),
        ("vehicle_clas", "vehicle_class"),
        ("capacity_kwh", "vehicle_battery_capacity_watt_hours"),
        ("delivery_date", "purchase_placed_in_service"),
        (
            "filing_status",
            "taxpayer_current_year_filing_status or taxpayer_prior_year_filing_status",
        ),
    ],
)
def test_a_column_that_looks_like_a_fact_is_refused(name, meant):
    """It is named with the column meant, and is not taken for one that is not there."""
    found = told({name: [81_000_00]}, unknown=True)
    assert list(found) == [name]
    assert found[name].startswith(f"looks like a fact and is not read; did you mean {meant}?")


def test_other_columns_pass_through():
    """Keys, weights, names, facts of another credit, and a price beside the one that is read."""
    rows = {
        "vehicle": [1],
        "model": ["Roamer"],
        "kind": ["car"],
        "weight": [3.5],
        "sold": [10],
        "purchase_sale_price_cents": [1],
        "sale_price_cents": [1],
        "purchase_contract_date_before": [1],
        "vehicle_msrp_cents": [54_000_00],
        "msrp": [54_000.0],
    }
    frame = pl.DataFrame(rows)
    found = assess_frame(frame, assume=CLAIM, placed_in_service=("2024-01-01", "2024-12-31"))
    assert found.select(frame.columns).equals(frame)
    assert found["verdict"].to_list() == [True]
    assert [each.name for each in columns_read(frame, assume=CLAIM)] == ["vehicle_msrp_cents"]


def test_every_column_that_is_not_read_can_be_refused():
    """But for the key."""
    rows = {"vehicle": [1], "model": ["Roamer"], "msrp_cents": [54_000_00]}
    assert told(rows, strict_columns=True, key="vehicle") == {
        "model": "no rule reads it here; omit it, or strict_columns too"
    }
    assert told({"msrp": [1]}, strict_columns=True)["msrp"].startswith("looks like a fact")
    frame = pl.DataFrame(rows).drop("model")
    found = assess_frame(frame, assume=CLAIM, strict_columns=True, key="vehicle")
    assert found["verdict"].to_list() == [True]


def test_short_names():
    """They are read as the whole ones are, in rules, promised days and checks."""
    long = pl.DataFrame(
        {
            "vehicle_msrp_cents": [54_000_00, 81_000_00, None],
            "vehicle_class": ["sport utility vehicle", "other vehicle", "van"],
            "purchase_placed_in_service": [date(2024, 6, 3), date(2024, 7, 1), None],
            "vehicle_make": ["Tesla", None, "Ford"],
        }
    )
    short = {
        "vehicle_msrp_cents": "msrp_cents",
        "purchase_placed_in_service": "placed_in_service",
        "vehicle_make": "make",
    }
    free = with_facts(CLAIM, {"purchase.contract_date": None, "vehicle.make": None})
    options = {"assume": free, "unknown": True, "rules": True}
    results = [assess_frame(each, **options) for each in (long, long.rename(short))]
    assert results[1].rename({new: old for old, new in short.items()}).equals(results[0])
    late = pl.DataFrame({"placed_in_service": [date(2025, 1, 1)]})
    promised = {"placed_in_service": ("2024-01-01", "2024-12-31")}
    assert "outside the days that were promised" in told(late, **promised)["placed_in_service"]
    early = pl.DataFrame({"placed_in_service": [date(1999, 1, 1)]})
    assert "evcredit has no law" in told(early, unknown=True)["placed_in_service"]
    low = pl.DataFrame({"msrp_cents": [-1]})
    assert "give numbers from 0" in told(low)["msrp_cents"]


def test_one_fact_under_two_names():
    """Is refused: no one could tell which one counts."""
    found = told({"vehicle_msrp_cents": [1], "msrp_cents": [2]})
    assert found == {"msrp_cents": "vehicle_msrp_cents gives the same fact; give it once"}


def test_names_of_what_is_unknown():
    """Any name of a fact will do, and a name that no rule has is an error."""
    claim = with_facts(CLAIM, {"vehicle.msrp": None, "vehicle.battery.components": None})
    components = "vehicle.battery.components_from_foreign_entity_of_concern"
    row = pl.DataFrame({"row": [1]})
    for name in ("vehicle.msrp", "msrp_cents", "vehicle_msrp_cents"):
        found = assess_frame(row, assume=claim, unknown=[name, components, "sale_price_cents"])
        assert found["verdict"].to_list() == [None]
    start = "named in unknown, and no rule has a fact of that name"
    found = told(row, unknown=["vehicle_mrsp_cents", "msrp", "qqq", "components_from_foreign"])
    assert found["vehicle_mrsp_cents"] == f"{start}; did you mean vehicle_msrp_cents?"
    assert found["msrp"] == f"{start}; did you mean vehicle_msrp_cents?"
    assert found["qqq"] == start
    assert told(row, unknown="vehicle_mrsp_cents").keys() == {"vehicle_mrsp_cents"}
    assert assess_frame(row, assume=CLAIM, unknown="msrp_cents").height == 1


@pytest.mark.parametrize(
    "name", ["vehicle_msrp_cents", "msrp_cents", "vehicle.msrp", "purchase_acquired", "acquired"]
)
def test_a_column_may_not_be_named_as_unknown(name):
    """Whichever name of the fact is used; it is not passed over in silence."""
    columns = {"vehicle_msrp_cents": [5_000_000], "acquired": [date(2024, 6, 3)]}
    with pytest.raises(InvalidFrameError) as caught:
        assess_frame(pl.DataFrame(columns), unknown=[name])
    own = "acquired" if "acquired" in name else "vehicle_msrp_cents"
    what = "named in unknown, and a column of the table gives it; omit one of the two"
    assert f"{own}: {what}" in str(caught.value)


def test_names_of_a_comparison():
    """Short ones, also twice, and what is read under neither law."""
    frame = pl.DataFrame({"msrp_cents_before": [54_000_00], "msrp_cents_after": [81_000_00]})
    found = compare_frames(frame, LAW, LAW, assume=CLAIM, strict_columns=True)
    assert found["verdict_before"].to_list() == [True]
    assert found["verdict_after"].to_list() == [False]
    with pytest.raises(InvalidFrameError, match="msrp_before: looks like a fact"):
        compare_frames(frame.with_columns(msrp_before=1), LAW, LAW, assume=CLAIM)
    with pytest.raises(InvalidFrameError, match="model: no rule reads it here"):
        compare_frames(frame.with_columns(model=1), LAW, LAW, assume=CLAIM, strict_columns=True)


def test_a_name_of_two_facts():
    """``acquired`` is contract and first payment together, as of a claim."""
    days = [date(2025, 9, 30), date(2025, 10, 1), None]
    claim = used_claim(purchase__acquired=None, purchase__placed_in_service=date(2025, 10, 5))
    for name in ("acquired", "purchase_acquired"):
        frame = pl.DataFrame({name: days})
        found = assess_frame(frame, credit=USED, assume=claim, strict_columns=True)
        ours = [assess(with_facts(claim, {"purchase.acquired": day}), credit=USED) for day in days]
        assert found["verdict"].to_list() == [each.verdict.known for each in ours]
        assert found["verdict"].to_list() == [True, False, None]
    both = pl.DataFrame({"acquired": days, "first_payment_date": days})
    with pytest.raises(InvalidFrameError, match="acquired gives the same fact; give it once"):
        assess_frame(both, credit=USED, assume=claim)
    frame = pl.DataFrame({"key": [1]})
    left = assess_frame(frame, credit=USED, assume=claim, unknown=["acquired"])
    assert left["verdict"].to_list() == [None]


def test_short_names_are_unambiguous():
    """And none is the whole name of another column."""
    short = short_names(COLUMNS)
    whole = {column.name for column in COLUMNS}
    assert "filing_status" not in short
    assert "class" not in short
    assert whole.isdisjoint(short)
    assert {column for several in short.values() for column in several} <= whole
    assert meant_by("model", COLUMNS) == []
