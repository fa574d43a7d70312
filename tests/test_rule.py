"""Rules, their composition and their findings, on a toy law."""

import copy
import pickle
from datetime import date

import attrs
import pytest
from tests.toy import LATER, ROAD, START, Car, Road, Trip, schedule

from evcredit import Verdict
from evcredit.algebra.binding import Binding
from evcredit.algebra.bound import bind, finding_of, verdict_of
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.citation import Citation
from evcredit.algebra.rule import all_of, any_of, as_rule, rule, when
from evcredit.algebra.topic import Mode, Topic
from evcredit.section_30d.amount import credit_allowed

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


def trip_rule(body):
    """A rule about a trip, cited at its place."""
    return rule("1 USC 2", body.__name__, about=Trip, law=Road)(body)


@trip_rule
def toll_paid(trip, law):
    """The driver has paid."""
    return trip.paid


@trip_rule
def under_escort(trip, law):
    """The car has an escort."""
    return trip.escorted


@trip_rule
def low_enough(trip, law):
    """The car is not higher than the limit of its shape."""
    return trip.car.height <= law.shape_limit.on(trip.day)[trip.car.shape]


@trip_rule
def from_a_neighbour(trip, law):
    """The car comes from a neighbour."""
    return law.neighbours.contains(trip.car.home)


def on_toll_days(inner):
    """A rule that applies while a toll is taken."""
    return when(lambda trip, law: law.toll_in_force.on(trip.day), inner, about=Trip, law=Road)


toll = on_toll_days(toll_paid)
escort_on_toll_days = on_toll_days(under_escort)


def verdict(of, **facts):
    """The verdict of a rule on a trip, which the finding must agree with."""
    trip = Trip(**facts)
    found = verdict_of(of, trip, ROAD)
    assert finding_of(of, trip, ROAD).verdict is found
    return found


# -- bodies --------------------------------------------------------------------------------


def test_a_rule_takes_its_code_from_its_function():
    """Name, title and citation are those of the text."""
    assert (toll_paid.code, toll_paid.title, str(toll_paid.citation)) == (
        "toll_paid",
        "toll_paid",
        "1 USC 2",
    )
    assert toll_paid.mode is Mode.BODY


def test_a_body_must_return_an_expression():
    """A body that decides in Python is refused when it is written."""
    with pytest.raises(TypeError, match="the body of cheerful must return an expression"):

        @trip_rule
        def cheerful(trip, law):
            return True


@pytest.mark.parametrize(("paid", "expected"), [(True, MET), (False, NOT_MET), (None, UNKNOWN)])
def test_verdict_of_a_flag(paid, expected):
    """True is met, false is not, and unknown stays unknown."""
    assert verdict(toll_paid, paid=paid) is expected


# -- composition ---------------------------------------------------------------------------


@pytest.mark.parametrize("paid", [True, False, None], ids=str)
@pytest.mark.parametrize("escorted", [True, False, None], ids=str)
def test_composition_follows_kleene(paid, escorted):
    """`all_of` and ``&`` are "and", `any_of` and ``|`` are "or", ``~`` is "not"."""
    facts = {"paid": paid, "escorted": escorted}
    one, other = Verdict.of(paid), Verdict.of(escorted)
    assert verdict(toll_paid & under_escort, **facts) is one & other
    assert verdict(all_of("x", "x", "1 USC 1", toll_paid, under_escort), **facts) is one & other
    assert verdict(toll_paid | under_escort, **facts) is one | other
    assert verdict(any_of("x", "x", "1 USC 1", toll_paid, under_escort), **facts) is one | other
    assert verdict(~toll_paid, **facts) is ~one
    assert verdict(~(toll_paid & under_escort), **facts) is ~(one & other)


def test_operators_name_what_they_make():
    """Code, title and the stronger citation come from the parts."""
    both = toll_paid & all_of("x", "an x", "1 USC 1", under_escort)
    assert (both.code, both.title, str(both.citation)) == (
        "toll_paid_and_x",
        "toll_paid, and an x",
        "1 USC 1",
    )
    assert (toll_paid | under_escort).code == "toll_paid_or_under_escort"
    assert ((~toll_paid).code, (~toll_paid).title) == ("not_toll_paid", "not: toll_paid")


def test_conjunction_inside_a_conjunction():
    """Nesting does not matter to the verdict."""
    inner = all_of("inner", "inner", "1 USC 1", toll_paid, under_escort)
    outer = all_of("outer", "outer", "1 USC 1", inner, low_enough)
    facts = {"day": START, "car": Car(height=2, shape="low")}
    assert verdict(outer, paid=True, escorted=True, **facts) is MET
    assert verdict(outer, paid=True, escorted=False, **facts) is NOT_MET
    assert verdict(outer, paid=True, escorted=None, **facts) is UNKNOWN


# -- rules that are not always in force ----------------------------------------------------


