"""Every paragraph of the law is cited by a rule or a number, or listed with the reason why not.

To put things right after rules were added, run this file and do what the messages of
`test_the_list_and_the_rules_agree` say: an entry of ``deferred.toml`` that is cited by now goes,
or says in ``part_left`` what is left of it.
"""

from datetime import date, timedelta
from functools import cache, cached_property
from importlib import import_module
from types import SimpleNamespace

import attrs
import pytest

from evcredit import Citation, Readings, current_law
from evcredit.algebra.citation import Authority
from evcredit.algebra.rule import Rule
from evcredit.algebra.topic import Mode
from evcredit.audit.citing import CitingPlace, all_topics, places_citing
from evcredit.audit.days import ChangeDay, change_days
from evcredit.audit.report import Coverage, coverage, loose_ends, uncovered
from evcredit.audit.texts import (
    Deferral,
    Deferred,
    LawText,
    OpenPoint,
    Paragraph,
    deferred_provisions,
    law_texts,
    open_points,
)
from evcredit.law.law import schedule_names
from evcredit.section_30d.limits import income_within_limit, special_rules

REAL = coverage()
REAL_FAULTS = set(REAL.faults())
MARKS = {"R", "C", "V", "V2", "conflict", "unknown"}


def cite(text):
    return Citation.parse(text)


def entry(citation, **changes):
    facts = {
        "title": "a paragraph",
        "kind": Deferral.LATER,
        "reason": "a test",
    }
    return Deferred(citation=cite(citation), **{**facts, **changes})


def place(citation, name="a_rule", *, composed=False):
    return CitingPlace(cite(citation), "rule", name, composed)


def text_of(*paragraphs, complete=True):
    listed = tuple(p if isinstance(p, Paragraph) else Paragraph(cite(p)) for p in paragraphs)
    return LawText(name="a text", title="a text", paragraphs=listed, complete=complete)


def new_faults(doctored):
    """The faults of a doctored copy that the real list does not have."""
    return set(doctored.faults()) - REAL_FAULTS


# -- the real list -------------------------------------------------------------------------


def test_the_list_and_the_rules_agree():
    """Nothing is omitted, out of date, idle, misplaced, or cited and not listed."""
    assert "\n".join(REAL.faults()) == ""


def test_nothing_is_named_that_does_not_exist():
    """Readings, schedules, functions, facts, files and entries that the two lists name exist."""
    assert "\n".join(loose_ends(open_points(), deferred_provisions())) == ""


def test_the_parts_of_the_section_that_one_knows_by_heart():
    """Paragraphs counted in the texts by hand, so that none can get lost from the list."""
    counts = {text.name: len(text.paragraphs) for text in law_texts()}
    assert counts == {
        "since 2023": 84 + 4,
        "before 2023": 23 + 17,
        "P.L. 117-169": 7,
        "P.L. 119-21": 3,
        "26 CFR 1.30D-1": 6,
        "26 CFR 1.30D-2": 48 + 17,
        "26 CFR 1.30D-3": 5 + 4,
        "26 CFR 1.30D-4": 1 + 6,
        "26 CFR 1.30D-5": 5 + 6,
        "26 CFR 1.30D-6": 4 + 6,
        "26 USC 25E": 27,
        "P.L. 117-169 sec. 13402": 2,
        "26 CFR 1.25E-1": 27,
        "26 CFR 1.25E-2": 7,
        "26 CFR 1.25E-3": 7,
        "26 USC 45W": 19,
        "proposed regulations under 26 USC 45W": 2 + 3,
        "guidance on commercial vehicles": 7,
        "related law": 12,
    }
    assert {
        letter: sum(each.citation.path[0] == letter for each in law_texts()[0].paragraphs)
        for letter in "abcdefgh"
    } == {"a": 1, "b": 3, "c": 2, "d": 21, "e": 17, "f": 22, "g": 21, "h": 1}


