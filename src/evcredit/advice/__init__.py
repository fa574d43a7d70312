"""What a person could do: offers compared, denials, and the smallest change that lifts one.

May import: results and below.
May be imported by: audit, io, the command line.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.advice.agreement_change import AgreementChange as AgreementChange
    from evcredit.advice.break_even import PriceChange as PriceChange
    from evcredit.advice.break_even import ShareShift as ShareShift
    from evcredit.advice.break_even import Swing as Swing
    from evcredit.advice.change import Change as Change
    from evcredit.advice.change import ChangedFact as ChangedFact
    from evcredit.advice.change import Denial as Denial
    from evcredit.advice.evaluate import options as options
    from evcredit.advice.evaluate import ways as ways
    from evcredit.advice.failing import change_of_all as change_of_all
    from evcredit.advice.failing import denials as denials
    from evcredit.advice.offers import BuyNew as BuyNew
    from evcredit.advice.offers import BuyUsed as BuyUsed
    from evcredit.advice.offers import Lease as Lease
    from evcredit.advice.option import Deadline as Deadline
    from evcredit.advice.option import Option as Option
    from evcredit.advice.option import Options as Options
    from evcredit.advice.option import Route as Route
    from evcredit.advice.resourcing import Move as Move
    from evcredit.advice.resourcing import Resourcing as Resourcing
    from evcredit.advice.supply_chain import HalfChanges as HalfChanges
    from evcredit.advice.supply_chain import VerdictFlip as VerdictFlip
    from evcredit.advice.supply_chain import WhatWouldChange as WhatWouldChange
    from evcredit.advice.supply_chain import sensitivity as sensitivity
    from evcredit.advice.supply_chain import what_would_change as what_would_change

export(
    __name__,
    {
        "agreement_change": "AgreementChange",
        "break_even": "PriceChange ShareShift Swing",
        "change": "Change ChangedFact Denial",
        "evaluate": "options ways",
        "failing": "change_of_all denials",
        "offers": "BuyNew BuyUsed Lease",
        "option": "Deadline Option Options Route",
        "resourcing": "Move Resourcing",
        "supply_chain": ("HalfChanges VerdictFlip WhatWouldChange sensitivity what_would_change"),
    },
)
