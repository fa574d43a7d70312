"""MkDocs hooks: folders in the navigation, and pages written by evcredit itself."""

import ast
import re
import textwrap
from pathlib import Path
from typing import Any

import evcredit
import generators

MARKER = re.compile(r"(?P<indent>(?:^ +)?)<!-- generate: (?P<name>[a-z0-9-]+) -->", re.MULTILINE)


def on_config(config: Any) -> Any:
    """Replace each navigation entry that ends in "/" by the pages of that folder."""
    root = Path(config.docs_dir)
    if config.nav:
        config.nav = _expanded(config.nav, root)
    _check_reference(root / "reference")
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


DESCRIBED = re.compile(r"^::: (?P<target>\S+)\n(?P<options>(?:    .*\n)*)", re.MULTILINE)


def _check_reference(folder: Path) -> None:
    """An error unless the reference describes every public name once."""
    found = [name for page in sorted(folder.glob("*.md")) for name in _described(page.read_text())]
    public = {
        f"{getattr(evcredit, name).__module__}.{name}"
        for name in evcredit.__all__
        if name != "__version__"
    }
    public |= _of_tables(Path(evcredit.__file__).with_name("tables") / "__init__.py")
    faults = [f"{name}: on no page" for name in sorted(public.difference(found))]
    faults += [f"{name}: described twice" for name in sorted(set(found)) if found.count(name) > 1]
    if faults:
        raise LookupError("the reference is not complete:\n" + "\n".join(faults))


def _of_tables(package: Path) -> set[str]:
    """The public names of `evcredit.tables`, read and not imported: they need Narwhals."""
    return {
        f"{statement.module}.{name.name}"
        for statement in ast.parse(package.read_text()).body
        if isinstance(statement, ast.ImportFrom)
        for name in statement.names
    }


def _described(page: str) -> list[str]:
    """The full names that a page of the reference describes."""
    result = []
    for match in DESCRIBED.finditer(page):
        target, options = match["target"], match["options"]
        inline = re.search(r"members: \[(.*?)\]", options)
        members = re.findall(r"^        - (\w+)$", options, re.MULTILINE)
        if inline:
            members = re.findall(r"\w+", inline[1])
        if inline or members:
            result += [f"{target}.{member}" for member in members]
        else:
            result.append(target)
    return result


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
