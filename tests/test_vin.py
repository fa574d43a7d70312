"""Vehicle identification numbers (49 CFR 565.15)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcredit.errors import InvalidFactError
from evcredit.facts.vin import (
    check_digit,
    is_valid_vin,
    manufacturer_region,
    model_years,
    validate_vin,
)

ALPHABET = "ABCDEFGHJKLMNPRSTUVWXYZ1234567890"
# 49 CFR table III, written down a second time: the letters of each value.
GROUPS = ["0", "1AJ", "2BKS", "3CLT", "4DMU", "5ENV", "6FW", "7GPX", "8HY", "9RZ"]
VALUE = {character: value for value, group in enumerate(GROUPS) for character in group}

SAMPLES = [
    ("1G4AH59H45G118341", "4"),
    ("1J9RP1A36A1644345", "6"),
    ("1FADP5CU6EL502693", "6"),
    ("1M8GDM9AXKP042788", "X"),
    ("11111111111111111", "1"),
]

# Well-formed numbers: sixteen free characters, and the right check digit put between them.
sixteen = st.text(alphabet=ALPHABET, min_size=16, max_size=16)


def complete(free: str) -> str:
    """A valid number with the given characters around position 9."""
    draft = free[:8] + "0" + free[8:]
    return draft[:8] + check_digit(draft) + draft[9:]


@pytest.mark.parametrize(("vin", "digit"), SAMPLES)
def test_published_samples(vin: str, digit: str) -> None:
    """Published numbers have the check digit they were published with."""
    assert check_digit(vin) == digit
    assert validate_vin(vin) == vin
    assert is_valid_vin(vin) is True


@pytest.mark.parametrize("written", ["1m8gdm9axkp042788", " 1M8-GDM9AX-KP042788\n"])
def test_spelling_is_tidied(written: str) -> None:
    """Small letters, spaces and hyphens are forgiven."""
    assert validate_vin(written) == "1M8GDM9AXKP042788"


@pytest.mark.parametrize(
    ("value", "remedy"),
    [
        ("", "must have 17 characters, but 0 are given"),
        ("1M8GDM9AXKP04278", "but 16 are given"),
        ("1M8GDM9AXKP0427888", "but 18 are given"),
        ("1M8GDM9AXKPO42788", "but O is at position 12"),
        ("IM8GDM9AXKP042788", "but I is at position 1;"),
        ("1M8GDM9AXKP04278q", "but Q is at position 17"),
        ("1M8GDM9AXKP04278*", "'*' is at position 17"),
        ("1M8GDM9AXKP04278\u0661", "is at position 17"),
        ("1*8GDM9AXKPO42788", "but O is at position 12"),
        ("1M8GDM9A1KP042788", "position 9 should be X, not 1"),
        ("1M8GDM9AAKP042788", "position 9 should be X, not A"),
        ("1G4AH59H55G118341", "position 9 should be 4, not 5"),
    ],
)
def test_faults_are_told_apart(value: str, remedy: str) -> None:
    """Length, forbidden letters, other characters and check digit each have their message."""
    with pytest.raises(InvalidFactError) as caught:
        validate_vin(value)
    assert caught.value.path == "vin"
    assert caught.value.found == value
    assert remedy in caught.value.remedy
    assert is_valid_vin(value) is False


@pytest.mark.parametrize("value", [None, 11111111111111111, 1.5, b"11111111111111111"])
def test_only_text_is_a_number(value: object) -> None:
    """Anything but text is refused, and is not valid."""
    with pytest.raises(InvalidFactError, match="as text"):
        validate_vin(value)  # type: ignore[arg-type]
    assert is_valid_vin(value) is False


def test_capitals_do_not_lengthen() -> None:
    """A sharp s does not become the two letters that would complete a valid number."""
    valid = complete("SS11111111111111")
    assert valid.startswith("SS")
    assert is_valid_vin("\u00df" + valid[2:]) is False


@given(sixteen)
def test_check_digit_is_the_weighted_sum(free: str) -> None:
    """The check digit agrees with the sum written out position by position."""
    vin = complete(free)
    weights = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2]
    remainder = sum(VALUE[vin[place]] * weights[place] for place in range(17)) % 11
    assert vin[8] == ("X" if remainder == 10 else str(remainder))
    assert is_valid_vin(vin)


@given(sixteen, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_single_mistakes_are_caught(free: str, place: int, wrong: str) -> None:
    """One wrong character is caught, unless both have the same value in the table."""
    vin = complete(free)
    mistyped = vin[:place] + wrong + vin[place + 1 :]
    # The check digit itself has no partner: A is not 1 there.
    unnoticed = wrong == vin[8] if place == 8 else VALUE[wrong] == VALUE[vin[place]]
    assert is_valid_vin(mistyped) is unnoticed


@pytest.mark.parametrize(("vin", "_digit"), SAMPLES)
def test_every_single_mistake_in_a_sample(vin: str, _digit: str) -> None:
    """All 544 substitutions of a sample are decided as the table of values says."""
    for place, right in enumerate(vin):
        for wrong in set(ALPHABET) - {right}:
            mistyped = vin[:place] + wrong + vin[place + 1 :]
            unnoticed = place != 8 and VALUE[wrong] == VALUE[right]
            assert is_valid_vin(mistyped) is unnoticed, mistyped


@given(st.text(max_size=20))
def test_any_text_is_accepted_or_refused(text: str) -> None:
    """No text makes the check fail in any other way, and what is accepted stays accepted."""
    if is_valid_vin(text):
        vin = validate_vin(text)
        assert validate_vin(vin) == vin
        assert len(vin) == 17


def with_codes(seventh: str, tenth: str) -> str:
    """A number with the given characters at positions 7 and 10."""
    return f"111111{seventh}11{tenth}1111111"


RECENT = dict(zip("ABCDEFGHJKLMNPRST", range(2010, 2027), strict=True))


@pytest.mark.parametrize("code", RECENT)
def test_model_year_since_2010(code: str) -> None:
    """A letter at position 7 selects the current round of model years."""
    assert model_years(with_codes("A", code)) == (RECENT[code],)


@pytest.mark.parametrize(
    ("code", "year"), [("A", 1980), ("T", 1996), ("V", 1997), ("Y", 2000), ("1", 2001), ("9", 2009)]
)
def test_model_year_before_2010(code: str, year: int) -> None:
    """A digit at position 7 selects the round before."""
    assert model_years(with_codes("1", code)) == (year,)


@pytest.mark.parametrize("seventh", ["A", "1"])
def test_heavier_vehicles_keep_both_years(seventh: str) -> None:
    """Above 10,000 pounds position 7 decides nothing."""
    assert model_years(with_codes(seventh, "P"), light_vehicle=False) == (1993, 2023)


@pytest.mark.parametrize("code", "UZ0")
def test_no_model_year(code: str) -> None:
    """U, Z and 0 represent no year."""
    assert model_years(with_codes("A", code)) == ()
    assert model_years(with_codes("1", code), light_vehicle=False) == ()


def test_model_years_of_published_samples() -> None:
    """Published numbers give the model years they were built for."""
    assert model_years("1FADP5CU6EL502693") == (2014,)
    assert model_years("1G4AH59H45G118341") == (2005,)
    assert model_years("1M8GDM9AXKP042788", light_vehicle=False) == (1989, 2019)


@pytest.mark.parametrize(
    ("start", "country"),
    [
        ("1G", "US"),
        ("4T", "US"),
        ("5Y", "US"),
        ("7S", "US"),
        ("7F", "US"),
        ("70", "US"),
        ("7E", "NZ"),
        ("2T", "CA"),
        ("25", "CA"),
        ("26", None),
        ("3V", "MX"),
        ("3Y", None),
        ("38", "PR"),
        ("JT", "JP"),
        ("KM", "KR"),
        ("KA", None),
        ("LR", "CN"),
        ("SA", "GB"),
        ("VF", "FR"),
        ("WB", "DE"),
        ("XP", "NL"),
        ("YV", "SE"),
        ("ZA", "IT"),
        ("00", None),
    ],
)
def test_maker_hint(start: str, country: str | None) -> None:
    """The first two characters hint at the country of the maker, or at none."""
    assert manufacturer_region(start + "1" * 15) == country


def test_maker_hint_agrees_with_another_package() -> None:
    """No hint contradicts an independent decoder."""
    from vininfo.dicts.countries import COUNTRIES

    from evcredit.facts.country import country_code

    # The one known difference: that table gives the whole of 7 to the United States.
    ours_only = {"7" + second for second in "ABCDE"}
    short = {"Dom. Republic": "Dominican Republic"}
    compared = 0
    for first in ALPHABET:
        for second in ALPHABET:
            start = first + second
            hint = manufacturer_region(start + "1" * 15)
            if hint is not None and start not in ours_only:
                theirs = COUNTRIES[start]
                assert country_code(short.get(theirs, theirs)) == hint, start
                compared += 1
    assert compared > 300


@pytest.mark.parametrize("function", [check_digit, model_years, manufacturer_region])
def test_malformed_numbers_are_refused_everywhere(function: object) -> None:
    """Every reader refuses what does not have 17 allowed characters."""
    assert callable(function)
    with pytest.raises(InvalidFactError):
        function("1M8GDM9AXKP04278")
    with pytest.raises(InvalidFactError):
        function("1M8GDM9AXKPQ42788")
