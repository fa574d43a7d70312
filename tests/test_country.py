"""Names and codes of countries."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal

import pycountry
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evcredit.data import load
from evcredit.errors import InvalidFactError
from evcredit.facts import country
from evcredit.facts.country import (
    EUROPEAN_UNION,
    TERRITORY_OF,
    country_code,
    country_name,
)

RECORDS = list(pycountry.countries)
KNOWN_CODES = {record.alpha_2 for record in RECORDS}


def remedy_for(value: object) -> str:
    """What is said about a value that is refused."""
    with pytest.raises(InvalidFactError) as caught:
        country_code(value)  # type: ignore[arg-type]
    assert caught.value.path == "country"
    assert caught.value.found is value
    return caught.value.remedy


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("Russia", "RU"),
        ("Turkey", "TR"),
        ("Turkiye", "TR"),
        ("Türkiye", "TR"),
        ("Macau", "MO"),
        ("Macao", "MO"),
        ("UK", "GB"),
        ("U.K.", "GB"),
        ("Great Britain", "GB"),
        ("U.S.", "US"),
        ("U.S.A.", "US"),
        ("us", "US"),
        ("USA", "US"),
        ("the United States", "US"),
        ("  The United States of America", "US"),
        ("DRC", "CD"),
        ("D.R.C.", "CD"),
        ("DR Congo", "CD"),
        ("Congo (Kinshasa)", "CD"),
        ("Congo-Kinshasa", "CD"),
        ("congo kinshasa", "CD"),
        ("Democratic Republic of the Congo", "CD"),
        ("The Democratic Republic of Congo", "CD"),
        ("Congo, The Democratic Republic of the", "CD"),
        ("COD", "CD"),
        ("Congo (Brazzaville)", "CG"),
        ("Republic of the Congo", "CG"),
        ("COG", "CG"),
        ("Ivory Coast", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("Korea South", "KR"),
        ("South Korea", "KR"),
        ("Korea, South", "KR"),
        ("Republic of Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("Korea (Rep. of)", "KR"),
        ("North Korea", "KP"),
        ("Korea, North", "KP"),
        ("Korea, Democratic People's Republic of", "KP"),
        ("Burma", "MM"),
        ("Swaziland", "SZ"),
        ("Cape Verde", "CV"),
        ("Palestine", "PS"),
        ("Hong Kong", "HK"),
        ("Taiwan", "TW"),
        ("Taiwan, Province of China", "TW"),
        ("Bolivia", "BO"),
        ("Vietnam", "VN"),
        ("Viet Nam", "VN"),
        ("Laos", "LA"),
        ("Iran", "IR"),
        ("Czech Republic", "CZ"),
        ("Czechia", "CZ"),
        ("Brunei", "BN"),
        ("Trinidad & Tobago", "TT"),
        ("NA", "NA"),
        ("namibia", "NA"),
        ("Guinea", "GN"),
        ("CHL", "CL"),
        ("jpn", "JP"),
        ("Puerto Rico", "PR"),
    ],
)
def test_ways_of_writing(written: str, code: str) -> None:
    """Names, abbreviations and codes in common use lead to one code."""
    assert country_code(written) == code


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.alpha_2)
def test_every_country_of_the_standard(record: object) -> None:
    """Each country is found by its codes and by the name shown for it."""
    alpha_2: str = record.alpha_2  # type: ignore[attr-defined]
    assert country_code(alpha_2) == alpha_2
    assert country_code(alpha_2.lower()) == alpha_2
    assert country_code(record.alpha_3) == alpha_2  # type: ignore[attr-defined]
    assert country_code(country_name(alpha_2)) == alpha_2


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.alpha_2)
def test_every_official_name(record: object) -> None:
    """Each name of the standard leads to its own country, except those that are ambiguous."""
    for field in ("name", "common_name", "official_name"):
        name = getattr(record, field, None)
        if name is None:
            continue
        if name == "Congo":
            assert "Kinshasa" in remedy_for(name)
        else:
            assert country_code(name) == record.alpha_2  # type: ignore[attr-defined]


# Where the name shown is not one that pycountry knows, say which country it has there.
RENAMED = {
    "CG": "Congo",
    "CI": "Côte d'Ivoire",
    "CV": "Cabo Verde",
    "CD": "Congo, The Democratic Republic of the",
    "MO": "Macao",
    "PS": "Palestine, State of",
    "RU": "Russian Federation",
    "TR": "Türkiye",
    "VI": "Virgin Islands, U.S.",
    "CZ": "Czechia",
}


@pytest.mark.parametrize("code", country._own_names())
def test_own_table_agrees_with_the_standard(code: str) -> None:
    """Each name of the own table is that of the same code in pycountry."""
    record = pycountry.countries.get(alpha_2=code)
    assert record is not None
    if code in RENAMED:
        assert record.name == RENAMED[code]
    else:
        names = {record.name, getattr(record, "common_name", record.name)}
        assert country_name(code) in names


def test_own_tables_are_consistent() -> None:
    """No spelling belongs to two countries, is redundant, or hides another country's code."""
    names, others = country._own_names(), load("countries.toml")["also_called"]
    keys = [country.plain_name(name) for name in names.values()]
    keys += [country.plain_name(other) for several in others.values() for other in several]
    assert len(keys) == len(set(keys))
    codes = {record.alpha_2.lower(): record.alpha_2 for record in RECORDS}
    codes |= {record.alpha_3.lower(): record.alpha_2 for record in RECORDS}
    for key, code in country._own_codes().items():
        assert codes.get(key, code) == code
        assert key not in country._REFUSED
        assert key == "na" or key not in country._no_country("absent")
        assert key not in country._no_country("several")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("JP", "Japan"),
        ("KR", "South Korea"),
        ("KP", "North Korea"),
        ("CD", "Democratic Republic of the Congo"),
        ("CG", "Republic of the Congo"),
        ("TW", "Taiwan"),
        ("US", "United States"),
        ("RU", "Russia"),
        ("jp", "Japan"),
        ("MD", "Moldova"),
        ("FR", "France"),
        ("UY", "Uruguay"),
        ("XK", "Kosovo"),
    ],
)
def test_names_for_display(code: str, name: str) -> None:
    """The name shown is the short one, not the official one."""
    assert country_name(code) == name


