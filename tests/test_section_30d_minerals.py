"""26 USC 30D(e)(1): the critical minerals requirement."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from evcredit import Battery, Bounds, MineralSource, Step, Verdict, assess, current_law, with_facts
from evcredit.examples import demonstration_claim
from evcredit.facts import Activity
from evcredit.law import AgreementDay, AgreementScope
from evcredit.section_30d.sourcing.minerals import critical_mineral_content
from evcredit.section_30d.sourcing.qualifying import qualifying_shares

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
LAW = current_law()
DAY = date(2024, 6, 3)
DEMONSTRATION = demonstration_claim()


def claim(*chains, day=DAY, **battery):
    """The demonstration with other procurement chains."""
    parts = attrs.evolve(DEMONSTRATION.vehicle.battery, minerals=chains, **battery)
    return with_facts(demonstration_claim(day), {"vehicle.battery": parts})


def content(*chains, traced=False, law=LAW, day=DAY):
    """The qualifying content of chains as bounds of fractions."""
    share = critical_mineral_content(claim(*chains, day=day), law, traced=traced)
    return None if share is None else (share.bounds.lower, share.bounds.upper)


def chain(value, *steps, mineral="nickel"):
    """A chain from (activity, country, value added) steps."""
    return MineralSource(
        mineral=mineral,
        value=value,
        steps=[Step(activity=a, country=c, value_added=v) for a, c, v in steps],
    )


def exactly(share):
    """Bounds that meet."""
    return (Fraction(share), Fraction(share))


EXTRACTION, PROCESSING, RECYCLING = "extraction", "processing", "recycling"


# -- the two tests -------------------------------------------------------------------------

# Three chains: a fifth of the extraction and four fifths of the processing qualify; all of the
# extraction and none of the processing; nothing.
NICKEL = chain(
    600,
    (EXTRACTION, "AU", 20),
    (EXTRACTION, "ID", 80),
    (PROCESSING, "KR", 160),
    (PROCESSING, "CN", 40),
)
LITHIUM = chain(300, (EXTRACTION, "CL", None), (PROCESSING, "CN", None), mineral="lithium")
GRAPHITE = chain(100, (EXTRACTION, "CN", None), (PROCESSING, "CN", None), mineral="graphite")


def test_whole_and_traced_value():
    """90 percent by the 50 percent test, 78 percent by the traced value test."""
    chains = (NICKEL, LITHIUM, GRAPHITE)
    assert content(*chains) == exactly(Fraction(90, 100))
    assert content(*chains, traced=True) == exactly(Fraction(78, 100))


def test_neither_test_is_always_the_better_one():
    """45 percent of each activity is nothing by the one test and 45 percent by the other."""
    mixed = chain(
        1000,
        (EXTRACTION, "AU", 45),
        (EXTRACTION, "CN", 55),
        (PROCESSING, "JP", 40),
        (PROCESSING, "CN", 60),
    )
    assert content(mixed) == exactly(0)
    assert content(mixed, traced=True) == exactly(Fraction(45, 100))
    assert assess(claim(mixed, day=date(2023, 6, 1))).find("minerals_requirement").verdict is MET
    assert assess(claim(mixed)).find("minerals_requirement").verdict is NOT_MET


@pytest.mark.parametrize(
    ("inside", "whole"), [("50", 1), ("49.999999", 0), ("50.000001", 1)], ids=str
)
def test_half_of_the_value_added_is_enough(inside, whole):
    """Equality passes the 50 percent test, to the millionth of a dollar."""
    outside = Decimal(100) - Decimal(inside)
    mixed = chain(200, (EXTRACTION, "AU", inside), (EXTRACTION, "CN", outside))
    assert content(mixed) == exactly(whole)


def test_shares_of_extraction_and_processing_are_never_added():
    """Two fifths of each are two fifths."""
    mixed = chain(
        1000,
        (EXTRACTION, "AU", 40),
        (EXTRACTION, "CN", 60),
        (PROCESSING, "JP", 40),
        (PROCESSING, "CN", 60),
    )
    assert content(mixed, traced=True) == exactly(Fraction(2, 5))
    assert qualifying_shares(mixed, LAW, DAY) == {
        Activity.EXTRACTION: Bounds.exactly(Fraction(2, 5)),
        Activity.PROCESSING: Bounds.exactly(Fraction(2, 5)),
    }


@pytest.mark.parametrize(
    ("steps", "share"),
    [
        ([(EXTRACTION, "CL", None), (PROCESSING, "CN", None)], 1),
        ([(EXTRACTION, "ID", None), (PROCESSING, "JP", None)], 1),
        ([(EXTRACTION, "US", None), (PROCESSING, "US", None)], 1),
        ([(EXTRACTION, "MX", None), (PROCESSING, "CN", None)], 1),
        ([(EXTRACTION, "CD", None), (PROCESSING, "FI", None)], 0),
        ([(EXTRACTION, "CN", None)], 0),
        ([(PROCESSING, "KR", None)], 1),
        ([], 0),
    ],
)
def test_one_activity_in_the_right_place_is_enough(steps, share):
    """Extracted or processed in the United States or a country on the list."""
    assert content(chain(100, *steps)) == exactly(share)


@pytest.mark.parametrize(
    ("steps", "whole", "traced"),
    [
        ([(RECYCLING, "US", 60), (RECYCLING, "KR", 40)], 1, Fraction(3, 5)),
        ([(RECYCLING, "US", 40), (RECYCLING, "KR", 60)], 0, Fraction(2, 5)),
        ([(RECYCLING, "CA", None)], 1, 1),
        ([(RECYCLING, "PR", None)], 1, 1),
        ([(RECYCLING, "JP", None)], 0, 0),
        ([(EXTRACTION, "AU", 50), (RECYCLING, "JP", 50)], 0, 0),
        ([(EXTRACTION, "CN", 50), (RECYCLING, "MX", 50)], 1, 1),
    ],
)
def test_recycled_chains_go_by_north_america_alone(steps, whole, traced):
    """What was mined before does not matter, and free trade partners do not help."""
    recycled = chain(1000, *steps, mineral="cobalt")
    assert content(recycled) == exactly(whole)
    assert content(recycled, traced=True) == exactly(traced)


def test_qualifying_shares_of_a_recycled_chain():
    """Only recycling is looked at."""
    recycled = chain(10, (EXTRACTION, "AU", 1), (RECYCLING, "CN", 1))
    assert qualifying_shares(recycled, LAW, DAY) == {Activity.RECYCLING: Bounds.exactly(0)}
    assert qualifying_shares(MineralSource(mineral="nickel"), LAW, DAY) == {}


def test_activity_that_adds_no_value():
    """Steps of no value added leave no share to speak of, so only what holds for all counts."""
    assert content(chain(10, (EXTRACTION, "AU", 0), (EXTRACTION, "CN", 0))) == exactly(0)
    assert content(chain(10, (EXTRACTION, "AU", 0), (EXTRACTION, "US", 0))) == exactly(1)


# -- dates ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2023, 4, 18), 40),
        (date(2023, 12, 31), 40),
        (date(2024, 1, 1), 50),
        (date(2024, 12, 31), 50),
        (date(2025, 1, 1), 60),
        (date(2025, 12, 31), 60),
        (date(2026, 1, 1), 70),
        (date(2026, 12, 31), 70),
    ],
    ids=str,
)
def test_content_is_compared_with_the_percentage_of_the_day(day, percent):
    """Equal to or greater: equality passes, a millionth of a dollar less does not."""
    nothing = chain(100 - percent, (EXTRACTION, "CN", None))
    enough = chain(percent, (EXTRACTION, "CL", None))
    short = chain(Decimal(percent) - Decimal("0.000001"), (EXTRACTION, "CL", None))
    assert assess(claim(enough, nothing, day=day)).find("value_added_test").verdict is MET
    found = assess(claim(short, nothing, day=day)).find("minerals_requirement")
    assert found.verdict is NOT_MET
    assert str(found.citation) == "26 USC 30D(e)(1)"


def test_either_test_meets_the_requirement():
    """The requirement is an alternative of two tests, both in force."""
    found = assess(claim(NICKEL, LITHIUM, GRAPHITE)).find("minerals_requirement")
    assert [part.code for part in found.parts] == ["value_added_test", "traced_value_test"]
    assert [part.in_force for part in found.parts] == [True, True]
    early = assess(claim(NICKEL), law=LAW.known_on(date(2023, 6, 1)))
    parts = early.find("minerals_requirement").parts
    assert [part.in_force for part in parts] == [True, False]


# -- unknowns ------------------------------------------------------------------------------


def test_known_parts_can_decide_without_the_unknown_ones():
    """45 percent qualify, 5 are unknown, 50 do not: 40 percent are reached all the same."""
    chains = (
        chain(45, (EXTRACTION, "CL", None)),
        chain(5, (EXTRACTION, None, None)),
        chain(50, (EXTRACTION, "CN", None)),
    )
    assert content(*chains) == (Fraction(45, 100), Fraction(50, 100))
    found = assess(claim(*chains, day=date(2023, 6, 1)))
    assert found.find("minerals_requirement").verdict is MET
    assert found.missing() == ()
    assert assess(claim(*chains)).find("minerals_requirement").verdict is UNKNOWN


@pytest.mark.parametrize(
    ("chains", "lower", "upper"),
    [
        ((MineralSource(mineral="nickel", value=1),), 0, 1),
        ((chain(1, (EXTRACTION, None, None), (PROCESSING, "CN", None)),), 0, 1),
        ((chain(1, (EXTRACTION, None, None), (PROCESSING, "JP", None)),), 1, 1),
        ((chain(1, (EXTRACTION, "AU", None), (EXTRACTION, "CN", None)),), 0, 1),
        ((chain(1, (EXTRACTION, "AU", None), (EXTRACTION, "CL", None)),), 1, 1),
        ((chain(None, (EXTRACTION, "CL", None)), chain(1, (EXTRACTION, "CN", None))), 0, 1),
        ((chain(1, (None, "JP", None)),), 0, 1),
        ((chain(1, (None, "US", None)),), 1, 1),
        ((chain(1, (None, "CN", None)),), 0, 0),
        ((chain(1, (EXTRACTION, "CL", None), (None, "CN", None)),), 0, 1),
        ((chain(1, *[(None, "US", None)] * 5),), 0, 1),
    ],
)
def test_chains_that_are_partly_unknown(chains, lower, upper):
    """The content lies between what is sure to qualify and what may."""
    assert content(*chains) == (lower, upper)


def test_no_chains():
    """Unknown chains leave everything open; chains known to be none have no content."""
    assert content() is None
    unknown = with_facts(DEMONSTRATION, {"vehicle.battery.minerals": None})
    share = critical_mineral_content(unknown, LAW)
    assert (share.bounds.lower, share.bounds.upper) == (0, 1)
    assert assess(claim()).find("minerals_requirement").verdict is UNKNOWN


def test_unknown_day_in_service():
    """What counts on every day counts without the day; percentages leave a range."""
    undated = with_facts(claim(NICKEL), {"purchase.placed_in_service": None})
    share = critical_mineral_content(undated, LAW)
    assert (share.bounds.lower, share.bounds.upper) == (1, 1)
    assert str(critical_mineral_content(undated, LAW, traced=True)) == "80.0 %"


def test_partner_that_comes_onto_the_list_later():
    """With an agreement from 2025 on, an unknown day leaves its countries open."""
    law = LAW.with_hypothetical("EU-CMA", date(2025, 1, 1))
    cobalt = chain(1, (PROCESSING, "FI", None), mineral="cobalt")
    undated = with_facts(claim(cobalt), {"purchase.placed_in_service": None})
    share = critical_mineral_content(undated, law)
    assert (share.bounds.lower, share.bounds.upper) == (0, 1)
    assert content(cobalt, law=law, day=date(2024, 12, 31)) == exactly(0)
    assert content(cobalt, law=law, day=date(2025, 1, 1)) == exactly(1)
    result = assess(claim(chain(1, (PROCESSING, None, None))), law=law)
    assert result.missing() == ("vehicle.battery.minerals[0].steps[0].country",)


# -- certified contents --------------------------------------------------------------------


@pytest.mark.parametrize(
    ("certified", "expected"),
    [
        (50, MET),
        ("49.999", NOT_MET),
        (Bounds(50, 60), MET),
        (Bounds(40, 60), UNKNOWN),
        (Bounds(40, 49), NOT_MET),
    ],
    ids=str,
)
def test_certified_content_governs(certified, expected):
    """The percentage the manufacturer certified overrides the chains."""
    found = assess(claim(GRAPHITE, certified_critical_mineral_content=certified))
    assert found.find("minerals_requirement").verdict is expected
    assert found.find("certified_critical_mineral_content").facts[0].path == (
        "vehicle.battery.certified_critical_mineral_content"
    )


def test_certified_content_says_nothing_about_another_list_of_countries():
    """Under a law with other agreements the chains are gone by."""
    certified = claim(GRAPHITE, certified_critical_mineral_content=80)
    assert assess(certified).find("minerals_requirement").verdict is MET
    reform = LAW.without_agreement("JPCMA")
    assert assess(certified, law=reform).find("minerals_requirement").verdict is NOT_MET


# -- readings ------------------------------------------------------------------------------

ALUMINUM = chain(100, (EXTRACTION, "GN", None), (PROCESSING, "JP", None), mineral="aluminum")


def test_japan_counts_for_every_mineral_by_default():
    """The law lists countries; whether an agreement is about aluminum does not matter."""
    assert content(ALUMINUM) == exactly(1)
    strict = LAW.with_readings(agreement_scope=AgreementScope.COVERED_MINERALS)
    assert content(ALUMINUM, law=strict) == exactly(0)
    nickel = chain(100, (EXTRACTION, "ID", None), (PROCESSING, "JP", None))
    assert content(nickel, law=strict) == exactly(1)
    elsewhere = chain(100, (PROCESSING, "AU", None), mineral="aluminum")
    assert content(elsewhere, law=strict) == exactly(1)


def performed(day):
    """Nickel refined in Japan on a day."""
    return MineralSource(
        mineral="nickel",
        value=100,
        steps=[
            Step(activity="extraction", country="ID", performed_on=day),
            Step(activity="processing", country="JP", performed_on=day),
        ],
    )


@pytest.mark.parametrize(
    ("day", "lower", "upper"),
    [
        ("2023-03-27", 0, 0),
        ("2023-03-28", 1, 1),
        ("2024-01-01", 1, 1),
        (None, 0, 1),
    ],
)
def test_agreement_in_effect_on_the_day_of_the_activity(day, lower, upper):
    """Under this reading nickel refined in Japan before the agreement does not count."""
    by_activity = LAW.with_readings(agreement_day=AgreementDay.ACTIVITY)
    assert content(performed(day), law=by_activity) == (lower, upper)
    assert content(performed(day)) == exactly(1)


def test_day_of_the_activity_is_asked_for_only_under_that_reading():
    """By default the day in service decides, so the day of the activity is not missing."""
    by_activity = LAW.with_readings(agreement_day=AgreementDay.ACTIVITY)
    undated = claim(performed(None))
    assert assess(undated).missing() == ()
    assert assess(undated, law=by_activity).missing() == (
        "vehicle.battery.minerals[0].steps[1].performed_on",
    )
    mined = Step(activity="extraction", country="ID", performed_on="2022-01-01")
    refined = Step(activity="processing", country="JP")
    half_dated = MineralSource(mineral="nickel", value=1, steps=[mined, refined])
    assert assess(claim(half_dated), law=by_activity).missing() == (
        "vehicle.battery.minerals[0].steps[1].performed_on",
    )
    assert "since 2023-03-28" in assess(claim(performed("2023-06-01")), law=by_activity).explain()


@pytest.mark.parametrize(
    ("reading", "lower", "upper"), [(None, 0, 1), (True, 1, 1), (False, 0, 0)], ids=str
)
def test_extraction_in_a_territory(reading, lower, upper):
    """Whether Puerto Rico is "the United States" of (e)(1) is unresolved by default."""
    law = LAW if reading is None else LAW.with_readings(territories_in_united_states=reading)
    mined = chain(100, (EXTRACTION, "PR", None), (PROCESSING, "CN", None))
    assert content(mined, law=law) == (lower, upper)


# -- explanations --------------------------------------------------------------------------


def notes(*chains, law=LAW, day=DAY):
    """What the findings say of each chain."""
    found = assess(claim(*chains, day=day), law=law).find("value_added_test")
    return [(part.verdict, str(part.note)) for part in found.parts]


def test_chains_are_told_with_their_agreements():
    """Value, activities, places, and by which agreement a place counts."""
    assert notes(
        MineralSource.processed_in("Japan", "nickel", "1061.5", extracted_in="Indonesia"),
        MineralSource(mineral="cobalt"),
        chain(5, (None, "CN", None), (PROCESSING, None, None)),
        MineralSource.recycled_in("Canada", "lithium", 7),
    ) == [
        (
            MET,
            (
                "Nickel, $1,061.50: extraction in Indonesia; processing in Japan (on the list by "
                "JPCMA since 2023-03-28)"
            ),
        ),
        (UNKNOWN, "Cobalt, value unknown: chain unknown"),
        (
            UNKNOWN,
            "Nickel, $5: unknown activity in China; processing in an unknown country",
        ),
        (MET, "Lithium, $7: recycling in Canada"),
    ]


def test_chains_on_an_unknown_day_are_told_without_agreements():
    """Without the day it is not said since when a place counts."""
    undated = with_facts(claim(LITHIUM), {"purchase.placed_in_service": None})
    (part,) = assess(undated).find("value_added_test").parts
    assert str(part.note) == "Lithium, $300: extraction in Chile; processing in China"


def test_traced_test_shows_only_what_it_counts_otherwise():
    """A chain that both tests count alike is shown once."""
    found = assess(claim(NICKEL, LITHIUM, GRAPHITE)).find("traced_value_test")
    assert [part.note.source.value for part in found.parts] == [Decimal(600)]
    plain = assess(claim(LITHIUM, GRAPHITE)).find("traced_value_test")
    assert plain.parts == ()


def test_shares_that_are_only_partly_known_are_shown_as_unknown():
    """Value added of which half the places are unknown."""
    half = chain(100, (EXTRACTION, "AU", 30), (EXTRACTION, None, 70))
    assert notes(half)[0][0] is UNKNOWN
    found = assess(claim(half)).find("traced_value_test")
    assert [part.verdict for part in found.parts] == [MET]
    assert content(half, traced=True) == (Fraction(3, 10), 1)


def test_battery_without_minerals_stated():
    """Nothing to show of chains that are unknown."""
    unknown = with_facts(DEMONSTRATION, {"vehicle.battery": Battery(capacity_kwh=75)})
    assert assess(unknown).find("value_added_test").parts == ()


def test_an_unknown_activity_matters_where_the_country_is_unknown_too():
    """Processing in Chile counts and recycling there does not (26 USC 30D(e)(1)(A))."""
    chains = (
        MineralSource(mineral="nickel", value=100, steps=[Step(foreign_entity_of_concern=False)]),
        MineralSource.extracted_in("China", "graphite", 100, processed_in="China"),
    )
    found = assess(with_facts(demonstration_claim(), {"vehicle.battery.minerals": chains}))
    path = "vehicle.battery.minerals[0].steps[0]"
    assert found.missing() == (f"{path}.activity", f"{path}.country")


@pytest.mark.parametrize(
    ("least", "most", "matters"), [(45, 55, True), (50, 55, False), (45, "49.999999", False)]
)
def test_a_certified_content_within_bounds_matters_around_the_percentage(least, most, matters):
    """In 2024 the applicable percentage is 50 (26 USC 30D(e)(1)(B)(ii))."""
    path = "vehicle.battery.certified_critical_mineral_content"
    found = assess(with_facts(demonstration_claim(), {path: Bounds(Decimal(least), Decimal(most))}))
    assert found.missing() == ((path,) if matters else ())


def test_a_chain_whose_own_share_is_the_percentage():
    """Half of its value added counts: all of it from half of the battery's minerals on (2024)."""
    halves = [
        Step(activity="extraction", country=place, value_added=50, foreign_entity_of_concern=False)
        for place in ("US", "CN")
    ]
    chains = (
        MineralSource(mineral="nickel", steps=halves),
        MineralSource.extracted_in("China", "graphite", 200, processed_in="China"),
    )
    claim = with_facts(demonstration_claim(), {"vehicle.battery.minerals": chains})
    path = "vehicle.battery.minerals[0].value"
    assert assess(claim).missing() == (path,)
    for value, credit in ((199, 3750), (200, 7500)):
        assert assess(with_facts(claim, {path: value})).credit == Bounds.exactly(Decimal(credit))
