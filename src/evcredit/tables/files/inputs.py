"""The inputs of a run over files, with their columns and numbers of rows."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evcredit.errors import InvalidFactError, raise_faults
from evcredit.tables.compiler.columns import ColumnKind
from evcredit.tables.files.csv_text import cell_of, counted, heading, remedy
from evcredit.tables.files.engines import Engine
from evcredit.tables.files.parts import Input, Partition, TypedColumn
from evcredit.tables.files.paths import files_of, partition_of
from evcredit.tables.problems import InvalidFrameError, Problem

__all__ = ["inputs_of", "naming"]


def inputs_of(
    inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    engine: Engine,
    plan: Callable[[list[str]], Any],
) -> list[Input]:
    """The files with their columns and numbers of rows.

    Args:
        inputs: Files, folders or patterns.
        engine: What reads them.
        plan: From the names of the columns to the plan, which shows what columns hold.

    Raises:
        InvalidFactError: There is no such file, or they differ in their columns.
        InvalidFrameError: A file cannot be read, or a folder states no value of its column.
    """
    kinds: dict[tuple[str, ...], dict[str, TypedColumn]] = {}
    files, schemas = [], {}
    for path in files_of(inputs):
        file = Input(path)
        if path.suffix.lower() == ".csv":
            header = heading(path)
        else:
            with naming(engine, path):
                header = list(engine.schema(file))
        stated = partition_of(path)
        names = (*header, *(name for name, _ in stated))
        if names not in kinds:
            read = plan(list(names)).columns
            kinds[names] = {each.name: TypedColumn(each.kind, each.unit) for each in read}
        of = kinds[names]
        if path.suffix.lower() == ".csv":
            columns = tuple((name, of.get(name)) for name in header)
            file = file._replace(columns=columns, rows=counted(path, len(header)))
        file = file._replace(partition=tuple(_partition(path, header, stated, of)))
        with naming(engine, path):
            schemas[path] = engine.schema(file)
            files.append(file if file.columns else file._replace(rows=engine.rows(file)))
    _same_columns(schemas)
    return files


def _partition(
    path: Path,
    header: list[str],
    stated: Iterable[tuple[str, str | None]],
    of: Mapping[str, TypedColumn],
) -> Iterator[Partition]:
    """The columns that the folders above a file state, read as cells of a CSV file are."""
    where = f"in the name of a folder [{path}]"
    problems = []
    for name, text in stated:
        column = of.get(name)
        value = text if text is None or column is None else cell_of(text, column.kind)
        if text is not None and value is None:
            what = remedy(of[name].kind, of[name].unit)
            problems.append(Problem(name, f"{what}; found {where}", None, (text,)))
        if column is not None or name not in header:
            kind = ColumnKind.TEXT if column is None else column.kind
            yield Partition(name, kind, value, inside=name in header)
    if problems:
        raise InvalidFrameError(problems)


@contextmanager
def naming(engine: Engine, of: object) -> Iterator[None]:
    """Tell which file cannot be read."""
    try:
        yield
    except engine.errors as error:
        raise InvalidFrameError([Problem(str(of), f"cannot be read: {error}")]) from error


def _same_columns(schemas: Mapping[Path, dict[str, str]]) -> None:
    """Every file must have the columns of the first, so that the parts make one table."""
    first, *others = schemas
    wanted = schemas[first]
    faults = []
    for path in others:
        found = schemas[path]
        told = [
            *(f"lacks {name}" for name in wanted if name not in found),
            *(f"has {name}" for name in found if name not in wanted),
            *(
                f"has {name} as {found[name]} and not {wanted[name]}"
                for name in wanted
                if name in found and found[name] != wanted[name]
            ),
        ]
        if not told and list(found) != list(wanted):
            told = ["has the columns in another order"]
        if told:
            remedy = f"give files with the columns of {first}: this one {'; '.join(told)}"
            faults.append(InvalidFactError("inputs", str(path), remedy))
    raise_faults(faults)
