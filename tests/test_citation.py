"""Citations: reading, order, containment and addresses."""

import pytest

from evcredit import Citation
from evcredit.algebra.citation import Authority


@pytest.mark.parametrize(
    ("text", "authority", "title", "section", "path"),
    [
        ("26 USC 30D", Authority.STATUTE, 26, "30D", ()),
        ("26 USC 30D(d)(1)(F)(i)", Authority.STATUTE, 26, "30D", ("d", "1", "F", "i")),
        ("42 USC 18741(a)(5)", Authority.STATUTE, 42, "18741", ("a", "5")),
        ("42 USC 2000e-2(a)", Authority.STATUTE, 42, "2000e-2", ("a",)),
        ("19 USC 3805 note", Authority.STATUTE, 19, "3805", ()),
        ("P.L. 119-21", Authority.STATUTE, 119, "21", ()),
        ("P.L. 119-21 sec. 70502(b)(1)", Authority.STATUTE, 119, "21", ("70502", "b", "1")),
        ("26 CFR 1.30D-2(b)(34)", Authority.REGULATION, 26, "1.30D-2", ("b", "34")),
        ("26 CFR 1.45X-4", Authority.REGULATION, 26, "1.45X-4", ()),
        ("49 CFR 565.15(c)", Authority.REGULATION, 49, "565.15", ("c",)),
        ("89 FR 37706", Authority.REGULATION, 89, "37706", ()),
        ("REG-120080-22", Authority.PROPOSED_REGULATION, 120080, "22", ()),
        ("Notice 2023-16", Authority.PROCEDURE_OR_NOTICE, 2023, "16", ()),
        ("Notice 2009-89 sec. 4", Authority.PROCEDURE_OR_NOTICE, 2009, "89", ("4",)),
        ("Rev. Proc. 2023-33", Authority.PROCEDURE_OR_NOTICE, 2023, "33", ()),
        ("FS-2025-05", Authority.FREQUENTLY_ASKED_QUESTION, 2025, "05", ()),
        ("IR-2023-64", Authority.FREQUENTLY_ASKED_QUESTION, 2023, "64", ()),
    ],
)
def test_forms(text, authority, title, section, path):
    """Each usual form is taken apart."""
    citation = Citation.parse(text)
    assert (citation.authority, citation.title, citation.section, citation.path) == (
        authority,
        title,
        section,
        path,
    )
    assert str(citation) == text


def test_white_space_is_put_in_order():
    """Line breaks and double spaces do not make another citation."""
    assert str(Citation.parse("  26  USC\n30D(a) ")) == "26 USC 30D(a)"


@pytest.mark.parametrize(
    "text", ["", "30D", "26 USC", "26 U.S.C. 30D", "26 USC 30D(d", "26 USC 30D()", "FR 1", "Q&A 3"]
)
def test_what_is_no_citation(text):
    """Anything else is refused, with the forms to choose from."""
    with pytest.raises(ValueError, match="is not a citation; write it like '26 USC 30D"):
        Citation.parse(text)


@pytest.mark.parametrize(
    ("inner", "outer", "inside"),
    [
        ("26 USC 30D(d)(1)(F)(i)", "26 USC 30D(d)", True),
        ("26 USC 30D(d)", "26 USC 30D", True),
        ("26 USC 30D(d)", "26 USC 30D(d)", True),
        ("26 USC 30D(d)", "26 USC 30D(d)(1)", False),
        ("26 USC 30D(d)(1)", "26 USC 30D(d)(7)", False),
        ("26 USC 30D(e)(1)(B)(ii)", "26 USC 30D(e)(1)(B)(i)", False),
        ("26 USC 30B(b)", "26 USC 30D", False),
        ("42 USC 30D(b)", "26 USC 30D", False),
        ("26 CFR 30(a)", "26 USC 30", False),
        ("P.L. 119-21 sec. 70502(a)", "P.L. 119-21 sec. 70502", True),
        ("P.L. 119-21 sec. 70503", "P.L. 119-21 sec. 70502", False),
    ],
)
def test_containment(inner, outer, inside):
    """A place lies in another if it has all its subdivisions and perhaps more."""
    assert (Citation.parse(inner) in Citation.parse(outer)) is inside


def test_order_is_by_authority_then_by_place():
    """Statute before regulation before notice, and (2) before (10), (ix) before (x)."""
    in_order = [
        "26 USC 30D",
        "26 USC 30D(d)(1)(i)",
        "26 USC 30D(d)(1)(iv)",
        "26 USC 30D(d)(1)(ix)",
        "26 USC 30D(d)(1)(x)",
        "26 USC 30D(f)(2)",
        "26 USC 30D(f)(10)",
        "26 USC 45X(c)(6)(Z)",
        "26 USC 45X(c)(6)(AA)",
        "26 CFR 1.30D-2",
        "26 CFR 1.30D-10",
        "REG-120080-22",
        "Notice 2023-16",
        "FS-2025-05",
    ]
    backwards = [Citation.parse(text) for text in reversed(in_order)]
    assert [str(each) for each in sorted(backwards)] == in_order


def test_equality_goes_by_place_not_by_object():
    """Citations of one place are equal and hash alike; other places and things are not equal."""
    one, same = Citation.parse("26 USC 30D(a)"), Citation.parse("26  USC 30D(a)")
    assert one == same
    assert hash(one) == hash(same)
    assert one != Citation.parse("26 USC 30D(b)")
    assert one != "26 USC 30D(a)"
    assert one >= same


@pytest.mark.parametrize(
    ("text", "url"),
    [
        (
            "26 USC 30D(d)(1)",
            "https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title26-section30D",
        ),
        ("26 CFR 1.30D-3(a)", "https://www.ecfr.gov/current/title-26/section-1.30D-3"),
        ("89 FR 37706", "https://www.federalregister.gov/citation/89-FR-37706"),
        ("P.L. 119-21 sec. 70502", "https://www.govinfo.gov/link/plaw/119/public/21"),
    ],
)
def test_addresses_lead_to_the_official_text(text, url):
    """Each citation has the address of its official text."""
    assert Citation.parse(text).url == url


def test_an_earlier_edition_is_another_text():
    old, new = Citation.parse("26 USC 30D(e) (2021)"), Citation.parse("26 USC 30D(e)")
    inner = Citation.parse("26 USC 30D(e)(3)(B) (2021)")
    assert (old.edition, new.edition) == (2021, None)
    assert old != new
    assert inner in old
    assert inner not in new
    assert Citation.parse("26 USC 30D(e)(3)(B)") not in old
    assert old < new
    assert old.path == new.path == ("e",)
    assert str(old) == "26 USC 30D(e) (2021)"
