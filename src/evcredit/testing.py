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

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs

import evcredit
from evcredit import (
    advice,
    audit,
    batteries,
    examples,
    facts,
    forms,
    importers,
    io,
    law,
    plots,
    pools,
    provisions,
    section_25e,
    section_30d,
    section_45w,
    tables,
)
from evcredit.advice import BuyNew, Lease, denials, options
from evcredit.algebra.binding import LawLike
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import FactType, Kind, declared_facts
from evcredit.algebra.path import fact_type_at, unknown_facts, with_facts
from evcredit.algebra.verdict import Verdict
from evcredit.errors import EvcreditError, InvalidFactError, InvalidFactsError, MissingExtraError
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
    raise MissingExtraError("evcredit.testing", "hypothesis", "testing") from None

__all__ = ["examples_of", "laws", "objects", "public_classes", "values_of"]

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
    """Values from which one of most other classes can be reached."""
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
    choice = options(claim.taxpayer, offers)
    now = current_law()
    without_japan = now.without_agreement("JPCMA")
    return (
        claim,
        found,
        refused,
        denials(refused),
        filled,
        transfer,
        assess_transfer(transfer),
        choice,
        choice.options[0].deadlines,
        compare(claim, without_japan, now),
        compare(claim, without_japan, now).flipped,
        listings()[:3],
        audit.change_days(),
        audit.law_texts(),
        audit.open_points(),
        audit.coverage(),
        applicable_minerals(),
        Place("US", "MI", "Detroit"),
    )


@cache
def _samples_of_law() -> tuple[Any, ...]:
    """The law, its rules on the days of a claim, and what analysis makes of them."""
    claim, now = examples.demonstration_claim(), current_law()
    without_japan = now.without_agreement("JPCMA")
    new, used, commercial = (
        provisions.section_of(each).of(claim, now) for each in ("30D", "25E", "45W")
    )
    unsettled = assess(with_facts(claim, {"vehicle.msrp": None}))
    unsettled.missing()
    unsettled.settling(Verdict.MET)
    stored = {**assess(claim).to_dict(), "verdict": "unknown"}
    return (
        now,
        law.law_difference(without_japan, now),
        law.named_reforms(),
        law.hypothetical_agreements(),
        now.agreements.why("ID", date(2024, 6, 3)),
        provisions.section_of("30D"),
        new,
        unsettled,
        tuple(unknown_facts(unsettled.claim)),
        declared_facts(Claim),
        io.verify(stored),
        audit.places_citing(),
        audit.coverage().rows(),
        section_25e.price_account(claim, used.binding),
        section_30d.phase_out_account(claim, new),
        section_45w.basis_account(claim, commercial.binding),
        section_30d.report_deadlines("2024-06-03"),
        facts.published_lists(),
        facts.subdivisions_of("US")[:5],
        facts.label_classes(),
        forms.lines_of(2024, "vehicle"),
    )


@cache
def _samples_of_supply() -> tuple[Any, ...]:
    """Batteries, pools, owners, and what follows from them."""
    claim, now = examples.demonstration_claim(), current_law()
    model = batteries.BatteryModel(
        chemistry="NMC 811", capacity_kwh=75, prices=batteries.mineral_prices(2023)
    )
    shares = batteries.supply_shares("nickel", "extraction", 2023)
    member = facts.PoolMember(vehicles=3, plant="Plant 1", battery=claim.vehicle.battery)
    pool = facts.Pool.of_quarter(2024, 2, by="plant", members=[member])
    graph = facts.OwnershipGraph(
        entities=[
            facts.Entity.government("Province", "CN"),
            facts.Entity.company("Owner", "KR"),
            facts.Entity(name="Refiner"),
        ],
        holdings=[
            facts.Holding.alike("Province", "Owner", 60),
            facts.Holding.alike("Owner", "Refiner", 30),
        ],
    )
    tracing = section_30d.Tracing(Fraction(1, 2))
    bodies = {"Province": True, "Owner": False, "Refiner": None}
    trace = section_30d.traced(graph, bodies, facts.Metric.EQUITY, tracing)
    line = section_30d.CellProductLine(
        facility="Plant 1", name="pouch", cells=1, minerals=[], lots=[]
    )
    seat = fact_type_at(facts.Entity, "incorporated_in")
    mined = facts.MineralSource.extracted_in
    two_chains = facts.Battery(
        minerals=[mined("AU", "lithium", value=30), mined("CN", "lithium", value=70)]
    )
    without_japan = now.without_agreement("JPCMA")
    return (
        model,
        shares,
        batteries.routes_by_stage(shares),
        pool,
        pools.assess_pool(pool),
        section_30d.pool_mineral_content(pool, now),
        pools.assess_owners(graph),
        section_30d.government_stakes(graph, "Refiner", now),
        tracing,
        trace,
        section_30d.CompliantBatteryLedger.opened("Example Motors", 2025, 2),
        section_30d.chains_of(trace, "Refiner"),
        section_30d.OpenFact("entities[2].incorporated_in", seat, "Refiner"),
        line.allocation(),
        advice.what_would_change(claim),
        advice.what_would_change(claim, law=without_japan),
        advice.what_would_change(with_facts(claim, {"vehicle.battery": two_chains})),
        advice.sensitivity(claim),
        plots.content(assess(claim)),
    )


