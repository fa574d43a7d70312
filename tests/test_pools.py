"""26 CFR 1.30D-3: contents averaged over a pool of vehicles."""

import copy
import pickle
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction

import attrs
import pytest

from evcredit import (
    Battery,
    BatteryComponent,
    Bounds,
    MineralSource,
    Step,
    VehicleClass,
    Verdict,
    assess,
    current_law,
    with_facts,
)
from evcredit.algebra.share import Share
from evcredit.errors import InvalidFactError, InvalidFactsError
from evcredit.examples import demonstration_battery, demonstration_claim
from evcredit.facts.pool import PeriodDay, Pool, PoolBy, PoolMember
from evcredit.section_30d.sourcing.components import battery_component_content, component_parts
from evcredit.section_30d.sourcing.minerals import critical_mineral_content, mineral_parts
from evcredit.section_30d.sourcing.pools import (
    PoolContent,
    pool_component_content,
    pool_mineral_content,
)

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
LAW = current_law()
DAY = date(2024, 6, 3)
INFINITY = Decimal("Infinity")


def chain(country, value):
    """A chain with everything in one country."""
    return MineralSource.extracted_in(country, "nickel", value, processed_in=country)


def battery(*chains):
    """A battery of chains, each a country and a value."""
    return Battery(minerals=[chain(country, value) for country, value in chains])


def member(vehicles, *chains, **facts):
    """Vehicles of one model line with such batteries."""
    facts = {"model_line": "A", "placed_in_service": DAY, "battery": battery(*chains), **facts}
    return PoolMember(vehicles=vehicles, **facts)


def pool(*members, by="model line", **facts):
    """A pool over 2024."""
    return Pool.of_year(2024, by=by, members=members, **facts)


def content(*members, traced=False, law=LAW):
    """The mineral content as a pair of fractions; `None` without any mineral."""
    found = pool_mineral_content(pool(*members), law, traced=traced)
    return None if found is None else (found.bounds.lower, found.bounds.upper)


#: Batteries that qualify whole, by three quarters, by a quarter, and not at all.
ALL = (("CL", 100),)
MOST = (("CL", 75), ("CN", 25))
SOME = (("CL", 100), ("CN", 300))
NONE = (("CN", 100),)
#: Nothing known of the place; of the value; of anything.
ANYWHERE = ((None, 100),)
WORTH = (("CL", None), ("CN", 100))


# -- the share -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("members", "lower", "upper"),
    [
        ([member(1, *MOST)], Fraction(3, 4), Fraction(3, 4)),
        ([member(7, *MOST)], Fraction(3, 4), Fraction(3, 4)),
        # Weighted by value: three quarters of 100 and a quarter of 400, not one half.
        ([member(1, *MOST), member(1, *SOME)], Fraction(175, 500), Fraction(175, 500)),
        ([member(3, *ALL), member(1, *NONE)], Fraction(3, 4), Fraction(3, 4)),
        ([member(2, *ALL), member(1, *NONE)], Fraction(2, 3), Fraction(2, 3)),
        ([member(1, *ALL), member(0, *NONE)], 1, 1),
        ([member(1, *ALL), member(1)], 1, 1),
        # Unknown places.
        ([member(3, *ALL), member(1, *ANYWHERE)], Fraction(3, 4), 1),
        # Unknown values pull the share towards their own.
        ([member(1, *NONE), member(1, *WORTH)], 0, 1),
        ([member(1, *ALL), member(1, ("CL", None))], 1, 1),
        # Unknown chains.
        ([member(1, *ALL), member(1, battery=Battery())], 0, 1),
        # Values that are nothing.
        ([member(1, *ALL), member(5, ("CN", 0))], 1, 1),
        ([member(1, ("CL", 0)), member(5, ("CN", 0))], 0, 0),
    ],
)
def test_qualifying_value_over_total_value(members, lower, upper):
    """The sums run over all batteries of all members."""
    assert content(*members) == (lower, upper)


