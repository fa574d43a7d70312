"""26 USC 30D(d)(1)(H): what the report of the seller holds, and when it is due.

The rules here are about a `SellerReport`. They say whether a report is in order; whether it
bars the credit depends on its acceptance alone (`seller_report` and
`seller_report_accepted`). What the Internal Revenue Service requires beyond the statute was seen
in its pages for sellers, and not in the procedure itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import attrs

from evcredit.algebra.binding import Binding
from evcredit.algebra.bound import finding_of
from evcredit.algebra.calendar import days_later
from evcredit.algebra.citation import Citation
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression, Fact
from evcredit.algebra.field import Kind, checked_day
from evcredit.algebra.finding import Finding
from evcredit.algebra.path import UnknownFact
from evcredit.algebra.rule import Rule, all_of, rule
from evcredit.algebra.schedule import NoProvision
from evcredit.algebra.symbol import facts_of
from evcredit.facts.seller_report import SellerReport
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.provisions.section import Credit
from evcredit.provisions.views import LawView, SellerReportView
from evcredit.provisions.words import clauses

__all__ = ["ReportDeadlines", "check_seller_report", "report_deadlines"]

#: The facts of a report, as rule bodies see them.
_REPORT: SellerReportView = facts_of(SellerReport)


def _about_report(
    citation: str, title: str
) -> Callable[[Callable[[SellerReportView, LawView], Expression]], Rule]:
    return rule(citation, title, about=SellerReport, law=Law, words=clauses)


def _given(fact: Fact) -> Derived:
    """That the report gives something: known once it is stated here."""

    def value(binding: Binding) -> Callable[[SellerReport], bool | None]:
        return lambda report: None if getattr(report, fact.path) is None else True

    return _derived(f"{fact.path}_given", f"{fact.declared.label} given", value, fact)


def _derived(
    name: str,
    label: str,
    value: Callable[[Binding], Callable[[SellerReport], bool | None]],
    *facts: Fact,
) -> Derived:
    def unknown(report: Any, binding: Binding) -> Iterator[UnknownFact]:
        for fact in facts:
            yield from fact.unknown_in(report, binding)

    return Derived(
        name=name,
        label=label,
        kind=Kind.FLAG,
        unknown=unknown,
        bind_value=value,
        findings=lambda binding, report: (),
    )


# -- what it holds -------------------------------------------------------------------------


@_about_report("26 USC 30D(d)(1)(H)(i)", "it gives name and number of the buyer")
def gives_buyer(report: SellerReportView, law: LawView) -> Expression:
    return report.buyer_identified


_vin_given = _given(_REPORT.vin)
_capacity_given = _given(_REPORT.battery_capacity_kwh)
_credit_given = _given(_REPORT.maximum_credit)
_amount_given = _given(_REPORT.transferred_amount)
_day_given = _given(_REPORT.sold_on)
_price_given = _given(_REPORT.sale_price)


@_about_report("26 USC 30D(d)(1)(H)(ii)", "it gives the vehicle's number, if there is one")
def gives_vin(report: SellerReportView, law: LawView) -> Expression:
    return report.without_number | _vin_given


@_about_report("26 USC 30D(d)(1)(H)(iii)", "it gives the battery capacity")
def gives_capacity(report: SellerReportView, law: LawView) -> Expression:
    return _capacity_given


@_about_report("26 USC 30D(d)(1)(H)(iv)", "it verifies that original use begins with the buyer")
def verifies_original_use(report: SellerReportView, law: LawView) -> Expression:
    return report.original_use_verified


@_about_report("26 USC 30D(d)(1)(H)(v)", "it gives the maximum credit allowable")
def gives_credit(report: SellerReportView, law: LawView) -> Expression:
    return _credit_given


@_about_report("26 USC 30D(d)(1)(H)(vi)", "it gives the amount of a transferred credit")
def gives_transferred_amount(report: SellerReportView, law: LawView) -> Expression:
    return ~report.transfer_elected | _amount_given


@_about_report("Rev. Proc. 2022-42", "it gives name and number of the seller")
def gives_seller(report: SellerReportView, law: LawView) -> Expression:
    return report.seller_identified


@_about_report("Rev. Proc. 2022-42", "it gives the day of the sale and the price")
def gives_day_and_price(report: SellerReportView, law: LawView) -> Expression:
    return _day_given & _price_given


@_about_report("Rev. Proc. 2022-42", "it is signed under penalties of perjury")
def signed(report: SellerReportView, law: LawView) -> Expression:
    return report.signed


_OF_ANY_VEHICLE = (
    gives_buyer,
    gives_vin,
    gives_capacity,
    gives_credit,
    gives_transferred_amount,
    gives_seller,
    gives_day_and_price,
    signed,
)

new_vehicle_report: Rule = all_of(
    "complete_report",
    "the seller report holds what it must",
    "26 USC 30D(d)(1)(H)",
    *_OF_ANY_VEHICLE,
    verifies_original_use,
)

used_vehicle_report: Rule = all_of(
    "complete_report",
    "the seller report holds what it must",
    "26 USC 25E(c)(1)(D)(i)",
    *_OF_ANY_VEHICLE,
)


# -- when it is due ------------------------------------------------------------------------


@attrs.frozen(kw_only=True)
class ReportDeadlines:
    """When a seller report is due. Returned by `report_deadlines`.

    Args:
        filed_by: The last day to file it with the Internal Revenue Service.
        copy_by: The last day to give the buyer a copy, counted from the day the report was
            accepted (Rev. Proc. 2023-33); `None` if that day is not known.
        copy_by_possession: The same counted from the day the buyer took possession, as FS-2025-05
            is reported to say; `None` if that day is not known, and for sales of 2023.
        citation: The provision.
    """

    filed_by: date
    copy_by: date | None
    copy_by_possession: date | None
    citation: Citation


def report_deadlines(
    sold_on: date | str,
    *,
    accepted_on: date | str | None = None,
    possession_on: date | str | None = None,
    law: Law | None = None,
) -> ReportDeadlines:
    """When the report of a sale is due.

    Of sales of 2023 all reports were due on one day, and the copy by the day of the sale. From
    2024 on the report is due some calendar days after the sale, and the copy as many after it
    was accepted.

    Args:
        sold_on: The day of the sale.
        accepted_on: The day the report was accepted.
        possession_on: The day the buyer took possession.
        law: The law; `current_law` if omitted.

    Raises:
        OutsideCoverage: The sale was before 2023, when there was no such report.

    >>> due = report_deadlines(date(2024, 6, 3), accepted_on=date(2024, 6, 4))
    >>> str(due.filed_by), str(due.copy_by)
    ('2024-06-06', '2024-06-07')
    """
    law = law_applied(law)
    days: Any = law.seller_report_filing_days.entry_on(sold_on)
    last: Any = law.seller_report_last_filing.on(sold_on)
    copy: Any = law.seller_report_copy_days.on(sold_on)
    on_one_day = isinstance(days.value, NoProvision)
    sold = checked_day(sold_on, "sold_on")
    accepted = None if accepted_on is None else checked_day(accepted_on, "accepted_on")
    possession = None if possession_on is None else checked_day(possession_on, "possession_on")
    runs_from = sold if on_one_day else accepted
    from_possession = None if on_one_day else possession
    return ReportDeadlines(
        filed_by=last if on_one_day else days_later(sold, days.value),
        copy_by=None if runs_from is None else days_later(runs_from, copy),
        copy_by_possession=(None if from_possession is None else days_later(from_possession, copy)),
        citation=days.citation,
    )


def _in_time(
    done: Fact, due: Callable[[ReportDeadlines], date | None]
) -> Callable[[Binding], Callable[[SellerReport], bool | None]]:
    """Whether something was done by the day on which it was due."""

    def value(binding: Binding) -> Callable[[SellerReport], bool | None]:
        def run(report: SellerReport) -> bool | None:
            day = getattr(report, done.path)
            if day is None or report.sold_on is None:
                return None
            deadlines = report_deadlines(
                report.sold_on, accepted_on=report.accepted_on, law=binding.law
            )
            last = due(deadlines)
            return None if last is None else day <= last

        return run

    return value


_filed_in_time = _derived(
    "filed_in_time",
    "filed by the day on which it was due",
    _in_time(_REPORT.filed_on, lambda due: due.filed_by),
    _REPORT.filed_on,
    _REPORT.sold_on,
)
_copied_in_time = _derived(
    "copied_in_time",
    "given to the buyer by the day on which it was due",
    _in_time(_REPORT.given_to_buyer_on, lambda due: due.copy_by),
    _REPORT.given_to_buyer_on,
    _REPORT.sold_on,
    _REPORT.accepted_on,
)


@_about_report("Rev. Proc. 2023-33 sec. 7", "it was filed in time")
def filed_in_time(report: SellerReportView, law: LawView) -> Expression:
    return _filed_in_time


@_about_report("Rev. Proc. 2023-33 sec. 7", "the buyer got a copy in time")
def copied_in_time(report: SellerReportView, law: LawView) -> Expression:
    return _copied_in_time


def _in_order(complete: Rule) -> Rule:
    return all_of(
        "report_in_order",
        "the seller report is complete, and was in time",
        str(complete.citation),
        complete,
        filed_in_time,
        copied_in_time,
    )


new_report_in_order: Rule = _in_order(new_vehicle_report)
used_report_in_order: Rule = _in_order(used_vehicle_report)


def check_seller_report(
    report: SellerReport, *, credit: Credit = Credit.NEW_VEHICLE, law: Law | None = None
) -> Finding:
    """Whether a seller report is complete and was in time, as a tree of findings.

    It decides nothing about the credit on its own: a report that was late, and was accepted, is as
    good as any.

    Args:
        report: The report.
        credit: Of which credit; the verification of original use is needed for new vehicles alone.
        law: The law; `current_law` if omitted.

    Raises:
        OutsideCoverage: The sale was before 2023, when there was no such report.

    >>> report = SellerReport.accepted(
    ...     sold_on="2024-06-03", filed_on="2024-06-07", given_to_buyer_on="2024-06-07"
    ... )
    >>> found = check_seller_report(report)
    >>> found.verdict.value, [reason.rule.title for reason in found.reasons()]
    ('not met', ['it was filed in time'])
    """
    law = law_applied(law)
    new = Credit(credit) is Credit.NEW_VEHICLE
    return finding_of(new_report_in_order if new else used_report_in_order, report, law)
