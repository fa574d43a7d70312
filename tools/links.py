"""Checks every link inside the built documentation: that its file is there, and its anchor.

    python tools/links.py site

The builder checks the links of Markdown; this checks what readers get, HTML in pages included.
"""

import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit


class Page(HTMLParser):
    """The links and anchors of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note where the element leads, and what leads to it."""
        for name, value in attrs:
            if name in {"href", "src", "srcset"} and value:
                self.links.append(value)
            elif name in {"id", "name"} and value:
                self.anchors.add(value)


def faults(site: Path) -> list[str]:
    """Every link that leads nowhere, by page."""
    pages = {path: Page(path.read_text(encoding="utf-8")) for path in sorted(site.rglob("*.html"))}
    found = []
    for path, page in pages.items():
        # The page for what is not found may be shown at any address.
        for link in page.links if path.name != "404.html" else ():
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path.resolve()
            if not target.is_file():
                found.append(f"{path.relative_to(site)}: no file for {link}")
            elif parts.fragment and target.suffix == ".html":
                anchors = pages[target].anchors
                if unquote(parts.fragment) not in anchors and not parts.fragment.startswith("__"):
                    found.append(f"{path.relative_to(site)}: no anchor for {link}")
    return sorted(set(found))


def main() -> int:
    """Print the links that lead nowhere."""
    site = Path(sys.argv[1]).resolve()
    found = faults(site)
    print(*found, sep="\n", end="\n" if found else "")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
