"""What is missing of many unknown chains and components, decided by sums and not by trying."""

import itertools
from datetime import date

import pytest

from evcredit import (
    BatteryComponent,
    Bounds,
    MineralSource,
    Step,
    Verdict,
    assess,
    current_law,
    with_facts,
)
from evcredit.algebra import certificate, completion, covers, item_sums, proofs
from evcredit.algebra.binding import Binding
from evcredit.algebra.bound import bind
from evcredit.algebra.certificate import Certificates
from evcredit.algebra.completion import Completion
from evcredit.algebra.relevance import Relevance
from evcredit.algebra.rule import any_of
from evcredit.examples import demonstration_claim
from evcredit.section_30d.sourcing.minerals import traced_value_test, value_added_test

MINERALS = "vehicle.battery.minerals"
COMPONENTS = "vehicle.battery.components"
DAY = date(2024, 6, 3)


def chain(value, country=None, *, flag=False, activity="processing", **facts):
    """A chain of one step."""
    step = Step(activity=activity, country=country, foreign_entity_of_concern=flag, **facts)
    return MineralSource(mineral="nickel", value=value, steps=[step])


def assessed(*chains, day=DAY, law=None, **facts):
    """A claim with these chains, of which the components certainly qualify."""
    claim = with_facts(
        demonstration_claim(day),
        {
            MINERALS: chains,
            "vehicle.battery.certified_battery_component_content": 100,
            "vehicle.battery.components_from_foreign_entity_of_concern": False,
            **{f"vehicle.battery.{name}": value for name, value in facts.items()},
        },
    )
    return assess(claim, law=current_law() if law is None else law)


def countries(*places):
    """The paths of the countries of chains."""
    return {f"{MINERALS}[{place}].steps[0].country" for place in places}


@pytest.mark.parametrize(
    ("known", "matters"),
    [
        # Half of 4,401 dollars is 2,200.50: eleven chains of 200 and the dollar reach it.
        (400, True),
        # Half of 4,601 is 2,300.50, and no chains of 200 leave a dollar to go.
        (600, False),
        # Half of 4,399 is 2,199.50: eleven chains reach it without the dollar.
        (398, False),
        # Half of 4,403: ten or eleven chains, and the dollar reaches not_both way.
        (402, False),
    ],
)
def test_one_dollar_among_twenty_chains(known, matters):
    """A chain of a dollar matters if some choice of the others leaves less than it to go."""
    chains = [chain(200) for _ in range(20)]
    result = assessed(*chains, chain(1), chain(known, "Indonesia"))
    assert result.missing_is_exact
    assert set(result.missing()) == countries(*range(20), *([20] if matters else []))


def test_cents_decide_among_three_hundred_chains():
    """Whether a cent matters among even dollars depends on what else is known to count."""
    chains = [chain(2 * (each % 70) + 2) for each in range(300)]
    half = sum(each.value for each in chains) // 2
    # What is known to count leaves half a cent to go beyond an even number of dollars, or not.
    even = 2 if half % 2 else 4
    for known, matters in (("0.99", False), (even, True), (even + 1, False)):
        result = assessed(*chains, chain("0.01"), chain(known, "Chile"))
        assert result.missing_is_exact
        assert set(result.missing()) == countries(*range(300 + matters))


def test_millionths_decide():
    """Values need not be in cents: nine dollars and a millionth, half of which is to go."""
    chains = [chain(1) for _ in range(9)]
    for elsewhere, matters in ((1, True), ("0.999999", False), ("1.000002", False)):
        result = assessed(*chains, chain("0.000001"), chain(elsewhere, "Indonesia"))
        assert result.missing_is_exact
        assert set(result.missing()) == countries(*range(9 + matters))


def test_unknown_steps_are_shared_by_two_rules():
    """From 2025 on what was done also decides whether it was by a foreign entity of concern."""
    chains = [MineralSource(mineral="nickel", value=100) for _ in range(12)]
    result = assessed(*chains, day=date(2025, 3, 1))
    assert result.missing_is_exact
    assert set(result.missing()) == {f"{MINERALS}[{place}].steps" for place in range(12)}
    known = [chain(1000, "Chile") for _ in range(2)]
    result = assessed(*chains, *known, day=date(2025, 3, 1))
    assert result.missing_is_exact
    assert set(result.missing()) == {f"{MINERALS}[{place}].steps" for place in range(12)}
    # By none, they decide nothing beside what is known.
    result = assessed(
        *chains, *known, day=date(2025, 3, 1), minerals_from_foreign_entity_of_concern=False
    )
    assert result.missing() == ()


