"""Claims that rely on a row of a published list: what it represents, what it leaves unresolved."""

import json
from datetime import date
from decimal import Decimal

import attrs
import pytest

from evcredit import (
    Battery,
    Bounds,
    Claim,
    MineralSource,
    Purchase,
    Taxpayer,
    TaxYear,
    Vehicle,
    Verdict,
    assess,
    compare,
    current_law,
    with_facts,
)
from evcredit.algebra.bound import finding_of
from evcredit.facts.listing import ListedVehicle
from evcredit.io import claim_from_json, claim_to_dict, claim_to_json
from evcredit.law.lists import find_listed, listings
from evcredit.law.readings import ManufacturerLimitDay
from evcredit.section_30d.listed import listed_amount, listed_price, published_listing, speaks_for

LAW = current_law()
MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
ASSEMBLY = "vehicle.final_assembly_country"
IN_SERVICE = "purchase.placed_in_service"

(ZDX,) = find_listed(make="Acura", model="ZDX", list_id="L4_2024_snapshot")
#: Which began on 18, 19 or 20 April 2023; the sources leave it open.
(R1S,) = find_listed(make="Rivian", model="R1S", list_id="L2_2023-04-18")
(MACH_E,) = find_listed(make="Ford", model="Mustang Mach-E", list_id="L1b_2023-02-03_label")
(RAV4,) = find_listed(make="Toyota", model="RAV4 Prime", list_id="L0_pre2023")
(PANAMERA,) = find_listed(
    make="Porsche", model="Panamera S E-Hybrid", model_year=2014, list_id="L0_pre2023"
)
RECALLED = next(row for row in listings() if row.mark == "R" and row.list_id[:2] == "L6")


def relying(row, day, **facts):
    """A claim of a buyer well under the limits, at the price limit; ``__`` represents a point.

    Of the vehicle nothing is stated but what the manufacturer reports, the price, and that it
    complies with the rules on air and safety.
    """
    bought = None if day is None else min(date.fromisoformat(day), date(2025, 9, 30))
    year = TaxYear(filing_status="single", modified_adjusted_gross_income=60_000)
    claim = Claim(
        vehicle=Vehicle(
            **row.vehicle_facts(),
            msrp=row.msrp_limit,
            meets_air_and_safety_rules=True,
            battery=Battery(**row.battery_facts()),
            listing=row,
        ),
        purchase=Purchase.new_from_dealer(
            placed_in_service=day, contract_date=bought, first_payment_date=bought
        ),
        taxpayer=Taxpayer(current_year=year, prior_year=year),
    )
    return with_facts(claim, {path.replace("__", "."): value for path, value in facts.items()})


def result(row, day, **facts):
    """What comes of such a claim."""
    return assess(relying(row, day, **facts))


def plain(text):
    """A text without its line breaks."""
    return " ".join(text.split())


#: Of a vehicle that fails by its own facts, whatever else is known of it.
FAILING = {"vehicle__driven_by_battery_motor": False, "vehicle__fuel_cell": False}
#: Early enough for any day of the lists.
BOUGHT_EARLY = {
    "purchase__contract_date": "2010-01-01",
    "purchase__first_payment_date": "2010-01-01",
}
#: Own facts that hold, and suffice for the first half alone.
OWN = {
    "vehicle__gross_vehicle_weight_rating_lb": 6000,
    "vehicle__vehicle_class": "sport utility vehicle",
    "vehicle__final_assembly_country": "United States",
    "vehicle__battery__capacity_kwh": 102,
    "vehicle__battery__components_from_foreign_entity_of_concern": False,
    "vehicle__battery__certified_critical_mineral_content": 50,
    "vehicle__battery__certified_battery_component_content": 0,
}


