"""The content of battery components of many batteries, from a table of components.

What `evcredit.section_30d.components` does for one battery, with joins and groups.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from evcredit.battery import ASSEMBLED, ComponentKind, incremental
from evcredit.law import Law
from evcredit.tables.content_shares import (
    CLEAN,
    COMPONENTS,
    UNKNOWN_SHARE,
    Frame,
    as_number,
    cents_in,
    concern_code,
    day_matters,
    flagged_cells,
    flagged_share,
    greatest_of,
    grouped_by,
    perhaps_in,
    surely_in,
    telling_stretches,
    value_where,
    with_day,
)

__all__ = [
    "content_of_components",
]

#: How many components of unknown value may lie directly inside each other.
_MOST_HOLLOW = 6


def content_of_components(vehicles: Frame, components: Frame, law: Law) -> Frame:
    """For each vehicle with components: the share, and the code for entities of concern.

    A component of unknown value, a hollow one, has no incremental value of its own: what it may
    be worth is part of the nearest component around it whose value is known, and so are the
    places where it may have arisen.
    """
    rows = _placed(_component_rows(vehicles, components, law))
    hollow = nw.col("value").is_null()
    inside = rows.filter(~hollow & ~nw.col("above").is_null()).select(
        "vehicle",
        key=nw.col("above"),
        own=nw.lit(0, nw.Int64),
        within=nw.col("value"),
        itself=nw.lit(0, nw.Int64),
        holds=nw.lit(1, nw.Int64),
        least=nw.lit(1, nw.Int64),
        most=nw.lit(0, nw.Int64),
        settled=nw.lit(0, nw.Int64),
        concern=nw.lit(CLEAN, nw.Int64),
        tangled=nw.col("tangled"),
    )
    known = rows.filter(~hollow).select(
        "vehicle",
        key=nw.col("component"),
        own=nw.col("value"),
        within=nw.lit(0, nw.Int64),
        itself=nw.lit(1, nw.Int64),
        holds=nw.lit(0, nw.Int64),
        least=nw.col("least"),
        most=nw.col("most"),
        settled=nw.col("settled"),
        concern=nw.col("concern"),
        tangled=nw.col("tangled"),
    )
    grouped = grouped_by(
        nw.concat([known, inside, _hollow_rows(rows)], how="vertical"),
        ["vehicle", "key"],
        sums=("own", "within"),
        greatest=("itself", "holds", "most", "settled", "concern", "tangled"),
        least=("least",),
    )
    itself = nw.col("itself") == 1
    contents_open = itself & (nw.col("holds") == 0) & (nw.col("settled") == 0)
    rest = incremental(nw.col("own"), nw.col("within"))
    stray = ~itself & ~nw.col("key").is_null()
    pieces = grouped.select(
        "vehicle",
        value=nw.when(itself & (rest >= 0)).then(rest),
        least=value_where(~contents_open, nw.col("least")),
        most=nw.when(contents_open).then(1).otherwise(nw.col("most")).cast(nw.Int64),
        concern=nw.col("concern"),
        # What is inside something that is not there, or worth more than what it is in.
        wrong=as_number((nw.col("tangled") == 1) | stray | (rest < 0)),
        doubt=as_number(contents_open),
    )
    cells = flagged_cells(nw.col("value"), nw.col("least") == 1, nw.col("most") == 1)
    found = grouped_by(
        pieces.select(
            "vehicle",
            **cells,
            wrong=nw.col("wrong"),
            concern=greatest_of([nw.col("concern"), nw.col("wrong"), nw.col("doubt")]),
        ),
        ["vehicle"],
        sums=("total", "low", "high"),
        greatest=("low_code", "high_code", "wrong", "concern"),
    )
    wrong = nw.col("wrong") == 1
    share = flagged_share(COMPONENTS)
    return found.select(
        "vehicle",
        **{
            name: nw.when(wrong).then(unknown).otherwise(share[name])
            for name, unknown in zip(share, UNKNOWN_SHARE, strict=True)
        },
        _components=nw.col("concern"),
    )


def _component_rows(vehicles: Frame, components: Frame, law: Law) -> Frame:
    """Each component with its value, where it was made and what is known to be inside."""
    columns = components.collect_schema().names()
    names = ("foreign_entity_of_concern", "nothing_inside")
    kept = [name for name in names if name in columns]
    # Without either column nothing tells that a component holds no other.
    simple = nw.lit(value=False)
    if "kind" in columns:
        kinds = [kind.value for kind in ComponentKind if kind not in ASSEMBLED]
        simple = nw.col("kind").cast(nw.String).fill_null("").is_in(kinds)
    if "nothing_inside" in columns:
        stated = nw.col("nothing_inside")
        simple = nw.when(stated.is_null()).then(simple).otherwise(stated)
    rows = components.select(
        "vehicle",
        "component",
        "inside",
        *kept,
        country=nw.col("made_in").cast(nw.String).fill_null(""),
        value=cents_in("value_cents"),
        settled=as_number(simple),
    )
    if day_matters(telling_stretches(law)):
        rows = with_day(rows, vehicles)
    country, america = nw.col("country"), law.north_america.members
    return rows.with_columns(
        least=as_number(surely_in(country, america)),
        most=as_number(perhaps_in(country, america)),
        concern=concern_code(law, columns, country),
    )


def _placed(rows: Frame) -> Frame:
    """Each component with the nearest one around it whose value is known, in ``above``."""
    hollow = rows.filter(nw.col("value").is_null())
    around = hollow.select(
        "vehicle", above=nw.col("component"), beyond=nw.col("inside"), hop=nw.lit(1, nw.Int64)
    )
    walk = hollow.select("vehicle", hollow=nw.col("component"), above=nw.col("inside"))
    for _ in range(_MOST_HOLLOW):
        walk = walk.join(around, on=["vehicle", "above"], how="left").select(
            "vehicle",
            "hollow",
            above=nw.when(nw.col("hop").is_null())
            .then(nw.col("above"))
            .otherwise(nw.col("beyond")),
        )
    # Whatever is still inside a hollow one lies too deep, or goes round in a circle.
    walk = walk.join(around, on=["vehicle", "above"], how="left").select(
        "vehicle",
        inside=nw.col("hollow"),
        past=nw.col("above"),
        tangled=nw.col("hop").fill_null(0),
        through=nw.lit(1, nw.Int64),
    )
    through = ~nw.col("through").is_null()
    return rows.join(walk, on=["vehicle", "inside"], how="left").with_columns(
        above=nw.when(through).then(nw.col("past")).otherwise(nw.col("inside")),
        tangled=nw.col("tangled").fill_null(0),
    )


def _hollow_rows(rows: Frame) -> Frame:
    """The components of unknown value, as parts of what is above them."""
    hollow = rows.filter(nw.col("value").is_null())
    holding = (
        rows.filter(~nw.col("through").is_null())
        .select("vehicle", component=nw.col("inside"), holds=nw.lit(1, nw.Int64))
        .unique()
    )
    open_ = nw.col("holds").is_null() & (nw.col("settled") == 0)
    return hollow.join(holding, on=["vehicle", "component"], how="left").select(
        "vehicle",
        key=nw.col("above"),
        own=nw.lit(0, nw.Int64),
        within=nw.lit(0, nw.Int64),
        itself=nw.lit(0, nw.Int64),
        holds=nw.lit(1, nw.Int64),
        least=value_where(~open_, nw.col("least")),
        most=nw.when(open_).then(1).otherwise(nw.col("most")).cast(nw.Int64),
        settled=nw.lit(0, nw.Int64),
        concern=greatest_of([nw.col("concern"), as_number(open_)]),
        tangled=nw.col("tangled"),
    )
