"""Vehicles, and the suggested retail price that their window label adds up to."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from evcredit.battery import Battery
from evcredit.bounds import Bounds
from evcredit.country import as_country
from evcredit.fact import (
    Kind,
    as_choice,
    as_count,
    as_flag,
    as_price,
    as_quantity,
    as_text,
    as_tuple,
    check,
    declare,
)
from evcredit.history import VehicleTransfer
from evcredit.listing import ListedVehicle
from evcredit.money import cents, dollars
from evcredit.vin import as_vin

__all__ = ["StickerPrice", "Vehicle", "VehicleClass"]


class VehicleClass(Enum):
    """The class of the fuel economy label, as far as the price limit tells classes apart.

    Sedans, hatchbacks, wagons and two-seaters are `OTHER`.
    """

    VAN = "van"
    SPORT_UTILITY_VEHICLE = "sport utility vehicle"
    PICKUP_TRUCK = "pickup truck"
    OTHER = "other vehicle"


def as_vehicle_class(value: VehicleClass | str | None) -> Any:
    """A vehicle class, by itself or by name."""
    return as_choice(VehicleClass, value)


@attrs.frozen(kw_only=True)
class StickerPrice:
    """What the window label says, and what of it makes the suggested retail price.

    The manufacturer's suggested retail price is the base price plus the options physically
    attached when the vehicle is delivered to the dealer (15 USC 1232(f)(1), (2)). The
    destination charge and whatever the dealer adds are no part of it.

    Args:
        base_price: US dollars.
        factory_options: US dollars, all of them together; 0 if there are none.
        destination_charge: US dollars, for the record.
        dealer_options: US dollars, for the record.

    Raises:
        InvalidFactError: An amount is negative, a float, or finer than a cent.

    >>> StickerPrice(base_price=54000, factory_options=1500, destination_charge=1395).msrp
    Decimal('55500.00')
    >>> StickerPrice(base_price=54000).msrp.lower
    Decimal('54000')
    """

    base_price: Decimal | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "base price")
    )
    factory_options: Decimal | None = attrs.field(
        default=None, converter=as_price, metadata=declare(Kind.MONEY, "factory options")
    )
    destination_charge: Decimal | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "destination charge", optional=True),
    )
    dealer_options: Decimal | None = attrs.field(
        default=None,
        converter=as_price,
        metadata=declare(Kind.MONEY, "dealer options", optional=True),
    )

    def __attrs_post_init__(self) -> None:
        check(self, _sticker_faults)

    @property
    def msrp(self) -> Decimal | Bounds[Decimal]:
        """The suggested retail price; at least what is known of it if a part is unknown."""
        if self.base_price is None or self.factory_options is None:
            least = self.base_price or self.factory_options or Decimal(0)
            return Bounds(least, Decimal("Infinity"))
        return dollars(cents(self.base_price) + cents(self.factory_options))


def _sticker_faults(sticker: StickerPrice) -> Iterator[tuple[str, Any, str]]:
    for name in ("base_price", "factory_options", "destination_charge", "dealer_options"):
        value = getattr(sticker, name)
        if isinstance(value, Bounds):
            yield name, value, "give one amount; bounds belong in vehicle.msrp"


@attrs.frozen(kw_only=True)
class Vehicle:
    """A vehicle as the law looks at it. Everything left out is unknown.

    Args:
        manufacturer: Who made it, for the limit on the number of vehicles before 2023; taken
            from the make if left out.
        make: The name it is sold under.
        model: For the reader.
        trim: For the reader.
        model_year: Asked of previously owned vehicles, and held against a published list.
        vin: The vehicle identification number; its check digit must be right.
        vehicle_class: The class that sets the price limit (26 USC 30D(f)(11)(B)).
        msrp: The manufacturer's suggested retail price in US dollars and whole cents.
        sticker: What the window label adds up to; gives `msrp` if that is left out.
        gross_vehicle_weight_rating_lb: Pounds.
        wheels: How many.
        top_speed_mph: Miles per hour it can reach; asked of two- and three-wheeled vehicles
            alone (26 USC 30D(g) (2021)).
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
            label, with an interior volume index of less than 110 cubic feet; asked of plug-in
            hybrids alone (Notice 2023-9).
        tractor_cab: Whether it is a tractor with a day cab or a sleeper cab; asked of the heaviest
            vehicles alone (26 CFR 1.45W-2(f), proposed).
        final_assembly_country: Where its final assembly occurred.
        battery: The battery.
        listing: The row of a published list that the claim relies on: stating it says that
            this vehicle is one of those the row means. It stands for what the manufacturer
            reported of the vehicle, and for the amount if the row gives one.
        earlier_transfers: Every change of hands of a used vehicle since it left its original
            user, before the purchase of the claim; empty if there was none. Those before 17
            August 2022 may be left out.

    Raises:
        InvalidFactError: A fact cannot be true or is not exact.
        InvalidFactsError: Several faults.

    >>> Vehicle(msrp="54999.99", final_assembly_country="Mexico").final_assembly_country
    'MX'
    """

    manufacturer: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "manufacturer")
    )
    make: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "make", optional=True)
    )
    model: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "model", optional=True)
    )
    trim: str | None = attrs.field(
        default=None, converter=as_text, metadata=declare(Kind.TEXT, "trim", optional=True)
    )
    model_year: Decimal | None = attrs.field(
        default=None, converter=as_count, metadata=declare(Kind.COUNT, "model year", optional=True)
    )
    vin: str | None = attrs.field(
        default=None,
        converter=as_vin,
        metadata=declare(Kind.TEXT, "vehicle identification number", optional=True),
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
        metadata=declare(Kind.PART, "window label", of=StickerPrice, optional=True),
    )
    gross_vehicle_weight_rating_lb: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_quantity,
        metadata=declare(Kind.QUANTITY, "gross vehicle weight rating", unit="lb"),
    )
    wheels: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None, converter=as_count, metadata=declare(Kind.COUNT, "number of wheels")
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
        metadata=declare(Kind.FLAG, "propelled to a significant extent by a battery motor"),
    )
    fuel_cell: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "new qualified fuel cell motor vehicle"),
    )
    gasoline_or_diesel_engine: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "powered by a gasoline or diesel engine too"),
    )
    mobile_machinery: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "mobile machinery"),
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
        converter=as_country,
        metadata=declare(Kind.COUNTRY, "country of final assembly"),
    )
    battery: Battery = attrs.field(
        factory=Battery, metadata=declare(Kind.PART, "battery", of=Battery)
    )
    listing: ListedVehicle | None = attrs.field(
        default=None,
        metadata=declare(Kind.PART, "published listing", of=ListedVehicle, optional=True),
    )

    earlier_transfers: tuple[VehicleTransfer, ...] | None = attrs.field(
        default=None,
        converter=as_tuple,
        metadata=declare(Kind.PARTS, "earlier transfers", of=VehicleTransfer),
    )

    def __attrs_post_init__(self) -> None:
        check(self, _vehicle_faults)
        if self.sticker is not None:
            # The check refused prices that exclude each other.
            price: Any = _joint_price(self.msrp, self.sticker)
            object.__setattr__(self, "msrp", price.lower if price.is_exact else price)

    @classmethod
    def road_vehicle(cls, **facts: Any) -> Vehicle:
        """A vehicle with the facts that hold for every ordinary electric road vehicle.

        States that it has four wheels, is made for public roads, is a motor vehicle under
        the Clean Air Act, complies with the air quality and safety rules, is driven by a
        motor that draws on a battery, and is neither a fuel cell vehicle nor mobile machinery.
        Whatever else is given is added, and goes before these.

        >>> Vehicle.road_vehicle(msrp=48000).made_for_public_roads
        True
        """
        usual: dict[str, Any] = {
            "wheels": 4,
            "made_for_public_roads": True,
            "clean_air_act_motor_vehicle": True,
            "meets_air_and_safety_rules": True,
            "driven_by_battery_motor": True,
            "fuel_cell": False,
            "mobile_machinery": False,
        }
        return cls(**{**usual, **facts})


def _joint_price(
    stated: Decimal | Bounds[Decimal] | None, sticker: StickerPrice
) -> Bounds[Decimal] | None:
    """What the stated price and the window label together leave possible; `None` if nothing."""
    label = Bounds.of(sticker.msrp)
    return label.overlap(Bounds.of(stated, label))


def _vehicle_faults(vehicle: Vehicle) -> Iterator[tuple[str, Any, str]]:
    if vehicle.sticker is not None and _joint_price(vehicle.msrp, vehicle.sticker) is None:
        label = vehicle.sticker.msrp
        yield "msrp", vehicle.msrp, f"the window label adds up to {label}; give one of the two"
