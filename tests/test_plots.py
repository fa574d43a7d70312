"""Pictures: what they describe, and that every way of drawing draws the same."""

import builtins
import json
import re
import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal
from fractions import Fraction

import attrs
import pytest
from tools import make_pictures

from evcredit import (
    Battery,
    Claim,
    MineralSource,
    Step,
    assess,
    current_law,
    examples,
    named_law,
    with_facts,
)
from evcredit.algebra.schedule import NoProvision
from evcredit.errors import InvalidFactError
from evcredit.plots import Picture, content, flow, scenarios
from evcredit.plots.picture import (
    Arrow,
    Band,
    Bands,
    Box,
    Curve,
    Fill,
    Key,
    Level,
    Listing,
    Panel,
    Row,
    Scale,
    Text,
    Tick,
    Tone,
)
from evcredit.plots.pieces import Piece, hues_of
from evcredit.plots.shapes import Path, Rectangle, Word
from evcredit.plots.tones import DARK, HUES, LIGHT, filling, words_on

CLAIM = examples.demonstration_claim()
SVG = "{http://www.w3.org/2000/svg}"


def marks(picture, kind):
    return [
        mark
        for part in picture.parts
        if isinstance(part, Panel)
        for mark in part.marks
        if isinstance(mark, kind)
    ]


def drawing(*parts, **facts):
    return Picture(
        title="A picture",
        parts=parts,
        law="a law",
        day="a day",
        sources="none",
        summary="s",
        **facts,
    )


# -- contents ------------------------------------------------------------------------------


def test_an_unknown_day_leaves_the_percentage_open_in_every_picture():
    """It may be any of four, or none, and none of them is said to be the one."""
    open_day = with_facts(examples.demonstration_claim(), {"purchase.placed_in_service": None})
    result = assess(open_day)
    picture = content(result)
    asked = "40 % to 70 % are needed, by the unknown day"
    assert picture.title == f"Critical minerals: 84.1 % qualify, and {asked}"
    assert picture.day == "placed in service on an unknown day"
    assert "battery components: 62.0 %, 50 % to 70 % required, by the unknown day" in (
        picture.summary
    )
    levels = [mark for mark in picture.parts[0].marks if isinstance(mark, Level)]
    assert [int(each.at) for each in levels] == [40, 50, 60, 70, 50, 60, 70]
    assert [bool(each.label) for each in levels] == [True, *[False] * 3, True, *[False] * 2]
    columns = scenarios(open_day, {"now": current_law(), "later": current_law()})
    assert columns.day == flow(result).day == "placed in service on an unknown day"
    levels = [mark for mark in columns.parts[0].marks if isinstance(mark, Level)]
    assert [each.label for each in levels] == [
        "40 % to 70 % required, by the unknown day",
        *[""] * 7,
    ]


def test_the_content_is_drawn_chain_by_chain_against_what_is_asked_for():
    """The widths are exact, the fillings say what qualifies, the limits are those of the year."""
    picture = content(assess(CLAIM))
    boxes = [each for each in marks(picture, Box) if each.bottom < 1]
    assert [each.label for each in boxes] == [
        "Lithium: Chile",
        "Lithium: Australia",
        "Nickel: Japan",
        "Graphite: Japan",
        "Cobalt: Finland",
        "Manganese: China",
        "Graphite: China",
    ]
    solid = [each for each in boxes if each.tone.fill is Fill.SOLID]
    assert solid[-1].right == Fraction(273_980, 3258)  # 2,739.80 of 3,258 dollars
    assert boxes[-1].right == 100
    assert [each.at for each in marks(picture, Level)] == [50, 60]
    assert [each.label for each in marks(picture, Level)] == ["50 % required", "60 % required"]
    assert {each.tone.hue for each in boxes if "Japan" in each.label} == {
        next(key.tone.hue for key in picture.keys if key.text == "Japan")
    }
    assert "84.1 % qualify" in picture.words()


def test_unknown_chains_are_dotted_and_values_that_are_unknown_are_listed():
    """What is unresolved looks neither like what qualifies nor like what does not."""
    claim = with_facts(
        CLAIM,
        {
            "vehicle.battery.minerals[2].steps[1].country": None,
            "vehicle.battery.minerals[4].value": None,
        },
    )
    picture = content(assess(claim))
    dotted = [each for each in marks(picture, Box) if each.tone.fill is Fill.DOTTED]
    assert [each.label for each in dotted] == ["Nickel: an unknown country"]
    assert dotted[0].tone.hue == 0
    assert Key(Tone(0, Fill.DOTTED), "open: a fact is unknown") in picture.keys
    rows = [row.cells for part in picture.parts if isinstance(part, Listing) for row in part.rows]
    assert ("Manganese", "China", "value unknown") in rows


