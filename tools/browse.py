"""Opens the documentation in a real browser, as a reader would, and says what is wrong with it.

    make browse

Each kind of page is opened from disk and from a server on this machine, wide and narrow, light and
dark. Wrong are: an error on the console, a request that fails or leaves this machine, a picture
that is not drawn, something wider than the screen outside a scroller, a finding of axe that is
serious, and a word of a reader that does not lead to its page first.

Needs the dependency group `browser`, and Chromium: the environment variable CHROMIUM, a program of
that name, or the system's package, which is installed if the user is root and apt-get is there.
Without one the check fails, unless EVCREDIT_WITHOUT_BROWSER=1.
"""

import argparse
import functools
import http.server
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
SETTINGS = tomllib.loads((ROOT / "tools" / "browse.toml").read_text(encoding="utf-8"))
WIDTHS = {1400: 900, 390: 844}
SCHEMES = ("light", "dark")
#: What axe must not find; "minor" and "moderate" findings are shown, and do not fail.
GRAVE = ("serious", "critical")
#: Each page is checked by axe in both widths and both schemes, though not in all four pairs.
AXED = ((1400, "light"), (390, "dark"))
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# What is wider than the screen and not inside something that scrolls.
WIDER = """() => {
    const wide = [];
    const limit = document.documentElement.clientWidth;
    const scrolls = node => {
        for (let each = node; each && each !== document.body; each = each.parentElement) {
            const style = getComputedStyle(each);
            if (/auto|scroll|hidden|clip/.test(style.overflowX)) return true;
            if (style.position === "fixed") return true;
        }
        return false;
    };
    for (const node of document.querySelectorAll("main *, footer *")) {
        const box = node.getBoundingClientRect();
        if (box.width && box.height && box.right > limit + 1 && !scrolls(node)) {
            const name = node.tagName.toLowerCase();
            wide.push(`${name}.${node.className} to ${Math.round(box.right)} px`);
        }
    }
    if (document.documentElement.scrollWidth > limit + 1) {
        wide.push(`the page itself, ${document.documentElement.scrollWidth} px`);
    }
    return wide.slice(0, 3);
}"""
UNDRAWN = """() => [...document.querySelectorAll("main img")]
    .filter(image => !(image.complete && image.naturalWidth > 0)).map(image => image.src)"""
BOTTOM = """selector => document.querySelector(selector).getBoundingClientRect().bottom"""
FIRST = """() => document.querySelector(".md-search-result__item a")?.getAttribute("href")"""


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A server of a folder on this machine, and its address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}"
        made.shutdown()


