"""A content of exactly the applicable percentage is enough, and a cent less is not: everywhere."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals.stable.v2 as nw
import pytest
from tests.tables.engines import ROW

from evcredit import Claim
from evcredit.errors import InvalidFactError
from evcredit.tables import assess_frame, qualifying_content

DAY = date(2023, 6, 1)  # 40 percent
#: Cents from three sources in Japan, and from one elsewhere: a third of none of them is whole.
EXACTLY = ([1_333, 1_333, 1_334], 6_000)
A_CENT_LESS = ([1_333, 1_333, 1_333], 6_001)
BATTERIES = (EXACTLY, A_CENT_LESS)
CONTENT = "qualifying_critical_mineral_content"


def content(engine: Any) -> Any:
    """The content from the sources; by hand where an engine cannot add them up."""
    days = [{"vehicle": n, "purchase_placed_in_service": DAY} for n in range(len(BATTERIES))]
    chains, steps = [], []
    for vehicle, (japan, elsewhere) in enumerate(BATTERIES):
        for chain, value in enumerate([*japan, elsewhere]):
            key = {"vehicle": vehicle, "chain": chain}
            country = "CN" if chain == len(japan) else "JP"
            chains.append({**key, "mineral": "nickel", "value_cents": value})
            steps.append({**key, "activity": "processing", "country": country})
    keys = {"vehicle": "int64", "chain": "int64"}
    kinds = {
        "vehicles": {"vehicle": "int64", "purchase_placed_in_service": "date"},
        "chains": {**keys, "mineral": "text", "value_cents": "int64"},
        "steps": {
            **keys,
            "activity": "text",
            "country": "text",
            "value_added_cents": "int64",
        },
    }
    steps = [{**step, "value_added_cents": None} for step in steps]
    tables = {"vehicles": days, "chains": chains, "steps": steps}
    made = {name: engine.table(rows, kinds[name]) for name, rows in tables.items()}
    try:
        return qualifying_content(made.pop("vehicles"), **made)
    except InvalidFactError as error:
        assert "convert it first" in str(error)  # noqa: PT017
        ends = {
            f"{CONTENT}_{end}_{part}": "int64"
            for end in ("lower", "upper")
            for part in ("of", "in")
        }
        rows = [
            {**day, **{name: sum(japan) if name.endswith("of") else 10_000 for name in ends}}
            for day, (japan, _) in zip(days, BATTERIES, strict=True)
        ]
        return engine.table(rows, {**kinds["vehicles"], **ends})


def test_a_share_of_exactly_forty_percent(engine: Any) -> None:
    result = assess_frame(content(engine), unknown=True, assume=Claim(), rules=["value_added_test"])
    told = nw.from_native(result).select("row", "rule_value_added_test").to_native()
    found = [row["rule_value_added_test"] for row in engine.rows(told, by=ROW)]
    assert found == [True, False]


@pytest.mark.parametrize("cents", range(9_990, 10_010))
def test_every_cent_around_it(cents: int) -> None:
    """The same sources in a battery that is worth a few cents more or less."""
    import polars as pl

    frame = pl.DataFrame(
        {
            "purchase_placed_in_service": [DAY],
            **{f"{CONTENT}_{end}_of": [4_000] for end in ("lower", "upper")},
            **{f"{CONTENT}_{end}_in": [cents] for end in ("lower", "upper")},
        }
    )
    result = assess_frame(frame, unknown=True, rules=["value_added_test"])
    assert result["rule_value_added_test"].to_list() == [cents <= 10_000]
