"""Every row of a table amounts to what its claim amounts to, on every engine and in every
column.
"""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from tests.commercial import business_claims
from tests.strategies import hide, hidings, known_paths, some_laws
from tests.tables.engines import ROW, Polars
from tests.tables.rows import every_column, plain
from tests.tables.test_rules_over_columns import gathered, partial_claims
from tests.used import known_used_claims

from evcredit import Claim, InvalidFactError, Law, Verdict, assess, current_law, examples
from evcredit.tables import assess_frame, rows_of
from evcredit.tables.compiler.columns import ColumnKind

#: Whether every engine is tried (see conftest.py), and as many rows of every credit.
ALL = os.environ.get("EVCREDIT_ENGINES") == "all"
#: How many batches of some five thousand rows the long run compares on each engine.
BATCHES = int(os.environ.get("EVCREDIT_TABLE_BATCHES", "0"))
#: Of each random claim so many more are made by hiding facts, which is quicker than drawing.
VARIATIONS = 24
TRUTHS = {Verdict.MET: True, Verdict.NOT_MET: False, Verdict.UNKNOWN: None}
KINDS = {
    ColumnKind.FLAG: "bool",
    ColumnKind.DAY: "date",
    ColumnKind.TEXT: "text",
    ColumnKind.NUMBER: "int64",
}


def varied(claims: list[Claim], times: int, seed: int = 0) -> list[Claim]:
    """The claims, and each of them so many times with some more facts unknown."""
    chance = random.Random(seed)
    found = list(claims)
    for claim in claims:
        paths = sorted(path for path in known_paths(claim) if "[" not in path)
        most = min(len(paths), 4)
        hidden = [chance.sample(paths, chance.randint(1, most)) for _ in range(times)]
        found += [hide(claim, each) for each in hidden]
    return found


@st.composite
def partial_used_claims(draw: st.DrawFn) -> Claim:
    whole = draw(known_used_claims())
    return hide(whole, draw(hidings(whole)))


#: What random claims of each credit are made of.
DRAWN = {"30D": partial_claims, "25E": partial_used_claims, "45W": business_claims}


def names(several: Iterable[Claim]) -> frozenset[str]:
    """Every name of a manufacturer or make, which a lazy frame doesn't tell."""
    vehicles = [claim.vehicle for claim in several]
    found = {name for each in vehicles for name in (each.manufacturer, each.make)}
    return frozenset(name for name in found if name is not None)


def expected(claim: Claim, law: Law, credit: str = "30D") -> dict[str, Any]:
    """What the objects say, as the columns of a result."""
    result = assess(claim, law=law, credit=credit)
    row = {
        "verdict": TRUTHS[result.verdict],
        "credit_lower_cents": int(100 * result.credit.lower),
        "credit_upper_cents": int(100 * result.credit.upper),
        "reason": result.reason,
    }
    for bound in result._bound.allowed.walk():
        row[f"rule_{bound.rule.code}"] = bound.run(claim)
        row[f"rule_{bound.rule.code}_in_force"] = bound.applies
    return row


def differences(found: list[dict[str, Any]], wanted: list[dict[str, Any]]) -> list[Any]:
    return [
        (number, {name: (row[name], value) for name, value in want.items() if row[name] != value})
        for number, (row, want) in enumerate(zip(found, wanted, strict=True))
        if any(row[name] != value for name, value in want.items())
    ]


class Cases(NamedTuple):
    """Claims, and what each is as a row and amounts to as an object."""

    claims: list[Claim]
    rows: list[dict[str, Any]]
    kinds: dict[str, Any]
    wanted: list[dict[str, Any]]

    def table(self, engine: Any) -> Any:
        """The rows in a table of an engine."""
        rows = [{name: row[name] for name in self.kinds} for row in self.rows]
        return engine.table(rows, self.kinds)


def cases(several: Iterable[Claim], law: Law, credit: str = "30D") -> Cases:
    """The claims whose numbers a column holds, on days for which the law is held."""
    found = Cases([], [], {}, [])
    for claim in several:
        try:
            wanted = expected(claim, law, credit)
            (row,) = rows_of([claim], credit, law=law)
        except (LookupError, InvalidFactError):
            continue
        found.claims.append(claim)
        found.rows.append({ROW: len(found.rows), **row})
        found.wanted.append(wanted)
    columns = every_column(law, credit).columns
    found.kinds.update((column.name, KINDS[column.kind]) for column in columns)
    return found


@cache
def drawn(credit: str) -> Cases:
    """Random claims with random unknowns, the same for every engine."""
    few = [plain(claim) for claim in gathered(DRAWN[credit]())]
    # So that `make test` stays short, the other credits have a fifth of the rows there.
    more = VARIATIONS if ALL or credit == "30D" else VARIATIONS // 6
    return cases([Claim(), *varied(few, more)], current_law(), credit)


def results(table: Any, law: Law, credit: str, claims: Iterable[Claim]) -> Any:
    result = assess_frame(
        table, law=law, credit=credit, rules=True, check=False, names=names(claims), unknown=True
    )
    return nw.from_native(result).with_columns(nw.col("reason").cast(nw.String)).to_native()


