"""26 CFR 1.30D-6: allocating minerals to cells, and the ledger of compliant batteries."""

from decimal import Decimal

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcredit import Bounds, InvalidFactError
from evcredit.errors import InvalidFactsError
from evcredit.section_30d.sourcing.compliant_batteries import (
    CellAllocation,
    CellMineral,
    CellProductLine,
    MineralLot,
    compliant_batteries,
)
from evcredit.section_30d.sourcing.ledger import CompliantBatteryLedger, LedgerEntry, LedgerEvent

VINS = ("1HGCM82633A004352", "1M8GDM9AXKP042788", "5YJSA1E14HF000337")


def need(mineral, kilograms):
    return CellMineral(mineral=mineral, kilograms=kilograms)


def lot(mineral, kilograms, compliant=None):
    return MineralLot(mineral=mineral, kilograms=kilograms, compliant=compliant)


def line(lots, cells=100, components=100, minerals=(("lithium", "0.1"), ("nickel", "0.6"))):
    return CellProductLine(
        facility="Plant 1",
        name="pouch 60 Ah",
        cells=cells,
        minerals=[need(*each) for each in minerals],
        lots=lots,
        cells_with_compliant_components=components,
    )


LITHIUM, NICKEL = lot("Li", 10, compliant=True), lot("Ni", 60, compliant=True)


# -- allocation ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lots", "components", "expected"),
    [
        ([LITHIUM, NICKEL], 100, CellAllocation(100, 0, 0, ())),
        # A rest that is not enough for a cell makes none.
        (
            [lot("Li", "7.59", compliant=True), lot("Li", 3, compliant=False), NICKEL],
            100,
            CellAllocation(75, 0, 25, ("lithium",)),
        ),
        # Two lots of one mineral count together.
        (
            [
                lot("Li", "3.75", compliant=True),
                lot("Li", "3.85", compliant=True),
                lot("Li", 3, compliant=False),
                NICKEL,
            ],
            100,
            CellAllocation(76, 0, 24, ("lithium",)),
        ),
        # Never more than the mass of every mineral allows.
        (
            [
                lot("Li", 9, compliant=True),
                lot("Li", 1, compliant=False),
                lot("Ni", 30, compliant=True),
                lot("Ni", 30, compliant=False),
            ],
            100,
            CellAllocation(50, 0, 50, ("nickel",)),
        ),
        ([LITHIUM, NICKEL], 40, CellAllocation(40, 0, 60, ("components",))),
        ([LITHIUM, NICKEL], None, CellAllocation(0, 100, 0, ("components",))),
        ([LITHIUM, NICKEL], Bounds(30, 50), CellAllocation(30, 20, 50, ("components",))),
        (
            [LITHIUM, NICKEL],
            Bounds(30, Decimal("Infinity")),
            CellAllocation(30, 70, 0, ("components",)),
        ),
        # What is unknown is neither.
        (
            [lot("Li", 6, compliant=True), lot("Li", 2), lot("Li", 2, compliant=False), NICKEL],
            100,
            CellAllocation(60, 20, 20, ("lithium",)),
        ),
        ([lot("Li", 10), NICKEL], 0, CellAllocation(0, 0, 100, ("lithium", "components"))),
    ],
)
def test_allocation(lots, components, expected):
    """By mass, by whole cells, and as far as every mineral and the components reach."""
    assert line(lots, components=components).allocation() == expected


def test_cells_without_minerals_to_test():
    """Where all minerals are excluded from the test the components decide."""
    assert line([], minerals=(), components=90).compliant_cells() == Bounds(90, 90)


_masses = st.integers(1, 400).map(lambda tenths: Decimal(tenths).scaleb(-1))
_lots = st.lists(
    st.builds(
        lot,
        st.sampled_from(["lithium", "nickel"]),
        _masses,
        st.sampled_from([True, False, None]),
    ),
    max_size=6,
)


