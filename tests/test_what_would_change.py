"""The smallest changes of a supply chain, compared with every change there is."""

import json
import random
import time
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import chain, combinations

import attrs
import pytest

from evcredit import (
    BatteryComponent,
    InvalidFactError,
    MineralSource,
    Step,
    Verdict,
    assess,
    current_law,
    examples,
    with_facts,
)
from evcredit.advice import break_even, sensitivity, what_would_change
from evcredit.advice.break_even import price_changes, share_shifts
from evcredit.advice.pool_sides import pool_component_side
from evcredit.advice.resourcing import resourcings
from evcredit.advice.sides import mineral_side
from evcredit.facts import Pool, PoolMember
from evcredit.facts.component import walk_components
from evcredit.provisions.registry import section_of
from evcredit.section_30d import pool_component_content, pool_mineral_content
from evcredit.section_30d.concern.foreign_entity import excluded_minerals
from evcredit.section_30d.sourcing.minerals import minerals_requirement

PLACES = ("CN", "CL", "AU", "JP", "ID", "CD", "FI", "CA", "AR", "KR", "US", None)
MINERALS = ("lithium", "nickel", "cobalt", "manganese", "graphite")
NO_JAPAN = current_law().without_agreement("JPCMA")
_LINE = break_even._line


def with_chains(chains, day=date(2024, 6, 3), **facts):
    return with_facts(
        examples.demonstration_claim(day),
        {
            "vehicle.battery.minerals": tuple(chains),
            **{f"vehicle.battery.{name}": value for name, value in facts.items()},
        },
    )


def some_step(chance, activity, value=None):
    return Step(
        activity=activity,
        country=chance.choice(PLACES),
        value_added=value,
        foreign_entity_of_concern=chance.choice([None, False, False]),
    )


def some_chain(chance, *, unknown_values):
    value = None if unknown_values and chance.random() < 0.15 else chance.randint(1, 900)
    steps = [some_step(chance, "extraction"), some_step(chance, "processing")]
    if chance.random() < 0.15:
        steps = [some_step(chance, "recycling")]
    elif value is not None and chance.random() < 0.3:
        steps = [
            some_step(chance, "extraction", value=Decimal(value) / 4),
            some_step(chance, "processing", value=Decimal(value) / 4),
            some_step(chance, "processing", value=Decimal(value) / 8),
        ]
    return MineralSource(
        mineral=chance.choice(MINERALS),
        value=value,
        steps=None if chance.random() < 0.1 else tuple(steps),
    )


def moved(claim, places, to):
    """The claim with some chains from elsewhere, written apart from what is tested."""
    steps = [
        Step(activity=activity, country=to, foreign_entity_of_concern=False)
        for activity in ("extraction", "processing")
    ]
    battery = claim.vehicle.battery
    chains = tuple(
        attrs.evolve(each, steps=tuple(steps)) if place in places else each
        for place, each in enumerate(battery.minerals)
    )
    changed = attrs.evolve(battery, minerals=chains)
    return attrs.evolve(claim, vehicle=attrs.evolve(claim.vehicle, battery=changed))


def subsets(count):
    return chain.from_iterable(combinations(range(count), size) for size in range(count + 1))


def every_flip(claim, law, *, wins):
    """Every set of chains that flips the half, tried one by one."""
    bound = section_of("30D").of(claim, law)
    for places in subsets(len(claim.vehicle.battery.minerals)):
        changed = moved(claim, places, "US" if wins else "AQ")
        if bound[minerals_requirement].run(changed) is not wins:
            continue
        bars = bound[excluded_minerals]
        if wins and bars.applies is not False and bars.run(changed) is False:
            continue
        yield places


def worth(claim, places):
    chains = claim.vehicle.battery.minerals
    return sum(chains[place].value or 0 for place in places)


@pytest.mark.parametrize("seed", range(48))
def test_no_smaller_set_of_chains_flips_the_half(seed):
    """Up to ten chains: by count and by value, in both directions, and each change flips."""
    chance = random.Random(seed)
    count = chance.choice([1, 2, 3, 4, 5, 6, 7, 8]) if seed % 12 else 10
    unknown_values = seed % 3 == 0
    chains = [some_chain(chance, unknown_values=unknown_values) for _ in range(count)]
    day = date(chance.choice([2023, 2024, 2025]), 6, 3)
    claim = with_chains(chains, day)
    law = chance.choice([current_law(), NO_JAPAN])
    found = what_would_change(claim, law=law).minerals
    flips = list(every_flip(claim, law, wins=found.wins))
    assert bool(flips) is bool(found.resourcings)
    bound = section_of("30D").of(claim, law)
    for each in found.resourcings:
        assert each.exact
        places = tuple(int(move.path.split("[")[1][:-1]) for move in each.moves)
        assert places in flips
        assert bound[minerals_requirement].run(each.applied()) is found.wins
        assert each.applied() == moved(claim, places, each.into)
        assert each.value == worth(claim, places)
        assert each.at_least <= each.value
    if flips:
        few, least = found.resourcings
        assert (few.by, least.by) == ("count", "value")
        assert len(few.moves) == min(map(len, flips))
        assert least.value == min(worth(claim, places) for places in flips)


