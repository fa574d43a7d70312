"""The ledger of compliant batteries of a qualified manufacturer (26 CFR 1.30D-6(d))."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs

from evcredit.algebra.field import Fault, Kind, as_choice, check, declare, repr_of_facts
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.errors import InvalidFactError
from evcredit.facts.vin import validate_vin
from evcredit.section_30d.sourcing.compliant_batteries import (
    as_label,
    as_number,
    as_records,
    given,
)

__all__ = ["CompliantBatteryLedger", "LedgerEntry", "LedgerEvent"]


class LedgerEvent(PlainEnum):
    """What changes the balance of a ledger."""

    OPENED = "opened with the approved number"
    REPORTED = "vehicle reported"
    ADJUSTED = "adjusted"


def as_event(value: LedgerEvent | str) -> Any:
    """An event, as itself or by name."""
    return given(value, as_choice(LedgerEvent, value))


def as_change(value: int) -> Any:
    """A whole number, of either sign."""
    whole = value.__class__ is int
    return value if whole else Fault(value, "give a whole number of batteries")


@attrs.frozen(kw_only=True, repr=False)
class LedgerEntry:
    """One change of the balance of a ledger.

    Args:
        event: What happened.
        change: By how many batteries the balance changed.
        reason: Why.
        vin: The vehicle, where one was reported.

    Raises:
        InvalidFactError: A fact is invalid.
    """

    __repr__ = repr_of_facts

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
        InvalidFactError: The history is invalid: it does not begin with an opening, a
            vehicle is in it twice, or the balance falls below zero.
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
