"""Form 8936 with its Schedules A, filled in for a return with any number of vehicles.

State the vehicles and the return in a `CleanVehicleReturn`; `fill_forms` assesses each vehicle,
lets the sections of the law divide and limit the credits, and places what they come to on the
lines of the year. Where an amount goes on (Schedules 2 and 3, Form 3800) is placed too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any

import attrs

from evcredit._version import __version__
from evcredit.assessment import Assessment
from evcredit.bounds import Bounds
from evcredit.citation import Citation
from evcredit.forms.entries import OWNERS, Entry, entries_of_return, entries_of_vehicle
from evcredit.forms.form import FormLine, LinePlace, by_form, in_markdown, lines_of
from evcredit.forms.placed import ANY_AMOUNT, ANY_PERCENT, NONE, Placed, vehicles_of
from evcredit.forms.stated import CleanVehicleReturn
from evcredit.law import Law, current_law
from evcredit.money import AmountLine, add_up, bounds_in_dollars
from evcredit.receipt import facts_to_dict, json_value
from evcredit.section import Credit
from evcredit.section_25e.use_of_credit import PersonalCredits, personal_credits
from evcredit.section_30d.transfer import TransferOutcome
from evcredit.verdict import Verdict

__all__ = ["CleanVehicleForms", "fill_forms"]


# -- filling in ---------------------------------------------------------------------------

#: The lines on which a credit is left out that is not the taxpayer's own, or not allowed for a
#: reason that the schedule does not ask for; how the form does that was not seen.
_NETTED = ("tentative", "business_part", "personal_part", "used_credit", "commercial_credit")


def _left_out(placed: Placed) -> bool:
    return placed.outcome is not None or placed.result.verdict is Verdict.NOT_MET


def _fill(
    places: Iterable[LinePlace], entries: dict[str, Entry], year: int, placed: Placed | None
) -> Iterator[FormLine]:
    going_to = ""
    left_out = placed is not None and _left_out(placed)
    transferred = entries.get("transferred", Entry(None)).answer is Verdict.MET
    for place in places:
        entry = entries.get(place.key)
        if entry is None or going_to not in ("", place.line):
            continue
        netted = left_out and place.key in _NETTED
        going_to = place.next_line(entry.value, transferred=transferred)
        rests_on = entry.rests_on
        yield FormLine(
            form=place.form,
            line=place.line,
            key=place.key,
            caption=place.caption,
            kind=place.kind,
            value=entry.value,
            verified=year in place.verified and not netted,
            citation=place.citation or getattr(rests_on, "citation", None),
            rests_on=rests_on,
            computed_from=place.computed_from,
            vehicle=None if placed is None else placed.number,
        )


def _without(places: Iterable[LinePlace], parts: tuple[str, ...]) -> list[LinePlace]:
    return [each for each in places if each.part not in parts]


# -- the result ----------------------------------------------------------------------------


@attrs.frozen(kw_only=True, slots=False)
class CleanVehicleForms:
    """The forms of a return, filled in. Made by `fill_forms`.

    Args:
        stated: The return.
        law: The law it was filled in under.
    """

    stated: CleanVehicleReturn
    law: Law

    @cached_property
    def _placed(self) -> tuple[Placed, ...]:
        return vehicles_of(self.stated, self.law)

    @cached_property
    def personal(self) -> PersonalCredits:
        """How the personal credits for new and used vehicles share the tax of the return."""
        of = Credit.PREVIOUSLY_OWNED_VEHICLE
        return personal_credits(
            add_up(p.use.personal_part for p in self._placed if p.vehicle.credit is _NEW),
            add_up(p.own for p in self._placed if p.vehicle.credit is of),
            self.stated.tax_return,
            law=self.law,
        )

    @cached_property
    def lines(self) -> tuple[FormLine, ...]:
        """Every line, form by form; the Schedules A come after Form 8936 and where it leads."""
        year = self.stated.year
        entries = entries_of_return(self.stated, self._placed, self.personal)
        owners = self.stated.taxpayer.kind in OWNERS
        blank = () if self._for_business else ("business",)
        places = [
            each
            for each in lines_of(year, "return")
            if not each.filers or (each.filers == "owners") is owners
        ]
        found = [*_fill(_without(places, blank), entries, year, None)]
        for placed in self._placed:
            of = entries_of_vehicle(placed, year, self.law)
            all_business = placed.vehicle.business_use_percent == ANY_PERCENT.upper
            left_blank = (*blank, "personal") if all_business else blank
            places = _without(lines_of(year, "vehicle", placed.vehicle.credit), left_blank)
            found += _fill(places, of, year, placed)
        return tuple(found)

    @property
    def _for_business(self) -> bool:
        """Whether anything on the return is, or may be, for business."""
        uses = (each.vehicle.business_use_percent for each in self._placed)
        percents = [Bounds.of(use, ANY_PERCENT) for use in uses]
        passed = Bounds.of(self.stated.passed_through_new, NONE)
        return any(each.upper for each in (*percents, passed))

    def line(self, line: str, *, form: str = "Form 8936", vehicle: int | None = None) -> FormLine:
        """One line.

        Args:
            line: Its number on the form, such as "13".
            form: The form; the beginning of its name will do.
            vehicle: Of a Schedule A, the vehicle, counted from 1.

        Raises:
            KeyError: There is no such line on this return.
        """
        for each in self.lines:
            if each.line == line and each.vehicle == vehicle and each.form.startswith(form):
                return each
        raise KeyError(f"{form}, line {line}" + (f", vehicle {vehicle}" if vehicle else ""))

    @property
    def assessments(self) -> tuple[Assessment, ...]:
        """The assessment of each vehicle, in the order of the return."""
        return tuple(each.result for each in self._placed)

    @property
    def transfers(self) -> tuple[TransferOutcome | None, ...]:
        """What came of the transfer of each vehicle's credit, `None` where there was none."""
        return tuple(each.outcome for each in self._placed)

    @property
    def own_credits(self) -> Bounds[Decimal]:
        """The credits of all vehicles that are left to this return, before any limit."""
        return add_up(each.own for each in self._placed)

    @property
    def business_credit(self) -> Bounds[Decimal]:
        """What of them is a general business credit; its limit is not worked out here."""
        return add_up(
            each.use.business_part if each.vehicle.credit is _NEW else each.own
            for each in self._placed
            if each.vehicle.credit is not Credit.PREVIOUSLY_OWNED_VEHICLE
        )

    @property
    def personal_credit(self) -> Bounds[Decimal]:
        """What of them is a personal credit and allowed."""
        return self.personal.allowed

    @property
    def lost(self) -> Bounds[Decimal]:
        """What of them is lost for want of tax, and not carried to another year."""
        return self.personal.lost

    @property
    def account(self) -> tuple[AmountLine, ...]:
        """Where all the credits go: nothing is created and nothing gets lost."""
        cite = Citation.parse
        return (
            AmountLine("credits on this return", self.own_credits, cite("26 USC 30D(a)")),
            AmountLine(
                "of them general business credits, whose unused part is carried",
                self.business_credit,
                cite("26 USC 39(a)"),
            ),
            AmountLine("of them personal credits allowed", self.personal_credit, _TAX_LIMIT),
            AmountLine("of them lost, not carried to another year", self.lost, _TAX_LIMIT),
            AmountLine(
                "credits transferred to dealers",
                add_up(each.to_dealer for each in self._placed),
                cite("26 USC 30D(g)(1)"),
            ),
            AmountLine(
                "transferred credits to be repaid",
                add_up(each.repaid for each in self._placed),
                cite("26 USC 30D(g)(10)"),
            ),
        )

    def missing(self) -> tuple[str, ...]:
        """The paths of the facts that are not known exactly and may bear on an amount."""
        found: list[str] = []
        for each in self._placed:
            path = f"vehicles[{each.number - 1}]"
            if not (each.own.is_exact and each.repaid.is_exact):
                for result in each.results:
                    found += (f"{path}.claim.{name}" for name in result.missing())
            few = each.few_wheels
            if few is not None and not few.section_179.is_exact and not few.business_part.is_exact:
                found.append(f"{path}.claim.{_SECTION_179}")
            found += _missing_of_transfer(each, path)
            if each.vehicle.credit is _NEW and "business_use_percent" in each.use.missing:
                found.append(f"{path}.business_use_percent")
        found += (f"tax_return.{name}" for name in self.personal.missing)
        return tuple(dict.fromkeys(found))

    @property
    def warnings(self) -> tuple[str, ...]:
        """What a reader should look at again, vehicle by vehicle."""
        return (
            *(
                f"vehicle {each.number}: {warning}"
                for each in self._placed
                for warning in (*each.result.warnings, *_report_warnings(each))
            ),
            *self._return_warnings(),
        )

    def _return_warnings(self) -> Iterator[str]:
        """Where the tax cannot be that of the form, which holds what is repaid."""
        repaid = add_up(each.repaid for each in self._placed)
        tax = Bounds.of(self.stated.tax_return.tax_before_credits, ANY_AMOUNT)
        if tax.upper < repaid.lower:
            yield (
                f"the tax before credits is below the {bounds_in_dollars(repaid)} of transferred "
                "credits to be repaid, which are part of it (Form 1040, line 18)"
            )

    def explain(self, form: str = "text") -> str:
        """The forms line by line, then where the credits go and what is missing.

        Args:
            form: ``"text"``, or ``"markdown"`` for a table of each form, which notebooks show.

        Raises:
            ValueError: There is no such form.
        """
        if form not in ("text", "markdown"):
            raise ValueError(f"no form is called {form!r}; give 'text' or 'markdown'")
        markdown = form == "markdown"
        told = []
        for title, lines in by_form(self.lines):
            rows = [*_TABLE, *map(in_markdown, lines)] if markdown else [f"  {i}" for i in lines]
            told += _headed(title, rows, markdown=markdown)
        accounts = (
            f"{line.label}: {bounds_in_dollars(line.amount)} [{line.citation}]"
            for line in self.account
        )
        for title, items in (
            ("Where the credits go", accounts),
            ("Look at again", self.warnings),
            ("Not known exactly", self.missing()),
        ):
            mark = "- " if markdown else "  "
            rows = [mark + (i.replace("$", "\\$") if markdown else i) for i in items]
            told += _headed(title, rows, markdown=markdown) if rows else []
        return "\n".join(told[:-1]) + "\n"

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")

    def to_dict(self) -> dict[str, Any]:
        """The forms, ready for JSON, with what it takes to obtain them again."""
        return {
            "tax_year": self.stated.year,
            "lines": [line.to_dict() for line in self.lines],
            "account": [
                {
                    "label": line.label,
                    "amount": json_value(line.amount),
                    "citation": str(line.citation),
                }
                for line in self.account
            ],
            "missing": list(self.missing()),
            "warnings": list(self.warnings),
            "receipt": {
                "evcredit": __version__,
                "law": self.law.name,
                "as_known_on": json_value(self.law.as_known_on),
                "law_digest": self.law.digest,
                "facts": facts_to_dict(self.stated),
            },
        }

    def __reduce__(self) -> tuple[Any, ...]:
        # Everything else follows from the return and the law.
        return _fill_again, (self.stated, self.law)


