"""Pages that draw: the examples of a page are run, and a marker becomes the picture it names.

``<!-- picture: EXPRESSION -->`` in a page is replaced by the HTML of that picture, computed from
the names that the examples before it define. The examples themselves are tests as well.
"""

import contextlib
import doctest
import io
import re
from typing import Any

PICTURE = re.compile(r"^<!-- picture: (?P<expression>[^\n]+?) -->$", re.MULTILINE)
PART = re.compile(r"^```python\n(?P<code>.*?)^```$|" + PICTURE.pattern, re.MULTILINE | re.DOTALL)


def with_pictures(markdown: str) -> str:
    """Return a page with its pictures; one without markers is not run."""
    if not PICTURE.search(markdown):
        return markdown
    names: dict[str, Any] = {}

    def part(match: re.Match[str]) -> str:
        if match["expression"]:
            # Without blank lines, which would end a block of HTML.
            html = eval(match["expression"], names).to_html()  # noqa: S307  # our own pages
            return re.sub(r"\n\s*\n", "\n", html)
        run(match["code"], names)
        return match[0]

    return PART.sub(part, markdown)


def run(code: str, names: dict[str, Any]) -> None:
    """Run an example: plain statements, or a session whose output is tested elsewhere."""
    examples = doctest.DocTestParser().get_examples(code)
    for source in [each.source for each in examples] or [code]:
        with contextlib.redirect_stdout(io.StringIO()):
            exec(compile(source, "page", "exec"), names)  # noqa: S102  # our own pages
