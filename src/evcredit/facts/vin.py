"""Vehicle identification numbers: are they well formed, and what do they hint at?

The form is that of 49 CFR 565.15: 17 characters, a check digit at position 9, the model year
at position 10. Positions are counted from 1, as in the regulation. The decoding here needs no
list of makers, so it says nothing about the plant (position 11), whose meaning only the maker
has filed.
"""

from __future__ import annotations

from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from evcredit.algebra.field import Fault
from evcredit.errors import InvalidFactError

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "check_digit",
    "is_valid_vin",
    "manufacturer_region",
    "model_years",
    "validate_vin",
    "vin_doubt",
]

_LENGTH = 17
# I, O and Q are omitted because they look like 1 and 0. This is also the order in which the
# international standard hands out the second character to countries.
_ALPHABET = "ABCDEFGHJKLMNPRSTUVWXYZ1234567890"

# 49 CFR 565.15(c): each letter's value, and the weight of each position. Position 9, where the
# check digit itself stands, weighs nothing.
_VALUES = MappingProxyType(
    {str(digit): digit for digit in range(10)}
    | dict(zip("ABCDEFGH", range(1, 9), strict=True))
    | dict(zip("JKLMN", range(1, 6), strict=True))
    | {"P": 7, "R": 9}
    | dict(zip("STUVWXYZ", range(2, 10), strict=True))
)
_WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)

# 49 CFR 565.15(d)(1): the codes come round again every thirty years.
_YEAR_CODES = "ABCDEFGHJKLMNPRSTVWXY123456789"
_FIRST_YEARS = (1980, 2010)

# The world manufacturer identifier: first character, first and last second character, as
# handed out under ISO 3780. Only countries with a part in the car trade are kept, and ranges on
# which published tables disagree are omitted: no hint is better than a wrong one.
_REGIONS = (
    ("1", "A", "0", "US"),
    ("2", "A", "5", "CA"),
    ("3", "A", "X", "MX"),
    ("3", "5", "5", "DO"),
    ("3", "6", "6", "HN"),
    ("3", "7", "7", "PA"),
    ("3", "8", "9", "PR"),
    ("4", "A", "0", "US"),
    ("5", "A", "0", "US"),
    ("6", "A", "X", "AU"),
    ("7", "A", "E", "NZ"),
    ("7", "F", "0", "US"),
    ("8", "A", "E", "AR"),
    ("8", "F", "G", "CL"),
    ("9", "A", "E", "BR"),
    ("9", "F", "G", "CO"),
    ("A", "A", "H", "ZA"),
    ("J", "A", "0", "JP"),
    ("K", "L", "R", "KR"),
    ("L", "A", "0", "CN"),
    ("M", "A", "E", "IN"),
    ("M", "F", "K", "ID"),
    ("M", "L", "R", "TH"),
    ("N", "L", "R", "TR"),
    ("P", "L", "R", "MY"),
    ("R", "F", "K", "TW"),
    ("R", "L", "N", "VN"),
    ("S", "A", "M", "GB"),
    ("S", "N", "T", "DE"),
    ("S", "U", "Z", "PL"),
    ("T", "J", "P", "CZ"),
    ("T", "R", "V", "HU"),
    ("U", "5", "7", "SK"),
    ("V", "A", "E", "AT"),
    ("V", "F", "R", "FR"),
    ("V", "S", "W", "ES"),
    ("W", "A", "0", "DE"),
    ("X", "L", "R", "NL"),
    ("Y", "A", "E", "BE"),
    ("Y", "F", "K", "FI"),
    ("Y", "S", "W", "SE"),
    ("Z", "A", "R", "IT"),
)


def check_digit(vin: str) -> str:
    """Compute the check digit that belongs at position 9.

    Source: 49 CFR 565.15(c).

    Args:
        vin: The 17 characters; whatever is at position 9 does not matter. Small letters,
            spaces and hyphens are accepted.

    Returns:
        A digit, or ``X`` for ten.

    Raises:
        InvalidFactError: The text does not have 17 characters of those that are allowed.

    >>> check_digit("1M8GDM9A_KP042788".replace("_", "0"))
    'X'
    """
    total = sum(
        weight * _VALUES[character]
        for weight, character in zip(_WEIGHTS, _characters(vin), strict=True)
    )
    return "0123456789X"[total % 11]


def validate_vin(value: str) -> str:
    """Return the vehicle identification number in capitals, or say what is wrong with it.

    Source: 49 CFR 565.15.

    Args:
        value: The number as written; small letters, spaces and hyphens are accepted.

    Returns:
        17 characters, without spaces or hyphens.

    Raises:
        InvalidFactError: The value is not text; it does not have 17 characters; it contains I,
            O or Q; it contains another character that is neither letter nor digit; or its
            check digit is wrong. The remedy says which, and what was expected.

    >>> validate_vin("1g4ah59h4 5g118341")
    '1G4AH59H45G118341'
    >>> validate_vin("1G4AH59H55G118341")
    Traceback (most recent call last):
    evcredit.errors.InvalidFactError: vin: found '1G4AH59H55G118341'; the check digit does not \
fit: position 9 should be 4, not 5; look for a mistyped character
    """
    vin = _characters(value)
    expected = check_digit(vin)
    if vin[8] != expected:
        remedy = (
            f"the check digit does not fit: position 9 should be {expected}, not {vin[8]}; "
            "look for a mistyped character"
        )
        raise InvalidFactError("vin", value, remedy)
    return vin


