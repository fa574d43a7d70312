"""Vehicles, and the price that their window label adds up to (26 USC 30D(d)(1), (f)(11))."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict, Unpack

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.brief import clipped
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import (
    Fault,
    Kind,
    Number,
    as_choice,
    as_count,
    as_flag,
    as_price,
    as_quantity,
    as_text,
    as_tuple,
    check,
    declare,
    declared_facts,
    repr_of_facts,
)
from evcredit.algebra.hints import import_for_hints
from evcredit.algebra.money import bounds_in_dollars
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.algebra.shorthand import given
from evcredit.data import load
from evcredit.facts.battery import NO_BATTERY, Battery, as_battery
from evcredit.facts.place import as_place_of_assembly, place_name
from evcredit.facts.vin import as_written_vin

if TYPE_CHECKING:
    from evcredit.facts.listing import ListedVehicle
    from evcredit.facts.price import StickerPrice
    from evcredit.facts.prior_transfer import PriorTransfer

__all__ = [
    "LabelClass",
    "Vehicle",
    "VehicleClass",
    "VehicleFacts",
    "as_vehicle",
    "label_class",
    "label_classes",
]


class VehicleClass(PlainEnum):
    """The class of the fuel economy label, where the price limit distinguishes classes.

    Sedans, hatchbacks, wagons and two-seaters are `OTHER`. Words of the trade and the class
    names of the label are understood: ``"SUV"``, ``"Small Sport Utility Vehicle 4WD"``.
    """

    VAN = "van"
    SPORT_UTILITY_VEHICLE = "sport utility vehicle"
    PICKUP_TRUCK = "pickup truck"
    OTHER = "other vehicle"


class LabelClass(NamedTuple):
    """A class of comparable automobiles that fuel economy labels name (40 CFR 600.315-08).

    Args:
        name: As the regulation names it.
        vehicle_class: Its class for the price limit (26 USC 30D(f)(11)(B), Notice 2023-16);
            `None` where the label leaves it open.
        compact_car: Whether it is a compact car or smaller (Notice 2023-9); `None` where the
            class does not say.
        printed: Other names of the class in files of fuel economy data.
        citation: The place in the regulation.
    """

    name: str
    vehicle_class: VehicleClass | None
    compact_car: bool | None
    printed: tuple[str, ...]
    citation: str

    def __str__(self) -> str:
        return self.name

    def vehicle_facts(self) -> dict[str, Any]:
        """What the class says of a vehicle, as arguments for `Vehicle`.

        >>> label_class("Subcompact Cars").vehicle_facts()
        {'vehicle_class': <VehicleClass.OTHER: 'other vehicle'>, 'compact_car': True}
        """
        said = {"vehicle_class": self.vehicle_class, "compact_car": self.compact_car}
        return {name: value for name, value in said.items() if value is not None}


@cache
def label_classes() -> tuple[LabelClass, ...]:
    """List the classes of comparable automobiles of fuel economy labels.

    Source: 40 CFR 600.315-08.

    >>> [each.name for each in label_classes() if each.compact_car]
    ['Minicompact Cars', 'Subcompact Cars', 'Compact Cars']
    """
    return tuple(
        LabelClass(
            name=row["name"],
            vehicle_class=VehicleClass(row["vehicle_class"]) if "vehicle_class" in row else None,
            compact_car=row.get("compact_car"),
            printed=tuple(row.get("printed", ())),
            citation=row["citation"],
        )
        for row in load("vehicle_classes.toml")["label_classes"]
    )


def label_class(name: str) -> LabelClass | None:
    """Find a class of the fuel economy label by name.

    Args:
        name: As a label or a file of fuel economy data prints it, with or without the drive.

    Returns:
        The class; `None` if no label has a class of that name.

    >>> label_class("Small Sport Utility Vehicle 4WD").vehicle_class
    <VehicleClass.SPORT_UTILITY_VEHICLE: 'sport utility vehicle'>
    """
    return _label_classes().get(_label_key(name))


_DRIVE = r"(?:2wd|4wd|awd|fwd|rwd)$"


def _label_key(name: str) -> str:
    plain = "".join(filter(str.isalnum, name)).casefold()
    return re.sub(_DRIVE, "", plain).removesuffix("s")


@cache
def _label_classes() -> dict[str, LabelClass]:
    return {
        _label_key(name): each for each in label_classes() for name in (each.name, *each.printed)
    }


def as_vehicle_class(value: VehicleClass | str | None) -> Any:
    """A vehicle class: itself, its name, a word of the trade, or a class of the label."""
    found = as_choice(VehicleClass, value)
    if not isinstance(found, Fault) or not isinstance(value, str):
        return found
    label = label_class(value)
    if label is None:
        return found
    if label.vehicle_class is None:
        return Fault(
            value,
            "this class of the fuel economy label is for vehicles of special purposes and leaves "
            "the price limit open; give van, sport utility vehicle, pickup truck or other vehicle "
            "as the manufacturer reported it",
        )
    return label.vehicle_class


def as_prior_transfers(value: list[PriorTransfer] | tuple[PriorTransfer, ...] | None) -> Any:
    """A tuple of `PriorTransfer`, of a tuple or a list."""
    return as_tuple(value)


class VehicleFacts(TypedDict, total=False):
    """Keyword arguments of `Vehicle`."""

    manufacturer: str | None
    make: str | None
    model: str | None
    trim: str | None
    model_year: Number | None
    vin: str | None
    vehicle_class: VehicleClass | str | None
    msrp: Number | None
    sticker: StickerPrice | None
    gross_vehicle_weight_rating_lb: Number | None
    wheels: Number | None
    top_speed_mph: Number | None
    made_for_public_roads: bool | None
    clean_air_act_motor_vehicle: bool | None
    meets_air_and_safety_rules: bool | None
    made_by_qualified_manufacturer: bool | None
    driven_by_battery_motor: bool | None
    fuel_cell: bool | None
    gasoline_or_diesel_engine: bool | None
    mobile_machinery: bool | None
    compact_car: bool | None
    tractor_cab: bool | None
    final_assembly_country: str | None
    battery: Battery | None
    no_battery: bool | None
    listing: ListedVehicle | None
    prior_transfers: list[PriorTransfer] | tuple[PriorTransfer, ...] | None


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class Vehicle:
    """A vehicle as the law looks at it. Everything omitted is unknown.

    Args:
        manufacturer: Who made it, for the limit on the number of vehicles before 2023; taken
            from the make if omitted.
        make: The name it is sold under.
        model: For the reader.
        trim: For the reader.
        model_year: Applies to previously owned vehicles, and compared with a published list.
        vin: The vehicle identification number. One with a wrong check digit is a warning.
        vehicle_class: The class that sets the price limit (26 USC 30D(f)(11)(B)).
        msrp: The manufacturer's suggested retail price in US dollars and whole cents.
        sticker: What the window label adds up to; gives `msrp` if that is omitted.
        gross_vehicle_weight_rating_lb: Pounds.
        wheels: How many.
        top_speed_mph: Miles per hour it can reach; applies only to two- and three-wheeled vehicles
            (26 USC 30D(g) (2021)).
        made_for_public_roads: Whether it is manufactured primarily for public roads, and not
            for rails alone (26 USC 30D(d)(2)).
        clean_air_act_motor_vehicle: Whether title II of the Clean Air Act treats it as a
            motor vehicle (26 USC 30D(d)(1)(D)).
        meets_air_and_safety_rules: Whether it complies with 26 USC 30D(f)(7).
        made_by_qualified_manufacturer: Whether its maker has an agreement with the
            Secretary (26 USC 30D(d)(3)).
        driven_by_battery_motor: Whether an electric motor drawing on a battery propels it
            to a significant extent (26 USC 30D(d)(1)(F)).
        fuel_cell: Whether it is a new qualified fuel cell motor vehicle (26 USC 30B(b)(3)); of
            one bought used, whether it meets subparagraphs (A) and (B) of that paragraph.
        gasoline_or_diesel_engine: Whether a gasoline or diesel internal combustion engine powers
            it too, as in a plug-in hybrid (26 USC 45W(b)(1)(A)).
        mobile_machinery: Whether it is mobile machinery (26 USC 4053(8)).
        compact_car: Whether it is a minicompact, subcompact or compact car of the fuel economy
            label, with an interior volume index of less than 110 cubic feet; applies only to
            plug-in hybrids (Notice 2023-9).
        tractor_cab: Whether it is a tractor with a day cab or a sleeper cab; applies only to the
            heaviest vehicles (26 CFR 1.45W-2(f), proposed).
        final_assembly_country: Where its final assembly occurred.
        battery: The battery.
        no_battery: Whether it has none that drives it, as a fuel cell car may; gives the facts of
            a battery that is not there. Omitted, the battery is as `battery` states it.
        listing: The row of a published list that the claim relies on: stating it says that
            this vehicle is one of those the row means. It represents what the manufacturer
            reported of the vehicle, and for the amount if the row gives one.
        prior_transfers: Every change of hands of a used vehicle since it left its original
            user, before the purchase of the claim; empty if there was none. Those before 17
            August 2022 may be omitted.

    Raises:
        InvalidFactError: A fact is invalid or is not exact.
        InvalidFactsError: Several faults.

    >>> Vehicle(msrp="54999.99", final_assembly_country="Mexico").final_assembly_country
    'MX'
    """

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        names = (self.model_year, self.make or self.manufacturer, self.model, self.trim)
        said = [" ".join(clipped(str(name)) for name in names if name is not None) or "vehicle"]
        if self.vehicle_class is not None:
            said.append(self.vehicle_class.value)
        if self.msrp is not None:
            said.append(bounds_in_dollars(Bounds.of(self.msrp)))
        if self.no_battery:
            said.append("no battery")
        elif self.battery.capacity_kwh is not None:
            said.append(f"{self.battery.capacity_kwh} kWh")
        if self.final_assembly_country is not None:
            said.append(f"assembled in {place_name(self.final_assembly_country)}")
        return ", ".join(said)

    manufacturer: str | None = attrs.field(
        default=None,
        converter=as_text,
        metadata=declare(Kind.TEXT, "manufacturer", for_reader=True),
    )
    make: str | None = attrs.field(
        default=None,
        converter=as_text,
        metadata=declare(Kind.TEXT, "make", optional=True, for_reader=True),
    )
    model: str | None = attrs.field(
        default=None,
        converter=as_text,
        metadata=declare(Kind.TEXT, "model", optional=True, for_reader=True),
    )
    trim: str | None = attrs.field(
        default=None,
        converter=as_text,
        metadata=declare(Kind.TEXT, "trim", optional=True, for_reader=True),
    )
    model_year: Decimal | None = attrs.field(
        default=None,
        converter=as_count,
        metadata=declare(Kind.COUNT, "model year", optional=True, for_reader=True),
    )
    vin: str | None = attrs.field(
        default=None,
        converter=as_written_vin,
        metadata=declare(
            Kind.TEXT, "vehicle identification number", optional=True, for_reader=True
        ),
    )
    vehicle_class: VehicleClass | None = attrs.field(
        default=None,
        converter=as_vehicle_class,
        metadata=declare(Kind.CHOICE, "vehicle class", of=VehicleClass),
    )
    msrp: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "manufacturer's suggested retail price"),
    )
    sticker: StickerPrice | None = attrs.field(
        default=None,
        metadata=declare(
            Kind.PART,
            "window label",
            of="evcredit.facts.price.StickerPrice",
            optional=True,
            gives="msrp",
        ),
    )
    gross_vehicle_weight_rating_lb: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_quantity,
        metadata=declare(Kind.QUANTITY, "gross vehicle weight rating", unit="lb"),
    )
    wheels: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_count, metadata=declare(Kind.COUNT, "number of wheels", usual=4)
    )
    top_speed_mph: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_quantity,
        metadata=declare(Kind.QUANTITY, "top speed", unit="mph"),
    )
    made_for_public_roads: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "manufactured primarily for public roads"),
    )
    clean_air_act_motor_vehicle: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "motor vehicle under the Clean Air Act"),
    )
    meets_air_and_safety_rules: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "complies with air quality and safety rules"),
    )
    made_by_qualified_manufacturer: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "made by a qualified manufacturer"),
    )
    driven_by_battery_motor: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(
            Kind.FLAG,
            "propelled to a significant extent by a battery motor",
            gives_way_to=("no_battery",),
        ),
    )
    fuel_cell: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "new qualified fuel cell motor vehicle", usual=False),
    )
    gasoline_or_diesel_engine: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "powered by a gasoline or diesel engine too"),
    )
    mobile_machinery: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "mobile machinery", usual=False),
    )
    compact_car: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "compact car or smaller"),
    )
    tractor_cab: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "tractor with a day or sleeper cab"),
    )
    final_assembly_country: str | None = attrs.field(
        default=None,
        converter=as_place_of_assembly,
        metadata=declare(Kind.COUNTRY, "country of final assembly"),
    )
    battery: Battery = attrs.field(
        factory=Battery, converter=as_battery, metadata=declare(Kind.PART, "battery", of=Battery)
    )
    no_battery: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "no battery that drives it", optional=True, gives="battery"),
    )
    listing: ListedVehicle | None = attrs.field(
        default=None,
        metadata=declare(
            Kind.PART, "published listing", of="evcredit.facts.listing.ListedVehicle", optional=True
        ),
    )
    prior_transfers: tuple[PriorTransfer, ...] | None = attrs.field(
        default=None,
        converter=as_prior_transfers,
        metadata=declare(
            Kind.PARTS, "earlier transfers", of="evcredit.facts.prior_transfer.PriorTransfer"
        ),
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _vehicle_faults, sound=sound)
        if self.sticker is not None:
            # The check refused prices that exclude each other.
            price: Any = _joint_price(self.msrp, self.sticker)
            object.__setattr__(self, "msrp", price.lower if price.is_exact else price)
        if self.no_battery:
            # The check refused what only a battery can have.
            object.__setattr__(self, "battery", Battery(**NO_BATTERY))
            object.__setattr__(self, "driven_by_battery_motor", False)

    @classmethod
    def road_vehicle(cls, **facts: Unpack[VehicleFacts]) -> Vehicle:
        """A vehicle with the facts that hold for every ordinary electric road vehicle.

        States that it has four wheels, is made for public roads, is a motor vehicle under
        the Clean Air Act, complies with the air quality and safety rules, is driven by a
        motor that draws on a battery, and is neither a fuel cell vehicle nor mobile machinery.
        Whatever else is given is added, and overrides these; `None` is as good as omitted.

        >>> Vehicle.road_vehicle(msrp=48000).made_for_public_roads
        True
        """
        stated: VehicleFacts = {
            "wheels": 4,
            "made_for_public_roads": True,
            "clean_air_act_motor_vehicle": True,
            "meets_air_and_safety_rules": True,
            "driven_by_battery_motor": True,
            "fuel_cell": False,
            "mobile_machinery": False,
        }
        if facts.get("no_battery"):
            del stated["driven_by_battery_motor"]  # the flag shows
        stated.update(given(facts))
        return cls(**stated)


def _joint_price(
    stated: Decimal | Bounds[Decimal] | None, sticker: StickerPrice
) -> Bounds[Decimal] | None:
    """What the stated price and the window label together leave possible; `None` if nothing."""
    label = Bounds.of(sticker.msrp)
    return label.overlap(Bounds.of(stated, label))


def _vehicle_faults(vehicle: Vehicle) -> Iterator[tuple[str, Any, str]]:
    if vehicle.sticker is not None and _joint_price(vehicle.msrp, vehicle.sticker) is None:
        label = vehicle.sticker.msrp
        yield (
            "msrp",
            vehicle.msrp,
            f"the window label adds up to {label}; these conflict; give only one",
        )
    if vehicle.no_battery:
        remedy = "no battery is stated (no_battery); these conflict; give only one"
        if vehicle.driven_by_battery_motor:
            yield "driven_by_battery_motor", True, remedy
        for name, _ in declared_facts(Battery):
            value = getattr(vehicle.battery, name)
            if value is not None and value != NO_BATTERY.get(name):
                yield f"battery.{name}", value, remedy


def as_vehicle(value: Vehicle | None) -> Any:
    """A vehicle; `None` is one of which nothing is known."""
    return Vehicle() if value is None else value


import_for_hints(  # of modules that few programs need
    Vehicle, listing="ListedVehicle", price="StickerPrice", prior_transfer="PriorTransfer"
)
