"""Single claims as rows of a table: every rule in each of its verdicts, days and laws of all sorts.

Random claims on every engine are compared in tests/tables.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import attrs
import polars as pl
import pytest
from tests.commercial import business, business_claim
from tests.strategies import hide, known_claim, some_laws
from tests.tables.rows import every_column, fitting, plain
from tests.tables.test_equivalence import KINDS, differences, expected, names
from tests.tables.test_rules_over_columns import single_cases
from tests.used import used_claim

from evcredit import Claim, InvalidFactError, assess, current_law, with_facts
from evcredit.algebra.schedule import NoProvision
from evcredit.tables import (
    InvalidFrameError,
    assess_frame,
    qualifying_content,
    schema,
    summarise,
    template,
    templates,
)
from evcredit.tables.assessed import RESULTS
from evcredit.tables.compiler import quantities as measure

LAW = current_law()
DAY = date(2024, 6, 3)
#: A name on record, one nearly so, and one of no one.
NAMES = ("Tesla", "Telsa", "Lightyear", None)


def compared(claims: list[Claim], law: Any = LAW, credit: str = "30D", lazy: bool = False) -> Any:
    """The results of the claims as rows; each must say what its claim says."""
    kept, rows = fitting(map(plain, claims), law, credit)
    columns = every_column(law, credit).columns
    types = {"bool": pl.Boolean, "date": pl.Date, "text": pl.String, "int64": pl.Int64}
    schema = {"row": pl.Int64, **{c.name: types[KINDS[c.kind]] for c in columns}}
    frame: Any = pl.DataFrame(rows, schema=schema)
    options = {"law": law, "credit": credit, "rules": True, "unknown": True}
    if lazy:
        frame, options["names"] = frame.lazy(), names(kept)
    result = assess_frame(frame, **options)
    found = result.collect() if lazy else result
    wanted = [expected(claim, law, credit) for claim in kept]
    assert differences(found.with_columns(pl.col("reason").cast(str)).to_dicts(), wanted) == []
    return found


def elected(**facts: Any) -> Claim:
    stated = {"elects_transition_rule": True, **facts}
    changed = {f"purchase.{name}": value for name, value in stated.items()}
    return with_facts(known_claim(date(2022, 11, 5)), changed)


def days() -> list[Claim]:
    """Claims whose days follow from others, are unknown, or come after them."""
    bound = {"contract_date": date(2022, 8, 15), "first_payment_date": date(2022, 8, 15)}
    late = {"contract_date": date(2022, 9, 1)}
    found = [elected(**each) for each in (bound, late, {"contract_date": None})]
    found += [elected(**bound, sale_date=day) for day in (date(2022, 3, 2), date(2022, 11, 4))]
    found += [hide(claim, ["purchase.placed_in_service"]) for claim in found]
    for day in (date(2019, 6, 3), date(2023, 2, 1), DAY):
        for name in NAMES:
            made = with_facts(
                known_claim(day), {"vehicle.make": None, "vehicle.manufacturer": name}
            )
            found += [made, hide(made, ["purchase.placed_in_service"])]
            found.append(with_facts(made, {"purchase.sale_date": day - timedelta(days=40)}))
    return found


@pytest.mark.parametrize("lazy", [False, True])
def test_every_rule_of_new_vehicles(lazy: bool) -> None:
    found = compared([*single_cases(), *days()], lazy=lazy)
    assert set(found["verdict"].to_list()) == {True, False, None}


@pytest.mark.long
@pytest.mark.parametrize("law", some_laws(), ids=lambda law: law.name)
def test_other_laws(law: Any) -> None:
    claims = []
    for claim in [*single_cases()[::5], *days()[::3]]:
        try:
            assess(plain(claim), law=law)
        except LookupError:
            continue
        claims.append(claim)
    compared(claims, law)


def test_a_law_without_a_number() -> None:
    """What the law leaves without a value stays open in a table too."""
    silent = LAW.gross_vehicle_weight_limit_lb.always(NoProvision("none"), why="a hypothetical")
    law = attrs.evolve(LAW, gross_vehicle_weight_limit_lb=silent)
    compared([known_claim(DAY), hide(known_claim(DAY), ["vehicle.msrp"])], law)


def test_used_and_commercial_vehicles() -> None:
    used, work = used_claim(), business_claim()
    for credit, claim, paths in (
        ("25E", used, ("purchase.sale_price", "vehicle.gross_vehicle_weight_rating_lb")),
        ("45W", work, ("vehicle.gross_vehicle_weight_rating_lb", "vehicle.battery.capacity_kwh")),
    ):
        claims = [claim, *(hide(claim, [path]) for path in paths)]
        compared(claims, credit=credit)


def test_days_that_were_promised() -> None:
    """A row outside them is invalid; rules for other days require no columns."""
    frame = pl.DataFrame({"purchase_placed_in_service": [DAY, date(2022, 6, 3), None]})
    promised = ("2023-04-18", "2025-12-31")
    with pytest.raises(InvalidFrameError, match="outside the days that were promised"):
        assess_frame(frame, unknown=True, placed_in_service=promised)
    result = assess_frame(frame.lazy(), unknown=True, placed_in_service=promised).collect()
    assert result["reason"].to_list()[1] == "invalid_row"
    good, bad = assess_frame(frame, unknown=True, placed_in_service=promised, strict=False)
    assert (len(good), len(bad)) == (2, 1)
    for wrong in (("2024-13-01", None), ("2024-02-01", "2024-01-01")):
        with pytest.raises(InvalidFactError):
            assess_frame(frame, unknown=True, placed_in_service=wrong)


def test_a_day_that_the_law_does_not_cover() -> None:
    frame = pl.DataFrame({"purchase_placed_in_service": [DAY, date(2009, 6, 3)]})
    with pytest.raises(InvalidFrameError, match="evcredit has no law"):
        assess_frame(frame, unknown=True)
    *others, last = LAW.sourcing_in_force.standing
    entries = (*others, attrs.evolve(last, end=date(2030, 1, 1)))
    short = attrs.evolve(LAW.sourcing_in_force, entries=entries)
    late = pl.DataFrame({"purchase_placed_in_service": [date(2031, 1, 1)]})
    with pytest.raises(InvalidFrameError, match="evcredit has no law"):
        assess_frame(late, unknown=True, law=attrs.evolve(LAW, sourcing_in_force=short))


def test_what_is_assumed_of_every_row() -> None:
    """Facts that are the same in every row, among them days, names and categories."""
    claims = [known_claim(DAY), known_claim(date(2019, 6, 3)), *days()[:8]]
    for claim in claims:
        facts = {"vehicle.battery.minerals": None, "vehicle.battery.components": None}
        facts |= {
            "vehicle.battery.minerals_from_foreign_entity_of_concern": False,
            "vehicle.battery.components_from_foreign_entity_of_concern": False,
            "vehicle.battery.certified_critical_mineral_content": 80,
            "vehicle.battery.certified_battery_component_content": 100,
        }
        stated = with_facts(plain(claim), facts)
        frame = pl.DataFrame({"row": [0]})
        result = assess_frame(frame, assume=stated, unknown=True, rules=True)
        found = result.with_columns(pl.col("reason").cast(str)).to_dicts()
        # The parts of what is never in force are not asked about, and so not told.
        wanted = {name: expected(stated, LAW)[name] for name in RESULTS}
        assert differences(found, [wanted]) == []


def test_no_rule_of_that_code() -> None:
    with pytest.raises(InvalidFactError, match="did you mean income_within_limit"):
        assess_frame(pl.DataFrame({"row": [0]}), unknown=True, rules=["income_within_limt"])


def test_frames_of_pandas_and_dask() -> None:
    """By way of Arrow, and partition by partition; bad rows are reported or sorted out."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame(
        {
            "purchase_placed_in_service": pandas.to_datetime(["2024-06-03", "2009-06-03", None]),
            "vehicle_msrp_cents": pandas.array([5_400_000, 1, None], dtype="Int64"),
            "taxpayer_kind": [None, None, None],
            "vehicle_class": pandas.Categorical(["van", None, None]),
        },
        index=[7, 8, 9],
    )
    with pytest.raises(InvalidFrameError, match="evcredit has no law"):
        assess_frame(frame, unknown=True)
    good, bad = assess_frame(frame, unknown=True, strict=False)
    assert (list(good.index), list(bad.index)) == ([7, 9], [8])
    assert list(good["reason"]) == ["original_use", "acquired_in_time"]
    dask = pytest.importorskip("dask.dataframe")
    parts = dask.from_pandas(frame.drop(columns="taxpayer_kind"), npartitions=2)
    marked = assess_frame(parts, unknown=True).compute()
    assert list(marked["reason"]) == ["original_use", "invalid_row", "acquired_in_time"]
    kept, others = assess_frame(parts, unknown=True, strict=False)
    # In this thread: coverage does not see those that were started while it was not measured.
    assert len(kept.compute(scheduler="synchronous")) == 2
    assert len(others.compute(scheduler="synchronous")) == 1


