"""Statements of the Beneficial Ownership Data Standard 0.4 as a graph of ownership."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from evcredit.algebra.field import Fault
from evcredit.errors import InvalidFactError
from evcredit.facts.identifiers import as_lei
from evcredit.facts.ownership import GovernmentRole, as_government_role
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.importers.bods_relations import Relations
from evcredit.importers.bods_statements import VERSION, Statement, document_of, statements_on
from evcredit.importers.days import on_day
from evcredit.importers.decode import as_bytes, digest
from evcredit.importers.leaves import Leaves, Node
from evcredit.importers.open_graph import OpenGraph
from evcredit.importers.report import Imported
from evcredit.importers.supply import as_listed_country, table_of

__all__ = ["import_bods"]

_BODIES = {"state", "stateBody"}
_NOBODY_KNOWN = {"anonymousEntity", "unknownEntity", "anonymousPerson", "unknownPerson"}


def import_bods(
    data: bytes | str,
    *,
    on: date | str,
    roles: Mapping[str, GovernmentRole | str | None] | None = None,
    role_unless_stated: GovernmentRole | str | None = None,
    contracts_are_complete: bool = False,
    by_name: bool = False,
) -> Imported[OwnershipGraph]:
    """Read statements of beneficial ownership as a graph.

    What may be stated from it: who declares which direct share of the equity, the voting rights
    or the board of whom, as of a day, and which bodies a register calls those of a state. That is
    what the share of a government in an entity is traced through (42 USC 18741(a)(5)(C), 89 FR
    37079). A register says nothing about owners it does not name, so all that is left of an entity
    belongs to one more owner of whom nothing is known. It says nothing about the role of a company
    or a person in a government, of designations, and of contracts it does not list: these stay
    unknown unless the caller states them. Beneficial ownership itself, the person at the end, is
    not a share.

    Only direct interests are read, since indirect ones repeat what they say. Where an entity has
    a single indirect interest and no direct one, the owner holds at least that.

    Args:
        data: A JSON list of statements, or one statement a line.
        on: The day for which the latest statement of each record is taken, and on which an
            interest must have begun and not have ended.
        roles: The role in a foreign government by the identifier of the record.
        role_unless_stated: The role of every other company and person that is named:
            ``"none"`` says that none of them is a body of a government.
        contracts_are_complete: Whether contracts are those in the file; otherwise they are
            unknown.
        by_name: Whether entities are called by their names in the graph, as supply chains call
            them, where a name occurs once. Otherwise by the identifier of the record.

    Returns:
        The graph. An open end of a share (``exclusiveMaximum``) is a closed one that is 10^-18
        percent further in: what a register states is never so fine, and a share below 25 percent
        stays below it.

    Raises:
        InvalidFactError: The file is not a list of statements, or a day or role is none.

    >>> text = '''[{"recordId": "R", "recordType": "entity", "recordDetails": {"entityType":
    ... {"type": "registeredEntity"}, "jurisdiction": {"code": "HU"}}}]'''
    >>> graph = import_bods(text, on="2024-06-03").facts
    >>> [(entity.name, entity.incorporated_in) for entity in graph.entities]
    [('R', 'HU'), ('unknown owners of R', None)]
    """
    content = as_bytes(data)
    day = on_day(on)
    default = as_government_role(role_unless_stated)
    if isinstance(default, Fault):
        raise InvalidFactError("role_unless_stated", role_unless_stated, default.remedy)
    stated = table_of(roles, as_government_role, "roles")
    document = document_of(content)
    leaves = Leaves(f"Beneficial Ownership Data Standard {VERSION}", digest(content))
    statements = statements_on(leaves.add(document), day)
    graph = OpenGraph()
    names = _names(statements) if by_name else {}
    for statement in statements:
        if statement.kind != "relationship":
            role = stated.get(statement.record, default)
            _Party(graph, statement, names, role, statement.record in stated).add()
    relations = Relations(graph, day, names, contracts_are_complete)
    for statement in statements:
        if statement.kind == "relationship":
            relations.read(statement)
    relations.add()
    return leaves.imported(graph.closed(relations.contracts if contracts_are_complete else None))


def _names(statements: Sequence[Statement]) -> dict[str, str]:
    """Names that occur once, by record."""
    found = {each.record: _name_of(each).text for each in statements if each.kind != "relationship"}
    texts = Counter([*found.values(), *found])
    return {record: name for record, name in found.items() if name and texts[name] == 1}


def _name_of(statement: Statement) -> Node:
    if statement.kind == "entity":
        return statement.details.child("name")
    return next(
        (each.child("fullName") for each in statement.details.child("names").items()),
        statement.details.child("name"),
    )


@attrs.frozen
class _Party:
    """An entity or a person, to be added to a graph.

    Args:
        graph: The graph.
        statement: The statement.
        names: What records are called, if not by their identifiers.
        role: The role in a government that the caller states.
        is_stated: Whether the caller states it of this one.
    """

    graph: OpenGraph
    statement: Statement
    names: Mapping[str, str]
    role: GovernmentRole | None
    is_stated: bool

    def add(self) -> None:
        """Add it, and settle what is said of it."""
        statement, details = self.statement, self.statement.details
        name = self.names.get(statement.record, statement.record)
        entity = statement.kind == "entity"
        kind = details.child("entityType").child("type") if entity else details.child("personType")
        place = f"entities[{self.graph.entity(name, has_owners=entity)}]"
        called = _name_of(statement) if name != statement.record else None
        (called or statement.node.child("recordId")).map(f"{place}.name")
        if called is None:
            _name_of(statement).skip("the graph calls it by the identifier of its record")
        facts: dict[str, Any] = {}
        for each in details.child("identifiers").items() if entity else ():
            if each.child("scheme").text == "XI-LEI":
                lei = each.child("id").take(as_lei, f"{place}.lei")
                if lei is not None:
                    facts["lei"] = lei
                    each.child("scheme").map(f"{place}.lei")
        role, body = self._role(kind, place)
        if role is not None:
            facts["government_role"] = role
        to = [f"{place}.incorporated_in"] if entity else []
        if body:
            to.append(f"{place}.government_of")
        country = _jurisdiction(details.child("jurisdiction"), to)
        if country is not None:
            facts["incorporated_in"] = country
        if country is not None and body:
            facts["government_of"] = country
        unowned = not entity or kind.text in _BODIES | _NOBODY_KNOWN
        self.graph.entity(name, has_owners=not unowned, **facts)

    def _role(self, kind: Node, place: str) -> tuple[GovernmentRole | None, bool]:
        """The role in a government, and whether the body is one of the government of its seat."""
        if self.is_stated:
            kind.skip("the caller states the role in a government")
            return self.role, self.role not in {None, GovernmentRole.NONE}
        if kind.text in _BODIES:
            subtype = self.statement.details.child("entityType").child("subtype")
            department = kind.text == "state" or subtype.text == "governmentDepartment"
            role = GovernmentRole.GOVERNMENT if department else GovernmentRole.AGENCY
            for node in (kind, subtype):
                if node.text:
                    node.map(f"{place}.government_role")
            return role, True
        exposure = self.statement.details.child("politicalExposure")
        if exposure.stated:
            exposure.doubt(
                "political exposure by another definition; state the role in roles=",
                "a senior foreign political figure or family of one (89 FR 37079)",
                "neither",
            )
        if kind.text in _NOBODY_KNOWN or exposure.stated:
            return None, False
        return self.role, self.role not in {None, GovernmentRole.NONE}


def _jurisdiction(node: Node, to: Sequence[str]) -> str | None:
    """The country of a jurisdiction, by its code, else by its name."""
    code, name = node.child("code"), node.child("name")
    by_code, by_name = (as_listed_country(each.text or None) for each in (code, name))
    countries = {each for each in (by_code, by_name) if isinstance(each, str)}
    if len(countries) > 1:
        for each in (code, name):
            each.doubt("the code and the name are of different countries", code.text, name.text)
        return None
    for each, found in ((code, by_code), (name, by_name)):
        if isinstance(found, str) and to:
            each.map(*to)
        elif isinstance(found, Fault) and each is name and isinstance(by_code, str):
            each.skip("the code is read")
        elif isinstance(found, Fault):
            each.doubt(found.remedy)
    return countries.pop() if countries and to else None
