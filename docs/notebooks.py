"""Notebooks of the gallery as pages: their cells, and what they show as it is stored."""

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent


def page_of(name: str) -> str:
    """A notebook as Markdown."""
    notebook = json.loads((HERE / "gallery" / name).read_text(encoding="utf-8"))
    return "\n\n".join(part for cell in notebook["cells"] for part in _parts(cell))


def _parts(cell: dict[str, Any]) -> list[str]:
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        # The page has a title of its own.
        return [] if source.startswith("# ") else [source]
    return [f"```py\n{source}\n```", *map(_shown, cell["outputs"])]


def _shown(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return f"```text\n{''.join(output['text'])}```"
    data = output["data"]
    if "text/html" in data:
        # On one line: a blank line would end the HTML.
        return f'<div class="shown">{"".join(data["text/html"]).replace(chr(10), " ")}</div>'
    return f"```text\n{''.join(data['text/plain'])}\n```"