def test_what_is_in_cents_needs_no_rounding() -> None:
    """The incremental cost of a vehicle of a business, by the prices (26 USC 45W(b)(2))."""
    prices = [(52_000_10, 47_999_97), (52_000_10, None), (None, 40_000_00), (50_000_00, 52_000_00)]
    frame = pl.DataFrame(
        prices,
        schema={
            "purchase_cost_cents": pl.Int64,
            "purchase_comparable_vehicle_price_cents": pl.Int64,
        },
        orient="row",
    )
    claim = business_claim(purchase__compares_prices=True)
    found = assess_frame(frame, credit="45W", assume=claim)
    for (cost, comparable), row in zip(prices, found.iter_rows(named=True), strict=True):
        one = business(
            purchase__compares_prices=True,
            purchase__cost=None if cost is None else Decimal(cost).scaleb(-2),
            purchase__comparable_vehicle_price=(
                None if comparable is None else Decimal(comparable).scaleb(-2)
            ),
        )
        assert row["credit_lower_cents"] == int(100 * one.credit.lower)
        assert row["credit_upper_cents"] == int(100 * one.credit.upper)
    assert found["credit_upper_cents"].to_list()[0] == 4_000_13


def test_keys_of_pandas_and_dask() -> None:
    """A key need not be a fact; rows of Dask that have one in common may lie in two partitions."""
    pandas = pytest.importorskip("pandas")
    frame = pandas.DataFrame({"plate": ["X", "Y", "X"], "vehicle_wheels": [4, 4, 4]})
    good, bad = assess_frame(frame, key="plate", unknown=True, strict=False)
    assert (list(good["plate"]), list(bad["plate"])) == (["Y"], ["X", "X"])
    with pytest.raises(InvalidFrameError, match=r"vin: missing column \(key\)"):
        assess_frame(frame, key="vin", unknown=True)
    dask = pytest.importorskip("dask.dataframe")
    parts = dask.from_pandas(frame, npartitions=2)
    assert [len(part) for part in parts.partitions] == [2, 1]
    good, bad = assess_frame(parts, key="plate", unknown=True, strict=False)
    assert (list(good["plate"].compute()), list(bad["plate"].compute())) == (["Y"], ["X", "X"])
    marked = assess_frame(parts, key="plate", unknown=True).compute().sort_index()
    assert [reason == "invalid_row" for reason in marked["reason"]] == [True, False, True]
    with pytest.raises(InvalidFrameError, match=r"vin: missing column \(key\)"):
        assess_frame(parts, key="vin", unknown=True)


