"""Bad input is refused where it enters, with the path of the fact and what to give instead."""

import json
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest

from evcredit import (
    Battery,
    BatteryComponent,
    Bounds,
    Claim,
    EvcreditError,
    InvalidFactError,
    MineralSource,
    Purchase,
    Step,
    Taxpayer,
    TaxYear,
    Vehicle,
    assess,
    with_facts,
)
from evcredit.errors import InvalidFactsError
from evcredit.facts import SellerReport, StickerPrice
from evcredit.io import claim_from_dict, claim_from_json, claim_to_json

FLOAT = "floats are not exact; write Decimal('{0}') or '{0}'"
NOT_NEGATIVE = "may not be negative"
FINITE = "the number must be finite; omit it if it is unknown"
ORDER = "a vehicle is never placed in service before {}, which is of 2024-06-04"

# What is built, the path of the fault, and the remedy.
FAULTS = {
    "a time where a day belongs": (
        lambda: Purchase(placed_in_service=datetime(2024, 6, 3, 12, 0)),
        "purchase.placed_in_service",
        "give a date without a time: the law counts days",
    ),
    "midnight is a time too": (
        lambda: Step(activity="processing", performed_on=datetime(2023, 3, 28)),
        "step.performed_on",
        "give a date without a time: the law counts days",
    ),
    "a day in another order": (
        lambda: Purchase(sale_date="06/03/2024"),
        "purchase.sale_date",
        "give a date, or text like 2024-06-03",
    ),
    "a day with a time as text": (
        lambda: Purchase(sale_date="2024-06-03T00:00"),
        "purchase.sale_date",
        "give a date, or text like 2024-06-03",
    ),
    "a day that is not in the calendar": (
        lambda: Purchase(sale_date="2023-02-29"),
        "purchase.sale_date",
        "no such day in the calendar; give a date like 2024-06-03",
    ),
    "a float price": (lambda: Vehicle(msrp=55000.0), "vehicle.msrp", FLOAT.format("55000.0")),
    "a float income": (
        lambda: TaxYear(modified_adjusted_gross_income=150000.5),
        "tax_year.modified_adjusted_gross_income",
        FLOAT.format("150000.5"),
    ),
    "a float value": (
        lambda: MineralSource(mineral="nickel", value=0.1),
        "mineral_source.value",
        FLOAT.format("0.1"),
    ),
    "a float inside bounds": (
        lambda: Vehicle(msrp=Bounds(Decimal(1), 2.5)),
        "vehicle.msrp",
        FLOAT.format("2.5"),
    ),
    "a float that is not a number": (
        lambda: Vehicle(msrp=float("nan")),
        "vehicle.msrp",
        FLOAT.format("nan"),
    ),
    "not a number": (lambda: Vehicle(msrp=Decimal("NaN")), "vehicle.msrp", FINITE),
    "not a number, as text": (lambda: Vehicle(msrp="NaN"), "vehicle.msrp", FINITE),
    "infinite": (lambda: Battery(capacity_kwh="Infinity"), "battery.capacity_kwh", FINITE),
    "a negative price": (lambda: Vehicle(msrp=-1), "vehicle.msrp", NOT_NEGATIVE),
    "a negative value": (
        lambda: MineralSource(mineral="lithium", value=-1),
        "mineral_source.value",
        NOT_NEGATIVE,
    ),
    "a negative value added": (
        lambda: Step(value_added="-0.01"),
        "step.value_added",
        NOT_NEGATIVE,
    ),
    "a negative capacity": (
        lambda: Battery(capacity_kwh=-75),
        "battery.capacity_kwh",
        NOT_NEGATIVE,
    ),
    "a negative number of wheels": (lambda: Vehicle(wheels=-4), "vehicle.wheels", NOT_NEGATIVE),
    "bounds that begin below zero": (
        lambda: Vehicle(msrp=Bounds(Decimal(-1), Decimal(5))),
        "vehicle.msrp",
        NOT_NEGATIVE,
    ),
    "more than all of it": (
        lambda: Battery(certified_critical_mineral_content=101),
        "battery.certified_critical_mineral_content",
        "give a percentage from 0 to 100",
    ),
    "a little more than all of it": (
        lambda: Battery(certified_battery_component_content="100.01"),
        "battery.certified_battery_component_content",
        "give a percentage from 0 to 100",
    ),
    "less than nothing of it": (
        lambda: Battery(certified_battery_component_content=-1),
        "battery.certified_battery_component_content",
        "give a percentage from 0 to 100",
    ),
    "half a wheel": (lambda: Vehicle(wheels="3.5"), "vehicle.wheels", "give a whole number"),
    "half a cent": (lambda: Vehicle(msrp="54999.995"), "vehicle.msrp", "give whole cents"),
    "a ten-millionth of a dollar": (
        lambda: MineralSource(mineral="lithium", value="0.0000001"),
        "mineral_source.value",
        "give at most six decimal places",
    ),
    "bounds of a mineral's value": (
        lambda: MineralSource(mineral="lithium", value=Bounds(Decimal(1), Decimal(2))),
        "mineral_source.value",
        "give one amount, or None for unknown",
    ),
    "half of bounds": (
        lambda: Vehicle(msrp=_half_bounds()),
        "vehicle.msrp",
        "give both ends of the bounds, or None for unknown",
    ),
    "a number too large to be meant": (
        lambda: Vehicle(msrp="1e18"),
        "vehicle.msrp",
        "give fewer than 18 digits on either side of the point",
    ),
    "a number too fine to be meant": (
        lambda: Battery(capacity_kwh="1e-19"),
        "battery.capacity_kwh",
        "give fewer than 18 digits on either side of the point",
    ),
    "a thousands separator": (
        lambda: Vehicle(msrp="55,000"),
        "vehicle.msrp",
        "this is not a number; write it without signs or separators",
    ),
    "a flag for a number": (
        lambda: Vehicle(msrp=True),
        "vehicle.msrp",
        "give a Decimal, an int or a number as text, or None for unknown",
    ),
    "a fraction": (
        lambda: Vehicle(msrp=Fraction(1, 2)),
        "vehicle.msrp",
        "give a Decimal, an int or a number as text, or None for unknown",
    ),
    "a word for a flag": (
        lambda: Vehicle(fuel_cell="no"),
        "vehicle.fuel_cell",
        "give True, False or None for unknown",
    ),
    "a number for a flag": (
        lambda: Vehicle(fuel_cell=1),
        "vehicle.fuel_cell",
        "give True, False or None for unknown",
    ),
    "empty text": (
        lambda: Vehicle(make="  "),
        "vehicle.make",
        "give text that is not empty, or None for unknown",
    ),
    "a class that the law does not know": (
        lambda: Vehicle(vehicle_class="hovercraft"),
        "vehicle.vehicle_class",
        "give one of 'van', 'sport utility vehicle', 'pickup truck', 'other vehicle'",
    ),
    "an unknown country": (
        lambda: Vehicle(final_assembly_country="Qzzx"),
        "vehicle.final_assembly_country",
        "there is no country of this name; write an alpha-2 code of ISO 3166-1",
    ),
    "a misspelt country": (
        lambda: Step(country="Indonezia"),
        "step.country",
        "there is no country of this name; did you mean Indonesia (ID) or India (IN)?",
    ),
    "Congo": (
        lambda: MineralSource.extracted_in("Congo", "cobalt"),
        "step.country",
        (
            "two countries have this name; write CD (Democratic Republic of the Congo, Kinshasa) "
            "or CG (Republic of the Congo, Brazzaville)"
        ),
    ),
    "Korea": (
        lambda: BatteryComponent(kind="separator", made_in="Korea"),
        "battery_component.made_in",
        "two countries have this name; write KR (South Korea) or KP (North Korea)",
    ),
    "in service before the contract": (
        lambda: Purchase(placed_in_service="2024-06-03", contract_date="2024-06-04"),
        "purchase.placed_in_service",
        ORDER.format("the contract (contract_date)"),
    ),
    "in service before the first payment": (
        lambda: Purchase(placed_in_service="2024-06-03", first_payment_date="2024-06-04"),
        "purchase.placed_in_service",
        ORDER.format("the first payment (first_payment_date)"),
    ),
    "in service before the sale": (
        lambda: Purchase(placed_in_service="2024-06-03", sale_date="2024-06-04"),
        "purchase.placed_in_service",
        ORDER.format("the sale (sale_date)"),
    ),
    "steps that add more than the mineral is worth": (
        lambda: MineralSource(
            mineral="nickel",
            value=1000,
            steps=[
                Step(activity="extraction", country="ID", value_added=600),
                Step(activity="processing", country="JP", value_added="400.01"),
            ],
        ),
        "mineral_source.steps",
        "the steps cannot add more value than the mineral has, $1,000",
    ),
    "parts that are worth more than the whole": (
        lambda: BatteryComponent(
            kind="battery cell",
            value=100,
            contains=[
                BatteryComponent(kind="cathode electrode", value=70),
                BatteryComponent(kind="anode electrode", value="30.01"),
            ],
        ),
        "battery_component.contains",
        "what is inside cannot be worth more than the whole, $100",
    ),
    "a price that the window label does not add up to": (
        lambda: Vehicle(msrp=55000, sticker=StickerPrice(base_price=54000, factory_options=1500)),
        "vehicle.msrp",
        "the window label adds up to 55500.00; these conflict; give only one",
    ),
    "bounds on the window label": (
        lambda: StickerPrice(base_price=Bounds(Decimal(1), Decimal(2))),
        "sticker_price.base_price",
        "give one amount; bounds belong in vehicle.msrp",
    ),
    "a mapping for a battery": (
        lambda: Vehicle(battery={"capacity_kwh": 75}),
        "vehicle.battery",
        "give a Battery",
    ),
    "a vehicle for a purchase": (
        lambda: Claim(purchase=Vehicle()),
        "claim.purchase",
        "give a Purchase",
    ),
    "a number for a tax year": (
        lambda: Taxpayer(current_year=2024),
        "taxpayer.current_year",
        "give a TaxYear",
    ),
    "one chain that is none": (
        lambda: Battery(minerals=[MineralSource(mineral="nickel"), "nickel"]),
        "battery.minerals[1]",
        "give a MineralSource",
    ),
    "a component that is none": (
        lambda: BatteryComponent(kind="battery cell", contains=[None]),
        "battery_component.contains[0]",
        "give a BatteryComponent",
    ),
    "one chain instead of a list": (
        lambda: Battery(minerals=MineralSource(mineral="nickel")),
        "battery.minerals",
        "give a list or tuple, empty if there are none, or None for unknown",
    ),
    "text instead of a list": (
        lambda: Battery(minerals="nickel"),
        "battery.minerals",
        "give a list or tuple, empty if there are none, or None for unknown",
    ),
}


