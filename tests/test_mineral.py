"""The applicable critical minerals of 26 USC 45X(c)(6), their forms and purities."""

from __future__ import annotations

import copy
import pickle
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal

import attrs
import pytest

from evcredit.algebra.field import Fault
from evcredit.data import load_rows
from evcredit.errors import InvalidFactError
from evcredit.facts.mineral import (
    ApplicableMineral,
    QualifyingForm,
    applicable_minerals,
    as_mineral,
    mineral,
)

ALL = applicable_minerals()
FORMS = [(found, form) for found in ALL for form in found.forms]
FORM_NAMES = [f"{found.identifier}.{form.identifier}" for found, form in FORMS]

# The table of minimum purities, written down a second time and independently of the data
# file: statute letter of 2022, then the percentage of each form in the statute's order.
PURITIES: dict[str, tuple[str, list[str | None]]] = {
    "aluminum": ("A", ["99", "99.9"]),
    "antimony": ("B", ["90", "99.65"]),
    "barite": ("C", ["80"]),
    "beryllium": ("D", [None, "99"]),
    "cerium": ("E", ["99.9", "99"]),
    "cesium": ("F", [None, "99"]),
    "chromium": ("G", ["60", "99"]),
    "cobalt": ("H", [None, "99.6"]),
    "dysprosium": ("I", ["99", "99"]),
    "europium": ("J", ["99.9", "99"]),
    "fluorspar": ("K", ["97", "99"]),
    "gadolinium": ("L", ["99.9", "99"]),
    "germanium": ("M", [None, "99.99"]),
    "graphite": ("N", ["99.9"]),
    "indium": ("O", [None, "99.9", "99"]),
    "lithium": ("P", [None, "99.9"]),
    "manganese": ("Q", [None, "99.7"]),
    "neodymium": ("R", ["99", "99.5", "99.9"]),
    "nickel": ("S", [None, "99"]),
    "niobium": ("T", [None, "99"]),
    "tellurium": ("U", [None, "99"]),
    "tin": ("V", ["99.99"]),
    "tungsten": ("W", [None]),
    "vanadium": ("X", [None]),
    "yttrium": ("Y", ["99.999", "99.9"]),
}
# The minerals of the last subparagraph, each at 99 percent, in the order of its clauses.
NINETY_NINE = [
    "arsenic",
    "bismuth",
    "erbium",
    "gallium",
    "hafnium",
    "holmium",
    "iridium",
    "lanthanum",
    "lutetium",
    "magnesium",
    "palladium",
    "platinum",
    "praseodymium",
    "rhodium",
    "rubidium",
    "ruthenium",
    "samarium",
    "scandium",
    "tantalum",
    "terbium",
    "thulium",
    "titanium",
    "ytterbium",
    "zinc",
    "zirconium",
]
ROMAN = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]


def test_fifty_minerals_of_2022() -> None:
    """The list of 2022 has twenty-five lettered minerals and twenty-five at 99 percent."""
    of_2022 = [found for found in ALL if found.statute_2022 is not None]
    assert len(of_2022) == 50
    assert {found.identifier for found in of_2022} == {*PURITIES, *NINETY_NINE}
    assert {found.listed_from for found in of_2022} == {date(2022, 8, 16)}


def test_one_mineral_was_added_in_2025() -> None:
    """Metallurgical coal is the only later addition, without purity and without regulation."""
    (coal,) = (found for found in ALL if found.statute_2022 is None)
    assert coal.identifier == "metallurgical_coal"
    assert coal.statute_current == "26 USC 45X(c)(6)(R)"
    assert coal.added_by == "P.L. 119-21 sec. 70514(e)(1)"
    assert coal.symbol is None and coal.regulation is None
    (form,) = coal.forms
    assert form.meets(None) is True