def sourced_anew(claim, chains, parts, to):
    changed = moved(claim, chains, to)
    paths = ["vehicle.battery.components[0]", "vehicle.battery.components[0].contains[0]"]
    return with_facts(
        changed,
        {
            f"{paths[part]}.{name}": value
            for part in parts
            for name, value in (("made_in", to), ("foreign_entity_of_concern", False))
        },
    )


@pytest.mark.parametrize("seed", range(28))
def test_no_smaller_change_over_both_halves_flips_the_verdict(seed):
    """Chains and components together: a credit is lost with both halves, and won with one."""
    chance = random.Random(1000 + seed)
    chains = [some_chain(chance, unknown_values=False) for _ in range(chance.randint(1, 4))]
    places = {"US": False, "KR": False, "CN": None}
    made_in = chance.choice(list(places))
    cell = BatteryComponent(
        kind="battery cell",
        value=chance.randint(1, 99),
        made_in=made_in,
        foreign_entity_of_concern=places[made_in],
        contains=[],
    )
    module = BatteryComponent(
        kind="battery module",
        value=100,
        made_in=chance.choice(["US", "KR"]),
        foreign_entity_of_concern=False,
        contains=[cell],
    )
    claim = with_chains(chains, date(2024, 6, 3), components=(module,))
    result, found = assess(claim), what_would_change(claim)
    loses = result.verdict is Verdict.MET
    wanted = Verdict.NOT_MET if loses else Verdict.MET
    own = [100 - cell.value, cell.value]
    flips = [
        (len(some) + len(parts), worth(claim, some) + sum(own[part] for part in parts))
        for some in subsets(len(chains))
        for parts in subsets(2)
        if assess(sourced_anew(claim, some, parts, "AQ" if loses else "US")).verdict is wanted
    ]  # fmt: skip
    if result.verdict is Verdict.UNKNOWN or not flips:
        assert not flips or result.verdict is Verdict.UNKNOWN
        return
    by_count, by_value = found.flips
    assert by_count.size[0] == min(size for size, _ in flips)
    assert by_value.size[1] == min(value for _, value in flips)
    for flip in found.flips:
        after = assess(flip.applied())
        assert (after.verdict, after.credit) == (flip.verdict, flip.credit)
        assert after.verdict is wanted


def test_the_demonstration_both_ways():
    """As the figures of the demonstration say."""
    claim = examples.demonstration_claim()
    lost = what_would_change(claim)
    few, least = lost.minerals.resourcings
    assert (len(few.moves), few.value, str(few.content)) == (2, Decimal("1993.40"), "22.9 %")
    assert (len(least.moves), least.value) == (2, Decimal("1185.80"))
    assert [move.places for move in least.moves] == [("ID", "JP"), ("JP", "JP")]
    won = what_would_change(claim, law=NO_JAPAN)
    assert [each.value for each in won.minerals.resourcings] == [1061, Decimal("124.80")]
    assert won.minerals.wins
    assert not won.components.wins
    assert won.minerals.resourcings[0].applied(into="CA") == moved(claim, [2], "CA")


def random_chains(count):
    """Chains of whole cents in random places."""
    chance = random.Random(3)
    return [
        MineralSource.extracted_in(
            chance.choice(PLACES[:-1]),
            chance.choice(MINERALS),
            Decimal(chance.randint(100, 20_000)) / 100,
            processed_in=chance.choice(PLACES[:-1]),
        )
        for _ in range(count)
    ]


def test_sixty_chains_take_less_than_a_second():
    """In whole cents, exactly."""
    claim = with_chains(random_chains(60))
    for law in (current_law(), NO_JAPAN):
        started = time.process_time()
        found = what_would_change(claim, law=law).minerals
        assert time.process_time() - started < 1
        assert all(each.exact for each in found.resourcings)
        assert len(found.resourcings) == 2


def test_pairs_of_chains_do_not_look_at_all_chains_again(monkeypatch):
    """What a shift needs is worked out once for a test, not once for each two chains."""
    looked = []
    monkeypatch.setattr(
        break_even, "_line", lambda *given, **named: looked.append(1) or _LINE(*given, **named)
    )
    claim = with_chains(random_chains(60))
    side = mineral_side(claim, section_of("30D").of(claim, current_law()))
    list(share_shifts(side, wins=False))
    assert len(looked) == side.tests


# -- prices and shares ---------------------------------------------------------------------------


