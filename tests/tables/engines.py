"""The engines that hold tables, each behind the same few methods.

An `Engine` turns rows, given as dicts, into a table of its own library, with the exact data types
and nulls, and collects such a table into rows again. What is compared in a test is therefore
plain Python, the same for every engine::

    table = engine.table([{"price": 5, "known": None}], {"price": "int64", "known": "bool"})
    result = nw.from_native(table).with_columns(twice=nw.col("price") * 2).to_native()
    assert engine.rows(result) == [{"row": 0, "price": 5, "known": None, "twice": 10}]

Tables keep no order, so each has a column `row` with the place of the row in the list. Starting a
query is slow on some engines: give one table many rows, and not many tables one row each.

Tests require the fixture `engine` (see conftest.py). An engine that cannot run here is omitted,
unless EVCREDIT_ENGINES=all is in the environment: then that is an error.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any, ClassVar, Literal, Self
from unittest.mock import patch

Row = dict[str, Any]
ColumnKind = Literal["bool", "int64", "date", "text"]

#: What a value of each kind is in Python.
PYTHON_TYPES: Mapping[ColumnKind, type] = {"bool": bool, "int64": int, "date": date, "text": str}
#: What Narwhals calls the data type of each kind.
DATA_TYPES: Mapping[str, ColumnKind] = {
    "Boolean": "bool",
    "Int64": "int64",
    "Date": "date",
    "String": "text",
}
ROW = "row"


class Engine(ABC):
    """A library that holds tables. Use it as a context manager."""

    name: ClassVar[str]
    #: The modules it is made of.
    modules: ClassVar[tuple[str, ...]]

    def __init__(self) -> None:
        self._open = ExitStack()

    @classmethod
    def obstacle(cls) -> str | None:
        """Why the engine cannot run here; `None` if it can."""
        absent = [name for name in cls.modules if importlib.util.find_spec(name) is None]
        return f"{' and '.join(absent)} not installed" if absent else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def table(self, rows: Sequence[Mapping[str, Any]], kinds: Mapping[str, ColumnKind]) -> Any:
        """A table of the engine's own kind.

        Args:
            rows: The rows; each has a value, or `None`, for every column.
            kinds: The kind of every column, `row` aside, which is added.

        Raises:
            ValueError: A row has other columns.
            TypeError: A value is of another type.
        """
        columns: dict[str, list[Any]] = {ROW: list(range(len(rows)))}
        for place, row in enumerate(rows):
            if row.keys() != kinds.keys():
                raise ValueError(f"row {place} has the columns {sorted(row)}, not {sorted(kinds)}")
        for name, kind in kinds.items():
            columns[name] = [row[name] for row in rows]
            if not _all_are(columns[name], kind):
                columns[name] = [_checked(value, kind, name) for value in columns[name]]
        return self._table(columns, {ROW: "int64", **kinds})

    def rows(self, table: Any, *, by: str = ROW) -> list[Row]:
        """The rows of a table, sorted by a column, as plain Python values.

        Args:
            table: A table of the engine's own kind, also one that is still to be computed.
            by: The column to sort by; nulls come first.

        Raises:
            TypeError: A column has a data type that `ColumnKind` does not name, such as a float
                or an integer of another width.
        """
        rows = self._rows(table)
        for name, kind in self.kinds(table).items():
            if not _all_are((row[name] for row in rows), kind):
                for row in rows:
                    row[name] = _checked(_plain(row[name]), kind, name)
        return sorted(rows, key=lambda row: (row[by] is not None, row[by]))

    def kinds(self, table: Any) -> dict[str, ColumnKind]:
        """The kind of every column, as Narwhals reads the engine's data types."""
        import narwhals.stable.v2 as nw

        schema = nw.from_native(table).collect_schema()
        strange = {name: str(kind) for name, kind in schema.items() if str(kind) not in DATA_TYPES}
        if strange:
            raise TypeError(f"columns of other types than {', '.join(DATA_TYPES)}: {strange}")
        return {name: DATA_TYPES[str(kind)] for name, kind in schema.items()}

    @abstractmethod
    def _table(self, columns: dict[str, list[Any]], kinds: Mapping[str, ColumnKind]) -> Any: ...

    @abstractmethod
    def _rows(self, table: Any) -> list[Row]: ...


def _all_are(values: Iterable[Any], kind: ColumnKind) -> bool:
    """Whether all values are of a kind or `None` without more ado."""
    return set(map(type, values)) <= {PYTHON_TYPES[kind], type(None)}


