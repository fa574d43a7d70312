"""Findings: what a rule found, with the facts it read and the limits it compared them with."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from evcredit.algebra import html
from evcredit.algebra.binding import Binding, Limit
from evcredit.algebra.brief import clipped, in_words
from evcredit.algebra.citation import Citation
from evcredit.algebra.derived import Derived
from evcredit.algebra.field import FactType
from evcredit.algebra.topic import Mode, Topic
from evcredit.algebra.tuples import made_of_items
from evcredit.algebra.verdict import Verdict
from evcredit.algebra.wording import Audience, checked_audience, sentence

__all__ = ["FactRead", "Finding"]


@made_of_items
class FactRead(NamedTuple):
    """A fact a rule read: where it is, what it said, and how it is declared."""

    path: str
    value: Any
    declared: FactType

    def __str__(self) -> str:
        return f"{self.declared.label}: {clipped(in_words(self.value, self.declared))}"


class _Computed(NamedTuple):
    derived: Derived
    binding: Binding
    subject: Any


@made_of_items
class Detail(_Computed):
    """How a computed fact was computed.

    Args:
        derived: The computed fact.
        binding: The law and the days.
        subject: What it was computed for.
    """

    def __str__(self) -> str:
        return f"how {self.derived.label} is computed"

    # An explanation goes through the findings many times.
    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings that show it."""
        return self.derived.findings(self.binding, self.subject)

    def __reduce__(self) -> tuple[Any, ...]:
        return Detail, tuple(self)  # what follows from these is made again


# A named tuple, because an assessment leaves some fifty of these and they are its main cost.
@made_of_items
class Finding(NamedTuple):
    """One node of an explanation.

    Args:
        rule: The rule applied, or the point of the law that was looked at.
        verdict: What it amounted to.
        in_force: Whether the rule applies on the day; a rule that does not is passed over.
        facts: The facts read, with their values.
        limits: What they were compared with.
        branches: The findings of the rules it is composed of.
        details: What shows how a computed fact was computed; made when requested.
        note: What else a reader should know; ``str`` puts it in words.
    """

    rule: Topic
    verdict: Verdict
    in_force: bool = True
    facts: tuple[FactRead, ...] = ()
    limits: tuple[Limit, ...] = ()
    branches: tuple[Finding, ...] = ()
    details: tuple[Detail, ...] = ()
    note: Any = ""

    def __str__(self) -> str:
        state = str(self.verdict).upper() if self.in_force else "not in force"
        return f"{state}: {self.rule}"

    @property
    def parts(self) -> tuple[Finding, ...]:
        """The findings it rests on: those of its parts, or of what a fact is computed from."""
        if not self.details:
            return self.branches
        return tuple(found for each in self.details for found in each.findings)

    @property
    def code(self) -> str:
        """The stable reason code of the rule."""
        return self.rule.code

    @property
    def citation(self) -> Citation:
        """Where the rule is."""
        return self.rule.citation

    def determining(self) -> tuple[Finding, ...]:
        """The parts that, so far, decide the verdict.

        For a conjunction that fails these are the parts that fail, for one that is met all
        of them; for an alternative the other way round.
        """
        wanted = ~self.verdict if self.rule.mode is Mode.NOT else self.verdict
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
        'The car was assembled outside North America.'
        >>> found.in_plain_words("professional")
        'Final assembly occurred outside North America [26 USC 30D(d)(1)(G)].'
        """
        checked_audience(audience)
        clauses = self.rule.words().get(self.code) if self.rule.words is not None else None
        if clauses is not None:
            said = sentence(clauses, self.verdict, audience, in_force=self.in_force)
        else:  # a rule that a caller combined
            state = self.verdict.value if self.in_force else "not in force"
            said = f"{state[0].upper()}{state[1:]}: {self.rule.title}."
        return said if audience == "buyer" else f"{said[:-1]} [{self.citation}]."

    def walk(self) -> Iterator[Finding]:
        """This finding and every one below it, depth first."""
        yield self
        for part in self.parts:
            yield from part.walk()

    def _repr_html_(self) -> str:
        return self.folded(is_open=True)

    def folded(self, *, is_open: bool) -> str:
        """The finding as HTML: a tree that folds, with what decides unfolded.

        Args:
            is_open: Whether the finding itself is unfolded.
        """
        state = self.verdict.value if self.in_force else "not in force"
        said = [str(each) for each in self.facts]
        said += [f"{limit.label}: {limit.value}" for limit in self.limits]
        head = f"{state}: {self.note or self.rule.title} [{self.citation}]"
        deciding = self.determining() if is_open else ()
        return html.folded(
            f"{head}: {'; '.join(said)}" if said else head,
            [part.folded(is_open=part in deciding) for part in self.parts],
            is_open=is_open,
        )
