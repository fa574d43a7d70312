"""Relationships of the Beneficial Ownership Data Standard as holdings and contracts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

import attrs

from evcredit.algebra.bounds import Bounds, exact_arithmetic
from evcredit.algebra.field import as_text
from evcredit.facts.contract import Contract
from evcredit.importers.bods_statements import Statement
from evcredit.importers.days import holds_on
from evcredit.importers.leaves import Node
from evcredit.importers.open_graph import FINEST, METRICS, OpenGraph, Share, ends_of
from evcredit.importers.supply import take_percent

__all__ = ["Relations", "share_of"]

_METRIC_OF = dict(zip(("shareholding", "votingRights", "appointmentOfBoard"), METRICS, strict=True))
_CONTRACTS = {"rightsGrantedByContract", "conditionalRightsGrantedByContract"}

_ENDS = ("exact", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum")
_NONE, _ALL = Decimal(0), Decimal(100)


@attrs.frozen
class _Interest:
    """One interest that holds on the day, or may.

    Args:
        node: Where it is.
        direct: Whether it is said to be direct.
        certain: Whether it is clear that it holds on the day.
    """

    node: Node
    direct: bool
    certain: bool


@attrs.frozen(eq=False)
class _Relation:
    """A relationship between two parties, with the interests that hold on the day."""

    owner: str
    subject: str
    details: Node
    interests: tuple[_Interest, ...]

    @property
    def is_direct(self) -> bool:
        """Whether any interest is said to be direct."""
        return any(interest.direct for interest in self.interests)


class Relations:
    """The relationships of a file, on their way into a graph.

    Args:
        graph: The graph.
        on: The day asked about.
        names: What records are called, if not by their identifiers.
        with_contracts: Whether contracts are read.
    """

    def __init__(
        self, graph: OpenGraph, on: date, names: Mapping[str, str], with_contracts: bool
    ) -> None:
        self._graph = graph
        self._on = on
        self._names = names
        self._with_contracts = with_contracts
        self._found: list[_Relation] = []
        self.contracts: list[Contract] = []

    # -- reading -------------------------------------------------------------------------------

    def read(self, statement: Statement) -> None:
        """Take in a relationship, if it is one between two parties on the day."""
        details = statement.details
        interests = tuple(
            interest
            for node in details.child("interests").items()
            if (interest := self._interest(node)) is not None
        )
        subject = self._party(details.child("subject"))
        if subject is None:
            details.doubt("whose owner it is, is not stated")
            return
        owner = self._owner(statement, subject)
        if owner == subject:
            details.skip("an entity's holding of itself passes nothing on")
        elif owner is not None and interests:
            self._found.append(_Relation(owner, subject, details, interests))

    def _party(self, node: Node) -> str | None:
        record: str | None = node.peek(as_text)
        return None if record is None else self._names.get(record, record)

    def _owner(self, statement: Statement, subject: str) -> str | None:
        """The name of the owner; one that is not declared gets a separate name."""
        node = statement.details.child("interestedParty")
        if not isinstance(node.value, dict):
            return self._party(node)
        reason = node.child("reason")
        told = reason.peek(as_text)
        if told is None:
            node.doubt("neither an owner nor a reason why none is named")
            return None
        name = f"owner of {subject} by {statement.record}: {told}"
        reason.map(f"entities[{self._graph.entity(name, has_owners=False)}].name")
        return name

    def _interest(self, node: Node) -> _Interest | None:
        """An interest, unless it ended before the day or begins after it."""
        if not isinstance(node.value, dict):
            node.doubt("give an object for an interest")
            return None
        holds = holds_on(self._on, node.child("startDate"), node.child("endDate"))
        if holds is False:
            node.skip(f"it had ended by {self._on}, or begins later")
            return None
        direct = node.child("directOrIndirect").text == "direct"
        return _Interest(node, direct, holds is True)

    # -- adding --------------------------------------------------------------------------------

    def add(self) -> None:
        """Add what was read to the graph: one holding for each pair."""
        direct = {relation.subject for relation in self._found if relation.is_direct}
        alone: dict[str, list[_Relation]] = {}
        for relation in self._found:
            if relation.subject not in direct:
                alone.setdefault(relation.subject, []).append(relation)
        by_pair: dict[tuple[str, str], list[_Relation]] = {}
        for relation in self._found:
            if relation.is_direct or len(alone.get(relation.subject, ())) == 1:
                by_pair.setdefault((relation.owner, relation.subject), []).append(relation)
            else:
                _doubt_indirect(relation.interests)
        shares: dict[tuple[str, str], list[tuple[str, list[Node]]]] = {}
        for (owner, subject), relations in by_pair.items():
            shares.setdefault((subject, owner), []).extend(self._hold(owner, subject, relations))
        self._refuse_more_than_all(shares)

    def _hold(
        self, owner: str, subject: str, relations: Sequence[_Relation]
    ) -> list[tuple[str, list[Node]]]:
        """Add a holding; return the values that each of its shares comes from."""
        for name in (owner, subject):
            self._graph.entity(name)
        place = f"holdings[{self._graph.holding(owner, subject)}]"
        is_direct = any(relation.is_direct for relation in relations)
        by_metric: dict[str, list[_Interest]] = {}
        for relation in relations:
            relation.details.child("subject").map(f"{place}.of")
            party = relation.details.child("interestedParty")
            if not isinstance(party.value, dict):
                party.map(f"{place}.owner")
            if is_direct:
                _doubt_indirect([each for each in relation.interests if not each.direct])
            for interest in relation.interests:
                if interest.direct is is_direct:
                    self._sort(interest, owner, subject, by_metric)
        found = []
        for metric, interests in by_metric.items():
            if len(interests) > 1:
                for interest in interests:
                    interest.node.doubt(
                        "one share of one owner is stated more than once",
                        "parts that add up",
                        "the same share again",
                    )
                continue
            share, nodes = _as_held(interests[0], is_direct)
            if share is not None:
                self._graph.share(owner, subject, metric, share)
                nodes.append(interests[0].node.child("type"))
                for node in nodes:
                    node.map(f"{place}.{metric}")
                found.append((metric, nodes))
        return found

    def _sort(
        self, interest: _Interest, owner: str, subject: str, by_metric: dict[str, list[_Interest]]
    ) -> None:
        """Put an interest where it belongs: a metric, a contract, or neither."""
        kind = interest.node.child("type")
        metric = _METRIC_OF.get(kind.text)
        if metric is not None:
            by_metric.setdefault(metric, []).append(interest)
            if not interest.node.child("share").stated:
                kind.doubt("the share is not stated")
        elif kind.text not in _CONTRACTS:
            interest.node.skip("an interest that is no share of equity, votes or board seats")
        elif not self._with_contracts:
            kind.doubt("contracts are unknown; pass contracts_are_complete=True if these are all")
        else:
            contract = Contract(holder=owner, producer=subject)
            if contract not in self.contracts:
                self.contracts.append(contract)
            kind.map(f"contracts[{self.contracts.index(contract)}].holder")

    def _refuse_more_than_all(
        self, shares: Mapping[tuple[str, str], Sequence[tuple[str, list[Node]]]]
    ) -> None:
        """Make shares unknown where the owners of one entity hold more than all of it."""
        excessive = {
            (subject, metric)
            for subject, _ in shares
            for metric in METRICS
            if self._graph.exceeds_all(subject, metric)
        }
        for (subject, owner), found in shares.items():
            for metric, nodes in found:
                if (subject, metric) in excessive:
                    self._graph.share(owner, subject, metric, None)
                    for node in nodes:
                        node.doubt("the stated owners hold more than 100 percent together")


def _doubt_indirect(interests: Sequence[_Interest]) -> None:
    for interest in interests:
        interest.node.doubt(
            "not said to be direct",
            "it repeats what direct interests say",
            "it is in addition to them",
        )


def _as_held(interest: _Interest, is_direct: bool) -> tuple[Share, list[Node]]:
    """What the owner holds for certain, and the values that say so."""
    share, nodes = share_of(interest.node.child("share"))
    if share is None:
        return None, []
    lower, upper = ends_of(share)
    if not interest.certain:
        lower = _NONE
    if not is_direct:
        # Through a majority the law may count more than a register that multiplies.
        upper = _ALL
    return (lower if lower == upper else Bounds(lower, upper)), nodes


def share_of(node: Node) -> tuple[Share, list[Node]]:
    """Return what is known of a share in percent, and the values that say so.

    Args:
        node: The share: exact, or with ends that are open or closed.

    Returns:
        An open end is 10^-18 percent inside the one that is stated. `None` if nothing is known.
    """
    ends = {name: node.child(name) for name in _ENDS}
    values = {name: take_percent(end) for name, end in ends.items()}
    known = {name: value for name, value in values.items() if value is not None}
    if not known:
        return None, []
    exact = exact_arithmetic()
    lower = max(
        known.get("exact", _NONE),
        known.get("minimum", _NONE),
        exact.add(known["exclusiveMinimum"], FINEST) if "exclusiveMinimum" in known else _NONE,
    )
    upper = min(
        known.get("exact", _ALL),
        known.get("maximum", _ALL),
        exact.subtract(known["exclusiveMaximum"], FINEST) if "exclusiveMaximum" in known else _ALL,
    )
    nodes = [ends[name] for name in known]
    if lower > upper:
        for each in nodes:
            each.doubt("no share lies between these ends")
        return None, []
    return (lower if lower == upper else Bounds(lower, upper)), nodes
