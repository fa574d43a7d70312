"""One claim through every door: nothing stated is lost, and all doors say the same.

A claim is an object, JSON, a row of a table in which every fact is a column, and what is assumed of
a row without columns. Verdict, bounds, reason and warnings agree, under two laws.
"""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple

import polars as pl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.commercial import business_claims
from tests.strategies import claims, fewer, hide, hidings, outermost
from tests.used import known_used_claims

from evcredit import Claim, InvalidFactError, Law, Verdict, assess, current_law, with_facts
from evcredit.algebra.field import Kind, declared_facts
from evcredit.algebra.path import read
from evcredit.algebra.reads import paths_read, pattern_of
from evcredit.errors import ClaimWarning, UnlikelyValueWarning
from evcredit.facts import PriorCredit, StickerPrice
from evcredit.facts.plausible import looks_wrong
from evcredit.io import claim_from_json, claim_to_json
from evcredit.tables import ColumnKind, assess_frame, rows_of, schema

#: How many claims a long run tries; see `make campaign-doors`.
CLAIMS = int(os.environ.get("EVCREDIT_DOOR_CLAIMS", "0"))
LAWS = (current_law(), current_law().without_agreement("JPCMA"))
CREDITS = ("30D", "25E", "45W")
TYPES = {
    ColumnKind.FLAG: pl.Boolean,
    ColumnKind.DAY: pl.Date,
    ColumnKind.TEXT: pl.String,
    ColumnKind.NUMBER: pl.Int64,
}
TRUTHS = {Verdict.MET: True, Verdict.NOT_MET: False, Verdict.UNKNOWN: None}

# -- random claims -------------------------------------------------------------------------


@st.composite
def _used(draw: st.DrawFn) -> Claim:
    whole = draw(known_used_claims())
    return hide(whole, draw(hidings(whole)))


@st.composite
def _for_business(draw: st.DrawFn) -> Claim:
    whole = draw(business_claims())
    return hide(whole, draw(hidings(whole)))


_DRAWN = {"30D": claims(), "25E": _used(), "45W": _for_business()}
#: Facts of other credits, for the reader, and such as look like something else.
_OTHERS: dict[str, tuple[Any, ...]] = {
    "vehicle.trim": ("Long Range",),
    "vehicle.model": ("Crossover",),
    "vehicle.model_year": (Decimal(2024),),
    "vehicle.make": ("Example Motors",),
    "vehicle.prior_transfers": ((),),
    "vehicle.mobile_machinery": (True, False),
    "vehicle.compact_car": (True, False),
    "vehicle.tractor_cab": (True,),
    "vehicle.gasoline_or_diesel_engine": (True, False),
    "vehicle.msrp": (Decimal("0.5"), Decimal(5_799_000)),
    "vehicle.sticker": (StickerPrice(base_price=45_000),),
    "vehicle.gross_vehicle_weight_rating_lb": (Decimal(3), Decimal(4_000)),
    "vehicle.final_assembly_country": ("GE", "NA"),
    "vehicle.battery.capacity_kwh": (Decimal("0.075"), Decimal(75_000)),
    "vehicle.battery.certified_critical_mineral_content": (Decimal("0.5"),),
    "purchase.cost": (Decimal(51_000), Decimal(5_100_000)),
    "purchase.basis": (Decimal(40_000),),
    "purchase.sale_price": (Decimal(20_000), Decimal(200)),
    "purchase.comparable_vehicle_price": (Decimal(30_000),),
    "purchase.depreciable": (True,),
    "purchase.true_lease": (True,),
    "purchase.leased_from_another": (True, False),
    "purchase.credit_disclosed_to_user": (True,),
    "purchase.elective_payment_registered": (False,),
    "purchase.new_vehicle_credit_allowed": (True, False),
    "taxpayer.prior_credits": ((), (PriorCredit(on=date(2024, 1, 1)),)),
    "taxpayer.dependent_of_another": (True, False),
}
_known_others = {
    path: values
    for path, values in _OTHERS.items()
    if path.rpartition(".")[2] in dict(declared_facts(type(read(Claim(), path.rpartition(".")[0]))))
}
_pairs = st.lists(
    st.sampled_from([(path, value) for path, each in _known_others.items() for value in each]),
    max_size=4,
)


class Case(NamedTuple):
    """A claim, and the credit that is needed."""

    claim: Claim
    credit: str


