"""Runs the Python examples of README.md and docs/**/*.md as tests.

A block that begins with ```python is executed: plain statements, or a `>>>`
session whose output is compared. The blocks of one page share their names, in
the order of the page. Examples in docstrings are left to pytest's own
--doctest-modules (see pyproject.toml).

To leave a block out, put `<!-- skip: next -->` above it, or give it another
language (```text, ```console).
"""

from doctest import ELLIPSIS, NORMALIZE_WHITESPACE

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