# -- what a row represents -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "day", "speaks"),
    [
        (ZDX, "2024-04-01", NOT_MET),
        (ZDX, "2024-04-02", MET),
        (ZDX, "2024-12-31", MET),
        (ZDX, "2025-01-01", NOT_MET),
        (ZDX, None, UNKNOWN),
        (R1S, "2023-04-17", NOT_MET),
        (R1S, "2023-04-18", UNKNOWN),
        (R1S, "2023-04-19", UNKNOWN),
        (R1S, "2023-04-20", MET),
    ],
)
def test_a_row_stands_for_what_is_reported_on_its_days(row, day, speaks):
    """And then, here, for the amount: of a vehicle of which otherwise hardly anything is known."""
    claim = relying(row, day)
    assert Verdict.of(speaks_for(claim, LAW)) is speaks
    found = assess(claim)
    # Of the price at the limit of the row, too.
    for rule in (published_listing, listed_price, listed_amount):
        assert finding_of(rule, claim, LAW).verdict is speaks
    if speaks is MET:
        assert (found.verdict, found.credit) == (MET, Bounds.exactly(row.credit))
        assert found.missing() == ()
    else:
        assert (found.verdict, found.credit.lower) == (UNKNOWN, 0)
        assert found.missing() or speaks is UNKNOWN


def test_a_claim_that_relies_on_no_row():
    """The rules on a list are no part of it; asked all the same, they are not met."""
    claim = with_facts(relying(ZDX, "2024-06-03"), {"vehicle.listing": None})
    found = assess(claim)
    assert speaks_for(claim, LAW) is False
    for rule in (published_listing, listed_price, listed_amount):
        with pytest.raises(KeyError):
            found.find(rule.code)
        assert finding_of(rule, claim, LAW).verdict is NOT_MET
        assert [*rule.facts()] != []
    assert found.verdict is UNKNOWN


@pytest.mark.parametrize("fact", ["vehicle__fuel_cell", "vehicle__driven_by_battery_motor"])
def test_what_is_reported_is_not_asked_of_the_vehicle(fact):
    """Weight, capacity, motor and the rest are in the report that the list reports."""
    assert result(ZDX, "2024-06-03", **{fact: None}).credit == Bounds.exactly(7500)


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        ("purchase__original_use_begins_with_taxpayer", False, "original_use"),
        ("purchase__for_use_or_lease", False, "use_or_lease"),
        ("purchase__seller_report_furnished", False, "seller_report"),
        ("purchase__vin_on_return", False, "vin_on_return"),
        ("purchase__elected_out", True, "not_elected_out"),
        ("vehicle__meets_air_and_safety_rules", False, "air_and_safety"),
        ("taxpayer", Taxpayer(kind="tax-exempt or governmental user"), "not_tax_exempt"),
    ],
)
def test_what_no_list_tells_of(path, value, code):
    """The sale, the return and the taxpayer are not on it."""
    found = result(ZDX, "2024-06-03", **{path: value})
    assert found.credit == Bounds.exactly(0)
    assert [reason.code for reason in found.reasons] == [code]


def test_an_acquisition_too_late():
    """26 USC 30D(h): a row of 2025 stands to the end of the year, the credit does not."""
    late = {"purchase__contract_date": "2025-10-01", "purchase__first_payment_date": "2025-10-01"}
    (row,) = find_listed(make="Tesla", model="Cybertruck Dual", list_id="L7_2025_mid")
    assert result(row, "2025-10-01", **late).credit == Bounds.exactly(0)


@pytest.mark.parametrize(
    ("model_year", "credit"),
    [(None, "7,500"), (2024, "7,500"), (2025, "0"), (Bounds(2024, 2025), "7,500")],
    ids=str,
)
def test_a_row_for_another_model_year(model_year, credit):
    """It says nothing; an unknown year leaves nothing open, as to rely on it says it is meant."""
    found = result(ZDX, "2024-06-03", vehicle__model_year=model_year, **FAILING)
    assert str(found.credit) == credit
    assert found.find("published_listing").verdict is Verdict.of(credit == "7,500")


def test_a_row_without_model_years_is_for_all():
    """What the source omits is no limit."""
    row = attrs.evolve(ZDX, model_years=None)
    assert result(row, "2024-06-03", vehicle__model_year=2021).credit == Bounds.exactly(7500)


def test_a_row_for_certain_vehicles_only():
    """To rely on it is to say that the vehicle is one of them."""
    row = attrs.evolve(ZDX, only_certain_vehicles=True)
    assert result(row, "2024-06-03").credit == Bounds.exactly(7500)


