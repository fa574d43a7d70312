"""CSV files: one strict grammar on both engines, and cells that say one thing or are refused."""

import polars as pl
import pytest

from evcredit import EvcreditError, examples
from evcredit.tables import InvalidFrameError, assess_files
from evcredit.tables.compiler.columns import ColumnKind
from evcredit.tables.files.csv_text import cell_of, counted, heading

CLAIM = examples.demonstration_claim()
PRICE, DAY = "vehicle_msrp_cents", "purchase_placed_in_service"
FLAG, CLASS = "purchase_vin_on_return", "vehicle_class"
ENGINES = ["polars", "duckdb"]


@pytest.fixture(params=ENGINES)
def engine(request):
    return request.param


@pytest.fixture
def told(tmp_path, engine):
    """What becomes of a CSV file: its rows, or the error."""

    def run(content, **options):
        path = tmp_path / "cars.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        options = {"assume": CLAIM, "unknown": True, "engine": engine, **options}
        assess_files(path, tmp_path / "out", progress=False, **options)
        (part,) = (tmp_path / "out").glob("*.parquet")
        return pl.read_parquet(part)

    return run


DAYS = "give days as 2023-02-05, year before month before day, without a time"
NUMBERS = "give whole numbers of cents in digits alone"


@pytest.mark.parametrize(
    ("name", "cell", "what"),
    [
        (DAY, "05/02/2023", DAYS),
        (DAY, "2024-6-3", DAYS),
        (DAY, "20240603", DAYS),
        (DAY, "2023-02-29", DAYS),
        (DAY, "2024-06-03 00:00:00", DAYS),
        (DAY, "2024-06-03T00:00:00Z", DAYS),
        (DAY, "infinity", DAYS),
        (DAY, "0999-01-01", DAYS),
        (DAY, '""', DAYS),
        (PRICE, "5400000.0", NUMBERS),
        (PRICE, "5400000.4", NUMBERS),
        (PRICE, "5.4e6", NUMBERS),
        (PRICE, "5_400_000", NUMBERS),
        (PRICE, '"5,400,000"', NUMBERS),
        (PRICE, " 5400000", NUMBERS),
        (PRICE, "+5400000", NUMBERS),
        (PRICE, "\u0665", NUMBERS),
        (PRICE, "9" * 19, NUMBERS),
        (PRICE, "true", NUMBERS),
        (PRICE, '""', NUMBERS),
        (FLAG, "yes", "give true or false"),
        (FLAG, "1", "give true or false"),
        (FLAG, "t", "give true or false"),
        (FLAG, '""', "give true or false"),
        (CLASS, '""', "an empty text in quotes is no value"),
    ],
)
def test_a_cell_that_does_not_say_one_thing(told, tmp_path, name, cell, what):
    """Is refused on both engines, with the rows of the part, whether or not bad rows are."""
    with pytest.raises(InvalidFrameError) as caught:
        told(f"key,{name}\n1,\n2,{cell}\n3,{cell}\n", strict=False)
    (problem,) = caught.value.problems
    assert (problem.column, problem.rows) == (name, 2)
    assert problem.what.startswith(what)
    assert f"[{tmp_path / 'cars.csv'}, rows 0 to 2 from 0]" in problem.what
    assert problem.examples == (cell.strip('"'),) * 2


def test_cells_do_not_depend_on_their_neighbours(told):
    """One cell with the day first made another engine read the month first in all of them."""
    with pytest.raises(InvalidFrameError) as caught:
        told(f"{DAY}\n05/02/2023\n25/02/2023\n2023-02-05\n")
    assert caught.value.problems[0].examples == ("05/02/2023", "25/02/2023")


def test_faults_of_several_columns_are_told_together(told):
    with pytest.raises(InvalidFrameError) as caught:
        told(f"{PRICE},{DAY}\n5.0,today\n5400000,\n")
    assert [each.column for each in caught.value.problems] == [PRICE, DAY]


