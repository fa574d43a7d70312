"""HTML of results, for notebooks and pages: text alone, escaped, without script or style sheets."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

__all__ = ["folded", "preformatted"]


def preformatted(text: str) -> str:
    """A text with its lines as they are.

    >>> preformatted("a < b")
    '<pre>a &lt; b</pre>'
    """
    return f"<pre>{escape(text)}</pre>"


def folded(head: str, parts: Iterable[str], *, is_open: bool) -> str:
    """A head under which parts fold away; without parts a line.

    Args:
        head: The head, as text.
        parts: What is under it, as HTML.
        is_open: Whether it is unfolded at first.

    >>> folded("2 > 1", [], is_open=False)
    '<div>2 &gt; 1</div>'
    """
    inside = "".join(parts)
    if not inside:
        return f"<div>{escape(head)}</div>"
    return (
        f"<details{' open' if is_open else ''}><summary>{escape(head)}</summary>"
        f'<div style="margin-left:1.2em">{inside}</div></details>'
    )
