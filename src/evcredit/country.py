"""Countries as facts: one exact code for every way of writing them.

The rest of the package stores alpha-2 codes of ISO 3166-1 as plain text. This is the only
module that turns names into codes and back, and the only one that uses pycountry, which it
loads only for countries outside its own table.

What a country or a territory counts for (a free-trade partner, a part of North America, a
covered nation) is law, not geography, and is decided elsewhere.
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NoReturn

from evcredit.errors import InvalidFactError, nearest
from evcredit.fact import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "EUROPEAN_UNION",
    "TERRITORY_OF",
    "alpha_2_codes",
    "as_country",
    "country_code",
    "country_name",
]

# The countries that turn up in trade agreements, lists of covered nations and battery supply
# chains, with the names this package shows. Names of our own, so that the usual case needs no
# other package.
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "AE": "United Arab Emirates",
        "AL": "Albania",
        "AM": "Armenia",
        "AO": "Angola",
        "AR": "Argentina",
        "AS": "American Samoa",
        "AT": "Austria",
        "AU": "Australia",
        "AZ": "Azerbaijan",
        "BA": "Bosnia and Herzegovina",
        "BD": "Bangladesh",
        "BE": "Belgium",
        "BG": "Bulgaria",
        "BH": "Bahrain",
        "BI": "Burundi",
        "BO": "Bolivia",
        "BR": "Brazil",
        "BW": "Botswana",
        "BY": "Belarus",
        "CA": "Canada",
        "CD": "Democratic Republic of the Congo",
        "CG": "Republic of the Congo",
        "CH": "Switzerland",
        "CI": "Ivory Coast",
        "CL": "Chile",
        "CN": "China",
        "CO": "Colombia",
        "CR": "Costa Rica",
        "CU": "Cuba",
        "CV": "Cape Verde",
        "CY": "Cyprus",
        "CZ": "Czech Republic",
        "DE": "Germany",
        "DK": "Denmark",
        "DO": "Dominican Republic",
        "DZ": "Algeria",
        "EC": "Ecuador",
        "EE": "Estonia",
        "EG": "Egypt",
        "ES": "Spain",
        "FI": "Finland",
        "FR": "France",
        "GA": "Gabon",
        "GB": "United Kingdom",
        "GE": "Georgia",
        "GH": "Ghana",
        "GL": "Greenland",
        "GN": "Guinea",
        "GR": "Greece",
        "GT": "Guatemala",
        "GU": "Guam",
        "HK": "Hong Kong",
        "HN": "Honduras",
        "HR": "Croatia",
        "HU": "Hungary",
        "ID": "Indonesia",
        "IE": "Ireland",
        "IL": "Israel",
        "IN": "India",
        "IR": "Iran",
        "IS": "Iceland",
        "IT": "Italy",
        "JO": "Jordan",
        "JP": "Japan",
        "KE": "Kenya",
        "KG": "Kyrgyzstan",
        "KH": "Cambodia",
        "KP": "North Korea",
        "KR": "South Korea",
        "KZ": "Kazakhstan",
        "LA": "Laos",
        "LK": "Sri Lanka",
        "LT": "Lithuania",
        "LU": "Luxembourg",
        "LV": "Latvia",
        "MA": "Morocco",
        "MG": "Madagascar",
        "MK": "North Macedonia",
        "ML": "Mali",
        "MM": "Myanmar",
        "MN": "Mongolia",
        "MO": "Macau",
        "MP": "Northern Mariana Islands",
        "MT": "Malta",
        "MW": "Malawi",
        "MX": "Mexico",
        "MY": "Malaysia",
        "MZ": "Mozambique",
        "NA": "Namibia",
        "NC": "New Caledonia",
        "NG": "Nigeria",
        "NI": "Nicaragua",
        "NL": "Netherlands",
        "NO": "Norway",
        "NZ": "New Zealand",
        "OM": "Oman",
        "PA": "Panama",
        "PE": "Peru",
        "PG": "Papua New Guinea",
        "PH": "Philippines",
        "PK": "Pakistan",
        "PL": "Poland",
        "PR": "Puerto Rico",
        "PS": "Palestine",
        "PT": "Portugal",
        "RO": "Romania",
        "RS": "Serbia",
        "RU": "Russia",
        "RW": "Rwanda",
        "SA": "Saudi Arabia",
        "SE": "Sweden",
        "SG": "Singapore",
        "SI": "Slovenia",
        "SK": "Slovakia",
        "SV": "El Salvador",
        "SZ": "Eswatini",
        "TH": "Thailand",
        "TR": "Turkey",
        "TW": "Taiwan",
        "TZ": "Tanzania",
        "UA": "Ukraine",
        "UM": "United States Minor Outlying Islands",
        "US": "United States",
        "UZ": "Uzbekistan",
        "VI": "United States Virgin Islands",
        "VN": "Vietnam",
        "ZA": "South Africa",
        "ZM": "Zambia",
        "ZW": "Zimbabwe",
    }
)

# Other ways to write them, as people, customs forms and geological surveys do. Case,
# accents, spaces and punctuation do not matter (see `_key`).
_ALIASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "AE": ("UAE",),
        "BO": ("Plurinational State of Bolivia",),
        "BN": ("Brunei",),
        "CD": (
            "DRC",
            "DR Congo",
            "D.R. of the Congo",
            "Congo (Kinshasa)",
            "Congo, Democratic Republic",
            "Congo, Democratic Republic of the",
            "Congo, Dem. Rep.",
            "Democratic Republic of Congo",
        ),
        "CG": (
            "Congo (Brazzaville)",
            "Congo, Republic of the",
            "Congo, Rep.",
            "Republic of Congo",
        ),
        "CI": ("Côte d'Ivoire",),
        "CN": ("PRC", "People's Republic of China", "Mainland China"),
        "CV": ("Cabo Verde",),
        "CZ": ("Czechia",),
        "GB": ("UK", "Great Britain", "Britain"),
        "HK": ("Hong Kong SAR", "Hong Kong, China"),
        "IR": ("Islamic Republic of Iran",),
        "KP": (
            "Korea North",
            "DPRK",
            "Democratic People's Republic of Korea",
            "Korea (Dem. People's Rep. of)",
        ),
        "KR": ("Korea South", "ROK", "Republic of Korea", "Korea (Rep. of)", "Korea, Rep."),
        "LA": ("Lao PDR",),
        "MM": ("Burma",),
        "MO": ("Macao", "Macau SAR", "Macao SAR"),
        "NL": ("Holland",),
        "RU": ("Russian Federation",),
        "SZ": ("Swaziland",),
        "TR": ("Türkiye",),
        "TW": ("Chinese Taipei",),
        "US": ("USA", "United States of America"),
        "VI": ("US Virgin Islands", "Virgin Islands of the United States"),
    }
)

# Written by people who mean a certain country, and read by others as another one. Looked at
# before anything else: pycountry would answer "Congo" with the one that mines no cobalt.
_REFUSED: Mapping[str, str] = MappingProxyType(
    {
        "congo": (
            "two countries are called so; write CD (Democratic Republic of the Congo, "
            "Kinshasa) or CG (Republic of the Congo, Brazzaville)"
        ),
        "korea": "two countries are called so; write KR (South Korea) or KP (North Korea)",
        "virginislands": (
            "two territories are called so; write VI (United States Virgin Islands) or VG "
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

EUROPEAN_UNION: frozenset[str] = frozenset(
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
    punctuation and a leading "the" do not matter. Nothing is guessed: "Georgia" is the country,
    and "CA" is Canada, even if a state of the United States was meant.

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
    evcredit.errors.InvalidFactError: country: found 'Korea'; two countries are called so; \
write KR (South Korea) or KP (North Korea)
    """
    return _code(_text(value), allow_user_assigned)


