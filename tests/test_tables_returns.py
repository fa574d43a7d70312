"""Tables of returns: what is read, what is refused by name, and how bad rows come out."""

from datetime import date
from fractions import Fraction

import dask.dataframe as dd
import pandas as pd
import polars as pl
import pytest

from evcredit import EvcreditError, InvalidFactError, assess, current_law, examples
from evcredit.algebra.binding import Binding
from evcredit.algebra.quantity import half_down, quantity, rounded
from evcredit.facts import TaxReturn
from evcredit.law.readings import Apportionment
from evcredit.provisions import allocate_credit
from evcredit.tables import InvalidFrameError, allocate_frame, assess_frame

LAW = current_law()
WHOLE = LAW.with_readings(apportionment=Apportionment.WHOLE_FROM_HALF)
USE = "business_use_percent_basis_points"
DAY = "purchase_placed_in_service"


def returns(**columns):
    stated = {
        "return": [1, 2],
        "tax_before_credits_cents": [1_000_000, None],
        "other_personal_credits_cents": [0, 0],
    }
    return pl.DataFrame(stated | columns)


def cars(**columns):
    stated = {
        "return": [1, 1, 2],
        "credit_section": ["30D", "25E", "45W"],
        "credit_lower_cents": [750_000, 400_000, 100],
        "credit_upper_cents": [750_000, 400_000, 200],
        USE: [4_000, None, None],
    }
    return pl.DataFrame({name: value for name, value in (stated | columns).items() if value})


def one(**columns):
    stated = {
        "tax_before_credits_cents": [300_000],
        "other_personal_credits_cents": [0],
        "credit_lower_cents": [750_000],
        "credit_upper_cents": [750_000],
        USE: [4_000],
    }
    return pl.DataFrame(stated | columns)


def ends(frame, name, row=0):
    return tuple(frame[f"{name}_{end}_cents"][row] for end in ("lower", "upper"))


def test_a_return_with_several_vehicles():
    """Business parts are carried, used vehicles come first, the rest is allowed or forfeited."""
    found = allocate_frame(returns(), vehicles=cars()).sort("return")
    assert found.columns[:3] == returns().columns
    for name, amount in (
        ("business_credit", 300_000),
        ("left_for_used", 1_000_000),
        ("used_allowed", 400_000),
        ("used_lost", 0),
        ("left_for_new", 600_000),
        ("new_allowed", 450_000),
        ("new_lost", 0),
        ("allowed", 850_000),
        ("forfeited", 0),
    ):
        assert ends(found, name) == (amount, amount), name
    assert ends(found, "business_credit", 1) == (100, 200)
    assert ends(found, "left_for_new", 1) == (0, None)
    assert ends(found, "forfeited", 1) == (0, 0)


def test_a_return_without_vehicles_has_no_credit():
    """Its row stays, whatever the order of the others."""
    found = allocate_frame(returns(), vehicles=cars().head(2)).sort("return")
    assert ends(found, "allowed", 1) == ends(found, "business_credit", 1) == (0, 0)


def test_the_result_of_assess_frame_goes_in():
    """One verb after the other, in one lazy plan, as for one claim."""
    table = pl.LazyFrame(
        {
            "vehicle_msrp_cents": [54_000_00, 81_000_00],
            "tax_before_credits_cents": [300_000, 300_000],
            "other_personal_credits_cents": [0, 0],
            USE: [4_000, 0],
        }
    )
    assessed = assess_frame(table, assume=examples.demonstration_claim(), unknown=True)
    found = allocate_frame(assessed).collect()
    credit = assess(examples.demonstration_claim()).credit
    alone = allocate_credit(
        credit,
        TaxReturn(business_use_percent=40, tax_before_credits=3_000, other_personal_credits=0),
    )
    assert ends(found, "forfeited") == (100 * alone.forfeited.lower, 100 * alone.forfeited.upper)
    assert ends(found, "allowed") == (300_000, 300_000)
    assert ends(found, "allowed", 1) == (0, 0)


def test_one_kind_of_credit_for_all_vehicles():
    """The argument says which, and the use of others is not requested."""
    bare = one().drop(USE)
    assert ends(allocate_frame(bare, credit="25E"), "used_allowed") == (300_000, 300_000)
    assert ends(allocate_frame(bare, credit="45W"), "business_credit") == (750_000, 750_000)
    assert ends(allocate_frame(bare, unknown=USE), "business_credit") == (0, 750_000)
    with pytest.raises(InvalidFrameError, match=f"{USE}: missing column"):
        allocate_frame(bare)


