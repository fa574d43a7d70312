"""Form 8936 with its Schedules A, filled in for a return with any number of vehicles.

State the vehicles and the return in a `CleanVehicleReturn`; `fill_forms` assesses each vehicle,
lets the sections of the law divide and limit the credits, and places what they amount to on the
lines of the year. Where an amount goes on (Schedules 2 and 3, Form 3800) is placed too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property
from typing import Any

import attrs

from evcredit._version import __version__
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.citation import Citation
from evcredit.algebra.money import AmountLine, add_up, bounds_in_dollars
from evcredit.algebra.verdict import Verdict
from evcredit.errors import InvalidFactError, UnknownNameError, checked, shown
from evcredit.facts.claim import Claim
from evcredit.forms.doubts import REPORTED_CREDIT, report_warnings, use_warnings
from evcredit.forms.entries import OWNERS, Entry, entries_of_return, entries_of_vehicle
from evcredit.forms.lines import FormLine, LineSpec, by_form, form_is_seen, in_markdown, lines_of
from evcredit.forms.page import in_html
from evcredit.forms.passed_through import PassedThrough, passed_through
from evcredit.forms.return_facts import CleanVehicleReturn
from evcredit.forms.vehicle import ANY_AMOUNT, ANY_PERCENT, NONE, FiledVehicle, vehicles_of
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.provisions.section import Credit
from evcredit.provisions.transfer import TransferOutcome
from evcredit.results.assessment import Assessment
from evcredit.results.words import facts_to_dict, json_value
from evcredit.section_25e.tax_limit import PersonalCredits, personal_credits

__all__ = ["CleanVehicleForms", "fill_forms"]

#: The lines on which a credit is omitted that is not the taxpayer's own, or not allowed for a
#: reason that the schedule does not require; how the form does that was not seen.
_NETTED = ("tentative", "business_part", "personal_part", "used_credit", "commercial_credit")


def _left_out(placed: FiledVehicle) -> bool:
    return placed.outcome is not None or placed.result.verdict is Verdict.NOT_MET


def _fill(
    places: Iterable[LineSpec], entries: dict[str, Entry], year: int, placed: FiledVehicle | None
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


def _without(places: Iterable[LineSpec], parts: tuple[str, ...]) -> list[LineSpec]:
    return [each for each in places if each.part not in parts]


@attrs.frozen(kw_only=True, slots=False)
class CleanVehicleForms:
    """The forms of a return, filled in. Returned by `fill_forms`.

    Args:
        stated: The return.
        law: The law it was filled in under.
    """

    stated: CleanVehicleReturn
    law: Law

    def __str__(self) -> str:
        return f"forms of the {self.stated}"

    @cached_property
    def _placed(self) -> tuple[FiledVehicle, ...]:
        return vehicles_of(self.stated, self.law)

    @cached_property
    def passed_through(self) -> PassedThrough:
        """The credits of partnerships and S corporations, and what of them is allowed here."""
        return passed_through(self.stated, self.law)

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
        entries = entries_of_return(self.stated, self._placed, self.personal, self.passed_through)
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
            UnknownNameError: There is no such line on this return; the message lists those there
                are. It is a `KeyError` too.
        """
        form = checked(form, str, "form", "give the name of a form, such as 'Form 8936'")
        for each in self.lines:
            if each.line == line and each.vehicle == vehicle and each.form.startswith(form):
                return each
        asked = f"{form}, line {line}" + (f", vehicle {vehicle}" if vehicle else "")
        raise UnknownNameError(asked, line, self._no_line(form, vehicle))

    def _no_line(self, form: str, vehicle: int | None) -> str:
        """What there is in place of a line that there is not."""
        there = [each for each in self.lines if each.form.startswith(form)]
        if not there:
            names = dict.fromkeys(each.form for each in self.lines)
            return f"there is no such form; the forms are {'; '.join(names)}"
        numbers = dict.fromkeys(each.vehicle for each in there)
        if vehicle not in numbers:
            which = ", ".join(str(number) for number in numbers if number)
            return f"give vehicle={which.replace(', ', ' or ')}" if which else "leave vehicle out"
        lines = dict.fromkeys(each.line for each in there if each.vehicle == vehicle)
        return f"there is no such line on this return; the lines are {', '.join(lines)}"

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
        """What of them is a general business credit; its limit is not computed here."""
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
    def forfeited(self) -> Bounds[Decimal]:
        """The part lost because tax liability is too low; it is not carried to another year."""
        return self.personal.forfeited

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
            AmountLine(
                "of them forfeited, not carried to another year", self.forfeited, _TAX_LIMIT
            ),
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
            *self._account_passed_through(),
        )

    def _account_passed_through(self) -> Iterator[AmountLine]:
        """Credits of others that this return takes, where there are any."""
        passed = self.passed_through
        if passed.total.upper:
            law = Citation.parse("26 USC 38(b)")
            yield AmountLine(
                "credits passed through from partnerships and S corporations", passed.total, law
            )
            yield AmountLine(
                "of them allowed here, as general business credits", passed.allowed, law
            )

    def still_to_type(self) -> tuple[str, ...]:
        """The paths of the facts that a line of a vehicle requires and no amount depends on.

        Vehicle identification number, model year, make, model, day and weight, as far as they
        are not stated.
        """
        asked = (
            (each.number - 1, path, each.claim)
            for each in self._placed
            for line in self.lines
            if line.vehicle == each.number
            for path in _TYPED.get(line.key, ())
        )
        found = (f"vehicles[{n}].claim.{path}" for n, path, claim in asked if not _at(claim, path))
        return tuple(dict.fromkeys(found))

    def missing(self) -> tuple[str, ...]:
        """The paths of the facts that are not known exactly and may affect an amount.

        After them, what is `still_to_type`.
        """
        found: list[str] = []
        for each in self._placed:
            path = f"vehicles[{each.number - 1}]"
            if not (each.own.is_exact and each.repaid.is_exact):
                for result in each.results:
                    found += (f"{path}.claim.{name}" for name in result.missing())
            few = each.two_or_three_wheels
            if few is not None and not few.section_179.is_exact and not few.business_part.is_exact:
                found.append(f"{path}.claim.{_SECTION_179}")
            found += _missing_of_transfer(each, path)
            if each.vehicle.credit is _NEW and "business_use_percent" in each.use.missing:
                found.append(f"{path}.business_use_percent")
        found += self.passed_through.missing
        found += (f"tax_return.{name}" for name in self.personal.missing)
        return tuple(dict.fromkeys((*found, *self.still_to_type())))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Warnings, vehicle by vehicle."""
        return (
            *(
                f"vehicle {each.number}: {warning}"
                for each in self._placed
                for warning in (
                    *each.result.warnings_beside(self._read_elsewhere(each)),
                    *report_warnings(each),
                    *use_warnings(each),
                )
            ),
            *self._return_warnings(),
        )

    def _read_elsewhere(self, vehicle: FiledVehicle) -> tuple[str, ...]:
        """The facts of a claim that another line of the return reads.

        The taxpayer is one for all vehicles, and the check of the seller report reads the report.
        """
        others = [set(each.result.unread) for each in self._placed if each is not vehicle]
        return tuple(
            path
            for path in vehicle.result.unread
            if path == REPORTED_CREDIT
            or (path.startswith("taxpayer.") and any(path not in each for each in others))
        )

    def _return_warnings(self) -> Iterator[str]:
        """A form that was not seen, what is not read, and a tax that cannot be that of the form."""
        year = self.stated.year
        if not form_is_seen(year):
            yield f"form of {year} not seen: the lines are those of the form of {year - 1}"
        passed = self.passed_through
        if passed.new_allowed.upper < passed.new.upper:
            yield (
                "the income of this return is above the limit in both years, so no credit for a "
                "new vehicle is passed through to it"
            )
        by_spouse = any(vehicle.bought_by_spouse for vehicle in self.stated.vehicles)
        if self.stated.spouse_prior_credits is not None and not by_spouse:
            yield "spouse_prior_credits is not read: no vehicle is stated as bought by that spouse"
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
            form: ``"text"``, or ``"markdown"`` or ``"html"`` for a table of each form.

        Raises:
            ValueError: There is no such form.
        """
        if form not in ("text", "markdown", "html"):
            remedy = f"no form is called {shown(form)}; give 'text', 'markdown' or 'html'"
            raise InvalidFactError("form", form, remedy)
        accounts = [
            f"{line.label}: {bounds_in_dollars(line.amount)} [{line.citation}]"
            for line in self.account
        ]
        notes = (
            ("Where the credits go", accounts),
            ("Look at again", self.warnings),
            ("Not known exactly", self.missing()),
        )
        if form == "html":
            return in_html(self.lines, notes)
        markdown = form == "markdown"
        told = []
        for title, lines in by_form(self.lines):
            rows = [*_TABLE, *map(in_markdown, lines)] if markdown else [f"  {i}" for i in lines]
            told += _headed(title, rows, markdown=markdown)
        for title, items in notes:
            mark = "- " if markdown else "  "
            rows = [mark + (i.replace("$", "\\$") if markdown else i) for i in items]
            told += _headed(title, rows, markdown=markdown) if rows else []
        return "\n".join(told[:-1]) + "\n"

    def _repr_markdown_(self) -> str:
        return self.explain("markdown")

    def _repr_html_(self) -> str:
        return self.explain("html")

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
#: The facts that a line of text is made of, by its key.
_TYPED = {
    "model_year": ("vehicle.model_year",),
    "make": ("vehicle.make",),
    "model": ("vehicle.model",),
    "year_make_model": ("vehicle.model_year", "vehicle.make", "vehicle.model"),
    "vin": ("vehicle.vin",),
    "placed_in_service": ("purchase.placed_in_service",),
    "day_on_old_form": ("purchase.placed_in_service",),
    "weight": ("vehicle.gross_vehicle_weight_rating_lb",),
}
_TAX_LIMIT = Citation.parse("26 USC 26(a)")


