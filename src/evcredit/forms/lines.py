"""Lines of forms: where an amount or an answer is, and what it rests on.

Source: Form 8936 and its Schedule A.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import Any, NamedTuple

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.citation import Citation
from evcredit.algebra.field import Kind, repr_of_facts
from evcredit.algebra.finding import Finding
from evcredit.algebra.money import AmountLine, bounds_in_dollars
from evcredit.algebra.verdict import Verdict
from evcredit.data import load
from evcredit.errors import InvalidCallError, checked
from evcredit.provisions.section import Credit
from evcredit.results.words import json_value

__all__ = ["FormLine", "LineSpec", "form_is_seen", "form_years", "has_schedules", "lines_of"]

_KINDS = {"money": Kind.MONEY, "percent": Kind.PERCENT, "flag": Kind.FLAG, "text": Kind.TEXT}


class Branches(NamedTuple):
    """Where an answer leads: to a line, to "stop", or, if empty, to the next line."""

    yes: str
    no: str
    no_after_transfer: str


@attrs.frozen(kw_only=True)
class LineSpec:
    """Where something is on a form.

    Args:
        form: The form or schedule.
        line: The line.
        key: What is there, by the name that `evcredit.forms.entries` gives it.
        caption: What it is, in our words.
        kind: What sort of value it is: money, a percentage, yes or no, or text.
        scope: Whether it is there once for the "return" or for each "vehicle".
        credits: Of a line of a vehicle, the credits for which it is there.
        years: The tax years in which the form has it.
        verified: The tax years of them for which it was seen.
        computed_from: The lines of the same form that it is made of.
        citation: The provision of law; `None` where an answer shows that itself.
        filers: Which filers have it: "owners" for partnerships and S corporations, "others" for
            all others; empty for all.
        part: "business" if it is left blank where nothing on the return is for business,
            "personal" if it is where all of the vehicle is.
        leads: Of an answer, where the form goes on after a yes, after a no, and after a no if
            the credit was transferred: to a line, or "stop"; empty for the next line.
    """

    form: str
    line: str
    key: str
    caption: str
    kind: Kind
    scope: str
    credits: tuple[Credit, ...]
    years: tuple[int, ...]
    verified: tuple[int, ...]
    computed_from: tuple[str, ...]
    citation: Citation | None
    filers: str
    part: str
    leads: Branches

    def next_line(self, answer: Any, *, transferred: bool) -> str:
        """Where the form goes on after an answer; empty for the next line."""
        if not isinstance(answer, Verdict) or answer.known is None:
            return ""
        if answer.known:
            return self.leads.yes
        return (transferred and self.leads.no_after_transfer) or self.leads.no


@cache
def _places() -> tuple[LineSpec, ...]:
    return tuple(
        LineSpec(
            form=row["form"],
            line=row["line"],
            key=row["key"],
            caption=row["caption"],
            kind=_KINDS[row["kind"]],
            scope=row["scope"],
            credits=tuple(Credit(each) for each in row.get("credit", [*Credit])),
            years=tuple(row["years"]),
            verified=tuple(row["verified"]),
            computed_from=tuple(row.get("from", ())),
            citation=Citation.parse(row["citation"]) if "citation" in row else None,
            filers=row.get("filers", ""),
            part=row.get("part", ""),
            leads=Branches(*(row.get(answer, "") for answer in Branches._fields)),
        )
        for row in load("forms.toml")["lines"]
    )


def form_years() -> tuple[int, ...]:
    """The tax years whose forms are covered; the last one by the lines of the year before.

    >>> form_years()[0], form_years()[-1]
    (2010, 2026)
    """
    seen = {year for each in _places() for year in each.years}
    return (*sorted(seen), max(seen) + 1)


def form_is_seen(year: int) -> bool:
    """Whether the form of a tax year is covered itself, and not by that of the year before.

    Vehicles acquired in time and placed in service in 2026 need the form of 2026, which was not
    there to read.

    >>> form_is_seen(2025), form_is_seen(2026)
    (True, False)
    """
    return any(year in each.years for each in _places())


def lines_of(year: int, scope: str, credit: Credit | None = None) -> tuple[LineSpec, ...]:
    """The lines of a tax year, in the order of the forms.

    Args:
        year: The tax year.
        scope: "return", or "vehicle" for those of one vehicle.
        credit: Of a vehicle, the credit.

    Raises:
        InvalidFactError: The year is no whole number.

    >>> [each.line for each in lines_of(2025, "vehicle", Credit("25E"))][-4:]
    ['14', '15', '16', '17']
    """
    checked(year, int, "year", "give the tax year as a whole number")
    of = year if form_is_seen(year) else year - 1
    return tuple(
        each
        for each in _places()
        if of in each.years and each.scope == scope and (credit is None or credit in each.credits)
    )


def has_schedules(year: int) -> bool:
    """Whether each vehicle of a tax year has a Schedule A of its own.

    >>> has_schedules(2022), has_schedules(2023)
    (False, True)
    """
    return any(place.form.startswith("Schedule A") for place in lines_of(year, "vehicle"))


@attrs.frozen(kw_only=True, repr=False)
class FormLine:
    """One line of a form, filled in.

    Args:
        form: The form or schedule.
        line: The line.
        key: What is there, by a stable name.
        caption: What it is, in our words.
        kind: What sort of value it is.
        value: Bounds in US dollars or percent; a verdict for yes or no; text, or `None` where
            the text is unknown.
        verified: Whether the line was seen in the form of that year, and so was that the value
            belongs there; otherwise it is recalled, or assumed.
        citation: The provision of law; `None` for what only names the vehicle.
        rests_on: The finding or the account line it comes from, if it is not simply stated.
        computed_from: The lines of the same form that it is made of.
        vehicle: Which vehicle of the return it is about, counted from 1; `None` for the return.
    """

    __repr__ = repr_of_facts

    form: str
    line: str
    key: str
    caption: str
    kind: Kind
    value: Bounds[Decimal] | Verdict | str | None
    verified: bool
    citation: Citation | None = None
    rests_on: Finding | AmountLine | None = None
    computed_from: tuple[str, ...] = ()
    vehicle: int | None = None

    @property
    def amount(self) -> Bounds[Decimal]:
        """The value of a line that holds an amount or a percentage.

        Raises:
            InvalidCallError: The line holds something else. It is a `TypeError` too.
        """
        if not isinstance(self.value, Bounds):
            where = f"{self.form}, line {self.line}"
            raise InvalidCallError(where, self.in_words, "it holds no amount; read its value")
        return self.value

    @property
    def in_words(self) -> str:
        """The value as a reader expects it."""
        value = self.value
        if isinstance(value, Verdict):
            return {True: "yes", False: "no", None: "unknown"}[value.known]
        if isinstance(value, Bounds):
            if not value.upper.is_finite() and value.lower <= 0:
                return "unknown"
            if self.kind is Kind.MONEY:
                return bounds_in_dollars(value)
            return f"{value} percent"
        return "unknown" if value is None else value

    def __str__(self) -> str:
        where = f" [{self.citation}]" if self.citation else ""
        mark = "" if self.verified else " (line not verified)"
        return f"{self.line}  {self.caption}: {self.in_words}{where}{mark}"

    def to_dict(self) -> dict[str, Any]:
        """The line, ready for JSON; numbers are text, so that nothing is rounded."""
        value: Any = self.value
        if isinstance(value, Verdict):
            value = value.known
        data: dict[str, Any] = {
            "form": self.form,
            "line": self.line,
            "key": self.key,
            "caption": self.caption,
            "kind": self.kind.value,
            "value": json_value(value),
            "verified": self.verified,
        }
        if self.vehicle is not None:
            data["vehicle"] = self.vehicle
        if self.citation is not None:
            data["citation"] = str(self.citation)
        if self.computed_from:
            data["computed_from"] = list(self.computed_from)
        if isinstance(self.rests_on, Finding):
            data["finding"] = self.rests_on.code
        elif self.rests_on is not None:
            data["account"] = self.rests_on.label
        return data


def by_form(lines: Iterable[FormLine]) -> Iterator[tuple[str, Iterator[FormLine]]]:
    """Lines under the name of their form, and of the vehicle if there is one for each."""
    for (form, vehicle), group in groupby(lines, lambda line: (line.form, line.vehicle)):
        yield form if vehicle is None else f"{form}, vehicle {vehicle}", group


def in_markdown(line: FormLine) -> str:
    """The line as a row of a table: number, caption, value and citation."""
    value = line.in_words.replace("$", "\\$") + ("" if line.verified else " (not verified)")
    return f"| {line.line} | {line.caption} | {value} | {line.citation or ''} |"