def test_places_can_show_who_it_was():
    """Where what follows takes precedence, an unknown place may be in a covered nation."""
    law = current_law().with_readings(stated_standing_governs=False)
    chains = [chain(100, flag=None) for _ in range(11)] + [chain(2000, "Chile", flag=None)]
    result = assessed(*chains, day=date(2025, 3, 1), law=law)
    assert result.missing_is_exact
    flags = {path.replace("country", "foreign_entity_of_concern") for path in countries(*range(12))}
    assert set(result.missing()) == countries(*range(11)) | flags


def test_components_at_any_depth():
    """Each of thirty components contributes alone, and one of a dollar is checked to the cent."""
    cells = [
        BatteryComponent(kind="battery cell", value=10, contains=(), made_in=None)
        for _ in range(30)
    ]
    small = BatteryComponent(kind="battery cell", value=1, contains=(), made_in=None)

    def missing(rest):
        module = BatteryComponent(
            kind="battery module", value=301 + rest, made_in="Japan", contains=(*cells, small)
        )
        result = assess(
            with_facts(
                demonstration_claim(DAY),
                {
                    COMPONENTS: [module],
                    "vehicle.battery.certified_critical_mineral_content": 100,
                    "vehicle.battery.components_from_foreign_entity_of_concern": False,
                },
            )
        )
        assert result.missing_is_exact
        return set(result.missing())

    own = [f"{COMPONENTS}[0].contains[{place}].made_in" for place in range(31)]
    # 60 percent of 335 is 201: twenty cells and the dollar. Of 340 it is 204.
    assert missing(34) == set(own)
    assert missing(39) == set(own[:30])


def test_component_of_unknown_contents_among_many():
    """Who made what is inside is asked too, and the module counts as one item."""
    modules = [BatteryComponent(kind="battery module", value=100, made_in="US") for _ in range(7)]
    claim = with_facts(demonstration_claim(DAY), {COMPONENTS: modules})
    result = assess(claim)
    assert result.missing_is_exact
    inside = {f"{COMPONENTS}[{place}].contains" for place in range(7)}
    flags = {f"{COMPONENTS}[{place}].foreign_entity_of_concern" for place in range(7)}
    assert set(result.missing()) == inside | flags


def test_unknown_values_may_be_anything_between():
    """A chain of unknown value makes up what the others leave, if it is large enough."""
    open_ = MineralSource(
        mineral="nickel", steps=[Step(activity="processing", country="Chile", value_added=3)]
    )
    chains = [chain(200) for _ in range(14)]
    # A chain of a tenth of a dollar matters, because the value can leave just that to go.
    result = assessed(*chains, chain("0.1"), chain(600, "Indonesia"), open_)
    assert result.missing_is_exact
    assert set(result.missing()) == countries(*range(15)) | {f"{MINERALS}[16].value"}
    # All of unknown value: next to nothing decides like nothing.
    unknown = [MineralSource(mineral="nickel", steps=each.steps) for each in chains[:10]]
    result = assessed(*unknown)
    assert result.missing_is_exact
    assert set(result.missing()) == countries(*range(10)) | {
        f"{MINERALS}[{place}].value" for place in range(10)
    }


def test_worth_nothing_at_all_is_no_sum():
    """Of chains that are stated to be worth nothing there is no share; they are tried."""
    result = assessed(chain(0), chain(0))
    assert set(result.missing()) == countries(0, 1)
    assert result.missing_is_exact


def test_values_that_do_not_fit_together_are_omitted():
    """Two steps add no more than the chain is worth; a third of it may be elsewhere."""
    spread = MineralSource(
        mineral="nickel",
        value=90,
        steps=[
            Step(activity="processing", country="Indonesia", foreign_entity_of_concern=False),
            Step(activity="processing", country="Chile", foreign_entity_of_concern=False),
        ],
    )
    result = assessed(*(chain(30) for _ in range(10)), spread)
    assert set(result.missing()) >= countries(*range(10))
    assert {f"{MINERALS}[10].steps[{step}].value_added" for step in (0, 1)} <= set(result.missing())


def test_unknown_day_with_unknown_chains():
    """The days are held fixed one by one, and the sums are those of the law of each."""
    chains = [chain(100) for _ in range(10)] + [chain(1500, "Chile")]
    result = assessed(*chains)
    assert result.missing() == ()
    claim = with_facts(result.claim, {"purchase.placed_in_service": None})
    missing = set(assess(claim).missing())
    assert "purchase.placed_in_service" in missing
    assert countries(*range(10)) <= missing  # in 2025 and 2026 more must qualify


