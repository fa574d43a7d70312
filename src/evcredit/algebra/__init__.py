"""The algebra: verdicts, bounds, shares, dated numbers, rules. It knows no tax.

May import: data, for what the trade calls the members of a list, and errors.
May be imported by: every other room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.algebra.binding import Binding as Binding
    from evcredit.algebra.binding import LawLike as LawLike
    from evcredit.algebra.binding import Limit as Limit
    from evcredit.algebra.bound import BoundRule as BoundRule
    from evcredit.algebra.bound import bind as bind
    from evcredit.algebra.bound import finding_of as finding_of
    from evcredit.algebra.bound import verdict_of as verdict_of
    from evcredit.algebra.bounds import Bounds as Bounds
    from evcredit.algebra.certificate import Certificates as Certificates
    from evcredit.algebra.citation import Authority as Authority
    from evcredit.algebra.citation import Citation as Citation
    from evcredit.algebra.completion import Completion as Completion
    from evcredit.algebra.day import Day as Day
    from evcredit.algebra.derived import Derived as Derived
    from evcredit.algebra.derived import ShareComparison as ShareComparison
    from evcredit.algebra.expression import DayInput as DayInput
    from evcredit.algebra.expression import Expression as Expression
    from evcredit.algebra.expression import Fact as Fact
    from evcredit.algebra.expression import Input as Input
    from evcredit.algebra.field import FactType as FactType
    from evcredit.algebra.field import Kind as Kind
    from evcredit.algebra.field import check as check
    from evcredit.algebra.field import declare as declare
    from evcredit.algebra.field import declared_facts as declared_facts
    from evcredit.algebra.finding import FactRead as FactRead
    from evcredit.algebra.finding import Finding as Finding
    from evcredit.algebra.parameter import InGroup as InGroup
    from evcredit.algebra.parameter import Parameter as Parameter
    from evcredit.algebra.parameter import TableLookup as TableLookup
    from evcredit.algebra.path import UnknownFact as UnknownFact
    from evcredit.algebra.path import fact_type_at as fact_type_at
    from evcredit.algebra.path import read as read
    from evcredit.algebra.path import unknown_facts as unknown_facts
    from evcredit.algebra.path import with_facts as with_facts
    from evcredit.algebra.relevance import Relevance as Relevance
    from evcredit.algebra.rule import Rule as Rule
    from evcredit.algebra.rule import all_of as all_of
    from evcredit.algebra.rule import amount as amount
    from evcredit.algebra.rule import any_of as any_of
    from evcredit.algebra.rule import when as when
    from evcredit.algebra.schedule import Entry as Entry
    from evcredit.algebra.schedule import NoProvision as NoProvision
    from evcredit.algebra.schedule import Schedule as Schedule
    from evcredit.algebra.schedule import Table as Table
    from evcredit.algebra.share import Share as Share
    from evcredit.algebra.share import share_of as share_of
    from evcredit.algebra.symbol import facts_of as facts_of
    from evcredit.algebra.symbol import law_of as law_of
    from evcredit.algebra.topic import Mode as Mode
    from evcredit.algebra.topic import Topic as Topic
    from evcredit.algebra.verdict import Verdict as Verdict
    from evcredit.algebra.wording import sentence as sentence

export(
    __name__,
    {
        "binding": "Binding LawLike Limit",
        "bound": "BoundRule bind finding_of verdict_of",
        "bounds": "Bounds",
        "certificate": "Certificates",
        "citation": "Authority Citation",
        "completion": "Completion",
        "day": "Day",
        "derived": "Derived ShareComparison",
        "expression": "DayInput Expression Fact Input",
        "field": "FactType Kind check declare declared_facts",
        "finding": "FactRead Finding",
        "parameter": "InGroup Parameter TableLookup",
        "path": "UnknownFact fact_type_at read unknown_facts with_facts",
        "relevance": "Relevance",
        "rule": "Rule all_of amount any_of when",
        "schedule": "Entry NoProvision Schedule Table",
        "share": "Share share_of",
        "symbol": "facts_of law_of",
        "topic": "Mode Topic",
        "verdict": "Verdict",
        "wording": "sentence",
    },
)
