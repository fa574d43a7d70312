"""Changes of agreements, as values: add, suppose, remove, delay, end, narrow."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

import attrs

from evcredit.algebra.field import checked_day
from evcredit.errors import InvalidFactError, UnknownAgreement, checked
from evcredit.facts.country import country_code
from evcredit.facts.mineral import mineral
from evcredit.law.agreements import (
    Partner,
    TradeAgreement,
    hypothetical_agreement,
    listed_agreements,
)
from evcredit.law.law import Law
from evcredit.law.law_changes import ChangeOfLaw, Touched, as_day_or_none

__all__ = [
    "AddAgreement",
    "DelayAgreement",
    "EndAgreement",
    "NarrowAgreement",
    "RemoveAgreement",
    "SupposeAgreement",
]


def as_named(value: str) -> str:
    """The identifier of an agreement on record, as itself or by its one country; or as given.

    Raises:
        InvalidFactError: It is no text.
    """
    _checked_text(value)
    for find in (lambda: listed_agreements()[value], lambda: hypothetical_agreement(value)):
        try:
            return find().identifier
        except UnknownAgreement:
            continue
    return str(value).strip()


def as_hypothetical(name: str) -> str:
    """The identifier of an agreement that was never concluded.

    Raises:
        InvalidFactError: It is no text.
        UnknownAgreement: There is none, or more than one.
    """
    return hypothetical_agreement(_checked_text(name)).identifier


def _checked_text(value: Any) -> str:
    if not isinstance(value, str):
        raise InvalidFactError("agreement", value, "name the agreement, or its one country")
    return value


def _checked_list(name: str, values: Any) -> Any:
    """A list of names; a text would be taken letter by letter."""
    if isinstance(values, str) or not isinstance(values, Iterable | None):
        raise InvalidFactError(name, values, f"give a list of {name}")
    return values


def as_agreement(value: TradeAgreement) -> TradeAgreement:
    """An agreement.

    Raises:
        InvalidFactError: It is something else, such as a name.
    """
    remedy = "give the agreement itself, with its partners"
    return checked(value, TradeAgreement, "agreement", remedy)


def as_countries(names: Iterable[str] | None) -> tuple[str, ...] | None:
    """Countries by name or code, as alpha-2 codes.

    Raises:
        InvalidFactError: One is unknown or ambiguous.
    """
    names = _checked_list("partners", names)
    return None if names is None else tuple(map(country_code, names))


def as_minerals(names: Iterable[str] | None) -> tuple[str, ...] | None:
    """Minerals by name or symbol, as identifiers.

    Raises:
        InvalidFactError: One is no applicable critical mineral.
    """
    names = _checked_list("minerals", names)
    return None if names is None else tuple(mineral(name).identifier for name in names)


@attrs.frozen(kw_only=True)
class AddAgreement(ChangeOfLaw):
    """One more agreement, or another version of one.

    Args:
        agreement: The agreement.
    """

    kind = "add agreement"
    agreement: TradeAgreement = attrs.field(converter=as_agreement)

    @property
    def label(self) -> str:
        return f"with {self.agreement.identifier}"

    def touched(self) -> tuple[Touched, ...]:
        return (Touched("agreement", self.agreement.identifier),)

    def changed(self, law: Law) -> Law:
        return law.with_agreement(_remarked(self.agreement, self))


@attrs.frozen(kw_only=True)
class SupposeAgreement(ChangeOfLaw):
    """An agreement that was never concluded, as if it were in force.

    Args:
        agreement: Its identifier, or the one country it is with.
        since: The first day; that of the critical mineral test if omitted.
    """

    kind = "suppose agreement"
    agreement: str = attrs.field(converter=as_hypothetical)
    since: date | None = attrs.field(default=None, converter=as_day_or_none)

    @property
    def label(self) -> str:
        since = "" if self.since is None else f" since {self.since}"
        return f"with {self.agreement}{since}"

    def touched(self) -> tuple[Touched, ...]:
        return (Touched("agreement", self.agreement),)

    def changed(self, law: Law) -> Law:
        return law.with_hypothetical(self.agreement, self.since)


@attrs.frozen(kw_only=True)
class _OfAgreement(ChangeOfLaw):
    """A change of an agreement that the law has.

    Args:
        agreement: Its identifier, or the one country it is with.
    """

    agreement: str = attrs.field(converter=as_named)

    def touched(self) -> tuple[Touched, ...]:
        return (Touched("agreement", self.agreement),)

    def changed(self, law: Law) -> Law:
        agreement = law.agreements[self.agreement]
        partners = tuple(part for each in agreement.partners for part in self.partner(each))
        if not partners:
            return law.without_agreement(agreement.identifier)
        changed = attrs.evolve(agreement, partners=partners)
        # Where it stood in the list, so that only its own entries differ.
        after = law.with_agreement(_remarked(changed, self))
        order = {each.identifier: place for place, each in enumerate(law.agreements)}
        ordered = sorted(after.agreements, key=lambda each: order[each.identifier])
        return attrs.evolve(after, agreements=attrs.evolve(after.agreements, agreements=ordered))

    def partner(self, part: Partner) -> tuple[Partner, ...]:
        """What becomes of the part of one country; nothing if it is out."""
        raise NotImplementedError


@attrs.frozen(kw_only=True)
class RemoveAgreement(_OfAgreement):
    """The law as if an agreement did not exist."""

    kind = "remove agreement"

    @property
    def label(self) -> str:
        return f"without {self.agreement}"

    def partner(self, part: Partner) -> tuple[Partner, ...]:
        return ()


@attrs.frozen(kw_only=True)
class DelayAgreement(_OfAgreement):
    """An agreement that enters into force later.

    Args:
        until: The first day, for partners for whom it would be earlier.
    """

    kind = "delay agreement"
    until: date = attrs.field(converter=checked_day)

    @property
    def label(self) -> str:
        return f"with {self.agreement} in force from {self.until}"

    def partner(self, part: Partner) -> tuple[Partner, ...]:
        if part.ended is not None and part.ended <= self.until:
            return ()
        return (attrs.evolve(part, in_force=max(part.in_force, self.until)),)


@attrs.frozen(kw_only=True)
class EndAgreement(_OfAgreement):
    """An agreement that ends.

    Args:
        on: The first day on which it is no longer in force.
    """

    kind = "end agreement"
    on: date = attrs.field(converter=checked_day)

    @property
    def label(self) -> str:
        return f"with {self.agreement} ending on {self.on}"

    def partner(self, part: Partner) -> tuple[Partner, ...]:
        if part.in_force >= self.on:
            return ()
        if part.ended is not None and part.ended <= self.on:
            return (part,)
        return (attrs.evolve(part, ended=self.on, end_known_from=part.in_force),)


@attrs.frozen(kw_only=True)
class NarrowAgreement(_OfAgreement):
    """An agreement with fewer countries, or about fewer minerals.

    The list of the law names countries, so fewer minerals make a difference only where the
    reading `agreement_scope` looks at them.

    Args:
        partners: The countries that stay, by name or code; all if omitted.
        minerals: The minerals that stay, by name; all if omitted.
    """

    kind = "narrow agreement"
    partners: tuple[str, ...] | None = attrs.field(default=None, converter=as_countries)
    minerals: tuple[str, ...] | None = attrs.field(default=None, converter=as_minerals)

    @property
    def label(self) -> str:
        stays = (*(self.partners or ()), *(self.minerals or ()))
        return f"with {self.agreement} for {', '.join(stays) or 'none'} alone"

    def changed(self, law: Law) -> Law:
        after = _OfAgreement.changed(self, law)
        if self.minerals is None or self.agreement not in {e.identifier for e in after.agreements}:
            return after
        agreement = after.agreements[self.agreement]
        known = agreement.covered_minerals
        minerals = tuple(each for each in self.minerals if known is None or each in known)
        narrowed = attrs.evolve(agreement, covered_minerals=minerals)
        ordered = (narrowed if each is agreement else each for each in after.agreements)
        return attrs.evolve(after, agreements=attrs.evolve(after.agreements, agreements=ordered))

    def partner(self, part: Partner) -> tuple[Partner, ...]:
        return (part,) if self.partners is None or part.country in self.partners else ()


def _remarked(agreement: TradeAgreement, change: ChangeOfLaw) -> TradeAgreement:
    remarks = (agreement.note, change.remark)
    return attrs.evolve(agreement, note="; ".join(each for each in remarks if each))