def is_valid_vin(value: object) -> bool:
    """Tell whether `validate_vin` would accept the value.

    Source: 49 CFR 565.15.

    Args:
        value: Anything; what is not text is not valid.

    Returns:
        True if it is a well-formed number with the right check digit.

    >>> is_valid_vin("1FADP5CU6EL502693"), is_valid_vin("1FADP5CU6EL502694")
    (True, False)
    """
    try:
        validate_vin(value)  # type: ignore[arg-type]  # refusing other types is its work
    except InvalidFactError:
        return False
    return True


def model_years(vin: str, *, light_vehicle: bool = True) -> tuple[int, ...]:
    """Read the model years that the number allows.

    Position 10 names the year, but its codes come round every thirty years. For passenger
    cars, and for multipurpose vehicles and trucks of at most 10,000 pounds gross weight,
    position 7 tells the rounds apart: a letter from model year 2010, a digit before. A clean
    vehicle may weigh more than that (the limit is 14,000 pounds), so say so if it does.

    Source: 49 CFR 565.15(b) and (d)(1).

    Args:
        vin: The 17 characters. The check digit is not looked at; use `validate_vin` for that.
        light_vehicle: Whether the rule of position 7 applies.

    Returns:
        The possible model years, ascending: one, two, or none if position 10 is no year code.

    Raises:
        InvalidFactError: The text does not have 17 characters of those that are allowed.

    >>> model_years("1FADP5CU6EL502693")
    (2014,)
    >>> model_years("1FADP5CU6EL502693", light_vehicle=False)
    (1984, 2014)
    """
    characters = _characters(vin)
    place = _YEAR_CODES.find(characters[9])
    if place < 0:
        return ()
    earlier, later = (first + place for first in _FIRST_YEARS)
    if not light_vehicle:
        return (earlier, later)
    return (later,) if characters[6].isalpha() else (earlier,)


def manufacturer_region(vin: str) -> str | None:
    """Read the country in which the maker's identifier was handed out.

    This is a hint about the maker and nothing more. It is not where the vehicle was assembled:
    the plant is coded at position 11 in a way only the maker has filed. Never decide final
    assembly by it.

    Source: 49 CFR 565.15(a) for the identifier; ISO 3780 for the countries.

    Args:
        vin: The 17 characters. The check digit is not looked at; use `validate_vin` for that.

    Returns:
        The alpha-2 code of the country, or None where the identifier gives no sure hint.

    Raises:
        InvalidFactError: The text does not have 17 characters of those that are allowed.

    >>> manufacturer_region("1FADP5CU6EL502693")
    'US'
    """
    return _region_of().get(_characters(vin)[:2])


@lru_cache(maxsize=1024)
def vin_doubt(vin: str) -> str:
    """Say what speaks against a number of 17 letters and digits; nothing if it is well formed.

    Source: 49 CFR 565.15.

    Args:
        vin: The number.

    >>> vin_doubt("1G4AH59H55G118341")
    'the check digit does not fit: position 9 should be 4, not 5; look for a mistyped character'
    >>> vin_doubt("1G4AH59H45G118341")
    ''
    """
    try:
        validate_vin(vin)
    except InvalidFactError as error:
        return error.remedy
    return ""


def _plain(value: object) -> str:
    """17 characters in capitals, or an error about their number."""
    if not isinstance(value, str):
        raise InvalidFactError("vin", value, "give the 17 characters as text")
    vin = "".join(value.split()).replace("-", "")
    # Only plain letters are put in capitals: some foreign ones become two when capitalized,
    # and would turn a bad number into a good one.
    if vin.isascii():
        vin = vin.upper()
    if len(vin) != _LENGTH:
        raise InvalidFactError(
            "vin", value, f"must have {_LENGTH} characters, but {len(vin)} are given"
        )
    return vin


def _characters(value: object) -> str:
    """The 17 characters in capitals, or an error about length or alphabet."""
    vin = _plain(value)
    for position, character in enumerate(vin, start=1):
        if character in "IOQ":
            remedy = (
                f"the letters I, O and Q are never used, but {character} is at position "
                f"{position}; it may be a misread 1 or 0"
            )
            raise InvalidFactError("vin", value, remedy)
    for position, character in enumerate(vin, start=1):
        if character not in _VALUES:
            remedy = (
                f"only the letters A to Z and the digits 0 to 9 are allowed, but {character!r} "
                f"is at position {position}"
            )
            raise InvalidFactError("vin", value, remedy)
    return vin


@cache
def _region_of() -> Mapping[str, str]:
    return MappingProxyType(
        {
            first + second: country
            for first, start, end, country in _REGIONS
            for second in _ALPHABET[_ALPHABET.index(start) : _ALPHABET.index(end) + 1]
        }
    )


def as_written_vin(value: str | None) -> Any:
    """A number of 17 letters and digits, also one that breaks the rules of 49 CFR 565.15.

    No rule of a credit reads the number of a vehicle, so that a number of a test return, which
    need not follow them, is no fault: `vin_doubt` says what speaks against it.
    """
    if value is None:
        return None
    try:
        vin = _plain(value)
    except InvalidFactError as error:
        return Fault(value, error.remedy)
    if vin.isascii() and vin.isalnum():
        return vin
    return Fault(value, "only the letters A to Z and the digits 0 to 9 are allowed")


def as_vin(value: str | None) -> Any:
    """A vehicle identification number whose check digit is right."""
    if value is None:
        return None
    try:
        return validate_vin(value)
    except InvalidFactError as error:
        return Fault(value, error.remedy)
