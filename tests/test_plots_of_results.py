"""Pictures of the law, of flows, owners, findings, forms and cliffs, and results in a notebook."""

import html
import inspect
from datetime import date
from fractions import Fraction
from html.parser import HTMLParser
from importlib import import_module

import attrs
import pytest
from tests.choosing import BUYER, OFFERS, ON_RETURN
from tests.returns import whole_return
from tests.test_plots import marks
from tests.used import used_claim

from evcredit import (
    Claim,
    MineralSource,
    Step,
    TradeAgreement,
    assess,
    assess_transfer,
    compare,
    current_law,
    denials,
    examples,
    fill_forms,
    options,
    with_facts,
)
from evcredit.advice import what_would_change
from evcredit.audit import coverage
from evcredit.errors import InvalidFactError
from evcredit.facts import CreditTransfer, Entity, Holding, OwnershipGraph, TaxReturn
from evcredit.facts.ownership import Metric
from evcredit.importers import Imported, ImportReport, Unmapped
from evcredit.law.law import schedule_names
from evcredit.plots import credit_over, findings, flow, form_pages, ownership, timeline
from evcredit.plots.picture import Arrow, Band, Box, Curve, Fill, Level, Listing, Text, Tone
from evcredit.provisions.tax_limit import allocate_credit

CLAIM = examples.demonstration_claim()
LAW = current_law()
IN_2027 = with_facts(CLAIM, {"purchase.placed_in_service": date(2027, 2, 1)})


def rows(picture):
    return [row for part in picture.parts if isinstance(part, Listing) for row in part.rows]


# -- the law over time ---------------------------------------------------------------------


def test_the_timeline_has_each_number_from_its_day_on():
    """The percentages of the years, the end of the table, and the switches."""
    picture = timeline(LAW)
    numbers, agreements = picture.parts
    percentages = [each for each in numbers.marks if each.bottom < 1]
    assert [(each.label, each.tone.fill) for each in percentages] == [
        ("40 %", Fill.SOLID),
        ("50 %", Fill.SOLID),
        ("60 %", Fill.SOLID),
        ("70 %", Fill.SOLID),
        ("none", Fill.DOTTED),
    ]
    assert percentages[0].left == date(2023, 4, 18).toordinal()
    assert [each.label for each in numbers.marks if each.bottom > 3] == ["not in force", "in force"]
    japan = next(each for each in agreements.marks if each.label == "JP")
    assert japan.left == date(2023, 3, 28).toordinal()
    assert "and 15 more, in the law map" in picture.sources
    assert agreements.y.names == tuple(each.identifier for each in LAW.agreements)


def test_an_agreement_is_drawn_by_the_partners_it_is_in_effect_with():
    """As the Central American ones joined one by one, and NAFTA ended."""
    _, agreements = timeline(LAW).parts
    central = [each.label for each in agreements.marks if "SV" in each.label]
    assert central[0] == "SV"
    assert central[-1] == "CR, DO, GT, HN, NI, SV"
    nafta = next(each for each in agreements.marks if "North American Free" in each.says)
    assert nafta.right == date(2020, 7, 1).toordinal()


def test_what_the_timeline_shows_can_be_chosen():
    """Any schedules, any days, with or without agreements, also as known on a day."""
    before = timeline(
        LAW.known_on("2025-07-03"), ["critical_minerals_percentage"], agreements=False
    )
    assert [each.label for each in marks(before, Box)] == ["40 %", "50 %", "60 %", "70 %", "80 %"]
    assert "as known on 2025-07-03" in before.day
    dollars = timeline(LAW, ["used_vehicle_amount_limit"], first="2024-01-01", last="2024-02-01")
    assert next(each.label for each in marks(dollars, Box)) == "$4,000"
    others = timeline(
        LAW,
        ["minimum_battery_capacity_kwh", "msrp_limit", "acquisition_deadline"],
        agreements=False,
    )
    assert [each.label for each in marks(others, Box)] == [
        "4 kWh",
        "7 kWh",
        "table of 4 rows",
        "2025-09-30",
    ]
    later = timeline(LAW, ["battery_components_percentage"], first="2024-03-01", agreements=False)
    assert [each.label for each in marks(later, Box)] == ["60 %", "70 %", "none"]
    alone = timeline(LAW, [])
    assert len(alone.parts) == 1
    none = attrs.evolve(LAW, agreements=attrs.evolve(LAW.agreements, agreements=()))
    assert len(timeline(none).parts) == 1
    with pytest.raises(InvalidFactError, match="did you mean critical_minerals_percentage"):
        timeline(LAW, ["critical_mineral_percentage"])
    with pytest.raises(InvalidFactError, match=r"see evcredit\.law\.Law"):
        timeline(LAW, ["zzz"])
    with pytest.raises(InvalidFactError, match="give a day after 2024-01-01"):
        timeline(LAW, first="2024-01-01", last="2024-01-01")


