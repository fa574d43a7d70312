"""The commands of the command line: what-if, what-would-change, plot, table."""

import io
import json
import subprocess
import sys
from decimal import Decimal

import duckdb
import polars
import pytest

from evcredit import Claim, assess, examples, named_law
from evcredit import __main__ as command_line
from evcredit.commands import claims
from evcredit.errors import InvalidFactError
from evcredit.facts import PoolMember
from evcredit.io import claim_to_json
from evcredit.law import Reform, named_reform
from evcredit.tables.files.joined import join_parts


def piped(monkeypatch, data):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


# -- what-if -------------------------------------------------------------------------------------


def test_what_a_reform_changes_in_the_law_and_for_a_claim(run, claim_file, monkeypatch):
    """The reasons, the entries of the law, and what it is worth; from a file and a pipe."""
    status, out, err = run("what-if", claim_file, "--reform", "no Japan")
    assert (status, err) == (0, "")
    assert out.startswith("without JPCMA: what the agreement is worth [hypothetical]\n")
    assert "\nagreement JPCMA\n- Japan from 2023-03-28" in out
    assert "The change is worth -$3,750 to this claim." in out
    piped(monkeypatch, claim_file.read_bytes())
    assert run("what-if", "-", "--reform", "no Japan")[1] == out


def test_reforms_one_after_the_other_and_from_files(run, tmp_path, monkeypatch):
    """By name and from JSON."""
    file = tmp_path / "reform.json"
    gentler = Reform.set_value("critical_minerals_percentage", 40, why="a gentler year")
    file.write_text(json.dumps(gentler.to_dict()), encoding="utf-8")
    arguments = ("what-if", "--reform", "no Japan", "--reform", file, "--format", "json")
    data = json.loads(run(*arguments)[1])
    both = named_reform("no Japan").then(gentler)
    assert data["reform"] == both.to_dict()
    after = data["comparison"]["after"]
    assert after["receipt"]["law_digest"] == both.apply(named_law("current")).digest
    assert "agreement JPCMA" in data["law"]
    piped(monkeypatch, file.read_bytes())
    text = run("what-if", "--reform", "-", "--law", "no-japan", "--format", "markdown")[1]
    assert "```diff\n" in text
    assert "(hypothetical: a gentler year)\n```" in text


@pytest.mark.parametrize(
    ("reform", "words"),
    [
        ("Narnia", "no reform is called 'Narnia'"),
        ("EU + EU", "both reforms change the agreement EU-CMA"),
        ("no-such-file.json", "no-such-file.json: cannot be read"),
    ],
)
def test_a_reform_that_cannot_be_used(run, reform, words):
    """One line, and status 2."""
    status, out, err = run("what-if", "--reform", reform)
    assert (status, out) == (2, "")
    assert words in err


@pytest.mark.parametrize(("text", "words"), [("{", "give JSON text"), ("[]", "give an object")])
def test_a_file_that_holds_no_reform(run, tmp_path, text, words):
    """It says what it should hold."""
    file = tmp_path / "reform.json"
    file.write_text(text, encoding="utf-8")
    assert words in run("what-if", "--reform", file)[2]


# -- what would change ---------------------------------------------------------------------------


def test_what_would_change_a_claim(run, claim_file):
    """In words and as data."""
    status, out, _ = run("what-would-change", claim_file, "--law", "no-japan")
    assert status == 0
    assert "least value: 1 to come from where it counts, $124.80" in out
    data = json.loads(run("what-would-change", claim_file, "--format", "json")[1])
    assert data["halves"][0]["wins"] is False


