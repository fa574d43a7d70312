"""The contents of whole tables, case by case."""

from datetime import date
from fractions import Fraction

import attrs
import polars as pl
import pytest

from evcredit import InvalidFactError, current_law
from evcredit.errors import InvalidFactsError
from evcredit.law import AgreementDay, AgreementScope
from evcredit.tables import InvalidFrameError, check_content
from evcredit.tables.content import qualifying as module
from evcredit.tables.content.qualifying import qualifying_content
from evcredit.tables.content.shares import LARGEST_CENTS

LAW = current_law()
DAY = date(2024, 6, 3)
WHOLE = "qualifying_critical_mineral_content"
TRACED = "traced_critical_mineral_content"
PARTS = "qualifying_battery_component_content"
MINERALS_FLAG = "minerals_from_foreign_entity_of_concern"
COMPONENTS_FLAG = "components_from_foreign_entity_of_concern"
OPEN = (Fraction(0), Fraction(1))

VEHICLES = {"vehicle": pl.Int64, "purchase_placed_in_service": pl.Date}
CHAINS = {"vehicle": pl.Int64, "chain": pl.Int64, "mineral": pl.String, "value_cents": pl.Int64}
STEPS = {
    "vehicle": pl.Int64,
    "chain": pl.Int64,
    "activity": pl.String,
    "country": pl.String,
    "value_added_cents": pl.Int64,
}
COMPONENTS = {
    "vehicle": pl.Int64,
    "component": pl.Int64,
    "inside": pl.Int64,
    "value_cents": pl.Int64,
    "made_in": pl.String,
}


def table(schema, rows, more=None):
    return pl.DataFrame(rows, schema={**schema, **(more or {})}, orient="row")


def vehicles(*rows, **more):
    return table(VEHICLES, rows or [(1, DAY)], more)


def exactly(share):
    return (Fraction(share), Fraction(share))


def found(lazy=True, *, law=LAW, vehicles_=None, **tables):
    """The bounds of the three shares, and the flags, of the first vehicle."""
    given = {"vehicles": vehicles() if vehicles_ is None else vehicles_, **tables}
    frames = {name: frame.lazy() if lazy else frame for name, frame in given.items()}
    result = qualifying_content(frames.pop("vehicles"), **frames, law=law)
    assert isinstance(result, pl.LazyFrame if lazy else pl.DataFrame)
    row = result.lazy().collect().sort("vehicle").to_dicts()[0]

    def bounds(name):
        of, whole, most, most_in = (
            row[f"{name}_{end}"] for end in ("lower_of", "lower_in", "upper_of", "upper_in")
        )
        return None if of is None else (Fraction(of, whole), Fraction(most, most_in))

    return {
        **{name: bounds(name) for name in (WHOLE, TRACED, PARTS)},
        MINERALS_FLAG: row[MINERALS_FLAG],
        COMPONENTS_FLAG: row[COMPONENTS_FLAG],
    }


def minerals(*chains, more=None, law=LAW, day=DAY, lazy=True, mineral="nickel"):
    """What is found of chains, each a value and steps of (activity, country, value added, ...)."""
    heads = [(1, index, mineral, value) for index, (value, *_) in enumerate(chains)]
    steps = [(1, index, *step) for index, (_, *steps) in enumerate(chains) for step in steps]
    return found(
        lazy,
        law=law,
        vehicles_=vehicles((1, day)),
        chains=table(CHAINS, heads),
        steps=table(STEPS, steps, more),
    )


def components(*rows, more=None, law=LAW):
    return found(law=law, components=table(COMPONENTS, [(1, *row) for row in rows], more))


EXTRACTION, PROCESSING, RECYCLING = "extraction", "processing", "recycling"


# -- minerals ------------------------------------------------------------------------------


@pytest.mark.parametrize("lazy", [True, False])
def test_exactly_forty_percent_from_thirds(lazy):
    """Three sources that do not divide evenly: 40 percent to the cent, and a cent less."""

    def lower(*values):
        places = (("CL", values[0]), ("AU", values[1]), ("JP", values[2]), ("CN", values[3]))
        rows = [(value, (PROCESSING, place, None)) for place, value in places]
        return minerals(*rows, lazy=lazy)[WHOLE]

    assert lower(3333, 3334, 3333, 15000) == exactly(Fraction(2, 5))
    assert lower(3333, 3333, 3333, 15000) < exactly(Fraction(2, 5))
    assert lower(3333, 3334, 3333, 15001) < exactly(Fraction(2, 5))


