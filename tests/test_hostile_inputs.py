"""What a hostile or careless caller gives, where it once escaped or did harm."""

import io as streams
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from evcredit import (
    Claim,
    EvcreditError,
    InvalidFactError,
    Purchase,
    assess,
    current_law,
    examples,
    with_facts,
)
from evcredit.__main__ import main
from evcredit.errors import InvalidFactsError
from evcredit.facts import Entity, OwnershipGraph
from evcredit.importers import import_gleif
from evcredit.io import (
    claims_from_json,
    graph_from_rows,
    graph_to_json,
    pool_from_json,
    pool_from_rows,
    pool_to_dict,
    reform_to_json,
    rows_of_csv,
)
from evcredit.law import Agreements, Reform, TradeAgreement
from evcredit.plots import findings
from evcredit.tables import compare_frames, makers_not_in, summarise, template, trace_owners

LAW = current_law()
CLAIM = examples.demonstration_claim()
GRAPH = OwnershipGraph(entities=[Entity(name="Refiner")])
DAYS = {"first_day": "2024-01-01", "last_day": "2024-12-31"}
POOL = '{"by": ["plant"], "first_day": "2024-06-01", "last_day": "2024-06-30", "members": [%s]}'


# -- files that are read and written ---------------------------------------------------------


def test_a_table_never_writes_over_what_it_reads(tmp_path, capsys):
    """Not under another name of it either, nor with the rows that are sorted out."""
    text = "vehicle_msrp_cents\n5000000\n"
    cars, other = tmp_path / "cars.csv", tmp_path / "other.csv"
    cars.write_text(text)
    other.symlink_to(cars)
    bad = tmp_path / "out.bad.csv"
    bad.write_text(text)
    for arguments in (
        [str(cars), "--out", str(cars)],
        [str(cars), "--out", str(other)],
        [str(tmp_path), "--out", str(cars)],
        [str(bad), "--out", str(tmp_path / "out.csv"), "--sort-out"],
    ):
        assert main(["table", *arguments, "--unknown", "--quiet"]) == 2
        assert "this file is read; give another name" in capsys.readouterr().err
    assert cars.read_text() == bad.read_text() == text


def test_a_picture_never_writes_over_its_claim(tmp_path, capsys):
    claim = tmp_path / "claim.json"
    claim.write_text("{}")
    assert main(["plot", "findings", str(claim), "--out", str(claim)]) == 2
    assert "this file is read; give another name" in capsys.readouterr().err
    assert claim.read_text() == "{}"


def test_a_reform_from_a_file_is_read_as_every_document(tmp_path, capsys):
    """Nested without end, or with a name that comes twice: ours, and nothing is dropped."""
    change = '{"change": "remove agreement", "agreement": "Japan", "why": "a", "why": "b"}'
    path = tmp_path / "reform.json"
    for text, words in (
        ("[" * 100_000, "too many levels"),
        (f'{{"changes": [{change}]}}', "the name appears twice"),
    ):
        path.write_text(text)
        assert main(["what-if", "--reform", str(path)]) == 2
        assert words in capsys.readouterr().err


@pytest.mark.parametrize("asked", ["-h", "--help"])
def test_the_command_schema_has_help_too(capsys, asked):
    assert main(["schema", asked]) == 0
    assert "claim, return, transfer, reform" in capsys.readouterr().out


# -- rows and documents ----------------------------------------------------------------------


def test_ends_of_lines_inside_a_cell_stay():
    rows = rows_of_csv('\ufeffname,lei\n"a\nb",x\nc\x85d\u2028e,y\n')
    assert [row["name"] for row in rows] == ["a\nb", "c\x85d\u2028e"]


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (None, "file"),
        (b"name\n", "file"),
        ("name,name\na,b\n", "line 1"),
        (f"name\na\n{'x' * 200_000}\n", "line 3"),
        ('name,lei\n"a\nb",x,y\n', "line 3"),
    ],
)
def test_text_that_is_no_table_is_refused(text, path):
    """A name that comes twice is no exception: one of its columns would be lost."""
    with pytest.raises(InvalidFactError) as caught:
        rows_of_csv(text)
    assert caught.value.path == path


