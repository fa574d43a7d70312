"""Manufacturers and the quarter of their 200,000th vehicle."""

from datetime import date

import pytest

from evcredit import InvalidFactError
from evcredit.data import load
from evcredit.law.manufacturers import Manufacturer, Manufacturers, Quarter, known_manufacturers


@pytest.mark.parametrize(
    ("day", "quarter"),
    [
        ("2018-01-01", "2018 Q1"),
        ("2018-03-31", "2018 Q1"),
        ("2018-04-01", "2018 Q2"),
        ("2018-09-30", "2018 Q3"),
        ("2018-10-01", "2018 Q4"),
        ("2018-12-31", "2018 Q4"),
    ],
)
def test_quarter_of_a_day(day, quarter):
    assert str(Quarter.of(date.fromisoformat(day))) == quarter


@pytest.mark.parametrize("number", range(1, 5))
def test_first_day_of_a_quarter_lies_in_it(number):
    quarter = Quarter(2020, number)
    assert Quarter.of(quarter.first_day) == quarter
    assert quarter.first_day.day == 1


def test_quarters_are_counted_over_the_end_of_a_year():
    assert Quarter(2018, 3) + 2 == Quarter(2019, 1)
    assert Quarter(2018, 3) + 6 == Quarter(2020, 1)
    assert Quarter(2018, 3).until(Quarter(2020, 1)) == 6
    with pytest.raises(TypeError):
        Quarter(2018, 3) + "two"


def test_who_is_on_record():
    registry = known_manufacturers()
    limited = {each.name: str(each.quarter) for each in registry if each.quarter}
    assert limited == {"Tesla": "2018 Q3", "General Motors": "2018 Q4", "Toyota": "2022 Q2"}
    assert registry.named("CHEVROLET") is registry.named("general motors")
    assert registry.named("Mercedes Benz").name == "Mercedes-Benz"
    assert registry.named("Tesal") is None
    assert registry.near("Tesal") == ("Tesla",)


@pytest.mark.parametrize(
    "row", load("manufacturers.toml")["manufacturers"], ids=lambda row: row["name"]
)
def test_every_name_on_record_is_known_with_and_without_its_endings(row):
    """The company, its makes and its other names, as brands, companies and short names."""
    registry = known_manufacturers()
    for name in (row["name"], *row["makes"], *row.get("also_called", ())):
        for ending in (
            "",
            " Inc.",
            ", Inc.",
            " Motor Company",
            " Motors LLC",
            " of North America, L.L.C.",
        ):
            assert registry.named(name + ending).name == row["name"]
            assert registry.named(name.upper() + ending).name == row["name"]


def test_endings_alone_are_no_name():
    """What is left of a name is never nothing, and a longer name is not a shorter one's."""
    registry = known_manufacturers()
    assert registry.named("Motor Company Inc.") is None
    assert registry.named("Volvo Trucks") is None
    assert registry.named("Fordham Motors") is None
    assert registry.named("") is None


def test_one_takes_the_place_of_its_namesake():
    registry = known_manufacturers().with_one(
        Manufacturer(name="Nissan", makes=("Nissan", "Infiniti"), quarter=Quarter(2021, 4))
    )
    assert registry.named("Infiniti").quarter == Quarter(2021, 4)
    assert len(tuple(registry)) == len(tuple(known_manufacturers()))


def test_a_make_has_one_manufacturer():
    one, other = (Manufacturer(name=name, makes=("Smart",)) for name in ("Geely", "Mercedes"))
    with pytest.raises(InvalidFactError, match="give each make one manufacturer"):
        Manufacturers((one, other))


def test_a_year_has_four_quarters():
    with pytest.raises(InvalidFactError, match=r"manufacturer\.quarter: found .*number=5"):
        Manufacturer(name="Fisker", makes=("Fisker",), quarter=Quarter(2022, 5))