@given(_lots)
def test_compliant_cells_fit_into_every_compliant_mass(lots):
    """The cells never take more than there is, one more would; and settling lots stays within."""
    rest = [lot("lithium", 10, compliant=False), lot("nickel", 60, compliant=False)]
    every = line([*lots, *rest])
    found = every.compliant_cells()
    for cells, counted in ((found.lower, (True,)), (found.upper, (True, None))):
        masses = {
            name: sum(
                (
                    each.kilograms
                    for each in lots
                    if each.mineral.identifier == name and each.compliant in counted
                ),
                Decimal(0),
            )
            for name in ("lithium", "nickel")
        }
        assert cells * Decimal("0.1") <= masses["lithium"]
        assert cells * Decimal("0.6") <= masses["nickel"]
        assert (
            cells == 100
            or (cells + 1) * Decimal("0.1") > masses["lithium"]
            or (cells + 1) * Decimal("0.6") > masses["nickel"]
        )
    for flag in (True, False):
        settled = [
            attrs.evolve(each, compliant=flag) if each.compliant is None else each for each in lots
        ]
        assert line([*settled, *rest]).compliant_cells() in found


@pytest.mark.parametrize(
    ("make", "path", "remedy"),
    [
        (lambda: lot("Li", 0), "mineral_lot.kilograms", "more than nothing"),
        (lambda: lot("Li", None), "mineral_lot.kilograms", "must be given"),
        (lambda: lot("Li", Bounds(1, 2)), "mineral_lot.kilograms", "one number"),
        (lambda: lot("Cu", 1), "mineral_lot.mineral", "not an applicable critical mineral"),
        (lambda: line([LITHIUM, NICKEL], cells="1.5"), "cell_product_line.cells", "whole number"),
        (lambda: line(None), "cell_product_line.lots", "must be given"),
        (
            lambda: line([LITHIUM, NICKEL], minerals=[("Li", "0.01"), ("lithium", "0.02")]),
            "cell_product_line.minerals",
            "once",
        ),
        (
            lambda: line([LITHIUM, lot("Ni", "59.9", compliant=True)]),
            "cell_product_line.minerals[1]",
            "100 cells take more of it than there is",
        ),
        (
            lambda: line([LITHIUM, NICKEL], components=101),
            "cell_product_line.cells_with_compliant_components",
            "at most the number of cells made, 100",
        ),
        (
            lambda: line([LITHIUM, NICKEL], components=Bounds(101, 102)),
            "cell_product_line.cells_with_compliant_components",
            "at most the number of cells made, 100",
        ),
    ],
)
def test_faults_of_allocation(make, path, remedy):
    """Each fault names its place and what to do."""
    with pytest.raises(InvalidFactError) as caught:
        make()
    assert caught.value.path == path
    assert remedy in caught.value.remedy


@pytest.mark.parametrize(
    ("cells", "modules", "expected"),
    [
        (Bounds(100, 100), 10, Bounds(10, 10)),
        (Bounds(99, 99), 10, Bounds(9, 9)),
        (Bounds(75, 90), 8, Bounds(7, 8)),
        (Bounds(75, 90), None, Bounds(0, 9)),
        (Bounds(0, 5), 10, Bounds(0, 0)),
    ],
)
def test_batteries(cells, modules, expected):
    """A battery is compliant only if all its cells and modules are."""
    found = compliant_batteries(
        cells, cells_in_a_battery=10, batteries=10, with_compliant_modules=modules
    )
    assert found == expected


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"cells": Bounds(-1, 5)}, "cells"),
        ({"cells_in_a_battery": 0}, "cells_in_a_battery"),
        ({"batteries": -1}, "batteries"),
        ({"with_compliant_modules": 11}, "with_compliant_modules"),
        ({"with_compliant_modules": -1}, "with_compliant_modules"),
    ],
)
def test_faults_of_batteries(change, path):
    """Numbers that cannot be."""
    numbers = {"cells": Bounds(5, 5), "cells_in_a_battery": 1, "batteries": 10, **change}
    with pytest.raises(InvalidFactError) as caught:
        compliant_batteries(numbers.pop("cells"), **numbers)
    assert caught.value.path == path


# -- the ledger ----------------------------------------------------------------------------


def opened(number=2):
    return CompliantBatteryLedger.opened("Example Motors", 2025, number)


