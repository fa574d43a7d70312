"""Bound rules: a rule under one law, on the days of one claim.

`bind` gives a `BoundRule`, which answers fast with `run` and in full with `finding`; `verdict_of`
and `finding_of` bind and answer at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from functools import partial
from operator import attrgetter
from typing import Any

import attrs

from evcredit.algebra.binding import Binding, LawLike, Limit, LimitFor, Run, Truth
from evcredit.algebra.derived import Derived, ShareComparison
from evcredit.algebra.expression import Expression, Fact, Operand
from evcredit.algebra.field import FactType
from evcredit.algebra.finding import Detail, FactRead, Finding
from evcredit.algebra.parameter import Parameter
from evcredit.algebra.rule import Rule
from evcredit.algebra.topic import Mode
from evcredit.algebra.verdict import Verdict

__all__ = ["BoundRule", "bind", "finding_of", "verdict_of"]

# An assessment makes a hundred of these: a tuple of the class is made twice as fast as by calling
# the class, which sorts out arguments first.
_finding: Callable[[tuple[Any, ...]], Finding] = partial(tuple.__new__, Finding)
_fact_read: Callable[[tuple[Any, ...]], FactRead] = partial(tuple.__new__, FactRead)


@attrs.frozen(eq=False, repr=False)
class BoundRule:
    """A rule under a law, on the days of a claim.

    Args:
        rule: The rule.
        binding: The law and the days.
        applies: Whether it is in force; `None` if the day that decides it is unknown.
        inner: From the claim to true, false or `None` for unknown, assuming it is in force.
        parts: The bound parts.
    """

    rule: Rule
    binding: Binding
    applies: Truth
    inner: Run
    parts: tuple[BoundRule, ...]
    #: As `inner`, and true if the rule is not in force.
    run: Run = attrs.field(init=False)
    _facts: tuple[tuple[str, Run, FactType], ...] = attrs.field(init=False)
    _derived: tuple[tuple[Derived, FactType, Run], ...] = attrs.field(init=False)
    _in_doubt: bool = attrs.field(init=False)
    _limits: tuple[Limit | LimitFor, ...] = attrs.field(init=False)
    _plain: bool = attrs.field(init=False)
    _decide: Callable[[Any], Truth] | None = attrs.field(init=False)
    _idle: Finding | None = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        run = self.inner
        if self.applies is False:
            run = _always_met
        elif self.applies is None:
            run = _not_met_in_doubt(run)
        object.__setattr__(self, "run", run)
        # What every finding of this rule needs is looked up once.
        own = [fact for each in self.rule.expressions() for fact in _compared(each)]
        facts = {fact.path: fact for fact in own if isinstance(fact, Fact)}
        derived = [fact for fact in own if isinstance(fact, Derived)]
        body, live = self.rule.body, self.applies is not False
        limits = tuple(body.limits(self.binding)) if body is not None and live else ()
        object.__setattr__(
            self, "_facts", tuple((f.path, attrgetter(f.path), f.declared) for f in facts.values())
        )
        object.__setattr__(
            self,
            "_derived",
            tuple((d, d.declared, d.bind_value(self.binding)) for d in derived if live),
        )
        doubt = self.applies is None or any(part.applies is None for part in self.parts)
        object.__setattr__(self, "_in_doubt", doubt)
        object.__setattr__(self, "_limits", limits)
        varied = any(callable(limit) for limit in limits)
        object.__setattr__(self, "_plain", not derived and not varied)
        decide = None
        if self.applies and isinstance(body, ShareComparison):
            decide = body.decide(self.binding)
        object.__setattr__(self, "_decide", decide)
        idle = Finding(self.rule, Verdict.MET, in_force=False) if self.applies is False else None
        object.__setattr__(self, "_idle", idle)

    def walk(self) -> Iterator[BoundRule]:
        """This bound rule and every one below it, depth first."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def finding(self, subject: Any) -> Finding:
        """The verdict on `subject` with everything it rests on."""
        if self._idle is not None:
            return self._idle
        if self.rule.body is None:
            parts = tuple([part.finding(subject) for part in self.parts])
            return _finding((self.rule, self._joint(subject, parts), True, (), (), parts, (), ""))
        if len(self._facts) == 1:
            path, get, declared = self._facts[0]
            facts: tuple[FactRead, ...] = (_fact_read((path, get(subject), declared)),)
        else:
            facts = tuple([_fact_read((path, get(subject), of)) for path, get, of in self._facts])
        if self._plain:
            verdict = _VERDICTS[self.run(subject)]
            return _finding((self.rule, verdict, True, facts, self._limits, (), (), ""))
        details: tuple[Detail, ...] = ()
        value: Any = None
        for derived, declared, get in self._derived:
            value = get(subject)
            facts += (FactRead(derived.name, value, declared),)
            details += (Detail(derived, self.binding, subject),)
        limits = self._limits_of(subject)
        if self.rule.mode is Mode.AMOUNT:
            known = Verdict.MET if value.is_exact else Verdict.UNKNOWN
            return Finding(self.rule, known, True, facts, limits, (), details)
        # A computed share is not computed again to compare it.
        truth = self.run(subject) if self._decide is None else self._decide(value)
        return Finding(self.rule, _VERDICTS[truth], True, facts, limits, (), details)

    def _limits_of(self, subject: Any) -> tuple[Limit, ...]:
        found: list[Limit] = []
        for limit in self._limits:
            if isinstance(limit, Limit):
                found.append(limit)
            else:
                found.extend(limit(subject))
        return tuple(found)

    def _joint(self, subject: Any, parts: tuple[Finding, ...]) -> Verdict:
        """The verdict of a composition, from its parts where that says the same as `run`."""
        if self._in_doubt or self.rule.mode is Mode.NOT:
            return _VERDICTS[self.run(subject)]
        decisive, otherwise = _DECISIVE[self.rule.mode]
        for part in parts:
            if part.in_force:
                if part.verdict is decisive:
                    return decisive
                if part.verdict is Verdict.UNKNOWN:
                    otherwise = Verdict.UNKNOWN
        return otherwise


