"""The days on which a number of the law changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from evcredit.algebra.citation import Citation
from evcredit.algebra.expression import Comparison, Expression, Operand
from evcredit.algebra.parameter import Parameter
from evcredit.algebra.rule import Rule
from evcredit.algebra.schedule import Schedule
from evcredit.audit.citing import LIST_OF_AGREEMENTS, all_rules
from evcredit.audit.texts import section_cited
from evcredit.law.current import law_applied
from evcredit.law.law import Law, schedule_names
from evcredit.provisions.days import CLAIM, PLACED_IN_SERVICE

__all__ = ["ChangeDay", "change_days", "declared_fact", "is_declared"]


def is_declared(path: str) -> bool:
    """Whether a path leads to a fact of a claim."""
    try:
        declared_fact(path)
    except AttributeError:
        return False
    return True


class ChangeDay(NamedTuple):
    """A day on which a number of the law changes.

    Args:
        day: The first day of the new state.
        schedule: The attribute of `Law`, or the computed fact.
        label: The number, in words.
        citation: The provision.
        before: Where the state before stood; `None` on the first day.
        rules: Where the rules stand that read it.
        read_on: Which days of a claim are meant, in words.
    """

    day: date
    schedule: str
    label: str
    citation: Citation
    before: Citation | None
    rules: tuple[Citation, ...]
    read_on: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.day}: {self.label}"


def change_days(law: Law | None = None) -> tuple[ChangeDay, ...]:
    """Every day on which the law changes, in order.

    These are the days on which an entry of a schedule starts or the last one ends; those on
    either side of a deadline, where the law itself names a day; those on which a computed fact
    changes; and those on which agreements enter into force or end.

    Args:
        law: The law; `current_law` if omitted.

    >>> [each.schedule for each in change_days() if str(each.day) == "2025-10-01"]
    ['acquisition_deadline', 'commercial_acquisition_deadline', 'used_vehicle_last_acquisition']
    """
    law = law_applied(law)
    found = {*_boundaries(law), *_deadlines(law), *_turns(law), *_agreement_days(law)}
    return tuple(sorted(found, key=lambda each: (each.day, each.schedule, each.citation)))


#: Where no rule reads a schedule on its own, the day that picks nearly all of them is meant.
_USUAL = (PLACED_IN_SERVICE,)


def _words(facts: Iterable[Any]) -> tuple[str, ...]:
    """Days of a claim in words, each once."""
    labels = (getattr(fact, "label", "") or fact.declared.label for fact in facts)
    return tuple(sorted(dict.fromkeys(labels)))


def _boundaries(law: Law) -> Iterator[ChangeDay]:
    read_on: dict[str, list[Any]] = {}
    rules: dict[str, list[Rule]] = {}
    for rule, node in _nodes_of_rules():
        if isinstance(node, Parameter):
            if node.day is not None:
                read_on.setdefault(node.name, []).append(node.day)
            rules.setdefault(node.name, []).append(rule)
    for name in schedule_names():
        schedule: Schedule[Any] = getattr(law, name)
        readers, days = _cited_by(rules.get(name, ())), _words(read_on.get(name, _USUAL))
        before = None
        for entry in schedule.standing:
            where = entry.citation
            yield ChangeDay(entry.start, name, schedule.name, where, before, readers, days)
            before = where
        end = schedule.standing[-1].end if schedule.standing else None
        if end is not None and before is not None:
            yield ChangeDay(end, name, schedule.name, before, before, readers, days)


def _cited_by(rules: Iterable[Rule]) -> tuple[Citation, ...]:
    return tuple(sorted({rule.citation for rule in rules}))


def _deadlines(law: Law) -> Iterator[ChangeDay]:
    """The first day on the far side of each day that the law itself names."""
    compared: dict[str, list[tuple[Rule, Comparison]]] = {}
    for rule, node in _nodes_of_rules():
        if isinstance(node, Comparison) and isinstance(node.right, Parameter):
            compared.setdefault(node.right.name, []).append((rule, node))
    for name, found in compared.items():
        schedule: Schedule[Any] = getattr(law, name)
        readers = _cited_by(rule for rule, _ in found)
        days = _words(comparison.left for _, comparison in found)
        # "Not after" and "after" change on the next day, "before" and "from" on the day.
        later = _A_DAY if found[0][1].symbol in {"<=", ">"} else timedelta(0)
        for entry in schedule.standing:
            if isinstance(entry.value, date):
                day, where = entry.value + later, entry.citation
                yield ChangeDay(day, name, schedule.name, where, where, readers, days)


_A_DAY = timedelta(days=1)


def _turns(law: Law) -> Iterator[ChangeDay]:
    """The days at which what is computed from a claim changes."""
    named: dict[date, list[tuple[str, str, Citation]]] = {}
    for name in schedule_names():
        for entry in getattr(law, name).standing:
            if isinstance(entry.value, date):
                own = (name, getattr(law, name).name, entry.citation)
                named.setdefault(entry.value, []).append(own)
    for rule, node in _nodes_of_rules():
        turns: Any = getattr(node, "breakpoints", None)
        if turns is None or isinstance(node, Comparison):
            continue
        for path, values in turns(law).items():
            for day in values:
                if not isinstance(day, date):
                    continue
                own = (getattr(node, "name", rule.code), rule.title, rule.citation)
                words = _words((declared_fact(path),)) if is_declared(path) else (path,)
                # A day that the law names, or the one after it, stands where that is named.
                near = named.get(day) or named.get(day - _A_DAY) or [own]
                same = [
                    each for each in near if section_cited(each[2]) == section_cited(rule.citation)
                ]
                for name, label, where in same or near:
                    yield ChangeDay(day, name, label, where, where, (rule.citation,), words)


def declared_fact(path: str) -> Any:
    """Return the fact of a claim at a path.

    Raises:
        AttributeError: There is no such fact.
    """
    fact = CLAIM
    for name in path.split("."):
        fact = getattr(fact, name)
    return fact


def _agreement_days(law: Law) -> Iterator[ChangeDay]:
    for day in law.agreements.boundaries():
        label = "countries with a free trade agreement in effect"
        yield ChangeDay(
            day, "agreements", label, LIST_OF_AGREEMENTS, LIST_OF_AGREEMENTS, (), _words(_USUAL)
        )


def _nodes_of_rules() -> Iterator[tuple[Rule, Expression | Operand]]:
    for rule in all_rules():
        for expression in rule.expressions():
            for node in _nodes(expression):
                yield rule, node


def _nodes(node: Expression | Operand) -> Iterator[Expression | Operand]:
    yield node
    for operand in node.operands():
        yield from _nodes(operand)
