"""MkDocs hooks: folders in the navigation, and pages written by evcredit itself."""

import ast
import re
import textwrap
from pathlib import Path
from typing import Any

import diagrams
import evcredit
import executed
import from_code
import generators

GENERATORS = {**generators.GENERATORS, **from_code.GENERATORS}

MARKER = re.compile(r"(?P<indent>(?:^ +)?)<!-- generate: (?P<name>[a-z0-9_-]+) -->", re.MULTILINE)


def on_config(config: Any) -> Any:
    """Replace each navigation entry that ends in "/" by the pages of that folder."""
    root = Path(config.docs_dir)
    if config.nav:
        config.nav = expanded_navigation(config.nav, root)
    _check_reference(root / "reference")
    return config


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Write what is generated, and show diagrams and sessions as what they are."""
    return expanded(markdown, page.file.src_uri)


def expanded(markdown: str, path: str) -> str:
    """A page as a builder without hooks can read it.

    Each generate marker gives way to what the generator of that name returns, and each diagram to
    its picture, and so does each marker of a picture (docs/executed.py). Sessions are ```python
    in the pages, so that the tests find them.
    """
    markdown = executed.with_pictures(MARKER.sub(_generated, markdown))
    markdown = diagrams.drawn(markdown, path)
    return markdown.replace("```python\n>>> ", "```pycon\n>>> ")


def _generated(match: re.Match[str]) -> str:
    name = match["name"]
    try:
        generator = GENERATORS[name]
    except KeyError:
        known = ", ".join(sorted(GENERATORS))
        raise LookupError(f"no generator {name!r} ; there are {known}") from None
    return textwrap.indent(generator(), match["indent"])


DESCRIBED = re.compile(r"^::: (?P<target>\S+)\n(?P<options>(?:    .*\n)*)", re.MULTILINE)


def _check_reference(folder: Path) -> None:
    """An error unless the reference describes every public name once."""
    found = [name for page in sorted(folder.glob("*.md")) for name in _described(page.read_text())]
    root = Path(evcredit.__file__).parent
    public = {name for package in root.glob("*/__init__.py") for name in handed_on(package)}
    public |= handed_on(root / "__init__.py")
    faults = [f"{name}: on no page" for name in sorted(public.difference(found))]
    faults += [f"{name}: described twice" for name in sorted(set(found)) if found.count(name) > 1]
    if faults:
        raise LookupError("the reference is not complete:\n" + "\n".join(faults))


def handed_on(package: Path) -> set[str]:
    """The public names of a package, where they are defined, read and not imported.

    To import them may need what the documentation is built without, such as Narwhals. Rooms,
    which the package itself lists by name, are not among them.
    """
    return {
        f"{statement.module}.{name.name}"
        for statement in ast.walk(ast.parse(package.read_text()))
        if isinstance(statement, ast.ImportFrom) and statement.module != "evcredit"
        for name in statement.names
        if name.asname == name.name != "__version__"
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


def expanded_navigation(entries: list[Any], root: Path) -> list[Any]:
    """The navigation in which each entry that ends in "/" is the pages of that folder."""
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
                result.append({title: expanded_navigation(target, root)})
            case _:
                result.append(entry)
    return result
