"""Small workbooks written by hand, with or without the stored results of formulas."""

import io
import zipfile
from xml.sax.saxutils import escape

from evcredit.importers.decode import cell_name

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PARTS = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


class Formula:
    """A formula, with the XML of its stored result if there is one."""

    def __init__(self, text, stored="", kind=""):
        self.text, self.stored, self.kind = text, stored, kind


def workbook(sheets):
    """The bytes of a workbook from names of sheets to cells by (row from 1, column from 0)."""
    out = io.BytesIO()
    numbers = range(1, len(sheets) + 1)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        overrides = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" '
            f'ContentType="{kinds}.worksheet+xml"/>'
            for n in numbers
        )
        archive.writestr(
            "[Content_Types].xml",
            f'{HEAD}<Types xmlns="{PARTS}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            f"{overrides}</Types>",
        )
        archive.writestr("_rels/.rels", _links([("officeDocument", "xl/workbook.xml")]))
        names = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="r{n}"/>'
            for n, name in zip(numbers, sheets, strict=True)
        )
        archive.writestr(
            "xl/workbook.xml",
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{names}</sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            _links([("worksheet", f"worksheets/sheet{n}.xml") for n in numbers]),
        )
        for n, cells in zip(numbers, sheets.values(), strict=True):
            rows = {}
            for (row, column), value in sorted(cells.items()):
                rows.setdefault(row, []).append(_cell(cell_name(column, row), value))
            body = "".join(f'<row r="{row}">{"".join(found)}</row>' for row, found in rows.items())
            archive.writestr(
                f"xl/worksheets/sheet{n}.xml",
                f'{HEAD}<worksheet xmlns="{MAIN}"><sheetData>{body}</sheetData></worksheet>',
            )
    return out.getvalue()


def _links(targets):
    found = "".join(
        f'<Relationship Id="r{n}" Type="{LINKS}/{kind}" Target="{target}"/>'
        for n, (kind, target) in enumerate(targets, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PARTS}/relationships">{found}</Relationships>'


def _cell(name, value):
    match value:
        case Formula():
            stored = f"<v>{value.stored}</v>" if value.stored else ""
            kind = f' t="{value.kind}"' if value.kind else ""
            return f'<c r="{name}"{kind}><f>{escape(value.text)}</f>{stored}</c>'
        case bool():
            return f'<c r="{name}" t="b"><v>{int(value)}</v></c>'
        case str():
            return f'<c r="{name}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'
        case _:
            return f'<c r="{name}"><v>{value}</v></c>'