UNITS = {
    "capacity_amount_per_kwh": "$417",
    "capacity_amount_from_kwh": "5 kWh",
    "small_vehicle_capacity_kwh": "2.5 kWh",
    "small_vehicle_speed_mph": "45 mph",
    "transfer_elections_per_year": "2 a year",
    "used_vehicle_years_between_credits": "3 years",
    "commercial_weight_division_lb": "14000 lb",
    "commercial_percent_with_engine": "15 %",
    "return_or_resale_days": "30 days",
    "manufacturer_limit_vehicles": "200000 vehicles",
    "minimum_wheels": "4 wheels",
    "commercial_light_limit": "$7,500",
}


def test_every_number_on_a_timeline_has_its_unit():
    """Whatever schedule of the law is drawn."""
    for name in schedule_names():
        for box in marks(timeline(LAW, [name], agreements=False, first="2011-01-01"), Box):
            assert not box.label.isdigit(), name
            if name in UNITS:
                assert box.label == UNITS[name]


def test_an_agreement_that_nobody_has_joined_is_left_out_of_the_timeline():
    """It has no day."""
    empty = TradeAgreement(identifier="X", name="nobody", kind="hypothetical", partners=())
    _, agreements = timeline(LAW.with_agreement(empty)).parts
    assert "X" not in agreements.y.names


# -- flows ---------------------------------------------------------------------------------


def test_the_flow_is_as_thick_as_the_value_and_marks_what_qualifies():
    """Each chain passes two stretches of the same thickness; what qualifies is filled."""
    picture = flow(assess(CLAIM))
    bands = marks(picture, Band)
    assert len(bands) == 14
    for first, second in zip(bands[:7], bands[7:], strict=True):
        thick = {end[1] - end[0] for end in (first.begins, first.ends, second.begins, second.ends)}
        assert len(thick) == 1
    total = sum(each.begins[1] - each.begins[0] for each in bands[:7])
    good = sum(e.begins[1] - e.begins[0] for e in bands[:7] if e.tone.fill is Fill.SOLID)
    assert good / total == assess(CLAIM).mineral_content.bounds.lower
    said = [each.text for each in marks(picture, Text)]
    assert {"qualifies 84.1 %", "does not qualify 15.9 %", "Indonesia 32.6 %"} <= set(said)


def test_the_flow_tells_scrap_and_what_is_not_stated_and_unknown():
    """No country is made up."""
    chains = (
        MineralSource.recycled_in("Canada", "cobalt", 10),
        MineralSource(mineral="nickel", value=10),
        MineralSource(
            mineral="lithium", value=10, steps=[Step(activity="processing", country="Japan")]
        ),
        MineralSource(mineral="manganese"),
    )
    claim = with_facts(CLAIM, {"vehicle.battery.minerals": chains})
    picture = flow(assess(claim))
    said = " ".join(each.text for each in marks(picture, Text))
    for words in ("scrap 33.3 %", "unknown 33.3 %", "not stated 33.3 %", "Canada 33.3 %", "open"):
        assert words in said
    assert {each.tone.fill for each in marks(picture, Band)} == {Fill.SOLID, Fill.DOTTED}