def test_a_chain_that_counts_in_part_is_drawn_in_two_stretches():
    """The traced test counts the share of the value that was added on the list."""
    partly = MineralSource(
        mineral="nickel",
        value=1000,
        steps=[
            Step(activity="processing", country="Canada", value_added=30),
            Step(activity="processing", country="China", value_added=70),
        ],
    )
    claim = with_facts(CLAIM, {"vehicle.battery.minerals": (partly,)})
    picture = content(assess(claim))
    names = picture.parts[0].y.names
    assert names[:2] == (
        "critical minerals, 50 percent value added test",
        "critical minerals, traced qualifying value test",
    )
    traced = [
        (each.tone.fill, each.left, each.right)
        for each in marks(picture, Box)
        if 1 <= each.bottom < 2
    ]
    assert traced == [(Fill.SOLID, 0, 30), (Fill.HATCHED, 30, 100)]


def test_a_certified_content_is_one_bar_without_chains():
    """And components that were certified too."""
    claim = with_facts(
        CLAIM,
        {
            "vehicle.battery.minerals": None,
            "vehicle.battery.certified_critical_mineral_content": Decimal("52.5"),
            "vehicle.battery.components": None,
            "vehicle.battery.certified_battery_component_content": 70,
        },
    )
    picture = content(assess(claim))
    assert [(each.right, each.label) for each in marks(picture, Box)] == [
        (Fraction("52.5"), "52.5 %: no chains"),
        (70, "70.0 %: no chains"),
    ]


def test_components_of_unknown_value_or_place_are_told_apart():
    """Pieces in one place are one; a value that is not known makes their sum unknown."""
    path = "vehicle.battery.components[0].contains[0].contains"
    claim = with_facts(CLAIM, {f"{path}[2].made_in": None})
    boxes = [each for each in marks(content(assess(claim)), Box) if each.bottom > 1]
    assert {(each.label, each.tone.fill) for each in boxes} >= {
        ("components: an unknown country", Fill.DOTTED),
        ("components: South Korea", Fill.HATCHED),
    }
    open_split = content(assess(with_facts(CLAIM, {f"{path}[0].value": None})))
    boxes = [each for each in marks(open_split, Box) if each.bottom > 1]
    assert ("components: South Korea or United States", Fill.DOTTED) in {
        (each.label, each.tone.fill) for each in boxes
    }
    unknown = content(assess(with_facts(CLAIM, {"vehicle.battery.components[0].value": None})))
    rows = [row.cells for part in unknown.parts if isinstance(part, Listing) for row in part.rows]
    assert ("components", "United States", "value unknown") in rows


def test_a_vehicle_of_which_no_content_is_asked_has_no_such_picture():
    """Before the sourcing rules, and under another credit."""
    early = assess(examples.demonstration_claim(date(2023, 2, 1)))
    with pytest.raises(InvalidFactError, match="no content is needed"):
        content(early)
    with pytest.raises(InvalidFactError, match="no content is needed"):
        content(assess(CLAIM, credit="45W"))


def test_where_the_law_has_no_percentage_the_picture_says_so():
    """As for a vehicle acquired in time and placed in service in 2027."""
    picture = content(assess(with_facts(CLAIM, {"purchase.placed_in_service": date(2027, 2, 1)})))
    assert picture.title.endswith("the law has no percentage for that day")
    assert marks(picture, Level) == []
    schedule = current_law().critical_minerals_percentage
    assert isinstance(schedule.on(date(2027, 2, 1)), NoProvision)


def test_a_battery_without_minerals_has_no_stack():
    """Its content is unknown, and nothing is drawn of it."""
    picture = content(assess(with_facts(CLAIM, {"vehicle.battery.minerals": ()})))
    assert [each for each in marks(picture, Box) if each.bottom < 1] == []
    bare = Claim(vehicle=attrs.evolve(CLAIM.vehicle, battery=Battery()), purchase=CLAIM.purchase)
    assert [each.label for each in marks(content(assess(bare)), Box)] == [
        "0.0 % to 100.0 %: no chains"
    ] * 2


def test_the_four_scenarios_of_the_first_question_are_those_of_the_law():
    """The shares that are drawn are those that the law gives."""
    picture = make_pictures.first_question()
    said = [each.text for each in marks(picture, Text) if each.strong]
    assert said == ["47.7 %", "84.1 %", "54.2 %", "90.6 %"]
    columns = {}
    for box in marks(picture, Box):
        if box.tone.fill is Fill.SOLID:
            column = int(box.left)
            columns[column] = max(columns.get(column, 0), box.top)
    for column, name in enumerate(("no-japan", "current", "eu-no-japan", "eu")):
        share = assess(CLAIM, law=named_law(name)).mineral_content
        assert columns[column] == share.bounds.lower * 100
    assert [each.at for each in marks(picture, Level)] == [50] * 4
    assert len(set(picture.digests)) == 4


