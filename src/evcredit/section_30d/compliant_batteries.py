"""26 CFR 1.30D-6: allocating minerals to cells, and the ledger of compliant batteries.

What a qualified manufacturer does before its vehicles reach anybody: minerals, which need not be
followed piece by piece, are allocated by mass to the cells of a product line; a cell is compliant
if everything in it is; a battery if all its cells are. From 2025 on the number of compliant
batteries that the manufacturer may report in a year stands in a ledger, which every reported
vehicle lowers by one.

Of 26 CFR 1.30D-6 the opening was read. The rest of what is here is recalled or told from reports
of it: that minerals may be allocated by mass within a product line at a facility was seen; that
this is done by whole cells, how the ledger is opened, lowered and adjusted, and that it never
falls below zero, is recalled. None of it bears on a single claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from typing import Any

import attrs

from evcredit.bounds import Bounds
from evcredit.errors import InvalidFactError
from evcredit.fact import (
    Fault,
    Kind,
    as_choice,
    as_count,
    as_flag,
    as_quantity,
    as_text,
    as_tuple,
    check,
    declare,
)
from evcredit.mineral import ApplicableMineral, as_mineral
from evcredit.vin import validate_vin

__all__ = [
    "CellAllocation",
    "CellMineral",
    "CellProductLine",
    "CompliantBatteryLedger",
    "LedgerEntry",
    "LedgerEvent",
    "MineralLot",
    "compliant_batteries",
]


# -- allocation ----------------------------------------------------------------------------


def _given(value: Any, converted: Any) -> Any:
    """What cannot be unknown here: these are the manufacturer's own records."""
    return Fault(value, "this must be given") if value is None else converted


def _known(value: Any, converted: Any) -> Any:
    """What must be given exactly."""
    if isinstance(converted, Bounds):
        return Fault(value, "give one number")
    return _given(value, converted)


def as_mass(value: Decimal | int | str) -> Any:
    """Kilograms, more than none."""
    mass = _known(value, as_quantity(value))
    return Fault(value, "give more than nothing, or leave it out") if mass == 0 else mass


def as_number(value: Decimal | int | str) -> Any:
    """A whole number, given exactly."""
    number = _known(value, as_count(value))
    return number if isinstance(number, Fault) else int(number)


def as_records(value: Any) -> Any:
    """A tuple that must be given."""
    return _given(value, as_tuple(value))


def as_label(value: str) -> Any:
    """Text that must be given."""
    return _given(value, as_text(value))


@attrs.frozen(kw_only=True)
class MineralLot:
    """A mass of one applicable critical mineral that a facility has for a product line.

    Args:
        mineral: The mineral.
        kilograms: Its mass.
        compliant: Whether no step of its chain was by a foreign entity of concern, up to the
            constituent material; `None` if that is unknown.

    Raises:
        InvalidFactError: A fact cannot be true or is not exact.

    >>> MineralLot(mineral="Li", kilograms="7.5", compliant=True).mineral.identifier
    'lithium'
    """

    mineral: ApplicableMineral = attrs.field(
        converter=as_mineral, metadata=declare(Kind.CHOICE, "mineral", of=ApplicableMineral)
    )
    kilograms: Decimal = attrs.field(
        converter=as_mass, metadata=declare(Kind.QUANTITY, "mass of the lot", unit="kg")
    )
    compliant: bool | None = attrs.field(
        default=None, converter=as_flag, metadata=declare(Kind.FLAG, "compliant")
    )

    def __attrs_post_init__(self) -> None:
        check(self)


@attrs.frozen(kw_only=True)
class CellMineral:
    """How much of a mineral one cell of a product line takes.

    Args:
        mineral: The mineral. Those left out of the test as impracticable to trace are left
            out here too.
        kilograms: Its mass in one cell.

    Raises:
        InvalidFactError: A fact cannot be true or is not exact.

    >>> CellMineral(mineral="nickel", kilograms="0.125").kilograms
    Decimal('0.125')
    """

    mineral: ApplicableMineral = attrs.field(
        converter=as_mineral, metadata=declare(Kind.CHOICE, "mineral", of=ApplicableMineral)
    )
    kilograms: Decimal = attrs.field(
        converter=as_mass, metadata=declare(Kind.QUANTITY, "mass in one cell", unit="kg")
    )

    def __attrs_post_init__(self) -> None:
        check(self)