def test_there_is_no_flow_without_values():
    """Nothing has a thickness then."""
    chains = (MineralSource(mineral="nickel"),)
    with pytest.raises(InvalidFactError, match="no chain has a value"):
        flow(assess(with_facts(CLAIM, {"vehicle.battery.minerals": chains})))


# -- owners --------------------------------------------------------------------------------

GRAPH = OwnershipGraph(
    entities=[
        Entity.government("Province", "China"),
        Entity.government("Fund", "Norway"),
        Entity.company("Holding", "China"),
        Entity.company("Works", "South Korea"),
        Entity.company("Venture", "South Korea"),
        Entity(name="unknown owners"),
    ],
    holdings=[
        Holding.alike("Province", "Holding", 60),
        Holding.alike("Holding", "Venture", 30),
        Holding.alike("Fund", "Venture", 10),
        Holding.alike("Venture", "Works", 55),
        Holding(owner="unknown owners", of="Works"),
    ],
)


def test_the_graph_of_owners_has_the_verdicts_of_the_law_and_traced_shares():
    """Owners are above what they own; what is not known is dotted."""
    picture = ownership(GRAPH, LAW, day=date(2024, 6, 3))
    boxes = {each.label.split(":")[0]: each for each in marks(picture, Box)}
    assert boxes["Venture"].tone.fill is Fill.HATCHED
    assert boxes["Fund"].tone == Tone(1)
    assert boxes["unknown owners"].tone.fill is Fill.DOTTED
    assert boxes["Province"].bottom > boxes["Holding"].top
    assert boxes["Holding"].bottom > boxes["Venture"].top
    # An owner is just above what it owns, so that its arrow passes by no one else.
    assert boxes["Fund"].bottom == boxes["Holding"].bottom
    arrows = marks(picture, Arrow)
    assert [each.dashed for each in arrows] == [False] * 4 + [True]
    assert [each.text for each in marks(picture, Text)] == [
        "60.0 %",
        "30.0 %",
        "10.0 %",
        "55.0 %",
        "unknown",
    ]
    cells = [row.cells for row in rows(picture)]
    assert ("Venture", "China: equity, voting rights, board seats", "30.0 %") in cells
    assert picture.day == "placed in service 2024-06-03"


def test_owners_that_hold_each_other_and_many_in_a_row_are_drawn():
    """A circle is cut where it is entered; no row has more than four."""
    names = [f"Owner {number}" for number in range(6)]
    graph = OwnershipGraph(
        entities=[*(Entity.company(name, "Japan") for name in names), Entity.company("A", "KR")],
        holdings=[
            Holding(owner="A", of="Owner 0", equity_percent=10),
            *(Holding(owner=name, of="A", equity_percent=10) for name in names),
        ],
    )
    picture = ownership(graph, LAW, metric=Metric.VOTES)
    boxes = marks(picture, Box)
    assert len(boxes) == 7
    for level in {each.bottom for each in boxes}:
        assert sum(each.bottom == level for each in boxes) <= 4
    assert rows(picture)


def test_a_graph_without_stakes_says_none_and_one_without_entities_is_no_picture():
    """Private owners of one country."""
    picture = ownership(OwnershipGraph(entities=[Entity.company("A", "KR")], holdings=[]), LAW)
    assert [row.cells for row in rows(picture)] == [("none", "", "")]
    with pytest.raises(InvalidFactError, match="at least one entity"):
        ownership(OwnershipGraph(entities=[], holdings=[]), LAW)
    unknown = ownership(OwnershipGraph(entities=[Entity(name="A")]), LAW)
    assert marks(unknown, Box)[0].label == "A"


def test_where_governments_are_counted_together_the_stakes_are_of_covered_nations():
    """Under the reading that adds the holdings of all covered nations."""
    together = LAW.with_readings(covered_nations_counted_together=True)
    cells = [row.cells for row in rows(ownership(GRAPH, together))]
    assert ("Venture", "covered nations: equity, voting rights, board seats", "30.0 %") in cells
    assert not any("covered nations" in row.cells[1] for row in rows(ownership(GRAPH, LAW)))