@pytest.mark.parametrize(
    ("day", "paid", "expected", "in_force"),
    [
        (date(2020, 12, 31), None, MET, False),
        (date(2020, 12, 31), False, MET, False),
        (date(2021, 1, 1), False, NOT_MET, True),
        (date(2021, 1, 1), None, UNKNOWN, True),
        (date(2021, 1, 1), True, MET, True),
        (None, True, MET, True),
        (None, False, UNKNOWN, True),
        (None, None, UNKNOWN, True),
    ],
)
def test_out_of_force_asks_for_nothing(day, paid, expected, in_force):
    """Outside its days a rule is passed over; on an unknown day it may or may not apply."""
    trip = Trip(day=day, paid=paid)
    finding = finding_of(toll, trip, ROAD)
    assert (finding.verdict, finding.in_force) == (expected, in_force)
    assert verdict_of(toll, trip, ROAD) is expected


def test_finding_out_of_force_shows_no_facts():
    """What does not apply has nothing to show."""
    finding = finding_of(toll, Trip(day=START, paid=False), ROAD)
    assert (finding.facts, finding.limits, finding.parts) == ((), (), ())


def test_a_binding_is_that_of_its_law_and_days():
    """Equal ones are one key; it is no other thing."""
    one, same = (Binding(ROAD, {"left_on": START}) for _ in range(2))
    assert one == same
    assert hash(one) == hash(same)
    assert one != Binding(ROAD, {"left_on": LATER})
    assert one != Binding(ROAD, {})
    assert one != (ROAD, {"left_on": START})


def test_schedules_are_not_read_on_days_out_of_force():
    """A rule out of force may read a schedule that has no entry for the day."""
    early = Trip(day="2019-06-01")

    @trip_rule
    def not_too_high(trip, law):
        return trip.car.height <= law.height_limit.on(trip.day)

    longer = schedule("toll", (False, date(2000, 1, 1)), (True, LATER))
    law = attrs.evolve(ROAD, toll_in_force=longer)
    finding = finding_of(on_toll_days(not_too_high), early, law)
    assert finding.in_force is False


def test_alternative_of_which_one_is_out_of_force():
    """What is not in force helps no one in an alternative, and hinders no one in a conjunction."""
    either = any_of("either", "either", "1 USC 1", toll, under_escort)
    both = all_of("both", "both", "1 USC 1", toll, under_escort)
    assert verdict(either, day=START, escorted=False) is NOT_MET
    assert verdict(either, day=START, escorted=True) is MET
    assert verdict(both, day=START, escorted=True) is MET
    assert verdict(both, day=START, escorted=False) is NOT_MET


@pytest.mark.parametrize("compose", [all_of, any_of])
def test_nothing_in_force(compose):
    """If no part applies, the whole does not."""
    whole = compose("whole", "whole", "1 USC 1", toll, escort_on_toll_days)
    finding = finding_of(whole, Trip(day=START), ROAD)
    assert (finding.verdict, finding.in_force) == (MET, False)


def test_inverse_of_what_is_out_of_force():
    """The inverse applies on the same days."""
    finding = finding_of(~toll, Trip(day=START, paid=True), ROAD)
    assert finding.in_force is False
    assert verdict_of(~toll, Trip(day=LATER, paid=True), ROAD) is NOT_MET


@pytest.mark.parametrize(
    ("paid", "escorted", "either", "both"),
    [
        (True, False, UNKNOWN, NOT_MET),
        (True, True, MET, MET),
        (True, None, UNKNOWN, UNKNOWN),
        (False, True, MET, UNKNOWN),
        (None, False, UNKNOWN, NOT_MET),
    ],
)
def test_composition_on_an_unknown_day(paid, escorted, either, both):
    """A part that may be out of force cannot make an alternative true or a conjunction false."""
    facts = {"paid": paid, "escorted": escorted}
    assert verdict(any_of("x", "x", "1 USC 1", toll, under_escort), **facts) is either
    assert verdict(all_of("x", "x", "1 USC 1", toll, under_escort), **facts) is both


def test_inverse_on_an_unknown_day():
    """Paid on a day on which it may not have been requested: the contrary is not certain."""
    assert verdict(~toll, paid=True) is UNKNOWN


# -- findings ------------------------------------------------------------------------------


def test_finding_shows_facts_and_limits():
    """Value and declaration of each fact, and the limits it was compared with."""
    trip = Trip(day=START, car=Car(height=3, shape="low"))
    finding = finding_of(low_enough, trip, ROAD)
    assert finding.verdict is NOT_MET
    assert finding.code == "low_enough"
    assert str(finding.citation) == "1 USC 2"
    assert [(fact.path, fact.value) for fact in finding.facts] == [
        ("car.height", trip.car.height),
        ("car.shape", trip.car.shape),
    ]
    (limit,) = finding.limits
    assert (limit.label, limit.value, str(limit.citation)) == ("limit by shape (low)", 2, "1 USC 1")


