"""Filled-in forms of 2025 against the business rules by which the IRS accepts electronic returns.

The rules are those of "1040 Business Rules 2025v3.0" of the Internal Revenue Service on Form 8936,
its Schedule A, and the schedules they lead to, as read on 2026-11-30 in a transcription
(github.com/filedcom/opentax, commit ffb3164). Each rule is restated here over the lines of the
forms. Every return below, in every combination of its variations, must keep all rules that speak
of these forms; each rule must affect at least one return, so that none passes by silence.
"""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from itertools import product
from typing import Any

import attrs
import pytest
from tests.returns import at_the_dealer, new_car, single, used_car, van, whole_return

from evcredit import Bounds, CleanVehicleReturn, InvalidFactError, Verdict, fill_forms, with_facts
from evcredit.facts import TaxReturn
from evcredit.facts.taxpayer import PriorCredit
from evcredit.forms import ReturnVehicle

A = "Schedule A (Form 8936)"
DAY = date(2025, 3, 3)
TAX, OTHER = Decimal(9_000), Decimal(600)


class Filed:
    """The lines of a filled-in return, as an e-file rule looks at them."""

    def __init__(self, stated: CleanVehicleReturn) -> None:
        self.stated = stated
        self.forms = fill_forms(stated)
        self._lines = {(e.form, e.line, e.vehicle): e for e in self.forms.lines}

    def amount(self, line: str, form: str = "Form 8936", vehicle: int | None = None) -> Any:
        """The amount on a line; `None` for a line that is blank or not there."""
        found = self._lines.get((form, line, vehicle))
        if found is None or not isinstance(found.value, Bounds):
            return None
        assert found.value.is_exact, found
        return Decimal(found.value.lower)

    def answer(self, line: str, vehicle: int) -> bool | None:
        """The answer on a line of a Schedule A; `None` for one that is passed over."""
        found = self._lines.get((A, line, vehicle))
        return None if found is None or not isinstance(found.value, Verdict) else found.value.known

    def schedules(self, credit: str) -> list[int]:
        """The numbers of the vehicles for which a credit is claimed."""
        numbered = enumerate(self.stated.vehicles, 1)
        return [number for number, each in numbered if each.credit.value == credit]

    def total(self, line: str, credit: str) -> Decimal:
        """The sum of a line over the Schedules A of a credit."""
        found = (self.amount(line, A, number) for number in self.schedules(credit))
        return sum((each for each in found if each is not None), Decimal(0))


#: From a filed return to whether a rule holds; `None` if it does not affect the return.
Rule = Callable[[Filed], bool | None]
RULES: dict[str, Rule] = {}


def rule(*numbers: str) -> Callable[[Rule], Rule]:
    """A rule by its numbers in the list of the IRS."""

    def keep(body: Rule) -> Rule:
        RULES.update(dict.fromkeys(numbers, body))
        return body

    return keep


def each_of(credit: str, body: Callable[[Filed, int], bool | None]) -> Rule:
    """A rule on each Schedule A of a credit."""

    def holds(filed: Filed) -> bool | None:
        found = [body(filed, number) for number in filed.schedules(credit)]
        borne = [each for each in found if each is not None]
        return all(borne) if borne else None

    return holds


def if_amount(line: str, expected: Callable[[Filed], Any]) -> Rule:
    """If a line of Form 8936 is not zero, it equals something."""

    def holds(filed: Filed) -> bool | None:
        amount = filed.amount(line)
        return amount == expected(filed) if amount else None

    return holds


# -- Form 8936 -----------------------------------------------------------------------------


def income(first: str) -> Rule:
    """The total of the five lines on the income of a year."""
    total = {"1": "2", "3": "4"}[first]

    def holds(filed: Filed) -> bool | None:
        parts = [filed.amount(f"{first}{letter}") for letter in "abcde"]
        if filed.amount(total) is None:
            return None
        return filed.amount(total) == sum(parts)

    return holds