def test_a_row_of_another_section():
    """A list of 26 USC 30B says nothing about 26 USC 30D, and the result says so."""
    row = attrs.evolve(ZDX, section="30B")
    found = result(row, "2024-06-03", **FAILING)
    assert (found.verdict, found.credit) == (NOT_MET, Bounds.exactly(0))
    assert found.warnings == (
        "the list L4_2024_snapshot is about section 30B and says nothing here",
    )


# -- rows by the day of acquisition --------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "credit"),
    [("2022-12-31", 3750), ("2022-09-30", 3750), (None, 0)],
)
def test_a_row_before_2023_counts_the_day_title_passed(title, credit):
    """Driven from 5 January 2023 on: the row speaks if title passed before 2023.

    The limit on the number of vehicles goes by the sale, on 20 December 2022.
    """
    days = {"purchase__sale_date": "2022-12-20", "purchase__title_date": title}
    days |= {"purchase__contract_date": None, "purchase__first_payment_date": None}
    days |= {"vehicle__msrp": 40_000, "vehicle__vehicle_class": "sport utility vehicle"}
    claim = relying(RAV4, "2023-01-05", vehicle__final_assembly_country="US", **days, **FAILING)
    if title is None:
        # Without a day of its own title passes with the sale, and with that, with possession.
        claim = with_facts(claim, {"purchase.sale_date": None})
    found = assess(claim)
    assert found.credit == Bounds.exactly(credit)
    assert Verdict.of(speaks_for(claim, LAW)) is Verdict.of(bool(credit))


@pytest.mark.parametrize(
    ("day", "country", "expected"),
    [
        ("2022-08-16", "Japan", MET),
        ("2022-08-16", None, MET),
        ("2022-08-17", "Japan", NOT_MET),
        ("2022-08-17", "Canada", MET),
        ("2022-08-17", None, UNKNOWN),
        (None, "Canada", UNKNOWN),
        (None, "Japan", UNKNOWN),
        (None, None, UNKNOWN),
    ],
)
def test_final_assembly_is_not_on_a_row_before_2023(day, country, expected):
    """P.L. 117-169 sec. 13401(k)(2): needed for vehicles sold after 16 August 2022."""
    found = result(RAV4, day, vehicle__final_assembly_country=country, **FAILING)
    assert found.find("published_listing").verdict is expected
    wanted = {MET: "7,500", NOT_MET: "0", UNKNOWN: "0 to 7,500"}
    assert str(found.credit) == wanted[expected]
    missing = set() if day is not None else {IN_SERVICE}
    if country is None and expected is UNKNOWN:
        missing |= {ASSEMBLY}
    assert set(found.missing()) & {IN_SERVICE, ASSEMBLY} == missing


def test_the_last_unknown_fact_of_a_row_before_2023():
    """The country of final assembly settles it either way."""
    found = result(RAV4, "2022-09-05", **FAILING)
    assert found.missing() == (ASSEMBLY,)
    for verdict in (MET, NOT_MET):
        assert found.settling(verdict) == (frozenset({ASSEMBLY}),)


def test_a_later_row_tells_of_final_assembly():
    """A country stated elsewhere does not matter to it; it is warned of."""
    found = result(ZDX, "2024-06-03", vehicle__final_assembly_country="Japan")
    assert found.credit == Bounds.exactly(7500)
    assert found.warnings == (
        (
            "the list L4_2024_snapshot governs, but what is stated of the vehicle fails: "
            "final assembly within North America"
        ),
    )


def test_the_election_of_2022_brings_a_row_back():
    """P.L. 117-169 sec. 13401(l): delivered in 2023, treated as of 15 August 2022."""
    bound = {
        "purchase__contract_date": "2022-08-01",
        "purchase__first_payment_date": "2022-08-01",
        "vehicle__final_assembly_country": "Japan",
    }
    elected = {"purchase__elects_transition_rule": True, **bound}
    assert result(RAV4, "2023-03-01", **elected).credit == Bounds.exactly(7500)
    assert result(RAV4, "2023-03-01", **bound, **FAILING).credit == Bounds.exactly(0)


