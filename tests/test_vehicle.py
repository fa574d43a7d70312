"""Vehicles and window labels."""

from decimal import Decimal

import pytest

from evcredit import Bounds, InvalidFactError, Vehicle, VehicleClass, with_facts
from evcredit.facts import StickerPrice
from evcredit.facts.vehicle import label_class, label_classes

INFINITY = Decimal("Infinity")


def test_everything_left_out_is_unknown():
    """Nothing is assumed of a vehicle."""
    vehicle = Vehicle()
    assert vehicle.msrp is None
    assert vehicle.fuel_cell is None
    assert vehicle.final_assembly_country is None
    assert vehicle.battery.capacity_kwh is None


def test_road_vehicle_states_what_is_usual():
    """The usual facts of an ordinary electric car, and nothing about price, place or maker."""
    car = Vehicle.road_vehicle(msrp=48000)
    assert (car.wheels, car.msrp) == (Decimal(4), Decimal(48000))
    assert car.made_for_public_roads is True
    assert car.clean_air_act_motor_vehicle is True
    assert car.meets_air_and_safety_rules is True
    assert car.driven_by_battery_motor is True
    assert car.fuel_cell is False
    assert car.made_by_qualified_manufacturer is None
    assert car.final_assembly_country is None


def test_what_is_given_goes_before_the_usual():
    """A three-wheeler stays one."""
    assert Vehicle.road_vehicle(wheels=3).wheels == Decimal(3)


@pytest.mark.parametrize(
    ("label", "price"),
    [
        ({"base_price": 54000, "factory_options": 0}, Decimal("54000.00")),
        ({"base_price": 54000, "factory_options": 1500}, Decimal("55500.00")),
        (
            {"base_price": 54000, "factory_options": 0, "destination_charge": 1395},
            Decimal("54000.00"),
        ),
        (
            {"base_price": 54000, "factory_options": 0, "dealer_options": 1500},
            Decimal("54000.00"),
        ),
        ({"base_price": "0.1", "factory_options": "0.2"}, Decimal("0.30")),
        ({"base_price": 54000}, Bounds(Decimal(54000), INFINITY)),
        ({"factory_options": 1500}, Bounds(Decimal(1500), INFINITY)),
        ({"destination_charge": 1395}, Bounds(Decimal(0), INFINITY)),
        ({}, Bounds(Decimal(0), INFINITY)),
    ],
)
def test_window_label_adds_up(label, price):
    """Base price and factory options count; destination and the dealer's options never do."""
    sticker = StickerPrice(**label)
    assert sticker.msrp == price
    assert Vehicle(sticker=sticker).msrp == price


def test_price_that_agrees_with_the_window_label():
    """Both may be stated if they say the same, or the label leaves room for the price."""
    full = StickerPrice(base_price=54000, factory_options=1500)
    assert Vehicle(msrp=55500, sticker=full).msrp == Decimal(55500)
    part = StickerPrice(base_price=54000)
    assert Vehicle(msrp=55500, sticker=part).msrp == Decimal(55500)


def test_window_label_can_be_completed():
    """A label that is known in part can be filled in, and the price follows."""
    vehicle = Vehicle(sticker=StickerPrice(base_price=54000))
    complete = with_facts(vehicle, {"sticker.factory_options": 1500})
    assert complete.msrp == Decimal("55500.00")


@pytest.mark.parametrize(
    ("written", "vehicle_class"),
    [
        ("van", VehicleClass.VAN),
        ("Sport Utility Vehicle", VehicleClass.SPORT_UTILITY_VEHICLE),
        ("pickup_truck", VehicleClass.PICKUP_TRUCK),
        ("other", VehicleClass.OTHER),
    ],
)
def test_classes_by_value_or_name(written, vehicle_class):
    """As the label writes it, or as the enumeration does."""
    assert Vehicle(vehicle_class=written).vehicle_class is vehicle_class


def test_vehicle_identification_number_is_put_in_order():
    """Small letters become capitals."""
    assert Vehicle(vin="1m8gdm9axkp042788").vin == "1M8GDM9AXKP042788"
    assert Vehicle(vin=None).vin is None


@pytest.mark.parametrize(
    ("stated", "price"),
    [
        (Bounds(55000, 56000), Bounds(Decimal(55000), Decimal(56000))),
        (Bounds(50000, 56000), Bounds(Decimal(54000), Decimal(56000))),
        (Bounds(50000, INFINITY), Bounds(Decimal(54000), INFINITY)),
    ],
    ids=str,
)
def test_price_and_label_that_are_each_known_in_part(stated, price):
    """What both leave possible is what is known of the price."""
    assert Vehicle(msrp=stated, sticker=StickerPrice(base_price=54000)).msrp == price


# -- classes in the words of the trade and of the fuel economy label -----------------------------

VAN, SUV, PICKUP, OTHER = VehicleClass

