"""What is done to a lazy frame of Polars, noted once and done again to every frame like it.

Most of the time that a plan takes goes into turning the expressions of Narwhals into those of the
engine. They depend on nothing but the columns of the frame and on what is needed of them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any, TypeVar

import narwhals.stable.v2 as nw

from evcredit.tables.compiler.columns import AnyFrame

__all__ = ["done_again"]

_Needed = TypeVar("_Needed", bound=Hashable)
#: From a lazy frame and what is needed of it to the result, without reading any row.
Work = Callable[[AnyFrame, _Needed], AnyFrame]
#: A method of a Polars frame, with what it was given.
_Step = tuple[str, tuple[Any, ...], dict[str, Any]]
#: The methods by which columns come and go.
_METHODS = ("with_columns", "select", "drop")


def done_again(frame: nw.LazyFrame[Any], needed: _Needed, work: Work[_Needed]) -> AnyFrame:
    """The result of some work on a lazy frame.

    Args:
        frame: The frame.
        needed: What is needed of it: all that the work depends on, the columns aside.
        work: The work; it adds, selects and drops columns, and nothing else.
    """
    if not frame.implementation.is_polars():
        return work(frame, needed)
    native: Any = frame.to_native()
    for method, given, named in _steps(tuple(native.collect_schema().items()), needed, work):
        native = getattr(native, method)(*given, **named)
    result: AnyFrame = nw.from_native(native)
    return result


@lru_cache(maxsize=64)
def _steps(
    columns: tuple[tuple[str, Any], ...], needed: Hashable, work: Work[Any]
) -> tuple[_Step, ...]:
    noting = _noting_frame()(schema=dict(columns))
    done: Any = work(nw.from_native(noting), needed).to_native()
    return tuple(done.steps)


@lru_cache(maxsize=1)
def _noting_frame() -> Any:
    """The class of a frame without rows that notes what is done to it."""
    import polars  # noqa: PLC0415  # it is there, as the frame is

    frame: Any = polars.LazyFrame

    def noted(method: str) -> Callable[..., Any]:
        def do(self: Any, *given: Any, **named: Any) -> Any:
            after = getattr(frame, method)(self, *given, **named)
            after.steps = (*self.steps, (method, given, named))
            return after

        return do

    return type("Noting", (frame,), {"steps": (), **{each: noted(each) for each in _METHODS}})
