"""The ready-made claims."""

from datetime import date
from decimal import Decimal

import pytest

from evcredit import assess
from evcredit.examples import demonstration_battery, demonstration_claim


def test_demonstration_battery_adds_up():
    """Seven chains of $3,258 together; the components are ten thousandths."""
    battery = demonstration_battery()
    assert sum(source.value for source in battery.minerals) == Decimal("3258.00")
    assert [source.mineral.identifier for source in battery.minerals] == [
        "lithium",
        "lithium",
        "nickel",
        "cobalt",
        "manganese",
        "graphite",
        "graphite",
    ]
    assert [part.value for part in battery.components] == [Decimal(10000)]


@pytest.mark.parametrize(
    ("day", "ordered"),
    [
        (date(2024, 6, 3), date(2024, 4, 22)),
        (date(2024, 4, 22), date(2024, 4, 22)),
        (date(2023, 4, 18), date(2023, 4, 18)),
        (date(2026, 2, 10), date(2024, 4, 22)),
    ],
    ids=str,
)
def test_demonstration_claim_is_possible_on_any_day(day, ordered):
    """Contract and payment never come after the day in service."""
    purchase = demonstration_claim(day).purchase
    assert purchase.placed_in_service == day
    assert (purchase.contract_date, purchase.first_payment_date) == (ordered, ordered)


@pytest.mark.parametrize(
    ("day", "credit"),
    [
        (date(2023, 4, 18), "7,500"),
        (date(2023, 12, 31), "7,500"),
        (date(2024, 1, 1), "7,500"),
        (date(2024, 12, 31), "7,500"),
        (date(2025, 1, 1), "0"),
    ],
    ids=str,
)
def test_demonstration_claim_over_the_years(day, credit):
    """62 percent of components pass to 2025; from then on what is done in China excludes it."""
    assert str(assess(demonstration_claim(day)).credit) == credit
