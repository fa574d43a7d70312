"""Folders of files: columns in the names of folders, and what lies beside the rows."""

import json
from datetime import date

import duckdb
import polars as pl
import pytest

from evcredit import InvalidFactError, examples
from evcredit.errors import InvalidFactsError
from evcredit.tables import InvalidFrameError, assess_files
from evcredit.tables.files.paths import partition_of

CLAIM = examples.demonstration_claim()
PRICE, DAY = "vehicle_msrp_cents", "purchase_placed_in_service"
CLASS, FLAG = "vehicle_class", "purchase_vin_on_return"
ENGINES = ["polars", "duckdb"]
CARS = pl.DataFrame(
    {
        "key": [1, 2, 3, 4],
        PRICE: [54_000_00, 81_000_00, 60_000_00, 54_000_00],
        DAY: [date(2024, 6, 3), date(2024, 6, 3), date(2024, 6, 3), None],
        CLASS: ["sport utility vehicle", "sport utility vehicle", "other vehicle", None],
        FLAG: [True, True, False, True],
        "dealer": ["a b/c=%é", None, "", "d"],
    }
)


def assessed(inputs, out, **options):
    """The rows of a run, in the order of their keys."""
    options = {"assume": CLAIM, "unknown": True, "progress": False, **options}
    assess_files(inputs, out, **options)
    parts = [pl.read_parquet(path) for path in sorted(out.glob("*.parquet"))]
    return pl.concat(parts).with_columns(pl.col("reason").cast(pl.String)).sort("key")


@pytest.fixture
def flat(tmp_path):
    folder = tmp_path / "flat"
    folder.mkdir()
    CARS.write_parquet(folder / "cars.parquet")
    return assessed(folder, tmp_path / "from-flat")


def write(writer, folder, by):
    if writer == "polars":
        CARS.write_parquet(folder, partition_by=by)
    else:
        with duckdb.connect() as connection:
            connection.register("cars", CARS.to_arrow())
            connection.table("cars").write_parquet(str(folder), partition_by=by)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("writer", ENGINES)
@pytest.mark.parametrize("by", [[DAY], [PRICE, FLAG], [CLASS, "dealer"]])
def test_the_names_of_folders_are_columns(tmp_path, flat, engine, writer, by):
    """Of any kind, percent-encoded, and null, as two libraries write them."""
    write(writer, tmp_path / "in", by)

    found = assessed(tmp_path / "in", tmp_path / "out", engine=engine)

    assert found.select(flat.columns).equals(flat)
    assert {False, None} <= set(flat["verdict"]) and True in set(flat["verdict"])
    again = assessed(str(tmp_path / "in" / "**" / "*.parquet"), tmp_path / "o2", engine=engine)
    assert again.select(flat.columns).equals(flat)


def test_a_single_file_of_a_partition_has_its_columns(tmp_path):
    folder = tmp_path / f"{PRICE}=8100000" / f"{CLASS}=sport%20utility%20vehicle"
    folder.mkdir(parents=True)
    CARS.select("key").write_parquet(folder / "cars.parquet")
    CARS.select("key").write_csv(folder / "cars.csv")
    for number, given in enumerate((folder / "cars.csv", str(folder / "*.parquet"))):
        found = assessed([given], tmp_path / f"out{number}")
        assert set(found["reason"]) == {"msrp_within_limit"}
        assert found.columns[:3] == ["key", PRICE, CLASS]
    manifest = json.loads((tmp_path / "out1" / "manifest.json").read_text())
    assert PRICE in manifest["options"]["columns_read"]


