"""Cells of a table that look like something else, and texts that mean something else."""

import warnings
from datetime import date

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from evcredit import examples
from evcredit.errors import UnlikelyValueWarning
from evcredit.tables import InvalidFrameError, assess_frame, check_content

CLAIM = examples.demonstration_claim()
ENGINES = {"polars": pl.DataFrame, "pandas": pd.DataFrame, "pyarrow": pa.table}


def assessed(frame, **options):
    """The frame assessed, what no column says taken from the demonstration or unknown."""
    return assess_frame(frame, assume=CLAIM, unknown=True, **options)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"vehicle_msrp_cents": [57_990, 57_990_00]},
            "msrp_cents: looks like dollars; it is read as cents (1 rows); for example 57990",
        ),
        (
            {"vehicle_msrp_cents": [57_990_00 * 100]},
            "msrp_cents: looks like a number of smaller units; it is read as cents (1 rows)",
        ),
        (
            {"vehicle_battery_capacity_watt_hours": [75]},
            "vehicle_battery_capacity_watt_hours: looks like kilowatt-hours; it is read as watt ho",
        ),
        (
            {"vehicle_gross_vehicle_weight_rating_lb": [3]},
            "vehicle_gross_vehicle_weight_rating_lb: looks like tons; it is read as lb (1 rows)",
        ),
        (
            {"vehicle_battery_certified_critical_mineral_content_basis_points": [0, 50, 5000]},
            "_basis_points: less than one percent; 50 percent is 5000 in a column of basis points",
        ),
        (
            {"vehicle_final_assembly_country": ["US", "GA", "CA"]},
            "GA is read as Gabon; it is also short for Georgia, a state of the United States",
        ),
        (
            {"vehicle_final_assembly_country": ["US", "NA", None]},
            "NA is read as Namibia; it may also mark a missing value",
        ),
    ],
)
def test_a_cell_that_looks_like_something_else(engine, columns, message):
    """Each column and look is one warning, with the number of rows; the rows are assessed."""
    with pytest.warns(UnlikelyValueWarning) as caught:
        result = assessed(ENGINES[engine](columns))
    (warning,) = caught
    assert message in str(warning.message)
    assert len(result) == len(next(iter(columns.values())))


@pytest.mark.parametrize(
    "columns",
    [
        {"vehicle_msrp_cents": [57_990_00, 0, None]},
        {"vehicle_msrp_cents": [800_000_00], "vehicle_gross_vehicle_weight_rating_lb": [26_000]},
        {"vehicle_msrp_cents": [900_00], "vehicle_wheels": [2]},
        {"vehicle_battery_certified_critical_mineral_content_basis_points": [0, 100, 5000]},
        {"vehicle_final_assembly_country": ["US", "MX", "CA", "DE"]},
        {"vehicle_final_assembly_country": ["NA", "US"]},
        {"vehicle_class": ["van"], "purchase_acquired_for_resale": [False]},
    ],
)
def test_cells_that_are_likely_enough(columns):
    """Of heavy and small vehicles, at the bounds, and Namibia among whole columns."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assessed(pl.DataFrame(columns))


def test_a_table_that_nobody_reads_warns_of_nothing():
    """A lazy frame, and an eager one that is not to be checked, are not read."""
    frame = pl.DataFrame({"vehicle_msrp_cents": [57_990]})
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assessed(frame.lazy()).collect()
        assessed(frame, check=False)


@pytest.mark.parametrize(
    ("column", "cell", "meaning"),
    [
        ("vehicle_final_assembly_country", "MI", "'MI': this is Michigan, a state of the United"),
        ("vehicle_final_assembly_country", "N/A", "'N/A': this marks a missing value"),
        ("vehicle_final_assembly_country", "Canada", "write 'CA' for 'Canada'"),
        ("vehicle_class", "SUV", "write 'sport utility vehicle' for 'SUV'"),
        ("vehicle_class", "Compact Cars", "write 'other vehicle' for 'Compact Cars'"),
        ("vehicle_class", "crossover", "'crossover': fuel economy labels know no cross"),
        ("taxpayer_current_year_filing_status", "MFJ", "write 'married filing jointly' for 'MFJ'"),
    ],
)
def test_a_text_that_a_column_does_not_hold_is_read_for_the_message(column, cell, meaning):
    """The error says what the first of the values means, and what to write."""
    with pytest.raises(InvalidFrameError) as caught:
        assessed(pl.DataFrame({column: [cell]}))
    assert meaning in str(caught.value)
    assert len(str(caught.value)) < 400


def test_content_tables_say_what_a_text_means():
    """Minerals, activities, kinds and countries of supply chains."""
    vehicles = pl.DataFrame({"vehicle": [1], "purchase_placed_in_service": [date(2024, 6, 3)]})
    chains = pl.DataFrame(
        {"vehicle": [1], "chain": [1], "mineral": ["lithium carbonate"], "value_cents": [1]}
    )
    steps = pl.DataFrame(
        {
            "vehicle": [1],
            "chain": [1],
            "activity": ["mining"],
            "country": ["Indonesia"],
            "value_added_cents": [1],
        }
    )
    with pytest.raises(InvalidFrameError) as caught:
        check_content(vehicles=vehicles, chains=chains, steps=steps)
    text = str(caught.value)
    assert "write 'lithium' for 'lithium carbonate'" in text
    assert "write 'extraction' for 'mining'" in text
    assert "write 'ID' for 'Indonesia'" in text