def test_sensitivity(run):
    """A table in text and Markdown, and data."""
    text = run("what-would-change", "--sensitivity")[1].splitlines()
    assert text[0].split() == ["mineral", "at", "0.8", "at", "1.2", "flips"]
    assert text[1].split() == ["lithium", "82.4", "%", "85.5", "%", "no"]
    markdown = run(
        "what-would-change", "--sensitivity", "--format", "markdown", "--law", "no-japan"
    )
    assert markdown[1].splitlines()[1] == "|---|---|---|---|"
    assert "| yes " in markdown[1]
    data = json.loads(run("what-would-change", "--sensitivity", "--format", "json")[1])
    assert data[0]["mineral"] == "lithium"


def test_sensitivity_of_components(run):
    """The other half; an option that would be passed over is refused."""
    text = run("what-would-change", "--sensitivity", "--half", "components")[1].splitlines()
    assert text[0].split()[0] == "component"
    assert text[1].split() == ["cathode", "electrode", "66.0", "%", "58.5", "%", "yes"]
    for options, why in (
        (("--half", "components"), "--half: found 'components'; give it with --sensitivity"),
        (("--sensitivity", "--solver"), "--solver"),
        (("--sensitivity", "--percent", "40"), "for the minerals of a pool"),
    ):
        status, _, err = run("what-would-change", *options)
        assert status != 0
        assert why in err


def test_a_pool(run, tmp_path, claim_file):
    """From a file of its own."""
    from evcredit.facts import Pool
    from evcredit.io.pools import pool_to_dict

    member = PoolMember(
        battery=examples.demonstration_battery(),
        vehicles=1200,
        placed_in_service="2024-06-03",
        plant="Springfield",
    )
    pool = Pool.of_month(2024, 6, by="plant", members=[member])
    file = tmp_path / "pool.json"
    file.write_text(json.dumps(pool_to_dict(pool)), encoding="utf-8")
    _, out, err = run("what-would-change", "--pool", file, "--percent", 90)
    assert err == ""
    assert "content: 84.1 % of 90 % needed, not met" in out
    assert "not both" in run("what-would-change", claim_file, "--pool", file)[2]


