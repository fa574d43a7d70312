"""Draws the Mermaid diagrams of the documentation, and removes pictures of diagrams that are gone.

    make diagrams

Needs Chromium, the package `playwright`, and the file mermaid.min.js of the npm package `mermaid`.
"""

import os
import re
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent / "docs"))
import diagrams

SETTINGS = """{
    startOnLoad: false, theme: "neutral", deterministicIds: true, htmlLabels: false,
    fontFamily: "sans-serif", flowchart: { htmlLabels: false, useMaxWidth: true }
}"""
DRAW = f"""async ([name, source]) => {{
    mermaid.initialize({SETTINGS});
    return (await mermaid.render("diagram-" + name, source)).svg;
}}"""


def _sized(svg: str) -> str:
    """A picture with a size of its own, which a page may shrink but does not blow up."""
    found = re.search(r'viewBox="\S+ \S+ (\S+) (\S+)"', svg)
    if found is None:
        raise LookupError("the picture has no size")
    return svg.replace('width="100%"', f'width="{found[1]}" height="{found[2]}"', 1)


def main() -> None:
    """Draw what is not drawn yet."""
    script = Path(sys.argv[1])
    wanted = {diagrams.name_of(source): source for source in diagrams.all_sources()}
    diagrams.FOLDER.mkdir(parents=True, exist_ok=True)
    for picture in diagrams.FOLDER.glob("*.svg"):
        if picture.name not in wanted:
            picture.unlink()
    missing = {name: text for name, text in wanted.items() if not (diagrams.FOLDER / name).exists()}
    if not missing:
        return
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page()
        page.set_content("<!doctype html><body></body>")
        page.add_script_tag(path=script)
        for name, source in sorted(missing.items()):
            svg = page.evaluate(DRAW, [name.removesuffix(".svg"), source])
            (diagrams.FOLDER / name).write_text(_sized(svg) + "\n", encoding="utf-8")
            print(f"drawn: {name}")
        browser.close()


if __name__ == "__main__":
    main()
