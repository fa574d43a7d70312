"""Rule bodies as values, on a toy law."""

import operator
from datetime import date
from decimal import Decimal

import pytest
from tests.toy import LAST, LATER, ROAD, START, Car, Road, Shape, Trip

from evcredit.algebra.binding import Binding
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.derived import compare_share
from evcredit.algebra.schedule import NoProvision
from evcredit.algebra.share import Share
from evcredit.algebra.symbol import facts_of, law_of
from evcredit.errors import OutsideCoverage

TRIP, LAW = facts_of(Trip), law_of(Road)


def truth(expression, **facts):
    """What an expression makes of a trip, on the day it states."""
    trip = Trip(**facts)
    days = {} if trip.day is None else {"day": trip.day}
    return expression.bind(Binding(ROAD, days))(trip)


# -- flags and Kleene's connectives --------------------------------------------------------


@pytest.mark.parametrize("paid", [True, False, None], ids=str)
def test_a_flag_is_a_statement(paid):
    """A flag represents itself, and its inverse for the contrary."""
    opposite = {True: False, False: True, None: None}
    assert truth(TRIP.paid, paid=paid) is paid
    assert truth(~TRIP.paid, paid=paid) is opposite[paid]


@pytest.mark.parametrize(
    ("paid", "escorted", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (True, None, None, True),
        (False, True, False, True),
        (False, False, False, False),
        (False, None, False, None),
        (None, True, None, True),
        (None, False, False, None),
        (None, None, None, None),
    ],
)
def test_connectives(paid, escorted, both, either):
    """The strong tables of Kleene, as for verdicts."""
    facts = {"paid": paid, "escorted": escorted}
    assert truth(TRIP.paid & TRIP.escorted, **facts) is both
    assert truth(TRIP.paid | TRIP.escorted, **facts) is either


# -- comparisons ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("height", "less", "at_most", "more", "at_least"),
    [
        ("2.999999", True, True, False, False),
        (3, False, True, False, True),
        ("3.000001", False, False, True, True),
        (None, None, None, None, None),
        (Bounds(1, 2), True, True, False, False),
        (Bounds(2, 3), None, True, False, None),
        (Bounds(2, 4), None, None, None, None),
        (Bounds(3, 4), False, None, None, True),
    ],
    ids=str,
)
def test_comparison_with_a_scheduled_limit(height, less, at_most, more, at_least):
    """Each operator treats equality as it says; bounds decide only if both ends agree."""
    limit = LAW.height_limit.on(TRIP.day)
    facts = {"day": START, "car": Car(height=height)}
    assert truth(TRIP.car.height < limit, **facts) is less
    assert truth(TRIP.car.height <= limit, **facts) is at_most
    assert truth(TRIP.car.height > limit, **facts) is more
    assert truth(TRIP.car.height >= limit, **facts) is at_least


@pytest.mark.parametrize(
    ("day", "allowed"), [(date(2020, 12, 31), False), (date(2021, 1, 1), True), (None, None)]
)
def test_each_day_has_its_limit(day, allowed):
    """The day of the fact picks the limit; without it, limits that differ leave it open."""
    body = TRIP.car.height <= LAW.height_limit.on(TRIP.day)
    assert truth(body, day=day, car=Car(height=4)) is allowed


def test_unknown_day_with_a_height_that_no_limit_forbids():
    """What holds under every entry holds without the day."""
    body = TRIP.car.height <= LAW.height_limit.on(TRIP.day)
    assert truth(body, car=Car(height=3)) is True
    assert truth(body, car=Car(height=5)) is False
    assert truth(body, car=Car(height=Bounds(1, 5))) is None


def test_day_outside_the_schedule():
    """A known day without an entry is an error, not an unknown."""
    body = TRIP.car.height <= LAW.height_limit.on(TRIP.day)
    with pytest.raises(OutsideCoverage, match="height limit: evcredit has no law for 2019-12-31"):
        truth(body, day="2019-12-31", car=Car(height=3))


