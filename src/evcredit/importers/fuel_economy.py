"""Rows of the fuel economy data of the Environmental Protection Agency."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import attrs

from evcredit.algebra.field import Fault, as_count, as_text, repr_of_facts
from evcredit.errors import InvalidFactError
from evcredit.facts.vehicle import VehicleClass, label_class
from evcredit.importers.decode import as_bytes, digest, records, rows, text_of
from evcredit.importers.leaves import Leaves, Node, Record
from evcredit.importers.report import Imported

__all__ = ["LabeledVehicle", "import_fuel_economy"]

_NEEDED = ("make", "model", "year", "VClass")


@attrs.frozen(kw_only=True, repr=False)
class LabeledVehicle:
    """A model as the fuel economy data have it.

    Attributes:
        make: The make.
        model: The model, often with its drive or wheels.
        model_year: The model year.
        vehicle_class: The class for the price limit (26 USC 30D(f)(11)(B)); `None` where the
            class of the label leaves it open.
        compact_car: Whether it is a compact car or smaller (Notice 2023-9); `None` where the
            class does not say.
        evidence: The row.
    """

    __repr__ = repr_of_facts

    make: str | None = None
    model: str | None = None
    model_year: Decimal | None = None
    vehicle_class: VehicleClass | None = None
    compact_car: bool | None = None
    evidence: str | None = None

    def vehicle_facts(self) -> dict[str, Any]:
        """Return what is known, as arguments for `Vehicle`.

        >>> LabeledVehicle(make="Example", compact_car=False).vehicle_facts()
        {'make': 'Example', 'compact_car': False}
        """
        names = ("make", "model", "model_year", "vehicle_class", "compact_car")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


def import_fuel_economy(
    data: bytes | str,
    *,
    make: str | None = None,
    model: str | None = None,
    model_year: int | None = None,
) -> Imported[tuple[LabeledVehicle, ...]]:
    """Read classes of the fuel economy label from the agency's ``vehicles.csv``.

    What may be stated from it: the class of comparable automobiles of a model (40 CFR
    600.315-08), which is the class that sets the price limit (26 USC 30D(f)(11)(B), Notice
    2023-16). The label on the car decides; a row of the file is of a model, not of a car, and one
    model has rows of several classes where wheels or drive differ. The file has no price, no
    weight and no capacity of a battery, and a charge time or a range of 0 is one that is not
    stated.

    Args:
        data: Comma-separated values with the headings of the agency.
        make: Only rows of this make are read, whatever its capitals. The entire file has some
            fifty thousand rows.
        model: Only rows of this model or base model.
        model_year: Only rows of this model year.

    Returns:
        A vehicle for each row. A note counts the rows that were not requested.

    Raises:
        InvalidFactError: The file is not such a table, or what is requested is no make, model
            or year.

    >>> text = '''id,make,model,year,VClass
    ... 900002,Example,Township Electric,2023,Small Station Wagons'''
    >>> (vehicle,) = import_fuel_economy(text).facts
    >>> vehicle.vehicle_class, vehicle.compact_car
    (<VehicleClass.OTHER: 'other vehicle'>, None)
    """
    asked = {"make": as_text(make), "model": as_text(model), "model_year": as_count(model_year)}
    for name, value in asked.items():
        if isinstance(value, Fault):
            raise InvalidFactError(name, value.found, value.remedy)
    content = as_bytes(data)
    table = rows(text_of(content, otherwise="cp1252"))
    found = records(table, "file", _NEEDED)
    wanted = [each for each in found if _is_wanted(each, make, model, model_year)]
    leaves = Leaves("fuel economy data (EPA)", digest(content))
    if len(wanted) < len(found):
        leaves.notes.append(f"{len(found) - len(wanted)} other rows were not requested")
    root = leaves.add(wanted)
    vehicles = [_vehicle(node, f"[{place}]") for place, node in enumerate(root.items())]
    return leaves.imported(tuple(vehicles))


def _is_wanted(row: Record, make: str | None, model: str | None, year: int | None) -> bool:
    asked = (
        (make, ("make",)),
        (model, ("model", "baseModel")),
        (None if year is None else str(year), ("year",)),
    )
    return all(
        wanted is None
        or any(str(row.get(name, "")).strip().casefold() == wanted.casefold() for name in names)
        for wanted, names in asked
    )


def _vehicle(row: Node, place: str) -> LabeledVehicle:
    number = row.child("id").take(as_text, f"{place}.evidence")
    printed = row.child("VClass")
    label = label_class(printed.text) if printed.stated else None
    vehicle_class = None if label is None else label.vehicle_class
    compact = None if label is None else label.compact_car
    said = {"vehicle_class": vehicle_class, "compact_car": compact}
    to = [f"{place}.{name}" for name, value in said.items() if value is not None]
    if label is None:
        printed.doubt("the fuel economy label has no such class")
    elif to:
        printed.map(*to)
    else:
        printed.doubt("this class of the label leaves the price limit open")
    return LabeledVehicle(
        make=row.child("make").take(as_text, f"{place}.make"),
        model=row.child("model").take(as_text, f"{place}.model"),
        model_year=row.child("year").take(as_count, f"{place}.model_year"),
        vehicle_class=vehicle_class,
        compact_car=compact,
        evidence=None if number is None else f"fuel economy data (EPA), row {number}",
    )
