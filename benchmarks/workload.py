"""The tables that the benchmarks run on: vehicles bought new since 18 April 2023."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from evcredit import (
    Battery,
    Claim,
    FilingStatus,
    Purchase,
    Taxpayer,
    TaxYear,
    Vehicle,
    VehicleClass,
)
from evcredit.facts.country import alpha_2_codes
from evcredit.facts.mineral import applicable_minerals

STATUSES = [each.value for each in FilingStatus]
CLASSES = [each.value for each in VehicleClass]
COUNTRIES = sorted(alpha_2_codes())
PLACES = ["US", "MX", "CA", "DE", "JP", "KR", "CN"]
FIRST = date(2023, 4, 18)

#: What is the same in every row.
ASSUMED: dict[str, Any] = {
    "wheels": 4,
    "made_for_public_roads": True,
    "clean_air_act_motor_vehicle": True,
    "meets_air_and_safety_rules": True,
    "made_by_qualified_manufacturer": True,
    "driven_by_battery_motor": True,
    "fuel_cell": False,
}
BATTERY: dict[str, Any] = {
    "externally_rechargeable": True,
    "minerals_from_foreign_entity_of_concern": False,
}
PAID = date(2023, 4, 1)
OPTIONS: dict[str, Any] = {
    "assume": Claim(
        vehicle=Vehicle(**ASSUMED, battery=Battery(**BATTERY)),
        purchase=Purchase.new_from_dealer(first_payment_date=PAID),
    ),
    "placed_in_service": (FIRST, None),
}


def coded(rng: Any, rows: int, values: list[str], categories: list[str] | None = None) -> pl.Series:
    """Some of the values at random, as an enumeration."""
    several = pl.Series(values, dtype=pl.Enum(categories or values))
    return several.gather(rng.integers(0, len(values), rows))


def cars(rows: int, *, text: bool = False, nulls: bool = False, seed: int = 1) -> pl.DataFrame:
    """Fourteen columns that differ from row to row.

    Args:
        rows: How many vehicles.
        text: Whether classes, statuses and countries are text and not enumerations.
        nulls: Whether one cell in twenty is unknown.
        seed: Picks the vehicles.
    """
    rng = np.random.default_rng(seed)
    placed = np.datetime64(FIRST) + rng.integers(0, 980, rows)
    contract = placed - rng.integers(0, 90, rows)
    frame = pl.DataFrame(
        {
            "purchase_placed_in_service": pl.Series(placed.astype("datetime64[D]")).cast(pl.Date),
            "purchase_contract_date": pl.Series(contract.astype("datetime64[D]")).cast(pl.Date),
            "vehicle_class": coded(rng, rows, CLASSES),
            "vehicle_msrp_cents": rng.integers(30_000_00, 95_000_00, rows),
            "taxpayer_current_year_modified_adjusted_gross_income_cents": rng.integers(
                20_000_00, 400_000_00, rows
            ),
            "taxpayer_prior_year_modified_adjusted_gross_income_cents": rng.integers(
                20_000_00, 400_000_00, rows
            ),
            "taxpayer_current_year_filing_status": coded(rng, rows, STATUSES),
            "taxpayer_prior_year_filing_status": coded(rng, rows, STATUSES),
            "vehicle_battery_capacity_watt_hours": rng.integers(5_000, 90_000, rows),
            "vehicle_gross_vehicle_weight_rating_lb": rng.integers(4_000, 15_000, rows),
            "vehicle_final_assembly_country": coded(rng, rows, PLACES, COUNTRIES),
            "vehicle_battery_certified_critical_mineral_content_basis_points": rng.integers(
                0, 10_000, rows
            ),
            "vehicle_battery_certified_battery_component_content_basis_points": rng.integers(
                0, 10_000, rows
            ),
            "components_from_foreign_entity_of_concern": rng.random(rows) < 0.1,
        }
    )
    if text:
        frame = frame.with_columns(pl.col(pl.Enum).cast(pl.String))
    if nulls:
        known = {name: pl.Series(rng.random(rows) >= 0.05) for name in frame.columns}
        frame = frame.select(pl.when(known[name]).then(pl.col(name)).alias(name) for name in known)
    return frame


def claim_of(row: dict[str, Any]) -> Claim:
    """A row of `cars` as an object, with what is assumed."""
    years = {
        year: TaxYear(
            filing_status=row[f"taxpayer_{year}_filing_status"],
            modified_adjusted_gross_income=Decimal(
                row[f"taxpayer_{year}_modified_adjusted_gross_income_cents"]
            ).scaleb(-2),
        )
        for year in ("current_year", "prior_year")
    }
    battery = "vehicle_battery_certified"
    return Claim(
        vehicle=Vehicle(
            **ASSUMED,
            vehicle_class=row["vehicle_class"],
            msrp=Decimal(row["vehicle_msrp_cents"]).scaleb(-2),
            gross_vehicle_weight_rating_lb=row["vehicle_gross_vehicle_weight_rating_lb"],
            final_assembly_country=row["vehicle_final_assembly_country"],
            battery=Battery(
                **BATTERY,
                capacity_kwh=Decimal(row["vehicle_battery_capacity_watt_hours"]).scaleb(-3),
                certified_critical_mineral_content=Decimal(
                    row[f"{battery}_critical_mineral_content_basis_points"]
                ).scaleb(-2),
                certified_battery_component_content=Decimal(
                    row[f"{battery}_battery_component_content_basis_points"]
                ).scaleb(-2),
                components_from_foreign_entity_of_concern=row[
                    "components_from_foreign_entity_of_concern"
                ],
            ),
        ),
        purchase=Purchase.new_from_dealer(
            first_payment_date=PAID,
            contract_date=row["purchase_contract_date"],
            placed_in_service=row["purchase_placed_in_service"],
        ),
        taxpayer=Taxpayer(**years),
    )


def batteries(vehicles: int, chains: int = 6, seed: int = 1) -> dict[str, pl.DataFrame]:
    """Vehicles, procurement chains and two steps for each chain, for `qualifying_content`."""
    rng = np.random.default_rng(seed)
    rows = vehicles * chains
    keys = pl.DataFrame(
        {
            "vehicle": np.repeat(np.arange(vehicles), chains),
            "chain": np.tile(np.arange(chains), vehicles),
        }
    )
    minerals = sorted(each.identifier for each in applicable_minerals())
    values = rng.integers(1_00, 2_000_00, rows)
    countries = ["AU", "CL", "JP", "KR", "CN", "ID", "US", "CA"]
    return {
        "vehicles": pl.DataFrame(
            {
                "vehicle": np.arange(vehicles),
                "purchase_placed_in_service": pl.Series(
                    (np.datetime64(FIRST) + rng.integers(0, 980, vehicles)).astype("datetime64[D]")
                ).cast(pl.Date),
            }
        ),
        "chains": keys.with_columns(
            mineral=coded(rng, rows, minerals).cast(pl.String), value_cents=pl.Series(values)
        ),
        "steps": pl.concat(
            keys.with_columns(
                activity=pl.lit(activity),
                country=coded(rng, rows, countries).cast(pl.String),
                value_added_cents=pl.Series(values // 2),
            )
            for activity in ("extraction", "processing")
        ),
    }


def write_cars(folder: Path, rows: int, at_a_time: int = 1_000_000) -> None:
    """Parquet files of so many rows each; those after the first hold the same rows again."""
    folder.mkdir()
    first = folder / "00000.parquet"
    cars(min(rows, at_a_time)).write_parquet(first)
    for number in range(1, rows // at_a_time):
        (folder / f"{number:05d}.parquet").write_bytes(first.read_bytes())
