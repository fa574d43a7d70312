"""Published lists: rows, the days they apply to, what they imply, and looking them up."""

import copy
import pickle
from datetime import date
from decimal import Decimal

import attrs
import pytest

from evcredit import Battery, Bounds, Vehicle, assess, with_facts
from evcredit.algebra.field import declared_facts
from evcredit.algebra.path import unknown_facts
from evcredit.errors import EvcreditError, InvalidFactError, InvalidFactsError, UnknownListing
from evcredit.examples import demonstration_claim
from evcredit.facts.listing import ListedVehicle, Powertrain
from evcredit.facts.published_list import DayCounted, Publisher, published_lists
from evcredit.io.reading import from_data
from evcredit.law.lists import find_listed, listings
from evcredit.results.words import facts_to_dict

ROWS = listings()


def row(make, model, list_id, **facts):
    """The one row of a list with this name."""
    (found,) = [
        each
        for each in ROWS
        if (each.make, each.model, each.list_id) == (make, model, list_id)
        and all(getattr(each, name) == value for name, value in facts.items())
    ]
    return found


ZDX = row("Acura", "ZDX", "L4_2024_snapshot")
LYRIQ = row("Cadillac", "LYRIQ", "L4_2024_snapshot")


# -- rows ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2023", (2023,)),
        (2023, (2023,)),
        ("2012-2014", (2012, 2013, 2014)),
        ("2010, 2012", (2010, 2012)),
        ("2012,2010-2011", (2010, 2011, 2012)),
        (None, None),
    ],
)
def test_model_years(text, years):
    """Single years, ranges and lists of them; nothing if nothing is stated."""
    assert ListedVehicle(model_years=text).years == years


@pytest.mark.parametrize(
    "text", ["", "23", "2014-2012", "2010;2012", "all", 2023.0, True, ["2023"]]
)
def test_what_is_no_model_year(text):
    """The message says how to write them."""
    with pytest.raises(InvalidFactError, match="give model years like") as caught:
        ListedVehicle(model_years=text)
    assert caught.value.path == "listed_vehicle.model_years"


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"credit": Bounds(3750, 7500)}, "credit"),
        ({"msrp_limit": Bounds(55000, 80000)}, "msrp_limit"),
        ({"credit": 7500.0}, "credit"),
        ({"mark": ""}, "mark"),
        ({"published_by": "a blog"}, "published_by"),
        ({"valid_from": "2024-01-02", "valid_to": "2024-01-01"}, "earliest_end"),
        ({"earliest_start": "2024-01-02", "latest_start": "2024-01-01"}, "latest_start"),
        ({"earliest_end": "2024-01-02", "latest_end": "2024-01-01"}, "latest_end"),
        ({"earliest_start": "2024-01-02", "earliest_end": "2024-01-01"}, "earliest_end"),
        ({"latest_start": "2024-01-02", "latest_end": "2024-01-01"}, "latest_end"),
    ],
)
def test_faults(facts, path):
    """A row that cannot be is refused, by the name of what is wrong."""
    with pytest.raises((InvalidFactError, InvalidFactsError)) as caught:
        ListedVehicle(**facts)
    faults = getattr(caught.value, "exceptions", [caught.value])
    assert f"listed_vehicle.{path}" in [fault.path for fault in faults]


def test_days_may_coincide():
    """One day is enough."""
    one = ListedVehicle(valid_from="2024-01-01", valid_to="2024-01-01")
    assert one.speaks_for_day(date(2024, 1, 1)) is True


def test_rows_are_values():
    """Frozen, hashable, equal to their copies, all different."""
    assert len(set(ROWS)) == len(ROWS) == 304
    assert listings() is ROWS
    for again in (copy.deepcopy(LYRIQ), pickle.loads(pickle.dumps(LYRIQ)), attrs.evolve(LYRIQ)):
        assert again == LYRIQ and hash(again) == hash(LYRIQ) and again.years == (2024,)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        LYRIQ.credit = None


