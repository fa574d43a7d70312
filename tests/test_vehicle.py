"""Vehicles and window labels."""

from decimal import Decimal

import pytest

from evcredit import Bounds, StickerPrice, Vehicle, VehicleClass, with_facts

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
