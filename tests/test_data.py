"""The data files."""

from datetime import date
from importlib.resources import files

import pytest

from evcredit import Citation
from evcredit.data import load

FILES = [
    "agreements.toml",
    "countries.toml",
    "deferred.toml",
    "forms.toml",
    "hypotheticals.toml",
    "listings.toml",
    "manufacturers.toml",
    "minerals.toml",
    "open_points.toml",
    "renamed_codes.toml",
    "schedules.toml",
    "sentences.toml",
    "trade_words.toml",
    "vehicle_classes.toml",
]


def test_all_files_are_known():
    """Every data file of the package is one of these, and the other way round."""
    found = sorted(each.name for each in files("evcredit.data").iterdir())
    assert [name for name in found if name.endswith(".toml")] == FILES


@pytest.mark.parametrize("file", FILES)
def test_files_hold_no_floats(file):
    """Numbers are whole or text: nothing is rounded on the way in."""

    def leaves(value):
        if isinstance(value, dict):
            return [leaf for inner in value.values() for leaf in leaves(inner)]
        if isinstance(value, list):
            return [leaf for inner in value for leaf in leaves(inner)]
        return [value]

    found = leaves(load(file))
    assert found
    assert {type(leaf) for leaf in found} <= {str, int, bool, date}


def test_every_number_of_the_law_has_a_citation_and_a_day_of_enactment():
    """No entry without provenance."""
    entries = [
        each for parameter in load("schedules.toml").values() for each in parameter["entries"]
    ]
    assert len(entries) > 20
    for entry in entries:
        assert Citation.parse(entry["citation"])
        assert isinstance(entry["known_from"], date)
        assert isinstance(entry["start"], date)


MARKS = {"V", "V2", "R"}
QUARTERS = {1: (1, 1), 2: (4, 1), 3: (7, 1), 4: (10, 1)}


def first_day_of_quarter(year, quarter):
    """The first day of a calendar quarter, counted on past the end of the year."""
    year, quarter = year + (quarter - 1) // 4, (quarter - 1) % 4 + 1
    return date(year, *QUARTERS[quarter])


def test_manufacturers():
    """Each make is under one manufacturer, with a mark; what is said of the limit is dated."""
    rows = load("manufacturers.toml")["manufacturers"]
    makes = [make for row in rows for make in row["makes"]]
    assert len(makes) == len(set(makes))
    assert len({row["identifier"] for row in rows}) == len(rows)
    assert {mark for row in rows for mark in row["makes"].values()} <= MARKS
    reached = {row["name"]: row["limit"] for row in rows if "limit" in row}
    assert {name: (each["year"], each["quarter"]) for name, each in reached.items()} == {
        "Tesla": (2018, 3),
        "General Motors": (2018, 4),
        "Toyota": (2022, 2),
    }
    for each in reached.values():
        assert Citation.parse(each["citation"])
        assert each["source"]
        assert {each["mark"], each["known_from_mark"]} <= MARKS


@pytest.mark.parametrize("name", ["Tesla", "General Motors", "Toyota"])
def test_the_quarter_of_the_200_000th_vehicle_gives_the_published_days(name):
    """Half from the second quarter after it, a quarter two quarters later, nothing after two more.

    Former 26 USC 30D(e)(2), (3).
    """
    rows = load("manufacturers.toml")["manufacturers"]
    (limit,) = [row["limit"] for row in rows if row["name"] == name]
    computed = {
        percent: first_day_of_quarter(limit["year"], limit["quarter"] + later)
        for percent, later in (("50", 2), ("25", 4), ("0", 6))
    }
    assert {**limit["published"], **limit.get("announced", {})} == computed
