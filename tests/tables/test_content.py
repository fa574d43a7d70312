"""The contents over tables are those of the objects, row by row."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import attrs
import polars as pl
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import (
    AMERICA,
    COUNTRIES,
    LISTED,
    MINERALS,
    TERRITORIES,
    fewer,
    some_laws,
    truths,
)

from evcredit import (
    Battery,
    BatteryComponent,
    Claim,
    InvalidFactError,
    Law,
    MineralSource,
    Purchase,
    Step,
    Vehicle,
    current_law,
)
from evcredit.algebra.binding import Binding
from evcredit.algebra.share import Share
from evcredit.facts import Activity, ComponentKind
from evcredit.law import AgreementDay, AgreementScope
from evcredit.provisions.days import PLACED_IN_SERVICE
from evcredit.section_30d.concern.foreign_entity import (
    components_from_foreign_entity,
    minerals_from_foreign_entity,
)
from evcredit.section_30d.sourcing.components import battery_component_content
from evcredit.section_30d.sourcing.minerals import critical_mineral_content
from evcredit.section_30d.sourcing.places import first_sourcing_day
from evcredit.tables.content.qualifying import qualifying_content

LAW = current_law()
DAY = date(2024, 6, 3)
WHOLE = "qualifying_critical_mineral_content"
TRACED = "traced_critical_mineral_content"
PARTS = "qualifying_battery_component_content"
BY_MINERALS = "minerals_from_foreign_entity_of_concern"
BY_COMPONENTS = "components_from_foreign_entity_of_concern"

KINDS = {pl.Int64: "int64", pl.String: "text", pl.Date: "date", pl.Boolean: "bool"}
SCHEMAS: dict[str, dict[str, Any]] = {
    "vehicles": {
        "vehicle": pl.Int64,
        "purchase_placed_in_service": pl.Date,
        "no_minerals": pl.Boolean,
        "no_components": pl.Boolean,
        f"vehicle_battery_{BY_MINERALS}": pl.Boolean,
        f"vehicle_battery_{BY_COMPONENTS}": pl.Boolean,
    },
    "chains": {
        "vehicle": pl.Int64,
        "chain": pl.String,
        "mineral": pl.String,
        "value_cents": pl.Int64,
    },
    "steps": {
        "vehicle": pl.Int64,
        "chain": pl.String,
        "activity": pl.String,
        "country": pl.String,
        "value_added_cents": pl.Int64,
        "performed_on": pl.Date,
        "foreign_entity_of_concern": pl.Boolean,
    },
    "components": {
        "vehicle": pl.Int64,
        "component": pl.Int64,
        "inside": pl.Int64,
        "value_cents": pl.Int64,
        "made_in": pl.String,
        "foreign_entity_of_concern": pl.Boolean,
        "kind": pl.String,
        "nothing_inside": pl.Boolean,
    },
}


# -- from batteries to rows ----------------------------------------------------------------


def cents(amount: Decimal | None) -> int | None:
    return None if amount is None else int(amount * 100)


def component_rows(vehicle: int, battery: Battery) -> Iterator[tuple[Any, ...]]:
    number = 0

    def rows(parts: Iterable[BatteryComponent], inside: int | None) -> Iterator[tuple[Any, ...]]:
        nonlocal number
        for part in parts:
            number += 1
            key = number
            concern = part.foreign_entity_of_concern
            # The column overrides the kind; omitted it follows from it, as on the object.
            default = BatteryComponent(kind=part.kind).contains
            nothing = None if part.contains == default else part.contains == ()
            value, made_in = cents(part.value), part.made_in
            yield vehicle, key, inside, value, made_in, concern, part.kind.value, nothing
            yield from rows(part.contains or (), key)

    yield from rows(battery.components or (), None)


def tables(
    batteries: Iterable[tuple[Battery, date | None]],
) -> dict[str, pl.DataFrame]:
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in SCHEMAS}
    for vehicle, (battery, day) in enumerate(batteries):
        none = (battery.minerals == (), battery.components == ())
        stated = (getattr(battery, BY_MINERALS), getattr(battery, BY_COMPONENTS))
        rows["vehicles"].append((vehicle, day, *none, *stated))
        for index, source in enumerate(battery.minerals or ()):
            chain = f"chain {index}"
            rows["chains"].append((vehicle, chain, source.mineral.identifier, cents(source.value)))
            for step in source.steps or ():
                activity = None if step.activity is None else step.activity.value
                rows["steps"].append(
                    (
                        vehicle,
                        chain,
                        activity,
                        step.country,
                        cents(step.value_added),
                        step.performed_on,
                        step.foreign_entity_of_concern,
                    )
                )
        rows["components"] += component_rows(vehicle, battery)
    return {
        name: pl.DataFrame(rows[name], schema=schema, orient="row")
        for name, schema in SCHEMAS.items()
    }


def content(
    frames: dict[str, pl.DataFrame], law: Law = LAW, engine: Any = None
) -> list[dict[str, Any]]:
    """The result of every vehicle, in the order of their keys; of Polars lazy, or of an engine."""
    if engine is None:
        given = {name: frame.lazy() for name, frame in frames.items()}
        found = qualifying_content(given.pop("vehicles"), **given, law=law)
        return found.collect().sort("vehicle").to_dicts()
    given = {
        name: engine.table(
            frame.to_dicts(), {column: KINDS[kind] for column, kind in SCHEMAS[name].items()}
        )
        for name, frame in frames.items()
    }
    return engine.rows(qualifying_content(given.pop("vehicles"), **given, law=law))


def bounds(row: dict[str, Any], name: str) -> tuple[Fraction, Fraction] | None:
    cells = [row[f"{name}_{end}"] for end in ("lower_of", "lower_in", "upper_of", "upper_in")]
    if None in cells:
        assert cells == [None] * 4
        return None
    return (Fraction(cells[0], cells[1]), Fraction(cells[2], cells[3]))


def of_share(share: Share | None) -> tuple[Fraction, Fraction] | None:
    return None if share is None else (share.bounds.lower, share.bounds.upper)


# -- random batteries ----------------------------------------------------------------------

_places = st.one_of(st.none(), st.sampled_from(COUNTRIES + TERRITORIES + ("HK", "RU")))
_added = st.one_of(st.none(), st.integers(0, 6), st.integers(1, 999_999))
_flags = st.one_of(st.just(False), truths)
_days = st.one_of(st.none(), st.dates(date(2022, 10, 1), date(2027, 3, 1)))


def dollars(units: int | None) -> Decimal | None:
    return None if units is None else Decimal(units).scaleb(-2)


@st.composite
def steps(draw: st.DrawFn) -> Step:
    activities = st.sampled_from([*Activity, Activity.EXTRACTION, Activity.PROCESSING, None])
    return Step(
        activity=draw(activities),
        country=draw(_places),
        value_added=dollars(draw(_added)),
        performed_on=draw(_days),
        foreign_entity_of_concern=draw(_flags),
    )


@st.composite
def chains(draw: st.DrawFn) -> MineralSource:
    found = draw(st.one_of(st.lists(steps(), min_size=1, max_size=5), st.none()))
    added = sum((step.value_added or Decimal(0) for step in found or ()), Decimal(0))
    more = draw(st.one_of(st.none(), st.sampled_from([0, 1, 7]), st.integers(0, 2_000_000)))
    return MineralSource(
        mineral=draw(st.sampled_from(MINERALS)),
        value=None if more is None else added + Decimal(more).scaleb(-2),
        steps=found,
    )


@st.composite
def parts(draw: st.DrawFn, depth: int = 3) -> BatteryComponent:
    inside: tuple[BatteryComponent, ...] | None = None
    if depth:
        inside = draw(st.one_of(st.none(), st.lists(parts(depth=depth - 1), max_size=2).map(tuple)))
    else:
        inside = draw(st.sampled_from([None, ()]))
    below = sum((cents_inside(part) for part in inside or ()), 0)
    more = draw(st.one_of(st.none(), st.sampled_from([0, 5]), st.integers(0, 99_999)))
    return BatteryComponent(
        kind=draw(st.sampled_from(ComponentKind)),
        value=None if more is None else dollars(below + more),
        made_in=draw(_places),
        contains=inside,
        foreign_entity_of_concern=draw(_flags),
    )


def cents_inside(part: BatteryComponent) -> int:
    """What a component and what is in it are at least worth."""
    inside = sum(cents_inside(each) for each in part.contains or ())
    return inside if part.value is None else cents(part.value)


@st.composite
def batteries(draw: st.DrawFn) -> Battery:
    battery = Battery(
        minerals=draw(st.one_of(st.none(), st.lists(chains(), max_size=4))),
        components=draw(st.one_of(st.none(), st.lists(parts(), max_size=3))),
    )
    for name in (BY_MINERALS, BY_COMPONENTS):
        stated = draw(st.one_of(st.none(), truths))
        with contextlib.suppress(InvalidFactError):  # the parts say otherwise
            battery = attrs.evolve(battery, **{name: stated})
    return battery


def claim_of(battery: Battery, day: date | None) -> Claim:
    return Claim(vehicle=Vehicle(battery=battery), purchase=Purchase(placed_in_service=day))


def on_days_of_sourcing(day: date | None) -> bool:
    return day is None or day >= first_sourcing_day(LAW)


service_days = st.one_of(st.none(), st.dates(date(2022, 12, 1), date(2027, 3, 1)))
READINGS = (
    *some_laws(),
    LAW.with_readings(stated_standing_governs=False),
    LAW.with_readings(activity_in_covered_nation_counts=False),
    LAW.with_readings(hong_kong_and_macau_in_china=None),
    LAW.with_readings(
        agreement_scope=AgreementScope.COVERED_MINERALS, agreement_day=AgreementDay.ACTIVITY
    ),
    LAW.without_agreement("USMCA").with_readings(territories_in_north_america=True),
    attrs.evolve(
        LAW,
        value_added_threshold_percent=attrs.evolve(
            LAW.value_added_threshold_percent,
            entries=tuple(
                attrs.evolve(
                    LAW.value_added_threshold_percent.entries[0], value=value, start=start, end=end
                )
                for value, start, end in (
                    (50, date(2023, 4, 18), date(2025, 1, 1)),
                    (70, date(2025, 1, 1), None),
                )
            ),
        ),
    ),
)


def rounding(battery: Battery) -> Fraction:
    """How far a traced share may lie outside the exact one: a millionth of each chain."""
    minerals = battery.minerals
    if not minerals:
        return Fraction(0)
    if any(not source.value for source in minerals):
        return Fraction(len(minerals) * 2, 10**6)
    total = sum(source.value for source in minerals)
    return Fraction(len(minerals)) / (Fraction(total) * 10**6)


def check(cases: list[tuple[Battery, date | None]], law: Law, engine: Any = None) -> None:
    rows = content(tables(cases), law, engine)
    for (battery, day), row in zip(cases, rows, strict=True):
        claim = claim_of(battery, day)
        binding = Binding(law, {} if day is None else {PLACED_IN_SERVICE.path: day})
        assert row[BY_MINERALS] is minerals_from_foreign_entity.bind_value(binding)(claim)
        assert row[BY_COMPONENTS] is components_from_foreign_entity.bind_value(binding)(claim)
        if not on_days_of_sourcing(day):
            assert [bounds(row, name) for name in (WHOLE, TRACED, PARTS)] == [None] * 3
            continue
        assert bounds(row, WHOLE) == of_share(critical_mineral_content(claim, law)), (battery, day)
        assert bounds(row, PARTS) == of_share(battery_component_content(claim, law)), battery
        expected = of_share(critical_mineral_content(claim, law, traced=True))
        found = bounds(row, TRACED)
        if expected is None or found is None:
            assert found is expected
            continue
        slack = rounding(battery)
        assert expected[0] - slack < found[0] <= expected[0] or found[0] == expected[0]
        assert expected[1] <= found[1] < expected[1] + slack or found[1] == expected[1]


some_cases = st.lists(st.tuples(batteries(), service_days), min_size=1, max_size=8)


# To plan a query takes a good part of a second and a row of it next to nothing, so the examples
# of a property are in one table.


def gathered(part: int, strategy: st.SearchStrategy[Any]) -> list[Any]:
    """Random examples: a part of the number that the profile requires."""
    found: list[Any] = []

    @fewer(part)
    @given(strategy)
    def gather(example: Any) -> None:
        found.append(example)

    gather()
    return found


@cache
def cases() -> list[tuple[Battery, date | None]]:
    """Some hundred random batteries with random unknowns, the same for every engine."""
    return [case for several in gathered(4, some_cases) for case in several]


def test_contents_are_those_of_the_objects(engine: Any) -> None:
    """Bounds and flags of random batteries, on every engine known to keep whole numbers."""
    check(cases(), LAW, engine)


def test_adaptive_plans(spark: Any) -> None:
    """Spark plans anew after every shuffle unless told not to, as the other tests tell it."""
    spark.session.conf.set("spark.sql.adaptive.enabled", "true")
    try:
        check(cases()[:40], LAW, spark)
    finally:
        spark.session.conf.set("spark.sql.adaptive.enabled", "false")


def test_contents_under_other_laws() -> None:
    """The same under reforms and other readings."""
    drawn = gathered(5, st.tuples(some_cases, st.sampled_from(range(len(READINGS)))))
    for place, law in enumerate(READINGS):
        several = [case for some, chosen in drawn if chosen == place for case in some]
        if several:
            check(several, law)


# -- an oracle of its own ------------------------------------------------------------------


def known_rows(random: Any, vehicles: int) -> dict[str, list[tuple[Any, ...]]]:
    """Chains and components of which everything is known, as rows."""
    rows: dict[str, list[tuple[Any, ...]]] = {name: [] for name in SCHEMAS}
    for vehicle in range(vehicles):
        rows["vehicles"].append((vehicle, DAY, None, None, None, None))
        for number in range(random.randint(1, 5)):
            chain, recycled = f"chain {number}", random.random() < 0.2
            kinds = ["recycling"] if recycled else ["extraction", "processing"]
            added = 0
            for _ in range(random.randint(1, 4)):
                value = random.randint(1, 9)
                added += value
                where, what = random.choice(COUNTRIES), random.choice(kinds)
                rows["steps"].append((vehicle, chain, what, where, value, None, False))
            # Often a multiple of anything that may divide it.
            value = added * random.choice([1, 2520, 999])
            rows["chains"].append((vehicle, chain, "nickel", value))
        worth, count = random.randint(100, 999), random.randint(1, 5)
        rows["components"].append((vehicle, 0, None, worth, "US", False, "battery module", True))
        for number in range(1, count + 1):
            where, value = random.choice(COUNTRIES), random.randint(0, 20)
            part = (vehicle, number, 0, value, where, False, "separator", None)
            rows["components"].append(part)
    return rows


def oracle(rows: dict[str, list[tuple[Any, ...]]], vehicle: int) -> tuple[Fraction, ...]:
    """The three shares in fractions, from the words of the regulation and not from the law here."""
    total = whole = traced = Fraction(0)
    for _, chain, _, value in (row for row in rows["chains"] if row[0] == vehicle):
        steps = [row[2:5] for row in rows["steps"] if row[:2] == (vehicle, chain)]
        shares = []
        for activity in {what for what, _, _ in steps}:
            where = AMERICA if activity == "recycling" else AMERICA + LISTED
            mine = [(place in where, added) for what, place, added in steps if what == activity]
            shares.append(Fraction(sum(a for yes, a in mine if yes), sum(a for _, a in mine)))
        total += value
        traced += value * max(shares)
        whole += value if max(shares) >= Fraction(1, 2) else 0
    parts = [row for row in rows["components"] if row[0] == vehicle]
    inside = sum(row[3] for row in parts if row[2] is not None)
    american = sum(
        row[3] if row[2] is not None else row[3] - inside for row in parts if row[4] in AMERICA
    )
    return whole / total, traced / total, Fraction(american, parts[0][3])


def test_contents_are_those_of_an_oracle() -> None:
    """Exact where everything is known; the traced share to a millionth of a dollar a chain."""
    some_rows = st.randoms(use_true_random=False).map(lambda random: known_rows(random, 40))
    known = gathered(10, some_rows)
    # Vehicle 3 of the second draw is number 43 of the table.
    frames = {
        name: pl.DataFrame(
            [
                (40 * place + row[0], *row[1:])
                for place, rows in enumerate(known)
                for row in rows[name]
            ],
            schema=schema,
            orient="row",
        )
        for name, schema in SCHEMAS.items()
    }
    for row in content(frames):
        rows, vehicle = known[row["vehicle"] // 40], row["vehicle"] % 40
        whole, traced, american = oracle(rows, vehicle)
        assert bounds(row, WHOLE) == (whole, whole)
        assert bounds(row, PARTS) == (american, american)
        found = bounds(row, TRACED)
        values = [value for owner, _, _, value in rows["chains"] if owner == vehicle]
        slack = Fraction(len(values), sum(values) * 10_000)
        assert traced - slack < found[0] <= traced <= found[1] < traced + slack
        assert row[BY_MINERALS] is row[BY_COMPONENTS] is False