def test_days_without_a_percentage():
    """In 2027 no percentage is left, so no chain can show anything."""
    chains = [chain(100) for _ in range(10)]
    result = assessed(*chains, day=date(2027, 1, 12))
    assert (result.verdict, result.missing()) == (Verdict.UNKNOWN, ())


def test_place_that_the_law_leaves_open():
    """A chain in a territory counts or does not, and no fact shows which."""
    law = current_law().with_readings(territories_in_united_states=None)
    chains = [chain(100) for _ in range(9)]
    result = assessed(*chains, chain(100, "Guam"), law=law)
    assert result.missing_is_exact
    assert set(result.missing()) == countries(*range(9))


def mixed(value):
    """A chain whose processing is spread over two unknown places, one third and two."""
    steps = [
        Step(activity="processing", value_added=added, foreign_entity_of_concern=False)
        for added in (1, 2)
    ]
    return MineralSource(mineral="nickel", value=value, steps=steps)


def test_too_many_that_count_in_part(monkeypatch):
    """Beyond what can be listed facts that may not matter are named too, and it says so."""
    chains = [mixed(100 + 7 * each) for each in range(6)]
    exact = assessed(*chains, chain("0.01"))
    assert exact.missing_is_exact
    assert countries(6).isdisjoint(exact.missing())
    monkeypatch.setattr(item_sums, "LISTED", 8)
    result = assessed(*chains, chain("0.01"))
    assert not result.missing_is_exact
    assert set(result.missing()) >= set(exact.missing())


def test_too_much_of_one_chain(monkeypatch):
    """An item of which too much is unknown is not taken apart."""
    monkeypatch.setattr(completion, "COMPLETIONS", 1)
    result = assessed(chain(100), chain(50, "Chile"))
    assert set(result.missing()) == countries(0)


def test_certified_bounds_need_no_chains():
    """What a manufacturer certified is one fact, and the chains do not matter."""
    certified = {"certified_critical_mineral_content": Bounds(45, 55)}
    result = assessed(*(chain(100) for _ in range(10)), **certified)
    assert result.missing() == ("vehicle.battery.certified_critical_mineral_content",)


def inverse_of_shares(*chains):
    """The analysis of a rule that holds unless both tests are met."""
    not_both = any_of(
        "not_both",
        "not both",
        "26 USC 30D(e)(1)",
        ~value_added_test,
        ~traced_value_test,
        as_one=True,
    )
    binding = Binding(current_law(), {"purchase.placed_in_service": DAY})
    return Completion(
        claim=assessed(*chains).claim,
        law=current_law(),
        top=not_both,
        roots=(not_both,),
        bind=lambda claim: (bind(not_both, binding),),
        amount=lambda truth: truth,
    )


def test_inverses_of_shares():
    """A rule may say that a percentage is not reached."""
    analysis = inverse_of_shares(*(chain(100) for _ in range(14)), chain(900, "Chile"))
    found = [fact.path for fact in Relevance(analysis).missing()]
    assert set(found) == countries(*range(14))
    assert analysis.limited == set()


# -- what would settle it ------------------------------------------------------------------


def undecided(*chains, **facts):
    """A claim that gets a credit if and only if the minerals qualify."""
    result = assessed(*chains, **facts)
    certified = {"vehicle.battery.certified_battery_component_content": 0}
    return assess(with_facts(result.claim, certified))


def numbers(sets):
    """Settling sets as the places of their chains."""
    return {
        frozenset(int(path.partition("[")[2].partition("]")[0]) for path in each) for each in sets
    }


def test_settling_sets_are_the_smallest_first():
    """Half of 300 is 150: one chain of 150, or 100 and another, or the three of 50 and more."""
    result = undecided(*map(chain, (150, 100, 25, 25)))
    met, not_met = result.settling(Verdict.MET), result.settling(Verdict.NOT_MET)
    assert result.settling_is_exact
    assert numbers(met) == {frozenset({0}), frozenset({1, 2, 3})}
    assert [len(each) for each in met] == [1, 3]
    assert numbers(not_met) == {frozenset({0, 1}), frozenset({0, 2}), frozenset({0, 3})}


def test_more_settling_sets_than_are_listed():
    """Ten of twenty alike, in 184,756 manners; the smallest are given, and that there are more."""
    result = undecided(*(chain(100) for _ in range(20)))
    sets = result.settling(Verdict.MET)
    assert len(sets) == certificate.CERTIFICATES
    assert {len(each) for each in sets} == {10}
    assert not result.settling_is_exact


