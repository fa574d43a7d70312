"""Plain American English: phrases to avoid, and British spellings, in all that users read.

What remains of a phrase is counted in tests/phrases.toml, where a number may only shrink.
"""

import ast
import os
import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LIST = Path(__file__).parent / "phrases.toml"
PHRASES = tomllib.loads(LIST.read_text(encoding="utf-8"))

#: Endings and words of British spelling; those of names that are public are allowed by name.
BRITISH = re.compile(
    r"\b(\w*(?:colour|favour|behaviour|neighbour|honour|labour|centre|centimetre|kilometre)\w*"
    r"|\w*(?:al|ar|er|or|an|mm|ti|im)is(?:e|es|ed|ing|ation)|licence[sd]?|judgement|programmes?"
    r"|analys(?:e|ed|ing)|catalogues?|defence|offence|grey|whilst|fulfil|travell(?:ed|ing))\b"
)
#: Words that only look so, and names that programs use.
ALLOWED = re.compile(
    r"(?i)^(summaris\w*|merchandise|otherwise|precise|promis\w*|premis\w*|advertis\w*|exercis\w*|comprom\w*"
    r"|compris\w*|likewise|raised?|arise|rise|wise|noise|enterprise|expertise|surpris\w*|mise\w*|oris\w*)$"
)


@cache
def texts():
    """What users read, by file: pages without their programs, and texts in the source."""
    pages = [page for page in (ROOT / "docs").rglob("*.md") if "adr" not in page.parts]
    pages += [ROOT / name for name in ("README.md", "CONTEXT.md", "CONTRIBUTING.md", "SECURITY.md")]
    found = {
        page: re.sub(r"```.*?```|`[^`\n]*`", "", page.read_text("utf-8"), flags=re.DOTALL)
        for page in pages
    }
    for path in sorted((ROOT / "src").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        strings = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value
        ]
        found[path] = "\n".join(strings)
    return found


def places_of(pattern):
    """Every place in which a pattern occurs, by file."""
    return [
        f"{path.relative_to(ROOT)}: ...{text[max(0, found.start() - 30) : found.end() + 20]!r}"
        for path, text in texts().items()
        for found in re.finditer(pattern, text)
    ]


@pytest.mark.parametrize("name", PHRASES)
def test_a_phrase_to_avoid_does_not_spread(name):
    """Each says what to write instead; fewer than remain is progress, and lowers the number."""
    phrase = PHRASES[name]
    found = places_of(phrase["pattern"])
    if os.environ.get("EVCREDIT_UPDATE_GOLDEN") and len(found) < phrase["remain"]:
        _lower(name, len(found))
    assert len(found) <= phrase["remain"], (
        f"{name!r}: {len(found)} places, {phrase['remain']} may remain; write: {phrase['write']}\n"
        + "\n".join(found)
    )


def _lower(name, count):
    text = LIST.read_text(encoding="utf-8")
    entry = re.compile(rf'(\["{re.escape(name)}"\].*?remain = )\d+', re.DOTALL)
    LIST.write_text(entry.sub(rf"\g<1>{count}", text, count=1), encoding="utf-8")


def test_spelling_is_american():
    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path, text in texts().items()
        for match in BRITISH.finditer(text)
        if not ALLOWED.match(match[0])
    ]
    assert found == []


def test_the_checks_find_what_they_look_for():
    for word in ("colour", "summarised", "licence", "neighbours", "organisation", "normalised"):
        assert BRITISH.search(f"the {word} of it"), word
    assert not BRITISH.search("the color of the summarized license of this organization")
    assert all(re.search(each["pattern"], "x") is None for each in PHRASES.values())
    assert re.search(PHRASES["by itself"]["pattern"], "it does so by itself")
    assert len(texts()) > 200
