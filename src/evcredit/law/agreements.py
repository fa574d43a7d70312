"""Trade agreements, dated by partner, and the list of countries they make.

A country is on the list of 26 USC 30D(e)(1)(A)(i)(II) on a day if a listed agreement is in
effect with it on that day. Status is membership of the list that the regulation keeps
(26 CFR 1.30D-2(b)(13)); the criteria by which the Secretary chose are kept as description only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

import attrs

from evcredit.algebra.brief import some_of
from evcredit.algebra.field import as_choice, as_day, checked_day, repr_of_facts
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.data import load
from evcredit.errors import InvalidFactError, checked
from evcredit.facts.country import country_code, country_name
from evcredit.law.naming import identifier_meant

__all__ = [
    "AgreementKind",
    "AgreementStatus",
    "Agreements",
    "Hypothetical",
    "Partner",
    "TradeAgreement",
    "hypothetical_agreements",
    "listed_agreements",
]


class AgreementKind(PlainEnum):
    """What sort of instrument it is; the credit makes no difference between them."""

    COMPREHENSIVE_FREE_TRADE_AGREEMENT = "comprehensive free trade agreement"
    CRITICAL_MINERALS_AGREEMENT = "critical minerals agreement"
    HYPOTHETICAL = "hypothetical"


def as_agreement_kind(value: AgreementKind | str) -> Any:
    """A kind of agreement, as itself or by name."""
    return as_choice(AgreementKind, value)


@attrs.frozen(kw_only=True, repr=False)
class Partner:
    """One country's part in an agreement with the United States.

    Args:
        country: ISO alpha-2 or any unambiguous name.
        in_force: The day the agreement entered into force for it.
        ended: The first day it no longer was; `None` while it is.
        superseded_by: The agreement that took its place that day.
        end_known_from: The day from which its end was known; that day itself if omitted.
        marks: How far signing, entry into force and law were checked.
        source: Where the dates come from.
        note: A remark.

    >>> Partner(country="Japan", in_force=date(2023, 3, 28)).covers(date(2023, 3, 27))
    False
    """

    __repr__ = repr_of_facts

    country: str = attrs.field(converter=country_code)
    in_force: date = attrs.field(converter=as_day)
    ended: date | None = attrs.field(default=None, converter=as_day)
    superseded_by: str | None = None
    end_known_from: date | None = attrs.field(default=None, converter=as_day)
    marks: str = ""
    source: str = ""
    note: str = ""

    def __str__(self) -> str:
        return f"{self.country} since {self.in_force}" + (f" to {self.ended}" if self.ended else "")

    def __attrs_post_init__(self) -> None:
        for name in ("in_force", "ended", "end_known_from"):
            value = getattr(self, name)
            if not isinstance(value, date | None) or (name == "in_force" and value is None):
                found = getattr(value, "found", value)
                raise InvalidFactError(f"partner.{name}", found, "give a date like 2023-03-28")
        if self.ended is not None and self.ended < self.in_force:
            raise InvalidFactError("partner.ended", self.ended, f"before {self.in_force}")

    def covers(self, day: date | str) -> bool:
        """Whether the agreement is in effect with this country on `day`."""
        day = checked_day(day)
        return self.in_force <= day and (self.ended is None or day < self.ended)


Each = TypeVar("Each")


def _each_of(several: Any, kind: type[Each], path: str) -> tuple[Each, ...]:
    """Several objects of a class, as a tuple."""
    if isinstance(several, str) or not isinstance(several, Iterable):
        raise InvalidFactError(path, several, f"give a list of {kind.__name__}")
    return tuple(checked(each, kind, path) for each in several)


def _partners(partners: Iterable[Partner]) -> tuple[Partner, ...]:
    return _each_of(partners, Partner, "trade_agreement.partners")


def _texts(texts: Iterable[str]) -> tuple[str, ...]:
    return _each_of(texts, str, "trade_agreement")


def _agreements(agreements: Iterable[TradeAgreement]) -> tuple[TradeAgreement, ...]:
    return _each_of(agreements, TradeAgreement, "agreements")


@attrs.frozen(kw_only=True, repr=False)
class TradeAgreement:
    """An agreement that puts its partners on the list.

    Args:
        identifier: A short name, for example ``JPCMA``.
        name: The full name.
        kind: What sort of instrument it is.
        partners: The countries, each with its own dates.
        signed: The day of signing.
        parties: All parties, the United States included.
        covered_minerals: The minerals the agreement itself is about; `None` for all.
        commitments: Which of the criteria (A) to (D) of 26 CFR 1.30D-2(b)(13) it answers to,
            as description.
        authority: The act of Congress, or why there is none.
        published: Its citation.
        note: A remark, for example what a hypothetical supposes.

    >>> deal = TradeAgreement(
    ...     identifier="CH-CMA",
    ...     name="A Swiss agreement",
    ...     kind="hypothetical",
    ...     partners=(Partner(country="Switzerland", in_force=date(2024, 1, 1)),),
    ... )
    >>> deal.partner_on("CH", date(2024, 6, 1)) is not None
    True
    """

    __repr__ = repr_of_facts

    identifier: str
    name: str
    kind: AgreementKind = attrs.field(converter=as_agreement_kind)
    partners: tuple[Partner, ...] = attrs.field(converter=_partners)
    signed: date | None = None
    parties: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    covered_minerals: tuple[str, ...] | None = None
    commitments: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    authority: str = ""
    published: str = ""
    note: str = ""

    def __str__(self) -> str:
        return f"{self.identifier}: {self.name}"

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.kind, AgreementKind):
            raise InvalidFactError("trade_agreement.kind", self.kind.found, self.kind.remedy)

    def partner_on(self, country: str, day: date | str) -> Partner | None:
        """The part of `country` (alpha-2) if the agreement is in effect with it on `day`."""
        for partner in self.partners:
            if partner.country == country and partner.covers(day):
                return partner
        return None

    def covers_mineral(self, identifier: str) -> bool:
        """Whether the agreement itself is about a mineral."""
        return self.covered_minerals is None or identifier in self.covered_minerals


@attrs.frozen(kw_only=True, repr=False)
class Hypothetical:
    """An instrument that put no one on the list, as material for "what if".

    Args:
        identifier: A short name, for example ``EU-CMA``.
        name: The full name.
        partners: The countries it would have put on the list; empty where that was open.
        dated: When, in words.
        status: What became of it.
        binding: Whether it binds.
        minerals: What it is about, in words.
        export_restrictions: Whether it refrains from export restrictions on minerals.
        claims_free_trade_status: Whether it was meant to give free trade status.
        mark: How far this was checked.
        source: Where it comes from.
        note: A remark.
    """

    __repr__ = repr_of_facts

    identifier: str
    name: str
    partners: tuple[str, ...] = attrs.field(converter=_texts)
    dated: str
    status: str
    binding: str
    minerals: str
    export_restrictions: str
    claims_free_trade_status: str
    mark: str
    source: str
    note: str = ""

    def __str__(self) -> str:
        return f"{self.identifier}: {self.name}"

    def in_force(self, since: date, partners: Iterable[str] | None = None) -> TradeAgreement:
        """The agreement this would have been, in force since a day.

        Args:
            since: The first day.
            partners: The countries, where the instrument leaves them open or others are meant.

        Raises:
            InvalidFactError: No partner is named anywhere.
        """
        countries = tuple(self.partners if partners is None else partners)
        if not countries:
            raise InvalidFactError(
                "partners", countries, f"{self.identifier} names no countries; name them"
            )
        return TradeAgreement(
            identifier=self.identifier,
            name=self.name,
            kind=AgreementKind.HYPOTHETICAL,
            partners=tuple(Partner(country=country, in_force=since) for country in countries),
            note=f"assumed to be in force since {since}; in fact: {self.status}",
        )


@attrs.frozen(kw_only=True)
class AgreementStatus:
    """Why a country is, or is not, on the list on a day.

    Args:
        country: ISO alpha-2.
        day: The day asked about.
        listed: Whether it is on the list.
        instruments: The agreements that put it there.
        text: The answer in words.
    """

    country: str
    day: date
    listed: bool
    instruments: tuple[TradeAgreement, ...]
    text: str

    def __str__(self) -> str:
        return self.text


@attrs.frozen
class Agreements:
    """The agreements that make the list, and what follows from their dates.

    >>> registry = listed_agreements()
    >>> len(registry.countries_on(date(2023, 4, 18)))
    21
    >>> print(registry.why("Japan", date(2023, 3, 27)))
    Japan is not on the list on 2023-03-27: JPCMA enters into force on 2023-03-28.
    """

    agreements: tuple[TradeAgreement, ...] = attrs.field(converter=_agreements)

    def __str__(self) -> str:
        return "agreements: " + some_of(
            [each.identifier for each in self.agreements], 40, "agreements"
        )

    def __attrs_post_init__(self) -> None:
        names = [agreement.identifier for agreement in self.agreements]
        for name in names:
            if names.count(name) > 1:
                raise InvalidFactError(
                    "agreements", name, "each agreement needs its own identifier"
                )

    def __iter__(self) -> Iterator[TradeAgreement]:
        return iter(self.agreements)

    def __len__(self) -> int:
        return len(self.agreements)

    def __getitem__(self, identifier: str) -> TradeAgreement:
        """The agreement of an identifier, or of the one country it is with.

        Raises:
            UnknownAgreement: There is none, or more than one, or it is with other countries too.

        >>> listed_agreements()["Japan"].identifier
        'JPCMA'
        """
        partners = {
            each.identifier: tuple(dict.fromkeys(part.country for part in each.partners))
            for each in self.agreements
        }
        found = identifier_meant(identifier, partners)
        return next(each for each in self.agreements if each.identifier == found)

    def instruments_on(self, country: str, day: date | str) -> tuple[TradeAgreement, ...]:
        """The agreements in effect with a country (alpha-2) on a day, in their order."""
        return tuple(each for each in self.agreements if each.partner_on(country, day))

    def listings_on(self, country: str, day: date | str) -> Iterator[tuple[str, date]]:
        """By which agreements, and since when, a country (alpha-2) is on the list on a day.

        >>> list(listed_agreements().listings_on("JP", date(2024, 1, 1)))
        [('JPCMA', datetime.date(2023, 3, 28))]
        """
        for agreement in self.agreements:
            for partner in agreement.partners:
                if partner.country == country and partner.covers(day):
                    yield agreement.identifier, partner.in_force

    def countries_on(self, day: date | str, mineral: str | None = None) -> tuple[str, ...]:
        """The countries on the list on a day, as sorted alpha-2 codes.

        Args:
            day: The day.
            mineral: Count only agreements that are themselves about this mineral, by its
                identifier; the regulation's list makes no such difference.
        """
        return tuple(
            sorted(
                {
                    partner.country
                    for agreement in self.agreements
                    if mineral is None or agreement.covers_mineral(mineral)
                    for partner in agreement.partners
                    if partner.covers(day)
                }
            )
        )

    def boundaries(self) -> tuple[date, ...]:
        """Every day on which an agreement enters into force or ends for a partner, in order."""
        days = {partner.in_force for each in self.agreements for partner in each.partners}
        days |= {
            partner.ended for each in self.agreements for partner in each.partners if partner.ended
        }
        return tuple(sorted(days))

    def why(self, country: str, day: date | str) -> AgreementStatus:
        """Why a country is, or is not, on the list on a day.

        Args:
            country: Any unambiguous name or code.
            day: The day.

        Raises:
            InvalidFactError: The country is unknown or ambiguous.
        """
        code, day = country_code(country), checked_day(day)
        found = self.instruments_on(code, day)
        name = country_name(code)
        if found:
            reasons = "; ".join(
                f"{identifier} ({self[identifier].name}), in force since {since}"
                for identifier, since in self.listings_on(code, day)
            )
            text = f"{name} is on the list on {day} by {reasons}."
        else:
            text = f"{name} is not on the list on {day}: {self._absence(code, day)}."
        return AgreementStatus(
            country=code, day=day, listed=bool(found), instruments=found, text=text
        )

    def _absence(self, code: str, day: date) -> str:
        parts = [
            (agreement.identifier, partner)
            for agreement in self.agreements
            for partner in agreement.partners
            if partner.country == code
        ]
        for identifier, partner in parts:
            if day < partner.in_force:
                return f"{identifier} enters into force on {partner.in_force}"
        if parts:
            identifier, partner = parts[-1]
            return f"{identifier} ended on {partner.ended}"
        tried = [each for each in hypothetical_agreements() if code in each.partners]
        if tried:
            return "no agreement is listed; " + "; ".join(
                f"{each.identifier} ({each.dated}): {each.status}" for each in tried
            )
        return "no agreement is listed"

    def with_agreement(self, agreement: TradeAgreement) -> Agreements:
        """The same list with one more agreement, or another version of one.

        Args:
            agreement: Replaces an agreement of the same identifier, if there is one.
        """
        kept = tuple(each for each in self.agreements if each.identifier != agreement.identifier)
        return Agreements((*kept, agreement))

    def without(self, identifier: str) -> Agreements:
        """The same list without one agreement.

        Raises:
            UnknownAgreement: There is none of that identifier.
        """
        gone = self[identifier]
        return Agreements(tuple(each for each in self.agreements if each is not gone))

    def known_on(self, day: date | str) -> Agreements:
        """The agreements as they were known on a day.

        Agreements signed later are omitted, and so is every end that was not known.
        """
        day, known = checked_day(day), []
        for each in self.agreements:
            if each.signed is not None and each.signed > day:
                continue
            partners = tuple(
                attrs.evolve(partner, ended=None, superseded_by=None)
                if partner.ended is not None and (partner.end_known_from or partner.ended) > day
                else partner
                for partner in each.partners
            )
            known.append(attrs.evolve(each, partners=partners))
        return Agreements(tuple(known))


@lru_cache(maxsize=1)
def listed_agreements() -> Agreements:
    """Every agreement that is or was on the list, with sources.

    >>> listed_agreements()["JPCMA"].signed
    datetime.date(2023, 3, 28)
    """
    return Agreements(
        tuple(
            TradeAgreement(
                **{
                    **row,
                    "partners": tuple(Partner(**partner) for partner in row["partners"]),
                    "covered_minerals": _tuple(row.get("covered_minerals")),
                }
            )
            for row in load("agreements.toml")["agreements"]
        )
    )


def _tuple(value: list[str] | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(value)


@lru_cache(maxsize=1)
def hypothetical_agreements() -> tuple[Hypothetical, ...]:
    """Instruments that put no one on the list: negotiated, discussed, or of another kind.

    >>> hypothetical_agreements()[0].identifier
    'EU-CMA'
    """
    return tuple(Hypothetical(**row) for row in load("hypotheticals.toml")["hypotheticals"])


def hypothetical_agreement(identifier: str) -> Hypothetical:
    """One of `hypothetical_agreements` by its identifier, or by the one country it is with.

    Raises:
        UnknownAgreement: There is none, or more than one.

    >>> hypothetical_agreement("Indonesia").identifier
    'ID-CMA'
    """
    tried = {each.identifier: each for each in hypothetical_agreements()}
    return tried[
        identifier_meant(identifier, {name: each.partners for name, each in tried.items()})
    ]