# -- the amount ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("capacity", "credit"), [(91, "7,500"), (12, "5,836"), (None, "2,500 to 7,500")], ids=str
)
def test_a_row_without_an_amount_leaves_it_to_the_capacity(capacity, credit):
    """The lists of early 2023 say which vehicles qualify, not for how much."""
    found = result(MACH_E, "2023-03-01", vehicle__battery__capacity_kwh=capacity)
    assert (str(found.credit), found.verdict) == (credit, MET)
    assert found.find("published_listing").verdict is MET
    assert finding_of(listed_amount, found.claim, LAW).verdict is NOT_MET
    assert found.missing() == (("vehicle.battery.capacity_kwh",) if capacity is None else ())
    assert "Ford Mustang Mach-E: no amount, from 2023-01-01 to 2023-04-17" in found.explain()


def test_a_row_without_an_amount_under_the_sourcing_rules():
    """The contents decide, as for any vehicle."""
    (row,) = find_listed(make="Volkswagen", model="ID.4", list_id="L4_2024_snapshot")[:1]
    row = attrs.evolve(row, credit=None, earliest_start=None, latest_start=None)
    row = attrs.evolve(row, valid_from="2024-01-24")
    half = {"vehicle__battery__certified_critical_mineral_content": 50}
    half |= {"vehicle__battery__certified_battery_component_content": 59}
    assert result(row, "2024-06-03", **half).credit == Bounds.exactly(3750)


def test_a_listed_amount_with_cents():
    """To the cent as published, although amounts are rounded to the dollar otherwise."""
    found = result(PANAMERA, "2014-06-03")
    assert found.credit == Bounds.exactly(Decimal("4751.80"))
    assert "a new clean vehicle credit of $4,751.80 is allowed" in found.explain()
    assert found.to_dict()["credit"]["lower"] == "4751.8"
    of_tesla = attrs.evolve(PANAMERA, make="Tesla", model_years=None)
    assert result(of_tesla, "2019-08-01").credit == Bounds.exactly(Decimal("1187.95"))


@pytest.mark.parametrize(
    ("make", "day", "credit"),
    [
        ("Tesla", "2018-12-31", "7,500"),
        ("Tesla", "2019-06-30", "3,750"),
        ("Tesla", "2019-12-31", "1,875"),
        ("Tesla", "2020-01-01", "0"),
        ("Chevrolet", "2019-04-01", "3,750"),
        ("Lexus", "2022-10-01", "3,750"),
        ("Tesla", None, "0 to 7,500"),
        ("Chevrolat", "2019-04-01", "3,750 to 7,500"),
    ],
)
def test_a_phase_out_is_taken_off_a_listed_amount(make, day, credit):
    """26 USC 30D(e) (2021): the list gives the amount before it."""
    row = attrs.evolve(RAV4, make=make, model_years=None)
    found = result(row, day, vehicle__final_assembly_country="US")
    assert str(found.credit) == credit
    if credit == "3750":
        text = plain(found.explain())
        assert "50 %: percentage of the credit" in text
        assert "amount before any phase-out" not in text


def test_a_phase_out_by_the_other_day():
    """Sold in 2022, with title in 2022, driven from 2023: a reading decides on the limit."""
    claim = relying(
        RAV4,
        "2023-01-05",
        vehicle__final_assembly_country="US",
        vehicle__msrp=40_000,
        vehicle__vehicle_class="van",
        purchase__sale_date="2022-12-20",
    )
    other = LAW.with_readings(manufacturer_limit_day=ManufacturerLimitDay.PLACED_IN_SERVICE)
    assert assess(claim).credit == Bounds.exactly(3750)
    assert assess(claim, law=other).credit == Bounds.exactly(7500)


def test_a_listed_amount_on_an_unknown_day():
    """Before its days by capacity, within them as listed, after them by the contents."""
    found = result(ZDX, None, **BOUGHT_EARLY)
    assert (found.verdict, str(found.credit)) == (UNKNOWN, "0 to 7,500")
    assert IN_SERVICE in found.missing()
    assert frozenset({IN_SERVICE}) in found.settling(MET)