def _plain(value: Any) -> Any:
    """A value as Python's own; pandas has a null of its own, and NumPy has numbers."""
    if type(value).__name__ == "NAType":
        return None
    return value.item() if type(value).__module__ == "numpy" else value


def _checked(value: Any, kind: ColumnKind, name: str) -> Any:
    # A flag is an int and a time stamp is a date to `isinstance`.
    if value is not None and type(value) is not PYTHON_TYPES[kind]:
        raise TypeError(f"{name}: {value!r} is a {type(value).__name__}, and not of kind {kind}")
    return value


# -- in memory -----------------------------------------------------------------------------


class Polars(Engine):
    name = "polars"
    modules = ("polars",)

    def _table(self, columns: dict[str, list[Any]], kinds: Mapping[str, ColumnKind]) -> Any:
        import polars as pl

        types = {"bool": pl.Boolean, "int64": pl.Int64, "date": pl.Date, "text": pl.String}
        return pl.DataFrame(columns, schema={name: types[kind] for name, kind in kinds.items()})

    def _rows(self, table: Any) -> list[Row]:
        return table.to_dicts()


class PolarsLazy(Polars):
    name = "polars-lazy"

    def _table(self, columns: dict[str, list[Any]], kinds: Mapping[str, ColumnKind]) -> Any:
        return super()._table(columns, kinds).lazy()

    def _rows(self, table: Any) -> list[Row]:
        return super()._rows(table.collect())


class PyArrow(Engine):
    name = "pyarrow"
    modules = ("pyarrow",)

    def _table(self, columns: dict[str, list[Any]], kinds: Mapping[str, ColumnKind]) -> Any:
        return _arrow_table(columns, kinds)

    def _rows(self, table: Any) -> list[Row]:
        return table.to_pylist()


def _arrow_types() -> dict[str, Any]:
    import pyarrow as pa

    return {"bool": pa.bool_(), "int64": pa.int64(), "date": pa.date32(), "text": pa.string()}


def _arrow_table(columns: dict[str, list[Any]], kinds: Mapping[str, ColumnKind]) -> Any:
    import pyarrow as pa

    types = _arrow_types()
    return pa.table({name: pa.array(columns[name], types[kind]) for name, kind in kinds.items()})


class Pandas(Engine):
    """pandas with types that know nulls: its own, and Arrow's for days, of which it has none."""

    name = "pandas"
    modules = ("pandas", "pyarrow")

    def _types(self) -> dict[str, Any]:
        import pandas as pd

        day = pd.ArrowDtype(_arrow_types()["date"])
        return {"bool": "boolean", "int64": "Int64", "date": day, "text": "string"}

    def _table(self, columns: dict[str, list[Any]], kinds: Mapping[str, ColumnKind]) -> Any:
        import pandas as pd

        types = self._types()
        return pd.DataFrame(
            {name: pd.Series(columns[name], dtype=types[kind]) for name, kind in kinds.items()}
        )

    def _rows(self, table: Any) -> list[Row]:
        columns = [table[name].tolist() for name in table.columns]
        return [
            dict(zip(table.columns, values, strict=True)) for values in zip(*columns, strict=True)
        ]


class PandasArrow(Pandas):
    name = "pandas-arrow"

    def _types(self) -> dict[str, Any]:
        import pandas as pd

        return {kind: pd.ArrowDtype(of) for kind, of in _arrow_types().items()}


# -- by a plan -----------------------------------------------------------------------------


class Dask(PandasArrow):
    """Dask over pandas with Arrow's types, in two partitions."""

    name = "dask"
    modules = ("dask", "pandas", "pyarrow")

    def _table(self, columns: dict[str, list[Any]], kinds: Mapping[str, ColumnKind]) -> Any:
        import dask.dataframe as dd

        return dd.from_pandas(super()._table(columns, kinds), npartitions=2)

    def _rows(self, table: Any) -> list[Row]:
        return super()._rows(table.compute())


class DuckDB(Engine):
    name = "duckdb"
    modules = ("duckdb", "pyarrow")

    def __enter__(self) -> Self:
        import duckdb

        self._connection = self._open.enter_context(duckdb.connect())
        self._numbers = count()
        return self

    def _table(self, columns: dict[str, list[Any]], kinds: Mapping[str, ColumnKind]) -> Any:
        name = f"table_{next(self._numbers)}"
        self._connection.register("given", _arrow_table(columns, kinds))
        # A table of its own, and not a view of Arrow's.
        self._connection.execute(f"CREATE TABLE {name} AS FROM given")
        self._connection.unregister("given")
        return self._connection.table(name)

    def _rows(self, table: Any) -> list[Row]:
        return [dict(zip(table.columns, values, strict=True)) for values in table.fetchall()]


