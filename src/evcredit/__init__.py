"""The United States clean vehicle credits, computed exactly, with reasons and citations.

>>> from evcredit import assess, compare, current_law, examples
>>> claim = examples.demonstration_claim()
>>> assess(claim).verdict
<Verdict.MET: 'met'>
>>> print(compare(claim, current_law().without_agreement("JPCMA"), current_law()).difference)
3,750
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from evcredit._version import __version__ as __version__
from evcredit.algebra.exports import export

if TYPE_CHECKING:
    from evcredit import advice as advice
    from evcredit import algebra as algebra
    from evcredit import audit as audit
    from evcredit import batteries as batteries
    from evcredit import errors as errors
    from evcredit import examples as examples
    from evcredit import facts as facts
    from evcredit import forms as forms
    from evcredit import importers as importers
    from evcredit import io as io
    from evcredit import law as law
    from evcredit import plots as plots
    from evcredit import pools as pools
    from evcredit import provisions as provisions
    from evcredit import results as results
    from evcredit import section_25e as section_25e
    from evcredit import section_30d as section_30d
    from evcredit import section_45w as section_45w
    from evcredit import tables as tables
    from evcredit.advice.evaluate import options as options
    from evcredit.advice.failing import change_of_all as change_of_all
    from evcredit.advice.failing import denials as denials
    from evcredit.advice.offers import BuyNew as BuyNew
    from evcredit.advice.offers import BuyUsed as BuyUsed
    from evcredit.advice.offers import Lease as Lease
    from evcredit.algebra.bounds import Bounds as Bounds
    from evcredit.algebra.citation import Citation as Citation
    from evcredit.algebra.finding import Finding as Finding
    from evcredit.algebra.path import with_facts as with_facts
    from evcredit.algebra.verdict import Verdict as Verdict
    from evcredit.errors import EvcreditError as EvcreditError
    from evcredit.errors import InvalidFactError as InvalidFactError
    from evcredit.errors import OutsideCoverage as OutsideCoverage
    from evcredit.facts.battery import Battery as Battery
    from evcredit.facts.chain import MineralSource as MineralSource
    from evcredit.facts.chain import Step as Step
    from evcredit.facts.claim import Claim as Claim
    from evcredit.facts.component import BatteryComponent as BatteryComponent
    from evcredit.facts.purchase import Purchase as Purchase
    from evcredit.facts.taxpayer import FilingStatus as FilingStatus
    from evcredit.facts.taxpayer import Taxpayer as Taxpayer
    from evcredit.facts.taxpayer import TaxYear as TaxYear
    from evcredit.facts.transfer import CreditTransfer as CreditTransfer
    from evcredit.facts.vehicle import Vehicle as Vehicle
    from evcredit.facts.vehicle import VehicleClass as VehicleClass
    from evcredit.forms.form_8936 import fill_forms as fill_forms
    from evcredit.forms.return_facts import CleanVehicleReturn as CleanVehicleReturn
    from evcredit.law.agreements import TradeAgreement as TradeAgreement
    from evcredit.law.current import current_law as current_law
    from evcredit.law.law import Law as Law
    from evcredit.law.lists import find_listed as find_listed
    from evcredit.law.readings import Readings as Readings
    from evcredit.law.scenarios import named_law as named_law
    from evcredit.provisions.section import Credit as Credit
    from evcredit.results.assessing import assess as assess
    from evcredit.results.assessment import Assessment as Assessment
    from evcredit.results.comparison import Comparison as Comparison
    from evcredit.results.comparison import compare as compare
    from evcredit.results.transfer import assess_transfer as assess_transfer

export(
    __name__,
    {
        "advice.evaluate": "options",
        "advice.failing": "change_of_all denials",
        "advice.offers": "BuyNew BuyUsed Lease",
        "algebra.bounds": "Bounds",
        "algebra.citation": "Citation",
        "algebra.finding": "Finding",
        "algebra.path": "with_facts",
        "algebra.verdict": "Verdict",
        "errors": "EvcreditError InvalidFactError OutsideCoverage",
        "facts.battery": "Battery",
        "facts.chain": "MineralSource Step",
        "facts.claim": "Claim",
        "facts.component": "BatteryComponent",
        "facts.purchase": "Purchase",
        "facts.taxpayer": "FilingStatus TaxYear Taxpayer",
        "facts.transfer": "CreditTransfer",
        "facts.vehicle": "Vehicle VehicleClass",
        "forms.form_8936": "fill_forms",
        "forms.return_facts": "CleanVehicleReturn",
        "law.agreements": "TradeAgreement",
        "law.current": "current_law",
        "law.law": "Law",
        "law.lists": "find_listed",
        "law.readings": "Readings",
        "law.scenarios": "named_law",
        "provisions.section": "Credit",
        "results.assessing": "assess",
        "results.assessment": "Assessment",
        "results.comparison": "Comparison compare",
        "results.transfer": "assess_transfer",
    },
    modules=(
        "advice algebra audit batteries errors examples facts forms importers io law plots "
        "pools provisions results section_25e section_30d section_45w tables"
    ),
)
