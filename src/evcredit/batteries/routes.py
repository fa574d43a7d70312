"""From where a mineral comes and by which way: routes, as shares of all of it in a battery."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import product
from typing import Any, Protocol

import attrs

from evcredit.algebra.bounds import Bounds, refuse_float
from evcredit.algebra.field import Fault, as_choice
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.errors import InvalidFactError
from evcredit.facts.chain import Activity, Step
from evcredit.facts.country import country_code
from evcredit.facts.place import as_country

__all__ = ["CountryPart", "Pairing", "SupplyRoute", "remainder", "routes_by_stage"]


class Pairing(PlainEnum):
    """What is assumed of which mine supplies which refinery: shares by stage do not say."""

    UNKNOWN = "nothing: where a mineral was processed is known, and where it was mined is not"
    INDEPENDENT = "every refinery takes the mix of all mines"


def as_share(value: Fraction | Decimal | int | str) -> Any:
    """A part of one, exactly."""
    if isinstance(value, bool):
        return Fault(value, "give a part of 1, such as '0.6' or Fraction(3, 5)")
    try:
        refuse_float(value)
        share = Fraction(value)
    except (TypeError, ValueError, ArithmeticError):
        return Fault(value, "give a part of 1, exactly: '0.6' or Fraction(3, 5)")
    return share if 0 <= share <= 1 else Fault(value, "give a part of 1, from 0 to 1")


@attrs.frozen
class SupplyRoute:
    """One way by which a part of a mineral comes into a battery.

    Args:
        share: Which part of all of the mineral, 1 being all of it.
        extracted_in: Where it was extracted; unknown if omitted.
        processed_in: Where it was processed; unknown if omitted.
        recycled_in: Where it was recycled, instead of the two.

    Raises:
        InvalidFactError: It is no part of one, there is no such country, or a recycled part is
            stated to be extracted or processed too.

    >>> SupplyRoute("0.6", extracted_in="Chile", processed_in="Chile").steps[0].country
    'CL'
    """

    share: Fraction = attrs.field(converter=as_share)
    extracted_in: str | None = attrs.field(default=None, kw_only=True, converter=as_country)
    processed_in: str | None = attrs.field(default=None, kw_only=True, converter=as_country)
    recycled_in: str | None = attrs.field(default=None, kw_only=True, converter=as_country)

    def __attrs_post_init__(self) -> None:
        for name in ("share", "extracted_in", "processed_in", "recycled_in"):
            value = getattr(self, name)
            if isinstance(value, Fault):
                raise InvalidFactError(f"route.{name}", value.found, value.remedy)
        if self.recycled_in is not None and (self.extracted_in or self.processed_in):
            raise InvalidFactError(
                "route.recycled_in",
                self.recycled_in,
                "what is recycled is judged by that alone; give a separate route for the rest",
            )

    @property
    def steps(self) -> tuple[Step, ...] | None:
        """The steps of its chain; `None` if nothing about it is known."""
        if self.recycled_in is not None:
            return (Step(activity=Activity.RECYCLING, country=self.recycled_in),)
        if self.extracted_in is self.processed_in is None:
            return None
        return (
            Step(activity=Activity.EXTRACTION, country=self.extracted_in),
            Step(activity=Activity.PROCESSING, country=self.processed_in),
        )


class CountryPart(Protocol):
    """What one country supplies: a `SupplyShare`, or a row that an importer read."""

    @property
    def country(self) -> str | None:
        """Alpha-2; `None` for countries without a name."""

    @property
    def share(self) -> Fraction | Bounds[Fraction] | None:
        """The part of the total, 1 being all of it; of bounds only the lower end is relied on."""


Shares = Iterable[CountryPart] | Mapping[str, Fraction | Decimal | int | str]


def routes_by_stage(
    extraction: Shares | None = None,
    processing: Shares | None = None,
    *,
    pairing: Pairing | str = Pairing.UNKNOWN,
) -> tuple[SupplyRoute, ...]:
    """Routes from shares of countries in extraction, in processing, or in both.

    Two lists of shares do not say which mine supplies which refinery. Nothing is assumed of that
    unless the caller says so: the routes then follow the processing, and leave unresolved where
    each was extracted. What no share covers, and what falls to countries without a name, stays
    unknown.

    Args:
        extraction: Shares of countries in extraction: rows with `country` and `share`, as
            `supply_shares` or an importer gives them, or a mapping from country to a part of 1.
        processing: Like the above, for processing.
        pairing: What to assume of the two together: ``"unknown"`` or ``"independent"``.

    Raises:
        InvalidFactError: A share is no part of one, or a caller's shares add up to more than 1.

    >>> routes = routes_by_stage({"Australia": "0.4"}, {"China": "0.5"}, pairing="independent")
    >>> [(route.extracted_in, route.processed_in, str(route.share)) for route in routes]
    [('AU', 'CN', '1/5'), ('AU', None, '1/5'), (None, 'CN', '3/10'), (None, None, '3/10')]
    """
    how: Any = as_choice(Pairing, pairing)
    if not isinstance(how, Pairing):
        remedy = how.remedy if isinstance(how, Fault) else "give a pairing"
        raise InvalidFactError("pairing", pairing, remedy)
    mined, refined = _parts(extraction, "extraction"), _parts(processing, "processing")
    if processing is not None and (extraction is None or how is Pairing.UNKNOWN):
        mined = {None: Fraction(1)}
    return tuple(
        SupplyRoute(one * other, extracted_in=mine, processed_in=refinery)
        for (mine, one), (refinery, other) in product(mined.items(), refined.items())
        if one * other
    )


def _parts(shares: Shares | None, what: str) -> dict[str | None, Fraction]:
    """The part of each country, and last that of none."""
    found: dict[str | None, Fraction] = {}
    for country, share in _pairs(shares, what):
        found[country] = found.get(country, Fraction(0)) + share
    found.pop(None, None)
    total = sum(found.values(), Fraction(0))
    if total > 1:
        # Rounded totals of a source can be less than the sum of its rows.
        found = {country: Fraction(share, total) for country, share in found.items()}
    return {**found, None: max(Fraction(0), 1 - total)}


_HOW_TO_SHARE = "give the share of each country, or what supply_shares gives"


def _pairs(shares: Shares | None, what: str) -> Iterator[tuple[str | None, Fraction]]:
    if isinstance(shares, Mapping):
        routes = [(name, SupplyRoute(share, extracted_in=name)) for name, share in shares.items()]
        remainder((route for _, route in routes), what)
        yield from ((route.extracted_in, route.share) for _, route in routes)
        return
    stated: Any = shares or ()
    if isinstance(stated, str) or not isinstance(stated, Iterable):
        raise InvalidFactError(what, stated, _HOW_TO_SHARE)
    for each in stated:
        if not (hasattr(each, "share") and hasattr(each, "country")):
            raise InvalidFactError(what, each, _HOW_TO_SHARE)
        share = each.share
        lower = share.lower if isinstance(share, Bounds) else share
        if lower is not None:
            yield _known(each.country), lower


def _known(country: str | None) -> str | None:
    """A country that facts can state; the code of Kosovo is left to its users by ISO 3166."""
    try:
        return None if country is None or not country_code(country) else country
    except InvalidFactError:
        return None


def remainder(routes: Iterable[SupplyRoute], what: str) -> Fraction:
    """What routes leave of one.

    Raises:
        InvalidFactError: They add up to more than one.

    >>> remainder([SupplyRoute("0.6"), SupplyRoute("0.3")], "lithium")
    Fraction(1, 10)
    """
    left = 1 - sum((route.share for route in routes), Fraction(0))
    if left < 0:
        raise InvalidFactError(what, str(1 - left), "the shares add up to more than 1")
    return left
