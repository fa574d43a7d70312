"""Which unknown facts matter, and which would settle the question; on a toy law first."""

import itertools
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from tests.toy import LATER, ROAD, START, Car, Road, Trip

from evcredit import (
    Battery,
    BatteryComponent,
    Bounds,
    Claim,
    Credit,
    MineralSource,
    Purchase,
    Step,
    Taxpayer,
    Vehicle,
    Verdict,
    assess,
    with_facts,
)
from evcredit.algebra import certificate, relevance
from evcredit.algebra.binding import Binding
from evcredit.algebra.bound import bind, verdict_of
from evcredit.algebra.certificate import Certificates
from evcredit.algebra.completion import Completion
from evcredit.algebra.derived import Derived
from evcredit.algebra.field import Kind
from evcredit.algebra.outcome import ABSENT
from evcredit.algebra.relevance import Relevance
from evcredit.algebra.rule import all_of, any_of, rule, when
from evcredit.algebra.symbol import facts_of
from evcredit.examples import demonstration_claim

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


def trip_rule(body):
    """A rule about a trip."""
    return rule("1 USC 2", body.__name__, about=Trip, law=Road)(body)


@trip_rule
def paid(trip, law):
    """The toll is paid."""
    return trip.paid


@trip_rule
def escorted(trip, law):
    """There is an escort."""
    return trip.escorted


@trip_rule
def low_enough(trip, law):
    """Not higher than the limit of the day: 3 in 2020, 4 from 2021."""
    return trip.car.height <= law.height_limit.on(trip.day)


@trip_rule
def low_for_its_shape(trip, law):
    """Not higher than the limit of its shape."""
    return trip.car.height <= law.shape_limit.on(trip.day)[trip.car.shape]


@trip_rule
def cheap(trip, law):
    """The load is worth 100 at most."""
    return trip.price <= law.price_limit.on(trip.day)


@trip_rule
def neighbour(trip, law):
    """The car comes from a neighbour."""
    return law.neighbours.contains(trip.car.home)


@trip_rule
def always(trip, law):
    """A flag of the law that never changes, with one of the trip."""
    return law.always.on(trip.day) & trip.paid


toll = when(lambda trip, law: law.toll_in_force.on(trip.day), paid, about=Trip, law=Road)


def analysis(top, **facts):
    """The analysis of a trip under the toy law, on the rule as a whole."""

    @cache
    def bound(day):
        return bind(top, Binding(ROAD, {} if day is None else {"day": day}))

    return Completion(
        claim=Trip(**facts),
        law=ROAD,
        top=top,
        roots=(top,),
        bind=lambda trip: (bound(trip.day),),
        amount=lambda truth: None if truth is None else truth in (True, ABSENT),
    )


def missing(top, **facts):
    """The paths of the facts that matter."""
    return [fact.path for fact in Relevance(analysis(top, **facts)).missing()]


def settling(top, verdict, **facts):
    """The settling sets, as sorted lists."""
    return [sorted(paths) for paths in Certificates(analysis(top, **facts)).settling(verdict)]


ALL = all_of("all", "all", "1 USC 1", paid, escorted)
ANY = any_of("any", "any", "1 USC 1", paid, escorted)


# -- relevance -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("top", "facts", "expected"),
    [
        (ALL, {}, ["paid", "escorted"]),
        (ALL, {"paid": True}, ["escorted"]),
        (ALL, {"paid": False}, []),
        (ANY, {}, ["paid", "escorted"]),
        (ANY, {"paid": False}, ["escorted"]),
        (ANY, {"paid": True}, []),
        (~ANY, {"paid": False}, ["escorted"]),
        (~ANY, {"paid": True}, []),
        (ALL, {"paid": True, "escorted": True}, []),
    ],
)
def test_a_fact_matters_if_its_value_can_change_the_verdict(top, facts, expected):
    """What is decided without a fact does not require it."""
    assert missing(top, **facts) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"day": START, "paid": None}, []),
        ({"day": LATER, "paid": None}, ["paid"]),
        ({"paid": None}, ["paid", "day"]),
        ({"paid": False}, ["day"]),
        ({"paid": True}, []),
    ],
)
def test_rules_out_of_force_ask_for_nothing(facts, expected):
    """The day matters only where the rule could fail, and the rule only on its days."""
    assert missing(toll, **facts) == expected


