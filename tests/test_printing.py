"""What `print` and `repr` show of every public value."""

import datetime
import re
from decimal import Decimal
from enum import Enum
from importlib import import_module

import attrs
import pytest
from tests.choosing import BUYER, OFFERS, ON_RETURN
from tests.returns import whole_return

import evcredit
from evcredit import (
    Battery,
    BatteryComponent,
    Bounds,
    Claim,
    MineralSource,
    Purchase,
    Readings,
    Step,
    Taxpayer,
    TaxYear,
    Vehicle,
    Verdict,
    assess,
    assess_transfer,
    compare,
    current_law,
    denials,
    examples,
    fill_forms,
    options,
    with_facts,
)
from evcredit import facts as facts_room
from evcredit.advice import sensitivity, what_would_change
from evcredit.algebra.brief import brief
from evcredit.audit import change_days, coverage, open_points
from evcredit.facts import (
    Contract,
    Entity,
    Facility,
    Holding,
    IncomeParts,
    OwnershipGraph,
    Pool,
    PoolMember,
    PriorCredit,
    PriorTransfer,
    SalePrice,
    SellerReport,
    StickerPrice,
    TaxReturn,
    VehicleBasis,
    label_classes,
    published_lists,
    subdivisions_of,
)
from evcredit.facts.mineral import mineral
from evcredit.forms import lines_of
from evcredit.law import hypothetical_agreements, listings, named_reform, named_reforms
from evcredit.provisions.tax_limit import allocate_credit

CLAIM, LAW = examples.demonstration_claim(), current_law()
ROOMS = ("facts", "law", "results", "advice", "forms", "audit", "provisions")
PUBLIC = {
    member
    for room in (evcredit, *(import_module(f"evcredit.{room}") for room in ROOMS))
    for name in dir(room)
    if isinstance(member := getattr(room, name), type)
    and not issubclass(member, BaseException | Enum | str)
}
#: Public classes of which no value is made here, with why.
NOT_MADE = {
    "BoundCredit": "rules bound to a law, which hold functions",
    "ChangeOfLaw": "what all changes of law have in common",
}


def values():
    """One of everything, with what lies inside."""
    dear = assess(with_facts(CLAIM, {"vehicle.msrp": 90_000}))
    unknown = with_facts(CLAIM, {"vehicle.msrp": None, "vehicle.battery.minerals": None})
    graph = OwnershipGraph(
        entities=[Entity.government("Province", "China"), Entity.company("Mine", "Australia")],
        holdings=[Holding.alike("Province", "Mine", 40)],
        contracts=[Contract(holder="Mine", producer="Province")],
    )
    yield from (assess(CLAIM), assess(unknown), assess(Claim()), dear, denials(dear))
    yield compare(CLAIM, LAW, LAW.without_agreement("JPCMA"))
    yield compare(CLAIM, LAW, LAW.without_agreement("JPCMA")).flipped
    yield [each.deadlines for each in options(BUYER, OFFERS, tax_return=ON_RETURN).options]
    yield from (change_days(), open_points(), lines_of(2025, "return"), label_classes())
    yield from (listings(), subdivisions_of("US"), LAW.agreements.why("JP", "2024-01-01"))
    yield options(BUYER, OFFERS, tax_return=ON_RETURN)
    yield from (fill_forms(whole_return()), whole_return(), fill_forms(whole_return()).lines)
    yield from (coverage(), coverage().rows(), graph, mineral("lithium"), published_lists())
    yield from (
        hypothetical_agreements(),
        LAW.readings,
        Readings(puerto_rico_in_north_america=None),
    )
    yield allocate_credit(Decimal(7500), ON_RETURN)
    yield from (SalePrice.agreed(24_800), StickerPrice(base_price=40_000), VehicleBasis(cost=4))
    yield from (SellerReport.accepted(), PriorTransfer.to_individual("2024-01-01"), TaxReturn())
    yield from (IncomeParts.domestic(Bounds(0, 5)), PriorCredit(on="2024-01-01"), Step())
    refinery = Facility(name="refinery A", country="Japan")
    yield attrs.evolve(CLAIM.vehicle.battery, facilities=[refinery])
    yield Pool.of_year(2024, by="plant", members=[PoolMember(vehicles=3, plant="x" * 500)])
    shifting = [MineralSource.extracted_in(each, "Li", 9) for each in ("Chile", "China")]
    chains = with_facts(CLAIM, {"vehicle.battery.minerals": (*shifting, shifting[1])})
    japan = named_reform("no Japan")
    yield from (japan, japan.difference(LAW), *named_reforms().values())
    yield from (what_would_change(CLAIM), what_would_change(chains), sensitivity(CLAIM))
    for offer in OFFERS:
        if getattr(offer, "transfer", None) is not None:
            claim = Claim(vehicle=offer.vehicle, purchase=offer.purchase, taxpayer=BUYER)
            credit = "25E" if offer.__class__.__name__ == "BuyUsed" else "30D"
            yield assess_transfer(attrs.evolve(offer.transfer, claim=claim), credit=credit)


