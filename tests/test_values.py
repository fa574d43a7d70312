"""Everything the package hands out is a value: frozen, hashable, picklable, copyable."""

import copy
import pickle
from datetime import date
from decimal import Decimal

import attrs
import pytest

from evcredit import (
    Bounds,
    Citation,
    Claim,
    CleanVehicleReturn,
    MineralSource,
    Purchase,
    Readings,
    TaxYear,
    Verdict,
    assess,
    compare,
    current_law,
    fill_forms,
    named_law,
)
from evcredit.algebra.schedule import NoProvision
from evcredit.algebra.share import Share
from evcredit.examples import demonstration_claim
from evcredit.facts import SellerReport, StickerPrice
from evcredit.facts.tax_return import TaxReturn
from evcredit.facts.taxpayer import IncomeParts
from evcredit.facts.transfer import CreditTransfer
from evcredit.facts.vehicle import Vehicle
from evcredit.forms import ReturnVehicle
from evcredit.law import hypothetical_agreements, listed_agreements
from evcredit.provisions.tax_limit import allocate_credit
from evcredit.provisions.transfer import settle_transfer
from evcredit.section_25e import personal_credits
from evcredit.section_30d import report_deadlines
from evcredit.section_30d.transfer import TRANSFER

CLAIM = demonstration_claim()
_NO_CREDIT = Bounds.exactly(Decimal(0))
LAW = current_law()

VALUES = {
    "claim": CLAIM,
    "empty claim": Claim(),
    "vehicle": CLAIM.vehicle,
    "vehicle with label": Vehicle(sticker=StickerPrice(base_price=54000)),
    "battery": CLAIM.vehicle.battery,
    "chain": CLAIM.vehicle.battery.minerals[0],
    "step": CLAIM.vehicle.battery.minerals[0].steps[0],
    "component": CLAIM.vehicle.battery.components[0],
    "mineral": CLAIM.vehicle.battery.minerals[0].mineral,
    "purchase": CLAIM.purchase,
    "taxpayer": CLAIM.taxpayer,
    "tax year": CLAIM.taxpayer.current_year,
    "tax year from parts": TaxYear(income_parts=IncomeParts(adjusted_gross_income=1)),
    "tax return": TaxReturn(business_use_percent=40, tax_before_credits=3000),
    "use of a credit": allocate_credit(7500, TaxReturn()),
    "transfer": CreditTransfer.at_the_dealer(claim=CLAIM, payment=7500),
    "outcome of a transfer": settle_transfer(
        CreditTransfer.at_the_dealer(claim=CLAIM), rules=TRANSFER
    ),
    "seller report": SellerReport.accepted(maximum_credit=7500),
    "purchase with a report": Purchase(seller_report=SellerReport(status="accepted")),
    "vehicle of a return": ReturnVehicle(claim=CLAIM, business_use_percent=40),
    "return with vehicles": CleanVehicleReturn(tax_year=2024, vehicles=[ReturnVehicle()]),
    "line of a form": fill_forms(CleanVehicleReturn(tax_year=2024)).lines[0],
    "deadlines of a report": report_deadlines(date(2024, 6, 3)),
    "personal credits": personal_credits(_NO_CREDIT, _NO_CREDIT, TaxReturn()),
    "bounds": Bounds(Decimal(0), Decimal(7500)),
    "share": Share(1, 3, 1, 2),
    "verdict": Verdict.UNKNOWN,
    "citation": Citation.parse("26 USC 30D(d)(1)(F)(i)"),
    "law": LAW,
    "law as known": LAW.known_on(date(2024, 6, 1)),
    "reform": named_law("eu-no-japan"),
    "readings": Readings(),
    "schedule": LAW.msrp_limit,
    "entry": LAW.critical_minerals_percentage.entries[0],
    "table": LAW.magi_limit.on(date(2024, 1, 1)),
    "no provision": NoProvision("struck"),
    "group": LAW.north_america,
    "agreements": listed_agreements(),
    "agreement": listed_agreements()["JPCMA"],
    "partner": listed_agreements()["JPCMA"].partners[0],
    "standing": listed_agreements().why("Japan", date(2024, 1, 1)),
    "hypothetical": hypothetical_agreements()[0],
    "assessment": assess(CLAIM),
    "finding": assess(CLAIM).finding,
    "finding of a chain": assess(CLAIM).find("procurement_chain"),
    "comparison": compare(CLAIM, named_law("no-japan"), LAW),
    "flip": compare(CLAIM, named_law("no-japan"), LAW).flipped[0],
}
each_value = pytest.mark.parametrize("value", list(VALUES.values()), ids=list(VALUES))


@each_value
def test_copies_are_equal_and_hash_alike(value):
    """Pickled and deep copies are as good as the original, in a set too."""
    for again in (pickle.loads(pickle.dumps(value)), copy.deepcopy(value), copy.copy(value)):
        assert type(again) is type(value)
        assert again == value
        assert hash(again) == hash(value)
        assert str(again) == str(value)
    assert len({value, copy.deepcopy(value)}) == 1


FROZEN = {name: value for name, value in VALUES.items() if attrs.has(type(value))}


@pytest.mark.parametrize("value", list(FROZEN.values()), ids=list(FROZEN))
def test_values_cannot_be_changed(value):
    """Assigning to any attribute is an error."""
    for field in attrs.fields(type(value)):
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            setattr(value, field.name, None)


# What keeps results it has computed needs a dictionary for them.
KEEPING = {"citation", "assessment", "comparison"}


@pytest.mark.parametrize("name", sorted(FROZEN.keys() - KEEPING))
def test_values_have_no_room_for_misspelt_attributes(name):
    """Slotted classes carry no dictionary, so they stay small and closed."""
    value = VALUES[name]
    assert not hasattr(value, "__dict__")
    with pytest.raises(AttributeError):
        value.mrsp = 1


def test_equal_values_from_different_words_are_one():
    """It does not matter how a fact was written."""
    one = MineralSource.processed_in("Japan", "Nickel", "10.00")
    other = MineralSource.processed_in("JPN", "ni", 10)
    assert one == other
    assert len({one, other}) == 1


def test_copied_values_still_work():
    """A claim and a law from elsewhere give the same result."""
    claim, law = pickle.loads(pickle.dumps((CLAIM, named_law("no-japan"))))
    assert str(assess(claim, law=law).credit) == "3,750"
    assert law.digest == named_law("no-japan").digest


def test_findings_can_be_sent_elsewhere():
    """A finding from another process says the same, down to the ends."""
    finding = assess(CLAIM).finding
    again = pickle.loads(pickle.dumps(finding))
    assert [each.code for each in again.walk()] == [each.code for each in finding.walk()]
    assert [str(each.note) for each in again.walk()] == [str(each.note) for each in finding.walk()]


def test_comparisons_can_be_sent_elsewhere():
    """A pickled comparison explains the same."""
    comparison = compare(CLAIM, named_law("no-japan"), LAW)
    again = pickle.loads(pickle.dumps(comparison))
    assert again == comparison
    assert again.explain() == comparison.explain()
