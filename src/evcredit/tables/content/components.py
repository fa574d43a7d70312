"""The content of battery components of many batteries, from a table of components.

What `evcredit.section_30d.sourcing.components` does for one battery, with joins and groups.
"""

from __future__ import annotations

import narwhals.stable.v2 as nw

from evcredit.facts.component import ASSEMBLED, ComponentKind, incremental
from evcredit.law.law import Law
from evcredit.tables.content.shares import (
    CLEAN,
    COMPONENTS,
    STANDING,
    UNKNOWN_SHARE,
    UNTRACED,
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
    "MOST_ALIKE",
    "circles",
    "content_of_components",
    "has_circles",
    "worth_inside",
]

#: How many components of unknown value may lie directly inside each other.
_MOST_HOLLOW = 6

#: How often the steps of a walk outward are doubled, and how many components that are worth the
#: same may lie inside each other.
_DOUBLINGS = 6
MOST_ALIKE = 2**_DOUBLINGS
#: How often they are doubled before one looks whether any are left: of real batteries hardly any.
_FIRST_DOUBLINGS = 2


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
        outermost=nw.lit(0, nw.Int64),
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
        outermost=as_number(nw.col("above").is_null()),
    )
    grouped = grouped_by(
        nw.concat([known, inside, _hollow_rows(rows)], how="vertical"),
        ["vehicle", "key"],
        sums=("own", "within"),
        greatest=("itself", "holds", "most", "settled", "concern", "tangled", "outermost"),
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
        outermost=nw.col("outermost"),
        doubt=value_where(contents_open, UNTRACED),
    )
    cells = flagged_cells(nw.col("value"), nw.col("least") == 1, nw.col("most") == 1)
    found = grouped_by(
        pieces.select(
            "vehicle",
            **cells,
            wrong=nw.col("wrong"),
            outermost=nw.col("outermost"),
            concern=greatest_of(
                [
                    nw.col("concern"),
                    value_where(nw.col("wrong") == 1, UNTRACED),
                    nw.col("doubt"),
                ]
            ),
        ),
        ["vehicle"],
        sums=("total", "low", "high"),
        greatest=("low_code", "high_code", "wrong", "concern", "outermost"),
    )
    # Components none of which is outermost lie inside each other in a circle.
    wrong = (nw.col("wrong") == 1) | (nw.col("outermost") == 0)
    share = flagged_share(COMPONENTS)
    return found.select(
        "vehicle",
        **{
            name: nw.when(wrong).then(unknown).otherwise(share[name])
            for name, unknown in zip(share, UNKNOWN_SHARE, strict=True)
        },
        _components=nw.when(nw.col("outermost") == 0)
        .then(greatest_of([nw.col("concern"), nw.lit(UNTRACED, nw.Int64)]))
        .otherwise(nw.col("concern")),
    )


def _component_rows(vehicles: Frame, components: Frame, law: Law) -> Frame:
    """Each component with its value, where it was made and what is known to be inside."""
    columns = components.collect_schema().names()
    names = ("foreign_entity_of_concern", STANDING, "nothing_inside")
    kept = [name for name in names if name in columns]
    # Without either column nothing shows that a component holds no other.
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


def worth_inside(components: Frame, name: str) -> Frame:
    """For each component, what is directly in it or in components of unknown value there.

    Args:
        components: The components.
        name: The name of the column to make, beside ``vehicle`` and ``component``.
    """
    rows = components.select("vehicle", "component", "inside", value=cents_in("value_cents"))
    inside = _placed(rows).filter(~nw.col("value").is_null() & ~nw.col("above").is_null())
    held = inside.select("vehicle", component=nw.col("above"), **{name: nw.col("value")})
    return grouped_by(held, ["vehicle", "component"], sums=(name,), greatest=())


def circles(components: Frame, name: str) -> Frame:
    """The components that lie inside themselves through others, marked by 1 in a column.

    One that is inside itself without another has a separate check.

    What is inside is worth no more than what it is in, so in a circle all are worth the same, or
    their value is unknown. A component with `MOST_ALIKE` or more around it that are worth the same,
    or are of unknown value as it is, is taken for one too.

    Args:
        components: The components.
        name: The name of the column to make, in addition to ``vehicle`` and ``component``.
    """
    rows = components.select("vehicle", "component", "inside", value=cents_in("value_cents"))
    others = nw.col("component") != nw.col("inside")
    is_hollow = nw.col("value").is_null()
    # From one of known value to the next, whatever is between them; it may be itself.
    known = _steps(rows, _placed(rows).filter(~is_hollow & others)).filter(
        nw.col("value") == nw.col("around")
    )
    hollow = rows.filter(is_hollow & others).with_columns(above=nw.col("inside"))
    among = _steps(rows, hollow).filter(nw.col("around").is_null())
    names = ("vehicle", "component", "above")
    steps = nw.concat([known.select(*names), among.select(*names)], how="vertical")
    walk = _walk_outward(steps.unique(), _DOUBLINGS)
    return walk.select("vehicle", "component", **{name: nw.lit(1, nw.Int64)}).unique()


def has_circles(components: Frame) -> bool:
    """Whether `circles` may mark any component: what is unknown counts as worth the same here.

    A lazy frame is looked into at once: to walk on for all of its rows, its plan would hold the
    components 64 times over.
    """
    rows = components.select("vehicle", "component", "inside", value=cents_in("value_cents"))
    others = rows.filter(nw.col("component") != nw.col("inside"))
    steps = _steps(rows, others.with_columns(above=nw.col("inside"))).filter(
        (nw.col("value") == nw.col("around"))
        | nw.col("value").is_null()
        | nw.col("around").is_null()
    )
    walk = _walk_outward(steps.select("vehicle", "component", "above").unique(), _FIRST_DOUBLINGS)
    found = walk.collect() if isinstance(walk, nw.LazyFrame) else walk
    steps = [((vehicle, here), (vehicle, there)) for vehicle, here, there in found.rows()]
    going_on = {here for here, _ in steps}
    for _ in range(2 ** (_DOUBLINGS - _FIRST_DOUBLINGS) - 1):
        going_on = {here for here, there in steps if there in going_on}
    return bool(going_on)


def _steps(rows: Frame, outward: Frame) -> Frame:
    """Steps from a component to what is ``above`` it, with what both are worth."""
    around = rows.select("vehicle", above=nw.col("component"), around=nw.col("value")).unique()
    return outward.select("vehicle", "component", "value", "above").join(
        around, on=["vehicle", "above"], how="inner"
    )


def _walk_outward(walk: Frame, doublings: int) -> Frame:
    """Each component with what is so many steps around it, in ``above``."""
    # Each time the steps are twice as long; who cannot go on drops out.
    for _ in range(doublings):
        steps = walk.select("vehicle", above=nw.col("component"), beyond=nw.col("above"))
        walk = (
            walk.join(steps, on=["vehicle", "above"], how="inner")
            .select("vehicle", "component", above=nw.col("beyond"))
            .unique()
        )
    return walk


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
        concern=greatest_of([nw.col("concern"), value_where(open_, UNTRACED)]),
        tangled=nw.col("tangled"),
        outermost=as_number(nw.col("above").is_null()),
    )
