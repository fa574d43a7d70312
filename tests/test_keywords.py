"""The keyword arguments of the ready-made constructors, compared with the classes they make."""

import inspect
import runpy
from pathlib import Path
from typing import Required, get_origin, get_type_hints

import attrs
import pytest

from evcredit import facts
from evcredit.facts.chain import MineralFacts, MineralSource
from evcredit.facts.pool import Pool, PoolFacts
from evcredit.facts.price import SalePrice, SalePriceFacts
from evcredit.facts.prior_transfer import PriorTransfer, PriorTransferFacts
from evcredit.facts.purchase import Purchase, PurchaseFacts
from evcredit.facts.seller_report import SellerReport, SellerReportFacts
from evcredit.facts.tax_return import TaxReturn, TaxReturnFacts
from evcredit.facts.transfer import CreditTransfer, CreditTransferFacts
from evcredit.facts.vehicle import Vehicle, VehicleFacts
from evcredit.law.readings import ReadingChoices, Readings

#: Each with the class, and the facts that its constructors take in another way.
KEYWORDS = [
    (CreditTransferFacts, CreditTransfer, set()),
    (MineralFacts, MineralSource, {"mineral", "value", "steps"}),
    (PoolFacts, Pool, {"first_day", "last_day"}),
    (PriorTransferFacts, PriorTransfer, {"on", "to"}),
    (PurchaseFacts, Purchase, set()),
    (ReadingChoices, Readings, set()),
    (SalePriceFacts, SalePrice, {"vehicle"}),
    (SellerReportFacts, SellerReport, set()),
    (TaxReturnFacts, TaxReturn, set()),
    (VehicleFacts, Vehicle, set()),
]


#: Modules import some parts of facts for type checkers alone.
NAMES = {name: getattr(facts, name) for name in dir(facts)}


def hints_of(annotated, **options):
    """The types that annotations represent."""
    return get_type_hints(annotated, localns=NAMES, **options)


def taken(cls, field):
    """The type that the constructor of a class takes for a field."""
    if field.converter is None:
        return hints_of(cls)[field.name]
    (parameter, *_) = inspect.signature(field.converter).parameters
    return hints_of(field.converter)[parameter]


@pytest.mark.parametrize(
    ("keywords", "cls", "others"), KEYWORDS, ids=lambda each: getattr(each, "__name__", "")
)
def test_keywords_are_the_facts_of_the_class(keywords, cls, others):
    """Every fact, with the type that it takes, and required where the class requires it."""
    fields = {each.alias: each for each in attrs.fields(cls) if each.init}
    expected = {name: taken(cls, each) for name, each in fields.items() if name not in others}
    hints = hints_of(keywords)
    assert hints == expected
    required = {name for name in expected if fields[name].default is attrs.NOTHING}
    marked = hints_of(keywords, include_extras=True)
    assert {name for name, hint in marked.items() if get_origin(hint) is Required} == required


def test_no_constructor_takes_just_anything():
    """A keyword that is not a fact is an error of type checkers, and of Python."""
    for _, cls, _ in KEYWORDS:
        for name, member in vars(cls).items():
            if isinstance(member, classmethod):
                hints = hints_of(member.__func__)
                assert object not in hints.values(), (cls, name)
                assert "Any" not in str(inspect.signature(member.__func__).parameters), (cls, name)


def test_an_unknown_keyword_is_refused():
    """At run time too."""
    with pytest.raises(TypeError, match="Vehicle has no such argument; did you mean msrp"):
        Vehicle.road_vehicle(msrpp=1)


def test_the_program_that_type_checkers_accept_runs(capsys):
    """What is compared with mypy and pyright is a program that works."""
    runpy.run_path(str(Path(__file__).parent / "typing" / "good.py"))
    assert capsys.readouterr().out
