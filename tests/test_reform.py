"""Reforms: what they change, how they compose, and how they are undone."""

import json
from datetime import date
from decimal import Decimal

import attrs
import pytest

from evcredit import (
    InvalidFactError,
    MineralSource,
    Step,
    TradeAgreement,
    assess,
    compare,
    current_law,
    examples,
    named_law,
    with_facts,
)
from evcredit.algebra.citation import Citation
from evcredit.algebra.schedule import Entry, NoProvision, Schedule
from evcredit.errors import ConflictingReforms, LawError, UnknownAgreement
from evcredit.facts import VehicleClass
from evcredit.law import (
    AgreementScope,
    Manufacturer,
    Partner,
    Quarter,
    Reform,
    law_difference,
    named_reform,
    named_reforms,
)

LAW = current_law()
FIRST, DAY = date(2023, 4, 18), date(2024, 6, 3)
WHY = {"why": "to see"}
SWISS = TradeAgreement(
    identifier="CH-CMA",
    name="A Swiss agreement",
    kind="hypothetical",
    partners=[Partner(country="Switzerland", in_force="2024-01-01")],
    signed=date(2023, 12, 1),
    covered_minerals=("nickel",),
)

REFORMS = {
    "remove": Reform.remove_agreement("Japan", **WHY),
    "suppose": Reform.suppose_agreement("Indonesia", **WHY),
    "suppose since": Reform.suppose_agreement("EU-CMA", "2024-07-01", **WHY),
    "add": Reform.add_agreement(SWISS, **WHY),
    "delay": Reform.delay_agreement("Chile", "2024-07-01", **WHY),
    "end": Reform.end_agreement("Morocco", "2024-01-01", **WHY),
    "narrow": Reform.narrow_agreement("USMCA", partners=["Canada"], **WHY),
    "narrow minerals": Reform.narrow_agreement("KORUS", minerals=["Ni", "lithium"], **WHY),
    "set": Reform.set_value("critical_minerals_percentage", 45, since="2024-01-01", **WHY),
    "set for good": Reform.set_value("battery_components_percentage", "55", **WHY),
    "set table": Reform.set_value("msrp_limit", 70_000, category="van", **WHY),
    "set every row": Reform.set_value("magi_limit", 99, since="2025-02-01", **WHY),
    "set day": Reform.set_value("acquisition_deadline", "2026-12-31", **WHY),
    "cap": Reform.cap_value("critical_minerals_amount", 3000, until="2024-06-01", **WHY),
    "cap table": Reform.cap_value("used_vehicle_income_threshold", 100_000, **WHY),
    "start": Reform.start("minerals_exclusion_in_force", "2026-01-01", **WHY),
    "end of provision": Reform.end("transfer_in_force", "2024-09-01", **WHY),
    "reading": Reform.choose_reading("agreement_scope", "COVERED_MINERALS", **WHY),
    "known on": Reform.known_on("2024-06-03", **WHY),
    "cited": Reform.set_value(
        "minimum_battery_capacity_kwh", 8, since="2025-01-01", why="as proposed", source="REG-1-22"
    ),
}
EVERY = pytest.mark.parametrize("reform", REFORMS.values(), ids=REFORMS)


# -- each of them --------------------------------------------------------------------------------


@EVERY
def test_undoing_gives_the_equal_law(reform):
    """With its name, its fingerprint and everything else."""
    for law in (LAW, LAW.without_agreement("Peru"), LAW.known_on("2025-01-02")):
        changed, inverse = reform.apply(law), reform.inverse(law)
        assert changed.digest != law.digest
        assert changed.name != law.name
        assert inverse.apply(changed) == law
        assert inverse.apply(changed).digest == law.digest
        assert reform.then(inverse).apply(law) == law
        assert str(inverse).startswith(f"restored: to undo: {reform.name} [hypothetical]")
        assert reform._repr_html_().startswith("<pre>")


