"""The edges of reading rules over columns: constants, silent laws, days that follow from others."""

from datetime import date
from decimal import Decimal

import attrs
import narwhals.stable.v2 as nw
import polars as pl
import pytest
from tests.toy import LAST, LATER, PLACE, ROAD, START, Car, Road, Shape, Trip, by_shape, schedule

from evcredit.algebra.day import DaysAfter
from evcredit.algebra.rule import rule
from evcredit.algebra.schedule import NoProvision, Schedule
from evcredit.algebra.symbol import facts_of, law_of
from evcredit.tables.compiler import days, statements
from evcredit.tables.compiler.columns import Span
from evcredit.tables.compiler.quantities import QUANTITIES
from evcredit.tables.compiler.reader import Compiler
from evcredit.tables.compiler.statements import STATEMENTS

TRIP, LAW = facts_of(Trip), law_of(Road)
PRICE, DAY, SHAPE = TRIP.price, TRIP.day, TRIP.car.shape


def reader(law=ROAD, columns=None, **facts):
    return Compiler(
        law=law,
        assumed=Trip(**facts),
        columns=columns,
        spans={},
        always=Span(date(2020, 1, 1)),
        statements=STATEMENTS,
        quantities=QUANTITIES,
    )


def told(node, law=ROAD, known=None, **columns):
    """What a statement amounts to in each row of a table of these columns."""
    read = reader(law, frozenset(columns), **known or {})
    found = read.statement(node)
    if not isinstance(found, nw.Expr):
        return found
    frame = nw.from_native(pl.DataFrame(columns))
    for stage in sorted(read.stages):
        frame = frame.with_columns(**read.stages[stage])
    return frame.select(found=found)["found"].to_list()


DAYS = {"day": [date(2020, 6, 1), date(2021, 6, 1), date(2022, 6, 1)]}


def test_a_law_without_entries_or_values():
    """Nothing is known of what it requires."""
    empty = attrs.evolve(ROAD, height_limit=Schedule("height limit", ()))
    assert told(LAW.height_limit.on(DAY) >= PRICE, empty, price_cents=[1], day=[START]) is None
    silent = attrs.evolve(ROAD, shape_limit=schedule("limit", (NoProvision("none"), START)))
    limit = LAW.shape_limit.on(DAY)[SHAPE]
    assert told(limit >= PRICE, silent, price_cents=[1], day=[START], car_shape=["low"]) is None


def test_a_limit_that_is_the_same_for_all():
    alike = attrs.evolve(ROAD, shape_limit=schedule("limit", (by_shape(3, 3), START)))
    limit = LAW.shape_limit.on(DAY)[SHAPE]
    assert told(limit >= PRICE, alike, price_cents=[300, 301], day=[START] * 2) == [True, False]


def test_stretches_of_one_value_are_one():
    law = attrs.evolve(ROAD, price_limit=schedule("price", (1, START), (1, LATER), (2, LAST)))
    node = LAW.price_limit.on(DAY) >= PRICE
    assert told(node, law, price_cents=[101] * 3, **DAYS) == [False, False, True]


def test_days_after_another():
    node = DaysAfter(DAY, LAW.height_limit.on(DAY)) >= DAY
    assert told(node, day=[START]) == [True]
    assert reader(columns=frozenset()).statement(node) is None
    assert reader(columns=frozenset(), day=START).statement(node) is True
    assert statements._days_after(reader(columns=frozenset()), START, "<=", node.right) is None
    silent = attrs.evolve(ROAD, height_limit=schedule("height", (NoProvision("none"), START)))
    assert told(node, silent, day=[START]) is None


def test_a_limit_must_be_whole_units():
    fine = attrs.evolve(ROAD, price_limit=schedule("price", (Decimal("0.001"), START)))
    with pytest.raises(ValueError, match="no whole number of units"):
        told(LAW.price_limit.on(DAY) >= PRICE, fine, price_cents=[1], day=[START])


def test_the_inverse_of_a_rule():
    @rule(str(PLACE), "paid", about=Trip, law=Road)
    def paid(trip, law):
        return trip.paid

    @rule(str(PLACE), "escorted", about=Trip, law=Road)
    def escorted(trip, law):
        return trip.escorted

    read = reader(columns=frozenset())
    assert read.columns_of(~(paid & escorted)).verdict is None
    assert reader(columns=frozenset(), paid=False).columns_of(~(paid & escorted)).verdict is True


def test_days_that_are_constant():
    early, late = START, LATER
    assert days.earlier(None, early) is None
    assert days.earlier(late, early) == early
    assert days.one_day(None, early, early) == early
    assert days.one_day(None, early, late) is None
    frame = nw.from_native(pl.DataFrame({"d": [early, late], "c": [True, False]}))
    condition, day = nw.col("c"), nw.col("d")
    for met, otherwise, wanted in (
        (day, None, [early, None]),
        (None, day, [None, late]),
        (late, day, [late, late]),
        (day, late, [early, late]),
    ):
        chosen = days.one_day(condition, met, otherwise)
        assert frame.select(x=chosen)["x"].to_list() == wanted


def test_categories_that_are_constant():
    """A car whose shape is the same in every row."""
    node = LAW.shape_limit.on(DAY)[SHAPE] >= PRICE
    known = {"day": START, "car": Car(shape=Shape.HIGH)}
    assert told(node, known=known, price_cents=[400, 401]) == [True, False]