RULES["F8936-029"] = income("1")
RULES["F8936-030"] = income("3")
RULES["F8936-032-01"] = if_amount("6", lambda filed: filed.total("11", "30D"))
RULES["F8936-034"] = if_amount("8", lambda filed: filed.amount("6") + filed.amount("7"))
RULES["F8936-035"] = if_amount("9", lambda filed: filed.total("12", "30D"))
RULES["F8936-036"] = if_amount("10", lambda filed: filed.stated.tax_return.tax_before_credits)
RULES["F8936-037"] = if_amount("12", lambda filed: filed.amount("10") - filed.amount("11"))
RULES["F8936-040"] = if_amount("15", lambda filed: filed.stated.tax_return.tax_before_credits)
RULES["F8936-041"] = if_amount("17", lambda filed: filed.amount("15") - filed.amount("16"))
RULES["F8936-044"] = if_amount("19", lambda filed: filed.total("26", "45W"))
RULES["F8936-047"] = if_amount("14", lambda filed: filed.total("17", "25E"))
RULES["F8936-046"] = if_amount(
    "11", lambda filed: filed.stated.tax_return.other_personal_credits + filed.amount("18")
)
RULES["F8936-048"] = if_amount("16", lambda filed: filed.stated.tax_return.other_personal_credits)


@rule("F8936-039-01")
def personal_part_within_the_tax(filed: Filed) -> bool | None:
    """Line 13 is the smaller of lines 9 and 12."""
    if filed.amount("13") is None:
        return None
    return filed.amount("13") == min(filed.amount("9"), filed.amount("12"))


@rule("F8936-043")
def used_credit_within_the_tax(filed: Filed) -> bool | None:
    """Line 18 is the smaller of lines 14 and 17."""
    if filed.amount("18") is None:
        return None
    return filed.amount("18") == min(filed.amount("14"), filed.amount("17"))


@rule("F8936-045")
def commercial_total(filed: Filed) -> bool | None:
    """Line 21 is the sum of lines 19 and 20."""
    if filed.amount("21") is None:
        return None
    return filed.amount("21") == filed.amount("19") + filed.amount("20")


# -- Schedule A, a new vehicle -------------------------------------------------------------


@rule("SA-F8936-001")
def in_service_in_the_year(filed: Filed) -> bool | None:
    """Every vehicle was placed in service in the year of the return."""
    days = [each.claim.purchase.placed_in_service for each in filed.stated.vehicles]
    return all(day.year == filed.stated.year for day in days) if days else None


def refused(credit: str, line: str, answer: bool, *amounts: str) -> Rule:
    """After an answer that refuses, no amount of the credit is on the schedule."""

    def holds(filed: Filed, number: int) -> bool | None:
        if filed.answer(line, number) is not answer:
            return None
        return all(filed.amount(each, A, number) is None for each in amounts)

    return each_of(credit, holds)


RULES["SA-F8936-010-01"] = refused("30D", "8e", False, "11", "12")
RULES["SA-F8936-034"] = refused("30D", "8a", True, "11", "12")
RULES["SA-F8936-036"] = refused("30D", "8d", True, "11", "12")


def at_most(credit: str, line: str, limit: int) -> Rule:
    """A line is never more than a number."""

    def holds(filed: Filed, number: int) -> bool | None:
        amount = filed.amount(line, A, number)
        return None if amount is None else amount <= limit

    return each_of(credit, holds)


RULES["SA-F8936-011-01"] = at_most("30D", "9", 7_500)
RULES["SA-F8936-013-01"] = at_most("30D", "11", 7_500)
RULES["SA-F8936-015-01"] = at_most("30D", "12", 7_500)
RULES["SA-F8936-022-01"] = at_most("25E", "17", 4_000)
RULES["SA-F8936-026-01"] = at_most("45W", "26", 40_000)


def _all_business(filed: Filed, number: int) -> bool | None:
    if filed.amount("10", A, number) != 100:
        return None
    return not filed.amount("12", A, number)


