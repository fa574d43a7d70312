"""26 USC 25E(c)(2)(C): every history of up to five transfers, against a walk written down again.

Captions of 26 CFR 1.25E-1(e) name the cases; their outcomes follow from the words of the statute.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from itertools import product
from typing import Any

import attrs
import pytest
from tests.used import USED, used, used_claim

from evcredit import Verdict, assess, current_law
from evcredit.facts import PriorTransfer
from evcredit.facts.prior_transfer import Recipient
from evcredit.section_25e.sale import slot_used_up, to_qualified_buyer, transfer_counts

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
LAW = current_law()
ENACTED = date(2022, 8, 16)
A_DAY = timedelta(days=1)

# What the law looks at of each: the income of a buyer, and whether one claims, are not among it.
MAKE = {
    "dealer": PriorTransfer.to_dealer,
    "company": PriorTransfer.to_company,
    "qualified buyer": PriorTransfer.to_individual,
    "over-income buyer": PriorTransfer.to_individual,
    "dependent": lambda on: PriorTransfer.to_individual(on, dependent_of_another=True),
    "elector-out": PriorTransfer.to_individual,
}


@cache
def transfer(who: str, on: date) -> PriorTransfer:
    """One change of hands; few are made, and each is in many histories."""
    return MAKE[who](on)


def still_to_be_had(history: tuple[tuple[str, bool], ...]) -> bool:
    """Whether the next buyer can be the first, by walking along a history of (who, since)."""
    for who, since_enactment in history:
        if not since_enactment:
            continue
        if who in ("qualified buyer", "over-income buyer", "elector-out"):
            return False
    return True


@pytest.mark.long
def test_every_history_of_up_to_five_transfers() -> None:
    """All sequences of recipients, with every number of them before the day of enactment."""
    compared = 0
    for length in range(6):
        for people in product(MAKE, repeat=length):
            for early in range(length + 1):
                days = [
                    ENACTED + (number - early + (number >= early)) * A_DAY
                    for number in range(length)
                ]
                assert [day > ENACTED for day in days] == [n >= early for n in range(length)]
                transfers = tuple(transfer(who, day) for who, day in zip(people, days, strict=True))
                history = tuple((who, day > ENACTED) for who, day in zip(people, days, strict=True))
                left = still_to_be_had(history)
                assert slot_used_up(transfers, LAW) is Verdict.of(not left), history
                compared += 1
    assert compared == sum((length + 1) * 6**length for length in range(6))


@pytest.mark.parametrize(
    ("people", "left"),
    [
        ((), True),
        (("dealer",), True),  # example 1: the first transfer
        (("dealer", "qualified buyer", "dealer"), False),  # 2: several
        (("dealer", "company", "dealer"), True),  # 3: a commercial purchaser between
        (("dealer", "over-income buyer", "dealer"), False),  # 4: a buyer above the limit
        (("dealer", "elector-out", "dealer"), False),  # 5: a buyer who does not take the credit
        (("dealer", "dealer"), True),  # 6: between dealers
        (("dealer", "dependent", "dealer"), True),
    ],
)
def test_examples(people: tuple[str, ...], left: bool) -> None:
    """Through the whole of section 25E."""
    days = (date(2023, 2, 1) + number * A_DAY for number in range(9))
    transfers = tuple(MAKE[who](day) for who, day in zip(people, days, strict=False))
    result = used(vehicle__prior_transfers=transfers)
    assert (result.verdict is MET) is left
    assert (result.find("first_transfer").verdict is MET) is left
    assert len(result.find("first_transfer").parts) == len(people)


def test_the_original_user_and_a_sale_without_a_dealer() -> None:
    """A lessee who buys the vehicle leaves the credit; a private buyer takes it."""
    assert used(vehicle__prior_transfers=[PriorTransfer.to_original_user("2023-02-01")]).verdict
    sold_on = [
        PriorTransfer.to_original_user("2023-02-01"),
        PriorTransfer.to_individual("2023-03-01"),
    ]
    assert used(vehicle__prior_transfers=sold_on).verdict is NOT_MET


@pytest.mark.parametrize(
    ("reading", "on_the_day"), [(False, NOT_MET), (True, MET), (None, UNKNOWN)]
)
def test_the_day_of_enactment(reading: Any, on_the_day: Verdict) -> None:
    """Whether 16 August 2022 itself counts is a reading; the days beside it are not."""
    law = LAW.with_readings(enactment_day_counts=reading)
    assert transfer_counts(ENACTED - A_DAY, law) is NOT_MET
    assert transfer_counts(ENACTED, law) is on_the_day
    assert transfer_counts(ENACTED + A_DAY, law) is MET
    assert transfer_counts(None, law) is UNKNOWN
    claim = used_claim(vehicle__prior_transfers=[PriorTransfer.to_individual(ENACTED)])
    result = assess(claim, law=law, credit=USED)
    assert result.verdict is ~on_the_day
    assert result.missing() == ()
    assert len(result.undetermined) == (reading is None)
    dependent = PriorTransfer.to_individual(ENACTED, dependent_of_another=True)
    harmless = used_claim(vehicle__prior_transfers=[dependent], vehicle__wheels=None)
    assert assess(harmless, law=law, credit=USED).undetermined == ()


# -- what is not known ---------------------------------------------------------------------

FACTS: dict[str, tuple[Any, ...]] = {
    "on": (ENACTED, ENACTED + A_DAY),
    "to": tuple(Recipient),
    "for_use": (True, False),
    "dependent_of_another": (True, False),
    "credited_shortly_before": (True, False),
}


def completions(transfer: PriorTransfer) -> list[PriorTransfer]:
    """Every transfer that a partly known one may turn out to be."""
    choices = [
        values if getattr(transfer, name) is None else (getattr(transfer, name),)
        for name, values in FACTS.items()
    ]
    return [PriorTransfer(**dict(zip(FACTS, each, strict=True))) for each in product(*choices)]


def test_a_partly_known_transfer_says_what_all_its_completions_say() -> None:
    """Each fact of it known in every way or unknown: exact, against brute force."""
    for values in product(*((*each, None) for each in FACTS.values())):
        transfer = PriorTransfer(**dict(zip(FACTS, values, strict=True)))
        found = {slot_used_up((each,), LAW) for each in completions(transfer)}
        expected = found.pop() if len(found) == 1 else UNKNOWN
        assert slot_used_up((transfer,), LAW) is expected, transfer


def test_histories_of_two_with_one_unknown_fact_each() -> None:
    """Two transfers with any one fact of each unknown, against brute force."""
    whole = [
        MAKE[who](ENACTED + A_DAY) for who in ("dealer", "company", "dependent", "elector-out")
    ]
    partial = [attrs.evolve(each, **{name: None}) for each in whole for name in FACTS]
    for one, other in product(partial, repeat=2):
        found = {slot_used_up(each, LAW) for each in product(completions(one), completions(other))}
        expected = found.pop() if len(found) == 1 else UNKNOWN
        assert slot_used_up((one, other), LAW) is expected


def test_an_unknown_history_is_asked_for() -> None:
    """And one that is known in part says which fact of which transfer matters."""
    unknown = used(vehicle__prior_transfers=None)
    assert unknown.verdict is UNKNOWN
    assert unknown.missing() == ("vehicle.prior_transfers",)
    assert unknown.settling(MET) == (frozenset({"vehicle.prior_transfers"}),)
    partly = used(
        vehicle__prior_transfers=[
            PriorTransfer.to_dealer("2023-02-01"),
            attrs.evolve(PriorTransfer.to_individual("2023-02-01"), dependent_of_another=None),
            PriorTransfer.to_dealer(),
        ]
    )
    path = "vehicle.prior_transfers[1].dependent_of_another"
    assert (partly.verdict, partly.missing()) == (UNKNOWN, (path,))
    assert partly.settling(MET) == partly.settling(NOT_MET) == (frozenset({path}),)
    of_a_day = used(vehicle__prior_transfers=[PriorTransfer.to_individual()])
    assert of_a_day.missing() == ("vehicle.prior_transfers[0].on",)
    nothing = used(vehicle__prior_transfers=[PriorTransfer()])
    assert len(nothing.missing()) == len(FACTS)


def test_one_transfer_that_uses_it_up_settles_the_matter() -> None:
    """Whatever else is unknown."""
    transfers = [PriorTransfer(), PriorTransfer.to_individual("2023-02-01")]
    assert used(vehicle__prior_transfers=transfers).verdict is NOT_MET
    assert to_qualified_buyer(PriorTransfer()) is UNKNOWN