def test_what_no_one_knows_leaves_bounds():
    """Each end as of the objects."""
    bare = one().select("credit_lower_cents", "credit_upper_cents")
    found = allocate_frame(bare, unknown=True)
    assert found.equals(
        allocate_frame(
            bare, unknown=[USE, "tax_before_credits_cents", "other_personal_credits_cents"]
        )
    )
    alone = allocate_credit(7_500, TaxReturn())
    assert ends(found, "allowed") == (0, 100 * alone.personal_credit.upper)
    assert ends(found, "left_for_new") == (0, None)


# -- the other reading ---------------------------------------------------------------------


@pytest.mark.parametrize("with_day", [True, False])
@pytest.mark.parametrize(
    ("use", "part"),
    [
        (4_999, (374_925, 374_925)),
        (5_000, (750_000, 750_000)),
        (None, (0, 750_000)),
    ],
)
def test_the_whole_credit_from_half_business_use(use, part, with_day):
    """26 CFR 1.30D-1(b)(2) as recalled, on a known and on an unknown day."""
    table = one(**{USE: pl.Series([use], dtype=pl.Int64)})
    if with_day:
        table = table.with_columns(pl.lit(date(2024, 6, 3)).alias(DAY))
    assert ends(allocate_frame(table, law=WHOLE), "business_credit") == part


def test_before_that_rule_was_known_and_before_any_law():
    """No threshold then; a day without law is a bad row, as it is an error for one return."""
    known = WHOLE.known_on(date(2024, 5, 5))
    assert ends(allocate_frame(one(**{USE: [6_000]}), law=known), "business_credit")[0] == 450_000
    with pytest.raises(InvalidFrameError, match=f"{DAY}: evcredit has no law before 2010-01-01"):
        allocate_frame(one(**{DAY: [date(2009, 12, 31)]}), law=WHOLE)


# -- what is refused -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"credit_lower_cents": [None]}, "give both ends of a credit"),
        ({"credit_lower_cents": [750_001]}, "the lower end is above the upper end"),
        ({"credit_lower_cents": [-1]}, "give numbers from 0"),
        ({"credit_lower_cents": [7.5]}, "which is not exact"),
        ({"credit_section": [None]}, "give the section that allows the credit"),
        ({"credit_section": ["30E"]}, "unknown category; known are 30D, 25E, 45W"),
        ({USE: [10_001]}, "give basis points from 0 to 10000"),
        ({"tax_before_credits_cents": [-1]}, "give numbers from 0"),
        ({"tax_before_credits_cents": ["x"]}, "give 64-bit whole number"),
        ({"previously_owned_vehicle_credit_cents": [1]}, "omit it: it is computed"),
        ({"allowed_lower_cents": [1]}, "the result has a column of that name"),
        ({"__evcredit_1": [1]}, "the result has a column of that name"),
        ({"credit_sections": ["25E"]}, "looks like a fact and is not read"),
    ],
)
def test_bad_columns_and_cells_are_named(columns, message):
    """Each fault with its column, before anything is computed."""
    with pytest.raises(InvalidFrameError, match=message):
        allocate_frame(one(**columns))


def test_missing_columns_are_all_named():
    """And what no one knows cannot be a credit."""
    with pytest.raises(InvalidFrameError) as found:
        allocate_frame(pl.DataFrame({"name": ["a"]}))
    assert [each.column for each in found.value.problems] == [
        *("credit_lower_cents", "credit_upper_cents", USE),
        *("tax_before_credits_cents", "other_personal_credits_cents"),
    ]
    with pytest.raises(InvalidFrameError, match="credit_lower_cents"):
        allocate_frame(pl.DataFrame({"name": ["a"]}), unknown=True)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"return": [1, 1, None]}, "return of a vehicle is unknown"),
        ({"return": [1, 1, 9]}, "vehicles are of a return that has no row; give it"),
        ({"return": ["1", "1", "2"]}, "found Int64 in one table and String in the other"),
        ({"return": []}, "return: missing column"),
    ],
)
def test_keys_of_vehicles(change, message):
    """No vehicle is left without its return."""
    with pytest.raises(InvalidFrameError, match=message):
        allocate_frame(returns(), vehicles=cars(**change))


