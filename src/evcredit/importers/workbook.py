"""Workbooks of Excel as cells; needs the extra ``evcredit[xlsx]``."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from typing import Any

from evcredit.errors import InvalidFactError, MissingExtraError
from evcredit.importers import decode

__all__ = ["Cells", "is_workbook", "sheets"]

#: By row (from 1) and column (from 0), what is in the cells that are not empty.
Cells = dict[tuple[int, int], Any]


def is_workbook(data: bytes) -> bool:
    """Return whether bytes begin as a workbook does.

    >>> is_workbook(b"Metal,Smelter")
    False
    """
    return data.startswith(b"PK\x03\x04")


def sheets(data: bytes, what: str = "file") -> dict[str, Cells]:
    """Return the cells of every sheet, with the stored results of formulas.

    A formula without a stored value, and one that ended in an error, is an empty cell: the reader
    does not distinguish them.

    Args:
        data: The bytes of an ``.xlsx`` or ``.xlsm`` file.
        what: What to call the file in an error.

    Raises:
        MissingExtraError: The extra is not installed.
        InvalidFactError: The bytes are not such a workbook, or unpack to more than 512 MiB.
    """
    try:
        import python_calamine  # noqa: PLC0415  # an extra
    except ModuleNotFoundError as error:
        raise MissingExtraError("reading a workbook", error.name, "xlsx") from error
    _check_size(data, what)
    try:
        with python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            return {
                name: _cells(book.get_sheet_by_name(name).to_python(skip_empty_area=False))
                for name in book.sheet_names
            }
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise InvalidFactError(
            what, data[:20], f"give a workbook that opens in Excel; {error}"
        ) from None


def _check_size(data: bytes, what: str) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(part.file_size for part in archive.infolist())
    except zipfile.BadZipFile as error:
        raise InvalidFactError(
            what, data[:20], f"give a workbook that opens in Excel; {error}"
        ) from None
    if size > decode.LARGEST:
        raise InvalidFactError(
            what, f"{size} bytes unpacked", f"give a workbook of at most {decode.LARGEST:,} bytes"
        )


def _cells(table: list[list[Any]]) -> Cells:
    return {
        (row, column): _value(cell)
        for row, cells in enumerate(table, 1)
        for column, cell in enumerate(cells)
        if cell is not None and str(cell).strip()
    }


def _value(cell: Any) -> Any:
    """A cell as text, a flag, or a number as its shortest decimal."""
    if isinstance(cell, bool | str):
        return cell
    return Decimal(repr(cell)) if isinstance(cell, float) else str(cell)
