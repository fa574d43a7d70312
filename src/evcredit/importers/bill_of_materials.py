"""Bills of materials of Catena-X: single_level_bom_as_planned 3.0.0 and 4.0.0."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import attrs

from evcredit.algebra.field import as_text
from evcredit.algebra.limits import MOST_ITEMS, MOST_LEVELS
from evcredit.errors import InvalidFactError
from evcredit.facts.component import BatteryComponent, ComponentKind, as_component_kind
from evcredit.importers.days import holds_on, on_day
from evcredit.importers.decode import as_bytes, digest, json_document
from evcredit.importers.leaves import Leaves, Node
from evcredit.importers.report import Imported
from evcredit.importers.supply import BatteryFacts, table_of

__all__ = ["import_bill_of_materials"]

_MODEL = "Catena-X single_level_bom_as_planned"
_ID = {"4.0.0": "globalAssetId", "3.0.0": "catenaXId"}
_UUID = re.compile(r"(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)

#: The most parts that are read, each counted wherever it is.
PARTS = MOST_ITEMS


def import_bill_of_materials(
    data: bytes | str | Sequence[bytes | str],
    *,
    on: date | str,
    kinds: Mapping[str, ComponentKind | str | None] | None = None,
) -> Imported[BatteryFacts]:
    """Read the parts of a battery and who supplies them, as a tree of components.

    What may be stated from it: which part is planned to be in which, on a day, and which business
    partner supplies it. A document has one level; several make a tree. It has
    no value and no country, and a quantity (pieces, kilograms) is no number of components. Which
    part is which component of the regulation (26 CFR 1.30D-2) is not in it either, so the caller
    gives a table. The supplier need not be the maker.

    Args:
        data: The JSON document, or several.
        on: The day for which an item must be valid.
        kinds: The kind of component by the identifier of the part, with or without
            ``urn:uuid:``; `None` for what is no component, such as a material.

    Returns:
        The components at the top: those that are in no other, or in a part that the table does
        not have, such as the pack. What a component contains is known only if its document is
        given and the table has every item that may be inside it.

    Raises:
        InvalidFactError: A document is not such JSON, or a kind or the day is none.

    >>> pack, cell = (f"{digit * 8}-0000-0000-0000-000000000000" for digit in "12")
    >>> text = f'''{{"globalAssetId": "{pack}", "childItems": [
    ... {{"globalAssetId": "urn:uuid:{cell}", "businessPartner": "BPNL00000007CELL"}}]}}'''
    >>> imported = import_bill_of_materials(text, on="2024-06-03", kinds={cell: "battery cell"})
    >>> imported.facts.components[0].by
    'BPNL00000007CELL'
    """
    one = isinstance(data, bytes | bytearray | memoryview | str) or not isinstance(data, Iterable)
    texts = [data] if one else list(data)
    contents = [as_bytes(each, f"data[{place}]") for place, each in enumerate(texts)]
    day = on_day(on)
    found = table_of(kinds, as_component_kind, "kinds")
    table = {_key(name) or name: kind for name, kind in found.items()}
    documents = [json_document(each, f"data[{place}]") for place, each in enumerate(contents)]
    versions = sorted({_version_of(each) for each in documents})
    leaves = Leaves(f"{_MODEL} {' and '.join(versions)}", digest(b"".join(contents)))
    single = len(documents) == 1
    root = leaves.add(documents[0] if single else documents)
    tree = _Tree(leaves.source, table, day)
    for node in [root] if single else root.items():
        tree.read(node)
    components = tree.components()
    for name in sorted(table.keys() - tree.named()):
        leaves.notes.append(f"kinds= has {name}, and no part has this identifier")
    return leaves.imported(BatteryFacts(components=components))


def _version_of(document: Any) -> str:
    names = document if isinstance(document, dict) else {}
    found = [version for version, name in _ID.items() if name in names]
    if len(found) != 1 or "childItems" not in names:
        raise InvalidFactError(
            "data",
            ", ".join(sorted(names)[:8]),
            f"give documents of {_MODEL}: 4.0.0 has globalAssetId and childItems, 3.0.0 has "
            "catenaXId and childItems",
        )
    return found[0]


def _key(text: str) -> str:
    """An identifier without its prefix and in small letters; empty if it is none."""
    match = _UUID.fullmatch(text.strip())
    return match[1].lower() if match else ""


@attrs.define(eq=False)
class _Item:
    """A part inside another, as the items of a document name it.

    Args:
        key: Its identifier.
        nodes: Where the identifier is; more than once if it is named again.
        partners: Where its suppliers are.
    """

    key: str
    nodes: list[Node]
    partners: list[Node]

    def supplier(self) -> str | None:
        """The supplier, if there is one."""
        found = dict.fromkeys(each.peek(as_text) for each in self.partners)
        if len(found) < 2:
            return next(iter(found), None)
        for node in self.partners:
            node.doubt("the part has more than one supplier", *map(str, found))
        return None

    def doubt(self, why: str) -> None:
        """Settle the item as unknown."""
        for node in (*self.nodes, *self.partners):
            node.doubt(why)


@attrs.define(eq=False)
class _Document:
    """What is inside one part.

    Args:
        node: Where the document is.
        identifier: Where the identifier of the part is.
        items: The items that are valid on the day.
        complete: Whether the document shows that these are all.
    """

    node: Node
    identifier: Node
    items: list[_Item]
    complete: bool


@attrs.define(eq=False)
class _Part:
    """A component with the values that it comes from.

    Args:
        component: The component.
        item: The item; one without values for a part that is in no other.
        document: What is inside it, if that is given.
        inside: The components inside it that are known.
    """

    component: BatteryComponent
    item: _Item
    document: _Document | None
    inside: list[_Part]


class _Tree:
    """Components built from documents.

    Args:
        source: The format and its version.
        kinds: The caller's table.
        on: The day.
    """

    def __init__(self, source: str, kinds: Mapping[str, ComponentKind | None], on: date) -> None:
        self._source = source
        self._kinds = kinds
        self._on = on
        self._documents: dict[str, _Document] = {}
        self._reached: set[str] = set()
        self._count = 0

    # -- reading -------------------------------------------------------------------------------

    def read(self, node: Node) -> None:
        """Take in a document: what is inside one part."""
        name = next(name for name in _ID.values() if name in node.value)
        identifier = node.child(name)
        key = _key(identifier.text)
        before = self._documents.get(key)
        if not key:
            node.doubt("the part has no identifier: give a UUID")
        elif before is None:
            self._documents[key] = self._document(node, identifier, name)
        elif before.node.value == node.value:
            node.skip("the same document again")
        else:
            for each in (before.node, node):
                each.doubt("two documents of one part", "this one", "the other one")
            before.items, before.complete = [], False

    def _document(self, node: Node, identifier: Node, name: str) -> _Document:
        listed = node.child("childItems")
        items: dict[str, _Item] = {}
        complete = isinstance(listed.value, list)
        for child in listed.items():
            found = child.child(name)
            key = _key(found.text)
            validity = child.child("validityPeriod")
            holds = holds_on(self._on, validity.child("validFrom"), validity.child("validTo"))
            if holds is False:
                child.skip(f"not valid on {self._on}")
            elif holds is None or not key:
                child.doubt(f"which part it is, or whether it is valid on {self._on}, is not clear")
                complete = False
            else:
                item = items.setdefault(key, _Item(key, [], []))
                item.nodes.append(found)
                partner = child.child("businessPartner")
                if partner.stated:
                    item.partners.append(partner)
        return _Document(node, identifier, list(items.values()), complete)

    def named(self) -> set[str]:
        """The identifiers of all parts."""
        items = (item.key for document in self._documents.values() for item in document.items)
        return {*self._documents, *items}

    # -- building ------------------------------------------------------------------------------

    def components(self) -> tuple[BatteryComponent, ...]:
        """The components at the top; every value that became a part of one is settled."""
        inside = {item.key for document in self._documents.values() for item in document.items}
        found: list[_Part] = []
        for key, document in self._documents.items():
            if key in inside:
                continue
            if self._kinds.get(key) is not None:
                found.append(self._part(_Item(key, [], []), ()))
                continue
            document.identifier.skip("the part that the items are in, and no component itself")
            found += self._inside(document, (key,))[0]
        for place, part in enumerate(found):
            self._settle(part, f"components[{place}]")
        for key, document in self._documents.items():
            if key not in self._reached:
                document.node.doubt("no part at the top leads to this one")
        return tuple(part.component for part in found)

    def _inside(self, document: _Document, above: tuple[str, ...]) -> tuple[list[_Part], bool]:
        """The components that a document names, and whether these are known to be all."""
        found, complete = [], document.complete
        self._reached.add(above[-1])
        for item in document.items:
            self._count += 1
            why = ""
            if item.key not in self._kinds:
                why = "which component it is, is not known; add it to kinds="
            elif item.key in above:
                why = "the part contains itself"
            elif sum(self._kinds.get(key) is not None for key in above) >= MOST_LEVELS:
                why = f"at most {MOST_LEVELS} levels of components are read"
            elif self._count > PARTS:
                why = f"at most {PARTS:,} parts are read, each counted wherever it is"
            if why:
                item.doubt(why)
                complete = False
            elif self._kinds[item.key] is None:
                for node in (*item.nodes, *item.partners):
                    node.skip("no component, as the caller says")
            else:
                found.append(self._part(item, above))
        return found, complete

    def _part(self, item: _Item, above: tuple[str, ...]) -> _Part:
        document = self._documents.get(item.key)
        inside: list[_Part] = []
        stated: dict[str, Any] = {"kind": self._kinds[item.key]}
        if document is not None:
            inside, complete = self._inside(document, (*above, item.key))
            stated["contains"] = [part.component for part in inside] if complete else None
            if not complete:
                _doubt(inside, "what it is in may contain more than is known")
                inside = []
        component = BatteryComponent(
            by=item.supplier(),
            evidence=f"{self._source}, part {item.key}",
            **stated,
        )
        return _Part(component, item, document, inside)

    def _settle(self, part: _Part, path: str) -> None:
        named = [*part.item.nodes, *([part.document.identifier] if part.document else ())]
        for node in named:
            node.map(f"{path}.kind", f"{path}.evidence")
        for node in part.item.partners:
            node.map(f"{path}.by")
        for place, inside in enumerate(part.inside):
            self._settle(inside, f"{path}.contains[{place}]")


def _doubt(parts: Sequence[_Part], why: str) -> None:
    for part in parts:
        part.item.doubt(why)
        _doubt(part.inside, why)