@pytest.mark.parametrize("rows", ["x", True, {"name": "A"}, ["x"], [{1: "A"}], b"x"])
def test_rows_that_are_none_are_refused(rows):
    for use in (
        lambda: graph_from_rows(rows),
        lambda: graph_from_rows([], rows),
        lambda: pool_from_rows(rows, by="plant", **DAYS),
        lambda: pool_from_rows([], by="plant", chains=rows, **DAYS),
        lambda: pool_from_rows([], by="plant", steps=rows, **DAYS),
        lambda: pool_from_rows([], by="plant", components=rows, **DAYS),
    ):
        with pytest.raises(InvalidFactError, match=r"give (rows|a mapping)"):
            use()


def test_a_pool_is_by_something():
    with pytest.raises(InvalidFactError, match="say by what"):
        pool_from_rows([{"member": "A", "vehicles": 1}], by=None, **DAYS)


def test_a_pool_that_names_something_twice_drops_nothing():
    text = POOL % '{"vehicles": 3, "plant": "A"}'
    with pytest.raises(InvalidFactError, match=r"pool\.by: .* the name appears twice"):
        pool_from_json(text.replace("{", '{"by": ["model line"], ', 1))


def test_several_faults_of_a_member_say_of_which():
    text = POOL % '{"vehicles": 3, "plant": "A"}, {"vehicles": -3, "plant": 5}'
    with pytest.raises(InvalidFactsError) as caught:
        pool_from_json(text)
    paths = [fault.path for fault in caught.value.exceptions]
    assert paths == ["pool.members[1].vehicles", "pool.members[1].plant"]


def test_half_of_a_character_is_no_text():
    """No file, picture or digest could hold it."""
    with pytest.raises(InvalidFactError, match="half of a character"):
        with_facts(CLAIM, {"vehicle.make": "\ud800"})
    assert with_facts(CLAIM, {"vehicle.make": "Škoda"}).vehicle.make == "Škoda"


@pytest.mark.parametrize("text", ['{"vehicle": {"make": "\ud800"}}', '[{"vehicle": "\ud800"}]'])
def test_many_claims_with_half_of_a_character(text):
    with pytest.raises(InvalidFactError):
        list(claims_from_json(streams.StringIO(text)))


@pytest.mark.parametrize("name", ["a\0b", "\ud800"])
def test_a_name_that_no_file_can_have(name):
    with pytest.raises(EvcreditError, match="no file can have this name"):
        list(claims_from_json(name))


@pytest.mark.parametrize("indent", [-1, 10**40, 1.5, True, "x"])
def test_an_indent_is_a_number_of_spaces(indent):
    reform = Reform.remove_agreement("Japan", why="a test")
    for write, subject in ((reform_to_json, reform), (graph_to_json, GRAPH)):
        with pytest.raises(InvalidFactError, match="indent"):
            write(subject, indent=indent)


# -- arguments of the wrong kind -------------------------------------------------------------


def test_a_day_of_acquisition_that_is_none_is_one_fault():
    """Not a comparison of it with the day placed in service."""
    with pytest.raises(InvalidFactError, match="acquired"):
        Purchase.used_from_dealer(placed_in_service="2024-08-01", acquired=1.5)