def test_too_many_choices_to_look_at(monkeypatch):
    """What is found by then is given, and that there may be more."""
    monkeypatch.setattr(covers, "STEPS", 40)
    result = undecided(*(chain(100 + 7 * each) for each in range(8)))
    assert not result.settling_is_exact


def test_what_nothing_more_is_needed_for_is_exact():
    """However many sets would suffice for one half of the credit, the other half is certain."""
    result = assessed(*(chain(100) for _ in range(20)))
    assert result.settling(Verdict.MET) == (frozenset(),)
    assert result.settling(Verdict.NOT_MET) == ()
    assert result.settling_is_exact


def test_too_many_pairs_to_join(monkeypatch):
    """Sets that rule out both halves of the credit: the smallest of either are joined."""
    cells = [
        BatteryComponent(kind="battery module", value=100, contains=(), made_in=None)
        for _ in range(6)
    ]
    claim = with_facts(
        assessed(*(chain(100) for _ in range(6))).claim,
        {
            COMPONENTS: cells,
            "vehicle.battery.certified_battery_component_content": None,
        },
    )
    result = assess(claim)
    every = result.settling(Verdict.NOT_MET)
    # Four of six chains and three of six modules elsewhere.
    assert (len(every), {len(each) for each in every}) == (15 * 20, {7})
    assert result.settling_is_exact
    monkeypatch.setattr(certificate, "PAIRS", 16)
    result = assess(claim)
    assert set(result.settling(Verdict.NOT_MET)) < set(every)
    assert not result.settling_is_exact


def test_settling_steps_that_two_rules_read():
    """One step by a foreign entity of concern is enough; for a credit every chain must be known."""
    chains = [MineralSource(mineral="nickel", value=100) for _ in range(8)]
    result = undecided(*chains, day=date(2025, 3, 1))
    assert numbers(result.settling(Verdict.MET)) == {frozenset(range(8))}
    assert numbers(result.settling(Verdict.NOT_MET)) == {frozenset({each}) for each in range(8)}
    assert result.settling_is_exact


def test_settling_on_days_without_a_percentage():
    """Nothing about the chains shows anything in 2027."""
    result = undecided(*(chain(100) for _ in range(10)), day=date(2027, 1, 12))
    assert result.settling(Verdict.MET) == ()


def test_settling_with_an_unknown_day(monkeypatch):
    """The day and the chains are tried together, as before."""
    result = undecided(chain(100), chain(100, "Chile"))
    claim = with_facts(result.claim, {"purchase.placed_in_service": None})
    sets = assess(claim).settling(Verdict.MET)
    assert any("purchase.placed_in_service" in each for each in sets)


def test_settling_where_too_much_of_one_chain_is_unknown(monkeypatch):
    """Its facts are not taken apart, and all are named."""
    monkeypatch.setattr(proofs, "MOST_FACTS", 0)
    result = undecided(*map(chain, (150, 100, 25, 25)))
    assert numbers(result.settling(Verdict.MET)) == {frozenset({0}), frozenset({1, 2, 3})}


def test_settling_what_counts_in_part():
    """Two thirds of one chain, or a third of it and another: what is certain of either counts."""
    result = undecided(mixed(300), chain(100), chain(100))
    met = result.settling(Verdict.MET)
    second = f"{MINERALS}[0].steps[1].country"
    assert result.settling_is_exact
    assert frozenset({second}) in met
    assert all(second in each or len(each) >= 2 for each in met)


def test_proofs_of_inverses():
    """A rule may say that a percentage is not reached."""
    analysis = inverse_of_shares(*(chain(100) for _ in range(3)))
    found = Certificates(analysis)
    assert numbers(found.settling(Verdict.MET)) == {
        frozenset(each) for each in itertools.combinations(range(3), 2)
    }
    assert numbers(found.settling(Verdict.NOT_MET)) == numbers(found.settling(Verdict.MET))


def test_days_that_cannot_be_leave_no_outcomes_of_sums():
    """A vehicle is not placed in service before the contract by which it was bought."""
    claim = with_facts(
        demonstration_claim(),
        {
            "purchase.contract_date": date(2024, 5, 1),
            "purchase.placed_in_service": None,
            f"{MINERALS}[1].steps[0].country": None,
        },
    )
    for cluster in assess(claim)._completion.clusters:
        early, late = ({"purchase.placed_in_service": date(2024, m, 3)} for m in (1, 6))
        path = next(iter(cluster.facts))
        assert cluster.pairs(early, early) == cluster.turned_by(path, early) == {}
        assert cluster.pairs(late, late)
