"""Runs the Python examples of README.md and docs/**/*.md as tests.

A block that begins with ```python is executed: plain statements, or a `>>>`
session whose output is compared. The blocks of one page share their names, in
the order of the page. Examples in docstrings are left to pytest's own
--doctest-modules (see pyproject.toml).

To leave a block out, put `<!-- skip: next -->` above it, or give it another
language (```text, ```console).
"""

from doctest import ELLIPSIS, NORMALIZE_WHITESPACE

import pytest
from sybil import Sybil
from sybil.parsers.markdown import PythonCodeBlockParser, SkipParser

# Belongs to MkDocs, which isn't installed for the tests.
collect_ignore_glob = ["docs/*.py"]

pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=ELLIPSIS | NORMALIZE_WHITESPACE),
        SkipParser(),
    ],
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
).pytest()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the example of a function where it is defined, and not again where it is handed on.

    A room hands on functions of its modules (`evcredit.algebra.exports`), and their examples use
    names of those modules.
    """
    items[:] = [item for item in items if not _is_handed_on(item)]


def _is_handed_on(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.DoctestItem):
        return False
    names = item.dtest.globs
    inside = getattr(names.get(item.name.rpartition(".")[2]), "__wrapped__", None)
    return inside is not None and inside.__module__ != names["__name__"]
