"""The law in force, built from the dated and cited entries of the package data.

Source: 26 USC 30D, 25E and 45W with their regulations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from evcredit.algebra.citation import Citation
from evcredit.algebra.schedule import Entry, NoProvision, Schedule, Table
from evcredit.data import load
from evcredit.errors import checked
from evcredit.facts.taxpayer import FilingStatus
from evcredit.facts.vehicle import VehicleClass
from evcredit.law.agreements import listed_agreements
from evcredit.law.incremental_cost import ModeledVehicle, ResidualClass
from evcredit.law.law import CURRENT, HOW_TO_NAME, Law

__all__ = ["current_law", "law_applied"]

_KEYS: Mapping[str, Callable[[str], Any]] = {
    "VehicleClass": VehicleClass,
    "FilingStatus": FilingStatus,
    "quarters": int,
    "ModeledVehicle": ModeledVehicle,
    "ResidualClass": ResidualClass,
}


def _entry(row: dict[str, Any], key: str | None) -> Entry[Any]:
    value: Any
    if "no_provision" in row:
        value = NoProvision(row["no_provision"])
    elif key is not None:
        value = _table(row, _KEYS[key])
    else:
        # What is not a whole number stands as text, which keeps it exact.
        value = Decimal(row["value"]) if isinstance(row["value"], str) else row["value"]
        if isinstance(value, list):
            value = tuple(value)
    return Entry(
        value=value,
        start=row["start"],
        end=row.get("end"),
        citation=Citation.parse(row["citation"]),
        known_from=row["known_from"],
        known_until=row.get("known_until"),
        note=row.get("note", ""),
    )


def _table(row: dict[str, Any], key: Any) -> Table:
    """A table; the categories it omits are without provision for the reason in `rest`."""
    given = {key(name): cells for name, cells in row.get("table", {}).items()}
    members = tuple(key) if "rest" in row else tuple(given)
    rest = (NoProvision(row.get("rest", "")), row["citation"])
    cells = ((member, *given.get(member, rest)) for member in members)
    return Table(
        tuple(
            (member, tuple(value) if isinstance(value, list) else value, Citation.parse(citation))
            for member, value, citation in cells
        )
    )


@lru_cache(maxsize=1)
def current_law() -> Law:
    """The law as it is in this version of the package.

    >>> current_law().name
    'current law'
    """
    data = load("schedules.toml")
    schedules: dict[str, Any] = {
        name: Schedule(
            parameter["name"],
            tuple(_entry(row, parameter.get("key")) for row in parameter["entries"]),
        )
        for name, parameter in data.items()
    }
    return Law(name=CURRENT, agreements=listed_agreements(), **schedules)


def law_applied(law: Law | None) -> Law:
    """Return the law that a caller gives; `current_law` if omitted.

    Raises:
        InvalidFactError: It is no law.

    >>> law_applied(None).name
    'current law'
    >>> law_applied("eu")
    Traceback (most recent call last):
    evcredit.errors.InvalidFactError: law: found 'eu'; give a Law; named_law finds one by its name
    """
    return current_law() if law is None else checked(law, Law, "law", HOW_TO_NAME)