def _half_bounds():
    """Bounds of which one end is missing, as only `object.__setattr__` can make them."""
    bounds = Bounds(Decimal(1), Decimal(2))
    object.__setattr__(bounds, "upper", None)
    return bounds


@pytest.mark.parametrize(("build", "path", "remedy"), list(FAULTS.values()), ids=list(FAULTS))
def test_each_fault_names_its_path_and_remedy(build, path, remedy):
    """One fault is one `InvalidFactError`, which is also a `ValueError`."""
    with pytest.raises(InvalidFactError) as caught:
        build()
    assert (caught.value.path, caught.value.remedy) == (path, remedy)
    assert isinstance(caught.value, EvcreditError)
    assert isinstance(caught.value, ValueError)


@pytest.mark.parametrize("vin", ["", 1, "1M8GDM9A", "1M8GDM9A0KP04278?", "ß" * 17, "I" * 18])
def test_vehicle_identification_number_with_a_fault(vin):
    """A number that is too short or no number is refused at its path."""
    with pytest.raises(InvalidFactError) as caught:
        Vehicle(vin=vin)
    assert caught.value.path == "vehicle.vin"
    assert caught.value.found == vin


def test_wrong_check_digit_says_which_is_right():
    """The remedy for a wrong check digit has the digit that the others lead to."""
    with pytest.raises(InvalidFactError, match="check digit"):
        SellerReport(vin="1M8GDM9A0KP042788")  # whether it gives the number is a rule's question
    assert Vehicle(vin="1m8gdm9axkp042788").vin == "1M8GDM9AXKP042788"