@pytest.mark.parametrize(
    ("day", "count"),
    [
        (date(2022, 8, 15), 0),
        (date(2022, 8, 16), 50),
        (date(2025, 7, 4), 50),
        (date(2025, 7, 5), 51),
    ],
)
def test_list_on_a_day(day: date, count: int) -> None:
    """The list begins on enactment and grows for years beginning after 2025-07-04."""
    assert len(applicable_minerals(day)) == count


@pytest.mark.parametrize("day", [datetime(2024, 1, 1), "2024-01-01", 2024])
def test_a_day_must_be_a_plain_date(day: object) -> None:
    """A time of day, text or a number is refused instead of compared."""
    with pytest.raises(InvalidFactError) as caught:
        applicable_minerals(day)  # type: ignore[arg-type]
    assert caught.value.path == "on"


@pytest.mark.parametrize("identifier", PURITIES)
def test_lettered_mineral(identifier: str) -> None:
    """Letters and purities agree with a second, independent transcription."""
    letter, purities = PURITIES[identifier]
    found = mineral(identifier)
    assert found.statute_2022 == f"26 USC 45X(c)(6)({letter})"
    # Coal was put in at (R): everything from there on moved by one letter.
    moved = letter if letter < "R" else chr(ord(letter) + 1)
    assert found.statute_current == f"26 USC 45X(c)(6)({moved})"
    expected = [None if purity is None else Decimal(purity) for purity in purities]
    assert [form.minimum_purity_percent for form in found.forms] == expected