@cache
def _samples_of_files() -> tuple[Any, ...]:
    """What importers read, and the tables."""
    part = (
        '{"partId": "P", "materialList": [{"material": {"materialName": "Nickel"}, "value": 9, '
        '"currency": "USD", "origin": [{"originCountry": "ID", "valuePercentage": 62.5}], '
        '"processing": []}]}'
    )
    read = [
        importers.import_us_tariff(part, origin_is_extraction=True),
        importers.import_us_tariff(part),
        importers.import_fuel_economy(
            "id,make,model,year,VClass\n1,Example,Electric,2023,Small Station Wagons"
        ),
        importers.import_usgs(
            "COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023\n"
            'Nickel,Indonesia,"Mine production, nickel content",metric tons,30\n'
            'Nickel,World total (rounded),"Mine production, nickel content",metric tons,50'
        ),
        importers.import_vpic({"Plant Country": "MEXICO", "Body Class": "Sedan/Saloon", "X": "?"}),
    ]
    return (*read, *_samples_of_tables())


def _samples_of_tables() -> tuple[Any, ...]:
    """What tables are described by; nothing where the extra of the tables is not installed."""
    try:
        columns = tables.schema()
    except EvcreditError:
        return ()
    return (
        columns,
        tables.Problem("vehicle_msrp_cents", "may not be negative", 1, (-1,)),
        tables.ContentTables({"vehicle": [1]}),
        tables.FilesAssessed(Path("out"), 1, 1, 0, 2, 2, 0, 0),
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
        if isinstance(each, tuple | list | frozenset):
            kept += list(each)
        elif isinstance(each, Mapping):
            kept += [*each.keys(), *each.values()]
        names = [one.name for one in attrs.fields(type(each))] if attrs.has(type(each)) else []
        names += [name for name in getattr(each, "__dict__", {}) if not isinstance(each, type)]
        kept += [getattr(each, name) for name in names if hasattr(each, name)]


#: From what is made quickly to what takes longer.
_SAMPLES = (_samples, _samples_of_law, _samples_of_supply, _samples_of_files)


@cache
def _by_class(samples: Callable[[], tuple[Any, ...]]) -> dict[type, tuple[Any, ...]]:
    found: dict[type, list[Any]] = {}
    for value in _reachable(samples()):
        # What a class is derived from has no values but those of the classes derived from it.
        for cls in type(value).__mro__[:-1]:
            several = found.setdefault(cls, [])
            if len(several) < 20:
                several.append(value)
    return {cls: tuple(several) for cls, several in found.items()}


def examples_of(cls: type) -> tuple[Any, ...]:
    """Return values of a class that the package made of a few claims; up to 20.

    >>> from evcredit import Finding
    >>> len(examples_of(Finding)) > 5
    True
    """
    return next((found for each in _SAMPLES if (found := _by_class(each).get(cls))), ())


# -- registration --------------------------------------------------------------------------

#: The packages of this one, without its single modules.
_ROOMS = tuple(
    each
    for each in (getattr(evcredit, name) for name in dir(evcredit))
    if isinstance(each, ModuleType) and hasattr(each, "__path__")
)


def public_classes() -> tuple[type, ...]:
    """Return the public classes that Hypothesis can draw from: all but enumerations and errors.

    Where the extra of tables is not installed, theirs are omitted.

    >>> Claim in public_classes()
    True
    """
    found: dict[type, None] = {}
    for room in _ROOMS:
        for name in room.__all__:
            try:
                value = getattr(room, name)
            except MissingExtraError:
                continue
            if isinstance(value, type) and not issubclass(value, Enum | Exception):
                found[value] = None
    return tuple(found)


def _register() -> None:
    """Tell Hypothesis how values of the public classes are made."""
    for cls in public_classes():
        st.register_type_strategy(cls, objects(cls) if _is_drawn(cls) else _made(cls))
    claims = objects(Claim)
    st.register_type_strategy(Law, laws())
    st.register_type_strategy(LawLike, laws())
    st.register_type_strategy(Bounds, st.builds(_bounds, _cents, _cents))
    st.register_type_strategy(Place, _BY_KIND[Kind.COUNTRY].map(Place))
    st.register_type_strategy(ApplicableMineral, st.sampled_from(applicable_minerals()))
    st.register_type_strategy(Assessment, st.builds(_assessed, claims, laws()))
    st.register_type_strategy(Comparison, st.builds(_compared, claims, laws(), laws()))


#: Their facts rest on one another: what is drawn for each would hardly ever fit.
_MADE = (section_30d.CompliantBatteryLedger, section_30d.LedgerEntry)


def _is_drawn(cls: type) -> bool:
    """Whether the facts of a class are all that its objects need, each whatever the others are."""
    if not attrs.has(cls) or cls in _MADE:
        return False
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
