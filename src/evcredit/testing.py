"""Strategies of Hypothesis for the values of this package: import it, and `from_type` works.

Needs the extra `testing`: ``pip install 'evcredit[testing]'``.

Importing this module registers a strategy for every class of facts, and for what the package makes
of them. Facts are drawn as their declarations say; each is unknown as often as not, and numbers
are known in bounds now and then. What contradicts another fact is omitted.

>>> import evcredit.testing
>>> from hypothesis import given, strategies
>>> from evcredit import Claim, assess
>>> @given(strategies.from_type(Claim))
... def test_no_credit_exceeds_the_largest(claim):
...     assert assess(claim).credit.upper <= 7500

May import: everything below it.
May be imported by: nothing inside the package.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from types import ModuleType
from typing import Any

import attrs

from evcredit import (
    advice,
    algebra,
    audit,
    examples,
    facts,
    forms,
    law,
    provisions,
)
from evcredit.advice import BuyNew, Lease, denials, options
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import FactType, Kind, declared_facts
from evcredit.algebra.path import with_facts
from evcredit.errors import EvcreditError, InvalidFactError, InvalidFactsError
from evcredit.facts.claim import Claim
from evcredit.facts.country import alpha_2_codes
from evcredit.facts.mineral import ApplicableMineral, applicable_minerals
from evcredit.facts.place import Place
from evcredit.facts.transfer import CreditTransfer
from evcredit.forms import CleanVehicleReturn, ReturnVehicle, fill_forms
from evcredit.law.current import current_law
from evcredit.law.law import Law
from evcredit.law.lists import listings
from evcredit.results import Assessment, Comparison, assess, compare
from evcredit.results.transfer import assess_transfer

try:
    from hypothesis import strategies as st
except ImportError:
    raise EvcreditError(
        "evcredit.testing needs hypothesis, which is not installed; run: pip install "
        "'evcredit[testing]'"
    ) from None

__all__ = ["examples_of", "laws", "objects", "values_of"]

#: How many levels of parts inside parts are drawn.
_LEVELS = 4
_CENTS_AT_MOST = 10_000_000
# -- facts ---------------------------------------------------------------------------------

_cents = st.integers(0, _CENTS_AT_MOST).map(lambda cents: Decimal(cents).scaleb(-2))
_TEXTS = st.one_of(
    st.sampled_from(["Tesla", "Ford"]),
    st.integers(1, 9_999).map(lambda number: f"Company {number}"),
)
_BY_KIND: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.FLAG: st.booleans(),
    Kind.MONEY: _cents,
    Kind.QUANTITY: st.integers(1, 200_000).map(lambda number: Decimal(number).scaleb(-1)),
    Kind.PERCENT: st.integers(0, 10_000).map(lambda number: Decimal(number).scaleb(-2)),
    Kind.COUNT: st.integers(0, 30).map(Decimal),
    Kind.DAY: st.dates(date(2010, 1, 1), date(2027, 12, 31)),
    Kind.COUNTRY: st.sampled_from(sorted(alpha_2_codes())),
    Kind.TEXT: _TEXTS,
}
_NUMBERS = (Kind.MONEY, Kind.QUANTITY, Kind.PERCENT, Kind.COUNT)
#: Facts of which the kind alone says too little.
_BY_NAME: dict[str, st.SearchStrategy[Any]] = {
    "mineral": st.sampled_from([each.identifier for each in applicable_minerals()]),
    "model_year": st.integers(2010, 2027).map(Decimal),
    "tax_year": st.integers(2023, 2025).map(Decimal),
    "listing": st.sampled_from(listings()),
    "vin": st.just("1M8GDM9AXKP042788"),
}


def values_of(name: str, declared: FactType, levels: int = _LEVELS) -> st.SearchStrategy[Any]:
    """Return a strategy for the values of a fact that is known.

    Args:
        name: The name of the fact.
        declared: Its declaration.
        levels: How many levels of parts inside parts there may be.
    """
    if name in _BY_NAME:
        return _BY_NAME[name]
    if declared.kind is Kind.CHOICE:
        return st.sampled_from(list(declared.of))
    if declared.kind is Kind.PART:
        return objects(declared.of, levels=levels - 1)
    if declared.kind is Kind.PARTS:
        most = 2 if levels > 1 else 0
        return st.lists(objects(declared.of, levels=levels - 1), max_size=most).map(tuple)
    return _BY_KIND[declared.kind]


@st.composite
def objects(draw: st.DrawFn, cls: type, *, levels: int = _LEVELS) -> Any:
    """Return a strategy for the objects of a class of facts.

    Args:
        draw: Draws; given by Hypothesis.
        cls: The class, for example `evcredit.facts.Vehicle`.
        levels: How many levels of parts inside parts there may be.
    """
    needed = {
        each.name for each in attrs.fields(cls) if each.init and each.default is attrs.NOTHING
    }
    stated: dict[str, Any] = {}
    for name, declared in declared_facts(cls):
        if name in needed or (levels > 0 and draw(st.booleans())):
            stated[name] = draw(values_of(name, declared, levels))
            in_bounds = declared.kind in _NUMBERS and name not in needed
            if in_bounds and draw(st.integers(0, 9)) == 0:
                stated[name] = Bounds(stated[name], stated[name] + 1)
    return _without_conflicts(draw, cls, stated, needed)


def _without_conflicts(
    draw: Callable[[st.SearchStrategy[Any]], Any],
    cls: type,
    stated: dict[str, Any],
    needed: set[str],
) -> Any:
    """An object with the facts that fit together; every round leaves one out, or adds one."""
    declared, tries = dict(declared_facts(cls)), 10
    while True:
        try:
            return cls(**stated)
        except (InvalidFactError, InvalidFactsError) as error:
            first: Any = error.exceptions[0] if isinstance(error, InvalidFactsError) else error
            path = first.path.replace("[", ".").split(".")
            lacking = [name for name in path if name in declared and name not in stated]
            if lacking and first.found is None:  # it is needed, though it has a default
                stated[lacking[0]] = draw(values_of(lacking[0], declared[lacking[0]], 1))
                needed = {*needed, lacking[0]}
                continue
            named = [name for name in stated if name in path]
            free = [name for name in (*named, *reversed(stated)) if name not in needed]
            if free:
                del stated[free[0]]
            elif tries:
                tries -= 1
                for name in named:
                    drawn = draw(values_of(name, declared[name], 1))
                    # The simplest draw is the same name every time.
                    is_name = declared[name].kind is Kind.TEXT
                    stated[name] = f"{drawn} {tries}" if is_name else drawn
            else:
                raise


# -- what is made of facts -----------------------------------------------------------------


def laws() -> st.SearchStrategy[Law]:
    """Return a strategy for laws: the current one, earlier ones, and reforms of it."""
    return st.sampled_from(_laws())


@cache
def _laws() -> tuple[Law, ...]:
    now = current_law()
    return (
        now,
        now.without_agreement("JPCMA"),
        now.with_hypothetical("EU-CMA", date(2024, 7, 1)),
        now.known_on(date(2024, 6, 3)),
        now.with_readings(territories_in_united_states=True),
    )


@cache
def _samples() -> tuple[Any, ...]:
    """Values from which one of nearly every other class can be reached."""
    claim = examples.demonstration_claim()
    dear = with_facts(claim, {"vehicle.msrp": 80_300})
    refused, found = assess(dear), assess(claim)
    for each in (refused, found):
        each.explain()
        each.missing()
    vehicle = ReturnVehicle(claim=claim, business_use_percent=40)
    filled = fill_forms(CleanVehicleReturn(tax_year=2024, vehicles=[vehicle]))
    transfer = CreditTransfer.at_the_dealer(claim=claim, payment=7_500, elected_on="2024-06-03")
    offers = [BuyNew(name="car", vehicle=claim.vehicle, purchase=claim.purchase), Lease(name="car")]
    return (
        claim,
        found,
        refused,
        denials(refused),
        filled,
        transfer,
        assess_transfer(transfer),
        options(claim.taxpayer, offers),
        compare(claim, current_law().without_agreement("JPCMA"), current_law()),
        listings()[:3],
        audit.change_days(),
        audit.law_texts(),
        audit.open_points(),
        audit.coverage(),
        applicable_minerals(),
        Place("US", "MI", "Detroit"),
    )


def _reachable(value: Any) -> Iterator[Any]:
    """Everything inside a value, each object once, from the outside inward."""
    seen: set[int] = set()
    kept = [value]
    while kept:
        each = kept.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        if isinstance(each, tuple | list):
            kept += list(each)
        elif isinstance(each, dict):
            kept += [*each.keys(), *each.values()]
        names = [one.name for one in attrs.fields(type(each))] if attrs.has(type(each)) else []
        names += [name for name in getattr(each, "__dict__", {}) if not isinstance(each, type)]
        kept += [getattr(each, name) for name in names if hasattr(each, name)]


@cache
def _by_class() -> dict[type, tuple[Any, ...]]:
    found: dict[type, list[Any]] = {}
    for value in _reachable(_samples()):
        several = found.setdefault(type(value), [])
        if len(several) < 20:
            several.append(value)
    return {cls: tuple(several) for cls, several in found.items()}


def examples_of(cls: type) -> tuple[Any, ...]:
    """Return values of a class that the package made of a few claims; up to 20.

    >>> from evcredit import Finding
    >>> len(examples_of(Finding)) > 5
    True
    """
    return _by_class().get(cls, ())


# -- registration --------------------------------------------------------------------------


#: What the package makes of facts, of which strategies are made of the values in `_samples`.
_MADE: tuple[tuple[ModuleType, str], ...] = (
    (advice, "Change ChangedFact Denial Option Options"),
    (algebra, "Citation Finding Limit Schedule Share"),
    (audit, "ChangeDay Coverage LawText OpenPoint"),
    (forms, "CleanVehicleForms FormLine"),
    (law, "Agreements CountryGroup Manufacturer Manufacturers Quarter Readings TradeAgreement"),
    (provisions, "CreditAllocation TransferOutcome"),
)


def _register() -> None:
    """Tell Hypothesis how values of the public classes are made."""
    for room in (facts, forms, advice):
        for name in room.__all__:
            cls = getattr(room, name)
            if isinstance(cls, type) and attrs.has(cls) and _is_drawn(cls):
                st.register_type_strategy(cls, objects(cls))
    for room, names in _MADE:
        for name in names.split():
            cls = getattr(room, name)
            st.register_type_strategy(cls, _made(cls))
    claims = objects(Claim)
    st.register_type_strategy(Law, laws())
    st.register_type_strategy(Bounds, st.builds(_bounds, _cents, _cents))
    st.register_type_strategy(Place, _BY_KIND[Kind.COUNTRY].map(Place))
    st.register_type_strategy(ApplicableMineral, st.sampled_from(applicable_minerals()))
    st.register_type_strategy(Assessment, st.builds(_assessed, claims, laws()))
    st.register_type_strategy(Comparison, st.builds(_compared, claims, laws(), laws()))


def _is_drawn(cls: type) -> bool:
    """Whether the facts of a class are all that its objects need."""
    declared = {name for name, _ in declared_facts(cls)}
    needed = {
        each.name for each in attrs.fields(cls) if each.default is attrs.NOTHING and each.init
    }
    return bool(declared) and needed <= declared


def _made(cls: type) -> Callable[[type], st.SearchStrategy[Any]]:
    """A strategy for values that the package made, which are computed when it is needed."""
    return lambda _: st.sampled_from(examples_of(cls))


def _bounds(one: Decimal, other: Decimal) -> Bounds[Decimal]:
    return Bounds(min(one, other), max(one, other))


def _assessed(claim: Claim, under: Law) -> Assessment:
    return assess(claim, law=under)


def _compared(claim: Claim, before: Law, after: Law) -> Comparison:
    return compare(claim, before, after)


_register()