RELATIONSHIPS = Path(__file__).parent.joinpath("samples", "gleif-rr.csv").read_bytes()
DEAL = {"identifier": "X", "name": "X", "kind": "hypothetical"}
REFUSED = {
    "about": lambda: import_gleif(RELATIONSHIPS, on="2024-01-01", about=5),
    "graph": lambda: graph_to_json(None),
    "pool": lambda: pool_to_dict(None),
    "agreement": lambda: LAW.with_agreement("Japan"),
    "partners": lambda: TradeAgreement(**DEAL, partners=None),
    "partner": lambda: TradeAgreement(**DEAL, partners="JP"),
    "texts": lambda: TradeAgreement(**DEAL, partners=(), parties=None),
    "agreements": lambda: Agreements("x"),
    "then": lambda: Reform.remove_agreement("Japan", why="a test").then(None),
    "day": lambda: LAW.covered_nations_on([]),
    "demonstration": lambda: examples.demonstration_claim(None),
    "width": lambda: findings(assess(CLAIM)).to_svg(None),
    "narrow": lambda: findings(assess(CLAIM)).to_svg(279),
    "wide": lambda: findings(assess(CLAIM)).to_svg(10**40),
    "before": lambda: compare_frames(pl.DataFrame({"a": [1]}), None, LAW),
    "after": lambda: compare_frames(pl.DataFrame({"a": [1]}), LAW, []),
    "makers": lambda: makers_not_in(None, []),
    "owners": lambda: trace_owners(pl.DataFrame({"by": ["x"]}), None),
    "by": lambda: trace_owners(pl.DataFrame({"by": ["x"]}), GRAPH, by=None),
    "engine": lambda: template([]),
    "sums": lambda: summarise(pl.DataFrame({"a": [1]}), by=None),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_of_the_wrong_kind_is_refused_in_our_words(name):
    with pytest.raises(InvalidFactError):
        REFUSED[name]()


def test_a_graph_has_no_entity_of_a_name_that_is_none():
    assert GRAPH.name_of(None) is None
    assert GRAPH.entity([]) is None


def test_the_demonstration_takes_a_day_as_text():
    assert examples.demonstration_claim("2024-06-03") == CLAIM


# -- values of the law -----------------------------------------------------------------------


@pytest.mark.parametrize("value", ["1E999999", Decimal("1E+999999"), "1E-999999"])
def test_a_vast_value_of_the_law_is_refused_at_once(value):
    with pytest.raises(InvalidFactError, match="fewer than 18 digits"):
        Reform.set_value("critical_minerals_percentage", value, why="a test")


@pytest.mark.parametrize("value", [None, {}, object()])
def test_a_cap_of_another_kind_is_refused(value):
    with pytest.raises(InvalidFactError):
        Reform.cap_value("gross_vehicle_weight_limit_lb", value, why="a test").apply(LAW)


@pytest.mark.parametrize(
    ("schedule", "value"),
    [
        ("msrp_limit", {}),
        ("msrp_limit", [1, 2]),
        ("residual_value_percent", 100),
        ("residual_value_percent", []),
        ("residual_value_percent", ["x"]),
    ],
)
def test_a_row_of_a_table_keeps_its_kind(schedule, value):
    with pytest.raises(InvalidFactError, match="as the schedule has"):
        Reform.set_value(schedule, value, why="a test").apply(LAW)


CHANGED = {
    "30D": (date(2015, 1, 1), "2020-01-01", ("small_vehicle_percent", "capacity_amount_per_kwh")),
    "25E": (date(2024, 6, 1), "2024-06-02", ("used_vehicle_percent",)),
    "45W": (
        date(2024, 6, 1),
        "2024-06-02",
        ("commercial_percent", "commercial_percent_with_engine"),
    ),
}


@pytest.mark.parametrize("credit", CHANGED)
@pytest.mark.parametrize("value", [0, "50.5"])
def test_what_is_missing_beside_a_percentage_of_nothing_or_a_fraction(credit, value):
    """An amount that never grows, or grows by fractions, has no whole turn."""
    day, since, names = CHANGED[credit]
    law = LAW
    for name in names:
        law = Reform.set_value(name, value, since=since, why="a test").apply(law)
    claim = with_facts(Claim(), {"purchase.placed_in_service": day})
    assert assess(claim, law=law, credit=credit).missing()
