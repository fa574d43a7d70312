"""The verb over tables: assess every row.

What it takes, the law and the rules among it, is imported when the first frame is assessed: a
program that imports the verb and has no frame yet does not wait for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, overload

# Whoever lacks the extra is told when the verb is imported, and not at the first frame.
import narwhals.stable.v2  # noqa: F401

if TYPE_CHECKING:
    from evcredit.facts.claim import Claim
    from evcredit.law.law import Law
    from evcredit.provisions.section import Credit, Section
    from evcredit.tables.compiler.columns import FrameColumn
    from evcredit.tables.plan import Days

__all__ = ["assess_frame", "columns_read"]


@overload
def assess_frame(
    frame: Any,
    *,
    credit: Credit | str | Section = ...,
    law: Law | None = ...,
    assume: Claim | None = ...,
    unknown: Iterable[str] | bool = ...,
    placed_in_service: Days | None = ...,
    names: Iterable[str] = ...,
    rules: bool | Iterable[str] = ...,
    key: str | Iterable[str] = ...,
    check: bool | None = ...,
    strict_columns: bool = ...,
    strict: Literal[True] = ...,
) -> Any: ...


@overload
def assess_frame(
    frame: Any,
    *,
    credit: Credit | str | Section = ...,
    law: Law | None = ...,
    assume: Claim | None = ...,
    unknown: Iterable[str] | bool = ...,
    placed_in_service: Days | None = ...,
    names: Iterable[str] = ...,
    rules: bool | Iterable[str] = ...,
    key: str | Iterable[str] = ...,
    check: bool | None = ...,
    strict_columns: bool = ...,
    strict: Literal[False],
) -> tuple[Any, Any]: ...


def assess_frame(
    frame: Any,
    *,
    credit: Credit | str | Section = "30D",
    law: Law | None = None,
    assume: Claim | None = None,
    unknown: Iterable[str] | bool = False,
    placed_in_service: Days | None = None,
    names: Iterable[str] = (),
    rules: bool | Iterable[str] = False,
    key: str | Iterable[str] = (),
    check: bool | None = None,
    strict_columns: bool = False,
    strict: bool = True,
) -> Any:
    """What the law makes of every row of a table: the same rules as `evcredit.assess`.

    Args:
        frame: A frame of Polars (eager or lazy), pandas, PyArrow, DuckDB, PySpark or Dask. One row
            is one claim; `schema` lists the columns with types and units. The end of a name is
            enough where it means one fact alone: ``msrp_cents``. Other columns stay as they are,
            unless they look like a fact that is not read, such as ``msrp`` without a unit.
        credit: The credit, for example ``"30D"``.
        law: The law; `current_law` if omitted.
        assume: A claim that states the facts which are the same in every row, the minerals and
            components of its battery among them: what follows from these is computed once,
            under the law. A column overrides what is assumed. What an assessment warns of in
            the rest is issued as `ClaimWarning`.
        unknown: The columns that are missing because no one knows, or true for all that are.
        placed_in_service: The first and the last day of that column, if you know them: rules and
            numbers of the law for other days are then left away, and so are their columns. A row
            outside these days is invalid.
        names: Names in the columns of manufacturers and makes, if the frame is lazy: the names of
            an eager one are read from it. In a lazy frame a name that neither the law knows nor
            you give here is unknown; it matters only before 2023.
        rules: True for two columns for each rule, or the codes of some: ``rule_<code>``, true,
            false or null for unknown, and ``rule_<code>_in_force``. A rule that is not in force
            is true, which is to say passed over.
        key: The column, or the columns together, that no two rows may have alike. A row whose key
            is unknown or not its own is a bad one. The partitions of a Dask frame then become
            others, in which rows with the same key lie together.
        check: Whether to look for bad cells first, which reads the table once. By default an
            eager frame is checked and a lazy one is not: its bad rows have a null verdict and
            the reason ``invalid_row``. False says that there are none, which no one looks at.
        strict_columns: Whether every column that no rule reads is an error, the key aside.
            Otherwise only those are that look like a fact; `columns_read` lists what is read.
        strict: Whether a bad cell is an error. Otherwise bad rows are sorted out.

    Returns:
        A frame of the same engine, lazy if it was lazy: the columns of the frame and

        - ``verdict``: boolean; null for unknown,
        - ``credit_lower_cents`` and ``credit_upper_cents``: the minimum and the maximum credit,
          64-bit,
        - ``reason``: text; the code of the first finding that decides, in the order of the law,
          ``credit_allowed`` where the verdict is met.

        If not `strict`, a pair: that frame of the good rows, and a frame of the others with the
        column ``problems``.

    Raises:
        InvalidFrameError: Columns are missing or of a wrong type, or cells are invalid; all
            faults together.
        InvalidFactError: An argument is not what it should be.
        TypeError: It is no frame of a known engine.

    >>> import polars
    >>> from evcredit import examples
    >>> from evcredit.tables import assess_frame
    >>> cars = polars.DataFrame({"vehicle_msrp_cents": [54_000_00, 81_000_00, None]})
    >>> result = assess_frame(cars, assume=examples.demonstration_claim(), unknown=True)
    >>> result["verdict"].to_list(), result["reason"].to_list()
    ([True, False, None], ['credit_allowed', 'msrp_within_limit', 'msrp_within_limit'])
    """
    from evcredit.tables.assessed import Given, of_frame, of_pandas  # noqa: PLC0415
    from evcredit.tables.column_types import legible_partitions  # noqa: PLC0415
    from evcredit.tables.engines import by_partition, wrapped  # noqa: PLC0415
    from evcredit.tables.plan import texts  # noqa: PLC0415

    keys = (key,) if isinstance(key, str) else texts("key", key)
    days: Any = placed_in_service
    given = Given(
        credit,
        law,
        assume,
        unknown if isinstance(unknown, bool | str) else texts("unknown", unknown),
        # A list is a pair too, but no key of a plan.
        tuple(days) if isinstance(days, list) else days,
        texts("names", names),
        rules if isinstance(rules, bool) else texts("rules", rules),
        keys,
        check,
        strict,
        strict_columns,
    )
    entered = wrapped(frame)
    if entered.implementation.is_dask():
        names = list(map(str, frame.columns))
        here = [each for each in given.plan(names).columns if each.name in names]
        frame = legible_partitions(frame, here)
        of_part = partial(of_pandas, given=given, mark=check is None)
        return by_partition(frame, strict, of_part, keys)
    if entered.implementation.is_pandas():
        return of_pandas(frame, given=given, mark=False)
    good, bad = of_frame(entered, given)
    return good.to_native() if bad is None else (good.to_native(), bad.to_native())


def columns_read(
    frame: Any,
    *,
    credit: Credit | str | Section = "30D",
    law: Law | None = None,
    assume: Claim | None = None,
    placed_in_service: Days | None = None,
) -> tuple[FrameColumn, ...]:
    """List the columns of a table that `assess_frame` reads, as it does with these arguments.

    Args:
        frame: As for `assess_frame`.
        credit: As for `assess_frame`.
        law: As for `assess_frame`.
        assume: As for `assess_frame`.
        placed_in_service: As for `assess_frame`.

    Returns:
        The columns by the names that the table gives them, each with the path of its fact, in
        the order of the rules. All others are passed through.

    Raises:
        InvalidFactError: There is no such credit.
        TypeError: It is no frame of a known engine.

    >>> import polars
    >>> cars = polars.DataFrame({"model": ["Crossover"], "msrp_cents": [54_000_00]})
    >>> [(column.name, column.path) for column in columns_read(cars)]
    [('msrp_cents', 'vehicle.msrp')]
    """
    from evcredit.tables.engines import enter  # noqa: PLC0415
    from evcredit.tables.plan import plan_for  # noqa: PLC0415

    have = enter(frame).collect_schema().names()
    return plan_for(
        have, credit=credit, law=law, assume=assume, placed_in_service=placed_in_service
    ).columns