READINGS = [
    {},
    {"agreement_scope": AgreementScope.COVERED_MINERALS},
    {"agreement_day": AgreementDay.ACTIVITY},
    {"agreement_scope": AgreementScope.COVERED_MINERALS, "agreement_day": AgreementDay.ACTIVITY},
]


@pytest.mark.parametrize("readings", READINGS, ids=str)
@pytest.mark.parametrize("short", [0, 1])
def test_forty_percent_under_every_reading(readings, short):
    """Under each reading a share of exactly 40 percent is reached, and a cent less is not."""
    law = LAW.with_readings(**readings) if readings else LAW
    day = date(2024, 1, 1)
    result = minerals(
        (7 * 11, (EXTRACTION, "CL", None, day)),
        (323 - short, (PROCESSING, "JP", None, day)),
        (600, (PROCESSING, "CN", None, day)),
        more={"performed_on": pl.Date},
        law=law,
    )
    assert result[WHOLE] == exactly(Fraction(400 - short, 1000 - short))
    assert result[TRACED] == result[WHOLE]


def test_readings_differ():
    """Manganese is in the agreement with Japan and aluminum is not; a day may lie before it."""
    covered = LAW.with_readings(agreement_scope=AgreementScope.COVERED_MINERALS)
    japan = (100, (PROCESSING, "JP", None))
    assert minerals(japan, law=covered, mineral="manganese")[WHOLE] == exactly(1)
    assert minerals(japan, law=covered, mineral="aluminum")[WHOLE] == exactly(0)
    assert minerals(japan, law=covered, mineral=None)[WHOLE] == OPEN
    by_activity = LAW.with_readings(agreement_day=AgreementDay.ACTIVITY)
    for day, share in (
        (date(2023, 3, 27), exactly(0)),
        (date(2023, 3, 28), exactly(1)),
        (None, OPEN),
    ):
        chain = (100, (PROCESSING, "JP", None, day))
        assert minerals(chain, more={"performed_on": pl.Date}, law=by_activity)[WHOLE] == share
    # Without the column no day is known.
    assert minerals(japan, law=by_activity)[WHOLE] == OPEN


def test_without_japan():
    """Taking the agreement away takes its countries away, and adding one dates it."""
    chains = [(40, (PROCESSING, "JP", None)), (60, (PROCESSING, "FI", None))]
    assert minerals(*chains)[WHOLE] == exactly(Fraction(2, 5))
    assert minerals(*chains, law=LAW.without_agreement("JPCMA"))[WHOLE] == exactly(0)
    later = LAW.with_hypothetical("EU-CMA", date(2024, 7, 1))
    assert minerals(*chains, law=later, day=date(2024, 6, 30))[WHOLE] == exactly(Fraction(2, 5))
    assert minerals(*chains, law=later, day=date(2024, 7, 1))[WHOLE] == exactly(1)
    assert minerals(*chains, law=later, day=None)[WHOLE] == (Fraction(2, 5), Fraction(1))


@pytest.mark.parametrize(
    ("steps", "whole", "traced"),
    [
        ([(EXTRACTION, "AU", 50), (EXTRACTION, "CN", 50)], 1, Fraction(1, 2)),
        ([(EXTRACTION, "AU", 499), (EXTRACTION, "CN", 501)], 0, Fraction(499, 1000)),
        ([(EXTRACTION, "AU", 40), (EXTRACTION, "CN", 60), (PROCESSING, "JP", None)], 1, 1),
        ([(EXTRACTION, "AU", 0), (EXTRACTION, "CN", 0)], 0, 0),
        ([(RECYCLING, "US", 60), (RECYCLING, "KR", 40)], 1, Fraction(3, 5)),
        ([(EXTRACTION, "AU", 50), (RECYCLING, "JP", 50)], 0, 0),
        ([(EXTRACTION, "CN", 50), (RECYCLING, "MX", 50)], 1, 1),
    ],
)
def test_one_chain(steps, whole, traced):
    """The maximum of the shares of extraction and processing, or that of recycling alone."""
    result = minerals((1000, *steps))
    assert (result[WHOLE], result[TRACED]) == (exactly(whole), exactly(traced))


