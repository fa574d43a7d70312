"""Objects of facts are built in one pass, and as attrs would build them: one answer."""

import inspect
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import attrs
import pytest

from evcredit import facts
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.construction import slowly
from evcredit.algebra.field import declared_facts
from evcredit.errors import InvalidCallError, InvalidFactError, InvalidFactsError
from evcredit.facts import Activity, Step, StickerPrice
from evcredit.facts.battery import Battery
from evcredit.facts.component import BatteryComponent, ComponentKind
from evcredit.facts.purchase import Purchase
from evcredit.facts.taxpayer import FilingStatus, Taxpayer, TaxYear
from evcredit.facts.vehicle import Vehicle


def built(build: Any, given: dict[str, Any]) -> Any:
    """What comes of some arguments: the object, or the faults in words."""
    try:
        made = build(**given)
    except (InvalidFactError, InvalidFactsError, TypeError) as error:
        return type(error), str(error)
    return made, repr(made), hash(made)


def both(cls: type, **given: Any) -> Any:
    """What comes of some arguments; the two ways of building agree."""
    quick, slow = built(cls, given), built(lambda **all_of: slowly(cls, **all_of), given)
    assert quick == slow
    return quick[0]


def classes() -> list[type]:
    """The classes that are built in one pass."""
    public = (getattr(facts, name) for name in facts.__all__)
    found = [each for each in public if hasattr(each, "__attrs_own_init__")]
    assert len(found) > 20
    return found


#: What may be given for a fact: sound, nearly sound, and not sound at all.
VALUES = [
    None, True, False, 0, 1, -1, 40, 10**15, 10**18, True + 1, 1.5, "", " ", "0", "12.50", "12.505",
    "1e3", "-4", "+4", "٣", "100", "100.5", "Infinity", "NaN", "x" * 100, "US", "Japan", "GA",
    "lithium", "extraction", "battery cell", "SUV", "single", "2024-06-03", "2024-02-30",
    Decimal("12.50"), Decimal("-0"), Decimal("1E+2"), Decimal("NaN"), date(2024, 6, 3),
    datetime(2024, 6, 3, 1), Bounds(1, 2), Bounds(Decimal(0), Decimal("Infinity")),
    Activity.RECYCLING, ComponentKind.BATTERY_CELL, FilingStatus.SINGLE,
    [], (), [1], (Step(),), [Step(), None], {},
    Battery(), TaxYear(), StickerPrice(base_price=1), object,
]  # fmt: skip


@pytest.mark.parametrize("cls", classes(), ids=lambda cls: cls.__name__)
def test_any_value_of_any_fact_is_taken_in_or_refused_alike(cls):
    needed = {each.alias for each in attrs.fields(cls) if each.default is attrs.NOTHING}
    given = {
        each.alias: "lithium" if each.name == "mineral" else "battery cell"
        for each in attrs.fields(cls)
        if each.alias in needed
    }
    both(cls, **given)
    for each in attrs.fields(cls):
        if each.init:
            for value in VALUES:
                both(cls, **given | {each.alias: value})


def test_several_faults_are_found_together():
    assert both(Step, activity="mining", country="Atlantis", value_added=-1) is InvalidFactsError


def test_what_a_class_needs_is_needed_and_what_it_does_not_know_is_refused():
    assert both(BatteryComponent) is InvalidCallError
    assert both(BatteryComponent, kind="battery cell", worth=1) is InvalidCallError
    assert both(Vehicle, price=1) is InvalidCallError


def test_each_object_gets_its_own_defaults():
    assert both(BatteryComponent, kind="separator").contains == ()
    assert both(BatteryComponent, kind="battery cell").contains is None
    assert both(Taxpayer, current_year=None).current_year == TaxYear()


def test_more_items_than_a_list_may_have_are_refused():
    assert both(Battery, minerals=[None] * 10_001) is InvalidFactError


def test_a_day_for_two_and_parts_of_prices_are_kept_where_they_belong():
    assert both(Purchase, acquired="2024-06-01").contract_date == date(2024, 6, 1)
    assert both(Purchase, acquired="June") is InvalidFactError
    assert both(Vehicle, sticker=StickerPrice(base_price=1, factory_options=2)).msrp == 3


def test_an_object_cannot_be_changed_and_is_of_its_class():
    step = Step(activity="processing")
    assert type(step) is Step
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        step.country = "US"
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        del step.country


def test_the_constructor_looks_as_attrs_wrote_it():
    Step()
    names = list(inspect.signature(Step).parameters)
    assert names == [name for name, _ in declared_facts(Step)]