@pytest.mark.parametrize("clause", range(25))
def test_ninety_nine_percent_mineral(clause: int) -> None:
    """Each mineral of the last subparagraph is at its own clause and needs 99 percent."""
    roman = "x" * ((clause + 1) // 10) + ROMAN[(clause + 1) % 10]
    found = mineral(NINETY_NINE[clause])
    assert found.statute_2022 == f"26 USC 45X(c)(6)(Z)({roman})"
    assert found.statute_current == f"26 USC 45X(c)(6)(AA)({roman})"
    assert found.regulation == "26 CFR 1.45X-4(b)(26)"
    (form,) = found.forms
    assert form.minimum_purity_percent == Decimal(99)
    assert form.meets(99) is True and form.meets(Decimal("98.999")) is False


def test_every_lettered_mineral_has_its_paragraph_of_the_regulation() -> None:
    """Paragraphs (1) to (25) of the regulation follow the letters (A) to (Y)."""
    assert [mineral(name).regulation for name in PURITIES] == [
        f"26 CFR 1.45X-4(b)({number})" for number in range(1, 26)
    ]


def test_five_minerals_of_the_japan_agreement() -> None:
    """The agreement with Japan covers five minerals, no more."""
    five = {found.identifier for found in ALL if found.in_us_japan_agreement}
    assert five == {"cobalt", "graphite", "lithium", "manganese", "nickel"}


def test_only_coal_is_not_in_batteries() -> None:
    """Every mineral except metallurgical coal could be contained in a battery."""
    outside = [found.identifier for found in ALL if not found.contained_in_batteries]
    assert outside == ["metallurgical_coal"]


def test_only_tin_is_strict() -> None:
    """Tin alone requires more than its percentage; all others are met at the percentage."""
    strict = [found.identifier for found, form in FORMS if form.comparison == "more than"]
    assert strict == ["tin"]


def test_only_tin_has_an_emission_ceiling() -> None:
    """Tin alone has a second condition, 0.01 counts per hour and square centimetre."""
    capped = [
        (found.identifier, form.maximum_alpha_emission)
        for found, form in FORMS
        if form.maximum_alpha_emission is not None
    ]
    assert capped == [("tin", Decimal("0.01"))]


@pytest.mark.parametrize(
    ("purity", "emission", "expected"),
    [
        ("99.99", None, False),
        ("99.99", "0.01", False),
        ("99.991", None, None),
        ("99.991", "0.01", True),
        ("99.991", "0.0101", False),
        (None, "0.02", False),
        (None, "0.01", None),
        (None, None, None),
    ],
)
def test_tin(purity: str | None, emission: str | None, expected: bool | None) -> None:
    """Tin needs strictly more than 99.99 percent and at most the emission ceiling."""
    (form,) = mineral("tin").forms
    found = form.meets(
        None if purity is None else Decimal(purity),
        alpha_emission=None if emission is None else Decimal(emission),
    )
    assert found is expected


@pytest.mark.parametrize(("found", "form"), FORMS, ids=FORM_NAMES)
def test_threshold_of_every_form(found: ApplicableMineral, form: QualifyingForm) -> None:
    """A form is decided at, above and below its own threshold, and open when unknown."""
    minimum = form.minimum_purity_percent
    if minimum is None:
        assert form.comparison is None and form.purity_of is None
        assert form.meets(None) is True
        assert form.meets(Decimal(1)) is True
        return
    step = Decimal("0.0001")
    assert form.purity_of is not None
    assert form.meets(minimum, alpha_emission=0) is (form.comparison == "at least")
    assert form.meets(minimum + step, alpha_emission=0) is True
    assert form.meets(minimum - step, alpha_emission=0) is False
    assert form.meets(None, alpha_emission=0) is None


@pytest.mark.parametrize(("found", "form"), FORMS, ids=FORM_NAMES)
def test_every_form_says_where_it_comes_from(
    found: ApplicableMineral, form: QualifyingForm
) -> None:
    """Each form carries a place inside its mineral's place, a source and two marks."""
    assert form.statute_current.startswith(found.statute_current)
    if found.statute_2022 is None:
        assert form.statute_2022 is None
    else:
        assert form.statute_2022 is not None
        assert form.statute_2022.startswith(found.statute_2022)
    assert {form.mark, form.mark_current} <= {"V", "R"}
    assert form.source.startswith("26 USC 45X(c)(6)")


def test_seventy_three_forms_with_distinct_names() -> None:
    """No form is lost or doubled: 73 forms, named differently within each mineral."""
    assert len(FORMS) == len(set(FORM_NAMES)) == 73


def test_traps_of_the_text() -> None:
    """The oddities of the statute are read as they stand and noted."""
    oxide, metal = mineral("yttrium").forms
    assert oxide.minimum_purity_percent == Decimal("99.999")
    assert metal.minimum_purity_percent == Decimal("99.9")
    assert mineral("europium").forms[1].purity_of == "europium by mass"
    assert "omits" in (mineral("europium").forms[1].note or "")
    assert "conjunction" in (mineral("neodymium").forms[0].note or "")
    assert "ferronibium" in (mineral("niobium").forms[0].note or "")
    assert "synthetic" in (mineral("graphite").forms[0].note or "")
    assert mineral("indium").forms[1].statute_2022 == "26 USC 45X(c)(6)(O)(i)(II)"


@pytest.mark.parametrize("found", ALL, ids=lambda found: found.identifier)
def test_found_by_every_name(found: ApplicableMineral) -> None:
    """Name, symbol, identifier and other names all lead back to the mineral, in any case."""
    names = (found.name, found.identifier, found.symbol or found.name, *found.also_called)
    for name in names:
        assert mineral(name) is found
        assert mineral(f"  {name.upper()} ") is found
        assert mineral(name.lower()) is found


def test_identifiers_and_symbols_are_unique() -> None:
    """No two minerals share an identifier or a symbol, whatever the case."""
    symbols = [found.symbol.lower() for found in ALL if found.symbol is not None]
    assert len(symbols) == len(set(symbols)) == 50
    assert len({found.identifier for found in ALL}) == 51
    assert all(
        found.identifier == found.identifier.lower()
        and found.identifier.replace("_", "a").isalpha()
        for found in ALL
    )


@pytest.mark.parametrize(
    ("name", "material"),
    [
        ("copper", "copper"),
        ("Cu", "copper"),
        ("iron", "iron"),
        ("Phosphorus", "phosphorus"),
        ("phosphate", "phosphate"),
        ("iron_phosphate", "iron phosphate"),
        ("silicon", "silicon"),
        ("sulphur", "sulfur"),
        ("sulfur", "sulfur"),
        ("sodium", "sodium"),
        ("Na", "sodium"),
        ("fluorine", "fluorine"),
    ],
)
def test_well_known_materials_that_are_not_listed(name: str, material: str) -> None:
    """A battery material that is not listed is said to carry no mineral value."""
    with pytest.raises(InvalidFactError) as caught:
        mineral(name)
    assert caught.value.path == "mineral"
    assert caught.value.found == name
    assert caught.value.remedy.startswith(f"{material} is not an applicable critical mineral")
    assert "no mineral value" in caught.value.remedy


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [("lithum", "lithium"), ("grafite", "graphite"), ("Nickle", "nickel")],
)
def test_unknown_name_with_suggestion(name: str, suggestion: str) -> None:
    """A misspelt name is answered with the nearest one."""
    with pytest.raises(InvalidFactError, match=f"did you mean .*{suggestion}"):
        mineral(name)