@pytest.mark.parametrize(
    ("vin", "doubt"),
    [
        ("1M8GDM9A0KP042788", "position 9 should be X, not 0"),
        ("5YJ3E1EA0PF000001", "the check digit does not fit"),
        ("1M8GDM9AXKP04278O", "the letters I, O and Q are never used"),
        ("I" * 17, "the letters I, O and Q are never used"),
    ],
)
@pytest.mark.parametrize("credit", ["30D", "25E", "45W"])
def test_a_number_of_a_test_return_is_a_warning(vin, doubt, credit):
    """No rule reads it: the letter or digit rule of 49 CFR 565.15 is for a reader to look at."""
    vehicle = Vehicle(vin=vin.lower(), model_year=2024, final_assembly_country="Mexico")
    assert vehicle.vin == vin
    result = assess(Claim(vehicle=vehicle), credit=credit)
    (warning,) = (each for each in result.warnings if "vehicle.vin" in each)
    assert warning.startswith(f"vehicle.vin: {vin}: ")
    assert doubt in warning
    assert warning.endswith("no rule reads the number")
    assert claim_from_json(claim_to_json(result.claim)) == result.claim
    bare = with_facts(result.claim, {"vehicle.vin": None})
    assert result.credit == assess(bare, credit=credit).credit