@pytest.mark.parametrize(
    ("height", "day", "expected"),
    [
        (Bounds(1, 2), None, []),
        (Bounds(5, 6), None, []),
        (4, None, ["day"]),
        (3, None, []),
        (5, None, []),
        (None, START, ["car.height"]),
        (None, None, ["car.height", "day"]),
        (Bounds(2, 3), START, []),
        (Bounds(2, 4), START, ["car.height"]),
        (Bounds(2, 4), LATER, []),
    ],
)
def test_numbers_matter_if_a_limit_lies_within_their_bounds(height, day, expected):
    """Bounds that no limit divides are as good as a number."""
    assert missing(low_enough, day=day, car=Car(height=height)) == expected


@pytest.mark.parametrize(
    ("height", "expected"), [(2, []), (3, ["car.shape", "day"]), (5, [])], ids=str
)
def test_categories_matter_if_their_limits_differ(height, expected):
    """Under 2 passes every limit; 3 fails one of them."""
    assert missing(low_for_its_shape, car=Car(height=height)) == expected


@pytest.mark.parametrize(
    ("price", "day", "expected"),
    [
        (Bounds(0, 100), START, []),
        (Bounds(0, Decimal("100.01")), START, ["price"]),
        (Bounds(Decimal("100.01"), Decimal("Infinity")), START, []),
        (None, START, ["price"]),
        (None, "2022-01-01", []),
    ],
    ids=str,
)
def test_money_matters_to_the_cent(price, day, expected):
    """A cent above the limit is enough; where the law has no provision nothing helps."""
    assert missing(cheap, day=day, price=price) == expected


def test_country_matters():
    """Countries of each standing are tried."""
    assert missing(neighbour) == ["car.home"]
    assert missing(all_of("x", "x", "1 USC 1", neighbour, paid), paid=False) == []


def test_day_of_a_schedule_that_never_changes_does_not_matter():
    """A flag that is up on every day needs no day."""
    assert missing(always) == ["paid"]


def test_rules_that_share_a_fact_are_tried_together():
    """Too high in 2020, unpaid from 2021: no day helps, so the day does not matter."""
    both = all_of("both", "both", "1 USC 1", low_enough, toll)
    trip = {"car": Car(height=4), "paid": False}
    assert missing(both, **trip) == []
    assert settling(both, MET, **trip) == []
    either = any_of("either", "either", "1 USC 1", low_enough, escorted)
    assert missing(either, car=Car(height=4), escorted=False) == ["day"]


def test_computed_fact_without_samples_of_its_own():
    """A computed fact may leave the choice of values to the kind of what it reads."""
    price = facts_of(Trip).price
    loaded = Derived(
        name="loaded",
        label="carries a load",
        kind=Kind.FLAG,
        unknown=price.unknown_in,
        bind_value=lambda binding: lambda trip: None if trip.price is None else trip.price > 0,
        findings=lambda binding, trip: (),
    )

    @trip_rule
    def carries_a_load(trip, law):
        return loaded

    assert missing(carries_a_load) == ["price"]
    assert settling(carries_a_load, MET) == [["price"]]
    assert missing(carries_a_load, price=0) == []


# -- certificates --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("top", "verdict", "facts", "expected"),
    [
        (ALL, MET, {}, [["escorted", "paid"]]),
        (ALL, NOT_MET, {}, [["escorted"], ["paid"]]),
        (ANY, MET, {}, [["escorted"], ["paid"]]),
        (ANY, NOT_MET, {}, [["escorted", "paid"]]),
        (~ALL, MET, {}, [["escorted"], ["paid"]]),
        (~ALL, NOT_MET, {}, [["escorted", "paid"]]),
        (ALL, MET, {"paid": True}, [["escorted"]]),
        (ALL, MET, {"paid": False}, []),
        (ALL, NOT_MET, {"paid": False}, [[]]),
        (ANY, MET, {"paid": True}, [[]]),
        (ANY, NOT_MET, {"paid": True}, []),
        (toll, MET, {}, [["day"], ["paid"]]),
        (toll, NOT_MET, {}, [["day", "paid"]]),
        (toll, MET, {"day": START}, [[]]),
        (low_enough, MET, {}, [["car.height"]]),
        (low_enough, MET, {"car": Car(height=4)}, [["day"]]),
        (neighbour, NOT_MET, {}, [["car.home"]]),
    ],
)
def test_settling_sets_are_the_smallest_that_prove_a_verdict(top, verdict, facts, expected):
    """With suitable values of one set the verdict holds whatever the rest turns out to be."""
    assert settling(top, verdict, **facts) == expected


