"""How facts are declared, taken in, found and changed."""

import pickle
from datetime import date
from decimal import Decimal, localcontext

import pytest
from tests.toy import Car, Trip

from evcredit import Battery, Bounds, Claim, InvalidFactError, MineralSource, Step, Vehicle
from evcredit.algebra.field import (
    FactType,
    Fault,
    Kind,
    _word,
    as_choice,
    as_day,
    as_flag,
    as_money,
    as_quantity,
    as_signed_price,
    as_tuple,
    declared_facts,
)
from evcredit.algebra.path import UnknownFact, fact_type_at, read, unknown_facts, with_facts
from evcredit.data import load
from evcredit.errors import place_of
from evcredit.facts.chain import Activity
from evcredit.facts.component import ComponentKind
from evcredit.facts.listing import Powertrain
from evcredit.facts.taxpayer import FilingStatus, TaxpayerKind
from evcredit.facts.vehicle import VehicleClass

CLAIM = Claim(
    vehicle=Vehicle(
        msrp=50000,
        battery=Battery(
            minerals=[
                MineralSource.extracted_in("Chile", "lithium", 10),
                MineralSource.processed_in("Japan", "nickel"),
            ]
        ),
    )
)


# -- taking in -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "convert", [as_flag, as_day, as_money, as_quantity, as_signed_price, as_tuple]
)
def test_none_stays_unknown(convert):
    """No converter makes anything of nothing."""
    assert convert(None) is None


@pytest.mark.parametrize(
    ("given", "taken"),
    [(1, Decimal(1)), ("1.50", Decimal("1.5")), (Decimal("1e2"), Decimal(100)), (0, Decimal(0))],
    ids=repr,
)
def test_exact_numbers_in_any_form(given, taken):
    """Whole numbers, text and decimals are the same."""
    assert as_quantity(given) == taken


ENUMERATIONS = (VehicleClass, FilingStatus, TaxpayerKind, Powertrain, Activity, ComponentKind)


def test_the_context_of_the_caller_does_not_round():
    """A number keeps its digits under any context."""
    with localcontext() as context:
        context.prec = 2
        assert str(as_quantity("123456.789")) == "123456.789"


def test_bounds_may_be_open_at_either_end():
    """At least so much, or at most."""
    infinity = Decimal("Infinity")
    assert as_quantity(Bounds(5, infinity)) == Bounds(Decimal(5), infinity)
    assert as_signed_price(Bounds(-infinity, 5)) == Bounds(-infinity, Decimal(5))


@pytest.mark.parametrize("text", ["Caf\u00e9", "\U0001f697", "\u5bcc\u58eb"])
def test_text_in_any_script(text):
    assert Vehicle(make=text).make == text


@pytest.mark.parametrize("text", ["\ud800", "Ford \udfff"])
def test_half_of_a_character_is_no_text(text):
    """It could not be written to a file later."""
    with pytest.raises(InvalidFactError, match="it has half of a character") as caught:
        Vehicle(make=text)
    assert caught.value.path == "vehicle.make" and str(caught.value).encode()


@pytest.mark.parametrize("given", [date(2024, 2, 29), "2024-02-29"], ids=repr)
def test_days(given):
    """A date, or text as in ISO 8601."""
    assert as_day(given) == date(2024, 2, 29)


def test_lists_become_tuples():
    """What is stored cannot be changed from outside."""
    assert as_tuple([1, 2]) == (1, 2)
    assert as_tuple(()) == ()
    assert isinstance(as_tuple({1}), Fault)


# -- declarations --------------------------------------------------------------------------


def test_declared_facts_are_in_order():
    """Facts come in the order of the class, derived attributes omitted."""
    assert [name for name, _ in declared_facts(Step)] == [
        "activity",
        "country",
        "value_added",
        "performed_on",
        "by",
        "foreign_entity_of_concern",
        "facility",
    ]


@pytest.mark.parametrize(
    ("path", "kind", "label"),
    [
        ("vehicle.msrp", Kind.MONEY, "manufacturer's suggested retail price"),
        ("vehicle.battery", Kind.PART, "battery"),
        ("vehicle.battery.minerals[3].steps[0].country", Kind.COUNTRY, "country of the step"),
        ("vehicle.battery.components[0].contains[1].made_in", Kind.COUNTRY, None),
    ],
)
def test_fact_type_at_a_path(path, kind, label):
    """Paths lead through parts, lists, and parts of the same class."""
    declared = fact_type_at(Claim, path)
    assert declared.kind is kind
    assert label is None or declared.label == label


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("vehicle.colour", r"Vehicle states no fact 'colour'; it has manufacturer, make, model"),
        ("vehicle.msrp.cents", r"vehicle\.msrp\.cents goes on below .* which has no parts"),
        ("purchase.acquired_on", r"Purchase states no fact 'acquired_on'"),
    ],
)
def test_paths_that_name_no_fact(path, message):
    """A wrong path says what there is instead."""
    with pytest.raises(AttributeError, match=message):
        fact_type_at(Claim, path)


