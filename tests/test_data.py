"""The data files."""

from datetime import date
from importlib.resources import files

import pytest

from evcredit import Citation
from evcredit.data import load

FILES = ["agreements.toml", "hypotheticals.toml", "minerals.toml", "schedules.toml"]


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