@pytest.mark.parametrize(
    ("members", "lower", "upper"),
    [
        # One kind of battery has its own content, however many there are.
        ([member(None, *MOST)], Fraction(3, 4), Fraction(3, 4)),
        ([member(Bounds(0, 9), *MOST)], Fraction(3, 4), Fraction(3, 4)),
        ([member(Bounds(0, 9), *MOST, ("CN", 0))], Fraction(3, 4), Fraction(3, 4)),
        ([member(None, ("CL", 0))], 1, 1),
        ([member(None, ("CL", None), ("CN", 0))], 0, 1),
        # Between the fewest and the most.
        ([member(1, *NONE), member(Bounds(1, 3), *ALL)], Fraction(1, 2), Fraction(3, 4)),
        ([member(1, *NONE), member(Bounds(0, 3), *ALL)], 0, Fraction(3, 4)),
        ([member(1, *NONE), member(Bounds(1, INFINITY), *ALL)], Fraction(1, 2), 1),
        ([member(1, *NONE), member(None, *ALL)], 0, 1),
        ([member(1, *MOST), member(None, *SOME)], Fraction(1, 4), Fraction(3, 4)),
        # Two open numbers against each other.
        (
            [member(Bounds(1, 2), *NONE), member(Bounds(1, 3), *ALL)],
            Fraction(1, 3),
            Fraction(3, 4),
        ),
        # The most of what is better than the whole, the fewest of what is worse.
        (
            [member(1, *NONE), member(Bounds(1, 9), *SOME), member(Bounds(1, 2), *ALL)],
            # 900 + 100 of 3,600 + 200; 100 + 200 of 500 + 200
            Fraction(1000, 3800),
            Fraction(300, 700),
        ),
        # Unknown number and unknown place.
        ([member(1, *ALL), member(Bounds(1, 3), *ANYWHERE)], Fraction(1, 4), 1),
        # Batteries without value may be alone or not.
        ([member(None, ("CL", 0)), member(None, ("CN", 0))], 0, 1),
        ([member(None, ("CL", 0)), member(None, *SOME)], Fraction(1, 4), 1),
        ([member(1, *SOME), member(None, ("CL", 0))], Fraction(1, 4), Fraction(1, 4)),
        ([member(2, ("CL", 0)), member(Bounds(0, 1), ("CN", 0))], 0, 1),
        ([member(1, ("CL", 0)), member(Bounds(0, 2), *SOME)], Fraction(1, 4), 1),
    ],
)
def test_numbers_that_are_not_known(members, lower, upper):
    """The share is somewhere between its extremes over all numbers."""
    assert content(*members) == (lower, upper)
    assert content(*reversed(members)) == (lower, upper)


def test_nothing_to_count():
    """Without any applicable critical mineral, or any vehicle, there is no content."""
    assert content(member(5)) is None
    assert content(member(5), member(None)) is None
    assert content(member(0, *ALL)) is None
    bare = pool(member(5, battery=Battery(components=[])))
    assert pool_component_content(bare, LAW) is None


def test_both_mineral_tests():
    """A chain with less than half counts for nothing under one test, in part under the other."""
    steps = [
        Step(activity="extraction", country="CL", value_added=100),
        Step(activity="extraction", country="CN", value_added=200),
    ]
    third = Battery(minerals=[MineralSource(mineral="nickel", value=300, steps=steps)])
    members = (member(1, *ALL), member(1, battery=third))
    assert content(*members) == (Fraction(1, 4), Fraction(1, 4))
    assert content(*members, traced=True) == (Fraction(1, 2), Fraction(1, 2))


def test_a_pool_of_one_is_the_battery_itself():
    """The demonstration, alone and a thousand times over."""
    claim = demonstration_claim(DAY)
    for vehicles in (1, 1000, None, Bounds(0, 12)):
        alone = pool(member(vehicles, battery=demonstration_battery()))
        for traced in (False, True):
            own = critical_mineral_content(claim, LAW, traced=traced)
            assert pool_mineral_content(alone, LAW, traced=traced).bounds == own.bounds
        own = battery_component_content(claim, LAW)
        assert pool_component_content(alone, LAW).bounds == own.bounds


def test_components():
    """Incremental values of all batteries, North American over total."""

    def built(made_in, value):
        part = BatteryComponent(kind="separator", value=value, made_in=made_in)
        return Battery(components=[part])

    home = member(3, battery=built("MX", 100))
    abroad = member(1, battery=built("JP", 200))
    unknown = member(1, battery=Battery())
    assert pool_component_content(pool(home, abroad), LAW).bounds == Bounds.exactly(Fraction(3, 5))
    assert pool_component_content(pool(home, unknown), LAW).bounds == Bounds(0, 1)


def test_certified_percentages_of_members_are_left_aside():
    """The pool is where a certified percentage comes from."""
    certified = attrs.evolve(
        battery(*MOST),
        certified_critical_mineral_content=10,
        certified_battery_component_content=10,
    )
    assert content(member(1, battery=certified)) == (Fraction(3, 4), Fraction(3, 4))
    assert pool_component_content(pool(member(1, battery=certified)), LAW).bounds == Bounds(0, 1)