def test_threshold_of_another_day():
    """The percentage that carries a chain is the one of the day placed in service."""
    schedule = LAW.value_added_threshold_percent
    (entry,) = schedule.entries
    split = (
        attrs.evolve(entry, end=date(2025, 1, 1)),
        attrs.evolve(entry, start=date(2025, 1, 1), value=70),
    )
    law = attrs.evolve(LAW, value_added_threshold_percent=attrs.evolve(schedule, entries=split))
    chain = (100, (EXTRACTION, "AU", 60), (EXTRACTION, "CN", 40))
    assert minerals(chain, law=law)[WHOLE] == exactly(1)
    assert minerals(chain, law=law, day=date(2025, 1, 1))[WHOLE] == exactly(0)


def test_traced_thirds_are_rounded_outwards():
    """A third of a cent is carried in millionths of a dollar, down and up."""
    result = minerals((100, (EXTRACTION, "AU", 1), (EXTRACTION, "CN", 2)))
    assert result[TRACED] == (Fraction(333_333, 10**6), Fraction(333_334, 10**6))
    assert result[WHOLE] == exactly(0)


@pytest.mark.parametrize(
    ("chains", "traced"),
    [
        # A chain of unknown value pulls the share towards its own.
        ([(None, (PROCESSING, "JP", None)), (10, (PROCESSING, "CN", None))], OPEN),
        (
            [
                (None, (EXTRACTION, "AU", 1), (EXTRACTION, "CN", 3)),
                (10, (PROCESSING, "JP", None)),
            ],
            (Fraction(1, 4), Fraction(1)),
        ),
        (
            [
                (None, (EXTRACTION, "AU", 1), (EXTRACTION, "CN", 3)),
                (10, (PROCESSING, "CN", None)),
            ],
            (Fraction(0), Fraction(1, 4)),
        ),
        ([(None, (EXTRACTION, "AU", 1), (EXTRACTION, "CN", 3))], exactly(Fraction(1, 4))),
        ([(0, (EXTRACTION, "AU", 1), (EXTRACTION, "CN", 3))], exactly(Fraction(1, 4))),
        ([(0, (PROCESSING, "JP", None)), (0, (PROCESSING, "CN", None))], exactly(0)),
        ([(0, (PROCESSING, "JP", None)), (None, (PROCESSING, "CN", None))], exactly(0)),
        ([(0, (PROCESSING, "CN", None)), (None, (PROCESSING, "JP", None))], OPEN),
    ],
)
def test_chains_of_unknown_or_no_value(chains, traced):
    """As with one battery."""
    assert minerals(*chains)[TRACED] == traced


def test_unknown_activities():
    """A step that may have been anything is tried as everything."""
    assert minerals((9, (None, "CN", None)))[WHOLE] == exactly(0)
    assert minerals((9, (None, "US", None)))[WHOLE] == exactly(1)
    assert minerals((9, (None, "JP", None)))[WHOLE] == OPEN
    assert minerals((9, ("smelting", "JP", None)), lazy=False)[WHOLE] == OPEN
    five = [(None, "CN", None)] * 5
    assert minerals((9, *five))[WHOLE] == OPEN
    known = (RECYCLING, "US", 50)
    assert minerals((100, known, (None, "CN", 50)))[TRACED] == (Fraction(1, 2), Fraction(1))
    assert minerals((100, known, (None, "CN", 51)))[WHOLE] == OPEN


def test_unknown_places_and_days():
    """Null, and what is no country, is unknown; so is a territory whose place is unresolved."""
    for country in (None, "XX", "Japan", "GU"):
        assert minerals((9, (PROCESSING, country, None)))[WHOLE] == OPEN
    assert minerals((9, (PROCESSING, "JP", None)), day=None)[WHOLE] == exactly(1)


