"""MkDocs hooks: folders in the navigation, and pages written by evcredit itself."""

import re
import textwrap
from pathlib import Path
from typing import Any

import generators

MARKER = re.compile(r"(?P<indent>(?:^ +)?)<!-- generate: (?P<name>[a-z0-9-]+) -->", re.MULTILINE)


def on_config(config: Any) -> Any:
    """Replace each navigation entry that ends in "/" by the pages of that folder."""
    if config.nav:
        config.nav = _expanded(config.nav, Path(config.docs_dir))
    return config


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Replace each generate marker by what the generator of that name returns.

    Sessions are ```python in the pages, so that the tests find them, and shown as what they are.
    """
    return MARKER.sub(_generated, markdown.replace("```python\n>>> ", "```pycon\n>>> "))


def _generated(match: re.Match[str]) -> str:
    name = match["name"]
    try:
        generator = generators.GENERATORS[name]
    except KeyError:
        known = ", ".join(sorted(generators.GENERATORS))
        raise LookupError(
            f"no generator {name!r} in docs/generators.py; there are {known}"
        ) from None
    return textwrap.indent(generator(), match["indent"])


def _expanded(entries: list[Any], root: Path) -> list[Any]:
    result: list[Any] = []
    for entry in entries:
        match entry:
            case dict():
                (title, target), *_ = entry.items()
            case _:
                title, target = None, entry
        match target:
            case str() if target.endswith("/"):
                pages = sorted(
                    (root / target).glob("**/*.md"),
                    key=lambda page: (page.name != "index.md", page),
                )
                if pages:
                    names = [page.relative_to(root).as_posix() for page in pages]
                    result.append({title or target.strip("/"): names})
            case list():
                result.append({title: _expanded(target, root)})
            case _:
                result.append(entry)
    return result