# -- reading -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("vehicle.msrp", Decimal(50000)),
        ("vehicle.battery.minerals[0].value", Decimal(10)),
        ("vehicle.battery.minerals[1].steps[1].country", "JP"),
        ("vehicle.battery.minerals[1].value", None),
        ("vehicle.battery.components[0].value", None),
    ],
)
def test_read(path, value):
    """The value at a path; unknown where the path runs into something unknown."""
    assert read(CLAIM, path) == value


# -- what is unknown -----------------------------------------------------------------------


def paths(subject, path=""):
    """The paths of what is not known exactly."""
    return [fact.path for fact in unknown_facts(subject, path)]


def test_unknown_facts_are_found_at_any_depth():
    """In order, with the index of each list; what is optional is not unknown."""
    chain = MineralSource.extracted_in("Chile", "lithium")
    assert paths(chain) == [
        "value",
        "steps[0].value_added",
        "steps[0].foreign_entity_of_concern",
        "steps[1].country",
        "steps[1].value_added",
        "steps[1].foreign_entity_of_concern",
    ]
    assert paths(chain, "minerals[4]")[0] == "minerals[4].value"


def test_unknown_lists_are_one_fact():
    """Nothing is known below a list that is unknown."""
    assert paths(MineralSource(mineral="nickel", value=1)) == ["steps"]
    assert paths(MineralSource(mineral="nickel", value=1, steps=[])) == []


def test_bounds_are_not_known_exactly():
    """What is known of the fact goes with it."""
    trip = Trip(day="2020-01-01", paid=True, escorted=True, price=1, trailers=[])
    trip = with_facts(trip, {"car": Car(height=Bounds(1, 2), shape="low", home="FR")})
    (unknown,) = unknown_facts(trip)
    assert unknown == UnknownFact(
        "car.height",
        FactType(Kind.QUANTITY, "height of the car", "m"),
        Bounds(Decimal(1), Decimal(2)),
    )
    assert str(unknown) == "car.height"


# -- changing ------------------------------------------------------------------------------


def test_with_facts_changes_what_is_named_and_nothing_else():
    """Several facts at several depths at once, converted and checked as always."""
    changed = with_facts(
        CLAIM,
        {
            "vehicle.msrp": "48995",
            "vehicle.battery.capacity_kwh": 66,
            "vehicle.battery.minerals[0].value": 20,
            "vehicle.battery.minerals[0].steps[1].country": "China",
            "purchase.placed_in_service": "2024-06-03",
        },
    )
    assert changed.vehicle.msrp == Decimal(48995)
    assert changed.vehicle.battery.capacity_kwh == Decimal(66)
    assert changed.vehicle.battery.minerals[0].value == Decimal(20)
    assert changed.vehicle.battery.minerals[0].steps[1].country == "CN"
    assert changed.vehicle.battery.minerals[1] == CLAIM.vehicle.battery.minerals[1]
    assert changed.purchase.placed_in_service == date(2024, 6, 3)
    assert CLAIM.vehicle.msrp == Decimal(50000)


def test_with_facts_may_replace_a_list_and_change_it():
    """A part that is given is the one whose facts are changed."""
    chain = MineralSource.recycled_in("Canada", "cobalt")
    changed = with_facts(
        CLAIM,
        {"vehicle.battery.minerals": (chain,), "vehicle.battery.minerals[0].value": 3},
    )
    assert changed.vehicle.battery.minerals == (MineralSource.recycled_in("Canada", "cobalt", 3),)


def test_with_facts_may_replace_a_part_and_change_it():
    """Like the above, for a single part."""
    changed = with_facts(
        CLAIM, {"vehicle.battery": Battery(capacity_kwh=66), "vehicle.battery.capacity_kwh": 70}
    )
    assert changed.vehicle.battery.capacity_kwh == Decimal(70)


def test_with_no_facts():
    """Nothing changes without facts."""
    assert with_facts(CLAIM, {}) == CLAIM


def test_with_facts_can_forget():
    """None makes a fact unknown again."""
    assert with_facts(CLAIM, {"vehicle.msrp": None}).vehicle.msrp is None


def test_with_facts_refuses_what_cannot_be_true():
    """The checks of the class hold."""
    with pytest.raises(InvalidFactError, match="may not be negative"):
        with_facts(CLAIM, {"vehicle.msrp": -1})


