"""The applicable critical minerals: what they are, since when, and in which forms.

26 USC 30D(e)(1)(A) counts the value of applicable critical minerals and takes the list from
26 USC 45X(c)(6). The list is data (``data/minerals.toml``), and so are the names and CAS numbers
of minerals, their salts and other materials (``data/materials.csv``). Both are read on first use.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, NoReturn

import attrs

from evcredit.algebra.field import Fault, repr_of_facts
from evcredit.data import load, load_rows
from evcredit.errors import InvalidFactError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = [
    "ApplicableMineral",
    "QualifyingForm",
    "applicable_minerals",
    "as_mineral",
    "mineral",
    "why_no_mineral",
]


@attrs.frozen(kw_only=True, repr=False)
class QualifyingForm:
    """One form in which a mineral is an applicable critical mineral.

    Source: 26 USC 45X(c)(6); 26 CFR 1.45X-4(b).

    Attributes:
        identifier: Lower-case name, unique within its mineral, for example ``metal``.
        description: What the mineral is turned into, in words.
        minimum_purity_percent: The purity requested, in percent by mass; None where any
            purity will do.
        comparison: Whether the purity must be ``"at least"`` or ``"more than"`` the minimum;
            None where there is no minimum.
        purity_of: The substance whose share is measured; None where there is no minimum.
        maximum_alpha_emission: The highest alpha emission rate allowed, in counts per hour and
            square centimeter; None where there is no ceiling (every form except tin).
        statute_2022: The place in the law as enacted in 2022; None if it was not there.
        statute_current: The place in the law since the letters moved in 2025.
        note: A difference between statute and regulation, or an oddity of the text.
        mark: ``"V"`` where the form was read in the text of the law, ``"R"`` where recalled.
        mark_current: Like the above, for the current letter.
        source: Where the form was read.

    >>> [form.description for form in mineral("cobalt").forms]
    ['converted to cobalt sulfate', 'purified cobalt']
    """

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        return self.description

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

    def __attrs_post_init__(self) -> None:
        _check_types(self)

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
            alpha_emission: The alpha emission rate, in counts per hour and square centimeter;
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


@attrs.frozen(kw_only=True, repr=False)
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
        stated_as: The salt, oxide or alloy that a caller named it by, for the reader; None where
            the mineral itself was named. Minerals are equal whatever they are stated as.

    >>> lithium = mineral("lithium")
    >>> lithium.symbol, lithium.statute_current, lithium.listed_from.isoformat()
    ('Li', '26 USC 45X(c)(6)(P)', '2022-08-16')
    """

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        return self.name.lower()

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
    stated_as: str | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        _check_types(self)

    @property
    def described(self) -> str:
        """Its name, and what it is stated as.

        >>> mineral("LiOH").described, mineral("Li").described
        ('Lithium (as lithium hydroxide)', 'Lithium')
        """
        return self.name if self.stated_as is None else f"{self.name} (as {self.stated_as})"

    @property
    def stated_form(self) -> QualifyingForm | None:
        """The qualifying form of the material that it is stated as; None if not known.

        >>> mineral("lithium hydroxide").stated_form.description
        'converted to lithium carbonate or lithium hydroxide'
        """
        if self.stated_as is None:
            return None
        identifier = next(each.form for each in _materials() if each.name == self.stated_as)
        return next(each for each in self.forms if each.identifier == identifier)


def _check_types(subject: object) -> None:
    from evcredit.algebra.calls import check_types  # noqa: PLC0415  # when the data are read

    check_types(subject)


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
    """Find an applicable critical mineral by name, symbol, CAS number, or one of its forms.

    Capital letters, spaces and punctuation do not matter.

    Args:
        name: For example ``"lithium"``, ``"Li"``, ``"aluminium"``, ``"metallurgical coal"``,
            ``"7440-02-0"`` or ``"nickel sulphate"``.

    Returns:
        The mineral. Found by a salt or another form, it says so in `stated_as`.

    Raises:
        InvalidFactError: No applicable critical mineral has this name or number. The remedy
            proposes the nearest names, or says that a well-known material is not on the list,
            or holds a mineral but is none of its forms.

    >>> mineral("ni").name, mineral("554-13-2").stated_as
    ('Nickel', 'lithium carbonate')
    >>> mineral("copper")
    Traceback (most recent call last):
    evcredit.errors.InvalidFactError: mineral: found 'copper'; copper is not an applicable \
critical mineral (26 USC 45X(c)(6)), so it carries no mineral value; omit it
    """
    found = _by_name().get(_key(name))
    if found is None:
        _refuse(name)
    return found


class _Material(NamedTuple):
    """One row of ``data/materials.csv``."""

    name: str
    minerals: tuple[str, ...]
    form: str | None
    is_form: bool
    cas: tuple[str, ...]
    also_called: tuple[str, ...]

    def found_by(self) -> Iterator[str]:
        """What it is found by."""
        return map(_key, (self.name, *self.cas, *self.also_called))


