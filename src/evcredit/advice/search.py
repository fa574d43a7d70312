"""The search for the smallest change of facts that lifts a denial.

Nothing here knows a rule. A denial is a requirement at the end of the tree that is not met. The
facts it reads are tried with other values: flags reversed, other members of a list, other
countries, and for numbers and days the nearest value that suffices. Every change that is offered
was tried: with it the requirement is met, and the entire claim was assessed again.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

from evcredit.advice.change import STEPS, Change, ChangedFact, Denial, distance_between, nearest_end
from evcredit.algebra.bound import verdict_of
from evcredit.algebra.bounds import Bounds, exact_arithmetic
from evcredit.algebra.day import Day
from evcredit.algebra.derived import CertifiedShare, Derived
from evcredit.algebra.expression import Expression, Fact
from evcredit.algebra.field import FactType, Kind, declared_facts
from evcredit.algebra.finding import Finding
from evcredit.algebra.path import UnknownFact, fact_type_at, with_facts
from evcredit.algebra.rule import Rule, as_rule
from evcredit.algebra.sample import values_where_rules_turn
from evcredit.algebra.topic import Mode
from evcredit.algebra.verdict import Verdict
from evcredit.errors import EvcreditError, InvalidFactError, InvalidFactsError
from evcredit.facts.place import certain
from evcredit.law.countries import CountryGroup
from evcredit.law.law import Law

__all__ = ["Holds", "Search"]

#: Whether a rule is met of a thing: a claim, or a transfer.
Holds = Callable[[Rule, Any], bool]
_CATEGORIES = (Kind.FLAG, Kind.CHOICE, Kind.COUNTRY)
_A_DAY = timedelta(days=1)
#: How often the way from a value is doubled in search of one that does.
_DOUBLINGS = 48


def _changed(subject: Any, facts: dict[str, Any]) -> Any:
    """The thing with other facts; a sum goes without the parts that say otherwise.

    Raises:
        InvalidFactError: The values are invalid.
        InvalidFactsError: Several cannot.
    """
    try:
        return with_facts(subject, facts)
    except (InvalidFactError, InvalidFactsError):
        return with_facts(subject, {**dict.fromkeys(_in_the_way(subject, facts)), **facts})


def _in_the_way(subject: Any, facts: dict[str, Any]) -> tuple[str, ...]:
    """The paths of parts whose sum is changed, where they say otherwise."""
    try:
        with_facts(subject, facts)
    except (InvalidFactError, InvalidFactsError):
        return tuple(dict.fromkeys(path for fact in facts for path in _sums_beside(subject, fact)))
    return ()


def _sums_beside(subject: Any, path: str) -> Iterator[str]:
    """The stated optional parts of the object a fact is of: a window label, parts of an income."""
    owner, _, _ = path.rpartition(".")
    for name, declared in declared_facts(fact_type_at(subject.__class__, owner).of):
        here = f"{owner}.{name}"
        if declared.kind is Kind.PART and declared.optional and _read(subject, here) is not None:
            yield here


def _read(subject: Any, path: str) -> Any:
    for each in path.split("."):
        name, _, index = each.partition("[")
        subject = getattr(subject, name)
        subject = subject[int(index[:-1])] if index else subject
    return subject


def _known(subject: Any, path: str = "") -> Iterator[tuple[str, FactType, Any]]:
    """Every stated fact of a thing, with lists of objects as wholes and one by one."""
    for name, declared in declared_facts(subject.__class__):
        value, here = getattr(subject, name), f"{path}.{name}" if path else name
        if value is None:
            continue
        if declared.kind is Kind.PART:
            yield from _known(value, here)
            continue
        yield here, declared, value
        if declared.kind is Kind.PARTS:
            for index, item in enumerate(value):
                yield from _known(item, f"{here}[{index}]")


class Search:
    """The search for changes of one thing under one law."""

    def __init__(
        self, subject: Any, law: Law, holds: Holds, credit: Callable[[Any], Bounds[Decimal]]
    ) -> None:
        self.subject = subject
        self.law = law
        self._holds = holds
        self._credit = credit

    def plan(self, finding: Finding) -> tuple[Denial, ...] | None:
        """The requirements to mend for a finding, with their changes; `None` if one cannot be."""
        if not finding.in_force or finding.verdict is not Verdict.NOT_MET:
            return ()
        if finding.rule.mode is Mode.BODY:
            refusal = self.refusal(finding)
            return (refusal,) if refusal.changes else None
        plans = [self.plan(part) for part in finding.determining()]
        if finding.rule.mode is Mode.ALL:
            if not plans or None in plans:
                return None
            return tuple(each for plan in plans for each in plan or ())
        possible = [plan for plan in plans if plan]
        return min(possible, key=_size_of, default=None)

    def refusal(self, finding: Finding) -> Denial:
        """A requirement with the changes that flip it."""
        found = [(fact,) for fact in self._single(finding)] or self._paired(finding)
        changes = [self._change(facts) for facts in found]
        changes.sort(key=lambda change: change.size)
        return Denial(finding, tuple(changes))

    def _change(self, facts: tuple[ChangedFact, ...]) -> Change:
        values = {fact.path: fact.after for fact in facts}
        credit = self._credit(_changed(self.subject, values))
        return Change(facts, credit, _in_the_way(self.subject, values))

    def _flips(self, rule: Rule, values: dict[str, Any]) -> bool:
        try:
            return self._holds(rule, _changed(self.subject, values))
        except EvcreditError:
            return False  # it is invalid, or evcredit has no law for such a day

    # -- one fact --------------------------------------------------------------------------

    def _single(self, finding: Finding) -> list[ChangedFact]:
        found = []
        for path, declared, before in self._candidates(finding):
            does = list(self._values_that_do(finding, path, declared, before))
            if does:
                owner = self._owner(finding, path)
                found.append(ChangedFact(path, declared, before, does[0], tuple(does[1:]), owner))
        return found

    def _candidates(self, finding: Finding) -> list[tuple[str, FactType, Any]]:
        """The stated facts that a requirement depends on."""
        known, rule = list(_known(self.subject)), as_rule(finding.rule)
        derived = [detail.derived for detail in finding.details]
        read = {fact.path for fact in finding.facts} | {
            p for each in derived for p in _read_by(each)
        }
        direct = [each for each in known if each[0] in read]
        only_computed = len(derived) == len(finding.facts)
        opaque = not all(isinstance(each.body, Expression) for each in derived)
        # Of a computed fact those numbers and days affect it without which it would no longer
        # refuse; of a category there are few values, so they are simply tried. Where symbols say
        # what it reads, only the days that pick the law are left to find.
        bearing = [
            each
            for each in known
            if each[0] not in read
            and (opaque or (only_computed and each[1].kind is Kind.DAY))
            and (each[1].kind in _CATEGORIES or self._open_without(rule, each[0]))
        ]
        stated = {fact.path: fact for each in derived for fact in _stating(each)}
        whole = [
            (path, fact.declared, None)
            for path, fact in stated.items()
            if _read(self.subject, path) is None
        ]
        return direct + bearing + whole

    def _open_without(self, rule: Rule, path: str) -> bool:
        try:
            blank = _changed(self.subject, {path: None})
            return verdict_of(rule, blank, self.law) is not Verdict.NOT_MET
        except EvcreditError:
            return False

    def _owner(self, finding: Finding, path: str) -> str:
        """Whose the fact is, where two facts of the rule have one name, or one of a list does."""
        owner, _, _ = path.rpartition(".")
        if "[" in owner:
            return owner.rpartition(".")[2]
        declared = fact_type_at(self.subject.__class__, path)
        alike = [each for each in finding.facts if each.declared.label == declared.label]
        return fact_type_at(self.subject.__class__, owner).label if len(alike) > 1 else ""

    def _values_that_do(
        self, finding: Finding, path: str, declared: FactType, before: Any
    ) -> Iterator[Any]:
        rule = as_rule(finding.rule)
        if declared.kind in STEPS or declared.kind is Kind.DAY:
            turns = self._turns(finding, path)
            if before is None:
                does = [turn for turn in turns if self._flips(rule, {path: turn})]
                yield from sorted(does)[:1]
            else:
                yield from self._nearest(rule, path, declared, before, turns)
            return
        for value in self._others(finding, path, declared, before):
            if self._flips(rule, {path: value}):
                yield value

    def _others(
        self, finding: Finding, path: str, declared: FactType, before: Any
    ) -> Iterator[Any]:
        """Other values of a category."""
        if declared.kind is Kind.FLAG:
            yield from (each for each in (True, False) if each is not before)
        elif declared.kind is Kind.CHOICE:
            # Which mineral it is, of those of the statute, is not for anybody to choose.
            members = declared.of if issubclass(declared.of, Enum) else ()
            yield from (each for each in members if each is not before)
        elif declared.kind is Kind.COUNTRY:
            groups = [each.value for each in finding.limits if isinstance(each.value, CountryGroup)]
            held = {code for group in groups for code, inside in group.rows if inside}
            yield from sorted(map(certain, held)) or self.law.sample_countries()
        elif declared.kind is Kind.PARTS:
            unknown = UnknownFact(path, declared)
            given = (
                value
                for detail in finding.details
                for value in detail.derived.samples(unknown, self.subject, self.law)
            )
            # That there is none of something can be said; what there would be cannot.
            yield from (value for value in given if value == ())

    def _turns(self, finding: Finding, path: str) -> set[Any]:
        """The values around which a rule may change."""
        turns = {
            Decimal(turn) if isinstance(turn, int) else turn
            for turn in values_where_rules_turn(as_rule(finding.rule), self.law).get(path, set())
        }
        if any(path == fact.path for d in finding.details for fact in _stating(d.derived)):
            turns |= {
                Decimal(each.value)
                for each in finding.limits
                if isinstance(each.value, int | Decimal) and not isinstance(each.value, bool)
            }
        return turns

    # -- the nearest number or day ---------------------------------------------------------

    def _nearest(
        self, rule: Rule, path: str, declared: FactType, before: Any, turns: set[Any]
    ) -> Iterator[Any]:
        """The nearest value that does, found by doubling the way to it and then halving it."""
        step = _A_DAY if declared.kind is Kind.DAY else STEPS[declared.kind]
        ends = (before.lower, before.upper) if isinstance(before, Bounds) else (before, before)
        nearest = [
            found
            for start, sign in ((ends[0], -1), (ends[1], 1))
            if (found := self._towards(rule, path, start, sign * step, turns)) is not None
        ]
        if nearest:
            yield min(nearest, key=lambda each: _from(each, before))

    def _towards(self, rule: Rule, path: str, start: Any, step: Any, turns: set[Any]) -> Any:
        """The nearest value on one side."""
        if isinstance(start, Decimal) and not start.is_finite():
            return None
        # Ways in steps: doubled, and to where the rule may change.
        ways = {2**number for number in range(_DOUBLINGS)}
        for turn in turns:
            way = _steps(start, turn, step)
            ways |= {each for each in (way - 1, way, way + 1) if each > 0}
        too_short = 0
        for way in sorted(ways):
            value = _after(start, step, way)
            if value is None:
                return None
            if self._flips(rule, {path: value}):
                break
            too_short = way
        else:
            return None
        while way - too_short > 1:
            middle = (way + too_short) // 2
            if self._flips(rule, {path: _after(start, step, middle)}):
                way = middle
            else:
                too_short = middle
        return _after(start, step, way)

    # -- two facts -------------------------------------------------------------------------

    def _paired(self, finding: Finding) -> list[tuple[ChangedFact, ...]]:
        """Two facts of a rule together, where no single one does."""
        read = {fact.path for fact in finding.facts}
        facts = [each for each in _known(self.subject) if each[0] in read]
        found = []
        for one, other in itertools.combinations(facts, 2):
            tried = [self._tried(finding, *fact) for fact in (one, other)]
            does = [
                tuple(
                    ChangedFact(path, declared, before, value, (), self._owner(finding, path))
                    for (path, declared, before), value in zip((one, other), values, strict=True)
                )
                for values in itertools.product(*tried)
                if self._flips(as_rule(finding.rule), {one[0]: values[0], other[0]: values[1]})
            ]
            if does:
                found.append(min(does, key=lambda pair: sum(fact.gap for fact in pair)))
        return found

    def _tried(
        self, finding: Finding, path: str, declared: FactType, before: Any
    ) -> tuple[Any, ...]:
        if declared.kind not in STEPS and declared.kind is not Kind.DAY:
            return tuple(self._others(finding, path, declared, before))
        step = _A_DAY if declared.kind is Kind.DAY else STEPS[declared.kind]
        turns = sorted(self._turns(finding, path))
        return tuple(dict.fromkeys(v for turn in turns for v in (turn - step, turn, turn + step)))


def _size_of(plan: tuple[Denial, ...]) -> tuple[int, Fraction]:
    sizes = [refusal.changes[0].size for refusal in plan]
    return (sum(count for count, _ in sizes), sum((gap for _, gap in sizes), Fraction(0)))


def _from(value: Any, before: Any) -> Any:
    """How far a value is from what was stated, or from the nearer end of it."""
    return distance_between(value, nearest_end(before, value))


def _read_by(derived: Derived) -> Iterator[str]:
    """The paths of the facts that a computed fact reads, where symbols say it."""
    if isinstance(derived.body, Expression):
        for read in derived.body.facts():
            facts = read.reads if isinstance(read, Day) else (read,)
            yield from (fact.path for fact in facts if isinstance(fact, Fact))


def _stating(derived: Derived) -> Iterator[Fact]:
    """The facts that can state a computed fact as a whole."""
    if derived.stated is not None:
        yield derived.stated
    if isinstance(derived.body, CertifiedShare):
        yield derived.body.certified


def _steps(start: Any, turn: Any, step: Any) -> int:
    """How many steps it is from one value to another, rounded down."""
    if isinstance(turn, date):
        return int((turn - start).days * (1 if step > timedelta(0) else -1))
    return int(Fraction(Fraction(turn) - Fraction(start)) // Fraction(step))


def _after(start: Any, step: Any, steps: int) -> Any:
    """The value so many steps on; `None` beyond the calendar."""
    if isinstance(start, Decimal):
        exact = exact_arithmetic()
        value = exact.add(start, exact.multiply(step, Decimal(steps)))
        whole = value.to_integral_value()
        return whole if value == whole else value
    try:
        return start + step * steps
    except OverflowError:
        return None
