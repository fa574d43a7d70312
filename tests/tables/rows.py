"""Claims as rows of a table: what the columns of a plan hold for a claim."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

from evcredit import Claim, Law, with_facts
from evcredit.assessment import section_of
from evcredit.expression import Binding, CertifiedShare, Derived, Fact
from evcredit.fact import read
from evcredit.rule import Rule
from evcredit.share import Share
from evcredit.tables.columns import LARGEST, cell, column_name, share_column_names
from evcredit.tables.frames import Plan, plan_for


@lru_cache(maxsize=64)
def deriveds(top: Rule) -> dict[str, Derived]:
    """What is computed of a battery and has no body that columns could be read by."""
    found = {}
    for rule in top.walk():
        for fact in rule.facts():
            if isinstance(fact, Derived):
                found[fact.name] = fact
    return found


def plain(claim: Claim) -> Claim:
    """The claim without what no table holds: a row of a published list."""
    return with_facts(claim, {"vehicle.listing": None})


def rows_of(claims: list[Claim], law: Law, credit: str = "30D") -> tuple[list[dict], Plan]:
    """One row for each claim, with every column there may be, numbered from zero."""
    plan = _plan(law, credit)
    section = section_of(credit)
    computed = deriveds(next(iter(section.rules.values())).top)
    facts = {column.name: column.path for column in plan.columns if column.path}
    rows = []
    for number, claim in enumerate(claims):
        row: dict[str, Any] = {"row": number}
        for name, path in facts.items():
            row[name] = value_at(claim, path)
        binding = Binding(law, days_of(claim, law, section))
        for name, derived in computed.items():
            if isinstance(derived.body, CertifiedShare):
                share = derived.body.computed(binding)(claim)
                row.update(zip(share_column_names(name), share_cells(share), strict=True))
            elif derived.body is None:
                row[name] = derived.bind_value(binding)(claim)
        rows.append(row)
    return rows, plan


@lru_cache(maxsize=64)
def _plan(law: Law, credit: str) -> Plan:
    return plan_for(None, credit=credit, law=law)


def days_of(claim: Claim, law: Law, section: Any) -> dict[str, date]:
    days = {day.path: day.of(claim, law) for day in section.days}
    return {path: day for path, day in days.items() if day is not None}


def value_at(claim: Claim, path: str) -> Any:
    value = read(claim, path)
    return None if value is None else cell(fact_at(path), value)


def fact_at(path: str) -> Fact:
    from evcredit.expression import facts_of

    found = facts_of(Claim)
    for name in path.split("."):
        found = getattr(found, name)
    return found


def share_cells(share: Share | None) -> tuple[int | None, ...]:
    if share is None:
        return (None,) * 4
    lower, upper = share.bounds.lower, share.bounds.upper
    return (lower.numerator, lower.denominator, upper.numerator, upper.denominator)


def fits(row: dict[str, Any]) -> bool:
    return all(abs(v) <= LARGEST for v in row.values() if type(v) is int)


__all__ = ["column_name", "fits", "plain", "rows_of"]