def test_no_paragraph_is_listed_twice_or_holds_another():
    """Paragraphs are the smallest parts, each once."""
    for text in law_texts():
        numbered = [each.citation for each in text.paragraphs if not each.definition]
        assert len(set(text.paragraphs)) == len(text.paragraphs)
        assert not [
            (one, other)
            for one in numbered
            for other in numbered
            if one is not other and one in other
        ]


def test_citations_are_of_the_authority_they_should_be():
    """Statute, regulation and guidance, not the press."""
    found = {each.citation.authority for text in law_texts() for each in text.paragraphs}
    assert found == set(Authority) - {Authority.OTHER}


def test_every_entry_says_why():
    """Title and reason are sentences to print; what is computed elsewhere says where."""
    assert len(deferred_provisions()) > 100
    for each in deferred_provisions():
        assert each.title
        assert each.reason.endswith(".")
        assert bool(each.by) is (each.kind is Deferral.ELSEWHERE), str(each)


def test_no_two_entries_are_about_the_same():
    """One reason for each paragraph, unless one of the entries is about a part of it."""
    keys = [(each.citation, each.definition) for each in deferred_provisions()]
    assert len(keys) == len(set(keys))


def test_no_paragraph_is_uncovered():
    """The short form for programs."""
    assert uncovered() == uncovered(current_law()) == ()


def test_every_open_point_is_complete():
    """Each has a known mark, a place and a default; a reading is in one point alone."""
    assert len(open_points()) > 60
    for each in open_points():
        assert each.mark in MARKS
        assert each.kept_in
        assert each.default
    kept = [name for each in open_points() for name in each.kept_in if name.startswith("reading ")]
    assert len(kept) == len(set(kept)) >= len(attrs.fields(Readings))


# -- that the comparison can fail ----------------------------------------------------------


def test_a_paragraph_that_nothing_cites_and_nothing_explains():
    """A doctored copy with one entry less, and one with one paragraph more."""
    kept = tuple(each for each in REAL.deferred if str(each.citation) != "26 USC 30D(g)(4)")
    less = attrs.evolve(REAL, deferred=kept)
    assert [str(each) for each in less.uncovered()] == ["26 USC 30D(g)(4)"]
    assert new_faults(less) == {"26 USC 30D(g)(4): neither cited nor explained"}
    more = attrs.evolve(REAL, texts=(*REAL.texts, text_of("26 USC 30C(a)")))
    assert [str(each) for each in more.uncovered()] == ["26 USC 30C(a)"]


def test_a_rule_less_uncovers_its_paragraph():
    """Taking away what cites a paragraph is found."""
    kept = tuple(each for each in REAL.places if each.name != "used_in_united_states")
    assert [str(each) for each in attrs.evolve(REAL, places=kept).uncovered()] == [
        "26 USC 30D(f)(4)",
        "26 USC 30D(f)(4) (2021)",  # the same words
    ]


def test_a_definition_without_number_needs_its_own_entry():
    """Neither an entry on the section nor a rule on it explains what is listed by name."""
    named = Paragraph(cite("26 CFR 1.30D-2(b)"), "recycling")
    whole = entry("26 CFR 1.30D-2(b)")
    own = entry("26 CFR 1.30D-2(b)", definition="recycling")
    other = entry("26 CFR 1.30D-2(b)", definition="value")
    rule = place("26 CFR 1.30D-2(b)")

    def found(*deferred):
        return Coverage(texts=(text_of(named),), deferred=deferred, places=(rule,)).uncovered()

    assert found() == found(whole) == found(other) == (named,)
    assert found(own) == ()
    assert str(named) == "26 CFR 1.30D-2(b) (recycling)"


def test_an_entry_that_a_rule_cites_by_now_is_stale():
    """A doctored copy in which something new cites the paragraph."""
    more = attrs.evolve(REAL, places=(*REAL.places, place("26 USC 30D(g)(9)", "new_rule")))
    (fault,) = new_faults(more)
    assert fault.startswith("26 USC 30D(g)(9) (What an Indian tribal government is): cited by")
    assert fault.endswith("rule new_rule; take the entry out, or say in part_left what is left")


