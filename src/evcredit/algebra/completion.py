"""What could still change: which unknown facts matter, and which would settle a question.

A completion gives every unknown fact a value. Facts have endless values but rules tell only a
few apart, so it is enough to try *samples* that between them lead to every outcome: both sides
of each threshold, each member of a list, one country of each standing. Rules that share no
unknown fact vary independently; facts that several rules share, such as an unknown day, are
held fixed at each of their samples in turn, as long as several rules are open that read them:
most are decided once the day is known, and of the others some facts have no effect any more.
That keeps the answer exact without trying every combination. Rules that sums over many items
decide are taken together (see `Cluster`). Where one rule alone has more completions than
`COMPLETIONS`, or shared facts make more comparisons than `COMPARISONS`, or more sets than
`CERTIFICATES` or `CASES` turn up, the analysis goes on with what is certain to be enough, and
says so if that decides.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache, partial
from typing import Any

import attrs

from evcredit.algebra.binding import Binding, LawLike
from evcredit.algebra.bound import BoundRule, bind
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.cluster import Cluster
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression, Fact, Input, Operand
from evcredit.algebra.field import Kind
from evcredit.algebra.item import Item, item_of
from evcredit.algebra.leaves import guards_of, leaves_of
from evcredit.algebra.outcome import ABSENT, IMPOSSIBLE, Outcome
from evcredit.algebra.parameter import Parameter, TableLookup
from evcredit.algebra.path import UnknownFact, by_part, filled_in
from evcredit.algebra.read_only import ReadOnlyDict
from evcredit.algebra.rule import Rule
from evcredit.algebra.sample import breakpoints_of_rule, known_days, samples_of
from evcredit.algebra.stretches import Stretches
from evcredit.algebra.summed import items_of_leaf
from evcredit.errors import EvcreditError

__all__ = ["COMPLETIONS", "Assignment", "Completion", "size_of"]

#: The most completions tried for one rule.
COMPLETIONS = 2048

#: Up to so many facts filled in, a claim is kept for the next rule.
_FEW = 2
#: From so many completions of a rule on, days that are alike are looked for.
_MANY = 512
Assignment = Mapping[str, Any]


class Completion:
    """The analysis of one claim under one law.

    Args:
        claim: The claim.
        law: The law.
        top: The rule whose verdict is needed.
        roots: The rules whose outcomes make the amount: some below `top`, and amounts beside it.
        bind: From a claim to `top`, and to the roots beside it, bound to the law and to the
            claim's days.
        amount: From the outcomes of the roots to the amount they make: each is true, false,
            a number, `ABSENT` where the root is not in force, or `None` where it is open; and
            where that leaves the amount open, it is a minimum and a maximum, or `None`.
    """

    def __init__(
        self,
        *,
        claim: Any,
        law: LawLike,
        top: Rule,
        roots: tuple[Rule, ...],
        bind: Callable[[Any], tuple[BoundRule, ...]],
        amount: Callable[..., Any],
    ) -> None:
        self.claim = claim
        self.law: Any = law
        self.top = top
        self.roots = roots
        self.bind = bind
        self.amount = amount
        #: The questions, "missing" or "settling", whose answers stopped at a limit.
        self.limited: set[str] = set()
        self._claims: dict[frozenset[tuple[str, Any]], Any] = {}
        #: Parts of the claim with facts filled in, by name and facts.
        self._parts: dict[tuple[str, frozenset[tuple[str, Any]]], Any] = {}
        self._bound: dict[tuple[BoundRule, ...], Mapping[int, BoundRule]] = {}
        self.facts: dict[Rule, dict[str, UnknownFact]] = {}
        self.samples: dict[str, tuple[Any, ...]] = {}
        self._stretches: dict[Rule, Stretches | None] = {}
        self._outcomes: dict[tuple[Rule, frozenset[tuple[str, Any]]], Outcome] = {}
        #: The facts that affect a rule, for some values of others.
        self._bearing: dict[tuple[Rule, frozenset[tuple[str, Any]]], Collection[str]] = {}
        self._known: dict[Rule, Outcome] = {}
        self._amounts: dict[frozenset[tuple[str, Any]], Any] = {}
        self.guards: Mapping[Rule, Rule] = guards_of(top)
        self._leaves = leaves_of(top, roots)
        #: Facts that several leaves read, by path.
        self.shared: list[str] = []
        #: Leaves that sums over items decide, those together that read the same facts of items.
        self.clusters: tuple[Cluster, ...] = ()
        #: Flags taken as one, under the path of the first of them.
        self.flags: dict[str, tuple[UnknownFact, ...]] = {}
        self._read_leaves()

    def _read_leaves(self) -> None:
        """Find the unknown facts of each leaf, their samples, and which facts are shared."""
        here = self.rules_of(self.claim)
        breakpoints: dict[str, set[Any]] = {}
        samplers: dict[str, list[Derived]] = {}
        items: dict[Rule, Mapping[str, Item]] = {}
        self.facts = {leaf: {} for leaf in self._leaves}
        undecided = {leaf for rule in (self.top, *self.roots) for leaf in self._undecided(rule)}
        for leaf in (each for each in self.facts if each in undecided):
            bound = here[id(leaf)]
            self.facts[leaf] = self._facts_of(leaf, bound.binding, samplers)
            items[leaf] = items_of_leaf(leaf, self.claim, bound)
            for path, values in breakpoints_of_rule(leaf, self.law):
                breakpoints.setdefault(path, set()).update(values)
        count: dict[str, int] = {}
        # A rule that is in two places shares its facts with itself.
        for leaf in self._leaves:
            for path, unknown in self.facts[leaf].items():
                count[path] = count.get(path, 0) + 1
                if path not in self.samples:
                    turns = breakpoints.get(path, set())
                    given = self._values_of(unknown, samplers.get(path, []), turns)
                    # Whether a value fits into an item is seen where the item is filled in.
                    of_item = any(item_of(path, found) for found in items.values())
                    self.samples[path] = tuple(
                        v for v in given if of_item or self._possible(path, v)
                    )
        self._add_an_early_day()
        # What may not be stated beside the rest, such as a day of what did not happen, is none.
        for leaf, facts in self.facts.items():
            self.facts[leaf] = {path: fact for path, fact in facts.items() if self.samples[path]}
        #: Leaves with unknown facts; one that is in two places is here twice.
        self.open: tuple[Rule, ...] = tuple(leaf for leaf in self._leaves if self.facts[leaf])
        self._share(count, items)

    def _undecided(self, rule: Rule) -> Iterator[Rule]:
        """The leaves that are open and that nothing above them decides.

        What is decided stays so whatever the unknown facts of the rule turn out to be.
        """
        if self.known(rule) is not None:
            return
        if rule in self.facts:
            yield rule
            return
        for part in (*rule.parts, *filter(None, [self.guards.get(rule)])):
            yield from self._undecided(part)

    def known(self, rule: Rule) -> Outcome:
        """What a rule evaluates to whatever the unknown facts are; `None` if they matter to it."""
        if rule not in self._known:
            self._known[rule] = _evaluated(self.rules_of(self.claim)[id(rule)], self.claim)
        return self._known[rule]

    def _share(self, count: dict[str, int], items: dict[Rule, Mapping[str, Item]]) -> None:
        """Find the facts that several rules share, but for those that sums settle."""
        self.clusters = tuple(self._clusters(items))
        for cluster in self.clusters:
            for path in cluster.facts:
                del count[path]
            for path in cluster.others:
                count[path] += 1  # held fixed, because the sums are of one law at a time
        self.shared = [path for path, times in count.items() if times > 1]

    def _clusters(self, items: dict[Rule, Mapping[str, Item]]) -> Iterator[Cluster]:
        """The rules that sums decide, those that share facts of items together."""
        groups: list[tuple[set[str], list[Rule]]] = []
        for leaf, found in items.items():
            facts = {path for path in self.facts[leaf] if item_of(path, found)}
            if not facts:
                continue
            leaves = [leaf]
            for group in [each for each in groups if each[0] & facts]:
                facts |= group[0]
                leaves = [*group[1], *leaves]
                groups.remove(group)
            groups.append((facts, leaves))
        for facts, leaves in groups:
            cluster = self._cluster(facts, tuple(leaves), items)
            if cluster is not None:
                yield cluster

    def _cluster(
        self, facts: set[str], leaves: tuple[Rule, ...], items: dict[Rule, Mapping[str, Item]]
    ) -> Cluster | None:
        """Rules and the facts of items that they share, if sums over these decide them."""
        found = items[leaves[0]]
        read = {path for leaf in leaves for path in self.facts[leaf]}
        elsewhere = {p for leaf in self._leaves if leaf not in leaves for p in self.facts[leaf]}
        by_item: dict[str, list[tuple[Any, ...]]] = {}
        for path in facts:
            by_item.setdefault(item_of(path, found) or "", []).append(self.samples[path])
        if (
            facts & elsewhere
            or any(frozenset(items[leaf]) != frozenset(found) for leaf in leaves)
            or any(size_of(samples) > COMPLETIONS for samples in by_item.values())
        ):
            return None
        kinds = {p: f.declared.kind for leaf in leaves for p, f in self.facts[leaf].items()}
        flags = [flag.path for path in read for flag in self.flags.get(path, ())[1:]]
        cluster = Cluster(
            leaves=leaves,
            items=found,
            facts=[path for path in self.samples if path in facts],
            others=read - facts,
            samples=self.samples,
            claim_with=self._claim_with,
            rules_of=self.rules_of,
            down=[path for path in flags if item_of(path, found)],
            measured=[path for path in facts if kinds[path] is Kind.MONEY],
        )
        return cluster if cluster.is_summed else None

    def _values_of(
        self, unknown: UnknownFact, samplers: list[Derived], breakpoints: set[Any]
    ) -> tuple[Any, ...]:
        """The values of an unknown fact to try."""
        given = [v for each in samplers for v in each.samples(unknown, self.claim, self.law)]
        if unknown.declared.kind is not Kind.DAY:
            return tuple(dict.fromkeys(given)) or samples_of(unknown, breakpoints, self.law)
        # What is known of other days may leave only days between two of them.
        known = set(known_days(self.claim))
        return samples_of(unknown, breakpoints | set(given) | known, self.law)

    def _add_an_early_day(self) -> None:
        """Let every unknown day be as early as any, so that late ones of it rule nothing out."""
        days = {path: v for path, v in self.samples.items() if v and isinstance(v[0], date)}
        earliest = min((value for values in days.values() for value in values), default=None)
        for path, values in days.items():
            if earliest not in values and self._possible(path, earliest):
                self.samples[path] = (*values, earliest)

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
        self.flags[flags[0].path] = tuple(flags)
        return tuple(fact for fact in found if fact not in flags[1:])

    def _expanded(self, assignment: Assignment) -> dict[str, Any]:
        """The assignment with every collapsed flag: down, unless the one that represents all."""
        full = dict(assignment)
        for path, flags in self.flags.items():
            if path in assignment:
                full.update((flag.path, False) for flag in flags[1:])
        return full

    def _possible(self, path: str, value: Any) -> bool:
        """Whether a value agrees with what is known, and with the days the law covers."""
        try:
            self.bind(self._claim_with({path: value}))
        except EvcreditError:
            return False
        return True

    @property
    def unknown(self) -> tuple[UnknownFact, ...]:
        """Every unknown fact that may matter, in the order of the rules that read it."""
        every: dict[str, UnknownFact] = {}
        for facts in self.facts.values():
            every.update(facts)
        if len(every) < 2:
            return tuple(every.values())
        # A rule that is decided by another is the first to read some, and is not looked at.
        here = self.rules_of(self.claim)
        order: dict[str, None] = {}
        for leaf in self.facts:
            if self.known(leaf) is None:
                order |= dict.fromkeys(self._unknown_of(leaf, self.claim, here))
        return tuple(every[path] for path in order if path in every)

    def _unknown_of(self, leaf: Rule, claim: Any, rules: Mapping[int, BoundRule]) -> Iterator[str]:
        """The paths of the unknown facts of a claim that affect a rule, in order."""
        binding = rules[id(leaf)].binding
        for each in _reads(leaf, self.law):
            for unknown in each.unknown_in(claim, binding):
                yield unknown.path

    def rules_of(self, claim: Any) -> Mapping[int, BoundRule]:
        """The bound rules of a claim, by the identity of the rule."""
        bound = self.bind(claim)
        if bound not in self._bound:
            self._bound[bound] = _by_rule(bound, self.top)
        return self._bound[bound]

    def outcome(self, leaf: Rule, assignment: Assignment) -> Outcome:
        """What a rule evaluates to where some facts have the given values.

        Values that cannot all be true together make `IMPOSSIBLE`.
        """
        assignment = self.alike(leaf, assignment)
        key = (leaf, frozenset(assignment.items()))
        if key not in self._outcomes:
            try:
                self._outcomes[key] = self._outcome_anew(leaf, assignment)
            except EvcreditError:
                self._outcomes[key] = IMPOSSIBLE
        return self._outcomes[key]

    def bearing(self, leaf: Rule, assignment: Assignment) -> Collection[str]:
        """The facts that affect what a rule evaluates to, where some facts have values."""
        if len(self.facts[leaf]) - len(assignment) < 2:
            return self.facts[leaf]
        key = (leaf, frozenset(assignment.items()))
        if key not in self._bearing:
            try:
                self._bearing[key] = self._bearing_anew(leaf, assignment)
            except EvcreditError:
                self._bearing[key] = frozenset()
        return self._bearing[key]

    def _bearing_anew(self, leaf: Rule, assignment: Assignment) -> frozenset[str]:
        claim = self._claim_with(assignment)
        paths = self._unknown_of(leaf, claim, self.rules_of(claim))
        return frozenset(paths) & self.facts[leaf].keys()

    def alike(self, leaf: Rule, assignment: Assignment) -> Assignment:
        """The same values, with one day for all that the rule cannot tell apart.

        That costs a little, which only a rule with many completions is worth.
        """
        if not assignment:
            return assignment
        if leaf not in self._stretches:
            samples = {path: self.samples[path] for path in self.facts[leaf]}
            found = None
            if size_of(samples.values()) > _MANY:
                found = Stretches(leaf, samples, partial(self._bound_with, leaf))
            self._stretches[leaf] = found
        stretches = self._stretches[leaf]
        return assignment if stretches is None else stretches.alike(assignment)

    def _bound_with(self, leaf: Rule, assignment: Assignment) -> BoundRule | None:
        """A rule where some facts have the given values; `None` if they cannot all be true."""
        try:
            return self.rules_of(self._claim_with(assignment))[id(leaf)]
        except EvcreditError:
            return None

    def _outcome_anew(self, leaf: Rule, assignment: Assignment) -> Any:
        claim = self._claim_with(assignment)
        return _evaluated(self.rules_of(claim)[id(leaf)], claim)

    def _claim_with(self, assignment: Assignment) -> Any:
        """The claim with some facts filled in; where they are few, many rules require the same."""
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
                self._parts[key] = filled_in(getattr(self.claim, head), inner)
            here[head] = self._parts[key]
        return attrs.evolve(self.claim, **here)

    def amount_where(self, assignment: Assignment) -> Any:
        """The minimum and the maximum amount where some facts have the given values.

        Values that cannot all be true together make `IMPOSSIBLE`.
        """
        key = frozenset(assignment.items())
        if key not in self._amounts:
            try:
                claim = self._claim_with(assignment)
                bound = self.rules_of(claim)
                self._amounts[key] = self.amount(
                    *(_evaluated(bound[id(root)], claim) for root in self.roots)
                )
            except EvcreditError:
                self._amounts[key] = IMPOSSIBLE
        return self._amounts[key]

    def is_settled(self, assignment: Assignment) -> bool:
        """Whether no other fact can change the amount; so it is where no values are possible."""
        return _is_exact(self.amount_where(assignment))

    def assignments(self, paths: Iterable[str]) -> Iterator[dict[str, Any]]:
        """Every combination of the values to try for some facts."""
        paths = list(paths)
        for values in itertools.product(*(self.samples[path] for path in paths)):
            yield dict(zip(paths, values, strict=True))


@lru_cache(maxsize=1024)
def _by_rule(bound: tuple[BoundRule, ...], top: Rule) -> Mapping[int, BoundRule]:
    """Bound rules, and whether composite ones are in force, by the identity of the rule."""
    found = {id(each.rule): each for one in bound for each in one.walk()}
    for rule, guard in guards_of(top).items():
        found[id(guard)] = bind(guard, found[id(rule)].binding)
    return ReadOnlyDict(found)


def _is_exact(amount: Any) -> bool:
    """Whether an amount is one, and not a minimum and a maximum or open."""
    return amount[0] == amount[1] if isinstance(amount, tuple) else amount is not None


def _evaluated(bound: BoundRule, claim: Any) -> Outcome:
    """What a rule evaluates to on a claim, `None` if that is open."""
    if not bound.applies:  # open: true or absent, which is not the same everywhere
        return None if bound.applies is None else ABSENT
    outcome: Any = bound.run(claim)
    if isinstance(outcome, Bounds):
        outcome = outcome.lower if outcome.is_exact else None
    evaluated: Outcome = outcome
    return evaluated


def _reads(rule: Rule, law: Any) -> Iterator[Input]:
    """The facts a rule reads; a day only if the schedule read on it changes at all."""
    for each in rule.walk():
        for expression in each.expressions():
            yield from _reads_of(expression, law)


def _reads_of(node: Expression | Operand, law: Any) -> Iterator[Input]:
    if isinstance(node, Fact | Derived):
        yield node
    elif isinstance(node, TableLookup):
        yield node.key
        yield from _reads_of(node.parameter, law)
    elif isinstance(node, Parameter):
        if node.day is not None and len(getattr(law, node.name).standing) > 1:
            yield node.day
    else:
        for operand in node.operands():
            yield from _reads_of(operand, law)


def size_of(samples: Iterable[tuple[Any, ...]]) -> int:
    """How many combinations there are of values, one of each."""
    size = 1
    for each in samples:
        size *= len(each)
    return size