def differing(engine: Any, found: Cases, law: Law, credit: str = "30D") -> list[Any]:
    """Where the table of an engine and the objects do not say the same."""
    told = results(found.table(engine), law, credit, found.claims)
    return differences(engine.rows(told, by=ROW), found.wanted)


@pytest.mark.parametrize("credit", DRAWN)
def test_there_are_enough_claims(credit: str) -> None:
    found = drawn(credit)
    if settings.get_current_profile_name() == "ci" and settings().max_examples >= 200:
        assert len(found.claims) >= (5000 if ALL or credit == "30D" else 1000) * 0.9
    assert {row["verdict"] for row in found.wanted} == {True, False, None}


def test_spark_needs_no_python(spark: Any) -> None:
    """The plan holds expressions of the engine alone, so that it scales with the cluster."""
    import pyspark.sql.functions

    found = cases(drawn("30D").claims[:20], current_law())
    table = found.table(spark)
    same = pyspark.sql.functions.udf(lambda value: value, "long", useArrow=False)
    assert "Python" in spark.plan(table.select(same(ROW)))
    assert "Python" not in spark.plan(results(table, current_law(), "30D", found.claims))


#: Java compiles no method of more bytes to machine code; it interprets what is larger.
MOST_BYTES = 8000
#: What a fleet usually has columns of, and dates of one law.
FLEET: dict[str, tuple[Any, Any]] = {
    "purchase_placed_in_service": ("date", date(2024, 6, 3)),
    "purchase_contract_date": ("date", date(2024, 6, 3)),
    "vehicle_class": ("text", "van"),
    "vehicle_msrp_cents": ("int64", 54_000_00),
    "taxpayer_current_year_modified_adjusted_gross_income_cents": ("int64", 90_000_00),
    "taxpayer_prior_year_modified_adjusted_gross_income_cents": ("int64", 90_000_00),
    "taxpayer_current_year_filing_status": ("text", "single"),
    "taxpayer_prior_year_filing_status": ("text", "single"),
    "vehicle_battery_capacity_watt_hours": ("int64", 75_000),
    "vehicle_gross_vehicle_weight_rating_lb": ("int64", 5_000),
    "vehicle_final_assembly_country": ("text", "US"),
    "vehicle_battery_certified_critical_mineral_content_basis_points": ("int64", 55_00),
    "vehicle_battery_certified_battery_component_content_basis_points": ("int64", 65_00),
    "components_from_foreign_entity_of_concern": ("bool", False),
}


@pytest.mark.parametrize("check", [None, False])
def test_spark_compiles_one_stage_without_a_shuffle(spark: Any, check: bool | None) -> None:
    """The rules are one piece of Java, small enough to become machine code."""
    kinds = {name: kind for name, (kind, _) in FLEET.items()}
    table = spark.table([{name: value for name, (_, value) in FLEET.items()}] * 4, kinds)
    rows = assess_frame(
        table,
        assume=examples.demonstration_claim(),
        unknown=True,
        placed_in_service=(date(2023, 4, 18), None),
        check=check,
    )
    plan, code = spark.plan(rows), spark.code(rows)
    assert "Exchange" not in plan
    assert "Found 1 WholeStageCodegen subtrees" in code
    physical = plan.partition("== Physical Plan ==")[2]
    projects = [line for line in physical.splitlines() if "Project" in line]
    assert projects
    assert all("*(1) Project" in line for line in projects)
    sizes = [int(size) for size in re.findall(r"maxMethodCodeSize:(\d+)", code)]
    assert len(sizes) == 1
    assert 0 < sizes[0] <= MOST_BYTES
    # What is the same on both sides Spark warns of.
    assert not re.search(r"\((isnull\([^()]*\)) = \1\)", plan)


@pytest.mark.parametrize("credit", DRAWN)
def test_every_row_of_every_engine(engine: Any, credit: str) -> None:
    """Verdict, both bounds, reason and every rule column."""
    assert differing(engine, drawn(credit), current_law(), credit) == []


@pytest.mark.skipif(BATCHES == 0, reason="long: make campaign-tables")
def test_a_million_rows(engines: Any) -> None:
    """Like the above, for many more rows, in batches of which each hides other facts."""
    law, base = current_law(), [plain(claim) for claim in gathered(partial_claims())]
    compared = 0
    for batch in range(BATCHES):
        several = cases(varied(base, VARIATIONS, seed=batch), law)
        for engine in engines:
            assert differing(engine, several, law) == [], engine.name
        compared += len(several.claims)
        print(f"{compared:,} rows compared on {len(engines)} engines", flush=True)


@pytest.mark.long
@pytest.mark.parametrize("law", some_laws(), ids=lambda law: law.name)
def test_other_laws(law: Law) -> None:
    """The same under reforms, other readings and earlier states of the law."""
    with Polars() as engine:
        assert differing(engine, cases(drawn("30D").claims[::9], law), law) == []
