"""What results say in plain words."""

import re
from datetime import date

import pytest
from tests.commercial import business

from evcredit import Claim, Verdict, assess, current_law, examples, with_facts
from evcredit.algebra.bound import finding_of
from evcredit.algebra.rule import Rule
from evcredit.algebra.topic import Mode
from evcredit.algebra.wording import sentence
from evcredit.audit.citing import all_topics
from evcredit.provisions.section import Credit
from evcredit.provisions.words import clauses
from evcredit.section_30d.limits import used_in_united_states

AUDIENCES = ("buyer", "professional")
RULES = {rule.code: rule for rule in all_topics()}
EVERY = [
    (code, audience, text)
    for code, by in clauses().items()
    for audience in by
    for text in by[audience]
]
BUYER = [(code, text) for code, audience, text in EVERY if audience == "buyer"]
#: Words of the trade, of which a buyer need not know one.
JARGON = re.compile(
    r"USC|CFR|MSRP|MAGI|GVWR|taxpayer|foreign entity|placed in service|pursuant|applicable|"
    r"determin|elect(s|ed|ion)?\b|section|statut|regulation|provision|rating|acquir|adjusted|"
    r"threshold|certif|procurement|depreciat|assembly|claimant|component|capacity|disclos|terminat"
)


def test_every_reason_code_has_both_and_none_is_superfluous():
    assert sorted(clauses()) == sorted(RULES)
    for code, by_audience in clauses().items():
        assert tuple(by_audience) == AUDIENCES, code


def test_amounts_are_questions_and_requirements_are_not():
    """A rule whose finding can fail has a clause for that."""
    for code, by_audience in clauses().items():
        counts = {len(said) for said in by_audience.values()}
        assert counts in ({1}, {2}), code
        if RULES[code].mode is Mode.AMOUNT:
            assert counts == {1}, code
        # What is composed, or has a body that is no amount, is met or not.
        elif isinstance(RULES[code], Rule):
            assert counts == {2}, code
        if counts == {1}:
            for (question,) in by_audience.values():
                assert re.match(r"(what|how|where)\b", question), code


def test_a_clause_is_a_part_of_a_sentence():
    for code, _, text in EVERY:
        assert re.fullmatch(r"[a-z0-9][^.;:!?’'\[\]]*[A-Za-z0-9)]", text), (code, text)
        assert "  " not in text


def test_the_two_clauses_differ():
    for by_audience in clauses().values():
        for said in by_audience.values():
            assert len(set(said)) == len(said)


@pytest.mark.parametrize(("code", "text"), BUYER)
def test_buyers_read_short_sentences_without_terms_of_the_trade(code, text):
    assert len(text) <= 85
    assert len(text.split()) <= 16
    assert not JARGON.search(text)


def test_the_search_for_terms_of_the_trade_finds_some():
    """Professionals use them, so the pattern can fail."""
    assert sum(bool(JARGON.search(text)) for _, who, text in EVERY if who == "professional") > 60


@pytest.mark.parametrize(
    ("verdict", "audience", "in_force", "said"),
    [
        (Verdict.MET, "buyer", True, "The battery is large enough."),
        (Verdict.NOT_MET, "buyer", True, "The battery is too small."),
        (Verdict.UNKNOWN, "buyer", True, "We cannot tell yet whether the battery is large enough."),
        (
            Verdict.MET,
            "buyer",
            False,
            "For that day it does not matter whether the battery is large enough.",
        ),
        (Verdict.MET, "professional", True, "Battery capacity reaches the minimum."),
        (Verdict.NOT_MET, "professional", True, "Battery capacity is below the minimum."),
        (
            Verdict.UNKNOWN,
            "professional",
            True,
            "It is not determined whether battery capacity reaches the minimum.",
        ),
        (
            Verdict.MET,
            "professional",
            False,
            "Not in force: whether battery capacity reaches the minimum.",
        ),
    ],
)
def test_wordings(verdict, audience, in_force, said):
    assert sentence(clauses()["battery_capacity"], verdict, audience, in_force=in_force) == said