@st.composite
def cases(draw: st.DrawFn) -> Case:
    credit = draw(st.sampled_from(("30D", "30D", *CREDITS[1:])))
    claim = draw(_DRAWN[credit])
    for path, value in draw(_pairs):
        try:
            claim = with_facts(claim, {path: value})
        except (InvalidFactError, ExceptionGroup):
            continue  # it contradicts what the claim states
    # Now and then another credit than the one that the claim was made for.
    return Case(claim, draw(st.sampled_from((credit, credit, *CREDITS))))


# -- the doors -----------------------------------------------------------------------------


class Told(NamedTuple):
    """What a door says of a claim."""

    verdict: bool | None
    lower: int
    upper: int
    reason: str
    warnings: tuple[str, ...]


def by_object(claim: Claim, credit: str, law: Law) -> Told | None:
    """`None` on a day without law, on which every door refuses."""
    try:
        result = assess(claim, credit=credit, law=law)
    except LookupError:
        return None
    ends = (int(100 * result.credit.lower), int(100 * result.credit.upper))
    return Told(TRUTHS[result.verdict], *ends, result.reason, result.warnings)


@cache
def _columns(credit: str, law: Law) -> dict[str, Any]:
    return {each.name: TYPES[each.kind] for each in schema(credit=credit, law=law)}


@cache
def _computed(credit: str, law: Law) -> frozenset[str]:
    """The columns that hold no fact, by the beginning of their names."""
    names = {each.name for each in schema(credit=credit, law=law) if not each.path}
    return frozenset(name.rpartition("_lower")[0] or name.rpartition("_upper")[0] for name in names)


def by_rows(several: list[Claim], credit: str, law: Law) -> list[Told]:
    """A table in which every fact is a column; warnings are those of making the rows."""
    made, said = [], []
    for claim in several:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            (row,) = rows_of([claim], credit, law=law)
        made.append(row)
        said.append(tuple(str(each.message).removeprefix("claims[0]: ") for each in caught))
    frame = pl.DataFrame(made, schema=_columns(credit, law))
    found = _rows(assess_frame(frame, credit=credit, law=law, check=False))
    return [Told(*row, each) for row, each in zip(found, said, strict=True)]


