"""Countries: one exact code for every spelling.

The rest of the package stores alpha-2 codes of ISO 3166-1. This module turns names into codes
and back. Common countries and spellings come from ``data/countries.toml``, the others from
pycountry, which is loaded only for them. `evcredit.facts.place` reads what callers state as facts,
where a state of the United States may be meant.

What a country or a territory counts for (a free-trade partner, a part of North America, a
covered nation) is law, not geography, and is decided elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, NoReturn

from evcredit.algebra.codes import Codes
from evcredit.data import load
from evcredit.errors import InvalidFactError, nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "EUROPEAN_UNION",
    "TERRITORY_OF",
    "alpha_2_codes",
    "country_code",
    "country_name",
    "known_code",
    "plain_name",
    "refuse_mark_of_absence",
    "subdivision_rows",
]

# Written by people who mean a certain country, and read by others as another one. Looked at
# before anything else: pycountry would answer "Congo" with the one that mines no cobalt.
_REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "congo": (
            "two countries have this name; write CD (Democratic Republic of the Congo, "
            "Kinshasa) or CG (Republic of the Congo, Brazzaville)"
        ),
        "korea": "two countries have this name; write KR (South Korea) or KP (North Korea)",
        "virginislands": (
            "two territories have this name; write VI (United States Virgin Islands) or VG "
            "(British Virgin Islands)"
        ),
        "america": "this may be a country or a continent; write US for the United States",
        "northamerica": "this is not a country; write US, CA or MX, for example",
    }
    | dict.fromkeys(
        ("eu", "europeanunion"),
        "this is not a country but a group, held as EUROPEAN_UNION; write its member, for "
        "example DE or FI",
    )
)

_KOSOVO = "XK"
_KOSOVO_KEYS = frozenset({"xk", "xkx", "kosovo", "republicofkosovo"})

EUROPEAN_UNION = Codes(
    code
    for codes in (
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU",
        "IE IT LT LU LV MT NL PL PT RO SE SI SK",
    )
    for code in codes.split()
)
"""The alpha-2 codes of the 27 member states since 2020-02-01. Their territories with codes of
their own (see `TERRITORY_OF`) are not among them.

>>> len(EUROPEAN_UNION), "FI" in EUROPEAN_UNION, "GB" in EUROPEAN_UNION
(27, True, False)
"""

TERRITORY_OF: Mapping[str, str] = MappingProxyType(
    {
        territory: parent
        for parent, territories in {
            "AU": "CC CX HM NF",
            "CN": "HK MO",
            "DK": "FO GL",
            "FI": "AX",
            "FR": "BL GF GP MF MQ NC PF PM RE TF WF YT",
            "GB": "AI BM FK GG GI GS IM IO JE KY MS PN SH TC VG",
            "NL": "AW BQ CW SX",
            "NO": "BV SJ",
            "NZ": "TK",
            "US": "AS GU MP PR UM VI",
        }.items()
        for territory in territories.split()
    }
)
"""From the alpha-2 code of a territory to that of the state it belongs to.

Whether a territory counts where its parent counts (Puerto Rico as the United States, New
Caledonia as France, Hong Kong as China) is a reading of each law, not of ISO 3166, so nothing
in this module puts the parent in the territory's place. Places whose status is contested, and
states in free association, have no entry.

>>> TERRITORY_OF["PR"], TERRITORY_OF["NC"], TERRITORY_OF.get("TW")
('US', 'FR', None)
"""


def country_code(value: str, *, allow_user_assigned: bool = False) -> str:
    """Turn an unambiguous name or code of a country into its alpha-2 code.

    Tried in this order: the names this package knows, codes of two and of three letters, and
    the names in pycountry. Only exact matches count, but capital letters, accents, spaces,
    punctuation and a leading "the" do not matter. Use it where the value is known to be a
    country, as in a column of countries: "Georgia" is the country, and "CA" is Canada. Where a
    caller may mean a state of the United States, use `evcredit.facts.place.Place`.

    Source of the codes: ISO 3166-1.

    Args:
        value: For example ``"JP"``, ``"CHL"``, ``"South Korea"`` or ``"Congo (Kinshasa)"``.
        allow_user_assigned: Whether to accept Kosovo as ``XK``, a code in wide use that ISO
            3166 leaves to its users.

    Returns:
        Two capital letters.

    Raises:
        InvalidFactError: The value is not text, is not a country, names more than one, or is
            Kosovo without leave. The remedy says what to write instead.

    >>> country_code("Japan"), country_code("u.s."), country_code("Congo (Kinshasa)")
    ('JP', 'US', 'CD')
    >>> country_code("Korea")
    Traceback (most recent call last):
    evcredit.errors.InvalidFactError: country: found 'Korea'; two countries have this name; \
