"""Which unknown facts would settle a verdict: certificates of what holds, whatever the rest is."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any, NamedTuple

from evcredit.algebra.completion import COMPLETIONS, Completion, size_of
from evcredit.algebra.outcome import ABSENT, IMPOSSIBLE, MET, NOT_MET, Outcome, inverse_of
from evcredit.algebra.rule import Rule
from evcredit.algebra.topic import Mode
from evcredit.algebra.verdict import Verdict
from evcredit.errors import InvalidFactError

__all__ = ["CASES", "CERTIFICATES", "Certificates"]

#: The most settling sets kept.
CERTIFICATES = 1024
#: The most pairs of proofs of two rules that are joined.
PAIRS = 65_536
#: The most proofs for one value of a shared fact that are taken together with those of others.
CASES = 64


_by_path = itemgetter(0)


class _Certificate(NamedTuple):
    """Facts that settle a rule, with the values of those that other rules read too."""

    paths: frozenset[str]
    shared: tuple[tuple[str, Any], ...] = ()

    def joined(self, others: Iterable[_Certificate]) -> Iterator[_Certificate]:
        """This together with each of the others that does not need another value of a fact."""
        values = dict(self.shared)
        for other in others:
            more = False
            for path, value in other.shared:
                if path not in values:
                    more = True
                elif values[path] != value:
                    break
            else:
                shared = self.shared
                if more:
                    shared = tuple(sorted({*shared, *other.shared}, key=_by_path))
                yield _Certificate(self.paths | other.paths, shared)

    def without(self, path: str) -> _Certificate:
        """The value with nothing said of one fact."""
        return _Certificate(
            self.paths - {path}, tuple(item for item in self.shared if item[0] != path)
        )


class Certificates:
    """Sets of unknown facts that would settle what a claim amounts to.

    Args:
        of: The analysis of the claim.
    """

    def __init__(self, of: Completion) -> None:
        self._of = of
        self._proved: dict[tuple[Rule, frozenset[Outcome]], tuple[list[_Certificate], bool]] = {}
        #: Whether proofs were omitted of what is looked at, so that there may be others.
        self._cut = False

    def settling(self, verdict: Verdict) -> tuple[frozenset[str], ...]:
        """The minimal sets of unknown facts that, with suitable values, prove a verdict.

        Args:
            verdict: `MET` or `NOT_MET`.

        Returns:
            Sets of paths, smallest first; the empty set alone if nothing more is needed, and
            nothing at all if no values of the unknown facts lead there.

        Raises:
            InvalidFactError: `UNKNOWN` cannot be proved.
        """
        if verdict is Verdict.UNKNOWN:
            remedy = "ask what would settle MET or NOT_MET; more facts never prove unknown"
            raise InvalidFactError("verdict", verdict.value, remedy)
        wanted = MET if verdict is Verdict.MET else NOT_MET
        self._cut = False
        certificates = self._without_cases(self._certificates(self._of.top, wanted))
        if self._cut:
            self._of.limited.add("settling")
        sets = {paths for certificate in certificates for paths in self._paths(certificate)}
        minimal = [each for each in sets if not any(other < each for other in sets)]
        return tuple(sorted(minimal, key=lambda paths: (len(paths), sorted(paths))))

    def _without_cases(self, certificates: list[_Certificate]) -> list[_Certificate]:
        """The same, and proofs that hold whatever a shared fact is, because each value has one."""
        for path in self._of.shared:
            together = [_Certificate(frozenset())]
            for value in self._of.samples[path]:
                here = [one.without(path) for one in certificates if (path, value) in one.shared]
                if len(here) > CASES:
                    self._cut = True
                both = [each for one in together for each in one.joined(here[:CASES])]
                together = self._capped(both)[:CASES]
            certificates = self._capped([*certificates, *together])
        return certificates

    def _paths(self, certificate: _Certificate) -> Iterator[frozenset[str]]:
        """The sets a certificate represents: all collapsed flags down, or any one of them up."""
        values = dict(certificate.shared)
        choices: list[list[tuple[str, ...]]] = [[tuple(certificate.paths - self._of.flags.keys())]]
        for path in sorted(certificate.paths & self._of.flags.keys()):
            names = tuple(flag.path for flag in self._of.flags[path])
            choices.append([(name,) for name in names] if values[path] else [names])
        for chosen in itertools.product(*choices):
            yield frozenset(name for names in chosen for name in names)

    def _certificates(self, rule: Rule, wanted: frozenset[Outcome]) -> list[_Certificate]:
        """Proofs that a rule evaluates to one of the wanted outcomes."""
        key = (rule, wanted)
        if key not in self._proved:
            before, self._cut = self._cut, False
            found = self._certificates_anew(rule, wanted)
            if _Certificate(frozenset()) in found:
                found, self._cut = [_Certificate(frozenset())], False  # it needs no other proof
            self._proved[key] = found, self._cut
            self._cut = before
        found, cut = self._proved[key]
        self._cut |= cut
        return found

    def _certificates_anew(self, rule: Rule, wanted: frozenset[Outcome]) -> list[_Certificate]:
        known = self._of.known(rule)
        if known is not None:
            return [_Certificate(frozenset())] if known in wanted else []
        if rule in self._of.facts:
            return self._leaf_certificates(rule, wanted)
        inside = self._certificates_of_parts(rule, wanted)
        if rule not in self._of.guards:
            return inside
        guard = self._of.guards[rule]
        if ABSENT in wanted:
            # Out of force it is as wanted, and in force too with what proves its parts.
            return self._capped([*inside, *self._certificates(guard, NOT_MET)])
        in_force = self._certificates(guard, MET)
        return self._capped([both for one in inside for both in one.joined(in_force)])

    def _certificates_of_parts(self, rule: Rule, wanted: frozenset[Outcome]) -> list[_Certificate]:
        if rule.mode is Mode.NOT:
            return self._certificates(rule.parts[0], frozenset(map(inverse_of, wanted)))
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
        return self._of.rules_of(self._of.claim)[id(rule)].applies is True

    def _each(
        self, parts: tuple[Rule, ...], wanted: frozenset[Outcome], chosen: Rule | None = None
    ) -> list[_Certificate]:
        """Proofs for all parts together; a chosen one is in force besides."""
        together, before = [_Certificate(frozenset())], self._cut
        for part in parts:
            proofs = self._certificates(part, wanted - {ABSENT} if part is chosen else wanted)
            if not proofs:
                self._cut = before  # however many there are of the other parts
                return []
            fitting = self._fitting(together, proofs)
            together = self._capped([both for one in together for both in one.joined(fitting)])
        return together

    def _fitting(self, these: list[_Certificate], others: list[_Certificate]) -> list[_Certificate]:
        """The others to join with these: the smallest where the pairs are too many."""
        count = len(others)
        while len(these) * count > PAIRS:
            count = PAIRS // len(these)
            self._cut = True
        return sorted(others, key=lambda one: len(one.paths))[:count]

    def _capped(self, certificates: list[_Certificate]) -> list[_Certificate]:
        distinct = list(dict.fromkeys(certificates))
        distinct.sort(key=lambda each: len(each.paths))
        if len(distinct) > CERTIFICATES:
            self._cut = True
        return distinct[:CERTIFICATES]

    def _leaf_certificates(self, leaf: Rule, wanted: frozenset[Outcome]) -> list[_Certificate]:
        facts = list(self._of.facts[leaf])
        now = self._of.outcome(leaf, {})
        if now is not None or not facts:
            return [_Certificate(frozenset())] if now in wanted else []
        summed = self._proofs_by_sums(leaf, wanted)
        if summed is not None:
            return summed
        if size_of(self._of.samples[path] for path in facts) > COMPLETIONS:
            self._cut = True
            return [_Certificate(frozenset(facts))]
        outcomes = []
        for assignment in self._of.assignments(facts):
            outcome = self._of.outcome(leaf, assignment)
            if outcome != IMPOSSIBLE:
                outcomes.append((assignment, outcome))
        found: list[_Certificate] = []
        for size in range(len(facts) + 1):
            for chosen in itertools.combinations(facts, size):
                if any(not each.shared and each.paths <= set(chosen) for each in found):
                    continue
                found += self._proofs(chosen, outcomes, wanted)
        return found

    def _proofs_by_sums(self, leaf: Rule, wanted: frozenset[Outcome]) -> list[_Certificate] | None:
        """Like the above, for a rule decided by sums over items, the smallest first, or `None`."""
        cluster = next((each for each in self._of.clusters if leaf in each.leaves), None)
        if cluster is None:
            return None
        alternatives = cluster.proofs(leaf, holds=True in wanted)
        if alternatives is None:
            return None
        told = {path for path in cluster.facts if path in self._of.flags}
        for one, other in itertools.combinations(cluster.leaves, 2):
            told |= self._of.facts[one].keys() & self._of.facts[other].keys()
        found: list[_Certificate] = []
        for covers in alternatives:
            for chosen in itertools.islice(covers.each(), CERTIFICATES + 1):
                values = {
                    path: value
                    for way in chosen
                    for path, value in zip(way.facts, way.values, strict=True)
                }
                shared = ((path, value) for path, value in values.items() if path in told)
                found.append(_Certificate(frozenset(values), tuple(sorted(shared, key=_by_path))))
            if not covers.complete:
                self._cut = True
        return self._capped(found)

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
                    if path in self._of.shared or path in self._of.flags
                )
                proofs.append(_Certificate(frozenset(chosen), shared))
        return list(dict.fromkeys(proofs))