_NEW = Credit.NEW_VEHICLE
_TABLE = ("| line | what | value | law |", "|---|---|--:|---|")
_SECTION_179 = "purchase.basis_parts.section_179_deduction"
_TAX_LIMIT = Citation.parse("26 USC 26(a)")


def _headed(title: str, rows: list[str], *, markdown: bool) -> list[str]:
    return [f"**{title}**", "", *rows, ""] if markdown else [title, *rows, ""]


def _fill_again(stated: CleanVehicleReturn, law: Law) -> CleanVehicleForms:
    return fill_forms(stated, law=law)


#: Facts of a transfer that bear on the return of the dealer alone.
_OF_THE_DEALER = ("advance_payment", "reasonable_cause")


def _missing_of_transfer(placed: Placed, path: str) -> Iterator[str]:
    """What is not known of a transfer and bears on the buyer's return."""
    transfer, outcome = placed.vehicle.transfer, placed.outcome
    if transfer is None or outcome is None:
        return
    # A credit that is worked out is as open as the facts of the claim, which are named.
    worked_out = ("credit",) if transfer.credit is None else ()
    for name in outcome.missing:
        if name.startswith("tax_return."):
            yield name
        elif name.startswith("claim."):
            yield f"{path}.{name}"
        elif name not in (*_OF_THE_DEALER, *worked_out):
            yield f"{path}.transfer.{name}"