def test_finding_shows_every_limit_that_may_apply():
    """Without day and shape each limit of each day is shown."""
    finding = finding_of(low_enough, Trip(car=Car(height=3)), ROAD)
    assert [limit.value for limit in finding.limits] == [2, 4, 3, 4]
    known = finding_of(low_enough, Trip(car=Car(height=3, shape="low")), ROAD)
    assert [limit.value for limit in known.limits] == [2, 3]


def test_finding_of_a_group_shows_the_group():
    """Membership is compared with the group by name."""
    finding = finding_of(from_a_neighbour, Trip(car=Car(home="FR")), ROAD)
    assert [str(limit.value) for limit in finding.limits] == ["the neighbours"]


def test_reasons_are_the_ends_that_decide():
    """Of a failed conjunction the parts that fail; of a met alternative the parts that are met."""
    whole = all_of(
        "whole",
        "whole",
        "1 USC 1",
        any_of("way", "way", "1 USC 1", toll_paid, under_escort),
        from_a_neighbour,
        low_enough,
    )
    low = Car(height=2, shape="low", home="FR")

    def codes(**facts):
        return [each.code for each in finding_of(whole, Trip(day=START, **facts), ROAD).reasons()]

    assert codes(paid=True, escorted=False, car=low) == [
        "toll_paid",
        "from_a_neighbour",
        "low_enough",
    ]
    assert codes(paid=False, escorted=False, car=low) == ["toll_paid", "under_escort"]
    assert codes(paid=None, escorted=False, car=low) == ["toll_paid"]
    assert codes(paid=True, car=Car(height=9, shape="low", home="DE")) == [
        "from_a_neighbour",
        "low_enough",
    ]


def test_reasons_of_an_inverse():
    """What is inverted decides with the contrary verdict."""
    finding = finding_of(~(toll_paid & under_escort), Trip(paid=False, escorted=True), ROAD)
    assert finding.verdict is MET
    assert [each.code for each in finding.reasons()] == ["toll_paid"]


def test_parts_out_of_force_do_not_decide():
    """A rule that is passed over is met, but no reason."""
    both = all_of("both", "both", "1 USC 1", toll, under_escort)
    finding = finding_of(both, Trip(day=START, escorted=True), ROAD)
    assert [each.code for each in finding.determining()] == ["under_escort"]


def test_a_tree_is_walked_from_the_top():
    """Rules and findings are walked in the same order."""
    whole = all_of("whole", "whole", "1 USC 1", toll_paid | under_escort, ~low_enough)
    codes = [
        "whole",
        "toll_paid_or_under_escort",
        "toll_paid",
        "under_escort",
        "not_low_enough",
        "low_enough",
    ]
    assert [each.code for each in whole.walk()] == codes
    assert [each.code for each in finding_of(whole, Trip(), ROAD).walk()] == codes


def test_facts_and_days_of_a_rule():
    """Every fact of a tree, and the days by which its rules read schedules."""
    whole = all_of("whole", "whole", "1 USC 1", toll, low_enough)
    assert [fact.path for fact in whole.facts()] == [
        "paid",
        "day",
        "car.height",
        "car.shape",
        "day",
    ]
    assert [day.path for day in toll.days_read()] == ["day"]
    assert [day.path for day in low_enough.days_read()] == ["day"]
    assert list(toll_paid.days_read()) == []


def test_days_are_read_from_the_thing_or_given():
    """The caller may say on which day the law is to be read."""
    trip = Trip(day=START, paid=False)
    assert verdict_of(toll, trip, ROAD) is MET
    assert verdict_of(toll, trip, ROAD, {"day": LATER}) is NOT_MET
    assert verdict_of(toll, trip, ROAD, {}) is UNKNOWN


def test_rules_bind_once_and_run_often():
    """A bound rule answers for any trip of the day."""
    bound = bind(low_enough, Binding(ROAD, {"day": START}))
    heights = [2, 3, None, Bounds(1, 2)]
    trips = [Trip(day=START, car=Car(height=each, shape="low")) for each in heights]
    assert [bound.run(trip) for trip in trips] == [True, False, None, True]


def test_rules_are_copied_and_pickled_by_where_they_are_written():
    """A rule is written once: its copy is itself, and one written nowhere cannot be sent."""
    assert copy.deepcopy(credit_allowed) is credit_allowed
    assert pickle.loads(pickle.dumps(credit_allowed)) is credit_allowed
    assert copy.copy(toll_paid) is toll_paid
    with pytest.raises(TypeError, match="is at the top level of no module"):
        pickle.dumps(toll_paid | under_escort)


def test_a_point_that_is_no_rule():
    """A finding can be about a point that only explains: it has no body and no parts."""
    note = Topic("a_note", "a note", Citation.parse("26 USC 30D(a)"))
    assert as_rule(toll) is toll
    assert note.mode is Mode.BODY
    with pytest.raises(TypeError, match="a_note has no body and no parts, so it is no rule"):
        as_rule(note)
