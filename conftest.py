"""Runs the Python examples of README.md and docs/**/*.md as tests.

A block that begins with ```python is executed: plain statements, or a `>>>`
session whose output is compared. The blocks of one page share their names, in
the order of the page. Examples in docstrings are left to pytest's own
--doctest-modules (see pyproject.toml).

To leave a block out, put `<!-- skip: next -->` above it, or give it another
language (```text, ```console).
"""

import gc
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


def pytest_sessionstart(session: pytest.Session) -> None:
    """Look for no garbage while tests are collected: what is made then is kept to the end."""
    gc.disable()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for garbage only in what tests make, and less often than a small program would.

    Thousands of tests and all of the libraries would be looked through again and again, which was
    a tenth of the time of a run.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    gc.enable()


def _is_handed_on(item: pytest.Item) -> bool:
    if not isinstance(item, pytest.DoctestItem):
        return False
    names = item.dtest.globs
    inside = getattr(names.get(item.name.rpartition(".")[2]), "__wrapped__", None)
    return inside is not None and inside.__module__ != names["__name__"]
