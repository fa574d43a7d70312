"""Any file that an importer reads, by what is in it."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from evcredit.errors import InvalidFactError, nearest
from evcredit.importers.battery_pass import import_battery_pass
from evcredit.importers.battery_passport import import_battery_passport
from evcredit.importers.bill_of_materials import import_bill_of_materials
from evcredit.importers.bods import import_bods
from evcredit.importers.bods_statements import document_of
from evcredit.importers.decode import as_bytes, rows, text_of
from evcredit.importers.fuel_economy import import_fuel_economy
from evcredit.importers.gleif import import_gleif
from evcredit.importers.report import Imported
from evcredit.importers.rmi import import_rmi
from evcredit.importers.us_tariff import import_us_tariff
from evcredit.importers.usgs import import_usgs
from evcredit.importers.vpic import import_vpic
from evcredit.importers.workbook import is_workbook

__all__ = ["FORMATS", "format_of", "import_file"]

Importer = Callable[..., Imported[Any]]

#: The formats by the names that `import_file` knows them by.
FORMATS: Mapping[str, Importer] = {
    "rmi": import_rmi,
    "us-tariff": import_us_tariff,
    "battery-passport": import_battery_passport,
    "battery-pass": import_battery_pass,
    "bill-of-materials": import_bill_of_materials,
    "bods": import_bods,
    "gleif": import_gleif,
    "vpic": import_vpic,
    "fuel-economy": import_fuel_economy,
    "usgs": import_usgs,
}

#: Names that only objects of one format have.
_OBJECTS = {
    "materialList": "us-tariff",
    "childItems": "bill-of-materials",
    "materials": "battery-passport",
    "batteryMaterials": "battery-pass",
    "manufacturingPlace": "battery-pass",
    "recycledContent": "battery-pass",
    "batteryTechicalProperties": "battery-pass",
    "recordType": "bods",
    "statementId": "bods",
    "Results": "vpic",
    "Plant Country": "vpic",
    "PlantCountry": "vpic",
}
#: Headings that only tables of one format have.
_HEADINGS = {
    "VClass": "fuel-economy",
    "Relationship.StartNode.NodeID": "gleif",
    "Statistics_detail": "usgs",
    "UNIT_MEAS": "usgs",
}


def format_of(data: bytes | str) -> str:
    """Return the name of the format that a file is in.

    Args:
        data: The file.

    Raises:
        InvalidFactError: It is in none that is read.

    >>> format_of('{"globalAssetId": "a", "childItems": []}')
    'bill-of-materials'
    """
    content = as_bytes(data)
    if is_workbook(content):
        return "rmi"
    text = text_of(content, otherwise="cp1252")
    if text.lstrip()[:1] in {"{", "["}:
        document = document_of(content)
        names = [name for each in document if isinstance(each, dict) for name in each]
        found = next((_OBJECTS[name] for name in names if name in _OBJECTS), None)
    else:
        table = rows(text)
        names = [cell.strip() for row in table[:5] for cell in row]
        found = next((_HEADINGS[name] for name in names if name in _HEADINGS), None)
        # A list of smelters or mines is known by nothing but its width: its headings may be in
        # any language.
        widths = {len(row) for row in table}
        found = found or ("rmi" if widths and max(widths) in {13, 17} else None)
    if found is None:
        raise InvalidFactError(
            "file", content[:20], f"this is none of the formats {', '.join(FORMATS)}; name it"
        )
    return found


def import_file(
    data: bytes | str, *, name: str | None = None, options: Mapping[str, Any] | None = None
) -> Imported[Any]:
    """Read a file of any format that an importer reads.

    Args:
        data: The file.
        name: The name of the format, as in `FORMATS`; found by what is in the file if omitted.
        options: Keyword arguments of the importer of the format.

    Returns:
        What the importer returns.

    Raises:
        InvalidFactError: The format is none, or has no such option, or the file is not in it.
        EvcreditError: The extra for workbooks is not installed.

    >>> import_file('{"Plant Country": "MEXICO"}').facts[0].final_assembly_country
    'MX'
    """
    name = format_of(data) if name is None else name
    if name not in tuple(FORMATS):  # which may be of any type
        raise InvalidFactError("name", name, f"the formats are {', '.join(FORMATS)}")
    importer = FORMATS[name]
    keywords = [
        each
        for each in inspect.signature(importer).parameters.values()
        if each.kind is each.KEYWORD_ONLY
    ]
    known = [each.name for each in keywords]
    required = [each.name for each in keywords if each.default is each.empty]
    stated = dict(options or {})
    for option, value in stated.items():
        if option not in known:
            near = nearest(option, known, 1)
            hint = f"did you mean {near[0]}?" if near else f"it has {', '.join(known) or 'none'}"
            raise InvalidFactError(option, value, f"{name} has no such option; {hint}")
    for option in required:
        if option not in stated:
            raise InvalidFactError(option, None, f"{name} needs this option")
    return importer(data, **stated)