@pytest.mark.parametrize(
    ("cited", "kind", "stale"),
    [
        ("26 USC 30D(f)(10)(C)", Deferral.LATER, True),
        ("26 USC 30D(f)(10)(C)", Deferral.STATED, True),
        ("26 USC 30D(f)(10)(C)(i)", Deferral.STATED, True),
        # A rule on (f)(10) may leave (C) to the caller, and the entry says so.
        ("26 USC 30D(f)(10)", Deferral.STATED, False),
        # But with that rule (C) is not still to come, unless the entry says what of it.
        ("26 USC 30D(f)(10)", Deferral.LATER, True),
        ("26 USC 30D(f)(10)(C) (2021)", Deferral.LATER, False),
    ],
)
def test_what_makes_an_entry_stale(cited, kind, stale):
    """Something that cites the paragraph or a part of it; a rule on the whole at times."""
    texts = (text_of("26 USC 30D(f)(10)(A)", "26 USC 30D(f)(10)(C)"),)
    clause = entry("26 USC 30D(f)(10)(C)", kind=kind)
    found = Coverage(texts=texts, deferred=(clause,), places=(place(cited),))
    assert found.stale() == ((clause,) if stale else ())


def test_an_entry_that_says_what_is_left_may_be_cited():
    """And must be: without anything that cites it the entry says too much."""
    texts = (text_of("26 USC 30D(d)(6)"),)
    left = entry("26 USC 30D(d)(6)", part_left="the conditions")
    cited = Coverage(texts=texts, deferred=(left,), places=(place("26 USC 30D(d)(6)"),))
    assert (cited.stale(), cited.idle(), cited.faults()) == ((), (), ())
    alone = attrs.evolve(cited, places=())
    assert alone.idle() == (left,)
    assert alone.faults() == (
        "26 USC 30D(d)(6) (a paragraph): nothing cites it; take part_left out",
    )
    without = attrs.evolve(cited, deferred=(attrs.evolve(left, part_left=""),))
    assert without.stale() == without.deferred


@pytest.mark.parametrize(
    ("follows", "coming", "left"),
    [
        ("26 USC 30D(g)", ("26 USC 30D(g)(1)", Deferral.LATER), False),
        ("26 USC 30D(g)(1)(A)", ("26 USC 30D(g)(1)", Deferral.LATER), False),
        ("26 USC 30D(g)", ("26 USC 30D(g)(1)", Deferral.OUTSIDE), True),
        ("26 USC 30D(g)", ("26 USC 30D(f)(1)", Deferral.LATER), True),
    ],
)
def test_an_entry_left_behind_by_the_one_it_follows(follows, coming, left):
    """A regulation that is to come with a paragraph, and the paragraph is there."""
    citation, kind = coming
    one = entry("26 CFR 1.30D-5(a)", follows=cite(follows))
    other = entry(citation, kind=kind)
    texts = (text_of("26 CFR 1.30D-5(a)", citation),)
    found = Coverage(texts=texts, deferred=(one, other), places=())
    assert found.left_behind() == ((one,) if left else ())
    expected = f"26 CFR 1.30D-5(a) (a paragraph): was to come with {follows}, which is there; "
    assert [each.startswith(expected) for each in found.faults()] == [True] * left


@pytest.mark.parametrize(
    "wrong",
    [
        {"citation": "26 USC 30D(f)(12)"},
        {"citation": "26 USC 30D(f)(10)(C)(i)", "kind": Deferral.NONE},
        {"citation": "26 USC 30D(e)(4)"},  # it was in the text before 2023 alone
        {"citation": "26 CFR 1.30D-2(b)", "definition": "a word that is not defined"},
    ],
)
def test_an_entry_on_no_paragraph(wrong):
    """A doctored copy in which an entry's citation is among no paragraphs."""
    more = attrs.evolve(REAL, deferred=(*REAL.deferred, entry(**wrong)))
    assert [str(each.citation) for each in more.unlisted()] == [wrong["citation"]]
    (fault,) = new_faults(more)
    assert fault.endswith("not among the paragraphs of any text")