def test_rows_as_facts():
    """Nothing on a row is a fact to require, and a row comes back from data as it was."""
    assert all(declared.optional for _, declared in declared_facts(ListedVehicle))
    for each in ROWS:
        assert list(unknown_facts(each)) == []
        assert from_data(facts_to_dict(each), ListedVehicle) == each


def test_choices_by_name():
    """Publisher, day and powertrain can be given in words."""
    made = ListedVehicle(
        published_by="internal revenue service", counted_on="acquired", powertrain="fuel cell"
    )
    assert made.published_by is Publisher.INTERNAL_REVENUE_SERVICE
    assert made.counted_on is DayCounted.ACQUIRED
    assert made.powertrain is Powertrain.FUEL_CELL


@pytest.mark.parametrize(
    ("facts", "text"),
    [
        ({}, "unnamed vehicle: no amount, from an unknown day to an unknown day (no list)"),
        (
            {"make": "A", "model": "B", "credit": "4751.80", "model_years": 2015, "list_id": "C"},
            "A B, model year 2015: $4,751.80, from an unknown day to an unknown day (C)",
        ),
        (
            {"make": "A", "latest_start": "2024-01-02", "earliest_end": "2024-02-03"},
            "A: no amount, from 2024-01-02 at the latest to 2024-02-03 at the earliest (no list)",
        ),
        (
            {"model": "B", "model_years": "2023-2024", "only_certain_vehicles": True},
            (
                "B, model years 2023-2024: no amount, only certain vehicles, "
                "from an unknown day to an unknown day (no list)"
            ),
        ),
    ],
)
def test_in_words(facts, text):
    """A row as a reader sees it."""
    assert str(ListedVehicle(**facts)) == text


# -- days ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2024, 3, 5), False),
        (date(2024, 3, 6), None),
        (date(2024, 12, 30), None),
        (date(2024, 12, 31), True),
        (date(2025, 1, 1), False),
        (None, None),
    ],
    ids=str,
)
def test_a_first_day_that_is_not_stated_leaves_days_open(day, expected):
    """The Lyriq was added in part on 2024-03-06 and is in a later, undated table."""
    assert LYRIQ.speaks_for_day(day) is expected