@attrs.frozen
class CellAllocation:
    """How many cells of a product line are compliant. Made by `CellProductLine.allocation`.

    Args:
        compliant: Cells that are, whatever is unknown.
        undetermined: Further cells that may be.
        not_compliant: Cells that are not.
        limited_by: What keeps the number of compliant cells from being higher: minerals by
            their identifiers, ``components``, or nothing if all cells are compliant.
    """

    compliant: int
    undetermined: int
    not_compliant: int
    limited_by: tuple[str, ...]


@attrs.frozen(kw_only=True)
class CellProductLine:
    """The cells of one kind that a battery cell production facility makes, and their minerals.

    Args:
        facility: The facility.
        name: The product line.
        cells: How many cells it makes in the period.
        minerals: What each cell takes of every applicable critical mineral.
        lots: What the facility has of each for this line.
        cells_with_compliant_components: Cells all components of which are made and assembled
            by no foreign entity of concern; these are followed by serial number, not
            allocated. Unknown if left out.

    Raises:
        InvalidFactError: A fact cannot be true, for example cells that need more of a mineral
            than there is.
        InvalidFactsError: Several faults.

    >>> line = CellProductLine(
    ...     facility="Plant 1",
    ...     name="pouch 60 Ah",
    ...     cells=100,
    ...     minerals=[CellMineral(mineral="lithium", kilograms="0.1")],
    ...     lots=[
    ...         MineralLot(mineral="lithium", kilograms="7.55", compliant=True),
    ...         MineralLot(mineral="lithium", kilograms="2.5", compliant=False),
    ...     ],
    ...     cells_with_compliant_components=100,
    ... )
    >>> line.allocation()
    CellAllocation(compliant=75, undetermined=0, not_compliant=25, limited_by=('lithium',))
    """

    facility: str = attrs.field(converter=as_label, metadata=declare(Kind.TEXT, "facility"))
    name: str = attrs.field(converter=as_label, metadata=declare(Kind.TEXT, "product line"))
    cells: int = attrs.field(converter=as_number, metadata=declare(Kind.COUNT, "cells made"))
    minerals: tuple[CellMineral, ...] = attrs.field(
        converter=as_records, metadata=declare(Kind.PARTS, "minerals in a cell", of=CellMineral)
    )
    lots: tuple[MineralLot, ...] = attrs.field(
        converter=as_records, metadata=declare(Kind.PARTS, "lots", of=MineralLot)
    )
    cells_with_compliant_components: Decimal | Bounds[Decimal] | None = attrs.field(
        default=None,
        converter=as_count,
        metadata=declare(Kind.COUNT, "cells with compliant components"),
    )

    def __attrs_post_init__(self) -> None:
        check(self, _line_faults)

    def mass(self, mineral: ApplicableMineral, *, at_most: bool) -> Fraction:
        """The kilograms of a mineral that are compliant, lots of unknown standing included or not.

        Args:
            mineral: The mineral.
            at_most: Whether to count lots whose standing is unknown.
        """
        counted = (True, None) if at_most else (True,)
        masses = (
            Fraction(lot.kilograms)
            for lot in self.lots
            if lot.mineral == mineral and lot.compliant in counted
        )
        return sum(masses, Fraction(0))

    def _limits(self, *, at_most: bool) -> dict[str, int]:
        """How many cells each mineral, and the components, allow."""
        limits = {
            need.mineral.identifier: self.mass(need.mineral, at_most=at_most)
            // Fraction(need.kilograms)
            for need in self.minerals
        }
        stated = self.cells_with_compliant_components
        ends = (0, self.cells)
        if isinstance(stated, Bounds):
            ends = (
                int(stated.lower),
                int(stated.upper) if stated.upper.is_finite() else self.cells,
            )
        elif stated is not None:
            ends = (int(stated), int(stated))
        return {**limits, "components": ends[at_most]}

    def compliant_cells(self) -> Bounds[int]:
        """How many cells are compliant: never more than the mass of every mineral allows.

        A cell is compliant as a whole or not at all, so masses count by whole cells.
        """
        least, most = (
            min(self.cells, *self._limits(at_most=end).values()) for end in (False, True)
        )
        return Bounds(least, most)

    def allocation(self) -> CellAllocation:
        """How many cells are compliant, may be, and are not; and what limits them."""
        found = self.compliant_cells()
        limits = self._limits(at_most=False)
        limited_by = tuple(
            name for name, most in limits.items() if most == found.lower < self.cells
        )
        return CellAllocation(
            compliant=found.lower,
            undetermined=found.upper - found.lower,
            not_compliant=self.cells - found.upper,
            limited_by=limited_by,
        )


