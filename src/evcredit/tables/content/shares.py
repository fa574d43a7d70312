"""The law and shares over columns, for the contents of many batteries.

How unknowns travel. A share of a whole is carried as sums over its parts and two small codes, of
which the maximum of a group decides, so that grouping needs sums and maxima alone:

* for the lower end 2 says that a part of unknown value may count for nothing, 1 the same of a part
  worth nothing, 0 that there is no such part, and -1 that there is no part at all;
* for the upper end 2 says that a part of unknown value may count, 1 that a part worth nothing or
  of unknown value does not, 0 and -1 as before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any, NamedTuple

import narwhals.stable.v2 as nw

from evcredit.facts.chain import Activity
from evcredit.facts.country import alpha_2_codes
from evcredit.facts.mineral import applicable_minerals
from evcredit.law.countries import Members
from evcredit.law.law import Law
from evcredit.section_30d.concern.makers import in_order, telling_places
from evcredit.section_30d.sourcing.places import counting_places, listing_days

__all__ = [
    "CLEAN",
    "COMPONENTS",
    "DAY",
    "ENDS",
    "LARGEST_CENTS",
    "LARGEST_SUM",
    "OPEN",
    "TAINTED",
    "TRACED",
    "UNKNOWN_SHARE",
    "UNTRACED",
    "WHOLE",
    "CountingPlaces",
    "Expr",
    "Frame",
    "LeastAndMost",
    "Ratio",
    "Stretches",
    "as_number",
    "better_ratio",
    "cents_in",
    "columns_of_share",
    "concern_code",
    "day_matters",
    "flagged_cells",
    "flagged_share",
    "greatest_of",
    "grouped_by",
    "high_code_of",
    "low_code_of",
    "lower_ratio",
    "on_day",
    "perhaps_in",
    "ratio_columns",
    "ratio_in",
    "share_ends",
    "stretches_of",
    "surely_in",
    "telling_stretches",
    "upper_ratio",
    "value_where",
    "with_day",
]

#: The most cents a chain, a step or a component may be worth: ten million dollars. Products of
#: what is summed from up to nine thousand such values of a vehicle fit into 64 bits.
LARGEST_CENTS = 10**9
#: The largest sum that a share is computed from; products of two such sums fit. Beyond it a
#: share is somewhere between nothing and the whole.
LARGEST_SUM = 3 * LARGEST_CENTS

DAY = "purchase_placed_in_service"
ENDS = ("lower_of", "lower_in", "upper_of", "upper_in")
UNKNOWN_SHARE = (0, 1, 1, 1)
WHOLE = "qualifying_critical_mineral_content"
TRACED = "traced_critical_mineral_content"
COMPONENTS = "qualifying_battery_component_content"

Frame = Any
Expr = Any


class LeastAndMost(NamedTuple):
    """What surely holds, and what may."""

    least: Expr
    most: Expr


class Ratio(NamedTuple):
    """A part and its whole; the whole is never nothing."""

    of: Expr
    whole: Expr


def columns_of_share(name: str) -> tuple[str, ...]:
    """The four columns of a share."""
    return tuple(f"{name}_{end}" for end in ENDS)


# -- the law over columns ------------------------------------------------------------------

Stretches = tuple[tuple[date | None, Any], ...]


def stretches_of(starts: Iterable[date], value_of: Callable[[date | None], Any]) -> Stretches:
    """What the law says on an unknown day, and from which day on it says what."""
    found: list[tuple[date | None, Any]] = [(None, value_of(None))]
    for start in starts:
        value = value_of(start)
        if len(found) == 1 or found[-1][1] != value:
            found.append((start, value))
    return tuple(found)


def day_matters(stretches: Stretches) -> bool:
    """Whether the day makes a difference."""
    return any(value != stretches[0][1] for _, value in stretches)


def on_day(day: Expr, stretches: Stretches, written: Callable[[Any], Expr]) -> Expr:
    """What the law says on the day of each row, each of its values written as an expression."""
    (_, unknown), (_, first), *later = stretches
    found: Expr = written(first)
    if not day_matters(stretches):
        return found
    for start, value in later:
        found = nw.when(day >= start).then(written(value)).otherwise(found)
    return nw.when(day.is_null()).then(written(unknown)).otherwise(found)


def surely_in(country: Expr, members: Members) -> Expr:
    """Whether a country is in a group for certain."""
    sure = sorted(code for code, known in members.items() if known and code is not None)
    return country.is_in(sure) if sure else nw.lit(value=False)


def perhaps_in(country: Expr, members: Members) -> Expr:
    """Whether a country is or may be in a group: unless it is a country known to be outside."""
    return ~country.is_in(sorted(c for c in alpha_2_codes() if members.get(c, False) is False))


class CountingPlaces:
    """Where activities count, as expressions over the columns of steps."""

    def __init__(self, law: Law) -> None:
        minerals = [each.identifier for each in applicable_minerals()]
        starts = listing_days(law)
        self.groups: dict[Activity, tuple[tuple[Stretches, list[str]], ...]] = {}
        for activity in Activity:
            # Minerals for which the same places count on every day are looked at together.
            groups: dict[Any, tuple[Stretches, list[str]]] = {}
            for mineral in minerals:

                def places(
                    day: date | None, activity: Activity = activity, mineral: str = mineral
                ) -> Members:
                    return counting_places(law, activity, day, mineral)

                stretches = stretches_of(starts, places)
                key = tuple((day, frozenset(members.items())) for day, members in stretches)
                groups.setdefault(key, (stretches, []))[1].append(mineral)
            self.groups[activity] = tuple(groups.values())

    @property
    def by_mineral(self) -> bool:
        """Whether the mineral makes a difference."""
        return any(len(groups) > 1 for groups in self.groups.values())

    @property
    def by_day(self) -> bool:
        """Whether the day makes a difference."""
        return any(day_matters(each) for groups in self.groups.values() for each, _ in groups)

    def counts(self, activity: Activity) -> LeastAndMost:
        """Whether a step counts if it is of an activity."""
        country, day, mineral = nw.col("country"), nw.col("day"), nw.col("mineral")
        ends = []
        for written, joined in ((surely_in, and_), (perhaps_in, or_)):

            def told(members: Members, written: Any = written) -> Expr:
                return written(country, members)

            each = [(on_day(day, stretches, told), m) for stretches, m in self.groups[activity]]
            # Of an unknown mineral only what holds for every one is certain.
            found = reduce(joined, [inside for inside, _ in each])
            if len(each) > 1:
                for inside, names in each:
                    found = nw.when(mineral.is_in(names)).then(inside).otherwise(found)
            ends.append(found)
        return LeastAndMost(*ends)


# Codes for foreign entities of concern: the maximum of a group is Kleene's "any". Nothing follows
# from what is unresolved, and what is untraced may turn out either way.
CLEAN, OPEN, UNTRACED, TAINTED = 0, 1, 2, 3


#: The column that says what the owners of a maker make it, and what it may say; see
#: `evcredit.tables.owners.trace_owners`.
STANDING = "maker_standing"
OF_CONCERN, OF_NONE, OF_UNKNOWN = "of concern", "not of concern", "unknown"


def telling_stretches(law: Law) -> Stretches:
    """The places that tell that an entity is one of concern, by day."""
    starts = (entry.start for entry in law.covered_nations.standing)
    return stretches_of(starts, lambda day: telling_places(law, day))


def concern_code(law: Law, columns: Iterable[str], country: Expr) -> Expr:
    """Whether a row is by a foreign entity of concern: as stated, by its place or its owners."""
    tells = on_day(
        nw.col("day"), telling_stretches(law), lambda members: surely_in(country, members)
    )
    known: Expr = nw.when(tells).then(nw.lit(value=True))
    untraced: Expr = nw.lit(value=False)
    if STANDING in columns:
        standing = nw.col(STANDING).cast(nw.String).fill_null("")
        place_open = on_day(
            nw.col("day"), telling_stretches(law), lambda members: _may_tell(country, members)
        )
        clean = nw.when((standing == OF_NONE) & ~place_open).then(nw.lit(value=False))
        known = nw.when(tells | (standing == OF_CONCERN)).then(nw.lit(value=True)).otherwise(clean)
        untraced = standing.is_in([OF_CONCERN, OF_NONE, OF_UNKNOWN]) & known.is_null()
    if "foreign_entity_of_concern" in columns:
        known = nw.coalesce(*in_order(law, nw.col("foreign_entity_of_concern"), known))
    code = nw.when(known.is_null()).then(OPEN).otherwise(CLEAN)
    if not law.readings.stated_standing_governs:
        # A place that may tell overturns what is stated, unless that says the same.
        tell = on_day(
            nw.col("day"), telling_stretches(law), lambda members: _may_tell(country, members)
        )
        code = nw.when(tell).then(UNTRACED).otherwise(code)
        code = nw.when(known & ~untraced).then(TAINTED).otherwise(code)
        return nw.when(untraced).then(UNTRACED).otherwise(code).cast(nw.Int64)
    return nw.when(known).then(TAINTED).otherwise(code).cast(nw.Int64)


def _may_tell(country: Expr, members: Members) -> Expr:
    """Whether a country is in a group or may be; no country is in one without members."""
    return perhaps_in(country, members) if members else nw.lit(value=False)


# -- shares over columns -------------------------------------------------------------------


def as_number(flag: Expr) -> Expr:
    """One for true, and nothing for false or unknown."""
    return nw.when(flag).then(1).otherwise(0).cast(nw.Int64)


def value_where(flag: Expr, value: Any, otherwise: int = 0) -> Expr:
    """A whole number where something is true, and another one elsewhere."""
    return nw.when(flag).then(value).otherwise(otherwise).cast(nw.Int64)


def cents_in(name: str) -> Expr:
    """A value, unknown where it is invalid or does not fit."""
    value = nw.col(name).cast(nw.Int64)
    return nw.when((value >= 0) & (value <= LARGEST_CENTS)).then(value)


def low_code_of(value: Expr, least: Expr) -> Expr:
    """What a part of unknown or no value does to the lower end."""
    worthless = nw.when(value == 0).then(1).otherwise(0)
    hollow = nw.when(value.is_null()).then(2).otherwise(worthless)
    return nw.when(least).then(0).otherwise(hollow).cast(nw.Int64)


def high_code_of(value: Expr, most: Expr) -> Expr:
    """What a part of unknown or no value does to the upper end."""
    weightless = value.is_null()
    out = nw.when(~most & (weightless | (value == 0))).then(1).otherwise(0)
    return nw.when(weightless & most).then(2).otherwise(out).cast(nw.Int64)


def lower_ratio(total: Expr, counting: Expr, code: Expr) -> Ratio:
    """The lower end of a share, from the sums over its parts and their greatest code."""
    weighed = (total > 0) & (code < 2) & (total <= LARGEST_SUM)
    return Ratio(
        nw.when(weighed).then(counting).otherwise(as_number((code == 0) & (total == 0))),
        nw.when(weighed).then(total).otherwise(1),
    )


def upper_ratio(total: Expr, counting: Expr, code: Expr) -> Ratio:
    """The upper end of a share."""
    weighed = (total > 0) & (code < 2) & (total <= LARGEST_SUM)
    out = (code == -1) | ((code == 1) & (total == 0))
    return Ratio(
        nw.when(weighed).then(counting).otherwise(as_number(~out)),
        nw.when(weighed).then(total).otherwise(1),
    )


def greatest_of(values: Sequence[Expr]) -> Expr:
    """The maximum of some columns."""
    return values[0] if len(values) == 1 else nw.max_horizontal(*values)


def grouped_by(
    frame: Frame,
    keys: Sequence[str],
    *,
    sums: Iterable[str] = (),
    greatest: Iterable[str] = (),
    least: Iterable[str] = (),
) -> Frame:
    """One row for each group; some engines widen a sum, and some take plain sums only."""
    sums = tuple(sums)
    found = frame.group_by(*keys).agg(
        *(nw.col(name).sum() for name in sums),
        *(nw.col(name).max() for name in greatest),
        *(nw.col(name).min() for name in least),
    )
    return found.with_columns(*(nw.col(name).cast(nw.Int64) for name in sums))


def ratio_columns(name: str, ratio: Ratio) -> dict[str, Expr]:
    """A ratio as two columns."""
    return {f"{name}_of": ratio.of, f"{name}_in": ratio.whole}


def ratio_in(name: str) -> Ratio:
    """The ratio in two columns."""
    return Ratio(nw.col(f"{name}_of"), nw.col(f"{name}_in"))


def better_ratio(one: str, other: str, *, least: bool = False) -> Ratio:
    """The greater of two ratios in columns, or the lesser."""
    this, that = ratio_in(one), ratio_in(other)
    first, second = this.of * that.whole, that.of * this.whole
    stays = first <= second if least else first >= second
    return Ratio(*(nw.when(stays).then(a).otherwise(b) for a, b in zip(this, that, strict=True)))


def with_day(frame: Frame, vehicles: Frame) -> Frame:
    """The frame with the day on which the vehicle of each row was placed in service."""
    days = vehicles.select("vehicle", day=nw.col(DAY))
    return frame.join(days, on="vehicle", how="left")


def flagged_cells(value: Expr, least: Expr, most: Expr) -> dict[str, Expr]:
    """What a part that counts whole or not at all adds to the sums and codes of its share."""
    known = value.fill_null(0)
    return {
        "total": known,
        "low": value_where(least, known),
        "high": value_where(most, known),
        "low_code": low_code_of(value, least),
        "high_code": high_code_of(value, most),
    }


def share_ends(name: str, lower: Ratio, upper: Ratio) -> dict[str, Expr]:
    """The ends of a share as four columns."""
    return dict(zip(columns_of_share(name), (*lower, *upper), strict=True))


def flagged_share(name: str) -> dict[str, Expr]:
    """The share of parts that count whole or not at all, from their sums and codes."""
    total = nw.col("total")
    return share_ends(
        name,
        lower_ratio(total, nw.col("low"), nw.col("low_code")),
        upper_ratio(total, nw.col("high"), nw.col("high_code")),
    )
