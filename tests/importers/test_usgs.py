"""Production by country: shares within the rounding of the total, and nothing that is withheld."""

import csv
import io
from decimal import Decimal
from fractions import Fraction

import pytest
from tests.importing import check, fate, sample

from evcredit.algebra.bounds import Bounds
from evcredit.errors import InvalidFactError
from evcredit.facts.chain import Activity
from evcredit.importers.report import Mapped, Unknown, Unmapped
from evcredit.importers.usgs import import_usgs

WIDE, LONG = "usgs-mcs2025-world-data.csv", "usgs-mcs2026-commodities.csv"
HEAD = "COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023"


def table(*rows, head=HEAD):
    out = io.StringIO()
    csv.writer(out).writerows([head.split(","), *rows])
    return check(import_usgs(out.getvalue()))


def nickel(country, value, mineral="Nickel", product="Mine production", unit="t"):
    return (mineral, country, product, unit, value)


def paths(name, encoding):
    lines = list(csv.reader(io.StringIO(sample(name).decode(encoding))))
    return [
        f"[{index}].{heading}"
        for index, cells in enumerate(lines[1:])
        for heading, cell in zip(lines[0], cells, strict=True)
        if cell.strip()
    ]


def test_the_wide_table_of_2025():
    imported = check(import_usgs(sample(WIDE)), paths(WIDE, "utf-8"))

    assert [(each.mineral.identifier, each.country, each.year) for each in imported.facts] == [
        ("lithium", "AU", 2023),
        ("lithium", "AU", 2024),
        ("lithium", "US", 2023),
        ("lithium", "US", 2024),
        ("cobalt", "CD", 2023),
        ("cobalt", "CD", 2024),
        ("cobalt", "CA", 2023),
        ("cobalt", "CA", 2024),
        ("nickel", None, 2024),
        ("aluminum", "CN", 2023),
        ("aluminum", "CN", 2024),
    ]
    congo = imported.facts[5]
    assert congo.quantity == 219000
    assert congo.share == Bounds(Fraction(219, 295), Fraction(219, 285))
    assert congo.activity is Activity.EXTRACTION
    assert imported.facts[9].activity is Activity.PROCESSING
    assert imported.facts[2].quantity is None
    assert fate(imported, "[1].PROD_2023").why.startswith("withheld")
    assert fate(imported, "[6].PROD_EST_ 2024").to == ("[5].share", "[7].share")
    assert isinstance(fate(imported, "[6].RESERVES_2024"), Unmapped)
    assert len(imported.report.notes) == 6


def test_the_long_table_of_2026_is_in_another_encoding():
    imported = check(import_usgs(sample(LONG)), paths(LONG, "cp1252"))

    assert [(each.country, each.year, each.quantity) for each in imported.facts] == [
        ("ID", 2024, Decimal(2150000)),
        ("NC", 2025, Decimal(98000)),
        ("CN", 2025, Bounds(Decimal(1000000), Decimal("Infinity"))),
        ("CI", 2025, None),
    ]
    assert fate(imported, "[5].Value").why.startswith("a dash")
    assert fate(imported, "[4].Year").why == "no production by country"
    assert fate(imported, "[0].Year").to == ("[0].year",)


def long(**changes):
    values = {
        "Section": "World Mine Production",
        "Commodity": "Nickel",
        "Country": "Chile",
        "Statistics": "Production",
        "Statistics_detail": "Mine production",
        "Unit": "t",
        "Year": "2024",
        "Value": "5",
        **changes,
    }
    return table(values.values(), head=",".join(values))


def test_a_range_of_years_is_no_year():
    imported = long(Year="2021–24")

    assert imported.facts == ()
    assert fate(imported, "[0].Value").why == "the year is not a single one"