def test_before_the_sourcing_rules_there_is_no_share():
    """The contents have no affecting a vehicle of 2022; the flags are reported all the same."""
    result = minerals((9, (PROCESSING, "CN", None)), day=date(2023, 4, 17))
    assert (result[WHOLE], result[TRACED], result[PARTS]) == (None, None, None)
    assert result[MINERALS_FLAG] is True


def test_missing_rows():
    """Vehicles without rows, chains without steps, steps without a chain."""
    nothing = found()
    assert (nothing[WHOLE], nothing[TRACED], nothing[PARTS]) == (OPEN, OPEN, OPEN)
    assert (nothing[MINERALS_FLAG], nothing[COMPONENTS_FLAG]) == (None, None)
    none = found(
        vehicles_=vehicles((1, DAY, True, True), no_minerals=pl.Boolean, no_components=pl.Boolean),
        chains=table(CHAINS, []),
        components=table(COMPONENTS, []),
    )
    assert (none[WHOLE], none[TRACED], none[PARTS]) == (None, None, None)
    assert (none[MINERALS_FLAG], none[COMPONENTS_FLAG]) == (False, False)
    unstated = found(
        vehicles_=vehicles((1, DAY, None), no_minerals=pl.Boolean), chains=table(CHAINS, [])
    )
    assert unstated[WHOLE] == OPEN
    chains = table(CHAINS, [(1, 1, "nickel", 5)])
    for steps in ({}, {"steps": table(STEPS, [])}):
        result = found(chains=chains, **steps)
        assert (result[WHOLE], result[TRACED], result[MINERALS_FLAG]) == (OPEN, OPEN, None)
    stray = table(STEPS, [(1, 2, PROCESSING, "JP", None)])
    known = [(1, 1, PROCESSING, "CN", None)]
    result = found(chains=chains, steps=pl.concat([stray, table(STEPS, known)]))
    assert result[WHOLE] == OPEN


# -- foreign entities of concern -----------------------------------------------------------


@pytest.mark.parametrize(
    ("steps", "flag"),
    [
        ([(PROCESSING, "JP", None, False)], False),
        ([(PROCESSING, "JP", None, None)], None),
        ([(PROCESSING, "CN", None, None)], True),
        ([(PROCESSING, "CN", None, False)], False),
        ([(PROCESSING, "JP", None, True), (EXTRACTION, None, None, None)], True),
    ],
)
def test_minerals_of_concern(steps, flag):
    """What is stated overrides what the place shows."""
    more = {"foreign_entity_of_concern": pl.Boolean}
    assert minerals((9, *steps), more=more)[MINERALS_FLAG] is flag


def test_order_of_statement_and_place():
    """Under a reading the place takes precedence, and what is stated of the battery last."""
    second = LAW.with_readings(stated_standing_governs=False)
    more = {"foreign_entity_of_concern": pl.Boolean}
    step = (9, (PROCESSING, "CN", None, False))
    assert minerals(step, more=more, law=second)[MINERALS_FLAG] is True
    column = f"vehicle_battery_{MINERALS_FLAG}"
    given = {
        "vehicles_": vehicles((1, DAY, False), **{column: pl.Boolean}),
        "chains": table(CHAINS, [(1, 1, "nickel", 5)]),
        "steps": table(STEPS, [(1, 1, PROCESSING, "CN", None)]),
    }
    assert found(**given)[MINERALS_FLAG] is False
    assert found(**given, law=second)[MINERALS_FLAG] is True
    nowhere = LAW.with_readings(activity_in_covered_nation_counts=False)
    assert minerals((9, (PROCESSING, "CN", None)), law=nowhere)[MINERALS_FLAG] is None


FOLLOWS_FIRST = LAW.with_readings(stated_standing_governs=False)
STATED = {"foreign_entity_of_concern": pl.Boolean}


@pytest.mark.parametrize(
    ("country", "stated", "flag"),
    [
        ("JP", False, False),
        (None, False, None),
        ("Atlantis", False, None),
        (None, True, True),
        (None, None, None),
        ("CN", False, True),
    ],
)
def test_an_unknown_place_may_overturn_what_is_stated(country, stated, flag):
    """Where what follows takes precedence, of a step and of a component alike."""
    step = (9, (PROCESSING, country, None, stated))
    assert minerals(step, more=STATED, law=FOLLOWS_FIRST)[MINERALS_FLAG] is flag
    more = {**STATED, "nothing_inside": pl.Boolean}
    part = (1, None, 9, country, stated, True)
    assert components(part, more=more, law=FOLLOWS_FIRST)[COMPONENTS_FLAG] is flag
    nowhere = FOLLOWS_FIRST.with_readings(activity_in_covered_nation_counts=False)
    assert minerals(step, more=STATED, law=nowhere)[MINERALS_FLAG] is stated


