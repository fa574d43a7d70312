"""Hypothesis strategies that several test modules share.

Random claims are made from the truth outwards: first a claim in which everything is known, then
the same claim with some facts hidden. What is hidden is one way to complete what is left, so the
laws about unknown facts can be stated without asking the package what is unknown.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

import attrs
from hypothesis import settings
from hypothesis import strategies as st

from evcredit import (
    Battery,
    BatteryComponent,
    Bounds,
    Claim,
    FilingStatus,
    Law,
    MineralSource,
    Readings,
    Step,
    Taxpayer,
    VehicleClass,
    Verdict,
    current_law,
    examples,
    with_facts,
)
from evcredit.algebra.field import Kind, as_flag, declare, declared_facts
from evcredit.algebra.path import read
from evcredit.algebra.rule import Rule, all_of, any_of, rule, when
from evcredit.algebra.symbol import facts_of, law_of
from evcredit.facts import Activity, ComponentKind, ListedVehicle
from evcredit.facts.place import certain
from evcredit.facts.taxpayer import TaxpayerKind
from evcredit.law import AgreementDay, AgreementScope, listings
from evcredit.law.readings import AmountRounding, ManufacturerLimitDay

#: The first day of the sourcing rules, and the first of all.
FIRST_DAY = date(2023, 4, 18)
FIRST_DAY_OF_ALL = date(2010, 1, 1)
LAST_DAY = date(2027, 6, 30)

#: On the list of countries and in North America; on the list alone; in neither.
AMERICA = ("US", certain("CA"), "MX")
LISTED = ("CL", "AU", "JP", "KR", certain("MA"), certain("PE"))
ELSEWHERE = ("CN", certain("ID"), "CD", certain("AR"), certain("DE"), "AQ")
COUNTRIES = AMERICA + LISTED + ELSEWHERE
#: Territories of the United States: inside or outside by a reading of the law.
TERRITORIES = ("PR", "GU")

MINERALS = ("lithium", "nickel", "cobalt", "graphite", "manganese", "aluminum")


def fewer(part: int) -> settings:
    """A part of the examples that the profile requires, for properties that take long."""
    return settings(max_examples=settings.default.max_examples // part)


# -- the algebra ---------------------------------------------------------------------------

verdicts = st.sampled_from(Verdict)
truths = st.sampled_from([True, False, None])


@st.composite
def bounds(draw: st.DrawFn, elements: st.SearchStrategy[Any] | None = None) -> Bounds[Any]:
    """Bounds of whole numbers, or of whatever `elements` draws."""
    ends = st.integers(-50, 50) if elements is None else elements
    one, other = draw(ends), draw(ends)
    return Bounds(min(one, other), max(one, other))


# -- rules about flags ---------------------------------------------------------------------


def _flag() -> Any:
    return attrs.field(default=None, converter=as_flag, metadata=declare(Kind.FLAG, "a flag"))


@attrs.frozen(kw_only=True)
class Flags:
    """Four flags, each true, false or unknown."""

    a: bool | None = _flag()
    b: bool | None = _flag()
    c: bool | None = _flag()
    d: bool | None = _flag()
    day: date | None = attrs.field(default=None, metadata=declare(Kind.DAY, "a day"))


FLAG_NAMES = ("a", "b", "c", "d")
flags = st.builds(Flags, a=truths, b=truths, c=truths, d=truths, day=st.none())

_FLAG_SYMBOLS = facts_of(Flags)


def expressions() -> st.SearchStrategy[Any]:
    """Expressions over the four flags, written with ``& | ~``."""
    leaves = st.sampled_from([getattr(_FLAG_SYMBOLS, name) for name in FLAG_NAMES])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda one: ~one, inner),
            st.builds(lambda one, other: one & other, inner, inner),
            st.builds(lambda one, other: one | other, inner, inner),
        ),
        max_leaves=8,
    )


def _flag_rule(name: str) -> Rule:
    def body(subject: Any, law: Any) -> Any:
        return getattr(subject, name)

    body.__name__ = f"flag_{name}"
    return rule("26 USC 30D(a)", f"flag {name}", about=Flags, law=Law)(body)


FLAG_RULES = {name: _flag_rule(name) for name in FLAG_NAMES}
_FROM_2025 = law_of(Law).minerals_exclusion_in_force.on(_FLAG_SYMBOLS.day)
#: The same rules, in force from 2025 on.
DATED_RULES = {
    name: when(lambda subject, law: _FROM_2025, each, about=Flags, law=Law)
    for name, each in FLAG_RULES.items()
}


def flag_rules(*, dated: bool = False) -> st.SearchStrategy[Rule]:
    """Rules over the four flags, composed by `all_of`, `any_of` and ``~``.

    Args:
        dated: Whether some of them are in force from 2025 on only.
    """
    leaves = st.sampled_from([*FLAG_RULES.values(), *(DATED_RULES.values() if dated else ())])
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(lambda one: ~one, inner),
            st.builds(
                lambda parts: all_of("all", "all", "26 USC 30D(a)", *parts),
                st.lists(inner, min_size=1, max_size=3),
            ),
            st.builds(
                lambda parts: any_of("any", "any", "26 USC 30D(a)", *parts),
                st.lists(inner, min_size=1, max_size=3),
            ),
        ),
        max_leaves=8,
    )


# -- the law -------------------------------------------------------------------------------


@cache
def some_laws() -> tuple[Law, ...]:
    """The current law, reforms of it, other readings, and what was known earlier."""
    law = current_law()
    return (
        law,
        law.without_agreement("JPCMA"),
        law.with_hypothetical("EU-CMA", date(2024, 7, 1)),
        law.with_readings(agreement_scope=AgreementScope.COVERED_MINERALS),
        law.with_readings(agreement_day=AgreementDay.ACTIVITY),
        law.with_readings(territories_in_united_states=True),
        law.with_readings(territories_in_north_america=None),
        law.known_on(date(2024, 1, 2)),
        law.known_on(date(2024, 6, 3)),
        law.with_readings(manufacturer_limit_day=ManufacturerLimitDay.PLACED_IN_SERVICE),
        law.with_readings(election_ends_with_2022=True),
        law.with_readings(amount_rounding=AmountRounding.CENT),
    )


def laws() -> st.SearchStrategy[Law]:
    """Most often the current law."""
    return st.one_of(st.just(current_law()), st.sampled_from(some_laws()))


def _choices(field: Any) -> st.SearchStrategy[Any]:
    if isinstance(field.default, Enum):
        return st.sampled_from(list(type(field.default)))
    return st.sampled_from([True, False, *([None] if "None" in str(field.type) else [])])


#: A choice for each reading, by its name.
every_choice = st.fixed_dictionaries({each.name: _choices(each) for each in attrs.fields(Readings)})


# -- procurement chains --------------------------------------------------------------------

countries = st.sampled_from(COUNTRIES)
places = st.sampled_from(COUNTRIES + TERRITORIES)
#: Dollars with an awkward number of decimal places.
amounts = st.one_of(
    st.integers(1, 2000).map(Decimal),
    st.integers(1, 2_000_000_000).map(lambda micro: Decimal(micro).scaleb(-6)),
)
_activities = st.sampled_from(
    [
        (Activity.EXTRACTION, Activity.PROCESSING),
        (Activity.EXTRACTION,),
        (Activity.PROCESSING,),
        (Activity.RECYCLING,),
        (Activity.EXTRACTION, Activity.EXTRACTION, Activity.PROCESSING),
        (Activity.EXTRACTION, Activity.PROCESSING, Activity.PROCESSING),
        (Activity.EXTRACTION, Activity.EXTRACTION, Activity.PROCESSING, Activity.PROCESSING),
        (Activity.RECYCLING, Activity.RECYCLING),
        (Activity.PROCESSING, Activity.RECYCLING),
    ]
)


_CLEAN: st.SearchStrategy[bool | None] = st.just(False)
_minerals = st.sampled_from(MINERALS)
_added = st.integers(1, 400)
_performed = st.dates(date(2022, 10, 1), date(2025, 3, 1))


@st.composite
def mineral_sources(
    draw: st.DrawFn,
    *,
    where: st.SearchStrategy[str | None] = places,
    tainted: st.SearchStrategy[bool | None] = _CLEAN,
) -> MineralSource:
    """A chain in which everything is known, its activities spread over one or more steps."""
    steps = tuple(
        Step(
            activity=activity,
            country=draw(where),
            value_added=draw(_added),
            performed_on=draw(_performed),
            foreign_entity_of_concern=draw(tainted),
        )
        for activity in draw(_activities)
    )
    added = sum((step.value_added or Decimal(0) for step in steps), Decimal(0))
    return MineralSource(mineral=draw(_minerals), value=added + draw(amounts), steps=steps)


# -- components ----------------------------------------------------------------------------

_SIMPLE = (
    ComponentKind.CATHODE_ELECTRODE,
    ComponentKind.ANODE_ELECTRODE,
    ComponentKind.SEPARATOR,
    ComponentKind.LIQUID_ELECTROLYTE,
)


_simple = st.sampled_from(_SIMPLE)
_how_many = st.integers(0, 2)
_amounts_or_none = st.one_of(amounts, st.just(Decimal(0)))


@st.composite
def components(
    draw: st.DrawFn,
    *,
    depth: int = 2,
    where: st.SearchStrategy[str | None] = places,
    tainted: st.SearchStrategy[bool | None] = _CLEAN,
) -> BatteryComponent:
    """A module with cells with electrodes, all values and places known."""
    inside: tuple[BatteryComponent, ...] = ()
    if depth:
        part = components(depth=depth - 1, where=where, tainted=tainted)
        inside = tuple(draw(part) for _ in range(draw(_how_many)))
    below = sum((part.value or Decimal(0) for part in inside), Decimal(0))
    kinds = (ComponentKind.BATTERY_MODULE, ComponentKind.BATTERY_CELL)
    return BatteryComponent(
        kind=kinds[2 - depth] if depth else draw(_simple),
        # A whole may be worth no more than its parts, but something is worth something.
        value=below + draw(_amounts_or_none if inside else amounts),
        made_in=draw(where),
        contains=inside,
        foreign_entity_of_concern=draw(tainted),
    )


# -- claims in which everything is known ---------------------------------------------------


def _all_clean(claim: Claim) -> Claim:
    """The claim with every step said not to be by a foreign entity of concern."""
    sources = claim.vehicle.battery.minerals or ()
    return with_facts(
        claim,
        {
            f"vehicle.battery.minerals[{index}].steps[{place}].foreign_entity_of_concern": False
            for index, source in enumerate(sources)
            for place, _ in enumerate(source.steps or ())
        },
    )


@cache
def known_claim(placed_in_service: date = date(2024, 6, 3)) -> Claim:
    """The demonstration claim with the one sort of fact stated that it omits."""
    whole = _demonstration()
    ordered = min(_ORDERED, placed_in_service)
    purchase = attrs.evolve(
        whole.purchase,
        placed_in_service=placed_in_service,
        contract_date=ordered,
        first_payment_date=ordered,
    )
    return attrs.evolve(whole, purchase=purchase)


#: The contract and payment day of the demonstration claim.
_ORDERED = date(2024, 4, 22)


@cache
def _demonstration() -> Claim:
    return _all_clean(examples.demonstration_claim())


_CENT = Decimal("0.01")
#: Values of single facts, on and around what the statute says.
VALUES: dict[str, tuple[Any, ...]] = {
    "vehicle.vehicle_class": tuple(VehicleClass),
    "vehicle.msrp": (
        Decimal(39_000),
        Decimal(55_000),
        Decimal(55_000) + _CENT,
        Decimal(80_000),
        Decimal(80_000) + _CENT,
    ),
    "vehicle.gross_vehicle_weight_rating_lb": (Decimal(13_999), Decimal(14_000)),
    "vehicle.wheels": (Decimal(3), Decimal(4)),
    "vehicle.made_for_public_roads": (True, False),
    "vehicle.clean_air_act_motor_vehicle": (True, False),
    "vehicle.meets_air_and_safety_rules": (True, False),
    "vehicle.made_by_qualified_manufacturer": (True, False),
    "vehicle.driven_by_battery_motor": (True, False),
    "vehicle.fuel_cell": (True, False),
    "vehicle.final_assembly_country": (*AMERICA, "PR", "JP", "CN"),
    "vehicle.battery.capacity_kwh": (Decimal("6.9"), Decimal(7)),
    "vehicle.battery.externally_rechargeable": (True, False),
    "purchase.original_use_begins_with_taxpayer": (True, False),
    "purchase.for_use_or_lease": (True, False),
    "purchase.seller_report_furnished": (True, False),
    "purchase.vin_on_return": (True, False),
    "purchase.credit_already_allowed": (True, False),
    "purchase.elected_out": (True, False),
    "purchase.used_predominantly_outside_us": (True, False),
    "purchase.another_owner_in_seller_report": (True, False),
    "purchase.seller_report_not_accepted": (True, False),
    "purchase.sold_to_tax_exempt_user": (True, False),
    "purchase.credit_disclosed_to_user": (True, False),
    "taxpayer.kind": (TaxpayerKind.PARTNERSHIP, TaxpayerKind.S_CORPORATION),
    "taxpayer.current_year.filing_status": tuple(FilingStatus),
    "taxpayer.prior_year.filing_status": tuple(FilingStatus),
    **{
        f"taxpayer.{year}.modified_adjusted_gross_income": (
            Decimal(-5_000),
            *(Decimal(each) for each in (150_000, 225_000, 300_000)),
            *(Decimal(each) + _CENT for each in (150_000, 225_000, 300_000)),
        )
        for year in ("current_year", "prior_year")
    },
}

#: The days of section 30D before the sourcing rules on which something changes: vehicles with
#: few wheels, the phase-outs of three manufacturers, the law of 2022 and what it brought.
EARLY_TURNS = tuple(
    date(*day)
    for day in (
        (2010, 1, 1),
        (2012, 1, 1),
        (2014, 1, 1),
        (2015, 1, 1),
        (2019, 1, 1),
        (2019, 4, 1),
        (2019, 7, 1),
        (2019, 10, 1),
        (2020, 1, 1),
        (2020, 4, 1),
        (2022, 1, 1),
        (2022, 8, 15),
        (2022, 8, 16),
        (2022, 8, 17),
        (2022, 10, 1),
        (2023, 1, 1),
        (2023, 4, 18),
    )
)
_A_DAY = timedelta(days=1)
early_days = st.one_of(
    st.dates(FIRST_DAY_OF_ALL, FIRST_DAY - _A_DAY),
    st.sampled_from([*EARLY_TURNS[:-1], *(turn - _A_DAY for turn in EARLY_TURNS[1:])]),
    st.dates(date(2022, 8, 10), date(2023, 4, 17)),
)
late_days = st.one_of(
    st.dates(FIRST_DAY, LAST_DAY),
    st.sampled_from(
        [
            date(2023, 4, 18),
            date(2023, 12, 31),
            date(2024, 1, 1),
            date(2024, 6, 3),
            date(2024, 12, 31),
            date(2025, 1, 1),
            date(2025, 9, 30),
            date(2025, 10, 1),
            date(2026, 1, 1),
            date(2026, 12, 31),
            date(2027, 1, 1),
        ]
    ),
)
# Of all claims a third is early; `one_of` takes apart what it is given.
days = st.one_of(late_days, late_days, late_days, early_days)


# Strategies are made once: making one for every draw costs more than the draw.
_CHANGES = st.lists(
    st.sampled_from([(path, value) for path, values in VALUES.items() for value in values]),
    max_size=3,
)
_ONE_IN_NINE = st.sampled_from([False] * 8 + [True])
_CHAINS = st.lists(mineral_sources(tainted=_ONE_IN_NINE), min_size=1, max_size=3)
_MODULES = st.lists(components(tainted=_ONE_IN_NINE), min_size=1, max_size=2)
_PERCENTS = st.sampled_from([39, 40, 50, 60, 70, 80]).map(Decimal)
_BATTERIES = st.sampled_from(["as it is", "random", "random", "certified"])
#: Of early claims the battery matters less.
_EARLY_BATTERIES = st.sampled_from(["as it is"] * 4 + ["random", "certified"])
_LAST_DAY = date(2025, 9, 30)
_ACQUIRED = st.sampled_from([None, None, _LAST_DAY, _LAST_DAY + _A_DAY])

_MAKERS = ("Tesla", "Chevrolet", "general motors", "Toyota", "LEXUS", "Ford", "Wheego")
_makers = st.sampled_from(
    [
        {},
        *({"vehicle.make": None, "vehicle.manufacturer": maker} for maker in _MAKERS),
        *({"vehicle.make": maker} for maker in _MAKERS),
        # What is stated of the manufacturer overrides the make.
        {"vehicle.make": "Tesla", "vehicle.manufacturer": "Ford"},
        {"vehicle.make": "Ford", "vehicle.manufacturer": "Tesla"},
    ]
)
#: Around each capacity at which a vehicle qualifies or the amount starts or stops growing.
_CAPACITIES = (2.4, 2.5, 3.9, 4, 4.9, 5, 6.9, 7, 7.614, 8.8, 13.8, 15.99, 15.991, 16, 75)
_capacities = st.sampled_from([Decimal(str(each)) for each in _CAPACITIES])
_costs = st.one_of(
    st.sampled_from([Decimal(each) for each in ("50", "24999.99", "25000", "30000")]),
    st.integers(100_000, 3_000_000).map(lambda cents: Decimal(cents).scaleb(-2)),
)
_few_wheels = st.fixed_dictionaries(
    {
        "vehicle.wheels": st.sampled_from([2, 2, 3, 4]),
        "vehicle.top_speed_mph": st.sampled_from([44, 45, 60]),
        "vehicle.battery.capacity_kwh": st.sampled_from([Decimal("2.4"), Decimal("2.5"), 8]),
    }
)
_small_or_not = st.one_of(st.just({}), st.just({}), _few_wheels)
_earlier = st.sampled_from([0, 0, 1, 20, 100, 400])
_DAYS_OF_2022 = tuple(
    date(*day)
    for day in (
        (2021, 12, 31),
        (2022, 1, 1),
        (2022, 5, 5),
        (2022, 8, 15),
        (2022, 8, 16),
        (2022, 8, 17),
        (2022, 12, 31),
    )
)
_sales = st.sampled_from(["sold", "title", "both", "of 2022", "of 2022", *["possession"] * 5])
_of_2022 = st.sampled_from(_DAYS_OF_2022)
_elections = st.sampled_from([True, True, False, None, None, None])
_after = st.sampled_from([0, 15, 30, 31, 200])
_LATER = ("returned_on", "resold_on")
_later = st.sampled_from([None] * 16 + [*_LATER])
_entities = st.sampled_from(
    [{}] * 12
    + [
        {"taxpayer": Taxpayer(kind=TaxpayerKind.CORPORATION)},
        {"taxpayer": Taxpayer(kind=TaxpayerKind.TAX_EXEMPT_USER)},
        {"taxpayer.kind": TaxpayerKind.PARTNERSHIP},
        {"taxpayer.kind": TaxpayerKind.S_CORPORATION},
    ]
)
_ELECTION_BEGINS = date(2022, 8, 1)
#: A row rather than any other thing once in so many claims.
_rows = st.sampled_from([False] * 7 + [True])
_model_years = st.sampled_from(["none", "listed", "listed", "another"])
_ROWS_OF_30D = tuple(row for row in listings() if row.list_id != "L0_30B_fuelcell")


@cache
def rows_for(day: date) -> tuple[ListedVehicle, ...]:
    """The rows of published lists that speak, or may speak, for a day."""
    return tuple(row for row in _ROWS_OF_30D if row.speaks_for_day(day) is not False)


@st.composite
def _listed(draw: st.DrawFn, day: date) -> dict[str, Any]:
    """A row of a list, most often one that applies to the day, and the vehicle's model year."""
    near = rows_for(day)
    row = draw(st.sampled_from(near if near and draw(_ONE_IN_NINE) is False else _ROWS_OF_30D))
    facts: dict[str, Any] = {"vehicle.listing": row, "vehicle.make": row.make}
    year = draw(_model_years)
    if row.years and year != "none":
        facts["vehicle.model_year"] = row.years[0] if year == "listed" else row.years[-1] + 1
    return facts