@cache
def _materials() -> tuple[_Material, ...]:
    return tuple(
        _Material(
            name=row["name"],
            minerals=_parts(row.get("mineral")),
            form=row.get("form"),
            is_form=row.get("is_form") != "no",
            cas=_parts(row.get("cas")),
            also_called=_parts(row.get("also_called")),
        )
        for row in load_rows("materials.csv")
    )


def _parts(cell: str | None) -> tuple[str, ...]:
    return () if cell is None else tuple(cell.split("|"))


@cache
def _refused() -> Mapping[str, _Material]:
    """From key to material, of those that are no form of an applicable critical mineral."""
    refused = (each for each in _materials() if not each.minerals or not each.is_form)
    return MappingProxyType({key: each for each in refused for key in each.found_by()})


_CAS_NUMBER = r"(?i:CAS\W*(?:No\W*)?)?(\d{2,7})-(\d{2})-(\d)"
_EC_NUMBER = r"\d{3}-\d{3}-\d"


def _number_remedy(text: str) -> str | None:
    """What is wrong with a registry number; None if text is none."""
    if re.fullmatch(_EC_NUMBER, text):
        return "this is an EC number; give the CAS number, or the mineral by name"
    match = re.fullmatch(_CAS_NUMBER, text)
    if match is None:
        return None
    digits = match[1] + match[2]
    total = sum(place * int(digit) for place, digit in enumerate(reversed(digits), start=1))
    if total % 10 != int(match[3]):
        return f"this is no CAS number: its check digit should be {total % 10}; correct it"
    return (
        "no applicable critical mineral of 26 USC 45X(c)(6) and none of its forms is on record "
        "with this CAS number; give the mineral by name"
    )


def why_no_mineral(name: str) -> str | None:
    """Say why a material on record is no applicable critical mineral and none of its forms.

    Args:
        name: The material, by name, symbol or CAS number.

    Returns:
        The reason in words; `None` if it is such a mineral, or is not on record.

    >>> why_no_mineral("7440-50-8")
    'copper is not an applicable critical mineral (26 USC 45X(c)(6)), so it carries no mineral \
value; omit it'
    >>> why_no_mineral("nickel"), why_no_mineral("unobtainium")
    (None, None)
    """
    material = _refused().get(_key(name))
    if material is None:
        return None
    if not material.minerals:
        return (
            f"{material.name} is not an applicable critical mineral (26 USC 45X(c)(6)), "
            "so it carries no mineral value; omit it"
        )
    inside = " and ".join(material.minerals)
    return (
        f"{material.name} holds {inside} but is none of the forms of 26 USC 45X(c)(6); give "
        f"{inside}, with the value of that alone"
    )


def _refuse(name: str) -> NoReturn:
    """Raise the error that helps most with a name that is not on the list."""
    key = _key(name)
    reason = why_no_mineral(name)
    if reason is not None:
        raise InvalidFactError("mineral", name, reason)
    number = _number_remedy(name.strip())
    if number is not None:
        raise InvalidFactError("mineral", name, number)
    near = nearest(key, _by_name())
    # Several names of one mineral can be near; name each mineral once, nearest first.
    found = (_by_name()[key] for key in near)
    names = dict.fromkeys(each.stated_as or each.identifier for each in found)
    question = f"; did you mean {' or '.join(names)}?" if names else ""
    remedy = f"no applicable critical mineral of 26 USC 45X(c)(6) has this name{question}"
    raise InvalidFactError("mineral", name, remedy)


def _day(value: object) -> date:
    # A datetime is a date by inheritance, but compares with none.
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    raise InvalidFactError("on", value, "give a date without a time of day")


def _key(name: object) -> str:
    if not isinstance(name, str):
        raise InvalidFactError("mineral", name, 'give a name as text, for example "lithium"')
    number = re.fullmatch(_CAS_NUMBER, name.strip())
    if number is not None:
        return "-".join(number.groups())
    return "".join(filter(str.isalnum, name)).casefold()


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
    names = {
        _key(name): found
        for found in _listed()
        for name in (found.name, found.symbol, *found.also_called)
        if name is not None
    }
    minerals = {found.identifier: found for found in _listed()}
    for material in _materials():
        if material.minerals and material.is_form:
            found = minerals[material.minerals[0]]
            if material.form is not None:
                found = attrs.evolve(found, stated_as=material.name)
            for key in material.found_by():
                names.setdefault(key, found)
    return MappingProxyType(names)


def as_mineral(value: ApplicableMineral | str) -> Any:
    """The converter of mineral facts: an applicable critical mineral, or a fault."""
    if isinstance(value, ApplicableMineral):
        return value
    try:
        return _of_text(value) if value.__class__ is str else mineral(value)
    except InvalidFactError as error:
        return Fault(value, error.remedy)


@lru_cache(maxsize=1024)
def _of_text(name: str) -> ApplicableMineral:
    """`mineral` by name: few names come often, in chains and in tables of them."""
    return mineral(name)
