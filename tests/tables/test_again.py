"""What is done to a lazy frame of Polars is noted once, and done again to every frame like it."""

from __future__ import annotations

from datetime import date
from typing import Any

import duckdb
import narwhals.stable.v2 as nw
import polars as pl
import pytest

from evcredit import examples
from evcredit.tables import InvalidFrameError, assess_frame
from evcredit.tables.again import done_again
from evcredit.tables.compiler.columns import AnyFrame

DAY = date(2024, 6, 3)
CARS = {"vehicle_msrp_cents": [54_000_00, 81_000_00, None]}


class Doubling:
    """Some work, which counts how often it is done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self, frame: AnyFrame, asked: int) -> AnyFrame:
        self.times += 1
        added = frame.with_columns(b=nw.col("a") * asked, c=nw.lit(1))
        return added.with_columns(nw.col("b").alias("d")).drop("a").select("d", "c")


def lazy(values: list[int]) -> Any:
    return nw.from_native(pl.LazyFrame({"a": values}))


def rows(frame: AnyFrame) -> list[tuple[Any, ...]]:
    native: Any = frame.to_native()
    return native.collect().rows() if isinstance(native, pl.LazyFrame) else native.fetchall()


def test_frames_with_the_same_columns_share_the_work() -> None:
    work = Doubling()
    assert rows(done_again(lazy([1, 2]), 2, work)) == [(2, 1), (4, 1)]
    assert rows(done_again(lazy([5]), 2, work)) == [(10, 1)]
    assert work.times == 1


def test_other_columns_and_other_questions_do_not() -> None:
    work = Doubling()
    assert rows(done_again(lazy([1]), 2, work)) == [(2, 1)]
    assert rows(done_again(lazy([1]), 3, work)) == [(3, 1)]
    wider = nw.from_native(pl.LazyFrame({"a": [1]}, schema={"a": pl.Int8}))
    assert rows(done_again(wider, 2, work)) == [(2, 1)]
    assert work.times == 3


def test_other_engines_do_the_work_each_time() -> None:
    work = Doubling()
    for _ in range(2):
        assert rows(done_again(nw.from_native(duckdb.sql("SELECT 4 AS a")), 2, work)) == [(8, 1)]
    assert work.times == 2


@pytest.mark.parametrize("check", [None, False])
def test_assessed_again(check: bool | None) -> None:
    claim, days = examples.demonstration_claim(), [DAY, DAY]
    for turn in (1, -1):
        cars = pl.LazyFrame({name: values[::turn] for name, values in CARS.items()})
        found = assess_frame(cars, assume=claim, placed_in_service=days, check=check)
        assert found.collect()["verdict"].to_list() == [True, False, None][::turn]


def test_what_is_wrong_is_told_every_time() -> None:
    for _ in range(2):
        with pytest.raises(InvalidFrameError, match="missing column"):
            assess_frame(pl.LazyFrame(CARS))
