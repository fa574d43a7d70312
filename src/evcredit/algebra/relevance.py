"""Which unknown facts matter: those whose value changes the amount in some completion."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from math import isqrt
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
#: The most of them for one fact before the others have had their turn.
FIRST = 128
#: The most completions of one rule where a look may be rough: one more may be said to matter.
ROUGHLY = 64
#: Up to so many facts it costs less to try them than to find out which of them have an effect.
_FEW = 2
#: More dollars than there are limits of a credit.
_VAST = 10**9

#: Rules that are open, and the unknown facts that affect each.
Undecided = Sequence[tuple[Rule, Collection[str]]]
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
        #: How many comparisons there may be before facts are taken as each rule's own.
        self._most = 0
        #: The most completions of one rule that are tried.
        self._tried = COMPLETIONS
        #: The facts that more comparisons may decide, in order.
        self._unfinished: dict[str, None] = {}
        #: Whether the fact that is looked at may matter.
        self._in_doubt = False
        #: Values of facts, by path, with which others matter.
        self._first: dict[str, tuple[Any, ...]] = {}
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
            facts, most = self._of.unknown, FIRST
            known = {fact.path: self._matters(fact.path, most) for fact in facts}
            # A fact that takes long leaves comparisons for others, and they may find where to look.
            while self._unfinished and self._compared < COMPARISONS:
                most *= 2
                for path in tuple(self._unfinished):
                    known[path] = self._matters(path, most)
            if None in known.values():
                self._of.limited.add("missing")
            self._found = tuple(
                each
                for fact in facts
                if known[fact.path] is not False
                for each in self._of.flags.get(fact.path, (fact,))
            )
        return self._found

    def _matters(self, path: str, most: int) -> bool | None:
        """Whether a fact matters; `None` if so many comparisons leave it open."""
        self._most = min(self._compared + most, COMPARISONS)
        self._unfinished.pop(path, None)
        left = [each for each in self._of.shared if each != path]
        rules = [(leaf, self._of.facts[leaf]) for leaf in self._of.open]
        # First with the values with which others mattered, then with all but one of these.
        for others in (0, 1, None):
            self._in_doubt = False
            if self._is_turned(path, {}, left, rules, others):
                return True
        if self._in_doubt and self._compared >= self._most:
            self._unfinished[path] = None
        return None if self._in_doubt else False

    def _is_turned(
        self,
        path: str,
        fixed: dict[str, Any],
        left: Sequence[str],
        before: Undecided,
        others: int | None,
    ) -> bool:
        """Whether it is certain that a fact changes the amount, some others being fixed.

        One that several open rules share is fixed at one value after the other, unless the amount
        stays the same even where each rule has that fact to itself.

        Args:
            path: The fact.
            fixed: Values of facts that several rules share.
            left: Such facts that have no value.
            before: The rules that were open before the last of them was fixed.
            others: How many may have other values than those tried first; `None` for all.
        """
        if self._of.is_settled(fixed):
            return False
        undecided = self._undecided(fixed, before)
        readers = Counter(each for _, facts in undecided for each in facts)
        if not readers[path]:
            return False
        # The sums are of one law at a time, so what else their rules read always has a value.
        leaves = {leaf for leaf, _ in undecided}
        open_clusters = (c for c in self._of.clusters if not leaves.isdisjoint(c.leaves))
        always = {each for cluster in open_clusters for each in cluster.others}
        needed = [each for each in left if each in always]
        if not needed:
            needed = [each for each in left if readers[each] > 1]
            goes_on = bool(needed) and self._compared < self._most
            if not goes_on:
                exactly = not needed and not self._are_too_many(undecided, {*fixed, path})
                tried = ROUGHLY if needed else COMPLETIONS
                return self._is_turned_at_last(path, fixed, tried, exactly=exactly)
            straight = others == 0 or (others is not None and fixed)
            if not straight and self._turned_with(path, fixed, ROUGHLY) is False:
                return False
        chosen = max(needed, key=lambda each: readers[each])
        rest = [each for each in left if each != chosen]
        for place, value in enumerate(self._values(chosen)):
            more = others if others is None or not place else others - 1
            if more == -1:
                break
            if self._is_turned(path, {**fixed, chosen: value}, rest, undecided, more):
                return True
        return False

    def _undecided(self, fixed: Assignment, before: Undecided) -> Undecided:
        """The rules that are open where some facts have values, of those that were before."""
        found: list[tuple[Rule, Collection[str]]] = []
        for leaf, facts in before:
            given = {path: value for path, value in fixed.items() if path in facts}
            if self._of.outcome(leaf, given) is None:
                found.append((leaf, self._of.bearing(leaf, given)))
        return found

    def _is_turned_at_last(
        self, path: str, fixed: Assignment, tried: int, *, exactly: bool
    ) -> bool:
        """The same where no more facts are fixed, by so many completions of a rule at most."""
        if self._in_doubt and not exactly:
            return False  # it would say no more
        turned = self._turned_with(path, fixed, tried)
        if turned and exactly:
            return True
        self._in_doubt |= turned is not False
        return False

    def _are_too_many(self, rules: Undecided, fixed: Collection[str]) -> bool:
        """Whether a rule has more completions than are tried, where some facts have values."""
        return any(
            size_of(self._of.samples[each] for each in facts if each not in fixed) > COMPLETIONS
            for leaf, facts in rules
            if leaf not in self._summed
        )

    def _turned_with(self, path: str, fixed: Assignment, tried: int) -> bool | None:
        """Whether a fact can change the amount with values of others; `None` if that is open.

        Args:
            path: The fact.
            fixed: The values.
            tried: The most completions of one rule that are tried.
        """
        self._names.clear()  # which facts have values differs from case to case
        self._unmoved.clear()
        self._tried = tried
        roughly = tried < COMPLETIONS
        in_doubt = False
        for pair, moved, possible in self._sides_of(path, fixed):
            if (possible or not in_doubt) and self._turns(pair, moved):
                if roughly:
                    return None
                if possible:
                    self._first_of_all(pair)
                    return True
                in_doubt = True
        return None if in_doubt else False

    def _first_of_all(self, sides: Iterable[Assignment]) -> None:
        """Try values first from now on: where one fact matters, others are likely to."""
        for side in sides:
            for path, value in side.items():
                if path in self._of.samples:
                    before = self._first.get(path, ())
                    self._first[path] = (value, *(each for each in before if each != value))

    def _values(self, path: str) -> Iterator[Any]:
        """The values of a fact to try: those that led to something, then some far apart."""
        first = self._first.get(path, ())
        values = self._of.samples[path]
        step = max(1, isqrt(len(values)))
        spread = (value for start in range(step) for value in values[start::step])
        return itertools.chain(first, (value for value in spread if value not in first))

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
            sides: Iterable[tuple[Assignment, Assignment]] = self._unequal(path, fixed)
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

    def _unequal(self, path: str, fixed: Assignment) -> Iterator[tuple[Assignment, Assignment]]:
        """Every two values of a fact, unless they surely amount to the same."""
        before: list[tuple[Assignment, Any]] = []
        for value in self._values(path):
            here = {**fixed, path: value}
            amount = self._of.amount_where(here)
            if amount == IMPOSSIBLE:
                continue
            settled = self._of.is_settled(here)
            for other, theirs in before:
                if not settled or amount != theirs:
                    yield other, here
            before.append((here, amount))

    def _turns(self, pair: tuple[Assignment, Assignment], moved: frozenset[str]) -> bool:
        """Whether the amount can differ between two assignments.

        Many facts of items lead to the same ones.
        """
        self._compared += 1
        if not self._of.clusters:
            return self._turns_anew(pair, moved)
        key = (self._tried, *(frozenset(side.items()) for side in pair), moved)
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
        known = self._of.known(rule)
        if known is not None:
            return frozenset({(known, known)})
        if rule in self._unmoved:
            return self._unmoved[rule]
        one, other = pair
        if rule not in self._names:
            self._names[rule] = tuple(self._read_by(rule).intersection(one))
        names = self._names[rule]
        key: tuple[Any, ...] = (rule, self._tried, names, *map(one.get, names))
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
        key = (
            leaf,
            self._tried,
            moved.isdisjoint(facts),
            *(frozenset(side.items()) for side in sides),
        )
        if key not in self._sides:
            self._sides[key] = self._pairs_of_sides(leaf, sides, moved)
        return self._sides[key]

    def _pairs_of_sides(
        self, leaf: Rule, sides: list[Assignment], moved: frozenset[str]
    ) -> frozenset[Pair]:
        free = self._free(leaf, sides, self._of.facts[leaf])
        if size_of(self._of.samples[name] for name in free) > self._tried:
            decided = [self._of.outcome(leaf, side) for side in sides]
            if None in decided:
                return _anything(leaf, is_moved=not moved.isdisjoint(self._of.facts[leaf]))
        return frozenset(self._decided(leaf, sides[0], sides[1], free))

    def _decided(
        self, leaf: Rule, one: Assignment, other: Assignment, free: Sequence[str]
    ) -> Iterator[Pair]:
        """What a rule evaluates to under both assignments, whatever the rest of its facts is."""
        pair = self._of.outcome(leaf, one), self._of.outcome(leaf, other)
        if IMPOSSIBLE in pair:
            return
        if None not in pair or not free:
            yield pair
            return
        first, *rest = self._free(leaf, (one, other), free) if len(free) > _FEW else free
        for value in self._of.samples[first]:
            more = {first: value}
            yield from self._decided(leaf, {**one, **more}, {**other, **more}, rest)

    def _free(self, leaf: Rule, sides: Iterable[Assignment], facts: Iterable[str]) -> list[str]:
        """Those of some facts that affect a rule and have no value."""
        found = {
            path for side in sides for path in self._of.bearing(leaf, side) if path not in side
        }
        return [path for path in facts if path in found]


def _anything(leaf: Rule, *, is_moved: bool) -> frozenset[Pair]:
    """All that a rule might evaluate to on two sides; on both the same unless it is moved."""
    ends: list[Outcome] = [0, 1, _VAST] if leaf.mode is Mode.AMOUNT else [True, False]
    if leaf.in_force is not None:
        ends.append(ABSENT)
    return frozenset(itertools.product(ends, ends) if is_moved else zip(ends, ends, strict=True))


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