def test_a_ledger_over_a_year():
    """Opened, lowered by each vehicle, adjusted up and down; every operation gives a new one."""
    first = opened()
    second = first.reported(VINS[0])
    third = second.adjusted(3, "supplier report corrected").adjusted(-2, "cells recalled")
    assert [each.balance for each in (first, second, third)] == [2, 1, 2]
    assert third.vehicles == (VINS[0],)
    assert [(entry.event, entry.change, entry.reason) for entry in third.history] == [
        (LedgerEvent.OPENED, 2, "approved number"),
        (LedgerEvent.REPORTED, -1, "placed in service"),
        (LedgerEvent.ADJUSTED, 3, "supplier report corrected"),
        (LedgerEvent.ADJUSTED, -2, "cells recalled"),
    ]
    assert hash(third) == hash(attrs.evolve(third))
    assert attrs.evolve(third) == third


def test_each_vehicle_once():
    """Whatever way its number is written."""
    ledger = opened().reported(VINS[0])
    for vin in (VINS[0], VINS[0].lower()):
        with pytest.raises(InvalidFactError, match="reported before; each counts once"):
            ledger.reported(vin)


def test_never_below_zero():
    """Neither by a report nor by an adjustment; to zero is allowed."""
    empty = opened(1).reported(VINS[0])
    with pytest.raises(
        InvalidFactError, match="no compliant battery is left in the ledger of 2025"
    ):
        empty.reported(VINS[1])
    with pytest.raises(InvalidFactError, match="holds 0 and cannot fall below zero"):
        empty.adjusted(-1, "too late")
    assert opened(2).adjusted(-2, "withdrawn").balance == 0
    assert empty.adjusted(1, "more approved").reported(VINS[1]).balance == 0


def test_a_number_that_is_none():
    """A vehicle identification number must be well formed."""
    with pytest.raises(InvalidFactError, match="vin"):
        opened().reported("1HGCM82633A004353")


def entry(event, change, vin=None):
    return LedgerEntry(event=event, change=change, reason="why", vin=vin)


OPENED, REPORTED, ADJUSTED = entry("opened", 2), "reported", "adjusted"


@pytest.mark.parametrize(
    ("history", "paths"),
    [
        ([], ["history"]),
        ([entry(ADJUSTED, 1)], ["history[0].event"]),
        ([OPENED, OPENED], ["history[1].event"]),
        ([OPENED, entry(REPORTED, -1)], ["history[1].vin"]),
        ([OPENED, entry(ADJUSTED, -1, VINS[0])], ["history[1].vin"]),
        ([OPENED, entry(REPORTED, -2, VINS[0])], ["history[1].change"]),
        ([OPENED, entry(ADJUSTED, -3)], ["history[1].change"]),
        (
            [OPENED, entry(REPORTED, -1, VINS[0]), entry(REPORTED, -1, VINS[0])],
            ["history[2].vin"],
        ),
        ([entry("opened", -1), OPENED], ["history[0].change", "history[1].event"]),
    ],
)
def test_histories_that_cannot_be(history, paths):
    """A ledger read from elsewhere is checked like one that was kept here."""
    with pytest.raises((InvalidFactError, InvalidFactsError)) as caught:
        CompliantBatteryLedger(manufacturer="Example Motors", year=2025, history=history)
    faults = getattr(caught.value, "exceptions", (caught.value,))
    assert [each.path for each in faults] == [f"compliant_battery_ledger.{path}" for path in paths]


@pytest.mark.parametrize(
    ("facts", "path"),
    [
        ({"change": "1"}, "ledger_entry.change"),
        ({"change": True}, "ledger_entry.change"),
        ({"event": None}, "ledger_entry.event"),
        ({"reason": ""}, "ledger_entry.reason"),
    ],
)
def test_faults_of_entries(facts, path):
    """Whole numbers, a known event, and a reason."""
    with pytest.raises(InvalidFactError) as caught:
        LedgerEntry(**{"event": "adjusted", "change": 1, "reason": "why", **facts})
    assert caught.value.path == path


@given(st.lists(st.one_of(st.integers(-3, 3), st.sampled_from(VINS)), max_size=12))
def test_the_balance_is_what_the_history_adds_up_to(operations):
    """Whatever is tried, the balance is never negative and each vehicle stands there once."""
    ledger = opened(3)
    for each in operations:
        before = ledger
        try:
            if isinstance(each, int):
                ledger = ledger.adjusted(each, "why")
            else:
                ledger = ledger.reported(each)
        except InvalidFactError:
            assert ledger is before
    assert ledger.balance == sum(entry.change for entry in ledger.history) >= 0
    assert len(set(ledger.vehicles)) == len(ledger.vehicles)
