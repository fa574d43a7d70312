"""Shares over many unknown chains: what is missing, compared with every combination of them.

Nothing of the package takes part in the oracle: how much of a chain counts, when a percentage is
reached and what a foreign entity of concern does are written down here a second time. Every
combination of the chains is counted, equal sums once.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, product
from typing import Any, NamedTuple

from hypothesis import given, note
from hypothesis import strategies as st

from evcredit import MineralSource, Step, Verdict, assess, with_facts
from evcredit.examples import demonstration_claim

#: The percentage of the year, and whether foreign entities of concern matter to minerals yet.
YEARS = {date(2024, 6, 3): (50, False), date(2025, 3, 1): (60, True)}
LISTED, NORTH_AMERICA = {"US", "CL"}, {"US"}
PLACES = ("US", "CL", "ID")


class Battery(NamedTuple):
    """A claim with chains of which something is unknown, and what each of them may be.

    Args:
        day: The day placed in service.
        chains: The chains.
        options: For each chain, by the values of its unknown facts: how much of its value counts
            by either test, and whether it comes from a foreign entity of concern.
    """

    day: date
    chains: tuple[MineralSource, ...]
    options: list[dict[tuple[tuple[str, Any], ...], tuple[int, Fraction, bool]]]

    @property
    def claim(self) -> Any:
        """A claim that gets 7,500 dollars if the minerals qualify, and 3,750 if they do not."""
        return self.claim_with(components=100)

    def claim_with(self, components: int) -> Any:
        """The claim with so much of the components certified to qualify."""
        battery = "vehicle.battery"
        return with_facts(
            demonstration_claim(self.day),
            {
                f"{battery}.minerals": self.chains,
                f"{battery}.certified_battery_component_content": components,
                f"{battery}.components_from_foreign_entity_of_concern": False,
            },
        )

    def credit(self, whole: Any, traced: Any, *, tainted: bool) -> int:
        """The credit of 26 USC 30D(b), given how much counts by either test."""
        percent, excluded = YEARS[self.day]
        total = sum((Fraction(chain.value or 0) for chain in self.chains), Fraction(0))
        if excluded and tainted:
            return 0
        return 7500 if max(whole, traced) * 100 >= percent * total else 3750

    def without(self, index: int) -> set[tuple[Any, Any, bool]]:
        """What all other chains can amount to together."""
        sums: set[tuple[Any, Any, bool]] = {(0, 0, False)}
        for place, options in enumerate(self.options):
            if place != index:
                each = set(options.values())
                sums = {(a + w, b + t, c or f) for a, b, c in sums for w, t, f in each}
        return sums

    def relevant(self) -> Iterator[str]:
        """The facts whose value changes the credit in some combination of all others."""
        for index, options in enumerate(self.options):
            rest = self.without(index)
            facts = [name for name, _ in next(iter(options))]
            for place, name in enumerate(facts):
                groups: dict[Any, set[Any]] = {}
                for values, option in options.items():
                    groups.setdefault(values[:place] + values[place + 1 :], set()).add(option)
                if any(
                    len({self.credit(a + w, b + t, tainted=c or f) for w, t, f in group}) > 1
                    for group in groups.values()
                    for a, b, c in rest
                ):
                    yield f"vehicle.battery.minerals[{index}].{name}"

    def settling(self, *, met: bool) -> set[frozenset[str]]:
        """The minimal sets of facts that can prove that the minerals make a credit, or not."""
        outcomes: dict[tuple[tuple[str, Any], ...], bool] = {}
        for chosen in product(*(options.items() for options in self.options)):
            known = tuple(
                (f"vehicle.battery.minerals[{index}].{name}", value)
                for index, (values, _) in enumerate(chosen)
                for name, value in values
            )
            whole = sum(option[0] for _, option in chosen)
            traced = sum(option[1] for _, option in chosen)
            tainted = any(option[2] for _, option in chosen)
            outcomes[known] = self.credit(whole, traced, tainted=tainted) == 7500
        facts = [name for name, _ in next(iter(outcomes))]
        found: set[frozenset[str]] = set()
        for size in range(len(facts) + 1):
            for places in combinations(range(len(facts)), size):
                names = frozenset(facts[place] for place in places)
                if any(each <= names for each in found):
                    continue
                left: dict[Any, set[bool]] = {}
                for values, outcome in outcomes.items():
                    left.setdefault(tuple(values[place] for place in places), set()).add(outcome)
                if {met} in left.values():
                    found.add(names)
        return found


def counted(steps: list[tuple[str, str | None, int | None]]) -> Fraction:
    """The maximum of the shares of the activities of a chain, by 26 CFR 1.30D-3(a)."""
    activities = {activity for activity, _, _ in steps}
    looked_at = {"recycling"} if "recycling" in activities else activities
    found = []
    for activity in looked_at:
        counting = NORTH_AMERICA if activity == "recycling" else LISTED
        of = [(place in counting, added or 0) for name, place, added in steps if name == activity]
        if len(of) == 1:
            found.append(Fraction(of[0][0]))
        else:
            inside = sum((added for counts, added in of if counts), 0)
            found.append(Fraction(inside, sum((added for _, added in of), 0)))
    return max(found)


_SHAPES = (
    ("processing",),
    ("processing",),
    ("extraction", "processing"),
    ("recycling",),
    ("processing", "processing"),
    ("extraction", "extraction", "processing"),
    ("processing", "recycling"),
)
#: Amounts in cents; some so that sums meet a percentage to the cent, some that never do.
_cents = st.one_of(
    st.sampled_from((10_000, 20_000, 50_000)), st.integers(50_000, 5_000_000), st.just(50_001)
)


@st.composite
def batteries(draw: st.DrawFn, most: int = 12, states: int = 2000) -> Battery:
    """Up to twelve chains of which most hide a place, and some who did it."""
    day = draw(st.sampled_from(tuple(YEARS)))
    chains, options = [], []
    so_far = 1
    for _ in range(draw(st.integers(1, most))):
        shape = draw(st.sampled_from(_SHAPES))
        # Where nothing is spread, value added makes no difference.
        added = [draw(st.integers(1, 5)) if shape.count(each) > 1 else None for each in shape]
        cents = draw(_cents)
        flags: list[bool | None] = [False] * len(shape)
        steps: list[tuple[str, str | None, int | None]] = []
        hidden: list[tuple[str, tuple[Any, ...]]] = []
        for place, activity in enumerate(shape):
            country: str | None = draw(st.sampled_from(PLACES))
            looked_at = "recycling" not in shape or activity == "recycling"
            if looked_at and so_far < states and draw(st.booleans()):
                country = None
                hidden.append((f"steps[{place}].country", PLACES))
            flag: bool | None = False
            if YEARS[day][1] and draw(st.integers(0, 9)) == 0:
                flag = None
                hidden.append((f"steps[{place}].foreign_entity_of_concern", (False, True)))
            steps.append((activity, country, added[place]))
            flags[place] = flag
        found: dict[Any, Any] = {}
        for values in product(*(of for _, of in hidden)):
            known = dict(zip((name for name, _ in hidden), values, strict=True))
            filled = [
                (activity, known.get(f"steps[{place}].country", country), more)
                for place, (activity, country, more) in enumerate(steps)
            ]
            tainted = any(
                known.get(f"steps[{place}].foreign_entity_of_concern", flag)
                for place, flag in enumerate(flags)
            )
            share = counted(filled)
            value = Fraction(cents, 100)
            whole = value if share * 2 >= 1 else Fraction(0)
            found[tuple(known.items())] = (whole, value * share, tainted)
        so_far *= len(set(found.values()))
        chains.append(
            MineralSource(
                mineral="nickel",
                value=Decimal(cents).scaleb(-2),
                steps=[
                    Step(
                        activity=activity,
                        country=country,
                        value_added=more,
                        foreign_entity_of_concern=flag,
                    )
                    for (activity, country, more), flag in zip(steps, flags, strict=True)
                ],
            )
        )
        options.append(found)
    return Battery(day, tuple(chains), options)


@given(batteries())
def test_missing_facts_of_shares_are_those_that_can_turn_the_credit(battery: Battery) -> None:
    """Exactly, for both mineral tests at once, with who did it where that matters."""
    result = assess(battery.claim)
    missing = result.missing()
    note(f"{battery.day}: {missing}")
    assert result.missing_is_exact
    assert set(missing) == set(battery.relevant())


@given(batteries())
def test_bounds_of_the_credit_are_reached(battery: Battery) -> None:
    """The verdict and both ends of the credit are those of some combination."""
    result = assess(battery.claim)
    sums = battery.without(-1)
    amounts = {battery.credit(a, b, tainted=c) for a, b, c in sums}
    assert (int(result.credit.lower), int(result.credit.upper)) == (min(amounts), max(amounts))
    assert (result.verdict is Verdict.UNKNOWN) is (0 in amounts and len(amounts) > 1)


@given(batteries(most=5, states=300))
def test_settling_sets_of_shares_are_the_smallest(battery: Battery) -> None:
    """Those that some values of theirs prove, whatever the rest is, and no fewer facts do."""
    result = assess(battery.claim_with(components=0))
    found = {verdict: result.settling(verdict) for verdict in (Verdict.MET, Verdict.NOT_MET)}
    assert result.settling_is_exact
    for verdict, sets in found.items():
        note(f"{battery.day}, {verdict}: {sets}")
        assert set(sets) == battery.settling(met=verdict is Verdict.MET)
