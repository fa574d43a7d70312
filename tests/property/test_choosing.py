"""Choosing, on random offers: never what is refused, never less than the best part, never wrong."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.choosing import BUYER, LEASE, NEW, USED
from tests.commercial import FACTS as BUSINESS_FACTS
from tests.strategies import fewer

from evcredit import Bounds, Lease, Verdict, assess, change_of_all, denials, options, with_facts
from evcredit.advice.offers import Offer
from evcredit.advice.option import Options
from evcredit.errors import EvcreditError
from evcredit.facts import TaxReturn

_dollars = st.integers(0, 12_000).map(Decimal)
_flags = st.sampled_from([True, True, True, False, None])
#: Facts of an offer that decide, often enough as they should be.
_BOUGHT: dict[str, st.SearchStrategy[Any]] = {
    "vehicle.battery.capacity_kwh": st.sampled_from([Decimal(60), Decimal(60), Decimal(6), None]),
    "vehicle.made_by_qualified_manufacturer": _flags,
    "purchase.vin_on_return": _flags,
    "purchase.seller_report_furnished": _flags,
    "transfer.dealer_registered": _flags,
    "transfer.vin_given_by_dealer": _flags,
    "transfer.earlier_elections": st.sampled_from([0, 1, 2, None]),
    "transfer.payment": st.sampled_from([None, None, Decimal(7500), Decimal(4000)]),
}
_OF_NEW = {
    "vehicle.msrp": st.sampled_from([Decimal(57_990), Decimal(80_300), None]),
    "vehicle.final_assembly_country": st.sampled_from(["US", "US", "Germany", None]),
    "vehicle.battery.certified_critical_mineral_content": st.sampled_from(
        [None, Decimal(49), Bounds(Decimal(40), Decimal(60))]
    ),
}
_OF_USED = {
    "purchase.sale_price": st.one_of(
        st.integers(0, 30_000).map(Decimal),
        st.just(Bounds(Decimal(9_000), Decimal(26_000))),
        st.none(),
    ),
    "vehicle.model_year": st.sampled_from([2021, 2022, 2023, None]),
}
_OF_LEASE = {
    "passed_on": st.one_of(_dollars, st.none(), st.just(Bounds(Decimal(1000), Decimal(9000)))),
    "lessor_purchase.basis": st.one_of(st.integers(0, 60_000).map(Decimal), st.none()),
    "lessor_purchase.true_lease": _flags,
    "vehicle.gasoline_or_diesel_engine": BUSINESS_FACTS["vehicle.gasoline_or_diesel_engine"],
}
_incomes = st.sampled_from([Decimal(61_000), Decimal(120_000), Decimal(310_000), None])
_BUYER = {
    "current_year.modified_adjusted_gross_income": _incomes,
    "prior_year.modified_adjusted_gross_income": _incomes,
}


@st.composite
def _changed(draw: st.DrawFn, subject: Any, facts: dict[str, st.SearchStrategy[Any]]) -> Any:
    chosen = draw(st.lists(st.sampled_from(sorted(facts)), max_size=4, unique=True))
    return with_facts(subject, {path: draw(facts[path]) for path in chosen})


offers = st.lists(
    st.one_of(
        _changed(NEW, {**_BOUGHT, **_OF_NEW}),
        _changed(USED, {**_BOUGHT, **_OF_USED}),
        _changed(LEASE, _OF_LEASE),
    ),
    max_size=3,
)
buyers = _changed(BUYER, _BUYER)
returns = st.builds(
    TaxReturn,
    tax_before_credits=st.one_of(_dollars, st.none()),
    other_personal_credits=st.one_of(st.just(0), _dollars, st.none()),
    business_use_percent=st.sampled_from([0, 0, 30, 100, None]),
)
choices = st.builds(
    lambda buyer, offers, on_return: options(buyer, offers, tax_return=on_return),
    buyers,
    offers,
    returns,
)


@given(choices)
def test_never_recommends_what_is_refused(found: Options):
    best = found.best
    if best is None:
        assert found.amount.upper == 0
        return
    again = assess(best.assessment.claim, credit=best.assessment.kind)
    assert again.verdict is not Verdict.NOT_MET
    assert best.net_benefit.upper <= again.credit.upper
    assert best.net_benefit.lower <= again.credit.lower
    if best.transfer is not None:
        assert best.transfer.verdict is not Verdict.NOT_MET


@given(choices)
def test_the_amount_is_that_of_the_best_part(found: Options):
    lowers = [each.net_benefit.lower for each in found.options]
    uppers = [each.net_benefit.upper for each in found.options]
    assert found.amount.lower == max(lowers, default=0)
    assert found.amount.upper == max(uppers, default=0)
    if found.best is not None:
        assert found.best.net_benefit.lower == found.amount.lower
        if found.is_certain:
            assert found.best.net_benefit == found.amount


@given(buyers, offers, returns)
def test_each_offer_alone_comes_to_the_same(buyer: Any, offered: list[Offer], on_return: TaxReturn):
    """No offer depends on another."""
    together = options(buyer, offered, tax_return=on_return).options
    alone = [
        each for offer in offered for each in options(buyer, [offer], tax_return=on_return).options
    ]
    assert [(each.route, each.net_benefit) for each in together] == [
        (each.route, each.net_benefit) for each in alone
    ]


@given(choices)
def test_the_parts_account_for_what_a_way_is_worth(found: Options):
    """What comes in less what goes out holds it, and nothing is below nothing."""
    for each in found.options:
        come_in = each.at_sale.upper + each.on_return.upper
        assert Decimal(0) <= each.net_benefit.lower
        assert each.net_benefit.upper <= come_in - each.repaid.lower
        assert (
            each.net_benefit.lower >= each.at_sale.lower + each.on_return.lower - each.repaid.upper
        )
        if each.verdict is Verdict.NOT_MET:
            assert each.net_benefit.upper == 0


@given(st.data(), buyers, offers, returns)
def test_what_turns_out_lies_in_the_bounds(
    data: st.DataObject, buyer: Any, offered: list[Offer], on_return: TaxReturn
):
    """Fill in what is unknown, and nothing leaves the bounds it was in."""

    def filled(subject: Any, facts: dict[str, st.SearchStrategy[Any]]) -> Any:
        values = {}
        for path, strategy in facts.items():
            now = _read(subject, path)
            if now is None and path != "transfer.payment":
                known = strategy.filter(lambda v: v is not None and not isinstance(v, Bounds))
                values[path] = data.draw(known)
            elif isinstance(now, Bounds):
                values[path] = data.draw(st.sampled_from([now.lower, now.upper]))
        try:
            return with_facts(subject, values)
        except EvcreditError:
            assume(False)

    certified = "vehicle.battery.certified_critical_mineral_content"
    known_offers = [
        filled(
            each,
            _OF_LEASE
            if isinstance(each, Lease)
            else {
                **_BOUGHT,
                **(
                    {k: v for k, v in _OF_NEW.items() if k != certified or _read(each, k)}
                    if each.name == NEW.name
                    else _OF_USED
                ),
            },
        )
        for each in offered
    ]
    known_buyer = filled(buyer, _BUYER)
    known_return = filled(
        on_return,
        {
            "tax_before_credits": _dollars,
            "other_personal_credits": _dollars,
            "business_use_percent": st.sampled_from([0, 30, 100]),
        },
    )
    before = options(buyer, offered, tax_return=on_return)
    after = options(known_buyer, known_offers, tax_return=known_return)
    for one, other in zip(before.options, after.options, strict=True):
        assert other.net_benefit in one.net_benefit
        assert other.at_sale in one.at_sale
        assert other.on_return in one.on_return
        assert other.repaid in one.repaid
        assert other.forfeited in one.forfeited
        assert one.verdict in (Verdict.UNKNOWN, other.verdict)
    assert after.amount in before.amount
    if before.best is not None and before.is_certain:
        same = after.options[before.options.index(before.best)]
        assert same.net_benefit.lower == after.amount.lower


def _read(subject: Any, path: str) -> Any:
    for name in path.split("."):
        subject = getattr(subject, name)
    return subject


@fewer(4)
@given(choices)
def test_every_change_was_tried(found: Options):
    """With it the requirement holds, and the credit is the one that was promised."""
    for each in found.options:
        result = each.assessment
        for refusal in denials(result):
            code = refusal.finding.code
            for change in refusal.changes:
                changed = assess(with_facts(result.claim, change.values), credit=result.kind)
                assert changed.credit == change.credit
                assert not [f for f in changed.reasons if f.code == code and not f.in_force]
                assert changed.find(code).verdict is Verdict.MET
        together = change_of_all(result)
        if together is not None:
            changed = assess(with_facts(result.claim, together.values), credit=result.kind)
            assert changed.verdict is not Verdict.NOT_MET
            assert changed.credit == together.credit
