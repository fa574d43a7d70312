"""Which agreements, concluded or ended, would flip the critical minerals half."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from fractions import Fraction
from itertools import combinations
from typing import Any

import attrs

from evcredit.advice.sides import Side
from evcredit.algebra.share import Share
from evcredit.facts.country import country_name
from evcredit.law.agreements import (
    AgreementKind,
    Partner,
    TradeAgreement,
    hypothetical_agreements,
    listed_agreements,
)
from evcredit.law.law import Law
from evcredit.results.words import json_value

__all__ = ["AgreementChange", "agreement_changes"]

#: The most agreements that are tried in every combination.
_MOST_TRIED = 10


@attrs.frozen(kw_only=True)
class AgreementChange:
    """The fewest agreements that would flip the half, concluded or ended.

    Args:
        wins: Whether they win the half, by being concluded; otherwise by not existing.
        agreements: The agreements, by their identifiers.
        titles: The same, in words.
        law: The law with the change.
        content: The content under it.
        exact: Whether no fewer agreements suffice, of those tried.
    """

    wins: bool
    agreements: tuple[str, ...]
    titles: tuple[str, ...]
    law: Law
    content: Share | None
    exact: bool

    def __str__(self) -> str:
        how = "with" if self.wins else "without"
        return f"{how} {' and '.join(self.titles)}; content {self.content}"

    def to_dict(self) -> dict[str, Any]:
        """The change, ready for JSON."""
        return {
            "wins": self.wins,
            "agreements": list(self.agreements),
            "titles": list(self.titles),
            "law": self.law.name,
            "content": json_value(self.content),
            "exact": self.exact,
        }


def agreement_changes(
    side: Side, under: Callable[[Law], Side | None], *, wins: bool, day: date
) -> Iterator[AgreementChange]:
    """The smallest sets of agreements that flip a half; all sets of that size.

    To win, agreements that the law lacks are tried, then those that were never concluded, and with
    countries that none of them is with, one with that country alone. To lose, those in effect are
    tried.

    Args:
        side: The half.
        under: From a law to the same half under it, or to `None`.
        wins: Whether to win it.
        day: The day on which an agreement must be in effect.
    """
    countries = {str(place) for lot in side.lots for place in lot.places if place is not None}
    law = side.law
    changes = list(_added(law, countries, day) if wins else _ended(law, countries, day))
    tried = changes[:_MOST_TRIED]
    for count in range(1, len(tried) + 1):
        found = False
        for chosen in combinations(tried, count):
            if not _may_flip(side, chosen, wins=wins, day=day):
                continue  # without asking the law
            other = law
            for each in chosen:
                other = (
                    other.with_agreement(each) if wins else other.without_agreement(each.identifier)
                )
            changed = under(other)
            if changed is not None and changed.holds(side.subject) is wins:
                found = True
                yield AgreementChange(
                    wins=wins,
                    agreements=tuple(each.identifier for each in chosen),
                    titles=tuple(each.name for each in chosen),
                    law=other,
                    content=changed.content(side.subject),
                    exact=len(changes) <= _MOST_TRIED,
                )
        if found:
            return


def _may_flip(side: Side, agreements: tuple[TradeAgreement, ...], *, wins: bool, day: date) -> bool:
    """Whether the half could flip if every lot that has to do with the agreements changed sides."""
    if any(lot.value is None for lot in side.lots):
        return True
    total = sum(lot.value or 0 for lot in side.lots)
    contents = []
    for test in range(side.tests):
        counting: int | Fraction = 0
        for lot in side.lots:
            touched = any(
                agreement.partner_on(str(place), day)
                for agreement in agreements
                for place in lot.places
                if place is not None
            )
            part = int(wins) if touched else lot.counts[test][not wins]
            counting += (lot.value or 0) * part
        contents.append(100 * counting >= side.percent * total)
    return any(contents) is wins


def _ended(law: Law, countries: set[str], day: date) -> Iterator[TradeAgreement]:
    for agreement in law.agreements:
        if any(agreement.partner_on(country, day) for country in countries):
            yield agreement


def _added(law: Law, countries: set[str], day: date) -> Iterator[TradeAgreement]:
    """Agreements that would put some of the countries on the list, each set of countries once."""
    listed = {"US", *law.agreements.countries_on(day)}
    first = law.critical_minerals_percentage.boundaries()[0]
    absent = sorted(countries - listed)
    seen: set[frozenset[str]] = set()
    concluded = {each.identifier for each in law.agreements}
    lacking = [each for each in listed_agreements() if each.identifier not in concluded]
    assumed = [each.in_force(first) for each in hypothetical_agreements() if each.partners]
    for agreement in (*lacking, *assumed):
        new = frozenset(each for each in absent if agreement.partner_on(each, day))
        if new and new not in seen:
            seen.add(new)
            yield agreement
    covered = frozenset().union(*seen)
    for country in absent:
        if country not in covered:
            yield TradeAgreement(
                identifier=f"{country}-assumed",
                name=f"an assumed agreement with {country_name(country)}",
                kind=AgreementKind.HYPOTHETICAL,
                partners=(Partner(country=country, in_force=first),),
                note=f"assumed to be in force since {first}",
            )
