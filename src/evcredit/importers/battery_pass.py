"""Documents of the Battery Pass data model 1.2.0 (DIN DKE SPEC 99100)."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from evcredit.algebra.bounds import exact_arithmetic
from evcredit.algebra.field import as_money, as_quantity, as_text
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

__all__ = ["import_battery_pass"]

#: The documents of the model that state facts, each with a name that only it has.
_MATERIALS, _GENERAL = "batteryMaterials", "manufacturingPlace"
_CIRCULARITY, _PERFORMANCE = "recycledContent", "batteryTechicalProperties"
_DOCUMENTS = {
    _MATERIALS: "MaterialComposition 1.2.0",
    _GENERAL: "GeneralProductInformation 1.2.0",
    _CIRCULARITY: "Circularity 1.2.0",
    _PERFORMANCE: "Performance 1.2.1",  # the misspelling is the one of the model
}


def import_battery_pass(
    data: bytes | str,
    *,
    prices_per_kg: Mapping[str, Decimal | int | str] | None = None,
    kind: ComponentKind | str | None = None,
) -> Imported[BatteryFacts]:
    """Read masses of minerals, recycled shares, the place or the energy from a Battery Pass.

    What may be stated from it: the mass of a mineral in a battery of this model, as an element,
    where it is at least 0.1 percent of the weight; which share was recovered from waste; where
    the battery was made; and that its capacity from full to empty (26 USC 30D(d)(4)) is at least
    its rated energy, which is the energy that can be used. Where minerals come from, and what they
    are worth, it does not say: a value needs a price, which the caller answers for. What is
    missing is not zero. "Critical" is the list of the European Union, not that of 26 USC
    45X(c)(6).

    Args:
        data: One JSON document of the model: MaterialComposition, GeneralProductInformation,
            Circularity or Performance.
        prices_per_kg: US dollars for a kilogram, by mineral.
        kind: The kind of component that was made at the place of manufacturing.

    Returns:
        A chain for each mass of each mineral, in unknown places.

    Raises:
        InvalidFactError: The file is not JSON or none of these documents, or a price or kind is
            none.

    >>> text = '''{"batteryMaterials": [{"batteryMaterialIdentifier": "7440-02-0",
    ... "batteryMaterialMass": 49210.5}]}'''
    >>> (nickel,) = import_battery_pass(text, prices_per_kg={"nickel": "21.50"}).facts.minerals
    >>> nickel.mass_kg, nickel.value
    (Decimal('49.2105'), Decimal('1058.025750'))
    """
    content = as_bytes(data)
    prices = _prices(prices_per_kg)
    component = kind_of(kind)
    document = json_document(content)
    names = document if isinstance(document, dict) else {}
    found = [name for name in _DOCUMENTS if name in names]
    if len(found) != 1:
        raise InvalidFactError(
            "file",
            ", ".join(map(str, names)),
            f"give one document of the Battery Pass data model: {', '.join(_DOCUMENTS.values())}",
        )
    leaves = Leaves(f"Battery Pass {_DOCUMENTS[found[0]]}", digest(content))
    root = leaves.add(document)
    if found[0] == _MATERIALS:
        return leaves.imported(BatteryFacts(minerals=_masses(root, prices)))
    if found[0] == _CIRCULARITY:
        return leaves.imported(BatteryFacts(minerals=_recycled(root)))
    if found[0] == _PERFORMANCE:
        energy = root.child(_PERFORMANCE).child("ratedEnergy")
        return leaves.imported(BatteryFacts(capacity_kwh=at_least_kwh(energy)))
    return leaves.imported(BatteryFacts(components=_made_in(root, component)))


def _prices(stated: Any) -> dict[str, Decimal]:
    """Prices by the identifier of the mineral."""
    found = {}
    for name, price in table_of(stated, as_money, "prices_per_kg").items():
        mineral = as_mineral(name)
        if not isinstance(mineral, ApplicableMineral):
            raise InvalidFactError("prices_per_kg", name, mineral.remedy)
        found[mineral.identifier] = price
    return found


@attrs.frozen
class _Material:
    """A material that is, or holds, an applicable critical mineral."""

    node: Node
    mineral: ApplicableMineral
    names: tuple[Node, ...]
    component: str | None


def _masses(root: Node, prices: Mapping[str, Decimal]) -> tuple[MineralSource, ...]:
    materials = []
    for node in root.child(_MATERIALS).items():
        names = [node.child(f"batteryMaterial{name}") for name in ("Identifier", "Name")]
        mineral, said = mineral_of(node, names)
        if mineral is not None:
            place = node.child("batteryMaterialLocation").child("componentName")
            materials.append(_Material(node, mineral, said, place.peek(as_text)))
    found = []
    for index, material in enumerate(materials):
        here = f"minerals[{index}]"
        mass = material.node.child("batteryMaterialMass")
        kilograms = mass.take(_kilograms, f"{here}.mass_kg")
        if _counted_twice(material, materials):
            mass.doubt(
                "an element and a compound of it in one component",
                "masses of two materials",
                "the same atoms twice",
            )
            kilograms = None
        for each in material.names:
            each.map(f"{here}.mineral")
        where = material.component
        if where is not None:
            place = material.node.child("batteryMaterialLocation").child("componentName")
            place.map(f"{here}.evidence")
            if material.mineral.identifier == "graphite" and "anode" in where.casefold():
                material.node.leaves.notes.append(
                    f"{here} is graphite in {where}: state used_in if it is in anode material"
                )
        found.append(
            MineralSource(
                mineral=material.mineral,
                mass_kg=kilograms,
                price_per_kg=prices.get(material.mineral.identifier),
                evidence=f"{material.node.leaves.source}, {material.node.path}"
                f"{'' if where is None else f', in {where}'}",
            )
        )
    return tuple(found)


def _counted_twice(material: _Material, materials: list[_Material]) -> bool:
    """Whether the component holds the mineral both as itself and in a compound."""
    ways = {
        each.mineral.stated_as is None
        for each in materials
        if (each.mineral, each.component) == (material.mineral, material.component)
    }
    return len(ways) > 1


def _kilograms(value: Any) -> Any:
    """A mass in grams, as a fact in kilograms."""
    found = as_quantity(value)
    if not isinstance(found, Decimal):
        return found
    return as_quantity(found.scaleb(-3, exact_arithmetic()))


def _recycled(root: Node) -> tuple[MineralSource, ...]:
    found: list[MineralSource] = []
    for node in root.child(_CIRCULARITY).items():
        mineral, names = mineral_of(node, [node.child("recycledMaterial")])
        if mineral is None:
            continue
        nodes = [node.child(f"{name}ConsumerShare") for name in ("pre", "post")]
        shares = [take_percent(each) for each in nodes]
        total = sum((Fraction(share) for share in shares if share is not None), Fraction(0))
        if total > 100:
            for each in nodes:
                each.doubt("the two shares are more than 100 percent together")
            shares = [None, None]
        known = None not in shares
        if known and not total:
            for each in nodes:
                each.doubt(
                    "0 for a material that the model requires",
                    "none of it is recycled",
                    "the battery holds none of it",
                )
            continue
        told = ", ".join(
            f"{share} percent from {name}-consumer waste"
            for share, name in zip(shares, ("pre", "post"), strict=True)
            if share is not None
        )
        first = len(found)
        evidence = f"{node.leaves.source}, {node.path}{', ' if told else ''}{told}"
        ways = ways_of(Decimal(100) if total == 100 else Decimal(1) if known else None)
        found += [MineralSource(mineral=mineral, steps=steps, evidence=evidence) for steps in ways]
        here = [f"minerals[{place}]" for place in range(first, len(found))]
        for each in names:
            each.map(*(f"{place}.mineral" for place in here))
        for each, share in zip(nodes, shares, strict=True):
            if share is not None:
                each.map(*(f"{place}.evidence" for place in here))
    return tuple(found)


def _made_in(root: Node, kind: ComponentKind | None) -> tuple[BatteryComponent, ...]:
    place = root.child(_GENERAL).child("addressCountry")
    category = root.child("batteryCategory")
    if category.stated and category.text.casefold() != "ev":
        root.leaves.notes.append(f"the category of the battery is {category.value}, not ev")
    if kind is None:
        place.doubt("which component was made there is not stated; pass kind=")
        return ()
    made_in = place.take(as_listed_country, "components[0].made_in")
    return (BatteryComponent(kind=kind, made_in=made_in, evidence=root.leaves.source),)
