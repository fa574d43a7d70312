"""Amounts as values: what they amount to on objects and over tables, where facts are unknown
too.
"""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import product

import attrs
import narwhals.stable.v2 as nw
import polars as pl
import pytest
from tests.toy import LATER, ROAD, START, Car, Road, Shape, Trip, schedule

from evcredit import Law, current_law
from evcredit.algebra.binding import Binding
from evcredit.algebra.bound import bind
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.derived import Derived
from evcredit.algebra.field import Kind
from evcredit.algebra.quantity import (
    UNLIMITED,
    BoundRules,
    amount_of,
    as_bounds,
    holds,
    if_else,
    maximum,
    minimum,
    percent_of,
    quantity,
    rounded,
)
from evcredit.algebra.rule import amount
from evcredit.algebra.schedule import NoProvision, Schedule
from evcredit.algebra.symbol import facts_of, law_of
from evcredit.provisions.section import Section
from evcredit.section_30d.before_2023 import kilowatt_hour_amount
from evcredit.tables.compiler.columns import Span, cell, column_name
from evcredit.tables.compiler.quantities import QUANTITIES
from evcredit.tables.compiler.ranges import in_cents
from evcredit.tables.compiler.reader import Compiler
from evcredit.tables.compiler.statements import STATEMENTS
from evcredit.tables.compiler.truth import UNKNOWN, unknown_truth

TRIP, LAW = facts_of(Trip), law_of(Road)
PRICE, SHAPE = TRIP.price, TRIP.car.shape
READ = {"statements": STATEMENTS, "quantities": QUANTITIES}
BY_SHAPE = LAW.shape_limit.on(TRIP.day)[SHAPE]
SILENT = attrs.evolve(
    ROAD,
    shape_limit=schedule(
        "limit by shape", (ROAD.shape_limit.values()[0], START), (NoProvision("none"), LATER)
    ),
)
EMPTY = attrs.evolve(ROAD, height_limit=Schedule("height limit", ()))

QUANTITIES = {
    "sum": quantity(PRICE) + 5,
    "difference": maximum(quantity(PRICE) - 5, 0),
    "product": minimum(quantity(PRICE) * LAW.height_limit.on(TRIP.day), 1000),
    "percent": rounded(percent_of(15, minimum(PRICE, 1000))),
    "dollars": rounded(minimum(PRICE, 1000), "1"),
    "limit": minimum(LAW.price_limit.on(TRIP.day), PRICE),
    "by shape": minimum(BY_SHAPE, PRICE),
    "choice": if_else(TRIP.paid, minimum(PRICE, 1000), 7),
    "either": if_else(TRIP.paid, minimum(PRICE, 1000), minimum(quantity(PRICE) + 1, 2000)),
    "ever": minimum(LAW.height_limit.ever, PRICE),
}
TRIPS = [
    Trip(price=price, day=day, paid=paid, car=Car(shape=shape))
    for price, day, paid, shape in product(
        (None, Decimal("12.34"), Decimal(3)),
        (None, START, LATER),
        (None, True, False),
        (None, *Shape),
    )
]


def over_table(node, trips, law):
    """The ends of a quantity in cents, one row for each trip."""
    span = Span(date(2020, 1, 1))
    reader = Compiler(law=law, assumed=Trip(), columns=None, spans={}, always=span, **READ)
    found = in_cents(reader.quantity(node))
    facts = {column_name(fact): fact for fact in (PRICE, TRIP.day, TRIP.paid, SHAPE)}
    rows = [
        {
            name: None if (v := fact.stated(trip, law)) is None else cell(fact, v)
            for name, fact in facts.items()
        }
        for trip in trips
    ]
    types = (pl.Int64, pl.Date, pl.Boolean, pl.String)
    frame = nw.from_native(pl.DataFrame(rows, schema=dict(zip(facts, types, strict=True))))
    frame = frame.with_columns(unknown_truth("paid").alias(UNKNOWN))
    for stage in sorted(reader.stages):
        frame = frame.with_columns(**reader.stages[stage])
    told = frame.with_columns(lower=found[0], upper=found[1])
    return told.select("lower", "upper").rows()