write KR (South Korea) or KP (North Korea)
    """
    return _code(_text(value), allow_user_assigned)


@cache
def alpha_2_codes() -> Codes:
    """Every alpha-2 code of ISO 3166-1.

    >>> "JP" in alpha_2_codes(), "UK" in alpha_2_codes()
    (True, False)
    """
    return Codes({**_own_names(), **_other_names()})


def country_name(code: str) -> str:
    """Give the short English name of a country, for display.

    Args:
        code: An alpha-2 code, or anything else `country_code` accepts; ``XK`` is accepted.

    Returns:
        The name, for example ``"South Korea"``.

    Raises:
        InvalidFactError: `code` represents no country.

    >>> country_name("KR"), country_name("CD"), country_name("TW")
    ('South Korea', 'Democratic Republic of the Congo', 'Taiwan')
    """
    alpha_2 = country_code(code, allow_user_assigned=True)
    if alpha_2 == _KOSOVO:
        return "Kosovo"
    return _own_names().get(alpha_2) or _other_names()[alpha_2]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    # A table reader that takes the code of Namibia for "not available" is the usual cause.
    remedy = 'give a name or code as text, for example "JP" (Namibia is the text "NA")'
    raise InvalidFactError("country", value, remedy)


# A value from a file may be any text, so the memory is bounded. Errors are not remembered.
@lru_cache(maxsize=4096)
def _code(value: str, allow_user_assigned: bool) -> str:
    code = _found(value, allow_user_assigned)
    if code is None:
        _refuse_unknown(value)
    return code


def known_code(value: str) -> str | None:
    """Return what `country_code` does, or `None` where it would refuse: no near name is sought.

    >>> known_code("Japan"), known_code("Ohio"), known_code("N/A")
    ('JP', None, None)
    """
    try:
        return _found(value, False)
    except InvalidFactError:
        return None


def _found(value: str, allow_user_assigned: bool) -> str | None:
    """The code of a country; `None` if there is none of the name.

    Raises:
        InvalidFactError: The text marks that nothing is known, or has several readings.
    """
    refuse_mark_of_absence(value)
    key = plain_name(value)
    if key in _REFUSED:
        raise InvalidFactError("country", value, _REFUSED[key])
    if key in _KOSOVO_KEYS:
        if allow_user_assigned:
            return _KOSOVO
        remedy = (
            "Kosovo has no code in ISO 3166-1; pass allow_user_assigned=True to use XK, which "
            "the standard leaves to its users"
        )
        raise InvalidFactError("country", value, remedy)
    code = _own_codes().get(key)
    # The other index needs pycountry, so it is asked only for what the own one does not know.
    if code is None:
        code = _other_codes().get(key) or _said_twice(value)
    return code


# Patterns are compiled when the first name is read: most programs that import this read few.
_NAME_AND_CODE = r"(.+)\((\w{2,3})\)\s*"


def _said_twice(value: str) -> str | None:
    """The country of a name followed by its code, as in ``UNITED STATES (USA)``."""
    match = re.fullmatch(_NAME_AND_CODE, value)
    if match is None:
        return None
    known = _other_codes() | dict(_own_codes())
    name, code = (known.get(plain_name(part)) for part in match.groups())
    return name if name == code else None


#: Abbreviations that geological surveys and trade statistics use inside names.
_ABBREVIATIONS = (
    (r"\brep\b\.?", "republic"),
    (r"\bdem\b\.?", "democratic"),
    (r"\bisds\b\.?", "islands"),
    (r"\bst\b\.?", "saint"),
)


def plain_name(value: str) -> str:
    """Return what remains of a name without case, accents, spaces and punctuation.

    >>> plain_name("The  Dem. Rep. of the Congo"), plain_name("Côte d'Ivoire")
    ('democraticrepublicofthecongo', 'cotedivoire')
    """
    plain = unicodedata.normalize("NFKD", value).casefold().replace("&", " and ")
    plain = plain.strip().removeprefix("the ")
    if " " in plain:  # "ST" alone is a code
        for abbreviation, word in _ABBREVIATIONS:
            plain = re.sub(abbreviation, word, plain)
    return "".join(filter(str.isalnum, plain))


@cache
def _no_country(kind: str) -> frozenset[str]:
    """The plain text of what is written where no country is known, or where several are meant."""
    return frozenset(map(plain_name, load("countries.toml")["no_country"][kind]))


def refuse_mark_of_absence(value: str) -> None:
    """Refuse text that marks a missing value or names no single country.

    Plain ``NA`` is the code of Namibia and passes.

    Raises:
        InvalidFactError: It is such text.

    >>> refuse_mark_of_absence("NA")
    >>> refuse_mark_of_absence("#N/A")
    Traceback (most recent call last):
    evcredit.errors.InvalidFactError: country: found '#N/A'; this marks a missing value; omit \