@st.composite
def _early_purchase(draw: st.DrawFn, day: date) -> dict[str, Any]:
    """Days of contract, sale and title, and the election, of a purchase of that day or before."""
    facts: dict[str, Any] = {}
    when = draw(_sales)
    if when == "of 2022":
        facts["purchase.sale_date"] = min(draw(_of_2022), day)
    elif when != "possession":
        for name in ("sale_date", "title_date"):
            if when in ("both", name.partition("_")[0]):
                facts[f"purchase.{name}"] = day - draw(_earlier) * _A_DAY
        facts = {path: max(each, FIRST_DAY_OF_ALL) for path, each in facts.items()}
    if day >= _ELECTION_BEGINS and draw(_elections):
        facts["purchase.elects_transition_rule"] = True
        ordered = min(draw(_of_2022), day)
        facts |= {"purchase.contract_date": ordered, "purchase.first_payment_date": ordered}
    return facts


@st.composite
def _changes_of_regime(draw: st.DrawFn, day: date) -> dict[str, Any]:
    """What matters under the law before the sourcing rules; now and then of a later claim too."""
    facts: dict[str, Any] = {}
    if day < FIRST_DAY:
        facts |= draw(_makers)
        facts["vehicle.battery.capacity_kwh"] = draw(_capacities)
        facts["purchase.cost"] = draw(_costs)
        facts["vehicle.top_speed_mph"] = Decimal(45)
        facts |= draw(_small_or_not)
    if day < FIRST_DAY or draw(_ONE_IN_NINE):
        facts |= draw(_early_purchase(day))
        # A sale in good time brings the limit on the number of vehicles into play.
        facts |= draw(_makers)
    return facts


