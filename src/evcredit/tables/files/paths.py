"""Which files are meant by folders, patterns and names, and what the names of folders say."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from glob import glob
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote

from evcredit.errors import InvalidFactError, raise_faults
from evcredit.tables.files.parts import SUFFIXES

__all__ = ["files_of", "partition_of"]

#: What Spark, DuckDB and Polars call the folder of the rows in which a column is null.
_NULL = "__HIVE_DEFAULT_PARTITION__"
#: How many characters of a path a message shows: fewer than it would cut.
_MOST_SHOWN = 70
_COMPRESSED = (".gz", ".bz2", ".xz", ".zst", ".zip")
#: Formats of tables that are not read, which a folder may hold by mistake.
_OTHER_TABLES = (".tsv", ".xlsx", ".xls", ".arrow", ".feather", ".orc", ".avro", ".jsonl")
_ENDS = " or ".join(SUFFIXES)


def partition_of(path: Path) -> tuple[tuple[str, str | None], ...]:
    """The columns that the names of the folders right above a file state, outermost first.

    Spark, DuckDB and Polars write a column of which all rows of a file have one value as a folder
    ``column=value``, percent-encoded, and omit it of the file.

    >>> partition_of(Path("in/year=2024/vehicle_class=pickup%20truck/part-0.parquet"))
    (('year', '2024'), ('vehicle_class', 'pickup truck'))
    >>> partition_of(Path("in/year=__HIVE_DEFAULT_PARTITION__/part-0.parquet"))
    (('year', None),)
    """
    folders = takewhile(lambda each: each.name.find("=") > 0, path.parents)
    pairs = [each.name.split("=", 1) for each in folders]
    return tuple(
        (unquote(name), None if value == _NULL else unquote(value))
        for name, value in reversed(pairs)
    )


def files_of(inputs: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> list[Path]:
    """The files that are meant, in order, each once.

    Raises:
        InvalidFactError: There is no such file, or one that is none to read.
    """
    several = [inputs] if isinstance(inputs, str | os.PathLike) else inputs
    if not isinstance(several, Iterable):
        raise InvalidFactError("inputs", inputs, "give the path of a file or folder, or several")
    found: dict[Path, None] = {}
    for each in several:
        if not isinstance(each, str | os.PathLike):
            raise InvalidFactError("inputs", each, "give the path of a file or folder as text")
        path = Path(each)
        if path.is_dir():
            below = list(_below(path))
        else:
            matching = glob(str(each), recursive=True)  # noqa: PTH207  # wherever it begins
            below = [path] if path.exists() else sorted(map(Path, matching))
        if not below:
            raise InvalidFactError("inputs", _shown(path), _nothing(path))
        found.update(dict.fromkeys(one.absolute() for one in below if one.is_file()))
    raise_faults(
        InvalidFactError("inputs", _shown(path), _remedy(path))
        for path in found
        if path.suffix.lower() not in SUFFIXES
    )
    if not found:
        raise InvalidFactError("inputs", inputs, "give at least one file")
    return list(found)


def _below(folder: Path) -> Iterator[Path]:
    """The files of a folder and of its partitions; what marks and checks them aside."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(("_", ".")) or path.suffix == ".crc":
            continue
        if path.is_dir():
            if "=" in path.name:
                yield from _below(path)
            elif any(each.suffix.lower() in SUFFIXES for each in path.rglob("*")):
                remedy = f"this folder lies inside {folder.name}; give a pattern such as"
                pattern = Path(folder, "**", f"*{SUFFIXES[0]}")
                raise InvalidFactError("inputs", _shown(path), f"{remedy} {str(pattern)!r}")
        elif path.suffix.lower() in (*SUFFIXES, *_COMPRESSED, *_OTHER_TABLES):
            yield path


def _shown(path: Path) -> str:
    """The text of a path; of a long one its end, by which files differ."""
    text = str(path)
    return text if len(text) <= _MOST_SHOWN else f"...{text[-_MOST_SHOWN:]}"


def _nothing(path: Path) -> str:
    if path.is_dir():
        return f"this folder holds no file that ends in {_ENDS}"
    return "there is no such file; give the path of one, a folder or a pattern"


def _remedy(path: Path) -> str:
    if path.suffix.lower() in _COMPRESSED:
        return f"this file is compressed; unpack it, and give files that end in {_ENDS}"
    if path.suffix == ".crc" or path.name.startswith(("_", ".")):
        return f"this file holds no rows; give the folder, or a pattern such as '*{SUFFIXES[0]}'"
    return f"give files that end in {_ENDS}"
