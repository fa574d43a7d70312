"""Runs the Python of a page as a reader would type it. Needs nothing but Python.

    python run_page.py PAGE

Plain blocks are run, and sessions are compared with what they print. It tells how long each part
of the page took.
"""

import doctest
import re
import sys
import time
from pathlib import Path

BLOCK = re.compile(
    r"^## (?P<heading>[^\n]+)$|^```python\n(?P<code>.*?)^```$", re.MULTILINE | re.DOTALL
)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def main() -> int:
    """Run the page; the number of examples that went wrong."""
    page = Path(sys.argv[1])
    names: dict[str, object] = {"__name__": "__main__"}
    runner = doctest.DocTestRunner(optionflags=FLAGS)
    heading, started, run = "", time.monotonic(), 0
    for found in BLOCK.finditer(page.read_text(encoding="utf-8")):
        if found["heading"]:
            if run:
                print(f"{time.monotonic() - started:6.1f} s  {heading}: {run} blocks")
            heading, started, run = found["heading"], time.monotonic(), 0
        elif found["code"].startswith(">>>"):
            test = doctest.DocTestParser().get_doctest(found["code"], {}, heading, page.name, 0)
            test.globs = names
            runner.run(test, clear_globs=False)
            run += 1
        else:
            exec(compile(found["code"], page.name, "exec"), names)  # noqa: S102 (our own page)
            run += 1
    results = runner.summarize(verbose=False)
    print(f"{results.attempted} examples, {results.failed} failed")
    return results.failed or not results.attempted


if __name__ == "__main__":
    sys.exit(main())