def test_bounds_of_a_listed_half_where_the_day_is_in_doubt():
    """The row's half, or what the contents amount to."""
    own = {**OWN, "vehicle__battery__certified_battery_component_content": 100}
    own["vehicle__battery__components_from_foreign_entity_of_concern"] = None
    assert str(result(R1S, "2023-04-19", **own).credit) == "3,750 to 7,500"
    assert str(result(R1S, "2023-04-20", **own).credit) == "3,750"
    assert str(result(R1S, "2023-04-17", **own).credit) == "7,500"
    nothing = {**OWN, "vehicle__battery__certified_critical_mineral_content": 0}
    assert str(result(R1S, "2023-04-19", **nothing).credit) == "0 to 3,750"


@pytest.mark.parametrize(
    ("minerals", "components"), [(None, 100), (None, 0)], ids=["half or all", "nothing or half"]
)
def test_own_contents_matter_where_the_day_is_in_doubt(minerals, components):
    """The amount is then the row's or that of the contents, so either content moves a bound."""
    own = {
        **OWN,
        "vehicle__battery__certified_critical_mineral_content": minerals,
        "vehicle__battery__certified_battery_component_content": components,
        "vehicle__battery__minerals": [MineralSource.processed_in("CL", "lithium", 100)],
    }
    found = result(R1S, "2023-04-19", **own)
    path = "vehicle.battery.minerals[0].steps[0].country"
    assert (path in found.missing()) is False  # processing in Chile is enough
    open_place = with_facts(found.claim, {"vehicle.battery.minerals[0].steps[1].country": None})
    assert path in assess(open_place).missing()


# -- the price -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("price", "expected"),
    [
        ("80000", MET),
        ("80000.01", NOT_MET),
        (Bounds(70_000, 80_000), MET),
        (Bounds(70_000, 90_000), UNKNOWN),
        (Bounds(81_000, 90_000), NOT_MET),
        (None, UNKNOWN),
    ],
    ids=str,
)
def test_price_limit_of_the_row(price, expected):
    """The list gives the limit of the class, which need not be stated."""
    claim = relying(ZDX, "2024-06-03", vehicle__msrp=price)
    found = assess(claim)
    assert found.find("listed_price").verdict is expected
    assert str(found.credit) == {MET: "7,500", NOT_MET: "0", UNKNOWN: "0 to 7,500"}[expected]
    assert found.missing() == (("vehicle.msrp",) if expected is UNKNOWN else ())


def test_price_above_the_limit_of_the_row():
    """An unknown class may have a higher one; a class that is stated decides as ever."""
    row = find_listed(make="Tesla", model="Model 3", list_id="L4_2024_snapshot")[0]
    assert row.msrp_limit == 55_000
    price = {"vehicle__msrp": 60_000}
    open_class = result(row, "2024-12-31", **price)
    assert str(open_class.credit) == f"0 to {row.credit:,}"
    assert open_class.missing() == ("vehicle.vehicle_class",)
    assert (
        str(result(row, "2024-12-31", vehicle__vehicle_class="other vehicle", **price).credit)
        == "0"
    )
    van = result(row, "2024-12-31", vehicle__vehicle_class="van", **price)
    assert van.credit == Bounds.exactly(row.credit)


def test_a_row_without_a_price_limit():
    """The limit of the class as stated is all there is."""
    row = attrs.evolve(ZDX, msrp_limit=None)
    found = result(row, "2024-06-03", vehicle__msrp=60_000)
    assert found.find("listed_price").verdict is NOT_MET
    assert found.missing() == ("vehicle.vehicle_class",)


def test_no_price_is_asked_before_2023():
    """26 USC 30D(f)(11) begins with 2023, and the rows before have no limit."""
    for price in (None, 200_000):
        found = result(RAV4, "2021-06-03", vehicle__msrp=price)
        assert found.find("price_within_limit").in_force is False
        assert (found.credit, found.missing()) == (Bounds.exactly(7500), ())


# -- where list and own facts disagree -----------------------------------------------------


