"""The libraries that read and write files."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ClassVar

from evcredit.errors import EvcreditError, InvalidFactError
from evcredit.tables.compiler.columns import ColumnKind
from evcredit.tables.files.csv_text import FLAGS, PATTERNS, TRUE, remedy
from evcredit.tables.files.parts import Input, Partition
from evcredit.tables.problems import EXAMPLES, InvalidFrameError, Problem

__all__ = ["Engine", "engine_of"]


class Engine(ABC):
    """A library that reads and writes files."""

    name: ClassVar[str]
    #: What it raises for a file that it cannot read.
    errors: type[Exception]

    #: What it calls the types of the columns that are read from text.
    types: Mapping[ColumnKind, Any]

    def schema(self, file: Input) -> dict[str, str]:
        """The columns of a file with their types, those that its folders state at the end."""
        if file.columns is None:
            found = self.own_types(file)
        else:
            kinds = {n: ColumnKind.TEXT if each is None else each.kind for n, each in file.columns}
            found = {name: str(self.types[kind]) for name, kind in kinds.items()}
        return found | {each.name: str(self.types[each.kind]) for each in file.added}

    @abstractmethod
    def own_types(self, file: Input) -> dict[str, str]:
        """The columns of a Parquet file with their types."""

    @abstractmethod
    def rows(self, file: Input) -> int:
        """How many rows a Parquet file has."""

    @abstractmethod
    def frame(self, file: Input, first: int, rows: int) -> Any:
        """A range of the rows of a file, in memory; of a CSV file all is text."""

    @abstractmethod
    def cells(self, frame: Any, file: Input) -> Any:
        """What the texts of a CSV file say, and beside the rows what the folders state.

        Raises:
            InvalidFrameError: Cells do not hold what their column does.
        """

    @abstractmethod
    def names(self, frame: Any, columns: list[str]) -> list[str]:
        """What is in columns of names, unless `assess_frame` looks at that itself."""

    @abstractmethod
    def count(self, frame: Any) -> int:
        """How many rows a frame has."""

    @abstractmethod
    def write(self, frame: Any, path: Path) -> None:
        """Write a frame as one Parquet file."""

    @abstractmethod
    def join(self, parts: list[Path], path: Path, *, as_text: bool) -> None:
        """Write Parquet files as one file, in order, in Parquet or as CSV."""


class _Polars(Engine):
    name = "polars"

    def __init__(self) -> None:
        import polars  # noqa: PLC0415  # the caller's

        self._polars = polars
        self.errors = polars.exceptions.PolarsError
        self.types = {
            ColumnKind.FLAG: polars.Boolean,
            ColumnKind.DAY: polars.Date,
            ColumnKind.TEXT: polars.String,
            ColumnKind.NUMBER: polars.Int64,
        }

    def _scan(self, file: Input) -> Any:
        if file.columns is None:
            return self._polars.scan_parquet(file.path, glob=False, hive_partitioning=False)
        schema = {name: self._polars.String for name, _ in file.columns}
        return self._polars.scan_csv(file.path, glob=False, schema=schema)

    def own_types(self, file: Input) -> dict[str, str]:
        return {name: str(dtype) for name, dtype in self._scan(file).collect_schema().items()}

    def rows(self, file: Input) -> int:
        found: int = self._scan(file).select(self._polars.len()).collect().item()
        return found

    def frame(self, file: Input, first: int, rows: int) -> Any:
        return self._scan(file).slice(first, rows).collect(engine="streaming")

    def cells(self, frame: Any, file: Input) -> Any:
        read = {name: self._cell(name, column.kind) for name, column in file.read.items()}
        wrong = {
            name: self._polars.col(name).is_not_null() & cell.is_null()
            for name, cell in read.items()
        }
        counts = frame.select(**wrong).sum().row(0, named=True) if read else {}
        _raise_unread(
            file,
            counts,
            lambda name: frame.filter(wrong[name])[name].head(EXAMPLES).to_list(),
        )
        stated = {
            each.name: self._polars.lit(each.value, self.types[each.kind]) for each in file.added
        }
        found = frame.with_columns(**read, **stated)
        text = self._polars.String
        unlike = {
            each: found.filter(
                self._polars.col(each.name).cast(text).ne_missing(self._polars.lit(each.text, text))
            )[each.name]
            for each in file.repeated
        }
        _raise_unlike({each: (len(rows), rows.head(EXAMPLES)) for each, rows in unlike.items()})
        return found

    def _cell(self, name: str, kind: ColumnKind) -> Any:
        """What the text of a column says; null where it does not hold what the column does."""
        here = self._polars.col(name)
        if kind is ColumnKind.FLAG:
            return self._polars.when(here.is_in(FLAGS)).then(here.is_in(TRUE))
        if kind is ColumnKind.TEXT:
            return self._polars.when(here != "").then(here)
        fits = self._polars.when(here.str.contains(f"^(?:{PATTERNS[kind]})$")).then(here)
        if kind is ColumnKind.NUMBER:
            return fits.cast(self._polars.Int64, strict=False)
        return fits.str.to_date("%Y-%m-%d", strict=False)

    def names(self, frame: Any, columns: list[str]) -> list[str]:
        return []

    def count(self, frame: Any) -> int:
        return len(frame)

    def write(self, frame: Any, path: Path) -> None:
        frame.write_parquet(path)

    def join(self, parts: list[Path], path: Path, *, as_text: bool) -> None:
        scan = self._polars.scan_parquet(parts, glob=False, hive_partitioning=False)
        (scan.sink_csv if as_text else scan.sink_parquet)(path)


class _DuckDB(Engine):
    name = "duckdb"
    types = {  # noqa: RUF012  # not changed
        ColumnKind.FLAG: "BOOLEAN",
        ColumnKind.DAY: "DATE",
        ColumnKind.TEXT: "VARCHAR",
        ColumnKind.NUMBER: "BIGINT",
    }
    _TEXT = "evcredit_text"
    _BATCH = "evcredit_batch"

    def __init__(self) -> None:
        import duckdb  # noqa: PLC0415  # the caller's

        self._connection = duckdb.connect()
        self.errors = duckdb.Error

    def _scan(self, file: Input) -> Any:
        # A name with the signs of a pattern is still one file.
        name = "".join(f"[{sign}]" if sign in "*?[" else sign for sign in str(file.path))
        if file.columns is None:
            return self._connection.read_parquet(name, hive_partitioning=False)
        return self._connection.read_csv(
            name,
            header=True,
            columns={column: "VARCHAR" for column, _ in file.columns},
            auto_detect=False,
            delimiter=",",
            quotechar='"',
            escapechar='"',
            allow_quoted_nulls=False,
        )

    def own_types(self, file: Input) -> dict[str, str]:
        found = self._scan(file)
        return dict(zip(found.columns, map(str, found.types), strict=True))

    def rows(self, file: Input) -> int:
        return self.count(self._scan(file))

    def _table(self, name: str, of: Any) -> Any:
        self._connection.execute(f"DROP TABLE IF EXISTS {name}")
        of.create(name)
        return self._connection.table(name)

    def frame(self, file: Input, first: int, rows: int) -> Any:
        return self._table(self._TEXT, self._scan(file).limit(rows, first))

    def cells(self, frame: Any, file: Input) -> Any:
        read = {name: _sql_cell(_quoted(name), column.kind) for name, column in file.read.items()}
        wrong = {
            name: f"{_quoted(name)} IS NOT NULL AND {cell} IS NULL" for name, cell in read.items()
        }
        counts = {}
        if read:
            sums = ", ".join(f"count(*) FILTER ({each})" for each in wrong.values())
            counts = dict(zip(wrong, frame.aggregate(sums).fetchall()[0], strict=True))
        _raise_unread(
            file,
            counts,
            lambda name: [
                text
                for (text,) in frame.filter(wrong[name])
                .project(_quoted(name))
                .limit(EXAMPLES)
                .fetchall()
            ],
        )
        columns = [f"{read.get(name, _quoted(name))} AS {_quoted(name)}" for name in frame.columns]
        columns += [
            f"CAST({_sql_literal(each.value)} AS {self.types[each.kind]}) AS {_quoted(each.name)}"
            for each in file.added
        ]
        found = self._table(self._BATCH, frame.project(", ".join(columns)))
        unlike = {}
        for each in file.repeated:
            here = f"CAST({_quoted(each.name)} AS VARCHAR)"
            rows = found.filter(f"{here} IS DISTINCT FROM {_sql_literal(each.text)}")
            some = rows.project(_quoted(each.name)).limit(EXAMPLES).fetchall()
            unlike[each] = (self.count(rows), [value for (value,) in some])
        _raise_unlike(unlike)
        return found

    def names(self, frame: Any, columns: list[str]) -> list[str]:
        found = (frame.select(each).distinct().fetchall() for each in columns)
        return sorted({name for rows in found for (name,) in rows if name is not None})

    def count(self, frame: Any) -> int:
        found: int = frame.aggregate("count(*)").fetchall()[0][0]
        return found

    def write(self, frame: Any, path: Path) -> None:
        frame.write_parquet(str(path), compression="zstd")

    def join(self, parts: list[Path], path: Path, *, as_text: bool) -> None:
        found = self._connection.read_parquet(list(map(str, parts)), hive_partitioning=False)
        if as_text:
            found.write_csv(str(path), header=True)
        else:
            self.write(found, path)


def _quoted(name: str) -> str:
    """The name of a column in SQL."""
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _sql_literal(value: Any) -> str:
    """A value that a folder states, in SQL."""
    doubled = str(value).replace("'", "''")
    return "NULL" if value is None else f"'{doubled}'"


def _sql_cell(here: str, kind: ColumnKind) -> str:
    """What the text of a column says; null where it does not hold what the column does."""
    if kind is ColumnKind.FLAG:
        flags, true = (", ".join(map(_sql_literal, each)) for each in (FLAGS, TRUE))
        return f"CASE WHEN {here} IN ({flags}) THEN {here} IN ({true}) END"
    if kind is ColumnKind.TEXT:
        return f"nullif({here}, '')"
    fits = f"regexp_full_match({here}, {_sql_literal(PATTERNS[kind])})"
    wanted = "BIGINT" if kind is ColumnKind.NUMBER else "DATE"
    return f"CASE WHEN {fits} THEN TRY_CAST({here} AS {wanted}) END"


def _raise_unread(
    file: Input, counts: Mapping[str, int], examples: Callable[[str], list[str]]
) -> None:
    """Report the cells of all columns that do not hold what their column does."""
    problems = [
        Problem(
            name,
            remedy(file.read[name].kind, file.read[name].unit),
            int(count),
            tuple(examples(name)),
        )
        for name, count in counts.items()
        if count
    ]
    if problems:
        raise InvalidFrameError(problems)


def _raise_unlike(found: Mapping[Partition, tuple[int, Iterable[Any]]]) -> None:
    """Report the rows in which a file says something else than the folder above it."""
    problems = [
        Problem(each.name, f"the folder above the file says {each.text}", rows, tuple(examples))
        for each, (rows, examples) in found.items()
        if rows
    ]
    if problems:
        raise InvalidFrameError(problems)


#: In the order in which they are looked for.
_ENGINES: Mapping[str, type[Engine]] = {"polars": _Polars, "duckdb": _DuckDB}


def engine_of(name: str | None) -> Engine:
    """Return the engine of a name, or the first that is installed.

    Raises:
        InvalidFactError: There is no engine of that name.
        EvcreditError: It is not installed.
    """
    if name is not None and name not in _ENGINES:
        raise InvalidFactError("engine", name, f"give one of {', '.join(_ENGINES)}")
    for each in _ENGINES if name is None else (name,):
        if find_spec(each) is not None:
            return _ENGINES[each]()
    needed = name or " or ".join(_ENGINES)
    raise EvcreditError(
        f"assess_files reads and writes by {needed}, which is not installed; "
        f"run: pip install {name or next(iter(_ENGINES))}"
    )
