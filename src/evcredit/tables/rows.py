"""Claims as rows of a table, with the columns that `assess_frame` reads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from evcredit.algebra.derived import CertifiedShare, Derived
from evcredit.algebra.expression import Fact
from evcredit.algebra.path import read
from evcredit.algebra.share import Share
from evcredit.algebra.symbol import facts_of
from evcredit.errors import InvalidFactError, checked
from evcredit.facts.claim import Claim
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.provisions.registry import section_of
from evcredit.provisions.section import Credit, Section
from evcredit.results.assessing import assess
from evcredit.tables.claim_warnings import warn_of_claims
from evcredit.tables.compiler.columns import LARGEST, cell, share_column_names
from evcredit.tables.content.qualifying import CONTENT_LAW, content_law
from evcredit.tables.plan import names_of, plan_for

__all__ = ["rows_of"]


def rows_of(
    claims: Iterable[Claim],
    credit: Credit | str | Section = Credit.NEW_VEHICLE,
    *,
    law: Law | None = None,
) -> list[dict[str, Any]]:
    """A row for each claim, with every column of `schema`; make of them the table you need.

    What follows from lists inside a claim (the shares of a battery, what its owners make of a
    foreign entity of concern, earlier transfers and sales) is computed here, on the law given;
    another law may read the other columns of the rows, but not these.

    Args:
        claims: The claims; they must state numbers exactly, since a table holds no bounds.
        credit: The credit, for example ``"30D"``.
        law: The law; `current_law` if omitted.

    What `Assessment.warnings` says of the claims is issued as `ClaimWarning`, as a row has no place
    for it; facts that no rule reads, and that no column holds, are among it.

    Returns:
        Dictionaries of cells by the names of columns; `None` for unknown. Money is in cents.

    Raises:
        InvalidFactError: A claim states bounds, a number finer than the unit of its column or
            too large for it, or a row of a published list; or there is no such credit.
        OutsideCoverage: A claim states a day for which no law is held.

    >>> from evcredit import examples
    >>> (row,) = rows_of([examples.demonstration_claim()])
    >>> row["vehicle_msrp_cents"], row["vehicle_class"]
    (5799000, 'sport utility vehicle')
    """
    law = law_applied(law)
    section = section_of(credit)
    facts = _facts(law, section)
    rows = []
    found: dict[str, list[int]] = {}
    given: Any = claims
    if isinstance(given, str) or not isinstance(given, Iterable):
        raise InvalidFactError("claims", given, "give a list of claims")
    for number, claim in enumerate(claims):
        checked(claim, Claim, f"claims[{number}]")
        try:
            row = _row(claim, facts, law, section)
        except InvalidFactError as fault:
            raise fault.below(f"claims[{number}]") from None
        for each in assess(claim, law=law, credit=section).warnings:
            found.setdefault(each, []).append(number)
        rows.append(row)
    warn_of_claims(found)
    return rows


@lru_cache(maxsize=64)
def _facts(law: Law, section: Section) -> dict[str, Fact]:
    """The columns that hold facts."""
    columns = plan_for(None, credit=section, law=law).columns
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
        remedy = "a table reads no published lists; omit it"
        raise InvalidFactError("vehicle.listing", listing, remedy)
    if section.variant(claim) not in (None, False):
        remedy = "a table reads no accepted seller reports; leave out the maximum credit of it"
        report = claim.purchase.seller_report
        raise InvalidFactError("purchase.seller_report", report, remedy)
    values = {name: read(claim, fact.path) for name, fact in facts.items()}
    cells = {n: None if value is None else cell(facts[n], value) for n, value in values.items()}
    of_law = {CONTENT_LAW: content_law(law)} if CONTENT_LAW in _names(law, section) else {}
    return {**cells, **dict(_computed(claim, law, section)), **of_law}


def _names(law: Law, section: Section) -> frozenset[str]:
    return names_of(section, law).known


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
