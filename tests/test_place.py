"""Places as facts: countries, states and provinces, and text with two readings."""

from __future__ import annotations

import copy
import pickle

import attrs
import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcredit.algebra.field import Fault
from evcredit.errors import InvalidFactError
from evcredit.facts.chain import MineralSource, Step
from evcredit.facts.component import BatteryComponent
from evcredit.facts.country import TERRITORY_OF, country_code, country_name
from evcredit.facts.ownership import Entity
from evcredit.facts.place import (
    Place,
    as_country,
    as_place_of_assembly,
    as_written,
    certain,
    doubt_about,
    is_doubtful,
    place_name,
)
from evcredit.facts.subdivision import part_called, subdivisions_of
from evcredit.facts.vehicle import Vehicle
from evcredit.io import claim_from_json, claim_to_json

#: The states, the district and the territories with people of their own (US Census Bureau).
STATES_AND_TERRITORIES = (
    *("AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN"),
    *("IA", "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH"),
    *("NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT"),
    *("VT", "VA", "WA", "WV", "WI", "WY", "AS", "GU", "MP", "PR", "VI"),
)
COUNTRIES = {record.alpha_2 for record in pycountry.countries}


def refused(value: object) -> str:
    """What is said about a place of assembly that is refused."""
    found = as_place_of_assembly(value)
    assert isinstance(found, Fault), found
    assert found.found is value
    return found.remedy


# -- completeness against pycountry ----------------------------------------------------------


@pytest.mark.parametrize("country", ["US", "CA", "MX"])
def test_own_subdivisions_are_those_of_the_standard(country: str) -> None:
    """Code, name and kind of every row are those of ISO 3166-2, and no row is missing."""
    standard = {
        (record.code, record.name, record.type.casefold())
        for record in pycountry.subdivisions.get(country_code=country)
    }
    assert {(each.code, each.name, each.kind) for each in subdivisions_of(country)} == standard


def test_parts_of_china_have_the_names_of_lists() -> None:
    standard = {each.code: each for each in subdivisions_of("CN")}
    named = {code for code, each in standard.items() if each.also_called}
    assert named == standard.keys() - {"CN-HK", "CN-MO", "CN-TW"}  # these have codes of their own
    renamed = {"CN-NM": "Inner Mongolia", "CN-XZ": "Tibet"}
    for code in named:
        called = standard[code].also_called
        assert called[0] == renamed.get(code, called[0])
        assert standard[code].name.startswith(called[-1])
        assert part_called(called[0], "CN") is standard[code]


def test_territories_have_the_codes_of_the_standard() -> None:
    """A subdivision with a code of its own belongs to the country whose territory that is."""
    for country in sorted({*TERRITORY_OF.values()}):
        for each in subdivisions_of(country):
            if each.own not in (None, "TW"):  # ISO 3166 lists Taiwan under China, no law here does
                assert TERRITORY_OF[each.own] == country
    assert {each.own for each in subdivisions_of("US") if each.own} == {
        territory for territory, parent in TERRITORY_OF.items() if parent == "US"
    }
    assert [each.own for each in subdivisions_of("CN") if each.own] == ["HK", "MO", "TW"]


@pytest.mark.parametrize("letters", STATES_AND_TERRITORIES)
def test_no_state_is_a_country_in_silence(letters: str) -> None:
    """Of all 56, by letters and by name: refused with the remedy, or the territory itself."""
    name = next(each.name for each in subdivisions_of("US") if each.letters == letters)
    if TERRITORY_OF.get(letters) == "US":
        assert as_place_of_assembly(letters) == as_place_of_assembly(name) == letters
        assert Place("US", letters) == letters
        return
    for written in (letters, letters.lower(), name, name.upper()):
        remedy = refused(written)
        assert f'Place("US", "{letters}")' in remedy
        assert '"United States"' in remedy
    both = (letters in COUNTRIES, country_code(name) == "GE" if name == "Georgia" else False)
    for written, two_readings in zip((letters, name), both, strict=True):
        assert refused(written).startswith("this may be" if two_readings else "this is")
    if letters in COUNTRIES:
        assert country_name(letters) in refused(letters)
    assert Place("US", letters) == Place("US", name) == "US"
    assert Place("US", name).subdivision == f"US-{letters}"


@pytest.mark.parametrize("each", subdivisions_of("CA"), ids=lambda each: each.letters)
def test_no_province_is_a_country_in_silence(each: object) -> None:
    """Of all provinces and territories of Canada, by letters and by name."""
    for written in (each.letters, each.name):  # type: ignore[attr-defined]
        assert f'Place("CA", "{each.letters}")' in refused(written)  # type: ignore[attr-defined]


# -- two readings ------------------------------------------------------------------------------