@pytest.mark.parametrize(
    ("citation", "strange"),
    [
        ("26 USC 30D(d)(8)", True),
        ("26 USC 30D(f)(3)", True),
        ("26 USC 30D(f)(3) (2021)", False),
        ("26 USC 30D(d)", False),
        ("26 USC 30D(d)(7)(A)", False),
        ("26 USC 30D(d)(7)(A)(i)", False),  # finer than what is listed
        ("26 CFR 1.30D-2(b)(77)", True),
        ("26 CFR 1.30D-3(e)", False),  # that section is not listed in full
        ("P.L. 117-169 sec. 13401(m)", False),
        ("P.L. 119-21 sec. 70502(d)", True),
        ("P.L. 119-21 sec. 70503", False),  # another section of the act
        ("88 FR 23370", False),
    ],
)
def test_citing_a_paragraph_that_is_not_there(citation, strange):
    """A slip in the citation of a rule is found where the text is listed in full."""
    new = place(citation, "new_rule", composed=True)
    more = attrs.evolve(REAL, places=(*REAL.places, new))
    assert (new in more.strangers()) is strange
    expected = f"{citation}: cited by rule new_rule, but not among the paragraphs"
    assert (expected in more.faults()) is strange


# -- what a citation reaches ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("citation", "composed", "paragraph", "reached"),
    [
        ("26 USC 30D(f)(4)", False, "26 USC 30D(f)(4)", True),
        ("26 USC 30D(f)(10)(B)(i)", False, "26 USC 30D(f)(10)(B)", True),
        ("26 USC 30D(f)(10)", False, "26 USC 30D(f)(10)(A)(ii)", True),
        ("26 USC 30D(f)(10)", True, "26 USC 30D(f)(10)(A)(ii)", False),
        ("26 USC 30D(g)", False, "26 USC 30D(g)(4)", False),
        ("26 USC 30D(g) (2021)", False, "26 USC 30D(g)", False),
        ("26 USC 30D(f)(1)", False, "26 USC 30D(f)(10)", False),
    ],
)
def test_reach(citation, composed, paragraph, reached):
    """A rule is about what it cites and all below, but a composed one only about what it cites."""
    assert place(citation, composed=composed).reaches(cite(paragraph)) is reached


def test_words_carried_over_from_an_earlier_edition():
    """What cites or explains today's paragraph does so for the same words of 2021, not the other
    way round."""
    today, old = cite("26 USC 30D(f)(4)"), cite("26 USC 30D(f)(4) (2021)")
    texts = (text_of(Paragraph(today)), text_of(Paragraph(old, today=today)))
    for citation, left in ((str(today), []), (str(old), [today])):
        by_rule = Coverage(texts=texts, deferred=(), places=(place(citation),))
        by_entry = Coverage(texts=texts, deferred=(entry(citation),), places=())
        for found in (by_rule, by_entry):
            assert [each.citation for each in found.uncovered()] == left


def test_rows_for_the_map():
    """Each paragraph comes with what is said about it, in the order of the texts."""
    rows = {str(row.paragraph): row for row in REAL.rows()}
    assert len(rows) == len(REAL.rows())
    of_income = rows["26 USC 30D(f)(10)(B)(i)"]
    assert {"income_within_limit", "magi_limit"} <= {each.name for each in of_income.places}
    assert of_income.deferred == ()
    assert rows["26 USC 30D(g)(4)"].places == ()
    assert [each.kind for each in rows["26 USC 30D(g)(4)"].deferred] == [Deferral.OUTSIDE]
    assert rows["26 USC 30D(e)(1)(B)(v)"].paragraph.struck


# -- what is collected ---------------------------------------------------------------------