def days_of(trip):
    return {} if trip.day is None else {TRIP.day.path: trip.day}


@pytest.mark.parametrize("law", [ROAD, SILENT, EMPTY], ids=["road", "silent", "empty"])
@pytest.mark.parametrize("name", QUANTITIES)
def test_objects_and_tables_agree(name, law):
    """Of every combination of known and unknown facts."""
    node = QUANTITIES[name]
    if law is EMPTY and name != "ever":
        pytest.skip("a schedule without entries has no value on any day")
    if law is EMPTY:
        ((lower, upper),) = over_table(node, TRIPS[:1], law)
        assert (lower, upper >= UNLIMITED) == (0, True)
        return
    wanted = []
    for trip in TRIPS:
        lower, upper = node.ends(Binding(law, days_of(trip)))(trip)
        wanted.append((100 * lower, 100 * upper))
    found_and_wanted = zip(over_table(node, TRIPS, law), wanted, strict=True)
    for found, (lower, upper) in found_and_wanted:
        assert found[0] == lower
        assert found[1] == upper or upper >= UNLIMITED  # a table knows no greater number


def test_bounds_of_quantities():
    assert as_bounds((1, UNLIMITED)) == Bounds(Decimal(1), Decimal("Infinity"))
    assert repr(as_bounds((Fraction(5), Fraction(11, 2)))) == repr(
        Bounds(Decimal(5), Decimal("5.50"))
    )
    with pytest.raises(ValueError, match="round it first"):
        percent_of(1, quantity(1) + Decimal("0.01")).bind(Binding(ROAD, {}))(Trip())
    assert quantity(BY_SHAPE).bind(Binding(ROAD, {TRIP.day.path: START}))(
        Trip(car=Car(shape=Shape.HIGH))
    ) == Bounds.exactly(Decimal(4))


def test_a_quantity_over_rules_needs_their_outcomes():
    """It says of which rule."""
    toll = amount(
        "1 USC 1",
        "toll",
        Derived(
            name="toll", label="toll", kind=Kind.MONEY, findings=lambda *_: (), body=quantity(9)
        ),
        in_force=LAW.toll_in_force.on(TRIP.day),
    )
    for node in (amount_of(toll), if_else(holds(toll), 1, 0)):
        with pytest.raises(TypeError, match="the rule toll needs outcomes"):
            node.ends(Binding(ROAD, {}))
    day = next(e.start for e in ROAD.toll_in_force.standing if not e.value)
    bound = bind(toll, Binding(ROAD, {TRIP.day.path: day}))
    assert amount_of(toll).ends(bound.binding, BoundRules({id(toll): bound}))(Trip()) == (0, 0)
    reader = Compiler(
        law=ROAD, assumed=Trip(day=day), columns=frozenset(), spans={}, always=Span(START), **READ
    )
    assert reader.quantity(amount_of(toll))[:2] == (0, 0)


def test_a_category_that_is_the_same_in_every_row():
    reader = Compiler(
        law=ROAD,
        assumed=Trip(day=START, car=Car(shape=Shape.HIGH)),
        columns=frozenset(),
        spans={},
        always=Span(START),
        **READ,
    )
    assert reader.quantity(quantity(BY_SHAPE))[:2] == (4, 4)


def test_an_amount_that_differs_by_day_needs_one():
    """A reform may give another base amount from some day on."""
    law = current_law()
    first = law.base_amount.standing[0]
    half = date(2015, 1, 1)
    entries = (attrs.evolve(first, end=half), attrs.evolve(first, start=half, value=3000))
    several = attrs.evolve(law, base_amount=Schedule("base amount", entries))
    with pytest.raises(ValueError, match="assess a claim with its day"):
        kilowatt_hour_amount(Decimal(10), several)


def test_what_a_law_has_not():
    with pytest.raises(AttributeError, match="no reading 'amount_roundin'"):
        _ = law_of(Law).readings.amount_roundin
    with pytest.raises(KeyError):
        current_law().phase_out_percentage.values()[0].reached(-1)
    assert list(attrs.fields(Section).warnings.default(None, None)) == []