@EVERY
def test_it_prints_what_it_changed_with_citations(reform):
    """Lines that go and lines that come; nothing of what stays."""
    difference = reform.difference(LAW)
    assert difference.entries
    lines = [line for line in str(difference).splitlines() if line[0] in "+-"]
    if not reform.name.startswith(("reading", "as known")):
        assert all("[" in line for line in lines)
    assert str(law_difference(LAW, LAW)) == "no difference"
    back = law_difference(reform.apply(LAW), LAW)
    assert [(each.subject, each.after, each.before) for each in back.entries] == [
        tuple(each) for each in difference.entries
    ]
    assert json.loads(json.dumps(difference.to_dict())).keys() == difference.to_dict().keys()
    assert difference._repr_html_().startswith("<pre>")


@EVERY
def test_it_is_read_as_it_is_written(reform):
    """As data, through JSON."""
    data = json.loads(json.dumps(reform.to_dict()))
    again = Reform.from_dict(data)
    assert again.apply(LAW).digest == reform.apply(LAW).digest
    assert again == reform
    assert data["name"] == reform.name
    assert hash(again) == hash(reform)


def test_what_undoes_a_reform_is_not_read_from_data():
    """It holds a law, and its data names the parts alone."""
    inverse = REFORMS["remove"].inverse(LAW)
    data = inverse.to_dict()
    assert data["changes"][0]["fields"] == ["name", "agreements", "certifications_apply"]
    with pytest.raises(InvalidFactError, match="give one of add agreement"):
        Reform.from_dict(data)


@pytest.mark.parametrize("reform", [each for name, each in REFORMS.items() if name != "known on"])
@pytest.mark.parametrize("known", ["2023-06-01", "2024-05-10", "2025-06-30", "2025-12-31"])
def test_every_state_of_the_law_is_reformed(reform, known):
    """The reform of what was known on a day is what was known on that day of the reform."""
    one, other = reform.apply(LAW).known_on(known), reform.apply(LAW.known_on(known))
    for name in (
        "critical_minerals_percentage",
        "battery_components_percentage",
        "critical_minerals_amount",
        "minimum_battery_capacity_kwh",
        "minerals_exclusion_in_force",
        "msrp_limit",
        "acquisition_deadline",
    ):
        schedules = getattr(one, name), getattr(other, name)
        days = {day for each in schedules for day in each.boundaries()}
        for day in days:
            if all(each.covers(day) for each in schedules):
                assert schedules[0].on(day) == schedules[1].on(day)
    for day in (FIRST, DAY, date(2025, 6, 3), date(2026, 6, 3)):
        assert one.agreements.countries_on(day) == other.agreements.countries_on(day) or (
            "CH-CMA" in {each.identifier for each in other.agreements}  # signed later
        )


@EVERY
def test_comparing_two_reforms_is_the_difference_of_two_assessments(reform):
    """Of the demonstration, finding by finding."""
    claim = examples.demonstration_claim()
    other = REFORMS["remove"] if reform is not REFORMS["remove"] else REFORMS["suppose"]
    laws = reform.apply(LAW), other.apply(LAW)
    comparison = compare(claim, *laws)
    one, two = (assess(claim, law=law) for law in laws)
    assert comparison.difference.lower == two.credit.lower - one.credit.upper
    states = [
        {
            (each.code, str(each.note) and each.facts[0].path): (each.verdict, each.in_force)
            for each in result.finding.walk()
        }
        for result in (one, two)
    ]
    flipped = {
        subject
        for subject in states[0].keys() & states[1].keys()
        if states[0][subject] != states[1][subject]
    }
    assert {
        (flip.after.code, str(flip.after.note) and flip.after.facts[0].path)
        for flip in comparison.flipped
    } == flipped


def test_chains_shown_under_one_law_alone_are_not_taken_for_others():
    """The traced test shows the chains that count in part, and these differ by law."""
    steps = [
        (
            Step(activity="processing", country=country, value_added=1),
            Step(activity="processing", country="CN", value_added=1),
        )
        for country in ("JP", "FI")
    ]
    chains = tuple(MineralSource(mineral="nickel", value=9, steps=each) for each in steps)
    claim = with_facts(examples.demonstration_claim(), {"vehicle.battery.minerals": chains})
    laws = LAW, named_law("eu-no-japan")
    for flip in compare(claim, *laws).flipped:
        assert [fact.path for fact in flip.before.facts] == [fact.path for fact in flip.after.facts]


# -- what they do --------------------------------------------------------------------------------


def listed(law, country, day):
    return country in law.agreements.countries_on(day)