def _parts(filed: Filed, number: int) -> Decimal | None:
    parts = [filed.amount(line, A, number) for line in ("11", "12")]
    stated = [each for each in parts if each is not None]
    return sum(stated, Decimal(0)) if stated else None


def _personal_within(filed: Filed, number: int) -> bool | None:
    personal = filed.amount("12", A, number)
    return None if personal is None else personal <= filed.amount("9", A, number)


def _parts_within_the_most(filed: Filed, number: int) -> bool | None:
    parts = _parts(filed, number)
    return None if parts is None else parts <= 7_500


def _parts_within_the_credit(filed: Filed, number: int) -> bool | None:
    parts = _parts(filed, number)
    return None if parts is None else parts <= filed.amount("9", A, number)


RULES["SA-F8936-012-01"] = each_of("30D", _all_business)
RULES["SA-F8936-014-01"] = each_of("30D", _personal_within)
RULES["SA-F8936-016-01"] = each_of("30D", _parts_within_the_most)
RULES["SA-F8936-017-01"] = each_of("30D", _parts_within_the_credit)

# -- Schedule A, a previously owned vehicle ------------------------------------------------

RULES["SA-F8936-018-01"] = refused("25E", "13e", True, "17")
RULES["SA-F8936-019-01"] = refused("25E", "13f", False, "17")
RULES["SA-F8936-020-01"] = refused("25E", "13g", True, "17")
RULES["SA-F8936-037"] = refused("25E", "13a", True, "17")
RULES["SA-F8936-038"] = refused("25E", "13d", True, "17")
RULES["SA-F8936-045"] = refused("25E", "13c", True, "17")


def _dear(filed: Filed, number: int) -> bool | None:
    price = filed.stated.vehicles[number - 1].claim.purchase.sale_price
    return None if price <= 25_000 else not filed.amount("17", A, number)


def _lesser(filed: Filed, number: int) -> bool | None:
    credit = filed.amount("17", A, number)
    return credit == min(filed.amount("15", A, number), 4_000) if credit else None


def _thirty_percent(filed: Filed, number: int) -> bool | None:
    part = filed.amount("15", A, number)
    return part == filed.amount("14", A, number) * 3 / 10 if part else None


RULES["SA-F8936-021-01"] = each_of("25E", _dear)
RULES["SA-F8936-023-01"] = each_of("25E", _lesser)
RULES["SA-F8936-040"] = each_of("25E", _thirty_percent)
RULES["SA-F8936-041"] = at_most("25E", "14", 25_000)

# -- Schedule A, a commercial vehicle ------------------------------------------------------

RULES["SA-F8936-024-01"] = refused("45W", "18b", False, "26")
RULES["SA-F8936-025-01"] = refused("45W", "18c", False, "26")


def _lesser_of_the_limits(filed: Filed, number: int) -> bool | None:
    credit = filed.amount("26", A, number)
    if not credit:
        return None
    return credit == min(filed.amount("24", A, number), filed.amount("25", A, number))


def _limit_by_weight(filed: Filed, number: int) -> bool | None:
    limit = filed.amount("25", A, number)
    weight = filed.stated.vehicles[number - 1].claim.vehicle.gross_vehicle_weight_rating_lb
    return None if limit is None else limit == (7_500 if weight < 14_000 else 40_000)


def _weight_stated(filed: Filed, number: int) -> bool | None:
    if not (filed.answer("18b", number) and filed.answer("18c", number)):
        return None
    weight = filed.stated.vehicles[number - 1].claim.vehicle.gross_vehicle_weight_rating_lb
    return (A, "18e", number) in filed._lines and weight > 0


RULES["SA-F8936-027-01"] = each_of("45W", _lesser_of_the_limits)
RULES["SA-F8936-028-01"] = each_of("45W", _limit_by_weight)
RULES["SA-F8936-039"] = each_of("45W", _weight_stated)

# -- transfers -----------------------------------------------------------------------------