def _report_warnings(placed: Placed) -> Iterator[str]:
    """Where the credit is above the greatest one that the seller reported."""
    report = placed.claim.purchase.seller_report
    if report is None or report.maximum_credit is None:
        return
    most = Bounds.of(report.maximum_credit)
    if placed.own.lower > most.upper:
        yield (
            f"the credit of {bounds_in_dollars(placed.own)} is above the {bounds_in_dollars(most)} "
            "of the seller report"
        )


def fill_forms(stated: CleanVehicleReturn, *, law: Law | None = None) -> CleanVehicleForms:
    """Fill in the forms of a return on which credits for clean vehicles are claimed.

    Each vehicle is assessed by itself, save that a credit for a used vehicle bars the next one of
    the same buyer for three years, on the same return too. Where a reading asks back a transferred
    credit above the tax of the year, each one is held against the tax by itself.

    Args:
        stated: The return.
        law: The law; `current_law` if left out.

    Raises:
        InvalidFactError: A vehicle belongs on the return of another year.
        OutsideCoverage: A vehicle was placed in service on a day for which no law is held.

    >>> from evcredit import ReturnVehicle, TaxReturn, examples
    >>> vehicle = ReturnVehicle(claim=examples.demonstration_claim(), business_use_percent=40)
    >>> tax_return = TaxReturn(tax_before_credits=3_800, other_personal_credits=0)
    >>> forms = fill_forms(
    ...     CleanVehicleReturn(tax_year=2024, vehicles=[vehicle], tax_return=tax_return)
    ... )
    >>> print(forms.line("8").amount, forms.line("13").amount, forms.lost)
    3000 3800 700
    """
    forms = CleanVehicleForms(stated=stated, law=current_law() if law is None else law)
    _ = forms.lines  # what cannot be filled in is told here, and not when it is looked at
    return forms