@pytest.mark.parametrize(
    ("name", "what"),
    [
        (f"{PRICE}=8100000.0", "give whole numbers of cents in digits alone"),
        (f"{DAY}=05%2F02%2F2024", "give days as 2023-02-05"),
        (f"{DAY}=2024-06-03 00%3A00%3A00", "give days as 2023-02-05"),
        (f"{FLAG}=1", "give true or false"),
        (f"{CLASS}=", "an empty text in quotes is no value"),
        ("price=5", "looks like a fact and is not read; did you mean vehicle_msrp_cents?"),
    ],
)
def test_a_name_of_a_folder_that_does_not_say_one_thing(tmp_path, name, what):
    (tmp_path / "in" / name).mkdir(parents=True)
    CARS.select("key").write_parquet(tmp_path / "in" / name / "cars.parquet")

    with pytest.raises(InvalidFrameError) as caught:
        assessed(tmp_path / "in", tmp_path / "out")

    (problem,) = caught.value.problems
    assert what in problem.what
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("engine", ENGINES)
def test_a_column_of_folder_and_file_must_say_the_same(tmp_path, engine):
    """Polars writes it into both. What no rule reads is taken from the file."""
    folder = tmp_path / "in" / f"{PRICE}=8100000" / "key=x"
    folder.mkdir(parents=True)
    CARS.select("key", PRICE).write_parquet(folder / "cars.parquet")
    with pytest.raises(InvalidFrameError) as caught:
        assessed(tmp_path / "in", tmp_path / "out", engine=engine)
    (problem,) = caught.value.problems
    assert (problem.column, problem.rows) == (PRICE, 3)
    assert problem.what.startswith("the folder above the file says 8100000")
    assert problem.examples == (5_400_000, 6_000_000, 5_400_000)
    CARS.filter(pl.col("key") == 2).select("key", PRICE).write_parquet(folder / "cars.parquet")
    assert assessed(tmp_path / "in", tmp_path / "o2", engine=engine)["key"].to_list() == [2]


def test_files_of_other_partitions_are_told(tmp_path):
    for folder in ("year=2024", "month=6"):
        (tmp_path / "in" / folder).mkdir(parents=True)
        CARS.select("key").write_parquet(tmp_path / "in" / folder / "cars.parquet")
    with pytest.raises(InvalidFactError, match="lacks month; has year"):
        assessed(tmp_path / "in", tmp_path / "out")


def test_what_the_folders_right_above_a_file_say(tmp_path):
    assert partition_of(tmp_path / "a=1" / "in" / "cars.parquet") == ()
    assert partition_of(tmp_path / "=1" / "cars.parquet") == ()
    named = tmp_path / "a%20b=x=y" / "c=__HIVE_DEFAULT_PARTITION__" / "cars.parquet"
    assert partition_of(named) == (("a b", "x=y"), ("c", None))


def test_marks_and_checksums_are_no_rows(tmp_path, flat):
    """Spark writes them beside its files."""
    folder = tmp_path / "flat"
    for name in ("_SUCCESS", ".cars.parquet.crc", "cars.crc", "_committed_1", "notes.txt"):
        (folder / name).touch()
    (folder / "bad").mkdir()

    assert assessed(folder, tmp_path / "out").equals(flat)


@pytest.mark.parametrize(
    ("name", "pattern", "what"),
    [
        ("cars.csv.gz", "", "this file is compressed; unpack it"),
        ("cars.csv.gz", "*", "this file is compressed; unpack it"),
        ("cars.tsv", "", "give files that end in .parquet or .csv"),
        ("_SUCCESS", "*", "this file holds no rows; give the folder, or a pattern such as"),
        ("cars.crc", "*", "this file holds no rows"),
        ("cars.xlsx", "*", "give files that end in .parquet or .csv"),
        ("more/cars.parquet", "", "this folder lies inside in; give a pattern such as"),
    ],
)
def test_what_lies_beside_the_rows_gets_the_message_that_helps(tmp_path, name, pattern, what):
    folder = tmp_path / "in"
    (folder / name).parent.mkdir(parents=True)
    CARS.write_parquet(folder / "cars.parquet")
    (folder / name).touch()

    with pytest.raises((InvalidFactError, InvalidFactsError), match=what) as caught:
        assessed(folder / pattern if pattern else folder, tmp_path / "out")

    # Of a long path the end is shown.
    assert str(folder / name.split("/")[0])[-30:] in str(caught.value)


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (5, "give the path of a file or folder, or several"),
        ([5], "give the path of a file or folder as text"),
        (None, "give the path of a file or folder, or several"),
        ([], "give at least one file"),
    ],
)
def test_inputs_that_are_no_paths(tmp_path, given, what):
    with pytest.raises(InvalidFactError, match=f"inputs: found .*; {what}"):
        assessed(given, tmp_path / "out")


def test_a_folder_without_files(tmp_path):
    (tmp_path / "in").mkdir()
    with pytest.raises(InvalidFactError, match="this folder holds no file that ends in"):
        assessed(tmp_path / "in", tmp_path / "out")


def test_a_pattern_of_folders_names_no_file(tmp_path):
    (tmp_path / "in" / "a").mkdir(parents=True)
    with pytest.raises(InvalidFactError, match="give at least one file"):
        assessed(str(tmp_path / "in" / "*"), tmp_path / "out")