def test_contents_of_dask() -> None:
    """Rows of a vehicle lie anywhere, in numbers of any type; a pandas frame is none of Dask."""
    pandas, dask = pytest.importorskip("pandas"), pytest.importorskip("dask.dataframe")
    frame, day = pandas.DataFrame, pandas.array([date(2024, 6, 3)] * 4, "date32[pyarrow]")
    vehicles = frame({"vehicle": [1, 2, 3, 4], "purchase_placed_in_service": day})
    chains = {"vehicle": [4, 1, 2, 1], "chain": [1, 1, 1, 2], "value_cents": [5, 3, 7, 4]}
    chains = frame(chains).astype("Int64").assign(mineral="nickel")
    steps = frame({"vehicle": [1, 2, 1, 4], "chain": [2, 1, 1, 1], "country": ["US", "CN"] * 2})
    steps = steps.assign(activity="processing", value_added_cents=pandas.array([4, 7, 3, 5]))
    tables = {"chains": chains, "steps": steps}
    whole = qualifying_content(vehicles, **tables)
    parts = {name: dask.from_pandas(each, npartitions=3) for name, each in tables.items()}
    found = qualifying_content(dask.from_pandas(vehicles, npartitions=2), **parts)
    assert found.compute().sort_values("vehicle").to_dict("list") == whole.to_dict("list")
    with pytest.raises(InvalidFactError, match=r"chains: .*give a Dask frame"):
        qualifying_content(dask.from_pandas(vehicles, npartitions=2), chains=chains)


