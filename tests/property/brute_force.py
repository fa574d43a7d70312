"""Every completion of a claim, by brute force: the oracle for questions about unknown facts.

The values each unknown fact is given come from the statute, written down here a second time: one
for each interval that a threshold or a date leaves, and for countries one of each standing. What
the package itself would try plays no part.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, pairwise, product
from typing import Any, NamedTuple

from hypothesis import strategies as st
from tests.strategies import hide, known_claims, known_paths, outermost

from evcredit import (
    BatteryComponent,
    Claim,
    EvcreditError,
    FilingStatus,
    Law,
    MineralSource,
    Step,
    VehicleClass,
    Verdict,
    assess,
    current_law,
    with_facts,
)
from evcredit.algebra.path import read
from evcredit.facts import Activity
from evcredit.section_30d.sourcing.qualifying import qualifying_shares

_CENT = Decimal("0.01")
_MANY = Decimal(10) ** 12
_MICRO = Decimal("0.000001")

#: The last day of each stretch on which nothing changes, so that an early contract fits all.
_IN_SERVICE = tuple(
    date(*day)
    for day in (
        (2011, 12, 31),  # two and three wheels
        (2013, 12, 31),
        (2014, 12, 31),  # two wheels
        (2018, 12, 31),  # Tesla, and General Motors a quarter later
        (2019, 3, 31),
        (2019, 6, 30),
        (2019, 9, 30),
        (2019, 12, 31),
        (2020, 3, 31),
        (2021, 12, 31),
        (2022, 8, 15),  # the election from the next day on
        (2022, 8, 16),  # final assembly from the next day on
        (2022, 9, 30),  # Toyota
        (2022, 12, 31),
        (2023, 4, 17),
        (2023, 12, 31),
        (2024, 12, 31),
        (2025, 9, 30),
        (2025, 12, 31),
        (2026, 12, 31),
        (2027, 6, 30),
    )
)
_SOURCING = date(2023, 4, 18)
#: Before the days that allow the election, on one of them, and too late for anything.
_CONTRACTS = (date(2009, 6, 1), date(2022, 1, 1), date(2025, 10, 1))
_IN_TIME_AND_TOO_LATE = (date(2009, 6, 1), date(2025, 10, 1))

_BY_PATH: dict[str, tuple[Any, ...]] = {
    "purchase.contract_date": _CONTRACTS,
    "purchase.first_payment_date": _IN_TIME_AND_TOO_LATE,
    "vehicle.vehicle_class": (VehicleClass.PICKUP_TRUCK, VehicleClass.OTHER),
    "vehicle.msrp": (Decimal(55_000), Decimal(80_000), Decimal(80_000) + _CENT),
    "vehicle.gross_vehicle_weight_rating_lb": (Decimal(13_999), Decimal(14_000)),
    "vehicle.wheels": tuple(map(Decimal, (1, 2, 3, 4))),
    "vehicle.top_speed_mph": (Decimal(44), Decimal(45)),
    "purchase.cost": (Decimal(0), Decimal(10_000), Decimal(25_000)),
    "vehicle.manufacturer": ("Tesla", "Cadillac", "Toyota", "Ford"),
    "vehicle.final_assembly_country": ("MX", "JP"),
    "vehicle.battery.capacity_kwh": tuple(
        Decimal(each) for each in ("2.499999", "2.5", "3.999999", "4", "6.999999", "7", "16")
    ),
    **{
        f"taxpayer.{year}.filing_status": (
            FilingStatus.SINGLE,
            FilingStatus.HEAD_OF_HOUSEHOLD,
            FilingStatus.MARRIED_FILING_JOINTLY,
        )
        for year in ("current_year", "prior_year")
    },
    **{
        f"taxpayer.{year}.modified_adjusted_gross_income": (
            Decimal(150_000),
            Decimal(225_000),
            Decimal(300_000),
            Decimal(300_000) + _CENT,
        )
        for year in ("current_year", "prior_year")
    },
}

#: In the United States; on the list of countries only; neither.
_OF_EACH_STANDING = ("US", "CL", "CN")


def values_of(path: str, claim: Claim) -> tuple[Any, ...]:
    """Values of a fact that between them lead wherever any value leads.

    Args:
        path: The fact.
        claim: The claim before anything was hidden.
    """
    if path in _BY_PATH:
        return _BY_PATH[path]
    if path == "purchase.placed_in_service":
        return tuple(sorted({*_IN_SERVICE, *_last_days_by(claim)}))
    name = path.rpartition(".")[2]
    parent = path.rpartition(".")[0]
    if name == "country":
        return _OF_EACH_STANDING
    if name == "made_in":
        return ("CA", "CN")
    if name == "activity":
        return tuple(Activity)
    if name in ("value", "value_added"):
        return _amounts(parent, name, claim)
    if name == "steps":
        return tuple(
            (Step(activity="extraction", country=place, foreign_entity_of_concern=tainted),)
            for place in ("US", "CN")
            for tainted in (True, False)
        )
    # Of whole lists the flag of the battery says who made what.
    if name == "minerals":
        return tuple(
            (MineralSource.extracted_in(place, "lithium", 1, processed_in=place),)
            for place in ("US", "CN")
        )
    if name == "components":
        return tuple((_inside(Decimal(1), place, tainted=None),) for place in ("US", "CN"))
    if name == "contains":
        worth = read(claim, f"{parent}.value")
        return (
            (),
            *(
                (_inside(worth, place, tainted=tainted),)
                for place in ("US", "CN")
                for tainted in (True, False)
            ),
        )
    return (True, False)


def _last_days_by(claim: Claim) -> Iterator[date]:
    """The last days in service before another fact of the claim makes a difference."""
    for event in (claim.purchase.returned_on, claim.purchase.resold_on):
        if event is not None:
            yield from (event - timedelta(days=31), event)
    row = claim.vehicle.listing
    if row is not None:
        yield from (day - timedelta(days=1) for day in row.first_day if day is not None)
        yield from (day for day in row.last_day if day is not None)


def _inside(worth: Decimal, place: str, *, tainted: bool | None) -> BatteryComponent:
    return BatteryComponent(
        kind="battery cell",
        value=worth,
        made_in=place,
        contains=(),
        foreign_entity_of_concern=tainted,
    )


def _amounts(parent: str, name: str, claim: Claim) -> tuple[Any, ...]:
    """The minimum and the maximum amount that the other amounts leave room for.

    The content is a ratio of two linear functions of any one amount, so it lies between the
    values it takes at the ends. Under the two tests of the minerals it may rise by one and fall by
    the other; for the value of a chain the amounts where one of them changes are there too.
    """
    outer = parent.rpartition(".")[0]
    above = parent.rpartition("[")[0].rpartition(".")[0]
    if name == "value_added":
        chain = read(claim, above)
        others = sum((step.value_added or Decimal(0) for step in chain.steps), Decimal(0)) - read(
            claim, f"{parent}.value_added"
        )
        return (Decimal(0), chain.value - others)
    this = read(claim, parent)
    if isinstance(this, MineralSource):
        least = sum((step.value_added or Decimal(0) for step in this.steps), Decimal(0))
        turns = sorted({least, *_turning_points(this, claim), _MANY})
        between = [((low + high) / 2).quantize(_MICRO) for low, high in pairwise(turns)]
        return tuple(sorted({each for each in (*turns, *between) if least <= each <= _MANY}))
    least = sum((part.value for part in this.contains), Decimal(0))
    if outer == "vehicle.battery":
        return (least, _MANY)
    whole = read(claim, above)
    return (least, whole.value - sum((part.value for part in whole.contains), -this.value))


def _turning_points(this: MineralSource, claim: Claim) -> Iterator[Decimal]:
    """The values of a chain at which the content reaches a percentage, by either test."""
    day = max(claim.purchase.placed_in_service, _SOURCING)
    law = current_law()
    percents = {40, 50, 60, 70}
    if claim.purchase.placed_in_service == day < date(2027, 1, 1):
        percents = {law.critical_minerals_percentage.on(day)}
    for traced in (False, True):
        total = qualifying = Fraction(0)
        own = Fraction(0)
        for source in claim.vehicle.battery.minerals:
            best = max(share.lower for share in qualifying_shares(source, law, day).values())
            counted = best if traced else Fraction(best >= Fraction(1, 2))
            if source is this:
                own = counted
            else:
                total += Fraction(source.value)
                qualifying += Fraction(source.value) * counted
        for percent in percents:
            share = Fraction(percent, 100)
            if own != share:
                at = (share * total - qualifying) / (own - share)
                near = Decimal(at.numerator * 10**6 // at.denominator).scaleb(-6)
                yield from (near, near + _MICRO)


class Completions(NamedTuple):
    """What each completion of a partial claim amounts to.

    Args:
        partial: The claim with facts unknown.
        paths: The unknown facts.
        outcomes: By the values of the facts, verdict and credit; without the combinations of
            values that cannot all be true.
    """

    partial: Claim
    paths: tuple[str, ...]
    outcomes: dict[tuple[Any, ...], tuple[Verdict, Any]]

    @classmethod
    def of(cls, partial: Claim, values: dict[str, tuple[Any, ...]], law: Law) -> Completions:
        """Every completion of a claim, given values for each unknown fact."""
        outcomes = {}
        for chosen in product(*values.values()):
            try:
                whole = with_facts(partial, dict(zip(values, chosen, strict=True)))
                result = assess(whole, law=law)
            except EvcreditError:
                continue
            outcomes[chosen] = (result.verdict, result.credit)
        return cls(partial, tuple(values), outcomes)

    def relevant(self) -> set[str]:
        """The facts whose value changes verdict or credit in some completion of the others."""
        found = set()
        for index, path in enumerate(self.paths):
            groups: dict[tuple[Any, ...], set[Any]] = {}
            for chosen, outcome in self.outcomes.items():
                groups.setdefault(chosen[:index] + chosen[index + 1 :], set()).add(outcome)
            if any(len(group) > 1 for group in groups.values()):
                found.add(path)
        return found

    def settles(self, paths: frozenset[str], verdict: Verdict) -> bool:
        """Whether some values of these facts make the verdict, whatever the others are."""
        places = [index for index, path in enumerate(self.paths) if path in paths]
        groups: dict[tuple[Any, ...], set[Verdict]] = {}
        for chosen, (found, _) in self.outcomes.items():
            groups.setdefault(tuple(chosen[index] for index in places), set()).add(found)
        return any(group == {verdict} for group in groups.values())

    def settling(self, verdict: Verdict) -> set[frozenset[str]]:
        """The minimal sets of facts that settle a verdict."""
        found: list[frozenset[str]] = []
        for size in range(len(self.paths) + 1):
            for chosen in map(frozenset, combinations(self.paths, size)):
                if not any(each <= chosen for each in found) and self.settles(chosen, verdict):
                    found.append(chosen)
        return set(found)


# -- claims few enough of whose facts are unknown ------------------------------------------

_MOST_COMPLETIONS = 500


def _hidable(claim: Claim) -> Iterator[str]:
    """The facts of a known claim that may be hidden: all that some rule reads."""
    for path in known_paths(claim):
        name = path.rpartition(".")[2]
        if name == "performed_on":
            continue
        steps = path.rpartition(".steps[")[0]
        if name in ("activity", "value_added") and any(
            step.value_added is None for step in read(claim, steps).steps
        ):
            continue  # beside it are value added that no one stated
        yield path


@st.composite
def partial_claims(draw: st.DrawFn, *, most: int = 5, law: Law) -> Completions:
    """A claim with one to five unknown facts of any kind, and all of its completions."""
    whole = draw(known_claims())
    paths = list(_hidable(whole))
    simple = [path for path in paths if path in _BY_PATH]
    flags = [path for path in paths if "[" not in path and path not in _BY_PATH]
    deep = [path for path in paths if "[" in path]
    pools = [pool for pool in (simple, simple, flags, deep, deep) if pool]
    chosen = draw(
        st.lists(st.sampled_from(pools).flatmap(st.sampled_from), min_size=1, max_size=most)
    )
    hidden = outermost(chosen)
    # Two unknown amounts can depend on each other; one is enough.
    amounts = [path for path in hidden if path.rpartition(".")[2] in ("value", "value_added")]
    hidden = [path for path in hidden if path not in amounts[1:]]
    if amounts and amounts[0].startswith("vehicle.battery.minerals"):
        # Where the content changes may not depend on what else is unknown of the chains.
        hidden = [
            path
            for path in hidden
            if path == amounts[0]
            or not path.startswith("vehicle.battery.minerals[")
            or path.endswith("foreign_entity_of_concern")
        ]
    values: dict[str, tuple[Any, ...]] = {}
    size = 1
    for path in hidden:
        more = {path: values_of(path, whole)}
        if path in ("vehicle.battery.minerals", "vehicle.battery.components"):
            more[f"{path}_from_foreign_entity_of_concern"] = (True, False)
        for each in more.values():
            size *= len(each)
        if size > _MOST_COMPLETIONS:
            break
        values.update(more)
    return Completions.of(hide(whole, values), values, law)
