"""Citations of law: parsed, ordered, and able to say what lies inside what."""

from __future__ import annotations

import re
from enum import IntEnum
from functools import cached_property, lru_cache, total_ordering

import attrs

from evcredit.errors import InvalidFactError, checked

__all__ = ["Authority", "Citation"]


class Authority(IntEnum):
    """How much weight a source has: the smaller the number, the stronger."""

    STATUTE = 1
    REGULATION = 2
    PROPOSED_REGULATION = 3
    PROCEDURE_OR_NOTICE = 4
    FREQUENTLY_ASKED_QUESTION = 5
    OTHER = 6


# Each form names its parts; "path" holds the parenthesised subdivisions, if there are any.
_PATH = r"(?P<path>(?:\([0-9A-Za-z]+\))*)"
_EDITION = r"(?: \((?P<edition>\d{4})\))?"
_FORMS: tuple[tuple[str, Authority, str, str], ...] = (
    (
        "USC",
        Authority.STATUTE,
        rf"(?P<title>\d+) USC (?P<section>\d+[A-Za-z]*(?:-\d+)?){_PATH}(?: note)?{_EDITION}",
        "https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title{title}-section{section}",
    ),
    (
        "PL",
        Authority.STATUTE,
        rf"P\.L\. (?P<title>\d+)-(?P<section>\d+)(?: sec\. (?P<part>\d+[A-Z]?){_PATH})?",
        "https://www.govinfo.gov/link/plaw/{title}/public/{section}",
    ),
    (
        "CFR",
        Authority.REGULATION,
        rf"(?P<title>\d+) CFR (?P<section>\d+(?:\.[0-9A-Za-z]+(?:-\d+[A-Z]?)?)?){_PATH}",
        "https://www.ecfr.gov/current/title-{title}/section-{section}",
    ),
    (
        "FR",
        Authority.REGULATION,
        r"(?P<title>\d+) FR (?P<section>\d+)",
        "https://www.federalregister.gov/citation/{title}-FR-{section}",
    ),
    (
        "PROPOSED",
        Authority.PROPOSED_REGULATION,
        r"REG-(?P<title>\d+)-(?P<section>\d+)",
        "https://www.federalregister.gov/documents/search?conditions%5Bterm%5D=REG-{title}-{section}",
    ),
    (
        "NOTICE",
        Authority.PROCEDURE_OR_NOTICE,
        rf"(?:Notice|Rev\. Proc\.) (?P<title>\d+)-(?P<section>\d+)(?: sec\. (?P<part>\d+){_PATH})?",
        "https://www.irs.gov/irb",
    ),
    (
        "FAQ",
        Authority.FREQUENTLY_ASKED_QUESTION,
        r"(?:FS|IR)-(?P<title>\d+)-(?P<section>\d+)",
        "https://www.irs.gov/newsroom",
    ),
)
_ROMAN = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100}


def _natural(token: str) -> tuple[int, int, str]:
    """A sort key that puts (2) before (10), (ix) before (x) and (Z) before (AA)."""
    if token.isdigit():
        return (0, int(token), "")
    if token.islower() and set(token) <= set(_ROMAN) and token not in {"c", "l"}:
        values = [_ROMAN[letter] for letter in token]
        signed = zip(values, [*values[1:], 0], strict=True)
        return (1, sum(-now if now < following else now for now, following in signed), "")
    return (2, len(token), token)


@total_ordering
@attrs.frozen(eq=False, slots=False)
class Citation:
    """Where a rule or a number is in the law.

    Build it with `parse`. Two citations of the same text are equal; citations sort by
    authority, then by place; ``inner in outer`` tells whether one place lies inside another.
    The text of a section as it was in an earlier year is cited with that year:
    ``26 USC 30D(e) (2021)`` is the limit on the number of vehicles, and no part of the
    ``26 USC 30D(e)`` of today.

    Args:
        text: The citation as it is written.
        authority: The weight of the source.
        source: The kind of source, such as ``USC``.
        title: The number of the title, volume or Congress.
        section: The section or page.
        path: Its subdivisions, from the outermost in.
        edition: The year whose text is meant; `None` for the text of today.

    >>> inner = Citation.parse("26 USC 30D(d)(1)(F)(i)")
    >>> inner in Citation.parse("26 USC 30D(d)"), inner in Citation.parse("26 USC 30D(d)(7)")
    (True, False)
    >>> inner.authority, inner.path
    (<Authority.STATUTE: 1>, ('d', '1', 'F', 'i'))
    >>> Citation.parse("26 USC 30D(f)(2)") < Citation.parse("26 USC 30D(f)(10)")
    True
    >>> inner.url
    'https://uscode.house.gov/view.xhtml?req=granuleid:USC-prelim-title26-section30D'
    """

    text: str
    authority: Authority
    source: str
    title: int
    section: str
    path: tuple[str, ...]
    edition: int | None
    _url: str

    @staticmethod
    def parse(text: str) -> Citation:
        """Read a citation in one of the usual forms.

        Args:
            text: For example ``26 USC 30D(e)(1)(A)``, ``26 USC 30D(g) (2021)``,
                ``26 CFR 1.30D-3(a)``, ``89 FR 37706``, ``P.L. 119-21 sec. 70502(a)``,
                ``Notice 2023-16``, ``Rev. Proc. 2023-33``, ``REG-120080-22`` or
                ``FS-2025-05``.

        Returns:
            The citation.

        Raises:
            InvalidFactError: The text has none of these forms.
        """
        return _parse(checked(text, str, "citation", "give it as text, like '26 USC 30D(e)'"))

    @cached_property
    def _key(self) -> tuple[object, ...]:
        path = tuple(_natural(token) for token in self.path)
        section = tuple(_natural(part) for part in re.split(r"[.\- ]", self.section))
        return (self.authority, self.source, self.title, section, self.edition or 9999, path)

    @cached_property
    def _hash(self) -> int:
        return hash(self._key)

    @property
    def url(self) -> str:
        """The address of the official text."""
        return self._url

    def __contains__(self, inner: Citation) -> bool:
        # The section first: it shows most citations apart.
        return (
            self.section == inner.section
            and self.path == inner.path[: len(self.path)]
            and self.edition == inner.edition
            and self.source == inner.source
            and self.title == inner.title
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Citation) and self._key == other._key

    def __lt__(self, other: Citation) -> bool:
        return self._key < other._key

    def __hash__(self) -> int:
        return self._hash

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=4096)
def _parse(text: str) -> Citation:
    compact = " ".join(text.split())
    for source, authority, pattern, address in _FORMS:
        match = re.fullmatch(pattern, compact)
        if match:
            parts = match.groupdict()
            section = parts["section"]
            path = tuple(re.findall(r"\(([^)]+)\)", parts.get("path") or ""))
            if parts.get("part"):
                path = (parts["part"], *path)
            url = address.format(title=parts["title"], section=section)
            return Citation(
                text=compact,
                authority=authority,
                source=source,
                title=int(parts["title"]),
                section=section,
                path=path,
                edition=int(parts["edition"]) if parts.get("edition") else None,
                url=url,
            )
    raise InvalidFactError(
        "citation",
        text,
        "this is not a citation; write it like '26 USC 30D(d)(1)(E)', '26 CFR 1.30D-3(a)', "
        "'89 FR 37706', 'P.L. 119-21 sec. 70502', 'Notice 2023-16' or 'FS-2025-05'",
    )