def test_the_agreements_of_the_day_placed_in_service():
    """Each member is judged on its own day: an agreement may begin within the period."""
    law = LAW.with_hypothetical("EU-CMA", date(2024, 7, 1))
    before = member(1, ("DE", 100), placed_in_service="2024-06-30")
    after = member(1, ("DE", 300), placed_in_service="2024-07-01")
    unknown = member(1, ("DE", 400), placed_in_service=None)
    assert content(before, after, law=law) == (Fraction(3, 4), Fraction(3, 4))
    assert content(before, after, unknown, law=law) == (Fraction(3, 8), Fraction(7, 8))


def test_days_before_the_sourcing_rules():
    """They begin on 18 April 2023; a content of earlier vehicles is computed in the same way."""
    early = Pool.of_year(
        2023, by="plant", members=[member(1, *ALL, placed_in_service="2023-04-17", plant="P")]
    )
    assert pool_mineral_content(early, LAW).bounds == Bounds.exactly(1)


# -- the result ----------------------------------------------------------------------------


def test_contributions():
    """Each member in order, with its own content and its values in dollars."""
    found = pool_mineral_content(
        pool(
            member(2, *MOST),
            member(3, (None, "0.5"), ("CN", 1)),
            member(1, *WORTH),
            member(Bounds(1, 2), *ALL),
            member(0, *ALL),
            member(4),
        ),
        LAW,
    )
    rows = [(each.total, each.qualifying) for each in found.contributions]
    assert rows == [
        (200, Bounds(150, 150)),
        (Fraction(9, 2), Bounds(0, Fraction(3, 2))),
        (None, None),
        (None, None),
        (0, Bounds(0, 0)),
        (0, Bounds(0, 0)),
    ]
    own = [each.content and str(each.content) for each in found.contributions]
    assert own == ["75.0 %", "0.0 % to 33.3 %", "0.0 % to 100.0 %", "100.0 %", "100.0 %", None]
    assert [each.member.vehicles for each in found.contributions][:2] == [2, 3]


def test_contributions_add_up():
    """Where everything is known, the sums of the parts make the share."""
    found = pool_mineral_content(pool(member(2, *MOST), member(3, *SOME)), LAW)
    total = sum(each.total for each in found.contributions)
    qualifying = sum(each.qualifying.lower for each in found.contributions)
    assert Bounds.exactly(Fraction(qualifying, total)) == found.bounds
    assert str(found) == "32.1 %"


@pytest.mark.parametrize(
    ("share", "percent", "expected"),
    [
        (Share(1, 2, 1, 2), 50, MET),
        (Share(499_999, 1_000_000, 499_999, 1_000_000), 50, NOT_MET),
        (Share(4, 10, 6, 10), 50, UNKNOWN),
    ],
)
def test_reaches(share, percent, expected):
    """Exactly, and three-valued."""
    assert PoolContent(share=share, contributions=()).reaches(percent) is expected


NEARLY = 10**40
#: A hair below one half: rounded to any number of places that can be stated, it is one half.
A_HAIR = (NEARLY // 2 - 1, NEARLY)


@pytest.mark.parametrize(
    ("share", "stated"),
    [
        (Share(1, 2, 1, 2), Decimal(50)),
        (Share(0, 1, 0, 1), Decimal(0)),
        (Share(1, 1, 1, 1), Decimal(100)),
        (Share(1, 3, 1, 3), Decimal("33." + 18 * "3")),
        (Share(2, 3, 2, 3), Decimal("66." + 18 * "6")),
        (Share(1, 800, 1, 800), Decimal("0.125")),
        (Share(*A_HAIR, *A_HAIR), Decimal("49." + 18 * "9")),
        (Share(1, 3, 2, 3), Bounds(Decimal("33." + 18 * "3"), Decimal("66." + 18 * "6"))),
        (Share(*A_HAIR, 1, 2), Bounds(Decimal("49." + 18 * "9"), Decimal(50))),
    ],
)
def test_the_percentage_to_state(share, stated):
    """Rounded down at the last place that can be stated, whatever the caller's context."""
    found = PoolContent(share=share, contributions=())
    with localcontext(prec=3):
        percentage = found.certified_percentage
    assert percentage == stated
    certified = Battery(certified_critical_mineral_content=percentage)
    assert certified.certified_critical_mineral_content == stated


@pytest.mark.parametrize(
    ("qualifying", "credit"),
    [("50", 7500), ("49.999999", 3750), ("50.000001", 7500)],
)
def test_a_claim_with_the_certified_percentage_of_its_pool(qualifying, credit):
    """The percentage goes onto the claim of every vehicle of the pool and decides there."""
    rest = Decimal(100) - Decimal(qualifying)
    found = pool_mineral_content(
        pool(member(999, ("CL", qualifying)), member(999, ("CN", rest))), LAW
    )
    claim = with_facts(
        demonstration_claim(DAY),
        {"vehicle.battery.certified_critical_mineral_content": found.certified_percentage},
    )
    assert assess(claim).credit == Bounds.exactly(credit)
    reached = assess(claim).find("minerals_requirement").verdict
    assert reached is found.reaches(50)


def test_results_are_values():
    """Frozen and hashable; copies are equal."""
    whole = pool(member(2, *MOST))
    found = pool_mineral_content(whole, LAW)
    for value in (whole, found, whole.members[0]):
        for again in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value)):
            assert again == value
            assert hash(again) == hash(value)


