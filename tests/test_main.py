"""The command line."""

import io
import json
import subprocess
import sys

import pytest
from tests.commercial import business_claim
from tests.returns import whole_return
from tests.used import used_claim

from evcredit import __version__, current_law, fill_forms, named_law
from evcredit.__main__ import main
from evcredit.io import claim_to_json, return_to_json

# -- the demonstration ---------------------------------------------------------------------

ROWS = [
    ("the 20 comprehensive free trade agreements alone", "47.7 %", "not met", "met", "$3,750"),
    ("with the US-Japan agreement (current law)", "84.1 %", "met", "met", "$7,500"),
    ("with a hypothetical EU agreement instead", "54.2 %", "met", "met", "$7,500"),
    ("with both", "90.6 %", "met", "met", "$7,500"),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_demonstration_shows_what_japan_is_worth(run, row):
    """Four scenarios with content, requirements and credit."""
    status, out, err = run()
    assert (status, err) == (0, "")
    (line,) = [line for line in out.splitlines() if line.startswith(row[0])]
    assert line.removeprefix(row[0]).split() == " ".join(row[1:]).split()


def test_demonstration_says_what_the_change_is_worth(run):
    """The difference, the flips and the reasons follow."""
    _, out, _ = run()
    assert "The change is worth $3,750 to this claim." in out
    assert (
        "Strengthening Critical Minerals Supply Chains (JPCMA), in force\n    since 2023-03-28"
        in out
    )
    assert "MET: a new clean vehicle credit of $7,500 is allowed." in out


def test_demonstration_in_a_process_of_its_own():
    """``python -m evcredit`` really works, warnings being errors."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "evcredit"],
        capture_output=True,
        text=True,
        check=True,
        encoding="utf-8",
    )
    for figure in ("47.7 %", "84.1 %", "54.2 %", "90.6 %", "$3,750"):
        assert figure in done.stdout
    assert done.stderr == ""


def test_demonstration_in_markdown(run):
    """The table is one of Markdown, with dollars that are not mathematics."""
    _, out, _ = run("--format", "markdown")
    lines = out.splitlines()
    start = lines.index("| countries that count | content | minerals | components | credit |")
    assert lines[start + 1] == "|---|--:|--:|--:|--:|"
    assert lines[start + 2] == (
        "| the 20 comprehensive free trade agreements alone | 47.7 % | not met | met | \\$3,750 |"
    )
    assert "### The change is worth \\$3,750 to this claim." in lines


def test_demonstration_as_json(run):
    """Every scenario and the comparison, under stable names."""
    _, out, _ = run("--format", "json")
    data = json.loads(out)
    assert list(data) == ["scenarios", "japan"]
    amounts = {name: each["credit"]["upper"] for name, each in data["scenarios"].items()}
    assert amounts == {"no-japan": 3750, "current": 7500, "eu-no-japan": 7500, "eu": 7500}
    assert data["japan"]["difference"]["lower"] == 3750


def test_demonstration_as_known_on_a_day(run):
    """Before 4 July 2025 the credit ended by another day."""
    status, out, _ = run("--as-known-on", "2024-06-03")
    assert status == 0
    assert "current law as known on 2024-06-03" in out
    assert "2032-12-31" in out


# -- a claim of one's own ------------------------------------------------------------------


def test_claim_in_text(run, claim_file):
    """A file is explained under the current law."""
    status, out, err = run(claim_file)
    assert (status, err) == (0, "")
    assert out.startswith("MET: a new clean vehicle credit of $7,500 is allowed.\n")


def test_claim_in_markdown(run, claim_file):
    """The same as Markdown."""
    _, out, _ = run(claim_file, "--format", "markdown")
    assert out.startswith("### MET: a new clean vehicle credit of \\$7,500 is allowed.\n")


def test_claim_as_json(run, claim_file):
    """The same as data, with a receipt."""
    _, out, _ = run(claim_file, "--format", "json")
    data = json.loads(out)
    assert data["verdict"] == "met"
    assert data["receipt"]["law_digest"] == current_law().digest
    assert out.endswith("}\n")


def test_another_law(run, claim_file):
    """A ready-made law by its name, with and without a file."""
    for arguments in ([claim_file, "--law", "no-japan"], ["--law", "no-japan"]):
        status, out, _ = run(*arguments)
        assert status == 0
        assert out.startswith("MET: a new clean vehicle credit of $3,750 is allowed.\n")
        assert "current law without JPCMA" in out


def test_another_credit(run, tmp_path):
    """The credit for a used vehicle, by its section; of one of no section there is none."""
    path = tmp_path / "used.json"
    path.write_text(claim_to_json(used_claim()))
    status, out, _ = run(str(path), "--credit", "25E")
    assert status == 0
    assert out.startswith("MET: a previously owned clean vehicle credit of $4,000 is allowed.\n")
    _, out, _ = run(str(path), "--credit", "25E", "--compare-with", "eu", "--format", "json")
    assert json.loads(out)["before"]["receipt"]["section"] == "25E"
    status, out, _ = run("--credit", "25E")
    assert status == 0
    assert out.startswith("NOT MET: no previously owned clean vehicle credit is allowed.\n")
    with pytest.raises(SystemExit):
        run("--credit", "30B")


def test_the_credit_of_a_business(run, tmp_path):
    """The commercial credit, from a file."""
    path = tmp_path / "business.json"
    path.write_text(claim_to_json(business_claim()))
    status, out, _ = run(str(path), "--credit", "45W")
    assert status == 0
    assert out.startswith("MET: a commercial clean vehicle credit of $7,500 is allowed.\n")


def test_two_laws(run, claim_file):
    """What changes under the second."""
    status, out, _ = run(claim_file, "--law", "no-japan", "--compare-with", "current")
    assert status == 0
    assert out.startswith("The change is worth $3,750 to this claim.\n")
    _, out, _ = run("--compare-with", "no-japan", "--format", "json")
    data = json.loads(out)
    assert data["difference"] == {"lower": -3750, "upper": -3750, "currency": "USD"}
    assert data["after"]["receipt"]["law_digest"] == named_law("no-japan").digest


def test_law_as_known_on_a_day(run, claim_file):
    """An earlier state of knowledge, of both laws."""
    _, out, _ = run(claim_file, "--as-known-on", "2024-06-03", "--format", "json")
    assert json.loads(out)["receipt"]["as_known_on"] == "2024-06-03"
    _, out, _ = run(claim_file, "--compare-with", "eu", "--as-known-on", "2024-06-03")
    assert "current law as known on 2024-06-03: met, $7,500" in out
    assert "current law with EU-CMA as known on 2024-06-03: met, $7,500" in out


# -- what cannot be used -------------------------------------------------------------------


def test_file_with_faults_gets_every_one_at_once(run, tmp_path):
    """Each with path, what was found and what is allowed; exit status 2 and no output."""
    file = tmp_path / "wrong.json"
    file.write_text(
        """{"vehicle": {"msrp": -1, "final_assembly_country": "Korea", "colour": "red",
            "battery": {"minerals": [{"mineral": "cobalt",
                                      "steps": [{"activity": "extraction", "country": "Congo"}]}]}},
            "purchase": {"placed_in_service": "2024-06-03T12:00"}}""",
        encoding="utf-8",
    )
    status, out, err = run(file)
    assert (status, out) == (2, "")
    lines = err.splitlines()
    assert lines[0] == f"evcredit: {file}: 5 facts cannot be used"
    assert sorted(lines[1:]) == sorted(
        [
            "  vehicle.msrp: found -1; may not be negative",
            (
                "  vehicle.final_assembly_country: found 'Korea'; two countries have this name; "
                "write KR (South Korea) or KP (North Korea)"
            ),
            next(line for line in lines if line.startswith("  vehicle.colour: found 'red'; ")),
            (
                "  vehicle.battery.minerals[0].steps[0].country: found 'Congo'; two countries "
                "have this name; write CD (Democratic Republic of the Congo, Kinshasa) or CG "
                "(Republic of the Congo, Brazzaville)"
            ),
            "  purchase.placed_in_service: found '2024-06-03T12:00'; give text like 2024-06-03",
        ]
    )


def test_file_with_one_fault(run, tmp_path):
    """One fault is one fact."""
    file = tmp_path / "wrong.json"
    file.write_text('{"vehicle": {"wheels": "four"}}', encoding="utf-8")
    status, _, err = run(file)
    assert status == 2
    assert err.splitlines() == [
        f"evcredit: {file}: 1 fact cannot be used",
        (
            "  vehicle.wheels: found 'four'; this is not a number; write it without signs or "
            "separators"
        ),
    ]


def test_file_that_is_not_json(run, tmp_path):
    """Text that cannot be read is a fault of the file."""
    file = tmp_path / "wrong.json"
    file.write_text("vehicle: van", encoding="utf-8")
    status, _, err = run(file)
    assert status == 2
    assert "give JSON text in UTF-8" in err


def test_file_that_is_not_there(run, tmp_path):
    """The message names the file."""
    status, out, err = run(tmp_path / "nowhere.json")
    assert (status, out) == (2, "")
    assert "nowhere.json" in err
    assert err.startswith("evcredit: ")


def test_folder_for_a_file(run, tmp_path):
    """Whatever the system says, the status is 2."""
    status, _, err = run(tmp_path)
    assert status == 2
    assert err.startswith("evcredit: ")


@pytest.mark.parametrize("option", ["--law", "--compare-with"])
def test_unknown_law(run, option):
    """A misspelt law gets a suggestion."""
    status, out, err = run(option, "no-japn")
    assert (status, out) == (2, "")
    assert err == "evcredit: no law is called 'no-japn'; did you mean no-japan or eu-no-japan?\n"


def test_day_before_the_guidance(run):
    """Nothing was known then."""
    status, _, err = run("--as-known-on", "2023-04-16")
    assert status == 2
    assert "had no starting day" in err


def test_vehicle_of_a_day_that_is_not_covered(run, tmp_path):
    """An earlier vehicle is an error, never a zero."""
    file = tmp_path / "early.json"
    file.write_text('{"purchase": {"placed_in_service": "2009-12-31"}}', encoding="utf-8")
    status, out, err = run(file)
    assert (status, out) == (2, "")
    assert "evcredit has no law for 2009-12-31" in err


def test_the_forms_of_a_return(run, tmp_path):
    """In text, as tables and as data, under the law that is named."""
    file = tmp_path / "return.json"
    file.write_text(return_to_json(whole_return()), encoding="utf-8")
    forms = fill_forms(whole_return())
    assert run("--forms", file) == (0, forms.explain(), "")
    assert run("--forms", file, "--format", "markdown")[1] == forms.explain("markdown")
    assert json.loads(run("--forms", file, "--format", "json")[1]) == forms.to_dict()
    told = json.loads(run("--forms", file, "--format", "json", "--law", "no-japan")[1])
    assert told["receipt"]["law"] == "current law without JPCMA"


def test_a_return_with_a_fault(run, tmp_path):
    """Its path says where, and the file is named."""
    file = tmp_path / "return.json"
    file.write_text('{"tax_year": 2024, "vehicles": [{"claim": {"vehicle": {"msrp": -1}}}]}')
    status, out, err = run("--forms", file)
    assert (status, out) == (2, "")
    assert err.startswith(f"evcredit: {file}: 1 fact cannot be used\n  vehicles[0].claim.vehicle")
    file.write_text('{"tax_year": 2009}')
    assert "covered: tax years 2010 to 2026" in run("--forms", file)[2]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--as-known-on", "yesterday"],
        ["--as-known-on", "20240603"],
        ["--as-known-on", "2024-W23-1"],
        ["--format", "html"],
        ["--lwa", "eu"],
        ["a.json", "b.json"],
        ["a.json", "--forms", "b.json"],
        ["--forms", "b.json", "--compare-with", "eu"],
        ["--forms", "b.json", "--credit", "25E"],
    ],
    ids=" ".join,
)
def test_arguments_that_cannot_be_used(arguments, capsys):
    """The parser says what is wrong and exits with 2."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    assert "usage: python -m evcredit" in capsys.readouterr().err


def test_a_claim_from_standard_input(run, claim_file, monkeypatch):
    """A dash is standard input."""
    piped = io.TextIOWrapper(io.BytesIO(claim_file.read_bytes()))
    expected = run(claim_file)
    monkeypatch.setattr(sys, "stdin", piped)
    assert run("-") == expected


def test_a_terminal_that_knows_only_ascii(claim_file, monkeypatch):
    """What it has no character for is escaped, and nothing fails."""
    claim_file.write_text('{"vehicle": {"make": "Škoda"}}', encoding="utf-8")
    terminal = io.TextIOWrapper(io.BytesIO(), encoding="ascii", write_through=True)
    monkeypatch.setattr(sys, "stdout", terminal)
    assert main([str(claim_file), "--format", "json"]) == 0
    assert "\\u0160koda" in terminal.buffer.getvalue().decode("ascii")


def test_a_return_given_as_a_claim_and_the_other_way_round(run, tmp_path, claim_file):
    """The message says what the file is, and how to give it."""
    stated = tmp_path / "return.json"
    stated.write_text('{"tax_year": 2024, "vehicles": []}')
    assert "this is a return: read it with return_from_json" in run(stated)[2]
    assert "this is a claim: read it with claim_from_json" in run("--forms", claim_file)[2]


def test_many_faults_are_counted(run, tmp_path):
    """Fifty are shown."""
    file = tmp_path / "claim.json"
    file.write_text(json.dumps({f"name {number}": 1 for number in range(60)}))
    lines = run(file)[2].splitlines()
    assert (len(lines), lines[-1]) == (52, "  and 10 more")


def test_help_names_every_law(capsys, monkeypatch):
    """The laws to choose from, and that it is no advice."""
    monkeypatch.setenv("COLUMNS", "1000")
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    out = " ".join(capsys.readouterr().out.split())
    assert caught.value.code == 0
    for name in ("current", "no-japan", "eu-no-japan", "usmca-lapses-2036"):
        assert name in out
    assert "This is not tax advice." in out


def test_version(capsys):
    """The version of the package."""
    with pytest.raises(SystemExit) as caught:
        main(["--version"])
    assert (caught.value.code, capsys.readouterr().out) == (0, f"evcredit {__version__}\n")
