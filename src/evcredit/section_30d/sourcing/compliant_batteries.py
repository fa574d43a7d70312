"""26 CFR 1.30D-6: allocating minerals to cells, and the ledger of compliant batteries.

What a qualified manufacturer does before its vehicles reach anybody: minerals, which need not be
followed piece by piece, are allocated by mass to the cells of a product line; a cell is compliant
if everything in it is; a battery if all its cells are. From 2025 on the number of compliant
batteries that the manufacturer may report in a year is in a ledger, which every reported
vehicle lowers by one.

Of 26 CFR 1.30D-6 the opening was read. The rest of what is here is recalled or told from reports
of it: that minerals may be allocated by mass within a product line at a facility was seen; that
this is done by whole cells, how the ledger is opened, lowered and adjusted, and that it never
falls below zero, is recalled. None of it affects a single claim.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import (
    Fault,
    Kind,
    as_count,
    as_flag,
    as_quantity,
    as_text,
    as_tuple,
    check,
    declare,
    repr_of_facts,
)
from evcredit.errors import InvalidFactError
from evcredit.facts.mineral import ApplicableMineral, as_mineral

__all__ = ["CellAllocation", "CellMineral", "CellProductLine", "MineralLot", "compliant_batteries"]


def given(value: Any, converted: Any) -> Any:
    """What cannot be unknown here: these are the manufacturer's own records."""
    return Fault(value, "this must be given") if value is None else converted


def _known(value: Any, converted: Any) -> Any:
    """What must be given exactly."""
    if isinstance(converted, Bounds):
        return Fault(value, "give one number")
    return given(value, converted)


def as_mass(value: Decimal | int | str) -> Any:
    """Kilograms, more than none."""
    mass = _known(value, as_quantity(value))
    return Fault(value, "give more than nothing, or omit it") if mass == 0 else mass


def as_number(value: Decimal | int | str) -> Any:
    """A whole number, given exactly."""
    number = _known(value, as_count(value))
    return number if isinstance(number, Fault) else int(number)


def as_records(value: Any) -> Any:
    """A tuple that must be given."""
    return given(value, as_tuple(value))


def as_label(value: str) -> Any:
    """Text that must be given."""
    return given(value, as_text(value))


@attrs.frozen(kw_only=True, repr=False)
class MineralLot:
    """A mass of one applicable critical mineral that a facility has for a product line.

    Args:
        mineral: The mineral.
        kilograms: Its mass.
        compliant: Whether no step of its chain was by a foreign entity of concern, up to the
            constituent material; `None` if that is unknown.

    Raises:
        InvalidFactError: A fact is invalid or is not exact.

    >>> MineralLot(mineral="Li", kilograms="7.5", compliant=True).mineral.identifier
    'lithium'
    """

    __repr__ = repr_of_facts

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
        mineral: The mineral. Those excluded from the test as impracticable to trace are excluded
            here too.
        kilograms: Its mass in one cell.

    Raises:
        InvalidFactError: A fact is invalid or is not exact.

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
    """How many cells of a product line are compliant. Returned by `CellProductLine.allocation`.

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


@attrs.frozen(kw_only=True, repr=False)
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
            allocated. Unknown if omitted.

    Raises:
        InvalidFactError: A fact is invalid, for example cells that need more of a mineral
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

    __repr__ = repr_of_facts

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
            other than cells, are made by no foreign entity of concern; unknown if omitted.

    Raises:
        InvalidFactError: A number is negative, a battery has no cells, or there are more
            batteries with compliant modules than batteries.

    >>> compliant_batteries(
    ...     Bounds(75, 90), cells_in_a_battery=10, batteries=10, with_compliant_modules=8
    ... )
    Bounds(lower=7, upper=8)
    """
    if cells.lower < 0:
        raise InvalidFactError("cells", cells.lower, "may not be negative")
    if cells_in_a_battery < 1:
        raise InvalidFactError("cells_in_a_battery", cells_in_a_battery, "give at least one")
    if batteries < 0:
        raise InvalidFactError("batteries", batteries, "may not be negative")
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
