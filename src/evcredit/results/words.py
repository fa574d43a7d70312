"""Facts, limits and documents in words, and values as JSON can hold them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from enum import Enum
from html import escape
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import attrs

from evcredit.algebra import brief
from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import FactType, Kind, declared_facts
from evcredit.algebra.finding import FactRead
from evcredit.algebra.schedule import NoProvision
from evcredit.algebra.share import Share
from evcredit.errors import InvalidFactError, shown
from evcredit.facts.chain import MineralSource
from evcredit.facts.mineral import ApplicableMineral
from evcredit.facts.place import Place, as_written, place_name

if TYPE_CHECKING:
    from evcredit.algebra.binding import Limit

__all__ = [
    "Format",
    "Line",
    "facts_to_dict",
    "in_words",
    "json_value",
    "limit_in_words",
    "render",
]

Format = Literal["text", "markdown", "html", "mermaid"]


def in_words(value: Any, declared: FactType) -> str:
    """Return a fact as a reader expects it, with the names of places.

    >>> in_words("JP", FactType(Kind.COUNTRY, "country"))
    'Japan'
    """
    return brief.in_words(value, declared, place_name)


_MEASURED = (Kind.MONEY, Kind.PERCENT, Kind.QUANTITY, Kind.COUNT)


def limit_in_words(limit: Limit, facts: tuple[FactRead, ...]) -> str:
    """Return a limit with its citation, in the unit of the facts compared with it."""
    value = limit.value
    if isinstance(value, bool):
        return f"{limit.label}: {'yes' if value else 'no'} [{limit.citation}]"
    if isinstance(value, NoProvision):
        return f"{limit.label}: none, because {value.reason} [{limit.citation}]"
    amounts = next((f.declared for f in facts if f.declared.kind in _MEASURED), None)
    if amounts is not None and isinstance(value, int | Decimal):
        return f"{limit.label}: {in_words(value, amounts)} [{limit.citation}]"
    if str(value) == limit.label:
        return f"{limit.label} [{limit.citation}]"
    return f"{limit.label}: {value} [{limit.citation}]"


class Line(NamedTuple):
    """One line of a document.

    Args:
        level: 0 is a paragraph, -1 a heading, and more is an item at that depth.
        text: What it says.
    """

    level: int
    text: str


def render(lines: Iterator[Line], form: str) -> str:
    """A document as text or Markdown.

    Args:
        lines: Its lines.
        form: ``"text"``, ``"markdown"`` or ``"html"``.

    Raises:
        InvalidFactError: No such form.
    """
    if form == "markdown":
        return "\n".join(_markdown(lines)) + "\n"
    if form == "html":
        return "".join(_html(lines)) + "\n"
    if form == "text":
        return "\n".join(_text(lines)) + "\n"
    remedy = f"no form is called {shown(form)}; give 'text', 'markdown', 'html' or 'mermaid'"
    raise InvalidFactError("form", form, remedy)


_WIDTH = 96
_NO_BREAK = "\u00a0"
_CITATION = re.compile(r"\[[^]]+\]")
#: All but a space alone, which stays as it is.
_SPACES = re.compile(r"[ \t\n\r\f\v]{2,}|[\t\n\r\f\v]")


def _text(lines: Iterator[Line]) -> Iterator[str]:
    for number, line in enumerate(lines):
        if line.level == -1 and number:
            yield ""
        indent = "  " * line.level
        first = f"{indent}- " if line.level > 0 else ""
        text = line.text
        if len(first) + len(text) > _WIDTH or _SPACES.search(text):
            # A citation stays on one line, so that it can be searched for.
            text = _CITATION.sub(lambda found: found[0].replace(" ", _NO_BREAK), text)
            told = _wrapped(_SPACES.sub(" ", text).rstrip(), first)
        else:
            told = first + text.rstrip()
        yield told.replace(_NO_BREAK, " ")


def _wrapped(text: str, first: str) -> str:
    """Text on lines of `_WIDTH` characters, broken at spaces alone; `first` begins the first."""
    lines, start = [], first
    while len(start) + len(text) > _WIDTH:
        room = _WIDTH - len(start)
        end = text.rfind(" ", 0, room + 1)
        if end < 0:
            end = text.find(" ", room)  # a word that is longer than a line
            if end < 0:
                break
        lines.append(start + text[:end])
        text, start = text[end + 1 :], " " * len(first)
    return "\n".join([*lines, start + text])


def _markdown(lines: Iterator[Line]) -> Iterator[str]:
    before = 0
    for number, line in enumerate(lines):
        if number and (line.level <= 0 or before <= 0):
            yield ""
        text = line.text.replace("$", "\\$")
        if line.level == -1:
            yield f"### {text}"
        elif line.level == 0:
            yield text
        else:
            yield f"{'    ' * (line.level - 1)}- {text}"
        before = line.level


def _html(lines: Iterator[Line]) -> Iterator[str]:
    """Headings, paragraphs, and lists within lists."""
    depth = 0
    for line in lines:
        wanted, text = max(line.level, 0), escape(line.text)
        if wanted > depth:
            yield "<ul>" + "<li><ul>" * (wanted - depth - 1)
        else:  # an item is closed by what is not inside it
            yield "</li></ul>" * (depth - wanted) + ("</li>" if wanted else "")
        depth = wanted
        tag = "h4" if line.level < 0 else "p"
        yield f"<li>{text}" if wanted else f"<{tag}>{text}</{tag}>"
    yield "</li></ul>" * depth


def facts_to_dict(subject: Any) -> dict[str, Any]:
    """The stated facts of a domain object as JSON-ready data; unknown facts are omitted.

    >>> from evcredit import Claim
    >>> facts_to_dict(Claim())["vehicle"]
    {'battery': {}}
    """
    found: dict[str, Any] = {}
    given = attrs.fields_dict(subject.__class__)
    for name, declared in declared_facts(subject.__class__):
        value = getattr(subject, name)
        if value is None and declared.kind is Kind.PARTS and given[name].default is not None:
            found[name] = None  # unknown, where omitting it would mean none
        if value is None or _follows(subject, name):
            continue
        if declared.kind is Kind.PART:
            found[name] = facts_to_dict(value)
        elif declared.kind is Kind.PARTS:
            found[name] = [facts_to_dict(item) for item in value]
        else:
            found[name] = json_value(value)
    return found


def _follows(subject: Any, name: str) -> bool:
    """Whether a fact only repeats what another says: a price that its parts add up to."""
    if name == "msrp":
        return subject.sticker is not None and bool(subject.msrp == subject.sticker.msrp)
    if name == "value" and isinstance(subject, MineralSource):
        return bool(subject.value == subject.mass_times_price)
    if name == "sale_price":  # a seller report has a price, and no parts of it
        parts = getattr(subject, "sale_price_parts", None)
        return parts is not None and bool(subject.sale_price == parts.price)
    if name == "basis":
        parts = subject.basis_parts
        return parts is not None and bool(subject.basis == parts.basis)
    return False


def _number(value: Decimal) -> int | str | None:
    """A number as JSON holds it: one number in one way, however it was written."""
    if not value.is_finite():
        return None
    if value == value.to_integral_value():
        return int(value)
    return f"{value:f}".rstrip("0")


def json_value(value: Any) -> Any:
    """Return one value as JSON holds it.

    Integers are JSON numbers. Other numbers are text, so that no reader rounds them. An end of
    bounds that is not known is null.

    >>> json_value(Bounds(Decimal("66.50"), Decimal("Infinity")))
    {'lower': '66.5', 'upper': None}
    """
    if isinstance(value, Place):
        return as_written(value)
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Bounds):
        return {"lower": json_value(value.lower), "upper": json_value(value.upper)}
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, ApplicableMineral):
        return value.stated_as or value.identifier
    if isinstance(value, Share):
        bounds = value.bounds
        return {"lower": str(bounds.lower), "upper": str(bounds.upper)}
    if isinstance(value, tuple):
        return [facts_to_dict(item) for item in value]
    return brief.number_in_words(value)