def test_every_sort_of_place_is_collected():
    """Rules and their parts, numbers and the rows of tables, struck texts, groups, the list."""
    found = {(each.kind, each.name, str(each.citation)) for each in places_citing()}
    assert {
        ("rule", "special_rules", "26 USC 30D(f)"),
        ("rule", "income_within_limit", "26 USC 30D(f)(10)"),
        ("rule", "procurement_chain", "26 CFR 1.30D-3(a)"),
        ("schedule", "msrp_limit", "26 USC 30D(f)(11)(B)(iv)"),
        ("schedule", "critical_minerals_percentage", "26 USC 30D(e)(1)(B)(v)"),
        ("group", "North America", "26 CFR 1.30D-2(b)(34)"),
        ("agreements", "agreements", "26 CFR 1.30D-2(b)(13)(ii)"),
    } <= found
    mineral = "the United States or a country with a free trade agreement in effect"
    assert ("group", mineral, "26 USC 30D(e)(1)(A)(i)") in found
    composed = {each.name for each in places_citing() if each.composed}
    assert special_rules.code in composed
    assert income_within_limit.code not in composed


def test_every_schedule_and_every_rule_of_a_module_is_among_the_places():
    """None gets lost: by name."""
    names = {each.name for each in places_citing()}
    assert set(schedule_names()) <= names
    limits = vars(import_module("evcredit.section_30d.limits")).values()
    assert {each.code for each in limits if isinstance(each, Rule)} <= names


def test_rules_that_something_else_holds(monkeypatch):
    """A rule need not have a name of its own at the top of a module."""

    @attrs.frozen
    class Holder:
        rule: Rule
        other: str = "no rule"

    part = Rule("a_part", "a part", cite("26 USC 30D(g)(4)"), Mode.BODY)
    whole = Rule("the_whole", "the whole", cite("26 USC 30D(g)"), Mode.ALL, parts=(part,))
    module = import_module("evcredit.section_30d.limits")
    monkeypatch.setattr(module, "HOLDER", Holder(whole), raising=False)
    all_topics.cache_clear()
    try:
        found = {(each.name, each.composed) for each in places_citing() if each.kind == "rule"}
    finally:
        all_topics.cache_clear()
    assert {("the_whole", True), ("a_part", False)} <= found


def test_citations_at_the_top_of_a_module(monkeypatch):
    """By themselves, in a tuple, or in a table."""
    module = import_module("evcredit.section_30d.limits")
    one, two, three = (cite(f"26 USC 30D(f)({number})") for number in (1, 2, 5))
    monkeypatch.setattr(module, "NEW", {"one": one, "more": (two, "text", [three])}, raising=False)
    found = {each.citation for each in places_citing() if each.name.endswith(".NEW")}
    assert found == {one, two}  # lists can change, so no one keeps citations in them
    citing = {each.name for each in places_citing() if each.citation == one}
    assert "section_30d.limits.NEW" in citing


def consequence():
    """26 USC 30D(f)(1) in a docstring is not a citation."""

    def line():
        return ("26 USC 30D(f)(2)", "a text")

    return "26 USC 30D(f)(5)", line


class Consequence:
    @property
    def one(self):
        return cite("26 USC 30D(g)(5)(A)")

    @cached_property
    def two(self):
        return cite("26 USC 30D(g)(5)(B)")

    @staticmethod
    @cache
    def three():
        return cite("26 USC 30D(g)(6)(A)")

    @classmethod
    def four(cls):
        return cite("26 USC 30D(g)(6)(B)")

    five = "26 USC 30D(g)(6)(C)"  # a text, not a citation


def test_citations_within_functions(monkeypatch):
    """What a function or a method says in full is cited, in the module where it is written."""
    module = import_module("evcredit.section_30d.limits")
    for value in (consequence, Consequence):
        monkeypatch.setattr(module, value.__name__, value, raising=False)
    for value in (consequence, Consequence):
        name = f".{value.__name__}"
        assert not [each for each in places_citing() if each.name.endswith(name)]
        monkeypatch.setattr(value, "__module__", module.__name__)
    found = {(each.name.rpartition(".")[2], str(each.citation)) for each in places_citing()}
    assert {each for each in found if each[0].lower() == "consequence"} == {
        ("consequence", "26 USC 30D(f)(2)"),
        ("consequence", "26 USC 30D(f)(5)"),
        ("Consequence", "26 USC 30D(g)(5)(A)"),
        ("Consequence", "26 USC 30D(g)(5)(B)"),
        ("Consequence", "26 USC 30D(g)(6)(A)"),
        ("Consequence", "26 USC 30D(g)(6)(B)"),
    }


