"""Rules, their composition, and the findings they leave behind.

A `Rule` is a named, cited requirement. `rule` makes one from a body; `all_of`, `any_of`,
``~`` and `when` make one from others. Binding a rule to a law and the days of a claim gives a
`BoundRule`, which answers fast with `run` and in full with `finding`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial
from operator import attrgetter
from typing import TYPE_CHECKING, Any, NamedTuple

import attrs

from evcredit.citation import Citation
from evcredit.expression import (
    Binding,
    Day,
    Derived,
    Expression,
    Fact,
    Limit,
    LimitFor,
    Operand,
    Parameter,
    Run,
    ShareComparison,
    Truth,
    by_reference,
    facts_of,
    law_of,
)
from evcredit.fact import FactType
from evcredit.verdict import Verdict

if TYPE_CHECKING:
    from evcredit.plain_words import Audience

__all__ = [
    "ABSENT",
    "BoundRule",
    "FactRead",
    "Finding",
    "Mode",
    "Rule",
    "all_of",
    "amount",
    "any_of",
    "rule",
    "when",
]


#: The outcome of a rule that is not in force: it takes no part.
ABSENT = "not in force"


class Mode(Enum):
    """How a rule comes to its verdict."""

    BODY = "by its own body"
    ALL = "met if all parts are"
    ANY = "met if any part is"
    INVERSE = "met if its part is not"
    AMOUNT = "an amount rather than a requirement: met if it is known exactly"


@attrs.frozen(eq=False, repr=False)
class Rule:
    """A requirement of the law.

    Rules are compared by identity: each is written once.

    Args:
        code: A stable reason code.
        title: The requirement, as a statement that is true when it is met.
        citation: Where it stands.
        mode: How the verdict comes about.
        body: The expression, for a rule with a body.
        parts: The rules it is composed of.
        in_force: A scheduled flag that says on which days the rule applies; `None` if always.
        as_one: Whether the analysis of unknown facts takes the rule as one piece, because
            its parts read the same facts.
    """

    code: str
    title: str
    citation: Citation
    mode: Mode
    body: Expression | None = None
    parts: tuple[Rule, ...] = ()
    in_force: Expression | None = None
    as_one: bool = False

    def __reduce__(self) -> tuple[Any, ...]:
        return by_reference(self)

    def __and__(self, other: Rule) -> Rule:
        return _join(Mode.ALL, "and", self, other)

    def __or__(self, other: Rule) -> Rule:
        return _join(Mode.ANY, "or", self, other)

    def __invert__(self) -> Rule:
        return Rule(
            code=f"not_{self.code}",
            title=f"not: {self.title}",
            citation=self.citation,
            mode=Mode.INVERSE,
            parts=(self,),
        )

    def bind(self, binding: Binding) -> BoundRule:
        """The rule under a law, on the days of a claim."""
        applies = True if self.in_force is None else self.in_force.bind(binding)(None)
        if self.body is not None:
            # A schedule need not have an entry for days on which nothing reads it.
            inner = _always_met if applies is False else self.body.bind(binding)
            return BoundRule(self, binding, applies, inner, ())
        parts = tuple(part.bind(binding) for part in self.parts)
        # What is not in force takes no part; if nothing is, the whole is not in force either.
        live = [part for part in parts if part.applies is not False]
        if applies and not any(part.applies for part in live):
            applies = None if live else False
        return BoundRule(self, binding, applies, _COMBINE[self.mode](live), parts)

    def verdict(self, thing: Any, law: Any, days: Any = None) -> Verdict:
        """The verdict on one object, without a trace.

        Args:
            thing: The object the body is about, for example a `Claim`.
            law: The law.
            days: The known days by path; read from `thing` if left out.
        """
        return Verdict.of(self.bind(self._binding(thing, law, days)).run(thing))

    def finding(self, thing: Any, law: Any, days: Any = None) -> Finding:
        """The verdict on one object, with everything it rests on."""
        return self.bind(self._binding(thing, law, days)).finding(thing)

    def _binding(self, thing: Any, law: Any, days: Any) -> Binding:
        if days is None:
            read = {day.path: day for each in self.walk() for day in each.days_read()}
            stated = {path: read[path].stated(thing, law) for path in sorted(read)}
            days = {path: day for path, day in stated.items() if day is not None}
        return Binding(law, days)

    def walk(self) -> Iterator[Rule]:
        """This rule and every rule below it, depth first."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def expressions(self) -> Iterator[Expression]:
        """The expressions of this rule itself."""
        if self.body is not None:
            yield self.body
        if self.in_force is not None:
            yield self.in_force

    def facts(self) -> Iterator[Fact | Derived | Day]:
        """Every fact this rule and its parts read, in order."""
        for each in self.walk():
            for expression in each.expressions():
                yield from expression.facts()

    def days_read(self) -> Iterator[Fact | Day]:
        """The days that decide which entry of a schedule this rule itself reads."""
        for expression in self.expressions():
            for node in _nodes(expression):
                if isinstance(node, Parameter) and node.day is not None:
                    yield node.day