@pytest.mark.parametrize("stated", [True, False])
def test_what_is_stated_of_a_battery_waits_for_tracing(stated):
    """It decides where the place is known, and not without chains, steps, places or contents."""
    columns = {f"vehicle_battery_{name}": pl.Boolean for name in (MINERALS_FLAG, COMPONENTS_FLAG)}
    given = vehicles((1, DAY, stated, stated), **columns)
    assert found(vehicles_=given)[MINERALS_FLAG] is stated
    assert found(vehicles_=given, law=FOLLOWS_FIRST)[MINERALS_FLAG] is None
    chains = table(CHAINS, [(1, 1, "nickel", 5)])
    no_steps = {"vehicles_": given, "chains": chains}
    assert found(**no_steps, law=FOLLOWS_FIRST)[MINERALS_FLAG] is None
    for country, flag in (("JP", stated), (None, None)):
        steps = table(STEPS, [(1, 1, PROCESSING, country, None)])
        assert found(**no_steps, steps=steps, law=FOLLOWS_FIRST)[MINERALS_FLAG] is flag
    more = {"nothing_inside": pl.Boolean}
    for value, inside, flag in ((9, True, stated), (9, None, None), (None, None, None)):
        parts = table(COMPONENTS, [(1, 1, None, value, "JP", inside)], more)
        here = {"vehicles_": given, "components": parts}
        assert found(**here, law=FOLLOWS_FIRST)[COMPONENTS_FLAG] is flag
        assert found(**here)[COMPONENTS_FLAG] is stated


def test_covered_nations_of_the_day():
    """Which nations are covered is read on the day placed in service."""
    schedule = LAW.covered_nations
    (entry,) = schedule.standing
    split = (
        attrs.evolve(entry, end=date(2024, 7, 1)),
        attrs.evolve(entry, start=date(2024, 7, 1), value=("CN", "FI")),
    )
    law = attrs.evolve(LAW, covered_nations=attrs.evolve(schedule, entries=split))
    step = (9, (PROCESSING, "FI", None))
    assert minerals(step, law=law, day=date(2024, 6, 30))[MINERALS_FLAG] is None
    assert minerals(step, law=law, day=date(2024, 7, 1))[MINERALS_FLAG] is True
    assert components((1, None, 9, "FI"), law=law)[COMPONENTS_FLAG] is None


# -- components ----------------------------------------------------------------------------

KNOWN = {"nothing_inside": pl.Boolean}


def test_incremental_values():
    """A module of 100 made in Mexico holds 40 from China: 60 percent."""
    result = components((1, None, 100, "MX", None), (2, 1, 40, "CN", True), more=KNOWN)
    assert result[PARTS] == exactly(Fraction(3, 5))
    assert result[COMPONENTS_FLAG] is True


def test_what_is_inside_is_unknown_unless_told():
    """By its kind, or by saying so; a kind is no help where it may hold something."""
    assert components((1, None, 100, "MX"))[PARTS] == OPEN
    kind = {"kind": pl.String}
    assert components((1, None, 100, "MX", "separator"), more=kind)[PARTS] == exactly(1)
    assert components((1, None, 100, "MX", "battery cell"), more=kind)[PARTS] == OPEN
    both = {**kind, **KNOWN}
    assert components((1, None, 9, "MX", "separator", False), more=both)[PARTS] == OPEN
    assert components((1, None, 9, "MX", "battery cell", True), more=both)[PARTS] == exactly(1)
    clean = {**KNOWN, "foreign_entity_of_concern": pl.Boolean}
    assert components((1, None, 9, "MX", None, False), more=clean)[COMPONENTS_FLAG] is None
    assert components((1, None, 9, "MX", True, False), more=clean)[COMPONENTS_FLAG] is False


