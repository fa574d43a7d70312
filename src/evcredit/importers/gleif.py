"""Who is consolidated by whom: level 2 of the Global Legal Entity Identifier Foundation."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from evcredit.algebra.field import Fault, as_text
from evcredit.errors import InvalidFactError
from evcredit.facts.identifiers import as_lei
from evcredit.facts.ownership import GovernmentRole, as_government_role
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.importers.days import holds_on, on_day
from evcredit.importers.decode import as_bytes, digest, records, rows, text_of
from evcredit.importers.leaves import Leaves, Node, Record
from evcredit.importers.open_graph import OpenGraph
from evcredit.importers.report import Imported
from evcredit.importers.supply import as_listed_country

__all__ = ["import_gleif"]

_CHILD, _PARENT = "Relationship.StartNode", "Relationship.EndNode"
_TYPE, _STATUS = "Relationship.RelationshipType", "Relationship.RelationshipStatus"
_REGISTRATION = "Registration.RegistrationStatus"
_DIRECT = "IS_DIRECTLY_CONSOLIDATED_BY"

#: States of a registration whose relationship is not, or no longer, one.
_VOID = {"ANNULLED", "DUPLICATE", "RETIRED"}

_NEEDED = {
    "relationships": (f"{_CHILD}.NodeID", f"{_PARENT}.NodeID", _TYPE),
    "exceptions": ("LEI", "Exception.Category"),
    "entities": ("LEI",),
}


def import_gleif(
    relationships: bytes | str,
    *,
    on: date | str,
    exceptions: bytes | str | None = None,
    entities: bytes | str | None = None,
    about: Collection[str] | None = None,
    role_unless_stated: GovernmentRole | str | None = None,
    by_name: bool = False,
) -> Imported[OwnershipGraph]:
    """Read who directly consolidates whom as a graph with unknown shares.

    What may be stated from it: that one legal entity is consolidated by another in its accounts
    on a day. That is by the rules of accounting and usually means a majority, but no share of
    equity, votes or board seats is stated, and a holder below consolidation, which the 25 percent
    test asks about (42 USC 18741(a)(5)(C), 89 FR 37079), never appears. So each holding has
    unknown shares, and each entity has one more owner of whom nothing is known. The place of
    registration and the headquarters are stated where level 1 is given. Ultimate parents are
    stated and not derived, and are no holdings.

    Args:
        relationships: The relationship records as comma-separated values.
        on: The day on which a relationship must hold.
        exceptions: The reporting exceptions: who names no parent, and why.
        entities: Level 1 records: names, jurisdictions, headquarters.
        about: Only these LEIs, and all that are above them, are read.
        role_unless_stated: The role in a foreign government of every entity; ``"none"`` says
            that none of them is a body of one.
        by_name: Whether entities are called by their legal names in the graph, where level 1 is
            given and the name occurs once; otherwise by their LEIs.

    Returns:
        The graph; contracts are unknown.

    Raises:
        InvalidFactError: A file is not such a table, or the day or role is none.

    >>> columns = ("StartNode.NodeID", "EndNode.NodeID", "RelationshipType")
    >>> text = f'''{",".join(f"Relationship.{each}" for each in columns)}
    ... CHILD,PARENT,IS_DIRECTLY_CONSOLIDATED_BY'''
    >>> for holding in import_gleif(text, on="2024-06-03").facts.holdings:
    ...     print(holding.owner, "-", holding.of, holding.equity_percent)
    PARENT - CHILD None
    unknown owners of CHILD - CHILD 0 to 100
    unknown owners of PARENT - PARENT 100
    """
    day = on_day(on)
    role = as_government_role(role_unless_stated)
    if isinstance(role, Fault):
        raise InvalidFactError("role_unless_stated", role_unless_stated, role.remedy)
    files = {"relationships": relationships, "exceptions": exceptions, "entities": entities}
    contents = {
        name: as_bytes(data, name)
        for name, data in files.items()
        if data is not None or name == "relationships"
    }
    tables = {
        name: records(rows(text_of(data, what=name), name), name, _NEEDED[name])
        for name, data in contents.items()
    }
    leaves = Leaves("GLEIF level 2", digest(b"".join(contents.values())))
    if about is not None:
        stated: object = about
        several = isinstance(stated, Collection) and not isinstance(stated, str)
        if not several or not all(isinstance(each, str) for each in about):
            raise InvalidFactError("about", about, "give a list of LEIs")
        tables = _above(tables, about, leaves)
    nodes = {name: leaves.add(table, name).items() for name, table in tables.items()}
    names = _names(nodes.get("entities", ())) if by_name else {}
    graph = _Graph(day, role, names)
    for node in nodes.get("entities", ()):
        graph.entity(node)
    for node in nodes["relationships"]:
        graph.relationship(node)
    for node in nodes.get("exceptions", ()):
        graph.exception(node)
    return leaves.imported(graph.open.closed(None))


def _above(
    tables: Mapping[str, list[Record]], about: Collection[str], leaves: Leaves
) -> dict[str, list[Record]]:
    """The rows about some entities and those above them."""
    parents: dict[str, set[str]] = {}
    for row in tables["relationships"]:
        child = str(row.get(f"{_CHILD}.NodeID", "")).strip()
        parents.setdefault(child, set()).add(str(row.get(f"{_PARENT}.NodeID", "")).strip())
    wanted: set[str] = set()
    ahead = list(about)
    while ahead:
        lei = ahead.pop()
        if lei not in wanted:
            wanted.add(lei)
            ahead += parents.get(lei, ())
    keys = {name: f"{_CHILD}.NodeID" if name == "relationships" else "LEI" for name in tables}
    found = {
        name: [row for row in table if str(row.get(keys[name], "")).strip() in wanted]
        for name, table in tables.items()
    }
    for name, table in tables.items():
        left = len(table) - len(found[name])
        leaves.notes.append(f"{left} other rows of {name} were not requested")
    return found


def _names(nodes: Sequence[Node]) -> dict[str, str]:
    """Legal names that occur once, by LEI."""
    found = {node.child("LEI").text: node.child("Entity.LegalName").text for node in nodes}
    texts = Counter([*found.values(), *found])
    return {lei: name for lei, name in found.items() if name and texts[name] == 1}


class _Graph:
    """The graph of a set of files.

    Args:
        on: The day asked about.
        role: The role of every entity.
        names: What entities are called, if not by their LEIs.
    """

    def __init__(self, on: date, role: GovernmentRole | None, names: Mapping[str, str]) -> None:
        self.open = OpenGraph()
        self._on = on
        self._role = role
        self._names = names

    def _add(self, lei: str, **facts: Any) -> int:
        if isinstance(as_lei(lei), str):
            facts["lei"] = as_lei(lei)
        return self.open.entity(self._names.get(lei, lei), government_role=self._role, **facts)

    def entity(self, node: Node) -> None:
        """Add an entity from level 1."""
        lei = node.child("LEI").peek(as_text)
        if lei is None:
            node.doubt("the row has no LEI")
            return
        place = f"entities[{self._add(lei)}]"
        named = lei in self._names
        (node.child("Entity.LegalName") if named else node.child("LEI")).map(f"{place}.name")
        if isinstance(as_lei(lei), str):
            also = () if named else (f"{place}.name",)
            node.child("LEI").map(*also, f"{place}.lei")
        for column, fact in (
            ("Entity.LegalJurisdiction", "incorporated_in"),
            ("Entity.HeadquartersAddress.Country", "principal_place_of_business"),
        ):
            country = node.child(column).take(as_listed_country, f"{place}.{fact}")
            if country is not None:
                self._add(lei, **{fact: country})

    def relationship(self, node: Node) -> None:
        """Add a holding, if the row is of one that holds on the day."""
        kind, status = node.child(_TYPE), node.child(_STATUS)
        state = node.child(_REGISTRATION).text.upper()
        ends = [node.child(f"{end}.NodeID") for end in (_CHILD, _PARENT)]
        child, parent = (end.peek(as_text) for end in ends)
        strange = [
            found
            for end in (_CHILD, _PARENT)
            if (found := node.child(f"{end}.NodeIDType")).stated and found.text != "LEI"
        ]
        if kind.text != _DIRECT:
            node.skip("no direct consolidation, so no holding")
        elif status.text == "INACTIVE" or state in _VOID:
            node.skip("the relationship has ended or was never one")
        elif self._ended(node):
            node.skip(f"the relationship does not hold on {self._on}")
        elif child is None or parent is None or strange:
            node.doubt("the two ends are not legal entities with an LEI")
        elif child == parent:
            node.skip("an entity's holding of itself passes nothing on")
        else:
            if status.text != "ACTIVE":
                status.doubt("whether the relationship holds is not stated")
            for lei in (child, parent):
                self._add(lei)
            owner, of = (self._names.get(lei, lei) for lei in (parent, child))
            place = f"holdings[{self.open.holding(owner, of)}]"
            ends[0].map(f"{place}.of")
            ends[1].map(f"{place}.owner")
            kind.map(f"{place}.owner")

    def _ended(self, node: Node) -> bool:
        """Whether the periods of the relationship, if any are stated, all lie elsewhere."""
        numbers = [
            match[1]
            for name in node.value
            if (match := re.fullmatch(r"Relationship\.Period\.(\d+)\.periodType", name))
        ]
        periods = [
            f"Relationship.Period.{number}"
            for number in numbers
            if node.child(f"Relationship.Period.{number}.periodType").text == "RELATIONSHIP_PERIOD"
        ]
        holding = [
            holds_on(self._on, node.child(f"{each}.startDate"), node.child(f"{each}.endDate"))
            for each in periods
        ]
        return bool(holding) and all(each is False for each in holding)

    def exception(self, node: Node) -> None:
        """Add an entity that names no parent."""
        lei = node.child("LEI").peek(as_text)
        if lei is None:
            node.doubt("the row has no LEI")
            return
        node.child("LEI").map(f"entities[{self._add(lei)}].name")
        for name in node.value:
            if name != "LEI":
                node.child(name).doubt("no parent is named, so the owners are unknown")
