"""Procurement chains of applicable critical minerals: their steps, places and makers.

Source: 26 USC 30D(e)(1)(A); 26 CFR 1.30D-3(a).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cached_property, lru_cache
from math import floor
from typing import Any, TypedDict, Unpack

import attrs

from evcredit.algebra.codes import Codes
from evcredit.algebra.construction import quickly_built
from evcredit.algebra.field import (
    Kind,
    Number,
    as_choice,
    as_day,
    as_exact_quantity,
    as_flag,
    as_money,
    as_text,
    as_tuple,
    check,
    declare,
    repr_of_facts,
)
from evcredit.algebra.money import in_dollars, in_millionths, millionths
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.algebra.verdict import any_known
from evcredit.facts.mineral import ApplicableMineral, as_mineral
from evcredit.facts.place import as_country, place_name

__all__ = ["Activity", "MaterialUse", "MineralFacts", "MineralSource", "Step"]


class Activity(PlainEnum):
    """What happens to a mineral in one step of its procurement chain."""

    EXTRACTION = "extraction"
    PROCESSING = "processing"
    RECYCLING = "recycling"


class MaterialUse(PlainEnum):
    """The materials whose minerals are impracticable to trace (26 CFR 1.30D-2(b)(25))."""

    GRAPHITE_IN_ANODE = "graphite in anode material"
    ELECTROLYTE_SALT = "electrolyte salt"
    ELECTRODE_BINDER = "electrode binder"
    ELECTROLYTE_ADDITIVE = "electrolyte additive"


def as_activity(value: Activity | str | None) -> Any:
    """An activity, as itself or by name."""
    return as_choice(Activity, value)


def as_material_use(value: MaterialUse | str | None) -> Any:
    """A use, as itself or by name."""
    return as_choice(MaterialUse, value)


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class Step:
    """One step of a procurement chain: what was done, where and by whom.

    Args:
        activity: Extraction, processing or recycling.
        country: Where it was done; any unambiguous name or code, stored as ISO alpha-2.
        value_added: US dollars by which the step raised the mineral's value. Needed only
            when an activity is spread over several steps.
        performed_on: The day of the activity, for analyses that test agreements on it.
        by: Who did it; the name of an entity of `Battery.entities`, or for the reader alone.
        facility: The name of a facility of `Battery.facilities`, which states the country instead;
            steps that name the same one share it, even where no one knows it.
        foreign_entity_of_concern: Whether that was a foreign entity of concern (26 USC
            30D(d)(7), 42 USC 18741(a)(5)). Omitted, it follows from the country and from
            `Battery.entities` where these decide; stated, it overrides them.

    Raises:
        InvalidFactError: A fact is invalid or is not exact.

    >>> Step(activity="processing", country="Japan").country
    'JP'
    """

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        done = "step" if self.activity is None else self.activity.value
        if self.facility is not None:
            return f"{done} at {self.facility}"
        return done if self.country is None else f"{done} in {place_name(self.country)}"

    activity: Activity | None = attrs.field(
        default=None,
        converter=as_activity,
        metadata=declare(Kind.CHOICE, "activity", of=Activity),
    )
    country: str | None = attrs.field(
        default=None, converter=as_country, metadata=declare(Kind.COUNTRY, "country of the step")
    )
    value_added: Decimal | None = attrs.field(
        default=None, converter=as_money, metadata=declare(Kind.MONEY, "value added by the step")
    )
    performed_on: date | None = attrs.field(
        default=None,
        converter=as_day,
        metadata=declare(Kind.DAY, "day of the activity", optional=True),
    )
    by: str | None = attrs.field(
        default=None,
        converter=as_text,
        metadata=declare(Kind.TEXT, "performed by", optional=True, for_reader=True),
    )
    foreign_entity_of_concern: bool | None = attrs.field(
        default=None,
        converter=as_flag,
        metadata=declare(Kind.FLAG, "performed by a foreign entity of concern"),
    )
    facility: str | None = attrs.field(
        default=None,
        converter=as_text,
        metadata=declare(Kind.TEXT, "facility", optional=True, for_reader=True),
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        check(self, _step_faults, sound=sound)


def _step_faults(step: Step) -> Iterator[tuple[str, Any, str]]:
    if None not in (step.country, step.facility):
        remedy = f"state the country of {step.facility!r} once, in Battery.facilities; omit it here"
        yield ("country", step.country, remedy)


def as_steps(value: list[Step] | tuple[Step, ...] | None) -> Any:
    """A tuple of `Step`, of a tuple or a list."""
    return as_tuple(value)


#: The steps that are printed of a chain.
_STEPS = 6
StepsByActivity = tuple[tuple[Activity, tuple[tuple[Step, int | None], ...]], ...]


class MineralFacts(TypedDict, total=False):
    """Keyword arguments of `MineralSource`, other than mineral, value and steps."""

    evidence: str | None
    used_in: MaterialUse | str | None
    mass_kg: Number | None
    price_per_kg: Number | None


@quickly_built
@attrs.frozen(kw_only=True, repr=False)
class MineralSource:
    """One procurement chain of one applicable critical mineral in a battery.

    A chain is a common sequence of steps in a common set of places (26 CFR
    1.30D-2(b)(38)); one mineral may have several. A chain with a recycling step is judged by
    its recycling alone.

    Args:
        mineral: An applicable critical mineral (26 USC 45X(c)(6)), by name or symbol.
        value: US dollars of the mineral from this chain in the battery, to a millionth.
            Defaults to `mass_kg` times `price_per_kg`, where both are known.
        steps: Every step of the chain; `None` if the chain is unknown.
        evidence: Where the statement comes from, for the reader.
        used_in: The material it is used in, if that is one of those whose minerals are
            impracticable to trace (26 CFR 1.30D-2(b)(25)).
        mass_kg: Kilograms of it in the battery.
        price_per_kg: US dollars for each kilogram, as the caller values it; the law requires
            the value alone.

    Raises:
        InvalidFactError: A fact is invalid or is not exact, for example steps that add
            more value than the mineral has.
        InvalidFactsError: Several faults.

    >>> nickel = MineralSource.processed_in("Japan", "nickel", value=1061, extracted_in="Indonesia")
    >>> [f"{step.activity.value} in {step.country}" for step in nickel.steps]
    ['extraction in ID', 'processing in JP']
    >>> MineralSource(mineral="lithium carbonate", mass_kg="41.5", price_per_kg="9.80").value
    Decimal('406.700000')
    """

    __repr__ = repr_of_facts

    def __str__(self) -> str:
        value = "" if self.value is None else f", {in_dollars(self.value)}"
        if self.steps is None:
            return f"{self.mineral}{value}: chain unknown"
        steps = ", ".join(str(step) for step in self.steps[:_STEPS]) or "no steps"
        more = len(self.steps) - _STEPS
        return f"{self.mineral}{value}: {steps}" + (f", and {more} more" if more > 0 else "")

    mineral: ApplicableMineral = attrs.field(
        converter=as_mineral,
        repr=lambda mineral: repr(mineral.identifier),
        metadata=declare(Kind.CHOICE, "mineral", of=ApplicableMineral),
    )
    value: Decimal | None = attrs.field(
        default=None, converter=as_money, metadata=declare(Kind.MONEY, "value in the battery")
    )
    steps: tuple[Step, ...] | None = attrs.field(
        default=None, converter=as_steps, metadata=declare(Kind.PARTS, "steps", of=Step)
    )
    evidence: str | None = attrs.field(
        default=None,
        converter=as_text,
        metadata=declare(Kind.TEXT, "evidence", optional=True, for_reader=True),
    )
    used_in: MaterialUse | None = attrs.field(
        default=None,
        converter=as_material_use,
        metadata=declare(
            Kind.CHOICE, "use in a material impracticable to trace", of=MaterialUse, optional=True
        ),
    )
    mass_kg: Decimal | None = attrs.field(
        default=None,
        converter=as_exact_quantity,
        metadata=declare(
            Kind.QUANTITY, "mass in the battery", unit="kg", optional=True, for_reader=True
        ),
    )
    price_per_kg: Decimal | None = attrs.field(
        default=None,
        converter=as_money,
        metadata=declare(Kind.MONEY, "price of a kilogram", optional=True, for_reader=True),
    )

    def __attrs_post_init__(self, *, sound: bool = False) -> None:
        if self.value is None and self.mass_kg is not None:
            # A fault in either has no product; the check reports it.
            object.__setattr__(self, "value", self.mass_times_price)
        check(self, _chain_faults, sound=sound)

    @cached_property
    def value_in_millionths(self) -> int | None:
        """The value in millionths of a dollar, for exact sums."""
        return None if self.value is None else millionths(self.value)

    @cached_property
    def any_foreign_entity_of_concern(self) -> bool | None:
        """Whether any step is stated to have been performed by a foreign entity of concern."""
        if self.steps is None:
            return None
        return any_known([step.foreign_entity_of_concern for step in self.steps])

    @cached_property
    def unstated_places(self) -> Codes:
        """The places of the steps of which nothing is stated: these may tell, under the law."""
        return Codes(
            step.country
            for step in self.steps or ()
            if step.foreign_entity_of_concern is None and step.country is not None
        )

    @cached_property
    def sole_places(self) -> tuple[str | None, ...] | None:
        """The countries of a chain in which every activity is one step and none is recycling.

        Most chains are so, and are judged faster.
        """
        return _sole_places(self.by_activity)

    @cached_property
    def by_activity(self) -> StepsByActivity | None:
        """The steps by activity, each with its value added in millionths of a dollar."""
        return _by_activity(self.steps)

    @property
    def mass_times_price(self) -> Decimal | None:
        """The value in US dollars that mass and price give, to a millionth; `None` if unknown."""
        if not (isinstance(self.mass_kg, Decimal) and isinstance(self.price_per_kg, Decimal)):
            return None
        from fractions import Fraction  # noqa: PLC0415  # needed by few, and not cheap

        exact = Fraction(self.mass_kg) * Fraction(self.price_per_kg) * 10**6
        return in_millionths(floor(exact + Fraction(1, 2)))

    @classmethod
    def extracted_in(
        cls,
        country: str | None,
        mineral: ApplicableMineral | str,
        value: Decimal | int | str | None = None,
        *,
        processed_in: str | None = None,
        **facts: Unpack[MineralFacts],
    ) -> MineralSource:
        """A chain whose extraction lies in one country and whose processing lies in another.

        Args:
            country: Where all of the extraction took place.
            mineral: The mineral.
            value: US dollars in the battery.
            processed_in: Where all of the processing took place; unknown if omitted.
            facts: Other facts of the chain, by name.
        """
        steps = _mined_and_refined(country, processed_in)
        return cls(mineral=mineral, value=value, steps=steps, **facts)

    @classmethod
    def processed_in(
        cls,
        country: str | None,
        mineral: ApplicableMineral | str,
        value: Decimal | int | str | None = None,
        *,
        extracted_in: str | None = None,
        **facts: Unpack[MineralFacts],
    ) -> MineralSource:
        """Like `extracted_in`, from the processing: the extraction is unknown if omitted."""
        steps = _mined_and_refined(extracted_in, country)
        return cls(mineral=mineral, value=value, steps=steps, **facts)

    @classmethod
    def recycled_in(
        cls,
        country: str | None,
        mineral: ApplicableMineral | str,
        value: Decimal | int | str | None = None,
        **facts: Unpack[MineralFacts],
    ) -> MineralSource:
        """A chain that starts from recyclable material, all of it recycled in one country."""
        recycling = Step(activity=Activity.RECYCLING, country=country)
        return cls(mineral=mineral, value=value, steps=(recycling,), **facts)


_KEYS = (str, type(None))


def _mined_and_refined(extracted: str | None, processed: str | None) -> tuple[Step, ...]:
    # A `Place` equals its country, so only plain text can be a key.
    plain = extracted.__class__ in _KEYS and processed.__class__ in _KEYS
    steps = _usual_steps if plain else _usual_steps.__wrapped__
    return steps(extracted, processed)


@lru_cache(maxsize=4096)
def _usual_steps(extracted: str | None, processed: str | None) -> tuple[Step, ...]:
    """Two steps; few pairs of places come often, and steps cannot be changed."""
    return (
        Step(activity=Activity.EXTRACTION, country=extracted),
        Step(activity=Activity.PROCESSING, country=processed),
    )


def _chain_faults(source: MineralSource) -> Iterator[tuple[str, Any, str]]:
    added = [step.value_added for step in source.steps or () if step.value_added is not None]
    if (
        added
        and source.value is not None
        and sum(map(millionths, added)) > millionths(source.value)
    ):
        yield (
            "steps",
            ", ".join(in_dollars(value) for value in added),
            f"the steps cannot add more value than the mineral has, {in_dollars(source.value)}",
        )
    product = None if source.mass_kg is None else source.mass_times_price
    if product is not None and source.value != product:
        yield (
            "value",
            source.value,
            f"mass_kg times price_per_kg is {product:f}; these conflict, so give only one of them",
        )
    if source.used_in is MaterialUse.GRAPHITE_IN_ANODE and source.mineral.identifier != "graphite":
        yield ("used_in", source.used_in.value, "give this use for graphite alone, or omit it")


def _sole_places(groups: StepsByActivity | None) -> tuple[str | None, ...] | None:
    if groups is None or any(
        activity is Activity.RECYCLING or len(steps) > 1 for activity, steps in groups
    ):
        return None
    return tuple(step.country for _, ((step, _),) in groups)


def _by_activity(steps: tuple[Step, ...] | None) -> StepsByActivity | None:
    """Steps grouped by activity; `None` if the chain, or what a step did, is unknown."""
    if steps is None or any(step.activity is None for step in steps):
        return None
    groups: dict[Activity, list[tuple[Step, int | None]]] = {}
    for step in steps:
        added = None if step.value_added is None else millionths(step.value_added)
        groups.setdefault(step.activity, []).append((step, added))  # type: ignore[arg-type]  # known here
    return tuple((activity, tuple(group)) for activity, group in groups.items())
