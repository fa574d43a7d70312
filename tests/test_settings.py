"""Every setting of a law and a question is checked: converted, or refused by name."""

import copy
import pickle
from datetime import date
from decimal import Decimal

import attrs
import pytest

from evcredit import (
    Bounds,
    InvalidFactError,
    OutsideCoverage,
    Readings,
    Verdict,
    assess,
    current_law,
    named_law,
)
from evcredit.algebra.read_only import ReadOnlyDict
from evcredit.errors import LawError, UnknownAgreement
from evcredit.examples import demonstration_claim
from evcredit.law.readings import AgreementScope

LAW = current_law()


def test_readings_take_members_by_name_and_by_value() -> None:
    """Text was taken as it was, and applied as the other reading."""
    by_member = LAW.with_readings(agreement_scope=AgreementScope.COVERED_MINERALS)
    for text in ("COVERED_MINERALS", "covered_minerals", AgreementScope.COVERED_MINERALS.value):
        law = LAW.with_readings(agreement_scope=text)
        assert law.readings == by_member.readings


@pytest.mark.parametrize("name", [field.name for field in attrs.fields(Readings)])
def test_readings_refuse_anything_else(name: str) -> None:
    for value in ("nonsense", 1, 0, 0.5, [], "True"):
        with pytest.raises(InvalidFactError) as caught:
            LAW.with_readings(**{name: value})
        assert caught.value.path == f"readings.{name}"
        assert caught.value.remedy.startswith("give ")


def test_only_open_readings_may_be_left_open() -> None:
    assert LAW.with_readings(territories_in_united_states=None)
    with pytest.raises(InvalidFactError, match="give True or False"):
        LAW.with_readings(election_ends_with_2022=None)
    with pytest.raises(InvalidFactError, match="LISTED_COUNTRY"):
        LAW.with_readings(agreement_scope=None)


@pytest.mark.parametrize("wanted", ["met", "MET", Verdict.MET])
def test_settling_takes_a_verdict_by_name(wanted: object) -> None:
    assert assess(demonstration_claim()).settling(wanted) == (frozenset(),)


@pytest.mark.parametrize("wanted", ["yes", None, True, 1])
def test_settling_refuses_anything_else(wanted: object) -> None:
    with pytest.raises(InvalidFactError, match=r"give Verdict\.MET or Verdict\.NOT_MET"):
        assess(demonstration_claim()).settling(wanted)


def test_a_schedule_takes_values_of_its_kind_only() -> None:
    schedule = LAW.critical_minerals_percentage
    assert schedule.always(60, why="a test").on("2024-06-03") == 60
    for value in ("60", True, None, date(2024, 1, 1), Decimal("NaN"), 0.6):
        with pytest.raises(InvalidFactError, match="give an exact number, as the schedule has"):
            schedule.always(value, why="a test")
    with pytest.raises(InvalidFactError, match="give True or False"):
        LAW.value_added_test_in_force.always("yes", why="a test")


@pytest.mark.parametrize(
    "ends", [(Decimal("NaN"), 1), (0, Decimal("NaN")), (float("nan"), 1), (0, Decimal("sNaN"))]
)
def test_bounds_are_of_numbers(ends: tuple[object, object]) -> None:
    with pytest.raises(ValueError, match=r"bounds need two numbers|is above the upper"):
        Bounds(*ends)


def test_days_may_be_text() -> None:
    day = date(2023, 3, 28)
    agreements = LAW.agreements
    assert str(agreements.why("Japan", "2023-03-28")) == str(agreements.why("Japan", day))
    assert agreements.countries_on("2023-03-28") == agreements.countries_on(day)
    assert agreements.known_on("2023-03-28") == agreements.known_on(day)
    assert LAW.known_on("2024-06-03").digest == LAW.known_on(date(2024, 6, 3)).digest
    assert LAW.critical_minerals_percentage.covers("2024-06-03")
    with pytest.raises(OutsideCoverage):
        LAW.critical_minerals_percentage.on("1999-01-01")


@pytest.mark.parametrize("day", ["2023-02-30", "03/28/2023", "", None, 20230328])
def test_days_that_are_none(day: object) -> None:
    for ask in (
        lambda: LAW.agreements.why("Japan", day),
        lambda: LAW.critical_minerals_percentage.on(day),
        lambda: LAW.known_on(day),
        lambda: LAW.agreements["JPCMA"].partner_on("JP", day),
    ):
        with pytest.raises(InvalidFactError, match="day: found"):
            ask()


def test_agreements_by_the_country_they_are_with() -> None:
    assert LAW.without_agreement("Japan") == LAW.without_agreement("JPCMA")
    assert LAW.without_agreement("jpcma") == LAW.without_agreement("JPCMA")
    assert LAW.with_hypothetical("Indonesia").name == "current law with ID-CMA"
    assert named_law("indonesia").agreements["ID-CMA"]
    assert named_law("no-South Korea").name == "current law without KORUS"
    assert named_law("No-Japan").name == "current law without JPCMA"


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Canada", "CUSFTA (Canada) or NAFTA (Canada, Mexico) or USMCA (Canada, Mexico)"),
        ("Honduras", "CAFTA-DR (El Salvador, Honduras and 4 more)"),
        ("JPCM", "JPCMA (Japan)"),
        ("France", "known: ILFTA (Israel)"),
        ("Korea", "did you mean KORUS (South Korea)?"),
    ],
)
def test_names_that_mean_no_one_agreement(name: str, hint: str) -> None:
    with pytest.raises(UnknownAgreement) as caught:
        LAW.without_agreement(name)
    assert hint in str(caught.value)


def test_laws_that_there_are_not() -> None:
    with pytest.raises(LawError, match="did you mean no-japan"):
        named_law("no-japn")
    with pytest.raises(LawError, match="known: current"):
        named_law("zzz")


def test_a_read_only_dictionary() -> None:
    """Reads as any other, and refuses every change."""
    value = ReadOnlyDict({"US": True})
    assert value["US"] is True
    assert hash(value) == hash(ReadOnlyDict({"US": True}))
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value
    for change in (
        lambda: value.__setitem__("CN", True),
        lambda: value.__delitem__("US"),
        lambda: value.update(CN=True),
        lambda: value.setdefault("CN", True),
        value.clear,
        value.popitem,
        lambda: value.pop("US"),
        lambda: value.__ior__({"CN": True}),
    ):
        with pytest.raises(TypeError, match="part of a value"):
            change()
