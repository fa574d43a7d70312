"""Trade agreements and the list of countries they make."""

from datetime import date, timedelta

import pytest

from evcredit import InvalidFactError, TradeAgreement
from evcredit.errors import LawError, UnknownAgreement
from evcredit.law import (
    AgreementKind,
    Agreements,
    Partner,
    hypothetical_agreements,
    listed_agreements,
)
from evcredit.law.agreements import hypothetical_agreement

REGISTRY = listed_agreements()
# The list of 26 CFR 1.30D-2(b)(13): twenty comprehensive agreements' partners, and Japan.
LISTED = (
    "AU BH CA CL CO CR DO GT HN IL JO JP KR MA MX NI OM PA PE SG SV".split()  # noqa: SIM905
)


def days(first, last):
    """Every day from the first to the last."""
    return [first + timedelta(days=number) for number in range((last - first).days + 1)]


# -- the list, day by day ------------------------------------------------------------------


def test_the_list_has_the_same_21_countries_on_every_day_of_the_credit():
    """From 18 April 2023 to 30 September 2026, on every single day."""
    for day in days(date(2023, 4, 18), date(2026, 9, 30)):
        assert list(REGISTRY.countries_on(day)) == LISTED, day


def test_canada_and_mexico_are_covered_without_a_gap():
    """NAFTA, then the USMCA: one of the two, and never both, on every day since 1994."""
    for day in days(date(1994, 1, 1), date(2026, 9, 30)):
        expected = ("NAFTA",) if day < date(2020, 7, 1) else ("USMCA",)
        for country in ("CA", "MX"):
            found = REGISTRY.instruments_on(country, day)
            assert tuple(each.identifier for each in found) == expected, (country, day)


def test_canada_is_covered_since_1989():
    """The agreement of 1988 came first, and did not cover Mexico."""
    for day in days(date(1989, 1, 1), date(1993, 12, 31)):
        found = REGISTRY.instruments_on("CA", day)
        assert [each.identifier for each in found] == ["CUSFTA"], day
    assert REGISTRY.instruments_on("CA", date(1988, 12, 31)) == ()
    assert REGISTRY.instruments_on("MX", date(1993, 12, 31)) == ()


@pytest.mark.parametrize(
    ("country", "first_day"),
    [
        ("IL", date(1985, 9, 1)),
        ("JO", date(2001, 12, 17)),
        ("SG", date(2004, 1, 1)),
        ("CL", date(2004, 1, 1)),
        ("AU", date(2005, 1, 1)),
        ("MA", date(2006, 1, 1)),
        ("SV", date(2006, 3, 1)),
        ("HN", date(2006, 4, 1)),
        ("NI", date(2006, 4, 1)),
        ("GT", date(2006, 7, 1)),
        ("BH", date(2006, 8, 1)),
        ("DO", date(2007, 3, 1)),
        ("CR", date(2009, 1, 1)),
        ("OM", date(2009, 1, 1)),
        ("PE", date(2009, 2, 1)),
        ("KR", date(2012, 3, 15)),
        ("CO", date(2012, 5, 15)),
        ("PA", date(2012, 10, 31)),
        ("JP", date(2023, 3, 28)),
    ],
)
def test_each_country_comes_onto_the_list_on_its_day(country, first_day):
    """Not on the day before, and from the day itself on."""
    assert country not in REGISTRY.countries_on(first_day - timedelta(days=1))
    assert country in REGISTRY.countries_on(first_day)
    assert country in REGISTRY.countries_on(date(2026, 9, 30))


def test_japan_appears_on_28_march_2023():
    """Twenty countries the day before, and with Japan twenty-one."""
    before = REGISTRY.countries_on(date(2023, 3, 27))
    after = REGISTRY.countries_on(date(2023, 3, 28))
    assert (len(before), len(after)) == (20, 21)
    assert set(after) - set(before) == {"JP"}