# -- loose ends ----------------------------------------------------------------------------


def point(*kept_in):
    return OpenPoint(point="a point", citation=None, mark="R", kept_in=kept_in, default="so")


@pytest.mark.parametrize(
    ("place_kept", "exists"),
    [
        ("reading agreement_scope", True),
        ("reading agreement_scop", False),
        ("schedule magi_limit", True),
        ("schedule income_treshold", False),
        ("function evcredit.section_30d.limits.income_within_limit", True),
        ("function evcredit.law.law.Law.mineral_countries", True),
        ("function evcredit.section_30d.limits.incom", False),
        ("function evcredit.section_30d.nothing.income", False),
        ("function evcredit.law.law.Law.nothing.at_all", False),
        ("function os.path.join", False),
        ("data agreements.toml", True),
        ("data agreement.toml", False),
        ("fact vehicle.battery.minerals", True),
        ("fact vehicle.batery", False),
        ("deferred 26 USC 30D(g)(4)", True),
        ("deferred 26 USC 30D(g)(99)", False),
        ("deferred 26 CFR 1.30D-2(b) | recycling", True),
        ("deferred 26 CFR 1.30D-2(b) | cycling", False),
        ("elsewhere 26 USC 30D(g)(4)", False),
    ],
)
def test_where_open_points_are_kept(place_kept, exists):
    """A place that does not exist is reported, whatever sort it is of."""
    fault = f"{place_kept}: not found, for 'a point'"
    assert (fault in loose_ends([point(place_kept)], REAL.deferred)) is not exists


def test_a_reading_in_no_open_point():
    """Each field of `Readings` is listed, or reported."""
    ends = loose_ends((), ())
    assert ends == tuple(
        f"reading {each.name}: in no open point" for each in attrs.fields(Readings)
    )


@pytest.mark.parametrize(
    ("name", "exists"),
    [
        ("income_within_limit", True),
        ("magi_limit", True),
        ("evcredit.facts.price.StickerPrice", True),
        ("nothing_of_that_name", False),
        ("evcredit.facts.vehicle.Nothing", False),
    ],
)
def test_what_computes_a_paragraph_elsewhere(name, exists):
    """A rule, a schedule or a name of the package."""
    by = entry("26 USC 30D(a)", kind=Deferral.ELSEWHERE, by=(name,))
    ends = [each for each in loose_ends((), (by,)) if not each.startswith("reading")]
    assert ends == ([] if exists else [f"{name}: not found, for 26 USC 30D(a) (a paragraph)"])


# -- the days on which the law changes -----------------------------------------------------

A_DAY = timedelta(days=1)


def test_every_boundary_of_every_schedule_is_a_change_day():
    """With the citation of what begins, or of what ends without successor."""
    law, found = current_law(), {(each.schedule, each.day) for each in change_days()}
    for name in schedule_names():
        for day in getattr(law, name).boundaries():
            assert (name, day) in found
    for each in change_days():
        if (
            each.schedule in schedule_names()
            and each.day in getattr(law, each.schedule).boundaries()
        ):
            schedule = getattr(law, each.schedule)
            governing = each.day if schedule.covers(each.day) else each.day - A_DAY
            assert each.citation == schedule.entry_on(governing).citation
            assert each.label == schedule.name


def test_change_days_are_in_order_and_each_once():
    days = change_days()
    assert [each.day for each in days] == sorted(each.day for each in days)
    assert len(set(days)) == len(days)


