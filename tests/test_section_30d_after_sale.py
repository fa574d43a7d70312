"""26 USC 30D(f)(5): cancelled sales, returns and resales."""

from datetime import date, timedelta

import attrs
import pytest
from tests.strategies import known_claim

from evcredit import Claim, Purchase, Verdict, assess, current_law, with_facts
from evcredit.algebra.bound import verdict_of
from evcredit.examples import demonstration_claim
from evcredit.section_30d.after_sale import not_returned_early, still_new_for_a_later_buyer

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
CLAIM = demonstration_claim()

SERVICE = date(2024, 6, 3)
A_DAY = timedelta(days=1)
THE_30TH = SERVICE + 30 * A_DAY


@pytest.mark.parametrize(
    ("fact", "code"), [("returned_on", "not_returned_early"), ("resold_on", "not_resold_early")]
)
@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (None, MET),
        (SERVICE, NOT_MET),
        (THE_30TH, NOT_MET),
        (THE_30TH + A_DAY, MET),
    ],
)
def test_given_up_within_thirty_days(fact, code, day, expected):
    """The thirtieth day after the day placed in service is within; the next one is not."""
    found = assess(with_facts(CLAIM, {f"purchase.{fact}": day}))
    assert found.find(code).verdict is expected
    assert str(found.find(code).citation) == "26 CFR 1.30D-4"
    assert str(found.credit) == {MET: "7,500", NOT_MET: "0"}[expected]
    told = [part.note for part in found.find(code).parts]
    what = {"returned_on": "day of return to the seller", "resold_on": "day of resale"}[fact]
    after = None if day is None else (day - SERVICE).days
    text = f"{what} {day}, {after} days after placed in service; the limit is 30 days"
    assert told == ([] if day is None else [text])


@pytest.mark.parametrize("fact", ["returned_on", "resold_on"])
def test_days_from_an_unknown_day_in_service(fact):
    """The day placed in service is what is missing, and either day of it settles the matter."""
    claim = with_facts(
        CLAIM, {"purchase.placed_in_service": None, f"purchase.{fact}": date(2024, 7, 20)}
    )
    result = assess(claim)
    assert result.missing() == ("purchase.placed_in_service",)
    only = (frozenset({"purchase.placed_in_service"}),)
    assert result.settling(MET) == result.settling(NOT_MET) == only
    found = result.find({"returned_on": "not_returned_early"}.get(fact, "not_resold_early"))
    assert found.verdict is UNKNOWN
    assert found.parts[0].note.endswith(" 2024-07-20; the day placed in service is unknown")


@pytest.mark.parametrize(("day", "in_force"), [(date(2023, 4, 18), True), (date(2024, 6, 3), True)])
def test_the_rule_on_days_is_in_force(day, in_force):
    """Since the clean vehicle rules of 2023, as announced on 6 October 2023."""
    claim = with_facts(known_claim(day), {"purchase.resold_on": day})
    assert assess(claim).find("not_resold_early").in_force is in_force
    before = current_law().known_on(date(2023, 10, 5))
    assert assess(claim, law=before).find("not_resold_early").in_force is False
    since = current_law().known_on(date(2023, 10, 6))
    assert assess(claim, law=since).find("not_resold_early").in_force is True


def test_another_number_of_days():
    """The number is a datum of the law."""
    longer = current_law().return_or_resale_days.always(60, why="a hypothetical")
    law = attrs.evolve(current_law(), return_or_resale_days=longer)
    claim = with_facts(CLAIM, {"purchase.returned_on": SERVICE + 60 * A_DAY})
    assert assess(claim, law=law).verdict is NOT_MET
    assert assess(claim).verdict is MET


def test_an_event_within_the_days_of_an_unknown_day():
    """What did not happen is not within; what did may be."""
    for facts, verdict in (({}, MET), ({"returned_on": SERVICE}, UNKNOWN)):
        claim = Claim(purchase=Purchase(**facts))
        assert verdict_of(not_returned_early, claim, current_law()) is verdict


def test_a_cancelled_sale():
    """No credit, and the vehicle is still new for the next buyer."""
    claim = with_facts(CLAIM, {"purchase": Purchase.new_from_dealer(sale_cancelled=True)})
    result = assess(claim)
    assert result.find("sale_not_cancelled").verdict is NOT_MET
    assert (str(result.credit), result.missing()) == ("0", ())
    assert verdict_of(still_new_for_a_later_buyer, claim, current_law()) is MET


@pytest.mark.parametrize("facts", [{}, {"returned_on": SERVICE}, {"resold_on": THE_30TH + A_DAY}])
def test_a_vehicle_once_in_service_is_new_for_nobody_else(facts):
    """Returned, resold or kept: original use has begun."""
    claim = with_facts(CLAIM, {f"purchase.{name}": day for name, day in facts.items()})
    assert verdict_of(still_new_for_a_later_buyer, claim, current_law()) is NOT_MET