def _line_faults(line: CellProductLine) -> Iterator[tuple[str, Any, str]]:
    names = [need.mineral.identifier for need in line.minerals]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield ("minerals", name, "state each mineral of a cell once")
    for place, need in enumerate(line.minerals):
        there = sum(
            (Fraction(lot.kilograms) for lot in line.lots if lot.mineral == need.mineral),
            Fraction(0),
        )
        if there < Fraction(need.kilograms) * line.cells:
            yield (
                f"minerals[{place}]",
                names[place],
                f"{line.cells} cells take more of it than there is in the lots",
            )
    stated = line.cells_with_compliant_components
    least = stated.lower if isinstance(stated, Bounds) else stated
    if least is not None and least > line.cells:
        yield (
            "cells_with_compliant_components",
            stated,
            f"give at most the number of cells made, {line.cells}",
        )


def compliant_batteries(
    cells: Bounds[int],
    *,
    cells_in_a_battery: int,
    batteries: int,
    with_compliant_modules: int | None = None,
) -> Bounds[int]:
    """How many batteries are compliant: those all of whose cells and modules are.

    Args:
        cells: Compliant cells, as `CellProductLine.compliant_cells` gives them; cells are
            followed by serial number, so all compliant ones can go into the same batteries.
        cells_in_a_battery: Cells in one battery.
        batteries: Batteries made.
        with_compliant_modules: Of these, batteries whose modules, and components in them
            other than cells, are made by no foreign entity of concern; unknown if left out.

    Raises:
        InvalidFactError: A number is negative, a battery has no cells, or there are more
            batteries with compliant modules than batteries.

    >>> compliant_batteries(
    ...     Bounds(75, 90), cells_in_a_battery=10, batteries=10, with_compliant_modules=8
    ... )
    Bounds(lower=7, upper=8)
    """
    if cells.lower < 0:
        raise InvalidFactError("cells", cells.lower, "must not be negative")
    if cells_in_a_battery < 1:
        raise InvalidFactError("cells_in_a_battery", cells_in_a_battery, "give at least one")
    if batteries < 0:
        raise InvalidFactError("batteries", batteries, "must not be negative")
    least, most = 0, batteries
    if with_compliant_modules is not None:
        if not 0 <= with_compliant_modules <= batteries:
            raise InvalidFactError(
                "with_compliant_modules",
                with_compliant_modules,
                f"give a number from 0 to the batteries made, {batteries}",
            )
        least = most = with_compliant_modules
    return Bounds(
        min(cells.lower // cells_in_a_battery, least), min(cells.upper // cells_in_a_battery, most)
    )


# -- the ledger ----------------------------------------------------------------------------


class LedgerEvent(Enum):
    """What changes the balance of a ledger."""

    OPENED = "opened with the approved number"
    REPORTED = "vehicle reported"
    ADJUSTED = "adjusted"


def as_event(value: LedgerEvent | str) -> Any:
    """An event, by itself or by name."""
    return _given(value, as_choice(LedgerEvent, value))


def as_change(value: int) -> Any:
    """A whole number, of either sign."""
    whole = value.__class__ is int
    return value if whole else Fault(value, "give a whole number of batteries")


@attrs.frozen(kw_only=True)
class LedgerEntry:
    """One change of the balance of a ledger.

    Args:
        event: What happened.
        change: By how many batteries the balance changed.
        reason: Why.
        vin: The vehicle, where one was reported.

    Raises:
        InvalidFactError: A fact cannot be true.
    """

    event: LedgerEvent = attrs.field(
        converter=as_event,
        metadata=declare(Kind.CHOICE, "event", of=LedgerEvent),
    )
    change: int = attrs.field(
        converter=as_change, metadata=declare(Kind.COUNT, "change of the balance")
    )
    reason: str = attrs.field(converter=as_label, metadata=declare(Kind.TEXT, "reason"))
    vin: str | None = attrs.field(
        default=None, metadata=declare(Kind.TEXT, "vehicle identification number", optional=True)
    )

    def __attrs_post_init__(self) -> None:
        check(self)


@attrs.frozen(kw_only=True)
class CompliantBatteryLedger:
    """The compliant batteries that a manufacturer may still report for a calendar year.

    A ledger is opened with the number the Internal Revenue Service approved, falls by one with
    each vehicle reported as placed in service, is adjusted up and down, and never falls below
    zero [recalled]. It is a value: every operation returns a new ledger.

    Args:
        manufacturer: The qualified manufacturer.
        year: The calendar year.
        history: Every change, in order; the first opens the ledger.

    Raises:
        InvalidFactError: The history cannot be true: it does not begin with an opening, a
            vehicle stands in it twice, or the balance falls below zero.
        InvalidFactsError: Several faults.

    >>> ledger = CompliantBatteryLedger.opened("Example Motors", 2025, 2)
    >>> ledger = ledger.reported("1HGCM82633A004352").adjusted(3, "supplier report corrected")
    >>> ledger.balance, [entry.change for entry in ledger.history]
    (4, [2, -1, 3])
    """

    manufacturer: str = attrs.field(converter=as_label, metadata=declare(Kind.TEXT, "manufacturer"))
    year: int = attrs.field(converter=as_number, metadata=declare(Kind.COUNT, "calendar year"))
    history: tuple[LedgerEntry, ...] = attrs.field(
        converter=as_records, metadata=declare(Kind.PARTS, "history", of=LedgerEntry)
    )

    def __attrs_post_init__(self) -> None:
        check(self, _ledger_faults)

    @classmethod
    def opened(
        cls, manufacturer: str, year: int, approved: int, reason: str = "approved number"
    ) -> CompliantBatteryLedger:
        """A ledger with the approved number of batteries.

        Args:
            manufacturer: The qualified manufacturer.
            year: The calendar year.
            approved: The number of batteries approved.
            reason: Where that number comes from.

        Raises:
            InvalidFactError: The number is negative or not whole.
        """
        entry = LedgerEntry(event=LedgerEvent.OPENED, change=approved, reason=reason)
        return cls(manufacturer=manufacturer, year=year, history=(entry,))

    @property
    def balance(self) -> int:
        """How many batteries are left."""
        return sum(entry.change for entry in self.history)

    @property
    def vehicles(self) -> tuple[str, ...]:
        """The vehicle identification numbers reported, in order."""
        return tuple(entry.vin for entry in self.history if entry.vin is not None)

    def reported(self, vin: str, reason: str = "placed in service") -> CompliantBatteryLedger:
        """The ledger after a vehicle is reported.

        Args:
            vin: Its vehicle identification number.
            reason: What was reported.

        Raises:
            InvalidFactError: The number is not well formed, was reported before, or nothing
                is left in the ledger.
        """
        checked = validate_vin(vin)
        if checked in self.vehicles:
            raise InvalidFactError("vin", vin, "the vehicle was reported before; each counts once")
        if not self.balance:
            raise InvalidFactError(
                "vin",
                vin,
                f"no compliant battery is left in the ledger of {self.year}; adjust it first",
            )
        return self._with(
            LedgerEntry(event=LedgerEvent.REPORTED, change=-1, reason=reason, vin=checked)
        )

    def adjusted(self, by: int, reason: str) -> CompliantBatteryLedger:
        """The ledger after its balance is adjusted.

        Args:
            by: The number of batteries added; negative to take some away.
            reason: Why, for example a corrected supplier report.

        Raises:
            InvalidFactError: More would be taken away than there are.
        """
        if self.balance + by < 0:
            raise InvalidFactError(
                "by",
                by,
                f"the ledger holds {self.balance} and cannot fall below zero; take at most that",
            )
        return self._with(LedgerEntry(event=LedgerEvent.ADJUSTED, change=by, reason=reason))

    def _with(self, entry: LedgerEntry) -> CompliantBatteryLedger:
        return attrs.evolve(self, history=(*self.history, entry))


def _ledger_faults(ledger: CompliantBatteryLedger) -> Iterator[tuple[str, Any, str]]:
    balance = 0
    vehicles: set[str] = set()
    for place, entry in enumerate(ledger.history):
        here = f"history[{place}]"
        balance += entry.change
        if (entry.event is LedgerEvent.OPENED) is not (place == 0):
            yield (f"{here}.event", entry.event.value, "a ledger is opened once, at the beginning")
        if (entry.event is LedgerEvent.REPORTED) is not (entry.vin is not None):
            yield (f"{here}.vin", entry.vin, "name the vehicle where one is reported, only there")
        if entry.event is LedgerEvent.REPORTED and entry.change != -1:
            yield (f"{here}.change", entry.change, "a reported vehicle takes one battery")
        if entry.vin in vehicles:
            yield (f"{here}.vin", entry.vin, "the vehicle was reported before; each counts once")
        if balance < 0:
            yield (f"{here}.change", entry.change, "the ledger cannot fall below zero")
        if entry.vin is not None:
            vehicles.add(entry.vin)
    if not ledger.history:
        yield ("history", (), "a ledger begins with the approved number")
