"""The errors of the package and what they say."""

import copy
import difflib
import pickle
import subprocess
import sys

import pytest

from evcredit import Vehicle, errors, find_listed
from evcredit.algebra.exports import _imported
from evcredit.errors import (
    ClaimWarning,
    EvcreditError,
    InvalidFactError,
    InvalidFactsError,
    LawError,
    MissingExtraError,
    OutsideCoverage,
    UndeterminedError,
    UnknownAgreement,
    UnknownListing,
    UnknownNameError,
    UnlikelyValueWarning,
    nearest,
    raise_faults,
    shown,
)

PRICE = InvalidFactError("vehicle.msrp", -1, "may not be negative")
DAY = InvalidFactError("purchase.sale_date", "soon", "give a date, or text like 2024-06-03")


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (InvalidFactError, ValueError),
        (InvalidFactsError, ValueError),
        (InvalidFactsError, ExceptionGroup),
        (UndeterminedError, ValueError),
        (LawError, LookupError),
        (OutsideCoverage, LawError),
        (UnknownAgreement, LawError),
        (UnknownNameError, AttributeError),
        (UnknownNameError, KeyError),
        (UnlikelyValueWarning, UserWarning),
        (ClaimWarning, UserWarning),
    ],
)
def test_each_error_is_one_of_ours_and_a_builtin(error, builtin):
    """Both ways of catching an error work."""
    assert issubclass(error, EvcreditError)
    assert issubclass(error, builtin)


def test_every_error_of_the_module_has_the_common_base():
    """No error is raised on purpose that ``except EvcreditError`` would miss."""
    offered = [getattr(errors, name) for name in errors.__all__]
    classes = [each for each in offered if isinstance(each, type)]
    assert len(classes) == 14
    assert all(issubclass(each, EvcreditError) for each in classes)


def test_a_name_of_which_there_is_none_stays_one_further_out():
    """And is copied and pickled like any error."""
    found = UnknownNameError("msrpp", 5, "did you mean msrp?").below("vehicle")
    assert str(found) == "vehicle.msrpp: found 5; did you mean msrp?"
    assert str(pickle.loads(pickle.dumps(found))) == str(copy.copy(found)) == str(found)
    assert type(found) is UnknownNameError


def test_one_fault_says_where_what_and_what_instead():
    """Path, value found, remedy."""
    assert str(PRICE) == "vehicle.msrp: found -1; may not be negative"
    assert (PRICE.path, PRICE.found, PRICE.remedy) == ("vehicle.msrp", -1, "may not be negative")


@pytest.mark.parametrize(
    ("path", "prefix", "below"),
    [
        ("msrp", "vehicle", "vehicle.msrp"),
        ("[2].value", "minerals", "minerals[2].value"),
        ("", "claim", "claim"),
    ],
)
def test_faults_can_be_told_from_further_out(path, prefix, below):
    """The prefix is joined as a reader would write the path."""
    assert InvalidFactError(path, 1, "no").below(prefix).path == below


def test_no_fault_raises_nothing():
    """All is well without faults."""
    assert raise_faults([]) is None


def test_one_fault_is_raised_as_itself():
    """A single fault is not wrapped."""
    with pytest.raises(InvalidFactError) as caught:
        raise_faults(iter([PRICE]))
    assert caught.value is PRICE


def test_several_faults_are_raised_together():
    """A group says how many faults there are and each of them."""
    with pytest.raises(InvalidFactsError) as caught:
        raise_faults(iter([PRICE, DAY]))
    assert caught.value.exceptions == (PRICE, DAY)
    assert str(caught.value) == (
        "2 facts cannot be used:\n"
        "  vehicle.msrp: found -1; may not be negative\n"
        "  purchase.sale_date: found 'soon'; give a date, or text like 2024-06-03"
    )


def test_except_star_handles_one_fault_and_several_alike():
    """``except*`` reaches the faults whether they come alone or in a group."""
    for faults in ([PRICE], [PRICE, DAY]):
        handled = []
        try:
            raise_faults(faults)
        except* InvalidFactError as group:
            handled += group.exceptions
        assert handled == faults


def test_splitting_a_group_keeps_its_type():
    """What ``except*`` leaves over is still a group of ours."""
    group = InvalidFactsError("2 facts cannot be used", (PRICE, DAY))
    prices, others = group.split(lambda each: getattr(each, "path", "") == "vehicle.msrp")
    assert isinstance(prices, InvalidFactsError)
    assert isinstance(others, InvalidFactsError)
    assert (prices.exceptions, others.exceptions) == ((PRICE,), (DAY,))


def test_undetermined_carries_the_missing_facts():
    """The raiser may name what is missing."""
    assert UndeterminedError("unknown", ("vehicle.msrp",)).missing == ("vehicle.msrp",)
    assert UndeterminedError("unknown").missing == ()