@pytest.mark.parametrize("name", ["contract_date", "first_payment_date", "sale_date"])
def test_same_day_is_a_possible_order(name):
    """Bought and taken along on one day."""
    purchase = Purchase(**{name: "2024-06-03"}, placed_in_service=date(2024, 6, 3))
    assert purchase.placed_in_service == date(2024, 6, 3)


def test_steps_may_add_exactly_the_value():
    """Equality of value added and value is no fault."""
    chain = MineralSource(mineral="nickel", value=10, steps=[Step(value_added=10)])
    assert chain.value == 10


TAINTED_CHAIN = MineralSource(
    mineral="nickel", steps=[Step(activity="processing", foreign_entity_of_concern=True)]
)
CLEAN_CHAIN = MineralSource(
    mineral="nickel", steps=[Step(activity="processing", foreign_entity_of_concern=False)]
)
OPEN_CHAIN = MineralSource(mineral="nickel", steps=[Step(activity="processing")])
TAINTED_CELL = BatteryComponent(
    kind="battery cell",
    contains=[BatteryComponent(kind="separator", foreign_entity_of_concern=True)],
)
CLEAN_CELL = BatteryComponent(kind="battery cell", contains=[], foreign_entity_of_concern=False)


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        (
            {"minerals": [TAINTED_CHAIN], "minerals_from_foreign_entity_of_concern": False},
            "battery.minerals_from_foreign_entity_of_concern",
        ),
        (
            {
                "minerals": [OPEN_CHAIN, TAINTED_CHAIN],
                "minerals_from_foreign_entity_of_concern": False,
            },
            "battery.minerals_from_foreign_entity_of_concern",
        ),
        (
            {"minerals": [CLEAN_CHAIN], "minerals_from_foreign_entity_of_concern": True},
            "battery.minerals_from_foreign_entity_of_concern",
        ),
        (
            {"components": [TAINTED_CELL], "components_from_foreign_entity_of_concern": False},
            "battery.components_from_foreign_entity_of_concern",
        ),
        (
            {"components": [CLEAN_CELL], "components_from_foreign_entity_of_concern": True},
            "battery.components_from_foreign_entity_of_concern",
        ),
    ],
)
def test_flag_of_the_battery_that_its_chains_and_components_contradict(facts, path):
    """The whole and its parts cannot say different things of foreign entities of concern."""
    with pytest.raises(InvalidFactError, match="correct it or leave this out") as caught:
        Battery(**facts)
    assert caught.value.path == path


@pytest.mark.parametrize("flag", [True, False])
def test_flag_of_the_battery_may_add_what_its_chains_leave_open(flag):
    """Where a step says nothing, the flag of the battery may say either."""
    battery = Battery(minerals=[OPEN_CHAIN], minerals_from_foreign_entity_of_concern=flag)
    assert battery.minerals_from_foreign_entity_of_concern is flag