def test_agreements():
    """Removed, assumed, added, delayed, ended, narrowed."""
    law = {name: reform.apply(LAW) for name, reform in REFORMS.items()}
    assert not listed(law["remove"], "JP", DAY)
    assert listed(law["suppose"], "ID", FIRST)
    assert not listed(law["suppose since"], "FI", date(2024, 6, 30))
    assert listed(law["suppose since"], "FI", date(2024, 7, 1))
    assert listed(law["add"], "CH", DAY)
    assert law["add"].agreements["CH-CMA"].note == "hypothetical: to see"
    assert not listed(law["delay"], "CL", date(2024, 6, 30))
    assert listed(law["delay"], "CL", date(2024, 7, 1))
    assert listed(law["end"], "MA", date(2023, 12, 31))
    assert not listed(law["end"], "MA", date(2024, 1, 1))
    assert [listed(law["narrow"], country, DAY) for country in ("CA", "MX")] == [True, False]
    assert law["narrow minerals"].agreements["KORUS"].covered_minerals == ("nickel", "lithium")
    for name in ("remove", "suppose", "add", "delay", "end", "narrow"):
        assert not law[name].certifications_apply


def test_agreements_that_ended_or_began_already():
    """A delay beyond the end leaves nothing, and an earlier end stays."""
    nafta = Reform.delay_agreement("NAFTA", "2021-01-01", **WHY).apply(LAW)
    assert "NAFTA" not in {each.identifier for each in nafta.agreements}
    later = Reform.end_agreement("NAFTA", "2021-01-01", **WHY).apply(LAW)
    assert {part.ended for part in later.agreements["NAFTA"].partners} == {date(2020, 7, 1)}
    never = Reform.end_agreement("Japan", "2023-03-28", **WHY).apply(LAW)
    assert "JPCMA" not in {each.identifier for each in never.agreements}
    none = Reform.narrow_agreement("Japan", partners=[], minerals=["Li"], **WHY)
    assert none.apply(LAW).agreements == named_law("no-japan").agreements
    assert none.name == "with JPCMA for lithium alone"
    japan = Reform.narrow_agreement("Japan", minerals=["Li", "Al"], **WHY).apply(LAW)
    assert japan.agreements["JPCMA"].covered_minerals == ("lithium",)


def test_an_end_that_a_reform_sets_is_known_at_once():
    """Other ends are known on the day itself."""
    law = REFORMS["end"].apply(LAW)
    assert not listed(law.known_on("2023-06-01"), "MA", DAY)
    other = LAW.agreements["Morocco"]
    ended = attrs.evolve(
        other, partners=[attrs.evolve(part, ended="2024-01-01") for part in other.partners]
    )
    assert listed(LAW.with_agreement(ended).known_on("2023-06-01"), "MA", DAY)
    with pytest.raises(InvalidFactError, match="end_known_from"):
        Partner(country="JP", in_force="2023-03-28", end_known_from="soon")


def test_values():
    """A threshold from a day, a cap, a start and an end; other days keep theirs."""
    law = {name: reform.apply(LAW) for name, reform in REFORMS.items()}
    percent = law["set"].critical_minerals_percentage
    assert [percent.on(date(year, 6, 3)) for year in (2023, 2024, 2028)] == [40, 45, 45]
    assert percent.entry_on(DAY).note == "hypothetical: to see"
    assert percent.entry_on(DAY).citation == Citation.parse("26 USC 30D(e)(1)(B)(ii)")
    assert set(law["set for good"].battery_components_percentage.values()) == {55}
    limits = law["set table"].msrp_limit.on(DAY)
    assert [limits[each] for each in VehicleClass][:2] == [70_000, 80_000]
    assert set(law["set every row"].magi_limit.on(date(2025, 2, 1)).values()) == {99}
    assert 99 not in law["set every row"].magi_limit.on(date(2025, 1, 31)).values()
    assert law["set day"].acquisition_deadline.values() == (date(2026, 12, 31),)
    amounts = law["cap"].critical_minerals_amount
    assert [amounts.on(day) for day in (FIRST, date(2024, 5, 31), DAY)] == [3000, 3000, 3750]
    assert max(law["cap table"].used_vehicle_income_threshold.values()[0].values()) == 100_000
    exclusion = law["start"].minerals_exclusion_in_force
    assert [exclusion.on(date(year, 6, 3)) for year in (2025, 2026)] == [False, True]
    transfer = law["end of provision"].transfer_in_force
    assert [transfer.on(day) for day in (DAY, date(2024, 9, 1))] == [True, False]
    capacity = law["cited"].minimum_battery_capacity_kwh.entry_on(date(2025, 1, 1))
    assert (str(capacity.citation), capacity.note) == ("REG-1-22", "as proposed")