def amount(
    citation: str, title: str, derived: Derived, *, in_force: Expression | None = None
) -> Rule:
    """A computed amount, bounded where facts are unknown, as a rule that can be in force or not.

    Args:
        citation: Where the amount stands.
        title: What it is an amount of.
        derived: How it is computed: `bind_value` gives functions from a claim to `Bounds`.
        in_force: A scheduled flag that says on which days there is such an amount.
    """
    return Rule(
        code=derived.name,
        title=title,
        citation=Citation.parse(citation),
        mode=Mode.AMOUNT,
        body=derived,
        in_force=in_force,
    )


def _join(mode: Mode, word: str, left: Rule, right: Rule) -> Rule:
    return Rule(
        code=f"{left.code}_{word}_{right.code}",
        title=f"{left.title}, {word} {right.title}",
        citation=min(left.citation, right.citation),
        mode=mode,
        parts=(left, right),
    )


# -- making rules --------------------------------------------------------------------------


def rule(
    citation: str, title: str, *, about: type, law: type
) -> Callable[[Callable[[Any, Any], Expression]], Rule]:
    """Make a `Rule` of a function whose body is written in the restricted style.

    The function's name becomes the reason code. Its body is read once, on symbols.

    Args:
        citation: Where the requirement stands.
        title: The requirement, as a statement that is true when it is met.
        about: The class the first argument stands for.
        law: The class the second argument stands for.

    Raises:
        AttributeError: The body names a fact or a parameter that does not exist.
        TypeError: The body branches, or does not return an expression.
    """

    def make(body: Callable[[Any, Any], Expression]) -> Rule:
        expression = body(facts_of(about), law_of(law))
        if not isinstance(expression, Expression):
            raise TypeError(f"the body of {body.__name__} must return an expression")
        return Rule(
            code=body.__name__,
            title=title,
            citation=Citation.parse(citation),
            mode=Mode.BODY,
            body=expression,
        )

    return make


def all_of(code: str, title: str, citation: str, *parts: Rule) -> Rule:
    """A rule that is met if every part in force is met."""
    return Rule(code, title, Citation.parse(citation), Mode.ALL, parts=parts)


def any_of(code: str, title: str, citation: str, *parts: Rule, as_one: bool = False) -> Rule:
    """A rule that is met if at least one part in force is met."""
    return Rule(code, title, Citation.parse(citation), Mode.ANY, parts=parts, as_one=as_one)


def when(
    in_force: Callable[[Any, Any], Expression], inner: Rule, *, about: type, law: type
) -> Rule:
    """A rule that applies only while a scheduled flag of the law is up.

    Outside those days it is shown as not in force and asks for no facts.
    """
    return attrs.evolve(inner, in_force=in_force(facts_of(about), law_of(law)))


# -- findings ------------------------------------------------------------------------------


class FactRead(NamedTuple):
    """A fact a rule read: where it stands, what it said, and how it is declared."""

    path: str
    value: Any
    declared: FactType


class Detail(NamedTuple):
    """How a computed fact came about.

    Args:
        derived: The computed fact.
        binding: The law and the days.
        thing: What it was computed for.
    """

    derived: Derived
    binding: Binding
    thing: Any

    def findings(self) -> tuple[Finding, ...]:
        """The findings that show it."""
        return self.derived.findings(self.binding, self.thing)