def test_no_name_for_no_country() -> None:
    """A code that represents no country has no name."""
    with pytest.raises(InvalidFactError):
        country_name("QQ")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("Congo", ["CD", "CG", "Kinshasa", "Brazzaville"]),
        ("the congo", ["CD", "CG"]),
        ("Korea", ["KR", "KP"]),
        ("KOREA ", ["KR", "KP"]),
        ("Virgin Islands", ["VI", "VG"]),
        ("America", ["US"]),
        ("North America", ["not a country", "US", "CA", "MX"]),
        ("EU", ["not a country", "EUROPEAN_UNION"]),
        ("European Union", ["EUROPEAN_UNION"]),
    ],
)
def test_ambiguous_names_are_refused(value: str, words: list[str]) -> None:
    """What could mean several things is refused, with what to write instead."""
    remedy = remedy_for(value)
    assert all(word in remedy for word in words)


@pytest.mark.parametrize("value", [None, float("nan"), 840, 1.5, True, b"US", ["US"], Decimal(1)])
def test_only_text_is_a_country(value: object) -> None:
    """Missing values, numbers and unhashable things are refused in one way."""
    assert "as text" in remedy_for(value)


@pytest.mark.parametrize("value", ["", "   ", "--", "!"])
def test_empty_text_is_refused(value: str) -> None:
    """Text without a letter is reported what a country looks like."""
    assert remedy_for(value).startswith("give a name or code")


@pytest.mark.parametrize(
    ("value", "suggestion"),
    [
        ("Chila", "Chile (CL)"),
        ("Austrlia", "Australia (AU)"),
        ("Untied States", "United States (US)"),
        ("Uruguy", "Uruguay (UY)"),
    ],
)
def test_unknown_names_get_suggestions(value: str, suggestion: str) -> None:
    """A misspelt country is answered with the nearest names and codes."""
    remedy = remedy_for(value)
    assert "did you mean" in remedy
    assert suggestion in remedy


def test_one_suggestion_for_each_country() -> None:
    """A country with several near names is proposed once."""
    assert remedy_for("Republic of Koreaa").count("(KR)") == 1


@pytest.mark.parametrize(
    "value", ["xyzzy", "QQ", "ZZZ", "840", "\N{REGIONAL INDICATOR SYMBOL LETTER U}"]
)
def test_unknown_text_without_suggestion(value: str) -> None:
    """What is near to nothing, a number or half a flag is refused without a guess."""
    remedy = remedy_for(value)
    assert "did you mean" not in remedy
    assert "code" in remedy


def test_a_name_near_an_ambiguous_one() -> None:
    """A misspelt ambiguous name is answered with both of its meanings."""
    remedy = remedy_for("Cngo")
    assert "did you mean" not in remedy
    assert "CD (Democratic Republic of the Congo, Kinshasa) or CG" in remedy


@pytest.mark.parametrize("written", ["XK", "xk", "XKX", "Kosovo"])
def test_kosovo_by_consent_only(written: str) -> None:
    """A code that the standard does not assign needs the caller's leave."""
    assert "allow_user_assigned=True" in remedy_for(written)
    assert country_code(written, allow_user_assigned=True) == "XK"
    # The leave given once may not be remembered for the next caller.
    assert "allow_user_assigned=True" in remedy_for(written)


