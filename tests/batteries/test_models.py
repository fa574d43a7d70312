"""Batteries made up from published figures, compared with the tables they were first printed in."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest

from evcredit import Bounds, InvalidFactError, assess, current_law, examples, named_law
from evcredit.algebra.share import percent
from evcredit.batteries import (
    BatteryModel,
    MineralPrices,
    Pairing,
    SupplyRoute,
    mineral_prices,
    routes_by_stage,
    supply_products,
    supply_shares,
)
from evcredit.errors import InvalidFactsError
from evcredit.facts import ApplicableMineral, Battery, MineralSource
from evcredit.importers import import_usgs
from evcredit.section_30d import critical_mineral_content

FIVE = ("lithium", "nickel", "cobalt", "manganese", "graphite")


def model(chemistry="NMC811", year=2023, basis="battery grade", **capacity):
    return BatteryModel(
        chemistry=chemistry,
        prices=mineral_prices(year, basis),
        **(capacity or {"capacity_kwh": 75}),
    )


# -- masses and values ---------------------------------------------------------------------------


def test_masses_of_a_pack():
    """75 kWh of NMC 811, as printed: 7.49 kg of lithium, 49.4 of nickel and so on."""
    masses = model().kilograms
    printed = {
        "lithium": "7.49", "nickel": "49.4", "cobalt": "6.2", "manganese": "5.8", "graphite": "69.3"
    }  # fmt: skip
    # Lithium is 7.485 to the digit: the printed 7.49 is rounded half up.
    for name, text in printed.items():
        half_up = masses[name].quantize(Decimal(text), rounding="ROUND_HALF_UP")
        assert half_up == Decimal(text)


#: Shares of value in percent of lithium, nickel, cobalt, manganese and graphite; dollars per kWh.
VALUE_SHARES = [
    ("NMC811", 2023, "commodity", "53.5 36.5 7.3 0.1 2.6", "38.7"),
    ("NMC811", 2023, "battery grade", "47.7 32.6 6.5 0.5 12.8", "43.4"),
    ("NMC811", 2024, "commodity", "30.6 54.0 10.5 0.2 4.7", "20.5"),
    ("NMC622", 2023, "battery grade", "48.9 25.1 13.3 1.0 11.7", "46.8"),
    ("NCA", 2023, "battery grade", "46.8 32.0 9.6 0.0 11.7", "47.7"),
    ("LFP", 2023, "battery grade", "76.3 0.0 0.0 0.0 23.7", "24.9"),
    ("NMC532", 2023, "battery grade", "50.9 21.8 13.9 1.5 11.9", None),
]


@pytest.mark.parametrize(("chemistry", "year", "basis", "shares", "dollars"), VALUE_SHARES)
def test_shares_of_value_come_out_of_the_data(chemistry, year, basis, shares, dollars):
    """Each to the digit that was printed."""
    found = model(chemistry, year, basis, capacity_kwh=1000)
    assert [percent(found.value_share(name)) for name in FIVE] == shares.split()
    if dollars is not None:
        assert f"{found.value / 1000:.1f}" == dollars


def test_values_of_the_demonstration():
    """In whole dollars, and their sum."""
    found = model()
    values = [round(found.values[name]) for name in FIVE]
    assert values == [1554, 1061, 211, 16, 416]
    assert round(found.value) == sum(values) == 3258


# -- the demonstration ---------------------------------------------------------------------------

SOURCING = {
    "lithium": [
        SupplyRoute("0.6", extracted_in="Chile", processed_in="Chile"),
        SupplyRoute("0.4", extracted_in="Australia", processed_in="China"),
    ],
    "nickel": [SupplyRoute(1, extracted_in="Indonesia", processed_in="Japan")],
    "cobalt": [SupplyRoute(1, extracted_in="CD", processed_in="Finland")],
    "manganese": [SupplyRoute(1, extracted_in="South Africa", processed_in="China")],
    "graphite": [
        SupplyRoute("0.3", extracted_in="Japan", processed_in="Japan"),
        SupplyRoute("0.7", extracted_in="China", processed_in="China"),
    ],
}
SCENARIOS = [
    ("no-japan", "47.7", {2023}),
    ("current", "84.1", {2023, 2024, 2025, 2026}),
    ("eu-no-japan", "54.2", {2023, 2024}),
    ("eu", "90.6", {2023, 2024, 2025, 2026}),
]


def claim_with(battery, day=date(2024, 6, 3)):
    claim = examples.demonstration_claim(day)
    return attrs.evolve(claim, vehicle=attrs.evolve(claim.vehicle, battery=battery))


@pytest.mark.parametrize(("law", "share", "years"), SCENARIOS)
def test_the_demonstration_comes_out_of_the_data(law, share, years):
    """The content under each list of countries, and the percentages of which years it reaches."""
    battery, under = model().battery(SOURCING), named_law(law)
    content = critical_mineral_content(claim_with(battery), under)
    assert str(content) == f"{share} %"
    schedule = under.critical_minerals_percentage
    for year in (2023, 2024, 2025, 2026):
        needed = schedule.on(date(year, 7, 1))
        assert content.at_least_percent(needed) is (year in years)
    # The percentage from 2027 on was struck. As enacted it was 80, which both with Japan reach.
    assert content.at_least_percent(80) is (law in {"current", "eu"})


def test_lithium_that_is_not_extracted_on_the_list():
    """The Australian part counts by its extraction alone: 28.6 percent without it."""
    china = SupplyRoute("0.4", extracted_in="China", processed_in="China")
    lithium = [SOURCING["lithium"][0], china]
    battery = model().battery({**SOURCING, "lithium": lithium})
    assert str(critical_mineral_content(claim_with(battery), named_law("no-japan"))) == "28.6 %"


def test_the_example_of_the_package_is_this_battery():
    """Values in whole dollars there, and to a millionth here."""
    rounded, exact = examples.demonstration_battery(), model().battery(SOURCING)
    for one, other in zip(rounded.minerals, exact.minerals, strict=True):
        assert one.steps == other.steps
        assert abs(one.value - other.value) < 1


# -- shares of the world's supply ----------------------------------------------------------------

FREE_TRADE = ("AU", "CA", "CL", "CO", "DO", "KR", "MA", "MX")


def of_world(mineral, activity, year, product=None):
    return {
        each.country: each.share for each in supply_shares(mineral, activity, year, product=product)
    }


PRINTED = [
    ("lithium", 2023, "AU 45.0 CL 20.3 CN 17.5 AR 4.2 ZW 7.3"),
    ("lithium", 2025, "AU 31.7 CL 19.3 CN 21.4 AR 7.9 ZW 9.7"),
    ("cobalt", 2023, "CD 73.5 ID 8.0 RU 3.7 AU 2.2 CA 1.8"),
    ("cobalt", 2025, "CD 74.2 ID 14.2"),
    ("nickel", 2023, "ID 54.1 PH 11.0 NC 6.2 RU 5.6 CA 4.2 AU 4.0"),
    ("nickel", 2025, "ID 66.7 PH 6.9 AU 1.2"),
    ("manganese", 2023, "ZA 37.2 GA 22.9 AU 14.6"),
    ("manganese", 2025, "AU 8.0"),
    ("graphite", 2023, "CN 79.1 MZ 6.4 BR 4.3 MG 4.1"),
]


@pytest.mark.parametrize(("mineral", "year", "printed"), PRINTED)
def test_shares_of_mining(mineral, year, printed):
    """Each to the digit that was printed."""
    shares, words = of_world(mineral, "extraction", year), printed.split()
    for country, text in zip(words[::2], words[1::2], strict=True):
        assert percent(shares[country]) == text


def test_shares_of_refining():
    """Like the above, for the BGS."""
    nickel = of_world("nickel", "processing", 2023, "refined nickel")
    printed = [
        "ID",
        "41.4",
        "CN",
        "28.5",
        "RU",
        "4.6",
        "CA",
        "3.3",
        "JP",
        "3.3",
        "NO",
        "2.8",
        "FI",
        "2.7",
        "AU",
        "2.5",
    ]
    assert [percent(nickel[each]) for each in printed[::2]] == printed[1::2]
    cobalt = of_world("cobalt", "processing", 2023, "refined cobalt")
    printed = ["CN", "79.7", "FI", "6.0", "CA", "2.8", "JP", "2.2", "AU", "2.1", "NO", "2.0"]
    assert [percent(cobalt[each]) for each in printed[::2]] == printed[1::2]


#: Sums over countries with a free trade agreement: printed, exact, and why they differ.
SUMS = [
    ("lithium", "extraction", 2023, (), "66.9", "66.8"),
    ("lithium", "extraction", 2025, (), "52.9", "53.0"),
    ("cobalt", "extraction", 2023, (), "4.0", "4.0"),
    ("cobalt", "extraction", 2025, (), "2.3", "2.3"),
    ("nickel", "extraction", 2023, (), "8.2", "8.2"),
    ("nickel", "extraction", 2025, (), "4.8", "4.7"),
    ("nickel", "processing", 2023, (), "8.8", "8.9"),
    ("nickel", "processing", 2023, ("JP",), "12.1", "12.1"),
    ("cobalt", "processing", 2023, (), "5.5", "5.5"),
    ("cobalt", "processing", 2023, ("JP",), "7.7", "7.7"),
]


@pytest.mark.parametrize(("mineral", "activity", "year", "more", "printed", "exact"), SUMS)
def test_sums_over_countries_with_an_agreement(mineral, activity, year, more, printed, exact):
    """The printed sums add shares that were rounded one by one; four differ from the exact ones."""
    product = f"refined {mineral}" if activity == "processing" else None
    shares = of_world(mineral, activity, year, product)
    counted = [shares[each] for each in (*FREE_TRADE, *more) if each in shares]
    assert percent(sum(counted)) == exact
    assert str(sum(Decimal(percent(each)) for each in counted)) == printed


def test_the_countries_of_those_sums_are_on_the_list():
    """No other country with a share is."""
    listed = set(current_law().agreements.countries_on("2024-06-03"))
    found = {
        each.country
        for mineral in ("lithium", "cobalt", "nickel", "manganese", "graphite")
        for year in (2023, 2025)
        for each in supply_shares(mineral, "extraction", year)
    }
    found |= set(of_world("nickel", "processing", 2023, "refined nickel"))
    found |= set(of_world("cobalt", "processing", 2023, "refined cobalt"))
    assert found & listed == {*FREE_TRADE, "JP"}


def test_a_table_must_be_chosen_where_there_are_several():
    """Shares by place and shares by control are two questions."""
    with pytest.raises(InvalidFactError, match="give one of 'refined cobalt', 'refining'"):
        supply_shares("Co", "processing", 2023)
    with pytest.raises(InvalidFactError, match="no shares of that year"):
        supply_shares("lithium", "extraction", 1999)
    with pytest.raises(InvalidFactError, match="activity"):
        supply_shares("lithium", "smelting", 2023)
    with pytest.raises(InvalidFactError, match="give an activity"):
        supply_products("lithium", None, 2023)
    (only,) = supply_shares("nickel", "processing", 2023, product="refining")
    assert (only.share, only.quantity) == (Fraction(63, 100), None)
    assert only.note == "controls, which includes Chinese-owned capacity abroad"
    assert only.mineral == supply_shares(only.mineral, "extraction", 2023)[0].mineral
    assert isinstance(only.mineral, ApplicableMineral)


def test_namibia_is_a_country_and_what_is_recalled_says_so():
    """Its code is NA, which readers of tables take for nothing."""
    assert "NA" in of_world("lithium", "extraction", 2023)
    recalled = supply_shares("lithium", "processing", 2023, product="lithium chemicals")
    assert all(each.recalled for each in recalled)


# -- routes --------------------------------------------------------------------------------------


def test_a_pairing_is_never_assumed():
    """Without one, where it was extracted stays unknown."""
    both = ({"Australia": "0.4"}, {"China": Decimal("0.5")})
    routes = routes_by_stage(*both)
    assert [(each.extracted_in, each.processed_in, each.share) for each in routes] == [
        (None, "CN", Fraction(1, 2)),
        (None, None, Fraction(1, 2)),
    ]
    independent = routes_by_stage(*both, pairing=Pairing.INDEPENDENT)
    assert sum(each.share for each in independent) == 1
    assert len(independent) == 4


def test_one_stage_alone_leaves_the_other_unknown():
    """And no shares at all leave everything unknown."""
    (first, rest) = routes_by_stage({"Chile": "0.2"})
    assert (first.extracted_in, first.processed_in, rest.steps) == ("CL", None, None)
    (first, rest) = routes_by_stage(processing={"Chile": "0.2"}, pairing="independent")
    assert (first.extracted_in, first.processed_in, rest.steps) == (None, "CL", None)
    (only,) = routes_by_stage()
    assert (only.share, only.steps) == (1, None)


def test_an_assumed_pairing_lies_within_what_is_known_without_it():
    """Lithium of 2023: what is proven without a pairing holds under every one."""
    shares = (
        supply_shares("lithium", "extraction", 2023),
        supply_shares("lithium", "processing", 2023, product="lithium chemicals"),
    )
    found = {}
    for pairing in Pairing:
        battery = model("LFP").battery({"lithium": routes_by_stage(*shares, pairing=pairing)})
        found[pairing] = critical_mineral_content(claim_with(battery), current_law()).bounds
    assert found[Pairing.INDEPENDENT] in found[Pairing.UNKNOWN]
    # 24 percent is processed in Chile, and lithium is 76.3 percent of the value.
    assert percent(found[Pairing.UNKNOWN].lower) == "18.3"
    assert found[Pairing.UNKNOWN].upper == 1


def test_shares_of_an_imported_table_are_relied_on_at_their_lower_end():
    """The total of the world is rounded there, so every share is a pair of bounds."""
    text = """COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2023
