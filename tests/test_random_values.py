"""Values for tests and for other libraries: strategies, dictionaries, types and orders."""

import builtins
import copy
import importlib
import os
import pickle
import subprocess
import sys
import typing
from enum import Enum

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.public import public_names

from evcredit import (
    Claim,
    CleanVehicleReturn,
    EvcreditError,
    InvalidFactError,
    Law,
    assess,
    examples,
    testing,
)
from evcredit.algebra.codes import Codes
from evcredit.errors import MissingExtraError
from evcredit.facts import Vehicle

PUBLIC = {
    name: value
    for name, value in public_names().items()
    if isinstance(value, type) and not issubclass(value, Enum | Exception)
}
few = settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))


@pytest.mark.parametrize("name", PUBLIC)
def test_a_value_of_every_public_class_is_drawn_and_becomes_a_dictionary(name):
    """`from_type` draws values that pass their checks, and `attrs.asdict` copies them."""
    cls, drawn = PUBLIC[name], []

    @few
    @given(st.from_type(cls))
    def draw(value):
        drawn.append(value)

    draw()
    assert drawn and all(isinstance(value, cls) for value in drawn)
    for value in drawn:
        if attrs.has(type(value)):
            assert isinstance(attrs.asdict(value, filter=_but_not_a_law), dict)


def _but_not_a_law(attribute, value):
    """Hundreds of values hold a whole law, which has a case of its own and takes longest."""
    return not isinstance(value, Law)


def test_the_strategies_are_of_every_public_class():
    assert {*testing.public_classes()} == {*PUBLIC.values()}


@pytest.mark.parametrize(
    "cls",
    [each for each in public_names().values() if isinstance(each, type)],
    ids=lambda cls: cls.__name__,
)
def test_the_types_of_every_public_class_are_found(cls):
    """Also of parts whose modules few programs import, and of enumerations and errors."""
    typing.get_type_hints(cls)


def test_without_the_extra_of_tables_their_classes_are_omitted(monkeypatch):
    """As where Narwhals is not installed: the rooms say so when a name is asked for."""

    class Lacking:
        __all__ = ("schema",)

        def __getattr__(self, name):
            raise MissingExtraError("evcredit.tables", "narwhals", "tables")

    monkeypatch.setattr(testing, "tables", Lacking())
    monkeypatch.setattr(testing, "_ROOMS", (testing.law, Lacking()))
    assert testing._samples_of_tables() == ()
    assert Law in testing.public_classes()


def test_the_demonstration_becomes_a_dictionary_and_so_does_what_is_made_of_it():
    claim = examples.demonstration_claim()
    data = attrs.asdict(claim)
    assert data["vehicle"]["battery"]["components"][0]["kind"] is not None
    assert attrs.asdict(assess(claim))["claim"] == data


@few
@given(st.from_type(Claim), testing.laws())
def test_random_claims_are_assessed(claim, law):
    assert 0 <= assess(claim, law=law).credit.upper <= 7500


def test_values_that_no_claim_made():
    assert testing.examples_of(bytes) == ()


def test_facts_that_contradict_one_another_are_left_out():
    """The one that the fault names, or another; what is needed is drawn, or the fault is
    reported.
    """

    def make(cls, stated, needed=()):
        return testing._without_conflicts(lambda _: 2024, cls, stated, {*needed})

    assert make(Vehicle, {"msrp": 5, "wheels": -1, "make": " "}) == Vehicle(msrp=5)
    assert make(Vehicle, {"make": " "}, ["make"]) == Vehicle(make="2024 9")
    with pytest.raises(InvalidFactError):
        make(Vehicle, {"vehicle_class": "boat"}, ["vehicle_class"])
    assert make(Vehicle, {"wheels": -1}, ["wheels"]) == Vehicle(wheels=2024)
    assert make(CleanVehicleReturn, {}).tax_year == 2024


def test_sets_of_codes_have_one_order_in_every_process():
    program = (
        "from evcredit.facts import EUROPEAN_UNION as eu; from evcredit import examples, assess;"
        "from evcredit import with_facts; c = examples.demonstration_claim();"
        "c = with_facts(c, dict.fromkeys(['vehicle.msrp', 'vehicle.wheels', 'vehicle.fuel_cell']));"
        "print(list(eu), list(c.vehicle.battery.minerals_places),"
        " [list(each) for each in assess(c).settling('met')])"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(told) == 1 and "['AT', 'BE'" in told.pop()


def test_a_set_of_codes_is_a_set():
    codes = Codes({"US", "CA"})
    assert repr(codes) == "Codes('CA', 'US')"
    assert pickle.loads(pickle.dumps(codes)) == copy.copy(codes) == frozenset({"CA", "US"})
    assert codes | {"MX"} == {"CA", "MX", "US"}


def test_without_hypothesis_the_extra_is_named(monkeypatch):
    imported = builtins.__import__

    def refuse(name, *args, **options):
        if name.startswith("hypothesis"):
            raise ImportError(name)
        return imported(name, *args, **options)

    monkeypatch.setattr(builtins, "__import__", refuse)
    monkeypatch.delitem(sys.modules, "evcredit.testing")
    with pytest.raises(EvcreditError, match=r"pip install 'evcredit\[testing\]'"):
        importlib.import_module("evcredit.testing")