def test_promised_days_of_a_day_that_is_assumed() -> None:
    """There is no column to look at."""
    frame = pl.DataFrame({"row": [0]})
    result = assess_frame(
        frame, unknown=True, assume=known_claim(DAY), placed_in_service=("2024-01-01", None)
    )
    assert result["reason"].to_list() == ["credit_allowed"]


def test_enumerations_of_other_texts() -> None:
    """One that has more than the categories is read as text, and its bad cells are reported."""
    frame = pl.DataFrame(
        {"vehicle_class": ["van", "weird"], "vehicle_msrp_cents": [1, 2]},
        schema={
            "vehicle_class": pl.Enum(["van", "weird"]),
            "vehicle_msrp_cents": pl.Int64,
        },
    )
    good, bad = assess_frame(frame, unknown=True, strict=False)
    assert (len(good), bad["problems"].to_list()[0][:14]) == (1, "vehicle_class:")
    arrow = pytest.importorskip("pyarrow")
    classes = arrow.array(["van", None]).dictionary_encode()
    coded = arrow.table({"vehicle_class": classes, "vehicle_msrp_cents": [1, 2]})
    assert assess_frame(coded, unknown=True).column("verdict").to_pylist() == [None, None]


def test_a_class_without_residual_values() -> None:
    """The percentage is then open, up to the whole."""
    silent: Any = SimpleNamespace(rows=lambda binding: NoProvision("none"), without=(0, 100))
    reader: Any = SimpleNamespace(law=LAW)
    assert measure._by_row(reader, silent) == (0, 100, 1, 100)


class Session:
    """As much of a session of Spark as a template needs."""

    def createDataFrame(self, table: Any) -> Any:  # noqa: N802
        return table


def test_templates_and_sums_of_other_engines() -> None:
    columns = schema()
    pytest.importorskip("dask")
    arrow = template("pyarrow")
    assert arrow.column_names == [column.name for column in columns]
    assert templates._empty("pyspark", columns, Session()).column_names == arrow.column_names
    assert list(template("pandas").columns) == arrow.column_names
    parts = template("dask")
    assert list(parts.columns) == arrow.column_names
    summed = summarise(assess_frame(parts, unknown=True)).compute()
    assert len(summed) <= 1


def test_other_doors() -> None:
    """An enumeration of names that anybody may bear, and a template of DuckDB."""
    pytest.importorskip("duckdb")
    makes = pl.Series(["Tesla", "Lightyear"], dtype=pl.Enum(["Tesla", "Lightyear"]))
    frame = pl.DataFrame({"vehicle_manufacturer": makes})
    sold = known_claim(date(2021, 6, 3))
    result = assess_frame(frame, assume=sold, unknown=True, rules=["manufacturer_limit"])
    assert result["rule_manufacturer_limit"].to_list() == [False, None]
    assert template("duckdb").columns == [column.name for column in schema()]
