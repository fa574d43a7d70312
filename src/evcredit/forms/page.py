"""Forms as HTML: a table for each, laid out like the form, escaped."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from evcredit.forms.lines import FormLine, by_form

__all__ = ["in_html"]


def in_html(lines: Iterable[FormLine], notes: Iterable[tuple[str, Iterable[str]]]) -> str:
    """Lines of forms as tables, one for each form, and lists of notes below.

    Args:
        lines: The lines.
        notes: Titles with what is under each; one without anything is omitted.
    """
    return "".join((*_tables(lines), *_lists(notes)))


def _tables(lines: Iterable[FormLine]) -> Iterator[str]:
    for title, group in by_form(lines):
        rows = "".join(map(_row, group))
        yield f"<h4>{escape(title)}</h4><table>{rows}</table>"


def _row(line: FormLine) -> str:
    mark = "" if line.verified else " (line not verified)"
    cited = f" <small>[{escape(str(line.citation))}]</small>" if line.citation else ""
    return (
        f"<tr><th>{escape(line.line)}</th>"
        f'<td style="text-align:left">{escape(line.caption)}{cited}</td>'
        f'<td style="text-align:right;border:1px solid">{escape(line.in_words + mark)}</td></tr>'
    )


def _lists(notes: Iterable[tuple[str, Iterable[str]]]) -> Iterator[str]:
    for title, items in notes:
        rows = "".join(f"<li>{escape(each)}</li>" for each in items)
        if rows:
            yield f"<h4>{escape(title)}</h4><ul>{rows}</ul>"