@st.composite
def known_claims(
    draw: st.DrawFn,
    *,
    when: st.SearchStrategy[date] = days,
    listed: bool = True,
) -> Claim:
    """A claim in which every fact is known: near to qualifying, with a few facts changed.

    Args:
        draw: Draws.
        when: The days placed in service.
        listed: Whether some claims rely on a row of a published list.
    """
    day = draw(when)
    changes: dict[str, Any] = draw(_changes_of_regime(day))
    changes |= dict(draw(_CHANGES))
    if day > _LAST_DAY and "purchase.elects_transition_rule" not in changes:
        for name in ("contract_date", "first_payment_date"):
            acquired = draw(_ACQUIRED)
            if acquired is not None:
                changes[f"purchase.{name}"] = acquired
    if changes.get("purchase.sold_to_tax_exempt_user"):
        changes.setdefault("purchase.credit_disclosed_to_user", True)
    kind = draw(_BATTERIES if day >= FIRST_DAY else _EARLY_BATTERIES)
    if kind == "random":
        changes["vehicle.battery.minerals"] = tuple(draw(_CHAINS))
        changes["vehicle.battery.components"] = tuple(draw(_MODULES))
    elif kind == "certified":
        changes["vehicle.battery.certified_critical_mineral_content"] = draw(_PERCENTS)
        changes["vehicle.battery.certified_battery_component_content"] = draw(_PERCENTS)
    if listed and draw(_rows):
        changes |= draw(_listed(day))
    later = draw(_later)
    if later is not None:
        changes[f"purchase.{later}"] = day + draw(_after) * _A_DAY
    entity = draw(_entities)
    if "taxpayer" in entity:
        changes = {path: v for path, v in changes.items() if not path.startswith("taxpayer")}
    elif entity:
        changes["taxpayer.kind"] = entity["taxpayer.kind"]
    claim = with_facts(known_claim(day), {**changes, **entity})
    if claim.vehicle.wheels != 4 and claim.vehicle.top_speed_mph is None:
        claim = with_facts(claim, {"vehicle.top_speed_mph": 45, "purchase.cost": 12_345})
    return claim


