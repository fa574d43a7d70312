"""Filling in unknown facts never contradicts a decided result, and never widens one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import (
    TERRITORIES,
    hide,
    hidings,
    known_claim,
    known_claims,
    laws,
    roughly,
)

from evcredit import (
    Battery,
    BatteryComponent,
    Bounds,
    InvalidFactError,
    MineralSource,
    Step,
    Verdict,
    assess,
    current_law,
    with_facts,
)
from evcredit.facts import Activity
from evcredit.law import AgreementDay
from evcredit.section_30d.listed import speaks_for
from evcredit.section_30d.section import SECTION

DECIDED = (Verdict.MET, Verdict.NOT_MET)


def every_component(parts: Any) -> Any:
    """Components and what is inside them."""
    for part in parts:
        yield part
        yield from every_component(part.contains)


def assert_narrower(after: Any, before: Any) -> None:
    """What is said with more facts agrees with what was said with fewer."""
    if before.verdict in DECIDED:
        assert after.verdict is before.verdict
    assert after.credit in before.credit
    for name in ("mineral_content", "component_content"):
        wide, narrow = getattr(before, name), getattr(after, name)
        if wide is not None and narrow is not None:
            assert narrow.bounds in wide.bounds, name


@given(st.data(), known_claims(), laws())
def test_a_completion_agrees_with_what_was_decided(data: Any, whole: Any, law: Any) -> None:
    """The truth never contradicts a verdict reached without some of it, nor leaves its bounds."""
    hidden = data.draw(hidings(whole, most=8))
    blurred = {path: v for path, v in data.draw(roughly(whole)).items() if path not in hidden}
    partial = with_facts(hide(whole, hidden), blurred)
    assert_narrower(assess(whole, law=law), assess(partial, law=law))


@given(st.data(), known_claims(), laws())
def test_more_facts_never_widen(data: Any, whole: Any, law: Any) -> None:
    """Along a chain of fillings each result lies within the one before."""
    hidden = data.draw(hidings(whole, most=7))
    before = assess(hide(whole, hidden), law=law)
    while hidden:
        hidden = hidden[1:]
        after = assess(hide(whole, hidden), law=law)
        assert_narrower(after, before)
        before = after


@given(st.data(), known_claims(), laws())
def test_every_rule_is_sound(data: Any, whole: Any, law: Any) -> None:
    """Not only the whole: each rule that is decided stays as it was when facts are filled in."""
    hidden = data.draw(hidings(whole, most=8))
    partial = hide(whole, hidden)

    def bound(claim: Any) -> Any:
        return SECTION.of(claim, law).allowed

    def walk(before: Any, after: Any) -> None:
        # A rule that turns out not to be in force takes no part, whatever it said in doubt.
        if before.applies is not None or after.applies is not False:
            said = before.run(partial)
            if said is not None and before.applies is after.applies:
                assert after.run(whole) is said, before.rule.code
        for one, other in zip(before.parts, after.parts, strict=True):
            walk(one, other)

    walk(bound(partial), bound(whole))


@given(known_claims())
def test_what_is_said_of_a_known_claim_is_exact(whole: Any) -> None:
    """With every fact known a result is exact, unless the law itself is unresolved or silent."""
    result = assess(whole)
    assert result.missing() == ()
    battery = whole.vehicle.battery
    places = {step.country for source in battery.minerals for step in source.steps}
    places |= {part.made_in for part in every_component(battery.components)}
    open_places = places & {*TERRITORIES}
    open_row = speaks_for(whole, current_law()) is None
    if whole.purchase.placed_in_service < date(2027, 1, 1) and not open_places and not open_row:
        assert result.credit.is_exact
        assert result.verdict in DECIDED
        assert result.settling(result.verdict) == (frozenset(),)
        assert result.settling(~result.verdict) == ()


# -- corners -------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [1, 2])
def test_an_unknown_value_may_be_nothing(steps: int) -> None:
    """A value that is filled in as nothing does not overturn what was decided before."""
    chain = MineralSource(
        mineral="lithium",
        steps=tuple(Step(activity="extraction", country="US") for _ in range(steps)),
    )
    partial = with_facts(known_claim(), {"vehicle.battery.minerals": (chain,)})
    before = assess(partial)
    path = "vehicle.battery.minerals[0].value"
    for value in (0, "0.000001", 5):
        assert_narrower(assess(with_facts(partial, {path: value})), before)


def test_an_unknown_value_added_may_be_nothing() -> None:
    """Like the above, for the value added by the steps of one activity."""
    chain = MineralSource(
        mineral="lithium",
        value=10,
        steps=tuple(Step(activity="extraction", country="US") for _ in range(2)),
    )
    partial = with_facts(known_claim(), {"vehicle.battery.minerals": (chain,)})
    before = assess(partial)
    steps = "vehicle.battery.minerals[0].steps"
    for first in (0, 3):
        for second in (0, 4):
            facts = {f"{steps}[0].value_added": first, f"{steps}[1].value_added": second}
            assert_narrower(assess(with_facts(partial, facts)), before)


def test_an_unknown_component_value_may_be_nothing() -> None:
    """Like the above, for the value of the only module."""
    module = BatteryComponent(kind="battery module", made_in="US", contains=())
    partial = with_facts(known_claim(date(2023, 6, 1)), {"vehicle.battery.components": (module,)})
    before = assess(partial)
    for value in (0, 1):
        after = assess(with_facts(partial, {"vehicle.battery.components[0].value": value}))
        assert_narrower(after, before)


@pytest.mark.parametrize("side", ["minerals", "components"])
def test_a_battery_cannot_be_tainted_by_no_step(side: str) -> None:
    """Saying "a foreign entity of concern" of a battery none of whose known parts is refused."""
    battery = known_claim().vehicle.battery
    facts = {side: getattr(battery, side), f"{side}_from_foreign_entity_of_concern": True}
    with pytest.raises(InvalidFactError):
        Battery(**facts)


def test_an_activity_of_an_unknown_day_may_lie_before_the_agreement() -> None:
    """Under the reading by day of activity, an unknown day may lie before Japan came on."""
    law = current_law().with_readings(agreement_day=AgreementDay.ACTIVITY)
    chain = MineralSource(
        mineral="lithium",
        value=10,
        steps=(Step(activity=Activity.EXTRACTION, country="JP"),),
    )
    partial = with_facts(known_claim(), {"vehicle.battery.minerals": (chain,)})
    day = "vehicle.battery.minerals[0].steps[0].performed_on"
    before = assess(partial, law=law)
    for performed in (date(2022, 10, 1), date(2023, 3, 27), date(2023, 3, 28)):
        assert_narrower(assess(with_facts(partial, {day: performed}), law=law), before)


def test_bounds_narrow_to_the_value() -> None:
    """Bounds of a price decide as soon as they lie on one side of the limit."""
    claim = known_claim()
    for price, verdict in (
        (Bounds(70_000, 80_000), Verdict.MET),
        (Bounds(70_000, Decimal("80000.01")), Verdict.UNKNOWN),
        (Bounds(Decimal("80000.01"), 90_000), Verdict.NOT_MET),
    ):
        assert assess(with_facts(claim, {"vehicle.msrp": price})).verdict is verdict