#: Every name in the file of vehicles of fueleconomy.gov, written down independently of the data:
#: the class of the price limit, and whether it is a compact car or smaller where it says so.
PRINTED = {
    "Two Seaters": (OTHER, None),
    "Minicompact Cars": (OTHER, True),
    "Subcompact Cars": (OTHER, True),
    "Compact Cars": (OTHER, True),
    "Midsize Cars": (OTHER, False),
    "Large Cars": (OTHER, False),
    "Small Station Wagons": (OTHER, None),
    "Midsize Station Wagons": (OTHER, None),
    "Midsize-Large Station Wagons": (OTHER, None),
    "Small Pickup Trucks": (PICKUP, None),
    "Small Pickup Trucks 2WD": (PICKUP, None),
    "Small Pickup Trucks 4WD": (PICKUP, None),
    "Standard Pickup Trucks": (PICKUP, None),
    "Standard Pickup Trucks 2WD": (PICKUP, None),
    "Standard Pickup Trucks 4WD": (PICKUP, None),
    "Standard Pickup Trucks/2wd": (PICKUP, None),
    "Vans": (VAN, None),
    "Vans Passenger": (VAN, None),
    "Vans, Cargo Type": (VAN, None),
    "Vans, Passenger Type": (VAN, None),
    "Minivan - 2WD": (VAN, None),
    "Minivan - 4WD": (VAN, None),
    "Sport Utility Vehicle - 2WD": (SUV, None),
    "Sport Utility Vehicle - 4WD": (SUV, None),
    "Small Sport Utility Vehicle 2WD": (SUV, None),
    "Small Sport Utility Vehicle 4WD": (SUV, None),
    "Standard Sport Utility Vehicle 2WD": (SUV, None),
    "Standard Sport Utility Vehicle 4WD": (SUV, None),
    "Special Purpose Vehicle": (None, None),
    "Special Purpose Vehicle 2WD": (None, None),
    "Special Purpose Vehicle 4WD": (None, None),
    "Special Purpose Vehicles": (None, None),
    "Special Purpose Vehicles/2wd": (None, None),
    "Special Purpose Vehicles/4wd": (None, None),
}
#: The classes of 40 CFR 600.315-08: nine of cars, six of trucks, and special purpose vehicles.
CLASSES = [
    "Two Seaters",
    "Minicompact Cars",
    "Subcompact Cars",
    "Compact Cars",
    "Midsize Cars",
    "Large Cars",
    "Small Station Wagons",
    "Midsize Station Wagons",
    "Large Station Wagons",
    "Small Pickup Trucks",
    "Standard Pickup Trucks",
    "Vans",
    "Minivans",
    "Small Sport Utility Vehicles",
    "Standard Sport Utility Vehicles",
    "Special Purpose Vehicles",
]


def test_the_classes_of_the_label_are_complete():
    """Every class of 40 CFR 600.315-08, in its order, each with a citation."""
    assert [each.name for each in label_classes()] == CLASSES
    assert all(each.citation.startswith("40 CFR 600.315-08") for each in label_classes())


@pytest.mark.parametrize(("printed", "expected"), PRINTED.items(), ids=PRINTED)
def test_every_printed_class_is_read(printed, expected):
    """As the label or the file prints it, in any case; special purposes leave it open."""
    found = label_class(printed)
    assert (found.vehicle_class, found.compact_car) == expected
    for written in (printed, printed.upper(), printed.lower()):
        if expected[0] is None:
            with pytest.raises(InvalidFactError, match="special purposes and leaves"):
                Vehicle(vehicle_class=written)
        else:
            assert Vehicle(vehicle_class=written).vehicle_class is expected[0]
    stated = {"vehicle_class": expected[0], "compact_car": expected[1]}
    assert found.vehicle_facts() == {k: v for k, v in stated.items() if v is not None}


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("SUV", SUV),
        ("suv", SUV),
        ("sedan", OTHER),
        ("Hatchback", OTHER),
        ("minivan", VAN),
        ("pickup", PICKUP),
        ("Pick-up", PICKUP),
        ("station wagon", OTHER),
        ("PICKUP_TRUCK", PICKUP),
        ("Sport-Utility Vehicle", SUV),
    ],
)
def test_words_of_the_trade(word, expected):
    """What dealers call a class."""
    assert Vehicle(vehicle_class=word).vehicle_class is expected


@pytest.mark.parametrize(
    ("word", "why"),
    [
        ("crossover", "know no crossovers.*the class that the vehicle's own label names"),
        ("CUV", "know no crossovers"),
        ("Sport Utility Vehicle (SUV)/Multi-Purpose Vehicle (MPV)", "body type of a vehicle deco"),
        ("truck", "names no class of the fuel economy label"),
        ("SEDANN", "did you mean 'other vehicle'[?]"),
        ("Pickup Trck", "did you mean 'pickup truck'"),
        ("hovercraft", "give one of 'van', .* 'other vehicle'$"),
        (5, "give one of 'van'"),
    ],
)
def test_words_that_leave_the_class_open(word, why):
    """They are refused with the reason, or with what was meant."""
    with pytest.raises(InvalidFactError, match=why):
        Vehicle(vehicle_class=word)
