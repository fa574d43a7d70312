"""Who had a vehicle before: its earlier transfers, one by one.

Source: 26 USC 25E(c)(2).
"""

from __future__ import annotations

from datetime import date
from typing import (
    Any,
    TypedDict,
    Unpack,
)

import attrs

from evcredit.algebra.brief import brief
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import Kind, as_choice, as_day, as_flag, check, declare, repr_of_facts
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.algebra.shorthand import given

__all__ = ["PriorTransfer", "PriorTransferFacts", "Recipient"]


class Recipient(PlainEnum):
    """What kind of person got a vehicle."""

    ORIGINAL_USER = "the original user"
    INDIVIDUAL = "another individual"
    DEALER = "a dealer"
    COMPANY = "a company or another that is not an individual"


def as_recipient(value: Recipient | str | None) -> Any:
    """A kind of recipient, as itself or by name."""
    return as_choice(Recipient, value)


def _flag(label: str) -> Any:
    return attrs.field(default=None, converter=as_flag, metadata=declare(Kind.FLAG, label))


class PriorTransferFacts(TypedDict, total=False):
    """Keyword arguments of `PriorTransfer.to_individual`."""

    for_use: bool | None
    dependent_of_another: bool | None
    credited_shortly_before: bool | None


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class PriorTransfer:
    """One change of hands of a vehicle, as far as a later buyer's credit depends on it.

    It does not matter what the recipient earned, or whether a credit was claimed: only who may
    be a qualified buyer (26 USC 25E(c)(3)). Everything omitted is unknown. A transfer of which
    nothing is stated is one that may or may not have happened.

    Args:
        on: The day of the transfer.
        to: What kind of person got the vehicle. The original user is the one with whom its use
            began, in whatever way that person got it back.
        for_use: Whether an individual bought it for use and not for resale.
        dependent_of_another: Whether an individual could be claimed as a dependent by another.
        credited_shortly_before: Whether an individual had been allowed a credit under 26 USC 25E
            for a sale in the three years that ended with this one.

    Raises:
        InvalidFactError: A fact is invalid.

    >>> PriorTransfer.to_individual(on="2024-06-03").for_use
    True
    """

    __repr__ = repr_of_facts
    __str__ = brief

    on: date | None = attrs.field(
        default=None, converter=as_day, metadata=declare(Kind.DAY, "day of the transfer")
    )
    to: Recipient | None = attrs.field(
        default=None,
        converter=as_recipient,
        metadata=declare(Kind.CHOICE, "recipient", of=Recipient),
    )
    for_use: bool | None = _flag("bought for use, not for resale")
    dependent_of_another: bool | None = _flag("dependent of another taxpayer")
    credited_shortly_before: bool | None = _flag(
        "allowed a credit for a previously owned vehicle in the three years before"
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, sound=sound)

    @classmethod
    def to_dealer(cls, on: date | str | None = None) -> PriorTransfer:
        """A transfer to a dealer, who buys for resale."""
        return cls(on=on, to=Recipient.DEALER, for_use=False)

    @classmethod
    def to_company(cls, on: date | str | None = None) -> PriorTransfer:
        """A transfer to a company, a public body or another that is not an individual."""
        return cls(on=on, to=Recipient.COMPANY)

    @classmethod
    def to_original_user(cls, on: date | str | None = None) -> PriorTransfer:
        """A transfer to the original user, for example of a vehicle leased until then."""
        return cls(on=on, to=Recipient.ORIGINAL_USER)

    @classmethod
    def to_individual(
        cls, on: date | str | None = None, **facts: Unpack[PriorTransferFacts]
    ) -> PriorTransfer:
        """A transfer to an individual of whom nothing special is stated.

        States that the vehicle was bought for use, by nobody's dependent, who had no credit of
        this kind in the three years before. Whatever else is given is added, and overrides
        these.
        """
        stated: PriorTransferFacts = {
            "for_use": True,
            "dependent_of_another": False,
            "credited_shortly_before": False,
        }
        stated.update(given(facts))
        return cls(on=on, to=Recipient.INDIVIDUAL, **stated)