def test_components_of_unknown_value():
    """What they may be worth is part of what is around them."""
    rows = [
        (1, None, 100, "MX", None),
        (2, 1, None, "CN", None),
        (3, 2, None, "US", None),
        (4, 3, 30, "CN", True),
    ]
    assert components(*rows, more=KNOWN)[PARTS] == (Fraction(0), Fraction(7, 10))
    rows[0] = (1, None, None, "MX", None)
    assert components(*rows, more=KNOWN)[PARTS] == OPEN
    rows[1:] = [(2, 1, None, "US", True)]
    assert components(*rows, more=KNOWN)[PARTS] == exactly(1)
    rows[1:] = [(2, 1, None, "US", None)]
    assert components(*rows, more=KNOWN)[PARTS] == OPEN


@pytest.mark.parametrize(
    "rows",
    [
        [(1, None, 10, "MX", None), (2, 1, 11, "MX", True)],
        [(1, None, 10, "MX", True), (2, 7, 5, "MX", True)],
        [(1, 2, None, "MX", None), (2, 1, None, "MX", None)],
        [(n, n - 1 or None, None if n > 1 else 9, "MX", n == 12) for n in range(1, 13)],
    ],
    ids=["worth more than the whole", "inside nothing", "in a circle", "too deep"],
)
def test_components_that_cannot_be(rows):
    """Nothing is known of such a battery."""
    result = components(*rows, more=KNOWN)
    assert (result[PARTS], result[COMPONENTS_FLAG]) == (OPEN, None)


# -- numbers and columns -------------------------------------------------------------------


def test_the_largest_values():
    """The maximum value is exact; a greater one, and a negative one, counts as unknown."""
    china = (LARGEST_CENTS, (PROCESSING, "CN", None))
    for value, share in (
        (LARGEST_CENTS, exactly(Fraction(1, 2))),
        (LARGEST_CENTS + 1, (Fraction(0), Fraction(1))),
        (-1, (Fraction(0), Fraction(1))),
    ):
        result = minerals((value, (PROCESSING, "JP", None)), china)
        assert (result[WHOLE], result[TRACED]) == (share, share)
    half = (LARGEST_CENTS, (EXTRACTION, "AU", LARGEST_CENTS), (EXTRACTION, "CN", LARGEST_CENTS))
    assert minerals(half)[TRACED] == exactly(Fraction(1, 2))


def test_sums_that_do_not_fit():
    """Beyond thirty million dollars a vehicle nothing is said, and nothing wrong."""
    assert minerals(*[(LARGEST_CENTS, (PROCESSING, "JP", None))] * 4)[WHOLE] == OPEN
    steps = [(EXTRACTION, "AU", LARGEST_CENTS)] * 4
    assert minerals((5, *steps))[WHOLE] == OPEN
    chains = [(LARGEST_CENTS, (PROCESSING, "JP", None)), (None, (EXTRACTION, "AU", None))]
    assert minerals(*chains)[TRACED] == OPEN


