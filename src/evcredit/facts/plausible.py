"""Facts that are possible and unlikely: what they look like, for a warning. Nothing is rescaled.

The bounds are no law. They lie well outside what vehicles are, so that a value beyond one is more
likely in another unit than true.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache
from typing import Any, NamedTuple

from evcredit.algebra.field import FactType, Kind, declared_facts
from evcredit.errors import nearest
from evcredit.facts.component import walk_components
from evcredit.facts.place import doubt_about, is_doubtful
from evcredit.facts.vin import vin_doubt

__all__ = ["USUAL", "UsualRange", "looks_wrong", "percent_looks_wrong", "usual_range_looks_wrong"]

#: A vehicle from this weight on may cost and hold more than a light one.
HEAVY_LB = 14_000
#: A vehicle with fewer wheels may cost and weigh less than a car.
CAR_WHEELS = 4


class UsualRange(NamedTuple):
    """What a fact of a light vehicle with four wheels is likely to be.

    Args:
        path: The fact.
        least: A lower value is unlikely; `None` if any is likely.
        most: A higher value is unlikely; `None` if any is likely.
        below: What a lower value looks like.
        above: What a higher value looks like.
        instead: What a lower value looks like in a table, whose column holds smaller units.
    """

    path: str
    least: Decimal | None
    most: Decimal | None
    below: str
    above: str
    instead: str = ""


_PRICES = (
    ("vehicle.msrp", Decimal(1000)),
    ("vehicle.sticker.base_price", Decimal(1000)),
    ("purchase.cost", None),
    ("purchase.sale_price", Decimal(500)),
    ("purchase.basis", None),
    ("purchase.comparable_vehicle_price", None),
)
USUAL: tuple[UsualRange, ...] = (
    *(
        UsualRange(path, least, Decimal(500_000), "thousands of dollars", "cents", "dollars")
        for path, least in _PRICES
    ),
    UsualRange(
        "vehicle.battery.capacity_kwh",
        Decimal("0.5"),
        Decimal(300),
        "megawatt-hours",
        "watt-hours",
        "kilowatt-hours",
    ),
    UsualRange("vehicle.gross_vehicle_weight_rating_lb", Decimal(500), None, "tons", "", "tons"),
)


def looks_wrong(claim: Any) -> Iterator[str]:
    """Say which stated facts of a claim look like something else.

    Args:
        claim: A claim.

    Yields:
        Sentences, each with the path of the fact, its value and what it looks like: a percentage
        strictly between 0 and 1, a price that reads like cents, a battery above 300 kWh or a
        weight below 500 lb of a light vehicle, two letters that are a country and a state, a
        vehicle identification number that is not well formed, a maker that the graph of owners
        does not have.

    >>> from evcredit.facts.claim import Claim
    >>> from evcredit.facts.vehicle import Vehicle
    >>> print(*looks_wrong(Claim(vehicle=Vehicle(msrp=5_799_000))))
    vehicle.msrp: 5799000 looks like cents; it is read as dollars
    """
    stated = _Stated({}, {})
    _collect(claim, "", "", stated)
    yield from _outside_the_usual(stated.facts)
    for path, value, count in stated.fractions.values():
        more = f" and {count - 1:,} more" if count > 1 else ""
        yield (
            f"{path}{more}: {_written(value)} is read as {_written(value)} percent; a fraction "
            f"looks like this, and as a percentage it is {_written(value * 100)}"
        )
    yield from _doubtful_countries(stated.facts)
    vin = claim.vehicle.vin
    if vin is not None and vin_doubt(vin):
        yield f"vehicle.vin: {vin}: {vin_doubt(vin)}; no rule reads the number"
    yield from _makers_not_in_graph(claim)


#: For so many names that are not in a graph, of so many names at most, a similar one is looked for.
_HINTS, _KNOWN = 20, 2_000


def _makers_not_in_graph(claim: Any) -> Iterator[str]:
    """Makers that steps and components name and the graph of owners does not have, each once."""
    battery = claim.vehicle.battery
    graph = battery.entities
    if graph is None:
        return
    known = [*graph.places, *graph.identified]
    others: dict[str, str] = {}
    compared = 0
    first: dict[str, str] = {}
    for path, by in _makers(battery):
        first.setdefault(by, path)
    for by, path in first.items():
        if graph.name_of(by) is not None:
            continue
        # To compare a name with many takes long, and long lists of names hold no typing errors.
        compared += 1
        near = nearest(by, known) if compared <= _HINTS and len(known) <= _KNOWN else ()
        if near:
            yield (
                f"{path}: {by} is not in the graph of owners, so nothing of who owns it is traced; "
                f"did you mean {' or '.join(near)}?"
            )
        else:
            others[by] = path
    if others:
        yield (
            f"{', '.join(others.values())}: not in the graph of owners, so nothing of who owns "
            f"them is traced: {', '.join(others)}"
        )


def _makers(battery: Any) -> Iterator[tuple[str, str]]:
    """The makers that are stated, each with its path."""
    for place, source in enumerate(battery.minerals or ()):
        for at, step in enumerate(source.steps or ()):
            if step.by is not None:
                yield f"vehicle.battery.minerals[{place}].steps[{at}].by", step.by
    for path, part in walk_components(battery.components or (), "vehicle.battery.components"):
        if part.by is not None:
            yield f"{path}.by", part.by


def _written(value: Decimal) -> str:
    """A number as it is, however many zeros it was stated with: equal claims give equal texts."""
    return f"{value.normalize():f}"


def percent_looks_wrong(value: Any) -> bool:
    """Tell whether a percentage looks like a fraction: strictly between 0 and 1."""
    return isinstance(value, Decimal) and 0 < value < 1


def usual_range_looks_wrong(usual: UsualRange, value: Any) -> str:
    """Say what a value looks like that is outside the usual range; empty inside."""
    if not isinstance(value, Decimal):
        return ""
    if usual.least is not None and 0 < value < usual.least:
        return usual.below
    return usual.above if usual.most is not None and value > usual.most else ""


def _outside_the_usual(stated: dict[str, tuple[FactType, Any]]) -> Iterator[str]:
    weight = stated.get("vehicle.gross_vehicle_weight_rating_lb", (None, None))[1]
    wheels = stated.get("vehicle.wheels", (None, None))[1]
    heavy = isinstance(weight, Decimal) and weight >= HEAVY_LB
    small = isinstance(wheels, Decimal) and wheels < CAR_WHEELS
    for usual in USUAL:
        if usual.path not in stated:
            continue
        declared, value = stated[usual.path]
        found = usual_range_looks_wrong(usual, value)
        if (found == usual.above and heavy) or (found == usual.below and small) or not found:
            continue
        unit = {Kind.MONEY: "dollars", Kind.QUANTITY: declared.unit}[declared.kind]
        yield f"{usual.path}: {_written(value)} looks like {found}; it is read as {unit}"


def _doubtful_countries(stated: dict[str, tuple[FactType, Any]]) -> Iterator[str]:
    """Each code with two readings once, with the facts that state it."""
    found: dict[str, list[str]] = {}
    for path, (declared, value) in stated.items():
        if declared.kind is Kind.COUNTRY and is_doubtful(value):
            found.setdefault(value, []).append(path)
    for code, paths in found.items():
        more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
        yield f"{paths[0]}{more}: {doubt_about(code)}"


class _Stated(NamedTuple):
    """What is stated in and below an object.

    Args:
        facts: Amounts and countries, by path.
        fractions: By the path without places in lists, the first percentage that looks like a
            fraction, with its path, and how many do.
    """

    facts: dict[str, tuple[FactType, Any]]
    fractions: dict[str, tuple[str, Decimal, int]]


@lru_cache(maxsize=1024)
def _looked_at(cls: type, alike: str) -> tuple[tuple[str, FactType, Kind], ...]:
    """The facts of a class that are looked at, and its parts, where its objects are at a path."""
    return tuple(
        (name, declared, declared.kind)
        for name, declared in declared_facts(cls)
        if declared.kind in _KINDS or f"{alike}{name}" in _AMOUNTS
    )


#: What is looked at wherever it is, and what holds further facts; amounts at these paths alone.
_KINDS = (Kind.PERCENT, Kind.COUNTRY, Kind.PART, Kind.PARTS)
_AMOUNTS = frozenset((*(usual.path for usual in USUAL), "vehicle.wheels"))


def _collect(subject: Any, path: str, alike: str, found: _Stated) -> None:
    """Collect what is stated in and below an object; `alike` is its path without places."""
    for name, declared, kind in _looked_at(subject.__class__, alike):
        value = getattr(subject, name)
        if value is None:
            continue
        if kind is Kind.PERCENT:
            if percent_looks_wrong(value):
                first, number, count = found.fractions.get(
                    f"{alike}{name}", (f"{path}{name}", value, 0)
                )
                found.fractions[f"{alike}{name}"] = (first, number, count + 1)
        elif kind is Kind.PART:
            _collect(value, f"{path}{name}.", f"{alike}{name}.", found)
        elif kind is Kind.PARTS:
            for index, item in enumerate(value):
                _collect(item, f"{path}{name}[{index}].", f"{alike}{name}.", found)
        else:
            found.facts[f"{path}{name}"] = (declared, value)
