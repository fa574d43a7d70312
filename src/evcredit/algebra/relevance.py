"""Which unknown facts matter: those whose value changes the amount in some completion."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from evcredit.algebra.completion import COMPLETIONS, Assignment, Completion, size_of
from evcredit.algebra.outcome import ABSENT, IMPOSSIBLE, JOIN, Outcome, inverse_of
from evcredit.algebra.path import UnknownFact
from evcredit.algebra.rule import Rule
from evcredit.algebra.summed import Vector
from evcredit.algebra.topic import Mode

__all__ = ["COMPARISONS", "Relevance"]

#: The most comparisons of two values of a fact, those of all facts together, before facts that
#: several rules share are taken as each rule's own.
COMPARISONS = 2048

#: What a rule evaluates to under two assignments.
Pair = tuple[Outcome, Outcome]


class Relevance:
    """Which unknown facts of a claim matter.

    Args:
        of: The analysis of the claim.
    """

    def __init__(self, of: Completion) -> None:
        self._of = of
        #: What a rule evaluates to, for the values given of the facts that it reads.
        self._told: dict[tuple[Any, ...], frozenset[Pair]] = {}
        #: Which of the facts that have values each rule reads, for one case of one question.
        self._names: dict[Rule, tuple[str, ...]] = {}
        #: What the rules evaluate to that do not read the fact in question, as long as the
        #: facts that several rules share stay as they are.
        self._unmoved: dict[Rule, frozenset[Pair]] = {}
        self._found: tuple[UnknownFact, ...] | None = None
        self._compared = 0
        self._amounts: dict[tuple[Outcome, ...], Any] = {}
        #: What follows from what parts evaluate to: many values of facts lead to the same.
        self._joined: dict[tuple[Mode, tuple[frozenset[Pair], ...]], frozenset[Pair]] = {}
        self._differ: dict[tuple[frozenset[Pair], ...], bool] = {}
        self._sides: dict[tuple[Any, ...], frozenset[Pair]] = {}
        self._read: dict[Rule, frozenset[str]] = {}
        self._turned: dict[tuple[Any, ...], bool] = {}
        #: For each rule that sums decide, its cluster, by name, and its place in it.
        self._summed = {
            leaf: (f"#{number}", place)
            for number, cluster in enumerate(of.clusters)
            for place, leaf in enumerate(cluster.leaves)
        }

    def missing(self) -> tuple[UnknownFact, ...]:
        """The unknown facts whose value changes the amount in some completion of the others."""
        if self._found is None:
            found: list[UnknownFact] = []
            for fact in self._of.unknown:
                if self._matters(fact.path):
                    found += self._of.flags.get(fact.path, (fact,))
            self._found = tuple(found)
        return self._found

    def _matters(self, path: str) -> bool:
        in_doubt = False
        for fixed, apart in self._of.cases(path, lambda: self._compared < COMPARISONS):
            self._names.clear()  # which facts have values differs from case to case
            self._unmoved.clear()
            for pair, moved, possible in self._sides_of(path, fixed):
                known = apart and possible
                if (known or not in_doubt) and self._turns(pair, moved):
                    if known:
                        return True
                    in_doubt = True
        if in_doubt:
            self._of.limited.add("missing")
        return in_doubt

    def _sides_of(
        self, path: str, fixed: Assignment
    ) -> Iterator[tuple[tuple[Assignment, Assignment], frozenset[str], bool]]:
        """Two assignments that differ in a fact alone, and in what follows from it by sums.

        What the rules of a cluster evaluate to is given like a fact of its own. With the two come
        the names of what differs, and whether it is certain that they are possible.
        """
        names = {f"#{place}": each for place, each in enumerate(self._of.clusters)}
        own = next((name for name, each in names.items() if path in each.facts), None)
        if own is None:
            read = frozenset(name for name, each in names.items() if path in each.others)
            values = [{**fixed, path: value} for value in self._of.samples[path]]
            sides: list[tuple[Assignment, Assignment]] = [
                pair for pair in itertools.combinations(values, 2) if not self._of.is_equal(*pair)
            ]
        else:
            read = frozenset()
            sides = [(fixed, fixed)]
        moved = read | {path if own is None else own}
        for one, other in sides:
            given: list[Iterable[tuple[tuple[Vector, Vector], bool]]] = []
            for name, each in names.items():
                if name == own:
                    given.append(each.turned_by(path, fixed).items())
                elif name in read:
                    given.append(each.pairs(one, other).items())
                else:
                    found = each.outcomes(fixed).items()
                    given.append([((vector, vector), known) for vector, known in found])
            for chosen in itertools.product(*given):
                left = {name: both[0] for name, (both, _) in zip(names, chosen, strict=True)}
                right = {name: both[1] for name, (both, _) in zip(names, chosen, strict=True)}
                known = all(known for _, known in chosen)
                yield ({**one, **left}, {**other, **right}), moved, known

    def _turns(self, pair: tuple[Assignment, Assignment], moved: frozenset[str]) -> bool:
        """Whether the amount can differ between two assignments.

        Many facts of items lead to the same ones.
        """
        self._compared += 1
        if not self._of.clusters:
            return self._turns_anew(pair, moved)
        key = (*(frozenset(side.items()) for side in pair), moved)
        if key not in self._turned:
            self._unmoved.clear()
            self._turned[key] = self._turns_anew(pair, moved)
        return self._turned[key]

    def _turns_anew(self, pair: tuple[Assignment, Assignment], moved: frozenset[str]) -> bool:
        truths = tuple(self._pairs(root, pair, moved) for root in self._of.roots)
        if truths not in self._differ:
            self._differ[truths] = self._amounts_differ(truths)
        return self._differ[truths]

    def _amounts_differ(self, truths: tuple[frozenset[Pair], ...]) -> bool:
        """Whether what the roots evaluate to on both sides can make two amounts."""
        if all(left == right for pairs in truths for left, right in pairs):
            return False  # the same outcomes make the same amount
        return any(
            self._amount(tuple(left for left, _ in both))
            != self._amount(tuple(right for _, right in both))
            for both in itertools.product(*truths)
        )

    def _amount(self, outcomes: tuple[Outcome, ...]) -> Any:
        """The amount that outcomes of the roots make, computed once."""
        if outcomes not in self._amounts:
            self._amounts[outcomes] = self._of.amount(*outcomes)
        return self._amounts[outcomes]

    def _pairs(
        self, rule: Rule, pair: tuple[Assignment, Assignment], moved: frozenset[str]
    ) -> frozenset[Pair]:
        """What a rule can evaluate to under both assignments, the rest being the same."""
        if rule in self._unmoved:
            return self._unmoved[rule]
        one, other = pair
        if rule not in self._names:
            self._names[rule] = tuple(self._read_by(rule).intersection(one))
        names = self._names[rule]
        key: tuple[Any, ...] = (rule, names, *map(one.get, names))
        if is_moved := not moved.isdisjoint(names):
            key += (moved, *map(other.get, names))
        if key not in self._told:
            self._told[key] = self._pairs_anew(rule, pair, moved)
        if not is_moved:
            # A rule that does not read the fact amounts to the same on both sides.
            self._unmoved[rule] = self._told[key]
        return self._told[key]

    def _read_by(self, rule: Rule) -> frozenset[str]:
        """The paths of the unknown facts that a rule and its parts read."""
        if rule not in self._read:
            if rule in self._summed:
                self._read[rule] = frozenset({self._summed[rule][0]})
            elif rule in self._of.facts:
                self._read[rule] = frozenset(self._of.facts[rule])
            else:
                parts = [*rule.parts, *filter(None, [self._of.guards.get(rule)])]
                self._read[rule] = frozenset().union(*map(self._read_by, parts))
        return self._read[rule]

    def _pairs_anew(
        self, rule: Rule, pair: tuple[Assignment, Assignment], moved: frozenset[str]
    ) -> frozenset[Pair]:
        if rule in self._of.facts:
            return self._leaf_pairs(rule, pair, moved)
        inside = self._pairs_of_parts(rule, pair, moved)
        if rule not in self._of.guards:
            return inside
        guarded = self._pairs(self._of.guards[rule], pair, moved)
        return frozenset(
            (one if first else ABSENT, other if second else ABSENT)
            for first, second in guarded
            for one, other in inside
        )

    def _pairs_of_parts(
        self, rule: Rule, pair: tuple[Assignment, Assignment], moved: frozenset[str]
    ) -> frozenset[Pair]:
        parts = tuple(self._pairs(part, pair, moved) for part in rule.parts)
        key = (rule.mode, parts)
        if key not in self._joined:
            self._joined[key] = _joined(rule.mode, parts)
        return self._joined[key]

    def _leaf_pairs(
        self, leaf: Rule, pair: tuple[Assignment, Assignment], moved: frozenset[str]
    ) -> frozenset[Pair]:
        if leaf in self._summed:
            name, place = self._summed[leaf]
            return frozenset({(pair[0][name][place], pair[1][name][place])})
        facts = self._of.facts[leaf]
        sides = [
            self._of.alike(leaf, {name: value for name, value in side.items() if name in facts})
            for side in pair
        ]
        key = (leaf, moved.isdisjoint(facts), *(frozenset(side.items()) for side in sides))
        if key not in self._sides:
            self._sides[key] = self._pairs_of_sides(leaf, sides, moved)
        return self._sides[key]

    def _pairs_of_sides(
        self, leaf: Rule, sides: list[Assignment], moved: frozenset[str]
    ) -> frozenset[Pair]:
        facts = self._of.facts[leaf]
        decided = [self._of.outcome(leaf, side) for side in sides]
        if None not in decided:
            both = frozenset({(decided[0], decided[1])})
            return frozenset() if IMPOSSIBLE in decided else both
        free = [name for name in facts if name not in sides[0]]
        if size_of(self._of.samples[name] for name in free) > COMPLETIONS:
            self._of.limited.add("missing")
            ends: list[Outcome] = [True, False]
            if not moved.isdisjoint(facts):
                return frozenset(itertools.product(ends, ends))
            return frozenset((end, end) for end in ends)
        found = set()
        for rest in self._of.assignments(free):
            one = self._of.outcome(leaf, {**sides[0], **rest})
            other = one if sides[0] == sides[1] else self._of.outcome(leaf, {**sides[1], **rest})
            if IMPOSSIBLE not in (one, other):
                found.add((one, other))
        return frozenset(found)


def _joined(mode: Mode, parts: tuple[frozenset[Pair], ...]) -> frozenset[Pair]:
    """What a rule evaluates to whose parts evaluate to these, each independent of the others."""
    if mode is Mode.NOT:
        return frozenset((inverse_of(one), inverse_of(other)) for one, other in parts[0])
    join = JOIN[mode]
    together = parts[0]
    for part in parts[1:]:
        together = frozenset(
            (join(one, more), join(other, less)) for one, other in together for more, less in part
        )
    return together