@st.composite
def listed_claims(draw: st.DrawFn) -> Claim:
    """A claim in which every fact is known, and that relies on a row of a published list."""
    whole = draw(known_claims(listed=False))
    return with_facts(whole, draw(_listed(whole.purchase.placed_in_service)))


# -- hiding facts --------------------------------------------------------------------------

_REQUIRED = ("kind", "mineral")
#: Absence of these says "not relied on", and no rule takes it for unknown.
_NOT_RELIED_ON = (
    "certified_critical_mineral_content",
    "certified_battery_component_content",
    "sticker",
    "listing",
    "make",
    "model",
    "trim",
    "model_year",
    "vin",
    "by",
    "evidence",
    "sale_date",
    "title_date",
    "elects_transition_rule",
    "income_parts",
    "another_owner_in_seller_report",
    "seller_report",
    "seller_report_not_accepted",
    "sold_to_tax_exempt_user",
    "sale_cancelled",
    "returned_on",
    "resold_on",
)


#: Where these make something, its flag is not unknown when omitted, but not relied on.
_COVERED = ("CN", "HK", "MO", "IR", "KP", "RU")


def _told_by_place(subject: Any, name: str) -> bool:
    """Whether a flag omitted would follow from the place."""
    place = getattr(subject, "country", None) or getattr(subject, "made_in", None)
    return name == "foreign_entity_of_concern" and place in _COVERED