def test_both_readings_are_said() -> None:
    """The remedy for two letters names the country and the state, and how to write each."""
    assert refused("CA") == (
        "this may be the country Canada or California, a state of the United States: for the "
        'country give "Canada", for the state give "United States" or Place("US", "CA")'
    )
    assert refused("Georgia") == (
        "this may be the country Georgia or Georgia, a state of the United States: for the "
        'country give "GE", for the state give "United States" or Place("US", "GA")'
    )
    assert refused("Michigan") == (
        'this is Michigan, a state of the United States: give "United States", or Place("US", "MI")'
    )
    assert refused("Ontario") == (
        'this is Ontario, a province of Canada: give "Canada", or Place("CA", "ON")'
    )


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("Nuevo León", ['"Mexico"', 'Place("MX", "NLE")']),
        ("coahuila", ['Place("MX", "COA")']),
        ("Washington, D.C.", ['Place("US", "DC")']),
        ("Limburg", ["Belgium", "Netherlands", 'Place("BE", "VLI")', 'Place("NL", "LI")']),
        ("Western Australia", ['"Australia"', 'Place("AU", "WA")']),
        ("Inner Mongolia", ["region of China", 'Place("CN", "NM")']),
        ("Inner Mongolia, China", ["parts apart", 'Place("CN", "NM")']),
        ("Xinjiang", ['give "China"']),
        ("Jiangxi", ["province of China", 'Place("CN", "JX")']),
        ("Tennessee, USA", ["parts apart", 'Place("US", "TN")']),
        ("Spring Hill, Tennessee, USA", ['Place("US", "TN", "Spring Hill")']),
        ("Spring Hill, Nowhere, USA", ["no country"]),
        ("Micigan", ["did you mean Michigan", 'Place("US", "MI")']),
        ("Spring Hill, ", ["no country"]),
        ("N/A", ["missing value"]),
        ("<NA>", ["missing value"]),
        ("Other countries", ["no single country"]),
        ("Korea", ["KR", "KP"]),
        ("US-ZZ", ["no country"]),
        (5, ["as text"]),
        ({"state": "TN"}, ['"country"']),
        ({"country": "US", "state": "TN"}, ['"subdivision"']),
        ({"country": "US", "subdivision": "Tenessee"}, ["Tennessee (US-TN)"]),
    ],
)
def test_what_is_no_country_is_refused_with_the_remedy(written: object, words: list[str]) -> None:
    """States and provinces of any country, places in one text, marks of absence, slips."""
    remedy = refused(written)
    assert all(word in remedy for word in words), remedy


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ("Canada", Place("CA")),
        ("CAN", Place("CA")),
        ("GE", "GE"),
        ("Mexico", "MX"),
        ("US-DE", Place("US", "DE")),
        ("us-pr", Place("US", "PR")),
        ("CN-HK", Place("CN", "HK")),
        ("AE-DU", Place("AE", "DU")),
        ("U.S.", "US"),
        ("UNITED STATES (USA)", "US"),
        ("Korea (South)", "KR"),
        ({"country": "CA", "city": "Windsor"}, Place("CA", city="Windsor")),
    ],
)
def test_what_is_read(written: object, place: str) -> None:
    """Exact names and codes, codes of ISO 3166-2, and places as JSON states them."""
    found = as_place_of_assembly(written)
    assert found == place
    assert repr(found) == repr(place)


def test_supply_chains_take_codes_and_say_so() -> None:
    """Two letters are a country in a chain, stored so that a warning can tell; a name is sure."""
    assert (Step(country="ID").country, Step(country="Indonesia").country) == ("ID", "ID")
    assert is_doubtful(Step(country="ID").country or "")
    assert not is_doubtful(Step(country="Indonesia").country or "")
    assert not is_doubtful(certain("ID"))
    assert "Idaho" in doubt_about("ID")
    with pytest.raises(InvalidFactError, match=r"made_in: found 'Georgia'; this may be"):
        BatteryComponent(kind="battery cell", made_in="Georgia")
    with pytest.raises(InvalidFactError, match=r"incorporated_in: found 'Delaware'; this is"):
        Entity(name="A", incorporated_in="Delaware")
    assert Entity(name="A", incorporated_in="US-DE").incorporated_in == "US"


def test_namibia_where_a_value_may_be_missing() -> None:
    """Plain NA stays Namibia, and a warning is made of it."""
    assert as_country("NA") == as_country("Namibia") == "NA"
    assert is_doubtful("NA")
    assert not is_doubtful(as_country("Namibia"))
    assert "missing value" in doubt_about("NA")


def test_unknown_stays_unknown() -> None:
    """None is unknown at both converters."""
    assert as_country(None) is None
    assert as_place_of_assembly(None) is None


# -- places ------------------------------------------------------------------------------------


