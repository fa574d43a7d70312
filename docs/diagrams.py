"""Mermaid diagrams of the pages, as pictures that were drawn beforehand.

A page that draws when it is read needs a program of five megabytes, or a request to someone's
server. So `tools/draw_diagrams.py` draws each diagram once into docs/assets/diagrams, under the
digest of its source: a diagram that was changed and not drawn again is an error here.
"""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).parent
FOLDER = HERE / "assets" / "diagrams"
DIAGRAM = re.compile(r"^```mermaid\n(?P<source>.*?)^```$", re.MULTILINE | re.DOTALL)


def all_sources() -> Iterator[str]:
    """The source of every diagram of the pages."""
    for page in sorted(HERE.rglob("*.md")):
        for found in DIAGRAM.finditer(page.read_text(encoding="utf-8")):
            yield found["source"]


def name_of(source: str) -> str:
    """The name of the picture of a diagram."""
    return f"{sha256(source.encode()).hexdigest()[:16]}.svg"


def description_of(source: str) -> str:
    """What a diagram shows, for those who do not see it: its title and its description."""
    found = [re.search(rf"^ *{name}: *(.+)$", source, re.MULTILINE) for name in _TEXTS]
    if not all(found):
        raise LookupError(f"a diagram needs the lines {' and '.join(_TEXTS)}:\n{source}")
    return ". ".join(each[1] for each in found if each)


_TEXTS = ("accTitle", "accDescr")


def drawn(markdown: str, path: str) -> str:
    """A page in which each diagram is the picture of it.

    Args:
        markdown: The page.
        path: Where it is in docs/, such as ``explanation/dates.md``.
    """

    def picture(match: re.Match[str]) -> str:
        source = match["source"]
        name = name_of(source)
        if not (FOLDER / name).is_file():
            raise LookupError(f"a diagram of {path} is not drawn; run `make diagrams`")
        up = "../" * path.count("/")
        return f"![{description_of(source)}]({up}assets/diagrams/{name}){{ .diagram }}"

    return DIAGRAM.sub(picture, markdown)