# -- the pool ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("made", "first", "last"),
    [
        (lambda **f: Pool.of_year(2024, **f), date(2024, 1, 1), date(2024, 12, 31)),
        (lambda **f: Pool.of_quarter(2024, 1, **f), date(2024, 1, 1), date(2024, 3, 31)),
        (lambda **f: Pool.of_quarter(2024, 4, **f), date(2024, 10, 1), date(2024, 12, 31)),
        (lambda **f: Pool.of_month(2024, 2, **f), date(2024, 2, 1), date(2024, 2, 29)),
        (lambda **f: Pool.of_month(2024, 12, **f), date(2024, 12, 1), date(2024, 12, 31)),
        (
            lambda **f: Pool(first_day="2024-05-06", last_day="2024-07-08", **f),
            date(2024, 5, 6),
            date(2024, 7, 8),
        ),
    ],
)
def test_periods(made, first, last):
    """Calendar year, quarter and month, or any two days; both ends belong to it."""
    for day in (first, last):
        inside = made(by="model line", members=[member(1, *ALL, placed_in_service=day)])
        assert (inside.first_day, inside.last_day) == (first, last)
    for day in (date.fromordinal(first.toordinal() - 1), date.fromordinal(last.toordinal() + 1)):
        with pytest.raises(InvalidFactError) as caught:
            made(by="model line", members=[member(1, *ALL, placed_in_service=day)])
        assert caught.value.path == "pool.members[0].placed_in_service"
        assert caught.value.remedy == (
            f"the period of the pool is {first} to {last}, by the day placed in service"
        )


@pytest.mark.parametrize(
    ("made", "path"),
    [
        (lambda **f: Pool.of_year(0, **f), "year"),
        (lambda **f: Pool.of_year("2024", **f), "year"),
        (lambda **f: Pool.of_quarter(2024, 5, **f), "quarter"),
        (lambda **f: Pool.of_quarter(2024, True, **f), "quarter"),
        (lambda **f: Pool.of_month(2024, 0, **f), "month"),
        (lambda **f: Pool.of_month(9999, 1, **f), "year"),
    ],
)
def test_periods_that_are_none(made, path):
    """Numbers are checked before a date is made of them."""
    with pytest.raises(InvalidFactError, match="give a whole number from 1 to") as caught:
        made(by="plant", members=[])
    assert caught.value.path == f"pool.{path}"


def test_a_period_of_final_assembly():
    """The day that lies in the period is a choice; the agreements go by the other day."""
    late = member(1, *ALL, assembled="2024-12-30", placed_in_service="2025-02-01")
    with pytest.raises(InvalidFactError, match="placed in service"):
        pool(late)
    by_assembly = pool(late, period_of="final assembly")
    assert by_assembly.period_of is PeriodDay.FINAL_ASSEMBLY
    with pytest.raises(InvalidFactError) as caught:
        pool(attrs.evolve(late, assembled=date(2025, 1, 1)), period_of="final assembly")
    assert caught.value.path == "pool.members[0].assembled"


@pytest.mark.parametrize(
    ("by", "chosen"),
    [
        ("model line", (PoolBy.MODEL_LINE,)),
        (PoolBy.PLANT, (PoolBy.PLANT,)),
        (["vehicle class", "model line"], (PoolBy.MODEL_LINE, PoolBy.VEHICLE_CLASS)),
        ({"plant"}, (PoolBy.PLANT,)),
        (("plant", PoolBy.PLANT), (PoolBy.PLANT,)),
    ],
)
def test_what_a_pool_goes_by(by, chosen):
    """One or several, in a fixed order."""
    one = member(1, *ALL, plant="P", vehicle_class="van")
    assert pool(one, by=by).by == chosen


@pytest.mark.parametrize("by", [None, (), "maker", ["plant", "maker"], ["plant", None], 3])
def test_a_pool_goes_by_something(by):
    """It is a choice that has to be made."""
    with pytest.raises(InvalidFactError, match="model line") as caught:
        pool(member(1, *ALL, plant="P"), by=by)
    assert caught.value.path == "pool.by"