def test_other_commodities_state_nothing():
    assert long(Commodity="Gold").facts == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,234", Decimal(1234)),
        ("12.5", Decimal("12.5")),
        ("98,000 e", Decimal(98000)),
        ("e98,000", Decimal(98000)),
        ("r 5", Decimal(5)),
        (">50", Bounds(Decimal(50), Decimal("Infinity"))),
        ("<0.5", Bounds(Decimal(0), Decimal("0.5"))),
        ("0", Decimal(0)),
        ("W", None),
        ("NA", None),
        ("XX", None),
        ("—", None),
        ("–", None),
        ("-", None),
        ("about 5", None),
        ("-5", None),
        ("9" * 20, None),
    ],
)
def test_numbers_as_the_tables_write_them(text, expected):
    imported = table(nickel("Chile", text))

    assert imported.facts[0].quantity == expected
    kind = Unknown if expected is None else Mapped
    assert isinstance(fate(imported, "[0].PROD_2023"), kind)


@pytest.mark.parametrize(
    ("quantity", "total", "share"),
    [
        ("40", "200", Bounds(Fraction(40, 250), Fraction(40, 150))),
        ("40", "201", Bounds(Fraction(80, 403), Fraction(80, 401))),
        ("4.0", "20.5", Bounds(Fraction(80, 411), Fraction(80, 409))),
        (">50", "200", Bounds(Fraction(50, 250), Fraction(1))),
        ("<50", "200", Bounds(Fraction(0), Fraction(50, 150))),
        ("240", "200", Bounds(Fraction(240, 250), Fraction(1))),
        ("260", "200", None),
        ("40", "W", None),
        ("40", "0", None),
        ("0", "100", Bounds(Fraction(0), Fraction(0))),
        ("0", "1", Bounds(Fraction(0), Fraction(0))),
    ],
)
def test_shares_lie_within_the_rounding_of_the_total(quantity, total, share):
    imported = table(nickel("Chile", quantity), nickel("World total (rounded)", total))

    assert imported.facts[0].share == share


def test_the_total_is_no_less_than_what_is_known():
    imported = table(
        nickel("Chile", "40"),
        nickel("Peru", "150"),
        nickel("Other Countries", "5"),
        nickel("World total", "200"),
    )

    assert [each.share.upper for each in imported.facts] == [
        Fraction(40, 195),
        Fraction(150, 195),
        Fraction(5, 195),
    ]
    assert imported.facts[2].country is None


def test_totals_of_other_groups_do_not_count():
    imported = table(
        nickel("Chile", "40"),
        nickel("World total", "200", unit="kg"),
        nickel("World total", "300", product="Refinery production"),
    )

    assert imported.facts[0].share is None
    assert imported.report.notes == ("nickel, Mine production, 2023: no shares without one total",)


def test_a_total_stated_twice_is_unknown():
    imported = table(
        nickel("Chile", "40"), nickel("World total", "200"), nickel("World total", "210")
    )

    assert imported.facts[0].share is None
    assert isinstance(fate(imported, "[2].PROD_2023"), Unknown)


def test_a_total_below_its_countries_is_unknown():
    imported = table(nickel("Chile", "400"), nickel("World total", "200"))

    assert imported.facts[0].share is None
    assert "add up to more" in fate(imported, "[1].PROD_2023").why


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        (nickel("Chile", "5", mineral="Gold"), Unmapped),
        (nickel("Chile", "5", product="Consumption"), Unknown),
        (nickel("Rest of it", "5"), Unknown),
        (nickel("", "5"), Unknown),
        (nickel("Korea", "5"), Unknown),
    ],
)
def test_rows_of_something_else(row, kind):
    imported = table(row)

    assert imported.facts == ()
    assert isinstance(fate(imported, "[0].PROD_2023"), kind)


def test_a_row_without_a_unit():
    assert table(nickel("Chile", "5", unit="")).facts[0].unit is None


def test_headings_of_another_language_are_refused():
    for text in ("Rohstoff,Land\nNickel,Chile", ""):
        with pytest.raises(InvalidFactError, match="lacks the headings COMMODITY"):
            import_usgs(text)


@pytest.mark.parametrize("name", [WIDE, LONG])
@pytest.mark.parametrize("keep", range(0, 900, 41))
def test_truncated_files_raise_only_our_errors(name, keep):
    try:
        imported = import_usgs(sample(name)[:keep])
    except InvalidFactError:
        return
    check(imported)
