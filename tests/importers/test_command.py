"""Files by what is in them, and the command line of importers."""

import io
import json
import sys

import pytest
from tests.importing import SAMPLES, sample
from tests.workbooks import workbook

from evcredit import MineralSource
from evcredit.__main__ import main
from evcredit.errors import InvalidFactError
from evcredit.importers.files import FORMATS, format_of, import_file

SAMPLE_FORMATS = {
    "battery-pass-material-composition-1.2.0.json": "battery-pass",
    "bods-0.4.json": "bods",
    "catena-x-battery-pass-6.1.0.json": "battery-passport",
    "catena-x-single-level-bom-as-planned-4.0.0.json": "bill-of-materials",
    "catena-x-us-tariff-information-1.0.0.json": "us-tariff",
    "catena-x-us-tariff-information-2.0.0.json": "us-tariff",
    "epa-vehicles.csv": "fuel-economy",
    "gleif-rr.csv": "gleif",
    "rmi-emrt-2.1-mine-list.csv": "rmi",
    "rmi-emrt-2.1-smelter-list.csv": "rmi",
    "usgs-mcs2025-world-data.csv": "usgs",
    "usgs-mcs2026-commodities.csv": "usgs",
    "vpic-decoded.json": "vpic",
}
DATED = {"on": "2024-06-03"}
OPTIONS = {
    "rmi": {"template": "EMRT 2.1"},
    "bods": DATED,
    "bill-of-materials": DATED,
    "gleif": DATED,
}


@pytest.mark.parametrize(("name", "expected"), SAMPLE_FORMATS.items())
def test_a_file_is_known_by_what_is_in_it(name, expected):
    assert format_of(sample(name)) == expected
    imported = import_file(sample(name), options=OPTIONS.get(expected))
    direct = FORMATS[expected](sample(name), **OPTIONS.get(expected, {}))
    assert imported == direct


def test_a_workbook_is_a_reporting_template():
    assert format_of(workbook({"A": {}})) == "rmi"


@pytest.mark.parametrize("data", ["{}", "[3]", "a,b", "", "hello"])
def test_other_files_are_refused(data):
    with pytest.raises(InvalidFactError, match="none of the formats"):
        format_of(data)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("excel", {}, "the formats are rmi"),
        ("bods", {}, "bods needs this option"),
        ("bods", {"on": "2024-06-03", "role": 1}, "did you mean roles"),
        ("usgs", {"zzz": 1}, "it has none"),
    ],
)
def test_formats_and_options_that_are_none_are_refused(name, options, message):
    with pytest.raises(InvalidFactError, match=message):
        import_file("[]", name=name, options=options)


# -- the command line ---------------------------------------------------------------------------


def run(capsys, *arguments):
    status = main(["import", *map(str, arguments)])
    return status, *capsys.readouterr()


def test_the_report_is_printed(capsys):
    status, out, _ = run(capsys, SAMPLES / "vpic-decoded.json")

    assert status == 0
    assert out.startswith("decoded VIN (vPIC): 64 values, ")
    assert "Note: [2].Error Code is 1" in out


def test_chains_as_json_can_be_put_into_a_claim(capsys):
    lists = [SAMPLES / f"rmi-emrt-2.1-{name}-list.csv" for name in ("smelter", "mine")]
    status, out, _ = run(
        capsys,
        lists[0],
        "--option=template=EMRT 2.1",
        f"--option=mine_list=@{lists[1]}",
        "--option=steps_are_complete=true",
        "--output=json",
    )

    assert status == 0
    found = json.loads(out)
    chain = found["facts"]["minerals"][0]
    assert chain["mineral"] == "nickel"
    assert MineralSource(mineral=chain["mineral"], evidence=chain["evidence"]).value is None
    assert [step["activity"] for step in chain["steps"]] == ["extraction", "processing"]
    assert found["report"]["source"] == "EMRT 2.1"


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        (
            "vpic-decoded.json",
            [],
            {"gross_vehicle_weight_rating_lb": {"lower": "5001", "upper": None}},
        ),
        ("epa-vehicles.csv", ["make=Example"], {"vehicle_class": "sport utility vehicle"}),
        ("usgs-mcs2026-commodities.csv", [], {"mineral": "nickel", "activity": "extraction"}),
    ],
)
def test_facts_as_json(capsys, name, options, expected):
    arguments = [f"--option={each}" for each in options]
    _, out, _ = run(capsys, SAMPLES / name, *arguments, "--output", "json")

    (first, *_) = json.loads(out)["facts"]
    assert first.items() >= expected.items()


def test_graphs_and_shares_as_json(capsys):
    _, out, _ = run(
        capsys, SAMPLES / "bods-0.4.json", "--option", "on=2024-06-03", "--output", "json"
    )
    assert json.loads(out)["facts"]["entities"][0]["name"] == "ent-refiner"

    _, out, _ = run(capsys, SAMPLES / "usgs-mcs2025-world-data.csv", "--output", "json")
    assert json.loads(out)["facts"][5]["share"] == {"lower": "219/295", "upper": "73/95"}


def test_a_pipe_is_read(capsys, monkeypatch):
    data = sample("usgs-mcs2026-commodities.csv")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
    status, out, _ = run(capsys, "-", "--as", "usgs")

    assert status == 0
    assert out.startswith("USGS Mineral Commodity Summaries 2026: 60 values")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere.json"], "nowhere.json"),
        ([SAMPLES / "README.md"], "none of the formats"),
        ([SAMPLES / "bods-0.4.json"], "bods needs this option"),
        ([SAMPLES / "bods-0.4.json", "--option", "on"], "give a name and a value"),
        ([SAMPLES / "bods-0.4.json", "--option", "on=@nowhere"], "nowhere"),
    ],
)
def test_what_cannot_be_read_is_complained_of(capsys, arguments, message):
    status, out, error = run(capsys, *arguments)

    assert (status, out) == (2, "")
    assert message in error
    assert error.startswith("evcredit: ")


def test_the_arguments_of_the_process_serve(capsys, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["evcredit", "import", str(SAMPLES / "vpic-decoded.json")])

    assert main() == 0
    assert "decoded VIN" in capsys.readouterr().out
