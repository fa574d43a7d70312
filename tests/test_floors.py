"""The floors of the package: what may import what, how large a module is, and where things are."""

import ast
import importlib
import importlib.util
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCE = ROOT / "src" / "evcredit"
PAGE = ROOT / "docs" / "contributing.md"


def _floors():
    found = importlib.util.spec_from_file_location("floors", ROOT / "docs" / "floors.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


floors = _floors()


@pytest.fixture
def rooms():
    """The rooms that each room imports; not read before a test needs it."""
    return floors.imports_of_rooms()


#: The most lines of a module, and those that may have more, with why. The list may only shrink.
MOST_LINES = 500
LARGER = {
    "evcredit.facts.purchase": "all facts of a purchase, and the same as keywords for editors",
}

#: What may lie beside the rooms.
LOOSE = {
    "__init__.py",
    "__main__.py",
    "_version.py",
    "errors.py",
    "examples.py",
    "py.typed",
    "testing.py",
}


def test_nothing_lies_beside_the_rooms_but_what_belongs_there():
    """`ls` reads like a table of contents."""
    assert {path.name for path in SOURCE.iterdir() if path.is_file()} == LOOSE


def test_no_module_imports_itself_through_others(rooms):
    """Imports in functions and for type checkers count too."""
    assert floors.circles(floors.imports_of_modules()) == []
    assert floors.circles(rooms) == []


def test_a_circle_is_found():
    """The test before could fail."""
    graph = {
        name: frozenset(below) for name, below in {"a": "b", "b": "c", "c": "a", "d": "a"}.items()
    }
    assert floors.circles(graph) == [["a", "b", "c"]]
    with pytest.raises(ValueError, match="no floors"):
        floors.floors(graph)


def test_no_module_is_too_large():
    """A module that one can hold in mind; the exceptions are named, and none is stale."""
    lines = {
        name: len(path.read_text(encoding="utf-8").splitlines())
        for name, path in floors.modules().items()
    }
    assert {name for name, count in lines.items() if count > MOST_LINES} == set(LARGER)


def test_the_contract_has_a_layer_for_each_room_and_no_exception(rooms):
    """The floors that are printed and those that are enforced are the same rooms."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    contract = next(each for each in settings["contracts"] if each["id"] == "layers")
    named = [re.findall(r"\w+", line) for line in contract["layers"]]
    assert sorted(name for line in named for name in line) == sorted(rooms)
    assert settings["exclude_type_checking_imports"] is False
    assert not {"ignore_imports", "exhaustive_ignores"} & contract.keys() or contract[
        "exhaustive_ignores"
    ] == ["_version"]
    height = {name: len(named) - number for number, line in enumerate(named) for name in line}
    upward = [(r, b) for r, below in rooms.items() for b in below if height[b] >= height[r]]
    assert upward == []


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("__init__.py")), ids=lambda p: p.parent.name)
def test_a_room_says_what_it_may_import_and_what_may_import_it(path):
    """The first thing to read in a folder."""
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    if path.parent != SOURCE:
        assert re.search(r"^May import: ", said, re.MULTILINE)
        assert re.search(r"^May be imported by: ", said, re.MULTILINE)


def test_a_room_stands_above_all_it_imports(rooms):
    """The floors that the picture shows."""
    level = {name: number for number, names in enumerate(floors.floors(rooms)) for name in names}
    assert level.keys() == rooms.keys()
    assert all(level[below] < level[name] for name, imported in rooms.items() for below in imported)
    for name, imported in rooms.items():
        assert set(floors.direct(rooms)[name]) <= imported


def test_the_script_prints_the_floors_and_draws_them(tmp_path, rooms):
    """As a contributor runs it."""

    def run(*arguments):
        command = [sys.executable, str(ROOT / "docs" / "floors.py"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    printed = [line.split()[1] for line in run().splitlines()]
    assert sorted(printed) == sorted(rooms)
    assert printed.index("__main__") < printed.index("results") < printed.index("algebra")
    assert "evcredit.algebra.verdict <- " in run("--modules")
    picture = tmp_path / "floors.svg"
    run("--svg", str(picture))
    drawn = re.findall(r">(\w+)</text>", picture.read_text(encoding="utf-8"))
    assert sorted(drawn) == sorted(rooms)


def _rows():
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in PAGE.read_text(encoding="utf-8").splitlines()
        if re.match(r"\| .*\.(py|toml)` \|", line)
    ]


@pytest.mark.parametrize("row", _rows(), ids=lambda row: row[0])
def test_what_the_page_for_newcomers_leads_to_is_there(row):
    """Each question leads to a file and a name in it; a citation, to what cites it."""
    question, _, file, name = (cell.strip("`") for cell in row)
    text = (SOURCE / file).read_text(encoding="utf-8")
    pattern = rf"^(?:def |class |\[)?{re.escape(name)}(?:\(|:|\]| = |\.|\[)"
    assert re.search(pattern, text, re.MULTILINE), f"{name} is not in {file}"
    citation = re.match(r"26 USC (\d+[A-Z])", question)
    if citation:
        assert file.startswith(f"section_{citation[1].lower()}/")


def test_the_page_for_newcomers_names_the_four_that_matter():
    """A citation, the order against tax, a smelter's country, and what is missing."""
    asked = " ".join(row[0] for row in _rows())
    for question in ("30D(f)(11)", "against the tax", "smelter's country", "what is missing"):
        assert question in asked


def test_links_of_the_page_lead_somewhere():
    """The build of the documentation checks them too; this runs with the tests."""
    links = re.findall(r"\]\(([\w/.-]+\.md)\)", PAGE.read_text(encoding="utf-8"))
    assert links
    assert [each for each in links if not (PAGE.parent / each).is_file()] == []


def test_the_reference_describes_every_public_name_once(monkeypatch):
    """The build of the documentation refuses it otherwise; this runs with the tests."""
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    hooks = importlib.import_module("hooks")
    hooks._check_reference(ROOT / "docs" / "reference")
    names = hooks.handed_on(SOURCE / "__init__.py")
    assert "evcredit.results.assessing.assess" in names
    assert "evcredit.examples" not in names