def test_wordings_of_amounts():
    assert (
        sentence(clauses()["amount_by_capacity"], Verdict.UNKNOWN)
        == "We cannot tell yet how much credit the size of the battery gives."
    )
    assert (
        sentence(clauses()["amount_by_capacity"], Verdict.MET)
        == "We know how much credit the size of the battery gives."
    )


def test_nobody_else_is_spoken_to():
    result = assess(Claim())
    for ask in (
        lambda: sentence(clauses()["income_within_limit"], Verdict.MET, "lawyer"),
        lambda: result.in_plain_words("lawyer"),
        lambda: result.finding.in_plain_words("lawyer"),
    ):
        with pytest.raises(ValueError, match="'lawyer' here; give 'buyer' or 'professional'"):
            ask()


def test_a_rule_that_a_caller_put_together():
    found = finding_of(~used_in_united_states, examples.demonstration_claim(), current_law())
    title = "not: not used predominantly outside the United States"
    assert found.in_plain_words() == f"Not met: {title}."
    assert found._replace(in_force=False).in_plain_words() == f"Not in force: {title}."
    assert found.in_plain_words("professional") == f"Not met: {title} [26 USC 30D(f)(4)]."


def test_every_rule_carries_its_words():
    """So does every point that a finding is about: no sentence falls back on the title."""
    for rule in all_topics():
        assert rule.words is clauses, rule.code


def test_every_finding_of_every_section_speaks():
    """All the way down, with everything known and with nothing known."""
    claims = [examples.demonstration_claim(), Claim()]
    for claim in claims:
        for credit in Credit:
            result = assess(claim, credit=credit)
            for top in (result.finding, *result.amounts):
                for found in top.walk():
                    for audience in AUDIENCES:
                        said = found.in_plain_words(audience)
                        assert said.endswith(".")
                        assert found.code in clauses()
                        assert found.rule.words is clauses


def test_an_assessment_that_is_met():
    result = assess(examples.demonstration_claim())
    assert result.in_plain_words() == "You can get the new clean vehicle credit of $7,500."
    lines = result.in_plain_words("professional").splitlines()
    assert lines[0] == "MET: a new clean vehicle credit of $7,500 is allowed."
    assert "- Final assembly occurred in North America [26 USC 30D(d)(1)(G)]." in lines


def test_an_assessment_that_is_not_met():
    result = business(purchase__vin_on_return=False, purchase__depreciable=False)
    assert result.in_plain_words().splitlines() == [
        "You cannot get the commercial clean vehicle credit.",
        "- The vehicle is not business property that loses value for tax purposes.",
        "- The vehicle does not belong to a body that pays no tax, or is leased out.",
        "- The tax return does not name the vehicle by its number.",
    ]


def test_an_assessment_that_is_unknown():
    result = assess(with_facts(examples.demonstration_claim(), {"vehicle.msrp": None}))
    assert result.in_plain_words().splitlines() == [
        (
            "You may get the new clean vehicle credit. "
            "We cannot tell yet; it would be between $0 and $7,500."
        ),
        "- We cannot tell yet whether the list price of the car is within the limit.",
        "What it would help to know: manufacturer's suggested retail price.",
    ]
    assert result.in_plain_words("professional").splitlines()[-1] == (
        "What it would help to know: manufacturer's suggested retail price (vehicle.msrp)."
    )


def test_a_credit_whose_amount_is_not_certain():
    claim = with_facts(examples.demonstration_claim(), {"vehicle.battery.minerals": None})
    assert assess(claim).in_plain_words().splitlines()[0] == (
        "You can get the new clean vehicle credit. How much is not certain yet; "
        "it is between $3,750 and $7,500."
    )


def test_where_the_law_gives_no_answer():
    """Of the percentages after 2026."""
    claim = with_facts(
        examples.demonstration_claim(date(2027, 2, 1)),
        {"vehicle.battery.minerals_from_foreign_entity_of_concern": False},
    )
    assert "- The law gives no answer here: " in assess(claim).in_plain_words()