def test_scenarios_need_a_law_and_draw_places_that_only_one_of_them_decides():
    """A place that decides under a later law alone has no hue of its own."""
    with pytest.raises(InvalidFactError, match="at least one law"):
        scenarios(CLAIM, {})
    laws = {"without": named_law("no-japan"), "with Indonesia": named_law("indonesia")}
    boxes = marks(scenarios(CLAIM, laws), Box)
    assert {box.tone.hue for box in boxes if "Indonesia" in box.label} == {0}
    lapsed = attrs.evolve(
        current_law(),
        critical_minerals_percentage=current_law().critical_minerals_percentage.always(
            NoProvision("a hypothetical"), why="a hypothetical"
        ),
    )
    assert marks(scenarios(CLAIM, {"without a percentage": lapsed}), Level) == []


@pytest.mark.parametrize("name", [name for name, _ in make_pictures.files()])
def test_the_pictures_of_the_documentation_are_current(name):
    """After a change of a picture or of the law: python tools/make_pictures.py."""
    stored = (make_pictures.FOLDER / name).read_text(encoding="utf-8")
    assert stored == dict(make_pictures.files())[name]


def test_places_beyond_the_hues_are_gray():
    """There are seven hues; what is worth the most gets them."""
    pieces = [
        Piece(
            name="x",
            place=code,
            where=code,
            value=100 - number,
            least=Fraction(0),
            most=Fraction(0),
            says="",
        )
        for number, code in enumerate(["AU", "CA", "CL", "CN", "FI", "ID", "JP", "KR"])
    ]
    hues = hues_of(pieces)
    assert hues["AU"] == 1
    assert hues["KR"] == 0


# -- drawing -------------------------------------------------------------------------------

ZERO, ONE, TWO, NINE = map(Fraction, (0, 1, 2, 9))
EVERYTHING = drawing(
    Panel(
        title="Numbers",
        x=Scale(
            label="across",
            lower=Fraction(0),
            upper=Fraction(10),
            ticks=tuple(Tick(Fraction(at, 100), "a long tick") for at in range(0, 1001, 10)),
        ),
        y=Scale(
            label="upward", lower=Fraction(0), upper=Fraction(1), ticks=(Tick(Fraction(1), "1"),)
        ),
        marks=(
            Band(
                left=Fraction(0),
                right=Fraction(9),
                begins=(Fraction(0), Fraction(1, 2)),
                ends=(Fraction(1, 2), Fraction(1)),
                tone=Tone(2, Fill.HATCHED),
                says="a <ribbon>",
            ),
            Curve(points=((ZERO, ZERO), (NINE, ONE)), hue=1, label="up"),
            Curve(points=((ZERO, ZERO), (ONE, ONE)), dashed=True),
            Curve(points=((ZERO, ZERO), (ONE, ONE)), label="left"),
            Level(at=Fraction(1, 2), label="half"),
            Level(at=Fraction(5), upright=True),
            Arrow(start=(ONE, ZERO), end=(TWO, ONE), label="40 %"),
            Arrow(start=(ONE, ZERO), end=(TWO, ONE), dashed=True),
        ),
    ),
    Panel(
        x=Bands(label="names", names=("one", "two")),
        marks=(
            Box(
                left=Fraction(0),
                right=Fraction(2),
                bottom=Fraction(0),
                top=Fraction(1),
                tone=Tone(3, Fill.EMPTY),
                label="in it",
            ),
        ),
        height=60,
    ),
    Panel(
        y=Bands(label="rows", names=("a name that is much too long for a line beside a row", "b")),
        marks=(Text(x=Fraction(0), y=Fraction(1, 2), text="first", anchor="end"),),
        height=40,
    ),
    Panel(
        marks=(Text(x=ZERO, y=ONE, text="nowhere at all", anchor="start", room=Fraction(1, 9)),),
        height=40,
    ),
    Listing(columns=(1,), rows=(Row(cells=("no title",)),)),
    Listing(
        title="Lines",
        columns=(1, 2, 1),
        rows=(
            Row(cells=("head", "& more", "$1"), strong=True),
            Row(
                cells=("a", "words that need more than one line on a phone", ""),
                depth=2,
                tone=Tone(1),
            ),
        ),
    ),
    keys=tuple(Key(Tone(hue, fill), f"key {hue}") for hue in range(8) for fill in Fill),
)