@pytest.mark.parametrize("path", ["vehicle.colour", "price", "vehicle.battery.minerals[0].price"])
def test_with_facts_refuses_paths_that_name_no_fact(path):
    """A misspelt path is an error that says what there is."""
    with pytest.raises(AttributeError, match="states no fact"):
        with_facts(CLAIM, {path: 1})


@pytest.mark.parametrize(
    ("claim", "path"),
    [
        (Claim(), "vehicle.battery.minerals[0].value"),
        (CLAIM, "vehicle.battery.minerals[2].value"),
        (CLAIM, "vehicle.battery.minerals[0].steps[2].country"),
        (Claim(), "vehicle.sticker.base_price"),
    ],
)
def test_with_facts_refuses_parts_that_are_not_there(claim, path):
    """A part that is unknown, or beyond the end of its list, has no facts to change."""
    with pytest.raises((AttributeError, InvalidFactError)) as caught:
        with_facts(claim, {path: 1})
    assert path.rpartition(".")[0].rpartition(".")[2] in str(caught.value)


def test_every_word_of_the_trade_stands_for_one_member():
    """Each list of the data is an enumeration, and no word represents two of its members."""
    lists = load("trade_words.toml")
    enumerations = {place_of(each.__name__): each for each in ENUMERATIONS}
    assert set(lists) == set(enumerations)
    for name, words in lists.items():
        members = {member.value for member in enumerations[name]}
        assert set(words["also_called"]) <= members
        said = [_word(each) for several in words["also_called"].values() for each in several]
        said += [_word(each) for several in words.get("refused", {}).values() for each in several]
        said += [_word(member.value) for member in enumerations[name]]
        assert len(said) == len(set(said))
        for value, several in words["also_called"].items():
            for word in several:
                assert as_choice(enumerations[name], word).value == value
        for why, several in words.get("refused", {}).items():
            for word in several:
                assert as_choice(enumerations[name], word) == Fault(word, why)


BAD_PATHS = [
    "",
    ".",
    "vehicle.",
    ".vehicle",
    "vehicle..msrp",
    "vehicle.msrp.cents",
    "vehicle[0].msrp",
    "vehicle.msrp[0]",
    "vehicle.battery.minerals[-1].value",
    "vehicle.battery.minerals[first].value",
    "vehicle.battery.minerals[].value",
    "vehicle.battery.minerals[0",
    "vehicle.battery.minerals[0][0].value",
    "vehicle.battery.minerals[²].value",
    f"vehicle.battery.minerals[{'9' * 5000}].value",
    "vehicle.battery.minerals[7]",
    "vehicle.battery.minerals.value",
    "vehicle.__class__",
    "\ud800",
    3,
    None,
]


@pytest.mark.parametrize("path", BAD_PATHS)
def test_a_path_that_is_none_is_refused_by_name(path):
    """Empty, negative, in words, below a leaf: ours, short, and never another error."""
    with pytest.raises(InvalidFactError) as caught:
        with_facts(CLAIM, {path: 1})
    assert 0 < len(str(caught.value).encode()) < 700
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


@pytest.mark.parametrize(
    "arguments",
    [
        (CLAIM, None),
        (CLAIM, ["vehicle.msrp"]),
        (None, {}),
        ("claim", {"x": 1}),
        (CLAIM, {"vehicle": 3, "vehicle.msrp": 5}),
        (CLAIM, {"vehicle.battery.minerals": (3,), "vehicle.battery.minerals[0].value": 5}),
        (CLAIM, {"vehicle.battery.minerals[0]": 3}),
    ],
)
def test_with_facts_of_what_has_none(arguments):
    """Neither objects nor facts that are none leak another error."""
    with pytest.raises(InvalidFactError):
        with_facts(*arguments)


def test_with_facts_replaces_an_item_and_changes_it():
    """The item that is given is the one whose facts are changed."""
    chain = MineralSource.recycled_in("Canada", "cobalt")
    item = "vehicle.battery.minerals[1]"
    changed = with_facts(CLAIM, {f"{item}.value": 3, item: chain})
    first, second = changed.vehicle.battery.minerals
    assert second == MineralSource.recycled_in("Canada", "cobalt", 3)
    assert first == CLAIM.vehicle.battery.minerals[0]
    with pytest.raises(InvalidFactError, match="has 0 items"):
        with_facts(CLAIM, {"vehicle.battery.minerals": 3, f"{item}.value": 5})


def test_reading_a_path():
    """`None` where it runs into something unknown, and ours where there is no such name."""
    assert read(CLAIM, "vehicle.sticker.base_price") is None
    assert read(Claim(), "vehicle.battery.minerals[0].value") is None
    for path in ("vehicle.colour", "vehicle.battery.minerals[9].value", "vehicle.msrp[0]", ""):
        with pytest.raises(InvalidFactError):
            read(CLAIM, path)
