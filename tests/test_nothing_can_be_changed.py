"""Public values are values: whatever is reachable from one cannot be changed.

A law whose groups could be changed would change every later result of the process under the same
digest. So the test walks from every public kind of value over all attributes, items and cached
properties, and tries to change each thing it reaches; and from random claims, laws and results
(`tests/property/test_frozen.py`).
"""

from collections.abc import Container, Iterator, Mapping
from datetime import date
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import attrs
import pytest
from tests.returns import whole_return

from evcredit import (
    BuyNew,
    CreditTransfer,
    Law,
    assess,
    assess_transfer,
    compare,
    current_law,
    fill_forms,
    find_listed,
    named_law,
    options,
    with_facts,
)
from evcredit.algebra.certificate import Certificates
from evcredit.algebra.completion import Completion
from evcredit.algebra.relevance import Relevance
from evcredit.examples import demonstration_claim
from evcredit.facts import PriorCredit

#: What has no parts, or is Python's own and not a part of the value.
LEAVES = (
    str,
    bytes,
    int,
    Decimal,
    Fraction,
    date,
    Enum,
    type,
    FunctionType,
    BuiltinFunctionType,
    MethodType,
    ModuleType,
    type(None),
)
#: The analysis of what is missing keeps its own working memory. It holds nothing that a rule, a
#: law or a claim reads, and another analysis starts from nothing.
WORKING_MEMORY = (Completion, Relevance, Certificates)


def values() -> dict[str, Any]:
    """One public value of each kind."""
    claim, law = demonstration_claim(), current_law()
    result = assess(claim)
    # What is computed on demand is kept, and is a part of the value from then on.
    result.explain()
    result.missing()
    forms = fill_forms(whole_return())
    forms.explain()
    transfer = CreditTransfer.at_the_dealer(claim=claim, payment=7_500, elected_on="2024-06-03")
    used = assess(with_facts(claim, {"taxpayer.prior_credits": [PriorCredit()]}), credit="25E")
    used.missing()
    comparison = compare(claim, named_law("no-japan"), law)
    comparison.explain()
    new = BuyNew(name="car", vehicle=claim.vehicle, purchase=claim.purchase)
    return {
        "law": law,
        "law as known": law.known_on(date(2023, 6, 1)),
        "claim": claim,
        "assessment": result,
        "assessment of alike items": used,
        "comparison": comparison,
        "forms": forms,
        "transfer": assess_transfer(transfer),
        "options": options(claim.taxpayer, [new]),
        "listing": find_listed(
            make="Tesla", model="Model Y", model_year=2024, day=date(2024, 6, 3)
        ),
    }


def parts(value: Any) -> Iterator[tuple[str, Any]]:
    """What a value is made of, by how to reach it."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield f"[{key!r:.40}]", item
            yield f".key {key!r:.40}", key
        return
    if isinstance(value, tuple | list | set | frozenset):
        yield from ((f"[{index}]", item) for index, item in enumerate(value))
    names = (
        dict.fromkeys(each.name for each in attrs.fields(type(value)))
        if attrs.has(type(value))
        else {}
    )
    names |= {name: None for name in getattr(value, "__dict__", {}) if not name.startswith("__")}
    if isinstance(value, Law):
        # What follows from the fields of a law, such as its groups of countries.
        names |= {name: None for name, of in vars(Law).items() if isinstance(of, property)}
    yield from ((f".{name}", getattr(value, name, None)) for name in names)


def is_changed(value: Any) -> bool:
    """Whether something of a value could be changed."""
    if isinstance(value, Mapping):
        key = next(iter(value), "key")
        try:
            value[key] = value.get(key)  # type: ignore[index]
        except TypeError:
            return False
        return True
    if isinstance(value, list | set | bytearray):
        return True
    if attrs.has(type(value)):
        for each in attrs.fields(type(value)):
            try:
                setattr(value, each.name, getattr(value, each.name, None))
            except attrs.exceptions.FrozenInstanceError:
                continue
            return True
    return False


def walk(value: Any, walked: Container[int] = ()) -> Iterator[tuple[str, Any]]:
    """Everything reachable from a value, each once, but for what was walked before."""
    seen: set[int] = set()
    kept = [("", value)]
    while kept:
        path, each = kept.pop()
        if id(each) in seen or id(each) in walked or isinstance(each, LEAVES + WORKING_MEMORY):
            continue
        seen.add(id(each))
        yield path, each
        kept += [(f"{path}{step}"[-200:], part) for step, part in parts(each)]


@pytest.mark.parametrize("kind", list(values()))
def test_nothing_that_is_reachable_can_be_changed(kind: str) -> None:
    changed = {
        f"{path} ({type(each).__name__})" for path, each in walk(values()[kind]) if is_changed(each)
    }
    assert sorted(changed) == []


def test_the_walk_reaches_what_rules_read() -> None:
    """Groups, schedules and agreements of a law, and chains and steps of a claim."""
    reached = {type(each).__name__ for _, each in walk(values()["law"])}
    assert {"CountryGroup", "Schedule", "TradeAgreement", "Citation"} <= reached
    reached = {type(each).__name__ for _, each in walk(demonstration_claim())}
    assert {"MineralSource", "Step", "BatteryComponent"} <= reached
