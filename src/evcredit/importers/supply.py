"""What files about supply chains state of a battery."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any

import attrs

from evcredit.algebra.bounds import Bounds
from evcredit.algebra.field import Fault, as_percent, as_quantity, repr_of_facts
from evcredit.algebra.limits import fewer_items, most_items
from evcredit.algebra.money import in_millionths, millionths, split
from evcredit.errors import InvalidFactError
from evcredit.facts.chain import Activity, MineralSource, Step
from evcredit.facts.component import BatteryComponent, ComponentKind, as_component_kind
from evcredit.facts.country import country_code, refuse_mark_of_absence
from evcredit.facts.mineral import ApplicableMineral, as_mineral, why_no_mineral
from evcredit.facts.place import as_country, certain
from evcredit.importers.leaves import Node

__all__ = [
    "BatteryFacts",
    "as_listed_country",
    "at_least_kwh",
    "by_percent",
    "kind_of",
    "mineral_of",
    "table_of",
    "take_percent",
    "ways_of",
]


@attrs.frozen(kw_only=True, repr=False)
class BatteryFacts:
    """What a file states of a battery; never all that the law needs.

    The chains are those the file names. Nothing says that they are all the chains of the battery,
    so they are no `Battery.minerals` before the person who knows says so.

    Attributes:
        minerals: Procurement chains.
        components: Components, each with those inside it.
        capacity_kwh: What is known of the capacity from full to empty, in kWh; `None` if nothing.
    """

    __repr__ = repr_of_facts

    minerals: tuple[MineralSource, ...] = ()
    components: tuple[BatteryComponent, ...] = ()
    capacity_kwh: Bounds[Decimal] | None = None

    def __attrs_post_init__(self) -> None:
        for name in ("minerals", "components"):
            found: tuple[Any, ...] = getattr(self, name)
            if len(found) > most_items(name):  # no battery takes more
                raise InvalidFactError(name, found, fewer_items(most_items(name)))


def as_listed_country(value: Any) -> Any:
    """The converter of countries from a field that holds countries alone.

    Georgia is the country there and not the state, and two letters are a code without doubt.

    >>> as_listed_country("GEORGIA"), as_listed_country("ID"), as_listed_country("US-DE")
    ('GE', Place('ID'), Place('US', 'US-DE'))
    """
    if isinstance(value, str):
        with suppress(InvalidFactError):
            refuse_mark_of_absence(value)
            return certain(country_code(value))
    return as_country(value)


def at_least_kwh(node: Node) -> Bounds[Decimal] | None:
    """Return what a rated energy in kWh says of a capacity from full to empty: at least that.

    Args:
        node: Where it is.
    """
    found: Decimal | None = node.take(as_quantity, "capacity_kwh")
    return None if found is None else Bounds(found, Decimal("Infinity"))


def ways_of(recycled: Decimal | None) -> tuple[tuple[Step, ...] | None, ...]:
    """Return the chains of a mineral of which a share is recycled, as steps without places.

    Args:
        recycled: Percent; `None` if unknown, which leaves the one chain unknown.

    >>> [len(steps) for steps in ways_of(Decimal(16))]
    [1, 2]
    """
    if recycled is None:
        return (None,)
    again = (Step(activity=Activity.RECYCLING),)
    mined = (Step(activity=Activity.EXTRACTION), Step(activity=Activity.PROCESSING))
    return (*((again,) if recycled else ()), *((mined,) if recycled != 100 else ()))


def table_of(stated: Any, convert: Callable[[Any], Any], what: str) -> dict[str, Any]:
    """Return a table that the caller gives, with its values as facts.

    Args:
        stated: A mapping from text.
        convert: A converter of facts; `None` stays.
        what: What to call the table in an error.

    Raises:
        InvalidFactError: It is no mapping from text, or a value is not such a fact.

    >>> table_of({"BPNA1": "Japan"}, as_country, "places")
    {'BPNA1': 'JP'}
    """
    if stated is None:
        return {}
    if not isinstance(stated, Mapping):
        raise InvalidFactError(what, stated, "give a mapping from text")
    found: dict[str, Any] = {}
    for name, value in stated.items():
        if not isinstance(name, str):
            raise InvalidFactError(what, name, "give text for each name")
        fact = None if value is None else convert(value)
        if isinstance(fact, Fault):
            raise InvalidFactError(f"{what}[{name!r}]", value, fact.remedy)
        found[name] = fact
    return found


def kind_of(stated: ComponentKind | str | None) -> ComponentKind | None:
    """Return the kind of component that the caller states.

    Raises:
        InvalidFactError: There is no such kind.
    """
    found: Any = as_component_kind(stated)
    if isinstance(found, Fault):
        raise InvalidFactError("kind", stated, found.remedy)
    kind: ComponentKind | None = found
    return kind


def by_percent(total: Decimal, percents: Sequence[Decimal]) -> tuple[Decimal, ...]:
    """Split an amount by percentages, to a millionth of a dollar, so that no part is lost.

    Args:
        total: US dollars, with at most six decimal places.
        percents: Percentages that add up to 100 at most.

    Returns:
        A part for each percentage, and the rest. They add up to the total exactly; each is within
        a millionth of its percentage of it.

    >>> third = Decimal("33.333333")
    >>> [str(part) for part in by_percent(Decimal(100), [third, third])]
    ['33.333333', '33.333333', '33.333334']
    """
    parts = split(millionths(total), (Fraction(Fraction(percent), 100) for percent in percents))
    return tuple(map(in_millionths, parts))


def take_percent(node: Node, *to: str) -> Decimal | None:
    """Return a percentage from 0 to 100 as it is stated; a note says where it looks like a ratio.

    Args:
        node: Where it is.
        to: The facts it becomes part of.
    """
    found: Decimal | None = node.take(as_percent, *to)
    if found is not None and 0 < found <= 1:
        node.leaves.notes.append(
            f"{node.path} is {found}, read as {found} percent; the format counts from 0 to 100"
        )
    return found


def mineral_of(
    whole: Node, names: Sequence[Node]
) -> tuple[ApplicableMineral | None, tuple[Node, ...]]:
    """Return the mineral that names and numbers state, with those that say so.

    Args:
        whole: The place of the material; settled if it states no mineral, or two.
        names: Where names, symbols or CAS numbers of it are.
    """
    stated = [(node, as_mineral(node.text)) for node in names if node.text]
    found = [(node, each) for node, each in stated if isinstance(each, ApplicableMineral)]
    others = [(node, each) for node, each in stated if isinstance(each, Fault)]
    reasons = [reason for node, _ in others if (reason := why_no_mineral(node.text))]
    minerals = list(dict.fromkeys(each for _, each in found))
    if len(minerals) > 1 or (minerals and reasons):
        whole.doubt("its names are of different materials", *(node.text for node, _ in stated))
        return None, ()
    if minerals:
        for node, fault in others:
            node.doubt(fault.remedy)
        return minerals[0], tuple(node for node, _ in found)
    if reasons:
        whole.skip(reasons[0])
    else:
        whole.doubt(others[0][1].remedy if others else "the material has no name or number")
    return None, ()