# -- findings ------------------------------------------------------------------------------


def test_the_tree_of_findings_is_that_of_the_assessment():
    """All that is in force, as deep as it lies, with citations."""
    result = assess(CLAIM)
    picture = findings(result)
    in_force = []

    def visit(finding):
        if finding.in_force:
            in_force.append(str(finding.citation))
            for part in finding.parts:
                visit(part)

    visit(result.finding)
    assert [row.cells[1] for row in rows(picture)] == in_force
    assert rows(picture)[0].depth == 0
    dear = findings(assess(with_facts(CLAIM, {"vehicle.msrp": 90_000})), deciding=True)
    assert [row.cells[0] for row in rows(dear)][-1].startswith("not met: suggested retail price")
    assert {row.tone.fill for row in rows(dear)} == {Fill.HATCHED}
    assert len(rows(dear)) < len(in_force)


def test_the_tree_folds_in_a_page():
    """With what decides unfolded, and day, law and sources below."""
    page = findings(assess(CLAIM)).to_html()
    assert "<details open><summary>met: a new clean vehicle credit is allowed" in page
    assert "<details><summary>met: the credit had not ended" in page.replace(" open", "")
    assert "Law: current law" in page
    assert "<svg" not in page


# -- forms ---------------------------------------------------------------------------------


def test_each_form_is_a_page_with_boxes():
    """Line, caption and value, in the order of the form; open values are marked."""
    forms = fill_forms(whole_return())
    pages = form_pages(forms)
    listings = [page.parts[0] for page in pages]
    assert [row.cells[0] for each in listings for row in each.rows] == [
        line.line for line in forms.lines
    ]
    assert all(each.boxed for each in listings)
    drawn = [row for each in listings for row in each.rows]
    for line, row in zip(forms.lines, drawn, strict=True):
        assert row.cells[1] == line.caption
        assert ("(line not verified)" in row.cells[2]) is not line.verified
    marked = {row.cells[2] for each in listings for row in each.rows if row.tone is not None}
    assert "unknown" in marked
    assert not marked & {"yes", "no", "$0"}
    assert "tax year" in pages[0].title
    assert str(pages[0].placed().height).isdigit()


# -- cliffs --------------------------------------------------------------------------------


def test_the_cliffs_of_the_new_credit_are_found_to_the_dollar():
    """At the limit passes, one dollar more does not."""
    picture = credit_over(CLAIM)
    assert [each.at for each in marks(picture, Level)] == [300_001, 80_001]
    income, price = (part.marks[0].points for part in picture.parts)
    assert income == ((0, 7500), (300_000, 7500), (300_001, 0), (400_000, 0))
    assert price == ((0, 7500), (80_000, 7500), (80_001, 0), (100_000, 0))
    assert "US dollars" in " ".join(picture.words())


def test_the_kinks_of_the_used_credit_are_found_to_the_dollar():
    """Thirty percent of the price up to $4,000, which $13,333.33 reaches; nothing above $25,000."""
    picture = credit_over(used_claim(), credit="25E", income=120_000, price=40_000)
    price = picture.parts[1].marks[0].points
    assert price == (
        (0, 0),
        (13_333, Fraction("3999.9")),
        (13_334, 4000),
        (25_000, 4000),
        (25_001, 0),
        (40_000, 0),
    )
    assert picture.title == "The credit falls at an income of $75,001 and at a price of $25,001"


def test_an_open_credit_may_fall_where_only_its_most_falls():
    """Little is known of the vehicle: above $80,000 there is no credit, below there may be one."""
    dated = with_facts(Claim(), {"purchase.placed_in_service": "2024-06-03"})
    picture = credit_over(dated)
    assert picture.title == (
        "The credit may fall at an income of $300,001 and at a price of $80,001"
    )
    (level,) = (mark for mark in picture.parts[1].marks if isinstance(mark, Level))
    assert (level.label, level.start, level.end) == ("from $80,001: $0", 7500, 0)
    open_day = credit_over(Claim())
    assert open_day.title == "The credit is unresolved, and has no certain cliff here"
    assert open_day.day == "placed in service on an unknown day"