@pytest.mark.parametrize(
    ("mineral", "listed"),
    [
        ("cobalt", True),
        ("graphite", True),
        ("lithium", True),
        ("manganese", True),
        ("nickel", True),
        ("aluminum", False),
        ("fluorspar", False),
    ],
)
def test_japan_by_what_its_agreement_is_about(mineral, listed):
    """Asked mineral by mineral, Japan has five; the others have all."""
    countries = REGISTRY.countries_on(date(2024, 6, 3), mineral)
    assert ("JP" in countries) is listed
    assert "CL" in countries


def test_boundaries_are_in_order_and_start_and_end_at_a_partner():
    """The days on which the list changes, each once."""
    found = REGISTRY.boundaries()
    assert list(found) == sorted(set(found))
    assert found[0] == date(1985, 9, 1)
    assert found[-1] == date(2023, 3, 28)
    assert date(2020, 7, 1) in found


def test_every_agreement_says_where_its_dates_come_from():
    """No partner without marks and source, and none in force before it was signed."""
    for agreement in REGISTRY:
        assert agreement.name
        assert agreement.kind is not AgreementKind.HYPOTHETICAL
        assert agreement.authority
        for partner in agreement.partners:
            assert partner.country in agreement.parties
            assert partner.marks
            assert partner.source
            assert agreement.signed <= partner.in_force
            assert partner.superseded_by is None or REGISTRY[partner.superseded_by].partner_on(
                partner.country, partner.ended
            )


def test_the_japanese_agreement():
    """What is known of the agreement of 28 March 2023."""
    japan = REGISTRY["JPCMA"]
    assert japan.kind is AgreementKind.CRITICAL_MINERALS_AGREEMENT
    assert japan.signed == date(2023, 3, 28)
    assert japan.parties == ("US", "JP")
    assert set(japan.covered_minerals) == {"cobalt", "graphite", "lithium", "manganese", "nickel"}
    assert [partner.in_force for partner in japan.partners] == [date(2023, 3, 28)]


# -- why -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("country", "day", "listed", "text"),
    [
        (
            "Japan",
            date(2023, 3, 27),
            False,
            "Japan is not on the list on 2023-03-27: JPCMA enters into force on 2023-03-28.",
        ),
        (
            "Japan",
            date(2023, 3, 28),
            True,
            (
                "Japan is on the list on 2023-03-28 by JPCMA (Agreement between the Government "
                "of Japan and the Government of the United States of America on Strengthening "
                "Critical Minerals Supply Chains), in force since 2023-03-28."
            ),
        ),
        (
            "Indonesia",
            date(2024, 6, 3),
            False,
            (
                "Indonesia is not on the list on 2024-06-03: no agreement is listed; ID-CMA "
                "(2023-09 reports; 2023-10-24 letter of nine senators against): not concluded."
            ),
        ),
        (
            "Canada",
            date(2024, 6, 3),
            True,
            (
                "Canada is on the list on 2024-06-03 by USMCA (United States-Mexico-Canada "
                "Agreement), in force since 2020-07-01."
            ),
        ),
        (
            "Switzerland",
            date(2024, 6, 3),
            False,
            "Switzerland is not on the list on 2024-06-03: no agreement is listed.",
        ),
    ],
    ids=["Japan the day before", "Japan", "Indonesia", "Canada", "a country with nothing"],
)
def test_why(country, day, listed, text):
    """The answer in words, and whether it is yes."""
    standing = REGISTRY.why(country, day)
    assert str(standing) == text
    assert standing.listed is listed
    assert bool(standing.instruments) is listed
    assert standing.day == day


def test_why_not_any_more():
    """An agreement that ended says when."""
    ended = Agreements(
        (
            TradeAgreement(
                identifier="CH-FTA",
                name="A Swiss agreement",
                kind="hypothetical",
                partners=[Partner(country="CH", in_force=date(2000, 1, 1), ended=date(2010, 1, 1))],
            ),
        )
    )
    assert str(ended.why("CH", date(2010, 1, 1))) == (
        "Switzerland is not on the list on 2010-01-01: CH-FTA ended on 2010-01-01."
    )
    assert ended.why("CH", date(2009, 12, 31)).listed is True


