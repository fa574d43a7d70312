"""Returns with clean vehicles as JSON."""

from __future__ import annotations

from typing import Any

from evcredit.errors import checked
from evcredit.forms.return_facts import CleanVehicleReturn
from evcredit.io.reading import Other, from_data, from_json, to_json
from evcredit.results.words import facts_to_dict

__all__ = ["return_from_dict", "return_from_json", "return_to_dict", "return_to_json"]

_A_CLAIM: Other = (
    frozenset({"vehicle", "purchase", "taxpayer"}),
    "this is a claim: read it with claim_from_json, or give it without --forms on the command line",
)


def return_from_json(text: str | bytes) -> CleanVehicleReturn:
    """Read a return, with its vehicles, claims and transfers, from JSON.

    Args:
        text: JSON text in UTF-8.

    Raises:
        InvalidFactError: One fault; its path says where.
        InvalidFactsError: Several faults, all of them at once.
        OutsideCoverage: The forms of the year are not covered.

    >>> stated = return_from_json('{"tax_year": 2024, "vehicles": [{"credit": "25E"}]}')
    >>> stated.vehicles[0].credit
    <Credit.PREVIOUSLY_OWNED_VEHICLE: '25E'>
    """
    stated: CleanVehicleReturn = from_json(text, CleanVehicleReturn, _A_CLAIM)
    return stated


def return_from_dict(data: Any) -> CleanVehicleReturn:
    """Read a return from JSON-ready data.

    Args:
        data: A mapping in the form that `return_to_dict` gives.

    Raises:
        InvalidFactError: One fault; its path says where.
        InvalidFactsError: Several faults, all of them at once.
        OutsideCoverage: The forms of the year are not covered.

    >>> return_from_dict({"tax_year": 2018}).year
    2018
    """
    stated: CleanVehicleReturn = from_data(data, CleanVehicleReturn, _A_CLAIM)
    return stated


def return_to_dict(stated: CleanVehicleReturn) -> dict[str, Any]:
    """The stated facts of a return as JSON-ready data; unknown facts are omitted.

    >>> return_to_dict(CleanVehicleReturn(tax_year=2018))
    {'tax_year': 2018, 'vehicles': [], 'tax_return': {}}
    """
    return facts_to_dict(checked(stated, CleanVehicleReturn, "return"))


def return_to_json(stated: CleanVehicleReturn, *, indent: int | None = 2) -> str:
    """A return as JSON; reading it back gives an equal return.

    Args:
        stated: What is written.
        indent: The number of spaces of a level; `None` for one line.

    >>> stated = CleanVehicleReturn(tax_year=2018)
    >>> return_from_json(return_to_json(stated)) == stated
    True
    """
    return to_json(checked(stated, CleanVehicleReturn, "return"), indent)
