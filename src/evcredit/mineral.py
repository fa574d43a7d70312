"""The applicable critical minerals: what they are, since when, and in which forms.

26 USC 30D(e)(1)(A) counts the value of applicable critical minerals and takes the list from
26 USC 45X(c)(6). The list is data (``data/minerals.toml``), read on first use.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NoReturn

import attrs

from evcredit.data import load
from evcredit.errors import InvalidFactError, nearest
from evcredit.fact import Fault

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "ApplicableMineral",
    "QualifyingForm",
    "applicable_minerals",
    "as_mineral",
    "mineral",
]

# Materials people expect on the list because batteries are full of them. An "unknown mineral,
# did you mean ..." would send them looking for a spelling that does not exist.
_NOT_LISTED = MappingProxyType(
    {
        "copper": "copper",
        "cu": "copper",
        "iron": "iron",
        "fe": "iron",
        "iron phosphate": "iron phosphate",
        "phosphorus": "phosphorus",
        "p": "phosphorus",
        "phosphate": "phosphate",
        "silicon": "silicon",
        "si": "silicon",
        "sulfur": "sulfur",
        "sulphur": "sulfur",
        "s": "sulfur",
        "sodium": "sodium",
        "na": "sodium",
        "fluorine": "fluorine",
        "f": "fluorine",
    }
)


@attrs.frozen(kw_only=True)
class QualifyingForm:
    """One form in which a mineral is an applicable critical mineral.

    Source: 26 USC 45X(c)(6); 26 CFR 1.45X-4(b).

    Attributes:
        identifier: Lower-case name, unique within its mineral, for example ``metal``.
        description: What the mineral is turned into, in words.
        minimum_purity_percent: The purity asked for, in percent by mass; None where any
            purity will do.
        comparison: Whether the purity must be ``"at least"`` or ``"more than"`` the minimum;
            None where there is no minimum.
        purity_of: The substance whose share is measured; None where there is no minimum.
        maximum_alpha_emission: The highest alpha emission rate allowed, in counts per hour and
            square centimetre; None where there is no ceiling (every form except tin).
        statute_2022: The place in the law as enacted in 2022; None if it was not there.
        statute_current: The place in the law since the letters moved in 2025.
        note: A difference between statute and regulation, or an oddity of the text.
        mark: ``"V"`` where the form was read in the text of the law, ``"R"`` where recalled.
        mark_current: The same for the current letter.
        source: Where the form was read.

    >>> [form.description for form in mineral("cobalt").forms]
    ['converted to cobalt sulfate', 'purified cobalt']
    """

    identifier: str
    description: str
    minimum_purity_percent: Decimal | None = None
    comparison: Literal["at least", "more than"] | None = None
    purity_of: str | None = None
    maximum_alpha_emission: Decimal | None = None
    statute_2022: str | None = None
    statute_current: str
    note: str | None = None
    mark: str
    mark_current: str
    source: str

    def meets(
        self,
        purity_percent: Decimal | int | None,
        *,
        alpha_emission: Decimal | int | None = None,
    ) -> bool | None:
        """Tell whether material turned into this form is pure enough.

        Args:
            purity_percent: The share of `purity_of`, in percent by mass; None if unknown.
                A form without a minimum purity does not look at it.
            alpha_emission: The alpha emission rate, in counts per hour and square centimetre;
                None if unknown. Only tin has a ceiling; other forms do not look at it.

        Returns:
            True or False where that is certain, None where it depends on what is unknown.

        Raises:
            InvalidFactError: The purity is not an exact number from 0 to 100, or the emission
                rate is not an exact number from 0 upwards.

        >>> lithium_metal = mineral("lithium").forms[1]
        >>> lithium_metal.meets(Decimal("99.9")), lithium_metal.meets(Decimal("99.8"))
        (True, False)
        >>> print(lithium_metal.meets(None))
        None
        >>> (low_alpha_tin,) = mineral("tin").forms
        >>> low_alpha_tin.meets(Decimal("99.99"))
        False
        >>> low_alpha_tin.meets(Decimal("99.995"), alpha_emission=Decimal("0.01"))
        True
        """
        purity = _exact("purity_percent", purity_percent, most=Decimal(100))
        emission = _exact("alpha_emission", alpha_emission, most=None)
        conditions = (self._pure_enough(purity), self._quiet_enough(emission))
        # One failure decides, whatever the other condition turns out to be.
        if False in conditions:
            return False
        return None if None in conditions else True

    def _pure_enough(self, purity: Decimal | None) -> bool | None:
        if self.minimum_purity_percent is None:
            return True
        if purity is None:
            return None
        if self.comparison == "more than":
            return purity > self.minimum_purity_percent
        return purity >= self.minimum_purity_percent

    def _quiet_enough(self, emission: Decimal | None) -> bool | None:
        if self.maximum_alpha_emission is None:
            return True
        return None if emission is None else emission <= self.maximum_alpha_emission


@attrs.frozen(kw_only=True)
class ApplicableMineral:
    """One applicable critical mineral.

    Source: 26 USC 45X(c)(6), to which 26 USC 30D(e)(1)(A) refers.

    Attributes:
        identifier: Lower-case name with underscores, for example ``metallurgical_coal``.
        name: The name in the statute.
        symbol: The chemical symbol or formula; None for metallurgical coal.
        also_called: Other names under which `mineral` finds it.
        statute_2022: The place in the law as enacted in 2022; None if it was not there.
        statute_current: The place in the law since the letters moved in 2025.
        listed_from: The first day on which the mineral can count. Metallurgical coal is listed
            for taxable years beginning after 2025-07-04; the day given is the first on which
            such a year can begin, and for a calendar-year taxpayer it is listed from 2026.
        added_by: The act that listed it.
        regulation: The paragraph that repeats or refines the listing; None if there is none.
        contained_in_batteries: Whether a battery can contain it, so that it could count for
            the clean vehicle credit. False only for metallurgical coal, which is used up in
            making steel. It does not say that batteries usually contain the mineral.
        in_us_japan_agreement: Whether the critical minerals agreement of 2023 between the
            United States and Japan covers it.
        forms: The forms that qualify; any one is enough.

    >>> lithium = mineral("lithium")
    >>> lithium.symbol, lithium.statute_current, lithium.listed_from.isoformat()
    ('Li', '26 USC 45X(c)(6)(P)', '2022-08-16')
    """

    identifier: str
    name: str
    symbol: str | None = None
    also_called: tuple[str, ...] = ()
    statute_2022: str | None = None
    statute_current: str
    listed_from: date
    added_by: str
    regulation: str | None = None
    contained_in_batteries: bool
    in_us_japan_agreement: bool
    forms: tuple[QualifyingForm, ...]


def applicable_minerals(on: date | None = None) -> tuple[ApplicableMineral, ...]:
    """List the applicable critical minerals.

    Source: 26 USC 45X(c)(6).

    Args:
        on: The day asked about; None for every mineral that was ever listed.

    Returns:
        The minerals listed on that day, in the order of the statute of 2022, the later
        addition last. Empty before 2022-08-16, when the list was enacted.

    Raises:
        InvalidFactError: `on` is not a plain date.

    >>> len(applicable_minerals(date(2024, 1, 1))), len(applicable_minerals())
    (50, 51)
    """
    if on is None:
        return _listed()
    day = _day(on)
    return tuple(found for found in _listed() if found.listed_from <= day)


def mineral(name: str) -> ApplicableMineral:
    """Find an applicable critical mineral by its name, symbol or identifier.

    Capital letters do not matter.

    Args:
        name: For example ``"lithium"``, ``"Li"``, ``"aluminium"`` or ``"metallurgical coal"``.

    Returns:
        The mineral.

    Raises:
        InvalidFactError: No applicable critical mineral is called so. The remedy proposes the
            nearest names, or says that a well-known material is not on the list.

    >>> mineral("ni").name
    'Nickel'
    >>> mineral("copper")
    Traceback (most recent call last):
    evcredit.errors.InvalidFactError: mineral: found 'copper'; copper is not an applicable \
