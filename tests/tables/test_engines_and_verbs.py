"""Which verb works on which engine, as it is reported in the reference: tried, and on record.

With every engine installed, `EVCREDIT_ENGINES=all EVCREDIT_UPDATE_GOLDEN=1 python -m pytest
tests/tables/test_engines_and_verbs.py` writes the record again.
"""

import json
import os
from datetime import date
from pathlib import Path

import narwhals.stable.v2 as nw

from evcredit import current_law, examples
from evcredit.tables import (
    assess_frame,
    check_content,
    compare_content,
    compare_frames,
    qualifying_content,
    summarise,
    summarise_reasons,
    template,
)

RECORD = Path(__file__).parents[2] / "docs" / "engines.json"
LAW = current_law()
WITHOUT = LAW.without_agreement("Japan")
CLAIM = examples.demonstration_claim()

PRICES = [{"vehicle_msrp_cents": price} for price in (54_000_00, 81_000_00, None)]
VEHICLES = [{"vehicle": 1, "purchase_placed_in_service": date(2024, 8, 15)}]
CHAINS = [{"vehicle": 1, "chain": 1, "mineral": "nickel", "value_cents": 106_100}]
STEPS = [
    {
        "vehicle": 1,
        "chain": 1,
        "activity": "processing",
        "country": "JP",
        "value_added_cents": 40_000,
        "foreign_entity_of_concern": False,
    }
]
COMPONENTS = [
    {
        "vehicle": 1,
        "component": "pack",
        "inside": None,
        "value_cents": 900_000,
        "made_in": "MX",
        "nothing_inside": True,
        "foreign_entity_of_concern": False,
    }
]
KINDS = {
    "vehicle_msrp_cents": "int64",
    "vehicle": "int64",
    "purchase_placed_in_service": "date",
    "chain": "int64",
    "value_cents": "int64",
    "value_added_cents": "int64",
    "foreign_entity_of_concern": "bool",
    "nothing_inside": "bool",
}


def tables_of(engine):
    """The tables of the verbs, on one engine."""

    def made(rows):
        return engine.table(rows, {name: KINDS.get(name, "text") for name in rows[0]})

    parts = {"chains": CHAINS, "steps": STEPS, "components": COMPONENTS}
    return made(PRICES), made(VEHICLES), {name: made(rows) for name, rows in parts.items()}


def verbs_of(engine):
    """Each verb as a function that runs it on the tables of an engine."""
    prices, vehicles, batteries = tables_of(engine)

    def assessed(**options):
        return assess_frame(prices, assume=CLAIM, unknown=True, **options)

    return {
        "assess_frame": assessed,
        "assess_frame, strict=False": lambda: assessed(strict=False),
        "compare_frames": lambda: compare_frames(prices, WITHOUT, LAW, assume=CLAIM, unknown=True),
        "qualifying_content": lambda: qualifying_content(vehicles, **batteries),
        "compare_content": lambda: compare_content(vehicles, WITHOUT, LAW, **batteries),
        "check_content": lambda: check_content(vehicles, **batteries),
        "summarise": lambda: summarise(assessed()),
        "summarise_reasons": lambda: summarise_reasons(assessed()),
        "template": lambda: template(
            {"pandas-arrow": "pandas"}.get(engine.name, engine.name),
            session=getattr(engine, "session", None),
        ),
    }


def computed(result):
    """Compute a frame, or several; a lazy one has done nothing yet."""
    for each in result if isinstance(result, tuple) else (result,):
        frame = nw.from_native(each, pass_through=True)
        if isinstance(frame, nw.LazyFrame):
            frame.collect()


def tried(engine):
    """What came of each verb: "yes", or what it said."""
    found = {}
    for name, verb in verbs_of(engine).items():
        try:
            computed(verb())
        except Exception as error:  # noqa: BLE001  # whatever it is, it is what a user would see
            found[name] = f"{type(error).__name__}: {error}".partition("\n")[0][:160]
        else:
            found[name] = "yes"
    return found


def test_the_record_says_which_verb_works_on_which_engine(engine):
    now = tried(engine)
    record = json.loads(RECORD.read_text("utf-8")) if RECORD.is_file() else {}
    if os.environ.get("EVCREDIT_UPDATE_GOLDEN"):
        record[engine.name] = now
        RECORD.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    assert record[engine.name] == now
