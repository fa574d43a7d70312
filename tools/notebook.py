"""Runs the notebooks of the gallery, and writes what their cells show.

    python tools/notebook.py docs/gallery/*.ipynb

A cell shows what it prints, and its last expression as HTML if the value has some, as a notebook
does. No server and no kernel: plain Python, in one namespace, from top to bottom.
"""

import ast
import io
import json
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any


def outputs_of(notebook: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """What each cell of code shows, in order."""
    names: dict[str, Any] = {"__name__": "__main__"}
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    return [_shown("".join(cell["source"]), names, n) for n, cell in enumerate(cells, start=1)]


def _shown(source: str, names: dict[str, Any], number: int) -> list[dict[str, Any]]:
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    printed = io.StringIO()
    value = None
    with redirect_stdout(printed):
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102 (our own notebook)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307
    found: list[dict[str, Any]] = []
    if printed.getvalue():
        found.append(
            {"name": "stdout", "output_type": "stream", "text": _lines(printed.getvalue())}
        )
    if value is not None:
        data = {"text/plain": _lines(str(value))}
        if hasattr(value, "_repr_html_"):
            data = {"text/html": _lines(value._repr_html_()), **data}
        found.append(
            {
                "data": data,
                "execution_count": number,
                "metadata": {},
                "output_type": "execute_result",
            }
        )
    return found


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def with_outputs(notebook: dict[str, Any]) -> dict[str, Any]:
    """A notebook with what its cells show."""
    shown = iter(outputs_of(notebook))
    cells = [
        {**cell, "execution_count": number, "outputs": next(shown)}
        if cell["cell_type"] == "code"
        else cell
        for cell, number in zip(notebook["cells"], _counts(notebook), strict=True)
    ]
    return {**notebook, "cells": cells}


def _counts(notebook: dict[str, Any]) -> list[int]:
    """The number of each cell of code; of the others, that of the one before."""
    count, found = 0, []
    for cell in notebook["cells"]:
        count += cell["cell_type"] == "code"
        found.append(count)
    return found


def main() -> None:
    """Run the notebooks that are named, and write them."""
    for name in sys.argv[1:]:
        path = Path(name)
        notebook = with_outputs(json.loads(path.read_text(encoding="utf-8")))
        path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
