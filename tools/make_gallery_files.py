"""Write docs/gallery/files/emrt.xlsx: a small smelter list as a workbook, for the gallery.

    python -m tools.make_gallery_files

Its names are made up. The other files of that folder are text and are edited by hand.
"""

from __future__ import annotations

from pathlib import Path

from tests.workbooks import workbook

FOLDER = Path(__file__).parents[1] / "docs" / "gallery" / "files"

SMELTERS = (
    ("CID900101", "Nickel", "Blue Bay Refinery", "Blue Bay Refinery", "JAPAN", "CID900101", "RMI"),
    ("CID900207", "Lithium", "Salar Chemicals", "Salar Chemicals", "CHILE", "CID900207", "RMI"),
    ("", "Cobalt", "Smelter not listed", "Danube Refining Kft", "HUNGARY", "", ""),
    ("", "Graphite", "Smelter not listed", "Eastern Anode Materials", "JAPAN", "", ""),
    ("", "Manganese", "Smelter not listed", "Ardennes Manganese", "BELGIUM", "", ""),
)
MINES = (
    ("Nickel", "Blue Bay Refinery", "Mine A", "", "", "INDONESIA"),
    ("Lithium", "Salar Chemicals", "Salar Grande", "", "", "CHILE"),
    ("Graphite", "Eastern Anode Materials", "Pit 7", "", "", "MOZAMBIQUE"),
    ("Manganese", "Ardennes Manganese", "Kuruman", "", "", "SOUTH AFRICA"),
)
VERSION = "Revision 2.1\nOctober 17, 2025"


def emrt() -> bytes:
    """A filled template, in the places that its version has."""
    smelters = {
        (2, 33): "Yes",
        (3, 33): "No",
        (3, 16): VERSION,
        (4, 1): "Metal (*)",
        **_cells(SMELTERS, 5),
    }
    mines = {(3, 12): VERSION, (4, 0): "Metal", **_cells(MINES, 5)}
    return workbook(
        {
            "Revision": {(3, 1): "Extended Mineral Reporting Template"},
            "Declaration": {(3, 3): "English", (3, 9): VERSION},
            "Smelter List": smelters,
            "Mine List": mines,
        }
    )


def _cells(rows: tuple[tuple[str, ...], ...], first: int) -> dict[tuple[int, int], str]:
    return {
        (first + number, column): cell
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell
    }


if __name__ == "__main__":
    (FOLDER / "emrt.xlsx").write_bytes(emrt())
