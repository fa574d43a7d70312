"""Claims as rows of a table, and what the tests ask of them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from evcredit import Claim, InvalidFactError, Law, with_facts
from evcredit.tables import rows_of
from evcredit.tables.plan import Plan, plan_for


def plain(claim: Claim) -> Claim:
    """The claim without what no table holds: a row of a published list."""
    return with_facts(claim, {"vehicle.listing": None})


def numbered(claims: Iterable[Claim], law: Law, credit: str = "30D") -> list[dict[str, Any]]:
    """One row for each claim, numbered from zero."""
    rows = rows_of(claims, credit, law=law)
    return [{"row": number, **row} for number, row in enumerate(rows)]


def fitting(
    claims: Iterable[Claim], law: Law, credit: str = "30D"
) -> tuple[list[Claim], list[dict[str, Any]]]:
    """The claims whose numbers a table can hold, and one row for each, numbered from zero."""
    kept, rows = [], []
    for claim in claims:
        try:
            (row,) = rows_of([claim], credit, law=law)
        except InvalidFactError:
            continue
        kept.append(claim)
        rows.append({"row": len(rows), **row})
    return kept, rows


@lru_cache(maxsize=64)
def every_column(law: Law, credit: str = "30D") -> Plan:
    """What is done with a table that has every column there may be."""
    return plan_for(None, credit=credit, law=law)
