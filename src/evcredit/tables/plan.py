"""Plans: the rules of a section compiled for the columns of one table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from evcredit.algebra.derived import Derived
from evcredit.algebra.field import as_day
from evcredit.errors import InvalidFactError, checked, nearest
from evcredit.facts.claim import Claim
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.provisions.registry import section_of
from evcredit.provisions.section import Credit, Section, turning_days
from evcredit.tables.checks import Check, beyond
from evcredit.tables.compiler.columns import ColumnKind, FrameColumn, Span, column_name
from evcredit.tables.compiler.quantities import QUANTITIES
from evcredit.tables.compiler.ranges import in_cents
from evcredit.tables.compiler.reader import Compiler, RuleColumns
from evcredit.tables.compiler.statements import STATEMENTS
from evcredit.tables.compiler.truth import Truth, both, either
from evcredit.tables.content.qualifying import CONTENT_LAW, MADE_HERE, content_digest
from evcredit.tables.names import called, meant_by, short_names, twice_given, unread_facts
from evcredit.tables.problems import Problem

__all__ = [
    "UNREAD",
    "Days",
    "Plan",
    "day_checks",
    "every_known_name",
    "lacking_columns",
    "misnamed",
    "names_of",
    "plan_for",
    "texts",
]

#: What is reported of a column that nothing reads.
UNREAD = "no rule reads it here; omit it, or strict_columns too"


class Names(NamedTuple):
    """The columns that the rules of a section may read.

    Args:
        columns: The columns.
        short: Shorter names, each with the column, or the columns, that it represents.
        known: Every name and path that a caller may use of them.
    """

    columns: tuple[FrameColumn, ...]
    short: Mapping[str, tuple[str, ...]]
    known: frozenset[str]


@lru_cache(maxsize=64)
def names_of(section: Section, law: Law) -> Names:
    """The columns that the rules of a section may read under a law, and what they may be called."""
    plan = plan_for(None, credit=section, law=law)
    short = short_names(plan.columns)
    stated = [
        fact.stated
        for rule in plan.section.of_own_facts.top.walk()
        for fact in rule.facts()
        if isinstance(fact, Derived) and fact.stated is not None
    ]
    known = {each for column in plan.columns for each in (column.name, column.path)} | {*short}
    known |= {each for fact in stated for each in (column_name(fact), fact.path)}
    return Names(plan.columns, short, frozenset(known - {""}))


def every_known_name(law: Law) -> frozenset[str]:
    """What the facts of all credits may be called."""
    return frozenset().union(*(names_of(section_of(credit), law).known for credit in Credit))


Days = tuple[date | str | None, date | str | None]


def texts(path: str, given: Any) -> tuple[str, ...]:
    """Several texts that a caller gives.

    Args:
        path: The name of the argument.
        given: The argument.

    Raises:
        InvalidFactError: It is something else.
    """
    several = isinstance(given, Iterable) and not isinstance(given, str)
    listed = tuple(given) if several else ()
    if not several or not all(isinstance(one, str) for one in listed):
        raise InvalidFactError(path, given, "give a list of texts")
    return listed


class Plan(NamedTuple):
    """What is to be done with a table of some columns under a law.

    Args:
        section: The section of the law.
        law: The law.
        reader: What was read.
        top: The rule of everything, over the columns.
        verdict: Whether there is some credit.
        lower: The minimum credit of each row in cents.
        upper: The maximum credit of each row in cents.
        days: The days that the law must cover, with what they are called.
        promised: The days that the caller says the rows are of.
    """

    section: Section
    law: Law
    reader: Compiler
    top: RuleColumns
    verdict: Truth
    lower: nw.Expr
    upper: nw.Expr
    days: tuple[tuple[Any, str], ...]
    promised: Span | None = None

    @property
    def columns(self) -> tuple[FrameColumn, ...]:
        """The columns that are read, in the order of the rules."""
        return tuple(self.reader.used.values())


def plan_for(
    columns: Iterable[str] | None,
    *,
    credit: Credit | str | Section = Credit.NEW_VEHICLE,
    law: Law | None = None,
    assume: Claim | None = None,
    placed_in_service: Days | None = None,
    names: tuple[str, ...] = (),
) -> Plan:
    """What is to be done with a table of some columns; `None` for every column there may be."""
    law = law_applied(law)
    section = section_of(credit)
    if assume is not None:
        checked(assume, Claim, "assume", "give a Claim; with_facts changes one")
    if assume is not None and section.variant(assume) not in (None, False):
        remedy = (
            "a table reads no published lists and no accepted seller reports; omit it, or "
            "use assess for each claim"
        )
        listing, report = assume.vehicle.listing, assume.purchase.seller_report
        if listing is not None:
            raise InvalidFactError("assume.vehicle.listing", listing, remedy)
        raise InvalidFactError("assume.purchase.seller_report", report, remedy)
    here = None if columns is None else called(columns, names_of(section, law).short)
    asked = None if here is None else tuple(here.items())
    promised = _promised(placed_in_service)
    return _planned(section, law, assume, asked, promised=promised, names=names)


@lru_cache(maxsize=64)
def _planned(
    section: Section,
    law: Law,
    assume: Claim | None,
    columns: tuple[tuple[str, str], ...] | None,
    *,
    promised: Span | None,
    names: tuple[str, ...],
) -> Plan:
    """The plan for what is known to be in order; no one changes it afterwards."""
    schedule = getattr(law, section.covered)
    always = Span(schedule.boundaries()[0], _last(schedule))
    reader = Compiler(
        law=law,
        assumed=Claim() if assume is None else assume,
        columns=None if columns is None else dict(columns),
        spans=_spans(promised, always),
        always=always,
        statements=STATEMENTS,
        quantities=QUANTITIES,
        names=names,
        governing=section.days[0],
        turns=turning_days(law),
    )
    composition = section.of_own_facts
    days = tuple((reader.day(day), day.label) for day in section.days)
    for day, (assumed, _) in zip(section.days, days, strict=True):
        if isinstance(assumed, date):
            section.read_as_of(assumed, day, law)
    top = reader.columns_of(composition.top)
    amount = reader.quantity(composition.credit)
    if (columns is None or reader.has(CONTENT_LAW)) and not MADE_HERE.isdisjoint(reader.used):
        reader.column(_OF_LAW)
    verdict = either(amount.lower > 0, both(amount.upper > 0, None))
    return Plan(section, law, reader, top, verdict, *in_cents(amount), days, promised)


#: The fact whose days a caller may promise.
_IN_SERVICE = "purchase.placed_in_service"
#: The column that shows which law the contents of a row were computed under.
_OF_LAW = FrameColumn(
    CONTENT_LAW, ColumnKind.TEXT, "law that the contents were computed under", optional=True
)


def _last(schedule: Any) -> date | None:
    end: date | None = schedule.standing[-1].end
    return end


def _promised(placed_in_service: Days | None) -> Span | None:
    """The days that a caller says the rows are of."""
    if placed_in_service is None:
        return None
    promised: Any = placed_in_service
    if not isinstance(promised, tuple | list) or len(promised) != 2:
        remedy = "give the first and the last day, None for one that is not known"
        raise InvalidFactError("placed_in_service", placed_in_service, remedy)
    ends = [as_day(day) for day in placed_in_service]
    for found, given in zip(ends, placed_in_service, strict=True):
        if found is not None and not isinstance(found, date):
            raise InvalidFactError("placed_in_service", given, found.remedy)
    first, last = ends
    if first is not None and last is not None and first > last:
        raise InvalidFactError("placed_in_service", placed_in_service, "give the first day first")
    return Span(first or date.min, last)


def _spans(promised: Span | None, always: Span) -> dict[str, Span]:
    """The days that a column of days lies in; earlier ones than any are read as the first."""
    if promised is None:
        return {}
    last = always.last if promised.last is None else max(promised.last, always.first)
    return {_IN_SERVICE: Span(max(promised.first, always.first), last)}


def misnamed(
    plan: Plan,
    unknown: Iterable[str] | bool,
    have: Sequence[str],
    keys: Iterable[str],
    strict: bool,
) -> Iterator[Problem]:
    """The names that no rule has: of columns that look like facts, and in ``unknown``.

    Args:
        plan: The plan.
        unknown: What the caller says that no one knows.
        have: The columns of the table.
        keys: The columns that are its key.
        strict: Whether every other column that is not read is reported too.
    """
    names = names_of(plan.section, plan.law)
    read = {*plan.reader.used, *keys}
    yield from twice_given(have, names.short)
    doubtful = [name for name in have if name not in read and not _whole(name, names.known)]
    told = set()
    if any(meant_by(name, names.columns) for name in doubtful):
        known = [name for name in have if _whole(name, every_known_name(plan.law))]
        for problem in unread_facts(have, read, known, names.columns):
            told.add(problem.column)
            yield problem
    if strict:
        for name in have:
            if name not in read and name not in told:
                yield Problem(name, UNREAD)
    if not isinstance(unknown, bool):
        named = dict.fromkeys((unknown,) if isinstance(unknown, str) else unknown)
        yield from _known_and_unknown(plan, named, have, names.short)
        for name in [each for each in named if each not in names.known]:
            if name not in every_known_name(plan.law):
                near = meant_by(name, names.columns) or nearest(name, names.known, most=1)
                hint = f"; did you mean {' or '.join(near[:3])}?" if near else ""
                yield Problem(name, f"named in unknown, and no rule has a fact of that name{hint}")


def _known_and_unknown(
    plan: Plan, named: Iterable[str], have: Sequence[str], short: Mapping[str, tuple[str, ...]]
) -> Iterator[Problem]:
    """The columns of a table that hold what ``unknown`` says that no one knows."""
    by_name = called(have, short)
    paths = {column.name: column.path for column in names_of(plan.section, plan.law).columns}
    for name in named:
        several = {name, *short.get(name, ())}
        for each, own in by_name.items():
            if each in several or paths.get(each) == name:
                what = "named in unknown, and a column of the table gives it; omit one of the two"
                yield Problem(own, what)


def _whole(name: str, known: frozenset[str]) -> bool:
    """Whether a column has the name of one that rules may read; the path of a fact is none."""
    return "." not in name and name in known


def lacking_columns(
    plan: Plan, unknown: Iterable[str] | bool, have: Iterable[str]
) -> list[Problem]:
    """The columns that rules require and the table has not."""
    refused = [Problem(name, what) for name, what in plan.reader.refused.items()]
    if unknown is True:
        return refused
    named = () if unknown is False else (unknown,) if isinstance(unknown, str) else unknown
    short = names_of(plan.section, plan.law).short
    left = {each for name in named for each in short.get(name, (name,))}
    have = tuple(have)
    problems = refused
    for name, column in plan.reader.lacking.items():
        if name in plan.reader.refused or name in left or column.path in left:
            continue
        near = nearest(name, have, most=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        remedy = f"give it, state it in assume, or name it in unknown if it is{hint}"
        problems.append(Problem(name, f"missing column ({column.label}): {remedy}"))
    return problems


def day_checks(plan: Plan) -> Iterator[Check]:
    """What a row may not be: of days outside what is held of the law, or of another law."""
    schedule = getattr(plan.law, plan.section.covered)
    first, last = schedule.boundaries()[0], _last(schedule)
    for day, label in plan.days:
        if isinstance(day, nw.Expr):
            early = [day < nw.lit(first)] if plan.section.begins is None else []
            late = [] if last is None else [day >= nw.lit(last)]
            what = (
                f"evcredit has no law for a vehicle {label} on that day; covered: "
                f"{schedule.covered}"
            )
            name = plan.reader.called("purchase_placed_in_service")
            for outside in (*early, *late):
                # A day in no year of the calendar is reported as such.
                yield Check(name, what, outside & ~beyond(day))
    if CONTENT_LAW in plan.reader.used:
        same = nw.col(CONTENT_LAW).cast(nw.String).str.starts_with(content_digest(plan.law))
        what = f"contents of another law than {plan.law.name}; work them out under this one"
        yield Check(CONTENT_LAW, what, ~same)
    name, span = plan.reader.called(_IN_SERVICE.replace(".", "_")), plan.promised
    if span is not None and name in plan.reader.used:
        here = nw.col(name)
        outside = here < nw.lit(span.first)
        if span.last is not None:
            outside = outside | (here > nw.lit(span.last))
        what = f"outside the days that were promised, from {span.first} to {span.last}"
        yield Check(name, what, outside & ~beyond(here))