def _each_vehicle(body: Callable[[Filed, int], bool | None]) -> Rule:
    def holds(filed: Filed) -> bool | None:
        found = [body(filed, number) for number in range(1, len(filed.stated.vehicles) + 1)]
        borne = [each for each in found if each is not None]
        return all(borne) if borne else None

    return holds


def _amount_transferred(filed: Filed, number: int) -> bool | None:
    if not filed.answer("4a", number):
        return None
    return filed.amount("4a, amount", A, number) > 0


def _not_allowed(filed: Filed, number: int) -> bool | None:
    if not filed.answer("4b", number):
        return None
    return all(filed.amount(line, A, number) is None for line in ("11", "12", "17"))


def transferred_and(line: str) -> Rule:
    """If the credit was transferred and an answer refuses it, the box of line 4b is checked."""

    def holds(filed: Filed, number: int) -> bool | None:
        if not (filed.answer("4a", number) and filed.answer(line, number)):
            return None
        return filed.answer("4b", number) is True

    return _each_vehicle(holds)


RULES["SA-F8936-032"] = _each_vehicle(_amount_transferred)
RULES["SA-F8936-033"] = _each_vehicle(_not_allowed)
RULES["SA-F8936-035"] = transferred_and("8a")
RULES["SA-F8936-042"] = transferred_and("8d")
RULES["SA-F8936-043"] = transferred_and("13a")
RULES["SA-F8936-044"] = transferred_and("13c")

# -- the schedules that the forms lead to --------------------------------------------------


def same(form: str, line: str, of: str) -> Rule:
    """A line elsewhere is the one of Form 8936."""

    def holds(filed: Filed) -> bool | None:
        if filed.amount(line, form) is None:
            return None
        return filed.amount(line, form) == filed.amount(of)

    return holds


def schedule_a_for(line: str, credit: str) -> Rule:
    """What is repaid on Schedule 2 has a Schedule A."""

    def holds(filed: Filed) -> bool | None:
        if not filed.amount(line, "Schedule 2 (Form 1040)"):
            return None
        return bool(filed.schedules(credit))

    return holds


RULES["S2-F1040-018"] = schedule_a_for("1b", "30D")
RULES["S2-F1040-019"] = schedule_a_for("1c", "25E")
RULES["S3-F1040-106-02"] = same("Schedule 3 (Form 1040)", "6f", "13")
RULES["S3-F1040-110"] = same("Schedule 3 (Form 1040)", "6m", "18")


@rule("R0000-235")
def form_8936_with_every_schedule(filed: Filed) -> bool | None:
    """A Schedule A never comes without Form 8936."""
    forms = {each.form for each in filed.forms.lines}
    return "Form 8936" in forms if A in forms else None


@rule("F3800-489", "F3800-491")
def form_8936_with_form_3800(filed: Filed) -> bool | None:
    """A business credit on Form 3800 comes with Form 8936."""
    lines = [filed.amount(line, "Form 3800, Part III") for line in ("1y", "1aa")]
    return ("Form 8936", "8", None) in filed._lines if any(lines) else None


#: The rules that speak of nothing these forms hold, and of what they speak.
ELSEWHERE = {
    "F8936-025": "the adjusted gross income of Form 1040",
    "F8936-026": "Form 2555",
    "F8936-027": "Form 2555",
    "F8936-028": "Form 4563",
    "SA-F8936-029": "the length of a VIN: Vehicle.vin refuses another one (tests/test_vin.py)",
    "SA-F8936-030-01": "the database of the IRS",
    "SA-F8936-031-01": "a VIN on two vehicles: a return with one is refused (below)",
    "SA-F8936-046": "the database of the IRS",
    "SA-F8936-047": "the database of the IRS",
    "SA-F8936-048": "the database of the IRS; the text was not seen",
    "S3-F1040-013-01": "the other credits of Schedule 3",
    "F3800-490-01": "transfers of credits under section 6418",
    "F3800-492-01": "transfers of credits under section 6418",
    "F3800-600": "attachments",
    "F3800-615": "registration for elective payment",
    "F3800-631": "attachments",
    "F3800-645": "registration for elective payment",
}