def test_parts_that_need_different_days_cannot_be_joined():
    """No day suits both parts, so nothing settles the whole."""
    early = any_of("early", "early", "1 USC 1", toll, escorted)
    late = all_of("late", "late", "1 USC 1", low_enough, early)
    trip = {"car": Car(height=4), "paid": False}
    assert settling(late, MET, **trip) == [["day", "escorted"]]


def test_alternative_with_a_rule_that_may_be_out_of_force():
    """What is not in force helps no one in an alternative."""
    either = any_of("either", "either", "1 USC 1", toll, escorted)
    assert missing(either, paid=True) == ["day", "escorted"]
    assert settling(either, MET, paid=True) == [["day"], ["escorted"]]
    assert settling(either, NOT_MET, paid=True) == [["day", "escorted"]]


toll_for_escorts = when(
    lambda trip, law: law.toll_in_force.on(trip.day), escorted, about=Trip, law=Road
)
EITHER_TOLL = any_of("either_toll", "either toll", "1 USC 1", toll, toll_for_escorts)
BOTH_TOLLS = all_of("both_tolls", "both tolls", "1 USC 1", toll, toll_for_escorts)
NO_TOLL_PAID = {"paid": False, "escorted": False}


@pytest.mark.parametrize(
    ("joined", "facts", "met", "not_met"),
    [
        # Where all must hold, parts none of which is in force are as if they were not there.
        (all_of, {"day": START}, [["car.height"]], [["car.height"]]),
        (all_of, {"day": START, "car": Car(height=3)}, [[]], []),
        (all_of, {"car": Car(height=3), **NO_TOLL_PAID}, [["day"]], [["day"]]),
        (all_of, {"car": Car(height=5), **NO_TOLL_PAID}, [], [[]]),
        # And where any may, they are as well.
        (any_of, {"day": START}, [["car.height"]], [["car.height"]]),
        (any_of, {"day": START, "car": Car(height=5)}, [], [[]]),
        (any_of, {"car": Car(height=5)}, [["day", "escorted", "paid"]], [["day"]]),
    ],
)
def test_parts_of_which_none_may_be_in_force(joined, facts, met, not_met):
    """What holds none that is in force is not in force itself: it proves nothing either way."""
    inner = EITHER_TOLL if joined is all_of else BOTH_TOLLS
    top = joined("top", "top", "1 USC 1", inner, low_enough)
    both = [settling(top, verdict, **facts) for verdict in (MET, NOT_MET)]
    if joined is any_of and "day" not in facts:
        # A day without a toll, or one that the toll is not paid for, will do.
        both[1] = [each for each in both[1] if each == ["day"]]
    assert both == [met, not_met]


def tolled(inner):
    """A composite rule that applies while the toll is taken."""
    return when(lambda trip, law: law.toll_in_force.on(trip.day), inner, about=Trip, law=Road)


VALUES = {"day": [START, LATER], "paid": [True, False], "escorted": [True, False]}


def verdicts(top, known):
    """The verdict for all values of the unknown facts, by these in the order of `VALUES`."""
    free = [name for name in VALUES if name not in known]
    return free, {
        values: verdict_of(top, Trip(**known, **dict(zip(free, values, strict=True))), ROAD)
        for values in itertools.product(*(VALUES[name] for name in free))
    }


def outcomes_given(free, found, paths):
    """The verdicts that are left with each choice of values of some facts."""
    places = [free.index(path) for path in paths]
    left = {}
    for values, verdict in found.items():
        left.setdefault(tuple(values[place] for place in places), set()).add(verdict)
    return left