def test_values_between_two_days():
    """The day after is as it was."""
    reform = Reform.set_value(
        "critical_minerals_percentage", 0, since="2024-03-01", until="2024-04-01", **WHY
    )
    schedule = reform.apply(LAW).critical_minerals_percentage
    days = [date(2024, 2, 29), date(2024, 3, 1), date(2024, 3, 31), date(2024, 4, 1)]
    assert [schedule.on(day) for day in days] == [50, 0, 0, 50]
    assert reform.name.endswith("0 from 2024-03-01 to the day before 2024-04-01")


def test_a_cap_leaves_days_without_a_value_alone():
    """And what is below it; a value given for them fills them."""
    capped = Reform.cap_value("critical_minerals_percentage", 55, **WHY).apply(LAW)
    assert capped.critical_minerals_percentage.values()[:3] == (40, 50, 55)
    assert isinstance(capped.critical_minerals_percentage.values()[-1], NoProvision)
    filled = Reform.set_value("critical_minerals_percentage", 80, since="2027-01-01", **WHY)
    assert filled.apply(LAW).critical_minerals_percentage.on("2030-01-01") == 80
    before = LAW.critical_minerals_percentage.entries[0]
    assert capped.critical_minerals_percentage.entries[0] is before


def test_a_category_of_days_without_a_table_is_left_alone():
    """Such as those of which a notice gives no amount."""
    table = LAW.msrp_limit.entries[0]
    gap = Entry(
        value=NoProvision("a gap"),
        start=date(2030, 1, 1),
        citation=table.citation,
        known_from=table.known_from,
    )
    law = attrs.evolve(
        LAW, msrp_limit=Schedule("limit", (attrs.evolve(table, end=date(2030, 1, 1)), gap))
    )
    after = Reform.set_value("msrp_limit", 1, category=VehicleClass.VAN, **WHY).apply(law)
    assert after.msrp_limit.entries[1] == gap
    assert after.msrp_limit.on(DAY)[VehicleClass.VAN] == 1
    assert "none, because a gap" in str(law_difference(law, LAW))


def test_a_table_by_number():
    """Quarters of a phase-out are numbers."""
    reform = Reform.set_value("phase_out_percentage", 75, category=2, **WHY)
    assert reform.apply(LAW).phase_out_percentage.values()[0][2] == 75
    with pytest.raises(InvalidFactError, match="give one of"):
        Reform.set_value("phase_out_percentage", 75, category=99, **WHY).apply(LAW)


def test_readings_and_knowledge():
    """By the name of the choice, and by day."""
    law = REFORMS["reading"].apply(LAW)
    assert law.readings.agreement_scope is AgreementScope.COVERED_MINERALS
    assert REFORMS["known on"].apply(LAW).as_known_on == date(2024, 6, 3)
    assert str(REFORMS["reading"].difference(LAW)).splitlines()[0] == "reading agreement_scope"
    text = str(REFORMS["known on"].difference(LAW))
    assert text.startswith("state of knowledge\n+ 2024-06-03")


def test_what_the_methods_of_a_law_change_prints_too():
    """Reforms of other kinds."""
    nissan = Manufacturer(name="Nissan", makes=("Nissan",), quarter=Quarter(2021, 3))
    text = str(law_difference(LAW, LAW.with_manufacturer(nissan)))
    assert text.startswith("manufacturers\n- Nissan (Nissan")
    assert "+ Nissan (Nissan): 200,000th vehicle in 2021 Q3 [26 USC 30D(e) (2021)]" in text
    never = attrs.evolve(nissan, quarter=None)
    assert "not sold before 2023" in str(law_difference(LAW, LAW.with_manufacturer(never)))


# -- composition ---------------------------------------------------------------------------------