# -- the returns ---------------------------------------------------------------------------

PERSONS = {
    "within": single(),
    "above in both years": single(180_000, 175_000),
    "above this year": single(160_000, 70_000),
    "of another's household": single(dependent_of_another=True),
    "recent credit": single(prior_credits=(PriorCredit(on=date(2024, 1, 5)),)),
}
#: Facts by path, with two underscores for each point.
VARIED: dict[str, dict[str, Any]] = {
    "as it is": {},
    "resold": {"purchase__resold_on": DAY + timedelta(days=10)},
    "for resale": {"purchase__for_use_or_lease": False},
}
USES = (Decimal(0), Decimal(40), Decimal(100))


def filed(*vehicles: ReturnVehicle, tax: Decimal = TAX, other: Decimal = OTHER) -> Filed:
    return Filed(
        CleanVehicleReturn(
            tax_year=2025,
            vehicles=vehicles,
            tax_return=TaxReturn(tax_before_credits=tax, other_personal_credits=other),
            passed_through_new=250,
        )
    )


def handed_over(vehicle: ReturnVehicle, amount: Decimal) -> ReturnVehicle:
    """The same, with the credit transferred to the dealer on the day of the sale."""
    claim = with_facts(vehicle.claim, {"purchase.sale_date": DAY})
    return attrs.evolve(vehicle, claim=claim, transfer=at_the_dealer(claim, amount))


@cache
def returns() -> tuple[Filed, ...]:
    """Returns with every combination of person, vehicle, use and transfer."""
    found = [Filed(whole_return())]
    taxes = (Decimal(0), Decimal(3_000), TAX)
    for person, facts, use, tax in product(PERSONS.values(), VARIED.values(), USES, taxes):
        car = new_car(DAY, person, **facts)
        new = ReturnVehicle(claim=car, business_use_percent=use)
        found.append(filed(new, tax=tax, other=min(OTHER, tax)))
        if use == 0:
            found.append(filed(handed_over(new, Decimal(7_500)), tax=TAX))
    for person, facts, price, tax in product(
        PERSONS.values(), VARIED.values(), (9_001, 12_900, 25_000, 25_001), taxes
    ):
        used = ReturnVehicle(claim=used_car(price, DAY, person, **facts), credit="25E")
        found.append(filed(used, tax=tax, other=min(OTHER, tax)))
        if price == 9_001:
            found.append(filed(handed_over(used, Decimal("2700.30")), tax=TAX))
    weights = (9_500, 13_999, 14_000, 26_001)
    for facts, weight, depreciable in product(VARIED.values(), weights, (True, False)):
        given = {
            **facts,
            "purchase__depreciable": depreciable,
            "vehicle__gross_vehicle_weight_rating_lb": Decimal(weight),
            "purchase__compares_prices": True,
            "purchase__comparable_vehicle_price": Decimal(30_000),
            "purchase__cost": Decimal(90_000),
        }
        found.append(filed(ReturnVehicle(claim=van(day=DAY, **given), credit="45W")))
    return tuple(found)


@pytest.mark.parametrize("number", sorted(RULES))
def test_every_return_keeps_the_rule(number: str) -> None:
    """And at least one return is one that the rule is about."""
    found = [RULES[number](each) for each in returns()]
    broken = [place for place, holds in enumerate(found) if holds is False]
    assert broken == []
    assert True in found


def test_every_rule_is_kept_or_speaks_of_something_else() -> None:
    """The list has 74 rules."""
    assert not RULES.keys() & ELSEWHERE.keys()
    assert len(RULES) + len(ELSEWHERE) == 74


def test_one_number_on_two_vehicles_is_refused() -> None:
    """SA-F8936-031-01."""
    car = new_car(DAY, vehicle__vin="1HGCM82633A004352", vehicle__model_year=Decimal(2003))
    one = ReturnVehicle(claim=car, business_use_percent=0)
    with pytest.raises(InvalidFactError, match="vin"):
        filed(one, one)