def test_consent_changes_nothing_else() -> None:
    """The leave for Kosovo admits no other code outside the standard."""
    assert country_code("JP", allow_user_assigned=True) == "JP"
    with pytest.raises(InvalidFactError):
        country_code("XA", allow_user_assigned=True)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("UNITED STATES (USA)", "US"),
        ("UNITED KINGDOM (UK)", "GB"),
        ("Germany (DE)", "DE"),
        ("Dem. Rep. of the Congo", "CD"),
        ("Dem. Rep. Congo", "CD"),
        ("CONGO, DEMOCRATIC REPUBLIC OF THE", "CD"),
        ("Rep. of Korea", "KR"),
        ("Korea (South)", "KR"),
        ("China, Hong Kong SAR", "HK"),
        ("China, Macao SAR", "MO"),
        ("United Rep. of Tanzania", "TZ"),
        ("Dominican Rep.", "DO"),
        ("Solomon Isds", "SB"),
        ("St. Lucia", "LC"),
        ("ST", "ST"),
        ("HOLY SEE", "VA"),
        ("Canada ", "CA"),
    ],
)
def test_spellings_of_published_formats(written: str, code: str) -> None:
    """Smelter lists, geological surveys, trade statistics and VIN decoders are read."""
    assert country_code(written) == code


def test_a_name_and_the_code_of_another_country() -> None:
    """What says two countries is refused."""
    assert "no country" in remedy_for("United States (CA)")


@pytest.mark.parametrize(
    "written",
    ["N/A", "#N/A", "<NA>", "n.a.", "(NA)", "N.A.", "NaN", "None", "unknown", "W", "XX", "ZZ"],
)
def test_a_mark_of_absence_is_not_namibia(written: str) -> None:
    """Marks of a missing value are refused; plain NA is the code of Namibia."""
    remedy = remedy_for(written)
    assert "missing value" in remedy
    assert "None" in remedy
    assert country_code("NA") == country_code("na") == country_code(" NA ") == "NA"


@pytest.mark.parametrize(
    "written", ["Other Countries", "Rest of world", "World total (rounded)", "Other Asia, nes"]
)
def test_groups_of_statistics_are_no_country(written: str) -> None:
    """What is left over in a table of countries is no country."""
    assert "no single country" in remedy_for(written)


def test_european_union() -> None:
    """The Union has 27 members, all countries of the standard and none a territory."""
    assert len(EUROPEAN_UNION) == 27
    assert EUROPEAN_UNION <= KNOWN_CODES
    assert not EUROPEAN_UNION & TERRITORY_OF.keys()
    names = {country_name(code) for code in EUROPEAN_UNION}
    assert {"Germany", "Greece", "Croatia", "Ireland"} <= names
    assert not {"United Kingdom", "Norway", "Switzerland"} & names


def test_territories() -> None:
    """Each territory and parent is in the standard, and no parent is itself a territory."""
    assert {*TERRITORY_OF, *TERRITORY_OF.values()} <= KNOWN_CODES
    assert not {*TERRITORY_OF.values()} & {*TERRITORY_OF}
    of_the_united_states = {code for code, parent in TERRITORY_OF.items() if parent == "US"}
    assert of_the_united_states == {"PR", "GU", "VI", "AS", "MP", "UM"}
    for code, parent in [("HK", "CN"), ("MO", "CN"), ("GL", "DK"), ("FO", "DK"), ("NC", "FR")]:
        assert TERRITORY_OF[code] == parent
    assert not {"TW", "PS", "EH", "AQ", "XK"} & {*TERRITORY_OF}


def test_tables_cannot_be_changed() -> None:
    """The public tables are read-only."""
    with pytest.raises(TypeError):
        TERRITORY_OF["TW"] = "CN"  # type: ignore[index]
    assert isinstance(EUROPEAN_UNION, frozenset)


def test_a_territory_is_not_its_parent() -> None:
    """A territory keeps its own code: what it counts for is decided by law."""
    for territory, parent in TERRITORY_OF.items():
        assert country_code(country_name(territory)) == territory != parent


@given(st.text(max_size=12))
def test_any_text_gives_a_code_or_one_kind_of_error(text: str) -> None:
    """No text fails in any other way, and a code that is given represents itself."""
    try:
        code = country_code(text)
    except InvalidFactError:
        return
    assert code in KNOWN_CODES
    assert country_code(code) == code


@given(st.sampled_from(RECORDS), st.data())
def test_writing_habits_do_not_matter(record: object, data: st.DataObject) -> None:
    """Case and punctuation never lead to another country."""
    name = country_name(record.alpha_2)  # type: ignore[attr-defined]
    marks = data.draw(st.lists(st.sampled_from(" .,-'()_"), min_size=len(name), max_size=len(name)))
    strewn = "".join(letter + mark for letter, mark in zip(name, marks, strict=True))
    assert country_code(strewn.upper()) == record.alpha_2  # type: ignore[attr-defined]


USUAL = ["JP", "China", "Congo (Kinshasa)", "usa", "South Korea", "DRC", "Namibia", *EUROPEAN_UNION]


def test_usual_countries_need_no_other_package() -> None:
    """Importing the module and using its own tables does not load pycountry."""
    code = (
        "import sys\n"
        "from evcredit.facts.country import country_code, country_name\n"
        f"for written in {USUAL!r}: country_name(country_code(written))\n"
        "for refused in ('Congo', 'Korea', 'EU', 'XK', None):\n"
        "    try: country_code(refused)\n"
        "    except ValueError: pass\n"
        "assert 'pycountry' not in sys.modules\n"
        "country_code('Uruguay')\n"
        "assert 'pycountry' in sys.modules\n"
    )
    run = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