def test_unknown_name_without_suggestion() -> None:
    """A name near to nothing is refused without a guess."""
    with pytest.raises(InvalidFactError) as caught:
        mineral("xyzzy")
    assert "did you mean" not in str(caught.value)


@pytest.mark.parametrize("name", [None, 3, Decimal("NaN"), ["lithium"]])
def test_name_must_be_text(name: object) -> None:
    """Anything but text is refused by name, not by an accident further on."""
    with pytest.raises(InvalidFactError, match="as text"):
        mineral(name)  # type: ignore[arg-type]


def test_converter_of_mineral_facts() -> None:
    """As a fact, a mineral or its name is taken, and a wrong name is kept as a fault."""
    assert as_mineral("Li") is as_mineral(mineral("lithium")) is mineral("lithium")
    fault = as_mineral("copper")
    assert isinstance(fault, Fault)
    assert fault.found == "copper"
    assert "no mineral value" in fault.remedy


@pytest.mark.parametrize("purity", [99.9, True, "99.9", Decimal("NaN"), Decimal("Infinity")])
def test_inexact_purity_is_refused(purity: object) -> None:
    """Floats, flags, text, NaN and infinity are not percentages, even where none is needed."""
    for form in mineral("lithium").forms:
        with pytest.raises(InvalidFactError) as caught:
            form.meets(purity)  # type: ignore[arg-type]
        assert caught.value.path == "purity_percent"


@pytest.mark.parametrize("purity", [-1, Decimal("-0.01"), Decimal("100.01"), 101])
def test_purity_out_of_range_is_refused(purity: Decimal | int) -> None:
    """A percentage lies from 0 to 100."""
    with pytest.raises(InvalidFactError, match="from 0 to 100"):
        mineral("lithium").forms[1].meets(purity)
    assert mineral("lithium").forms[1].meets(100) is True
    assert mineral("lithium").forms[1].meets(0) is False


def test_negative_emission_is_refused() -> None:
    """An emission rate has no upper bound of its own, but is never negative."""
    (form,) = mineral("tin").forms
    with pytest.raises(InvalidFactError, match="0 or more"):
        form.meets(100, alpha_emission=-1)
    assert form.meets(100, alpha_emission=1000) is False


def test_values_are_frozen_hashable_and_portable() -> None:
    """Minerals can be keys, copied and pickled, and not changed."""
    for found in ALL:
        assert hash(found) == hash(copy.deepcopy(found))
        assert pickle.loads(pickle.dumps(found)) == found
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        ALL[0].name = "Copper"  # type: ignore[misc]


def test_no_float_in_the_data() -> None:
    """Every number of the list is exact."""
    for _, form in FORMS:
        for value in (form.minimum_purity_percent, form.maximum_alpha_emission):
            assert value is None or type(value) is Decimal


def test_import_reads_nothing() -> None:
    """Importing the module does not load the reader of the data file."""
    code = "import sys, evcredit.facts.mineral; sys.exit('tomllib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


