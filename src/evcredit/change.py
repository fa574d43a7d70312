"""What would have to be otherwise: for each refusal the changes of facts that would flip it.

Nothing here knows a rule. A refusal is a requirement at the end of the tree that is not met. The
facts it reads are tried with other values: flags turned over, other members of a list, other
countries, and for numbers and days the nearest value that does. Every change that is offered was
tried: with it the requirement is met, and the whole claim was assessed anew.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any, NamedTuple

import attrs

from evcredit.assessment import Assessment, assess
from evcredit.bounds import Bounds
from evcredit.completion import values_where_rules_turn
from evcredit.errors import EvcreditError, InvalidFactError, InvalidFactsError
from evcredit.expression import CertifiedShare, Day, Derived, Expression, Fact
from evcredit.fact import FactType, Kind, UnknownFact, declared_facts, fact_type_at, with_facts
from evcredit.law import CountryGroup, Law
from evcredit.money import VAST, exact_arithmetic
from evcredit.receipt import in_words, json_value
from evcredit.rule import Finding, Mode, Rule
from evcredit.verdict import Verdict

__all__ = ["Change", "ChangedFact", "Refusal", "change_of_all", "refusals", "refusals_of"]

#: Whether a rule is met of a thing: a claim, or a transfer.
Holds = Callable[[Rule, Any], bool]

#: The smallest step of a number, by kind.
_STEPS = {
    Kind.MONEY: Decimal("0.01"),
    Kind.COUNT: Decimal(1),
    Kind.QUANTITY: Decimal("0.000001"),
    Kind.PERCENT: Decimal("0.000001"),
}
_CATEGORIES = (Kind.FLAG, Kind.CHOICE, Kind.COUNTRY)
_A_DAY = timedelta(days=1)
#: How often the way from a value is doubled in search of one that does.
_DOUBLINGS = 48
#: The most requirements that `change_of_all` mends one after the other.
_MENDED = 12


class ChangedFact(NamedTuple):
    """A fact, what it is, and what would do.

    Args:
        path: Where it stands.
        declared: How it is declared.
        before: What it is.
        after: What would do: of a number or day the nearest value.
        others: Other values that would do as well, of a category.
        owner: What it is a fact of, in words, where that is not clear by itself.
    """

    path: str
    declared: FactType
    before: Any
    after: Any
    others: tuple[Any, ...] = ()
    owner: str = ""

    @property
    def label(self) -> str:
        """What to call it."""
        return f"{self.declared.label}, {self.owner}" if self.owner else self.declared.label

    def __str__(self) -> str:
        told = [_told(each, self.declared) for each in (self.after, *self.others)]
        after = told[0] if len(told) == 1 else f"{', '.join(told[:-1])} or {told[-1]}"
        if self.declared.kind is Kind.PARTS:
            return f"{self.label}: {after} would do"
        return f"{self.label}: {after} would do{self._difference()}"

    def _difference(self) -> str:
        if self.before is None:
            return ""
        before = in_words(self.before, self.declared)
        if isinstance(self.after, date):
            days = abs((self.after - self.before).days)
            count = "1 day" if days == 1 else f"{days} days"
            return f", {count} {'before' if self.after < self.before else 'after'} {before}"
        if self.declared.kind in (Kind.MONEY, Kind.COUNT) and not isinstance(self.before, Bounds):
            ends = sorted((self.after, self.before), reverse=True)
            more = in_words(exact_arithmetic().subtract(*ends), self.declared)
            return f", {more} {'less' if self.after < self.before else 'more'} than {before}"
        return f" instead of {before}"

    @property
    def gap(self) -> Fraction:
        """How far the change goes: a part of the value, a part of a year, one for a category."""
        if self.declared.kind is Kind.PARTS or self.before is None:
            return Fraction(2)
        if isinstance(self.after, date):
            return Fraction(abs((self.after - self.before).days), 365)
        if self.declared.kind in _STEPS:
            end = _nearest_end(self.before, self.after)
            far, scale = Fraction(_distance(self.after, end)), abs(Fraction(end))
            return Fraction(far, max(Fraction(1), scale))
        return Fraction(1)


def _told(value: Any, declared: FactType) -> str:
    if declared.kind is Kind.PARTS:
        return "none"
    if declared.kind in (Kind.QUANTITY, Kind.PERCENT):
        whole = value.to_integral_value()
        if _distance(value, whole) == _STEPS[declared.kind]:
            side = "just below" if value < whole else "just above"
            return f"{side} {in_words(whole, declared)}"
    return in_words(value, declared)


def _nearest_end(before: Any, after: Any) -> Any:
    ends = (before.lower, before.upper) if isinstance(before, Bounds) else (before,)
    return min(ends, key=lambda end: _distance(end, after))


@attrs.frozen
class Change:
    """Facts that would have to be otherwise, all together.

    Args:
        facts: The facts.
        credit: Bounds of the credit in US dollars if they were, everything else being the same.
        without: Paths of parts that add up to a fact as it was, such as a window label, and would
            be left out.
    """

    facts: tuple[ChangedFact, ...]
    credit: Bounds[Decimal]
    without: tuple[str, ...] = ()

    @property
    def values(self) -> dict[str, Any]:
        """The values by path, as `with_facts` takes them."""
        return {**dict.fromkeys(self.without), **{fact.path: fact.after for fact in self.facts}}

    @property
    def size(self) -> tuple[int, Fraction]:
        """How large the change is: how many facts, and how far they go."""
        return (len(self.facts), sum((fact.gap for fact in self.facts), Fraction(0)))

    def __str__(self) -> str:
        return "; and ".join(map(str, self.facts))

    def to_dict(self) -> dict[str, Any]:
        """The change, ready for JSON."""
        return {
            "facts": [
                {
                    "path": fact.path,
                    "before": json_value(fact.before),
                    "after": json_value(fact.after),
                    "others": [json_value(each) for each in fact.others],
                }
                for fact in self.facts
            ],
            "without": list(self.without),
            "credit": {**json_value(self.credit), "currency": "USD"},
        }


@attrs.frozen
class Refusal:
    """A requirement that is not met, and what would flip it.

    Args:
        finding: The requirement.
        changes: Changes of which each alone makes it met, the smallest first; none if no fact
            that is stated can.
    """

    finding: Finding
    changes: tuple[Change, ...]

    def to_dict(self) -> dict[str, Any]:
        """The refusal, ready for JSON."""
        return {
            "code": self.finding.code,
            "citation": str(self.finding.citation),
            "in_plain_words": self.finding.in_plain_words(),
            "changes": [change.to_dict() for change in self.changes],
        }


def refusals(result: Assessment) -> tuple[Refusal, ...]:
    """The requirements that refuse a credit, each with the changes that would flip it.

    Args:
        result: An assessment.

    Returns:
        Nothing unless the assessment is not met. Where several requirements fail, a change
        flips its own alone; see `change_of_all`.

    >>> from evcredit import examples
    >>> claim = with_facts(examples.demonstration_claim(), {"vehicle.msrp": 80_300})
    >>> (refusal,) = refusals(assess(claim))
    >>> refusal.finding.code, str(refusal.changes[0])
    ('suggested_retail_price', "manufacturer's suggested retail price: $80,000 would do, $300
    less than $80,300")
    >>> print(refusal.changes[0].credit)
    7500
    """
    if result.verdict is not Verdict.NOT_MET:
        return ()
    search = _search_of(result)
    return tuple(search.refusal(finding) for finding in _failing(result.finding))


def refusals_of(
    finding: Finding, thing: Any, law: Law, holds: Holds, credit: Callable[[Any], Bounds[Decimal]]
) -> tuple[Refusal, ...]:
    """The same of any tree of findings.

    Args:
        finding: The top of the tree.
        thing: What the rules are about, for example a `CreditTransfer`.
        law: The law.
        holds: Whether a rule is met of such a thing.
        credit: What a changed thing gives.
    """
    search = _Search(thing, law, holds, credit)
    return tuple(search.refusal(each) for each in _failing(finding))


def change_of_all(result: Assessment) -> Change | None:
    """Changes that together turn a refusal into a credit, or at least leave it open.

    One requirement is mended after the other, each by its smallest change, and of alternatives
    the one that takes the fewest. That is the smallest change where one requirement fails; where
    several do, there may be a smaller one.

    Args:
        result: An assessment that is not met.

    Returns:
        `None` if the assessment is not a refusal, or if no change was found.

    >>> from evcredit import examples
    >>> claim = with_facts(
    ...     examples.demonstration_claim(),
    ...     {"vehicle.msrp": 80_300, "vehicle.final_assembly_country": "Germany"},
    ... )
    >>> change_of_all(assess(claim)).values
    {'vehicle.final_assembly_country': 'CA', 'vehicle.msrp': Decimal('80000')}
    """
    if result.verdict is not Verdict.NOT_MET:
        return None
    changed: dict[str, ChangedFact] = {}
    without: dict[str, None] = {}
    current = result
    for _ in range(_MENDED):
        refusal = next(iter(_search_of(current).plan(current.finding) or ()), None)
        if refusal is None:
            return None
        for fact in refusal.changes[0].facts:
            first = changed.get(fact.path)
            # Changed twice, it is still one fact, and before was what was stated.
            changed[fact.path] = fact if first is None else fact._replace(before=first.before)
        without.update(dict.fromkeys(refusal.changes[0].without))
        claim = with_facts(current.claim, refusal.changes[0].values)
        current = assess(claim, law=result.law, credit=result.credit_kind)
        if current.verdict is not Verdict.NOT_MET:
            return Change(tuple(changed.values()), current.credit, tuple(without))
    return None


def _failing(finding: Finding) -> Iterator[Finding]:
    """The ends of the tree that refuse, each once."""
    seen = set()
    for each in finding.reasons():
        if each.verdict is Verdict.NOT_MET and each.in_force and id(each.rule) not in seen:
            seen.add(id(each.rule))
            yield each


def _changed(thing: Any, facts: dict[str, Any]) -> Any:
    """The thing with other facts; a sum goes without the parts that say otherwise.

    Raises:
        InvalidFactError: The values cannot be true.
        InvalidFactsError: Several cannot.
    """
    try:
        return with_facts(thing, facts)
    except (InvalidFactError, InvalidFactsError):
        return with_facts(thing, {**dict.fromkeys(_in_the_way(thing, facts)), **facts})


def _in_the_way(thing: Any, facts: dict[str, Any]) -> tuple[str, ...]:
    """The paths of parts whose sum is changed, where they say otherwise."""
    try:
        with_facts(thing, facts)
    except (InvalidFactError, InvalidFactsError):
        return tuple(dict.fromkeys(path for fact in facts for path in _sums_beside(thing, fact)))
    return ()


def _sums_beside(thing: Any, path: str) -> Iterator[str]:
    """The stated optional parts of the object a fact is of: a window label, parts of an income."""
    owner, _, _ = path.rpartition(".")
    for name, declared in declared_facts(fact_type_at(thing.__class__, owner).of):
        here = f"{owner}.{name}"
        if declared.kind is Kind.PART and declared.optional and _read(thing, here) is not None:
            yield here


def _read(thing: Any, path: str) -> Any:
    for each in path.split("."):
        name, _, index = each.partition("[")
        thing = getattr(thing, name)
        thing = thing[int(index[:-1])] if index else thing
    return thing


def _known(thing: Any, path: str = "") -> Iterator[tuple[str, FactType, Any]]:
    """Every stated fact of a thing, with lists of objects as wholes and one by one."""
    for name, declared in declared_facts(thing.__class__):
        value, here = getattr(thing, name), f"{path}.{name}" if path else name
        if value is None:
            continue
        if declared.kind is Kind.PART:
            yield from _known(value, here)
            continue
        yield here, declared, value
        if declared.kind is Kind.PARTS:
            for index, item in enumerate(value):
                yield from _known(item, f"{here}[{index}]")


class _Search:
    """The search for changes of one thing under one law."""

    def __init__(
        self, thing: Any, law: Law, holds: Holds, credit: Callable[[Any], Bounds[Decimal]]
    ) -> None:
        self.thing = thing
        self.law = law
        self._holds = holds
        self._credit = credit

    def plan(self, finding: Finding) -> tuple[Refusal, ...] | None:
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

    def refusal(self, finding: Finding) -> Refusal:
        """A requirement with the changes that flip it."""
        found = [(fact,) for fact in self._single(finding)] or self._paired(finding)
        changes = [self._change(facts) for facts in found]
        changes.sort(key=lambda change: change.size)
        return Refusal(finding, tuple(changes))

    def _change(self, facts: tuple[ChangedFact, ...]) -> Change:
        values = {fact.path: fact.after for fact in facts}
        credit = self._credit(_changed(self.thing, values))
        return Change(facts, credit, _in_the_way(self.thing, values))

    def _flips(self, rule: Rule, values: dict[str, Any]) -> bool:
        try:
            return self._holds(rule, _changed(self.thing, values))
        except EvcreditError:
            return False  # it cannot be true, or no law is held for such a day

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
        """The stated facts that a requirement turns on."""
        known = list(_known(self.thing))
        derived = [detail.derived for detail in finding.details]
        read = {fact.path for fact in finding.facts} | {
            p for each in derived for p in _read_by(each)
        }
        direct = [each for each in known if each[0] in read]
        only_computed = len(derived) == len(finding.facts)
        opaque = not all(isinstance(each.body, Expression) for each in derived)
        # Of a computed fact those numbers and days bear on it without which it would no longer
        # refuse; of a category there are few values, so they are simply tried. Where symbols say
        # what it reads, only the days that pick the law are left to find.
        bearing = [
            each
            for each in known
            if each[0] not in read
            and (opaque or (only_computed and each[1].kind is Kind.DAY))
            and (each[1].kind in _CATEGORIES or self._open_without(finding.rule, each[0]))
        ]
        stated = {fact.path: fact for each in derived for fact in _stating(each)}
        whole = [
            (path, fact.declared, None)
            for path, fact in stated.items()
            if _read(self.thing, path) is None
        ]
        return direct + bearing + whole

    def _open_without(self, rule: Rule, path: str) -> bool:
        try:
            blank = _changed(self.thing, {path: None})
            return rule.verdict(blank, self.law) is not Verdict.NOT_MET
        except EvcreditError:
            return False

    def _owner(self, finding: Finding, path: str) -> str:
        """Whose the fact is, where two facts of the rule have one name, or one of a list does."""
        owner, _, _ = path.rpartition(".")
        if "[" in owner:
            return owner.rpartition(".")[2]
        declared = fact_type_at(self.thing.__class__, path)
        alike = [each for each in finding.facts if each.declared.label == declared.label]
        return fact_type_at(self.thing.__class__, owner).label if len(alike) > 1 else ""

    def _values_that_do(
        self, finding: Finding, path: str, declared: FactType, before: Any
    ) -> Iterator[Any]:
        rule = finding.rule
        if declared.kind in _STEPS or declared.kind is Kind.DAY:
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
            yield from sorted(held) or self.law.sample_countries()
        elif declared.kind is Kind.PARTS:
            unknown = UnknownFact(path, declared)
            given = (
                value
                for detail in finding.details
                for value in detail.derived.samples(unknown, self.thing, self.law)
            )
            # That there is none of something can be said; what there would be cannot.
            yield from (value for value in given if value == ())

    def _turns(self, finding: Finding, path: str) -> set[Any]:
        """The values around which a rule may turn over."""
        turns = {
            Decimal(turn) if isinstance(turn, int) else turn
            for turn in values_where_rules_turn(finding.rule, self.law).get(path, set())
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
        step = _A_DAY if declared.kind is Kind.DAY else _STEPS[declared.kind]
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
        # Ways in steps: doubled, and to where the rule may turn over.
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
        facts = [each for each in _known(self.thing) if each[0] in read]
        found = []
        for one, other in itertools.combinations(facts, 2):
            tried = [self._tried(finding, *fact) for fact in (one, other)]
            does = [
                tuple(
                    ChangedFact(path, declared, before, value, (), self._owner(finding, path))
                    for (path, declared, before), value in zip((one, other), values, strict=True)
                )
                for values in itertools.product(*tried)
                if self._flips(finding.rule, {one[0]: values[0], other[0]: values[1]})
            ]
            if does:
                found.append(min(does, key=lambda pair: sum(fact.gap for fact in pair)))
        return found

    def _tried(
        self, finding: Finding, path: str, declared: FactType, before: Any
    ) -> tuple[Any, ...]:
        if declared.kind not in _STEPS and declared.kind is not Kind.DAY:
            return tuple(self._others(finding, path, declared, before))
        step = _A_DAY if declared.kind is Kind.DAY else _STEPS[declared.kind]
        turns = sorted(self._turns(finding, path))
        return tuple(dict.fromkeys(v for turn in turns for v in (turn - step, turn, turn + step)))


def _search_of(result: Assessment) -> _Search:
    """The search for changes of a claim."""
    law, section, kind = result.law, result.section, result.credit_kind

    def holds(rule: Rule, claim: Any) -> bool:
        # Another variant of the section may do without the rule.
        bound = section.of(claim, law).by_rule.get(id(rule))
        return bound is not None and bound.run(claim) is True

    return _Search(
        result.claim, law, holds, lambda claim: assess(claim, law=law, credit=kind).credit
    )


def _size_of(plan: tuple[Refusal, ...]) -> tuple[int, Fraction]:
    sizes = [refusal.changes[0].size for refusal in plan]
    return (sum(count for count, _ in sizes), sum((gap for _, gap in sizes), Fraction(0)))


def _distance(one: Any, other: Any) -> Any:
    """How far two numbers, or two days, are apart."""
    if isinstance(one, date):
        return abs(one - other)
    return abs(Fraction(one) - Fraction(other)) if one.is_finite() and other.is_finite() else VAST


def _from(value: Any, before: Any) -> Any:
    """How far a value is from what was stated, or from the nearer end of it."""
    return _distance(value, _nearest_end(before, value))


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