@pytest.mark.parametrize("law", [current_law(), NO_JAPAN], ids=["current", "no-japan"])
def test_prices_are_just_where_the_half_flips(law):
    """At the factor the content is the percentage; applied it flips, and halfway it does not."""
    claim = examples.demonstration_claim()
    found = what_would_change(claim, law=law).minerals
    assert found.prices
    bound = section_of("30D").of(claim, law)
    for change in found.prices:
        assert bound[minerals_requirement].run(change.applied()) is found.wins
        chains = claim.vehicle.battery.minerals
        halfway = {
            f"vehicle.battery.minerals[{place}].value": Decimal(
                round(float(each.value) * float(1 + change.factor) / 2, 6)
            ).quantize(Decimal("0.000001"))
            for place, each in enumerate(chains)
            if each.mineral.identifier == change.mineral
        }
        assert bound[minerals_requirement].run(with_facts(claim, halfway)) is not found.wins
        own = sum(each.value for each in chains if each.mineral.identifier == change.mineral)
        assert change.value == own
        total = sum(each.value for each in chains)
        assert change.share_before == Fraction(own) / Fraction(total)
        new = Fraction(own) * change.factor
        assert change.share_after == new / (new + Fraction(total - own))


def test_a_price_that_loses_the_half_exactly_goes_a_millionth_beyond():
    """At the percentage the half is still won."""
    chains = [
        MineralSource.extracted_in("Chile", "lithium", 60, processed_in="Chile"),
        MineralSource.extracted_in("China", "graphite", 40, processed_in="China"),
    ]
    (lithium, graphite) = what_would_change(with_chains(chains)).minerals.prices
    assert (lithium.factor, graphite.factor) == (Fraction(2, 3), Fraction(3, 2))
    for change, values in ((lithium, ["39.999999", "40"]), (graphite, ["60", "60.000001"])):
        minerals = change.applied().vehicle.battery.minerals
        assert [each.value for each in minerals] == list(map(Decimal, values))
    assert str(graphite) == (
        "graphite at a price 50.0 % more, 50.0 % of the value instead of 40.0 %; content 50.0 %"
    )
    assert str(lithium).startswith("lithium at a price 33.3 % less")


def test_a_stated_price_of_a_kilogram_is_left_out_where_the_value_changes():
    """Mass and price would contradict it."""
    chains = [
        MineralSource(mineral="lithium", mass_kg=6, price_per_kg=10, steps=[
            Step(activity="extraction", country="CL"),
        ]),
        MineralSource.extracted_in("China", "graphite", 40, processed_in="China"),
    ]  # fmt: skip
    change = what_would_change(with_chains(chains)).minerals.prices[0]
    lithium = change.applied().vehicle.battery.minerals[0]
    assert (lithium.mass_kg, lithium.price_per_kg) == (6, None)


@pytest.mark.parametrize("law", [current_law(), NO_JAPAN], ids=["current", "no-japan"])
@pytest.mark.parametrize("year", [2023, 2024])
def test_shifts_are_the_smallest_between_two_chains_of_a_mineral(law, year):
    """A millionth of a dollar less does not flip the half."""
    chains = [
        MineralSource.extracted_in("Chile", "lithium", 30, processed_in="Chile"),
        MineralSource.extracted_in("China", "lithium", 30, processed_in="China"),
        MineralSource.extracted_in("Indonesia", "nickel", 20, processed_in="Japan"),
        MineralSource.extracted_in("Australia", "nickel", 7, processed_in="China"),
    ]
    claim = with_chains(chains, date(year, 6, 3))
    found = what_would_change(claim, law=law).minerals
    bound = section_of("30D").of(claim, law)
    assert found.shifts
    for shift in found.shifts:
        after = shift.applied()
        assert bound[minerals_requirement].run(after) is found.wins
        step = Decimal("0.000001")
        source, target = shift.source, shift.target
        values = {each.path: each for each in mineral_side(claim, bound).lots}
        less = with_facts(
            claim,
            {
                f"{source}.value": Decimal(values[source].value).scaleb(-6) - shift.value + step,
                f"{target}.value": Decimal(values[target].value).scaleb(-6) + shift.value - step,
            },
        )
        assert bound[minerals_requirement].run(less) is not found.wins
        assert shift.part == Fraction(shift.value) / (Fraction(values[source].value) / 10**6)


def test_a_chain_that_counts_in_part_under_one_test():
    """The traced test counts a quarter of it, and the other nothing."""
    steps = (
        Step(activity="processing", country="JP", value_added=25),
        Step(activity="processing", country="CN", value_added=75),
        Step(activity="extraction", country="CN"),
    )
    chains = [
        MineralSource(mineral="nickel", value=100, steps=steps),
        MineralSource.extracted_in("Chile", "nickel", 30, processed_in="Chile"),
    ]
    claim = with_chains(chains)
    found = what_would_change(claim).minerals
    assert str(found.content) == "42.3 %"
    assert [shift.value for shift in found.shifts] == [Decimal("13.333334")]
    (few, _) = found.resourcings
    assert (few.value, few.moves[0].places) == (100, ("JP", "CN", "CN"))


# -- agreements ----------------------------------------------------------------------------------