Nickel,Indonesia,"Mine production, nickel content",metric tons,"2,030,000"
Nickel,Canada,"Mine production, nickel content",metric tons,W
Nickel,Other countries,"Mine production, nickel content",metric tons,"340,000"
Nickel,World total (rounded),"Mine production, nickel content",metric tons,3750000"""
    facts = import_usgs(text).facts
    routes = routes_by_stage(facts)
    assert [each.extracted_in for each in routes] == ["ID", None]
    assert routes[0].share == facts[0].share.lower < Fraction(2030, 3750)
    assert sum(each.share for each in routes) == 1


def test_rows_of_one_country_are_added_and_rounded_totals_leave_no_more_than_all():
    """Graphite of 2023: the rows add up to more than the rounded total of the world."""
    shares = supply_shares("graphite", "extraction", 2023)
    assert sum(each.share for each in shares) > 1
    routes = routes_by_stage([*shares, *shares])
    assert sum(each.share for each in routes) == 1
    assert len(routes) == len(shares)


def test_kosovo_has_no_code_that_facts_take_and_stays_unknown():
    """ISO 3166 leaves XK to its users."""
    routes = routes_by_stage(supply_shares("Ni", "processing", 2023, product="refined nickel"))
    assert "XK" not in {each.extracted_in for each in routes}
    assert percent(routes[-1].share * 100) == "1.5"


@pytest.mark.parametrize(
    ("share", "facts"),
    [
        ("1.1", {}),
        (0.5, {}),
        (True, {}),
        ("many", {}),
        (None, {}),
        ("-0.1", {}),
        ("0.1", {"extracted_in": "Atlantis"}),
        ("0.1", {"recycled_in": "US", "processed_in": "US"}),
    ],
)
def test_what_is_no_route_is_refused(share, facts):
    """Inexact shares among them."""
    with pytest.raises(InvalidFactError, match="route"):
        SupplyRoute(share, **facts)


def test_shares_beyond_all_of_it_are_refused():
    """Those of a caller are exact."""
    with pytest.raises(InvalidFactError, match="more than 1"):
        routes_by_stage({"Chile": "0.7", "Australia": "0.4"})
    with pytest.raises(InvalidFactError, match="more than 1"):
        model().battery({"lithium": [SupplyRoute("0.7"), SupplyRoute("0.4")]})
    with pytest.raises(InvalidFactError, match="pairing"):
        routes_by_stage(pairing="somehow")
    with pytest.raises(InvalidFactError, match="give a pairing"):
        routes_by_stage(pairing=None)


# -- batteries -----------------------------------------------------------------------------------


def test_chains_add_up_to_the_mineral_exactly():
    """No part of a value or mass is lost, or counted twice."""
    found = model()
    third, places = Fraction(1, 3), ("Chile", "Canada", "China")
    thirds = [SupplyRoute(third, extracted_in=each) for each in places]
    battery = found.battery({"Ni": thirds})
    nickel = [each for each in battery.minerals if each.mineral.identifier == "nickel"]
    assert sum(each.value for each in nickel) == found.values["nickel"]
    assert sum(each.mass_kg for each in nickel) == found.kilograms["nickel"].quantize(
        Decimal("0.000001")
    )
    assert len(nickel) == 3


def test_a_recycled_route_is_a_chain_of_recycling():
    """Judged by that alone."""
    battery = model("LFP").battery({"lithium": [SupplyRoute(1, recycled_in="Canada")]})
    assert battery.minerals[0] == attrs.evolve(
        MineralSource.recycled_in("Canada", "lithium", battery.minerals[0].value),
        mass_kg=battery.minerals[0].mass_kg,
        evidence=battery.minerals[0].evidence,
    )


def test_usable_energy_is_a_lower_bound_and_leaves_the_content_alone():
    """The capacity is at least that, no mass is stated, and the ratio is the same."""
    usable = model(usable_kwh="70").battery(SOURCING)
    assert usable.capacity_kwh == Bounds(Decimal(70), Decimal("Infinity"))
    assert {each.mass_kg for each in usable.minerals} == {None}
    assert "at least 6.98600 kg in 70 kWh" in usable.minerals[0].evidence
    law = current_law()
    one, other = (critical_mineral_content(claim_with(each), law).bounds.lower for each in (
        usable, model().battery(SOURCING)
    ))  # fmt: skip
    assert percent(one) == percent(other)
    assert abs(one - other) < Fraction(1, 10**8)


def test_prices_are_replaced_and_a_missing_one_leaves_the_value_unknown():
    """Not zero: the content of the battery is then in bounds."""
    own = MineralPrices(prices={"Li": 20, "Ni": "16.5"}, year=2026, source="contracts")
    found = BatteryModel(chemistry="NMC811", capacity_kwh=1, prices=own)
    assert found.values["cobalt"] is None
    assert found.value is None
    assert found.value_share("lithium") is None
    assert str(found) == "NMC811 battery, 1 kWh; prices of 2026: contracts"
    battery = found.battery({"cobalt": [SupplyRoute("0.5", processed_in="Canada")]})
    assert [each.value for each in battery.minerals[2:4]] == [None, None]
    cheaper = mineral_prices(2023).replaced("a contract", graphite="1.5")
    assert (cheaper["graphite"], cheaper.recalled) == (Decimal("1.5"), ("manganese",))
    with pytest.raises(KeyError):
        own["cobalt"]


def test_aluminum_counts_only_with_a_price():
    """It is in the pack, and seldom in a form of the statute; the model says what it omits."""
    assert model().not_counted == ("aluminum",)
    with_it = BatteryModel(
        chemistry="LFP",
        usable_kwh=2,
        prices=mineral_prices(2025).replaced("a contract", aluminum=3),
    )
    assert with_it.not_counted == ()
    assert with_it.values["aluminum"] == Decimal("4.35")
    assert with_it.value_share("nickel") == 0
    assert str(with_it).startswith("LFP battery, 2 kWh usable")


@pytest.mark.parametrize(
    "facts",
    [
        {"chemistry": "LTO", "capacity_kwh": 1},
        {"chemistry": None, "capacity_kwh": 1},
        {"chemistry": "LFP"},
        {"chemistry": "LFP", "capacity_kwh": 1, "usable_kwh": 1},
        {"chemistry": "LFP", "capacity_kwh": 1.5},
    ],
)
def test_what_is_no_battery_is_refused(facts):
    """One capacity, exactly, and a chemistry on record."""
    with pytest.raises((InvalidFactError, InvalidFactsError), match="model"):
        BatteryModel(prices=mineral_prices(2023), **facts)


def test_routes_of_a_mineral_that_is_not_in_it_are_refused():
    """Nothing stated is dropped."""
    with pytest.raises(InvalidFactError, match="the battery holds lithium, graphite; omit others"):
        model("LFP").battery({"nickel": []})
    with pytest.raises(InvalidFactError, match="give each mineral once"):
        model("LFP").battery({"Li": [], "lithium": []})


@pytest.mark.parametrize("prices", [{"Li": 1.5}, {"Li": None}, {"Li": 1, "lithium": 2}, {"Xx": 1}])
def test_prices_are_exact_and_of_one_mineral_each(prices):
    """As every number."""
    with pytest.raises(InvalidFactError):
        MineralPrices(prices=prices, year=2024, source="")


def test_prices_of_other_years_and_kinds_are_the_callers():
    """The package has three years."""
    with pytest.raises(InvalidFactError, match="give 2023, 2024, 2025, or own prices"):
        mineral_prices(2022)
    with pytest.raises(InvalidFactError, match="basis"):
        mineral_prices(2023, "gold")
    with pytest.raises(InvalidFactError, match="give a basis"):
        mineral_prices(2023, None)
    assert mineral_prices(2025)["lithium"] == Decimal("47.910")


def test_a_battery_of_a_model_is_assessed():
    """From chemistry and shares to a credit."""
    claim = claim_with(attrs.evolve(model().battery(SOURCING), externally_rechargeable=True))
    result = assess(claim)
    assert str(result.mineral_content) == "84.1 %"
    assert isinstance(claim.vehicle.battery, Battery)
