"""Histories of a used vehicle and of its buyer, against every completion by brute force."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.property.brute_force import Completions
from tests.used import USED, used_claim

from evcredit import Verdict, assess, with_facts
from evcredit.facts.prior_transfer import PriorTransfer, Recipient
from evcredit.facts.taxpayer import PriorCredit

#: Two values of each fact that lead wherever any value leads.
VALUES: dict[str, tuple[Any, ...]] = {
    "on": (date(2022, 8, 1), date(2023, 5, 1)),
    "to": (Recipient.DEALER, Recipient.INDIVIDUAL),
    "for_use": (False, True),
    "dependent_of_another": (True, False),
    "credited_shortly_before": (True, False),
}
SALES = (date(2020, 6, 3), date(2023, 5, 1))
#: The most facts that are unknown, each with two values.
MOST = 7

likely = st.sampled_from([1, 1, None, None, 0])
transfers = st.fixed_dictionaries(
    {
        name: likely.map(lambda which, own=own: None if which is None else own[which])
        for name, own in VALUES.items()
    }
).map(lambda facts: PriorTransfer(**facts))
sales = st.sampled_from([None, None, *SALES]).map(lambda day: PriorCredit(on=day))


@st.composite
def histories(draw: st.DrawFn) -> tuple[Any, dict[str, tuple[Any, ...]]]:
    """A claim, and the values of what is unknown of its history."""
    unknown: dict[str, tuple[Any, ...]] = {}
    stated: dict[str, list[Any]] = {"vehicle.prior_transfers": [], "taxpayer.prior_credits": []}
    for path, items, values in (
        ("vehicle.prior_transfers", transfers, VALUES),
        ("taxpayer.prior_credits", sales, {"on": SALES}),
    ):
        for item in draw(st.lists(items, max_size=4)):
            here = f"{path}[{len(stated[path])}]"
            own = {
                f"{here}.{name}": each
                for name, each in values.items()
                if getattr(item, name) is None
            }
            if len(unknown) + len(own) <= MOST:
                unknown.update(own)
                stated[path].append(item)
    facts = {path: tuple(items) for path, items in stated.items()}
    return with_facts(used_claim(), facts), unknown


@given(histories())
def test_missing_and_settling(history: Any) -> None:
    """What is missing is what matters; what settles it does, and where it is exact all of it."""
    claim, values = history
    outcomes = {}
    for chosen in product(*values.values()):
        whole = assess(with_facts(claim, dict(zip(values, chosen, strict=True))), credit=USED)
        outcomes[chosen] = (whole.verdict, whole.credit)
    completions = Completions(claim, tuple(values), outcomes)
    result = assess(claim, credit=USED)
    if result.missing_is_exact:
        assert set(result.missing()) == completions.relevant()
    else:
        assert set(result.missing()) >= completions.relevant()
    for verdict in (Verdict.MET, Verdict.NOT_MET):
        expected, found = completions.settling(verdict), set(result.settling(verdict))
        if result.settling_is_exact:
            assert found == expected
        else:
            assert all(completions.settles(each, verdict) for each in found)
            assert bool(found) == bool(expected)