def test_agreements_that_win_the_half():
    """Those that the law lacks first, then those never concluded, then assumed ones."""
    found = what_would_change(examples.demonstration_claim(), law=NO_JAPAN).minerals
    assert [each.agreements for each in found.agreements] == [
        ("JPCMA",),
        ("EU-CMA",),
        ("ID-CMA",),
        ("CD-assumed",),
        ("CN-assumed",),
    ]
    for each in found.agreements:
        result = assess(examples.demonstration_claim(), law=each.law)
        assert result.find("minerals_requirement").verdict is Verdict.MET
        assert each.content.bounds == result.mineral_content.bounds
        assert each.exact


def test_agreements_that_lose_the_half():
    """Without that of Japan, or without both of two."""
    found = what_would_change(examples.demonstration_claim()).minerals
    assert [each.agreements for each in found.agreements] == [("JPCMA",)]
    assert str(found.agreements[0]).startswith("without Agreement between the Government of Japan")
    chains = [
        MineralSource.extracted_in("Chile", "lithium", 60, processed_in="Australia"),
        MineralSource.extracted_in("China", "graphite", 40, processed_in="China"),
    ]
    found = what_would_change(with_chains(chains)).minerals
    assert [set(each.agreements) for each in found.agreements] == [{"USCFTA", "AUSFTA"}]


def test_more_agreements_than_are_tried(monkeypatch):
    """The answer says that fewer might do."""
    from evcredit.advice import agreement_change

    monkeypatch.setattr(agreement_change, "_MOST_TRIED", 2)
    found = what_would_change(examples.demonstration_claim(), law=NO_JAPAN).minerals
    assert {each.exact for each in found.agreements} == {False}


def test_no_agreement_does_it():
    """Chains of unknown places have nothing to do with any."""
    found = what_would_change(with_chains([MineralSource(mineral="lithium", value=1)])).minerals
    assert found.agreements == ()
    unknown = MineralSource.extracted_in("China", "lithium", None, processed_in="Indonesia")
    found = what_would_change(with_chains([unknown])).minerals
    assert [each.agreements for each in found.agreements] == [("ID-CMA",), ("CN-assumed",)]


# -- foreign entities ----------------------------------------------------------------------------


def test_chains_of_foreign_entities_have_to_move():
    """In 2025 they bar the credit whatever the content; what else is unknown stays so."""
    claim = examples.demonstration_claim(date(2025, 3, 1))
    found = what_would_change(claim)
    assert found.verdict is Verdict.NOT_MET
    half = found.minerals
    assert half.verdict is Verdict.MET
    assert half.wins
    assert half.prices == half.shifts == half.agreements == ()
    few, least = half.resourcings
    assert few.moves == least.moves
    assert [move.path[-2] for move in few.moves] == ["1", "4", "6"]
    assert {move.needed for move in few.moves} == {True}
    flip = found.flips[0]
    assert flip.verdict is Verdict.UNKNOWN
    assert str(flip.credit) == "0 to 7,500"
    assert found.facts is None
    stated = with_facts(
        claim,
        {
            f"vehicle.battery.minerals[{place}].steps[{step}].foreign_entity_of_concern": False
            for place in (0, 2, 3, 5)
            for step in (0, 1)
        },
    )
    assert what_would_change(stated).flips[0].verdict is Verdict.MET


def test_components_of_foreign_entities_have_to_move():
    """From 2024 on."""
    claim = with_facts(
        examples.demonstration_claim(),
        {"vehicle.battery.components[0].contains[0].foreign_entity_of_concern": True},
    )
    found = what_would_change(claim)
    assert found.verdict is Verdict.NOT_MET
    assert [move.subject for move in found.components.resourcings[0].moves] == [
        "battery cell, made in United States"
    ]
    assert {flip.verdict for flip in found.flips} == {Verdict.MET}
    assert found.flips[0].size == (1, Decimal(2500))


def test_what_is_stated_of_all_chains_falls_with_the_last():
    """The flag of the battery says nothing about other chains."""
    chains = [MineralSource.extracted_in("China", "lithium", 9, processed_in="China")]
    claim = with_chains(chains, minerals_from_foreign_entity_of_concern=True)
    (few, _) = what_would_change(claim).minerals.resourcings
    battery = few.applied().vehicle.battery
    assert battery.minerals_from_foreign_entity_of_concern is None


# -- where there is nothing to find --------------------------------------------------------------

NOTHING = [
    ({}, {"certified_critical_mineral_content": 60}, "certified governs"),
    ({}, {"minerals": None}, "no procurement chains"),
    ({}, {"minerals": ()}, "no procurement chains"),
    ({"purchase.placed_in_service": date(2027, 6, 3)}, {}, "no percentage"),
    ({"purchase.placed_in_service": date(2023, 2, 3)}, {}, "does not apply"),
]


@pytest.mark.parametrize(("facts", "battery", "why"), NOTHING)
def test_why_no_change_of_minerals_is_looked_for(facts, battery, why):
    """It says so, and does not guess."""
    day = facts.get("purchase.placed_in_service", date(2024, 6, 3))
    claim = with_facts(
        examples.demonstration_claim(day),
        {f"vehicle.battery.{name}": value for name, value in battery.items()},
    )
    half = what_would_change(claim).minerals
    assert why in half.problem
    assert half.resourcings == half.prices == ()
    assert sensitivity(claim) == ()


