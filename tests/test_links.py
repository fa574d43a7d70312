"""The check of links in the built documentation notices those that lead nowhere."""

import importlib.util
from pathlib import Path

TOOL = Path(__file__).parent.parent / "tools" / "links.py"
found = importlib.util.spec_from_file_location("links", TOOL)
links = importlib.util.module_from_spec(found)
found.loader.exec_module(links)


def test_links_that_lead_nowhere(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "one.html").write_text(
        '<h1 id="top"></h1><a href="../two.html#there"></a><a href="../two.html#not"></a>'
        '<a href="#top"></a><a href="#bottom"></a><img src="lost.png">'
        '<a href="https://example.org/x"></a><a href="mailto:a@example.org"></a>'
    )
    (tmp_path / "two.html").write_text(
        '<p id="there"></p><a href="a/one.html"></a><a href="a/"></a>'
    )
    (tmp_path / "404.html").write_text('<a href="/anywhere.html"></a>')
    assert links.faults(tmp_path) == [
        "a/one.html: no anchor for #bottom",
        "a/one.html: no anchor for ../two.html#not",
        "a/one.html: no file for lost.png",
        "two.html: no file for a/",
    ]