def test_cells_that_say_one_thing(told):
    """An empty cell is unknown; in a column that no rule reads, quotes make it an empty text."""
    found = told(
        f"key,{PRICE},{DAY},{FLAG},{CLASS},note\r\n"
        '01,5400000,2024-06-03,true,"sport utility vehicle",""\r\n'
        '"a ""b""\r\nc",8100000,2024-06-03,TRUE,,\r\n'
        "NULL,0005400000,2024-06-03,False,sport utility vehicle,1.5\r\n"
    )
    assert found["key"].to_list() == ["01", 'a "b"\r\nc', "NULL"]
    assert found["note"].to_list() == ["", None, "1.5"]
    assert found[PRICE].to_list() == [5_400_000, 8_100_000, 5_400_000]
    assert found[FLAG].to_list() == [True, True, False]
    assert found[CLASS].to_list()[1] is None
    assert found["verdict"].to_list() == [True, False, False]


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("a,b\n1,2\n3\n", "line 3 has 1 fields and the heading 2"),
        ("a,b\n1,2,3\n", "line 2 has 3 fields and the heading 2"),
        ("a,b\n1,2\n\n3,4\n", "line 3 is empty; write each row with all its fields"),
        ("a,b\n1,2\n\n", "line 3 is empty"),
        ("a,b\n1,2\r\n3,4\n", r"line 2 ends in b'\r\n' and the heading in b'\n'"),
        ("a,b\n1\r,2\n", "line 2 has a carriage return; end lines in"),
        ('a,b\n1"5",2\n', "line 2 has a quote inside a field"),
        ('a,b\n"1"5,2\n', "line 2 has a quote inside a field"),
        ('a,b\n1,"2\n3,4\n', "a quote that begins on line 2 has no end"),
        ('a,b\n"' + "x" * 1_000_001 + '",1\n', "the record on line 2 is longer than 1,000,000"),
        ("a;b\n1;2\n", "fields are separated by ';'; write commas"),
        ("a\tb\n1\t2\n", r"fields are separated by '\t'; write commas"),
        (",b\n0,2\n", "column 1 has no name; give it one (of pandas, to_csv(index=False))"),
        ("a,b,a\n1,2,3\n", "a: several columns have this name in cars.csv; give each its own"),
        ("", "this file has no heading"),
        ("\na,b\n", "this file has no heading"),
        ("a,b\n1,2\n".encode("utf-16"), "write CSV in UTF-8"),
        ('"a"b,c\n', "write CSV in UTF-8, with commas and quotes"),
        (b"a,b\n\xe9,2\n", "cannot be read: "),
    ],
)
def test_files_that_engines_read_each_in_their_own_way(told, tmp_path, content, what):
    """One filled up short rows with unknowns, another skipped empty lines."""
    with pytest.raises(InvalidFrameError) as caught:
        told(content)
    assert what in str(caught.value)
    assert isinstance(caught.value, EvcreditError)
    assert not (tmp_path / "out").exists() or not list((tmp_path / "out").glob("part*"))


def test_one_column_may_have_empty_cells(told):
    found = told(f"\ufeff{PRICE}\n5400000\n\n8100000")
    assert found[PRICE].to_list() == [5_400_000, None, 8_100_000]


def test_a_heading_alone_has_no_rows(told, tmp_path):
    assert len(told(f"key,{PRICE}\n")) == 0
    path = tmp_path / "cars.csv"
    assert counted(path, len(heading(path))) == 0


def test_cells_one_by_one():
    """As the names of folders are read."""
    assert cell_of("TRUE", ColumnKind.FLAG) is True
    assert cell_of("false", ColumnKind.FLAG) is False
    assert cell_of("1", ColumnKind.FLAG) is None
    assert cell_of("van", ColumnKind.TEXT) == "van"
    assert cell_of("", ColumnKind.TEXT) is None
    assert cell_of("2024-02-30", ColumnKind.DAY) is None