def test_why_asks_for_an_unambiguous_country():
    """A name that two countries bear gets no answer."""
    with pytest.raises(InvalidFactError, match="two countries have this name"):
        REGISTRY.why("Korea", date(2024, 1, 1))


# -- changing the list ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "suggested"),
    [("JPCAM", ("JPCMA",)), ("korsu", ("KORUS",)), ("naftta", ("NAFTA",))],
)
def test_unknown_agreement_suggests_what_was_meant(asked, suggested):
    """A misspelt identifier gets the nearest ones."""
    with pytest.raises(UnknownAgreement) as caught:
        REGISTRY[asked]
    assert caught.value.suggestions[: len(suggested)] == suggested
    assert f"did you mean {suggested[0]}" in str(caught.value)
    assert isinstance(caught.value, LawError)
    assert isinstance(caught.value, LookupError)


def test_unknown_agreement_without_a_near_one_lists_them_all():
    """Nothing near: the error has every identifier."""
    with pytest.raises(UnknownAgreement, match=r"known: ILFTA \(Israel\), CUSFTA"):
        REGISTRY.without("XXXXXXXX")


def test_without_takes_one_away_and_leaves_the_original():
    """Lists are values."""
    without = REGISTRY.without("JPCMA")
    assert (len(without), len(REGISTRY)) == (len(REGISTRY) - 1, len(listed_agreements()))
    assert len(without.countries_on(date(2024, 6, 3))) == 20
    assert "JP" in REGISTRY.countries_on(date(2024, 6, 3))


def test_with_agreement_adds_or_replaces():
    """An agreement of the same identifier is another version of it."""
    swiss = TradeAgreement(
        identifier="CH-CMA",
        name="A Swiss agreement",
        kind=AgreementKind.HYPOTHETICAL,
        partners=[Partner(country="Switzerland", in_force="2024-01-01")],
    )
    more = REGISTRY.with_agreement(swiss)
    assert "CH" in more.countries_on(date(2024, 1, 1))
    assert "CH" not in more.countries_on(date(2023, 12, 31))
    assert len(more.with_agreement(swiss)) == len(more) == len(REGISTRY) + 1


def test_two_agreements_of_one_name_are_refused():
    """An identifier represents one agreement."""
    japan = REGISTRY["JPCMA"]
    with pytest.raises(InvalidFactError, match="each agreement needs its own identifier"):
        Agreements((japan, japan))


@pytest.mark.parametrize(
    ("day", "japan", "canada"),
    [
        (date(2023, 3, 27), False, "USMCA"),
        (date(2023, 3, 28), True, "USMCA"),
        (date(2019, 1, 1), False, "NAFTA"),
        (date(2018, 11, 29), False, "NAFTA"),
    ],
    ids=str,
)
def test_known_on(day, japan, canada):
    """Agreements signed later are not known, and no end that lies ahead is."""
    known = REGISTRY.known_on(day)
    assert ("JP" in known.countries_on(date(2024, 6, 3))) is japan
    assert canada in [each.identifier for each in known.instruments_on("CA", day)]
    nafta = known["NAFTA"].partners[0]
    assert nafta.ended == (date(2020, 7, 1) if day >= date(2020, 7, 1) else None)


# -- parts ---------------------------------------------------------------------------------


def test_partner_covers_from_its_first_day_to_the_day_before_its_end():
    """Half-open, as all days here."""
    partner = Partner(country="Chile", in_force="2004-01-01", ended="2010-01-01")
    assert partner.country == "CL"
    assert [
        partner.covers(day)
        for day in (date(2003, 12, 31), date(2004, 1, 1), date(2009, 12, 31), date(2010, 1, 1))
    ] == [False, True, True, False]