def _at(claim: Claim, path: str) -> Any:
    part, _, name = path.partition(".")
    return getattr(getattr(claim, part), name)


def _headed(title: str, rows: list[str], *, markdown: bool) -> list[str]:
    return [f"**{title}**", "", *rows, ""] if markdown else [title, *rows, ""]


def _fill_again(stated: CleanVehicleReturn, law: Law) -> CleanVehicleForms:
    return fill_forms(stated, law=law)


#: Facts of a transfer that affect the return of the dealer alone.
_OF_THE_DEALER = ("advance_payment", "reasonable_cause")


def _missing_of_transfer(placed: FiledVehicle, path: str) -> Iterator[str]:
    """What is not known of a transfer and affects the buyer's return."""
    transfer, outcome = placed.vehicle.transfer, placed.outcome
    if transfer is None or outcome is None:
        return
    # A credit that is computed is as open as the facts of the claim, which are named.
    worked_out = ("credit",) if transfer.credit is None else ()
    for name in outcome.missing:
        if name.startswith("tax_return."):
            yield name
        elif name.startswith("claim."):
            yield f"{path}.{name}"
        elif name not in (*_OF_THE_DEALER, *worked_out):
            yield f"{path}.transfer.{name}"


def fill_forms(stated: CleanVehicleReturn, *, law: Law | None = None) -> CleanVehicleForms:
    """Fill in the forms of a return on which credits for clean vehicles are claimed.

    Each vehicle is assessed on its own, save that a credit for a used vehicle bars the next one of
    the same buyer for three years, on the same return too. Where a reading asks back a transferred
    credit above the tax of the year, each one is compared with the tax on its own.

    Args:
        stated: The return.
        law: The law; `current_law` if omitted.

    Raises:
        InvalidFactError: A vehicle belongs on the return of another year.
        OutsideCoverage: A vehicle was placed in service on a day for which no law is held.

    >>> from evcredit import examples
    >>> from evcredit.facts import TaxReturn
    >>> from evcredit.forms import ReturnVehicle
    >>> vehicle = ReturnVehicle(claim=examples.demonstration_claim(), business_use_percent=40)
    >>> tax_return = TaxReturn(tax_before_credits=3_800, other_personal_credits=0)
    >>> forms = fill_forms(
    ...     CleanVehicleReturn(tax_year=2024, vehicles=[vehicle], tax_return=tax_return)
    ... )
    >>> print(forms.line("8").amount, forms.line("13").amount, forms.forfeited)
    3,000 3,800 700
    """
    remedy = "give a CleanVehicleReturn; a claim is in ReturnVehicle(claim=...) of it"
    checked(stated, CleanVehicleReturn, "return", remedy)
    law = law_applied(law)
    forms = CleanVehicleForms(stated=stated, law=law)
    _ = forms.lines  # what cannot be filled in is reported here, and not when it is looked at
    return forms
