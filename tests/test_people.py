"""What those who carry on are given: files at the root, templates, and how a release is made."""

import re
import tomllib
from pathlib import Path

import pytest

from evcredit import __version__

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "name", ["CONTRIBUTING.md", "SECURITY.md", "CODE_OF_CONDUCT.md", "CITATION.cff", "LICENSE"]
)
def test_files_for_people_are_there_and_in_the_sdist(name):
    assert (ROOT / name).stat().st_size > 400
    built = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]
    assert name == "LICENSE" or f"/{name}" in built["targets"]["sdist"]["include"]


def test_the_citation_is_of_this_version():
    assert f"\nversion: {__version__}\n" in (ROOT / "CITATION.cff").read_text("utf-8")


@pytest.mark.parametrize("name", ["ISSUE_TEMPLATE/wrong-answer.yml", "PULL_REQUEST_TEMPLATE.md"])
def test_templates_ask_for_the_claim_and_the_receipt(name):
    text = (ROOT / ".github" / name).read_text("utf-8")
    assert "claim as json" in text.lower()
    assert "receipt" in text


def test_the_map_of_rooms_names_every_room():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    rooms = [path.parent.name for path in (ROOT / "src" / "evcredit").glob("*/__init__.py")]
    assert len(rooms) > 10
    named = set(re.findall(r"`(\w+)`", text))
    assert [room for room in rooms if room not in named | {"data"}] == []


def test_extras_are_for_users_and_groups_for_contributors():
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert set(settings["project"]["optional-dependencies"]) == {
        "json",
        "plots",
        "solver",
        "tables",
        "testing",
        "xlsx",
    }
    assert {"test", "lint", "docs", "browser"} <= set(settings["dependency-groups"])


def test_the_workflow_publishes_without_a_stored_secret():
    text = (ROOT / ".github" / "workflows" / "release.yml").read_text("utf-8")
    assert "id-token: write" in text
    assert not re.search(r"secrets\.|password:|TOKEN", text)
    assert "make release" in text


def test_every_file_that_contributing_names_is_there():
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = re.findall(r"`((?:tests|docs|src|\.github|\.ci)/[\w./-]+|\w+\.md)`", text)
    assert len(named) > 4
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_the_changelog_has_a_dated_heading_for_this_version():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## \[{re.escape(__version__)}\] - \d{{4}}-\d\d-\d\d$", text, re.MULTILINE)