def test_a_place_is_its_country() -> None:
    """It equals its code, wherever that is looked up, and keeps state and city for the reader."""
    plant = Place("United States", "Tennessee", "Spring Hill")
    assert plant == "US"
    assert plant in frozenset({"US", "MX"})
    assert hash(plant) == hash("US")
    assert (plant.country, plant.subdivision, plant.city) == ("US", "US-TN", "Spring Hill")
    assert type(plant.country) is str
    assert repr(plant) == "Place('US', 'US-TN', 'Spring Hill')"
    assert repr(Place("CA")) == "Place('CA')"
    assert repr(Place("CA", city="Windsor")) == "Place('CA', None, 'Windsor')"


@pytest.mark.parametrize(
    "place",
    [Place("CA"), Place("US", "TN", "Smyrna"), Place("US", "PR"), Place("JP", city="Niihama")],
    ids=repr,
)
def test_a_place_is_kept_whole(place: Place) -> None:
    """Copies, pickles, evolved vehicles and JSON give the same place with state and city."""
    vehicle = attrs.evolve(Vehicle(final_assembly_country=place), msrp=1)
    written = as_country(as_written(place))
    for again in (
        copy.deepcopy(place),
        pickle.loads(pickle.dumps(place)),
        vehicle.final_assembly_country,
        written,
        as_country(place),
        as_place_of_assembly(place),
    ):
        assert again == place
        if place != "JP" or place.city:
            assert repr(again) == repr(place)


def test_a_place_does_not_change() -> None:
    """Nothing of a place can be set or deleted."""
    place = Place("US", "TN")
    with pytest.raises(AttributeError, match="does not change"):
        place.city = "Smyrna"  # type: ignore[misc]
    with pytest.raises(AttributeError, match="does not change"):
        del place.city


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("Atlantis",), "country: found 'Atlantis'; there is no country"),
        (("US", "ON"), "subdivision: found 'ON'; no part of United States is known as that"),
        (("US", "CA-ON"), "subdivision: found 'CA-ON'; this is a part of Canada, not of United"),
        (("US", "Tenessee"), r"did you mean Tennessee \(US-TN\)"),
        (("US", "XX-ON"), "no part of United States"),
        (("US", 5), "subdivision: found 5; give a name or code as text"),
        (("US", "TN", " "), "city: found ' '; give text"),
        (("US", "TN", 5), "city: found 5; give text"),
    ],
)
def test_a_place_that_is_none(arguments: tuple[str, ...], message: str) -> None:
    """Country, subdivision and city are checked, with the remedy."""
    with pytest.raises(InvalidFactError, match=message):
        Place(*arguments)


def test_a_place_in_words() -> None:
    """City, state and country as far as they are known; a territory once."""
    assert place_name(Place("US", "TN", "Smyrna")) == "Smyrna, Tennessee, United States"
    assert place_name(Place("US", "PR", "Ponce")) == "Ponce, Puerto Rico"
    assert place_name(Place("CA", city="Windsor")) == "Windsor, Canada"
    assert place_name(Place("CA")) == place_name("CA") == "Canada"


def test_a_claim_in_json_keeps_places() -> None:
    """A place is written as an object, a doubtful country by name, and both are read again."""
    text = """{"vehicle": {"final_assembly_country":
        {"country": "US", "subdivision": "Tennessee", "city": "Smyrna"}}}"""
    claim = claim_from_json(text)
    place = claim.vehicle.final_assembly_country
    assert repr(place) == "Place('US', 'US-TN', 'Smyrna')"
    again = claim_from_json(claim_to_json(claim))
    assert repr(again.vehicle.final_assembly_country) == repr(place)
    canada = claim_from_json('{"vehicle": {"final_assembly_country": "Canada"}}')
    assert '"Canada"' in claim_to_json(canada)
    assert claim_from_json(claim_to_json(canada)) == canada
    with pytest.raises(InvalidFactError, match=r"final_assembly_country: found 'CA'; this may be"):
        claim_from_json('{"vehicle": {"final_assembly_country": "CA"}}')


@given(st.text(max_size=12))
def test_any_text_gives_a_country_or_a_fault(text: str) -> None:
    """No text fails in any other way, and what is read can be read again."""
    found = as_country(text)
    if isinstance(found, Fault):
        return
    assert found in COUNTRIES
    assert as_country(as_written(found)) == found


def test_places_of_one_country_in_chains_stay_apart():
    """A place equals its country, and yet the chain of one is not made of the other's."""
    one, other = (
        MineralSource.extracted_in(Place("US", code), "lithium").steps[0].country
        for code in ("NV", "NC")
    )
    plain = MineralSource.extracted_in("US", "lithium").steps[0].country
    assert (one.subdivision, other.subdivision) == ("US-NV", "US-NC")
    assert plain.__class__ is str
