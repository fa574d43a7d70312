"""Claims as rows of a table, with the columns that `assess_frame` reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from evcredit.assessment import section_of
from evcredit.claim import Claim
from evcredit.errors import InvalidFactError
from evcredit.expression import CertifiedShare, Derived, Fact, facts_of
from evcredit.fact import read
from evcredit.law import Law, current_law
from evcredit.section import Credit, Section
from evcredit.share import Share
from evcredit.tables.columns import LARGEST, cell, share_column_names
from evcredit.tables.frames import plan_for

__all__ = ["rows_of"]


def rows_of(
    claims: Iterable[Claim], credit: Credit | str = Credit.NEW_VEHICLE, *, law: Law | None = None
) -> list[dict[str, Any]]:
    """A row for each claim, with every column of `schema`; make of them the table you need.

    What follows from lists inside a claim (the shares of a battery, what its owners make of a
    foreign entity of concern, earlier transfers and sales) is worked out here, on the law given;
    another law may read the other columns of the rows, but not these.

    Args:
        claims: The claims; they must state numbers exactly, since a table holds no bounds.
        credit: The credit, for example ``"30D"``.
        law: The law; `current_law` if left out.

    Returns:
        Dictionaries of cells by the names of columns; `None` for unknown. Money is in cents.

    Raises:
        InvalidFactError: A claim states bounds, a number finer than the unit of its column or
            too large for it, or a row of a published list; or there is no such credit.
        OutsideCoverage: A claim states a day for which no law is held.

    >>> from evcredit import examples
    >>> (row,) = rows_of([examples.demonstration_claim()])
    >>> row["vehicle_msrp_cents"], row["vehicle_vehicle_class"]
    (5799000, 'sport utility vehicle')
    """
    law = current_law() if law is None else law
    section = section_of(credit)
    facts = _facts(law, section.credit)
    rows = []
    for number, claim in enumerate(claims):
        try:
            row = _row(claim, facts, law, section)
        except InvalidFactError as fault:
            raise fault.below(f"claims[{number}]") from None
        rows.append(row)
    return rows


@lru_cache(maxsize=64)
def _facts(law: Law, credit: Credit) -> dict[str, Fact]:
    """The columns that hold facts."""
    columns = plan_for(None, credit=credit, law=law).columns
    return {column.name: _fact_at(column.path) for column in columns if column.path}


def _fact_at(path: str) -> Fact:
    found: Any = facts_of(Claim)
    for name in path.split("."):
        found = getattr(found, name)
    fact: Fact = found
    return fact


def _row(claim: Claim, facts: dict[str, Fact], law: Law, section: Section) -> dict[str, Any]:
    listing = claim.vehicle.listing
    if listing is not None:
        remedy = "a table reads no published lists; leave it out"
        raise InvalidFactError("vehicle.listing", listing, remedy)
    values = {name: read(claim, fact.path) for name, fact in facts.items()}
    cells = {n: None if value is None else cell(facts[n], value) for n, value in values.items()}
    return {**cells, **dict(_computed(claim, law, section))}


def _computed(claim: Claim, law: Law, section: Section) -> Iterator[tuple[str, Any]]:
    """What follows from parts of the claim that no table holds."""
    binding = section.of(claim, law).binding
    for name, derived in _derived(section).items():
        if isinstance(derived.body, CertifiedShare):
            share = derived.body.computed(binding)(claim)
            ends = _ends(share)
            if any(abs(number or 0) > LARGEST for number in ends):
                remedy = f"a column holds numerators up to {LARGEST}"
                raise InvalidFactError(name, share, remedy)
            yield from zip(share_column_names(name), ends, strict=True)
        elif derived.body is None:
            yield name, derived.bind_value(binding)(claim)


@lru_cache(maxsize=8)
def _derived(section: Section) -> dict[str, Derived]:
    facts = (fact for rule in section.of_own_facts.top.walk() for fact in rule.facts())
    return {fact.name: fact for fact in facts if isinstance(fact, Derived)}


def _ends(share: Share | None) -> tuple[int | None, ...]:
    if share is None:
        return (None,) * 4
    lower, upper = share.bounds.lower, share.bounds.upper
    return (lower.numerator, lower.denominator, upper.numerator, upper.denominator)