def test_no_warning_where_they_agree():
    """The same amount, or one that what is stated leaves possible."""
    both = {**OWN, "vehicle__battery__certified_battery_component_content": 60}
    for facts in ({}, both, {"vehicle__battery__certified_critical_mineral_content": 50}):
        assert result(ZDX, "2024-06-03", **facts).warnings == ()


def test_warning_where_the_vehicle_fails_by_its_own_facts():
    """The list governs; every rule that fails is named, and no amount is compared."""
    heavy = {"vehicle__gross_vehicle_weight_rating_lb": 14_000, "vehicle__fuel_cell": False}
    found = result(ZDX, "2024-06-03", **{**OWN, **heavy})
    assert (found.verdict, found.credit) == (MET, Bounds.exactly(7500))
    assert found.warnings == (
        (
            "the list L4_2024_snapshot governs, but what is stated of the vehicle fails: "
            "gross vehicle weight rating below the limit; "
            "a new qualified fuel cell motor vehicle of 26 USC 30B(b)(3)"
        ),
    )
    assert f"Warning: {found.warnings[0]}." in plain(found.explain())
    assert found.to_dict()["warnings"] == list(found.warnings)


@pytest.mark.parametrize(("minerals", "amount"), [(50, "3,750"), (0, "0")])
def test_warning_where_the_amount_differs(minerals, amount):
    """What is stated amounts to half, or to nothing."""
    own = {**OWN, "vehicle__battery__certified_critical_mineral_content": minerals}
    found = result(ZDX, "2024-06-03", **own)
    assert found.credit == Bounds.exactly(7500)
    assert found.warnings == (
        (
            "the amount on the list L4_2024_snapshot governs, but what is stated of the vehicle "
            f"amounts to {amount}"
        ),
    )


def test_warning_where_the_capacity_has_another_amount():
    """Before 18 April 2023 the amount goes by capacity."""
    small = {
        "vehicle__battery__capacity_kwh": 12,
        "vehicle__gross_vehicle_weight_rating_lb": 5000,
    }
    found = result(RAV4, "2021-06-03", **small)
    assert found.credit == Bounds.exactly(7500)
    assert [text.partition("amounts to ")[2] for text in found.warnings_beside(found.unread)] == [
        "5,836"
    ]


def test_warning_of_a_recalled_row():
    """Its figures were not read in a source."""
    found = result(RECALLED, "2025-03-01")
    assert found.credit == Bounds.exactly(7500)
    assert found.warnings == (
        "the row of the list L6_2025-01-01 is recalled, and was not read in a source",
    )


def test_a_row_that_is_silent_is_pointed_out():
    """Relied on for a day that it does not apply to, or for another model year."""
    (warning,) = result(RECALLED, "2026-01-01").warnings
    assert warning.startswith("the row relied on does not apply to this vehicle: ")


# -- words and data ------------------------------------------------------------------------


def test_explanation_of_a_credit_by_a_list():
    """The row with its days in the amount; nothing to compute from chains or capacity."""
    text = plain(result(ZDX, "2024-06-03").explain())
    for part in (
        "MET: a new clean vehicle credit of $7,500 is allowed.",
        "met: an amount is on the published list for that day [Rev. Proc. 2022-42 sec. 4]",
        "Acura ZDX, model year 2024: $7,500, from 2024-04-02 to 2024-12-31 (L4_2024_snapshot)",
        "on a published list of vehicles reported as qualifying [Rev. Proc. 2022-42 sec. 4]",
        "price not in excess of the limit on the published list [Rev. Proc. 2022-42 sec. 4]",
    ):
        assert part in text
    for part in ("applicable percentage", "gross vehicle weight", "amount before any phase-out"):
        assert part not in text


def test_explanation_where_the_row_does_not_speak():
    """What decides is then the vehicle, and the amount has to be computed."""
    text = plain(result(ZDX, "2024-04-01", **FAILING).explain())
    assert text.startswith("NOT MET: no new clean vehicle credit is allowed.")
    assert "not met: on a published list of vehicles reported as qualifying" in text
    assert "not met: propelled to a significant extent by a battery motor" in text
    before = plain(result(MACH_E, "2023-04-17").explain())
    assert "not met: an amount is on the published list for that day" in before
    assert "$2,500 to $7,500: amount before any phase-out [26 USC 30D(b) (2021)]" in before


