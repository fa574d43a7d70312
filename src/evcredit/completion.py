"""What could still change: which unknown facts matter, and which would settle a question.

A completion gives every unknown fact a value. Facts have endless values but rules tell only a
few apart, so it is enough to try *samples* that between them lead to every outcome: both sides
of each threshold, each member of a list, one country of each standing. Rules that share no
unknown fact vary independently; facts that several rules share, such as an unknown day, are
held fixed at each of their samples in turn. That keeps the answer exact without trying every
combination. Where one rule alone has more completions than `COMPLETIONS`, or shared facts have
more combinations than `SHARED`, or more sets than `CERTIFICATES` or `CASES` turn up, the analysis
goes on with what is certain to be enough, and says that it reached its limit.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import attrs

from evcredit.bounds import Bounds
from evcredit.errors import EvcreditError
from evcredit.expression import (
    Binding,
    Comparison,
    Day,
    Derived,
    Expression,
    Fact,
    Operand,
    Parameter,
    Pick,
    Truth,
)
from evcredit.fact import Kind, UnknownFact, by_part, declared_facts, with_facts
from evcredit.rule import ABSENT, BoundRule, Mode, Rule
from evcredit.verdict import Verdict

__all__ = [
    "CASES",
    "CERTIFICATES",
    "COMPLETIONS",
    "SHARED",
    "Completion",
    "values_where_rules_turn",
]

#: The most completions tried for one rule.
COMPLETIONS = 2048
#: The most combinations of facts that several rules share.
SHARED = 512
#: The most settling sets kept.
CERTIFICATES = 1024
#: The most proofs for one value of a shared fact that are taken together with those of others.
CASES = 64

#: Up to so many facts filled in, a claim is kept for the next rule.
_FEW = 2
_MET: frozenset[Any] = frozenset({True, ABSENT})
_NOT_MET: frozenset[Any] = frozenset({False})
#: What a rule comes to: a truth, a number if it is an amount, or `ABSENT`; `None` if unknown.
Outcome = Truth | Decimal | int | str
Pair = tuple[Outcome, Outcome]
Assignment = Mapping[str, Any]


class _Certificate(NamedTuple):
    """Facts that settle a rule, with the values of those that other rules read too."""

    paths: frozenset[str]
    shared: tuple[tuple[str, Any], ...] = ()

    def joined(self, other: _Certificate) -> _Certificate | None:
        """Both together; `None` if they need different values of one fact."""
        values = dict(self.shared)
        for path, value in other.shared:
            if values.setdefault(path, value) != value:
                return None
        return _Certificate(self.paths | other.paths, tuple(sorted(values.items(), key=str)))

    def without(self, path: str) -> _Certificate:
        """The same with nothing said of one fact."""
        return _Certificate(
            self.paths - {path}, tuple(item for item in self.shared if item[0] != path)
        )


class Completion:
    """The analysis of one claim under one law.

    Args:
        claim: The claim.
        law: The law.
        top: The rule whose verdict is asked for.
        roots: The rules whose outcomes make the amount: some below `top`, and amounts beside it.
        bind: From a claim to `top`, and to the roots beside it, bound to the law and to the
            claim's days.
        amount: From the outcomes of the roots to the amount they make: each is true, false,
            a number, or `ABSENT` where the root is not in force.
    """

    def __init__(
        self,
        *,
        claim: Any,
        law: Any,
        top: Rule,
        roots: tuple[Rule, ...],
        bind: Callable[[Any], tuple[BoundRule, ...]],
        amount: Callable[..., Any],
    ) -> None:
        self.claim = claim
        self.law = law
        self.top = top
        self.roots = roots
        self.bind = bind
        self.amount = amount
        #: The questions, "missing" or "settling", whose answers stopped at a limit.
        self.limited: set[str] = set()
        self._claims: dict[frozenset[tuple[str, Any]], Any] = {}
        #: Parts of the claim with facts filled in, by name and facts.
        self._parts: dict[tuple[str, frozenset[tuple[str, Any]]], Any] = {}
        self._bound: dict[tuple[BoundRule, ...], dict[int, BoundRule]] = {}
        self._facts: dict[Rule, dict[str, UnknownFact]] = {}
        self._samples: dict[str, tuple[Any, ...]] = {}
        self._outcomes: dict[tuple[Rule, frozenset[tuple[str, Any]]], Outcome] = {}
        self._same: dict[tuple[Rule, frozenset[tuple[str, Any]]], frozenset[Pair]] = {}
        self._read: dict[Rule, frozenset[str]] = {}
        self._proved: dict[tuple[Rule, frozenset[Outcome]], list[_Certificate]] = {}
        #: Whether a composite rule is in force, where that is more than whether its parts are.
        self._guards: dict[Rule, Rule] = {
            rule: _guard(rule) for rule in top.walk() if _is_guarded(rule)
        }
        #: Facts that several leaves read, by path.
        self._shared: list[str] = []
        #: Flags taken as one, under the path of the first of them.
        self._flags: dict[str, tuple[UnknownFact, ...]] = {}
        self._read_leaves()

    # -- which facts there are -------------------------------------------------------------

    def _read_leaves(self) -> None:
        """Find the unknown facts of each leaf, their samples, and which facts are shared."""
        here = self._rules_of(self.claim)
        breakpoints: dict[str, set[Any]] = {}
        samplers: dict[str, list[Derived]] = {}
        for leaf in self._leaves():
            bound = here[id(leaf)]
            self._facts[leaf] = {}
            # What is decided stays so whatever the unknown facts of the rule turn out to be.
            if bound.applies is False or self._outcome(leaf, {}) is not None:
                continue
            self._facts[leaf] = self._facts_of(leaf, bound.binding, samplers)
            for path, values in _breakpoints(leaf, self.law):
                breakpoints.setdefault(path, set()).update(values)
        count: dict[str, int] = {}
        # A rule that stands in two places shares its facts with itself.
        for leaf in self._leaves():
            for path, unknown in self._facts[leaf].items():
                count[path] = count.get(path, 0) + 1
                if path not in self._samples:
                    turns = breakpoints.get(path, set())
                    given = self._values_of(unknown, samplers.get(path, []), turns)
                    self._samples[path] = tuple(v for v in given if self._possible(path, v))
        self._add_an_early_day()
        size = 1
        for path in (path for path, times in count.items() if times > 1):
            size *= len(self._samples[path])
            if size > SHARED:
                # Taken as if each rule had the fact to itself: never too few facts reported.
                self.limited |= {"missing", "settling"}
            else:
                self._shared.append(path)

    def _values_of(
        self, unknown: UnknownFact, samplers: list[Derived], breakpoints: set[Any]
    ) -> tuple[Any, ...]:
        """The values of an unknown fact to try."""
        given = [v for each in samplers for v in each.samples(unknown, self.claim, self.law)]
        if unknown.declared.kind is not Kind.DAY:
            return tuple(dict.fromkeys(given)) or _samples(unknown, breakpoints, self.law)
        # What is known of other days may leave only days between two of them.
        known = set(_known_days(self.claim))
        return _samples(unknown, breakpoints | set(given) | known, self.law)

    def _leaves(self) -> Iterator[Rule]:
        yield from _leaves(self.top)
        yield from self._guards.values()
        below = set(self.top.walk())
        yield from (root for root in self.roots if root not in below)

    def _add_an_early_day(self) -> None:
        """Let every unknown day be as early as any, so that late ones of it rule nothing out."""
        days = {path: v for path, v in self._samples.items() if v and isinstance(v[0], date)}
        earliest = min((value for values in days.values() for value in values), default=None)
        for path, values in days.items():
            if earliest not in values and self._possible(path, earliest):
                self._samples[path] = (*values, earliest)

    def _facts_of(
        self, leaf: Rule, binding: Binding, samplers: dict[str, list[Derived]]
    ) -> dict[str, UnknownFact]:
        facts: dict[str, UnknownFact] = {}
        for fact in _reads(leaf, self.law):
            found = tuple(fact.unknown_in(self.claim, binding))
            if isinstance(fact, Derived):
                for unknown in found:
                    samplers.setdefault(unknown.path, []).append(fact)
                found = self._collapsed(fact, found)
            facts.update((unknown.path, unknown) for unknown in found)
        return facts

    def _collapsed(
        self, derived: Derived, found: tuple[UnknownFact, ...]
    ) -> tuple[UnknownFact, ...]:
        """Many flags of which any one decides, taken as one: is none of them up, or is one?"""
        flags = [fact for fact in found if fact.declared.kind is Kind.FLAG]
        if not derived.any_flag or len(flags) < 2:
            return found
        self._flags[flags[0].path] = tuple(flags)
        return tuple(fact for fact in found if fact not in flags[1:])

    def _expanded(self, assignment: Assignment) -> dict[str, Any]:
        """The assignment with every collapsed flag: down, unless the one that stands for all."""
        full = dict(assignment)
        for path, flags in self._flags.items():
            if path in assignment:
                full.update((flag.path, False) for flag in flags[1:])
        return full

    def _possible(self, path: str, value: Any) -> bool:
        """Whether a value agrees with what is known, and with the days the law covers."""
        try:
            self.bind(with_facts(self.claim, self._expanded({path: value})))
        except EvcreditError:
            return False
        return True

    @property
    def unknown(self) -> tuple[UnknownFact, ...]:
        """Every unknown fact that a rule in force reads, in the order of the rules."""
        every: dict[str, UnknownFact] = {}
        for facts in self._facts.values():
            every.update(facts)
        return tuple(every.values())

    def _rules_of(self, claim: Any) -> dict[int, BoundRule]:
        bound = self.bind(claim)
        if bound not in self._bound:
            found = {id(each.rule): each for one in bound for each in one.walk()}
            for rule, guard in self._guards.items():
                found[id(guard)] = guard.bind(found[id(rule)].binding)
            self._bound[bound] = found
        return self._bound[bound]

    def _outcome(self, leaf: Rule, assignment: Assignment) -> Outcome:
        key = (leaf, frozenset(assignment.items()))
        if key not in self._outcomes:
            claim = self._claim_with(assignment)
            bound = self._rules_of(claim)[id(leaf)]
            outcome: Any = ABSENT
            if bound.applies is None:
                outcome = None  # true or absent, which is not the same everywhere
            elif bound.applies:
                outcome = bound.run(claim)
            if isinstance(outcome, Bounds):
                outcome = outcome.lower if outcome.is_exact else None
            self._outcomes[key] = outcome
        return self._outcomes[key]

    def _claim_with(self, assignment: Assignment) -> Any:
        """The claim with some facts filled in; where they are few, many rules ask for the same."""
        if not assignment:
            return self.claim
        if len(assignment) > _FEW:
            return self._with_parts(self._expanded(assignment))
        key = frozenset(assignment.items())
        if key not in self._claims:
            self._claims[key] = self._with_parts(self._expanded(assignment))
        return self._claims[key]

    def _with_parts(self, facts: Assignment) -> Any:
        """The claim with facts filled in; a part of it with the same facts is made once."""
        here, below = by_part(facts)
        for head, inner in below.items():
            key = (head, frozenset(inner.items()))
            if key not in self._parts:
                self._parts[key] = with_facts(getattr(self.claim, head), inner)
            here[head] = self._parts[key]
        return attrs.evolve(self.claim, **here)

    # -- relevance -------------------------------------------------------------------------

    def missing(self) -> tuple[UnknownFact, ...]:
        """The unknown facts whose value changes the amount in some completion of the others."""
        found: list[UnknownFact] = []
        for fact in self.unknown:
            if self._matters(fact.path):
                found += self._flags.get(fact.path, (fact,))
        return tuple(found)

    def _matters(self, path: str) -> bool:
        others = [each for each in self._shared if each != path]
        for fixed in self._assignments(others):
            for one, other in itertools.combinations(self._samples[path], 2):
                pair = ({**fixed, path: one}, {**fixed, path: other})
                truths = [self._pairs(root, pair, path) for root in self.roots]
                for combination in itertools.product(*truths):
                    first = self.amount(*(left for left, _ in combination))
                    if first != self.amount(*(right for _, right in combination)):
                        return True
        return False

    def _assignments(self, paths: Iterable[str]) -> Iterator[dict[str, Any]]:
        paths = list(paths)
        for values in itertools.product(*(self._samples[path] for path in paths)):
            yield dict(zip(paths, values, strict=True))

    def _pairs(self, rule: Rule, pair: tuple[Assignment, Assignment], path: str) -> frozenset[Pair]:
        """What a rule can come to under both assignments, the rest being the same."""
        if path in self._read_by(rule):
            return self._pairs_anew(rule, pair, path)
        # A rule that does not read the fact comes to the same on both sides: worked out once for
        # the values of the facts it shares with others.
        read = self._read_by(rule)
        key = (rule, frozenset(item for item in pair[0].items() if item[0] in read))
        if key not in self._same:
            self._same[key] = self._pairs_anew(rule, pair, path)
        return self._same[key]

    def _read_by(self, rule: Rule) -> frozenset[str]:
        """The paths of the unknown facts that a rule and its parts read."""
        if rule not in self._read:
            if rule in self._facts:
                self._read[rule] = frozenset(self._facts[rule])
            else:
                parts = [*rule.parts, *filter(None, [self._guards.get(rule)])]
                self._read[rule] = frozenset().union(*map(self._read_by, parts))
        return self._read[rule]

    def _pairs_anew(
        self, rule: Rule, pair: tuple[Assignment, Assignment], path: str
    ) -> frozenset[Pair]:
        if rule in self._facts:
            return self._leaf_pairs(rule, pair, path)
        inside = self._pairs_of_parts(rule, pair, path)
        if rule not in self._guards:
            return inside
        guarded = self._pairs(self._guards[rule], pair, path)
        return frozenset(
            (one if first else ABSENT, other if second else ABSENT)
            for first, second in guarded
            for one, other in inside
        )

    def _pairs_of_parts(
        self, rule: Rule, pair: tuple[Assignment, Assignment], path: str
    ) -> frozenset[Pair]:
        parts = [self._pairs(part, pair, path) for part in rule.parts]
        if rule.mode is Mode.INVERSE:
            return frozenset((_inverse(one), _inverse(other)) for one, other in parts[0])
        join = _JOIN[rule.mode]
        together = parts[0]
        for part in parts[1:]:
            together = frozenset(
                (join(one, more), join(other, less))
                for one, other in together
                for more, less in part
            )
        return together

    def _leaf_pairs(
        self, leaf: Rule, pair: tuple[Assignment, Assignment], path: str
    ) -> frozenset[Pair]:
        facts = self._facts[leaf]
        sides = [{name: value for name, value in side.items() if name in facts} for side in pair]
        return self._pairs_of_sides(leaf, sides, path)

    def _pairs_of_sides(
        self, leaf: Rule, sides: list[dict[str, Any]], path: str
    ) -> frozenset[Pair]:
        facts = self._facts[leaf]
        try:
            decided = [self._outcome(leaf, side) for side in sides]
        except EvcreditError:
            return frozenset()
        if None not in decided:
            return frozenset({(decided[0], decided[1])})
        free = [name for name in facts if name not in sides[0]]
        if _size(self._samples[name] for name in free) > COMPLETIONS:
            self.limited.add("missing")
            ends: list[Outcome] = [True, False]
            if path in facts:
                return frozenset(itertools.product(ends, ends))
            return frozenset((end, end) for end in ends)
        found = set()
        for rest in self._assignments(free):
            try:
                one = self._outcome(leaf, {**sides[0], **rest})
                other = one if sides[0] == sides[1] else self._outcome(leaf, {**sides[1], **rest})
            except EvcreditError:
                continue  # these values cannot all be true together
            found.add((one, other))
        return frozenset(found)

    # -- certificates ----------------------------------------------------------------------

    def settling(self, verdict: Verdict) -> tuple[frozenset[str], ...]:
        """The minimal sets of unknown facts that, with suitable values, prove a verdict.

        Args:
            verdict: `MET` or `NOT_MET`.

        Returns:
            Sets of paths, smallest first; the empty set alone if nothing more is needed, and
            nothing at all if no values of the unknown facts lead there.

        Raises:
            ValueError: `UNKNOWN` cannot be proved.
        """
        if verdict is Verdict.UNKNOWN:
            raise ValueError("ask what would settle MET or NOT_MET; more facts never prove unknown")
        wanted = _MET if verdict is Verdict.MET else _NOT_MET
        certificates = self._without_cases(self._certificates(self.top, wanted))
        sets = {paths for certificate in certificates for paths in self._paths(certificate)}
        minimal = [each for each in sets if not any(other < each for other in sets)]
        return tuple(sorted(minimal, key=lambda paths: (len(paths), sorted(paths))))

    def _without_cases(self, certificates: list[_Certificate]) -> list[_Certificate]:
        """The same, and proofs that hold whatever a shared fact is, because each value has one."""
        for path in self._shared:
            together = [_Certificate(frozenset())]
            for value in self._samples[path]:
                here = [one.without(path) for one in certificates if (path, value) in one.shared]
                if len(here) > CASES:
                    self.limited.add("settling")
                joined = (one.joined(other) for one in together for other in here[:CASES])
                together = self._capped([both for both in joined if both is not None])[:CASES]
            certificates = self._capped([*certificates, *together])
        return certificates

    def _paths(self, certificate: _Certificate) -> Iterator[frozenset[str]]:
        """The sets a certificate stands for: all collapsed flags down, or any one of them up."""
        values = dict(certificate.shared)
        choices: list[list[tuple[str, ...]]] = [[tuple(certificate.paths - self._flags.keys())]]
        for path in sorted(certificate.paths & self._flags.keys()):
            names = tuple(flag.path for flag in self._flags[path])
            choices.append([(name,) for name in names] if values[path] else [names])
        for chosen in itertools.product(*choices):
            yield frozenset(name for names in chosen for name in names)

    def _certificates(self, rule: Rule, wanted: frozenset[Outcome]) -> list[_Certificate]:
        """Proofs that a rule comes to one of the wanted outcomes."""
        key = (rule, wanted)
        if key not in self._proved:
            self._proved[key] = self._certificates_anew(rule, wanted)
        return self._proved[key]

    def _certificates_anew(self, rule: Rule, wanted: frozenset[Outcome]) -> list[_Certificate]:
        if rule in self._facts:
            return self._leaf_certificates(rule, wanted)
        inside = self._certificates_of_parts(rule, wanted)
        if rule not in self._guards:
            return inside
        guard = self._guards[rule]
        if ABSENT in wanted:
            # Out of force it is as wanted, and in force too with what proves its parts.
            return self._capped([*inside, *self._certificates(guard, _NOT_MET)])
        in_force = self._certificates(guard, _MET)
        together = (one.joined(other) for one in inside for other in in_force)
        return self._capped([both for both in together if both is not None])

    def _certificates_of_parts(self, rule: Rule, wanted: frozenset[Outcome]) -> list[_Certificate]:
        if rule.mode is Mode.INVERSE:
            return self._certificates(rule.parts[0], frozenset(map(_inverse, wanted)))
        # What is said here of a conjunction holds of an alternative with the truths turned over.
        holds = rule.mode is Mode.ALL
        found: list[_Certificate] = []
        if (not holds) in wanted:
            # One part that fails is enough.
            fails: frozenset[Outcome] = frozenset({not holds})
            found += [one for part in rule.parts for one in self._certificates(part, fails)]
        if holds in wanted:
            # Every part holds or takes no part; not all may be without part unless that is wanted.
            if ABSENT in wanted or self._surely_in_force(rule):
                found += self._each(rule.parts, frozenset({holds, ABSENT}))
            else:
                for chosen in rule.parts:
                    found += self._each(rule.parts, frozenset({holds, ABSENT}), chosen)
        elif ABSENT in wanted and not self._surely_in_force(rule):
            found += self._each(rule.parts, wanted)
        return self._capped(found)

    def _surely_in_force(self, rule: Rule) -> bool:
        return self._rules_of(self.claim)[id(rule)].applies is True

    def _each(
        self, parts: tuple[Rule, ...], wanted: frozenset[Outcome], chosen: Rule | None = None
    ) -> list[_Certificate]:
        """Proofs for all parts together; a chosen one is in force besides."""
        together = [_Certificate(frozenset())]
        for part in parts:
            proofs = self._certificates(part, wanted - {ABSENT} if part is chosen else wanted)
            joined = (one.joined(other) for one in together for other in proofs)
            together = self._capped([both for both in joined if both is not None])
        return together

    def _capped(self, certificates: list[_Certificate]) -> list[_Certificate]:
        distinct = list(dict.fromkeys(certificates))
        distinct.sort(key=lambda each: len(each.paths))
        if len(distinct) > CERTIFICATES:
            self.limited.add("settling")
        return distinct[:CERTIFICATES]

    def _leaf_certificates(self, leaf: Rule, wanted: frozenset[Outcome]) -> list[_Certificate]:
        facts = list(self._facts[leaf])
        now = self._outcome(leaf, {})
        if now is not None or not facts:
            return [_Certificate(frozenset())] if now in wanted else []
        if _size(self._samples[path] for path in facts) > COMPLETIONS:
            self.limited.add("settling")
            return [_Certificate(frozenset(facts))]
        outcomes = []
        for assignment in self._assignments(facts):
            try:
                outcomes.append((assignment, self._outcome(leaf, assignment)))
            except EvcreditError:
                continue  # these values cannot all be true together
        found: list[_Certificate] = []
        for size in range(len(facts) + 1):
            for chosen in itertools.combinations(facts, size):
                if any(not each.shared and each.paths <= set(chosen) for each in found):
                    continue
                found += self._proofs(chosen, outcomes, wanted)
        return found

    def _proofs(
        self,
        chosen: tuple[str, ...],
        outcomes: list[tuple[dict[str, Any], Outcome]],
        wanted: frozenset[Outcome],
    ) -> list[_Certificate]:
        by_values: dict[tuple[Any, ...], set[Outcome]] = {}
        for assignment, outcome in outcomes:
            by_values.setdefault(tuple(assignment[path] for path in chosen), set()).add(outcome)
        proofs = []
        for values, possible in by_values.items():
            if possible <= wanted:
                shared = tuple(
                    (path, value)
                    for path, value in zip(chosen, values, strict=True)
                    if path in self._shared or path in self._flags
                )
                proofs.append(_Certificate(frozenset(chosen), shared))
        return list(dict.fromkeys(proofs))


# -- walking rules -------------------------------------------------------------------------


def _is_guarded(rule: Rule) -> bool:
    return rule.in_force is not None and bool(rule.parts) and not rule.as_one


def _guard(rule: Rule) -> Rule:
    """Whether a rule is in force, as a rule of its own."""
    return attrs.evolve(
        rule,
        code=f"{rule.code}_in_force",
        mode=Mode.BODY,
        body=rule.in_force,
        parts=(),
        in_force=None,
    )


def _leaves(rule: Rule) -> Iterator[Rule]:
    if rule.body is not None or rule.as_one:
        yield rule
    else:
        for part in rule.parts:
            yield from _leaves(part)


def _reads(rule: Rule, law: Any) -> Iterator[Fact | Derived | Day]:
    """The facts a rule reads; a day only if the schedule read on it changes at all."""
    for each in rule.walk():
        for expression in each.expressions():
            yield from _reads_of(expression, law)


def _reads_of(node: Expression | Operand, law: Any) -> Iterator[Fact | Derived | Day]:
    if isinstance(node, Fact | Derived):
        yield node
    elif isinstance(node, Pick):
        yield node.key
        yield from _reads_of(node.parameter, law)
    elif isinstance(node, Parameter):
        if node.day is not None and len(getattr(law, node.name).standing) > 1:
            yield node.day
    else:
        for operand in node.operands():
            yield from _reads_of(operand, law)


def _size(samples: Iterable[tuple[Any, ...]]) -> int:
    size = 1
    for each in samples:
        size *= len(each)
    return size


# -- three values and absence --------------------------------------------------------------


def _inverse(outcome: Outcome) -> Outcome:
    return outcome if outcome is None or isinstance(outcome, str) else not outcome


def _all(one: Outcome, other: Outcome) -> Outcome:
    if ABSENT in (one, other):
        return other if one == ABSENT else one
    if one is False or other is False:
        return False
    return None if one is None or other is None else True


def _any(one: Outcome, other: Outcome) -> Outcome:
    return _inverse(_all(_inverse(one), _inverse(other)))


_JOIN: Mapping[Mode, Callable[[Outcome, Outcome], Outcome]] = {Mode.ALL: _all, Mode.ANY: _any}


# -- samples -------------------------------------------------------------------------------


def values_where_rules_turn(rule: Rule, law: Any) -> dict[str, set[Any]]:
    """The values of facts, by path, at which what a rule comes to can change."""
    found: dict[str, set[Any]] = {}
    for path, values in _breakpoints(rule, law):
        found.setdefault(path, set()).update(values)
    return found


def _breakpoints(rule: Rule, law: Any) -> Iterator[tuple[str, Iterable[Any]]]:
    """For each fact a rule compares or looks up by, the values where the outcome can change."""
    for each in rule.walk():
        for expression in each.expressions():
            yield from _breakpoints_of(expression, law)


def _breakpoints_of(node: Expression | Operand, law: Any) -> Iterator[tuple[str, Iterable[Any]]]:
    if isinstance(node, Comparison):
        turns = node.breakpoints(law)
        if node.left.declared.kind is Kind.DAY:
            turns = (*turns, *(day + _A_DAY for day in turns))
        yield node.left.path, turns
    if isinstance(node, Pick):
        yield from _breakpoints_of(node.parameter, law)
    elif isinstance(node, Parameter):
        boundaries = getattr(law, node.name).boundaries()
        if isinstance(node.day, Day):
            for fact in node.day.reads:
                yield fact.path, boundaries
            yield from _breakpoints_of(node.day.body, law)
        elif node.day is not None:
            yield node.day.path, boundaries
    elif isinstance(node, Derived):
        yield from node.breakpoints(law).items()
        if node.body is not None:
            yield from _breakpoints_of(node.body, law)
    else:
        for operand in node.operands():
            yield from _breakpoints_of(operand, law)


def _known_days(thing: Any) -> Iterator[date]:
    """The days that a claim states, and the ones after them."""
    for name, declared in declared_facts(thing.__class__):
        value = getattr(thing, name)
        if declared.kind is Kind.DAY and value is not None:
            yield from (value, value + _A_DAY)
        elif declared.kind is Kind.PART and value is not None:
            yield from _known_days(value)


_STEP = {Kind.MONEY: Decimal("0.01"), Kind.COUNT: Decimal(1)}
_A_DAY = timedelta(days=1)
_FINE = Decimal("0.000001")
_VAST = Decimal(10) ** 12


def _samples(unknown: UnknownFact, breakpoints: set[Any], law: Any) -> tuple[Any, ...]:
    kind = unknown.declared.kind
    if kind is Kind.FLAG:
        return (True, False)
    if kind is Kind.CHOICE:
        return tuple(unknown.declared.of)
    if kind is Kind.COUNTRY:
        return tuple(law.sample_countries())
    if kind is Kind.DAY:
        # A breakpoint is the first of its days. The last one before it is tried too: what is
        # known of other days can rule out the rest. The latest come first: they ask for most.
        days = {*breakpoints, *(day - _A_DAY for day in breakpoints)}
        return tuple(sorted(days, reverse=True))
    if not breakpoints:
        breakpoints = {Decimal(0), Decimal(1), Decimal(1000), _VAST}
    within = unknown.within or Bounds(-_VAST if kind is Kind.MONEY else Decimal(0), _VAST)
    around = (
        value
        for value in _around({Decimal(each) for each in breakpoints}, _STEP.get(kind, _FINE))
        if value in within
    )
    ends = () if unknown.within is None else (within.lower, within.upper)
    return tuple(dict.fromkeys((*around, *(end for end in ends if end.is_finite()))))


def _around(breakpoints: set[Any], step: Any) -> tuple[Any, ...]:
    """Each breakpoint, a value just above it, and one below them all.

    Between two breakpoints all values are alike, so the value above one stands for them.
    """
    points = sorted(breakpoints)
    near = [points[0] - step, *(value for point in points for value in (point, point + step))]
    return tuple(dict.fromkeys(near))
