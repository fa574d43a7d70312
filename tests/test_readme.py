"""What README.md promises. Its Python examples are run by the conftest.py beside it."""

import re
from pathlib import Path

from evcredit.__main__ import main

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")


def block(marker):
    """The block of code between two markers."""
    found = re.search(
        rf"<!-- ci: {marker} -->\n```\w+\n(.*?)```\n<!-- ci: end -->", README, re.DOTALL
    )
    assert found is not None
    return found[1]


def test_output_of_the_demonstration_is_the_one_shown(capsys):
    """The block is the beginning of what the command prints, line by line."""
    assert main([]) == 0
    shown = block("output").splitlines()
    assert len(shown) > 20
    assert capsys.readouterr().out.splitlines()[: len(shown)] == shown


def test_commands_without_make_name_the_package_and_its_group():
    """The plain commands install what the tests need and run both."""
    assert block("plain").splitlines() == [
        "python3 -m venv .venv",
        ".venv/bin/python -m pip install --upgrade 'pip>=25.1'",
        ".venv/bin/python -m pip install -e '.[tables,xlsx]' --group test",
        ".venv/bin/python -m evcredit",
        ".venv/bin/python -m pytest",
    ]


def test_links_lead_somewhere_wherever_it_is_read():
    """A package index shows this file without the files beside it."""
    links = re.findall(r"\]\(([^)]+)\)", README) + re.findall(r"(?:src|href)=\"([^\"]+)", README)
    assert [link for link in links if not re.match(r"https://|#", link)] == []