def test_other_forms_of_an_explanation():
    """Markdown and mermaid have the list too."""
    found = result(ZDX, "2024-06-03")
    assert "Acura ZDX, model year 2024: \\$7,500" in found.explain("markdown")
    assert "on a published list of vehicles reported as qualifying" in found.explain("mermaid")


@pytest.mark.parametrize("row", [ZDX, R1S, MACH_E, RAV4, PANAMERA, RECALLED], ids=str)
def test_a_claim_with_a_listing_as_json(row):
    """It comes back as it was, with what follows from it."""
    claim = relying(row, "2022-06-03" if row.section and "L0" in row.list_id else "2024-06-03")
    again = claim_from_json(claim_to_json(claim))
    assert again == claim and again.vehicle.listing == row
    assert assess(again).credit == assess(claim).credit
    assert claim_to_dict(claim)["vehicle"]["listing"]["list_id"] == row.list_id


def test_result_as_data():
    """Ready for JSON, with the row among the facts of the receipt."""
    data = result(ZDX, "2024-06-03").to_dict()
    assert json.loads(json.dumps(data)) == data
    assert data["receipt"]["facts"]["vehicle"]["listing"]["credit"] == 7500
    assert (data["verdict"], data["missing"], data["warnings"]) == ("met", [], [])
    codes = str(data["finding"])
    for code in ("published_listing", "listed_price", "listed_sourcing", "listed_row"):
        assert f"'{code}'" in codes
    assert "listed_amount" in [finding["code"] for finding in data["amounts"]]


def test_other_laws_compare_under_a_list():
    """A list represents a report, not for the agreements, so nothing flips without Japan."""
    claim = relying(ZDX, "2024-06-03")
    comparison = compare(claim, LAW.without_agreement("JPCMA"), LAW)
    assert comparison.difference == Bounds.exactly(0)


def test_settling_where_the_list_is_silent():
    """Nothing a list could add is among what would settle the claim after its days."""
    known = {**OWN, "vehicle__battery__certified_critical_mineral_content": None}
    known["vehicle__battery__minerals_from_foreign_entity_of_concern"] = False
    found = result(ZDX, "2025-01-01", **known)
    minerals = "vehicle.battery.minerals"
    assert found.missing() == (minerals,)
    assert found.settling(MET) == found.settling(NOT_MET) == (frozenset({minerals}),)


def test_a_row_made_by_hand():
    """It need not come from the record."""
    row = ListedVehicle(
        make="Example",
        model="Crossover",
        credit=3750,
        msrp_limit=55_000,
        valid_from="2024-02-01",
        valid_to="2024-02-29",
        counted_on="placed in service",
    )
    facts = {"vehicle__made_by_qualified_manufacturer": None}
    assert result(row, "2024-02-29", **facts).credit == Bounds.exactly(3750)
    assert result(row, "2024-03-01", **facts).verdict is UNKNOWN


def test_a_day_that_the_list_leaves_open_is_the_reason():
    """No fact can settle what the source does not tell."""
    found = result(R1S, "2023-04-19", **FAILING)
    assert found.verdict is UNKNOWN
    (reason,) = found.undetermined
    assert reason.startswith(
        "the list leaves unresolved whether it applies to that day: Rivian R1S"
    )
    assert reason in plain(found.explain())


def test_the_day_of_sale_matters_to_a_row_that_tells_nothing_of_assembly():
    """With title passed in time, an unknown possession may lie before or after 2022-08-16."""
    facts = {**FAILING, "purchase__title_date": date(2022, 8, 1)}
    assert {IN_SERVICE, ASSEMBLY} <= set(result(RAV4, None, **facts).missing())
    abroad = result(RAV4, None, **facts, vehicle__final_assembly_country="Japan")
    assert IN_SERVICE in abroad.missing()
    assert ASSEMBLY not in abroad.missing()
