"""Claims as rows of a table."""

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from tests.returns import new_car, used_car

from evcredit import (
    Bounds,
    InvalidFactError,
    OutsideCoverage,
    assess,
    examples,
    with_facts,
)
from evcredit.law.lists import listings
from evcredit.tables import assess_frame, rows_of, schema


def test_rows_have_every_column_of_the_schema():
    """What is computed of a battery too."""
    (row,) = rows_of([examples.demonstration_claim()])
    named = [column.name for column in schema("30D")]
    assert set(row) == set(named)
    assert row["qualifying_critical_mineral_content_lower_of"] > 0
    assert rows_of([]) == []
    unstated, empty = rows_of([new_car(), new_car(vehicle__battery__minerals=())])
    share = [f"qualifying_critical_mineral_content_{end}" for end in ("lower_of", "upper_of")]
    assert [unstated[end] for end in share] == [0, 1]
    assert [empty[end] for end in share] == [None, None]
    assert empty["vehicle_battery_certified_critical_mineral_content_basis_points"] == 6_500


@pytest.mark.parametrize("credit", ["30D", "25E", "45W"])
def test_a_list_of_claims_as_a_table(credit):
    """The table gives what the claims give, transfers and earlier sales included."""
    claims = [examples.demonstration_claim(), used_car(), used_car(25_001), new_car()]
    frame = pl.DataFrame(rows_of(claims, credit), infer_schema_length=None)
    found = assess_frame(frame, credit=credit, unknown=True)
    expected = [assess(claim, credit=credit) for claim in claims]
    assert found["reason"].to_list() == [each.reason for each in expected]
    assert found["credit_upper_cents"].to_list() == [each.credit.upper * 100 for each in expected]


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"vehicle.msrp": Bounds(Decimal(1), Decimal(2))}, "vehicle.msrp: .*holds no bounds"),
        ({"vehicle.battery.capacity_kwh": Decimal("7.00001")}, "capacity_kwh: .*number of watt h"),
        ({"vehicle.msrp": Decimal(10**12)}, "vehicle.msrp: .*numbers up to 10000000000000"),
        ({"vehicle.listing": listings()[0]}, "vehicle.listing: .*no published lists"),
        (
            {
                "vehicle.battery.certified_critical_mineral_content": None,
                "vehicle.battery.minerals[0].value": Decimal("99999999999.99"),
            },
            "qualifying_critical_mineral_content: .*numerators up to",
        ),
    ],
)
def test_what_a_table_cannot_hold(facts, fault):
    """The claim, the field and the rule are named."""
    good = examples.demonstration_claim()
    with pytest.raises(InvalidFactError, match=rf"^claims\[1\]\.\S*{fault}"):
        rows_of([good, with_facts(good, facts)])


def test_a_day_without_law():
    """An error if anything is computed on it, as for the claim itself."""
    early = examples.demonstration_claim(date(2009, 12, 31))
    with pytest.raises(OutsideCoverage):
        rows_of([early])