@pytest.mark.parametrize("inner", [ALL, ANY, ~ALL], ids=lambda rule: rule.code)
@pytest.mark.parametrize("joined", [all_of, any_of])
@pytest.mark.parametrize("amounts", [paid, escorted, low_enough], ids=lambda rule: rule.code)
@pytest.mark.parametrize(
    "known", [{}, {"day": START}, {"day": LATER}, {"paid": True}, {"paid": False}]
)
def test_composite_rules_with_days_of_their_own(inner, joined, amounts, known):
    """What is composed of parts and is not in force takes no part, whatever its parts amount to."""
    top = joined("top", "top", "1 USC 1", tolled(inner), amounts)
    for height in (3, 4, 5):
        trip = {**known, "car": Car(height=height)}
        free, found = verdicts(top, trip)
        rest = {path: [each for each in free if each != path] for path in free}
        wanted = {
            path
            for path, others in rest.items()
            if any(len(each) > 1 for each in outcomes_given(free, found, others).values())
        }
        assert set(missing(top, **trip)) == wanted
        for verdict in (MET, NOT_MET):
            for paths in settling(top, verdict, **trip):
                assert {verdict} in outcomes_given(free, found, paths).values()


def test_a_small_vehicle_out_of_time_asks_for_no_class():
    """Its own way in ended with 2021, so the class and its price limit decide nothing."""
    claim = with_facts(
        demonstration_claim(),
        {
            "vehicle.wheels": 2,
            "vehicle.top_speed_mph": 45,
            "vehicle.battery.capacity_kwh": Decimal("2.5"),
            "vehicle.vehicle_class": None,
            "purchase.contract_date": date(2021, 12, 31),
            "purchase.first_payment_date": date(2021, 12, 31),
            "purchase.sale_date": date(2021, 12, 31),
            "purchase.placed_in_service": date(2023, 1, 1),
            "purchase.cost": 50,
        },
    )
    result = assess(claim)
    assert (result.verdict, result.missing()) == (NOT_MET, ())


def test_unknown_cannot_be_proved():
    """More facts never make a thing unknown."""
    with pytest.raises(ValueError, match="ask what would settle MET or NOT_MET"):
        Certificates(analysis(ALL)).settling(UNKNOWN)


# -- limits of the analysis ----------------------------------------------------------------


def test_within_the_limits_the_answer_is_exact():
    """Nothing is said to be limited that is not."""
    each = analysis(ALL)
    (
        Relevance(each).missing(),
        Certificates(each).settling(MET),
        Certificates(each).settling(NOT_MET),
    )
    assert each.limited == set()


def test_too_many_completions_of_one_rule(monkeypatch):
    """A rule with too much unknown keeps all its facts, and the analysis says so."""
    for module in (relevance, certificate):
        monkeypatch.setattr(module, "COMPLETIONS", 1)
    each = analysis(low_for_its_shape, car=Car(height=3))
    assert [fact.path for fact in Relevance(each).missing()] == ["car.shape", "day"]
    assert "missing" in each.limited
    assert Certificates(each).settling(MET) == (frozenset({"car.shape", "day"}),)
    assert "settling" in each.limited


def test_too_many_completions_of_another_rule(monkeypatch):
    """Facts of other rules are still told apart from it."""
    both = all_of("both", "both", "1 USC 1", low_for_its_shape, paid)
    for module in (relevance, certificate):
        monkeypatch.setattr(module, "COMPLETIONS", 1)
    each = analysis(both, car=Car(height=3))
    assert [fact.path for fact in Relevance(each).missing()] == ["car.shape", "day", "paid"]


def test_too_many_values_of_shared_facts(monkeypatch):
    """Shared facts are then taken as each rule's own: never too few facts reported."""
    trio = all_of("trio", "trio", "1 USC 1", low_enough, toll, escorted)
    trip = {"car": Car(height=4), "paid": False}
    assert missing(trio, **trip) == []
    monkeypatch.setattr(relevance, "COMPARISONS", 0)
    each = analysis(trio, **trip)
    assert "escorted" in [fact.path for fact in Relevance(each).missing()]
    assert each.limited == {"missing"}


