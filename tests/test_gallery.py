"""The gallery: its pages draw what they say, and its files are those that its script writes."""

import importlib.util
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from tools import make_gallery_files

from evcredit.importers import import_rmi

ROOT = Path(__file__).parent.parent
PAGES = sorted((ROOT / "docs" / "gallery").glob("*.md"))


def _executed():
    found = importlib.util.spec_from_file_location("executed", ROOT / "docs" / "executed.py")
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


executed = _executed()


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_pictures_of_a_page_are_drawn_from_its_examples(page, monkeypatch, capsys):
    """Each marker becomes a picture for desks and phones; the examples stay as they are."""
    monkeypatch.chdir(ROOT)
    text = page.read_text(encoding="utf-8")
    drawn = executed.with_pictures(text)
    markers = executed.PICTURE.findall(text)
    assert "<!-- picture" not in drawn
    svgs = re.findall(r"<svg .*?</svg>", drawn, re.DOTALL)
    folding = sum(each.startswith("findings(") for each in markers)
    assert len(svgs) == 2 * (len(markers) - folding)
    assert drawn.count("<details open>") >= folding
    for svg in svgs:
        assert "\n\n" not in svg
        ET.fromstring(svg)
    assert re.findall(r"^>>> .*", text, re.MULTILINE) == re.findall(r"^>>> .*", drawn, re.MULTILINE)
    assert capsys.readouterr().out == ""


def test_a_marker_that_names_nothing_fails():
    """And so does an example before it that is wrong."""
    with pytest.raises(NameError):
        executed.with_pictures("<!-- picture: nothing -->")
    with pytest.raises(ZeroDivisionError):
        executed.with_pictures("```python\n1 / 0\n```\n\n<!-- picture: nothing -->")
    assert executed.with_pictures("```python\n1 / 0\n```\n") == "```python\n1 / 0\n```\n"


def test_every_study_is_listed_in_the_gallery():
    """Its index leads to each page, and to none that is not there."""
    index = (ROOT / "docs" / "gallery" / "index.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"\]\(([\w-]+\.md)\)", index))
    assert linked == {page.name for page in PAGES} - {"index.md"}


def test_the_workbook_of_the_gallery_is_what_its_script_writes():
    """Compared by what is read, since an archive has the time of its writing."""
    stored = (make_gallery_files.FOLDER / "emrt.xlsx").read_bytes()
    one, other = (import_rmi(each) for each in (stored, make_gallery_files.emrt()))
    assert one.facts == other.facts
    assert len(one.facts.minerals) == 5