def test_the_day_after_a_deadline_is_a_change_day():
    """Acquired after 30 September 2025, which no schedule has as a boundary."""
    changes = [each for each in change_days() if each.day == date(2025, 10, 1)]
    assert [(each.schedule, str(each.citation)) for each in changes] == [
        ("acquisition_deadline", "26 USC 30D(h)"),
        ("commercial_acquisition_deadline", "26 USC 45W(g)"),
        ("used_vehicle_last_acquisition", "26 USC 25E(g)"),
    ]
    for change in changes:
        assert {"day of the first payment", "day of the written binding contract"} <= set(
            change.read_on
        )


def test_days_of_agreements_are_change_days():
    """On each the list of countries changes, or an agreement takes over from another."""
    of_agreements = [each for each in change_days() if each.schedule == "agreements"]
    assert tuple(each.day for each in of_agreements) == current_law().agreements.boundaries()
    without = current_law().without_agreement("JPCMA")
    assert date(2023, 3, 28) not in {each.day for each in change_days(without)}


def test_change_days_follow_the_law_they_are_asked_of():
    """A reform, or the law as it was known, has days of its own."""
    law = current_law().known_on(date(2025, 7, 3))
    days = {(each.schedule, str(each.day)) for each in change_days(law)}
    assert ("battery_components_percentage", "2028-01-01") in days
    assert ("service_deadline", "2033-01-01") in days
    assert not any(name == "acquisition_deadline" for name, _ in days)


def test_the_first_day_has_nothing_before_it():
    """And a later one says where the state before stood."""
    found = {(each.schedule, str(each.day)): each for each in change_days()}
    later = found["critical_minerals_percentage", "2024-01-01"]
    assert (str(later.before), str(later.citation)) == (
        "26 USC 30D(e)(1)(B)(i)",
        "26 USC 30D(e)(1)(B)(ii)",
    )
    assert [str(each) for each in later.rules] == ["26 CFR 1.30D-3(a)"]
    first = min(
        (each for each in change_days() if each.schedule == "critical_minerals_percentage"),
        key=lambda each: each.day,
    )
    assert first.before is None


def test_a_schedule_that_ends_without_successor(monkeypatch):
    """The day after its last one is a change too."""
    law = current_law()
    entries = law.battery_components_amount.entries
    ended = attrs.evolve(entries[-1], end=date(2031, 1, 1))
    schedule = attrs.evolve(law.battery_components_amount, entries=(*entries[:-1], ended))
    changed = attrs.evolve(law, battery_components_amount=schedule)
    (change,) = (each for each in change_days(changed) if each.day == date(2031, 1, 1))
    assert change.citation == change.before == ended.citation


class Computed:
    """Stands for a computed fact or day, which says at which values it changes."""

    label = "a computed day"

    def __init__(self, turns):
        self.turns = turns

    def breakpoints(self, law):
        return self.turns

    def operands(self):
        return iter(())


def test_days_at_which_something_computed_turns_over(monkeypatch):
    """A day the law names is cited from there, also if the turn is the day after it."""
    deadline, own = date(2025, 9, 30), date(2021, 7, 1)
    turns = {
        "purchase.contract_date": (deadline, deadline + A_DAY, own),
        "vehicle.msrp": (55_000,),  # no day
        "elsewhere.day": (own,),  # no fact of a claim
    }
    body = SimpleNamespace(operands=lambda: iter((Computed(turns),)))
    made = Rule("made_up", "a title", cite("26 USC 30D(d)(4)"), Mode.BODY, body=body)
    monkeypatch.setattr("evcredit.audit.days.all_rules", lambda: (made,))
    of_law = current_law().acquisition_deadline
    words = ("day of the written binding contract",)
    deadline_cited = cite("26 USC 30D(h)")
    named = (of_law.name, deadline_cited, deadline_cited, (made.citation,), words)
    assert ("elsewhere.day",) in {each.read_on for each in change_days()}
    found = [each for each in change_days() if each.read_on == words]
    assert found == [
        ChangeDay(own, "made_up", "a title", made.citation, made.citation, (made.citation,), words),
        ChangeDay(deadline, "acquisition_deadline", *named),
        ChangeDay(deadline + A_DAY, "acquisition_deadline", *named),
    ]