#: The verdict of one part that settles a composition, and the verdict if there is none.
_DECISIVE = {
    Mode.ALL: (Verdict.NOT_MET, Verdict.MET),
    Mode.ANY: (Verdict.MET, Verdict.NOT_MET),
}
_VERDICTS = {known: Verdict.of(known) for known in (True, False, None)}


def _compared(node: Expression | Operand) -> Iterator[Fact | Derived]:
    """The facts a rule compares or looks up by; not the days on which it reads a schedule."""
    if isinstance(node, Fact | Derived):
        yield node
    elif not isinstance(node, Parameter):
        for operand in node.operands():
            yield from _compared(operand)


def _always_met(subject: Any) -> Truth:
    return True


def _all(parts: list[BoundRule]) -> Run:
    runs = tuple(run for part in parts for run in _conjuncts(part))

    def run(subject: Any) -> Truth:
        verdict: Truth = True
        for each in runs:
            found = each(subject)
            if found is False:
                return False
            if found is None:
                verdict = None
        return verdict

    return run


def _conjuncts(part: BoundRule) -> Iterator[Run]:
    """What must hold for a part to hold: a conjunction within a conjunction is taken apart."""
    if part.applies and part.rule.mode is Mode.ALL:
        for inner in part.parts:
            if inner.applies is not False:
                yield from _conjuncts(inner)
    else:
        yield part.run


def _any(parts: list[BoundRule]) -> Run:
    # A part that may not be in force cannot make an alternative come true on its own, and if it
    # fails, it does not help either way.
    runs = tuple(part.run if part.applies else _no_help(part.inner) for part in parts)

    def run(subject: Any) -> Truth:
        verdict: Truth = False
        for each in runs:
            found = each(subject)
            if found:
                return True
            if found is None:
                verdict = None
        return verdict

    return run


def _no_help(inner: Run) -> Run:
    return lambda subject: None if inner(subject) is not False else False


def _not_met_in_doubt(run: Run) -> Run:
    return lambda subject: True if run(subject) else None


def _inverse(parts: list[BoundRule]) -> Run:
    if not parts:
        return _always_met
    # If the part may not be in force, neither may its inverse: it can only be shown to hold.
    part = parts[0]
    inner, doubtful = part.inner, part.applies is None

    def run(subject: Any) -> Truth:
        found = inner(subject)
        return None if found is None or (found and doubtful) else not found

    return run


_COMBINE: dict[Mode, Callable[[list[BoundRule]], Run]] = {
    Mode.ALL: _all,
    Mode.ANY: _any,
    Mode.NOT: _inverse,
}


def bind(rule: Rule, binding: Binding) -> BoundRule:
    """Bind a rule to a law and to the days of a claim.

    Args:
        rule: The rule.
        binding: The law and the days.

    Raises:
        OutsideCoverage: The law has no entry for a day on which the rule reads a schedule.
    """
    applies = True if rule.in_force is None else rule.in_force.bind(binding)(None)
    if rule.body is not None:
        # A schedule need not have an entry for days on which nothing reads it.
        inner = _always_met if applies is False else rule.body.bind(binding)
        return BoundRule(rule, binding, applies, inner, ())
    parts = tuple(bind(part, binding) for part in rule.parts)
    # What is not in force takes no part; if nothing is, the whole is not in force either.
    live = [part for part in parts if part.applies is not False]
    if applies and not any(part.applies for part in live):
        applies = None if live else False
    return BoundRule(rule, binding, applies, _COMBINE[rule.mode](live), parts)


def verdict_of(
    rule: Rule, subject: Any, law: LawLike, days: Mapping[str, date] | None = None
) -> Verdict:
    """Return the verdict on one object, without a trace.

    Args:
        rule: The rule.
        subject: The object the body is about, for example a `Claim`.
        law: The law.
        days: The known days by path; read from `subject` if omitted.
    """
    return Verdict.of(bind(rule, _binding(rule, subject, law, days)).run(subject))


def finding_of(
    rule: Rule, subject: Any, law: LawLike, days: Mapping[str, date] | None = None
) -> Finding:
    """Return the verdict on one object, with everything it rests on.

    Args:
        rule: The rule.
        subject: The object the body is about, for example a `Claim`.
        law: The law.
        days: The known days by path; read from `subject` if omitted.
    """
    return bind(rule, _binding(rule, subject, law, days)).finding(subject)


def _binding(rule: Rule, subject: Any, law: LawLike, days: Mapping[str, date] | None) -> Binding:
    if days is None:
        read = {day.path: day for each in rule.walk() for day in each.days_read()}
        stated = {path: read[path].stated(subject, law) for path in sorted(read)}
        days = {path: day for path, day in stated.items() if day is not None}
    return Binding(law, days)