@pytest.mark.parametrize(
    ("keys", "message"), [([1, 1], "several rows have the same key"), ([1, None], "is unknown")]
)
def test_keys_of_returns(keys, message):
    """A credit goes to one return."""
    with pytest.raises(InvalidFrameError, match=message):
        allocate_frame(returns(**{"return": keys}), vehicles=cars().head(2))


def test_bad_rows_of_lazy_frames_are_null():
    """Its own fault, or that of a vehicle; and a vehicle without a return has a row of its own."""
    bad = cars(credit_lower_cents=[750_000, None, 100], **{"return": [1, 1, 9]})
    found = allocate_frame(returns().lazy(), vehicles=bad.lazy()).collect().sort("return")
    assert found["return"].to_list() == [1, 2, 9]
    assert found["allowed_lower_cents"].to_list() == [None, 0, None]
    assert found["left_for_new_upper_cents"].to_list() == [None, None, None]
    wrong = one(credit_lower_cents=[750_001]).lazy()
    assert allocate_frame(wrong).collect()["allowed_lower_cents"].to_list() == [None]
    with pytest.raises(InvalidFrameError, match="above the upper end"):
        allocate_frame(wrong, check=True)
    assert allocate_frame(wrong, check=False).collect()["allowed_lower_cents"].to_list() == [300000]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"credit": "30E"}, "credit: found '30E'; give one of 30D, 25E, 45W"),
        ({"unknown": "tax_before_credit_cents"}, "did you mean tax_before_credits_cents?"),
        ({"unknown": ["x"]}, "unknown: found 'x'; give some of"),
        ({"unknown": 5}, "give a list of texts"),
        ({"key": 5}, "give the name of a column"),
        ({"law": 5}, "law: found 5"),
    ],
)
def test_arguments(options, message):
    """In our own words."""
    with pytest.raises(EvcreditError, match=message):
        allocate_frame(one(), **options)


# -- pandas and Dask -----------------------------------------------------------------------


def in_pandas(frame):
    return frame.to_arrow().to_pandas(types_mapper=pd.ArrowDtype)


def test_pandas():
    """By way of Arrow: one table as it is, two as a new frame in the order of the returns."""
    alone = allocate_frame(in_pandas(one()))
    assert alone["new_lost_lower_cents"].tolist() == [150_000]
    assert list(alone.columns[:5]) == one().columns
    both = allocate_frame(in_pandas(returns()), vehicles=in_pandas(cars()))
    assert both["return"].tolist() == [1, 2]
    assert both["used_allowed_lower_cents"].tolist() == [400_000, 0]
    with pytest.raises(InvalidFrameError, match="missing column"):
        allocate_frame(in_pandas(one()).drop(columns="credit_lower_cents"))


def test_dask_and_mixed_engines():
    """Rows apart; tables of two engines, or of Dask, are not joined."""
    frame = dd.from_pandas(in_pandas(one()), npartitions=1)
    assert allocate_frame(frame).compute()["allowed_upper_cents"].tolist() == [300_000]
    wrong = dd.from_pandas(in_pandas(one(credit_lower_cents=[750_001])), npartitions=1)
    assert allocate_frame(wrong).compute()["allowed_lower_cents"].isna().tolist() == [True]
    for first, other in (
        (frame, frame),
        (returns(), in_pandas(cars())),
        (returns(), cars().lazy()),
    ):
        with pytest.raises(InvalidFactError, match="give both tables in one engine"):
            allocate_frame(first, vehicles=other)


# -- the arithmetic ------------------------------------------------------------------------


def test_the_rest_of_what_is_rounded_half_up():
    """A part rounded half up and the rest rounded half down are the whole, whatever the part."""
    for number in range(60):
        share = quantity(number) * 5
        up, down = rounded(share, "10"), rounded(quantity(300) - share, "10", down=True)
        (one_part,), (rest,) = ({*each.ends(Binding(LAW, {}))(None)} for each in (up, down))
        assert one_part + rest == 300
    assert half_down(10**12, Fraction(1)) == 10**12


def test_an_amount_without_end_has_none_after_something_is_taken_off():
    """Not a little less than a very large number."""
    endless = quantity(10**12) - 5
    assert endless.ends(Binding(LAW, {}))(None) == (10**12 - 5, 10**12)