def test_shared_facts_are_held_fixed_only_where_rules_are_open():
    """18,920 combinations of facts that several rules share leave few cases once the day is known.

    What matters is compared with every combination that the statute tells apart.
    """
    sixteen = Decimal(16)
    values = {
        "purchase.placed_in_service": [date(2012, 5, 1), date(2022, 8, 20), date(2024, 6, 3)],
        "vehicle.made_for_public_roads": [True, False],
        "vehicle.wheels": [Decimal(each) for each in (2, 3, 4)],
        "vehicle.battery.capacity_kwh": [Decimal("2.5"), Decimal(4), Decimal(7), sixteen],
        "purchase.cost": [Decimal(10_000), Decimal(25_000)],
    }
    claim = with_facts(
        demonstration_claim(),
        {
            "vehicle.top_speed_mph": 60,
            "vehicle.battery.minerals_from_foreign_entity_of_concern": False,
            "purchase.contract_date": date(2012, 1, 3),
            "purchase.first_payment_date": date(2012, 1, 3),
        },
    )
    found = {}
    for chosen in itertools.product(*values.values()):
        whole = assess(with_facts(claim, dict(zip(values, chosen, strict=True))))
        found[chosen] = (whole.verdict, whole.credit)
    wanted = set()
    for place, path in enumerate(values):
        groups = {}
        for chosen, outcome in found.items():
            groups.setdefault(chosen[:place] + chosen[place + 1 :], set()).add(outcome)
        wanted |= {path for group in groups.values() if len(group) > 1}
    result = assess(with_facts(claim, dict.fromkeys(values)))
    assert set(result.missing()) == wanted
    assert result.missing_is_exact


def test_too_many_certificates(monkeypatch):
    """The smallest are kept, and the analysis says that there are more."""
    monkeypatch.setattr(certificate, "CERTIFICATES", 1)
    each = analysis(ANY)
    assert len(Certificates(each).settling(MET)) == 1
    assert each.limited == {"settling"}


# -- on the credit -------------------------------------------------------------------------

CLAIM = demonstration_claim()


def forget(*paths, claim=CLAIM, **facts):
    """The assessment with some facts forgotten."""
    return assess(with_facts(claim, {**dict.fromkeys(paths), **facts}))


@pytest.mark.parametrize(
    "path",
    [
        "vehicle.msrp",
        "vehicle.final_assembly_country",
        "vehicle.gross_vehicle_weight_rating_lb",
        "vehicle.made_by_qualified_manufacturer",
        "purchase.seller_report_furnished",
        "purchase.elected_out",
        "purchase.vin_on_return",
        "vehicle.battery.capacity_kwh",
        "vehicle.wheels",
    ],
)
def test_one_unknown_condition(path):
    """One forgotten condition is the one thing missing, and settles the matter either way."""
    result = forget(path)
    assert result.verdict is UNKNOWN
    assert str(result.credit) == "0 to 7,500"
    assert result.missing() == (path,)
    assert result.settling(MET) == (frozenset({path}),)
    assert result.settling(NOT_MET) == (frozenset({path}),)
    assert result.missing_is_exact
    assert result.settling_is_exact


@pytest.mark.parametrize(
    ("day", "path"),
    [
        (date(2012, 5, 1), "vehicle.battery.capacity_kwh"),
        (date(2012, 5, 1), "vehicle.gross_vehicle_weight_rating_lb"),
        (date(2022, 10, 3), "vehicle.final_assembly_country"),
        (date(2023, 1, 20), "vehicle.msrp"),
        (date(2023, 4, 17), "vehicle.msrp"),
        (date(2023, 4, 18), "vehicle.msrp"),
    ],
    ids=str,
)
def test_one_unknown_condition_before_the_sourcing_requirements(day, path):
    """26 USC 30D(e) is not in force before 18 April 2023, and is in nobody's way."""
    result = forget(path, claim=demonstration_claim(day))
    assert result.missing() == (path,)
    for verdict in (MET, NOT_MET):
        assert result.settling(verdict) == (frozenset({path}),)


def test_an_unknown_day_under_all_the_texts():
    """On some days the demonstration has a credit; acquired after September 2025 it has none."""
    days = ("purchase.placed_in_service", "purchase.contract_date", "purchase.first_payment_date")
    untainted = {"vehicle.battery.minerals_from_foreign_entity_of_concern": False}
    result = forget(*days, **untainted)
    assert set(days) <= set(result.missing())
    assert frozenset({days[0]}) in result.settling(MET)
    assert all(frozenset({day}) in result.settling(NOT_MET) for day in days[1:])