def inside(value, seen):
    """A value and everything public in it, each once."""
    if id(value) in seen:
        return
    seen[id(value)] = value
    yield value
    if isinstance(value, dict):
        parts = (*value, *value.values())
    elif attrs.has(value.__class__):
        names = [each.name for each in attrs.fields(value.__class__)]
        parts = [getattr(value, name) for name in names if not name.startswith("_")]
    else:
        parts = value if isinstance(value, tuple | list | frozenset) else ()
    for part in parts:
        yield from inside(part, seen)


def made():
    """Every value of a class of this package that is inside of one of everything."""
    seen = {}
    for root in values():
        for value in inside(root, seen):
            if value.__class__.__module__.startswith("evcredit") and not isinstance(value, dict):
                yield value


def test_no_public_value_prints_much():
    """At most a thousand letters, in a few lines, and no address in memory."""
    printed = [(value.__class__, str(value)) for value in made()]
    assert {cls: text[:99] for cls, text in printed if len(text) > 1_000} == {}
    assert {cls: text for cls, text in printed if text.count("\n") >= 12} == {}
    public = [(cls, text) for cls, text in printed if cls in PUBLIC]
    assert {cls: text for cls, text in public if " object at 0x" in text} == {}
    assert {cls.__name__ for cls in PUBLIC - {cls for cls, _ in printed}} == set(NOT_MADE)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (assess(CLAIM), "MET: $7,500 under 26 USC 30D"),
        (assess(Claim()), "UNKNOWN: between $0 and $7,500 under 26 USC 30D"),
        (assess(CLAIM).credit, "7,500"),
        (Bounds(3750, 7500), "3,750 to 7,500"),
        (Verdict.NOT_MET, "not met"),
        (
            MineralSource.processed_in("Japan", "nickel", value=1061, extracted_in="Indonesia"),
            "nickel, $1,061: extraction in Indonesia, processing in Japan",
        ),
        (MineralSource(mineral="nickel"), "nickel: chain unknown"),
        (MineralSource(mineral="nickel", value=2, steps=[]), "nickel, $2: no steps"),
        (
            MineralSource(mineral="nickel", steps=[Step(country="Japan")] * 7),
            f"nickel: {', '.join(['step in Japan'] * 6)}, and 1 more",
        ),
        (Step(activity="extraction"), "extraction"),
        (mineral("lithium"), "lithium"),
        (
            BatteryComponent(kind="separator", value=8, made_in="Japan"),
            "separator, $8, made in Japan",
        ),
        (
            BatteryComponent(kind="battery module", contains=[BatteryComponent(kind="separator")]),
            "battery module, components inside: 1",
        ),
        (Battery(capacity_kwh=75), "battery: battery capacity 75 kWh"),
        (Vehicle(), "vehicle"),
        (
            Vehicle(
                make="Example",
                model="Van",
                model_year=2024,
                vehicle_class="van",
                msrp=Bounds(70_000, 80_000),
                final_assembly_country="Canada",
                battery=Battery(capacity_kwh=75),
            ),
            "2024 Example Van, van, between $70,000 and $80,000, 75 kWh, assembled in Canada",
        ),
        (Purchase(), "purchase: nothing stated"),
        (
            Purchase(vin_on_return=False, sale_price=9),
            "purchase: sale price $9; not: vehicle identification number on the return",
        ),
        (
            Taxpayer(current_year=TaxYear(filing_status="single")),
            "taxpayer: year the vehicle is placed in service (filing status single)",
        ),
        (Entity.company("Mine", "Australia"), None),
        (LAW.readings, "readings: the default of each"),
        (
            Readings(puerto_rico_in_north_america=None),
            "readings: puerto_rico_in_north_america None",
        ),
        (LAW.minimum_wheels.entry_on(datetime.date(2024, 6, 3)), None),
        (LAW.minimum_wheels, None),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_a_person_reads(value, text):
    """Of some, to the letter; of others, that it is one line."""
    assert "\n" not in str(value)
    if text is not None:
        assert str(value) == f"{value}" == text


