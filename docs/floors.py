"""The floors of the package, from its imports: which room rests on which.

Run it to print them::

    python docs/floors.py                 # floors, and what each room imports
    python docs/floors.py --modules       # the same for modules, with their lines
    python docs/floors.py --svg FILE      # the picture of the page "Architecture"

Every import counts: at the top of a module, in a function, and for type checkers only. A room
rests one floor above the highest room it imports, so an import upward shows as a circle.
"""

import argparse
import ast
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from html import escape
from pathlib import Path

PACKAGE = "evcredit"
SOURCE = Path(__file__).parent.parent / "src" / PACKAGE

Graph = Mapping[str, frozenset[str]]


def modules() -> dict[str, Path]:
    """Every module by its full name; a package is the module of its ``__init__``."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        name = ".".join((PACKAGE, *(part for part in parts if part != "__init__")))
        found[name] = path
    return found


@cache
def imports_of_modules() -> Graph:
    """The modules of the package that each of its modules imports, wherever in its text."""
    known = modules()
    return {
        name: frozenset(_imported(ast.parse(path.read_text(encoding="utf-8")), known)) - {name}
        for name, path in known.items()
    }


def _imported(tree: ast.Module, known: Mapping[str, Path]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module in known:
            below = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (each for each in below if each in known)
            if any(each not in known for each in below):
                yield node.module


def room_of(module: str) -> str:
    """The room that a module lies in: a package, or a module beside the packages."""
    return module.split(".")[1] if "." in module else PACKAGE


@cache
def imports_of_rooms() -> Graph:
    """The rooms that each room imports. The package itself, which hands all on, is not one."""
    rooms: dict[str, set[str]] = {}
    for module, imported in imports_of_modules().items():
        room = room_of(module)
        rooms.setdefault(room, set()).update(map(room_of, imported))
    unseen = {PACKAGE, "_version"}
    return {
        room: frozenset(imported - unseen - {room})
        for room, imported in rooms.items()
        if room not in unseen
    }


def circles(graph: Graph) -> list[list[str]]:
    """The groups of names that import one another, directly or through others."""
    reached = {name: _reached(graph, name) for name in graph}
    groups = {
        frozenset(other for other in below if name in reached[other])
        for name, below in reached.items()
        if name in below
    }
    return sorted(sorted(group) for group in groups)


def _reached(graph: Graph, start: str) -> set[str]:
    found: set[str] = set()
    waiting = list(graph[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting += graph[name]
    return found


def floors(graph: Graph) -> list[list[str]]:
    """The names by floor, from the lowest up.

    Raises:
        ValueError: Some import one another.
    """
    if found := circles(graph):
        raise ValueError(f"no floors: these import one another: {found}")
    level: dict[str, int] = {}

    def of(name: str) -> int:
        if name not in level:
            level[name] = 1 + max(map(of, graph[name]), default=0)
        return level[name]

    highest = max(map(of, graph))
    return [sorted(name for name in graph if level[name] == each) for each in range(1, highest + 1)]


def direct(graph: Graph) -> dict[str, list[str]]:
    """What each name rests on directly: what it imports, but for what that imports already."""
    reached = {name: _reached(graph, name) for name in graph}
    return {
        name: sorted(
            below for below in imported if not any(below in reached[other] for other in imported)
        )
        for name, imported in graph.items()
    }


def first_line(room: str) -> str:
    """What a room is for: the first line of its docstring."""
    folder = SOURCE / room
    path = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return text.partition("\n")[0]


def as_text() -> str:
    """The floors from the highest down, and what each room rests on."""
    graph = imports_of_rooms()
    below = direct(graph)
    lines = []
    for number, rooms in reversed(list(enumerate(floors(graph), start=1))):
        for room in rooms:
            stands_on = f" (on {', '.join(below[room])})" if below[room] else ""
            lines.append(f"{number:2}  {room:<12} {first_line(room)}{stands_on}")
    return "\n".join(lines) + "\n"


def as_text_of_modules() -> str:
    """Every module with its lines and the modules it imports."""
    graph = imports_of_modules()
    lines = []
    for name, path in modules().items():
        count = len(path.read_text(encoding="utf-8").splitlines())
        lines.append(f"{count:4}  {name} <- {', '.join(sorted(graph[name])) or 'nothing'}")
    return "\n".join(lines) + "\n"


# -- the picture ---------------------------------------------------------------------------

_BOX, _HIGH, _GAP, _RISE, _EDGE = 118, 34, 18, 74, 10


def as_svg() -> str:
    """The floors as a picture: a box for each room, a line to each room it rests on."""
    graph = imports_of_rooms()
    levels, below = floors(graph), direct(graph)
    widest = max(map(len, levels))
    width = widest * (_BOX + _GAP) - _GAP + 2 * _EDGE
    height = len(levels) * _RISE - (_RISE - _HIGH) + 2 * _EDGE
    place = {}
    for number, rooms in enumerate(levels):
        row = len(rooms) * (_BOX + _GAP) - _GAP
        for index, room in enumerate(rooms):
            x = (width - row) // 2 + index * (_BOX + _GAP)
            place[room] = (x, height - _EDGE - _HIGH - number * _RISE)
    opening = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
        ' aria-label="The rooms of the package, each above those it imports"'
        ' font-family="monospace" font-size="13">'
    )
    return "\n".join((opening, *_lines(place, below), *_boxes(place), "</svg>"))


def _lines(
    place: Mapping[str, tuple[int, int]], below: Mapping[str, Iterable[str]]
) -> Iterator[str]:
    for room, others in sorted(below.items()):
        x, y = place[room]
        for other in others:
            to_x, to_y = place[other]
            yield (
                f'<line x1="{x + _BOX // 2}" y1="{y + _HIGH}" x2="{to_x + _BOX // 2}" y2="{to_y}" '
                'stroke="currentColor" stroke-opacity="0.45"/>'
            )


def _boxes(place: Mapping[str, tuple[int, int]]) -> Iterator[str]:
    for room, (x, y) in sorted(place.items()):
        yield (
            f'<g><title>{escape(first_line(room))}</title><rect x="{x}" y="{y}" width="{_BOX}" '
            f'height="{_HIGH}" rx="4" fill="#e8eef7" stroke="#34495e"/><text '
            f'x="{x + _BOX // 2}" y="{y + 22}" text-anchor="middle" fill="#1b2a3a">{room}</text>'
            "</g>"
        )


def main() -> None:
    """Print the floors, or write the picture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--modules", action="store_true", help="list modules instead of rooms")
    parser.add_argument("--svg", metavar="FILE", type=Path, help="write the picture to a file")
    options = parser.parse_args()
    if options.svg:
        options.svg.write_text(as_svg() + "\n", encoding="utf-8")
    else:
        print(as_text_of_modules() if options.modules else as_text(), end="")


if __name__ == "__main__":
    main()
