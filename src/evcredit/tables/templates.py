"""What columns a table needs and a result has, as a list, as text and as an empty frame."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any, Literal

import narwhals.stable.v2 as nw

from evcredit.errors import InvalidFactError, nearest
from evcredit.facts.claim import Claim
from evcredit.law.law import Law
from evcredit.provisions.section import Credit, Section
from evcredit.tables.assessed import INVALID, RESULTS
from evcredit.tables.column_types import DTYPES
from evcredit.tables.compiler.columns import ColumnKind, FrameColumn
from evcredit.tables.compiler.reason import reason_codes
from evcredit.tables.plan import Days, plan_for

__all__ = ["result_schema", "schema", "schema_text", "template"]


def schema(
    credit: Credit | str | Section = Credit.NEW_VEHICLE,
    *,
    law: Law | None = None,
    assume: Claim | None = None,
    placed_in_service: Days | None = None,
) -> tuple[FrameColumn, ...]:
    """The columns that `assess_frame` reads, in the order of the rules.

    A column that is not `FrameColumn.optional` has to be there, be stated in `assume`, or be
    named in the argument ``unknown`` of `assess_frame`. An optional one may be omitted, though
    some of these are needed beside others: the cost of a vehicle matters on days of sale that
    only a column of them can hold.

    Args:
        credit: The credit, for example ``"30D"``.
        law: The law; `current_law` if omitted.
        assume: A claim that states the facts which are the same in every row; what it states
            needs no column.
        placed_in_service: The first and the last day of that column, if you know them: columns
            that matter on other days only are left away.

    Raises:
        InvalidFactError: There is no such credit, or the days are not two days in order.

    >>> from evcredit import examples, with_facts
    >>> claim = with_facts(examples.demonstration_claim(), {"vehicle.msrp": None})
    >>> [column.name for column in schema("30D", assume=claim) if not column.optional]
    ['vehicle_msrp_cents']
    """
    options: dict[str, Any] = {
        "credit": credit,
        "law": law,
        "assume": assume,
        "placed_in_service": placed_in_service,
    }
    columns = plan_for(None, **options).columns
    # What is read where no optional column is there.
    needed = plan_for([each.name for each in columns if not each.optional], **options).reader.used
    return tuple(each._replace(optional=each.name not in needed) for each in columns)


def result_schema(
    credit: Credit | str | Section = Credit.NEW_VEHICLE, *, law: Law | None = None
) -> tuple[FrameColumn, ...]:
    """The columns that `assess_frame` adds.

    Args:
        credit: The credit, for example ``"30D"``.
        law: The law; `current_law` if omitted.

    Returns:
        The columns, the last of them ``reason``, whose categories are the codes of all reasons
        there may be. A result in Polars has an enumeration of those that its columns leave
        unresolved.

    Raises:
        InvalidFactError: There is no such credit.

    >>> [column.name for column in result_schema()]
    ['verdict', 'credit_lower_cents', 'credit_upper_cents', 'reason']
    >>> {"msrp_within_limit", "credit_allowed"} <= set(result_schema()[-1].categories)
    True
    """
    codes = (*reason_codes(plan_for(None, credit=credit, law=law).top), INVALID)
    verdict, lower, upper, reason = RESULTS
    return (
        FrameColumn(verdict, ColumnKind.FLAG, "whether some credit is allowed; null for unknown"),
        FrameColumn(lower, ColumnKind.NUMBER, "the minimum credit", unit="cents"),
        FrameColumn(upper, ColumnKind.NUMBER, "the maximum credit", unit="cents"),
        FrameColumn(reason, ColumnKind.TEXT, "the first finding that decides", categories=codes),
    )


def schema_text(columns: Iterable[FrameColumn]) -> str:
    """Columns as text: name, type and unit, whether it has to be there, and the fact in words.

    Args:
        columns: The columns, of `schema` or `result_schema`.

    >>> print(schema_text(result_schema()[:2]))
    verdict             boolean                        needed  whether some credit is allowed; ...
    credit_lower_cents  64-bit whole number (cents)    needed  the minimum credit
    """
    rows = [
        (
            column.name,
            column.kind.value + (f" ({column.unit})" if column.unit else ""),
            "optional" if column.optional else "needed",
            column.label,
        )
        for column in columns
    ]
    widths = [max((len(row[i]) for row in rows), default=0) for i in range(3)]
    return "\n".join(
        "  ".join((*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[3]))
        for row in rows
    )


#: The engines, with the modules that an empty frame of each is made with.
_ENGINES: dict[str, tuple[str, ...]] = {
    "polars": ("polars",),
    "polars-lazy": ("polars",),
    "pandas": ("pandas", "pyarrow"),
    "pyarrow": ("pyarrow",),
    "duckdb": ("duckdb", "pyarrow"),
    "pyspark": ("pyspark", "pyarrow"),
    "dask": ("dask", "pandas", "pyarrow"),
}


def template(
    engine: str,
    *,
    credit: Credit | str | Section = Credit.NEW_VEHICLE,
    law: Law | None = None,
    assume: Claim | None = None,
    placed_in_service: Days | None = None,
    session: Any = None,
) -> Any:
    """An empty frame with exactly the columns of `schema`, of the right types.

    Args:
        engine: ``polars``, ``polars-lazy``, ``pandas`` (with Arrow's types, which hold nulls),
            ``pyarrow``, ``duckdb``, ``pyspark`` or ``dask``.
        credit: As for `schema`.
        law: As for `schema`.
        assume: As for `schema`.
        placed_in_service: As for `schema`.
        session: For ``pyspark``, the session that holds the frame.

    Returns:
        A frame of that engine. In Polars, texts with known categories are enumerations, on which
        rules are quickest.

    Raises:
        InvalidFactError: There is no such engine, or no session for PySpark.
        ModuleNotFoundError: The engine is not installed.

    >>> empty = template("polars")
    >>> empty.height, empty.schema["vehicle_msrp_cents"], empty.schema["vehicle_class"]
    (0, Int64, Enum(categories=['van', 'sport utility vehicle', 'pickup truck', 'other vehicle']))
    """
    stated: object = engine
    if not isinstance(stated, str) or engine not in _ENGINES:
        near = nearest(str(engine), _ENGINES, most=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise InvalidFactError("engine", engine, f"give one of {', '.join(_ENGINES)}{hint}")
    absent = [name for name in _ENGINES[engine] if find_spec(name) is None]
    if absent:
        raise ModuleNotFoundError(
            f"a frame of {engine} is made with {' and '.join(_ENGINES[engine])}; "
            f"not installed: {', '.join(absent)}",
            name=absent[0],
        )
    if engine == "pyspark" and session is None:
        raise InvalidFactError("session", None, "give the SparkSession that is to hold the frame")
    columns = schema(credit, law=law, assume=assume, placed_in_service=placed_in_service)
    return _empty(engine, columns, session)


def _empty(engine: str, columns: tuple[FrameColumn, ...], session: Any) -> Any:
    name, _, lazy = engine.partition("-")
    polars = name == "polars"
    types: dict[str, Any] = {
        column.name: nw.Enum(column.categories)
        if polars and column.categories is not None
        else DTYPES[column.kind]
        for column in columns
    }
    holder: Literal["polars", "pyarrow"] = "polars" if polars else "pyarrow"
    frame = nw.from_dict({each: [] for each in types}, types, backend=holder)
    if polars:
        return (frame.lazy() if lazy else frame).to_native()
    arrow = frame.to_native()
    if name == "pyarrow":
        return arrow
    if name == "pyspark":
        return session.createDataFrame(arrow)
    if name == "duckdb":
        return frame.lazy("duckdb").to_native()
    import pandas  # noqa: PLC0415  # it is there, as was asked above

    made = arrow.to_pandas(types_mapper=pandas.ArrowDtype)
    return made if name == "pandas" else nw.from_native(made).lazy("dask").to_native()