class PySpark(Engine):
    """Spark, on a cluster of its own on this machine: a driver and two executors.

    Each of them is a process of its own with a Java machine of its own, as on a real cluster.
    There is no Python on the executors, so whatever needs it there fails.
    """

    name = "pyspark"
    modules = ("pyspark", "pyarrow")
    executors: ClassVar = 2

    _JAVA: ClassVar = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
    _SETTINGS: ClassVar = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.default.parallelism": str(executors),
        "spark.sql.shuffle.partitions": str(executors),
        # Each query runs a few times only, so there is little to gain from compiling it well.
        "spark.driver.extraJavaOptions": _JAVA,
        "spark.executor.extraJavaOptions": _JAVA,
        # The plans of all tests so far and of the largest one; a gigabyte, as Spark has it, was
        # not enough on a busy machine.
        "spark.driver.memory": "3g",
        # A plan is made once. The adaptive planner makes it again after every shuffle, which of
        # small tables takes longer than all else; `test_adaptive_plans` has it on.
        "spark.sql.adaptive.enabled": "false",
        # No query before all executors are there, with a core each.
        "spark.cores.max": str(executors),
        "spark.scheduler.minRegisteredResourcesRatio": "1",
        "spark.scheduler.maxRegisteredResourcesWaitingTime": "120s",
        # Small tables go to the executors too; otherwise the driver computes them on its own.
        "spark.sql.execution.arrow.localRelationThreshold": "0",
    }

    @classmethod
    def obstacle(cls) -> str | None:
        home = os.environ.get("JAVA_HOME")
        java = shutil.which("java", path=str(Path(home, "bin")) if home else None)
        where = "in JAVA_HOME" if home else "on the PATH"
        return super().obstacle() or (None if java else f"no Java {where}")

    def __enter__(self) -> Self:
        import pyspark

        scratch = self._open.enter_context(
            tempfile.TemporaryDirectory(prefix="evcredit-spark-", ignore_cleanup_errors=True)
        )
        # The executors work in this folder, and not among the installed packages.
        for part in ("bin", "jars"):
            Path(scratch, part).symlink_to(Path(pyspark.__file__).with_name(part))
        environment = {
            "SPARK_HOME": scratch,
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_DIRS": f"{scratch}/local",
            "PYSPARK_PYTHON": "there-is-no-python-on-the-executors",
        }
        self._open.enter_context(patch.dict(os.environ, environment))
        self.session = self._open.enter_context(self._session(scratch))
        return self

    @contextmanager
    def _session(self, scratch: str) -> Iterator[Any]:
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master(f"local-cluster[{self.executors},1,1024]")
        settings = {"spark.sql.warehouse.dir": f"{scratch}/warehouse", **self._SETTINGS}
        for name, value in settings.items():
            builder = builder.config(name, value)
        session = builder.appName("evcredit").getOrCreate()
        try:
            yield session
        finally:
            session.stop()

    def _table(self, columns: dict[str, list[Any]], kinds: Mapping[str, ColumnKind]) -> Any:
        import pyarrow as pa

        table = _arrow_table(columns, kinds)
        half = len(table) // 2
        # Each piece becomes a partition, and goes to an executor of its own.
        pieces = pa.concat_tables([table.slice(0, half), table.slice(half)])
        return self.session.createDataFrame(pieces)

    def _rows(self, table: Any) -> list[Row]:
        return [row.asDict() for row in table.collect()]

    def plan(self, table: Any) -> str:
        """Every stage of the plan of a table, as the engine explains it."""
        explained: str = table._jdf.queryExecution().toString()
        return explained

    def code(self, table: Any) -> str:
        """The Java that the engine makes of each stage, with the size of its largest method."""
        debug = getattr(self.session._jvm.org.apache.spark.sql.execution.debug, "package$")
        executed = table._jdf.queryExecution().executedPlan()
        made: str = getattr(debug, "MODULE$").codegenString(executed)
        return made


ENGINES: tuple[type[Engine], ...] = (
    Polars,
    PolarsLazy,
    DuckDB,
    PyArrow,
    Pandas,
    PandasArrow,
    Dask,
    PySpark,
)