critical mineral (26 USC 45X(c)(6)), so it carries no mineral value; leave it out
    """
    found = _by_name().get(_key(name))
    if found is None:
        _refuse(name)
    return found


def _refuse(name: str) -> NoReturn:
    """Raise the error that helps most with a name that is not on the list."""
    key = _key(name)
    if key in _NOT_LISTED:
        remedy = (
            f"{_NOT_LISTED[key]} is not an applicable critical mineral (26 USC 45X(c)(6)), "
            "so it carries no mineral value; leave it out"
        )
        raise InvalidFactError("mineral", name, remedy)
    near = nearest(key, _by_name())
    # Several names of one mineral can be near; name each mineral once, nearest first.
    names = dict.fromkeys(_by_name()[key].identifier for key in near)
    question = f"; did you mean {' or '.join(names)}?" if names else ""
    remedy = f"no applicable critical mineral of 26 USC 45X(c)(6) is called so{question}"
    raise InvalidFactError("mineral", name, remedy)


def _day(value: object) -> date:
    # A datetime is a date by inheritance, but compares with none.
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise InvalidFactError("on", value, "give a date without a time of day")


def _key(name: object) -> str:
    if not isinstance(name, str):
        raise InvalidFactError("mineral", name, 'give a name as text, for example "lithium"')
    return " ".join(name.replace("_", " ").split()).casefold()


def _exact(path: str, value: object, *, most: Decimal | None) -> Decimal | None:
    """The value as a Decimal, or an error if it is inexact or out of range."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (Decimal, int)):
        raise InvalidFactError(path, value, "give a Decimal, an int, or None if unknown")
    exact = Decimal(value)
    if not exact.is_finite() or exact < 0 or (most is not None and exact > most):
        span = "0 or more" if most is None else f"from 0 to {most}"
        raise InvalidFactError(path, value, f"must be a finite number, {span}")
    return exact


@cache
def _listed() -> tuple[ApplicableMineral, ...]:
    data = load("minerals.toml")
    return tuple(_mineral(entry, data["sources"]) for entry in data["mineral"])


def _mineral(entry: Mapping[str, Any], sources: Mapping[str, str]) -> ApplicableMineral:
    scalars = {key: value for key, value in entry.items() if key not in {"form", "also_called"}}
    return ApplicableMineral(
        **scalars,
        also_called=tuple(entry.get("also_called", ())),
        forms=tuple(_form(form, sources) for form in entry["form"]),
    )


def _form(entry: Mapping[str, Any], sources: Mapping[str, str]) -> QualifyingForm:
    numbers = {
        key: Decimal(entry[key])
        for key in ("minimum_purity_percent", "maximum_alpha_emission")
        if key in entry
    }
    return QualifyingForm(**{**entry, **numbers, "source": sources[entry["source"]]})


@cache
def _by_name() -> Mapping[str, ApplicableMineral]:
    return MappingProxyType(
        {
            _key(name): found
            for found in _listed()
            for name in (found.name, found.symbol, *found.also_called)
            if name is not None
        }
    )


def as_mineral(value: ApplicableMineral | str) -> Any:
    """The converter of mineral facts: an applicable critical mineral, or a fault."""
    if isinstance(value, ApplicableMineral):
        return value
    try:
        return mineral(value)
    except InvalidFactError as error:
        return Fault(value, error.remedy)