@pytest.mark.parametrize(("day", "allowed"), [(START, True), (LAST, None), (None, None)])
def test_limit_that_was_repealed(day, allowed):
    """Where the law has no provision, nothing can be decided."""
    body = TRIP.price <= LAW.price_limit.on(TRIP.day)
    assert truth(body, day=day, price=50) is allowed


def test_comparison_with_a_constant():
    """A body may compare with a plain number."""
    assert truth(TRIP.car.height < 3, car=Car(height=2)) is True
    assert truth(TRIP.car.height < 3, car=Car(height=Bounds(2, 3))) is None


@pytest.mark.parametrize(
    ("day", "shape", "height", "allowed"),
    [
        (START, "low", 2, True),
        (START, "low", 3, False),
        (START, "high", 4, True),
        (LATER, "low", 3, True),
        (START, None, 2, True),
        (START, None, 3, None),
        (START, None, 5, False),
        (None, "low", 2, True),
        (None, "low", 3, None),
        (None, "high", 4, True),
        (None, None, 2, True),
        (None, None, 3, None),
        (START, "low", None, None),
        (START, "low", Bounds(1, 3), None),
    ],
)
def test_table_is_read_by_the_category_of_the_fact(day, shape, height, allowed):
    """Day and category pick the limit; what is unknown of the two leaves a range."""
    body = TRIP.car.height <= LAW.shape_limit.on(TRIP.day)[TRIP.car.shape]
    assert truth(body, day=day, car=Car(height=height, shape=shape)) is allowed


@pytest.mark.parametrize(("shape", "high"), [(Shape.HIGH, True), (Shape.LOW, False), (None, None)])
def test_choice_among_members(shape, high):
    assert truth(TRIP.car.shape.is_one_of(Shape.HIGH), car=Car(shape=shape)) is high


@pytest.mark.parametrize(("load", "high"), [("high", True), ("low", False), (None, False)])
def test_optional_choice_that_is_not_stated_is_none_of_them(load, high):
    statement = TRIP.load.is_one_of(Shape.HIGH)
    assert truth(statement, load=load) is high
    assert tuple(statement.operands()) == (statement.choice,)


@pytest.mark.parametrize(("turned_back", "found"), [(True, True), (False, False), (None, False)])
def test_optional_flag_that_is_not_stated_is_down(turned_back, found):
    assert truth(TRIP.turned_back, turned_back=turned_back) is found


@pytest.mark.parametrize(
    ("home", "member"), [("France", True), ("CH", None), ("DE", False), (None, None)], ids=str
)
def test_membership(home, member):
    """A country is in, out, or its membership is unresolved; an unknown country is unknown."""
    assert truth(LAW.neighbours.contains(TRIP.car.home), car=Car(home=home)) is member


def test_scheduled_flag_is_a_statement():
    """On an unknown day it is known only if it is the same on all days."""
    toll = LAW.toll_in_force.on(TRIP.day)
    assert [truth(toll, day=day) for day in (START, LATER, None)] == [False, True, None]
    assert truth(LAW.always.on(TRIP.day)) is True


# -- what a body is made of ----------------------------------------------------------------


def test_facts_of_a_body():
    """Every fact in order, the day of a schedule too."""
    limit = LAW.shape_limit.on(TRIP.day)
    body = (TRIP.car.height <= limit[TRIP.car.shape]) & (TRIP.paid | ~TRIP.escorted)
    paths = [fact.path for fact in body.facts()]
    assert paths == ["car.height", "car.shape", "day", "paid", "escorted"]
    assert [fact.path for fact in (TRIP.car.height < 3).facts()] == ["car.height"]
    assert [fact.path for fact in LAW.neighbours.contains(TRIP.car.home).facts()] == ["car.home"]