@pytest.mark.parametrize(
    ("facts", "path", "found"),
    [
        ({"in_force": "soon"}, "partner.in_force", "soon"),
        ({"in_force": None}, "partner.in_force", None),
        ({"in_force": "2004-01-01", "ended": 2010}, "partner.ended", 2010),
        ({"in_force": "2004-01-01", "ended": "2003-12-31"}, "partner.ended", date(2003, 12, 31)),
    ],
)
def test_partner_with_impossible_days(facts, path, found):
    """A day that is none, or an end before the beginning, is refused."""
    with pytest.raises(InvalidFactError) as caught:
        Partner(country="CL", **facts)
    assert (caught.value.path, caught.value.found) == (path, found)


def test_partner_in_a_country_that_is_ambiguous():
    """Partners are countries like any other."""
    with pytest.raises(InvalidFactError, match="two countries have this name"):
        Partner(country="Korea", in_force="2012-03-15")


def test_agreement_of_no_kind():
    """The kind is one of three."""
    with pytest.raises(InvalidFactError) as caught:
        TradeAgreement(identifier="X", name="X", kind="handshake", partners=())
    assert caught.value.path == "trade_agreement.kind"
    assert "'critical minerals agreement'" in caught.value.remedy


def test_agreement_on_some_minerals():
    """Without a list an agreement is about all of them."""
    assert REGISTRY["USCFTA"].covers_mineral("aluminum") is True
    assert REGISTRY["JPCMA"].covers_mineral("aluminum") is False
    assert REGISTRY["JPCMA"].covers_mineral("nickel") is True


# -- hypotheticals -------------------------------------------------------------------------

SINCE = date(2024, 1, 1)


@pytest.mark.parametrize(
    "hypothetical",
    [each for each in hypothetical_agreements() if each.partners],
    ids=lambda each: each.identifier,
)
def test_every_hypothetical_can_be_brought_into_force(hypothetical):
    """All its countries are on the list from the day on, and say by what."""
    agreement = hypothetical.in_force(SINCE)
    law = REGISTRY.with_agreement(agreement)
    assert agreement.kind is AgreementKind.HYPOTHETICAL
    assert agreement.note == (
        f"assumed to be in force since 2024-01-01; in fact: {hypothetical.status}"
    )
    assert set(hypothetical.partners) <= set(law.countries_on(SINCE))
    assert len(hypothetical.partners) == len(agreement.partners)
    for country in hypothetical.partners:
        assert agreement in law.instruments_on(country, SINCE)
        assert agreement not in law.instruments_on(country, date(2023, 12, 31))


def test_hypotheticals_that_name_no_countries_need_some():
    """The plurilateral agreement leaves its partners open."""
    assert [each.identifier for each in hypothetical_agreements() if not each.partners] == ["PLURI"]
    pluri = hypothetical_agreement("PLURI")
    with pytest.raises(InvalidFactError, match="PLURI names no countries; name them"):
        pluri.in_force(SINCE)
    agreement = pluri.in_force(SINCE, ["Japan", "DE"])
    assert [partner.country for partner in agreement.partners] == ["JP", "DE"]


def test_the_european_union_has_27_members():
    """The negotiated agreement would have put 27 countries on the list; the UK was not one."""
    union = hypothetical_agreement("EU-CMA")
    assert len(set(union.partners)) == 27
    assert "GB" not in union.partners
    assert "NO" not in union.partners
    assert len(REGISTRY.with_agreement(union.in_force(SINCE)).countries_on(SINCE)) == 48


def test_other_partners_may_be_supposed():
    """Partners that are given override the named ones."""
    only = hypothetical_agreement("EU-CMA").in_force(SINCE, ["Finland"])
    assert [partner.country for partner in only.partners] == ["FI"]


def test_unknown_hypothetical():
    """A misspelt one gets a suggestion too."""
    with pytest.raises(UnknownAgreement, match="did you mean EU-CMA"):
        hypothetical_agreement("EU-CAM")
