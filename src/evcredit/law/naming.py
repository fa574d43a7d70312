"""What the name of an agreement means: its identifier, or the one country it is with."""

from __future__ import annotations

from collections.abc import Mapping

from evcredit.errors import InvalidFactError, UnknownAgreement, nearest
from evcredit.facts.country import country_code, country_name

__all__ = ["identifier_meant"]


def identifier_meant(name: str, partners: Mapping[str, tuple[str, ...]]) -> str:
    """The identifier that a name means: itself in any case, or the one country of an agreement.

    Args:
        name: An identifier, or any unambiguous name or code of a country.
        partners: The countries of each agreement, by its identifier.

    Raises:
        UnknownAgreement: It means none of them, or more than one.
    """
    exact = [each for each in partners if each.casefold() == str(name).strip().casefold()]
    if exact:
        return exact[0]
    try:
        country = country_code(name)
    except InvalidFactError:
        country = ""  # no country, or more than one
    with_it = [each for each, codes in partners.items() if country in codes]
    if len(with_it) == 1 and len(partners[with_it[0]]) == 1:
        return with_it[0]
    near = tuple(with_it) or nearest(str(name), partners)
    countries = {each: _some_names(codes) for each, codes in partners.items()}
    raise UnknownAgreement(str(name), near, tuple(partners), countries)


def _some_names(codes: tuple[str, ...]) -> str:
    """The first of some countries, and how many more there are."""
    more = f" and {len(codes) - 2} more" if len(codes) > 2 else ""
    return ", ".join(map(country_name, codes[:2])) + more
