"""Ready-made constructors by the words that JSON gives for them, under the name ``as``.

``{"as": "new from a dealer", "placed_in_service": "2024-06-03"}`` is
``Purchase.new_from_dealer(placed_in_service="2024-06-03")``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, get_args, get_type_hints

from evcredit.facts.chain import MineralSource
from evcredit.facts.ownership import Entity, Holding
from evcredit.facts.price import SalePrice
from evcredit.facts.prior_transfer import PriorTransfer
from evcredit.facts.purchase import Purchase
from evcredit.facts.seller_report import SellerReport
from evcredit.facts.tax_return import TaxReturn
from evcredit.facts.taxpayer import IncomeParts
from evcredit.facts.transfer import CreditTransfer
from evcredit.facts.vehicle import Vehicle

__all__ = ["AS", "names_of", "ready_made"]

#: The name under which an object of JSON says which constructor it means.
AS = "as"

_READY_MADE: Mapping[type, Mapping[str, str]] = {
    Vehicle: {"road vehicle": "road_vehicle"},
    Purchase: {
        "new from a dealer": "new_from_dealer",
        "used from a dealer": "used_from_dealer",
        "for a business": "for_business",
        "by a lessor": "by_lessor",
    },
    SalePrice: {"agreed": "agreed"},
    MineralSource: {
        "extracted in": "extracted_in",
        "processed in": "processed_in",
        "recycled in": "recycled_in",
    },
    Entity: {"company": "company", "government": "government"},
    Holding: {"alike": "alike"},
    PriorTransfer: {
        "to a dealer": "to_dealer",
        "to a company": "to_company",
        "to the original user": "to_original_user",
        "to an individual": "to_individual",
    },
    SellerReport: {"accepted": "accepted"},
    IncomeParts: {"domestic": "domestic"},
    TaxReturn: {"personal use": "personal"},
    CreditTransfer: {"at the dealer": "at_the_dealer"},
}


def ready_made(cls: type) -> Mapping[str, str]:
    """Return the ready-made constructors of a class: words for JSON, and the method's name.

    >>> ready_made(TaxReturn)
    {'personal use': 'personal'}
    """
    return _READY_MADE.get(cls, {})


@cache
def names_of(cls: type, constructor: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the names a constructor takes, and which of them it cannot do without.

    >>> names_of(MineralSource, "recycled_in")
    (('country', 'mineral', 'value', 'evidence', 'used_in', 'mass_kg', 'price_per_kg'), \
('country', 'mineral'))
    """
    make: Callable[..., Any] = getattr(cls, constructor)
    parameters = inspect.signature(make).parameters.values()
    own = [each for each in parameters if each.kind is not each.VAR_KEYWORD]
    names = [each.name for each in own]
    if len(own) < len(parameters):
        (keywords,) = get_args(get_type_hints(make)["facts"])
        names += keywords.__annotations__
    required = [each.name for each in own if each.default is each.empty]
    return tuple(names), tuple(required)