def known_paths(subject: Any, path: str = "") -> Iterator[str]:
    """The path of every fact in `subject` that is known and could be unknown."""
    for name, declared in declared_facts(type(subject)):
        value = getattr(subject, name)
        here = f"{path}.{name}" if path else name
        if value is None or name in _REQUIRED or name in _NOT_RELIED_ON:
            continue
        if name == "manufacturer" and subject.make is not None:
            continue  # without it, the make would say who made the vehicle
        if _told_by_place(subject, name):
            continue
        if declared.kind is Kind.PART:
            yield from known_paths(value, here)
            continue
        yield here
        if declared.kind is Kind.PARTS:
            for index, item in enumerate(value):
                yield from known_paths(item, f"{here}[{index}]")


def outermost(paths: Any) -> list[str]:
    """The paths that lie below no other of the paths."""
    chosen = set(paths)
    return [
        path
        for path in sorted(chosen)
        if not any(path.startswith((f"{other}[", f"{other}.")) for other in chosen - {path})
    ]


def hide(claim: Claim, paths: Any) -> Claim:
    """The claim with the facts at the paths unknown."""
    return with_facts(claim, dict.fromkeys(outermost(paths)))


@st.composite
def hidings(draw: st.DrawFn, claim: Claim, *, most: int = 6) -> list[str]:
    """Paths of known facts of a claim, to be hidden: sometimes a whole chain, often a leaf."""
    paths = list(known_paths(claim))
    simple = [path for path in paths if "[" not in path]
    # The simple ones once more, so that the many steps of a chain leave room for them.
    return draw(st.lists(st.sampled_from(simple + paths), max_size=most, unique=True))


