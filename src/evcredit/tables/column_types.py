"""The types that columns of the engines have: those that are read, and those that are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import narwhals.stable.v2 as nw

from evcredit.tables.compiler.columns import LARGEST, AnyFrame, ColumnKind, FrameColumn
from evcredit.tables.compiler.reader import SCRATCH
from evcredit.tables.engines import enter
from evcredit.tables.problems import Problem

__all__ = [
    "AS_GIVEN",
    "DTYPES",
    "as_given",
    "fixed_rows",
    "legible",
    "legible_partitions",
    "prepared",
    "wrong_types",
]

_INTEGERS = (
    nw.Int8,
    nw.Int16,
    nw.Int32,
    nw.Int64,
    nw.UInt8,
    nw.UInt16,
    nw.UInt32,
    nw.UInt64,
)
_FLOATS = (nw.Float16, nw.Float32, nw.Float64)
_ACCEPTED: dict[ColumnKind, tuple[Any, ...]] = {
    ColumnKind.FLAG: (nw.Boolean,),
    ColumnKind.DAY: (nw.Date,),
    ColumnKind.TEXT: (nw.String, nw.Categorical, nw.Enum),
    ColumnKind.NUMBER: _INTEGERS,
}
#: The type in which a column of each kind is read.
DTYPES: dict[ColumnKind, Any] = {
    ColumnKind.FLAG: nw.Boolean,
    ColumnKind.DAY: nw.Date,
    ColumnKind.TEXT: nw.String,
    ColumnKind.NUMBER: nw.Int64,
}
#: Types that a library gives a column of which it has seen nothing but nulls.
_GUESSED = (*_INTEGERS, *_FLOATS, nw.String, nw.Boolean, nw.Date, nw.Datetime)
#: Any value of the type in which a column of each kind is read.
_SOME: dict[ColumnKind, Any] = {
    ColumnKind.FLAG: True,
    ColumnKind.DAY: date(2000, 1, 1),
    ColumnKind.TEXT: "",
    ColumnKind.NUMBER: 0,
}
#: What the engines call the type of a column of nothing but nulls.
_NULLS = ("Null", "null", '"NULL"', "NullType()")
#: Types that Narwhals takes for text, and that are compared as something else or not at all.
_NO_TEXT = ("JSON", "string_view")
#: Types of PyArrow of whose columns no rows can be taken.
_FIXED = ("run_end_encoded", "string_view", "binary_view")
#: The column that keeps numbers which may be too large, as the caller gave them.
AS_GIVEN = f"{SCRATCH}given_"


def legible(frame: AnyFrame, columns: Iterable[FrameColumn]) -> AnyFrame:
    """The frame with columns that say the same in a type that can be computed with.

    These are texts of PyArrow in views, and columns of nothing but nulls or NaN, of any of the
    types that a library guesses for such a column: they state nothing. To see that, a column of
    a type that does not fit is read once, of a lazy frame too.

    Args:
        frame: The frame.
        columns: The columns that are read and there.
    """
    columns = list(columns)
    frame = _without_views(frame, columns)
    types = frame.collect_schema()
    doubtful = []
    for column in columns:
        dtype: Any = types[column.name]
        if isinstance(dtype, _GUESSED) and not isinstance(dtype, _ACCEPTED[column.kind]):
            doubtful.append(column)
    if not doubtful:
        return frame
    said = {column.name: _stated(column.name, types[column.name]) for column in doubtful}
    counts: Any = frame.select(**said).select(nw.len().alias("rows"), nw.col(*said).sum())
    (rows, *known) = (counts.collect() if isinstance(counts, nw.LazyFrame) else counts).rows()[0]
    nothing = [column for column, n in zip(doubtful, known, strict=True) if rows and not n]
    return frame.with_columns(*map(_unknown, nothing)) if nothing else frame


#: The type of pandas for a column of each kind in which nothing is known.
_OF_PANDAS = {
    ColumnKind.FLAG: "boolean",
    ColumnKind.DAY: "date32[pyarrow]",
    ColumnKind.TEXT: "string",
    ColumnKind.NUMBER: "Int64",
}


def legible_partitions(frame: Any, columns: Iterable[FrameColumn]) -> Any:
    """A Dask frame like `legible`: what states nothing is so in all its partitions together.

    Args:
        frame: The frame.
        columns: The columns that are read and there.
    """
    columns = list(columns)
    meta = enter(frame._meta, columns)  # noqa: SLF001  # how Dask says what the columns of a frame are
    wrong = [problem.column for problem in wrong_types(meta, columns)]
    if not wrong:
        return frame
    known = frame[wrong].count().compute()
    nothing = {column.name: column for column in columns if column.name in wrong}
    return frame.assign(
        **{
            name: frame[name].map_partitions(_nulls, kind, meta=(name, kind))
            for name, kind in ((name, _OF_PANDAS[each.kind]) for name, each in nothing.items())
            if not known[name] and len(frame)
        }
    )


def _nulls(part: Any, kind: str) -> Any:
    import pandas  # noqa: PLC0415  # it is there, as the frame is

    return pandas.Series(None, index=part.index, dtype=kind)


def _stated(name: str, dtype: Any) -> nw.Expr:
    """One where a column states something, else zero."""
    here = nw.col(name)
    absent = here.is_null()
    if isinstance(dtype, _FLOATS):
        absent = absent | here.is_nan().fill_null(value=True)
    return (~absent).cast(nw.Int64)


def _unknown(column: FrameColumn) -> nw.Expr:
    """Nulls of the type in which a column is read; some engines have no literal for that."""
    absent = nw.col(column.name).is_null()
    some = nw.lit(_SOME[column.kind], DTYPES[column.kind])
    return nw.when(absent & ~absent).then(some).alias(column.name)


def _without_views(frame: AnyFrame, columns: Iterable[FrameColumn]) -> AnyFrame:
    """Of PyArrow, texts in views as plain texts, which alone can be compared."""
    if not frame.implementation.is_pyarrow():
        return frame
    import pyarrow  # noqa: PLC0415  # it is there, as the frame is

    table: Any = frame.to_native()
    for column in columns:
        place = table.schema.get_field_index(column.name)
        values = table.column(place)
        inner = values.type
        if pyarrow.types.is_dictionary(inner):
            inner = inner.value_type
        if inner == pyarrow.string_view():
            chunks = [_plain(pyarrow, chunk) for chunk in values.chunks]
            texts = pyarrow.chunked_array(chunks, pyarrow.string())
            table = table.set_column(place, column.name, texts)
    plain: AnyFrame = nw.from_native(table)
    return plain


def _plain(pyarrow: Any, chunk: Any) -> Any:
    if not pyarrow.types.is_dictionary(chunk.type):
        return chunk.cast(pyarrow.string())
    words = chunk.dictionary.cast(pyarrow.string())
    return pyarrow.DictionaryArray.from_arrays(chunk.indices, words).cast(pyarrow.string())


def _own_types(frame: AnyFrame) -> Mapping[str, str]:
    """The types of the columns as the engine itself calls them, where Narwhals may not."""
    native: Any = frame.to_native()
    engine = frame.implementation
    found: Mapping[str, Any] = {}
    if engine.is_polars():
        found = native.collect_schema()
    elif engine.is_duckdb():
        found = dict(zip(native.columns, native.types, strict=True))
    elif engine.is_pyarrow():
        found = {field.name: field.type for field in native.schema}
    elif engine.is_pyspark():
        found = {field.name: field.dataType for field in native.schema.fields}
    return {name: str(kind) for name, kind in found.items()}


def wrong_types(frame: AnyFrame, columns: Iterable[FrameColumn]) -> list[Problem]:
    """The columns whose type does not fit what they hold; one that is not known never does."""
    types = frame.collect_schema()
    own = _own_types(frame)
    found = []
    for column in columns:
        dtype: Any = types[column.name]
        name = own.get(column.name, str(dtype))
        if isinstance(dtype, nw.Unknown):
            if name not in _NULLS:
                found.append(Problem(column.name, f"found {name}; give {column.kind.value}"))
        elif not isinstance(dtype, _ACCEPTED[column.kind]):
            found.append(Problem(column.name, _remedy(column, dtype)))
        elif name.endswith(_NO_TEXT) or "=string_view" in name:
            found.append(Problem(column.name, f"found {name}; give {column.kind.value}"))
    return found


def fixed_rows(frame: AnyFrame) -> list[Problem]:
    """The columns of a PyArrow table of which no rows can be sorted out."""
    if not frame.implementation.is_pyarrow():
        return []
    what = "of which no rows can be sorted out; cast it to a plain type"
    own = _own_types(frame)
    return [
        Problem(name, f"found {kind}, {what}")
        for name, kind in own.items()
        if kind.startswith(_FIXED)
    ]


def _remedy(column: FrameColumn, dtype: Any) -> str:
    if column.kind is ColumnKind.DAY and isinstance(dtype, nw.Datetime):
        return f"found {dtype}; give dates without a time: the law counts days"
    if column.kind is ColumnKind.NUMBER and isinstance(dtype, _FLOATS):
        unit = f" of {column.unit}" if column.unit else ""
        return f"found {dtype}, which is not exact; give whole numbers{unit} as 64-bit integers"
    if column.kind is ColumnKind.NUMBER and isinstance(dtype, nw.Decimal):
        unit = f" of {column.unit}" if column.unit else ""
        return f"found {dtype}; give whole numbers{unit} as 64-bit integers"
    return f"found {dtype}; give {column.kind.value}"


def prepared(frame: AnyFrame, columns: Iterable[FrameColumn]) -> AnyFrame:
    """The same frame with numbers 64 bits wide, and texts that can be compared with any other.

    Numbers that may have no room there are kept as they are beside what is computed with: see
    `as_given`.
    """
    types = frame.collect_schema()
    casts, kept = [], []
    for column in columns:
        dtype: Any = types[column.name]
        wanted = DTYPES[column.kind]
        here = nw.col(column.name)
        if isinstance(dtype, nw.Enum):
            wanted = _full(column, dtype, frame)
        elif isinstance(dtype, nw.Categorical) and frame.implementation.is_polars():
            continue
        elif isinstance(dtype, nw.UInt64):
            kept.append(here.alias(AS_GIVEN + column.name))
            most, more = nw.lit(LARGEST, nw.UInt64), nw.lit(LARGEST + 1, nw.UInt64)
            here = nw.when(here > most).then(more).otherwise(here).alias(column.name)
        if wanted is not None and dtype != wanted:
            casts.append(here.cast(wanted))
    return frame.with_columns(*kept, *casts) if casts else frame


def as_given(frame: AnyFrame) -> AnyFrame:
    """The frame with large numbers as the caller gave them, and without what was computed."""
    names = frame.collect_schema().names()
    given = [name for name in names if name.startswith(AS_GIVEN)]
    if given:
        frame = frame.with_columns(
            nw.col(name).alias(name.removeprefix(AS_GIVEN)) for name in given
        )
    scratch = [name for name in names if name.startswith(SCRATCH)]
    return frame.drop(*scratch) if scratch else frame


def _full(column: FrameColumn, dtype: Any, frame: AnyFrame) -> Any:
    """The enumeration to read; comparing one with a text that it lacks is an error."""
    known = column.categories
    if not frame.implementation.is_polars() or known is None:
        return nw.String
    if set(dtype.categories) == set(known):
        return None
    return nw.Enum(known) if set(dtype.categories) <= set(known) else nw.String
