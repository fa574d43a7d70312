"""Every row of a table comes to what its claim comes to, on every engine and in every column."""

from __future__ import annotations

import os
import random
from collections.abc import Iterable
from functools import cache
from typing import Any

import narwhals.stable.v2 as nw
import polars as pl
import pytest
from hypothesis import settings
from tests.strategies import hide, known_paths, some_laws
from tests.tables.engines import ROW
from tests.tables.rows import fits, plain, rows_of
from tests.tables.test_rules_over_columns import gathered, partial_claims

from evcredit import Claim, Law, Verdict, assess, current_law
from evcredit.tables import assess_frame
from evcredit.tables.columns import ColumnKind

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
TYPES = {"bool": pl.Boolean, "date": pl.Date, "text": pl.String, "int64": pl.Int64}


def varied(claims: list[Claim], seed: int = 0) -> list[Claim]:
    """The claims, and each of them with some more facts unknown."""
    chance = random.Random(seed)
    found = list(claims)
    for claim in claims:
        paths = sorted(path for path in known_paths(claim) if "[" not in path)
        most = min(len(paths), 4)
        hidden = [chance.sample(paths, chance.randint(1, most)) for _ in range(VARIATIONS)]
        found += [hide(claim, each) for each in hidden]
    return found


@cache
def claims() -> tuple[Claim, ...]:
    """Random claims with random unknowns, as many for every engine."""
    return tuple(tabular(varied([plain(claim) for claim in gathered(partial_claims())])))


def names(several: Iterable[Claim]) -> frozenset[str]:
    """Every name of a manufacturer or make, which a lazy frame doesn't tell."""
    vehicles = [claim.vehicle for claim in several]
    found = {name for each in vehicles for name in (each.manufacturer, each.make)}
    return frozenset(name for name in found if name is not None)


def tabular(several: list[Claim]) -> list[Claim]:
    """Those whose numbers a column holds."""
    law = current_law()
    return [claim for claim in several if whole(claim, law)]


def whole(claim: Claim, law: Law) -> bool:
    try:
        rows, _ = rows_of([claim], law)
    except ValueError:  # finer than the unit of a column
        return False
    return fits(rows[0])


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


@cache
def answers(count: int) -> list[dict[str, Any]]:
    return [expected(claim, current_law()) for claim in claims()[:count]]


def results(
    native: Any, law: Law, credit: str = "30D", *, among: Iterable[Claim] | None = None
) -> Any:
    told = names(claims() if among is None else among)
    result = assess_frame(
        native, law=law, credit=credit, rules=True, check=False, names=told, unknown=True
    )
    return nw.from_native(result).with_columns(nw.col("reason").cast(nw.String)).to_native()


def test_there_are_enough_claims() -> None:
    if settings.get_current_profile_name() == "ci" and settings().max_examples >= 200:
        assert len(claims()) >= 5000 * 0.9
    told = {row["verdict"] for row in answers(len(claims()))}
    assert told == {True, False, None}


def test_spark_needs_no_python(spark: Any) -> None:
    """The plan holds expressions of the engine alone, so that it scales with the cluster."""
    import pyspark.sql.functions

    rows, plan = rows_of(list(claims()[:20]), current_law())
    kinds = {column.name: KINDS[column.kind] for column in plan.columns}
    table = spark.table([{k: v for k, v in row.items() if k != ROW} for row in rows], kinds)
    same = pyspark.sql.functions.udf(lambda value: value, "long", useArrow=False)
    assert "Python" in spark.plan(table.select(same(ROW)))
    assert "Python" not in spark.plan(results(table, current_law()))


def test_every_row_of_every_engine(engine: Any) -> None:
    """Verdict, both bounds, reason and every rule column."""
    rows, plan = rows_of(list(claims()), current_law())
    kinds = {column.name: KINDS[column.kind] for column in plan.columns}
    table = engine.table([{k: v for k, v in row.items() if k != ROW} for row in rows], kinds)
    found = engine.rows(results(table, current_law()), by=ROW)
    assert differences(found, answers(len(claims()))) == []


@pytest.mark.skipif(BATCHES == 0, reason="long: make campaign-tables")
def test_a_million_rows(engine: Any) -> None:
    """The same of many more rows, in batches of which each hides other facts."""
    law, base = current_law(), [plain(claim) for claim in gathered(partial_claims())]
    compared = 0
    for batch in range(BATCHES):
        several = tabular(varied(base, seed=batch))
        rows, plan = rows_of(several, law)
        kinds = {column.name: KINDS[column.kind] for column in plan.columns}
        table = engine.table([{k: v for k, v in row.items() if k != ROW} for row in rows], kinds)
        found = engine.rows(results(table, law, among=several), by=ROW)
        assert differences(found, [expected(claim, law) for claim in several]) == []
        compared += len(several)
    print(f"{engine.name}: {compared:,} rows compared")


@pytest.mark.parametrize("law", some_laws(), ids=lambda law: law.name)
def test_other_laws(law: Law) -> None:
    """The same under reforms, other readings and earlier states of the law."""
    few = [claim for claim in claims()[::9] if held(claim, law)]
    rows, plan = rows_of(few, law)
    schema = {ROW: pl.Int64, **{c.name: TYPES[KINDS[c.kind]] for c in plan.columns}}
    found = results(pl.DataFrame(rows, schema=schema), law).to_dicts()
    assert differences(found, [expected(claim, law) for claim in few]) == []


def held(claim: Claim, law: Law) -> bool:
    """Whether the law is held for the days of a claim."""
    try:
        assess(claim, law=law)
    except LookupError:
        return False
    return whole(claim, law)
