"""Rules and their composition.

A `Rule` is a named, cited requirement. `rule` makes one from a body; `all_of`, `any_of`,
``~`` and `when` make one from others. `evcredit.algebra.bound` says what it evaluates to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs

from evcredit.algebra.citation import Citation
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import DayInput, Expression, Input, Operand
from evcredit.algebra.parameter import Parameter
from evcredit.algebra.symbol import facts_of, law_of
from evcredit.algebra.topic import Mode, Topic
from evcredit.algebra.wording import Words

__all__ = ["Rule", "all_of", "amount", "any_of", "as_rule", "rule", "when"]


@attrs.frozen(eq=False, repr=False)
class Rule(Topic):
    """A requirement of the law.

    Rules are compared by identity: each is written once.

    Args:
        code: A stable reason code.
        title: The requirement, as a statement that is true when it is met.
        citation: The provision.
        mode: How the verdict is computed.
        body: The expression, for a rule with a body.
        parts: The rules it is composed of.
        in_force: A scheduled flag that says on which days the rule applies; `None` if always.
        as_one: Whether the analysis of unknown facts takes the rule as one piece, because
            its parts read the same facts.
    """

    mode: Mode
    body: Expression | None = None
    parts: tuple[Rule, ...] = ()
    in_force: Expression | None = None
    as_one: bool = False

    def __and__(self, other: Rule) -> Rule:
        return _join(Mode.ALL, "and", self, other)

    def __or__(self, other: Rule) -> Rule:
        return _join(Mode.ANY, "or", self, other)

    def __invert__(self) -> Rule:
        return Rule(
            code=f"not_{self.code}",
            title=f"not: {self.title}",
            citation=self.citation,
            mode=Mode.NOT,
            parts=(self,),
            words=self.words,
        )

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

    def facts(self) -> Iterator[Input]:
        """Every fact this rule and its parts read, in order."""
        for each in self.walk():
            for expression in each.expressions():
                yield from expression.facts()

    def days_read(self) -> Iterator[DayInput]:
        """The days that decide which entry of a schedule this rule itself reads."""
        for expression in self.expressions():
            for node in _nodes(expression):
                if isinstance(node, Parameter) and node.day is not None:
                    yield node.day


def as_rule(topic: Topic) -> Rule:
    """Return the rule that a finding is about.

    Raises:
        TypeError: The finding is about a point of the law that is no rule.
    """
    if not isinstance(topic, Rule):
        raise TypeError(f"{topic.code} has no body and no parts, so it is no rule")
    return topic


def amount(
    citation: str,
    title: str,
    derived: Derived,
    *,
    in_force: Expression | None = None,
    words: Words | None = None,
) -> Rule:
    """A computed amount, bounded where facts are unknown, as a rule that can be in force or not.

    Args:
        citation: The provision.
        title: What it is an amount of.
        derived: How it is computed: `bind_value` gives functions from a claim to `Bounds`.
        in_force: A scheduled flag that says on which days there is such an amount.
        words: Gives what each reason code says in plain words.
    """
    return Rule(
        code=derived.name,
        title=title,
        citation=Citation.parse(citation),
        mode=Mode.AMOUNT,
        body=derived,
        in_force=in_force,
        words=words,
    )


def _join(mode: Mode, word: str, left: Rule, right: Rule) -> Rule:
    return Rule(
        code=f"{left.code}_{word}_{right.code}",
        title=f"{left.title}, {word} {right.title}",
        citation=min(left.citation, right.citation),
        mode=mode,
        parts=(left, right),
        words=_words_of((left, right)),
    )


def rule(
    citation: str, title: str, *, about: type, law: type, words: Words | None = None
) -> Callable[[Callable[[Any, Any], Expression]], Rule]:
    """Make a `Rule` of a function whose body is written in the restricted style.

    The function's name becomes the reason code. Its body is read once, on symbols.

    Args:
        citation: The provision.
        title: The requirement, as a statement that is true when it is met.
        about: The class the first argument represents.
        law: The class the second argument represents.
        words: Gives what each reason code says in plain words.

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
            words=words,
        )

    return make


def _words_of(parts: tuple[Rule, ...]) -> Words | None:
    return next((part.words for part in parts if part.words is not None), None)


def all_of(code: str, title: str, citation: str, *parts: Rule) -> Rule:
    """A rule that is met if every part in force is met.

    Args:
        code: The reason code.
        title: What is required, as a clause.
        citation: The provision.
        parts: The rules it is made of.
    """
    return Rule(
        code, title, Citation.parse(citation), Mode.ALL, parts=parts, words=_words_of(parts)
    )


def any_of(code: str, title: str, citation: str, *parts: Rule, as_one: bool = False) -> Rule:
    """A rule that is met if at least one part in force is met.

    Args:
        code: The reason code.
        title: What is required, as a clause.
        citation: The provision.
        parts: The rules it is made of.
        as_one: Whether findings show it as one requirement, without its parts.
    """
    return Rule(
        code,
        title,
        Citation.parse(citation),
        Mode.ANY,
        parts=parts,
        as_one=as_one,
        words=_words_of(parts),
    )


def when(
    in_force: Callable[[Any, Any], Expression], inner: Rule, *, about: type, law: type
) -> Rule:
    """A rule that applies only while a scheduled flag of the law is up.

    Outside those days it is shown as not in force and requires no facts.

    Args:
        in_force: From facts and law to the flag.
        inner: The rule.
        about: The domain class it is about.
        law: The class of the law.
    """
    return attrs.evolve(inner, in_force=in_force(facts_of(about), law_of(law)))


def _nodes(node: Expression | Operand) -> Iterator[Expression | Operand]:
    yield node
    for operand in node.operands():
        yield from _nodes(operand)