def test_types_of_numbers_and_text():
    """Short integers do not wrap, and text may be coded."""
    values = [2_000_000_000 // 4] * 2
    chains = table(CHAINS, [(1, n, "nickel", v) for n, v in enumerate(values)])
    steps = table(STEPS, [(1, 0, PROCESSING, "JP", None), (1, 1, PROCESSING, "CN", None)])
    coded = steps.with_columns(
        pl.col("country").cast(pl.Categorical), pl.col("activity").cast(pl.Enum([PROCESSING]))
    )
    short = chains.with_columns(pl.col("value_cents").cast(pl.Int32))
    result = qualifying_content(vehicles(), chains=short, steps=coded).to_dicts()[0]
    assert (result[f"{TRACED}_lower_of"], result[f"{TRACED}_lower_in"]) == (5 * 10**12, 10**13)


def test_other_columns_are_passed_through():
    """The vehicles keep what they have, one row each."""
    frame = vehicles((1, DAY, "a"), (2, DAY, "b"), name=pl.String)
    result = qualifying_content(frame, chains=table(CHAINS, [(2, 1, "nickel", 5)]))
    assert result.sort("vehicle")["name"].to_list() == ["a", "b"]


def test_faults_of_columns_are_told_together():
    """By table and column, with what to give instead."""
    money = table(CHAINS, []).with_columns(value_cents=pl.lit(1.5)).drop("mineral")
    with pytest.raises(InvalidFactsError) as caught:
        qualifying_content(vehicles(), chains=money)
    assert [str(fault) for fault in caught.value.exceptions] == [
        "chains.mineral: found None; give a column of text",
        "chains.value_cents: found 'Float64'; give whole cents as integers",
    ]


def test_other_faults():
    """Keys of unlike types, a result that is there, steps without chains, other engines."""
    chains = table(CHAINS, []).with_columns(vehicle=pl.lit("1"))
    with pytest.raises(InvalidFactError, match=r"chains.vehicle: found 'String'; give Int64, the"):
        qualifying_content(vehicles(), chains=chains)
    with pytest.raises(InvalidFactError, match=f"vehicles.{MINERALS_FLAG}: found 'Boolean'; omit"):
        qualifying_content(vehicles((1, DAY, None), **{MINERALS_FLAG: pl.Boolean}))
    with pytest.raises(InvalidFactError, match="chains: found None; steps belong to chains"):
        qualifying_content(vehicles(), steps=table(STEPS, []))


def test_engines_that_lose_whole_numbers_are_refused(monkeypatch):
    """With the engines that are kept."""
    monkeypatch.setattr(module, "_ENGINES", ("pyarrow",))
    with pytest.raises(InvalidFactError, match="vehicles: found 'polars'; convert it first"):
        qualifying_content(vehicles())


def test_tables_of_pandas():
    """By way of Arrow; the rows stay in their order, and the frame keeps its index."""
    pandas = pytest.importorskip("pandas")
    vehicles = pandas.DataFrame(
        {"vehicle": [2, 1], "purchase_placed_in_service": [date(2024, 6, 3)] * 2}, index=[7, 8]
    )
    keys = {"vehicle": [1, 1, 2], "chain": [1, 2, 1]}
    chains = pandas.DataFrame({**keys, "mineral": ["nickel"] * 3, "value_cents": [2, 3, 5]})
    places = {"activity": ["processing"] * 3, "country": ["JP", "CN", "CN"]}
    nothing = pandas.array([None] * 3, dtype="Int64")
    steps = pandas.DataFrame({**keys, **places, "value_added_cents": nothing})
    found = qualifying_content(vehicles, chains=chains, steps=steps)
    assert list(found.index) == [7, 8]
    assert list(found["qualifying_critical_mineral_content_lower_of"]) == [0, 2]
    assert list(found["qualifying_critical_mineral_content_lower_in"]) == [5, 5]


def test_tables_of_pandas_are_checked_by_way_of_arrow():
    """They come back as they were, or sorted out with the columns that tell why."""
    pandas = pytest.importorskip("pandas")
    day = pandas.Series([DAY, DAY], dtype="date32[pyarrow]")
    vehicles = pandas.DataFrame({"vehicle": [1, 2], "purchase_placed_in_service": day})
    chains = pandas.DataFrame(
        {
            "vehicle": [1, 2, 2],
            "chain": [1, 1, 1],
            "mineral": ["nickel"] * 3,
            "value_cents": [500, 600, 700],
        },
        index=[7, 8, 9],
    )
    with pytest.raises(InvalidFrameError, match="several rows have the same key"):
        check_content(vehicles, chains=chains)
    good, bad = check_content(vehicles, chains=chains, strict=False)
    assert (list(good.vehicles["vehicle"]), list(bad.vehicles["vehicle"])) == ([1], [2])
    assert (list(good.chains.index), list(bad.chains.index)) == ([7], [8, 9])
    assert list(good.chains.columns) == list(chains.columns)
    assert list(bad.chains.columns) == [*chains.columns, "problems"]
    checked = check_content(vehicles, chains=chains[:2])
    assert checked.vehicles is vehicles


def circle(*beside, worth=(900, 900)):
    """Two components inside each other, worth the same or unknown, of the first vehicle."""
    rows = [(1, "a", "b"), (1, "b", "a"), *beside]
    return pl.DataFrame(
        {
            "vehicle": [row[0] for row in rows],
            "component": [row[1] for row in rows],
            "inside": [row[2] for row in rows],
            "value_cents": [*worth, *[900] * len(beside)],
            "made_in": ["MX"] * len(rows),
            "nothing_inside": [row[2] is None for row in rows],
            "foreign_entity_of_concern": [False] * len(rows),
        }
    )


def test_components_inside_each_other_have_no_content():
    """Nothing is outermost, so nothing is known of what is inside what, nor of who made it."""
    cars = pl.DataFrame({"vehicle": [1], "purchase_placed_in_service": [date(2024, 6, 3)]})
    found = qualifying_content(cars, components=circle())
    names = [name for name in found.columns if "battery_component" in name]
    row = found.row(0, named=True)
    assert [row[name] for name in names] == [0, 1, 1, 1]
    assert row["components_from_foreign_entity_of_concern"] is None


def test_a_circle_beside_a_good_component_is_found():
    cars = pl.DataFrame({"vehicle": [1], "purchase_placed_in_service": [date(2024, 6, 3)]})
    with pytest.raises(InvalidFrameError, match=r"inside itself through others, .*\(2 rows\)"):
        check_content(cars, components=circle((1, "good", None)))
    good, bad = check_content(cars, components=circle((1, "good", None)), strict=False)
    assert (len(good.components), len(bad.components)) == (0, 3)


def deep(levels):
    """A module that holds one cell alone is worth as much, and so on inward."""
    inside = [(2, str(level), str(level - 1) if level else None) for level in range(levels)]
    return circle(*inside).filter(pl.col("vehicle") == 2)


@pytest.mark.parametrize(
    ("worth", "found"), [((900, None), 1), ((None, 900), 1), ((None, None), 2)]
)
def test_a_circle_through_a_component_of_unknown_value_is_found(worth, found):
    """What is unknown takes part in a circle as well, beside a good component too."""
    cars = pl.DataFrame({"vehicle": [1], "purchase_placed_in_service": [date(2024, 6, 3)]})
    rows = circle((1, "good", None), worth=worth)
    rows = rows.with_columns(pl.col("value_cents").cast(pl.Int64))
    with pytest.raises(InvalidFrameError, match="inside itself through others") as caught:
        check_content(cars, components=rows)
    assert f"({found} rows)" in str(caught.value)
    good, bad = check_content(cars, components=rows, strict=False)
    assert (len(good.components), len(bad.components)) == (0, 3)


@pytest.mark.parametrize("every", [2, 3, 70])
def test_components_of_unknown_value_inside_each_other_are_no_circle(every):
    """Known and unknown values by turns, a hundred levels deep, and sixty unknown in a row."""
    cars = pl.DataFrame({"vehicle": [2], "purchase_placed_in_service": [date(2024, 6, 3)]})
    count = 60 if every == 70 else 100
    rows = deep(count)
    values = [None if level % every else 9000 - level for level in range(count)]
    rows = rows.with_columns(value_cents=pl.Series(values, dtype=pl.Int64))
    assert check_content(cars, components=rows).components.equals(rows)


def test_components_of_one_value_may_lie_deep():
    """Sixty-four of them are no circle; whatever has that many around it is taken for one."""
    cars = pl.DataFrame({"vehicle": [2], "purchase_placed_in_service": [date(2024, 6, 3)]})
    for rows in (deep(60), deep(64)):
        assert check_content(cars, components=rows).components.equals(rows)
    with pytest.raises(InvalidFrameError, match=r"or inside 64 that are worth .*\(2 rows\)"):
        check_content(cars, components=deep(66))


def test_the_plan_of_components_stays_small():
    """Without a circle, the walk that finds one is no part of a lazy plan."""
    cars = pl.LazyFrame({"vehicle": [2], "purchase_placed_in_service": [date(2024, 6, 3)]})
    good, bad = check_content(cars, components=deep(9).lazy(), strict=False)
    for each in (good.components, bad.components):
        assert each.explain(optimized=False).count("JOIN") < 60
    assert good.components.collect().height == 9
    cars = cars.with_columns(vehicle=pl.lit(1, pl.Int64))
    _, bad = check_content(cars, components=circle().lazy(), strict=False)
    assert bad.components.collect().height == 2