COMPONENTS = [
    ({"certified_battery_component_content": 60}, "certified governs"),
    ({"components": ()}, "no components"),
    ({"components[0].value": None}, "unknown"),
    ({"components[0].contains[0].contains": None}, "unknown"),
]


@pytest.mark.parametrize(("battery", "why"), COMPONENTS)
def test_why_no_change_of_components_is_looked_for(battery, why):
    """Like the above, for the other half."""
    claim = with_facts(
        examples.demonstration_claim(),
        {f"vehicle.battery.{name}": value for name, value in battery.items()},
    )
    found = what_would_change(claim)
    assert why in found.components.problem
    assert found.flips == ()  # the half may be won, and nothing here can lose it
    claim = with_facts(examples.demonstration_claim(), {"purchase.placed_in_service": None})
    assert {"unknown" in half.problem for half in what_would_change(claim).halves} == {True}
    for day in (date(2023, 2, 3), date(2029, 6, 3)):
        half = what_would_change(examples.demonstration_claim(day)).components
        assert half.problem


def test_other_facts_where_sources_do_not_help():
    """As `change_of_all` finds them."""
    claim = with_facts(examples.demonstration_claim(), {"vehicle.msrp": 80_300})
    found = what_would_change(claim)
    assert found.flips == ()
    assert found.facts.values == {"vehicle.msrp": Decimal(80000)}
    assert "list price" not in str(found)
    assert "$80,000 would suffice" in found.explain()


def test_chains_that_are_worth_nothing_or_cannot_reach_it():
    """A battery of nothing has no content that sources change."""
    nothing = [MineralSource.extracted_in("China", "lithium", 0, processed_in="China")]
    assert what_would_change(with_chains(nothing)).minerals.resourcings == ()
    assert what_would_change(with_chains(nothing)).minerals.prices == ()
    counting = [MineralSource.extracted_in("Chile", "lithium", 0, processed_in="Chile")]
    half = what_would_change(with_chains(counting)).minerals
    assert (half.verdict, half.wins, half.resourcings) == (Verdict.MET, False, ())


def test_a_list_that_states_the_amount_is_not_changed_by_sources():
    """The chains then decide nothing, and no change is claimed to."""
    from evcredit import find_listed

    (row, *_) = find_listed(make="Tesla", model="Model 3 Performance", day="2024-06-03")
    claim = with_facts(examples.demonstration_claim(), {"vehicle.listing": row})
    found = what_would_change(claim)
    for flip in found.flips:
        assert assess(flip.applied()).verdict is flip.verdict is not found.verdict


# -- pools ---------------------------------------------------------------------------------------


def a_pool(chains=None, **facts):
    battery = examples.demonstration_battery()
    few = attrs.evolve(battery, minerals=battery.minerals[:4])
    module = BatteryComponent(kind="battery module", value=9000, made_in="US", contains=[])
    small = attrs.evolve(
        battery, minerals=tuple(chains or battery.minerals[3:]), components=(module,)
    )
    members = [
        PoolMember(battery=few, vehicles=1200, placed_in_service="2024-06-03", plant="A"),
        PoolMember(
            battery=small,
            plant="A",
            **{"vehicles": 3000, "placed_in_service": "2024-06-20", **facts},
        ),
    ]
    return Pool.of_month(2024, 6, by="plant", members=members)


@pytest.mark.parametrize("law", [current_law(), NO_JAPAN], ids=["current", "no-japan"])
def test_a_pool_against_every_change(law):
    """Values count for every vehicle."""
    pool = a_pool(vehicles=9000)
    found = what_would_change(pool, law=law).minerals
    sizes = []
    for places in subsets(8):
        to = "US" if found.wins else "AQ"
        steps = [
            Step(activity=activity, country=to, foreign_entity_of_concern=False)
            for activity in ("extraction", "processing")
        ]
        members, total, at = [], 0, 0
        for member in pool.members:
            chains = []
            for each in member.battery.minerals:
                if at in places:
                    total += each.value * member.vehicles
                    each = attrs.evolve(each, steps=tuple(steps))  # noqa: PLW2901
                chains.append(each)
                at += 1
            battery = attrs.evolve(member.battery, minerals=tuple(chains))
            members.append(attrs.evolve(member, battery=battery))
        content = pool_mineral_content(attrs.evolve(pool, members=tuple(members)), law)
        if content.share.at_least_percent(50) is found.wins:
            sizes.append((len(places), total))
    few, least = found.resourcings
    assert len(few.moves) == min(size for size, _ in sizes)
    assert least.value == min(value for _, value in sizes)
    for change in (few, least, *found.prices, *found.shifts):
        content = pool_mineral_content(change.applied(), law)
        assert content.share.at_least_percent(50) is found.wins
    assert "members[" in few.moves[0].path