def by_assumption(claim: Claim, credit: str, law: Law) -> Told:
    """A table of one row that states nothing."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        found = assess_frame(
            pl.DataFrame({"row": [1]}), credit=credit, law=law, assume=claim, unknown=True
        )
    (row,) = _rows(found)
    said = [each for each in caught if issubclass(each.category, ClaimWarning)]
    return Told(*row, tuple(str(each.message).removeprefix("assume: ") for each in said))


def _rows(frame: pl.DataFrame) -> list[tuple[Any, ...]]:
    names = ("verdict", "credit_lower_cents", "credit_upper_cents", "reason")
    return frame.select(*names).rows()


def refusal(claim: Claim, credit: str, law: Law) -> str | None:
    """Why no table can hold a claim, by the path of the fact; `None` if one can."""
    try:
        rows_of([claim], credit, law=law)
    except InvalidFactError as error:
        return error.path.removeprefix("claims[0].")
    return None


# -- what is stated ------------------------------------------------------------------------


def leaves(subject: Any, path: str = "") -> Iterator[tuple[str, bool]]:
    """Every stated fact, and whether it is for the reader alone or gives another fact."""
    for name, declared in declared_facts(type(subject)):
        value = getattr(subject, name)
        here = f"{path}.{name}" if path else name
        aside = declared.for_reader or bool(declared.gives)
        if value is None:
            continue
        if aside or declared.kind not in (Kind.PART, Kind.PARTS):
            yield here, aside
        elif declared.kind is Kind.PART:
            yield from leaves(value, here)
        elif not value:
            yield here, False
        else:
            for index, item in enumerate(value):
                yield from leaves(item, f"{here}[{index}]")


def below(path: str, wholes: Any) -> bool:
    return any(path == each or path.startswith((f"{each}.", f"{each}[")) for each in wholes)


def check_nothing_is_lost(case: Case, law: Law) -> None:
    """What is not reported as unused is read: without it, or another, a result may differ.

    And what is reported as unused changes nothing when it is taken away.
    """
    result = assess(case.claim, credit=case.credit, law=law)
    read_here = _facts_read(result)
    for path, aside in leaves(case.claim):
        known = aside or below(path, result.unread) or _is_read(path, read_here)
        assert known, f"{path} is neither read nor reported"
    unread = [path for path in outermost(result.unread) if _can_go(case.claim, path)]
    if unread:
        without = with_facts(case.claim, dict.fromkeys(unread))
        again = assess(without, credit=case.credit, law=law)
        assert (again.verdict, again.credit, again.reason) == (
            result.verdict,
            result.credit,
            result.reason,
        ), unread


def _can_go(claim: Claim, path: str) -> bool:
    try:
        with_facts(claim, {path: None})
    except (InvalidFactError, ExceptionGroup):
        return False
    return True


def _facts_read(result: Any) -> set[str]:
    return set(result._bound.paths_read) | {
        path for day in result.section.days for path in paths_read(day, result.law)
    }


def _is_read(path: str, read_here: set[str]) -> bool:
    pattern = pattern_of(path).replace(".contains", "")
    if path.endswith(".contains"):  # nothing inside: read with the component
        return any(each.startswith(f"{pattern}.") for each in read_here)
    return any(pattern == each or pattern.startswith(f"{each}.") for each in read_here)


# -- the properties ------------------------------------------------------------------------


def check(several: list[Case], law: Law) -> Counter[str]:
    """Compare the doors; how many claims were compared, and how many a table refuses."""
    counted: Counter[str] = Counter()
    fit: dict[str, list[Claim]] = {}
    for claim, credit in several:
        told = by_object(claim, credit, law)
        if told is None:
            counted["no law on the day"] += 1
            continue
        check_nothing_is_lost(Case(claim, credit), law)
        back = claim_from_json(claim_to_json(claim))
        assert back == claim
        assert by_object(back, credit, law) == told
        path = refusal(claim, credit, law)
        if path is None:
            fit.setdefault(credit, []).append(claim)
            counted["compared"] += 1
        else:
            counted["refused by name"] += 1
            # A fact that is stated, or what is computed of the battery in too large numbers.
            assert path in _computed(credit, law) or read(claim, path) is not None, path
    for credit, fitting in fit.items():
        wanted = [by_object(claim, credit, law) for claim in fitting]
        for claim, want, row in zip(fitting, wanted, by_rows(fitting, credit, law), strict=True):
            what = f"{credit}, {law.name}, {claim_to_json(claim)}"
            assert row == want, what
            assert by_assumption(claim, credit, law) == want, what
    return counted


@pytest.mark.long
@settings(fewer(25), suppress_health_check=list(HealthCheck))
@given(st.lists(cases(), min_size=8, max_size=8), st.integers(0, 1))
def test_all_doors_say_the_same(several: list[Case], which: int) -> None:
    """Few in the gate: every assumed claim compiles the rules again."""
    check(several, LAWS[which])


@pytest.mark.skipif(CLAIMS == 0, reason="long: make campaign-doors")
def test_all_doors_say_the_same_of_many_claims() -> None:
    """Like the above, for many claims, each under both laws, without making a difference
    smaller.
    """
    drawn: list[Case] = []

    @settings(max_examples=CLAIMS, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(cases())
    def draw(case: Case) -> None:
        drawn.append(case)

    draw()
    counted: Counter[str] = Counter()
    for start in range(0, len(drawn), 100):
        for law in LAWS:
            counted.update(check(drawn[start : start + 100], law))
        print(f"{start + 100:,} of {len(drawn):,} claims: {dict(counted)}", flush=True)
    assert len(drawn) >= CLAIMS


def test_a_cell_that_looks_wrong_is_reported_as_the_object_reports_it() -> None:
    """Of the facts that are looked at in both, the same are named."""
    claim = with_facts(
        Claim(),
        {
            "vehicle.msrp": Decimal(5_799_000),
            "vehicle.gross_vehicle_weight_rating_lb": Decimal(3),
            "vehicle.battery.capacity_kwh": Decimal(75_000),
            "vehicle.final_assembly_country": "GE",
            "vehicle.battery.certified_critical_mineral_content": Decimal("0.5"),
        },
    )
    rows = rows_of([claim])
    with pytest.warns(UnlikelyValueWarning) as caught:
        assess_frame(pl.DataFrame(rows, schema=_columns("30D", current_law())), unknown=True)
    named = {
        str(each.message).removeprefix("unlikely cells in ").partition(":")[0] for each in caught
    }
    columns = {each.path: each.name for each in schema()}
    assert named == {columns[each.partition(":")[0]] for each in looks_wrong(claim)}