def test_an_open_credit_has_two_curves_and_a_flat_one_no_cliff():
    """The minimum and the most; a small amount needs a small scale."""
    unknown = with_facts(CLAIM, {"vehicle.battery.minerals": None})
    picture = credit_over(unknown)
    curves = marks(picture, Curve)
    assert [each.dashed for each in curves] == [False, True, False, True]
    assert {each.points[0][1] for each in curves} == {3750, 7500}
    dear = with_facts(CLAIM, {"purchase.elected_out": True})
    flat = credit_over(dear, income=5, price=7_000, law=LAW)
    assert flat.title == "The credit has no cliff here"
    assert [tick.text for tick in flat.parts[0].x.ticks] == ["$0", "$1", "$2", "$3", "$4", "$5"]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"credit": "45W"}, "which have a price"),
        ({"income": 0}, "above zero"),
        ({"price": 1.5}, "whole number of dollars"),
    ],
)
def test_a_picture_of_cliffs_needs_a_price_and_whole_dollars(wrong, said):
    """Errors name what is wrong."""
    with pytest.raises(InvalidFactError, match=said):
        credit_over(CLAIM, **wrong)


# -- results in a notebook -----------------------------------------------------------------


class _Tags(HTMLParser):
    """Whether every tag that is opened is closed, in order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], set()

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)
        self.seen.add(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def results():
    """One of every object that is a result."""
    evil = with_facts(CLAIM, {"vehicle.make": "<b>& Co", "vehicle.msrp": 90_000})
    yield assess(evil)
    yield assess(CLAIM).finding
    yield compare(CLAIM, LAW.without_agreement("Japan"), LAW)
    yield assess(with_facts(CLAIM, {"vehicle.msrp": None}))
    chosen = options(BUYER, OFFERS, tax_return=ON_RETURN)
    yield from (chosen, chosen.options[0])
    for each in denials(assess(evil)):
        yield each
        yield from each.changes
    yield fill_forms(whole_return())
    yield assess_transfer(
        CreditTransfer.at_the_dealer(claim=CLAIM, payment=7500, elected_on="2024-06-03")
    )
    yield allocate_credit(7500, TaxReturn())
    report = ImportReport(source="<x>", unmapped=(Unmapped("a", "<script>", "no"),))
    yield from (report, Imported(facts=(), report=report))
    yield coverage()
    yield what_would_change(CLAIM)


@pytest.mark.parametrize("result", [*results()], ids=lambda each: each.__class__.__name__)
def test_every_result_shows_itself_in_a_notebook_escaped(result):
    """HTML that is whole, with no script in it, and that says what the text says."""
    page = result._repr_html_()
    parser = _Tags()
    parser.feed(page)
    assert parser.open == []
    assert "script" not in parser.seen
    assert "<b>" not in page
    assert page == result._repr_html_()


def test_what_explains_itself_shows_itself_as_html():
    """Whatever has an explanation in these rooms shows it in a notebook."""
    shown = 0
    for room in ("results", "advice", "forms", "provisions", "importers"):
        module = import_module(f"evcredit.{room}")
        for name in dir(module):
            member = getattr(module, name)
            if inspect.isclass(member) and hasattr(member, "explain"):
                assert hasattr(member, "_repr_html_"), member
                shown += 1
    assert shown >= 6


def test_explanations_are_html_too():
    """Lists in lists, headings, and a tree of all findings that folds."""
    dear = with_facts(CLAIM, {"vehicle.msrp": 90_000})
    page = assess(dear).explain("html")
    assert "<h4>NOT MET" in page
    assert "<li>" in page
    assert "<details><summary>All findings" in page
    assert html.escape("$90,000") in page
    forms = fill_forms(whole_return()).explain("html")
    assert forms.count("<table>") >= 2
    with pytest.raises(ValueError, match="'html'"):
        fill_forms(whole_return()).explain("pdf")
    with pytest.raises(ValueError, match="'html'"):
        assess(dear).explain("pdf")