def faults(*members, by):
    """The paths, values and remedies of what is wrong."""
    with pytest.raises((InvalidFactError, InvalidFactsError)) as caught:
        pool(*members, by=by)
    found = getattr(caught.value, "exceptions", [caught.value])
    return [(each.path, each.found, each.remedy) for each in found]


def test_members_that_do_not_belong_together_are_named():
    """All of them at once, with what they state."""
    one, two = member(1, *ALL, plant="P"), member(1, *ALL, plant="Q", model_line="B")
    assert faults(one, one, two, by=("model line", "plant")) == [
        (
            "pool.members[2].model_line",
            "B",
            "the pool is by model line and members[0] states 'A'; make a pool for each",
        ),
        (
            "pool.members[2].plant",
            "Q",
            "the pool is by plant and members[0] states 'P'; make a pool for each",
        ),
    ]
    van = member(1, *ALL, vehicle_class=VehicleClass.VAN)
    pickup = member(1, *ALL, vehicle_class="pickup truck")
    assert faults(van, pickup, by="vehicle class") == [
        (
            "pool.members[1].vehicle_class",
            "pickup truck",
            "the pool is by vehicle class and members[0] states 'van'; make a pool for each",
        )
    ]


def test_what_the_pool_goes_by_must_be_stated():
    """A member that does not say cannot be taken to belong; no one else is blamed for it."""
    here, nowhere = member(1, *ALL, plant="P"), member(1, *ALL)
    stated = (None, "state it: the pool is by plant")
    assert faults(nowhere, here, by="plant") == [("pool.members[0].plant", *stated)]
    assert faults(here, nowhere, by="plant") == [("pool.members[1].plant", *stated)]


def test_what_the_pool_does_not_go_by_may_differ():
    """By plant, over all that is built there."""
    sedan = member(1, *ALL, plant="P", model_line="A", vehicle_class="other vehicle")
    van = member(1, *NONE, plant="P", model_line="B", vehicle_class="van")
    assert pool_mineral_content(pool(sedan, van, by="plant"), LAW).reaches(50) is MET


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"members": []}, "members"),
        ({"members": None}, "members"),
        ({"members": "A"}, "members"),
        ({"members": ["A"]}, "members[0]"),
        ({"first_day": None}, "first_day"),
        ({"last_day": None}, "last_day"),
        ({"period_of": None}, "period_of"),
        ({"first_day": "June"}, "first_day"),
        ({"last_day": "2023-12-31"}, "last_day"),
        ({"period_of": "sale"}, "period_of"),
    ],
)
def test_faults_of_a_pool(facts, path):
    """Nothing about a pool can be left open."""
    usual = {
        "by": "model line",
        "first_day": "2024-01-01",
        "last_day": "2024-12-31",
        "members": [PoolMember(model_line="A")],
    }
    with pytest.raises((InvalidFactError, InvalidFactsError)) as caught:
        Pool(**{**usual, **facts})
    found = getattr(caught.value, "exceptions", [caught.value])
    assert [each.path for each in found] == [f"pool.{path}"]


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"vehicles": -1}, "vehicles"),
        ({"vehicles": "1.5"}, "vehicles"),
        ({"vehicles": 1.0}, "vehicles"),
        ({"battery": 75}, "battery"),
        ({"vehicle_class": "truck"}, "vehicle_class"),
        ({"placed_in_service": "June"}, "placed_in_service"),
        ({"plant": ""}, "plant"),
    ],
)
def test_faults_of_a_member(facts, path):
    """Told by name."""
    with pytest.raises(InvalidFactError) as caught:
        PoolMember(**facts)
    assert caught.value.path == f"pool_member.{path}"


# -- the parts of one battery --------------------------------------------------------------


def test_parts_of_a_battery():
    """The values that a content is made of, for the sums over many."""
    america = LAW.north_america.members
    assert mineral_parts(Battery(), LAW, DAY) == ((None, (0, 1)),)
    assert mineral_parts(Battery(minerals=[]), LAW, DAY) == ()
    assert mineral_parts(battery(*MOST), LAW, DAY) == (
        (75_000_000, (1, 1)),
        (25_000_000, (0, 0)),
    )
    assert component_parts(Battery(), america) == ((None, (0, 1)),)
    assert component_parts(Battery(components=[]), america) == ()


def test_a_content_of_a_pool_prints_its_share():
    found = pool_mineral_content(pool(member(5, *ALL)), LAW)
    assert str(found) == str(found.share) == "100.0 %"
    assert "100.0 %" in found._repr_html_()