# A named tuple, because an assessment leaves some fifty of these and they are its main cost.
class Finding(NamedTuple):
    """One node of an explanation.

    Args:
        rule: The rule applied.
        verdict: What it came to.
        in_force: Whether the rule applies on the day; a rule that does not is passed over.
        facts: The facts read, with their values.
        limits: What they were compared with.
        branches: The findings of the rules it is composed of.
        details: What shows how a computed fact came about, worked out when asked for.
        note: What else a reader should know; ``str`` puts it in words.
    """

    rule: Rule
    verdict: Verdict
    in_force: bool = True
    facts: tuple[FactRead, ...] = ()
    limits: tuple[Limit, ...] = ()
    branches: tuple[Finding, ...] = ()
    details: tuple[Detail, ...] = ()
    note: Any = ""

    @property
    def parts(self) -> tuple[Finding, ...]:
        """The findings it rests on: those of its parts, or of what a fact is computed from."""
        if not self.details:
            return self.branches
        return tuple(found for each in self.details for found in each.findings())

    @property
    def code(self) -> str:
        """The stable reason code of the rule."""
        return self.rule.code

    @property
    def citation(self) -> Citation:
        """Where the rule stands."""
        return self.rule.citation

    def determining(self) -> tuple[Finding, ...]:
        """The parts that, as things stand, decide the verdict.

        For a conjunction that fails these are the parts that fail, for one that is met all
        of them; for an alternative the other way round.
        """
        wanted = ~self.verdict if self.rule.mode is Mode.INVERSE else self.verdict
        return tuple(part for part in self.parts if part.in_force and part.verdict is wanted)

    def reasons(self) -> tuple[Finding, ...]:
        """The determining findings at the ends of the tree, in order."""
        below = self.determining() if self.rule.mode is not Mode.BODY else ()
        if not below:
            return (self,)
        return tuple(reason for part in below for reason in part.reasons())

    def in_plain_words(self, audience: Audience = "buyer") -> str:
        """What it says, as one sentence; to a professional with the citation.

        Args:
            audience: ``"buyer"`` or ``"professional"``.

        Raises:
            ValueError: There is no such audience.

        >>> from evcredit import assess, examples, with_facts
        >>> german = with_facts(
        ...     examples.demonstration_claim(), {"vehicle.final_assembly_country": "Germany"}
        ... )
        >>> found = assess(german).find("final_assembly")
        >>> found.in_plain_words()
        'The car was put together outside North America.'
        >>> found.in_plain_words("professional")
        'Final assembly occurred outside North America [26 USC 30D(d)(1)(G)].'
        """
        from evcredit.plain_words import checked_audience, clauses, sentence  # noqa: PLC0415

        checked_audience(audience)
        if self.code in clauses():
            said = sentence(self.code, self.verdict, audience, in_force=self.in_force)
        else:  # a rule that a caller put together
            state = self.verdict.value if self.in_force else "not in force"
            said = f"{state[0].upper()}{state[1:]}: {self.rule.title}."
        return said if audience == "buyer" else f"{said[:-1]} [{self.citation}]."

    def walk(self) -> Iterator[Finding]:
        """This finding and every one below it, depth first."""
        yield self
        for part in self.parts:
            yield from part.walk()


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
        inner: From the claim to true, false or `None` for unknown, supposing it is in force.
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

    def finding(self, thing: Any) -> Finding:
        """The verdict on `thing` with everything it rests on."""
        if self._idle is not None:
            return self._idle
        if self.rule.body is None:
            parts = tuple([part.finding(thing) for part in self.parts])
            return _finding((self.rule, self._joint(thing, parts), True, (), (), parts, (), ""))
        if len(self._facts) == 1:
            path, get, declared = self._facts[0]
            facts: tuple[FactRead, ...] = (_fact_read((path, get(thing), declared)),)
        else:
            facts = tuple([_fact_read((path, get(thing), of)) for path, get, of in self._facts])
        if self._plain:
            verdict = _VERDICTS[self.run(thing)]
            return _finding((self.rule, verdict, True, facts, self._limits, (), (), ""))
        details: tuple[Detail, ...] = ()
        value: Any = None
        for derived, declared, get in self._derived:
            value = get(thing)
            facts += (FactRead(derived.name, value, declared),)
            details += (Detail(derived, self.binding, thing),)
        limits = self._limits_of(thing)
        if self.rule.mode is Mode.AMOUNT:
            known = Verdict.MET if value.is_exact else Verdict.UNKNOWN
            return Finding(self.rule, known, True, facts, limits, (), details)
        # A computed share is not computed again to compare it.
        truth = self.run(thing) if self._decide is None else self._decide(value)
        return Finding(self.rule, _VERDICTS[truth], True, facts, limits, (), details)

    def _limits_of(self, thing: Any) -> tuple[Limit, ...]:
        found: list[Limit] = []
        for limit in self._limits:
            if isinstance(limit, Limit):
                found.append(limit)
            else:
                found.extend(limit(thing))
        return tuple(found)

    def _joint(self, thing: Any, parts: tuple[Finding, ...]) -> Verdict:
        """The verdict of a composition, from its parts where that says the same as `run`."""
        if self._in_doubt or self.rule.mode is Mode.INVERSE:
            return _VERDICTS[self.run(thing)]
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


def _nodes(node: Expression | Operand) -> Iterator[Expression | Operand]:
    yield node
    for operand in node.operands():
        yield from _nodes(operand)


def _always_met(thing: Any) -> Truth:
    return True


def _all(parts: list[BoundRule]) -> Run:
    runs = tuple(run for part in parts for run in _conjuncts(part))

    def run(thing: Any) -> Truth:
        verdict: Truth = True
        for each in runs:
            found = each(thing)
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
    # A part that may not be in force cannot make an alternative come true by itself, and if it
    # fails, it does not help either way.
    runs = tuple(part.run if part.applies else _no_help(part.inner) for part in parts)

    def run(thing: Any) -> Truth:
        verdict: Truth = False
        for each in runs:
            found = each(thing)
            if found:
                return True
            if found is None:
                verdict = None
        return verdict

    return run


def _no_help(inner: Run) -> Run:
    return lambda thing: None if inner(thing) is not False else False


def _not_met_in_doubt(run: Run) -> Run:
    return lambda thing: True if run(thing) else None


def _inverse(parts: list[BoundRule]) -> Run:
    if not parts:
        return _always_met
    # If the part may not be in force, neither may its inverse: it can only be shown to hold.
    part = parts[0]
    inner, doubtful = part.inner, part.applies is None

    def run(thing: Any) -> Truth:
        found = inner(thing)
        return None if found is None or (found and doubtful) else not found

    return run


_COMBINE: dict[Mode, Callable[[list[BoundRule]], Run]] = {
    Mode.ALL: _all,
    Mode.ANY: _any,
    Mode.INVERSE: _inverse,
}
