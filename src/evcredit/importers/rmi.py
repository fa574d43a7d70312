"""Reporting templates of the Responsible Minerals Initiative: EMRT, CMRT and AMRT."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import attrs

from evcredit.algebra.field import as_text
from evcredit.errors import InvalidFactError
from evcredit.facts.chain import Activity, MineralSource, Step
from evcredit.importers.decode import as_bytes, digest
from evcredit.importers.leaves import Leaves, Node
from evcredit.importers.report import Imported
from evcredit.importers.rmi_rows import (
    MINES,
    SMELTERS,
    TEMPLATES,
    Mine,
    Smelter,
    SupplierRows,
    cells_of_text,
    name_key,
    template_of,
)
from evcredit.importers.supply import BatteryFacts, as_listed_country
from evcredit.importers.workbook import is_workbook, sheets

__all__ = ["import_rmi"]

# Columns of the Smelter List, from 0.
_NUMBER, _METAL, _LOOK_UP, _NAME, _COUNTRY, _IDENTIFIER, _ISSUER = range(7)
_MINE_NAMES, _MINE_COUNTRIES, _ALL_RECYCLED = 13, 14, 15
# Columns of the Mine List.
_MINE_METAL, _SMELTERS_NAME, _MINE, _MINE_NUMBER, _MINE_OTHER, _MINE_COUNTRY = range(6)

_NOT_LISTED, _NOT_IDENTIFIED, _NO_NAME = (
    "smelter not listed",
    "smelter not yet identified",
    "unknown",
)
_NO_PLACE = {"unknown", "zz"}
_RECYCLED = {"recycled", "scrap"}
_SEVERAL = re.compile(r"\s*[;\n\r|]\s*")
ONE_BY_ONE = "the Mine List names the mines one by one"
_SEVERAL_NAMES = re.compile(r"[;,/|&\n\r]|\band\b")


def import_rmi(
    data: bytes | str,
    *,
    template: str | None = None,
    mine_list: bytes | str | None = None,
    recycled_where_smelted: bool = False,
    steps_are_complete: bool = False,
) -> Imported[BatteryFacts]:
    """Read the smelters and mines of an EMRT, CMRT or AMRT as procurement chains.

    What may be stated from it: that a supplier declares that a smelter or refiner of a mineral,
    and mines behind it, are among those that could have supplied. A declaration covers a company
    or a product line, not one battery. It has no shares, values or days, and does not say whether
    anyone is a foreign entity of concern (26 USC 30D(d)(7)). Several rows for one mineral are
    several possible chains, not parts of one. So each chain comes without a value, and the chains
    are not known to be all.

    Cells are read by their place and the version of the template, never by headings, which are in
    the language picked by the person who filled the file.

    Args:
        data: The workbook (needs the extra ``evcredit[xlsx]``), or the Smelter List as
            comma-separated values, with its heading row or as the entire sheet.
        template: ``"EMRT 2.0"``, ``"EMRT 2.1"``, ``"CMRT 6.5"`` or ``"AMRT 1.3"``; a workbook
            says so itself.
        mine_list: The Mine List as comma-separated values. A workbook has its own.
        recycled_where_smelted: Whether what comes from scrap was recycled where the smelter is,
            and by it. The template does not say.
        steps_are_complete: Whether the smelter performed all of the processing. The template does
            not say; unless it is confirmed, each chain has one more processing step in an
            unknown place.

    Returns:
        Chains in the order of the rows. A smelter with several mines has a chain for each.

    Raises:
        InvalidFactError: The file is not such a template, or of a version that is not read.
        EvcreditError: The extra for workbooks is not installed.

    >>> table = '''Number,Metal,Look-up,Name,Country
    ... CID900101,Nickel,Blue Bay Refinery,Blue Bay Refinery,JAPAN'''
    >>> imported = import_rmi(table, template="EMRT 2.1", steps_are_complete=True)
    >>> for step in imported.facts.minerals[0].steps:
    ...     print(step.activity, step.country, step.by)
    None None None
    processing JP Blue Bay Refinery
    >>> print(imported.report.mapped[-1])
    Smelter List!E2 'JAPAN' -> minerals[0].steps[1].country
    """
    content = as_bytes(data)
    if template is not None and template not in tuple(TEMPLATES):
        raise InvalidFactError("template", template, f"give one of {', '.join(TEMPLATES)}")
    if is_workbook(content):
        if mine_list is not None:
            raise InvalidFactError(
                "mine_list", "a second file", "omit it; a workbook has its own Mine List"
            )
        tables = sheets(content)
        source = template_of(tables, template)
        leaves = Leaves(source, digest(content))
        found = SupplierRows(leaves, tables, TEMPLATES[source])
    else:
        if template is None:
            raise InvalidFactError(
                "template", None, f"say which template this is: {', '.join(TEMPLATES)}"
            )
        tables = {SMELTERS: cells_of_text(content, SMELTERS)}
        if mine_list is not None:
            tables[MINES] = cells_of_text(as_bytes(mine_list, "mine_list"), MINES)
        source = template
        leaves = Leaves(source, digest(content))
        found = SupplierRows(leaves, tables, None)
    chains = _Chains(source, recycled_where_smelted, steps_are_complete)
    for smelter in found.smelters:
        chains.of_smelter(smelter, _mines_of(smelter, found.mines))
    for mine in found.mines:
        if not mine.joined:
            chains.of_mine(mine)
    return leaves.imported(BatteryFacts(minerals=tuple(chains.found)))


def _mines_of(smelter: Smelter, mines: Sequence[Mine]) -> list[Mine]:
    """The rows of the Mine List that name a smelter of the same mineral."""
    names = {name_key(smelter.cell(column).text) for column in (_LOOK_UP, _NAME)}
    names -= {"", _NOT_LISTED, _NOT_IDENTIFIED, _NO_NAME}
    found = [
        mine
        for mine in mines
        if mine.mineral == smelter.mineral and name_key(mine.cell(_SMELTERS_NAME).text) in names
    ]
    for mine in found:
        mine.joined = True
    return found


@attrs.frozen(kw_only=True)
class _Part:
    """One step of a chain, and the cells that it comes from.

    Args:
        step: The step.
        cells: Cells, each with the fact of the chain that it became.
        told: What the evidence of the chain says of it.
    """

    step: Step
    cells: tuple[tuple[Node, str], ...] = ()
    told: str = ""


class _Chains:
    """Chains built from rows.

    Args:
        template: The template and its version.
        recycled_where_smelted: Whether scrap was recycled where the smelter is.
        complete: Whether the smelter performed all of the processing.
    """

    def __init__(self, template: str, recycled_where_smelted: bool, complete: bool) -> None:
        self._template = template
        self._recycled_where_smelted = recycled_where_smelted
        self._complete = complete
        self.found: list[MineralSource] = []

    def of_smelter(self, smelter: Smelter, mines: Sequence[Mine]) -> None:
        """Add the chains through a smelter: one for each mine, or one."""
        processing = self._processing(smelter)
        origins = [*map(_extraction, mines), *self._origins(smelter, mines, processing.step)]
        for origin in origins:
            self._add(smelter, origin, processing)

    def of_mine(self, mine: Mine) -> None:
        """Add the chain from a mine to a smelter that the Smelter List does not have."""
        node = mine.cell(_SMELTERS_NAME)
        by = None
        if _SEVERAL.search(node.text):
            node.doubt("more than one name in a cell", *_SEVERAL.split(node.text))
        else:
            by = node.peek(as_text)
        cells = ((node, "steps[1].by"),) if by else ()
        processing = _Part(step=Step(activity=Activity.PROCESSING, by=by), cells=cells)
        self._add(mine, _extraction(mine), processing)

    def _processing(self, smelter: Smelter) -> _Part:
        cells: list[tuple[Node, str]] = [(smelter.cell(_METAL), "mineral")]
        country = _country_of(smelter.cell(_COUNTRY))
        if country:
            cells.append((smelter.cell(_COUNTRY), "steps[1].country"))
        by, named = _smelter_name(smelter)
        cells += [(node, "steps[1].by") for node in named]
        told, numbers = _identifier(smelter)
        cells += [(node, "evidence") for node in numbers]
        step = Step(activity=Activity.PROCESSING, country=country, by=by)
        return _Part(step=step, cells=tuple(cells), told=told)

    def _origins(
        self, smelter: Smelter, mines: Sequence[Mine], processing: Step
    ) -> Iterator[_Part]:
        """The first steps that a row of the Smelter List states on its own."""
        names, places = smelter.cell(_MINE_NAMES), smelter.cell(_MINE_COUNTRIES)
        answer = smelter.cell(_ALL_RECYCLED)
        words = [node for node in (names, places) if node.text.casefold() in _RECYCLED]
        others = [node for node in (names, places) if node.stated and node not in words]
        mined = bool(mines) or bool(others) or smelter.recycled is False
        recycled = bool(words) or smelter.recycled is True
        if recycled and mined:
            for node in (*words, *others, answer):
                node.doubt("the row contradicts itself", "all of it is recycled", "it is mined")
            if not mines:
                yield _Part(step=Step())
        elif recycled:
            yield self._recycling((answer, *words), processing)
        elif mines:
            yield from _further_place(places, mines)
            for node in (names, answer):
                node.skip(ONE_BY_ONE)
        elif others or smelter.recycled is False:
            yield _mine_in_a_cell(names, places, answer)
        else:
            yield _Part(step=Step())

    def _recycling(self, nodes: Sequence[Node], processing: Step) -> _Part:
        there = processing if self._recycled_where_smelted else Step()
        step = Step(activity=Activity.RECYCLING, country=there.country, by=there.by)
        cells = tuple((node, "steps[0].activity") for node in nodes if node.stated)
        return _Part(step=step, cells=cells)

    def _add(self, row: Smelter | Mine, origin: _Part, processing: _Part) -> None:
        place = f"minerals[{len(self.found)}]"
        where = [f"{SMELTERS} row {row.number}"] if isinstance(row, Smelter) else []
        told = [part.told for part in (processing, origin) if part.told]
        steps = [origin.step, processing.step]
        if not self._complete:
            steps.append(Step(activity=Activity.PROCESSING))
        self.found.append(
            MineralSource(
                mineral=row.mineral,
                steps=tuple(steps),
                evidence=f"{self._template}, {', '.join([*where, *told])}",
            )
        )
        for node, fact in (*origin.cells, *processing.cells):
            node.map(f"{place}.{fact}")


def _country_of(node: Node) -> str | None:
    if node.text.casefold() in _NO_PLACE:
        node.doubt("no place is known")
        return None
    found: str | None = node.peek(as_listed_country)
    return found


def _smelter_name(smelter: Smelter) -> tuple[str | None, tuple[Node, ...]]:
    """Who the smelter is, and the cells that say so."""
    look_up, name = smelter.cell(_LOOK_UP), smelter.cell(_NAME)
    choice = look_up.text.casefold()
    if choice == _NOT_IDENTIFIED or name.text.casefold() == _NO_NAME:
        for node in (look_up, name):
            node.doubt("the smelter is not identified")
        return None, ()
    stated = name.peek(as_text)
    if choice == _NOT_LISTED:
        look_up.skip("a choice of the template, not a name")
        return stated, ((name,) if stated else ())
    if stated is None:
        stated = look_up.peek(as_text)
        return stated, ((look_up,) if stated else ())
    if name_key(look_up.text) == name_key(name.text):
        return stated, (name, look_up)
    look_up.skip("another name of the smelter; its standard name is read")
    return stated, (name,)


def _identifier(smelter: Smelter) -> tuple[str, tuple[Node, ...]]:
    """The identification number of a smelter, in words, and the cells that state it."""
    stated = [smelter.cell(column) for column in (_NUMBER, _IDENTIFIER)]
    numbers = dict.fromkeys(node.peek(as_text) for node in stated if node.stated)
    if len(numbers) > 1:
        for node in stated:
            node.doubt("the row has two identification numbers", *map(str, numbers))
    if len(numbers) != 1 or None in numbers:
        return "", ()
    issuer = smelter.cell(_ISSUER)
    nodes = [node for node in stated if node.stated]
    by = issuer.peek(as_text)
    if by:
        nodes.append(issuer)
    return f"smelter {next(iter(numbers))}{f' of {by}' if by else ''}", tuple(nodes)


def _extraction(mine: Mine) -> _Part:
    """The extraction in a row of the Mine List."""
    country, by = _country_of(mine.cell(_MINE_COUNTRY)), mine.cell(_MINE).peek(as_text)
    number = mine.cell(_MINE_NUMBER).peek(as_text)
    stated = (
        (mine.cell(_MINE_METAL), "mineral", True),
        (mine.cell(_MINE_COUNTRY), "steps[0].country", country),
        (mine.cell(_MINE), "steps[0].by", by),
        (mine.cell(_MINE_NUMBER), "evidence", number),
        (mine.cell(_SMELTERS_NAME), "steps[1].by", mine.joined),
    )
    return _Part(
        step=Step(activity=Activity.EXTRACTION, country=country, by=by),
        cells=tuple((node, fact) for node, fact, value in stated if value),
        told=f"{MINES} row {mine.number}{f', mine {number}' if number else ''}",
    )


def _further_place(places: Node, mines: Sequence[Mine]) -> Iterator[_Part]:
    """One more extraction, if the row names a country in which no row of the Mine List is."""
    known = {as_listed_country(mine.cell(_MINE_COUNTRY).text) for mine in mines}
    parts = [part for part in _SEVERAL.split(places.text) if part]
    if parts and all(as_listed_country(part) in known for part in parts):
        places.skip(ONE_BY_ONE)
        return
    country = _one_country(places)
    if country:
        step = Step(activity=Activity.EXTRACTION, country=country)
        yield _Part(step=step, cells=((places, "steps[0].country"),))


def _mine_in_a_cell(names: Node, places: Node, answer: Node) -> _Part:
    """The extraction that a row of the Smelter List names in its own cells."""
    cells: list[tuple[Node, str]] = []
    if answer.stated:
        cells.append((answer, "steps[0].activity"))
    country, by = _one_country(places), None
    if country:
        cells.append((places, "steps[0].country"))
    if _SEVERAL_NAMES.search(names.text):
        names.doubt("a cell with a separator", "one mine of that name", "several mines")
    else:
        by = names.peek(as_text)
    if by:
        cells.append((names, "steps[0].by"))
    step = Step(activity=Activity.EXTRACTION, country=country, by=by)
    return _Part(step=step, cells=tuple(cells))


def _one_country(node: Node) -> str | None:
    """The country in a cell that may name several."""
    parts = [part for part in _SEVERAL.split(node.text) if part]
    if len(parts) > 1:
        node.doubt("more than one country in a cell", *parts)
        return None
    return _country_of(node)