it, or give None, if the country is unknown (Namibia is the text "NA")
    """
    key = plain_name(value)
    if key in _no_country("absent") and value.strip().casefold() != "na":
        remedy = (
            "this marks a missing value; omit it, or give None, if the country is unknown "
            '(Namibia is the text "NA")'
        )
        raise InvalidFactError("country", value, remedy)
    if key in _no_country("several"):
        remedy = "this names no single country; omit it, or give None, if the country is unknown"
        raise InvalidFactError("country", value, remedy)


def _refuse_unknown(value: str) -> NoReturn:
    """Raise the error for text that is no country, proposing the nearest names."""
    if not plain_name(value):
        remedy = 'give a name or code, for example "JP" or "Japan"'
        raise InvalidFactError("country", value, remedy)
    # Nearness helps a reader of the message and must never decide a code: to such a search
    # North Korea is the nearest to "Korea".
    known = _other_codes() | dict(_own_codes())
    names = [key for key in {*known, *_REFUSED} if len(key) > 3]
    near = nearest(plain_name(value), sorted(names))
    if near and near[0] in _REFUSED:
        remedy = f"there is no country of this name; if {near[0]} is meant: {_REFUSED[near[0]]}"
        raise InvalidFactError("country", value, remedy)
    # Several names of one country can be near; name each country once, nearest first.
    codes = dict.fromkeys(known[key] for key in near if key not in _REFUSED)
    choices = " or ".join(f"{country_name(code)} ({code})" for code in codes)
    hint = f"did you mean {choices}?" if choices else "write an alpha-2 code of ISO 3166-1"
    raise InvalidFactError("country", value, f"there is no country of this name; {hint}")


@cache
def _own_names() -> Mapping[str, str]:
    """From code to name, of the countries in the package's own table."""
    names: Mapping[str, str] = MappingProxyType(load("countries.toml")["names"])
    return names


@cache
def _own_codes() -> Mapping[str, str]:
    """From plain name to code, of the countries and spellings in the package's own table."""
    codes = {plain_name(name): code for code, name in _own_names().items()}
    codes |= {code.casefold(): code for code in _own_names()}
    for code, spellings in load("countries.toml")["also_called"].items():
        codes |= {plain_name(spelling): code for spelling in spellings}
    return MappingProxyType(codes)


@cache
def _other_codes() -> dict[str, str]:
    """From key to code, of every country in pycountry: its codes and each of its names."""
    # Here, not above: loading it costs more than most assessments.
    import pycountry  # noqa: PLC0415  # most callers never need it

    codes: dict[str, str] = {}
    for record in pycountry.countries:
        for field in ("alpha_2", "alpha_3", "name", "common_name", "official_name"):
            text = getattr(record, field, None)  # most records lack some of the names
            if text is not None:
                codes[plain_name(text)] = record.alpha_2
    return codes


@cache
def _other_names() -> Mapping[str, str]:
    """From code to name, of every country in pycountry.

    Plain text is kept, not pycountry's records: those are shared, can be changed by anyone,
    and can be neither copied nor pickled.
    """
    import pycountry  # noqa: PLC0415  # most callers never need it

    return MappingProxyType(
        {
            record.alpha_2: str(getattr(record, "common_name", record.name))
            for record in pycountry.countries
        }
    )


@cache
def subdivision_rows() -> Mapping[str, tuple[tuple[str, str, str], ...]]:
    """Code, name and kind of every subdivision of ISO 3166-2 in pycountry, by country and code.

    >>> subdivision_rows()["KR"][0]
    ('KR-11', 'Seoul-teukbyeolsi', 'special city')
    """
    import pycountry  # noqa: PLC0415  # most callers never need it

    rows: dict[str, list[tuple[str, str, str]]] = {}
    for record in pycountry.subdivisions:
        row = (record.code, record.name, record.type.casefold())
        rows.setdefault(record.country_code, []).append(row)
    return MappingProxyType({country: tuple(sorted(rows[country])) for country in sorted(rows)})
