"""Valid arguments of every public function, so that a test can make them wrong one at a time."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Any

import polars as pl
from tests.importing import sample
from tests.returns import single, whole_return

from evcredit import (
    Bounds,
    Claim,
    CreditTransfer,
    Lease,
    assess,
    current_law,
    fill_forms,
    named_law,
)
from evcredit import io as json_io
from evcredit.algebra import Kind, Verdict
from evcredit.algebra.quantity import quantity
from evcredit.audit import deferred_provisions, open_points
from evcredit.examples import demonstration_claim
from evcredit.facts import (
    Entity,
    Holding,
    Metric,
    OwnershipGraph,
    Pool,
    PoolMember,
    PriorTransfer,
    SellerReport,
    TaxReturn,
)
from evcredit.law import ModeledVehicle, ResidualClass, named_reform
from evcredit.provisions import section_of
from evcredit.provisions.words import clauses
from evcredit.section_30d import Tracing, traced
from evcredit.tables import rows_of, schema

DAY = date(2024, 6, 3)
LAW = current_law()
CLAIM = demonstration_claim()
RESULT = assess(CLAIM)
BOUND = section_of("30D").of(CLAIM, LAW)
RULE = BOUND.composition.top
GRAPH = OwnershipGraph(
    entities=[Entity.company("Owner", "CN"), Entity.company("Refiner", "KR")],
    holdings=[Holding.alike("Owner", "Refiner", 60)],
)
BODIES = {"Owner": True, "Refiner": False}
POOL = Pool.of_month(
    2024, 6, by="plant", members=[PoolMember(vehicles=3, plant="P", battery=CLAIM.vehicle.battery)]
)
FILES = {
    "import_battery_pass": "battery-pass-material-composition-1.2.0.json",
    "import_battery_passport": "catena-x-battery-pass-6.1.0.json",
    "import_bill_of_materials": "catena-x-single-level-bom-as-planned-4.0.0.json",
    "import_bods": "bods-0.4.json",
    "import_file": "bods-0.4.json",
    "format_of": "bods-0.4.json",
    "import_fuel_economy": "epa-vehicles.csv",
    "import_gleif": "gleif-rr.csv",
    "import_rmi": "rmi-emrt-2.1-smelter-list.csv",
    "import_us_tariff": "catena-x-us-tariff-information-2.0.0.json",
    "import_usgs": "usgs-mcs2026-commodities.csv",
    "import_vpic": "vpic-decoded.json",
}


@cache
def frame() -> pl.DataFrame:
    """The demonstration claim as a table of one row."""
    return pl.DataFrame(rows_of([CLAIM]), infer_schema_length=None)


@cache
def result_frame() -> pl.DataFrame:
    """What `assess_frame` gives, as far as summaries read it."""
    from evcredit.tables import assess_frame  # the other tests need no tables

    return assess_frame(frame(), unknown=True)


def _lines() -> BytesIO:
    return BytesIO(json_io.claim_to_json(CLAIM, indent=None).encode())


def vehicles() -> pl.DataFrame:
    """A table of one vehicle without chains."""
    return pl.DataFrame({"vehicle": [1], "purchase_placed_in_service": [DAY]})


#: Valid values of required arguments, by function where the name alone does not say it.
BY_FUNCTION: dict[str, dict[str, Callable[[], Any]]] = {
    "options": {"offers": lambda: [Lease(name="car")]},
    "check": {"subject": lambda: CLAIM.vehicle},
    "declare": {"kind": lambda: Kind.FLAG, "label": lambda: "label"},
    "fact_type_at": {"cls": lambda: Claim, "path": lambda: "vehicle.msrp"},
    "read": {"subject": lambda: CLAIM, "path": lambda: "vehicle.msrp"},
    "with_facts": {"facts": lambda: {"vehicle.msrp": 5}},
    "amount": {"derived": lambda: BOUND.composition.amounts[0].body},
    "when": {
        "in_force": lambda: lambda subject, law: law.msrp_limit,
        "inner": lambda: RULE,
        "about": lambda: Claim,
        "law": lambda: type(LAW),
    },
    "share_of": {"parts": lambda: [(1, (1, 1))]},
    "law_of": {"cls": lambda: type(LAW)},
    "sentence": {
        "clauses": lambda: clauses()["msrp_within_limit"],
        "verdict": lambda: Verdict.MET,
    },
    "loose_ends": {"points": open_points, "deferred": deferred_provisions},
    "mineral_prices": {"year": lambda: 2023},
    "supply_products": {"name": lambda: "nickel", "activity": lambda: "extraction"},
    "supply_shares": {"name": lambda: "nickel", "activity": lambda: "extraction"},
    "country_code": {"value": lambda: "Japan"},
    "country_name": {"code": lambda: "JP"},
    "doubt_about": {"code": lambda: "GA"},
    "is_doubtful": {"value": lambda: "GE"},
    "place_name": {"place": lambda: "JP"},
    "label_class": {"name": lambda: "Midsize Cars"},
    "lines_of": {"year": lambda: 2024, "scope": lambda: "vehicle"},
    "fill_forms": {"stated": whole_return},
    "return_to_dict": {"stated": whole_return},
    "return_to_json": {"stated": whole_return},
    "claim_from_dict": {"data": lambda: json_io.claim_to_dict(CLAIM)},
    "claim_from_json": {"text": lambda: json_io.claim_to_json(CLAIM)},
    "claims_from_json": {"source": _lines},
    "numbered_claims": {"source": _lines},
    "graph_from_json": {"text": lambda: json_io.graph_to_json(GRAPH)},
    "graph_from_rows": {"entities": lambda: [{"name": "A"}]},
    "pool_from_dict": {"data": lambda: json_io.pool_to_dict(POOL)},
    "pool_from_json": {"text": lambda: json.dumps(json_io.pool_to_dict(POOL))},
    "pool_from_rows": {
        "members": lambda: [{"member": "1", "plant": "P", "vehicles": "3"}],
        "by": lambda: "plant",
        "first_day": lambda: "2024-06-01",
        "last_day": lambda: "2024-06-30",
    },
    "rows_of_csv": {"text": lambda: "a,b\n1,2\n"},
    "reform_from_json": {"text": lambda: json_io.reform_to_json(named_reform("no Japan"))},
    "return_from_dict": {"data": lambda: json_io.return_to_dict(whole_return())},
    "return_from_json": {"text": lambda: json_io.return_to_json(whole_return())},
    "json_schema": {"cls": lambda: Claim},
    "verify": {"stored": RESULT.to_dict},
    "find_listed": {"make": lambda: "Tesla", "model": lambda: "Model Y"},
    "named_law": {"name": lambda: "no-japan"},
    "named_reform": {"name": lambda: "no Japan"},
    "scenarios": {"laws": lambda: {"now": LAW}},
    "section_of": {"credit": lambda: "30D"},
    "allocate_credit": {"credit": lambda: 7_500},
    "business_part": {"credit": lambda: 7_500, "business_use_percent": lambda: 40},
    "settle_transfer": {"rules": lambda: section_of("30D").transfer},
    "price_account": {"binding": lambda: section_of("25E").of(CLAIM, LAW).binding},
    "basis_account": {"binding": lambda: section_of("45W").of(CLAIM, LAW).binding},
    "no_published_number": {"binding": lambda: section_of("45W").of(CLAIM, LAW).binding},
    "slot_used_up": {"transfers": lambda: (PriorTransfer(on=DAY),)},
    "to_qualified_buyer": {"transfer": lambda: PriorTransfer(on=DAY)},
    "personal_credits": {
        "new": lambda: Bounds(Decimal(5), Decimal(6)),
        "used": lambda: Bounds(Decimal(5), Decimal(6)),
    },
    "kilowatt_hour_amount": {"capacity_kwh": lambda: Decimal(75)},
    "small_vehicle_amount": {"cost": lambda: Decimal(7_500)},
    "chains_of": {"trace": lambda: traced(GRAPH, BODIES, Metric.EQUITY, Tracing())},
    "traced": {
        "bodies": lambda: BODIES,
        "metric": lambda: Metric.EQUITY,
        "tracing": Tracing,
    },
    "phase_out_percent": {"quarter": lambda: (2018, 3), "sold": lambda: date(2019, 2, 1)},
    "check_seller_report": {
        "report": lambda: SellerReport.accepted(maximum_credit=7_500),
    },
    "compliant_batteries": {
        "cells": lambda: Bounds(5, 6),
        "cells_in_a_battery": lambda: 2,
        "batteries": lambda: 3,
    },
    "qualifying_shares": {"source": lambda: CLAIM.vehicle.battery.minerals[0]},
    "published_cost": {"year": lambda: quantity(2024)},
    "residual_percent": {"of": lambda: next(iter(ResidualClass)), "age": lambda: quantity(3)},
    "published_numbers": {"node": lambda: quantity(2024)},
    "check_content": {"vehicles": vehicles},
    "compare_content": {"vehicles": vehicles},
    "qualifying_content": {"vehicles": vehicles},
    "makers_not_in": {"names": lambda: ["Owner"]},
    "trace_owners": {"table": lambda: pl.DataFrame({"by": ["Owner"]})},
    "allocate_frame": {
        "returns": lambda: pl.DataFrame(
            {"return": [1], "credit_lower_cents": [5], "credit_upper_cents": [5]}
            | {"business_use_percent_basis_points": [0]}
        ),
        "unknown": lambda: True,
    },
    "compare_frames": {
        "frame": lambda: pl.DataFrame({"vehicle_msrp_cents": [5_500_000]}),
        "unknown": lambda: True,
    },
    "assess_files": {
        "inputs": lambda: "cars.csv",
        "out": lambda: "out",
        "unknown": lambda: True,
        "progress": lambda: False,
    },
    "import_rmi": {"template": lambda: "EMRT 2.1"},
    "import_file": {"options": lambda: {"on": DAY}},
    "rows_of": {"claims": lambda: [CLAIM]},
    "summarise": {"frame": result_frame},
    "summarise_reasons": {"frame": result_frame},
    "schema_text": {"columns": schema},
    "template": {"engine": lambda: "polars"},
    "government_stakes": {"name": lambda: "Refiner"},
    "entity_finding": {"name": lambda: "Refiner"},
}
#: Valid values by the name of the argument.
BY_NAME: dict[str, Callable[[], Any]] = {
    "taxpayer": single,
    "claim": lambda: CLAIM,
    "subject": lambda: CLAIM,
    "result": lambda: RESULT,
    "rule": lambda: RULE,
    "binding": lambda: BOUND.binding,
    "bound": lambda: BOUND,
    "law": lambda: LAW,
    "before": lambda: named_law("no-japan"),
    "after": lambda: LAW,
    "cls": lambda: Claim,
    "code": lambda: "code",
    "title": lambda: "title",
    "citation": lambda: "26 USC 30D(a)",
    "year": lambda: 2023,
    "on": lambda: DAY,
    "day": lambda: DAY,
    "country": lambda: "US",
    "data": lambda: None,
    "graph": lambda: GRAPH,
    "pool": lambda: POOL,
    "reform": lambda: named_reform("no Japan"),
    "forms": lambda: fill_forms(whole_return()),
    "tax_return": lambda: TaxReturn(tax_before_credits=9_000),
    "transfer": lambda: CreditTransfer.at_the_dealer(
        claim=CLAIM, payment=7_500, elected_on="2024-06-03"
    ),
    "earlier": lambda: DAY,
    "sale": lambda: date(2026, 1, 1),
    "years": lambda: 3,
    "sold_on": lambda: DAY,
    "name": lambda: "Refiner",
    "frame": frame,
    "vehicle": lambda: next(iter(ModeledVehicle)),
}


def valid_arguments(function: Callable[..., Any]) -> dict[str, Any]:
    """Values of the arguments that a function cannot do without."""
    name = function.__name__
    own = BY_FUNCTION.get(name, {})
    found: dict[str, Any] = {}
    for each in inspect.signature(function).parameters.values():
        is_free = each.default is not each.empty or each.kind is each.VAR_POSITIONAL
        if is_free and each.name not in own:
            continue
        if name in FILES and each.name in ("data", "relationships"):
            found[each.name] = sample(FILES[name])
        else:
            found[each.name] = own.get(each.name, BY_NAME.get(each.name, _unnamed))()
    return found


def _unnamed() -> Any:
    raise KeyError("add a valid value to tests/wrong_calls.py")