def test_one_income_is_enough():
    """With the other year within its threshold, this year's income does not matter."""
    path = "taxpayer.current_year.modified_adjusted_gross_income"
    assert forget(path).missing() == ()
    over = {"taxpayer.prior_year.modified_adjusted_gross_income": 300001}
    assert forget(path, **over).missing() == (path,)


def test_class_does_not_matter_to_a_cheap_car():
    """Under 55,000 dollars every class passes."""
    assert forget("vehicle.vehicle_class", **{"vehicle.msrp": 55000}).missing() == ()
    assert forget("vehicle.vehicle_class", **{"vehicle.msrp": "55000.01"}).missing() == (
        "vehicle.vehicle_class",
    )


def test_nothing_is_missing_where_the_credit_is_lost_anyway():
    """A car assembled in Germany needs no price."""
    result = forget("vehicle.msrp", **{"vehicle.final_assembly_country": "Germany"})
    assert (result.verdict, result.missing()) == (NOT_MET, ())
    assert result.settling(NOT_MET) == (frozenset(),)
    assert result.settling(MET) == ()


def test_unknown_day_with_contract_and_payment():
    """A day after the contract in 2024 makes the demonstration a credit."""
    result = forget("purchase.placed_in_service")
    assert "purchase.placed_in_service" in result.missing()
    assert frozenset({"purchase.placed_in_service"}) in result.settling(MET)


def test_days_that_cannot_be_true_together_are_left_out():
    """A contract is never after the day in service."""
    late = {
        "purchase.placed_in_service": "2025-10-15",
        "vehicle.battery.minerals_from_foreign_entity_of_concern": False,
    }
    result = forget("purchase.contract_date", "purchase.first_payment_date", **late)
    assert {"purchase.contract_date", "purchase.first_payment_date"} <= set(result.missing())
    result = forget("purchase.contract_date", "purchase.placed_in_service")
    assert "purchase.placed_in_service" in result.missing()


def test_makers_of_steps_matter_from_2025():
    """Any one of fourteen flags excludes the car; all of them down are needed for a credit."""
    claim = demonstration_claim(date(2025, 3, 1))
    steps = {
        f"vehicle.battery.minerals[{chain}].steps[{step}]": each
        for chain, source in enumerate(claim.vehicle.battery.minerals)
        for step, each in enumerate(source.steps)
    }
    # What is done in China would tell on its own who did it.
    places = {f"{path}.country": "Taiwan" for path, each in steps.items() if each.country == "CN"}
    result = assess(with_facts(claim, places))
    flags = {f"{path}.foreign_entity_of_concern" for path in steps}
    assert set(result.missing()) == flags
    assert result.settling(MET) == (frozenset(flags),)
    assert set(result.settling(NOT_MET)) == {frozenset({flag}) for flag in flags}


def test_unknown_supply_chain_as_a_whole():
    """Nothing stated of chains or components: these two, and what they were made by."""
    claim = with_facts(
        CLAIM,
        {"vehicle.battery": Battery(capacity_kwh=75, externally_rechargeable=True)},
    )
    result = assess(claim)
    assert str(result.credit) == "0 to 7,500"
    assert "vehicle.battery.minerals" in result.missing()
    assert "vehicle.battery.components" in result.missing()
    assert result.explain()


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        (["vehicle.battery.minerals[2].steps[1].country"], False),
        (
            [
                "vehicle.battery.minerals[1].steps[0].country",
                "vehicle.battery.minerals[2].steps[1].country",
            ],
            True,
        ),
        (["vehicle.battery.minerals[3].steps[1].country"], False),
        (["vehicle.battery.minerals[2].value"], False),
        (["vehicle.battery.minerals[1].value", "vehicle.battery.minerals[6].value"], True),
        (["vehicle.battery.minerals[2].steps"], False),
        (["vehicle.battery.minerals[0].steps", "vehicle.battery.minerals[2].steps"], True),
        (["vehicle.battery.components[0].contains[0].made_in"], True),
        (["vehicle.battery.components[0].value"], True),
        (["vehicle.battery.components[0].contains[0].value"], False),
        (
            [
                "vehicle.battery.components[0].contains[0].value",
                "vehicle.battery.components[0].contains[0].made_in",
            ],
            True,
        ),
        (["vehicle.battery.components[0].contains[0].contains"], True),
    ],
)
def test_chains_and_components_that_are_partly_unknown(paths, expected):
    """A forgotten place or value matters if the content could cross the percentage."""
    result = forget(*paths)
    assert (set(paths) <= set(result.missing())) is expected
    assert bool(result.missing()) is expected
    if expected:
        assert result.credit.upper > result.credit.lower


