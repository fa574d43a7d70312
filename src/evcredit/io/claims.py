"""Claims as JSON."""

from __future__ import annotations

from typing import Any

from evcredit.errors import checked
from evcredit.facts.claim import Claim
from evcredit.io.reading import Other, from_data, from_json, to_json
from evcredit.results.words import facts_to_dict

__all__ = ["A_RETURN", "claim_from_dict", "claim_from_json", "claim_to_dict", "claim_to_json"]

A_RETURN: Other = (
    frozenset({"vehicles", "tax_year", "tax_return"}),
    "this is a return: read it with return_from_json, or give it as --forms on the command line",
)


def claim_from_json(text: str | bytes) -> Claim:
    """Read a claim from JSON.

    Args:
        text: JSON text in UTF-8.

    Raises:
        InvalidFactError: One fault; its path says where.
        InvalidFactsError: Several faults, all of them at once.

    >>> claim_from_json('{"vehicle": {"msrp": 47999.99}}').vehicle.msrp
    Decimal('47999.99')
    """
    claim: Claim = from_json(text, Claim, A_RETURN)
    return claim


def claim_from_dict(data: Any) -> Claim:
    """Read a claim from JSON-ready data.

    Args:
        data: A mapping in the form that `claim_to_dict` gives.

    Raises:
        InvalidFactError: One fault; its path says where.
        InvalidFactsError: Several faults, all of them at once.

    >>> claim_from_dict({"purchase": {"placed_in_service": "2024-06-03"}}).purchase.acquired
    """
    claim: Claim = from_data(data, Claim, A_RETURN)
    return claim


def claim_to_dict(claim: Claim) -> dict[str, Any]:
    """The stated facts of a claim as JSON-ready data; unknown facts are omitted.

    >>> claim_to_dict(Claim())["purchase"]
    {}
    """
    return facts_to_dict(checked(claim, Claim, "claim"))


def claim_to_json(claim: Claim, *, indent: int | None = 2) -> str:
    """A claim as JSON; reading it back gives an equal claim.

    Args:
        claim: What is written.
        indent: The number of spaces of a level; `None` for one line.

    >>> claim_from_json(claim_to_json(Claim())) == Claim()
    True
    """
    return to_json(checked(claim, Claim, "claim"), indent)
