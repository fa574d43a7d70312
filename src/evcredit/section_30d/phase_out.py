"""26 USC 30D(e) as it was before P.L. 117-169: the phase-out by number of vehicles sold.

After a manufacturer's 200,000th vehicle the credit was phased out in quarters; that limit governs
vehicles sold to the end of 2022.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from evcredit.algebra.binding import Binding
from evcredit.algebra.citation import Citation
from evcredit.algebra.derived import Derived
from evcredit.algebra.expression import Expression
from evcredit.algebra.field import Kind
from evcredit.algebra.finding import FactRead, Finding
from evcredit.algebra.lookup import Tabulated
from evcredit.algebra.path import UnknownFact
from evcredit.algebra.rule import Rule, amount
from evcredit.algebra.topic import Topic
from evcredit.algebra.verdict import Verdict
from evcredit.law.current import law_applied
from evcredit.law.law import Law
from evcredit.law.manufacturers import Manufacturer, Quarter
from evcredit.provisions.days import CLAIM, LIMIT_DAY, PLACED_IN_SERVICE
from evcredit.provisions.provision import flag, provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.provisions.words import clauses

__all__ = ["manufacturer_limit", "manufacturer_percentage", "phase_out_percent"]


_MAKER = CLAIM.vehicle.manufacturer
_MAKE = CLAIM.vehicle.make


def phase_out_percent(quarter: tuple[int, int] | None, sold: date, law: Law | None = None) -> int:
    """The percentage of the credit by 26 USC 30D(e) (2021).

    Args:
        quarter: Year and number of the quarter in which the manufacturer's 200,000th vehicle
            was sold for use in the United States; `None` if it never was.
        sold: The day the vehicle was sold; from 2023 on there is no limit.
        law: The law; the current one if omitted.

    Returns:
        100, 50, 25 or 0.

    Raises:
        OutsideCoverage: The day lies before 2010.

    >>> (
    ...     phase_out_percent((2018, 3), date(2019, 6, 30)),
    ...     phase_out_percent((2018, 3), date(2020, 1, 1)),
    ... )
    (50, 0)
    """
    law = law_applied(law)
    table: Any = law.phase_out_percentage.on(sold)
    # Whoever never sold so many stays where those stand that have only just done so.
    since = 0 if quarter is None else Quarter(*quarter).until(Quarter.of(sold))
    percent: int = table.reached(max(since, 0))
    return percent


def _turns(law: Law) -> tuple[date, ...]:
    """The first day there is, and the days on which a phase-out goes a step further."""
    steps = {
        later
        for table in law.phase_out_percentage.values()
        for later in table.categories()
        if later
    }
    quarters = (each.quarter for each in law.manufacturers if each.quarter)
    days = {(quarter + later).first_day for quarter in quarters for later in steps}
    covered = {*law.phase_out_percentage.boundaries(), *days}
    return tuple(sorted(day for day in covered if law.phase_out_percentage.covers(day)))


def _name(claim: Any) -> str | None:
    name: str | None = claim.vehicle.manufacturer or claim.vehicle.make
    return name


def _names_nobody(name: str | None, law: Law) -> bool:
    """Whether it is unknown who made the vehicle: not stated, or a name that no one on record has.

    A maker that is not on record may be a misspelt one with a limit, so it is never taken for
    another.
    """
    return name is None or law.manufacturers.named(name) is None


def _maker(name: str | None, law: Law) -> Manufacturer | None:
    """The manufacturer of the vehicle, if it is on record."""
    return None if name is None else law.manufacturers.named(name)


def _quarters(name: str | None, law: Law) -> frozenset[Quarter | None]:
    """The quarters in which the maker may have sold its 200,000th vehicle; `None` for never."""
    if _names_nobody(name, law):
        return frozenset({None, *(each.quarter for each in law.manufacturers)})
    maker = _maker(name, law)
    return frozenset({None if maker is None else maker.quarter})


def _names(law: Law) -> tuple[str, ...]:
    """Every name on record."""
    return tuple(dict.fromkeys(name for each in law.manufacturers for name in each.spelled()))


_percentage = Tabulated(
    names=(_MAKER, _MAKE),
    day=LIMIT_DAY,
    keys=_quarters,
    known_names=_names,
    number=phase_out_percent,
    turns=_turns,
)


def _unknown_maker(claim: Any, binding: Binding) -> Iterator[UnknownFact]:
    if _names_nobody(_name(claim), binding.law):
        yield UnknownFact(_MAKER.path, _MAKER.declared)
    yield from LIMIT_DAY.unknown_in(claim, binding)


def _maker_samples(unknown: UnknownFact, claim: Any, law: Law) -> tuple[Any, ...]:
    if unknown.path != _MAKER.path:
        return ()
    limited = tuple(each.name for each in law.manufacturers if each.quarter)
    others = tuple(each.name for each in law.manufacturers if not each.quarter)
    return (*limited, *others[:1])


def _phase_out_days(law: Law) -> Mapping[str, Iterable[date]]:
    limited = law.manufacturer_limit_in_force
    return {PLACED_IN_SERVICE.path: [day for day in _turns(law) if limited.on(day)]}


_history_rule = Topic(
    code="manufacturer_history",
    title="where the manufacturer stood",
    citation=Citation.parse("26 USC 30D(e)(2) (2021)"),
    words=clauses,
)


def _maker_findings(binding: Binding, claim: Any) -> tuple[Finding, ...]:
    law: Law = binding.law
    name, sold = _name(claim), LIMIT_DAY.of(claim, law)
    maker = _maker(name, law)
    read = FactRead(_MAKER.path, name, _MAKER.declared)
    vehicles = f"{law.manufacturer_limit_vehicles.values()[0]:,}"
    if _names_nobody(name, law):
        return (Finding(_history_rule, Verdict.UNKNOWN, facts=(read,), note=_who(name, law)),)
    if maker is None or maker.quarter is None:
        text = f"{name} is not on record as having sold {vehicles} vehicles before 2023"
        return (Finding(_history_rule, Verdict.MET, facts=(read,), note=text),)
    text = f"{maker.name} sold its {vehicles}th vehicle in {maker.quarter}"
    if maker.citation != _history_rule.citation:
        text += f" ({maker.citation})"
    verdict = Verdict.UNKNOWN
    if sold is not None:
        percent = phase_out_percent(maker.quarter, sold, law)
        verdict = Verdict.of(percent > 0)
        text += f"; {percent} percent of the credit is left for a vehicle sold on {sold}"
    return (Finding(_history_rule, verdict, facts=(read,), note=text),)


def _who(name: str | None, law: Law) -> str:
    if name is None:
        return "the manufacturer is unknown"
    near = " or ".join(law.manufacturers.near(name))
    if near:
        return f"no manufacturer {name!r} is on record; did you mean {near}?"
    never = next((each.name for each in law.manufacturers if not each.quarter), None)
    hint = "" if never is None else f" ({never!r} for one that never sold so many)"
    start = f"no manufacturer {name!r} is on record, so its history is unknown"
    return f"{start}; give another name{hint}"


def _derived_percentage(name: str, label: str, kind: Kind, body: Any) -> Derived:
    return Derived(
        name=name,
        label=label,
        kind=kind,
        body=body,
        unknown=_unknown_maker,
        findings=_maker_findings,
        samples=_maker_samples,
        breakpoints=_phase_out_days,
    )


manufacturer_percentage: Rule = amount(
    "26 USC 30D(e)(1) (2021)",
    "percentage of the credit that the number of the manufacturer's vehicles leaves",
    _derived_percentage(
        "manufacturer_percentage", "percentage of the credit left", Kind.PERCENT, _percentage
    ),
    in_force=flag("manufacturer_limit_in_force", LIMIT_DAY),
    words=clauses,
)
_something_left = _derived_percentage(
    "manufacturer_not_phased_out", "some of the credit is left", Kind.FLAG, _percentage > 0
)


@provision(
    "26 USC 30D(e) (2021)",
    "the number of the manufacturer's vehicles leaves some of the credit",
    in_force="manufacturer_limit_in_force",
    on=LIMIT_DAY,
)
def manufacturer_limit(claim: ClaimView, law: LawView) -> Expression:
    """The phase-out is not over."""
    return _something_left
