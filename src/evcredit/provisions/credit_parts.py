"""Which credits of a return are general business credits, and which are personal ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from evcredit.algebra.quantity import Quantity, quantity
from evcredit.law.law import Law
from evcredit.provisions.return_amounts import CREDIT, parts_of_credit
from evcredit.provisions.section import Credit

__all__ = ["CreditParts", "credit_parts"]

_NOTHING = quantity(0)


class CreditParts(NamedTuple):
    """What one credit adds to the amounts of its return.

    Args:
        business: To the general business credits (26 USC 38(b)), whose unused part is carried
            to other years (26 USC 39(a)).
        new: To the personal credits for new vehicles.
        used: To the personal credits for previously owned vehicles.
    """

    business: Quantity
    new: Quantity
    used: Quantity


def credit_parts(law: Law) -> Mapping[Credit, CreditParts]:
    """What the credits of each section add to the amounts of a return.

    A credit for a new vehicle is divided by its use (26 USC 30D(c)); one for a previously owned
    vehicle is a personal credit (26 USC 25E(a)), one for a commercial vehicle a general business
    credit (26 USC 45W(a)).
    """
    _, business, personal = parts_of_credit(law)
    return {
        Credit.NEW_VEHICLE: CreditParts(business, personal, _NOTHING),
        Credit.PREVIOUSLY_OWNED_VEHICLE: CreditParts(_NOTHING, _NOTHING, CREDIT),
        Credit.COMMERCIAL_VEHICLE: CreditParts(CREDIT, _NOTHING, _NOTHING),
    }