@pytest.mark.parametrize("law", [current_law(), NO_JAPAN], ids=["current", "no-japan"])
def test_value_shifts_within_the_batteries_of_a_pool(law):
    """Between chains of one mineral in one battery; a millionth less in each does not flip."""
    chains = [
        MineralSource.extracted_in("Chile", "lithium", 30, processed_in="Chile"),
        MineralSource.extracted_in("China", "lithium", 31, processed_in="China"),
        MineralSource.extracted_in("Indonesia", "nickel", 900, processed_in="South Korea"),
        MineralSource.extracted_in("Indonesia", "nickel", 1700, processed_in="China"),
    ]
    pool = a_pool(chains, vehicles=9000)
    half = what_would_change(pool, law=law).minerals
    assert half.shifts
    millionth = Decimal("0.000001")
    for shift in half.shifts:
        assert shift.source[:10] == shift.target[:10] == "members[1]"
        after = pool_mineral_content(shift.applied(), law)
        assert after.share.at_least_percent(50) is half.wins
        source, target = (
            pool.members[1].battery.minerals[int(path[-2])].value
            for path in (shift.source, shift.target)
        )
        assert shift.part == Fraction(shift.value) / Fraction(source)
        amount = shift.value - millionth
        less = with_facts(
            pool,
            {f"{shift.source}.value": source - amount, f"{shift.target}.value": target + amount},
        )
        assert pool_mineral_content(less, law).share.at_least_percent(50) is not half.wins


def test_a_pool_has_one_percentage():
    """That of its period, or the caller's."""
    pool = a_pool()
    assert what_would_change(pool, percent=99).minerals.percent == 99
    assert len(sensitivity(pool, percent=99)) == 5
    battery = examples.demonstration_battery()
    years = Pool(
        by="plant",
        first_day="2023-12-01",
        last_day="2024-01-31",
        members=[PoolMember(battery=battery, vehicles=1, plant="A")],
    )
    with pytest.raises(InvalidFactError, match="changes in the period"):
        what_would_change(years)
    both = what_would_change(years, percent=40)
    assert both.verdict is Verdict.MET
    assert both.components.problem == "the percentage changes in the period"
    with pytest.raises(InvalidFactError, match="for the minerals of a pool"):
        what_would_change(examples.demonstration_claim(), percent=40)


@pytest.mark.parametrize(
    ("facts", "why"),
    [({"vehicles": None}, "number of vehicles"), ({"minerals": None}, "no procurement")],
)
def test_why_nothing_is_looked_for_in_a_pool(facts, why):
    """Numbers of vehicles and chains have to be known."""
    pool = a_pool(**({"vehicles": None} if "vehicles" in facts else {}))
    first, second = pool.members
    if "minerals" in facts:
        second = attrs.evolve(second, battery=attrs.evolve(second.battery, minerals=None))
    pool = attrs.evolve(pool, members=(first, second))
    found = what_would_change(pool)
    assert why in found.minerals.problem
    assert sensitivity(pool) == ()
    if "vehicles" in facts:
        assert why in found.components.problem
    else:
        assert not found.components.problem


def nested_components(chance):
    """Two modules with cells by two plants; every value is known."""
    cells = [
        BatteryComponent(
            kind="battery cell",
            value=60 + chance.randint(0, 40),
            made_in=made_in,
            contains=[
                BatteryComponent(
                    kind=kind, value=chance.randint(1, 20), made_in=chance.choice(("US", "KR"))
                )
                for kind in ("cathode electrode", "anode electrode", "separator")
            ],
        )
        for made_in in ("US", "JP")
    ]
    inside = sum(cell.value for cell in cells)
    return (
        BatteryComponent(
            kind="battery module",
            value=inside + chance.randint(1, 60),
            made_in=chance.choice(("US", "KR")),
            contains=cells,
        ),
        BatteryComponent(kind="separator", value=chance.randint(1, 20), made_in="US"),
    )


def own_values(components):
    """What each component adds itself, by path; worked out again, from the values alone."""
    found = {}
    for path, each in walk_components(components, "vehicle.battery.components"):
        found[path] = each.value - sum((part.value for part in each.contains), Decimal(0))
    return found


@pytest.mark.parametrize("seed", range(8))
def test_an_incremental_value_is_just_where_the_half_flips(seed):
    """Only one kind changes its own value, and at it the content is just the percentage."""
    components = nested_components(random.Random(seed))
    claim = with_facts(
        examples.demonstration_claim(date(2024, 6, 3)), {"vehicle.battery.components": components}
    )
    half = what_would_change(claim).components
    parts = dict(walk_components(components, "vehicle.battery.components"))
    before = own_values(components)
    for change in half.prices:
        after = own_values(change.applied().vehicle.battery.components)
        exact = {
            path: Fraction(value)
            * (change.factor if parts[path].kind.value == change.mineral else 1)
            for path, value in before.items()
        }
        for path, value in exact.items():
            assert abs(Fraction(after[path]) - value) <= Fraction(1, 10**6)
        counting = sum(value for path, value in exact.items() if parts[path].made_in == "US")
        assert counting == Fraction(60, 100) * sum(exact.values())
        now = what_would_change(change.applied()).components
        assert (now.verdict is Verdict.MET) is half.wins
    for shift in half.shifts:
        assert parts[shift.source].kind is parts[shift.target].kind
        now = what_would_change(shift.applied()).components
        assert (now.verdict is Verdict.MET) is half.wins
    assert half.prices


