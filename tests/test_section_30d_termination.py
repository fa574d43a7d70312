"""26 USC 30D(h): the end of the credit."""

from datetime import date

import pytest

from evcredit import Verdict, assess, current_law, with_facts
from evcredit.examples import demonstration_claim

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN


def bought(contract, payment, in_service, law=None):
    """The finding on the deadline for a car bought on these days."""
    claim = with_facts(
        demonstration_claim(),
        {
            "purchase.contract_date": contract,
            "purchase.first_payment_date": payment,
            "purchase.placed_in_service": in_service,
            "vehicle.battery.minerals_from_foreign_entity_of_concern": False,
        },
    )
    return assess(claim, law=law)


@pytest.mark.parametrize(
    ("contract", "payment", "in_service", "expected"),
    [
        ("2025-09-30", "2025-09-30", "2026-02-10", MET),
        ("2025-09-30", "2025-10-01", "2026-02-10", NOT_MET),
        ("2025-10-01", "2025-09-30", "2026-02-10", NOT_MET),
        ("2025-10-01", "2025-10-01", "2025-10-01", NOT_MET),
        (None, None, "2025-09-30", MET),
        (None, None, "2025-10-01", UNKNOWN),
        ("2025-09-30", None, "2025-10-01", UNKNOWN),
        ("2025-10-01", None, "2025-10-01", NOT_MET),
        (None, "2025-10-01", "2025-10-01", NOT_MET),
        ("2025-09-01", "2025-09-02", "2025-09-30", MET),
    ],
)
def test_acquired_by_30_september_2025(contract, payment, in_service, expected):
    """Contract and payment both in time, or possession in time; delivery may come later."""
    found = bought(contract, payment, in_service)
    assert found.find("acquired_in_time").verdict is expected
    assert str(found.find("acquired_in_time").citation) == "26 USC 30D(h)"


def test_possession_in_time_needs_no_contract():
    """No one takes possession of a car before it is acquired."""
    assert bought(None, None, "2024-06-03").missing() == ()


def test_contract_and_payment_are_missing_where_possession_is_late():
    """Both are needed; either one after the deadline ends it."""
    found = bought(None, None, "2025-12-31")
    assert {"purchase.contract_date", "purchase.first_payment_date"} <= set(found.missing())
    assert frozenset({"purchase.contract_date"}) in found.settling(NOT_MET)


@pytest.mark.parametrize(("in_service", "expected"), [("2032-12-31", MET), ("2033-01-01", NOT_MET)])
def test_deadline_before_2025_was_by_the_day_in_service(in_service, expected):
    """As the law was known in 2024, the credit ended with 2032."""
    law = current_law().known_on(date(2024, 6, 1))
    found = bought("2030-01-01", "2030-01-01", in_service, law)
    assert found.find("placed_in_service_in_time").verdict is expected
    assert found.find("acquired_in_time").in_force is False
    now = bought("2025-09-01", "2025-09-01", "2026-01-01")
    assert now.find("placed_in_service_in_time").in_force is False