@cache
def alpha_2_codes() -> frozenset[str]:
    """Every alpha-2 code of ISO 3166-1.

    >>> "JP" in alpha_2_codes(), "UK" in alpha_2_codes()
    (True, False)
    """
    return frozenset(_NAMES) | frozenset(_other_names())


def country_name(code: str) -> str:
    """Give the short English name of a country, for display.

    Args:
        code: An alpha-2 code, or anything else `country_code` accepts; ``XK`` is accepted.

    Returns:
        The name, for example ``"South Korea"``.

    Raises:
        InvalidFactError: `code` stands for no country.

    >>> country_name("KR"), country_name("CD"), country_name("TW")
    ('South Korea', 'Democratic Republic of the Congo', 'Taiwan')
    """
    alpha_2 = country_code(code, allow_user_assigned=True)
    if alpha_2 == _KOSOVO:
        return "Kosovo"
    return _NAMES.get(alpha_2) or _other_names()[alpha_2]


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    # A table reader that takes the code of Namibia for "not available" is the usual cause.
    remedy = 'give a name or code as text, for example "JP" (Namibia is the text "NA")'
    raise InvalidFactError("country", value, remedy)


# A value from a file may be any text, so the memory is bounded. Errors are not remembered.
@lru_cache(maxsize=4096)
def _code(value: str, allow_user_assigned: bool) -> str:
    key = _key(value)
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
        code = _other_codes().get(key)
    if code is None:
        _refuse_unknown(value)
    return code


def _key(value: str) -> str:
    """What remains of a name when writing habits are taken away."""
    plain = unicodedata.normalize("NFKD", value).casefold().replace("&", " and ")
    return "".join(filter(str.isalnum, plain.strip().removeprefix("the ")))


def _refuse_unknown(value: str) -> NoReturn:
    """Raise the error for text that is no country, proposing the nearest names."""
    if not _key(value):
        remedy = 'give a name or code, for example "JP" or "Japan"'
        raise InvalidFactError("country", value, remedy)
    # Nearness helps a reader of the message and must never decide a code: to such a search
    # North Korea is the nearest to "Korea".
    known = _other_codes() | _own_codes()
    names = [key for key in {*known, *_REFUSED} if len(key) > 3]
    near = nearest(_key(value), sorted(names))
    if near and near[0] in _REFUSED:
        remedy = f"no country is called so; if {near[0]} is meant: {_REFUSED[near[0]]}"
        raise InvalidFactError("country", value, remedy)
    # Several names of one country can be near; name each country once, nearest first.
    codes = dict.fromkeys(known[key] for key in near if key not in _REFUSED)
    choices = " or ".join(f"{country_name(code)} ({code})" for code in codes)
    hint = f"did you mean {choices}?" if choices else "write an alpha-2 code of ISO 3166-1"
    raise InvalidFactError("country", value, f"no country is called so; {hint}")


@cache
def _own_codes() -> dict[str, str]:
    """From key to code, of the countries in this module's own tables."""
    codes = {_key(name): code for code, name in _NAMES.items()}
    codes |= {code.casefold(): code for code in _NAMES}
    codes |= {_key(alias): code for code, aliases in _ALIASES.items() for alias in aliases}
    return codes


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
                codes[_key(text)] = record.alpha_2
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


def as_country(value: str | None) -> Any:
    """The converter of country facts: an alpha-2 code, unknown, or a fault."""
    if value is None:
        return None
    try:
        return country_code(value)
    except InvalidFactError as error:
        return Fault(value, error.remedy)