def test_composition_is_associative_and_has_a_neutral_element():
    """Of values, and of what they do."""
    one, two, three = REFORMS["remove"], REFORMS["set"], REFORMS["reading"]
    nothing = Reform()
    assert (one + two) + three == one + (two + three)
    assert one.then(two).then(three) == one.then(two.then(three))
    assert one + nothing == nothing + one == one.then(nothing) == one
    assert nothing.apply(LAW) is LAW
    assert str(nothing) == nothing.name == "no change"
    assert (one + two).apply(LAW) == two.apply(one.apply(LAW))
    assert (one + two).apply(LAW).digest == (two + one).apply(LAW).digest
    with pytest.raises(TypeError):
        one + 1


CONFLICTS = [
    ("remove", REFORMS["remove"]),
    ("remove", Reform.delay_agreement("JPCMA", "2024-01-01", **WHY)),
    ("set", Reform.cap_value("critical_minerals_percentage", 44, until="2024-01-02", **WHY)),
    ("set table", Reform.set_value("msrp_limit", 1, **WHY)),
    ("set table", Reform.set_value("msrp_limit", 1, category="Van", **WHY)),
    ("reading", Reform.choose_reading("agreement_scope", "LISTED_COUNTRY", **WHY)),
    ("known on", Reform.known_on("2025-01-01", **WHY)),
    ("start", Reform.end("minerals_exclusion_in_force", "2030-01-01", **WHY)),
    ("set", REFORMS["remove"].inverse(LAW)),
    ("add", REFORMS["add"]),
    ("suppose", Reform.remove_agreement("ID-CMA", **WHY)),
]


@pytest.mark.parametrize(("name", "other"), CONFLICTS)
def test_two_that_touch_the_same_entry_raise_unless_ordered(name, other):
    """In both orders, and within others."""
    one = REFORMS[name]
    for pair in ((one, other), (other, one), (REFORMS["end"] + one, other)):
        with pytest.raises(ConflictingReforms, match=r"both reforms change the .*one.then"):
            pair[0] + pair[1]
    assert one.then(other).changes == (*one.changes, *other.changes)


HARMONY = [
    ("set", Reform.set_value("critical_minerals_percentage", 30, until="2024-01-01", **WHY)),
    ("set table", Reform.set_value("msrp_limit", 1, category="pickup truck", **WHY)),
    ("set", REFORMS["cap"]),
    ("remove", REFORMS["delay"]),
]


@pytest.mark.parametrize(("name", "other"), HARMONY)
def test_two_that_touch_other_entries_do_not(name, other):
    """Other days of a schedule, other rows of a table, other agreements: order does not matter."""
    one = REFORMS[name]
    laws = (one + other).apply(LAW), (other + one).apply(LAW)
    assert law_difference(LAW, laws[0]).entries
    for name in ("critical_minerals_percentage", "msrp_limit"):
        schedules = [getattr(law, name) for law in laws]
        for day in schedules[0].boundaries():
            assert schedules[0].on(day) == schedules[1].on(day)