def test_what_would_change_asks_a_solver(run, tmp_path):
    """It is silent, finds less than the sums that are tried, and the answer is JSON."""
    chains = [
        {
            "mineral": "nickel",
            "value": value,
            "steps": [
                {"activity": "processing", "country": "JP", "value_added": value // 3},
                {"activity": "processing", "country": "CN", "value_added": value - value // 3},
                {"activity": "extraction", "country": "CN"},
            ],
        }
        for value in (*range(700, 720), *range(100, 110))
    ]
    claim = json.loads(claim_to_json(examples.demonstration_claim()))
    claim["vehicle"]["battery"]["minerals"] = chains
    file = tmp_path / "divided.json"
    file.write_text(json.dumps(claim), encoding="utf-8")
    values = []
    for more in ((), ("--solver",)):
        out = run("what-would-change", file, "--format", "json", *more)[1]
        least = json.loads(out)["halves"][0]["resourcings"][1]
        assert least["by"] == "value"
        values.append(Decimal(least["value"]))
    assert values[1] < values[0]


# -- plot ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "picture", ["content", "scenarios", "flow", "findings", "timeline", "credit"]
)
def test_every_picture_is_drawn(run, picture):
    """As SVG on standard output."""
    status, out, err = run("plot", picture, "--width", 400)
    assert (status, err) == (0, "")
    assert out.startswith("<svg")


def test_pictures_in_files(run, claim_file, tmp_path):
    """SVG, HTML, the description, and by matplotlib."""
    pytest.importorskip("matplotlib")
    begins = {"svg": b"<svg", "html": b"<", "json": b"{", "png": b"\x89PNG", "pdf": b"%PDF"}
    for suffix, start in begins.items():
        file = tmp_path / f"picture.{suffix}"
        _, out, err = run("plot", "content", claim_file, "--law", "no-japan", "--out", file)
        assert err == ""
        assert out == f"{file}: Critical minerals: 47.7 % qualify, and 50 % are needed\n"
        assert file.read_bytes().startswith(start)


def test_pictures_that_cannot_be_drawn(run, tmp_path, monkeypatch):
    """Names, widths, and what is not installed."""
    assert "ends in .svg" in run("plot", "flow", "--out", tmp_path / "x.gif")[2]
    assert "280 pixels" in run("plot", "flow", "--width", 20)[2]
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    monkeypatch.delitem(sys.modules, "evcredit.plots.figure", raising=False)
    assert run("plot", "flow", "--out", tmp_path / "x.png")[0] == 2


# -- table ---------------------------------------------------------------------------------------

CARS = {"vehicle_msrp_cents": [54_000_00, 81_000_00, None]}
CREDITS = [750000, 0, 750000]
ENGINES = pytest.mark.parametrize("engine", ["polars", "duckdb"])


@pytest.fixture
def cars(tmp_path):
    """Three cars, as CSV and as Parquet."""
    frame = polars.DataFrame(CARS)
    frame.write_csv(tmp_path / "cars.csv")
    frame.write_parquet(tmp_path / "cars.parquet")
    return tmp_path


@ENGINES
@pytest.mark.parametrize("source", ["csv", "parquet"])
@pytest.mark.parametrize("target", ["csv", "parquet"])
def test_tables_in_and_out(run, cars, claim_file, engine, source, target):
    """One file from another, rows in their order; progress on standard error."""
    to = cars / f"out.{target}"
    status, out, err = run(
        "table", cars / f"cars.{source}", "--out", to, "--assume", claim_file, "--unknown",
        "--engine", engine,
    )  # fmt: skip
    assert status == 0, err
    assert out == f"{to}: 3 rows, 0 bad\n"
    assert "3 of 3 rows" in err
    read = polars.read_csv if target == "csv" else polars.read_parquet
    assert read(to)["credit_upper_cents"].to_list() == CREDITS


@pytest.mark.parametrize("source", ["csv", "parquet"])
def test_tables_through_pipes(run, cars, claim_file, monkeypatch, source):
    """CSV out, and whatever comes in."""
    piped(monkeypatch, (cars / f"cars.{source}").read_bytes())
    status, out, err = run(
        "table", "-", "--out", "-", "--assume", claim_file, "--unknown", "--quiet"
    )
    assert (status, err) == (0, "")
    assert polars.read_csv(io.StringIO(out))["credit_upper_cents"].to_list() == CREDITS


def test_a_folder_of_parts(run, cars, claim_file):
    """With which a run goes on; and a column for every rule."""
    folder = cars / "out"
    arguments = ("table", cars / "cars.csv", "--out", folder, "--assume", claim_file, "--unknown")
    assert run(*arguments, "--rules", "--quiet")[1] == f"{folder}: 3 rows, 0 bad\n"
    found = polars.read_parquet(folder / "*.parquet")
    assert "msrp_within_limit" in " ".join(found.columns)
    assert run(*arguments, "--quiet")[0] == 2  # a run with other options


@ENGINES
def test_bad_rows_are_sorted_out(run, tmp_path, claim_file, engine):
    """Into a file beside the output; without a place for them it is refused."""
    file = tmp_path / "cars.parquet"
    polars.DataFrame({"vehicle_msrp_cents": [54_000_00, -1]}).write_parquet(file)
    arguments = ("table", file, "--assume", claim_file, "--unknown", "--quiet", "--engine", engine)
    assert run(*arguments, "--out", tmp_path / "out.csv")[0] == 2
    to = tmp_path / "out.parquet"
    _, out, err = run(*arguments, "--sort-out", "--out", to)
    assert (out, err) == (f"{to}: 1 rows, 1 bad\n", "")
    bad = duckdb.read_parquet(str(tmp_path / "out.bad.parquet")).fetchall()
    assert len(bad) == 1
    polars.DataFrame({"vehicle_msrp_cents": [54_000_00]}).write_parquet(file)
    assert run(*arguments, "--sort-out", "--out", to)[1] == f"{to}: 1 rows, 0 bad\n"
    assert not (tmp_path / "out.bad.parquet").exists()  # it was of the rows before
    assert "need a place" in run(*arguments, "--sort-out", "--out", "-")[2]


def test_a_folder_without_parts_is_not_joined(tmp_path):
    """There is nothing to write."""
    with pytest.raises(InvalidFactError, match="holds no parts"):
        join_parts(tmp_path, tmp_path / "out.csv")


# -- all of them ---------------------------------------------------------------------------------


def test_a_command_that_needs_what_is_not_installed(run, monkeypatch):
    """It names the package."""
    monkeypatch.setitem(command_line._COMMANDS, "plot", "evcredit_no_such_module")
    status, out, err = run("plot", "flow")
    assert (status, out) == (2, "")
    assert err == "evcredit: plot needs evcredit_no_such_module, which is not installed\n"


def test_several_faults_of_a_file_are_listed(run, tmp_path):
    """As without a command."""
    file = tmp_path / "claim.json"
    file.write_text('{"vehicle": {"msrp": -1, "wheels": -4}}', encoding="utf-8")
    status, _, err = run("what-would-change", file)
    assert status == 2
    assert "2 facts cannot be used" in err


def test_a_reader_that_has_seen_enough():
    """A closed pipe is no error, and nothing is printed about it."""
    code = "import sys; from evcredit.__main__ import main; sys.exit(main(['what-would-change']))"
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


def test_a_closed_pipe_is_left_alone(monkeypatch):
    """What is buffered goes nowhere."""

    class Closed(io.StringIO):
        encoding = "utf-8"

        def flush(self):
            raise BrokenPipeError

        def fileno(self):
            return 77

    taken = []
    monkeypatch.setattr(command_line.os, "dup2", lambda new, old: taken.append(old))
    command_line._say("text", Closed())
    assert taken == [77]


# -- claims --------------------------------------------------------------------------------


def many(*lines):
    one = json.dumps(json.loads(claim_to_json(examples.demonstration_claim())))
    return "\n".join(one if line is None else line for line in lines) + "\n"


def test_claims_one_line_each(run, tmp_path):
    """In text and in JSON, under any law and credit."""
    file = tmp_path / "claims.jsonl"
    file.write_text(many(None, "{}", None), encoding="utf-8")
    status, out, complaints = run("claims", file)
    assert (status, complaints) == (0, "")
    assert out.splitlines() == [
        "line 1: met, $7,500, credit_allowed",
        f"line 2: unknown, between $0 and $7,500, {assess(Claim()).reason}",
        "line 3: met, $7,500, credit_allowed",
    ]
    status, out, _ = run("claims", file, "--format", "json", "--law", "no-japan", "--credit", "30D")
    first = json.loads(out.splitlines()[0])
    law = named_law("no-japan")
    result = assess(examples.demonstration_claim(), law=law)
    assert first == {
        "line": 1,
        "verdict": result.verdict.value,
        "credit": result.to_dict()["credit"],
        "reason": result.reason,
    }


def test_claims_from_a_pipe_as_they_come(run, monkeypatch):
    """An array too; what cannot be used is reported with line and path, the rest is answered."""
    piped(monkeypatch, b'[{},\n{"vehicle": {"msrp": -1, "wheel": 4}},\n{"vehicle": 5}, {}]')
    status, out, complaints = run("claims", "-")
    assert status == 2
    assert [line.partition(":")[0] for line in out.splitlines()] == ["line 1", "line 3"]
    told = complaints.splitlines()
    assert told[0].startswith("evcredit: -: line 2: vehicle.wheel: found 4;")
    assert told[1] == "evcredit: -: line 2: vehicle.msrp: found -1; may not be negative"
    assert told[2].startswith("evcredit: -: line 3: vehicle: found 5;")
    assert told[3] == "evcredit: -: found 2; so many claims cannot be used; see above"


def test_claims_are_written_in_pieces(monkeypatch):
    """No answer waits for the end of the file."""
    lines = iter([b"{}\n"] * 150)

    class Pipe:
        class buffer:  # noqa: N801  # as of `sys.stdin`
            @staticmethod
            def readline(most):
                return next(lines, b"")

    monkeypatch.setattr(sys, "stdin", Pipe)
    pieces = claims.answer(["-"])
    assert len(next(pieces).splitlines()) == 100
    assert next(lines) == b"{}\n"
    assert len(next(pieces).splitlines()) == 49


def test_claims_that_are_not_there(run, tmp_path):
    status, _, complaints = run("claims", tmp_path / "none.jsonl")
    assert status == 2
    assert "cannot be read: no such file" in complaints


# -- verify --------------------------------------------------------------------------------------


@pytest.fixture
def stored(run, claim_file, tmp_path):
    """A result as the command line gives it, and the file that holds it."""
    file = tmp_path / "result.json"
    file.write_text(run(claim_file, "--format", "json")[1], encoding="utf-8")
    return json.loads(file.read_text("utf-8")), file


def test_a_stored_result_is_the_same(run, stored, monkeypatch):
    """From a file and a pipe, whole and as a receipt alone."""
    data, file = stored
    status, out, err = run("verify", file)
    assert (status, err) == (0, "")
    assert out.startswith("the same to the last word: MET: $7,500 under 26 USC 30D")
    piped(monkeypatch, json.dumps(data["receipt"]).encode())
    assert run("verify", "-")[:2] == (0, out)
    assert json.loads(run("verify", file, "--format", "json")[1]) == {
        "same": True,
        "same_result": True,
        "differences": [],
    }


@pytest.mark.parametrize(
    ("part", "path", "value"),
    [
        ("version", ("receipt", "evcredit"), "0.9.0"),
        ("law", ("receipt", "law_digest"), "of another version"),
        ("facts", ("receipt", "facts", "vehicle", "brand"), "none of these"),
        ("result", ("credit", "upper"), "1"),
    ],
)
def test_what_differs_is_named(run, stored, part, path, value):
    """With status 1: version, law, facts, result."""
    data, file = stored
    *above, last = path
    below = data
    for name in above:
        below = below[name]
    below[last] = value
    file.write_text(json.dumps(data), encoding="utf-8")
    status, out, err = run("verify", file)
    assert (status, err) == (1, "")
    assert "1 place differs\n" in out
    assert f"  {part}: {'.'.join(path)}: " in out
    assert ("cannot be read by this version" in out) is (part == "facts")
    told = json.loads(run("verify", file, "--format", "json")[1])
    assert (told["same"], told["differences"][0]["path"]) == (False, ".".join(path))


def test_another_law(run, stored):
    """What was computed under one law, under another."""
    status, out, _ = run("verify", stored[1], "--law", "no-japan")
    assert status == 1
    assert "  law: receipt.law: 'current law' was stored, now 'current law without JPCMA'\n" in out
    assert "  result: credit.upper: " in out


def test_many_differences(run, stored):
    """They are counted, and the first of them listed."""
    data, file = stored
    data |= {f"more {number}": number for number in range(60)}
    file.write_text(json.dumps(data), encoding="utf-8")
    status, out, _ = run("verify", file)
    assert status == 1
    assert out.startswith("60 places differ\n")
    assert out.endswith("  and 10 more\n")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "this is no JSON"),
        ("[" * 100_000, "this is no JSON"),
        ("[]", "give what Assessment.to_dict gave, or its receipt"),
        ('{"receipt": {"law": "current law"}}', "a receipt of an assessment has evcredit"),
    ],
)
def test_a_file_that_holds_no_receipt(run, tmp_path, text, words):
    """One line, and status 2."""
    file = tmp_path / "receipt.json"
    file.write_text(text, encoding="utf-8")
    status, out, err = run("verify", file)
    assert (status, out) == (2, "")
    assert words in err
