"""Tariff information of Catena-X: us_tariff_information 1.0.0 and 2.0.0."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from evcredit.algebra.field import as_money, as_text
from evcredit.errors import InvalidFactError
from evcredit.facts.chain import Activity, MineralSource, Step
from evcredit.facts.component import BatteryComponent, ComponentKind
from evcredit.facts.mineral import ApplicableMineral, as_mineral
from evcredit.importers.decode import as_bytes, digest, json_document
from evcredit.importers.leaves import Leaves, Node
from evcredit.importers.report import Imported
from evcredit.importers.supply import (
    BatteryFacts,
    as_listed_country,
    by_percent,
    kind_of,
    table_of,
    take_percent,
)

__all__ = ["import_us_tariff"]

_MODEL = "Catena-X us_tariff_information"

#: What each version calls the same thing, as names from the place of the material.
_AMOUNT = {"2.0.0": ("materialValue", "amount"), "1.0.0": ("value",)}
_CURRENCY = {"2.0.0": ("materialValue", "currency"), "1.0.0": ("currency",)}
_CODE = {"2.0.0": ("customsClassification", "customClassificationCode"), "1.0.0": ("htsCode",)}
_NAME = {"2.0.0": (), "1.0.0": ("material", "materialName")}
_ORIGINS = {"2.0.0": ("materialOrigin",), "1.0.0": ("origin",)}
_ORIGIN_COUNTRY = {"2.0.0": "materialOriginCountry", "1.0.0": "originCountry"}
_CERTIFICATE = {"2.0.0": "certificateResource", "1.0.0": "certificateId"}
_PERCENT = "valuePercentage"
_ASSET = {"2.0.0": "globalAssetId", "1.0.0": "partId"}

#: Kinds of processing that treat the material, and kinds that may already shape the part.
_OF_THE_MATERIAL = {"smelting", "melting"}
_OF_THE_PART = {"casting", "pouring", "pourring"}  # the misspelling is the one of 1.0.0


def import_us_tariff(
    data: bytes | str,
    *,
    minerals: Mapping[str, ApplicableMineral | str | None] | None = None,
    kind: ComponentKind | str | None = None,
    origin_is_extraction: bool = False,
    origin_is_manufacture: bool = False,
    steps_are_complete: bool = False,
) -> Imported[BatteryFacts]:
    """Read the materials of a part, with value by country, as procurement chains.

    What may be stated from it: the customs value of each material in the part, how it divides
    among countries of origin, and where it was smelted or melted. That value is the nearest to
    the value of a critical mineral (26 CFR 1.30D-3) that any exchange format has, and is not the
    same by law; the evidence of each chain says so. "Origin" of a material is where it was
    produced or extracted, and origin of a part is a term of customs law, not the place of
    substantially all of its manufacturing (26 USC 30D(e)(2)), so both become facts only if the
    caller confirms them.

    Args:
        data: The JSON file.
        minerals: The mineral by customs code (or the first digits of one) or by name of the
            material; `None` for what is no applicable critical mineral. The file names none,
            except that 1.0.0 may name the element itself.
        kind: The kind of component that the part is; the file does not say.
        origin_is_extraction: Whether the origin of a material is where it was extracted.
        origin_is_manufacture: Whether the origin of the part is where substantially all of its
            manufacturing took place.
        steps_are_complete: Whether the listed processing is all there was. The format has no
            word for leaching, refining or calcining; unless completeness is confirmed, each
            chain has one more processing step in an unknown place.

    Returns:
        A chain for each origin of each material, and one for the part of its value that no
        origin is stated for. The values of these add up to that of the material exactly.

    Raises:
        InvalidFactError: The file is not JSON or not such a document, or a table or kind given
            is not one.

    >>> text = '''{"partId": "P", "materialList": [{"material": {"materialName": "Nickel"},
    ... "value": 1061, "currency": "USD", "origin": [{"originCountry": "ID",
    ... "valuePercentage": 62.5}], "processing": []}]}'''
    >>> imported = import_us_tariff(text, origin_is_extraction=True)
    >>> for chain in imported.facts.minerals:
    ...     print(chain.value, chain.steps[0].country)
    663.125000 ID
    397.875000 None
    """
    content = as_bytes(data)
    table = {_code_key(name): found for name, found in _minerals(minerals).items()}
    component = kind_of(kind)
    document = json_document(content)
    version = _version_of(document)
    leaves = Leaves(f"{_MODEL} {version}", digest(content))
    root = leaves.add(document)
    asset = root.child(_ASSET[version]).peek(as_text)
    reading = _Reading(
        source=leaves.source,
        version=version,
        part=f", part {asset}" if asset else "",
        minerals=table,
        extraction=origin_is_extraction,
        complete=steps_are_complete,
    )
    for material in root.child("materialList").items():
        reading.material(material)
    parts = _part(root, component, origin_is_manufacture, f"{leaves.source}{reading.part}")
    told = [f"minerals[{index}].evidence" for index in range(len(reading.chains))]
    told += ["components[0].evidence"] if parts else []
    if asset and told:
        root.child(_ASSET[version]).map(*told)
    return leaves.imported(BatteryFacts(minerals=tuple(reading.chains), components=parts))


def _minerals(stated: Any) -> dict[str, ApplicableMineral | None]:
    return table_of(stated, as_mineral, "minerals")


def _code_key(name: str) -> str:
    """A customs code without points and blanks; a name without case."""
    digits = name.replace(".", "").replace(" ", "")
    return digits if digits.isdigit() else " ".join(name.split()).casefold()


def _version_of(document: Any) -> str:
    names = set(document) if isinstance(document, dict) else set()
    found = [version for version, name in _ASSET.items() if name in names]
    if len(found) != 1 or "materialList" not in names:
        raise InvalidFactError(
            "file",
            ", ".join(sorted(names)[:8]),
            f"give a document of {_MODEL}: 2.0.0 has globalAssetId and materialList, 1.0.0 has "
            "partId and materialList",
        )
    return found[0]


def _down(node: Node, names: Sequence[str]) -> Node:
    for name in names:
        node = node.child(name)
    return node


def _dollars(amount: Node, currency: Node) -> Decimal | None:
    """An amount in US dollars; nothing, with the reason settled, if it is in anything else."""
    unit = currency.text.upper()
    if unit != "USD":
        told = f"the amount is in {unit}" if unit else "the currency is not stated"
        for node in (amount, currency):
            node.doubt(f"{told}; evcredit takes US dollars and converts nothing")
        return None
    found: Decimal | None = amount.peek(as_money)
    if found is None:
        currency.doubt("there is no amount that can be used")
    return found


def _part(
    root: Node, kind: ComponentKind | None, made_at_origin: bool, evidence: str
) -> tuple[BatteryComponent, ...]:
    """The part itself as a component, if the caller says what it is."""
    amount = _down(root, ("partValue", "amount"))
    currency, place = _down(root, ("partValue", "currency")), root.child("partOriginCountry")
    if kind is None:
        for node in (amount, currency, place):
            node.doubt("which component the part is, is not stated; pass kind=")
        return ()
    value = _dollars(amount, currency)
    if value is not None:
        for node in (amount, currency):
            node.map("components[0].value")
    made_in = None
    if made_at_origin:
        made_in = place.take(as_listed_country, "components[0].made_in")
    else:
        place.doubt(
            "origin by customs law; pass origin_is_manufacture=True if both are the same",
            "where substantially all of it was manufactured",
            "where it was last substantially transformed",
        )
    return (BatteryComponent(kind=kind, value=value, made_in=made_in, evidence=evidence),)


@attrs.define(kw_only=True, eq=False)
class _Reading:
    """The chains of a document.

    Args:
        source: The format and its version.
        version: The version.
        part: The part, for the evidence.
        minerals: The caller's table.
        extraction: Whether origin is where a material was extracted.
        complete: Whether the listed processing is all there was.
    """

    source: str
    version: str
    part: str
    minerals: Mapping[str, ApplicableMineral | None]
    extraction: bool
    complete: bool
    chains: list[MineralSource] = attrs.field(factory=list)

    def material(self, node: Node) -> None:
        """Add the chains of one material: one for each origin, and one for what is left."""
        named, mineral = self._mineral(node)
        if mineral is None:
            return
        amount, currency = (_down(node, each[self.version]) for each in (_AMOUNT, _CURRENCY))
        value = _dollars(amount, currency)
        origins = _down(node, _ORIGINS[self.version]).items()
        percents = _percents(origins)
        parts = _parts(value, percents)
        steps, cells, told = self._processing(node)
        evidence = f"{self.source}{self.part}, {node.path}, customs value{told}"
        for origin, percent, part in zip((*origins, None), (*percents, None), parts, strict=True):
            if origin is None and _total(percents) == 100:
                continue
            place = f"minerals[{len(self.chains)}]"
            start = Step() if origin is None else self._origin(origin, place)
            self.chains.append(
                MineralSource(mineral=mineral, value=part, steps=(start, *steps), evidence=evidence)
            )
            for each, fact in cells:
                each.map(f"{place}.{fact}")
            for each in named:
                each.map(f"{place}.mineral")
            for each in (amount, currency) if part is not None else ():
                each.map(f"{place}.value")
            if origin is not None and percent is not None:
                share = origin.child(_PERCENT)
                if part is None:
                    share.doubt("there is no value in US dollars that it could be a part of")
                else:
                    share.map(f"{place}.value")

    def _mineral(self, node: Node) -> tuple[list[Node], ApplicableMineral | None]:
        """The mineral that a material is, and the values that say so."""
        code, name = _down(node, _CODE[self.version]), _down(node, _NAME[self.version] or ("",))
        told: dict[str, tuple[Node, ApplicableMineral | None]] = {}
        for each in (code, name):
            if each.text:
                key = self._key(each.text)
                own = as_mineral(each.text)
                if key is not None:
                    told[each.text] = (each, self.minerals[key])
                elif isinstance(own, ApplicableMineral):
                    told[each.text] = (each, own)
        found = {mineral for _, mineral in told.values()}
        if len(found) == 1:
            (mineral,) = found
            if mineral is None:
                node.skip("no applicable critical mineral, as the caller says")
            return [each for each, _ in told.values()], mineral
        if found:
            node.doubt("the code and the name are of different minerals", *told)
        else:
            node.doubt("which mineral it is, is not stated; pass minerals={code or name: mineral}")
        return [], None

    def _key(self, text: str) -> str | None:
        """The longest entry of the table that a code or a name has."""
        key = _code_key(text)
        keys = [key[:length] for length in range(len(key), 0, -1)] if key.isdigit() else [key]
        return next((each for each in keys if each in self.minerals), None)

    def _origin(self, origin: Node, place: str) -> Step:
        country = origin.child(_ORIGIN_COUNTRY[self.version])
        if self.extraction:
            found = country.take(as_listed_country, f"{place}.steps[0].country")
            return Step(activity=Activity.EXTRACTION, country=found)
        country.doubt(
            "the origin of a material; pass origin_is_extraction=True if it was extracted there",
            "where it was extracted",
            "where it was produced",
        )
        return Step()

    def _processing(self, material: Node) -> tuple[list[Step], list[tuple[Node, str]], str]:
        """The steps after the first, the values they come from, and the certificates."""
        steps: list[Step] = []
        cells: list[tuple[Node, str]] = []
        told = ""
        for node in _in_order(material.child("processing").items()):
            kind, place = node.child("processingType"), node.child("processingCountry")
            country, activity = place.peek(as_listed_country), None
            here = f"steps[{len(steps) + 1}]"
            word = kind.text.casefold()
            if word in _OF_THE_MATERIAL:
                activity = Activity.PROCESSING
                cells.append((kind, f"{here}.activity"))
            elif word in _OF_THE_PART:
                kind.doubt("two readings", "it processes the mineral", "it shapes the part")
            else:
                kind.doubt("this format has no such kind of processing")
            if country:
                cells.append((place, f"{here}.country"))
            certificate = node.child(_CERTIFICATE[self.version])
            number = certificate.peek(as_text)
            if number:
                told += f", certificate {number}"
                cells.append((certificate, "evidence"))
            steps.append(Step(activity=activity, country=country))
        if not self.complete:
            steps.append(Step(activity=Activity.PROCESSING))
        return steps, cells, told


def _percents(origins: Sequence[Node]) -> list[Decimal | None]:
    """The percentages of the origins; none of them if they are more than the whole."""
    nodes = [origin.child(_PERCENT) for origin in origins]
    found = [take_percent(node) for node in nodes]
    if _total(found) <= 100:
        return found
    for node in nodes:
        node.doubt("the percentages of the origins add up to more than 100")
    return [None] * len(nodes)


def _total(percents: Sequence[Decimal | None]) -> Fraction:
    return sum((Fraction(each) for each in percents if each is not None), Fraction(0))


def _parts(value: Decimal | None, percents: Sequence[Decimal | None]) -> list[Decimal | None]:
    """The part of a value for each percentage, and for what is left."""
    if value is None:
        return [None] * (len(percents) + 1)
    *parts, rest = by_percent(value, [each for each in percents if each is not None])
    left = iter(parts)
    found = [None if percent is None else next(left) for percent in percents]
    return [*found, None if None in percents else rest]


def _in_order(steps: Sequence[Node]) -> Sequence[Node]:
    """Steps of processing, each before its successors; as listed if they form no order."""
    numbers = [str(step.child("processingId").value) for step in steps]
    after = [
        {str(each.child("successorId").value) for each in step.child("successor").items()}
        for step in steps
    ]
    named = [step.child(name) for step in steps for name in ("processingId", "successor")]
    if not any(after):
        return steps
    left, ordered = list(range(len(steps))), []
    sound = len(set(numbers)) == len(numbers) and set().union(*after) <= set(numbers)
    while left and sound:
        first = [place for place in left if not any(numbers[place] in after[each] for each in left)]
        ordered += first[:1]
        sound = bool(first)
        left = [place for place in left if place not in ordered]
    for node in named:
        if sound:
            node.skip("the order of the steps, which are in this order")
        else:
            node.doubt("the successors form no order, so the steps are as they are listed")
    return [steps[place] for place in ordered] if sound else steps
