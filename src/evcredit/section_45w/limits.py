"""26 USC 45W(a), (d) and (e): who claims, and the special rules.

Rules similar to 26 USC 30D(f) apply, without its limits of income and price; those that are the
same are the rules of that section themselves. Of a leased vehicle the lessor is the one who
places it in service; the lessee has no credit, and no right to a part of the lessor's.
"""

from __future__ import annotations

import attrs

from evcredit.algebra.citation import Citation
from evcredit.algebra.expression import Expression
from evcredit.algebra.rule import Rule, all_of
from evcredit.facts.taxpayer import TaxpayerKind
from evcredit.provisions.provision import provision
from evcredit.provisions.views import ClaimView, LawView
from evcredit.section_30d.after_sale import sale_not_cancelled
from evcredit.section_30d.limits import (
    air_and_safety,
    in_service,
    not_elected_out,
    used_in_united_states,
)

__all__ = ["commercial_claimant", "commercial_special_rules"]


# -- who claims ----------------------------------------------------------------------------


@provision("26 USC 45W(a)", "the taxpayer is not merely the lessee")
def not_the_lessee(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.purchase.leased_from_another


# What makes a lease one for tax purposes is left to the caller: questions of topic G, in
# FS-2023-29, name the marks of a sale under conditions.
@provision("FS-2023-29", "a vehicle leased to a customer is the taxpayer's for tax purposes")
def owned_for_tax(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.purchase.subject_to_lease | claim.purchase.true_lease


# Whoever pays no tax is paid the credit instead, and needs a registration number for it.
@provision("26 USC 6417(d)(5)", "a tax-exempt user is registered for elective payment")
def registered_for_payment(claim: ClaimView, law: LawView) -> Expression:
    tax_exempt = claim.taxpayer.kind.is_one_of(TaxpayerKind.TAX_EXEMPT_USER)
    return ~tax_exempt | claim.purchase.elective_payment_registered


commercial_claimant: Rule = all_of(
    "commercial_claimant",
    "the taxpayer is the one who may claim",
    "26 USC 45W(a)",
    not_the_lessee,
    owned_for_tax,
    registered_for_payment,
)


# -- one benefit for one vehicle -----------------------------------------------------------


@provision("26 USC 45W(d)(3)", "no credit under section 30D was allowed for this vehicle")
def no_new_vehicle_credit(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.purchase.new_vehicle_credit_allowed


# The statute names the credit of section 30D alone, so this is a reading.
@provision("REG-123525-23", "no credit under section 25E bars this one")
def no_used_vehicle_credit(claim: ClaimView, law: LawView) -> Expression:
    bars = law.readings.used_credit_bars_commercial
    return ~(bars & claim.purchase.used_vehicle_credit_allowed)


# One credit for one vehicle, as in 26 USC 30D(f)(8).
@provision("26 USC 45W(d)(1)", "no commercial credit was allowed for this vehicle before")
def no_commercial_credit(claim: ClaimView, law: LawView) -> Expression:
    return ~claim.purchase.credit_already_allowed


@provision("26 USC 45W(e)", "the vehicle identification number is on the return")
def commercial_vin_on_return(claim: ClaimView, law: LawView) -> Expression:
    return claim.purchase.vin_on_return


commercial_in_service: Rule = attrs.evolve(in_service, citation=Citation.parse("26 USC 45W(a)"))

commercial_special_rules: Rule = all_of(
    "commercial_special_rules",
    "no special rule applies",
    "26 USC 45W(d)",
    no_new_vehicle_credit,
    no_used_vehicle_credit,
    no_commercial_credit,
    commercial_vin_on_return,
    not_elected_out,
    used_in_united_states,
    air_and_safety,
    commercial_in_service,
    sale_not_cancelled,
)