_NUMBERS = (
    "vehicle.msrp",
    "vehicle.gross_vehicle_weight_rating_lb",
    "vehicle.wheels",
    "vehicle.top_speed_mph",
    "vehicle.battery.capacity_kwh",
    "purchase.cost",
    "taxpayer.current_year.modified_adjusted_gross_income",
    "taxpayer.prior_year.modified_adjusted_gross_income",
)


_FEW_NUMBERS = st.lists(st.sampled_from(_NUMBERS), max_size=2, unique=True)
_misspelt = st.sampled_from(["Telsa", "Toyotta", "Lightyear"])
_WIDTHS = st.sampled_from([(0, 1), (1, 0), (1, 40_000), (0, 0)])


@st.composite
def roughly(draw: st.DrawFn, claim: Claim) -> dict[str, Any]:
    """Bounds for some of the numbers of a claim that hold the number."""
    chosen = draw(_FEW_NUMBERS)
    blurred: dict[str, Any] = {}
    for path in chosen:
        value = read(claim, path)
        less, more = draw(_WIDTHS)
        if value is not None:
            blurred[path] = Bounds(max(value - less, min(value, Decimal(0))), value + more)
    for path in ("vehicle.manufacturer", "vehicle.make"):
        # A name that is nearly one on record may be meant for any.
        if read(claim, path) in _MAKERS and draw(_ONE_IN_NINE):
            blurred[path] = draw(_misspelt)
    return blurred


@st.composite
def claims(draw: st.DrawFn, *, most: int = 6) -> Claim:
    """A claim with random unknown facts."""
    whole = draw(known_claims())
    hidden = draw(hidings(whole, most=most))
    blurred = {
        path: value for path, value in draw(roughly(whole)).items() if path not in set(hidden)
    }
    return with_facts(hide(whole, hidden), blurred)


@st.composite
def batteries(draw: st.DrawFn) -> Battery:
    """A battery with random unknown facts."""
    return draw(claims()).vehicle.battery