@pytest.mark.parametrize(
    ("bounds", "matters"),
    [(Bounds(45, 55), True), (Bounds(50, 60), False), (Bounds(10, 49), False)],
    ids=str,
)
def test_certified_content_within_bounds(bounds, matters):
    """A certified percentage matters if the applicable one lies within its bounds."""
    path = "vehicle.battery.certified_critical_mineral_content"
    assert forget(**{path: bounds}).missing() == ((path,) if matters else ())


@pytest.mark.parametrize(
    ("bounds", "matters"), [(Bounds(55, 65), True), (Bounds(60, 70), False)], ids=str
)
def test_certified_component_content_within_bounds(bounds, matters):
    """Like the above, for components."""
    path = "vehicle.battery.certified_battery_component_content"
    assert forget(**{path: bounds}).missing() == ((path,) if matters else ())


def test_value_added_matters_where_an_activity_is_spread():
    """Two places of extraction: the value added in each decides."""
    chain = MineralSource(
        mineral="nickel",
        value=1000,
        steps=[
            Step(activity="extraction", country="Indonesia", value_added=100),
            Step(activity="extraction", country="Australia"),
            Step(activity="processing", country="China"),
        ],
    )
    result = forget(**{"vehicle.battery.minerals": (chain,)})
    assert result.missing() == ("vehicle.battery.minerals[0].steps[1].value_added",)


def test_values_that_cannot_be_true_together_are_left_out():
    """Steps never add more than the mineral is worth, whatever is tried for either."""
    open_chain = MineralSource(
        mineral="nickel",
        steps=[
            Step(activity="extraction", country="Indonesia"),
            Step(activity="extraction", country="Australia"),
        ],
    )
    known = MineralSource.extracted_in("China", "graphite", 100, processed_in="China")
    result = forget(**{"vehicle.battery.minerals": (open_chain, known)})
    assert str(result.mineral_content) == "0.0 % to 100.0 %"
    assert set(result.missing()) == {
        "vehicle.battery.minerals[0].value",
        "vehicle.battery.minerals[0].steps[0].value_added",
        "vehicle.battery.minerals[0].steps[1].value_added",
    }


def test_steps_before_recycling_do_not_matter():
    """Of a recycled chain only the recycling is looked at."""
    chain = MineralSource(
        mineral="nickel",
        value=1000,
        steps=[Step(activity="extraction"), Step(activity="recycling")],
    )
    result = forget(**{"vehicle.battery.minerals": (chain,)})
    assert result.missing() == ("vehicle.battery.minerals[0].steps[1].country",)


def test_component_flags_matter_from_2024():
    """Who made the parts of a cell of unknown contents is not known either."""
    cell = BatteryComponent(kind="battery cell", value=1, made_in="US")
    result = forget(**{"vehicle.battery.components": (cell,)})
    assert set(result.missing()) == {
        "vehicle.battery.components[0].contains",
        "vehicle.battery.components[0].foreign_entity_of_concern",
    }


NEVER = when(lambda trip, law: law.toll_in_force.on(trip.day), escorted, about=Trip, law=Road)


@pytest.mark.parametrize(
    ("day", "met", "not_met"),
    [
        (START, [["escorted"]], [["escorted"]]),
        (LATER, [["escorted"]], [["escorted"]]),
    ],
)
def test_an_alternative_without_a_part_in_force_goes_without_saying(day, met, not_met):
    """No part of it is in force before the toll, so nothing is needed for it then."""
    tolls = any_of("tolls", "tolls", "1 USC 1", toll)
    top = all_of("top", "top", "1 USC 1", tolls, escorted)
    assert settling(top, MET, day=day, paid=day == LATER) == met
    assert settling(top, NOT_MET, day=day, paid=day == LATER) == not_met


