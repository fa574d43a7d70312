"""The rows of the Smelter List and the Mine List of a reporting template, by place and version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from evcredit.algebra.field import repr_of_facts
from evcredit.errors import InvalidFactError
from evcredit.facts.mineral import ApplicableMineral, as_mineral
from evcredit.importers.decode import cell_name, rows, text_of
from evcredit.importers.leaves import ABSENT, Leaves, Node
from evcredit.importers.workbook import Cells

__all__ = ["MINES", "SMELTERS", "TEMPLATES", "Mine", "Smelter", "SupplierRows"]

SMELTERS, MINES = "Smelter List", "Mine List"

#: The templates that are read, each with the column (from 0) of the Smelter List that holds the
#: answers to its yes-or-no question in the language of the file: yes in row 2, no in row 3.
TEMPLATES = {"EMRT 2.0": 33, "EMRT 2.1": 33, "CMRT 6.5": 33, "AMRT 1.3": 24}

#: A word of the title of a template, which is in English in every language.
_TITLES = {"extended": "EMRT", "conflict": "CMRT", "additional": "AMRT"}
_TITLE_CELL, _VERSION_CELL = (3, 1), (3, 9)

#: What formulas of the template leave in rows that were not filled.
_FILLERS = {"", "0", "0.0", "false", "true", "+", "#n/a", "#ref!", "#value!", "#name?"}

#: Choices of the templates that are no applicable critical mineral (26 USC 45X(c)(6)).
_OTHER_METALS = {"copper", "mica", "gold", "silver", "lime", "soda ash"}

NO_METAL = (
    "the row names no metal; if it has just an identification number, open the file in Excel "
    "and save it, so that the results of its formulas are stored"
)


@attrs.frozen(kw_only=True)
class _Places:
    """Where a list has what, in columns from 0."""

    metal: int
    columns: int
    version: int


_PLACES = {
    SMELTERS: _Places(metal=1, columns=17, version=16),
    MINES: _Places(metal=0, columns=13, version=12),
}


@attrs.define(eq=False)
class _Row:
    """A row of a list that names an applicable critical mineral."""

    number: int
    mineral: ApplicableMineral
    cells: Mapping[int, Node]

    def cell(self, column: int) -> Node:
        """The cell of a column, from 0; nothing is there if it is empty."""
        return cell_of(self.cells, column)


@attrs.define(eq=False)
class Smelter(_Row):
    """A row of the Smelter List.

    Attributes:
        number: Of the row, from 1.
        mineral: The mineral.
        cells: The cells that are not empty, by column.
        recycled: Whether all that the smelter takes in is recycled; `None` if unknown.
    """

    recycled: bool | None


@attrs.define(eq=False, repr=False)
class Mine(_Row):
    """A row of the Mine List.

    Attributes:
        joined: Whether a row of the Smelter List is the smelter of the mine.
    """

    __repr__ = repr_of_facts

    joined: bool = False


def cell_of(cells: Mapping[int, Node], column: int) -> Node:
    """Return the cell of a column."""
    return cells.get(column) or Node(Leaves(""), "", ABSENT)


def name_key(name: str) -> str:
    """Return what two spellings of one name have in common.

    >>> name_key(" Blue  Bay") == name_key("BLUE BAY")
    True
    """
    return " ".join(name.split()).casefold()


def cells_of_text(data: bytes, sheet: str) -> Cells:
    """Return the cells of a list of comma-separated values."""
    table = rows(text_of(data, otherwise="cp1252", what=sheet), sheet)
    return {
        (row, column): cell
        for row, cells in enumerate(table, 1)
        for column, cell in enumerate(cells)
        if cell.strip()
    }


def template_of(tables: Mapping[str, Cells], stated: str | None) -> str:
    """Return the template and version that a workbook names in the places of its first sheets.

    Args:
        tables: The sheets.
        stated: The template that the caller states.

    Raises:
        InvalidFactError: It names none that is read, or not the one that is stated.
    """
    title = str(tables.get("Revision", {}).get(_TITLE_CELL, "")).lower()
    name = next((short for word, short in _TITLES.items() if word in title), "")
    version = re.search(r"\d+\.\d+", str(tables.get("Declaration", {}).get(_VERSION_CELL, "")))
    found = f"{name} {version[0]}" if name and version else ""
    if stated is not None and found in {"", stated}:
        return stated
    if stated is not None:
        raise InvalidFactError("template", stated, f"the workbook says that it is {found}")
    if found not in TEMPLATES:
        remedy = f"the templates that are read are {', '.join(TEMPLATES)}"
        raise InvalidFactError("file", found or "a workbook without the title of one", remedy)
    return found


class SupplierRows:
    """The rows of a template that name applicable critical minerals; all else is settled.

    Args:
        leaves: The document.
        tables: Its sheets.
        answers: The column of the Smelter List with the answers in the language of the file;
            `None` if there is none.

    Raises:
        InvalidFactError: There is no Smelter List.
    """

    def __init__(self, leaves: Leaves, tables: Mapping[str, Cells], answers: int | None) -> None:
        if SMELTERS not in tables:
            raise InvalidFactError("file", ", ".join(tables), f"there is no sheet {SMELTERS}")
        self._answers = _answers(tables[SMELTERS], answers)
        self.smelters: list[Smelter] = []
        self.mines: list[Mine] = []
        for sheet, cells in tables.items():
            by_row: dict[int, dict[int, Node]] = {}
            for (row, column), value in sorted(cells.items(), key=lambda each: each[0]):
                node = leaves.add(value, f"{sheet}!{cell_name(column, row)}")
                by_row.setdefault(row, {})[column] = node
            if sheet not in _PLACES:
                for node in (each for found in by_row.values() for each in found.values()):
                    node.skip(f"the sheet {sheet} states nothing of one chain")
                continue
            for row, metal, found in _rows_of_minerals(by_row, _PLACES[sheet]):
                if sheet == MINES:
                    self.mines.append(Mine(row, metal, found))
                else:
                    self.smelters.append(
                        Smelter(row, metal, found, self._recycled(cell_of(found, 15)))
                    )

    def _recycled(self, node: Node) -> bool | None:
        word = node.text.casefold()
        if word not in self._answers:
            node.doubt("the answer is none of the template's: yes, no or unknown")
        elif self._answers[word] is None:
            node.doubt("answered unknown")
        return self._answers.get(word)


def _answers(smelters: Cells, column: int | None) -> dict[str, bool | None]:
    """The answers to a yes-or-no question, in English and in the language of the file."""
    found: dict[str, bool | None] = {"yes": True, "no": False, "unknown": None}
    if column is not None:
        for row, meaning in ((2, True), (3, False)):
            found.setdefault(str(smelters.get((row, column), "yes")).strip().casefold(), meaning)
    return found


def _rows_of_minerals(
    by_row: Mapping[int, Mapping[int, Node]], places: _Places
) -> Iterator[tuple[int, ApplicableMineral, Mapping[int, Node]]]:
    """The rows with an applicable critical mineral; the cells of all others are settled."""
    first = _first_row(by_row, places)
    for row, cells in by_row.items():
        inputs = {column: node for column, node in cells.items() if column < places.columns}
        for column, node in cells.items():
            if row < first:
                node.skip("heading or instruction of the template")
            elif column not in inputs:
                node.skip("computed by the template for its own use")
        if row < first:
            continue
        if all(_is_filler(node.value) for node in inputs.values()):
            for node in inputs.values():
                node.skip("left in a blank row by a formula of the template")
            continue
        found = _mineral_of(inputs, cell_of(inputs, places.metal))
        if found is not None:
            yield row, found, inputs


def _first_row(by_row: Mapping[int, Mapping[int, Node]], places: _Places) -> int:
    """The first row of data: below four rows of the entire sheet, or below a heading if any."""
    version = cell_of(by_row.get(3, {}), places.version)
    if re.search(r"\d+\.\d+", version.text):
        return 5
    heading = cell_of(by_row.get(1, {}), places.metal).text
    return 1 if _is_metal(heading) else 2


def _is_metal(name: str) -> bool:
    return name.casefold() in _OTHER_METALS or isinstance(as_mineral(name), ApplicableMineral)


def _is_filler(value: Any) -> bool:
    return str(value).strip().casefold() in _FILLERS


def _mineral_of(inputs: Mapping[int, Node], metal: Node) -> ApplicableMineral | None:
    """The mineral of a row; if there is none, the cells of the row are settled."""
    name = "" if _is_filler(metal.value) else metal.text
    found = as_mineral(name)
    if isinstance(found, ApplicableMineral):
        return found
    for node in inputs.values():
        if name.casefold() in _OTHER_METALS:
            node.skip(f"{name.casefold()} is not an applicable critical mineral (26 USC 45X(c)(6))")
        else:
            node.doubt(found.remedy if name else NO_METAL)
    return None