@pytest.mark.parametrize("width", [280, 390, 860])
@pytest.mark.parametrize("dark", [False, True])
def test_svg_and_matplotlib_draw_the_same_shapes_and_words(width, dark):
    """Each shape that was placed is drawn once by both, and each word is the same."""
    placed = EVERYTHING.placed(width)
    assert placed.width == width
    words = [each.text for each in placed.shapes if isinstance(each, Word)]
    boxes = [each for each in placed.shapes if isinstance(each, Rectangle)]
    root = ET.fromstring(EVERYTHING.to_svg(width))
    assert [each.text for each in root.iter(f"{SVG}text")] == words
    figure = EVERYTHING.figure(width, dark=dark)
    axes = figure.axes[0]
    assert [each.get_text() for each in axes.texts] == words
    patches = [each for each in axes.patches if each.__class__.__name__ == "Rectangle"]
    assert [each.get_width() for each in patches] == [each.width for each in boxes]
    shapes = [each for each in placed.shapes if isinstance(each, Path)]
    drawn = len(axes.lines) + len(axes.patches) - len(patches)
    assert drawn == len(shapes)
    inside = f".//{SVG}g/{SVG}rect"
    assert len(root.findall(inside)) == len(boxes)
    assert tuple(figure.get_size_inches() * 96) == pytest.approx((width, placed.height))


@pytest.mark.parametrize("width", [280, 390, 860])
def test_words_stay_inside_the_picture(width):
    """On a phone too."""
    from evcredit.plots.shapes import width_of

    picture = content(assess(CLAIM))
    for word in picture.placed(width).shapes:
        if isinstance(word, Word):
            wide = width_of(word.text, word.size, strong=word.strong)
            left = {"start": 0, "middle": wide // 2, "end": wide}[word.anchor]
            assert word.x - left >= -10, word
            assert word.x - left + wide <= 10 * width + 10, word


def test_what_a_mark_says_is_escaped_and_the_picture_has_words_for_those_who_do_not_see_it():
    """Titles and descriptions come from facts that anybody may have stated."""
    text = EVERYTHING.to_svg()
    assert "a &lt;ribbon&gt;" in text
    assert "&amp; more" in text
    assert text.count("<title") >= 2
    root = ET.fromstring(text)
    assert root.find(f"{SVG}desc").text == "s"
    assert "<script" not in text


def test_a_picture_shows_itself_in_a_notebook_for_desks_and_phones():
    """Both are there; the page shows the one that fits."""
    html = content(assess(CLAIM))._repr_html_()
    assert html.count("<svg") == 2
    names = re.findall(r'<title id="(\w+)-t"', html)
    assert len(set(names)) == 2


def test_a_picture_is_data_with_exact_numbers():
    """Everything it describes is there, ready for JSON."""
    data = json.loads(json.dumps(content(assess(CLAIM)).to_dict()))
    assert data["parts"][0]["marks"][0]["right"] == "5180/181"
    assert data["parts"][0]["kind"] == "panel"
    assert data["law"] == "current law"
    assert data["law_digests"] == [current_law().digest]
    assert repr(content(assess(CLAIM))).startswith("<picture: Critical minerals")
    assert content(assess(CLAIM)).to_svg() == content(assess(CLAIM)).to_svg()


def test_every_picture_says_its_unit_day_law_and_sources():
    """What is on it is enough to check it."""
    for picture in (content(assess(CLAIM)), make_pictures.first_question()):
        words = " ".join(picture.words())
        for said in ("percent of the value", "2024-06-03", "current law", "26 CFR 1.30D-3(a)"):
            assert said in words


def test_a_picture_must_be_wide_enough_for_words():
    """Narrower than any phone."""
    with pytest.raises(ValueError, match="give 280 to 20,000 pixels"):
        EVERYTHING.to_svg(279)


def test_without_matplotlib_a_figure_says_what_to_install(monkeypatch):
    """SVG needs nothing."""
    real = builtins.__import__

    def without(name, *rest, **named):
        if name.startswith("matplotlib"):
            raise ImportError(name)
        return real(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(ImportError, match=r"evcredit\[plots\]"):
        EVERYTHING.figure()
    assert EVERYTHING.to_svg()


def _luminance(color):
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one, other):
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("ground", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("fill", list(Fill))
@pytest.mark.parametrize("hue", range(len(HUES)))
def test_words_can_be_read_on_every_look(ground, fill, hue):
    """At the contrast that guidelines for accessibility ask of words."""
    tone = Tone(hue, fill)
    assert _contrast(words_on(tone, ground), filling(tone, ground)) >= 4.5
    assert _contrast(ground.faint, ground.paper) >= 4.5