class Reader:
    """A browser in one color scheme, at one address, and what it noticed."""

    def __init__(self, browser: Browser, home: str, scheme: str) -> None:
        self.home = home
        self.scheme = scheme
        self.faults: list[str] = []
        self.at = ""
        context = browser.new_context(color_scheme=scheme)
        self.page: Page = context.new_page()
        self.page.set_default_timeout(60_000)  # two processors may serve many
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.note(f"script error: {error}"))
        self.page.on("request", self._request)
        self.page.on("requestfailed", self._failed)
        self.page.on("response", self._response)

    def resize(self, width: int) -> None:
        """Make the window as wide as a desk's or a phone's."""
        self.page.set_viewport_size({"width": width, "height": WIDTHS[width]})

    def note(self, what: str) -> None:
        """Record something that is wrong."""
        self.faults.append(f"{self.at}: {what}")

    def _failed(self, request: Any) -> None:
        # The browser gives up itself what the page it leaves no longer needs. Whether pictures are
        # drawn is looked at on each page.
        if request.failure != "net::ERR_ABORTED":
            self.note(f"failed: {request.url} ({request.failure})")

    def _console(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.note(f"console {message.type}: {message.text}")

    def _request(self, request: Any) -> None:
        if not request.url.startswith((self.home, "data:", "blob:")):
            self.note(f"foreign request: {request.url}")

    def _response(self, response: Any) -> None:
        if response.status >= 400:
            self.note(f"{response.status}: {response.url}")

    def open(self, path: str) -> None:
        """Open a page, and the first thing that is folded there."""
        self.page.goto(f"{self.home}/{path}", wait_until="load")
        for fold in self.page.locator("details.fold > summary").all()[:1]:
            fold.click()
        for undrawn in self.page.evaluate(UNDRAWN):
            self.note(f"not drawn: {undrawn}")

    def axe(self) -> None:
        """Run axe, and note what is serious."""
        for each in (
            Axe().run(self.page, options={"resultTypes": ["violations"]}).response["violations"]
        ):
            nodes = each["nodes"]
            text = (
                f"axe {each['impact']}: {each['id']}, {len(nodes)} times, e.g. {nodes[0]['target']}"
            )
            if each["impact"] in GRAVE:
                self.note(f"{text} {nodes[0]['html'][:160]}")

    def search(self, word: str) -> str:
        """The address of the first result for a word."""
        box = self.page.locator(".md-search__input")
        box.click()
        # The search looks at what is there when a key is let go. Letter by letter, a slow machine
        # would answer, and complain of, the beginning of a word.
        for text, is_there in (("", "!"), (word, "")):
            box.fill(text)
            box.press("End")
            self.page.wait_for_function(f"() => {is_there}({FIRST})()")
        return str(self.page.evaluate(FIRST))


def look(site: Path, pictures: Path | None, chromium: str) -> list[str]:
    """Everything that is wrong with a site."""
    faults: list[str] = []
    with server(site) as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        for home in (site.resolve().as_uri(), address):
            for scheme in SCHEMES:
                reader = Reader(browser, home, scheme)
                for path in SETTINGS["pages"]:
                    _read(reader, path, pictures)
                if scheme == "light":
                    _search(reader)
                faults += reader.faults
                reader.page.context.close()
        browser.close()
    return faults


def _read(reader: Reader, path: str, pictures: Path | None) -> None:
    """Open one page, wide and narrow."""
    served = reader.home.startswith("http")
    for width, height in WIDTHS.items():
        reader.at = f"{path} ({'server' if served else 'disk'}, {width} px, {reader.scheme})"
        reader.resize(width)
        if width == max(WIDTHS):
            reader.open(path)
        if path == "index.html" and width == max(WIDTHS):
            bottom = reader.page.evaluate(BOTTOM, ".ways")
            if bottom > height:
                reader.note(f"the home page ends at {bottom:.0f} px, below the screen")
        for wide in reader.page.evaluate(WIDER):
            reader.note(f"wider than the screen: {wide}")
        if served and (width, reader.scheme) in AXED:
            reader.axe()
        if served and pictures:
            name = f"{path.replace('/', '-').removesuffix('.html')}-{width}-{reader.scheme}.png"
            reader.page.screenshot(path=pictures / name)


def _search(reader: Reader) -> None:
    """Look for each word of readers, as they type it."""
    reader.resize(max(WIDTHS))
    reader.at = "search"
    reader.page.goto(f"{reader.home}/index.html")
    for word, wanted in SETTINGS["words"].items():
        reader.at = f"search for {word} ({reader.home})"
        found = reader.search(word).removeprefix(reader.home).lstrip("/")
        if found.partition("#")[0].partition("?")[0] != wanted:
            reader.note(f"leads to {found} first, and not to {wanted}")


def find_chromium() -> str | None:
    """The browser; installed from the system's packages if there is none and we may do so."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if found or os.geteuid() != 0 or not shutil.which("apt-get"):
        return found
    for command in (
        ("apt-get", "update", "-q"),
        (
            "apt-get",
            "install",
            "-y",
            "-q",
            "--no-install-recommends",
            "chromium",
            "fonts-dejavu-core",
        ),
    ):
        # Another installation may be under way: wait for it.
        subprocess.run(  # noqa: S603 (a fixed command)
            (command[0], "-o", "DPkg::Lock::Timeout=300", *command[1:]),
            check=True,
            stdout=subprocess.DEVNULL,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    return shutil.which("chromium")


def main() -> int:
    """Look at the site, and print what is wrong."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("site", type=Path, nargs="?", default=ROOT / "site")
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of the pages")
    options = parser.parse_args()
    chromium = find_chromium()
    if not chromium:
        print("no Chromium here, so nothing was looked at; name one in the variable CHROMIUM")
        if os.environ.get("EVCREDIT_WITHOUT_BROWSER") == "1":
            return 0
        print("EVCREDIT_WITHOUT_BROWSER=1 lets this pass", file=sys.stderr)
        return 1
    if options.pictures:
        options.pictures.mkdir(parents=True, exist_ok=True)
    blind = _blind_spots(chromium)
    faults = [f"not noticed on a page made to fail: {each}" for each in blind]
    faults += look(options.site, options.pictures, chromium)
    for fault in faults:
        print(fault)
    opened = len(SETTINGS["pages"]) * len(WIDTHS) * len(SCHEMES) * 2
    words = len(SETTINGS["words"])
    print(f"{opened} views of pages, {words} words looked for twice: {len(faults)} faults")
    return 1 if faults else 0


#: A page on which everything is wrong, and what must be noticed.
BAD_PAGE = """<!doctype html><html><head><title>bad</title></head><body><main>
<img src="missing.png"><button></button><p style="color:#ccc;background:#fff">pale</p>
<p style="width:3000px">wide</p></main>
<script src="http://192.0.2.1/foreign.js"></script>
<script>console.error("on purpose"); nowhere();</script>
</body></html>"""
NOTICED = (
    "not drawn",
    "wider than the screen",
    "axe critical",
    "axe serious",
    "foreign request",
    "console error: on purpose",
    "script error",
    "404",
)


def _blind_spots(chromium: str) -> list[str]:
    """What of a bad page is not noticed: a check that cannot fail is none."""
    with (
        tempfile.TemporaryDirectory() as folder,
        server(Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        Path(folder, "bad.html").write_text(BAD_PAGE, encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        reader = Reader(browser, address, "light")
        # What is foreign is noticed, and not requested.
        reader.page.route("http://192.0.2.1/**", lambda route: route.abort())
        reader.resize(min(WIDTHS))
        reader.open("bad.html")
        for wide in reader.page.evaluate(WIDER):
            reader.note(f"wider than the screen: {wide}")
        reader.axe()
        browser.close()
    return [each for each in NOTICED if not any(each in fault for fault in reader.faults)]


if __name__ == "__main__":
    raise SystemExit(main())
