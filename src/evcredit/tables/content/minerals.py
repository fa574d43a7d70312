"""The content of critical minerals of many batteries, from tables of chains and steps.

What `evcredit.section_30d.sourcing.minerals` does for one battery, with sums and maxima of groups.

Only the traced qualifying value of a chain, its value times a ratio, need not be whole: it is
carried in millionths of a dollar, rounded down for the lower and up for the upper end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import reduce
from itertools import product

import narwhals.stable.v2 as nw

from evcredit.algebra.share import reaches
from evcredit.facts.chain import Activity
from evcredit.law.law import Law
from evcredit.section_30d.sourcing.places import listing_days, value_added_threshold
from evcredit.section_30d.sourcing.qualifying import MOST_UNKNOWN_ACTIVITIES, looked_at
from evcredit.tables.content.shares import (
    CLEAN,
    LARGEST_CENTS,
    STANDING,
    TRACED,
    UNTRACED,
    WHOLE,
    CountingPlaces,
    Expr,
    Frame,
    Ratio,
    as_number,
    better_ratio,
    cents_in,
    concern_code,
    day_matters,
    flagged_cells,
    flagged_share,
    greatest_of,
    grouped_by,
    high_code_of,
    low_code_of,
    lower_ratio,
    on_day,
    ratio_columns,
    ratio_in,
    share_ends,
    stretches_of,
    telling_stretches,
    upper_ratio,
    value_where,
    with_day,
)

__all__ = [
    "content_of_minerals",
]

#: Millionths of a dollar in a cent, and the parts in which the share of a chain of unknown value
#: is carried, which is what a dollar has.
_FINE = 10_000
_PARTS = 100 * _FINE
_KEYS = ("vehicle", "chain")
_MINED = tuple(each for each in Activity if each is not Activity.RECYCLING)


def content_of_minerals(vehicles: Frame, chains: Frame, steps: Frame | None, law: Law) -> Frame:
    """For each vehicle with chains: the two shares, and the code for entities of concern."""
    threshold = stretches_of(
        law.value_added_threshold_percent.boundaries(),
        lambda day: value_added_threshold(law, day),
    )
    named = chains.select(*_KEYS, value=cents_in("value_cents"))
    if steps is None:
        unknown = {"lower_whole": 0, "upper_whole": 1, "lower_traced": 0, "concern": UNTRACED}
        judged = named.with_columns(
            **{name: nw.lit(value, nw.Int64) for name, value in unknown.items()},
            upper_traced=_weight() * _FINE,
        )
        return _content_of_chains(judged.drop("chain"))
    places = CountingPlaces(law)
    rows = _steps(vehicles, chains, steps, places, law)
    grouped = _chains(named, rows)
    if day_matters(threshold):
        grouped = with_day(grouped, vehicles)
    grouped = grouped.with_columns(percent=on_day(nw.col("day"), threshold, nw.lit))
    simple = (nw.col("open") == 0) | (nw.col("open") > MOST_UNKNOWN_ACTIVITIES)
    doubtful = grouped.filter(~simple).join(_open_steps(rows), on=list(_KEYS), how="inner")
    both = [_judged(_known_ends(grouped.filter(simple))), _judged(_possible_ends(doubtful))]
    judged = nw.concat(both, how="vertical")
    return _content_of_chains(judged)


def _steps(vehicles: Frame, chains: Frame, steps: Frame, places: CountingPlaces, law: Law) -> Frame:
    """Each step with its activity, its value and where it may count, as columns."""
    columns = steps.collect_schema().names()
    kept = [name for name in ("foreign_entity_of_concern", STANDING) if name in columns]
    text = {name: nw.col(name).cast(nw.String).fill_null("") for name in ("activity", "country")}
    by_activity = listing_days(law)[0] == date.min
    if by_activity and places.by_day:
        performed: Expr = nw.lit(None, nw.Date)
        if "performed_on" in columns:
            performed = nw.col("performed_on")
        text["performed_on"] = performed
    rows = steps.select(*_KEYS, *kept, **text, value=cents_in("value_added_cents"))
    if day_matters(telling_stretches(law)) or (places.by_day and not by_activity):
        rows = with_day(rows, vehicles)
    rows = rows.with_columns(concern=concern_code(law, columns, nw.col("country")))
    if by_activity and places.by_day:
        rows = rows.with_columns(day=nw.col("performed_on"))
    if places.by_mineral:
        minerals = chains.select(*_KEYS, mineral=nw.col("mineral").cast(nw.String).fill_null(""))
        rows = rows.join(minerals, on=list(_KEYS), how="left")
    ends: dict[str, Expr] = {}
    for activity in Activity:
        ends[f"least_{activity.value}"], ends[f"most_{activity.value}"] = places.counts(activity)
    return rows.with_columns(**ends).with_columns(
        open=~nw.col("activity").is_in([activity.value for activity in Activity])
    )


_SUMS = tuple(f"{name}_{a.value}" for name in ("total", "low", "high") for a in Activity)
_CODES = tuple(f"{name}_{a.value}" for name in ("low_code", "high_code") for a in Activity)


def _chains(named: Frame, rows: Frame) -> Frame:
    """Each chain with the sums and codes of its activities: one grouping of chains and steps.

    A step whose chain has no row makes a chain of unknown value, so nothing is lost.
    """
    value = nw.col("value")
    cells: dict[str, Expr] = {}
    for activity in Activity:
        name = activity.value
        mine = nw.col("activity") == name
        least, most = nw.col(f"least_{name}"), nw.col(f"most_{name}")
        added = value.fill_null(0)
        cells[f"total_{name}"] = value_where(mine, added)
        cells[f"low_{name}"] = value_where(mine & least, added)
        cells[f"high_{name}"] = value_where(mine & most, added)
        cells[f"low_code_{name}"] = value_where(mine, low_code_of(value, least), -1)
        cells[f"high_code_{name}"] = value_where(mine, high_code_of(value, most), -1)
    of_steps = rows.select(
        *_KEYS,
        **{name: cells[name] for name in _SUMS},
        **{name: cells[name].cast(nw.Int8) for name in _CODES},
        open=as_number(nw.col("open")),
        steps=nw.lit(1, nw.Int64),
        concern=nw.col("concern"),
        value=nw.when(nw.lit(value=False)).then(nw.lit(0, nw.Int64)),
    )
    of_chains = named.select(
        *_KEYS,
        **{name: nw.lit(0, nw.Int64) for name in _SUMS},
        **{name: nw.lit(-1, nw.Int8) for name in _CODES},
        open=nw.lit(0, nw.Int64),
        steps=nw.lit(0, nw.Int64),
        concern=nw.lit(CLEAN, nw.Int64),
        value=value,
    )
    return grouped_by(
        nw.concat([of_steps, of_chains], how="vertical"),
        _KEYS,
        sums=(*_SUMS, "open"),
        greatest=(*_CODES, "steps", "concern", "value"),
    )


def _weight() -> Expr:
    """The cents of a chain; a dollar if they are unknown or none, for its share in millionths."""
    value = nw.col("value")
    return nw.when(value > 0).then(value).otherwise(_PARTS // _FINE)


def _sums(names: Sequence[str], activity: Activity) -> Expr:
    return reduce(lambda one, other: one + other, [nw.col(f"{n}_{activity.value}") for n in names])


def _recycled() -> Expr:
    return nw.col(f"low_code_{Activity.RECYCLING.value}") >= 0


def _if(stands: Expr, ratio: Ratio) -> Ratio:
    """A share if it may decide, otherwise nothing, so that it is never the maximum."""
    return Ratio(
        nw.when(stands).then(ratio.of).otherwise(0), nw.when(stands).then(ratio.whole).otherwise(1)
    )


def _best(frame: Frame, end: str) -> Frame:
    """The maximum of the shares of the activities, by whose columns ``end`` is followed."""
    extraction, processing, recycling = (f"{end}_{activity.value}" for activity in Activity)
    return frame.with_columns(
        **ratio_columns(end, better_ratio(extraction, processing))
    ).with_columns(**ratio_columns(end, better_ratio(end, recycling)))


def _known_ends(chains: Frame) -> Frame:
    """The bounds of the best share of chains whose activities are all known."""
    ends: dict[str, Expr] = {}
    for activity in Activity:
        name = activity.value
        total, low, high, low_code, high_code = (
            nw.col(f"{each}_{name}") for each in ("total", "low", "high", "low_code", "high_code")
        )
        stands = looked_at(nw.lit(activity is Activity.RECYCLING), _recycled())
        ends |= ratio_columns(f"lower_{name}", _if(stands, lower_ratio(total, low, low_code)))
        ends |= ratio_columns(f"upper_{name}", _if(stands, upper_ratio(total, high, high_code)))
    return _best(_best(_narrowed(chains, ends), "lower"), "upper")


def _narrowed(chains: Frame, ends: dict[str, Expr]) -> Frame:
    """The new columns, and of the old ones what is still needed of a chain."""
    kept = [nw.col(name) for name in ("vehicle", "value", "steps", "open", "concern", "percent")]
    return chains.select(*kept, **ends)


def _judged(chains: Frame) -> Frame:
    """Each chain with the minimum and the maximum part of it that counts under either test."""
    # Without steps, or with too many that may be anything, nothing is known of a chain.
    blank = (nw.col("steps") == 0) | (nw.col("open") > MOST_UNKNOWN_ACTIVITIES)
    lower, upper, percent = ratio_in("lower"), ratio_in("upper"), nw.col("percent")
    weight = _weight()
    ends = {
        "lower_of": value_where(~blank, lower.of),
        "lower_in": lower.whole,
        "upper_of": nw.when(blank).then(upper.whole).otherwise(upper.of),
        "upper_in": upper.whole,
    }
    found = chains.select(
        "vehicle",
        "value",
        "percent",
        **ends,
        weight=weight,
        concern=greatest_of([nw.col("concern"), value_where(nw.col("steps") == 0, UNTRACED)]),
    )
    weight = nw.col("weight")
    found = found.with_columns(
        lower_whole=as_number(reaches(*lower, percent)),
        upper_whole=as_number(reaches(*upper, percent)),
        lower_cents=weight * lower.of // lower.whole,
        upper_cents=weight * upper.of // upper.whole,
    )
    for end, ratio in (("lower", lower), ("upper", upper)):
        # Some engines divide in floating point, which may be one off; the rest shows.
        cents = nw.col(f"{end}_cents")
        rest = weight * ratio.of - cents * ratio.whole
        found = found.with_columns(rest=rest)
        more = as_number(nw.col("rest") >= ratio.whole) - as_number(nw.col("rest") < 0)
        found = found.with_columns(
            **{f"{end}_cents": cents + more},
            rest=(nw.col("rest") - more * ratio.whole) * _FINE,
        )
        up = ratio.whole - 1 if end == "upper" else 0
        found = found.with_columns(
            **{f"{end}_traced": cents * _FINE + (nw.col("rest") + up) // ratio.whole}
        )
    return found.select(
        "vehicle",
        "value",
        "lower_whole",
        "upper_whole",
        "lower_traced",
        "upper_traced",
        "concern",
    )


# -- chains with steps of unknown activity -------------------------------------------------
#
# A step that may have been anything is tried as everything it may have been. At the upper end
# that is easy: it is best to suppose the one activity to which every step that may count belongs.
# At the lower end a single such step outside North America could have been the only recycling,
# which leaves nothing; only where all lie inside the ways to spread them over the other
# activities are tried one by one.


def _numbered(rows: Frame) -> Frame:
    """The rows of each chain numbered from 1 on, in any order."""
    if isinstance(rows, nw.LazyFrame):
        rows = rows.with_columns(one=nw.lit(1, nw.Int64))
        return rows.with_columns(
            number=nw.col("one").cum_sum().over(*_KEYS, order_by="country").cast(nw.Int64)
        )
    # Not every engine that is eager counts within groups.
    rows = rows.sort(*_KEYS).with_row_index("one").with_columns(one=nw.col("one").cast(nw.Int64))
    return rows.with_columns(number=nw.col("one") - nw.col("one").min().over(*_KEYS) + 1)


def _open_steps(rows: Frame) -> Frame:
    """What the steps of unknown activity add to the sums and codes of their chain."""
    value = nw.col("value")
    added = value.fill_null(0)
    numbered = _numbered(rows.filter(nw.col("open")))
    sums, codes = {}, {}
    for activity in Activity:
        name = activity.value
        most = nw.col(f"most_{name}")
        sums[f"more_{name}"] = value_where(most, added)
        codes[f"more_code_{name}"] = value_where(most, value_where(value.is_null(), 2), -1)
    inside = nw.col(f"least_{Activity.RECYCLING.value}")
    sums["fall"] = value_where(~inside, added)
    codes["fall_code"] = value_where(~inside, low_code_of(value, inside), -1)
    for index, activity in product(range(MOST_UNKNOWN_ACTIVITIES), _MINED):
        this, name = nw.col("number") == index + 1, activity.value
        least = nw.col(f"least_{name}")
        sums[f"total{index}_{name}"] = value_where(this, added)
        sums[f"low{index}_{name}"] = value_where(this & least, added)
        codes[f"low_code{index}_{name}"] = value_where(this, low_code_of(value, least), -1)
    return grouped_by(numbered.select(*_KEYS, **sums, **codes), _KEYS, sums=sums, greatest=codes)


def _possible_ends(chains: Frame) -> Frame:
    """The bounds of the best share of chains with steps of unknown activity."""
    recycling = Activity.RECYCLING
    ends: dict[str, Expr] = {}
    for activity in Activity:
        name = activity.value
        share = upper_ratio(
            _sums(("total", "more"), activity),
            _sums(("high", "more"), activity),
            greatest_of([nw.col(f"high_code_{name}"), nw.col(f"more_code_{name}")]),
        )
        looked = looked_at(nw.lit(activity is recycling), _recycled())
        # It may be a recycled chain whether or not it is known to be.
        ends |= ratio_columns(
            f"upper_{name}", share if activity is recycling else _if(looked, share)
        )
    fallen = lower_ratio(
        nw.col(f"total_{recycling.value}") + nw.col("fall"),
        nw.col(f"low_{recycling.value}"),
        greatest_of([nw.col(f"low_code_{recycling.value}"), nw.col("fall_code")]),
    )
    ends |= ratio_columns("fallen", _if(_recycled(), fallen))
    ends["spread"] = ~_recycled() & (nw.col("fall_code") < 0)
    every = range(MOST_UNKNOWN_ACTIVITIES)
    spreads = list(product(_MINED, repeat=MOST_UNKNOWN_ACTIVITIES))
    for number, chosen in enumerate(spreads):
        for activity in _MINED:
            mine = [str(index) for index in every if chosen[index] is activity]
            codes = [nw.col(f"low_code{index}_{activity.value}") for index in ("", *mine)]
            share = lower_ratio(
                _sums(["total", *(f"total{index}" for index in mine)], activity),
                _sums(["low", *(f"low{index}" for index in mine)], activity),
                greatest_of(codes),
            )
            ends |= ratio_columns(f"spread{number}_{activity.value}", share)
    found = _best(_narrowed(chains, ends), "upper")
    names = [f"spread{number}" for number in range(len(spreads))]
    best: dict[str, Expr] = {}
    for name in names:
        best |= ratio_columns(
            name, better_ratio(*(f"{name}_{activity.value}" for activity in _MINED))
        )
    found = found.with_columns(**best)
    while len(names) > 1:
        least: dict[str, Expr] = {}
        half = names[: len(names) // 2]
        for name, other in zip(half, names[len(half) :], strict=True):
            least |= ratio_columns(name, better_ratio(name, other, least=True))
        found, names = found.with_columns(**least), half
    spread, aside = ratio_in(names[0]), ratio_in("fallen")
    chosen_ends = (
        nw.when(nw.col("spread")).then(a).otherwise(b) for a, b in zip(spread, aside, strict=True)
    )
    return found.with_columns(**ratio_columns("lower", Ratio(*chosen_ends)))


def _content_of_chains(chains: Frame) -> Frame:
    """The shares of a vehicle, from the parts of its chains that count."""
    value = nw.col("value")
    cells = flagged_cells(value, nw.col("lower_whole") == 1, nw.col("upper_whole") == 1)
    weighed = value.fill_null(0) > 0
    sums = {
        "traced_low": value_where(weighed, nw.col("lower_traced")),
        "traced_high": value_where(weighed, nw.col("upper_traced")),
    }
    # Millionths of chains of unknown value and of worthless ones, which are not weighed.
    cells["open_least"] = nw.when(value.is_null()).then(nw.col("lower_traced"))
    cells["open_most"] = nw.when(value.is_null()).then(nw.col("upper_traced"))
    cells["idle_least"] = nw.when(value == 0).then(nw.col("lower_traced"))
    cells["idle_most"] = nw.when(value == 0).then(nw.col("upper_traced"))
    grouped = grouped_by(
        chains.select("vehicle", **cells, **sums, concern=nw.col("concern")),
        ["vehicle"],
        sums=("total", "low", "high", *sums),
        greatest=("low_code", "high_code", "open_most", "concern"),
        least=("open_least", "idle_least", "idle_most"),
    )
    return grouped.select(
        "vehicle",
        **flagged_share(WHOLE),
        **share_ends(TRACED, *_traced_share()),
        _minerals=nw.col("concern"),
    )


def _traced_share() -> tuple[Ratio, Ratio]:
    """The traced share of a vehicle: chains of unknown value pull it towards their own."""
    total = nw.col("total") * _FINE
    weighed, open_ = nw.col("total") > 0, ~nw.col("open_least").is_null()
    # The products below stay within 64 bits; beyond, only what is certain is said.
    fits = nw.col("total") <= LARGEST_CENTS - LARGEST_CENTS // 10
    safe = nw.when(fits).then(total).otherwise(0)
    low, high = nw.col("traced_low"), nw.col("traced_high")
    own_low, own_high = (nw.when(fits).then(each).otherwise(0) for each in (low, high))
    least, most = nw.col("open_least"), nw.col("open_most")
    pulled_down = weighed & open_ & (~fits | (least * safe < own_low * _PARTS))
    pulled_up = weighed & open_ & (~fits | (most * safe > own_high * _PARTS))
    idle_low = nw.min_horizontal(least, nw.col("idle_least"))
    idle_high = nw.coalesce(most, nw.col("idle_most"))

    def ratio(pulled: Expr, to: Expr, own: Expr, idle: Expr) -> Ratio:
        aside = nw.when(weighed).then(to).otherwise(idle)
        stays = weighed & ~pulled
        return Ratio(
            nw.when(stays).then(own).otherwise(aside),
            nw.when(stays).then(total).otherwise(_PARTS),
        )

    pulled_down, pulled_up = pulled_down.fill_null(value=False), pulled_up.fill_null(value=False)
    return (
        ratio(pulled_down, nw.when(fits).then(least).otherwise(0), low, idle_low),
        ratio(pulled_up, nw.when(fits).then(most).otherwise(_PARTS), high, idle_high),
    )
