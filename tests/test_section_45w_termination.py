"""P.L. 117-169 sec. 13403(c) and 26 USC 45W(g): the first and the last day to acquire."""

from datetime import date

import pytest
from tests.commercial import business_claim

from evcredit import Verdict, current_law
from evcredit.algebra.bound import verdict_of
from evcredit.section_45w.termination import (
    commercial_acquired_in_time,
    commercial_acquired_late_enough,
    commercial_acquisition,
)

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
LAW = current_law()


def ruling(rule, contract, payment, in_service, law=LAW):
    claim = business_claim(
        purchase__contract_date=contract,
        purchase__first_payment_date=payment,
        purchase__placed_in_service=in_service,
    )
    return verdict_of(rule, claim, law)


@pytest.mark.parametrize(
    ("contract", "payment", "expected"),
    [
        ("2022-12-31", "2022-12-31", NOT_MET),
        ("2022-12-31", "2023-01-01", MET),
        ("2023-01-01", "2022-12-31", MET),
        ("2023-01-01", None, MET),
        (None, "2023-01-01", MET),
        ("2022-12-31", None, UNKNOWN),
        (None, None, UNKNOWN),
    ],
)
def test_acquired_after_2022(contract, payment, expected):
    """The later of contract and payment counts."""
    found = ruling(commercial_acquired_late_enough, contract, payment, "2023-02-01")
    assert found is expected


@pytest.mark.parametrize(
    ("contract", "in_service", "expected"),
    [
        (None, "2023-01-01", UNKNOWN),
        (None, None, UNKNOWN),
        ("2024-03-01", None, MET),
        ("2022-03-01", None, UNKNOWN),
    ],
)
def test_possession_is_never_before_acquisition(contract, in_service, expected):
    """A known day of the contract decides without it."""
    assert ruling(commercial_acquired_late_enough, contract, None, in_service) is expected


@pytest.mark.parametrize(
    ("contract", "payment", "in_service", "expected"),
    [
        ("2025-09-30", "2025-09-30", "2026-02-10", MET),
        ("2025-09-29", "2025-10-01", "2026-02-10", NOT_MET),
        ("2025-10-01", "2025-09-30", "2026-02-10", NOT_MET),
        ("2025-10-01", None, "2026-02-10", NOT_MET),
        ("2025-09-30", None, "2026-02-10", UNKNOWN),
        (None, None, "2025-09-30", MET),
        (None, None, "2025-10-01", UNKNOWN),
    ],
)
def test_acquired_by_30_september_2025(contract, payment, in_service, expected):
    """Contract and payment both in time, or possession in time; delivery may come later."""
    assert ruling(commercial_acquired_in_time, contract, payment, in_service) is expected


@pytest.mark.parametrize(
    ("contract", "expected"),
    [("2025-10-01", MET), ("2032-12-31", MET), ("2033-01-01", NOT_MET)],
)
def test_the_last_day_before_p_l_119_21(contract, expected):
    """As the law was known until 3 July 2025, it was the end of 2032."""
    law = LAW.known_on(date(2025, 7, 3))
    assert ruling(commercial_acquisition, contract, contract, "2033-03-01", law) is expected
