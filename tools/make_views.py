"""Write src/evcredit/provisions/views.py: the facts and the law as rule bodies see them.

Run it after a fact, a schedule or a reading was added or renamed; a test compares:

    python tools/make_views.py
"""

from __future__ import annotations

import typing
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from pathlib import Path
from types import UnionType
from typing import Any

import attrs

from evcredit.algebra.field import FactType, Kind, declared_facts
from evcredit.algebra.kinds import fact_of_kind
from evcredit.algebra.schedule import Schedule, Table
from evcredit.facts.claim import Claim
from evcredit.facts.seller_report import SellerReport
from evcredit.facts.transfer import CreditTransfer
from evcredit.law.countries import CountryGroup
from evcredit.law.law import Law
from evcredit.law.readings import Readings

VIEWS = Path(__file__).parents[1] / "src/evcredit/provisions/views.py"

#: The classes that rules are about.
SUBJECTS = (Claim, CreditTransfer, SellerReport)

HEAD = '''\
"""The facts and the law as rule bodies see them, for editors and type checkers.

Written by tools/make_views.py from the declared facts, `Law` and `Readings`; a test compares. A
rule body is called with symbols (`evcredit.algebra.symbol`), of which these classes list the
attributes: nothing is ever an instance of them.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Protocol, TypeVar

'''

MIDDLE = '''
V_co = TypeVar("V_co", covariant=True)


class Scheduled(Protocol[V_co]):
    """A schedule of the law."""

    def on(self, day: DayInput) -> Parameter[V_co]:
        """The value on the day that a fact states, or that follows from some."""
        ...

    @property
    def ever(self) -> Parameter[V_co]:
        """The value of a schedule that has one; the bounds of all of them if it has more."""
        ...


class FlagSchedule(Protocol):
    """A schedule that is true or false."""

    def on(self, day: DayInput) -> ScheduledFlag:
        """Whether it is up on the day that a fact states, or that follows from some."""
        ...

    @property
    def ever(self) -> ScheduledFlag:
        """Whether it is up, where that never changes."""
        ...


class Group(Protocol):
    """A group of countries."""

    def contains(self, country: CountryFact) -> InGroup:
        """Whether the country that a fact states is in the group."""
        ...
'''


def facts_classes() -> list[type]:
    """The classes that rules are about, and those of their parts, the inner ones first."""
    found: dict[type, None] = {}

    def visit(cls: type) -> None:
        if cls in found:
            return
        for _, declared in declared_facts(cls):
            if declared.kind is Kind.PART:
                visit(declared.of)
        found[cls] = None

    for subject in SUBJECTS:
        visit(subject)
    return list(found)


def view_of(declared: FactType) -> str:
    """The annotation of one fact."""
    if declared.kind is Kind.PART:
        return f"{declared.of.__name__}View"
    kind = type(fact_of_kind("", declared)).__name__
    return f"{kind}[{declared.of.__name__}]" if declared.kind is Kind.CHOICE else kind


def law_lines() -> Iterator[str]:
    """The annotations of the law: readings, schedules, and groups of countries."""
    yield "readings: ReadingsView"
    hints = typing.get_type_hints(Law)
    for field in attrs.fields(Law):
        hint = hints[field.name]
        if typing.get_origin(hint) is Schedule:
            (value,) = typing.get_args(hint)
            schedule = "FlagSchedule" if value is bool else f"Scheduled[{name_of(value)}]"
            yield f"{field.name}: {schedule}"
    for name, member in vars(Law).items():
        if isinstance(member, property) and typing.get_type_hints(member.fget)["return"] is (
            CountryGroup
        ):
            yield f"{name}: Group"


def name_of(value: Any) -> str:
    """How a type is written."""
    return value.__name__ if isinstance(value, type) and value in NAMED else str(value)


NAMED = (int, Decimal, date, Table)


def reading_lines() -> Iterator[str]:
    """The annotations of the readings."""
    for name, hint in typing.get_type_hints(Readings).items():
        choice = not isinstance(hint, UnionType) and issubclass(hint, Enum)
        yield f"{name}: {f'ChoiceReading[{hint.__name__}]' if choice else 'Reading'}"


def write_class(name: str, doc: str, lines: Iterable[str]) -> str:
    """One class of annotations."""
    body = "\n".join(f"    {line}" for line in lines)
    return f'\n\nclass {name}:\n    """{doc}"""\n\n{body}\n'


def imports() -> str:
    """The imports that the classes need, in order."""
    choices = {
        declared.of
        for cls in facts_classes()
        for _, declared in declared_facts(cls)
        if declared.kind is Kind.CHOICE
    }
    choices |= {
        hint
        for hint in typing.get_type_hints(Readings).values()
        if isinstance(hint, type) and issubclass(hint, Enum)
    }
    wanted = {(choice.__module__, choice.__name__) for choice in choices}
    wanted |= {
        ("evcredit.algebra.kinds", name)
        for name in ("ChoiceFact", "CountryFact", "DayFact", "Flag", "Number", "Parts", "Text")
    }
    wanted |= {
        ("evcredit.algebra.parameter", name)
        for name in ("ChoiceReading", "InGroup", "Parameter", "Reading", "ScheduledFlag")
    }
    wanted |= {("evcredit.algebra.expression", "DayInput"), ("evcredit.algebra.schedule", "Table")}
    lines = []
    for module in sorted({module for module, _ in wanted}):
        names = sorted(name for where, name in wanted if where == module)
        line = f"from {module} import {', '.join(names)}"
        if len(line) > 100:
            line = f"from {module} import (\n" + "".join(f"    {n},\n" for n in names) + ")"
        lines.append(line)
    return "\n".join(lines) + "\n"


def source() -> str:
    """The text of the module."""
    classes = "".join(
        write_class(
            f"{cls.__name__}View",
            f"The facts of `{cls.__name__}`.",
            (f"{name}: {view_of(declared)}" for name, declared in declared_facts(cls)),
        )
        for cls in facts_classes()
    )
    classes += write_class(
        "ReadingsView", "How the law is read where it is unresolved.", reading_lines()
    )
    classes += write_class("LawView", "The law: its readings, schedules and groups.", law_lines())
    views = [f"{cls.__name__}View" for cls in facts_classes()]
    names = sorted([*views, "FlagSchedule", "Group", "LawView", "ReadingsView", "Scheduled"])
    exported = "__all__ = [\n" + "".join(f'    "{name}",\n' for name in names) + "]\n"
    return HEAD + imports() + "\n" + exported + MIDDLE + classes


if __name__ == "__main__":
    VIEWS.write_text(source(), encoding="utf-8")
