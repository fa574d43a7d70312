"""Section 30D, the credit for new clean vehicles: a module for each group of its paragraphs.

May import: provisions, law, facts, algebra.
May be imported by: sections 25E and 45W, which incorporate its paragraphs by reference; forms,
tables, audit.

| module | provisions |
|---|---|
| `definition` | (d)(1)-(6): what a new clean vehicle is |
| `concern` | (d)(7): inputs from a foreign entity of concern |
| `sourcing` | (e): critical minerals and battery components |
| `limits` | (f): the special rules, among them price and income |
| `after_sale` | (f)(5): what takes the credit away after the sale |
| `transfer` | (g): the conditions of a transfer of the credit to the dealer |
| `termination` | (h): the end of the credit |
| `seller_report` | (d)(1)(H): the report of the seller, its days and its contents |
| `listed` | what a published list of vehicles settles |
| `before_2023` | (b) and (g) before 2023: the amount by battery capacity or by cost |
| `phase_out` | (e) before 2023: the limit on the number of a manufacturer's vehicles |
| `small_vehicle` | (g) before 2023: business and personal part of a vehicle with few wheels |
| `amount` | (b): the amount, and everything together |
| `section` | the section as one object |
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit.section_30d.amount import PhaseOutAccount as PhaseOutAccount
    from evcredit.section_30d.amount import phase_out_account as phase_out_account
    from evcredit.section_30d.before_2023 import kilowatt_hour_amount as kilowatt_hour_amount
    from evcredit.section_30d.before_2023 import small_vehicle_amount as small_vehicle_amount
    from evcredit.section_30d.concern.chains import Chains as Chains
    from evcredit.section_30d.concern.chains import HeldThrough as HeldThrough
    from evcredit.section_30d.concern.chains import chains_of as chains_of
    from evcredit.section_30d.concern.entity import entity_finding as entity_finding
    from evcredit.section_30d.concern.entity import government_stakes as government_stakes
    from evcredit.section_30d.concern.graph import OpenFact as OpenFact
    from evcredit.section_30d.concern.graph import Stake as Stake
    from evcredit.section_30d.concern.tracing import Trace as Trace
    from evcredit.section_30d.concern.tracing import Tracing as Tracing
    from evcredit.section_30d.concern.tracing import traced as traced
    from evcredit.section_30d.phase_out import phase_out_percent as phase_out_percent
    from evcredit.section_30d.seller_report import ReportDeadlines as ReportDeadlines
    from evcredit.section_30d.seller_report import check_seller_report as check_seller_report
    from evcredit.section_30d.seller_report import report_deadlines as report_deadlines
    from evcredit.section_30d.sourcing.compliant_batteries import CellAllocation as CellAllocation
    from evcredit.section_30d.sourcing.compliant_batteries import CellMineral as CellMineral
    from evcredit.section_30d.sourcing.compliant_batteries import CellProductLine as CellProductLine
    from evcredit.section_30d.sourcing.compliant_batteries import MineralLot as MineralLot
    from evcredit.section_30d.sourcing.compliant_batteries import (
        compliant_batteries as compliant_batteries,
    )
    from evcredit.section_30d.sourcing.components import (
        battery_component_content as battery_component_content,
    )
    from evcredit.section_30d.sourcing.ledger import (
        CompliantBatteryLedger as CompliantBatteryLedger,
    )
    from evcredit.section_30d.sourcing.ledger import LedgerEntry as LedgerEntry
    from evcredit.section_30d.sourcing.ledger import LedgerEvent as LedgerEvent
    from evcredit.section_30d.sourcing.minerals import (
        critical_mineral_content as critical_mineral_content,
    )
    from evcredit.section_30d.sourcing.pools import Contribution as Contribution
    from evcredit.section_30d.sourcing.pools import PoolContent as PoolContent
    from evcredit.section_30d.sourcing.pools import pool_component_content as pool_component_content
    from evcredit.section_30d.sourcing.pools import pool_mineral_content as pool_mineral_content
    from evcredit.section_30d.sourcing.qualifying import qualifying_shares as qualifying_shares

export(
    __name__,
    {
        "amount": "PhaseOutAccount phase_out_account",
        "before_2023": "kilowatt_hour_amount small_vehicle_amount",
        "concern.chains": "Chains HeldThrough chains_of",
        "concern.entity": "entity_finding government_stakes",
        "concern.graph": "OpenFact Stake",
        "concern.tracing": "Trace Tracing traced",
        "phase_out": "phase_out_percent",
        "seller_report": "ReportDeadlines check_seller_report report_deadlines",
        "sourcing.compliant_batteries": (
            "CellAllocation CellMineral CellProductLine MineralLot compliant_batteries"
        ),
        "sourcing.components": "battery_component_content",
        "sourcing.ledger": "CompliantBatteryLedger LedgerEntry LedgerEvent",
        "sourcing.minerals": "critical_mineral_content",
        "sourcing.pools": "Contribution PoolContent pool_component_content pool_mineral_content",
        "sourcing.qualifying": "qualifying_shares",
    },
)