def test_breakpoints_of_a_comparison():
    """Every value of the limit on any day and in any category, where there is one."""
    height, price = TRIP.car.height, TRIP.price
    assert (height < LAW.height_limit.on(TRIP.day)).breakpoints(ROAD) == (3, 4)
    by_shape = LAW.shape_limit.on(TRIP.day)[TRIP.car.shape]
    assert set((height < by_shape).breakpoints(ROAD)) == {2, 3, 4}
    assert (price < LAW.price_limit.on(TRIP.day)).breakpoints(ROAD) == (100,)
    assert (height < 7).breakpoints(ROAD) == (7,)


# -- what a body cannot be -----------------------------------------------------------------


@pytest.mark.parametrize(
    "misuse",
    [
        lambda: TRIP.paid and TRIP.escorted,
        lambda: TRIP.paid or TRIP.escorted,
        lambda: not TRIP.paid,
        lambda: 1 if TRIP.paid else 0,
        lambda: 1 < TRIP.car.height < 3,
    ],
    ids=["and", "or", "not", "if", "a < x < b"],
)
def test_python_branches_fail_loudly(misuse):
    """Symbols have no truth value."""
    with pytest.raises(TypeError, match=r"use & \| ~ and single comparisons"):
        misuse()


def test_names_that_do_not_exist_fail_at_once():
    """A misspelt fact or parameter is an error where the body is read."""
    with pytest.raises(AttributeError, match=r"no fact 'hight'; did you mean height\? It has"):
        TRIP.car.hight  # noqa: B018
    with pytest.raises(AttributeError, match="Road has no 'hight_limit'"):
        LAW.hight_limit  # noqa: B018


def test_only_flags_are_statements():
    """A height alone is neither true nor false."""
    with pytest.raises(TypeError, match="for &: 'Number' and 'Flag'"):
        TRIP.car.height & TRIP.paid
    with pytest.raises(TypeError, match="for &: 'Flag' and 'Number'"):
        TRIP.paid & TRIP.car.height
    with pytest.raises(TypeError, match=r"for \|: 'Flag' and 'Parameter'"):
        TRIP.paid | LAW.height_limit.ever


@pytest.mark.parametrize(
    ("compare", "day", "expected"),
    [
        (operator.lt, date(2024, 6, 2), True),
        (operator.lt, date(2024, 6, 3), False),
        (operator.le, date(2024, 6, 3), True),
        (operator.gt, date(2024, 6, 3), False),
        (operator.ge, date(2024, 6, 3), True),
    ],
)
def test_days_are_compared_with_days(compare, day, expected):
    """Before, not after, after, and not before."""
    bound = compare(TRIP.day, date(2024, 6, 3)).bind(Binding(law=None, days={}))
    assert bound(Trip(day=day)) is expected


def test_each_kind_has_its_own_comparisons():
    """A choice has no order, and a number is not one of a list."""
    with pytest.raises(TypeError, match="not supported between"):
        TRIP.car.shape < 5  # noqa: B015
    with pytest.raises(AttributeError, match="is_one_of"):
        TRIP.car.height.is_one_of(Shape.LOW)


@pytest.mark.parametrize(
    ("share", "percent", "reached"),
    [
        (Share(1, 2, 1, 2), 50, True),
        (Share(1, 2, 1, 2), 51, False),
        (None, 50, None),
        (Share(1, 1, 1, 1), NoProvision("struck"), None),
        (Share(1, 2, 1, 2), Bounds(40, 50), True),
        (Share(1, 2, 1, 2), Bounds(51, 60), False),
        (Share(1, 2, 1, 2), Bounds(40, 60), None),
        (Share(0, 1, 1, 1), Bounds(40, 60), None),
    ],
)
def test_share_against_a_percentage(share, percent, reached):
    """Unknown shares and percentages left open decide nothing unless all cases agree."""
    assert compare_share(share, percent) is reached


def test_shapes_are_read_as_members():
    """The toy reads its own words."""
    assert Car(shape="low").shape is Shape.LOW
    assert Car(height="2.5").height == Decimal("2.5")
