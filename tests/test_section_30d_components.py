"""26 USC 30D(e)(2): the battery components requirement."""

from datetime import date
from fractions import Fraction

import pytest

from evcredit import BatteryComponent, Bounds, Verdict, assess, current_law, with_facts
from evcredit.examples import demonstration_claim
from evcredit.section_30d.sourcing.components import battery_component_content

MET, NOT_MET, UNKNOWN = Verdict.MET, Verdict.NOT_MET, Verdict.UNKNOWN
LAW = current_law()


def part(kind, value, made_in, *contains):
    """A component that no foreign entity of concern made."""
    inside = {"contains": contains} if contains else {}
    return BatteryComponent(
        kind=kind, value=value, made_in=made_in, foreign_entity_of_concern=False, **inside
    )


def module(cathode="KR", **changes):
    """A module of 100 with cells of 80 and their four components."""
    facts = {"module": (100, "US"), "cell": (80, "US"), **changes}
    return part(
        "battery module",
        *facts["module"],
        part(
            "battery cell",
            *facts["cell"],
            part("cathode electrode", 30, cathode),
            part("anode electrode", 12, "US"),
            part("separator", 8, "JP"),
            part("liquid electrolyte", 5, "MX"),
        ),
    )


def claim(*components, day=date(2024, 6, 3), **facts):
    """The demonstration with other components."""
    return with_facts(demonstration_claim(day), {"vehicle.battery.components": components, **facts})


def content(*components):
    """The qualifying content as bounds of fractions."""
    share = battery_component_content(claim(*components), LAW)
    return None if share is None else (share.bounds.lower, share.bounds.upper)


@pytest.mark.parametrize(
    ("components", "share"),
    [
        ((module(),), Fraction(62, 100)),
        ((module(cathode="CA"),), Fraction(92, 100)),
        ((module(module=(100, "CN")),), Fraction(42, 100)),
        ((module(cell=(80, "CN")),), Fraction(37, 100)),
        ((module(), module(cathode="CA")), Fraction(154, 200)),
        ((part("separator", 1, "US"), part("separator", 2, "JP")), Fraction(1, 3)),
        ((part("separator", 1, "PR"),), Fraction(1)),
    ],
)
def test_incremental_values_count_where_they_arise(components, share):
    """Each component counts for its value less what is inside, wherever its parts are made."""
    assert content(*components) == (share, share)


@pytest.mark.parametrize(
    ("components", "lower", "upper"),
    [
        ((module(cathode=None),), Fraction(62, 100), Fraction(92, 100)),
        ((module(cell=(None, "US")),), Fraction(62, 100), Fraction(62, 100)),
        ((module(cell=(None, "CN")),), Fraction(17, 100), Fraction(62, 100)),
        ((module(cell=(None, None)),), Fraction(17, 100), Fraction(62, 100)),
        ((part("separator", 1, "GU"),), 0, 0),
        ((part("separator", None, "US"), part("separator", 2, "JP")), 0, 1),
        ((BatteryComponent(kind="battery cell", value=5, made_in="US"),), 0, 1),
    ],
)
def test_unknown_places_and_values(components, lower, upper):
    """What is not known of places and values leaves a range."""
    assert content(*components) == (lower, upper)


def test_no_components():
    """Unknown components leave everything open; components known to be none have no content."""
    assert content() is None
    unknown = with_facts(claim(), {"vehicle.battery.components": None})
    bounds = battery_component_content(unknown, LAW).bounds
    assert (bounds.lower, bounds.upper) == (0, 1)


@pytest.mark.parametrize(
    ("day", "percent"),
    [
        (date(2023, 4, 18), 50),
        (date(2023, 12, 31), 50),
        (date(2024, 1, 1), 60),
        (date(2025, 12, 31), 60),
        (date(2026, 1, 1), 70),
        (date(2026, 12, 31), 70),
    ],
    ids=str,
)
def test_content_is_compared_with_the_percentage_of_the_day(day, percent):
    """Equal to or greater: equality passes, a millionth of a dollar less does not."""
    inside, outside = f"{percent - 1}.999999", f"{100 - percent}.000001"
    enough = (part("separator", percent, "CA"), part("separator", 100 - percent, "JP"))
    short = (part("separator", inside, "CA"), part("separator", outside, "JP"))
    assert assess(claim(*enough, day=day)).find("components_requirement").verdict is MET
    found = assess(claim(*short, day=day)).find("components_requirement")
    assert found.verdict is NOT_MET
    assert str(found.citation) == "26 USC 30D(e)(2)"


@pytest.mark.parametrize(
    ("certified", "expected"),
    [(60, MET), ("59.999", NOT_MET), (Bounds(60, 70), MET), (Bounds(50, 70), UNKNOWN)],
    ids=str,
)
def test_certified_content_governs(certified, expected):
    """The percentage the manufacturer certified overrides the components."""
    path = "vehicle.battery.certified_battery_component_content"
    found = assess(claim(module(), **{path: certified})).find("components_requirement")
    assert found.verdict is expected
    assert [each.code for each in found.parts] == ["certified_battery_component_content"]
    assert found.parts[0].facts[0].path == path


def test_free_trade_agreements_do_not_matter_to_components():
    """Without Japan the components amount to the same."""
    reform = LAW.without_agreement("JPCMA")
    share = battery_component_content(claim(module()), reform)
    assert str(share) == "62.0 %"


def test_findings_show_each_component_from_the_outside_in():
    """Every component with its place, and whether it is North American."""
    found = assess(claim(module(cathode=None))).find("components_requirement")
    assert [(each.verdict, str(each.note)) for each in found.parts] == [
        (MET, "battery module, made in United States"),
        (MET, "battery cell, made in United States"),
        (UNKNOWN, "cathode electrode, made in an unknown country"),
        (MET, "anode electrode, made in United States"),
        (NOT_MET, "separator, made in Japan"),
        (MET, "liquid electrolyte, made in Mexico"),
    ]
    paths = [each.facts[0].path for each in found.parts]
    assert paths[2] == "vehicle.battery.components[0].contains[0].contains[0].made_in"