def test_outside_coverage_says_what_is_covered():
    """The message has the subject, the day and the covered days."""
    error = OutsideCoverage("section 30D", "2022-01-01", "2023-04-18 on")
    assert str(error) == "section 30D: evcredit has no law for 2022-01-01; covered: 2023-04-18 on"
    assert (error.subject, error.day, error.covered) == (
        "section 30D",
        "2022-01-01",
        "2023-04-18 on",
    )


def test_unknown_agreement_suggests_or_lists():
    """Near names are suggested; without any, all are listed."""
    near = UnknownAgreement("JPCAM", ("JPCMA",), ("JPCMA", "KORUS"))
    assert str(near) == "no agreement is called 'JPCAM'; did you mean JPCMA?"
    several = UnknownAgreement("USFTA", ("USSFTA", "USJFTA"), ())
    assert str(several) == "no agreement is called 'USFTA'; did you mean USSFTA or USJFTA?"
    far = UnknownAgreement("X", (), ("JPCMA", "KORUS"))
    assert str(far) == "no agreement is called 'X'; known: JPCMA, KORUS"


@pytest.mark.parametrize(
    "error",
    [
        PRICE,
        InvalidFactsError("2 facts cannot be used", (PRICE, DAY)),
        UndeterminedError("unknown", ("vehicle.msrp",)),
        OutsideCoverage("section 30D", "2022-01-01", "2023-04-18 on"),
        UnknownAgreement("JPCAM", ("JPCMA",), ("JPCMA",)),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_other_processes(error):
    """Errors can be pickled and copied, with what they carry."""
    for again in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert type(again) is type(error)
        assert str(again) == str(error)
        assert getattr(again, "missing", None) == getattr(error, "missing", None)


class _Silent:
    """An object whose text, name and attributes cannot be requested."""

    def __repr__(self):
        raise RuntimeError("no text")

    __str__ = __repr__

    def __getattr__(self, name):
        raise RuntimeError(name)


class _Endless(dict):
    """A mapping that fails when it is walked."""

    def __iter__(self):
        raise RuntimeError("no items")

    def __len__(self):
        return 1


@pytest.mark.parametrize(
    "value",
    [_Silent(), {_Silent(): 1}, _Endless(), 10**5000, "\ud800" * 200, b"\xff", "\x1b[31m" * 50],
    ids=range(7),
)
def test_an_error_can_always_be_printed(value):
    """Whatever was given, the text of the error is short and can be encoded."""
    for error in (
        InvalidFactError("vehicle.msrp", value, "give an amount"),
        UnknownNameError("facts", value, "there is none"),
    ):
        text = str(error)
        assert text.isprintable()
        assert len(text.encode("utf-8")) < 1000
    assert shown(value)
    with pytest.raises(InvalidFactError) as caught:
        Vehicle(msrp=value)
    assert str(caught.value).startswith("vehicle.msrp: found ")


def test_a_long_text_is_like_no_name(monkeypatch):
    """It is compared with none, which would take as long as it is, and quoted in part."""
    assert nearest("Cnada", ["Canada"]) == ("Canada",)
    monkeypatch.setattr(difflib, "get_close_matches", lambda *_, **__: pytest.fail("compared"))
    assert nearest("x" * 19, ["Canada"]) == ()
    assert shown("x" * 1_000_000) == f"'{'x' * 76}..."


def test_what_was_asked_for_of_lists_can_be_printed():
    """A make of no letters, or without end."""
    for make in ("\x1b" * 200, "x" * 10_000):
        with pytest.raises(UnknownListing) as caught:
            find_listed(make=make, model="Model", day="2024-06-03")
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 1000


def test_without_an_extra_its_name_is_said(monkeypatch):
    """Of tables as soon as a name of theirs is asked for; random claims do without theirs."""
    code = """
import sys
sys.modules.update({"narwhals": None, "narwhals.stable": None, "narwhals.stable.v2": None})
import evcredit.tables, evcredit.testing
from evcredit.facts import Vehicle
assert Vehicle in evcredit.testing.public_classes()
try:
    from evcredit.tables import assess_frame
except ImportError as error:
    assert isinstance(error, evcredit.EvcreditError)
    print(error)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.stdout == (
        "evcredit.tables.frames: the package narwhals is not installed; "
        "run: pip install 'evcredit[tables]'\n"
    )
    with pytest.raises(ModuleNotFoundError, match=r"No module named .evcredit"):
        _imported("evcredit.tables.nothing", "tables")

    def lacking(module):
        raise ModuleNotFoundError(module, name="narwhals.stable")

    monkeypatch.setattr("evcredit.algebra.exports.import_module", lacking)
    with pytest.raises(MissingExtraError, match=r"evcredit\[tables\]") as caught:
        _imported("evcredit.tables.frames", "tables")
    assert (caught.value.package, caught.value.extra) == ("narwhals", "tables")
