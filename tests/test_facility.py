"""Facilities: one unknown country that several steps share is one fact."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from evcredit import (
    Battery,
    EvcreditError,
    MineralSource,
    Step,
    Verdict,
    assess,
    current_law,
    with_facts,
)
from evcredit.examples import demonstration_claim
from evcredit.facts import Facility
from evcredit.io import claim_from_json, claim_to_json

B = "vehicle.battery"
AT_A = f"{B}.facilities[0].country"
DAY = date(2024, 6, 3)


def step(place=None, activity="processing", **facts):
    """A step at a facility, whose name is one letter, or in a country."""
    facility = place is not None and len(place) == 1
    where = {"facility" if facility else "country": place}
    return Step(activity=activity, **where, **facts)


def chain(value, *steps):
    """A chain of nickel."""
    return MineralSource(mineral="nickel", value=value, steps=steps)


def claim(*chains, day=DAY, names="ab", components=100, **facts):
    """A claim of 7,500 dollars if half of the minerals qualify and of 3,750 or none if not."""
    return with_facts(
        demonstration_claim(day),
        {
            f"{B}.minerals": chains,
            f"{B}.facilities": [Facility(name=name) for name in names],
            f"{B}.certified_battery_component_content": components,
            f"{B}.components_from_foreign_entity_of_concern": False,
            **facts,
        },
    )


# -- what may be stated --------------------------------------------------------------------


def test_a_country_is_stated_once():
    """A step at a facility has its country from there, and from nowhere else."""
    with pytest.raises(EvcreditError, match="state the country of 'a' once, in Battery"):
        Step(activity="processing", country="Japan", facility="a")


@pytest.mark.parametrize(
    ("facts", "message"),
    [
        ({"minerals": [chain(1, step("a"))]}, r"minerals\[0\].steps\[0\].facility: found 'a'; no"),
        ({"facilities": [Facility(name="a")] * 2}, r"facilities\[1\].name.*state each facility"),
    ],
)
def test_names_of_facilities_are_checked(facts, message):
    """A step at a facility that is not there is a slip, and so is one that is there twice."""
    with pytest.raises(EvcreditError, match=message):
        Battery(**facts)


def test_a_facility_has_a_name():
    """Nothing could refer to it without."""
    with pytest.raises(EvcreditError, match="give the name that its steps use"):
        Facility(name=None)


def test_in_words():
    """The name is said, not an unknown country."""
    assert str(step("a")) == "processing at a"
    assert str(Facility(name="a", country="JP")) == "a in Japan"
    told = assess(claim(chain(60, step("a")), chain(40, step("JP")))).explain()
    assert "processing at a in an unknown country" in told
    assert f"country of the facility ({AT_A})" in told


# -- what follows ----------------------------------------------------------------------------


def test_one_country_for_all_its_steps():
    """Stating it once settles every chain that passes through the facility."""
    open_ = claim(chain(30, step("a")), chain(30, step("a")), chain(40, step("ID")))
    assert str(assess(open_).mineral_content) == "0.0 % to 60.0 %"
    for country, content, credit in (("JP", "60.0 %", 7500), ("CN", "0.0 %", 3750)):
        result = assess(with_facts(open_, {AT_A: country}))
        assert (str(result.mineral_content), result.credit.lower) == (content, credit)
        assert result.credit.is_exact
    forgotten = with_facts(with_facts(open_, {AT_A: "JP"}), {AT_A: None})
    assert forgotten == open_


def test_it_is_missing_once_and_settles_alone():
    """Of two refineries nobody knows, both countries are needed; of one, one is."""
    chains = (chain(30, step("a")), chain(30, step("a")), chain(40, step("ID")))
    result = assess(claim(*chains, components=0))
    assert result.missing() == (AT_A,)
    assert result.settling(Verdict.MET) == (frozenset({AT_A}),)
    assert result.missing_is_exact and result.settling_is_exact
    apart = (chain(30, step()), chain(30, step()), chain(40, step("ID")))
    result = assess(claim(*apart, components=0))
    assert [len(each) for each in result.settling(Verdict.MET)] == [2]
    assert len(result.missing()) == 2


def test_together_they_matter_where_each_alone_would_not():
    """Two chains of 20 percent turn what neither could turn, the rest being known."""
    known = (chain(25, step("JP")), chain(35, step("ID")))
    shared = (chain(20, step("a")), chain(20, step("a")))
    assert assess(claim(*shared, *known)).missing() == (AT_A,)
    both = {f"{B}.minerals[{place}].steps[0].country" for place in (0, 1)}
    apart = (chain(20, step()), chain(20, step("ID")))
    assert assess(claim(*apart, *known)).missing() == ()
    apart = (chain(20, step()), chain(20, step()))
    assert set(assess(claim(*apart, *known)).missing()) == both


def test_many_chains_at_few_facilities_are_exact():
    """Forty chains from two refineries, each mined somewhere unknown besides."""
    chains = [
        chain(100 + place, step(None, "extraction"), step("ab"[place % 2])) for place in range(40)
    ]
    result = assess(claim(*chains))
    assert {AT_A, f"{B}.facilities[1].country"} <= set(result.missing())
    assert len(result.missing()) == 42
    assert result.missing_is_exact


def brute(open_, free, law=None):
    """The facts that change the credit in some completion, over countries of every standing."""
    found = {}
    for chosen in product(("US", "CL", "ID", "CN"), repeat=len(free)):
        filled = with_facts(open_, dict(zip(free, chosen, strict=True)))
        found[chosen] = assess(filled, law=law or current_law()).credit
    for place, path in enumerate(free):
        groups = {}
        for chosen, credit in found.items():
            groups.setdefault(chosen[:place] + chosen[place + 1 :], set()).add(credit)
        if any(len(group) > 1 for group in groups.values()):
            yield path


def test_one_facility_that_refines_and_recycles():
    """Chile counts for the refining and not for the recycling (26 CFR 1.30D-2(b))."""
    chains = (
        chain(30, step("a")),
        chain(30, step("a", "recycling")),
        chain(25, step()),
        chain(15, step("JP")),
    )
    open_ = claim(*chains)
    free = (AT_A, f"{B}.minerals[2].steps[0].country")
    assert set(assess(open_).missing()) == set(brute(open_, free))


def test_who_was_in_charge_may_follow_from_its_country():
    """Where tracing overrides what is stated, processing in China tells on its own."""
    law = current_law().with_readings(stated_standing_governs=False)
    chains = (
        chain(60, step("a", foreign_entity_of_concern=False)),
        chain(40, step("a", foreign_entity_of_concern=False)),
    )
    open_ = claim(*chains, day=date(2025, 3, 3))
    result = assess(open_, law=law)
    assert result.missing() == (AT_A,)
    assert set(brute(open_, (AT_A,), law)) == {AT_A}
    assert (result.credit.lower, result.credit.upper) == (0, 7500)


def test_an_unknown_value_beside_a_known_facility():
    """The values at which a content turns are those of the chains as they are located."""
    known = claim(chain(None, step("ID")), chain(60, step("a")), chain(20, step("ID")))
    result = assess(with_facts(known, {AT_A: "JP"}))
    assert result.missing() == (f"{B}.minerals[0].value",)


# -- through the doors -----------------------------------------------------------------------


def test_facilities_in_json():
    """As a list of the battery, and a name in each step."""
    open_ = claim(chain(30, step("a")), chain(70, step("b")), **{AT_A: "Japan"})
    text = claim_to_json(open_)
    assert '"facility": "a"' in text
    assert claim_from_json(text) == open_


def test_nothing_of_a_facility_is_unread():
    """Its country is read by the rules, its name is for the reader."""
    open_ = claim(chain(30, step("a")), chain(70, step("b")), **{AT_A: "Japan"})
    assert not [path for path in assess(open_).unread if "facilit" in path]


# -- unknown facts that have always been one -------------------------------------------------


def test_an_unknown_day_that_many_rules_read_is_one_fact():
    """One path, named once; what settles it settles every rule."""
    result = assess(with_facts(demonstration_claim(DAY), {"purchase.placed_in_service": None}))
    assert result.missing().count("purchase.placed_in_service") == 1
    assert frozenset({"purchase.placed_in_service"}) in result.settling(Verdict.NOT_MET)


def test_an_unknown_status_that_limits_read_is_one_fact():
    """The filing status of a year decides about its limit alone."""
    years = {
        f"taxpayer.{year}.modified_adjusted_gross_income": 200_000
        for year in ("current_year", "prior_year")
    }
    status = "taxpayer.current_year.filing_status"
    known = with_facts(demonstration_claim(DAY), years)
    single = {f"taxpayer.{year}.filing_status": "single" for year in ("current_year", "prior_year")}
    result = assess(with_facts(known, {**single, status: None}))
    assert result.missing() == (status,)
