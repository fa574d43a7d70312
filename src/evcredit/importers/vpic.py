"""Decoded vehicle identification numbers, as vPIC gives them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import Fault, as_count, as_text, repr_of_facts
from evcredit.errors import InvalidFactError
from evcredit.facts.vehicle import Vehicle
from evcredit.facts.vin import as_vin, model_years
from evcredit.importers.decode import as_bytes, digest, json_document
from evcredit.importers.leaves import ABSENT, Leaves, Node, Record
from evcredit.importers.report import Imported
from evcredit.importers.supply import as_listed_country

__all__ = ["VehicleHints", "import_vpic"]

#: What each value is called in the three forms, without case, blanks and punctuation.
_NAMES = {
    "vin": ("vin",),
    "make": ("make",),
    "model": ("model",),
    "model_year": ("modelyear",),
    "final_assembly_country": ("plantcountry",),
    "plant_city": ("plantcity",),
    "plant_state": ("plantstate",),
    "weight_from": ("grossvehicleweightratingfrom", "gvwr"),
    "weight_to": ("grossvehicleweightratingto", "gvwrto"),
    "electrification": ("electrificationlevel",),
    "fuel": ("fueltypeprimary",),
    "energy_from": ("batteryenergykwhfrom", "batterykwh"),
    "energy_to": ("batteryenergykwhto", "batterykwhto"),
    "body_class": ("bodyclass",),
    "vehicle_type": ("vehicletype",),
    "error": ("errorcode",),
}
_NO_VALUE = "not applicable"

_WEIGHT = re.compile(
    r"(?:class\s+\w+:\s*)?(?:(?P<low>[\d,]+)\s*-\s*(?P<high>[\d,]+)\s*lb"
    r"|(?P<most>[\d,]+)\s*lb\s+or\s+less|(?P<least>[\d,]+)\s*lb\s+(?:and|or)\s+(?:above|more))\b.*",
    re.IGNORECASE,
)
_NOTHING, _INFINITE = Decimal(0), Decimal("Infinity")


@attrs.frozen(kw_only=True, repr=False)
class VehicleHints:
    """What a decoded identification number suggests of a vehicle; hints, never facts.

    Attributes:
        vin: The number, if it is well formed.
        make: The make.
        model: The model.
        model_year: The model year.
        final_assembly_country: The country of the plant that the maker filed, as an alpha-2 code.
            The label or the seller report decides where final assembly took place.
        plant_city: The city of the plant.
        plant_state: Its state or province.
        gross_vehicle_weight_rating_lb: The class of weight, both ends included, in pounds.
        gasoline_or_diesel_engine: Whether it is a plug-in hybrid; no if it is battery electric.

    >>> hints = VehicleHints(final_assembly_country="MX", model_year=Decimal(2023))
    >>> hints.disagreements(Vehicle(final_assembly_country="US", model_year=2023))
    ('final_assembly_country: stated US, the decoded number suggests MX',)
    """

    __repr__ = repr_of_facts

    vin: str | None = None
    make: str | None = None
    model: str | None = None
    model_year: Decimal | None = None
    final_assembly_country: str | None = None
    plant_city: str | None = None
    plant_state: str | None = None
    gross_vehicle_weight_rating_lb: Bounds[Decimal] | None = None
    gasoline_or_diesel_engine: bool | None = None

    def disagreements(self, vehicle: Vehicle) -> tuple[str, ...]:
        """Return in words where stated facts of a vehicle and the hints exclude each other.

        Args:
            vehicle: The vehicle.
        """
        found = []
        for name in (
            "vin",
            "model_year",
            "final_assembly_country",
            "gross_vehicle_weight_rating_lb",
            "gasoline_or_diesel_engine",
        ):
            stated, hint = getattr(vehicle, name), getattr(self, name)
            if stated is None or hint is None:
                continue
            if isinstance(hint, Bounds):
                differ = hint.overlap(Bounds.of(stated)) is None
            else:
                differ = stated != hint
            if differ:
                found.append(f"{name}: stated {stated}, the decoded number suggests {hint}")
        return tuple(found)


def import_vpic(
    data: bytes | str | Mapping[str, Any] | Sequence[Mapping[str, Any]],
) -> Imported[tuple[VehicleHints, ...]]:
    """Read decoded vehicle identification numbers as hints.

    What may be stated from it: nothing as a fact. The maker files what each position of the
    number means (49 CFR 565.15), and the collection repeats it, with mistakes. The plant is a hint
    for the place of final assembly (26 USC 30D(d)(1)(G)), the class of weight bounds the rating,
    and the model year can be checked. The body class is not the class of the fuel economy label,
    which decides the price limit (26 USC 30D(f)(11)(B)), and the energy of the battery is not said
    to be from full to empty (26 USC 30D(d)(4)), so neither is read.

    Args:
        data: JSON, or mappings as a decoder returns them: one vehicle or a list, by the names of
            variables (``Plant Country``) or by those of the flat form (``PlantCountry``); or the
            form with ``Results``, of either kind. Of a decoder that adds to them, give what it
            has by these names.

    Returns:
        Hints for each vehicle.

    Raises:
        InvalidFactError: The data are none of these.

    >>> imported = import_vpic({"Plant Country": "MEXICO", "Body Class": "Sedan/Saloon"})
    >>> imported.facts[0].final_assembly_country
    'MX'
    >>> print(imported.report.unmapped[0])
    Body Class 'Sedan/Saloon': not the class of the fuel economy label
    """
    if isinstance(data, bytes | str):
        content = as_bytes(data)
        document, mark = json_document(content), digest(content)
    else:
        document, mark = _plain(data), ""
    leaves = Leaves("decoded VIN (vPIC)", mark)
    root = leaves.add(document)
    found = [_hints(fields, f"[{place}]") for place, fields in enumerate(_vehicles(root))]
    return leaves.imported(tuple(found))


def _plain(data: Any) -> Any:
    """Mappings as records, so that their names are text and each occurs once."""
    if isinstance(data, Mapping):
        if not all(isinstance(name, str) for name in data):
            raise InvalidFactError("data", ", ".join(map(str, data)), "give text for each name")
        return Record([(name, _plain(value)) for name, value in data.items()])
    if isinstance(data, Sequence) and not isinstance(data, str | bytes):
        return [_plain(each) for each in data]
    return data


Fields = Mapping[str, list[Node]]


def _vehicles(root: Node) -> list[Fields]:
    """The values of each vehicle by their names, whatever the form."""
    document = root.value
    if isinstance(document, dict) and "Results" in document:
        items = root.child("Results").items()
        if items and all(
            isinstance(each.value, dict) and "Variable" in each.value for each in items
        ):
            found: dict[str, list[Node]] = {}
            for each in items:
                name = each.child("Variable")
                name.skip("the name of a value")
                found.setdefault(_key(name.text), []).append(each.child("Value"))
            return [found]
    elif isinstance(document, dict):
        items = (root,)
    elif isinstance(document, list):
        items = root.items()
    else:
        raise InvalidFactError("file", document, "give an object for a vehicle, or a list of them")
    return [_fields(each) for each in items]


def _fields(node: Node) -> Fields:
    found: dict[str, list[Node]] = {}
    if isinstance(node.value, dict):
        for name in node.value:
            found.setdefault(_key(name), []).append(node.child(name))
    else:
        node.doubt("give an object for a vehicle")
    return found


def _key(name: str) -> str:
    return "".join(filter(str.isalnum, name)).casefold()


def _value(fields: Fields, wanted: str) -> Node:
    """The one value of a name; none if it is stated twice, or blank or marked as not stated."""
    nodes = [node for name in _NAMES[wanted] for node in fields.get(name, ())]
    if len(nodes) == 1 and nodes[0].stated and nodes[0].text.casefold() != _NO_VALUE:
        return nodes[0]
    for node in nodes:
        node.doubt("not stated" if len(nodes) == 1 else "stated under two names")
    return Node(Leaves(""), "", ABSENT)


def _hints(fields: Fields, place: str) -> VehicleHints:
    vin = _value(fields, "vin").take(as_vin, f"{place}.vin")
    texts = {
        name: _value(fields, name).take(as_text, f"{place}.{name}")
        for name in ("make", "model", "plant_city", "plant_state")
    }
    country = "final_assembly_country"
    for name in ("body_class", "vehicle_type"):
        _value(fields, name).skip("not the class of the fuel economy label")
    for name in ("energy_from", "energy_to"):
        _value(fields, name).doubt(
            "the energy of the battery", "from full to empty", "the part that can be used"
        )
    error = _value(fields, "error")
    if re.match(r"0\b", str(error.value)):
        error.skip("decoded cleanly")
    elif error.stated:
        error.leaves.notes.append(
            f"{error.path} is {error.value}: the number was not decoded cleanly"
        )
    return VehicleHints(
        vin=vin,
        model_year=_model_year(_value(fields, "model_year"), vin, place),
        final_assembly_country=_value(fields, country).take(
            as_listed_country, f"{place}.{country}"
        ),
        gross_vehicle_weight_rating_lb=_weight(
            _value(fields, "weight_from"),
            _value(fields, "weight_to"),
            f"{place}.gross_vehicle_weight_rating_lb",
        ),
        gasoline_or_diesel_engine=_engine(
            _value(fields, "electrification"),
            _value(fields, "fuel"),
            f"{place}.gasoline_or_diesel_engine",
        ),
        **texts,
    )


def _model_year(node: Node, vin: str | None, place: str) -> Decimal | None:
    year: Decimal | None = node.peek(as_count)
    if year is None:
        return None
    possible = model_years(vin, light_vehicle=False) if vin else ()
    if possible and year not in possible:
        node.doubt("not a year of the number", str(year), *map(str, possible))
        return None
    node.map(f"{place}.model_year")
    return year


def _weight(first: Node, last: Node, to: str) -> Bounds[Decimal] | None:
    """The weights from the lower end of one class to the upper end of another."""
    classes = [node.peek(_weight_class) for node in (first, last)]
    if not any(classes):
        return None
    lower = classes[0].lower if classes[0] else _NOTHING
    # Without a second class the first is the minimum that is known: "From" has no upper end.
    upper = classes[1].upper if classes[1] else _INFINITE
    if lower > upper:
        for node in (first, last):
            node.doubt("the range of weights ends before it begins")
        return None
    for node, found in zip((first, last), classes, strict=True):
        if found:
            node.map(to)
    return Bounds(lower, upper)


def _weight_class(value: Any) -> Any:
    match = _WEIGHT.fullmatch(value) if isinstance(value, str) else None
    ends = {
        name: Decimal(text.replace(",", ""))
        for name, text in (match.groupdict() if match else {}).items()
        if text and text.strip(",")
    }
    lower = ends.get("low", ends.get("least", _NOTHING))
    upper = ends.get("high", ends.get("most", _INFINITE))
    if not ends or lower > upper:
        return Fault(value, "this is not a class of weight in pounds")
    return Bounds(lower, upper)


def _engine(level: Node, fuel: Node, to: str) -> bool | None:
    """Whether there is a combustion engine in addition to the motor."""
    word = level.text[:4].upper().strip()
    electric = fuel.text.casefold() == "electric"
    if word == "BEV" and fuel.text and not electric:
        for node in (level, fuel):
            node.doubt("the two contradict each other", level.text, fuel.text)
        return None
    if word not in {"BEV", "PHEV"}:
        fuel.skip("a fuel alone does not say whether it is a plug-in hybrid")
        level.doubt("neither battery electric (BEV) nor a plug-in hybrid (PHEV)")
        return None
    level.map(to)
    if fuel.text and electric is (word == "BEV"):
        fuel.map(to)
    return word == "PHEV"