def test_a_last_day_that_is_not_stated_leaves_days_open():
    """The table of mid-2025 was not seen after September."""
    optiq = row("Cadillac", "Optiq", "L7_2025_mid")
    days = [date(2025, 9, 30), date(2025, 10, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [optiq.speaks_for_day(day) for day in days] == [True, None, None, False]


def test_nothing_known_of_the_days():
    """Without any day nothing can be said of any."""
    assert ListedVehicle().speaks_for_day(date(2024, 1, 1)) is None
    begun = ListedVehicle(valid_from="2024-01-01")
    assert begun.speaks_for_day(date(2023, 12, 31)) is False
    assert begun.speaks_for_day(date(2024, 1, 1)) is None


@pytest.mark.parametrize(
    ("years", "asked", "expected"),
    [
        ("2023-2024", 2024, True),
        ("2023-2024", Decimal(2025), False),
        ("2023-2024", None, None),
        (None, 2024, None),
        ("2023-2024", Bounds(Decimal(2024), Decimal(2026)), None),
        ("2023-2024", Bounds(Decimal(2025), Decimal(2026)), False),
    ],
)
def test_model_years_spoken_for(years, asked, expected):
    """Unknown years leave it open."""
    assert ListedVehicle(model_years=years).speaks_for_model_year(asked) is expected


@pytest.mark.parametrize(
    ("facts", "day", "year", "expected"),
    [
        ({}, date(2024, 1, 1), 2024, True),
        ({}, date(2024, 1, 1), 2023, False),
        ({}, date(2023, 1, 1), None, False),
        ({}, None, 2023, False),
        ({}, date(2024, 1, 1), None, None),
        ({}, None, 2024, None),
        ({"only_certain_vehicles": True}, date(2024, 1, 1), 2024, None),
        ({"only_certain_vehicles": True}, date(2024, 1, 1), 2023, False),
        ({"only_certain_vehicles": False}, date(2024, 1, 1), 2024, True),
    ],
)
def test_day_and_model_year_together(facts, day, year, expected):
    """One no decides; only certain vehicles is never a yes."""
    listed = ListedVehicle(
        valid_from="2024-01-01", valid_to="2024-12-31", model_years=2024, **facts
    )
    assert listed.speaks_for(day=day, model_year=year) is expected


# -- what a row implies --------------------------------------------------------------------


def test_facts_of_a_listed_vehicle():
    """What the manufacturer reports every month, and nothing of weight, capacity or country."""
    assert ZDX.vehicle_facts() == {
        "make": "Acura",
        "model": "ZDX",
        "model_year": 2024,
        "made_by_qualified_manufacturer": True,
        "clean_air_act_motor_vehicle": True,
        "made_for_public_roads": True,
        "wheels": Bounds(Decimal(4), Decimal("Infinity")),
        "driven_by_battery_motor": True,
    }
    assert ZDX.battery_facts() == {"externally_rechargeable": True}


def test_facts_can_be_stated():
    """They are facts that a vehicle and a battery declare, with values they take."""
    for each in ROWS:
        vehicle = Vehicle(**each.vehicle_facts(), battery=Battery(**each.battery_facts()))
        assert (vehicle.make, vehicle.model) == (each.make, each.model)
        assert vehicle.final_assembly_country is None
        assert vehicle.gross_vehicle_weight_rating_lb is None
        assert vehicle.battery.capacity_kwh is None


@pytest.mark.parametrize(
    "each",
    [
        row("Acura", "ZDX", "L6_2025-01-01"),  # recalled
        row("Volkswagen", "ID.4", "L3b_2024_additions"),  # certain vehicles only
        row("Hyundai", "Ioniq 5 XRT (51452AEZ)", "L7b_2025_Hyundai"),  # the maker's own page
        ListedVehicle(make="A", model="B", list_id="a list of my own"),
        ListedVehicle(model="B"),
    ],
    ids=str,
)
def test_what_implies_nothing(each):
    """Only names, where no report to the authorities is known to stand behind the row."""
    assert set(each.vehicle_facts()) <= {"make", "model", "model_year"}
    assert None not in each.vehicle_facts().values()
    assert each.battery_facts() == {}


def test_before_2023_nobody_was_a_qualified_manufacturer():
    """Under the former law the manufacturer certified, without an agreement."""
    facts = row("Ford", "Focus Electric", "L0_pre2023").vehicle_facts()
    assert "made_by_qualified_manufacturer" not in facts
    assert "model_year" not in facts  # there are seven
    assert facts["clean_air_act_motor_vehicle"] is True


def test_fuel_cell_vehicles():
    """On the list of 26 USC 30B there are no others."""
    facts = row("Mercedes-Benz", "F-Cell", "L0_30B_fuelcell").vehicle_facts()
    assert facts["fuel_cell"] is True
    assert "driven_by_battery_motor" not in facts


def test_a_powertrain_that_is_not_stated_implies_no_battery():
    """The additions of 2024 name none."""
    added = row("Acura", "ZDX", "L3b_2024_additions")
    assert "driven_by_battery_motor" not in added.vehicle_facts()
    assert added.vehicle_facts()["made_by_qualified_manufacturer"] is True
    assert added.battery_facts() == {}


# -- looking up ----------------------------------------------------------------------------


def found(**asked):
    """The models found, with their lists."""
    return [(each.model, each.list_id) for each in find_listed(**asked)]


@pytest.mark.parametrize("make", ["Ford", "ford", "  FORD "])
@pytest.mark.parametrize(
    "model", ["Mustang Mach-E", "Mustang Mach E", "mustang mache", "MUSTANG-MACH-E", "Mustang"]
)
def test_spelling(make, model):
    """Case, spaces and punctuation make no difference."""
    assert found(make=make, model=model, list_id="L2_2023-04-18") == [
        ("Mustang Mach-E", "L2_2023-04-18")
    ]


@pytest.mark.parametrize(
    ("make", "model", "expected"),
    [
        ("VW", "ID4", "ID.4"),
        ("Chevy", "Bolt EUV", "Bolt EUV"),
        ("Mercedes", "F Cell", "F-Cell"),
        ("Ford", "F150 lightning", "F-150 Lightning"),
        ("Ford", "Escape PHEV", "Escape Plug-In Hybrid"),
        ("Tesla", "Model 3 RWD", "Model 3 Rear-Wheel Drive"),
        ("Tesla", "Model X AWD", "Model X All-Wheel Drive"),
    ],
)
def test_other_names(make, model, expected):
    """Short forms that people use."""
    assert expected in [name for name, _ in found(make=make, model=model)]


def test_the_beginning_of_a_name_finds_every_variant():
    """Word by word, and never the other way round."""
    assert found(make="Tesla", model="Model 3", list_id="L2_2023-04-18") == [
        ("Model 3 Performance", "L2_2023-04-18"),
        ("Model 3 Standard Range RWD", "L2_2023-04-18"),
    ]
    bolts = found(make="Chevrolet", model="Bolt", list_id="L2_2023-04-18")
    assert [name for name, _ in bolts] == ["Bolt", "Bolt EUV"]
    with pytest.raises(UnknownListing):
        find_listed(make="Tesla", model="Mod")


@pytest.mark.parametrize(
    ("make", "model", "list_id", "names"),
    [
        ("Chevrolet", "Bolt EV", "L2_2023-04-18", ["Bolt"]),
        ("Chevrolet", "Bolt EV", "L3_2024-01-01", ["Bolt EV"]),
        ("Chevrolet", "Bolt EUV Premier", "L2_2023-04-18", ["Bolt EUV"]),
        ("Ford", "Mustang Mach-E Standard Range", "L2_2023-04-18", ["Mustang Mach-E"]),
        ("Cadillac", "Lyriq Premium", "L4_2024_snapshot", ["LYRIQ"]),
    ],
)
def test_a_longer_name_finds_the_row_that_has_its_beginning(make, model, list_id, names):
    """On a list that has not the name itself; each such row says what it was found for."""
    rows = find_listed(make=make, model=model, list_id=list_id)
    assert [each.model for each in rows] == names
    for each in rows:
        assert each.asked_for == (None if each.model == model else model)
        assert each in ROWS
        assert (f"found for {model!r}" in str(each)) is (each.asked_for is not None)


def test_a_name_on_one_list_does_not_hide_its_beginning_on_another():
    """What is called Bolt EV in 2024 is the Bolt of 2023, and never on no list."""
    rows = find_listed(make="Chevrolet", model="Bolt EV", day=date(2023, 5, 1))
    assert [(each.model, each.list_id) for each in rows] == [("Bolt", "L2_2023-04-18")]


@pytest.mark.parametrize(
    ("make", "listed"),
    [
        ("Ford Motor Company", "Ford"),
        ("Tesla, Inc.", "Tesla"),
        ("Chevy", "Chevrolet"),
        ("VW of America", "Volkswagen"),
        ("Volvo Car USA LLC", "Volvo"),
        ("Mercedes-Benz USA, LLC", "Mercedes-Benz"),
    ],
)
def test_makes_by_the_names_of_companies(make, listed):
    """With and without what follows the name proper."""
    model = next(each.model for each in ROWS if each.make == listed)
    assert {each.make for each in find_listed(make=make, model=model)} == {listed}


def test_a_variant_that_the_list_does_not_tell_apart_is_a_warning():
    """The row governs, and the assessment says that the variant is to be checked."""
    (bolt,) = find_listed(make="Chevrolet", model="Bolt EV", list_id="L2_2023-04-18")
    claim = demonstration_claim(date(2023, 6, 1))
    listed = with_facts(claim, {"vehicle.listing": bolt})
    assert (
        "the list L2_2023-04-18 has Chevrolet Bolt and no Bolt EV: check that it means this variant"
    ) in assess(listed).warnings
    assert not any("Bolt EV" in each for each in assess(claim).warnings)
    assert from_data(facts_to_dict(bolt), ListedVehicle).asked_for == "Bolt EV"


def test_a_plus_sign_tells_models_apart():
    """Rivian's Standard and Standard+ are different vehicles."""
    assert found(make="Rivian", model="R1S Dual Standard", list_id="L4_2024_snapshot") == [
        ("R1S Dual Standard", "L4_2024_snapshot")
    ]


def test_everything_that_fits_is_returned_in_the_order_of_the_lists():
    """Ambiguity is the caller's to settle."""
    everything = find_listed(make="Tesla", model="Model Y")
    assert len(everything) > 10
    assert list(everything) == [each for each in ROWS if each in everything]


@pytest.mark.parametrize("year", [2024, "2024", Decimal(2024)])
def test_model_year(year):
    """Rows for other years are omitted, rows without years stay."""
    years = {each.model_years for each in find_listed(make="Nissan", model="Leaf", model_year=year)}
    assert years == {None, "2024"}


@pytest.mark.parametrize(
    ("day", "lists"),
    [
        ("2022-12-31", ["L0_pre2023"]),
        ("2023-02-02", ["L1a_2022-12-29_CAFE", "L1b_2023-02-03_label"]),
        ("2023-02-03", ["L1b_2023-02-03_label"]),
        ("2023-04-18", ["L2_2023-04-18"]),
        ("2023-12-31", ["L2_2023-04-18"]),
    ],
)
def test_day(day, lists):
    """Both lists apply to January 2023, since the later one reaches back."""
    rows = find_listed(make="Ford", model="Mustang Mach-E", day=day)
    assert list(dict.fromkeys(each.list_id for each in rows)) == lists


@pytest.mark.parametrize(
    ("asked", "message", "suggestions"),
    [
        ({"make": "Tesler", "model": "Model 3"}, "no list has the make 'Tesler'", ("Tesla",)),
        ({"make": "Trabant", "model": "601"}, "no list has the make 'Trabant'", ()),
        (
            {"make": "Ford", "model": "Mach-E"},
            "no list has a Ford 'Mach-E'",
            ("Mustang Mach-E",),
        ),
        ({"make": "Toyota", "model": "..."}, "no list has a Toyota '...'", ()),
        ({"make": "BYD", "model": "Seagull"}, "no list has a BYD 'Seagull'", ()),
        (
            {"make": "Ford", "model": "E-Transit", "list_id": "L4_2024_snapshot"},
            (
                "the list L4_2024_snapshot has no Ford E-Transit; it is on L1a_2022-12-29_CAFE, "
                "L1b_2023-02-03_label, L2_2023-04-18"
            ),
            (),
        ),
        (
            {"make": "Ford", "model": "Model T", "list_id": "L4_2024_snapshot"},
            "the list L4_2024_snapshot has no Ford 'Model T'",
            (),
        ),
        (
            {"make": "VW", "model": "ID.4", "list_id": "L6_2025-01-01"},
            "the list L6_2025-01-01 has no Volkswagen",
            (),
        ),
        (
            {"make": "Ford", "model": "E-Transit", "list_id": "L4"},
            "there is no list 'L4'",
            ("L4_2024_snapshot",),
        ),
        (
            {"make": "Ford", "model": "E-Transit", "list_id": "2024_snapshot"},
            "there is no list '2024_snapshot'",
            ("L4_2024_snapshot",),
        ),
        (
            {"make": "BMW", "model": "i8", "model_year": 2018},
            "BMW i8 is listed for model years 2014 to 2017, 2019 to 2020, not for 2018",
            (),
        ),
        (
            {"make": "Fisker", "model": "Karma", "model_year": 2013},
            "Fisker Karma is listed for model year 2012, not for 2013",
            (),
        ),
        (
            {"make": "Cadillac", "model": "Lyriq", "day": "2024-03-05"},
            (
                "Cadillac Lyriq is on no list for 2024-03-05; listed from 2023-04-18 to 2023-12-31 "
                "(L2_2023-04-18) and from 2024-03-06 to 2024-12-31 (L3b_2024_additions)"
            ),
            (),
        ),
        (
            {"make": "Cadillac", "model": "ELR", "day": "2009-12-31"},
            (
                "Cadillac ELR is on no list for 2009-12-31; "
                "listed from 2010-01-01 to 2022-12-31 (L0_pre2023)"
            ),
            (),
        ),
        (
            {
                "make": "Kia",
                "model": "EV9",
                "list_id": "L6_2025-01-01",
                "day": date(2026, 1, 1),
                "model_year": 2026,
            },
            (
                "Kia EV9 is not on the list L6_2025-01-01 for 2026-01-01; listed from 2025-01-01 "
                "to a day between 2025-09-30 and 2025-12-31 (L6_2025-01-01)"
            ),
            (),
        ),
    ],
)
def test_an_empty_answer_explains_itself(asked, message, suggestions):
    """How far the search got, and what comes near."""
    with pytest.raises(UnknownListing) as caught:
        find_listed(**asked)
    error = caught.value
    hint = f"; did you mean {' or '.join(suggestions)}?" if suggestions else ""
    assert str(error) == message + hint
    assert (error.why, error.suggestions) == (message, suggestions)
    assert error.asked["make"] == asked["make"]
    assert isinstance(error, LookupError) and isinstance(error, EvcreditError)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


@pytest.mark.parametrize(
    "asked",
    [
        {"make": "x" * 3000, "model": "Bolt"},
        {"make": "Tesla", "model": "x" * 3000},
        {"make": "Tesla", "model": "Model 3", "list_id": "x" * 3000},
    ],
)
def test_a_long_name_is_cut_in_the_message(asked):
    """Of a name that no list has, the beginning is enough."""
    with pytest.raises(UnknownListing) as caught:
        find_listed(**asked)
    assert len(str(caught.value)) < 500 and "x..." in str(caught.value)


def test_a_list_that_nothing_comes_near():
    """Then all of them are named."""
    with pytest.raises(UnknownListing, match=r"there are L0_pre2023, .*, L7b_2025_Hyundai$"):
        find_listed(make="Ford", model="E-Transit", list_id="window sticker")


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({"make": None}, "make"),
        ({"model": None}, "model"),
        ({"model": ""}, "model"),
        ({"make": 3}, "make"),
        ({"model_year": "x"}, "model_year"),
        ({"model_year": 2024.0}, "model_year"),
        ({"day": "3 June 2024"}, "day"),
        ({"list_id": ""}, "list_id"),
    ],
)
def test_arguments_of_the_wrong_form(asked, path):
    """Told by name."""
    with pytest.raises(InvalidFactError) as caught:
        find_listed(**{"make": "Ford", "model": "E-Transit", **asked})
    assert caught.value.path == path


def test_lists():
    """Each list says who made it, and why its days are as they are."""
    lists = {each.identifier: each for each in published_lists()}
    assert set(lists) == {each.list_id for each in ROWS}
    for each in ROWS:
        of = lists[each.list_id]
        assert (each.list_name, each.published_by, each.counted_on) == (
            of.name,
            of.published_by,
            of.counted_on,
        )
