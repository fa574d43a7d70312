"""What a first program writes: type checkers accept all of it (see check.py)."""

from datetime import date
from decimal import Decimal

from evcredit import (
    Battery,
    BatteryComponent,
    Bounds,
    BuyNew,
    Claim,
    CreditTransfer,
    Law,
    MineralSource,
    Purchase,
    Step,
    Taxpayer,
    TaxYear,
    Vehicle,
    VehicleClass,
    Verdict,
    assess,
    assess_transfer,
    compare,
    current_law,
    fill_forms,
    options,
    with_facts,
)
from evcredit.facts.pool import Pool, PoolMember
from evcredit.facts.price import SalePrice
from evcredit.facts.seller_report import SellerReport
from evcredit.facts.tax_return import TaxReturn

nickel = MineralSource.processed_in("Japan", "nickel", value=1061, extracted_in="Indonesia")
lithium = MineralSource(
    mineral="lithium",
    mass_kg="41.5",
    price_per_kg=Decimal("9.80"),
    steps=[Step(activity="extraction", country="Chile"), Step(activity="processing")],
)
cells = BatteryComponent(kind="cell", value=4_000, made_in="United States")
battery = Battery(
    capacity_kwh=75,
    minerals=[nickel, lithium, MineralSource.recycled_in("Canada", "cobalt", used_in=None)],
    components=(cells,),
    certified_critical_mineral_content=Bounds(40, 60),
)
vehicle = Vehicle.road_vehicle(
    msrp="48000.50",
    vehicle_class=VehicleClass.SPORT_UTILITY_VEHICLE,
    final_assembly_country="Canada",
    battery=battery,
)
purchase = Purchase.new_from_dealer(placed_in_service="2024-06-03", contract_date=date(2024, 5, 1))
used = Purchase.used_from_dealer(sale_price=Bounds(10_000, 13_000), sale_date=None)
business = Purchase.for_business(cost=Decimal(45_000))
lessor = Purchase.by_lessor(basis=45_000, subject_to_lease=None)
price = SalePrice.agreed(24_800, dealer_fees=347, incentives=None)
report = SellerReport.accepted(maximum_credit=7_500, sold_on="2024-06-03")
taxpayer = Taxpayer(
    current_year=TaxYear(filing_status="single", modified_adjusted_gross_income=100_000)
)
claim = Claim(vehicle=vehicle, purchase=purchase, taxpayer=taxpayer)
transfer = CreditTransfer.at_the_dealer(claim=claim, credit=7_500, elected_on="2024-06-03")
member = PoolMember(vehicles=3, battery=battery, model_line="Crossover")
pool = Pool.of_year(2024, by="model line", members=[member])

law: Law = current_law().with_readings(puerto_rico_in_north_america=None)
result = assess(claim, law=law)
if result.verdict is Verdict.MET and result.credit >= 7_500:
    print(result.credit + 100, float(result.credit.lower))
print(result.explain(), result.missing(), [finding.code for finding in result.finding.reasons()])
print(compare(claim, law, current_law().without_agreement("JPCMA")).difference)
print(assess_transfer(transfer).verdict, with_facts(claim, {"vehicle.msrp": 50_000}))
best = options(
    taxpayer,
    [BuyNew(name="crossover", vehicle=vehicle, purchase=purchase, transfer=None)],
    tax_return=TaxReturn.personal(tax_before_credits=5_000),
).best
print(best, fill_forms, pool, price, report, used, business, lessor)