@pytest.mark.parametrize("of_a_pool", [False, True])
def test_value_shifts_between_two_plants_inside_one_module(of_a_pool):
    """What the module is worth stays the same; a millionth less would not flip."""
    cells = [
        BatteryComponent(kind="battery cell", value=value, made_in=made_in, contains=())
        for value, made_in in ((50, "US"), (40, "JP"))
    ]
    module = BatteryComponent(kind="battery module", value=100, made_in="US", contains=cells)
    claim = with_facts(
        examples.demonstration_claim(date(2024, 6, 3)), {"vehicle.battery.components": (module,)}
    )
    battery = claim.vehicle.battery
    member = PoolMember(
        battery=battery, vehicles=3, placed_in_service="2024-06-03", plant="Springfield"
    )
    subject = Pool.of_month(2024, 6, by="plant", members=[member]) if of_a_pool else claim
    (shift,) = what_would_change(subject).components.shifts
    # 60 of 100 count now, which is just enough: to lose the half, a millionth has to move.
    assert (shift.value, shift.part) == (Decimal("0.000001"), Fraction(1, 50_000_000))
    after = shift.applied()
    after = (after.members[0] if of_a_pool else after.vehicle).battery.components[0]
    assert [cell.value for cell in after.contains] == [Decimal("49.999999"), Decimal("40.000001")]
    assert after.value == 100


def test_the_price_of_components_over_a_pool():
    """Each member has its own batteries, and the price of a kind is that of all of them."""
    half = what_would_change(a_pool()).components
    assert {change.mineral for change in half.prices} >= {"separator", "battery module"}
    for change in half.prices:
        share = pool_component_content(change.applied(), current_law()).share
        assert share.at_least_percent(60) is half.wins
        assert "at an incremental value" in str(change)
    bars = sensitivity(a_pool(), half="components", low="0.5", high=2)
    assert [bar.width for bar in bars] == sorted((bar.width for bar in bars), reverse=True)
    assert {bar.mineral for bar in bars} >= {"separator", "battery cell"}


def test_a_percentage_that_nothing_takes_is_refused():
    """A claim has its own, and so has the content of components."""
    claim = examples.demonstration_claim()
    for subject, half in ((claim, "minerals"), (claim, "components"), (a_pool(), "components")):
        with pytest.raises(InvalidFactError, match="for the minerals of a pool"):
            sensitivity(subject, percent=40, half=half)
    with pytest.raises(InvalidFactError, match="give 'minerals' or 'components'"):
        sensitivity(claim, half="cells")


def test_the_components_of_a_pool_against_every_change():
    """Values count for every vehicle, and the smallest change is applied."""
    pool = a_pool()
    cheap = with_facts(pool, {"members[1].battery.components[0].made_in": "KR"})
    for each, wins in ((pool, False), (cheap, True)):
        half = what_would_change(each).components
        assert half.wins is wins
        paths = [lot.path for lot in pool_component_side(each, current_law(), 60).lots]
        sizes = []
        for places in subsets(len(paths)):
            to = "US" if wins else "AQ"
            changed = with_facts(each, {f"{paths[place]}.made_in": to for place in places})
            if pool_component_content(changed, current_law()).share.at_least_percent(60) is wins:
                values = {lot.path: lot.value for lot in pool_component_side(
                    each, current_law(), 60
                ).lots}  # fmt: skip
                sizes.append((len(places), sum(values[paths[place]] for place in places)))
        few, least = half.resourcings
        assert len(few.moves) == min(size for size, _ in sizes)
        assert least.value == Decimal(min(value for _, value in sizes)).scaleb(-6)
        after = pool_component_content(least.applied(), current_law())
        assert after.share.at_least_percent(60) is wins
    unknown = with_facts(pool, {"members[1].battery.components[0].value": None})
    assert "unknown" in what_would_change(unknown).components.problem


# -- sensitivity ---------------------------------------------------------------------------------


def test_bars_are_contents_at_other_prices():
    """Computed again from claims with those values; the break-even price is exact."""
    claim = examples.demonstration_claim()
    bars = sensitivity(claim, low="0.5", high=Fraction(3, 2))
    assert bars[0].mineral == "lithium"
    assert list(bars) == sorted(bars, key=lambda bar: -bar.width)
    for bar in bars:
        for factor, content in ((Decimal("0.5"), bar.low), (Decimal("1.5"), bar.high)):
            values = {
                f"vehicle.battery.minerals[{place}].value": each.value * factor
                for place, each in enumerate(claim.vehicle.battery.minerals)
                if each.mineral.identifier == bar.mineral
            }
            assert assess(with_facts(claim, values)).mineral_content.bounds == content.bounds
        assert bar.width == abs(bar.high.bounds.lower - bar.low.bounds.lower)
        assert not bar.flips
    japan = sensitivity(claim, law=NO_JAPAN)
    assert [bar.mineral for bar in japan if bar.flips] == ["lithium", "nickel"]
    factors = {bar.mineral: bar.break_even for bar in japan}
    for change in what_would_change(claim, law=NO_JAPAN).minerals.prices:
        assert factors[change.mineral] == change.factor
    assert factors["manganese"] is None


