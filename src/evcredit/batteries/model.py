"""A battery from its chemistry and capacity: masses, values, and procurement chains."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import floor
from types import MappingProxyType
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds, exact_arithmetic
from evcredit.algebra.field import Fault, as_choice, as_exact_quantity
from evcredit.algebra.money import in_dollars, in_millionths, millionths, split
from evcredit.algebra.plain_enum import PlainEnum
from evcredit.algebra.share import percent
from evcredit.batteries.prices import MineralPrices
from evcredit.batteries.routes import SupplyRoute, remainder
from evcredit.data import load_rows
from evcredit.errors import InvalidFactError, raise_faults
from evcredit.facts.battery import Battery
from evcredit.facts.chain import MineralSource
from evcredit.facts.mineral import mineral

__all__ = ["BatteryModel", "Chemistry"]


class Chemistry(PlainEnum):
    """Chemistries of cells whose masses are on record, each with a graphite anode."""

    NMC811 = "NMC811"
    NMC622 = "NMC622"
    NMC532 = "NMC532"
    NCA = "NCA"
    LFP = "LFP"


def as_chemistry(value: Chemistry | str) -> Any:
    """A chemistry, as itself or by name."""
    return as_choice(Chemistry, value)


@cache
def _masses(chemistry: Chemistry) -> Mapping[str, Decimal]:
    return MappingProxyType(
        {
            row["mineral"]: Decimal(row["kg_per_kwh"])
            for row in load_rows("battery_masses.csv")
            if row["chemistry"] == chemistry.value
        }
    )


@attrs.frozen(kw_only=True)
class BatteryModel:
    """A battery of a chemistry, with the masses and values of the minerals in it.

    The masses for each kWh are those of BatPaC 5.1, default configurations. Beyond lithium,
    nickel, cobalt, manganese and graphite they have the aluminum of the pack, which is counted
    only where `prices` give it a price: little of it is in one of the forms of 26 USC 45X(c)(6).

    Args:
        chemistry: ``"NMC811"``, ``"NMC622"``, ``"NMC532"``, ``"NCA"`` or ``"LFP"``.
        capacity_kwh: The capacity from full to empty (26 USC 30D(d)(4)), in kWh.
        usable_kwh: The usable energy instead, where that alone is known. It is a lower bound of
            the capacity: masses and values are then those of at least this much. The content of
            minerals is a ratio, and the same for any capacity.
        prices: The prices, and of which year.

    Raises:
        InvalidFactError: A fact is invalid; both capacities are given, or neither.
        InvalidFactsError: Several are.

    >>> from evcredit.algebra.share import percent
    >>> from evcredit.batteries.prices import mineral_prices
    >>> model = BatteryModel(chemistry="NMC 811", capacity_kwh=75, prices=mineral_prices(2023))
    >>> model.kilograms["nickel"], round(model.values["nickel"])
    (Decimal('49.37775'), 1061)
    >>> round(model.value, 2), percent(model.value_share("lithium"))
        (Decimal('3258.23'), '47.7')
    """

    chemistry: Chemistry = attrs.field(converter=as_chemistry)
    capacity_kwh: Decimal | None = attrs.field(default=None, converter=as_exact_quantity)
    usable_kwh: Decimal | None = attrs.field(default=None, converter=as_exact_quantity)
    prices: MineralPrices

    def __attrs_post_init__(self) -> None:
        faults = []
        for name in ("chemistry", "capacity_kwh", "usable_kwh"):
            value = getattr(self, name)
            if name == "chemistry" and value is None:
                value = Fault(value, "give a chemistry")
            if isinstance(value, Fault):
                faults.append(InvalidFactError(f"model.{name}", value.found, value.remedy))
        if (self.capacity_kwh is None) == (self.usable_kwh is None):
            both = "give one of capacity_kwh and usable_kwh"
            faults.append(InvalidFactError("model.capacity_kwh", self.capacity_kwh, both))
        raise_faults(faults)

    def __str__(self) -> str:
        usable = "" if self.usable_kwh is None else " usable"
        return f"{self.chemistry.value} battery, {self._kwh:f} kWh{usable}; {self.prices}"

    @property
    def _kwh(self) -> Decimal:
        stated = self.capacity_kwh if self.usable_kwh is None else self.usable_kwh
        return Decimal(0) if stated is None else stated

    @property
    def capacity(self) -> Decimal | Bounds[Decimal]:
        """The capacity from full to empty in kWh, as a fact of `Battery`."""
        if self.usable_kwh is None:
            return self._kwh
        return Bounds(self.usable_kwh, Decimal("Infinity"))

    @property
    def kilograms(self) -> Mapping[str, Decimal]:
        """Kilograms of each mineral, by identifier; where usable energy is stated, at least."""
        exact = exact_arithmetic()
        return MappingProxyType(
            {name: exact.multiply(each, self._kwh) for name, each in self._counted().items()}
        )

    @property
    def not_counted(self) -> tuple[str, ...]:
        """Minerals that the pack holds and that are not counted, for want of a price."""
        return tuple(name for name in _masses(self.chemistry) if name not in self._counted())

    def _counted(self) -> Mapping[str, Decimal]:
        return {
            name: each
            for name, each in _masses(self.chemistry).items()
            if name in _FIVE or self.prices.get(name) is not None
        }

    @property
    def values(self) -> Mapping[str, Decimal | None]:
        """US dollars of each mineral, to a millionth; `None` where there is no price."""
        return MappingProxyType(
            {name: _worth(mass, self.prices.get(name)) for name, mass in self.kilograms.items()}
        )

    @property
    def value(self) -> Decimal | None:
        """US dollars of all of them together; `None` if one is unknown."""
        found = [each for each in self.values.values() if each is not None]
        if len(found) < len(self.values):
            return None
        return in_millionths(sum(map(millionths, found)))

    def value_share(self, name: str) -> Fraction | None:
        """The part of the value that a mineral has, 1 being all of it; `None` if unknown.

        Raises:
            InvalidFactError: There is no such mineral.
        """
        total, own = self.value, self.values.get(mineral(name).identifier, Decimal(0))
        return None if not total or own is None else Fraction(Fraction(own), Fraction(total))

    def battery(self, routes: Mapping[str, Iterable[SupplyRoute]] | None = None) -> Battery:
        """The battery with its procurement chains, as facts.

        Args:
            routes: The routes of each mineral, by name or symbol. What they leave of one, and
                minerals without any, are chains of which nothing is known.

        Returns:
            A battery whose other facts are unknown: add them by `attrs.evolve`. The values of the
            chains of a mineral add up to its value, to a millionth of a dollar.

        Raises:
            InvalidFactError: The battery does not hold a mineral, or the routes of one add up to
                more than 1.

        >>> from evcredit.batteries.prices import mineral_prices
        >>> model = BatteryModel(chemistry="LFP", usable_kwh=50, prices=mineral_prices(2024))
        >>> battery = model.battery({"Li": [SupplyRoute("0.65", processed_in="China")]})
        >>> for chain in battery.minerals:
        ...     print(chain)
        lithium, $186.775691: extraction, processing in China
        lithium, $100.571527: chain unknown
        graphite, $295.389: chain unknown
        >>> print(battery.capacity_kwh)
        50 or more
        """
        stated: dict[str, tuple[SupplyRoute, ...]] = {}
        for name, each in (routes or {}).items():
            identifier = mineral(name).identifier
            if identifier not in self.kilograms or identifier in stated:
                remedy = "give each mineral once" if identifier in stated else self._holds()
                raise InvalidFactError(f"routes[{name!r}]", name, remedy)
            stated[identifier] = tuple(each)
        return Battery(
            capacity_kwh=self.capacity,
            minerals=tuple(
                chain
                for name in self.kilograms
                for chain in self._chains(name, stated.get(name, ()))
            ),
        )

    def _holds(self) -> str:
        return f"the battery holds {', '.join(self.kilograms)}; omit others"

    def _chains(self, name: str, routes: tuple[SupplyRoute, ...]) -> Iterator[MineralSource]:
        left = remainder(routes, f"routes[{name!r}]")
        ways = (*routes, *((SupplyRoute(left),) if left else ()))
        shares = [each.share for each in ways]
        mass, value = self.kilograms[name], self.values[name]
        masses = split(_units(Fraction(mass)), shares)
        values = () if value is None else split(millionths(value), shares)
        for place, way in enumerate(ways):
            yield MineralSource(
                mineral=name,
                value=in_millionths(values[place]) if values else None,
                # Of usable energy the mass is a lower bound, and a mass is stated exactly.
                mass_kg=None if self.usable_kwh is not None else in_millionths(masses[place]),
                steps=way.steps,
                evidence=self._evidence(name, way),
            )

    def _evidence(self, name: str, way: SupplyRoute) -> str:
        price = self.prices.get(name)
        at = "without a price" if price is None else f"at {in_dollars(price)} a kilogram"
        least = "" if self.usable_kwh is None else "at least "
        return (
            f"{least}{self.kilograms[name]:f} kg in {self._kwh:f} kWh of {self.chemistry.value} "
            f"(BatPaC 5.1) {at} ({self.prices.source}); {percent(way.share)} % of it"
        )


#: The minerals that are always counted, with or without a price.
_FIVE = ("lithium", "nickel", "cobalt", "manganese", "graphite")


def _units(amount: Fraction) -> int:
    """Millionths, rounded half up."""
    return floor(amount * 10**6 + Fraction(1, 2))


def _worth(mass: Decimal, price: Decimal | None) -> Decimal | None:
    if price is None:
        return None
    return in_millionths(_units(Fraction(mass) * Fraction(price)))
