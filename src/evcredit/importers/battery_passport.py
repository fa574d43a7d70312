"""Battery passports of Catena-X: battery_pass 6.1.0."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from evcredit.algebra.field import as_text
from evcredit.errors import InvalidFactError
from evcredit.facts.chain import MineralSource
from evcredit.facts.component import BatteryComponent, ComponentKind
from evcredit.facts.mineral import ApplicableMineral, as_mineral
from evcredit.importers.decode import as_bytes, digest, json_document
from evcredit.importers.leaves import Leaves, Node
from evcredit.importers.report import Imported
from evcredit.importers.supply import (
    BatteryFacts,
    as_listed_country,
    at_least_kwh,
    kind_of,
    mineral_of,
    table_of,
    take_percent,
    ways_of,
)

__all__ = ["import_battery_passport"]

_MODEL = "Catena-X battery_pass"
_VERSION = "6.1.0"

#: Materials that every passport must have a section for, whether the battery holds them or not.
_REQUIRED = ("nickel", "cobalt", "lithium", "lead")


def import_battery_passport(
    data: bytes | str,
    *,
    kind: ComponentKind | str | None = None,
    places: Mapping[str, str | None] | None = None,
) -> Imported[BatteryFacts]:
    """Read recycled shares, maker and energy from a battery passport.

    What may be stated from it: that a battery of this model holds a mineral, that a share of it
    was recovered from waste, who made the battery, and that its capacity from full to empty (26
    USC 30D(d)(4)) is at least its rated energy. The share is an average of a model, a year and a
    plant under the law of the European Union. Where a mineral was extracted, processed or recycled,
    by whom, its mass and its value are not in a passport; "location" is a place in the battery.

    Args:
        data: The JSON file.
        kind: The kind of component whose maker the passport names; it does not say.
        places: The country by the identifier of a facility (BPNA).

    Returns:
        For each mineral a recycling chain, a chain that starts from extraction, or both, none of
        them with a value or a country. A share of 0 for a material that every passport must have
        is no chain, unless the composition of the battery names the mineral.

    Raises:
        InvalidFactError: The file is not JSON or not such a passport, or a kind or place is none.

    >>> text = '''{"specVersion": "urn:io.catenax.battery.battery_pass:6.1.0", "materials":
    ... {"active": {"nickel": {"recycled": 16.0}}}}'''
    >>> for chain in import_battery_passport(text).facts.minerals:
    ...     print(chain.mineral.identifier, [step.activity.value for step in chain.steps])
    nickel ['recycling']
    nickel ['extraction', 'processing']
    """
    content = as_bytes(data)
    component = kind_of(kind)
    countries = table_of(places, as_listed_country, "places")
    document = json_document(content)
    _check(document)
    leaves = Leaves(f"{_MODEL} {_VERSION}", digest(content))
    root = leaves.add(document)
    version, category = root.child("specVersion"), root.child("identification").child("category")
    if not version.stated:
        leaves.notes.append(f"the passport does not state its version; it is read as {_VERSION}")
    if category.stated and category.text.upper() != "EV":
        leaves.notes.append(f"the category of the battery is {category.value}, not EV")
    chains = _Chains(leaves.source)
    chains.of_materials(root.child("materials"))
    root.child("operation").child("intoServiceDate").skip(
        "a day of the battery, not the one on which the vehicle is placed in service"
    )
    rated = root.child("performance").child("rated")
    rated.child("capacity").skip("in ampere hours; the law counts kilowatt hours")
    components = _made_by(root.child("operation").child("manufacturer"), component, countries)
    return leaves.imported(
        BatteryFacts(
            minerals=tuple(chains.found),
            components=components,
            capacity_kwh=at_least_kwh(rated.child("energy").child("value")),
        )
    )


def _check(document: object) -> None:
    names = document if isinstance(document, dict) else {}
    version = names.get("specVersion")
    if "materials" not in names:
        raise InvalidFactError(
            "file", ", ".join(map(str, names)), f"give a passport of {_MODEL} {_VERSION}"
        )
    if isinstance(version, str) and version.strip() and not version.strip().endswith(_VERSION):
        raise InvalidFactError("specVersion", version, f"the version that is read is {_VERSION}")


@attrs.define(eq=False)
class _Chains:
    """The chains of a passport.

    Args:
        source: The format and its version.
    """

    source: str
    found: list[MineralSource] = attrs.field(factory=list)

    def of_materials(self, materials: Node) -> None:
        """Add the chains of all materials, each mineral once."""
        composition = [
            (node, *mineral_of(node, _names(node.child("id"))))
            for node in materials.child("composition").items()
        ]
        composed = {mineral for _, mineral, _ in composition if mineral is not None}
        active = materials.child("active")
        done: set[ApplicableMineral] = set()
        for name in _REQUIRED:
            node, mineral = active.child(name), as_mineral(name)
            if not isinstance(mineral, ApplicableMineral):
                node.skip(f"{name} is not an applicable critical mineral (26 USC 45X(c)(6))")
            elif node.stated:
                done.add(mineral)
                self._add(node, mineral, (), named=mineral in composed)
        for node in active.child("other").items():
            mineral, names = mineral_of(node, _names(node.child("materialIdentification")))
            if mineral in done:
                node.doubt("the mineral is named twice among the active materials")
            elif mineral is not None:
                done.add(mineral)
                self._add(node, mineral, names, named=True)
        for node, mineral, names in composition:
            if mineral in done:
                node.skip("the mineral is named among the active materials")
            elif mineral is not None:
                done.add(mineral)
                self._add(node, mineral, names, named=True)

    def _add(
        self, node: Node, mineral: ApplicableMineral, names: tuple[Node, ...], *, named: bool
    ) -> None:
        share = node.child("recycled")
        percent = take_percent(share)
        if not percent and not named:
            if percent is not None:
                share.doubt(
                    "0 for a material that every passport must have",
                    "none of it is recycled",
                    "the battery holds none of it",
                )
            return
        told = "" if percent is None else f", {percent} percent of it recovered from waste"
        first = len(self.found)
        for steps in ways_of(percent):
            self.found.append(
                MineralSource(
                    mineral=mineral, steps=steps, evidence=f"{self.source}, {node.path}{told}"
                )
            )
        places = range(first, len(self.found))
        for each in names:
            each.map(*(f"minerals[{place}].mineral" for place in places))
        if percent is not None:
            share.map(*(f"minerals[{place}].evidence" for place in places))


def _names(identifications: Node) -> list[Node]:
    """Where the names and numbers of a material are."""
    return [each.child(name) for each in identifications.items() for name in ("name", "id")]


def _made_by(
    manufacturer: Node, kind: ComponentKind | None, places: Mapping[str, str | None]
) -> tuple[BatteryComponent, ...]:
    """The battery as a component, if the caller says which component it is."""
    partner = manufacturer.child("manufacturer")
    facilities = [each.child("facility") for each in manufacturer.child("facility").items()]
    if kind is None:
        for node in (partner, *facilities):
            node.doubt("which component it made is not stated; pass kind=")
        return ()
    found = {places.get(node.text) for node in facilities}
    made_in = next(iter(found)) if len(found) == 1 else None
    for node in facilities:
        if made_in is not None:
            node.map("components[0].made_in")
        elif len(found) > 1:
            node.doubt("more than one facility, not all in one country")
        else:
            node.doubt("its country is not stated; pass places=")
    by = partner.take(as_text, "components[0].by")
    source = manufacturer.leaves.source
    return (BatteryComponent(kind=kind, made_in=made_in, by=by, evidence=source),)