def test_faults_of_one_object_come_together():
    """Three faults of one vehicle are one group, in the order of the fields."""
    with pytest.raises(InvalidFactsError) as caught:
        Vehicle(msrp=55000.0, wheels=-1, final_assembly_country="Korea")
    assert isinstance(caught.value, ExceptionGroup)
    assert isinstance(caught.value, EvcreditError)
    assert [fault.path for fault in caught.value.exceptions] == [
        "vehicle.msrp",
        "vehicle.wheels",
        "vehicle.final_assembly_country",
    ]


def test_faults_between_fields_come_together_too():
    """A day in service before contract, payment and sale is three faults."""
    with pytest.raises(InvalidFactsError) as caught:
        Purchase(
            contract_date="2024-06-04",
            first_payment_date="2024-06-05",
            sale_date="2024-06-06",
            placed_in_service="2024-06-03",
        )
    assert {fault.path for fault in caught.value.exceptions} == {"purchase.placed_in_service"}
    assert len(caught.value.exceptions) == 3


def test_fields_are_checked_before_what_lies_between_them():
    """While a field is at fault, nothing is derived from it."""
    with pytest.raises(InvalidFactError) as caught:
        Purchase(contract_date="2024-06-04", sale_date=1, placed_in_service="2024-06-03")
    assert caught.value.path == "purchase.sale_date"


def test_except_star_handles_them_all():
    """``except*`` gets one fault and several alike."""
    paths = []
    for facts in ({"msrp": -1}, {"msrp": -1, "wheels": -1}):
        try:
            Vehicle(**facts)
        except* InvalidFactError as group:
            paths.append([fault.path for fault in group.exceptions])
    assert paths == [["vehicle.msrp"], ["vehicle.msrp", "vehicle.wheels"]]


FAULTY = {
    "vehicle": {
        "msrp": "55,000",
        "vin": "1M8GDM9A0KP04278",
        "colour": "red",
        "battery": {
            "certified_critical_mineral_content": 120,
            "minerals": [
                {"mineral": "nickel", "value": 10, "steps": [{"country": "Indonesia"}]},
                {
                    "mineral": "cobalt",
                    "value": -1,
                    "steps": [{"country": "Congo"}, {"value_added": "NaN"}],
                },
                {"mineral": "unobtainium"},
                {"mineral": "lithium", "value": 1, "steps": [{"value_added": 2}]},
            ],
            "components": [
                {"kind": "battery module", "contains": [{"kind": "gearbox"}, {"made_in": "Korea"}]}
            ],
        },
    },
    "purchase": {"placed_in_service": "2024-06-03", "sale_date": "2024-06-04"},
    "taxpayer": {"current_year": {"modified_adjusted_gross_income": 1.5e3}},
}
FAULTY_PATHS = {
    "vehicle.colour",
    "vehicle.msrp",
    "vehicle.vin",
    "vehicle.battery.certified_critical_mineral_content",
    "vehicle.battery.minerals[1].value",
    "vehicle.battery.minerals[1].steps[0].country",
    "vehicle.battery.minerals[1].steps[1].value_added",
    "vehicle.battery.minerals[2].mineral",
    "vehicle.battery.minerals[3].steps",
    "vehicle.battery.components[0].contains[0].kind",
    "vehicle.battery.components[0].contains[1].kind",
    "vehicle.battery.components[0].contains[1].made_in",
    "purchase.placed_in_service",
}


def test_json_with_many_faults_gets_them_all_at_once_with_full_paths():
    """Every fault of a file, however deep, is in one group under its full path."""
    with pytest.raises(InvalidFactsError) as caught:
        claim_from_json(json.dumps(FAULTY))
    assert {fault.path for fault in caught.value.exceptions} == FAULTY_PATHS
    assert len(caught.value.exceptions) == len(FAULTY_PATHS)


def test_the_same_as_a_dict_refuses_the_float_too():
    """JSON numbers are exact; a Python float is not, and is one fault more."""
    with pytest.raises(InvalidFactsError) as caught:
        claim_from_dict(FAULTY)
    assert {fault.path for fault in caught.value.exceptions} == {
        *FAULTY_PATHS,
        "taxpayer.current_year.modified_adjusted_gross_income",
    }
