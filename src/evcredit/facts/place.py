"""Places as facts: a country, and where stated the state or province and the city.

People write "GA" for Georgia, and ISO 3166-1 writes it for Gabon. Text with two such readings
is never read as a country in silence: `as_place_of_assembly` refuses it, and `as_country`, for
supply chains, takes two letters as the code of a country and leaves a mark that a warning is
made of (see `is_doubtful`). `Place` states country and state without doubt.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any, NoReturn

from evcredit.algebra.field import Fault, as_text
from evcredit.errors import InvalidFactError, nearest
from evcredit.facts.country import (
    country_code,
    country_name,
    known_code,
    plain_name,
    refuse_mark_of_absence,
)
from evcredit.facts.subdivision import (
    Subdivision,
    part_called,
    parts_anywhere,
    parts_in_north_america,
    subdivisions_of,
)

__all__ = [
    "Place",
    "as_country",
    "as_place_of_assembly",
    "as_written",
    "certain",
    "doubt_about",
    "is_doubtful",
    "place_name",
]


class Place(str):
    """A country, and where known the state or province and the city.

    A place is the alpha-2 code of its country, and equals it: the law distinguishes places by
    country alone. State and city are kept for the reader. A territory with an ISO code of its
    own has that code, so ``Place("US", "PR")`` equals ``"PR"``.

    Source of the codes: ISO 3166-1 and ISO 3166-2.

    Args:
        country: Any name or code of the country. It is read as a country: ``"CA"`` is Canada.
        subdivision: The state, province or territory, by name or by code (``"TN"``,
            ``"US-TN"``, ``"Tennessee"``).
        city: The city.

    Raises:
        InvalidFactError: The country or the subdivision is not known, or the city is empty.

    >>> plant = Place("United States", "Tennessee", "Spring Hill")
    >>> plant
    Place('US', 'US-TN', 'Spring Hill')
    >>> plant == "US", plant.subdivision, plant.city
    (True, 'US-TN', 'Spring Hill')
    """

    __slots__ = ("_city", "_subdivision")

    _city: str | None
    _subdivision: str | None

    def __new__(
        cls, country: str, subdivision: str | None = None, city: str | None = None
    ) -> Place:
        """Read country, subdivision and city."""
        code = country_code(country)
        if isinstance(as_text(city), Fault):
            raise InvalidFactError("city", city, "give text that is not empty, or None if unknown")
        found = None
        if subdivision is not None:
            found = _subdivision(code, subdivision)
            code = found.own or code
        place = super().__new__(cls, code)
        object.__setattr__(place, "_subdivision", None if found is None else found.code)
        object.__setattr__(place, "_city", city)
        return place

    @property
    def country(self) -> str:
        """The alpha-2 code of the country as plain text."""
        return str(self)

    @property
    def subdivision(self) -> str | None:
        """The code of ISO 3166-2 of the state or province, if stated."""
        return self._subdivision

    @property
    def city(self) -> str | None:
        """The city, if stated."""
        return self._city

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"a Place does not change; make a new one with another {name}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"a Place does not change; it keeps its {name}")

    def __reduce__(self) -> tuple[type[Place], tuple[str, str | None, str | None]]:
        return Place, (str(self), self._subdivision, self._city)

    def __repr__(self) -> str:
        known = [str(self), self._subdivision, self._city]
        while known[-1] is None:
            known.pop()
        return f"Place({', '.join(map(repr, known))})"


def _subdivision(country: str, text: str) -> Subdivision:
    """The subdivision that text names in a country, or the error that helps most."""
    if not isinstance(text, str):
        raise InvalidFactError("subdivision", text, 'give a name or code as text, such as "TN"')
    head, hyphen, _ = text.strip().partition("-")
    parent = country
    if hyphen and len(head) == 2 and known_code(head) is not None:
        parent = head.upper()
    found = part_called(text, parent)
    if found is not None and country in (found.country, found.own):
        return found
    name = country_name(country)
    if found is not None:
        whose = country_name(found.country)
        remedy = f"this is a part of {whose}, not of {name}; correct one of the two"
        raise InvalidFactError("subdivision", text, remedy)
    known = {plain_name(each.name): each for each in subdivisions_of(country)}
    near = [known[key] for key in nearest(plain_name(text), known)]
    hint = " or ".join(f"{each.name} ({each.code})" for each in near)
    question = f"; did you mean {hint}?" if hint else "; give a name or code of ISO 3166-2"
    raise InvalidFactError("subdivision", text, f"no part of {name} is known as that{question}")


# -- two readings ----------------------------------------------------------------------------

#: Countries whose states and provinces are commonly written without the country.
_OFTEN_ALONE = ("US", "CA")


@cache
def _doubtful_codes() -> Mapping[str, Subdivision]:
    """From the alpha-2 code of a country to a state or province abbreviated by the same letters."""
    return MappingProxyType(
        {
            each.letters: each
            for parent in _OFTEN_ALONE
            for each in subdivisions_of(parent)
            if each.own is None and known_code(each.letters) is not None
        }
    )


@cache
def _doubtful_names() -> Mapping[str, Subdivision]:
    """From the plain name of a country to a state or province of the same name."""
    return MappingProxyType(
        {
            plain_name(each.name): each
            for parent in _OFTEN_ALONE
            for each in subdivisions_of(parent)
            if each.own is None and known_code(each.name) is not None
        }
    )


def is_doubtful(value: str) -> bool:
    """Tell whether a country was stated by two letters that have another reading.

    They are the letters of a state or province as well, or ``NA``, which also marks a missing
    value. A `Place` has no other reading.

    >>> is_doubtful("GA"), is_doubtful(Place("GA")), is_doubtful("JP"), is_doubtful("NA")
    (True, False, False, True)
    """
    return not isinstance(value, Place) and (value in _doubtful_codes() or value == "NA")


def certain(code: str) -> str:
    """Return a country as a fact that is stated without doubt.

    Args:
        code: An alpha-2 code.

    >>> certain("GA"), certain("JP")
    (Place('GA'), 'JP')
    """
    return Place(code) if is_doubtful(code) else code


def doubt_about(code: str) -> str:
    """Say what else the letters of a country may mean, and how to state either.

    Args:
        code: An alpha-2 code of which `is_doubtful` is true.

    Raises:
        InvalidFactError: It is no such code.

    >>> print(doubt_about("GA"))
    GA is read as Gabon; it is also short for Georgia, a state of the United States: give \
