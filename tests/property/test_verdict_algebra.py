"""The strong Kleene lattice: on verdicts, on expressions and on rules."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.strategies import (
    DATED_RULES,
    FLAG_RULES,
    Flags,
    bounds,
    claims,
    expressions,
    flag_rules,
    flags,
    laws,
    verdicts,
)

from evcredit import Bounds, Law, Verdict, assess, current_law
from evcredit.algebra.binding import Binding
from evcredit.algebra.bound import bind, finding_of, verdict_of
from evcredit.algebra.expression import And, Expression, Fact, Not, Or
from evcredit.algebra.rule import Rule, all_of, any_of
from evcredit.algebra.topic import Mode
from evcredit.section_30d.section import SECTION

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN

#: Written down a second time: false before unknown before true, "and" the lesser.
ORDER = (NOT_MET, UNKNOWN, MET)


def lesser(one: Verdict, other: Verdict) -> Verdict:
    return min(one, other, key=ORDER.index)


def greater(one: Verdict, other: Verdict) -> Verdict:
    return max(one, other, key=ORDER.index)


# -- verdicts ------------------------------------------------------------------------------


@pytest.mark.parametrize(("one", "other"), list(product(Verdict, Verdict)))
def test_truth_tables(one: Verdict, other: Verdict) -> None:
    """ "And" is the lesser, "or" the greater of false, unknown, true."""
    assert one & other is lesser(one, other)
    assert one | other is greater(one, other)


@given(verdicts)
def test_identity(one: Verdict) -> None:
    """Met changes no "and", not met changes no "or"; the other way round they decide."""
    assert one & MET is one
    assert one | NOT_MET is one
    assert one & NOT_MET is NOT_MET
    assert one | MET is MET


@given(verdicts)
def test_idempotence(one: Verdict) -> None:
    """A verdict said twice is said once."""
    assert one & one is one
    assert one | one is one


@given(verdicts, verdicts)
def test_commutativity(one: Verdict, other: Verdict) -> None:
    """The order of two does not matter."""
    assert one & other is other & one
    assert one | other is other | one


@given(verdicts, verdicts, verdicts)
def test_associativity(one: Verdict, other: Verdict, third: Verdict) -> None:
    """The grouping of three does not matter."""
    assert (one & other) & third is one & (other & third)
    assert (one | other) | third is one | (other | third)


@given(verdicts, verdicts, verdicts)
def test_distributivity(one: Verdict, other: Verdict, third: Verdict) -> None:
    """Each connective distributes over the other."""
    assert one & (other | third) is (one & other) | (one & third)
    assert one | (other & third) is (one | other) & (one | third)


@given(verdicts, verdicts)
def test_absorption(one: Verdict, other: Verdict) -> None:
    """What is said already absorbs what is added to it."""
    assert one & (one | other) is one
    assert one | (one & other) is one


@given(verdicts, verdicts)
def test_de_morgan(one: Verdict, other: Verdict) -> None:
    """Denying a whole denies its parts, with the other connective."""
    assert ~(one & other) is ~one | ~other
    assert ~(one | other) is ~one & ~other


@given(verdicts)
def test_double_negation(one: Verdict) -> None:
    """Two denials cancel."""
    assert ~~one is one


def test_excluded_middle_does_not_hold() -> None:
    """Unknown, or its denial, is still unknown: it is not called met."""
    assert UNKNOWN | ~UNKNOWN is UNKNOWN
    assert MET | ~MET is MET
    assert NOT_MET | ~NOT_MET is MET


def test_non_contradiction_does_not_hold() -> None:
    """Unknown, and its denial, is still unknown: it is not called not met."""
    assert UNKNOWN & ~UNKNOWN is UNKNOWN
    assert MET & ~MET is NOT_MET
    assert NOT_MET & ~NOT_MET is NOT_MET


@given(verdicts)
def test_truth_values_go_there_and_back(one: Verdict) -> None:
    """A verdict is its truth value, and back again."""
    assert Verdict.of(one.known) is one


# -- bounds --------------------------------------------------------------------------------


@given(bounds(), st.integers(-60, 60))
def test_bounds_decide_as_all_their_values_do(between: Bounds[int], limit: int) -> None:
    """A comparison of bounds is what all the values in them agree on, else unknown."""
    values = range(between.lower, between.upper + 1)

    def common(holds: Callable[[int], bool]) -> Verdict:
        outcomes = {holds(value) for value in values}
        return Verdict.of(outcomes.pop() if len(outcomes) == 1 else None)

    assert between.at_least(limit) is common(lambda value: value >= limit)
    assert between.more_than(limit) is common(lambda value: value > limit)
    assert between.at_most(limit) is common(lambda value: value <= limit)
    assert between.less_than(limit) is common(lambda value: value < limit)


@given(bounds(), bounds())
def test_hull_is_the_least_that_holds_both(one: Bounds[int], other: Bounds[int]) -> None:
    """The hull holds both, and each of its ends is an end of one of them."""
    hull = one.hull(other)
    assert one in hull
    assert other in hull
    assert hull.lower in (one.lower, other.lower)
    assert hull.upper in (one.upper, other.upper)


# -- expressions and rules -----------------------------------------------------------------


def verdict_of_expression(expression: Expression, subject: Flags) -> Verdict:
    """The fold of an expression over the verdict algebra."""
    if isinstance(expression, Fact):
        return Verdict.of(getattr(subject, expression.path))
    if isinstance(expression, Not):
        return ~verdict_of_expression(expression.inner, subject)
    assert isinstance(expression, And | Or)
    left = verdict_of_expression(expression.left, subject)
    right = verdict_of_expression(expression.right, subject)
    return left & right if isinstance(expression, And) else left | right


def verdict_of_rule(rule: Rule, subject: Flags) -> Verdict:
    """The fold of a rule over the verdict algebra."""
    if rule.body is not None:
        return verdict_of_expression(rule.body, subject)
    parts = [verdict_of_rule(part, subject) for part in rule.parts]
    if rule.mode is Mode.NOT:
        return ~parts[0]
    verdict = parts[0]
    for part in parts[1:]:
        verdict = verdict & part if rule.mode is Mode.ALL else verdict | part
    return verdict


@given(expressions(), flags)
def test_expressions_agree_with_the_algebra(expression: Expression, subject: Flags) -> None:
    """A bound expression evaluates to what the algebra makes of its operands."""
    run = expression.bind(Binding(current_law(), {}))
    assert Verdict.of(run(subject)) is verdict_of_expression(expression, subject)


@given(flag_rules(), flags)
def test_rules_agree_with_the_algebra(rule: Rule, subject: Flags) -> None:
    """Composed rules amount to what the algebra makes of their parts, fast and in full."""
    expected = verdict_of_rule(rule, subject)
    assert verdict_of(rule, subject, current_law()) is expected
    assert finding_of(rule, subject, current_law()).verdict is expected


@given(flag_rules(), flag_rules(), flags)
def test_operators_on_rules_are_those_on_verdicts(one: Rule, other: Rule, subject: Flags) -> None:
    """``& | ~`` of rules are ``& | ~`` of their verdicts."""
    law = current_law()
    left, right = verdict_of(one, subject, law), verdict_of(other, subject, law)
    assert verdict_of(one & other, subject, law) is left & right
    assert verdict_of(one | other, subject, law) is left | right
    assert verdict_of(~one, subject, law) is ~left
    assert verdict_of(~~one, subject, law) is left


@given(st.lists(st.sampled_from(sorted(FLAG_RULES)), min_size=1, max_size=3), flags)
def test_a_part_not_in_force_takes_no_part(names: list[str], subject: Flags) -> None:
    """What is not in force changes neither a conjunction nor an alternative."""
    law, days = current_law(), {"day": date(2024, 6, 3)}
    parts = [FLAG_RULES[name] for name in names]
    for compose in (all_of, any_of):
        without = verdict_of(compose("w", "w", "26 USC 30D(a)", *parts), subject, law, days)
        beside = compose("w", "w", "26 USC 30D(a)", DATED_RULES["a"], *parts)
        assert verdict_of(beside, subject, law, days) is without
        finding = finding_of(beside, subject, law, days)
        assert finding.verdict is without
        assert [part.in_force for part in finding.parts] == [False, *([True] * len(parts))]


@given(flags)
def test_a_whole_of_which_nothing_is_in_force_is_not_in_force(subject: Flags) -> None:
    """A composition without a part in force is passed over, even under a denial."""
    law, days = current_law(), {"day": date(2024, 6, 3)}
    for rule in (
        all_of("w", "w", "26 USC 30D(a)", DATED_RULES["a"]),
        any_of("w", "w", "26 USC 30D(a)", DATED_RULES["a"]),
        ~DATED_RULES["a"],
    ):
        assert bind(rule, Binding(law, days)).applies is False
        assert verdict_of(rule, subject, law, days) is MET
        assert finding_of(rule, subject, law, days).in_force is False


@given(flag_rules(dated=True), flags)
def test_a_day_that_is_unknown_is_any_day(rule: Rule, subject: Flags) -> None:
    """What is decided without knowing which parts are in force is so on every day."""
    law = current_law()
    undated = verdict_of(rule, subject, law, {})
    assert finding_of(rule, subject, law, {}).verdict is undated
    for day in (date(2024, 6, 3), date(2025, 6, 2)):
        dated = verdict_of(rule, subject, law, {"day": day})
        assert finding_of(rule, subject, law, {"day": day}).verdict is dated
        if undated is not UNKNOWN:
            assert dated is undated


@given(claims(), laws())
def test_the_fast_path_and_the_tree_agree(claim: Any, law: Law) -> None:
    """At every node of a random claim `run` and the finding say the same."""
    result = assess(claim, law=law)
    bound = SECTION.of(claim, law).allowed

    def walk(node: Any, finding: Any) -> None:
        assert finding.rule is node.rule
        assert finding.in_force is (node.applies is not False)
        assert finding.verdict is Verdict.of(node.run(claim)), finding.code
        if node.rule.body is None and finding.in_force:
            for part, below in zip(node.parts, finding.parts, strict=True):
                walk(part, below)

    walk(bound, result.finding)
    assert result.finding.verdict is result.verdict


@given(claims(), laws())
def test_determining_findings_decide(claim: Any, law: Law) -> None:
    """The determining parts of a finding share its verdict and suffice for it."""
    for finding in assess(claim, law=law).finding.walk():
        if finding.rule.mode not in (Mode.ALL, Mode.ANY) or not finding.in_force:
            continue
        if not any(part.in_force for part in finding.parts):
            continue
        deciding = [part.verdict for part in finding.determining()]
        dated = any(each.in_force is not None for each in finding.rule.walk())
        if dated and finding.verdict is UNKNOWN and not deciding:
            continue  # what is in doubt is whether it applies, or any of its parts
        assert deciding
        assert set(deciding) == {finding.verdict}