# -- by CAS number, salt and form --------------------------------------------------------------

MATERIALS = load_rows("materials.csv")


@pytest.mark.parametrize("row", MATERIALS, ids=lambda row: row["name"])
def test_every_cas_number_has_the_right_check_digit(row: dict[str, str]) -> None:
    """The last digit is the sum of the others, each times its place from the right, modulo 10."""
    for number in filter(None, row.get("cas", "").split("|")):
        *digits, check = (int(digit) for digit in number if digit != "-")
        assert sum(place * each for place, each in enumerate(reversed(digits), 1)) % 10 == check
    assert row["mark"] in {"V", "R"}


@pytest.mark.parametrize("row", MATERIALS, ids=lambda row: row["name"])
def test_every_material_leads_to_its_mineral_or_says_why_not(row: dict[str, str]) -> None:
    """Names and numbers of a row find one mineral, stated as the salt or form that it is."""
    others = f"{row.get('cas', '')}|{row.get('also_called', '')}"
    for written in filter(None, f"{row['name']}|{others}".split("|")):
        if row.get("mineral") and row.get("is_form") != "no":
            found = mineral(written)
            assert found.identifier == row["mineral"]
            form = found.stated_form
            assert (None if form is None else form.identifier) == row.get("form")
            assert found == mineral(row["mineral"])
            assert hash(found) == hash(mineral(row["mineral"]))
        else:
            fault = as_mineral(written)
            assert isinstance(fault, Fault)
            assert row["name"] in fault.remedy
            assert all(each in fault.remedy for each in row.get("mineral", "").split("|"))


def test_every_mineral_but_coal_has_a_cas_number() -> None:
    """The table of CAS numbers is complete; metallurgical coal is no substance with a number."""
    numbered = {row["mineral"] for row in MATERIALS if "cas" in row and "mineral" in row}
    assert {each.identifier for each in ALL} - numbered == {"metallurgical_coal"}
    named = {(row["mineral"], row["form"]) for row in MATERIALS if "form" in row}
    converted = {(f.identifier, g.identifier) for f, g in FORMS if g.description.startswith("conv")}
    assert converted - named == {("fluorspar", "calcium_fluoride")}


@pytest.mark.parametrize(
    ("written", "identifier", "stated_as"),
    [
        ("7439-93-2", "lithium", None),
        (" 7439-93-2 ", "lithium", None),
        ("CAS 7440-02-0", "nickel", None),
        ("CAS-No. 10101-97-0", "nickel", "nickel sulfate"),
        ("Nickel Sulphate", "nickel", "nickel sulfate"),
        ("LiOH·H2O", "lithium", "lithium hydroxide"),
        ("Graphite (synthetic)", "graphite", None),
        ("Graphite (natural)", "graphite", None),
        ("metallurgical_coal", "metallurgical_coal", None),
    ],
)
def test_ways_to_name_a_mineral(written: str, identifier: str, stated_as: str | None) -> None:
    """Registry numbers with or without a label, salts in both spellings, formulas."""
    found = mineral(written)
    assert (found.identifier, found.stated_as) == (identifier, stated_as)


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("7439-93-3", "check digit should be 2"),
        ("201-004-7", "this is an EC number"),
        ("7732-18-5", "none of its forms is on record with this CAS number"),
        ("LiPF6", "lithium hexafluorophosphate holds lithium but is none of the forms"),
        ("NMC", "give lithium and nickel and manganese and cobalt"),
        ("7440-50-8", "copper is not an applicable critical mineral"),
        ("lithium carbonat", "did you mean lithium carbonate"),
        ("LITHUM", "did you mean lithium"),
    ],
)
def test_what_is_no_mineral_says_why(written: str, words: str) -> None:
    """Wrong numbers, compounds that are no form, materials that are not listed, slips."""
    fault = as_mineral(written)
    assert isinstance(fault, Fault)
    assert words in fault.remedy