"Gabon" or Place("US", "GA")
    >>> print(doubt_about("NA"))
    NA is read as Namibia; it may also mark a missing value: give "Namibia", or None if the \
country is unknown
    """
    name = country_name(code)
    if code == "NA":
        return (
            f"NA is read as {name}; it may also mark a missing value: give {_quoted(name)}, or "
            "None if the country is unknown"
        )
    other = _doubtful_codes().get(code)
    if other is None:
        raise InvalidFactError("code", code, "only the letters of this country are meant by it")
    return (
        f"{code} is read as {name}; it is also short for {_described(other)}: give "
        f"{_quoted(name)} or {_place(other)}"
    )


def _quoted(text: str) -> str:
    return f'"{text}"'


def _described(subdivision: Subdivision) -> str:
    country = country_name(subdivision.country)
    article = "an" if subdivision.kind[0] in "aeiou" else "a"
    if country.startswith("United"):
        country = f"the {country}"
    return f"{subdivision.name}, {article} {subdivision.kind} of {country}"


def _place(subdivision: Subdivision) -> str:
    return f'Place("{subdivision.country}", "{subdivision.letters}")'


def _refuse_two_readings(value: str, code: str, other: Subdivision) -> NoReturn:
    """Refuse text that names a country and a state, with both readings."""
    name = country_name(code)
    # The name is the one thing that is no help where two places share it.
    country = code if plain_name(value) in _doubtful_names() else name
    remedy = (
        f"this may be the country {name} or {_described(other)}: for the country give "
        f"{_quoted(country)}, for the {other.kind} give {_quoted(country_name(other.country))} "
        f"or {_place(other)}"
    )
    raise InvalidFactError("country", value, remedy)


def _refuse_subdivision(value: str, error: InvalidFactError) -> NoReturn:
    """Refuse text that is no country, saying so if it is a state or province."""
    found = parts_anywhere().get(plain_name(value), ())[:3]
    if found:
        described = " or ".join(map(_described, found))
        countries = " or ".join(
            dict.fromkeys(_quoted(country_name(each.country)) for each in found)
        )
        places = " or ".join(map(_place, found))
        remedy = f"this is {described}: give {countries}, or {places}"
        raise InvalidFactError("country", value, remedy) from error
    # A city, a state and a country in one text.
    *before, last = (part.strip() for part in value.split(","))
    country = known_code(last) if before and last else None
    state = None if country is None else part_called(before[-1], country)
    if country is not None and state is not None:
        city = f', "{before[-2]}"' if len(before) > 1 else ""
        remedy = f'give the parts apart: Place("{country}", "{state.letters}"{city})'
        raise InvalidFactError("country", value, remedy) from error
    states = {plain_name(each.name): each for each in parts_in_north_america()}
    near = [states[key] for key in nearest(plain_name(value), states, 1)]
    if near and "did you mean" not in error.remedy:
        remedy = f"there is no country of this name; did you mean {_described(near[0])}? Then give "
        remedy += f"{_quoted(country_name(near[0].country))}, or {_place(near[0])}"
        raise InvalidFactError("country", value, remedy) from error
    raise error


# -- facts -----------------------------------------------------------------------------------


def _stated(value: Any) -> str:
    """The country that a caller states; a `Place` unless it is a code without a second reading."""
    if isinstance(value, Place):
        return value
    if isinstance(value, Mapping):
        unread = [str(name) for name in value if name not in ("country", "subdivision", "city")]
        if unread or "country" not in value:
            remedy = 'give an object with "country", and if known "subdivision" and "city"'
            raise InvalidFactError("country", dict(value), remedy)
        return Place(**value)
    if not isinstance(value, str):
        return country_code(value)
    key = plain_name(value)
    head, hyphen, letters = value.strip().partition("-")
    if hyphen and len(head) == 2 and 0 < len(letters) <= 3 and known_code(head):
        found = part_called(value, head.upper())
        if found is not None:
            return Place(found.country, found.code)
    refuse_mark_of_absence(value)
    if key in _doubtful_names():
        _refuse_two_readings(value, country_code(value), _doubtful_names()[key])
    try:
        code = country_code(value)
    except InvalidFactError as error:
        _refuse_subdivision(value, error)
    return certain(code) if len(key) > 2 else code


def as_country(value: str | None) -> Any:
    """The converter of country facts: an alpha-2 code, a `Place`, unknown, or a fault.

    Two letters are the code of a country, as published lists write them, even where they are
    also short for a state; a warning then says so (see `is_doubtful`). A name that is both, as
    Georgia is, is refused, and so is one of a state alone.

    >>> as_country("ID"), as_country("Indonesia"), as_country("US-DE")
    ('ID', Place('ID'), Place('US', 'US-DE'))
    >>> as_country("Michigan").remedy
    'this is Michigan, a state of the United States: give "United States", or Place("US", "MI")'
    """
    if value is None:
        return None
    try:
        return _of_text(value) if value.__class__ is str else _stated(value)
    except InvalidFactError as error:
        return Fault(value, error.remedy)


@lru_cache(maxsize=4096)
def _of_text(value: str) -> str:
    """`_stated` of plain text: few texts come often, in chains and in tables of them."""
    return _stated(value)


def as_place_of_assembly(value: str | None) -> Any:
    """The converter of places of final assembly: as of `as_country`, but two readings are a fault.

    Window labels and decoders name the state of a plant, so two letters may be either.

    >>> as_place_of_assembly("Canada"), as_place_of_assembly("CA").remedy
    (Place('CA'), 'this may be the country Canada or California, a state of the United States: for \
the country give "Canada", for the state give "United States" or Place("US", "CA")')
    """
    stated = as_country(value)
    if value is None or isinstance(stated, Fault | Place):
        return stated
    if stated in _doubtful_codes():
        try:
            _refuse_two_readings(value, stated, _doubtful_codes()[stated])
        except InvalidFactError as error:
            return Fault(value, error.remedy)
    return stated


def as_written(place: str) -> Any:
    """Return a country fact as JSON states it, so that reading it again gives the same place.

    >>> as_written("US"), as_written(Place("CA")), as_written(Place("US", "TN", "Smyrna"))
    ('US', 'Canada', {'country': 'US', 'subdivision': 'US-TN', 'city': 'Smyrna'})
    """
    if not isinstance(place, Place):
        return place
    parts = {"country": place.country, "subdivision": place.subdivision, "city": place.city}
    known = {part: value for part, value in parts.items() if value is not None}
    if len(known) > 1:
        return known
    return country_name(place) if is_doubtful(place.country) else place.country


def place_name(place: str) -> str:
    """Give a place in words: city, state and country as far as they are known.

    >>> place_name(Place("US", "TN", "Smyrna")), place_name("KR")
    ('Smyrna, Tennessee, United States', 'South Korea')
    """
    if not isinstance(place, Place) or (place.subdivision is None and place.city is None):
        return country_name(place)
    parts = [place.city]
    if place.subdivision is not None:
        parent = place.subdivision.partition("-")[0]
        found = part_called(place.subdivision, parent)
        parts.append(None if found is None or found.own else found.name)
    parts.append(country_name(place))
    return ", ".join(part for part in parts if part is not None)