# -- what cannot be ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Reform.remove_agreement("Japan", why=" "), InvalidFactError, "say why"),
        (lambda: Reform.remove_agreement("Japan", why=None), InvalidFactError, "say why"),
        (lambda: Reform.end("x", "2024-01-01", **WHY), LawError, "no schedule 'x'"),
        (lambda: Reform.end("msrp_limt", "2024-01-01", **WHY), LawError, "did you mean msrp_limit"),
        (
            lambda: Reform.remove_agreement("JP", why="x", source="somebody"),
            InvalidFactError,
            "the word 'hypothetical'",
        ),
        (lambda: Reform.suppose_agreement("Atlantis", **WHY), UnknownAgreement, "Atlantis"),
        (lambda: Reform.remove_agreement("Atlantis", **WHY).apply(LAW), UnknownAgreement, "called"),
        (lambda: Reform.choose_reading("colour", True, **WHY), InvalidFactError, "known:"),
        (
            lambda: Reform.choose_reading("agreement_day_", 1, **WHY),
            InvalidFactError,
            "agreement_day",
        ),
        (lambda: Reform.choose_reading("agreement_day", 1, **WHY), InvalidFactError, "give one of"),
        (
            lambda: Reform.set_value(
                "msrp_limit", 1, since="2024-01-01", until="2024-01-01", **WHY
            ),
            InvalidFactError,
            "give a day after",
        ),
        (lambda: Reform.set_value("msrp_limit", "many", **WHY), InvalidFactError, "exact number"),
        (
            lambda: Reform.set_value("critical_minerals_percentage", 45.5, **WHY).apply(LAW),
            InvalidFactError,
            "an exact number",
        ),
        (
            lambda: Reform.set_value("minimum_wheels", 3, until="1999-01-01", **WHY).apply(LAW),
            InvalidFactError,
            "it has values for",
        ),
        (
            lambda: Reform.set_value("minimum_wheels", 3, category="van", **WHY).apply(LAW),
            InvalidFactError,
            "no table",
        ),
        (
            lambda: Reform.set_value("msrp_limit", 3, category="boat", **WHY).apply(LAW),
            InvalidFactError,
            "give one of",
        ),
        (lambda: Reform([1]), InvalidFactError, "give changes"),
        (lambda: Reform.from_dict({}), InvalidFactError, "list of changes"),
        (lambda: Reform.from_dict({"changes": [], "x": 1}), InvalidFactError, "found 'x'"),
        (lambda: Reform.from_dict({"changes": [1]}), InvalidFactError, "give one of"),
        (
            lambda: Reform.from_dict({"changes": [{"change": "remove agreement", "why": "x"}]}),
            InvalidFactError,
            r"changes\[0\].agreement",
        ),
        (
            lambda: Reform.from_dict(
                {"changes": [{"change": "remove agreement", "agreement": "JP", "why": "x", "y": 1}]}
            ),
            InvalidFactError,
            r"changes\[0\].y",
        ),
        (
            lambda: Reform.from_dict(
                {"changes": [{"change": "add agreement", "agreement": {"title": 1}, "why": "x"}]}
            ),
            InvalidFactError,
            "agreement",
        ),
    ],
)
def test_what_is_no_reform_is_refused(make, error, words):
    """With what to give instead."""
    with pytest.raises(error, match=words):
        make()


def test_values_from_text():
    """As JSON has them."""
    share = Reform.set_value("small_vehicle_capacity_kwh", "2.5", **WHY)
    assert share.apply(LAW).small_vehicle_capacity_kwh.values() == (Decimal("2.5"),)
    nations = Reform.set_value("covered_nations", ["CN"], **WHY)
    assert nations.apply(LAW).covered_nations.on(DAY) == ("CN",)
    assert Reform.from_dict(json.loads(json.dumps(nations.to_dict()))) == nations


# -- presets -------------------------------------------------------------------------------------


def test_presets_do_what_their_names_say():
    """One by one."""
    law = {name: reform.apply(LAW) for name, reform in named_reforms().items()}
    assert list(law) == [
        "no Japan",
        "EU",
        "UK",
        "Indonesia",
        "Philippines",
        "Malaysia 2025",
        "before P.L. 119-21",
        "no foreign-entity rule",
    ]
    assert not listed(law["no Japan"], "JP", DAY)
    for name, country in (("EU", "FI"), ("UK", "GB"), ("Indonesia", "ID"), ("Philippines", "PH")):
        assert listed(law[name], country, FIRST)
    malaysia = law["Malaysia 2025"]
    assert [listed(malaysia, "MY", date(2025, 10, day)) for day in (25, 26)] == [False, True]
    before = law["before P.L. 119-21"]
    assert before.critical_minerals_percentage.on("2027-06-03") == 80
    claim = examples.demonstration_claim(date(2025, 3, 1))
    assert str(assess(claim, law=LAW).credit) == "0"
    assert str(assess(claim, law=law["no foreign-entity rule"]).credit) == "7,500"


def test_presets_by_name():
    """In any case, several together, and as laws."""
    both = named_reform("no japan + eu")
    assert both == named_reforms()["no Japan"] + named_reforms()["EU"]
    assert both.apply(LAW) == named_law("eu-no-japan") == named_law("No Japan + EU")
    assert named_law("Malaysia 2025") == named_reforms()["Malaysia 2025"].apply(LAW)
    with pytest.raises(LawError, match="did you mean Philippines"):
        named_reform("Philippine")
    with pytest.raises(LawError, match="known: no Japan"):
        named_reform("EU + Narnia")
    with pytest.raises(ConflictingReforms):
        named_law("EU + EU")