def test_an_alternative_that_may_have_no_part_in_force():
    """With an unknown day: either the toll is not yet taken, or it is paid."""
    tolls = any_of("tolls", "tolls", "1 USC 1", toll)
    top = all_of("top", "top", "1 USC 1", tolls, escorted)
    assert settling(top, MET, escorted=True) == [["day"], ["paid"]]
    assert settling(top, NOT_MET, escorted=True) == [["day", "paid"]]
    inner = all_of("inner", "inner", "1 USC 1", toll, NEVER)
    either = any_of("either", "either", "1 USC 1", inner, low_enough)
    assert ["day", "escorted", "paid"] in settling(either, MET)
    none = any_of("none", "none", "1 USC 1", inner)
    assert settling(~none, NOT_MET) == [["day", "escorted", "paid"]]


# -- days that are alike -------------------------------------------------------------------

BARE = Claim(vehicle=Vehicle(battery=Battery()), purchase=Purchase(), taxpayer=Taxpayer())


@pytest.mark.parametrize(
    "facts",
    [
        {"vehicle.fuel_cell": False},
        {"purchase.elects_transition_rule": True},
    ],
    ids=lambda facts: next(iter(facts)),
)
def test_an_almost_wholly_unknown_claim_is_explained_with_few_completions(facts, monkeypatch):
    """Days on which a rule reads the same law are tried once, and what is missing is kept."""
    tried = []
    anew = Completion._outcome_anew

    def counting(self, leaf, assignment):
        tried.append(leaf)
        return anew(self, leaf, assignment)

    monkeypatch.setattr(Completion, "_outcome_anew", counting)
    result = assess(with_facts(BARE, facts))
    told = result.explain()
    assert "purchase.placed_in_service" in result.missing()
    assert len(tried) < 20_000  # 24,000 to 144,000 if every day is tried with everything else
    several = len(tried)
    assert result.explain() == told
    assert result.missing_is_exact
    assert len(tried) == several


@pytest.mark.parametrize("credit", Credit, ids=lambda credit: credit.value)
def test_of_a_claim_of_which_nothing_is_known_what_is_missing_is_exact(credit, monkeypatch):
    """Every fact is looked at first where others mattered: few comparisons are enough for each.

    Beside values in their own order no credit had enough comparisons.
    """
    tried = []
    anew = Completion._outcome_anew

    def counting(self, leaf, assignment):
        tried.append(leaf)
        return anew(self, leaf, assignment)

    monkeypatch.setattr(Completion, "_outcome_anew", counting)
    result = assess(Claim(), credit=credit)
    assert result.missing()
    assert result.missing_is_exact
    assert len(tried) < 8_000  # 7,000 to 19,000 in the order of the values


def test_a_fact_that_takes_long_leaves_comparisons_for_others(monkeypatch):
    """Facts have their turn once before any is looked at for long: the last one is exact too."""
    most = []
    matters = Relevance._matters

    def looked_at(self, path, comparisons):
        most.append((path, comparisons))
        return matters(self, path, comparisons)

    monkeypatch.setattr(Relevance, "_matters", looked_at)
    missing = assess(Claim(), credit=Credit.COMMERCIAL_VEHICLE).missing()
    first = [path for path, comparisons in most if comparisons == relevance.FIRST]
    assert set(missing) <= set(first) == {path for path, _ in most[: len(first)]}
    assert len(most) < len(first) + 8


def test_days_that_are_alike_give_the_same_answer(monkeypatch):
    """With them and without, what is missing and what would settle it are the same."""
    unknown = ("placed_in_service", "contract_date", "first_payment_date")
    claim = with_facts(
        demonstration_claim(),
        {f"purchase.{name}": None for name in unknown} | {"taxpayer": Taxpayer()},
    )

    def told():
        result = assess(claim)
        return result.missing(), result.settling("met"), result.settling("not met")

    found = told()
    monkeypatch.setattr(Completion, "alike", lambda self, leaf, assignment: assignment)
    assert told() == found


def test_what_a_known_alternative_decides_is_not_looked_at():
    """Nothing below a rule that is decided can matter, whatever it is."""
    claim = with_facts(demonstration_claim(), {"vehicle.msrp": None, "vehicle.top_speed_mph": None})
    completion = assess(claim)._completion
    assert [fact.path for fact in completion.unknown] == ["vehicle.msrp"]
    assert [leaf.code for leaf, facts in completion.facts.items() if facts] == ["msrp_within_limit"]
    assert completion.known(completion.top) is None