def test_factors_are_exact_and_in_order():
    """As every number."""
    claim = examples.demonstration_claim()
    for factors in ({"low": 0.5}, {"high": 1.5}, {"low": 0}, {"low": 2, "high": 1}):
        with pytest.raises(InvalidFactError):
            sensitivity(claim, **factors)
    unknown = with_facts(claim, {"vehicle.battery.minerals[0].value": None})
    assert sensitivity(unknown) == ()
    assert what_would_change(unknown).minerals.prices == ()


def test_prices_of_two_tests_take_the_smaller_change():
    """A chain that counts in part under one of them."""
    steps = (
        Step(activity="processing", country="JP", value_added=25),
        Step(activity="processing", country="CN", value_added=75),
        Step(activity="extraction", country="CN"),
    )
    chains = [
        MineralSource(mineral="nickel", value=100, steps=steps),
        MineralSource.extracted_in("Chile", "lithium", 30, processed_in="Chile"),
    ]
    claim = with_chains(chains)
    side = mineral_side(claim, section_of("30D").of(claim, current_law()))
    (nickel, lithium) = price_changes(side, wins=True)
    # Under the traced test (25 f + 30) / (100 f + 30) is one half at f = 3/5.
    assert nickel.factor == Fraction(3, 5)
    assert lithium.factor == Fraction(50, 30)
    assert side.holds(nickel.applied())
    assert {bar.break_even for bar in sensitivity(claim)} == {Fraction(3, 5), Fraction(5, 3)}


def test_what_the_law_does_not_confirm_is_not_returned():
    """Every change is applied and asked about again."""
    chains = [
        MineralSource.extracted_in("Chile", "lithium", 40, processed_in="Chile"),
        MineralSource.extracted_in("China", "lithium", 60, processed_in="China"),
        MineralSource.extracted_in("China", "nickel", 10, processed_in="Japan"),
    ]
    claim = with_chains(chains)
    side = mineral_side(claim, section_of("30D").of(claim, current_law()))
    silent = attrs.evolve(side, holds=lambda changed: None)
    for search in (resourcings, price_changes, share_shifts):
        assert list(search(side, wins=True))
        assert list(search(silent, wins=True)) == []


# -- words and data ------------------------------------------------------------------------------


def test_it_is_said_in_words_and_as_data():
    """As text, as Markdown, in notebooks, and ready for JSON."""
    found = what_would_change(examples.demonstration_claim(), law=NO_JAPAN)
    text = found.explain()
    for words in (
        "Under current law without JPCMA: met.",
        "- content: 47.7 % of 50 % needed, not met",
        "- to win it",
        "least value: 1 to come from where it counts, $124.80",
        "The verdict itself",
        "- not met, $0: fewest: 1 to come from where it does not count, $2,500",
    ):
        assert words in text
    assert "- to lose it" in text.split("Battery components")[1]
    assert found._repr_markdown_() == found.explain("markdown")
    assert found._repr_html_() == found.explain("html")
    assert str(found).startswith("met: critical minerals 47.7 %, not met; battery components")
    data = json.loads(json.dumps(found.to_dict()))
    assert data["halves"][0]["resourcings"][1]["value"] == "124.8"
    assert Fraction(data["halves"][0]["prices"][0]["factor"]) == Fraction(1704, 1554)
    assert data["flips"][0]["verdict"] == "not met"
    assert data["facts"] is None
    bars = [bar.to_dict() for bar in sensitivity(examples.demonstration_claim())]
    assert json.loads(json.dumps(bars))[0]["break_even"] is None
    assert bars[1]["break_even"] == "2985/208"
    shifted = what_would_change(
        with_chains(
            [
                MineralSource.extracted_in("Chile", "lithium", 40, processed_in="Chile"),
                MineralSource.extracted_in("China", "lithium", 60, processed_in="China"),
            ]
        )
    )
    (shift,) = shifted.minerals.shifts
    assert str(shift).startswith("16.7 % of vehicle.battery.minerals[1] by way of")
    assert shift.to_dict()["part"] == "1/6"
    refused = with_facts(examples.demonstration_claim(), {"vehicle.msrp": 80_300})
    assert what_would_change(refused).to_dict()["facts"]["credit"]["currency"] == "USD"
    problem = with_facts(examples.demonstration_claim(), {"vehicle.battery.minerals": None})
    assert "No change is looked for: no procurement chains" in what_would_change(problem).explain()
    china = [MineralSource(mineral="lithium", value=0, steps=())]
    assert "no change of this kind does" in what_would_change(with_chains(china)).explain()
