"""Importers on random documents: only our errors, and every value in exactly one list."""

from __future__ import annotations

import copy
import csv
import io
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.importing import check, leaf_paths, sample

from evcredit import importers
from evcredit.errors import EvcreditError

DAY = "2024-06-03"
CELLS = ("1f0c9a77-6d3e-4a5b-8c2d-9e8f7a6b5c41", "3c8f5e21-04bd-4a7f-b2c3-d4e5f6071829")

#: By name of the sample, how it is imported.
DOCUMENTS = {
    "battery-pass-material-composition-1.2.0.json": lambda data: importers.import_battery_pass(
        data, prices_per_kg={"nickel": 20}
    ),
    "bods-0.4.json": lambda data: importers.import_bods(
        data, on=DAY, by_name=True, contracts_are_complete=True
    ),
    "catena-x-battery-pass-6.1.0.json": lambda data: importers.import_battery_passport(
        data, kind="battery cell", places={"BPNA00000099PLNT": "Japan"}
    ),
    "catena-x-single-level-bom-as-planned-4.0.0.json": lambda data: (
        importers.import_bill_of_materials(
            data, on=DAY, kinds={**dict.fromkeys(CELLS, "battery cell"), "8a3d": None}
        )
    ),
    "catena-x-us-tariff-information-1.0.0.json": lambda data: importers.import_us_tariff(
        data, minerals={"2833.24": "nickel"}, origin_is_extraction=True
    ),
    "catena-x-us-tariff-information-2.0.0.json": lambda data: importers.import_us_tariff(
        data, minerals={"28": "lithium"}, kind="battery cell", origin_is_manufacture=True
    ),
    "vpic-decoded.json": importers.import_vpic,
}
TABLES = {
    "rmi-emrt-2.1-smelter-list.csv": lambda data: importers.import_rmi(
        data,
        template="EMRT 2.1",
        mine_list=sample("rmi-emrt-2.1-mine-list.csv"),
        recycled_where_smelted=True,
    ),
    "rmi-emrt-2.1-mine-list.csv": lambda data: importers.import_rmi(
        sample("rmi-emrt-2.1-smelter-list.csv"), template="EMRT 2.1", mine_list=data
    ),
    "epa-vehicles.csv": importers.import_fuel_economy,
    "gleif-rr.csv": lambda data: importers.import_gleif(
        data, on=DAY, exceptions=sample("gleif-repex.csv")
    ),
    "gleif-repex.csv": lambda data: importers.import_gleif(
        sample("gleif-rr.csv"), on=DAY, exceptions=data
    ),
    "usgs-mcs2025-world-data.csv": importers.import_usgs,
    "usgs-mcs2026-commodities.csv": importers.import_usgs,
}

texts = st.one_of(
    st.text(max_size=6),
    st.sampled_from(
        [
            *("US", "CHN", "Congo", "NA", "US-DE", "Nickel", "lithium carbonate", "7440-02-0"),
            *("231-111-4", "100", "0", "1e30", ">5", "2,000 e", "W", "NULL", "#N/A", "Unknown"),
            *("Yes", "No", "recycled", "a; b", "2024-06-03", "2024-06-03T00:00:00Z", "direct"),
            *("indirect", "A", "ent-refiner", "urn:uuid:" + CELLS[0], "BEV", "USD", "\ud800"),
        ]
    ),
)
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 200),
    st.integers(),
    st.floats(allow_nan=True, allow_infinity=True),
    texts,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document but the document itself."""
    found = []
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        found += [(*path, key), *places(value[key], (*path, key))]
    return found


@st.composite
def changed(draw: st.DrawFn, document: Any) -> Any:
    """A document with some of it replaced, repeated, moved or taken away."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(0, 6))):
        found = places(document)
        if not found:
            break
        *above, key = draw(st.sampled_from(found))
        holder = document
        for step in above:
            holder = holder[step]
        kind = draw(st.sampled_from(["scalar", "other", "again", "gone", "inside", "name"]))
        if kind == "scalar":
            holder[key] = draw(scalars)
        elif kind == "other":
            other: Any = document
            for step in draw(st.sampled_from(found)):
                other = other[step]
            holder[key] = copy.deepcopy(other)
        elif kind == "inside":
            holder[key] = draw(st.sampled_from([[holder[key]], {"x": holder[key]}, [], {}]))
        elif kind == "again" and isinstance(holder, list):
            holder.insert(key, copy.deepcopy(holder[key]))
        elif kind == "name" and isinstance(holder, dict):
            holder[draw(texts)] = holder.pop(key)
        else:
            del holder[key]
    return document


@st.composite
def changed_table(draw: st.DrawFn, rows: list[list[str]]) -> list[list[str]]:
    """A table with cells, rows and columns changed."""
    rows = [list(row) for row in rows]
    for _ in range(draw(st.integers(0, 8))):
        place = draw(st.integers(0, len(rows) - 1))
        kind = draw(st.sampled_from(["cell", "cell", "cell", "other", "again", "blank", "gone"]))
        if kind == "blank":
            rows.insert(place, [""] * len(rows[0]))
        elif kind == "again":
            rows.insert(place, list(rows[place]))
        elif kind == "gone":
            del rows[place]
        elif rows[place]:
            column = draw(st.integers(0, len(rows[place]) - 1))
            cell = draw(texts)
            if kind == "other":
                row = draw(st.sampled_from(rows))
                cell = draw(st.sampled_from(row)) if row else ""
            rows[place][column] = cell
        if not rows:
            break
    return rows


def decoded(name: str) -> str:
    data = sample(name)
    return data.decode("cp1252" if "2026" in name else "utf-8")


def written(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


@given(st.sampled_from(sorted(DOCUMENTS)), st.data())
def test_random_documents(name: str, data: st.DataObject) -> None:
    document = data.draw(changed(json.loads(sample(name))))
    text = json.dumps(document)
    try:
        imported = DOCUMENTS[name](text)
    except EvcreditError:
        return
    check(imported, leaf_paths(json.loads(text)))


@given(st.sampled_from(sorted(TABLES)), st.data())
def test_random_tables(name: str, data: st.DataObject) -> None:
    rows = data.draw(changed_table(list(csv.reader(io.StringIO(decoded(name))))))
    try:
        imported = TABLES[name](written(rows))
    except EvcreditError:
        return
    check(imported)
    cells = sum(bool(cell.strip()) for row in rows for cell in row)
    headings = sum(bool(cell.strip()) for cell in rows[0])
    mine = [entry for entry in imported.report if _is_of(name, entry.path)]
    # Headings are cells of a list of smelters, whose places count, and not of a table of records.
    assert len(mine) == cells - (0 if name.startswith("rmi") else headings)


def _is_of(name: str, path: str) -> bool:
    """Whether a value is from the file that was changed, where two were read."""
    files = {
        "rmi-emrt-2.1-smelter-list.csv": "Smelter List!",
        "rmi-emrt-2.1-mine-list.csv": "Mine List!",
        "gleif-rr.csv": "relationships[",
        "gleif-repex.csv": "exceptions[",
    }
    return path.startswith(files.get(name, ""))


@given(st.sampled_from(sorted({**DOCUMENTS, **TABLES})), st.data())
def test_random_bytes_raise_only_our_errors(name: str, data: st.DataObject) -> None:
    content = sample(name)
    start = data.draw(st.integers(0, len(content)))
    end = data.draw(st.integers(start, len(content)))
    broken = content[:start] + data.draw(st.binary(max_size=8)) + content[end:]
    try:
        imported = {**DOCUMENTS, **TABLES}[name](broken)
    except EvcreditError:
        return
    check(imported)
