"""Pools of vehicles and graphs of owners, from JSON and from the rows of tables."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Mapping
from io import StringIO
from typing import Any

from evcredit.algebra.field import Kind, declared_facts
from evcredit.algebra.limits import MOST_CHARACTERS
from evcredit.errors import InvalidFactError, InvalidFactsError, as_one, checked, faults_of
from evcredit.facts.chain import MineralSource, Step
from evcredit.facts.component import BatteryComponent
from evcredit.facts.contract import Contract
from evcredit.facts.ownership import Entity, Holding
from evcredit.facts.ownership_graph import OwnershipGraph
from evcredit.facts.pool import PeriodDay, Pool, PoolBy, PoolMember
from evcredit.io.reading import from_data, from_json, parsed, to_json
from evcredit.results.words import facts_to_dict

__all__ = [
    "graph_from_json",
    "graph_from_rows",
    "graph_to_json",
    "pool_from_dict",
    "pool_from_json",
    "pool_from_rows",
    "pool_to_dict",
    "rows_of_csv",
]

Row = Mapping[str, Any]
Rows = Iterable[Row]

_FLAGS = {"true": True, "yes": True, "false": False, "no": False}


def rows_of_csv(text: str) -> list[dict[str, str]]:
    r"""The rows of comma-separated values, by the names in the first line.

    Args:
        text: The text.

    Raises:
        InvalidFactError: It is no text, too long or no such table, a name comes twice, or a row
            has more cells than there are names.

    >>> rows_of_csv("name,lei\nRefiner,\n")
    [{'name': 'Refiner', 'lei': ''}]
    """
    if not isinstance(text, str):
        raise InvalidFactError("file", text, "give the text of a table")
    if len(text) > MOST_CHARACTERS:
        remedy = f"one table holds at most {MOST_CHARACTERS:,} characters; give it in parts"
        raise InvalidFactError("file", f"{len(text):,} characters", remedy)
    # Only the reader knows which ends of lines are inside a cell.
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff"), newline=""))
    rows: list[dict[str, str]] = []
    try:
        for name, times in Counter(reader.fieldnames or ()).items():
            if times > 1:
                raise InvalidFactError("line 1", name, "the name appears twice; keep one of them")
        for row in reader:
            if None in row:
                remedy = "there is no name for these cells"
                raise InvalidFactError(f"line {reader.line_num}", row[None], remedy)
            rows.append({name: cell or "" for name, cell in row.items()})
    except csv.Error as error:
        remedy = f"give comma-separated values: {error}"
        raise InvalidFactError(f"line {reader.line_num + 1}", "a cell", remedy) from error
    return rows


def _rows(name: str, rows: Any) -> list[Row]:
    """The rows of a table, each a mapping from names.

    Raises:
        InvalidFactError: They are none.
    """
    if isinstance(rows, str | bytes | Mapping) or not isinstance(rows, Iterable):
        raise InvalidFactError(name, rows, "give rows, each a mapping from names to cells")
    found = list(rows)
    for place, row in enumerate(found):
        if not isinstance(row, Mapping) or not all(isinstance(each, str) for each in row):
            raise InvalidFactError(f"{name}[{place}]", row, "give a mapping from names to cells")
    return found


def _stated(row: Row, cls: type, keys: Iterable[str] = ()) -> dict[str, Any]:
    """The cells of a row that state something, as facts of a class; keys of the table aside."""
    kinds = {name: declared.kind for name, declared in declared_facts(cls)}
    found = {}
    for name, cell in row.items():
        if name in keys or cell is None or (isinstance(cell, str) and not cell.strip()):
            continue
        flag = kinds.get(name) is Kind.FLAG and isinstance(cell, str)
        found[name] = _FLAGS.get(cell.strip().lower(), cell) if flag else cell
    return found


def graph_from_json(text: str | bytes) -> OwnershipGraph:
    """Read a graph of owners from JSON.

    Args:
        text: JSON text in UTF-8: an object with ``entities``, ``holdings`` and ``contracts``.

    Raises:
        InvalidFactError: One fault; its path says where.
        InvalidFactsError: Several faults, all of them at once.

    >>> graph_from_json('{"entities": [{"name": "Refiner"}], "holdings": []}').places["Refiner"]
    0
    """
    graph: OwnershipGraph = from_json(text, OwnershipGraph)
    return graph


def graph_to_json(graph: OwnershipGraph, *, indent: int | None = 2) -> str:
    """A graph as JSON; reading it back gives an equal one.

    Args:
        graph: What is written.
        indent: The number of spaces of a level; `None` for one line.

    >>> graph = OwnershipGraph(entities=[Entity(name="Refiner")], holdings=[])
    >>> graph_from_json(graph_to_json(graph)) == graph
    True
    """
    return to_json(checked(graph, OwnershipGraph, "graph"), indent)


def graph_from_rows(
    entities: Rows, holdings: Rows | None = None, contracts: Rows | None = ()
) -> OwnershipGraph:
    r"""A graph of owners from the rows of tables.

    Args:
        entities: A row for each entity, with the facts of `Entity` by name; an empty cell is
            unknown. ``yes`` and ``no`` are flags, and so are ``true`` and ``false``.
        holdings: A row for each direct holding, with the facts of `Holding`; `None` if unknown.
        contracts: A row for each contract, with the facts of `Contract`; `None` if unknown.

    Raises:
        InvalidFactError: One fault; its path says where.
        InvalidFactsError: Several faults, all of them at once.

    >>> entities = rows_of_csv("name,incorporated_in,government_role\nRefiner,Japan,none\n")
    >>> graph_from_rows(entities, []).entities[0].incorporated_in
    'JP'
    """
    tables = (("entities", entities, Entity), ("holdings", holdings, Holding))
    data: dict[str, Any] = {}
    for name, rows, cls in (*tables, ("contracts", contracts, Contract)):
        data[name] = None if rows is None else [_stated(row, cls) for row in _rows(name, rows)]
    graph: OwnershipGraph = from_data(data, OwnershipGraph)
    return graph


def pool_from_json(text: str | bytes) -> Pool:
    """Read a pool from JSON.

    Args:
        text: JSON text in UTF-8, in the form that `pool_to_dict` gives.

    Raises:
        InvalidFactError: One fault; its path says where.
        InvalidFactsError: Several faults, all of them at once.

    >>> text = '{"by": ["plant"], "first_day": "2024-06-01", "last_day": "2024-06-30"'
    >>> pool_from_json(text + ', "members": [{"vehicles": 3, "plant": "A"}]}').by[0].value
    'plant'
    """
    return pool_from_dict(parsed(text))


def pool_from_dict(data: Any) -> Pool:
    """Read a pool from JSON-ready data; faults as of `pool_from_json`.

    Args:
        data: A mapping in the form that `pool_to_dict` gives.

    Raises:
        InvalidFactError: One fault; its path says where.
        InvalidFactsError: Several faults, all of them at once.
    """
    if not isinstance(data, Mapping):
        raise InvalidFactError("pool", data, "give an object with by, days and members")
    for name in getattr(data, "doubled", ()):
        remedy = "the name appears twice; keep one of them"
        raise InvalidFactError(f"pool.{name}", data[name], remedy)
    unknown = sorted(set(data) - {"by", "first_day", "last_day", "period_of", "members"}, key=str)
    if unknown:
        raise InvalidFactError(f"pool.{unknown[0]}", data[unknown[0]], "a pool has no such fact")
    members = data.get("members")
    if not isinstance(members, list):
        raise InvalidFactError("pool.members", members, "give a list of members")
    facts = {name: data[name] for name in ("period_of",) if data.get(name) is not None}
    return Pool(
        by=data.get("by", ()),
        first_day=data.get("first_day"),
        last_day=data.get("last_day"),
        members=[_member(each, f"members[{place}]") for place, each in enumerate(members)],
        **facts,
    )


def _member(data: Any, path: str) -> PoolMember:
    try:
        member: PoolMember = from_data(data, PoolMember)
    except (InvalidFactError, InvalidFactsError) as error:
        raise as_one([fault.below(f"pool.{path}") for fault in faults_of(error)]) from error
    return member


def pool_to_dict(pool: Pool) -> dict[str, Any]:
    """A pool as JSON-ready data; unknown facts are omitted.

    >>> pool = Pool.of_month(2024, 6, by="plant", members=[PoolMember(vehicles=3, plant="A")])
    >>> pool_from_dict(pool_to_dict(pool)) == pool
    True
    """
    checked(pool, Pool, "pool")
    return {"by": [each.value for each in pool.by], **facts_to_dict(pool)}


def pool_from_rows(
    members: Rows,
    *,
    by: PoolBy | str | Iterable[PoolBy | str],
    first_day: Any,
    last_day: Any,
    chains: Rows = (),
    steps: Rows = (),
    components: Rows = (),
    period_of: PeriodDay | str = PeriodDay.PLACED_IN_SERVICE,
) -> Pool:
    r"""A pool from the rows of tables, joined by the names of members and chains.

    Args:
        members: A row for each member: ``member``, its name, and facts of `PoolMember` but the
            battery.
        by: What the vehicles have in common.
        first_day: The first day of the period.
        last_day: The last day.
        chains: A row for each procurement chain: ``member``, ``chain``, a name, and facts of
            `MineralSource`. A member without a row has unknown chains.
        steps: A row for each step: ``member``, ``chain``, and facts of `Step`. A chain without
            a row has unknown steps.
        components: A row for each component that is in no other: ``member`` and facts of
            `BatteryComponent`. A member without a row has unknown components.
        period_of: Which day must lie in the period.

    Raises:
        InvalidFactError: One fault; its path says where. A row names a member or a chain that
            there is not, or two rows one name.
        InvalidFactsError: Several faults, all of them at once.

    >>> pool = pool_from_rows(
    ...     rows_of_csv("member,vehicles,plant\nA,1000,Springfield\n"),
    ...     by="plant",
    ...     first_day="2024-01-01",
    ...     last_day="2024-12-31",
    ...     chains=rows_of_csv("member,chain,mineral,value\nA,1,nickel,900\n"),
    ...     steps=rows_of_csv("member,chain,activity,country\nA,1,processing,Japan\n"),
    ... )
    >>> print(*pool.members[0].battery.minerals)
    nickel, $900: processing in Japan
    """
    found: dict[str, dict[str, Any]] = {}
    for place, row in enumerate(_rows("members", members)):
        name = _key(row, "member", f"members[{place}]")
        if name in found:
            raise InvalidFactError(f"members[{place}].member", name, "there is one of this name")
        found[name] = {"name": name, **_stated(row, PoolMember, ("member",))}
    batteries: dict[str, dict[str, Any]] = {name: {} for name in found}
    sources: dict[tuple[str, str], dict[str, Any]] = {}
    for place, row in enumerate(_rows("chains", chains)):
        key = (_known(row, batteries, f"chains[{place}]"), _key(row, "chain", f"chains[{place}]"))
        if key in sources:
            raise InvalidFactError(f"chains[{place}].chain", key[1], "there is one of this name")
        sources[key] = _stated(row, MineralSource, ("member", "chain"))
        batteries[key[0]].setdefault("minerals", []).append(sources[key])
    for place, row in enumerate(_rows("steps", steps)):
        key = (_known(row, batteries, f"steps[{place}]"), _key(row, "chain", f"steps[{place}]"))
        if key not in sources:
            raise InvalidFactError(f"steps[{place}].chain", key[1], "there is no such chain")
        step = _stated(row, Step, ("member", "chain"))
        sources[key].setdefault("steps", []).append(step)
    for place, row in enumerate(_rows("components", components)):
        name = _known(row, batteries, f"components[{place}]")
        part = _stated(row, BatteryComponent, ("member",))
        batteries[name].setdefault("components", []).append(part)
    return pool_from_dict(
        {
            "by": list(by) if isinstance(by, Iterable) and not isinstance(by, str) else by,
            "first_day": first_day,
            "last_day": last_day,
            "period_of": period_of,
            "members": [{**facts, "battery": batteries[name]} for name, facts in found.items()],
        }
    )


def _key(row: Row, name: str, path: str) -> str:
    value = row.get(name)
    if value is None or not str(value).strip():
        raise InvalidFactError(f"{path}.{name}", value, "name it: rows are joined by it")
    return str(value)


def _known(row: Row, members: Mapping[str, Any], path: str) -> str:
    name = _key(row, "member", path)
    if name not in members:
        raise InvalidFactError(f"{path}.member", name, "there is no such member")
    return name
