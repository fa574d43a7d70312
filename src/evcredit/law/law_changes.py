"""Single changes of a law, as values: what each changes, why, and on whose proposal.

`evcredit.law.reform.Reform` puts them together. A change knows which entries of the law it
touches, so that two that touch the same are noticed, and it changes every state of the law that is
recorded, so that `Law.known_on` gives the hypothetical of an earlier day.

Source: P.L. 117-169 and P.L. 119-21, among others.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar, NamedTuple

import attrs

from evcredit.algebra.citation import Citation
from evcredit.algebra.field import checked_day
from evcredit.errors import InvalidFactError, nearest
from evcredit.law.law import CURRENT, Law
from evcredit.law.readings import Readings

__all__ = [
    "HYPOTHETICAL",
    "ChangeOfLaw",
    "ChooseReading",
    "KnownOn",
    "Restore",
    "Touched",
    "as_day_or_none",
]

#: What is proposed by no one in particular.
HYPOTHETICAL = "hypothetical"


class Touched(NamedTuple):
    """An entry of the law that a change touches.

    Args:
        kind: A schedule, an agreement, a reading, or the entire law.
        name: Its name; empty for the entire law.
        category: The category of a table; `None` for all of them.
        since: The first day.
        until: The first day after.
    """

    kind: str
    name: str
    category: str | None = None
    since: date = date.min
    until: date = date.max

    def overlaps(self, other: Touched) -> bool:
        """Whether both touch some entry alike."""
        if "law" in (self.kind, other.kind):
            return True
        same = (self.kind, self.name) == (other.kind, other.name)
        categories = self.category is None or other.category is None
        days = self.since < other.until and other.since < self.until
        return same and (categories or self.category == other.category) and days

    def __str__(self) -> str:
        return f"the {self.kind} {self.name}".strip()


def as_source(value: Citation | str) -> str:
    """A citation as text, or the word hypothetical.

    Raises:
        InvalidFactError: It is neither.
    """
    text = str(value).strip()
    if text.lower() == HYPOTHETICAL:
        return HYPOTHETICAL
    try:
        return str(Citation.parse(text))
    except ValueError as error:
        remedy = "give a citation such as '26 USC 30D(e)(1)', or the word 'hypothetical'"
        raise InvalidFactError("source", value, remedy) from error


def as_reason(value: Any) -> str:
    """A reason that is not empty.

    Raises:
        InvalidFactError: It is.
    """
    if not isinstance(value, str) or not value.strip():
        raise InvalidFactError("why", value, "say why, in words")
    return value.strip()


def as_day_or_none(value: date | str | None) -> date | None:
    """A day, or none."""
    return None if value is None else checked_day(value)


@attrs.frozen(kw_only=True)
class ChangeOfLaw:
    """One change. Its classes say what it changes.

    Args:
        why: The reason, shown in explanations.
        source: Where it is proposed, as a citation, or ``"hypothetical"``.
    """

    #: The kind of change, for JSON.
    kind: ClassVar[str] = ""

    why: str = attrs.field(converter=as_reason)
    source: str = attrs.field(default=HYPOTHETICAL, converter=as_source)

    @property
    def label(self) -> str:
        """What the law is called with it, such as ``without JPCMA``."""
        raise NotImplementedError

    def touched(self) -> tuple[Touched, ...]:
        """The entries that it touches."""
        raise NotImplementedError

    def changed(self, law: Law) -> Law:
        """The law with the change, under any name."""
        raise NotImplementedError

    def apply(self, law: Law) -> Law:
        """The law with the change."""
        joint = "" if law.name == CURRENT else " and"
        return attrs.evolve(self.changed(law), name=f"{law.name}{joint} {self.label}")

    @property
    def citation(self) -> Citation | None:
        """The citation; `None` for a hypothetical."""
        return None if self.source == HYPOTHETICAL else Citation.parse(self.source)

    @property
    def remark(self) -> str:
        """The remark on what it changes."""
        return self.why if self.citation else f"{HYPOTHETICAL}: {self.why}"

    def __str__(self) -> str:
        return f"{self.label}: {self.why} [{self.source}]"

    def to_dict(self) -> dict[str, Any]:
        """The change, ready for JSON."""
        own = {each.name: _plain(getattr(self, each.name)) for each in attrs.fields(type(self))}
        return {"change": self.kind, **{k: v for k, v in own.items() if v is not None}}


def _plain(value: Any) -> Any:
    if isinstance(value, date | Decimal):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if attrs.has(type(value)):
        fields = attrs.fields(type(value))
        known = {each.name: _plain(getattr(value, each.name)) for each in fields}
        return {name: each for name, each in known.items() if each not in (None, "", [])}
    return value


# -- readings and states of knowledge ------------------------------------------------------------


@attrs.frozen(kw_only=True)
class ChooseReading(ChangeOfLaw):
    """Another reading where the law is unresolved.

    Args:
        reading: The reading, by its name in `Readings`.
        value: The choice.
    """

    kind = "choose reading"
    reading: str
    value: Any

    def __attrs_post_init__(self) -> None:
        names = [each.name for each in attrs.fields(Readings)]
        if self.reading not in names:
            near = nearest(str(self.reading), names)
            hint = f"did you mean {' or '.join(near)}?" if near else f"known: {', '.join(names)}"
            raise InvalidFactError("reading", self.reading, hint)
        stated: Any = {self.reading: self.value}
        object.__setattr__(self, "value", getattr(Readings(**stated), self.reading))

    @property
    def label(self) -> str:
        return f"reading {self.reading} {getattr(self.value, 'name', self.value)}"

    def touched(self) -> tuple[Touched, ...]:
        return (Touched("reading", self.reading),)

    def changed(self, law: Law) -> Law:
        stated: Any = {self.reading: self.value}
        return attrs.evolve(law, readings=attrs.evolve(law.readings, **stated))


@attrs.frozen(kw_only=True)
class KnownOn(ChangeOfLaw):
    """The law as it was known on a day: later enactments undone.

    Args:
        day: The day.
    """

    kind = "known on"
    day: date = attrs.field(converter=checked_day)

    @property
    def label(self) -> str:
        return f"as known on {self.day}"

    def touched(self) -> tuple[Touched, ...]:
        return (Touched("state of knowledge", ""),)

    def changed(self, law: Law) -> Law:
        return law.known_on(self.day)


@attrs.frozen(kw_only=True)
class Restore(ChangeOfLaw):
    """Everything that a reform changed, as it was. Returned by `Reform.inverse`.

    Args:
        fields: The attributes of `Law` that it changed, with what they were.
    """

    kind = "restore"
    fields: tuple[tuple[str, Any], ...] = attrs.field(repr=False)

    @property
    def label(self) -> str:
        return "restored"

    def touched(self) -> tuple[Touched, ...]:
        return (Touched("law", ""),)

    def changed(self, law: Law) -> Law:
        return attrs.evolve(law, **dict(self.fields))

    def apply(self, law: Law) -> Law:
        return self.changed(law)

    def to_dict(self) -> dict[str, Any]:
        """The change, ready for JSON: what it restores, by name."""
        names = [name for name, _ in self.fields]
        return {"change": self.kind, "why": self.why, "source": self.source, "fields": names}