def test_a_comparison_has_three_lines():
    """Before, after and difference."""
    assert str(compare(CLAIM, LAW, LAW.without_agreement("JPCMA"))).splitlines() == [
        "current law: MET: $7,500 under 26 USC 30D",
        "current law without JPCMA: MET: $3,750 under 26 USC 30D",
        "difference: -$3,750",
    ]


def test_a_finding_that_is_not_in_force_says_so():
    """And one that is says what it requires, and its citation."""
    idle = [each for each in assess(CLAIM).finding.walk() if not each.in_force]
    assert str(idle[0]).startswith("not in force: ")
    found = assess(CLAIM).find("final_assembly")
    assert str(found) == "MET: final assembly within North America [26 USC 30D(d)(1)(G)]"


def test_long_texts_are_cut():
    """However long a stated text is."""
    long = "x" * 900
    assert len(str(Vehicle(make=long, model=long))) < 150
    assert len(brief(PoolMember(vehicles=1, plant=long, model_line=long))) < 250


@pytest.mark.parametrize(
    "value",
    [CLAIM, CLAIM.vehicle, CLAIM.vehicle.battery, CLAIM.purchase, CLAIM.taxpayer, Claim()],
    ids=lambda value: type(value).__name__,
)
def test_repr_is_exact_and_leaves_out_what_is_unknown(value):
    """Python makes the same value of it."""
    names = {name: getattr(facts_room, name) for name in dir(facts_room)}
    # A member of a list is written <Name.MEMBER: 'value'>.
    text = re.sub(r"<(\w+\.\w+): '[^']*'>", r"\1", repr(value))
    assert "None" not in text
    again = eval(text, {**names, "Decimal": Decimal, "datetime": datetime, "Bounds": Bounds})
    assert again == value


def test_repr_shows_what_is_stated_to_be_unknown():
    """A separator whose parts are unknown is not one that has none."""
    assert "contains" not in repr(BatteryComponent(kind="separator"))
    assert "contains=None" in repr(BatteryComponent(kind="separator", contains=None))


def test_repr_of_every_public_value_leaves_out_defaults():
    """What has no end, no note and no further value is not said to have none."""
    looked_at = set()
    for value in made():
        cls = value.__class__
        if cls not in PUBLIC or not attrs.has(cls):
            continue
        fields = [each for each in attrs.fields(cls) if each.repr and each.default is None]
        if any(attrs.has(getattr(value, each.name, None).__class__) for each in attrs.fields(cls)):
            continue  # an object inside may have a field of the same name
        for each in fields:
            if getattr(value, each.name) is None:
                looked_at.add(cls.__name__)
                assert f"{each.name}=None" not in repr(value), cls
    assert len(looked_at) > 5


@pytest.mark.parametrize(
    ("member", "text"),
    [
        (facts_room.VehicleClass.VAN, "van"),
        (facts_room.FilingStatus.SINGLE, "single"),
        (evcredit.Credit.NEW_VEHICLE, "30D"),
    ],
)
def test_members_of_lists_print_as_their_value(member, text):
    assert (str(member), f"{member}") == (text, text)
